# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of a procedure in a plan: begin one, say how its steps go, go over to another version.

A run has copies of what it follows. A step that a record proves is done without anybody's word.
Whoever does a step before those that it follows, leaves one out, sets its clock or prolongs it,
says why. Going over to another version closes the run as it was and begins a new one; the
mapping of the steps is shown first.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import count

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.network import last_possible_day
from kfdesk.domain.procedures.clocks import MAX_DAYS, Due
from kfdesk.domain.procedures.events import facts_of
from kfdesk.domain.procedures.runs import RunStep, is_ended, next_deadline, open_run, read_steps
from kfdesk.domain.procedures.steps import MAX_STEPS, StepDoubt, applies, doubt_of, prefix_of
from kfdesk.domain.procedures.versions import StepChange, StepChangeKind, compare_steps
from kfdesk.domain.records.cooperation import COPIED_KEYS, Cooperation, CooperationStep
from kfdesk.domain.records.network import ConferenceDecision
from kfdesk.domain.records.procedures import ProcedureStep
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import RecordView, Row, encode_changes, seen_writes, view
from kfdesk.domain.values import LocalizedText, Value, ZonedTime, shift_day
from kfdesk.domain.workflow.gates import CaseContext
from kfdesk.services.core.authorization import (
    plan_above,
    require_adding,
    require_editing,
    require_reading,
)
from kfdesk.services.core.records import Saved, put_changed, put_new, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import name_of, read_case_context, zoned_now
from kfdesk.services.procedures.procedures import ProcedureDetails, read_procedure

_CARRIED_KEYS = (
    "state", "led_by", "person", "stand_in", "asked", "accepted", "done", "done_by",
    "skipped_because", "early_because", "began", "began_because", "extended_until",
    "extension_ground", "form_sent", "reference_number", "said", "note",
)  # fmt: skip
"""The fields that a step takes along to another version: how it went."""
_MOMENT_OF = {"requested": "asked", "accepted": "accepted", "completed": "done"}
_NEED_A_REASON = frozenset({"not_applicable", "cancelled"})
_FREE_STATES = frozenset({"requested", "accepted", "in_progress", "rejected", "on_hold"})


@dataclass(frozen=True, slots=True)
class Run:
    """The run of a plan: its head and its steps by their numbers.

    `is_ours`: we answer for it. `others` are further runs: closed ones, and an open one of a
    partner who began before it knew of this.
    """

    view: RecordView[Cooperation]
    steps: tuple[RunStep, ...]
    is_ours: bool
    others: tuple[RecordView[Cooperation], ...] = ()

    @property
    def next(self) -> RunStep | None:
        """The open step whose deadline comes first; None once the run has ended."""
        is_over = is_ended(self.view.record)
        return None if is_over else next_deadline(self.steps)

    def step(self, rid: bytes) -> RunStep | None:
        """Return the step with this id; None if it is not in the run."""
        return next((one for one in self.steps if one.view.rid == rid), None)


@dataclass(frozen=True, slots=True)
class UpcomingStep:
    """The step of a run whose deadline comes first; `who` is the name of who leads it, if any."""

    step: RunStep
    who: str


@dataclass(frozen=True, slots=True)
class ProposedStep:
    """A step of a procedure, and whether it applies to a plan, or may; `doubt` says why it may."""

    view: RecordView[ProcedureStep]
    applies: bool
    doubt: StepDoubt | None = None


@dataclass(frozen=True, slots=True)
class RunMapping:
    """Effect on each step of a run when it goes over to another version.

    `changes` have places in `before` and `after`. `lost` are steps that are open and stand in
    no step of the version. `decided` are those that case conferences decided; they go along.
    """

    run: RecordView[Cooperation]
    procedure: ProcedureDetails
    before: tuple[RunStep, ...]
    after: tuple[RecordView[ProcedureStep], ...]
    changes: tuple[StepChange, ...]
    decided: tuple[RunStep, ...] = ()

    @property
    def lost(self) -> tuple[RunStep, ...]:
        """The open steps that the other version does not have."""
        gone = (one.before for one in self.changes if one.kind is StepChangeKind.REMOVED)
        steps = (self.before[place] for place in gone if place is not None)
        return tuple(one for one in steps if not one.is_settled)


