# SPDX-License-Identifier: GPL-3.0-or-later
"""Buttons, and a few answers that are all visible, of which one is chosen.

A Button draws its icon and its key, and wraps its label in a narrow place. A
SegmentedControl has two to four short answers side by side. An OptionButton is a box with a
name and a line below it. Use a ChoiceBox for more answers. Arrow keys move the choice, as in
every group of radio buttons.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QButtonGroup,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from kfdesk.i18n.language import Language
from kfdesk.ui import icons, tokens
from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import DARK, Colours, TextStyle
from kfdesk.ui.translator import Message, PlaceholderFunction
from kfdesk.ui.widgets import painting
from kfdesk.ui.widgets.text import bind_tooltip

# --- Buttons

_BUTTON_PADDING = 14
_BUTTON_GAP = 8


class ButtonLook(Enum):
    """Prominence of a button; use one PRIMARY per screen."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    QUIET = "quiet"
    DANGER = "danger"
    TONAL = "tonal"
    ON_TOAST = "on toast"


class ButtonInks(NamedTuple):
    """The colours of a button: box, border and text."""

    fill: str
    line: str
    ink: str


if TYPE_CHECKING:
    _AnyButton = QAbstractButton
else:
    _AnyButton = object


class ToggleClick(_AnyButton):
    """A mixin for checkable buttons: what a screen reader toggles counts as clicked.

    Qt's accessible action Toggle changes the mark and emits `toggled` alone, and a radio button
    offers no other action. A change by a click or by the program passes one of the methods here.
    """

    _is_own_change = False
    _clicks_on_toggle = False

    def click_on_toggle(self) -> None:
        """Emit `clicked` from now on after every change that came from outside."""
        self._clicks_on_toggle = True
        self.toggled.connect(self._on_toggled_from_outside)

    def setCheckable(self, is_checkable: bool) -> None:
        super().setCheckable(is_checkable)
        if is_checkable and not self._clicks_on_toggle:
            self.click_on_toggle()

    def setChecked(self, checked: bool) -> None:
        self._is_own_change = True
        try:
            super().setChecked(checked)
        finally:
            self._is_own_change = False

    def nextCheckState(self) -> None:
        """Change the state for a click, or because another of the group was chosen."""
        self._is_own_change = True
        try:
            super().nextCheckState()
        finally:
            self._is_own_change = False

    def _on_toggled_from_outside(self, is_checked: bool) -> None:
        is_by_another = self.autoExclusive() and not is_checked
        if not self._is_own_change and not is_by_another:
            self.clicked[bool].emit(is_checked)  # type: ignore[index]  # one of two


class PushButton(ToggleClick, QPushButton):
    """A push button that Enter presses, too, and a screen reader's every action."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the button on Enter too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class PaintedButton(QAbstractButton):
    """A button for screen readers where another widget paints, and handles mouse and keys.

    Connect `clicked` to what the click of a mouse does there, and set the accessible name.
    """

    def __init__(self, painted_by: QWidget) -> None:
        super().__init__(painted_by)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint nothing."""


