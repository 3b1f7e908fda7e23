# SPDX-License-Identifier: GPL-3.0-or-later
"""One record's values, from the first to the one that holds, and the way back to an old one.

The only view of the history that shows values: they are read when it comes into view and gone
from the window when it leaves. Putting an old value back is a new write; nothing is unwritten.
"""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.kinds import Reference
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services import history
from kfdesk.services.desk import Desk
from kfdesk.services.history import RecordHistory, ValueLine
from kfdesk.services.writing import records
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.history_views.taking_back import do
from kfdesk.ui.pages.history_words import named_record
from kfdesk.ui.pages.shown import field_of, value_text, written_at
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card, line
from kfdesk.ui.widgets.rows import Cell, Column, Table

_COLUMNS = (
    Column(N_("When")),
    Column(N_("Field")),
    Column(N_("Value"), stretches=True),
    Column(N_("Who")),
    Column(N_("Until")),
)


class RecordValues(QWidget):
    """The values of one record. `closed` asks to go back."""

    closed = Signal()

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._rid: bytes | None = None
        self._shown: RecordHistory | None = None
        self.back = Button(kit, N_("Back"), "arrow-left", Look.QUIET)
        self._title = Label(kit, style=Type.HEADING)
        self.binned = Banner(kit, Tone.WARNING, "trash-2")
        self.binned.tell(N_("This record is in the bin."))
        self.restore = Button(kit, N_("Restore"), "undo-2")
        self.binned.act(self.restore)
        self.table = Table(kit, _COLUMNS)
        kit.words.bind(self.table.setAccessibleName, N_("Values of this record"))
        self.details = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self.put_back = Button(kit, N_("Put this back"), "undo-2")
        self._lay_out()
        self._connect()

    def open(self, rid: bytes) -> None:
        """Show the values of another record, now if this is in view."""
        self._rid = rid
        self._forget()
        if self.isVisible():
            self.read()

    def read(self) -> None:
        """Read the values again."""
        rid = self._rid
        if rid is not None:
            self._kit.work.run(lambda: history.record_history(self._desk, rid), self._on_read)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Read them as they are now."""
        super().showEvent(event)
        self.read()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Keep no value that nobody looks at."""
        super().hideEvent(event)
        self._forget()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(-tokens.RESERVE, 0, 0, 0)
        head.addWidget(self.back)
        head.addWidget(self._title)
        head.addStretch(1)
        card = Card(padding=0)
        card.body.setSpacing(0)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(line())
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 6, 12, 6)
        foot.addWidget(self.details, 1)
        foot.addWidget(self.put_back)
        card.body.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.GRID)
        column.addLayout(head)
        column.addWidget(self.binned)
        column.addWidget(card, 1)
        self.binned.hide()

    def _connect(self) -> None:
        self.back.clicked.connect(self.closed)
        self.put_back.clicked.connect(self._on_put_back_clicked)
        self.restore.clicked.connect(self._on_restore_clicked)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        self._kit.words.changed.connect(self._show)
        self._kit.hub.changed.connect(self._on_changed)

    def _forget(self) -> None:
        self._shown = None
        self.table.show_rows([])
        self.details.tell("")
        self._title.tell("")
        self.put_back.setEnabled(False)

    def _on_read(self, found: RecordHistory) -> None:
        if found.rid == self._rid and self.isVisible():
            self._shown = found
            self._show()

    def _show(self) -> None:
        if self._shown is None:
            return
        shown, language = self._shown, self._kit.words.language
        place = max(self.table.currentIndex().row(), 0)
        self._title.tell(lambda spoken: named_record(shown.type, shown.code, spoken, shown.number))
        self.binned.setVisible(shown.is_in_bin)
        self.table.show_rows([_cells(shown, each, language) for each in shown.lines])
        if shown.lines:
            self.table.selectRow(min(place, len(shown.lines) - 1))
            self._show_details(self.table.currentIndex().row())

    def _show_details(self, place: int) -> None:
        """Say in full what the selected row has no room for, and whether it can come back."""
        shown = self._shown
        if shown is None or not 0 <= place < len(shown.lines):
            return
        chosen = shown.lines[place]
        self.details.tell(lambda language: _value(shown, chosen, language))
        self.put_back.setEnabled(chosen.replaced is not None and bool(chosen.key))

    def _on_put_back_clicked(self) -> None:
        shown, place = self._shown, self.table.currentIndex().row()
        if shown is None or not 0 <= place < len(shown.lines):
            return
        chosen, desk = shown.lines[place], self._desk
        values = {chosen.key: chosen.value}
        do(
            self._kit,
            desk,
            lambda: records.change_record(desk, shown.rid, values, shown.seen),
            N_("The earlier value stands there again."),
        )

    def _on_restore_clicked(self) -> None:
        rid, desk = self._rid, self._desk
        if rid is not None:
            words = N_("The record is back.")
            do(self._kit, desk, lambda: records.restore_record(desk, rid), words)

    def _on_current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        self._show_details(now.row())

    def _on_changed(self, _types: frozenset[str]) -> None:
        if self.isVisible():
            self.read()


def _cells(shown: RecordHistory, each: ValueLine, language: Language) -> tuple[Cell, ...]:
    is_now = each.replaced is None
    if each.replaced is None:
        until = Cell(language.gettext(N_("holds now")), icon="circle-check", tone=Tone.SUCCESS)
    else:
        until = Cell(language.day(each.replaced, year=True))
    return (
        Cell(written_at(each.milliseconds, language)),
        Cell(_field(shown, each, language), is_strong=True),
        Cell(
            " · ".join(_value(shown, each, language).splitlines()),
            tone=Tone.PLAIN if is_now else Tone.MUTED,
        ),
        Cell(each.author),
        until,
    )


def _field(shown: RecordHistory, each: ValueLine, language: Language) -> str:
    if not each.key:
        return language.gettext(N_("The whole record"))
    return language.gettext(field_of(shown.type, each.key).label)


def _value(shown: RecordHistory, each: ValueLine, language: Language) -> str:
    if not each.key:
        return language.gettext(N_("in the bin") if each.value else N_("taken out of the bin"))
    field = field_of(shown.type, each.key)
    if isinstance(field.kind, Reference) and isinstance(each.value, str):
        name = shown.names.get(each.value)
        return name or language.gettext(N_("a record that is not here"))
    return value_text(field, each.value, language)
