# SPDX-License-Identifier: GPL-3.0-or-later
"""A matter of law in the client's case, child of the plan: a period, a permit, a hearing.

Dates here can stop a journey: a hearing where she must be present, a claim that lapses when she
leaves.
"""

from datetime import date

from kfdesk.domain.lists.case_codes import LEGAL_DECISION, LEGAL_STATUS_KIND
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
    yes_no,
)
from kfdesk.domain.values import About, Gap, Moment

LEGAL = Section("legal", N_("Legal status"))
LAW, S2 = Group.LEGAL_CASE, Level.S2


@record
class LegalStatus:
    """A period, permit or proceeding; `lapses_on_leaving` and `next_hearing` bind the journey."""

    kind: str | Gap | None = code(LEGAL_STATUS_KIND, N_("Matter"), LEGAL, level=S2, to=LAW, since=2)
    begins: date | About | Gap | None = day(N_("From"), LEGAL, level=S2, to=LAW, since=2)
    ends: date | About | Gap | None = day(N_("Last day"), LEGAL, level=S2, to=LAW, since=2)
    form_number: str | Gap | None = text(N_("Form number"), LEGAL, level=S2, to=LAW, since=2)
    applied_by: str | Gap | None = reference(N_("Applied for by"), LEGAL, level=S2, to=LAW, since=2)
    decided_by: str | Gap | None = reference(N_("Decided by"), LEGAL, level=S2, to=LAW, since=2)
    decision: str | Gap | None = code(
        LEGAL_DECISION, N_("Outcome"), LEGAL, level=S2, to=LAW, since=2
    )
    next_hearing: Moment | Gap | None = moment(N_("Next hearing"), LEGAL, level=S2, to=LAW, since=2)
    must_be_present: bool | Gap | None = yes_no(
        N_("She must be present"), LEGAL, level=S2, to=LAW, since=2
    )
    lapses_on_leaving: bool | Gap | None = yes_no(
        N_("Is lost when she leaves"), LEGAL, level=S2, to=LAW, since=2
    )
