# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a procedure: as a table, and one of them in full, to read or to edit.

What is wrong stands at its step, with what to do. Nothing that a newer program or a partner wrote
makes a step unreadable: a code that no list knows is shown as such, a long text is folded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QResizeEvent, QShortcut

from kfdesk.domain.kinds import CodeKind
from kfdesk.domain.message_marks import N_
from kfdesk.domain.procedures.steps import LAW_FAULTS, FoundFault, prefix_of
from kfdesk.domain.records.procedures import ProcedureStep
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import EMPTY_STATE
from kfdesk.domain.rows import FieldVersion, RecordView, Row, view
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, localized_text, value_text
from kfdesk.i18n.procedures import (
    clock_text,
    law_read_text,
    since_text,
    step_fault_remedy,
    step_fault_text,
)
from kfdesk.services.core.drafts import OpenDraft
from kfdesk.services.core.records import change_record, delete_record
from kfdesk.services.core.session import Session
from kfdesk.services.procedures.procedures import ProcedureDetails
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.pages.directory.entry_editor import EntryConflicts
from kfdesk.ui.record_views import LabelledValues, ValueTable, run_with_undo
from kfdesk.ui.tokens import CARD_GAP, TextStyle, Tone
from kfdesk.ui.widgets.build import STRETCH, column, extend, muted, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, TaskPage, clear_layout
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView

STEP_LANGUAGES = ("sv", "en", "ru")
"""The languages that a procedure is written in, as those that come with the program."""
_LONGEST_CELL = 160  # letters
Faults = Mapping[str, Sequence[FoundFault]]
"""The faults of the steps, by their numbers."""

# --- the table

_COLUMNS = (
    ColumnSpec(N_("Number")),
    ColumnSpec(N_("Step"), stretches=True),
    ColumnSpec(N_("Who leads"), most=220),
    ColumnSpec(N_("Time"), most=200),
    ColumnSpec(N_("Law"), most=270),
)
_NARROW_COLUMNS = (
    *_COLUMNS[:2],
    replace(_COLUMNS[2], most=150), replace(_COLUMNS[3], most=140), replace(_COLUMNS[4], most=150),
)  # fmt: skip
"""In a narrow window the name of a step needs the room; tooltips say what is cut."""
_NARROW = 980
TORN_TEXT = N_("two values, not yet decided")


def faults_by_step(found: Sequence[FoundFault]) -> Faults:
    """Return the faults by the numbers of their steps."""
    by_step: dict[str, list[FoundFault]] = {}
    for one in found:
        by_step.setdefault(one.prefix, []).append(one)
    return by_step


class StepTable(TableView):
    """The steps in their order, a line for each; `chosen` carries the place of a step."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit, _COLUMNS)
        self._steps: tuple[ProcedureStep, ...] = ()
        self._faults: Faults = {}
        self._torn: frozenset[int] = frozenset()
        self.open_by_click()
        kit.translator.bind(self.setAccessibleName, N_("Steps of a procedure"))
        kit.translator.on_language_change(self, self._show)

    def show_steps(
        self, steps: Sequence[ProcedureStep], faults: Faults, torn: frozenset[int] = frozenset()
    ) -> None:
        """Show steps; `torn` are the places of those with a field in conflict."""
        self._steps, self._faults, self._torn = tuple(steps), faults, torn
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the names of the steps enough room in a narrow window."""
        is_narrow = self.width() < self._kit.theme.scaled(_NARROW)
        columns = _NARROW_COLUMNS if is_narrow else _COLUMNS
        if self.rows.columns != columns:
            self.rows.columns = columns
            self._show()  # the columns fit themselves to new rows
        super().resizeEvent(event)

    def _show(self) -> None:
        language = self._kit.translator.language
        self.show_rows(
            [
                _cells(step, self._faults.get(prefix_of(step), ()), at in self._torn, language)
                for at, step in enumerate(self._steps)
            ]
        )


