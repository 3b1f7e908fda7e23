# SPDX-License-Identifier: GPL-3.0-or-later
"""The alarms of all journeys, with whom to call; and writing down what happens on the way.

Whom to call: who meets her, the help numbers of the journey, and the receiver's telephones that
may be called about a client. What happened and when it was entered are two times.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.gates.situation import Situation
from kfdesk.domain.journey import alarms as journey
from kfdesk.domain.journey.alarms import Trouble
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.directory.phone import Phone
from kfdesk.domain.records.help_number import HelpNumber
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import view
from kfdesk.domain.values import Moment, Told, Value
from kfdesk.services.casework.lines import PlanLine
from kfdesk.services.course.situations import (
    happened_or_now,
    moment_now,
    read_situation,
    situation_of,
)
from kfdesk.services.desk import Desk
from kfdesk.services.plans import case_of, list_plans, load_case, name_of
from kfdesk.services.policy.access import READING, require_reading
from kfdesk.services.policy.reasons import list_locked
from kfdesk.services.writing.records import Done, change_records, enter_record, found


class Role(StrEnum):
    """Who answers at a number."""

    MEETS_HER = "meets_her"
    HELP_NUMBER = "help_number"
    RECEIVER = "receiver"


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to call; `met_by` is the name on the leg, where there is no number."""

    role: Role
    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    met_by: Told = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """One alarm: which plan and leg, since when, whom to call, what was agreed for this.

    `since` is told on the clocks of `zone`: the leg's, of another's plan those of the desk.
    """

    line: PlanLine = field(repr=False)
    kind: Trouble
    leg: bytes | None
    number: int | None
    since: datetime | None
    calls: tuple[Call, ...] = field(repr=False)
    fallback: str = field(repr=False)
    alarm_plan: str = field(repr=False)
    zone: str = ""


class LegEvent(StrEnum):
    """What happens to a leg."""

    DEPARTED = "departed"
    ARRIVED = "arrived"
    MISSED = "missed"
    CHECK_IN = "check_in"
    CHECK_IN_MISSED = "check_in_missed"
    CHECK_IN_WAIVED = "check_in_waived"


@dataclass(frozen=True, slots=True)
class LegNews:
    """One thing that happened to a leg, and when; now, if that is not said."""

    leg: bytes
    what: LegEvent
    happened: Moment | None = None


