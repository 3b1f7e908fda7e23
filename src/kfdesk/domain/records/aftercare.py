# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of aftercare, children of the plan: follow-up contacts, goals and services.

Whoever is near the client writes a contact, mostly the partner, and it arrives by
bundle. She can refuse each contact. The scores per area are her answers or
observations, never marks for her.
"""

from kfdesk.domain.codes.case import (
    CONTACT_METHOD,
    CONTACT_RESULT,
    EXPLOITATION_AGAIN,
    FOLLOW_UP_KIND,
    FUNDING,
    GOAL_STATUS,
    NEED_DOMAIN,
    NEED_LEVEL,
    SATISFACTION,
    SCORE,
    SERVICE_STATUS,
)
from kfdesk.domain.message_marks import N_
from kfdesk.domain.rules import SHARED
from kfdesk.domain.schema import (
    DataGroup,
    Day,
    Moment,
    Number,
    Section,
    SensitivityLevel,
    Terms,
    Text,
    Texts,
    YesNo,
    code,
    day,
    localized_text,
    number,
    record,
    reference,
    text,
    yes_no,
    zoned_time,
)

FOLLOW_UP = Section("follow_up", N_("Follow-up"))
OUTCOMES = Section("outcomes", N_("How she is"))
REINTEGRATION = DataGroup.REINTEGRATION_PLAN
DESK = DataGroup.DESK
S2 = SensitivityLevel.S2
S3 = SensitivityLevel.S3
S4 = SensitivityLevel.S4


IN_FOLLOW_UP = Terms(FOLLOW_UP, S2, REINTEGRATION, since=2)
IN_OUTCOMES = Terms(OUTCOMES, S2, REINTEGRATION, since=2)


@record(SHARED)
class FollowUp:
    """A contact with its due date and window, who makes it, and its result."""

    due: Day = day(N_("Day"), IN_FOLLOW_UP)
    window: Number = number(N_("Days it may be earlier or later"), IN_FOLLOW_UP)
    after_days: Number = number(N_("Days after the arrival"), IN_FOLLOW_UP)
    kind: Text = code(FOLLOW_UP_KIND, N_("What it is for"), IN_FOLLOW_UP)
    method: Text = code(CONTACT_METHOD, N_("Way of contact"), IN_FOLLOW_UP)
    organisation: Text = reference(N_("Organisation that makes contact"), IN_FOLLOW_UP)
    owner: Text = text(N_("Who makes contact here (initials)"), IN_FOLLOW_UP, to=DESK)
    refused: YesNo = yes_no(N_("She does not want this contact"), IN_FOLLOW_UP)
    happened: Moment = zoned_time(N_("When it was"), IN_FOLLOW_UP)
    result: Text = code(CONTACT_RESULT, N_("What it led to"), IN_FOLLOW_UP)
    report: Texts = localized_text(N_("What she told us"), IN_FOLLOW_UP, level=S3)
    wishes: Texts = localized_text(N_("What she wants now"), IN_FOLLOW_UP, level=S3)
    actions: Texts = localized_text(N_("What is done next"), IN_FOLLOW_UP, level=S3)
    safety: Text = code(SCORE, N_("Safety now"), IN_OUTCOMES, level=S4)
    housing: Text = code(SCORE, N_("Housing"), IN_OUTCOMES)
    income: Text = code(SCORE, N_("Income"), IN_OUTCOMES)
    health: Text = code(SCORE, N_("Health"), IN_OUTCOMES, level=S3)
    mental_wellbeing: Text = code(SCORE, N_("Mental wellbeing"), IN_OUTCOMES, level=S3)
    documents: Text = code(SCORE, N_("Identity papers"), IN_OUTCOMES)
    family: Text = code(SCORE, N_("Family ties"), IN_OUTCOMES, level=S3)
    social_support: Text = code(SCORE, N_("People around her"), IN_OUTCOMES)
    education_or_work: Text = code(SCORE, N_("School or work"), IN_OUTCOMES)
    legal: Text = code(SCORE, N_("Legal matters"), IN_OUTCOMES)
    exploitation_again: Text = code(
        EXPLOITATION_AGAIN, N_("Exploited again"), IN_OUTCOMES, level=S4
    )
    wishes_to_leave_again: YesNo = yes_no(N_("Wishes to leave again"), IN_OUTCOMES, level=S3)
    satisfaction: Text = code(SATISFACTION, N_("How satisfied she is with the help"), IN_OUTCOMES)


AREAS = (
    "safety", "housing", "income", "health", "mental_wellbeing", "documents", "family",
    "social_support", "education_or_work", "legal",
)  # fmt: skip
"""The ten areas that are scored at each contact, in order."""


SUPPORT = Section("support", N_("Rehabilitation"))


IN_GOAL = Terms(SUPPORT, S3, REINTEGRATION, since=2)


@record(SHARED)
class Goal:
    """A goal: where the client begins, where she wants to be by when, and how far she is."""

    domain: Text = code(NEED_DOMAIN, N_("Area of life"), IN_GOAL)
    need_level: Text = code(NEED_LEVEL, N_("How much is needed"), IN_GOAL)
    aim: Texts = localized_text(N_("Her goal, in her own words"), IN_GOAL)
    baseline: Text = code(SCORE, N_("Situation at the start"), IN_GOAL)
    target: Text = code(SCORE, N_("What she wants to achieve"), IN_GOAL)
    progress: Text = code(SCORE, N_("Situation now"), IN_GOAL)
    due: Day = day(N_("By when"), IN_GOAL, level=S2)
    status: Text = code(GOAL_STATUS, N_("How it is going"), IN_GOAL, level=S2)
    organisation: Text = reference(N_("Who helps her with it"), IN_GOAL, level=S2)
    owner: Text = text(N_("Followed up here by (initials)"), IN_GOAL, level=S2, to=DataGroup.DESK)


IN_SERVICE = Terms(SUPPORT, S2, REINTEGRATION, since=2)


@record(SHARED)
class Service:
    """A service: what it is, who provides it, its status, and who pays."""

    goal: Text = reference(N_("For which goal"), IN_SERVICE)
    domain: Text = code(NEED_DOMAIN, N_("Area of life"), IN_SERVICE, level=S3)
    what: Texts = localized_text(N_("What she receives"), IN_SERVICE, level=S3)
    organisation: Text = reference(N_("Who provides it"), IN_SERVICE)
    status: Text = code(SERVICE_STATUS, N_("How it is going"), IN_SERVICE)
    begins: Day = day(N_("First day"), IN_SERVICE)
    ends: Day = day(N_("Until"), IN_SERVICE)
    cost: Number = number(N_("Cost"), IN_SERVICE)
    currency: Text = text(N_("Currency (three letters)"), IN_SERVICE)
    funding: Text = code(FUNDING, N_("Who pays"), IN_SERVICE)
    referral: Text = reference(N_("Referral that led to this"), IN_SERVICE)
