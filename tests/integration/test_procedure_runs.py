# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of procedures, and runs of them in a plan."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.integration.hostile_samples import Trio, hostile_trio
from tests.integration.network_samples import begin_network, send
from tests.integration.pair_samples import refusal

from kfdesk.domain.procedures.clocks import ClockFault, Due, DueReason, NotDue
from kfdesk.domain.procedures.runs import RunStep
from kfdesk.domain.procedures.versions import StepChangeKind
from kfdesk.domain.records.case import LegalStatus
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.registers import encode_state
from kfdesk.domain.values import Translation, Value
from kfdesk.services.core.records import (
    change_record,
    create_record,
    delete_record,
    undo_all,
)
from kfdesk.services.core.session import Session
from kfdesk.services.directory import networks
from kfdesk.services.plans.plans import zoned_now
from kfdesk.services.procedures import procedures, runs

WHY = (Translation("sv", "Nämnden bad om det"),)
TITLE = (Translation("sv", "Påhittad samverkan"),)
STEPS: tuple[dict[str, Value], ...] = (
    {"prefix": "1", "lead": "anyone"},
    {"prefix": "4", "lead": "reporters", "applies": ("child",)},
    {"prefix": "4b", "lead": "social_board", "event": "step_done", "event_step": "4",
     "amount": 14, "unit": "d", "clock": "statutory", "rolls": True, "applies": ("child",),
     "prolong": WHY},
    {"prefix": "6", "lead": "social_board", "event": "opened", "amount": 3, "unit": "d",
     "clock": "advised", "after": "1"},
    {"prefix": "6a", "lead": "client", "proof": "reflection_granted"},
    {"prefix": "6b", "lead": "head_of_investigation", "event": "reflection_ends",
     "clock": "statutory", "warn": "15 10 3", "applies": ("investigation_open",)},
)  # fmt: skip


@pytest.fixture
def trio(tmp_path: Path) -> Iterator[Trio]:
    with hostile_trio(tmp_path) as met:
        yield met


def draft(desk: Session, *steps: dict[str, Value], **more: Value) -> bytes:
    values: dict[str, Value] = {
        "title": TITLE, "status": "draft", "version": "3", "confidentiality": "circle",
        "country": "SE",
    }  # fmt: skip
    head = create_record(desk, Procedure, values | more)
    for step in steps or STEPS:
        create_record(desk, ProcedureStep, {"title": TITLE} | step, head)
    return head


def in_force(desk: Session, *steps: dict[str, Value], **more: Value) -> bytes:
    head = draft(desk, *steps, **more)
    procedures.activate_procedure(desk, head)
    return head


def today(desk: Session) -> date:
    return desk.adapters.clock.now().date()


def step_named(desk: Session, plan: bytes, prefix: str) -> RunStep:
    run = runs.read_run(desk, plan)
    assert run is not None
    return next(one for one in run.steps if one.prefix == prefix)


# --- versions


def test_version_in_force_is_changed_by_nobody_and_the_next_one_follows_it(trio: Trio) -> None:
    desk = trio.ours
    first = in_force(desk)
    details = procedures.read_procedure(desk, first)
    assert details.is_as_adopted
    assert details.view.record.effective_from == today(desk)
    step = details.steps[0].rid
    for attack in (
        lambda: change_record(desk, step, {"law": "x"}),
        lambda: change_record(desk, first, {"region": "x"}),
        lambda: delete_record(desk, step),
        lambda: delete_record(desk, first),
        lambda: create_record(desk, ProcedureStep, {"prefix": "9"}, first),
        lambda: procedures.activate_procedure(desk, first),
    ):
        assert refusal(attack).code == "procedure.in_force"
    second = procedures.make_next_version(desk, first)
    later = procedures.read_procedure(desk, second)
    assert (later.view.record.version, later.view.record.supersedes) == ("4", first.hex())
    assert [one.record.prefix for one in later.steps] == ["1", "4", "4b", "6", "6a", "6b"]
    change_record(desk, later.steps[3].rid, {"amount": 5})
    change_record(desk, later.steps[5].rid, {"prefix": "6c"})
    delete_record(desk, later.steps[0].rid)
    create_record(desk, ProcedureStep, {"prefix": "16", "title": WHY}, second)
    compared = procedures.compare_versions(desk, first, second)
    kinds = {change.kind for change in compared.changes}
    assert kinds == set(StepChangeKind)
    changed = next(one for one in compared.changes if one.kind is StepChangeKind.CHANGED)
    assert changed.keys == ("amount",)
    done = procedures.activate_procedure(desk, second)
    before = procedures.read_procedure(desk, first).view.record
    assert (before.status, before.effective_to) == ("retired", today(desk) - timedelta(days=1))
    undo_all(desk, done)
    assert procedures.read_procedure(desk, first).view.record.status == "active"
    assert procedures.read_procedure(desk, second).view.record.status == "draft"


