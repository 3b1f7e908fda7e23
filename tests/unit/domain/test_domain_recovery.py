# SPDX-License-Identifier: GPL-3.0-or-later
"""The recovery key in letters: it comes back however it is typed, and no slip goes unseen."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.samples import examples

from kfdesk.domain.recovery_key import (
    KEY_GROUPS,
    RECOVERY_KEY_BYTES,
    count_matching_groups,
    generate_key,
    has_typing_error,
    is_complete_key,
    parse_key,
    spell_key,
)

quick = settings(max_examples=examples(200, 3), deadline=None, database=None)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KEYS = st.binary(min_size=20, max_size=20).filter(lambda key: int.from_bytes(key, "big") % 37 < 32)


@quick
@given(key=KEYS)
def test_key_comes_back_as_it_was_written(key: bytes) -> None:
    groups = spell_key(key)
    assert [len(group) for group in groups] == [4] * 8 + [1]
    assert set("".join(groups)) <= set(ALPHABET)
    assert parse_key(" ".join(groups)) == key


@quick
@given(key=KEYS, chosen=st.binary(min_size=33, max_size=33))
def test_case_spaces_and_letters_that_look_alike_do_not_matter(key: bytes, chosen: bytes) -> None:
    alike = {"0": "0oO", "1": "1iIlL"}
    gaps = ["", " ", "-", "  ", "\t"]
    typed = ""
    for sign, choice in zip("".join(spell_key(key)), chosen, strict=True):
        ways = alike.get(sign, sign + sign.lower())
        typed += ways[choice % len(ways)] + gaps[choice // len(ways) % len(gaps)]
    assert parse_key(typed) == key
    assert is_complete_key(typed, spell_key(key))


@quick
@given(key=KEYS, place=st.integers(0, 32), sign=st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_always_found(key: bytes, place: int, sign: str) -> None:
    signs = list("".join(spell_key(key)))
    was, signs[place] = signs[place], sign
    assert (parse_key("".join(signs)) is None) is (was != sign)


@quick
@given(key=KEYS, place=st.integers(0, 30))
def test_two_signs_that_changed_places_are_always_found(key: bytes, place: int) -> None:
    signs = list("".join(spell_key(key)))
    signs[place], signs[place + 1] = signs[place + 1], signs[place]
    is_same = signs[place] == signs[place + 1]
    assert (parse_key("".join(signs)) is None) is not is_same


@quick
@given(typed=st.text(max_size=60))
def test_anything_else_is_no_key_and_no_crash(typed: str) -> None:
    found = parse_key(typed)
    assert found is None or len(found) == RECOVERY_KEY_BYTES


@pytest.mark.parametrize("typed", ["", "0" * 32, "0" * 34, "U" + "0" * 32, "é" * 33, "*" * 33])
def test_missing_foreign_and_surplus_signs_are_no_key(typed: str) -> None:
    assert parse_key(typed) is None


def test_key_whose_check_sign_cannot_be_written_is_not_drawn() -> None:
    draws = [number.to_bytes(20, "big") for number in (36, 32, 31)]
    assert generate_key(lambda _size: draws.pop(0)) == (31).to_bytes(20, "big")
    assert draws == []


def test_typed_groups_are_counted_from_the_first() -> None:
    groups = spell_key(bytes(19) + b"\x07")
    assert groups == ("0000",) * 7 + ("0007", "7")
    assert count_matching_groups("0000 0000 000", groups) == 2
    assert count_matching_groups("oooo-0007", groups) == 1
    assert count_matching_groups(" ".join(groups), groups) == KEY_GROUPS
    assert not has_typing_error("0000 0", groups)
    assert has_typing_error("0000 1", groups)
    assert has_typing_error(" ".join(groups) + "0", groups)
