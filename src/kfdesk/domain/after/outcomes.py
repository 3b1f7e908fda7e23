# SPDX-License-Identifier: GPL-3.0-or-later
"""How she fares over time: ten areas from 0 to 4, and when somebody must look at once.

What was not asked leaves a gap in the course; nothing is filled in. Pure: knows no store.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kfdesk.domain.lists.after_codes import SCORE
from kfdesk.domain.records.after.follow_up import AREAS, FollowUp
from kfdesk.domain.rows import View
from kfdesk.domain.values import Moment

_SCALE = {code: place for place, code in enumerate(SCORE)}
HIGHEST = len(SCORE) - 1
_IN_DANGER = frozenset({"yes", "suspected"})


@dataclass(frozen=True, slots=True)
class Course:
    """The scores of one area over the contacts, in their order; None where it was not said."""

    area: str
    scores: tuple[int | None, ...]

    @property
    def latest(self) -> int | None:
        """What was said last."""
        return next((score for score in reversed(self.scores) if score is not None), None)


def day_of(one: FollowUp) -> date:
    """The day by which a contact stands in its order: when it was, else when it is due."""
    if isinstance(one.happened, Moment):
        return one.happened.wall.date()
    return one.due if isinstance(one.due, date) else date.max


def in_order(views: Iterable[View[FollowUp]]) -> tuple[View[FollowUp], ...]:
    """The contacts in the order of their days."""
    return tuple(sorted(views, key=lambda one: (day_of(one.record), one.rid)))


def said(views: Iterable[View[FollowUp]]) -> tuple[View[FollowUp], ...]:
    """The contacts in which something was said of at least one area."""
    return tuple(
        one
        for one in in_order(views)
        if any(score_of(one.record, area) is not None for area in AREAS)
    )


def courses(views: Iterable[View[FollowUp]]) -> tuple[Course, ...]:
    """Each area's course over the contacts in which anything was said."""
    told = said(views)
    return tuple(Course(area, tuple(score_of(one.record, area) for one in told)) for area in AREAS)


def score_of(one: FollowUp, area: str) -> int | None:
    """An area's score, 0 to 4; None where it was not said, or is a word from a newer desk."""
    value = getattr(one, area)
    return _SCALE.get(value) if isinstance(value, str) else None


def worry(views: Iterable[View[FollowUp]]) -> View[FollowUp] | None:
    """The newest contact, where she may be in danger again or cannot be reached safely."""
    known = [
        one
        for one in in_order(views)
        if one.record.result is not None or one.record.exploitation_again is not None
    ]
    last = known[-1] if known else None
    if last is None:
        return None
    is_unsafe = last.record.result == "unsafe_to_contact"
    return last if is_unsafe or last.record.exploitation_again in _IN_DANGER else None
