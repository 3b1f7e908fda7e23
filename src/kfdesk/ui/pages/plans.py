# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans: the list, and behind it the plan that was opened.

Codes stand before names. The list is read on the worker's thread and again whenever a record
changes that it shows.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services import plans
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanLine
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.view import PlanView
from kfdesk.ui.pages.shown import STATE_LOOKS, moment_lines, state_word, told_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, Empty
from kfdesk.ui.widgets.rows import Cell, Column, Table

_TYPES = frozenset({"client", "plan", "leg"})
_COLUMNS = (
    Column(N_("Plan")),
    Column(N_("State")),
    Column(N_("Journey"), stretches=True),
    Column(N_("Leaves")),
    Column(N_("To decide")),
)


class Plans(QStackedWidget):
    """The place Plans: the list, or one plan."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._plan: PlanView | None = None
        self.listing = PlanList(kit, desk)
        self.listing.chosen.connect(self.open_plan)
        self.addWidget(self.listing)
        self.setFocusProxy(self.listing)

    def open_plan(self, rid: bytes) -> None:
        """Show one plan in place of the list."""
        self._drop_plan()
        self._plan = view = PlanView(self._kit, self._desk, rid)
        view.closed.connect(self.show_list)
        self.setCurrentIndex(self.addWidget(view))
        self.setFocusProxy(view)
        view.setFocus()

    def show_list(self) -> None:
        """Go back to the list."""
        self.setCurrentWidget(self.listing)
        self.setFocusProxy(self.listing)
        self._drop_plan()
        self.listing.table.setFocus()

    def _drop_plan(self) -> None:
        if self._plan is not None:
            self.removeWidget(self._plan)
            self._plan.deleteLater()
            self._plan = None


class PlanList(QWidget):
    """All plans, those that leave first on top. `chosen` carries the plan's id."""

    chosen = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._lines: tuple[PlanLine, ...] = ()
        self._count = Label(kit, tone=Tone.MUTED)
        self.table = Table(kit, _COLUMNS)
        self.table.chosen.connect(self._on_row_chosen)
        kit.words.bind(self.table.setAccessibleName, N_("Plans"))
        self._empty = Empty(
            kit,
            "clipboard-list",
            N_("No plan yet"),
            N_("Plans that you enter or take from a partner stand here."),
        )
        self._lay_out()
        self.setFocusProxy(self.table)
        kit.words.changed.connect(self._show_lines)
        kit.hub.changed.connect(self._on_changed)
        self.read()

    def read(self) -> None:
        """Read the list again."""
        self._kit.work.run(lambda: plans.list_plans(self._desk), self._on_read)

    def _lay_out(self) -> None:
        title = Label(self._kit, N_("Plans"), Type.DISPLAY)
        card = Card(padding=0)
        card.body.addWidget(self.table)
        self._card = card
        empty = QHBoxLayout()
        empty.addWidget(self._empty)
        column = QVBoxLayout(self)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(0)
        column.addWidget(title)
        column.addWidget(self._count)
        column.addSpacing(tokens.CARD_GAP)
        column.addWidget(card)
        column.addLayout(empty)
        column.addStretch(1)

    def _on_read(self, lines: tuple[PlanLine, ...]) -> None:
        self._lines = lines
        self._show_lines()

    def _show_lines(self) -> None:
        language = self._kit.words.language
        self._count.tell(lambda spoken: _count(len(self._lines), spoken))
        self.table.show_rows([_cells(line, language) for line in self._lines])
        self.table.fit_height()
        self._card.setVisible(bool(self._lines))
        self._empty.setVisible(not self._lines)
        if self._lines and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _on_row_chosen(self, row: int) -> None:
        self.chosen.emit(self._lines[row].rid)

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _TYPES:
            self.read()


def _count(count: int, language: Language) -> str:
    return language.ngettext("{count} plan", "{count} plans", count).format(count=count)


def _cells(line: PlanLine, language: Language) -> tuple[Cell, ...]:
    tone, icon = STATE_LOOKS.get(line.state, (Tone.MUTED, "circle-question-mark"))
    places = [told_text(leg.record.from_place, language) for leg in line.legs]
    places += [told_text(leg.record.to_place, language) for leg in line.legs[-1:]]
    journey = " – ".join(place for place in places if place)
    departs = line.departs
    leaves = Cell(*moment_lines(departs, language)) if departs else Cell("–", tone=Tone.MUTED)
    return (
        Cell(line.code, line.alias, is_strong=True),
        Cell(state_word(line.state, language), icon=icon, tone=tone),
        Cell(journey or "–"),
        leaves,
        _conflict_cell(line.conflicts, language),
    )


def _conflict_cell(count: int, language: Language) -> Cell:
    if not count:
        return Cell()
    words = language.ngettext("{count} conflict", "{count} conflicts", count)
    return Cell(words.format(count=count), icon="git-merge", tone=Tone.WARNING)
