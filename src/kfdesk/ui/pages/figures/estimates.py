# SPDX-License-Identifier: GPL-3.0-or-later
"""Estimates of others, each with who said it, how it was found and when it was read.

Estimates and registered cases have a chart each. Neither ever stands beside our own counts.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.codes.figures import ESTIMATE_METHODS
from kfdesk.domain.figures.charts import Chart, estimate_chart, registered_chart
from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import name_sort_key
from kfdesk.i18n.figures import estimate_label, estimate_number, estimate_years
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import short_day_text
from kfdesk.services.core.session import Session
from kfdesk.services.figures.estimates import EstimateLine, list_estimates
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.pages.figures.chart_view import ChartView
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP
from kfdesk.ui.widgets.build import column, extend, grown, muted, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, clear_layout
from kfdesk.ui.widgets.table import ColumnSpec, LineSpec, LineTable, SortKey, TableCell

_COLUMNS = (
    ColumnSpec(N_("What it says"), stretches=True),
    ColumnSpec(N_("Years"), most=140),
    ColumnSpec(N_("Who says so"), most=300),
    ColumnSpec(N_("How it was found"), most=220),
    ColumnSpec(N_("Read on"), most=140),
)
_YEARS = 1


class EstimatesView(QWidget):
    """The estimates. `chosen` carries one to open; `new_asked` asks to enter one."""

    chosen = Signal(object)
    new_asked = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.lines: tuple[EstimateLine, ...] = ()
        self.charts: list[Chart] = []
        """The charts on view: of estimates, and of registered cases."""
        self.new = Button(kit, N_("New estimate…"), "plus", ButtonLook.PRIMARY)
        self.table = LineTable(kit, _spec(), self._offered)
        self.table.setSelectionMode(LineTable.SelectionMode.SingleSelection)
        self.table.open_by_click()
        self._charts = column(gap=CARD_GAP)
        said = muted(
            kit,
            N_("What others say, and where. They are not our own numbers, and are never added up."),
        )
        column(
            row(grown(said), self.new), self._charts, CardFrame(padding=0, parts=(self.table,)),
            gap=CARD_GAP, on=self,
        )  # fmt: skip
        self.new.clicked.connect(self.new_asked)
        self.table.chosen.connect(lambda at: self.chosen.emit(self.table.lines[at]))
        kit.translator.on_language_change(self, self._show)
        kit.events.changed.connect(self._on_changed)
        self.read()

    @task
    async def read(self) -> None:
        """Read the estimates again."""
        folder = self._kit.theme.resources
        self.lines = await call(self._kit, list_estimates, self._desk, folder)
        self._show()

    def _show(self) -> None:
        language = self._kit.translator.language
        self.table.show_lines(self.lines)
        records = [one.record for one in reversed(self.lines)]
        guesses = estimate_chart(
            records, language.gettext(N_("Estimates")), lambda one: estimate_label(one, language)
        )
        cases = registered_chart(
            records, language.gettext(N_("Registered cases")),
            lambda one: estimate_label(one, language),
        )  # fmt: skip
        self.charts = [guesses] if guesses.ranges else []
        self.charts += [cases] if cases.cases else []
        clear_layout(self._charts)
        cards = (CardFrame(parts=(ChartView(self._kit, one),)) for one in self.charts)
        extend(self._charts, *cards)

    def _offered(self, lines: Sequence[EstimateLine]) -> tuple[Command, ...]:
        """Return the command for the selected estimate."""
        return tuple(
            Command(
                N_("Open") if line.is_ours else N_("Add this estimate to ours"),
                partial(self.chosen.emit, line), icon="pencil",
            )
            for line in lines
        )  # fmt: skip

    def _on_changed(self, types: frozenset[str]) -> None:
        if "estimate" in types:
            self.read()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the list."""
        self.table.setFocus(event.reason())


def _spec() -> LineSpec[EstimateLine]:
    return LineSpec(
        "estimates", N_("Estimates"), _COLUMNS, _cells, _sort_keys,
        lambda line: line.row.rid if line.row is not None else line.record,
        _YEARS, is_backwards=True,
    )  # fmt: skip


def _sort_keys(language: Language) -> Sequence[SortKey[EstimateLine]]:
    def by_text(column: int, line: EstimateLine) -> str:
        return name_sort_key(_cells(line, language)[column].text, language.code)

    def by_number(line: EstimateLine) -> int:
        numbers = (line.record.point, line.record.low, line.record.high)
        return next((one for one in numbers if isinstance(one, int)), 0)

    def by_years(line: EstimateLine) -> tuple[str, str]:
        first, last = line.record.year_from, line.record.year_to
        return str(last or first or ""), str(first or "")

    return (
        by_number, by_years, partial(by_text, 2), partial(by_text, 3),
        lambda line: str(line.record.read_on or ""),
    )  # fmt: skip


def _cells(one: EstimateLine, language: Language) -> tuple[TableCell, ...]:
    record = one.record
    method = ESTIMATE_METHODS.get(str(record.method), "")
    from_program = language.gettext(N_("comes with the program")) if one.row is None else ""
    return (
        TableCell(
            estimate_number(record, language), estimate_label(record, language), is_strong=True
        ),
        TableCell(estimate_years(record) or "–"),
        TableCell(str(record.publisher or "–"), str(record.source_title or "")),
        TableCell(language.gettext(method) if method else "–"),
        TableCell(short_day_text(record.read_on, language) or "–", from_program),
    )
