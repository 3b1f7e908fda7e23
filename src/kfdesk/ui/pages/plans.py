# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans: the list, and behind it the plan that was opened or is begun.

Codes stand before names. The list is read on the worker's thread and again whenever a record
changes that it shows.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services import plans
from kfdesk.services.casework.lines import PlanLine
from kfdesk.services.desk import Desk
from kfdesk.services.directory import EntryLine
from kfdesk.services.policy.access import EDITING
from kfdesk.services.writing.drafts import OpenDraft
from kfdesk.ui import tokens
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.pages.plan_page.view import PlanView
from kfdesk.ui.pages.plan_views.goal import Goal
from kfdesk.ui.pages.plan_views.intake import Intake
from kfdesk.ui.pages.plan_views.wanted import Step
from kfdesk.ui.pages.rights_views.locked import Locked
from kfdesk.ui.pages.rights_views.others import Others
from kfdesk.ui.pages.shown import STATE_LOOKS, moment_lines, state_word, told_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
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


NEW_KEY = "Ctrl+N"
_NEW = "new"


class Plans(QStackedWidget):
    """The place Plans: the list, one plan, or one that is begun.

    `help_asked` carries the step of a plan for which somebody of the directory is wanted.
    """

    help_asked = Signal(object)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._plan: PlanView | None = None
        self._intake: Intake | None = None
        self._locked: Locked | None = None
        self.listing = PlanList(kit, desk)
        self.listing.chosen.connect(self.open_plan)
        self.listing.new_asked.connect(self.begin_plan)
        self.addWidget(self.listing)

    @property
    def plan(self) -> PlanView | None:
        """The plan on view."""
        return self._plan

    @property
    def intake(self) -> Intake | None:
        """The first talk on view."""
        return self._intake

    def open_plan(
        self,
        rid: bytes,
        draft: OpenDraft | None = None,
        *,
        section: str = "",
        goal: Goal | None = None,
    ) -> None:
        """Show one plan in place of the list, in a section, at a field, or go on with a draft."""
        self._drop()
        self._plan = view = PlanView(self._kit, self._desk, rid)
        view.closed.connect(self.show_list)
        view.locked.connect(lambda: self.show_locked(rid))
        view.other_asked.connect(self.open_plan)
        view.help_asked.connect(self.help_asked)
        view.return_to(section)
        if draft is not None:
            view.go_on(draft)
        if goal is not None:
            view.lead_to_goal(goal)
        self._show_page(view)

    def return_with(self, step: Step, entry: EntryLine | None) -> None:
        """Go back to a step of a plan, and name an entry there if one was found."""
        plan = bytes.fromhex(self._plan.place().partition("/")[0]) if self._plan else b""
        if plan != step.plan:
            self.open_plan(step.plan, section=step.section)
        if entry is not None and self._plan is not None:
            self._plan.take_entry(step, entry)

    def show_locked(self, rid: bytes) -> None:
        """Show that a plan is another's, and how it is opened."""
        self._drop()
        self._locked = page = Locked(self._kit, self._desk, rid)
        page.closed.connect(self.show_list)
        page.opened.connect(self.open_plan)
        self._show_page(page)

    def begin_plan(self, rid: bytes | None = None) -> None:
        """Begin a plan in place of the list, or go on with the draft `rid` of one."""
        if self._intake is not None and rid in (None, self._intake.rid):
            self._intake.setFocus()
            return
        self._drop()
        self._intake = page = Intake(self._kit, self._desk, rid)
        page.closed.connect(self.show_list)
        page.begun.connect(self._on_begun)
        self._show_page(page)

    def show_list(self) -> None:
        """Go back to the list."""
        self.setCurrentWidget(self.listing)
        self._drop()
        self.listing.setFocus()

    def place(self) -> str:
        """Where one is: nothing for the list, else the plan's id and its section."""
        if self._intake is not None:
            return f"{_NEW}/{self._intake.rid.hex()}"
        page = self._plan or self._locked
        return page.place() if page is not None else ""

    def return_to(self, place: str) -> None:
        """Open the plan and the section that `place` names, or the plan that is begun."""
        first, _, second = place.partition("/")
        if first == _NEW:
            self.begin_plan(bytes.fromhex(second))
            return
        self.open_plan(bytes.fromhex(first))
        if self._plan is not None:
            self._plan.return_to(second)

    def commands(self) -> tuple[Command, ...]:
        """What the menus and the sheet of keys add while a plan is on view."""
        return self._plan.commands() if self._plan is not None else ()

    def panes(self) -> Sequence[tuple[QWidget, QWidget | None]]:
        """The parts of the plan on view, which one goes between by key."""
        return self._plan.panes() if self._plan is not None else ()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard to what is on view."""
        page = self.currentWidget()
        if page is not None:
            page.setFocus(event.reason())

    def _show_page(self, page: QWidget) -> None:
        self.setCurrentIndex(self.addWidget(page))
        page.setFocus()

    def _on_begun(self, rid: bytes) -> None:
        self.open_plan(rid)
        if self._plan is not None:
            self._plan.offer_next()

    def _drop(self) -> None:
        for page in (self._plan, self._intake, self._locked):
            if page is not None:
                self.removeWidget(page)
                page.deleteLater()
        self._plan = self._intake = self._locked = None


class PlanList(QWidget):
    """All plans, those that leave first on top. `chosen` carries the plan's id.

    `new_asked` asks to begin one.
    """

    chosen = Signal(bytes)
    new_asked = Signal()

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
            N_("Plans that you begin or take from a partner stand here."),
        )
        self._may_begin = any(map(desk.may, EDITING))
        self.new, self.first = self._make_button(), self._make_button()
        if self._may_begin:
            self._empty.act(self.first)
        self.others = Others(kit, desk)
        self.others.chosen.connect(self.chosen)
        self._lay_out()
        kit.words.follow(self, self._show_lines)
        kit.hub.changed.connect(self._on_changed)
        self.read()

    def read(self) -> None:
        """Read the list again."""
        self._kit.work.run(lambda: plans.list_plans(self._desk), self._on_read)
        self.others.read()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard to the list, or to what begins one."""
        if self._lines or not self._may_begin:
            self.table.setFocus(event.reason())
        else:
            self.first.setFocus(event.reason())

    def _make_button(self) -> Button:
        button = Button(self._kit, N_("New plan"), "plus", Look.PRIMARY).show_key(NEW_KEY)
        button.clicked.connect(self.new_asked)
        return button

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(self._kit, N_("Plans"), Type.DISPLAY))
        words.addWidget(self._count)
        head = QHBoxLayout()
        head.addLayout(words, 1)
        head.addWidget(self.new)
        card = Card(padding=0)
        card.body.addWidget(self.table)
        self._card = card
        empty = QHBoxLayout()
        empty.addWidget(self._empty)
        column = QVBoxLayout(self)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(0)
        column.addLayout(head)
        column.addSpacing(tokens.CARD_GAP)
        column.addWidget(card)
        column.addLayout(empty)
        column.addSpacing(tokens.CARD_GAP)
        column.addWidget(self.others)
        column.addStretch(1)

    def _on_read(self, lines: tuple[PlanLine, ...]) -> None:
        """Show what was read; list and invitation change places, and the keyboard goes along."""
        had_focus = self.first.hasFocus() or self.table.hasFocus()
        self._lines = lines
        self._show_lines()
        if had_focus:
            self.setFocus()

    def _show_lines(self) -> None:
        language = self._kit.words.language
        self._count.tell(lambda spoken: _count(len(self._lines), spoken))
        self.table.show_rows([_cells(line, language) for line in self._lines])
        self.table.fit_height()
        self._card.setVisible(bool(self._lines))
        self._empty.setVisible(not self._lines)
        self.new.setVisible(bool(self._lines) and self._may_begin)
        if self.hasFocus() or self.first.hasFocus() or (not self._lines and self.table.hasFocus()):
            self.setFocus()  # what had the keyboard may be gone; hand it on anew
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
    places = [told_text(leg.from_place, language) for leg in line.legs]
    places += [told_text(leg.to_place, language) for leg in line.legs[-1:]]
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
