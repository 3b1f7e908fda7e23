# SPDX-License-Identifier: GPL-3.0-or-later
"""Quick find: the records that a few typed letters lead to, the likeliest first.

What is typed is compared folded (`domain/letters`), so that every spelling of a name finds it.
Who asks at each keystroke gathers once and matches often; matching is pure and its order is the
same each time. Writes nothing and logs nothing: nobody learns what was looked for.
"""

import re
from collections.abc import Sequence

from kfdesk.domain.letters.folding import Word, begins, fits, fold
from kfdesk.services.desk import Desk
from kfdesk.services.finding.entries import Entry, Hit, Kind, digits_of, gather
from kfdesk.services.policy.access import DIRECTORY_READING

_NUMBER = re.compile(r"[\d\s()+./-]+")
_FEWEST_DIGITS = 3
_ORDER = tuple(Kind)


def find(desk: Desk, typed: str, limit: int) -> tuple[Hit, ...]:
    """At most `limit` records that fit what was typed; nothing typed finds nothing.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READING)
    return match(gather(desk), typed, limit)


def match(entries: Sequence[Entry], typed: str, limit: int) -> tuple[Hit, ...]:
    """The entries that fit: those whose code or name begins so, then others shown, then hidden."""
    asked, digits = fold(typed), _digits(typed)
    ranked = ((_rank(entry, asked, digits), entry) for entry in entries)
    found = sorted((_place(rank, entry), entry.hit) for rank, entry in ranked if rank is not None)
    return tuple(hit for _, hit in found[:limit])


def _rank(entry: Entry, asked: Sequence[Word], digits: str) -> int | None:
    """How well an entry fits, 0 best; None where it does not."""
    if begins(entry.title, asked):
        return 0
    if fits(entry.shown, asked):
        return 1
    if fits((*entry.shown, *entry.hidden), asked):
        return 2
    return 3 if digits and digits in entry.digits else None


def _place(rank: int, entry: Entry) -> tuple[int, int, tuple[str, ...], bytes]:
    title = tuple(word.letters for word in entry.title)
    return rank, _ORDER.index(entry.hit.kind), title, entry.hit.rid


def _digits(typed: str) -> str:
    digits = digits_of(typed) if _NUMBER.fullmatch(typed) else ""
    return digits if len(digits) >= _FEWEST_DIGITS else ""
