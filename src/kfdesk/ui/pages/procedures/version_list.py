# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of procedures: each version a line, filtered by words and by where it stands.

What is in force stands first, then drafts, then what no longer is. The list opens nothing itself.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.procedures import PROCEDURE_STATUS
from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import fold_words, matches_all
from kfdesk.domain.values import text_or_empty
from kfdesk.i18n.language import Language
from kfdesk.i18n.procedures import area_text, in_force_text, procedure_title
from kfdesk.services.core.session import Session
from kfdesk.services.procedures.procedures import ProcedureLine, list_procedures
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.pages.procedures.details import MAY_NOT_WRITE, status_text, whose_text
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, PAGE_MARGIN, TextStyle, Tone
from kfdesk.ui.translator import MessageFunction
from kfdesk.ui.widgets.build import STRETCH, append, column, grown, muted, on_escape, plural, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox, TextEntry
from kfdesk.ui.widgets.layout import CardFrame, EmptyState
from kfdesk.ui.widgets.navigation import PAGE_FIND_KEY, FindShortcut
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView
from kfdesk.ui.widgets.text import Label

PROCEDURE_TYPES = frozenset({"procedure", "procedure_step", "network", "membership"})
NEW_KEY = "Alt+N"
_ALL, _FAULTY = "", "faulty"
_LONGEST_TYPED = 100  # letters
_LONGEST_CELL = 160  # letters
_COLUMNS = (
    ColumnSpec(N_("Procedure"), stretches=True),
    ColumnSpec(N_("Version"), most=140),
    ColumnSpec(N_("Status"), most=220),
    ColumnSpec(N_("In force"), most=260),
    ColumnSpec(N_("Steps")),
    ColumnSpec(N_("Whose"), most=200),
)
_STATUS_LOOKS = {
    "draft": (Tone.MUTED, "circle-dashed"),
    "active": (Tone.ACCENT, "circle-check"),
    "retired": (Tone.MUTED, "archive"),
}