# --- reading


def read_run(desk: Session, plan: bytes) -> Run | None:
    """Return the open run of a plan, or the newest closed one; None if there was none.

    Raise KfdeskError `user.not_allowed` or `record.missing`.
    """
    row = _require_plan(desk, plan)
    require_reading(desk, row)
    runs = _runs_of(desk, plan)
    head = open_run(runs, row.custodian) or max(runs, key=_closed_at, default=None)
    if head is None:
        return None
    others = tuple(one for one in runs if one.rid != head.rid)
    steps = read_steps(read_case_context(desk, plan), head, _steps_of(desk, head.rid))
    return Run(head, steps, head.row.custodian == desk.identity.organisation, others)


def read_upcoming(desk: Session, plan: bytes) -> UpcomingStep | None:
    """Return the next deadline of the cooperation in a plan. Raise as `read_run` does."""
    run = read_run(desk, plan)
    step = run.next if run is not None else None
    return UpcomingStep(step, name_of(desk, step.view.record.led_by)) if step is not None else None


def propose_steps(desk: Session, plan: bytes, procedure: bytes) -> tuple[ProposedStep, ...]:
    """Return the steps of a version, and which of them apply to a plan.

    Who may be a child counts as one. A run has at most MAX_STEPS. Raise KfdeskError
    `user.not_allowed` or `record.missing`.
    """
    require_reading(desk, _require_plan(desk, plan))
    details = read_procedure(desk, procedure)
    facts = facts_of(read_case_context(desk, plan), details.view.record.country)
    return tuple(
        ProposedStep(one, applies(one.record, facts), doubt_of(one.record, facts))
        for one in details.steps[:MAX_STEPS]
    )


# --- beginning and ending


def start_run(
    desk: Session, plan: bytes, procedure: bytes, steps: Collection[bytes] | None = None
) -> bytes:
    """Begin a run of a version that is in force; return its id.

    `steps` are the ids of the steps that it has; without them those that apply. Raise KfdeskError
    `user.not_allowed`, `record.missing`, `plan.read_only`, `procedure.not_active`,
    `procedure.no_steps` or `cooperation.open` while another run is open.
    """
    require_adding(desk, "cooperation", plan)
    row = _require_plan(desk, plan)
    if open_run(_runs_of(desk, plan), row.custodian) is not None:
        raise KfdeskError("cooperation.open")
    details, proposed = read_procedure(desk, procedure), propose_steps(desk, plan, procedure)
    if details.view.record.status != "active":
        raise KfdeskError("procedure.not_active")
    wanted = [
        one.view for one in proposed
        if (one.applies if steps is None else one.view.rid in steps)
    ]  # fmt: skip
    if not wanted:
        raise KfdeskError("procedure.no_steps")
    with desk.store.transaction():
        head = _put_head(desk, plan, details, {"opened": zoned_now(desk)})
        for one in wanted:
            _put_step(desk, head.rid, one, {})
    return head.rid


def propose_more_steps(desk: Session, run: bytes) -> tuple[ProposedStep, ...]:
    """Return the steps of the version that a run follows that apply by now and are not in it.

    So a step that needs an open investigation is offered once there is one. There are none where
    the version is not here. Raise KfdeskError `user.not_allowed` or `record.missing`.
    """
    head, plan = _require_run(desk, run)
    require_reading(desk, plan)
    version = head.record.procedure
    row = desk.store.row(bytes.fromhex(version)) if isinstance(version, str) else None
    if row is None or row.type != "procedure" or not isinstance(version, str):
        return ()
    had = {prefix_of(one.record) for one in _steps_of(desk, run) if not one.is_deleted}
    proposed = propose_steps(desk, plan.rid, bytes.fromhex(version))
    return tuple(one for one in proposed if one.applies and prefix_of(one.view.record) not in had)


