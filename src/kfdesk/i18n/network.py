# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a network's work: what a record is called, and when it is.

Pages and papers say the same. Knows no names of organisations: those stand in other records.
"""

from typing import Any

from kfdesk.domain.message_marks import N_
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, localized_text, value_text

_TITLE_KEYS = ("title", "decided")
_MOST_LETTERS = 160


def work_title(seen: RecordView[Any], language: Language) -> str:
    """Return by what people know a record of a network's work, or that it has no name."""
    record = seen.record
    told = (localized_text(getattr(record, key, None), language) for key in _TITLE_KEYS)
    name = next(filter(None, told), "") or getattr(record, "name", None)
    if not isinstance(name, str) or not name:
        return language.gettext(N_("without a name"))
    line = " ".join(name.split())
    return line if len(line) <= _MOST_LETTERS else f"{line[: _MOST_LETTERS - 1]}…"


def when_text(seen: RecordView[Any], language: Language) -> str:
    """Return from when to when a record lasts, as far as that is known; empty without a day."""
    record, name = seen.record, seen.row.type
    first_key = "starts" if hasattr(record, "starts") else "begins"
    last_key = "valid_until" if hasattr(record, "valid_until") else "ends"
    first, last = getattr(record, first_key, None), getattr(record, last_key, None)
    if isinstance(first, ZonedTime):
        return _moments_text(first, last, language)
    said = [
        value_text(field_of(name, key), value, language)
        for key, value in ((first_key, first), (last_key, last))
        if value is not None
    ]
    if first is None and said:
        return language.gettext(N_("until {day}")).format(day=said[0])
    return " – ".join(said)


def _moments_text(first: ZonedTime, last: object, language: Language) -> str:
    """Return a day with its hours, and the day of the end where it is another one."""
    said = f"{language.day(first.wall.date(), year=True)}, {language.clock(first.wall)}"
    if isinstance(last, ZonedTime) and last.utc >= first.utc:
        is_same = last.wall.date() == first.wall.date()
        day = "" if is_same else f"{language.day(last.wall.date(), year=True)}, "
        said = f"{said}–{day}{language.clock(last.wall)}"
    return f"{said} ({language.clock_of(first.zone, first.wall)})"


def state_text(seen: RecordView[Any], language: Language) -> str:
    """Return how a decision stands: what its owner has reported, else its status."""
    if getattr(seen.record, "done_here", None) is None or seen.record.state in ("done", "dropped"):
        return coded(seen, "state", language)
    said = language.gettext(N_("reported as done on {day}"))
    return said.format(day=coded(seen, "done_here", language))


def coded(seen: RecordView[Any], key: str, language: Language) -> str:
    """Return the words of a code, empty without one."""
    value = getattr(seen.record, key, None)
    return "" if value is None else value_text(field_of(seen.row.type, key), value, language)
