# SPDX-License-Identifier: GPL-3.0-or-later
"""The second page of a file copy: the journey, to scale and leg by leg.

The legs go on on further pages with their head. Knows no store.
"""

from collections.abc import Iterator, Sequence

from kfdesk.documents.cabinet.blocks import Block, Part, beside, stacked
from kfdesk.documents.cabinet.marks import SIZE, Mark
from kfdesk.documents.cabinet.parts import Setter
from kfdesk.documents.cabinet.table import Column, Table, Text, across, titled
from kfdesk.documents.drawing.type_scale import GREY, REGULAR, SEMIBOLD, Style
from kfdesk.documents.file_copy.case import Case, joined
from kfdesk.documents.file_copy.timeline import timeline
from kfdesk.domain.codes import LEG_OFF
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import View
from kfdesk.domain.values import Moment

_BOOKED = frozenset({"booked", "confirmed", "departed", "arrived"})
_MOST_PLACES = 4


def journey(case: Case, setter: Setter) -> Iterator[Part]:
    """The parts of the page, down to the legs; `around.py` has what stands below."""
    head = setter.page_head(case.words.gettext("The journey"), _route(case), _days(case))
    yield Part(head, starts_page=True)
    yield timeline(case, setter)
    yield _legs(case, setter)


def _route(case: Case) -> str:
    places: list[str] = []
    for seen in case.legs:
        for key in ("from_place", "to_place"):
            place = case.text(seen, key, Style(REGULAR, 1)).text if case.has(seen, key) else ""
            if place and (not places or places[-1] != place):
                places.append(place)
    if len(places) > _MOST_PLACES:
        places = [places[0], "…", places[-1]]
    return " – ".join(places) or case.words.gettext("No legs yet")


def _days(case: Case) -> str:
    moments = [
        moment
        for seen in case.legs
        if seen.record.status not in LEG_OFF
        for moment in (seen.record.departs, seen.record.arrives)
        if isinstance(moment, Moment)
    ]
    if not moments:
        return ""
    first, last = (pick(moments, key=lambda m: m.utc).wall.date() for pick in (min, max))
    return case.words.days(first, last)


def _legs(case: Case, setter: Setter) -> Part:
    words = case.words
    titles = (
        words.gettext("Departure"), words.gettext("Arrival"), words.gettext("Means of travel"),
        words.gettext("Met by"), words.gettext("State"),
    )  # fmt: skip
    title, note = words.gettext("Legs"), words.gettext("each time by its own place’s clock")
    columns = across(setter.form, 24, 24, 20, 18, 25, gap=9, left=SIZE + 6)
    last = columns[-1]
    columns[-1] = Column(last.x + SIZE + 5, last.width - SIZE - 5)
    table = Table(setter.form, titled(columns, titles))
    rows = [block for seen in case.legs for block in _leg(case, table, seen)]
    if not rows:
        style = Style(REGULAR, setter.form.sizes.text)
        rows = setter.paragraph(words.gettext("No legs yet"), style, drop=5)
        return Part(setter.head(title), tuple(rows))
    head = stacked([setter.head(title, note), table.head()])
    return Part(head, tuple(rows), head)


def _leg(case: Case, table: Table, seen: View[Leg]) -> list[Block]:
    sizes = table.form.sizes
    strong, small = Style(SEMIBOLD, sizes.time), Style(REGULAR, sizes.caption, GREY)
    text = Style(REGULAR, sizes.text)
    status = str(seen.record.status)
    shape = Mark.MET if status in _BOOKED else Mark.NONE if status in LEG_OFF else Mark.OPEN
    meets = [case.text(seen, "met_by", text)]
    if seen.record.alone is True:
        meets = [Text(case.words.gettext("nobody, by her choice"), text)]
    mode = [case.text(seen, "mode", Style(SEMIBOLD, sizes.text))]
    cells = [
        [*_moment(case, seen, "departs", strong), *_places(case, seen, "from", small),
         *_happened(case, seen, "departed", small)],
        [*_moment(case, seen, "arrives", strong), *_places(case, seen, "to", small),
         *_happened(case, seen, "arrived", small)],
        [*mode, *_some(case, seen, ("carrier", "booking_reference"), small)],
        [*meets, *_some(case, seen, ("sign", "onward"), small)],
        [case.text(seen, "status", Style(REGULAR, sizes.note))],
    ]  # fmt: skip
    rows = table.row(cells, shape, 4)
    return [_numbered(table, seen, rows[0]), *rows[1:]]


def _numbered(table: Table, seen: View[Leg], row: Block) -> Block:
    """The leg's number in a disc before its row."""
    number = seen.record.sequence
    if not isinstance(number, int) or number < 1:
        return row
    return beside(row, table.number(number))


def _moment(case: Case, seen: View[Leg], key: str, style: Style) -> list[Text]:
    value = getattr(seen.record, key)
    if not isinstance(value, Moment) or key in seen.conflicts:
        return [case.text(seen, key, style)]
    return [Text(case.clock(value), style)]


def _places(case: Case, seen: View[Leg], end: str, style: Style) -> list[Text]:
    keys = [key for key in (f"{end}_place", f"{end}_stop") if case.has(seen, key)]
    said = joined([case.text(seen, key, style).text for key in keys], ", ")
    return [Text(said, style)] if said else [case.blank(style)]


def _happened(case: Case, seen: View[Leg], key: str, style: Style) -> list[Text]:
    value = getattr(seen.record, key)
    if not isinstance(value, Moment):
        return []
    message = {
        "departed": case.words.gettext("left {time}"),
        "arrived": case.words.gettext("arrived {time}"),
    }[key]
    return [Text(message.format(time=case.clock(value)), style)]


def _some(case: Case, seen: View[Leg], keys: Sequence[str], style: Style) -> list[Text]:
    """What there is of some fields, a line each."""
    return [case.text(seen, key, style) for key in keys if case.has(seen, key)]
