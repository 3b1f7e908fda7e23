# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole year after an arrival, on two desks and by files alone, on a clock that goes on.

The coordinator agrees the days with her; the safe house that is near her makes the contacts and
writes them; each desk sees on its own day what waits.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.integration.course_samples import Walk, walked
from tests.integration.pair_samples import refusal

from kfdesk.demo import people
from kfdesk.domain.accounts import Role
from kfdesk.domain.aftercare import (
    FollowUpProposal,
    FollowUpStatus,
    ScoreSeries,
    arrival_day,
    newest_concern,
    propose_follow_ups,
    score_series,
)
from kfdesk.domain.records.aftercare import AREAS, FollowUp
from kfdesk.domain.records.journey import Handover, Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.registers import DELETION
from kfdesk.domain.rows import RecordView, view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value
from kfdesk.domain.workflow.table import gates_before
from kfdesk.services.core.authorization import hidden_keys
from kfdesk.services.core.records import change_record, create_record, delete_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.aftercare import (
    list_concerns,
    list_follow_ups,
    reassign_follow_ups,
    refuse_follow_up,
    schedule_follow_ups,
)
from kfdesk.services.plans.emergency_access import open_with_reason
from kfdesk.services.plans.plans import load_case, open_plan, read_case_context, zoned_now
from kfdesk.services.today import read_today
from kfdesk.services.workflow import move_plan

ARRIVED = date(2026, 12, 20)


@pytest.fixture
def walk(tmp_path: Path) -> Iterator[Walk]:
    """Yield a plan whose client is to arrive, with a consent for the time after."""
    with walked(tmp_path) as made:
        change_record(made.ours, made.of("consent")[0].rid, consent_groups())
        yield made


def consent_groups() -> dict[str, Value]:
    groups = (DataGroup.IDENTITY, DataGroup.CONTACT, DataGroup.TRAVEL, DataGroup.REINTEGRATION_PLAN)
    return {"groups": tuple(map(str, groups)), "expires": ARRIVED + timedelta(400)}


def arrive(walk: Walk) -> None:
    """She is received where she was going, on ARRIVED."""
    go_to(walk, ARRIVED)
    happened = zoned_now(walk.ours)
    values: dict[str, Value] = {"happened": happened, "place": "door", "result": "received"}
    create_record(walk.ours, Handover, values, walk.plan)


def go_to(walk: Walk, day: date) -> None:
    """Noon of a day."""
    time = walk.clock.time
    walk.clock.time = datetime.combine(day, time.time(), time.tzinfo).replace(hour=12)


def proposed(walk: Walk) -> tuple[FollowUpProposal, ...]:
    """Return what is proposed now."""
    case = load_case(walk.ours, walk.plan)
    handovers = [one.record for one in case.views(Handover, "handover")]
    arrival = arrival_day(handovers, [one.record for one in case.views(Leg, "leg")])
    assert arrival is not None
    return propose_follow_ups(arrival, [one.record for one in contacts(walk.ours, walk)])


def contacts(desk: Session, walk: Walk) -> tuple[RecordView[FollowUp], ...]:
    """Return the contacts of the plan as a desk has them, by their days."""
    views = load_case(desk, walk.plan).views(FollowUp, "follow_up")
    return tuple(sorted(views, key=lambda one: str(one.record.due)))


def make_contact(walk: Walk, rid: bytes, score: str, **more: Value) -> None:
    """Record that the receiver reached the client, and how the client is."""
    values: dict[str, Value] = {
        "happened": zoned_now(walk.theirs),
        "method": "in_person",
        "result": "reached",
        "exploitation_again": "no",
        **dict.fromkeys(AREAS, score),
        **more,
    }
    change_record(walk.theirs, rid, values)


def waiting(desk: Session) -> list[int | None]:
    """Return the follow-ups on a desk's Today page, by the days after the arrival."""
    return [one.after_days for one in read_today(desk).follow_ups]


