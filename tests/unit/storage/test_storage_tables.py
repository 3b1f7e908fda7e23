# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables follow the described records, and a new field becomes a column by itself."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.support import make
from tests.unit.storage.store_samples import KEY, WHO, refusal

from kfdesk.domain.kinds import BooleanKind, LocalizedTextKind, NumberKind, TextKind
from kfdesk.domain.records.directory import Contact
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import apply_changes, writes_by_field
from kfdesk.domain.rows import Row, seen_writes
from kfdesk.domain.schema import DataGroup, Field, SensitivityLevel, field_id
from kfdesk.storage import driver, keyring, tables
from kfdesk.storage.driver import Connection
from kfdesk.storage.store import Store

PLATFORM = Field(
    "platform", TextKind(), "Platform", make.SECTION, SensitivityLevel.S2, DataGroup.TRAVEL, since=2
)
SEATS = Field(
    "seats", NumberKind(), "Seats", make.SECTION, SensitivityLevel.S2, DataGroup.TRAVEL, since=2
)
SHIP = Field(
    "ship",
    LocalizedTextKind(),
    "Ship",
    make.SECTION,
    SensitivityLevel.S2,
    DataGroup.TRAVEL,
    since=2,
)
NEWER = make.described(Leg, PLATFORM, SEATS, SHIP)


def names_in(connection: Connection, table: str) -> dict[str, str]:
    return {row[1]: row[2] for row in connection.execute(f"PRAGMA table_info({table})")}


def opened(file: Path) -> Store:
    """Return the store as this program opens it, the slots apart."""
    store = Store(driver.connect(file, KEY), file)
    tables.upgrade_tables(store._connection, store.rebuild)
    return store


def from_a_newer_desk(values: dict[str, object]) -> Row:
    """Return a leg with writes of fields that this program does not know."""
    leg = make.row("leg")
    changes = {field_id("leg", key): value for key, value in values.items()}
    state = apply_changes(leg.state, changes, seen_writes(leg), make.signature("ОМ", 9))  # type: ignore[arg-type]
    return replace(leg, state=state)


def test_every_field_has_a_column_of_its_kind(connection: Connection) -> None:
    for name, described in RECORD_TYPES.items():
        found = names_in(connection, f"record_{name}")
        for key, field in described.fields.items():
            is_number = isinstance(field.kind, NumberKind | BooleanKind)
            assert found[f"f_{key}"] == ("INTEGER" if is_number else "TEXT")
        assert {column for column in found if column.startswith("f_")} == {
            f"f_{key}" for key in described.fields
        }


def test_tables_that_need_no_change_are_compared_once_and_not_written(
    connection: Connection,
) -> None:
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    tables.upgrade_tables(connection, lambda _: None)
    connection.set_trace_callback(None)
    compared = [one for one in asked if "table_info(" in one]
    assert sorted(compared) == sorted(f"PRAGMA table_info(record_{name})" for name in RECORD_TYPES)
    assert [one for one in asked if not one.startswith(("PRAGMA", "SELECT"))] == []


def test_every_table_is_strict(connection: Connection) -> None:
    listed = connection.execute("PRAGMA table_list").fetchall()
    loose = [name for _, name, kind, _, _, strict in listed if kind == "table" and not strict]
    assert [name for name in loose if not name.startswith("sqlite_")] == []


def test_version_stands_in_the_store(connection: Connection) -> None:
    assert connection.execute("PRAGMA user_version").fetchone() == (tables.STORE_VERSION,)


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_lists_by_number_and_by_parent_need_no_search(
    connection: Connection, record_type: str
) -> None:
    for where in ("n > 1 ORDER BY +rid", "parent = x'00' ORDER BY +rid"):
        plan = connection.execute(
            f"EXPLAIN QUERY PLAN SELECT * FROM record_{record_type} WHERE {where}"
        ).fetchall()
        assert plan[0][3].startswith("SEARCH")
        assert "USING INDEX" in plan[0][3]


def indexes_of(connection: Connection, record_type: str) -> set[str]:
    return {row[1] for row in connection.execute(f"PRAGMA index_list(record_{record_type})")}


@pytest.mark.parametrize("record_type", RECORD_TYPES)
def test_ids_below_a_record_are_read_from_their_index_alone(
    connection: Connection, record_type: str
) -> None:
    (plan,) = connection.execute(
        f"EXPLAIN QUERY PLAN SELECT rid FROM record_{record_type} WHERE parent = x'00'"
    ).fetchall()
    assert f"USING COVERING INDEX record_{record_type}_below" in plan[3]


