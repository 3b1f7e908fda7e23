# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of contacts: asks the index while one types, and reads the page that is on view.

Only the newest answer counts, and while one is awaited no second is asked for, so that nothing
queues up behind a fast typist. The first rows come at once, the rest of a long list after them.
Which entry is meant is remembered by its id, wherever it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QModelIndex, QObject, Signal
from PySide6.QtWidgets import QWidget

from kfdesk.domain.listing.needs import Need
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.directory import EntryLine
from kfdesk.services.finding.seek import Asked, Found, place_of, read_page, seek
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.contacts_views.finding.filters import Filters
from kfdesk.ui.pages.contacts_views.finding.paged import PAGE, PagedTable
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
_FIRST = 6 * PAGE  # so many rows are asked for at once, and the others afterwards


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, where the entry that is meant stands, and the page that it stands on."""

    found: Found
    place: int = 0
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
        self.table = PagedTable(kit, COLUMNS)
        self.found = Found()
        self.need: Need | None = None
        """What a step of a plan needs: who fits it best stands first."""
        self._lines: dict[int, EntryLine] = {}
        self._wanted: bytes | None = None
        self._number = 0
        self._is_asking = self._is_stale = self._is_showing = False
        self.search.textChanged.connect(self.read)
        self.filters.changed.connect(self.read)
        self.table.paged.wanted.connect(self._on_page_wanted)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        kit.words.changed.connect(self.read)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was typed or chosen."""
        return bool(self.search.text().strip()) or self.filters.is_set or self.need is not None

    @property
    def current(self) -> bytes | None:
        """The id of the entry whose row is the current one."""
        line = self._lines.get(self.table.currentIndex().row())
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
        if self._is_asking:
            self._is_stale = True
            return
        self._is_asking, self._is_stale = True, False
        self._number += 1
        self._ask(_FIRST)

    def _ask(self, most: int) -> None:
        desk, language = self._desk, self._kit.words.language
        asked = self.filters.asked(self.search.text(), desk.rooms.clock.now().date())
        asked = replace(asked, need=self.need)
        wanted = self._wanted or self.current
        self._kit.work.run(lambda: _answer(desk, asked, language, most, wanted), self._on_answer)

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
            self._ask(-1)

    def _show(self, answer: Answer) -> None:
        self._is_showing = True
        self.found = answer.found
        self._lines.clear()
        self.table.show_count(len(answer.found.ids))
        self._put(answer.place // PAGE, answer.lines)
        line = self._lines.get(answer.place)
        self._wanted = None if line is not None and line.rid == self._wanted else self._wanted
        if answer.found.ids:
            self.table.selectRow(answer.place)
        self._is_showing = False
        self.answered.emit()
        self.current_changed.emit(self.current)

    def _put(self, page: int, lines: Sequence[EntryLine]) -> None:
        self._lines |= {page * PAGE + at: line for at, line in enumerate(lines)}
        self.table.put(page, [self._cells(line) for line in lines])

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

    def _on_page_wanted(self, page: int) -> None:
        desk, ids = self._desk, self.found.ids[page * PAGE : (page + 1) * PAGE]
        number = self._number
        self._kit.work.run(lambda: read_page(desk, ids), partial(self._on_page_read, number, page))

    def _on_page_read(self, number: int, page: int, lines: tuple[EntryLine, ...]) -> None:
        if number != self._number:
            return
        self._put(page, lines)
        row = self.table.currentIndex().row()
        if row // PAGE == page:
            self.current_changed.emit(self.current)

    def _on_current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if not self._is_showing and now.row() >= 0 and now.row() in self._lines:
            self.current_changed.emit(self.current)


def _answer(
    desk: Desk, asked: Asked, language: Language, most: int, wanted: bytes | None
) -> Answer:
    found = seek(desk, asked, language, most)
    place = place_of(desk, found, wanted) if wanted is not None else 0
    begin = (place or 0) // PAGE * PAGE
    return Answer(found, place or 0, read_page(desk, found.ids[begin : begin + PAGE]), most < 0)
