# SPDX-License-Identifier: GPL-3.0-or-later
"""Two adults who travel together: two plans that name each other, and nothing else in common.

Each has a client, consents, documents and papers of her own. The legs are copied once, as a
proposal: planned, without a booking, and without who meets her. Afterwards each plan goes its own
way. Of the other one is shown only what she has agreed to show (`together_shows`), and that she no
longer travels. Then this plan stays as it is. Neither field ever leaves this desk.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from kfdesk.domain.codes.core import LEG_OFF
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import RecordView, Row, encode_changes, seen_writes, view
from kfdesk.domain.values import Value
from kfdesk.domain.workflow.gates import REOPENABLE_STATES, is_read_only
from kfdesk.services.core.authorization import may_read, require_editing, require_reading
from kfdesk.services.core.records import (
    Saved,
    client_code,
    is_in_bin,
    put_changed,
    put_new,
    require_record,
)
from kfdesk.services.core.session import Session
from kfdesk.services.plans.lines import PlanLine
from kfdesk.services.plans.plans import case_of, list_plans

_PROPOSED_KEYS = (
    "sequence", "mode", "carrier", "from_place", "from_stop", "departs", "to_place", "to_stop",
    "arrives",
)  # fmt: skip
"""The fields that a proposed leg takes over: the timetable alone."""
_COMPARED_KEYS = ("carrier", "from_place", "departs", "to_place", "arrives")
_SHOWS_WHO, _SHOWS_JOURNEY = "who", "journey"


class TogetherChange(StrEnum):
    """A change of the other journey."""

    GONE = "gone"
    CALLED_OFF = "called_off"
    PARTED = "parted"
    OTHER_LEGS = "other_legs"


@dataclass(frozen=True, slots=True)
class Together:
    """The other plan as this one may show it.

    `code` is the other client's; empty unless she shows who she is, and the user may read her plan.
    `changes` is what has changed there; of her legs only if she shows her journey.
    """

    rid: bytes
    code: str = ""
    changes: tuple[TogetherChange, ...] = ()


def read_together(desk: Session, plan: bytes) -> Together | None:
    """Return with whom a client travels; None for nobody, or while it is in conflict.

    Raise KfdeskError `record.missing` or `user.not_allowed`.
    """
    row = require_record(desk, plan)
    require_reading(desk, row)
    named = view(row, Plan).record.together_with
    if not isinstance(named, str):
        return None
    other = desk.store.row(bytes.fromhex(named))
    if other is None or other.type != "plan" or is_in_bin(desk, other):
        return Together(bytes.fromhex(named), changes=(TogetherChange.GONE,))
    shows = view(other, Plan).record.together_shows
    told = shows if isinstance(shows, tuple) and may_read(desk, other) else ()
    code = client_code(desk, other) if _SHOWS_WHO in told else ""
    return Together(other.rid, code, tuple(_changes(desk, row, other, told)))


def together_candidates(desk: Session, plan: bytes) -> tuple[PlanLine, ...]:
    """Return the plans that the user may read and that this one can be put together with.

    Raise KfdeskError `record.missing` or `user.not_allowed`.
    """
    row = require_record(desk, plan)
    require_reading(desk, row)
    return tuple(
        line
        for line in list_plans(desk)
        if line.client != row.parent and line.state not in REOPENABLE_STATES
        and _is_free(desk, require_record(desk, line.rid), row)
    )  # fmt: skip


def join_plans(desk: Session, plan: bytes, other: bytes) -> tuple[Saved, ...]:
    """Put two plans together, and propose the legs of the one to the other if that has none.

    Raise KfdeskError `together.same_client`, `together.taken` if one of them travels with somebody
    else, `together.ended`, `plan.held`, `record.missing`, `record.deleted` or `user.not_allowed`.
    """
    rows = tuple(require_record(desk, rid) for rid in (plan, other))
    for row in rows:
        require_editing(desk, row)
        _check_plan(desk, row)
    one, second = rows
    if one.parent == second.parent:
        raise KfdeskError("together.same_client")
    if not (_is_free(desk, one, second) and _is_free(desk, second, one)):
        raise KfdeskError("together.taken")
    with desk.store.transaction():
        done = [_name(desk, row, named.rid.hex()) for row, named in (rows, rows[::-1])]
        done += _propose_legs(desk, one, second)
    return tuple(done)


def part_plans(desk: Session, plan: bytes) -> Saved:
    """Let a client travel without the other one; both journeys stay as they are.

    The other plan says then what has changed. Raise KfdeskError `plan.read_only`, `plan.held`,
    `record.missing` or `user.not_allowed`.
    """
    row = require_record(desk, plan)
    require_editing(desk, row)
    with desk.store.transaction():
        return _name(desk, row, None)


def _check_plan(desk: Session, row: Row) -> None:
    if row.type != "plan":
        raise KfdeskError("record.missing")
    if is_in_bin(desk, row):
        raise KfdeskError("record.deleted")
    if is_read_only(view(row, Plan).record.state):
        raise KfdeskError("together.ended")


def _is_free(desk: Session, row: Row, other: Row) -> bool:
    """Return whether a plan is together with nobody else who still travels with it."""
    named = view(row, Plan).record.together_with
    if not isinstance(named, str) or named == other.rid.hex():
        return True
    before = desk.store.row(bytes.fromhex(named))
    return before is None or before.type != "plan" or _has_left(before, row)


def _has_left(other: Row, row: Row) -> bool:
    record = view(other, Plan).record
    return record.together_with != row.rid.hex() or record.state in REOPENABLE_STATES


def _name(desk: Session, row: Row, named: str | None) -> Saved:
    changes = encode_changes("plan", {"together_with": named})
    return put_changed(desk, row, changes, seen_writes(row))


def _legs(desk: Session, plan: Row) -> tuple[RecordView[Leg], ...]:
    legs = case_of(desk, plan).views(Leg, "leg")
    return tuple(leg for leg in legs if leg.record.status not in LEG_OFF)


def _propose_legs(desk: Session, one: Row, second: Row) -> Iterator[Saved]:
    """Copy the legs of the plan that has some to the plan that has none."""
    legs = {row.rid: _legs(desk, row) for row in (one, second)}
    for giver, taker in ((one, second), (second, one)):
        if legs[giver.rid] and not legs[taker.rid]:
            for leg in legs[giver.rid]:
                kept = {key: getattr(leg.record, key) for key in _PROPOSED_KEYS}
                values: dict[str, Value] = {**kept, "status": "planned"}
                told = {key: value for key, value in values.items() if value is not None}
                new = desk.new_row("leg", taker.rid)
                yield put_new(desk, new, encode_changes("leg", told))


def _changes(
    desk: Session, row: Row, other: Row, told: tuple[str, ...]
) -> Iterator[TogetherChange]:
    theirs = view(other, Plan).record
    if theirs.state in REOPENABLE_STATES:
        yield TogetherChange.CALLED_OFF
    elif theirs.together_with != row.rid.hex():
        yield TogetherChange.PARTED
    elif _SHOWS_JOURNEY in told and _timetable(desk, row) != _timetable(desk, other):
        yield TogetherChange.OTHER_LEGS


def _timetable(desk: Session, plan: Row) -> list[tuple[object, ...]]:
    return [tuple(getattr(leg.record, key) for key in _COMPARED_KEYS) for leg in _legs(desk, plan)]
