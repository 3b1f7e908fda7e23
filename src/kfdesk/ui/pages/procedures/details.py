# SPDX-License-Identifier: GPL-3.0-or-later
"""One version of a procedure: what it is, its steps, and what can be done with it.

A draft has a form for its head and one for each step. A version that is or was in force is only
read; a change is the next version. What is decided for good is asked once more before it is done.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut

from kfdesk.domain.accounts import Right
from kfdesk.domain.authority import TOGETHER, is_draft
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.procedures.steps import LAW_FAULTS
from kfdesk.domain.records.procedures import Procedure
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, value_text
from kfdesk.i18n.procedures import area_text, in_force_text, procedure_title, version_text
from kfdesk.services.core.records import delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.directory.networks import list_networks
from kfdesk.services.procedures import files, procedures
from kfdesk.services.procedures.procedures import (
    ProcedureDetails,
    ProcedureLine,
    list_procedures,
    read_procedure,
)
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.dialogs import ask_save
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.forms.record_list import PendingDrafts
from kfdesk.ui.pages.directory.networks import network_name
from kfdesk.ui.pages.procedures.steps import (
    STEP_LANGUAGES,
    TORN_TEXT,
    ConflictList,
    StepTable,
    faults_by_step,
)
from kfdesk.ui.record_views import LabelledValues, ValueTable, notify_done, run_with_undo
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message, MessageFunction
from kfdesk.ui.widgets.build import extend, grown, plural
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.collapsible import CollapsibleCard
from kfdesk.ui.widgets.layout import Banner, CardFrame, EmptyState, FlowBox, TaskPage, clear_layout
from kfdesk.ui.widgets.text import Label

NEW_STEP_KEY = "Alt+N"
PRINT_KEY = "Ctrl+P"
MAY_NOT_WRITE = N_(
    "Your roles do not allow you to enter or change procedures. Settings shows who may."
)
_FILE_NAME = "procedure.json"
_LABEL_WIDTH = 210
_HEAD_PADDING = 4
_NARROW = 1060  # narrower, the rarer buttons show only their icons
_TABLE_HEIGHT = 220

# --- what is read


@dataclass(frozen=True, slots=True)
class ShownProcedure:
    """A version with the others that are here, and the networks by the ids that fields hold."""

    details: ProcedureDetails
    lines: tuple[ProcedureLine, ...]
    networks: Mapping[str, MessageFunction]

    @property
    def custodian(self) -> str:
        """The name of who decides on it; empty if it is not known here."""
        rid = self.details.view.rid
        return next((one.custodian for one in self.lines if one.view.rid == rid), "")


def read_shown(desk: Session, procedure: bytes) -> ShownProcedure:
    """Return a version as its page shows it. Raise KfdeskError as `read_procedure` does."""
    networks = {one.view.rid.hex(): partial(network_name, one.view) for one in list_networks(desk)}
    return ShownProcedure(read_procedure(desk, procedure), list_procedures(desk), networks)


# --- the question before what is decided for good


class ConfirmationBanner(Banner):
    """A question with its two answers; hidden until it is asked."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit, Tone.WARNING, "circle-question-mark")
        self._then: Callable[[], object] | None = None
        self.yes = Button(kit, "", "check", ButtonLook.PRIMARY, self._on_yes)
        self.no = Button(kit, N_("Not yet"), on=self.hide)
        self.set_action(self.yes)
        self.set_action(self.no)
        self.hide()

    def ask(
        self, question: Message, under: Message, answer: Message, then: Callable[[], object]
    ) -> None:
        """Ask; the answer of this name calls `then`."""
        self._then = then
        self.set_message(question, under)
        self.yes.set_message(answer)
        self.show()
        self.no.setFocus()

    def _on_yes(self) -> None:
        self.hide()
        if self._then is not None:
            self._then()


# --- what it is

