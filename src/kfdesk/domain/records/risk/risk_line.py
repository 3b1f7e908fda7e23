# SPDX-License-Identifier: GPL-3.0-or-later
"""One category of risks as one organisation weighs it, child of its weighing.

Which items are so stays at the desk, with where each comes from and how sure it is: a list that
names pregnancy, testimony or pictures says more than a summary of risks may. What they come to,
the two ratings and the measure go with the weighing. `answer`, `sources` and `confidence` follow
from the items and are written together with them.
"""

from kfdesk.domain.lists.risk_codes import (
    CONFIDENCE,
    LIKELIHOOD,
    MITIGATION_STATUS,
    RISK_ANSWER,
    RISK_CATEGORY,
    RISK_ITEM,
    RISK_SOURCE,
    SEVERITY,
)
from kfdesk.domain.records.case.risk_assessment import RISK, S4, SUMMARY
from kfdesk.domain.schema import N_, Group, code, code_set, record, text, told
from kfdesk.domain.values import Gap, Told

_DESK = Group.DESK


@record
class RiskLine:
    """A category: what is so, how likely and how severe, before and after a measure."""

    category: str | Gap | None = code(
        RISK_CATEGORY, N_("Category"), RISK, level=S4, to=SUMMARY, since=3
    )
    answer: str | Gap | None = code(RISK_ANSWER, N_("Answer"), RISK, level=S4, to=SUMMARY, since=3)
    present: tuple[str, ...] | Gap | None = code_set(
        RISK_ITEM, N_("What is so"), RISK, level=S4, to=_DESK, since=3
    )
    absent: tuple[str, ...] | Gap | None = code_set(
        RISK_ITEM, N_("What is not so"), RISK, level=S4, to=_DESK, since=3
    )
    unclear: tuple[str, ...] | Gap | None = code_set(
        RISK_ITEM, N_("What is not known"), RISK, level=S4, to=_DESK, since=3
    )
    from_her: tuple[str, ...] | Gap | None = code_set(
        RISK_ITEM, N_("What she says"), RISK, level=S4, to=_DESK, since=4
    )
    from_partner: tuple[str, ...] | Gap | None = code_set(
        RISK_ITEM, N_("The partner in the home country"), RISK, level=S4, to=_DESK, since=4
    )
    from_authority: tuple[str, ...] | Gap | None = code_set(
        RISK_ITEM, N_("An authority"), RISK, level=S4, to=_DESK, since=4
    )
    from_reports: tuple[str, ...] | Gap | None = code_set(
        RISK_ITEM, N_("Reports about the country"), RISK, level=S4, to=_DESK, since=4
    )
    from_us: tuple[str, ...] | Gap | None = code_set(
        RISK_ITEM, N_("What we have seen"), RISK, level=S4, to=_DESK, since=4
    )
    confirmed: tuple[str, ...] | Gap | None = code_set(
        RISK_ITEM, N_("Has been confirmed"), RISK, level=S4, to=_DESK, since=4
    )
    probable: tuple[str, ...] | Gap | None = code_set(
        RISK_ITEM, N_("Probable"), RISK, level=S4, to=_DESK, since=4
    )
    uncertain: tuple[str, ...] | Gap | None = code_set(
        RISK_ITEM, N_("Uncertain"), RISK, level=S4, to=_DESK, since=4
    )
    likelihood: str | Gap | None = code(
        LIKELIHOOD, N_("How likely, now"), RISK, level=S4, to=SUMMARY, since=3
    )
    severity: str | Gap | None = code(
        SEVERITY, N_("How severe, now"), RISK, level=S4, to=SUMMARY, since=3
    )
    source: str | Gap | None = code(
        RISK_SOURCE, N_("Where this comes from"), RISK, level=S4, to=SUMMARY, since=3, retired=4
    )
    sources: tuple[str, ...] | Gap | None = code_set(
        RISK_SOURCE, N_("Where this comes from"), RISK, level=S4, to=SUMMARY, since=4
    )
    confidence: str | Gap | None = code(
        CONFIDENCE, N_("How sure it is"), RISK, level=S4, to=SUMMARY, since=3
    )
    measure: Told | Gap | None = told(N_("Measure"), RISK, level=S4, to=SUMMARY, since=3)
    measure_by: str | Gap | None = text(N_("Who sees to it"), RISK, level=S4, to=SUMMARY, since=3)
    mitigation_status: str | Gap | None = code(
        MITIGATION_STATUS, N_("State of the measure"), RISK, level=S4, to=SUMMARY, since=3
    )
    likelihood_after: str | Gap | None = code(
        LIKELIHOOD, N_("How likely, with the measure"), RISK, level=S4, to=SUMMARY, since=3
    )
    severity_after: str | Gap | None = code(
        SEVERITY, N_("How severe, with the measure"), RISK, level=S4, to=SUMMARY, since=3
    )
