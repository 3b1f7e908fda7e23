# SPDX-License-Identifier: GPL-3.0-or-later
"""Who travels: each one is listed once, with a document of their own, and nobody is typed twice."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import texts
from tests.gui.travel_samples import Trip, walking
from tests.integration.course_samples import Walk

from kfdesk.domain.records.client import ChildPapers, Client, Relationship
from kfdesk.domain.records.journey import TravelDocument, Traveller
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value
from kfdesk.services.core.records import create_record
from kfdesk.services.plans.together import part_plans, together_candidates
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.widgets.text import Chip


@pytest.fixture
def walk(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Walk]:
    with walking(kit, qtbot, tmp_path, "draft") as made:
        yield made


@pytest.fixture
def trip(kit: UiContext, qtbot: QtBot, walk: Walk) -> Trip:
    return Trip(kit, qtbot, walk, walk.plan)


def write(trip: Trip, record: type, values: dict[str, Value], *, of_client: bool = False) -> bytes:
    """Create a record below the plan or the client, and let the page read again."""
    desk = trip.walk.ours
    rid = trip.run(
        lambda: create_record(desk, record, values, trip.walk.client if of_client else trip.plan)
    )
    trip.kit.events.changed.emit(frozenset({"relationship", "traveller", "travel_document"}))
    trip.rest()
    return rid


def add_child(trip: Trip, name: str = "Alva") -> bytes:
    values: dict[str, Value] = {
        "given_name": name, "kind": "child", "travels_with": True, "age_band": "age_0_8",
    }  # fmt: skip
    return write(trip, Relationship, values, of_client=True)


def form_of(trip: Trip) -> RecordForm:
    form = trip.travel.travellers.form
    assert form is not None
    return form


def chips(trip: Trip) -> list[str]:
    return [one.text() for one in trip.travel.travellers.findChildren(Chip) if one.isVisible()]


def test_person_who_travels_is_added_by_one_button_and_not_typed_again(trip: Trip) -> None:
    child = add_child(trip)
    trip.unfold("traveller")
    travellers = trip.travel.travellers
    assert [button.text() for button in travellers.pending.values()] == ["Add Alva"]
    travellers.pending[child].click()
    trip.rest()
    form = form_of(trip)
    assert form.form.editors["person"].value() == child.hex()
    form.form.editors["name_on_ticket"].enter("ALVA VYMYSLOVA")
    form.save_button.click()
    trip.rest()
    (row,) = trip.run(lambda: trip.walk.of("traveller"))
    assert view(row, Traveller).record.name_on_ticket == "ALVA VYMYSLOVA"
    assert travellers.pending == {}
    assert "Alva" in texts(travellers)
    assert chips(trip) == ["no document yet"]


def test_document_says_whose_it_is_and_the_traveller_has_it_in_hand(trip: Trip) -> None:
    child = add_child(trip)
    row = write(trip, Traveller, {"person": child.hex(), "name_on_ticket": "ALVA VYMYSLOVA"})
    trip.unfold("traveller")
    passport: dict[str, Value] = {
        "kind": "passport", "valid_until": date(2030, 1, 1), "status": "held_by_client",
    }  # fmt: skip
    write(trip, TravelDocument, passport)
    assert chips(trip) == ["no document yet"]
    write(trip, TravelDocument, {**passport, "status": "lost", "whose": row.hex()})
    assert chips(trip) == ["document not valid or not in hand"]
    write(trip, TravelDocument, {**passport, "whose": row.hex()})
    assert chips(trip) == ["document in hand"]
    trip.unfold("travel_document")
    assert "Alva, Passport" in texts(trip.travel.documents)
    trip.travel.documents.begin()
    editor = trip.travel.documents.form
    assert editor is not None
    editor.form.editors["whose"].enter(row.hex())
    assert editor.form.editors["whose"].value() == row.hex()


def test_way_to_what_is_missing_begins_or_opens_the_right_traveller(trip: Trip) -> None:
    child = add_child(trip)
    assert trip.travel.begin_record("traveller")
    assert form_of(trip).form.editors["person"].value() == child.hex()
    form_of(trip).discard()
    trip.rest()
    row = write(trip, Traveller, {"person": child.hex()})
    assert trip.travel.begin_record("traveller")
    assert form_of(trip).rid == row
    trip.travel.travellers.close_form()


def test_guardian_is_named_with_the_child_unless_somebody_is_for_the_way(trip: Trip) -> None:
    child = add_child(trip)
    papers: dict[str, Value] = {"child": child.hex(), "guardian": "Nina Vymyslova"}
    write(trip, ChildPapers, papers)
    write(trip, Traveller, {"person": child.hex(), "name_on_ticket": "ALVA", "seat": "12 B"})
    trip.unfold("traveller")
    assert "ALVA · 12 B · Guardian: Nina Vymyslova" in texts(trip.travel.travellers)


def test_folded_card_says_how_many_travel_and_who_is_not_listed(trip: Trip) -> None:
    card = trip.travel.travellers.parentWidget()
    add_child(trip)
    add_child(trip, "Bo")
    assert card is not None
    assert "3 travellers · not listed yet: Alva and Bo" in texts(trip.travel)


def test_row_for_somebody_who_stays_is_said_among_the_open_points(trip: Trip) -> None:
    values: dict[str, Value] = {"given_name": "Siv", "travels_with": False}
    stays = write(trip, Relationship, values, of_client=True)
    write(trip, Traveller, {"person": stays.hex(), "name_on_ticket": "SIV"})
    points = [banner.text for banner in trip.travel.open_points.banners]
    assert any("not recorded as travelling with her" in str(one) for one in points)


# two adults


def add_adult(trip: Trip, code: str = "sparv-12") -> bytes:
    def write_both() -> bytes:
        client = create_record(trip.walk.ours, Client, {"code": code})
        return create_record(trip.walk.ours, Plan, {"together_shows": ("who",)}, client)

    return trip.run(write_both)


def test_two_clients_are_put_together_from_a_menu_and_parted_again(trip: Trip) -> None:
    other = add_adult(trip)
    trip.unfold("traveller")
    panel = trip.travel.travellers.together
    assert panel.join.isVisible()
    assert not panel.part.isVisible()
    panel.offer(trip.run(lambda: together_candidates(trip.walk.ours, trip.plan)))
    (action,) = panel.menu.actions()
    assert action.text() == "sparv-12"
    action.trigger()
    trip.rest()
    assert panel.line.text() == "Travels together with sparv-12."
    assert not panel.banner.isVisible()
    trip.run(lambda: part_plans(trip.walk.ours, other))
    trip.kit.events.changed.emit(frozenset({"plan"}))
    trip.rest()
    assert "travels without her now" in panel.banner.text
    assert panel.banner.isVisible()
    panel.part.click()
    trip.rest()
    assert panel.join.isVisible()
    assert panel.shown is None


def test_menu_without_another_plan_says_so(trip: Trip) -> None:
    trip.unfold("traveller")
    panel = trip.travel.travellers.together
    panel.offer(())
    (action,) = panel.menu.actions()
    assert action.text() == "There is no other plan to choose."
    assert not action.isEnabled()
