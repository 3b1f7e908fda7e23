# SPDX-License-Identifier: GPL-3.0-or-later
"""The gates speak every language of the program: no reason, answer or alarm is left in English."""

from collections.abc import Mapping

import pytest
from tests.unit.domain.gates.gate_samples import seen
from tests.unit.i18n.conftest import Speaking

from kfdesk.domain.codes.case import GATES
from kfdesk.domain.workflow.alarms import AlarmKind
from kfdesk.domain.workflow.gates import FieldLocation, Gate, GateAnswer, GateReason
from kfdesk.domain.workflow.table import STATE_GATES, gates_before
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.i18n.phrases import (
    ALARM_SENTENCES,
    GATE_REASONS,
    GATE_REFUSALS,
    WARNING_SENTENCES,
    alarm_sentence,
    gate_label,
    gate_sentence,
    warning_sentence,
)
from kfdesk.ui.pages.plan.conditions import _CONDITION_LOOKS as LOOKS

OTHERS = tuple(code for code in PROGRAM_LANGUAGES if code != "en")
ENDS = (".", "!", "?")
SPOKEN: Mapping[str, Mapping[str, str]] = {
    "reasons": {why.value: GATE_REASONS[why] for why in GateReason},
    "notices": WARNING_SENTENCES,
    "troubles": {kind.value: ALARM_SENTENCES[kind] for kind in AlarmKind},
    "gates": GATES,
    "answers": {answer.value: LOOKS[answer][2] for answer in GateAnswer},
    "refusals": {
        f"{code} {n}": said for code, pair in GATE_REFUSALS.items() for n, said in enumerate(pair)
    },
}


@pytest.mark.parametrize("kind", SPOKEN)
@pytest.mark.parametrize("code", OTHERS)
def test_everything_is_translated(speaking: Speaking, code: str, kind: str) -> None:
    words = speaking(code)
    assert [key for key, said in SPOKEN[kind].items() if not words.knows(said)] == []


@pytest.mark.parametrize("kind", ["reasons", "notices", "troubles", "gates", "answers"])
@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_no_two_mean_the_same_in_any_language(speaking: Speaking, code: str, kind: str) -> None:
    words = speaking(code)
    said = [words.gettext(message) for message in SPOKEN[kind].values()]
    assert sorted({one for one in said if said.count(one) > 1}) == []


@pytest.mark.parametrize("kind", ["reasons", "notices", "troubles", "refusals"])
@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_sentence_begins_large_and_ends(speaking: Speaking, code: str, kind: str) -> None:
    words = speaking(code)
    for key, message in SPOKEN[kind].items():
        said = words.gettext(message)
        assert said == said.strip(), key
        assert said[0].isupper(), key
        assert said.endswith(ENDS), key


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_label_of_a_gate_is_no_sentence(speaking: Speaking, code: str) -> None:
    words = speaking(code)
    labels = {gate: gate_label(gate, words) for gate in GATES}
    assert [gate for gate, said in labels.items() if said.endswith(ENDS)] == []
    assert [gate for gate, said in labels.items() if "_" in said] == []


@pytest.mark.parametrize("code", OTHERS)
def test_sentence_is_in_the_letters_of_its_language(speaking: Speaking, code: str) -> None:
    words = speaking(code)
    for why in GateReason:
        gate = Gate("wish_fresh", GateAnswer.NOT_MET, why, FieldLocation("plan", "wish"))
        said = gate_sentence(gate, words)
        is_russian = any("а" <= letter <= "я" for letter in said.lower())
        assert is_russian is (code == "ru"), why


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
@pytest.mark.parametrize("answer", [one for one in GateAnswer if one is not GateAnswer.NOT_MET])
def test_gate_that_holds_nothing_up_gives_no_reason(
    speaking: Speaking, code: str, answer: GateAnswer
) -> None:
    assert gate_sentence(Gate("wish_fresh", answer), speaking(code)) == ""


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_every_gate_of_a_bare_plan_says_why_it_is_open(speaking: Speaking, code: str) -> None:
    words = speaking(code)
    bare = seen(dict.fromkeys(("leg", "second leg", "passport", "reception", "our risks",
                               "their risks", "decision", "handover", "ours agreed",
                               "theirs agreed")))  # fmt: skip
    open_gates = [g for target in STATE_GATES for g in gates_before(target, bare) if g.is_open]
    assert len(open_gates) > 10
    for gate in open_gates:
        assert gate_sentence(gate, words).endswith(ENDS)
        assert gate_label(gate.code, words)


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_alarm_and_notice_never_show_a_code(speaking: Speaking, code: str) -> None:
    words = speaking(code)
    said = [alarm_sentence(kind, words) for kind in AlarmKind]
    said += [warning_sentence(notice, words) for notice in WARNING_SENTENCES]
    assert [one for one in said if "_" in one or "{" in one] == []


@pytest.mark.parametrize("code", OTHERS)
def test_places_of_a_refusal_stand_in_every_language(speaking: Speaking, code: str) -> None:
    words = speaking(code)
    for pair in GATE_REFUSALS.values():
        for message in pair:
            assert ("{field}" in message) is ("{field}" in words.gettext(message))