class ProcedureList(QWidget):
    """The list. `chosen` carries the id of a version, `new_asked` asks to begin one."""

    chosen = Signal(bytes)
    new_asked = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        on_escape(self, self._clear_filter, lambda: self.search.text() or self.states.key)
        self._kit = kit
        self._desk = desk
        self._all: tuple[ProcedureLine, ...] = ()
        self.lines: tuple[ProcedureLine, ...] = ()
        """The versions that are shown, in order."""
        self.may_write = desk.may(Right.EDIT_DIRECTORY)
        self._count = Label(kit, tone=Tone.MUTED)
        self.search = TextEntry()
        self.search.setMaxLength(_LONGEST_TYPED)
        self.search.setClearButtonEnabled(True)
        kit.translator.bind(self.search.setPlaceholderText, N_("Name, place or organisation"))
        kit.translator.bind(self.search.setAccessibleName, N_("Filter the procedures"))
        self.states = ChoiceBox(kit)
        self.states.set_options(tuple(_state_options()))
        kit.translator.bind(self.states.setAccessibleName, N_("Status"))
        self.table = TableView(kit, _COLUMNS)
        self.table.open_by_click()
        kit.translator.bind(self.table.setAccessibleName, N_("Procedures"))
        self.new, self.first = self._make_button(), self._make_button()
        self._nothing = EmptyState(
            kit, "list-checks", N_("No procedures yet"),
            N_("A procedure says who does what, by which day and under which law."),
        )  # fmt: skip
        self._unfit = EmptyState(
            kit, "search", N_("Nothing found"), N_("Type less, or choose another status.")
        )
        self._lay_out()
        self._connect()
        self.read()

    @task
    async def read(self) -> None:
        """Read the list again."""
        self._all = await call(self._kit, list_procedures, self._desk)
        self._show()

    def commands(self) -> tuple[Command, ...]:
        """Return the commands of the list."""
        find = Command(
            N_("Filter the procedures"), self.focus_filter, PAGE_FIND_KEY, "search", "edit"
        )
        new = Command(N_("New procedure…"), self.new_asked.emit, NEW_KEY, "plus")
        filters = (find,) if self._all else ()
        return (new, *filters) if self.may_write else filters

    def focus_filter(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def select(self, rid: bytes) -> None:
        """Select a version, if the list shows it."""
        at = next((at for at, one in enumerate(self.lines) if one.view.rid == rid), None)
        if at is not None:
            self.table.selectRow(at)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the list, or to the button that begins a procedure."""
        target = self.table if self._all or not self.may_write else self.first
        target.setFocus(event.reason())

    def _make_button(self) -> Button:
        words = N_("New procedure…")
        button = Button(self._kit, words, "plus", ButtonLook.PRIMARY, self.new_asked.emit)
        return button.show_key(NEW_KEY)

    def _lay_out(self) -> None:
        kit = self._kit
        words = column(Label(kit, N_("Procedures"), TextStyle.DISPLAY), self._count)
        if self.may_write:
            self._nothing.set_action(self.first)
        else:
            append(words, muted(kit, MAY_NOT_WRITE))
        self._unfit.set_action(Button(kit, N_("Show all"), "x", on=self._clear_filter))
        self._filters = QWidget()
        row(grown(self.search, 2), grown(self.states), STRETCH, gap=8, on=self._filters)
        self._listed = CardFrame(padding=0, parts=(grown(self.table),))
        parts = (
            row(grown(words), self.new), self._filters, grown(self._listed), self._nothing,
            self._unfit,
        )  # fmt: skip
        margins = (PAGE_MARGIN, PAGE_MARGIN - 4, PAGE_MARGIN, PAGE_MARGIN)
        box = column(*parts, gap=CARD_GAP, margins=margins, on=self)
        self._rest = QWidget()
        append(box, grown(self._rest))
        self._show()

    def _connect(self) -> None:
        self.table.chosen.connect(lambda at: self.chosen.emit(self.lines[at].view.rid))
        self.search.textChanged.connect(self._show)
        self.search.returnPressed.connect(self.table.setFocus)
        self.states.chosen.connect(self._show)
        FindShortcut(self, self.search, self.focus_filter)
        heard = QShortcut(QKeySequence(NEW_KEY), self, self._on_new_key)
        heard.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._kit.translator.on_language_change(self, self._show)
        self._kit.events.changed.connect(self._on_changed)

    def _show(self, _what: object = None) -> None:
        """Show the versions that fit the filter; keep the selected one selected."""
        language = self._kit.translator.language
        at = self.table.currentIndex().row()
        selected = self.lines[at].view.rid if 0 <= at < len(self.lines) else b""
        self.lines = tuple(one for one in self._all if self._fits(one, language))
        self._count.set_message(_count_text(len(self.lines), len(self._all)))
        self.table.show_rows([_cells(line, language) for line in self.lines])
        had_focus = self.first.hasFocus() or self.table.hasFocus()
        self._filters.setVisible(bool(self._all))
        self._listed.setVisible(bool(self.lines))
        self._nothing.setVisible(not self._all)
        self._unfit.setVisible(bool(self._all) and not self.lines)
        self._rest.setVisible(not self.lines)
        self.new.setVisible(bool(self._all) and self.may_write)
        if self.lines:
            self.table.selectRow(0)
            self.select(selected)
        if had_focus:
            self.setFocus()  # the focused widget may be gone

    def _fits(self, line: ProcedureLine, language: Language) -> bool:
        record, wanted = line.view.record, self.states.key
        if wanted == _FAULTY and not line.faults:
            return False
        if wanted not in (_ALL, _FAULTY, record.status or "draft"):
            return False
        typed = fold_words(self.search.text())
        return not typed or matches_all(fold_words(*_searched(line, language)), typed)

    def _clear_filter(self) -> None:
        self.states.setCurrentIndex(0)
        self.search.clear()
        self._show()
        self.table.setFocus()

    def _on_new_key(self) -> None:
        if self.may_write:
            self.new_asked.emit()

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & PROCEDURE_TYPES:
            self.read()


def _state_options() -> Iterator[tuple[str, str]]:
    yield _ALL, N_("All procedures")
    yield from PROCEDURE_STATUS.items()
    yield _FAULTY, N_("With something to put right")


def _count_text(count: int, of: int) -> MessageFunction:
    if count == of:
        return plural("{count} version", "{count} versions", count)
    return plural("{count} of {all} versions", "{count} of {all} versions", count, all=of)


def _searched(line: ProcedureLine, language: Language) -> Iterator[str]:
    """Yield the texts in which a version is looked for; its name in every language."""
    record = line.view.record
    if isinstance(record.title, tuple):
        yield from (one.text for one in record.title)
    yield from (area_text(record, language), status_text(record, language), line.custodian)
    yield text_or_empty(record.version)


def _cells(line: ProcedureLine, language: Language) -> tuple[TableCell, ...]:
    record = line.view.record
    return (
        TableCell(
            _short(procedure_title(record, language)), _short(area_text(record, language)),
            is_strong=True,
        ),
        TableCell(_short(record.version) if isinstance(record.version, str) else "–"),
        _status_cell(line, language),
        TableCell(in_force_text(record, language) or "–"),
        TableCell(str(line.steps)),
        TableCell(whose_text(line.custodian, language, is_ours=line.is_ours)),
    )  # fmt: skip


def _status_cell(line: ProcedureLine, language: Language) -> TableCell:
    """Return where a version stands, and below it what has to be put right or read."""
    said = status_text(line.view.record, language)
    if line.view.conflicts:
        words = language.gettext(N_("two values, not yet decided"))
        return TableCell(said, words, "git-merge", Tone.WARNING)
    if line.faults:
        return TableCell(
            said,
            language.plural(
                "{count} thing to put right", "{count} things to put right", line.faults
            ),
            "triangle-alert",
            Tone.WARNING,
        )
    tone, icon = _STATUS_LOOKS.get(
        str(line.view.record.status or "draft"), (Tone.MUTED, "circle-question-mark")
    )
    return TableCell(
        said,
        language.plural("{count} law to read", "{count} laws to read", line.laws)
        if line.laws
        else "",
        icon,
        tone,
    )


def _short(told: str) -> str:
    line = " ".join(told.split())
    return line if len(line) <= _LONGEST_CELL else f"{line[:_LONGEST_CELL].rstrip()} …"
