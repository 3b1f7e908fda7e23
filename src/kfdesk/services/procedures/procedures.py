# SPDX-License-Identifier: GPL-3.0-or-later
"""Procedures: read them, make the next version, and say which version is in force.

A draft is written by the ordinary services of records. Its custodian alone makes it active, once
nothing in it is undecided; the version that it follows then ends. Nobody changes a version that
was ever in force, so a change is the next version.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kfdesk.domain.accounts import Right
from kfdesk.domain.authority import is_draft
from kfdesk.domain.deadlines import earliest_day
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.network import may_receive_of
from kfdesk.domain.procedures.steps import (
    LAW_FAULTS,
    FoundFault,
    StepFault,
    prefix_key,
    prefix_of,
    step_faults,
)
from kfdesk.domain.procedures.versions import (
    StepChange,
    are_in_force_together,
    compare_steps,
    line_of,
    next_version,
    version_digest,
)
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import RecordView, Row, encode_changes, seen_writes, view
from kfdesk.domain.values import Value, shift_day, text_or_empty
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.records import Saved, put_changed, put_new, require_record
from kfdesk.services.core.session import Session

_STOPS = frozenset({StepFault.NO_NUMBER, StepFault.SAME_NUMBER, StepFault.AFTER_RING})
"""The faults that keep a draft from coming into force; others are told."""
_NOT_COPIED = frozenset({"status", "adopted", "effective_from", "effective_to", "supersedes"})


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """A version of a procedure in a list. `is_ours`: we say what is in force.

    `faults` counts what is wrong in its steps, `laws` the laws that somebody has to read.
    """

    view: RecordView[Procedure]
    steps: int
    is_ours: bool
    custodian: str = ""
    faults: int = 0
    laws: int = 0


@dataclass(frozen=True, slots=True)
class ProcedureDetails:
    """A version with its steps by their numbers, and what is wrong in it.

    `may_write`: it is a draft in which this user may write. `is_as_adopted`: it says here exactly
    what its custodian put into force; None as long as it is a draft.
    """

    view: RecordView[Procedure]
    steps: tuple[RecordView[ProcedureStep], ...]
    faults: tuple[FoundFault, ...]
    is_ours: bool
    may_write: bool
    is_as_adopted: bool | None = None
    overlaps: tuple[RecordView[Procedure], ...] = ()
    """Other versions of its line that are in force on a day on which it is."""


@dataclass(frozen=True, slots=True)
class ProcedureComparison:
    """Two versions side by side, and what became of each step."""

    before: ProcedureDetails
    after: ProcedureDetails
    changes: tuple[StepChange, ...]


def list_procedures(desk: Session) -> tuple[ProcedureLine, ...]:
    """Return the versions of procedures that are here: in force first, then drafts, then others.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    steps: dict[bytes, list[ProcedureStep]] = {}
    for row in desk.store.rows("procedure_step"):
        if not is_deleted(row.state):
            steps.setdefault(row.parent or b"", []).append(view(row, ProcedureStep).record)
    own, names = desk.identity.organisation, _partner_names(desk)
    today = desk.adapters.clock.now().date()
    seen = (view(row, Procedure) for row in desk.store.rows("procedure"))
    lines = [
        ProcedureLine(
            one, len(steps.get(one.rid, ())), one.row.custodian == own,
            names.get(one.row.custodian, ""), *_fault_counts(steps.get(one.rid, ()), today),
        )
        for one in seen if not one.is_deleted
    ]  # fmt: skip
    order = {"active": 0, "draft": 1, "retired": 2}
    return tuple(
        sorted(lines, key=lambda one: (order.get(text_or_empty(one.view.record.status), 1),
                                       _title_key(one.view.record), one.view.rid))
    )  # fmt: skip


def read_procedure(desk: Session, procedure: bytes) -> ProcedureDetails:
    """Return a version with its steps. Raise KfdeskError `user.not_allowed` or `record.missing`."""
    desk.require(*DIRECTORY_READ_RIGHTS)
    row = _require_procedure(desk, procedure)
    seen, steps = view(row, Procedure), _steps_of(desk, procedure)
    own, today = desk.identity.organisation, desk.adapters.clock.now().date()
    is_in = row.custodian == own or may_receive_of(row, desk.circles(), own, "procedures")
    adopted = text_or_empty(seen.record.adopted)
    digest = version_digest(row, [one.row for one in steps])
    return ProcedureDetails(
        seen,
        steps,
        step_faults([one.record for one in steps], today),
        is_ours=row.custodian == own,
        may_write=is_draft(row) and is_in and desk.may(Right.EDIT_DIRECTORY),
        is_as_adopted=None if is_draft(row) else adopted == digest,
        overlaps=_overlapping(desk, seen),
    )


