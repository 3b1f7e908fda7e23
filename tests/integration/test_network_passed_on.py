# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes through the coordinator of a network: members' work, and that a decision is done.

Ours coordinates. B and C are members who make no file for each other.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import begin_network, send
from tests.integration.pair_samples import refusal
from tests.integration.test_network_work import TOLD, WORK, decide, has, hold_meeting, today

from kfdesk.domain.exchange import FileFinding, FileIssue
from kfdesk.domain.records.network import Attendance, Decision, Meeting
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value
from kfdesk.services.core.records import change_record, create_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks
from kfdesk.services.exchange import transfer
from kfdesk.services.network.work import list_open_decisions


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


@pytest.fixture
def network(trio: Trio) -> bytes:
    """Begin our network of all three, known to both members, in which B shares, too."""
    rid = begin_network(trio.ours, trio.bad, trio.third, shares=WORK)
    for member in (trio.bad, trio.third):
        trio.take(send(trio, trio.ours, member), member)
    change_record(trio.bad, rid, {"we_share": WORK})
    return rid


def decision_at(desk: Session, rid: bytes) -> Decision:
    row = desk.store.row(rid)
    assert row is not None
    return view(row, Decision).record


def place_at(desk: Session, rid: bytes) -> object:
    row = desk.store.row(rid)
    assert row is not None
    return view(row, Meeting).record.place


# --- a decision is done


def test_done_travels_back_to_whoever_made_the_decision_and_on_to_the_members(
    trio: Trio, network: bytes
) -> None:
    day = today(trio.ours)
    decision = decide(trio.ours, hold_meeting(trio.ours, network, day), trio.third, due=day)
    trio.take(send(trio, trio.ours, trio.third), trio.third)
    change_record(trio.third, decision, {"done_here": day})  # C shares nothing of its own
    review = trio.take(send(trio, trio.third, trio.ours))
    assert (review.conflicts, review.refused, review.waiting) == (0, 0, {})
    assert decision_at(trio.ours, decision).done_here == day
    assert decision_at(trio.ours, decision).state == "open"
    assert list_open_decisions(trio.ours) == ()
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert decision_at(trio.bad, decision).done_here == day
    change_record(trio.third, decision, {"done_here": None})
    trio.take(send(trio, trio.third, trio.ours))
    assert decision_at(trio.ours, decision).done_here is None
    assert [one.rid for one in list_open_decisions(trio.ours)] == [decision]


def test_done_goes_to_a_member_that_is_no_partner_by_the_coordinator(
    trio: Trio, network: bytes
) -> None:
    day = today(trio.bad)
    meeting = hold_meeting(trio.bad, network, day)
    decision = decide(trio.bad, meeting, trio.third, due=day)
    trio.take(send(trio, trio.bad, trio.ours))
    trio.take(send(trio, trio.ours, trio.third), trio.third)
    assert [(one.rid, one.is_ours) for one in list_open_decisions(trio.third)] == [(decision, True)]
    change_record(trio.third, decision, {"done_here": day})
    trio.take(send(trio, trio.third, trio.ours))
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert [decision_at(one, decision).done_here for one in (trio.ours, trio.bad)] == [day, day]
    trio.take(send(trio, trio.ours, trio.third), trio.third)  # it confirms what came
    goes = transfer.prepare_common(trio.third, trio.ours.identity.organisation).goes
    assert decision not in {given.rid for given in goes.rows}  # what they know is not sent again


def test_only_whoever_has_to_do_it_says_that_it_is_done(trio: Trio, network: bytes) -> None:
    day = today(trio.ours)
    meeting = hold_meeting(trio.ours, network, day)
    decision, others = (decide(trio.ours, meeting, one) for one in (trio.third, trio.bad))
    for member in (trio.bad, trio.third):
        trio.take(send(trio, trio.ours, member), member)
    for rid, values in ((decision, {"state": "done"}), (others, {"done_here": day})):
        assert refusal(
            lambda rid=rid, values=values: change_record(trio.third, rid, values)
        ).code == "record.not_ours"  # fmt: skip
    forger = trio.forger(trio.bad)
    before = trio.row(decision)
    for changes in ({"done_here": day}, {"done_here": day, "owner": None}):
        trio.take(forger.file([forger.changed(before, changes)]))
        assert trio.row(decision) == before


def test_owner_writes_nothing_else_in_the_decision(trio: Trio, network: bytes) -> None:
    decision = decide(trio.ours, hold_meeting(trio.ours, network, today(trio.ours)), trio.bad)
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    forger, row, day = trio.forger(trio.bad), trio.row(decision), today(trio.ours)
    attempts = ({"state": "dropped"}, {"owner": None}, {"decided": None}, {"due": day})
    forged = [*(forger.changed(row, one) for one in attempts), forger.deleted(row)]
    for one in forged:
        review = trio.take(forger.file([one]))
        assert review.refused == 1
        assert trio.row(decision) == row
    review = trio.take(forger.file([forger.changed(row, {"state": "dropped", "done_here": day})]))
    assert review.refused == 0
    seen = decision_at(trio.ours, decision)
    assert (seen.state, seen.done_here) == ("open", day)


