# SPDX-License-Identifier: GPL-3.0-or-later
"""Populations: the clients who are counted in a period, and their categories.

Counted are clients whose plan this organisation keeps, each once, however many plans she has. A
plan that was entered twice does not count, nor one in the bin. A day that nobody knows lies in no
period; one of which only the year or month is known lies in a period that holds all of it.

Only the fields that are counted leave the store. Whoever makes figures has no right to read about
a client, so no name, alias or code comes near.
"""

import json
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kfdesk.domain.accounts import Right
from kfdesk.domain.figures import ladders
from kfdesk.domain.figures.ladders import ClientValues
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.kinds import CodeSetKind
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.values import PartialDate, Value, ZonedTime
from kfdesk.domain.workflow.gates import REOPENABLE_STATES
from kfdesk.services.core.session import Session

_PLAN_KEYS = ("opened", "type_of_exploitation", "to_country", "closure_reason")
_CLIENT_KEYS = ("gender", "birth_date", "age_band", "citizenship")
_TWICE = "duplicate_record"
Span = tuple[date, date]
"""The first and the last day that a date may mean."""


@dataclass(frozen=True, slots=True)
class _CountedRecord:
    """The counted fields of a record; one in conflict has no value."""

    rid: bytes
    parent: bytes
    custodian: bytes
    values: Mapping[str, Value]
    is_deleted: bool


@dataclass(slots=True)
class _CountedPlan:
    """A plan that counts, the days on which she came home, was reached, or it ended."""

    plan: _CountedRecord
    opened: Span | None
    arrived: list[date] = field(default_factory=list)
    reached: list[date] = field(default_factory=list)
    ended: list[date] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CountedStore:
    """The records that counting needs: the clients, and the plans of each."""

    courses: Mapping[bytes, tuple[_CountedPlan, ...]]
    clients: Mapping[bytes, _CountedRecord]

    def population(self, name: str, period: FigurePeriod) -> frozenset[bytes]:
        """Return the clients of a population of FIGURE_POPULATIONS in a period."""
        return frozenset(
            client
            for client, courses in self.courses.items()
            if _counts(name, courses, period) and not self.clients[client].is_deleted
        )

    def values(self, clients: Iterable[bytes]) -> Mapping[bytes, ClientValues]:
        """Return the finest categories of clients, by id; her newest plan tells about her case."""
        return {client: self._values_of(client) for client in clients}

    def durations(self, name: str, period: FigurePeriod, clients: Iterable[bytes]) -> list[int]:
        """Return the duration of each client in days, as far as both of its days are known.

        Of several plans the last one in the period counts. See FIGURE_DURATIONS.
        """
        each = (self.courses.get(client, ()) for client in clients)
        found = (_duration(name, courses, period) for courses in each)
        return [days for days in found if days is not None]

    def _values_of(self, client: bytes) -> ClientValues:
        person, courses = self.clients[client].values, self.courses.get(client, ())
        opened = sorted(span for one in courses if (span := one.opened) is not None)
        newest = max(courses, key=lambda one: (one.opened or _NEVER, one.plan.rid), default=None)
        plan: Mapping[str, Value] = newest.plan.values if newest is not None else {}
        found = {
            "sex": ladders.sex_of(person["gender"]),
            "age": ladders.age_of(
                person["birth_date"], person["age_band"], opened[0][0] if opened else None
            ),
            "citizenship": ladders.country_of(person["citizenship"]),
            "exploitation": ladders.one_of_several(plan.get("type_of_exploitation")),
            "to_country": ladders.country_of(plan.get("to_country")),
            "ended_by": ladders.code_of(plan.get("closure_reason")),
        }
        return tuple(found[name] for name in ladders.VARIABLES)


_NEVER = (date.min, date.min)


