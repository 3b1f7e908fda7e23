# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of legs: rows by the room there is, and the keys that change a journey.

It shows six columns, four or two, so that nothing is cut on a small screen or with large letters.
Keys only ask; who does it, and takes it back, is the page's matter.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStyleOptionViewItem

from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.travel_views.said import Legs, Row, narrow_row, slim_row, wide_row
from kfdesk.ui.widgets import paint
from kfdesk.ui.widgets.rows import Column, Rows, Table

_MOST_ROWS = 10
_HEAD_PADDING = 24
_Maker = Callable[[View[Leg], Language], Row]
_WAYS: tuple[tuple[_Maker, frozenset[int]], ...] = (
    (wide_row, frozenset()),
    (narrow_row, frozenset({1, 4})),
    (slim_row, frozenset({1, 2, 3, 4})),
)
"""How a leg is shown, from the widest way on, and the columns that are then hidden.

Hidden and not taken away: who listens to a table must not lose count of its columns.
"""

_FIRST = (N_("From"), N_("Leg"), N_("Leg"))
_LAST = (N_("Check-in"), N_("Met by, check-in"), N_("Leaves, arrives"))


class _Heads:
    """The headings that are not the same in every way; `way` is the one in use."""

    way = 0

    def first(self, language: Language) -> str:
        """The heading of the first column."""
        return language.gettext(_FIRST[self.way])

    def last(self, language: Language) -> str:
        """The heading of the last one."""
        return language.gettext(_LAST[self.way])


class LegTable(Table):
    """The legs; the keys of a journey ask by signals."""

    bin_asked = Signal()
    move_asked = Signal(int)

    def __init__(self, kit: Kit) -> None:
        heads = _Heads()
        columns = (
            Column(heads.first, stretches=True),
            Column(N_("To"), stretches=True),
            Column(N_("Leaves")),
            Column(N_("Arrives")),
            Column(N_("Met by")),
            Column(heads.last),
        )
        super().__init__(kit, columns)
        self._words = kit.words
        self._heads = heads
        self._probe = Rows(kit, columns)
        self._legs: Legs = ()
        self._made: dict[int, list[Row]] = {}
        self._needed: dict[int, int] = {}
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        kit.words.bind(self.setAccessibleName, N_("Legs of the journey"))

    def show_legs(self, legs: Legs) -> None:
        """Show these legs in the window's language."""
        self._legs = legs
        self._made, self._needed = {}, {}
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Another width may allow more columns, or fewer."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Only now is it known how wide it is."""
        super().showEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Del puts a leg into the bin, Ctrl+Up and Ctrl+Down move it; Alt is the page's."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() == Qt.Key.Key_Delete and not modifiers:
            self.bin_asked.emit()
        elif event.key() in steps and modifiers == Qt.KeyboardModifier.ControlModifier:
            self.move_asked.emit(steps[Qt.Key(event.key())])
        elif modifiers & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        way = self._heads.way
        if self._legs and self._fitting() != way:
            self._show()
        else:
            self._heads.way = way

    def _show(self) -> None:
        self._heads.way = self._fitting()
        _, hidden = _WAYS[self._heads.way]
        last = self.rows.columnCount() - 1
        for column in range(last + 1):
            self.setColumnHidden(column, column in hidden)
        self.show_rows(self._rows_of(self._heads.way))
        self.rows.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)
        shown = min(len(self._legs), _MOST_ROWS)
        self.setFixedHeight(self.horizontalHeader().height() + shown * self.row_height)

    def _rows_of(self, way: int) -> list[Row]:
        """The rows of a way of showing the legs, which are made once."""
        if way not in self._made:
            make, language = _WAYS[way][0], self._words.language
            self._made[way] = [make(leg, language) for leg in self._legs]
        return self._made[way]

    def _fitting(self) -> int:
        """The first way, of the widest first, that fits in; what comes after it is not asked."""
        if not self.isVisible():
            return 0
        room = self.viewport().width()
        last = len(_WAYS) - 1
        return next((way for way in range(last) if self._width_of(way) <= room), last)

    def _width_of(self, way: int) -> int:
        """The width that a way of showing the legs needs."""
        if way not in self._needed:
            self._needed[way] = self._measured(way)
        return self._needed[way]

    def _measured(self, way: int) -> int:
        hidden = _WAYS[way][1]
        self._heads.way = way
        self._probe.show_rows(self._rows_of(way))
        shown = sorted(set(range(self._probe.columnCount())) - hidden)
        sharing = [self._column_width(n) for n in shown if self._probe.columns[n].stretches]
        others = [self._column_width(n) for n in shown if not self._probe.columns[n].stretches]
        return sum(others) + len(sharing) * max(sharing)

    def _column_width(self, column: int) -> int:
        option, font = QStyleOptionViewItem(), self.horizontalHeader().font()
        words = str(self._probe.headerData(column, Qt.Orientation.Horizontal))
        rows = range(self._probe.rowCount())
        cells = (self.itemDelegate().sizeHint(option, self._probe.index(n, column)) for n in rows)
        head = round(paint.width(words, font)) + _HEAD_PADDING
        return max(head, *(cell.width() for cell in cells), 0)
