# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers of one child who travels, child of the plan: each child has its own.

Only the organisation that answers for the plan writes them, with the papers before it; nobody
else's word stands in for a court, a guardian or an authority.
"""

from datetime import date

from kfdesk.domain.lists.case_codes import ASSESSMENT_RESULT, BID_DECISION
from kfdesk.domain.schema import N_, Group, Level, Section, code, day, record, reference, text, told
from kfdesk.domain.values import About, Gap, Told

CHILD = Section("child", N_("Child"))
FAMILY = Group.CHILDREN_FAMILY
S2, S3 = Level.S2, Level.S3


@record
class ChildPapers:
    """Guardian and order, the child's view, family, best interests, takeover."""

    child: str | Gap | None = reference(N_("Child"), CHILD, level=S2, to=FAMILY, since=3)
    guardian: str | Gap | None = text(N_("Guardian"), CHILD, level=S2, to=FAMILY, since=3)
    guardian_order: str | Gap | None = text(
        N_("Guardian's order (court, number)"),
        CHILD,
        level=S2,
        to=FAMILY,
        since=3,
        help=N_("For a parent: the paper that shows custody."),
    )
    childs_view_heard: date | About | Gap | None = day(
        N_("The child was heard"), CHILD, level=S2, to=FAMILY, since=3
    )
    childs_view: Told | Gap | None = told(
        N_("What the child says, in its own words"), CHILD, level=S3, to=FAMILY, since=3
    )
    family_assessed: date | About | Gap | None = day(
        N_("Family assessed"), CHILD, level=S2, to=FAMILY, since=3
    )
    family_assessment_result: str | Gap | None = code(
        ASSESSMENT_RESULT, N_("Result of it"), CHILD, level=S3, to=FAMILY, since=3
    )
    bid_decided: date | About | Gap | None = day(
        N_("Decision on the child's best interests"), CHILD, level=S2, to=FAMILY, since=3
    )
    bid_decision: str | Gap | None = code(
        BID_DECISION, N_("What was decided"), CHILD, level=S3, to=FAMILY, since=3
    )
    bid_reasons: Told | Gap | None = told(
        N_("Why it was decided so"), CHILD, level=S3, to=FAMILY, since=3
    )
    takeover_authority: str | Gap | None = text(
        N_("Authority that takes over"), CHILD, level=S2, to=FAMILY, since=3
    )
    takeover_by_authority: date | About | Gap | None = day(
        N_("Authority takes over, in writing"), CHILD, level=S2, to=FAMILY, since=3
    )
