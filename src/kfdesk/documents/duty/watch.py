# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens on the way, in the order in which the desk hears of it, by the desk's own clock.

Values for the sheet: which event, when here, when there. Knows no page.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from kfdesk.documents.reading import records, text_of
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.journey.alarms import ARRIVAL_GRACE, CHECK_IN_GRACE, DEPARTURE_GRACE
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.i18n.said.values import told_text


class What(StrEnum):
    """What is expected."""

    LEAVES = "leaves"
    CHECKS_IN = "checks_in"
    ARRIVES = "arrives"


GRACE = {
    What.LEAVES: DEPARTURE_GRACE,
    What.CHECKS_IN: CHECK_IN_GRACE,
    What.ARRIVES: ARRIVAL_GRACE,
}
"""How long after the time agreed an event becomes an alarm, as the program has it."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that is expected: at `here` by the desk's clock, `there` where it happens."""

    what: What
    leg: int
    here: datetime
    there: Moment
    place: str
    who: str = ""
    sign: str = ""

    @property
    def alarm(self) -> datetime:
        """When it is an alarm, by the desk's clock, if nobody has heard of it."""
        return self.here + GRACE[self.what]

    @property
    def is_elsewhere(self) -> bool:
        """Whether clocks show another time there."""
        return self.here.utcoffset() != timedelta(minutes=self.there.offset)


def legs_of(what: Disclosed) -> list[Leg]:
    """The legs in their order."""
    return sorted(records(what, Leg), key=number_of)


def number_of(leg: Leg) -> int:
    """A leg's number; 0 where it has none."""
    return leg.sequence if isinstance(leg.sequence, int) else 0


def events_of(what: Disclosed, words: Language, zone: ZoneInfo) -> list[Event]:
    """Departures, check-ins and arrivals of all legs, the first on top."""
    events = [event for leg in legs_of(what) for event in _events(leg, words, zone)]
    return sorted(events, key=lambda event: event.here)


def _events(leg: Leg, words: Language, zone: ZoneInfo) -> list[Event]:
    start, end = (told_text(place, words) for place in (leg.from_place, leg.to_place))
    who, sign = told_text(leg.met_by, words), told_text(leg.sign, words)
    wanted = (
        (What.LEAVES, leg.departs, start, "", ""),
        (What.CHECKS_IN, leg.check_in, text_of(leg.carrier), "", ""),
        (What.ARRIVES, leg.arrives, end, who, sign),
    )
    return [
        Event(kind, number_of(leg), moment.utc.astimezone(zone), moment, place, name, mark)
        for kind, moment, place, name, mark in wanted
        if isinstance(moment, Moment)
    ]
