# SPDX-License-Identifier: GPL-3.0-or-later
"""A former member of a network learns that its own membership has ended, and nothing more."""

from dataclasses import replace
from datetime import date

import pytest
from tests.support import make
from tests.support.make import NOW, OURS, THIRD
from tests.unit.domain.disclosure_samples import granted, reasons, with_deletion

from kfdesk.domain.consent import Recipient, RecipientKind, WithheldReason
from kfdesk.domain.disclosure import Channel, Disclosed, DisclosureBasis, disclose
from kfdesk.domain.network import circles_of, former_members, left_networks, shared_networks
from kfdesk.domain.records.directory import Membership, Network
from kfdesk.domain.registers import live_writes, superseded_ids
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import MissingAnswer, PartialDate, Value

NETWORK = make.named_id("network")
PARTNER = make.partner()
YESTERDAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 25)
ENDING = {"membership.organisation", "membership.begins", "membership.ends"}
HEAD_ENDING = {"network.begins", "network.ends", "network.confidentiality"}


def network(custodian: bytes = OURS, **values: Value) -> Row:
    return make.row("network", {**make.FILLED["network"], **values}, custodian=custodian)


def membership(name: str = "membership", custodian: bytes = OURS, **values: Value) -> Row:
    row = make.row("membership", {**make.FILLED["membership"], **values}, custodian=custodian)
    return replace(row, rid=make.named_id(name))


def former(head: Row, *members: Row) -> frozenset[bytes]:
    heads, seen = [view(head, Network)], [view(row, Membership) for row in members]
    circles = circles_of(heads, seen, NOW.date(), OURS)
    return former_members(heads, seen, circles, OURS).get(NETWORK, frozenset())


def told(*rows: Row, to: Recipient = PARTNER, by: Channel = Channel.BUNDLE) -> Disclosed:
    head, *members = rows
    heads, seen = [view(head, Network)], [view(row, Membership) for row in members]
    circles = circles_of(heads, seen, NOW.date(), OURS)
    left = former_members(heads, seen, circles, OURS)
    return disclose(rows, to, by, DisclosureBasis((), NOW, OURS, circles, {}, left))


# --- who is a former member


@pytest.mark.parametrize("ends", [YESTERDAY, PartialDate("2026-11"), PartialDate("2025")])
def test_member_whose_last_day_is_past_is_a_former_member(ends: Value) -> None:
    assert former(network(), membership(ends=ends)) == {make.PARTNER}


@pytest.mark.parametrize("ends", [None, NOW.date(), TOMORROW, MissingAnswer.UNKNOWN])
def test_member_of_today_is_no_former_member(ends: Value) -> None:
    assert former(network(), membership(ends=ends)) == frozenset()


def test_membership_in_the_bin_names_a_former_member() -> None:
    assert former(network(), with_deletion(membership())) == {make.PARTNER}


def test_everyone_but_us_is_a_former_member_of_a_network_that_ended() -> None:
    ours = membership("ours", organisation=OURS.hex())
    assert former(network(ends=YESTERDAY), membership(), ours) == {make.PARTNER}
    assert former(with_deletion(network()), membership(), ours) == {make.PARTNER}


def test_who_joined_again_is_no_former_member() -> None:
    again = membership("again", begins=YESTERDAY)
    assert former(network(), membership(ends=YESTERDAY), again) == frozenset()
    gone = membership("again", begins=YESTERDAY, ends=YESTERDAY)
    assert former(network(), with_deletion(membership()), gone) == {make.PARTNER}


def test_member_in_conflict_is_not_told_that_it_left() -> None:
    blind = make.row("membership", {})
    other = make.signature("KP, Дом у реки")
    torn = make.changed(membership(), {"organisation": THIRD.hex()}, other, blind)
    assert former(network(), torn) <= {make.PARTNER, THIRD}
    assert former(network(), membership("unnamed", organisation=None)) == frozenset()


def test_membership_of_anothers_making_names_nobody() -> None:
    assert former(network(), membership(custodian=make.PARTNER, ends=YESTERDAY)) == frozenset()
    assert former(network(make.PARTNER), membership(ends=YESTERDAY)) == frozenset()


