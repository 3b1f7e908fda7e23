# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan in its window: written by parts, kept while it is typed, walked by keys; notes, tasks."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import rows_of, said_under
from tests.gui.lock_samples import MACHINE, WHO, Left, new_store, start
from tests.gui.plan_samples import ALT, CTRL, notes, person, plan, plans, press, texts, type_in
from tests.support.windows import missed_by_tab, nameless, read_by, session_of, shell_of

from kfdesk import store_lifecycle
from kfdesk.domain import rows
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.case import Note, Task
from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import RecordView, Row, view
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.ui.context import LockSettings
from kfdesk.ui.lock.lock import BY_KEY
from kfdesk.ui.pages.plan.notes import NOTES_PER_PAGE
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.plan.person import PERSON_CARDS, PersonSection
from kfdesk.ui.pages.today import TodayPage
from kfdesk.ui.widgets.collapsible import CollapsibleCard
from kfdesk.ui.widgets.inputs import CheckBox

MANY = 300


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a store with one plan."""
    made = tmp_path / "store"
    new_store(made)
    return made


@pytest.fixture
def left(qtbot: QtBot, qapp: QApplication, folder: Path) -> Iterator[Left]:
    """Yield the open window on that store."""
    made = start(qtbot, qapp, folder, LockSettings(), lambda _habit: None)
    made.open()
    yield made
    made.program.close()


def desk_of(left: Left) -> Session:
    """Return the open session, to act as a colleague or an import would meanwhile."""
    return session_of(left.program)


def meanwhile(left: Left, work: Callable[[], object], types: str = "client") -> None:
    """Something is written on the worker's thread, and pages are told."""
    done: list[object] = []
    left.program.kit.worker.run(work, done.append)
    left.qtbot.waitUntil(lambda: bool(done))
    left.program.kit.events.changed.emit(frozenset({types}))
    left.rest()


def open_plan(left: Left, section: str = "person") -> PlanView:
    """Open the one plan in a section."""
    press(Qt.Key.Key_2, CTRL)
    plans(left).listing.table.chosen.emit(0)
    page = plan(left)
    page.go_to(section)
    page.parts[section].complete()
    left.rest()
    return page


def stored(folder: Path) -> Client:
    """Return the client as the store has her, once the window is closed."""
    desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    (row,) = desk.store.rows("client")
    desk.store.close()
    return view(row, Client).record


def waiting(left: Left) -> int:
    """Return how many drafts wait."""
    counts: list[int] = []
    left.program.kit.events.drafts_counted.connect(counts.append)
    left.program.kit.events.drafts_changed.emit()
    left.rest()
    return counts[-1]


# Person


@pytest.mark.slow
def test_cards_are_made_one_after_the_other_in_the_order_of_tab(left: Left) -> None:
    press(Qt.Key.Key_2, CTRL)
    plans(left).listing.table.chosen.emit(0)
    page = plan(left)
    page.go_to("person")
    section = cast("PersonSection", page.parts.get_incomplete("person"))
    assert len(section._parts) < len(PERSON_CARDS)  # the window has answered meanwhile
    left.qtbot.waitUntil(lambda: len(section._parts) == len(PERSON_CARDS))
    left.qtbot.waitUntil(lambda: all(card.isVisible() for card in section._cards.values()))
    assert list(section._parts) == [part.key for part in PERSON_CARDS]
    page.setFocus()
    assert missed_by_tab(left.program.window) == []


def test_section_is_made_when_it_is_first_come_to(left: Left) -> None:
    press(Qt.Key.Key_2, CTRL)
    plans(left).listing.table.chosen.emit(0)
    page = plan(left)
    assert list(page.parts.built) == ["travel"]
    page.jump_to("client", None, "")
    page.go_to("notes")
    assert list(page.parts.built) == ["person", "travel", "notes"]
    assert [key for key, part in page.parts.built.items() if part.isVisible()] == ["notes"]


