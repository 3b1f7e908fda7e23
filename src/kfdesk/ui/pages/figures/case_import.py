# SPDX-License-Identifier: GPL-3.0-or-later
"""A sheet of case data, looked at line by line before anything of it is imported.

Who is like somebody here is imported only if a person says that it is somebody else. All of it can
be undone.
"""

from pathlib import Path

from PySide6.QtCore import QModelIndex, Signal

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.values import text_or_empty
from kfdesk.i18n.case_sheets import case_finding_place, case_finding_text
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.figures.case_import import (
    CaseFate,
    CaseImport,
    CaseImportPreview,
    CaseLine,
    import_cases,
    preview_case_import,
    read_case_file,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.record_views import notify_types
from kfdesk.ui.tasks import call, call_long, task
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import fixed_text
from kfdesk.ui.widgets.build import extend, filled, grown, labelled, plural
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.layout import Banner, CardFrame, FlowBox, TaskPage
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView
from kfdesk.ui.widgets.text import Label
from kfdesk.ui.worker import JobProgress

_LINES_HEIGHT, _FINDINGS_HEIGHT = 180, 200
_LINES = (
    ColumnSpec(N_("Line"), most=90),
    ColumnSpec(N_("Who it is"), stretches=True),
    ColumnSpec(N_("Importing it"), most=420),
)
_FINDINGS = (
    ColumnSpec(N_("Where"), most=320),
    ColumnSpec(N_("What is odd, and what to do"), stretches=True),
)
_ENCODINGS = ("utf-8", "cp1252", "cp1251", "cp1250", "cp1257", "koi8-r", "utf-16")
_NOT_TAKEN, _APART = N_("left out for now"), N_("a new client")


class CaseImportPage(TaskPage):
    """The preview of a sheet, with its button. `taken` says that it was imported."""

    taken = Signal()

    def __init__(self, kit: UiContext, desk: Session, path: Path) -> None:
        super().__init__(kit, N_("A sheet of case data"))
        self._desk, self._path = desk, path
        self.preview: CaseImportPreview | None = None
        self.apart: set[int] = set()
        """The lines like somebody else that a person says are a new client."""
        self.hint.set_message(N_("Nothing has been changed yet."))
        self.letters = ChoiceBox(kit)
        self.guessed = Banner(kit, Tone.WARNING, "languages")
        self.table, self.findings = TableView(kit, _LINES), TableView(kit, _FINDINGS)
        self.table.setMinimumHeight(_LINES_HEIGHT)
        self.findings.setMinimumHeight(_FINDINGS_HEIGHT)
        kit.translator.bind(self.table.setAccessibleName, N_("Lines"))
        kit.translator.bind(self.findings.setAccessibleName, N_("What is odd"))
        self.other = Button(kit, N_("This is someone else"), "user", ButtonLook.TONAL)
        self.take = Button(kit, N_("Import as drafts"), "check", ButtonLook.PRIMARY, self._on_take)
        self.set_action(self.take)
        self.first = self.take
        self._lay_out()
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        self.other.clicked.connect(self._on_other_clicked)
        self.letters.chosen.connect(self.look)
        kit.translator.on_language_change(self, self._show_tables)
        self.look("")

    def refuse(self, fault: KfdeskError) -> None:
        """Show what was refused and what to do; nothing was written."""
        self.show_fault(fault)
        self.first = self.back
        self.back.setFocus()

    @task
    async def look(self, encoding: str) -> None:
        """Read the sheet, in an encoding or the one that is detected, and show what it has."""
        self.outcome.hide()
        self.preview = await call(self.kit, _read, self._desk, self._path, encoding)
        self.apart = set()
        self._show()

    def _lay_out(self) -> None:
        kit = self.kit
        asked = labelled(kit, N_("Text encoding"), self.letters)
        self._asked = CardFrame(parts=(self.guessed, asked), gap=8)
        listed = CardFrame(padding=0, parts=(grown(self.table),), gap=0)
        self._odd_title = Label(kit, N_("What is odd"), TextStyle.TITLE)
        self._odd = CardFrame(padding=0, parts=(grown(self.findings),), gap=0)
        extend(
            self.body,
            self._asked,
            grown(listed),
            FlowBox(self.other),
            self._odd_title,
            grown(self._odd),
        )
        for part in (self._asked, self.other, self._odd_title, self._odd):
            part.hide()
        self.take.setEnabled(False)

    def _show(self) -> None:
        preview = self.preview
        if preview is None:
            return
        new = preview.count(CaseFate.NEW)
        self.under.set_message(plural("{count} new client", "{count} new clients", new))
        if not preview.sheet.is_sure:
            self._asked.show()
            names = dict.fromkeys((*_ENCODINGS, preview.sheet.encoding))
            options = [(name, fixed_text(name)) for name in names]
            self.letters.set_options(options, preview.sheet.encoding)
            self.guessed.set_message(
                N_("The text encoding was guessed. If letters look wrong, choose another.")
            )
        for part in (self._odd_title, self._odd):
            part.setVisible(bool(preview.findings))
        if preview.more:
            self._odd_title.set_message(
                filled(N_("What is odd: the first {count}"), count=len(preview.findings))
            )
        self._show_tables()
        self.first = self.take if self.take.isEnabled() else self.back
        self.first.setFocus()

    def _show_tables(self) -> None:
        language, preview = self.kit.translator.language, self.preview
        if preview is None:
            return
        self.table.show_rows([self._line_cells(one, language) for one in preview.lines])
        self.findings.show_rows(
            [
                (TableCell(case_finding_place(one, language)),
                 TableCell(*case_finding_text(one, language)))
                for one in preview.findings
            ]
        )  # fmt: skip
        self.take.setEnabled(preview.count(CaseFate.NEW) > 0 or bool(self.apart))

    def _line_cells(self, line: CaseLine, language: Language) -> tuple[TableCell, ...]:
        client = line.case.client
        names = (text_or_empty(client.get(key)) for key in ("code", "given_name", "family_name"))
        who = " ".join(filter(None, names)) or "–"
        number = TableCell(str(line.case.line))
        if line.fate is CaseFate.NEW:
            said = TableCell(language.gettext(_APART), "", "plus", Tone.INFO)
            return number, TableCell(who, is_strong=True), said
        words = N_("like line {name}") if line.fate is CaseFate.REPEATED else N_("like {name} here")
        like = language.gettext(words).format(name=line.other)
        is_apart = line.case.line in self.apart
        icon, tone = ("plus", Tone.INFO) if is_apart else ("git-merge", Tone.WARNING)
        said = TableCell(language.gettext(_APART if is_apart else _NOT_TAKEN), like, icon, tone)
        return number, TableCell(who, is_strong=True), said

    def _current(self) -> CaseLine | None:
        row = self.table.currentIndex().row()
        has_row = self.preview is not None and 0 <= row < len(self.preview.lines)
        return self.preview.lines[row] if self.preview is not None and has_row else None

    def _on_current_changed(self, _now: QModelIndex, _before: QModelIndex) -> None:
        line = self._current()
        self.other.setVisible(line is not None and line.fate is not CaseFate.NEW)
        if line is not None and line.case.line in self.apart:
            self.other.set_message(N_("Leave this line out"))
        else:
            self.other.set_message(N_("This is someone else"))

    def _on_other_clicked(self) -> None:
        line = self._current()
        if line is not None:
            self.apart ^= {line.case.line}
            self._show_tables()
            self._on_current_changed(QModelIndex(), QModelIndex())

    @task
    async def _on_take(self) -> None:
        preview, desk = self.preview, self._desk
        if preview is None:
            return
        self.take.setEnabled(False)
        apart, progress = frozenset(self.apart), JobProgress()
        self.closed.connect(progress.cancel)
        done: CaseImport = await call_long(
            self.kit,
            N_("Importing the list"),
            lambda running: import_cases(desk, preview, apart, running),
            progress,
        )
        said = plural("{count} client imported", "{count} clients imported", len(done.plans))
        notify_types(self.kit, desk, done.types, done.done, said)
        self.taken.emit()


def _read(desk: Session, path: Path, encoding: str) -> CaseImportPreview:
    return preview_case_import(desk, read_case_file(path), encoding)
