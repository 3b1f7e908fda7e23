# SPDX-License-Identifier: GPL-3.0-or-later
"""Journeys: legs, alarms and whom to call, events on the way, and the departure checklist.

To call are: the person who meets the client, the help numbers of the journey, and the
receiver's telephones that may be called about a client. When something happened and when it
was recorded are two separate times. The domain decides what an alarm is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.case import DEPARTURE_CHECK
from kfdesk.domain.codes.core import LEG_OFF
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.itinerary import with_own_test
from kfdesk.domain.names import fold_words
from kfdesk.domain.pronouns import pronoun_of
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.directory import Contact, Organisation, Phone
from kfdesk.domain.records.journey import HelpNumber, Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import RecordView, Row, encode_changes, seen_writes, sibling_numbers, view
from kfdesk.domain.values import LocalizedText, Value, ZonedTime, text_or_empty, zone_rules
from kfdesk.domain.workflow.alarms import (
    AlarmKind,
    PlanWarning,
    find_alarms,
    plan_warnings,
    received_of,
)
from kfdesk.domain.workflow.departure import proven_checks
from kfdesk.domain.workflow.gates import CaseContext, FieldLocation, Gate, GateAnswer
from kfdesk.domain.workflow.progress import is_recording_open
from kfdesk.domain.workflow.stages import is_answered, is_watched
from kfdesk.domain.workflow.travel import active_legs
from kfdesk.services.core.authorization import (
    READ_RIGHTS,
    may_record_events,
    require_editing,
    require_reading,
)
from kfdesk.services.core.records import (
    Saved,
    add_record,
    change_record,
    put_changed,
    put_new,
    put_values,
    require_record,
)
from kfdesk.services.core.references import referenced_row
from kfdesk.services.core.session import Changes, Session, desk_zone
from kfdesk.services.plans.emergency_access import list_locked_plans
from kfdesk.services.plans.lines import PlanLine
from kfdesk.services.plans.plans import (
    case_context_of,
    case_of,
    checked_event_time,
    list_current_plans,
    load_case,
    meeting_contacts,
    name_of,
    read_case_context,
)

_HOUSE = "organisation"

# --- legs

_LegGroups = list[list[RecordView[Leg]]]


@dataclass(frozen=True, slots=True)
class LegOrderChange(Changes):
    """The result of adding or moving a leg; `done` are all its saves, to be undone together."""

    leg: bytes = b""
    done: tuple[Saved, ...] = field(default=(), repr=False)


def add_leg(desk: Session, plan: bytes, after: bytes | None = None) -> LegOrderChange:
    """Add a leg after another one, or as the last; it begins where the one before it ends.

    Raise KfdeskError `record.missing`, `record.deleted` or `plan.read_only`.
    """
    require_editing(desk, require_record(desk, plan))
    with desk.store.transaction():
        groups = _group_legs(load_case(desk, plan).views(Leg, "leg"))
        place = _group_index(groups, after) + 1 if after is not None else len(groups)
        new = desk.new_row("leg", plan)
        values = {**_start_values(groups[:place]), "sequence": place + 1, "status": "planned"}
        moved = _renumber(desk, groups[:place], 1) + _renumber(desk, groups[place:], place + 2)
        made = put_new(desk, new, encode_changes("leg", values))
    return _order_change(new.rid, (*moved, made))


def move_leg(desk: Session, plan: bytes, leg: bytes, by: int) -> LegOrderChange:
    """Move a leg one place down (`by` 1) or up (-1); do nothing at the end of the list.

    Raise KfdeskError `record.missing`, `record.deleted` or `plan.read_only`.
    """
    require_editing(desk, require_record(desk, plan))
    with desk.store.transaction():
        groups = _group_legs(load_case(desk, plan).views(Leg, "leg"))
        here = _group_index(groups, leg)
        there = here + by
        if not 0 <= there < len(groups):
            return LegOrderChange(leg=leg)
        groups[here], groups[there] = groups[there], groups[here]
        return _order_change(leg, _renumber(desk, groups, 1))


def replacement_leg_values(leg: RecordView[Leg]) -> Mapping[str, Value]:
    """Return the values that a replacement takes over from a missed leg: places, and who meets."""
    keys = ("mode", "from_place", "from_stop", "to_place", "to_stop", "met_by", "sign", "meeter")
    kept = {key: getattr(leg.record, key) for key in keys}
    return {key: value for key, value in kept.items() if value is not None} | {"status": "planned"}


def _start_values(before: _LegGroups) -> dict[str, Value]:
    """Return the first values of a leg: it begins where the one before it ends."""
    standing = [leg for group in before for leg in group if leg.record.status not in LEG_OFF]
    place = standing[-1].record.to_place if standing else None
    start: LocalizedText = place if isinstance(place, tuple) else ()
    return {"from_place": start} if start else {}


def _group_legs(legs: Sequence[RecordView[Leg]]) -> _LegGroups:
    """Group the legs in order: a missed leg with its replacement of the same number."""
    groups: _LegGroups = []
    for leg in legs:
        before = groups[-1] if groups else []
        together = [*before, leg]
        is_same = bool(before) and isinstance(leg.record.sequence, int) and all(
            one.record.sequence == leg.record.sequence for one in before
        )  # fmt: skip
        if is_same and sum(one.record.status not in LEG_OFF for one in together) <= 1:
            before.append(leg)
        else:
            groups.append([leg])
    return groups


def _group_index(groups: _LegGroups, rid: bytes) -> int:
    for place, group in enumerate(groups):
        if any(leg.rid == rid for leg in group):
            return place
    raise KfdeskError("record.missing")


def _renumber(desk: Session, groups: _LegGroups, first: int) -> tuple[Saved, ...]:
    """Renumber the groups from `first`; leave a number that is in conflict as it is."""
    return tuple(
        put_changed(
            desk, leg.row, encode_changes("leg", {"sequence": number}), seen_writes(leg.row)
        )
        for number, group in enumerate(groups, start=first)
        for leg in group
        if leg.record.sequence != number and "sequence" not in leg.conflicts
    )


def _order_change(leg: bytes, done: Iterable[Saved]) -> LegOrderChange:
    kept = tuple(done)
    rids = frozenset(one.rid for one in kept)
    return LegOrderChange(frozenset({"leg"}) if kept else frozenset(), rids, leg, kept)


# --- alarms, and events on the way


class CallRole(StrEnum):
    """The role of who answers at a number."""

    MEETS_HER = "meets_her"
    HELP_NUMBER = "help_number"
    RECEIVER = "receiver"


@dataclass(frozen=True, slots=True)
class AlarmCall:
    """Somebody to call; `met_by` is the name on the leg, shown if there is no number.

    `checked` is the day of the number's last test call, or of the entry's last check; None if it
    was never tried.
    """

    role: CallRole
    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    met_by: LocalizedText = field(default=(), repr=False)
    checked: date | None = None


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """One alarm: its plan and leg, since when, whom to call, and what was agreed for this case.

    `since` is shown in `zone`: the leg's zone, or for another user's plan the computer's.
    """

    line: PlanLine = field(repr=False)
    kind: AlarmKind
    leg: bytes | None
    number: int | None
    since: datetime | None
    calls: tuple[AlarmCall, ...] = field(repr=False)
    fallback: str = field(repr=False)
    alarm_plan: str = field(repr=False)
    zone: str = ""


class LegEvent(StrEnum):
    """An event of a leg."""

    DEPARTED = "departed"
    ARRIVED = "arrived"
    MISSED = "missed"
    CHECK_IN = "check_in"
    CHECK_IN_MISSED = "check_in_missed"
    CHECK_IN_WAIVED = "check_in_waived"


@dataclass(frozen=True, slots=True)
class LegUpdate:
    """One thing that happened to a leg, and when; None means now."""

    leg: bytes
    what: LegEvent
    happened: ZonedTime | None = None


_EVENTS_OF_THE_DAY = frozenset(
    {LegEvent.DEPARTED, LegEvent.ARRIVED, LegEvent.CHECK_IN, LegEvent.CHECK_IN_MISSED}
)
_STATUSES_AHEAD = frozenset({"planned", "booked", "confirmed"})


def read_alarms(desk: Session, lines: Iterable[PlanLine] | None = None) -> tuple[AlarmLine, ...]:
    """Return all active alarms, the oldest first.

    `lines` are the plans, if the caller has read them. Another user's plan needs a reason to
    open: of it, only say that something is wrong and since when, and nothing about the client.
    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*READ_RIGHTS)
    now = desk.adapters.clock.now()
    known = list_current_plans(desk) if lines is None else lines
    watched = (line for line in known if is_watched(line.state, line.stage))
    alarms = [alarm for line in watched for alarm in _alarms_of_line(desk, line)]
    alarms += _alarms_of_locked_plans(desk)
    return tuple(sorted(alarms, key=lambda alarm: alarm.since or now))


