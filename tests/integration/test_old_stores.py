# SPDX-License-Identifier: GPL-3.0-or-later
"""A store of every released version opens with the program of today, whole and for good.

The stores under `vectors/store/` were written by those programs and are never made again.
"""

import json
import shutil
from pathlib import Path

import pytest
from tests import make
from tests.vectors.make_store_vectors import FOLDER, WHO

from kfdesk import app
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import view_any
from kfdesk.machine import Machine
from kfdesk.services.writing.records import change_record
from kfdesk.storage import driver, slots, tables, vault

VERSIONS = sorted(folder.name for folder in FOLDER.iterdir() if folder.is_dir())


@pytest.fixture(params=VERSIONS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER / request.param, tmp_path / "store"))


def test_there_is_a_store_of_every_version_before_this_one() -> None:
    assert VERSIONS[: tables.VERSION - 1] == [str(number) for number in range(1, tables.VERSION)]


def test_old_store_opens_with_every_value_it_had(old: Path) -> None:
    held = json.loads((old / "holds.json").read_text(encoding="utf-8"))["records"]
    desk = app.unlock_store(old, WHO, Machine())
    for record_type, keys in held.items():
        views = [view_any(row) for row in desk.store.rows(record_type)]
        whole = [v for v in views if all(getattr(v.record, key) is not None for key in keys)]
        assert whole, record_type
    alias = view_any(desk.store.row(make.HER)).record.alias  # type: ignore[arg-type]
    assert alias == "Vera"
    assert desk.store.verify() == ()
    desk.store.close()


def test_old_store_has_the_tables_and_columns_of_a_new_one(old: Path, tmp_path: Path) -> None:
    app.unlock_store(old, WHO, Machine()).store.close()
    fresh = app.create_store(tmp_path / "new", "Nordhuset", WHO, Machine(cost=slots.FLOOR))
    fresh.store.close()
    assert _shape(old) == _shape(tmp_path / "new")


def test_old_store_can_be_written_and_opened_again(old: Path) -> None:
    desk = app.unlock_store(old, WHO, Machine())
    change_record(desk, make.HER, {"alias": "Siri"})
    desk.store.close()
    again = app.unlock_store(old, WHO, Machine())
    assert view_any(again.store.row(make.HER)).record.alias == "Siri"  # type: ignore[arg-type]
    assert again.store.verify() == ()
    again.store.close()


def test_a_step_that_fails_leaves_the_old_store_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (old / vault.FILE).read_bytes()
    monkeypatch.setattr(tables, "_STEPS", (*tables._STEPS[:-1], ("CREATE TABLE oops (",)))
    with pytest.raises(KfdeskError):
        app.unlock_store(old, WHO, Machine())
    assert (old / vault.FILE).read_bytes() == before


def _shape(folder: Path) -> dict[str, list[str]]:
    key = slots.open_slots(slots.read_slots(folder), WHO.initials, WHO.passphrase)
    connection = driver.connect(folder / vault.FILE, key)
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
    assert version == tables.VERSION
    return shape