def test_status_is_not_written_by_hand(trio: Trio) -> None:
    head = draft(trio.ours)
    for key in ("status", "adopted"):
        error = refusal(lambda key=key: change_record(trio.ours, head, {key: "active"}))
        assert error.code == "field.guarded"


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        (({"prefix": "1"}, {"prefix": "1"}), "procedure.step_faults"),
        (({"prefix": None},), "procedure.step_faults"),
        (({"prefix": "1", "after": "1"},), "procedure.step_faults"),
        (({"prefix": "1", "after": "2"}, {"prefix": "2", "after": "1"}), "procedure.step_faults"),
    ],
)
def test_draft_with_faults_does_not_come_into_force(
    trio: Trio, steps: tuple[dict[str, Value], ...], code: str
) -> None:
    head = draft(trio.ours, *steps)
    assert refusal(lambda: procedures.activate_procedure(trio.ours, head)).code == code
    assert procedures.read_procedure(trio.ours, head).view.record.status == "draft"


def test_version_without_steps_or_with_a_taken_number_does_not_come_into_force(trio: Trio) -> None:
    desk = trio.ours
    empty = create_record(desk, Procedure, {"title": TITLE, "status": "draft"})
    assert refusal(lambda: procedures.activate_procedure(desk, empty)).code == "procedure.no_steps"
    first = in_force(desk)
    same = procedures.make_next_version(desk, first)
    change_record(desk, same, {"version": "3"})
    taken = refusal(lambda: procedures.activate_procedure(desk, same))
    assert taken.code == "procedure.version_taken"
    assert procedures.read_procedure(desk, first).view.record.status == "active"


def test_two_versions_are_not_in_force_on_the_same_days(trio: Trio) -> None:
    desk = trio.ours
    first = in_force(desk)
    second, third = (procedures.make_next_version(desk, first) for _ in range(2))
    change_record(desk, third, {"version": "5", "effective_to": today(desk)})
    procedures.activate_procedure(desk, second)
    overlap = refusal(lambda: procedures.activate_procedure(desk, third))
    assert overlap.code == "procedure.overlap"
    change_record(
        desk, third, {"effective_from": date(2001, 1, 1), "effective_to": date(2001, 2, 1)}
    )
    procedures.activate_procedure(desk, third)
    assert refusal(lambda: procedures.retire_procedure(desk, first)).code == "procedure.not_active"
    procedures.retire_procedure(desk, second)
    assert procedures.read_procedure(desk, second).view.record.effective_to == today(desk)
    lines = procedures.list_procedures(desk)
    assert [one.view.record.status for one in lines] == ["active", "retired", "retired"]
    assert {one.steps for one in lines} == {6}


def test_partners_version_is_retired_by_the_partner_alone(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad, shares=("procedures",))
    head = in_force(trio.ours, network=network.hex())
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    assert procedures.read_procedure(trio.bad, head).is_as_adopted
    for action in (procedures.retire_procedure, procedures.activate_procedure):
        assert refusal(lambda act=action: act(trio.bad, head)).code == "record.not_ours"
    fork = procedures.make_next_version(trio.bad, head)
    procedures.activate_procedure(trio.bad, fork)
    assert [one.rid for one in procedures.read_procedure(trio.bad, fork).overlaps] == [head]


