# SPDX-License-Identifier: GPL-3.0-or-later
"""This desk: choose who is counted, when and by what; see safe tables; freeze them as a release.

What is shown is what could be released now, or a release as it was made. If nothing may be shown,
the reason stands in its place.
"""

from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.codes.figures import FIGURE_VARIABLES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.cells import LEAST_GROUP
from kfdesk.domain.figures.charts import CountChart, course_chart
from kfdesk.domain.figures.release import SafeFigures
from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import name_sort_key
from kfdesk.i18n.figures import (
    finding_text,
    joined_text,
    median_text,
    period_name,
    population_name,
    total_text,
)
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import short_day_text
from kfdesk.services.core.session import Session
from kfdesk.services.figures.files import save_release
from kfdesk.services.figures.ic_tip import is_for_ic_tip, save_ic_tip
from kfdesk.services.figures.releases import (
    RELEASE_RIGHTS,
    SUM_METHOD,
    FigureQuestion,
    ReleaseDetails,
    attack_figures,
    freeze_release,
    list_releases,
    preview_figures,
)
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.dialogs import ask_save
from kfdesk.ui.pages.figures.chart_view import ChartView, FigureCard
from kfdesk.ui.pages.figures.question import QuestionForm
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, TextStyle, Tone
from kfdesk.ui.widgets.build import column, extend, filled, muted, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, CardFrame, EmptyState, FlowBox, clear_layout
from kfdesk.ui.widgets.table import ColumnSpec, LineSpec, LineTable, SortKey, TableCell
from kfdesk.ui.widgets.text import Label

FIGURE_TYPES = frozenset({"client", "plan", "transition", "follow_up", "figure_release"})
FILE_NAME = "table.csv"
_COLUMNS = (
    ColumnSpec(N_("Release")),
    ColumnSpec(N_("Who is counted"), stretches=True),
    ColumnSpec(N_("Period"), most=220),
    ColumnSpec(N_("Clients in all"), most=220),
    ColumnSpec(N_("Frozen on"), most=160),
    ColumnSpec(N_("Whose"), most=200),
)
_FROZEN_ON = 4
_AS_PAPER = N_("Table as a paper…")


