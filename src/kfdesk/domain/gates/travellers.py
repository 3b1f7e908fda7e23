# SPDX-License-Identifier: GPL-3.0-or-later
"""Who travels, and who of them counts as a child.

In doubt everybody is a child: an age that nobody knows, that is disputed or in conflict, or a band
that begins below eighteen. Then the gates for children hold, and nobody can set them aside.
"""

from datetime import date
from typing import Any

from kfdesk.domain.gates.situation import Situation
from kfdesk.domain.rows import View
from kfdesk.domain.values import About, Gap

MAJORITY = 18
_AGE = frozenset({"birth_date", "age_band", "age_disputed"})


def children(s: Situation) -> tuple[View[Any], ...]:
    """The travellers of the plan that count as children: the client first."""
    travellers: tuple[View[Any], ...] = (s.client, *companions(s))
    return tuple(person for person in travellers if is_child(person, s.at.date()))


def companions(s: Situation) -> tuple[View[Any], ...]:
    """Those who travel with the client, and those of whom nobody knows whether they do."""
    return tuple(
        person
        for person in s.relationships
        if person.record.travels_with is True
        or isinstance(person.record.travels_with, Gap)
        or "travels_with" in person.conflicts
    )


def is_child(person: View[Any], on: date) -> bool:
    """Whether a client, or somebody close to her, counts as a child on that day."""
    record = person.record
    if person.conflicts & _AGE or getattr(record, "age_disputed", None) not in (None, False):
        return True
    answers = [_born_too_late(record.birth_date, on), _is_young_band(record.age_band)]
    known = [answer for answer in answers if answer is not None]
    return not known or any(known)


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
