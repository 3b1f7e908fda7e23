# SPDX-License-Identifier: GPL-3.0-or-later
"""The duty sheet: expected events with boxes to tick, numbers to call, what to do in alarm.

Times are those of the desk's own clock. The sheet works without a computer. What is written
on it by hand is entered later, with the time at which it happened. Knows no store and no
consent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import (
    MARK_SIZE,
    Block,
    CellText,
    Composer,
    PaperPart,
    PaperTable,
    StatusMark,
    add_titles,
    draw_footer,
    paginate,
    share_columns,
    stack_blocks,
    text_bottom,
)
from kfdesk.documents.layout.style import BOLD, GREY, OFFICE, REGULAR, SEMIBOLD, Item, Style
from kfdesk.documents.typesetting import Typesetter, disclosed_records, disclosed_views, one_line
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.papers import PrintContext
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.directory import Contact, Phone
from kfdesk.domain.records.journey import HelpNumber, Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.schema import N_
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.alarms import ARRIVAL_GRACE, CHECK_IN_GRACE, DEPARTURE_GRACE
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import localized_text

# --- numbers to call


@dataclass(frozen=True, slots=True)
class DutyNumber:
    """A telephone number, its owner, and its hours."""

    who: str
    number: str
    hours: str


def duty_numbers(what: Disclosed, about: PrintContext, words: Language) -> list[DutyNumber]:
    """Return the numbers: those on the client's paper, then persons', then organisations'."""
    return [
        *_client_numbers(what, words),
        *_person_numbers(what),
        *_organisation_numbers(what, about, words),
    ]


def _client_numbers(what: Disclosed, words: Language) -> Iterator[DutyNumber]:
    """Yield the help numbers on the client's paper: the client calls these first."""
    for one in sorted(disclosed_records(what, HelpNumber), key=_number_order):
        if one_line(one.number):
            who = words.gettext(N_("On her paper"))
            yield DutyNumber(who, one_line(one.number), localized_text(one.hours, words))


def _person_numbers(what: Disclosed) -> Iterator[DutyNumber]:
    for one in disclosed_records(what, Contact):
        if one_line(one.phone):
            yield DutyNumber(one_line(one.given_name), one_line(one.phone), "")


def _organisation_numbers(
    what: Disclosed, about: PrintContext, words: Language
) -> Iterator[DutyNumber]:
    for seen in disclosed_views(what, Phone):
        house = about.names.get((seen.row.parent or b"").hex(), "")
        if one_line(seen.record.number):
            hours = localized_text(seen.record.hours, words)
            yield DutyNumber(house, one_line(seen.record.number), hours)


def _number_order(one: HelpNumber) -> int:
    return one.sequence if isinstance(one.sequence, int) else 0


# --- expected events


class ExpectedKind(StrEnum):
    """The kind of an expected event."""

    LEAVES = "leaves"
    CHECKS_IN = "checks_in"
    ARRIVES = "arrives"


ALARM_GRACE = {
    ExpectedKind.LEAVES: DEPARTURE_GRACE,
    ExpectedKind.CHECKS_IN: CHECK_IN_GRACE,
    ExpectedKind.ARRIVES: ARRIVAL_GRACE,
}
"""The time after which a missed event is an alarm, the same as in the program."""


@dataclass(frozen=True, slots=True)
class ExpectedEvent:
    """An expected event: `here` is its time at the desk, `there` its local time."""

    what: ExpectedKind
    leg: int
    here: datetime
    there: ZonedTime
    place: str
    who: str = ""
    sign: str = ""

    @property
    def alarm(self) -> datetime:
        """The desk's time at which an unreported event becomes an alarm."""
        return self.here + ALARM_GRACE[self.what]

    @property
    def is_elsewhere(self) -> bool:
        """True if the local clock differs from the desk's clock."""
        return self.here.utcoffset() != timedelta(minutes=self.there.offset)


def legs_in_order(what: Disclosed) -> list[Leg]:
    """Return the legs in their order."""
    return sorted(disclosed_records(what, Leg), key=leg_number)


def leg_number(leg: Leg) -> int:
    """Return a leg's number; 0 if it has none."""
    return leg.sequence if isinstance(leg.sequence, int) else 0


def expected_events(what: Disclosed, words: Language, zone: ZoneInfo) -> list[ExpectedEvent]:
    """Return departures, check-ins and arrivals of all legs, the earliest first."""
    events = [event for leg in legs_in_order(what) for event in _events_of_leg(leg, words, zone)]
    return sorted(events, key=lambda event: event.here)


