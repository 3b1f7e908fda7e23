# SPDX-License-Identifier: GPL-3.0-or-later
"""A leg of the journey, child of its plan: from where, when, by what, and who meets her.

Places and signs are told texts: the traveller reads them in her language, and what must match a
board or a ticket keeps its script inside the text.
"""

from kfdesk.domain.codes import LEG_STATUS, TRANSPORT_MODE
from kfdesk.domain.lists.case_codes import CHECK_IN_STATUS
from kfdesk.domain.records.plan import JOURNEY
from kfdesk.domain.schema import (
    N_,
    Group,
    Level,
    code,
    moment,
    number,
    record,
    reference,
    text,
    told,
    yes_no,
)
from kfdesk.domain.values import Gap, Moment, Told

TRAVEL, DESK = Group.TRAVEL, Group.DESK
S2, S4 = Level.S2, Level.S4


@record
class Leg:
    """A leg; `onward` is how she gets from its end to the next leg's start."""

    sequence: int | Gap | None = number(N_("Leg number"), JOURNEY, level=S2, to=TRAVEL, since=1)
    mode: str | Gap | None = code(
        TRANSPORT_MODE, N_("Means of travel"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    carrier: str | Gap | None = text(
        N_("Carrier and number"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    booking_reference: str | Gap | None = text(
        N_("Booking reference"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    from_place: Told | Gap | None = told(N_("From"), JOURNEY, level=S2, to=TRAVEL, since=1)
    from_stop: Told | Gap | None = told(
        N_("Stop or terminal"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    departs: Moment | Gap | None = moment(N_("Leaves"), JOURNEY, level=S2, to=TRAVEL, since=1)
    to_place: Told | Gap | None = told(N_("To"), JOURNEY, level=S2, to=TRAVEL, since=1)
    to_stop: Told | Gap | None = told(
        N_("Stop or terminal on arrival"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    arrives: Moment | Gap | None = moment(N_("Arrives"), JOURNEY, level=S2, to=TRAVEL, since=1)
    met_by: Told | Gap | None = told(
        N_("Met by (first name)"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    sign: Told | Gap | None = told(N_("Neutral sign"), JOURNEY, level=S2, to=TRAVEL, since=1)
    alone: bool | Gap | None = yes_no(
        N_("Nobody meets her, by her choice"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    onward: Told | Gap | None = told(N_("How she goes on"), JOURNEY, level=S2, to=TRAVEL, since=1)
    check_in: Moment | Gap | None = moment(N_("Check-in"), JOURNEY, level=S2, to=TRAVEL, since=1)
    status: str | Gap | None = code(LEG_STATUS, N_("Status"), JOURNEY, level=S2, to=TRAVEL, since=1)
    meeter: str | Gap | None = reference(
        N_("Contact who meets her"), JOURNEY, level=S2, to=DESK, since=2
    )
    check_in_status: str | Gap | None = code(
        CHECK_IN_STATUS, N_("Check-in made"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    departed: Moment | Gap | None = moment(N_("Left at"), JOURNEY, level=S2, to=TRAVEL, since=2)
    arrived: Moment | Gap | None = moment(N_("Arrived at"), JOURNEY, level=S2, to=TRAVEL, since=2)
    missed: Moment | Gap | None = moment(N_("Missed at"), JOURNEY, level=S2, to=TRAVEL, since=2)
    checked_in: Moment | Gap | None = moment(
        N_("Check-in: when it was"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    fallback: str | Gap | None = text(N_("If it fails"), JOURNEY, level=S4, to=DESK, since=2)
