# SPDX-License-Identifier: GPL-3.0-or-later
"""The recovery key on three sheets: any two give it back, one tells nothing, a slip is seen."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import make
from tests.support.samples import examples

from kfdesk.domain.recovery_key import (
    SHEET_GROUPS,
    KeyShareSheet,
    Random,
    check_sign,
    combine_sheets,
    generate_key,
    normalize_typed,
    parse_key,
    parse_key_or_sheets,
    read_sheet,
    spell_key,
    spell_sheet,
    split_key,
)

quick = settings(max_examples=examples(100, 3), deadline=None, database=None)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KEY = make.named_bytes("key", 20)
CODES = st.binary(min_size=20, max_size=20)
SEEDS = st.binary(min_size=1, max_size=8)


def known(seed: bytes) -> Random:
    """Random bytes that are the same each time."""
    count = iter(range(10**9))
    return lambda size: make.named_bytes(f"{seed.hex()} {next(count)}", size)


def written(key: bytes, seed: bytes = b"\x01") -> list[str]:
    """Return the three sheets of a key as they stand on paper."""
    random = known(seed)
    return [" ".join(spell_sheet(sheet, random)) for sheet in split_key(key, random)]


@quick
@given(key=CODES, seed=SEEDS)
def test_any_two_sheets_in_any_order_give_the_key_back(key: bytes, seed: bytes) -> None:
    for one, other in permutations(written(key, seed), 2):
        assert parse_key_or_sheets(f"{one}\n{other.lower()}") == key


@quick
@given(key=CODES, other=CODES, seed=SEEDS)
def test_one_sheet_fits_every_key_there_is(key: bytes, other: bytes, seed: bytes) -> None:
    """Whatever the key is, there are sheets beside this one that give it: so it tells nothing."""
    for sheet in split_key(key, known(seed)):
        third = bytes(
            k ^ x ^ y for k, x, y in zip(other, sheet.parts[0], sheet.parts[1], strict=True)
        )
        beside = KeyShareSheet(sheet.number % 3 + 1, (sheet.parts[1], third))
        assert combine_sheets(sheet, beside) == other


def test_what_first_and_third_sheet_hold_is_drawn_and_not_made_of_the_key() -> None:
    drawn = [make.named_bytes("a", 20), make.named_bytes("b", 20)]
    left = list(drawn)
    first, second, third = split_key(KEY, lambda _size: left.pop(0))
    assert first.parts == (drawn[0], drawn[1])
    assert second.parts[0] == drawn[1]
    assert third.parts == (second.parts[1], drawn[0])
    assert left == []


def test_one_sheet_alone_or_twice_opens_nothing() -> None:
    for sheet in written(KEY):
        assert parse_key_or_sheets(sheet) is None
        assert parse_key_or_sheets(f"{sheet} {sheet}") is None
        assert parse_key(sheet) is None


def test_sheets_of_two_sets_do_not_mix() -> None:
    one, other = written(KEY, b"\x01"), written(KEY, b"\x02")
    for mine, theirs in permutations(range(3), 2):
        assert parse_key_or_sheets(f"{one[mine]} {other[theirs]}") is None


def test_whole_key_is_read_as_before() -> None:
    key = generate_key(known(b"\x03"))
    assert parse_key_or_sheets(" ".join(spell_key(key))) == key


@quick
@given(seed=SEEDS)
def test_sheet_is_seventeen_groups_and_comes_back_as_it_was_written(seed: bytes) -> None:
    random = known(seed)
    for number, sheet in enumerate(split_key(KEY, random), start=1):
        groups = spell_sheet(sheet, random)
        assert [len(group) for group in groups] == [4] * 16 + [3]
        assert len(groups) == SHEET_GROUPS
        assert set("".join(groups)) <= set(ALPHABET)
        assert groups[-1][0] == str(number)
        assert read_sheet("-".join(groups)) == sheet


@quick
@given(which=st.integers(0, 2), place=st.integers(0, 66), sign=st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_always_found(which: int, place: int, sign: str) -> None:
    signs = list(normalize_typed(written(KEY)[which]))
    was, signs[place] = signs[place], sign
    assert (read_sheet("".join(signs)) is None) is (was != sign)


@quick
@given(which=st.integers(0, 2), place=st.integers(0, 65))
def test_two_neighbours_that_changed_places_are_always_found(which: int, place: int) -> None:
    signs = list(normalize_typed(written(KEY)[which]))
    signs[place], signs[place + 1] = signs[place + 1], signs[place]
    is_same = signs[place] == signs[place + 1]
    assert (read_sheet("".join(signs)) is None) is not is_same


@pytest.mark.parametrize("number", [0, 4, 31])
def test_there_is_no_sheet_but_the_three(number: int) -> None:
    signs = "0" * 64 + ALPHABET[number]
    spare = next(sign for sign in ALPHABET if check_sign(signs + sign))
    assert read_sheet(signs + spare + check_sign(signs + spare)) is None


def test_sign_is_drawn_again_where_the_check_sign_could_not_be_written() -> None:
    sheet = KeyShareSheet(1, (bytes(20), bytes(20)))
    refused = next(n for n in range(32) if not check_sign("0" * 64 + "1" + ALPHABET[n]))
    taken = next(n for n in range(32) if check_sign("0" * 64 + "1" + ALPHABET[n]))
    draws = [bytes([refused]), bytes([taken])]
    groups = spell_sheet(sheet, lambda _size: draws.pop(0))
    assert draws == []
    assert groups[-1][1] == ALPHABET[taken]


def test_sheet_shows_nothing_of_itself_where_it_is_printed_by_mistake() -> None:
    sheet = split_key(KEY, known(b"\x04"))[0]
    assert repr(sheet) == "KeyShareSheet(number=1)"
