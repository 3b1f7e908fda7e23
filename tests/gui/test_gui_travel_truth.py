# SPDX-License-Identifier: GPL-3.0-or-later
"""Travel tells the truth: four looks, zones, numbers untried, and nothing moves when clicked."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import texts
from tests.gui.travel_samples import CTRL, Trip, walking
from tests.integration.course_samples import Walk
from tests.support.windows import nameless

from kfdesk.domain.records.journey import HelpNumber
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.domain.workflow.gates import GateAnswer
from kfdesk.domain.workflow.progress import TravelStatus
from kfdesk.domain.workflow.travel import paper_checked
from kfdesk.services.core.records import change_record, require_record
from kfdesk.services.plans.journey import LegEvent
from kfdesk.services.plans.plans import open_plan, read_case_context
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.moments import ZonedTimeEditor
from kfdesk.ui.record_views import TRAVEL_LOOKS
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.table import TableCell
from kfdesk.ui.widgets.text import Chip
from kfdesk.ui.widgets.timeline import StopMark

TAB, ENTER = Qt.Key.Key_Tab, Qt.Key.Key_Return
RIGA = "Europe/Riga"
CHECK = "circle-check"


@pytest.fixture
def ready(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Walk]:
    with walking(kit, qtbot, tmp_path, "travel_ready") as made:
        yield made


@pytest.fixture
def trip(kit: UiContext, qtbot: QtBot, ready: Walk) -> Trip:
    return Trip(kit, qtbot, ready, ready.plan)


def put_clock(trip: Trip, text: str) -> None:
    """Put the desk's clock, and let the minute pass."""
    trip.walk.clock.time = datetime.fromisoformat(text)
    trip.kit.events.minute_passed.emit()
    trip.rest()


def cells(trip: Trip) -> list[list[TableCell]]:
    """Return the cells of the table of legs, row by row."""
    return [list(row) for row in trip.travel.table.rows._cells]


def marks(trip: Trip) -> list[StopMark]:
    """Return the marks of the stops on the line."""
    return [stop.mark for stop in trip.travel.timeline._stops]


# planned, expected, happened, late


def test_looks_differ_by_icon_and_word_without_colour() -> None:
    looks = list(TRAVEL_LOOKS.values())
    assert TRAVEL_LOOKS.keys() == set(TravelStatus)
    for part in ("icon", "word"):
        assert len({getattr(look, part) for look in looks}) == len(looks)
    checked = [status for status, look in TRAVEL_LOOKS.items() if CHECK in look.icon]
    assert checked == [TravelStatus.HAPPENED]
    assert TRAVEL_LOOKS[TravelStatus.LATE].tone is Tone.DANGER


def test_booked_journey_has_no_check_mark_anywhere(trip: Trip) -> None:
    assert all("check" not in cell.icon for row in cells(trip) for cell in row)
    assert StopMark.HAPPENED not in marks(trip)
    said = trip.travel.timeline.accessibleName()
    assert said.count("planned") == 4
    assert "arrived" not in said
    assert [row[2].under for row in cells(trip)] == ["planned", "planned"]
    assert [row[5].under for row in cells(trip)] == ["planned", "planned"]


def test_her_way_is_told_step_by_step_by_line_table_and_bar(trip: Trip) -> None:
    put_clock(trip, "2026-12-19T16:00:00+01:00")
    assert marks(trip) == [StopMark.EXPECTED, StopMark.BOOKED, StopMark.BOOKED]
    trip.travel.day.left.click()
    trip.rest()
    assert marks(trip) == [StopMark.HAPPENED, StopMark.EXPECTED, StopMark.BOOKED]
    first, second = cells(trip)
    assert (first[2].text, first[2].under, first[2].icon) == ("19 Dec 16:00 CET", "has left", CHECK)
    assert (first[3].under, first[5].under, second[2].under) == ("expected", "expected", "planned")
    put_clock(trip, "2026-12-20T11:40:00+01:00")
    assert marks(trip) == [StopMark.HAPPENED, StopMark.LATE, StopMark.BOOKED]
    first, second = cells(trip)
    assert (first[3].under, first[3].tone) == ("late", Tone.DANGER)
    assert (first[5].under, first[5].tone) == ("late", Tone.DANGER)
    assert "late 20 Dec 10:30 EET" in trip.travel.timeline.accessibleName()
    assert "Was to arrive in Riga 20 Dec 10:30 EET, 2 h 10 min ago" in texts(trip.travel.day)
    trip.travel.day.arrived.click()
    trip.rest()
    trip.travel.day.checked_in.click()
    trip.rest()
    assert marks(trip)[1] is StopMark.HAPPENED
    first, second = cells(trip)
    assert (first[5].text, first[5].under, first[5].icon) == ("20 Dec 12:40 EET", "made", CHECK)
    assert second[2].under == "expected"
    assert any("In Riga, arrived 20 Dec 12:40 EET" in said for said in texts(trip.travel.day))