def test_a_year_is_agreed_here_made_there_and_seen_by_both(walk: Walk) -> None:
    arrive(walk)
    agreed = schedule_follow_ups(walk.ours, walk.plan, proposed(walk))
    assert len(agreed) == 7
    assert proposed(walk) == ()
    walk.send()
    scores = ("none", "none", "poor", "fair", "fair", "good", "stable")
    for one, score in zip(contacts(walk.theirs, walk), scores, strict=True):
        assert isinstance(one.record.due, date)
        go_to(walk, one.record.due)
        assert waiting(walk.theirs)[-1:] == [one.record.after_days]
        make_contact(walk, one.rid, score)
        walk.answer()
        walk.send()
        assert waiting(walk.ours) == waiting(walk.theirs)
        assert one.record.after_days not in waiting(walk.ours)
    here, there = (score_series(contacts(desk, walk)) for desk in (walk.ours, walk.theirs))
    assert here == there
    assert here[0] == ScoreSeries("safety", (0, 0, 1, 2, 2, 3, 4))
    assert open_plan(walk.ours, walk.plan).conflicts == ()


def test_what_nobody_did_is_late_on_both_desks_until_it_is_done(walk: Walk) -> None:
    arrive(walk)
    schedule_follow_ups(walk.ours, walk.plan, proposed(walk)[:3])
    walk.send()
    go_to(walk, ARRIVED + timedelta(12))
    for desk in (walk.ours, walk.theirs):
        assert {one.standing for one in list_follow_ups(desk)} == {FollowUpStatus.OVERDUE}
    for one in contacts(walk.theirs, walk):
        make_contact(walk, one.rid, "fair")
    walk.answer()
    for desk in (walk.ours, walk.theirs):
        assert {one.standing for one in list_follow_ups(desk)} == {FollowUpStatus.DONE}
        assert waiting(desk) == []


def test_her_no_that_was_said_there_is_heard_here(walk: Walk) -> None:
    arrive(walk)
    schedule_follow_ups(walk.ours, walk.plan, proposed(walk))
    walk.send()
    *_, last = contacts(walk.theirs, walk)
    refuse_follow_up(walk.theirs, last.rid)
    walk.answer()
    heard = view(require_record(walk.ours, last.rid), FollowUp).record
    assert (heard.refused, heard.result) == (True, "refused")
    go_to(walk, ARRIVED + timedelta(500))
    assert last.rid not in {one.rid for one in read_today(walk.ours).follow_ups}


def test_contact_at_her_own_request_is_written_there_without_having_been_agreed(
    walk: Walk,
) -> None:
    arrive(walk)
    walk.send()
    values: dict[str, Value] = {
        "due": ARRIVED + timedelta(3),
        "kind": "on_her_request",
        "result": "reached",
        "wishes": people.localized("Vill ringa sin syster", "Хочет позвонить сестре", "Her sister"),
    }
    rid = create_record(walk.theirs, FollowUp, values, walk.plan)
    walk.answer()
    (one,) = contacts(walk.ours, walk)
    assert (one.rid, one.row.custodian) == (rid, walk.partner)
    assert one.record.wishes == values["wishes"]
    assert [each.after_days for each in proposed(walk)][:2] == [0, 2]


def test_word_of_danger_from_there_is_a_reason_to_look_here(walk: Walk) -> None:
    arrive(walk)
    (agreed,) = schedule_follow_ups(walk.ours, walk.plan, proposed(walk)[2:3])
    walk.send()
    assert newest_concern(contacts(walk.ours, walk)) is None
    make_contact(walk, agreed.rid, "poor", exploitation_again="suspected")
    walk.answer()
    found_worry = newest_concern(contacts(walk.ours, walk))
    assert found_worry is not None
    assert found_worry.rid == agreed.rid
    today = read_today(walk.ours)
    (concern,) = today.concerns
    assert (concern.line.rid, concern.is_unsafe) == (walk.plan, False)
    assert today.count >= 1
    (later,) = schedule_follow_ups(walk.ours, walk.plan, proposed(walk)[2:3])
    go_to(walk, ARRIVED + timedelta(30))
    change_record(walk.ours, later.rid, {"result": "unsafe_to_contact"})
    assert [one.is_unsafe for one in list_concerns(walk.ours)] == [True]
    change_record(walk.ours, later.rid, {"result": "reached", "exploitation_again": "no"})
    assert list_concerns(walk.ours) == ()


