# SPDX-License-Identifier: GPL-3.0-or-later
"""Which gates stand before which state, and which of them a second person may set aside.

The one place that is asked: `gates_before` for a step, `CODES` for what there is. A new gate is a
function in its module, a line here, and its label in `case_codes.GATES`.
"""

from collections.abc import Callable, Mapping

from kfdesk.domain.gates import after, approving, assessing, deciding, leaving
from kfdesk.domain.gates.approving import set_aside
from kfdesk.domain.gates.gate import Gate
from kfdesk.domain.gates.situation import Situation
from kfdesk.domain.gates.states import is_way_back
from kfdesk.domain.gates.travellers import TO_DECIDE, TO_LEAVE

Check = Callable[[Situation], Gate]

BEFORE: Mapping[str, tuple[Check, ...]] = {
    "assessing": (
        assessing.consent_case_management,
        assessing.wish_recorded,
        assessing.interpreter_used,
        assessing.options_explained,
    ),
    "decision_ready": (
        deciding.risk_assessed,
        deciding.needs_assessed,
        deciding.reception_asked,
        deciding.legal_checked,
        *TO_DECIDE,
    ),
    "approved": (
        approving.conclusion_allows,
        approving.measures_agreed,
        approving.second_person,
        approving.client_signed,
        approving.consent_to_receiver,
        approving.third_country,
        *TO_DECIDE,  # a child may have joined since
    ),
    "travel_ready": (
        leaving.reception_confirmed,
        leaving.documents_valid,
        leaving.legs_booked,
        leaving.check_ins_set,
        leaving.escort_set,
        leaving.fit_to_travel,
        leaving.paper_checked,
        leaving.wish_fresh,
        leaving.risk_fresh,
        *TO_LEAVE,
    ),
    "travelling": (after.departure_recorded, *TO_LEAVE),
    "arrived": (after.arrival_confirmed,),
    "reintegrating": (after.reintegration_agreed,),
    "follow_up": (after.services_running, after.follow_up_scheduled),
    "closed": (
        after.closure_reason,
        after.last_risk_read,
        after.client_told,
        after.retention_set,
        after.receipts_in,
    ),
}
"""The gates before each state; before one that is not here there is none."""

OVERRIDABLE = frozenset(
    {
        "interpreter_used", "needs_assessed", "check_ins_set", "reintegration_agreed",
        "follow_up_scheduled", "receipts_in",
    }
)  # fmt: skip
"""What a second person may set aside, with a reason. Nothing else, and nothing for a child."""


def gates_before(target: str, s: Situation) -> tuple[Gate, ...]:
    """What every gate before `target` says now, in the order of the work; none on the way back."""
    if is_way_back(s.state or "", target):
        return ()
    return tuple(_asked(check, s) for check in BEFORE.get(target, ()))


def _asked(check: Check, s: Situation) -> Gate:
    gate = check(s)
    return set_aside(gate, s) if gate.is_open and gate.code in OVERRIDABLE else gate
