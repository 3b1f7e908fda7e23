# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of which a page at a time is in memory, however many rows it has.

Whoever shows it is asked for a page once one of its rows comes into view, and hands its cells over
when it has them; until then the rows are blank. Knows nothing of where cells come from.
"""

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal

from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.rows import CELL_ROLE, Cell, Column, Index, Rows, Table

PAGE = 32  # a few times what is on view: fewer come in two halves, more keep one waiting
_MOST_PAGES = 48
_BLANK = Cell("…")
Cells = tuple[Cell, ...]


class PagedRows(Rows):
    """Rows that come by pages. `wanted` carries the number of a page that is not here yet."""

    wanted = Signal(int)

    def __init__(self, kit: Kit, columns: Sequence[Column]) -> None:
        super().__init__(kit, columns)
        self._count = 0
        self._pages: OrderedDict[int, Sequence[Cells]] = OrderedDict()
        self._asked: set[int] = set()

    def show_count(self, count: int) -> None:
        """Be so many rows, of which none is here yet."""
        self.beginResetModel()
        self._count = count
        self._pages.clear()
        self._asked.clear()
        self.endResetModel()

    def grow(self, count: int) -> None:
        """Be more rows than before; those that are here stay."""
        if count > self._count:
            self.beginInsertRows(self.index(-1, -1), self._count, count - 1)
            self._count = count
            self._pages.pop((self._count - 1) // PAGE, None)
            self.endInsertRows()

    def put(self, page: int, cells: Sequence[Cells]) -> None:
        """Take the cells of a page; the page that was looked at longest ago goes."""
        self._asked.discard(page)
        self._pages[page] = tuple(cells)
        while len(self._pages) > _MOST_PAGES:
            self._pages.popitem(last=False)
        last = min(self._count, (page + 1) * PAGE) - 1
        first = self.index(page * PAGE, 0)
        self.dataChanged.emit(first, self.index(last, len(self.columns) - 1))

    def rowCount(self, _parent: Index | None = None) -> int:  # noqa: N802 - Qt's name
        """How many rows there are, here or not."""
        return self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The cell, or its words; asks for its page where that is not here."""
        words = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if role != CELL_ROLE and role not in words:
            return None
        cell = self._cell(index.row(), index.column())
        return cell if role == CELL_ROLE else cell.spoken

    def _cell(self, row: int, column: int) -> Cell:
        page, place = divmod(row, PAGE)
        cells = self._pages.get(page)
        if cells is None:
            if page not in self._asked:
                self._asked.add(page)
                self.wanted.emit(page)
            return _BLANK
        self._pages.move_to_end(page)
        return cells[place][column] if place < len(cells) else Cell()


class PagedTable(Table):
    """A table over paged rows, all of two lines."""

    def __init__(self, kit: Kit, columns: Sequence[Column]) -> None:
        self.paged = PagedRows(kit, columns)
        super().__init__(kit, columns, self.paged)
        self.horizontalHeader().setResizeContentsPrecision(0)  # else it asks for a thousand rows
        self._set_row_height(has_two_lines=True)

    def show_count(self, count: int) -> None:
        """Show so many rows anew."""
        self.paged.show_count(count)

    def put(self, page: int, cells: Sequence[Cells]) -> None:
        """Show the cells of a page."""
        self.paged.put(page, cells)
        self.resizeColumnsToContents()
        self._share_room()
