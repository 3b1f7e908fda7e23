# SPDX-License-Identifier: GPL-3.0-or-later
"""The work of networks: what is here of it, what is still to do, and which agreements end.

Each type of record is read once for all networks. A record is its maker's: others read it. An
agreement about personal data can be named as the legal basis for sending to a third country.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from kfdesk.domain.accounts import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.network import Circle, last_possible_day
from kfdesk.domain.network_work import (
    WORK_HEADS,
    WORK_TYPES,
    agreement_end,
    is_agreement_ending,
    is_decision_open,
    is_work,
    work_line,
)
from kfdesk.domain.records.directory import Membership, Organisation
from kfdesk.domain.records.network import Agreement, AgreementParty, Decision
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import RecordView, Row, encode_changes, seen_writes, view, view_any
from kfdesk.domain.values import MissingAnswer, PartialDate, Value, ZonedTime
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.history import row_name
from kfdesk.services.core.records import Saved, put_changed, require_record
from kfdesk.services.core.session import Session

ALONE = b""
"""Stands for the network of what belongs to none."""
_NAMED_KEYS = ("organisation", "contact", "owner", "assigned_by", "covers")


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A meeting, agreement, project or activity with what is below it. `is_ours`: we wrote it."""

    view: RecordView[Any]
    is_ours: bool
    below: tuple[RecordView[Any], ...] = ()

    def parts(self, record_type: str) -> tuple[RecordView[Any], ...]:
        """Return what is below it of one type, by id."""
        return tuple(one for one in self.below if one.row.type == record_type)


@dataclass(frozen=True, slots=True)
class NetworkWork:
    """The work of a network, each kind newest first. `names` has who is named, by id."""

    meetings: tuple[WorkLine, ...] = ()
    agreements: tuple[WorkLine, ...] = ()
    projects: tuple[WorkLine, ...] = ()
    activities: tuple[WorkLine, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, reference: object) -> str:
        """Return the name of an organisation or person; empty if it is not here."""
        return self.names.get(str(reference), "")


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision that is not done: of which meeting, who does it, how many days are left.

    `days` is None without a day, and negative once it has passed. `is_ours`: we do it. `has_left`:
    who does it is no member of the network any more.
    """

    view: RecordView[Decision]
    meeting: RecordView[Any]
    network: bytes
    owner: str
    days: int | None
    is_ours: bool
    has_left: bool = False

    @property
    def rid(self) -> bytes:
        """The decision's id."""
        return self.view.rid


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement that ends soon, or has just ended: its last day, and the parties' names."""

    view: RecordView[Agreement]
    network: bytes
    parties: tuple[str, ...]
    last: date
    days: int
    is_tool: bool


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """The facts that a network has of a member beside its membership.

    `services` are codes. `activities` counts those that it takes part in or made. `checked` is
    when its entry was last checked, `shares` what we let it have by common networks.
    """

    services: tuple[str, ...] = ()
    activities: int = 0
    checked: date | PartialDate | None = None
    shares: tuple[str, ...] = ()


# --- reading


