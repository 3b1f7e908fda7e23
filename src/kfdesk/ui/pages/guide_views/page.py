# SPDX-License-Identifier: GPL-3.0-or-later
"""A guide: the steps of an errand, what is done, what is next, and one thing to do at a time.

Steps in words stand in `words.py`, what they are done with in `acts.py`. After each the store is
asked how far one is; a guide that was left, by a lock too, goes on where it was.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kfdesk.domain.keeping.errands import STEPS, Course, Errand
from kfdesk.domain.keeping.errands import Step as Task
from kfdesk.domain.marks import N_
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.errands import begin_errand, end_errand, tick_step
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.step import Step
from kfdesk.ui.pages.guide_views import words
from kfdesk.ui.pages.guide_views.acts import MAKERS, Acts
from kfdesk.ui.pages.settings_views.own import CARD_WIDTH
from kfdesk.ui.pages.settings_views.steps import KeyStep
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Banner, Card, clear
from kfdesk.ui.words import Message

PLACE = "backup/special_days"
_LOOKS = {True: ("circle-check", Tone.SUCCESS), False: ("circle", Tone.MUTED)}


class Guide(Step):
    """The steps of one errand. `asked` carries a page to lay over it."""

    asked = Signal(object)

    def __init__(self, kit: Kit, desk: Desk, errand: Errand) -> None:
        said = words.ERRANDS[errand]
        super().__init__(kit, said.title)
        self.under.tell(said.when)
        self._desk = desk
        self.errand = errand
        self.course: Course | None = None
        self.part: QWidget | None = None
        self.tick = Button(kit, N_("Done"), "check")
        self.tick.clicked.connect(self._on_ticked)
        self.finish = Button(kit, N_("Put this guide away"), "check", Look.PRIMARY)
        self.finish.clicked.connect(self._on_finished)
        self.act(self.tick)
        self.act(self.finish)
        self.cancel.tell(N_("Later"))
        self._steps = QVBoxLayout()
        self._steps.setSpacing(6)
        self.body.addLayout(self._steps)
        self.body.addStretch(1)
        for part in (self.tick, self.finish):
            part.setVisible(False)
        kit.work.rested.connect(self._on_rested)
        self.read()

    def read(self) -> None:
        """Ask how far it is, and show it."""
        desk, errand = self._desk, self.errand
        self.kit.work.run(lambda: begin_errand(desk, errand), self._show, self.refuse)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """To what is to be done now; else to the foot."""
        foot = next((each for each in (self.tick, self.finish) if each.isVisible()), self.cancel)
        inside = first_in(self.part) if self.part is not None else None
        (inside or foot).setFocus(event.reason())

    def _show(self, course: Course) -> None:
        if course == self.course:
            return
        self.course, step = course, course.next
        clear(self._steps)
        self.part = None
        for number, task in enumerate(STEPS[self.errand], start=1):
            self._steps.addWidget(self._row(number, task))
            if task is step:
                self._steps.addWidget(self._current(task))
        if step is None:
            self._steps.addWidget(self._end())
        said = words.STEPS[step].tick if step is not None else ""
        self.tick.setVisible(bool(said))
        if said:
            self.tick.tell(said)
        self.finish.setVisible(step is None)
        done, of = len(course.done), len(STEPS[self.errand])
        self.hint.tell(N_("{done} of {of} are done"), done=lambda _: done, of=lambda _: of)
        self.setFocus()

    def _row(self, number: int, task: Task) -> QWidget:
        assert self.course is not None
        is_done, is_now = task in self.course.done, task is self.course.next
        icon, tone = ("circle-dot", Tone.ACCENT) if is_now else _LOOKS[is_done]
        style, shade = (Type.HEADING, Tone.PLAIN) if is_now else (Type.BODY, Tone.MUTED)
        label = Label(self.kit, style=style, tone=shade).wrapped()
        label.tell(lambda language: f"{number}. {language.gettext(str(words.STEPS[task].title))}")
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        line.addWidget(Icon(self.kit, icon, tone, icons.MEDIUM))
        line.addWidget(label, 1)
        return row

    def _current(self, task: Task) -> Card:
        card = Card()
        card.setMaximumWidth(CARD_WIDTH)
        card.body.setSpacing(tokens.FIELD_GAP)
        for sentence in words.STEPS[task].lines:
            card.body.addWidget(Label(self.kit, sentence).wrapped())
        make = MAKERS.get(task)
        if make is not None:
            acts = Acts(self.asked.emit, self.read, self._tick, f"{PLACE}/{self.errand}")
            self.part = make(self.kit, self._desk, acts)
            card.body.addWidget(self.part)
        return card

    def _end(self) -> Banner:
        banner = Banner(self.kit, Tone.SUCCESS, "circle-check")
        banner.tell(N_("Everything is done."), N_("The history keeps what was done, and when."))
        return banner

    def _tick(self) -> None:
        if self.course is None or self.course.next is None:
            return
        desk, errand, step = self._desk, self.errand, self.course.next
        self.kit.work.run(lambda: tick_step(desk, errand, step), lambda _: self.read(), self.refuse)

    def _on_rested(self) -> None:
        """What a part has read is there now: the keyboard goes to it, unless it is elsewhere."""
        if self.hasFocus() or self.cancel.hasFocus():
            self.setFocus()

    def _on_ticked(self) -> None:
        self._tick()

    def _on_finished(self) -> None:
        desk, errand = self._desk, self.errand
        self.kit.work.run(
            lambda: end_errand(desk, errand), lambda _: self.closed.emit(), self.refuse
        )


def first_in(part: QWidget) -> QWidget | None:
    """What takes the keyboard first in a part, if anything does."""
    return next((each for each in part.findChildren(QWidget) if _takes_keys(each, part)), None)


def _takes_keys(each: QWidget, part: QWidget) -> bool:
    is_there = each.isEnabledTo(part) and each.isVisibleTo(part)
    return is_there and bool(each.focusPolicy() & Qt.FocusPolicy.TabFocus)


class GuidePages(QStackedWidget):
    """A guide and the page that one of its steps has laid over it. `closed` follows the guide's."""

    closed = Signal()

    def __init__(self, kit: Kit, desk: Desk, errand: Errand) -> None:
        super().__init__()
        self._kit = kit
        self.guide = Guide(kit, desk, errand)
        self.guide.asked.connect(self._on_asked)
        self.guide.closed.connect(self.closed)
        self.step: KeyStep | None = None
        self.addWidget(self.guide)
        self.setFocusProxy(self.guide)

    def _on_asked(self, step: KeyStep) -> None:
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
        self.guide.course = None  # who was let in, or is left, may have changed
        self.guide.read()

    def _on_done(self, said: Message) -> None:
        self._kit.tell(said)
        self._kit.hub.changed.emit(frozenset({"user", "partner"}))
        self._on_left()
