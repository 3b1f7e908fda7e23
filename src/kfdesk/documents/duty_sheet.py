# SPDX-License-Identifier: GPL-3.0-or-later
"""The duty sheet: expected events with boxes to tick, numbers to call, what to do in alarm.

Times are those of the desk's own clock. Of a field in conflict all values stand here: the sheet
is for the day on which things go wrong. It works without a computer. What is written
on it by hand is entered later, with the time at which it happened. Knows no store and no
consent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from kfdesk.documents.file_copy.case import CONFLICT_SEPARATOR, join_texts
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
from kfdesk.documents.layout.style import (
    BOLD,
    GREY,
    OFFICE,
    REGULAR,
    SEMIBOLD,
    Item,
    Style,
    TextLine,
)
from kfdesk.documents.typesetting import Typesetter, disclosed_views, field_values, one_line
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.message_marks import N_
from kfdesk.domain.papers import PrintContext
from kfdesk.domain.phone_numbers import dialled_groups
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.directory import Contact, Phone
from kfdesk.domain.records.journey import HelpNumber, Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import RecordView, view_order
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
        *_person_numbers(what, words),
        *_organisation_numbers(what, about, words),
    ]


def _client_numbers(what: Disclosed, words: Language) -> Iterator[DutyNumber]:
    """Yield the help numbers on the client's paper, in the order in which the client calls."""
    views = sorted(disclosed_views(what, HelpNumber), key=lambda one: _place_of(one, "sequence"))
    for place, one in enumerate(views, start=1):
        name = _field_text(one, "answered_by", words)
        who = words.gettext("no. {number} on her paper").format(number=place)
        if name:
            named = words.gettext("no. {number}, {name}, on her paper")
            who = named.format(number=place, name=name)
        yield from _numbers(who, one, "number", _field_text(one, "hours", words))


def _person_numbers(what: Disclosed, words: Language) -> Iterator[DutyNumber]:
    for one in disclosed_views(what, Contact):
        yield from _numbers(_field_text(one, "given_name", words), one, "phone", "")


def _organisation_numbers(
    what: Disclosed, about: PrintContext, words: Language
) -> Iterator[DutyNumber]:
    for one in disclosed_views(what, Phone):
        house = about.names.get((one.row.parent or b"").hex(), "")
        yield from _numbers(house, one, "number", _field_text(one, "hours", words))


def _numbers(who: str, seen: RecordView[Any], key: str, hours: str) -> Iterator[DutyNumber]:
    """Yield a telephone, in a conflict each value of it."""
    for value in field_values(seen, key):
        if one_line(value):
            yield DutyNumber(who, dialled_groups(one_line(value)), hours)


def _place_of(seen: RecordView[Any], key: str) -> int:
    """Return a number by which records are ordered; in a conflict the least, 0 without one."""
    return min((one for one in field_values(seen, key) if isinstance(one, int)), default=0)


def _field_text(seen: RecordView[Any], key: str, words: Language) -> str:
    """Return a field as text; in a conflict all values, and that nobody has decided."""
    values = field_values(seen, key)
    texts = (
        localized_text(one, words) if isinstance(one, tuple) else one_line(one) for one in values
    )
    return _undecided([one for one in texts if one], words)


def _undecided(texts: Sequence[str], words: Language) -> str:
    """Return one text, or several that stand for one field, and that nobody has decided."""
    different = list(dict.fromkeys(texts))
    joined = CONFLICT_SEPARATOR.join(different)
    if len(different) < 2:
        return joined
    return words.gettext("{values} (two values, not yet decided)").format(values=joined)


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
    """An expected event: `here` is its time at the desk, `there` its local time.

    `is_undecided` says that another time stands beside it, and nobody has decided.
    """

    what: ExpectedKind
    leg: int
    here: datetime
    there: ZonedTime
    place: str
    who: str = ""
    sign: str = ""
    is_undecided: bool = False

    @property
    def alarm(self) -> datetime:
        """The desk's time at which an unreported event becomes an alarm."""
        return self.here + ALARM_GRACE[self.what]

    @property
    def is_elsewhere(self) -> bool:
        """True if the local clock differs from the desk's clock."""
        return self.here.utcoffset() != timedelta(minutes=self.there.offset)