def alarms_in(desk: Session, s: CaseContext) -> tuple[AlarmLine, ...]:
    """Return the active alarms of a plan that was read. The calling service has the rights."""
    client = s.client.record
    said = pronoun_of(client.gender)
    line = PlanLine(s.plan.rid, text_or_empty(client.code), "", s.state or "", (), 0, pronoun=said)
    return tuple(_plan_alarms(desk, line, s))


def put_leg_events(desk: Session, news: Sequence[LegUpdate]) -> tuple[Saved, ...]:
    """Record what happened to legs, and when, inside a transaction.

    A time of None means now, by the clocks of the place where the leg begins or ends.
    Raise KfdeskError `plan.in_the_future`, `plan.too_early` (24 hours before the leg leaves or
    earlier), `plan.read_only` or `record.missing`.
    """
    when = [checked_event_time(desk, one.happened or _now_on_leg(desk, one)) for one in news]
    legs = zip(news, when, strict=True)
    changes = [(one.leg, _event_values(one.what, at)) for one, at in legs]
    for one, (_, values) in zip(news, changes, strict=True):
        _require_recording_open(desk, one, values)
    return tuple(put_values(desk, rid, values) for rid, values in changes)


def leg_zone(leg: Leg, home: str, *, is_end: bool = True) -> str:
    """Return the time zone at the end of a leg, or at its start; `home` if it has no time."""
    times = (leg.arrives, leg.departs) if is_end else (leg.departs, leg.arrives)
    return next((time.zone for time in times if isinstance(time, ZonedTime)), home)


