# SPDX-License-Identifier: GPL-3.0-or-later
"""The bin: what was deleted, by whom and when, and the way back.

Codes of clients and names of the directory, no other value. Nothing is erased here.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services import history
from kfdesk.services.desk import Desk
from kfdesk.services.history import BinLine
from kfdesk.services.writing import records
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.history_views.table_card import TableCard
from kfdesk.ui.pages.history_views.taking_back import do
from kfdesk.ui.pages.history_words import named_record
from kfdesk.ui.pages.shown import written_at
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Empty
from kfdesk.ui.widgets.rows import Cell, Column

_COLUMNS = (
    Column(N_("Deleted")),
    Column(N_("Record")),
    Column(N_("Hidden with it"), stretches=True),
    Column(N_("Who")),
)


class Bin(QWidget):
    """The bin. `record_chosen` carries the id of the record whose values are asked for."""

    record_chosen = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._lines: tuple[BinLine, ...] = ()
        self.values = Button(kit, N_("Values of this record"), "history")
        self.restore = Button(kit, N_("Restore"), "undo-2")
        words = (N_("The bin is empty"), N_("What is deleted comes here and can be restored."))
        empty = Empty(kit, "trash-2", *words)
        self._rows = TableCard(kit, N_("Bin"), _COLUMNS, (self.values, self.restore), empty)
        self.table = self._rows.table
        self._lay_out()
        self.restore.clicked.connect(self._on_restore_clicked)
        self.values.clicked.connect(self._on_values_clicked)
        self.table.chosen.connect(self._choose)
        kit.words.changed.connect(self._show)
        kit.hub.changed.connect(self._on_changed)

    def read(self) -> None:
        """Read the bin again."""
        self._kit.work.run(lambda: history.read_bin(self._desk), self._on_read)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Read what lies in it now."""
        super().showEvent(event)
        self.read()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        under = N_(
            "What lies here is in no list and on no paper. A partner who has it learns that it "
            "was deleted."
        )
        column.addWidget(Label(self._kit, under, tone=Tone.MUTED).wrapped())
        column.addSpacing(14)
        column.addWidget(self._rows, 1)

    def _on_read(self, lines: tuple[BinLine, ...]) -> None:
        self._lines = lines
        self._show()

    def _show(self) -> None:
        language = self._kit.words.language
        self._rows.show_rows([_cells(each, language) for each in self._lines])

    def _on_restore_clicked(self) -> None:
        place, desk = self._rows.place, self._desk
        if 0 <= place < len(self._lines):
            rid = self._lines[place].rid
            words = N_("The record is back.")
            do(self._kit, desk, lambda: records.restore_record(desk, rid), words)

    def _on_values_clicked(self) -> None:
        self._choose(self._rows.place)

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._lines):
            self.record_chosen.emit(self._lines[place].rid)

    def _on_changed(self, _types: frozenset[str]) -> None:
        if self.isVisible():
            self.read()


def _cells(each: BinLine, language: Language) -> tuple[Cell, ...]:
    words = language.ngettext("{count} record", "{count} records", each.below)
    return (
        Cell(written_at(each.milliseconds, language)),
        Cell(
            named_record(each.type, each.code or each.name, language, each.number), is_strong=True
        ),
        Cell(words.format(count=each.below) if each.below else "–", tone=Tone.MUTED),
        Cell(each.author),
    )
