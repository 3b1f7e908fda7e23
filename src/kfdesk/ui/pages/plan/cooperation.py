# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Cooperation of a plan: who does what by which day, and what to do if nobody answers.

Without a run it offers the procedures that are in force. A run is a list of steps, one line each
(`cooperation_steps`). Going over to another version shows first what becomes of each step.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.procedures.runs import RunStep, is_ended
from kfdesk.domain.procedures.versions import StepChange, StepChangeKind
from kfdesk.domain.records.cooperation import Cooperation, CooperationStep
from kfdesk.domain.records.procedures import ProcedureStep
from kfdesk.domain.rows import RecordView
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, localized_text, value_text
from kfdesk.i18n.procedures import actor_name, due_text, step_doubt_text
from kfdesk.services.book.links import PlanArticles
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import EntryWithPhones, read_with_phones
from kfdesk.services.plans.plans import PlanPage
from kfdesk.services.procedures import runs
from kfdesk.services.procedures.procedures import ProcedureLine, list_procedures
from kfdesk.services.procedures.runs import Run, RunMapping
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.form import Form, plan_form_options
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.pages.plan.conferences import CONFERENCE_TYPES, CaseConferences
from kfdesk.ui.pages.plan.cooperation_steps import StepContext, StepLine, due_look, step_text
from kfdesk.ui.plan_sections import PlanSection, SectionProgress, is_plan_read_only
from kfdesk.ui.record_views import run_with_undo
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import RESERVE, TextStyle, Tone
from kfdesk.ui.widgets.build import STRETCH, column, extend, filled, heading, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.collapsible import CollapsibleCard
from kfdesk.ui.widgets.inputs import ChoiceBox, LabelledField
from kfdesk.ui.widgets.layout import Banner, CardFrame, FlowBox, clear_layout
from kfdesk.ui.widgets.painting import Completion
from kfdesk.ui.widgets.text import Chip, Label

_FORM_KEYS = ("coordinator", "person", "note")


@dataclass(frozen=True, slots=True)
class ShownRun:
    """Content of the section: the run, who is named in it with telephones, and newer versions.

    `more` are steps of its version that apply by now and are not in it.
    """

    run: Run | None
    people: Mapping[object, EntryWithPhones]
    procedures: tuple[ProcedureLine, ...]
    more: tuple[runs.ProposedStep, ...] = ()


def read_shown(desk: Session, plan: bytes) -> ShownRun:
    """Return the run of a plan with the people of its steps. Raise as `read_run` does."""
    run = runs.read_run(desk, plan)
    named = {
        getattr(one.view.record, key)
        for one in (run.steps if run is not None else ())
        for key in ("led_by", "person", "stand_in")
    }
    rids = [bytes.fromhex(one) for one in sorted(filter(lambda one: isinstance(one, str), named))]
    people: dict[object, EntryWithPhones] = {
        one.rid.hex(): one for one in read_with_phones(desk, rids)
    }
    active = (one for one in list_procedures(desk) if one.view.record.status == "active")
    is_open = run is not None and run.is_ours and not is_ended(run.view.record)
    more = runs.propose_more_steps(desk, run.view.rid) if run is not None and is_open else ()
    return ShownRun(run, people, tuple(active), more)