def test_late_edit_of_a_draft_changes_nothing_that_came_into_force(trio: Trio) -> None:
    network = begin_network(trio.ours, trio.bad, shares=("procedures",))
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    networks.share_in_network(trio.bad, network, ("procedures",))
    head = draft(trio.ours, network=network.hex())
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    step = procedures.read_procedure(trio.bad, head).steps[0].rid
    change_record(trio.bad, step, {"law": "sent"})
    procedures.activate_procedure(trio.ours, head)
    late = send(trio, trio.bad, trio.ours)
    trio.take(late)
    assert procedures.read_procedure(trio.ours, head).is_as_adopted
    change_record(trio.ours, trio.plan, {"luggage": WHY})
    trio.take(send(trio, trio.ours, trio.bad), trio.bad)
    theirs = procedures.read_procedure(trio.bad, head)
    assert theirs.view.record.status == "active"
    assert not theirs.is_as_adopted  # their own late word is there, and the page says so


# --- runs


def test_run_has_the_steps_that_apply_and_copies_of_them(trio: Trio) -> None:
    desk, head = trio.ours, in_force(trio.ours)
    proposed = {one.view.record.prefix: one.applies for one in
                runs.propose_steps(desk, trio.plan, head)}  # fmt: skip
    assert proposed["6b"] is False
    run = runs.start_run(desk, trio.plan, head)
    again = refusal(lambda: runs.start_run(desk, trio.plan, head))
    assert again.code == "cooperation.open"
    found = runs.read_run(desk, trio.plan)
    assert found is not None
    assert found.view.rid == run
    assert found.view.record.version == "3"
    assert "6b" not in {one.prefix for one in found.steps}
    source = {one.record.prefix: one.record for one in procedures.read_procedure(desk, head).steps}
    for one in found.steps:
        assert one.view.record.event == source[one.prefix].event
        assert one.view.record.title == source[one.prefix].title


def test_unknown_age_counts_as_a_child(trio: Trio) -> None:
    desk, head = trio.ours, in_force(trio.ours)
    client = trio.row(trio.plan).parent or b""
    change_record(desk, client, {"birth_date": None, "age_band": None})
    proposed = {one.view.record.prefix: one.applies for one in
                runs.propose_steps(desk, trio.plan, head)}  # fmt: skip
    assert proposed["4"]
    assert proposed["4b"]


def test_run_begins_only_of_a_version_in_force(trio: Trio) -> None:
    head = draft(trio.ours)
    error = refusal(lambda: runs.start_run(trio.ours, trio.plan, head))
    assert error.code == "procedure.not_active"
    procedures.activate_procedure(trio.ours, head)
    nothing = refusal(lambda: runs.start_run(trio.ours, trio.plan, head, ()))
    assert nothing.code == "procedure.no_steps"


def test_run_stays_as_it_began_whatever_becomes_of_its_procedure(trio: Trio) -> None:
    desk, head = trio.ours, in_force(trio.ours)
    run = runs.start_run(desk, trio.plan, head)
    rows = [desk.store.row(run), *desk.store.rows_below("cooperation_step", run)]
    before = [encode_state(row.state) for row in rows if row is not None]
    later = procedures.make_next_version(desk, head)
    change_record(desk, procedures.read_procedure(desk, later).steps[3].rid, {"amount": 9})
    procedures.activate_procedure(desk, later)
    rows = [desk.store.row(run), *desk.store.rows_below("cooperation_step", run)]
    assert [encode_state(row.state) for row in rows if row is not None] == before
    found = runs.read_run(desk, trio.plan)
    assert found is not None
    assert found.view.record.version == "3"
    for key in ("amount", "title", "proof", "step"):
        step = found.steps[0].view.rid
        error = refusal(lambda key=key, step=step: change_record(desk, step, {key: None}))
        assert error.code in ("field.guarded",)


