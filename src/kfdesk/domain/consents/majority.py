# SPDX-License-Identifier: GPL-3.0-or-later
"""Who counts as a child.

In doubt everybody does: an age that nobody knows, that is disputed or in conflict, or a band that
begins below eighteen.
"""

from datetime import date
from typing import Any

from kfdesk.domain.rows import View
from kfdesk.domain.values import About, Gap

MAJORITY = 18
_AGE = frozenset({"birth_date", "age_band", "age_disputed"})
PEOPLE = frozenset({"client", "relationship"})
TELLING = _AGE | {"travels_with"}
"""What makes somebody a child on a journey, or none."""


def is_child(person: View[Any], on: date) -> bool:
    """Whether a client, or somebody close to her, counts as a child on that day."""
    record = person.record
    if person.conflicts & _AGE or getattr(record, "age_disputed", None) not in (None, False):
        return True
    answers = [_born_too_late(record.birth_date, on), _is_young_band(record.age_band)]
    known = [answer for answer in answers if answer is not None]
    return not known or any(known)


def travels(person: View[Any]) -> bool:
    """Whether somebody goes along, or nobody knows; the client always does."""
    if not hasattr(person.record, "travels_with"):
        return True
    along = person.record.travels_with
    return along is True or isinstance(along, Gap) or "travels_with" in person.conflicts


def is_unmade(before: View[Any], after: View[Any], on: date) -> bool:
    """Whether a child on a journey would be none any more."""
    was, stays = (
        not one.is_deleted and travels(one) and is_child(one, on) for one in (before, after)
    )
    return was and not stays


def _born_too_late(born: object, on: date) -> bool | None:
    if isinstance(born, date):
        return (on.year - born.year, on.month, on.day) < (MAJORITY, born.month, born.day)
    if isinstance(born, About):
        year, _, month = born.text.partition("-")  # the youngest that she can be
        return (on.year - int(year), on.month) <= (MAJORITY, int(month or 12))
    return None


def _is_young_band(band: object) -> bool | None:
    if not isinstance(band, str):
        return None
    begins = next((part for part in band.split("_") if part.isdecimal()), "0")
    return int(begins) < MAJORITY