class Button(PushButton):
    """A button with a label, and optionally an icon and its key."""

    def __init__(
        self,
        kit: UiContext,
        message: Message,
        icon: str = "",
        look: ButtonLook = ButtonLook.SECONDARY,
        on: Callable[[], object] | None = None,
    ) -> None:
        """Make the button; a click calls `on`."""
        super().__init__()
        self._kit = kit
        self._icon = icon
        self._look = look
        self._key = ""
        self._height = tokens.CONTROL
        self._is_bare = False
        self._tail = ""
        self.setFont(kit.theme.font(TextStyle.BUTTON))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_message(message)
        if on is not None:
            self.clicked.connect(on)

    def set_message(self, message: Message, **places: PlaceholderFunction) -> None:
        """Change the label."""
        self._kit.translator.bind(self.setText, message, **places)
        if self._is_bare:
            self._update_tooltip()
        self.updateGeometry()

    def show_key(self, keys: str) -> "Button":
        """Show the key of this action; the caller handles the key."""
        if keys != self._key:
            self._key = keys
            if self._is_bare:
                self._update_tooltip()
            self.updateGeometry()
            self.update()
        return self

    def bind_key(self, keys: str) -> "Button":
        """Show the key, and let it press the button while the button is visible."""
        QShortcut(QKeySequence(keys), self, self.click)
        return self.show_key(keys)

    def show_icon(self, name: str) -> None:
        """Change the icon."""
        self._icon = name
        self.update()

    def with_height(self, height: int) -> "Button":
        """Set the height to one of the control heights of the tokens."""
        self._height = height
        return self

    def bared(self) -> "Button":
        """Show the icon alone; the label becomes the accessible name and the tooltip."""
        self.set_bare(is_bare=True)
        return self

    def set_bare(self, *, is_bare: bool) -> None:
        """Show the icon alone, or the label again."""
        if is_bare != self._is_bare:
            self._is_bare = is_bare
            self._update_tooltip()
            self.updateGeometry()
            self.update()

    def with_end_icon(self, icon: str) -> "Button":
        """Show a small icon at the end: the arrow of a menu, or the target of the button."""
        self._tail = icon
        return self

    def sizeHint(self) -> QSize:
        return self._size(ceil(self._content_width()))

    def minimumSizeHint(self) -> QSize:
        """Return the size without the key and with the label wrapped at every word."""
        words = painting.longest_word_width(self.text(), self.font())
        return self._size(ceil(words + self._content_width(has_key=False) - self._words_width))

    def hasHeightForWidth(self) -> bool:
        """Return False: as with a label, `resizeEvent` sets the minimum height."""
        return False

    def heightForWidth(self, width: int) -> int:
        high = painting.wrapped_height(self.text(), self.font(), self._label_width(width))
        one_line = self._height_of(painting.text_height(self.font()))
        return one_line if self._is_bare else self._height_of(high)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def setText(self, text: str) -> None:
        """Change the label, and take the lines that it needs in the present width."""
        super().setText(text)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def enterEvent(self, event: QEnterEvent) -> None:
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        super().enterEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        gap = tokens.RESERVE
        painter = QPainter(self)
        area = QRectF(self.rect())
        inks = self._inks()
        if inks.fill or inks.line:
            inner = area.adjusted(gap, gap, -gap, -gap)
            painting.draw_box(painter, inner, tokens.RADIUS_CONTROL, inks.fill, inks.line)
        if self.hasFocus():
            radius = tokens.RADIUS_CONTROL + tokens.RING_GAP
            painting.draw_focus_ring(painter, area, radius, self._colours().focus)
        self._paint_content(painter, area, inks)

    def _size(self, content: int) -> QSize:
        height = self._height_of(painting.text_height(self.font()))
        if self._is_bare:
            return QSize(height, height)
        width = content + 2 * (_BUTTON_PADDING + tokens.RESERVE)
        return QSize(width, max(height, self.minimumHeight()))

    def _height_of(self, words: float) -> int:
        return max(self._height, round(words) + 12) + 2 * tokens.RESERVE

    @property
    def _words_width(self) -> float:
        return 0.0 if self._is_bare else painting.text_width(self.text(), self.font())

    def _label_width(self, width: float) -> float:
        """Return the width available for the label in a button of this width."""
        beside = self._content_width(has_key=False) - self._words_width
        return width - beside - 2 * (_BUTTON_PADDING + tokens.RESERVE) + 1

    def _update_tooltip(self) -> None:
        """Set the tooltip of a button without a visible label: its label and its key."""
        bind_tooltip(self._kit, self, self._tooltip if self._is_bare else "")

    def _tooltip(self, _language: Language) -> str:
        return f"{self.text()} ({painting.key_label(self._key)})" if self._key else self.text()

    def _paint_content(self, painter: QPainter, area: QRectF, inks: ButtonInks) -> None:
        centre = area.center()
        has_key = self._content_width() <= area.width() - 2 * (tokens.RESERVE + _BUTTON_GAP)
        words = max(0.0, min(self._words_width, self._label_width(area.width())))
        content = self._content_width(has_key=has_key) - self._words_width + words
        left = round(centre.x() - content / 2)
        if self._icon:
            square = QRectF(left, round(centre.y() - icons.NORMAL / 2), icons.NORMAL, icons.NORMAL)
            self._kit.theme.icons.paint(painter, self._icon, inks.ink, square)
            left += icons.NORMAL + _BUTTON_GAP
        if self._is_bare:
            return
        text = QRectF(left, area.top(), words, area.height())
        painting.draw_wrapped_text(painter, text, self.text(), self.font(), inks.ink)
        left += round(words) + _BUTTON_GAP
        if self._key and has_key:
            self._paint_key(painter, QRectF(left, centre.y(), 0, 0), inks)
            left += round(painting.key_hint_width(self._kit.theme, self._key)) + _BUTTON_GAP
        if self._tail:
            square = QRectF(left, round(centre.y() - icons.SMALL / 2), icons.SMALL, icons.SMALL)
            self._kit.theme.icons.paint(painter, self._tail, inks.ink, square)

    def _paint_key(self, painter: QPainter, at: QRectF, inks: ButtonInks) -> None:
        colours = self._colours()
        width = painting.key_hint_width(self._kit.theme, self._key)
        high = painting.key_hint_height(self._kit.theme)
        area = QRectF(at.left(), round(at.top() - high / 2), width, high)
        is_plain = self._look is ButtonLook.SECONDARY or not self.isEnabled()
        pair = (colours.text_muted, colours.line) if is_plain else (inks.ink, inks.ink)
        painting.draw_key_hint(painter, self._kit.theme, area, self._key, pair)

    def _content_width(self, *, has_key: bool = True) -> float:
        parts = []
        if self._icon:
            parts.append(float(icons.NORMAL))
        if not self._is_bare:
            parts.append(painting.text_width(self.text(), self.font()))
            if self._key and has_key:
                parts.append(painting.key_hint_width(self._kit.theme, self._key))
            if self._tail:
                parts.append(float(icons.SMALL))
        return sum(parts) + _BUTTON_GAP * (len(parts) - 1)

    def _colours(self) -> Colours:
        return DARK if self._look is ButtonLook.ON_TOAST else self._kit.theme.colours

    def _inks(self) -> ButtonInks:
        colours = self._colours()
        if not self.isEnabled():
            is_open = self._look in (ButtonLook.QUIET, ButtonLook.ON_TOAST)
            fill, line = ("", "") if is_open else (colours.sunken, colours.line)
            return ButtonInks(fill, line, colours.text_muted)
        return _enabled_inks(
            self._look, colours, is_hovered=self.underMouse(), is_down=self.isDown()
        )


