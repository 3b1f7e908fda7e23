# SPDX-License-Identifier: GPL-3.0-or-later
"""The disclosed plan for the parts of the file copy, and its values as text.

A missing answer is stated and leaves a line to write on. A field in conflict shows all its
values and that it is undecided. The other papers for offices use it too. Knows no page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from kfdesk.documents.layout.office import CellText
from kfdesk.documents.layout.style import BOLD, GREY, ITALIC, Style
from kfdesk.documents.typesetting import disclosed_views
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.kinds import ReferenceKind
from kfdesk.domain.message_marks import for_client
from kfdesk.domain.papers import PrintContext
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import MissingAnswer, Value, ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, value_text

R = TypeVar("R")

CONFLICT_SEPARATOR = " / "
_WEEK = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class PrintedCase:
    """One plan as it was disclosed, its print context, and the reader's language."""

    what: Disclosed
    about: PrintContext
    words: Language
    is_long: bool = field(init=False)
    """True if the journey is so long that a day of the week alone is ambiguous."""
    _seen: dict[type[Any], list[RecordView[Any]]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        ends = (end for leg in self.views(Leg) for end in (leg.record.departs, leg.record.arrives))
        days = [end.wall.date() for end in ends if isinstance(end, ZonedTime)]
        is_long = bool(days) and max(days) - min(days) >= _WEEK
        object.__setattr__(self, "is_long", is_long)

    def views(self, cls: type[R]) -> list[RecordView[R]]:
        """Return the records of one type, read once."""
        if cls not in self._seen:
            self._seen[cls] = disclosed_views(self.what, cls)
        return self._seen[cls]

    def first(self, cls: type[R]) -> RecordView[R] | None:
        """Return the only record of a type, or None if nothing of it was disclosed."""
        return next(iter(self.views(cls)), None)

    @property
    def legs(self) -> list[RecordView[Leg]]:
        """The legs in their order, those without a number last."""
        return sorted(self.views(Leg), key=lambda leg: _leg_order(leg.record.sequence))

    @property
    def state(self) -> str | None:
        """The plan's state; None while two organisations have written different ones."""
        plan = self.first(Plan)
        if plan is None or "state" in plan.conflicts:
            return None
        state = plan.record.state
        return state if isinstance(state, str) else "draft"

    def text(
        self, seen: RecordView[Any] | None, key: str, style: Style, unsaid: str = ""
    ) -> CellText:
        """Return a field's value as text in `style`; another face if missing or in conflict.

        `unsaid` replaces "not asked" where nobody would be asked.
        """
        if seen is None:
            return self.blank(style, unsaid=unsaid)
        if key in seen.conflicts:
            said = (self._value_text(seen.row.type, key, one.value) for one in seen.versions[key])
            message = self.words.gettext(for_client("{values} (two values, not yet decided)"))
            return CellText(
                message.format(values=CONFLICT_SEPARATOR.join(said)), _with_face(BOLD, style)
            )
        value = getattr(seen.record, key)
        if value is None or isinstance(value, MissingAnswer):
            return self.blank(style, value, unsaid)
        return CellText(self._value_text(seen.row.type, key, value), style)

    def has(self, seen: RecordView[Any] | None, key: str) -> bool:
        """Return whether the field has a value or a conflict."""
        return seen is not None and (key in seen.conflicts or getattr(seen.record, key) is not None)

    def blank(self, style: Style, value: MissingAnswer | None = None, unsaid: str = "") -> CellText:
        """Return the text that an answer is missing, with a line to write on."""
        gap = value_text(field_of("plan", "wish"), value, self.words)
        gap = unsaid if unsaid and value is None else gap
        return CellText(gap, Style(ITALIC, style.size, GREY), is_blank=True)

    def day(self, value: object) -> str:
        """Return a day with its year, or the day of a time, as text; empty without one."""
        if isinstance(value, ZonedTime):
            value = value.wall.date()
        return self.words.day(value, year=True) if isinstance(value, date) else ""

    def clock(self, moment: ZonedTime) -> str:
        """Return a time with its weekday, `Sat 17:00`; on a long journey also its day."""
        wall = moment.wall
        if self.is_long:
            day = self.words.short_day(wall.date())
            return f"{self.words.weekday(wall.date())} {day} {self.words.clock(wall)}"
        return f"{self.words.weekday(wall.date())} {self.words.clock(wall)}"

    def name(self, reference: object) -> str:
        """Return the name of a referenced organisation or person; empty if unknown."""
        return self.about.names.get(reference, "") if isinstance(reference, str) else ""

    def _value_text(self, record_type: str, key: str, value: Value) -> str:
        field = field_of(record_type, key)
        if isinstance(field.kind, ReferenceKind):  # an id means nothing to a reader
            return self.name(value) or self.words.gettext(
                for_client("someone who is not known here")
            )
        return join_texts(value_text(field, value, self.words).splitlines(), "; ")


def join_texts(parts: Sequence[str], by: str = " · ") -> str:
    """Join the non-empty texts to one line."""
    return by.join(part for part in parts if part)


def _with_face(face: str, style: Style) -> Style:
    return Style(face, style.size, style.colour)


def _leg_order(sequence: object) -> int:
    return sequence if isinstance(sequence, int) else 2**31
