# SPDX-License-Identifier: GPL-3.0-or-later
"""Choosing from a long list by typing: a line with its list, and a list of proposals alone.

Typing filters by the beginnings of words, whatever the alphabet or accents; names are sorted as
the window's language sorts them. Which options there are is handed in.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache, partial

from PySide6.QtCore import (
    QCollator,
    QEvent,
    QLocale,
    QModelIndex,
    QObject,
    QPointF,
    QRect,
    QRectF,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCompleter, QListView, QStyledItemDelegate, QWidget
from shiboken6 import isValid

from kfdesk.domain.letters.folding import Word, fits, fold
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import icons
from kfdesk.ui.form.parts.entries import Line
from kfdesk.ui.kit import Kit
from kfdesk.ui.words import Message

Options = Sequence[tuple[str, Message]]
"""What there is to choose from: a key, and the words for it."""

Rows = Sequence[tuple[str, str]]
"""What a list shows: a key, and its words in the window's language."""

Source = Callable[[str], Rows]
"""The rows for what was typed; for nothing, those that are worth showing first."""

Seeker = Callable[[str, Callable[[Rows], None]], None]
"""Looks elsewhere for what was typed, and hands over the rows once it has them."""

NOT_IN_LIST = N_("This is not in the list, so it is not saved. Choose one of the list.")
_MOST_ROWS = 10
_LEAST_WIDTH = 320


def sorted_rows(options: Options, kit: Kit) -> Rows:
    """The options in the window's language, in the order of its alphabet."""
    collator = QCollator(QLocale(kit.words.language.code))
    rows = [(key, kit.words.say(message)) for key, message in options]
    return sorted(rows, key=lambda row: collator.sortKey(row[1]))


def matching(rows: Rows, typed: str) -> Rows:
    """The rows in which every typed word begins a word."""
    wanted = fold(typed)
    if not wanted:
        return rows
    return [row for row in rows if fits(_words(row[1]), wanted)]


@lru_cache(maxsize=2048)
def _words(text: str) -> tuple[Word, ...]:
    """The words of a row: the same rows are asked again at each letter."""
    return fold(text)


