# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans: the list of plans, one plan as its page shows it, and its rows as a case.

`load_case` reads the rows of a plan with its client, and `case_context_of` adds what the
gates need: the time, the receiver and the gaps of the traveller's sheet. The context of
events (`zoned_now`, `checked_event_time`) is here as well, and the records that fields of a
plan may refer to. This module writes nothing but the log of views, and knows no form.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from kfdesk.domain.aftercare import tells_danger
from kfdesk.domain.authority import is_id_of
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.codes.world import EEA
from kfdesk.domain.consent import Recipient, RecipientKind, WithheldReason, invalidity_reason
from kfdesk.domain.directory import SearchQuery, code_term
from kfdesk.domain.disclosure import Channel, Disclosed, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.itinerary import SheetFinding, sheet_findings, with_own_test
from kfdesk.domain.kinds import ReferenceKind, is_missing_answer
from kfdesk.domain.papers import CONTENTS
from kfdesk.domain.records.client import Client, Consent, Relationship
from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.domain.records.journey import HelpNumber, Leg, TravelDocument, Traveller
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.registry import NESTED_TYPES, RECORD_TYPES
from kfdesk.domain.registers import (
    DELETION,
    EMPTY_STATE,
    is_deleted,
    is_deletion_requested,
    writes_by_field,
)
from kfdesk.domain.risk import RiskStatus
from kfdesk.domain.rows import (
    FieldVersion,
    RecordView,
    Row,
    column_values,
    read_fields,
    seen_writes,
    sibling_numbers,
    view,
    view_any,
    view_order,
)
from kfdesk.domain.schema import DataGroup, type_name
from kfdesk.domain.travellers import TravelParty, ticket_findings
from kfdesk.domain.values import ZonedTime, text_or_empty
from kfdesk.domain.workflow import decision
from kfdesk.domain.workflow.alarms import received_of
from kfdesk.domain.workflow.contradictions import MeetingContact, contradiction_findings
from kfdesk.domain.workflow.departure import proven_checks
from kfdesk.domain.workflow.gates import (
    DRAFT,
    NEXT_STATES,
    CaseContext,
    Gate,
    Receiver,
    build_case_context,
    is_read_only,
)
from kfdesk.domain.workflow.stages import (
    BEGUN,
    HOME_STATES,
    TRAVELLING,
    is_answered,
    next_leg_index,
    recorded_stage,
)
from kfdesk.domain.workflow.table import gates_before
from kfdesk.services.core.authorization import (
    READ_RIGHTS,
    hidden_keys,
    log_view,
    may_edit_now,
    may_read,
    require_reading,
    without_hidden,
)
from kfdesk.services.core.history import NAME_KEYS, row_name, sender_names
from kfdesk.services.core.records import require_readable, require_record
from kfdesk.services.core.references import referenced_organisation, referenced_row
from kfdesk.services.core.session import Session, desk_zone
from kfdesk.services.plans.leg_clocks import journey_places
from kfdesk.services.plans.lines import PlanLine, departure_order, plan_line, with_arrivals

_PLANS_PER_PORTION = 256
_HEADS = frozenset({"client", "plan"})

# --- a case and the page of a plan

RecordT = TypeVar("RecordT")

CARRIED_PAPERS: Mapping[RecipientKind, PaperName] = {
    RecipientKind.CLIENT: PaperName.TRAVELLERS_SHEET,
    RecipientKind.PERSON: PaperName.ESCORTS_SHEET,
}
"""The paper that each traveller carries."""