class CooperationSection(PlanSection):
    """The section about the run of a procedure; see the module."""

    key = "cooperation"
    label = N_("Cooperation")
    types = frozenset({"cooperation", "cooperation_step", *CONFERENCE_TYPES})
    icon = "list-checks"

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk)
        self._page: PlanPage | None = None
        self.shown: ShownRun | None = None
        self.lines: dict[bytes, StepLine] = {}
        self._wanted: tuple[bytes, str] | None = None
        self.banner = Banner(kit, Tone.DANGER, "circle-alert").hidden()
        self.start = StartCard(kit)
        self.start.chosen.connect(self._on_start)
        self.head = RunHead(kit)
        self.head.close_asked.connect(self._on_close)
        self.head.reopen_asked.connect(self._on_reopen)
        self.head.go_over_asked.connect(self._on_go_over_asked)
        self.head.print_asked.connect(self._on_print_asked)
        self.form: RecordForm | None = None
        self._people = CollapsibleCard(kit, N_("Who coordinates it"), "user")
        self.more = MoreSteps(kit)
        self.more.taken.connect(self._on_more)
        self.mapping = MappingCard(kit)
        self.mapping.taken.connect(self._on_go_over)
        self.steps = column()
        self._card = CardFrame(parts=(self.steps,), gap=0)
        parts = (self.start, self.head, self.more, self.mapping, self._people, self._card)
        extend(self.column, self.banner, *parts)
        for part in parts:
            part.hide()
        self.conferences = CaseConferences(kit, desk, self.paper_asked.emit)
        self.conferences.step_asked.connect(self.open_record)
        self.lists += self.conferences.lists
        extend(self.column, self.conferences)

    def show_plan(self, page: PlanPage) -> None:
        """Show the run of this plan, and its case conferences."""
        self._page = page
        is_shut = is_plan_read_only(page)
        self.conferences.show_plan(page, self._run_of(page), is_read_only=is_shut)
        self.read()

    @task
    async def read(self) -> None:
        """Read the run again."""
        page = self._page
        if page is None:
            return
        shown = await call(self.kit, read_shown, self.desk, page.plan.rid)
        if page is self._page:
            self._show(page, shown)

    def show_articles(self, articles: PlanArticles) -> None:
        """Show a *?* beside each step that the book has an article about, too."""
        super().show_articles(articles)
        for line in self.lines.values():
            line.show_book_button()

    @staticmethod
    def state(page: PlanPage) -> SectionProgress:
        """Return whether a run is open, as the fact."""
        heads = page.case.all_views("cooperation")
        is_open = any(not is_ended(one.record) and not one.is_deleted for one in heads)
        return SectionProgress(Completion.EMPTY, N_("under way") if is_open else "")

    def refuse(self, fault: KfdeskError) -> None:
        """Show why something was not done."""
        self.banner.show_fault(fault)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open a step of the run, now or as soon as its line is there."""
        line = self.lines.get(rid)
        if line is None:
            self._wanted = (rid, key)
            return self.conferences.open_record(rid, key) or self.shown is None
        self._wanted = None
        line.open_details()
        return line.focus_key(key)

    @property
    def today(self) -> date:
        """The day of today at this desk."""
        return self.desk.adapters.clock.now().date()

    def _run_of(self, page: PlanPage) -> Run | None:
        """Return the run that was read last, if it is this plan's."""
        run = self.shown.run if self.shown is not None else None
        return run if run is not None and run.view.row.parent == page.plan.rid else None

    def _show(self, page: PlanPage, shown: ShownRun) -> None:
        is_shut = is_plan_read_only(page)
        run, self.shown = shown.run, shown
        self.conferences.show_plan(page, run, is_read_only=is_shut)
        is_closed = run is not None and is_ended(run.view.record)
        self.start.show_procedures(shown.procedures if run is None or is_closed else ())
        self.start.setVisible((run is None or is_closed) and not is_shut)
        self.head.setVisible(run is not None)
        self._card.setVisible(run is not None)
        self._people.setVisible(run is not None and not is_shut)
        self.more.hide()
        if run is None:
            return
        self._show_form(page, run)
        self.more.show_steps(() if is_shut else shown.more)
        newer = _newer_versions(run, shown.procedures)
        may_print = self.desk.may(Right.PRINT_INTERNAL)
        self.head.show_run(run, newer, self.today, is_shut=is_shut, may_print=may_print)
        around = StepContext(page, shown.people, self.today, is_shut or is_closed)
        self.run_incrementally(self._show_steps(run.steps, around))

    def _show_steps(self, steps: Sequence[RunStep], around: StepContext) -> Iterator[None]:
        """Show the lines one by one; a step that was on view keeps its line."""
        rids = {step.view.rid for step in steps}
        for rid in [rid for rid in self.lines if rid not in rids]:
            gone = self.lines.pop(rid)
            gone.close_details()
            self.steps.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for place, step in enumerate(steps):
            line = self.lines.get(step.view.rid)
            if line is None:
                line = self.lines[step.view.rid] = StepLine(self, around, step)
            else:
                line.show_step(step, around)
            if self.steps.indexOf(line) != place:
                self.steps.insertWidget(place, line)
            line.rule.setVisible(place > 0)
            if self._wanted is not None and self._wanted[0] == step.view.rid:
                self.open_record(*self._wanted)
            yield

    def _show_form(self, page: PlanPage, run: Run) -> None:
        """Show who coordinates the run, and our notes."""
        if self.form is None:
            offers = plan_form_options(self.kit, page, self.desk)
            fields = Form(self.kit, "cooperation", _FORM_KEYS, offers)
            self.form = self.add_form(RecordForm(self.kit, self.desk, "cooperation", fields))
            extend(self._people.inside, self.form)
        self.form.show_view(run.view)

    @task
    async def _on_start(self, procedure: bytes) -> None:
        page = self._page
        assert page is not None
        self.banner.hide()
        await call(self.kit, runs.start_run, self.desk, page.plan.rid, procedure)
        self.kit.events.changed.emit(self.types)
        self.kit.notify(N_("The cooperation has begun. Its deadlines are also shown on Today."))

    @task
    async def _on_close(self) -> None:
        run = self.shown.run if self.shown is not None else None
        if run is not None:
            close = partial(runs.close_run, self.desk, run.view.rid)
            run_with_undo(self.kit, self.desk, close, N_("The cooperation has ended."))

    @task
    async def _on_reopen(self) -> None:
        run = self.shown.run if self.shown is not None else None
        if run is not None:
            done = await call(self.kit, runs.reopen_run, self.desk, run.view.rid)
            self.kit.events.changed.emit(done.types)

    def _on_print_asked(self) -> None:
        if self._page is not None:
            self.paper_asked.emit(PaperName.COOPERATION_SHEET, self._page.plan.rid)

    @task
    async def _on_go_over_asked(self, procedure: bytes) -> None:
        run = self.shown.run if self.shown is not None else None
        if run is not None:
            found = await call(self.kit, runs.preview_go_over, self.desk, run.view.rid, procedure)
            self.mapping.show_mapping(found)

    @task
    async def _on_more(self) -> None:
        shown = self.shown
        if shown is not None and shown.run is not None:
            wanted = [one.view.rid for one in shown.more]
            await call(self.kit, runs.add_steps, self.desk, shown.run.view.rid, wanted)
            self.kit.events.changed.emit(self.types)
            self.kit.notify(N_("The steps were added."))

    @task
    async def _on_go_over(self) -> None:
        seen = self.mapping.seen
        if seen is not None:
            await call(self.kit, runs.go_over, self.desk, seen)
            self.mapping.hide()
            self.kit.events.changed.emit(self.types)
            self.kit.notify(N_("The cooperation continues under the other version."))