def _enabled_inks(
    look: ButtonLook, colours: Colours, *, is_hovered: bool, is_down: bool
) -> ButtonInks:
    is_lit = is_hovered or is_down
    if look is ButtonLook.PRIMARY:
        lit = colours.accent_press if is_down else colours.accent_hover
        return ButtonInks(lit if is_lit else colours.accent, "", colours.accent_text)
    if look is ButtonLook.QUIET:
        return ButtonInks(colours.accent_soft if is_lit else "", "", colours.accent)
    if look is ButtonLook.DANGER:
        fill = colours.danger_soft if is_lit else colours.surface
        return ButtonInks(fill, colours.danger, colours.danger)
    if look is ButtonLook.TONAL:
        fill = colours.selection if is_lit else colours.accent_soft
        return ButtonInks(fill, colours.accent, colours.accent)
    if look is ButtonLook.ON_TOAST:
        return ButtonInks(colours.accent_soft if is_lit else "", "", colours.accent)
    fill = colours.hover if is_lit else colours.surface
    return ButtonInks(fill, colours.control, colours.text)


# --- Answers that are all visible

_INSET, _BETWEEN = 3, 2
_SEGMENT_GAP = 6
_SEGMENT_PADDING = 16
_RADIO_SIZE = 18
_OPTION_HEIGHT = 54
_OPTION_TEXT_LEFT = _SEGMENT_PADDING + _RADIO_SIZE + 12
"""The left edge of the texts in a box."""
_OPTION_MARGINS = _OPTION_TEXT_LEFT + _SEGMENT_PADDING // 2 + 2 * tokens.RESERVE
_ABOVE, _NARROWEST = 8, 150
_CACHED_WIDTHS = 8  # a layout asks for no more
_WRAP = Qt.TextFlag.TextWordWrap.value


