# SPDX-License-Identifier: GPL-3.0-or-later
"""Legs in words: what stands in the table's cells and along the line, in a language.

Table and line say the same facts. Only words: nothing here reads a store or touches a widget.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from kfdesk.domain.codes import LEG_OFF, LEG_STATUS
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment, Value
from kfdesk.i18n.language import Language
from kfdesk.ui.pages.shown import MODE_ICONS, moment_lines, told_text
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.rows import Cell
from kfdesk.ui.widgets.timeline import Mark, Stop, Stretch

Legs = Sequence[View[Leg]]
Row = tuple[Cell, ...]

BOOKED = frozenset({"booked", "confirmed", "departed", "arrived"})
NOWHERE = "–"
HOME = "Europe/Stockholm"
"""The zone of a time where no leg says one."""


def way_text(leg: View[Leg], language: Language) -> str:
    """From where to where: `Stockholm – Riga`."""
    places = (leg.record.from_place, leg.record.to_place)
    return " – ".join(told_text(place, language) or NOWHERE for place in places)


def wide_row(leg: View[Leg], language: Language) -> Row:
    """A leg in six cells: from, to, leaves, arrives, met by, check-in."""
    record = leg.record
    start = Cell(told_text(record.from_place, language) or NOWHERE, _carrier(record), _icon(record))
    end = Cell(told_text(record.to_place, language) or NOWHERE, status_text(leg, language))
    times = (_time_cell(leg, "departs", language), _time_cell(leg, "arrives", language))
    if record.status in LEG_OFF:
        return (start, end, *times, _off_cell(record, language), Cell())
    return (start, end, *times, _meeting_cell(record, language), _check_in_cell(leg, language))


def narrow_row(leg: View[Leg], language: Language) -> Row:
    """The way, leaves, arrives, and who meets her with the check-in below; the rest is empty."""
    _, end, departs, arrives, meets, check_in = wide_row(leg, language)
    start = Cell(way_text(leg, language), end.under or _carrier(leg.record), _icon(leg.record))
    return (start, Cell(), departs, arrives, Cell(), replace(meets, under=check_in.text))


def slim_row(leg: View[Leg], language: Language) -> Row:
    """The way with who meets her below, and when; the cells between are empty."""
    _, end, departs, arrives, meets, _ = wide_row(leg, language)
    start = Cell(way_text(leg, language), end.under or meets.text, _icon(leg.record))
    when = Cell(departs.text, arrives.text)
    return (start, Cell(), Cell(), Cell(), Cell(), when)


def status_text(leg: View[Leg], language: Language) -> str:
    """That she left, or has arrived, and when; nothing before."""
    record = leg.record
    said = {
        "departed": (N_("has left"), N_("left {time}"), record.departed),
        "arrived": (N_("has arrived"), N_("arrived {time}"), record.arrived),
    }
    if record.status not in said:
        return ""
    word, words, moment = said[str(record.status)]
    if not isinstance(moment, Moment):
        return language.gettext(word)
    return language.gettext(words).format(time=language.clock(moment.wall))


def stops(legs: Legs, language: Language) -> Iterator[Stop]:
    """The first departure, then each arrival; legs that were called off are left out."""
    for number, leg in enumerate(standing(legs)):
        record = leg.record
        if not number:
            mark = Mark.SETTLED if record.status in BOOKED else Mark.AHEAD
            place = told_text(record.from_place, language) or NOWHERE
            yield Stop(place, _stop_time(record.departs, language), mark=mark)
        is_met = bool(told_text(record.met_by, language)) or record.alone is True
        is_open = bool(leg.conflicts) or not is_met
        mark = Mark.OPEN if is_open else Mark.SETTLED if record.status in BOOKED else Mark.AHEAD
        yield Stop(
            told_text(record.to_place, language) or NOWHERE,
            _stop_time(record.arrives, language),
            _note(leg, language),
            mark,
            "git-merge" if leg.conflicts else "triangle-alert",
            Tone.WARNING if is_open else Tone.MUTED,
        )


def stretches(legs: Legs, language: Language) -> Iterator[Stretch]:
    """What lies between the stops."""
    for leg in standing(legs):
        span = time_between(leg.record.departs, leg.record.arrives)
        is_booked = leg.record.status in BOOKED and not leg.conflicts
        yield Stretch(
            language.duration(span) if span else "",
            _icon(leg.record),
            Tone.SUCCESS if is_booked else Tone.WARNING,
            max(1.0, span / timedelta(hours=1)) if span else 1.0,
        )


def span_text(legs: Legs, language: Language) -> str:
    """How long the whole journey takes, over how many time zones."""
    kept = standing(legs)
    span = time_between(kept[0].record.departs, kept[-1].record.arrives) if kept else None
    if span is None:
        return ""
    times = [time for leg in kept for time in (leg.record.departs, leg.record.arrives)]
    zones = len({time.zone for time in times if isinstance(time, Moment)})
    words = language.ngettext("{span}, {count} time zone", "{span}, {count} time zones", zones)
    return words.format(span=language.duration(span), count=zones)


def readers_text(names: Sequence[str], language: Language) -> str:
    """Who may read the journey: staff, and one partner by name, or how many."""
    if not names:
        return language.gettext(N_("Read by: staff"))
    if len(names) == 1:
        return language.gettext(N_("Read by: staff, {name}")).format(name=names[0])
    words = language.ngettext(
        "Read by: staff and {count} partner", "Read by: staff and {count} partners", len(names)
    )
    return words.format(count=len(names))


def standing(legs: Legs) -> list[View[Leg]]:
    """The legs that were not missed or called off."""
    return [leg for leg in legs if leg.record.status not in LEG_OFF]


def time_between(first: object, last: object) -> timedelta | None:
    """From one time to another, if both are known and in this order."""
    if isinstance(first, Moment) and isinstance(last, Moment) and last.utc > first.utc:
        return last.utc - first.utc
    return None


def zone_of(leg: Leg, *, is_end: bool = True) -> str:
    """Whose clock is meant at the end of a leg, or at its start."""
    times = (leg.arrives, leg.departs) if is_end else (leg.departs, leg.arrives)
    return next((time.zone for time in times if isinstance(time, Moment)), HOME)


def _icon(record: Leg) -> str:
    return MODE_ICONS.get(str(record.mode), "route")


def _carrier(record: Leg) -> str:
    return record.carrier if isinstance(record.carrier, str) else ""


def _time_cell(leg: View[Leg], key: str, language: Language) -> Cell:
    if key in leg.conflicts:
        return Cell(language.gettext(N_("Two values")), icon="git-merge", tone=Tone.WARNING)
    moment = getattr(leg.record, key)
    if not isinstance(moment, Moment):
        return Cell(language.gettext(N_("Not set")), icon="circle-dashed", tone=Tone.MUTED)
    return Cell(*moment_lines(moment, language))


def _meeting_cell(record: Leg, language: Language) -> Cell:
    name = told_text(record.met_by, language)
    if record.alone is True:
        return Cell(language.gettext(N_("On her own")), icon="user", tone=Tone.MUTED)
    if not name:
        return Cell(language.gettext(N_("Nobody yet")), icon="triangle-alert", tone=Tone.WARNING)
    return Cell(name, icon="user-round-check", tone=Tone.SUCCESS)


def _off_cell(record: Leg, language: Language) -> Cell:
    """What stands for a leg that does not count any more."""
    word = language.gettext(LEG_STATUS[str(record.status)])
    if record.status == "missed":
        when = record.missed
        under = moment_lines(when, language)[0] if isinstance(when, Moment) else ""
        return Cell(word, under, "octagon-alert", Tone.DANGER)
    return Cell(word, icon="ban", tone=Tone.MUTED)


def _check_in_cell(leg: View[Leg], language: Language) -> Cell:
    moment, said = leg.record.check_in, leg.record.check_in_status
    day = moment_lines(moment, language)[0] if isinstance(moment, Moment) else ""
    if said == "missed_alarm":
        return Cell(language.gettext(N_("Not made")), day, "octagon-alert", Tone.DANGER)
    if said == "made":
        at, words = leg.record.checked_in, language.gettext(N_("Made {time}"))
        made = words.format(time=language.clock(at.wall)) if isinstance(at, Moment) else ""
        word = made or language.gettext(N_("Made"))
        return Cell(word, day, "circle-check", Tone.SUCCESS)
    if said == "waived":
        return Cell(language.gettext(N_("Not needed")), day, "ban", Tone.MUTED)
    if not day:
        return Cell(language.gettext(N_("Not set")), icon="circle-dashed", tone=Tone.MUTED)
    return Cell(day, icon="circle-check", tone=Tone.SUCCESS)


def _note(leg: View[Leg], language: Language) -> str:
    if leg.conflicts:
        return language.gettext(N_("not decided"))
    name = told_text(leg.record.met_by, language)
    if name:
        return language.gettext(N_("{name} meets")).format(name=name)
    alone, nobody = N_("on her own"), N_("nobody meets")
    return language.gettext(alone if leg.record.alone is True else nobody)


def _stop_time(moment: Value, language: Language) -> str:
    if not isinstance(moment, Moment):
        return ""
    day, clock = moment_lines(moment, language)
    return f"{day} {clock.split(',')[0]}"