def add_steps(desk: Session, run: bytes, steps: Collection[bytes]) -> None:
    """Add some of the proposed steps to a run of ours.

    Raise KfdeskError as `propose_more_steps` does, `record.not_ours`, `cooperation.closed`,
    `plan.read_only`, or `procedure.no_steps` if none of them is proposed.
    """
    head, plan = _require_run(desk, run)
    require_adding(desk, "cooperation", plan.rid)
    if head.row.custodian != desk.identity.organisation:
        raise KfdeskError("record.not_ours")
    if is_ended(head.record):
        raise KfdeskError("cooperation.closed")
    wanted = [one.view for one in propose_more_steps(desk, run) if one.view.rid in steps]
    if not wanted:
        raise KfdeskError("procedure.no_steps")
    with desk.store.transaction():
        for one in wanted:
            _put_step(desk, run, one, {})


def add_decided_step(desk: Session, decision: bytes, title: LocalizedText) -> bytes:
    """Make a decision of a case conference a step of the plan's open run; return the step's id.

    Whoever has to do it leads the step, and its day is the step's last day. `title` is written for
    the step: it stands on papers, and for people who may not read what was decided. Raise
    KfdeskError `user.not_allowed`, `record.missing`, `record.not_ours`, `plan.read_only`,
    `cooperation.none` without an open run, `cooperation.full`, `step.made_already`, or
    `step.title_missing`.
    """
    row = require_record(desk, decision)
    plan = plan_above(desk, row)
    if row.type != "conference_decision" or is_deleted(row.state) or plan is None:
        raise KfdeskError("record.missing")
    require_reading(desk, row)
    require_adding(desk, "cooperation", plan.rid)
    head = open_run(_runs_of(desk, plan.rid), plan.custodian)
    if head is None:
        raise KfdeskError("cooperation.none")
    if head.row.custodian != desk.identity.organisation:
        raise KfdeskError("record.not_ours")
    present = [one.record for one in _steps_of(desk, head.rid) if not one.is_deleted]
    if any(one.step == decision.hex() for one in present):
        raise KfdeskError("step.made_already")
    if len(present) >= MAX_STEPS:
        raise KfdeskError("cooperation.full", most=MAX_STEPS)
    said = _written_texts(title)
    if not said:
        raise KfdeskError("step.title_missing")
    record = view(row, ConferenceDecision).record
    values: dict[str, Value] = {
        "step": decision.hex(), "prefix": _decided_number(present), "title": said,
        **_agreed_clock(head.record, record.due),
    }  # fmt: skip
    if isinstance(record.owner, str):
        values["led_by"] = record.owner
    with desk.store.transaction():
        made = desk.new_row("cooperation_step", head.rid)
        put_new(desk, made, encode_changes("cooperation_step", values))
    return made.rid


def decided_steps(steps: Iterable[RunStep]) -> Mapping[str, RunStep]:
    """Return the steps by the id of what they were made from: a procedure's step, or a decision."""
    return {str(one.view.record.step): one for one in steps}


def _decided_number(steps: Iterable[CooperationStep]) -> str:
    """Return the next number of a step that no procedure has: +1, +2, behind all others."""
    used = {prefix_of(one) for one in steps}
    return next(number for n in count(1) if (number := f"+{n}") not in used)


def _agreed_clock(run: Cooperation, due: object) -> Mapping[str, Value]:
    """Return the clock of a step that ends on an agreed day; nothing without a day.

    It counts from the beginning of the run, or for a day before that from the day before it.
    """
    last = last_possible_day(due, date.max)
    if last == date.max:
        return {}
    clock: dict[str, Value] = {"event": "opened", "unit": "d", "clock": "agreed"}
    opened = run.opened.wall.date() if isinstance(run.opened, ZonedTime) else None
    days = (last - opened).days if opened is not None else 0
    if isinstance(run.opened, ZonedTime) and 0 < days <= MAX_DAYS:
        return clock | {"amount": days}
    eve = datetime.combine(shift_day(last, -1), time(12))
    return clock | {"amount": 1, "began": ZonedTime.at(eve, "UTC")}


def close_run(desk: Session, run: bytes) -> Saved:
    """Close a run; its deadlines are told no more. Raise KfdeskError as `change_step` does."""
    head, _ = _require_run(desk, run)
    require_editing(desk, head.row, ("closed",))
    return _write(desk, head.row, {"closed": zoned_now(desk)})


