# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of records: cells of one or two lines, optionally with an icon and a tone.

They use Qt's model and view. A page provides finished cells in the window's language and
gets the chosen row. The table knows nothing of the records; the texts of a cell are its
accessible text too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from kfdesk.ui import icons, tokens
from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets import painting
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.layout import CardFrame, EmptyState, make_hairline

CELL_ROLE = Qt.ItemDataRole.UserRole
_CELL_PADDING = 8
_FIRST_CELL_PADDING = 16
_CELL_GAP = 8
_ROWS_SEEN = 3
_LEAST_COLUMN_WIDTH = 120
"""The minimum width of a stretching column."""
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class TableCell:
    """A cell: one line, and optionally a smaller second line below it."""

    text: str = ""
    under: str = ""
    icon: str = ""
    tone: Tone = Tone.PLAIN
    is_strong: bool = False

    @property
    def accessible_text(self) -> str:
        """The text for screen readers."""
        return ", ".join(part for part in (self.text, self.under) if part)


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """A column: its heading, and whether it takes the remaining width."""

    label: Message = ""
    stretches: bool = False


class CellTableModel(QAbstractTableModel):
    """A table model of finished cells."""

    def __init__(self, kit: UiContext, columns: Sequence[ColumnSpec]) -> None:
        super().__init__()
        self._kit = kit
        self.columns = tuple(columns)
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
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._kit.translator.translate(self.columns[section].label)

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
        cell: TableCell = index.data(CELL_ROLE)
        if cell not in self._widths:  # a table asks for the same cells at each resize
            self._widths[cell] = self._width_of(cell)
        width = self._widths[cell] + _left(index) + _CELL_PADDING
        return QSize(round(width) + 1, self._table.row_height)

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
        if index.row() == self._table.hovered_row and not is_selected:
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
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Show a cut cell in full as a tooltip."""
        cell: TableCell = index.data(CELL_ROLE)
        is_cut = self.sizeHint(option, index).width() > option.rect.width()
        QToolTip.showText(event.globalPos(), cell.accessible_text if is_cut else "", view)
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
    """A table of rows; `chosen` carries the number of a row opened by Enter or click."""

    chosen = Signal(int)

    def __init__(
        self, kit: UiContext, columns: Sequence[ColumnSpec], rows: CellTableModel | None = None
    ) -> None:
        """Build the table; `rows` replaces the default model of finished cells."""
        super().__init__()
        self._kit = kit
        self.row_height = tokens.ROW
        self.hovered_row = -1
        self._is_fitted = self._is_crowded = False
        self.rows = rows or CellTableModel(kit, columns)
        self.setModel(self.rows)
        self.setItemDelegate(RowDelegate(kit, self))
        self._set_behaviour()
        self._set_headers(columns)
        self.rows.modelReset.connect(self.updateGeometry)
        kit.translator.on_language_change(self, self.rows.update_headings)
        self.activated.connect(self._on_activated)
        self.entered.connect(self._on_entered)
        self.selectionModel().selectionChanged.connect(self._on_selected)

    def show_rows(self, cells: Sequence[tuple[TableCell, ...]]) -> None:
        """Show these rows; keep the selection if its row still exists."""
        row = self.currentIndex().row()
        self._set_row_height(has_two_lines=any(cell.under for row in cells for cell in row))
        self.rows.show_rows(cells)
        self._share_room()
        if 0 <= row < len(cells):
            self.selectRow(row)

    def fit_height(self) -> None:
        """Set the height to that of all rows, for a short table in a page that scrolls."""
        self._is_fitted = True
        rows = self.horizontalHeader().height() + self.rows.rowCount() * self.row_height
        bar = self.horizontalScrollBar().sizeHint().height() if self._is_crowded else 0
        self.setFixedHeight(rows + bar)

    def minimumSizeHint(self) -> QSize:
        """Return room for a few rows; with less, the page around the table scrolls."""
        hint, rows = super().minimumSizeHint(), min(self.rows.rowCount(), _ROWS_SEEN)
        least = self.horizontalHeader().height() + rows * self.row_height
        return QSize(hint.width(), max(hint.height(), least))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep room for a name in each stretching column; a narrow table scrolls."""
        super().resizeEvent(event)
        self._share_room()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

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

    def _set_row_height(self, *, has_two_lines: bool) -> None:
        line = self.fontMetrics().height()
        if has_two_lines:
            self.row_height = max(tokens.ROW_TWO_LINES, 2 * line + 12)
        else:
            self.row_height = max(tokens.ROW, line + 12)
        self.verticalHeader().setDefaultSectionSize(self.row_height)

    def _set_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
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
        mode = QHeaderView.ResizeMode
        for place, column in enumerate(columns):
            wanted = mode.Stretch if column.stretches else mode.ResizeToContents
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
        heading = (
            self.horizontalHeader()
            .fontMetrics()
            .horizontalAdvance(self._kit.translator.translate(self.rows.columns[column].label))
        )
        padding = _FIRST_CELL_PADDING + _CELL_PADDING
        return max(self._kit.theme.scaled(_LEAST_COLUMN_WIDTH), heading + padding)

    def _on_activated(self, index: QModelIndex) -> None:
        self.chosen.emit(index.row())

    def _on_selected(self, selected: QItemSelection) -> None:
        """Make a row current that a screen reader has selected, as a click does."""
        row = next((index for index in selected.indexes()), None)
        if row is not None and row.row() != self.currentIndex().row():
            self.setCurrentIndex(row)

    def _on_entered(self, index: QModelIndex) -> None:
        self._hover(index.row())

    def _hover(self, row: int) -> None:
        self.hovered_row = row
        self.viewport().update()


def _style(cell: TableCell) -> TextStyle:
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


class TableCard(QWidget):
    """The card, or `empty`."""

    def __init__(
        self,
        kit: UiContext,
        name: Message,
        columns: Sequence[ColumnSpec],
        buttons: Sequence[Button],
        empty: EmptyState,
    ) -> None:
        super().__init__()
        self._empty = empty
        self.table = TableView(kit, columns)
        kit.translator.bind(self.table.setAccessibleName, name)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 6, 12, 6)
        foot.addStretch(1)
        for button in buttons:
            foot.addWidget(button)
        self._card = CardFrame(padding=0)
        self._card.body.setSpacing(0)
        self._card.body.addWidget(self.table, 1)
        self._card.body.addWidget(make_hairline())
        self._card.body.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._card, 1)
        column.addWidget(empty, 1, Qt.AlignmentFlag.AlignTop)
        self._card.hide()
        empty.hide()

    @property
    def place(self) -> int:
        """The selected row; -1 while there is none."""
        return self.table.currentIndex().row()

    def show_rows(self, rows: Sequence[Sequence[TableCell]]) -> None:
        """Show these rows; the selected place stays, or becomes the last."""
        place = max(self.place, 0)
        self.table.show_rows([tuple(row) for row in rows])
        self._card.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        if rows:
            self.table.selectRow(min(place, len(rows) - 1))
