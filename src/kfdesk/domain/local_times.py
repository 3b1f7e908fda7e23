# SPDX-License-Identifier: GPL-3.0-or-later
"""Local times of a journey: by whose clocks each end of a leg is told, and times that are not.

A time hangs on its place. If the place is known, so are the zones that it may lie in; of a place
that nobody knows the other end of the connection there says it, else the plan's country at either
end of the journey. A time by the clocks of another place is a fault: the alarm, the sheet and the
partner would be hours wrong. Pure functions; what is known of places is handed in.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from kfdesk.domain.codes.core import LEG_OFF
from kfdesk.domain.itinerary import SheetFinding
from kfdesk.domain.values import Translation, ZonedTime, zone_rules

END_PLACES = {"departs": "from_place", "arrives": "to_place"}
"""The time of each end of a leg, with its place."""


class PlaceLookup(Protocol):
    """The known IANA zones of places and countries (ISO 3166-1)."""

    def zones_of_place(self, typed: str, countries: Collection[str] = ()) -> tuple[str, ...]:
        """Return the zones of a typed place: several to choose from, none if it is unknown.

        Of places with one name, those in `countries` count, if there are any.
        """

    def zones_of_country(self, country: str) -> tuple[str, ...]:
        """Return the zones of a country, each clock once."""

    def prepare(self) -> None:
        """Read what it needs, so that the first lookup need not wait for it."""


class PlacedLeg(Protocol):
    """A leg as far as its clocks depend on it: a record, or some of its fields."""

    @property
    def status(self) -> object:
        """Its status, a code of LEG_STATUS or None."""

    @property
    def from_place(self) -> object:
        """The place where it begins, a localized text or None."""

    @property
    def to_place(self) -> object:
        """The place where it ends, a localized text or None."""

    @property
    def departs(self) -> object:
        """The departure, a ZonedTime or None."""

    @property
    def arrives(self) -> object:
        """The arrival, a ZonedTime or None."""


@dataclass(frozen=True, slots=True)
class JourneyPlaces:
    """The legs of a journey in their order, with the countries at its two ends, if known."""

    legs: Sequence[PlacedLeg]
    lookup: PlaceLookup
    from_country: str = ""
    to_country: str = ""

    def zones_at(self, number: int, key: str) -> tuple[str, ...]:
        """Return the zones that an end of a leg may lie in; `number` counts from 0.

        `key` is `departs` or `arrives`. None are returned if nothing is known: then ask.
        """
        found = self._zones_of(self.legs[number], key)
        if found:
            return found
        is_end = key == "arrives"
        further = self.legs[number + 1 :] if is_end else self.legs[:number][::-1]
        beside = next((leg for leg in further if leg.status not in LEG_OFF), None)
        if beside is not None:
            found = self._zones_of(beside, "departs" if is_end else "arrives")
        return found or self._zones_by_country(is_end=is_end, is_outer=beside is None)

    def _zones_of(self, leg: PlacedLeg, key: str) -> tuple[str, ...]:
        """Return the zones of a place by the first of its languages in which it is known."""
        told = getattr(leg, END_PLACES[key])
        words = told if isinstance(told, tuple) else ()
        countries = tuple(filter(None, (self.from_country, self.to_country)))
        texts = (word.text for word in words if isinstance(word, Translation))
        found = (self.lookup.zones_of_place(text, countries) for text in texts)
        return next(filter(None, found), ())

    def _zones_by_country(self, *, is_end: bool, is_outer: bool) -> tuple[str, ...]:
        """Return the zones of the country at an outer end, or of the only one."""
        country = self.to_country if is_end else self.from_country
        is_known = is_outer or self.from_country == self.to_country
        return self.lookup.zones_of_country(country) if country and is_known else ()

    def other_clocks(self) -> Iterator[SheetFinding]:
        """Yield each time that is told by the clocks of another place."""
        for number, leg in enumerate(self.legs):
            for key in END_PLACES:
                moment = getattr(leg, key)
                if isinstance(moment, ZonedTime) and leg.status not in LEG_OFF:
                    zones = self.zones_at(number, key)
                    if zones and not is_clock_of(moment, zones):
                        yield SheetFinding("other_clock", "leg", key, number + 1)


def is_clock_of(moment: ZonedTime, zones: Collection[str]) -> bool:
    """Return whether a time is told by the clocks of one of the zones."""
    return moment.zone in zones or any(
        moment.offset in _offsets(moment.wall, zone) for zone in zones
    )


def _offsets(wall: datetime, zone: str) -> tuple[int, int]:
    """Return the offsets in minutes that a zone may have when its clocks show `wall` (naive)."""
    rules = zone_rules(zone)
    early, late = (
        (wall.replace(tzinfo=rules, fold=fold).utcoffset() or timedelta()) for fold in (0, 1)
    )
    return int(early.total_seconds()) // 60, int(late.total_seconds()) // 60