def read_work(desk: Session) -> Mapping[bytes, NetworkWork]:
    """Return the work of each network, by the network's id; `ALONE` for what belongs to none.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    rows = _work_rows(desk)
    below: dict[bytes, list[RecordView[Any]]] = defaultdict(list)
    for row in rows.values():
        if is_work(row.type) and row.type not in WORK_HEADS and not is_deleted(row.state):
            below[row.parent or b""].append(view_any(row))
    found: dict[bytes, dict[str, list[WorkLine]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.values():
        if row.type in WORK_HEADS and not is_deleted(row.state):
            line = WorkLine(view_any(row), _is_ours(desk, row), tuple(below[row.rid]))
            found[_network_above(row, rows)][row.type].append(line)
    names = _names(desk, (one for row in rows.values() for one in _named_in(row)))
    return {
        network: NetworkWork(
            meetings=_newest_first(of_type["meeting"]),
            agreements=_newest_first(of_type["agreement"]),
            projects=_newest_first(of_type["project"]),
            activities=_newest_first(of_type["activity"]),
            names=names,
        )
        for network, of_type in found.items()
    }


def list_open_decisions(desk: Session) -> tuple[DecisionLine, ...]:
    """Return the decisions of all networks that are not done, the most urgent first.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    if not desk.store.rows("decision"):
        return ()
    rows = _work_rows(desk)
    seen = (view(row, Decision) for row in rows.values() if row.type == "decision")
    held: dict[bytes, tuple[RecordView[Any], bytes]] = {
        rid: (view_any(row), _network_above(row, rows))
        for rid, row in rows.items()
        if row.type == "meeting" and not is_deleted(row.state)
    }
    opened = [one for one in seen if one.row.parent in held and is_decision_open(one)]
    names, circles = _names(desk, (one.record.owner for one in opened)), desk.circles()
    today, own = desk.adapters.clock.now().date(), desk.identity.organisation
    lines = []
    for one in opened:
        meeting, network = held[one.row.parent or b""]
        owner, days = _reference(one.record.owner), _days_until(one.record.due, today)
        name = names.get(str(one.record.owner), "")
        line = DecisionLine(one, meeting, network, name, days, owner == own)
        lines.append(replace(line, has_left=_has_left(line, circles)))
    return tuple(sorted(lines, key=lambda one: (one.days is None, one.days or 0, one.rid)))


def _has_left(line: DecisionLine, circles: Mapping[bytes, Circle]) -> bool:
    owner, circle = _reference(line.view.record.owner), circles.get(line.network)
    return owner is not None and circle is not None and owner not in circle.members


def list_ending_agreements(desk: Session) -> tuple[AgreementLine, ...]:
    """Return the agreements that end within 60 days or have just ended, the first to end first.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    today = desk.adapters.clock.now().date()
    near = [
        seen
        for seen in (view(row, Agreement) for row in desk.store.rows("agreement"))
        if is_agreement_ending(seen, today)
    ]
    parties: dict[bytes, list[str]] = defaultdict(list)
    for row in desk.store.rows("agreement_party") if near else ():
        if not is_deleted(row.state):
            parties[row.parent or b""].append(str(view(row, AgreementParty).record.organisation))
    names = _names(desk, (one for some in parties.values() for one in some))
    found = []
    for seen in near:
        last = agreement_end(seen)
        assert last is not None
        network = seen.row.parent or ALONE
        named = tuple(name for one in parties[seen.rid] if (name := names.get(one, "")))
        is_tool = seen.record.covers is not None
        found.append(AgreementLine(seen, network, named, last, (last - today).days, is_tool))
    return tuple(sorted(found, key=lambda one: (one.last, one.view.rid)))


def read_members(desk: Session, network: bytes) -> Mapping[bytes, MemberFacts]:
    """Return what a network knows of its members, by membership.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    does = _activities_by_organisation(desk)
    circles = desk.circles()
    found = {}
    for row in desk.store.rows_below("membership", network):
        member = _reference(view(row, Membership).record.organisation)
        entry = desk.store.row(member) if member is not None else None
        if entry is None or entry.type != "organisation" or member is None:
            continue
        record = view(entry, Organisation).record
        services = record.services if isinstance(record.services, tuple) else ()
        checked = record.checked if isinstance(record.checked, date | PartialDate) else None
        shares = {one for circle in circles.values() if member in circle.members
                  for one in circle.shares}  # fmt: skip
        found[row.rid] = MemberFacts(services, does[member], checked, tuple(sorted(shares)))
    return found


def _activities_by_organisation(desk: Session) -> Mapping[bytes, int]:
    """Count the activities that each organisation made, or is named in."""
    whose: dict[bytes, set[bytes]] = defaultdict(set)
    for row in desk.store.rows("activity"):
        if not is_deleted(row.state):
            whose[row.rid].add(row.custodian)
    for row in desk.store.rows("activity_party") if whose else ():
        named = _reference(view_any(row).record.organisation)
        if not is_deleted(row.state) and named is not None and row.parent in whose:
            whose[row.parent].add(named)
    counts: dict[bytes, int] = defaultdict(int)
    for organisations in whose.values():
        for one in organisations:
            counts[one] += 1
    return counts


# --- the legal basis for a third country


