# SPDX-License-Identifier: GPL-3.0-or-later
"""Words and icons that are only read: labels, icons and chips.

Text is always shown as plain text: what people typed must never be read as markup. Whether a
text is a message or a value, it is set through Words, so that none can outlive a change.
"""

from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.words import Filling, Message

_CHIP_PADDING = 10
_CHIP_GAP = 5
_HEADINGS = (Type.DISPLAY, Type.TITLE, Type.HEADING)
_WORD = 120
"""Beyond this a long word is rather broken by its place than all else pushed aside."""


class Label(QLabel):
    """A text of one step of the type scale, in one tone."""

    def __init__(
        self,
        kit: Kit,
        message: Message = "",
        style: Type = Type.BODY,
        tone: Tone = Tone.PLAIN,
    ) -> None:
        super().__init__()
        self._kit = kit
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(kit.theme.font(style))
        self.setWordWrap(style in _HEADINGS)
        self.set_tone(tone)
        if message:
            self.tell(message)

    def tell(self, message: Message, **places: Filling) -> None:
        """Say a message, in whatever language the window speaks."""
        self._kit.words.bind(self.setText, message, **places)

    def show_text(self, text: str) -> None:
        """Show a value, which is the same in every language."""
        self.tell(lambda _: text)

    def set_tone(self, tone: Tone) -> None:
        """Say it in another tone."""
        if self.property("ink") != tone.value:
            self.setProperty("ink", tone.value)
            if self.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
                self.style().polish(self)  # before it, Qt does so when the label is first shown

    def wrapped(self) -> "Label":
        """Break long text into lines instead of widening the page."""
        self.setWordWrap(True)
        return self

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Take the text, and the height it needs."""
        super().setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Another width may need another number of lines."""
        super().resizeEvent(event)
        self._fit()

    def hasHeightForWidth(self) -> bool:  # noqa: N802
        """No: layouts guess the width badly when they ask; see `_fit`."""
        return False

    def sizeHint(self) -> QSize:  # noqa: N802
        """The text on one line, if it may choose."""
        if not self.wordWrap():
            return super().sizeHint()
        return QSize(ceil(paint.width(self.text(), self.font())) + 2, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """A wrapped text is as wide as its longest word, within reason; others are never cut."""
        if not self.wordWrap():
            return super().minimumSizeHint()
        longest = ceil(paint.longest_word(self.text(), self.font())) + 2
        width = min(longest, self._kit.theme.sized(_WORD))
        return QSize(width, self.minimumHeight())

    def _fit(self) -> None:
        if self.wordWrap():
            self.setMinimumHeight(0)  # Qt would not answer with less than what stands here
            self.setMinimumHeight(max(0, self.heightForWidth(self.width())))


class Icon(QWidget):
    """A line drawing beside a word that says the same; it has no name of its own."""

    def __init__(
        self, kit: Kit, name: str, tone: Tone = Tone.MUTED, size: int = icons.NORMAL
    ) -> None:
        super().__init__()
        self._kit = kit
        self._name = name
        self._tone = tone
        self.setFixedSize(size, size)

    def show_icon(self, name: str, tone: Tone) -> None:
        """Show another drawing."""
        self._name, self._tone = name, tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint it from the theme's present colours."""
        theme = self._kit.theme
        ink = self._tone.ink(theme.colours)
        theme.icons.paint(QPainter(self), self._name, ink, QRectF(self.rect()))


class Chip(QLabel):
    """A fact in a pill: an icon and a word, never clickable."""

    def __init__(self, kit: Kit, tone: Tone = Tone.MUTED, icon: str = "") -> None:
        super().__init__()
        self._kit = kit
        self._tone = tone
        self._icon = icon
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(kit.theme.font(Type.SMALL_STRONG))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def tell(self, message: Message, **places: Filling) -> None:
        """Say a message."""
        self._kit.words.bind(self.setText, message, **places)

    def show_text(self, text: str) -> None:
        """Show a value, which is the same in every language."""
        self.tell(lambda _: text)

    def show_look(self, tone: Tone, icon: str) -> None:
        """Change tone and icon, which go together."""
        self._tone, self._icon = tone, icon
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """The pill round icon and word."""
        height = max(tokens.CHIP, self.fontMetrics().height() + 6)
        mark = icons.SMALL + _CHIP_GAP if self._icon else 0
        width = paint.width(self.text(), self.font()) + mark + 2 * _CHIP_PADDING
        return QSize(round(width) + 1, height)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """A chip is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Pill, icon, word."""
        theme = self._kit.theme
        ink = self._tone.ink(theme.colours)
        painter = QPainter(self)
        area = QRectF(self.rect())
        paint.box(painter, area, area.height() / 2, self._tone.ground(theme.colours))
        left = float(_CHIP_PADDING)
        if self._icon:
            top = round((area.height() - icons.SMALL) / 2)
            square = QRectF(left, top, icons.SMALL, icons.SMALL)
            theme.icons.paint(painter, self._icon, ink, square)
            left += icons.SMALL + _CHIP_GAP
        room = QRectF(left, 0, area.width() - left, area.height())
        paint.words(painter, room, self.text(), self.font(), ink)
