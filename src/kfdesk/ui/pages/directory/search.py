# SPDX-License-Identifier: GPL-3.0-or-later
"""Search in the directory: filters, the list that loads its rows on demand, and networks.

Only the newest answer counts. While one query runs no second one starts, so nothing queues up
behind fast typing or scrolling: the worker reads what is wanted when it begins. The first rows
come at once, the rest of a long list later. The selected entry is remembered by its id.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from kfdesk.domain.codes.core import NETWORKS, POPULATIONS, SERVICES
from kfdesk.domain.codes.world import COUNTRIES, LANGUAGES
from kfdesk.domain.directory import DirectoryNeed, fresh_since, months_before
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import EntryLine
from kfdesk.services.directory.search import (
    DirectoryQuery,
    DirectoryResult,
    NetworkOverview,
    ServiceProviders,
    filter_codes,
    read_network,
    read_result_page,
    result_position,
    search_directory,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.parts import sorted_options
from kfdesk.ui.pages.directory.card import does_line, fits_line, name_line
from kfdesk.ui.pages.directory.checks import check_word
from kfdesk.ui.plan_sections import HelpRequest
from kfdesk.ui.tokens import Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import extend, grown, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox, TextEntry
from kfdesk.ui.widgets.layout import Banner, CardFrame, TaskPage
from kfdesk.ui.widgets.table import (
    CELL_ROLE,
    CellTableModel,
    ColumnKeeper,
    ColumnSpec,
    Index,
    TableCell,
    TableView,
)

# --- filters

_CODES: Mapping[str, tuple[Message, Mapping[str, Message]]] = {
    "country": (N_("Country"), {code: partial(Language.country, code=code) for code in COUNTRIES}),
    "services": (N_("Services"), SERVICES),
    "languages": (
        N_("Language"),
        {code: partial(Language.language, code=code) for code in LANGUAGES},
    ),
    "populations": (N_("For whom"), POPULATIONS),
    "networks": (N_("Networks"), NETWORKS),
}
_FRESH, _STALE = "fresh", "stale"
_FRESH_MONTHS = 6
_CHECKS: tuple[tuple[str, Message], ...] = (
    ("", N_("Last check")),
    (_FRESH, N_("Checked in the last 6 months")),
    (_STALE, N_("Not checked for 12 months")),
)
_RARER = ("populations", "networks")
_ALL_MIN_WIDTH = 660
_NARROW_LETTERS = 6  # characters of a chosen value that a narrow row shows


class DirectoryFilters(QWidget):
    """A row of filters. `changed` follows each choice."""

    changed = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._known: Mapping[str, frozenset[str]] = {}
        self.choices = {key: self._make(message) for key, (message, _) in _CODES.items()}
        self.check = self._make(N_("Last check"))
        self.check.set_options(_CHECKS)
        choices = (*self.choices.values(), self.check)
        row(*map(grown, choices), gap=8, on=self)
        for key in self.choices:
            self._offer(key)
        kit.translator.changed.connect(self._on_language_changed)

    @property
    def is_set(self) -> bool:
        """True if any filter is set."""
        return any(choice.key for choice in (*self.choices.values(), self.check))

    def asked(self, typed: str, today: date) -> DirectoryQuery:
        """Return the query: the filters together with the typed text."""
        codes = tuple((key, one.key) for key, one in self.choices.items() if one.key)
        check = self.check.key
        return DirectoryQuery(
            typed,
            codes,
            since=months_before(today, _FRESH_MONTHS) if check == _FRESH else None,
            before=fresh_since(today) if check == _STALE else None,
        )

    def set_options(self, known: Mapping[str, frozenset[str]]) -> None:
        """Offer these codes; what is chosen stays."""
        if known != self._known:
            self._known = known
            for key in self.choices:
                self._offer(key)

    def choose(self, key: str, code: str) -> None:
        """Choose a code, as a user would."""
        choice = self.choices[key]
        self._offer(key, code)
        choice.chosen.emit(choice.key)

    def clear(self) -> None:
        """Clear all filters."""
        for key in self.choices:
            self._offer(key, "")
        self.check.set_options(_CHECKS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show only the most used filters in a narrow row; the rest can be typed."""
        super().resizeEvent(event)
        for key in _RARER:
            choice = self.choices[key]
            choice.setVisible(
                self.width() >= self._kit.theme.scaled(_ALL_MIN_WIDTH) or bool(choice.key)
            )

    def _offer(self, key: str, code: str | None = None) -> None:
        every, labels = _CODES[key]
        chosen = self.choices[key].key if code is None else code
        known = self._known.get(key, frozenset())
        there = [one for one in labels.items() if one[0].lower() in known or one[0] == chosen]
        rows = sorted_options(there, self._kit)
        in_order = [(one, labels[one]) for one, _ in rows]
        self.choices[key].set_options((("", every), *in_order), chosen)

    def _make(self, name: Message) -> ChoiceBox:
        choice = ChoiceBox(self._kit)
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        choice.setMinimumContentsLength(_NARROW_LETTERS)
        choice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        choice.chosen.connect(lambda _key: self.changed.emit())
        self._kit.translator.bind(choice.setAccessibleName, name)
        return choice

    def _on_language_changed(self) -> None:
        for key in self.choices:
            self._offer(key)


