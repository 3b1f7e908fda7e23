# SPDX-License-Identifier: GPL-3.0-or-later
"""The inbox: files and cards on USB sticks, in the downloads, chosen or dropped.

The user can preview each one, or import at once all that can be imported; conflicts then stay
open. Nothing is written before that. The services find, verify and import the files.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.transfer import BatchImportResult, IncomingFile, IncomingFiles
from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import ask_open_several
from kfdesk.ui.pages.exchange.previews import contents_summary, made_text, to_decide_text
from kfdesk.ui.tokens import CARD_GAP, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import STRETCH, Space, extend, grown, muted, plural, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, EmptyState, TaskPage
from kfdesk.ui.widgets.table import ColumnKeeper, ColumnSpec, TableCell, TableView
from kfdesk.ui.worker import JobProgress

_ARRIVAL_COLUMNS = (
    ColumnSpec(N_("From")),
    ColumnSpec(N_("File"), stretches=True),
    ColumnSpec(N_("Contents")),
)
_CARD = N_("a card: add it, then compare the digits")
_COPY = N_("another laptop has a copy of this database: look at it")


class Inbox(TaskPage):
    """The list of files that have arrived.

    `look_asked` carries the path of a file to preview, `card_asked` that of a card to add, `taken`
    the result of an import. Without paths the inbox searches sticks and downloads.
    """

    look_asked = Signal(object)
    card_asked = Signal(object)
    taken = Signal(object)

    def __init__(self, kit: UiContext, desk: Session, paths: Sequence[Path] = ()) -> None:
        super().__init__(kit, N_("Received files"))
        self._desk = desk
        self.paths = tuple(paths)
        self.found: IncomingFiles | None = None
        self.table = TableView(kit, _ARRIVAL_COLUMNS)
        ColumnKeeper(kit, self.table, "received", -1)
        kit.translator.bind(self.table.setAccessibleName, N_("Received files"))
        self.table.chosen.connect(self._on_row_chosen)
        self.open = Button(kit, N_("Choose files…"), "files", on=self._on_open_clicked)
        self.again = Button(
            kit,
            N_("Look on USB sticks and in Downloads"),
            "refresh-cw",
            ButtonLook.QUIET,
            on=lambda: self.preview(()),
        )
        self.look = Button(kit, N_("Show it"), "eye")
        self.look.clicked.connect(lambda: self._on_row_chosen(self.table.currentIndex().row()))
        self.take = Button(kit, self._import_text, "download", ButtonLook.PRIMARY)
        self.take.clicked.connect(self._on_take_clicked)
        self.set_action(self.look)
        self.set_action(self.take)
        self.under.set_message(N_("Files can also be dragged into this window."))
        self.hint.set_message(N_("Nothing has been changed yet."))
        self._lay_out()
        self.first = self.open
        kit.translator.changed.connect(self._show)
        self.preview(self.paths)

    def preview(self, paths: Sequence[Path]) -> None:
        """List these files or, without any, search for those that have arrived."""
        self.paths = tuple(paths)
        desk, progress, wanted = self._desk, JobProgress(), self.paths
        self.outcome.hide()
        self._show_ready(is_ready=False)
        self.kit.worker.run(
            lambda: (
                transfer.preview_files(desk, wanted, progress)
                if wanted
                else transfer.scan_for_files(desk, progress)
            ),
            self._on_looked,
            self._on_refused,
            title=N_("Looking for files…"),
            cancel=progress,
        )

    def _lay_out(self) -> None:
        extend(self.body, row(-RESERVE, self.open, self.again, STRETCH, gap=CARD_GAP))
        self._card = CardFrame(padding=1, parts=(grown(self.table),))
        self._nothing = EmptyState(
            self.kit,
            "inbox",
            N_("No new files"),
            N_("Put the USB stick in and look again, or choose the files yourself."),
        )
        self._left = muted(self.kit, "", TextStyle.SMALL)
        extend(self.body, grown(self._card), self._nothing, self._left, Space(0))
        for part in (self._card, self._nothing):
            part.hide()

    def _importable(self) -> list[IncomingFile]:
        files = self.found.files if self.found is not None else ()
        return [one for one in files if one.review is not None and not one.review.needs_look]

    def _import_text(self, language: Language) -> str:
        count = len(self._importable())
        return language.plural("Import {count} file", "Import {count} files", count)

    def _show_ready(self, *, is_ready: bool) -> None:
        files = self.found.files if self.found is not None else ()
        takeable = bool(self._importable())
        self.take.setEnabled(is_ready and takeable)
        self.take.setVisible(takeable)
        self.look.setEnabled(is_ready and bool(files))
        for button in (self.open, self.again):
            button.setEnabled(is_ready)
        self.take.set_message(self._import_text)

    def _on_looked(self, found: IncomingFiles) -> None:
        self.found = found
        self._show()
        self._show_ready(is_ready=True)
        if found.files:
            self.table.selectRow(0)
            self.table.setFocus()
        else:
            self.open.setFocus()

    def _show(self) -> None:
        found, language = self.found, self.kit.translator.language
        if found is None:
            return
        self._card.setVisible(bool(found.files))
        self._nothing.setVisible(not found.files)
        self.table.show_rows([_arrival_cells(self.kit, one, language) for one in found.files])
        self._left.set_message(lambda spoken: _left_out_text(found, spoken))
        self._left.setVisible(bool(found.taken_before or found.for_others or _to_look_at(found)))

    def _on_row_chosen(self, row: int) -> None:
        files = self.found.files if self.found is not None else ()
        if not 0 <= row < len(files):
            return
        chosen = files[row]
        if chosen.card is not None:
            self.card_asked.emit(chosen.path)
        elif chosen.fault is not None:
            self.show_fault(chosen.fault)
        else:
            self.look_asked.emit(chosen.path)

    def _on_open_clicked(self) -> None:
        ask_open_several(self.kit, self, N_("Look at these files"), (".age", ".card"), self.preview)

    def _on_take_clicked(self) -> None:
        desk, progress, files = self._desk, JobProgress(), self._importable()
        self._show_ready(is_ready=False)
        self.hint.set_message(N_("Importing the files…"))
        self.kit.worker.run(
            lambda: transfer.import_files(desk, files, progress),
            self._on_taken,
            self._on_stopped,
            title=N_("Importing the files…"),
            cancel=progress,
        )

    def _on_taken(self, received: BatchImportResult) -> None:
        self.taken.emit(received)
        if received.taken:
            self.hint.set_message(N_("What was imported is recorded in the database."))
        else:
            self.hint.set_message(N_("Nothing has been changed yet."))
        self.preview(self.paths)
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.set_message(*received_text(received))
        self.outcome.show()

    def _on_stopped(self, fault: KfdeskError) -> None:
        self.hint.set_message(N_("Files that were imported before this stay imported."))
        self._on_refused(fault)

    def _on_refused(self, fault: KfdeskError) -> None:
        self._show_ready(is_ready=True)
        self.show_fault(fault)


def _arrival_cells(kit: UiContext, one: IncomingFile, language: Language) -> tuple[TableCell, ...]:
    if one.card is not None:
        words = language.gettext(_COPY if one.card.is_copy else _CARD)
        return (
            TableCell(one.card.name, is_strong=True),
            TableCell(one.path.name),
            TableCell(words, icon="plus", tone=Tone.INFO),
        )
    if one.review is None:
        fault = one.fault
        why = kit.faults(fault, language)[0] if fault is not None else ""
        return (
            TableCell("–"),
            TableCell(one.path.name),
            TableCell(why, icon="ban", tone=Tone.DANGER),
        )
    envelope = one.review.taken.envelope
    number = language.gettext(N_("File no. {number}")).format(number=envelope.sequence)
    tone, icon = Tone.ACCENT, "circle-check"
    if one.review.needs_look:
        tone, icon = Tone.WARNING, "eye"
    elif one.review.conflicts:
        tone, icon = Tone.WARNING, "git-merge"
    return (
        TableCell(one.review.partner, is_strong=True),
        TableCell(number, made_text(envelope.hlc, language)),
        TableCell(contents_summary(one.review, language), icon=icon, tone=tone),
    )


def _to_look_at(found: IncomingFiles) -> int:
    return sum(one.review is not None and one.review.needs_look for one in found.files)


def _left_out_text(found: IncomingFiles, language: Language) -> str:
    parts = []
    alone = _to_look_at(found)
    if alone:
        parts.append(
            language.plural(
                "{count} file can be imported only after you have looked at it.",
                "{count} files can be imported only after you have looked at each of them.",
                alone,
            )
        )
    if found.taken_before:
        parts.append(
            language.plural(
                "{count} file was already imported.",
                "{count} files were already imported.",
                found.taken_before,
            )
        )
    if found.for_others:
        parts.append(
            language.plural(
                "{count} file is not for our organisation.",
                "{count} files are not for our organisation.",
                found.for_others,
            )
        )
    return " ".join(parts)


def received_text(received: BatchImportResult) -> tuple[Message, Message]:
    """Return how many files were imported, and what is left to do."""
    done = plural("{count} file is imported.", "{count} files are imported.", received.taken)
    return done, partial(to_decide_text, received.to_decide) if received.to_decide else ""
