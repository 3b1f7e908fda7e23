# SPDX-License-Identifier: GPL-3.0-or-later
"""A file that a newer program wrote is named as such, and neither changed nor lost.

Each holds items that the program of today does not know: that is what the next version brings.
"""

import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from tests.integration.pair_samples import refusal
from tests.support.stores import AGREED, new_desk, remembering

from kfdesk import store_lifecycle
from kfdesk.domain.accounts import Credentials
from kfdesk.environment import Environment
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.storage import driver, key_slots, tables
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.key_slots import SLOT_FILES, SLOTS_MAGIC
from kfdesk.system import settings
from kfdesk.system.settings import SETTINGS_FILE, Settings

WORDS = "sex helt vanliga ord till prov"
WHO = Credentials("EV", WORDS)
Change = Callable[[Path], None]


@pytest.fixture
def machine(tmp_path: Path) -> Environment:
    return Environment(cost=key_slots.MIN_COST, state=tmp_path / "state")


@pytest.fixture
def folder(tmp_path: Path, machine: Environment) -> Path:
    """Return a closed store that was opened at least once."""
    new_desk(tmp_path / "store", "Nordhuset", WHO, machine).store.close()
    store_lifecycle.unlock_store(tmp_path / "store", WHO, machine).store.close()
    return tmp_path / "store"


def _slots_with(change: Callable[[list[object]], bytes]) -> Change:
    def write(folder: Path) -> None:
        for name in SLOT_FILES:
            body = (folder / name).read_bytes()[len(SLOTS_MAGIC) + 4 :]
            (folder / name).write_bytes(change(msgspec.msgpack.decode(body)))

    return write


def _whole(items: list[object]) -> bytes:
    body = msgspec.msgpack.encode(items)
    return SLOTS_MAGIC + zlib.crc32(body).to_bytes(4, "big") + body


def _more_in_each(items: list[object]) -> bytes:
    generation, slots, *rest = items
    assert isinstance(slots, list)
    return _whole([generation, [[2, *slot[1:], b"a later item"] for slot in slots], *rest])


def _later_tables(folder: Path) -> None:
    key = key_slots.open_user_slot(key_slots.read_slots(folder), WHO.initials, WHO.passphrase)
    connection = driver.connect(folder / STORE_FILE, key)
    connection.execute("CREATE TABLE later (rid BLOB PRIMARY KEY, wish TEXT) STRICT")
    connection.execute("ALTER TABLE erasure ADD COLUMN wish TEXT")
    connection.execute("UPDATE setting SET value = ? WHERE key = 'slots'", (b"a later form",))
    connection.execute(f"PRAGMA user_version = {tables.STORE_VERSION + 1}")
    connection.close()


def _all_of_it(folder: Path) -> None:
    _later_tables(folder)
    _slots_with(_more_in_each)(folder)


CHANGES: dict[str, Change] = {
    "tables": _later_tables,
    "head of the key files": _slots_with(lambda _: b"KFSLOT2\n and what nobody knows yet"),
    "an item more in the key files": _slots_with(lambda items: _whole([*items, b"", b"later"])),
    "an item more in each key": _slots_with(_more_in_each),
    "all of it": _all_of_it,
}


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".lock"}


@pytest.mark.parametrize("change", CHANGES)
@remembering()
def test_store_is_named_and_left(folder: Path, machine: Environment, change: str) -> None:
    CHANGES[change](folder)
    before = _files(folder)
    fault = refusal(lambda: store_lifecycle.unlock_store(folder, WHO, machine))
    assert fault.code == "store.newer"
    assert machine.state is not None
    assert settings.failed_logins(machine.state, folder) == 0
    for examine in (store_lifecycle.examine_store, store_lifecycle.salvage_store):
        assert refusal(lambda act=examine: act(folder, WHO, machine)).code == "store.newer"
    assert _files(folder) == before
    assert [path.name for path in folder.parent.iterdir() if path.name[:5] == "store"] == ["store"]


@pytest.mark.parametrize("change", CHANGES)
@remembering()
def test_backup_is_named_and_left(
    folder: Path, machine: Environment, tmp_path: Path, change: str
) -> None:
    desk = store_lifecycle.unlock_store(folder, WHO, machine)
    (tmp_path / "stick").mkdir()
    kept = make_backup(desk, tmp_path / "stick").path
    desk.store.close()
    CHANGES[change](kept)
    both = _files(kept), _files(folder)
    fault = refusal(lambda: store_lifecycle.check_backup(kept, folder, WHO))
    assert fault.code == "backup.newer"
    fault = refusal(lambda: store_lifecycle.restore_store(kept, folder, WHO, machine, AGREED))
    assert fault.code == "backup.newer"
    assert (_files(kept), _files(folder)) == both


