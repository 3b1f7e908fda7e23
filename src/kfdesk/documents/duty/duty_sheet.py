# SPDX-License-Identifier: GPL-3.0-or-later
"""The duty sheet: check-ins with boxes by the desk's own clock, numbers, and what to do if.

It works when the computer does not: what is written on it by hand is entered later, with the time
at which it happened. Knows no store and no consent.
"""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from kfdesk.documents.cabinet.blocks import Block, Part, pages_of, stacked
from kfdesk.documents.cabinet.frame import bottom, foot
from kfdesk.documents.cabinet.marks import SIZE, Mark
from kfdesk.documents.cabinet.parts import Setter
from kfdesk.documents.cabinet.table import Table, Text, across, titled
from kfdesk.documents.drawing.canvas import PageCanvas
from kfdesk.documents.drawing.items import Item
from kfdesk.documents.drawing.type_scale import BOLD, CABINET, GREY, REGULAR, SEMIBOLD, Style
from kfdesk.documents.duty.calls import calls_of
from kfdesk.documents.duty.watch import Event, What, events_of, legs_of, number_of
from kfdesk.documents.press import Press
from kfdesk.documents.reading import records, text_of
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.papers.about import About
from kfdesk.domain.papers.order import Order
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.i18n.said.values import told_text

_FORM = CABINET
_SIZES = CABINET.sizes
_PLAIN, _QUIET = Style(REGULAR, _SIZES.text), Style(REGULAR, _SIZES.note, GREY)
_STRONG, _TIME = Style(SEMIBOLD, _SIZES.text), Style(BOLD, _SIZES.time + 2)
_WATCHED = (15, 11, 42, 20, 12)
_LINES, _MOST_LINES = 6, 30
_LEAVES, _CHECKS_IN, _ARRIVES = (
    N_("Leg {number} leaves: {place}"),
    N_("Leg {number}, she gets in touch"),
    N_("Leg {number} arrives: {place}"),
)
_SAID = {What.LEAVES: _LEAVES, What.CHECKS_IN: _CHECKS_IN, What.ARRIVES: _ARRIVES}
_STEPS = (
    N_("Nothing heard by the time under “alarm”: call her numbers, then who meets her."),
    N_("Still nothing: call who receives her, then the carrier, with the number of the ticket."),
    N_("Do as agreed below for this leg. Tell the coordinator, at any hour."),
    N_("In danger to life: 112, or the emergency number where she is."),
)


def make_duty_sheet(order: Order, what: Disclosed, about: About, press: Press) -> bytes:
    """The sheet as a PDF, in the language that was ordered; the same bytes for the same plan.

    Raises KfdeskError `documents.no_letter` where the fonts lack a letter, or
    `documents.too_much` for a single row that no page holds.
    """
    words = press.program(order.language)
    pages = _filled(list(_parts(what, about, words)), words)
    canvas = PageCanvas(_FORM, order.language, press.icon)
    for number, page in enumerate(pages, start=1):
        canvas.put([*page, *_foot(about, words, number, len(pages))])
        canvas.end_page()
    return canvas.pdf()


def _foot(about: About, words: Language, number: int, total: int) -> Iterator[Item]:
    said = words.gettext(
        "Stays at the desk. Copy no. {copy}, {day} at {time} by {name}. Destroy after the journey."
    )
    day, time = words.day(about.at.date(), year=True), words.clock(about.at)
    left = said.format(copy=about.number, day=day, time=time, name=about.by)
    counted = words.gettext("page {number} of {total}").format(number=number, total=total)
    return foot(left, counted, _FORM)