def test_what_is_typed_is_saved_by_its_key_and_taken_back_by_undo(left: Left, folder: Path) -> None:
    page = open_plan(left)
    form = person(page).parts["who"]
    form.form.focus_on("other_names")
    type_in("Ninotchka")
    press(Qt.Key.Key_S, CTRL)
    left.rest()
    assert form.form.editors["other_names"].shown_value == "Ninotchka"
    assert not form.form.has_changes
    page.setFocus()
    press(Qt.Key.Key_Z, CTRL)
    left.rest()
    assert form.form.editors["other_names"].value() is None
    left.program.close()
    assert stored(folder).other_names is None


def test_key_to_save_works_from_the_list_of_sections_and_says_if_there_is_nothing(
    left: Left,
) -> None:
    page, told = open_plan(left), []
    kit = left.program.kit
    kit.events.told.connect(lambda said: told.append(kit.translator.translate(said.message)))
    form = person(page).parts["who"]
    form.form.editors["other_names"].enter("Ninotchka")
    target = page.sections.focus_target()
    assert target is not None
    target.setFocus()
    press(Qt.Key.Key_S, CTRL)
    left.rest()
    assert form.form.editors["other_names"].shown_value == "Ninotchka"
    assert told == ["Saved."]
    target.setFocus()
    press(Qt.Key.Key_S, CTRL)
    left.rest()
    assert told == ["Saved.", "There is nothing to save."]


@pytest.mark.slow
def test_saving_one_card_leaves_the_other_a_draft(left: Left) -> None:
    page = open_plan(left)
    who, reach = person(page).parts["who"], person(page).parts["reach"]
    who.form.editors["other_names"].enter("Ninotchka")
    reach.form.editors["needs_interpreter"].enter(value=True)
    reach.save_draft()
    left.rest()
    who.save()
    left.rest()
    assert reach.form.has_changes
    assert waiting(left) == 1
    page.setFocus()
    press(Qt.Key.Key_S, CTRL)  # with no field in hand, all that was changed is saved
    left.rest()
    assert not reach.form.has_changes
    assert waiting(left) == 0


@pytest.mark.slow
def test_draft_is_there_after_lock_and_unlock_and_goes_on(left: Left) -> None:
    page = open_plan(left)
    form = person(page).parts["who"]
    form.form.focus_on("other_names")
    type_in("Ninotchka")
    left.program.window.lock(BY_KEY)
    assert left.notes[-1].drafts == 1
    left.open()
    again = person(plan(left)).parts["who"]
    left.rest()
    assert again.waiting.isVisible()
    assert again.form.editors["other_names"].value() is None
    again.go_on.click()
    assert again.form.editors["other_names"].value() == "Ninotchka"
    assert QApplication.focusWidget() in again.form.editors["other_names"].focus_targets


def test_who_types_while_a_draft_waits_loses_neither(left: Left) -> None:
    page = open_plan(left)
    person(page).parts["who"].form.editors["other_names"].enter("Ninotchka")
    press(Qt.Key.Key_Escape)
    page = open_plan(left)
    form = person(page).parts["who"]
    assert form.waiting.isVisible()
    form.form.focus_on("alias")
    type_in("X")
    assert not form.waiting.isVisible()
    assert form.form.editors["other_names"].value() == "Ninotchka"
    assert "X" in str(form.form.editors["alias"].value())


def test_draft_on_today_leads_into_its_fold_and_is_filled_in(left: Left) -> None:
    page = open_plan(left)
    fold = cast("CollapsibleCard", person(page).cards["more"])
    assert not fold.is_open
    fold.set_open(is_open=True)
    person(page).parts["more"].form.editors["identity_number"].enter("1234")
    page.closed.emit()
    left.rest()
    shell_of(left.program).go_to("today")
    left.rest()
    today = shell_of(left.program).page
    today.drafts.buttons[0][0].click()
    left.rest()
    section = person(plan(left))
    assert cast("CollapsibleCard", section.cards["more"]).is_open
    assert section.parts["more"].form.editors["identity_number"].value() == "1234"
    assert not section.parts["more"].waiting.isVisible()


