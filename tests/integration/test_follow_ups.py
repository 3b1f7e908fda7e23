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
from kfdesk.domain.after.schedule import Standing, proposals
from kfdesk.domain.desk.users import Role
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.after.follow_up import FollowUp
from kfdesk.domain.records.directory.phone import Phone
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.domain.schema import Group
from kfdesk.domain.values import Value
from kfdesk.services.after.calling import who_is_near
from kfdesk.services.after.follow_ups import agree_times, list_follow_ups, reassign, refuse_contact
from kfdesk.services.desk import Desk
from kfdesk.services.plans import load_case
from kfdesk.services.today import read_today
from kfdesk.services.writing.records import change_record, create_record, found
from kfdesk.services.writing.undo import undo, undo_all


@pytest.fixture
def house(desk: Desk) -> bytes:
    """Who receives her."""
    return create_record(desk, Organisation, {"name": people.SAFE_HOUSE, "country": "RU"})


@pytest.fixture
def plan(desk: Desk, house: bytes) -> bytes:
    rid, _ = story.enter_plan(desk, house)
    change_record(desk, rid, {"owner": "EV"})
    return rid


def arrived(desk: Desk, days: int) -> date:
    """The day so many days ago."""
    return desk.rooms.clock.now().date() - timedelta(days)


def record(desk: Desk, rid: bytes) -> FollowUp:
    return view(found(desk, rid), FollowUp).record


def test_agreed_contacts_are_the_receivers_and_the_owners(
    desk: Desk, plan: bytes, house: bytes
) -> None:
    done = agree_times(desk, plan, proposals(arrived(desk, 8), ()))
    first, *_, last = (record(desk, one.rid) for one in done)
    assert (first.kind, last.kind) == ("arrival", "regular")
    assert {first.organisation, last.organisation} == {house.hex()}
    assert (first.owner, last.after_days) == ("EV", 365)


def test_without_an_organisation_that_receives_nobody_is_named(desk: Desk, plan: bytes) -> None:
    case = load_case(desk, plan)
    escort = view(case.plan, Plan).record.escort
    for receiver in (escort, None):
        change_record(desk, plan, {"receiver": receiver, "owner": None})
        (done,) = agree_times(desk, plan, proposals(arrived(desk, 8), ())[:1])
        assert (record(desk, done.rid).organisation, record(desk, done.rid).owner) == (None, None)


def test_agreeing_is_taken_back_in_one_go(desk: Desk, plan: bytes) -> None:
    undo_all(desk, agree_times(desk, plan, proposals(arrived(desk, 8), ())))
    assert list_follow_ups(desk) == ()


def test_list_has_what_is_late_first_and_what_is_over_last(desk: Desk, plan: bytes) -> None:
    done = agree_times(desk, plan, proposals(arrived(desk, 8), ()))
    change_record(desk, done[0].rid, {"result": "reached"})
    standings = [one.standing for one in list_follow_ups(desk)]
    assert standings[:2] == [Standing.OVERDUE, Standing.DUE]
    assert standings[-1] is Standing.DONE
    assert [one.after_days for one in list_follow_ups(desk)][:2] == [2, 7]


def test_refused_contact_is_neither_late_nor_asked_about_again(desk: Desk, plan: bytes) -> None:
    done = agree_times(desk, plan, proposals(arrived(desk, 8), ()))
    refused = refuse_contact(desk, done[1].rid)
    (one,) = (one for one in list_follow_ups(desk) if one.rid == done[1].rid)
    assert one.standing is Standing.REFUSED
    undo(desk, refused)
    assert record(desk, done[1].rid).refused is None


def test_contacts_are_given_to_somebody_else_at_once(desk: Desk, plan: bytes) -> None:
    done = agree_times(desk, plan, proposals(arrived(desk, 8), ())[:2])
    reassign(desk, (one.rid for one in done), "mb")
    assert {one.owner for one in list_follow_ups(desk)} == {"MB"}


