# SPDX-License-Identifier: GPL-3.0-or-later
"""Estimates of others, each with who said it, how it was found and when it was read.

Estimates and registered cases have a chart each. Neither ever stands beside our own counts.
"""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.codes.figures import ESTIMATE_METHODS
from kfdesk.domain.figures.charts import Chart, estimate_chart, registered_chart
from kfdesk.domain.schema import N_
from kfdesk.i18n.figures import estimate_label, estimate_number, estimate_years
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.figures.estimates import EstimateLine, list_estimates
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.figures.chart_view import ChartView
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP
from kfdesk.ui.widgets.build import column, extend, grown, muted, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, clear_layout
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView

_COLUMNS = (
    ColumnSpec(N_("What it says"), stretches=True),
    ColumnSpec(N_("Years"), most=140),
    ColumnSpec(N_("Who says so"), most=300),
    ColumnSpec(N_("How it was found"), most=220),
    ColumnSpec(N_("Read on"), most=140),
)


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
        self.table = TableView(kit, _COLUMNS)
        self.table.open_by_click()
        kit.translator.bind(self.table.setAccessibleName, N_("Estimates"))
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
        self.table.chosen.connect(lambda at: self.chosen.emit(self.lines[at]))
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
        self.table.show_rows([_cells(one, language) for one in self.lines])
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

    def _on_changed(self, types: frozenset[str]) -> None:
        if "estimate" in types:
            self.read()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the list."""
        self.table.setFocus(event.reason())


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
        TableCell(str(record.read_on or "–"), from_program),
    )
