# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters as they are compared: plain, small, without what is not seen, whatever they look like.

A word that is written with letters of two alphabets, or with digits for letters, is read in every
way that a person may read it. Knows no list and no secret.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_REMEMBERED = 16_384
"""Words that are remembered while the store is open: a page says most of them often."""

_BROKEN = re.compile(r"[\ufffe\u00ad\u2010\u2011-](?=\s*[\r\n])\s*|\ufffe\s*")
"""A hyphen at the end of a line, and the mark that a reader of pages puts in its place."""

_SPECIAL = str.maketrans({
    "ё": "е", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    "ŋ": "n", "ħ": "h", "ŧ": "t", "ґ": "г",
})  # fmt: skip
"""Letters that Unicode does not take apart."""

_LATIN_LOOK = str.maketrans({
    "а": "a", "в": "b", "е": "e", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p", "с": "c",
    "т": "t", "у": "y", "х": "x", "і": "i", "ј": "j", "ѕ": "s", "ԁ": "d", "ԛ": "q", "ԝ": "w",
    "һ": "h", "ӏ": "l", "ь": "b",
    "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "m", "ν": "v", "ο": "o",
    "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "ζ": "z", "γ": "y", "σ": "o", "ω": "w",
})  # fmt: skip
_CYRILLIC_LOOK = str.maketrans({
    "a": "а", "b": "в", "e": "е", "k": "к", "m": "м", "h": "н", "o": "о", "p": "р", "c": "с",
    "t": "т", "y": "у", "x": "х", "i": "і", "j": "ј", "s": "ѕ",
    "α": "а", "β": "в", "ε": "е", "η": "н", "ι": "і", "κ": "к", "μ": "м", "ν": "н", "ο": "о",
    "ρ": "р", "τ": "т", "υ": "у", "χ": "х", "γ": "у", "π": "п", "φ": "ф", "λ": "л", "δ": "д",
})  # fmt: skip
_LATIN_DIGITS = (str.maketrans("01345", "oiaes"), str.maketrans("01345", "oleas"))
_CYRILLIC_DIGITS = (str.maketrans("0346", "озчб"),)
_SILENT = re.compile(r"(?<=\w)['\u2019\u02bc`\u00b4\u02b9](?=\w)")
_WORD = re.compile(r"[^\W_]+")


class Token(NamedTuple):
    """A word or number of a page: as it is compared, as it stands there, and where."""

    text: str
    raw: str
    start: int
    end: int

    @property
    def marked(self) -> str:
        """In small letters that still have their marks, for a spelling to read."""
        return small(self.raw)

    @property
    def is_capital(self) -> bool:
        """Whether it stands there with a capital letter."""
        return self.raw[:1].isupper()


def seen(text: str) -> str:
    """The text as it is read: no invisible signs, words whole that were broken over a line."""
    whole = _BROKEN.sub("", text)
    if not whole.isascii():
        whole = unicodedata.normalize("NFKC", whole).translate(_SHOWN)
    return _SILENT.sub("", whole)


@lru_cache(maxsize=_REMEMBERED)
def small(text: str) -> str:
    """The text in small composed letters that still have their marks, for a spelling to read."""
    return unicodedata.normalize("NFC", seen(text).casefold())


@lru_cache(maxsize=_REMEMBERED)
def normal(text: str) -> str:
    """The text as it is compared: small, without marks; ё is е, й is и, å is a, ł is l."""
    apart = unicodedata.normalize("NFKD", small(text).translate(_SPECIAL))
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).translate(_SPECIAL)


def tokens(text: str) -> tuple[Token, ...]:
    """The words and numbers of a text as `seen` gives it, in their order."""
    return tuple(
        Token(normal(found.group()), found.group(), found.start(), found.end())
        for found in _WORD.finditer(text)
    )


def words(text: str) -> tuple[str, ...]:
    """The words and numbers of any text, in small letters with their marks."""
    return tuple(token.marked for token in tokens(seen(text)))


def plain(text: str) -> str:
    """A whole text as it is compared: its words with single spaces between them."""
    return " ".join(token.text for token in tokens(seen(text)))


@lru_cache(maxsize=_REMEMBERED)
def readings(word: str) -> tuple[str, ...]:
    """A normal word in each way in which it may be read: look-alikes taken for what they look."""
    return tuple(_readings(word))


def _readings(word: str) -> Iterator[str]:
    yield word
    if word.isdigit():
        return
    latin, cyrillic = word.translate(_LATIN_LOOK), word.translate(_CYRILLIC_LOOK)
    ways = {latin, *(latin.translate(table) for table in _LATIN_DIGITS)}
    yield from (way for way in ways if way != word and way.isascii())
    ways = {cyrillic, *(cyrillic.translate(table) for table in _CYRILLIC_DIGITS)}
    yield from (way for way in ways if way != word and all(map(_is_other, way)))


def _is_other(sign: str) -> bool:
    return is_cyrillic(sign) or sign.isdigit()


def is_cyrillic(text: str) -> bool:
    """Whether a letter of it is Cyrillic."""
    return any("\u0400" <= sign <= "\u052f" for sign in text)


class _Shown(dict[int, str]):
    """By the number of each sign that was met how it is shown."""

    def __missing__(self, number: int) -> str:
        self[number] = shown = _shown(chr(number))
        return shown


_SHOWN = _Shown()


def _shown(sign: str) -> str:
    if unicodedata.category(sign) in ("Cf", "Mn", "Me") and not unicodedata.combining(sign):
        return ""
    if sign.isdigit():
        return str(unicodedata.digit(sign))
    return "" if sign in "\u034f\u115f\u1160\u3164\ufffe" else sign
