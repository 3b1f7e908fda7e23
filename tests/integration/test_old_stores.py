# SPDX-License-Identifier: GPL-3.0-or-later
"""A store of every released version opens with the program of today, whole and for good.

The stores under `vectors/store/` were written by those programs and are never made again.
"""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2
from tests.integration.course_samples import SetClock
from tests.support import make
from tests.support.make import NOW
from tests.vectors.make_store_vectors import FOLDER, WHO

from kfdesk import store_lifecycle
from kfdesk.domain.audit import Action
from kfdesk.domain.backup import MAX_BACKUP_AGE, backup_time
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import view_any
from kfdesk.environment import Environment
from kfdesk.services.core.records import change_record
from kfdesk.storage import backup, driver, key_slots, restore, tables
from kfdesk.storage.backup import back_up_before_upgrade
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.store import Store
from kfdesk.storage.store_names import pre_upgrade_folder

VERSIONS = sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())


@pytest.fixture(params=VERSIONS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER / request.param, tmp_path / "store"))


def test_there_is_a_store_of_every_version_before_this_one() -> None:
    assert VERSIONS[: tables.STORE_VERSION - 1] == [
        str(number) for number in range(1, tables.STORE_VERSION)
    ]


def test_old_store_opens_with_every_value_it_had(old: Path) -> None:
    held = json.loads((old / "holds.json").read_text(encoding="utf-8"))["records"]
    desk = store_lifecycle.unlock_store(old, WHO, Environment())
    for record_type, keys in held.items():
        views = [view_any(row) for row in desk.store.rows(record_type)]
        whole = [v for v in views if all(getattr(v.record, key) is not None for key in keys)]
        assert whole, record_type
    alias = view_any(desk.store.row(make.HER)).record.alias  # type: ignore[arg-type]
    assert alias == "Vera"
    assert desk.store.verify() == ()
    desk.store.close()


def test_old_store_has_the_tables_and_columns_of_a_new_one(old: Path, tmp_path: Path) -> None:
    store_lifecycle.unlock_store(old, WHO, Environment()).store.close()
    fresh = store_lifecycle.create_store(
        tmp_path / "new", "Nordhuset", WHO, Environment(cost=key_slots.MIN_COST)
    )
    fresh.store.close()
    assert _shape(old) == _shape(tmp_path / "new")


def test_old_store_can_be_written_and_opened_again(old: Path) -> None:
    desk = store_lifecycle.unlock_store(old, WHO, Environment())
    change_record(desk, make.HER, {"alias": "Siri"})
    desk.store.close()
    again = store_lifecycle.unlock_store(old, WHO, Environment())
    assert view_any(again.store.row(make.HER)).record.alias == "Siri"  # type: ignore[arg-type]
    assert again.store.verify() == ()
    again.store.close()


def test_a_step_that_fails_leaves_the_old_store_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (old / STORE_FILE).read_bytes()
    broken = (("CREATE TABLE oops (",),) * tables.STORE_VERSION
    monkeypatch.setattr(tables, "_STEPS", broken)
    with pytest.raises(dbapi2.OperationalError, match="incomplete input"):
        store_lifecycle.unlock_store(old, WHO, Environment())
    assert (old / STORE_FILE).read_bytes() == before


def test_old_store_is_kept_as_it_was_before_it_is_changed(old: Path) -> None:
    """With the copy the program before can be put back."""
    version = _version(old)
    desk = store_lifecycle.unlock_store(old, WHO, Environment())
    newest = [event.action for _, event in desk.store.ledger.events(None, 3)]
    assert Action.UPGRADE in newest
    desk.store.close()
    (kept,) = pre_upgrade_folder(old).iterdir()
    assert backup_time(kept.name, None) is not None
    assert _version(kept) == version < tables.STORE_VERSION
    assert restore.find_backup(pre_upgrade_folder(old)) == kept
    store_lifecycle.unlock_store(old, WHO, Environment()).store.close()
    assert list(pre_upgrade_folder(old).iterdir()) == [kept]


