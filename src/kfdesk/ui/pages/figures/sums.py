# SPDX-License-Identifier: GPL-3.0-or-later
"""Sums of several organisations: what is asked, what comes next, and who has not come yet.

No number of a single organisation is shown anywhere, not even our own. What a sum hides and what
not stands at the top in plain words.
"""

from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.release import SafeFigures
from kfdesk.domain.figures.rounds import SumStep
from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import name_sort_key
from kfdesk.i18n.figures import (
    SUM_PROMISES,
    joined_text,
    sum_step_text,
    sum_title,
    sum_waits_text,
    total_text,
)
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.figures.releases import RELEASE_RIGHTS
from kfdesk.services.figures.sums import (
    SumDetails,
    add_up,
    answer_sum,
    end_sum,
    list_sums,
    preview_sum,
    release_sum,
)
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.pages.figures.chart_view import FigureCard
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import column, extend, grown, muted, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, CardFrame, EmptyState, FlowBox, clear_layout
from kfdesk.ui.widgets.table import ColumnSpec, LineSpec, LineTable, SortKey, TableCell
from kfdesk.ui.widgets.text import Label

SUM_TYPES = frozenset({"sum_round", "sum_share", "sum_part", "figure_release", "membership"})
_COLUMNS = (
    ColumnSpec(N_("What is added up"), stretches=True),
    ColumnSpec(N_("Last day"), most=140),
    ColumnSpec(N_("Members"), most=110),
    ColumnSpec(N_("What comes next"), most=460),
)
_LAST_DAY = 1


