# SPDX-License-Identifier: GPL-3.0-or-later
"""Sums of several organisations: exact in any order, and a part alone tells nothing."""

from itertools import product
from random import Random

import pytest
from tests.support import make

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.sums import MODULUS, SumRound, add_numbers, split_numbers


def played(seed: int, count: int, length: int = 4) -> tuple[SumRound, list[tuple[int, ...]]]:
    """Play a round of so many desks whose files come in any order."""
    random = Random(seed)
    members = [make.named_bytes(f"desk {number}", size=16) for number in range(count)]
    numbers = [tuple(random.randrange(60) for _ in range(length)) for _ in members]
    shares = [
        (giver, getter, share)
        for giver, own in zip(members, numbers, strict=True)
        for getter, share in split_numbers(own, members, random.randbytes).items()
    ]
    random.shuffle(shares)
    played_round = SumRound(frozenset(members), length)
    for giver, getter, share in shares:
        assert played_round.result is None
        played_round = played_round.with_share(giver, getter, share)
    random.shuffle(members)
    for member in members:
        part = played_round.part_of(member)
        assert part is not None
        played_round = played_round.with_part(member, part)
    return played_round, numbers


@pytest.mark.parametrize("count", [3, 4, 7, 40])
def test_parts_add_up_to_the_sum_of_all(count: int) -> None:
    for seed in range(3):
        ended, numbers = played(seed, count)
        assert ended.result == tuple(map(sum, zip(*numbers, strict=True)))


def test_three_desks_of_five_seven_and_eight_are_twenty() -> None:
    members = [b"a" * 16, b"b" * 16, b"c" * 16]
    random = Random(5)
    held = SumRound(frozenset(members), 1)
    for giver, number in zip(members, (5, 7, 8), strict=True):
        shares = split_numbers((number,), members, random.randbytes)
        assert all(share != (number,) for share in shares.values())
        for getter, share in shares.items():
            held = held.with_share(giver, getter, share)
    for member in members:
        held = held.with_part(member, held.part_of(member) or ())
    assert held.result == (20,)


def test_a_round_without_one_member_has_no_part_and_no_result() -> None:
    members = [b"a" * 16, b"b" * 16, b"c" * 16]
    void = SumRound(frozenset(members), 1)
    for giver in members[:2]:
        for getter, share in split_numbers((5,), members, Random(1).randbytes).items():
            void = void.with_share(giver, getter, share)
    assert [void.part_of(member) for member in members] == [None] * 3
    assert void.result is None
    first = split_numbers((5,), members, Random(1).randbytes)
    again = split_numbers((5,), members, Random(2).randbytes)
    assert all(first[member] != again[member] for member in members)


def test_shares_without_one_of_them_may_be_of_any_number() -> None:
    """Each number is as possible as another to whoever lacks one share."""
    members = [b"a" * 16, b"b" * 16, b"c" * 16]
    shares = split_numbers((5,), members, Random(9).randbytes)
    known = [shares[member][0] for member in members[:2]]
    for guess in (0, 5, 59):
        missing = (guess - sum(known)) % MODULUS
        assert sum((*known, missing)) % MODULUS == guess


def test_what_does_not_belong_to_a_round_is_refused() -> None:
    members = frozenset({b"a" * 16, b"b" * 16, b"c" * 16})
    begun = SumRound(members, 2).with_share(b"a" * 16, b"b" * 16, (1, 2))
    assert begun.with_share(b"a" * 16, b"b" * 16, (1, 2)) == begun
    with_part = begun.with_part(b"a" * 16, (1, 2))
    assert with_part.with_part(b"a" * 16, (1, 2)) == with_part
    for code, act in (
        ("sums.twice", lambda: begun.with_share(b"a" * 16, b"b" * 16, (1, 3))),
        ("sums.twice", lambda: with_part.with_part(b"a" * 16, (9, 9))),
        ("sums.not_member", lambda: begun.with_share(b"x" * 16, b"b" * 16, (1, 2))),
        ("sums.not_member", lambda: begun.with_part(b"x" * 16, (1, 2))),
        ("sums.length", lambda: begun.with_part(b"a" * 16, (1, 2, 3))),
        ("sums.length", lambda: begun.with_part(b"a" * 16, (1, MODULUS))),
        ("sums.length", lambda: add_numbers([(1,), (1, 2)])),
        ("sums.few_members", lambda: split_numbers((1,), list(members)[:2], Random(1).randbytes)),
        ("sums.length", lambda: split_numbers((), members, Random(1).randbytes)),
        ("sums.number", lambda: split_numbers((-1,), members, Random(1).randbytes)),
        ("sums.number", lambda: split_numbers((MODULUS,), members, Random(1).randbytes)),
    ):
        with pytest.raises(KfdeskError) as caught:
            act()
        assert caught.value.code == code


def test_shares_look_alike_whatever_they_hide() -> None:
    members = [b"a" * 16, b"b" * 16, b"c" * 16]
    halves = {}
    for number, member in product((0, 50), members):
        random = Random(3)
        drawn = [split_numbers((number,), members, random.randbytes)[member][0] for _ in range(400)]
        halves[number, member] = sum(one >= MODULUS // 2 for one in drawn)
    assert all(140 < count < 260 for count in halves.values())
