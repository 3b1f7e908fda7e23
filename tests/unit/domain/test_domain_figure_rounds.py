# SPDX-License-Identifier: GPL-3.0-or-later
"""Rounds of a sum: what can be read, who may have which record, what is taken, what comes next."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from tests.support import make

from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.rounds import (
    SumStep,
    SumTerms,
    VoidReason,
    collect_numbers,
    encode_members,
    fault_reason,
    is_open_round,
    is_takeable,
    next_step,
    read_terms,
    sum_readers,
)
from kfdesk.domain.figures.sums import NumberPart, RoundNumbers
from kfdesk.domain.network import Circle
from kfdesk.domain.registers import DELETION, apply_changes
from kfdesk.domain.rows import Row, encode_changes, seen_writes
from kfdesk.domain.values import MissingAnswer, Value

OURS, PARTNER, THIRD = make.OURS, make.PARTNER, make.named_id("third")
MEMBERS = frozenset({OURS, PARTNER, THIRD})
NETWORK = make.named_id("network")
TODAY = date(2026, 11, 24)
CIRCLES = {NETWORK: Circle(MEMBERS, frozenset({"figures"}))}
NUMBERS = "5 5 0 0"


def a_round(values: make.Values | None = None, custodian: bytes = OURS) -> Row:
    whole = {**make.FILLED["sum_round"], **(values or {})}
    return make.row("sum_round", whole, custodian=custodian)


def terms(**values: Value) -> SumTerms:
    return read_terms(a_round(values))


def share(giver: bytes, getter: bytes = OURS, **values: Value) -> Row:
    given = {"to": getter.hex(), "asked": terms().question.digest, "draw": giver.hex(),
             "numbers": NUMBERS, **values}  # fmt: skip
    rid = make.named_id(f"share {giver.hex()} {getter.hex()} {values}")
    return make.row("sum_share", given, rid=rid, custodian=giver)


def part(member: bytes, **values: Value) -> Row:
    given = {"asked": terms().question.digest, "drawn": "x", "numbers": NUMBERS, **values}
    return make.row("sum_part", given, rid=make.named_id(member.hex()), custodian=member)


def test_a_round_says_what_is_asked() -> None:
    said = terms()
    assert said.question.members == MEMBERS
    assert said.question.variables == ("sex",)
    assert said.question.is_crossed
    assert (said.network, said.coordinator, said.state) == (NETWORK, OURS, "open")
    assert terms(variables=("ended_by", "sex")).question.variables == ("sex", "ended_by")
    assert terms(variables=None, is_crossed=None).question.length == 1
    assert encode_members(MEMBERS) == make.FILLED["sum_round"]["members"]


@pytest.mark.parametrize(
    "values",
    [
        {"population": "everybody"},
        {"population": None},
        {"state": "begun"},
        {"state": MissingAnswer.UNKNOWN},
        {"network": None},
        {"until": None},
        {"period_from": None},
        {"period_to": date(2025, 12, 30)},
        {"variables": ("shoes",)},
        {"variables": ("age", "citizenship")},
        {"members": None},
        {"members": "x"},
        {"members": f"{OURS.hex()} {PARTNER.hex()}"},
        {"members": f"{OURS.hex()} {OURS.hex()} {PARTNER.hex()} {THIRD.hex()}"},
        {"members": " ".join(make.named_id(f"house {n}").hex() for n in range(4))},
    ],
)
def test_a_round_that_says_something_odd_cannot_be_read(values: Mapping[str, Value]) -> None:
    odd = a_round(values)
    with pytest.raises(KfdeskError) as caught:
        read_terms(odd)
    assert caught.value.code == "sums.unreadable"
    assert not is_open_round(odd, CIRCLES, TODAY)
    assert sum_readers(odd, {}, CIRCLES, TODAY) == frozenset()
    assert not is_takeable(share(PARTNER), odd, OURS, CIRCLES, TODAY)


def test_a_round_in_the_bin_or_in_conflict_cannot_be_read() -> None:
    row = a_round()
    gone = replace(
        row,
        state=apply_changes(row.state, {DELETION: 1}, seen_writes(row), make.signature("QQ", 1)),
    )
    beside = encode_changes("sum_round", {"until": date(2027, 1, 31)})
    torn = replace(row, state=apply_changes(row.state, beside, (), make.signature("QQ", 1)))
    for odd in (gone, torn):
        with pytest.raises(KfdeskError):
            read_terms(odd)


@pytest.mark.parametrize(
    ("values", "circles", "today", "reason"),
    [
        ({}, CIRCLES, TODAY, None),
        ({"state": "void"}, CIRCLES, TODAY, VoidReason.CALLED_OFF),
        ({}, CIRCLES, date(2027, 1, 1), VoidReason.LATE),
        ({}, {}, TODAY, VoidReason.LEFT),
        ({}, {NETWORK: Circle(MEMBERS - {THIRD}, frozenset())}, TODAY, VoidReason.LEFT),
    ],
)
def test_why_a_round_is_void(
    values: Mapping[str, Value], circles: Mapping[bytes, Circle], today: date,
    reason: VoidReason | None,
) -> None:  # fmt: skip
    assert terms(**values).void_reason(circles, today) is reason
    assert is_open_round(a_round(values), circles, today) is (reason is None)


def test_a_released_round_is_not_open() -> None:
    assert terms(state="released").void_reason(CIRCLES, TODAY) is None
    assert not is_open_round(a_round({"state": "released"}), CIRCLES, TODAY)


def test_who_may_have_a_round_a_share_and_a_part() -> None:
    row = a_round()
    rows = {row.rid: row}
    given, added = share(PARTNER, THIRD), part(PARTNER)
    assert sum_readers(row, {}, CIRCLES, TODAY) == MEMBERS
    assert sum_readers(given, rows, CIRCLES, TODAY) == {THIRD}
    assert sum_readers(added, rows, CIRCLES, TODAY) == {OURS}
    smaller = {NETWORK: Circle(MEMBERS - {THIRD}, frozenset())}
    assert sum_readers(row, {}, smaller, TODAY) == {OURS, PARTNER}
    assert sum_readers(row, {}, {}, TODAY) == frozenset()
    for closed in (a_round({"state": "void"}), a_round({"state": "released"})):
        assert sum_readers(given, {row.rid: closed}, CIRCLES, TODAY) == frozenset()
        assert sum_readers(closed, {}, CIRCLES, TODAY) == MEMBERS
    assert sum_readers(given, {}, CIRCLES, TODAY) == frozenset()
    assert sum_readers(given, {row.rid: make.row("client")}, CIRCLES, TODAY) == frozenset()
    nobody = share(PARTNER, THIRD, to=None)
    assert sum_readers(nobody, rows, CIRCLES, TODAY) == frozenset()
    torn = encode_changes("sum_share", {"to": OURS.hex()})
    both = replace(given, state=apply_changes(given.state, torn, (), make.signature("QQ", 1)))
    assert sum_readers(both, rows, CIRCLES, TODAY) == frozenset()


@pytest.mark.parametrize(
    ("row", "head", "is_taken"),
    [
        (share(PARTNER), a_round(), True),
        (share(PARTNER), None, True),
        (share(PARTNER, THIRD), a_round(), False),
        (share(make.named_id("stranger")), a_round(), False),
        (share(PARTNER), a_round({"state": "void"}), False),
        (part(PARTNER), a_round(), True),
        (part(PARTNER), a_round(custodian=PARTNER), False),
        (part(PARTNER), None, False),
        (part(make.named_id("stranger")), a_round(), False),
    ],
)
def test_what_is_taken(row: Row, head: Row | None, is_taken: bool) -> None:
    assert is_takeable(row, head, OURS, CIRCLES, TODAY) is is_taken


def test_what_has_come_is_collected_of_members_alone() -> None:
    stranger = make.named_id("stranger")
    shares = [share(OURS), share(PARTNER), share(stranger), share(PARTNER, stranger),
              share(THIRD, to=None)]  # fmt: skip
    found = collect_numbers(terms(), shares, [part(PARTNER), part(stranger)])
    assert found.givers_to(OURS) == {OURS, PARTNER}
    assert set(found.shares) == {(OURS, OURS), (PARTNER, OURS)}
    assert set(found.parts) == {PARTNER}


@pytest.mark.parametrize(
    ("shares", "parts", "reason"),
    [
        ([share(PARTNER, asked="0")], [], VoidReason.CHANGED),
        ([], [part(PARTNER, asked=None)], VoidReason.CHANGED),
        ([share(PARTNER, numbers="1 2")], [], VoidReason.ODD),
        ([share(PARTNER), share(PARTNER, draw="two")], [], VoidReason.TWICE),
    ],
)
def test_odd_shares_and_parts_make_a_round_void(
    shares: list[Row], parts: list[Row], reason: VoidReason
) -> None:
    with pytest.raises(KfdeskError) as caught:
        collect_numbers(terms(), shares, parts)
    assert fault_reason(caught.value) is reason


def test_what_comes_next() -> None:
    said = terms()
    empty = RoundNumbers(MEMBERS, said.question.length)
    assert next_step(said, empty, OURS) is SumStep.ANSWER
    mine = collect_numbers(said, [share(OURS)], [])
    assert next_step(said, mine, OURS) is SumStep.SHARES
    shares = [share(one) for one in MEMBERS]
    whole = collect_numbers(said, shares, [])
    assert next_step(said, whole, OURS) is SumStep.ADD
    some = collect_numbers(said, shares, [part(OURS)])
    assert next_step(said, some, OURS) is SumStep.PARTS
    every = collect_numbers(said, shares, [part(one) for one in MEMBERS])
    assert next_step(said, every, OURS) is SumStep.RELEASE
    given = empty.with_part(PARTNER, NumberPart("x", (5, 5, 0, 0)))
    assert next_step(said, given, PARTNER) is SumStep.GIVEN
    assert next_step(terms(state="released"), every, OURS) is SumStep.RELEASED


def test_disclosure_gives_a_share_to_the_one_that_it_is_for() -> None:
    row = a_round()
    rows = (row, share(OURS, PARTNER), share(OURS, THIRD), share(OURS))
    basis = replace(make.basis(), circles=CIRCLES)
    to = Recipient(RecipientKind.PARTNER, PARTNER, is_verified=True)
    found = disclose(rows, to, Channel.BUNDLE, basis)
    assert {one.rid for one in found.rows} == {row.rid, rows[1].rid}
    stranger = replace(to, rid=make.named_id("stranger"))
    assert disclose(rows, stranger, Channel.BUNDLE, basis).rows == ()
    assert disclose(rows, to, Channel.BUNDLE, make.basis()).rows == ()