def _newer_versions(run: Run, procedures: Sequence[ProcedureLine]) -> tuple[ProcedureLine, ...]:
    """Return the versions in force that are not the one that the run follows."""
    return tuple(one for one in procedures if one.view.rid.hex() != run.view.record.procedure)


# --- without a run


class StartCard(CardFrame):
    """Offers the procedures in force. `chosen` carries the id of the one to follow."""

    chosen = Signal(bytes)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.choice = ChoiceBox(kit)
        self.begin = Button(kit, N_("Begin"), "check", ButtonLook.PRIMARY, self._on_begin)
        self._offer = LabelledField(kit, N_("Procedure"), self.choice)
        self._none = muted(
            kit, N_("No procedure is in force here. Put one into force under Procedures first.")
        )
        extend(
            self.body,
            heading(kit, N_("Begin the cooperation"), "list-checks"),
            muted(
                kit,
                N_(
                    "A procedure says who does what, in which order and by which day. Steps that "
                    "do not apply to this plan are left out; anyone who may be a child counts as "
                    "one."
                ),
            ),
            self._none,
            self._offer,
            row(-RESERVE, self.begin, STRETCH),
        )

    def show_procedures(self, procedures: Sequence[ProcedureLine]) -> None:
        """Offer these versions."""
        self.choice.set_options(
            [(one.view.rid.hex(), partial(procedure_name, one.view)) for one in procedures]
        )
        for part in (self._offer, self.begin):
            part.setVisible(bool(procedures))
        self._none.setVisible(not procedures)

    def _on_begin(self) -> None:
        if self.choice.key:
            self.chosen.emit(bytes.fromhex(self.choice.key))


