# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory on paper: the contact list by country, and contact cards to cut out.

No row is split over two pages. Each row of the list shows by a symbol and a word when the entry
was last checked, and the list states how its entries were selected. Knows no store and no
consent.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import (
    MARK_SIZE,
    Block,
    CellText,
    Composer,
    PaperPart,
    PaperTable,
    StatusMark,
    TableColumn,
    add_titles,
    draw_footer,
    paginate,
    share_columns,
    stack_blocks,
    text_bottom,
)
from kfdesk.documents.layout.style import (
    A4,
    A6,
    BOLD,
    FOLD,
    GREY,
    INK,
    MILLIMETRE,
    OFFICE,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Box,
    Item,
    Rule,
    Style,
    TextLine,
)
from kfdesk.documents.layout.text import TextColumn, width_of
from kfdesk.documents.typesetting import Typesetter, disclosed_views, one_line
from kfdesk.domain import papers
from kfdesk.domain.codes.core import SERVICES, ListFilter, PaperFormat, PaperRequest
from kfdesk.domain.directory import Freshness, freshness_of
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.papers import PrintContext
from kfdesk.domain.phone_numbers import dialled_groups
from kfdesk.domain.records.directory import Contact, Organisation, Phone
from kfdesk.domain.values import PartialDate
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import hours_text, localized_text

# --- content