def reopen_run(desk: Session, run: bytes) -> Saved:
    """Open a closed run again. Raise KfdeskError `cooperation.open`, or as `close_run` does."""
    head, plan = _require_run(desk, run)
    require_editing(desk, head.row, ("closed",))
    if open_run(_runs_of(desk, plan.rid), plan.custodian) is not None:
        raise KfdeskError("cooperation.open")
    return _write(desk, head.row, {"closed": None})


# --- how steps go


def change_step(desk: Session, step: bytes, state: str, at: ZonedTime | None = None) -> Saved:
    """Say how a step goes: asked, accepted, under way, declined, or waiting.

    `at` is when that was, now without it. Raise KfdeskError `user.not_allowed`, `record.missing`,
    `plan.read_only`, `plan.held`, `cooperation.closed`, `step.no_state` for a state that needs
    more, or `step.in_future`.
    """
    row, _ = _require_step(desk, step)
    if state not in _FREE_STATES:
        raise KfdeskError("step.no_state")
    values: dict[str, Value] = {"state": state}
    if state in _MOMENT_OF:
        values[_MOMENT_OF[state]] = _past(desk, at)
    return _write(desk, row, values)


def finish_step(
    desk: Session, step: bytes, at: ZonedTime | None = None, early_because: LocalizedText = ()
) -> Saved:
    """Say that a step is done. Before the steps that it follows this needs a reason.

    Raise KfdeskError as `change_step` does, `step.out_of_order`, or
    `step.has_proof` for a step that only a record shows.
    """
    row, plan = _require_step(desk, step)
    found = _run_step(desk, row, plan)
    if found.view.record.proof is not None and plan.custodian == desk.identity.organisation:
        raise KfdeskError("step.has_proof")
    reason = _written_texts(early_because)
    if found.waits_for and not reason:
        raise KfdeskError("step.out_of_order")
    values: dict[str, Value] = {
        "state": "completed", "done": _past(desk, at), "done_by": desk.user,
    }  # fmt: skip
    if found.waits_for:
        values["early_because"] = reason
    return _write(desk, row, values)


def skip_step(
    desk: Session, step: bytes, because: LocalizedText, state: str = "not_applicable"
) -> Saved:
    """Say that a step does not apply, or is called off, and why.

    Raise KfdeskError as `change_step` does, or `step.reason_missing`.
    """
    row, _ = _require_step(desk, step)
    if state not in _NEED_A_REASON:
        raise KfdeskError("step.no_state")
    reason = _written_texts(because)
    if not reason:
        raise KfdeskError("step.reason_missing")
    return _write(desk, row, {"state": state, "skipped_because": reason})


def reopen_step(desk: Session, step: bytes) -> Saved:
    """Take back that a step is done, or does not apply. Raise KfdeskError as `change_step` does."""
    row, _ = _require_step(desk, step)
    return _write(desk, row, {"state": None, "done": None, "done_by": None,
                              "skipped_because": None, "early_because": None})  # fmt: skip


def set_clock(
    desk: Session, step: bytes, began: ZonedTime | None, because: LocalizedText = ()
) -> Saved:
    """Set when the clock of a step began, against what the records tell, and why; None undoes it.

    Raise KfdeskError as `skip_step` does, or `step.in_future`.
    """
    row, _ = _require_step(desk, step)
    reason = _written_texts(because)
    if began is None:
        return _write(desk, row, {"began": None, "began_because": None})
    if not reason:
        raise KfdeskError("step.reason_missing")
    return _write(desk, row, {"began": _past(desk, began), "began_because": reason})


