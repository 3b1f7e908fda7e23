# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan as one line of a list, made of as few of its fields as a list shows.

A record has up to sixty fields and a house hundreds of plans: whoever shows a list decodes what
stands in it and no more. Pure: knows rows, and neither a store nor who sits before it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kfdesk.domain.rows import Row, glance, torn_keys
from kfdesk.domain.values import Moment, Value
from kfdesk.domain.writes import is_deleted

_LISTED = ("sequence", "status", "from_place", "to_place", "departs", "arrives")  # of a leg


@dataclass(frozen=True, slots=True)
class LegLine:
    """What lists show of a leg; None where `view` reads None. The row has the rest."""

    row: Row
    sequence: Value
    status: Value
    from_place: Value
    to_place: Value
    departs: Value
    arrives: Value


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of the plans list."""

    rid: bytes
    code: str
    alias: str
    state: str
    legs: tuple[LegLine, ...]
    conflicts: int
    client: bytes = b""

    @property
    def departs(self) -> Moment | None:
        """When the first leg leaves, if that is known."""
        first = self.legs[0].departs if self.legs else None
        return first if isinstance(first, Moment) else None


def line_of(client: Row, plan: Row, legs: Iterable[Row], torn: Iterable[Row]) -> PlanLine:
    """The line of a plan, its client and its legs; `torn` are other records in conflict."""
    hers, its = glance(client, ("code", "alias")), glance(plan, ("state",))
    others = (row for row in torn if not is_deleted(row.state))
    there = (row for row in legs if not is_deleted(row.state))
    return PlanLine(
        rid=plan.rid,
        code=_text(hers["code"]),
        alias=_text(hers["alias"]),
        state=_text(its["state"]) or "draft",
        legs=tuple(sorted(map(_leg_line, there), key=lambda leg: place_of(leg.row, leg.sequence))),
        conflicts=sum(len(torn_keys(row)) for row in (client, plan, *others)),
        client=client.rid,
    )


def _leg_line(row: Row) -> LegLine:
    return LegLine(row, **glance(row, _LISTED))


def urgency(line: PlanLine) -> tuple[bool, datetime | None, str]:
    """Those that leave first on top, without a journey last."""
    return (line.departs is None, line.departs.utc if line.departs else None, line.code)


def place_of(row: Row, number: object) -> tuple[int, int, bytes]:
    """Where a record stands among its like: by its number, then as entered."""
    entered = min((save.hlc for save in row.state.saves), default=0)
    return (number if isinstance(number, int) else 2**31, entered, row.rid)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
