# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of what was found: one line each, with what it is at the end.

It takes finished words and never the keyboard; a line's words are its name for those who listen.
Knows nothing of records.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets import paint

_LINE = Qt.ItemDataRole.UserRole
_PADDING = 10
_GAP = 8
_MOST = 9
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Line:
    """Something found: its words, what it is, perhaps its key, and what opening it does."""

    icon: str
    title: str
    under: str
    what: str
    open: Callable[[], object]
    keys: str = ""

    @property
    def spoken(self) -> str:
        """The line for those who listen."""
        return ", ".join(part for part in (self.title, self.under, self.what) if part)


class Lines(QAbstractListModel):
    """Finished lines."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[Line, ...] = ()

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these in place of the old ones."""
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, _parent: _Index | None = None) -> int:  # noqa: N802 - Qt's name
        """How many there are."""
        return len(self.lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The line, or its words."""
        line = self.lines[index.row()]
        if role == _LINE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.spoken
        return None


class _Painter(QStyledItemDelegate):
    """Paints a line."""

    def __init__(self, kit: Kit, view: "Listing") -> None:
        super().__init__(view)
        self._kit = kit
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:  # noqa: N802
        """One line high."""
        return QSize(1, self._view.line_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Ground, sign, words, and at the right what it is."""
        theme = self._kit.theme
        colours = theme.colours
        line: Line = index.data(_LINE)
        area = QRectF(option.rect)
        is_chosen = index.row() == self._view.currentIndex().row()
        ink, soft = colours.text, colours.text_muted
        if is_chosen:
            paint.box(painter, area, tokens.RADIUS_CONTROL, colours.selection)
            ink = colours.selection_text
        area = area.adjusted(_PADDING, 0, -_PADDING, 0)
        top = round(area.center().y() - icons.NORMAL / 2)
        square = QRectF(area.left(), top, icons.NORMAL, icons.NORMAL)
        theme.icons.paint(painter, line.icon, colours.accent if is_chosen else soft, square)
        area.setLeft(square.right() + _PADDING)
        area.setRight(self._paint_end(painter, area, line) - _GAP)
        strong, body = theme.font(Type.STRONG), theme.font(Type.BODY)
        paint.words(painter, area, line.title, strong, ink)
        area.setLeft(area.left() + paint.width(line.title, strong) + _GAP)
        if line.under and area.width() > 2 * _PADDING:
            paint.words(painter, area, line.under, body, soft)

    def _paint_end(self, painter: QPainter, area: QRectF, line: Line) -> float:
        """What it is, or the key that does the same; returns where it begins."""
        theme = self._kit.theme
        muted = theme.colours.text_muted
        if line.keys:
            width = paint.hint_width(theme, line.keys)
            high = paint.hint_height(theme)
            top = round(area.center().y() - high / 2)
            hint = QRectF(area.right() - width, top, width, high)
            paint.hint(painter, theme, hint, line.keys, (muted, theme.colours.control))
            return hint.left()
        font = theme.font(Type.SMALL)
        width = min(paint.width(line.what, font) + 1, area.width() / 2)
        word = QRectF(area.right() - width, area.top(), width, area.height())
        paint.words(painter, word, line.what, font, muted)
        return word.left()


class Listing(QListView):
    """The list; `opened` carries the line that was chosen, `turned` follows a walk."""

    opened = Signal(object)
    turned = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.lines = Lines()
        self.line_height = max(tokens.RAIL_ITEM, self.fontMetrics().height() + 14)
        self.setModel(self.lines)
        self.setItemDelegate(_Painter(kit, self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.clicked.connect(self._on_clicked)

    @property
    def wished_height(self) -> int:
        """As high as its lines, to a limit."""
        return min(_MOST, self.lines.rowCount()) * self.line_height

    @property
    def current(self) -> Line | None:
        """The line that Enter opens."""
        row = self.currentIndex().row()
        return self.lines.lines[row] if 0 <= row < self.lines.rowCount() else None

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these, with the first one chosen."""
        self.lines.show_lines(lines)
        if lines:
            self.setCurrentIndex(self.lines.index(0))
            self.scrollToTop()

    def step(self, by: int) -> None:
        """Choose a line further down or up; a single step goes round."""
        count = self.lines.rowCount()
        if not count:
            return
        row = self.currentIndex().row() + by
        row = row % count if abs(by) == 1 else max(0, min(count - 1, row))
        self.setCurrentIndex(self.lines.index(row))
        self.viewport().update()
        self.turned.emit()

    def _on_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self.lines.lines[index.row()])
