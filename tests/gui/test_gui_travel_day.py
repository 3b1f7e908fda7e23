# SPDX-License-Identifier: GPL-3.0-or-later
"""The day of travel by keys on real stores: left, arrived, checked in, missed, and a new leg."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import texts
from tests.gui.travel_samples import ALT, CTRL, Trip, on_worker, walking
from tests.integration.course_samples import Walk
from tests.support.windows import nameless

from kfdesk.domain.accounts import Role
from kfdesk.domain.values import ZonedTime, text_in_language
from kfdesk.services.core.records import change_record
from kfdesk.services.plans.journey import LegEvent
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.moments import ZonedTimeEditor
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.pages.plan.person import PersonSection

TAB, ENTER = Qt.Key.Key_Tab, Qt.Key.Key_Return
RIGA, MOSCOW = "Europe/Riga", "Europe/Moscow"
ON_BOARD = datetime.fromisoformat("2026-12-20T08:40:00+01:00")  # ten minutes past the arrival


@pytest.fixture
def walk(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Walk]:
    """Yield a journey whose ferry has left and is due; the coach has not left."""
    with walking(kit, qtbot, tmp_path, "travelling") as made:
        made.clock.time = ON_BOARD
        agreed = {"fallback": "Anna takes her home"}
        on_worker(kit, qtbot, lambda: change_record(made.ours, made.legs[1], agreed))
        yield made


@pytest.fixture
def trip(kit: UiContext, qtbot: QtBot, walk: Walk) -> Trip:
    return Trip(kit, qtbot, walk, walk.plan)


def test_alt_a_writes_down_that_she_arrived_and_when_on_the_clock_of_the_place(trip: Trip) -> None:
    first, second = trip.walk.legs
    trip.travel.table.setFocus()
    trip.travel.table.selectRow(1)
    trip.press(Qt.Key.Key_A, ALT)
    record = trip.leg_record(first)
    assert record.status == "arrived"
    assert record.arrived == ZonedTime(datetime(2026, 12, 20, 9, 40), RIGA, 120)  # noqa: DTZ001
    assert trip.leg_record(second).status != "arrived"
    arrived = trip.travel.table.model().index(0, 3)
    assert "20 Dec 09:40 EET" in arrived.data()
    assert "has arrived" in arrived.data(Qt.ItemDataRole.AccessibleTextRole)
    trip.take_back()
    assert trip.leg_record(first).status == "departed"
    assert trip.leg_record(first).arrived is None


def test_the_bar_offers_what_can_happen_now_and_the_menu_what_can_happen_to_a_leg(
    trip: Trip,
) -> None:
    day = trip.travel.day
    assert not day.left.isEnabled()
    assert day.arrived.isEnabled()
    assert day.checked_in.isEnabled()
    trip.record(1, LegEvent.DEPARTED)
    assert day.ask.isVisible()
    assert day.ask.arrived.hasFocus()
    assert trip.record_of(1).status != "departed"
    day.ask.just.setFocus()
    trip.press(ENTER)
    assert not day.ask.isVisible()
    assert (trip.record_of(0).status, trip.record_of(1).status) == ("departed", "departed")
    trip.record(1, LegEvent.CHECK_IN)
    record = trip.record_of(1)
    assert record.check_in_status == "made"
    assert record.checked_in is not None
    assert not trip.leg_menu(1)[LegEvent.CHECK_IN].isEnabled()


def leave_by_the_second(trip: Trip) -> None:
    trip.record(1, LegEvent.DEPARTED)


def test_a_leg_before_that_has_not_arrived_is_asked_about_and_arrived_too(trip: Trip) -> None:
    leave_by_the_second(trip)
    ask = trip.travel.day.ask
    assert "Leg 1 has not arrived: Stockholm – Riga" in texts(ask)
    assert nameless(ask) == []
    trip.press(ENTER)
    first, second = (trip.record_of(number) for number in (0, 1))
    assert (first.status, second.status) == ("arrived", "departed")
    assert first.arrived == ZonedTime(datetime(2026, 12, 20, 9, 40), RIGA, 120)  # noqa: DTZ001
    trip.take_back()
    assert trip.record_of(0).status == "departed"
    assert trip.record_of(1).departed is None


def test_a_leg_before_was_missed_or_nothing_is_written_at_all(trip: Trip) -> None:
    leave_by_the_second(trip)
    trip.travel.day.ask.nothing.setFocus()
    trip.press(ENTER)
    assert trip.record_of(1).departed is None
    leave_by_the_second(trip)
    trip.travel.day.ask.missed.setFocus()
    trip.press(ENTER)
    first, second = (trip.record_of(number) for number in (0, 1))
    assert (first.status, second.status) == ("missed", "departed")
    assert first.missed == ZonedTime(datetime(2026, 12, 20, 9, 40), RIGA, 120)  # noqa: DTZ001


def test_a_check_in_that_did_not_come_is_written_down_with_its_time(trip: Trip) -> None:
    assert not trip.travel.day.not_checked_in.isEnabled()
    trip.walk.clock.time = ON_BOARD + timedelta(hours=3)
    trip.kit.events.minute_passed.emit()
    trip.rest()
    trip.travel.day.not_checked_in.setFocus()
    trip.press(ENTER)
    record = trip.record_of(0)
    assert record.check_in_status == "missed_alarm"
    assert record.checked_in == ZonedTime(datetime(2026, 12, 20, 12, 40), RIGA, 120)  # noqa: DTZ001
    assert not trip.travel.day.not_checked_in.isEnabled()
    assert trip.travel.day.checked_in.isEnabled()  # she may still call


def test_when_it_happened_can_be_another_time_than_when_it_is_entered(trip: Trip) -> None:
    day = trip.travel.day
    trip.travel.table.selectRow(0)
    trip.rest()
    day.another_time.setFocus()
    trip.press(ENTER)
    assert isinstance(day.time, ZonedTimeEditor)
    assert day.time.clock.hasFocus()
    trip.type("9:35")
    trip.press(TAB)
    day.arrived.setFocus()
    trip.press(ENTER)
    happened = ZonedTime(datetime(2026, 12, 20, 9, 35), RIGA, 120)  # noqa: DTZ001
    assert trip.record_of(0).arrived == happened
    assert not day.time.isVisible()


def test_a_time_that_lies_ahead_is_refused_beside_the_buttons(trip: Trip) -> None:
    day = trip.travel.day
    trip.travel.table.selectRow(0)
    trip.rest()
    day.another_time.setFocus()
    trip.press(ENTER)
    trip.type("23:30")
    day.arrived.setFocus()
    trip.press(ENTER)
    assert trip.record_of(0).status == "departed"
    assert day.fault.isVisible()
    assert any("plan.in_the_future" in said for said in texts(day.fault))


def test_half_a_time_writes_nothing_down(trip: Trip) -> None:
    day = trip.travel.day
    trip.travel.table.selectRow(0)
    trip.rest()
    day.another_time.setFocus()
    trip.press(ENTER)
    trip.type("9x")
    day.arrived.setFocus()
    trip.press(ENTER)
    assert trip.record_of(0).status == "departed"
    assert day.time.isVisible()


def miss_the_coach(trip: Trip) -> None:
    trip.travel.table.setFocus()
    trip.press(Qt.Key.Key_A, ALT)
    trip.travel.day.checked_in.setFocus()
    trip.press(ENTER)
    trip.travel.table.selectRow(1)
    trip.rest()
    trip.travel.day.missed.setFocus()
    trip.press(ENTER)


def test_a_missed_leg_raises_the_alarm_and_the_plan_goes_on_travelling(trip: Trip) -> None:
    assert not trip.travel.alarm.isVisible()
    miss_the_coach(trip)
    said = " | ".join(texts(trip.travel.alarm))
    assert "Leg 2: She missed a connection, and no replacement leg has been added." in said
    assert "Meets her: Olga" in said
    assert {"+46 70-174 06 15", "+7 000 555-01-17"} <= texts(trip.travel.alarm)
    assert "If it fails: Anna takes her home" in said
    assert "Ring Eva, sedan Olga, sedan ambassaden." in said
    assert "(EET, Riga)" in said or "(MSK, Moscow)" in said
    assert trip.plan_record().state == "travelling"
    assert nameless(trip.travel) == []
    copy = trip.travel.alarm.copies[0]
    copy.setFocus()
    trip.press(ENTER)
    assert QGuiApplication.clipboard().text() == "+46 70-174 06 15"


@pytest.mark.slow
def test_a_new_leg_stands_in_for_the_missed_one_and_ends_the_alarm(trip: Trip) -> None:
    miss_the_coach(trip)
    (button,) = trip.travel.alarm.new_legs
    button.setFocus()
    trip.press(ENTER)
    new = trip.legs()[-1]
    assert new.record.sequence == 2
    assert text_in_language(new.record.from_place, "en") == "Riga"
    assert text_in_language(new.record.met_by, "ru") == "Ольга"
    assert new.record.departs is None
    assert trip.travel.editor.rid == new.rid
    form = trip.travel.editor.form
    assert form is not None
    clock = form.form.editors["departs"]
    assert isinstance(clock, ZonedTimeEditor)
    assert clock.day.hasFocus()
    assert clock.zone.key == RIGA
    assert not trip.travel.alarm.isVisible()
    assert trip.plan_record().state == "travelling"
    trip.type("20.12.2026")
    trip.press(TAB)
    trip.type("18:00")
    trip.press(TAB)
    trip.press(Qt.Key.Key_S, CTRL)
    later = ZonedTime(datetime(2026, 12, 20, 18), RIGA, 120)  # noqa: DTZ001
    assert trip.leg_record(new.rid).departs == later


def test_a_new_leg_is_taken_back_and_the_alarm_stands_again(trip: Trip) -> None:
    miss_the_coach(trip)
    trip.travel.alarm.new_legs[0].click()
    trip.rest()
    trip.take_back()
    assert len(trip.legs()) == 2
    assert trip.travel.alarm.isVisible()


def test_an_arrival_that_nobody_wrote_down_leads_to_its_leg(
    kit: UiContext, qtbot: QtBot, walk: Walk
) -> None:
    walk.clock.time = ON_BOARD + timedelta(hours=2)
    trip = Trip(kit, qtbot, walk, walk.plan)
    trip.travel.table.selectRow(1)
    said = " | ".join(texts(trip.travel.alarm))
    assert "Leg 1: No arrival is recorded, and its time has passed." in said
    banner = trip.travel.alarm
    trip.travel.alarm.leg_chosen.emit(trip.walk.legs[0])
    assert banner.isVisible()
    assert trip.travel.table.currentIndex().row() == 0


def test_the_handover_is_written_down_with_who_took_over(trip: Trip) -> None:
    trip.page.jump_to("handover", None, "")
    trip.rest()
    form = trip.travel.handovers.form
    assert form is not None
    form.form.focus_on("received_by")
    trip.type("Olga")
    trip.press(Qt.Key.Key_S, CTRL)
    (row,) = trip.run(lambda: trip.walk.of("handover"))
    assert row.parent == trip.plan
    assert any("Olga" in said for said in texts(trip.travel.handovers))


def wish(trip: Trip) -> RecordForm:
    trip.page.go_to("person")
    trip.rest()
    part = trip.page.parts["person"]
    assert isinstance(part, PersonSection)
    return part.parts["wish"]


def test_her_wish_is_asked_again_by_one_press_and_taken_back(trip: Trip) -> None:
    form, before = wish(trip), trip.plan_record().wish_reconfirmed
    form.now["wish_reconfirmed"].setFocus()
    trip.press(ENTER)
    now = trip.plan_record().wish_reconfirmed
    assert isinstance(now, ZonedTime)
    assert now.wall == datetime(2026, 12, 20, 8, 40)  # noqa: DTZ001
    assert now != before
    trip.take_back()
    assert trip.plan_record().wish_reconfirmed == before


def test_now_saves_nothing_that_is_still_being_typed(trip: Trip) -> None:
    form, before = wish(trip), trip.plan_record().wish_stated
    form.form.editors["to_country"].enter("LV")
    form.now["wish_stated"].click()
    trip.rest()
    assert form.form.changes().keys() == {"to_country", "wish_stated"}
    assert trip.plan_record().wish_stated == before
    form.save()
    trip.rest()
    assert trip.plan_record().wish_stated != before


def test_who_may_only_read_finds_no_such_button(trip: Trip) -> None:
    form = wish(trip)
    form.set_read_only(is_read_only=True)
    assert not any(button.isVisible() for button in form.now.values())


def test_keys_of_the_journey_stand_among_the_commands_of_the_plan(trip: Trip) -> None:
    keys = {command.keys for command in trip.page.commands()}
    legs = {"Ins", "Del", "Ctrl+Up", "Ctrl+Down", "Alt+T", "Alt+A"}
    assert legs | {"F8", "Alt+C", "Ctrl+S"} <= keys
    trip.page.go_to("person")
    assert not {command.keys for command in trip.page.commands()} & legs


def test_night_shift_that_has_opened_it_with_a_reason_writes_down_what_happens_and_no_more(
    kit: UiContext, qtbot: QtBot, walk: Walk
) -> None:
    on_worker(kit, qtbot, lambda: change_record(walk.ours, walk.plan, {"owner": "EV"}))
    roles = frozenset({Role.SHELTER_WORKER})
    night = replace(walk.ours, user="NN", roles=roles, opened={walk.plan})
    trip = Trip(kit, qtbot, replace(walk, ours=night), walk.plan)
    assert not trip.travel.add.isVisible()
    assert trip.page.reading.isVisible()
    trip.record(1, LegEvent.MISSED)
    assert trip.record_of(1).status == "missed"
    assert trip.travel.alarm.isVisible()
    assert trip.travel.alarm.new_legs == []
    trip.take_back()
    assert trip.record_of(1).status != "missed"


def test_before_the_day_nothing_is_offered(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> None:
    with walking(kit, qtbot, tmp_path / "early", "draft") as early:
        trip = Trip(kit, qtbot, early, early.plan)
        assert not trip.travel.day.buttons.isVisible()
        assert not trip.travel.day.left.isEnabled()
        trip.travel.table.setFocus()
        trip.press(Qt.Key.Key_A, ALT)
        assert trip.record_of(0).status == "booked"
