# SPDX-License-Identifier: GPL-3.0-or-later
"""History: the audit trail, the values of one record over time, and the bin as tabs of a page.

The trail shows the labels of fields, never a value; an entry leads to the values of its
record, which can be restored there. Everything is read again when it comes into view. The hash
chain of the trail is checked each time, because that is its purpose.
"""

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from kfdesk.domain.audit import ActionKind
from kfdesk.domain.kinds import ReferenceKind
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, value_text
from kfdesk.services.core import history, records
from kfdesk.services.core.history import HistoryPage, RecordHistory, ValueLine
from kfdesk.services.core.session import Session
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.bin import BinView
from kfdesk.ui.record_views import (
    KIND_WORDS,
    action_look,
    field_words,
    named_record,
    record_words,
    run_with_undo,
    written_at,
)
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, GRID, PAGE_MARGIN, RESERVE, TextStyle, Tone
from kfdesk.ui.widgets.build import STRETCH, column, extend, grown, muted, on_escape, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook, SegmentedControl
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.layout import Banner, CardFrame, EmptyState, FlowBox, make_hairline
from kfdesk.ui.widgets.navigation import Page
from kfdesk.ui.widgets.table import ColumnKeeper, ColumnSpec, TableCell, TableView
from kfdesk.ui.widgets.text import Label

# --- audit trail

_TRAIL_COLUMNS = (
    ColumnSpec(N_("When")),
    ColumnSpec(N_("Who")),
    ColumnSpec(N_("What was done")),
    ColumnSpec(N_("Record")),
    ColumnSpec(N_("Fields"), stretches=True),
)


