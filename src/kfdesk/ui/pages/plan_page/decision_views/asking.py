# SPDX-License-Identifier: GPL-3.0-or-later
"""A question inside the page: a sentence, a few fields, and the button that does it.

Asked where one is, not in a window of its own: nothing is covered, and the lock has nothing to
close. What is asked and what follows is said by whoever opens it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from kfdesk.domain.schema import N_
from kfdesk.domain.values import Value
from kfdesk.ui.form.form import Form
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import clear
from kfdesk.ui.words import Message

Answers = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the fields `keys` of a record type, what they begin with, what then is done.

    The keys in `needed` must be answered before `run` is called with the answers.
    """

    title: Message
    under: Message
    button: Message
    run: Callable[[Answers], object]
    record_type: str = "transition"
    keys: Sequence[str] = ()
    starts_with: Answers = field(default_factory=dict)
    needed: frozenset[str] = frozenset()


class Asking(QFrame):
    """The place of the question; hidden while nothing is asked. `closed` when it is put away."""

    closed = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.setProperty("ground", "sunken")
        self.form: Form | None = None
        self.go: Button | None = None
        self._body = QVBoxLayout(self)
        self._body.setContentsMargins(16, 14, 16, 12)
        self._body.setSpacing(10)
        self.hide()

    def ask(self, question: Question) -> None:
        """Ask, and give the keyboard to the first field, or to the button."""
        clear(self._body)
        kit = self._kit
        self._body.addWidget(Label(kit, question.title, Type.STRONG).wrapped())
        if question.under:
            under = Label(kit, question.under, Type.SMALL, Tone.MUTED).wrapped()
            self._body.addWidget(under)
        self.form = form = Form(kit, question.record_type, question.keys, Offers())
        form.restore(question.starts_with)
        self._body.addWidget(form)
        self._missing = Label(kit, style=Type.SMALL, tone=Tone.DANGER).wrapped()
        self._missing.hide()
        self._body.addWidget(self._missing)
        self.go = go = Button(kit, question.button, "check", Look.TONAL)
        go.clicked.connect(lambda: self._answer(question))
        back = Button(kit, N_("Do not do it"), look=Look.QUIET)
        back.clicked.connect(self.close_question)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(back)
        foot.addWidget(go)
        self._body.addLayout(foot)
        self.show()
        if question.keys:
            form.focus_on(question.keys[0])
        else:
            go.setFocus()

    def close_question(self) -> None:
        """Put the question away."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Esc does not do it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_question()
        else:
            super().keyPressEvent(event)

    def _answer(self, question: Question) -> None:
        form = self.form
        if form is None:
            return
        wrong = form.judge()
        answers = dict(form.changes())
        empty = [key for key in question.keys if key in question.needed and not answers.get(key)]
        if wrong is None and empty:
            self._missing.tell(N_("Write down why; without it this is not done."))
            self._missing.show()
        if wrong is not None or empty:
            form.focus_on(wrong or empty[0])
            return
        self.hide()
        question.run(answers)
