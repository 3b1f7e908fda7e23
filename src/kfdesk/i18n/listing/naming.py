# SPDX-License-Identifier: GPL-3.0-or-later
"""Codes of countries and languages by their names, as people write them in many languages.

The other way round than `formats.py`: a list that somebody else made says *Schweden*, *Швеция* or
*SE*. Read from the tables of CLDR at the first question. Knows no record.
"""

from collections.abc import Mapping
from functools import cache

from babel import Locale

from kfdesk.domain.letters.folding import simple
from kfdesk.domain.world import COUNTRIES, LANGUAGES

_SPOKEN = (
    "en", "sv", "ru", "et", "lv", "lt", "fi", "pl", "de", "uk", "nb", "da", "fr", "es", "it", "ro",
)  # fmt: skip
_OTHERS: Mapping[str, str] = {
    "usa": "US", "u s a": "US", "united states of america": "US", "uk": "GB", "england": "GB",
    "great britain": "GB", "russian federation": "RU", "российская федерация": "RU",
    "czech republic": "CZ", "turkey": "TR", "macedonia": "MK", "vatican": "VA", "holland": "NL",
    "belorussia": "BY", "vitryssland": "BY", "moldavien": "MD", "ryska federationen": "RU",
}  # fmt: skip
"""Names that are used beside those of CLDR."""


def country_code(text: str) -> str:
    """The code of a country that was named or given by its code; empty if nobody knows it."""
    code = text.strip().upper()
    return code if code in COUNTRIES else _countries().get(_plain(text), "")


def country_name(code: str) -> str:
    """The English name of a country, which readers of other programs know; empty for no code."""
    return str(Locale.parse("en").territories.get(code, code))


def language_code(text: str) -> str:
    """The code of a language of ours that was named; a remark in brackets does not matter."""
    word = text.partition("(")[0].strip()
    code = word.lower().partition("-")[0]
    return code if code in LANGUAGES else _languages().get(_plain(word), "")


@cache
def _countries() -> Mapping[str, str]:
    found = {_plain(name): code for name, code in _OTHERS.items()}
    for spoken in _SPOKEN:
        names = Locale.parse(spoken).territories
        found |= {_plain(names[code]): code for code in COUNTRIES if code in names}
    return found


@cache
def _languages() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for spoken in _SPOKEN:
        names = Locale.parse(spoken).languages
        found |= {_plain(names[code]): code for code in LANGUAGES if code in names}
    return found


def _plain(text: str) -> str:
    return " ".join(simple(text).replace(".", " ").replace("-", " ").split())
