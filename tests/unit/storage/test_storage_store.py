# SPDX-License-Identifier: GPL-3.0-or-later
"""The store: rows come back as they were, all or nothing, and columns follow from `state`."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.support import make
from tests.unit.storage.store_samples import KEY, PAGE, flip, refusal

from kfdesk.domain import registers
from kfdesk.domain.audit import Action, AuditEvent
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Direction
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import EMPTY_STATE, apply_changes, encode_state, merge_states
from kfdesk.domain.rows import Row, column_values, seen_writes, view_any
from kfdesk.domain.values import MissingAnswer
from kfdesk.storage import driver
from kfdesk.storage.driver import Connection
from kfdesk.storage.store import Store

UNKNOWN = 4711


def keep(store: Store, *rows: Row) -> None:
    with store.transaction():
        for row in rows:
            store.put(row)


def cell(connection: Connection, what: str, record_type: str = "leg") -> object:
    return connection.execute(f"SELECT {what} FROM record_{record_type}").fetchone()[0]


def by_hand(connection: Connection, statement: str, *values: object) -> None:
    """Do what no service does."""
    assert connection.execute(statement, values).rowcount == 1


def reopened(store: Store, file: Path) -> Store:
    store.close()
    return Store(driver.connect(file, KEY), file)


def torn_leg() -> Row:
    start = make.row("leg")
    ours = make.changed(start, {"carrier": "19"}, make.signature("EV", 5))
    theirs = make.changed(start, {"carrier": "18"}, make.signature("ОМ", 9))
    return replace(start, state=merge_states(ours.state, theirs.state))


# rows


def test_every_type_comes_back_as_it_was(store: Store, file: Path) -> None:
    rows = [make.row(name) for name in RECORD_TYPES]
    keep(store, *rows)
    again = reopened(store, file)
    for row in rows:
        assert again.row(row.rid) == row
        assert row in again.rows(row.type)
    again.close()


def test_record_that_is_not_there_is_none(store: Store) -> None:
    assert store.row(make.named_id("nobody")) is None
    assert store.row(b"") is None
    assert store.rows("contact") == ()


def test_rows_come_in_the_order_of_their_ids_and_not_of_intake(store: Store) -> None:
    names = ("c", "a", "b", "d")
    keep(store, *(make.row("leg", rid=make.named_id(name)) for name in names))
    rids = [row.rid for row in store.rows("leg")]
    assert rids == sorted(rids)
    assert len(rids) == 1 + len(names)


def test_children_are_of_every_type_and_of_this_parent_alone(store: Store) -> None:
    keep(store, make.row("leg", rid=make.named_id("stray"), parent=make.named_id("other plan")))
    assert {row.type for row in store.children(make.PLAN)} == {"leg", "help_number"}
    assert {row.type for row in store.children(make.HER)} == {"plan", "consent"}
    assert store.children(make.named_id("leg")) == ()


def test_changed_row_takes_the_place_of_the_old(store: Store, connection: Connection) -> None:
    before = make.row("leg")
    after = make.changed(before, {"carrier": "18, Exempelbuss"}, make.signature(minute=5))
    keep(store, after)
    assert store.row(before.rid) == after
    assert cell(connection, "count(*)") == 1
    assert cell(connection, "f_carrier") == "18, Exempelbuss"


def test_parent_and_custodian_never_change(store: Store) -> None:
    moved = make.row("leg", parent=make.named_id("other plan"), custodian=make.PARTNER)
    keep(store, moved)
    row = store.row(moved.rid)
    assert row is not None
    assert (row.parent, row.custodian) == (make.PLAN, make.OURS)


def test_record_never_becomes_another_type(store: Store) -> None:
    impostor = make.row("help_number", rid=make.named_id("leg"))
    with pytest.raises(KfdeskError) as refused:
        keep(store, impostor)
    assert refused.value.code == "bundle.torn"
    assert store.row(make.named_id("leg")) == make.row("leg")
    assert store.verify() == ()


def test_field_of_a_newer_program_is_kept(store: Store, file: Path) -> None:
    leg = make.row("leg")
    later = replace(
        leg, state=apply_changes(leg.state, {UNKNOWN: "4"}, (), make.signature(minute=3))
    )
    keep(store, later)
    again = reopened(store, file)
    row = again.row(leg.rid)
    assert row is not None
    assert registers.writes_by_field(row.state)[UNKNOWN][0].value == "4"
    assert again.verify() == ()
    again.close()


# columns


def test_columns_hold_what_lists_show(store: Store, connection: Connection) -> None:
    found = connection.execute(
        "SELECT f_sequence, f_alone, f_mode, f_departs, f_sign FROM record_leg"
    ).fetchone()
    assert found[:4] == (1, 0, "ferry", "2026-12-12T17:00+01:00[Europe/Stockholm]")
    assert json.loads(found[4]) == ["sv", "gul halsduk", "ru", "жёлтый шарф"]
    assert "жёлтый шарф" in found[4]


def test_conflict_is_flagged_and_its_column_has_the_newest(
    store: Store, connection: Connection
) -> None:
    assert cell(connection, "flags") == "[]"
    keep(store, torn_leg())
    assert json.loads(str(cell(connection, "flags"))) == ["carrier"]
    assert cell(connection, "f_carrier") == "18"


def test_gap_cleared_and_never_asked_in_columns(store: Store, connection: Connection) -> None:
    leg = make.row(
        "leg", {"carrier": MissingAnswer.UNKNOWN, "mode": None}, rid=make.named_id("two")
    )
    keep(store, leg)
    found = connection.execute(
        "SELECT f_carrier, f_mode, f_status FROM record_leg WHERE rid = ?", (leg.rid,)
    ).fetchone()
    assert found == ("\x1aunknown", None, None)


def test_answer_without_a_number_is_kept_where_a_number_would_stand(
    store: Store, connection: Connection
) -> None:
    values = {"alone": MissingAnswer.UNKNOWN, "sequence": MissingAnswer.DECLINED}
    leg = make.row("leg", values, rid=make.named_id("two"))
    keep(store, leg)
    assert store.row(leg.rid) == leg
    found = connection.execute(
        "SELECT f_alone, f_sequence FROM record_leg WHERE rid = ?", (leg.rid,)
    ).fetchone()
    assert found == (None, None)
    assert store.verify() == ()


def test_digest_of_what_a_bundle_brought_is_forgotten_when_we_change_the_row(
    store: Store, connection: Connection
) -> None:
    with store.transaction():
        store.put(make.row("leg"), took=b"digest")
    assert cell(connection, "took") == b"digest"
    keep(store, make.row("leg"))
    assert cell(connection, "took") is None


def test_every_change_takes_the_next_number(store: Store, connection: Connection) -> None:
    before = int(str(cell(connection, "n")))
    first, second = make.row("leg"), make.row("help_number")
    keep(store, first, second, first)
    assert int(str(cell(connection, "n"))) > int(str(cell(connection, "n", "help_number"))) > before
    assert store.setting("counter") == int(str(cell(connection, "n"))).to_bytes(8, "big")


def test_number_goes_back_with_a_transaction_that_failed(store: Store) -> None:
    before = store.setting("counter")
    with pytest.raises(ZeroDivisionError):
        fail_after(store, make.row("leg"))
    assert store.setting("counter") == before


# all or nothing


def fail_after(store: Store, row: Row) -> None:
    with store.transaction():
        store.put(row)
        store.set_setting("colour", b"red")
        store.ledger.log(AuditEvent("PP", 1, Action.CHANGE, row.rid, ("carrier",)))
        raise ZeroDivisionError


def test_exception_in_the_middle_takes_everything_back(store: Store, file: Path) -> None:
    digest, head = store.digest(), store.ledger.audit_head()
    changed = make.changed(make.row("leg"), {"carrier": "18"}, make.signature(minute=5))
    with pytest.raises(ZeroDivisionError):
        fail_after(store, changed)
    again = reopened(store, file)
    assert again.digest() == digest
    assert again.ledger.audit_head() == head
    assert again.setting("colour") is None
    assert again.history(make.named_id("leg")) == ()
    assert again.verify() == ()
    again.close()


def test_store_works_on_after_a_failure(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after(store, make.row("leg"))
    keep(store, make.row("contact"))
    assert len(store.rows("contact")) == 1


def test_what_was_committed_is_there_after_the_power_went(store: Store, file: Path) -> None:
    """The file is read as it stands, without closing the store that wrote it."""
    keep(store, make.row("contact"))
    other = Store(driver.connect(file, KEY), file)
    assert len(other.rows("contact")) == 1
    other.close()


def test_transaction_within_a_transaction_is_a_bug(store: Store) -> None:
    with pytest.raises(AssertionError), store.transaction():
        keep(store, make.row("contact"))
    assert store.rows("contact") == ()


def test_full_disk_is_the_worlds_fault_and_changes_nothing(
    store: Store, connection: Connection
) -> None:
    digest = store.digest()
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    rows = [make.row("leg", {"carrier": "x" * 3000}, rid=os.urandom(16)) for _ in range(40)]
    with pytest.raises(KfdeskError) as refused:
        keep(store, *rows)
    assert refused.value.code == "store.disk"
    assert store.digest() == digest
    keep(store, make.changed(make.row("leg"), {"carrier": "18"}, make.signature(minute=5)))


def test_broken_rule_of_a_table_is_a_bug_and_comes_out_as_it_is(store: Store) -> None:
    with pytest.raises(driver.IntegrityError), store.transaction():
        store.set_setting("colour", None)  # type: ignore[arg-type]
    assert store.setting("colour") is None


# history


def test_history_keeps_what_was_replaced(store: Store) -> None:
    row = make.row("leg")
    for minute, carrier in enumerate(("17", "18", None), start=1):
        row = make.changed(row, {"carrier": carrier}, make.signature("EV", minute))
        keep(store, row)
    found = store.history(row.rid)
    assert [write.value for write in found] == ["M/S Havsörn", "17", "18"]
    assert [write.author for write in found] == ["PP, Nordhuset", "EV", "EV"]
    assert {write.fid for write in found} == {RECORD_TYPES["leg"].ids["carrier"]}
    assert view_any(row).record.carrier is None


def test_history_is_empty_before_the_first_change_and_for_nobody(store: Store) -> None:
    assert store.history(make.named_id("leg")) == ()
    assert store.history(make.named_id("nobody")) == ()


def test_history_keeps_both_words_of_a_decided_conflict(store: Store) -> None:
    keep(store, torn_leg())
    decided = make.changed(torn_leg(), {"carrier": "20"}, make.signature(minute=30))
    keep(store, decided)
    assert {write.value for write in store.history(decided.rid)} == {"M/S Havsörn", "18", "19"}


def test_history_keeps_every_kind_of_value(store: Store) -> None:
    row = make.row("leg")
    cleared = make.changed(row, dict.fromkeys(RECORD_TYPES["leg"].fields), make.signature(minute=5))
    keep(store, cleared)
    kept = {write.fid: write.value for write in store.history(row.rid)}
    assert kept == {write.fid: write.value for write in registers.live_writes(row.state)}


def test_replaced_write_that_comes_again_is_in_history_once(store: Store) -> None:
    old = make.row("leg")
    new = make.changed(old, {"carrier": "18"}, make.signature(minute=5))
    keep(store, new)
    keep(store, replace(old, state=merge_states(new.state, old.state)))
    keep(store, new)
    assert len(store.history(old.rid)) == 1


def test_day_of_replacement_is_what_the_desk_says(store: Store) -> None:
    days = iter((date(2026, 12, 24), date(2027, 1, 3)))
    store.set_calendar(lambda: next(days))
    row = make.row("leg")
    for minute, carrier in enumerate(("17", "18"), start=1):
        row = make.changed(row, {"carrier": carrier}, make.signature("EV", minute))
        keep(store, row)
    found = store.replaced(row.rid)
    assert [(write.value, day) for write, day in found.items()] == [
        ("M/S Havsörn", date(2026, 12, 24)),
        ("17", date(2027, 1, 3)),
    ]
    assert store.oldest_history() == date(2026, 12, 24)


def test_history_is_pruned_by_the_day_of_replacement_alone(store: Store) -> None:
    days = iter((date(2026, 12, 24), date(2027, 1, 3)))
    store.set_calendar(lambda: next(days))
    row = make.row("leg")
    for minute, carrier in enumerate(("17", "18"), start=1):
        row = make.changed(row, {"carrier": carrier}, make.signature("EV", minute))
        keep(store, row)
    with store.transaction():
        assert store.prune_history(date(2026, 12, 24)) == 0
        assert store.prune_history(date(2027, 1, 3)) == 1
    assert [write.value for write in store.history(row.rid)] == ["17"]
    keep(store, replace(row, state=merge_states(row.state, make.row("leg").state)))
    assert view_any(row).conflicts == frozenset()  # its id is dead: it does not come back
    assert store.verify() == ()
    with store.transaction():
        store.prune_history(date(2028, 1, 1))
    assert store.oldest_history() is None


# settings and digest


def test_settings_are_kept_and_replaced(store: Store, file: Path) -> None:
    assert store.setting("colour") is None
    with store.transaction():
        store.set_setting("colour", b"red")
        store.set_setting("colour", b"\x00blue")
        store.set_setting("empty", b"")
    again = reopened(store, file)
    assert (again.setting("colour"), again.setting("empty")) == (b"\x00blue", b"")
    again.close()


def test_digest_tells_any_change_of_a_record(store: Store) -> None:
    digests = {store.digest()}
    for row in (
        make.changed(make.row("leg"), {"carrier": "18"}, make.signature(minute=5)),
        make.row("contact"),
        make.row("leg", rid=make.named_id("two"), parent=make.HER),
        make.row("leg", rid=make.named_id("three"), custodian=make.PARTNER),
    ):
        keep(store, row)
        digests.add(store.digest())
    assert len(digests) == 5


def test_digest_does_not_hang_on_the_order_of_intake(store: Store) -> None:
    rows = [make.row("leg", rid=make.named_id(str(number))) for number in range(5)]
    keep(store, *rows)
    once = store.digest()
    keep(store, *reversed(rows))
    assert store.digest() == once


def test_closing_calls_whoever_waits_for_it(store: Store) -> None:
    called: list[str] = []
    store.on_close(lambda: called.append("closed"))
    assert called == []
    store.close()
    assert called == ["closed"]
    store.close()  # as a lock does while a new data key is made
    assert called == ["closed"]


def test_closed_store_is_not_written_and_says_so(store: Store) -> None:
    store.close()
    assert refusal(lambda: keep(store, make.row("leg"))) == "store.closed"


# verify


def test_whole_store_verifies(store: Store) -> None:
    keep(store, torn_leg(), make.row("contact"))
    assert store.verify() == ()


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE record_leg SET f_carrier = 'M/S Annan'", "column:leg.carrier"),
        ("UPDATE record_leg SET f_carrier = NULL", "column:leg.carrier"),
        ("UPDATE record_leg SET f_alone = 1", "column:leg.alone"),
        ("UPDATE record_leg SET f_sign = '[]'", "column:leg.sign"),
        ("UPDATE record_leg SET flags = '[\"carrier\"]'", "column:leg.flags"),
        ("UPDATE record_client SET f_code = 'tulpan-48'", "column:client.code"),
    ],
)
def test_column_that_was_changed_by_hand_is_found(
    store: Store, connection: Connection, statement: str, code: str
) -> None:
    by_hand(connection, statement)
    assert store.verify() == (code,)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM place WHERE type = 'leg'",
        "UPDATE place SET type = 'leg' WHERE type = 'plan'",
        "INSERT INTO place VALUES (x'01', 'leg')",
    ],
)
def test_record_that_nothing_leads_to_is_found(
    store: Store, connection: Connection, statement: str
) -> None:
    by_hand(connection, statement)
    assert "place:leg" in store.verify()


def test_column_that_was_changed_by_hand_is_mended_by_rebuilding(
    store: Store, connection: Connection
) -> None:
    keep(store, torn_leg())
    number = cell(connection, "n")
    by_hand(connection, "UPDATE record_leg SET f_carrier = 'M/S Annan', flags = '[]', took = x'01'")
    with store.transaction():
        store.rebuild("leg")
    assert store.verify() == ()
    assert cell(connection, "f_carrier") == column_values(torn_leg())[0]["carrier"]
    assert (cell(connection, "n"), cell(connection, "took")) == (number, b"\x01")


def test_state_that_was_changed_by_hand_is_found(store: Store, connection: Connection) -> None:
    other = make.changed(make.row("leg"), {"carrier": "18"}, make.signature(minute=5))
    by_hand(connection, "UPDATE record_leg SET state = ?", encode_state(other.state))
    assert store.verify() == ("column:leg.carrier",)


@pytest.mark.parametrize("data", [b"", b"\x92\x90", b"\x92\x90\xc0\x00", b"no state at all"])
def test_state_that_cannot_be_read_is_told_and_not_raised(
    store: Store, connection: Connection, data: bytes
) -> None:
    by_hand(connection, "UPDATE record_leg SET state = ?", data)
    assert store.verify() == ("state:leg",)


def test_state_with_a_value_of_another_kind_is_told(store: Store, connection: Connection) -> None:
    leg = make.row("leg")
    changes = {RECORD_TYPES["leg"].ids["departs"]: "soon"}
    state = apply_changes(leg.state, changes, seen_writes(leg), make.signature(minute=3))
    by_hand(connection, "UPDATE record_leg SET state = ?", encode_state(state))
    assert store.verify() == ("state:leg",)
    with store.transaction():
        store.rebuild("leg")  # leaves it as it is
    assert store.verify() == ("state:leg",)


def test_empty_state_verifies(store: Store) -> None:
    keep(store, Row(make.named_id("two"), "leg", make.PLAN, make.OURS, EMPTY_STATE))
    assert store.verify() == ()


def test_bad_page_is_told_and_the_rest_is_not_believed(file: Path) -> None:
    connection = driver.connect(file, KEY)
    named = "SELECT rootpage FROM sqlite_schema WHERE name = 'record_leg'"
    flip(file, connection.execute(named).fetchone()[0] * PAGE - PAGE // 2)
    connection.close()
    connection = driver.connect(file, KEY)
    (found,) = Store(connection, file).verify()
    assert found.startswith("pages:HMAC")
    connection.close()


def test_bad_page_is_the_worlds_fault_whatever_is_read(file: Path) -> None:
    """All pages are spoilt but the first, after the store was opened."""
    connection = driver.connect(file, KEY)
    store = Store(connection, file)
    for page in range(1, file.stat().st_size // PAGE):
        flip(file, page * PAGE + 100)
    reads: list[Callable[[], object]] = [
        lambda: store.row(make.HER),
        lambda: store.rows("leg"),
        lambda: store.children(make.PLAN),
        lambda: store.history(make.HER),
        lambda: store.setting("counter"),
        store.digest,
        store.ledger.audit_head,
        store.ledger.newest_entry,
        store.ledger.partners,
        store.ledger.acknowledged,
        lambda: store.ledger.events(None, 9),
        lambda: store.ledger.entries(make.PARTNER),
        lambda: store.ledger.marks(make.PARTNER, Direction.OUT),
        lambda: keep(store, make.row("contact")),
    ]
    assert [refusal(read) for read in reads] == ["store.damaged"] * len(reads)
    assert store.verify()
    connection.close()


def test_records_in_conflict_are_found_without_reading_the_others(store: Store) -> None:
    leg = make.row("leg")
    ours = make.changed(leg, {"status": "departed"}, make.signature("PP", 1))
    both = make.changed(ours, {"status": "missed"}, make.signature("ОМ", 2), seen=leg)
    assert store.conflicted_rows() == ()
    with store.transaction():
        store.put(both)
    assert [row.rid for row in store.conflicted_rows()] == [leg.rid]
    settled = make.changed(both, {"status": "missed"}, make.signature("PP", 3))
    with store.transaction():
        store.put(settled)
    assert store.conflicted_rows() == ()
