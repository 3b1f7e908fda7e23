# SPDX-License-Identifier: GPL-3.0-or-later
"""Consents on a real store: given with an end, withdrawn at once, decided by two to save her."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.integration.course_samples import START, Walk, walked

from kfdesk.demo import people
from kfdesk.domain.codes.core import PLAN_STATE
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.client import Consent
from kfdesk.domain.rows import view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value
from kfdesk.services.core.drafts import FormState
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.notices import notices_due
from kfdesk.services.plans.consents import (
    VitalInterestsDecision,
    confirm_vital_interests,
    decide_vital_interests,
    read_consent_terms,
    record_consent,
    withdraw_consent,
)
from kfdesk.services.plans.plans import open_plan
from kfdesk.services.workflow import move_plan

TODAY = START.date()
ROAD = [state for state in PLAN_STATE if state not in ("withdrawn", "cancelled", "not_safe")]


@pytest.fixture
def walk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Walk]:
    """Yield a plan in the state that the test asks for."""
    with walked(tmp_path, getattr(request, "param", "draft")) as begun:
        yield begun


def refused(action: Callable[[], Any]) -> str:
    with pytest.raises(KfdeskError) as fault:
        action()
    return fault.value.code


def consent(walk: Walk, rid: bytes) -> Consent:
    row = walk.ours.store.row(rid)
    assert row is not None
    return view(row, Consent).record


def agreed(walk: Walk, **changes: Any) -> VitalInterestsDecision:
    values = {
        "purpose": "health_care",
        "recipient": walk.partner,
        "groups": (DataGroup.IDENTITY, DataGroup.HEALTH),
        **changes,
    }
    return VitalInterestsDecision(**values)


def give(walk: Walk, **changes: Value) -> bytes:
    values = {
        **people.reception_consent(walk.clock.time, walk.partner.hex()),
        "purpose": "health_care",
        "groups": (DataGroup.IDENTITY, DataGroup.HEALTH),
        **changes,
    }
    form = FormState("consent", values, parent=walk.client)
    return record_consent(walk.ours, walk.ours.new_id(), form).rid


def test_consent_ends_after_ninety_days_unless_another_day_is_agreed(walk: Walk) -> None:
    proposed = read_consent_terms(walk.ours, walk.client).last_days["health_care"]
    assert proposed == TODAY + timedelta(days=90)
    last = date(2027, 6, 1)
    other = consent(walk, give(walk, expires=last))
    assert other.expires == last
    assert other.groups == (DataGroup.IDENTITY, DataGroup.HEALTH)


def test_consent_to_reception_lasts_thirty_days_longer_than_the_last_follow_up(walk: Walk) -> None:
    last = read_consent_terms(walk.ours, walk.client).last_days["reception_and_reintegration"]
    assert last == TODAY + timedelta(days=19) + timedelta(days=365 + 30)


@pytest.mark.parametrize(("walk", "state"), [(one, one) for one in ROAD], indirect=["walk"])
def test_withdrawal_works_at_once_in_every_state(walk: Walk, state: str) -> None:
    for line in open_plan(walk.ours, walk.plan).consents:
        withdraw_consent(walk.ours, line.view.rid)
    assert transfer.prepare_bundle(walk.ours, walk.plan, walk.partner).may.rows == ()
    assert walk.state == state  # to give up the wish is another step


@pytest.mark.parametrize("walk", ["assessing"], indirect=True)
@pytest.mark.parametrize("state", ["withdrawn", "cancelled", "not_safe"])
def test_withdrawal_works_when_the_plan_has_ended(walk: Walk, state: str) -> None:
    move_plan(walk.ours, walk.plan, state)
    rid = open_plan(walk.ours, walk.plan).consents[0].view.rid
    withdraw_consent(walk.ours, rid, ("request_erasure",))
    assert consent(walk, rid).withdrawal_effect == ("stop_new_sharing", "request_erasure")


def test_second_withdrawal_keeps_the_time_of_the_first(walk: Walk) -> None:
    rid = open_plan(walk.ours, walk.plan).consents[0].view.rid
    withdraw_consent(walk.ours, rid)
    first = consent(walk, rid).withdrawn
    walk.clock.time += timedelta(days=2)
    withdraw_consent(walk.ours, rid, ("request_erasure",))
    assert consent(walk, rid).withdrawn == first
    later = people.zoned_time(walk.clock.time + timedelta(hours=1))
    other = give(walk)
    assert refused(lambda: withdraw_consent(walk.ours, other, happened=later)) == (
        "plan.in_the_future"
    )


def test_who_had_something_is_to_be_told_and_nobody_else(walk: Walk) -> None:
    had = open_plan(walk.ours, walk.plan).consents[0].view.rid
    never = give(walk, recipient=walk.legs[0].hex())
    walk.send()
    assert notices_due(walk.ours) == ()
    withdraw_consent(walk.ours, had)
    withdraw_consent(walk.ours, never)
    (due,) = notices_due(walk.ours)
    assert (due.consent, due.recipient) == (had, walk.partner)
    assert due.effects == ("stop_new_sharing", "notify_recipients")
    given = walk.ours.store.ledger.given_under(walk.partner, had)
    assert {walk.plan, *walk.legs} <= given


def test_only_a_consent_is_withdrawn(walk: Walk) -> None:
    assert refused(lambda: withdraw_consent(walk.ours, walk.plan)) == "record.missing"


def test_two_people_decide_in_vital_interests_and_no_longer_than_72_hours(walk: Walk) -> None:
    for line in open_plan(walk.ours, walk.plan).consents:
        withdraw_consent(walk.ours, line.view.rid)
    vital = agreed(walk, last=date(2027, 1, 1), more={"transfer_tool": "vital_interests_49_1_f"})
    rid = decide_vital_interests(walk.ours, walk.client, vital, "Akut sjukdom")

    def may_send() -> bool:
        return bool(transfer.prepare_bundle(walk.ours, walk.plan, walk.partner).may.rows)

    assert not may_send()  # one person is not enough
    assert refused(lambda: confirm_vital_interests(walk.ours, rid)) == "approval.same_person"
    confirm_vital_interests(walk.second(), rid)
    assert may_send()
    assert consent(walk, rid).expires == TODAY + timedelta(days=2)
    walk.clock.time = START + timedelta(hours=72)
    assert not may_send()


def test_vital_interests_need_a_reason_and_their_own_way(walk: Walk) -> None:
    assert refused(lambda: give(walk, form="vital_interests")) == "consent.needs_two"
    assert refused(lambda: decide_vital_interests(walk.ours, walk.client, agreed(walk), " ")) == (
        "consent.no_reason"
    )
    rid = give(walk)
    assert refused(lambda: confirm_vital_interests(walk.second(), rid)) == "consent.not_vital"


def test_withdrawn_decision_gets_no_second_person(walk: Walk) -> None:
    rid = decide_vital_interests(walk.ours, walk.client, agreed(walk), "Akut")
    withdraw_consent(walk.ours, rid)
    assert refused(lambda: confirm_vital_interests(walk.second(), rid)) == "consent.not_vital"
