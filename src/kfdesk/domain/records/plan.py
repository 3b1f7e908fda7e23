# SPDX-License-Identifier: GPL-3.0-or-later
"""The return plan, child of its client, with sections for the case and the journey."""

from datetime import date

from kfdesk.domain.codes.case import (
    ASSESSMENT_RESULT,
    BID_DECISION,
    CLOSURE_REASON,
    DEPARTURE_CHECK,
    ESCORT_KIND,
    PROGRAMME,
    SPECIAL_NEED,
    TOGETHER_SHOWS,
)
from kfdesk.domain.codes.core import PAPER_WISH, PLAN_STATE, WISH
from kfdesk.domain.codes.htcds import (
    DECISION_MAKING_ORG,
    FORCED_LABOUR_INDUSTRY,
    METHOD_OF_RECRUITMENT,
    METHODS_OF_CONTROL,
    RELATIONSHIP_TO_TRAFFICKER,
    TRAFFICKING_STATUS,
    TYPE_OF_EXPLOITATION,
    TYPE_OF_SEX_EXPLOITATION,
)
from kfdesk.domain.codes.world import COUNTRIES, LANGUAGES
from kfdesk.domain.message_marks import N_
from kfdesk.domain.schema import (
    DataGroup,
    Section,
    SensitivityLevel,
    code,
    code_set,
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

DECISION = Section("decision", N_("Decision"))
JOURNEY = Section("journey", N_("Journey"))
SAFETY = Section("safety", N_("Safety"))
CASE = Section("case", N_("Case"))
CHILD = Section("child", N_("Child"))
"""Retired: each child has its own papers now; these values are offered to them."""
AFTER = Section("after", N_("After arrival"))
CLOSING = Section("closing", N_("Closing"))
TRAVEL = DataGroup.TRAVEL
DESK = DataGroup.DESK
FAMILY = DataGroup.CHILDREN_FAMILY
NEEDS = DataGroup.IMMEDIATE_NEEDS
HEALTH = DataGroup.HEALTH
HISTORY = DataGroup.EXPLOITATION_HISTORY
SUMMARY = DataGroup.RISK_SUMMARY
REINTEGRATION = DataGroup.REINTEGRATION_PLAN
S2 = SensitivityLevel.S2
S3 = SensitivityLevel.S3
S4 = SensitivityLevel.S4


@record
class Plan:
    """A plan; `code_word` and `alarm_plan` are never printed and never sent."""

    state: str | MissingAnswer | None = code(
        PLAN_STATE, N_("Status"), DECISION, level=S2, to=TRAVEL, since=1
    )
    wish: str | MissingAnswer | None = code(
        WISH, N_("Her own wish"), DECISION, level=S2, to=TRAVEL, since=1
    )
    wish_stated: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Wish stated on"), DECISION, level=S2, to=TRAVEL, since=1
    )
    from_country: str | MissingAnswer | None = code(
        COUNTRIES, N_("From country"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    to_country: str | MissingAnswer | None = code(
        COUNTRIES, N_("To country"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    to_place: LocalizedText | MissingAnswer | None = localized_text(
        N_("To region"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    receiver: str | MissingAnswer | None = reference(
        N_("Receiver"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    escort: str | MissingAnswer | None = reference(
        N_("Escort"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    luggage: LocalizedText | MissingAnswer | None = localized_text(
        N_("Luggage"), JOURNEY, level=S2, to=TRAVEL, since=1
    )
    wants_paper: str | MissingAnswer | None = code(
        PAPER_WISH, N_("Her wish for paper"), JOURNEY, level=S2, to=DESK, since=1
    )
    alarm_plan: str | MissingAnswer | None = text(
        N_("Alarm plan"), SAFETY, level=S4, to=DESK, since=1
    )
    code_word: str | MissingAnswer | None = text(
        N_("Code word"), SAFETY, level=S4, to=DESK, since=1
    )
    owner: str | MissingAnswer | None = text(
        N_("Person responsible here (initials)"), CASE, level=S2, to=DESK, since=2
    )
    previous: str | MissingAnswer | None = reference(
        N_("Earlier plan"), CASE, level=S2, to=DESK, since=2
    )
    opened: date | PartialDate | MissingAnswer | None = day(
        N_("Opened"), CASE, level=S2, to=DESK, since=2
    )
    referring_organisation: str | MissingAnswer | None = reference(
        N_("Referred by"), CASE, level=S2, to=DESK, since=2
    )
    incoming_referral_date: date | PartialDate | MissingAnswer | None = day(
        N_("Referred on"), CASE, level=S2, to=DESK, since=2
    )
    trafficking_status: str | MissingAnswer | None = code(
        TRAFFICKING_STATUS, N_("Status of the case"), CASE, level=S3, to=HISTORY, since=2
    )
    trafficking_status_decided_by: str | MissingAnswer | None = code(
        DECISION_MAKING_ORG, N_("Status decided by"), CASE, level=S3, to=HISTORY, since=2
    )
    type_of_exploitation: tuple[str, ...] | MissingAnswer | None = code_set(
        TYPE_OF_EXPLOITATION, N_("Exploitation"), CASE, level=S3, to=HISTORY, since=2
    )
    methods_of_control: tuple[str, ...] | MissingAnswer | None = code_set(
        METHODS_OF_CONTROL, N_("Means of control"), CASE, level=S3, to=HISTORY, since=2
    )
    needs_assessed: date | PartialDate | MissingAnswer | None = day(
        N_("Needs reviewed on"), CASE, level=S2, to=NEEDS, since=2
    )
    immediate_needs: LocalizedText | MissingAnswer | None = localized_text(
        N_("What she needs now"), CASE, level=S2, to=NEEDS, since=2
    )
    health_needs: LocalizedText | MissingAnswer | None = localized_text(
        N_("What matters for her health"), CASE, level=S3, to=HEALTH, since=2
    )
    interpreter_used: bool | MissingAnswer | None = yes_no(
        N_("An interpreter was used"), DECISION, level=S2, to=DESK, since=2
    )
    alternatives_explained: bool | MissingAnswer | None = yes_no(
        N_("Options explained, including staying"), DECISION, level=S2, to=DESK, since=2
    )
    wish_reconfirmed: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Asked again what she wishes"), DECISION, level=S2, to=TRAVEL, since=2
    )
    legal_checked: date | PartialDate | MissingAnswer | None = day(
        N_("Legal status checked"), DECISION, level=S2, to=DESK, since=2
    )
    decision_signed: date | PartialDate | MissingAnswer | None = day(
        N_("She signed the decision"), DECISION, level=S2, to=DESK, since=2
    )
    decision_language: str | MissingAnswer | None = code(
        LANGUAGES, N_("Language she signed in"), DECISION, level=S2, to=DESK, since=2
    )
    third_country_explained: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Risk of the third country explained"), DECISION, level=S2, to=DESK, since=2
    )
    risk_read: ZonedTime | MissingAnswer | None = zoned_time(
        N_("Risks reviewed again"), DECISION, level=S2, to=SUMMARY, since=2
    )
    programme: str | MissingAnswer | None = code(
        PROGRAMME, N_("Programme"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    escort_kind: str | MissingAnswer | None = code(
        ESCORT_KIND, N_("Company on the journey"), JOURNEY, level=S2, to=TRAVEL, since=2
    )
    special_needs: tuple[str, ...] | MissingAnswer | None = code_set(
        SPECIAL_NEED, N_("Special needs on the way"), JOURNEY, level=S3, to=HEALTH, since=2
    )
    reminders: LocalizedText | MissingAnswer | None = localized_text(
        N_("Reminders, in neutral words"),
        JOURNEY,
        level=S2,
        to=HEALTH,
        since=2,
        help=N_(
            "One line each, with the place after the time, such as “21:00 Riga, blue box”. Name "
            "the object, never a drug."
        ),
    )
    travel_help: LocalizedText | MissingAnswer | None = localized_text(
        N_("Help on the way, in neutral words"),
        JOURNEY,
        level=S2,
        to=HEALTH,
        since=2,
        help=N_("One line each: what helps, never why. It is printed on the companion's sheet."),
    )
    fit_to_travel_needed: bool | MissingAnswer | None = yes_no(
        N_("A doctor must confirm that she may travel"), JOURNEY, level=S3, to=HEALTH, since=2
    )
    fit_to_travel_until: ZonedTime | MissingAnswer | None = zoned_time(
        N_("May travel until"), JOURNEY, level=S3, to=HEALTH, since=2
    )
    checks_done: tuple[str, ...] | MissingAnswer | None = code_set(
        DEPARTURE_CHECK, N_("Before leaving: done"), JOURNEY, level=S2, to=DESK, since=2
    )
    checks_not_applicable: tuple[str, ...] | MissingAnswer | None = code_set(
        DEPARTURE_CHECK, N_("Before leaving: does not apply"), JOURNEY, level=S2, to=DESK, since=2
    )
    guardian: str | MissingAnswer | None = text(
        N_("Guardian"), CHILD, level=S2, to=FAMILY, since=2, retired=3
    )
    guardian_order: str | MissingAnswer | None = text(
        N_("Guardian's order (court, number)"), CHILD, level=S2, to=FAMILY, since=2, retired=3
    )
    childs_view_heard: date | PartialDate | MissingAnswer | None = day(
        N_("The child was heard"), CHILD, level=S2, to=FAMILY, since=2, retired=3
    )
    family_assessed: date | PartialDate | MissingAnswer | None = day(
        N_("Family assessed"), CHILD, level=S2, to=FAMILY, since=2, retired=3
    )
    family_assessment_result: str | MissingAnswer | None = code(
        ASSESSMENT_RESULT,
        N_("Result of the assessment"),
        CHILD,
        level=S3,
        to=FAMILY,
        since=2,
        retired=3,
    )
    bid_decided: date | PartialDate | MissingAnswer | None = day(
        N_("Decision on the child's best interests"), CHILD, level=S2, to=FAMILY, since=2, retired=3
    )
    bid_decision: str | MissingAnswer | None = code(
        BID_DECISION, N_("What was decided"), CHILD, level=S3, to=FAMILY, since=2, retired=3
    )
    takeover_by_authority: date | PartialDate | MissingAnswer | None = day(
        N_("Authority takes over, in writing"), CHILD, level=S2, to=FAMILY, since=2, retired=3
    )
    reintegration_agreed: date | PartialDate | MissingAnswer | None = day(
        N_("Reintegration plan agreed"), AFTER, level=S2, to=REINTEGRATION, since=2
    )
    services_running: bool | MissingAnswer | None = yes_no(
        N_("Services have begun or are done"), AFTER, level=S2, to=REINTEGRATION, since=2
    )
    follow_up_set: bool | MissingAnswer | None = yes_no(
        N_("Times for follow-up are set"), AFTER, level=S2, to=REINTEGRATION, since=2
    )
    last_risk_read: date | PartialDate | MissingAnswer | None = day(
        N_("Risks reviewed a last time"), CLOSING, level=S2, to=DESK, since=2
    )
    closure_reason: str | MissingAnswer | None = code(
        CLOSURE_REASON, N_("Why it ends"), CLOSING, level=S2, to=DESK, since=2
    )
    told_what_is_kept: date | PartialDate | MissingAnswer | None = day(
        N_("She was told what is kept, and how long"), CLOSING, level=S2, to=DESK, since=2
    )
    retention_until: date | PartialDate | MissingAnswer | None = day(
        N_("Kept until"), CLOSING, level=S2, to=DESK, since=2
    )
    receipts_in: bool | MissingAnswer | None = yes_no(
        N_("Partners' receipts have arrived"), CLOSING, level=S2, to=DESK, since=2
    )
    legal_hold: str | MissingAnswer | None = text(
        N_("Reason to keep it"), CLOSING, level=S2, to=DESK, since=2
    )
    together_with: str | MissingAnswer | None = reference(
        N_("Travels together with"), JOURNEY, level=S2, to=DESK, since=5
    )
    together_shows: tuple[str, ...] | MissingAnswer | None = code_set(
        TOGETHER_SHOWS,
        N_("What the other adult may be told"),
        JOURNEY,
        level=S2,
        to=DESK,
        since=5,
        help=N_("Only if she travels with another client, and only what she agrees to."),
    )
    method_of_recruitment: tuple[str, ...] | MissingAnswer | None = code_set(
        METHOD_OF_RECRUITMENT, N_("How she was recruited"), CASE, level=S3, to=HISTORY, since=5
    )
    country_of_recruitment: str | MissingAnswer | None = code(
        COUNTRIES, N_("Country of recruitment"), CASE, level=S3, to=HISTORY, since=5
    )
    relationship_to_trafficker: str | MissingAnswer | None = code(
        RELATIONSHIP_TO_TRAFFICKER,
        N_("How she knew those who exploited her"),
        CASE,
        level=S3,
        to=HISTORY,
        since=5,
        help=N_("Never enter who they are."),
    )
    age_when_trafficked: int | MissingAnswer | None = number(
        N_("Age when it began"), CASE, level=S3, to=HISTORY, since=5
    )
    country_of_exploitation: tuple[str, ...] | MissingAnswer | None = code_set(
        COUNTRIES, N_("Countries of exploitation"), CASE, level=S3, to=HISTORY, since=5
    )
    type_of_sex_exploitation: tuple[str, ...] | MissingAnswer | None = code_set(
        TYPE_OF_SEX_EXPLOITATION,
        N_("Kind of sexual exploitation"),
        CASE,
        level=S3,
        to=HISTORY,
        since=5,
    )
    forced_labour_industry: str | MissingAnswer | None = code(
        FORCED_LABOUR_INDUSTRY, N_("Kind of work"), CASE, level=S3, to=HISTORY, since=5
    )
