# SPDX-License-Identifier: GPL-3.0-or-later
"""The legs of a journey as they are shown: table rows, stops on the timeline, the current leg.

Functions only, without widgets or state: `plan.legs`, `plan.travel` and `plan.travel_day` use
them. Times are shown on the clock of their end of the leg.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from kfdesk.domain.codes.core import LEG_OFF, LEG_STATUS
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import RecordView
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.domain.workflow.alarms import WATCHED_STATES
from kfdesk.domain.workflow.gates import is_read_only
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import localized_text, zoned_time_lines
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.record_views import MODE_ICONS
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.table import TableCell
from kfdesk.ui.widgets.timeline import JourneyStop, JourneyStretch, StopMark

LegViews = Sequence[RecordView[Leg]]
LegRow = tuple[TableCell, ...]
BOOKED_STATUSES = frozenset({"booked", "confirmed", "departed", "arrived"})
NO_PLACE = "–"
DEFAULT_ZONE = "Europe/Stockholm"
"""The time zone of a new time if no leg has one."""


def route_text(leg: RecordView[Leg], language: Language) -> str:
    """Return the route: `Stockholm – Riga`."""
    places = (leg.record.from_place, leg.record.to_place)
    return " – ".join(localized_text(place, language) or NO_PLACE for place in places)


def leg_title(number: int, leg: RecordView[Leg], language: Language) -> str:
    """Return number and route: `Leg 2: Stockholm – Riga`."""
    words = language.gettext(N_("Leg {number}: {way}"))
    return words.format(number=number, way=route_text(leg, language))


def wide_leg_row(leg: RecordView[Leg], language: Language) -> LegRow:
    """Return a leg in six cells: from, to, leaves, arrives, met by, check-in."""
    record = leg.record
    start = TableCell(
        localized_text(record.from_place, language) or NO_PLACE,
        _carrier_text(record),
        _mode_icon(record),
    )
    end = TableCell(
        localized_text(record.to_place, language) or NO_PLACE, leg_status_text(leg, language)
    )
    times = (_time_cell(leg, "departs", language), _time_cell(leg, "arrives", language))
    if record.status in LEG_OFF:
        return (start, end, *times, _off_cell(record, language), TableCell())
    return (start, end, *times, _meeting_cell(record, language), _check_in_cell(leg, language))


def narrow_leg_row(leg: RecordView[Leg], language: Language) -> LegRow:
    """Return a leg in four used cells; the other cells are empty.

    The cells are the route, departure, arrival, and the person who meets the client with the
    check-in below.
    """
    _, end, departs, arrives, meets, check_in = wide_leg_row(leg, language)
    start = TableCell(
        route_text(leg, language), end.under or _carrier_text(leg.record), _mode_icon(leg.record)
    )
    return (start, TableCell(), departs, arrives, TableCell(), replace(meets, under=check_in.text))


def slim_leg_row(leg: RecordView[Leg], language: Language) -> LegRow:
    """Return a leg in two used cells: the route with the meeting person below, and the times."""
    _, end, departs, arrives, meets, _ = wide_leg_row(leg, language)
    start = TableCell(route_text(leg, language), end.under or meets.text, _mode_icon(leg.record))
    when = TableCell(departs.text, arrives.text)
    return (start, TableCell(), TableCell(), TableCell(), TableCell(), when)


def leg_status_text(leg: RecordView[Leg], language: Language) -> str:
    """Return that the client has left or arrived, and when; empty before departure."""
    record = leg.record
    said = {
        "departed": (N_("has left"), N_("left {time}"), record.departed),
        "arrived": (N_("has arrived"), N_("arrived {time}"), record.arrived),
    }
    if record.status not in said:
        return ""
    word, words, moment = said[str(record.status)]
    if not isinstance(moment, ZonedTime):
        return language.gettext(word)
    return language.gettext(words).format(time=language.clock(moment.wall))


def journey_stops(legs: LegViews, language: Language) -> Iterator[JourneyStop]:
    """Yield the first departure, then each arrival; legs in `LEG_OFF` are left out."""
    for number, leg in enumerate(active_legs(legs)):
        record = leg.record
        if not number:
            mark = StopMark.SETTLED if record.status in BOOKED_STATUSES else StopMark.AHEAD
            place = localized_text(record.from_place, language) or NO_PLACE
            yield JourneyStop(place, _stop_time(record.departs, language), mark=mark)
        is_met = bool(localized_text(record.met_by, language)) or record.alone is True
        is_open = bool(leg.conflicts) or not is_met
        mark = (
            StopMark.OPEN
            if is_open
            else StopMark.SETTLED
            if record.status in BOOKED_STATUSES
            else StopMark.AHEAD
        )
        yield JourneyStop(
            localized_text(record.to_place, language) or NO_PLACE,
            _stop_time(record.arrives, language),
            _stop_note(leg, language),
            mark,
            "git-merge" if leg.conflicts else "triangle-alert",
            Tone.WARNING if is_open else Tone.MUTED,
        )


def journey_stretches(legs: LegViews, language: Language) -> Iterator[JourneyStretch]:
    """Yield the stretches between the stops."""
    for leg in active_legs(legs):
        span = time_between(leg.record.departs, leg.record.arrives)
        is_booked = leg.record.status in BOOKED_STATUSES and not leg.conflicts
        yield JourneyStretch(
            language.duration(span) if span else "",
            _mode_icon(leg.record),
            Tone.SUCCESS if is_booked else Tone.WARNING,
            max(1.0, span / timedelta(hours=1)) if span else 1.0,
        )


def journey_span_text(legs: LegViews, language: Language) -> str:
    """Return the duration of the whole journey and its number of time zones."""
    kept = active_legs(legs)
    span = time_between(kept[0].record.departs, kept[-1].record.arrives) if kept else None
    if span is None:
        return ""
    times = [time for leg in kept for time in (leg.record.departs, leg.record.arrives)]
    zones = len({time.zone for time in times if isinstance(time, ZonedTime)})
    words = language.ngettext("{span}, {count} time zone", "{span}, {count} time zones", zones)
    return words.format(span=language.duration(span), count=zones)


def journey_readers_text(names: Sequence[str], language: Language) -> str:
    """Return who may read the journey: staff, and one partner by name or their number."""
    if not names:
        return language.gettext(N_("Read by: staff"))
    if len(names) == 1:
        return language.gettext(N_("Read by: staff, {name}")).format(name=names[0])
    words = language.ngettext(
        "Read by: staff and {count} partner", "Read by: staff and {count} partners", len(names)
    )
    return words.format(count=len(names))


def active_legs(legs: LegViews) -> list[RecordView[Leg]]:
    """Return the legs that were neither missed nor cancelled."""
    return [leg for leg in legs if leg.record.status not in LEG_OFF]


def time_between(first: object, last: object) -> timedelta | None:
    """Return the time from first to last if both are known and in this order, else None."""
    if isinstance(first, ZonedTime) and isinstance(last, ZonedTime) and last.utc > first.utc:
        return last.utc - first.utc
    return None


def leg_zone(leg: Leg, *, is_end: bool = True) -> str:
    """Return the time zone at the end of a leg, or at its start; by default Stockholm's."""
    times = (leg.arrives, leg.departs) if is_end else (leg.departs, leg.arrives)
    return next((time.zone for time in times if isinstance(time, ZonedTime)), DEFAULT_ZONE)


