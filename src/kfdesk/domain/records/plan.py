# SPDX-License-Identifier: GPL-3.0-or-later
"""The return plan, child of its client, with sections for the case and the journey."""

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
from kfdesk.domain.rules import Rules
from kfdesk.domain.schema import (
    Codes,
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


IN_DECISION = Terms(DECISION, S2, DESK, since=2)
IN_JOURNEY = Terms(JOURNEY, S2, TRAVEL, since=1)
IN_SAFETY = Terms(SAFETY, S4, DESK, since=1)
IN_CASE = Terms(CASE, S3, HISTORY, since=5)
IN_CHILD = Terms(CHILD, S2, FAMILY, since=2)
IN_AFTER = Terms(AFTER, S2, REINTEGRATION, since=2)
IN_CLOSING = Terms(CLOSING, S2, DESK, since=2)


@record(
    Rules(
        below=("client",),
        custodians=("state",),
        partners=(
            "luggage",
            "programme",
            "needs_assessed",
            "immediate_needs",
            "trafficking_status",
            "trafficking_status_decided_by",
            "type_of_exploitation",
            "methods_of_control",
            "method_of_recruitment",
            "country_of_recruitment",
            "relationship_to_trafficker",
            "age_when_trafficked",
            "country_of_exploitation",
            "type_of_sex_exploitation",
            "forced_labour_industry",
            "reintegration_agreed",
            "services_running",
            "follow_up_set",
        ),
    )
)
class Plan:
    """A plan; `code_word` and `alarm_plan` are never printed and never sent."""

    state: Text = code(PLAN_STATE, N_("Status"), IN_DECISION, to=TRAVEL, since=1)
    wish: Text = code(WISH, N_("Her own wish"), IN_DECISION, to=TRAVEL, since=1)
    wish_stated: Moment = zoned_time(N_("Wish stated on"), IN_DECISION, to=TRAVEL, since=1)
    from_country: Text = code(COUNTRIES, N_("From country"), IN_JOURNEY)
    to_country: Text = code(COUNTRIES, N_("To country"), IN_JOURNEY)
    to_place: Texts = localized_text(N_("To region"), IN_JOURNEY)
    receiver: Text = reference(N_("Receiver"), IN_JOURNEY)
    escort: Text = reference(N_("Escort"), IN_JOURNEY)
    luggage: Texts = localized_text(N_("Luggage"), IN_JOURNEY)
    wants_paper: Text = code(PAPER_WISH, N_("Her wish for paper"), IN_JOURNEY, to=DESK)
    alarm_plan: Text = text(N_("Alarm plan"), IN_SAFETY)
    code_word: Text = text(N_("Code word"), IN_SAFETY)
    owner: Text = text(
        N_("Person responsible here (initials)"), IN_CASE, level=S2, to=DESK, since=2
    )
    previous: Text = reference(N_("Earlier plan"), IN_CASE, level=S2, to=DESK, since=2)
    opened: Day = day(N_("Opened"), IN_CASE, level=S2, to=DESK, since=2)
    referring_organisation: Text = reference(N_("Referred by"), IN_CASE, level=S2, to=DESK, since=2)
    incoming_referral_date: Day = day(N_("Referred on"), IN_CASE, level=S2, to=DESK, since=2)
    trafficking_status: Text = code(TRAFFICKING_STATUS, N_("Status of the case"), IN_CASE, since=2)
    trafficking_status_decided_by: Text = code(
        DECISION_MAKING_ORG, N_("Status decided by"), IN_CASE, since=2
    )
    type_of_exploitation: Codes = code_set(
        TYPE_OF_EXPLOITATION, N_("Exploitation"), IN_CASE, since=2
    )
    methods_of_control: Codes = code_set(
        METHODS_OF_CONTROL, N_("Means of control"), IN_CASE, since=2
    )
    needs_assessed: Day = day(N_("Needs reviewed on"), IN_CASE, level=S2, to=NEEDS, since=2)
    immediate_needs: Texts = localized_text(
        N_("What she needs now"), IN_CASE, level=S2, to=NEEDS, since=2
    )
    health_needs: Texts = localized_text(
        N_("What matters for her health"), IN_CASE, to=HEALTH, since=2
    )
    interpreter_used: YesNo = yes_no(N_("An interpreter was used"), IN_DECISION)
    alternatives_explained: YesNo = yes_no(N_("Options explained, including staying"), IN_DECISION)
    wish_reconfirmed: Moment = zoned_time(N_("Asked again what she wishes"), IN_DECISION, to=TRAVEL)
    legal_checked: Day = day(N_("Legal status checked"), IN_DECISION)
    decision_signed: Day = day(N_("She signed the decision"), IN_DECISION)
    decision_language: Text = code(LANGUAGES, N_("Language she signed in"), IN_DECISION)
    third_country_explained: Moment = zoned_time(
        N_("Risk of the third country explained"), IN_DECISION
    )
    risk_read: Moment = zoned_time(N_("Risks reviewed again"), IN_DECISION, to=SUMMARY)
    programme: Text = code(PROGRAMME, N_("Programme"), IN_JOURNEY, since=2)
    escort_kind: Text = code(ESCORT_KIND, N_("Company on the journey"), IN_JOURNEY, since=2)
    special_needs: Codes = code_set(
        SPECIAL_NEED, N_("Special needs on the way"), IN_JOURNEY, level=S3, to=HEALTH, since=2
    )
    reminders: Texts = localized_text(
        N_("Reminders, in neutral words"),
        IN_JOURNEY,
        to=HEALTH,
        since=2,
        help=N_(
            "One line each, with the place after the time, such as “21:00 Riga, blue box”. Name "
            "the object, never a drug."
        ),
    )
    travel_help: Texts = localized_text(
        N_("Help on the way, in neutral words"),
        IN_JOURNEY,
        to=HEALTH,
        since=2,
        help=N_("One line each: what helps, never why. It is printed on the companion's sheet."),
    )
    fit_to_travel_needed: YesNo = yes_no(
        N_("A doctor must confirm that she may travel"), IN_JOURNEY, level=S3, to=HEALTH, since=2
    )
    fit_to_travel_until: Moment = zoned_time(
        N_("May travel until"), IN_JOURNEY, level=S3, to=HEALTH, since=2
    )
    checks_done: Codes = code_set(
        DEPARTURE_CHECK, N_("Before leaving: done"), IN_JOURNEY, to=DESK, since=2
    )
    checks_not_applicable: Codes = code_set(
        DEPARTURE_CHECK, N_("Before leaving: does not apply"), IN_JOURNEY, to=DESK, since=2
    )
    guardian: Text = text(N_("Guardian"), IN_CHILD, retired=3)
    guardian_order: Text = text(N_("Guardian's order (court, number)"), IN_CHILD, retired=3)
    childs_view_heard: Day = day(N_("The child was heard"), IN_CHILD, retired=3)
    family_assessed: Day = day(N_("Family assessed"), IN_CHILD, retired=3)
    family_assessment_result: Text = code(
        ASSESSMENT_RESULT, N_("Result of the assessment"), IN_CHILD, level=S3, retired=3
    )
    bid_decided: Day = day(N_("Decision on the child's best interests"), IN_CHILD, retired=3)
    bid_decision: Text = code(BID_DECISION, N_("What was decided"), IN_CHILD, level=S3, retired=3)
    takeover_by_authority: Day = day(N_("Authority takes over, in writing"), IN_CHILD, retired=3)
    reintegration_agreed: Day = day(N_("Reintegration plan agreed"), IN_AFTER)
    services_running: YesNo = yes_no(N_("Services have begun or are done"), IN_AFTER)
    follow_up_set: YesNo = yes_no(N_("Times for follow-up are set"), IN_AFTER)
    last_risk_read: Day = day(N_("Risks reviewed a last time"), IN_CLOSING)
    closure_reason: Text = code(CLOSURE_REASON, N_("Why it ends"), IN_CLOSING)
    told_what_is_kept: Day = day(N_("She was told what is kept, and how long"), IN_CLOSING)
    retention_until: Day = day(N_("Kept until"), IN_CLOSING)
    receipts_in: YesNo = yes_no(N_("Partners' receipts have arrived"), IN_CLOSING)
    legal_hold: Text = text(N_("Reason to keep it"), IN_CLOSING)
    together_with: Text = reference(N_("Travels together with"), IN_JOURNEY, to=DESK, since=5)
    together_shows: Codes = code_set(
        TOGETHER_SHOWS,
        N_("What the other adult may be told"),
        IN_JOURNEY,
        to=DESK,
        since=5,
        help=N_("Only if she travels with another client, and only what she agrees to."),
    )
    method_of_recruitment: Codes = code_set(
        METHOD_OF_RECRUITMENT, N_("How she was recruited"), IN_CASE
    )
    country_of_recruitment: Text = code(COUNTRIES, N_("Country of recruitment"), IN_CASE)
    relationship_to_trafficker: Text = code(
        RELATIONSHIP_TO_TRAFFICKER,
        N_("How she knew those who exploited her"),
        IN_CASE,
        help=N_("Never enter who they are."),
    )
    age_when_trafficked: Number = number(N_("Age when it began"), IN_CASE)
    country_of_exploitation: Codes = code_set(COUNTRIES, N_("Countries of exploitation"), IN_CASE)
    type_of_sex_exploitation: Codes = code_set(
        TYPE_OF_SEX_EXPLOITATION, N_("Kind of sexual exploitation"), IN_CASE
    )
    forced_labour_industry: Text = code(FORCED_LABOUR_INDUSTRY, N_("Kind of work"), IN_CASE)
