# SPDX-License-Identifier: GPL-3.0-or-later
"""The legs of a journey as they are shown: table rows, stops on the timeline, now and next.

Functions only, without widgets or state: `plan.legs`, `plan.travel` and `plan.travel_day` use
them. Times are shown on the clock of their end of the leg. What is planned, expected, late or has
happened is decided by the domain, and looks as `record_views.TRAVEL_LOOKS` says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import zip_longest

from kfdesk.domain.codes.core import LEG_OFF, LEG_STATUS
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.progress import (
    LegProgress,
    TravelStatus,
    current_leg_index,
    is_tracked,
    journey_progress,
)
from kfdesk.i18n.days import time_left_text
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import localized_text, zoned_time_text
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.record_views import MODE_ICONS, TRAVEL_LOOKS, travel_status_text
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.table import TableCell
from kfdesk.ui.widgets.timeline import JourneyStop, JourneyStretch, StopMark

LegViews = Sequence[RecordView[Leg]]
LegRow = tuple[TableCell, ...]
BOOKED_STATUSES = frozenset({"booked", "confirmed", "departed", "arrived"})
NO_PLACE, _UNKNOWN_END = "–", "…"


@dataclass(frozen=True, slots=True)
class ShownLeg:
    """A leg with its number, counted from 1, and its progress."""

    number: int
    view: RecordView[Leg]
    progress: LegProgress

    @property
    def record(self) -> Leg:
        return self.view.record


ShownLegs = Sequence[ShownLeg]


def shown_legs(legs: LegViews, state: object, at: datetime) -> tuple[ShownLeg, ...]:
    """Return the legs of a plan in this state with their progress at an instant (aware)."""
    pairs = zip(legs, journey_progress([leg.record for leg in legs], state, at), strict=True)
    return tuple(ShownLeg(number, leg, one) for number, (leg, one) in enumerate(pairs, start=1))


def route_text(leg: RecordView[Leg], language: Language) -> str:
    """Return the route: `Stockholm – Riga`; with dots for an end that is not known."""
    places = (leg.record.from_place, leg.record.to_place)
    ends = [localized_text(place, language) for place in places]
    return " – ".join(end or _UNKNOWN_END for end in ends) if any(ends) else NO_PLACE


def leg_title(number: int, leg: RecordView[Leg], language: Language) -> str:
    """Return number and route: `Leg 2: Stockholm – Riga`; the number alone without a place."""
    way = route_text(leg, language)
    if way == NO_PLACE:
        return language.gettext(N_("Leg {number}")).format(number=number)
    return language.gettext(N_("Leg {number}: {way}")).format(number=number, way=way)


def wide_leg_row(leg: ShownLeg, language: Language) -> LegRow:
    """Return a leg in six cells: from, to, leaves, arrives, met by, check-in."""
    record, progress = leg.record, leg.progress
    start = TableCell(
        localized_text(record.from_place, language) or NO_PLACE,
        _carrier_text(record),
        _mode_icon(record),
    )
    end = TableCell(localized_text(record.to_place, language) or NO_PLACE)
    if record.status in LEG_OFF:
        times = (_time_cell(leg, "departs", None, language), TableCell())
        return (start, end, *times, _off_cell(record, language), TableCell())
    departs = _time_cell(leg, "departs", progress.departure, language)
    arrives = _time_cell(leg, "arrives", progress.arrival, language)
    return (start, end, departs, arrives, _meeting_cell(record, language),
            _check_in_cell(leg, language))  # fmt: skip


def narrow_leg_row(leg: ShownLeg, language: Language) -> LegRow:
    """Return a leg in four used cells; the other cells are empty.

    The cells are the route, departure, arrival, and the person who meets the client with the
    check-in below.
    """
    _, _, departs, arrives, meets, check_in = wide_leg_row(leg, language)
    start = TableCell(
        route_text(leg.view, language), _carrier_text(leg.record), _mode_icon(leg.record)
    )
    said = " · ".join(filter(None, (check_in.text, check_in.under)))
    return (start, TableCell(), departs, arrives, TableCell(), replace(meets, under=said))


def slim_leg_row(leg: ShownLeg, language: Language) -> LegRow:
    """Return a leg in two used cells: the route with the meeting person below, and the times."""
    _, _, departs, arrives, meets, _ = wide_leg_row(leg, language)
    start = TableCell(route_text(leg.view, language), meets.text, _mode_icon(leg.record))
    when = TableCell(f"{departs.text} {departs.under}", f"{arrives.text} {arrives.under}")
    return (start, TableCell(), TableCell(), TableCell(), TableCell(), when)


_MARKS = {
    TravelStatus.HAPPENED: StopMark.HAPPENED,
    TravelStatus.EXPECTED: StopMark.EXPECTED,
    TravelStatus.LATE: StopMark.LATE,
    TravelStatus.UNRECORDED: StopMark.UNRECORDED,
}


def journey_stops(legs: ShownLegs, language: Language) -> Iterator[JourneyStop]:
    """Yield the first departure, then each arrival with the departure from there.

    Legs in `LEG_OFF` are left out.
    """
    standing = standing_legs(legs)
    for leg in standing[:1]:
        record, status = leg.record, leg.progress.departure
        yield JourneyStop(
            localized_text(record.from_place, language) or NO_PLACE,
            _stop_time(leg, "departs", language),
            mark=_MARKS.get(status, _unmoved_mark(record)),
            icon=TRAVEL_LOOKS[status].icon,
            time_tone=TRAVEL_LOOKS[status].tone,
        )
    for leg, onward in zip_longest(standing, standing[1:]):
        yield _end_stop(leg, onward, language)


def _end_stop(leg: ShownLeg, onward: ShownLeg | None, language: Language) -> JourneyStop:
    """Return the stop at the end of a leg; `onward` is the leg that leaves from there."""
    record, progress = leg.record, leg.progress
    is_met = bool(localized_text(record.met_by, language)) or record.alone is True
    is_open = bool(leg.view.conflicts) or not is_met
    look = TRAVEL_LOOKS[progress.arrival]
    is_planned = progress.arrival is TravelStatus.PLANNED
    open_icon = "git-merge" if leg.view.conflicts else "triangle-alert"
    mark = _MARKS.get(progress.arrival, _unmoved_mark(record))
    return JourneyStop(
        localized_text(record.to_place, language) or NO_PLACE,
        _stop_time(leg, "arrives", language),
        _stop_note(leg, language),
        StopMark.OPEN if is_planned and is_open else mark,
        open_icon if is_planned else look.icon,
        Tone.WARNING if is_open else Tone.MUTED,
        look.tone,
        _onward_text(leg, onward, language) if onward else "",
        TRAVEL_LOOKS[onward.progress.departure].tone if onward else Tone.PLAIN,
    )


def _unmoved_mark(record: Leg) -> StopMark:
    return StopMark.BOOKED if record.status in BOOKED_STATUSES else StopMark.PLANNED


def _onward_text(leg: ShownLeg, onward: ShownLeg, language: Language) -> str:
    """Return when she travels on, and from which place if it is another one."""
    said = _stop_time(onward, "departs", language)
    place = localized_text(onward.record.from_place, language)
    if not place or place == localized_text(leg.record.to_place, language):
        return language.gettext(N_("departs: {said}")).format(said=said)
    return language.gettext(N_("departs from {place}: {said}")).format(place=place, said=said)


def journey_stretches(
    legs: ShownLegs, language: Language, at: datetime
) -> Iterator[JourneyStretch]:
    """Yield the stretches between the stops; the one that is travelled shows where she is."""
    for leg in standing_legs(legs):
        record = leg.record
        span = time_between(_shown_time(leg, "departs"), _shown_time(leg, "arrives"))
        above = language.duration(span) if span else ""
        is_under_way = record.status == "departed" and leg.progress.is_current
        if is_under_way:
            way = language.gettext(N_("on the way"))
            above = f"{way} · {above}" if above else way
        yield JourneyStretch(
            above,
            _mode_icon(record),
            _stretch_tone(leg, is_under_way=is_under_way),
            max(1.0, span / timedelta(hours=1)) if span else 1.0,
            _travelled_share(record, at) if is_under_way else None,
        )


def _shown_time(leg: ShownLeg, key: str) -> ZonedTime | None:
    """Return the time that is drawn at an end of a leg: the recorded one, else the planned one.

    `key` is `departs` or `arrives`. Return None if none is drawn there.
    """
    status = leg.progress.departure if key == "departs" else leg.progress.arrival
    moment = getattr(leg.record, key)
    if status is TravelStatus.HAPPENED:
        moment = leg.record.departed if key == "departs" else leg.record.arrived
    elif key in leg.view.conflicts:
        moment = None
    return moment if isinstance(moment, ZonedTime) else None


def _stretch_tone(leg: ShownLeg, *, is_under_way: bool) -> Tone:
    if leg.progress.arrival is TravelStatus.LATE:
        return Tone.DANGER
    if is_under_way:
        return Tone.INFO
    if leg.record.status == "arrived":
        return Tone.SUCCESS
    is_booked = leg.record.status in BOOKED_STATUSES and not leg.view.conflicts
    return Tone.ACCENT if is_booked else Tone.WARNING


def _travelled_share(record: Leg, at: datetime) -> float:
    """Return the share of a leg that is travelled by its clock, from 0 to 1."""
    left = record.departed if isinstance(record.departed, ZonedTime) else record.departs
    if not isinstance(left, ZonedTime) or not isinstance(record.arrives, ZonedTime):
        return 0.5
    whole = record.arrives.utc - left.utc
    return min(max((at - left.utc) / whole, 0.0), 1.0) if whole > timedelta() else 1.0


# --- Now and next


def now_text(legs: ShownLegs, language: Language) -> str:
    """Return where she is, as far as it was recorded: `On the way to Riga since 17:02 CET`."""
    standing = list(standing_legs(legs))
    moved = [leg for leg in standing if leg.record.status in {"departed", "arrived"}]
    if not moved and any(leg.progress.departure is TravelStatus.LATE for leg in standing):
        return language.gettext(N_("No departure is recorded."))
    if not moved:
        return language.gettext(N_("She has not left yet."))
    record, is_over = moved[-1].record, current_leg_index([leg.record for leg in legs]) is None
    place = localized_text(record.to_place, language) or NO_PLACE
    if record.status == "departed":
        words, at = N_("On the way to {place}, left {time}"), record.departed
    elif is_over:
        words, at = N_("At the end of the journey: {place}, arrived {time}"), record.arrived
    else:
        words, at = N_("In {place}, arrived {time}"), record.arrived
    time = zoned_time_text(at, language) if isinstance(at, ZonedTime) else NO_PLACE
    return language.gettext(words).format(place=place, time=time)


def next_text(leg: ShownLeg, at: datetime, language: Language) -> str:
    """Return what comes next on a leg: `Arrives in Riga 13 Dec 10:30 EET, in 3 h 20 min`."""
    record = leg.record
    has_left = record.status == "departed"
    due = record.arrives if has_left else record.departs
    place = localized_text(record.to_place if has_left else record.from_place, language) or NO_PLACE
    if not isinstance(due, ZonedTime):
        words = N_("Arrives in {place}, time not set") if has_left else N_(
            "Departs {place}, time not set"
        )  # fmt: skip
        return language.gettext(words).format(place=place)
    if due.utc < at:
        words = N_("Was to arrive in {place} {time}, {span}") if has_left else N_(
            "Was to leave {place} {time}, {span}"
        )  # fmt: skip
    else:
        words = N_("Arrives in {place} {time}, {span}") if has_left else N_(
            "Departs {place} {time}, {span}"
        )  # fmt: skip
    return language.gettext(words).format(
        place=place, time=zoned_time_text(due, language), span=time_left_text(due, at, language)
    )


def meeting_text(record: Leg, language: Language) -> str:
    """Return who meets her at the end of a leg, and by what sign; or that nobody does."""
    name, sign = localized_text(record.met_by, language), localized_text(record.sign, language)
    if name:
        told = ", ".join(filter(None, (name, sign)))
        return language.gettext(N_("Meets her: {name}")).format(name=told)
    if record.alone is True:
        return language.gettext(N_("She continues alone, by her own choice."))
    return language.gettext(N_("She is not met yet."))


def pending_check_in(legs: ShownLegs) -> ShownLeg | None:
    """Return the leg whose check-in comes next: an agreed one, else one of the last leg begun."""
    open_legs = [
        leg for leg in standing_legs(legs)
        if leg.record.check_in_status not in {"made", "waived"}
        if leg.progress.is_current or leg.record.status in {"departed", "arrived"}
    ]  # fmt: skip
    agreed = [leg for leg in open_legs if isinstance(leg.record.check_in, ZonedTime)]
    unsaid = [leg for leg in agreed if leg.record.check_in_status != "missed_alarm"]
    return next(iter((*unsaid, *reversed(agreed), *reversed(open_legs))), None)


def shown_check_in(legs: ShownLegs) -> ShownLeg | None:
    """Return the leg whose check-in is shown: the next one that is agreed, else the last made."""
    pending = pending_check_in(legs)
    if pending is not None and pending.progress.check_in is not None:
        return pending
    told = [leg for leg in standing_legs(legs) if leg.progress.check_in is not None]
    made = [leg for leg in told if leg.record.check_in_status == "made"]
    return next(iter((*reversed(made), *told)), None)


def journey_span_text(legs: LegViews, language: Language) -> str:
    """Return the duration of the whole journey and its number of time zones."""
    kept = active_legs(legs)
    span = time_between(kept[0].record.departs, kept[-1].record.arrives) if kept else None
    if span is None:
        return ""
    times = [time for leg in kept for time in (leg.record.departs, leg.record.arrives)]
    return language.plural(
        "{span}, {count} time zone",
        "{span}, {count} time zones",
        len({time.zone for time in times if isinstance(time, ZonedTime)}),
        span=language.duration(span),
    )


def journey_readers_text(names: Sequence[str], language: Language) -> str:
    """Return who may read the journey: staff, and one partner by name or their number."""
    if not names:
        return language.gettext(N_("Read by: staff"))
    if len(names) == 1:
        return language.gettext(N_("Read by: staff, {name}")).format(name=names[0])
    return language.plural(
        "Read by: staff and {count} partner", "Read by: staff and {count} partners", len(names)
    )


def standing_legs(legs: ShownLegs) -> list[ShownLeg]:
    """Return the shown legs that were neither missed nor cancelled."""
    return [leg for leg in legs if leg.record.status not in LEG_OFF]


def active_legs(legs: LegViews) -> list[RecordView[Leg]]:
    """Return the legs that were neither missed nor cancelled."""
    return [leg for leg in legs if leg.record.status not in LEG_OFF]


def time_between(first: object, last: object) -> timedelta | None:
    """Return the time from first to last if both are known and in this order, else None."""
    if isinstance(first, ZonedTime) and isinstance(last, ZonedTime) and last.utc > first.utc:
        return last.utc - first.utc
    return None


def leg_zone(leg: Leg, home: str, *, is_end: bool = True) -> str:
    """Return the time zone at the end of a leg, or at its start; `home` if it has no time."""
    times = (leg.arrives, leg.departs) if is_end else (leg.departs, leg.arrives)
    return next((time.zone for time in times if isinstance(time, ZonedTime)), home)


def _mode_icon(record: Leg) -> str:
    return MODE_ICONS.get(str(record.mode), "route")


def _carrier_text(record: Leg) -> str:
    return record.carrier if isinstance(record.carrier, str) else ""


def _time_cell(
    leg: ShownLeg, key: str, status: TravelStatus | None, language: Language
) -> TableCell:
    """Return an agreed time with its zone, and what is known of it; nothing for a leg that is off.

    `key` is `departs` or `arrives`.
    """
    if key in leg.view.conflicts:
        return TableCell(language.gettext(N_("Two values")), icon="git-merge", tone=Tone.WARNING)
    moment = getattr(leg.record, key)
    happened = leg.record.departed if key == "departs" else leg.record.arrived
    planned = zoned_time_text(moment, language) if isinstance(moment, ZonedTime) else ""
    if status is None:
        return TableCell(planned, tone=Tone.MUTED)
    look, told = TRAVEL_LOOKS[status], travel_status_text(status, key, happened, language)
    if status is TravelStatus.HAPPENED:
        return _happened_cell(key, happened, language)
    if not planned:
        return TableCell(language.gettext(N_("Not set")), icon="circle-dashed", tone=Tone.MUTED)
    return TableCell(planned, told, look.icon, look.tone)


def _happened_cell(key: str, at: object, language: Language) -> TableCell:
    """Return when something happened, and below it what; `key` names the field of its plan."""
    look = TRAVEL_LOOKS[TravelStatus.HAPPENED]
    word = travel_status_text(TravelStatus.HAPPENED, key, None, language)
    if not isinstance(at, ZonedTime):
        return TableCell(word, "", look.icon, look.tone)
    return TableCell(zoned_time_text(at, language), word, look.icon, look.tone)


def _meeting_cell(record: Leg, language: Language) -> TableCell:
    name = localized_text(record.met_by, language)
    if record.alone is True:
        return TableCell(language.gettext(N_("On her own")), icon="user", tone=Tone.MUTED)
    if not name:
        return TableCell(
            language.gettext(N_("No one yet")), icon="triangle-alert", tone=Tone.WARNING
        )
    return TableCell(name, localized_text(record.sign, language), "user")


def _off_cell(record: Leg, language: Language) -> TableCell:
    """Return the cell for a leg that was missed or cancelled."""
    word = language.gettext(LEG_STATUS[str(record.status)])
    if record.status == "missed":
        when = record.missed
        under = zoned_time_text(when, language) if isinstance(when, ZonedTime) else ""
        return TableCell(word, under, "octagon-alert", Tone.DANGER)
    return TableCell(word, icon="ban", tone=Tone.MUTED)


def _check_in_cell(leg: ShownLeg, language: Language) -> TableCell:
    record, status = leg.record, leg.progress.check_in
    moment = record.check_in
    day = zoned_time_text(moment, language) if isinstance(moment, ZonedTime) else ""
    if record.check_in_status == "waived":
        return TableCell(language.gettext(N_("Not needed")), day, "ban", Tone.MUTED)
    if status is None:
        return TableCell(language.gettext(N_("Not set")), icon="circle-dashed", tone=Tone.MUTED)
    if status is TravelStatus.HAPPENED:
        return _happened_cell("check_in", record.checked_in, language)
    look, told = TRAVEL_LOOKS[status], check_in_text(record, status, language)
    return TableCell(day or told, told if day else "", look.icon, look.tone)


def check_in_text(record: Leg, status: TravelStatus, language: Language) -> str:
    """Return what is known of a check-in: `expected`, `made 10:40 EET`, `not made`."""
    if record.check_in_status == "missed_alarm":
        return language.gettext(N_("not made"))
    return travel_status_text(status, "check_in", record.checked_in, language)


def _stop_note(leg: ShownLeg, language: Language) -> str:
    if leg.view.conflicts:
        return language.gettext(N_("not yet decided"))
    name = localized_text(leg.record.met_by, language)
    if name:
        return language.gettext(N_("{name} meets")).format(name=name)
    alone, nobody = N_("on her own"), N_("not met")
    return language.gettext(alone if leg.record.alone is True else nobody)


def _stop_time(leg: ShownLeg, key: str, language: Language) -> str:
    """Return the status and the time of an end of a leg: `expected 13 Dec 10:30 EET`."""
    status = leg.progress.departure if key == "departs" else leg.progress.arrival
    moment = _shown_time(leg, key)
    told = travel_status_text(status, key, moment, language)
    if status is TravelStatus.HAPPENED:
        return told
    if key in leg.view.conflicts:
        return language.gettext(N_("Two values"))
    if moment is None:
        return language.gettext(N_("time not set"))
    return f"{told} {zoned_time_text(moment, language)}"


NOT_DEPARTED = frozenset({None, "planned", "booked", "confirmed"})
"""The states of a leg that has not left."""


def is_travel_tracked(page: PlanPage) -> bool:
    """Return whether travel is tracked, by the state of the plan or of one of its legs."""
    return is_tracked(page.plan.record.state, [leg.record for leg in page.legs])


def current_leg(legs: LegViews) -> RecordView[Leg] | None:
    """Return the leg that has departed, else the next leg, or None."""
    place = current_leg_index([leg.record for leg in legs])
    return legs[place] if place is not None else None


def legs_not_arrived_before(legs: LegViews, rid: bytes) -> list[tuple[int, RecordView[Leg]]]:
    """Return the legs before a leg that have not arrived, with their numbers."""
    numbered = list(enumerate(legs, start=1))
    here = next(number for number, leg in numbered if leg.rid == rid)
    awaited = {leg.rid for leg in active_legs(legs) if leg.record.status != "arrived"}
    return [(number, leg) for number, leg in numbered[: here - 1] if leg.rid in awaited]


def last_travel_day(legs: Sequence[RecordView[Leg]]) -> date | None:
    """Return the last day of the journey, or None if no leg has an arrival time."""
    arrivals = (leg.record.arrives for leg in active_legs(legs))
    times = [time for time in arrivals if isinstance(time, ZonedTime)]
    return max(times, key=lambda time: time.utc).wall.date() if times else None