def _now_on_leg(desk: Session, one: LegUpdate) -> ZonedTime:
    row = require_record(desk, one.leg)
    if row.type != "leg":
        raise KfdeskError("record.missing")
    leg = view(row, Leg).record
    zone = leg_zone(leg, desk_zone(desk), is_end=one.what is not LegEvent.DEPARTED)
    return now_in_zone(desk, zone)


def put_taken_back(desk: Session, leg_rid: bytes, what: LegEvent) -> Saved:
    """Take back what was recorded of a leg by mistake, inside a transaction.

    It is again as it was before. Raise KfdeskError `record.missing` or `plan.read_only`.
    """
    row = require_record(desk, leg_rid)
    leg = view(row, Leg).record
    before = "departed" if isinstance(leg.departed, ZonedTime) else _status_before(desk, row)
    values: Mapping[LegEvent, dict[str, Value]] = {
        LegEvent.DEPARTED: {"status": _status_before(desk, row), "departed": None},
        LegEvent.ARRIVED: {"status": before, "arrived": None},
        LegEvent.MISSED: {"status": before, "missed": None},
    }
    said: dict[str, Value] = {"check_in_status": None, "checked_in": None}
    return put_values(desk, leg_rid, values.get(what, said))


def recorded_events(leg: Leg) -> tuple[LegEvent, ...]:
    """Return what can be taken back of a leg: its last movement, and what was said of its call."""
    moved = {
        "departed": LegEvent.DEPARTED,
        "arrived": LegEvent.ARRIVED,
        "missed": LegEvent.MISSED,
    }
    called = {
        "made": LegEvent.CHECK_IN,
        "missed_alarm": LegEvent.CHECK_IN_MISSED,
        "waived": LegEvent.CHECK_IN_WAIVED,
    }
    found = (moved.get(str(leg.status)), called.get(str(leg.check_in_status)))
    return tuple(event for event in found if event is not None)


def _require_recording_open(desk: Session, one: LegUpdate, values: Mapping[str, Value]) -> None:
    """Require that an event is not recorded long before its leg leaves, by a wrong click."""
    row = require_record(desk, one.leg)
    require_editing(desk, row, values)
    if row.type != "leg" or row.parent is None:
        raise KfdeskError("record.missing")
    if one.what not in _EVENTS_OF_THE_DAY:
        return
    siblings = [view(each, Leg) for each in desk.store.children(row.parent) if each.type == "leg"]
    legs = [leg for leg in siblings if not leg.is_deleted]
    if not is_recording_open(view(row, Leg), legs, desk.adapters.clock.now()):
        raise KfdeskError("plan.too_early")


