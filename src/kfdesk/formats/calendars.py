# SPDX-License-Identifier: GPL-3.0-or-later
"""The writer of calendar files (iCalendar, RFC 5545): times and neutral titles, and nothing else.

Times are in UTC, and whole days are days, so that no file names a zone. Every component is private
(CLASS). There is no place, person, address, description or property of ours, and an alarm only if
it is asked for. The product is named by the program's neutral name.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime

from kfdesk.domain.calendar import NEUTRAL_SUMMARY, CalendarEntry
from kfdesk.domain.values import shift_day
from kfdesk.formats.content_lines import escape_text, fold_line

_PRODUCT = f"-//{NEUTRAL_SUMMARY}//EN"


def write_calendar(
    entries: Iterable[CalendarEntry], made: datetime, *, rings: bool = False
) -> bytes:
    """Return the calendar file; `made` is the time now, aware. RFC 5545 asks for one entry.

    With `rings`, each entry has a reminder: an hour before, or at eight on a whole day.
    """
    return b"".join(map(fold_line, _calendar(entries, _moment(made), rings=rings)))


def _calendar(entries: Iterable[CalendarEntry], made: str, *, rings: bool) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}")
    for entry in entries:
        yield from _component(entry, made, rings=rings)
    yield "END:VCALENDAR"


def _component(entry: CalendarEntry, made: str, *, rings: bool) -> Iterator[str]:
    name = "VTODO" if entry.is_task else "VEVENT"
    yield from (f"BEGIN:{name}", f"UID:{entry.uid}", f"DTSTAMP:{made}")
    if entry.is_task:
        yield _time("DUE", entry.ends)
    else:
        yield _time("DTSTART", entry.starts)
        end = entry.ends if isinstance(entry.ends, datetime) else shift_day(entry.ends, 1)
        if end > entry.starts:  # both are days, or both are times
            yield _time("DTEND", end)
    yield from (f"SEQUENCE:{entry.sequence}", f"SUMMARY:{escape_text(entry.summary)}")
    yield "CLASS:PRIVATE"
    if entry.is_cancelled:
        yield "STATUS:CANCELLED"
    elif rings:
        yield from _alarm(entry)
    yield f"END:{name}"


def _alarm(entry: CalendarEntry) -> Iterator[str]:
    """Yield a reminder. It is a sound: an alarm that shows something would need a text."""
    when = entry.ends if entry.is_task else entry.starts
    before = "-PT1H" if isinstance(when, datetime) else "PT8H"
    related = ";RELATED=END" if entry.is_task else ""
    yield from ("BEGIN:VALARM", "ACTION:AUDIO", f"TRIGGER{related}:{before}", "END:VALARM")


def _time(name: str, when: date | datetime) -> str:
    if isinstance(when, datetime):
        return f"{name}:{_moment(when)}"
    return f"{name};VALUE=DATE:{when.isoformat().replace('-', '')}"


def _moment(when: datetime) -> str:
    """Return a time in UTC: 20270314T091500Z."""
    told = when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
    return f"{told.replace('-', '').replace(':', '')}Z"
