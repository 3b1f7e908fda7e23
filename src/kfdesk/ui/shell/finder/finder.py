# SPDX-License-Identifier: GPL-3.0-or-later
"""Quick find: asks while one types, and shows what was found under the field.

Records are looked for on the worker's thread, a slice at a time, so that it is free for others in
between: gathered once when one begins, matched at each pause; only the newest answer counts. When
the list closes, what was typed and what was gathered is forgotten. Clients are shown by code and
alias, by whatever name they were found.
"""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QVBoxLayout, QWidget

from kfdesk.domain.letters.folding import fits, fold
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.finding.entries import Hit, Kind
from kfdesk.services.finding.find import Index, Search
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.shell.finder.field import FindField
from kfdesk.ui.shell.finder.listing import Line, Listing
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.label import Label

PAUSE = 120
_LIMIT = 12
_WIDTH = 520
_EDGE = 8
_LOOKS = {
    Kind.PLAN: ("clipboard-list", N_("Plan")),
    Kind.CONTACT: ("user", N_("Contact")),
    Kind.ORGANISATION: ("building-2", N_("Organisation")),
    Kind.HELP_NUMBER: ("phone", N_("Help number")),
}
_COMMAND = N_("Command")


class Finder(QFrame):
    """The list under `field`. `hit_chosen` carries the record to open."""

    hit_chosen = Signal(object)
    closed = Signal()

    def __init__(self, kit: Kit, field: FindField, desk: Desk | None) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._index: Index | None = None
        self._number = 0
        self._hits: tuple[Hit, ...] = ()
        self.field = field
        self.commands: Callable[[], Sequence[Command]] = tuple
        self.listing = Listing(kit)
        self.nothing = Label(kit, N_("Nothing found. Type less, or another part."))
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._ask)
        self._lay_out()
        self._connect()
        self.hide()

    def close_list(self) -> None:
        """Forget what was typed and found."""
        self._number += 1
        self._pause.stop()
        self._index = None
        self._hits = ()
        self.hide()
        self.listing.show_lines(())
        if self.field.text():
            self.field.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stay under the field when the window changes its size."""
        if event.type() is QEvent.Type.Resize and self.isVisible():
            QTimer.singleShot(0, self, self._arrange)
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        self.setProperty("ground", "raised")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._kit.words.bind(self.listing.setAccessibleName, N_("What was found"))
        self.nothing.set_tone(Tone.MUTED)
        self.nothing.setContentsMargins(10, 8, 10, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(0)
        column.addWidget(self.listing)
        column.addWidget(self.nothing)
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
        self._kit.words.changed.connect(self._on_language_changed)
        self._kit.hub.changed.connect(self._on_changed)

    def _on_text_changed(self, typed: str) -> None:
        if typed.strip():
            self._pause.start()
        else:
            self._number += 1
            self._pause.stop()
            self.hide()

    def _ask(self) -> None:
        """Ask the worker; while that is at something else, show what needs no store."""
        self._number += 1
        number, typed = self._number, self.field.text()
        if self._desk is None:
            self._show(())
            return
        if self._kit.work.is_busy:
            self._show(())
        self._index = self._index or Index(self._desk, self._kit.words.language)
        self._look(number, Search(self._index, typed, _LIMIT))

    def _look(self, number: int, search: Search) -> None:
        self._kit.work.run(search.go_on, partial(self._on_found, number, search))

    def _on_found(self, number: int, search: Search, answer: tuple[tuple[Hit, ...], bool]) -> None:
        """Show what is found so far as soon as there is something, and look further."""
        hits, is_over = answer
        if number != self._number:
            return
        if is_over or (hits and hits != self._hits):
            self._show(hits)
        if not is_over:
            self._look(number, search)

    def _on_changed(self, _types: frozenset[str]) -> None:
        """What was gathered no longer holds."""
        self._index = None
        if self.isVisible():
            self._ask()

    def _on_language_changed(self) -> None:
        self._index = None
        if self.isVisible():
            self._show(self._hits)

    def _show(self, hits: tuple[Hit, ...]) -> None:
        row = self.listing.currentIndex().row()
        walked_to = self._hits[row] if 0 < row < len(self._hits) else None
        self._hits = hits
        language = self._kit.words.language
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

    def _line(self, hit: Hit, language: Language) -> Line:
        icon, word = _LOOKS[hit.kind]
        title = hit.title or language.gettext(N_("no name"))
        icon = "lock" if hit.is_secret else icon
        return Line(
            icon, title, hit.under, language.gettext(word), partial(self.hit_chosen.emit, hit)
        )

    def _command_lines(self, language: Language) -> list[Line]:
        typed = fold(self.field.text())
        return [
            Line(
                command.icon or "chevron-right", words, "", language.gettext(_COMMAND),
                command.run, command.keys,
            )
            for command in self.commands()
            if fits(fold(words := said(command, language)), typed)
        ]  # fmt: skip

    def _arrange(self) -> None:
        """Hang under the field, inside the window."""
        above = self.parentWidget()
        if above is None:
            return
        width = min(_WIDTH, above.width() - 2 * _EDGE)
        middle = self.field.mapTo(above, self.field.rect().bottomLeft() + QPoint(0, 5))
        left = middle.x() + (self.field.width() - width) // 2
        left = max(_EDGE, min(left, above.width() - width - _EDGE))
        room = above.height() - middle.y() - _EDGE - 12
        wished = self.listing.wished_height
        if not wished:
            wished = self.nothing.sizeHint().height()
        self.listing.setFixedHeight(max(1, min(self.listing.wished_height, room)))
        self.setGeometry(left, middle.y(), width, min(wished, room) + 12)

    def _announce(self) -> None:
        """Tell those who listen which line Enter opens."""
        line = self.listing.current
        said_now = line.spoken if line is not None else self.nothing.text()
        event = QAccessibleAnnouncementEvent(self.field, said_now)
        QAccessible.updateAccessibility(event)

    def _on_entered(self) -> None:
        if self._pause.isActive():
            self._pause.stop()
            self._ask()
        line = self.listing.current
        if self.isVisible() and line is not None:
            self._open(line)

    def _on_escaped(self) -> None:
        self.close_list()
        self.closed.emit()

    def _open(self, line: Line) -> None:
        self.close_list()
        self.closed.emit()
        line.open()


def said(command: Command, language: Language) -> str:
    """A command's words without the sign of its menu's letter."""
    words = command.words
    return (words(language) if callable(words) else language.gettext(words)).replace("&", "")


def over(window: QWidget, finder: Finder) -> None:
    """Let the list lie over a window's contents."""
    finder.setParent(window)
    finder.hide()
    window.installEventFilter(finder)
