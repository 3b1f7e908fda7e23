# SPDX-License-Identifier: GPL-3.0-or-later
"""Inputs: text lines, passphrases, drop-down lists, check boxes, and words to copy by hand.

A passphrase line can be shown, warns of Caps Lock, and waits after wrong attempts. The words
of a passphrase or the groups of a key stand in painted tiles, so that they can be neither
selected nor copied. A covered tile shows the same number of dots for every word, and tells a
screen reader no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from kfdesk.domain.login_delay import backoff_seconds
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import icons, tokens
from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message, PlaceholderFunction
from kfdesk.ui.widgets import painting
from kfdesk.ui.widgets.buttons import Button, ToggleClick
from kfdesk.ui.widgets.text import Icon, Label, PlainLabel, keep_room, set_tooltip

WRONG_PASSPHRASE = "store.wrong_passphrase"  # noqa: S105 - an error code
WRONG_PASSPHRASE_TEXT = N_("This passphrase is not right. Check the keyboard language.")


# --- Words to copy by hand

_TILE_GAP = 10
_TILE_HEIGHT = 52
_TILE_PADDING = 14
_WORD_OFFSET = 38
_NARROW_PADDING = 8
_NARROW_WORD_OFFSET = 32


@dataclass(frozen=True, slots=True)
class TileStyle:
    """The style of the tiles: columns, cover, and accessible names.

    In narrow tiles the check takes the place of the number.
    """

    columns: int = 3
    is_narrow: bool = False
    dots: str = "• • • • • •"
    name: str = N_("Word {number}: {word}")
    covered: str = N_("Word {number}, hidden")


class WordTiles(QWidget):
    """The tiles in rows."""

    def __init__(self, kit: UiContext, count: int, look: TileStyle) -> None:
        super().__init__()
        self.tiles = [WordTile(kit, number, look) for number in range(1, count + 1)]
        self._most = self._columns = look.columns
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_TILE_GAP)
        self._arrange()

    def minimumSizeHint(self) -> QSize:
        """Return the width of the widest tile."""
        return QSize(self._widest, self._grid.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put fewer tiles in a row where the width is small."""
        super().resizeEvent(event)
        columns = (self.width() + _TILE_GAP) // (self._widest + _TILE_GAP)
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
        """Drop all words."""
        for tile in self.tiles:
            tile.show_word("", is_right=False)