def read_alarms(desk: Desk, lines: Iterable[PlanLine] | None = None) -> tuple[AlarmLine, ...]:
    """All alarms that stand now, the longest on top; `lines` are the plans, where they were read.

    Of another's plan it is said that something is wrong and since when, and nothing of her: it is
    opened with a reason. Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*READING)
    now = desk.rooms.clock.now()
    known = list_plans(desk) if lines is None else lines
    watched = (line for line in known if line.state in journey.WATCHED)
    found_lines = [alarm for line in watched for alarm in _of_plan(desk, line)]
    found_lines += _of_others(desk)
    return tuple(sorted(found_lines, key=lambda alarm: alarm.since or now))


def alarms_of(desk: Desk, line: PlanLine) -> tuple[AlarmLine, ...]:
    """The alarms of one plan."""
    require_reading(desk, found(desk, line.rid))
    return tuple(_of_plan(desk, line)) if line.state in journey.WATCHED else ()


def record_event(
    desk: Desk, leg_rid: bytes, what: LegEvent, happened: Moment | None = None
) -> Done:
    """Write down what happened to a leg, and when; now, if that is not said.

    Raises KfdeskError `plan.in_the_future`, `plan.read_only` or `record.missing`.
    """
    return record_events(desk, (LegNews(leg_rid, what, happened),))[0]


def record_events(desk: Desk, news: Sequence[LegNews]) -> tuple[Done, ...]:
    """Write down several things that happened, in one transaction; as `record_event` does."""
    when = [happened_or_now(desk, one.happened) for one in news]
    legs = zip(news, when, strict=True)
    return change_records(desk, [(one.leg, _written(one.what, at), None) for one, at in legs])


def replace_leg(desk: Desk, leg_rid: bytes, values: Mapping[str, Value]) -> bytes:
    """A new leg in the place of one that was missed; the plan goes on travelling.

    Returns the new leg. Raises KfdeskError `record.missing`, `plan.read_only` or `field.…`.
    """
    row = found(desk, leg_rid)
    if row.type != "leg":
        raise KfdeskError("record.missing")
    place = {"sequence": view(row, Leg).record.sequence}
    return enter_record(desk, "leg", {**values, **place}, row.parent).rid


def _written(what: LegEvent, when: Moment) -> dict[str, Value]:
    written: Mapping[LegEvent, dict[str, Value]] = {
        LegEvent.DEPARTED: {"status": "departed", "departed": when},
        LegEvent.ARRIVED: {"status": "arrived", "arrived": when},
        LegEvent.MISSED: {"status": "missed", "missed": when},
        LegEvent.CHECK_IN: {"check_in_status": "made", "checked_in": when},
        LegEvent.CHECK_IN_MISSED: {"check_in_status": "missed_alarm", "checked_in": when},
        LegEvent.CHECK_IN_WAIVED: {"check_in_status": "waived"},
    }
    return written[what]


def _of_others(desk: Desk) -> Iterator[AlarmLine]:
    for plan in list_locked(desk) if desk.may(Right.OPEN_WITH_REASON) else ():
        s = situation_of(desk, case_of(desk, found(desk, plan.rid)))
        if s.state not in journey.WATCHED:
            continue
        line = PlanLine(plan.rid, plan.code, "", s.state, (), 0)
        for alarm in journey.alarms(s):
            leg = alarm.leg.record if alarm.leg else None
            number = leg.sequence if leg and isinstance(leg.sequence, int) else None
            zone = moment_now(desk).zone
            yield AlarmLine(line, alarm.kind, None, number, alarm.since, (), "", "", zone)


def _of_plan(desk: Desk, line: PlanLine) -> Iterator[AlarmLine]:
    s = read_situation(desk, line.rid)
    plan = s.plan.record
    for alarm in journey.alarms(s):
        leg = alarm.leg.record if alarm.leg else None
        yield AlarmLine(
            line=line,
            kind=alarm.kind,
            leg=alarm.leg.rid if alarm.leg else None,
            number=leg.sequence if leg and isinstance(leg.sequence, int) else None,
            since=alarm.since,
            calls=(*_meeter(desk, leg), *_numbers(desk, s), *receiver_calls(desk, s)),
            fallback=_text(leg.fallback) if leg else "",
            alarm_plan=_text(plan.alarm_plan),
            zone=_zone(leg, alarm.kind) or moment_now(desk).zone,
        )


def _meeter(desk: Desk, leg: Leg | None) -> Iterator[Call]:
    if leg is None:
        return
    met_by = leg.met_by if isinstance(leg.met_by, tuple) else ()
    row = desk.store.row(bytes.fromhex(leg.meeter)) if isinstance(leg.meeter, str) else None
    if row is not None and row.type == "contact":
        contact = view(row, Contact).record
        yield Call(Role.MEETS_HER, _text(contact.given_name), _text(contact.phone), met_by)
    elif met_by:
        yield Call(Role.MEETS_HER, met_by=met_by)


def _numbers(desk: Desk, s: Situation) -> Iterator[Call]:
    for seen in load_case(desk, s.plan.rid).views(HelpNumber, "help_number"):
        if _text(seen.record.number):
            yield Call(Role.HELP_NUMBER, number=_text(seen.record.number))


def receiver_calls(desk: Desk, s: Situation) -> Iterator[Call]:
    """The receiver's telephones that may be called about a client."""
    if s.receiver is None:
        return
    name = name_of(desk, s.receiver.organisation.hex())
    rows = (row for row in desk.store.children(s.receiver.organisation) if row.type == "phone")
    for seen in (view(row, Phone) for row in rows):
        if not seen.is_deleted and seen.record.is_safe is True and _text(seen.record.number):
            yield Call(Role.RECEIVER, name, _text(seen.record.number))


def _zone(leg: Leg | None, kind: Trouble) -> str:
    """Whose clock a leg's trouble is told by."""
    if leg is None:
        return ""
    times = {
        Trouble.CHECK_IN_MISSED: (leg.check_in, leg.arrives, leg.departs),
        Trouble.NOT_ARRIVED: (leg.arrives, leg.departs),
    }.get(kind, (leg.departs, leg.arrives))
    return next((time.zone for time in times if isinstance(time, Moment)), "")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
