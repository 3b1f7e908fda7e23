# SPDX-License-Identifier: GPL-3.0-or-later
"""The duty sheet: what the desk needs on the day of a journey, when the computer does not work.

It stays at the desk, so it has what a carried paper never has; the code word is on no paper. How
it looks is not known here.
"""

from collections.abc import Iterator

from kfdesk.domain.disclosure import Recipient, Who
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.order import Order
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.directory.phone import Phone
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import Row, view
from kfdesk.domain.writes import is_deleted
from kfdesk.services.desk import Desk
from kfdesk.services.papers.carried.travellers import to_be_taken, torn_fields
from kfdesk.services.papers.gathered import Gathered
from kfdesk.services.papers.kept.file_copies import code_word_fields, names_in
from kfdesk.services.plans import Case, load_case, shown_case


def gather_duty(desk: Desk, order: Order) -> Gathered:
    """The legs that are taken, and whom to call: who meets, who travels along, who receives."""
    case = to_be_taken(shown_case(desk, order.subject))
    rows = (*case.rows, *_called(desk, case))
    ours = desk.identity.organisation
    return Gathered(rows, case.consents, Recipient(Who.OWN, ours), ours, names_in(desk, rows))


def obstacles_of(desk: Desk, order: Order) -> Iterator[KfdeskError]:
    """No leg to watch over, a field of it in conflict, or the code word in one."""
    case = load_case(desk, order.subject)
    if not to_be_taken(case).views(Leg, "leg"):
        yield KfdeskError("paper.missing", field="leg.sequence")
    for field in torn_fields(desk, case, order.paper):
        yield KfdeskError("paper.conflict", field=field)
    for field in code_word_fields(desk, case, order.paper):
        yield KfdeskError("paper.code_word", field=field)


def _called(desk: Desk, case: Case) -> Iterator[Row]:
    """Contacts and houses that the journey names, with the telephones that are safe to call."""
    plan = view(case.plan, Plan).record
    legs = case.views(Leg, "leg")
    named = [plan.receiver, plan.escort, *(leg.record.meeter for leg in legs)]
    for reference in dict.fromkeys(one for one in named if isinstance(one, str)):
        row = desk.store.row(bytes.fromhex(reference))
        if row is None or is_deleted(row.state):
            continue
        yield row
        house = view(row, Contact).record.organisation if row.type == "contact" else reference
        if isinstance(house, str):
            yield from _safe_phones(desk, bytes.fromhex(house))


def _safe_phones(desk: Desk, house: bytes) -> Iterator[Row]:
    for row in desk.store.children(house):
        if row.type == "phone" and view(row, Phone).record.is_safe is True:
            yield row
