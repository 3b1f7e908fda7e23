# SPDX-License-Identifier: GPL-3.0-or-later
"""Rounds of a sum: who may have which of their records, when a round is void, and what comes next.

A round goes to its members. A share goes to the one member that it is for, a part to the
coordinator, and both only while the round is open. Nothing of a round is ever changed but its end.
Whatever is unclear counts as no: a field in conflict, a question that this program does not know.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kfdesk.domain.codes.figures import FIGURE_POPULATIONS, FIGURE_VARIABLES, SUM_STATES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.figures.sums import (
    NumberPart,
    NumberShare,
    RoundNumbers,
    SumQuestion,
    decode_numbers,
)
from kfdesk.domain.kinds import is_reference
from kfdesk.domain.network import Circle
from kfdesk.domain.records.figures import SumPart, SumRound, SumShare
from kfdesk.domain.rows import Row, column_values, view
from kfdesk.domain.values import text_or_empty

_MAX_DIGEST = 64


class VoidReason(StrEnum):
    """The reasons for which a round counts no more."""

    CALLED_OFF = "called_off"
    """Its coordinator has said so."""
    LATE = "late"
    """Its last day is over, and a member has not come."""
    LEFT = "left"
    """A member has left the network, or we have."""
    CHANGED = "changed"
    """A member was asked something else."""
    TWICE = "twice"
    """A member has sent two answers."""
    ODD = "odd"
    """The numbers do not fit together."""


class SumStep(StrEnum):
    """Next step in a round at a desk."""

    ANSWER = "answer"
    """We have not taken part yet."""
    SHARES = "shares"
    """Shares of others have not come yet."""
    ADD = "add"
    """All shares are here: ours can be added up."""
    PARTS = "parts"
    """The coordinator waits for the parts of others."""
    GIVEN = "given"
    """Our part has gone out; the coordinator's word has not come yet."""
    RELEASE = "release"
    """Every part is here: the sum can be released."""
    RELEASED = "released"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class SumTerms:
    """Terms of a round: its question, its network, who coordinates it, its last day, its state."""

    question: SumQuestion
    network: bytes
    coordinator: bytes
    until: date
    state: str

    def void_reason(self, circles: Mapping[bytes, Circle], today: date) -> VoidReason | None:
        """Return why the round is void whatever has come, by the networks that we are in."""
        if self.state == "void":
            return VoidReason.CALLED_OFF
        circle = circles.get(self.network)
        if circle is None or not self.question.members <= circle.members:
            return VoidReason.LEFT
        return VoidReason.LATE if today > self.until else None

    def is_open(self, circles: Mapping[bytes, Circle], today: date) -> bool:
        """Return whether shares and parts may still go out and come in."""
        return self.state == "open" and self.void_reason(circles, today) is None


def read_terms(row: Row) -> SumTerms:
    """Return what a round says. Raise KfdeskError `sums.unreadable`."""
    seen = view(row, SumRound)
    record = seen.record
    population, state = text_or_empty(record.population), text_or_empty(record.state)
    network = text_or_empty(record.network)
    days = (record.period_from, record.period_to, record.until)
    first, last, until = (one if isinstance(one, date) else None for one in days)
    is_known = population in FIGURE_POPULATIONS and state in SUM_STATES and is_reference(network)
    if seen.is_deleted or seen.conflicts or not is_known or not (first and last and until):
        raise KfdeskError("sums.unreadable")
    try:
        question = SumQuestion(
            population, FigurePeriod(first, last), _variables(record.variables),
            record.is_crossed is True, _members(record.members),
        )  # fmt: skip
        question.check()
    except KfdeskError:
        raise KfdeskError("sums.unreadable") from None
    if row.custodian not in question.members:
        raise KfdeskError("sums.unreadable")
    return SumTerms(question, bytes.fromhex(network), row.custodian, until, state)


def is_open_round(row: Row, circles: Mapping[bytes, Circle], today: date) -> bool:
    """Return whether a round can be read here, and shares and parts of it may still go out."""
    try:
        return read_terms(row).is_open(circles, today)
    except KfdeskError:
        return False


def _variables(value: object) -> tuple[str, ...]:
    """Return the variables in one order: a set of codes has none of its own."""
    named = value if isinstance(value, tuple) else ()
    if not set(named) <= FIGURE_VARIABLES.keys():
        raise KfdeskError("sums.unreadable")
    return in_order(named)


