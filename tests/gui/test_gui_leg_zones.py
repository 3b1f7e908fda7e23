# SPDX-License-Identifier: GPL-3.0-or-later
"""No local time of a leg has a silent zone: it is that of its place, or the form asks for it."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import texts
from tests.gui.travel_samples import Trip, on_worker, walking
from tests.integration.course_samples import Walk

from kfdesk.domain.itinerary import OTHER_CLOCK
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.values import Translation, Value, ZonedTime
from kfdesk.domain.workflow.gates import FieldLocation, GateReason
from kfdesk.domain.workflow.travel import legs_booked
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.plans.plans import read_case_context
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.moments import NO_ZONE, ZonedTimeEditor
from kfdesk.ui.forms.translated import PlaceEditor

STOCKHOLM, TALLINN, RIGA = "Europe/Stockholm", "Europe/Tallinn", "Europe/Riga"


@pytest.fixture
def walk(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Walk]:
    with walking(kit, qtbot, tmp_path, "draft") as made:
        yield made


@pytest.fixture
def trip(kit: UiContext, qtbot: QtBot, walk: Walk) -> Trip:
    return Trip(kit, qtbot, walk, walk.plan)


@pytest.fixture
def empty(kit: UiContext, qtbot: QtBot, walk: Walk) -> Trip:
    """Return the trip of a plan without legs and countries, with a new leg in the form."""
    desk = walk.ours

    def begin() -> bytes:
        client = create_record(desk, Client, {"code": "sippa-12", "languages": ("ru",)})
        return create_record(desk, Plan, {"state": "draft"}, parent=client)

    made = Trip(kit, qtbot, walk, on_worker(kit, qtbot, begin))
    made.travel.legs.add()
    made.rest()
    return made


def editor(trip: Trip, key: str) -> ZonedTimeEditor:
    form = trip.travel.editor.form
    assert form is not None
    found = form.form.editors[key]
    assert isinstance(found, ZonedTimeEditor)
    return found


def message(trip: Trip, key: str) -> str:
    form = trip.travel.editor.form
    assert form is not None
    return form.form.form_rows[key].message_text


def write_place(trip: Trip, key: str, text: str) -> None:
    """Type a place as text, and take nothing that is offered."""
    form = trip.travel.editor.form
    assert form is not None
    place = form.form.editors[key]
    assert isinstance(place, PlaceEditor)
    for telling in place.tellings:
        telling.area.setPlainText(text)
        telling.area.typed.emit()
    trip.rest()


def save(trip: Trip) -> Leg:
    """Save the open leg, and return it."""
    form = trip.travel.editor.form
    assert form is not None
    form.save()
    trip.rest()
    return next(leg.record for leg in trip.legs() if leg.rid == form.rid)


def write_time(trip: Trip, key: str, day: str, clock: str) -> None:
    one = editor(trip, key)
    one.day.setText(day)
    one.day.typed.emit()
    one.clock.setText(clock)
    one.clock.typed.emit()
    trip.rest()


def test_terminal_after_the_name_gives_the_clock_of_the_town(empty: Trip) -> None:
    trip = empty
    write_place(trip, "to_place", "Tallinn, D-terminalen")
    assert editor(trip, "arrives").zone.key == TALLINN
    assert editor(trip, "check_in").zone.key == TALLINN
    write_time(trip, "arrives", "25.12.2026", "10:15")
    assert save(trip).arrives == ZonedTime.at(datetime.fromisoformat("2026-12-25T10:15"), TALLINN)


@pytest.mark.parametrize("place", ["D-terminalen", "Tallinn–Helsinki"])
def test_place_without_one_known_clock_is_asked_for_it(empty: Trip, place: str) -> None:
    trip = empty
    write_place(trip, "to_place", place)
    write_time(trip, "arrives", "25.12.2026", "10:15")
    one = editor(trip, "arrives")
    assert one.zone.key == ""
    assert one.fault == NO_ZONE
    assert save(trip).arrives is None


def test_zone_follows_the_place_until_a_person_chooses_one(empty: Trip) -> None:
    trip = empty
    write_place(trip, "to_place", "Riga")
    assert editor(trip, "arrives").zone.key == RIGA
    write_place(trip, "to_place", "Stockholm C")
    assert editor(trip, "arrives").zone.key == STOCKHOLM
    write_time(trip, "arrives", "25.12.2026", "10:15")
    save(trip)
    write_place(trip, "to_place", "Tallinn, D-terminalen")  # corrected after it was saved
    assert editor(trip, "arrives").zone.key == TALLINN
    one = editor(trip, "arrives")
    one.zone.show_key("Europe/Moscow")
    one.zone.chosen.emit("Europe/Moscow")
    write_place(trip, "to_place", "Riga")
    assert one.zone.key == "Europe/Moscow"


def tell_wrong_clock(trip: Trip) -> bytes:
    """Save a leg to Tallinn that arrives by the clock of Stockholm, as an older program did."""
    leg = trip.walk.legs[1]
    place = tuple(Translation(code, "Tallinn, D-terminalen") for code in ("sv", "ru", "en"))
    at = ZonedTime.at(datetime.fromisoformat("2026-12-20T20:15"), STOCKHOLM)
    desk = trip.walk.ours
    for one in trip.walk.legs:
        booked: dict[str, Value] = {"status": "booked"}
        changes = {**booked, "to_place": place, "arrives": at} if one == leg else booked
        trip.run(partial(change_record, desk, one, changes))
    trip.kit.events.changed.emit(frozenset({"leg"}))
    trip.rest()
    return leg


def test_time_by_the_clock_of_another_place_is_a_missing_item(trip: Trip) -> None:
    leg = tell_wrong_clock(trip)
    context = trip.run(lambda: read_case_context(trip.walk.ours, trip.plan))
    assert [(one.code, one.key, one.sequence) for one in context.paper if one.type == "leg"] == [
        (OTHER_CLOCK, "arrives", 2)
    ]
    gate = legs_booked(context)
    assert gate.why is GateReason.OTHER_CLOCK
    assert gate.where == FieldLocation("leg", "arrives", leg)
    assert any("clocks of another place" in said for said in texts(trip.travel))
    trip.travel.legs.open_leg(leg, "arrives")
    trip.rest()
    assert "This is the clock of Stockholm, Sweden." in message(trip, "arrives")
    assert "Tallinn, Estonia" in message(trip, "arrives")


def test_time_by_the_clock_of_its_place_is_none(trip: Trip) -> None:
    context = trip.run(lambda: read_case_context(trip.walk.ours, trip.plan))
    assert [one for one in context.paper if one.code == OTHER_CLOCK] == []
    assert legs_booked(context).why is not GateReason.OTHER_CLOCK
