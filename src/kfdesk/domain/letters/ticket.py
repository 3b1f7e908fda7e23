# SPDX-License-Identifier: GPL-3.0-or-later
"""A name in Cyrillic letters as a ticket may write it: in each Latin spelling that carriers take.

Only proposals: which one stands in her passport, a person sees there and chooses. The way back is
not offered, since one Latin name may be several Cyrillic ones. Pure; knows no record.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from kfdesk.domain.carry.letters import is_cyrillic
from kfdesk.domain.carry.spelling import Spelling, in_spelling

_WORD = re.compile("[^\\W\\d_]+(?:['\u2019\u02bc][^\\W\\d_]+)*")
_UKRAINIAN = re.compile("[іїєґ]", re.IGNORECASE)
_ORDER = (
    Spelling.PASSPORT, Spelling.UKRAINIAN, Spelling.BGN, Spelling.SWEDISH, Spelling.GERMAN,
    Spelling.POLISH,
)  # fmt: skip
"""ISO 9 is a library's: without its marks, which no ticket has, several names become one."""


def ticket_spellings(name: str) -> Mapping[str, tuple[Spelling, ...]]:
    """The name in Latin letters, each way once, with the spellings that write it so.

    Capitals stay capitals; a name without Cyrillic letters has none. The Ukrainian passport's
    comes first where a letter is Ukrainian alone.
    """
    if not is_cyrillic(name):
        return MappingProxyType({})
    first = Spelling.UKRAINIAN if _UKRAINIAN.search(name) else Spelling.PASSPORT
    found: dict[str, tuple[Spelling, ...]] = {}
    for spelling in sorted(_ORDER, key=lambda one: one is not first):
        spelt = _spelt(name, spelling)
        found[spelt] = (*found.get(spelt, ()), spelling)
    return MappingProxyType(found)


def _spelt(name: str, spelling: Spelling) -> str:
    return _WORD.sub(lambda found: _respelt(found.group(), spelling), name)


def _respelt(word: str, spelling: Spelling) -> str:
    if not is_cyrillic(word):
        return word
    spelt = in_spelling(word, spelling)
    if word.isupper() and len(word) > 1:
        return spelt.upper()
    return spelt.capitalize() if word[0].isupper() else spelt
