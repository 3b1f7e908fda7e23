# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of records: cells of one or two lines, optionally with an icon and a tone.

They use Qt's model and view. A page provides finished cells in the window's language and
gets the chosen row. The table knows nothing of the records; the texts of a cell are its
accessible text too. A `GroupedTable` has headings between its rows. A `LineTable` sorts the lines
of a list and lets several be selected; it keeps its column widths and its sorting over a restart.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6 import QtWidgets
from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import icons, tokens
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets import painting
from kfdesk.ui.widgets.build import STRETCH, TOP, Placed, column, grown, row
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.layout import CardFrame, EmptyState, make_hairline
from kfdesk.ui.widgets.popup import PopupMenu
from kfdesk.ui.widgets.text import show_tooltip

for _name in dir(QtWidgets):
    # The viewport of a table is of a class that Python has no name for. To find one, PySide
    # describes all classes of the module, and the window would wait. This is the worker's thread.
    getattr(QtWidgets, _name)

CELL_ROLE = Qt.ItemDataRole.UserRole
_CELL_PADDING = 8
_FIRST_CELL_PADDING = 16
_CELL_GAP = 8
_ROWS_SEEN = 3
_ROWS_MEASURED = 64  # the rows in view, and others up to so many, give a column its width
_LEAST_COLUMN_WIDTH = 120
"""The minimum width of a stretching column."""
_MOST_COLUMN_WIDTH = 420
_LONGEST_TOOLTIP = 600  # letters
_SAVE_DELAY = 400  # milliseconds after the last move of a column's edge
_SELECT_ROW = (
    QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
)
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell: one line, and optionally a smaller second line below it."""

    text: str = ""
    under: str = ""
    icon: str = ""
    tone: Tone = Tone.PLAIN
    is_strong: bool = False
    is_heading: bool = False

    @property
    def accessible_text(self) -> str:
        """The text for screen readers."""
        return ", ".join(part for part in (self.text, self.under) if part)


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column: its heading, and whether it takes the remaining width.

    `most` is the width up to which it fits its cells; a longer text is cut, and its tooltip shows
    more of it.
    """

    label: Message = ""
    stretches: bool = False
    most: int = _MOST_COLUMN_WIDTH


