# SPDX-License-Identifier: GPL-3.0-or-later
"""The risk assessment of one organisation, child of the plan, its lines, and risk events.

A line answers one category and is a child of its assessment. Which items apply stays in
this store, with their sources and confidence: a list that names pregnancy, testimony or
pictures says more than a risk summary may. The overall answer, the two ratings and the
measure go with the assessment. `answer`, `sources` and `confidence` follow from the
items and are written together with them.
"""

from datetime import date

from kfdesk.domain.codes.case import RISK_CONCLUSION, TOLD_BY_WAY
from kfdesk.domain.codes.risk import (
    CONFIDENCE,
    LIKELIHOOD,
    MITIGATION_STATUS,
    RISK_ANSWER,
    RISK_CATEGORY,
    RISK_ITEM,
    RISK_SOURCE,
    SEVERITY,
    TRIGGER_EVENT,
)
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

RISK = Section("risk", N_("Risks"))
SUMMARY = DataGroup.RISK_SUMMARY
S2 = SensitivityLevel.S2
S4 = SensitivityLevel.S4


@record
class RiskAssessment:
    """A conclusion with its date and the last day on which it counts."""

    organisation: str | MissingAnswer | None = reference(
        N_("Assessed by"), RISK, level=S2, to=SUMMARY, since=2
    )
    done: date | PartialDate | MissingAnswer | None = day(
        N_("Done on"), RISK, level=S2, to=SUMMARY, since=2
    )
    valid_until: date | PartialDate | MissingAnswer | None = day(
        N_("Last valid day"), RISK, level=S2, to=SUMMARY, since=2
    )
    conclusion: str | MissingAnswer | None = code(
        RISK_CONCLUSION, N_("Conclusion"), RISK, level=S4, to=SUMMARY, since=2
    )
    unanswered: int | MissingAnswer | None = number(
        N_("Questions not answered"), RISK, level=S2, to=SUMMARY, since=2
    )
    client_view: LocalizedText | MissingAnswer | None = localized_text(
        N_("Her own view of it"), RISK, level=S4, to=SUMMARY, since=2
    )
    summary: LocalizedText | MissingAnswer | None = localized_text(
        N_("Summary"), RISK, level=S4, to=SUMMARY, since=2
    )
    measures: LocalizedText | MissingAnswer | None = localized_text(
        N_("Measures"), RISK, level=S4, to=SUMMARY, since=2
    )
    measures_agreed: bool | MissingAnswer | None = yes_no(
        N_("Measures are agreed"), RISK, level=S2, to=SUMMARY, since=2
    )
    told_by: str | MissingAnswer | None = text(
        N_("Who told it"), RISK, level=S2, to=DataGroup.DESK, since=2
    )
    told: ZonedTime | MissingAnswer | None = zoned_time(
        N_("When they told us"), RISK, level=S2, to=SUMMARY, since=2
    )
    told_way: str | MissingAnswer | None = code(
        TOLD_BY_WAY, N_("How"), RISK, level=S2, to=SUMMARY, since=2
    )


@record
class RiskEvent:
    """An event that bears on risk, and its time."""

    kind: str | MissingAnswer | None = code(
        TRIGGER_EVENT, N_("What has happened"), RISK, level=S4, to=SUMMARY, since=3
    )
    happened: ZonedTime | MissingAnswer | None = zoned_time(
        N_("When"), RISK, level=S2, to=SUMMARY, since=3
    )
    account: LocalizedText | MissingAnswer | None = localized_text(
        N_("In a few words"), RISK, level=S4, to=SUMMARY, since=3
    )


_DESK = DataGroup.DESK


@record
class RiskLine:
    """A category: its items, and likelihood and severity before and after a measure."""

    category: str | MissingAnswer | None = code(
        RISK_CATEGORY, N_("Category"), RISK, level=S4, to=SUMMARY, since=3
    )
    answer: str | MissingAnswer | None = code(
        RISK_ANSWER, N_("Answer"), RISK, level=S4, to=SUMMARY, since=3
    )
    present: tuple[str, ...] | MissingAnswer | None = code_set(
        RISK_ITEM, N_("What applies"), RISK, level=S4, to=_DESK, since=3
    )
    absent: tuple[str, ...] | MissingAnswer | None = code_set(
        RISK_ITEM, N_("What does not apply"), RISK, level=S4, to=_DESK, since=3
    )
    unclear: tuple[str, ...] | MissingAnswer | None = code_set(
        RISK_ITEM, N_("What is not known"), RISK, level=S4, to=_DESK, since=3
    )
    from_her: tuple[str, ...] | MissingAnswer | None = code_set(
        RISK_ITEM, N_("What she says"), RISK, level=S4, to=_DESK, since=4
    )
    from_partner: tuple[str, ...] | MissingAnswer | None = code_set(
        RISK_ITEM, N_("The partner in the home country"), RISK, level=S4, to=_DESK, since=4
    )
    from_authority: tuple[str, ...] | MissingAnswer | None = code_set(
        RISK_ITEM, N_("An authority"), RISK, level=S4, to=_DESK, since=4
    )
    from_reports: tuple[str, ...] | MissingAnswer | None = code_set(
        RISK_ITEM, N_("Reports about the country"), RISK, level=S4, to=_DESK, since=4
    )
    from_us: tuple[str, ...] | MissingAnswer | None = code_set(
        RISK_ITEM, N_("What we have seen"), RISK, level=S4, to=_DESK, since=4
    )
    confirmed: tuple[str, ...] | MissingAnswer | None = code_set(
        RISK_ITEM, N_("Has been confirmed"), RISK, level=S4, to=_DESK, since=4
    )
    probable: tuple[str, ...] | MissingAnswer | None = code_set(
        RISK_ITEM, N_("Probable"), RISK, level=S4, to=_DESK, since=4
    )
    uncertain: tuple[str, ...] | MissingAnswer | None = code_set(
        RISK_ITEM, N_("Uncertain"), RISK, level=S4, to=_DESK, since=4
    )
    likelihood: str | MissingAnswer | None = code(
        LIKELIHOOD, N_("How likely, now"), RISK, level=S4, to=SUMMARY, since=3
    )
    severity: str | MissingAnswer | None = code(
        SEVERITY, N_("How severe, now"), RISK, level=S4, to=SUMMARY, since=3
    )
    source: str | MissingAnswer | None = code(
        RISK_SOURCE, N_("Where this comes from"), RISK, level=S4, to=SUMMARY, since=3, retired=4
    )
    sources: tuple[str, ...] | MissingAnswer | None = code_set(
        RISK_SOURCE, N_("Where this comes from"), RISK, level=S4, to=SUMMARY, since=4
    )
    confidence: str | MissingAnswer | None = code(
        CONFIDENCE, N_("How sure it is"), RISK, level=S4, to=SUMMARY, since=3
    )
    measure: LocalizedText | MissingAnswer | None = localized_text(
        N_("Measure"), RISK, level=S4, to=SUMMARY, since=3
    )
    measure_by: str | MissingAnswer | None = text(
        N_("Who is responsible for it"), RISK, level=S4, to=SUMMARY, since=3
    )
    mitigation_status: str | MissingAnswer | None = code(
        MITIGATION_STATUS, N_("Status of the measure"), RISK, level=S4, to=SUMMARY, since=3
    )
    likelihood_after: str | MissingAnswer | None = code(
        LIKELIHOOD, N_("How likely, with the measure"), RISK, level=S4, to=SUMMARY, since=3
    )
    severity_after: str | MissingAnswer | None = code(
        SEVERITY, N_("How severe, with the measure"), RISK, level=S4, to=SUMMARY, since=3
    )