def test_what_came_in_between_becomes_a_conflict_and_its_field_leads_to_the_card(
    left: Left,
) -> None:
    page = open_plan(left)
    form = person(page).parts["who"]
    form.form.focus_on("other_names")
    type_in("Ninotchka")
    desk = desk_of(left)
    (client,) = (form.rid,)
    assert client is not None
    meanwhile(left, lambda: change_record(desk, client, {"other_names": "Nadja"}))
    assert form.form.editors["other_names"].value() == "Ninotchka"
    form.save()
    left.rest()
    assert form.form.form_rows["other_names"].has_conflict
    form.form.form_rows["other_names"].conflict_view.decide.click()
    assert QApplication.focusWidget() in page.conflicts[0].buttons
    page.conflicts[0].buttons[0].click()
    left.rest()
    assert page.conflicts == []


@pytest.mark.slow
def test_plan_that_was_put_into_the_bin_meanwhile_leads_back_to_the_list(left: Left) -> None:
    page = open_plan(left)
    form = person(page).parts["who"]
    form.form.focus_on("other_names")
    type_in("Ninotchka")
    desk, rid = desk_of(left), form.rid
    assert rid is not None
    meanwhile(left, lambda: delete_record(desk, rid))
    assert plans(left).plan is None
    assert plans(left).listing.isVisible()


@pytest.mark.parametrize(
    ("code", "width"),
    [pytest.param("sv", 1150, marks=pytest.mark.slow), ("ru", 1150), ("ru", 1280)],
)
def test_buttons_leave_the_plans_name_its_row(left: Left, code: str, width: int) -> None:
    left.program.window.resize(width, 800)
    page = open_plan(left)
    desk, rid = desk_of(left), person(page).parts["who"].rid
    assert rid is not None
    meanwhile(left, lambda: change_record(desk, rid, {"alias": "Александра-Маргарита"}))
    left.program.kit.set_language(code)
    left.rest()
    code_label, state = page.header._code, page.header._state
    left.qtbot.waitUntil(
        lambda: (
            code_label.geometry().top() < state.geometry().center().y()
            and state.geometry().center().y() < code_label.geometry().bottom()
        )
    )


@pytest.mark.slow
def test_names_stand_in_the_form_alone(left: Left) -> None:
    open_plan(left)
    page = plan(left)
    assert not {"Нина", "Вымыслова"} & texts(page.header)
    page.closed.emit()
    left.rest()
    model = plans(left).listing.table.model()
    cells = {str(model.index(0, n).data()) for n in range(model.columnCount())}
    assert not any("Вымыслова" in cell for cell in cells)


def test_people_are_added_edited_and_put_away_by_keys(left: Left) -> None:
    section = person(open_plan(left))
    section.people.add_button.setFocus()
    press(Qt.Key.Key_Return)
    type_in("Misha")
    press(Qt.Key.Key_S, CTRL)
    left.rest()
    assert QApplication.focusWidget() is section.people.add_button  # to add the next one
    ((rid, edit),) = section.people.lines.items()
    edit.setFocus()
    press(Qt.Key.Key_Return)
    type_in("X")
    press(Qt.Key.Key_Escape)
    left.rest()
    assert section.people.form is None
    assert QApplication.focusWidget() is section.people.lines[rid]
    assert waiting(left) == 1
    assert plan(left).isVisible()  # Esc left the record, and not the plan


@pytest.mark.slow
def test_new_person_that_was_not_saved_waits_where_people_stand(left: Left) -> None:
    section = person(open_plan(left))
    section.people.begin()
    type_in("Misha")
    section.people.close_form()
    left.rest()
    (go_on,) = section.people.waiting.buttons
    go_on.click()
    assert section.people.form is not None
    assert section.people.form.form.editors["given_name"].value() == "Misha"
    assert section.people.waiting.buttons == []