class SumsView(QWidget):
    """The sums. `new_asked` asks to begin one, `again_asked` carries one to begin anew.

    `release_asked` carries the id of a release to show.
    """

    new_asked = Signal()
    again_asked = Signal(object)
    release_asked = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.lines: tuple[SumDetails, ...] = ()
        self._wanted = b""
        self.may_release = any(map(desk.may, RELEASE_RIGHTS))
        self.new = Button(kit, N_("New sum…"), "plus", ButtonLook.PRIMARY)
        self.table = LineTable(kit, _spec(), self._offered)
        self.table.setSelectionMode(LineTable.SelectionMode.SingleSelection)
        self.heading, self.waits = Label(kit, style=TextStyle.HEADING).wrapped(), muted(kit)
        self.hint = muted(
            kit,
            N_(
                "The data protection lead does this, or an administrator with the right to figures."
            ),
        )
        self.said = Banner(kit, Tone.INFO, "shield-check")
        self.answer = Button(kit, N_("Take part"), "check", ButtonLook.PRIMARY)
        self.add = Button(kit, N_("Add up"), "check", ButtonLook.PRIMARY)
        self.release = Button(kit, N_("Release the sum"), "lock", ButtonLook.PRIMARY)
        self.show_release = Button(kit, N_("Show the release"), "chart-column")
        self.again = Button(kit, N_("Begin again…"), "refresh-cw")
        self.end = Button(kit, N_("End this sum"), "x")
        self._tables = column(gap=CARD_GAP)
        self._none = EmptyState(
            kit, "chart-column", N_("No sum yet"),
            N_("With two or more others you can add up your figures, and no one shows their own."),
        )  # fmt: skip
        self._lay_out()
        self._connect()
        self.read()

    @task
    async def read(self) -> None:
        """Read the sums again."""
        self.lines = await call(self._kit, list_sums, self._desk)
        self.table.show_lines(self.lines)
        wanted, self._wanted = self._wanted, b""
        self.table.select_line(wanted)
        self._listed.setVisible(bool(self.lines))
        self._none.setVisible(not self.lines)
        self._show_current()

    def open_sum(self, rid: bytes) -> None:
        """Show a sum, if it is here."""
        self._wanted = rid
        self.read()

    @property
    def _current(self) -> SumDetails | None:
        return self.table.current

    def _offered(self, lines: Sequence[SumDetails]) -> tuple[Command, ...]:
        """Return the command for the selected sum: to show what it came to."""
        return tuple(
            Command(N_("Show the release"), self._on_show_release_clicked, icon="chart-column")
            for one in lines
            if one.step is SumStep.RELEASED and one.release
        )

    def _show_current(self, *_: object) -> None:
        one = self._current
        self._card.setVisible(one is not None)
        clear_layout(self._tables)
        if one is None:
            return
        self.heading.set_message(partial(sum_title, one.terms))
        self.said.show_look(_tone(one.step), "shield-check")
        self.said.set_message(*_step_messages(one))
        is_due = one.step in (SumStep.ANSWER, SumStep.ADD, SumStep.RELEASE)
        self.hint.setVisible(is_due and not self.may_release)
        self.waits.set_message(partial(sum_waits_text, one.terms, one.missing, one.names, one.step))
        self._show_buttons(one)
        if one.step is SumStep.RELEASE:
            self._preview(one)

    def _show_buttons(self, one: SumDetails) -> None:
        is_over = one.step in (SumStep.VOID, SumStep.RELEASED)
        shown = {
            self.answer: one.step is SumStep.ANSWER,
            self.add: one.step is SumStep.ADD,
            self.release: one.step is SumStep.RELEASE,
            self.again: one.is_ours and one.step not in (SumStep.RELEASE, SumStep.RELEASED),
            self.end: one.is_ours and not is_over,
        }
        for button, is_due in shown.items():
            button.setVisible(is_due and self.may_release)
        self.again.setEnabled(one.terms is not None)
        self.show_release.setVisible(one.step is SumStep.RELEASED and bool(one.release))

    @task
    async def _preview(self, one: SumDetails) -> None:
        """Show what would be released of a sum whose parts are all here."""
        try:
            figures = await call(self._kit, preview_sum, self._desk, one.row.rid)
        except KfdeskError as fault:
            if fault.code == "user.not_allowed":
                raise
            self.said.show_look(Tone.WARNING, "shield-check")
            self.said.show_fault(fault)
            self.release.setEnabled(False)
            return
        current = self._current
        if current is not None and current.row.rid == one.row.rid:
            self.release.setEnabled(figures != SafeFigures(0))
            self._show_figures(figures)

    def _show_figures(self, figures: SafeFigures) -> None:
        language = self._kit.translator.language
        clear_layout(self._tables)
        extend(
            self._tables,
            Label(self._kit, partial(total_text, figures), TextStyle.HEADING).wrapped(),
            *(FigureCard(self._kit, one, language) for one in figures.tables),
            *(
                muted(self._kit, partial(joined_text, one, figures.least), TextStyle.SMALL)
                for one in figures.joined
            ),
        )

    def _on_step_clicked(
        self, service: Callable[[Session, bytes], object], message: Message
    ) -> None:
        one = self._current
        if one is not None:
            self._run(service, one.row.rid, message)

    @task
    async def _run(
        self, service: Callable[[Session, bytes], object], rid: bytes, message: Message
    ) -> None:
        await call(self._kit, service, self._desk, rid)
        self._kit.events.changed.emit(SUM_TYPES)
        self._kit.notify(message)

    def _lay_out(self) -> None:
        kit = self._kit
        promises = CardFrame(
            parts=tuple(muted(kit, said, TextStyle.SMALL) for said in SUM_PROMISES), gap=6
        )
        self._listed = CardFrame(padding=0, parts=(self.table,))
        buttons = FlowBox(
            self.answer, self.add, self.release, self.show_release, self.again, self.end
        )
        parts = (self.heading, self.said, self.waits, self.hint, self._tables, buttons)
        self._card = CardFrame(parts=parts, gap=12)
        said = muted(kit, N_("The members of a network add up their figures without showing them."))
        column(
            row(grown(said), self.new), promises, self._listed, self._none, self._card,
            gap=CARD_GAP, on=self,
        )  # fmt: skip
        for part in (self._card, self._none):
            part.hide()
        self.new.setVisible(self.may_release)

    def _connect(self) -> None:
        self.new.clicked.connect(self.new_asked)
        for button, service, message in (
            (self.answer, answer_sum, N_("You take part. Send a file to each member.")),
            (self.add, add_up, N_("It is added up. Send a file to the coordinator.")),
            (self.release, release_sum, N_("The sum is released.")),
            (self.end, end_sum, N_("The sum is void.")),
        ):
            button.clicked.connect(partial(self._on_step_clicked, service, message))
        self.again.clicked.connect(self._on_again_clicked)
        self.show_release.clicked.connect(self._on_show_release_clicked)
        self.table.selectionModel().currentChanged.connect(self._show_current)
        self._kit.translator.on_language_change(self, self.read)
        self._kit.events.changed.connect(self._on_changed)

    def _on_again_clicked(self) -> None:
        self.again_asked.emit(self._current)

    def _on_show_release_clicked(self) -> None:
        one = self._current
        if one is not None:
            self.release_asked.emit(one.release)

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & SUM_TYPES:
            self.read()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the list, or to the button that begins one."""
        (self.table if self.lines else self.new).setFocus(event.reason())


def _tone(step: SumStep) -> Tone:
    if step is SumStep.VOID:
        return Tone.WARNING
    if step is SumStep.RELEASED:
        return Tone.SUCCESS
    return Tone.ACCENT if step is SumStep.RELEASE else Tone.INFO


def _step_messages(one: SumDetails) -> tuple[Message, Message]:
    """Return what comes next, and under it why it is void or what to do."""
    said, under = sum_step_text(one.step, one.reason, is_read=one.terms is not None)
    return said, under


def _spec() -> LineSpec[SumDetails]:
    return LineSpec(
        "sums", N_("Sums"), _COLUMNS, _cells, _sort_keys, attrgetter("row.rid"), _LAST_DAY,
        is_backwards=True,
    )  # fmt: skip


def _sort_keys(language: Language) -> Sequence[SortKey[SumDetails]]:
    def by_text(column: int, one: SumDetails) -> str:
        return name_sort_key(_cells(one, language)[column].text, language.code)

    return (
        partial(by_text, 0),
        lambda one: one.terms.until.toordinal() if one.terms is not None else 0,
        lambda one: len(one.terms.question.members) if one.terms is not None else 0,
        partial(by_text, 3),
    )


def _cells(one: SumDetails, language: Language) -> tuple[TableCell, ...]:
    terms = one.terms
    said, under = _step_messages(one)
    members = str(len(terms.question.members)) if terms is not None else "–"
    return (
        TableCell(sum_title(terms, language), is_strong=True),
        TableCell(language.short_day(terms.until, year=True) if terms is not None else "–"),
        TableCell(members),
        TableCell(language.gettext(str(said)), language.gettext(str(under)) if under else ""),
    )
