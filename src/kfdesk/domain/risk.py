# SPDX-License-Identifier: GPL-3.0-or-later
"""Risk: themes and their items, the matrix of likelihood and severity, worst rating, status.

A line answers a category, which people see as a theme: nothing, something or not known. It keeps
its items as lists, one per answer, source or confidence. Only the overall answer leaves the
store. Where theme, items and overall answer differ, the gravest counts; `not known` never counts
as `nothing`. Two ratings of one to five give a level by the matrix. A status says "nothing found"
only when every theme was answered. The records are in `records/risk.py`, the gates that ask for
ratings in `workflow`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum

from kfdesk.domain.codes.risk import (
    CATEGORY_ITEMS,
    CONFIDENCE,
    FOR_CHILDREN,
    LIKELIHOOD,
    RISK_CATEGORY,
    RISK_SOURCE,
    SEVERITY,
)
from kfdesk.domain.records.risk import RiskLine
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import Value

# --- themes and items


class ThemeAnswer(StrEnum):
    """The answer to a whole category, with its code in RISK_THEME."""

    NOTHING = "nothing"
    SOMETHING = "something"
    NOT_KNOWN = "not_known"


class ItemAnswer(StrEnum):
    """The answer to an item."""

    OPEN = "open"
    SO = "so"
    NOT_SO = "not_so"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True)
class RiskItem:
    """An answered item; `source` and `confidence` are codes, None if not given."""

    answer: ItemAnswer = ItemAnswer.OPEN
    source: str | None = None
    confidence: str | None = None


_ANSWERS: Mapping[str, str] = {
    ItemAnswer.NOT_SO: "absent",
    ItemAnswer.SO: "present",
    ItemAnswer.NOT_KNOWN: "unclear",
}
"""The field for each answer; for an item in two fields the later one counts."""

_SOURCES: Mapping[str, str] = {
    "client_statement": "from_her",
    "origin_partner": "from_partner",
    "authority": "from_authority",
    "country_information": "from_reports",
    "worker_observation": "from_us",
}
_CONFIDENCES: Mapping[str, str] = {code: code for code in CONFIDENCE}
"""From the highest to the lowest confidence; of two fields the lower one counts."""

_FIELDS = {"answer": _ANSWERS, "source": _SOURCES, "confidence": _CONFIDENCES}

ITEM_KEYS = frozenset(
    {
        "theme_answer", "answer", "sources", "confidence",
        *_ANSWERS.values(), *_SOURCES.values(), *_CONFIDENCES,
    }
)  # fmt: skip
"""The fields of a line that only the answers to its theme and its items write."""

_FOR_THEME: Mapping[ThemeAnswer, str] = {
    ThemeAnswer.NOTHING: "nothing_found",
    ThemeAnswer.SOMETHING: "found",
    ThemeAnswer.NOT_KNOWN: "not_known",
}
_GRAVITY = tuple(_FOR_THEME.values())
"""The overall answers, the gravest last."""


def theme_on_line(line: RiskLine | None) -> ThemeAnswer | None:
    """Return the answer to the category as a whole; None if it was answered item by item.

    A code from a newer program counts as not known.
    """
    held = line.theme_answer if line is not None else None
    if held is None:
        return None
    return ThemeAnswer(held) if held in tuple(ThemeAnswer) else ThemeAnswer.NOT_KNOWN


def line_answer(line: RiskLine) -> str | None:
    """Return what a line comes to: the gravest of its theme, its items and its overall answer.

    They differ after two desks or an older program have written to one line. None if the line is
    open. Without an answer to the theme, the overall answer stands.
    """
    answer, theme = line.answer, theme_on_line(line)
    if not isinstance(answer, str) or theme is None or answer not in _GRAVITY:
        return answer if isinstance(answer, str) else None
    said = [answer, _FOR_THEME[theme], *_said_by_items(line)]
    return max(said, key=_GRAVITY.index)


def contradicting_items(line: RiskLine) -> tuple[str, ...]:
    """Return the items that apply or are not known although the theme says that nothing does."""
    if theme_on_line(line) is not ThemeAnswer.NOTHING:
        return ()
    return (*_codes(line.present), *_codes(line.unclear))


def is_theme_reopened(line: RiskLine) -> bool:
    """Return whether an older program took the overall answer of an answered theme away."""
    theme = theme_on_line(line)
    return line.answer is None and theme in (ThemeAnswer.NOTHING, ThemeAnswer.NOT_KNOWN)


def is_answer_too_low(line: RiskLine) -> bool:
    """Return whether the overall answer says less than the line comes to.

    An older program writes it from the items alone, and knows nothing of the theme.
    """
    return isinstance(line.answer, str) and line_answer(line) != line.answer


def line_of_category(
    lines: Iterable[RecordView[RiskLine]], category: str
) -> RecordView[RiskLine] | None:
    """Return the line that stands for a category: of several an open one, else the gravest.

    Two desks with an older program may each have begun a line. None if there is no line.
    """
    own = (line for line in lines if line.record.category == category)
    return max(own, key=_line_order, default=None)


def _line_order(line: RecordView[RiskLine]) -> tuple[bool, int, bytes]:
    answer = line_answer(line.record)
    rank = _GRAVITY.index(answer) if answer in _GRAVITY else len(_GRAVITY)
    return is_line_open(line), rank, line.rid


def _said_by_items(line: RiskLine) -> Iterator[str]:
    if _codes(line.present):
        yield "found"
    if _codes(line.unclear):
        yield "not_known"


def _codes(held: object) -> tuple[str, ...]:
    return held if isinstance(held, tuple) else ()


def items_on_line(category: str, line: RiskLine | None) -> dict[str, RiskItem]:
    """Return each item of a category as a line answers it; without a line all are open."""
    answers, sources, confidences = (_by_item(line, fields) for fields in _FIELDS.values())
    answered = {
        item: RiskItem(ItemAnswer(answer), sources.get(item), confidences.get(item))
        for item, answer in answers.items()
    }
    return {item: answered.get(item, RiskItem()) for item in CATEGORY_ITEMS[category]}


def line_fields(
    items: Mapping[str, RiskItem], theme: ThemeAnswer | None = None
) -> dict[str, Value]:
    """Return the fields of a line with these items, and what they come to under a theme.

    The answer to the theme itself is not among them. Open items have no source. Sources and the
    lowest confidence are taken from the items that were found or are not known. If there are
    none, they are taken from all.
    """
    given = {name: item for name, item in items.items() if item.answer is not ItemAnswer.OPEN}
    held: dict[str, Value] = {
        field: tuple(name for name, one in given.items() if getattr(one, attribute) == code) or None
        for attribute, fields in _FIELDS.items()
        for code, field in fields.items()
    }
    found = [one for one in given.values() if one.answer is not ItemAnswer.NOT_SO]
    counted = found or list(given.values())
    said = {one.source for one in counted}
    sure = {one.confidence for one in counted}
    return held | {
        "answer": _overall_answer(items, theme),
        "sources": tuple(code for code in RISK_SOURCE if code in said) or None,
        "confidence": next((code for code in reversed(tuple(CONFIDENCE)) if code in sure), None),
    }


def _overall_answer(items: Mapping[str, RiskItem], theme: ThemeAnswer | None) -> str | None:
    """Return the overall answer; None while the theme asks for items that are open."""
    answers = frozenset(item.answer for item in items.values())
    if theme is ThemeAnswer.NOT_KNOWN:
        return "not_known"
    if ItemAnswer.OPEN in answers and theme is not ThemeAnswer.NOTHING:
        return None
    if ItemAnswer.NOT_KNOWN in answers:
        return "not_known"
    is_found = ItemAnswer.SO in answers or theme is ThemeAnswer.SOMETHING
    return "found" if is_found else "nothing_found"


def _by_item(line: RiskLine | None, fields: Mapping[str, str]) -> dict[str, str]:
    """Return for each item the code of the field that holds it; of several the last."""
    held = ((getattr(line, field, None), code) for code, field in fields.items())
    return {item: code for items, code in held if isinstance(items, tuple) for item in items}


_LIKELIHOODS, _SEVERITIES = tuple(LIKELIHOOD), tuple(SEVERITY)


# --- ratings


class RiskLevel(IntEnum):
    """The level of a risk; its name in lower case is its code in RISK_LEVEL."""

    LOW = 1
    MODERATE = 2
    HIGH = 3
    VERY_HIGH = 4

    @property
    def code(self) -> str:
        """The code that has its label."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, order=True)
