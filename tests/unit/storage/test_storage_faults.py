# SPDX-License-Identifier: GPL-3.0-or-later
"""A bad page or a full disk met at work: told with a code, and nothing half done is left."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from tests.support import make
from tests.torture.scarce import short_files
from tests.unit.storage.store_samples import KEY, PAGE, flip, refusal

from kfdesk.domain.audit import AuditHead
from kfdesk.domain.exchange import Direction
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.storage import driver, key_slots
from kfdesk.storage.store import Store

Reading = Callable[[Store], object]

READINGS: dict[str, Reading] = {
    "rows": lambda store: [store.rows(name) for name in RECORD_TYPES],
    "children": lambda store: store.children(make.named_bytes("somebody", 16)),
    "history": lambda store: store.history(make.named_bytes("somebody", 16)),
    "setting": lambda store: store.setting("counter"),
    "partners": lambda store: store.ledger.partners(),
    "entries": lambda store: store.ledger.entries(make.named_bytes("somebody", 16)),
    "marks": lambda store: store.ledger.marks(make.named_bytes("somebody", 16), Direction.IN),
    "acknowledged": lambda store: store.ledger.acknowledged(),
    "audit": lambda store: (store.ledger.audit_head(), store.ledger.newest_entry()),
    "audit number": lambda store: store.ledger.audit_number(),
    "audit entry": lambda store: store.ledger.has_audit_entry(AuditHead(1, bytes(32))),
    "events": lambda store: store.ledger.events(None, 10),
}


@pytest.fixture
def bad(file: Path) -> Iterator[Store]:
    """Yield a store whose every page behind the schema's has gone bad after it was opened."""
    connection = driver.connect(file, KEY)
    (schema,) = connection.execute("SELECT max(rootpage) FROM sqlite_schema").fetchone()
    assert schema > 1
    connection.execute("SELECT * FROM sqlite_schema").fetchall()
    for place in range(PAGE + 100, file.stat().st_size, PAGE):
        flip(file, place)
    yield Store(connection, file)
    connection.close()


@pytest.mark.parametrize("read", READINGS.values(), ids=READINGS)
def test_bad_page_met_while_reading_is_told(bad: Store, read: Reading) -> None:
    assert refusal(lambda: read(bad)) == "store.damaged"


def test_bad_page_met_while_saving_is_told(bad: Store) -> None:
    def save() -> None:
        with bad.transaction():
            bad.set_setting("counter", b"\0")

    assert refusal(save) == "store.damaged"


def test_slots_on_a_full_disk_stay_as_they_were(folder: Path) -> None:
    before = key_slots.read_slots(folder)
    younger = msgspec.structs.replace(before, generation=before.generation + 1)
    with short_files(100):
        code = refusal(lambda: key_slots.write_slots(folder, younger))
    assert code == "store.disk"
    assert key_slots.read_slots(folder) == before
    assert [name for name in key_slots.UNFINISHED_SLOT_FILES if (folder / name).exists()] == []
