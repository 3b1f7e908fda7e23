# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists and cards of contacts: what any verified partner may see of the directory.

They lie on desks and are handed on, so that who holds one may not be known: nobody gets a secret
entry, and of what stays at the desk only the day of the last check, which says how far the rest
may be relied on. How they look is not known here.
"""

from collections.abc import Collection, Iterator

from kfdesk.domain.disclosure import Channel, Disclosed, Recipient, Who, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.order import Filter, Order
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.directory.phone import Phone
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.rows import Row, view
from kfdesk.domain.writes import is_deleted
from kfdesk.services.desk import Desk
from kfdesk.services.papers.gathered import Gathered

_TELLING = {"organisation": "name", "phone": "number", "contact": "given_name"}
"""By which field it is said that an entry was left out."""


def gather_entries(desk: Desk, order: Order) -> Gathered:
    """The entries of the list or card that anybody may see, with what our desk knows of them."""
    ours, seen = desk.identity.organisation, _seen_by_anybody(desk, order)
    shown = frozenset(given.row.rid for given in seen.rows)
    houses = {row.rid for row in _houses(desk, order)} & shown
    rows = tuple(row for row in _rows(desk, houses) if row.rid in shown)
    left_out = tuple(one for one in seen.withheld if _TELLING[one.type] == one.key)
    return Gathered(rows, (), Recipient(Who.OWN, ours), ours, left_out=left_out)


def obstacles_of_list(desk: Desk, order: Order) -> Iterator[KfdeskError]:
    """That nothing may stand on it: an empty list is no paper."""
    if not _shown(desk, order, "organisation"):
        yield KfdeskError("paper.nothing_listed")


def obstacles_of_card(desk: Desk, order: Order) -> Iterator[KfdeskError]:
    """The same, and that there would be a name without a telephone on it."""
    yield from obstacles_of_list(desk, order)
    if _shown(desk, order, "organisation") and not _shown(desk, order, "phone"):
        yield KfdeskError("paper.no_phone")


def spoken_at(organisation: Organisation, phones: Iterator[Phone]) -> tuple[str, ...]:
    """The languages that somebody speaks there, in the house or at a telephone, each once."""
    said = (organisation.languages, *(phone.languages for phone in phones))
    return tuple(dict.fromkeys(code for one in said if isinstance(one, tuple) for code in one))


def phones_of(desk: Desk, rid: bytes) -> Iterator[Row]:
    """The telephones of an organisation that are not in the bin."""
    for row in desk.store.children(rid):
        if row.type == "phone" and not is_deleted(row.state):
            yield row


def _shown(desk: Desk, order: Order, name: str) -> bool:
    """Whether anybody may see a record of this type."""
    return any(given.type == name for given in _seen_by_anybody(desk, order).rows)


def _seen_by_anybody(desk: Desk, order: Order) -> Disclosed:
    anybody, now = Recipient(Who.PARTNER, None, is_verified=True), desk.rooms.clock.now()
    houses = {row.rid for row in _houses(desk, order)}
    return disclose(tuple(_rows(desk, houses)), anybody, Channel.DESK_PAPER, (), now)


def _rows(desk: Desk, houses: Collection[bytes]) -> Iterator[Row]:
    """Organisations with their telephones and people, without what is in the bin."""
    for rid in houses:
        row = desk.store.row(rid)
        if row is not None:
            yield row
            yield from phones_of(desk, rid)
    for row in desk.store.rows("contact"):
        house = view(row, Contact).record.organisation
        is_theirs = isinstance(house, str) and bytes.fromhex(house) in houses
        if is_theirs and not is_deleted(row.state):
            yield row


def _houses(desk: Desk, order: Order) -> Iterator[Row]:
    """The one that a card is about, or those that the filter of a list lets pass, but ours."""
    if order.subject:
        row = desk.store.row(order.subject)
        yield from () if row is None or is_deleted(row.state) else (row,)
        return
    for row in desk.store.rows("organisation"):
        is_other = row.rid != desk.identity.organisation and not is_deleted(row.state)
        if is_other and _passes(desk, row, order.filter):
            yield row


def _passes(desk: Desk, row: Row, asked: Filter) -> bool:
    record = view(row, Organisation).record
    services = record.services if isinstance(record.services, tuple) else ()
    phones = (view(one, Phone).record for one in phones_of(desk, row.rid))
    return asked.lets(str(record.country), services, spoken_at(record, phones))