def compare_versions(desk: Session, before: bytes, after: bytes) -> ProcedureComparison:
    """Return two versions side by side. Raise KfdeskError as `read_procedure` does."""
    old, new = read_procedure(desk, before), read_procedure(desk, after)
    changes = compare_steps([one.record for one in old.steps], [one.record for one in new.steps])
    return ProcedureComparison(old, new, changes)


def make_next_version(desk: Session, procedure: bytes) -> bytes:
    """Make a draft that follows a version, with all its steps; return its id.

    Of a partner's version it is our own draft. Raise KfdeskError `user.not_allowed` or
    `record.missing`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    row = _require_procedure(desk, procedure)
    former = view(row, Procedure).record
    taken = {text_or_empty(one.record.version) for one in _line_of(desk, procedure)}
    values = _filled(former, RECORD_TYPES["procedure"].fields.keys() - _NOT_COPIED) | {
        "status": "draft",
        "version": next_version(text_or_empty(former.version), taken),
        "dated": desk.adapters.clock.now().date(),
        "supersedes": procedure.hex(),
    }
    with desk.store.transaction():
        new = desk.new_row("procedure", None)
        put_new(desk, new, encode_changes("procedure", values))
        for step in _steps_of(desk, procedure):
            kept = _filled(step.record, RECORD_TYPES["procedure_step"].fields)
            below = desk.new_row("procedure_step", new.rid)
            put_new(desk, below, encode_changes("procedure_step", kept))
    return new.rid


def activate_procedure(desk: Session, procedure: bytes) -> tuple[Saved, ...]:
    """Put our draft into force; the version of ours that it follows ends the day before.

    Without a day it is in force from today. Return the changes, for one undo. Raise KfdeskError
    `user.not_allowed`, `record.missing`, `record.not_ours`, `record.undecided`,
    `procedure.in_force` if it is no draft, `procedure.no_steps`, `procedure.step_faults`,
    `procedure.version_taken` or `procedure.overlap`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    row = _require_ours(desk, procedure)
    if not is_draft(row):
        raise KfdeskError("procedure.in_force")
    steps, seen = _steps_of(desk, procedure), view(row, Procedure)
    _check_complete(desk, seen, steps)
    begins = earliest_day(seen.record.effective_from) or desk.adapters.clock.now().date()
    with desk.store.transaction():
        done = list(_end_former(desk, seen, begins))
        _check_line(desk, replace(seen, record=replace(seen.record, effective_from=begins)))
        values: dict[str, Value] = {
            "status": "active",
            "effective_from": begins,
            "adopted": version_digest(row, [one.row for one in steps]),
        }
        changes = encode_changes("procedure", values)
        return (*done, put_changed(desk, row, changes, seen_writes(row)))