_HEAD_KEYS = (
    "title", "country", "region", "version", "dated", "effective_from", "effective_to",
    "review_by", "purpose", "source", "network", "confidentiality",
)  # fmt: skip
_HEAD_ROWS = (
    ("country", "region"), ("version", "dated"), ("effective_from", "effective_to"),
    ("network", "confidentiality"),
)  # fmt: skip
_READ_KEYS = ("purpose", "source", "dated", "review_by", "network", "confidentiality")


class HeadCard(CollapsibleCard):
    """Head of a version: to read, or as a form in a draft that one may write in."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, N_("About this procedure"), "info", _HEAD_PADDING)
        self._kit = kit
        self._desk = desk
        self.form: RecordForm | None = None

    def show_head(self, shown: ShownProcedure) -> None:
        """Show a version as it was just read; what is being typed stays."""
        details = shown.details
        if self.form is not None and details.may_write:
            self.form.show_view(details.view)
            return
        clear_layout(self.inside)
        self.form = self._make_form(shown) if details.may_write else None
        if self.form is not None:
            extend(self.inside, self.form)
            self.form.show_view(details.view)
        else:
            pairs = tuple(_head_pairs(shown))
            extend(self.inside, ValueTable(self._kit, pairs, width=_LABEL_WIDTH, folds=True))

    def focus_form(self) -> None:
        """Open the card, and move the keyboard to its first field."""
        self.set_open(is_open=True)
        if self.form is not None:
            self.form.form.focus_on("title")

    def _make_form(self, shown: ShownProcedure) -> RecordForm:
        """Return the form; what only the custodian decides is left out for others."""
        shut = frozenset[str]() if shown.details.is_ours else TOGETHER["procedure"]
        keys = tuple(key for key in _HEAD_KEYS if key not in shut)
        rows = tuple(row for row in _HEAD_ROWS if set(row) <= set(keys))
        offers = FormOptions({"network": tuple(shown.networks.items())}, STEP_LANGUAGES)
        fields = Form(self._kit, "procedure", keys, offers, rows)
        return RecordForm(self._kit, self._desk, "procedure", fields)


def _head_pairs(shown: ShownProcedure) -> Iterator[LabelledValues]:
    """Yield what a version says of itself, without what is empty."""
    seen = shown.details.view
    for key in _READ_KEYS:
        field, content = field_of("procedure", key), getattr(seen.record, key)
        if key in seen.conflicts:
            yield LabelledValues(field.label, (TORN_TEXT,), Tone.WARNING)
        elif key == "network" and content is not None:
            unknown = N_("a network that is not here")
            yield LabelledValues(field.label, (shown.networks.get(str(content), unknown),))
        elif content is not None:
            yield LabelledValues(field.label, (partial(value_text, field, content),))
    former = next(
        (one for one in shown.lines if one.view.rid.hex() == seen.record.supersedes), None
    )
    if former is not None:
        label = field_of("procedure", "supersedes").label
        yield LabelledValues(label, (partial(version_text, former.view.record),))


# --- the page of one version


class ProcedurePage(TaskPage):
    """One version. `step_chosen` carries the id of a step, `new_asked` a draft of one or None.

    `opened` carries the id of another version to open, `compare_asked` and `print_asked` that of
    this one.
    """

    step_chosen = Signal(bytes)
    new_asked = Signal(object)
    opened = Signal(bytes)
    compare_asked = Signal(bytes)
    print_asked = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, "")
        self._desk = desk
        self.shown: ShownProcedure | None = None
        self.cancel.hide()
        self.question = ConfirmationBanner(kit)
        self.notes = tuple(Banner(kit, Tone.WARNING, "triangle-alert") for _ in range(3))
        self.conflicts = ConflictList(kit, desk)
        self.about = HeadCard(kit, desk)
        self.drafts = PendingDrafts(kit, desk, "procedure_step")
        self.table = StepTable(kit)
        self._count = Label(kit, style=TextStyle.HEADING).wrapped()
        self._commands: dict[Button, Command] = {}
        quiet, primary = ButtonLook.QUIET, ButtonLook.PRIMARY
        self.edit = self._button(N_("Change the description"), "pencil", quiet)
        self.add = self._button(N_("Add a step"), "plus", ButtonLook.TONAL, NEW_STEP_KEY)
        self.compare = self._button(N_("Compare…"), "arrow-left-right", quiet)
        self.saving = self._button(N_("Save as a file…"), "file-down", quiet)
        self.printing = self._button(N_("Print…"), "printer", quiet, PRINT_KEY)
        self.bin_button = self._button(N_("Put in the bin"), "trash-2", quiet)
        self.retire = self._button(N_("Retire…"), "archive", ButtonLook.SECONDARY)
        self.next = self._button(N_("Make the next version"), "plus", primary)
        self.activate = self._button(N_("Put into force…"), "check", primary)
        self._lay_out()
        self._connect()
        self.first = self.table

    def show_procedure(self, shown: ShownProcedure) -> None:
        """Show a version as it was just read."""
        self.shown = shown
        details = shown.details
        self.title.set_message(partial(procedure_title, details.view.record))
        self.under.set_message(partial(_under_text, shown))
        self.hint.set_message(partial(_state_text, self._may_edit, shown))
        self._show_notes(details)
        self.conflicts.show_views((details.view,) if details.may_write else ())
        self.about.show_head(shown)
        self.drafts.set_parent_record(details.view.rid if details.may_write else None)
        torn = frozenset(at for at, one in enumerate(details.steps) if one.conflicts)
        records = [one.record for one in details.steps]
        self.table.show_steps(records, faults_by_step(details.faults), torn)
        self._count.set_message(plural("{count} step", "{count} steps", len(records)))
        self._listed.setVisible(bool(records))
        self._nothing.setVisible(not records)
        self._show_buttons(details)

    def refuse(self, fault: KfdeskError) -> None:
        """Show what was refused and what to do."""
        self.show_fault(fault)

    def commands(self) -> tuple[Command, ...]:
        """Return the commands that are possible with this version."""
        return tuple(command for button, command in self._commands.items() if not button.isHidden())

    def select_step(self, rid: bytes | None) -> None:
        """Select a step in the table, if it is there."""
        steps = self.shown.details.steps if self.shown is not None else ()
        at = next((at for at, one in enumerate(steps) if one.rid == rid), None)
        if at is not None:
            self.table.selectRow(at)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the steps, or to what can be done without any."""
        if not self._nothing.isHidden():
            (self.back if self.add.isHidden() else self.add).setFocus(event.reason())
            return
        self.table.setFocus(event.reason())
        if not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the rarer buttons as icons in a narrow window, to leave the steps more room."""
        super().resizeEvent(event)
        is_narrow = self.width() < self.kit.theme.scaled(_NARROW)
        for button in (self.compare, self.saving, self.printing, self.bin_button):
            button.set_bare(is_bare=is_narrow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the question back on Esc, and let Esc do nothing else then."""
        if event.key() == Qt.Key.Key_Escape and self.question.isVisible():
            self.question.hide()
            self.setFocus()
        else:
            super().keyPressEvent(event)

    # construction

    def _button(self, words: str, icon: str, look: ButtonLook, keys: str = "") -> Button:
        button = Button(self.kit, words, icon, look)
        if keys:
            button.show_key(keys)
        self._commands[button] = Command(words, button.click, keys, icon)
        return button

    def _lay_out(self) -> None:
        kit = self.kit
        for button in self._commands:
            if button not in (self.add, self.edit):
                self.set_action(button)
        self._nothing = EmptyState(
            kit, "list-checks", N_("No steps yet"),
            N_("A procedure is followed step by step. Without steps it cannot be put into force."),
        )  # fmt: skip
        self._listed = CardFrame(padding=0, parts=(grown(self.table),), gap=0)
        self.table.setMinimumHeight(_TABLE_HEIGHT)
        head = FlowBox(self._count, self.edit, self.add, gap=8, fills=self._count)
        extend(
            self.body, self.question, *self.notes, self.conflicts, self.about, self.drafts, head,
            grown(self._listed), self._nothing,
        )  # fmt: skip

    def _connect(self) -> None:
        self.table.chosen.connect(self._on_chosen)
        self.drafts.continued.connect(self.new_asked)
        self.edit.clicked.connect(self.about.focus_form)
        self.add.clicked.connect(lambda: self.new_asked.emit(None))
        self.compare.clicked.connect(lambda: self.compare_asked.emit(self._rid))
        self.saving.clicked.connect(self._on_save_clicked)
        self.printing.clicked.connect(lambda: self.print_asked.emit(self._rid))
        self.bin_button.clicked.connect(self._on_bin_clicked)
        self.retire.clicked.connect(self._on_retire_clicked)
        self.next.clicked.connect(self._on_next_clicked)
        self.activate.clicked.connect(self._on_activate_clicked)
        for keys, button in ((NEW_STEP_KEY, self.add), (PRINT_KEY, self.printing)):
            QShortcut(QKeySequence(keys), self, button.click)

    # what is shown

    @property
    def _rid(self) -> bytes:
        assert self.shown is not None
        return self.shown.details.view.rid

    @property
    def _may_edit(self) -> bool:
        return self._desk.may(Right.EDIT_DIRECTORY)

    def _show_notes(self, details: ProcedureDetails) -> None:
        """Say what is wrong, what others changed, and which versions hold on the same days."""
        wrong = sum(one.fault not in LAW_FAULTS for one in details.faults)
        laws = len(details.faults) - wrong
        said: tuple[tuple[Message, str, bool], ...] = (
            (
                partial(_faults_text, wrong, laws),
                N_("Each is shown at its step. Open the step to see what to do."),
                bool(details.faults),
            ),
            (
                N_("It no longer says what its organisation put into force."),
                N_("Ask them to send it again, and do not rely on it until then."),
                details.is_as_adopted is False,
            ),
            (
                N_("Another version of it is in force on the same days."),
                N_("Ask the organisations that decide on them which one is in force."),
                bool(details.overlaps),
            ),
        )
        for note, (title, under, is_so) in zip(self.notes, said, strict=True):
            note.set_message(title, under)
            note.setVisible(is_so)

    def _show_buttons(self, details: ProcedureDetails) -> None:
        status, may_print = details.view.record.status, self._desk.may(Right.PRINT_INTERNAL)
        is_begun, is_ours = is_draft(details.view.row), details.is_ours and self._may_edit
        others = len(self.shown.lines) > 1 if self.shown is not None else False
        for button, is_there in (
            (self.edit, details.may_write),
            (self.add, details.may_write),
            (self.compare, others),
            (self.saving, may_print),
            (self.printing, may_print),
            (self.bin_button, is_begun and is_ours),
            (self.retire, status == "active" and is_ours),
            (self.next, not is_begun and self._may_edit),
            (self.activate, is_begun and is_ours),
        ):
            button.setVisible(is_there)

    # what the buttons do

    def _on_chosen(self, at: int) -> None:
        if self.shown is not None and at < len(self.shown.details.steps):
            self.step_chosen.emit(self.shown.details.steps[at].rid)

    def _on_activate_clicked(self) -> None:
        self.outcome.hide()
        self.question.ask(
            N_("Put this version into force?"),
            N_(
                "After that it can no longer be changed: a change becomes the next version. Our "
                "earlier version ends the day before."
            ),
            N_("Put into force"),
            self._activate,
        )

    @task
    async def _activate(self) -> None:
        done = await call(self.kit, procedures.activate_procedure, self._desk, self._rid)
        notify_done(self.kit, self._desk, done, N_("The version is in force."))
        self.setFocus()

    def _on_retire_clicked(self) -> None:
        self.outcome.hide()
        self.question.ask(
            N_("Retire this version?"),
            N_(
                "It ends today, and no plan can begin to follow it. Plans that already follow it "
                "continue as they are."
            ),
            N_("Retire"),
            self._retire,
        )

    @task
    async def _retire(self) -> None:
        done = await call(self.kit, procedures.retire_procedure, self._desk, self._rid)
        notify_done(self.kit, self._desk, (done,), N_("The version is no longer in force."))
        self.setFocus()

    @task
    async def _on_next_clicked(self) -> None:
        made = await call(self.kit, procedures.make_next_version, self._desk, self._rid)
        kit, desk = self.kit, self._desk
        kit.events.changed.emit(frozenset({"procedure", "procedure_step"}))

        def take_back() -> None:
            kit.worker.run(
                lambda: delete_record(desk, made), lambda done: kit.events.changed.emit(done.types)
            )

        kit.notify(N_("The next version is a draft. No one follows it yet."), take_back)
        self.opened.emit(made)

    def _on_save_clicked(self) -> None:
        ask_save(self.kit, self, N_("Save the procedure"), _FILE_NAME, self.save)

    @task
    async def save(self, path: Path) -> None:
        """Save the version as a file of this name."""
        self.outcome.hide()
        await call(self.kit, files.export_procedure, self._desk, self._rid, path)
        self.kit.notify(N_("The procedure is saved as a file. It names no client."))

    def _on_bin_clicked(self) -> None:
        work = partial(delete_record, self._desk, self._rid)
        run_with_undo(self.kit, self._desk, work, N_("Put in the bin."))
        self.closed.emit()