class MatrixCell:
    """A cell of the matrix: likelihood and severity, both from 1 to 5."""

    likelihood: int
    severity: int

    @property
    def score(self) -> int:
        """The score, 1 to 25."""
        return self.likelihood * self.severity

    @property
    def level(self) -> RiskLevel:
        """The level of the score."""
        return level_for_score(self.score)


@dataclass(frozen=True, slots=True)
class RiskRating:
    """The rating of a line, before or after measures: its cell if rated, and its level.

    `level` is None if nothing was found.
    """

    cell: MatrixCell | None
    level: RiskLevel | None

    @property
    def weight(self) -> tuple[int, int]:
        """A sort key for the worse of two ratings."""
        return (self.level or 0, self.cell.score if self.cell else 0)


@dataclass(frozen=True, slots=True)
class CategoryRating:
    """A rated category of one assessment."""

    number: int
    category: str
    before: RiskRating
    after: RiskRating
    line: RecordView[RiskLine]

    @property
    def is_high(self) -> bool:
        """True if a measure against it is required."""
        return self.before.level is not None and self.before.level >= RiskLevel.HIGH


def level_for_score(score: int) -> RiskLevel:
    """Return the level of a score: 1–4 low, 5–9 moderate, 10–15 high, 16–25 very high."""
    floors = ((16, RiskLevel.VERY_HIGH), (10, RiskLevel.HIGH), (5, RiskLevel.MODERATE))
    return next((level for floor, level in floors if score >= floor), RiskLevel.LOW)