def _status_before(desk: Session, row: Row) -> str:
    """Return the last status of a leg before it left; `planned` if that is not kept any more."""
    fid = RECORD_TYPES["leg"].ids["status"]
    told = [write.value for write in desk.store.replaced(row.rid) if write.fid == fid]
    return next((str(value) for value in reversed(told) if value in _STATUSES_AHEAD), "planned")


def replace_leg(desk: Session, leg_rid: bytes, values: Mapping[str, Value]) -> bytes:
    """Create a leg that replaces a missed one; the journey continues. Return the new leg's id.

    Raise KfdeskError `record.missing`, `plan.read_only` or `field.…`.
    """
    row = require_record(desk, leg_rid)
    if row.type != "leg":
        raise KfdeskError("record.missing")
    place = {"sequence": view(row, Leg).record.sequence}
    return add_record(desk, "leg", {**values, **place}, row.parent).rid


def _event_values(what: LegEvent, when: ZonedTime) -> dict[str, Value]:
    written: Mapping[LegEvent, dict[str, Value]] = {
        LegEvent.DEPARTED: {"status": "departed", "departed": when},
        LegEvent.ARRIVED: {"status": "arrived", "arrived": when},
        LegEvent.MISSED: {"status": "missed", "missed": when},
        LegEvent.CHECK_IN: {"check_in_status": "made", "checked_in": when},
        LegEvent.CHECK_IN_MISSED: {"check_in_status": "missed_alarm", "checked_in": when},
        LegEvent.CHECK_IN_WAIVED: {"check_in_status": "waived"},
    }
    return written[what]


def _alarms_of_locked_plans(desk: Session) -> Iterator[AlarmLine]:
    for plan in list_locked_plans(desk) if desk.may(Right.OPEN_WITH_REASON) else ():
        s = case_context_of(desk, case_of(desk, require_record(desk, plan.rid)))
        line = PlanLine(plan.rid, plan.code, "", s.state or "", (), 0)
        numbers = sibling_numbers(s.legs)
        for alarm in find_alarms(s):
            number = numbers.get(alarm.leg.rid) if alarm.leg else None
            zone = desk_zone(desk)
            yield AlarmLine(line, alarm.kind, None, number, alarm.since, (), "", "", zone)


def _alarms_of_line(desk: Session, line: PlanLine) -> Iterator[AlarmLine]:
    return _plan_alarms(desk, line, read_case_context(desk, line.rid))


def _plan_alarms(desk: Session, line: PlanLine, s: CaseContext) -> Iterator[AlarmLine]:
    plan, numbers = s.plan.record, sibling_numbers(s.legs)
    for alarm in find_alarms(s):
        leg = alarm.leg.record if alarm.leg else None
        yield AlarmLine(
            line=line,
            kind=alarm.kind,
            leg=alarm.leg.rid if alarm.leg else None,
            number=numbers.get(alarm.leg.rid) if alarm.leg else None,
            since=alarm.since,
            calls=_calls_in_order(desk, s, leg),
            fallback=text_or_empty(leg.fallback) if leg else "",
            alarm_plan=text_or_empty(plan.alarm_plan),
            zone=_alarm_zone(leg, alarm.kind) or desk_zone(desk),
        )


def _calls_in_order(desk: Session, s: CaseContext, leg: Leg | None) -> tuple[AlarmCall, ...]:
    """Return whom to call, those with a number first: nobody can be called without one."""
    calls = (*_meeter_call(desk, leg), *_help_number_calls(desk, s), *receiver_calls(desk, s))
    return tuple(sorted(calls, key=lambda call: not call.number))


def _meeter_call(desk: Session, leg: Leg | None) -> Iterator[AlarmCall]:
    if leg is None:
        return
    met_by = leg.met_by if isinstance(leg.met_by, tuple) else ()
    row = referenced_row(desk, leg.meeter)
    if row is not None and row.type == "contact":
        contact = view(row, Contact).record
        yield AlarmCall(
            CallRole.MEETS_HER,
            text_or_empty(contact.given_name),
            text_or_empty(contact.phone),
            met_by,
        )
    elif met_by:
        yield AlarmCall(CallRole.MEETS_HER, met_by=met_by)


