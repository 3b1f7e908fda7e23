# SPDX-License-Identifier: GPL-3.0-or-later
"""The clocks by which a plan tells the times of its legs, for the checks and before sending.

The rule is in `domain/local_times.py`. Makes no message and changes no record.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.itinerary import SheetFinding
from kfdesk.domain.local_times import JourneyPlaces
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import Row, read_fields, view, view_order
from kfdesk.domain.values import text_or_empty
from kfdesk.services.core.session import Session


@dataclass(frozen=True, slots=True)
class PlanClock:
    """A time in a plan that is told by the clocks of another place."""

    plan: bytes
    finding: SheetFinding


def journey_places(desk: Session, plan: Row, legs: Sequence[Leg]) -> JourneyPlaces:
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
        rows = (row for row in desk.store.children(rid) if row.type == "leg")
        legs = sorted((view(row, Leg) for row in rows if not is_deleted(row.state)), key=view_order)
        if plan is not None:
            places = journey_places(desk, plan, [leg.record for leg in legs])
            found += [PlanClock(rid, one) for one in places.other_clocks()]
    return tuple(found)