def read_counted_store(desk: Session) -> CountedStore:
    """Read the plans that this organisation keeps, and all clients. Write nothing.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.FIGURES)
    own = desk.identity.organisation
    clients = {one.rid: one for one in _counted_records(desk, "client", _CLIENT_KEYS)}
    courses: dict[bytes, _CountedPlan] = {}
    for plan in _counted_records(desk, "plan", _PLAN_KEYS):
        is_counted = plan.custodian == own and plan.parent in clients and not plan.is_deleted
        if is_counted and plan.values["closure_reason"] != _TWICE:
            courses[plan.rid] = _CountedPlan(plan, span_of(plan.values["opened"]))
    for plan_id, state, day in _transitions(desk):
        if plan_id in courses:
            course = courses[plan_id]
            if state == "arrived":
                course.arrived.append(day)
            if state in REOPENABLE_STATES:
                course.ended.append(day)
    for plan_id, day in _contacts(desk):
        if plan_id in courses:
            courses[plan_id].reached.append(day)
    found: defaultdict[bytes, list[_CountedPlan]] = defaultdict(list)
    for course in courses.values():
        found[course.plan.parent].append(course)
    return CountedStore({client: tuple(each) for client, each in found.items()}, clients)


def _counted_records(
    desk: Session, record_type: str, keys: Sequence[str]
) -> Iterator[_CountedRecord]:
    """Yield the records of a type with these fields; the others are not read from the store."""
    fields = RECORD_TYPES[record_type].fields
    deleted = desk.store.tree.deleted(record_type)
    for one in desk.store.tree.cells(record_type, keys):
        torn = json.loads(one.flags) if one.flags != "[]" else ()
        values: dict[str, Value] = {}
        for key, cell in zip(keys, one.wires, strict=True):
            kind = fields[key].kind
            is_list = isinstance(kind, CodeSetKind) and str(cell).startswith("[")
            wire = tuple(json.loads(str(cell))) if is_list else cell
            values[key] = None if key in torn else kind.decode(wire)
        yield _CountedRecord(one.rid, one.parent or b"", one.custodian, values, one.rid in deleted)


def _transitions(desk: Session) -> Iterator[tuple[bytes, Value, date]]:
    for one in _counted_records(desk, "transition", ("to_state", "happened")):
        happened = one.values["happened"]
        if not one.is_deleted and isinstance(happened, ZonedTime):
            yield one.parent, one.values["to_state"], happened.wall.date()


def _contacts(desk: Session) -> Iterator[tuple[bytes, date]]:
    for one in _counted_records(desk, "follow_up", ("happened", "result")):
        happened, is_reached = one.values["happened"], one.values["result"] == "reached"
        if is_reached and not one.is_deleted and isinstance(happened, ZonedTime):
            yield one.parent, happened.wall.date()


def _counts(name: str, courses: Iterable[_CountedPlan], period: FigurePeriod) -> bool:
    courses = tuple(courses)
    if name == "new_clients":
        spans = [one.opened for one in courses if one.opened is not None]
        first = min(spans, default=None)
        return first is not None and period.holds(first[0]) and period.holds(first[1])
    if name == "in_care":
        return any(_is_open_in(one, period) for one in courses)
    days = {
        "returned": [day for one in courses for day in one.arrived],
        "followed_up": [day for one in courses for day in one.reached],
        "ended": [day for one in courses for day in one.ended],
    }
    return any(map(period.holds, days.get(name, ())))


def _duration(name: str, courses: Iterable[_CountedPlan], period: FigurePeriod) -> int | None:
    """Return how many days lie between two events of a client, the second in the period."""
    spans = []
    for one in courses:
        opened = one.opened[0] if one.opened is not None and len({*one.opened}) == 1 else None
        ends = {"returned": one.arrived, "followed_up": one.reached, "ended": one.ended}
        begins = one.arrived if name == "followed_up" else [opened] if opened else []
        spans += [
            (end, end - begin)
            for end in ends.get(name, ())
            if period.holds(end)
            for begin in begins
            if begin <= end
        ]
    return max(spans)[1].days if spans else None


def _is_open_in(course: _CountedPlan, period: FigurePeriod) -> bool:
    if course.opened is None or course.opened[1] > period.last:
        return False
    return not course.ended or max(course.ended) >= period.first


def span_of(value: object) -> Span | None:
    """Return the days that a date, a month or a year may mean; None if there is no date."""
    if isinstance(value, date):
        return value, value
    if isinstance(value, PartialDate):
        year, _, month = value.text.partition("-")
        last = int(month or 12)
        return (
            date(int(year), int(month or 1), 1),
            date(int(year), last, monthrange(int(year), last)[1]),
        )
    return None
