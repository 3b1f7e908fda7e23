# SPDX-License-Identifier: GPL-3.0-or-later
"""A test call counts for the number that was called, and for no number that came after it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration.pair_samples import Pair, met_pair

from kfdesk.domain.itinerary import SheetFinding
from kfdesk.domain.records.journey import HelpNumber
from kfdesk.domain.registers import WriteContext, apply_changes, next_hlc
from kfdesk.domain.rows import encode_changes, seen_writes, view
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.domain.workflow.travel import paper_checked
from kfdesk.services.core.records import change_record, require_record, undo
from kfdesk.services.core.session import Session
from kfdesk.services.plans.journey import record_test_call, record_unanswered_call
from kfdesk.services.plans.plans import load_case, read_case_context, sheet_gaps

OTHER = "+371 26 11 22 33"
ZONE = "Europe/Stockholm"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as met:
        yield met


def number_of(desk: Session, plan: bytes) -> bytes:
    return min(row.rid for row in desk.store.children(plan) if row.type == "help_number")


def record_of(desk: Session, rid: bytes) -> HelpNumber:
    return view(require_record(desk, rid), HelpNumber).record


def untested(desk: Session, plan: bytes) -> list[SheetFinding]:
    gaps = sheet_gaps(desk, load_case(desk, plan))
    return [gap for gap in gaps if (gap.code, gap.type) == ("not_tested", "help_number")]


def written_by_older(
    desk: Session, rid: bytes, values: dict[str, Value], milliseconds: int
) -> None:
    """Save values as a program would that knows nothing of the rule, at a time by its own clock."""
    row = require_record(desk, rid)
    by = WriteContext("KA, Other", next_hlc(milliseconds), lambda: desk.adapters.random(8))
    changes = encode_changes(row.type, values)
    state = apply_changes(row.state, changes, seen_writes(row), by)
    with desk.store.transaction():
        desk.store.put(replace(row, state=state))


def later(desk: Session, **ahead: float) -> Session:
    """Return the session with its clock moved."""
    clock = desk.adapters.clock
    ways = {"now": lambda _: clock.now() + timedelta(**ahead), "drift": lambda _: timedelta()}
    moved = type("Moved", (), ways)()
    return replace(desk, adapters=replace(desk.adapters, clock=moved))


def by_service(desk: Session, rid: bytes) -> None:
    change_record(desk, rid, {"number": OTHER})


def by_form(desk: Session, rid: bytes) -> None:
    row = require_record(desk, rid)
    change_record(desk, rid, {"number": OTHER, "sequence": 1}, seen_writes(row))


def with_a_clock_behind(desk: Session, rid: bytes) -> None:
    change_record(later(desk, days=-1), rid, {"number": OTHER})


def twice(desk: Session, rid: bytes) -> None:
    before = record_of(desk, rid).number
    change_record(desk, rid, {"number": OTHER})
    change_record(desk, rid, {"number": before})


def emptied_first(desk: Session, rid: bytes) -> None:
    change_record(desk, rid, {"number": None})
    change_record(desk, rid, {"number": OTHER})


def by_an_older_program(desk: Session, rid: bytes) -> None:
    written_by_older(desk, rid, {"number": OTHER}, desk.milliseconds + 5)


def by_an_older_program_with_a_clock_behind(desk: Session, rid: bytes) -> None:
    written_by_older(desk, rid, {"number": OTHER}, desk.milliseconds - 86_400_000)


WAYS = [
    by_service, by_form, with_a_clock_behind, twice, emptied_first, by_an_older_program,
    by_an_older_program_with_a_clock_behind,
]  # fmt: skip


@pytest.mark.parametrize("change", WAYS)
@pytest.mark.parametrize("is_called_again", [False, True])
def test_number_that_was_changed_is_not_tried(
    pair: Pair, change: Callable[[Session, bytes], None], *, is_called_again: bool
) -> None:
    desk, rid = pair.ours, number_of(pair.ours, pair.plan)
    assert untested(desk, pair.plan) == []
    if is_called_again:
        record_test_call(desk, rid, ZONE)
    change(desk, rid)
    assert len(untested(desk, pair.plan)) == 1
    assert paper_checked(read_case_context(desk, pair.plan)).is_open
    record_test_call(desk, rid, ZONE)
    assert untested(desk, pair.plan) == []


def test_everything_else_may_change_after_the_call(pair: Pair) -> None:
    desk, rid = pair.ours, number_of(pair.ours, pair.plan)
    change_record(desk, rid, {"sequence": 7, "answered_by": None})
    assert untested(desk, pair.plan) == []


def test_undo_gives_back_the_number_with_its_call(pair: Pair) -> None:
    desk, rid = pair.ours, number_of(pair.ours, pair.plan)
    before = record_of(desk, rid)
    done = change_record(desk, rid, {"number": OTHER})
    assert record_of(desk, rid).called is None
    undo(desk, done)
    assert record_of(desk, rid) == before
    assert untested(desk, pair.plan) == []


def test_undone_test_call_leaves_the_number(pair: Pair) -> None:
    desk, rid = pair.ours, number_of(pair.ours, pair.plan)
    change_record(desk, rid, {"number": OTHER})
    undo(desk, record_test_call(desk, rid, ZONE))
    assert record_of(desk, rid).number == OTHER
    assert len(untested(desk, pair.plan)) == 1


def test_number_changed_elsewhere_at_the_same_time_is_not_tried(pair: Pair) -> None:
    pair.send()
    rid = number_of(pair.ours, pair.plan)
    record_test_call(pair.ours, rid, ZONE)
    change_record(pair.theirs, rid, {"number": OTHER})
    pair.answer()
    seen = view(require_record(pair.ours, rid), HelpNumber)
    is_taken = OTHER in {one.value for one in seen.versions.get("number", ())}
    is_taken |= seen.record.number == OTHER
    assert bool(untested(pair.ours, pair.plan)) == is_taken


def test_call_of_an_older_program_counts_while_the_number_is_the_first(pair: Pair) -> None:
    desk, rid = pair.ours, number_of(pair.ours, pair.plan)
    now = desk.adapters.clock.now().replace(tzinfo=None, microsecond=0) - timedelta(hours=1)
    called = ZonedTime.at(now, "UTC")
    written_by_older(desk, rid, {"called": called}, desk.milliseconds + 5)
    assert untested(desk, pair.plan) == []
    by_an_older_program_with_a_clock_behind(desk, rid)
    assert len(untested(desk, pair.plan)) == 1


def test_number_that_nobody_answers_is_untested_until_somebody_does(pair: Pair) -> None:
    desk, rid = pair.ours, number_of(pair.ours, pair.plan)
    record_test_call(desk, rid, ZONE)
    before = len(untested(desk, pair.plan))
    done = record_unanswered_call(desk, rid)
    assert len(untested(desk, pair.plan)) == before + 1
    assert record_of(desk, rid).called_by == desk.user
    undo(desk, done)
    assert len(untested(desk, pair.plan)) == before
    record_unanswered_call(desk, rid)
    record_test_call(desk, rid, ZONE)
    assert len(untested(desk, pair.plan)) == before