class CellTableModel(QAbstractTableModel):
    """A table model of finished cells."""

    def __init__(self, kit: UiContext, columns: Sequence[ColumnSpec]) -> None:
        super().__init__()
        self._kit = kit
        self.columns = tuple(columns)
        self.sorted_by: tuple[int, bool] | None = None
        """The column by which the rows are sorted, and whether backwards."""
        self._cells: tuple[tuple[TableCell, ...], ...] = ()

    def show_rows(self, cells: Sequence[tuple[TableCell, ...]]) -> None:
        """Replace the rows."""
        self.beginResetModel()
        self._cells = tuple(cells)
        self.endResetModel()

    def rowCount(self, _parent: Index | None = None) -> int:
        return len(self._cells)

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        cell = self._cells[index.row()][index.column()]
        if role == CELL_ROLE:
            return cell
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell.accessible_text
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        words = self._kit.translator.translate(self.columns[section].label)
        if self.sorted_by is not None and self.sorted_by[0] == section:
            return f"{words} {'↓' if self.sorted_by[1] else '↑'}"
        return words

    def update_headings(self) -> None:
        """Announce changed headings, such as after a change of language."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)


class RowDelegate(QStyledItemDelegate):
    """A delegate that paints cells of one or two lines; subclasses override `paint_cell`."""

    def __init__(self, kit: UiContext, table: "TableView") -> None:
        super().__init__(table)
        self._kit = kit
        self._table = table
        self._widths: dict[TableCell, float] = {}
        table.rows.modelAboutToBeReset.connect(self._widths.clear)

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        most = self._table.rows.columns[index.column()].most
        width = min(self._whole_width(index), self._kit.theme.scaled(most))
        return QSize(width, self._table.row_height)

    def _whole_width(self, index: Index) -> int:
        cell: TableCell = index.data(CELL_ROLE)
        if cell.is_heading:
            return 0  # it stretches over all columns
        if cell not in self._widths:  # a table asks for the same cells at each resize
            self._widths[cell] = self._width_of(cell)
        return round(self._widths[cell] + _left(index) + _CELL_PADDING) + 1

    def _width_of(self, cell: TableCell) -> float:
        theme = self._kit.theme
        text = painting.text_width(cell.text, theme.font(_style(cell)))
        under = painting.text_width(cell.under, theme.font(TextStyle.SMALL)) if cell.under else 0
        mark = icons.LARGE + (_CELL_GAP if cell.text else 0) if cell.icon else 0
        return max(text, under) + mark

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours = self._kit.theme.colours
        cell: TableCell = index.data(CELL_ROLE)
        area = QRectF(option.rect)
        is_selected = self._table.selectionModel().isRowSelected(index.row())
        ground = colours.selection if is_selected else colours.surface
        if index.row() == self._table.hovered_row and not is_selected and not cell.is_heading:
            ground = colours.hover
        is_last = index.row() + 1 == index.model().rowCount()
        painting.draw_ground(painter, area, ground, _corners(index) if is_last else (0, 0))
        if not is_last:
            painter.fillRect(area.adjusted(0, area.height() - 1, 0, 0), QColor(colours.line))
        if is_selected and index.column() == 0:
            bar = QRectF(area.left(), area.top(), tokens.TICK_WIDTH, area.height() - 1)
            painter.fillRect(bar, QColor(colours.accent))
        ink = cell.tone.ink(colours)
        if is_selected and cell.tone is Tone.PLAIN:
            ink = colours.selection_text
        if cell.text or cell.icon:
            self.paint_cell(painter, area.adjusted(_left(index), 0, -_CELL_PADDING, 0), cell, ink)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Show a cut cell in full as a tooltip."""
        cell: TableCell = index.data(CELL_ROLE)
        is_cut = self._whole_width(index) > option.rect.width()
        text = cell.accessible_text if is_cut else ""
        if len(text) > _LONGEST_TOOLTIP:
            text = f"{text[:_LONGEST_TOOLTIP]} …"
        show_tooltip(event.globalPos(), text, view)
        return True

    def paint_cell(self, painter: QPainter, area: QRectF, cell: TableCell, ink: str) -> None:
        """Paint the icon and the texts of a cell, within its paddings."""
        theme = self._kit.theme
        if cell.icon:
            size = icons.MEDIUM if cell.text else icons.LARGE
            top = round(area.center().y() - size / 2)
            theme.icons.paint(painter, cell.icon, ink, QRectF(area.left(), top, size, size))
            area = area.adjusted(size + _CELL_GAP, 0, 0, 0)
        font = theme.font(_style(cell))
        if not cell.under:
            painting.draw_text(painter, area, cell.text, font, ink)
            return
        small = theme.font(TextStyle.SMALL)
        high, low = painting.text_height(font) + 3, painting.text_height(small) + 1
        above = area.center().y() - (high + low) / 2
        upper = QRectF(area.left(), above, area.width(), high)
        lower = QRectF(area.left(), above + high - 1, area.width(), low)
        painting.draw_text(painter, upper, cell.text, font, ink)
        painting.draw_text(painter, lower, cell.under, small, theme.colours.text_muted)


