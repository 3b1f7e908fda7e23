# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts: the organisations and persons of the directory, found by typing.

A list and a preview beside it. Secret entries carry a lock in both; what they keep secret is
covered until somebody asks. Knows nothing of how an entry is stored.
"""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services import directory
from kfdesk.services.desk import Desk
from kfdesk.services.directory import DirectoryEntry
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.contacts_entry import EntryCard, kind_line, name_line, sight_word
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.entry import TextEntry
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, Empty
from kfdesk.ui.widgets.rows import Cell, Column, Table

_TYPES = frozenset({"client", "plan", "consent", "organisation", "contact"})
_NARROW = 760
_COLUMNS = (Column(N_("Name"), stretches=True), Column(N_("Who may see this")))


class Contacts(QWidget):
    """The page. `plan_chosen` carries the id of a plan that is to be opened."""

    plan_chosen = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._all: tuple[DirectoryEntry, ...] = ()
        self._found: list[DirectoryEntry] = []
        self._count = Label(kit, tone=Tone.MUTED)
        self.search = TextEntry()
        self.table = Table(kit, _COLUMNS)
        self.entry = EntryCard(kit)
        self._bind()
        self._lay_out()
        self._connect()
        self.read()

    def read(self) -> None:
        """Read the directory again."""
        self._kit.work.run(lambda: directory.list_directory(self._desk), self._on_read)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """In a narrow window the names keep their room; locks move beside them."""
        super().resizeEvent(event)
        is_narrow = self.width() < _NARROW
        if is_narrow != self.table.isColumnHidden(1):
            self.table.setColumnHidden(1, is_narrow)
            self._show()

    def _bind(self) -> None:
        bind = self._kit.words.bind
        bind(self.search.setPlaceholderText, N_("Name, country or organisation"))
        bind(self.search.setAccessibleName, N_("Find in contacts"))
        bind(self.table.setAccessibleName, N_("Contacts"))

    def _connect(self) -> None:
        self.search.textChanged.connect(self._show)
        self.search.returnPressed.connect(self.table.setFocus)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        self.table.chosen.connect(self.entry.setFocus)
        self.entry.plan_chosen.connect(self.plan_chosen)
        self._kit.words.changed.connect(self._show)
        self._kit.hub.changed.connect(self._on_changed)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.search.setFocus)
        esc = QShortcut(QKeySequence("Esc"), self.search, self.search.clear)
        esc.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _lay_out(self) -> None:
        kit = self._kit
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_lists())
        self._nothing = Empty(
            kit,
            "book-user",
            N_("No contact yet"),
            N_("Organisations and persons that you enter or take from a partner stand here."),
        )
        self._nowhere = Empty(
            kit, "search", N_("Nothing found"), N_("Type less, or another part of the name.")
        )
        for empty in (self._nothing, self._nowhere):
            self._stack.addWidget(_on_top(empty))
        column = QVBoxLayout(self)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(0)
        column.addWidget(Label(kit, N_("Contacts"), Type.DISPLAY))
        column.addWidget(self._count)
        column.addSpacing(14)
        column.addLayout(self._make_tools())
        column.addSpacing(tokens.CARD_GAP)
        column.addWidget(self._stack, 1)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard on. A focus proxy would keep Tab from what stands before it."""
        self.search.setFocus(event.reason())

    def _make_tools(self) -> QHBoxLayout:
        tools = QHBoxLayout()
        tools.addWidget(self.search, 2)
        tools.addStretch(3)
        return tools

    def _make_lists(self) -> QWidget:
        lists = QWidget()
        card = Card(padding=0)
        card.body.addWidget(self.table, 1)
        row = QHBoxLayout(lists)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.CARD_GAP)
        row.addWidget(card, 1)
        row.addWidget(self.entry, 1)
        return lists

    def _on_read(self, entries: tuple[DirectoryEntry, ...]) -> None:
        self._all = entries
        self._show()

    def _show(self) -> None:
        """Show what fits what was typed, in the window's language."""
        language = self._kit.words.language
        current = self._current()
        typed = self.search.text()
        is_narrow = self.table.isColumnHidden(1)
        self._found = [one for one in self._all if is_found(one, typed, language)]
        self._count.tell(lambda spoken: _count(len(self._found), len(self._all), spoken))
        self.table.show_rows([_cells(one, language, is_narrow=is_narrow) for one in self._found])
        self._stack.setCurrentIndex(0 if self._found else 2 if self._all else 1)
        rids = [one.view.rid for one in self._found]
        place = rids.index(current) if current in rids else 0
        self.table.selectRow(place)
        self._show_entry(place)

    def _current(self) -> bytes | None:
        place = self.table.currentIndex().row()
        return self._found[place].view.rid if 0 <= place < len(self._found) else None

    def _show_entry(self, place: int) -> None:
        if 0 <= place < len(self._found):
            self.entry.show_entry(self._found[place])

    def _on_current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        self._show_entry(now.row())

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _TYPES:
            self.read()


def is_found(entry: DirectoryEntry, typed: str, language: Language) -> bool:
    """Whether every typed word stands in what the list and the preview say of an entry."""
    said = " ".join((entry.name, entry.works_for, kind_line(entry, language))).casefold()
    return all(word in said for word in typed.casefold().split())


def _count(found: int, count: int, language: Language) -> str:
    if found == count:
        words = language.ngettext("{count} contact", "{count} contacts", count)
        return words.format(count=count)
    words = language.ngettext("{found} of {count} contact", "{found} of {count} contacts", count)
    return words.format(found=found, count=count)


def _cells(entry: DirectoryEntry, language: Language, *, is_narrow: bool) -> tuple[Cell, ...]:
    tone, icon, word = sight_word(entry, language)
    lock = "lock" if entry.is_secret and is_narrow else ""
    return (
        Cell(name_line(entry, language), kind_line(entry, language), lock, is_strong=True),
        Cell(word, icon=icon, tone=tone),
    )


def _on_top(empty: Empty) -> QWidget:
    page = QWidget()
    card = Card()
    card.body.addWidget(empty)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(card)
    column.addStretch(1)
    return page
