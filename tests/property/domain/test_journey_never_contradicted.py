# SPDX-License-Identifier: GPL-3.0-or-later
"""Random journeys: no alarm, no picture and no sentence contradicts what was recorded before it.

Legs, their times and their zones, what somebody recorded of them, calls, a handover, the state of
the plan and the moment are drawn apart, as several desks and a late file make them. What a plan's
page says below the picture is looked at, too: the list before leaving, what is open, its sections.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from tests.support import make
from tests.unit.domain.gates.gate_samples import seen

from kfdesk import app
from kfdesk.domain.itinerary import SheetFinding
from kfdesk.domain.risk import RiskLevel, RiskStatus
from kfdesk.domain.values import Translation, ZonedTime, zone_rules
from kfdesk.domain.workflow.alarms import (
    AlarmKind,
    find_alarms,
    plan_warnings,
    received_of,
    stage_of,
)
from kfdesk.domain.workflow.departure import proven_checks
from kfdesk.domain.workflow.gates import CaseContext
from kfdesk.domain.workflow.progress import TravelStatus
from kfdesk.domain.workflow.stages import HOME_STATES
from kfdesk.i18n.phrases import risk_status_text
from kfdesk.services.plans.journey import JourneyStatus, departure_answers
from kfdesk.services.plans.plans import Case, PlanPage, ReferenceChoices
from kfdesk.ui.pages.plan.journey import next_text, now_text, shown_legs
from kfdesk.ui.pages.plan.leg_findings import find_open_points, journey_gaps
from kfdesk.ui.pages.plan.risk import RiskSection
from kfdesk.ui.pages.plan.travel import TravelSection
from kfdesk.ui.pages.plan.travel_parts import open_checks_text
from kfdesk.ui.widgets.painting import Completion

ENGLISH = app.language("en")
ZONES = ["Europe/Stockholm", "Europe/Riga", "Europe/Moscow"]
TOWNS = ["Stockholm", "Riga", "Pskov", "Tver"]
STATES = ["draft", "approved", "travel_ready", "travelling", "arrived", "follow_up", "withdrawn"]
WAITS = {TravelStatus.PLANNED, TravelStatus.EXPECTED, TravelStatus.LATE}
MOVED = {"departed", "arrived"}
hours = st.integers(-60, 60)


def at(hour: int, zone: str) -> ZonedTime:
    """Return the moment so many hours from now, by the clocks of a zone."""
    instant = make.NOW + timedelta(hours=hour)
    return ZonedTime.at(instant.astimezone(zone_rules(zone)).replace(tzinfo=None), zone)


class DrawnLeg(NamedTuple):
    """A leg: hours from now of its two times, their zones, and what somebody recorded of it."""

    status: str | None
    departs: int
    arrives: int
    start: str
    end: str
    call: str
    is_timed: bool


class Journey(NamedTuple):
    """A plan's state, its legs in order, and the hours from now of a handover."""

    state: str
    legs: list[DrawnLeg]
    received: int | None

    def context(self) -> CaseContext:
        """Return the plan as alarms and pages see it."""
        changes: dict[str, Any] = {"plan": {"state": self.state}, "leg": None, "second leg": None}
        handed = None if self.received is None else {"happened": at(self.received, ZONES[0])}
        legs = (
            make.row("leg", {**make.FILLED["leg"], **_values(place, one)}, rid=_rid(place))
            for place, one in enumerate(self.legs)
        )
        return seen({**changes, "handover": handed}, *legs)


def _rid(place: int) -> bytes:
    return make.named_id(f"leg {place}")


def _values(place: int, leg: DrawnLeg) -> dict[str, Any]:
    start, end = at(leg.departs, leg.start), at(leg.arrives, leg.end)
    return {
        "sequence": place + 1, "status": leg.status, "departs": start, "arrives": end,
        "from_place": (Translation("en", TOWNS[place]),),
        "to_place": (Translation("en", TOWNS[place + 1]),),
        "check_in": end, "check_in_status": leg.call,
        "departed": start if leg.status in MOVED and leg.is_timed else None,
        "arrived": end if leg.status == "arrived" and leg.is_timed else None,
    }  # fmt: skip


@st.composite
def journeys(draw: st.DrawFn) -> Journey:
    """Draw a plan with one to three legs, in order, and what was recorded of it."""
    times = sorted(draw(st.lists(hours, min_size=6, max_size=6)))
    legs = [
        DrawnLeg(
            draw(st.sampled_from(["planned", "booked", "departed", "arrived", "missed", None])),
            times[2 * place], times[2 * place + 1],
            draw(st.sampled_from(ZONES)), draw(st.sampled_from(ZONES)),
            draw(st.sampled_from(["due", "made", "waived", "missed_alarm"])), draw(st.booleans()),
        )
        for place in range(draw(st.integers(1, 3)))
    ]  # fmt: skip
    received = draw(st.none() | st.integers(-60, -1))
    return Journey(draw(st.sampled_from(STATES)), legs, received)


@given(journeys())
def test_no_alarm_waits_for_what_was_recorded(drawn: Journey) -> None:
    s = drawn.context()
    legs, received = list(s.legs), received_of(s)
    for alarm in find_alarms(s):
        if alarm.leg is None:
            continue
        later = legs[legs.index(alarm.leg) + 1 :]
        status, went_on = alarm.leg.record.status, any(one.record.status in MOVED for one in later)
        if alarm.kind is AlarmKind.NOT_DEPARTED:
            assert status not in MOVED
            assert not went_on
        if alarm.kind is AlarmKind.NOT_ARRIVED:
            assert status == "departed"
            assert not went_on
        if alarm.kind is AlarmKind.CHECK_IN_MISSED:
            assert alarm.leg.record.check_in_status not in {"made", "waived"}
        departs = alarm.leg.record.departs
        assert isinstance(departs, ZonedTime)
        assert received is None or departs.utc > received