def _cells(
    step: ProcedureStep, faults: Sequence[FoundFault], is_torn: bool, language: Language
) -> tuple[TableCell, ...]:
    wrong = [one for one in faults if one.fault not in LAW_FAULTS]
    title = _short(localized_text(step.title, language)) or "–"
    said = TableCell(
        title, _values_line(step, ("requirement", "applies"), language), is_strong=True
    )
    if is_torn:
        said = TableCell(title, language.gettext(TORN_TEXT), "git-merge", Tone.WARNING)
    elif wrong:
        fault = _short(step_fault_text(wrong[0], language))
        said = TableCell(title, fault, "triangle-alert", Tone.WARNING)
    return (
        TableCell(_short(prefix_of(step)) or "–", is_strong=True),
        said,
        TableCell(
            _values_line(step, ("lead",), language) or "–",
            _values_line(step, ("takes_part",), language),
        ),
        TableCell(*time_texts(step, language)),
        _law_cell(step, len(wrong) < len(faults), language),
    )


def _law_cell(step: ProcedureStep, is_to_read: bool, language: Language) -> TableCell:
    law = _short(step.law) if isinstance(step.law, str) else ""
    read = law_read_text(step, language)
    if not is_to_read:
        return TableCell(law, read)
    return TableCell(
        law or "–", read or language.gettext(N_("not checked")), "triangle-alert", Tone.WARNING
    )


def time_texts(step: ProcedureStep, language: Language) -> tuple[str, str]:
    """Return how long a step may take, and from when; a code of a newer program as unknown."""
    for key in ("clock", "unit", "event"):
        code, kind = getattr(step, key), field_of("procedure_step", key).kind
        if isinstance(code, str) and isinstance(kind, CodeKind) and code not in kind.codes:
            return _short(value_text(field_of("procedure_step", key), code, language)), ""
    return _short(clock_text(step, language)), _short(since_text(step, language))


def _values_line(step: ProcedureStep, keys: Sequence[str], language: Language) -> str:
    """Return the values of these fields on one line; nothing for those that are empty."""
    said = (
        value_text(field_of("procedure_step", key), value, language)
        for key in keys
        if (value := getattr(step, key)) is not None
    )
    return _short(" · ".join(said))


def _short(told: str) -> str:
    line = " ".join(told.split())
    return line if len(line) <= _LONGEST_CELL else f"{line[:_LONGEST_CELL].rstrip()} …"


# --- what is wrong


class FaultList(CardFrame):
    """Faults of a step, each sentence with what to do; hidden without any."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.add_heading(kit, N_("To be put right"), "triangle-alert", Tone.WARNING)
        self._lines = column(gap=8)
        extend(self.body, self._lines)
        self.hide()

    def show_faults(self, faults: Sequence[FoundFault], *, may_write: bool) -> None:
        """Show these faults; what to do is told to somebody who may write."""
        clear_layout(self._lines)
        for one in faults:
            extend(self._lines, text(self._kit, partial(step_fault_text, one)))
            if may_write:
                remedy = partial(step_fault_remedy, one)
                extend(self._lines, muted(self._kit, remedy, TextStyle.SMALL))
        self.setVisible(bool(faults))


class ConflictList(EntryConflicts):
    """The fields of a record with two values, each to be decided by whoever may write in it."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit)
        self._desk = desk
        self.decided.connect(self._on_decided)

    def focus_first(self) -> None:
        """Move the keyboard to the first value."""
        if self.buttons:
            self.buttons[0].setFocus()

    def _on_decided(self, seen: RecordView[Any], key: str, version: FieldVersion) -> None:
        work = partial(change_record, self._desk, seen.rid, {key: version.value})
        run_with_undo(self._kit, self._desk, work, N_("Decided. This value is used now."))


# --- one step

