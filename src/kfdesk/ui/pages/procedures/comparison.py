# SPDX-License-Identifier: GPL-3.0-or-later
"""Two versions side by side: what became of each step, and what it says now and before.

What changed is said in words, with an icon. The two versions need not follow each other, as when
a partner made its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.procedures.versions import StepChange, StepChangeKind
from kfdesk.domain.records.procedures import Procedure, ProcedureStep
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, value_text
from kfdesk.i18n.procedures import procedure_title, version_text
from kfdesk.services.core.session import Session
from kfdesk.services.procedures.procedures import (
    ProcedureComparison,
    ProcedureLine,
    compare_versions,
    list_procedures,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.procedures.details import status_text
from kfdesk.ui.pages.procedures.steps import step_name
from kfdesk.ui.record_views import LabelledValues, ValueTable
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.widgets.build import column, extend, grown, labelled, muted, panel, plural
from kfdesk.ui.widgets.inputs import CheckBox, ChoiceBox
from kfdesk.ui.widgets.layout import CardFrame, TaskPage, clear_layout, make_scroll_area
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView
from kfdesk.ui.widgets.text import Label

_CHANGES: dict[StepChangeKind, tuple[Tone, str, str]] = {
    StepChangeKind.SAME: (Tone.MUTED, "check", N_("unchanged")),
    StepChangeKind.CHANGED: (Tone.INFO, "pencil", N_("changed")),
    StepChangeKind.RENUMBERED: (Tone.INFO, "arrow-right", N_("other number")),
    StepChangeKind.ADDED: (Tone.INFO, "plus", N_("new step")),
    StepChangeKind.REMOVED: (Tone.WARNING, "minus", N_("no longer there")),
}
_COLUMNS = (
    ColumnSpec(N_("What has changed"), most=320),
    ColumnSpec(N_("Before"), stretches=True),
    ColumnSpec(N_("After"), stretches=True),
)
_HEAD_KEYS = (
    "title", "country", "region", "version", "dated", "effective_from", "effective_to", "purpose",
    "source", "review_by",
)  # fmt: skip
_SHOWN_KEYS = ("title", "what", "lead", "takes_part", "amount", "unit", "law")
"""The fields shown of a step that is only in one of the two versions."""
_TABLE_HEIGHT, _FIELDS_HEIGHT = 180, 150
_LABEL_WIDTH = 190


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """Subject of a line of the table: a step, or the head of the two versions."""

    kind: StepChangeKind
    before: ProcedureStep | Procedure | None
    after: ProcedureStep | Procedure | None
    keys: tuple[str, ...]

    @property
    def record_type(self) -> str:
        """The record type of what is compared."""
        is_head = isinstance(self.before or self.after, Procedure)
        return "procedure" if is_head else "procedure_step"


def compared_lines(found: ProcedureComparison) -> tuple[ComparedLine, ...]:
    """Return the head, if it differs, and every step in the order of the later version."""
    before, after = found.before.view.record, found.after.view.record
    keys = tuple(key for key in _HEAD_KEYS if getattr(before, key) != getattr(after, key))
    head = (ComparedLine(StepChangeKind.CHANGED, before, after, keys),) if keys else ()
    return (*head, *(_compared(found, change) for change in found.changes))


def _compared(found: ProcedureComparison, change: StepChange) -> ComparedLine:
    before = found.before.steps[change.before].record if change.before is not None else None
    after = found.after.steps[change.after].record if change.after is not None else None
    return ComparedLine(change.kind, before, after, change.keys or _SHOWN_KEYS)


class ComparisonPage(TaskPage):
    """One version beside another that is chosen here; at first the one that it follows."""

    def __init__(self, kit: UiContext, desk: Session, procedure: bytes) -> None:
        super().__init__(kit, N_("Two versions side by side"))
        self._desk = desk
        self._procedure = procedure
        self._found: ProcedureComparison | None = None
        self.lines: tuple[ComparedLine, ...] = ()
        """The lines of the table, in its order."""
        self.cancel.hide()
        self.choice = ChoiceBox(kit)
        self.changed_only = CheckBox(kit, N_("Only what changed"))
        self.changed_only.setChecked(True)
        self.table = TableView(kit, _COLUMNS)
        kit.translator.bind(self.table.setAccessibleName, N_("Steps of the two versions"))
        self._same = muted(kit)
        self._name = Label(kit, style=TextStyle.HEADING).wrapped()
        self._fields = column()
        self.hint.set_message(N_("Nothing is changed here."))
        self._lay_out()
        self.first = self.choice
        self.choice.chosen.connect(lambda _key: self.compare())
        self.changed_only.clicked.connect(self._show)
        self.table.selectionModel().currentChanged.connect(lambda *_: self._show_fields())
        kit.translator.on_language_change(self, self._show)
        self.read()

    @task
    async def read(self) -> None:
        """Read which versions there are to compare with, and compare with the likeliest."""
        lines = await call(self.kit, list_procedures, self._desk)
        own = next((one for one in lines if one.view.rid == self._procedure), None)
        if own is None:
            self.closed.emit()
            return
        others = sorted((one for one in lines if one is not own), key=partial(_distance, own))
        self.choice.set_options(
            [(one.view.rid.hex(), partial(_line_text, one)) for one in others], self.choice.key
        )
        self.under.set_message(partial(_line_text, own))
        if others:
            self.compare()

    @task
    async def compare(self) -> None:
        """Compare with the chosen version, whichever of the two is the earlier."""
        other, own = bytes.fromhex(self.choice.key), self._procedure
        found = await call(self.kit, compare_versions, self._desk, other, own)
        if found.before.view.record.supersedes == own.hex():
            found = await call(self.kit, compare_versions, self._desk, own, other)
        self.outcome.hide()
        self._found = found
        self._show()

    def refuse(self, fault: KfdeskError) -> None:
        """Show what was refused and what to do."""
        self.show_fault(fault)

    def _lay_out(self) -> None:
        listed = CardFrame(padding=0, parts=(grown(self.table),), gap=0)
        self.table.setMinimumHeight(_TABLE_HEIGHT)
        fields = make_scroll_area(panel(column(self._name, self._fields, gap=6)), _FIELDS_HEIGHT)
        self._beside = CardFrame(parts=(grown(fields),))
        extend(
            self.body,
            labelled(self.kit, N_("Compare with"), self.choice),
            self.changed_only,
            grown(listed, 3),
            self._same,
            grown(self._beside, 2),
        )

    def _show(self, _what: object = None) -> None:
        found, language = self._found, self.kit.translator.language
        if found is None:
            return
        every = compared_lines(found)
        changed = tuple(one for one in every if one.kind is not StepChangeKind.SAME)
        self.lines = changed if self.changed_only.isChecked() else every
        self.table.show_rows([_cells(one, language) for one in self.lines])
        same = len(every) - len(changed)
        self._same.set_message(
            plural("{count} step is unchanged", "{count} steps are unchanged", same)
        )
        self._beside.setVisible(bool(self.lines))
        if self.lines:
            self.table.selectRow(max(0, min(self.table.currentIndex().row(), len(self.lines) - 1)))
        self._show_fields()

    def _show_fields(self) -> None:
        """Show the fields of the selected line, before and after."""
        at, found = self.table.currentIndex().row(), self._found
        if found is None or not 0 <= at < len(self.lines):
            return
        line = self.lines[at]
        clear_layout(self._fields)
        self._name.set_message(partial(_line_name, line))
        heads = [partial(version_text, one.view.record) for one in (found.before, found.after)]
        table = ValueTable(self.kit, tuple(_pairs(line)), heads, _LABEL_WIDTH, folds=True)
        extend(self._fields, table)


def _distance(own: ProcedureLine, other: ProcedureLine) -> int:
    """Return how far a version is from another: followed, following, any other."""
    if other.view.rid.hex() == own.view.record.supersedes:
        return 0
    return 1 if other.view.record.supersedes == own.view.rid.hex() else 2


def _line_text(line: ProcedureLine, language: Language) -> str:
    """Return a version with its name, such as `Cooperation, version 3, in force`."""
    record = line.view.record
    said = (
        procedure_title(record, language),
        version_text(record, language),
        status_text(record, language),
    )
    return " · ".join(said)


def _cells(line: ComparedLine, language: Language) -> tuple[TableCell, ...]:
    tone, icon, word = _CHANGES[line.kind]
    under = ""
    if line.kind in (StepChangeKind.CHANGED, StepChangeKind.RENUMBERED):
        labels = (language.gettext(field_of(line.record_type, key).label) for key in line.keys)
        under = ", ".join(labels)
    sides = (
        TableCell(_side_text(one, language), tone=Tone.MUTED if one is None else Tone.PLAIN)
        for one in (line.before, line.after)
    )
    return (TableCell(language.gettext(word), under, icon, tone), *sides)


def _side_text(record: ProcedureStep | Procedure | None, language: Language) -> str:
    if record is None:
        return "–"
    if isinstance(record, Procedure):
        return language.gettext(N_("About this procedure"))
    return step_name(record, language)


def _line_name(line: ComparedLine, language: Language) -> str:
    name = _side_text(line.after or line.before, language)
    return f"{name} · {language.gettext(_CHANGES[line.kind][2])}"


def _pairs(line: ComparedLine) -> Iterator[LabelledValues]:
    """Yield the fields that differ, before and after; of a step on one side what it says."""
    for key in line.keys:
        sides = (line.before, line.after)
        if any(one is not None and getattr(one, key) is not None for one in sides):
            field = field_of(line.record_type, key)
            values = tuple(partial(_value, line.record_type, key, one) for one in sides)
            yield LabelledValues(field.label, values)


def _value(
    record_type: str, key: str, record: ProcedureStep | Procedure | None, language: Language
) -> str:
    content = getattr(record, key) if record is not None else None
    return value_text(field_of(record_type, key), content, language) if content is not None else "–"