def test_no_time_of_the_journey_stands_without_its_zone(trip: Trip) -> None:
    put_clock(trip, "2026-12-19T16:00:00+01:00")
    trip.travel.day.left.click()
    trip.rest()
    zones = ("CET", "EET", "MSK")
    told = [
        *texts(trip.travel.day),
        *(stop.time for stop in trip.travel.timeline._stops),
        *(text for row in cells(trip) for cell in row for text in (cell.text, cell.under)),
    ]
    timed = [said for said in told if ":" in said and any(sign.isdigit() for sign in said)]
    assert len(timed) >= 10
    assert [said for said in timed if not any(zone in said for zone in zones)] == []
    assert not any("UTC" in said for said in told)


def test_nobody_is_said_to_be_here_still_once_a_departure_is_late(trip: Trip) -> None:
    put_clock(trip, "2026-12-19T16:00:00+01:00")
    before = texts(trip.travel.day)
    put_clock(trip, "2026-12-19T18:30:00+01:00")
    late = texts(trip.travel.day)
    assert any("has not left yet" in said for said in before)
    assert not any("has not left yet" in said for said in late)
    assert "No departure is recorded." in late - before


def test_time_with_two_values_is_not_told_as_one_that_is_missing(trip: Trip) -> None:
    leg, ours = trip.walk.legs[1], trip.walk.ours
    later = ZonedTime.parse("2026-12-19T21:30+03:00[Europe/Moscow]")
    trip.run(lambda: change_record(ours, leg, {"arrives": later}, ()))
    trip.kit.events.changed.emit(frozenset({"leg"}))
    trip.rest()
    last = trip.travel.timeline._stops[-1]
    assert (last.time, last.note) == ("Two values", "not yet decided")


# recording


def test_bar_says_when_recording_opens_and_offers_nothing_before(trip: Trip) -> None:
    day = trip.travel.day
    put_clock(trip, "2026-12-18T16:59:00+01:00")
    assert not day.buttons.isVisible()
    said = "Departure, arrival and check-ins can be recorded from 18 Dec 17:00 CET."
    assert said in texts(day)
    for what in LegEvent:
        day.record_event(what)
        trip.rest()
    assert {str(leg.record.status) for leg in trip.legs()} == {"booked"}
    assert not any(one.isEnabled() for one in trip.leg_menu(0).values())
    trip.travel.menu.close()
    put_clock(trip, "2026-12-18T17:00:00+01:00")
    assert day.buttons.isVisible()
    assert day.left.isEnabled()
    assert nameless(day) == []


def test_correction_by_hand_stays_possible_before_the_day(trip: Trip) -> None:
    trip.travel.open_record(trip.walk.legs[0], "status")
    form = trip.travel.editor.form
    assert form is not None
    form.form.editors["status"].enter("departed")
    trip.press(Qt.Key.Key_S, CTRL)
    assert trip.record_of(0).status == "departed"


def test_second_click_of_a_double_click_records_nothing_more(trip: Trip) -> None:
    put_clock(trip, "2026-12-19T16:00:00+01:00")
    day = trip.travel.day
    for button in (day.left, day.arrived, day.checked_in):
        at = button.rect().center()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=at)
        QTest.mouseDClick(button, Qt.MouseButton.LeftButton, pos=at)
        trip.rest()
    assert trip.record_of(0).status == "arrived"
    assert trip.record_of(1).status == "booked"
    assert trip.record_of(1).check_in_status != "made"


def test_enter_pressed_twice_records_one_event(trip: Trip) -> None:
    put_clock(trip, "2026-12-19T16:00:00+01:00")
    trip.travel.day.left.setFocus()
    trip.press(ENTER)
    trip.press(ENTER)
    trip.travel.day.menu.close()
    assert trip.record_of(0).status == "departed"
    assert trip.record_of(0).arrived is None