_STEP_KEYS = (
    "prefix", "title", "what", "lead", "deputy", "takes_part", "informs", "pays", "applies",
    "requirement", "after", "event", "event_step", "amount", "unit", "clock", "rolls", "warn",
    "prolong", "form_number", "form_from", "law", "law_read", "law_read_by", "needs_consent",
    "proof",
)  # fmt: skip
_STEP_ROWS = (
    ("lead", "deputy"), ("takes_part", "informs"), ("pays", "applies"), ("requirement", "after"),
    ("event", "event_step"), ("amount", "unit"), ("clock", "rolls"),
    ("form_number", "form_from"), ("law_read", "law_read_by"), ("needs_consent", "proof"),
)  # fmt: skip
_CLOCK_KEYS = frozenset({"event", "event_step", "amount", "unit", "clock"})
"""The fields that a reader gets as one sentence about the time."""
_LABEL_WIDTH = 230
_MOVES = (
    (N_("Step before"), -1, "Ctrl+PgUp", "chevron-up"),
    (N_("Step after"), 1, "Ctrl+PgDown", "chevron-down"),
)


class StepPage(TaskPage):
    """One step in full. Who may write in its procedure gets its form.

    `moved` asks for the next step, or with -1 for the one before.
    """

    moved = Signal(int)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, "")
        self._desk = desk
        self._seen: RecordView[Any] | None = None
        self.form: RecordForm | None = None
        self.cancel.hide()
        self.faults = FaultList(kit)
        self.conflicts = ConflictList(kit, desk)
        self._place = column()
        self.before, self.after = (
            Button(kit, words, icon, ButtonLook.QUIET).bared().show_key(keys)
            for words, _, keys, icon in _MOVES
        )
        for button, (_, by, keys, _) in zip((self.before, self.after), _MOVES, strict=True):
            button.clicked.connect(partial(self.moved.emit, by))
            QShortcut(QKeySequence(keys), self, partial(self.moved.emit, by))
            extend(self.head, button)
        self.bin_button = Button(kit, N_("Put in the bin"), "trash-2", on=self._put_in_bin)
        self.set_action(self.bin_button)
        extend(self.body, self.faults, self.conflicts, self._place, STRETCH)
        self.body.setSpacing(CARD_GAP)

    @property
    def rid(self) -> bytes | None:
        """The id of the step on view, or the id that a new step will have."""
        if self.form is not None:
            return self.form.rid
        return self._seen.rid if self._seen is not None else None

    def show_step(self, found: ProcedureDetails, rid: bytes) -> bool:
        """Show a step as it was just read. Return whether the procedure has it."""
        at = next((at for at, one in enumerate(found.steps) if one.rid == rid), None)
        if at is None:
            return False
        seen = found.steps[at]
        is_same = self.rid == rid and (self.form is not None) == found.may_write
        self._show_frame(seen, found)
        self.before.setEnabled(at > 0)
        self.after.setEnabled(at + 1 < len(found.steps))
        if not is_same or self.form is None:
            self._fill(seen, found)
        if self.form is not None:
            self.form.show_view(seen)
        return True

    def begin(self, found: ProcedureDetails, draft: OpenDraft | None = None) -> None:
        """Begin a new step of a procedure, or resume the draft of one."""
        rid = draft.line.rid if draft is not None else self._desk.new_id()
        own, name = self._desk.identity.organisation, "procedure_step"
        blank = view(Row(rid, name, found.view.rid, own, EMPTY_STATE), RECORD_TYPES[name].cls)
        self._seen = None
        self.title.set_message(N_("New step"))
        self.hint.set_message(N_("It is saved as a draft while you type."))
        self.faults.hide()
        self.conflicts.hide()
        for button in (self.before, self.after, self.bin_button):
            button.setEnabled(False)
        form = self._open_form()
        form.begin(blank, draft)
        form.form.focus_on("prefix")

    @property
    def is_new(self) -> bool:
        """True for a step that was not saved yet."""
        return self._seen is None

    def focusInEvent(self, _event: QFocusEvent) -> None:
        """Pass the focus on to the first field, or to the way back."""
        if self.form is not None:
            self.form.form.focus_on("prefix")
        else:
            self.back.setFocus()

    def commands(self) -> tuple[Command, ...]:
        """Return the menu commands of a step: the ways to its neighbours."""
        return tuple(
            Command(words, partial(self.moved.emit, by), keys, icon, menu="go")
            for words, by, keys, icon in _MOVES
        )

    def save_draft(self) -> None:
        """Keep what was typed as a draft."""
        if self.form is not None:
            self.form.save_draft()

    def _show_frame(self, seen: RecordView[Any], found: ProcedureDetails) -> None:
        self._seen = seen
        self.title.set_message(partial(step_name, seen.record))
        faults = faults_by_step(found.faults).get(prefix_of(seen.record), ())
        self.faults.show_faults(faults, may_write=found.may_write)
        self.conflicts.show_views((seen,) if found.may_write else ())
        self.bin_button.setEnabled(True)
        self.bin_button.setVisible(found.may_write)
        self.hint.set_message(
            N_(
                "Nothing is sent from this page. What is shared goes with the next file to "
                "a member."
            )
            if found.may_write
            else N_("Steps can only be changed in a draft.")
        )

    def _fill(self, seen: RecordView[Any], found: ProcedureDetails) -> None:
        if found.may_write:
            self._open_form()
            return
        self._close_form()
        table = ValueTable(self.kit, tuple(_pairs(seen)), width=_LABEL_WIDTH, folds=True)
        extend(self._place, CardFrame(parts=(table,)))

    def _open_form(self) -> RecordForm:
        self._close_form()
        offers = FormOptions(languages=STEP_LANGUAGES)
        fields = Form(self.kit, "procedure_step", _STEP_KEYS, offers, _STEP_ROWS)
        fields.decision_asked.connect(lambda _key: self.conflicts.focus_first())
        self.form = RecordForm(self.kit, self._desk, "procedure_step", fields)
        self.form.closed.connect(self.closed)
        self.form.saved.connect(lambda _done: self.closed.emit())
        extend(self._place, CardFrame(parts=(self.form,)))
        self.form.show()  # a layout would show it later, but it may take the focus now
        return self.form

    def _close_form(self) -> None:
        self.save_draft()
        clear_layout(self._place)
        self.form = None

    def _put_in_bin(self) -> None:
        seen = self._seen
        if seen is not None:
            self.closed.emit()
            work = partial(delete_record, self._desk, seen.rid)
            run_with_undo(self.kit, self._desk, work, N_("Put in the bin."))


