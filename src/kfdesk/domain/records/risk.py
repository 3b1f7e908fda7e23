# SPDX-License-Identifier: GPL-3.0-or-later
"""The risk assessment of one organisation, child of the plan, its lines, and risk events.

A line answers one category and is a child of its assessment. `theme_answer` is the answer for
the category as a whole; `nothing` there is no answer to its items, which stay open. Which items
apply stays in this store, with their sources and confidence and with her own words: a list that
names pregnancy, testimony or pictures says more than a risk summary may. The overall answer, the
two ratings and the measure go with the assessment. `answer`, `sources` and `confidence` follow
from the theme and the items and are written together with them.
"""

from kfdesk.domain.codes.case import RISK_CONCLUSION, TOLD_BY_WAY
from kfdesk.domain.codes.risk import (
    CONFIDENCE,
    LIKELIHOOD,
    MITIGATION_STATUS,
    RISK_ANSWER,
    RISK_CATEGORY,
    RISK_ITEM,
    RISK_SOURCE,
    RISK_THEME,
    SEVERITY,
    TRIGGER_EVENT,
)
from kfdesk.domain.message_marks import N_
from kfdesk.domain.rules import OF_PLAN, Rules, Writer
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

RISK = Section("risk", N_("Risks"))
SUMMARY = DataGroup.RISK_SUMMARY
S2 = SensitivityLevel.S2
S4 = SensitivityLevel.S4


IN_RISK_ASSESSMENT = Terms(RISK, S2, SUMMARY, since=2)


@record(Rules(below=("plan",), has_parts=True, writes=Writer.CUSTODIAN, is_statement=True))
class RiskAssessment:
    """A conclusion with its date and the last day on which it counts."""

    organisation: Text = reference(N_("Assessed by"), IN_RISK_ASSESSMENT)
    done: Day = day(N_("Done on"), IN_RISK_ASSESSMENT)
    valid_until: Day = day(N_("Last valid day"), IN_RISK_ASSESSMENT)
    conclusion: Text = code(RISK_CONCLUSION, N_("Conclusion"), IN_RISK_ASSESSMENT, level=S4)
    unanswered: Number = number(N_("Questions not answered"), IN_RISK_ASSESSMENT)
    client_view: Texts = localized_text(N_("Her own view of it"), IN_RISK_ASSESSMENT, level=S4)
    summary: Texts = localized_text(N_("Summary"), IN_RISK_ASSESSMENT, level=S4)
    measures: Texts = localized_text(N_("Measures"), IN_RISK_ASSESSMENT, level=S4)
    measures_agreed: YesNo = yes_no(N_("Measures are agreed"), IN_RISK_ASSESSMENT)
    told_by: Text = text(N_("Who told it"), IN_RISK_ASSESSMENT, to=DataGroup.DESK)
    told: Moment = zoned_time(N_("When they told us"), IN_RISK_ASSESSMENT)
    told_way: Text = code(TOLD_BY_WAY, N_("How"), IN_RISK_ASSESSMENT)


IN_RISK_EVENT = Terms(RISK, S4, SUMMARY, since=3)


@record(OF_PLAN)
class RiskEvent:
    """An event that bears on risk, and its time."""

    kind: Text = code(TRIGGER_EVENT, N_("What has happened"), IN_RISK_EVENT)
    happened: Moment = zoned_time(N_("When"), IN_RISK_EVENT, level=S2)
    account: Texts = localized_text(N_("In a few words"), IN_RISK_EVENT)


_DESK = DataGroup.DESK


IN_RISK_LINE = Terms(RISK, S4, SUMMARY, since=3)


@record(Rules(below=("risk_assessment",), writes=Writer.CUSTODIAN, is_statement=True))
class RiskLine:
    """A category: its items, and likelihood and severity before and after a measure."""

    category: Text = code(RISK_CATEGORY, N_("Category"), IN_RISK_LINE)
    answer: Text = code(RISK_ANSWER, N_("Answer"), IN_RISK_LINE)
    theme_answer: Text = code(
        RISK_THEME, N_("Answer for the theme"), IN_RISK_LINE, to=_DESK, since=5
    )
    own_words: Text = text(N_("In her own words"), IN_RISK_LINE, to=_DESK, since=5)
    present: Codes = code_set(RISK_ITEM, N_("What applies"), IN_RISK_LINE, to=_DESK)
    absent: Codes = code_set(RISK_ITEM, N_("What does not apply"), IN_RISK_LINE, to=_DESK)
    unclear: Codes = code_set(RISK_ITEM, N_("What is not known"), IN_RISK_LINE, to=_DESK)
    from_her: Codes = code_set(RISK_ITEM, N_("What she says"), IN_RISK_LINE, to=_DESK, since=4)
    from_partner: Codes = code_set(
        RISK_ITEM, N_("The partner in the home country"), IN_RISK_LINE, to=_DESK, since=4
    )
    from_authority: Codes = code_set(RISK_ITEM, N_("An authority"), IN_RISK_LINE, to=_DESK, since=4)
    from_reports: Codes = code_set(
        RISK_ITEM, N_("Reports about the country"), IN_RISK_LINE, to=_DESK, since=4
    )
    from_us: Codes = code_set(RISK_ITEM, N_("What we have seen"), IN_RISK_LINE, to=_DESK, since=4)
    confirmed: Codes = code_set(
        RISK_ITEM, N_("Has been confirmed"), IN_RISK_LINE, to=_DESK, since=4
    )
    probable: Codes = code_set(RISK_ITEM, N_("Probable"), IN_RISK_LINE, to=_DESK, since=4)
    uncertain: Codes = code_set(RISK_ITEM, N_("Uncertain"), IN_RISK_LINE, to=_DESK, since=4)
    likelihood: Text = code(LIKELIHOOD, N_("How likely, now"), IN_RISK_LINE)
    severity: Text = code(SEVERITY, N_("How severe, now"), IN_RISK_LINE)
    source: Text = code(RISK_SOURCE, N_("Where this comes from"), IN_RISK_LINE, retired=4)
    sources: Codes = code_set(RISK_SOURCE, N_("Where this comes from"), IN_RISK_LINE, since=4)
    confidence: Text = code(CONFIDENCE, N_("How sure it is"), IN_RISK_LINE)
    measure: Texts = localized_text(N_("Measure"), IN_RISK_LINE)
    measure_by: Text = text(N_("Who is responsible for it"), IN_RISK_LINE)
    mitigation_status: Text = code(MITIGATION_STATUS, N_("Status of the measure"), IN_RISK_LINE)
    likelihood_after: Text = code(LIKELIHOOD, N_("How likely, with the measure"), IN_RISK_LINE)
    severity_after: Text = code(SEVERITY, N_("How severe, with the measure"), IN_RISK_LINE)
