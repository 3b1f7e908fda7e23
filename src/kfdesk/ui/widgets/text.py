# SPDX-License-Identifier: GPL-3.0-or-later
"""Text and icons: labels, icons beside words, and chips, in the styles and tones of the theme.

A label wraps only if asked, and follows the language by its message. The widgets know no
page.

Qt guesses whether the text of a label or tooltip is HTML. What a partner wrote may look like
it, and a picture in it would be loaded from wherever it says. So labels and tooltips are made
here alone, and all are plain text.
"""

from math import ceil

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QWidget

from kfdesk.ui import icons, tokens
from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message, PlaceholderFunction
from kfdesk.ui.widgets.painting import (
    draw_box,
    draw_wrapped_text,
    longest_word_width,
    text_width,
    wrapped_height,
)

_CHIP_PADDING = 10
_CHIP_GAP = 5
_HEADINGS = (TextStyle.DISPLAY, TextStyle.TITLE, TextStyle.HEADING)
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": "<br>"})
_WORD = 120
"""A longer word is broken rather than pushing all other widgets aside."""


def keep_room(widget: QWidget, *, is_kept: bool = True) -> None:
    """Keep the room of a widget while it is hidden, so that nothing beside it moves, or not."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(is_kept)
    widget.setSizePolicy(policy)


def tooltip_text(text: str) -> str:
    """Return a tooltip that shows a text as it is; Qt would obey tags in it, even load pictures."""
    return f"<qt>{text.translate(_MARKUP)}</qt>" if "<" in text or "&lt;" in text else text


def set_tooltip(widget: QWidget, text: str) -> None:
    """Give a widget a tooltip in plain text; without a text it has none."""
    widget.setToolTip(tooltip_text(text))


def bind_tooltip(
    kit: UiContext, widget: QWidget, message: Message, **places: PlaceholderFunction
) -> None:
    """Give a widget a tooltip in plain text that follows the window's language."""
    words = kit.translator
    words.bind(widget.setToolTip, lambda _: tooltip_text(words.translate(message, **places)))


def show_tooltip(place: QPoint, text: str, widget: QWidget) -> None:
    """Show a tooltip in plain text at a place of the screen."""
    QToolTip.showText(place, tooltip_text(text), widget)


class PlainLabel(QLabel):
    """A label that shows its text as it is: Qt never looks for tags in it."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)


class FittingLabel(PlainLabel):
    """A label that takes the height that its text needs in the present width."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit

    def set_message(self, message: Message, **places: PlaceholderFunction) -> None:
        """Show a message in the window's language."""
        self._kit.translator.bind(self.setText, message, **places)

    def show_text(self, text: str) -> None:
        """Show a value that is the same in every language."""
        self.set_message(lambda _: text)

    def setText(self, text: str) -> None:
        """Set the text and the height that it needs."""
        super().setText(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    def hasHeightForWidth(self) -> bool:
        """Return False: layouts ask for the height at wrong widths; see `_fit`."""
        return False

    def _fit(self) -> None:
        """Set the minimum height; `heightForWidth` never returns less than the one before."""
        self.setMinimumHeight(0)
        self.setMinimumHeight(max(0, self.heightForWidth(self.width())))


class Label(FittingLabel):
    """A text in one text style and one tone."""

    def __init__(
        self,
        kit: UiContext,
        message: Message = "",
        style: TextStyle = TextStyle.BODY,
        tone: Tone = Tone.PLAIN,
    ) -> None:
        super().__init__(kit)
        self.setFont(kit.theme.font(style))
        self.setWordWrap(style in _HEADINGS)
        self.set_tone(tone)
        if message:
            self.set_message(message)

    def set_tone(self, tone: Tone) -> None:
        """Change the tone."""
        if self.property("ink") != tone.value:
            self.setProperty("ink", tone.value)
            if self.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
                self.style().polish(self)  # before, Qt polishes the label when it is first shown

    def wrapped(self) -> "Label":
        """Wrap a long text instead of widening the page."""
        self.setWordWrap(True)
        return self

    def sizeHint(self) -> QSize:
        if not self.wordWrap():
            return super().sizeHint()
        return QSize(ceil(text_width(self.text(), self.font())) + 2, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        """Return the width of the longest word of a wrapped text, up to a limit."""
        if not self.wordWrap():
            return super().minimumSizeHint()
        longest = ceil(longest_word_width(self.text(), self.font())) + 2
        return QSize(min(longest, self._kit.theme.scaled(_WORD)), self.minimumHeight())

    def _fit(self) -> None:
        if self.wordWrap():
            super()._fit()


class FootHint(Label):
    """The hint in the foot of a task page; `filled` tells if it has a text."""

    filled = Signal(bool)

    def setText(self, text: str) -> None:
        """Set the text, and tell if there is one."""
        super().setText(text)
        self.filled.emit(bool(text))


class Icon(QWidget):
    """An icon beside a word that says the same; it has no accessible name."""

    def __init__(
        self, kit: UiContext, name: str, tone: Tone = Tone.MUTED, size: int = icons.NORMAL
    ) -> None:
        super().__init__()
        self._kit = kit
        self._name = name
        self._tone = tone
        self.setFixedSize(size, size)

    def show_icon(self, name: str, tone: Tone) -> None:
        """Change the icon and its tone."""
        self._name, self._tone = name, tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._kit.theme
        ink = self._tone.ink(theme.colours)
        theme.icons.paint(QPainter(self), self._name, ink, QRectF(self.rect()))


class Chip(FittingLabel):
    """A fact in a pill: an icon and a word, never clickable.

    A layout gives it the room of one line; a FlowBox that is narrower wraps its text.
    """

    def __init__(self, kit: UiContext, tone: Tone = Tone.MUTED, icon: str = "") -> None:
        super().__init__(kit)
        self._tone = tone
        self._icon = icon
        self.setFont(kit.theme.font(TextStyle.SMALL_STRONG))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_look(self, tone: Tone, icon: str) -> None:
        """Change tone and icon together."""
        self._tone, self._icon = tone, icon
        self._fit()
        self.updateGeometry()
        self.update()

    def heightForWidth(self, width: int) -> int:
        words = wrapped_height(self.text(), self.font(), width - self._beside + 1)
        return max(self._line_height, ceil(words) + 6)

    def sizeHint(self) -> QSize:
        width = text_width(self.text(), self.font()) + self._beside
        return QSize(round(width) + 1, max(self._line_height, self.minimumHeight()))

    def minimumSizeHint(self) -> QSize:
        """Return the width of the longest word."""
        width = longest_word_width(self.text(), self.font()) + self._beside
        return QSize(round(width) + 1, self.sizeHint().height())

    @property
    def _line_height(self) -> int:
        return max(tokens.CHIP, self.fontMetrics().height() + 6)

    @property
    def _beside(self) -> int:
        """The room for the icon and the round ends."""
        return 2 * _CHIP_PADDING + (icons.SMALL + _CHIP_GAP if self._icon else 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._kit.theme
        ink = self._tone.ink(theme.colours)
        painter = QPainter(self)
        area = QRectF(self.rect())
        draw_box(painter, area, self._line_height / 2, self._tone.ground(theme.colours))
        left = float(_CHIP_PADDING)
        if self._icon:
            top = round((area.height() - icons.SMALL) / 2)
            theme.icons.paint(painter, self._icon, ink, QRectF(left, top, icons.SMALL, icons.SMALL))
            left += icons.SMALL + _CHIP_GAP
        room = QRectF(left, 0, area.width() - self._beside + 1, area.height())
        draw_wrapped_text(painter, room, self.text(), self.font(), ink)