def step_name(step: ProcedureStep, language: Language) -> str:
    """Return number and name of a step, such as `6b  Longer, on special grounds`."""
    title = _short(localized_text(step.title, language))
    return f"{_short(prefix_of(step)) or '–'}  {title or language.gettext(N_('without a name'))}"


def _pairs(seen: RecordView[Any]) -> Iterator[LabelledValues]:
    """Yield what a step says, field by field, without those that are empty."""
    has_clock = isinstance(seen.record.clock, str) and not seen.conflicts & _CLOCK_KEYS
    if has_clock:
        yield LabelledValues(N_("Time"), (partial(_time_text, seen.record),))
    for key in _STEP_KEYS[2:]:
        if has_clock and key in _CLOCK_KEYS:
            continue
        field, content = field_of("procedure_step", key), getattr(seen.record, key)
        if key in seen.conflicts:
            yield LabelledValues(field.label, (TORN_TEXT,), Tone.WARNING)
        elif content is not None:
            yield LabelledValues(field.label, (partial(_field_text, key, seen.record),))


def _time_text(step: ProcedureStep, language: Language) -> str:
    return ", ".join(one for one in time_texts(step, language) if one)


def _field_text(key: str, step: ProcedureStep, language: Language) -> str:
    return value_text(field_of("procedure_step", key), getattr(step, key), language)