def legs_in_order(what: Disclosed) -> list[RecordView[Leg]]:
    """Return the legs in the order in which the form numbers them, from 1."""
    return sorted(disclosed_views(what, Leg), key=view_order)


def expected_events(what: Disclosed, words: Language, zone: ZoneInfo) -> list[ExpectedEvent]:
    """Return departures, check-ins and arrivals of all legs, the earliest first.

    A time in conflict is expected at each of its values.
    """
    events = [
        event
        for number, leg in enumerate(legs_in_order(what), start=1)
        for event in _events_of_leg(number, leg, words, zone)
    ]
    return sorted(events, key=lambda event: event.here)


def _events_of_leg(
    number: int, leg: RecordView[Leg], words: Language, zone: ZoneInfo
) -> Iterator[ExpectedEvent]:
    start, end, carrier, who, sign = (
        _field_text(leg, key, words)
        for key in ("from_place", "to_place", "carrier", "met_by", "sign")
    )
    wanted = (
        (ExpectedKind.LEAVES, "departs", start, "", ""),
        (ExpectedKind.CHECKS_IN, "check_in", carrier, "", ""),
        (ExpectedKind.ARRIVES, "arrives", end, who, sign),
    )
    for kind, key, place, name, mark in wanted:
        moments = [one for one in field_values(leg, key) if isinstance(one, ZonedTime)]
        for moment in moments:
            here = moment.utc.astimezone(zone)
            yield ExpectedEvent(kind, number, here, moment, place, name, mark, len(moments) > 1)


