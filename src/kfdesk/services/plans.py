# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading plans: the list of them, and one whole plan with who may have what of it.

Reads only. Codes stand before names; what may leave is asked of `disclose()`, never guessed.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from kfdesk.domain.checks import Finding, sheet_findings
from kfdesk.domain.disclosure import Channel, Disclosed, Reason, Recipient, Who, disclose, why_shut
from kfdesk.domain.papers.contents import CONTENTS
from kfdesk.domain.papers.order import PaperName
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.help_number import HelpNumber
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, Version, View, columns, glance, seen_in, view, view_any
from kfdesk.domain.schema import Group, type_name
from kfdesk.domain.writes import is_deleted
from kfdesk.services.casework.lines import PlanLine, line_of, place_of, urgency
from kfdesk.services.desk import Desk
from kfdesk.services.finding.choices import Choices, choices_of, name_in
from kfdesk.services.policy.access import (
    READING,
    as_seen,
    hidden_keys,
    may_change,
    may_read,
    require_reading,
)
from kfdesk.services.policy.viewing import note_view
from kfdesk.services.writing.records import found, readable

R = TypeVar("R")

CARRIED_BY: Mapping[Who, PaperName] = {
    Who.CLIENT: PaperName.TRAVELLERS_SHEET,
    Who.PERSON: PaperName.ESCORTS_SHEET,
}
"""The paper that who travels carries."""


