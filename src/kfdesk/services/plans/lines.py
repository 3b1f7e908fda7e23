# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of the list of plans: what is known of a plan, its legs and its arrival at a glance.

Many lines are read at once, so they hold few fields. The stage of a plan is its state, or what was
recorded of the journey since.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from kfdesk.domain.aftercare import home_since
from kfdesk.domain.handovers import believed
from kfdesk.domain.pronouns import Pronoun, pronoun_of
from kfdesk.domain.records.aftercare import FollowUp
from kfdesk.domain.records.journey import Handover
from kfdesk.domain.registers import is_deleted, is_deletion_requested
from kfdesk.domain.rows import RecordView, Row, conflicting_keys, read_fields, sequence_order, view
from kfdesk.domain.values import Value, ZonedTime, text_or_empty
from kfdesk.domain.workflow.stages import BEFORE_ARRIVAL, recorded_stage
from kfdesk.services.core.references import referenced_organisation
from kfdesk.services.core.session import Session

RecordT = TypeVar("RecordT")
_LISTED_PLAN_KEYS = ("state", "owner", "to_country", "receiver")
_LISTED_LEG_KEYS = ("sequence", "status", "from_place", "to_place", "departs", "arrives")


@dataclass(frozen=True, slots=True)
class LegLine:
    """Facts of a leg for lists; a value is None where `view` reads None. `row` has the rest."""

    row: Row
    sequence: Value
    status: Value
    from_place: Value
    to_place: Value
    departs: Value
    arrives: Value


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of the list of plans; `owner` are the initials of who answers for the plan.

    If `is_brief`, the rows of the legs have no states: many such lines are held at once.
    """

    rid: bytes
    code: str
    alias: str
    state: str
    legs: tuple[LegLine, ...]
    conflicts: int
    client: bytes = b""
    owner: str = ""
    to_country: str = ""
    is_brief: bool = False
    pronoun: Pronoun = Pronoun.CLIENT
    custodian: bytes = b""
    receiver: str = ""
    """A reference to the organisation that receives her, or to a contact of it."""
    received: datetime | None = None
    """When somebody received her at the end of the journey, if that was recorded."""

    @property
    def stage(self) -> str:
        """The state, or the later stage that was recorded of the journey."""
        return recorded_stage(self.state, self.legs, self.received)

    @property
    def departs(self) -> ZonedTime | None:
        """The departure of the first leg, if it is known."""
        first = self.legs[0].departs if self.legs else None
        return first if isinstance(first, ZonedTime) else None


def plan_line(client: Row, plan: Row, legs: Iterable[Row], conflicted: Iterable[Row]) -> PlanLine:
    """Return the line of a plan, its client and its legs.

    `conflicted` are the other records with fields in conflict.
    """
    of_client = read_fields(client, ("code", "alias", "gender"))
    of_plan = read_fields(plan, _LISTED_PLAN_KEYS)
    others = (row for row in conflicted if not is_deleted(row.state))
    there = (row for row in legs if not is_deleted(row.state))
    return PlanLine(
        rid=plan.rid,
        code=text_or_empty(of_client["code"]),
        alias=text_or_empty(of_client["alias"]),
        state=text_or_empty(of_plan["state"]) or "draft",
        legs=tuple(
            sorted(map(_leg_line, there), key=lambda leg: sequence_order(leg.row, leg.sequence))
        ),
        conflicts=sum(
            len(conflicting_keys(row)) + is_deletion_requested(row.state)
            for row in (client, plan, *others)
        ),
        client=client.rid,
        owner=text_or_empty(of_plan["owner"]),
        to_country=text_or_empty(of_plan["to_country"]),
        pronoun=pronoun_of(of_client["gender"]),
        custodian=plan.custodian,
        receiver=text_or_empty(of_plan["receiver"]),
    )


def _leg_line(row: Row) -> LegLine:
    return LegLine(row, **read_fields(row, _LISTED_LEG_KEYS))


def departure_order(line: PlanLine) -> tuple[bool, datetime | None, str]:
    """Return the sort key of a plan: earliest departure first, plans without a journey last."""
    return (line.departs is None, line.departs.utc if line.departs else None, line.code)


def with_arrivals(desk: Session, lines: Sequence[PlanLine]) -> Iterator[PlanLine]:
    """Yield these lines with when each client was surely home, as handovers and contacts tell.

    Only a plan whose state is before the arrival is asked, so that few records are read.
    """
    early = [line.rid for line in lines if line.state in BEFORE_ARRIVAL]
    met = _below(Handover, desk.store.rows_beneath("handover", early))
    cells = desk.store.tree.cells("follow_up", ("result",), early) if early else ()
    made = [one.rid for one in cells if one.wires[0] == "reached"]
    reached = _below(FollowUp, (row for row, _ in desk.store.kept(made).values()))
    now = desk.adapters.clock.now()
    for line in lines:
        told = {one.row.custodian for one in met[line.rid]}
        told |= {one.row.custodian for one in reached[line.rid]}
        if not told:
            yield line
            continue
        writers = _arrival_writers(desk, line, told)
        handovers, contacts = believed(met[line.rid], writers), believed(reached[line.rid], writers)
        yield replace(line, received=home_since(handovers, contacts, now))


def _arrival_writers(desk: Session, line: PlanLine, told: set[bytes]) -> frozenset[bytes]:
    """Return the organisations whose word of an arrival counts, as `CaseContext.arrival_writers`.

    `told` are those that have written one: the receiver is looked up for others than our own.
    """
    found = {line.custodian}
    if told - found:
        receiver = referenced_organisation(desk, line.receiver)
        found |= {receiver.rid} if receiver is not None else set()
    return frozenset(found)


def _below(cls: type[RecordT], rows: Iterable[Row]) -> Mapping[bytes, list[RecordView[RecordT]]]:
    """Return the records that are not in the bin, by the plan above them."""
    found = defaultdict[bytes, list[RecordView[RecordT]]](list)
    for row in rows:
        seen = view(row, cls)
        if not seen.is_deleted:
            found[row.parent or b""].append(seen)
    return found
