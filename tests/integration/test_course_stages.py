# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan on a real store goes from draft to closed through its gates, and by no other way."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.integration.course_samples import Walk, walked

from kfdesk.demo import people, story
from kfdesk.domain.codes.case import GATES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.case import Approval, Note, Transition
from kfdesk.domain.records.client import Consent, Relationship
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import seen_writes, view
from kfdesk.domain.values import Translation, Value, ZonedTime
from kfdesk.domain.workflow.gates import NEXT_STATES, GateReason
from kfdesk.domain.workflow.table import gates_before
from kfdesk.services import workflow
from kfdesk.services.core import drafts
from kfdesk.services.core.history import read_history
from kfdesk.services.core.records import (
    add_record,
    change_record,
    create_record,
    delete_record,
    undo,
)
from kfdesk.services.plans.plans import open_plan, read_case_context
from kfdesk.services.workflow import (
    approve,
    move_plan,
    read_standing,
    reopen_plan,
    request_approval,
)

ROAD = (
    "assessing", "decision_ready", "approved", "travel_ready", "travelling", "arrived",
    "reintegrating", "follow_up", "closed",
)  # fmt: skip


@pytest.fixture
def walk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Walk]:
    """Yield a plan in the state that the test asks for."""
    with walked(tmp_path, getattr(request, "param", "draft")) as begun:
        yield begun


def refused(action: Callable[[], Any]) -> KfdeskError:
    with pytest.raises(KfdeskError) as fault:
        action()
    return fault.value


def open_gates(walk: Walk, target: str) -> dict[str, GateReason | None]:
    return {
        g.code: g.why
        for g in gates_before(target, read_case_context(walk.ours, walk.plan))
        if g.is_open
    }


def test_plan_goes_all_the_way_and_each_step_keeps_its_evidence(walk: Walk) -> None:
    walk.to("closed")
    steps = [view(row, Transition).record for row in walk.of("transition")]
    by_target = {step.to_state: step for step in steps}
    assert set(by_target) == set(ROAD)
    said: set[str] = set()
    for step in steps:
        assert step.taken_by == people.INITIALS
        assert isinstance(step.happened, ZonedTime)
        for codes in (step.met, step.not_applicable, step.overridden):
            said |= set(codes) if isinstance(codes, tuple) else set()
    assert said == set(GATES)
    assert walk.ours.store.verify() == ()


def test_bare_plan_is_refused_at_every_step_and_nothing_is_written(walk: Walk) -> None:
    before = walk.ours.store.digest()
    fault = refused(lambda: move_plan(walk.ours, walk.plan, "assessing"))
    assert fault.code == "plan.gate_open"
    assert fault.data == {
        "target": "assessing",
        "gates": "consent_case_management,interpreter_used,options_explained",
    }
    for target in ROAD[1:]:
        fault = refused(partial(move_plan, walk.ours, walk.plan, target))
        assert fault.code == "plan.no_such_step"
    assert walk.ours.store.digest() == before


def test_what_is_possible_and_what_is_open_is_told(walk: Walk) -> None:
    here = read_standing(walk.ours, walk.plan).course
    assert (here.state, here.is_ours, here.is_read_only, here.may_reopen) == (
        "draft", True, False, False,
    )  # fmt: skip
    assert [step.target for step in here.steps] == list(NEXT_STATES["draft"])
    assert [step.may_be_taken for step in here.steps] == [False, True, True]
    where = {g.code: g.where for g in here.steps[0].open}
    assert where["options_explained"] is not None
    assert (where["options_explained"].rid, where["options_explained"].key) == (
        walk.plan, "alternatives_explained",
    )  # fmt: skip
    walk.to("assessing")
    assert read_standing(walk.ours, walk.plan).course.steps[0].target == "decision_ready"


def test_what_happened_and_when_it_was_entered_are_two_times(walk: Walk) -> None:
    earlier = people.zoned_time(walk.clock.time.replace(hour=9))
    move_plan(walk.ours, walk.plan, "withdrawn", earlier, "Hon vill stanna.")
    step = view(walk.one("transition"), Transition).record
    assert (step.happened, step.reason) == (earlier, "Hon vill stanna.")
    later = people.zoned_time(walk.clock.time.replace(hour=13))
    fault = refused(lambda: move_plan(walk.ours, walk.plan, "cancelled", later))
    assert fault.code == "plan.in_the_future"


