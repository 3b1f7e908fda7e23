# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands on the companion's sheet, as plain values in the reader's language.

Nothing here knows a record, a consent or a font. What is not in these classes cannot come onto
the sheet.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kfdesk.documents.traveller.sheet import Meeting, Ride
from kfdesk.domain.journey.emergency import Emergency


@dataclass(frozen=True, slots=True)
class End:
    """Where a leg begins or ends: the wall clock's time there, its zone, place and stop."""

    moment: datetime
    zone: str
    place: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg by its number in the plan; `onward` is how one gets to the next."""

    number: int
    start: End
    end: End
    ride: Ride
    clock_change: timedelta | None = None
    meets: Meeting | None = None
    onward: str = ""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A line of reminders; `time` is empty where the line does not begin with one."""

    time: str
    text: str


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers a number: a first name, perhaps none."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call on the way: when, on whose clock, and whether the leg is over by then.

    `met` is the first name of who has met them.
    """

    moment: datetime
    zone: str
    is_after_arrival: bool
    met: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole sheet; `calls` in their order, `answering` whom they go to, the first first."""

    days: tuple[date, date]
    ticket_names: tuple[str, ...]
    languages: tuple[str, ...]
    legs: tuple[Leg, ...]
    needs: tuple[str, ...]
    reminders: tuple[Reminder, ...]
    calls: tuple[Call, ...]
    answering: tuple[Answering, ...]
    emergency: Emergency | None
