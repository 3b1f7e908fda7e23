# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading plans: the list of them, and one whole plan with who may have what of it.

Reads only. Codes stand before names; what may leave is asked of `disclose()`, never guessed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from kfdesk.domain.checks import Finding, sheet_findings
from kfdesk.domain.disclosure import Channel, Disclosed, Reason, Recipient, Who, disclose, stands
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.help_number import HelpNumber
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, Version, View, seen_in, view, view_any
from kfdesk.domain.schema import Group
from kfdesk.domain.values import Moment, Value
from kfdesk.domain.writes import Write
from kfdesk.services.desk import Desk
from kfdesk.services.records import found

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Case:
    """The rows of one plan: its client, itself, what hangs under both."""

    client: Row
    plan: Row
    below: tuple[Row, ...]
    consents: tuple[Row, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All of them."""
        return (self.client, self.plan, *self.below, *self.consents)

    def views(self, cls: type[R], record_type: str) -> tuple[View[R], ...]:
        """The records of one type under the plan, in their sequence, deleted ones left out."""
        found_views = [view(row, cls) for row in self.below if row.type == record_type]
        kept = [found for found in found_views if not found.is_deleted]
        return tuple(sorted(kept, key=_sequence))


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line of the plans list."""

    rid: bytes
    code: str
    alias: str
    state: str
    legs: tuple[View[Leg], ...]
    conflicts: int

    @property
    def departs(self) -> Moment | None:
        """When the first leg leaves, if that is known."""
        times = [leg.record.departs for leg in self.legs]
        return times[0] if times and isinstance(times[0], Moment) else None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that two desks wrote apart: `before` is what both replaced, if one write was.

    `seen` are the writes that a decision replaces, and no others.
    """

    rid: bytes
    type: str
    key: str
    sequence: int | None
    before: Version | None
    versions: tuple[Version, ...]
    seen: frozenset[tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A consent with its recipient's name; `shut` says why it does not stand, if it does not."""

    view: View[Consent]
    recipient: str
    shut: Reason | None


@dataclass(frozen=True, slots=True)
class Share:
    """What one recipient may have of the plan, by one channel."""

    name: str
    recipient: Recipient
    channel: Channel
    groups: tuple[Group, ...]
    granted: int
    withheld: Mapping[Reason, int]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One plan as its page shows it."""

    client: View[Client]
    plan: View[Plan]
    legs: tuple[View[Leg], ...]
    numbers: tuple[View[HelpNumber], ...]
    consents: tuple[ConsentLine, ...]
    shares: tuple[Share, ...]
    conflicts: tuple[Conflict, ...]
    gaps: tuple[Finding, ...]
    receiver: str
    escort: str


def list_plans(desk: Desk) -> tuple[PlanLine, ...]:
    """All plans, those that leave first on top; plans without a journey last."""
    lines = [_line(load_case(desk, row.rid)) for row in desk.store.rows("plan")]
    return tuple(sorted(lines, key=lambda line: (_departure(line), line.code)))


def open_plan(desk: Desk, rid: bytes) -> PlanPage:
    """One plan. Raises KfdeskError `record.missing`."""
    case = load_case(desk, rid)
    plan = view(case.plan, Plan)
    consents = tuple(_consent_line(desk, row) for row in case.consents)
    return PlanPage(
        client=view(case.client, Client),
        plan=plan,
        legs=case.views(Leg, "leg"),
        numbers=case.views(HelpNumber, "help_number"),
        consents=consents,
        shares=tuple(_shares(desk, case, plan)),
        conflicts=tuple(_conflicts(desk, case)),
        gaps=sheet_gaps(desk, case),
        receiver=name_of(desk, plan.record.receiver),
        escort=name_of(desk, plan.record.escort),
    )


def load_case(desk: Desk, plan_rid: bytes) -> Case:
    """The rows of a plan. Raises KfdeskError `record.missing`."""
    plan = found(desk, plan_rid)
    client = found(desk, plan.parent or b"")
    consents = tuple(row for row in desk.store.children(client.rid) if row.type == "consent")
    return Case(client, plan, desk.store.children(plan_rid), consents)


def disclose_case(desk: Desk, case: Case, recipient: Recipient, channel: Channel) -> Disclosed:
    """What of a case may go to a recipient now."""
    return disclose(case.rows, recipient, channel, case.consents, desk.rooms.clock.now())


def sheet_gaps(desk: Desk, case: Case, language: str | None = None) -> tuple[Finding, ...]:
    """What keeps her sheet from being printed now, in `language` or the first that she speaks."""
    client = view(case.client, Client).record
    spoken = client.languages if isinstance(client.languages, tuple) else ()
    return sheet_findings(
        client,
        [leg.record for leg in case.views(Leg, "leg")],
        [number.record for number in case.views(HelpNumber, "help_number")],
        language or next(iter(spoken), "en"),
        desk.rooms.clock.now(),
    )


def name_of(desk: Desk, reference: object) -> str:
    """The name of an organisation or first name of a contact by reference; empty if unknown."""
    row = desk.store.row(bytes.fromhex(reference)) if isinstance(reference, str) else None
    if row is None:
        return ""
    record = view_any(row).record
    name = record.name if isinstance(record, Organisation) else None
    name = record.given_name if isinstance(record, Contact) else name
    return name if isinstance(name, str) else ""


def client_recipient(client: Row, plan: View[Plan]) -> Recipient:
    """The client herself, with her recorded wish for paper."""
    return Recipient(Who.CLIENT, client.rid, wants_paper=plan.record.wants_paper == "wants_paper")


def _line(case: Case) -> PlanLine:
    client, plan = view(case.client, Client), view(case.plan, Plan)
    views: list[View[Any]] = [view_any(row) for row in case.rows]
    return PlanLine(
        rid=plan.rid,
        code=_text(client.record.code),
        alias=_text(client.record.alias),
        state=_text(plan.record.state) or "draft",
        legs=case.views(Leg, "leg"),
        conflicts=sum(len(found_view.conflicts) for found_view in views),
    )


def _departure(line: PlanLine) -> tuple[bool, datetime | None]:
    departs = line.departs
    return (departs is None, departs.utc if departs else None)


def _consent_line(desk: Desk, row: Row) -> ConsentLine:
    consent = view(row, Consent)
    shut = stands(consent.record, desk.rooms.clock.now().date())
    return ConsentLine(consent, name_of(desk, consent.record.recipient), shut)


def _shares(desk: Desk, case: Case, plan: View[Plan]) -> Iterator[Share]:
    herself = client_recipient(case.client, plan)
    yield _share(desk, case, "", herself, Channel.CARRIED)
    if isinstance(plan.record.escort, str):
        escort = Recipient(Who.PERSON, bytes.fromhex(plan.record.escort))
        yield _share(desk, case, name_of(desk, plan.record.escort), escort, Channel.CARRIED)
    for partner in desk.store.ledger.partners():
        yield _share(desk, case, partner.name, partner.recipient, Channel.BUNDLE)


def _share(desk: Desk, case: Case, name: str, recipient: Recipient, channel: Channel) -> Share:
    what = disclose_case(desk, case, recipient, channel)
    if channel is Channel.CARRIED:
        what = what.only(desk.rooms.papers.sheet_keys)
    withheld: dict[Reason, int] = {}
    for field in what.withheld:
        withheld[field.reason] = withheld.get(field.reason, 0) + 1
    granted = sum(len(row.grants) for row in what.rows)
    return Share(name, recipient, channel, what.groups, granted, withheld)


def _conflicts(desk: Desk, case: Case) -> Iterator[Conflict]:
    for row in case.rows:
        seen = view_any(row)
        for key in sorted(seen.conflicts):
            before = _before(desk, row, key)
            sequence = getattr(seen.record, "sequence", None)
            number = sequence if isinstance(sequence, int) else None
            versions, writes = seen.versions[key], seen_in(row)
            yield Conflict(row.rid, row.type, key, number, before, versions, writes)


def _before(desk: Desk, row: Row, key: str) -> Version | None:
    """The newest value that was replaced in this field; both sides wrote over it."""
    described = TYPES[row.type]
    old = [write for write in desk.store.history(row.rid) if write.fid == described.ids[key]]
    return _version(described.fields[key].kind.decode(old[-1].value), old[-1]) if old else None


def _version(value: Value, write: Write) -> Version:
    return Version(value, write.author, write.milliseconds, write.wid)


def _sequence(found_view: View[Any]) -> tuple[int, bytes]:
    number = found_view.record.sequence
    return (number if isinstance(number, int) else 2**31, found_view.rid)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
