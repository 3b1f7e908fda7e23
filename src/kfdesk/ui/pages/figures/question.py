# SPDX-License-Identifier: GPL-3.0-or-later
"""The question of a table of figures: who is counted, when, by what, and in how many tables.

It knows no client and no number: it makes a `FigureQuestion`, which the service answers.
"""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.codes.figures import FIGURE_POPULATIONS, FIGURE_VARIABLES
from kfdesk.domain.figures.cells import MAX_VARIABLES_IN_TABLE
from kfdesk.domain.figures.periods import FigurePeriod, past_periods
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.figures import period_name
from kfdesk.services.core.session import Session
from kfdesk.services.figures.releases import FigureQuestion
from kfdesk.ui.context import UiContext
from kfdesk.ui.widgets.build import column, labelled, panel
from kfdesk.ui.widgets.buttons import SegmentedControl
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.layout import FlowBox

_APART, _CROSSED = "apart", "crossed"


class QuestionForm(QWidget):
    """The form; `changed` tells that something else is chosen. It begins with the last year.

    `variable` is what it counts by at first; empty for the total alone.
    """

    changed = Signal()

    def __init__(self, kit: UiContext, desk: Session, variable: str = "") -> None:
        super().__init__()
        self.population, self.period = ChoiceBox(kit), ChoiceBox(kit)
        self.variables = tuple(ChoiceBox(kit) for _ in range(MAX_VARIABLES_IN_TABLE))
        self.shape = SegmentedControl(
            kit, ((_APART, N_("A table for each")), (_CROSSED, N_("One table of all")))
        )
        periods = tuple(past_periods(desk.adapters.clock.now().date()))
        year = next((one.code for one in periods if one.code.isdecimal()), "")
        self.population.set_options(tuple(FIGURE_POPULATIONS.items()))
        self.period.set_options([(one.code, partial(period_name, one)) for one in periods], year)
        for box in self.variables:
            box.set_options((("", N_("Nothing more")), *FIGURE_VARIABLES.items()), variable)
            variable = ""
        self.shape.select(_APART)
        labels = (
            N_("Who is counted"), N_("Period"), N_("Counted by"), N_("and by"), N_("and also by"),
        )  # fmt: skip
        boxes = (self.population, self.period, *self.variables)
        named = [labelled(kit, label, box) for label, box in zip(labels, boxes, strict=True)]
        column(FlowBox(*map(panel, named), gap=12), self.shape, gap=12, on=self)
        for box in boxes:
            box.chosen.connect(self.changed)
        self.shape.chosen.connect(self.changed)

    @property
    def question(self) -> FigureQuestion:
        """The question as it is chosen."""
        chosen = tuple(dict.fromkeys(box.key for box in self.variables if box.key))
        period = FigurePeriod.parse(self.period.key)
        return FigureQuestion(self.population.key, period, chosen, self.shape.key == _CROSSED)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the first choice."""
        self.population.setFocus(event.reason())
