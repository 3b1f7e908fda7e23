# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan's page builds when somebody looks at it: folded and hidden cards, rare questions.

Each is there when it is looked at, with what the page was told before; Tab reaches it in its place,
and a draft in it opens its card.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import texts
from tests.gui.travel_samples import Trip, on_worker, walking
from tests.integration.course_samples import Walk
from tests.support.windows import missed_by_tab

from kfdesk.domain.values import Value
from kfdesk.services.core import drafts
from kfdesk.services.core.drafts import FormState
from kfdesk.services.core.records import change_record
from kfdesk.services.workflow import move_plan
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.record_form import CLOSING_FIELDS
from kfdesk.ui.pages.plan.decision import DecisionSection
from kfdesk.ui.pages.plan.person import PersonSection
from kfdesk.ui.pages.plan.travel import TravelSection
from kfdesk.ui.widgets.collapsible import CollapsibleCard

SPACE, TAB = Qt.Key.Key_Space, Qt.Key.Key_Tab


@pytest.fixture
def walk(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Walk]:
    with walking(kit, qtbot, tmp_path, "draft") as made:
        yield made


@pytest.fixture
def trip(kit: UiContext, qtbot: QtBot, walk: Walk) -> Trip:
    return Trip(kit, qtbot, walk, walk.plan)


def travel(trip: Trip) -> TravelSection:
    """Return the section as a person sees it, with all its folded cards."""
    part = cast("TravelSection", trip.page.parts.get_incomplete("travel"))
    part.complete()
    trip.rest()
    return part


def tab_after(trip: Trip, part: QWidget) -> QWidget | None:
    part.setFocus()
    trip.press(TAB)
    return QApplication.focusWidget()


def keep_draft(trip: Trip, key: str, value: Value) -> None:
    """Keep a draft of a field of the plan, as its form does."""
    desk, plan = trip.walk.ours, trip.plan
    form = FormState("plan", {key: value}, {}, None, frozenset())
    trip.run(lambda: drafts.save_partial_draft(desk, plan, form, frozenset({key})))


def test_fields_of_a_folded_card_are_built_when_it_is_opened_by_key(trip: Trip) -> None:
    company = travel(trip).company
    assert company.built is None
    company.fold.setFocus()
    trip.press(SPACE)
    form = company.form.form
    assert form.isVisible()
    receiver = trip.plan_record().receiver
    assert isinstance(receiver, str)
    assert form.editors["receiver"].value() == receiver
    assert not form.has_changes
    assert company.form in travel(trip).forms


def test_tab_goes_from_the_heading_into_what_was_just_built_and_on_to_the_next_card(
    trip: Trip,
) -> None:
    section = travel(trip)
    section.safety.fold.setFocus()
    trip.press(SPACE)
    company = section.company
    company.fold.setFocus()
    trip.press(SPACE)
    inside = company.form.form.editors["escort_kind"].focus_targets
    assert tab_after(trip, company.fold) in inside
    last = company.form.form.editors["together_shows"].focus_targets[-1]
    assert not company.isAncestorOf(tab_after(trip, last) or company)
    assert missed_by_tab(trip.page) == []


def test_folded_card_shows_what_has_changed_before_it_is_opened(trip: Trip) -> None:
    section, desk, plan = travel(trip), trip.walk.ours, trip.plan
    trip.run(lambda: change_record(desk, plan, {"alarm_plan": "Ring Eva."}))
    trip.kit.events.changed.emit(frozenset({"plan"}))
    trip.rest()
    assert section.safety.built is None
    section.safety.set_open(is_open=True)
    trip.rest()
    assert section.safety.form.form.editors["alarm_plan"].value() == "Ring Eva."


def test_folded_card_of_a_plan_that_has_ended_opens_read_only(
    kit: UiContext, qtbot: QtBot, walk: Walk
) -> None:
    desk, plan = walk.ours, walk.plan
    on_worker(kit, qtbot, lambda: move_plan(desk, plan, "withdrawn"))
    trip = Trip(kit, qtbot, walk, plan)
    section = travel(trip)
    for card in (section.company, section.safety):
        card.set_open(is_open=True)
        assert all(slot.is_read_only for slot in card.form.form.form_rows.values())
    assert not section.safety.change.isVisible()


@pytest.mark.parametrize(
    ("key", "value", "name"),
    [("fit_to_travel_needed", True, "company"), ("alarm_plan", "Ring", "safety")],
)
def test_draft_in_a_folded_card_opens_it(
    kit: UiContext, qtbot: QtBot, trip: Trip, key: str, value: Value, name: str
) -> None:
    keep_draft(trip, key, value)
    again = Trip(kit, qtbot, trip.walk, trip.plan)
    section = travel(again)
    cards = {"company": section.company, "safety": section.safety}
    assert {one for one, card in cards.items() if card.is_open} == {name}
    assert cards[name].form.waiting.isVisible()
    cards[name].form.go_on.click()
    assert cards[name].form.form.editors[key].value() == value


def test_lines_of_a_folded_list_are_built_when_it_is_opened(trip: Trip) -> None:
    section = travel(trip)
    assert section.numbers.called == {}
    card = next(card for kind, card in section._folds.items() if kind == "help_number")
    card.fold.setFocus()
    trip.press(SPACE)
    assert len(section.numbers.called) == len(section.numbers.lines) == 2
    assert all(button.isVisible() for button in section.numbers.lines.values())


def test_points_before_leaving_are_built_when_the_card_is_opened(trip: Trip) -> None:
    checklist = travel(trip).checklist
    assert "15 of 17 open" in texts(checklist)
    checklist.fold.setFocus()
    trip.press(SPACE)
    assert checklist.table.isVisible()
    assert checklist.table.model().rowCount() == len(checklist.shown) == 17
    assert tab_after(trip, checklist.fold) is checklist.table


def test_folded_card_about_the_person_is_built_when_it_is_opened(trip: Trip) -> None:
    trip.page.go_to("person")
    trip.rest()
    section = cast("PersonSection", trip.page.parts["person"])
    card, record = cast("CollapsibleCard", section.cards["more"]), section.parts["more"]
    assert not record.form.is_complete
    card.fold.setFocus()
    trip.press(SPACE)
    assert record.form.is_complete
    assert record.form.editors["marital_status"].isVisible()
    assert tab_after(trip, card.fold) in record.form.editors["marital_status"].focus_targets


def test_fields_for_the_closing_are_built_when_the_plan_comes_to_it(trip: Trip) -> None:
    trip.page.go_to("decision")
    trip.rest()
    section = cast("DecisionSection", trip.page.parts["decision"])
    card = section.cards[CLOSING_FIELDS.title]
    assert card.record is not None
    assert not card.isVisible()
    assert not card.record.form.is_complete
    desk, plan = trip.walk.ours, trip.plan
    trip.run(lambda: move_plan(desk, plan, "withdrawn"))
    trip.kit.events.changed.emit(frozenset({"plan", "transition"}))
    trip.rest()
    assert card.isVisible()
    assert card.record.form.is_complete
    shut = {key for key, slot in card.record.form.form_rows.items() if slot.is_read_only}
    assert shut == set(CLOSING_FIELDS.keys) - CLOSING_FIELDS.kept
    assert CLOSING_FIELDS.kept
