# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of contacts: asks the index while one types, and reads the rows that are on view.

Only the newest answer counts, and while one is awaited no second is asked for, so that nothing
queues up behind a fast typist, nor behind who scrolls: the worker reads what is wanted when it
comes to it. The first rows come at once, the rest of a long list after them. Which entry is meant
is remembered by its id, wherever it stands.
"""

from dataclasses import dataclass, replace

from PySide6.QtCore import QModelIndex, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.needs import Need
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.directory import EntryLine
from kfdesk.services.finding.seek import Found, place_of, read_page, seek
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.contacts_views.finding.filters import Filters
from kfdesk.ui.pages.contacts_views.finding.paged import PagedTable
from kfdesk.ui.pages.contacts_views.words import (
    check_word,
    does_line,
    fits_line,
    name_line,
)
from kfdesk.ui.widgets.entry import TextEntry
from kfdesk.ui.widgets.rows import Cell, Column

COLUMNS = (Column(N_("Name"), stretches=True), Column(N_("Checked")))
CHECKED = 1
_FIRST = 192  # so many rows are asked for at once, and the others afterwards


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, where the entry that is meant stands, and from `first` on the lines there."""

    found: Found
    place: int = 0
    first: int = 0
    lines: tuple[EntryLine, ...] = ()
    follows: bool = False
    """Whether it is the rest of a list whose first rows were asked for before."""


class Listing(QObject):
    """The table, the field and the choices. `answered` follows each new list.

    `current_changed` carries the id of the entry whose row is now the current one, or None.
    """

    answered = Signal()
    current_changed = Signal(object)

    def __init__(self, kit: Kit, desk: Desk, page: QWidget) -> None:
        """For a page, with which it ends: until then it follows the language."""
        super().__init__(page)
        self._kit = kit
        self._desk = desk
        self.search = TextEntry()
        self.filters = Filters(kit)
        self.table = PagedTable(kit, COLUMNS, self._cells)
        self.found = Found()
        self.need: Need | None = None
        """What a step of a plan needs: who fits it best stands first."""
        self._wanted: bytes | None = None
        self._rows = self.found, range(0)
        """The list and the rows of it that are to be read; the worker looks at it."""
        self._is_asking = self._is_stale = self._is_showing = self._is_reading = False
        self._rest = QTimer(self, singleShot=True, interval=0)  # first, what is here is painted
        self._rest.timeout.connect(self._ask)
        self.search.textChanged.connect(self.read)
        self.filters.changed.connect(self.read)
        self.table.wanted.connect(self._on_rows_wanted)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        kit.words.changed.connect(self.read)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was typed or chosen."""
        return bool(self.search.text().strip()) or self.filters.is_set or self.need is not None

    @property
    def is_whole(self) -> bool:
        """Whether all that was asked for is here."""
        return not self._is_asking

    @property
    def current(self) -> bytes | None:
        """The id of the entry whose row is the current one."""
        line = self.table.paged.line(self.table.currentIndex().row())
        return line.rid if line is not None else None

    def want(self, rid: bytes) -> None:
        """Have an entry chosen in the whole list, now or as soon as it is there."""
        self._wanted = rid
        self.look_for(None)

    def look_for(self, need: Need | None) -> None:
        """Show who fits a need, or all; nothing that was typed or chosen narrows it any more."""
        self.need = need
        was_set = bool(self.search.text())
        self.filters.clear()
        self.search.clear()
        if not was_set:
            self.read()

    def begin_at_top(self) -> None:
        """Choose the first of the list."""
        self._wanted = None
        self.table.setCurrentIndex(QModelIndex())

    def read(self) -> None:
        """Ask again for what was typed and chosen."""
        if self._rest.isActive():
            self._rest.stop()  # nobody waits for the rest of this list any more
        elif self._is_asking:
            self._is_stale = True
            return
        self._is_asking, self._is_stale = True, False
        self._ask(_FIRST)

    def _ask(self, most: int = -1) -> None:
        desk, language = self._desk, self._kit.words.language
        asked = self.filters.asked(self.search.text(), desk.rooms.clock.now().date())
        asked = replace(asked, need=self.need)
        wanted, room = self._wanted or self.current, self.table.room

        def answer() -> Answer:
            found = seek(desk, asked, language, most)
            place = place_of(desk, found, wanted) if wanted is not None else 0
            first = max(0, (place or 0) - room)
            lines = read_page(desk, found.ids[first : (place or 0) + room])
            return Answer(found, place or 0, first, lines, most < 0)

        self._kit.work.run(answer, self._on_answer, self._on_failed)

    def _on_answer(self, answer: Answer) -> None:
        self._is_asking = False
        if self._is_stale:
            self.read()
            return
        if answer.follows and answer.place < _FIRST:
            self.found = answer.found  # what is on view stays, and more stands below it
            self.table.paged.grow(len(self.found.ids))
            self.answered.emit()
            return
        self._show(answer)
        if len(answer.found.ids) == _FIRST and not answer.follows:
            self._is_asking = True
            self._rest.start()

    def _show(self, answer: Answer) -> None:
        self._is_showing = True
        self.found = answer.found
        self.table.show_count(len(answer.found.ids))
        self.table.put(answer.first, answer.lines)
        line = self.table.paged.line(answer.place)
        self._wanted = None if line is not None and line.rid == self._wanted else self._wanted
        if answer.found.ids:
            self.table.selectRow(answer.place)
        self._is_showing = False
        self.answered.emit()
        self.current_changed.emit(self.current)

    def _cells(self, line: EntryLine) -> tuple[Cell, ...]:
        language = self._kit.words.language
        name, lock = name_line(line, language), "lock" if line.is_secret else ""
        return (
            Cell(name, self.about(line, language), lock, is_strong=True),
            self._check(line, language),
        )

    def about(self, line: EntryLine, language: Language) -> str:
        """What an entry does or, where somebody is wanted, why it fits."""
        if self.need is None:
            return does_line(line, language)
        return fits_line(line, self.need, self._desk.rooms.clock.now().date(), language)

    def _check(self, line: EntryLine, language: Language) -> Cell:
        said = check_word(line.view, self._desk.rooms.clock.now().date(), language)
        if said is None:
            return Cell()
        tone, icon, word = said
        return Cell(word, icon=icon, tone=tone)

    def _on_rows_wanted(self, rows: range) -> None:
        self._rows = self.found, rows
        if not self._is_reading:
            self._is_reading = True
            self._kit.work.run(self._read_rows, self._on_rows_read, self._on_failed)

    def _read_rows(self) -> tuple[Found, range, tuple[EntryLine, ...]]:
        """What is wanted by now. On the worker's thread."""
        found, rows = self._rows
        return found, rows, read_page(self._desk, found.ids[rows.start : rows.stop])

    def _on_rows_read(self, read: tuple[Found, range, tuple[EntryLine, ...]]) -> None:
        self._is_reading = False
        found, rows, lines = read
        if found is self.found:
            gone = (None,) * (len(rows) - len(lines))
            self.table.put(rows.start, (*lines, *gone))
            if self.table.currentIndex().row() in rows:
                self.current_changed.emit(self.current)
        self.table.want()

    def _on_failed(self, fault: KfdeskError) -> None:
        self._is_asking = self._is_reading = False
        self._kit.hub.failed.emit(fault)

    def _on_current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not self._is_showing and self.table.paged.line(now.row()) is not None:
            self.current_changed.emit(self.current)