# --- rows on demand

_MAX_ROWS = 1500  # loaded rows that are kept; above, those far away are dropped
_BLANK_CELL = TableCell()
TableCells = tuple[TableCell, ...]


class PagedRows(CellTableModel):
    """A table model whose lines are loaded on demand.

    A line is the data of a row, None if the record is gone. `shown` makes the cells on demand.
    """

    def __init__(
        self, kit: UiContext, columns: Sequence[ColumnSpec], shown: Callable[[Any], TableCells]
    ) -> None:
        super().__init__(kit, columns)
        self._shown = shown
        self._count = 0
        self._lines: dict[int, Any] = {}
        self._made: dict[int, TableCells] = {}

    def show_count(self, count: int) -> None:
        """Set the number of rows; drop all lines."""
        self.beginResetModel()
        self._count = count
        self._lines.clear()
        self._made.clear()
        self.endResetModel()

    def extend_count(self, count: int) -> None:
        """Extend the number of rows; lines that are here stay."""
        if count > self._count:
            self.beginInsertRows(self.index(-1, -1), self._count, count - 1)
            self._count = count
            self.endInsertRows()

    def put(self, first: int, lines: Sequence[Any], current: int) -> None:
        """Store lines from row `first` on.

        Of very many lines, those far away are dropped, but not row `current`.
        """
        if len(self._lines) > _MAX_ROWS:
            near = range(first - _MAX_ROWS // 4, first + _MAX_ROWS // 4)
            self._lines = {r: line for r, line in self._lines.items() if r in near or r == current}
            self._made.clear()
        self._lines |= enumerate(lines, first)
        if lines:
            last = self.index(first + len(lines) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(first, 0), last)

    def line(self, row: int) -> Any:
        """Return the line of a row, if it is here."""
        return self._lines.get(row)

    def missing(self, rows: range) -> range:
        """Return the range from the first to the last of these rows that is missing."""
        absent = [row for row in rows if row not in self._lines]
        return range(absent[0], absent[-1] + 1) if absent else range(0)

    def rowCount(self, _parent: Index | None = None) -> int:
        """Return the number of rows, here or not."""
        return self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the cell or its text; blank where the row is not here."""
        words = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if role != CELL_ROLE and role not in words:
            return None
        cell = self._cell(index.row(), index.column())
        return cell if role == CELL_ROLE else cell.accessible_text

    def _cell(self, row: int, column: int) -> TableCell:
        line = self._lines.get(row)
        if line is None:
            return _BLANK_CELL
        if row not in self._made:
            self._made[row] = self._shown(line)
        return self._made[row][column]


class PagedTable(TableView):
    """A table over paged rows, each with two lines of text.

    `wanted` carries the range of rows that are visible, or nearly so, and missing.
    """

    wanted = Signal(object)

    def __init__(
        self, kit: UiContext, columns: Sequence[ColumnSpec], shown: Callable[[Any], TableCells]
    ) -> None:
        self.paged = PagedRows(kit, columns, shown)
        super().__init__(kit, columns, self.paged)
        self.horizontalHeader().setResizeContentsPrecision(0)  # else it asks for 1,000 rows
        self._set_row_height(has_two_lines=True)
        self.verticalScrollBar().valueChanged.connect(self.request_missing)

    @property
    def visible_rows(self) -> range:
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        count = self.paged.rowCount()
        return range(max(0, first), count if last < 0 else last + 1)

    @property
    def visible_capacity(self) -> int:
        """The largest number of rows that fit into the view."""
        return self.viewport().height() // self.row_height + 2

    def show_count(self, count: int) -> None:
        """Show this number of rows, all missing at first."""
        self.paged.show_count(count)
        self.executeDelayedItemsLayout()  # else no row beyond the old end could be selected

    def put(self, first: int, lines: Sequence[Any]) -> None:
        """Show lines from row `first` on."""
        self.paged.put(first, lines, self.currentIndex().row())
        self._share_room()

    def request_missing(self) -> None:
        """Emit `wanted` for missing rows.

        It covers the visible rows, with half as many above and below.
        """
        seen, half = self.visible_rows, self.visible_capacity // 2
        near = range(max(0, seen.start - half), min(self.paged.rowCount(), seen.stop + half))
        if missing := self.paged.missing(near):
            self.wanted.emit(missing)

    def paintEvent(self, event: QPaintEvent) -> None:
        self.request_missing()
        super().paintEvent(event)


# --- list

LISTING_COLUMNS = (ColumnSpec(N_("Name"), stretches=True), ColumnSpec(N_("Checked")))
CHECKED_COLUMN = 1
_FIRST_ROWS = 192  # rows of the first query; the others follow


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Entries that were found, the row of the selected one, and the lines from row `first` on."""

    found: DirectoryResult
    place: int = 0
    first: int = 0
    lines: tuple[EntryLine, ...] = ()
    wanted: bytes | None = None
    """The entry that was selected when this was asked."""
    follows: bool = False
    """True if this is the rest of a list whose first rows are shown already."""


class DirectoryListing(QObject):
    """The controller of table, search field and filters. `answered` follows each new list.

    `current_changed` carries the id of the entry in the current row, or None.
    """

    answered = Signal()
    current_changed = Signal(object)

    def __init__(self, kit: UiContext, desk: Session, page: QWidget) -> None:
        """Make the list for `page`; it follows the language as long as the page lives."""
        super().__init__(page)
        self._kit = kit
        self._desk = desk
        self.search = TextEntry()
        self.filters = DirectoryFilters(kit)
        self.table = PagedTable(kit, LISTING_COLUMNS, self._cells)
        self.table.select_many()
        self.keeper = ColumnKeeper(kit, self.table, "contacts")
        self.keeper.changed.connect(self.read)
        self.found = DirectoryResult()
        self.need: DirectoryNeed | None = None
        """The need of a step of a plan; the best match comes first."""
        self._wanted: bytes | None = None
        self._rows = self.found, range(0)
        """The list, and the range of its rows to read next; the worker reads this."""
        self._is_asking = self._is_stale = self._is_showing = self._is_reading = False
        self._rest = QTimer(self, singleShot=True, interval=0)  # paint first what is loaded
        self._rest.timeout.connect(self._ask)
        self.search.textChanged.connect(self.read)
        self.filters.changed.connect(self.read)
        self.table.wanted.connect(self._on_rows_wanted)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        kit.translator.changed.connect(self.read)

    @property
    def is_narrowed(self) -> bool:
        """True if anything was typed or chosen."""
        return bool(self.search.text().strip()) or self.filters.is_set or self.need is not None

    @property
    def is_complete(self) -> bool:
        """True if the whole answer has arrived."""
        return not self._is_asking

    @property
    def current(self) -> bytes | None:
        """The id of the entry in the current row."""
        line = self.table.paged.line(self.table.currentIndex().row())
        return line.rid if line is not None else None

    @property
    def selected(self) -> DirectoryResult:
        """The selected entries, also those that no row has loaded."""
        ids = self.found.ids
        return DirectoryResult([ids[at] for at in self.table.selected_rows if at < len(ids)])

    def select_entry(self, rid: bytes) -> None:
        """Select an entry in the unfiltered list, now or as soon as it is read."""
        self._wanted = rid
        self.set_need(None)

    def set_need(self, need: DirectoryNeed | None) -> None:
        """List the entries that fit a need, or all; clear the text and the filters."""
        self.need = need
        was_set = bool(self.search.text())
        self.filters.clear()
        self.search.clear()
        if not was_set:
            self.read()

    def select_first(self) -> None:
        """Select the first entry of the list."""
        self._wanted = None
        self.table.setCurrentIndex(QModelIndex())

    def read(self) -> None:
        """Query again for the typed text and the filters."""
        if self._rest.isActive():
            self._rest.stop()  # the rest of this list is not needed any more
        elif self._is_asking:
            self._is_stale = True
            return
        self._is_asking, self._is_stale = True, False
        self._ask(_FIRST_ROWS)

    def _ask(self, most: int = -1) -> None:
        desk, language = self._desk, self._kit.translator.language
        asked = self.filters.asked(self.search.text(), desk.adapters.clock.now().date())
        is_by_check, is_backwards = self.keeper.column == CHECKED_COLUMN, self.keeper.is_backwards
        asked = replace(asked, need=self.need, is_by_check=is_by_check, is_backwards=is_backwards)
        wanted, room = self._wanted or self.current, self.table.visible_capacity

        def answer() -> SearchAnswer:
            found = search_directory(desk, asked, language, most)
            place = result_position(desk, found, wanted) if wanted is not None else 0
            first = max(0, (place or 0) - room)
            lines = read_result_page(desk, found.ids[first : (place or 0) + room])
            return SearchAnswer(found, place or 0, first, lines, wanted, most < 0)

        self._kit.worker.run(answer, self._on_answer, self._on_failed)

    def _on_answer(self, answer: SearchAnswer) -> None:
        self._is_asking = False
        wanted = self._wanted or self.current
        if self._is_stale or wanted not in (None, answer.wanted):
            self.read()
            return
        if answer.follows and answer.place < _FIRST_ROWS:
            self.found = answer.found  # the visible rows stay, and more follow below them
            self.table.paged.extend_count(len(self.found.ids))
            self.answered.emit()
            return
        self._show(answer)
        if len(answer.found.ids) == _FIRST_ROWS and not answer.follows:
            self._is_asking = True
            self._rest.start()

    def _show(self, answer: SearchAnswer) -> None:
        self._is_showing = True
        self.found = answer.found
        self.table.show_count(len(answer.found.ids))
        self.table.put(answer.first, answer.lines)
        line = self.table.paged.line(answer.place)
        self._wanted = None if line is not None and line.rid == self._wanted else self._wanted
        if answer.found.ids:
            self.table.selectRow(answer.place)
        self._is_showing = False
        self.answered.emit()
        self.current_changed.emit(self.current)

    def _cells(self, line: EntryLine) -> tuple[TableCell, ...]:
        language = self._kit.translator.language
        name, lock = name_line(line, language), "lock" if line.is_secret else ""
        return (
            TableCell(name, self.about_text(line, language), lock, is_strong=True),
            self._check(line, language),
        )

    def about_text(self, line: EntryLine, language: Language) -> str:
        """Return what an entry does or, for a step of a plan, why it fits."""
        if self.need is None:
            return does_line(line, language)
        return fits_line(line, self.need, self._desk.adapters.clock.now().date(), language)

    def _check(self, line: EntryLine, language: Language) -> TableCell:
        said = check_word(line, self._desk.adapters.clock.now().date(), language)
        if said is None:
            return TableCell()
        tone, icon, word = said
        return TableCell(word, icon=icon, tone=tone)

    def _on_rows_wanted(self, rows: range) -> None:
        self._rows = self.found, rows
        if not self._is_reading:
            self._is_reading = True
            self._kit.worker.run(self._read_rows, self._on_rows_read, self._on_failed)

    def _read_rows(self) -> tuple[DirectoryResult, range, tuple[EntryLine, ...]]:
        """Read the rows that are wanted by now. Runs on the worker's thread."""
        found, rows = self._rows
        return found, rows, read_result_page(self._desk, found.ids[rows.start : rows.stop])

    def _on_rows_read(self, read: tuple[DirectoryResult, range, tuple[EntryLine, ...]]) -> None:
        self._is_reading = False
        found, rows, lines = read
        if found is self.found:
            gone = (None,) * (len(rows) - len(lines))
            self.table.put(rows.start, (*lines, *gone))
            if self.table.currentIndex().row() in rows:
                self.current_changed.emit(self.current)
        self.table.request_missing()

    def _on_failed(self, fault: KfdeskError) -> None:
        self._is_asking = self._is_reading = False
        self._kit.events.failed.emit(fault)

    def _on_current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not self._is_showing and self.table.paged.line(now.row()) is not None:
            self.current_changed.emit(self.current)


# --- need of a plan

_NEED_OF_PLAN = N_("{code}: {wanted}")
_NOBODY = N_("None of the contacts offers this. All are shown, the nearest first: {need}")
_ANYBODY = N_("The best matches are shown first: {need}")


class NeedBanner(Banner):
    """The banner while a step of a plan needs somebody.

    `left` goes back to the plan, `dropped` lists all contacts again.
    """

    left = Signal()
    dropped = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit, Tone.ACCENT, "clipboard-list")
        self.step: HelpRequest | None = None
        self.back = Button(kit, N_("Back to the plan"), "chevron-left", ButtonLook.TONAL)
        self.back.clicked.connect(self.left)
        self.drop = Button(kit, N_("All contacts"), look=ButtonLook.QUIET, on=self.dropped.emit)
        self.set_action(self.drop)
        self.set_action(self.back)
        self.hide()

    def show_step(self, step: HelpRequest | None) -> None:
        """Show for which step somebody is needed; hide for None."""
        self.step = step
        self.setVisible(step is not None)

    def show_found(self, found: DirectoryResult | None) -> None:
        """Say what is needed, and whether anybody offers it; None where all are shown."""
        step = self.step
        if step is not None:
            under = _ANYBODY if found is None or found.is_offered else _NOBODY
            self.set_message(
                _NEED_OF_PLAN, under if found is not None else "",
                code=lambda _: step.code or "–",
                wanted=lambda language: language.gettext(step.words),
                need=lambda language: need_text(step.need, language),
            )  # fmt: skip


