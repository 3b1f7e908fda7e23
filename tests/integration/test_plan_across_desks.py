# SPDX-License-Identifier: GPL-3.0-or-later
"""One plan at two desks, by files alone: each writes its own words, and nothing of it conflicts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration.course_samples import START, SetClock, Walk, walked
from tests.support.endings import handover_values
from tests.support.journeys import record_leg_event

from kfdesk.demo import people
from kfdesk.domain.records.aftercare import FollowUp, Service
from kfdesk.domain.records.case import Approval, Reception, Referral
from kfdesk.domain.records.client import Consent
from kfdesk.domain.records.journey import Handover, Leg
from kfdesk.domain.rows import view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.decision import DECISION
from kfdesk.domain.workflow.gates import GateReason
from kfdesk.services.core.records import change_record, create_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.plans.aftercare import create_referral
from kfdesk.services.plans.journey import LegEvent, read_alarms, replace_leg
from kfdesk.services.plans.plans import open_plan
from kfdesk.services.workflow import (
    approve,
    read_standing,
    request_approval,
)


@pytest.fixture
def walk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Walk]:
    """Yield a plan in the state that the test asks for."""
    with walked(tmp_path, getattr(request, "param", "draft")) as made:
        yield made


def cross(walk: Walk) -> None:
    """Both send at once, and each takes what the other sent before it saw hers."""
    here, there = walk.partner, walk.ours.identity.organisation
    out = transfer.send_bundle(walk.ours, walk.plan, here, walk.post).path
    back = transfer.send_bundle(walk.theirs, walk.plan, there, walk.post).path
    for desk, path in ((walk.theirs, out), (walk.ours, back)):
        reviewed = transfer.review_bundle(desk, path)
        assert (reviewed.conflicts, reviewed.refused) == (0, 0)
        transfer.import_bundle(desk, path, reviewed)


def author_of(desk: Session, rid: bytes) -> bytes:
    return require_record(desk, rid).custodian


@pytest.mark.parametrize("answer", ["confirmed", "declined_referred_on"])
def test_reception_is_asked_here_and_answered_there(walk: Walk, answer: str) -> None:
    asked: people.Values = {"organisation": walk.partner.hex(), "status": "asked",
             "asked": people.zoned_time(walk.clock.time)}  # fmt: skip
    rid = create_record(walk.ours, Reception, asked, parent=walk.plan)
    walk.send()
    said: people.Values = {"status": answer, "answered": people.zoned_time(walk.clock.time)}
    change_record(walk.theirs, rid, said)
    change_record(walk.ours, walk.legs[0], {"carrier": "Meanwhile, at home"})
    cross(walk)
    assert view(require_record(walk.ours, rid), Reception).record.status == answer
    assert (
        view(require_record(walk.theirs, walk.legs[0]), Leg).record.carrier == "Meanwhile, at home"
    )


@pytest.mark.parametrize("answer", ["accepted", "rejected"])
def test_referral_is_sent_here_and_accepted_or_rejected_there(walk: Walk, answer: str) -> None:
    agreed: people.Values = {
        **people.reception_consent(START, walk.partner.hex()),
        "purpose": "referral_service",
        "groups": (DataGroup.IDENTITY, DataGroup.IMMEDIATE_NEEDS),
    }
    create_record(walk.ours, Consent, agreed, walk.client)
    offered = {"status": "offered", "organisation": walk.partner.hex()}
    service = create_record(walk.ours, Service, offered, walk.plan)
    create_referral(walk.ours, service)
    referral = walk.one("referral").rid
    walk.send()
    assert view(require_record(walk.theirs, referral), Referral).record.status == "in_progress"
    said: people.Values = {
        "status": answer,
        "answer": people.localized("Från den 1", "С первого числа", "From the 1st"),
    }
    change_record(walk.theirs, referral, said)
    cross(walk)
    record = view(require_record(walk.ours, referral), Referral).record
    assert (record.status, record.answer) == (answer, said["answer"])
    assert open_plan(walk.ours, walk.plan).conflicts == ()


@pytest.mark.parametrize("walk", ["decision_ready"], indirect=True)
def test_partners_person_approves_and_only_the_partner_can_have_said_so(walk: Walk) -> None:
    walk.send()
    approve(walk.theirs, walk.plan, DECISION)
    (given,) = (row for row in walk.theirs.store.rows("approval")
                if view(row, Approval).record.given)  # fmt: skip
    cross(walk)
    here = require_record(walk.ours, given.rid)
    assert here.custodian == walk.partner
    assert view(here, Approval).record.given_by == walk.theirs.user


@pytest.mark.parametrize("walk", ["decision_ready"], indirect=True)
def test_word_that_comes_from_a_slow_clock_is_newer_than_what_it_answers(walk: Walk) -> None:
    request_approval(walk.ours, walk.plan, DECISION)
    walk.send()
    slow = SetClock(walk.clock.time - timedelta(minutes=7))
    theirs = replace(walk.theirs, adapters=replace(walk.theirs.adapters, clock=slow))
    approve(theirs, walk.plan, DECISION)
    cross(walk)
    (step, *_) = read_standing(walk.ours, walk.plan).course.steps
    assert "second_person" not in [gate.code for gate in step.open]


def test_word_that_comes_from_a_fast_clock_counts_when_its_time_has_come(walk: Walk) -> None:
    def why() -> list[GateReason | None]:
        (step, *_) = read_standing(walk.ours, walk.plan).course.steps
        return [gate.why for gate in step.open if gate.code == "second_person"]

    walk.to("decision_ready")
    request_approval(walk.ours, walk.plan, DECISION)
    walk.send()
    fast = SetClock(walk.clock.time + timedelta(minutes=7))
    theirs = replace(walk.theirs, adapters=replace(walk.theirs.adapters, clock=fast))
    approve(theirs, walk.plan, DECISION)
    cross(walk)
    assert why() == [GateReason.IN_THE_FUTURE]
    walk.clock.time += timedelta(minutes=8)
    assert why() == []


@pytest.mark.parametrize("walk", ["travelling"], indirect=True)
def test_receipt_of_a_handover_is_the_receivers_own_record(walk: Walk) -> None:
    walk.send()
    values = handover_values(walk.clock.time)
    rid = create_record(walk.theirs, Handover, values, parent=walk.plan)
    change_record(walk.ours, walk.legs[1], {"met_by": people.localized("Olga", "Ольга", "Olga")})
    cross(walk)
    assert author_of(walk.ours, rid) == walk.partner
    assert view(require_record(walk.ours, rid), Handover).record.result == "received"


def test_follow_ups_are_written_there_and_read_here(walk: Walk) -> None:
    groups = (DataGroup.IDENTITY, DataGroup.TRAVEL, DataGroup.REINTEGRATION_PLAN)
    change_record(walk.ours, walk.of("consent")[0].rid, {"groups": tuple(map(str, groups))})
    walk.to("arrived")
    walk.send()
    done: people.Values = {
        "happened": people.zoned_time(walk.clock.time),
        "method": "in_person",
        "result": "reached",
        "safety": "good",
    }
    rid = create_record(walk.theirs, FollowUp, done, parent=walk.plan)
    cross(walk)
    assert author_of(walk.ours, rid) == walk.partner
    assert view(require_record(walk.ours, rid), FollowUp).record.safety == "good"


@pytest.mark.parametrize("walk", ["travelling"], indirect=True)
def test_leg_that_is_missed_on_the_third_day_is_an_alarm_on_both_desks_until_there_is_a_new_one(
    walk: Walk,
) -> None:
    walk.send()
    walk.clock.time += timedelta(days=2)
    kinds = [[str(one.kind) for one in read_alarms(desk)] for desk in (walk.ours, walk.theirs)]
    assert all("leg_missed" not in found for found in kinds)
    record_leg_event(walk.ours, walk.legs[1], LegEvent.MISSED)
    cross(walk)
    for desk in (walk.ours, walk.theirs):
        assert "leg_missed" in [str(one.kind) for one in read_alarms(desk)]
    departs = people.zoned_time(walk.clock.time + timedelta(hours=6))
    new = replace_leg(walk.ours, walk.legs[1], {"departs": departs, "status": "booked"})
    walk.send()
    for desk in (walk.ours, walk.theirs):
        assert "leg_missed" not in [str(one.kind) for one in read_alarms(desk)]
        assert view(require_record(desk, walk.legs[1]), Leg).record.status == "missed"
        assert isinstance(view(require_record(desk, new), Leg).record.departs, ZonedTime)
