# SPDX-License-Identifier: GPL-3.0-or-later
"""What a desk has before it today: what to decide, who travels soon, which consents end.

Reads only. Each item names the plan that it leads to; nothing here decides what is urgent but
the dates themselves.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from kfdesk.domain.disclosure import last_day
from kfdesk.domain.values import Moment
from kfdesk.services.clock import clock_doubt
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanLine, list_plans, open_plan

SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Departure:
    """A journey that begins within two weeks, or has begun and not yet arrived."""

    line: PlanLine
    departs: Moment
    gaps: int


@dataclass(frozen=True, slots=True)
class Ending:
    """A consent that ends within two weeks."""

    line: PlanLine
    recipient: str
    last: date
    days: int


@dataclass(frozen=True, slots=True)
class Today:
    """Everything the page of the day shows."""

    on: date
    to_decide: tuple[PlanLine, ...]
    departures: tuple[Departure, ...]
    endings: tuple[Ending, ...]
    doubt: str | None

    @property
    def count(self) -> int:
        """How many things wait for a person."""
        return len(self.to_decide) + len(self.endings) + (self.doubt is not None)


def read_today(desk: Desk) -> Today:
    """The day as it stands now."""
    now = desk.rooms.clock.now()
    lines = list_plans(desk)
    pages = {line.rid: open_plan(desk, line.rid) for line in lines}
    departures = [
        Departure(line, line.departs, len(pages[line.rid].gaps))
        for line in lines
        if line.departs is not None and now - SOON < line.departs.utc < now + 2 * SOON
    ]
    endings = [
        Ending(line, consent.recipient, last, (last - now.date()).days)
        for line in lines
        for consent in pages[line.rid].consents
        if consent.shut is None
        and (last := last_day(consent.view.record)) is not None
        and last - now.date() <= SOON
    ]
    return Today(
        on=now.date(),
        to_decide=tuple(line for line in lines if line.conflicts),
        departures=tuple(departures),
        endings=tuple(sorted(endings, key=lambda ending: ending.last)),
        doubt=clock_doubt(desk),
    )
