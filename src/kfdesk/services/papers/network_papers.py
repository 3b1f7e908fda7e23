# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers of a network's work: agenda and minutes, members, and what is new for a partner.

Those of a network are about no client; people who have not agreed to be named stand on none of
them. Agenda and minutes of a case conference are for one of those who take part: her consent to
that organisation opens them, or the paper is refused. This module draws nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.consent import Recipient, RecipientKind, WithheldReason
from kfdesk.domain.disclosure import Channel, Disclosed, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import is_reference
from kfdesk.domain.letters import reader_language
from kfdesk.domain.network_work import is_conference, work_line
from kfdesk.domain.papers import CONTENTS, maker_key
from kfdesk.domain.records.directory import Contact, Network, Organisation
from kfdesk.domain.records.network import ConferenceParty, Meeting
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import Row, view, view_any
from kfdesk.domain.values import LocalizedText, text_in_language, text_or_empty
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.services.core.authorization import may_read
from kfdesk.services.core.history import row_name
from kfdesk.services.core.records import client_code, is_in_bin, require_readable, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.network.news import list_arrived, read_news
from kfdesk.services.papers.case_fields import code_word_fields
from kfdesk.services.papers.inputs import PaperInputs
from kfdesk.services.plans.consents import read_consent_terms
from kfdesk.services.plans.plans import Case, name_of, visible_case

_NAMED_KEYS = ("organisation", "contact", "deputy", "owner", "assigned_by", "coordinator")
_OPEN_CLASSES = frozenset({"public", "partners_only", "circle"})
_TOLD = frozenset({"agenda", "minutes", "decided", "title"})


# --- a meeting of a network