def procedure_name(seen: RecordView[Any], language: Language) -> str:
    """Return the name of a procedure or of its run, with the version."""
    name = localized_text(seen.record.title, language)
    name = name or language.gettext(N_("without a name"))
    version = seen.record.version if isinstance(seen.record.version, str) else ""
    if not version:
        return name
    return language.gettext(N_("{name}, version {version}")).format(name=name, version=version)


# --- the run


class RunHead(CardFrame):
    """Name of the procedure that is followed, what comes next, and how it ends."""

    close_asked = Signal()
    reopen_asked = Signal()
    print_asked = Signal()
    go_over_asked = Signal(bytes)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._newer = b""
        self._name = Label(kit, style=TextStyle.HEADING).wrapped()
        self._facts = muted(kit)
        self._next = text(kit, style=TextStyle.STRONG)
        self._progress = Chip(kit)
        self.end = Button(kit, N_("End the cooperation"), look=ButtonLook.QUIET)
        self.end.clicked.connect(self.close_asked)
        self.again = Button(kit, N_("Continue with it"), "undo-2", ButtonLook.QUIET)
        self.again.clicked.connect(self.reopen_asked)
        self.over = Button(kit, N_("Switch to another version"), look=ButtonLook.QUIET)
        self.over.clicked.connect(lambda: self.go_over_asked.emit(self._newer))
        self.printing = Button(kit, N_("Print…"), "printer", ButtonLook.QUIET)
        self.printing.clicked.connect(self.print_asked)
        words = QWidget()
        column(self._name, self._facts, gap=2, on=words)
        extend(
            self.body,
            FlowBox(
                words,
                self._progress,
                self.printing,
                self.over,
                self.end,
                self.again,
                gap=8,
                fills=words,
            ),
            self._next,
        )

    def show_run(
        self,
        run: Run,
        newer: Sequence[ProcedureLine],
        today: date,
        *,
        is_shut: bool,
        may_print: bool,
    ) -> None:
        """Show a run, and what its next deadline is."""
        head = run.view
        self._name.set_message(partial(procedure_name, head))
        self._facts.set_message(partial(_run_facts, head))
        done = sum(one.is_settled for one in run.steps)
        self._progress.set_message(
            N_("{done} of {count} done"), done=lambda _: done, count=lambda _: len(run.steps)
        )
        upcoming = run.next
        self._next.setVisible(upcoming is not None)
        if upcoming is not None:
            self._next.set_message(partial(next_text, upcoming, today))
            self._next.set_tone(due_look(upcoming.due, today)[0])
        is_closed = is_ended(head.record)
        self._newer = newer[0].view.rid if newer else b""
        self.printing.setVisible(not is_closed and may_print)
        self.end.setVisible(not is_shut and not is_closed)
        self.again.setVisible(not is_shut and is_closed)
        self.over.setVisible(not is_shut and not is_closed and bool(newer) and run.is_ours)


class MoreSteps(CardFrame):
    """Offers steps that apply by now, as one that needs an investigation; `taken` adds them."""

    taken = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._lines = column(gap=2)
        self.add = Button(kit, N_("Add these steps"), "plus", ButtonLook.PRIMARY, self.taken.emit)
        self.later = Button(kit, N_("Not now"), look=ButtonLook.QUIET, on=self.hide)
        extend(
            self.body,
            heading(kit, N_("More steps apply now"), "list-checks"),
            self._lines,
            row(-RESERVE, self.add, self.later, STRETCH, gap=8),
        )

    def show_steps(self, steps: Sequence[runs.ProposedStep]) -> None:
        """Show these steps, each with its doubt; without any nothing is offered."""
        clear_layout(self._lines)
        for one in steps:
            extend(self._lines, text(self._kit, partial(_proposed_text, one.view)))
            if one.doubt is not None:
                said = partial(step_doubt_text, one.doubt)
                extend(self._lines, muted(self._kit, said, TextStyle.SMALL))
        self.setVisible(bool(steps))