@given(journeys())
def test_picture_of_a_journey_waits_for_nothing_that_is_over(drawn: Journey) -> None:
    s = drawn.context()
    received, is_home = received_of(s), s.state in {"arrived", "follow_up"}
    shown = shown_legs(s.legs, s.state, s.at, received)
    assert sum(leg.progress.is_current for leg in shown) <= 1
    for leg in shown:
        record, progress = leg.record, leg.progress
        assert (progress.departure is TravelStatus.HAPPENED) == (record.status in MOVED)
        assert (progress.arrival is TravelStatus.HAPPENED) == (record.status == "arrived")
        assert isinstance(record.departs, ZonedTime)
        if is_home or (received is not None and record.departs.utc <= received):
            assert not {progress.departure, progress.arrival} & WAITS
            assert not progress.is_current


@given(journeys())
def test_sentence_of_now_is_what_was_recorded_last(drawn: Journey) -> None:
    s = drawn.context()
    received = received_of(s)
    shown = shown_legs(s.legs, s.state, s.at, received)
    said = now_text(shown, ENGLISH)
    moved = [leg.record for leg in shown if leg.record.status in MOVED]
    is_current = any(leg.progress.is_current for leg in shown)
    is_answered = stage_of(s) in {"arrived", "follow_up"} or (
        received is not None and not is_current
    )
    if moved or is_answered:
        assert "not left" not in said
        assert "No departure" not in said
    else:
        assert "On the way" not in said
        assert "arrived" not in said
    if is_answered:
        assert "On the way" not in said
    elif moved:
        (town,) = (town for town in TOWNS[1:] if town in said)
        assert moved[-1].to_place == (Translation("en", town),)
    for leg in shown:
        if leg.progress.is_current:
            words = next_text(leg, s.at, ENGLISH)
            assert words.startswith(("Arrives", "Was to arrive")) == (
                leg.record.status == "departed"
            )


FINDINGS = st.lists(
    st.builds(
        SheetFinding,
        st.sampled_from(["missing", "not_in_language", "alone_and_met"]),
        st.just("leg"), st.sampled_from(["departs", "met_by", "to_place"]), st.integers(1, 3),
    )
    | st.just(SheetFinding("untested", "help_number", "called", 1))
    | st.just(SheetFinding("missing", "client", "name_on_ticket")),
    max_size=5,
)  # fmt: skip


def page_of(s: CaseContext, gaps: list[SheetFinding]) -> PlanPage:
    """Return the plan as its page reads it, with these faults of the sheet."""
    below = (*(leg.row for leg in s.legs), *(one.row for one in s.handovers))
    case = Case(s.client.row, s.plan.row, below, ())
    return PlanPage(
        client=s.client, plan=s.plan, legs=s.legs, numbers=(), consents=(), shares=(),
        conflicts=(), deletions=(), gaps=tuple(gaps), receiver="", escort="", case=case,
        choices=ReferenceChoices(), received=received_of(s), proven=proven_checks(s, s.ours),
    )  # fmt: skip


@given(journeys(), FINDINGS)
def test_nothing_is_open_of_a_leg_that_a_handover_answers(
    drawn: Journey, gaps: list[SheetFinding]
) -> None:
    s = drawn.context()
    page, received = page_of(s, gaps), received_of(s)
    points = find_open_points(page, JourneyStatus(plan_warnings(s)))
    over = {
        leg.rid
        for leg in s.legs
        if received is not None
        and isinstance(leg.record.departs, ZonedTime)
        and leg.record.departs.utc <= received
    }
    assert not over & {point.rid for point in points}
    assert not over & {item.rid for item in journey_gaps(page)}
    is_home = page.stage in HOME_STATES
    if is_home or (received is not None and len(over) == len(s.legs)):
        assert page.gaps_ahead == ()
        assert journey_gaps(page) == []
        assert TravelSection.state(page).fact == ""
    if received is None and not is_home:
        assert page.gaps_ahead == tuple(gaps)


@given(journeys())
def test_list_before_leaving_is_open_only_before_she_has_left(drawn: Journey) -> None:
    s = drawn.context()
    page = page_of(s, [])
    answers = [*departure_answers(page.plan.record, page.proven).values()]
    said = open_checks_text(answers, ENGLISH, has_left=page.has_left)
    has_left = (
        any(leg.status in MOVED for leg in drawn.legs)
        or drawn.received is not None
        or drawn.state in {"travelling", "arrived", "follow_up"}
    )
    assert page.has_left is has_left
    if has_left:
        assert " open" not in said
    else:
        assert "over" not in said


STATUSES = st.builds(
    RiskStatus,
    st.none() | st.sampled_from(RiskLevel), st.integers(0, 10), st.just(10),
    st.sampled_from([(), ("health",)]), st.booleans(), st.booleans(),
)  # fmt: skip


@given(STATUSES, st.booleans())
def test_no_tick_stands_beside_not_all(status: RiskStatus, is_assessed: bool) -> None:
    page = replace(page_of(seen(), []), risk=status, is_risk_assessed=is_assessed)
    words = risk_status_text(status, ENGLISH)
    progress = RiskSection.state(page)
    if "answered" in words or "not all" in words or "not sent" in words:
        assert progress.fill is not Completion.DONE
    assert progress.is_danger is (status.level in {RiskLevel.HIGH, RiskLevel.VERY_HIGH})
