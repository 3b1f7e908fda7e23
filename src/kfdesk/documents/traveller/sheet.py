# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands on the traveller's sheet, as plain values.

Texts that people wrote are already in the reader's language and already allowed on this paper:
nothing here knows a record, a consent or a font. What is not in these classes cannot come onto
the sheet.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Ride:
    """The vehicle that leaves from a stop.

    `mode` is a code of TRANSPORT_MODE, `carrier` the name and number as on ticket and board.
    """

    mode: str
    carrier: str
    duration: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """The way between two vehicles, in one whole phrase (`Car with Anna`).

    `mode` only chooses the small picture; without it there is an arrow.
    """

    text: str
    mode: str | None = None
    duration: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Who meets the traveller: a first name and a neutral sign."""

    name: str
    sign: str


@dataclass(frozen=True, slots=True)
class Stop:
    """One dot of the rail: when, where, and how it goes on from here.

    A place where one vehicle is left and another taken is two stops. `moment` is the wall clock's
    time at the stop, without an offset; `zone` is its IANA name. `clock_change` is how far the
    traveller's clock moves since the stop before: zero where another zone has the same hour,
    None where there is nothing to say. `alone` says that nobody comes, as was agreed.
    """

    moment: datetime
    zone: str
    place: str
    detail: str = ""
    clock_change: timedelta | None = None
    ride: Ride | None = None
    transfer: Transfer | None = None
    meets: Meeting | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Phone:
    """A tested number as it is dialled abroad, and when it answers, in which language."""

    number: str
    hours: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The whole sheet.

    `days` are the first and last day. `emergency` is the number of the box, empty for no box,
    and `emergency_country` where it answers (ISO 3166-1) if that is not everywhere on the way.
    `speaks` is the language that the card names, `transit` the languages of the countries on the
    way in the order of their use on the card; both ISO 639-1. `vehicle` is the TRANSPORT_MODE
    that the second phrase asks for, empty for no such phrase. `beside` is the same journey in a
    second language, for a sheet in two; it is shown small below hers.
    """

    days: tuple[date, date]
    ticket_names: tuple[str, ...]
    stops: tuple[Stop, ...]
    phones: tuple[Phone, ...]
    emergency: str
    speaks: str
    transit: tuple[str, ...] = ()
    vehicle: str = ""
    luggage: tuple[str, ...] = ()
    emergency_country: str = ""
    beside: "Sheet | None" = None
