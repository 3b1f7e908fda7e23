# SPDX-License-Identifier: GPL-3.0-or-later
"""Most words of a page are passed over by their beginnings: nothing that was found is lost."""

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kfdesk.domain.leak_check import secrets as found_in
from kfdesk.domain.leak_check.secrets import KeyStarts, Secret, SecretIndex, SecretKind
from kfdesk.domain.leak_check.spelling import (
    _TABLES,
    Spelling,
    all_spellings,
    casefold_text,
    form_starts,
    normalize_word,
    reading_starts,
    tokenize,
    visible_text,
)

_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяієїґ"
_WORDS = st.text(_LETTERS, min_size=1, max_size=12)
_LATIN = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14)
_NAMES = st.sampled_from(
    ("Нина", "Щербакова", "Ольга", "Юлия", "Ева", "Яна", "Ия", "Anna", "Lindqvist", "Жанна",
     "Ёлкина", "Тока", "Єва", "Ann-Marie", "Шура")
)  # fmt: skip
_TEXTS = st.lists(
    st.one_of(
        _WORDS,
        _NAMES,
        _NAMES.map(str.lower),
        st.text(f"{_LETTERS}abcehkmnoprstxyАВЕ01", min_size=1, max_size=9),
        st.sampled_from(("ни на", "Щер бакова", "О л ь г а", "Нiна", "Hина", "Ниной", "KF-12")),
    ),
    max_size=12,
).map(" ".join)  # fmt: skip
_SECRETS = st.lists(
    st.one_of(
        _NAMES.map(lambda name: Secret(SecretKind.NAME, name)),
        _WORDS.map(lambda word: Secret(SecretKind.NAME, word)),
        st.sampled_from(("KF-12", "ABCD", "тайна", "SE-2026-4")).map(
            lambda code: Secret(SecretKind.NUMBER, code)
        ),
        st.just(Secret(SecretKind.SEALED, "Дом у реки")),
    ),
    max_size=5,
)


def _hits(text: str, secrets: list[Secret]) -> list[tuple[Secret, str]]:
    index = SecretIndex.of(secrets)
    return [(one.secret, one.words) for one in index.find(tokenize(visible_text(text)), {})]


@given(_TEXTS, _SECRETS)
def test_same_secrets_are_found_as_without_the_beginnings(text: str, secrets: list[Secret]) -> None:
    quick = _hits(text, secrets)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KeyStarts, "may_have", lambda _self, _word: True)
        assert _hits(text, secrets) == quick


@given(_WORDS | _LATIN, _WORDS | _LATIN)
def test_word_whose_form_begins_with_a_key_is_never_passed_over(word: str, other: str) -> None:
    for form in found_in._respellings(word):
        for length in range(1, len(form) + 1):
            starts = KeyStarts()
            starts.add(form[:length])
            assert starts.may_have(word), (form, length)
    starts = KeyStarts()
    starts.add(normalize_word(other))
    if not starts.may_have(word):
        own = normalize_word(other)
        assert not any(form.startswith(own) for form in found_in._respellings(word))


@given(_WORDS | _LATIN | st.just("schtscherbakowa"))
def test_every_form_begins_as_the_first_letters_say(word: str) -> None:
    starts = [form for start in reading_starts(word) for form in form_starts(start)]
    assert starts
    for form in found_in._respellings(word):
        assert any(form.startswith(one) or one.startswith(form) for one in starts), form


def _sounds(word: str, table: Mapping[str, str]) -> Iterator[str]:
    """Yield what each letter adds, worked out anew for each."""
    before, vowels = "", "аеёиоуыэюяєіїъь"
    for sign in word:
        opens = not before or before in vowels
        first = table.get(f"^{sign}") if not before else None
        special = first or (table.get(f"'{sign}") if opens else table.get(before + sign))
        if special is not None and not opens:
            yield special[len(table[before]) :]
        else:
            yield special if special is not None else table.get(sign, sign)
        before = sign


@given(st.text(f"{_LETTERS}ўјљåñ az1", max_size=14))
@example("åйå ёж")
def test_word_is_spelt_as_its_table_says(word: str) -> None:
    own = casefold_text(word)
    said = [normalize_word("".join(_sounds(own, _TABLES[one]))) for one in Spelling]
    assert list(all_spellings(word)[1:]) == said


def test_index_without_names_passes_everything_over() -> None:
    assert not KeyStarts().may_have("нина")
    assert _hits("нина nina KF-12", []) == []


def test_short_key_and_short_word_are_met() -> None:
    starts = KeyStarts()
    starts.add("ев")
    assert starts.may_have("еву")
    assert starts.may_have("евграфовна")
    assert not starts.may_have("жилище")
    assert starts.may_have("evgraf")
    assert not starts.may_have("listing")
    assert not starts.may_have("qxwing")


@pytest.mark.parametrize("word", ["нина1", "Нина", "", "нин а", "nин", "kf1", "ñ"])
def test_word_of_other_letters_has_no_start(word: str) -> None:
    assert reading_starts(word) == ()
    starts = KeyStarts()
    starts.add("z")
    assert starts.may_have(word)


def test_word_that_can_be_read_in_the_other_alphabet_has_both_starts() -> None:
    assert {"cat", "сат"} <= set(reading_starts("cat"))
    assert {"тока", "toka"} <= set(reading_starts("тока"))
    assert "i" in reading_starts("ї")
    assert reading_starts("ґанок") == ("ґанок", "ганок")
    assert reading_starts("нина") == ("нина",)
    assert reading_starts("nina") == ("nina",)