def _parts(what: Disclosed, about: About, words: Language) -> Iterator[Part]:
    setter = Setter(_FORM, _FORM.margin, _FORM.measure)
    zone = about.at.tzinfo
    events = events_of(what, words, zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC"))
    yield _top(what, about, words, setter)
    if events:
        yield _watch(events, words, setter)
    yield _numbers(what, about, words, setter)
    yield _alarm(what, words, setter)


def _filled(parts: Sequence[Part], words: Language) -> list[list[Item]]:
    """The pages, with lines to write on down to the foot of the last one."""
    setter = Setter(_FORM, _FORM.margin, _FORM.measure)
    pages: list[list[Item]] = []
    for count in range(_LINES, _MOST_LINES):
        more = pages_of([*parts, _by_hand(words, setter, count)], _FORM.margin, bottom(_FORM))
        if pages and len(more) > len(pages):
            break
        pages = more
    return pages


def _top(what: Disclosed, about: About, words: Language, setter: Setter) -> Part:
    client, plan = records(what, Client), records(what, Plan)
    code = text_of(client[0].code) if client else ""
    name = text_of(client[0].name_on_ticket) if client else ""
    spoken = client[0].languages if client and isinstance(client[0].languages, tuple) else ()
    receiver = about.names.get(text_of(plan[0].receiver), "") if plan else ""
    escort = about.names.get(text_of(plan[0].escort), "") if plan else ""
    reach = told_text(client[0].safe_contact, words) if client else ""
    head = setter.page_head(words.gettext("Duty sheet"), " · ".join(filter(None, (code, name))))
    languages = words.listing([words.language(one) for one in spoken])
    facts = [
        (words.gettext("Speaks"), languages), (words.gettext("Travels with"), escort),
        (words.gettext("Receives her"), receiver), (words.gettext("How to reach her"), reach),
    ]  # fmt: skip
    shown = [(title, Text(value or "–", _STRONG)) for title, value in facts]
    row = setter.facts(shown, across(_FORM, 20, 20, 28, 32))
    return Part(stacked([head, row], 6))


def _watch(events: list[Event], words: Language, setter: Setter) -> Part:
    titles = (
        words.gettext("Here"), words.gettext("Alarm"), words.gettext("What is expected"),
        words.gettext("Happened at"), words.gettext("Initials"),
    )  # fmt: skip
    columns = titled(across(_FORM, *_WATCHED, left=SIZE + 8), titles)
    table = Table(_FORM, columns)
    first = events[0].here
    named = str(first.tzinfo)
    clock = named if named == "UTC" else words.clock_of(named, first.replace(tzinfo=None))
    note = words.gettext("times by our own clock: {clock}").format(clock=clock)
    head = stacked([setter.head(words.gettext("On the way"), note), table.head()])
    rows = [block for event in events for block in _event(event, table, words)]
    return Part(head, tuple(rows), head)


def _event(event: Event, table: Table, words: Language) -> list[Block]:
    when = [Text(words.clock(event.here), _TIME), Text(words.short_day(event.here.date()), _QUIET)]
    said = words.gettext(_SAID[event.what]).format(number=event.leg, place=event.place)
    expected = [Text(said, _STRONG)]
    if event.is_elsewhere:
        there = words.gettext("there: {time} ({clock})").format(
            time=words.clock(event.there.wall),
            clock=words.clock_of(event.there.zone, event.there.wall),
        )
        expected.append(Text(there, _QUIET))
    if event.who:
        met = words.gettext("met by {name}").format(name=event.who)
        expected.append(Text(", ".join(filter(None, (met, event.sign))), _QUIET))
    alarm = [Text(words.clock(event.alarm), _PLAIN)]
    blank = [Text("", _PLAIN, is_blank=True)]
    return table.row([when, alarm, expected, blank, blank], Mark.BOX)


def _numbers(what: Disclosed, about: About, words: Language, setter: Setter) -> Part:
    table = Table(_FORM, across(_FORM, 38, 30, 32))
    rows = [
        block
        for call in calls_of(what, about, words)
        for block in table.row(
            [[Text(call.who, _PLAIN)], [Text(call.number, _STRONG)], [Text(call.hours, _QUIET)]]
        )
    ]
    head = setter.head(words.gettext("Whom to call"))
    return Part(head, tuple(rows or table.row([[Text("–", _QUIET)], [], []])), head)


def _alarm(what: Disclosed, words: Language, setter: Setter) -> Part:
    """The steps, what was agreed for each leg if it fails, and the alarm plan."""
    table = Table(_FORM, across(_FORM, 16, 84))
    rows = [
        block
        for number, step in enumerate(_STEPS, start=1)
        for block in table.row([[Text(str(number), _STRONG)], [Text(words.gettext(step), _PLAIN)]])
    ]
    agreed = [
        (words.gettext("Leg {number}").format(number=number_of(leg)), text_of(leg.fallback))
        for leg in legs_of(what)
    ]
    plan = records(what, Plan)
    agreed.append((words.gettext("Agreed"), text_of(plan[0].alarm_plan) if plan else ""))
    for title, said in agreed:
        if said:
            rows += table.row([[Text(title, _STRONG)], [Text(said, _PLAIN)]])
    head = setter.head(words.gettext("If nothing is heard"))
    return Part(head, tuple(rows), head)


def _by_hand(words: Language, setter: Setter, lines: int) -> Part:
    table = Table(_FORM, across(_FORM, 15, 70, 15), pad=7)
    blank = [Text("", _PLAIN, is_blank=True)]
    rows = [block for _ in range(lines) for block in table.row([blank, blank, blank])]
    note = words.gettext("enter it into the program later, with the time when it happened")
    head = setter.head(words.gettext("Written by hand"), note)
    return Part(head, tuple(rows), head)