def test_adding_and_closing_again_leaves_no_draft(left: Left) -> None:
    page = open_plan(left, "notes")
    notes(page).tasks.begin()
    notes(page).tasks.close_form()
    left.rest()
    assert waiting(left) == 0


# Ways


def test_next_gap_leads_to_the_field_that_is_missing(left: Left) -> None:
    page = open_plan(left, "travel")
    desk, client = desk_of(left), read_by(page).client.rid
    meanwhile(left, lambda: change_record(desk, client, {"age_band": None}))
    page.read()
    left.rest()
    press(Qt.Key.Key_F8)
    left.rest()
    assert person(page).isVisible()
    assert (
        QApplication.focusWidget()
        in person(page).parts["who"].form.editors["age_band"].focus_targets
    )


def test_sections_are_walked_by_keys_from_within_a_field(left: Left) -> None:
    page = open_plan(left)
    person(page).parts["who"].form.focus_on("alias")
    press(Qt.Key.Key_PageDown, CTRL)
    left.rest()
    assert page.parts["consent"].isVisible()
    page.setFocus()
    press(Qt.Key.Key_Up, ALT)
    assert page.parts["person"].isVisible()


@pytest.mark.slow
def test_panes_are_walked_from_bar_to_sections_to_fields(left: Left) -> None:
    page = open_plan(left)
    shell = shell_of(left.program)
    shell.bar.field.setFocus()
    places = []
    for _ in range(4):
        press(Qt.Key.Key_F6)
        focus = QApplication.focusWidget()
        panes = (shell.rail, page.sections, person(page), shell.bar)
        places.append(next(n for n, pane in enumerate(panes) if pane.isAncestorOf(focus)))
    assert places == [0, 1, 2, 3]


def test_narrow_window_chooses_sections_in_a_field(left: Left) -> None:
    page = open_plan(left)
    left.program.window.resize(900, 800)
    left.rest()
    assert not page.sections.isVisible()
    page.setFocus()
    assert QApplication.focusWidget() is page.sections.choice
    press(Qt.Key.Key_Down)
    assert page.parts["consent"].isVisible()
    left.program.window.resize(1280, 800)
    left.rest()
    assert page.sections.isVisible()


@pytest.mark.parametrize("section", ["person", "notes"])
def test_every_control_is_named_and_reached_by_tab(left: Left, section: str) -> None:
    page = open_plan(left, section)
    page.setFocus()
    assert nameless(left.program.window) == []
    assert missed_by_tab(left.program.window) == []


# Notes and tasks


def test_note_is_written_signed_and_kept_at_this_desk(left: Left, folder: Path) -> None:
    page = open_plan(left, "notes")
    notes(page).writer.form.form.focus_on("content")
    type_in("She called.")
    press(Qt.Key.Key_Return)
    type_in("All is well.")
    press(Qt.Key.Key_Return, CTRL)
    left.rest()
    assert any("All is well." in text for text in texts(notes(page).notes))
    assert (
        QApplication.focusWidget() in notes(page).writer.form.form.editors["content"].focus_targets
    )
    left.program.close()
    desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    (row,) = desk.store.rows("note")
    note = view(row, Note).record
    assert note.written_by == WHO.initials
    assert isinstance(note.happened, ZonedTime)
    desk.store.close()


def test_note_that_was_begun_is_taken_up_in_the_same_plan(left: Left) -> None:
    page = open_plan(left, "notes")
    notes(page).writer.form.form.focus_on("content")
    type_in("She cal")
    page.closed.emit()
    left.rest()
    again = notes(open_plan(left, "notes"))
    assert again.writer.form.form.editors["content"].value() == "She cal"
    press(Qt.Key.Key_Escape)
    left.rest()
    assert waiting(left) == 1


