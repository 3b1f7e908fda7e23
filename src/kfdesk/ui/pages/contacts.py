# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts: the organisations and persons of the directory, found by typing and entered here.

A list and beside it the entry, to be read or edited. Secret entries carry a lock in both; what
they keep secret is covered until somebody asks. Knows nothing of how an entry is stored.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kfdesk.domain.letters.folding import begins, fits, fold
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services import directory
from kfdesk.services.desk import Desk
from kfdesk.services.directory import DirectoryEntry
from kfdesk.services.writing.drafts import DraftLine
from kfdesk.ui import tokens
from kfdesk.ui.files import ask_open
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.pages.contacts_views.side import Side
from kfdesk.ui.pages.contacts_views.taking import Taking
from kfdesk.ui.pages.contacts_views.waiting import Waiting
from kfdesk.ui.pages.contacts_views.words import NEW, kind_line, name_line, sight_word
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import TextEntry
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, Empty
from kfdesk.ui.widgets.rows import Cell, Column, Table

_FEWEST_DIGITS = 4  # fewer stand in nearly every number
_NARROW = 760
_NARROW_HEAD = 1020  # narrower, two of the head's buttons are their icons
_NARROW_FORM = 900  # narrower, a form takes the list's place
_KEYS = {"organisation": "Alt+N", "contact": "Alt+Shift+N"}
_NOT_ALLOWED = N_(
    "Your roles do not allow you to enter or change contacts. Settings shows who may."
)
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
        self._wanted: bytes | None = None
        self._count = Label(kit, tone=Tone.MUTED)
        self.search = TextEntry()
        self.table = Table(kit, _COLUMNS)
        self.side = Side(kit, desk)
        self.entry = self.side.card
        self.waiting = Waiting(kit, desk)
        self.new = {
            "contact": self._make_new("contact", Look.SECONDARY),
            "organisation": self._make_new("organisation", Look.PRIMARY),
        }
        self.taking: Taking | None = None
        self.take_button = Button(kit, N_("Import…"), "download")
        self.take_button.clicked.connect(self._on_take_clicked)
        self.take_button.setEnabled(self.side.may_write)
        self._is_showing = False
        for button in self.new.values():
            button.setEnabled(self.side.may_write)
        self._bind()
        self._lay_out()
        self._connect()
        self.read()

    def read(self) -> None:
        """Read the directory again."""
        self._kit.work.run(lambda: directory.list_directory(self._desk), self._on_read)
        self.waiting.read()

    def show_entry(self, rid: bytes) -> None:
        """Choose an entry, also one that is only now being read."""
        self.side.close_editor()
        self._want(rid)
        self.table.setFocus()

    def begin(self, record_type: str) -> None:
        """Begin a new organisation or contact person."""
        self.side.begin(record_type)

    def go_on(self, line: DraftLine) -> None:
        """Go on with a draft of the directory."""
        self.side.go_on(line)

    def take_over(self, path: Path) -> None:
        """Show what taking over a list of contacts would do."""
        self._end_taking()
        self.taking = taking = Taking(self._kit, self._desk, path)
        taking.closed.connect(self._end_taking)
        self._pages.setCurrentIndex(self._pages.addWidget(taking))
        taking.setFocus()

    def _end_taking(self) -> None:
        taking, self.taking = self.taking, None
        if taking is not None:
            self._pages.removeWidget(taking)
            taking.hide()
            taking.deleteLater()
            self.search.setFocus()

    def _on_take_clicked(self) -> None:
        ask_open(self._kit, self, N_("Look at the list"), "", self.take_over)

    def commands(self) -> tuple[Command, ...]:
        """What the menus add while this page is on view."""
        keys = QKeySequence(QKeySequence.StandardKey.Find).toString()
        find = Command(N_("Find in contacts"), self.search.setFocus, keys, "search", menu="edit")
        if not self.side.may_write:
            return (find,)
        making = tuple(
            Command(NEW[name], partial(self.begin, name), _KEYS[name], "plus")
            for name in ("organisation", "contact")
        )
        return (
            *making,
            find,
            Command(N_("Edit this contact"), self.side.edit, "E", "pencil", menu="edit"),
            Command(
                N_("Put this contact in the bin"), self.side.put_in_bin, "Del", "trash-2",
                menu="edit",
            ),
        )  # fmt: skip

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """In a narrow window the names keep their room; locks move beside them."""
        super().resizeEvent(event)
        self._make_room()
        for button in (self.take_button, self.new["contact"]):
            button.set_bare(is_bare=self.width() < _NARROW_HEAD)
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
        self.table.chosen.connect(lambda _row: self.side.edit())
        self.side.plan_chosen.connect(self.plan_chosen)
        self.side.entry_chosen.connect(self.show_entry)
        self.side.turned.connect(self._on_turned)
        self.side.made.connect(self._want)
        self.waiting.continued.connect(self.go_on)
        self._kit.words.changed.connect(self._show)
        self._kit.hub.changed.connect(self._on_changed)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.search.setFocus)
        for keys, act in (("E", self.side.edit), ("Del", self.side.put_in_bin)):
            heard = QShortcut(QKeySequence(keys), self.table, act)
            heard.setContext(Qt.ShortcutContext.WidgetShortcut)
        for name, keys in _KEYS.items():
            QShortcut(QKeySequence(keys), self, partial(self.begin, name))
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
        self._nothing.act(self._make_new("organisation", Look.TONAL))
        self._nowhere = Empty(
            kit, "search", N_("Nothing found"), N_("Type less, or another part of the name.")
        )
        for empty in (self._nothing, self._nowhere):
            self._stack.addWidget(_on_top(empty))
        self._pages = QStackedWidget()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        page = QWidget()
        self._pages.addWidget(page)
        column = QVBoxLayout(page)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(0)
        column.addLayout(self._make_head())
        column.addSpacing(14)
        below = QVBoxLayout()
        below.setSpacing(tokens.CARD_GAP)
        below.addLayout(self._make_tools())
        below.addWidget(self.waiting)
        below.addWidget(self._stack, 1)
        column.addLayout(below, 1)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard on. A focus proxy would keep Tab from what stands before it."""
        self.search.setFocus(event.reason())

    def _make_new(self, record_type: str, look: Look) -> Button:
        button = Button(self._kit, NEW[record_type], "plus", look)
        if look is Look.PRIMARY:  # the other's key stands in the menu: a narrow page has no room
            button.show_key(_KEYS[record_type])
        button.clicked.connect(partial(self.begin, record_type))
        return button

    def _make_head(self) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(self._kit, N_("Contacts"), Type.DISPLAY))
        words.addWidget(self._count)
        if not self.side.may_write:
            words.addWidget(Label(self._kit, _NOT_ALLOWED, tone=Tone.MUTED).wrapped())
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addLayout(words, 1)
        for button in (self.take_button, *self.new.values()):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _make_tools(self) -> QHBoxLayout:
        tools = QHBoxLayout()
        tools.addWidget(self.search, 2)
        tools.addStretch(3)
        return tools

    def _make_lists(self) -> QWidget:
        lists = QWidget()
        card = Card(padding=0)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self._make_invitation())
        self._list = card
        row = QHBoxLayout(lists)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.CARD_GAP)
        row.addWidget(card, 1)
        row.addWidget(self.side, 1)
        return lists

    def _make_invitation(self) -> QWidget:
        """What stands below our own entry as long as it is the only one."""
        under = N_("Enter those who receive, escort or help: they can then be named in plans.")
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._make_new("organisation", Look.TONAL))
        self.invitation = QWidget()
        column = QVBoxLayout(self.invitation)
        column.setContentsMargins(16, 12, 12, 12)
        column.addWidget(Empty(self._kit, "book-user", N_("Only your own desk is here"), under))
        column.addLayout(foot)
        self.invitation.hide()
        return self.invitation

    def _on_read(self, entries: tuple[DirectoryEntry, ...]) -> None:
        self._all = entries
        is_bare = bool(entries) and all(one.is_ours for one in entries)
        self.invitation.setVisible(is_bare and self.side.may_write)
        self.side.show_entries(entries)
        self._show()

    def _want(self, rid: bytes) -> None:
        """Have an entry chosen in the list, now or as soon as it is read."""
        self._wanted = rid
        self.search.clear()
        self._show()

    def _show(self) -> None:
        """Show what fits what was typed, in the window's language."""
        language = self._kit.words.language
        self._is_showing = True
        current = self._wanted or self._current()
        typed = self.search.text()
        is_narrow = self.table.isColumnHidden(1)
        self._found = [one for one in self._all if is_found(one, typed, language)]
        self._count.tell(lambda spoken: _count(len(self._found), len(self._all), spoken))
        self.table.show_rows([_cells(one, language, is_narrow=is_narrow) for one in self._found])
        is_list = bool(self._found) or self.side.is_editing
        self._stack.setCurrentIndex(0 if is_list else 2 if self._all else 1)
        rids = [one.view.rid for one in self._found]
        place = rids.index(current) if current in rids else 0
        self._wanted = None if self._wanted in rids else self._wanted
        self.table.selectRow(place)
        self._is_showing = False
        self._show_entry(place)

    def _current(self) -> bytes | None:
        place = self.table.currentIndex().row()
        return self._found[place].view.rid if 0 <= place < len(self._found) else None

    def _show_entry(self, place: int) -> None:
        if 0 <= place < len(self._found):
            self.side.show_entry(self._found[place])

    def _make_room(self) -> None:
        """Give a form the whole page where list and form would both be too narrow."""
        self._list.setVisible(not (self.side.is_editing and self.width() < _NARROW_FORM))

    def _on_turned(self) -> None:
        is_editing = self.side.is_editing
        self._make_room()
        self.waiting.hold_back(is_held_back=is_editing)
        self._show()
        if not is_editing:
            self.waiting.read()
            self.table.setFocus()

    def _on_current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        """Whoever goes to another row leaves the form, and finds a draft there."""
        if self._is_showing or now.row() < 0:
            return
        self._show_entry(now.row())
        editor = self.side.editor
        if editor is not None and self._current() != editor.rid:
            self.side.close_editor()

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & directory.SHOWN:
            self.read()


def is_found(entry: DirectoryEntry, typed: str, language: Language) -> bool:
    """Whether each typed word begins one that the list says of an entry, in any alphabet.

    Digits are looked for in its telephones, however they are grouped.
    """
    digits = "".join(sign for sign in typed if sign.isdigit())
    if len(digits) >= _FEWEST_DIGITS and any(digits in number for number in _numbers(entry)):
        return True
    words, said = fold(typed), (entry.name, entry.works_for, kind_line(entry, language))
    return not words or fits(fold(*said), words) or begins(fold(entry.name), words)


def _numbers(entry: DirectoryEntry) -> Iterator[str]:
    for seen in entry.phones:
        if isinstance(seen.record.number, str):
            yield "".join(sign for sign in seen.record.number if sign.isdigit())


def _count(found: int, count: int, language: Language) -> str:
    if found == count:
        words = language.ngettext("{count} contact", "{count} contacts", count)
        return words.format(count=count)
    words = language.ngettext("{found} of {count} contact", "{found} of {count} contacts", count)
    return words.format(found=found, count=count)


def _cells(entry: DirectoryEntry, language: Language, *, is_narrow: bool) -> tuple[Cell, ...]:
    tone, icon, word = sight_word(entry.view, language)
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
