# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever is written, approved, withdrawn, taken from files and tried: no gate is passed by force.

A plan lives through random histories on real rows, by the rules that the desk's services use and
without a store. What must hold is computed from the rows anew, in another shape than the gates'.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.support import make
from tests.support.samples import examples
from tests.unit.domain.gates.gate_samples import A_CHILD, LINES, OUTSIDE, PARTS, ago, part

from kfdesk.domain.authority import acceptable_part
from kfdesk.domain.codes.case import GATES
from kfdesk.domain.consent import WithheldReason, own_invalidity_reason
from kfdesk.domain.records.client import Client, Consent, Relationship
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.registers import DELETION, apply_changes, merge_states
from kfdesk.domain.rows import Row, encode_changes, seen_writes, view
from kfdesk.domain.values import MissingAnswer, Value, ZonedTime
from kfdesk.domain.workflow.gates import (
    NEXT_STATES,
    READ_ONLY_STATES,
    CaseContext,
    Gate,
    GateAnswer,
    build_case_context,
    is_allowed_step,
    is_way_back,
)
from kfdesk.domain.workflow.table import OVERRIDABLE_GATES, STATE_GATES, gates_before

PEOPLE = ("PP", "AU", "EV")
STATES = sorted(NEXT_STATES)
CHILD_WORK = ("guardian", "childs_view_heard", "family_assessed", "bid_decided", "bid_decision")
OPENED: dict[str, dict[str, Any]] = {  # what a whole part becomes when something in it is lacking
    "plan": {"wish": None, "needs_assessed": None, "decision_signed": None, "risk_read": None,
             "wish_reconfirmed": None, "escort_kind": "none_wanted"},
    "child_papers": {"bid_decision": "bid_against", "guardian": None, "childs_view_heard": None,
                     "family_assessed": None},
    "risk/health": {"answer": None, "mitigation_status": "failed"},
    "client": {"age_band": "age_9_17", "age_disputed": True, "languages": None,
               "birth_date": None},
    "our risks": {"conclusion": "return_not_safe", "unanswered": 3, "done": None},
    "their risks": {"conclusion": "postpone", "unanswered": None},
    "ours agreed": {"withdrawn": ago(hours=1), "purpose": None},
    "theirs agreed": {"warned": None, "groups": ()},
    "leg": {"check_in": None, "status": "planned", "departed": None},
    "passport": {"status": "lost"},
    "reception": {"status": "no_answer", "asked": None},
    "handover": {"result": "refused", "happened": None, "confirmed_by_client": None},
    "law": {"must_be_present": True, "lapses_on_leaving": None},
}  # fmt: skip
HER_PAPERS = {"child": make.HER.hex()}  # she may turn out to be a child herself
changed_fields = st.sampled_from([(name, key) for name, keys in OPENED.items() for key in keys])


def whole_of(name: str) -> dict[str, Value]:
    """All values of a part as it is when nothing is lacking."""
    if name in LINES:
        return {"answer": "nothing_found", "mitigation_status": None}
    kind, own, _ = PARTS.get(name, (name, HER_PAPERS, make.OURS))
    return {**make.FILLED[kind], **own}


def perhaps_children(client: Row, close: list[Row]) -> list[bytes]:
    """Return the travellers who are not known by every sign to be adults."""
    hers = view(client, Client)
    grown = hers.record.age_band == "age_24_26" and hers.record.age_disputed is False
    others = [view(row, Relationship) for row in close]
    along = [one for one in others if not one.is_deleted and one.record.travels_with is True]
    herself = [] if grown and not hers.conflicts else [client.rid]
    return [*herself, *(one.rid for one in along)]