@dataclass(frozen=True, slots=True)
class Case:
    """The rows of one plan: its client, the plan itself, and the records below both.

    `below` are the plan's records, with the lines of risk assessments; `consents` and `people`
    are the client's.
    """

    client: Row
    plan: Row
    below: tuple[Row, ...]
    consents: tuple[Row, ...]
    people: tuple[Row, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows, with deleted ones: a partner who has one must learn that it was deleted."""
        return (self.client, self.plan, *self.below, *self.consents, *self.people)

    @property
    def present(self) -> tuple[RecordView[Any], ...]:
        """All records but the deleted ones."""
        return tuple(seen for seen in map(view_any, self.rows) if not seen.is_deleted)

    @property
    def party(self) -> TravelParty:
        """The travellers and their documents."""
        return TravelParty(
            view(self.client, Client),
            self.views(Relationship, "relationship"),
            self.views(Traveller, "traveller"),
            self.views(TravelDocument, "travel_document"),
        )

    def view_of(self, rid: bytes | None) -> RecordView[Any] | None:
        """Return one record without decoding others; None if it is deleted or not in the case."""
        rows = (row for row in self.rows if row.rid == rid and not is_deleted(row.state))
        return next(map(view_any, rows), None)

    def all_views(self, record_type: str) -> tuple[RecordView[Any], ...]:
        """Return the records of one type as `views` does, by the type's name alone."""
        return self.views(RECORD_TYPES[record_type].cls, record_type)

    def views(self, cls: type[RecordT], record_type: str) -> tuple[RecordView[RecordT], ...]:
        """Return the records of one type, by sequence or time of entry, without deleted ones."""
        return tuple(sorted((view(row, cls) for row in self.of(record_type)), key=view_order))

    def of(self, record_type: str) -> tuple[Row, ...]:
        """Return the undecoded rows of one type, without deleted ones, for short lists."""
        rows = (*self.below, *self.consents, *self.people)
        return tuple(row for row in rows if row.type == record_type and not is_deleted(row.state))


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that two sides wrote independently; `before` is what both replaced, if one write was.

    `seen` are the writes that a decision replaces, and no others. `senders` names the partner whose
    file brought a version, by write id; whatever its author's name says.
    """

    rid: bytes
    type: str
    key: str
    sequence: int | None
    before: FieldVersion | None
    versions: tuple[FieldVersion, ...]
    seen: frozenset[tuple[int, bytes]]
    senders: Mapping[bytes, str] = field(default_factory=dict)

    @property
    def is_proposal(self) -> bool:
        """True if nothing of ours stands here: a partner's value waits."""
        return any(one.value is None for one in self.versions)


@dataclass(frozen=True, slots=True)
class DeletionRequest:
    """A partner asks to put a record into the bin; `seen` are the writes that a decision replaces.

    `sender` is its name, empty if it is not known.
    """

    rid: bytes
    type: str
    sequence: int | None
    sender: str
    seen: frozenset[tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class ReferenceChoices:
    """Ids (hexadecimal) with names; `is_whole`: the directory has no other entries.

    `elsewhere` are entries that a record names and that only a partner has, with its name.
    """

    organisations: tuple[tuple[str, str], ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()
    consents: tuple[tuple[str, str], ...] = ()
    is_whole: bool = True
    elsewhere: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A consent with its recipient's name; `shut` says why it is not valid, None if it is."""

    view: RecordView[Consent]
    recipient: str
    shut: WithheldReason | None


@dataclass(frozen=True, slots=True)
class RecipientShare:
    """Share of the plan that one recipient may have, through one channel."""

    name: str
    recipient: Recipient
    channel: Channel
    groups: tuple[DataGroup, ...]
    granted: int
    withheld: Mapping[WithheldReason, int]


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One plan as its page shows it."""

    client: RecordView[Client]
    plan: RecordView[Plan]
    legs: tuple[RecordView[Leg], ...]
    numbers: tuple[RecordView[HelpNumber], ...]
    consents: tuple[ConsentLine, ...]
    shares: tuple[RecipientShare, ...]
    conflicts: tuple[Conflict, ...]
    deletions: tuple[DeletionRequest, ...]
    gaps: tuple[SheetFinding, ...]
    receiver: str
    escort: str
    case: Case
    choices: ReferenceChoices
    may_edit: bool = True
    covered: frozenset[str] = frozenset()
    """Fields (`type.key`) with a value that is hidden from the current user."""

    open_gates: tuple[Gate, ...] = ()
    """The gates of the next step that are not met, as "Check" names them; none at a partner's."""

    proven: Mapping[str, Gate] = field(default_factory=dict)
    """The points of the list before leaving that the records answer; none at a partner's."""

    risk: RiskStatus | None = None
    is_risk_assessed: bool = False
    """True if this organisation has nothing left to do about the risks."""

    received: datetime | None = None
    """When she was surely home, if that was recorded."""

    @property
    def state(self) -> str:
        """The plan's state."""
        return text_or_empty(self.plan.record.state) or DRAFT

    @property
    def stage(self) -> str:
        """The state, or the later stage that was recorded of the journey."""
        return recorded_stage(self.state, [leg.record for leg in self.legs], self.received)

    @property
    def has_left(self) -> bool:
        """True once a departure or a handover is recorded, or the state tells of one."""
        has_begun = any(leg.record.status in BEGUN for leg in self.legs)
        return has_begun or self.received is not None or self.stage in {TRAVELLING, *HOME_STATES}

    @property
    def gaps_ahead(self) -> tuple[SheetFinding, ...]:
        """The gaps of what is still ahead: none of a leg that is over, none once she is home."""
        legs = [leg.record for leg in self.legs]
        is_home = self.received is not None and next_leg_index(legs, self.received) is None
        if is_home or self.stage in HOME_STATES:
            return ()
        return tuple(gap for gap in self.gaps if not self.is_over(gap.type, gap.sequence))

    def is_over(self, record_type: str, number: int | None) -> bool:
        """Return whether this is a leg that somebody has received her after, by its number."""
        if record_type != "leg" or number is None or not 0 < number <= len(self.legs):
            return False
        return is_answered(self.legs[number - 1].record, self.received)

    def views(self, cls: type[RecordT]) -> tuple[RecordView[RecordT], ...]:
        """Return the records of one type that belong to the plan, without deleted ones."""
        return self.case.views(cls, type_name(cls))


def list_plans(desk: Session) -> tuple[PlanLine, ...]:
    """Return all plans but those in the bin: earliest departure first, without a journey last.

    Plans that the current user may not read are left out (`list_locked_plans` has their codes).
    Raise KfdeskError `user.not_allowed` for a user who may read no plans.
    """
    desk.require(*READ_RIGHTS)
    return _plan_lines(desk, desk.store.rows("plan"), desk.store.conflicted_rows())


def list_current_plans(desk: Session) -> tuple[PlanLine, ...]:
    """Return the plans of `list_plans` that may still ask something of somebody.

    An ended plan is among them only if it has something in conflict or a contact after the
    arrival told of danger. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    conflicted = desk.store.conflicted_rows()
    current, _ = _current_and_ended(desk, conflicted)
    return _plan_lines(desk, [row for row, _ in desk.store.kept(current).values()], conflicted)


def list_ended_plans(desk: Session) -> tuple[PlanLine, ...]:
    """Return the lines of `list_plans` that `list_current_plans` leaves out, all of them brief.

    Ended plans are kept for years: the states of a portion of them are in memory at once.
    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    _, ended = _current_and_ended(desk, desk.store.conflicted_rows())
    lines: list[PlanLine] = []
    for begin in range(0, len(ended), _PLANS_PER_PORTION):
        part = desk.store.kept(ended[begin : begin + _PLANS_PER_PORTION])
        lines += map(_brief, _plan_lines(desk, [row for row, _ in part.values()], ()))
    return tuple(sorted(lines, key=departure_order))


def _brief(line: PlanLine) -> PlanLine:
    bare = (replace(leg, row=replace(leg.row, state=EMPTY_STATE)) for leg in line.legs)
    return replace(line, legs=tuple(bare), is_brief=True)


def _current_and_ended(
    desk: Session, conflicted: Iterable[Row]
) -> tuple[Sequence[bytes], Sequence[bytes]]:
    """Return the ids of the plans that may ask something of somebody, and of all others."""
    tree = desk.store.tree
    asking = {rid for row in conflicted for rid in (row.rid, row.parent)}
    contacts = tree.cells("follow_up", ("result", "exploitation_again"))
    asking |= {one.parent for one in contacts if tells_danger(*one.wires)}
    current, ended = list[bytes](), list[bytes]()
    for one in tree.cells("plan", ("state",)):
        is_over = is_read_only(one.wires[0]) and asking.isdisjoint((one.rid, one.parent))
        (ended if is_over else current).append(one.rid)
    return current, ended


def list_chosen_plans(desk: Session, plans: Iterable[bytes]) -> tuple[PlanLine, ...]:
    """Return those of these plans that `list_plans` would list.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    rows = [row for row, _ in desk.store.kept(plans).values()]
    return _plan_lines(desk, rows, desk.store.conflicted_rows() if rows else ())


def readable_plans(desk: Session, clients: Iterable[bytes]) -> tuple[Row, ...]:
    """Return the plans of these clients that `list_plans` would list.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    found = [one.rid for one in desk.store.tree.cells("plan", ("state",), clients)]
    rows = [row for row, _ in desk.store.kept(found).values()]
    readable = [row for row in rows if not is_deleted(row.state) and may_read(desk, row)]
    above = desk.store.kept({row.parent for row in readable if row.parent is not None})
    there = {rid for rid, (client, _) in above.items() if _is_client_there(client)}
    return tuple(row for row in readable if row.parent in there)


def _plan_lines(
    desk: Session, rows: Sequence[Row], conflicted: Iterable[Row]
) -> tuple[PlanLine, ...]:
    """Return the lines of these plans; read their clients and legs at once."""
    readable = [row for row in rows if not is_deleted(row.state) and may_read(desk, row)]
    kept = desk.store.kept({row.parent for row in readable if row.parent is not None})
    clients = {rid: client for rid, (client, _) in kept.items() if _is_client_there(client)}
    legs = _by_parent(desk.store.rows_beneath("leg", (row.rid for row in readable)))
    torn = _by_parent(conflicted)
    lines = [
        plan_line(client, row, legs[row.rid], (*torn[row.rid], *torn[client.rid]))
        for row in readable
        if (client := clients.get(row.parent or b"")) is not None
    ]
    return tuple(sorted(with_arrivals(desk, lines), key=departure_order))


def _is_client_there(row: Row) -> bool:
    """Return whether what a plan stands below is a client, and not in the bin.

    A partner can send a plan first, and then another record than a client as what is above it.
    """
    return row.type == "client" and not is_deleted(row.state)


def open_plan(desk: Session, rid: bytes) -> PlanPage:
    """Return one plan as the current user may see it, and log the view.

    Raise KfdeskError `record.missing`, `record.deleted` if it is in the bin, or
    `user.not_allowed`.
    """
    require_reading(desk, require_record(desk, rid))
    whole = load_case(desk, rid)
    log_view(desk, whole.plan)
    case = _hide_covered(desk, whole)
    plan = view(case.plan, Plan)
    consents = tuple(_consent_lines(desk, case, view(whole.client, Client)))
    s, us = case_context_of(desk, whole), desk.identity.organisation
    present = case.present
    return PlanPage(
        client=view(case.client, Client),
        plan=plan,
        legs=case.views(Leg, "leg"),
        numbers=case.views(HelpNumber, "help_number"),
        consents=consents,
        shares=tuple(_shares(desk, whole, plan)),
        conflicts=tuple(_conflicts(desk, present)),
        deletions=tuple(_deletion_requests(desk, present)),
        gaps=s.paper,
        receiver=name_of(desk, plan.record.receiver),
        escort=name_of(desk, plan.record.escort),
        case=case,
        choices=reference_choices(desk, case.rows, _consent_choices(consents)),
        may_edit=may_edit_now(desk, case.plan),
        covered=frozenset(_covered_fields(whole, case)),
        open_gates=tuple(_open_gates(s)) if s.ours == us else (),
        proven=proven_checks(s, us),
        risk=decision.joint_risk_status(s, us),
        is_risk_assessed=decision.is_assessed(s, us),
        received=received_of(s),
    )


def _open_gates(s: CaseContext) -> Iterator[Gate]:
    """Yield the gates of the next step forward that are not met."""
    for target in NEXT_STATES.get(s.state or "", ())[:1]:
        yield from (gate for gate in gates_before(target, s) if gate.is_open)


def load_case(desk: Session, plan_rid: bytes) -> Case:
    """Return the rows of a plan, with no field hidden.

    Raise KfdeskError `record.missing`, `user.not_allowed`, or `record.deleted` for a plan in
    the bin: nothing of it is shown, sent or printed. What a person sees goes through
    `visible_case`.
    """
    return case_of(desk, require_readable(desk, plan_rid))


def visible_case(desk: Session, plan_rid: bytes) -> Case:
    """Return the rows as `load_case` does, without the fields hidden from the current user."""
    require_reading(desk, require_record(desk, plan_rid))
    return _hide_covered(desk, load_case(desk, plan_rid))


def disclose_case(desk: Session, case: Case, recipient: Recipient, channel: Channel) -> Disclosed:
    """Return what of a case may go to a recipient now."""
    return disclose(case.rows, recipient, channel, desk.disclosure_basis(case.consents))


def sheet_gaps(desk: Session, case: Case, language: str | None = None) -> tuple[SheetFinding, ...]:
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


def name_of(desk: Session, reference: object) -> str:
    """Return a referenced organisation's name, or first name of a contact that one may read."""
    row = referenced_row(desk, reference)
    is_told = row is not None and (row.type == "organisation" or may_read(desk, row))
    return row_name(row) if row is not None and is_told else ""


def _consent_choices(consents: Iterable[ConsentLine]) -> Iterator[tuple[str, str]]:
    return ((line.view.rid.hex(), line.recipient) for line in consents)


def client_recipient(client: Row, plan: RecordView[Plan]) -> Recipient:
    """Return the client as a recipient, with the recorded wish for paper."""
    return Recipient(
        RecipientKind.CLIENT, client.rid, wants_paper=plan.record.wants_paper == "wants_paper"
    )


def case_of(desk: Session, plan: Row) -> Case:
    """Return the rows of a plan. The calling service has checked the rights."""
    client = require_record(desk, plan.parent or b"")
    if client.type != "client":
        raise KfdeskError("record.missing")
    of_client, below = desk.store.children(client.rid), desk.store.children(plan.rid)
    nested = (row.rid for row in below if row.type in NESTED_TYPES)
    lines = (line for rid in nested for line in desk.store.children(rid))
    whole = tuple(row for row in (*below, *lines) if row.type not in _HEADS)  # of this one alone
    consents = tuple(row for row in of_client if row.type == "consent")
    people = tuple(row for row in of_client if row.type == "relationship")
    return Case(client, plan, whole, consents, people)


def _hide_covered(desk: Session, case: Case) -> Case:
    """Return the case without the fields hidden from the current user."""
    hidden = {name: hidden_keys(desk, case.plan, name) for name in {row.type for row in case.rows}}
    if not any(hidden.values()):
        return case

    def seen(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(without_hidden(row, hidden[row.type]) for row in rows)

    (client, plan), below = seen((case.client, case.plan)), seen(case.below)
    return Case(client, plan, below, seen(case.consents), seen(case.people))


def _covered_fields(whole: Case, shown: Case) -> Iterator[str]:
    for row, seen in zip(whole.rows, shown.rows, strict=True):
        if row is not seen:
            for key in column_values(row)[0].keys() - column_values(seen)[0].keys():
                yield f"{row.type}.{key}"


def _by_parent(rows: Iterable[Row]) -> Mapping[bytes, list[Row]]:
    """Return rows by parent, without plans: a client's other plans do not belong to a plan."""
    by_parent: dict[bytes, list[Row]] = defaultdict(list)
    for row in rows:
        if row.parent is not None and row.type != "plan":
            by_parent[row.parent].append(row)
    return by_parent


def _consent_lines(desk: Session, case: Case, client: RecordView[Client]) -> Iterator[ConsentLine]:
    now = desk.adapters.clock.now()
    for consent in case.views(Consent, "consent"):
        is_answer = consent.row.custodian != desk.identity.organisation
        shut = invalidity_reason(consent, client, now, is_answer=is_answer)
        yield ConsentLine(consent, name_of(desk, consent.record.recipient), shut)


def _shares(desk: Session, case: Case, plan: RecordView[Plan]) -> Iterator[RecipientShare]:
    client = client_recipient(case.client, plan)
    yield _share(desk, case, "", client, Channel.CARRIED)
    if isinstance(plan.record.escort, str):
        escort = Recipient(RecipientKind.PERSON, bytes.fromhex(plan.record.escort))
        yield _share(desk, case, name_of(desk, plan.record.escort), escort, Channel.CARRIED)
    for partner in desk.store.ledger.partners():
        yield _share(desk, case, partner.name, partner.recipient, Channel.BUNDLE)


def _share(
    desk: Session, case: Case, name: str, recipient: Recipient, channel: Channel
) -> RecipientShare:
    what = disclose_case(desk, case, recipient, channel)
    if channel is Channel.CARRIED:
        what = what.only_keys(CONTENTS[CARRIED_PAPERS[recipient.who]])
    withheld = Counter(field.reason for field in what.withheld)
    granted = sum(len(row.grants) for row in what.rows)
    return RecipientShare(name, recipient, channel, what.groups, granted, withheld)


def _conflicts(desk: Session, present: Sequence[RecordView[Any]]) -> Iterator[Conflict]:
    numbers = _numbers(present)
    for seen in present:
        row, number = seen.row, numbers.get(seen.rid)
        senders = sender_names(desk, row.rid) if seen.conflicts else {}
        for key in sorted(seen.conflicts):
            before = _replaced_version(desk, row, key)
            versions, writes = seen.versions[key], seen_writes(row)
            yield Conflict(row.rid, row.type, key, number, before, versions, writes, senders)


def _deletion_requests(
    desk: Session, present: Sequence[RecordView[Any]]
) -> Iterator[DeletionRequest]:
    numbers = _numbers(present)
    for seen in present:
        row = seen.row
        if is_deletion_requested(row.state):
            (newest, *_) = reversed(writes_by_field(row.state)[DELETION])
            sender = sender_names(desk, row.rid).get(newest.wid, "")
            yield DeletionRequest(row.rid, row.type, numbers.get(row.rid), sender, seen_writes(row))


def _numbers(present: Sequence[RecordView[Any]]) -> Mapping[bytes, int]:
    """Return the numbers of the legs and help numbers, as the forms of the plan count them."""
    legs, calls = (
        sibling_numbers(one for one in present if one.row.type == kind)
        for kind in ("leg", "help_number")
    )
    return legs | calls


def _replaced_version(desk: Session, row: Row, key: str) -> FieldVersion | None:
    """Return the newest replaced value of a field; both sides wrote over it."""
    described = RECORD_TYPES[row.type]
    old = [write for write in desk.store.history(row.rid) if write.fid == described.ids[key]]
    if not old:
        return None
    value, last = described.fields[key].kind.decode(old[-1].value), old[-1]
    return FieldVersion(value, last.author, last.milliseconds, last.wid)


# --- what a field may refer to

MAX_CHOICES = 1_000
"""Directory entries that are offered before anything is typed; more are found by typing."""

_REFERENCE_KEYS: Mapping[str, tuple[str, ...]] = {
    name: tuple(key for key, f in described.fields.items() if isinstance(f.kind, ReferenceKind))
    for name, described in RECORD_TYPES.items()
}


def reference_choices(
    desk: Session, rows: Iterable[Row], consents: Iterable[tuple[str, str]]
) -> ReferenceChoices:
    """Return what these records can refer to. The calling service has checked the rights."""
    named = frozenset(_all_references(rows))
    found = {kind: _choices_of_type(desk, kind, named) for kind in ("organisation", "contact")}
    is_whole = all(len(one) < MAX_CHOICES for one in found.values())
    elsewhere = tuple(_known_elsewhere(desk, named))
    return ReferenceChoices(
        found["organisation"], found["contact"], tuple(consents), is_whole, elsewhere
    )


def _known_elsewhere(desk: Session, named: frozenset[bytes]) -> Iterator[tuple[str, str]]:
    """Yield the ids that are not here and are bound to a partner, with the partner's name."""
    missing = sorted(named - desk.store.kept(named).keys())
    partners = desk.store.ledger.partners() if missing else ()
    for rid in missing:
        whose = (one.name for one in partners if is_id_of(rid, one.organisation))
        if (name := next(whose, None)) is not None:
            yield rid.hex(), name


def _choices_of_type(
    desk: Session, kind: str, named: frozenset[bytes]
) -> tuple[tuple[str, str], ...]:
    search = desk.store.search
    words = SearchQuery(codes=(code_term("type", kind),))
    first = frozenset(search.rids(search.ids(words, MAX_CHOICES)))  # none that was deleted
    key = NAME_KEYS[kind]
    cells = desk.store.tree.cells(kind, (key,), among=first)
    names = {one.rid: one.wires[0] for one in cells if f'"{key}"' not in one.flags}
    others = (row for row, _ in desk.store.kept(named - first).values() if row.type == kind)
    names |= {row.rid: row_name(row) for row in others if not is_deleted(row.state)}
    pairs = ((rid.hex(), name) for rid, name in names.items() if isinstance(name, str) and name)
    return tuple(sorted((one for one in pairs if not is_missing_answer(one[1])), key=_by_name))


def _by_name(choice: tuple[str, str]) -> str:
    return choice[1]


def _all_references(rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield all ids that records refer to; for a field in conflict, those of all its values."""
    for row in rows:
        seen = view_any(row)
        for key in _REFERENCE_KEYS[row.type]:
            values = (getattr(seen.record, key), *(v.value for v in seen.versions.get(key, ())))
            yield from (bytes.fromhex(value) for value in values if isinstance(value, str))


# --- the context of gates and events


def read_case_context(desk: Session, plan_rid: bytes) -> CaseContext:
    """Return the context of a plan now.

    Raise KfdeskError `record.missing`, `record.deleted` or `user.not_allowed`.
    """
    return case_context_of(desk, load_case(desk, plan_rid))


def case_context_of(desk: Session, case: Case) -> CaseContext:
    """Return the context now of a case that was loaded."""
    now, receiver = desk.adapters.clock.now(), _receiver_of(desk, case)
    context = build_case_context(case.rows, now, receiver, sheet_gaps(desk, case))
    texts = desk.adapters.client_texts.of_paper(PaperName.CONSENT_FORM)
    found = contradiction_findings(context, meeting_contacts(desk, context))
    paper = (*context.paper, *found)
    return replace(context, paper=paper, texts=frozenset(texts))


def meeting_contacts(desk: Session, s: CaseContext) -> Mapping[str, MeetingContact]:
    """Return the contacts who meet her, by id in digits. The calling service has the rights."""
    named = {leg.record.meeter for leg in s.legs if isinstance(leg.record.meeter, str)}
    rows = {name: referenced_row(desk, name) for name in named}
    records = {
        name: view(row, Contact).record
        for name, row in rows.items()
        if row is not None and row.type == "contact"
    }
    return {
        name: MeetingContact(text_or_empty(one.given_name), text_or_empty(one.organisation))
        for name, one in records.items()
    }


def zoned_now(desk: Session) -> ZonedTime:
    """Return the time now on the desk's clock."""
    zone = desk_zone(desk)
    now = desk.adapters.clock.now().astimezone(ZoneInfo(zone))
    return ZonedTime(
        now.replace(tzinfo=None, second=0, microsecond=0, fold=0), zone,
        int((now.utcoffset() or timedelta()).total_seconds()) // 60,
    )  # fmt: skip


def checked_event_time(desk: Session, happened: ZonedTime | None) -> ZonedTime:
    """Return when it happened; now if None. Raise KfdeskError `plan.in_the_future`."""
    if happened is None:
        return zoned_now(desk)
    if happened.utc > desk.adapters.clock.now():
        raise KfdeskError("plan.in_the_future")
    return happened


def _receiver_of(desk: Session, case: Case) -> Receiver | None:
    row = referenced_organisation(desk, view(case.plan, Plan).record.receiver)
    if row is None:
        return None
    return Receiver(row.rid, is_third_country(desk, row), can_author_records(desk, row.rid))


def can_author_records(desk: Session, organisation: bytes) -> bool:
    """Return whether an organisation can write records itself: ours, or a verified partner."""
    verified = {p.organisation for p in desk.store.ledger.partners() if p.recipient.is_verified}
    return organisation in verified | {desk.identity.organisation}


def is_third_country(desk: Session, organisation: Row) -> bool | None:
    """Return whether data sent there leaves the EEA, where our law protects it; None if unknown.

    Decide by its country, and by what was stated when its card was added; either one suffices.
    """
    country = view(organisation, Organisation).record.country
    partners = desk.store.ledger.partners()
    stated = [p.is_third_country for p in partners if p.organisation == organisation.rid]
    if isinstance(country, str):
        stated.append(country not in EEA)
    return any(stated) if stated else None
