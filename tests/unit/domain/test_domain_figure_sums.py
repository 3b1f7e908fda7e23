# SPDX-License-Identifier: GPL-3.0-or-later
"""Sums of several organisations: exact in any order, and a part alone tells nothing."""

from itertools import product
from random import Random

import pytest
from tests.support import make

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.cells import FigureTable
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.figures.release import SafeFigures
from kfdesk.domain.figures.sums import (
    MAX_CLIENTS,
    MODULUS,
    NumberPart,
    NumberShare,
    RoundNumbers,
    SumQuestion,
    add_numbers,
    decode_numbers,
    encode_numbers,
    leaves_small_group,
    split_numbers,
)

YEAR = FigurePeriod.parse("2025")
ABC = (b"a" * 16, b"b" * 16, b"c" * 16)


def of(*numbers: int, draw: str = "one") -> NumberShare:
    return NumberShare(draw, numbers)


def played(seed: int, count: int, length: int = 4) -> tuple[RoundNumbers, list[tuple[int, ...]]]:
    """Play a round of so many desks whose files come in any order."""
    random = Random(seed)
    members = [make.named_bytes(f"desk {number}", size=16) for number in range(count)]
    numbers = [tuple(random.randrange(60) for _ in range(length)) for _ in members]
    shares = [
        (giver, getter, of(*share))
        for giver, own in zip(members, numbers, strict=True)
        for getter, share in split_numbers(own, members, random.randbytes).items()
    ]
    random.shuffle(shares)
    played_round = RoundNumbers(frozenset(members), length)
    for giver, getter, share in shares:
        assert played_round.result is None
        played_round = played_round.with_share(giver, getter, share)
    random.shuffle(members)
    for member in members:
        part = played_round.part_of(member)
        assert part is not None
        played_round = played_round.with_part(member, part)
    return played_round, numbers


def test_parts_of_three_to_forty_desks_add_up_to_the_sum_of_all() -> None:
    for seed, count in enumerate((*range(3, 41), 3, 3, 40)):
        ended, numbers = played(seed, count)
        assert ended.result == tuple(map(sum, zip(*numbers, strict=True)))


def test_three_desks_of_five_seven_and_eight_are_twenty() -> None:
    members = [b"a" * 16, b"b" * 16, b"c" * 16]
    random = Random(5)
    held = RoundNumbers(frozenset(members), 1)
    for giver, number in zip(members, (5, 7, 8), strict=True):
        shares = split_numbers((number,), members, random.randbytes)
        assert all(share != (number,) for share in shares.values())
        for getter, share in shares.items():
            held = held.with_share(giver, getter, of(*share))
    for member in members:
        part = held.part_of(member)
        assert part is not None
        held = held.with_part(member, part)
    assert held.result == (20,)


