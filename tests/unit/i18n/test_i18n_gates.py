# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a gate, a notice or an alarm says has its sentence; none is left over."""

import ast

import pytest
from tests.architecture.tree import ROOT, modules, said
from tests.unit.domain.gates.gate_samples import seen

from kfdesk import app
from kfdesk.domain.codes.case import GATES
from kfdesk.domain.travellers import PartyFault
from kfdesk.domain.workflow.alarms import AlarmKind
from kfdesk.domain.workflow.gates import GateAnswer, GateReason
from kfdesk.domain.workflow.table import STATE_GATES, gates_before
from kfdesk.i18n.phrases import (
    ALARM_SENTENCES,
    GATE_REASONS,
    WARNING_SENTENCES,
    alarm_sentence,
    gate_label,
    gate_sentence,
    warning_sentence,
)

WORDS = app.language("en")


def test_every_reason_has_its_sentence() -> None:
    assert set(GATE_REASONS) == set(GateReason)
    assert len(set(GATE_REASONS.values())) == len(GATE_REASONS)


def test_every_reason_is_given_by_some_gate() -> None:
    given = {
        node.attr
        for module in modules(ROOT, "src/kfdesk/domain/workflow")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and said(node.value) == "GateReason"
    }
    assert given == {why.name for why in GateReason}


def test_every_notice_has_its_sentence() -> None:
    made = {
        node.args[0].value
        for module in modules(ROOT, "src/kfdesk/domain/workflow")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and said(node.func) in ("PlanWarning", "Contradiction")
        if isinstance(node.args[0], ast.Constant)
    }
    made |= {fault.value for fault in PartyFault}
    assert made == set(WARNING_SENTENCES)
    assert all(warning_sentence(str(code), WORDS) for code in made)


@pytest.mark.parametrize("kind", AlarmKind)
def test_every_alarm_has_its_sentence(kind: AlarmKind) -> None:
    assert alarm_sentence(kind, WORDS) == ALARM_SENTENCES[kind]


def test_gate_says_what_it_asks_for_and_why_it_is_not_met() -> None:
    for target in STATE_GATES:
        for gate in gates_before(target, seen({"plan": {"state": None}, "decision": None})):
            assert gate_label(gate.code, WORDS) == GATES[gate.code]
            is_open = gate.answer is GateAnswer.NOT_MET
            assert bool(gate_sentence(gate, WORDS)) is is_open
