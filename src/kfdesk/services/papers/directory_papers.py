# SPDX-License-Identifier: GPL-3.0-or-later
"""The contact list and the contact card: which entries they show, and what prevents them."""

from collections.abc import Collection, Iterator

from kfdesk.domain.codes.core import ListFilter, PaperRequest
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, Disclosed, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import Contact, Organisation, Phone
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import Row, view
from kfdesk.services.core.session import Session
from kfdesk.services.papers.inputs import PaperInputs

_NAME_KEYS = {"organisation": "name", "phone": "number", "contact": "given_name"}
"""The field that stands for an entry that was left out."""


def gather_contact_entries(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather the public entries of the list or card, with what our organisation knows of them."""
    ours, seen = desk.identity.organisation, _public_rows(desk, order)
    shown = frozenset(given.row.rid for given in seen.rows)
    organisations = {row.rid for row in _selected_organisations(desk, order)} & shown
    rows = tuple(row for row in _organisation_rows(desk, organisations) if row.rid in shown)
    left_out = tuple(one for one in seen.withheld if _NAME_KEYS[one.type] == one.key)
    return PaperInputs(rows, (), Recipient(RecipientKind.OWN, ours), ours, left_out=left_out)


def contact_list_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield a fault if the list would be empty."""
    if not _has_public(desk, order, "organisation"):
        yield KfdeskError("paper.nothing_listed")


def contact_card_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield the same faults, and one if the card would have no telephone."""
    yield from contact_list_obstacles(desk, order)
    if _has_public(desk, order, "organisation") and not _has_public(desk, order, "phone"):
        yield KfdeskError("paper.no_phone")


def languages_spoken(organisation: Organisation, phones: Iterator[Phone]) -> tuple[str, ...]:
    """Return the languages spoken at an organisation or its telephones, each once."""
    lists = (organisation.languages, *(phone.languages for phone in phones))
    return tuple(dict.fromkeys(code for one in lists if isinstance(one, tuple) for code in one))


def organisation_phones(desk: Session, rid: bytes) -> Iterator[Row]:
    """Yield the telephones of an organisation that are not in the bin."""
    for row in desk.store.children(rid):
        if row.type == "phone" and not is_deleted(row.state):
            yield row


def _has_public(desk: Session, order: PaperRequest, name: str) -> bool:
    """Return whether the paper would show a record of this type."""
    return any(given.type == name for given in _public_rows(desk, order).rows)


def _public_rows(desk: Session, order: PaperRequest) -> Disclosed:
    anybody = Recipient(RecipientKind.PARTNER, None, is_verified=True)
    organisations = {row.rid for row in _selected_organisations(desk, order)}
    rows = tuple(_organisation_rows(desk, organisations))
    return disclose(rows, anybody, Channel.DESK_PAPER, desk.disclosure_basis())


def _organisation_rows(desk: Session, organisations: Collection[bytes]) -> Iterator[Row]:
    """Yield organisations with their telephones and people that are not in the bin."""
    for rid in organisations:
        row = desk.store.row(rid)
        if row is not None:
            yield row
            yield from organisation_phones(desk, rid)
    for row in desk.store.rows("contact"):
        organisation = view(row, Contact).record.organisation
        is_theirs = isinstance(organisation, str) and bytes.fromhex(organisation) in organisations
        if is_theirs and not is_deleted(row.state):
            yield row


def _selected_organisations(desk: Session, order: PaperRequest) -> Iterator[Row]:
    """Yield the card's organisation, or those that pass the list's filter, without our own."""
    if order.subject:
        row = desk.store.row(order.subject)
        yield from () if row is None or is_deleted(row.state) else (row,)
        return
    for row in desk.store.rows("organisation"):
        is_other = row.rid != desk.identity.organisation and not is_deleted(row.state)
        if is_other and _passes_filter(desk, row, order.filter):
            yield row


def _passes_filter(desk: Session, row: Row, asked: ListFilter) -> bool:
    record = view(row, Organisation).record
    services = record.services if isinstance(record.services, tuple) else ()
    phones = (view(one, Phone).record for one in organisation_phones(desk, row.rid))
    return asked.matches(str(record.country), services, languages_spoken(record, phones))
