# SPDX-License-Identifier: GPL-3.0-or-later
"""Meetings, agreements, projects and activities among the members of a network."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import add_member, begin_network, send
from tests.integration.pair_samples import refusal
from tests.integration.test_networks import fault

from kfdesk.demo import people
from kfdesk.domain.records.network import (
    Activity,
    Agreement,
    Attendance,
    CaseConference,
    ConferenceDecision,
    Decision,
    Meeting,
    Project,
)
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.services.calendar import read_calendar
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.network.news import list_arrived
from kfdesk.services.network.reports import ActivityQuery, report_activities
from kfdesk.services.network.work import list_open_decisions, read_work
from kfdesk.services.today import read_today

TOLD = people.localized("Påhittat vårmöte", "Выдуманная встреча", "Invented spring meeting")
WORK = ("network_work",)


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def today(desk: Session) -> date:
    return desk.adapters.clock.now().date()


def moment(day: date, hour: int = 13) -> ZonedTime:
    return ZonedTime.at(datetime(day.year, day.month, day.day, hour), "Europe/Stockholm")  # noqa: DTZ001


def hold_meeting(desk: Session, above: bytes, day: date, **more: Value) -> bytes:
    values: dict[str, Value] = {
        "title": TOLD, "kind": "network", "starts": moment(day), "ends": moment(day, 15),
        "confidentiality": "circle",
    }  # fmt: skip
    return create_record(desk, Meeting, values | more, above)


def decide(desk: Session, meeting: bytes, owner: Session | None = None, **more: Value) -> bytes:
    values: dict[str, Value] = {"decided": TOLD, "state": "open"}
    if owner is not None:
        values["owner"] = owner.identity.organisation.hex()
    return create_record(desk, Decision, values | more, meeting)


def has(desk: Session, *rids: bytes) -> list[bool]:
    return [desk.store.row(rid) is not None for rid in rids]


# --- what travels


def test_work_goes_to_members_alone(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad, shares=WORK)
    day = today(trio.ours)
    meeting = hold_meeting(trio.ours, network, day)
    secret = hold_meeting(trio.ours, network, day, confidentiality="secret")
    decision = decide(trio.ours, meeting, trio.bad, due=day)
    hidden = decide(trio.ours, secret)
    project = create_record(
        trio.ours, Project, {"title": TOLD, "confidentiality": "circle"}, network
    )
    activity = create_record(
        trio.ours, Activity, {"title": TOLD, "confidentiality": "circle"}, project
    )
    kept = create_record(trio.ours, Project, {"title": TOLD, "confidentiality": "public"})
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert has(trio.bad, meeting, decision, project, activity) == [True] * 4
    assert has(trio.bad, secret, hidden, kept) == [False] * 3
    assert fault(trio.ours, trio.third) == "exchange.nothing_new"


def test_desk_own_notes_of_an_agreement_never_leave(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad, shares=WORK)
    values: dict[str, Value] = {"title": TOLD, "confidentiality": "circle", "kept_at": "Skåpet"}
    agreement = create_record(trio.ours, Agreement, values, network)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    change_record(trio.bad, agreement, {"kept_at": "Pärmen"})
    change_record(trio.ours, agreement, {"reference_number": "7"})
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    kept = [view(row, Agreement).record.kept_at for desk in (trio.ours, trio.bad)
            if (row := desk.store.row(agreement)) is not None]  # fmt: skip
    assert kept == ["Skåpet", "Pärmen"]


def test_member_brings_its_own_meeting_of_our_network(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad, shares=WORK)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    change_record(trio.bad, network, {"we_share": WORK})
    meeting = hold_meeting(trio.bad, network, today(trio.bad))
    attends = create_record(trio.bad, Attendance, {"role": "chair"}, meeting)
    trio.take(send(trio, trio.bad, trio.ours))
    assert has(trio.ours, meeting, attends) == [True, True]
    assert refusal(lambda: decide(trio.ours, meeting)).code == "record.not_ours"
    assert refusal(lambda: change_record(trio.ours, meeting, {"place": "Hos oss"})).code == (
        "record.not_ours"
    )


# --- who joined later


@pytest.mark.parametrize("from_start", [None, True])
def test_member_that_joined_later_sees_nothing_older_unless_the_coordinator_says_so(
    trio: Trio, from_start: bool | None
) -> None:
    joined = today(trio.ours) - timedelta(days=30)
    network = begin_network(trio.ours, shares=WORK)
    member = add_member(trio.ours, network, trio.bad, begins=joined)
    old = hold_meeting(trio.ours, network, joined - timedelta(days=1))
    below = decide(trio.ours, old, trio.bad, due=joined + timedelta(days=60))
    project = create_record(
        trio.ours,
        Project,
        {"title": TOLD, "confidentiality": "circle", "begins": joined - timedelta(days=200)},
        network,
    )
    late = create_record(
        trio.ours,
        Activity,
        {"title": TOLD, "confidentiality": "circle", "begins": joined},
        project,
    )
    new = hold_meeting(trio.ours, network, joined)
    change_record(trio.ours, member, {"from_start": from_start})
    path = send(trio, trio.ours, trio.bad)
    trio.take(path, trio.bad)
    older = [from_start is True] * 4
    assert has(trio.bad, old, below, project, late) == older
    assert has(trio.bad, new) == [True]


def test_tick_from_the_beginning_brings_what_is_older_with_the_next_file(trio: Trio) -> None:
    network = begin_network(trio.ours, shares=WORK)
    member = add_member(trio.ours, network, trio.bad, begins=today(trio.ours))
    old = hold_meeting(trio.ours, network, today(trio.ours) - timedelta(days=1))
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert has(trio.bad, old) == [False]
    change_record(trio.ours, member, {"from_start": True})
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert has(trio.bad, old) == [True]


# --- what a partner's file may not bring


def test_forged_work_is_refused(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad, shares=WORK)
    meeting = hold_meeting(trio.ours, network, today(trio.ours))
    decision = decide(trio.ours, meeting)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    lone = begin_network(trio.ours, shares=WORK)
    forger = trio.forger(trio.bad)
    values: dict[str, Value] = {"title": TOLD, "confidentiality": "public"}
    whose = trio.third.identity.organisation
    rows = [
        forger.written("meeting", values, parent=trio.plan),
        forger.written("meeting", values, parent=trio.ours.identity.organisation),
        forger.written("meeting", values),
        forger.written("project", values),
        forger.written("meeting", values, parent=lone),
        forger.written("decision", {"state": "open"}, parent=meeting),
        forger.written("attendance", {"role": "chair"}, parent=network),
        forger.written("meeting", values, parent=network, custodian=whose),
        forger.changed(trio.row(meeting), {"place": "Någon annanstans"}),
        forger.changed(trio.row(decision), {"state": "dropped"}),
    ]
    before = [trio.ours.store.row(one.rid) for one in rows]
    trio.take(forger.file(rows))
    trio.take(forger.file([forger.deleted(trio.row(decision))]))
    assert [trio.ours.store.row(one.rid) for one in rows] == before


def test_partner_adds_nothing_to_a_case_conference_of_ours(trio: Trio) -> None:
    head = create_record(trio.ours, CaseConference, {"place": "Här"}, trio.plan)
    forger, own = trio.forger(trio.bad), trio.ours.identity.organisation.hex()
    rows = [
        forger.written("conference_decision", {"owner": own, "state": "open"}, parent=head),
        forger.written("conference_party", {"organisation": own}, parent=head),
    ]
    trio.take(forger.file(rows))
    assert has(trio.ours, *(one.rid for one in rows)) == [False, False]


def test_record_of_a_network_in_a_case_goes_to_nobody(trio: Trio) -> None:
    """Even where an older error put one below a plan: no consent and no network opens it."""
    network = begin_network(trio.ours, trio.bad, shares=WORK)
    row = trio.ours.store.row(hold_meeting(trio.ours, network, today(trio.ours)))
    assert row is not None
    astray = type(row)(trio.ours.new_id(), "meeting", trio.plan, row.custodian, row.state)
    with trio.ours.store.transaction():
        trio.ours.store.put(astray)
    path = transfer.send_bundle(
        trio.ours, trio.plan, trio.bad.identity.organisation, trio.post
    ).path
    trio.take(path, trio.bad)
    assert has(trio.bad, row.rid, astray.rid) == [True, False]


# --- bad input


def test_what_makes_no_sense_is_not_saved(trio: Trio) -> None:
    desk = trio.ours
    network, day = begin_network(desk, trio.bad, shares=WORK), today(desk)
    early = moment(day, 12)

    def tried(work: object) -> str:
        return refusal(work).code

    assert tried(lambda: hold_meeting(desk, network, day, ends=early)) == "work.ends_early"
    meeting = hold_meeting(desk, network, day)
    assert tried(lambda: change_record(desk, meeting, {"ends": early})) == "work.ends_early"
    assert tried(lambda: create_record(desk, Project, {"budget": 5}, network)) == "work.no_currency"
    project = create_record(desk, Project, {"title": TOLD, "budget": 5, "currency": "SEK"}, network)
    assert tried(lambda: change_record(desk, project, {"currency": None})) == "work.no_currency"
    assert tried(lambda: change_record(desk, project, {"part_of": project.hex()})) == (
        "directory.circular"
    )
    part = create_record(desk, Project, {"title": TOLD, "part_of": project.hex()}, network)
    assert tried(lambda: change_record(desk, project, {"part_of": part.hex()})) == (
        "directory.circular"
    )


def test_nonsense_of_a_partner_is_kept_as_it_is_and_stops_nothing(trio: Trio) -> None:
    """A meeting that ends before it begins, a project part of itself, money of no currency."""
    network = begin_network(trio.ours, trio.bad, shares=WORK)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    forger, day = trio.forger(trio.bad), today(trio.ours)
    odd: dict[str, Value] = {"title": TOLD, "confidentiality": "circle"}
    meeting = forger.written(
        "meeting", {**odd, "starts": moment(day, 15), "ends": moment(day, 9)}, parent=network
    )
    project = forger.written("project", {**odd, "budget": -5}, parent=network)
    project = forger.changed(project, {"part_of": project.rid.hex()})
    activity = forger.written("activity", {**odd, "women": -3}, parent=project.rid)
    nobody = forger.written("decision", {"owner": "ab" * 16, "due": day}, parent=meeting.rid)
    bare = forger.written("decision", {"state": "open"}, parent=meeting.rid)
    rows = (meeting, project, activity, nobody, bare)
    assert trio.take(forger.file(rows)).refused == 0
    assert has(trio.ours, *(one.rid for one in rows)) == [True] * 5
    work = read_work(trio.ours)[network]
    assert [len(work.meetings), len(work.projects), len(work.activities)] == [1, 1, 1]
    assert {one.rid for one in list_open_decisions(trio.ours)} == {nobody.rid, bare.rid}
    assert read_today(trio.ours).decisions == ()
    (item,) = [one for one in read_calendar(trio.ours).items if one.rid == meeting.rid]
    assert (item.day, item.first, item.last) == (day, day, day)
    everybody = report_activities(trio.ours, ActivityQuery(is_ours_only=False))
    assert (everybody.lines, everybody.undated) == ((), 1)
    assert {one.view.rid for one in list_arrived(trio.ours)} == {one.rid for one in rows}


def test_work_stands_in_its_place_alone(trio: Trio) -> None:
    desk = trio.ours
    network, day = begin_network(desk, trio.bad, shares=WORK), today(desk)
    meeting = hold_meeting(desk, network, day)
    places: tuple[tuple[type, bytes | None], ...] = (
        (Meeting, trio.plan), (Meeting, None), (Meeting, meeting), (Decision, trio.plan),
        (Decision, network), (Activity, None), (Agreement, trio.plan), (Project, meeting),
        (CaseConference, network), (CaseConference, None), (ConferenceDecision, meeting),
    )  # fmt: skip
    for cls, above in places:
        assert refusal(lambda cls=cls, above=above: create_record(desk, cls, {}, above)).code == (
            "work.wrong_place"
        )
    strange = begin_network(trio.bad, trio.third, shares=WORK)
    row = trio.bad.store.row(strange)
    assert row is not None
    with desk.store.transaction():
        desk.store.put(row)
    assert refusal(lambda: hold_meeting(desk, strange, day)).code == "work.not_member"
