# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers of who goes with her: the companion's sheet, and the receipt of her arrival.

Each is for one person and stands under her consent; where nobody goes with her, the receipt is
her own. What it may contain, `disclose()` says; what her consent must open before the paper is of
use stands here.
"""

from collections.abc import Iterator

from kfdesk.domain.consents.standing import Reason
from kfdesk.domain.disclosure import Channel, Disclosed, Recipient, Who, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.contents import CONTENTS
from kfdesk.domain.papers.order import Order
from kfdesk.domain.records.help_number import HelpNumber
from kfdesk.domain.records.journey.handover import Handover
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.domain.values import in_language
from kfdesk.services.desk import Desk
from kfdesk.services.papers.carried.travellers import (
    finding_fault,
    to_be_taken,
    torn_fields,
    wish_faults,
)
from kfdesk.services.papers.gathered import Gathered
from kfdesk.services.plans import Case, client_recipient, load_case, sheet_gaps

_NEEDED = frozenset({"client", "leg", "help_number"})
"""The records without which the companion's sheet is of no use; needs and reminders may lack."""
_HELPS = ("travel_help", "reminders")


def gather_sheet(desk: Desk, order: Order) -> Gathered:
    """The plan for its companion, without the legs that nobody takes any more."""
    case = to_be_taken(load_case(desk, order.subject))
    companion = _companion(case)
    return Gathered(case.rows, case.consents, companion, companion.rid or b"")


def gather_receipt(desk: Desk, order: Order) -> Gathered:
    """The plan and its handover for who carries the receipt."""
    case = to_be_taken(load_case(desk, order.subject))
    carrier = _carrier(case)
    return Gathered(case.rows, case.consents, carrier, carrier.rid or b"")


def obstacles_of_sheet(desk: Desk, order: Order) -> Iterator[KfdeskError]:
    """What keeps the companion's sheet from being made in this language."""
    case = to_be_taken(load_case(desk, order.subject))
    if _companion(case).rid is None:
        yield KfdeskError("paper.missing", field="plan.escort")
        return
    what = _disclosed(desk, case, order)
    yield from _shut(what)
    torn = torn_fields(desk, case, order.paper)
    for field in torn:
        yield KfdeskError("paper.conflict", field=field)
    found = sheet_gaps(desk, load_case(desk, order.subject), order.language)
    gaps = [finding_fault(gap, order.language) for gap in found]
    shown = CONTENTS[order.paper]
    for fault in (*gaps, *_untold(case, what, order.language)):
        record_type, key = str(fault.data["field"]).split(".")
        is_shown = key in shown.get(record_type, ()) or key == "called"
        if is_shown and fault.data["field"] not in torn:
            yield fault


def obstacles_of_receipt(desk: Desk, order: Order) -> Iterator[KfdeskError]:
    """What keeps the receipt from being made: consent, or her wish where it is her own."""
    case = to_be_taken(load_case(desk, order.subject))
    if _carrier(case).who is Who.CLIENT:
        yield from wish_faults(view(case.plan, Plan).record)
    else:
        yield from _shut(_disclosed(desk, case, order))
    for field in torn_fields(desk, case, order.paper):
        yield KfdeskError("paper.conflict", field=field)
    yield from _unsaid(case, order.language)


def _unsaid(case: Case, language: str) -> Iterator[KfdeskError]:
    """The things of a receipt, where they are told and not in its language."""
    handovers = [seen.record.items for seen in case.views(Handover, "handover")]
    told = [("handover.items", items) for items in handovers if isinstance(items, tuple)]
    luggage = view(case.plan, Plan).record.luggage
    if not told and isinstance(luggage, tuple):
        told = [("plan.luggage", luggage)]
    for field, value in told[-1:]:
        if not in_language(value, language):
            yield KfdeskError("paper.not_in_language", field=field, language=language)


def _companion(case: Case) -> Recipient:
    escort = view(case.plan, Plan).record.escort
    return Recipient(Who.PERSON, bytes.fromhex(escort) if isinstance(escort, str) else None)


def _carrier(case: Case) -> Recipient:
    companion = _companion(case)
    if companion.rid is None:
        return client_recipient(case.client, view(case.plan, Plan))
    return companion


def _disclosed(desk: Desk, case: Case, order: Order) -> Disclosed:
    now = desk.rooms.clock.now()
    what = disclose(case.rows, _carrier(case), Channel.CARRIED, case.consents, now)
    return what.only(CONTENTS[order.paper])


def _shut(what: Disclosed) -> Iterator[KfdeskError]:
    """The consent that is missing, once: the reason nearest to mending it."""
    reasons = {one.reason for one in what.withheld if one.type in _NEEDED} - {
        Reason.CONFLICT, Reason.DESK, Reason.LEVEL,
    }  # fmt: skip
    if Reason.INCOMPLETE in reasons:
        yield KfdeskError("paper.consent_incomplete")
    elif Reason.WITHDRAWN in reasons:
        yield KfdeskError("paper.consent_withdrawn")
    elif Reason.EXPIRED in reasons:
        yield KfdeskError("paper.consent_expired")
    elif reasons:
        yield KfdeskError("paper.no_consent")


def _untold(case: Case, what: Disclosed, language: str) -> Iterator[KfdeskError]:
    """What need not be said, and has no text in the paper's language."""
    plan = view(case.plan, Plan).record
    granted = {key for given in what.rows if given.type == "plan" for key in given.grants}
    for key in _HELPS:
        value = getattr(plan, key)
        if key in granted and isinstance(value, tuple) and not in_language(value, language):
            field = f"plan.{key}"
            yield KfdeskError("paper.not_in_language", field=field, language=language)
    for place, number in enumerate(case.views(HelpNumber, "help_number"), start=1):
        name = number.record.answered_by
        if isinstance(name, tuple) and not in_language(name, language):
            field = "help_number.answered_by"
            where: dict[str, str | int] = {"number": place, "language": language}
            yield KfdeskError("paper.not_in_language", field=field, **where)
