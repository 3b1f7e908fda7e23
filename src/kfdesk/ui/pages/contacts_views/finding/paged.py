# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of which only what one looks at is in memory, however many rows it has.

Where rows come into view that are not here, whoever shows it is told which are wanted now, and
hands over what it knows of them when it has it; until then the rows are blank. What was passed on
the way is not wanted any more. Knows nothing of where rows come from.
"""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent

from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.rows import CELL_ROLE, Cell, Column, Index, Rows, Table

_MOST = 1500  # rows that are kept, before those far away go
_BLANK = Cell()
Cells = tuple[Cell, ...]


class PagedRows(Rows):
    """Rows that come when they are looked at. A line is what is known of one, None if it is gone.

    `shown` makes the cells of a line, once they are asked for.
    """

    def __init__(self, kit: Kit, columns: Sequence[Column], shown: Callable[[Any], Cells]) -> None:
        super().__init__(kit, columns)
        self._shown = shown
        self._count = 0
        self._lines: dict[int, Any] = {}
        self._made: dict[int, Cells] = {}

    def show_count(self, count: int) -> None:
        """Be so many rows, of which none is here yet."""
        self.beginResetModel()
        self._count = count
        self._lines.clear()
        self._made.clear()
        self.endResetModel()

    def grow(self, count: int) -> None:
        """Be more rows than before; those that are here stay."""
        if count > self._count:
            self.beginInsertRows(self.index(-1, -1), self._count, count - 1)
            self._count = count
            self.endInsertRows()

    def put(self, first: int, lines: Sequence[Any], current: int) -> None:
        """Take lines from row `first` on; of very many, those far away go, but not `current`."""
        if len(self._lines) > _MOST:
            near = range(first - _MOST // 4, first + _MOST // 4)
            self._lines = {r: line for r, line in self._lines.items() if r in near or r == current}
            self._made.clear()
        self._lines |= enumerate(lines, first)
        if lines:
            last = self.index(first + len(lines) - 1, len(self.columns) - 1)
            self.dataChanged.emit(self.index(first, 0), last)

    def line(self, row: int) -> Any:
        """What is known of a row, if it is here."""
        return self._lines.get(row)

    def missing(self, rows: range) -> range:
        """What of these rows is not here, from the first to the last."""
        absent = [row for row in rows if row not in self._lines]
        return range(absent[0], absent[-1] + 1) if absent else range(0)

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """How many rows there are, here or not."""
        return self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The cell, or its words; blank where the row is not here."""
        words = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if role != CELL_ROLE and role not in words:
            return None
        cell = self._cell(index.row(), index.column())
        return cell if role == CELL_ROLE else cell.spoken

    def _cell(self, row: int, column: int) -> Cell:
        line = self._lines.get(row)
        if line is None:
            return _BLANK
        if row not in self._made:
            self._made[row] = self._shown(line)
        return self._made[row][column]


class PagedTable(Table):
    """A table over paged rows, all of two lines.

    `wanted` carries the range of rows that are on view, or close to it, and not here.
    """

    wanted = Signal(object)

    def __init__(self, kit: Kit, columns: Sequence[Column], shown: Callable[[Any], Cells]) -> None:
        self.paged = PagedRows(kit, columns, shown)
        super().__init__(kit, columns, self.paged)
        self.horizontalHeader().setResizeContentsPrecision(0)  # else it asks for a thousand rows
        self._set_row_height(has_two_lines=True)
        self.verticalScrollBar().valueChanged.connect(self.want)

    @property
    def seen(self) -> range:
        """The rows on view."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        count = self.paged.rowCount()
        return range(max(0, first), count if last < 0 else last + 1)

    @property
    def room(self) -> int:
        """How many rows the view has room for, at most."""
        return self.viewport().height() // self.row_height + 2

    def show_count(self, count: int) -> None:
        """Show so many rows anew."""
        self.paged.show_count(count)
        self.executeDelayedItemsLayout()  # else nobody can be led to a row beyond the old end

    def put(self, first: int, lines: Sequence[Any]) -> None:
        """Show lines from row `first` on."""
        self.paged.put(first, lines, self.currentIndex().row())
        self._share_room()

    def want(self) -> None:
        """Tell what is wanted now: first what is on view, with half as much above and below it."""
        seen, half = self.seen, self.room // 2
        near = range(max(0, seen.start - half), min(self.paged.rowCount(), seen.stop + half))
        if missing := self.paged.missing(near):
            self.wanted.emit(missing)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """What is looked at is wanted."""
        self.want()
        super().paintEvent(event)
