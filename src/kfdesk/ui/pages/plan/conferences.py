# SPDX-License-Identifier: GPL-3.0-or-later
"""The case conferences of a plan: when, who takes part, what was decided.

Agenda and minutes go to each of those who take part on a paper of their own, as far as the client
agreed to that organisation. A decision can be made a step of the cooperation.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.network_work import is_decision_open
from kfdesk.domain.procedures.runs import is_ended
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import LocalizedText
from kfdesk.i18n.phrases import localized_text
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import PlanPage
from kfdesk.services.procedures.runs import Run, add_decided_step, decided_steps
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.form import plan_form_options
from kfdesk.ui.forms.nested_records import NestedLine, NestedRecords, NestedSpec
from kfdesk.ui.pages.directory import network_lists as lists
from kfdesk.ui.pages.plan.cooperation_steps import ReasonForm
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import extend, filled
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner

CONFERENCE_TYPES = ("case_conference", "conference_party", "conference_decision")


class CaseConferences(NestedRecords):
    """The list of case conferences; `print_asked` gets a paper and who it is for.

    `step_asked` carries a step of the cooperation that a decision has become.
    """

    step_asked = Signal(bytes)

    def __init__(
        self, kit: UiContext, desk: Session, print_asked: Callable[[PaperName, bytes], None]
    ) -> None:
        self._names: Mapping[str, str] = {}
        self._ask_print = print_asked
        self._desk = desk
        self._run: Run | None = None
        self._is_read_only = False
        self.steps: dict[bytes, Button] = {}
        parties = lists.attendance_list(self._names_now, "conference_party")
        super().__init__(
            kit,
            desk,
            NestedSpec(
                lists.conference_list(),
                (
                    replace(parties, always=self._make_papers),
                    replace(
                        lists.decision_list(self._names_now, "conference_decision"),
                        always=self._make_step_button,
                    ),
                ),
                lists.conference_title,
                buttons=lambda line: self._make_papers(line.view),
            ),
        )
        self.question = ReasonForm(kit)
        self.fault = Banner(kit, Tone.DANGER, "circle-alert").hidden()
        self.question.hide()
        extend(self.details.body, self.fault, self.question)

    def show_plan(self, page: PlanPage, run: Run | None, *, is_read_only: bool) -> None:
        """Show the case conferences of this plan, the newest first, beside its run."""
        before = self._run
        self._run, self._is_read_only = run, is_read_only
        choices = page.choices
        self._names = {**dict(choices.contacts), **dict(choices.organisations)}
        self.set_offers(plan_form_options(self._kit, page, self._desk))
        below = [one for name in CONFERENCE_TYPES[1:] for one in page.case.all_views(name)]
        lines = [
            NestedLine(seen, True, tuple(b for b in below if b.row.parent == seen.rid))  # noqa: FBT003
            for seen in page.case.all_views("case_conference")
        ]
        lines.sort(key=lambda line: (str(line.view.record.starts), line.view.rid), reverse=True)
        self.show_lines(lines, page.plan.rid, is_read_only=is_read_only)
        if run != before:  # the buttons of the decisions depend on it
            self.parts["conference_decision"].show_again()

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open a conference, or what is below one, at a field."""
        for line in self._lines.values():
            below = next((one for one in line.below if one.rid == rid), None)
            if below is not None:
                return self.open(line.view.rid) and self.parts[below.row.type].open_record(rid, key)
        return self.ours.open_record(rid, key)

    def _names_now(self) -> Mapping[str, str]:
        return self._names

    def _make_step_button(self, seen: RecordView[Any]) -> tuple[Button, ...]:
        """Return the button that makes a decision a step, or shows the step that it became."""
        run = self._run
        self.steps.pop(seen.rid, None)
        is_open = run is not None and run.is_ours and not is_ended(run.view.record)
        step = decided_steps(run.steps).get(seen.rid.hex()) if run is not None else None
        if step is not None:
            words: Message = filled(N_("Show step {number}"), number=step.prefix)
            show = partial(self.step_asked.emit, step.view.rid)
            button = Button(self._kit, words, "list-checks", ButtonLook.QUIET, show)
        elif self._is_read_only or not (is_open or run is None) or not is_decision_open(seen):
            return ()
        else:
            ask = partial(self._on_step_asked, seen)
            words = N_("Make it a step…")
            button = Button(self._kit, words, "list-checks", ButtonLook.QUIET, ask)
        self.steps[seen.rid] = button
        return (button,)

    def _on_step_asked(self, seen: RecordView[Any]) -> None:
        """Ask what the step is called: that stands on papers."""
        self.fault.hide()
        told = localized_text(seen.record.decided, self._kit.translator.language)
        self.question.ask(
            N_("What is to be done? Write no name: papers of the cooperation show it."),
            N_("Make it a step"),
            partial(self._make_step, seen.rid),
            " ".join(told.split()),
        )

    @task
    async def _make_step(self, decision: bytes, title: LocalizedText) -> None:
        await call(self._kit, add_decided_step, self._desk, decision, title)
        self._kit.events.changed.emit(frozenset({"cooperation_step"}))
        self._kit.notify(N_("The decision is a step of the cooperation now."))

    def refuse(self, fault: KfdeskError) -> None:
        """Show why something was not done."""
        self.fault.show_fault(fault)

    def _make_papers(self, seen: RecordView[Any]) -> tuple[Button, ...]:
        """Return the buttons of the papers: our own copy, or that of one who takes part."""
        if not self._desk.may(Right.PRINT_INTERNAL):
            return ()
        is_ours = seen.row.type == "case_conference"
        agenda = N_("Our agenda…") if is_ours else N_("Agenda…")
        minutes = N_("Our minutes…") if is_ours else N_("Minutes…")
        return tuple(
            Button(self._kit, words, "printer", ButtonLook.QUIET,
                   partial(self._ask_print, paper, seen.rid))
            for words, paper in ((agenda, PaperName.AGENDA), (minutes, PaperName.MINUTES))
        )  # fmt: skip