def test_task_is_done_by_space_and_open_again_by_undo(left: Left) -> None:
    desk = desk_of(left)
    page = open_plan(left, "notes")
    rid = page.place().partition("/")[0]
    today = desk.adapters.clock.now().date()
    task: dict[str, Value] = {"title": "Call", "due": today, "owner": "EV", "state": "open"}
    meanwhile(left, lambda: create_record(desk, Task, task, bytes.fromhex(rid)), "task")
    (key,) = notes(page).tasks.marks
    notes(page).tasks.marks[key].setFocus()
    press(Qt.Key.Key_Space)
    left.rest()
    tick = cast("CheckBox", notes(page).tasks.marks[key])
    assert tick.isChecked()
    assert QApplication.focusWidget() is tick
    press(Qt.Key.Key_Z, CTRL)
    left.rest()
    assert not cast("CheckBox", notes(page).tasks.marks[key]).isChecked()


def test_tasks_stand_on_today_by_how_urgent_they_are_and_lead_to_their_plan(left: Left) -> None:
    desk = desk_of(left)
    page = open_plan(left, "notes")
    rid = bytes.fromhex(page.place().partition("/")[0])
    today = desk.adapters.clock.now().date()
    for title, days in (("later", 30), ("soon", 5), ("late", -2), ("now", 0)):
        task: dict[str, Value] = {"title": title, "due": today + timedelta(days), "state": "open"}
        meanwhile(left, partial(create_record, desk, Task, task, rid), "task")
    done: dict[str, Value] = {"title": "done", "due": today, "state": "done"}
    meanwhile(left, lambda: create_record(desk, Task, done, rid), "task")
    shell_of(left.program).go_to("today")
    left.rest()
    shown = shell_of(left.program).page
    assert isinstance(shown, TodayPage)
    urgent, table = shown.urgent.table, shown.listing.table
    titles = [said[1] for said in said_under(urgent, "Late, or due today")]
    assert [title.split(",")[0] for title in titles] == ["late", "now"]
    assert [said[1].split(",")[0] for said in said_under(table, "To do")] == ["soon"]
    table.chosen.emit(rows_of(table, "To do")[0])
    assert plan(left).parts["notes"].isVisible()


@pytest.mark.slow
def test_three_hundred_notes_do_not_slow_the_page(
    left: Left, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(left)
    page = open_plan(left)
    rid = bytes.fromhex(page.place().partition("/")[0])

    def write() -> None:
        for number in range(MANY):
            create_record(desk, Note, {"content": f"Note {number}", "kind": "contact"}, rid)

    meanwhile(left, write, "note")
    read: list[bytes] = []

    def seen(row: Row, *parts: Any) -> RecordView[Any]:
        read.append(row.rid)
        return RecordView(row, *parts)

    monkeypatch.setattr(rows, "RecordView", seen)
    page.go_to("notes")
    section = notes(page)
    assert len(section.notes.lines) == NOTES_PER_PAGE
    assert set(section.notes.lines) <= set(read)
    assert (
        len(set(read) - set(section.notes.lines)) < NOTES_PER_PAGE
    )  # of the others, none is a note
    QTest.mouseClick(section.older, Qt.MouseButton.LeftButton)
    assert len(section.notes.lines) == 2 * NOTES_PER_PAGE
    assert any(f"Note {MANY - 1}" in text for text in texts(section.notes))


def test_note_above_a_section_takes_no_room_from_the_list_of_sections(left: Left) -> None:
    page = open_plan(left)
    before = page.sections.height()
    page.header.outcome.show_fault(KfdeskError("paper.not_printed"))
    left.rest()
    assert page.header.outcome.isVisible()
    assert page.header.outcome.mapTo(page, QPoint()).x() >= page.sections.geometry().right()
    assert page.sections.height() == before