def _help_number_calls(desk: Session, s: CaseContext) -> Iterator[AlarmCall]:
    for seen in load_case(desk, s.plan.rid).views(HelpNumber, "help_number"):
        number, called = text_or_empty(seen.record.number), with_own_test(seen).record.called
        if number:
            tested = called.wall.date() if isinstance(called, ZonedTime) else None
            yield AlarmCall(CallRole.HELP_NUMBER, number=number, checked=tested)


def receiver_calls(desk: Session, s: CaseContext) -> Iterator[AlarmCall]:
    """Yield the receiver's telephones that may be called about a client."""
    if s.receiver is None:
        return
    name = name_of(desk, s.receiver.organisation.hex())
    entry = desk.store.row(s.receiver.organisation)
    day = view(entry, Organisation).record.checked if entry and entry.type == _HOUSE else None
    checked = day if isinstance(day, date) else None
    rows = (row for row in desk.store.children(s.receiver.organisation) if row.type == "phone")
    for seen in (view(row, Phone) for row in rows):
        if (
            not seen.is_deleted
            and seen.record.is_safe is True
            and text_or_empty(seen.record.number)
        ):
            number = text_or_empty(seen.record.number)
            yield AlarmCall(CallRole.RECEIVER, name, number, checked=checked)


def _alarm_zone(leg: Leg | None, kind: AlarmKind) -> str:
    """Return the time zone in which an alarm of a leg is shown."""
    if leg is None:
        return ""
    if kind is AlarmKind.CHECK_IN_MISSED and isinstance(leg.check_in, ZonedTime):
        return leg.check_in.zone
    ends = (AlarmKind.CHECK_IN_MISSED, AlarmKind.NOT_ARRIVED)
    return leg_zone(leg, "", is_end=kind in ends)


# --- the state of a journey, and its departure checklist


class CheckAnswer(StrEnum):
    """The answers to a point of the list before leaving."""

    OPEN = "open"
    DONE = "done"
    NOT_APPLICABLE = "not_applicable"


_PROVEN_ANSWERS = {
    GateAnswer.MET: CheckAnswer.DONE,
    GateAnswer.NOT_MET: CheckAnswer.OPEN,
    GateAnswer.NOT_APPLICABLE: CheckAnswer.NOT_APPLICABLE,
    GateAnswer.OVERRIDDEN: CheckAnswer.NOT_APPLICABLE,
}


@dataclass(frozen=True, slots=True)
class JourneyStatus:
    """A plan's warnings, its alarms, and the languages that the receiver reads.

    `may_watch`: the current user may record what happens on the way.
    """

    notices: tuple[PlanWarning, ...] = ()
    alarms: tuple[AlarmLine, ...] = ()
    reads: tuple[str, ...] = ()
    may_watch: bool = False


def read_journey(desk: Session, plan: bytes) -> JourneyStatus:
    """Return the state of a plan's journey now.

    Raise KfdeskError `record.missing` or `record.deleted`.
    """
    require_reading(desk, require_record(desk, plan))
    s = read_case_context(desk, plan)
    named = s.receiver.organisation if s.receiver else None
    partners = desk.store.ledger.partners()
    reads = [code for one in partners if one.organisation == named for code in one.reads]
    may = may_record_events(desk, s.plan.row)
    warnings = (
        *plan_warnings(s, meeting_contacts(desk, s)), *_escort_is_client(desk, s),
        *_silent_meeters(desk, s),
    )  # fmt: skip
    return JourneyStatus(warnings, alarms_in(desk, s), tuple(dict.fromkeys(reads)), may)


def _escort_is_client(desk: Session, s: CaseContext) -> Iterator[PlanWarning]:
    """Yield a warning if the escort is a contact with the client's own name, entered by mistake."""
    row = referenced_row(desk, s.plan.record.escort)
    if row is None or row.type != "contact":
        return
    escort, client = (_name_sounds(seen.record) for seen in (view(row, Contact), s.client))
    if escort and escort == client:
        yield PlanWarning("escort_is_the_client", FieldLocation("plan", "escort", s.plan.rid))


