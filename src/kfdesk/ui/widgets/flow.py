# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts side by side that stand below one another where there is too little room for them.

For words that are longer in another language or with large letters, so that none is cut: Flow
folds small parts into rows, Beside halves of a page. They know nothing of their parts.
"""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from kfdesk.ui.theme import Theme

_LEAST_LETTERS = 20
"""A text breaks into lines of about so many letters before it is given a row of its own."""


class Flow(QWidget):
    """Parts in rows; hidden ones take no room. With `columns` they stand below one another.

    There are no more columns than that, and as few as have room. `fills` is one of the parts that
    takes what is left of its row, and breaks into lines: a text, or what holds texts. It pushes
    what follows it to the right.
    """

    def __init__(
        self, *parts: QWidget, gap: int = 4, columns: int = 0, fills: QWidget | None = None
    ) -> None:
        super().__init__()
        self._gap = gap
        self._columns = columns
        self._fills = fills
        self._parts: list[QWidget] = []
        for part in parts:
            self.add(part)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def add(self, part: QWidget) -> None:
        """Put one more part at the end."""
        part.setParent(self)
        self._parts.append(part)

    def clear(self) -> None:
        """Hold nothing any more."""
        for part in self._parts:
            part.hide()
            part.deleteLater()
        self._parts.clear()
        self.arrange()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All in one row, if it may choose."""
        hints = [_hint(part) for part in self._shown]
        width = sum(hint.width() + self._gap for hint in hints)
        return QSize(width, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """As narrow as the widest part can be."""
        return QSize(_widest(self._shown), self.minimumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width may need another number of rows."""
        super().resizeEvent(event)
        self.arrange()

    def event(self, event: QEvent) -> bool:
        """A part has other words, or was shown or hidden."""
        if event.type() is QEvent.Type.LayoutRequest:
            self.arrange()
        return super().event(event)

    def arrange(self) -> None:
        """Put each part in its place, and be as high as the rows."""
        top, wide = 0, {part: _hint(part).width() for part in self._shown}
        for row in self._rows(wide):
            top += self._put(row, top, wide) + self._gap
        height = max(0, top - self._gap)
        if self.minimumHeight() != height:
            self.setFixedHeight(height)
            self.updateGeometry()

    @property
    def _shown(self) -> list[QWidget]:
        return [part for part in self._parts if not part.isHidden()]

    def _cell(self, hints: Mapping[QWidget, int]) -> int:
        """The width of a column; 0 where there are none."""
        return max(hints.values(), default=0) if self._columns else 0

    def _least(self, part: QWidget, hint: int) -> int:
        if part is not self._fills:
            return hint
        letters = _LEAST_LETTERS * part.fontMetrics().averageCharWidth()
        return min(hint, max(letters, part.minimumSizeHint().width()))

    def _rows(self, hints: Mapping[QWidget, int]) -> list[list[QWidget]]:
        """The parts, as many to a row as have room; if not all, nothing stands beside `fills`."""
        parts = list(hints)
        rows = self._folded(parts, hints)
        if self._fills in parts and len(rows) > 1:
            after = parts.index(self._fills) + 1
            rows = [*self._folded(parts[:after], hints), *self._folded(parts[after:], hints)]
        return rows

    def _folded(self, parts: list[QWidget], hints: Mapping[QWidget, int]) -> list[list[QWidget]]:
        cell = self._cell(hints)
        most = min(self.width(), self._columns * (cell + self._gap) if cell else self.width())
        rows: list[list[QWidget]] = []
        left = 0
        for part in parts:
            wide = cell or self._least(part, hints[part])
            if not rows or left + wide > most:
                rows.append([])
                left = 0
            rows[-1].append(part)
            left += wide + self._gap
        return rows

    def _put(self, row: list[QWidget], top: int, hints: Mapping[QWidget, int]) -> int:
        """Put a row in its place; how high it is."""
        cell = self._cell(hints)
        widths = {part: min(hints[part], max(1, self.width())) for part in row}
        if self._fills in row:
            rest = sum(wide + self._gap for part, wide in widths.items() if part is not self._fills)
            widths[self._fills] = max(1, self.width() - rest)
        for part, wide in widths.items():
            part.resize(wide, part.height())  # what breaks into lines finds its height by it
        heights = {part: _height(part) for part in row}
        height, left = max(heights.values()), 0
        for part, wide in widths.items():
            down = top + (height - heights[part]) // 2
            part.setGeometry(left, down, wide, heights[part])
            left += (cell or wide) + self._gap
        return height


def together(*parts: QWidget, gap: int) -> QWidget:
    """Parts that are one in a Flow, such as a sign and its word."""
    one = QWidget()
    row = QHBoxLayout(one)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(gap)
    for part in parts:
        row.addWidget(part)
    return one


class Beside(QWidget):
    """Large parts side by side, each with its share; below one another where it is narrow.

    That is below `least` pixels at 100 %: with larger letters they need more.
    """

    def __init__(self, theme: Theme, *parts: tuple[QWidget, int], least: int, gap: int) -> None:
        super().__init__()
        self._theme = theme
        self._least = least
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(gap)
        self._parts = []
        for part, share in parts:
            self._parts.append(part)
            self._row.addWidget(part, share)

    @property
    def is_narrow(self) -> bool:
        """Whether they stand below one another."""
        return self.width() < self._theme.sized(self._least)

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As wide as the widest part, which is all it has to be."""
        shown = [part for part in self._parts if not part.isHidden()]
        return QSize(_widest(shown), self._row.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Stand as the width allows."""
        way = QBoxLayout.Direction
        self._row.setDirection(way.TopToBottom if self.is_narrow else way.LeftToRight)
        super().resizeEvent(event)


def _widest(parts: list[QWidget]) -> int:
    """The width of the widest, where each is as narrow as it can be."""
    least = (max(part.minimumSizeHint().width(), part.minimumWidth()) for part in parts)
    return max(least, default=0)


def _hint(part: QWidget) -> QSize:
    """What a part asks for, within what it is allowed."""
    hint = part.sizeHint().expandedTo(part.minimumSizeHint())
    return hint.expandedTo(part.minimumSize()).boundedTo(part.maximumSize())


def _height(part: QWidget) -> int:
    if (layout := part.layout()) is not None:
        layout.activate()
    return _hint(part).height()