def matrix_cell(likelihood: object, severity: object) -> MatrixCell | None:
    """Return the cell of a rating; None if likelihood or severity is missing or unknown."""
    if likelihood not in _LIKELIHOODS or severity not in _SEVERITIES:
        return None
    return MatrixCell(_LIKELIHOODS.index(str(likelihood)) + 1, _SEVERITIES.index(str(severity)) + 1)


def is_line_open(line: RecordView[RiskLine]) -> bool:
    """Return whether the line still needs an answer, a rating, or the end of a contradiction."""
    record, answer = line.record, line_answer(line.record)
    if line.conflicts or answer is None or contradicting_items(record):
        return True
    is_rated = record.likelihood is not None and record.severity is not None
    return answer == "found" and not is_rated


def rate_line(line: RecordView[RiskLine]) -> CategoryRating:
    """Return the rating of the line."""
    record = line.record
    category = record.category if isinstance(record.category, str) else ""
    before = _risk_rating(line, matrix_cell(record.likelihood, record.severity))
    after = matrix_cell(record.likelihood_after, record.severity_after)
    helps = after is not None and record.mitigation_status != "failed"
    return CategoryRating(
        number=category_number(category),
        category=category,
        before=before,
        after=_risk_rating(line, after) if helps else before,
        line=line,
    )


def category_number(category: str) -> int:
    """Return the number of a category in lists and drawings; an unknown one comes last."""
    known = list(RISK_CATEGORY)
    return known.index(category) + 1 if category in known else len(known) + 1


def required_categories(*, has_children: bool) -> tuple[str, ...]:
    """Return the categories that an assessment must answer."""
    return tuple(c for c in RISK_CATEGORY if has_children or c != FOR_CHILDREN)


def unanswered_categories(
    lines: Iterable[RecordView[RiskLine]], *, has_children: bool
) -> tuple[str, ...]:
    """Return the categories without a complete answer, in their order."""
    found = list(lines)
    done = {line.record.category for line in found if not is_line_open(line)}
    still = {line.record.category for line in found if is_line_open(line)}
    return tuple(
        c for c in required_categories(has_children=has_children) if c not in done or c in still
    )


def worst_by_category(lines: Iterable[RecordView[RiskLine]]) -> tuple[CategoryRating, ...]:
    """Return the worst rating of each category, before and after separately, by number."""
    by_category: dict[str, list[CategoryRating]] = {}
    for one in sorted((rate_line(line) for line in lines), key=lambda one: one.number):
        by_category.setdefault(one.category, []).append(one)
    return tuple(map(_worst_rating, by_category.values()))


def highest_level(judged: Iterable[RiskRating]) -> RiskLevel | None:
    """Return the highest of all levels; None if nothing was found."""
    return max(_levels(judged), default=None)


