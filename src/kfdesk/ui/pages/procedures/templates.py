# SPDX-License-Identifier: GPL-3.0-or-later
"""A new procedure: from one that comes with the program, or from a file, looked at beforehand.

Nothing is written before the user says so, and then it is a draft, whatever the file says of
itself. It can be undone. Services read the files; this module knows no format.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal

from kfdesk.domain.codes.core import CONFIDENTIALITY
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.procedures.files import ProcedureFile
from kfdesk.domain.records.procedures import Procedure
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import localized_text
from kfdesk.i18n.procedures import area_text, procedure_title, step_fault_text, version_text
from kfdesk.services.core.session import Session
from kfdesk.services.procedures import files
from kfdesk.services.procedures.files import ProcedureImport, ProcedurePreview
from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import ask_open
from kfdesk.ui.pages.procedures.steps import StepTable, faults_by_step
from kfdesk.ui.record_views import notify_types
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import fixed_text
from kfdesk.ui.widgets.build import STRETCH, column, extend, grown, labelled, muted, plural, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.layout import Banner, CardFrame, FlowBox, TaskPage, clear_layout
from kfdesk.ui.widgets.text import Label

FILE_SUFFIX = ".json"
_SHIPPED_ORDER = ("stockholm-region", "return-and-reception", "empty")
_MOST_FAULTS = 12
_TABLE_HEIGHT = 200


class TemplatesPage(TaskPage):
    """Choice of what a new procedure begins with. `chosen` carries the name of one, or the path."""

    chosen = Signal(object)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, N_("New procedure"))
        self._desk = desk
        self.buttons: dict[str, Button] = {}
        self.under.set_message(N_("You see its steps first. What you import becomes a draft."))
        self.hint.set_message(N_("Nothing has been changed yet."))
        self.from_file = Button(kit, N_("From a file…"), "download", on=self._on_file_clicked)
        self.set_action(self.from_file)
        self._cards = column(gap=12)
        extend(self.body, self._cards, STRETCH)
        self.first = self.from_file
        self.read()

    @task
    async def read(self) -> None:
        """Read what comes with the program."""
        shipped = await call(self.kit, files.shipped_procedures, self._desk)
        self._show(shipped)

    def refuse(self, fault: KfdeskError) -> None:
        """Show what was refused and what to do."""
        self.show_fault(fault)

    def _show(self, shipped: Mapping[str, ProcedureFile]) -> None:
        clear_layout(self._cards)
        known = [name for name in _SHIPPED_ORDER if name in shipped]
        for name in (*known, *sorted(shipped.keys() - set(known))):
            extend(self._cards, self._make_card(name, shipped[name]))
        self.first = next(iter(self.buttons.values()), self.from_file)
        if self.from_file.hasFocus() or self.hasFocus():
            self.first.setFocus()

    def _make_card(self, name: str, file: ProcedureFile) -> CardFrame:
        head, kit = files.file_head(file), self.kit
        button = Button(kit, N_("Look at it"), "eye", ButtonLook.TONAL)
        kit.translator.bind(
            button.setAccessibleName, N_("Look at it: {name}"), name=partial(procedure_title, head)
        )
        button.clicked.connect(partial(self.chosen.emit, name))
        self.buttons[name] = button
        title = Label(kit, partial(procedure_title, head), TextStyle.HEADING).wrapped()
        words = FlowBox(title, button, gap=12, fills=title)
        count = plural("{count} step", "{count} steps", len(file.steps))
        parts = (
            words,
            muted(kit, partial(_purpose_text, head)),
            muted(kit, count, TextStyle.SMALL),
        )
        return CardFrame(parts=parts)

    def _on_file_clicked(self) -> None:
        ask_open(self.kit, self, N_("Look at the procedure"), FILE_SUFFIX, self.chosen.emit)


class ProcedureImportPage(TaskPage):
    """Preview of taking over a procedure. `taken` carries the id of the new draft."""

    taken = Signal(bytes)
    read = Signal()

    def __init__(self, kit: UiContext, desk: Session, source: str | Path) -> None:
        super().__init__(kit, N_("New procedure"))
        self._desk = desk
        self._source = source
        self.preview: ProcedurePreview | None = None
        self.hint.set_message(N_("Nothing has been changed yet."))
        self.here = Banner(kit, Tone.INFO, "info")
        self.odd = Banner(kit, Tone.WARNING, "triangle-alert")
        self.left_out = Banner(kit, Tone.INFO, "info")
        self.sights = ChoiceBox(kit)
        self.sights.set_options(tuple(CONFIDENTIALITY.items()), files.DEFAULT_CONFIDENTIALITY)
        self._about = text(kit)
        self._source_text = muted(kit, style=TextStyle.SMALL)
        self.table = StepTable(kit)
        self.table.setMinimumHeight(_TABLE_HEIGHT)
        self.take = Button(kit, N_("Import as a draft"), "check", ButtonLook.PRIMARY)
        self.take.clicked.connect(self._on_take_clicked)
        self.take.setEnabled(False)
        self.set_action(self.take)
        self._lay_out()
        self.first = self.take
        self._look()

    def refuse(self, fault: KfdeskError) -> None:
        """Show what was refused and what to do; nothing was written."""
        self.show_fault(fault)
        self.take.setEnabled(self.preview is not None)
        if self.preview is None:
            self.first = self.back
            self.back.setFocus()

    def _lay_out(self) -> None:
        for banner in (self.here, self.odd, self.left_out):
            banner.hide()
        seen = labelled(self.kit, N_("Who may see this"), self.sights)
        self._whole = CardFrame(parts=(self._about, self._source_text, seen))
        self._listed = CardFrame(padding=0, parts=(grown(self.table),), gap=0)
        for card in (self._whole, self._listed):
            card.hide()
        extend(
            self.body, self.here, self.odd, self.left_out, self._whole, grown(self._listed),
            column(STRETCH),
        )  # fmt: skip

    @task
    async def _look(self) -> None:
        """Read the file and show what it would add."""
        self._show(await call(self.kit, self._read))
        self.read.emit()

    def _read(self) -> ProcedurePreview:
        source, desk = self._source, self._desk
        if isinstance(source, Path):
            return files.preview_procedure(desk, files.read_procedure_file(source))
        return files.preview_procedure(desk, files.shipped_procedure(desk, source))

    def _show(self, preview: ProcedurePreview) -> None:
        self.preview = preview
        head, steps = files.file_head(preview.file), files.file_steps(preview.file)
        self.title.set_message(partial(procedure_title, head))
        self.under.set_message(partial(_under_text, head, len(steps)))
        self._about.set_message(partial(_purpose_text, head))
        self._source_text.set_message(lambda language: localized_text(head.source, language))
        self.table.show_steps(steps, faults_by_step(preview.faults))
        self._whole.show()
        self._listed.setVisible(bool(steps))
        self._show_banners(preview)
        self.take.setEnabled(True)
        self.take.setFocus()

    def _show_banners(self, preview: ProcedurePreview) -> None:
        self.here.setVisible(bool(preview.here))
        self.here.set_message(
            N_("A procedure with this name is already here.")
            if not preview.is_taken
            else N_("This version of the procedure is already here."),
            N_("It stays as it is. What you import is kept beside it."),
        )
        self.odd.setVisible(bool(preview.faults))
        self.odd.set_message(
            plural(
                "{count} thing to put right or to read",
                "{count} things to put right or to read",
                len(preview.faults),
            ),
            partial(_faults_text, preview),
        )
        self.left_out.setVisible(bool(preview.file.left_out))
        names = ", ".join(preview.file.left_out[:_MOST_FAULTS])
        self.left_out.set_message(
            N_("Some of the file does not fit into a procedure and is left out."), fixed_text(names)
        )

    @task
    async def _on_take_clicked(self) -> None:
        preview, desk = self.preview, self._desk
        if preview is None:
            return
        self.take.setEnabled(False)
        taken: ProcedureImport = await call(
            self.kit, files.import_procedure, desk, preview, self.sights.key
        )
        notify_types(self.kit, desk, taken.types, taken.done, N_("Imported as a draft."))
        self.taken.emit(taken.procedure)


def _purpose_text(head: Procedure, language: Language) -> str:
    return localized_text(head.purpose, language) or "–"


def _under_text(head: Procedure, steps: int, language: Language) -> str:
    count = language.plural("{count} step", "{count} steps", steps)
    said = (version_text(head, language), area_text(head, language), count)
    line = " · ".join(one for one in said if one)
    return f"{line[:1].upper()}{line[1:]}"


def _faults_text(preview: ProcedurePreview, language: Language) -> str:
    """Return what is odd, a line for each, and how much more there is."""
    lines = []
    for one in preview.faults[:_MOST_FAULTS]:
        said = step_fault_text(one, language)
        step = language.gettext(N_("Step {number}: {fault}"))
        lines.append(step.format(number=one.prefix, fault=said) if one.prefix else said)
    more = len(preview.faults) - _MOST_FAULTS
    if more > 0:
        lines.append(language.plural("{count} more", "{count} more", more))
    return "\n".join(lines)