def test_step_before_an_earlier_one_asks_why_and_keeps_the_answer(trio: Trio) -> None:
    desk = trio.ours
    runs.start_run(desk, trio.plan, in_force(desk))
    late = step_named(desk, trio.plan, "6")
    assert late.waits_for == ("1",)
    assert refusal(lambda: runs.finish_step(desk, late.view.rid)).code == "step.out_of_order"
    runs.finish_step(desk, late.view.rid, early_because=WHY)
    kept = step_named(desk, trio.plan, "6").view.record
    assert (kept.state, kept.early_because, kept.done_by) == ("completed", WHY, desk.user)
    first = step_named(desk, trio.plan, "1").view.rid
    empty = (Translation("sv", "  "),)
    for because in ((), empty):
        error = refusal(lambda because=because: runs.skip_step(desk, first, because))
        assert error.code == "step.reason_missing"
    runs.skip_step(desk, first, WHY)
    assert step_named(desk, trio.plan, "1").is_settled
    runs.reopen_step(desk, first)
    assert not step_named(desk, trio.plan, "1").is_settled


def test_states_are_written_by_what_belongs_to_them(trio: Trio) -> None:
    desk = trio.ours
    runs.start_run(desk, trio.plan, in_force(desk))
    step = step_named(desk, trio.plan, "1").view.rid
    assert refusal(lambda: change_record(desk, step, {"state": "completed"})).code == (
        "field.guarded"
    )
    assert refusal(lambda: runs.change_step(desk, step, "completed")).code == "step.no_state"
    assert refusal(lambda: runs.skip_step(desk, step, WHY, "completed")).code == "step.no_state"
    for state in ("requested", "accepted", "in_progress", "on_hold", "rejected"):
        runs.change_step(desk, step, state)
        assert step_named(desk, trio.plan, "1").state == state
    kept = step_named(desk, trio.plan, "1").view.record
    assert kept.asked is not None
    assert kept.accepted is not None
    from_now = zoned_now(desk)
    later = type(from_now).at(from_now.wall + timedelta(hours=1), from_now.zone)
    assert refusal(lambda: runs.finish_step(desk, step, later)).code == "step.in_future"


def test_step_with_a_proof_ticks_itself(trio: Trio) -> None:
    desk = trio.ours
    runs.start_run(desk, trio.plan, in_force(desk))
    step = step_named(desk, trio.plan, "6a")
    assert step.state == ""
    assert refusal(lambda: runs.finish_step(desk, step.view.rid)).code == "step.has_proof"
    values: dict[str, Value] = {
        "kind": "reflection", "decision": "granted", "begins": date(2026, 11, 20),
    }  # fmt: skip
    legal = create_record(desk, LegalStatus, values, trio.plan)
    proven = step_named(desk, trio.plan, "6a")
    assert proven.state == "completed"
    assert proven.proof is not None
    assert (proven.proof.type, proven.proof.rid) == ("legal_status", legal)