def test_word_of_danger_is_seen_for_a_month_after_a_plan_is_over_and_by_who_may_see_it(
    walk: Walk,
) -> None:
    arrive(walk)
    (agreed,) = schedule_follow_ups(walk.ours, walk.plan, proposed(walk)[2:3])
    values: dict[str, Value] = {"result": "reached", "exploitation_again": "yes"}
    change_record(walk.ours, agreed.rid, {**values, "happened": zoned_now(walk.ours)})
    change_record(walk.ours, walk.plan, {"owner": "EV"})
    move_plan(walk.ours, walk.plan, "withdrawn")
    assert [one.line.rid for one in list_concerns(walk.ours)] == [walk.plan]
    other = replace(walk.ours, user="XY", roles=frozenset({Role.SHELTER_WORKER}))
    assert list_concerns(other) == ()  # another's plan
    go_to(walk, ARRIVED + timedelta(31))
    assert list_concerns(walk.ours) == ()


def test_both_move_the_same_contact_and_a_person_decides(walk: Walk) -> None:
    arrive(walk)
    (agreed,) = schedule_follow_ups(walk.ours, walk.plan, proposed(walk)[2:3])
    walk.send()
    change_record(walk.ours, agreed.rid, {"due": ARRIVED + timedelta(8)})
    change_record(walk.theirs, agreed.rid, {"due": ARRIVED + timedelta(9)})
    walk.answer()
    (conflict,) = open_plan(walk.ours, walk.plan).conflicts
    assert (conflict.type, conflict.key) == ("follow_up", "due")
    (one,) = list_follow_ups(walk.ours)
    assert one.standing is FollowUpStatus.UNDATED  # nothing acts on a day that is not decided


def test_each_desk_gives_its_contacts_to_its_own_people(walk: Walk) -> None:
    arrive(walk)
    agreed = schedule_follow_ups(walk.ours, walk.plan, proposed(walk)[:2])
    walk.send()
    rids = [one.rid for one in agreed]
    reassign_follow_ups(walk.ours, rids, "mb")
    reassign_follow_ups(walk.theirs, rids, "ол")
    walk.answer()
    assert refusal(walk.send).code == "exchange.nothing_new"  # that is each desk's own matter
    assert {one.owner for one in list_follow_ups(walk.ours)} == {"MB"}
    assert {one.owner for one in list_follow_ups(walk.theirs)} == {"ОЛ"}
    assert open_plan(walk.ours, walk.plan).conflicts == ()


def test_contact_that_was_put_into_the_bin_here_is_gone_there(walk: Walk) -> None:
    arrive(walk)
    (agreed,) = schedule_follow_ups(walk.ours, walk.plan, proposed(walk)[:1])
    walk.send()
    delete_record(walk.ours, agreed.rid)
    walk.send()
    row = require_record(walk.theirs, agreed.rid)
    assert any(fid == DELETION for save in row.state.saves for fid in save.fids)
    assert list_follow_ups(walk.theirs) == ()


def test_agreed_days_are_what_the_gate_before_following_up_asks_for(walk: Walk) -> None:
    walk.to("reintegrating")
    change_record(walk.ours, walk.plan, {"follow_up_set": None})
    before = {
        gate.code: gate.is_open
        for gate in gates_before("follow_up", read_case_context(walk.ours, walk.plan))
    }
    assert before["follow_up_scheduled"]
    schedule_follow_ups(walk.ours, walk.plan, proposed(walk))
    after = {
        gate.code: gate.is_open
        for gate in gates_before("follow_up", read_case_context(walk.ours, walk.plan))
    }
    assert not after["follow_up_scheduled"]
    move_plan(walk.ours, walk.plan, "follow_up")
    assert view(require_record(walk.ours, walk.plan), Plan).record.state == "follow_up"


def test_who_opens_anothers_plan_at_night_sees_how_she_is_reached_and_no_more(walk: Walk) -> None:
    change_record(walk.ours, walk.client, {"phone": "+7 000 000 00 47"})
    change_record(walk.ours, walk.plan, {"owner": "MB"})
    night = replace(walk.ours, user="QQ", roles=frozenset({Role.SHELTER_WORKER}), opened=set())
    open_with_reason(night, walk.plan, "Natt")
    plan = require_record(walk.ours, walk.plan)
    assert not {"safe_contact", "phone"} & hidden_keys(night, plan, "client")
    covered = hidden_keys(night, plan, "follow_up")
    assert {"safety", "health", "report", "wishes", "exploitation_again"} <= covered
    assert not {"due", "window", "result", "housing"} & covered