def gather_meeting(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather a meeting with who takes part and what was decided, or a case conference.

    Raise KfdeskError `record.missing`, `record.deleted` or `user.not_allowed`.
    """
    row = require_readable(desk, order.subject)
    if is_conference(row.type):
        return _gather_conference(desk, order, row)
    below = (one for one in desk.store.children(row.rid) if not is_deleted(one.state))
    return _own_inputs(desk, (row, *below))


def meeting_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield what prevents the paper: no time, two values, a consent that is missing."""
    row = require_readable(desk, order.subject)
    if is_conference(row.type):
        yield from _conference_obstacles(desk, order, row)
        return
    if view(row, Meeting).record.starts is None:
        yield KfdeskError("paper.missing", field="meeting.starts")
    yield from _torn(gather_meeting(desk, order).rows, order)


def meeting_warnings(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield each kind of text that is printed in another language, as it lacks the paper's."""
    missing = {
        f"{row.type}.{key}"
        for row in gather_meeting(desk, order).rows
        for key in CONTENTS[order.paper].get(row.type, frozenset()) & _TOLD
        if isinstance(told := getattr(view_any(row).record, key, None), tuple)
        and not text_in_language(told, order.language)
    }
    for path in sorted(missing):
        yield KfdeskError("paper.not_in_language", field=path, language=order.language)


def _torn(rows: tuple[Row, ...], order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield the first printed field that has several values."""
    keys = CONTENTS[order.paper]
    for row in rows:
        for key in sorted(view_any(row).conflicts & keys.get(row.type, frozenset())):
            yield KfdeskError("paper.conflict", field=f"{row.type}.{key}")
            return


def _own_inputs(desk: Session, rows: tuple[Row, ...]) -> PaperInputs:
    ours = desk.identity.organisation
    return PaperInputs(rows, (), Recipient(RecipientKind.OWN, ours), ours, _open_names(desk, rows))


def _open_names(desk: Session, rows: tuple[Row, ...], to: bytes | None = None) -> Mapping[str, str]:
    """Return the names that rows refer to and that may stand on a paper which leaves.

    An organisation whose class shuts it is left out, and a person who did not agree. `to` is the
    organisation that gets the paper; it knows its own name.
    """
    wanted = {
        str(value)
        for row in rows
        for key in _NAMED_KEYS
        if is_reference(value := getattr(view_any(row).record, key, None))
    }
    kept = desk.store.kept({bytes.fromhex(one) for one in wanted})
    known = {desk.identity.organisation, to}
    return {
        rid.hex(): name
        for rid, (row, _) in kept.items()
        if (rid in known or _may_be_named(row)) and (name := row_name(row))
    }


def _may_be_named(row: Row) -> bool:
    if row.type == "contact":
        person = view(row, Contact).record
        return person.may_be_shared is True and person.confidentiality in _OPEN_CLASSES
    if row.type != "organisation" or is_deleted(row.state):
        return False
    return view(row, Organisation).record.confidentiality in _OPEN_CLASSES


# --- a case conference


@dataclass(frozen=True, slots=True)
class _Conference:
    """A case conference as it goes to one of those who take part; `to` is None for our own copy."""

    case: Case
    to: bytes | None
    recipient: Recipient
    what: Disclosed


def _read_conference(desk: Session, order: PaperRequest, row: Row) -> _Conference:
    """Return the conference for the one who takes part that the paper is about.

    Raise KfdeskError `paper.missing` if no organisation is named.
    """
    head = row if row.type == "case_conference" else require_record(desk, row.parent or b"")
    to = _recipient_id(row)
    case = visible_case(desk, head.parent or b"")
    below = tuple(one for one in case.below if head.rid in (one.rid, one.parent))
    case = Case(case.client, case.plan, below, case.consents, ())
    ours = desk.identity.organisation
    if to is None or to == ours:
        recipient = Recipient(RecipientKind.OWN, ours)
    else:
        around = read_consent_terms(desk, case.client.rid, to.hex()).context_for(to.hex())
        recipient = Recipient(
            RecipientKind.ORGANISATION, to, is_third_country=around.is_third_country,
            has_transfer_tool=around.has_tool,
        )  # fmt: skip
    basis = desk.disclosure_basis(case.consents)
    what = disclose(case.rows, recipient, Channel.DESK_PAPER, basis)
    return _Conference(case, to, recipient, what.only_keys(CONTENTS[order.paper]))


def _recipient_id(row: Row) -> bytes | None:
    """Return the organisation of the one who takes part; None for the conference itself."""
    if row.type == "case_conference":
        return None
    seen = view(row, ConferenceParty) if row.type == "conference_party" else None
    named = seen.record.organisation if seen is not None else None
    if not isinstance(named, str):
        raise KfdeskError("paper.missing", field="conference_party.organisation")
    return bytes.fromhex(named)


def _gather_conference(desk: Session, order: PaperRequest, row: Row) -> PaperInputs:
    found = _read_conference(desk, order, row)
    holder = found.to or desk.identity.organisation
    names = _open_names(desk, found.case.rows, found.to)
    return PaperInputs(found.case.rows, found.case.consents, found.recipient, holder, names)


def _conference_obstacles(desk: Session, order: PaperRequest, row: Row) -> Iterator[KfdeskError]:
    """Yield whose consent is missing; our own copy needs none."""
    try:
        found = _read_conference(desk, order, row)
    except KfdeskError as fault:
        if not fault.code.startswith("paper."):
            raise
        yield fault
        return
    kept = {one.reason for one in found.what.withheld if one.type == "case_conference"}
    goes = any(given.type == "case_conference" for given in found.what.rows)
    if found.to is not None and (kept or not goes):
        is_tool = WithheldReason.TRANSFER in kept
        code = "paper.conference_transfer" if is_tool else "paper.conference_consent"
        yield KfdeskError(code, partner=name_of(desk, found.to.hex()) or "–")
    for path in code_word_fields(found.case, CONTENTS[order.paper]):
        yield KfdeskError("paper.code_word", field=path)
    yield from _torn(found.case.rows, order)


# --- the members of a network


def gather_members(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather a network with its memberships. Raise KfdeskError `record.missing`."""
    row = require_readable(desk, order.subject)
    below = desk.store.rows_below("membership", row.rid)
    found = _own_inputs(desk, (row, *(one for one in below if not is_deleted(one.state))))
    ours = {maker_key(desk.identity.organisation): desk.identity.name}
    names = {**found.names, **ours, **_makers(desk, (row,))}
    return replace(found, names=names)


def members_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield a fault if there is no member, or a printed field has several values."""
    rows = gather_members(desk, order).rows
    if len(rows) < 2:
        yield KfdeskError("paper.no_members")
    yield from _torn(rows, order)


# --- what is new for a partner


def gather_news(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather what our next file would bring a partner, with the records above it.

    About ourselves it is what came in lately. Raise KfdeskError `user.not_allowed` or
    `partner.unknown`.
    """
    if order.subject == desk.identity.organisation:
        recipient = Recipient(RecipientKind.OWN, order.subject)
        told = {one.view.rid for one in list_arrived(desk)}
    else:
        found = read_news(desk, order.subject)
        recipient = found.partner.recipient
        told = {one.given.rid for one in found.items}
    kept = {rid: row for rid, (row, _) in desk.store.kept(told).items()}
    above = {
        row.rid: row
        for name in ("network", "project", "meeting")
        for row in desk.store.rows(name)
    }  # fmt: skip
    line = {one.rid: one for row in kept.values() for one in work_line(row, above | kept)}
    parents = {row.parent for row in kept.values() if row.type == "membership"}
    networks = {rid: row for rid, row in above.items() if rid in parents}
    rows = tuple((networks | line | kept).values())
    names = {**_open_names(desk, rows, order.subject), **_makers(desk, kept.values())}
    return PaperInputs(rows, (), recipient, order.subject, names, listed=frozenset(told))


def _makers(desk: Session, rows: Iterable[Row]) -> Mapping[str, str]:
    """Return the names of the other members that made records, by `maker_key`."""
    makers = {row.custodian for row in rows} - {desk.identity.organisation}
    return {
        maker_key(rid): name
        for rid, (row, _) in desk.store.kept(makers).items()
        if _may_be_named(row) and (name := row_name(row))
    }


def news_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield a fault if the user may not send, if it is no partner, or if there is nothing new."""
    if order.subject == desk.identity.organisation:
        if not list_arrived(desk):
            yield KfdeskError("paper.nothing_came")
        return
    desk.require(Right.EXPORT_BUNDLE)
    try:
        found = read_news(desk, order.subject)
    except KfdeskError as fault:
        if fault.code != "partner.unknown":
            raise
        yield fault
        return
    if not found.items:
        yield KfdeskError("paper.no_news", partner=found.partner.name)


def news_language(desk: Session, organisation: Row) -> str:
    """Return the language that a partner reads: as its card's terms say, else by its entry."""
    desk.require(Right.PRINT_INTERNAL)
    known = (one for one in desk.store.ledger.partners() if one.organisation == organisation.rid)
    reads = next((one.reads for one in known), ())
    record = view(organisation, Organisation).record
    spoken = record.languages if isinstance(record.languages, tuple) else ()
    first = next((code for code in reads if code in PROGRAM_LANGUAGES), "")
    return first or reader_language(record.country, spoken, PROGRAM_LANGUAGES)


# --- what these papers can be about


@dataclass(frozen=True, slots=True)
class NetworkSubject:
    """A meeting, case conference or network that a paper can be about; `code` is the client's."""

    rid: bytes
    code: str = ""
    name: str = ""
    title: LocalizedText = ()


def meeting_subjects(desk: Session) -> Iterator[NetworkSubject]:
    """Yield the meetings, and of each case conference our own copy and that of who takes part."""
    desk.require(Right.PRINT_INTERNAL)
    for row in desk.store.rows("meeting"):
        if not is_in_bin(desk, row) and may_read(desk, row):
            told = view(row, Meeting).record.title
            yield NetworkSubject(row.rid, title=told if isinstance(told, tuple) else ())
    for row in desk.store.rows("case_conference"):
        if not is_in_bin(desk, row) and may_read(desk, row):
            yield NetworkSubject(row.rid, client_code(desk, row), desk.identity.name)
    for row in desk.store.rows("conference_party"):
        if not is_in_bin(desk, row) and may_read(desk, row):
            name = name_of(desk, view(row, ConferenceParty).record.organisation)
            yield NetworkSubject(row.rid, client_code(desk, row), name)


def network_subjects(desk: Session) -> Iterator[NetworkSubject]:
    """Yield the networks."""
    desk.require(Right.PRINT_INTERNAL)
    for row in desk.store.rows("network"):
        if not is_deleted(row.state):
            told = view(row, Network).record.title
            yield NetworkSubject(row.rid, title=told if isinstance(told, tuple) else ())


def news_subjects(desk: Session) -> Iterator[NetworkSubject]:
    """Yield the partners that share a network with us, and ourselves, for what came in."""
    desk.require(Right.PRINT_INTERNAL)
    members = frozenset[bytes]().union(*(one.members for one in desk.circles().values()))
    for partner in desk.store.ledger.partners():
        if partner.organisation in members and partner.recipient.is_verified:
            yield NetworkSubject(partner.organisation, name=text_or_empty(partner.name))
    if desk.circles():
        yield NetworkSubject(desk.identity.organisation, name=desk.identity.name)


SUBJECTS: Mapping[PaperName, Any] = {
    PaperName.AGENDA: meeting_subjects,
    PaperName.MINUTES: meeting_subjects,
    PaperName.MEMBERS: network_subjects,
    PaperName.NETWORK_NEWS: news_subjects,
}
"""The functions that list the subjects of each of these papers."""
