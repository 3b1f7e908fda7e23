# SPDX-License-Identifier: GPL-3.0-or-later
"""The button: it paints itself, because a ring with a gap and a key hint are beyond style sheets.

One class in five looks. The box stands RESERVE pixels inside the widget, so that the focus ring
has its place outside it; layouts therefore need less space between buttons than one sees.
"""

from enum import Enum
from math import ceil
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QPushButton, QSizePolicy

from kfdesk.i18n.language import Language
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import DARK, Colours, Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.words import Filling, Message

_PADDING = 14
_GAP = 8


class Look(Enum):
    """How much a button calls for attention; one PRIMARY a screen."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    DANGER = "danger"
    TONAL = "tonal"
    ON_TOAST = "on toast"


class _Inks(NamedTuple):
    fill: str
    line: str
    ink: str


class Button(QPushButton):
    """A button with a word, and perhaps an icon and the key that does the same."""

    def __init__(
        self, kit: Kit, message: Message, icon: str = "", look: Look = Look.SECONDARY
    ) -> None:
        super().__init__()
        self._kit = kit
        self._icon = icon
        self._look = look
        self._key = ""
        self._height = tokens.CONTROL
        self._is_bare = False
        self._tail = ""
        self.setFont(kit.theme.font(Type.BUTTON))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.tell(message)

    def tell(self, message: Message, **places: Filling) -> None:
        """Say another word from now on."""
        self._kit.words.bind(self.setText, message, **places)
        if self._is_bare:
            self._tell_tip()
        self.updateGeometry()

    def show_key(self, keys: str) -> "Button":
        """Show the key that does the same; who listens to it is said elsewhere."""
        self._key = keys
        if self._is_bare:
            self._tell_tip()
        self.updateGeometry()
        return self

    def answer_key(self, keys: str) -> "Button":
        """Show the key and be pressed by it wherever the button is to be seen."""
        QShortcut(QKeySequence(keys), self, self.click)
        return self.show_key(keys)

    def show_icon(self, name: str) -> None:
        """Change the icon."""
        self._icon = name
        self.update()

    def sized(self, height: int) -> "Button":
        """Be as high as one of the control heights of the tokens."""
        self._height = height
        return self

    def bared(self) -> "Button":
        """Show the icon alone; the word stays as the name and stands in the tooltip."""
        self.set_bare(is_bare=True)
        return self

    def set_bare(self, *, is_bare: bool) -> None:
        """Show the icon alone, or the word again."""
        if is_bare != self._is_bare:
            self._is_bare = is_bare
            self._tell_tip()
            self.updateGeometry()
            self.update()

    def ended_by(self, icon: str) -> "Button":
        """Show a small icon at the end: the arrow of a menu, or where the button leads."""
        self._tail = icon
        return self

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Box and ring."""
        return self._size(ceil(self._content_width()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Where there is little room its key goes, then its words break into lines."""
        words = paint.longest_word(self.text(), self.font())
        return self._size(ceil(words + self._content_width(has_key=False) - self._words_width))

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """No: as with a label, its least height follows its width."""
        return False

    def heightForWidth(self, width: int) -> int:  # noqa: N802
        """What the lines need."""
        high = paint.lines_height(self.text(), self.font(), self._words_room(width))
        one_line = self._height_of(paint.height(self.font()))
        return one_line if self._is_bare else self._height_of(high)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width may need another number of lines."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter presses the focused button, as people expect."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802
        """Say by the pointer that it can be pressed."""
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        super().enterEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Box, ring, icon, word, key, arrow."""
        gap = tokens.RESERVE
        painter = QPainter(self)
        area = QRectF(self.rect())
        inks = self._inks()
        if inks.fill or inks.line:
            inner = area.adjusted(gap, gap, -gap, -gap)
            paint.box(painter, inner, tokens.RADIUS_CONTROL, inks.fill, inks.line)
        if self.hasFocus():
            radius = tokens.RADIUS_CONTROL + tokens.RING_GAP
            paint.ring(painter, area, radius, self._colours().focus)
        self._paint_content(painter, area, inks)

    def _size(self, content: int) -> QSize:
        height = self._height_of(paint.height(self.font()))
        if self._is_bare:
            return QSize(height, height)
        width = content + 2 * (_PADDING + tokens.RESERVE)
        return QSize(width, max(height, self.minimumHeight()))

    def _height_of(self, words: float) -> int:
        return max(self._height, round(words) + 12) + 2 * tokens.RESERVE

    @property
    def _words_width(self) -> float:
        return 0.0 if self._is_bare else paint.width(self.text(), self.font())

    def _words_room(self, width: float) -> float:
        """What there is for the words in a button so wide."""
        beside = self._content_width(has_key=False) - self._words_width
        return width - beside - 2 * (_PADDING + tokens.RESERVE) + 1

    def _tell_tip(self) -> None:
        """What shows no word says it where the pointer rests, with the key that does the same."""
        self._kit.words.bind(self.setToolTip, self._tip if self._is_bare else "")

    def _tip(self, _language: Language) -> str:
        return f"{self.text()} ({paint.key_text(self._key)})" if self._key else self.text()

    def _paint_content(self, painter: QPainter, area: QRectF, inks: _Inks) -> None:
        centre = area.center()
        has_key = self._content_width() <= area.width() - 2 * (tokens.RESERVE + _GAP)
        words = min(self._words_width, self._words_room(area.width()))
        content = self._content_width(has_key=has_key) - self._words_width + words
        left = round(centre.x() - content / 2)
        if self._icon:
            square = QRectF(left, round(centre.y() - icons.NORMAL / 2), icons.NORMAL, icons.NORMAL)
            self._kit.theme.icons.paint(painter, self._icon, inks.ink, square)
            left += icons.NORMAL + _GAP
        if self._is_bare:
            return
        text = QRectF(left, area.top(), words, area.height())
        paint.lines(painter, text, self.text(), self.font(), inks.ink)
        left += round(words) + _GAP
        if self._key and has_key:
            self._paint_key(painter, QRectF(left, centre.y(), 0, 0), inks)
            left += round(paint.hint_width(self._kit.theme, self._key)) + _GAP
        if self._tail:
            square = QRectF(left, round(centre.y() - icons.SMALL / 2), icons.SMALL, icons.SMALL)
            self._kit.theme.icons.paint(painter, self._tail, inks.ink, square)

    def _paint_key(self, painter: QPainter, at: QRectF, inks: _Inks) -> None:
        colours = self._colours()
        width = paint.hint_width(self._kit.theme, self._key)
        high = paint.hint_height(self._kit.theme)
        area = QRectF(at.left(), round(at.top() - high / 2), width, high)
        is_plain = self._look is Look.SECONDARY or not self.isEnabled()
        pair = (colours.text_muted, colours.line) if is_plain else (inks.ink, inks.ink)
        paint.hint(painter, self._kit.theme, area, self._key, pair)

    def _content_width(self, *, has_key: bool = True) -> float:
        parts = []
        if self._icon:
            parts.append(float(icons.NORMAL))
        if not self._is_bare:
            parts.append(paint.width(self.text(), self.font()))
            if self._key and has_key:
                parts.append(paint.hint_width(self._kit.theme, self._key))
            if self._tail:
                parts.append(float(icons.SMALL))
        return sum(parts) + _GAP * (len(parts) - 1)

    def _colours(self) -> Colours:
        return DARK if self._look is Look.ON_TOAST else self._kit.theme.colours

    def _inks(self) -> _Inks:
        colours = self._colours()
        if not self.isEnabled():
            is_open = self._look in (Look.QUIET, Look.ON_TOAST)
            fill, line = ("", "") if is_open else (colours.sunken, colours.line)
            return _Inks(fill, line, colours.text_muted)
        return _resting(self._look, colours, is_hovered=self.underMouse(), is_down=self.isDown())


def _resting(look: Look, colours: Colours, *, is_hovered: bool, is_down: bool) -> _Inks:
    is_lit = is_hovered or is_down
    if look is Look.PRIMARY:
        lit = colours.accent_press if is_down else colours.accent_hover
        return _Inks(lit if is_lit else colours.accent, "", colours.accent_text)
    if look is Look.QUIET:
        return _Inks(colours.accent_soft if is_lit else "", "", colours.accent)
    if look is Look.DANGER:
        fill = colours.danger_soft if is_lit else colours.surface
        return _Inks(fill, colours.danger, colours.danger)
    if look is Look.TONAL:
        fill = colours.selection if is_lit else colours.accent_soft
        return _Inks(fill, colours.accent, colours.accent)
    if look is Look.ON_TOAST:
        return _Inks(colours.accent_soft if is_lit else "", "", colours.accent)
    fill = colours.hover if is_lit else colours.surface
    return _Inks(fill, colours.control, colours.text)