def prolong_step(desk: Session, step: bytes, until: Value, ground: LocalizedText = ()) -> Saved:
    """Write down that a deadline was prolonged to a later day, and on what ground; None undoes it.

    `until` is a date. Raise KfdeskError as `skip_step` does, `step.not_prolonged` for a deadline
    of the law that nobody can prolong, `step.no_deadline`, or `step.not_later`.
    """
    row, plan = _require_step(desk, step)
    if until is None:
        return _write(desk, row, {"extended_until": None, "extension_ground": None})
    reason = _written_texts(ground)
    if not reason:
        raise KfdeskError("step.reason_missing")
    found = _run_step(desk, row, plan)
    record = found.view.record
    if record.clock == "statutory" and not record.prolong:
        raise KfdeskError("step.not_prolonged")
    if not isinstance(found.due, Due):
        raise KfdeskError("step.no_deadline")
    if not isinstance(until, date) or until <= found.due.last_day:
        raise KfdeskError("step.not_later")
    return _write(desk, row, {"extended_until": until, "extension_ground": reason})


# --- going over to another version


def preview_go_over(desk: Session, run: bytes, procedure: bytes) -> RunMapping:
    """Return what going over to another version would do; write nothing.

    Raise KfdeskError `user.not_allowed`, `record.missing` or `procedure.not_active`.
    """
    head, plan = _require_run(desk, run)
    require_reading(desk, plan)
    details = read_procedure(desk, procedure)
    if details.view.record.status != "active":
        raise KfdeskError("procedure.not_active")
    case = read_case_context(desk, plan.rid)
    steps = read_steps(case, head, _steps_of(desk, run))
    decided = tuple(one for one in steps if _is_decided(desk, one.view.record))
    before = tuple(one for one in steps if one not in decided)
    after = _applying(case, before, details)
    changes = compare_steps([one.view.record for one in before], [one.record for one in after])
    return RunMapping(head, details, before, after, changes, decided)


def _is_decided(desk: Session, step: CooperationStep) -> bool:
    """Return whether a step was made from the decision of a case conference."""
    above = desk.store.row(bytes.fromhex(step.step)) if isinstance(step.step, str) else None
    return above is not None and above.type == "conference_decision"


def go_over(desk: Session, seen: RunMapping) -> bytes:
    """Go over to another version as was shown; return the id of the new run.

    The old run is closed and stays as it is. Steps take along how they went, and the clocks of the
    run go on. Raise KfdeskError as `preview_go_over` does, `record.not_ours`,
    `cooperation.closed`, or `cooperation.changed_since` if anything is no longer as it was shown.
    """
    head, plan = _require_run(desk, seen.run.rid)
    require_adding(desk, "cooperation", plan.rid)
    if head.row.custodian != desk.identity.organisation:
        raise KfdeskError("record.not_ours")
    if is_ended(head.record):
        raise KfdeskError("cooperation.closed")
    now = preview_go_over(desk, head.rid, seen.procedure.view.rid)
    if _content(now) != _content(seen):
        raise KfdeskError("cooperation.changed_since")
    with desk.store.transaction():
        _put(desk, head.row, {"closed": zoned_now(desk)})
        kept: dict[str, Value] = {
            key: value for key in ("opened", "coordinator", "person", "note")
            if (value := getattr(head.record, key)) is not None
        }  # fmt: skip
        new = _put_head(desk, plan.rid, seen.procedure, kept)
        for change in now.changes:
            if change.after is not None:
                old = now.before[change.before].view.record if change.before is not None else None
                _put_step(desk, new.rid, now.after[change.after], _carried(old))
        for one in now.decided:
            record = one.view.record
            values = {key: getattr(record, key) for key in ("step", *COPIED_KEYS)}
            whole = {key: value for key, value in values.items() if value is not None}
            row = desk.new_row("cooperation_step", new.rid)
            put_new(desk, row, encode_changes(row.type, {**whole, **_carried(record)}))
    return new.rid


def _applying(
    case: CaseContext, before: tuple[RunStep, ...], details: ProcedureDetails
) -> tuple[RecordView[ProcedureStep], ...]:
    """Return the steps of a version that apply, or that the run has already."""
    facts, had = facts_of(case, details.view.record.country), {one.prefix for one in before}
    return tuple(
        one for one in details.steps
        if applies(one.record, facts) or prefix_of(one.record) in had
    )  # fmt: skip


def _content(mapping: RunMapping) -> tuple[object, ...]:
    """Return all that a mapping shows, for comparison."""
    rows = (one.view.row for one in (*mapping.before, *mapping.decided))
    return (mapping.run.row, *rows, mapping.procedure.view.row, *(o.row for o in mapping.after))