def _levels(judged: Iterable[RiskRating]) -> Iterator[RiskLevel]:
    return (one.level for one in judged if one.level is not None)


def _worst_rating(lines: list[CategoryRating]) -> CategoryRating:
    before = max(lines, key=lambda one: one.before.weight)
    after = max(lines, key=lambda one: one.after.weight)
    return CategoryRating(before.number, before.category, before.before, after.after, before.line)


def _risk_rating(line: RecordView[RiskLine], cell: MatrixCell | None) -> RiskRating:
    """Return the rating; only an answer makes it lower than high."""
    answer = None if line.conflicts else line_answer(line.record)
    if answer == "nothing_found":
        return RiskRating(None, None)
    is_known = answer == "found" and cell is not None
    if cell is None:
        return RiskRating(None, RiskLevel.HIGH)
    return RiskRating(cell, cell.level if is_known else max(RiskLevel.HIGH, cell.level))


# --- status


class RiskState(StrEnum):
    """Outcome of the answers, as far as they are known here."""

    FOUND = "found"
    NOTHING_FOUND = "nothing_found"
    NOT_ANSWERED = "not_answered"
    NOT_SENT = "not_sent"


@dataclass(frozen=True, slots=True)
class RiskStatus:
    """Number of answered themes of an assessment, and the highest level among them.

    `level` is None if no answer and no rating supports one. `answered` of `asked` themes are
    answered: what is `unknown` is not, although no theme is open any more when `is_complete`.
    `is_own`: the themes are answered in this store; another organisation keeps its answers and
    sends only what its categories come to.
    """

    level: RiskLevel | None
    answered: int
    asked: int
    unknown: tuple[str, ...]
    is_complete: bool
    is_own: bool

    @property
    def state(self) -> RiskState:
        """The result of the answers; without all of them, never that nothing was found."""
        if self.level is not None:
            return RiskState.FOUND
        if self.is_complete:
            return RiskState.NOTHING_FOUND
        return RiskState.NOT_ANSWERED if self.is_own else RiskState.NOT_SENT


def has_answer(line: RecordView[RiskLine]) -> bool:
    """Return whether a line says something: an answer for its category, a rating, a conflict.

    A theme that says `something` does so while its items are still open, and an item does that
    says more than its theme.
    """
    record = line.record
    is_rated = matrix_cell(record.likelihood, record.severity) is not None
    is_begun = theme_on_line(record) in (ThemeAnswer.SOMETHING, ThemeAnswer.NOT_KNOWN)
    is_said = isinstance(record.answer, str) or bool(contradicting_items(record))
    return bool(line.conflicts) or is_said or is_rated or is_begun


def risk_status(
    lines: Iterable[RecordView[RiskLine]], *, has_children: bool, is_own: bool
) -> RiskStatus:
    """Return the status of an assessment with these lines."""
    found = list(lines)
    asked = required_categories(has_children=has_children)
    answers = {category: _category_answers(category, found) for category in asked}
    return RiskStatus(
        level=highest_level(rate_line(line).before for line in found if has_answer(line)),
        answered=sum(bool(said) and said <= _ANSWERED for said in answers.values()),
        asked=len(asked),
        unknown=tuple(c for c, said in answers.items() if said - _ANSWERED - {None}),
        is_complete=not unanswered_categories(found, has_children=has_children),
        is_own=is_own,
    )


def joint_status(statuses: Iterable[RiskStatus]) -> RiskStatus | None:
    """Return the status of several assessments together; None if there are none.

    The level is the highest of all. As long as one is not complete, the whole is not: the
    counts are those of the one that is open, our own before another's. What one side does not
    know is not known.
    """
    found = sorted(statuses, key=lambda one: (one.is_complete, not one.is_own))
    if not found:
        return None
    return replace(
        found[0],
        level=max((s.level for s in found if s.level), default=None),
        unknown=tuple(c for c in RISK_CATEGORY if any(c in s.unknown for s in found)),
    )


_ANSWERED = frozenset({"nothing_found", "found"})


def _category_answers(
    category: str, lines: Iterable[RecordView[RiskLine]]
) -> frozenset[str | None]:
    """Return what the lines of a category come to; None for one that a person must decide."""
    own = (line for line in lines if line.record.category == category)
    return frozenset(
        None if line.conflicts or contradicting_items(line.record) else line_answer(line.record)
        for line in own
    )