@pytest.mark.parametrize("walk", ["decision_ready"], indirect=True)
def test_second_person_is_another_than_who_asked_and_who_moved(walk: Walk) -> None:
    change_record(walk.ours, walk.plan, people.decision_signed(walk.clock.time))
    request_approval(walk.ours, walk.plan, "decision")
    (request,) = read_case_context(walk.ours, walk.plan).approvals
    assert (request.record.kind, request.record.asked_by) == ("decision", "EV")
    assert refused(lambda: approve(walk.ours, walk.plan, "decision")).code == "approval.same_person"
    assert open_gates(walk, "approved") == {"second_person": GateReason.NOBODY_APPROVED}
    approve(walk.second(), walk.plan, "decision")
    assert open_gates(walk, "approved") == {}
    move_plan(walk.second(), walk.plan, "approved")  # who approved may move it, and it holds
    assert (
        open_gates(walk, "travel_ready").get("risk_fresh") is GateReason.MISSING
    )  # not `same_person`


def test_nobody_approves_without_the_right(walk: Walk) -> None:
    nobody = replace(walk.second(), roles=frozenset())
    assert refused(lambda: approve(nobody, walk.plan, "decision")).code == "user.not_allowed"


@pytest.mark.parametrize("walk", ["decision_ready"], indirect=True)
def test_partners_person_approves_by_a_file(walk: Walk) -> None:
    change_record(walk.ours, walk.plan, people.decision_signed(walk.clock.time))
    request_approval(walk.ours, walk.plan, "decision")
    walk.send()
    approve(walk.theirs, walk.plan, "decision")  # the same initials, in another house
    walk.answer()
    move_plan(walk.ours, walk.plan, "approved")
    assert walk.state == "approved"


@pytest.mark.parametrize("walk", ["assessing"], indirect=True)
def test_gate_is_set_aside_by_a_second_person_with_a_reason(walk: Walk) -> None:
    story.prepare(walk.ours, walk.plan, walk.partner)
    walk.weigh()
    change_record(walk.ours, walk.plan, {"needs_assessed": None})
    over = ("override", "needs_assessed")
    second = walk.second()
    assert refused(lambda: approve(second, walk.plan, *over)).code == "approval.no_reason"
    assert refused(lambda: approve(walk.ours, walk.plan, *over, "x")).code == "approval.same_person"
    for wrong in (("override", "best_interests"), ("override", ""), ("decision", "receipts_in")):
        fault = refused(partial(approve, second, walk.plan, *wrong, reason="x"))
        assert fault.code == "approval.not_possible"
    approve(second, walk.plan, *over, "Akut läge")
    move_plan(walk.ours, walk.plan, "decision_ready")
    steps = [view(row, Transition).record for row in walk.of("transition")]
    assert [s.overridden for s in steps if s.to_state == "decision_ready"] == [("needs_assessed",)]


@pytest.mark.parametrize("walk", ["approved"], indirect=True)
@pytest.mark.parametrize(
    ("sign", "code"),
    [("приют", "paper.carry_word"), ("поворот, затем blåsippa", "paper.carry_sealed")],
)
def test_she_is_not_ready_while_her_finished_sheet_says_what_must_not_be_carried(
    walk: Walk, sign: str, code: str
) -> None:
    first = walk.legs[0]
    before = next(view(leg, Leg).record.sign for leg in walk.of("leg") if leg.rid == first)
    change_record(walk.ours, first, {"sign": (Translation("ru", sign),)})
    assert refused(lambda: story.prepare_departure(walk.ours, walk.plan)).code == code
    assert open_gates(walk, "travel_ready") == {}
    change_record(walk.ours, first, {"sign": before})
    move_plan(walk.ours, walk.plan, "travel_ready")


