# SPDX-License-Identifier: GPL-3.0-or-later
"""The travel editor by keys on real stores: legs in order, numbers, documents, findings."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from tests.gui import walk_judge
from tests.gui.desk_samples import texts
from tests.gui.travel_samples import ALT, CTRL, NONE, Trip, on_worker, walking
from tests.integration.course_samples import Walk
from tests.support.samples import first
from tests.support.windows import nameless

from kfdesk.domain.records.client import Client
from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.domain.records.journey import HelpNumber, TravelDocument
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.domain.values import Translation, Value, ZonedTime, text_in_language
from kfdesk.i18n.messages import error_remedy, error_sentence
from kfdesk.services.core.records import change_record, create_record, require_record
from kfdesk.services.plans.journey import now_in_zone
from kfdesk.services.workflow import move_plan
from kfdesk.system import paths
from kfdesk.ui.context import EventBus, UiContext
from kfdesk.ui.forms.editor import Editor
from kfdesk.ui.forms.editors import AutocompleteEditor
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.moments import ZonedTimeEditor
from kfdesk.ui.forms.translated import PlaceEditor
from kfdesk.ui.theme import Theme
from kfdesk.ui.translator import Translator
from kfdesk.ui.widgets.text import Chip
from kfdesk.ui.worker import Worker

TAB, ENTER = Qt.Key.Key_Tab, Qt.Key.Key_Return
STOCKHOLM, RIGA, MOSCOW = "Europe/Stockholm", "Europe/Riga", "Europe/Moscow"


@pytest.fixture
def walk(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Walk]:
    with walking(kit, qtbot, tmp_path, "draft") as made:
        yield made


@pytest.fixture
def trip(kit: UiContext, qtbot: QtBot, walk: Walk) -> Trip:
    return Trip(kit, qtbot, walk, walk.plan)


@pytest.fixture
def speaking(theme: Theme) -> Iterator[UiContext]:
    """Yield the UiContext of a window that uses the program's own catalogues."""
    bugs: list[BaseException] = []
    words = Translator("sv", paths.translations_folder())
    made = UiContext(
        theme, words, EventBus(), Worker(bugs.append, bugs.append),
        lambda fault, language: (error_sentence(fault, language), error_remedy(fault, language)),
    )  # fmt: skip
    yield made
    made.worker.close()
    delete(words)
    assert bugs == []


