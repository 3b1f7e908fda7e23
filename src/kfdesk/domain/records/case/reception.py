# SPDX-License-Identifier: GPL-3.0-or-later
"""An enquiry whether an organisation can receive her, with its answer; child of the plan.

Who asked, who answered and who will stand at the door are named; the address is not.
"""

from datetime import date

from kfdesk.domain.lists.case_codes import RECEPTION_STATUS
from kfdesk.domain.schema import (
    N_,
    Group,
    Level,
    Section,
    code,
    day,
    moment,
    record,
    reference,
    text,
    told,
)
from kfdesk.domain.values import About, Gap, Moment, Told

RECEPTION = Section("reception", N_("Reception"))
TRAVEL, REINTEGRATION, S2 = Group.TRAVEL, Group.REINTEGRATION_PLAN, Level.S2


@record
class Reception:
    """A question to one organisation and what came of it."""

    organisation: str | Gap | None = reference(
        N_("Organisation"), RECEPTION, level=S2, to=TRAVEL, since=2
    )
    status: str | Gap | None = code(
        RECEPTION_STATUS, N_("Answer"), RECEPTION, level=S2, to=TRAVEL, since=2
    )
    asked: Moment | Gap | None = moment(N_("Asked on"), RECEPTION, level=S2, to=TRAVEL, since=2)
    answered: Moment | Gap | None = moment(
        N_("Answered on"), RECEPTION, level=S2, to=TRAVEL, since=2
    )
    received_by: str | Gap | None = text(
        N_("Received by (first name)"), RECEPTION, level=S2, to=TRAVEL, since=2
    )
    begins: date | About | Gap | None = day(N_("From"), RECEPTION, level=S2, to=TRAVEL, since=2)
    offers: Told | Gap | None = told(
        N_("What they can offer"), RECEPTION, level=S2, to=REINTEGRATION, since=2
    )
    limits: Told | Gap | None = told(N_("Limits"), RECEPTION, level=S2, to=REINTEGRATION, since=2)
