# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts after an arrival: agreed, refused, handed on, due on Today, and written by the partner.

The partner's words come by a file from its own store, under the consent that opens them.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.integration.pair_samples import Pair, met_pair

from kfdesk.demo import people, story
from kfdesk.domain.accounts import Role
from kfdesk.domain.aftercare import FollowUpStatus, propose_follow_ups
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.aftercare import FollowUp
from kfdesk.domain.records.directory import Organisation, Phone
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.domain.schema import DataGroup
from kfdesk.domain.values import Value
from kfdesk.services.core.records import (
    change_record,
    create_record,
    require_record,
    undo,
    undo_all,
)
from kfdesk.services.core.session import Session
from kfdesk.services.plans.aftercare import (
    list_follow_ups,
    read_local_contacts,
    reassign_follow_ups,
    refuse_follow_up,
    schedule_follow_ups,
)
from kfdesk.services.plans.plans import load_case
from kfdesk.services.today import read_today


@pytest.fixture
def house(desk: Session) -> bytes:
    """Return who receives her."""
    return create_record(desk, Organisation, {"name": people.SAFE_HOUSE, "country": "RU"})


@pytest.fixture
def plan(desk: Session, house: bytes) -> bytes:
    rid, _ = story.enter_plan(desk, house)
    change_record(desk, rid, {"owner": "EV"})
    return rid


def arrived(desk: Session, days: int) -> date:
    """Return the day so many days ago."""
    return desk.adapters.clock.now().date() - timedelta(days)


def record(desk: Session, rid: bytes) -> FollowUp:
    return view(require_record(desk, rid), FollowUp).record


def test_agreed_contacts_are_the_receivers_and_the_owners(
    desk: Session, plan: bytes, house: bytes
) -> None:
    done = schedule_follow_ups(desk, plan, propose_follow_ups(arrived(desk, 8), ()))
    first, *_, last = (record(desk, one.rid) for one in done)
    assert (first.kind, last.kind) == ("arrival", "regular")
    assert {first.organisation, last.organisation} == {house.hex()}
    assert (first.owner, last.after_days) == ("EV", 365)


def test_without_an_organisation_that_receives_nobody_is_named(desk: Session, plan: bytes) -> None:
    case = load_case(desk, plan)
    escort = view(case.plan, Plan).record.escort
    for receiver in (escort, None):
        change_record(desk, plan, {"receiver": receiver, "owner": None})
        (done,) = schedule_follow_ups(desk, plan, propose_follow_ups(arrived(desk, 8), ())[:1])
        assert (record(desk, done.rid).organisation, record(desk, done.rid).owner) == (None, None)


def test_agreeing_is_taken_back_in_one_go(desk: Session, plan: bytes) -> None:
    undo_all(desk, schedule_follow_ups(desk, plan, propose_follow_ups(arrived(desk, 8), ())))
    assert list_follow_ups(desk) == ()


def test_list_has_what_is_late_first_and_what_is_over_last(desk: Session, plan: bytes) -> None:
    done = schedule_follow_ups(desk, plan, propose_follow_ups(arrived(desk, 8), ()))
    change_record(desk, done[0].rid, {"result": "reached"})
    standings = [one.standing for one in list_follow_ups(desk)]
    assert standings[:2] == [FollowUpStatus.OVERDUE, FollowUpStatus.DUE]
    assert standings[-1] is FollowUpStatus.DONE
    assert [one.after_days for one in list_follow_ups(desk)][:2] == [2, 7]


def test_refused_contact_is_neither_late_nor_asked_about_again(desk: Session, plan: bytes) -> None:
    done = schedule_follow_ups(desk, plan, propose_follow_ups(arrived(desk, 8), ()))
    refused = refuse_follow_up(desk, done[1].rid)
    (one,) = (one for one in list_follow_ups(desk) if one.rid == done[1].rid)
    assert one.standing is FollowUpStatus.REFUSED
    undo(desk, refused)
    assert record(desk, done[1].rid).refused is None


def test_contacts_are_given_to_somebody_else_at_once(desk: Session, plan: bytes) -> None:
    done = schedule_follow_ups(desk, plan, propose_follow_ups(arrived(desk, 8), ())[:2])
    reassign_follow_ups(desk, (one.rid for one in done), "mb")
    assert {one.owner for one in list_follow_ups(desk)} == {"MB"}


