# SPDX-License-Identifier: GPL-3.0-or-later
"""Quick find: a field in the top bar, and the list of results below it.

It searches during typing. The worker searches in small slices, so that other jobs can run
in between. The index is built once at the start and matched at each pause in typing; only
the newest answer counts. Closing the list discards the text and the index. Clients are
shown by code and alias, whichever name was found.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelection,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGraphicsDropShadowEffect,
    QLineEdit,
    QListView,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import FoldedWord, fold_words, matches_all
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.directory.search import HitKind, QuickFindIndex, QuickFindSearch, SearchHit
from kfdesk.ui import icons, tokens
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.widgets import painting
from kfdesk.ui.widgets.build import column
from kfdesk.ui.widgets.text import Label, set_tooltip

# --- The field

FIND_FIELD_WIDTH = 300
_TEXT_LEFT = 34
_KEY_RIGHT = 10
_STEP_KEYS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -6, Qt.Key.Key_PageDown: 6}


class QuickFindField(QLineEdit):
    """The quick find field."""

    stepped = Signal(int)
    entered = Signal()
    escaped = Signal()
    left = Signal()

    def __init__(self, kit: UiContext, keys: str) -> None:
        super().__init__()
        self._kit = kit
        self._keys = keys
        self.setProperty("ground", "find")
        self.setMaxLength(100)
        self.setMinimumHeight(max(tokens.CONTROL, self.fontMetrics().height() + 12))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(FIND_FIELD_WIDTH)
        self._hint = ""
        kit.translator.bind(self._set_hint, N_("Search"))
        kit.translator.bind(self.setAccessibleName, N_("Search"))
        kit.translator.bind(
            self.setAccessibleDescription,
            N_("Plans by code, name, place or note, contacts, phone numbers and commands"),
        )
        self.textChanged.connect(self._on_text_changed)
        self._on_text_changed("")

    def sizeHint(self) -> QSize:
        return QSize(FIND_FIELD_WIDTH, self.minimumHeight())

    def minimumSizeHint(self) -> QSize:
        return QSize(_TEXT_LEFT + 40, self.minimumHeight())

    def event(self, event: QEvent) -> bool:
        """Claim Esc while the field has the focus, before any shortcut gets it."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Signal steps, Enter and Esc; type everything else."""
        if event.key() in _STEP_KEYS:
            self.stepped.emit(_STEP_KEYS[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hide the key, so that the text can use its space."""
        super().focusInEvent(event)
        self._fit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """End the search when the focus goes elsewhere."""
        super().focusOutEvent(event)
        self._fit()
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = self._kit.theme
        painter = QPainter(self)
        square = QRectF(10, round((self.height() - icons.MEDIUM) / 2), icons.MEDIUM, icons.MEDIUM)
        theme.icons.paint(painter, "search", theme.colours.text_muted, square)
        if self._shows_key:
            width = painting.key_hint_width(theme, self._keys)
            high = painting.key_hint_height(theme)
            area = QRectF(
                self.width() - width - _KEY_RIGHT, round((self.height() - high) / 2), width, high
            )
            inks = (theme.colours.text_muted, theme.colours.line)
            painting.draw_key_hint(painter, theme, area, self._keys, inks)

    @property
    def _shows_key(self) -> bool:
        words = painting.text_width(self._hint, self.font())
        room = (
            self.width()
            - _TEXT_LEFT
            - 2 * _KEY_RIGHT
            - painting.key_hint_width(self._kit.theme, self._keys)
        )
        return not self.text() and not self.hasFocus() and room > words

    def _on_text_changed(self, _text: str) -> None:
        self._fit()

    def _set_hint(self, hint: str) -> None:
        self._hint = hint
        self._fit()

    def _fit(self) -> None:
        """Show the placeholder, or move it to the tooltip if it does not fit."""
        has_room = (
            painting.text_width(self._hint, self.font()) < self.width() - _TEXT_LEFT - _KEY_RIGHT
        )
        self.setPlaceholderText(self._hint if has_room else "")
        set_tooltip(self, "" if has_room else self._hint)
        self.setTextMargins(_TEXT_LEFT - 9, 0, 0, 0)
        self.update()


# --- The list

_LINE_ROLE = Qt.ItemDataRole.UserRole
_LINE_PADDING = 10
_LINE_GAP = 8
_MOST_LINES_SEEN = 9
_ModelIndex = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A result: its texts, its kind, optionally its key, and the function that opens it."""

    icon: str
    title: str
    under: str
    what: str
    open: Callable[[], object]
    keys: str = ""

    @property
    def accessible_text(self) -> str:
        """The text for screen readers."""
        return ", ".join(part for part in (self.title, self.under, self.what) if part)


class ResultModel(QAbstractListModel):
    """The model of the result lines."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[ResultLine, ...] = ()

    def show_lines(self, lines: Sequence[ResultLine]) -> None:
        """Replace the lines."""
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, _parent: _ModelIndex | None = None) -> int:
        return len(self.lines)

    def data(self, index: _ModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.lines[index.row()]
        if role == _LINE_ROLE:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.accessible_text
        return None


class _ResultDelegate(QStyledItemDelegate):
    """The delegate that paints a result line."""

    def __init__(self, kit: UiContext, view: "ResultList") -> None:
        super().__init__(view)
        self._kit = kit
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _ModelIndex) -> QSize:
        return QSize(1, self._view.line_height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _ModelIndex) -> None:
        theme = self._kit.theme
        colours = theme.colours
        line: ResultLine = index.data(_LINE_ROLE)
        area = QRectF(option.rect)
        is_chosen = index.row() == self._view.currentIndex().row()
        ink, soft = colours.text, colours.text_muted
        if is_chosen:
            painting.draw_box(painter, area, tokens.RADIUS_CONTROL, colours.selection)
            ink = colours.selection_text
        area = area.adjusted(_LINE_PADDING, 0, -_LINE_PADDING, 0)
        top = round(area.center().y() - icons.NORMAL / 2)
        square = QRectF(area.left(), top, icons.NORMAL, icons.NORMAL)
        theme.icons.paint(painter, line.icon, colours.accent if is_chosen else soft, square)
        area.setLeft(square.right() + _LINE_PADDING)
        area.setRight(self._paint_end(painter, area, line) - _LINE_GAP)
        strong, body = theme.font(TextStyle.STRONG), theme.font(TextStyle.BODY)
        painting.draw_text(painter, area, line.title, strong, ink)
        area.setLeft(area.left() + painting.text_width(line.title, strong) + _LINE_GAP)
        if line.under and area.width() > 2 * _LINE_PADDING:
            painting.draw_text(painter, area, line.under, body, soft)

    def _paint_end(self, painter: QPainter, area: QRectF, line: ResultLine) -> float:
        """Paint the kind, or the key of the command. Return where it begins."""
        theme = self._kit.theme
        muted = theme.colours.text_muted
        if line.keys:
            width = painting.key_hint_width(theme, line.keys)
            high = painting.key_hint_height(theme)
            top = round(area.center().y() - high / 2)
            hint = QRectF(area.right() - width, top, width, high)
            painting.draw_key_hint(painter, theme, hint, line.keys, (muted, theme.colours.control))
            return hint.left()
        font = theme.font(TextStyle.SMALL)
        width = min(painting.text_width(line.what, font) + 1, area.width() / 2)
        word = QRectF(area.right() - width, area.top(), width, area.height())
        painting.draw_text(painter, word, line.what, font, muted)
        return word.left()


class ResultList(QListView):
    """The list view; `opened` carries the chosen line, `turned` follows a step."""

    opened = Signal(object)
    turned = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self.lines = ResultModel()
        self._is_own_change = False
        self.line_height = max(tokens.SIDEBAR_ITEM, self.fontMetrics().height() + 14)
        self.setModel(self.lines)
        self.setItemDelegate(_ResultDelegate(kit, self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # else a screen reader could not toggle the line that is selected already
        self.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.clicked.connect(lambda index: self.opened.emit(self.lines.lines[index.row()]))
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)

    @property
    def preferred_height(self) -> int:
        """The height of all lines, up to a limit."""
        return min(_MOST_LINES_SEEN, self.lines.rowCount()) * self.line_height

    @property
    def current(self) -> ResultLine | None:
        """The line that Enter opens, or None."""
        row = self.currentIndex().row()
        return self.lines.lines[row] if 0 <= row < self.lines.rowCount() else None

    def show_lines(self, lines: Sequence[ResultLine]) -> None:
        """Show these lines and select the first one; lines that go are not chosen."""
        with self._own_change():
            self.lines.show_lines(lines)
        if lines:
            self._go_to(0)
            self.scrollToTop()

    def step(self, by: int) -> None:
        """Select a line further down or up; a single step wraps around."""
        count = self.lines.rowCount()
        if not count:
            return
        row = self.currentIndex().row() + by
        row = row % count if abs(by) == 1 else max(0, min(count - 1, row))
        self._go_to(row)
        self.viewport().update()
        self.turned.emit()

    def viewportEvent(self, event: QEvent) -> bool:
        """Let the mouse select without opening; its click opens."""
        with self._own_change():
            return bool(super().viewportEvent(event))

    def _go_to(self, row: int) -> None:
        with self._own_change():
            self.setCurrentIndex(self.lines.index(row))

    @contextmanager
    def _own_change(self) -> Iterator[None]:
        """Mark changes of the selection that open nothing; these blocks may be nested."""
        before, self._is_own_change = self._is_own_change, True
        try:
            yield
        finally:
            self._is_own_change = before

    def _on_selection_changed(self, on: QItemSelection, off: QItemSelection) -> None:
        """Open a line that a screen reader toggles: it has no other action."""
        lines = [self.lines.lines[index.row()] for index in (*on.indexes(), *off.indexes())]
        if lines and not self._is_own_change:  # the list is emptied: not in the midst of a change
            QTimer.singleShot(0, self, partial(self.opened.emit, lines[0]))


# --- The search

SEARCH_DELAY = 120
_MOST_HITS = 12
_RESULTS_WIDTH = 520
_RESULTS_MARGIN = 8
_KIND_LOOKS = {
    HitKind.PLAN: ("clipboard-list", N_("Plan")),
    HitKind.CONTACT: ("user", N_("Contact")),
    HitKind.ORGANISATION: ("building-2", N_("Organisation")),
    HitKind.HELP_NUMBER: ("phone", N_("Help number")),
    HitKind.JOURNEY: ("route", N_("Journey")),
    HitKind.NOTE: ("notebook-text", N_("Note")),
    HitKind.PROCEDURE: ("list-checks", N_("Procedure")),
    HitKind.ARTICLE: ("notebook-text", N_("Article")),
}
_COMMAND_WORD = N_("Command")


class QuickFind(QFrame):
    """The result list below `field`. `hit_chosen` carries the record to open."""

    hit_chosen = Signal(object)
    closed = Signal()

    def __init__(self, kit: UiContext, field: QuickFindField, desk: Session | None) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._index: QuickFindIndex | None = None
        self._number = 0
        self._hits: tuple[SearchHit, ...] = ()
        self._sought = self._listed = ""
        self._is_entered = False
        self.field = field
        self.commands: Callable[[], Sequence[Command]] = tuple
        self.listing = ResultList(kit)
        self.nothing = Label(kit, N_("Nothing found. Type less, or another part."))
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_DELAY)
        self._pause.timeout.connect(self._start_search)
        self._lay_out()
        self._connect()
        self.hide()

    def close_list(self) -> None:
        """Close the list; discard the text and the results."""
        self._number += 1
        self._pause.stop()
        self._index = None
        self._hits = ()
        self._listed, self._is_entered = "", False
        self.hide()
        self.listing.show_lines(())
        if self.field.text():
            self.field.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and self.isVisible():
            QTimer.singleShot(0, self, self._arrange)
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        self.setProperty("ground", "raised")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._kit.translator.bind(self.listing.setAccessibleName, N_("What was found"))
        self.nothing.set_tone(Tone.MUTED)
        self.nothing.setContentsMargins(10, 8, 10, 8)
        column(self.listing, self.nothing, margins=(6, 6, 6, 6), on=self)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(28)
        shadow.setOffset(0, 6)
        self.setGraphicsEffect(shadow)

    def _connect(self) -> None:
        field, listing = self.field, self.listing
        field.textChanged.connect(self._on_text_changed)
        field.stepped.connect(listing.step)
        field.entered.connect(self._on_entered)
        field.escaped.connect(self._on_escaped)
        field.left.connect(self.close_list)
        listing.opened.connect(self._open)
        listing.turned.connect(self._announce)
        self._kit.translator.changed.connect(self._on_language_changed)
        self._kit.events.changed.connect(self._on_changed)

    def _on_text_changed(self, typed: str) -> None:
        self._is_entered = False
        if typed.strip():
            self._pause.start()
        else:
            self._number += 1
            self._pause.stop()
            self.hide()

    def _start_search(self) -> None:
        """Start a search on the worker; while it is busy, show the matching commands."""
        self._number += 1
        number, typed = self._number, self.field.text()
        self._sought = typed
        if self._desk is None:
            self._show(())
            return
        if self._kit.worker.is_busy:
            self._show(())
        self._index = self._index or QuickFindIndex(self._desk, self._kit.translator.language)
        self._search_slice(number, QuickFindSearch(self._index, typed, _MOST_HITS))

    def _search_slice(self, number: int, search: QuickFindSearch) -> None:
        self._kit.worker.run(search.resume, partial(self._on_found, number, search))

    def _on_found(
        self, number: int, search: QuickFindSearch, answer: tuple[tuple[SearchHit, ...], bool]
    ) -> None:
        """Show the first results as soon as there are any, and continue the search."""
        hits, is_over = answer
        if number != self._number:
            return
        if is_over or (hits and hits != self._hits):
            self._show(hits)
            if self._is_entered:
                self._on_entered()
        if is_over:
            self._is_entered = False
        elif number == self._number:  # nothing was opened
            self._search_slice(number, search)

    def _on_changed(self, _types: frozenset[str]) -> None:
        """Discard the index, because records have changed."""
        self._index = None
        if self.isVisible():
            self._start_search()

    def _on_language_changed(self) -> None:
        self._index = None
        if self.isVisible():
            self._show(self._hits)

    def _show(self, hits: tuple[SearchHit, ...]) -> None:
        row = self.listing.currentIndex().row()
        walked_to = self._hits[row] if 0 < row < len(self._hits) else None
        self._hits, self._listed = hits, self._sought
        language = self._kit.translator.language
        lines = [self._line(hit, language) for hit in hits]
        lines += self._command_lines(language)
        self.listing.show_lines(lines)
        if walked_to in hits:
            self.listing.step(hits.index(walked_to))
        self.listing.setVisible(bool(lines))
        self.nothing.setVisible(not lines)
        self.show()
        self.raise_()
        self._arrange()
        self._announce()

    def _line(self, hit: SearchHit, language: Language) -> ResultLine:
        icon, word = _KIND_LOOKS[hit.kind]
        title = hit.title or language.gettext(N_("no name"))
        icon = "lock" if hit.is_secret else icon
        return ResultLine(
            icon, title, hit.under, language.gettext(word), partial(self.hit_chosen.emit, hit)
        )

    def _command_lines(self, language: Language) -> list[ResultLine]:
        typed = fold_words(self.field.text())
        return [
            ResultLine(
                command.icon or "chevron-right", command_label(command, language), "",
                language.gettext(_COMMAND_WORD), command.run, command.keys,
            )
            for command in self.commands()
            if matches_all(_command_words(command, language), typed)
        ]  # fmt: skip

    def _arrange(self) -> None:
        """Place the list below the field, inside the window."""
        above = self.parentWidget()
        if above is None:
            return
        width = min(_RESULTS_WIDTH, above.width() - 2 * _RESULTS_MARGIN)
        middle = self.field.mapTo(above, self.field.rect().bottomLeft() + QPoint(0, 5))
        left = middle.x() + (self.field.width() - width) // 2
        left = max(_RESULTS_MARGIN, min(left, above.width() - width - _RESULTS_MARGIN))
        room = above.height() - middle.y() - _RESULTS_MARGIN - 12
        wished = self.listing.preferred_height
        if not wished:
            wished = self.nothing.sizeHint().height()
        self.listing.setFixedHeight(max(1, min(self.listing.preferred_height, room)))
        self.setGeometry(left, middle.y(), width, min(wished, room) + 12)

    def _announce(self) -> None:
        """Announce to screen readers which line Enter opens."""
        line = self.listing.current
        said_now = line.accessible_text if line is not None else self.nothing.text()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, said_now))

    def _on_entered(self) -> None:
        """Open the current line, or the first one as soon as this text is found."""
        if self._pause.isActive():
            self._pause.stop()
            self._start_search()
        line = self.listing.current
        is_here = self.isVisible() and self._listed == self.field.text()
        self._is_entered = not (is_here and line is not None) and bool(self.field.text().strip())
        if is_here and line is not None:
            self._open(line)

    def _on_escaped(self) -> None:
        self.close_list()
        self.closed.emit()

    def _open(self, line: ResultLine) -> None:
        self.close_list()
        self.closed.emit()
        line.open()


def command_label(command: Command, language: Language) -> str:
    """Return a command's label without the mnemonic sign "&"."""
    words = command.words
    return (words(language) if callable(words) else language.gettext(words)).replace("&", "")


def _command_words(command: Command, language: Language) -> tuple[FoldedWord, ...]:
    """Return the words by which a command is found: its label, and what else people call it."""
    also = language.gettext(command.also) if command.also else ""
    return fold_words(command_label(command, language), also)


def attach_quick_find(window: QWidget, finder: QuickFind) -> None:
    """Place the result list above the contents of a window."""
    finder.setParent(window)
    finder.hide()
    window.installEventFilter(finder)