@dataclass(frozen=True, slots=True)
class ListedPhone:
    """A telephone number, its hours, and the codes of its languages."""

    number: str
    hours: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedOrganisation:
    """An organisation as it was disclosed, with its telephones and persons."""

    record: Organisation
    name: str
    hours: str
    """The opening hours, in the language of the paper if they can be read."""
    numbers: tuple[ListedPhone, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def country(self) -> str:
        """The ISO 3166-1 code, empty if unknown."""
        return one_line(self.record.country)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages spoken there or at any of its telephones, each once."""
        house = self.record.languages if isinstance(self.record.languages, tuple) else ()
        phones = (code for one in self.numbers for code in one.languages)
        return tuple(dict.fromkeys((*house, *phones)))


def listed_organisations(what: Disclosed, words: Language) -> list[ListedOrganisation]:
    """Return the organisations that have a name, ordered by name."""
    numbers = _listed_phones(what, words)
    people = _listed_people(what)
    found = [
        ListedOrganisation(
            seen.record,
            name,
            hours_text(one_line(seen.record.hours), words),
            tuple(numbers.get(seen.rid, ())),
            tuple(people.get(seen.rid.hex(), ())),
        )
        for seen in disclosed_views(what, Organisation)
        if (name := one_line(seen.record.name))
    ]
    return sorted(found, key=lambda entry: entry.name.casefold())


def _listed_phones(what: Disclosed, words: Language) -> Mapping[bytes | None, list[ListedPhone]]:
    found: dict[bytes | None, list[ListedPhone]] = {}
    for seen in disclosed_views(what, Phone):
        record = seen.record
        spoken = record.languages if isinstance(record.languages, tuple) else ()
        if one_line(record.number):
            number = ListedPhone(
                dialled_groups(one_line(record.number)), localized_text(record.hours, words), spoken
            )
            found.setdefault(seen.row.parent, []).append(number)
    return found


def _listed_people(what: Disclosed) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for seen in disclosed_views(what, Contact):
        name, house = one_line(seen.record.given_name), one_line(seen.record.organisation)
        if name and house:
            found.setdefault(house, []).append(name)
    return found


CARD_WIDTH, CARD_HEIGHT = 85 * MILLIMETRE, 55 * MILLIMETRE
CARD_COLUMNS, CARD_ROWS = 2, 5


# --- contact cards


@dataclass(frozen=True, slots=True)
class _CardSize:
    """The size of a card, its type, and the drop of each kind of line below the last."""

    width: float
    height: float
    padding: float
    name: Style
    phone: Style
    small: Style
    drops: tuple[float, float, float, float]
    """The drops to the lines of persons, telephone, hours and languages."""


_SMALL_CARD = _CardSize(
    CARD_WIDTH,
    CARD_HEIGHT,
    5 * MILLIMETRE,
    Style(BOLD, 12),
    Style(SEMIBOLD, 13),
    Style(REGULAR, 8.5, GREY),
    (12, 19, 11, 15),
)
_A6_CARD = _CardSize(
    A6.width,
    A6.height,
    A6.margin,
    Style(BOLD, A6.sizes.name),
    Style(SEMIBOLD, A6.sizes.phone),
    Style(REGULAR, A6.sizes.text, GREY),
    (19, 30, 16, 24),
)


def make_contact_card(
    order: PaperRequest, what: Disclosed, _about: PrintContext, press: Typesetter
) -> bytes:
    """Make the card or page of cards as a PDF, in the ordered language and form.

    Raise KfdeskError `documents.no_letter` or `documents.too_wide`, `documents.too_much` if the
    card cannot hold the entry, and `paper.nothing_listed` if nothing of the entry may be shown.
    """
    words = press.program(order.language)
    entry = next(iter(listed_organisations(what, words)), None)
    if entry is None:
        raise KfdeskError("paper.nothing_listed")
    if order.form is PaperFormat.A6:
        canvas = PageCanvas(A6, order.language, press.icon)
        canvas.put(_draw_card(entry, words, _A6_CARD, (0, 0)))
    else:
        canvas = PageCanvas(A4, order.language, press.icon)
        for corner in _card_corners():
            canvas.put(
                [
                    Box(*corner, CARD_WIDTH, CARD_HEIGHT, 0, 0.5, colour=FOLD),
                    *_draw_card(entry, words, _SMALL_CARD, corner),
                ]
            )
    canvas.end_page()
    return canvas.pdf()


def _card_corners() -> Iterator[tuple[float, float]]:
    """Yield the top left corners of the ten cards on a page."""
    left, top = (
        (A4.width - CARD_COLUMNS * CARD_WIDTH) / 2,
        (A4.height - CARD_ROWS * CARD_HEIGHT) / 2,
    )
    for place in range(CARD_COLUMNS * CARD_ROWS):
        row, column = divmod(place, CARD_COLUMNS)
        yield left + column * CARD_WIDTH, top + row * CARD_HEIGHT


def _draw_card(
    entry: ListedOrganisation, words: Language, size: _CardSize, corner: tuple[float, float]
) -> Iterator[Item]:
    x, y = corner
    people, phone, hours, spoken = size.drops
    inner = size.width - 2 * size.padding
    stack = TextColumn(x + size.padding, inner, y=y + size.padding, smallest=size.small.size)
    stack.add_fitted(entry.name, size.name, size.name.size)
    if entry.people:
        stack.add(words.listing(entry.people), size.small, people)
    stack.y += size.name.size / 2
    stack.items.append(Rule(stack.x, stack.y, across=stack.width, stroke=0.6, colour=FOLD))
    for one in entry.numbers:
        stack.add_fitted(one.number, size.phone, phone)
        if one.hours:
            stack.add(one.hours, size.small, hours)
    if entry.hours and not any(one.hours for one in entry.numbers):
        stack.add(entry.hours, size.small, hours)
    if entry.languages:
        named = words.listing([words.language(code) for code in entry.languages])
        stack.add(named, size.small, spoken)
    if stack.y > y + size.height - 6:
        raise KfdeskError("documents.too_much")
    yield from stack.items


_LIST_FORM = OFFICE
_LIST_SIZES = OFFICE.sizes
_COLUMN_SHARES = (24, 20, 18, 21, 17)
_STANDING = (0, 4)
"""The columns of the name and of the last check, which stand in every list."""
_MARK_SPACE = MARK_SIZE + 6
"""The width for the symbol before the day of the last check."""
_BAND, _FACTS = 20.0, 24.0
_EDGE, _APART = 8.0, 18.0
_MOST_COUNTRIES = 8
_PLAIN, _QUIET = Style(REGULAR, _LIST_SIZES.note), Style(REGULAR, _LIST_SIZES.note, GREY)
_STRONG, _NOTED = Style(SEMIBOLD, _LIST_SIZES.text), Style(BOLD, _LIST_SIZES.caption)
_FRESHNESS_MARKS: Mapping[Freshness, StatusMark] = {
    Freshness.FRESH: StatusMark.MET,
    Freshness.STALE: StatusMark.STALE,
    Freshness.UNCHECKED: StatusMark.UNKNOWN,
}
_FRESHNESS_TEXTS: Mapping[Freshness, str] = {
    Freshness.FRESH: N_("checked within a year"),
    Freshness.STALE: N_("older than a year: call first"),
    Freshness.UNCHECKED: N_("not checked"),
}


# --- contact list


def make_contact_list(
    order: PaperRequest, what: Disclosed, around: papers.PrintContext, press: Typesetter
) -> bytes:
    """Make the list as a PDF, in the ordered language; same entries, same bytes.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter.
    """
    words = press.program(order.language)
    made = _ContactListComposer(words, around, listed_organisations(what, words))
    pages = paginate(list(made.parts(order.filter)), _LIST_FORM.margin, text_bottom(_LIST_FORM))
    canvas = PageCanvas(_LIST_FORM, order.language, press.icon)
    said = words.gettext("For office use. No protected entries, no addresses of shelters.")
    for number, page in enumerate(pages, start=1):
        counted = words.gettext("page {number} of {total}").format(number=number, total=len(pages))
        canvas.put([*page, *draw_footer(said, counted, _LIST_FORM)])
        canvas.end_page()
    return canvas.pdf()


@dataclass(frozen=True, slots=True)
class _ContactListComposer:
    """Composes the list from its entries, the reader's language and the day."""

    words: Language
    around: papers.PrintContext
    entries: Sequence[ListedOrganisation]

    def parts(self, asked: ListFilter) -> Iterator[PaperPart]:
        """Yield the page heading, a part for each country, and the legend."""
        setter = Composer(_LIST_FORM, _LIST_FORM.margin, _LIST_FORM.measure)
        words = self.words
        day = words.day(self.around.at.date(), year=True)
        head = setter.page_heading("", words.gettext("Contact list"), day)
        yield PaperPart(stack_blocks([head, _framed_facts(list(self._chosen(asked)))], 4))
        filled = self._filled()
        table = PaperTable(_LIST_FORM, self._columns(filled))
        for number, (country, group) in enumerate(groupby(self._by_country(), _entry_country)):
            theirs = list(group)
            name = words.country(country) if country else words.gettext("Country not given")
            titles, band = table.head(), _country_band(name, len(theirs))
            again = stack_blocks([titles, band], 2)
            rows = tuple(block for entry in theirs for block in self._row(entry, table, filled))
            yield PaperPart(band if number else again, rows, again, titles, gap=10)
        shown = {self._freshness(entry) for entry in self.entries}
        shapes = [
            (_FRESHNESS_MARKS[one], words.gettext(_FRESHNESS_TEXTS[one]))
            for one in Freshness
            if one in shown
        ]
        if shapes:
            yield PaperPart(setter.legend(shapes), gap=6)

    def _chosen(self, asked: ListFilter) -> Iterator[tuple[str, str]]:
        """Yield the criteria by which the entries were selected, and their number."""
        words = self.words
        countries = sorted({entry.country for entry in self.entries} - {""})
        yield words.gettext("Selection"), words.gettext("open entries")
        if asked.country:
            yield words.gettext("Country"), words.country(asked.country)
        elif 0 < len(countries) <= _MOST_COUNTRIES:
            yield words.gettext("Country"), words.listing(list(map(words.country, countries)))
        if asked.service:
            yield (
                words.gettext("Helps with"),
                words.gettext(SERVICES.get(asked.service, asked.service)),
            )
        if asked.spoken:
            yield words.gettext("Speaks"), words.language(asked.spoken)
        yield words.gettext("Number of entries"), str(len(self.entries))

    def _by_country(self) -> list[ListedOrganisation]:
        def named(entry: ListedOrganisation) -> tuple[bool, str]:
            return not entry.country, self.words.country(entry.country) if entry.country else ""

        return sorted(self.entries, key=named)

    def _filled(self) -> tuple[int, ...]:
        """Return the places of the columns that say something of at least one entry."""
        said = set(_STANDING)
        for entry in self.entries:
            said |= {place for place, cell in enumerate(self._cells(entry)) if cell}
        return tuple(sorted(said))

    def _columns(self, filled: Sequence[int]) -> list[TableColumn]:
        """Return the columns at these places, with space for a symbol before the last."""
        words = self.words
        titles = (
            words.gettext("Organisation"), words.gettext("Helps with"), words.gettext("Languages"),
            words.gettext("Phone and hours"), words.gettext("Checked"),
        )  # fmt: skip
        shares = share_columns(_LIST_FORM, *(_COLUMN_SHARES[place] for place in filled))
        *others, last = add_titles(shares, [titles[place] for place in filled])
        last = replace(last, x=last.x + _MARK_SPACE, width=last.width - _MARK_SPACE)
        return [*others, last]

    def _row(
        self, entry: ListedOrganisation, table: PaperTable, filled: Sequence[int]
    ) -> list[Block]:
        cells = self._cells(entry)
        known = [cells[place] or [CellText("–", _QUIET)] for place in filled]
        return table.row(known, _FRESHNESS_MARKS[self._freshness(entry)], len(known) - 1)

    def _cells(self, entry: ListedOrganisation) -> list[list[CellText]]:
        """Return what is known of an entry, column by column."""
        record, how = entry.record, self._freshness(entry)
        under = filter(None, (one_line(record.city), *entry.people))
        services = record.services if isinstance(record.services, tuple) else ()
        helps = " · ".join(self._service(one).lower() for one in services)
        spoken = ", ".join(self.words.language(code) for code in entry.languages)
        style = Style(REGULAR, _LIST_SIZES.caption) if how is Freshness.FRESH else _NOTED
        return [
            [CellText(entry.name, _STRONG), *(CellText(one, _QUIET) for one in under)],
            [CellText(helps, _PLAIN)] if helps else [],
            [CellText(spoken, _PLAIN)] if spoken else [],
            list(_phone_lines(entry)),
            [CellText(self._checked(entry), style)],
        ]

    def _service(self, code: str) -> str:
        return self.words.gettext(SERVICES.get(code, code))

    def _checked(self, entry: ListedOrganisation) -> str:
        checked = entry.record.checked
        if self._freshness(entry) is Freshness.UNCHECKED:
            return self.words.gettext("not yet")
        if isinstance(checked, date):
            return self.words.short_day(checked, year=True)
        return self.words.partial_date(checked.text) if isinstance(checked, PartialDate) else ""

    def _freshness(self, entry: ListedOrganisation) -> Freshness:
        return freshness_of(entry.record, self.around.at.date())


def _phone_lines(entry: ListedOrganisation) -> Iterator[CellText]:
    """Yield its telephones with their hours, or the organisation's hours if none has its own."""
    for one in entry.numbers:
        yield CellText(one.number, _STRONG)
        if one.hours:
            yield CellText(one.hours, _QUIET)
    if entry.hours and not any(one.hours for one in entry.numbers):
        yield CellText(entry.hours, _QUIET)


def _entry_country(entry: ListedOrganisation) -> str:
    return entry.country


def _framed_facts(facts: Sequence[tuple[str, str]]) -> Block:
    """Compose labels with their values in a frame, in as many lines as needed."""
    label, value = Style(REGULAR, _LIST_SIZES.note, GREY), Style(SEMIBOLD, _LIST_SIZES.note, INK)
    left, right = _LIST_FORM.margin + _EDGE, _LIST_FORM.right - _EDGE
    x, y = left, _FACTS / 2 + label.cap_height / 2
    lines: list[Item] = []
    for title, said in facts:
        first, second = width_of(title, label) + 5, width_of(said, value)
        if x > left and x + first + second > right:
            x, y = left, y + 1.5 * label.size
        lines += [TextLine(title, label, x, y, first), TextLine(said, value, x + first, y, second)]
        x += first + second + _APART
    height = y + _FACTS / 2 - label.cap_height / 2
    frame = Box(_LIST_FORM.margin, 0, _LIST_FORM.measure, height, 4, 0.7, FOLD)
    return Block((frame, *lines), height + 6)


def _country_band(name: str, count: int) -> Block:
    """Compose the heading of a country with the number of its entries."""
    x, width = _LIST_FORM.margin, _LIST_FORM.measure
    strong, small = (
        Style(BOLD, _LIST_SIZES.heading - 1, PETROL),
        Style(SEMIBOLD, _LIST_SIZES.note, PETROL),
    )
    y = _BAND / 2 + strong.cap_height / 2
    lines = (
        TextLine(name, strong, x + _EDGE, y, width - 60),
        TextLine(str(count), small, x, y, width - _EDGE, "right"),
    )
    bar = Box(x, 1, 3, _BAND - 2, 0, 0, fill=PETROL)
    return Block((bar, *lines, Rule(x, _BAND, across=width, stroke=0.7, colour=PETROL)), _BAND)
