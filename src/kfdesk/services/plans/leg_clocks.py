# SPDX-License-Identifier: GPL-3.0-or-later
"""The clocks by which a plan tells the times of its legs, for the checks and before sending.

The rule is in `domain/local_times.py`. Makes no message and changes no record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.itinerary import SheetFinding
from kfdesk.domain.local_times import JourneyPlaces, PlacedLeg
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import Row, read_fields, sequence_order
from kfdesk.domain.values import Value, text_or_empty
from kfdesk.services.core.session import Session

_PORTION = 256
"""Legs that are read at once."""


@dataclass(frozen=True, slots=True)
class PlanClock:
    """A time in a plan that is told by the clocks of another place."""

    plan: bytes
    finding: SheetFinding


def journey_places(desk: Session, plan: Row, legs: Sequence[PlacedLeg]) -> JourneyPlaces:
    """Return the legs of a plan, with what is known of the places that their times hang on."""
    fields = read_fields(plan, ("from_country", "to_country"))
    countries = (text_or_empty(fields[key]) for key in ("from_country", "to_country"))
    return JourneyPlaces(legs, desk.adapters.places, *countries)


def sent_clocks(desk: Session, goes: Disclosed) -> tuple[PlanClock, ...]:
    """Return the times of legs in a parcel that are told by the clocks of another place."""
    found = []
    plans = dict.fromkeys(one.row.parent for one in goes.rows if one.type == "leg")
    for rid in filter(None, plans):
        plan = desk.store.row(rid)
        if plan is not None:
            places = journey_places(desk, plan, _legs_of(desk, rid))
            found += [PlanClock(rid, one) for one in places.other_clocks()]
    return tuple(found)


class _LegTimes(NamedTuple):
    """The fields of a leg that say by whose clocks it is told."""

    status: Value
    from_place: Value
    to_place: Value
    departs: Value
    arrives: Value


def _legs_of(desk: Session, plan: bytes) -> Sequence[_LegTimes]:
    """Return the legs of a plan in their order; a long plan is read in portions."""
    found = []
    rids = [cell.rid for cell in desk.store.tree.cells("leg", (), [plan])]
    for start in range(0, len(rids), _PORTION):
        for row, _ in desk.store.kept(rids[start : start + _PORTION]).values():
            if not is_deleted(row.state):
                fields = read_fields(row, ("sequence", *_LegTimes._fields))
                order = sequence_order(row, fields.pop("sequence"))
                found.append((order, _LegTimes(**fields)))
    return [leg for _, leg in sorted(found, key=itemgetter(0))]