def _events_of_leg(leg: Leg, words: Language, zone: ZoneInfo) -> list[ExpectedEvent]:
    start, end = (localized_text(place, words) for place in (leg.from_place, leg.to_place))
    who, sign = localized_text(leg.met_by, words), localized_text(leg.sign, words)
    wanted = (
        (ExpectedKind.LEAVES, leg.departs, start, "", ""),
        (ExpectedKind.CHECKS_IN, leg.check_in, one_line(leg.carrier), "", ""),
        (ExpectedKind.ARRIVES, leg.arrives, end, who, sign),
    )
    return [
        ExpectedEvent(kind, leg_number(leg), moment.utc.astimezone(zone), moment, place, name, mark)
        for kind, moment, place, name, mark in wanted
        if isinstance(moment, ZonedTime)
    ]


_DUTY_FORM = OFFICE
_DUTY_SIZES = OFFICE.sizes
_PLAIN, _QUIET = Style(REGULAR, _DUTY_SIZES.text), Style(REGULAR, _DUTY_SIZES.note, GREY)
_STRONG, _TIME = Style(SEMIBOLD, _DUTY_SIZES.text), Style(BOLD, _DUTY_SIZES.time + 2)
_EVENT_SHARES = (15, 11, 42, 20, 12)
_LINES, _MOST_LINES = 6, 30
_LEAVES, _CHECKS_IN, _ARRIVES = (
    N_("Leg {number} leaves: {place}"),
    N_("Leg {number}, she gets in touch"),
    N_("Leg {number} arrives: {place}"),
)
_EVENT_TEXTS = {
    ExpectedKind.LEAVES: _LEAVES,
    ExpectedKind.CHECKS_IN: _CHECKS_IN,
    ExpectedKind.ARRIVES: _ARRIVES,
}
_ALARM_STEPS = (
    N_("Nothing heard by the time under “alarm”: call her numbers, then who meets her."),
    N_("Still nothing: call who receives her, then the carrier, with the number of the ticket."),
    N_("Do as agreed below for this leg. Tell the coordinator, at any hour."),
    N_("In danger to life: 112, or the emergency number where she is."),
)


# --- PDF


