# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands around the journey: check-ins, documents, what if, the handover, numbers to call.

Short lists stand side by side; a long one takes the whole width and goes on on further pages.
Neither code word nor alarm plan comes here: they help only while nobody can read them.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from kfdesk.documents.cabinet.blocks import Block, Part, beside, stacked
from kfdesk.documents.cabinet.marks import SIZE, Mark
from kfdesk.documents.cabinet.parts import Setter
from kfdesk.documents.cabinet.table import Column, Table, Text, across
from kfdesk.documents.drawing.type_scale import GREY, REGULAR, SEMIBOLD, Style
from kfdesk.documents.file_copy.case import Case, joined
from kfdesk.domain.codes import LEG_OFF
from kfdesk.domain.records.help_number import HelpNumber
from kfdesk.domain.records.journey.handover import Handover
from kfdesk.domain.records.journey.travel_document import TravelDocument
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import View
from kfdesk.domain.values import Moment
from kfdesk.i18n.zones import city_of

_AT_HAND = frozenset({"held_by_client", "held_safe", "issued"})
_GONE = frozenset({"expired", "lost", "taken_by_trafficker", "held_by_police"})
_GAP = 28.0
_MOST_HIGH = 260.0
_NUMBER = 18.0
_LABEL = 94.0

Make = Callable[[Case, Setter], Part]


def around(case: Case, setter: Setter) -> Iterator[Part]:
    """The parts below the legs."""
    yield from _pair(case, setter, _check_ins, _documents)
    yield from _pair(case, setter, _what_if, _handover)


def with_her(case: Case, setter: Setter) -> Iterator[Part]:
    """What she has with her and whom she may call: the last part, where there is room."""
    yield from _pair(case, setter, _numbers, _on_the_way)


def _pair(case: Case, setter: Setter, one: Make, other: Make) -> Iterator[Part]:
    """Two parts side by side if both are short, else one below the other."""
    half = (setter.width - _GAP) / 2
    left = one(case, Setter(setter.form, setter.x, half))
    right = other(case, Setter(setter.form, setter.x + half + _GAP, half))
    if max(left.height, right.height) <= _MOST_HIGH:
        yield Part(beside(stacked([left.head, *left.rows]), stacked([right.head, *right.rows])))
    else:
        yield one(case, setter)
        yield other(case, setter)


def _table(setter: Setter, first: float, *shares: float) -> Table:
    """A table of the setter's width whose first column is so many points from its edge."""
    left = setter.x - setter.form.margin + first
    return Table(setter.form, across(setter.form, *shares, left=left, width=setter.width - first))


def _part(case: Case, setter: Setter, title: str, rows: Sequence[Block], none: str) -> Part:
    head = setter.head(title)
    if not rows:
        blank = [case.blank(Style(REGULAR, setter.form.sizes.text), unsaid=none)]
        rows = _table(setter, 0, 1).row([blank])
    return Part(head, tuple(rows), head)


def _check_ins(case: Case, setter: Setter) -> Part:
    table = _table(setter, SIZE + 6, 30, 70)
    wanted = [
        seen
        for seen in case.legs
        if seen.record.status not in LEG_OFF and case.has(seen, "check_in")
    ]
    rows = [block for seen in wanted for block in _check_in(case, table, seen)]
    words = case.words
    return _part(case, setter, words.gettext("Check-ins"), rows, words.gettext("none is set"))


def _check_in(case: Case, table: Table, seen: View[Leg]) -> list[Block]:
    sizes, leg = table.form.sizes, seen.record
    strong, small = Style(SEMIBOLD, sizes.text), Style(REGULAR, sizes.caption, GREY)
    is_clear = isinstance(leg.check_in, Moment) and "check_in" not in seen.conflicts
    time = case.text(seen, "check_in", strong)
    where = ""
    if is_clear and isinstance(leg.check_in, Moment):
        time = Text(case.clock(leg.check_in), strong)
        where = case.words.gettext("by the clock of {place}").format(
            place=city_of(leg.check_in.zone, case.words)
        )
    number = case.words.gettext("leg {number}").format(number=leg.sequence)
    said = [Text(joined([number, where]), small)]
    if case.has(seen, "check_in_status"):
        said.append(case.text(seen, "check_in_status", Style(REGULAR, sizes.note)))
    shape = Mark.MET if leg.check_in_status in ("made", "waived") else Mark.BOX
    return table.row([[time], said], shape, 0)


def _documents(case: Case, setter: Setter) -> Part:
    table = _table(setter, SIZE + 6, 1)
    rows = [block for seen in case.views(TravelDocument) for block in _document(case, table, seen)]
    words = case.words
    title = words.gettext("Travel documents")
    return _part(case, setter, title, rows, words.gettext("none is written down"))


