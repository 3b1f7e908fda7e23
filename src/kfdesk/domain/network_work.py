# SPDX-License-Identifier: GPL-3.0-or-later
"""The network at work: where its records stand, what makes no sense, and what is due.

A meeting, agreement, project or activity is the record of whichever member made it, and stands
below its network. What stands nowhere, or below something else, is nobody's but ours. Pure
functions without a store.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from kfdesk.domain.network import first_possible_day, last_possible_day
from kfdesk.domain.records.network import Agreement, ConferenceDecision, Decision, Project
from kfdesk.domain.records.registry import rules_for, types_that
from kfdesk.domain.rows import RecordView, Row, view_any
from kfdesk.domain.rules import Family
from kfdesk.domain.values import ZonedTime, shift_day

WORK_TYPES = types_that(lambda rules: rules.family is Family.WORK)
WORK_HEADS = types_that(lambda rules: rules.family is Family.WORK and rules.is_head)

AGREEMENT_NOTICE_DAYS = 60
"""So many days before its end an agreement stands on Today."""
_AGREEMENT_DAYS_AFTER = 30
"""So many days after its end it still does."""
_HLC_BITS = 16
_CURRENCY = re.compile(r"[A-Z]{3}")
"""The form of ISO 4217."""


# --- where a record stands


def is_work(record_type: str) -> bool:
    """Return whether records of a type are of a network's work."""
    return rules_for(record_type).family is Family.WORK


def is_conference(record_type: str) -> bool:
    """Return whether a record is a meeting about a client, or part of one."""
    return record_type == "case_conference" or "case_conference" in rules_for(record_type).below


def work_line(row: Row, rows: Mapping[bytes, Row]) -> tuple[Row, ...]:
    """Return a record of the work and those above it, its network last; empty without one."""
    line = [row]
    while is_work(line[-1].type):
        above = rows.get(line[-1].parent or b"")
        if above is None or above.type not in rules_for(line[-1].type).below:
            return ()
        line.append(above)
    return tuple(line)


def has_begun_before(head: Row, day: date) -> bool:
    """Return whether a meeting, agreement, project or activity may have begun before a day.

    Without a day of its own it began when its oldest value was written. A day in conflict counts
    as before.
    """
    key, _ = rules_for(head.type).span or ("", "")
    seen = view_any(head)
    if key in seen.conflicts:
        return True
    began = getattr(seen.record, key)
    if isinstance(began, ZonedTime):
        return began.wall.date() < day
    written = min((save.hlc for save in head.state.saves), default=0) >> _HLC_BITS
    written_on = datetime.fromtimestamp(written / 1000, UTC).date()
    return first_possible_day(began, written_on) < day


# --- what makes no sense


class WorkFault(StrEnum):
    """The contradictions that a record of the work can have."""

    ENDS_EARLY = "ends_early"
    NEGATIVE = "negative"
    NOT_A_CURRENCY = "not_a_currency"
    NO_CURRENCY = "no_currency"


def work_fault(seen: RecordView[Any]) -> tuple[WorkFault, str] | None:
    """Return what makes no sense in a record, and the key of its field; None if nothing."""
    record, name = seen.record, seen.row.type
    rules = rules_for(name)
    if rules.span is not None:
        first, last = rules.span
        if _ends_early(getattr(record, first), getattr(record, last)):
            return WorkFault.ENDS_EARLY, last
    for key in rules.counts:
        value = getattr(record, key)
        if isinstance(value, int) and value < 0:
            return WorkFault.NEGATIVE, key
    return _money_fault(record) if name == "project" else None


def _money_fault(project: Project) -> tuple[WorkFault, str] | None:
    currency = project.currency
    if isinstance(currency, str):
        is_known = _CURRENCY.fullmatch(currency) is not None
        return None if is_known else (WorkFault.NOT_A_CURRENCY, "currency")
    return (WorkFault.NO_CURRENCY, "budget") if isinstance(project.budget, int) else None


def _ends_early(first: object, last: object) -> bool:
    """Return whether an end surely lies before its beginning."""
    if isinstance(first, ZonedTime) and isinstance(last, ZonedTime):
        return last.utc < first.utc
    return last_possible_day(last, date.max) < first_possible_day(first, date.min)


# --- what is due


def is_decision_open(seen: RecordView[Decision] | RecordView[ConferenceDecision]) -> bool:
    """Return whether something is still to do for a decision; only proposed is not decided."""
    record = seen.record
    is_done = record.state in ("done", "dropped", "proposed")
    is_done_here = isinstance(record, Decision) and record.done_here is not None
    return not (seen.is_deleted or is_done or is_done_here)


def agreement_end(seen: RecordView[Agreement]) -> date | None:
    """Return the last day of an agreement, the first that it may mean; None without an end."""
    last = first_possible_day(seen.record.valid_until, date.max)
    return None if last == date.max else last


def is_agreement_ending(seen: RecordView[Agreement], today: date) -> bool:
    """Return whether an agreement ends within 60 days, or has ended within the last 30."""
    last = agreement_end(seen)
    if seen.is_deleted or last is None:
        return False
    return (
        shift_day(today, -_AGREEMENT_DAYS_AFTER) <= last <= shift_day(today, AGREEMENT_NOTICE_DAYS)
    )


def is_in_force(seen: RecordView[Agreement], today: date) -> bool:
    """Return whether an agreement holds today; a day in conflict counts as not."""
    if seen.is_deleted or seen.conflicts & {"begins", "valid_until", "kind"}:
        return False
    begins = last_possible_day(seen.record.begins, date.min)
    return begins <= today <= first_possible_day(seen.record.valid_until, date.max)


def transfer_tools(
    agreements: Iterable[RecordView[Agreement]], today: date
) -> Mapping[bytes, bool]:
    """Return for each partner with an agreement named as its transfer tool if one is in force.

    The tool of GDPR article 46 is an agreement about the sharing of personal data.
    """
    found: dict[bytes, bool] = {}
    for seen in agreements:
        values = [one.value for one in seen.versions.get("covers", ())] or [seen.record.covers]
        holds = len(values) == 1 and seen.record.kind == "data_sharing" and is_in_force(seen, today)
        for value in values:
            if isinstance(value, str):
                partner = bytes.fromhex(value)
                found[partner] = found.get(partner, False) or holds
    return found