class AuditTrailView(QWidget):
    """The audit trail: who did what, newest first, and whether its hash chain is intact.

    `record_chosen` carries the id of the record whose values are wanted.
    """

    record_chosen = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._page = HistoryPage((), None)
        self._begins: list[int | None] = [None]  # the start of this page and of those before it
        self.kinds = ChoiceBox(kit)
        kit.translator.bind(self.kinds.setAccessibleName, N_("What was done"))
        self.kinds.set_options((("", N_("Everything")), *KIND_WORDS.items()))
        self.chain = Banner(kit, Tone.SUCCESS, "shield-check").hidden()
        self.table = TableView(kit, _TRAIL_COLUMNS)
        ColumnKeeper(kit, self.table, "history", -1)
        kit.translator.bind(self.table.setAccessibleName, N_("History"))
        self.details = muted(kit, "", TextStyle.SMALL)
        self.values = Button(kit, N_("Values of this record"), "history")
        self.newer = Button(kit, N_("Newer"), "chevron-left", on=self._on_newer_clicked)
        self.older = Button(kit, N_("Older"), "chevron-right", on=self._on_older_clicked)
        self._lay_out()
        self._connect()

    def read(self) -> None:
        """Read the current page again."""
        desk, before, kind = self._desk, self._begins[-1], self._kind
        self._kit.worker.run(lambda: history.read_history(desk, before, kind=kind), self._on_read)

    def showEvent(self, event: QShowEvent) -> None:
        """Read the new entries, and check the chain."""
        super().showEvent(event)
        self.read()
        self._kit.worker.run(lambda: history.is_audit_log_intact(self._desk), self._on_checked)

    @property
    def _kind(self) -> ActionKind | None:
        return ActionKind(self.kinds.key) if self.kinds.key else None

    def _connect(self) -> None:
        self.kinds.chosen.connect(self._on_kind_chosen)
        self.values.clicked.connect(lambda: self._on_row_chosen(self.table.currentIndex().row()))
        self.table.chosen.connect(self._on_row_chosen)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        self._kit.translator.on_language_change(self, self._show)
        self._kit.events.changed.connect(self._on_changed)

    def _lay_out(self) -> None:
        kit = self._kit
        words = (
            N_("Nothing has been done yet"),
            N_("Who changed, sent or printed what is listed here."),
        )
        self._empty = EmptyState(kit, "history", *words)
        self._empty.hide()
        self._card = self._make_card()
        under = N_("Newest first. Only the names of fields are shown here, never their contents.")
        said = muted(kit, under)
        column(
            GRID,
            FlowBox(said, self.kinds, fills=said),
            14,
            self.chain,
            CARD_GAP,
            grown(self._card),
            self._empty,
            self._make_turning(),
            on=self,
        )

    def _make_card(self) -> CardFrame:
        foot = row(FlowBox(self.details, self.values, fills=self.details), margins=(16, 6, 12, 6))
        return CardFrame(padding=0, parts=(grown(self.table), make_hairline(), foot), gap=0)

    def _make_turning(self) -> QHBoxLayout:
        line = row(margins=(0, GRID, 0, 0))
        extend(line, STRETCH, self.newer, self.older)
        return line

    def _on_read(self, page: HistoryPage) -> None:
        self._page = page
        self._show()

    def _show(self) -> None:
        language, lines = self._kit.translator.language, self._page.lines
        place = max(self.table.currentIndex().row(), 0)
        self.table.show_rows([_trail_cells(one, language) for one in lines])
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
        """Show in full what the selected row has no room for."""
        if 0 <= place < len(self._page.lines):
            chosen = self._page.lines[place]
            self.values.setEnabled(bool(chosen.type))
            self.details.set_message(lambda language: _details_text(chosen, language))

    def _on_checked(self, is_whole: bool) -> None:
        if is_whole:
            self.chain.show_look(Tone.SUCCESS, "shield-check")
            self.chain.set_message(
                N_("The log is intact."),
                N_("Nothing has been changed or removed since it was written."),
            )
        else:
            self.chain.show_look(Tone.DANGER, "octagon-alert")
            self.chain.set_message(
                N_("The log has been altered."),
                N_(
                    "An entry was changed or removed. Leave the database as it is, and "
                    "ask who has had it and its passphrase."
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
            button.setEnabled(False)  # until the page is read: one page for each press
        self.table.scrollToTop()
        self.table.setFocus()
        self.read()

    def _on_current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        self._show_details(now.row())

    def _on_row_chosen(self, place: int) -> None:
        if 0 <= place < len(self._page.lines):
            chosen = self._page.lines[place]
            if chosen.rid is not None and chosen.type:
                self.record_chosen.emit(chosen.rid)

    def _on_changed(self, _types: frozenset[str]) -> None:
        if self.isVisible():
            self.read()


def _trail_cells(one: history.HistoryLine, language: Language) -> tuple[TableCell, ...]:
    icon, word = action_look(one.action, language)
    return (
        TableCell(written_at(one.milliseconds, language)),
        TableCell(one.user, is_strong=True),
        TableCell(word, icon=icon),
        TableCell(record_words(one, language) or "–"),
        TableCell(field_words(one, language) or "–", tone=Tone.MUTED),
    )


def _details_text(one: history.HistoryLine, language: Language) -> str:
    fields = field_words(one, language)
    parts = (record_words(one, language), fields or language.gettext(N_("no fields")))
    return ": ".join(part for part in parts if part)


# --- values of a record

_VALUE_COLUMNS = (
    ColumnSpec(N_("When")),
    ColumnSpec(N_("Field")),
    ColumnSpec(N_("Value"), stretches=True),
    ColumnSpec(N_("Who")),
    ColumnSpec(N_("Until")),
)


class RecordValues(QWidget):
    """All values of one record, with their times. `closed` asks to go back."""

    closed = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        on_escape(self, self.closed.emit)
        self._kit = kit
        self._desk = desk
        self._rid: bytes | None = None
        self._shown: RecordHistory | None = None
        self.back = Button(kit, N_("Back"), "arrow-left", ButtonLook.QUIET, self.closed.emit)
        self._title = Label(kit, style=TextStyle.HEADING)
        self.binned = Banner(kit, Tone.WARNING, "trash-2")
        self.binned.set_message(N_("This record is in the bin."))
        self.restore = Button(kit, N_("Restore"), "undo-2", on=self._on_restore_clicked)
        self.binned.set_action(self.restore)
        self.table = TableView(kit, _VALUE_COLUMNS)
        kit.translator.bind(self.table.setAccessibleName, N_("Values of this record"))
        self.details = muted(kit, "", TextStyle.SMALL)
        self.put_back = Button(kit, N_("Restore this value"), "undo-2")
        self._lay_out()
        self._connect()

    def open_record(self, rid: bytes) -> None:
        """Show the values of another record, now if this is in view."""
        self._rid = rid
        self._drop_values()
        if self.isVisible():
            self.read()

    @task
    async def read(self) -> None:
        """Read the values again."""
        rid = self._rid
        if rid is not None:
            found = await call(self._kit, history.read_record_history, self._desk, rid)
            if found.rid == self._rid and self.isVisible():
                self._shown = found
                self._show()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the current values."""
        super().showEvent(event)
        self.read()

    def hideEvent(self, event: QHideEvent) -> None:
        """Drop all values while nobody looks at them."""
        super().hideEvent(event)
        self._drop_values()

    def _lay_out(self) -> None:
        head = row(self.back, self._title, STRETCH, gap=GRID)
        foot = row(grown(self.details), self.put_back, margins=(16, 6, 12, 6))
        card = CardFrame(padding=0, parts=(grown(self.table), make_hairline(), foot), gap=0)
        column(head, self.binned, grown(card), gap=GRID, on=self)
        self.binned.hide()

    def _connect(self) -> None:
        self.put_back.clicked.connect(self._on_put_back_clicked)
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        self._kit.translator.changed.connect(self._show)
        self._kit.events.changed.connect(self._on_changed)

    def _drop_values(self) -> None:
        self._shown = None
        self.table.show_rows([])
        self.details.set_message("")
        self._title.set_message("")
        self.put_back.setEnabled(False)

    def _show(self) -> None:
        if self._shown is None:
            return
        shown = self._shown
        language = self._kit.translator.language.about(shown.pronoun)
        place = max(self.table.currentIndex().row(), 0)
        self._title.set_message(
            lambda spoken: named_record(shown.type, shown.code, spoken, shown.number)
        )
        self.binned.setVisible(shown.is_in_bin)
        self.table.show_rows([_value_cells(shown, each, language) for each in shown.lines])
        if shown.lines:
            self.table.selectRow(min(place, len(shown.lines) - 1))
            self._show_details(self.table.currentIndex().row())

    def _show_details(self, place: int) -> None:
        """Show in full what the selected row has no room for.

        Also show whether the value can be restored.
        """
        shown = self._shown
        if shown is None or not 0 <= place < len(shown.lines):
            return
        chosen = shown.lines[place]
        self.details.set_message(
            lambda language: _value(shown, chosen, language.about(shown.pronoun))
        )
        self.put_back.setEnabled(chosen.replaced is not None and bool(chosen.key))

    def _on_put_back_clicked(self) -> None:
        shown, place = self._shown, self.table.currentIndex().row()
        if shown is None or not 0 <= place < len(shown.lines):
            return
        chosen, desk = shown.lines[place], self._desk
        values = {chosen.key: chosen.value}
        run_with_undo(
            self._kit,
            desk,
            lambda: records.change_record(desk, shown.rid, values, shown.seen),
            N_("The earlier value is back."),
        )

    def _on_restore_clicked(self) -> None:
        rid, desk = self._rid, self._desk
        if rid is not None:
            words = N_("The record is restored.")
            run_with_undo(self._kit, desk, lambda: records.restore_record(desk, rid), words)

    def _on_current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        self._show_details(now.row())

    def _on_changed(self, _types: frozenset[str]) -> None:
        if self.isVisible():
            self.read()


def _value_cells(
    shown: RecordHistory, each: ValueLine, language: Language
) -> tuple[TableCell, ...]:
    is_now = each.replaced is None
    if each.replaced is None:
        until = TableCell(language.gettext(N_("current")), icon="circle-check", tone=Tone.ACCENT)
    else:
        until = TableCell(language.day(each.replaced, year=True))
    return (
        TableCell(written_at(each.milliseconds, language)),
        TableCell(_field(shown, each, language), is_strong=True),
        TableCell(
            " · ".join(_value(shown, each, language).splitlines()),
            tone=Tone.PLAIN if is_now else Tone.MUTED,
        ),
        TableCell(each.author, _came_from(each, language)),
        until,
    )


def _came_from(each: ValueLine, language: Language) -> str:
    if not each.sender:
        return ""
    return language.gettext(N_("came from {sender}")).format(sender=each.sender)


def _field(shown: RecordHistory, each: ValueLine, language: Language) -> str:
    if not each.key:
        return language.gettext(N_("The whole record"))
    return language.gettext(field_of(shown.type, each.key).label)


def _value(shown: RecordHistory, each: ValueLine, language: Language) -> str:
    if not each.key:
        return language.gettext(N_("in the bin") if each.value else N_("restored from the bin"))
    field = field_of(shown.type, each.key)
    if isinstance(field.kind, ReferenceKind) and isinstance(each.value, str):
        name = shown.names.get(each.value)
        return name or language.gettext(N_("a record that is not here"))
    return value_text(field, each.value, language)


# --- page

_HISTORY_TABS = (("trail", N_("What was done")), ("bin", N_("Bin")))


class History(Page, QWidget):
    """The page History: trail, bin, or the values of one record."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.trail = AuditTrailView(kit, desk)
        self._bin: BinView | None = None
        self._values: RecordValues | None = None
        self._shown: AuditTrailView | BinView | RecordValues = self.trail
        self.tabs = SegmentedControl(kit, _HISTORY_TABS)
        kit.translator.bind(self.tabs.setAccessibleName, N_("History"))
        self.tabs.select("trail")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.trail)
        self._lay_out()
        self.tabs.chosen.connect(self.go_to)
        self.trail.record_chosen.connect(self.open_record)

    @property
    def bin(self) -> BinView:
        """The bin; made on first use."""
        if self._bin is None:
            self._bin = BinView(self._kit, self._desk)
            self._bin.record_chosen.connect(self.open_record)
            self._stack.addWidget(self._bin)
        return self._bin

    @property
    def values(self) -> RecordValues:
        """The values of one record; made on first use."""
        if self._values is None:
            self._values = RecordValues(self._kit, self._desk)
            self._values.closed.connect(lambda: self.go_to(self.tabs.key))
            self._stack.addWidget(self._values)
        return self._values

    def focusInEvent(self, _event: QFocusEvent) -> None:
        """Pass the focus to the visible list; with a focus proxy Tab would loop in it."""
        self._shown.table.setFocus()

    def go_to(self, key: str) -> None:
        """Show what was done (`trail`), or the `bin`."""
        self.tabs.select(key)
        self._show(self.trail if key == "trail" else self.bin)

    def open_record(self, rid: bytes) -> None:
        """Show the values of one record."""
        self.values.open_record(rid)
        self._show(self.values)

    def _lay_out(self) -> None:
        head = row(Label(self._kit, N_("History"), TextStyle.DISPLAY), STRETCH, self.tabs)
        margin = PAGE_MARGIN
        column(
            head,
            grown(self._stack),
            margins=(margin, margin - 4, margin, margin - RESERVE),
            on=self,
        )

    def _show(self, view: AuditTrailView | BinView | RecordValues) -> None:
        self._shown = view
        self._stack.setCurrentWidget(view)
        view.table.setFocus()