class TableView(QTableView):
    """A table of rows; `chosen` carries the number of a row opened by Enter or click.

    `sort_asked` carries the column whose heading was clicked. `offered` returns the commands for
    the selected rows, which their context menu shows.
    """

    chosen = Signal(int)
    sort_asked = Signal(int)

    def __init__(
        self, kit: UiContext, columns: Sequence[ColumnSpec], rows: CellTableModel | None = None
    ) -> None:
        """Build the table; `rows` replaces the default model of finished cells."""
        super().__init__()
        self._kit = kit
        self.row_height = tokens.ROW
        self.hovered_row = -1
        self._is_fitted = self._is_crowded = self._is_selecting = False
        self._opens_by_click = False
        self.offered: Callable[[Sequence[int]], Sequence[Command]] = lambda rows: ()
        self.rows = rows or CellTableModel(kit, columns)
        self.setModel(self.rows)
        self.setItemDelegate(RowDelegate(kit, self))
        self._set_behaviour()
        self._set_headers(columns)
        self.rows.modelReset.connect(self.updateGeometry)
        kit.translator.on_language_change(self, self.rows.update_headings)
        self.activated.connect(self._on_activated)
        self.clicked.connect(self._on_clicked)
        self.entered.connect(lambda index: self._hover(index.row()))
        self.selectionModel().selectionChanged.connect(self._on_selected)

    @property
    def selected_rows(self) -> tuple[int, ...]:
        """The numbers of the selected rows, from the top."""
        return tuple(sorted(index.row() for index in self.selectionModel().selectedRows()))

    def open_by_click(self) -> None:
        """Open a row by one click; without this call, by two or as the desktop does it."""
        self._opens_by_click = True
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor)

    def select_many(self) -> None:
        """Let Ctrl and Shift select several rows."""
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)

    def selectRow(self, row: int) -> None:
        """Select one row, and no other. Qt would add it to others while Shift or Ctrl is held."""
        self._is_selecting = True
        super().selectRow(row)
        self._is_selecting = False

    def selectionCommand(
        self, index: Index, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        """Return what becomes of the selection; Qt asks when a row is selected."""
        return _SELECT_ROW if self._is_selecting else super().selectionCommand(index, event)

    def show_rows(self, cells: Sequence[tuple[TableCell, ...]]) -> None:
        """Show these rows; keep the selection if its row still exists."""
        row = self.currentIndex().row()
        self._put_rows(cells)
        if 0 <= row < len(cells):
            self.selectRow(row)

    def show_sorting(self, column: int, *, is_backwards: bool) -> None:
        """Mark the column by which the rows are sorted; a click on a heading asks for another."""
        self.rows.sorted_by = (column, is_backwards)
        self.rows.update_headings()
        self.horizontalHeader().setSectionsClickable(True)

    def fit_height(self) -> None:
        """Set the height to that of all rows, for a short table in a page that scrolls."""
        self._is_fitted = True
        bar = self.horizontalScrollBar().sizeHint().height() if self._is_crowded else 0
        self.setFixedHeight(self._head_height + self._rows_height(self.rows.rowCount()) + bar)

    def minimumSizeHint(self) -> QSize:
        """Return room for a few rows; with less, the page around the table scrolls."""
        hint, rows = super().minimumSizeHint(), min(self.rows.rowCount(), _ROWS_SEEN)
        least = self._head_height + self._rows_height(rows)
        return QSize(hint.width(), max(hint.height(), least))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for a name in each stretching column; a narrow table scrolls."""
        super().resizeEvent(event)
        self._share_room()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current row on Enter, also where a click opens it."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self._opens_by_click and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the commands for the selected rows; the menu key asks at the current row."""
        at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        if event.reason() is not QContextMenuEvent.Reason.Keyboard:
            at = event.globalPos()
        commands = self.offered(self.selected_rows)
        if commands:
            make_menu(self._kit, commands, self).popup(at)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells and the focus ring around the current row."""
        super().paintEvent(event)
        index = self.currentIndex()
        if self.hasFocus() and index.isValid():
            area = QRectF(self.visualRect(index))
            area.setLeft(0)
            area.setRight(self.viewport().width())
            ink = self._kit.theme.colours.focus
            painting.draw_focus_ring(QPainter(self.viewport()), area.adjusted(1, 1, -1, -2), 4, ink)

    @property
    def _head_height(self) -> int:
        header = self.horizontalHeader()
        return 0 if header.isHidden() else header.height()

    def _put_rows(self, cells: Sequence[tuple[TableCell, ...]]) -> None:
        self._set_row_height(has_two_lines=any(cell.under for row in cells for cell in row))
        self.rows.show_rows(cells)
        self._share_room()

    def _rows_height(self, count: int) -> int:
        """Return the height of the first `count` rows."""
        return count * self.row_height

    def _set_row_height(self, *, has_two_lines: bool) -> None:
        line = self.fontMetrics().height()
        is_compact = self._kit.view.chosen.is_compact
        padding, saved = (4, 12) if is_compact else (12, 0)
        least = tokens.ROW_TWO_LINES if has_two_lines else tokens.ROW
        self.row_height = max(least - saved, (1 + has_two_lines) * line + padding)
        self.verticalHeader().setDefaultSectionSize(self.row_height)

    def _set_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel does not take the keyboard
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def _set_headers(self, columns: Sequence[ColumnSpec]) -> None:
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setFont(self._kit.theme.font(TextStyle.SMALL_STRONG))
        header.setFixedHeight(max(tokens.TABLE_HEAD, header.fontMetrics().height() + 10))
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setResizeContentsPrecision(_ROWS_MEASURED)
        header.sectionClicked.connect(self.sort_asked)
        mode = QHeaderView.ResizeMode
        for place, one in enumerate(columns):
            wanted = mode.Stretch if one.stretches else mode.ResizeToContents
            header.setSectionResizeMode(place, wanted)

    def _share_room(self) -> None:
        header = self.horizontalHeader()
        mode = QHeaderView.ResizeMode
        columns = [n for n in range(len(self.rows.columns)) if not self.isColumnHidden(n)]
        wide = [at for at in columns if self.rows.columns[at].stretches]
        taken = sum(header.sectionSize(at) for at in columns if at not in wide)
        self._is_crowded = self.viewport().width() - taken < sum(map(self._least, wide))
        wanted = mode.Fixed if self._is_crowded else mode.Stretch
        for at in wide:
            if (
                header.sectionResizeMode(at) is not wanted
            ):  # setting it again would measure all cells
                header.setSectionResizeMode(at, wanted)
            if self._is_crowded:
                header.resizeSection(at, self._least(at))
        if self._is_fitted:
            self.fit_height()

    def _least(self, column: int) -> int:
        """Return the minimum width of a stretching column: part of a name, and the heading."""
        heading = self.horizontalHeader().sectionSizeHint(column)
        return max(self._kit.theme.scaled(_LEAST_COLUMN_WIDTH), heading)

    def _on_activated(self, index: QModelIndex) -> None:
        if not self._opens_by_click:
            self.chosen.emit(index.row())

    def _on_clicked(self, index: QModelIndex) -> None:
        if self._opens_by_click:
            self.chosen.emit(index.row())

    def _on_selected(self, selected: QItemSelection) -> None:
        """Make a row current that a screen reader has selected, as a click does."""
        row = next((index for index in selected.indexes()), None)
        if row is not None and row.row() != self.currentIndex().row():
            keep = QItemSelectionModel.SelectionFlag.NoUpdate  # several rows may be selected
            self.selectionModel().setCurrentIndex(row, keep)

    def _hover(self, row: int) -> None:
        self.hovered_row = row
        self.viewport().update()


def make_menu(kit: UiContext, commands: Sequence[Command], parent: QWidget) -> QMenu:
    """Return a context menu of these commands; it is deleted when it closes."""
    menu = PopupMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for before, command in zip((None, *commands), commands, strict=False):
        if before is not None and (before.menu == "view") != (command.menu == "view"):
            menu.addSeparator()  # what changes only the look of the list stands apart
        action = menu.addAction(kit.translator.translate(command.words))
        action.triggered.connect(command.run)
        if command.is_chosen is not None:
            action.setCheckable(True)
            action.setChecked(command.is_chosen())
    return menu


# --- Widths and sorting that last


class ColumnKeeper(QObject):
    """Lets the user drag the columns of a table, and keeps their widths and the sorting.

    `changed` follows another sorting: a click on a heading sorts by it, a second one backwards.
    """

    changed = Signal()

    def __init__(
        self,
        kit: UiContext,
        table: TableView,
        name: str,
        column: int = 0,
        *,
        is_backwards: bool = False,
    ) -> None:
        """Keep them under `name`; with nothing kept, sort by `column`, or by none if it is -1."""
        super().__init__(table)
        self._kit, self._table, self._name = kit, table, name
        self._count = len(table.rows.columns)
        self._is_fitting = False
        kept = kit.view.chosen.lists.get(name, ())
        fits = len(kept) == self._count + 2 and 0 <= kept[0] < self._count
        begun = (column, is_backwards)
        self.column, self.is_backwards = (kept[0], bool(kept[1])) if fits else begun
        self._widths = list(kept[2:]) if fits else [0] * self._count
        self._soon = QTimer(self, singleShot=True, interval=_SAVE_DELAY)
        self._soon.timeout.connect(self._keep)
        header, mode = table.horizontalHeader(), QHeaderView.ResizeMode
        header.setMinimumSectionSize(tokens.TARGET)
        for at, width in enumerate(self._widths):
            if not table.rows.columns[at].stretches:
                header.setSectionResizeMode(at, mode.Interactive)
                header.resizeSection(at, width or header.sectionSizeHint(at))
        table.rows.modelReset.connect(self.fit)
        table.rows.dataChanged.connect(self.fit)
        header.sectionResized.connect(self._on_resized)
        if column >= 0:
            table.sort_asked.connect(self.sort_by)
            table.show_sorting(self.column, is_backwards=self.is_backwards)

    def sort_by(self, column: int) -> None:
        """Sort by a column; backwards if the rows were sorted by it."""
        self.is_backwards = column == self.column and not self.is_backwards
        self.column = column
        self._table.show_sorting(column, is_backwards=self.is_backwards)
        self._keep()
        self.changed.emit()

    def commands(self) -> tuple[Command, ...]:
        """Return a command for each column, which sorts by it."""
        return tuple(
            Command(
                partial(_sort_text, one.label), partial(self.sort_by, at), menu="view",
                is_chosen=partial(self._is_sorted_by, at),
            )
            for at, one in enumerate(self._table.rows.columns)
        )  # fmt: skip

    def fit(self, *_changed: object) -> None:
        """Give each column that nobody has dragged the width that fits its cells."""
        header, self._is_fitting = self._table.horizontalHeader(), True
        for at, width in enumerate(self._widths):
            if not width and not self._table.rows.columns[at].stretches:
                cells = self._table.sizeHintForColumn(at)
                heading = header.sectionSizeFromContents(at).width()  # also of a hidden column
                header.resizeSection(at, max(cells, heading, header.minimumSectionSize()))
        self._is_fitting = False

    def _is_sorted_by(self, column: int) -> bool:
        return self.column == column

    def _on_resized(self, column: int, before: int, width: int) -> None:
        is_dragged = not self._is_fitting and before and width  # 0: a page has hidden the column
        if is_dragged and not self._table.rows.columns[column].stretches:
            self._widths[column] = width
            self._soon.start()

    def _keep(self) -> None:
        look = (max(self.column, 0), int(self.is_backwards), *self._widths)
        self._kit.view.keep_list(self._name, look)


def _sort_text(label: Message, language: Language) -> str:
    name = label(language) if callable(label) else language.gettext(label)
    return language.gettext(N_("Sort by: {column}")).format(column=name)


# --- Lines that are sorted

Line = TypeVar("Line")
SortKey = Callable[[Line], Any]


@dataclass(frozen=True, slots=True)
class LineSpec(Generic[Line]):
    """A list of lines: the cells of a line, the sort key of each column, and what identifies it.

    Widths and sorting are kept under `name`. Without anything kept, `column` sorts the lines.
    """

    name: str
    title: Message
    columns: Sequence[ColumnSpec]
    cells: Callable[[Line, Language], tuple[TableCell, ...]]
    sort_keys: Callable[[Language], Sequence[SortKey[Line]]]
    identify: Callable[[Line], object]
    column: int = 0
    is_backwards: bool = False


class LineTable(TableView, Generic[Line]):
    """A table of lines. A user sorts them, drags the edges of columns, and selects several.

    `offered` returns the commands for the selected lines; the context menu shows them, and the
    ways to sort.
    """

    def __init__(
        self,
        kit: UiContext,
        spec: LineSpec[Line],
        offered: Callable[[Sequence[Line]], Sequence[Command]] = lambda _lines: (),
    ) -> None:
        super().__init__(kit, spec.columns)
        self._spec = spec
        self.lines: tuple[Line, ...] = ()
        """The lines as they are sorted."""
        self.keeper = ColumnKeeper(
            kit, self, spec.name, spec.column, is_backwards=spec.is_backwards
        )
        self.offered = lambda _rows: (*offered(self.selected), *self.keeper.commands())
        self.select_many()
        self.keeper.changed.connect(self._on_sorting_changed)
        kit.translator.bind(self.setAccessibleName, spec.title)
        kit.translator.on_language_change(self, self._on_sorting_changed)

    @property
    def current(self) -> Line | None:
        """The line that has the keyboard."""
        at = self.currentIndex().row()
        return self.lines[at] if 0 <= at < len(self.lines) else None

    @property
    def selected(self) -> tuple[Line, ...]:
        """The selected lines, from the top."""
        return tuple(self.lines[at] for at in self.selected_rows if at < len(self.lines))

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines, sorted.

        Selected lines stay selected; without any, the line at the place of the current one is.
        """
        identify, place = self._spec.identify, max(self.currentIndex().row(), 0)
        held = {identify(line) for line in self.selected}
        at = self.current
        current = identify(at) if at is not None else None
        language = self._kit.translator.language
        by = self._spec.sort_keys(language)[self.keeper.column]
        self.lines = tuple(sorted(lines, key=by, reverse=self.keeper.is_backwards))
        self._put_rows([self._spec.cells(line, language) for line in self.lines])
        names = [identify(line) for line in self.lines]
        if current in names:
            place = names.index(current)
        self._select([row for row, name in enumerate(names) if name in held], place)

    def select_line(self, name: object) -> None:
        """Select the line that is identified so, if it is here."""
        names = [self._spec.identify(line) for line in self.lines]
        if name in names:
            self.selectRow(names.index(name))

    def _select(self, rows: Sequence[int], current: int) -> None:
        """Select these rows, or the one that becomes current."""
        if not self.lines:
            return
        current = min(current, len(self.lines) - 1)
        self.selectRow(current if current in rows or not rows else rows[0])
        flags = QItemSelectionModel.SelectionFlag
        for at in rows:
            index = self.rows.index(at, 0)
            self.selectionModel().select(index, flags.Select | flags.Rows)

    def _on_sorting_changed(self) -> None:
        self.show_lines(self.lines)


# --- Rows in groups

_HEADING_HEIGHT = 40


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A row of a group, and what its click does."""

    cells: tuple[TableCell, ...]
    open: Callable[[], object]


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows under one heading."""

    title: str
    icon: str
    rows: Sequence[GroupRow]
    tone: Tone = Tone.MUTED


class _GroupedRows(CellTableModel):
    """A model whose headings cannot be reached by keys."""

    def flags(self, index: Index) -> Qt.ItemFlag:
        cell = self.data(index, CELL_ROLE)
        is_heading = isinstance(cell, TableCell) and cell.is_heading
        return Qt.ItemFlag.NoItemFlags if is_heading else super().flags(index)


class GroupedTable(TableView):
    """One list with headings between its rows. A click or Enter opens a row."""

    def __init__(self, kit: UiContext, name: Message, columns: Sequence[ColumnSpec]) -> None:
        super().__init__(kit, columns, _GroupedRows(kit, columns))
        self._heads: frozenset[int] = frozenset()
        self._opens: tuple[Callable[[], object] | None, ...] = ()
        self.groups: tuple[RowGroup, ...] = ()
        self.horizontalHeader().hide()
        kit.translator.bind(self.setAccessibleName, name)
        self.open_by_click()
        self.chosen.connect(self._on_chosen)

    def show_groups(self, groups: Sequence[RowGroup]) -> None:
        """Show these groups; a group without rows is left out."""
        self.groups = tuple(group for group in groups if group.rows)
        cells: list[tuple[TableCell, ...]] = []
        opens: list[Callable[[], object] | None] = []
        blank = (TableCell(),) * (len(self.rows.columns) - 1)
        heads = []
        for group in self.groups:
            heads.append(len(cells))
            title = self._kit.translator.translate(group.title)
            cells.append((TableCell(title, "", group.icon, group.tone, is_heading=True), *blank))
            cells += [row.cells for row in group.rows]
            opens += [None, *(row.open for row in group.rows)]
        were_heads = self._heads
        self._heads, self._opens = frozenset(heads), tuple(opens)
        self.clearSpans()
        self.show_rows(cells)
        for number in were_heads - self._heads:  # a row keeps its height, whatever comes into it
            if number < len(cells):
                self.setRowHeight(number, self.row_height)
        for head in heads:
            self.setSpan(head, 0, 1, len(self.rows.columns))
            self.setRowHeight(head, self._heading_height)
        self.fit_height()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Go to the first row by keys, so that Enter opens something."""
        super().focusInEvent(event)
        is_by_key = event.reason() is not Qt.FocusReason.MouseFocusReason
        first = next((row for row, act in enumerate(self._opens) if act is not None), None)
        if is_by_key and first is not None and not self.currentIndex().isValid():
            self.selectRow(first)

    @property
    def _heading_height(self) -> int:
        return max(_HEADING_HEIGHT, self.fontMetrics().height() + 2 * tokens.GRID)

    def _rows_height(self, count: int) -> int:
        heads = sum(head < count for head in self._heads)
        return (count - heads) * self.row_height + heads * self._heading_height

    def _on_chosen(self, row: int) -> None:
        act = self._opens[row] if 0 <= row < len(self._opens) else None
        if act is not None:
            act()


def _style(cell: TableCell) -> TextStyle:
    if cell.is_heading:
        return TextStyle.STRONG
    if cell.icon and cell.text and cell.tone is not Tone.PLAIN:
        return TextStyle.SMALL_STRONG
    return TextStyle.STRONG if cell.is_strong else TextStyle.BODY


def _corners(index: Index) -> tuple[int, int]:
    """Return the radii of the lower corners of a last row, to match those of the card."""
    radius = tokens.RADIUS_CARD - 1
    is_right = index.column() + 1 == index.model().columnCount()
    return (radius if index.column() == 0 else 0, radius if is_right else 0)


def _left(index: Index) -> int:
    return _FIRST_CELL_PADDING if index.column() == 0 else _CELL_PADDING


class TableCard(QWidget, Generic[Line]):
    """The card of a list with its buttons below, or `empty`."""

    def __init__(
        self, kit: UiContext, table: LineTable[Line], buttons: Sequence[Button], empty: EmptyState
    ) -> None:
        super().__init__()
        self._empty = empty
        self.table = table
        foot = row(STRETCH, *buttons, gap=6, margins=(16, 6, 12, 6))
        parts = (grown(self.table), make_hairline(), foot)
        self._card = CardFrame(padding=0, parts=parts, gap=0)
        column(grown(self._card), Placed(empty, 1, TOP), gap=6, on=self)
        self._card.hide()
        empty.hide()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines; the selected ones stay selected."""
        self._card.setVisible(bool(lines))
        self._empty.setVisible(not lines)
        self.table.show_lines(lines)