def test_what_was_kept_comes_back_as_any_backup_does(old: Path) -> None:
    desk = store_lifecycle.unlock_store(old, WHO, Environment())
    change_record(desk, make.HER, {"alias": "Siri"})
    desk.store.close()
    store_lifecycle.restore_store(pre_upgrade_folder(old), old, WHO, Environment())
    again = store_lifecycle.unlock_store(old, WHO, Environment())
    assert view_any(again.store.row(make.HER)).record.alias == "Vera"  # type: ignore[arg-type]
    again.store.close()


def test_no_room_for_the_copy_leaves_the_old_store_as_it_was(old: Path) -> None:
    before = (old / STORE_FILE).read_bytes()
    pre_upgrade_folder(old).touch()  # nothing can be written where a file lies
    with pytest.raises(KfdeskError) as caught:
        store_lifecycle.unlock_store(old, WHO, Environment())
    assert caught.value.code == "store.not_kept"
    assert (old / STORE_FILE).read_bytes() == before


def test_disk_that_fills_while_it_is_kept_leaves_it_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_SPARE", 2**62)
    with pytest.raises(KfdeskError) as caught:
        store_lifecycle.unlock_store(old, WHO, Environment())
    assert caught.value.code == "store.not_kept"
    assert _version(old) < tables.STORE_VERSION


def test_damaged_old_store_is_not_called_too_full(old: Path) -> None:
    key = key_slots.open_user_slot(key_slots.read_slots(old), WHO.initials, WHO.passphrase)
    connection = driver.connect(old / STORE_FILE, key)
    for name in key_slots.SLOT_FILES:
        (old / name).unlink()
    with pytest.raises(KfdeskError) as caught:
        back_up_before_upgrade(
            Store(connection, old / STORE_FILE).backups, ("notebook-2026-11-25-1200",)
        )
    connection.close()
    assert caught.value.code == "store.damaged"


def test_what_was_kept_goes_after_the_longest_time_of_a_backup(old: Path) -> None:
    """Whoever was erased since would otherwise be kept in it for ever."""
    store_lifecycle.unlock_store(old, WHO, Environment(clock=SetClock(NOW))).store.close()
    later = NOW + MAX_BACKUP_AGE - timedelta(hours=1)
    store_lifecycle.unlock_store(old, WHO, Environment(clock=SetClock(later))).store.close()
    assert len(list(pre_upgrade_folder(old).iterdir())) == 1
    desk = store_lifecycle.unlock_store(
        old, WHO, Environment(clock=SetClock(later + timedelta(hours=2)))
    )
    assert list(pre_upgrade_folder(old).iterdir()) == []
    desk.store.close()


def test_copy_of_an_old_store_is_not_kept_once_more(old: Path) -> None:
    """A backup that is tried out is a copy already, and nothing is put beside it."""
    store_lifecycle.check_backup(old, old.with_name("other"), WHO)
    assert sorted(path.name for path in old.parent.iterdir()) == ["store"]


def _version(folder: Path) -> int:
    key = key_slots.open_user_slot(key_slots.read_slots(folder), WHO.initials, WHO.passphrase)
    connection = driver.connect(folder / STORE_FILE, key)
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    return version


def _shape(folder: Path) -> dict[str, list[str]]:
    key = key_slots.open_user_slot(key_slots.read_slots(folder), WHO.initials, WHO.passphrase)
    connection = driver.connect(folder / STORE_FILE, key)
    names = [row[1] for row in connection.execute("PRAGMA table_list") if row[1][:6] != "sqlite"]
    shape = {
        name: sorted(
            f"{row[1]} {row[2]}" for row in connection.execute(f"PRAGMA table_info({name})")
        )
        for name in names
    }
    shape["indices"] = sorted(
        row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type != 'table'")
    )
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    connection.close()
    assert version == tables.STORE_VERSION
    return shape
