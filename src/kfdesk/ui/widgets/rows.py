# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables of records: cells of one or two lines, with an icon and a tone where they say something.

Model and view: a page hands over finished cells in the window's language and learns which row was
chosen. The rows know nothing of what they show; a cell's words are its accessible text too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
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
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
)

from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.words import Message

CELL_ROLE = Qt.ItemDataRole.UserRole
_PADDING = 8
_FIRST_PADDING = 16
_GAP = 8
_ROWS_SEEN = 3
_LEAST = 120
"""What a column that takes the room that is left is given where none is left."""
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: one line, or a second one, smaller, under it."""

    text: str = ""
    under: str = ""
    icon: str = ""
    tone: Tone = Tone.PLAIN
    is_strong: bool = False

    @property
    def spoken(self) -> str:
        """The cell for those who listen."""
        return ", ".join(part for part in (self.text, self.under) if part)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and whether it takes the room that is left."""

    label: Message = ""
    stretches: bool = False


class Rows(QAbstractTableModel):
    """Finished cells, row by row."""

    def __init__(self, kit: Kit, columns: Sequence[Column]) -> None:
        super().__init__()
        self._kit = kit
        self.columns = tuple(columns)
        self._cells: tuple[tuple[Cell, ...], ...] = ()

    def show_rows(self, cells: Sequence[tuple[Cell, ...]]) -> None:
        """Show these rows in place of the old ones."""
        self.beginResetModel()
        self._cells = tuple(cells)
        self.endResetModel()

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """How many rows there are."""
        return len(self._cells)

    def columnCount(self, _parent: Index | None = None) -> int:  # noqa: N802
        """How many columns there are."""
        return len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The cell, or its words."""
        cell = self._cells[index.row()][index.column()]
        if role == CELL_ROLE:
            return cell
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return cell.spoken
        return None

    def headerData(  # noqa: N802
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """The heading of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._kit.words.say(self.columns[section].label)

    def tell_headings(self) -> None:
        """Say that the headings are others, as in another language."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)


class RowPainter(QStyledItemDelegate):
    """Paints cells of one or two lines; another drawing of a cell overrides `paint_cell`."""

    def __init__(self, kit: Kit, table: "Table") -> None:
        super().__init__(table)
        self._kit = kit
        self._table = table
        self._widths: dict[Cell, float] = {}
        table.rows.modelAboutToBeReset.connect(self._widths.clear)

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Room for both lines and the icon."""
        cell = index.data(CELL_ROLE)
        if cell not in self._widths:  # a table asks for the same cells at each change of its width
            self._widths[cell] = self._width_of(cell)
        width = self._widths[cell] + _left(index) + _PADDING
        return QSize(round(width) + 1, self._table.row_height)

    def _width_of(self, cell: Cell) -> float:
        theme = self._kit.theme
        text = paint.width(cell.text, theme.font(_style(cell)))
        under = paint.width(cell.under, theme.font(Type.SMALL)) if cell.under else 0
        mark = icons.LARGE + (_GAP if cell.text else 0) if cell.icon else 0
        return max(text, under) + mark

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, hairline, icon, words."""
        colours = self._kit.theme.colours
        cell: Cell = index.data(CELL_ROLE)
        area = QRectF(option.rect)
        is_selected = self._table.selectionModel().isRowSelected(index.row())
        ground = colours.selection if is_selected else colours.surface
        if index.row() == self._table.hovered_row and not is_selected:
            ground = colours.hover
        is_last = index.row() + 1 == index.model().rowCount()
        paint.ground(painter, area, ground, _corners(index) if is_last else (0, 0))
        if not is_last:
            painter.fillRect(area.adjusted(0, area.height() - 1, 0, 0), QColor(colours.line))
        if is_selected and index.column() == 0:
            bar = QRectF(area.left(), area.top(), tokens.TICK_WIDTH, area.height() - 1)
            painter.fillRect(bar, QColor(colours.accent))
        ink = cell.tone.ink(colours)
        if is_selected and cell.tone is Tone.PLAIN:
            ink = colours.selection_text
        if cell.text or cell.icon:
            self.paint_cell(painter, area.adjusted(_left(index), 0, -_PADDING, 0), cell, ink)

    def helpEvent(  # noqa: N802
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Where a cell is cut, the pointer finds it whole."""
        is_cut = self.sizeHint(option, index).width() > option.rect.width()
        QToolTip.showText(event.globalPos(), index.data(CELL_ROLE).spoken if is_cut else "", view)
        return True

    def paint_cell(self, painter: QPainter, area: QRectF, cell: Cell, ink: str) -> None:
        """The icon and the words of a cell, within its paddings."""
        theme = self._kit.theme
        if cell.icon:
            size = icons.MEDIUM if cell.text else icons.LARGE
            top = round(area.center().y() - size / 2)
            theme.icons.paint(painter, cell.icon, ink, QRectF(area.left(), top, size, size))
            area = area.adjusted(size + _GAP, 0, 0, 0)
        font = theme.font(_style(cell))
        if not cell.under:
            paint.words(painter, area, cell.text, font, ink)
            return
        small = theme.font(Type.SMALL)
        high, low = paint.height(font) + 3, paint.height(small) + 1
        above = area.center().y() - (high + low) / 2
        upper = QRectF(area.left(), above, area.width(), high)
        lower = QRectF(area.left(), above + high - 1, area.width(), low)
        paint.words(painter, upper, cell.text, font, ink)
        paint.words(painter, lower, cell.under, small, theme.colours.text_muted)