def test_a_round_without_one_member_has_no_part_and_no_result() -> None:
    members = [b"a" * 16, b"b" * 16, b"c" * 16]
    void = RoundNumbers(frozenset(members), 1)
    for giver in members[:2]:
        for getter, share in split_numbers((5,), members, Random(1).randbytes).items():
            void = void.with_share(giver, getter, of(*share))
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
    begun = RoundNumbers(members, 2).with_share(b"a" * 16, b"b" * 16, of(1, 2))
    assert begun.with_share(b"a" * 16, b"b" * 16, of(1, 2)) == begun
    with_part = begun.with_part(b"a" * 16, NumberPart("x", (1, 2)))
    assert with_part.with_part(b"a" * 16, NumberPart("x", (1, 2))) == with_part
    for code, act in (
        ("sums.twice", lambda: begun.with_share(b"a" * 16, b"b" * 16, of(1, 3))),
        ("sums.twice", lambda: begun.with_share(b"a" * 16, b"b" * 16, of(1, 2, draw="two"))),
        ("sums.twice", lambda: with_part.with_part(b"a" * 16, NumberPart("x", (9, 9)))),
        ("sums.not_member", lambda: begun.with_share(b"x" * 16, b"b" * 16, of(1, 2))),
        ("sums.not_member", lambda: begun.with_part(b"x" * 16, NumberPart("x", (1, 2)))),
        ("sums.length", lambda: begun.with_part(b"a" * 16, NumberPart("x", (1, 2, 3)))),
        ("sums.length", lambda: begun.with_part(b"a" * 16, NumberPart("x", (1, MODULUS)))),
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


def test_parts_of_different_draws_give_no_sum() -> None:
    held = RoundNumbers(frozenset(ABC), 1)
    for member, drawn in zip(ABC, "xxy", strict=True):
        held = held.with_part(member, NumberPart(drawn, (4,)))
    with pytest.raises(KfdeskError) as caught:
        _ = held.result
    assert caught.value.code == "sums.twice"


def test_numbers_of_a_record_are_read_back_and_others_refused() -> None:
    assert decode_numbers(encode_numbers((0, 5, MODULUS - 1)), 3) == (0, 5, MODULUS - 1)
    for odd in (None, "", "1 2", "1 2 3 4", "1 2 x", "1 2 -3", "1  2", f"1 2 {MODULUS}",
                "1 2 \u0663", "1 2 12345678901"):  # fmt: skip
        with pytest.raises(KfdeskError) as caught:
            decode_numbers(odd, 3)
        assert caught.value.code == "sums.length"


# --- what is added up


def question(*variables: str, is_crossed: bool = False, count: int = 3) -> SumQuestion:
    members = frozenset(make.named_bytes(f"desk {number}", size=16) for number in range(count))
    return SumQuestion("new_clients", YEAR, variables, is_crossed, members)


def person(sex: str = "women", country: str = "EE") -> tuple[str, ...]:
    return (sex, "age_21_23", country, "ForcedLabour", "EE", "unknown")


@pytest.mark.parametrize(
    ("code", "asked"),
    [
        ("sums.few_members", question(count=2)),
        ("sums.many_members", question(count=41)),
        ("sums.too_long", question("age", "citizenship", is_crossed=True)),
        ("figures.variables", question("shoes")),
    ],
)
def test_what_no_round_can_add_up_is_refused(code: str, asked: SumQuestion) -> None:
    with pytest.raises(KfdeskError) as caught:
        asked.check()
    assert caught.value.code == code


def test_numbers_are_the_total_and_each_cell() -> None:
    asked = question("sex", "age")
    asked.check()
    numbers = asked.count([person(), person("men"), person()])
    assert len(numbers) == asked.length == 1 + 3 + 10
    assert numbers[0] == 3
    assert dict(zip(asked.cells, numbers[1:], strict=True))[0, ("women",)] == 2
    crossed = question("sex", "age", is_crossed=True)
    assert crossed.length == 1 + 30
    assert sum(crossed.count([person()])) == 2


def test_a_category_without_a_place_is_not_known() -> None:
    asked = question("citizenship")
    numbers = asked.count([person(country="XX")])
    assert dict(zip(asked.cells, numbers[1:], strict=True))[0, ("unknown",)] == 1


def test_the_digest_tells_questions_and_members_apart() -> None:
    asked = [question(), question("sex"), question("age"), question("sex", "age"),
             question("sex", "age", is_crossed=True), question(count=4)]  # fmt: skip
    assert len({one.digest for one in asked}) == len(asked)


def test_a_sum_is_judged_like_a_release() -> None:
    asked = question("sex", "citizenship")
    each = [
        asked.count([person()] * 6 + [person("men", "LV")] * 2),
        asked.count([person()] * 7 + [person("men", "UA")] * 5),
        asked.count([person("men", "LV")] * 4),
    ]
    figures = asked.judge(add_numbers(each))
    assert figures.total == 24
    assert figures.tables[0].cells == {("women",): 13, ("men",): 11}
    assert [one.variable for one in figures.joined] == ["citizenship"]
    assert asked.judge(asked.count([person()] * 10)).total is None
    assert question().judge((20,)).total == 20


@pytest.mark.parametrize(
    "numbers", [(3, 1, 1, 0), (1, 1, 1, 1), (MAX_CLIENTS + 1, MAX_CLIENTS + 1, 0, 0)]
)
def test_numbers_that_do_not_fit_together_are_no_sum(numbers: tuple[int, ...]) -> None:
    with pytest.raises(KfdeskError) as caught:
        question("sex").judge(numbers)
    assert caught.value.code == "sums.odd"


def test_a_total_alone_has_a_bound_too() -> None:
    with pytest.raises(KfdeskError) as caught:
        question().judge((MODULUS - 1,))
    assert caught.value.code == "sums.odd"


# --- what members have published themselves


def figures(total: int | None, **cells: int) -> SafeFigures:
    tables = (FigureTable((("sex", 0),), {(k,): n for k, n in cells.items()}, total or 0),)
    return SafeFigures(total, tables if cells else ())


@pytest.mark.parametrize(
    ("whole", "published", "is_small"),
    [
        (figures(46), [], False),
        (figures(46), [figures(None)], False),
        (figures(46), [figures(25)], False),
        (figures(46), [figures(25), figures(14)], True),
        (figures(46), [figures(25), figures(21)], False),
        (figures(60, women=31, men=29), [figures(29, women=14, men=15)], False),
        (figures(60, women=31, men=29), [figures(37, women=14, men=23)], True),
        (figures(60, women=31, men=29), [figures(20)], False),
    ],
)
def test_a_sum_less_what_is_known_is_no_small_group(
    whole: SafeFigures, published: list[SafeFigures], is_small: bool
) -> None:
    assert leaves_small_group(whole, [[one] for one in published] + [[]]) is is_small


def test_what_a_member_published_twice_is_subtracted_once() -> None:
    twice = [figures(25), figures(25, women=14, men=11)]
    assert leaves_small_group(figures(46), [twice, [figures(14)], []])
    assert not leaves_small_group(figures(50), [twice, [figures(14)], []])
    corrected = [figures(25), figures(36)]
    assert leaves_small_group(figures(46), [corrected, [figures(14)], []])
    assert leaves_small_group(figures(57), [corrected, [figures(14)], []])
    assert not leaves_small_group(figures(70), [corrected, [figures(14)], []])


def test_members_who_said_fewer_are_told_no_more_of() -> None:
    fewer = [figures(None)]
    assert leaves_small_group(figures(30), [fewer, fewer, fewer])
    assert leaves_small_group(figures(22), [fewer, fewer, fewer])
    assert not leaves_small_group(figures(20), [fewer, fewer, fewer])
    assert not leaves_small_group(figures(30), [fewer, fewer, []])
    assert leaves_small_group(figures(50), [[figures(30)], fewer, fewer])
    assert not leaves_small_group(figures(41), [[figures(30)], fewer, fewer])
    assert not leaves_small_group(figures(None), [fewer, fewer, fewer])


def test_too_many_ways_to_subtract_are_refused() -> None:
    versions = [figures(total) for total in (100, 200, 300, 400)]
    assert leaves_small_group(figures(9_000), [versions] * 6)
    assert not leaves_small_group(figures(9_000), [versions] * 4)


def test_tables_on_other_steps_are_compared_on_the_coarser_one() -> None:
    axes = (("citizenship", 0),)
    whole = SafeFigures(40, (FigureTable(axes, {("EE",): 15, ("UA",): 25}, 40),))
    theirs = FigureTable((("citizenship", 1),), {("eu",): 11, ("other_europe",): 13}, 24)
    hidden = FigureTable(axes, {("UA",): 12}, 24, frozenset({("EE",), ("LV",)}))
    assert leaves_small_group(whole, [[SafeFigures(24, (theirs,))]])
    assert not leaves_small_group(whole, [[SafeFigures(24, (hidden,))]])
