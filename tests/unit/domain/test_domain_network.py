# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is a member of a network today, and who sees its records and entries of class circle."""

from dataclasses import replace
from datetime import date

import pytest
from tests.support import make
from tests.unit.domain.disclosure_samples import granted, reasons, with_deletion

from kfdesk.domain.consent import Recipient, RecipientKind, WithheldReason
from kfdesk.domain.disclosure import Channel, DisclosureBasis, disclose
from kfdesk.domain.network import Circle, begins_too_early, circles_of, may_receive, may_receive_of
from kfdesk.domain.records.directory import Membership, Network
from kfdesk.domain.registers import merge_states
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import MissingAnswer, PartialDate, Value

TODAY = date(2026, 11, 24)
NETWORK = make.named_id("network")
PARTNER = make.partner()
THIRD = Recipient(RecipientKind.PARTNER, make.THIRD, is_verified=True)
SHARES = frozenset({"directory", "network_work"})


def network(custodian: bytes = make.OURS, **values: Value) -> Row:
    return make.row("network", {**make.FILLED["network"], **values}, custodian=custodian)


def membership(custodian: bytes = make.OURS, **values: Value) -> Row:
    return make.row("membership", {**make.FILLED["membership"], **values}, custodian=custodian)


def circles(head: Row, *members: Row) -> dict[bytes, Circle]:
    return dict(
        circles_of(
            [view(head, Network)], [view(row, Membership) for row in members], TODAY, make.OURS
        )
    )


def test_member_of_our_network_receives_what_both_decided_to_share() -> None:
    found = circles(network(), membership())
    assert found == {
        NETWORK: Circle(frozenset({make.OURS, make.PARTNER}), frozenset({"directory"}))
    }
    assert may_receive(found, make.PARTNER, "directory")
    assert not may_receive(found, make.PARTNER, "network_work")
    assert not may_receive(found, make.THIRD, "directory")
    assert not may_receive(found, None, "directory")


@pytest.mark.parametrize(
    ("begins", "ends", "is_member"),
    [
        (None, None, True),
        (MissingAnswer.UNKNOWN, MissingAnswer.UNKNOWN, True),
        (TODAY, TODAY, True),
        (date(2026, 11, 25), None, False),
        (None, date(2026, 11, 23), False),
        (PartialDate("2026-11"), None, False),
        (PartialDate("2026"), None, False),
        (PartialDate("2025"), PartialDate("2027-02"), True),
        (None, PartialDate("2026-11"), False),
        (None, PartialDate("2026"), False),
    ],
)
def test_membership_counts_from_its_first_to_its_last_day(
    begins: Value, ends: Value, is_member: bool
) -> None:
    found = circles(network(), membership(begins=begins, ends=ends))
    assert (make.PARTNER in found[NETWORK].members) is is_member
    assert bool(circles(network(begins=begins, ends=ends), membership())) is is_member


def test_membership_that_somebody_else_wrote_does_not_count() -> None:
    (found,) = circles(network(), membership(make.PARTNER)).values()
    assert found.members == {make.OURS}
    elsewhere = replace(membership(), parent=make.named_id("another network"))
    (found,) = circles(network(), elsewhere).values()
    assert found.members == {make.OURS}


def test_network_of_a_partner_counts_once_it_names_us() -> None:
    theirs = network(make.PARTNER)
    assert circles(theirs, membership(make.PARTNER, organisation=make.THIRD.hex())) == {}
    (found,) = circles(theirs, membership(make.PARTNER, organisation=make.OURS.hex())).values()
    assert found.members == {make.OURS, make.PARTNER}


def test_what_is_in_conflict_or_in_the_bin_does_not_count() -> None:
    other = make.signature("KP, Дом у реки")
    blind = make.row("membership", {})
    torn = make.changed(membership(), {"organisation": make.THIRD.hex()}, other, blind)
    (found,) = circles(network(), torn).values()
    assert found.members == {make.OURS}
    ending = make.changed(membership(), {"ends": date(2040, 1, 1)}, other, blind)
    (found,) = circles(network(), ending, with_deletion(membership())).values()
    assert found.members == {make.OURS}
    sharing = make.changed(network(), {"shares": ("figures",)}, other, make.row("network", {}))
    (found,) = circles(sharing, membership()).values()
    assert found.shares == set()
    assert circles(with_deletion(network()), membership()) == {}
    (found,) = circles(network(), membership(organisation=MissingAnswer.UNKNOWN)).values()
    assert found.members == {make.OURS}