def _mode_icon(record: Leg) -> str:
    return MODE_ICONS.get(str(record.mode), "route")


def _carrier_text(record: Leg) -> str:
    return record.carrier if isinstance(record.carrier, str) else ""


def _time_cell(leg: RecordView[Leg], key: str, language: Language) -> TableCell:
    if key in leg.conflicts:
        return TableCell(language.gettext(N_("Two values")), icon="git-merge", tone=Tone.WARNING)
    moment = getattr(leg.record, key)
    if not isinstance(moment, ZonedTime):
        return TableCell(language.gettext(N_("Not set")), icon="circle-dashed", tone=Tone.MUTED)
    return TableCell(*zoned_time_lines(moment, language))


def _meeting_cell(record: Leg, language: Language) -> TableCell:
    name = localized_text(record.met_by, language)
    if record.alone is True:
        return TableCell(language.gettext(N_("On her own")), icon="user", tone=Tone.MUTED)
    if not name:
        return TableCell(
            language.gettext(N_("Nobody yet")), icon="triangle-alert", tone=Tone.WARNING
        )
    return TableCell(name, icon="user-round-check", tone=Tone.SUCCESS)


def _off_cell(record: Leg, language: Language) -> TableCell:
    """Return the cell for a leg that was missed or cancelled."""
    word = language.gettext(LEG_STATUS[str(record.status)])
    if record.status == "missed":
        when = record.missed
        under = zoned_time_lines(when, language)[0] if isinstance(when, ZonedTime) else ""
        return TableCell(word, under, "octagon-alert", Tone.DANGER)
    return TableCell(word, icon="ban", tone=Tone.MUTED)


