# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of the step card of a plan: requests, questions and conditions.

`ConditionList` shows the result of each gate with the buttons to correct it or to ask a second
person. `PendingApprovalsPanel` shows the requests that wait for an approval. `QuestionPanel` asks
for a reason or a time before an action. Signals report what the user wants; `plan.decision` acts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.domain.workflow.decision import DECISION
from kfdesk.domain.workflow.gates import Gate, GateAnswer, GateReason
from kfdesk.domain.workflow.table import OVERRIDABLE_GATES
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import gate_label, gate_sentence
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import Form
from kfdesk.ui.plan_sections import ArticleButton, PendingApproval, PlanStatus
from kfdesk.ui.tokens import CONTROL_COMPACT, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import (
    STRETCH,
    column,
    extend,
    grown,
    muted,
    on_escape,
    panel,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, clear_layout, make_hairline
from kfdesk.ui.widgets.text import Icon, Label

# --- Requests for an approval

ASK_PARTNER = N_(
    "No one else here may approve, but a person in the partner's organisation can. Send them the "
    "plan as an exchange file; the answer comes back with their next file."
)
ASK_COLLEAGUE = N_(
    "Anyone else in your organisation who may approve can open this plan and finds it here. A "
    "person in the partner's organisation can also approve, through an exchange file."
)
_NO_RIGHT = N_("Only a person with the role of approver can answer.")


class PendingApprovalsPanel(QWidget):
    """The pending requests; `word_given` carries the `PendingApproval` to approve."""

    word_given = Signal(object)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.buttons: list[Button] = []
        self._shown: tuple[Sequence[PendingApproval], bool, bool] | None = None
        self._column = column(gap=8, on=self)

    def show_status(self, standing: PlanStatus) -> None:
        """Show the pending requests; hide the widget if there are none."""
        shown = (standing.asked, standing.may_approve, standing.is_alone)
        self.setVisible(bool(standing.asked))
        if shown == self._shown:
            return
        self._shown = shown
        clear_layout(self._column)
        self.buttons = []
        for asked in standing.asked:
            extend(self._column, self._make(asked, standing))

    def _make(self, asked: PendingApproval, standing: PlanStatus) -> Banner:
        banner = Banner(self._kit, Tone.INFO, "user-round-check")
        if asked.is_own:
            banner.set_message(
                _waiting_message(asked), ASK_PARTNER if standing.is_alone else ASK_COLLEAGUE
            )
            return banner
        under = "" if standing.may_approve else _NO_RIGHT
        banner.set_message(_asked_message(asked), _reason_message(asked, under))
        if standing.may_approve:
            button = Button(self._kit, N_("Approve…"), "check", ButtonLook.TONAL)
            button.clicked.connect(lambda: self.word_given.emit(asked))
            banner.set_action(button)
            self.buttons.append(button)
        return banner


def request_text(asked: PendingApproval, language: Language) -> str:
    """Return in words what a request asks for."""
    if asked.kind == DECISION:
        return language.gettext(N_("the decision to return"))
    return language.gettext(N_("set aside: {gate}")).format(gate=gate_label(asked.gate, language))


def _asked_message(asked: PendingApproval) -> Callable[[Language], str]:
    words = N_("Waiting for your answer: {what}. {who} asks.")
    return lambda language: language.gettext(words).format(
        what=request_text(asked, language), who=asked.by
    )


def _waiting_message(asked: PendingApproval) -> Callable[[Language], str]:
    words = N_("You have asked a second person: {what}.")
    return lambda language: language.gettext(words).format(what=request_text(asked, language))


def _reason_message(asked: PendingApproval, under: str) -> Message:
    if not asked.reason:
        return under
    words = N_("Reason: {reason}")

    def reason_text(language: Language) -> str:
        reason = language.gettext(words).format(reason=asked.reason)
        return " ".join(part for part in (reason, language.gettext(under) if under else "") if part)

    return reason_text


# --- Questions

Answers = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Question:
    """A question: the fields `keys` of a record type, their first values and the action `run`.

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


class QuestionPanel(QFrame):
    """The panel of a question, hidden while none is asked; `closed` if it is dismissed."""

    closed = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        on_escape(self, self.close_question)
        self._kit = kit
        self.setProperty("ground", "sunken")
        self.form: Form | None = None
        self.go: Button | None = None
        self._body = column(gap=10, margins=(16, 14, 16, 12), on=self)
        self.hide()

    def show_question(self, question: Question) -> None:
        """Show the question and move the focus to its first field, or to the button."""
        clear_layout(self._body)
        kit = self._kit
        extend(self._body, text(kit, question.title, TextStyle.STRONG))
        if question.under:
            extend(self._body, muted(kit, question.under, TextStyle.SMALL))
        self.form = form = Form(kit, question.record_type, question.keys, FormOptions())
        form.restore(question.starts_with)
        extend(self._body, form)
        self._missing = text(kit, "", TextStyle.SMALL, Tone.DANGER)
        self._missing.hide()
        extend(self._body, self._missing)
        self.go = go = Button(kit, question.button, "check", ButtonLook.TONAL)
        go.clicked.connect(lambda: self._answer(question))
        # not "Cancel": one of the questions is whether to cancel the plan
        back = Button(kit, N_("Leave it unchanged"), look=ButtonLook.QUIET, on=self.close_question)
        extend(self._body, row(STRETCH, back, go, gap=10))
        self.show()
        if question.keys:
            form.focus_on(question.keys[0])
        else:
            go.setFocus()

    def close_question(self) -> None:
        """Close the question without an answer."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _answer(self, question: Question) -> None:
        form = self.form
        if form is None:
            return
        wrong = form.validate()
        answers = dict(form.changes())
        empty = [key for key in question.keys if key in question.needed and not answers.get(key)]
        if wrong is None and empty:
            self._missing.set_message(N_("Write down why. Without a reason this cannot be done."))
            self._missing.show()
        if wrong is not None or empty:
            form.focus_on(wrong or empty[0])
            return
        self.hide()
        question.run(answers)


# --- Conditions

SECOND_PERSON_GATE = "second_person"
_CONDITION_LOOKS: Mapping[GateAnswer, tuple[Tone, str, str]] = {
    GateAnswer.MET: (Tone.ACCENT, "circle-check", N_("met")),
    GateAnswer.NOT_MET: (Tone.WARNING, "circle-dashed", N_("open")),
    GateAnswer.NOT_APPLICABLE: (Tone.MUTED, "ban", N_("does not apply")),
    GateAnswer.OVERRIDDEN: (Tone.INFO, "shield-check", N_("set aside")),
}
_ASKED = N_("A second person has been asked, and has not answered yet.")
_FROM_THEM = N_("The receiver sends this in an exchange file. Ask them for it.")
RECEIVER_REASONS = frozenset({GateReason.THEIRS_MISSING, GateReason.HAS_OWN_DESK})
"""Reasons whose sentence already says that the receiver must act at its own desk."""


_VERBS: Mapping[GateReason, str] = {
    GateReason.MISSING: N_("Fill in"),
    GateReason.NOT_RECORDED: N_("Record"),
    GateReason.NO_LEGS: N_("Fill in"),
    GateReason.NO_RECEIVER: N_("Fill in"),
    GateReason.NOT_CONFIRMED: N_("Ask"),
}


def mend_word(gate: Gate) -> str:
    """Return what is to be done about an open condition, in one word."""
    return _VERBS.get(gate.why, N_("Fix")) if gate.why is not None else N_("Fix")


class ConditionRow(QWidget):
    """The row of one condition.

    `mend_asked` leads to the field, `word_asked` asks a second person. `receiver_chosen` carries
    the organisation that the plan is to name as the receiver.
    """

    mend_asked = Signal(object)
    word_asked = Signal(object)
    receiver_chosen = Signal(str)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._confirmed: tuple[str, str] | None = None
        self._gate: Gate | None = None
        self._icon = Icon(kit, "circle-dashed")
        self._name = text(kit, "", TextStyle.BUTTON)
        self._why = muted(kit, "", TextStyle.SMALL)
        self._word = Label(kit, style=TextStyle.SMALL_STRONG)
        self.mend = Button(kit, N_("Fix"), "pencil").with_height(CONTROL_COMPACT)
        self.later = muted(kit, "", TextStyle.SMALL)
        self.later.hide()
        self.take = Button(
            kit, N_("Enter as receiver"), "check", ButtonLook.TONAL, self._on_take
        ).with_height(CONTROL_COMPACT)
        self.take.hide()
        self.ask = Button(kit, N_("Set aside…"), look=ButtonLook.QUIET).with_height(CONTROL_COMPACT)
        self.mend.clicked.connect(lambda: self.mend_asked.emit(self._gate))
        self.ask.clicked.connect(lambda: self.word_asked.emit(self._gate))
        words = column(self._name, self._why, gap=1)
        self.book_button = ArticleButton(kit, "")
        book = panel(row(self.book_button))
        book.setFixedWidth(self.book_button.sizeHint().width())  # also where there is no article
        self._tail = QWidget()
        row(STRETCH, self.mend, self.later, on=self._tail)
        row(
            self._icon,
            grown(words),
            self.take,
            self.ask,
            self._word,
            book,
            self._tail,
            gap=12,
            margins=(0, 4, 0, 4),
            on=self,
        )
        kit.translator.changed.connect(self._align)
        self._align()

    def show_gate(self, gate: Gate, *, is_asked: bool, is_theirs: bool, may_act: bool) -> None:
        """Show the result of the gate.

        `is_asked`: an approval is pending. `is_theirs`: only the receiver can correct it.
        """
        self._gate = gate
        tone, icon, word = _CONDITION_LOOKS[gate.answer]
        self._icon.show_icon(icon, tone)
        self._word.set_message(word)
        self._word.set_tone(tone)
        self._name.set_message(partial(gate_label, gate.code))
        self._name.set_tone(Tone.PLAIN if gate.is_open else Tone.MUTED)
        self._why.set_message(self._reason(gate, is_asked=is_asked, is_theirs=is_theirs))
        self._why.setVisible(gate.is_open)
        needs_word = gate.where is not None and gate.where.type == "approval"
        self.mend.setVisible(gate.is_open and may_act and not needs_word and not is_theirs)
        self.mend.set_message(mend_word(gate))
        self.later.hide()
        is_free = gate.is_open and may_act and not is_asked
        self.ask.setVisible(is_free and (needs_word or gate.code in OVERRIDABLE_GATES))
        self.ask.set_message(N_("Ask a second person") if needs_word else N_("Set aside…"))
        self._name_buttons(gate)
        self.book_button.name_it(partial(gate_label, gate.code))

    def show_opening(self, opens: ZonedTime) -> None:
        """Say from when this can be recorded, in place of the button that would refuse it.

        Call it after `show_gate`.
        """
        self.mend.hide()
        self.later.show()
        self.later.set_message(
            lambda language: language.gettext(N_("From {day}")).format(
                day=language.day(opens.wall.date())
            )
        )

    def offer_receiver(self, confirmed: tuple[str, str] | None) -> None:
        """Offer to name the organisation with this id and name, which has confirmed, as receiver.

        Call it after `show_gate`, for a condition that lacks the receiver; None offers nothing.
        """
        self._confirmed = confirmed
        self.take.setVisible(confirmed is not None)
        if confirmed is None or (gate := self._gate) is None:
            return
        name = confirmed[1]

        def why(language: Language) -> str:
            told = language.gettext(N_("{name} has confirmed the reception."))
            return f"{gate_sentence(gate, language)} {told.format(name=name)}"

        self._why.set_message(why)
        self._kit.translator.bind(
            self.take.setAccessibleName, lambda _language: f"{self.take.text()}: {name}"
        )

    @property
    def focus_targets(self) -> list[Button]:
        """The visible buttons, the most fitting first."""
        return [button for button in (self.take, self.mend, self.ask) if not button.isHidden()]

    def _on_take(self) -> None:
        if self._confirmed is not None:
            self.receiver_chosen.emit(self._confirmed[0])

    def _align(self) -> None:
        """Reserve the width of the button, so that the words of all rows form one column."""
        self._tail.setFixedWidth(self.mend.sizeHint().width())

    def _reason(self, gate: Gate, *, is_asked: bool, is_theirs: bool) -> Message:
        def words(language: Language) -> str:
            parts = [gate_sentence(gate, language)]
            if is_theirs and gate.why not in RECEIVER_REASONS:
                parts.append(language.gettext(_FROM_THEM))
            if is_asked:
                parts = [language.gettext(_ASKED)]
            return " ".join(parts)

        return words

    def _name_buttons(self, gate: Gate) -> None:
        bind = self._kit.translator.bind
        bind(
            self.mend.setAccessibleName,
            lambda language: f"{self.mend.text()}: {gate_label(gate.code, language)}",
        )
        bind(
            self.ask.setAccessibleName,
            lambda language: f"{self.ask.text()}: {gate_label(gate.code, language)}",
        )


class ConditionList(QWidget):
    """The conditions of one step; the arrow keys move between the open ones."""

    mend_asked = Signal(object)
    word_asked = Signal(object)
    receiver_chosen = Signal(str)
    article_asked = Signal(bytes)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.rows: dict[str, ConditionRow] = {}
        self._column = column(on=self)

    def show_gates(self, gates: Sequence[Gate]) -> None:
        """Create a row for each of these gates in order, unless the rows fit already."""
        if [gate.code for gate in gates] == list(self.rows):
            return
        clear_layout(self._column)
        self.rows = {}
        for number, gate in enumerate(gates):
            if number:
                extend(self._column, make_hairline())
            row = ConditionRow(self._kit)
            row.mend_asked.connect(self.mend_asked)
            row.word_asked.connect(self.word_asked)
            row.receiver_chosen.connect(self.receiver_chosen)
            row.book_button.article_asked.connect(self.article_asked)
            self.rows[gate.code] = row
            extend(self._column, row)

    def focus_open(self) -> bool:
        """Move the focus to the first open condition; return whether there is one."""
        stops = [stop for row in self._open() for stop in row.focus_targets]
        if stops:
            stops[0].setFocus(Qt.FocusReason.ShortcutFocusReason)
        return bool(stops)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between the open conditions with Up and Down."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        here = [
            n for n, row in enumerate(self._open()) if any(b.hasFocus() for b in row.focus_targets)
        ]
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.key() in steps and here and is_plain:
            rows = self._open()
            there = max(0, min(len(rows) - 1, here[0] + steps[Qt.Key(event.key())]))
            rows[there].focus_targets[0].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)

    def _open(self) -> list[ConditionRow]:
        return [row for row in self.rows.values() if row.focus_targets]
