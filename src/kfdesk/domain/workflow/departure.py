# SPDX-License-Identifier: GPL-3.0-or-later
"""The list before leaving: which of its points the records prove, and what a person answers.

A point that equals a gate has the gate's result, so it cannot say anything else than the gate.
Nobody ticks it: the record is the proof. Answers that were once given by hand stay in the plan.
"""

from collections.abc import Mapping
from dataclasses import replace

from kfdesk.domain.codes.case import DEPARTURE_CHECK
from kfdesk.domain.workflow import travel
from kfdesk.domain.workflow.alarms import plan_warnings
from kfdesk.domain.workflow.decision import CHILD_GATES_TO_LEAVE, legal_checked
from kfdesk.domain.workflow.gates import (
    CaseContext,
    Gate,
    GateAnswer,
    GateReason,
    gate_met,
    gate_not_applicable,
)
from kfdesk.domain.workflow.table import GateCheck, evaluate

_TICKET_NAME = "name_is_not_as_on_the_ticket"


def proven_checks(s: CaseContext, own: bytes) -> Mapping[str, Gate]:
    """Return the results of the points that the records prove, in the order of the list.

    There are none of a plan for which another organisation than `own` answers: here is only a
    part of its records, which proves nothing.

    A transit visa has no gate: only the record of a visa proves it. Without one a person has to
    say that it was looked at, so the point is left out.
    """
    if s.ours != own:
        return {}
    found = {code: replace(evaluate(check, s), code=code) for code, check in _PROOFS.items()}
    visas = travel.transit_visas(s)
    if visas is not None:
        found["transit_visa"] = visas
    return {code: found[code] for code in DEPARTURE_CHECK if code in found}


def _documents(s: CaseContext) -> Gate:
    """Check the documents and, beyond the gate, that the names are those of the ticket."""
    gate = travel.documents_valid(s)
    if gate.is_open:
        return gate
    wrong = [one for one in plan_warnings(s) if one.code == _TICKET_NAME]
    if wrong:
        return Gate(gate.code, GateAnswer.NOT_MET, GateReason.OTHER_NAME, wrong[0].where)
    return gate


def _child(s: CaseContext) -> Gate:
    """Return the first gate of a child that is open; none travels: does not apply."""
    gates = [check(s) for check in CHILD_GATES_TO_LEAVE]
    if all(gate.answer is GateAnswer.NOT_APPLICABLE for gate in gates):
        return gate_not_applicable("child")
    return next((gate for gate in gates if gate.is_open), gate_met("child"))


_PROOFS: Mapping[str, GateCheck] = {
    "wish": travel.wish_fresh,
    "risk": travel.risk_fresh,
    "fit_to_travel": travel.fit_to_travel,
    "documents": _documents,
    "reception": travel.reception_confirmed,
    "meeters": travel.meeters_named,
    "check_ins": travel.check_ins_set,
    "papers": travel.paper_checked,
    "hearings": legal_checked,
    "child": _child,
}