def _check_in_cell(leg: RecordView[Leg], language: Language) -> TableCell:
    moment, said = leg.record.check_in, leg.record.check_in_status
    day = zoned_time_lines(moment, language)[0] if isinstance(moment, ZonedTime) else ""
    if said == "missed_alarm":
        return TableCell(language.gettext(N_("Not made")), day, "octagon-alert", Tone.DANGER)
    if said == "made":
        at, words = leg.record.checked_in, language.gettext(N_("Made {time}"))
        made = words.format(time=language.clock(at.wall)) if isinstance(at, ZonedTime) else ""
        word = made or language.gettext(N_("Made"))
        return TableCell(word, day, "circle-check", Tone.SUCCESS)
    if said == "waived":
        return TableCell(language.gettext(N_("Not needed")), day, "ban", Tone.MUTED)
    if not day:
        return TableCell(language.gettext(N_("Not set")), icon="circle-dashed", tone=Tone.MUTED)
    return TableCell(day, icon="circle-check", tone=Tone.SUCCESS)


def _stop_note(leg: RecordView[Leg], language: Language) -> str:
    if leg.conflicts:
        return language.gettext(N_("not decided"))
    name = localized_text(leg.record.met_by, language)
    if name:
        return language.gettext(N_("{name} meets")).format(name=name)
    alone, nobody = N_("on her own"), N_("nobody meets")
    return language.gettext(alone if leg.record.alone is True else nobody)


def _stop_time(moment: Value, language: Language) -> str:
    if not isinstance(moment, ZonedTime):
        return ""
    day, clock = zoned_time_lines(moment, language)
    return f"{day} {clock.split(',')[0]}"


NOT_DEPARTED = frozenset({None, "planned", "booked", "confirmed"})
"""The states of a leg that has not left."""


def is_travel_tracked(page: PlanPage) -> bool:
    """Return whether travel is tracked, by the state of the plan or of one of its legs."""
    state = page.plan.record.state
    if is_read_only(state):
        return False
    has_begun = any(leg.record.status in {"departed", "missed"} for leg in page.legs)
    return state in WATCHED_STATES or has_begun


def current_leg(legs: Sequence[RecordView[Leg]]) -> RecordView[Leg] | None:
    """Return the leg that has departed, else the next leg, or None."""
    left = [leg for leg in active_legs(legs) if leg.record.status == "departed"]
    ahead = [leg for leg in active_legs(legs) if leg.record.status in NOT_DEPARTED]
    return next(iter((*left, *ahead)), None)


def legs_not_arrived_before(
    legs: Sequence[RecordView[Leg]], rid: bytes
) -> list[tuple[int, RecordView[Leg]]]:
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
