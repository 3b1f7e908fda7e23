# SPDX-License-Identifier: GPL-3.0-or-later
"""Populations: the clients who are counted in a period, and their categories.

Counted are clients whose plan this organisation keeps, each once, however many plans she has. A
plan that was entered twice does not count, nor one in the bin. A day that nobody knows lies in no
period; one of which only the year or month is known lies in a period that holds all of it.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from kfdesk.domain.accounts import Right
from kfdesk.domain.figures import ladders
from kfdesk.domain.figures.ladders import ClientValues
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.records.aftercare import FollowUp
from kfdesk.domain.records.case import Transition
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import RecordView, view, view_fields
from kfdesk.domain.values import PartialDate, ZonedTime
from kfdesk.domain.workflow.gates import REOPENABLE_STATES
from kfdesk.services.core.session import Session

_PLAN_KEYS = ("opened", "type_of_exploitation", "to_country", "closure_reason")
_CLIENT_KEYS = ("gender", "birth_date", "age_band", "citizenship")
_TWICE = "duplicate_record"
Span = tuple[date, date]
"""The first and the last day that a date may mean."""


@dataclass(slots=True)
class _CountedPlan:
    """A plan that counts, the days on which she came home, was reached, or it ended."""

    plan: RecordView[Plan]
    opened: Span | None
    arrived: list[date] = field(default_factory=list)
    reached: list[date] = field(default_factory=list)
    ended: list[date] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CountedStore:
    """The records that counting needs: the clients, and the plans of each."""

    courses: Mapping[bytes, tuple[_CountedPlan, ...]]
    clients: Mapping[bytes, RecordView[Client]]

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
        person, courses = self.clients[client].record, self.courses.get(client, ())
        opened = sorted(span for one in courses if (span := one.opened) is not None)
        newest = max(courses, key=lambda one: (one.opened or _NEVER, one.plan.rid), default=None)
        plan = newest.plan.record if newest is not None else None
        found = {
            "sex": ladders.sex_of(person.gender),
            "age": ladders.age_of(
                person.birth_date, person.age_band, opened[0][0] if opened else None
            ),
            "citizenship": ladders.country_of(person.citizenship),
            "exploitation": ladders.one_of_several(getattr(plan, "type_of_exploitation", None)),
            "to_country": ladders.country_of(getattr(plan, "to_country", None)),
            "ended_by": ladders.code_of(getattr(plan, "closure_reason", None)),
        }
        return tuple(found[name] for name in ladders.VARIABLES)


_NEVER = (date.min, date.min)


def read_counted_store(desk: Session) -> CountedStore:
    """Read the plans that this organisation keeps, and all clients. Write nothing.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.FIGURES)
    own = desk.identity.organisation
    clients = {row.rid: view_fields(row, Client, _CLIENT_KEYS) for row in desk.store.rows("client")}
    courses: dict[bytes, _CountedPlan] = {}
    for row in desk.store.rows("plan"):
        plan = view_fields(row, Plan, _PLAN_KEYS)
        is_counted = row.custodian == own and row.parent in clients and not plan.is_deleted
        if is_counted and plan.record.closure_reason != _TWICE:
            courses[row.rid] = _CountedPlan(plan, span_of(plan.record.opened))
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
        found[course.plan.row.parent or b""].append(course)
    return CountedStore({client: tuple(each) for client, each in found.items()}, clients)


def _transitions(desk: Session) -> Iterator[tuple[bytes, object, date]]:
    for row in desk.store.rows("transition"):
        seen = view(row, Transition)
        if not seen.is_deleted and isinstance(seen.record.happened, ZonedTime):
            yield row.parent or b"", seen.record.to_state, seen.record.happened.wall.date()


def _contacts(desk: Session) -> Iterator[tuple[bytes, date]]:
    for row in desk.store.rows("follow_up"):
        seen = view_fields(row, FollowUp, ("happened", "result"))
        is_reached = seen.record.result == "reached" and not seen.is_deleted
        if is_reached and isinstance(seen.record.happened, ZonedTime):
            yield row.parent or b"", seen.record.happened.wall.date()


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