_DUTY_FORM = OFFICE
_DUTY_SIZES = OFFICE.sizes
_PLAIN, _QUIET = Style(REGULAR, _DUTY_SIZES.text), Style(REGULAR, _DUTY_SIZES.note, GREY)
_STRONG, _TIME = Style(SEMIBOLD, _DUTY_SIZES.text), Style(BOLD, _DUTY_SIZES.time + 2)
_EVENT_SHARES = (15, 11, 42, 20, 12)
_LINES, _MOST_LINES = 6, 30
_HEAD_LINE = _DUTY_FORM.margin - 14
"""The baseline above the text of a further page, from the top of the page."""
_LEAVES, _CHECKS_IN, _ARRIVES = (
    N_("Leg {number} departs: {place}"),
    N_("Leg {number}, she gets in touch"),
    N_("Leg {number} arrives: {place}"),
)
_EVENT_TEXTS = {
    ExpectedKind.LEAVES: _LEAVES,
    ExpectedKind.CHECKS_IN: _CHECKS_IN,
    ExpectedKind.ARRIVES: _ARRIVES,
}
_ALARM_STEPS = (
    N_("Nothing heard by the time under “Alarm”: call her numbers, then the person who meets her."),
    N_(
        "Still nothing: call the person who receives her, then the carrier, and give the "
        "ticket number."
    ),
    N_("Do what is agreed below for this leg. Tell the coordinator, at any hour."),
    N_("If her life is in danger: 112, or the emergency number where she is."),
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
        above = _running_head(what, words) if number > 1 else ()
        canvas.put([*above, *page, *_duty_footer(about, words, number, len(pages))])
        canvas.end_page()
    return canvas.pdf()


def _running_head(what: Disclosed, words: Language) -> Iterator[Item]:
    """Yield what a further page is, above its text."""
    said = join_texts([words.gettext("Duty sheet"), _subject_text(what, words)])
    style = Style(SEMIBOLD, _DUTY_SIZES.note)
    yield TextLine(said, style, _DUTY_FORM.margin, _HEAD_LINE, _DUTY_FORM.measure)


def _duty_footer(about: PrintContext, words: Language, number: int, total: int) -> Iterator[Item]:
    said = words.gettext(
        "Stays in the office. Copy no. {copy}, {day} at {time} by {name}. Destroy "
        "after the journey."
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
    head = setter.page_heading(words.gettext("Duty sheet"), _subject_text(what, words))
    languages = [
        words.listing([words.language(one) for one in spoken if isinstance(one, str)])
        for client in disclosed_views(what, Client)
        for spoken in field_values(client, "languages")
        if isinstance(spoken, tuple)
    ]
    reach = [_field_text(client, "safe_contact", words) for client in disclosed_views(what, Client)]
    escort, receiver = (_names(what, about, key) for key in ("escort", "receiver"))
    facts = [
        (title, _undecided(said, words))
        for title, said in (
            (words.gettext("Speaks"), languages), (words.gettext("Travels with"), escort),
            (words.gettext("Receives her"), receiver), (words.gettext("How to reach her"), reach),
        )
    ]  # fmt: skip
    shown = [(title, CellText(value or "–", _STRONG)) for title, value in facts]
    row = setter.facts(shown, share_columns(_DUTY_FORM, 20, 20, 28, 32))
    return PaperPart(stack_blocks([head, row], 6))


def _subject_text(what: Disclosed, words: Language) -> str:
    """Return the client's code and name as on the ticket."""
    said = (
        _field_text(client, key, words)
        for client in disclosed_views(what, Client)
        for key in ("code", "name_on_ticket")
    )
    return join_texts([*said])


def _names(what: Disclosed, about: PrintContext, key: str) -> list[str]:
    """Return the names that a field of the plan refers to."""
    wanted = (one for plan in disclosed_views(what, Plan) for one in field_values(plan, key))
    return [name for one in wanted if (name := about.names.get(str(one), ""))]


def _events_part(events: list[ExpectedEvent], words: Language, setter: Composer) -> PaperPart:
    titles = (
        words.gettext("Our time"), words.gettext("Alarm"), words.gettext("What is expected"),
        words.gettext("Happened at"), words.gettext("Initials"),
    )  # fmt: skip
    columns = add_titles(share_columns(_DUTY_FORM, *_EVENT_SHARES, left=MARK_SIZE + 8), titles)
    table = PaperTable(_DUTY_FORM, columns)
    first = events[0].here
    named = str(first.tzinfo)
    clock = named if named == "UTC" else words.clock_of(named, first.replace(tzinfo=None))
    note = words.gettext("times on our own clock: {clock}").format(clock=clock)
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
    if event.is_undecided:
        expected.append(CellText(words.gettext("two values, not yet decided"), _STRONG))
    alarm = [CellText(words.clock(event.alarm), _PLAIN)]
    blank = [CellText("", _PLAIN)]
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
    title = words.gettext("Leg {number}")
    agreed = [
        (title.format(number=number), _field_text(leg, "fallback", words))
        for number, leg in enumerate(legs_in_order(what), start=1)
    ]
    agreed += [
        (words.gettext("Agreed"), _field_text(plan, "alarm_plan", words))
        for plan in disclosed_views(what, Plan)
    ]
    for title, said in agreed:
        if said:
            rows += table.row([[CellText(title, _STRONG)], [CellText(said, _PLAIN)]])
    head = setter.section_heading(words.gettext("If nothing is heard"))
    return PaperPart(head, tuple(rows), head)


def _handwriting_part(words: Language, setter: Composer, lines: int) -> PaperPart:
    table = PaperTable(_DUTY_FORM, share_columns(_DUTY_FORM, 1), pad=7)
    rows = [block for _ in range(lines) for block in table.row([[CellText("", _PLAIN)]])]
    note = words.gettext("enter it into the program later, with the time when it happened")
    head = setter.section_heading(words.gettext("Written by hand"), note)
    return PaperPart(head, tuple(rows), head)