class _Segment(PushButton):
    """One answer of a SegmentedControl."""

    def __init__(self, kit: UiContext, message: Message) -> None:
        super().__init__()
        self._kit = kit
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFont(kit.theme.font(TextStyle.BUTTON))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        kit.translator.bind(self.setText, message)

    def sizeHint(self) -> QSize:
        return self._size(painting.text_width(self.text(), self.font()))

    def minimumSizeHint(self) -> QSize:
        return self._size(painting.longest_word_width(self.text(), self.font()))

    def heightForWidth(self, width: int) -> int:
        room = width - icons.MEDIUM - _SEGMENT_GAP - 2 * _SEGMENT_PADDING + 1
        high = painting.wrapped_height(self.text(), self.font(), room)
        return max(tokens.CONTROL - 2 * _INSET, round(high) + 8)

    def _size(self, words: float) -> QSize:
        width = words + icons.MEDIUM + _SEGMENT_GAP + 2 * _SEGMENT_PADDING
        return QSize(
            ceil(width), max(self.heightForWidth(tokens.MAX_WIDGET_SIZE), self.minimumHeight())
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._kit.theme.colours
        painter = QPainter(self)
        area = QRectF(self.rect())
        is_lit = self.underMouse() and self.isEnabled()
        if self.isChecked():
            line = colours.accent if self.isEnabled() else colours.line
            painting.draw_box(painter, area, 5, colours.hover if is_lit else colours.surface, line)
        elif is_lit:
            painting.draw_box(painter, area, 5, colours.hover)
        if self.hasFocus():
            painting.draw_focus_ring(painter, area, 5, colours.focus)
        self._paint_word(painter, area)

    def _paint_word(self, painter: QPainter, area: QRectF) -> None:
        colours = self._kit.theme.colours
        ink = colours.accent if self.isChecked() else colours.text
        ink = ink if self.isEnabled() else colours.text_muted
        mark = icons.MEDIUM + _SEGMENT_GAP if self.isChecked() else 0
        width = min(
            painting.text_width(self.text(), self.font()), area.width() - mark - _SEGMENT_GAP
        )
        left = round(area.center().x() - (width + mark) / 2)
        if self.isChecked():
            top = round(area.center().y() - icons.MEDIUM / 2)
            square = QRectF(left, top, icons.MEDIUM, icons.MEDIUM)
            self._kit.theme.icons.paint(painter, "check", ink, square)
        word = QRectF(left + mark, 0, width, area.height())
        painting.draw_wrapped_text(painter, word, self.text(), self.font(), ink)


class SegmentedControl(QWidget):
    """Answers side by side; `chosen` carries the key of the answer that the user chose."""

    chosen = Signal(str)

    def __init__(self, kit: UiContext, options: Sequence[tuple[str, Message]]) -> None:
        super().__init__()
        self._kit = kit
        self._group = QButtonGroup(self)
        self.parts: dict[str, QPushButton] = {}
        self._row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(_INSET, _INSET, _INSET, _INSET)
        row.setSpacing(_BETWEEN)
        for key, message in options:
            row.addWidget(self._make_part(key, message))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._in_one_row, self._row.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        least = max(part.minimumSizeHint().width() for part in self.parts.values())
        return QSize(least + 2 * _INSET, self._row.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Arrange the answers again when one is hidden, shown or said otherwise."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        """Stack the answers if one row is too narrow."""
        way = QBoxLayout.Direction
        has_room = self.width() >= self._in_one_row
        self._row.setDirection(way.LeftToRight if has_room else way.TopToBottom)

    @property
    def _in_one_row(self) -> int:
        hints = [part.sizeHint().width() for part in self.parts.values() if not part.isHidden()]
        return sum(hints) + (len(hints) - 1) * _BETWEEN + 2 * _INSET

    @property
    def key(self) -> str:
        """The key of the chosen answer; empty if there is none yet."""
        return next((key for key, part in self.parts.items() if part.isChecked()), "")

    def select(self, key: str) -> None:
        """Choose an answer without emitting `chosen`."""
        self.parts[key].setChecked(True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._kit.theme.colours
        area = QRectF(self.rect())
        painting.draw_box(QPainter(self), area, tokens.RADIUS_ROW, colours.sunken, colours.line)

    def _make_part(self, key: str, message: Message) -> QPushButton:
        part = _Segment(self._kit, message)
        part.clicked.connect(lambda: self.chosen.emit(key))
        self._group.addButton(part)
        self.parts[key] = part
        return part


class OptionButton(ToggleClick, QRadioButton):
    """One answer in a box: its name, and a sentence below it."""

    def __init__(self, kit: UiContext, name: Message, under: Message) -> None:
        super().__init__()
        self._kit = kit
        self._under = ""
        self.click_on_toggle()
        self._measured: dict[tuple[float, str, str], tuple[float, float]] = {}
        kit.translator.bind(self.setText, name)
        kit.translator.bind(self._set_under, under)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return room for the box and its focus ring, with the texts on two lines."""
        theme = self._kit.theme
        wide = max(
            painting.text_width(self._under, theme.font(TextStyle.SMALL)),
            painting.text_width(self.text(), theme.font(TextStyle.STRONG)),
        )
        return QSize(
            round(wide) + _OPTION_MARGINS, self.heightForWidth(round(wide) + _OPTION_MARGINS)
        )

    def minimumSizeHint(self) -> QSize:
        """Return room for the longest word of both texts; a name of usual length does not wrap."""
        theme = self._kit.theme
        strong, small = theme.font(TextStyle.STRONG), theme.font(TextStyle.SMALL)
        wide = max(
            min(painting.text_width(self.text(), strong), _NARROWEST),
            painting.longest_word_width(self.text(), strong),
            painting.longest_word_width(self._under, small),
        )
        return QSize(round(wide) + _OPTION_MARGINS, self.heightForWidth(self.width()))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        name, under = self._heights(width - _OPTION_MARGINS)
        return max(_OPTION_HEIGHT, round(name + under) + 2 * _ABOVE) + 2 * tokens.RESERVE

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def _heights(self, room: float) -> tuple[float, float]:
        """Return the heights of both texts, cached because layouts ask repeatedly."""
        asked = (room, self.text(), self._under)
        if asked not in self._measured:
            if len(self._measured) > _CACHED_WIDTHS:
                self._measured.clear()
            theme = self._kit.theme
            fonts = (theme.font(TextStyle.STRONG), theme.font(TextStyle.SMALL))
            name, under = (
                QFontMetricsF(font).boundingRect(QRectF(0, 0, room, 999), _WRAP, words).height()
                for font, words in zip(fonts, asked[1:], strict=True)
            )
            self._measured |= {asked: (name, under)}
        return self._measured[asked]

    def hitButton(self, _at: object) -> bool:
        """Return True: the whole box can be clicked."""
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._kit.theme
        gap = tokens.RESERVE
        painter = QPainter(self)
        area = QRectF(self.rect())
        inner = area.adjusted(gap, gap, -gap, -gap)
        fill = theme.colours.accent_soft if self.isChecked() else theme.colours.surface
        line = theme.colours.accent if self.isChecked() else theme.colours.control
        if self.underMouse() and not self.isChecked():
            fill = theme.colours.hover
        painting.draw_box(painter, inner, tokens.RADIUS_ROW, fill, line)
        if self.hasFocus():
            painting.draw_focus_ring(
                painter, area, tokens.RADIUS_ROW + tokens.RING_GAP, theme.colours.focus
            )
        left = inner.left() + _SEGMENT_PADDING
        self._paint_disc(
            painter, QRectF(left, inner.center().y() - _RADIO_SIZE / 2, _RADIO_SIZE, _RADIO_SIZE)
        )
        left = inner.left() + _OPTION_TEXT_LEFT
        name, under = self._heights(self.width() - _OPTION_MARGINS)
        top = inner.center().y() - (name + under) / 2
        for words, style, ink, high in (
            (self.text(), TextStyle.STRONG, theme.colours.text, name),
            (self._under, TextStyle.SMALL, theme.colours.text_muted, under),
        ):
            painter.setFont(theme.font(style))
            painter.setPen(QColor(ink))
            painter.drawText(QRectF(left, top, self.width() - _OPTION_MARGINS, high), _WRAP, words)
            top += high

    def _set_under(self, words: str) -> None:
        self._under = words
        self.setAccessibleDescription(words)
        self.updateGeometry()
        self.update()

    def _paint_disc(self, painter: QPainter, disc: QRectF) -> None:
        colours = self._kit.theme.colours
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(colours.surface))
        painter.setPen(QPen(QColor(colours.accent if self.isChecked() else colours.control), 2))
        painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
        if self.isChecked():
            painting.draw_box(painter, disc.adjusted(5, 5, -5, -5), _RADIO_SIZE, colours.accent)
