# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands on the arrival receipt, and how disclosed records become it.

What was not disclosed or is not known yet reads as empty, and is written by hand. Nothing tells
where it goes on from there. Knows no page.
"""

from dataclasses import dataclass
from datetime import datetime

from kfdesk.documents.reading import lines_of, records, text_of, told_of
from kfdesk.documents.traveller.records import in_sequence
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.records.journey.handover import Handover
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.values import Moment

_ARRIVAL = "arrival"


@dataclass(frozen=True, slots=True)
class Receipt:
    """When (the wall clock's time), where by words or by a code of HANDOVER_PLACE, who, what."""

    moment: datetime | None
    place: str
    kind: str
    giver: str
    receiver: str
    things: tuple[str, ...]


def receipt_of(what: Disclosed, language: str) -> Receipt:
    """The receipt of the last handover, or of the arrival that is planned."""
    handovers = records(what, Handover)
    handover = max(handovers, key=_when) if handovers else None
    legs = sorted(records(what, Leg), key=in_sequence)
    last = legs[-1] if legs else None
    happened = handover.happened if handover else None
    if not isinstance(happened, Moment):
        happened = last.arrives if last else None
    kind = text_of(handover.place) if handover else ""
    is_at_stop = last is not None and kind in ("", _ARRIVAL)
    receiver = text_of(handover.received_by) if handover else ""
    return Receipt(
        moment=happened.wall if isinstance(happened, Moment) else None,
        place=told_of(last.to_stop, language) if is_at_stop and last else "",
        kind=kind,
        giver=text_of(handover.given_by) if handover else "",
        receiver=receiver or (told_of(last.met_by, language) if last else ""),
        things=_things(what, handover, language),
    )


def _things(what: Disclosed, handover: Handover | None, language: str) -> tuple[str, ...]:
    """A line a thing: those handed over, or her luggage while nothing has been."""
    told = lines_of(handover.items, language) if handover else ()
    for plan in records(what, Plan):
        told = told or lines_of(plan.luggage, language)
    return told


def _when(handover: Handover) -> datetime:
    happened = handover.happened
    return happened.wall if isinstance(happened, Moment) else datetime.min  # noqa: DTZ901