@pytest.mark.parametrize("walk", ["travel_ready"], indirect=True)
def test_child_that_joins_after_the_decision_stops_the_journey(walk: Walk) -> None:
    values: dict[str, Value] = {"given_name": "Alva", "kind": "child", "travels_with": True}
    create_record(walk.ours, Relationship, values, parent=walk.client)
    walk.clock.time = walk.clock.time.replace(day=20)
    found = open_gates(walk, "travelling")
    assert {"guardian_named", "child_heard", "family_assessed", "best_interests"} <= set(found)


@pytest.mark.parametrize("walk", ["travel_ready"], indirect=True)
def test_plan_goes_back_at_any_time_before_she_leaves_and_must_be_weighed_anew(walk: Walk) -> None:
    walk.clock.time = walk.clock.time.replace(day=3)
    move_plan(walk.ours, walk.plan, "assessing", None, "Nytt hot")
    found = open_gates(walk, "decision_ready")
    assert found == {"risk_assessed": GateReason.BEFORE_IT_WENT_BACK}
    story.assess_risks(walk.ours, walk.plan)
    story.assess_risks(walk.theirs, walk.plan)
    walk.answer()
    move_plan(walk.ours, walk.plan, "decision_ready")
    assert open_gates(walk, "approved") == {
        "second_person": GateReason.BEFORE_IT_WENT_BACK,
        "client_signed": GateReason.BEFORE_IT_WENT_BACK,
    }


# no other way


def test_state_is_not_written_by_hand(walk: Walk) -> None:
    tried: tuple[dict[str, Value], ...] = (
        {"state": "travel_ready"},
        {"state": "closed", "to_country": "EE"},
    )
    for values in tried:
        fault = refused(partial(change_record, walk.ours, walk.plan, values))
        assert (fault.code, fault.data) == ("field.guarded", {"field": "plan.state"})
    fault = refused(
        lambda: create_record(walk.ours, Plan, {"state": "approved"}, parent=walk.client)
    )
    assert fault.code == "field.guarded"
    change_record(walk.ours, walk.plan, {"state": "draft"})  # what stands there already


def test_draft_of_a_form_is_no_way_round(walk: Walk) -> None:
    form = drafts.FormState("plan", {"state": "approved"}, seen=seen_writes(found(walk)))
    drafts.save_draft(walk.ours, walk.plan, form)
    assert refused(lambda: drafts.finish_draft(walk.ours, walk.plan)).code == "field.guarded"
    rid = drafts.save_draft(
        walk.ours, None, drafts.FormState("approval", {"kind": "decision"}, {}, walk.plan)
    )
    assert refused(lambda: drafts.finish_draft(walk.ours, rid)).code == "record.guarded"


def found(walk: Walk) -> Any:
    row = walk.ours.store.row(walk.plan)
    assert row is not None
    return row


@pytest.mark.parametrize("cls", [Approval, Transition])
def test_approvals_and_steps_are_not_written_by_hand(walk: Walk, cls: type[Any]) -> None:
    fault = refused(lambda: create_record(walk.ours, cls, {"reason": "x"}, parent=walk.plan))
    assert fault.code == "record.guarded"


@pytest.mark.parametrize("walk", ["approved"], indirect=True)
def test_steps_and_approvals_are_neither_changed_nor_deleted(walk: Walk) -> None:
    for row in (walk.of("transition")[0], *walk.of("approval")):
        for action in (
            lambda r=row: change_record(walk.ours, r.rid, {"reason": "y"}),
            lambda r=row: delete_record(walk.ours, r.rid),
        ):
            assert refused(action).code == "record.guarded"


@pytest.mark.parametrize("walk", ["decision_ready"], indirect=True)
def test_partners_weighing_is_the_partners_alone(walk: Walk) -> None:
    (theirs,) = (r for r in walk.of("risk_assessment") if r.custodian == walk.partner)
    fault = refused(lambda: change_record(walk.ours, theirs.rid, {"conclusion": "return_possible"}))
    assert fault.code == "record.not_ours"
    assert refused(lambda: delete_record(walk.ours, theirs.rid)).code == "record.not_ours"


