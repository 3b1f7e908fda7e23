# SPDX-License-Identifier: GPL-3.0-or-later
"""What was done: who did it, newest first, and whether the trail itself is whole.

Fields by their labels, never a value; from an entry one comes to the values of its record. Read
again whenever it comes into view; the chain is checked each time, because that is what it is for.
"""

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.desk.log import Kind
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services import history
from kfdesk.services.desk import Desk
from kfdesk.services.history import HistoryPage
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.history_words import KIND_WORDS, action_look, field_words, record_words
from kfdesk.ui.pages.shown import written_at
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card, Empty, line
from kfdesk.ui.widgets.rows import Cell, Column, Table

_COLUMNS = (
    Column(N_("When")),
    Column(N_("Who")),
    Column(N_("What was done")),
    Column(N_("Record")),
    Column(N_("Fields"), stretches=True),
)


class Trail(QWidget):
    """The trail. `record_chosen` carries the id of the record whose values are asked for."""

    record_chosen = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._page = HistoryPage((), None)
        self._begins: list[int | None] = [None]  # where this page and those before it begin
        self.kinds = Choice(kit)
        kit.words.bind(self.kinds.setAccessibleName, N_("What was done"))
        self.kinds.offer((("", N_("Everything")), *KIND_WORDS.items()))
        self.chain = Banner(kit, Tone.SUCCESS, "shield-check")
        self.chain.hide()
        self.table = Table(kit, _COLUMNS)
        kit.words.bind(self.table.setAccessibleName, N_("History"))
        self.details = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self.values = Button(kit, N_("Values of this record"), "history")
        self.newer = Button(kit, N_("Newer"), "chevron-left")
        self.older = Button(kit, N_("Older"), "chevron-right")
        self._lay_out()
        self._connect()

    def read(self) -> None:
        """Read the page one is on again."""
        desk, before, kind = self._desk, self._begins[-1], self._kind
        self._kit.work.run(lambda: history.read_history(desk, before, kind=kind), self._on_read)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Read what has happened meanwhile, and check the chain."""
        super().showEvent(event)
        self.read()
        self._kit.work.run(lambda: history.is_whole(self._desk), self._on_checked)

    @property
    def _kind(self) -> Kind | None:
        return Kind(self.kinds.key) if self.kinds.key else None

    def _connect(self) -> None:
        self.kinds.chosen.connect(self._on_kind_chosen)
        self.newer.clicked.connect(self._on_newer_clicked)
        self.older.clicked.connect(self._on_older_clicked)
        self.values.clicked.connect(self._on_values_clicked)
        self.table.chosen.connect(self._on_row_chosen)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        self._kit.words.follow(self, self._show)
        self._kit.hub.changed.connect(self._on_changed)

    def _lay_out(self) -> None:
        kit = self._kit
        words = (N_("Nothing was done yet"), N_("Who changed, sent or printed what stands here."))
        self._empty = Empty(kit, "history", *words)
        self._empty.hide()
        self._card = self._make_card()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        under = N_("Newest first. Fields are named here, never what stands in them.")
        said = Label(kit, under, tone=Tone.MUTED).wrapped()
        column.addSpacing(tokens.GRID)
        column.addWidget(Flow(said, self.kinds, fills=said))
        column.addSpacing(14)
        column.addWidget(self.chain)
        column.addSpacing(tokens.CARD_GAP)
        column.addWidget(self._card, 1)
        column.addWidget(self._empty)
        column.addLayout(self._make_turning())

    def _make_card(self) -> Card:
        card = Card(padding=0)
        card.body.setSpacing(0)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(line())
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 6, 12, 6)
        foot.addWidget(Flow(self.details, self.values, fills=self.details))
        card.body.addLayout(foot)
        return card

    def _make_turning(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, tokens.GRID, -tokens.RESERVE, 0)
        row.addStretch(1)
        row.addWidget(self.newer)
        row.addWidget(self.older)
        return row

    def _on_read(self, page: HistoryPage) -> None:
        self._page = page
        self._show()

    def _show(self) -> None:
        language, lines = self._kit.words.language, self._page.lines
        place = max(self.table.currentIndex().row(), 0)
        self.table.show_rows([_cells(one, language) for one in lines])
        self._card.setVisible(bool(lines))
        self._empty.setVisible(not lines)
        has_several = self._page.older is not None or len(self._begins) > 1
        for button in (self.newer, self.older):
            button.setVisible(has_several)
        self.newer.setEnabled(len(self._begins) > 1)
        self.older.setEnabled(self._page.older is not None)
        if lines:
            self.table.selectRow(min(place, len(lines) - 1))
            self._show_details(self.table.currentIndex().row())

    def _show_details(self, place: int) -> None:
        """Say in full what the selected row has no room for."""
        if 0 <= place < len(self._page.lines):
            chosen = self._page.lines[place]
            self.values.setEnabled(bool(chosen.type))
            self.details.tell(lambda language: _in_full(chosen, language))

    def _on_checked(self, is_whole: bool) -> None:
        if is_whole:
            self.chain.show_look(Tone.SUCCESS, "shield-check")
            self.chain.tell(
                N_("The chain is whole."),
                N_("Nothing was changed or taken out since it was written."),
            )
        else:
            self.chain.show_look(Tone.DANGER, "octagon-alert")
            self.chain.tell(
                N_("The chain is broken."),
                N_(
                    "An entry was changed or taken out. Keep the store as it is, and ask who had "
                    "it and its passphrase."
                ),
            )
        self.chain.show()

    def _on_kind_chosen(self, _key: str) -> None:
        self._begins = [None]
        self._turn()

    def _on_newer_clicked(self) -> None:
        self._begins.pop()
        self._turn()

    def _on_older_clicked(self) -> None:
        self._begins.append(self._page.older)
        self._turn()

    def _turn(self) -> None:
        for button in (self.newer, self.older):
            button.setEnabled(False)  # until the page is there: one press, one page
        self.table.scrollToTop()
        self.table.setFocus()
        self.read()

    def _on_current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        self._show_details(now.row())

    def _on_values_clicked(self) -> None:
        self._on_row_chosen(self.table.currentIndex().row())

    def _on_row_chosen(self, place: int) -> None:
        if 0 <= place < len(self._page.lines):
            chosen = self._page.lines[place]
            if chosen.rid is not None and chosen.type:
                self.record_chosen.emit(chosen.rid)

    def _on_changed(self, _types: frozenset[str]) -> None:
        if self.isVisible():
            self.read()


def _cells(one: history.HistoryLine, language: Language) -> tuple[Cell, ...]:
    icon, word = action_look(one.action, language)
    return (
        Cell(written_at(one.milliseconds, language)),
        Cell(one.user, is_strong=True),
        Cell(word, icon=icon),
        Cell(record_words(one, language) or "–"),
        Cell(field_words(one, language) or "–", tone=Tone.MUTED),
    )


def _in_full(one: history.HistoryLine, language: Language) -> str:
    fields = field_words(one, language)
    parts = (record_words(one, language), fields or language.gettext(N_("no fields")))
    return ": ".join(part for part in parts if part)