# --- who sees what


def goes(*rows: Row, to: Recipient = PARTNER, shares: frozenset[str] = SHARES) -> set[str]:
    circle = Circle(frozenset({make.OURS, make.PARTNER}), shares)
    basis = DisclosureBasis((), make.NOW, make.OURS, {NETWORK: circle})
    return granted(disclose(rows, to, Channel.BUNDLE, basis))


def entry(seen_by: Value, *, custodian: bytes = make.OURS) -> Row:
    values: dict[str, Value] = {"name": "Uppdiktat hus", "confidentiality": seen_by}
    return make.row("organisation", values, custodian=custodian)


def test_entry_of_class_circle_goes_to_members_of_a_network_that_shares_contacts() -> None:
    assert "organisation.name" in goes(entry("circle"))
    assert goes(entry("circle"), shares=frozenset({"network_work"})) == set()
    assert goes(entry("circle"), to=THIRD) == set()
    assert goes(entry("secret")) == set()
    what = disclose((entry("circle"),), PARTNER, Channel.BUNDLE,
                    DisclosureBasis((), make.NOW, make.OURS))  # fmt: skip
    assert set(reasons(what).values()) == {WithheldReason.NETWORK}


def test_network_and_its_members_go_to_members_alone() -> None:
    rows = (network(), membership())
    assert {"network.title", "membership.role"} <= goes(*rows)
    assert "network.we_share" not in goes(*rows)
    assert goes(*rows, to=THIRD) == set()
    assert goes(*rows, to=replace(PARTNER, is_verified=False)) == set()
    assert goes(network(confidentiality="public"), to=THIRD) == set()
    assert goes(membership()) == set()  # the network is not among the rows
    assert goes(replace(membership(), parent=None)) == set()


def test_suggestion_goes_to_the_two_who_are_concerned() -> None:
    ours = make.row("suggestion", {"key": "hours", "value": "9-17"})
    theirs = entry("secret", custodian=make.PARTNER)
    assert "suggestion.value" in goes(theirs, ours)
    assert goes(theirs, ours, to=THIRD) == set()
    assert goes(ours) == set()
    assert "suggestion.value" in goes(replace(ours, custodian=make.PARTNER))


def test_check_goes_where_its_entry_goes() -> None:
    check = make.row("entry_check")
    assert "entry_check.outcome" in goes(entry("circle"), check)
    assert "entry_check.outcome" in goes(entry("partners_only"), check, to=THIRD)
    assert goes(entry("secret"), check) == set()
    assert goes(check) == set()


@pytest.mark.parametrize(
    ("named", "shares", "does_go"),
    [
        (None, SHARES | {"procedures"}, True),
        (NETWORK.hex(), SHARES | {"procedures"}, True),
        (make.named_id("another network").hex(), SHARES | {"procedures"}, False),
        (None, SHARES, False),
    ],
)
def test_procedure_and_its_steps_go_to_members_of_the_network_that_it_names(
    named: str | None, shares: frozenset[str], *, does_go: bool
) -> None:
    head = make.row("procedure", {**make.FILLED["procedure"], "network": named})
    step = make.row("procedure_step", parent=head.rid)
    assert ("procedure.title" in goes(head, shares=shares)) is does_go
    assert ("procedure_step.title" in goes(head, step, shares=shares)) is does_go
    assert "procedure_step.title" not in goes(step, shares=shares)


@pytest.mark.parametrize("kind", ["figure_release", "estimate", "publication"])
def test_figures_go_to_members_of_a_network_that_shares_them(kind: str) -> None:
    row = make.row(kind, {**make.FILLED[kind], "network": None})
    assert goes(row, shares=SHARES | {"figures"})
    assert goes(row, shares=SHARES) == set()