# --- what members made


def test_work_of_a_member_reaches_the_others_through_the_coordinator(
    trio: Trio, network: bytes
) -> None:
    meeting = hold_meeting(trio.bad, network, today(trio.bad), place="Pskov")
    attends = create_record(trio.bad, Attendance, {"role": "chair"}, meeting)
    trio.take(send(trio, trio.bad, trio.ours))
    assert trio.take(send(trio, trio.ours, trio.third), trio.third).refused == 0
    assert has(trio.third, meeting, attends) == [True, True]
    change_record(trio.bad, meeting, {"place": "Tartu"})
    trio.take(send(trio, trio.bad, trio.ours))
    trio.take(send(trio, trio.ours, trio.third), trio.third)
    assert place_at(trio.third, meeting) == "Tartu"
    for desk in (trio.ours, trio.third):
        assert refusal(
            lambda desk=desk: change_record(desk, meeting, {"place": "Hos oss"})
        ).code == "record.not_ours"  # fmt: skip
    delete_record(trio.bad, meeting)
    trio.take(send(trio, trio.bad, trio.ours))
    trio.take(send(trio, trio.ours, trio.third), trio.third)
    row = trio.third.store.row(meeting)
    assert row is not None
    assert view(row, Meeting).is_deleted
    goes = transfer.prepare_common(trio.ours, trio.bad.identity.organisation).may
    assert meeting not in {given.rid for given in goes.rows}  # nobody is sent its own words


@pytest.mark.parametrize("seen_by", ["partners_only", "secret", None])
def test_what_a_member_keeps_from_the_network_is_not_passed_on(
    trio: Trio, network: bytes, seen_by: str | None
) -> None:
    meeting = hold_meeting(trio.bad, network, today(trio.bad))
    trio.take(send(trio, trio.bad, trio.ours))
    change_record(trio.bad, meeting, {"confidentiality": seen_by})
    row = trio.bad.store.row(meeting)
    assert row is not None
    with trio.ours.store.transaction():
        trio.ours.store.put(row)  # even where an older file brought it
    goes = transfer.prepare_common(trio.ours, trio.third.identity.organisation).may
    assert meeting not in {given.rid for given in goes.rows}


@pytest.mark.parametrize("name", ["tulpan-47", "Oksana"])
def test_member_that_names_our_client_stops_no_file_and_is_not_passed_on(
    trio: Trio, network: bytes, name: str
) -> None:
    named, other = (hold_meeting(trio.bad, network, today(trio.bad), place=place)
                    for place in (f"Om {name}", "Pskov"))  # fmt: skip
    below = decide(trio.bad, named, trio.third)
    client = trio.row(trio.row(trio.plan).parent or b"").rid
    change_record(trio.ours, client, {"given_name": "Oksana", "code": "tulpan-47"})
    trio.take(send(trio, trio.bad, trio.ours))
    trio.take(send(trio, trio.ours, trio.third), trio.third)
    assert has(trio.third, named, below, other) == [False, False, True]
    hold_meeting(trio.ours, network, today(trio.ours), place=f"Om {name}")
    assert transfer.prepare_common(trio.ours, trio.third.identity.organisation).mentions


def test_work_of_a_member_that_left_is_passed_on_no_more(trio: Trio, network: bytes) -> None:
    meeting = hold_meeting(trio.bad, network, today(trio.bad))
    trio.take(send(trio, trio.bad, trio.ours))
    networks.end_membership(trio.ours, network, trio.bad.identity.organisation)
    trio.take(send(trio, trio.ours, trio.third), trio.third)
    assert has(trio.third, meeting) == [False]


def test_member_that_joined_later_gets_nothing_older_by_the_coordinator(
    trio: Trio, network: bytes
) -> None:
    day = today(trio.ours)
    meetings = [hold_meeting(trio.bad, network, day - timedelta(days=days)) for days in (40, 10)]
    trio.take(send(trio, trio.bad, trio.ours))
    (line,) = [one for one in networks.list_networks(trio.ours) if one.view.rid == network]
    whose = trio.third.identity.organisation.hex()
    (member,) = [one.view for one in line.members if one.view.record.organisation == whose]
    change_record(trio.ours, member.rid, {"begins": day - timedelta(days=30)})
    trio.take(send(trio, trio.ours, trio.third), trio.third)
    assert has(trio.third, *meetings) == [False, True]


def test_member_passes_on_nothing_of_another_member(trio: Trio, network: bytes) -> None:
    change_record(trio.third, network, {"we_share": WORK})
    meeting = hold_meeting(trio.third, network, today(trio.third))
    decision = decide(trio.third, meeting, trio.ours)
    trio.take(send(trio, trio.third, trio.bad), trio.bad)
    goes = transfer.prepare_common(trio.bad, trio.ours.identity.organisation).may
    assert not {meeting, decision} & {given.rid for given in goes.rows}
    row = trio.bad.store.row(meeting)
    assert row is not None
    forger = trio.forger(trio.bad)
    trio.take(forger.file([row, forger.written("meeting", {}, parent=network,
                                               custodian=row.custodian)]))  # fmt: skip
    assert has(trio.ours, meeting) == [False]