def in_order(variables: Iterable[str]) -> tuple[str, ...]:
    """Return variables in the order in which a sum counts them."""
    named = set(variables)
    return tuple(name for name in FIGURE_VARIABLES if name in named)


def _members(value: object) -> frozenset[bytes]:
    named = text_or_empty(value).split(" ")
    if not all(map(is_reference, named)) or len(set(named)) != len(named):
        raise KfdeskError("sums.unreadable")
    return frozenset(map(bytes.fromhex, named))


def encode_members(members: Iterable[bytes]) -> str:
    """Return members as a round keeps them."""
    return " ".join(one.hex() for one in sorted(members))


# --- who may have what, and what is taken


def sum_readers(
    row: Row, rows: Mapping[bytes, Row], circles: Mapping[bytes, Circle], today: date
) -> frozenset[bytes]:
    """Return the organisations that may have a record of a round; `rows` hold the round."""
    head = row if row.type == "sum_round" else rows.get(row.parent or b"")
    if head is None or head.type != "sum_round":
        return frozenset()
    try:
        terms = read_terms(head)
    except KfdeskError:
        return frozenset()
    circle = circles.get(terms.network)
    members = terms.question.members & (circle.members if circle is not None else frozenset())
    if row.type == "sum_round":
        return members
    if not terms.is_open(circles, today):
        return frozenset()
    return members & ({terms.coordinator} if row.type == "sum_part" else _getter(row))


def is_takeable(
    row: Row, head: Row | None, own: bytes, circles: Mapping[bytes, Circle], today: date
) -> bool:
    """Return whether a share or part of its sender is taken; the round may come later (None).

    A share must be for us, a part for a round of ours. Neither is taken when its round is over,
    or from anybody who does not take part.
    """
    if row.type == "sum_share" and _getter(row) != {own}:
        return False
    if head is None:
        return row.type == "sum_share"
    try:
        terms = read_terms(head)
    except KfdeskError:
        return False
    is_ours = row.type == "sum_share" or terms.coordinator == own
    is_in = {row.custodian, own} <= terms.question.members
    return is_ours and is_in and terms.is_open(circles, today)


def _getter(row: Row) -> frozenset[bytes]:
    newest, torn = column_values(row)
    to = newest.get("to")
    is_plain = "to" not in torn and is_reference(to)
    return frozenset({bytes.fromhex(str(to))}) if is_plain else frozenset()


# --- what has come, and what comes next


def collect_numbers(terms: SumTerms, shares: Iterable[Row], parts: Iterable[Row]) -> RoundNumbers:
    """Return the shares and parts of members that are here; those of others do not count.

    Raise KfdeskError `sums.changed` for one about another question, `sums.twice` or `sums.length`.
    """
    question = terms.question
    found = RoundNumbers(question.members, question.length)
    for row in shares:
        share, getter = view(row, SumShare).record, _getter(row)
        if row.custodian in question.members and getter <= question.members and getter:
            numbers = _numbers(question, share)
            given = NumberShare(text_or_empty(share.draw)[:_MAX_DIGEST], numbers)
            found = found.with_share(row.custodian, next(iter(getter)), given)
    for row in parts:
        part = view(row, SumPart).record
        if row.custodian in question.members:
            numbers = _numbers(question, part)
            added = NumberPart(text_or_empty(part.drawn)[:_MAX_DIGEST], numbers)
            found = found.with_part(row.custodian, added)
    return found


def _numbers(question: SumQuestion, record: SumShare | SumPart) -> tuple[int, ...]:
    if record.asked != question.digest:
        raise KfdeskError("sums.changed")
    return decode_numbers(record.numbers, question.length)


def fault_reason(fault: KfdeskError) -> VoidReason:
    """Return why a round is void by the error that `collect_numbers` or a result raised."""
    known = {"sums.changed": VoidReason.CHANGED, "sums.twice": VoidReason.TWICE}
    return known.get(fault.code, VoidReason.ODD)


def next_step(terms: SumTerms, numbers: RoundNumbers, own: bytes) -> SumStep:
    """Return what comes next at the desk of an organisation, as long as the round is not void."""
    if terms.state == "released":
        return SumStep.RELEASED
    if own in numbers.parts:
        if own != terms.coordinator:
            return SumStep.GIVEN
        is_whole = numbers.parts.keys() == numbers.members
        return SumStep.RELEASE if is_whole else SumStep.PARTS
    if (own, own) not in numbers.shares:
        return SumStep.ANSWER
    return SumStep.ADD if numbers.givers_to(own) == numbers.members else SumStep.SHARES