def test_check_in_on_the_wrong_leg_is_taken_back_after_the_page_was_opened_again(
    trip: Trip, kit: UiContext, qtbot: QtBot
) -> None:
    put_clock(trip, "2026-12-20T10:00:00+01:00")
    trip.record(1, LegEvent.CHECK_IN)
    assert trip.record_of(1).check_in_status == "made"
    again = Trip(kit, qtbot, trip.walk, trip.plan)
    again.travel.day.not_so.click()
    (action,) = again.travel.day.menu.actions()
    assert action.text() == "Undo: leg 2, Check-in: made 20 Dec 12:00 MSK"
    again.travel.day.menu.close()
    action.trigger()
    again.rest()
    assert (again.record_of(1).check_in_status, again.record_of(1).checked_in) == (None, None)
    again.take_back()
    assert again.record_of(1).check_in_status == "made"


# help numbers


def test_number_whose_digits_change_is_untried_on_the_page_and_at_the_gate(trip: Trip) -> None:
    desk, plan = trip.walk.ours, trip.plan
    rids = [row.rid for row in trip.run(lambda: trip.walk.of("help_number"))]
    for rid in rids:
        trip.travel.numbers.record_call(rid)
        trip.rest()
    assert "2 numbers · all tested in the last 72 hours" in texts(trip.travel)
    for text in ("+7 811 999 0000", "+7 811 999 0001"):
        trip.travel.open_record(rids[0], "number")
        trip.press(Qt.Key.Key_A, CTRL)
        trip.type(text)
        trip.press(Qt.Key.Key_S, CTRL)
        record = view(trip.run(lambda: require_record(desk, rids[0])), HelpNumber).record
        assert (record.number, record.called, record.called_by) == (text, None, None)
        chips = [c.text() for c in trip.travel.numbers.findChildren(Chip) if c.isVisible()]
        assert "not tested yet" in chips
        trip.travel._folds["help_number"].set_open(is_open=False)
        assert "2 numbers · 1 to test" in texts(trip.travel)
        case = trip.run(lambda: read_case_context(desk, plan))
        assert paper_checked(case).answer is GateAnswer.NOT_MET
        gaps = trip.run(lambda: open_plan(desk, plan)).gaps
        assert [gap.code for gap in gaps] == ["not_tested"]
    trip.travel.numbers.record_call(rids[0])
    trip.rest()
    case = trip.run(lambda: read_case_context(desk, plan))
    assert paper_checked(case).answer is GateAnswer.MET


def test_try_of_a_number_is_told_with_its_zone(trip: Trip) -> None:
    rid = trip.run(lambda: trip.walk.of("help_number"))[0].rid
    trip.travel.numbers.record_call(rid)
    trip.unfold("help_number")
    chips = [c.text() for c in trip.travel.numbers.findChildren(Chip) if c.isVisible()]
    assert any(text.startswith("tested ") and text.endswith(" CET") for text in chips)


# order


def test_impossible_order_is_said_at_the_field_while_it_is_typed(trip: Trip) -> None:
    trip.travel.open_record(trip.walk.legs[0], "arrives")
    form = trip.travel.editor.form
    assert form is not None
    arrives = form.form.editors["arrives"]
    assert isinstance(arrives, ZonedTimeEditor)

    def message(key: str) -> str:
        trip.rest()
        form = trip.travel.editor.form
        assert form is not None
        return form.form.form_rows[key].message_text

    assert "before she leaves" not in message("arrives")
    arrives.day.setText("1 December 2026")
    arrives.day.typed.emit()
    assert "She would arrive before she leaves" in message("arrives")
    arrives.day.setText("21 December 2026")
    arrives.day.typed.emit()
    assert "The next leg departs before she arrives." in message("arrives")
    arrives.day.setText("20 December 2026")
    arrives.day.typed.emit()
    assert "leaves" not in message("arrives")
    trip.travel.open_record(trip.walk.legs[1], "departs")
    form = trip.travel.editor.form
    assert form is not None
    departs = form.form.editors["departs"]
    assert isinstance(departs, ZonedTimeEditor)
    departs.clock.setText("9:00")
    departs.clock.typed.emit()
    assert "before the one above has arrived" in message("departs")


# nothing moves


