# SPDX-License-Identifier: GPL-3.0-or-later
"""The inputs that editors are made of: lines, text areas, autocomplete, messages, conflicts.

Autocomplete filters by the beginnings of words, in any alphabet and with or without accents.
It sorts names by the rules of the window's language. The caller provides the options. The
parts know no field's kind and no record.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from math import ceil

from PySide6.QtCore import (
    QCollator,
    QEvent,
    QLocale,
    QMimeData,
    QModelIndex,
    QObject,
    QRect,
    QRectF,
    QSize,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QApplication,
    QCompleter,
    QFrame,
    QListView,
    QPlainTextEdit,
    QSizePolicy,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from kfdesk.domain.kinds import clean_text
from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import FoldedWord, fold_words, matches_all
from kfdesk.domain.rows import FieldVersion
from kfdesk.domain.schema import Field
from kfdesk.domain.values import MissingAnswer
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import value_text
from kfdesk.ui import icons, tokens
from kfdesk.ui.context import UiContext
from kfdesk.ui.record_views import written_at
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets import painting
from kfdesk.ui.widgets.build import STRETCH, TOP, aligned, column, extend, grown, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonInks, ButtonLook, PaintedButton, PushButton
from kfdesk.ui.widgets.inputs import TextEntry
from kfdesk.ui.widgets.layout import clear_layout
from kfdesk.ui.widgets.text import Icon

# --- Text inputs

_MOST_LINES = 8
_AREA_FRAME = 4  # border and padding, above and below together


def clean_input(text: str) -> str:
    """Return the text without forbidden characters; keep spaces at its ends for further typing."""
    return clean_text(f"|{text}|")[1:-1]


class LineInput(TextEntry):
    """A line of text; emits `typed` after the user changed it."""

    typed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.textEdited.connect(self._on_text_edited)

    def show_text(self, text: str) -> None:
        """Show a text without `typed`; keep the cursor where the user types.

        A focused line keeps the spaces at its ends, because the next letter may follow them.
        """
        at, old = self.cursorPosition(), self.text()
        is_same = self.hasFocus() and clean_text(old) == text
        self.setText(old if is_same else text)
        if self.hasFocus():
            self.setCursorPosition(len(self.text()) if at == len(old) else at)

    def _on_text_edited(self, text: str) -> None:
        fitting = clean_input(text).replace("\n", " ")
        if fitting != text:
            at = self.cursorPosition() - (len(text) - len(fitting))
            self.setText(fitting)
            self.setCursorPosition(max(0, at))
        self.typed.emit()


class GrowingTextArea(QPlainTextEdit):
    """A text area that grows by lines; emits `typed` after the user changed it.

    With a single line it takes no line breaks, and passes Enter on to the page.
    """

    typed = Signal()

    def __init__(self, *, lines: int = 1) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel does not take the keyboard
        self._least = lines
        self._is_loading = False
        self._is_single = lines == 1
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._on_text_changed)
        self._fit_height()

    def show_text(self, text: str) -> None:
        """Show a text without `typed`; keep its line breaks.

        The text is shown again after each saving: the cursor stays where the user types, with
        the spaces before it, and the next undo takes back the saving.
        """
        if self.hasFocus() and clean_text(self.toPlainText()) == text:
            self.document().clearUndoRedoStacks()
            return
        at = self.textCursor().position()
        self._is_loading = True
        self.setPlainText(text)
        self._is_loading = False
        if self.hasFocus():
            cursor = self.textCursor()
            cursor.setPosition(min(at, len(text)))
            self.setTextCursor(cursor)
        self._is_single = self._least == 1 and "\n" not in text

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Insert pasted and dropped text as cleaned plain text only."""
        self.insertPlainText(self._cleaned(source.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass Enter on to the page if this is a single line."""
        is_break = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if self._is_single and is_break:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _on_text_changed(self) -> None:
        self._fit_height()
        if self._is_loading:
            return
        text = self.toPlainText()
        fitting = self._cleaned(text)
        if fitting != text:
            at = self.textCursor().position() - (len(text) - len(fitting))
            self._replace(fitting, max(0, at))
        self.typed.emit()

    def _replace(self, text: str, at: int) -> None:
        """Replace the whole text so that undo works, with the cursor at `at`."""
        self._is_loading = True
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.setPosition(min(at, len(text)))
        self.setTextCursor(cursor)
        self._is_loading = False

    def _cleaned(self, text: str) -> str:
        fitting = clean_input(text)
        return fitting.replace("\n", " ") if self._is_single else fitting

    def _fit_height(self) -> None:
        needed = round(self.document().size().height())
        lines = max(self._least, min(_MOST_LINES, needed))
        margin = round(self.document().documentMargin())
        words = ceil(lines * QFontMetricsF(self.font()).lineSpacing())
        height = max(tokens.CONTROL, words + 2 * margin + _AREA_FRAME)
        self.setViewportMargins(0, (height - words - 2 * margin - _AREA_FRAME) // 2, 0, 0)
        is_long = needed > _MOST_LINES
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if is_long else policy.ScrollBarAlwaysOff
        )
        if self.height() != height or self.minimumHeight() != height:
            self.setFixedHeight(height)


# --- Missing answers

MISSING_ANSWER_WORDS: Mapping[MissingAnswer, tuple[str, str]] = {
    MissingAnswer.UNKNOWN: (N_("unknown"), "circle-question-mark"),
    MissingAnswer.DECLINED: (N_("does not want to say"), "ban"),
}
"""The words and the icon of each missing answer."""

ANSWERS_KEY = "Alt+Down"
"""The key that opens the missing answers, anywhere in an editor."""

_VIEW_INSET = 10
_ICON_GAP = 8


class AnswerButton(Button):
    """The small button that opens the missing answers; it is muted until hovered or pressed."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit, N_("Other answer"), "circle-dashed", ButtonLook.QUIET)
        self.show_key(ANSWERS_KEY).bared()
        self.with_height(tokens.CONTROL - 2 * tokens.RESERVE)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _inks(self) -> ButtonInks:
        inks = super()._inks()
        is_wanted = self.underMouse() or self.isDown()
        return inks if is_wanted else inks._replace(ink=self._colours().text_muted)


class MissingAnswerView(PushButton):
    """A view of a missing answer. `menu_asked` when pressed; `typed` carries a typed letter."""

    menu_asked = Signal()
    typed = Signal(str)

    def __init__(self, kit: UiContext, label: str) -> None:
        super().__init__()
        self._kit = kit
        self._icon = ""
        self.setFont(kit.theme.font(TextStyle.BODY))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.menu_asked)
        kit.translator.bind(self.setAccessibleName, label)

    def show_answer(self, gap: MissingAnswer) -> None:
        words, self._icon = MISSING_ANSWER_WORDS[gap]
        self._kit.translator.bind(self.setText, words)
        self._kit.translator.bind(self.setAccessibleDescription, words)
        self.update()

    def sizeHint(self) -> QSize:
        width = (
            painting.text_width(self.text(), self.font())
            + icons.MEDIUM
            + _ICON_GAP
            + 2 * _VIEW_INSET
        )
        return QSize(round(width), max(tokens.CONTROL, self.fontMetrics().height() + 12))

    def minimumSizeHint(self) -> QSize:
        return QSize(tokens.CONTROL, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle the keys: open the menu, clear the answer, or begin a value with a letter."""
        key, text = event.key(), event.text()
        if key in (Qt.Key.Key_Space, Qt.Key.Key_Down):
            self.menu_asked.emit()
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.typed.emit("")
        elif text.strip() and text.isprintable() and not event.modifiers() & _COMMAND_MODIFIERS:
            self.typed.emit(text)
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._kit.theme
        colours = theme.colours
        painter = QPainter(self)
        area = QRectF(self.rect())
        line = colours.text if self.underMouse() and self.isEnabled() else colours.line
        painting.draw_box(painter, area, tokens.RADIUS_CONTROL, colours.sunken, line)
        if self.hasFocus():
            painting.draw_focus_ring(painter, area, tokens.RADIUS_CONTROL, colours.focus)
        top = round((self.height() - icons.MEDIUM) / 2)
        square = QRectF(_VIEW_INSET, top, icons.MEDIUM, icons.MEDIUM)
        theme.icons.paint(painter, self._icon, colours.text_muted, square)
        left = _VIEW_INSET + icons.MEDIUM + _ICON_GAP
        words = QRectF(left, 0, self.width() - left - _VIEW_INSET, self.height())
        painting.draw_text(painter, words, self.text(), self.font(), colours.text_muted)


_COMMAND_MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


# --- Autocomplete

Options = Sequence[tuple[str, Message]]
"""The options: keys with their messages."""

OptionRows = Sequence[tuple[str, str]]
"""The rows of a list: keys with their labels in the window's language."""

RowSource = Callable[[str], OptionRows]
"""Return the rows for the typed text; without text, those to show first."""

RowSearch = Callable[[str, Callable[[OptionRows], None]], None]
"""Search elsewhere for the typed text, and pass the rows on when they are found."""

NOT_IN_LIST = N_("This is not in the list, so it is not saved. Choose one from the list.")
NOT_IN_CONTACTS = N_(
    "This is not in the list, so it is not saved. Choose one from the list, or enter it in "
    "Contacts first."
)
_MOST_ROWS = 10
_LEAST_WIDTH = 320


def sorted_options(options: Options, kit: UiContext) -> OptionRows:
    """Return the options in the window's language, sorted by its alphabet."""
    collator = QCollator(QLocale(kit.translator.language.code))
    rows = [(key, kit.translator.translate(message)) for key, message in options]
    return sorted(rows, key=lambda row: collator.sortKey(row[1]))


def matching_rows(rows: OptionRows, typed: str) -> OptionRows:
    """Return the rows in which every typed word begins a word."""
    wanted = fold_words(typed)
    if not wanted:
        return rows
    return [row for row in rows if matches_all(_folded_words(row[1]), wanted)]


@lru_cache(maxsize=2048)
def _folded_words(text: str) -> tuple[FoldedWord, ...]:
    """Return the folded words of a row, cached because each letter asks for the same rows."""
    return fold_words(text)


class SuggestionPopup(QObject):
    """A popup list below an input. `taken` carries the key of the row that was chosen."""

    taken = Signal(str)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._rows: OptionRows = ()
        self._model = QStringListModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(_MOST_ROWS)
        self._completer.setWidget(widget)
        chosen = self._completer.activated[QModelIndex]  # type: ignore[index]  # one of two
        chosen.connect(self._on_activated)
        self._widget = widget
        widget.installEventFilter(self)
        self.list: QListView | None = None

    @property
    def is_open(self) -> bool:
        """True if the list is visible."""
        return self.list is not None and self.list.isVisible()

    def show_rows(self, rows: OptionRows) -> None:
        """Show these rows below the widget, or close the list if there are none."""
        self._rows = rows
        self._model.setStringList([text for _, text in rows])
        if not rows:
            self.close()
            return
        self._make_list()
        width = max(self._widget.width(), _LEAST_WIDTH)
        self._completer.complete(QRect(0, 2, width, self._widget.height()))

    def choose_first(self) -> bool:
        """Choose the marked row, else the first. Return whether there was one."""
        if self.list is None or not self.is_open:
            return False
        self._take(max(0, self.list.currentIndex().row()))
        return True

    def _take(self, row: int) -> None:
        self.close()
        self.taken.emit(self._rows[row][0])

    def _on_list_key(self, event: QKeyEvent) -> bool:
        """Take the marked or the only row on Enter and Tab; Tab then goes on from the input.

        The completer would close its list, and take neither the only row nor the Tab.
        """
        assert self.list is not None
        is_tab = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        if not is_tab and event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        marked = [index.row() for index in self.list.selectionModel().selectedIndexes()]
        rows = marked or list(range(len(self._rows)))
        is_answer = len(rows) == 1
        if is_answer:
            self._take(rows[0])
        if is_tab:
            self.close()
            QApplication.sendEvent(self._widget, event)
        return is_tab or is_answer

    def close(self) -> None:
        """Hide the list."""
        if self.list is not None:
            self.list.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close the list when the widget is hidden, because it shows data from the store."""
        if watched is self._widget and event.type() is QEvent.Type.Hide:
            self.close()
        if watched is self.list and isinstance(event, QKeyEvent) and self.is_open:
            return event.type() is QEvent.Type.KeyPress and self._on_list_key(event)
        return False

    def _make_list(self) -> None:
        """Build the list on first use: it would slow down a page that may never open it."""
        if self.list is None:
            self.list = QListView()
            self.list.setProperty("ground", "popup")
            self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._completer.setPopup(self.list)  # becomes a top-level window here
            self.list.installEventFilter(self)  # after the completer, so it is asked before it
            self.list.setStyleSheet(self._widget.window().styleSheet())
            self.list.setItemDelegate(QStyledItemDelegate(self.list))

    def _on_activated(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self._rows):
            self.taken.emit(self._rows[index.row()][0])


_ARROW_ROOM = icons.MEDIUM + 20
"""The width at the end in which a click opens the list, in pixels."""


class AutocompleteInput(LineInput):
    """An input with a list of options. `chosen` carries a key that the user chose.

    `learned` carries a key found by the search, and its label, before it is chosen.
    """

    chosen = Signal(str)
    learned = Signal(str, str)

    def __init__(
        self,
        kit: UiContext,
        source: RowSource,
        name: Callable[[str, Language], str],
        seeker: RowSearch | None = None,
    ) -> None:
        """Build the input; `source` finds rows, `name` labels a key, `seeker` searches later."""
        super().__init__()
        self._kit = kit
        self._source = source
        self._name = name
        self._seeker = seeker
        self._sought: OptionRows = ()
        self._sought_for = ""
        self.key = ""
        self.proposals = SuggestionPopup(self)
        self.proposals.taken.connect(self._on_taken)
        self.typed.connect(self._on_typed)
        self.setTextMargins(0, 0, icons.MEDIUM + 8, 0)
        self._arrow = PaintedButton(self)
        self._arrow.clicked.connect(self._open_shown_list)
        kit.translator.bind(self._arrow.setAccessibleName, N_("Show the choices"))
        kit.translator.changed.connect(self._on_language_changed)

    @property
    def has_invalid_text(self) -> bool:
        """True if the text is no valid choice."""
        return not self.key and bool(self.text().strip())

    def show_key(self, key: str) -> None:
        """Show a choice, or none, without emitting `chosen`."""
        is_same = self.key == key and self.hasFocus()
        self.key = key
        self.show_text(self._name(key, self._kit.translator.language) if key else "")
        if not is_same:
            self.setCursorPosition(0)

    def commit_text(self) -> None:
        """Choose the row that the typed text names or begins, if it can be only one.

        Where a search goes beyond the options, what it found for this text counts as well.
        """
        self.proposals.close()
        if not self.has_invalid_text:
            return
        wanted, is_sought = self.text().strip().casefold(), self._sought_for == self.text()
        rows = dict([*self._source(self.text()), *(self._sought if is_sought else ())])
        same = {key for key, text in rows.items() if text.casefold() == wanted}
        if not same and (self._seeker is None or is_sought):
            same = set(rows)
        if len(same) == 1:
            self._on_taken(same.pop())

    def open_list(self, typed: str = "") -> None:
        """Show the rows for the typed text; without text, the rows that the source shows first."""
        if not self.isEnabled() or self.isReadOnly():
            return
        self.proposals.show_rows(self._source(typed))
        if self._seeker is not None and typed.strip():
            self._seeker(typed, partial(self._on_rows_found, typed))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list on Down; choose the marked or the first row on Enter."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_F4) and not event.modifiers():
            self._open_shown_list()
        elif (
            is_enter
            and not event.modifiers()
            and self.has_invalid_text
            and self.proposals.choose_first()
        ):
            event.accept()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the list on a click on the arrow; let other clicks edit the text."""
        super().mousePressEvent(event)
        if (event.position().x() > self.width() - _ARROW_ROOM) or not self.text():
            self._open_shown_list()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrow.setGeometry(self.width() - _ARROW_ROOM, 0, _ARROW_ROOM, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        colours = self._kit.theme.colours
        ink = colours.text if self.isEnabled() else colours.text_muted
        top = round((self.height() - icons.MEDIUM) / 2)
        square = QRectF(self.width() - icons.MEDIUM - 10, top, icons.MEDIUM, icons.MEDIUM)
        self._kit.theme.icons.paint(QPainter(self), "chevron-down", ink, square)

    def _open_shown_list(self) -> None:
        """Show the rows for a text that is no choice yet, or all rows."""
        self.setFocus()
        self.open_list(self.text() if self.has_invalid_text else "")

    def _on_typed(self) -> None:
        self.key = ""
        if self.text().strip():
            self.open_list(self.text())
        else:
            self.proposals.close()

    def _on_rows_found(self, typed: str, rows: OptionRows) -> None:
        """Show the rows found by the search, if the text is still the same."""
        if isValid(self) and self.has_invalid_text and self.text() == typed and self.hasFocus():
            self._sought, self._sought_for = rows, typed
            self.proposals.show_rows(rows)

    def _on_taken(self, key: str) -> None:
        name = dict(self._sought).get(key)
        if name is not None:
            self.learned.emit(key, name)
        self.show_key(key)
        self.chosen.emit(key)

    def _on_language_changed(self) -> None:
        if self.key:
            self.show_key(self.key)


def make_row_source(kit: UiContext, options: Callable[[], Options]) -> RowSource:
    """Return a row source for a list of options, sorted once per list and language."""
    held: list[tuple[Options, str, OptionRows]] = []

    def source(typed: str) -> OptionRows:
        now, code = options(), kit.translator.language.code
        if not held or held[0][0] is not now or held[0][1] != code:
            held[:] = [(now, code, sorted_options(now, kit))]
        return matching_rows(held[0][2], typed)

    return source


def make_labeller(
    options: Callable[[], Options], kit: UiContext, other: Message
) -> Callable[..., str]:
    """Return a function that labels a key of the options, or uses `other` for an unknown key."""

    def _name(key: str, _language: Language) -> str:
        return kit.translator.translate(dict(options()).get(key, other))

    return _name


# --- Messages and conflicts

_MESSAGE_ICON = 16

CONFLICT_TEXT = N_("Two values, not yet decided.")


class FieldMessage(QWidget):
    """A line of small text after an icon."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._sign = Icon(kit, "info", size=_MESSAGE_ICON)
        self.words = text(kit, "", TextStyle.SMALL)
        row(aligned(self._sign, TOP), grown(self.words), gap=6, on=self)

    def show_message(self, message: Message, icon: str, tone: Tone) -> None:
        """Show a message with an icon in a tone."""
        self._sign.show_icon(icon, tone)
        self.words.set_tone(tone)
        self.words.set_message(message)


class ConflictView(QFrame):
    """The versions of a field in conflict, and the button to decide."""

    def __init__(self, kit: UiContext, field: Field) -> None:
        super().__init__()
        self._kit = kit
        self._field = field
        self.decide = Button(kit, N_("Decide"), "git-merge").with_height(tokens.CONTROL_COMPACT)
        self._versions = QVBoxLayout()
        self.setProperty("ground", "sunken")
        head = FieldMessage(kit)
        head.show_message(CONFLICT_TEXT, "triangle-alert", Tone.WARNING)
        foot = row(-tokens.RESERVE, self.decide, STRETCH)
        column(head, self._versions, foot, gap=tokens.GRID, margins=(12, 8, 12, 8), on=self)

    def show_versions(self, versions: Sequence[FieldVersion]) -> None:
        """Show these versions, or hide the view if there are none."""
        clear_layout(self._versions)
        for version in versions:
            extend(self._versions, self._make_version(version))
        self.setVisible(bool(versions))

    def _make_version(self, version: FieldVersion) -> QWidget:
        part = QWidget()
        field = self._field
        value = text(self._kit, "", TextStyle.STRONG)
        value.set_message(lambda language: value_text(field, version.value, language))
        author = muted(self._kit, "", TextStyle.SMALL)
        author.set_message(
            lambda language: f"{version.author}, {written_at(version.milliseconds, language)}"
        )
        column(value, author, on=part)
        return part
