# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a passphrase, or groups of a key, in numbered tiles: to be copied by hand alone.

A tile is painted, so that its word can be neither marked nor copied. Covered, it shows as many
dots for every word, and tells a screen reader no more; a word typed back rightly shows itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from kfdesk.domain.marks import N_
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets import paint

_BETWEEN = 10
_HEIGHT = 52
_PADDING = 14
_WORD_AT = 38
_NARROW_PADDING = 8
_NARROW_WORD_AT = 32


@dataclass(frozen=True, slots=True)
class Look:
    """How many tiles stand in a row, what covers one, and how one is named for those who listen.

    In narrow tiles the check takes the place of the number.
    """

    columns: int = 3
    is_narrow: bool = False
    dots: str = "• • • • • •"
    name: str = N_("Word {number}: {word}")
    covered: str = N_("Word {number}, covered")


class Tiles(QWidget):
    """The tiles in rows."""

    def __init__(self, kit: Kit, count: int, look: Look) -> None:
        super().__init__()
        self.tiles = [Tile(kit, number, look) for number in range(1, count + 1)]
        self._most = self._columns = look.columns
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_BETWEEN)
        self._arrange()

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As narrow as the widest tile."""
        return QSize(self._widest, self._grid.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fewer stand in a row where there is little room."""
        super().resizeEvent(event)
        columns = (self.width() + _BETWEEN) // (self._widest + _BETWEEN)
        columns = max(1, min(self._most, columns))
        if columns != self._columns:
            self._columns = columns
            self._arrange()

    @property
    def _widest(self) -> int:
        return max(tile.minimumSizeHint().width() for tile in self.tiles)

    def _arrange(self) -> None:
        for place, tile in enumerate(self.tiles):
            self._grid.addWidget(tile, *divmod(place, self._columns))

    def show_state(self, words: Sequence[str], right: int, *, is_covered: bool) -> None:
        """Show `words`, of which the first `right` were typed back; covered ones look alike."""
        for place, (tile, word) in enumerate(zip(self.tiles, words, strict=True)):
            is_right = place < right
            tile.show_word("" if is_covered and not is_right else word, is_right=is_right)
            tile.is_next = is_covered and place == right

    def clear(self) -> None:
        """Hold no word any more."""
        for tile in self.tiles:
            tile.show_word("", is_right=False)


class Tile(QLabel):
    """One word, its number, and whether it was typed back."""

    def __init__(self, kit: Kit, number: int, look: Look) -> None:
        super().__init__()
        self._kit = kit
        self._look = look
        self._number = number
        self._word = ""
        self._is_right = False
        self.is_next = False
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def word(self) -> str:
        """The word on view; empty if it is covered."""
        return self._word

    def show_word(self, word: str, *, is_right: bool) -> None:
        """Show a word, or without one the cover."""
        self._word, self._is_right = word, is_right
        message = self._look.name if word else self._look.covered
        self._kit.words.bind(
            self.setAccessibleName,
            message,
            number=lambda _: self._number,
            word=lambda _: word,
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for number, word and check."""
        font = self._kit.theme.font(Type.HEADING)
        width = max(paint.width(self._word, font), paint.width(self._look.dots, font))
        if self._look.is_narrow:
            return QSize(ceil(width) + self._word_at + _NARROW_PADDING, _HEIGHT)
        return QSize(ceil(width) + self._word_at + icons.LARGE + _PADDING, _HEIGHT)

    @property
    def _word_at(self) -> int:
        at = _NARROW_WORD_AT if self._look.is_narrow else _WORD_AT
        return self._kit.theme.sized(at)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """A word is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Ground, number, word or dots, check."""
        theme = self._kit.theme
        colours = theme.colours
        painter = QPainter(self)
        area = QRectF(self.rect())
        fill, line = colours.sunken, colours.line
        if self._is_right:
            fill, line = colours.success_soft, colours.success
        elif self._word:
            fill, line = colours.surface, colours.control
        paint.box(painter, area, tokens.RADIUS_ROW, fill, line)
        if self.is_next:
            paint.ring(painter, area, tokens.RADIUS_ROW, colours.focus)
        is_narrow = self._look.is_narrow
        if not (is_narrow and self._is_right):
            number = area.adjusted(_NARROW_PADDING + 4 if is_narrow else _PADDING, 0, 0, 0)
            small = theme.font(Type.SMALL)
            paint.words(painter, number, str(self._number), small, colours.text_muted)
        word = area.adjusted(self._word_at, 0, -_NARROW_PADDING, 0)
        ink = colours.text if self._word else colours.text_muted
        paint.words(painter, word, self._word or self._look.dots, theme.font(Type.HEADING), ink)
        if self._is_right:
            self._paint_check(painter, area)

    def _paint_check(self, painter: QPainter, area: QRectF) -> None:
        side = icons.NORMAL
        left = _NARROW_PADDING if self._look.is_narrow else area.right() - side - _PADDING
        square = QRectF(left, round(area.center().y() - side / 2), side, side)
        theme = self._kit.theme
        theme.icons.paint(painter, "check", theme.colours.success, square)