def test_today_has_what_is_late_or_due_and_counts_it(desk: Session, plan: bytes) -> None:
    before = read_today(desk).count
    schedule_follow_ups(desk, plan, propose_follow_ups(arrived(desk, 8), ()))
    today = read_today(desk)
    assert [one.after_days for one in today.follow_ups] == [0, 2, 7]
    assert today.count == before + 3
    assert today.follow_ups[0].line.rid == plan


def test_plan_that_has_ended_waits_for_nobody(desk: Session, plan: bytes) -> None:
    schedule_follow_ups(desk, plan, propose_follow_ups(arrived(desk, 8), ()))
    lines = tuple(replace(one.line, state="withdrawn") for one in list_follow_ups(desk)[:1])
    assert list_follow_ups(desk, lines) == ()


def test_contact_without_exact_day_stands_after_those_that_have_one(
    desk: Session, plan: bytes
) -> None:
    create_record(desk, FollowUp, {}, parent=plan)
    schedule_follow_ups(desk, plan, propose_follow_ups(arrived(desk, 8), ())[-1:])
    assert [one.standing for one in list_follow_ups(desk)] == [
        FollowUpStatus.PLANNED,
        FollowUpStatus.UNDATED,
    ]


def test_who_edits_no_directory_but_plans_reads_no_contacts(desk: Session, plan: bytes) -> None:
    editor = replace(desk, roles=frozenset({Role.DIRECTORY_EDITOR}))
    with pytest.raises(KfdeskError, match=r"user\.not_allowed"):
        list_follow_ups(editor)
    assert read_today(editor).follow_ups == ()


def test_who_is_near_her_is_the_receiver_with_safe_numbers_and_the_countrys_emergency(
    desk: Session, plan: bytes, house: bytes
) -> None:
    assert read_local_contacts(desk, plan).calls == ()
    for number, is_safe in (("+7 000 000 00 11", False), ("+7 000 000 00 12", True)):
        create_record(desk, Phone, {"number": number, "is_safe": is_safe}, parent=house)
    near = read_local_contacts(desk, plan)
    assert [call.number for call in near.calls] == ["+7 000 000 00 12"]
    assert (near.receiver, near.country, near.emergency) == (people.SAFE_HOUSE, "RU", "112")


def test_number_that_nobody_is_sure_of_is_not_shown(desk: Session, plan: bytes) -> None:
    change_record(desk, plan, {"to_country": "AQ"})
    assert read_local_contacts(desk, plan).emergency == ""
    change_record(desk, plan, {"to_country": None})
    assert read_local_contacts(desk, plan).emergency == ""


# by file


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as made:
        yield made


def test_partner_writes_a_contact_and_it_comes_by_its_file(pair: Pair) -> None:
    allow(pair, DataGroup.IDENTITY, DataGroup.TRAVEL, DataGroup.REINTEGRATION_PLAN)
    days = propose_follow_ups(arrived(pair.ours, 8), ())
    (agreed,) = schedule_follow_ups(pair.ours, pair.plan, days[2:3])
    pair.send()
    said: dict[str, Value] = {
        "result": "reached",
        "housing": "fair",
        "exploitation_again": "no",
        "report": people.localized("Hon har ett rum", "У неё есть комната", "She has a room"),
    }
    change_record(pair.theirs, agreed.rid, {**said, "owner": "ОМ"})
    own = create_record(pair.theirs, FollowUp, {"due": days[0].due, "result": "reached"}, pair.plan)
    pair.answer()
    heard = record(pair.ours, agreed.rid)
    assert {key: getattr(heard, key) for key in said} == said
    assert heard.owner is None  # who makes contact there stays there
    assert require_record(pair.ours, own).custodian == pair.theirs.identity.organisation
    assert FollowUpStatus.DONE in {one.standing for one in list_follow_ups(pair.ours)}


def allow(pair: Pair, *groups: DataGroup) -> None:
    """Let her consent open these groups for the partner."""
    (consent,) = load_case(pair.ours, pair.plan).consents
    change_record(pair.ours, consent.rid, {"groups": tuple(map(str, groups))})


def test_without_the_group_of_the_time_after_nothing_of_it_goes(pair: Pair) -> None:
    allow(pair, DataGroup.IDENTITY, DataGroup.CONTACT, DataGroup.TRAVEL)
    (agreed,) = schedule_follow_ups(
        pair.ours, pair.plan, propose_follow_ups(arrived(pair.ours, 8), ())[:1]
    )
    pair.send()
    assert pair.theirs.store.row(agreed.rid) is None