def _carried(step: CooperationStep | None) -> Mapping[str, Value]:
    values = {key: getattr(step, key) for key in _CARRIED_KEYS} if step is not None else {}
    return {key: value for key, value in values.items() if value is not None}


# --- parts


def _require_plan(desk: Session, plan: bytes) -> Row:
    row = require_record(desk, plan)
    if row.type != "plan":
        raise KfdeskError("record.missing")
    return row


def _require_run(desk: Session, run: bytes) -> tuple[RecordView[Cooperation], Row]:
    """Return a run and its plan. Raise KfdeskError `record.missing`."""
    row = require_record(desk, run)
    if row.type != "cooperation":
        raise KfdeskError("record.missing")
    return view(row, Cooperation), _require_plan(desk, row.parent or b"")


def _require_step(desk: Session, step: bytes) -> tuple[Row, Row]:
    """Return a step of an open run that the user may write, and its plan."""
    row = require_record(desk, step)
    if row.type != "cooperation_step":
        raise KfdeskError("record.missing")
    require_editing(desk, row, ("state",))
    head, plan = _require_run(desk, row.parent or b"")
    if is_ended(head.record):
        raise KfdeskError("cooperation.closed")
    return row, plan


def _run_step(desk: Session, row: Row, plan: Row) -> RunStep:
    """Return a step as it stands among the others of its run."""
    head, _ = _require_run(desk, row.parent or b"")
    steps = read_steps(read_case_context(desk, plan.rid), head, _steps_of(desk, head.rid))
    found = next((one for one in steps if one.view.rid == row.rid), None)
    if found is None:
        raise KfdeskError("record.missing")
    return found


def _runs_of(desk: Session, plan: bytes) -> list[RecordView[Cooperation]]:
    seen = (view(row, Cooperation) for row in desk.store.rows_below("cooperation", plan))
    return [one for one in seen if not one.is_deleted]


def _steps_of(desk: Session, run: bytes) -> list[RecordView[CooperationStep]]:
    rows = desk.store.rows_below("cooperation_step", run)
    return [view(row, CooperationStep) for row in rows]


def _put_head(
    desk: Session, plan: bytes, details: ProcedureDetails, values: Mapping[str, Value]
) -> Row:
    record = details.view.record
    said = {key: getattr(record, key) for key in ("title", "version", "country")}
    pinned = {key: value for key, value in said.items() if value is not None}
    row = desk.new_row("cooperation", plan)
    whole = {"procedure": details.view.rid.hex(), **pinned, **values}
    put_new(desk, row, encode_changes("cooperation", whole))
    return row


def _put_step(
    desk: Session, run: bytes, step: RecordView[ProcedureStep], values: Mapping[str, Value]
) -> None:
    said = {key: getattr(step.record, key) for key in COPIED_KEYS}
    copied = {key: value for key, value in said.items() if value is not None}
    row = desk.new_row("cooperation_step", run)
    whole = {"step": step.rid.hex(), **copied, **values}
    put_new(desk, row, encode_changes("cooperation_step", whole))


def _write(desk: Session, row: Row, values: Mapping[str, Value]) -> Saved:
    with desk.store.transaction():
        return _put(desk, row, values)


def _put(desk: Session, row: Row, values: Mapping[str, Value]) -> Saved:
    """Write values of a record; call inside a transaction."""
    return put_changed(desk, row, encode_changes(row.type, values), seen_writes(row))


def _past(desk: Session, at: ZonedTime | None) -> ZonedTime:
    """Return a time that is not in the future; now without one. Raise KfdeskError."""
    now = zoned_now(desk)
    if at is not None and at.utc > now.utc:
        raise KfdeskError("step.in_future")
    return at or now


def _written_texts(text: LocalizedText) -> LocalizedText:
    """Return the translations of a reason that are not empty."""
    return tuple(one for one in text if one.text.strip())


def _closed_at(run: RecordView[Cooperation]) -> tuple[float, bytes]:
    at = run.record.closed
    return (at.utc.timestamp() if isinstance(at, ZonedTime) else 0.0, run.rid)
