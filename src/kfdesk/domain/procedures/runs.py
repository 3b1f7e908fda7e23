# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs: how the steps of a cooperation stand, by what people wrote and what records show.

A step whose proof is there is done, whatever its state says. A step waits for those that it
follows. A run has copies of all that it needs, so that the procedure may be gone. Its steps are
those of whoever answers for it: what another puts below it moves no deadline and hides none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kfdesk.domain.procedures.clocks import (
    ClockFault,
    ClockNote,
    Due,
    DueReason,
    Events,
    NotDue,
    Override,
    depends_on_rest_days,
    due,
)
from kfdesk.domain.procedures.events import (
    DONE,
    SETTLED_STATES,
    Proof,
    events_of,
    facts_of,
    is_reflection_end_computed,
    lacks_consent,
    proof_of,
)
from kfdesk.domain.procedures.holidays import are_holidays_known, rest_days_of
from kfdesk.domain.procedures.steps import (
    MAX_STEPS,
    StepDoubt,
    doubt_of,
    followed_by,
    prefix_key,
    prefix_of,
    steps_in_ring,
)
from kfdesk.domain.records.cooperation import Cooperation, CooperationStep
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import writes_by_field
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.gates import CaseContext

_STATE_ID = RECORD_TYPES["cooperation_step"].ids["state"]


@dataclass(frozen=True, slots=True)
class RunStep:
    """A step of a run: its record, its deadline, its proof, and the open steps that it follows.

    `lacks_consent`: it needs a consent of the client that does not stand today. `doubt`: why it is
    not clear whether it applies.
    """

    view: RecordView[CooperationStep]
    due: Due | NotDue
    proof: Proof | None = None
    waits_for: tuple[str, ...] = ()
    lacks_consent: bool = False
    doubt: StepDoubt | None = None

    @property
    def prefix(self) -> str:
        """The number of the step."""
        return prefix_of(self.view.record)

    @property
    def state(self) -> str:
        """The code of its state: done if its proof is there; empty if nothing has begun."""
        state = self.view.record.state
        return DONE if self.proof is not None else state if isinstance(state, str) else ""

    @property
    def is_settled(self) -> bool:
        """True if nothing is to be done in it any more."""
        return self.state in SETTLED_STATES

    @property
    def written_by(self) -> str:
        """The author of its state: initials and organisation; empty if nobody wrote it."""
        writes = writes_by_field(self.view.row.state).get(_STATE_ID, ())
        return max(writes, key=lambda one: one.hlc).author if writes else ""


def read_steps(
    case: CaseContext,
    run: RecordView[Cooperation],
    steps: Iterable[RecordView[CooperationStep]],
) -> tuple[RunStep, ...]:
    """Return the steps of a run as they stand today, by their numbers; deleted ones are left out.

    A step of another custodian than the run's is none: others answer in steps and add none. Nor
    does a legal matter of a third organisation prove a step or move a clock. The rest days are
    those of the run's country.
    """
    whose = run.row.custodian
    believed = (case.ours, whose)
    legal = tuple(one for one in case.legal if one.row.custodian in believed)
    case = replace(case, legal=legal)
    present = sorted(
        (one for one in steps if one.row.custodian == whose and not one.is_deleted),
        key=lambda one: (prefix_key(prefix_of(one.record)), one.rid),
    )[:MAX_STEPS]
    events = events_of(case, run.record, present)
    records = [one.record for one in present]
    ring, known = steps_in_ring(records), {prefix_of(one) for one in records}
    proofs = {one.rid: proof_of(one.record, case) for one in present}
    open_ones = {
        prefix_of(one.record) for one in present
        if proofs[one.rid] is None and one.record.state not in SETTLED_STATES
    }  # fmt: skip
    today, country = case.at.date(), run.record.country
    facts, is_computed = facts_of(case, country), is_reflection_end_computed(case)
    return tuple(
        RunStep(
            one,
            _with_reading(
                _deadline(one.record, events, ring, known, (country, today)),
                is_computed=is_computed and one.record.event == "reflection_ends",
            ),
            proofs[one.rid],
            tuple(number for number in followed_by(one.record) if number in open_ones),
            lacks_consent(one.record, case),
            doubt_of(one.record, facts),
        )
        for one in present
    )


def _with_reading(found: Due | NotDue, *, is_computed: bool) -> Due | NotDue:
    """Return a deadline that says how its period was counted, if no decision tells its end."""
    if not is_computed or isinstance(found, NotDue) or found.because is not DueReason.PERIOD_ENDS:
        return found
    notes = (*found.notes, ClockNote.EARLIER_READING)
    return replace(found, because=DueReason.COUNTED, notes=notes)


def _deadline(
    step: CooperationStep,
    events: Events,
    ring: frozenset[str],
    known: set[str],
    where: tuple[object, date],
) -> Due | NotDue:
    """Return the deadline of a step; `where` is the country and the local date."""
    country, today = where
    if prefix_of(step) in ring:
        return NotDue(ClockFault.ORDER)
    starts = step.event_step.strip() if isinstance(step.event_step, str) else ""
    if step.event == "step_done" and starts and starts not in known and step.began is None:
        return NotDue(ClockFault.STEP_MISSING, starts)
    said = Override(step.began, step.extended_until)
    found = due(step, events, rest_days_of(country), said, today)
    if isinstance(found, NotDue) or found.because is DueReason.PROLONGED:
        return found
    if are_holidays_known(country) or not depends_on_rest_days(step):
        return found
    return replace(found, notes=(*found.notes, ClockNote.HOLIDAYS_UNKNOWN))


def is_ended(run: Cooperation) -> bool:
    """Return whether a run has ended: an end that is no time ends nothing."""
    return isinstance(run.closed, ZonedTime)


def open_run(
    runs: Iterable[RecordView[Cooperation]], custodian: bytes
) -> RecordView[Cooperation] | None:
    """Return the run of a plan that is open.

    Two desks may each have begun one before they knew of each other. Then that of the plan's
    custodian counts, else the one that began first.
    """
    found = [one for one in runs if not one.is_deleted and not is_ended(one.record)]
    return min(found, key=lambda one: (one.row.custodian != custodian, *_opened(one)), default=None)


def _opened(run: RecordView[Cooperation]) -> tuple[float, bytes]:
    at = run.record.opened
    return (at.utc.timestamp() if isinstance(at, ZonedTime) else float("inf"), run.rid)


def next_deadline(steps: Sequence[RunStep]) -> RunStep | None:
    """Return the open step with the earliest deadline, a statutory one first on the same day."""
    waiting = [one for one in steps if not one.is_settled and isinstance(one.due, Due)]
    order = {one.view.rid: deadline_order(one) for one in waiting}
    return min(
        waiting, key=lambda one: (order[one.view.rid][1], *order[one.view.rid]), default=None
    )


def deadline_order(step: RunStep) -> tuple[bool, date, tuple[int, str]]:
    """Return the key by which deadlines are sorted: statutory first, then by day and number."""
    last = step.due.last_day if isinstance(step.due, Due) else date.max
    kind = step.due.kind if isinstance(step.due, Due) else ""
    return kind != "statutory", last, prefix_key(step.prefix)