def test_today_has_what_is_late_or_due_and_counts_it(desk: Desk, plan: bytes) -> None:
    before = read_today(desk).count
    agree_times(desk, plan, proposals(arrived(desk, 8), ()))
    today = read_today(desk)
    assert [one.after_days for one in today.follow_ups] == [0, 2, 7]
    assert today.count == before + 3
    assert today.follow_ups[0].line.rid == plan


def test_plan_that_has_ended_waits_for_nobody(desk: Desk, plan: bytes) -> None:
    agree_times(desk, plan, proposals(arrived(desk, 8), ()))
    lines = tuple(replace(one.line, state="withdrawn") for one in list_follow_ups(desk)[:1])
    assert list_follow_ups(desk, lines) == ()


def test_contact_without_exact_day_stands_after_those_that_have_one(
    desk: Desk, plan: bytes
) -> None:
    create_record(desk, FollowUp, {}, parent=plan)
    agree_times(desk, plan, proposals(arrived(desk, 8), ())[-1:])
    assert [one.standing for one in list_follow_ups(desk)] == [Standing.PLANNED, Standing.UNDATED]


def test_who_edits_no_directory_but_plans_reads_no_contacts(desk: Desk, plan: bytes) -> None:
    editor = replace(desk, roles=frozenset({Role.DIRECTORY_EDITOR}))
    with pytest.raises(KfdeskError, match=r"user\.not_allowed"):
        list_follow_ups(editor)
    assert read_today(editor).follow_ups == ()


def test_who_is_near_her_is_the_receiver_with_safe_numbers_and_the_countrys_emergency(
    desk: Desk, plan: bytes, house: bytes
) -> None:
    assert who_is_near(desk, plan).calls == ()
    for number, is_safe in (("+7 000 000 00 11", False), ("+7 000 000 00 12", True)):
        create_record(desk, Phone, {"number": number, "is_safe": is_safe}, parent=house)
    near = who_is_near(desk, plan)
    assert [call.number for call in near.calls] == ["+7 000 000 00 12"]
    assert (near.receiver, near.country, near.emergency) == (people.SAFE_HOUSE, "RU", "112")


def test_number_that_nobody_is_sure_of_is_not_shown(desk: Desk, plan: bytes) -> None:
    change_record(desk, plan, {"to_country": "AQ"})
    assert who_is_near(desk, plan).emergency == ""
    change_record(desk, plan, {"to_country": None})
    assert who_is_near(desk, plan).emergency == ""


# by file


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with met_pair(tmp_path) as made:
        yield made


def test_partner_writes_a_contact_and_it_comes_by_its_file(pair: Pair) -> None:
    allow(pair, Group.IDENTITY, Group.TRAVEL, Group.REINTEGRATION_PLAN)
    days = proposals(arrived(pair.ours, 8), ())
    (agreed,) = agree_times(pair.ours, pair.plan, days[2:3])
    pair.send()
    said: dict[str, Value] = {
        "result": "reached",
        "housing": "fair",
        "exploitation_again": "no",
        "report": people.told("Hon har ett rum", "У неё есть комната", "She has a room"),
    }
    change_record(pair.theirs, agreed.rid, {**said, "owner": "ОМ"})
    own = create_record(pair.theirs, FollowUp, {"due": days[0].due, "result": "reached"}, pair.plan)
    pair.answer()
    heard = record(pair.ours, agreed.rid)
    assert {key: getattr(heard, key) for key in said} == said
    assert heard.owner is None  # who makes contact there stays there
    assert found(pair.ours, own).custodian == pair.theirs.identity.organisation
    assert Standing.DONE in {one.standing for one in list_follow_ups(pair.ours)}


def allow(pair: Pair, *groups: Group) -> None:
    """Let her consent open these groups for the partner."""
    (consent,) = load_case(pair.ours, pair.plan).consents
    change_record(pair.ours, consent.rid, {"groups": tuple(map(str, groups))})


def test_without_the_group_of_the_time_after_nothing_of_it_goes(pair: Pair) -> None:
    allow(pair, Group.IDENTITY, Group.CONTACT, Group.TRAVEL)
    (agreed,) = agree_times(pair.ours, pair.plan, proposals(arrived(pair.ours, 8), ())[:1])
    pair.send()
    assert pair.theirs.store.row(agreed.rid) is None