def test_no_paper_for_others_shows_a_record_of_a_network() -> None:
    person = Recipient(RecipientKind.PERSON, b"q" * 16)
    rows = (entry("public"), make.row("entry_check"), network(confidentiality="public"))
    basis = DisclosureBasis((), make.NOW, make.OURS)
    what = disclose(rows, person, Channel.DESK_PAPER, basis)
    assert {name.partition(".")[0] for name in granted(what)} == {"organisation"}


@pytest.mark.parametrize(
    ("seen_by", "far", "has_tool", "does_go"),
    [
        ("circle", True, False, False),
        ("circle", True, True, True),
        ("circle", False, False, True),
        ("partners_only", True, False, True),
        ("public", True, False, True),
        ("secret", True, True, False),
    ],
)
def test_person_goes_to_a_third_country_only_as_to_every_partner(
    seen_by: str, *, far: bool, has_tool: bool, does_go: bool
) -> None:
    """Members there get organisations of class circle, and no person (GDPR, articles 44 to 49)."""
    to = replace(PARTNER, is_third_country=far, has_transfer_tool=has_tool)
    person = make.row("contact", {**make.FILLED["contact"], "confidentiality": seen_by})
    assert ("contact.given_name" in goes(person, to=to)) is does_go
    assert ("organisation.name" in goes(entry(seen_by), to=to)) is (seen_by != "secret")
    circle = Circle(frozenset({make.OURS, make.PARTNER}), SHARES)
    basis = DisclosureBasis((), make.NOW, make.OURS, {NETWORK: circle})
    kept = reasons(disclose((person,), to, Channel.BUNDLE, basis))
    shut = WithheldReason.SECRET if seen_by == "secret" else WithheldReason.TRANSFER
    assert does_go or kept["contact.given_name"] is shut


@pytest.mark.parametrize(
    ("network_begins", "begins", "is_early"),
    [
        (date(2000, 5, 1), date(2000, 4, 30), True),
        (date(2000, 5, 1), PartialDate("2000-04"), True),
        (date(2000, 5, 1), PartialDate("2000"), False),
        (PartialDate("2000-05"), date(2000, 5, 1), False),
        (None, date(1900, 1, 1), False),
        (date(2000, 5, 1), None, False),
        (date(2000, 5, 1), MissingAnswer.UNKNOWN, False),
    ],
)
def test_membership_is_early_only_if_it_surely_begins_before_its_network(
    network_begins: Value, begins: Value, *, is_early: bool
) -> None:
    head = view(network(begins=network_begins), Network).record
    one = view(membership(begins=begins), Membership).record
    assert begins_too_early(one, head) is is_early


@pytest.mark.parametrize("answer", [None, False, MissingAnswer.UNKNOWN])
def test_contact_person_of_ours_is_named_only_with_a_yes(answer: Value) -> None:
    values = {**make.FILLED["contact"], "may_be_shared": answer}
    assert goes(make.row("contact", values)) == set()
    assert "contact.given_name" in goes(make.row("contact", values, custodian=make.THIRD))


def test_record_goes_to_the_members_of_the_network_that_it_names() -> None:
    other = make.named_id("another network")
    known = {
        NETWORK: Circle(frozenset({make.PARTNER}), frozenset({"procedures"})),
        other: Circle(frozenset({make.THIRD}), frozenset({"procedures"})),
    }
    ours = make.row("procedure", {"network": NETWORK.hex()})
    nowhere = make.row("procedure", {"version": "1"})
    assert may_receive_of(ours, known, make.PARTNER, "procedures")
    assert not may_receive_of(ours, known, make.THIRD, "procedures")
    assert may_receive_of(nowhere, known, make.THIRD, "procedures")
    one, two = (make.changed(ours, {"network": rid.hex()}, make.signature(minute=minute))
                for minute, rid in enumerate((other, bytes(16)), 1))  # fmt: skip
    torn = replace(ours, state=merge_states(one.state, two.state))
    assert not may_receive_of(torn, known, make.PARTNER, "procedures")
