# SPDX-License-Identifier: GPL-3.0-or-later
"""A step of a plan from one state to the next, child of the plan: the evidence of its gates.

Written by the service that moves plans and never changed; what each gate said at that moment is
kept with it.
"""

from kfdesk.domain.codes import PLAN_STATE
from kfdesk.domain.lists.case_codes import GATES
from kfdesk.domain.schema import N_, Group, Level, Section, code, code_set, moment, record, text
from kfdesk.domain.values import Gap, Moment

TRANSITION = Section("transition", N_("Steps of the plan"))
DESK = Group.DESK
S2, S4 = Level.S2, Level.S4


@record
class Transition:
    """A step: when it happened, who took it, what each gate said."""

    from_state: str | Gap | None = code(
        PLAN_STATE, N_("From"), TRANSITION, level=S2, to=DESK, since=2
    )
    to_state: str | Gap | None = code(PLAN_STATE, N_("To"), TRANSITION, level=S2, to=DESK, since=2)
    happened: Moment | Gap | None = moment(N_("Happened"), TRANSITION, level=S2, to=DESK, since=2)
    taken_by: str | Gap | None = text(N_("Taken by"), TRANSITION, level=S2, to=DESK, since=2)
    met: tuple[str, ...] | Gap | None = code_set(
        GATES, N_("Gates met"), TRANSITION, level=S2, to=DESK, since=2
    )
    not_applicable: tuple[str, ...] | Gap | None = code_set(
        GATES, N_("Gates that do not apply"), TRANSITION, level=S2, to=DESK, since=2
    )
    overridden: tuple[str, ...] | Gap | None = code_set(
        GATES, N_("Gates set aside"), TRANSITION, level=S2, to=DESK, since=2
    )
    reason: str | Gap | None = text(N_("Reason"), TRANSITION, level=S4, to=DESK, since=2)
