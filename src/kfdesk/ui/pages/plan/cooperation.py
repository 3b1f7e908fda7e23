# SPDX-License-Identifier: GPL-3.0-or-later
"""The section Cooperation of a plan: who does what by which day, and what to do if nobody answers.

Without a run it offers the procedures that are in force. A run is a list of steps, each a line
with who leads it, its last day and its state; a line opens with all that the procedure says, the
telephones, and a form. What a record proves is done without a press, and leads to that record.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.codes.procedures import PROCEDURE_ACTORS, STEP_STATES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.procedures.clocks import Due, NotDue
from kfdesk.domain.procedures.runs import RunStep
from kfdesk.domain.procedures.versions import StepChange, StepChangeKind
from kfdesk.domain.records.cooperation import Cooperation
from kfdesk.domain.rows import RecordView
from kfdesk.domain.schema import N_
from kfdesk.domain.values import LocalizedText, Translation, ZonedTime
from kfdesk.i18n.integrity import RECORD_TYPE_NAMES
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, localized_text, value_text
from kfdesk.i18n.procedures import due_notes, due_text, event_text
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Session
from kfdesk.services.directory.entries import EntryWithPhones, read_with_phones
from kfdesk.services.plans.plans import PlanPage
from kfdesk.services.procedures import runs
from kfdesk.services.procedures.procedures import ProcedureLine, list_procedures
from kfdesk.services.procedures.runs import Run, RunMapping
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import Form, plan_form_options
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.forms.registry import make_editor
from kfdesk.ui.plan_sections import PlanSection, SectionProgress, is_plan_read_only
from kfdesk.ui.record_views import LabelledValues, ValueTable, run_with_undo
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, TextStyle, Tone
from kfdesk.ui.translator import Message, fixed_text
from kfdesk.ui.widgets.build import STRETCH, column, extend, filled, heading, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import ChoiceBox, LabelledField, TextEntry
from kfdesk.ui.widgets.layout import Banner, CardFrame, FlowBox, clear_layout, make_hairline
from kfdesk.ui.widgets.painting import Completion
from kfdesk.ui.widgets.text import Chip, Label

_STATE_LOOKS: Mapping[str, tuple[Tone, str]] = {
    "requested": (Tone.INFO, "clock"),
    "accepted": (Tone.INFO, "check"),
    "in_progress": (Tone.INFO, "clock"),
    "completed": (Tone.SUCCESS, "circle-check"),
    "rejected": (Tone.WARNING, "circle-alert"),
    "on_hold": (Tone.MUTED, "clock"),
    "cancelled": (Tone.MUTED, "x"),
    "not_applicable": (Tone.MUTED, "minus"),
}
_SAID_KEYS = ("what", "law", "law_read", "form_number", "prolong")
_ROLE_KEYS = ("takes_part", "informs", "pays")
_HOW_KEYS = ("skipped_because", "early_because", "extension_ground", "said")
_FORM_KEYS = ("led_by", "person", "stand_in", "form_sent", "reference_number", "said", "note")
_FORM_ROWS = (("led_by", "person"), ("stand_in",), ("form_sent", "reference_number"))
_PROOF_TYPE = "proof"


def actor_text(actor: object, language: Language) -> str:
    """Return who leads or stands in, by its code; a code of a newer program as it is."""
    code = actor if isinstance(actor, str) else ""
    return language.gettext(PROCEDURE_ACTORS[code]) if code in PROCEDURE_ACTORS else code


def due_look(found: Due | NotDue, today: Any) -> tuple[Tone, str]:
    """Return tone and icon of a deadline: red from the last day on, amber when it is near."""
    if isinstance(found, NotDue):
        return Tone.MUTED, ""
    if found.days_left(today) <= 0:
        return Tone.DANGER, "octagon-alert"
    return (Tone.WARNING if found.is_told(today) else Tone.MUTED), "clock"


def step_text(step: RunStep, language: Language) -> str:
    """Return number and name of a step."""
    return f"{step.prefix or '–'}  {localized_text(step.view.record.title, language)}".strip()


@dataclass(frozen=True, slots=True)
class ShownRun:
    """What the section shows: the run, who is named in it with telephones, and newer versions."""

    run: Run | None
    people: Mapping[str, EntryWithPhones]
    procedures: tuple[ProcedureLine, ...]


def read_shown(desk: Session, plan: bytes) -> ShownRun:
    """Return the run of a plan with the people of its steps. Raise as `read_run` does."""
    run = runs.read_run(desk, plan)
    named = {
        getattr(one.view.record, key)
        for one in (run.steps if run is not None else ())
        for key in ("led_by", "person", "stand_in")
    }
    rids = [bytes.fromhex(one) for one in sorted(filter(lambda one: isinstance(one, str), named))]
    people = {one.rid.hex(): one for one in read_with_phones(desk, rids)}
    active = (one for one in list_procedures(desk) if one.view.record.status == "active")
    return ShownRun(run, people, tuple(active))


class CooperationSection(PlanSection):
    """The section about the run of a procedure; see the module."""

    key = "cooperation"
    label = N_("Cooperation")
    types = frozenset({"cooperation", "cooperation_step"})
    icon = "list-checks"

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk)
        self._page: PlanPage | None = None
        self.shown: ShownRun | None = None
        self.lines: dict[bytes, StepLine] = {}
        self.banner = Banner(kit, Tone.DANGER, "circle-alert")
        self.banner.hide()
        self.start = StartCard(kit)
        self.start.chosen.connect(self._on_start)
        self.head = RunHead(kit)
        self.head.close_asked.connect(self._on_close)
        self.head.reopen_asked.connect(self._on_reopen)
        self.head.go_over_asked.connect(self._on_go_over_asked)
        self.mapping = MappingCard(kit)
        self.mapping.taken.connect(self._on_go_over)
        self.steps = QVBoxLayout()
        self.steps.setSpacing(0)
        self._card = CardFrame(parts=(self.steps,), gap=0)
        extend(self.column, self.banner, self.start, self.head, self.mapping, self._card)
        for part in (self.start, self.head, self.mapping, self._card):
            part.hide()

    def show_plan(self, page: PlanPage) -> None:
        """Show the run of this plan."""
        self._page = page
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

    @staticmethod
    def state(page: PlanPage) -> SectionProgress:
        """Return whether a run is open, as the fact."""
        heads = page.case.all_views("cooperation")
        is_open = any(one.record.closed is None and not one.is_deleted for one in heads)
        return SectionProgress(Completion.EMPTY, N_("under way") if is_open else "")

    def refuse(self, fault: KfdeskError) -> None:
        """Show why something was not done."""
        self.banner.show_fault(fault)

    def open_record(self, rid: bytes, key: str = "") -> bool:
        """Open a step of the run."""
        line = self.lines.get(rid)
        if line is None:
            return False
        line.open_details()
        return line.focus_key(key)

    @property
    def today(self) -> Any:
        """The day of today at this desk."""
        return self.desk.adapters.clock.now().date()

    def _show(self, page: PlanPage, shown: ShownRun) -> None:
        is_shut = is_plan_read_only(page)
        run, self.shown = shown.run, shown
        is_closed = run is not None and run.view.record.closed is not None
        self.start.show_procedures(shown.procedures if run is None or is_closed else ())
        self.start.setVisible((run is None or is_closed) and not is_shut)
        self.head.setVisible(run is not None)
        self._card.setVisible(run is not None)
        if run is None:
            return
        newer = _newer_versions(run, shown.procedures)
        self.head.show_run(run, newer, self.today, is_shut=is_shut)
        held = {rid: line for rid, line in self.lines.items() if line.is_open}
        focus = next((rid for rid, line in self.lines.items() if line.has_focus()), None)
        clear_layout(self.steps)
        self.lines = {}
        for number, step in enumerate(run.steps):
            if number:
                self.steps.addWidget(make_hairline())
            line = StepLine(self, page, step, is_shut=is_shut or is_closed)
            self.lines[step.view.rid] = line
            self.steps.addWidget(line)
            if step.view.rid in held:
                line.open_details()
        if focus in self.lines:
            self.lines[focus].more.setFocus()

    @task
    async def _on_start(self, procedure: bytes) -> None:
        page = self._page
        assert page is not None
        self.banner.hide()
        await call(self.kit, runs.start_run, self.desk, page.plan.rid, procedure)
        self.kit.events.changed.emit(self.types)
        self.kit.notify(N_("The cooperation has begun. Its days stand on Today, too."))

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

    @task
    async def _on_go_over_asked(self, procedure: bytes) -> None:
        run = self.shown.run if self.shown is not None else None
        if run is not None:
            found = await call(self.kit, runs.preview_go_over, self.desk, run.view.rid, procedure)
            self.mapping.show_mapping(found)

    @task
    async def _on_go_over(self) -> None:
        seen = self.mapping.seen
        if seen is not None:
            await call(self.kit, runs.go_over, self.desk, seen)
            self.mapping.hide()
            self.kit.events.changed.emit(self.types)
            self.kit.notify(N_("The cooperation goes on under the other version."))


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
            kit, N_("No procedure is in force here. Put one in force under Procedures first.")
        )
        extend(
            self.body,
            heading(kit, N_("Begin the cooperation"), "list-checks"),
            muted(
                kit,
                N_(
                    "A procedure says who does what, in which order and by which day. Steps that "
                    "do not apply to this plan are left out; who may be a child counts as one."
                ),
            ),
            self._none,
            self._offer,
            row(self.begin, STRETCH),
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
    """Which procedure is followed, what comes next, and how it ends."""

    close_asked = Signal()
    reopen_asked = Signal()
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
        self.again = Button(kit, N_("Go on with it"), "undo-2", ButtonLook.QUIET)
        self.again.clicked.connect(self.reopen_asked)
        self.over = Button(kit, N_("Go over to another version"), look=ButtonLook.QUIET)
        self.over.clicked.connect(lambda: self.go_over_asked.emit(self._newer))
        words = QWidget()
        column(self._name, self._facts, gap=2, on=words)
        extend(
            self.body,
            FlowBox(words, self._progress, self.over, self.end, self.again, gap=8, fills=words),
            self._next,
        )

    def show_run(
        self, run: Run, newer: Sequence[ProcedureLine], today: Any, *, is_shut: bool
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
        is_closed = isinstance(head.record.closed, ZonedTime)
        self._newer = newer[0].view.rid if newer else b""
        self.end.setVisible(not is_shut and not is_closed)
        self.again.setVisible(not is_shut and is_closed)
        self.over.setVisible(not is_shut and not is_closed and bool(newer) and run.is_ours)


def next_text(step: RunStep, today: Any, language: Language) -> str:
    """Return the next deadline in one line: `Next: 4b Open an inquiry – Social welfare board …`."""
    parts = (
        step_text(step, language),
        actor_text(step.view.record.lead, language),
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


# --- a step


class StepLine(QWidget):
    """A step: who leads it, its last day, its state, and three buttons; it opens with the rest."""

    def __init__(
        self, section: CooperationSection, page: PlanPage, step: RunStep, *, is_shut: bool
    ) -> None:
        super().__init__()
        self._section = section
        self._kit = section.kit
        self._desk = section.desk
        self._page = page
        self.step = step
        self._is_shut = is_shut
        self.details: QWidget | None = None
        self.form: RecordForm | None = None
        kit = self._kit
        self.more = Button(kit, N_("More"), look=ButtonLook.QUIET, on=self._toggle)
        self.more.with_end_icon("chevron-down")
        name = N_("More: {step}")
        kit.translator.bind(self.more.setAccessibleName, name, step=partial(step_text, step))
        self.asked = self._button(N_("Asked"), "clock", self._on_asked)
        self.done = self._button(N_("Done"), "check", self._on_done)
        self.skip = self._button(N_("Does not apply…"), "minus", self._on_skip)
        self.again = self._button(N_("Open again"), "undo-2", self._on_again)
        self.proof = self._button(N_("Show what proves it"), "chevron-right", self._on_proof)
        self.question = ReasonForm(kit)
        self._place = QVBoxLayout()
        column(self._make_head(), self.question, self._place, gap=4, margins=(0, 8, 0, 8), on=self)
        self._show_buttons()

    @property
    def is_open(self) -> bool:
        """True if the details are on view."""
        return self.details is not None

    def has_focus(self) -> bool:
        """Return whether the keyboard is in this line."""
        focus = self.window().focusWidget()
        return focus is not None and (focus is self or self.isAncestorOf(focus))

    def focus_key(self, key: str) -> bool:
        """Move the keyboard to a field of the step, or to the line itself."""
        if self.form is not None and key in self.form.keys:
            self.form.form.focus_on(key)
        else:
            self.more.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def open_details(self) -> None:
        """Show what the procedure says, the telephones, and the form."""
        if self.details is None:
            self.details = self._make_details()
            self._place.addWidget(self.details)
            self.more.with_end_icon("chevron-up")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the question, or the details, on Esc."""
        if event.key() == Qt.Key.Key_Escape and self.question.isVisible():
            self.question.hide()
            self.more.setFocus()
        elif event.key() == Qt.Key.Key_Escape and self.details is not None:
            self._toggle()
        else:
            super().keyPressEvent(event)

    def _button(self, label: str, icon: str, on: Callable[[], None]) -> Button:
        made = Button(self._kit, label, icon, ButtonLook.QUIET, on)
        said = N_("{action}: {step}")
        self._kit.translator.bind(
            made.setAccessibleName, said,
            action=lambda language: language.gettext(label), step=partial(step_text, self.step),
        )  # fmt: skip
        return made

    def _make_head(self) -> QWidget:
        kit, step = self._kit, self.step
        title = Label(kit, partial(step_text, step), TextStyle.BUTTON).wrapped()
        under = muted(kit, partial(self._lead_text), TextStyle.SMALL)
        words = QWidget()
        column(title, under, gap=2, on=words)
        parts: list[QWidget] = [words]
        if not step.is_settled:
            tone, icon = due_look(step.due, self._section.today)
            chip = Chip(kit, tone, icon)
            chip.set_message(partial(due_text, step.due, self._section.today))
            parts.append(chip)
        if step.state:
            look = _STATE_LOOKS.get(step.state, (Tone.MUTED, ""))
            state = Chip(kit, *look)
            state.set_message(partial(_state_text, step))
            parts.append(state)
        buttons = (self.asked, self.done, self.proof, self.skip, self.again, self.more)
        return FlowBox(*parts, *buttons, gap=6, fills=words)

    def _lead_text(self, language: Language) -> str:
        record, people = self.step.view.record, self._people
        named = [people[key].name for key in (record.led_by, record.person) if key in people]
        said = [actor_text(record.lead, language), *named]
        if self.step.waits_for and not self.step.is_settled:
            waits = language.gettext(N_("after step {numbers}"))
            said.append(waits.format(numbers=language.listing(self.step.waits_for)))
        return " · ".join(part for part in said if part)

    @property
    def _people(self) -> Mapping[Any, EntryWithPhones]:
        shown = self._section.shown
        return shown.people if shown is not None else {}

    def _show_buttons(self) -> None:
        is_shut, step = self._is_shut, self.step
        has_proof = step.view.record.proof is not None
        self.asked.setVisible(not is_shut and not step.state)
        self.done.setVisible(not is_shut and not step.is_settled and not has_proof)
        self.skip.setVisible(not is_shut and not step.is_settled)
        self.again.setVisible(not is_shut and step.is_settled and step.proof is None)
        self.proof.setVisible(step.proof is not None)
        self.question.hide()

    # what the buttons do

    def _run(self, work: Callable[[], Saved], said: Message) -> None:
        run_with_undo(self._kit, self._desk, work, said)

    def _on_asked(self) -> None:
        ask = partial(runs.change_step, self._desk, self.step.view.rid, "requested")
        self._run(ask, N_("Written down: asked."))

    def _on_done(self) -> None:
        if not self.step.waits_for:
            finish = partial(runs.finish_step, self._desk, self.step.view.rid)
            self._run(finish, N_("Written down: done."))
            return
        question = filled(
            N_("Step {numbers} is still open. Why is this one done before?"),
            numbers=lambda language: language.listing(self.step.waits_for),
        )
        self.question.ask(question, N_("Done all the same"), self._finish_early)

    def _finish_early(self, reason: LocalizedText) -> None:
        rid = self.step.view.rid
        self._run(
            partial(runs.finish_step, self._desk, rid, None, reason), N_("Written down: done.")
        )

    def _on_skip(self) -> None:
        self.question.ask(N_("Why does it not apply?"), N_("Does not apply"), self._skip)

    def _skip(self, reason: LocalizedText) -> None:
        skip = partial(runs.skip_step, self._desk, self.step.view.rid, reason)
        self._run(skip, N_("Written down: it does not apply."))

    def _on_again(self) -> None:
        self._run(partial(runs.reopen_step, self._desk, self.step.view.rid), N_("Open again."))

    def _on_proof(self) -> None:
        proof = self.step.proof
        if proof is not None:
            self._section.field_asked.emit(proof.type, proof.rid, "")

    def _toggle(self) -> None:
        if self.details is None:
            self.open_details()
            return
        if self.form is not None:
            self.form.save_draft()
            self._section.forms.remove(self.form)
        clear_layout(self._place)
        self.details = self.form = None
        self.more.with_end_icon("chevron-down")

    # the details

    def _make_details(self) -> QWidget:
        kit, record = self._kit, self.step.view.record
        parts: list[QWidget] = [ValueTable(kit, list(self._facts()))]
        parts += [PhoneBlock(kit, self._people[key], label) for key, label in self._callable()]
        if not self._is_shut:
            if isinstance(self.step.due, Due) and record.prolong is not None:
                parts.append(ProlongForm(kit, self._desk, self.step))
            parts.append(self._make_form())
        whole = QWidget()
        column(*parts, gap=CARD_GAP // 2, margins=(20, 4, 0, 8), on=whole)
        return whole

    def _callable(self) -> list[tuple[str, str]]:
        """Return whom one can call, in the order of trying; the one who stands in comes last."""
        record, people = self.step.view.record, self._people
        named = (
            (record.person, N_("Call first")),
            (record.led_by, N_("Organisation")),
            (record.stand_in, N_("No answer? Call")),
        )
        return [(str(key), label) for key, label in named if key in people]

    def _facts(self) -> list[LabelledValues]:
        step, record = self.step, self.step.view.record
        facts = [_fact(record, key) for key in _SAID_KEYS if getattr(record, key) is not None]
        kind = step.view.row.type
        facts += [
            LabelledValues(field_of(kind, key).label, (partial(_actors, record, key),))
            for key in _ROLE_KEYS if getattr(record, key) is not None
        ]  # fmt: skip
        if record.deputy is not None:
            deputy = partial(actor_text, record.deputy)
            facts.append(LabelledValues(N_("No answer? Then ask"), (deputy,)))
        if isinstance(step.due, Due):
            notes = partial(due_notes, step.due)
            if step.due.because or step.due.notes:
                facts.append(LabelledValues(N_("About the day"), (notes,)))
        elif step.due.waits_for:
            facts.append(
                LabelledValues(
                    N_("The clock starts with"), (partial(event_text, step.due.waits_for),)
                )
            )
        facts += [_fact(record, key) for key in _HOW_KEYS if getattr(record, key) is not None]
        if step.written_by:
            facts.append(LabelledValues(N_("Written by"), (fixed_text(step.written_by),)))
        return facts

    def _make_form(self) -> RecordForm:
        kit = self._kit
        offers = plan_form_options(kit, self._page, self._desk)
        fields = Form(kit, "cooperation_step", _FORM_KEYS, offers, _FORM_ROWS)
        form = RecordForm(kit, self._desk, "cooperation_step", fields)
        form.show_view(self.step.view)
        self.form = self._section.add_form(form)
        return form


def _fact(record: Any, key: str) -> LabelledValues:
    field = field_of("cooperation_step", key)
    value = getattr(record, key)
    tone = Tone.WARNING if key == "law" and record.law_read is None else Tone.PLAIN
    return LabelledValues(field.label, (lambda language: value_text(field, value, language),), tone)


def _actors(record: Any, key: str, language: Language) -> str:
    """Return actors in words, in one list."""
    said = getattr(record, key)
    codes = said if isinstance(said, tuple) else (said,)
    return language.listing([actor_text(one, language) for one in codes])


def _state_text(step: RunStep, language: Language) -> str:
    """Return the state in words, with the moment that belongs to it."""
    word = STEP_STATES.get(step.state, step.state)
    said = language.gettext(word)
    if step.proof is not None:
        proof = language.gettext(RECORD_TYPE_NAMES[step.proof.type])
        return f"{said}: {proof}"
    key = {"completed": "done", "requested": "asked", "accepted": "accepted"}.get(step.state)
    at = getattr(step.view.record, key) if key is not None else None
    if not isinstance(at, ZonedTime):
        return said
    return f"{said} {language.day(at.wall.date(), year=True)}"


class PhoneBlock(QWidget):
    """Somebody of the directory with the telephones, large enough to be dialled from."""

    def __init__(self, kit: UiContext, entry: EntryWithPhones, label: Message) -> None:
        super().__init__()
        numbers = [one.record.number for one in entry.phones if isinstance(one.record.number, str)]
        head = filled(N_("{label} {name}"), label=lambda language: language.gettext(str(label)),
                      name=entry.name)  # fmt: skip
        parts: list[QWidget] = [text(kit, head, TextStyle.LABEL, Tone.MUTED)]
        for number in numbers or ("–",):
            parts.append(text(kit, fixed_text(number), TextStyle.HEADING))
        column(*parts, gap=2, on=self)


class ReasonForm(QWidget):
    """A question that needs an answer before something is written down."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._then: Callable[[LocalizedText], None] = lambda _: None
        self.words = text(kit, style=TextStyle.STRONG)
        self.entry = TextEntry()
        self.confirm = Button(kit, N_("Done"), "check", ButtonLook.PRIMARY, self._on_confirmed)
        self.cancel = Button(kit, N_("Cancel"), look=ButtonLook.QUIET, on=self.hide)
        self.entry.returnPressed.connect(self._on_confirmed)
        self.entry.textChanged.connect(self._on_typed)
        buttons = row(self.confirm, self.cancel, STRETCH, gap=8)
        column(self.words, self.entry, buttons, gap=6, margins=(20, 4, 0, 4), on=self)

    def ask(
        self, question: Message, action: Message, then: Callable[[LocalizedText], None]
    ) -> None:
        """Ask; `then` gets the answer in the window's language."""
        self._then = then
        self.words.set_message(question)
        self._kit.translator.bind(self.entry.setAccessibleName, question)
        self.confirm.set_message(action)
        self.entry.clear()
        self._on_typed()
        self.show()
        self.entry.setFocus()

    def _on_typed(self) -> None:
        self.confirm.setEnabled(bool(self.entry.text().strip()))

    def _on_confirmed(self) -> None:
        said = self.entry.text().strip()
        if said:
            self.hide()
            self._then((Translation(self._kit.translator.language.code, said),))


class ProlongForm(QWidget):
    """Writes down that a deadline was prolonged: to which day, and on what ground."""

    def __init__(self, kit: UiContext, desk: Session, step: RunStep) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._step = step
        self.day = make_editor(kit, "cooperation_step", "extended_until", FormOptions())
        self.ground = TextEntry()
        self.fault = Banner(kit, Tone.DANGER, "circle-alert")
        self.fault.hide()
        self.save = Button(kit, N_("Prolong"), "check", on=self._on_save)
        column(
            LabelledField(kit, N_("Prolonged until"), self.day),
            LabelledField(kit, N_("By whom, and on what ground"), self.ground),
            self.fault,
            row(self.save, STRETCH),
            gap=6,
            on=self,
        )

    def refuse(self, fault: KfdeskError) -> None:
        """Show why it was not written down."""
        self.fault.show_fault(fault)

    @task
    async def _on_save(self) -> None:
        said = self.ground.text().strip()
        ground = (Translation(self._kit.translator.language.code, said),) if said else ()
        work = partial(runs.prolong_step, self._desk, self._step.view.rid, self.day.value, ground)
        done = await call(self._kit, work)
        self._kit.events.changed.emit(done.types)
        self._kit.notify(N_("Written down: prolonged."))


# --- another version


_CHANGE_WORDS: Mapping[StepChangeKind, tuple[Tone, str]] = {
    StepChangeKind.SAME: (Tone.MUTED, N_("stays as it is")),
    StepChangeKind.CHANGED: (Tone.INFO, N_("says something else: {fields}")),
    StepChangeKind.RENUMBERED: (Tone.INFO, N_("has another number")),
    StepChangeKind.ADDED: (Tone.SUCCESS, N_("is new")),
    StepChangeKind.REMOVED: (Tone.WARNING, N_("is no longer there; it stays in the old run")),
}


class MappingCard(CardFrame):
    """What going over to another version does to each step; `taken` when it is wanted."""

    taken = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.seen: RunMapping | None = None
        self._name = Label(kit, style=TextStyle.HEADING).wrapped()
        self._lines = QVBoxLayout()
        self.take = Button(kit, N_("Go over to this version"), "check", ButtonLook.PRIMARY)
        self.take.clicked.connect(self.taken)
        self.cancel = Button(kit, N_("Stay with the version of today"), look=ButtonLook.QUIET)
        self.cancel.clicked.connect(self.hide)
        extend(self.body, self._name, self._lines, row(self.take, self.cancel, STRETCH, gap=8))

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
        self.show()
        self.take.setFocus()


def _change_name(seen: RunMapping, change: StepChange, language: Language) -> str:
    if change.after is not None:
        record = seen.after[change.after].record
    else:
        assert change.before is not None
        record = seen.before[change.before].view.record
    number = record.prefix if isinstance(record.prefix, str) else "–"
    return f"{number} {localized_text(record.title, language)}"


def _change_text(words: str, change: StepChange, language: Language) -> str:
    labels = [language.gettext(field_of("procedure_step", key).label) for key in change.keys]
    return language.gettext(words).format(fields=language.listing(labels))
