# SPDX-License-Identifier: GPL-3.0-or-later
"""The calm next step where she may be in danger again, or cannot be reached without danger.

It says what to do now and whom to call, in the order in which one does it, and asks nothing. No
alarm colours: who reads this has to think, and may have her beside them.
"""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.after.outcomes import worry
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.after.calling import Near, who_is_near
from kfdesk.services.desk import Desk
from kfdesk.services.plans import PlanPage
from kfdesk.ui import tokens
from kfdesk.ui.guard import clipboard
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.after_views.wording import concern_words
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Banner, Card, clear
from kfdesk.ui.words import Message

_AGAIN = (
    N_("Is she in a safe place now? Ask her only this, in the safe way that is written below."),
    N_("Believe what she says, and ask for no details. She decides what happens next."),
    N_("Tell who is near her, so that nobody is alone with this."),
    N_("Weigh the risks anew together with the partner, and agree on the next contact."),
)
_UNSAFE = (
    N_("Do not call, write or send anybody for now."),
    N_("Ask who is near her whether there is a sign of life, without saying why you ask."),
    N_("Wait for her own sign, if one was agreed, and set a new day to look at it again."),
)


class WorryCard(Card):
    """The card; hidden where there is no reason for it. `step_asked`: a record type to be begun."""

    step_asked = Signal(str)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.banner = Banner(kit, Tone.INFO, "life-buoy")
        self._steps = QVBoxLayout()
        self._steps.setSpacing(6)
        self._calls = QVBoxLayout()
        self._calls.setSpacing(4)
        self.task = Button(kit, N_("Add a task"), "list-checks")
        self.task.clicked.connect(lambda: self.step_asked.emit("task"))
        self.note = Button(kit, N_("Write a note"), "notebook-text", Look.QUIET)
        self.note.clicked.connect(lambda: self.step_asked.emit("note"))
        row = QHBoxLayout()
        row.addWidget(self.task)
        row.addWidget(self.note)
        row.addStretch(1)
        self.body.addWidget(self.banner)
        self.body.addLayout(self._steps)
        self.body.addLayout(self._calls)
        self.body.addLayout(row)
        self.hide()

    def show_plan(self, page: PlanPage) -> None:
        """Show what to do now, if the newest contact gives reason to."""
        last = worry(page.case.all_views("follow_up"))
        self.setVisible(last is not None)
        if last is None:
            return
        is_unsafe = last.record.result == "unsafe_to_contact"
        title = concern_words(is_unsafe=is_unsafe)
        self.banner.tell(title, N_("Take a breath. These are the next steps, one after the other."))
        clear(self._steps)
        for number, words in enumerate(_UNSAFE if is_unsafe else _AGAIN, start=1):
            self._steps.addWidget(self._step(number, words))
        for button in (self.task, self.note):
            button.setVisible(page.may_edit)
        desk, plan = self._desk, page.plan.rid
        self._kit.work.run(lambda: who_is_near(desk, plan), self._on_read)

    def _on_read(self, near: Near) -> None:
        clear(self._calls)
        self._calls.addWidget(Label(self._kit, N_("Whom to call"), Type.LABEL, Tone.MUTED))
        if not near.calls:
            name = near.receiver
            words = (
                N_("{name}: no safe number is in the directory yet.")
                if name
                else N_("No receiver is named in this plan. Ask who looks after the contacts here.")
            )
            label = Label(self._kit, tone=Tone.MUTED).wrapped()
            label.tell(words, name=lambda _: name)
            self._calls.addWidget(label)
        for call in near.calls:
            self._calls.addWidget(self._call(call.number, partial(_named, call.name)))
        if near.emergency:
            self._calls.addWidget(self._call(near.emergency, partial(_emergency, near.country)))

    def _step(self, number: int, words: str) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        sign = Label(self._kit, style=Type.STRONG, tone=Tone.INFO)
        sign.show_text(f"{number}.")
        row.addWidget(sign)
        row.addWidget(Label(self._kit, words).wrapped(), 1)
        return part

    def _call(self, number: str, who: Message) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        said = Label(self._kit).wrapped()
        said.tell(who)
        digits = Label(self._kit, style=Type.STRONG)
        digits.show_text(number)
        copy = Button(self._kit, N_("Copy"), "copy", Look.QUIET).sized(tokens.CONTROL_COMPACT)
        self._kit.words.bind(
            copy.setAccessibleName,
            N_("Copy the number: {who}"),
            who=lambda _: self._kit.words.say(who),
        )
        copy.clicked.connect(partial(clipboard.copy, number))
        row.addWidget(Icon(self._kit, "phone"))
        row.addWidget(said, 1)
        row.addWidget(digits)
        row.addWidget(copy)
        return part


def _named(name: str, _language: Language) -> str:
    return name


def _emergency(country: str, language: Language) -> str:
    words = N_("If her life is in danger: emergency number in {country}")
    return language.gettext(words).format(country=language.country(country))
