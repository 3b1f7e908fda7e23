# SPDX-License-Identifier: GPL-3.0-or-later
"""The columns of a table that is looked at: what each was taken for, to be put right.

A column is shown with its title and the first value in it; columns in which nothing stands are
left out. Guessing them is the reader's; what is said here the page hands back to it.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.listing.listed import COLUMN_KEYS, Column
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.i18n.messages import field_label
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.widgets.rows import Cell, Table
from kfdesk.ui.widgets.rows import Column as TableColumn
from kfdesk.ui.words import Message

_ROOM = 190
_LONGEST = 60  # letters of a sample that are shown
_LEFT_OUT = N_("left out")
_WORDS: Mapping[str, Message] = {"fax": N_("Fax"), "": _LEFT_OUT}
_OF_PERSON = frozenset({"given_name", "family_name", "organisation", "role"})
_HEADS = (
    TableColumn(N_("Column"), stretches=True),
    TableColumn(N_("Taken for")),
)


class Columns(Card):
    """The list, and the choice for its current row. `corrected` carries the keys of all columns."""

    corrected = Signal(tuple)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._columns: Sequence[Column] = ()
        self._shown: list[int] = []
        self._is_showing = False
        self.head(kit, N_("Columns of the table"), "list-checks")
        under = N_("They were guessed by their titles. If one is wrong, say what it is.")
        self.body.addWidget(Label(kit, under, Type.SMALL, Tone.MUTED).wrapped())
        self.table = Table(kit, _HEADS)
        self.table.setMinimumHeight(_ROOM)
        kit.words.bind(self.table.setAccessibleName, N_("Columns of the table"))
        self.choice = Choice(kit)
        kit.words.bind(self.choice.setAccessibleName, N_("This column is"))
        self.choice.chosen.connect(self._on_chosen)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        self.table.chosen.connect(lambda _row: self.choice.setFocus())
        row = QHBoxLayout()
        row.addWidget(Label(kit, N_("This column is"), Type.LABEL))
        row.addWidget(self.choice, 1)
        self.body.addWidget(self.table)
        self.body.addLayout(row)
        kit.words.changed.connect(self._show)
        self.hide()

    @property
    def keys(self) -> tuple[str, ...]:
        """What each column is taken for."""
        return tuple(column.key for column in self._columns)

    def show_columns(self, columns: Sequence[Column]) -> None:
        """Show the columns of a table; hidden where there is none."""
        self._columns = columns
        self._shown = [place for place, one in enumerate(columns) if one.sample.strip() or one.key]
        self.setVisible(bool(self._shown))
        self._show()

    def _show(self) -> None:
        language, row = self._kit.words.language, max(0, self.table.currentIndex().row())
        self._is_showing = True
        self.table.show_rows([_cells(self._columns[place], language) for place in self._shown])
        if self._shown:
            self.table.selectRow(min(row, len(self._shown) - 1))
        self._is_showing = False
        self._show_choice()

    def _show_choice(self) -> None:
        place = self._place()
        if place is not None:
            options = [(key, _word(key)) for key in ("", *COLUMN_KEYS)]
            self.choice.offer(options, self._columns[place].key)

    def _place(self) -> int | None:
        row = self.table.currentIndex().row()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def _on_current_changed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        if not self._is_showing:
            self._show_choice()

    def _on_chosen(self, key: str) -> None:
        place = self._place()
        if place is not None:
            self.corrected.emit((*self.keys[:place], key, *self.keys[place + 1 :]))


def _cells(column: Column, language: Language) -> tuple[Cell, ...]:
    sample = " ".join(column.sample.split())
    under = f"{sample[:_LONGEST]}…" if len(sample) > _LONGEST else sample
    word = _word(column.key)
    said = word(language) if callable(word) else language.gettext(word)
    tone = Tone.PLAIN if column.key else Tone.MUTED
    return Cell(column.title or "–", under, is_strong=True), Cell(said, tone=tone)


def _word(key: str) -> Message:
    """What a column can be taken for, in words."""
    if key in _WORDS:
        return _WORDS[key]
    record = "contact" if key in _OF_PERSON else "organisation"
    path = "phone.number" if key == "phone" else f"{record}.{key}"
    return lambda language: field_label(path, language)
