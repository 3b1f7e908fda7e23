# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers of procedures and of the cooperation in a plan: their rows, and what prevents them.

Those of a procedure are about no client. The sheet of a cooperation has her code and no name, and
stays at the desk. This module draws nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers import CONTENTS, StepStanding
from kfdesk.domain.procedures.clocks import Due
from kfdesk.domain.procedures.events import DONE
from kfdesk.domain.procedures.runs import RunStep
from kfdesk.domain.records.directory import Contact, Phone
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import Row, view, view_any
from kfdesk.domain.values import ZonedTime, text_in_language
from kfdesk.services.core.records import require_record
from kfdesk.services.core.session import Session
from kfdesk.services.papers.case_fields import code_word_fields, referenced_names
from kfdesk.services.papers.inputs import PaperInputs
from kfdesk.services.plans.plans import Case, visible_case
from kfdesk.services.procedures.runs import Run, read_run

_TOLD = frozenset({"title"})
"""Texts that are printed in the language of the paper, else in another that they have."""


def gather_procedure(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather a procedure with its steps. Its papers stay here, or go to whom a person hands them.

    Raise KfdeskError `record.missing`.
    """
    ours = desk.identity.organisation
    return PaperInputs(_rows(desk, order), (), Recipient(RecipientKind.OWN, ours), ours)


def procedure_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield a fault if there is no step, and one if a printed field has several values."""
    rows, keys = _rows(desk, order), CONTENTS[order.paper]
    if len(rows) < 2:
        yield KfdeskError("paper.no_steps")
    if any(view_any(row).conflicts & keys.get(row.type, frozenset()) for row in rows):
        yield KfdeskError("procedure.undecided")


def procedure_warnings(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield each kind of text that is printed in another language, as it lacks the paper's."""
    missing = {
        f"{row.type}.{key}"
        for row in _rows(desk, order)
        for key in _TOLD
        if isinstance(told := getattr(view_any(row).record, key), tuple)
        and not text_in_language(told, order.language)
    }
    for path in sorted(missing):
        yield KfdeskError("paper.not_in_language", field=path, language=order.language)


def _rows(desk: Session, order: PaperRequest) -> tuple[Row, ...]:
    """Return the procedure and its steps that are not in the bin."""
    steps = (one for one in desk.store.children(order.subject) if one.type == "procedure_step")
    return (
        require_record(desk, order.subject),
        *(one for one in steps if not is_deleted(one.state)),
    )


# --- the cooperation in a plan

_CALLED_KEYS = ("led_by", "person", "stand_in")


def gather_cooperation(desk: Session, order: PaperRequest) -> PaperInputs:
    """Gather the open cooperation of a plan, how its steps stand, and whom to call. It stays here.

    Raise KfdeskError `record.missing` or `user.not_allowed`.
    """
    run = _open_run(desk, order)
    case = _with_steps(desk, order, run)
    rows = (*case.rows, *_called(desk, case))
    ours = desk.identity.organisation
    return PaperInputs(
        rows, case.consents, Recipient(RecipientKind.OWN, ours), ours, referenced_names(desk, rows),
        standings={one.view.rid: _step_state(one) for one in run.steps} if run is not None else {},
    )  # fmt: skip


def cooperation_obstacles(desk: Session, order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield a fault if no cooperation is open, and each field with the code word.

    A conflict prevents nothing: the sheet shows both values.
    """
    run = _open_run(desk, order)
    if run is None:
        yield KfdeskError("paper.no_cooperation")
    for path in code_word_fields(_with_steps(desk, order, run), CONTENTS[order.paper]):
        yield KfdeskError("paper.code_word", field=path)


def _open_run(desk: Session, order: PaperRequest) -> Run | None:
    run = read_run(desk, order.subject)
    is_closed = run is not None and isinstance(run.view.record.closed, ZonedTime)
    return None if is_closed else run


def _with_steps(desk: Session, order: PaperRequest, run: Run | None) -> Case:
    """Return the client and the plan with a cooperation and its steps, and nothing else below."""
    case = visible_case(desk, order.subject)
    below = (run.view.row, *(one.view.row for one in run.steps)) if run is not None else ()
    return replace(case, below=below)


def _step_state(step: RunStep) -> StepStanding:
    last: date | datetime | None = None
    if isinstance(step.due, Due):
        moment = step.due.moment
        last = moment.wall if moment is not None else step.due.last_day
    return StepStanding(last, step.state == DONE)


def _called(desk: Session, case: Case) -> Iterator[Row]:
    """Yield the contacts and organisations of the steps, with telephones that may be called."""
    named = [
        value
        for step in map(view_any, case.of("cooperation_step"))
        for key in _CALLED_KEYS
        for value in (
            getattr(step.record, key),
            *(one.value for one in step.versions.get(key, ())),
        )
    ]
    for reference in dict.fromkeys(one for one in named if isinstance(one, str)):
        row = desk.store.row(bytes.fromhex(reference))
        if row is None or is_deleted(row.state):
            continue
        yield row
        house = view(row, Contact).record.organisation if row.type == "contact" else reference
        if isinstance(house, str):
            yield from _phones(desk, bytes.fromhex(house))


def _phones(desk: Session, organisation: bytes) -> Iterator[Row]:
    """Yield the telephones of an organisation, but those that may not be called about a client."""
    for row in desk.store.children(organisation):
        is_phone = row.type == "phone" and not is_deleted(row.state)
        if is_phone and view(row, Phone).record.is_safe is not False:
            yield row
