# SPDX-License-Identifier: GPL-3.0-or-later
"""Steps: their order, which of them apply, and what is wrong in a procedure.

A number such as `6b` is the order and the name of a step at once. What is wrong is told and the
step kept: a partner's desk may be newer, and somebody may be typing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache

from kfdesk.domain.codes.procedures import PROCEDURE_ACTORS, STEP_APPLIES
from kfdesk.domain.procedures.clocks import ClockFault, ClockStep, clock_fault, warning_days
from kfdesk.domain.records.cooperation import CooperationStep
from kfdesk.domain.records.procedures import ProcedureStep
from kfdesk.domain.values import shift_day, text_or_empty

AnyStep = ProcedureStep | CooperationStep

MAX_STEPS = 200
"""Steps of a procedure that are looked at; the shipped one has 22."""
_MAX_AFTER = 50
_PARTS = re.compile(r"([0-9]{0,6})(.*)", re.ASCII | re.DOTALL)
_LAW_GROWS_OLD = 365
_AXES = (
    frozenset({"adult", "child"}), frozenset({"no_permit"}),
    frozenset({"eu_citizen", "third_country"}), frozenset({"wants_return", "stays"}),
    frozenset({"investigation_open"}),
)  # fmt: skip
"""Codes of STEP_APPLIES that answer one question: any of them is enough."""


class StepDoubt(StrEnum):
    """Reason why it is not clear whether a step applies; it is shown with its doubt."""

    FREE_MOVEMENT = "free_movement"
    """The law says "an alien". No counsel has said what that means for a citizen of the EEA."""
    CITIZENSHIP = "citizenship"
    """The client's citizenship is not known."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The codes of STEP_APPLIES that hold for a plan, and those that may hold, each with why."""

    hold: frozenset[str]
    unclear: Mapping[str, StepDoubt] = field(default_factory=dict)


class StepFault(StrEnum):
    """Fault of a step; it is kept, and its clock is off if that depends on it."""

    NO_NUMBER = "no_number"
    SAME_NUMBER = "same_number"
    AFTER_MISSING = "after_missing"
    """It follows a step that is not there."""
    AFTER_RING = "after_ring"
    """It follows itself, through others or at once."""
    START_MISSING = "start_missing"
    """No step has the number of the step that starts its clock."""
    UNKNOWN_CODE = "unknown_code"
    """A code of a newer program, which is kept."""
    BAD_WARNING = "bad_warning"
    AMOUNT = "amount"
    UNIT = "unit"
    LAW_NOT_READ = "law_not_read"
    """It names a law, and nobody wrote down that it was read."""
    LAW_OLD = "law_old"
    """The law was read more than a year ago."""


LAW_FAULTS = frozenset({StepFault.LAW_NOT_READ, StepFault.LAW_OLD})
"""The faults that are no errors in a step: someone has to read its law."""


@dataclass(frozen=True, slots=True)
class FoundFault:
    """A fault of the step with this number, and the word that it is about."""

    prefix: str
    fault: StepFault
    about: str = ""


_CLOCK_FAULTS: Mapping[ClockFault, StepFault] = {
    ClockFault.UNKNOWN_EVENT: StepFault.UNKNOWN_CODE,
    ClockFault.UNKNOWN_UNIT: StepFault.UNKNOWN_CODE,
    ClockFault.UNIT_MISSING: StepFault.UNIT,
    ClockFault.AMOUNT_MISSING: StepFault.AMOUNT,
    ClockFault.AMOUNT_OUT_OF_RANGE: StepFault.AMOUNT,
    ClockFault.STEP_MISSING: StepFault.START_MISSING,
}


@lru_cache(maxsize=1024)
def prefix_key(prefix: str) -> tuple[int, str]:
    """Return the key by which numbers are sorted: `4`, `4a`, `4b`, `10`; without a digit last."""
    match = _PARTS.fullmatch(prefix.strip())
    number, rest = match.groups() if match is not None else ("", prefix)
    return int(number) if number else 10**6, rest.casefold()


def prefix_of(step: AnyStep) -> str:
    """Return the number of a step; empty without one."""
    return text_or_empty(step.prefix).strip()


def in_order(steps: Iterable[AnyStep]) -> list[AnyStep]:
    """Return steps sorted by their numbers."""
    return sorted(steps, key=lambda step: prefix_key(prefix_of(step)))


def followed_by(step: AnyStep) -> tuple[str, ...]:
    """Return the numbers of the steps that a step follows; at most fifty are read."""
    return _numbers_in(text_or_empty(step.after))


@lru_cache(maxsize=1024)
def _numbers_in(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(",", " ").split()[:_MAX_AFTER]))


