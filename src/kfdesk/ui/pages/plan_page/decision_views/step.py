# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the plan stands and the way on: its conditions, who must still say yes, and the step.

Asks the services and shows what they answer; a step they refuse is told with their sentence. What
was read is handed in by the section.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.gates.approving import DECISION, OVERRIDE
from kfdesk.domain.gates.gate import Gate
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.i18n.gates import gate_label
from kfdesk.services.course.approvals import approve, ask_approval
from kfdesk.services.course.situations import moment_now
from kfdesk.services.course.stages import Step, move_plan
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.plans import PlanPage
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.decision_views.approval import ALONE, OTHERS, Waiting
from kfdesk.ui.pages.plan_page.decision_views.asking import Answers, Asking, Question
from kfdesk.ui.pages.plan_page.decision_views.conditions import SECOND, SPOKEN_THERE, ConditionList
from kfdesk.ui.pages.plan_page.decision_views.road import Road
from kfdesk.ui.pages.plan_page.decision_views.standing import Asked, Standing
from kfdesk.ui.pages.plan_page.decision_views.ways import (
    EVENTS,
    WAYS,
    counted,
    met_words,
    move_word,
    moved_word,
    next_word,
    open_words,
)
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, Card
from kfdesk.ui.words import Message

_RISKS = ("risk_assessment", "risk_line")
_NOT_OURS = N_("Another organisation answers for this plan. Its steps are taken there.")
_READS = N_("Your role reads this plan. Somebody who may change it takes the step.")
_UNDECIDED = N_("Two desks have written different states of this plan. Decide first which holds.")
_ENDED = N_("This plan has ended. There is no step from here.")