def name_transfer_tool(desk: Session, agreement: bytes, partner: bytes | None) -> Saved:
    """Name an agreement as the legal basis for sending to a partner; None ends that.

    It has to be our record, about sharing personal data, and the partner has to have signed it.
    Raise KfdeskError `user.not_allowed`, `record.missing`, `record.not_ours`,
    `agreement.not_data_sharing` or `agreement.not_a_party`.
    """
    desk.require(Right.MANAGE_KEYS)
    row = require_record(desk, agreement)
    if row.type != "agreement" or is_deleted(row.state):
        raise KfdeskError("record.missing")
    if not _is_ours(desk, row):  # or a partner could prolong its own legal basis
        raise KfdeskError("record.not_ours")
    if partner is not None:
        if view(row, Agreement).record.kind != "data_sharing":
            raise KfdeskError("agreement.not_data_sharing")
        if partner not in _signatories(desk, agreement):
            raise KfdeskError("agreement.not_a_party")
    values: dict[str, Value] = {"covers": partner.hex() if partner is not None else None}
    with desk.store.transaction():
        return put_changed(desk, row, encode_changes("agreement", values), seen_writes(row))


def list_tool_candidates(desk: Session, agreement: bytes) -> tuple[tuple[bytes, str], ...]:
    """Return the partners in third countries that signed an agreement of ours, with their names.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.MANAGE_KEYS)
    row = desk.store.row(agreement)
    is_ours = row is not None and _is_ours(desk, row)
    signed = _signatories(desk, agreement) if is_ours else frozenset[bytes]()
    return tuple(
        (one.organisation, one.name)
        for one in desk.store.ledger.partners()
        if one.is_third_country and one.organisation in signed
    )


def _signatories(desk: Session, agreement: bytes) -> frozenset[bytes]:
    parties = (
        view(row, AgreementParty) for row in desk.store.rows_below("agreement_party", agreement)
    )
    return frozenset(
        organisation
        for seen in parties
        if not seen.is_deleted and isinstance(seen.record.signed, date | PartialDate)
        for organisation in (_reference(seen.record.organisation),)
        if organisation is not None
    )


# --- looking up


def _work_rows(desk: Session) -> Mapping[bytes, Row]:
    """Return all records of networks' work, and the networks, by id."""
    return {row.rid: row for name in ("network", *WORK_TYPES) for row in desk.store.rows(name)}


def _network_above(row: Row, rows: Mapping[bytes, Row]) -> bytes:
    line = work_line(row, rows)
    return line[-1].rid if line else ALONE


def _is_ours(desk: Session, row: Row) -> bool:
    return row.custodian == desk.identity.organisation


def _named_in(row: Row) -> Iterator[object]:
    if is_work(row.type):
        record = view_any(row).record
        yield from (getattr(record, key, None) for key in _NAMED_KEYS)


def _names(desk: Session, references: Iterable[object]) -> Mapping[str, str]:
    """Return the names of organisations and persons by id; those that are not here are left out."""
    wanted = {one for one in references if isinstance(one, str)}
    kept = desk.store.kept({bytes.fromhex(one) for one in wanted})
    return {rid.hex(): name for rid, (row, _) in kept.items() if (name := row_name(row))}


def _reference(value: Value) -> bytes | None:
    return bytes.fromhex(value) if isinstance(value, str) and value else None


def _newest_first(lines: Iterable[WorkLine]) -> tuple[WorkLine, ...]:
    return tuple(sorted(lines, key=_day_order, reverse=True))


def _day_order(line: WorkLine) -> tuple[str, bytes]:
    record = line.view.record
    began = getattr(record, "starts", None) or getattr(record, "begins", None)
    if isinstance(began, ZonedTime):
        return began.utc.isoformat(), line.view.rid
    if isinstance(began, date | PartialDate):
        return (began.isoformat() if isinstance(began, date) else began.text), line.view.rid
    return "", line.view.rid


def _days_until(day: date | PartialDate | MissingAnswer | None, today: date) -> int | None:
    """Return the days until the last day that is meant; None without one."""
    last = last_possible_day(day, date.max)
    return None if last == date.max else (last - today).days
