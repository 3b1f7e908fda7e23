# SPDX-License-Identifier: GPL-3.0-or-later
"""The bin with its records, and the drafts that wait.

A draft is shown by the code of its record, never by what was typed. Discarding a draft does
not ask; it can be undone for a while.
"""

from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import name_sort_key
from kfdesk.i18n.language import Language
from kfdesk.services.core import drafts, history, records
from kfdesk.services.core.drafts import DraftLine, OpenDraft
from kfdesk.services.core.history import BinLine
from kfdesk.services.core.session import Session
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.record_views import named_record, notify_done, type_word, written_at
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CONTROL_COMPACT, TextStyle, Tone
from kfdesk.ui.widgets.build import (
    LEFT,
    aligned,
    column,
    extend,
    fill,
    filled,
    grown,
    heading,
    muted,
    panel,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, EmptyState, FlowBox, clear_layout, make_hairline
from kfdesk.ui.widgets.table import ColumnSpec, LineSpec, LineTable, SortKey, TableCard, TableCell
from kfdesk.ui.widgets.text import Chip, Label

# --- bin

_BIN_COLUMNS = (
    ColumnSpec(N_("Deleted")),
    ColumnSpec(N_("Record")),
    ColumnSpec(N_("Hidden with it"), stretches=True),
    ColumnSpec(N_("Who")),
)


class BinView(QWidget):
    """The records in the bin. `record_chosen` carries the id of the record to show."""

    record_chosen = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.values = Button(kit, N_("Values of this record"), "history", on=self._on_chosen)
        self.restore = Button(kit, N_("Restore"), "undo-2", on=self._on_restore_asked)
        words = (N_("The bin is empty"), N_("What is deleted comes here and can be restored."))
        empty = EmptyState(kit, "trash-2", *words)
        self.table = LineTable(kit, _bin_spec(), self._offered)
        self._rows = TableCard(kit, self.table, (self.values, self.restore), empty)
        self._lay_out()
        self.table.chosen.connect(self._on_chosen)
        kit.events.changed.connect(self._on_changed)

    def read(self) -> None:
        """Read the bin again."""
        self._kit.worker.run(lambda: history.read_bin(self._desk), self._rows.show_lines)

    def showEvent(self, event: QShowEvent) -> None:
        """Read its current content."""
        super().showEvent(event)
        self.read()

    def _lay_out(self) -> None:
        under = N_(
            "What is in the bin appears in no list and on no paper. A partner who has "
            "it learns that it was deleted."
        )
        column(muted(self._kit, under), 14, grown(self._rows), on=self)

    def _offered(self, lines: Sequence[BinLine]) -> tuple[Command, ...]:
        """Return the commands for these records."""
        restore = Command(N_("Restore"), self._on_restore_asked, icon="undo-2", menu="edit")
        values = Command(N_("Values of this record"), self._on_chosen, icon="history", menu="edit")
        return (restore, values) if len(lines) == 1 else (restore,) if lines else ()

    @task
    async def _on_restore_asked(self) -> None:
        """Take the selected records out of the bin, with one undo for all of them."""
        rids = [line.rid for line in self.table.selected]
        done = await call(self._kit, records.restore_records, self._desk, rids)
        many = filled(N_("Records restored: {count}"), count=len(done))
        told = N_("The record is restored.") if len(done) == 1 else many
        notify_done(self._kit, self._desk, done, told)

    def _on_chosen(self, _row: object = None) -> None:
        if self.table.current is not None:
            self.record_chosen.emit(self.table.current.rid)

    def _on_changed(self, _types: frozenset[str]) -> None:
        if self.isVisible():
            self.read()


def _bin_spec() -> LineSpec[BinLine]:
    def sort_keys(language: Language) -> Sequence[SortKey[BinLine]]:
        return (
            attrgetter("milliseconds"),
            lambda each: name_sort_key(_bin_name(each, language), language.code),
            attrgetter("below"),
            attrgetter("author"),
        )

    return LineSpec(
        "bin", N_("Bin"), _BIN_COLUMNS, _bin_cells, sort_keys, attrgetter("rid"), is_backwards=True
    )


def _bin_name(each: BinLine, language: Language) -> str:
    return named_record(each.type, each.code or each.name, language, each.number)


def _bin_cells(each: BinLine, language: Language) -> tuple[TableCell, ...]:
    return (
        TableCell(written_at(each.milliseconds, language)),
        TableCell(_bin_name(each, language), is_strong=True),
        TableCell(
            language.plural("{count} record", "{count} records", each.below) if each.below else "–",
            tone=Tone.MUTED,
        ),
        TableCell(each.author),
    )


# --- drafts


class WaitingDraftsCard(CardFrame):
    """The drafts that wait, each to resume or discard; hidden while there is none.

    `continued` carries the DraftLine to resume.
    """

    continued = Signal(object)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._desk = desk
        self.lines: tuple[DraftLine, ...] = ()
        self.buttons: list[tuple[Button, Button]] = []
        self._rows = column()
        title = row(heading(kit, N_("Drafts waiting"), "pencil"), margins=(16, 0, 16, 4))
        fill(self.body, title, self._rows, margins=(0, 14, 0, 4))
        self.hide()

    def show_lines(self, lines: tuple[DraftLine, ...]) -> None:
        """Show these drafts."""
        if lines == self.lines:
            return
        self.lines = lines
        clear_layout(self._rows)
        self.buttons = []
        for place, each in enumerate(lines):
            if place:
                extend(self._rows, make_hairline())
            extend(self._rows, self._make_row(each))
        self.setVisible(bool(lines))

    def _make_row(self, each: DraftLine) -> QWidget:
        kit = self._kit
        code = Label(kit, style=TextStyle.STRONG)
        code.show_text(each.code or "–")
        code.setMinimumWidth(kit.theme.scaled(_CODE_WIDTH))
        words, buttons = panel(self._make_words(each)), panel(self._make_buttons(each))
        flow = FlowBox(code, words, buttons, gap=12, fills=words)
        return panel(row(flow, margins=(16, 6, 12, 6)))

    def _make_words(self, each: DraftLine) -> QVBoxLayout:
        """Make the texts: record, time, and whether the record has changed since."""
        kit = self._kit
        what = text(kit, partial(_draft_record, each))
        when = muted(kit, partial(written_at, each.milliseconds), TextStyle.SMALL)
        words = column(what, when, gap=2)
        if each.is_outdated:
            extend(words, aligned(_outdated_chip(kit, is_contested=bool(each.contested)), LEFT))
        return words

    def _make_buttons(self, each: DraftLine) -> QHBoxLayout:
        kit = self._kit
        go_on = Button(kit, N_("Continue"), "pencil").with_height(CONTROL_COMPACT)
        discard = Button(
            kit,
            N_("Discard the draft"),
            "trash-2",
            ButtonLook.QUIET,
            on=lambda: self._discard(each),
        ).with_height(CONTROL_COMPACT)
        named: tuple[tuple[Button, str], ...] = (
            (go_on, N_("Continue the draft: {record}")),
            (discard, N_("Discard the draft: {record}")),
        )
        for button, message in named:
            kit.translator.bind(
                button.setAccessibleName, message, record=lambda spoken: _draft_title(each, spoken)
            )
        go_on.clicked.connect(lambda: self.continued.emit(each))
        self.buttons.append((go_on, discard))
        return row(go_on, discard)

    def _discard(self, each: DraftLine) -> None:
        kit, desk = self._kit, self._desk
        kit.worker.run(lambda: drafts.discard_draft(desk, each.rid), _discard_handler(kit, desk))


_CODE_WIDTH = 120


def _discard_handler(kit: UiContext, desk: Session) -> Callable[[OpenDraft | None], None]:
    """Return the handler that notifies of a discarded draft and offers to undo it."""

    def tell(gone: OpenDraft | None) -> None:
        kit.events.drafts_changed.emit()
        if gone is not None:
            kit.notify(N_("The draft was discarded."), lambda: keep_again(gone))

    def keep_again(gone: OpenDraft) -> None:
        kit.worker.run(
            lambda: drafts.restore_draft(desk, gone), lambda _: kit.events.drafts_changed.emit()
        )

    return tell


def _outdated_chip(kit: UiContext, *, is_contested: bool) -> Chip:
    chip = Chip(kit, Tone.WARNING if is_contested else Tone.INFO, "git-merge")
    chip.set_message(N_("also changed by others") if is_contested else N_("the record has changed"))
    return chip


def _draft_record(each: DraftLine, language: Language) -> str:
    word = type_word(each.type, language, each.number)
    return language.gettext(N_("{record} (new)")).format(record=word) if each.is_new else word


def _draft_title(each: DraftLine, language: Language) -> str:
    return ", ".join(part for part in (each.code, _draft_record(each, language)) if part)