class WordTile(PlainLabel):
    """One word, its number, and whether it was typed back."""

    def __init__(self, kit: UiContext, number: int, look: TileStyle) -> None:
        super().__init__()
        self._kit = kit
        self._look = look
        self._number = number
        self.word = ""
        self._is_right = False
        self.is_next = False
        self.setFixedHeight(_TILE_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_word(self, word: str, *, is_right: bool) -> None:
        """Show a word, or without one the cover."""
        self.word, self._is_right = word, is_right
        message = self._look.name if word else self._look.covered
        self._kit.translator.bind(
            self.setAccessibleName, message, number=lambda _: self._number, word=lambda _: word
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        font = self._kit.theme.font(TextStyle.HEADING)
        width = max(
            painting.text_width(self.word, font), painting.text_width(self._look.dots, font)
        )
        if self._look.is_narrow:
            return QSize(ceil(width) + self._word_at + _NARROW_PADDING, _TILE_HEIGHT)
        return QSize(ceil(width) + self._word_at + icons.LARGE + _TILE_PADDING, _TILE_HEIGHT)

    @property
    def _word_at(self) -> int:
        at = _NARROW_WORD_OFFSET if self._look.is_narrow else _WORD_OFFSET
        return self._kit.theme.scaled(at)

    def minimumSizeHint(self) -> QSize:
        """Return the preferred size: a word is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._kit.theme
        colours = theme.colours
        painter = QPainter(self)
        area = QRectF(self.rect())
        fill, line = colours.sunken, colours.line
        if self._is_right:
            fill, line = colours.success_soft, colours.success
        elif self.word:
            fill, line = colours.surface, colours.control
        painting.draw_box(painter, area, tokens.RADIUS_ROW, fill, line)
        if self.is_next:
            painting.draw_focus_ring(painter, area, tokens.RADIUS_ROW, colours.focus)
        is_narrow = self._look.is_narrow
        if not (is_narrow and self._is_right):
            number = area.adjusted(_NARROW_PADDING + 4 if is_narrow else _TILE_PADDING, 0, 0, 0)
            small = theme.font(TextStyle.SMALL)
            painting.draw_text(painter, number, str(self._number), small, colours.text_muted)
        word = area.adjusted(self._word_at, 0, -_NARROW_PADDING, 0)
        ink = colours.text if self.word else colours.text_muted
        painting.draw_text(
            painter, word, self.word or self._look.dots, theme.font(TextStyle.HEADING), ink
        )
        if self._is_right:
            self._paint_check(painter, area)

    def _paint_check(self, painter: QPainter, area: QRectF) -> None:
        side = icons.NORMAL
        left = _NARROW_PADDING if self._look.is_narrow else area.right() - side - _TILE_PADDING
        square = QRectF(left, round(area.center().y() - side / 2), side, side)
        theme = self._kit.theme
        theme.icons.paint(painter, "check", theme.colours.success, square)


# --- Wrong attempts


class RetryDelay(QObject):
    """Counts wrong attempts. `ticked` follows each second of a delay, and its end.

    `tries` are the attempts that an earlier window has counted.
    """

    ticked = Signal()

    def __init__(self, owner: QObject, tries: int = 0) -> None:
        super().__init__(owner)
        self._tries = tries
        self.seconds = 0
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self.count_down)

    @property
    def is_over(self) -> bool:
        """True if the user may try."""
        return self.seconds <= 0

    def record_failure(self) -> None:
        """Count a wrong attempt and start its delay."""
        self._tries += 1
        self.start_delay()

    def start_delay(self) -> None:
        """Start the delay for the attempts so far.

        Closing the window and opening it again ends no delay.
        """
        self.seconds = backoff_seconds(self._tries)
        if self.seconds:
            self._clock.start()
        self.ticked.emit()

    def reset(self) -> None:
        """Reset the count after a right attempt."""
        self._tries = 0

    def count_down(self) -> None:
        """Count one second down."""
        self.seconds = max(0, self.seconds - 1)
        if self.is_over:
            self._clock.stop()
        self.ticked.emit()

    def delay_text(self, language: Language) -> str:
        """Return how long the user still has to wait."""
        return language.ngettext(
            "Try again in {seconds} second", "Try again in {seconds} seconds", self.seconds
        ).format(seconds=self.seconds)


# --- Text lines and drop-down lists

_LEAST_CHOICE_WIDTH = 160
_TEXT_MARGIN = 12
"""Border and padding of the style sheet, left and right of the text."""
_CHOICE_EDGES = 44  # padding and border of a drop-down list in the style sheet


def has_typing_to_undo(widget: QWidget | None) -> bool:
    """Return whether a widget is a text field in which something was typed that can be undone."""
    if isinstance(widget, QLineEdit):
        return widget.isUndoAvailable()
    return isinstance(widget, QPlainTextEdit) and widget.document().isUndoAvailable()


class TextEntry(QLineEdit):
    """A line of text."""

    def __init__(self, height: int = tokens.CONTROL) -> None:
        super().__init__()
        self.setMinimumHeight(max(height, self.fontMetrics().height() + 12))

    def setPlaceholderText(self, text: str) -> None:
        """Set the placeholder; if it is cut, the tooltip has all of it."""
        super().setPlaceholderText(text)
        self._update_tooltip()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_tooltip()

    def _update_tooltip(self) -> None:
        hint = self.placeholderText()
        is_cut = self.fontMetrics().horizontalAdvance(hint) > self.width() - 2 * _TEXT_MARGIN
        set_tooltip(self, hint if is_cut else "")


class _PassphraseLine(QLineEdit):
    """A passphrase line that detects Caps Lock from its key events."""

    caps_lock_changed = Signal(bool)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._is_caps_on: bool | None = None
        self.set_covered(is_covered=True)
        self.setMinimumHeight(max(tokens.CONTROL_LARGE, self.fontMetrics().height() + 16))

    def set_covered(self, *, is_covered: bool) -> None:
        """Show bullets, larger than letters so that they can be counted, or the text."""
        self.setFont(self._kit.theme.font(TextStyle.TITLE if is_covered else TextStyle.BODY))
        self.setEchoMode(QLineEdit.EchoMode.Password if is_covered else QLineEdit.EchoMode.Normal)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Update the Caps Lock state from each letter, and from the key itself."""
        if event.key() == Qt.Key.Key_CapsLock and self._is_caps_on is not None:
            self._set_caps_lock(not self._is_caps_on)
        else:
            is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._set_caps_lock(detect_caps_lock(event.text(), is_shifted=is_shifted))
        super().keyPressEvent(event)

    def _set_caps_lock(self, is_on: bool | None) -> None:
        if is_on is not None and is_on != self._is_caps_on:
            self._is_caps_on = is_on
            self.caps_lock_changed.emit(is_on)


class PassphraseEntry(QWidget):
    """A passphrase input with a button that shows it."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.line = _PassphraseLine(kit)
        self.caps_lock_changed = self.line.caps_lock_changed
        self.cover = Button(kit, N_("Show"), "eye").with_height(tokens.CONTROL_LARGE)
        self.cover.clicked.connect(self._on_show_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.GRID - tokens.RESERVE)
        row.addWidget(self.line, 1)
        row.addWidget(self.cover)
        row.addSpacing(-tokens.RESERVE)
        self.setFocusProxy(self.line)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        """Return the typed text."""
        return self.line.text()

    def clear(self) -> None:
        """Clear the text and hide it again; what was read of it leaves memory after its use."""
        self.line.setText("")  # `clear` keeps the buffer of the text and the way back to it
        self._kit.worker.wipe_once_idle()
        self._cover(is_covered=True)

    def _on_show_clicked(self) -> None:
        self._cover(is_covered=self.line.echoMode() is QLineEdit.EchoMode.Normal)
        self.line.setFocus()

    def _cover(self, *, is_covered: bool) -> None:
        self.line.set_covered(is_covered=is_covered)
        self.cover.set_message(N_("Show") if is_covered else N_("Hide"))
        self.cover.show_icon("eye" if is_covered else "eye-off")


class ChoiceBox(QComboBox):
    """A drop-down list; each option is a key with a message. `chosen` carries the key."""

    chosen = Signal(str)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel does not take the keyboard
        self._options: tuple[tuple[str, Message], ...] = ()
        self._has_list = False
        self.setMinimumHeight(max(tokens.CONTROL, self.fontMetrics().height() + 12))
        kit.translator.changed.connect(self._on_language_changed)
        self.activated.connect(self._on_activated)
        self.currentTextChanged.connect(self._update_tooltip)

    @property
    def key(self) -> str:
        """The key of the chosen option; empty if there is none."""
        place = self.currentIndex()
        return self._options[place][0] if place >= 0 else ""

    def set_options(self, options: Sequence[tuple[str, Message]], key: str = "") -> None:
        """Replace the options and choose `key`, or the first one."""
        self._options = tuple(options)
        self.clear()
        self.addItems([self._kit.translator.translate(message) for _, message in options])
        keys = [option for option, _ in options]
        self.setCurrentIndex(keys.index(key) if key in keys else 0)

    def showPopup(self) -> None:
        """Set up the list on first use: it would slow down the start, and may never be opened."""
        if not self._has_list:
            self._has_list = True
            self.setItemDelegate(QStyledItemDelegate(self))
        super().showPopup()
        self._show_whole_rows()

    def minimumSizeHint(self) -> QSize:
        """Return a small width: the text is cut rather than the page widened."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self._kit.theme.scaled(_LEAST_CHOICE_WIDTH)), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_tooltip()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let keys of the window pass: Qt would look for an option that begins with Ctrl+F."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the wheel scroll the page; it never changes an answer by accident."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the box as Qt does, with dots where its text or its placeholder is cut."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.width() - _CHOICE_EDGES
        words = option.currentText or self.placeholderText()
        cut = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        colours = self._kit.theme.colours
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        if option.currentText:
            option.currentText = cut
            painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        else:  # the style sheet would write the hint as an answer
            part = QStyle.SubControl.SC_ComboBoxEditField
            field = self.style().subControlRect(
                QStyle.ComplexControl.CC_ComboBox, option, part, self
            )
            painter.setPen(QColor(colours.text_muted))
            painter.drawText(field, Qt.AlignmentFlag.AlignVCenter, cut)
        painter.end()
        ink = colours.text if self.isEnabled() else colours.text_muted
        top = round((self.height() - icons.MEDIUM) / 2)
        square = QRectF(self.width() - icons.MEDIUM - 10, top, icons.MEDIUM, icons.MEDIUM)
        self._kit.theme.icons.paint(QPainter(self), "chevron-down", ink, square)

    def _update_tooltip(self) -> None:
        """Set the tooltip to the whole text if it is cut."""
        words = self.currentText()
        room = self.width() - _CHOICE_EDGES
        is_cut = self.fontMetrics().horizontalAdvance(words) > room
        set_tooltip(self, words if is_cut else "")

    def _show_whole_rows(self) -> None:
        """Fit the list to whole rows: Qt forgets the padding of the style sheet.

        A later pass takes back the room of the scroll arrow, which the first made needless.
        """
        view, room = self.view(), self.screen().availableGeometry()
        popup = view.window()
        is_above = popup.y() < self.mapToGlobal(QPoint()).y()
        rows = range(min(self.count(), self.maxVisibleItems()))
        wanted = sum(view.sizeHintForRow(row) for row in rows)
        for _ in range(3):
            place = popup.geometry()
            bottom = place.bottom() if is_above else room.bottom()
            height = place.height() + wanted - view.viewport().height()
            place.setHeight(min(height, room.height()))
            if is_above or place.bottom() > bottom:
                place.moveBottom(bottom)
            popup.setGeometry(place)
            QApplication.sendPostedEvents(popup, QEvent.Type.LayoutRequest.value)

    def _on_activated(self, _place: int) -> None:
        self.chosen.emit(self.key)

    def _on_language_changed(self) -> None:
        for place, (_, message) in enumerate(self._options):
            self.setItemText(place, self._kit.translator.translate(message))


def detect_caps_lock(typed: str, *, is_shifted: bool) -> bool | None:
    """Return whether Caps Lock is on, judged by one typed letter; None if unknown."""
    if len(typed) != 1 or typed.upper() == typed.lower():
        return None
    return typed.isupper() is not is_shifted


# --- Check boxes

_BOX_SIZE = 18
_BOX_GAP = 9
_SENTENCE_OFFSET = tokens.RESERVE + _BOX_SIZE + _BOX_GAP


class NoCopyEntry(TextEntry):
    """A text line whose content cannot be copied out."""

    def __init__(self) -> None:
        super().__init__(tokens.CONTROL_LARGE)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.selectionChanged.connect(self.deselect)


class CheckBox(ToggleClick, QCheckBox):
    """A check box with its sentence."""

    def __init__(self, kit: UiContext, message: Message) -> None:
        super().__init__()
        self._kit = kit
        self.click_on_toggle()
        self.setFont(kit.theme.font(TextStyle.BODY))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        kit.translator.bind(self.setText, message)

    def sizeHint(self) -> QSize:
        return self._size(painting.text_width(self.text(), self.font()))

    def minimumSizeHint(self) -> QSize:
        """Return the size of the longest word: the sentence wraps and is never cut."""
        return self._size(painting.longest_word_width(self.text(), self.font()))

    def heightForWidth(self, width: int) -> int:
        lines = painting.wrapped_height(
            self.text(), self.font(), width - _SENTENCE_OFFSET - tokens.RESERVE + 1
        )
        return max(_BOX_SIZE + 2 * tokens.RESERVE, round(lines) + tokens.RESERVE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Adapt the height to the number of lines at this width."""
        super().resizeEvent(event)
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def _size(self, words: float) -> QSize:
        width = _SENTENCE_OFFSET + round(words) + 1 + tokens.RESERVE
        return QSize(width, max(self.heightForWidth(tokens.MAX_WIDGET_SIZE), self.minimumHeight()))

    def hitButton(self, at: QPoint) -> bool:
        """Accept clicks on box and sentence, not on the empty rest of the row."""
        return at.x() < self.sizeHint().width()

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._kit.theme.colours
        painter = QPainter(self)
        gap = tokens.RESERVE
        box = QRectF(gap, round((self.height() - _BOX_SIZE) / 2), _BOX_SIZE, _BOX_SIZE)
        if not self.isEnabled():
            painting.draw_box(painter, box, 4, colours.sunken, colours.line)
            if self.isChecked():
                painting.draw_check(painter, box, colours.text_muted)
        elif self.isChecked():
            fill = colours.accent_hover if self.underMouse() else colours.accent
            painting.draw_box(painter, box, 4, fill)
            painting.draw_check(painter, box, colours.accent_text)
        else:
            line = colours.accent_hover if self.underMouse() else colours.control
            painting.draw_box(painter, box, 4, colours.surface, line)
        if self.hasFocus():
            painting.draw_focus_ring(
                painter, box.adjusted(-gap, -gap, gap, gap), 4 + gap, colours.focus
            )
        words = QRectF(_SENTENCE_OFFSET, 0, self.width() - _SENTENCE_OFFSET, self.height())
        ink = colours.text if self.isEnabled() else colours.text_muted
        painting.draw_wrapped_text(painter, words, self.text(), self.font(), ink)


# --- Inputs with a label

_NOTE_ICON_SIZE = 16
_NOTE_GAP = 6
_NOTE_ICONS = {
    Tone.DANGER: "circle-alert",
    Tone.WARNING: "triangle-alert",
    Tone.SUCCESS: "circle-check",
    Tone.MUTED: "info",
}


class LabelledField(QWidget):
    """An input with a label and space for a note or an error."""

    def __init__(self, kit: UiContext, message: Message, entry: QWidget) -> None:
        super().__init__()
        self._kit = kit
        self.entry = entry
        self._target = entry.line if isinstance(entry, PassphraseEntry) else entry
        self._label = label = Label(kit, style=TextStyle.LABEL, tone=Tone.MUTED).wrapped()
        label.setBuddy(self._target)
        self.set_label(message)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.LABEL_GAP)
        column.addWidget(label)
        column.addWidget(entry)
        self._note: QWidget | None = None
        self._longest: Message = ""
        self._least_lines = 0

    def set_label(self, message: Message) -> None:
        """Change the label."""
        self._label.set_message(message)
        self._kit.translator.bind(self._target.setAccessibleName, message)

    @property
    def has_error(self) -> bool:
        """True if the field shows an error."""
        return bool(self._target.property("wrong"))

    def reserve_note(self, longest: Message = "", lines: int = 1) -> None:
        """Keep room for a note as long as `longest`, or of so many lines: nothing below moves."""
        note = self._note = self._note or self._make_note()
        keep_room(note)
        note.hide()
        self._longest, self._least_lines = longest, lines
        self._kit.translator.on_language_change(self, self._fit_note)
        self._fit_note()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_note()

    def show_error(self, message: Message, **places: PlaceholderFunction) -> None:
        """Show an error: what is wrong and what to do about it."""
        self._mark(is_wrong=True)
        self._show_message(Tone.DANGER, message, **places)

    def show_note(self, tone: Tone, message: Message, **places: PlaceholderFunction) -> None:
        """Show a note in place of an error."""
        self._mark(is_wrong=False)
        self._show_message(tone, message, **places)

    def clear_note(self) -> None:
        """Remove the note or error."""
        self._mark(is_wrong=False)
        if self._note is not None:
            self._note.hide()
        self._target.setAccessibleDescription("")

    def _show_message(self, tone: Tone, message: Message, **places: PlaceholderFunction) -> None:
        note = self._note = self._note or self._make_note()
        self._sign.show_icon(_NOTE_ICONS[tone], tone)
        self._words.set_tone(tone)
        self._words.set_message(message, **places)
        self._kit.translator.bind(self._target.setAccessibleDescription, message, **places)
        note.show()

    def _mark(self, *, is_wrong: bool) -> None:
        if self.has_error != is_wrong:
            self._target.setProperty("wrong", is_wrong)
            self._target.style().polish(self._target)

    def _fit_note(self) -> None:
        if self._note is None or not self._least_lines:
            return
        room = self.width() - _NOTE_ICON_SIZE - _NOTE_GAP
        text, font = self._kit.translator.translate(self._longest), self._words.font()
        least = self._least_lines * painting.text_height(font)
        self._note.setMinimumHeight(ceil(max(painting.wrapped_height(text, font, room), least)))

    def _make_note(self) -> QWidget:
        """Build the note on first use: most fields never show one."""
        note = QWidget(self)
        self._sign = Icon(self._kit, "info", size=_NOTE_ICON_SIZE)
        self._words = Label(self._kit, style=TextStyle.SMALL).wrapped()
        row = QHBoxLayout(note)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_NOTE_GAP)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1, Qt.AlignmentFlag.AlignTop)
        self._column.addWidget(note)
        return note