class StepCard(Card):
    """The card. `mend_asked` carries the Gate that is to be mended.

    `acted` says that something was done here, before the plan is read again.
    """

    mend_asked = Signal(object)
    acted = Signal()

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._rid: bytes | None = None
        self._step: Step | None = None
        self._standing: Standing | None = None
        self.head(kit, N_("Where the plan stands"), "list-checks")
        self.road = Road(kit)
        self.waiting = Waiting(kit)
        self.waiting.word_given.connect(self._on_word_given)
        self._next = Label(kit, style=Type.STRONG).wrapped()
        self._count = Label(kit, style=Type.SMALL, tone=Tone.MUTED)
        self.conditions = ConditionList(kit)
        self.conditions.mend_asked.connect(self.mend_asked)
        self.conditions.word_asked.connect(self._on_word_asked)
        self.move_button = Button(kit, "", "check", Look.PRIMARY)
        self.move_button.clicked.connect(self._on_move_clicked)
        self.reason = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self.asking = Asking(kit)
        self.asking.closed.connect(self._on_closed)
        self.outcome = Banner(kit, Tone.WARNING, "triangle-alert")
        self.outcome.hide()
        self._lay_out()

    def show_standing(self, page: PlanPage, standing: Standing, last: str) -> None:
        """Show where the plan stands; `last` is the state before one that is off the road."""
        self._rid, self._standing = page.plan.rid, standing
        course = standing.course
        self.road.show_state(course.state or "draft", last)
        self.waiting.show_standing(standing)
        ahead = [step for step in course.steps if step.target not in WAYS or step.gates]
        self._step = step = ahead[0] if ahead else None
        gates = step.gates if step is not None else ()
        self.conditions.take(gates)
        for gate in gates:
            self.conditions.rows[gate.code].show_gate(
                gate,
                is_asked=self._is_asked(gate),
                is_theirs=_is_theirs(gate, page, standing),
                may_act=course.is_ours and page.may_edit,
            )
        self._show_step(step, standing, may_edit=page.may_edit)

    def focus_open(self) -> None:
        """Give the keyboard to what is to be done next."""
        if self.waiting.buttons:
            self.waiting.buttons[0].setFocus()
        elif not self.conditions.focus_open() and self.move_button.isEnabled():
            self.move_button.setFocus()

    def ask_way(self, target: str) -> None:
        """Ask about a step that leaves the way on: why, and since when."""
        way = WAYS[target]
        needed = frozenset({"reason"}) if way.needs_reason else frozenset()
        self.asking.ask(
            Question(
                way.line,
                way.under,
                way.button,
                lambda answers: self._move(target, answers),
                keys=("reason", "happened"),
                starts_with={"happened": moment_now(self._desk)},
                needed=needed,
            )
        )

    def _show_step(self, step: Step | None, standing: Standing, *, may_edit: bool) -> None:
        course = standing.course
        for part in (self._next, self._count, self.conditions, self.move_button):
            part.setVisible(step is not None)
        if step is None:
            self.reason.tell(_UNDECIDED if course.state is None else _ENDED)
            return
        still_open = len(step.open)
        met, count = counted(step)
        self._next.tell(next_word(step.target))
        self._count.tell(lambda language: met_words(met, count, language))
        self.move_button.tell(move_word(step.target))
        self.move_button.setEnabled(step.may_be_taken and course.is_ours and may_edit)
        if not course.is_ours:
            self.reason.tell(_NOT_OURS)
        elif not may_edit:
            self.reason.tell(_READS)
        elif still_open:
            self.reason.tell(lambda language: open_words(still_open, language))
        else:
            self.reason.tell(N_("Every condition is met."))

    def _lay_out(self) -> None:
        body = self.body
        body.addSpacing(4)
        body.addWidget(self.road)
        body.addWidget(self.waiting)
        body.addSpacing(4)
        body.addWidget(Flow(self._next, self._count, gap=8, fills=self._next))
        body.addWidget(self.conditions)
        body.addSpacing(4)
        body.addWidget(Flow(self.move_button, self.reason, gap=8, fills=self.reason))
        body.addWidget(self.outcome)
        body.addWidget(self.asking)

    def _is_asked(self, gate: Gate) -> bool:
        asked = self._standing.asked if self._standing is not None else ()
        is_decision = gate.where is not None and gate.where.type == "approval"
        return any(
            one.is_own and (is_decision if one.kind == DECISION else one.gate == gate.code)
            for one in asked
        )

    def _on_move_clicked(self) -> None:
        step = self._step
        if step is None:
            return
        if step.target not in EVENTS:
            self._move(step.target, {})
            return
        target = step.target
        self.asking.ask(
            Question(
                EVENTS[target],
                "",
                move_word(target),
                lambda answers: self._move(target, answers),
                keys=("happened",),
                starts_with={"happened": moment_now(self._desk)},
            )
        )

    def _on_word_asked(self, gate: Gate) -> None:
        """Ask a second person: for the decision, or to set a condition aside."""
        standing = self._standing
        is_alone = standing is not None and standing.is_alone
        if gate.code == SECOND or (gate.where is not None and gate.where.type == "approval"):
            self._ask(DECISION, "", {})
            return
        label = gate_label
        self.asking.ask(
            Question(
                lambda language: language.gettext(
                    N_("Ask a second person to set this aside: {gate}")
                ).format(gate=label(gate.code, language)),
                ALONE if is_alone else OTHERS,
                N_("Ask a second person"),
                lambda answers: self._ask(OVERRIDE, gate.code, answers),
                "approval",
                ("reason",),
                needed=frozenset({"reason"}),
            )
        )

    def _on_word_given(self, asked: Asked) -> None:
        """Give the word: for the decision a reason may be said, to set aside it must be."""
        is_decision = asked.kind == DECISION
        title = N_("Approve the decision to return?") if is_decision else N_("Set this aside?")
        under = N_("Your initials and the time are kept with it.")
        needed = frozenset() if is_decision else frozenset({"reason"})
        self.asking.ask(
            Question(
                title,
                under,
                N_("Approve"),
                lambda answers: self._approve(asked, answers),
                "approval",
                ("reason",),
                needed=needed,
            )
        )

    def _ask(self, kind: str, gate: str, answers: Answers) -> None:
        desk, rid = self._desk, self._rid or b""
        reason = str(answers.get("reason") or "")
        self._do(
            lambda: ask_approval(desk, rid, kind, gate, reason), N_("A second person is asked.")
        )

    def _approve(self, asked: Asked, answers: Answers) -> None:
        desk, rid = self._desk, self._rid or b""
        reason = str(answers.get("reason") or "")
        self._do(
            lambda: approve(desk, rid, asked.kind, asked.gate, reason),
            N_("Approved, with your initials."),
        )

    def _move(self, target: str, answers: Answers) -> None:
        desk, rid = self._desk, self._rid or b""
        happened, reason = answers.get("happened"), str(answers.get("reason") or "")
        when = happened if isinstance(happened, Moment) else None
        self._do(lambda: move_plan(desk, rid, target, when, reason), moved_word(target))

    def _do(self, service: Callable[[], Changes], message: Message) -> None:
        kit = self._kit
        self.outcome.hide()

        def tell(done: Any) -> None:
            self.acted.emit()
            kit.hub.changed.emit(done.types)
            kit.tell(message)

        kit.work.run(service, tell, self._on_refused)

    def _on_refused(self, fault: KfdeskError) -> None:
        self.outcome.tell_fault(fault)
        self.focus_open()

    def _on_closed(self) -> None:
        self.focus_open()


def _is_theirs(gate: Gate, page: PlanPage, standing: Standing) -> bool:
    """Whether only the receiver mends it: its own weighing of the risks, at its own desk."""
    if gate.where is None or gate.where.type not in _RISKS:
        return False
    if gate.why in SPOKEN_THERE:
        return standing.receiver is not None and standing.receiver.has_own_desk
    risks = (one for kind in _RISKS for one in page.case.all_views(kind))
    ours = page.plan.row.custodian
    return any(one.rid == gate.where.rid and one.row.custodian != ours for one in risks)
