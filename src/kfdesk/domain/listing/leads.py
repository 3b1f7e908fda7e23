# SPDX-License-Identifier: GPL-3.0-or-later
"""The words that lead to an entry of the directory, and those that somebody looks for.

Both sides are made here, so that they fit: bare letters and sounds of names, digits of telephones,
and codes such as a country or a service. What stays covered from some users leads nowhere, because
who finds an entry by it has learned it. Pure: knows no index and no language.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from kfdesk.domain.letters.folding import Word, bare_words, fold
from kfdesk.domain.letters.ordering import Order, nordic_key, plain_key
from kfdesk.domain.rows import View
from kfdesk.domain.values import About

FEWEST_DIGITS = 4  # fewer stand in nearly every number
FEWEST_LETTERS = 4  # a shorter word with an error in it would be like too many others
MARKS = "~=#@_"
"""What a word that is more than letters begins with, or has in it."""

_SOUND, _TITLE, _DIGITS, _CODE = "~", "=", "#", "@"
_TITLES = {"organisation": ("name",), "contact": ("given_name", "family_name")}
_NAMES = {"organisation": ("other_name", "city"), "contact": ()}
_HOUSE = ("name", "other_name", "city")
_TEXTS = {
    "organisation": ("offers", "email", "website", "note"),
    "contact": ("role", "email", "note"),
}
FACETS = ("country", "services", "populations", "languages", "networks")
"""The fields of an organisation by which a list is narrowed, and that of its people."""

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ"
_HEARD = "abdefgiklmnoprstuvшх"
_HUSHED = str.maketrans("SX", "шх")
"""An index does not tell capitals from small letters, but a sound does."""


@dataclass(frozen=True, slots=True)
class Leads:
    """What leads to an entry: its words, and where it stands in a list."""

    words: str = field(repr=False)
    plain: str = field(repr=False)
    nordic: str = field(repr=False)
    checked: str = ""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: of each of `words` one must begin a word of the entry.

    Entries of which one of `first` begins the name come first; `codes` must all be there.
    `since` and `before` are days as they are stored, between which an entry was checked. Of
    `ranks`, what is found by the first stands above the rest, and so on.
    """

    words: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    first: tuple[str, ...] = field(default=(), repr=False)
    codes: tuple[str, ...] = ()
    since: str = ""
    before: str = ""
    order: Order = Order.LATIN
    ranks: tuple["Sought", ...] = field(default=(), repr=False)


def leads_of(entry: View[Any], house: View[Any] | None, numbers: Iterable[str]) -> Leads:
    """What leads to an organisation or a person, who is also found by whom she works for.

    `house` is her organisation, `numbers` are the telephones that stand below the entry.
    """
    kind = entry.row.type
    title, others = _TITLES[kind], _NAMES[kind]
    name = " ".join(_texts(entry, title))
    named = fold(name)
    more = fold(*_texts(entry, others), *(_texts(house, _HOUSE) if house is not None else ()))
    own = _texts(entry, ("phone",)) if kind == "contact" else ()
    found = [
        *_spoken((*named, *more)),
        *bare_words(*_texts(entry, _TEXTS[kind])),
        *_joined(named),
        *(_DIGITS + tail for number in (*numbers, *own) for tail in _tails(digits_of(number))),
        code_word("type", kind),
        *_codes(house or entry),
    ]
    day = _day(getattr((house or entry).record, "checked", None))
    return Leads(" ".join(dict.fromkeys(found)), plain_key(name), nordic_key(name), day)


def title_words(typed: str) -> tuple[str, ...]:
    """A name as one word, whatever stands between its parts; empty where it has no letter."""
    return _joined(fold(typed))


def _joined(words: Sequence[Word]) -> tuple[str, ...]:
    letters = "".join(word.letters for word in words)
    sound = "".join(map(_heard, words))
    return tuple(_TITLE + one for one in (letters, _SOUND + sound if len(sound) > 1 else "") if one)


def code_word(key: str, code: str) -> str:
    """The word for a code of a field, such as the country EE."""
    return f"{_CODE}{key}_{code.lower()}"


def word_leads(word: Word) -> tuple[str, ...]:
    """What a typed word may begin: letters or, of more than one, a sound."""
    return (word.letters, _SOUND + _heard(word)) if len(word.sound) > 1 else (word.letters,)


def near_leads(word: Word) -> tuple[str, ...]:
    """What a typed word may begin if one letter of it is wrong, missing, too much or misplaced."""
    if len(word.letters) < FEWEST_LETTERS:
        return word_leads(word)
    signs = _CYRILLIC if word.letters[0] in _CYRILLIC else _LATIN
    near = dict.fromkeys(_one_off(word.letters, signs))
    if len(word.sound) >= FEWEST_LETTERS:
        near |= dict.fromkeys(_SOUND + one for one in _one_off(_heard(word), _HEARD))
    return (*word_leads(word), *near)


def digit_leads(typed: str) -> tuple[str, ...]:
    """What typed digits may begin; empty where they are too few."""
    digits = digits_of(typed)
    return (_DIGITS + digits,) if len(digits) >= FEWEST_DIGITS else ()


def digits_of(text: str) -> str:
    """The digits of a telephone number, without what is dialled before the country or town."""
    bare = text.replace("(0)", "")
    return "".join(sign for sign in bare if sign.isdecimal()).lstrip("0")


def _spoken(words: Iterable[Word]) -> Iterator[str]:
    for word in words:
        yield from (word.letters, _SOUND + _heard(word)) if word.sound else (word.letters,)


def _heard(word: Word) -> str:
    return word.sound.translate(_HUSHED)


def _tails(digits: str) -> Iterator[str]:
    """The digits from each place on, so that any part of a number begins one of them."""
    for begin in range(max(0, len(digits) - FEWEST_DIGITS + 1)):
        yield digits[begin:]


def _codes(seen: View[Any]) -> Iterator[str]:
    for key in FACETS:
        for value in _values(seen, key):
            codes = value if isinstance(value, tuple) else (value,)
            yield from (code_word(key, code) for code in codes if isinstance(code, str))


def _texts(seen: View[Any], keys: Iterable[str]) -> tuple[str, ...]:
    found = (value for key in keys for value in _values(seen, key))
    return tuple(value for value in found if isinstance(value, str))


def _values(seen: View[Any], key: str) -> Iterator[Any]:
    """A field's value; of one in conflict all that it may come to mean."""
    yield getattr(seen.record, key, None)
    yield from (version.value for version in seen.versions.get(key, ()))


def _day(checked: object) -> str:
    if isinstance(checked, About):
        return checked.text
    return checked.isoformat() if isinstance(checked, date) else ""


def _one_off(word: str, signs: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
            yield from (head + sign + tail[1:] for sign in signs)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + sign + tail for sign in signs)
