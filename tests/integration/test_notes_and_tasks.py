# SPDX-License-Identifier: GPL-3.0-or-later
"""Notes sign themselves, tasks stand on the day by how urgent they are, and neither leaves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kfdesk.demo import people
from kfdesk.domain.disclosure import Channel, Recipient, Who
from kfdesk.domain.records.case.note import Note
from kfdesk.domain.records.case.task import Task
from kfdesk.domain.rows import view
from kfdesk.domain.values import About, Moment, Value
from kfdesk.services.casework import parts
from kfdesk.services.casework.intake import begin_plan
from kfdesk.services.casework.notes import last_day_of, save_note, set_task_done
from kfdesk.services.desk import Desk
from kfdesk.services.plans import disclose_case, load_case
from kfdesk.services.today import read_today
from kfdesk.services.writing.drafts import Form, drafts, keep_draft
from kfdesk.services.writing.records import change_record, create_record
from kfdesk.services.writing.undo import undo

KEYS = frozenset({"content", "kind"})


@pytest.fixture
def plan(desk: Desk) -> bytes:
    """A plan that was just begun."""
    return begin_plan(desk, {})[0]


def a_note(plan: bytes, **values: Value) -> Form:
    return Form("note", values, parent=plan)


def test_new_note_is_of_now_and_signed_by_who_sits_there(desk: Desk, plan: bytes) -> None:
    rid = desk.new_id()
    save_note(desk, rid, a_note(plan, content="She called.", kind="contact"), KEYS)
    row = desk.store.row(rid)
    assert row is not None
    note = view(row, Note).record
    assert (note.content, note.written_by) == ("She called.", people.INITIALS)
    assert isinstance(note.happened, Moment)
    assert drafts(desk) == ()


def test_changed_note_keeps_who_wrote_it(desk: Desk, plan: bytes) -> None:
    rid = desk.new_id()
    save_note(desk, rid, a_note(plan, content="She called."), KEYS)
    save_note(replace(desk, user="MB"), rid, a_note(plan, content="She called twice."), KEYS)
    row = desk.store.row(rid)
    assert row is not None
    assert view(row, Note).record.written_by == people.INITIALS


def test_note_that_was_begun_is_found_again_under_its_plan(desk: Desk, plan: bytes) -> None:
    other, _ = begin_plan(desk, {})
    rid = keep_draft(desk, None, a_note(plan, content="She cal"))
    keep_draft(desk, None, Form("task", {"title": "Call"}, parent=plan))
    assert [draft.line.rid for draft in parts.new_ones(desk, "note", plan)] == [rid]
    assert parts.new_ones(desk, "note", other) == ()


def test_neither_note_nor_task_leaves_for_anybody(desk: Desk, plan: bytes) -> None:
    save_note(desk, desk.new_id(), a_note(plan, content="She called."), KEYS)
    create_record(desk, Task, {"title": "Call"}, plan)
    case = load_case(desk, plan)
    for who, channel in ((Who.PARTNER, Channel.BUNDLE), (Who.CLIENT, Channel.CARRIED)):
        what = disclose_case(desk, case, Recipient(who, desk.new_id()), channel)
        rows = {row.rid: row.type for row in case.rows}
        assert not {"note", "task"} & {rows[each.row.rid] for each in what.rows if each.grants}


def test_task_is_done_and_undone(desk: Desk, plan: bytes) -> None:
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
    desk: Desk, plan: bytes
) -> None:
    today = desk.rooms.clock.now().date()
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
    desk: Desk, plan: bytes
) -> None:
    today = desk.rooms.clock.now().date()
    rid = create_record(desk, Task, {"title": "Call", "due": today}, plan)
    change_record(desk, rid, {"due": today + timedelta(1)}, ())
    assert read_today(desk).tasks == ()


@pytest.mark.parametrize(
    ("due", "last"),
    [
        (date(2026, 11, 24), date(2026, 11, 24)),
        (About("2026-02"), date(2026, 2, 28)),
        (About("2026"), date(2026, 12, 31)),
        (None, None),
    ],
)
def test_about_when_is_late_only_once_it_is_over(due: object, last: date | None) -> None:
    assert last_day_of(due) == last
