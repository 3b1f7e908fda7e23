# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates before each state, and which of them a second person may override.

Ask `gates_before` for a step. A new gate is a function in its module, a line here, and
its label in the code list GATES.
"""

from collections.abc import Callable, Mapping

from kfdesk.domain.workflow import decision, travel
from kfdesk.domain.workflow.decision import (
    CHILD_GATES_TO_DECIDE,
    CHILD_GATES_TO_LEAVE,
    apply_override,
)
from kfdesk.domain.workflow.gates import CaseContext, Gate, is_way_back

GateCheck = Callable[[CaseContext], Gate]

STATE_GATES: Mapping[str, tuple[GateCheck, ...]] = {
    "assessing": (
        decision.consent_case_management,
        decision.wish_recorded,
        decision.interpreter_used,
        decision.options_explained,
    ),
    "decision_ready": (
        decision.risk_assessed,
        decision.needs_assessed,
        decision.reception_asked,
        decision.legal_checked,
        *CHILD_GATES_TO_DECIDE,
    ),
    "approved": (
        decision.conclusion_allows,
        decision.measures_agreed,
        decision.second_person,
        decision.client_signed,
        decision.consent_to_receiver,
        decision.third_country,
        *CHILD_GATES_TO_DECIDE,  # a child may have been added since
    ),
    "travel_ready": (
        travel.reception_confirmed,
        travel.documents_valid,
        travel.legs_booked,
        travel.check_ins_set,
        travel.escort_set,
        travel.fit_to_travel,
        travel.paper_checked,
        travel.wish_fresh,
        travel.risk_fresh,
        *CHILD_GATES_TO_LEAVE,
    ),
    "travelling": (travel.departure_recorded, *CHILD_GATES_TO_LEAVE),
    "arrived": (travel.arrival_confirmed,),
    "reintegrating": (travel.reintegration_agreed,),
    "follow_up": (travel.services_running, travel.follow_up_scheduled),
    "closed": (
        travel.closure_reason,
        travel.last_risk_read,
        travel.client_told,
        travel.retention_set,
        travel.receipts_in,
    ),
}
"""The gates before each state; a state that is not listed has none."""

OVERRIDABLE_GATES = frozenset(
    {
        "interpreter_used", "needs_assessed", "check_ins_set", "reintegration_agreed",
        "follow_up_scheduled", "receipts_in",
    }
)  # fmt: skip
"""Gates that a second person may override, with a reason; none of them for a child."""


def gates_before(target: str, s: CaseContext) -> tuple[Gate, ...]:
    """Return the results of all gates before `target`, in order of work; none on the way back."""
    if is_way_back(s.state or "", target):
        return ()
    return tuple(evaluate(check, s) for check in STATE_GATES.get(target, ()))


def evaluate(check: GateCheck, s: CaseContext) -> Gate:
    """Return the result of a gate, with what a second person set aside."""
    gate = check(s)
    return apply_override(gate, s) if gate.is_open and gate.code in OVERRIDABLE_GATES else gate