class Proposals(QObject):
    """A list under what one types in. `taken` carries the key of the row that was chosen."""

    taken = Signal(str)

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._rows: Rows = ()
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
        """Whether the list is to be seen."""
        return self.list is not None and self.list.isVisible()

    def offer(self, rows: Rows) -> None:
        """Show these rows under the widget, or none if there are none."""
        self._rows = rows
        self._model.setStringList([text for _, text in rows])
        if not rows:
            self.close()
            return
        self._make_list()
        width = max(self._widget.width(), _LEAST_WIDTH)
        self._completer.complete(QRect(0, 2, width, self._widget.height()))

    def take_first(self) -> bool:
        """Take the row that is marked, or the first; whether there was one to take."""
        if self.list is None or not self.is_open:
            return False
        row = max(0, self.list.currentIndex().row())
        self.close()
        self.taken.emit(self._rows[row][0])
        return True

    def close(self) -> None:
        """Take the list away."""
        if self.list is not None:
            self.list.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Never outlive the sight of the widget: a list shows what stands in the store."""
        if watched is self._widget and event.type() is QEvent.Type.Hide:
            self.close()
        return False

    def _make_list(self) -> None:
        """Make the list when it is first needed: it would slow a page that may never open it."""
        if self.list is None:
            self.list = QListView()
            self.list.setProperty("ground", "popup")
            self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self._completer.setPopup(self.list)  # a window of its own from here on
            self.list.setStyleSheet(self._widget.window().styleSheet())
            self.list.setItemDelegate(QStyledItemDelegate(self.list))

    def _on_activated(self, index: QModelIndex) -> None:
        if 0 <= index.row() < len(self._rows):
            self.taken.emit(self._rows[index.row()][0])


class Pick(Line):
    """A line whose list shows what there is. `chosen` carries a key that a person chose.

    `learned` carries a key that was found elsewhere, and its words, before it is chosen.
    """

    chosen = Signal(str)
    learned = Signal(str, str)

    def __init__(
        self,
        kit: Kit,
        source: Source,
        name: Callable[[str, Language], str],
        seeker: Seeker | None = None,
    ) -> None:
        """`source` finds rows; `name` is a key's words; `seeker` finds rows that come later."""
        super().__init__()
        self._kit = kit
        self._source = source
        self._name = name
        self._seeker = seeker
        self._sought: Rows = ()
        self.key = ""
        self.proposals = Proposals(self)
        self.proposals.taken.connect(self._on_taken)
        self.typed.connect(self._on_typed)
        self.setTextMargins(0, 0, icons.MEDIUM + 8, 0)
        kit.words.changed.connect(self._on_language_changed)

    @property
    def is_astray(self) -> bool:
        """Whether something was typed that is no choice."""
        return not self.key and bool(self.text().strip())

    def show_key(self, key: str) -> None:
        """Show a choice, or none, without `chosen`."""
        self.key = key
        self.setText(self._name(key, self._kit.words.language) if key else "")
        self.setCursorPosition(0)

    def settle(self) -> None:
        """Take what was typed, where it can mean one row only."""
        self.proposals.close()
        if not self.is_astray:
            return
        wanted = self.text().strip().casefold()
        rows = [*self._source(self.text()), *self._sought]
        same = [key for key, text in rows if text.casefold() == wanted]
        if len(set(same)) == 1:
            self._on_taken(same[0])

    def open_list(self, typed: str = "") -> None:
        """Show the rows for what was typed; all that are worth it for nothing."""
        if not self.isEnabled() or self.isReadOnly():
            return
        self.proposals.offer(self._source(typed))
        if self._seeker is not None and typed.strip():
            self._seeker(typed, partial(self._on_sought, typed))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Down opens the list; Enter takes the row that is marked, or the first."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_F4) and not event.modifiers():
            self.open_list(self.text() if self.is_astray else "")
        elif is_enter and not event.modifiers() and self.is_astray and self.proposals.take_first():
            event.accept()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A click on the arrow opens the list; a click on the words edits them."""
        super().mousePressEvent(event)
        if self._is_arrow(event.position()) or not self.text():
            self.open_list(self.text() if self.is_astray else "")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The field as the style sheet has it, with the arrow of a choice."""
        super().paintEvent(event)
        colours = self._kit.theme.colours
        ink = colours.text if self.isEnabled() else colours.text_muted
        top = round((self.height() - icons.MEDIUM) / 2)
        square = QRectF(self.width() - icons.MEDIUM - 10, top, icons.MEDIUM, icons.MEDIUM)
        self._kit.theme.icons.paint(QPainter(self), "chevron-down", ink, square)

    def _is_arrow(self, at: QPointF) -> bool:
        return at.x() > self.width() - icons.MEDIUM - 20

    def _on_typed(self) -> None:
        self.key = ""
        if self.text().strip():
            self.open_list(self.text())
        else:
            self.proposals.close()

    def _on_sought(self, typed: str, rows: Rows) -> None:
        """Offer what was found, if it is still what stands here."""
        if isValid(self) and self.is_astray and self.text() == typed and self.hasFocus():
            self._sought = rows
            self.proposals.offer(rows)

    def _on_taken(self, key: str) -> None:
        name = dict(self._sought).get(key)
        if name is not None:
            self.learned.emit(key, name)
        self.show_key(key)
        self.chosen.emit(key)

    def _on_language_changed(self) -> None:
        if self.key:
            self.show_key(self.key)


def list_source(kit: Kit, options: Callable[[], Options]) -> Source:
    """Rows of a list of options, sorted once for each list and language, and filtered."""
    held: list[tuple[Options, str, Rows]] = []

    def source(typed: str) -> Rows:
        now, code = options(), kit.words.language.code
        if not held or held[0][0] is not now or held[0][1] != code:
            held[:] = [(now, code, sorted_rows(now, kit))]
        return matching(held[0][2], typed)

    return source


def name_in(options: Callable[[], Options], kit: Kit, other: Message) -> Callable[..., str]:
    """The words for a key of the options, or `other` for a key that is not among them."""

    def _name(key: str, _language: Language) -> str:
        found = dict(options())
        return kit.words.say(found.get(key, other))

    return _name