def _silent_meeters(desk: Session, s: CaseContext) -> Iterator[PlanWarning]:
    """Yield a warning for each leg ahead whose meeter cannot be called: who waits has a number."""
    numbers, received = sibling_numbers(s.legs), received_of(s)
    for leg in active_legs(s):
        is_over = leg.record.status == "arrived" or is_answered(leg.record, received)
        is_met = leg.record.alone is not True and bool(leg.record.met_by or leg.record.meeter)
        is_silent = not any(call.number for call in _meeter_call(desk, leg.record))
        if is_met and not is_over and is_silent:
            where = FieldLocation("leg", "meeter", leg.rid)
            yield PlanWarning("meeter_without_a_number", where, numbers.get(leg.rid))


def _name_sounds(person: Contact | Client) -> tuple[str, ...]:
    """Return the phonetic form of a full name in any alphabet; empty if half of it is missing."""
    names = (person.given_name, person.family_name)
    known = [name for name in names if isinstance(name, str) and name.strip()]
    return tuple(word.sound for word in fold_words(*known)) if len(known) == len(names) else ()


def departure_answers(record: Plan, proven: Mapping[str, Gate]) -> dict[str, CheckAnswer]:
    """Return the answer to each point of the list before leaving: by hand, or from the records.

    `proven` are the results of `proven_checks`, which stand above what was once ticked by hand.
    """
    done, off = _as_codes(record.checks_done), _as_codes(record.checks_not_applicable)
    answers = dict.fromkeys(DEPARTURE_CHECK, CheckAnswer.OPEN)
    answers |= {code: CheckAnswer.NOT_APPLICABLE for code in off if code in DEPARTURE_CHECK}
    answers |= {code: CheckAnswer.DONE for code in done if code in DEPARTURE_CHECK}
    return answers | {code: _PROVEN_ANSWERS[gate.answer] for code, gate in proven.items()}


def ticked_by_hand(record: Plan) -> frozenset[str]:
    """Return the points that somebody ticked as done, also those that the records answer now."""
    return frozenset(_as_codes(record.checks_done))


def answer_departure_check(desk: Session, plan: bytes, check: str, answer: CheckAnswer) -> Saved:
    """Answer one point of the list before leaving; leave the others as they are.

    Raise KfdeskError `record.missing`, `plan.read_only`, or `check.proven` for a point that the
    records answer.
    """
    with desk.store.transaction():
        row = require_record(desk, plan)
        require_editing(desk, row)
        if check in proven_checks(read_case_context(desk, plan), desk.identity.organisation):
            raise KfdeskError("check.proven")
        record = view(row, Plan).record
        done = [code for code in _as_codes(record.checks_done) if code != check]
        off = [code for code in _as_codes(record.checks_not_applicable) if code != check]
        if answer is not CheckAnswer.OPEN:
            (done if answer is CheckAnswer.DONE else off).append(check)
        values: dict[str, Value] = {
            "checks_done": tuple(done) or None,
            "checks_not_applicable": tuple(off) or None,
        }
        return put_changed(desk, row, encode_changes("plan", values), seen_writes(row))


def record_test_call(desk: Session, number: bytes, zone: str) -> Saved:
    """Record that the current user tested a help number just now.

    Raise KfdeskError `record.missing` or `plan.read_only`.
    """
    values: dict[str, Value] = {"called": now_in_zone(desk, zone), "called_by": desk.user}
    return change_record(desk, number, values)


def record_unanswered_call(desk: Session, number: bytes) -> Saved:
    """Record that nobody answered a help number: it counts as not tested, whatever was before.

    Raise KfdeskError `record.missing` or `plan.read_only`.
    """
    return change_record(desk, number, {"called": None, "called_by": desk.user})


def now_in_zone(desk: Session, zone: str) -> ZonedTime:
    """Return the time now in a zone, with the right offset also in the repeated hour in autumn."""
    return zoned_time_at(desk.adapters.clock.now(), zone)


def zoned_time_at(instant: datetime, zone: str) -> ZonedTime:
    """Return an instant (aware) as the local time of a zone."""
    at = instant.astimezone(zone_rules(zone))
    offset = at.utcoffset()
    minutes = int(offset.total_seconds()) // 60 if offset is not None else 0
    return ZonedTime(at.replace(tzinfo=None, second=0, microsecond=0, fold=0), zone, minutes)


def _as_codes(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else ()
