# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of aftercare, children of the plan: follow-up contacts, goals and services.

Whoever is near the client writes a contact, mostly the partner, and it arrives by
bundle. She can refuse each contact. The scores per area are her answers or
observations, never marks for her.
"""

from datetime import date

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
from kfdesk.domain.schema import (
    DataGroup,
    Section,
    SensitivityLevel,
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
from kfdesk.domain.values import LocalizedText, MissingAnswer, PartialDate, ZonedTime

FOLLOW_UP = Section("follow_up", N_("Follow-up"))
OUTCOMES = Section("outcomes", N_("How she is"))
REINTEGRATION = DataGroup.REINTEGRATION_PLAN
DESK = DataGroup.DESK
S2 = SensitivityLevel.S2
S3 = SensitivityLevel.S3
S4 = SensitivityLevel.S4


@record
class FollowUp:
    """A contact with its due date and window, who makes it, and its result."""

    due: date | PartialDate | MissingAnswer | None = day(
        N_("Day"), FOLLOW_UP, level=S2, to=REINTEGRATION, since=2
    )
    window: int | MissingAnswer | None = number(
        N_("Days it may be earlier or later"),
        FOLLOW_UP,
        level=S2,
        to=REINTEGRATION,
        since=2,
    )
    after_days: int | MissingAnswer | None = number(
        N_("Days after the arrival"), FOLLOW_UP, level=S2, to=REINTEGRATION, since=2
    )
    kind: str | MissingAnswer | None = code(
        FOLLOW_UP_KIND, N_("What it is for"), FOLLOW_UP, level=S2, to=REINTEGRATION, since=2
    )
    method: str | MissingAnswer | None = code(
        CONTACT_METHOD, N_("Way of contact"), FOLLOW_UP, level=S2, to=REINTEGRATION, since=2
    )
    organisation: str | MissingAnswer | None = reference(
        N_("Organisation that makes contact"), FOLLOW_UP, level=S2, to=REINTEGRATION, since=2
    )
    owner: str | MissingAnswer | None = text(
        N_("Who makes contact here (initials)"), FOLLOW_UP, level=S2, to=DESK, since=2
    )
    refused: bool | MissingAnswer | None = yes_no(
        N_("She does not want this contact"), FOLLOW_UP, level=S2, to=REINTEGRATION, since=2
    )
    happened: ZonedTime | MissingAnswer | None = zoned_time(
        N_("When it was"), FOLLOW_UP, level=S2, to=REINTEGRATION, since=2
    )
    result: str | MissingAnswer | None = code(
        CONTACT_RESULT, N_("What it led to"), FOLLOW_UP, level=S2, to=REINTEGRATION, since=2
    )
    report: LocalizedText | MissingAnswer | None = localized_text(
        N_("What she told us"), FOLLOW_UP, level=S3, to=REINTEGRATION, since=2
    )
    wishes: LocalizedText | MissingAnswer | None = localized_text(
        N_("What she wants now"), FOLLOW_UP, level=S3, to=REINTEGRATION, since=2
    )
    actions: LocalizedText | MissingAnswer | None = localized_text(
        N_("What is done next"), FOLLOW_UP, level=S3, to=REINTEGRATION, since=2
    )
    safety: str | MissingAnswer | None = code(
        SCORE, N_("Safety now"), OUTCOMES, level=S4, to=REINTEGRATION, since=2
    )
    housing: str | MissingAnswer | None = code(
        SCORE, N_("Housing"), OUTCOMES, level=S2, to=REINTEGRATION, since=2
    )
    income: str | MissingAnswer | None = code(
        SCORE, N_("Income"), OUTCOMES, level=S2, to=REINTEGRATION, since=2
    )
    health: str | MissingAnswer | None = code(
        SCORE, N_("Health"), OUTCOMES, level=S3, to=REINTEGRATION, since=2
    )
    mental_wellbeing: str | MissingAnswer | None = code(
        SCORE, N_("Mental wellbeing"), OUTCOMES, level=S3, to=REINTEGRATION, since=2
    )
    documents: str | MissingAnswer | None = code(
        SCORE, N_("Identity papers"), OUTCOMES, level=S2, to=REINTEGRATION, since=2
    )
    family: str | MissingAnswer | None = code(
        SCORE, N_("Family ties"), OUTCOMES, level=S3, to=REINTEGRATION, since=2
    )
    social_support: str | MissingAnswer | None = code(
        SCORE, N_("People around her"), OUTCOMES, level=S2, to=REINTEGRATION, since=2
    )
    education_or_work: str | MissingAnswer | None = code(
        SCORE, N_("School or work"), OUTCOMES, level=S2, to=REINTEGRATION, since=2
    )
    legal: str | MissingAnswer | None = code(
        SCORE, N_("Legal matters"), OUTCOMES, level=S2, to=REINTEGRATION, since=2
    )
    exploitation_again: str | MissingAnswer | None = code(
        EXPLOITATION_AGAIN, N_("Exploited again"), OUTCOMES, level=S4, to=REINTEGRATION, since=2
    )
    wishes_to_leave_again: bool | MissingAnswer | None = yes_no(
        N_("Wishes to leave again"), OUTCOMES, level=S3, to=REINTEGRATION, since=2
    )
    satisfaction: str | MissingAnswer | None = code(
        SATISFACTION,
        N_("How satisfied she is with the help"),
        OUTCOMES,
        level=S2,
        to=REINTEGRATION,
        since=2,
    )


AREAS = (
    "safety", "housing", "income", "health", "mental_wellbeing", "documents", "family",
    "social_support", "education_or_work", "legal",
)  # fmt: skip
"""The ten areas that are scored at each contact, in order."""


SUPPORT = Section("support", N_("Rehabilitation"))


@record
class Goal:
    """A goal: where the client begins, where she wants to be by when, and how far she is."""

    domain: str | MissingAnswer | None = code(
        NEED_DOMAIN, N_("Area of life"), SUPPORT, level=S3, to=REINTEGRATION, since=2
    )
    need_level: str | MissingAnswer | None = code(
        NEED_LEVEL, N_("How much is needed"), SUPPORT, level=S3, to=REINTEGRATION, since=2
    )
    aim: LocalizedText | MissingAnswer | None = localized_text(
        N_("Her goal, in her own words"), SUPPORT, level=S3, to=REINTEGRATION, since=2
    )
    baseline: str | MissingAnswer | None = code(
        SCORE, N_("Situation at the start"), SUPPORT, level=S3, to=REINTEGRATION, since=2
    )
    target: str | MissingAnswer | None = code(
        SCORE, N_("What she wants to achieve"), SUPPORT, level=S3, to=REINTEGRATION, since=2
    )
    progress: str | MissingAnswer | None = code(
        SCORE, N_("Situation now"), SUPPORT, level=S3, to=REINTEGRATION, since=2
    )
    due: date | PartialDate | MissingAnswer | None = day(
        N_("By when"), SUPPORT, level=S2, to=REINTEGRATION, since=2
    )
    status: str | MissingAnswer | None = code(
        GOAL_STATUS, N_("How it is going"), SUPPORT, level=S2, to=REINTEGRATION, since=2
    )
    organisation: str | MissingAnswer | None = reference(
        N_("Who helps her with it"), SUPPORT, level=S2, to=REINTEGRATION, since=2
    )
    owner: str | MissingAnswer | None = text(
        N_("Followed up here by (initials)"), SUPPORT, level=S2, to=DataGroup.DESK, since=2
    )


@record
class Service:
    """A service: what it is, who provides it, its status, and who pays."""

    goal: str | MissingAnswer | None = reference(
        N_("For which goal"), SUPPORT, level=S2, to=REINTEGRATION, since=2
    )
    domain: str | MissingAnswer | None = code(
        NEED_DOMAIN, N_("Area of life"), SUPPORT, level=S3, to=REINTEGRATION, since=2
    )
    what: LocalizedText | MissingAnswer | None = localized_text(
        N_("What she receives"), SUPPORT, level=S3, to=REINTEGRATION, since=2
    )
    organisation: str | MissingAnswer | None = reference(
        N_("Who provides it"), SUPPORT, level=S2, to=REINTEGRATION, since=2
    )
    status: str | MissingAnswer | None = code(
        SERVICE_STATUS, N_("How it is going"), SUPPORT, level=S2, to=REINTEGRATION, since=2
    )
    begins: date | PartialDate | MissingAnswer | None = day(
        N_("First day"), SUPPORT, level=S2, to=REINTEGRATION, since=2
    )
    ends: date | PartialDate | MissingAnswer | None = day(
        N_("Until"), SUPPORT, level=S2, to=REINTEGRATION, since=2
    )
    cost: int | MissingAnswer | None = number(
        N_("Cost"), SUPPORT, level=S2, to=REINTEGRATION, since=2
    )
    currency: str | MissingAnswer | None = text(
        N_("Currency (three letters)"), SUPPORT, level=S2, to=REINTEGRATION, since=2
    )
    funding: str | MissingAnswer | None = code(
        FUNDING, N_("Who pays"), SUPPORT, level=S2, to=REINTEGRATION, since=2
    )
    referral: str | MissingAnswer | None = reference(
        N_("Referral that led to this"), SUPPORT, level=S2, to=REINTEGRATION, since=2
    )