def retire_procedure(desk: Session, procedure: bytes) -> Saved:
    """End our version today, without another in its place. Runs of it go on as they are.

    Raise KfdeskError `user.not_allowed`, `record.missing`, `record.not_ours` or
    `procedure.not_active`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    row = _require_ours(desk, procedure)
    today, record = desk.adapters.clock.now().date(), view(row, Procedure).record
    last = earliest_day(record.effective_to)
    if record.status != "active":
        raise KfdeskError("procedure.not_active")
    values: dict[str, Value] = {"status": "retired"}
    if last is None or last > today:
        values["effective_to"] = today
    with desk.store.transaction():
        return put_changed(desk, row, encode_changes("procedure", values), seen_writes(row))


# --- parts


def _fault_counts(steps: Sequence[ProcedureStep], today: date) -> tuple[int, int]:
    """Return how much is wrong in these steps, and how many laws somebody has to read."""
    found = step_faults(steps, today)
    laws = sum(one.fault in LAW_FAULTS for one in found)
    return len(found) - laws, laws


def _end_former(desk: Session, seen: RecordView[Procedure], begins: date) -> Iterable[Saved]:
    """End the version of ours that a draft follows, on the day before the draft begins."""
    former = text_or_empty(seen.record.supersedes)
    row = desk.store.row(bytes.fromhex(former)) if former else None
    if row is None or row.type != "procedure" or row.custodian != desk.identity.organisation:
        return
    kept = view(row, Procedure).record
    ends, last = earliest_day(kept.effective_to), shift_day(begins, -1)
    if kept.status != "active":
        return
    values: dict[str, Value] = {}
    if ends is None or ends > last:
        values["effective_to"] = last
    if begins <= desk.adapters.clock.now().date():
        values["status"] = "retired"
    if values:
        yield put_changed(desk, row, encode_changes("procedure", values), seen_writes(row))


def _check_complete(
    desk: Session, seen: RecordView[Procedure], steps: tuple[RecordView[ProcedureStep], ...]
) -> None:
    if not steps:
        raise KfdeskError("procedure.no_steps")
    if seen.conflicts or any(one.conflicts for one in steps):
        raise KfdeskError("record.undecided")
    today = desk.adapters.clock.now().date()
    stops = [one for one in step_faults([s.record for s in steps], today) if one.fault in _STOPS]
    if stops:
        raise KfdeskError("procedure.step_faults")


def _check_line(desk: Session, seen: RecordView[Procedure]) -> None:
    """Refuse a version whose number is taken, or that is in force beside another of ours.

    A version of another organisation that follows or is followed is only told.
    """
    version = text_or_empty(seen.record.version).strip()
    for other in _line_of(desk, seen.rid):
        is_ours = other.row.custodian == desk.identity.organisation
        if other.rid == seen.rid or not is_ours or is_draft(other.row):
            continue
        if version and text_or_empty(other.record.version).strip() == version:
            raise KfdeskError("procedure.version_taken")
        if _are_both_in_force(other.record, seen.record):
            raise KfdeskError("procedure.overlap")


def _overlapping(desk: Session, seen: RecordView[Procedure]) -> tuple[RecordView[Procedure], ...]:
    if seen.record.status != "active":
        return ()
    others = (one for one in _line_of(desk, seen.rid) if one.rid != seen.rid)
    return tuple(one for one in others if _are_both_in_force(one.record, seen.record))


def _are_both_in_force(one: Procedure, other: Procedure) -> bool:
    return one.status == "active" and are_in_force_together(one, other)


def _line_of(desk: Session, procedure: bytes) -> tuple[RecordView[Procedure], ...]:
    """Return the versions that follow each other, with a procedure among them."""
    seen = (view(row, Procedure) for row in desk.store.rows("procedure"))
    everything = [one for one in seen if not one.is_deleted]
    line = line_of(procedure, everything)
    return tuple(one for one in everything if one.rid in line)


def _steps_of(desk: Session, procedure: bytes) -> tuple[RecordView[ProcedureStep], ...]:
    seen = (view(row, ProcedureStep) for row in desk.store.rows_below("procedure_step", procedure))
    present = (one for one in seen if not one.is_deleted)
    return tuple(sorted(present, key=lambda one: (prefix_key(prefix_of(one.record)), one.rid)))


def _require_procedure(desk: Session, rid: bytes) -> Row:
    row = require_record(desk, rid)
    if row.type != "procedure":
        raise KfdeskError("record.missing")
    return row


def _require_ours(desk: Session, rid: bytes) -> Row:
    row = _require_procedure(desk, rid)
    if row.custodian != desk.identity.organisation:
        raise KfdeskError("record.not_ours")
    return row


def _filled(record: object, keys: Iterable[str]) -> dict[str, Value]:
    """Return the values of a record by key, without empty ones."""
    values = {key: getattr(record, key) for key in keys}
    return {key: value for key, value in values.items() if value is not None}


def _partner_names(desk: Session) -> Mapping[bytes, str]:
    own = {desk.identity.organisation: desk.identity.name}
    return own | {one.organisation: one.name for one in desk.store.ledger.partners()}


def _title_key(record: Procedure) -> tuple[str, str]:
    told = record.title if isinstance(record.title, tuple) else ()
    return (told[0].text.casefold() if told else "", text_or_empty(record.version))
