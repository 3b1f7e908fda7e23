# SPDX-License-Identifier: GPL-3.0-or-later
"""Passphrases: drawn without favour, forgiving in what does not matter, and from sound lists."""

import itertools
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kfdesk.domain.errors import KfdeskError
from kfdesk.services.core import passphrases

LISTS = Path(__file__).resolve().parents[3] / "resources" / "words"
LETTERS = {
    "en": frozenset("abcdefghijklmnopqrstuvwxyz"),
    "sv": frozenset("abcdefghijklmnopqrstuvwxyz"),
    "ru": frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюя"),
}
EACH_LIST = pytest.mark.parametrize("code", LETTERS)
WORDS = ("maple", "lantern", "orbit", "pebble", "maple", "violin")


def source(*numbers: int) -> Callable[[int], bytes]:
    """Return a source of randomness that gives these numbers, in as many bytes as are asked for."""
    coming = iter(numbers)
    return lambda size: next(coming).to_bytes(size, "big")


def listed(code: str) -> list[str]:
    return (LISTS / f"{code}.txt").read_text(encoding="utf-8").splitlines()


def is_near(one: str, other: str) -> bool:
    """Return whether one slip, a letter or a swap of two, turns one into the other."""
    if len(one) == len(other):
        places = [place for place, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
        first, last = places[0], places[-1]
        is_swap = last == first + 1 and one[first : last + 1] == other[first : last + 1][::-1]
        return first == last or is_swap
    short, long = sorted((one, other), key=len)
    is_one_more = len(long) == len(short) + 1
    return is_one_more and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def near_pairs(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of words that are equal once a letter of one or of each is left out."""
    alike: dict[str, set[str]] = defaultdict(set)
    for word in words:
        for form in (word, *(word[:at] + word[at + 1 :] for at in range(len(word)))):
            alike[form].add(word)
    pairs = {pair for found in alike.values() for pair in itertools.combinations(sorted(found), 2)}
    yield from (pair for pair in sorted(pairs) if is_near(*pair))


def test_words_are_those_that_chance_points_at() -> None:
    drawn = passphrases.generate_passphrase(("a", "b", "c"), 6, source(0, 1, 2, 3, 4, 5))
    assert drawn == ("a", "b", "c", "a", "b", "c")


def test_numbers_of_the_uneven_rest_are_drawn_again() -> None:
    highest = 2**32 - 1  # the rest of 2**32 by 3 is 1, so this one would favour the first word
    drawn = passphrases.generate_passphrase(
        ("a", "b", "c"), 6, source(highest, 1, 1, highest, 2, 2, 0, 0)
    )
    assert drawn == ("b", "b", "c", "c", "a", "a")


def test_highest_number_counts_where_nothing_is_left_over() -> None:
    drawn = passphrases.generate_passphrase(("a", "b"), 6, source(*[2**32 - 1] * 6))
    assert drawn == ("b",) * 6


@pytest.mark.parametrize("size", [3, 1099, 1117, 2048])
def test_every_word_is_as_likely_as_any_other(size: int) -> None:
    words = [str(number) for number in range(size)]
    drawn = Counter(
        word
        for start in range(0, 6 * size, 6)
        for word in passphrases.generate_passphrase(words, 6, source(*range(start, start + 6)))
    )
    assert set(drawn.values()) == {6}
    assert len(drawn) == size


@pytest.mark.parametrize("count", [0, 1, 5])
def test_fewer_than_six_words_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match=str(count)):
        passphrases.generate_passphrase(("a", "b"), count, source())


@pytest.mark.parametrize("words", [(), ("a",)])
def test_list_that_is_no_choice_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="6"):
        passphrases.generate_passphrase(words, 6, source(*range(6)))


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("", ""),
        ("   ", ""),
        ("Maple LANTERN", "maple lantern"),
        ("  maple \t lantern\u00a0orbit ", "maple lantern orbit"),
        ("И\u0306ОГУРТ", "йогурт"),
        ("ВЕСНА Зима", "весна зима"),
    ],
)
def test_neither_capitals_nor_spaces_nor_composition_matter(typed: str, plain: str) -> None:
    assert passphrases.normalize_passphrase(typed) == plain


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("", 0),
        ("map", 0),
        ("maple", 1),
        ("MAPLE   Lantern", 2),
        ("maple lantern orb", 2),
        ("maple orbit lantern", 1),
        ("lantern lantern orbit", 0),
        ("maple lantern orbit pebble maple violin", 6),
        ("maple lantern orbit pebble maple violin more", 6),
    ],
)
def test_right_words_are_counted_up_to_the_first_wrong_one(typed: str, right: int) -> None:
    assert passphrases.count_matching_words(typed, WORDS) == right


@pytest.mark.parametrize(
    ("typed", "is_whole"),
    [
        (" ".join(WORDS), True),
        (" ".join(WORDS).upper() + "  ", True),
        (" ".join(WORDS[:5]), False),
        (" ".join(WORDS) + " more", False),
        ("", False),
    ],
)
def test_whole_means_all_words_and_nothing_else(typed: str, is_whole: bool) -> None:
    assert passphrases.is_complete(typed, WORDS) is is_whole


@pytest.mark.parametrize(
    ("typed", "is_astray"),
    [
        ("", False),
        (" ", False),
        ("m", False),
        ("Maple  lan", False),
        ("maple lantern ", False),
        ("maple lam", True),
        ("maple lan ", True),
        ("maple,", True),
        (" ".join(WORDS), False),
        (" ".join(WORDS) + " ", False),
        (" ".join(WORDS) + " more", True),
    ],
)
def test_astray_means_that_typing_on_cannot_help(typed: str, is_astray: bool) -> None:
    assert passphrases.is_off_track(typed, WORDS) is is_astray


@EACH_LIST
def test_list_is_long_enough_and_in_order(code: str) -> None:
    words = listed(code)
    assert 1024 <= len(words) <= 2048
    assert words == sorted(set(words))


@EACH_LIST
def test_words_are_short_and_can_be_typed_on_any_keyboard_of_their_script(code: str) -> None:
    for word in listed(code):
        assert 4 <= len(word) <= 8
        assert set(word) <= LETTERS[code]
        assert unicodedata.is_normalized("NFC", word)


@EACH_LIST
def test_four_letters_are_enough_to_know_a_word(code: str) -> None:
    words = listed(code)
    assert len({word[:4] for word in words}) == len(words)


@EACH_LIST
def test_no_word_is_a_slip_of_another(code: str) -> None:
    assert list(near_pairs(listed(code))) == []


@EACH_LIST
def test_list_names_its_source_and_licence(code: str) -> None:
    text = (LISTS / "SOURCE.txt").read_text(encoding="utf-8")
    about = text[text.index(f"{code}.txt  ") :].split("\n\n")[0]
    assert "licence" in about


@pytest.mark.parametrize(
    ("one", "other", "is_slip"),
    [
        ("maple", "mable", True),
        ("maple", "maples", True),
        ("diary", "dairy", True),
        ("maple", "mapels", False),
        ("orbit", "pebble", False),
    ],
)
def test_slip_is_one_letter_or_a_swap(one: str, other: str, is_slip: bool) -> None:
    assert is_near(one, other) is is_slip


# a new passphrase


SHORT = (
    "", " ", "\t\n", "kort", "a b c d e f", "\u200b" * 40, "\u3164" * 40, "\u2800" * 40,
    "kort" + "\u200b" * 40, "kort" + " " * 40, "\u00ad".join("kort ord"),
    "\x00" * 20, "\u034f" * 20,
)  # fmt: skip
WEAK = (
    "aaaaaaaaaaaa", "            a" * 12, "ababababababab", "abcabcabcabcab", "123456789012",
    "098765432109", "abcdefghijklm", "qwertyuiopas", "qwertyuiop1234567890", "йцукенгшщзхъ",
    "passwordpassword", "Password 12345", "password password password", "lösenord 2026!",
    "1qaz2wsx3edc", "öppna öppna öppna öppna", "asdfghjkl asdfghjkl", "пароль пароль 1234",
    "Alder House 2026", "alderhouse 123", "House of Alder", "...............",
    "".join(map(chr, range(0xFF11, 0xFF1A))) * 2, "P@$$w0rd1234", "p a s s w o r d 12",
    "pаsswоrd12345", "losenord 2026", "drowssap drowssap", "A.l.d.e.r-H.o.u.s.e",
    "1.2.3.4.5.6.7.8.9 123a",
    "19850314-1234", "+46 70 174 06 33", "112233445566", "1q2w3e4r5t6y", "qazwsxedcrfv",
    "abc123def456",
)  # fmt: skip


@pytest.mark.parametrize("typed", SHORT)
def test_passphrase_of_few_visible_signs_is_refused(typed: str) -> None:
    with pytest.raises(KfdeskError) as refused:
        passphrases.check_new_passphrase(typed)
    assert refused.value.code == "user.short_passphrase"


@pytest.mark.parametrize("typed", WEAK)
def test_passphrase_that_can_be_foreseen_is_refused(typed: str) -> None:
    with pytest.raises(KfdeskError) as refused:
        passphrases.check_new_passphrase(typed, "Alder House")
    assert refused.value.code == "user.weak_passphrase"


@pytest.mark.parametrize("code", LETTERS)
def test_drawn_words_are_always_accepted(code: str) -> None:
    words = sorted(listed(code), key=len)
    for start in range(0, len(words) - 6, 3):
        drawn = " ".join(words[start : start + 6])
        assert passphrases.check_new_passphrase(drawn, f"The {words[start]} House") == drawn


def test_new_passphrase_is_returned_as_it_counts() -> None:
    checked = passphrases.check_new_passphrase("  Maple lantern ORBIT  pebble maple violin ")
    assert checked == " ".join(WORDS)
