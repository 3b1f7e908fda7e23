# SPDX-License-Identifier: GPL-3.0-or-later
"""A page of one card, where no store is open: who asks and by which words, and what comes of it.

What it is for stands in its heading; what is asked besides, what is done and what is said of it is
its heirs'. Whatever runs can be cancelled, and while it runs nothing else can be asked.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.desk.backup import Restored
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.marks import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.backup_views.course import CourseLine
from kfdesk.ui.pages.backup_views.making import CANCELLED
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.entry import SecretEntry, TextEntry
from kfdesk.ui.widgets.field import Field
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Badge, Banner, Card
from kfdesk.ui.words import Message
from kfdesk.ui.work import Course

WRONG = "store.wrong_passphrase"
_WIDTH = 620
_PADDING = 36


class Heading(NamedTuple):
    """What a page is for: its icon, its title, and the sentence below."""

    icon: str
    title: str
    lead: str


class Saying(NamedTuple):
    """The words of what is asked and done; `share` of it is told while it runs under `title`."""

    passphrase: str
    share: str
    title: str


class AskingPage(QScrollArea):
    """The page. `begun` follows its button; `closed` Back, Esc and, once it is done, Go on."""

    begun = Signal()
    closed = Signal()

    def __init__(self, kit: Kit, heading: Heading, saying: Saying, act: Button) -> None:
        super().__init__()
        self._kit = kit
        self._title = saying.title
        self._is_done = False
        self.initials = TextEntry(tokens.CONTROL_LARGE)
        self.initials.setMaxLength(40)
        self.passphrase = SecretEntry(kit)
        self.field = Field(kit, saying.passphrase, self.passphrase)
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert")
        self.aside = Label(kit).wrapped()
        self.warning = Label(kit).wrapped()
        self.back = Button(kit, N_("Back"), "chevron-left")
        self.course = CourseLine(kit, saying.share)
        self.next = act
        for part in (self.outcome, self.aside, self.warning):
            part.hide()
        self.next.setEnabled(False)
        self.initials.textEdited.connect(self._show_ready)
        self.initials.returnPressed.connect(self.passphrase.setFocus)
        self.passphrase.line.textEdited.connect(self._on_edited)
        self.passphrase.line.returnPressed.connect(self._on_next)
        self.back.clicked.connect(self.closed)
        self.next.clicked.connect(self._on_next)
        self._lay_out(heading)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape and self.back.isVisible():
            self.back.click()
        else:
            super().keyPressEvent(event)

    @property
    def _is_typed(self) -> bool:
        return bool(self.initials.text().strip() and self.passphrase.text())

    def _show_ready(self) -> None:
        """Let it be done once all that is needed is there."""
        self.next.setEnabled(self._is_done or self._is_typed)

    def _on_edited(self) -> None:
        self._show_ready()

    def _on_next(self) -> None:
        if self._is_done:
            self.closed.emit()
        elif self.next.isEnabled() and not self.course.isVisible():
            self.begun.emit()

    def _run(self, work: Callable[[Course], Any], then: Callable[[Any], None]) -> None:
        self.passphrase.clear()
        self.outcome.hide()
        course = self.course.begin()
        self._rest(is_resting=False)
        self._kit.work.run(
            lambda: work(course), then, self._on_refused, title=self._title, cancel=course
        )

    def _rest(self, *, is_resting: bool) -> None:
        self.back.setVisible(is_resting and not self._is_done)
        self.next.setVisible(is_resting)
        self.asked.setEnabled(is_resting)
        if is_resting:
            self.course.end()
        self._show_ready()

    def _finish(self, kept: str, aside: object) -> None:
        """It is done: what was before is told to be `kept` in a place, and one goes on."""
        self._is_done = True
        self.asked.hide()
        self._rest(is_resting=True)
        self.next.tell(N_("Go on"))
        self.next.show_icon("key-round")
        if aside is not None:
            path = str(aside)
            self.aside.tell(kept, path=lambda _: path)
            self.aside.show()
        self.next.setFocus()

    def _say(self, tone: Tone, icon: str, message: Message, detail: Message = "") -> None:
        self.outcome.show_look(tone, icon)
        self.outcome.tell(message, detail)
        self.outcome.show()

    def _say_restored(self, kept: str, done: Restored) -> None:
        """A backup is in the store's place; who may be back by that is to be looked at."""
        self._finish(kept, done.aside)
        count = sum(done.counts.values())
        self._say(
            Tone.SUCCESS,
            "circle-check",
            lambda language: language.ngettext(
                "{count} record is back", "{count} records are back", count
            ).format(count=count),
            N_("Look through the people who may open it: who was removed since is in again."),
        )
        message = _erased_words(done)
        self.warning.tell(message)
        self.warning.setVisible(bool(message))

    def _on_refused(self, fault: KfdeskError) -> None:
        self._rest(is_resting=True)
        if not self.asked.isHidden():
            self.passphrase.line.setFocus()
            if fault.code == WRONG:
                faults = self._kit.faults
                self.field.say_wrong(lambda language: " ".join(faults(fault, language)))
                return
        is_calm = fault.code == CANCELLED
        self.outcome.show_look(*((Tone.INFO, "info") if is_calm else (Tone.DANGER, "circle-alert")))
        self.outcome.tell_fault(fault)
        self.outcome.show()

    def _lay_out(self, heading: Heading) -> None:
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        page.setProperty("ground", "none")
        column = QVBoxLayout(page)
        column.setContentsMargins(tokens.PAGE_MARGIN, 20, tokens.PAGE_MARGIN, 20)
        column.addStretch(2)
        column.addWidget(self._make_card(heading), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.setWidget(page)

    def _make_card(self, heading: Heading) -> Card:
        card = Card(padding=0)
        card.setFixedWidth(_WIDTH)
        self.body = card.body
        self.body.setContentsMargins(_PADDING, 32, _PADDING, 28)
        self.body.setSpacing(tokens.FIELD_GAP)
        self.body.addLayout(_make_heading(self._kit, heading))
        self.asked = QWidget()
        self.questions = QVBoxLayout(self.asked)
        self.questions.setContentsMargins(0, 0, 0, 0)
        self.questions.setSpacing(tokens.FIELD_GAP)
        self.questions.addWidget(Field(self._kit, N_("Initials"), self.initials))
        self.questions.addWidget(self.field)
        for part in (self.outcome, self.asked, self.aside, self.warning):
            self.body.addWidget(part)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(0)
        self.foot.addSpacing(-tokens.RESERVE)
        self.foot.addWidget(self.back)
        self.foot.addWidget(self.course)
        self.foot.addStretch(1)
        self.foot.addWidget(self.next)
        self.foot.addSpacing(-tokens.RESERVE)
        self.body.addLayout(self.foot)
        return card


def _make_heading(kit: Kit, heading: Heading) -> QHBoxLayout:
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(Label(kit, heading.title, Type.TITLE).wrapped())
    words.addWidget(Label(kit, heading.lead, tone=Tone.MUTED).wrapped())
    row = QHBoxLayout()
    row.setSpacing(16)
    row.addWidget(Badge(kit, heading.icon), 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(words, 1)
    return row


def _erased_words(done: Restored) -> Message:
    """What must be known of people who were erased since the backup."""
    if not done.knows_erasures:
        return N_(
            "The store from before could not be read. If somebody was erased since the backup, "
            "she is back: erase her again."
        )
    if not done.erased:
        return ""
    return lambda language: language.ngettext(
        "{count} record that was erased since the backup was erased again.",
        "{count} records that were erased since the backup were erased again.",
        done.erased,
    ).format(count=done.erased)
