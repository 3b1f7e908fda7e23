# SPDX-License-Identifier: GPL-3.0-or-later
"""A line of a weighing judged: its place in the 5×5 picture and its level, before and after.

What is not known, and what was found and not rated, counts as high until it is cleared. A measure
that failed changes nothing. Knows no plan and no side.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from kfdesk.domain.lists.risk_codes import FOR_CHILDREN, LIKELIHOOD, RISK_CATEGORY, SEVERITY
from kfdesk.domain.records.risk.risk_line import RiskLine
from kfdesk.domain.rows import View

_LIKELIHOODS, _SEVERITIES = tuple(LIKELIHOOD), tuple(SEVERITY)


class RiskLevel(IntEnum):
    """How grave a risk is; its name in small letters is its code in RISK_LEVEL."""

    LOW = 1
    MODERATE = 2
    HIGH = 3
    VERY_HIGH = 4

    @property
    def code(self) -> str:
        """The code by which it has its word."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A place in the picture: both from one to five."""

    likelihood: int
    severity: int

    @property
    def score(self) -> int:
        """One to twenty-five."""
        return self.likelihood * self.severity

    @property
    def level(self) -> RiskLevel:
        """What the score comes to."""
        return level_of(self.score)


@dataclass(frozen=True, slots=True)
class Judged:
    """One side of a line, before or after: its cell if it is rated, and its level.

    `level` is None where nothing was found.
    """

    cell: Cell | None
    level: RiskLevel | None

    @property
    def weight(self) -> tuple[int, int]:
        """By which the worse of two is told."""
        return (self.level or 0, self.cell.score if self.cell else 0)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A category of one weighing, judged."""

    number: int
    category: str
    before: Judged
    after: Judged
    line: View[RiskLine]

    @property
    def is_high(self) -> bool:
        """Whether something must be done against it."""
        return self.before.level is not None and self.before.level >= RiskLevel.HIGH


def level_of(score: int) -> RiskLevel:
    """1–4 low, 5–9 moderate, 10–15 high, 16–25 very high."""
    floors = ((16, RiskLevel.VERY_HIGH), (10, RiskLevel.HIGH), (5, RiskLevel.MODERATE))
    return next((level for floor, level in floors if score >= floor), RiskLevel.LOW)


def cell_of(likelihood: object, severity: object) -> Cell | None:
    """The place of a rating; None while a half of it is missing or not known."""
    if likelihood not in _LIKELIHOODS or severity not in _SEVERITIES:
        return None
    return Cell(_LIKELIHOODS.index(str(likelihood)) + 1, _SEVERITIES.index(str(severity)) + 1)


def is_open(line: View[RiskLine]) -> bool:
    """Whether a question of it waits for an answer; "not known" is one."""
    record = line.record
    if line.conflicts or not isinstance(record.answer, str):
        return True
    is_rated = record.likelihood is not None and record.severity is not None
    return record.answer == "found" and not is_rated


def weighed(line: View[RiskLine]) -> Weighed:
    """The line judged."""
    record = line.record
    category = record.category if isinstance(record.category, str) else ""
    before = _judged(line, cell_of(record.likelihood, record.severity))
    after = cell_of(record.likelihood_after, record.severity_after)
    helps = after is not None and record.mitigation_status != "failed"
    return Weighed(
        number=number_of(category),
        category=category,
        before=before,
        after=_judged(line, after) if helps else before,
        line=line,
    )


def number_of(category: str) -> int:
    """The number of a category in every list and drawing; one that we do not know comes last."""
    known = list(RISK_CATEGORY)
    return known.index(category) + 1 if category in known else len(known) + 1


def asked(*, has_children: bool) -> tuple[str, ...]:
    """The categories that a weighing answers."""
    return tuple(c for c in RISK_CATEGORY if has_children or c != FOR_CHILDREN)


def unanswered(lines: Iterable[View[RiskLine]], *, has_children: bool) -> tuple[str, ...]:
    """The categories that wait for an answer, in their order."""
    found = list(lines)
    done = {line.record.category for line in found if not is_open(line)}
    still = {line.record.category for line in found if is_open(line)}
    return tuple(c for c in asked(has_children=has_children) if c not in done or c in still)


def worse(lines: Iterable[View[RiskLine]]) -> tuple[Weighed, ...]:
    """The worse of all lines of each category, before and after each by itself, by number."""
    by_category: dict[str, list[Weighed]] = {}
    for one in sorted((weighed(line) for line in lines), key=lambda one: one.number):
        by_category.setdefault(one.category, []).append(one)
    return tuple(map(_worst, by_category.values()))


def highest(judged: Iterable[Judged]) -> RiskLevel | None:
    """The gravest level of all; None where nothing was found."""
    return max(_levels(judged), default=None)


def _levels(judged: Iterable[Judged]) -> Iterator[RiskLevel]:
    return (one.level for one in judged if one.level is not None)


def _worst(lines: list[Weighed]) -> Weighed:
    before = max(lines, key=lambda one: one.before.weight)
    after = max(lines, key=lambda one: one.after.weight)
    return Weighed(before.number, before.category, before.before, after.after, before.line)


def _judged(line: View[RiskLine], cell: Cell | None) -> Judged:
    """Its level, which nothing but an answer makes lower than high."""
    if line.record.answer == "nothing_found" and not line.conflicts:
        return Judged(None, None)
    is_known = line.record.answer == "found" and not line.conflicts and cell is not None
    if cell is None:
        return Judged(None, RiskLevel.HIGH)
    return Judged(cell, cell.level if is_known else max(RiskLevel.HIGH, cell.level))
