# SPDX-License-Identifier: GPL-3.0-or-later
"""All that the gates look at: one plan with its client and what hangs under both, at one time.

Made of rows, so that what a gate believes is what the store holds: deleted records are not in it,
a field in conflict reads None, and whose word a record is says its custodian. Knows no store.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from kfdesk.domain.checks import Finding
from kfdesk.domain.gates.states import is_way_back
from kfdesk.domain.records.after.follow_up import FollowUp
from kfdesk.domain.records.after.service import Service
from kfdesk.domain.records.case.approval import Approval
from kfdesk.domain.records.case.legal_status import LegalStatus
from kfdesk.domain.records.case.reception import Reception
from kfdesk.domain.records.case.risk_assessment import RiskAssessment
from kfdesk.domain.records.case.transition import Transition
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.journey.handover import Handover
from kfdesk.domain.records.journey.travel_document import TravelDocument
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.person.child_papers import ChildPapers
from kfdesk.domain.records.person.relationship import Relationship
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.records.risk.risk_event import RiskEvent
from kfdesk.domain.records.risk.risk_line import RiskLine
from kfdesk.domain.rows import Row, View, view
from kfdesk.domain.schema import type_name
from kfdesk.domain.values import Moment
from kfdesk.domain.writes import live_of, writes_of

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Receiver:
    """The organisation that the plan names as receiver, and whether it is in a third country.

    `is_third_country` is None where that is not known. One with a desk of its own speaks for
    itself; what another has told by telephone or on paper may be written down for it.
    """

    organisation: bytes
    is_third_country: bool | None
    has_own_desk: bool = True


@dataclass(frozen=True, slots=True)
class Situation:
    """A plan as the gates see it at `at` (aware; its date is the desk's).

    `paper` is what keeps her sheet from being printed.
    """

    client: View[Client]
    plan: View[Plan]
    relationships: tuple[View[Relationship], ...]
    consents: tuple[View[Consent], ...]
    legs: tuple[View[Leg], ...]
    documents: tuple[View[TravelDocument], ...]
    handovers: tuple[View[Handover], ...]
    legal: tuple[View[LegalStatus], ...]
    receptions: tuple[View[Reception], ...]
    risks: tuple[View[RiskAssessment], ...]
    risk_lines: tuple[View[RiskLine], ...]
    risk_events: tuple[View[RiskEvent], ...]
    child_papers: tuple[View[ChildPapers], ...]
    approvals: tuple[View[Approval], ...]
    transitions: tuple[View[Transition], ...]
    follow_ups: tuple[View[FollowUp], ...]
    services: tuple[View[Service], ...]
    receiver: Receiver | None
    paper: tuple[Finding, ...]
    at: datetime

    @property
    def ours(self) -> bytes:
        """The organisation that answers for the plan."""
        return self.plan.row.custodian

    @property
    def state(self) -> str | None:
        """The plan's state; None while it is in conflict."""
        if "state" in self.plan.conflicts:
            return None
        state = self.plan.record.state
        return state if isinstance(state, str) else "draft"

    @property
    def went_back(self) -> Moment | None:
        """When the plan was last sent back to be weighed anew; what was weighed before is void."""
        times = [
            step.record.happened
            for step in self.transitions
            if is_way_back(str(step.record.from_state), str(step.record.to_state))
            and isinstance(step.record.happened, Moment)
        ]
        return max(times, key=lambda time: time.utc, default=None)

    def mover_before(self, milliseconds: int) -> str:
        """The initials of whoever had moved the plan last at that time; of its author at first."""
        steps = [
            step
            for step in self.transitions
            if step.row.custodian == self.ours and last_written(step.row) <= milliseconds
        ]
        if steps:
            newest = max(steps, key=lambda step: (last_written(step.row), step.rid))
            return str(newest.record.taken_by or "")
        writes = live_of(self.plan.row.state).get(TYPES["plan"].ids["state"], ())
        return initials_of(writes[0].author) if writes and not self.transitions else ""


def situation(
    rows: Sequence[Row],
    at: datetime,
    receiver: Receiver | None = None,
    paper: Sequence[Finding] = (),
) -> Situation:
    """The situation of the one client and the one plan among `rows`."""
    (client,), (plan,) = _views(rows, Client), _views(rows, Plan)
    return Situation(
        client=client,
        plan=plan,
        relationships=_views(rows, Relationship),
        consents=_views(rows, Consent),
        legs=tuple(sorted(_views(rows, Leg), key=_sequence)),
        documents=_views(rows, TravelDocument),
        handovers=_views(rows, Handover),
        legal=_views(rows, LegalStatus),
        receptions=_views(rows, Reception),
        risks=_views(rows, RiskAssessment),
        risk_lines=_views(rows, RiskLine),
        risk_events=_views(rows, RiskEvent),
        child_papers=_views(rows, ChildPapers),
        approvals=_views(rows, Approval),
        transitions=_views(rows, Transition),
        follow_ups=_views(rows, FollowUp),
        services=_views(rows, Service),
        receiver=receiver,
        paper=tuple(paper),
        at=at,
    )


def initials_of(author: str) -> str:
    """The initials in a write's author label, which names person and house."""
    return author.partition(",")[0]


def last_written(row: Row) -> int:
    """When the newest of a row's live writes was made: milliseconds since 1970, UTC."""
    return max((write.milliseconds for write in writes_of(row.state)), default=0)


def _views(rows: Sequence[Row], cls: type[R]) -> tuple[View[R], ...]:
    name = type_name(cls)
    views = (view(row, cls) for row in rows if row.type == name)
    return tuple(seen for seen in views if not seen.is_deleted)


def _sequence(leg: View[Leg]) -> tuple[int, bytes]:
    number = leg.record.sequence
    return (number if isinstance(number, int) else 2**31, leg.rid)