# --- who is told


def test_person_is_told_in_whose_name_the_leader_passes_work_on(trio: Trio, network: bytes) -> None:
    meeting = hold_meeting(trio.bad, network, today(trio.bad), place="Pskov")
    below = decide(trio.bad, meeting, trio.third)
    own = send(trio, trio.bad, trio.ours)
    assert transfer.review_bundle(trio.ours, own).findings == ()  # the member's own file
    trio.take(own)
    passed = send(trio, trio.ours, trio.third)
    review = transfer.review_bundle(trio.third, passed)
    told = FileFinding(FileIssue.PASSED_ON, records=2, names=(trio.bad.identity.name,))
    assert (review.findings, review.refused, review.needs_look) == ((told,), 0, True)
    several = transfer.preview_files(trio.third, [passed])
    assert transfer.import_files(trio.third, several.files).left == 1
    assert has(trio.third, meeting, below) == [False, False]
    transfer.import_bundle(trio.third, passed, review)  # a person has looked
    assert has(trio.third, meeting, below) == [True, True]
    change_record(trio.bad, meeting, {"place": "Tartu"})
    trio.take(send(trio, trio.bad, trio.ours))
    changed = transfer.review_bundle(trio.third, send(trio, trio.ours, trio.third))
    assert [(one.finding, one.records) for one in changed.findings] == [(FileIssue.PASSED_ON, 1)]


def test_leaders_own_work_and_what_is_known_say_nothing(trio: Trio, network: bytes) -> None:
    hold_meeting(trio.ours, network, today(trio.ours))
    own = trio.take(send(trio, trio.ours, trio.third), trio.third)
    assert (own.findings, own.needs_look) == ((), False)
    change_record(trio.bad, network, {"we_share": WORK})
    hold_meeting(trio.bad, network, today(trio.bad))
    trio.take(send(trio, trio.bad, trio.third), trio.third)  # from the member itself
    trio.take(send(trio, trio.bad, trio.ours))
    again = trio.take(send(trio, trio.ours, trio.third), trio.third)
    assert (again.findings, again.needs_look) == ((), False)


def test_work_of_a_member_that_nobody_here_knows_is_told_by_its_id(trio: Trio) -> None:
    network = begin_network(trio.bad, trio.ours, shares=WORK)
    trio.take(send(trio, trio.bad, trio.ours))
    stranger = bytes(range(16))
    values: dict[str, Value] = {"title": TOLD, "confidentiality": "circle"}
    forged = trio.forger(trio.bad).written("meeting", values, parent=network, custodian=stranger)
    review = transfer.review_bundle(trio.ours, trio.forger(trio.bad).file([forged]))
    assert [one.names for one in review.findings] == [(stranger.hex()[:8],)]
    assert review.needs_look


# --- a coordinator that lies


def test_word_of_a_member_counts_against_its_coordinator(trio: Trio) -> None:
    """B coordinates a network of all three, and puts words into C's mouth."""
    network = begin_network(trio.bad, trio.ours, trio.third, shares=WORK)
    for member in (trio.ours, trio.third):
        trio.take(send(trio, trio.bad, member), member)
    change_record(trio.third, network, {"we_share": WORK})
    meeting = hold_meeting(trio.third, network, today(trio.third), place="Tartu")
    row = trio.third.store.row(meeting)
    assert row is not None
    forger = trio.forger(trio.bad)
    trio.take(forger.file([forger.changed(row, {"place": "Narva"})]))
    assert place_at(trio.ours, meeting) == "Narva"
    trio.take(send(trio, trio.third, trio.ours))
    assert place_at(trio.ours, meeting) == "Tartu"
    kept = trio.row(meeting)
    for forged in (forger.changed(kept, {"place": "Valga"}), forger.deleted(kept)):
        assert trio.take(forger.file([forged])).refused == 1
        assert trio.row(meeting) == kept


def test_coordinator_brings_no_work_of_ours_and_none_outside_its_network(trio: Trio) -> None:
    network = begin_network(trio.bad, trio.ours, trio.third, shares=WORK)
    trio.take(send(trio, trio.bad, trio.ours))
    lone = begin_network(trio.ours, trio.bad, trio.third, shares=WORK)
    forger = trio.forger(trio.bad)
    values: dict[str, Value] = {"title": TOLD, "confidentiality": "public"}
    own, third = trio.ours.identity.organisation, trio.third.identity.organisation
    head = forger.written("meeting", values, parent=network, custodian=third)
    rows = [
        forger.written("meeting", values, parent=network, custodian=own),
        forger.written("meeting", values, parent=lone, custodian=third),
        forger.written("project", values, custodian=third),
        forger.written("decision", {"state": "open"}, parent=head.rid, custodian=own),
        forger.written("decision", {"state": "open"}, parent=head.rid),
    ]
    assert trio.take(forger.file([head, *rows])).refused == len(rows)
    assert has(trio.ours, head.rid, *(one.rid for one in rows)) == [True] + [False] * len(rows)