def status_text(record: Procedure, language: Language) -> str:
    """Return the status in words; without one, that it is a draft."""
    return value_text(field_of("procedure", "status"), record.status or "draft", language)


def whose_text(name: str, language: Language, *, is_ours: bool) -> str:
    """Return who decides on a version."""
    if is_ours:
        return language.gettext(N_("our own"))
    return name or language.gettext(N_("an organisation that is not known here"))


def _faults_text(wrong: int, laws: int, language: Language) -> str:
    """Return how much is to be put right, and how many laws somebody has to read."""
    said = []
    if wrong:
        said.append(
            language.plural("{count} thing to put right", "{count} things to put right", wrong)
        )
    if laws:
        said.append(language.plural("{count} law to read", "{count} laws to read", laws))
    line = " · ".join(said)
    return f"{line[:1].upper()}{line[1:]}"


def _under_text(shown: ShownProcedure, language: Language) -> str:
    """Return version, status, days, area and custodian on one line."""
    record, details = shown.details.view.record, shown.details
    said = (
        version_text(record, language),
        status_text(record, language),
        in_force_text(record, language),
        area_text(record, language),
        whose_text(shown.custodian, language, is_ours=details.is_ours),
    )
    line = " · ".join(one for one in said if one)
    return f"{line[:1].upper()}{line[1:]}"


def _state_text(may_edit: bool, shown: ShownProcedure, language: Language) -> str:
    """Return what can be done with a version, and why no more."""
    details = shown.details
    status, name = details.view.record.status, whose_text(shown.custodian, language, is_ours=False)
    if not may_edit:
        said = MAY_NOT_WRITE
    elif status == "active":
        said = _ACTIVE_OURS if details.is_ours else _ACTIVE_THEIRS
    elif status == "retired":
        said = N_("No longer in force. Plans that began to follow it continue with it as it was.")
    elif details.is_ours:
        said = N_("A draft: it can be changed, and no plan follows it yet.")
    elif details.may_write:
        said = N_("A draft by {name}. You write in it together; only they can put it into force.")
    else:
        said = N_("A draft by {name}: only they can write in it.")
    return language.gettext(said).format(name=name)


_ACTIVE_OURS = N_("In force, so it can no longer be changed. A change becomes the next version.")
_ACTIVE_THEIRS = N_(
    "{name} decides on it, so it can only be read here. The next version that you make is your own."
)
