# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates before each state, and which of them a second person may override.

Ask `gates_before` for a step. A new gate is a function in its module, a line here, and
its label in the code list GATES.
"""

from collections.abc import Callable, Mapping

from kfdesk.domain.workflow import decision as approving
from kfdesk.domain.workflow import decision as assessing
from kfdesk.domain.workflow import decision as deciding
from kfdesk.domain.workflow import travel as after
from kfdesk.domain.workflow import travel as leaving
from kfdesk.domain.workflow.decision import (
    CHILD_GATES_TO_DECIDE,
    CHILD_GATES_TO_LEAVE,
    apply_override,
)
from kfdesk.domain.workflow.gates import CaseContext, Gate, is_way_back

GateCheck = Callable[[CaseContext], Gate]

STATE_GATES: Mapping[str, tuple[GateCheck, ...]] = {
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
        *CHILD_GATES_TO_DECIDE,
    ),
    "approved": (
        approving.conclusion_allows,
        approving.measures_agreed,
        approving.second_person,
        approving.client_signed,
        approving.consent_to_receiver,
        approving.third_country,
        *CHILD_GATES_TO_DECIDE,  # a child may have been added since
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
        *CHILD_GATES_TO_LEAVE,
    ),
    "travelling": (after.departure_recorded, *CHILD_GATES_TO_LEAVE),
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
    return tuple(_evaluate(check, s) for check in STATE_GATES.get(target, ()))


def _evaluate(check: GateCheck, s: CaseContext) -> Gate:
    gate = check(s)
    return apply_override(gate, s) if gate.is_open and gate.code in OVERRIDABLE_GATES else gate
