# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a journey from being printed: gaps, and times by the clocks of another place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.itinerary import SheetFinding, sheet_findings, with_own_test
from kfdesk.domain.local_times import JourneyPlaces
from kfdesk.domain.records.journey import HelpNumber, Leg
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import Row, read_fields, view, view_order
from kfdesk.domain.travellers import ticket_findings
from kfdesk.domain.values import text_or_empty
from kfdesk.services.core.session import Session

if TYPE_CHECKING:
    from kfdesk.services.plans.plans import Case


@dataclass(frozen=True, slots=True)
class PlanClock:
    """A time in a plan that is told by the clocks of another place."""

    plan: bytes
    finding: SheetFinding


def sheet_gaps(
    desk: Session, case: "Case", language: str | None = None
) -> tuple[SheetFinding, ...]:
    """Return what prevents the traveller's sheet, in `language` or the client's first language."""
    fields = read_fields(case.client, ("name_on_ticket", "languages"))
    spoken = fields["languages"] if isinstance(fields["languages"], tuple) else ()
    now = desk.adapters.clock.now()
    found = sheet_findings(
        fields["name_on_ticket"],
        [leg.record for leg in case.views(Leg, "leg")],
        [with_own_test(number).record for number in case.views(HelpNumber, "help_number")],
        language or str(next(iter(spoken), "en")),
        now,
    )
    legs = [leg.record for leg in case.views(Leg, "leg")]
    clocks = journey_places(desk, case.plan, legs).other_clocks()
    return (*found, *clocks, *ticket_findings(case.party, now.date()))


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
