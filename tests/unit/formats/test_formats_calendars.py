# SPDX-License-Identifier: GPL-3.0-or-later
"""Calendar files are RFC 5545, to the letter, and hold nothing but times and neutral titles."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.calendars import LONGEST, read_calendar_file

from kfdesk.domain.calendar import CalendarEntry
from kfdesk.formats.calendars import write_calendar

NAME = "0123456789abcdef0123456789abcdef@notebook"
OTHER = NAME.replace("0", "f")
MADE = datetime(2026, 11, 29, 12, 30, 5, tzinfo=timezone(timedelta(hours=2)))
DAY = date(2026, 12, 1)
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ALL_DAY = CalendarEntry(NAME, 1, DAY, DAY, sequence=3)


def test_a_file_is_this_and_nothing_else() -> None:
    timed = CalendarEntry(OTHER, 1, NOON, NOON + timedelta(hours=2), sequence=1)
    assert write_calendar((ALL_DAY, timed), MADE).decode() == "\r\n".join(
        (
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Notebook//EN",
            "BEGIN:VEVENT", f"UID:{NAME}", "DTSTAMP:20261129T103005Z",
            "DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261202", "SEQUENCE:3",
            "SUMMARY:Notebook", "CLASS:PRIVATE", "END:VEVENT",
            "BEGIN:VEVENT", f"UID:{OTHER}", "DTSTAMP:20261129T103005Z",
            "DTSTART:20261201T120000Z", "DTEND:20261201T140000Z", "SEQUENCE:1",
            "SUMMARY:Notebook", "CLASS:PRIVATE", "END:VEVENT", "END:VCALENDAR", "",
        )
    )  # fmt: skip


def test_something_to_do_is_due_and_cancelled_things_say_so() -> None:
    task = replace(ALL_DAY, is_task=True, is_cancelled=True)
    (found,) = read_calendar_file(write_calendar((task,), MADE))
    assert (found.kind, found.when, found.is_cancelled) == ("VTODO", "20261201", True)
    (found,) = read_calendar_file(write_calendar((replace(task, ends=NOON),), MADE))
    assert found.when == "20261201T120000Z"


def test_moment_without_an_end_has_none_and_the_last_day_of_all_has_no_next() -> None:
    (found,) = read_calendar_file(write_calendar((replace(ALL_DAY, starts=NOON, ends=NOON),), MADE))
    assert found.when == "20261201T120000Z"
    last = replace(ALL_DAY, starts=date.max, ends=date.max)
    (found,) = read_calendar_file(write_calendar((last,), MADE))
    assert found.when == "99991231"
    (found,) = read_calendar_file(
        write_calendar((replace(ALL_DAY, starts=date(26, 1, 1), ends=date(26, 1, 1)),), MADE)
    )
    assert found.when == "00260101/00260102"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
def test_every_title_comes_back_and_no_line_is_too_long(title: str) -> None:
    data = write_calendar((replace(ALL_DAY, summary=title),), MADE)
    (found,) = read_calendar_file(data)
    assert found.title == title
    assert max(map(len, data.split(b"\r\n"))) <= LONGEST


def test_the_library_reads_it_without_a_warning(recwarn: pytest.WarningsRecorder) -> None:
    task = replace(ALL_DAY, uid=OTHER, is_task=True, summary="Ring, tack; Ю" * 20)
    found = icalendar.Calendar.from_ical(write_calendar((ALL_DAY, task), MADE))
    assert [(one.name, one.errors) for one in found.subcomponents] == [
        ("VEVENT", []),
        ("VTODO", []),
    ]
    assert str(found.subcomponents[1]["SUMMARY"]) == "Ring, tack; Ю" * 20
    assert not [one for one in recwarn if "icalendar" in str(one.filename)]


DUE = replace(ALL_DAY, uid=OTHER, is_task=True)


@pytest.mark.parametrize(
    ("entry", "rings"),
    [
        (replace(ALL_DAY, starts=NOON, ends=NOON), ("START", timedelta(hours=-1))),
        (ALL_DAY, ("START", timedelta(hours=8))),
        (replace(DUE, starts=NOON, ends=NOON), ("END", timedelta(hours=-1))),
        (DUE, ("END", timedelta(hours=8))),
    ],
)
def test_reminder_is_a_sound_without_a_text_and_only_if_asked_for(
    entry: CalendarEntry, rings: tuple[str, timedelta]
) -> None:
    assert b"VALARM" not in write_calendar((entry,), MADE)
    whole = icalendar.Calendar.from_ical(write_calendar((entry,), MADE, rings=True))
    (component,) = whole.subcomponents
    (alarm,) = component.subcomponents
    trigger = alarm["TRIGGER"]
    assert (alarm.name, alarm.errors, sorted(alarm)) == ("VALARM", [], ["ACTION", "TRIGGER"])
    assert alarm["ACTION"] == "AUDIO"
    assert (trigger.params.get("RELATED", "START"), trigger.dt) == rings
    gone = write_calendar((replace(entry, is_cancelled=True),), MADE, rings=True)
    assert b"VALARM" not in gone
