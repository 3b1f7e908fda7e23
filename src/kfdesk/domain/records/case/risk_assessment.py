# SPDX-License-Identifier: GPL-3.0-or-later
"""One organisation's weighing of the risks of a return, child of the plan.

Each organisation writes its own, so that two desks never edit one; a decision needs both and
takes the worse. What an organisation without a desk of its own has told is written down by
another: it names the one that weighed, who said it, when, and how.
"""

from datetime import date

from kfdesk.domain.lists.case_codes import RISK_CONCLUSION, TOLD_BY_WAY
from kfdesk.domain.schema import (
    N_,
    Group,
    Level,
    Section,
    code,
    day,
    moment,
    number,
    record,
    reference,
    text,
    told,
    yes_no,
)
from kfdesk.domain.values import About, Gap, Moment, Told

RISK = Section("risk", N_("Risks"))
SUMMARY = Group.RISK_SUMMARY
S2, S4 = Level.S2, Level.S4


@record
class RiskAssessment:
    """A conclusion with its date and the last day it counts."""

    organisation: str | Gap | None = reference(
        N_("Weighed by"), RISK, level=S2, to=SUMMARY, since=2
    )
    done: date | About | Gap | None = day(N_("Done on"), RISK, level=S2, to=SUMMARY, since=2)
    valid_until: date | About | Gap | None = day(
        N_("Last day it counts"), RISK, level=S2, to=SUMMARY, since=2
    )
    conclusion: str | Gap | None = code(
        RISK_CONCLUSION, N_("Conclusion"), RISK, level=S4, to=SUMMARY, since=2
    )
    unanswered: int | Gap | None = number(
        N_("Questions not answered"), RISK, level=S2, to=SUMMARY, since=2
    )
    client_view: Told | Gap | None = told(
        N_("Her own view of it"), RISK, level=S4, to=SUMMARY, since=2
    )
    summary: Told | Gap | None = told(N_("Summary"), RISK, level=S4, to=SUMMARY, since=2)
    measures: Told | Gap | None = told(N_("Measures"), RISK, level=S4, to=SUMMARY, since=2)
    measures_agreed: bool | Gap | None = yes_no(
        N_("Measures are agreed"), RISK, level=S2, to=SUMMARY, since=2
    )
    told_by: str | Gap | None = text(N_("Who told it"), RISK, level=S2, to=Group.DESK, since=2)
    told: Moment | Gap | None = moment(N_("Told at"), RISK, level=S2, to=SUMMARY, since=2)
    told_way: str | Gap | None = code(TOLD_BY_WAY, N_("How"), RISK, level=S2, to=SUMMARY, since=2)