def test_anothers_network_is_not_told_by_us() -> None:
    head, gone = network(THIRD), membership(custodian=THIRD, ends=YESTERDAY)
    assert former(head, gone) == {make.PARTNER}
    assert granted(told(head, gone)) == set()


# --- which networks somebody has left, as any member has it


def left(head: Row, *members: Row) -> frozenset[bytes]:
    heads, seen = [view(head, Network)], [view(row, Membership) for row in members]
    circles = circles_of(heads, seen, NOW.date(), OURS)
    found = left_networks(former_members(heads, seen, circles, OURS), make.PARTNER)
    assert not found & shared_networks(circles, make.PARTNER)
    return found


def test_network_is_left_once_its_membership_or_ours_has_ended() -> None:
    head = network(THIRD)
    theirs, ours = membership(custodian=THIRD), membership("o", THIRD, organisation=OURS.hex())
    assert left(head, theirs, ours) == frozenset()
    assert left(head, membership(custodian=THIRD, ends=YESTERDAY), ours) == {NETWORK}
    assert left(head, with_deletion(theirs), ours) == {NETWORK}
    assert left(head, theirs) == {NETWORK}
    assert left(head, ours) == frozenset()


# --- what it learns


def test_former_member_learns_the_days_of_its_membership_alone() -> None:
    head, gone = network(), membership(ends=YESTERDAY)
    assert granted(told(head, gone)) == ENDING | HEAD_ENDING


def test_former_member_learns_no_role_no_aim_and_no_title() -> None:
    kept = reasons(told(network(), membership(ends=YESTERDAY)))
    for name in ("membership.role", "network.title", "network.shares", "network.coordinator"):
        assert kept[name] is WithheldReason.NETWORK, name


def test_former_member_does_not_learn_who_else_is_or_was_a_member() -> None:
    third = membership("third", organisation=THIRD.hex())
    gone = membership("gone third", organisation=THIRD.hex(), ends=YESTERDAY)
    what = told(network(), membership(ends=YESTERDAY), third, gone)
    assert {one.row.rid for one in what.rows} == {NETWORK, make.named_id("membership")}
    told_writes = repr([live_writes(one.row.state) for one in what.rows])
    assert make.PARTNER.hex() in told_writes
    assert THIRD.hex() not in told_writes


def test_member_learns_of_a_former_member_as_before() -> None:
    ours = Recipient(RecipientKind.PARTNER, THIRD, is_verified=True)
    third = membership("third", organisation=THIRD.hex())
    what = granted(told(network(), third, membership(ends=YESTERDAY), to=ours))
    assert {"membership.role", "network.title"} <= what


def test_organisation_that_was_never_named_learns_nothing() -> None:
    stranger = Recipient(RecipientKind.PARTNER, THIRD, is_verified=True)
    assert granted(told(network(), membership(ends=YESTERDAY), to=stranger)) == set()
    assert granted(told(network(ends=YESTERDAY), membership(), to=stranger)) == set()


def test_former_member_that_is_not_verified_learns_nothing() -> None:
    unverified = replace(PARTNER, is_verified=False)
    assert granted(told(network(), membership(ends=YESTERDAY), to=unverified)) == set()


@pytest.mark.parametrize("by", [Channel.DESK_PAPER, Channel.CARRIED])
def test_no_paper_tells_a_person_of_a_former_membership(by: Channel) -> None:
    person = Recipient(RecipientKind.PERSON, make.named_id("person"))
    assert granted(told(network(), membership(ends=YESTERDAY), to=person, by=by)) == set()


def test_deletion_tells_of_every_write_that_it_replaced() -> None:
    row = with_deletion(membership())
    (its,) = (one for one in told(network(), row).rows if one.row.type == "membership")
    assert superseded_ids(its.row.state) == superseded_ids(row.state)
    (head,) = (one for one in told(network(), row).rows if one.row.type == "network")
    assert superseded_ids(head.row.state) == superseded_ids(network().state)


def test_network_in_the_bin_tells_its_end_and_no_title() -> None:
    assert granted(told(with_deletion(network()), membership())) == HEAD_ENDING


def test_class_of_a_network_hides_no_ending() -> None:
    secret = network(confidentiality="secret")
    assert granted(told(secret, membership(ends=YESTERDAY))) == ENDING | HEAD_ENDING
