# SPDX-License-Identifier: GPL-3.0-or-later
"""Notes sign themselves, tasks stand on the day by how urgent they are, and neither leaves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kfdesk.demo import people
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.records.case import Note, Task
from kfdesk.domain.rows import view
from kfdesk.domain.values import PartialDate, Value, ZonedTime
from kfdesk.services.core import drafts
from kfdesk.services.core.drafts import FormState, list_drafts, save_draft
from kfdesk.services.core.records import change_record, create_record, undo
from kfdesk.services.core.session import Session
from kfdesk.services.plans.case import create_plan, last_day_due, save_note, set_task_done
from kfdesk.services.plans.plans import disclose_case, load_case
from kfdesk.services.today import read_today

KEYS = frozenset({"content", "kind"})


@pytest.fixture
def plan(desk: Session) -> bytes:
    """Return a plan that was just begun."""
    return create_plan(desk, {})[0]


def a_note(plan: bytes, **values: Value) -> FormState:
    return FormState("note", values, parent=plan)


def test_new_note_is_of_now_and_signed_by_who_sits_there(desk: Session, plan: bytes) -> None:
    rid = desk.new_id()
    save_note(desk, rid, a_note(plan, content="She called.", kind="contact"), KEYS)
    row = desk.store.row(rid)
    assert row is not None
    note = view(row, Note).record
    assert (note.content, note.written_by) == ("She called.", people.INITIALS)
    assert isinstance(note.happened, ZonedTime)
    assert list_drafts(desk) == ()


def test_changed_note_keeps_who_wrote_it(desk: Session, plan: bytes) -> None:
    rid = desk.new_id()
    save_note(desk, rid, a_note(plan, content="She called."), KEYS)
    save_note(replace(desk, user="MB"), rid, a_note(plan, content="She called twice."), KEYS)
    row = desk.store.row(rid)
    assert row is not None
    assert view(row, Note).record.written_by == people.INITIALS


def test_note_that_was_begun_is_found_again_under_its_plan(desk: Session, plan: bytes) -> None:
    other, _ = create_plan(desk, {})
    rid = save_draft(desk, None, a_note(plan, content="She cal"))
    save_draft(desk, None, FormState("task", {"title": "Call"}, parent=plan))
    assert [draft.line.rid for draft in drafts.new_record_drafts(desk, "note", plan)] == [rid]
    assert drafts.new_record_drafts(desk, "note", other) == ()


def test_neither_note_nor_task_leaves_for_anybody(desk: Session, plan: bytes) -> None:
    save_note(desk, desk.new_id(), a_note(plan, content="She called."), KEYS)
    create_record(desk, Task, {"title": "Call"}, plan)
    case = load_case(desk, plan)
    for who, channel in (
        (RecipientKind.PARTNER, Channel.BUNDLE),
        (RecipientKind.CLIENT, Channel.CARRIED),
    ):
        what = disclose_case(desk, case, Recipient(who, desk.new_id()), channel)
        rows = {row.rid: row.type for row in case.rows}
        assert not {"note", "task"} & {rows[each.row.rid] for each in what.rows if each.grants}


def test_task_is_done_and_undone(desk: Session, plan: bytes) -> None:
    rid = create_record(desk, Task, {"title": "Call", "state": "open"}, plan)
    done = set_task_done(desk, rid, is_done=True)
    row = desk.store.row(rid)
    assert row is not None
    assert view(row, Task).record.state == "done"
    undo(desk, done)
    row = desk.store.row(rid)
    assert row is not None
    assert view(row, Task).record.state == "open"


def test_day_shows_late_and_near_tasks_in_their_order_and_no_others(
    desk: Session, plan: bytes
) -> None:
    today = desk.adapters.clock.now().date()
    for title, days, state in (
        ("in a month", 30, "open"), ("in a week", 7, None), ("late", -3, "open"),
        ("now", 0, "open"), ("done", -1, "done"), ("dropped", 1, "dropped"),
    ):  # fmt: skip
        values: dict[str, Value] = {"title": title, "due": today + timedelta(days), "state": state}
        create_record(desk, Task, values, plan)
    create_record(desk, Task, {"title": "some day", "state": "open"}, plan)
    shown = read_today(desk)
    assert [task.title for task in shown.tasks] == ["late", "now", "in a week"]
    assert shown.count == 2


def test_task_in_conflict_about_its_day_does_not_pretend_to_have_one(
    desk: Session, plan: bytes
) -> None:
    today = desk.adapters.clock.now().date()
    rid = create_record(desk, Task, {"title": "Call", "due": today}, plan)
    change_record(desk, rid, {"due": today + timedelta(1)}, ())
    assert read_today(desk).tasks == ()


@pytest.mark.parametrize(
    ("due", "last"),
    [
        (date(2026, 11, 24), date(2026, 11, 24)),
        (PartialDate("2026-02"), date(2026, 2, 28)),
        (PartialDate("2026"), date(2026, 12, 31)),
        (None, None),
    ],
)
def test_about_when_is_late_only_once_it_is_over(due: object, last: date | None) -> None:
    assert last_day_due(due) == last