class DeskFigures(QWidget):
    """The figures of this desk. `paper_asked` carries a paper, and the id of a release."""

    paper_asked = Signal(object, bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._shown: SafeFigures | None = None
        self._fault: KfdeskError | None = None
        self.opened: ReleaseDetails | None = None
        """The release that is on view; None while live figures are."""
        self.releases: tuple[ReleaseDetails, ...] = ()
        self.may_release = any(map(desk.may, RELEASE_RIGHTS))
        self.form = QuestionForm(kit, desk, next(iter(FIGURE_VARIABLES)))
        self.heading = Label(kit, style=TextStyle.TITLE)
        self.total = Label(kit, style=TextStyle.HEADING).wrapped()
        self.median = text(kit)
        self.refusal = Banner(kit, Tone.WARNING, "shield-check")
        self.found = Banner(kit, Tone.SUCCESS, "shield-check")
        self._tables, self._joined = column(gap=CARD_GAP), column(gap=4)
        self._courses = column(gap=CARD_GAP)
        self.freeze = Button(kit, N_("Freeze as release"), "lock", ButtonLook.PRIMARY)
        self.live = Button(kit, N_("Back to live figures"), "chevron-left")
        self.paper = Button(kit, _AS_PAPER, "printer")
        self.save = Button(kit, N_("Save as a table file…"), "download")
        self.ic_tip = Button(kit, N_("Save for statistics (IC-TIP)…"), "download")
        self.attack = Button(kit, N_("Try to work out small groups"), "search")
        self.table = LineTable(kit, _spec(), self._offered)
        self.table.setSelectionMode(LineTable.SelectionMode.SingleSelection)
        self._none = EmptyState(
            kit, "chart-column", N_("No release yet"),
            N_("A release is frozen: it stays as it is, and later ones are checked against it."),
        )  # fmt: skip
        self._lay_out()
        self._connect()
        self.read()

    # what is asked

    @property
    def question(self) -> FigureQuestion:
        """The question as it is chosen on the page."""
        return self.form.question

    @task
    async def read(self) -> None:
        """Count again what is chosen, and read the releases."""
        self.releases = await call(self._kit, list_releases, self._desk)
        self._show_releases()
        if self.opened is None:
            self._count()

    def show_release(self, place: int) -> None:
        """Show a release of the list as it was made."""
        self.opened = self.releases[place]
        self._shown = self.opened.figures
        self._show(KfdeskError("figures.unreadable") if self._shown is None else None)

    def open_release(self, rid: bytes) -> None:
        """Show the release with this id, if it is here."""
        places = [at for at, one in enumerate(self.releases) if one.view.rid == rid]
        if places:
            self.show_release(places[0])

    def show_live(self) -> None:
        """Show again what could be released now."""
        self.opened = None
        self._count()

    @task
    async def _count(self) -> None:
        question = self.question
        try:
            found = await call(self._kit, preview_figures, self._desk, question)
        except KfdeskError as fault:
            if fault.code == "user.not_allowed":
                raise
            self._shown = None
            self._show(fault)
            return
        if self.opened is None and question == self.question:
            self._shown = found
            self._show(None)

    @task
    async def _on_freeze_clicked(self) -> None:
        rid = await call(self._kit, freeze_release, self._desk, self.question)
        self._kit.events.changed.emit(frozenset({"figure_release"}))
        self.releases = await call(self._kit, list_releases, self._desk)
        self._show_releases()
        place = [one.view.rid for one in self.releases].index(rid)
        self.show_release(place)
        self._kit.notify(N_("The release is frozen."))

    @task
    async def _on_attack_clicked(self) -> None:
        if self.opened is None:
            return
        opened = self.opened
        found = await call(self._kit, attack_figures, self._desk, opened.view.rid)
        if self.opened is not opened:
            return
        self.found.show_look(Tone.DANGER if found else Tone.SUCCESS, "shield-check")
        if found:
            self.found.set_message(
                N_("Small groups can be worked out. Do not publish it."),
                lambda language: " ".join(finding_text(one, language) for one in found[:3]),
            )
        else:
            self.found.set_message(
                N_("Nothing could be worked out."),
                N_("It was compared with all other releases, table by table."),
            )
        self.found.show()

    def _on_save_clicked(self) -> None:
        ask_save(self._kit, self, N_("Save the table"), FILE_NAME, self.save_to)

    @task
    async def save_to(self, path: Path) -> None:
        """Save the release on view as a table file."""
        if self.opened is not None:
            rid, words = self.opened.view.rid, self._kit.translator.language
            await call(self._kit, save_release, self._desk, rid, words, path)
            self._kit.notify(N_("The table is saved."))

    def _on_ic_tip_clicked(self) -> None:
        ask_save(self._kit, self, N_("Save the table"), FILE_NAME, self.save_ic_tip_to)

    @task
    async def save_ic_tip_to(self, path: Path) -> None:
        """Save the release on view as counts of detected victims."""
        if self.opened is not None:
            await call(self._kit, save_ic_tip, self._desk, self.opened.view.rid, path)
            self._kit.notify(N_("The table is saved."))

    # what is shown

    def _show_in_language(self) -> None:
        """Show again what is on view, whose tables and charts hold words."""
        if self.opened is not None:
            self._show(self._fault)
        self.read()

    def _show(self, fault: KfdeskError | None) -> None:
        self._fault = fault
        language, opened = self._kit.translator.language, self.opened
        clear_layout(self._tables)
        clear_layout(self._joined)
        self.found.hide()
        if opened is None:
            self.heading.set_message(N_("As it could be released now"))
        else:
            self.heading.set_message(partial(_release_title, opened))
        self.refusal.setVisible(fault is not None)
        if fault is not None:
            self.refusal.show_fault(fault)
        figures = self._shown
        self.total.setVisible(figures is not None)
        population = self.question.population if opened is None else opened.view.record.population
        told = figures is not None and bool(median_text(population, figures, language))
        self.median.setVisible(told)
        if figures is not None:
            self.total.set_message(partial(total_text, figures))
            self.median.set_message(partial(median_text, population, figures))
            cards = [FigureCard(self._kit, one, language) for one in figures.tables]
            extend(self._tables, *cards)
            extend(self._joined, *self._joined_lines(figures))
        self._show_buttons()

    def _joined_lines(self, figures: SafeFigures) -> Sequence[QWidget]:
        return [
            muted(self._kit, partial(joined_text, one, figures.least), TextStyle.SMALL)
            for one in figures.joined
        ]

    def _show_buttons(self) -> None:
        is_live, is_read = self.opened is None, self._shown is not None
        self.freeze.setVisible(is_live and self.may_release)
        self.freeze.setEnabled(is_read and self._shown != SafeFigures(0))
        for button in (self.live, self.paper, self.save, self.attack):
            button.setVisible(not is_live)
        self.ic_tip.setVisible(self.opened is not None and is_for_ic_tip(self.opened))
        self.paper.setVisible(not is_live and self._desk.may(Right.PRINT_INTERNAL))
        for button in (self.paper, self.save, self.attack):
            button.setEnabled(is_read)

    def _show_releases(self) -> None:
        self.table.show_lines(self.releases)
        self._listed.setVisible(bool(self.releases))
        self._none.setVisible(not self.releases)
        clear_layout(self._courses)
        cards = (CardFrame(parts=(ChartView(self._kit, one),)) for one in self._course_charts())
        extend(self._courses, *cards)

    def _course_charts(self) -> Sequence[CountChart]:
        """Return a line through the years for each group of which two years are released."""
        language = self._kit.translator.language
        years: dict[str, dict[str, int]] = {}
        for one in reversed(self.releases):  # of one year the newest counts
            total = one.figures.total if one.figures is not None else None
            is_counted = one.is_ours and one.view.record.method != SUM_METHOD and total is not None
            if one.period is not None and one.period.code.isdecimal() and is_counted:
                years.setdefault(str(one.view.record.population), {})[one.period.code] = total or 0
        return [
            course_chart(
                dict(sorted(totals.items())),
                language.gettext(N_("{who}, year by year")).format(
                    who=population_name(who, language)
                ),
            )
            for who, totals in years.items()
            if len(totals) > 1
        ]

    def _lay_out(self) -> None:
        kit = self._kit
        rule = filled(
            N_("No group of 1 to {before} clients is ever shown: small groups are joined."),
            before=LEAST_GROUP - 1,
        )
        asked = CardFrame(parts=(self.form, muted(kit, rule, TextStyle.SMALL)), gap=12)
        buttons = FlowBox(self.freeze, self.live, self.paper, self.save, self.ic_tip, self.attack)
        self._listed = CardFrame(padding=0, parts=(self.table,))
        column(
            asked, self.heading, self.total, self.median, self.refusal, self.found, self._tables,
            self._joined, buttons, Label(kit, N_("Releases"), TextStyle.TITLE), self._listed,
            self._none, self._courses,
            gap=CARD_GAP, on=self,
        )  # fmt: skip
        for part in (self.refusal, self.found, self._none, self._listed):
            part.hide()
        self._show_buttons()

    def _connect(self) -> None:
        self.form.changed.connect(self.show_live)
        self.freeze.clicked.connect(self._on_freeze_clicked)
        self.live.clicked.connect(self.show_live)
        self.attack.clicked.connect(self._on_attack_clicked)
        self.save.clicked.connect(self._on_save_clicked)
        self.ic_tip.clicked.connect(self._on_ic_tip_clicked)
        self.paper.clicked.connect(self._on_paper_clicked)
        self.table.open_by_click()
        self.table.chosen.connect(lambda at: self.open_release(self.table.lines[at].view.rid))
        self._kit.translator.on_language_change(self, self._show_in_language)
        self._kit.events.changed.connect(self._on_changed)

    def _offered(self, lines: Sequence[ReleaseDetails]) -> tuple[Command, ...]:
        """Return the commands for the selected release."""
        found = []
        for one in lines:
            rid = one.view.rid
            found.append(
                Command(N_("Show the release"), partial(self.open_release, rid), icon="eye")
            )
            if self._desk.may(Right.PRINT_INTERNAL) and one.figures is not None:
                ask = partial(self.paper_asked.emit, PaperName.FIGURE_TABLE, rid)
                found.append(Command(_AS_PAPER, ask, icon="printer"))
        return tuple(found)

    def _on_paper_clicked(self) -> None:
        if self.opened is not None:
            self.paper_asked.emit(PaperName.FIGURE_TABLE, self.opened.view.rid)

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & FIGURE_TYPES:
            self.read()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the first choice."""
        self.form.setFocus(event.reason())


def _release_title(one: ReleaseDetails, language: Language) -> str:
    told = language.gettext(N_("Release {number}")).format(number=one.view.record.number or "–")
    who = population_name(one.view.record.population, language)
    when = period_name(one.period, language) if one.period is not None else "–"
    return f"{told}: {who}, {when}"


def _spec() -> LineSpec[ReleaseDetails]:
    return LineSpec(
        "releases", N_("Releases"), _COLUMNS, _cells, _sort_keys, attrgetter("view.rid"),
        _FROZEN_ON, is_backwards=True,
    )  # fmt: skip


def _sort_keys(language: Language) -> Sequence[SortKey[ReleaseDetails]]:
    def by_text(column: int, one: ReleaseDetails) -> str:
        return name_sort_key(_cells(one, language)[column].text, language.code)

    def by_number(one: ReleaseDetails) -> int:
        number = one.view.record.number
        return number if isinstance(number, int) else 0

    return (
        by_number,
        partial(by_text, 1),
        lambda one: one.period.code if one.period is not None else "",
        lambda one: (one.figures.total or 0) if one.figures is not None else 0,
        lambda one: (str(one.view.record.made or ""), by_number(one)),
        partial(by_text, 5),
    )


def _cells(one: ReleaseDetails, language: Language) -> tuple[TableCell, ...]:
    record = one.view.record
    number = str(record.number) if isinstance(record.number, int) else "–"
    under = language.gettext(N_("corrects an earlier one")) if record.corrects else ""
    if record.method == SUM_METHOD:
        under = language.gettext(N_("sum of several organisations"))
    return (
        TableCell(number, is_strong=True),
        TableCell(population_name(record.population, language), under),
        TableCell(period_name(one.period, language) if one.period is not None else "–"),
        TableCell(total_text(one.figures, language) if one.figures is not None else "–"),
        TableCell(short_day_text(record.made, language) or "–"),
        TableCell(language.gettext(N_("Ours")) if one.is_ours else one.custodian),
    )