def _proposed_text(seen: RecordView[ProcedureStep], language: Language) -> str:
    number = seen.record.prefix if isinstance(seen.record.prefix, str) else "–"
    return f"{number}  {localized_text(seen.record.title, language)}"


def next_text(step: RunStep, today: date, language: Language) -> str:
    """Return the next deadline in one line: `Next: 4b Open an inquiry – Social welfare board …`."""
    parts = (
        step_text(step, language),
        actor_name(step.view.record.lead, language),
        due_text(step.due, today, language),
    )
    said = " – ".join(part for part in parts if part)
    return language.gettext(N_("Next: {step}")).format(step=said)


def _run_facts(head: RecordView[Cooperation], language: Language) -> str:
    """Return when the run began and ended."""
    said = [
        f"{language.gettext(field_of('cooperation', key).label)} "
        f"{value_text(field_of('cooperation', key), getattr(head.record, key), language)}"
        for key in ("opened", "closed") if getattr(head.record, key) is not None
    ]  # fmt: skip
    return " · ".join(said)


# --- another version


_CHANGE_WORDS: Mapping[StepChangeKind, tuple[Tone, str]] = {
    StepChangeKind.SAME: (Tone.MUTED, N_("stays as it is")),
    StepChangeKind.CHANGED: (Tone.INFO, N_("differs in: {fields}")),
    StepChangeKind.RENUMBERED: (Tone.INFO, N_("has another number")),
    StepChangeKind.ADDED: (Tone.SUCCESS, N_("is new")),
    StepChangeKind.REMOVED: (
        Tone.WARNING,
        N_("is no longer there; it stays in the earlier cooperation"),
    ),
}


class MappingCard(CardFrame):
    """Effect of another version on each step; `taken` when it is wanted."""

    taken = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.seen: RunMapping | None = None
        self._name = Label(kit, style=TextStyle.HEADING).wrapped()
        self._lines = column(gap=8)
        self.take = Button(kit, N_("Switch to this version"), "check", ButtonLook.PRIMARY)
        self.take.clicked.connect(self.taken)
        self.cancel = Button(kit, N_("Keep the current version"), look=ButtonLook.QUIET)
        self.cancel.clicked.connect(self.hide)
        buttons = row(-RESERVE, self.take, self.cancel, STRETCH, gap=8)
        extend(self.body, self._name, self._lines, buttons)

    def show_mapping(self, seen: RunMapping) -> None:
        """Show what becomes of each step."""
        self.seen = seen
        self._name.set_message(
            N_("To {procedure}"), procedure=partial(procedure_name, seen.procedure.view)
        )
        clear_layout(self._lines)
        for change in seen.changes:
            tone, words = _CHANGE_WORDS[change.kind]
            said = filled(
                N_("{step}: {change}"),
                step=partial(_change_name, seen, change),
                change=partial(_change_text, words, change),
            )
            self._lines.addWidget(text(self._kit, said, tone=tone))
        for step in seen.decided:
            said = filled(N_("{step}: is carried over"), step=partial(step_text, step))
            self._lines.addWidget(text(self._kit, said, tone=Tone.MUTED))
        self.show()
        self.take.setFocus()


def _change_name(seen: RunMapping, change: StepChange, language: Language) -> str:
    if change.after is not None:
        record: ProcedureStep | CooperationStep = seen.after[change.after].record
    else:
        assert change.before is not None
        record = seen.before[change.before].view.record
    number = record.prefix if isinstance(record.prefix, str) else "–"
    return f"{number} {localized_text(record.title, language)}"


def _change_text(words: str, change: StepChange, language: Language) -> str:
    labels = [language.gettext(field_of("procedure_step", key).label) for key in change.keys]
    return language.gettext(words).format(fields=language.listing(labels))
