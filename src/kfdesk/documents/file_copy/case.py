# SPDX-License-Identifier: GPL-3.0-or-later
"""The disclosed plan as the parts of the file copy read it, and its values in words.

An answer that is missing is said and leaves a line to write on; of a field in conflict all values
are said, and that it is not decided. Knows no page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from kfdesk.documents.cabinet.table import Text
from kfdesk.documents.drawing.type_scale import BOLD, GREY, ITALIC, Style
from kfdesk.documents.reading import views
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.kinds import Reference
from kfdesk.domain.papers.about import About
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import View
from kfdesk.domain.values import Gap, Moment, Value
from kfdesk.i18n.language import Language
from kfdesk.i18n.said.values import field_of, value_text

R = TypeVar("R")

APART = " / "
_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Case:
    """One plan as it was disclosed, what is said beside it, and the reader's language."""

    what: Disclosed
    about: About
    words: Language
    is_long: bool = field(init=False)
    """Whether a day of the week alone would not tell which day of the journey is meant."""
    _seen: dict[type[Any], list[View[Any]]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        ends = (end for leg in self.views(Leg) for end in (leg.record.departs, leg.record.arrives))
        days = [end.wall.date() for end in ends if isinstance(end, Moment)]
        is_long = bool(days) and max(days) - min(days) >= _WEEK
        object.__setattr__(self, "is_long", is_long)

    def views(self, cls: type[R]) -> list[View[R]]:
        """The records of one type, which are read once."""
        if cls not in self._seen:
            self._seen[cls] = views(self.what, cls)
        return self._seen[cls]

    def first(self, cls: type[R]) -> View[R] | None:
        """The one record of a type, if something of it was disclosed."""
        return next(iter(self.views(cls)), None)

    @property
    def legs(self) -> list[View[Leg]]:
        """The legs in their order, those without a number last."""
        return sorted(self.views(Leg), key=lambda leg: _order(leg.record.sequence))

    @property
    def state(self) -> str | None:
        """The plan's state; None while two desks have written different ones."""
        plan = self.first(Plan)
        if plan is None or "state" in plan.conflicts:
            return None
        state = plan.record.state
        return state if isinstance(state, str) else "draft"

    def text(self, seen: View[Any] | None, key: str, style: Style, unsaid: str = "") -> Text:
        """A field's value in words, set in `style`; otherwise if it is missing or in conflict.

        `unsaid` is said in place of "not asked" where nobody would be asked.
        """
        if seen is None:
            return self.blank(style, unsaid=unsaid)
        if key in seen.conflicts:
            said = (self._said(seen.row.type, key, one.value) for one in seen.versions[key])
            message = self.words.gettext("{values} (two values, not decided)")
            return Text(message.format(values=APART.join(said)), _as(BOLD, style))
        value = getattr(seen.record, key)
        if value is None or isinstance(value, Gap):
            return self.blank(style, value, unsaid)
        return Text(self._said(seen.row.type, key, value), style)

    def has(self, seen: View[Any] | None, key: str) -> bool:
        """Whether there is anything to say of a field."""
        return seen is not None and (key in seen.conflicts or getattr(seen.record, key) is not None)

    def blank(self, style: Style, value: Gap | None = None, unsaid: str = "") -> Text:
        """That an answer is missing, with a line to write on."""
        gap = value_text(field_of("plan", "owner"), value, self.words)
        gap = unsaid if unsaid and value is None else gap
        return Text(gap, Style(ITALIC, style.size, GREY), is_blank=True)

    def day(self, value: object) -> str:
        """A day of a year, or of a time; empty without one."""
        if isinstance(value, Moment):
            value = value.wall.date()
        return self.words.day(value, year=True) if isinstance(value, date) else ""

    def clock(self, moment: Moment) -> str:
        """A time with its weekday: `Sat 17:00`; on a long journey with its day, too."""
        wall = moment.wall
        if self.is_long:
            day = self.words.short_day(wall.date())
            return f"{self.words.weekday(wall.date())} {day} {self.words.clock(wall)}"
        return f"{self.words.weekday(wall.date())} {self.words.clock(wall)}"

    def name(self, reference: object) -> str:
        """The name of an organisation or person by its reference; empty if it is not known."""
        return self.about.names.get(reference, "") if isinstance(reference, str) else ""

    def _said(self, record_type: str, key: str, value: Value) -> str:
        field = field_of(record_type, key)
        if isinstance(field.kind, Reference):  # an id says nothing to a reader
            return self.name(value) or self.words.gettext("somebody whom this desk does not know")
        return joined(value_text(field, value, self.words).splitlines(), "; ")


def joined(parts: Sequence[str], by: str = " · ") -> str:
    """What is there of several texts, on one line."""
    return by.join(part for part in parts if part)


def _as(face: str, style: Style) -> Style:
    return Style(face, style.size, style.colour)


def _order(sequence: object) -> int:
    return sequence if isinstance(sequence, int) else 2**31