class Histories(RuleBasedStateMachine):
    """One plan: whole at first, but for whatever the history takes away, tears or brings back."""

    def __init__(self) -> None:
        super().__init__()
        self.minute = 0
        self.rows = {name: part(name) for name in (*PARTS, *LINES) if name != "decision"}
        self.rows["child_papers"] = part("child_papers", HER_PAPERS)
        self.rows["plan"] = part("plan", {"state": "draft"})
        self.extra: list[Row] = []
        self.taken: list[tuple[str, str, tuple[Gate, ...], CaseContext]] = []

    # how the desk writes

    @property
    def at(self) -> datetime:
        return make.NOW + timedelta(minutes=self.minute)

    def s(self) -> CaseContext:
        return build_case_context((*self.rows.values(), *self.extra), self.at, OUTSIDE)

    def sign(self, who: str = "PP", house: str = "Nordhuset") -> Any:
        self.minute += 1
        return make.signature(f"{who}, {house}", self.minute)

    def write(self, name: str, values: dict[str, Value], who: str = "PP") -> None:
        self.rows[name] = make.changed(self.rows[name], values, self.sign(who))

    def state(self) -> str | None:
        return self.s().state

    # what people do

    @rule(field=changed_fields)
    def something_is_taken_back(self, field: tuple[str, str]) -> None:
        name, key = field
        self.write(name, {key: OPENED[name][key]})

    @rule(field=changed_fields)
    def something_is_filled_in(self, field: tuple[str, str]) -> None:
        name, key = field
        self.write(name, {key: whole_of(name)[key]})

    @rule(name=st.sampled_from(sorted(OPENED)))
    def a_part_is_made_whole(self, name: str) -> None:
        for key in OPENED[name]:
            self.something_is_filled_in((name, key))

    @rule(fresh=st.booleans())
    def the_risks_are_weighed_anew(self, fresh: bool) -> None:
        for name in ("our risks", "their risks"):
            self.write(name, {"done": self.at.date(), "unanswered": 0 if fresh else 1})

    @rule(along=st.sampled_from([True, False, None, MissingAnswer.UNKNOWN]))
    def somebody_joins(self, along: Value) -> None:
        row = part("relationship", {**A_CHILD, "travels_with": along})
        self.extra.append(replace(row, rid=make.named_id(f"joins {self.minute}")))
        self.minute += 1

    @rule()
    def a_child_joins_for_whom_nothing_was_done(self) -> None:
        self.somebody_joins(along=True)
        child, row = self.extra[-1].rid, make.named_id(f"ticket {self.minute}")
        self.extra.append(replace(part("traveller", {"person": child.hex()}), rid=row))
        passport = part("travel_document", {"whose": row.hex()})  # it has one, at least
        self.extra.append(replace(passport, rid=make.named_id(f"passport {self.minute}")))

    @rule(name=st.sampled_from(["our risks", "their risks"]))
    def a_side_weighs_worse(self, name: str) -> None:
        self.write(name, {"conclusion": OPENED[name]["conclusion"]})

    @rule(
        kind=st.sampled_from(["decision", "override"]), gate=st.sampled_from(sorted(GATES)),
        who=st.sampled_from(PEOPLE), asked=st.sampled_from([*PEOPLE, None]),
        custodian=st.sampled_from([make.OURS, make.PARTNER, make.THIRD]),
    )  # fmt: skip
    def somebody_approves(
        self, kind: str, gate: str, who: str, asked: str | None, custodian: bytes
    ) -> None:
        values: dict[str, Value] = {
            "kind": kind, "gate": gate if kind == "override" else None, "given_by": who,
            "given": ZonedTime.at(self.at.replace(tzinfo=None), make.STOCKHOLM), "asked_by": asked,
        }  # fmt: skip
        rid = make.named_id(f"approval {self.minute}")
        bare = make.row("approval", {}, rid=rid, custodian=custodian)
        self.extra.append(make.changed(bare, values, self.sign(who)))

    @rule(name=st.sampled_from(["ours agreed", "theirs agreed"]))
    def she_withdraws_a_consent(self, name: str) -> None:
        self.write(name, {"withdrawn": ZonedTime.at(self.at.replace(tzinfo=None), make.STOCKHOLM)})
        consent = view(self.rows[name], Consent).record
        assert own_invalidity_reason(consent, self.at) is WithheldReason.WITHDRAWN

    @rule(field=changed_fields, theirs=st.booleans())
    def the_partners_file_tears_a_field(self, field: tuple[str, str], theirs: bool) -> None:
        name, key = field
        ours = self.rows[name]
        value = OPENED[name][key] if theirs else whole_of(name)[key]
        self.take(ours, make.changed(ours, {key: value}, self.sign("ОМ", "Дом у реки")))
        self.write_apart(name, key)

    def write_apart(self, name: str, key: str) -> None:
        """Save a form that a colleague opened before the file came."""
        row = self.rows[name]
        begun = part(name, HER_PAPERS if name == "child_papers" else None)
        old = make.changed(row, {key: OPENED[name][key]}, self.sign("EV"), begun)
        self.rows[name] = old

    @rule(state=st.sampled_from(STATES))
    def the_partner_writes_the_state(self, state: str) -> None:
        ours = self.rows["plan"]
        wire = encode_changes("plan", {"state": state})
        before = self.state()
        self.take(
            ours,
            replace(
                ours, state=apply_changes(ours.state, wire, seen_writes(ours), self.sign("ОМ"))
            ),
        )
        assert self.state() == before

    @rule()
    def the_partner_deletes_the_plan(self) -> None:
        ours = self.rows["plan"]
        gone = apply_changes(ours.state, {DELETION: 1}, seen_writes(ours), self.sign("ОМ"))
        self.take(ours, replace(ours, state=gone))
        assert not view(self.rows["plan"], Plan).is_deleted

    def take(self, ours: Row, row: Row) -> None:
        """As an import does: what may be received is joined with ours."""
        name = next(name for name, one in self.rows.items() if one.rid == ours.rid)
        allowed = acceptable_part(row, make.PARTNER)
        if allowed is not None:
            self.rows[name] = replace(ours, state=merge_states(ours.state, allowed.state))

    # and what they try

    @rule(goal=st.sampled_from(STATES), who=st.sampled_from(PEOPLE))
    def a_step_is_tried(self, goal: str, who: str) -> None:
        target = goal
        s = self.s()
        source = s.state
        if source is None or not is_allowed_step(source, target):
            return
        gates = gates_before(target, s)
        if any(gate.is_open for gate in gates):
            return
        self.taken.append((source, target, gates, s))
        evidence: dict[str, Value] = {
            "from_state": source, "to_state": target, "taken_by": who,
            "happened": ZonedTime.at(self.at.replace(tzinfo=None), make.STOCKHOLM),
        }  # fmt: skip
        bare = make.row("transition", {}, rid=make.named_id(f"step {self.minute}"))
        self.extra.append(make.changed(bare, evidence, self.sign(who)))
        self.write("plan", {"state": target}, who)

    @initialize(steps=st.integers(0, 5))
    def the_plan_has_come_some_way(self, steps: int) -> None:
        self.work_goes_on(steps)

    @rule(steps=st.integers(1, 4))
    def work_goes_on(self, steps: int) -> None:
        for _ in range(steps):
            self.somebody_approves("decision", "", "AU", "EV", make.OURS)
            self.the_way_on_is_tried("PP")

    @rule(who=st.sampled_from(PEOPLE))
    def the_way_on_is_tried(self, who: str) -> None:
        ways = NEXT_STATES.get(self.state() or "", ())
        if ways and ways[0] not in READ_ONLY_STATES - {"closed"}:
            self.a_step_is_tried(ways[0], who)

    @precondition(lambda self: self.state() not in READ_ONLY_STATES | {None})
    @rule()
    def her_wish_to_withdraw_is_never_held_up(self) -> None:
        s = self.s()
        assert is_allowed_step(str(s.state), "withdrawn")
        assert gates_before("withdrawn", s) == ()

    # what must always hold

    @invariant()
    def no_step_was_taken_through_an_open_gate(self) -> None:
        for source, target, gates, _ in self.taken:
            assert is_allowed_step(source, target)
            assert not any(gate.answer is GateAnswer.NOT_MET for gate in gates)
            set_aside = {g.code for g in gates if g.answer is GateAnswer.OVERRIDDEN}
            assert set_aside <= OVERRIDABLE_GATES
            if target in STATE_GATES and not is_way_back(source, target):
                assert len(gates) == len(STATE_GATES[target])

    @invariant()
    def a_child_never_passed_without_its_gates(self) -> None:
        for source, target, _, s in self.taken:
            steps = {"decision_ready", "approved", "travel_ready", "travelling"}
            if target not in steps or is_way_back(source, target):
                continue
            for child in perhaps_children(s.client.row, [r.row for r in s.relationships]):
                own = [p.record for p in s.child_papers if p.record.child == child.hex()]
                assert any(all(getattr(p, key) is not None for key in CHILD_WORK) for p in own)
                assert any(p.bid_decision == "bid_in_favour" for p in own)

    @invariant()
    def nobody_was_approved_against_a_conclusion(self) -> None:
        for _, target, _, s in self.taken:
            if target in {"approved", "travel_ready"}:
                for risk in s.risks:
                    assert risk.record.conclusion == "return_possible_with_measures"


Histories.TestCase.settings = settings(
    max_examples=examples(80), stateful_step_count=12, deadline=None
)
TestHistories = Histories.TestCase


def test_history_without_mischief_goes_all_the_way() -> None:
    """So that the histories above do not pass because nothing ever moves."""
    lived = Histories()
    lived.work_goes_on(len(STATE_GATES) + 1)
    assert [target for _, target, _, _ in lived.taken] == list(STATE_GATES)
    lived.no_step_was_taken_through_an_open_gate()