def test_clock_starts_by_records_and_not_before(trio: Trio) -> None:
    desk, client = trio.ours, trio.row(trio.plan).parent or b""
    change_record(desk, client, {"birth_date": None, "age_band": None})
    runs.start_run(desk, trio.plan, in_force(desk))
    waits = step_named(desk, trio.plan, "4b")
    assert waits.due == NotDue(ClockFault.NOT_BEGUN, "step_done:4")
    error = refusal(lambda: runs.prolong_step(desk, waits.view.rid, date(2030, 1, 1), WHY))
    assert error.code == "step.no_deadline"
    runs.finish_step(desk, step_named(desk, trio.plan, "4").view.rid)
    found = step_named(desk, trio.plan, "4b").due
    assert isinstance(found, Due)
    assert found.last_day >= today(desk) + timedelta(days=14)
    rid = waits.view.rid
    assert refusal(lambda: runs.prolong_step(desk, rid, found.last_day, WHY)).code == (
        "step.not_later"
    )
    assert refusal(lambda: runs.prolong_step(desk, rid, date(2030, 1, 1))).code == (
        "step.reason_missing"
    )
    runs.prolong_step(desk, rid, found.last_day + timedelta(days=7), WHY)
    later = step_named(desk, trio.plan, "4b").due
    assert isinstance(later, Due)
    assert later.because is DueReason.PROLONGED
    runs.prolong_step(desk, rid, None)
    assert step_named(desk, trio.plan, "4b").due == found
    advised = step_named(desk, trio.plan, "6").view.rid
    assert refusal(lambda: runs.set_clock(desk, advised, zoned_now(desk))).code == (
        "step.reason_missing"
    )
    runs.set_clock(desk, advised, zoned_now(desk), WHY)
    assert step_named(desk, trio.plan, "6").view.record.began_because == WHY
    runs.set_clock(desk, advised, None)
    assert step_named(desk, trio.plan, "6").view.record.began is None


def test_deadline_of_the_law_that_nobody_can_prolong_stays(trio: Trio) -> None:
    desk = trio.ours
    hard: dict[str, Value] = {
        "prefix": "1", "event": "opened", "amount": 3, "unit": "d", "clock": "statutory",
    }  # fmt: skip
    runs.start_run(desk, trio.plan, in_force(desk, hard))
    rid = step_named(desk, trio.plan, "1").view.rid
    error = refusal(lambda: runs.prolong_step(desk, rid, date(2030, 1, 1), WHY))
    assert error.code == "step.not_prolonged"


def test_going_over_to_the_next_version_shows_the_mapping_first(trio: Trio) -> None:
    desk, head = trio.ours, in_force(trio.ours)
    run = runs.start_run(desk, trio.plan, head)
    runs.change_step(desk, step_named(desk, trio.plan, "6").view.rid, "requested")
    later = procedures.make_next_version(desk, head)
    steps = {one.record.prefix: one.rid for one in procedures.read_procedure(desk, later).steps}
    change_record(desk, steps["6"], {"amount": 9})
    delete_record(desk, steps["1"])
    not_yet = refusal(lambda: runs.preview_go_over(desk, run, later))
    assert not_yet.code == "procedure.not_active"
    procedures.activate_procedure(desk, later)
    before = [encode_state(row.state) for row in desk.store.rows_below("cooperation_step", run)]
    digest = desk.store.digest()
    shown = runs.preview_go_over(desk, run, later)
    assert desk.store.digest() == digest
    assert [one.prefix for one in shown.lost] == ["1"]
    runs.change_step(desk, step_named(desk, trio.plan, "6").view.rid, "accepted")
    error = refusal(lambda: runs.go_over(desk, shown))
    assert error.code == "cooperation.changed_since"
    shown = runs.preview_go_over(desk, run, later)
    before = [encode_state(row.state) for row in desk.store.rows_below("cooperation_step", run)]
    opened = shown.run.record.opened
    new = runs.go_over(desk, shown)
    after = [encode_state(row.state) for row in desk.store.rows_below("cooperation_step", run)]
    assert after == before
    found = runs.read_run(desk, trio.plan)
    assert found is not None
    assert found.view.rid == new
    assert (found.view.record.version, found.view.record.opened) == ("4", opened)
    step = step_named(desk, trio.plan, "6")
    assert (step.view.record.amount, step.state) == (9, "accepted")
    assert [one.rid for one in found.others] == [run]
    assert refusal(lambda: runs.go_over(desk, shown)).code == "cooperation.closed"
    old = next(row.rid for row in desk.store.rows_below("cooperation_step", run))
    assert refusal(lambda: runs.change_step(desk, old, "requested")).code == "cooperation.closed"
    assert refusal(lambda: runs.reopen_run(desk, run)).code == "cooperation.open"
    runs.close_run(desk, new)
    runs.reopen_run(desk, run)
    assert runs.read_run(desk, trio.plan) is not None
