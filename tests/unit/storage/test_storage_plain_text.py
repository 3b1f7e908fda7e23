# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing plain reaches the disk: not at rest, not in a transaction, not beside another SQLite.

Each scan has a control that shows that it would find what it looks for.
"""

import ctypes.util
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from tests.support import make
from tests.unit.storage.store_samples import KEY

from kfdesk.domain.audit import Action, AuditEvent
from kfdesk.domain.schema import DataGroup
from kfdesk.storage.store import Store

CANARY = "Kanariefågel"
CANARIES = tuple(
    f"{CANARY} {where}" for where in ("namn", "gammal", "nyckel", "logg", "inställning")
)
PLAIN_HEAD = b"SQLite format 3\x00"


def found_in(files: Iterable[Path]) -> set[str]:
    """Return the canaries that stand readable in one of the files, in UTF-8 or UTF-16."""
    whole = b"\n".join(path.read_bytes() for path in files)
    spellings = [
        (canary, canary.encode(encoding))
        for canary in (CANARY, CANARY.casefold(), *CANARIES)
        for encoding in ("utf-8", "utf-16-le", "utf-16-be")
    ]
    return {canary for canary, spelling in spellings if spelling in whole}


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def fill(store: Store) -> None:
    """Canaries in every kind of table, and in enough rows to spread over pages."""
    client = make.changed(make.row("client"), {"given_name": CANARIES[0]}, make.signature(minute=1))
    store.put(client)
    for number in range(40):
        values = {"carrier": f"{CANARIES[1]} {number}" * 20}
        store.put(make.row("leg", values, rid=make.named_id(f"leg {number}")))
    store.ledger.log(AuditEvent(CANARIES[3], 1, Action.CHANGE, make.HER, (CANARIES[2],)))
    store.set_setting(CANARIES[4], CANARIES[4].encode())


def test_nothing_readable_is_on_the_disk_during_and_after_a_transaction(
    store: Store, folder: Path
) -> None:
    with store.transaction():
        fill(store)
    assert found_in(files_in(folder)) == set()
    with store.transaction():
        for row in store.rows("leg"):
            store.put(make.changed(row, {"carrier": "annan"}, make.signature(minute=2)))
        journal = folder / "notebook.db-journal"
        assert journal.stat().st_size > 4096  # it holds the pages as they were, canaries and all
        assert found_in(files_in(folder)) == set()
    assert not journal.exists()
    assert found_in(files_in(folder)) == set()
    store.close()
    assert found_in(files_in(folder)) == set()


def test_nothing_readable_is_left_by_a_transaction_that_failed(store: Store, folder: Path) -> None:
    with suppress(ZeroDivisionError), store.transaction():
        fill(store)
        raise ZeroDivisionError
    assert len(store.rows("leg")) == 1
    assert found_in(files_in(folder)) == set()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_scan_finds_a_canary_that_was_planted(store: Store, folder: Path, encoding: str) -> None:
    with store.transaction():
        fill(store)
    (folder / "planted").write_bytes(b"\x00" * 7 + CANARY.encode(encoding))
    assert found_in(files_in(folder)) == {CANARY}


def test_scan_finds_everything_in_a_plain_store(tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / "plain.db")
    plain.execute("CREATE TABLE t (x)")
    plain.executemany("INSERT INTO t VALUES (?)", [(canary,) for canary in CANARIES])
    plain.commit()
    plain.close()
    assert found_in(files_in(tmp_path)) == {CANARY, *CANARIES}


def test_plain_sqlite_cannot_open_the_store(file: Path) -> None:
    plain = sqlite3.connect(file)
    with pytest.raises(sqlite3.DatabaseError, match="not a database"):
        plain.execute("SELECT * FROM sqlite_schema")
    plain.close()


def test_names_of_tables_and_fields_are_not_readable_either(folder: Path) -> None:
    whole = b"".join(path.read_bytes() for path in files_in(folder))
    for word in ("record_client", "f_given_name", "safe_contact", DataGroup.EXPLOITATION_HISTORY):
        assert word.encode() not in whole


# beside another SQLite in the same process

SCRIPT = """
import sys
from pathlib import Path
from kfdesk.domain.errors import KfdeskError
{before}
try:
    from kfdesk.storage import driver
    connection = driver.connect(Path(sys.argv[1]), bytes.fromhex({key!r}), create=True)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    print("made")
except KfdeskError as error:
    print(error.code)
"""
BARE_DRIVER = """
import sys
from sqlcipher3 import dbapi2
connection = dbapi2.connect(sys.argv[1])
connection.execute("PRAGMA key = 'sex ord'")
connection.execute("CREATE TABLE t (x)")
connection.close()
"""
WITHOUT_BINDING = "import os; del os.RTLD_DEEPBIND"
LOADED_BY_HAND = "import ctypes; ctypes.CDLL({library!r}, mode=ctypes.RTLD_GLOBAL)"


@pytest.fixture(scope="module")
def system_sqlite() -> str:
    if sys.platform != "linux":
        pytest.skip("symbols are bound across libraries on Linux alone")
    name = ctypes.util.find_library("sqlite3")
    if name is None:
        pytest.skip("the system has no libsqlite3")
    return name


def run(script: str, file: Path, *, preload: str = "") -> str:
    environment = {**os.environ, **({"LD_PRELOAD": preload} if preload else {})}
    found = subprocess.run(
        [sys.executable, "-c", script, str(file)],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return found.stdout.strip()


def head_of(file: Path) -> bytes:
    return file.read_bytes()[: len(PLAIN_HEAD)] if file.exists() else b""


def test_driver_alone_writes_plain_beside_the_systems_sqlite(
    system_sqlite: str, tmp_path: Path
) -> None:
    """The control: the fault that is shut out here is a real one."""
    file = tmp_path / "store.db"
    run(BARE_DRIVER, file, preload=system_sqlite)
    assert head_of(file) == PLAIN_HEAD
    other = tmp_path / "other.db"
    run(BARE_DRIVER, other)
    assert head_of(other) != PLAIN_HEAD


def test_store_is_encrypted_though_the_systems_sqlite_came_first(
    system_sqlite: str, tmp_path: Path
) -> None:
    script = SCRIPT.format(before="", key=KEY.hex())
    assert run(script, tmp_path / "a.db", preload=system_sqlite) == "made"
    by_hand = SCRIPT.format(before=LOADED_BY_HAND.format(library=system_sqlite), key=KEY.hex())
    assert run(by_hand, tmp_path / "b.db") == "made"
    for name in ("a.db", "b.db"):
        assert len(head_of(tmp_path / name)) == len(PLAIN_HEAD)
        assert head_of(tmp_path / name) != PLAIN_HEAD


def test_store_is_refused_where_the_driver_cannot_be_bound_to_itself(
    system_sqlite: str, tmp_path: Path
) -> None:
    file = tmp_path / "store.db"
    script = SCRIPT.format(before=WITHOUT_BINDING, key=KEY.hex())
    assert run(script, file, preload=system_sqlite) == "store.no_cipher"
    assert b"CREATE TABLE" not in (file.read_bytes() if file.exists() else b"")
