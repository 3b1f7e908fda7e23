# SPDX-License-Identifier: GPL-3.0-or-later
"""Something that happened and changes the risks, child of the plan.

Both sides may write one down, and it counts for both: what was weighed before it is void.
"""

from kfdesk.domain.lists.risk_codes import TRIGGER_EVENT
from kfdesk.domain.records.case.risk_assessment import RISK, S2, S4, SUMMARY
from kfdesk.domain.schema import N_, code, moment, record, told
from kfdesk.domain.values import Gap, Moment, Told


@record
class RiskEvent:
    """What happened, and when."""

    kind: str | Gap | None = code(
        TRIGGER_EVENT, N_("What has happened"), RISK, level=S4, to=SUMMARY, since=3
    )
    happened: Moment | Gap | None = moment(N_("When"), RISK, level=S2, to=SUMMARY, since=3)
    account: Told | Gap | None = told(N_("In a few words"), RISK, level=S4, to=SUMMARY, since=3)