@pytest.mark.parametrize("what", ["left", "called", "checked"])
def test_what_is_clicked_stays_under_the_pointer(trip: Trip, what: str) -> None:
    put_clock(trip, "2026-12-19T16:00:00+01:00")
    trip.page.resize(1080, 520)
    trip.unfold("help_number")
    rid = trip.run(lambda: trip.walk.of("help_number"))[0].rid

    def target() -> Button:
        day = trip.travel.day
        named = {"left": day.left, "checked": day.checked_in}
        return named.get(what) or trip.travel.numbers.called[rid]

    button = target()
    bar, inside = trip.page._scroll.verticalScrollBar(), trip.page._scroll.widget()
    assert inside is not None
    at = button.mapTo(inside, QPoint())
    for edge in (at.y() + button.height() - trip.page._scroll.viewport().height(), at.y()):
        bar.setValue(edge + 1 if edge == at.y() else edge - 1)
        trip.rest()
        before = target().mapTo(trip.page, QPoint()), bar.value()
        QCursor.setPos(target().mapToGlobal(target().rect().center()))
        QTest.mouseClick(target(), Qt.MouseButton.LeftButton)
        trip.rest()
        assert (target().mapTo(trip.page, QPoint()), bar.value()) == before


def test_page_takes_one_and_a_half_screens(trip: Trip) -> None:
    put_clock(trip, "2026-12-19T16:00:00+01:00")
    trip.page.resize(1166, 712)  # what a screen of 1366 x 768 leaves to the page of a plan
    trip.rest()
    for _ in range(5):
        QApplication.processEvents()
    seen, inside = trip.page._scroll, trip.page._scroll.widget()
    assert inside is not None
    assert inside.height() <= 1.5 * seen.viewport().height()


def test_folded_cards_open_where_they_are_needed(trip: Trip) -> None:
    travel = trip.travel
    assert not any(card.is_open for card in travel._folds.values())
    assert "no document yet" not in texts(travel)
    assert travel.open_record(trip.plan, "alarm_plan")
    assert travel._folds["safety"].is_open
    assert travel.open_record(trip.plan, "luggage")
    assert travel._folds["company"].is_open
    travel.handovers.add_button.click()
    trip.rest()
    assert travel._folds["handover"].is_open
    focus = QApplication.focusWidget()
    assert focus is not None
    assert travel.handovers.isAncestorOf(focus)


def test_change_by_somebody_else_is_seen_by_bar_and_line(trip: Trip) -> None:
    put_clock(trip, "2026-12-19T18:00:00+01:00")
    left = ZonedTime(datetime(2026, 12, 19, 17, 2), "Europe/Stockholm", 60)  # noqa: DTZ001
    values: dict[str, Value] = {"status": "departed", "departed": left}
    trip.run(lambda: change_record(trip.walk.ours, trip.walk.legs[0], values))
    trip.kit.events.changed.emit(frozenset({"leg"}))
    trip.rest()
    assert "On the way to Riga, left 19 Dec 17:02 CET" in texts(trip.travel.day)
    assert marks(trip)[0] is StopMark.HAPPENED
    put_clock(trip, "2026-12-19T18:00:00+01:00")


def torn_carrier(walk: Walk) -> None:
    """Let two desks write different carriers of both legs, and bring them together."""
    walk.send()
    for leg in walk.legs:
        change_record(walk.theirs, leg, {"carrier": "Buss B"})
        change_record(walk.ours, leg, {"carrier": "Buss A"})
    walk.answer()


def test_second_click_on_a_decision_meets_no_other_button(
    kit: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    with walking(kit, qtbot, tmp_path, "travel_ready", torn_carrier) as walk:
        trip = Trip(kit, qtbot, walk, walk.plan)
        page, left = trip.page, trip.travel.day.left
        second = page.conflicts[1].conflict
        where = left.mapTo(page, QPoint()), page.conflicts[1].mapTo(page, QPoint())
        at = page.conflicts[0].buttons[0].mapTo(page, QPoint(5, 5))
        page.conflicts[0].buttons[0].click()
        trip.rest()
        (card,) = page.conflicts
        assert card.conflict.rid == second.rid
        assert (left.mapTo(page, QPoint()), card.mapTo(page, QPoint())) == where
        assert not isinstance(page.childAt(at), Button)
        card.buttons[0].click()
        trip.rest()
        assert page.conflicts == []
        assert left.mapTo(page, QPoint()) == where[0]
        page.go_to("person")
        page.go_to("travel")
        trip.rest()
        assert left.mapTo(page, QPoint()).y() < where[0].y()


def test_decision_that_is_undone_keeps_no_room_beside_it(
    kit: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    with walking(kit, qtbot, tmp_path, "travel_ready", torn_carrier) as walk:
        trip = Trip(kit, qtbot, walk, walk.plan)
        trip.page.conflicts[0].buttons[0].click()
        trip.rest()
        assert "Decided." in texts(trip.page)
        trip.take_back()
        assert len(trip.page.conflicts) == 2
        assert "Decided." not in texts(trip.page)