class Table(QTableView):
    """A table of rows; `chosen` carries the number of a row opened by Enter or click."""

    chosen = Signal(int)

    def __init__(self, kit: Kit, columns: Sequence[Column], rows: Rows | None = None) -> None:
        """`rows` is another model than that of finished cells."""
        super().__init__()
        self._kit = kit
        self.row_height = tokens.ROW
        self.hovered_row = -1
        self._is_fitted = self._is_crowded = False
        self.rows = rows or Rows(kit, columns)
        self.setModel(self.rows)
        self.setItemDelegate(RowPainter(kit, self))
        self._set_behaviour()
        self._set_headers(columns)
        self.rows.modelReset.connect(self.updateGeometry)
        kit.words.follow(self, self.rows.tell_headings)
        self.activated.connect(self._on_activated)
        self.entered.connect(self._on_entered)

    def show_rows(self, cells: Sequence[tuple[Cell, ...]]) -> None:
        """Show these rows, and keep the selected one if it is still there."""
        row = self.currentIndex().row()
        self._set_row_height(has_two_lines=any(cell.under for row in cells for cell in row))
        self.rows.show_rows(cells)
        self._share_room()
        if 0 <= row < len(cells):
            self.selectRow(row)

    def fit_height(self) -> None:
        """Be as high as all rows, for a short table inside a page that scrolls."""
        self._is_fitted = True
        rows = self.horizontalHeader().height() + self.rows.rowCount() * self.row_height
        bar = self.horizontalScrollBar().sizeHint().height() if self._is_crowded else 0
        self.setFixedHeight(rows + bar)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for a few rows: where there is less, the page around it scrolls."""
        hint, rows = super().minimumSizeHint(), min(self.rows.rowCount(), _ROWS_SEEN)
        least = self.horizontalHeader().height() + rows * self.row_height
        return QSize(hint.width(), max(hint.height(), least))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Where it is narrow, what stretches keeps room for a name, and the table scrolls."""
        super().resizeEvent(event)
        self._share_room()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """No row is hovered any more."""
        self._hover(-1)
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The cells, and the ring round the row that keys go to."""
        super().paintEvent(event)
        index = self.currentIndex()
        if self.hasFocus() and index.isValid():
            area = QRectF(self.visualRect(index))
            area.setLeft(0)
            area.setRight(self.viewport().width())
            ink = self._kit.theme.colours.focus
            paint.ring(QPainter(self.viewport()), area.adjusted(1, 1, -1, -2), 4, ink)

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

    def _set_headers(self, columns: Sequence[Column]) -> None:
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setFont(self._kit.theme.font(Type.SMALL_STRONG))
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
            if header.sectionResizeMode(at) is not wanted:  # else all would be measured again
                header.setSectionResizeMode(at, wanted)
            if self._is_crowded:
                header.resizeSection(at, self._least(at))
        if self._is_fitted:
            self.fit_height()

    def _least(self, column: int) -> int:
        """What a column that stretches is never narrower than: some of a name, and its heading."""
        heading = (
            self.horizontalHeader()
            .fontMetrics()
            .horizontalAdvance(self._kit.words.say(self.rows.columns[column].label))
        )
        padding = _FIRST_PADDING + _PADDING
        return max(self._kit.theme.sized(_LEAST), heading + padding)

    def _on_activated(self, index: QModelIndex) -> None:
        self.chosen.emit(index.row())

    def _on_entered(self, index: QModelIndex) -> None:
        self._hover(index.row())

    def _hover(self, row: int) -> None:
        self.hovered_row = row
        self.viewport().update()


def _style(cell: Cell) -> Type:
    if cell.icon and cell.text and cell.tone is not Tone.PLAIN:
        return Type.SMALL_STRONG
    return Type.STRONG if cell.is_strong else Type.BODY


def _corners(index: Index) -> tuple[int, int]:
    """The rounding of a last row's lower corners, where it meets the card's."""
    radius = tokens.RADIUS_CARD - 1
    is_right = index.column() + 1 == index.model().columnCount()
    return (radius if index.column() == 0 else 0, radius if is_right else 0)


def _left(index: Index) -> int:
    return _FIRST_PADDING if index.column() == 0 else _PADDING
