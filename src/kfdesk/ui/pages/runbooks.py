# SPDX-License-Identifier: GPL-3.0-or-later
"""Runbooks, the procedures after an incident: the list of them, and the page of one.

A page shows the steps, which are done, which is next, and one action at a time. `runbook_steps`
holds the texts of the steps and makes their widgets. The progress is in the store and is read
after each step, so a runbook that was left, also by a lock, resumes where it was.
"""

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.domain.runbooks import RUNBOOK_STEPS, Runbook, RunbookProgress, RunbookStep
from kfdesk.services.core.session import Session
from kfdesk.services.upkeep.runbooks import close_runbook, complete_runbook_step, start_runbook
from kfdesk.ui.context import UiContext
from kfdesk.ui.icons import MEDIUM
from kfdesk.ui.pages.accounts import CARD_WIDTH, AccountTaskPage
from kfdesk.ui.pages.runbook_steps import RUNBOOK_TEXTS, STEP_TEXTS, STEP_WIDGET_MAKERS, StepActions
from kfdesk.ui.tokens import FIELD_GAP, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import (
    STRETCH,
    TOP,
    aligned,
    column,
    extend,
    grown,
    muted,
    panel,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, CardFrame, TaskPage, clear_layout, make_hairline
from kfdesk.ui.widgets.text import Icon


class RunbooksCard(CardFrame):
    """The list of runbooks. `asked` carries the chosen one."""

    asked = Signal(object)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.buttons: dict[Runbook, Button] = {}
        self.add_heading(kit, N_("When something happens"), "life-buoy")
        for runbook in RUNBOOK_TEXTS:
            extend(self.body, make_hairline(), self._row(runbook))

    def show_under_way(self, under_way: Collection[Runbook]) -> None:
        """Show which runbooks have steps left."""
        for runbook, button in self.buttons.items():
            button.set_message(N_("Continue…") if runbook in under_way else N_("Start…"))

    def _row(self, runbook: Runbook) -> QHBoxLayout:
        kit, said = self._kit, RUNBOOK_TEXTS[runbook]
        words = column(
            text(kit, said.title, TextStyle.STRONG), muted(kit, said.when, TextStyle.SMALL), gap=1
        )
        button = Button(kit, N_("Start…"), on=lambda: self.asked.emit(runbook))
        kit.translator.bind(button.setAccessibleName, said.title)
        self.buttons[runbook] = button
        return row(
            aligned(Icon(kit, said.icon), TOP),
            grown(words),
            button,
            gap=12,
            margins=(0, 8, 0, 8),
        )


RUNBOOKS_PLACE = "backup/special_days"
_DONE_LOOKS = {True: ("circle-check", Tone.SUCCESS), False: ("circle", Tone.MUTED)}


class RunbookPage(TaskPage):
    """The steps of one runbook. `asked` carries a page to show in its place."""

    asked = Signal(object)

    def __init__(self, kit: UiContext, desk: Session, runbook: Runbook) -> None:
        said = RUNBOOK_TEXTS[runbook]
        super().__init__(kit, said.title)
        self.under.set_message(said.when)
        self._desk = desk
        self.runbook = runbook
        self.progress: RunbookProgress | None = None
        self.part: QWidget | None = None
        self.tick = Button(kit, N_("Done"), "check", on=self._mark_done)
        self.finish = Button(kit, N_("Close this guide"), "check", ButtonLook.PRIMARY)
        self.finish.clicked.connect(self._on_finished)
        self.set_action(self.tick)
        self.set_action(self.finish)
        self.cancel.set_message(N_("Later"))
        self._steps = column(gap=6)
        extend(self.body, self._steps, STRETCH)
        for part in (self.tick, self.finish):
            part.setVisible(False)
        kit.worker.rested.connect(self._on_rested)
        self.read()

    def read(self) -> None:
        """Read the progress and show it."""
        desk, runbook = self._desk, self.runbook
        self.kit.worker.run(lambda: start_runbook(desk, runbook), self._show, self.show_fault)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to the current step, else to the foot."""
        foot = next((each for each in (self.tick, self.finish) if each.isVisible()), self.cancel)
        inside = first_focusable(self.part) if self.part is not None else None
        (inside or foot).setFocus(event.reason())

    def _show(self, progress: RunbookProgress) -> None:
        if progress == self.progress:
            return
        self.progress, step = progress, progress.next
        clear_layout(self._steps)
        self.part = None
        for number, task in enumerate(RUNBOOK_STEPS[self.runbook], start=1):
            extend(self._steps, self._step_row(number, task))
            if task is step:
                extend(self._steps, self._current_step(task))
        if step is None:
            extend(self._steps, self._end_banner())
        said = STEP_TEXTS[step].tick if step is not None else ""
        self.tick.setVisible(bool(said))
        if said:
            self.tick.set_message(said)
        self.finish.setVisible(step is None)
        done, of = len(progress.done), len(RUNBOOK_STEPS[self.runbook])
        self.hint.set_message(N_("{done} of {of} are done"), done=lambda _: done, of=lambda _: of)
        self.setFocus()

    def _step_row(self, number: int, task: RunbookStep) -> QWidget:
        assert self.progress is not None
        is_done, is_now = task in self.progress.done, task is self.progress.next
        icon, tone = ("circle-dot", Tone.ACCENT) if is_now else _DONE_LOOKS[is_done]
        style, shade = (TextStyle.HEADING, Tone.PLAIN) if is_now else (TextStyle.BODY, Tone.MUTED)
        label = text(self.kit, "", style, shade)
        label.set_message(
            lambda language: f"{number}. {language.gettext(str(STEP_TEXTS[task].title))}"
        )
        return panel(row(Icon(self.kit, icon, tone, MEDIUM), grown(label), gap=10))

    def _current_step(self, task: RunbookStep) -> CardFrame:
        card = CardFrame(gap=FIELD_GAP)
        card.setMaximumWidth(CARD_WIDTH)
        for sentence in STEP_TEXTS[task].lines:
            extend(card.body, text(self.kit, sentence))
        make = STEP_WIDGET_MAKERS.get(task)
        if make is not None:
            acts = StepActions(
                self.asked.emit, self.read, self._mark_done, f"{RUNBOOKS_PLACE}/{self.runbook}"
            )
            self.part = make(self.kit, self._desk, acts)
            extend(card.body, self.part)
        return card

    def _end_banner(self) -> Banner:
        banner = Banner(self.kit, Tone.SUCCESS, "circle-check")
        banner.set_message(
            N_("Everything is done."), N_("The history keeps what was done, and when.")
        )
        return banner

    def _mark_done(self) -> None:
        if self.progress is None or self.progress.next is None:
            return
        desk, runbook, step = self._desk, self.runbook, self.progress.next
        self.kit.worker.run(
            lambda: complete_runbook_step(desk, runbook, step),
            lambda _: self.read(),
            self.show_fault,
        )

    def _on_rested(self) -> None:
        """Focus the step's widget once its data is there, unless the focus is elsewhere."""
        if self.hasFocus() or self.cancel.hasFocus():
            self.setFocus()

    def _on_finished(self) -> None:
        desk, runbook = self._desk, self.runbook
        self.kit.worker.run(
            lambda: close_runbook(desk, runbook), lambda _: self.closed.emit(), self.show_fault
        )


def first_focusable(part: QWidget) -> QWidget | None:
    """Return the first child that takes the focus, if there is one."""
    return next((each for each in part.findChildren(QWidget) if _is_focusable(each, part)), None)


def _is_focusable(each: QWidget, part: QWidget) -> bool:
    is_there = each.isEnabledTo(part) and each.isVisibleTo(part)
    return is_there and bool(each.focusPolicy() & Qt.FocusPolicy.TabFocus)


class RunbookPages(QStackedWidget):
    """A stack of a runbook and the page that one of its steps has opened.

    `closed` follows the runbook's own signal.
    """

    closed = Signal()

    def __init__(self, kit: UiContext, desk: Session, runbook: Runbook) -> None:
        super().__init__()
        self._kit = kit
        self.guide = RunbookPage(kit, desk, runbook)
        self.guide.asked.connect(self._on_asked)
        self.guide.closed.connect(self.closed)
        self.step: AccountTaskPage | None = None
        self.addWidget(self.guide)
        self.setFocusProxy(self.guide)

    def _on_asked(self, step: AccountTaskPage) -> None:
        self.step = step
        step.closed.connect(self._on_left)
        step.done.connect(self._on_done)
        self.setCurrentIndex(self.addWidget(step))
        step.setFocus()

    def _on_left(self) -> None:
        self.setCurrentWidget(self.guide)
        if self.step is not None:
            self.removeWidget(self.step)
            self.step.deleteLater()
            self.step = None
        self.guide.progress = None  # the users may have changed
        self.guide.read()

    def _on_done(self, said: Message) -> None:
        self._kit.notify(said)
        self._kit.events.changed.emit(frozenset({"user", "partner"}))
        self._on_left()