def test_store_of_an_older_program_gets_the_indexes_of_this_one(file: Path) -> None:
    store = opened(file)
    whole = indexes_of(store._connection, "leg")
    store._connection.execute("DROP INDEX record_leg_below")
    store._connection.execute("CREATE INDEX record_leg_parent ON record_leg (parent)")
    assert tables.needs_upgrade(store._connection)
    store.close()
    again = opened(file)
    assert indexes_of(again._connection, "leg") == whole
    assert not tables.needs_upgrade(again._connection)
    assert again.verify() == ()
    again.close()


def test_new_field_becomes_a_column_by_itself(file: Path) -> None:
    with make.registered(NEWER):
        store = opened(file)
        found = names_in(store._connection, "record_leg")
        assert (found["f_platform"], found["f_seats"]) == ("TEXT", "INTEGER")
        assert store.row(make.named_id("leg")) == make.row("leg")
        assert store.verify() == ()
        changed = make.changed(make.row("leg"), {"platform": "4"}, make.signature(minute=5))
        with store.transaction():
            store.put(changed)
        assert store.verify() == ()
        store.close()


def test_value_that_came_before_its_field_was_known_gets_its_column(file: Path) -> None:
    early = opened(file)
    with early.transaction():
        early.put(from_a_newer_desk({"platform": "4", "seats": 2, "ship": ("sv", "M/S Havsörn")}))
    assert early.verify() == ()
    early.close()
    with make.registered(NEWER):
        store = opened(file)
        found = store._connection.execute(
            "SELECT f_platform, f_seats, f_ship FROM record_leg"
        ).fetchone()
        assert found == ("4", 2, '["sv", "M/S Havsörn"]')
        assert store.verify() == ()
        store.close()


def test_value_of_another_kind_that_came_early_does_not_shut_the_store(file: Path) -> None:
    early = opened(file)
    with early.transaction():
        early.put(from_a_newer_desk({"seats": "many"}))
    early.close()
    with make.registered(NEWER):
        store = opened(file)
        assert store.verify() == ("state:leg",)
        row = store.row(make.named_id("leg"))
        assert row is not None
        assert writes_by_field(row.state)[field_id("leg", "seats")][0].value == "many"
        store.close()


def test_new_type_becomes_a_table_by_itself(file: Path) -> None:
    with make.registered(make.described(make.Everything)):
        store = opened(file)
        with store.transaction():
            store.put(make.everything())
        assert store.rows("everything") == (make.everything(),)
        assert store.verify() == ()
        store.close()


def test_opening_with_a_new_field_is_all_or_nothing(file: Path) -> None:
    connection = driver.connect(file, KEY)

    def fails(name: str) -> None:
        raise ZeroDivisionError(name)

    with make.registered(NEWER, make.described(Contact, PLATFORM)):
        with pytest.raises(ZeroDivisionError):
            tables.upgrade_tables(connection, fails)
        connection.close()
        again = driver.connect(file, KEY)
        assert "f_platform" not in names_in(again, "record_leg")
        assert "f_platform" not in names_in(again, "record_contact")
        again.close()


def test_older_program_opens_a_store_with_a_column_it_does_not_know(folder: Path) -> None:
    """A column more is no reason to refuse; what is one is the version's number."""
    with make.registered(NEWER):
        newer = keyring.unlock(folder, WHO)
        changed = make.changed(make.row("leg"), {"platform": "4"}, make.signature(minute=5))
        with newer.transaction():
            newer.put(changed)
        newer.close()
    store = keyring.unlock(folder, WHO)
    assert store.row(make.named_id("leg")) == changed
    assert store.verify() == ()
    store.close()


def test_opening_a_store_that_is_up_to_date_fills_nothing(file: Path) -> None:
    filled: list[str] = []
    connection = driver.connect(file, KEY)
    tables.upgrade_tables(connection, filled.append)
    assert filled == []
    with make.registered(NEWER):
        tables.upgrade_tables(connection, filled.append)
    assert filled == ["leg"]
    connection.close()


def test_newer_version_is_refused_before_anything_is_added(file: Path) -> None:
    connection = driver.connect(file, KEY)
    connection.execute(f"PRAGMA user_version = {tables.STORE_VERSION + 1}")
    before = file.read_bytes()
    with make.registered(NEWER):
        refused = refusal(lambda: tables.upgrade_tables(connection, lambda name: None))
    assert refused == "store.newer"
    assert file.read_bytes() == before
    connection.close()


def test_fields_stand_apart_from_the_rows_own_columns() -> None:
    for name in ("rid", "n", "parent", "custodian", "flags", "took", "state"):
        assert tables.column_name(name) == f'"f_{name}"'