@pytest.fixture
def blank(speaking: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[tuple[Walk, bytes]]:
    """Yield a plan without a leg, of a client who reads Russian."""
    with walking(speaking, qtbot, tmp_path, "draft") as made:
        desk = made.ours

        def begin() -> bytes:
            client = create_record(desk, Client, {"code": "sippa-12", "languages": ("ru",)})
            return create_record(desk, Plan, {"state": "draft"}, parent=client)

        yield made, on_worker(speaking, qtbot, begin)


def wall(*parts: int) -> datetime:
    """Return a wall-clock time."""
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001 - whose clock, a Moment says


def type_place(trip: Trip, key: str, text: str) -> None:
    """Type the beginning of a place and take the first that is offered."""
    editor = editor_of(trip, key)
    assert isinstance(editor, PlaceEditor)
    telling = editor.tellings[0]
    telling.area.setFocus()
    telling.area.selectAll()
    trip.type(text)
    offered = editor.proposals[telling.language].list
    assert offered is not None
    assert offered.isVisible()
    QTest.keyClick(offered, Qt.Key.Key_Down)
    QTest.keyClick(offered, ENTER)
    trip.page.activateWindow()  # without a window manager nobody does when the list has closed
    trip.rest()


def type_time(trip: Trip, key: str, day: str, clock: str) -> None:
    """Type a day and a time of day; the clock beside them is left as it is."""
    editor = editor_of(trip, key)
    assert isinstance(editor, ZonedTimeEditor)
    editor.day.setFocus()
    editor.day.selectAll()
    trip.type(day)
    trip.press(TAB)
    trip.type(clock)
    trip.press(TAB)


def editor_of(trip: Trip, key: str) -> Editor:
    """Return the editor of a field of the open leg."""
    form = trip.travel.editor.form
    assert form is not None
    return form.form.editors[key]


def slot_of(trip: Trip, key: str) -> str:
    """Return the message below a field of the open leg."""
    form = trip.travel.editor.form
    assert form is not None
    return form.form.form_rows[key].message_text


SPOKEN = {
    "sv": ("stockh", "riga", "psk", "Resa"),
    "ru": ("сток", "рига", "псков", "Поездка"),
}


def test_plan_without_a_leg_shows_what_is_next_and_no_empty_table(
    speaking: UiContext, qtbot: QtBot, blank: tuple[Walk, bytes]
) -> None:
    walk, plan = blank
    trip = Trip(speaking, qtbot, walk, plan)
    assert trip.travel._empty.isVisible()
    assert not trip.travel.table.isVisible()


@pytest.mark.parametrize("code", first(1, ["sv", "ru"]))
def test_stockholm_riga_pskov_is_entered_by_keys_in_either_language(
    code: str, speaking: UiContext, qtbot: QtBot, blank: tuple[Walk, bytes]
) -> None:
    stockholm, riga, pskov, title = SPOKEN[code]
    walk, plan = blank
    speaking.set_language(code)
    trip = Trip(speaking, qtbot, walk, plan)
    assert title in texts(trip.travel)
    trip.press(Qt.Key.Key_Insert)
    type_place(trip, "from_place", stockholm)
    type_place(trip, "to_place", riga)
    type_time(trip, "departs", "12.12.2026", "17:00")
    type_time(trip, "arrives", "13.12.2026", "10:30")
    trip.press(Qt.Key.Key_S, CTRL)
    trip.press(Qt.Key.Key_Escape)
    assert trip.travel.table.hasFocus()
    trip.press(Qt.Key.Key_Insert)
    type_place(trip, "to_place", pskov)
    type_time(trip, "departs", "13.12.2026", "12:40")
    type_time(trip, "arrives", "13.12.2026", "20:15")
    trip.press(Qt.Key.Key_S, CTRL)
    first, second = (leg.record for leg in trip.legs())
    assert (first.sequence, second.sequence) == (1, 2)
    assert text_in_language(first.from_place, "ru") == "Стокгольм"
    assert text_in_language(first.to_place, code) == {"sv": "Riga", "ru": "Рига"}[code]
    assert second.from_place == first.to_place
    assert text_in_language(second.to_place, "ru") == "Псков"
    assert first.departs == ZonedTime.at(wall(2026, 12, 12, 17), STOCKHOLM)
    assert first.arrives == ZonedTime.at(wall(2026, 12, 13, 10, 30), RIGA)
    assert second.departs == ZonedTime.at(wall(2026, 12, 13, 12, 40), RIGA)
    assert second.arrives == ZonedTime.at(wall(2026, 12, 13, 20, 15), MOSCOW)


def test_table_of_legs_waits_for_the_first_one(
    speaking: UiContext, qtbot: QtBot, blank: tuple[Walk, bytes]
) -> None:
    walk, plan = blank
    trip = Trip(speaking, qtbot, walk, plan)
    assert trip.travel._empty.isVisible()
    assert not trip.travel.table.isVisible()
    trip.press(Qt.Key.Key_Insert)
    assert trip.travel.table.isVisible()
    assert not trip.travel._empty.isVisible()


def test_first_leg_in_two_languages_takes_at_most_thirty_keys(
    speaking: UiContext, qtbot: QtBot, blank: tuple[Walk, bytes]
) -> None:
    """Count what is pressed beside the letters: place, times, who meets her and the sign."""
    walk, plan = blank
    speaking.set_language("en")
    trip = Trip(speaking, qtbot, walk, plan)
    pressed: list[Qt.Key] = []

    def press(*keys: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        for key in keys:
            pressed.append(key)
            trip.press(key, modifiers)

    def take_first(key: str) -> None:
        """Take the first proposal; the list has the keys while it is open."""
        editor = editor_of(trip, key)
        assert isinstance(editor, PlaceEditor)
        offered = editor.proposals[editor.tellings[0].language].list
        assert offered is not None
        for one in (Qt.Key.Key_Down, ENTER):
            pressed.append(one)
            QTest.keyClick(offered, one)
        trip.page.activateWindow()  # without a window manager nobody does when it has closed
        trip.rest()

    press(Qt.Key.Key_Insert)
    trip.type("stockh")
    take_first("from_place")
    press(TAB, TAB, TAB)
    trip.type("riga")
    take_first("to_place")
    press(TAB, TAB, TAB)
    trip.type("12.12.2026")
    press(TAB)
    trip.type("17:00")
    press(TAB, TAB)
    trip.type("13.12.2026")
    press(TAB)
    trip.type("10:30")
    press(TAB, TAB, Qt.Key.Key_F, TAB)
    trip.type("M/S Havsörn")
    press(TAB)
    trip.type("Anna")
    press(TAB)
    trip.type("Анна")
    press(TAB, TAB)
    trip.type("yellow scarf")
    press(TAB)
    trip.type("жёлтый шарф")
    press(Qt.Key.Key_S, modifiers=CTRL)
    (leg,) = (one.record for one in trip.legs())
    assert leg.departs == ZonedTime.at(wall(2026, 12, 12, 17), STOCKHOLM)
    assert leg.arrives == ZonedTime.at(wall(2026, 12, 13, 10, 30), RIGA)
    assert (leg.mode, leg.carrier) == ("ferry", "M/S Havsörn")
    assert text_in_language(leg.met_by, "ru") == "Анна"
    assert text_in_language(leg.sign, "ru") == "жёлтый шарф"
    assert len(pressed) <= 30, len(pressed)


@pytest.mark.slow
def test_a_leg_over_the_night_of_the_clocks_keeps_its_instant(trip: Trip) -> None:
    trip.travel.open_record(trip.walk.legs[1], "departs")
    type_time(trip, "departs", "25.10.2026", "02:30")
    type_time(trip, "arrives", "25.10.2026", "03:30")
    departs = editor_of(trip, "departs")
    assert isinstance(departs, ZonedTimeEditor)
    assert departs.zone.key == RIGA
    trip.press(Qt.Key.Key_S, CTRL)
    record = trip.record_of(1)
    assert record.departs == ZonedTime(wall(2026, 10, 25, 2, 30), RIGA, 180)
    assert (record.arrives.utc - record.departs.utc) == timedelta(hours=1)


def test_enter_opens_the_form_of_the_leg_and_escape_leads_back_to_its_row(trip: Trip) -> None:
    table = trip.travel.table
    table.setFocus()
    trip.press(Qt.Key.Key_Down)
    trip.press(ENTER)
    assert trip.travel.editor.rid == trip.walk.legs[1]
    assert "Leg 2: Riga – Pskov" in texts(trip.travel.editor)
    assert isinstance(QApplication.focusWidget(), QPlainTextEdit)
    trip.press(Qt.Key.Key_Escape)
    assert trip.travel.editor.rid is None
    assert table.hasFocus()
    assert trip.page.isVisible()


def test_a_leg_is_added_between_two_in_one_step_and_taken_back_in_one(trip: Trip) -> None:
    first, second = trip.walk.legs
    trip.travel.table.setFocus()
    trip.press(Qt.Key.Key_Insert)
    rids = [leg.rid for leg in trip.legs()]
    assert (rids[0], rids[2]) == (first, second)
    assert [leg.record.sequence for leg in trip.legs()] == [1, 2, 3]
    new = trip.leg_record(rids[1])
    assert text_in_language(new.from_place, "en") == "Riga"
    assert trip.travel.editor.rid == rids[1]
    clock = editor_of(trip, "departs")
    assert isinstance(clock, ZonedTimeEditor)
    assert clock.zone.key == RIGA
    trip.take_back()
    assert [leg.rid for leg in trip.legs()] == [first, second]
    assert [leg.record.sequence for leg in trip.legs()] == [1, 2]
    assert trip.travel.editor.rid is None


def test_ctrl_and_arrows_move_a_leg_and_undo_moves_it_back(trip: Trip) -> None:
    first, second = trip.walk.legs
    table = trip.travel.table
    table.setFocus()
    table.selectRow(0)
    trip.press(Qt.Key.Key_Down, CTRL)
    assert [leg.rid for leg in trip.legs()] == [second, first]
    assert [leg.record.sequence for leg in trip.legs()] == [1, 2]
    assert table.currentIndex().row() == 1
    assert trip.ways()[0].startswith("Riga")
    trip.press(Qt.Key.Key_Down, CTRL)
    assert [leg.rid for leg in trip.legs()] == [second, first]
    trip.take_back()
    assert [leg.rid for leg in trip.legs()] == [first, second]


def test_del_puts_a_leg_into_the_bin_and_undo_brings_it_back(trip: Trip) -> None:
    first, second = trip.walk.legs
    trip.travel.table.setFocus()
    trip.travel.table.selectRow(0)
    trip.press(Qt.Key.Key_Delete)
    assert [leg.rid for leg in trip.legs()] == [second]
    assert len(trip.ways()) == 1
    trip.take_back()
    assert [leg.rid for leg in trip.legs()] == [first, second]
    assert len(trip.ways()) == 2


@pytest.mark.slow
def test_del_in_a_field_deletes_a_letter_and_no_leg(trip: Trip) -> None:
    trip.travel.open_record(trip.walk.legs[0], "carrier")
    trip.press(Qt.Key.Key_Home)
    trip.press(Qt.Key.Key_Delete)
    assert editor_of(trip, "carrier").value() == "/S Havsörn"
    assert len(trip.legs()) == 2


@pytest.mark.slow
def test_alt_and_arrows_walk_the_sections_and_move_no_leg(trip: Trip) -> None:
    trip.travel.table.setFocus()
    trip.press(Qt.Key.Key_Up, ALT)
    assert not trip.travel.isVisible()
    assert [leg.rid for leg in trip.legs()] == list(trip.walk.legs)


@pytest.mark.slow
def test_alt_t_turns_between_table_and_line_and_the_line_walks_the_legs(trip: Trip) -> None:
    travel = trip.travel
    travel.table.setFocus()
    trip.press(Qt.Key.Key_T, ALT)
    assert travel.timeline.hasFocus()
    trip.press(Qt.Key.Key_Right)
    assert travel.table.currentIndex().row() == 1
    trip.press(Qt.Key.Key_Left)
    assert travel.table.currentIndex().row() == 0
    trip.press(Qt.Key.Key_T, ALT)
    assert travel.table.hasFocus()


@pytest.mark.slow
def test_an_arrival_before_the_departure_is_saved_and_said_beside_its_field(trip: Trip) -> None:
    trip.travel.open_record(trip.walk.legs[1], "arrives")
    type_time(trip, "arrives", "1.12.2026", "08:00")
    trip.press(Qt.Key.Key_S, CTRL)
    wrong = ZonedTime.at(wall(2026, 12, 1, 8), MOSCOW)
    assert trip.record_of(1).arrives == wrong
    assert "She would arrive before she leaves" in slot_of(trip, "arrives")
    assert any("She would arrive" in said for said in texts(trip.travel.open_points))


@pytest.mark.slow
def test_a_language_that_is_wanted_and_missing_is_said_beside_the_text(trip: Trip) -> None:
    told = (Translation("sv", "grön väska"), Translation("en", "green bag"))
    trip.run(lambda: change_record(trip.walk.ours, trip.walk.legs[1], {"sign": told}))
    trip.kit.events.changed.emit(frozenset({"leg"}))
    trip.rest()
    trip.travel.open_record(trip.walk.legs[1], "sign")
    assert slot_of(trip, "sign") == "No text in this language yet: Russian."


def test_a_point_leads_to_the_field_that_it_is_about(trip: Trip) -> None:
    desk, leg = trip.walk.ours, trip.walk.legs[1]
    trip.run(lambda: change_record(desk, leg, {"carrier": None, "mode": None}))
    trip.kit.events.changed.emit(frozenset({"leg"}))
    trip.rest()
    buttons = {one.accessibleName(): one for one in trip.travel.open_points.buttons}
    button = next(one for name, one in buttons.items() if "Means of travel" in name)
    trip.travel.open_points.set_open(is_open=True)
    button.setFocus()
    trip.press(ENTER)
    assert trip.travel.editor.rid == leg
    focus = QApplication.focusWidget()
    assert focus is not None
    assert editor_of(trip, "mode").isAncestorOf(focus)


def test_a_draft_of_a_leg_is_gone_on_with_where_it_was_left(
    trip: Trip, qtbot: QtBot, kit: UiContext
) -> None:
    trip.travel.open_record(trip.walk.legs[0], "carrier")
    trip.press(Qt.Key.Key_End)
    trip.type(" II")
    trip.press(Qt.Key.Key_Escape)
    assert trip.record_of(0).carrier == "M/S Havsörn"
    again = Trip(kit, qtbot, trip.walk, trip.plan)
    again.travel.open_record(trip.walk.legs[0])
    form = again.travel.editor.form
    assert form is not None
    again.rest()
    form.go_on.setFocus()
    again.press(ENTER)
    again.press(Qt.Key.Key_S, CTRL)
    assert again.record_of(0).carrier == "M/S Havsörn II"


# Beside the legs


def test_a_number_that_does_not_answer_is_to_be_tested_again(trip: Trip) -> None:
    trip.kit.set_language("en")
    trip.unfold("help_number")
    number = trip.run(lambda: trip.walk.of("help_number"))[0].rid
    before = facts(trip).count("not tested yet")
    trip.travel.numbers.unanswered[number].click()
    trip.rest()
    assert facts(trip).count("not tested yet") == before + 1
    trip.take_back()
    assert facts(trip).count("not tested yet") == before


@pytest.mark.slow
def test_a_number_is_marked_as_called_now_with_who_called(trip: Trip) -> None:
    desk = trip.walk.ours
    numbers = trip.run(lambda: [row.rid for row in trip.walk.of("help_number")])
    trip.walk.clock.time += timedelta(days=5)
    trip.kit.set_language("en")
    trip.unfold("help_number")
    assert "not tested for 72 hours" in facts(trip)
    button = trip.travel.numbers.called[numbers[0]]
    button.setFocus()
    trip.press(ENTER)
    record = view(trip.run(lambda: require_record(desk, numbers[0])), HelpNumber).record
    assert isinstance(record.called, ZonedTime)
    assert record.called == now_in_zone(desk, STOCKHOLM)
    assert record.called_by == desk.user
    assert facts(trip).count("not tested for 72 hours") == 1
    assert trip.travel.numbers.called[numbers[0]].hasFocus()
    trip.take_back()
    assert facts(trip).count("not tested for 72 hours") == 2


def facts(trip: Trip) -> list[str]:
    """Return the texts of the chips of the help numbers."""
    return [chip.text() for chip in trip.travel.numbers.findChildren(Chip) if chip.isVisible()]


@pytest.mark.slow
def test_a_document_that_ends_on_the_way_is_warned_of(trip: Trip) -> None:
    desk, plan = trip.walk.ours, trip.plan
    values: dict[str, Value] = {
        "kind": "passport",
        "valid_until": date(2026, 12, 19),
        "status": "held_by_client",
    }
    rid = trip.run(lambda: create_record(desk, TravelDocument, values, parent=plan))
    trip.kit.events.changed.emit(frozenset({"travel_document"}))
    trip.unfold("travel_document")
    chips = {chip.text() for chip in trip.travel.documents.findChildren(Chip) if chip.isVisible()}
    assert chips == {"expires before she arrives"}
    trip.travel.open_record(rid, "valid_until")
    form = trip.travel.documents.form
    assert form is not None
    assert (
        form.form.form_rows["valid_until"].message_text
        == "This document expires before she has arrived."
    )


def test_the_list_before_leaving_is_walked_and_answered_by_keys(trip: Trip) -> None:
    assert "15 of 17 open" in texts(trip.travel.checklist)
    trip.unfold("checks")
    table = trip.travel.checklist.table
    table.setFocus()
    table.selectRow(0)
    trip.press(Qt.Key.Key_Space)
    trip.press(Qt.Key.Key_Down)
    trip.press(Qt.Key.Key_Minus)
    record = trip.plan_record()
    assert record.checks_done == ("transit_visa",)
    assert record.checks_not_applicable == ("onward",)
    assert table.hasFocus()
    trip.take_back()
    assert trip.plan_record().checks_not_applicable is None
    trip.press(Qt.Key.Key_Up)
    trip.press(Qt.Key.Key_Space)
    assert trip.plan_record().checks_done is None
    trip.press(Qt.Key.Key_Space)
    trip.travel.checklist.set_open(is_open=False)
    assert "14 of 17 open" in texts(trip.travel.checklist)


def test_point_on_record_is_not_ticked_by_keys_and_leads_to_what_it_lacks(trip: Trip) -> None:
    checklist = trip.travel.checklist
    trip.unfold("checks")
    table = checklist.table
    table.setFocus()
    table.selectRow(checklist.shown.index("wish"))
    assert checklist.done.text() == "Fix"
    assert not checklist.off.isVisible()
    trip.press(Qt.Key.Key_Minus)
    assert trip.page.place().endswith("/travel")
    trip.press(Qt.Key.Key_Space)
    assert not trip.page.place().endswith("/travel")
    record = trip.plan_record()
    assert (record.checks_done, record.checks_not_applicable) == (None, None)


def test_point_ticked_by_hand_before_says_that_it_is_not_on_record(trip: Trip) -> None:
    desk, plan = trip.walk.ours, trip.plan
    trip.run(lambda: change_record(desk, plan, {"checks_done": ("wish", "money")}))
    trip.kit.events.changed.emit(frozenset({"plan"}))
    trip.unfold("checks")
    checklist = trip.travel.checklist
    checklist.table.selectRow(checklist.shown.index("wish"))
    assert "Someone ticked this by hand" in checklist.why.text()
    rows = checklist.table.model().rowCount()
    states = {checklist.table.model().index(row, 1).data() for row in range(rows)}
    assert {"Ticked, not on record", "From the records", "Done", "Still open"} <= states
    assert "child" not in checklist.shown


def test_the_code_word_is_covered_until_it_is_asked_for_and_again_when_one_leaves(
    trip: Trip,
) -> None:
    safety = trip.travel.safety
    assert "alarm plan recorded · code word set" in texts(safety)
    trip.unfold("safety")
    assert "blåsippa" not in texts(safety)
    safety.eye.setFocus()
    trip.press(ENTER)
    assert "blåsippa" in texts(safety)
    trip.page.go_to("person")
    trip.page.go_to("travel")
    assert "blåsippa" not in texts(safety)
    safety.change.setFocus()
    trip.press(ENTER)
    trip.press(Qt.Key.Key_A, CTRL)
    trip.type("vintergröna")
    trip.press(Qt.Key.Key_S, CTRL)
    assert trip.plan_record().code_word == "vintergröna"
    assert not safety.form.form.form_rows["code_word"].isVisible()


@pytest.mark.slow
def test_company_and_needs_are_written_in_their_form(trip: Trip) -> None:
    company = trip.travel.company
    trip.unfold("company")
    company.form.form.focus_on("special_needs")
    trip.press(Qt.Key.Key_Space)
    trip.press(Qt.Key.Key_S, CTRL)
    assert trip.plan_record().special_needs == ("wheelchair",)


def test_every_control_has_a_name_and_no_line_is_cut_on_a_small_screen(trip: Trip) -> None:
    trip.travel.open_record(trip.walk.legs[0])
    for width in (1080, 640, 420):
        trip.page.resize(width, 740)
        trip.rest()
        assert nameless(trip.travel) == []
        table = trip.travel.table
        assert sum(map(table.columnWidth, range(table.model().columnCount()))) <= table.width()
        assert trip.travel.width() <= trip.page.width()


def test_who_reads_the_journey_is_said_whole_whatever_the_partner_is_called(trip: Trip) -> None:
    house = "Crisis Centre for Women and Children by the River, Pskov, Region of Pskov, North-West"
    trip.travel.readers.show_text(f"Read by: staff, {house}, {house}")
    trip.page.resize(1166, 700)
    trip.rest()
    assert trip.travel.readers.isVisible()
    assert list(walk_judge.cut(walk_judge.Look(trip.page))) == []


def test_a_plan_that_has_ended_is_only_read(kit: UiContext, qtbot: QtBot, walk: Walk) -> None:
    desk, plan = walk.ours, walk.plan
    on_worker(kit, qtbot, lambda: move_plan(desk, plan, "withdrawn"))
    trip = Trip(kit, qtbot, walk, plan)
    travel = trip.travel
    assert not travel.add.isVisible()
    travel.table.setFocus()
    trip.press(ENTER)
    assert travel.editor.rid is None
    trip.press(Qt.Key.Key_Delete)
    assert len(trip.legs()) == 2
    travel.checklist.set_open(is_open=True)
    travel.checklist.table.setFocus()
    trip.press(Qt.Key.Key_Space)
    assert trip.plan_record().checks_done is None


NAMED: dict[str, tuple[type[Any], str]] = {
    "contact": (Contact, "given_name"),
    "organisation": (Organisation, "name"),
}


@pytest.mark.parametrize(
    ("record_type", "key", "where"),
    [
        ("contact", "escort", "company"),
        ("organisation", "receiver", "company"),
        ("contact", "meeter", "leg"),
    ],
)
def test_open_form_offers_a_contact_that_was_entered_meanwhile(
    trip: Trip, record_type: str, key: str, where: str
) -> None:
    form = _opened_form(trip, where)
    kind, name = NAMED[record_type]
    rid = trip.run(lambda: create_record(trip.walk.ours, kind, {name: "Pirita"}))
    trip.kit.events.changed.emit(frozenset({record_type}))
    trip.rest()
    form.focus_on(key)
    trip.press(Qt.Key.Key_A, CTRL)
    trip.type("Pirita")
    trip.press(Qt.Key.Key_Down)
    trip.press(ENTER)
    trip.page.activateWindow()
    trip.rest()
    trip.press(TAB)
    assert form.editors[key].value() == rid.hex()
    assert form.validate() is None


def test_chosen_contact_keeps_its_name_while_the_choices_change(trip: Trip) -> None:
    form = _opened_form(trip, "company")
    editor = form.editors["escort"]
    assert isinstance(editor, AutocompleteEditor)
    editor.add_option("ab" * 16, "Karin Påhittad den äldre")
    editor.enter("ab" * 16)
    trip.kit.events.changed.emit(frozenset({"contact"}))
    trip.rest()
    assert editor.pick.text() == "Karin Påhittad den äldre"


def _opened_form(trip: Trip, where: str) -> Form:
    """Return a form of the section, opened as it is at its place."""
    if where == "company":
        trip.unfold("company")
        return trip.travel.company.form.form
    trip.travel.legs.open_leg(trip.walk.legs[0])
    trip.rest()
    assert trip.travel.editor.form is not None
    return trip.travel.editor.form.form
