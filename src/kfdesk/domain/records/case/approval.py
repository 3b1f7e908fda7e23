# SPDX-License-Identifier: GPL-3.0-or-later
"""A second person's word on a plan, child of the plan: the decision, or a gate set aside.

Whose word it is stands in the record's custodian and cannot be written for somebody else: an
approval counts for the organisation that answers for it.
"""

from kfdesk.domain.lists.case_codes import APPROVAL_KIND, GATES
from kfdesk.domain.schema import N_, Group, Level, Section, code, moment, record, text
from kfdesk.domain.values import Gap, Moment

APPROVAL = Section("approval", N_("Approval"))
TRAVEL, DESK = Group.TRAVEL, Group.DESK
S2, S4 = Level.S2, Level.S4


@record
class Approval:
    """An approval; of a gate it sets aside it names the code."""

    kind: str | Gap | None = code(
        APPROVAL_KIND, N_("What is approved"), APPROVAL, level=S2, to=TRAVEL, since=2
    )
    gate: str | Gap | None = code(GATES, N_("Gate"), APPROVAL, level=S2, to=TRAVEL, since=2)
    given_by: str | Gap | None = text(N_("Given by"), APPROVAL, level=S2, to=TRAVEL, since=2)
    given: Moment | Gap | None = moment(N_("Given"), APPROVAL, level=S2, to=TRAVEL, since=2)
    asked_by: str | Gap | None = text(N_("Asked for by"), APPROVAL, level=S2, to=TRAVEL, since=2)
    ends: Moment | Gap | None = moment(N_("Until"), APPROVAL, level=S2, to=TRAVEL, since=2)
    reason: str | Gap | None = text(N_("Reason"), APPROVAL, level=S4, to=DESK, since=2)