def applies(step: AnyStep, facts: CaseFacts) -> bool:
    """Return whether a step applies to a case, or may apply.

    Of the codes that answer one question any is enough, and each question must be answered. A code
    that is not known here excludes nobody, and neither does a doubt.
    """
    wanted, may_hold = _conditions(step), facts.hold | facts.unclear.keys()
    return all(not axis & wanted or axis & wanted & may_hold for axis in _AXES)


def doubt_of(step: AnyStep, facts: CaseFacts) -> StepDoubt | None:
    """Return why it is not clear whether a step applies; None if it is clear."""
    wanted = _conditions(step)
    for axis in _AXES:
        asked = axis & wanted
        if asked and not asked & facts.hold:
            doubts = (facts.unclear[code] for code in sorted(asked) if code in facts.unclear)
            if (found := next(doubts, None)) is not None:
                return found
    return None


def _conditions(step: AnyStep) -> frozenset[str]:
    return frozenset(step.applies) if isinstance(step.applies, tuple) else frozenset()


def steps_in_ring(steps: Sequence[AnyStep]) -> frozenset[str]:
    """Return the numbers of the steps that follow themselves, through others or at once."""
    after = {prefix_of(step): set(followed_by(step)) for step in steps[:MAX_STEPS]}
    left = {prefix: before & after.keys() for prefix, before in after.items()}
    while free := [prefix for prefix, before in left.items() if not before]:
        for prefix in free:
            del left[prefix]
        left = {prefix: before.difference(free) for prefix, before in left.items()}
    return frozenset(prefix for prefix in left if _reaches(prefix, left))


def _reaches(prefix: str, after: Mapping[str, set[str]]) -> bool:
    """Return whether one comes from a step back to it."""
    seen: set[str] = set()
    wanted = set(after[prefix])
    while wanted:
        if prefix in wanted:
            return True
        seen |= wanted
        wanted = set[str]().union(*(after.get(one, ()) for one in wanted)) - seen
    return False


def step_faults(steps: Sequence[AnyStep], today: date) -> tuple[FoundFault, ...]:
    """Return what is wrong in the steps of a procedure, by their order."""
    steps = in_order(steps)[:MAX_STEPS]
    numbers = Counter(map(prefix_of, steps))
    ring = steps_in_ring(steps)
    return tuple(
        FoundFault(prefix_of(step), fault, about)
        for step in steps
        for fault, about in _faults_of(step, numbers, ring, today)
    )


def _faults_of(
    step: AnyStep, numbers: Counter[str], ring: frozenset[str], today: date
) -> Iterator[tuple[StepFault, str]]:
    prefix = prefix_of(step)
    if not prefix:
        yield StepFault.NO_NUMBER, ""
    elif numbers[prefix] > 1:
        yield StepFault.SAME_NUMBER, prefix
    if prefix in ring:
        yield StepFault.AFTER_RING, prefix
    yield from ((StepFault.AFTER_MISSING, one) for one in followed_by(step) if one not in numbers)
    yield from _clock_faults(step, numbers)
    yield from ((StepFault.UNKNOWN_CODE, code) for code in _unknown_codes(step))
    if text_or_empty(step.law) and not isinstance(step.law_read, date):
        yield StepFault.LAW_NOT_READ, text_or_empty(step.law)
    elif isinstance(step.law_read, date) and step.law_read < shift_day(today, -_LAW_GROWS_OLD):
        yield StepFault.LAW_OLD, text_or_empty(step.law)


def _clock_faults(step: ClockStep, numbers: Counter[str]) -> Iterator[tuple[StepFault, str]]:
    found = clock_fault(step)
    if found is not None and found.fault in _CLOCK_FAULTS:
        yield _CLOCK_FAULTS[found.fault], found.waits_for
    starts = text_or_empty(step.event_step).strip()
    if step.event == "step_done" and starts and starts not in numbers:
        yield StepFault.START_MISSING, starts
    days, is_read = warning_days(step.warn)
    is_short = (
        isinstance(step.amount, int) and step.unit == "d" and any(day > step.amount for day in days)
    )
    if not is_read or is_short:
        yield StepFault.BAD_WARNING, text_or_empty(step.warn)[:40]


def _unknown_codes(step: AnyStep) -> Iterator[str]:
    actors = [code for code in (step.lead, step.deputy, step.pays) if isinstance(code, str)]
    for several in (step.takes_part, step.informs):
        actors += several if isinstance(several, tuple) else ()
    yield from (code for code in dict.fromkeys(actors) if code not in PROCEDURE_ACTORS)
    wanted = step.applies if isinstance(step.applies, tuple) else ()
    yield from (code for code in wanted if code not in STEP_APPLIES)
