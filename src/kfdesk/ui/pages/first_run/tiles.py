# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of a passphrase in numbered tiles: to be copied by hand, and by nothing else.

A tile is painted, so that its word can be neither marked nor copied. Covered, it shows as many
dots for every word, and tells a screen reader no more; a word typed back rightly shows itself.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from kfdesk.domain.schema import N_
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets import paint

_COLUMNS = 3
_HEIGHT = 52
_PADDING = 14
_WORD_AT = 38
_DOTS = "• • • • • •"


class Tiles(QWidget):
    """The tiles in rows of three."""

    def __init__(self, kit: Kit, count: int) -> None:
        super().__init__()
        self.tiles = [Tile(kit, number) for number in range(1, count + 1)]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(10)
        for place, tile in enumerate(self.tiles):
            grid.addWidget(tile, place // _COLUMNS, place % _COLUMNS)

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

    def __init__(self, kit: Kit, number: int) -> None:
        super().__init__()
        self._kit = kit
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
        message = N_("Word {number}: {word}") if word else N_("Word {number}, covered")
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
        width = max(paint.width(self._word, font), paint.width(_DOTS, font))
        return QSize(round(width) + _WORD_AT + icons.LARGE + _PADDING, _HEIGHT)

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
        number = area.adjusted(_PADDING, 0, 0, 0)
        small = theme.font(Type.SMALL)
        paint.words(painter, number, str(self._number), small, colours.text_muted)
        word = area.adjusted(_WORD_AT, 0, -_PADDING, 0)
        ink = colours.text if self._word else colours.text_muted
        paint.words(painter, word, self._word or _DOTS, theme.font(Type.HEADING), ink)
        if self._is_right:
            self._paint_check(painter, area)

    def _paint_check(self, painter: QPainter, area: QRectF) -> None:
        side = icons.NORMAL
        left = area.right() - side - _PADDING
        square = QRectF(left, round(area.center().y() - side / 2), side, side)
        theme = self._kit.theme
        theme.icons.paint(painter, "check", theme.colours.success, square)