def make_duty_sheet(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the sheet as a PDF, in the ordered language; same plan, same bytes.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter, or `documents.too_much`
    for a single row that no page can hold.
    """
    words = press.program(order.language)
    pages = _fill_pages(list(_duty_parts(what, about, words)), words)
    canvas = PageCanvas(_DUTY_FORM, order.language, press.icon)
    for number, page in enumerate(pages, start=1):
        canvas.put([*page, *_duty_footer(about, words, number, len(pages))])
        canvas.end_page()
    return canvas.pdf()


def _duty_footer(about: PrintContext, words: Language, number: int, total: int) -> Iterator[Item]:
    said = words.gettext(
        "Stays at the desk. Copy no. {copy}, {day} at {time} by {name}. Destroy after the journey."
    )
    day, time = words.day(about.at.date(), year=True), words.clock(about.at)
    left = said.format(copy=about.number, day=day, time=time, name=about.by)
    counted = words.gettext("page {number} of {total}").format(number=number, total=total)
    return draw_footer(left, counted, _DUTY_FORM)


def _duty_parts(what: Disclosed, about: PrintContext, words: Language) -> Iterator[PaperPart]:
    setter = Composer(_DUTY_FORM, _DUTY_FORM.margin, _DUTY_FORM.measure)
    zone = about.at.tzinfo
    events = expected_events(what, words, zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC"))
    yield _duty_heading(what, about, words, setter)
    if events:
        yield _events_part(events, words, setter)
    yield _numbers_part(what, about, words, setter)
    yield _alarm_part(what, words, setter)


def _fill_pages(parts: Sequence[PaperPart], words: Language) -> list[list[Item]]:
    """Return the pages; the last one is filled with lines to write on."""
    setter = Composer(_DUTY_FORM, _DUTY_FORM.margin, _DUTY_FORM.measure)
    pages: list[list[Item]] = []
    for count in range(_LINES, _MOST_LINES):
        more = paginate(
            [*parts, _handwriting_part(words, setter, count)],
            _DUTY_FORM.margin,
            text_bottom(_DUTY_FORM),
        )
        if pages and len(more) > len(pages):
            break
        pages = more
    return pages


def _duty_heading(
    what: Disclosed, about: PrintContext, words: Language, setter: Composer
) -> PaperPart:
    client, plan = disclosed_records(what, Client), disclosed_records(what, Plan)
    code = one_line(client[0].code) if client else ""
    name = one_line(client[0].name_on_ticket) if client else ""
    spoken = client[0].languages if client and isinstance(client[0].languages, tuple) else ()
    receiver = about.names.get(one_line(plan[0].receiver), "") if plan else ""
    escort = about.names.get(one_line(plan[0].escort), "") if plan else ""
    reach = localized_text(client[0].safe_contact, words) if client else ""
    head = setter.page_heading(words.gettext("Duty sheet"), " · ".join(filter(None, (code, name))))
    languages = words.listing([words.language(one) for one in spoken])
    facts = [
        (words.gettext("Speaks"), languages), (words.gettext("Travels with"), escort),
        (words.gettext("Receives her"), receiver), (words.gettext("How to reach her"), reach),
    ]  # fmt: skip
    shown = [(title, CellText(value or "–", _STRONG)) for title, value in facts]
    row = setter.facts(shown, share_columns(_DUTY_FORM, 20, 20, 28, 32))
    return PaperPart(stack_blocks([head, row], 6))


def _events_part(events: list[ExpectedEvent], words: Language, setter: Composer) -> PaperPart:
    titles = (
        words.gettext("Here"), words.gettext("Alarm"), words.gettext("What is expected"),
        words.gettext("Happened at"), words.gettext("Initials"),
    )  # fmt: skip
    columns = add_titles(share_columns(_DUTY_FORM, *_EVENT_SHARES, left=MARK_SIZE + 8), titles)
    table = PaperTable(_DUTY_FORM, columns)
    first = events[0].here
    named = str(first.tzinfo)
    clock = named if named == "UTC" else words.clock_of(named, first.replace(tzinfo=None))
    note = words.gettext("times by our own clock: {clock}").format(clock=clock)
    head = stack_blocks([setter.section_heading(words.gettext("On the way"), note), table.head()])
    rows = [block for event in events for block in _event_row(event, table, words)]
    return PaperPart(head, tuple(rows), head)


def _event_row(event: ExpectedEvent, table: PaperTable, words: Language) -> list[Block]:
    when = [
        CellText(words.clock(event.here), _TIME),
        CellText(words.short_day(event.here.date()), _QUIET),
    ]
    said = words.gettext(_EVENT_TEXTS[event.what]).format(number=event.leg, place=event.place)
    expected = [CellText(said, _STRONG)]
    if event.is_elsewhere:
        there = words.gettext("there: {time} ({clock})").format(
            time=words.clock(event.there.wall),
            clock=words.clock_of(event.there.zone, event.there.wall),
        )
        expected.append(CellText(there, _QUIET))
    if event.who:
        met = words.gettext("met by {name}").format(name=event.who)
        expected.append(CellText(", ".join(filter(None, (met, event.sign))), _QUIET))
    alarm = [CellText(words.clock(event.alarm), _PLAIN)]
    blank = [CellText("", _PLAIN, is_blank=True)]
    return table.row([when, alarm, expected, blank, blank], StatusMark.BOX)


def _numbers_part(
    what: Disclosed, about: PrintContext, words: Language, setter: Composer
) -> PaperPart:
    table = PaperTable(_DUTY_FORM, share_columns(_DUTY_FORM, 38, 30, 32))
    rows = [
        block
        for call in duty_numbers(what, about, words)
        for block in table.row(
            [
                [CellText(call.who, _PLAIN)],
                [CellText(call.number, _STRONG)],
                [CellText(call.hours, _QUIET)],
            ]
        )
    ]
    head = setter.section_heading(words.gettext("Whom to call"))
    return PaperPart(head, tuple(rows or table.row([[CellText("–", _QUIET)], [], []])), head)


def _alarm_part(what: Disclosed, words: Language, setter: Composer) -> PaperPart:
    """Compose the steps, the fallback agreed for each leg, and the alarm plan."""
    table = PaperTable(_DUTY_FORM, share_columns(_DUTY_FORM, 16, 84))
    rows = [
        block
        for number, step in enumerate(_ALARM_STEPS, start=1)
        for block in table.row(
            [[CellText(str(number), _STRONG)], [CellText(words.gettext(step), _PLAIN)]]
        )
    ]
    agreed = [
        (words.gettext("Leg {number}").format(number=leg_number(leg)), one_line(leg.fallback))
        for leg in legs_in_order(what)
    ]
    plan = disclosed_records(what, Plan)
    agreed.append((words.gettext("Agreed"), one_line(plan[0].alarm_plan) if plan else ""))
    for title, said in agreed:
        if said:
            rows += table.row([[CellText(title, _STRONG)], [CellText(said, _PLAIN)]])
    head = setter.section_heading(words.gettext("If nothing is heard"))
    return PaperPart(head, tuple(rows), head)


def _handwriting_part(words: Language, setter: Composer, lines: int) -> PaperPart:
    table = PaperTable(_DUTY_FORM, share_columns(_DUTY_FORM, 15, 70, 15), pad=7)
    blank = [CellText("", _PLAIN, is_blank=True)]
    rows = [block for _ in range(lines) for block in table.row([blank, blank, blank])]
    note = words.gettext("enter it into the program later, with the time when it happened")
    head = setter.section_heading(words.gettext("Written by hand"), note)
    return PaperPart(head, tuple(rows), head)
