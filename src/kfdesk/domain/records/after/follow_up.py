# SPDX-License-Identifier: GPL-3.0-or-later
"""One contact after an arrival, planned or done; child of the plan.

Whoever is near her writes it, mostly the partner, and it comes by file. Each can be refused by
her. How she is, area by area, is an answer of hers or what was seen, never a mark for her.
"""

from datetime import date

from kfdesk.domain.lists.after_codes import (
    CONTACT_METHOD,
    CONTACT_RESULT,
    EXPLOITATION_AGAIN,
    FOLLOW_UP_KIND,
    SATISFACTION,
    SCORE,
)
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

FOLLOW_UP = Section("follow_up", N_("Follow-up"))
OUTCOMES = Section("outcomes", N_("How she is"))
AFTER, DESK = Group.REINTEGRATION_PLAN, Group.DESK
S2, S3, S4 = Level.S2, Level.S3, Level.S4


@record
class FollowUp:
    """A contact with its day and window, who makes it, and what came of it."""

    due: date | About | Gap | None = day(N_("Day"), FOLLOW_UP, level=S2, to=AFTER, since=2)
    window: int | Gap | None = number(
        N_("As good so many days before or after"), FOLLOW_UP, level=S2, to=AFTER, since=2
    )
    after_days: int | Gap | None = number(
        N_("Days after the arrival"), FOLLOW_UP, level=S2, to=AFTER, since=2
    )
    kind: str | Gap | None = code(
        FOLLOW_UP_KIND, N_("What it is for"), FOLLOW_UP, level=S2, to=AFTER, since=2
    )
    method: str | Gap | None = code(
        CONTACT_METHOD, N_("Way of contact"), FOLLOW_UP, level=S2, to=AFTER, since=2
    )
    organisation: str | Gap | None = reference(
        N_("Organisation that makes contact"), FOLLOW_UP, level=S2, to=AFTER, since=2
    )
    owner: str | Gap | None = text(
        N_("Who makes contact here (initials)"), FOLLOW_UP, level=S2, to=DESK, since=2
    )
    refused: bool | Gap | None = yes_no(
        N_("She does not want this contact"), FOLLOW_UP, level=S2, to=AFTER, since=2
    )
    happened: Moment | Gap | None = moment(
        N_("When it was"), FOLLOW_UP, level=S2, to=AFTER, since=2
    )
    result: str | Gap | None = code(
        CONTACT_RESULT, N_("What came of it"), FOLLOW_UP, level=S2, to=AFTER, since=2
    )
    report: Told | Gap | None = told(N_("What she told"), FOLLOW_UP, level=S3, to=AFTER, since=2)
    wishes: Told | Gap | None = told(
        N_("What she wishes now"), FOLLOW_UP, level=S3, to=AFTER, since=2
    )
    actions: Told | Gap | None = told(
        N_("What is done next"), FOLLOW_UP, level=S3, to=AFTER, since=2
    )
    safety: str | Gap | None = code(SCORE, N_("Safety now"), OUTCOMES, level=S4, to=AFTER, since=2)
    housing: str | Gap | None = code(SCORE, N_("Housing"), OUTCOMES, level=S2, to=AFTER, since=2)
    income: str | Gap | None = code(SCORE, N_("Income"), OUTCOMES, level=S2, to=AFTER, since=2)
    health: str | Gap | None = code(SCORE, N_("Health"), OUTCOMES, level=S3, to=AFTER, since=2)
    mental_wellbeing: str | Gap | None = code(
        SCORE, N_("Mental wellbeing"), OUTCOMES, level=S3, to=AFTER, since=2
    )
    documents: str | Gap | None = code(
        SCORE, N_("Identity papers"), OUTCOMES, level=S2, to=AFTER, since=2
    )
    family: str | Gap | None = code(SCORE, N_("Family ties"), OUTCOMES, level=S3, to=AFTER, since=2)
    social_support: str | Gap | None = code(
        SCORE, N_("People around her"), OUTCOMES, level=S2, to=AFTER, since=2
    )
    education_or_work: str | Gap | None = code(
        SCORE, N_("School or work"), OUTCOMES, level=S2, to=AFTER, since=2
    )
    legal: str | Gap | None = code(
        SCORE, N_("Legal matters"), OUTCOMES, level=S2, to=AFTER, since=2
    )
    exploitation_again: str | Gap | None = code(
        EXPLOITATION_AGAIN, N_("Exploited again"), OUTCOMES, level=S4, to=AFTER, since=2
    )
    wishes_to_leave_again: bool | Gap | None = yes_no(
        N_("Wishes to leave again"), OUTCOMES, level=S3, to=AFTER, since=2
    )
    satisfaction: str | Gap | None = code(
        SATISFACTION, N_("How content she is with the help"), OUTCOMES, level=S2, to=AFTER, since=2
    )


AREAS = (
    "safety", "housing", "income", "health", "mental_wellbeing", "documents", "family",
    "social_support", "education_or_work", "legal",
)  # fmt: skip
"""The ten areas that are looked at each time, in their order."""
