# SPDX-License-Identifier: GPL-3.0-or-later
"""The order of names in a list, as readers of a language expect it.

Two keys serve the languages of the window: Swedish has å, ä and ö after z, English and Russian
read them as a and o. Whether Cyrillic or Latin names come first is the list's. Pure.
"""

import unicodedata
from enum import StrEnum

from kfdesk.domain.letters.folding import simple

_SHORT_I, _KEPT = "й", "\ue000"
"""A letter of its own, unlike ё: it is kept while marks are taken off."""

_AFTER_Z = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"})
FIRST_CYRILLIC = "\u0400"


class Order(StrEnum):
    """For whom a list is put in order."""

    LATIN = "latin"
    NORDIC = "nordic"
    CYRILLIC = "cyrillic"


def order_of(language: str) -> Order:
    """The order in which a language of the window reads a list."""
    return {"sv": Order.NORDIC, "ru": Order.CYRILLIC}.get(language, Order.LATIN)


def plain_key(name: str) -> str:
    """Where a name stands for those who read å as a and ё as е; й stands after и."""
    return _sorted(_small(name))


def nordic_key(name: str) -> str:
    """Where a name stands for those who have å, ä and ö after z."""
    return _sorted(_small(name).translate(_AFTER_Z))


def _small(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _sorted(small: str) -> str:
    """Without marks; signs before the first letter, such as a quotation mark, do not count."""
    key = simple(small.replace(_SHORT_I, _KEPT)).replace(_KEPT, _SHORT_I)
    return " ".join(key.lstrip("\"'«»„“”‘’()[]-–* ").split())
