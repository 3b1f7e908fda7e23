# SPDX-License-Identifier: GPL-3.0-or-later
"""The week on paper: a line for each thing that has a day, by the client's code alone.

No name, place, organisation or free text is on it. Times are those of the desk's own clock. The
last column is empty, for notes by hand.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import (
    MARK_SIZE,
    Block,
    CellText,
    Composer,
    FrameTexts,
    PaperPart,
    PaperTable,
    StatusMark,
    add_titles,
    frame_pages,
    share_columns,
    stack_blocks,
)
from kfdesk.documents.layout.style import GREY, OFFICE, REGULAR, SEMIBOLD, Style
from kfdesk.documents.typesetting import Typesetter, disclosed_views, one_line
from kfdesk.domain.aftercare import FollowUpStatus
from kfdesk.domain.calendar import KIND_NAMES, CalendarItem, CalendarKind
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.papers import PrintContext
from kfdesk.domain.records.client import Client
from kfdesk.domain.values import shift_day
from kfdesk.i18n.language import Language

_FORM = OFFICE
_TEXT, _QUIET = Style(REGULAR, OFFICE.sizes.caption), Style(REGULAR, OFFICE.sizes.caption, GREY)
_STRONG = Style(SEMIBOLD, OFFICE.sizes.caption)
_SHARES = (12, 20, 34, 8, 26)
_LAST = 6  # days after the first


def make_week_sheet(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the sheet as a PDF, in the ordered language; same week, same bytes.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter, or `documents.too_much`
    for a single row that no page can hold.
    """
    words = press.program(order.language)
    sheet = _WeekSheet(what, about, words)
    canvas = PageCanvas(_FORM, order.language, press.icon)
    for page in frame_pages(sheet.parts(), sheet.frame(), _FORM, words):
        canvas.put(page)
        canvas.end_page()
    return canvas.pdf()


class _WeekSheet:
    """The sheet of one week: its frame, and a table for what is late and for each day."""

    def __init__(self, what: Disclosed, about: PrintContext, words: Language) -> None:
        self.about, self.words = about, words
        given = {one.rid for one in what.rows}
        codes = {one_line(one.record.code) for one in disclosed_views(what, Client)}
        self.items = [one for one in about.week if one.rid in given and one.code in codes]

    def frame(self) -> FrameTexts:
        """Return what stands around each page."""
        words, about = self.words, self.about
        band = words.gettext("Week sheet · must not travel")
        copy = words.gettext("Copy no. {number} · kept locked").format(number=about.number)
        made = words.gettext("Stays in the office. {day} at {time} by {name}").format(
            day=words.day(about.at.date(), year=True), time=words.clock(about.at), name=about.by
        )
        return FrameTexts(band.upper(), copy, words.gettext("must not travel").upper(), made)

    def parts(self) -> Iterator[PaperPart]:
        """Yield the heading, what is late, and each day that has something."""
        words, first = self.words, self.about.at.date()
        setter = Composer(_FORM, _FORM.margin, _FORM.measure)
        span = words.days(first, shift_day(first, _LAST))
        yield PaperPart(stack_blocks([setter.page_heading("", words.gettext("The week"), span)]))
        titles = (
            words.gettext("Time"), words.gettext("Plan"), words.gettext("What"),
            words.gettext("Who"), words.gettext("Notes"),
        )  # fmt: skip
        columns = share_columns(_FORM, *_SHARES, gap=7, left=MARK_SIZE + 6)
        table = PaperTable(_FORM, add_titles(columns, titles), 2)
        late = [one for one in self.items if one.standing is FollowUpStatus.OVERDUE]
        if late:
            yield self._group(setter, table, words.gettext("Overdue"), late)
        rest = sorted(
            (one for one in self.items if one.standing is not FollowUpStatus.OVERDUE),
            key=self._order,
        )
        for day, group in groupby(rest, self._day):
            name = f"{words.weekday(day)} {words.day(day)}"
            yield self._group(setter, table, f"{name[:1].upper()}{name[1:]}", [*group])

    def _group(
        self, setter: Composer, table: PaperTable, title: str, items: Sequence[CalendarItem]
    ) -> PaperPart:
        head = stack_blocks([setter.section_heading(title), table.head()], 2)
        rows = tuple(block for one in items for block in self._row(one, table))
        return PaperPart(head, rows, head)

    def _row(self, item: CalendarItem, table: PaperTable) -> list[Block]:
        cells = [
            [CellText(self._time(item), _STRONG)],
            [CellText(item.code, _STRONG)],
            [CellText(self._what(item), _TEXT)],
            [CellText(item.owner or "–", _TEXT)],
            [CellText("", _QUIET)],
        ]
        return table.row(cells, StatusMark.BOX)

    def _what(self, item: CalendarItem) -> str:
        """Return the kind of an item; of a contact also how long after the arrival."""
        words = self.words
        days = item.about[1] if item.kind is CalendarKind.FOLLOW_UP else None
        if isinstance(days, int) and days:
            told = words.ngettext("{count} day after arrival", "{count} days after arrival", days)
            return told.format(count=days)
        return words.gettext(KIND_NAMES[item.kind])

    def _time(self, item: CalendarItem) -> str:
        """Return the time of day here; of what is late and has none, the day."""
        if item.standing is FollowUpStatus.OVERDUE:
            return self.words.short_day(self._day(item))
        at = self._moment(item)
        return self.words.clock(at) if at is not None else "–"

    def _moment(self, item: CalendarItem) -> datetime | None:
        """Return the time by the desk's own clock: the name of a zone would name a place."""
        return item.starts.utc.astimezone(self.about.at.tzinfo) if item.starts else None

    def _day(self, item: CalendarItem) -> date:
        """Return the day under which an item stands: today for a journey that is under way."""
        at = self._moment(item)
        day = at.date() if at is not None else item.day
        is_late = item.standing is FollowUpStatus.OVERDUE
        return day if is_late else max(day, self.about.at.date())

    def _order(self, item: CalendarItem) -> tuple[date, bool, str, str]:
        at = self._moment(item)
        clock = at.isoformat() if at is not None else ""
        return self._day(item), at is not None, clock, item.code
