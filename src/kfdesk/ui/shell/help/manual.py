# SPDX-License-Identifier: GPL-3.0-or-later
"""The sheet of help: a field to search in, the chapters, and the one that is read.

It lies over the page like any sheet, so Hide covers it and the lock ends it. It opens at the
chapter of the page that was on view, and speaks a new language at once. It knows no page and no
store.
"""

from functools import partial

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.ui.kit import Kit
from kfdesk.ui.shell.help.chapters import FIRST, Chapter, chapters_with, read_chapters
from kfdesk.ui.shell.help.reader import Reader
from kfdesk.ui.shell.sheets.floating import Layer, Sheet
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.entry import TextEntry
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.rows import Cell, Column, Table

_DOOR = "door"
_WIDTH, _LIST_WIDTH, _HEIGHT = 1040, 260, 590


class Manual(Sheet):
    """The manual, opened at a chapter. `keys` is the button that leads to the sheet of keys."""

    def __init__(self, kit: Kit, chapter: str = FIRST) -> None:
        super().__init__(kit, N_("Help"), "life-buoy")
        self.setMaximumWidth(_WIDTH)
        self.chapter = chapter
        self._chapters: tuple[Chapter, ...] = ()
        self._found: tuple[Chapter, ...] = ()
        self.search = TextEntry()
        kit.words.bind(self.search.setPlaceholderText, N_("Search the help"))
        kit.words.bind(self.search.setAccessibleName, N_("Search the help"))
        self.list = Table(kit, (Column(stretches=True),))
        self.list.horizontalHeader().hide()
        kit.words.bind(self.list.setAccessibleName, N_("Chapters"))
        none_found = N_("No chapter has these words.")
        self.nothing = Label(kit, none_found, tone=Tone.MUTED).wrapped()
        self.reader = Reader(kit)
        self.keys = Button(kit, N_("All keys"), "list-checks", Look.SECONDARY)
        self._lay_out()
        self.search.textChanged.connect(self._on_search_changed)
        self.list.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.reader.link_followed.connect(self.open_chapter)
        for key, step in (("Up", -1), ("Down", 1)):
            walk = QShortcut(QKeySequence(key), self.search, partial(self._walk, step))
            walk.setContext(Qt.ShortcutContext.WidgetShortcut)
        kit.words.changed.connect(self._on_language_changed)
        self._on_language_changed()

    def open_chapter(self, key: str) -> None:
        """Show a chapter, and mark it in the list."""
        self.chapter = key
        row = next((at for at, chapter in enumerate(self._found) if chapter.key == key), None)
        if row is None:
            self.search.clear()
            return
        self.list.selectRow(row)
        self.list.scrollTo(self.list.rows.index(row, 0))
        self.reader.show_chapter(self._found[row])

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.search)
        left.addWidget(self.nothing)
        left.addWidget(self.list, 1)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(left)
        columns.addWidget(self.reader, 1)
        for part in (self.search, self.list, self.nothing):
            part.setFixedWidth(_LIST_WIDTH)
        self.reader.setMinimumHeight(_HEIGHT)
        self.body.addLayout(columns)
        self._foot.insertWidget(0, self.keys)
        self.close_by(N_("Close"), "x")
        self.setFocusProxy(self.search)

    def _walk(self, step: int) -> None:
        """Go to a chapter beside the one that is read, without leaving the field."""
        row = self.list.currentIndex().row() + step
        if 0 <= row < len(self._found):
            self.open_chapter(self._found[row].key)

    def _show_found(self) -> None:
        self._found = chapters_with(self._chapters, self.search.text())
        self.list.rows.show_rows([(Cell(chapter.title),) for chapter in self._found])
        self.nothing.setVisible(not self._found)
        keys = [chapter.key for chapter in self._found]
        if keys:
            self.open_chapter(self.chapter if self.chapter in keys else keys[0])

    def _on_search_changed(self, _typed: str) -> None:
        self._show_found()

    def _on_selection_changed(self, selected: QItemSelection) -> None:
        rows = {index.row() for index in selected.indexes()}
        if rows and self._found[min(rows)].key != self.chapter:
            self.open_chapter(self._found[min(rows)].key)

    def _on_language_changed(self) -> None:
        language = self.kit.words.language.code
        self._chapters = read_chapters(self.kit.theme.resources / "help", language)
        self._show_found()


def lay_over(kit: Kit, window: QWidget, page: QWidget) -> Layer:
    """Lay the manual over `page` before a store is open; the layer ends when it is closed."""
    manual = Manual(kit, _DOOR)
    manual.keys.hide()  # they are those of a desk
    layer = Layer(window, page)
    layer.cleared.connect(layer.deleteLater)
    layer.lay(manual)
    return layer