@dataclass(frozen=True, slots=True)
class Case:
    """The rows of one plan: its client, itself, what hangs under both.

    `below` hangs under the plan, lines of a weighing too; `consents` and `people` under the client.
    """

    client: Row
    plan: Row
    below: tuple[Row, ...]
    consents: tuple[Row, ...]
    people: tuple[Row, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """All of them, deleted ones too: a partner who has one must learn that it is gone."""
        return (self.client, self.plan, *self.below, *self.consents, *self.people)

    @property
    def present(self) -> tuple[View[Any], ...]:
        """All of them but the deleted ones."""
        return tuple(seen for seen in map(view_any, self.rows) if not seen.is_deleted)

    def seen(self, rid: bytes | None) -> View[Any] | None:
        """One of them; None for one that is deleted or none of them. No other is read."""
        rows = (row for row in self.rows if row.rid == rid and not is_deleted(row.state))
        return next(map(view_any, rows), None)

    def all_views(self, record_type: str) -> tuple[View[Any], ...]:
        """As `views`, of a type by its name alone."""
        return self.views(TYPES[record_type].cls, record_type)

    def views(self, cls: type[R], record_type: str) -> tuple[View[R], ...]:
        """The records of one type, in their sequence or as entered, deleted ones left out."""
        return tuple(sorted((view(row, cls) for row in self.of(record_type)), key=_sequence))

    def of(self, record_type: str) -> tuple[Row, ...]:
        """The rows of one type, unread, deleted ones left out: for a list that shows a few."""
        rows = (*self.below, *self.consents, *self.people)
        return tuple(row for row in rows if row.type == record_type and not is_deleted(row.state))


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
    case: Case
    choices: Choices
    may_edit: bool = True
    covered: frozenset[str] = frozenset()
    """Fields (`type.key`) that have a value which who sits here may not see."""

    def views(self, cls: type[R]) -> tuple[View[R], ...]:
        """The records of one type that belong to the plan, deleted ones left out."""
        return self.case.views(cls, type_name(cls))


def list_plans(desk: Desk) -> tuple[PlanLine, ...]:
    """All plans but those in the bin, those that leave first on top, without a journey last.

    Those that who sits here may not read are left out (`policy/reasons.py` has their codes).
    Raises KfdeskError `user.not_allowed` for who reads no plans at all.
    """
    desk.require(*READING)
    clients = {row.rid: row for row in desk.store.rows("client")}
    legs = _by_parent(desk.store.rows("leg"))
    torn = _by_parent(desk.store.torn())
    lines = [
        line_of(client, row, legs[row.rid], (*torn[row.rid], *torn[client.rid]))
        for row in desk.store.rows("plan")
        if may_read(desk, row) and (client := clients.get(row.parent or b"")) is not None
        if not is_deleted(row.state) and not is_deleted(client.state)
    ]
    return tuple(sorted(lines, key=urgency))


def open_plan(desk: Desk, rid: bytes) -> PlanPage:
    """One plan, as who sits here may see it.

    Raises KfdeskError `record.missing`, `record.deleted` from the bin, or `user.not_allowed`.
    """
    require_reading(desk, found(desk, rid))
    whole = load_case(desk, rid)
    note_view(desk, whole.plan)
    case = _seen(desk, whole)
    plan = view(case.plan, Plan)
    consents = tuple(_consent_lines(desk, case, view(whole.client, Client)))
    return PlanPage(
        client=view(case.client, Client),
        plan=plan,
        legs=case.views(Leg, "leg"),
        numbers=case.views(HelpNumber, "help_number"),
        consents=consents,
        shares=tuple(_shares(desk, whole, plan)),
        conflicts=tuple(_conflicts(desk, case)),
        gaps=sheet_gaps(desk, whole),
        receiver=name_of(desk, plan.record.receiver),
        escort=name_of(desk, plan.record.escort),
        case=case,
        choices=choices_of(desk, case.rows, _given(consents)),
        may_edit=may_change(desk, case.plan),
        covered=frozenset(_covered(whole, case)),
    )


def load_case(desk: Desk, plan_rid: bytes) -> Case:
    """The rows of a plan, whole. Raises KfdeskError `record.missing`, or `user.not_allowed`.

    Raises KfdeskError `record.deleted` for a plan in the bin: nothing is shown, sent or printed
    of it. What of it a person is shown goes through `shown_case`.
    """
    return case_of(desk, readable(desk, plan_rid))


def shown_case(desk: Desk, plan_rid: bytes) -> Case:
    """As `load_case`, without what is covered for who sits here."""
    require_reading(desk, found(desk, plan_rid))
    return _seen(desk, load_case(desk, plan_rid))


def disclose_case(desk: Desk, case: Case, recipient: Recipient, channel: Channel) -> Disclosed:
    """What of a case may go to a recipient now."""
    return disclose(case.rows, recipient, channel, case.consents, desk.rooms.clock.now())


def sheet_gaps(desk: Desk, case: Case, language: str | None = None) -> tuple[Finding, ...]:
    """What keeps her sheet from being printed now, in `language` or the first that she speaks."""
    hers = glance(case.client, ("name_on_ticket", "languages"))
    spoken = hers["languages"] if isinstance(hers["languages"], tuple) else ()
    return sheet_findings(
        hers["name_on_ticket"],
        [leg.record for leg in case.views(Leg, "leg")],
        [number.record for number in case.views(HelpNumber, "help_number")],
        language or str(next(iter(spoken), "en")),
        desk.rooms.clock.now(),
    )


def name_of(desk: Desk, reference: object) -> str:
    """The name of an organisation or first name of a contact by reference; empty if unknown."""
    row = desk.store.row(bytes.fromhex(reference)) if isinstance(reference, str) else None
    return name_in(row) if row is not None else ""


def _given(consents: Iterable[ConsentLine]) -> Iterator[tuple[str, str]]:
    return ((line.view.rid.hex(), line.recipient) for line in consents)


def client_recipient(client: Row, plan: View[Plan]) -> Recipient:
    """The client herself, with her recorded wish for paper."""
    return Recipient(Who.CLIENT, client.rid, wants_paper=plan.record.wants_paper == "wants_paper")


def case_of(desk: Desk, plan: Row) -> Case:
    """The rows of a plan, for a service that has asked for its right."""
    client = found(desk, plan.parent or b"")
    hers, below = desk.store.children(client.rid), desk.store.children(plan.rid)
    weighings = (row.rid for row in below if row.type == "risk_assessment")
    lines = (line for rid in weighings for line in desk.store.children(rid))
    consents = tuple(row for row in hers if row.type == "consent")
    people = tuple(row for row in hers if row.type == "relationship")
    return Case(client, plan, (*below, *lines), consents, people)


def _seen(desk: Desk, case: Case) -> Case:
    """The case without what is covered for who sits here."""
    hidden = {name: hidden_keys(desk, case.plan, name) for name in {row.type for row in case.rows}}
    if not any(hidden.values()):
        return case

    def seen(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(as_seen(row, hidden[row.type]) for row in rows)

    (client, plan), below = seen((case.client, case.plan)), seen(case.below)
    return Case(client, plan, below, seen(case.consents), seen(case.people))


def _covered(whole: Case, shown: Case) -> Iterator[str]:
    for row, seen in zip(whole.rows, shown.rows, strict=True):
        if row is not seen:
            for key in columns(row)[0].keys() - columns(seen)[0].keys():
                yield f"{row.type}.{key}"


def _by_parent(rows: Iterable[Row]) -> Mapping[bytes, list[Row]]:
    """Rows by what they stand under; another plan of the same client is not among her people."""
    found_rows: dict[bytes, list[Row]] = defaultdict(list)
    for row in rows:
        if row.parent is not None and row.type != "plan":
            found_rows[row.parent].append(row)
    return found_rows


def _consent_lines(desk: Desk, case: Case, client: View[Client]) -> Iterator[ConsentLine]:
    now = desk.rooms.clock.now()
    for consent in case.views(Consent, "consent"):
        is_answer = consent.row.custodian != desk.identity.organisation
        shut = why_shut(consent, client, now, is_answer=is_answer)
        yield ConsentLine(consent, name_of(desk, consent.record.recipient), shut)


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
        what = what.only(CONTENTS[CARRIED_BY[recipient.who]])
    withheld = Counter(field.reason for field in what.withheld)
    granted = sum(len(row.grants) for row in what.rows)
    return Share(name, recipient, channel, what.groups, granted, withheld)


def _conflicts(desk: Desk, case: Case) -> Iterator[Conflict]:
    for seen in case.present:
        row = seen.row
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
    if not old:
        return None
    value, last = described.fields[key].kind.decode(old[-1].value), old[-1]
    return Version(value, last.author, last.milliseconds, last.wid)


def _sequence(found_view: View[Any]) -> tuple[int, int, bytes]:
    return place_of(found_view.row, getattr(found_view.record, "sequence", None))