@remembering()
def test_backup_of_before_comes_back_in_place_of_a_newer_store(
    folder: Path, machine: Environment, tmp_path: Path
) -> None:
    """Rows that must outlive a restore come along, in the columns that this program knows."""
    desk = store_lifecycle.unlock_store(folder, WHO, machine)
    (tmp_path / "stick").mkdir()
    kept = make_backup(desk, tmp_path / "stick").path
    desk.store.close()
    _later_lasting_row(folder)
    CHANGES["all of it"](folder)
    done = store_lifecycle.restore_store(kept, folder, WHO, machine, AGREED)
    assert done.knows_erasures
    assert done.aside is not None
    desk = store_lifecycle.unlock_store(folder, WHO, machine)
    assert desk.store.verify() == ()
    desk.store.close()
    assert _lasting_rows(folder) == 1
    assert refusal(lambda: store_lifecycle.unlock_store(done.aside, WHO, machine)).code == (
        "store.newer"
    )


def _later_lasting_row(folder: Path) -> None:
    connection = _connect(folder)
    connection.execute("ALTER TABLE erased_write ADD COLUMN later TEXT")
    columns = [
        (row[1], row[2]) for row in connection.execute("PRAGMA table_info(erased_write)").fetchall()
    ]
    values = [{"BLOB": bytes(16), "INTEGER": 1, "TEXT": "x"}[kind] for _, kind in columns]
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO erased_write VALUES ({marks})", values)
    connection.close()


def _lasting_rows(folder: Path) -> int:
    connection = _connect(folder)
    (count,) = connection.execute("SELECT count(*) FROM erased_write").fetchone()
    connection.close()
    return int(count)


def _connect(folder: Path) -> driver.Connection:
    key = key_slots.open_user_slot(key_slots.read_slots(folder), WHO.initials, WHO.passphrase)
    return driver.connect(folder / STORE_FILE, key)


def test_one_newer_copy_of_the_key_files_keeps_nobody_out(
    folder: Path, machine: Environment
) -> None:
    """Anybody can write one; whose passphrase does not open the other is told of it."""
    (folder / SLOT_FILES[0]).write_bytes(b"KFSLOT2\n")
    other = Credentials("EV", "sex andra ord för en annan")
    assert refusal(lambda: store_lifecycle.unlock_store(folder, other, machine)).code == (
        "store.newer"
    )
    store_lifecycle.unlock_store(folder, WHO, machine).store.close()


@pytest.mark.parametrize("noise", [b"", b"KFSLOT2", b"KFSLOT1\n", b"KFSLOTA\n", b"KFSLOT0\n"])
def test_damaged_key_files_are_not_called_newer(
    folder: Path, machine: Environment, noise: bytes
) -> None:
    for name in SLOT_FILES:
        (folder / name).write_bytes(noise)
    assert refusal(lambda: store_lifecycle.unlock_store(folder, WHO, machine)).code == (
        "store.not_a_store"
    )


def test_settings_keep_what_this_program_does_not_know(tmp_path: Path) -> None:
    later = {
        "version": settings.SETTINGS_VERSION + 1,
        "language": "ru",
        "letters": {"page": 100, "paper": 200},
        "voice": ["slow", 3],
    }
    (tmp_path / SETTINGS_FILE).write_text(json.dumps(later), encoding="utf-8")
    read = settings.read_settings(tmp_path)
    assert (read.language, read.letters) == ("ru", Settings().letters)
    assert settings.is_of_newer_program(tmp_path)
    settings.write_settings(tmp_path, replace(read, scheme="dark"))
    kept = json.loads((tmp_path / SETTINGS_FILE).read_text(encoding="utf-8"))
    assert kept == later | {"scheme": "dark"}


def test_settings_of_this_program_are_not_called_newer(tmp_path: Path) -> None:
    assert not settings.is_of_newer_program(tmp_path)
    settings.write_settings(tmp_path, Settings(language="ru"))
    assert not settings.is_of_newer_program(tmp_path)
    for odd in ("[]", "{", '{"version": true}', '{"version": "9"}', '{"version": 0}'):
        (tmp_path / SETTINGS_FILE).write_text(odd, encoding="utf-8")
        assert not settings.is_of_newer_program(tmp_path)
