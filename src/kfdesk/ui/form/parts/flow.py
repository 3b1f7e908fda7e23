# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts side by side that go on in the next row where one row is too short for them.

For buttons whose words are longer in another language or with large letters: none is cut. Knows
nothing of its parts.
"""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget


class Flow(QWidget):
    """Parts in rows; hidden ones take no room. With `columns` they stand below one another.

    There are no more columns than that, and as few as have room.
    """

    def __init__(self, *parts: QWidget, gap: int = 4, columns: int = 0) -> None:
        super().__init__()
        self._gap = gap
        self._columns = columns
        self._parts: list[QWidget] = []
        for part in parts:
            self.add(part)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def add(self, part: QWidget) -> None:
        """Put one more part at the end."""
        part.setParent(self)
        self._parts.append(part)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All in one row, if it may choose."""
        hints = [part.sizeHint() for part in self._parts if not part.isHidden()]
        width = sum(hint.width() + self._gap for hint in hints)
        return QSize(width, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """As wide as the widest part."""
        hints = [part.sizeHint().width() for part in self._parts if not part.isHidden()]
        return QSize(max(hints, default=0), self.minimumHeight())

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
        shown = [(part, part.sizeHint()) for part in self._parts if not part.isHidden()]
        cell = max((hint.width() for _, hint in shown), default=0)
        most = self._columns * (cell + self._gap) if self._columns else self.width()
        left = top = row = 0
        for part, hint in shown:
            wide = cell if self._columns else hint.width()
            if left and left + wide > min(most, self.width()):
                left, top, row = 0, top + row + self._gap, 0
            part.setGeometry(left, top, min(hint.width(), max(1, self.width())), hint.height())
            left += wide + self._gap
            row = max(row, hint.height())
        if self.minimumHeight() != top + row:
            self.setFixedHeight(top + row)
            self.updateGeometry()
