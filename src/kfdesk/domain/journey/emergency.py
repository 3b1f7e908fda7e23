# SPDX-License-Identifier: GPL-3.0-or-later
"""Which emergency number a carried paper shows: one that answers along the whole way, or none.

A wrong number is worse than none, so a country that nobody is sure of counts as one without 112,
and one that is not here at all has no number. Knows no record and no sentence.

Source: the short-number metadata of libphonenumber 9.0.42, read country by country. Every number
here stands there both as an emergency number of its country and as free of charge. Which service
answers it does not say: that 190, 122, 110, 191 and 113 are the police's is said by public lists
of emergency numbers alone.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

EVERYWHERE = "112"
# Where 112 answers, free of charge, from any phone: the European Union and EEA, and the neighbours
# that have taken the number over. Bosnia and Herzegovina and San Marino have not, by the source.
_WITH_112 = """
AD AL AT BE BG BY CH CY CZ DE DK EE ES FI FR GB GE GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL
NO PL PT RO RS RU SE SI SK TR UA
"""
_ANSWERS_112 = frozenset(_WITH_112.split())
# Farther away the number that helps fastest: the police's, or one for all.
_LOCAL: Mapping[str, str] = {
    "BA": "122",
    "BR": "190",
    "CA": "911",
    "CN": "110",
    "PH": "911",
    "TH": "191",
    "US": "911",
    "VN": "113",
}


class Emergency(NamedTuple):
    """A number, and the country where it answers (ISO 3166-1); empty for everywhere on the way."""

    number: str
    country: str = ""


def emergency_on(way: Iterable[str]) -> Emergency | None:
    """The number for a way through these countries, transit too; an empty one is an unknown one.

    Where one country of them lacks 112, its own number is shown; where several do, none is.
    """
    others = sorted(set(way) - _ANSWERS_112)
    if not others:
        return Emergency(EVERYWHERE)
    if len(others) > 1 or others[0] not in _LOCAL:
        return None
    return Emergency(_LOCAL[others[0]], others[0])