def need_text(need: DirectoryNeed, language: Language) -> str:
    """Return what is needed: `Shelter or Housing · Russia · Russian · Women`."""
    offered = [language.gettext(SERVICES[code]) for code in need.services]
    parts = [
        language.gettext(N_("{first} or {last}")).format(
            first=", ".join(offered[:-1]), last=offered[-1]
        ) if len(offered) > 1 else "".join(offered),
        language.country(need.country) if need.country else "",
        ", ".join(language.language(code) for code in need.languages),
        ", ".join(language.gettext(POPULATIONS[code]) for code in need.populations),
    ]  # fmt: skip
    return " · ".join(part for part in parts if part)


# --- networks

NETWORKS_TITLE = N_("Networks: who does what")
_NO_NETWORK = N_(
    "No contact belongs to a network yet. Networks are chosen in the form of an entry."
)
_SERVICES_HEIGHT = 260


class ServiceOverviewPage(TaskPage):
    """The page that shows which services the organisations of a network offer.

    `narrowed` carries the network and the service to filter by.
    """

    narrowed = Signal(str, str)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, NETWORKS_TITLE)
        self._desk = desk
        self.network: NetworkOverview | None = None
        self.hint.set_message(N_("Enter shows the contacts of a row."))
        self.choice = ChoiceBox(kit)
        kit.translator.bind(self.choice.setAccessibleName, N_("Networks"))
        self.choice.chosen.connect(self.show_network)
        self.table = TableView(
            kit, (ColumnSpec(N_("What"), stretches=True), ColumnSpec(N_("How many")))
        )
        self.table.setMinimumHeight(_SERVICES_HEIGHT)
        kit.translator.bind(self.table.setAccessibleName, NETWORKS_TITLE)
        self.table.chosen.connect(self._on_row_chosen)
        self.open = Button(kit, N_("Show these contacts"), "book-user", ButtonLook.PRIMARY)
        self.open.clicked.connect(lambda: self._on_row_chosen(self.table.currentIndex().row()))
        self.set_action(self.open)
        self._card = CardFrame(padding=0, parts=(self.table,))
        extend(self.body, self.choice, grown(self._card))
        self.first = self.choice
        self._show()
        kit.translator.changed.connect(self._show)
        kit.worker.run(lambda: filter_codes(desk)["networks"], self._on_known)

    def show_network(self, network: str) -> None:
        desk, language = self._desk, self.kit.translator.language
        self.kit.worker.run(lambda: read_network(desk, network, language), self._on_read)

    def _on_known(self, known: frozenset[str]) -> None:
        there = tuple(item for item in NETWORKS.items() if item[0] in known)
        self.choice.setVisible(bool(there))
        if there:
            self.choice.set_options(there)
            self.show_network(self.choice.key)
        else:
            self.under.set_message(_NO_NETWORK)
            self._card.hide()
            self.hint.show_text("")

    def _on_read(self, network: NetworkOverview) -> None:
        self.network = network
        self._show()
        if network.doings:
            self.table.selectRow(0)

    def _show(self) -> None:
        network, language = self.network, self.kit.translator.language
        self.open.setEnabled(network is not None and bool(network.doings))
        if network is not None:
            self.under.set_message(partial(_organisations_text, network.count))
            self.table.show_rows([_service_cells(one, language) for one in network.doings])

    def _on_row_chosen(self, row: int) -> None:
        if self.network is not None and 0 <= row < len(self.network.doings):
            self.narrowed.emit(self.choice.key, self.network.doings[row].service)


def _service_cells(doing: ServiceProviders, language: Language) -> tuple[TableCell, ...]:
    who = ", ".join(_who(one, language) for one in doing.first)
    more = ", …" if doing.count > len(doing.first) else ""
    what = language.gettext(SERVICES[doing.service])
    return TableCell(what, who + more, is_strong=True), TableCell(str(doing.count))


def _who(one: EntryLine, language: Language) -> str:
    country = one.view.record.country
    where = f" ({language.country(country)})" if isinstance(country, str) else ""
    return f"{one.name}{where}"


def _organisations_text(count: int, language: Language) -> str:
    return language.plural("{count} organisation", "{count} organisations", count)