def test_undo_moves_no_plan(walk: Walk) -> None:
    done = change_record(walk.ours, walk.plan, {"to_country": "EE"})
    move_plan(walk.ours, walk.plan, "withdrawn")
    assert refused(lambda: undo(walk.ours, done)).code == "plan.read_only"
    assert walk.state == "withdrawn"


# another organisation's plan


@pytest.mark.parametrize("walk", ["assessing"], indirect=True)
def test_partner_moves_neither_its_copy_nor_ours(walk: Walk) -> None:
    walk.send()
    assert not read_standing(walk.theirs, walk.plan).course.is_ours
    fault = refused(lambda: move_plan(walk.theirs, walk.plan, "withdrawn"))
    assert fault.code == "plan.not_ours"
    assert refused(lambda: reopen_plan(walk.theirs, walk.plan)).code == "plan.no_such_step"


@pytest.mark.parametrize("walk", ["approved"], indirect=True)
def test_echo_of_our_own_words_is_no_refusal(walk: Walk) -> None:
    walk.send()
    change_record(walk.theirs, walk.legs[0], {"carrier": "M/S Annan"})
    reviewed = walk.answer()
    assert (reviewed.refused, len(reviewed.new), len(reviewed.changed)) == (0, 0, 1)


# plans that have ended


@pytest.mark.parametrize("walk", ["assessing"], indirect=True)
@pytest.mark.parametrize("state", ["withdrawn", "not_safe"])
def test_ended_plan_is_read_and_not_changed(walk: Walk, state: str) -> None:
    done = add_record(walk.ours, "note", {"content": "Samtal"}, walk.plan)
    move_plan(walk.ours, walk.plan, state)
    for action in (
        lambda: change_record(walk.ours, walk.plan, {"to_country": "EE"}),
        lambda: change_record(walk.ours, walk.legs[0], {"carrier": "x"}),
        lambda: create_record(walk.ours, Note, {"content": "x"}, parent=walk.plan),
        lambda: delete_record(walk.ours, walk.legs[0]),
        lambda: undo(walk.ours, done),
        lambda: request_approval(walk.ours, walk.plan, "decision"),
    ):
        assert refused(action).code == "plan.read_only"
    assert refused(lambda: move_plan(walk.ours, walk.plan, "cancelled")).code == "plan.no_such_step"
    day = walk.clock.time.date().replace(year=2028)
    change_record(walk.ours, walk.plan, {"retention_until": day})
    assert open_plan(walk.ours, walk.plan).plan.record.retention_until == day


def test_new_plan_follows_one_that_has_ended(walk: Walk) -> None:
    assert refused(lambda: reopen_plan(walk.ours, walk.plan)).code == "plan.no_such_step"
    move_plan(walk.ours, walk.plan, "withdrawn")
    assert read_standing(walk.ours, walk.plan).course.may_reopen
    new = reopen_plan(walk.ours, walk.plan)
    record = open_plan(walk.ours, new).plan.record
    assert (record.state, record.previous, record.to_country) == ("draft", walk.plan.hex(), "RU")
    assert walk.state == "withdrawn"
    change_record(walk.ours, new, {"to_country": "EE"})


def test_trail_names_fields_and_never_a_value(walk: Walk) -> None:
    move_plan(walk.ours, walk.plan, "withdrawn", None, "Hon vill stanna.")
    lines = read_history(walk.ours).lines[:2]
    assert {line.type for line in lines} == {"plan", "transition"}
    assert ("state",) in {line.keys for line in lines}
    assert "stanna" not in str(lines)


def test_failed_step_leaves_no_half(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = walk.ours.store.digest()

    def fails(*_: object) -> None:
        raise KfdeskError("store.disk")

    monkeypatch.setattr(workflow, "put_changed", fails)
    assert refused(lambda: move_plan(walk.ours, walk.plan, "withdrawn")).code == "store.disk"
    monkeypatch.undo()
    assert walk.ours.store.digest() == before


def test_own_consent_type_is_guarded_where_two_must_decide(walk: Walk) -> None:
    values = {"form": "vital_interests", "second_person": "AU"}
    fault = refused(lambda: create_record(walk.ours, Consent, values, parent=walk.client))
    assert fault.data == {"field": "consent.second_person"}