def _document(case: Case, table: Table, seen: View[TravelDocument]) -> list[Block]:
    sizes, words, record = table.form.sizes, case.words, seen.record
    strong, small = Style(SEMIBOLD, sizes.text), Style(REGULAR, sizes.caption, GREY)
    until = case.text(seen, "valid_until", small)
    until = Text(words.gettext("valid until: {day}").format(day=until.text), small)
    keys = [key for key in ("number", "country", "name_as_written") if case.has(seen, key)]
    facts = joined([case.text(seen, key, small).text for key in keys])
    is_over = isinstance(record.valid_until, date) and record.valid_until < case.about.at.date()
    shape = Mark.OPEN
    if record.status in _GONE or is_over:
        shape = Mark.ASIDE
    elif record.status in _AT_HAND:
        shape = Mark.MET
    cell = [case.text(seen, "kind", strong), case.text(seen, "status", Style(REGULAR, sizes.note))]
    return table.row([[*cell, until, *([Text(facts, small)] if facts else [])]], shape, 0)


def _what_if(case: Case, setter: Setter) -> Part:
    words, sizes = case.words, setter.form.sizes
    table = _table(setter, _NUMBER, 1)
    number = Style(SEMIBOLD, sizes.text)
    rows = []
    for seen in case.legs:
        if case.has(seen, "fallback"):
            label = Text(str(seen.record.sequence or ""), number)
            column = Column(setter.x - setter.form.margin, _NUMBER - 4)
            both = Table(setter.form, (column, *table.columns))
            rows += both.row([[label], [case.text(seen, "fallback", Style(REGULAR, sizes.text))]])
    part = _part(case, setter, words.gettext("If something goes wrong"), rows,
                 words.gettext("nothing is written down"))  # fmt: skip
    said = words.gettext("Alarm plan and code word are on no paper. They stand in the program.")
    notes = setter.paragraph(said, Style(REGULAR, sizes.caption, GREY), drop=5)
    return Part(part.head, (*part.rows, *notes), part.again)


def _handover(case: Case, setter: Setter) -> Part:
    words, plan = case.words, case.first(Plan)
    handovers = case.views(Handover)
    seen: View[Any] | None = handovers[-1] if handovers else None
    text = Style(REGULAR, setter.form.sizes.text)
    facts = [
        (
            words.gettext("Handed over by"),
            case.text(seen, "given_by", text, case.words.gettext("nobody yet")),
        ),
        (
            words.gettext("Received by"),
            case.text(seen, "received_by", text, words.gettext("nobody yet")),
        ),
        (words.gettext("Where"), case.text(seen, "place", text, words.gettext("not yet"))),
        (words.gettext("When"), case.text(seen, "happened", text, words.gettext("not yet"))),
    ]
    if seen is None:
        facts = [
            (
                words.gettext("Company"),
                case.text(plan, "escort", text, words.gettext("nobody yet")),
            ),
            (
                words.gettext("Received by"),
                case.text(plan, "receiver", text, words.gettext("nobody yet")),
            ),
            *facts[2:],
        ]
    for key, label in (("result", words.gettext("Outcome")), ("items", words.gettext("Things"))):
        if case.has(seen, key):
            facts.append((label, case.text(seen, key, text)))
    return _labelled(setter, words.gettext("Handover"), facts)


def _numbers(case: Case, setter: Setter) -> Part:
    words, sizes = case.words, setter.form.sizes
    strong, small = Style(SEMIBOLD, sizes.phone), Style(REGULAR, sizes.caption, GREY)
    table, rows = _table(setter, 0, 1), []
    for seen in case.views(HelpNumber):
        cell = [case.text(seen, "number", strong)]
        if case.has(seen, "hours"):
            cell.append(case.text(seen, "hours", Style(REGULAR, sizes.note)))
        tried = words.gettext("last tried: {day}")
        called = case.text(seen, "called", small, words.gettext("never"))
        cell.append(Text(tried.format(day=called.text), small))
        rows += table.row([cell])
    return _part(case, setter, words.gettext("Numbers that she may call"), rows,
                 words.gettext("none is written down"))  # fmt: skip


def _on_the_way(case: Case, setter: Setter) -> Part:
    words, plan = case.words, case.first(Plan)
    text = Style(REGULAR, setter.form.sizes.text)
    facts = [
        (words.gettext("Company"), case.text(plan, "escort_kind", text)),
        (words.gettext("Needs"), case.text(plan, "special_needs", text)),
        (words.gettext("Reminders"), case.text(plan, "reminders", text)),
        (words.gettext("Luggage"), case.text(plan, "luggage", text)),
    ]
    return _labelled(setter, words.gettext("With her on the way"), facts)


def _labelled(setter: Setter, title: str, facts: Sequence[tuple[str, Text]]) -> Part:
    """Rows of a grey label and what there is to say of it."""
    label = Style(REGULAR, setter.form.sizes.caption, GREY)
    left = setter.x - setter.form.margin
    columns = (Column(left, _LABEL - 8), Column(left + _LABEL, setter.width - _LABEL))
    table = Table(setter.form, columns, pad=3.6)
    rows = [block for name, text in facts for block in table.row([[Text(name, label)], [text]])]
    head = setter.head(title)
    return Part(head, tuple(rows), head)
