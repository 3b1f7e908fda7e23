# SPDX-License-Identifier: GPL-3.0-or-later
"""A step of a cooperation as a line: who leads it, its last day, its state, and what one can do.

The line opens with all that the procedure says, the telephones of whoever leads it and of whoever
stands in, and forms. The services decide what may be written; `cooperation` shows the whole run.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from kfdesk.domain.codes.procedures import STEP_STATES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.procedures.clocks import ClockFault, Due, NotDue
from kfdesk.domain.procedures.runs import RunStep
from kfdesk.domain.records.cooperation import CooperationStep
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import LocalizedText, Translation, Value, ZonedTime
from kfdesk.i18n.integrity import RECORD_TYPE_NAMES
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, localized_text, value_text
from kfdesk.i18n.procedures import actor_name, due_notes, due_text, event_text, step_doubt_text
from kfdesk.services.core.records import Saved
from kfdesk.services.directory.entries import EntryWithPhones
from kfdesk.services.plans.plans import PlanPage
from kfdesk.services.procedures import runs
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import Form, plan_form_options
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.forms.registry import make_editor
from kfdesk.ui.pages.directory.card import MOST_PHONES, phone_lines
from kfdesk.ui.plan_sections import ArticleButton, PlanSection
from kfdesk.ui.record_views import LabelledValues, ValueTable, run_with_undo
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, CONTROL_COMPACT, TextStyle, Tone
from kfdesk.ui.translator import Message, MessageFunction, fixed_text
from kfdesk.ui.widgets.build import STRETCH, column, extend, filled, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.collapsible import CollapsibleCard
from kfdesk.ui.widgets.inputs import LabelledField, TextEntry
from kfdesk.ui.widgets.layout import Banner, FlowBox, clear_layout, make_hairline
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
_SAID_KEYS = (
    "what", "requirement", "law", "law_read", "law_read_by", "form_number", "form_from",
    "needs_consent", "prolong",
)  # fmt: skip
_ROLE_KEYS = ("takes_part", "informs", "pays")
_HOW_KEYS = ("skipped_because", "early_because", "extension_ground", "said")
_FORM_KEYS = ("led_by", "person", "stand_in", "form_sent", "reference_number", "said", "note")
_FORM_ROWS = (("led_by", "person"), ("stand_in",), ("form_sent", "reference_number"))


def due_look(found: Due | NotDue, today: date) -> tuple[Tone, str]:
    """Return tone and icon of a deadline: red from the last day on, amber when it is near."""
    if isinstance(found, NotDue):
        return Tone.MUTED, ""
    if found.days_left(today) <= 0:
        return Tone.DANGER, "octagon-alert"
    return (Tone.WARNING if found.is_told(today) else Tone.MUTED), "clock"


def step_text(step: RunStep, language: Language) -> str:
    """Return number and name of a step."""
    return f"{step.prefix or '–'}  {localized_text(step.view.record.title, language)}".strip()


_FURTHER_STATES = (
    ("accepted", N_("Accepted"), "check"),
    ("in_progress", N_("Under way"), "clock"),
    ("on_hold", N_("Waiting"), "clock"),
    ("rejected", N_("Declined"), "x"),
)
"""The states of a step besides asked and done."""

ReasonedWrite = Callable[[Value, LocalizedText], Saved]


@dataclass(frozen=True, slots=True)
class StepContext:
    """Facts that the lines of a run share: the page, people with telephones, today, and rights."""

    page: PlanPage
    people: Mapping[object, EntryWithPhones]
    today: date
    is_shut: bool

    def is_like(self, other: "StepContext") -> bool:
        """Return whether a line looks the same in both."""
        mine, theirs = ((one.people, one.today, one.is_shut) for one in (self, other))
        return mine == theirs


class StepLine(QWidget):
    """A step: who leads it, its last day, its state, and three buttons; it opens with the rest."""

    def __init__(self, section: PlanSection, around: StepContext, step: RunStep) -> None:
        super().__init__()
        self._section = section
        self._kit = section.kit
        self._desk = section.desk
        self._around = around
        self.step = step
        self.details: QWidget | None = None
        self.form: RecordForm | None = None
        self.changes: list[ReasonedChange] = []
        kit = self._kit
        self.more = Button(kit, N_("More"), look=ButtonLook.QUIET, on=self._toggle)
        self.more.with_height(CONTROL_COMPACT)
        self.more.with_end_icon("chevron-down")
        framed = ButtonLook.SECONDARY  # without a frame they read as what has happened
        self.asked = self._button(N_("Asked"), "clock", self._on_asked, framed)
        self.done = self._button(N_("Done"), "check", self._on_done, framed)
        self.not_applicable = self._button(N_("Does not apply…"), "minus", self._on_skip)
        self.again = self._button(N_("Open again"), "undo-2", self._on_again)
        self.proof = self._button(N_("Show the evidence"), "chevron-right", self._on_proof)
        self.book_button = ArticleButton(kit, partial(step_text, step))
        self.book_button.article_asked.connect(section.article_asked)
        self.rule = make_hairline()
        self._title = Label(kit, style=TextStyle.BUTTON).wrapped()
        self._lead = muted(kit, style=TextStyle.SMALL)
        self._last = text(kit, style=TextStyle.LABEL)
        self._consent = text(kit, style=TextStyle.LABEL, tone=Tone.WARNING)
        self._doubt = muted(kit, style=TextStyle.SMALL)
        self._state = Chip(kit)
        self.question = ReasonForm(kit)
        self._place = column()
        self._facts_place = column()
        parts = (self.rule, self._make_head(), self.question, self._place)
        column(*parts, gap=6, margins=(0, 0, 0, 6), on=self)
        self.question.hide()
        self._show()

    def show_step(self, step: RunStep, around: StepContext) -> None:
        """Show the step as it stands now; what is being typed stays."""
        is_same = step == self.step and self._around.is_like(around)
        if self._around.is_shut is not around.is_shut and self.details is not None:
            self.close_details()  # its forms are for who may write
        self.step, self._around = step, around
        if not is_same:
            self.question.hide()
            self._show()

    @property
    def is_open(self) -> bool:
        """True if the details are on view."""
        return self.details is not None

    def has_focus(self) -> bool:
        """Return whether the keyboard is in this line."""
        focus = QApplication.focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def focus_key(self, key: str) -> bool:
        """Move the keyboard to a field of the step, or to the line itself."""
        if self.form is not None and key in self.form.keys:
            self.form.form.focus_on(key)
        else:
            self.more.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def show_book_button(self) -> None:
        """Show a *?* if the book has an article about the step."""
        self.book_button.show_article(self._section.articles.of_step(self.step.view.record))

    def open_details(self) -> None:
        """Show what the procedure says, the telephones, and the form."""
        if self.details is None:
            self.details = QWidget()
            inside = column(gap=CARD_GAP // 2, margins=(20, 4, 0, 8), on=self.details)
            self._facts_place = column(gap=CARD_GAP // 2)
            extend(inside, self._facts_place)
            if not self._around.is_shut:
                extend(inside, *self._make_clock_changes(), self._make_form())
            self._show_details()
            extend(self._place, self.details)
            self.more.with_end_icon("chevron-up")

    def close_details(self) -> None:
        """Put away the details; what was typed in the form waits as a draft."""
        if self.form is not None:
            self.form.save_draft()
            self._section.forms.remove(self.form)
        clear_layout(self._place)
        self.details = self.form = None
        self.changes = []
        self.more.with_end_icon("chevron-down")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the question, or the details, on Esc."""
        if event.key() == Qt.Key.Key_Escape and self.question.isVisible():
            self.question.hide()
            self.more.setFocus()
        elif event.key() == Qt.Key.Key_Escape and self.details is not None:
            self._toggle()
        else:
            super().keyPressEvent(event)

    def _button(
        self, label: str, icon: str, on: Callable[[], None], look: ButtonLook = ButtonLook.QUIET
    ) -> Button:
        made = Button(self._kit, label, icon, look, on).with_height(CONTROL_COMPACT)
        said = N_("{action}: {step}")
        self._kit.translator.bind(
            made.setAccessibleName, said,
            action=lambda language: language.gettext(label), step=partial(step_text, self.step),
        )  # fmt: skip
        return made

    def _make_head(self) -> QWidget:
        words = QWidget()
        column(self._title, self._lead, self._last, self._consent, self._doubt, gap=2, on=words)
        buttons = (
            self.asked, self.done, self.proof, self.not_applicable, self.again, self.book_button,
            self.more,
        )  # fmt: skip
        return FlowBox(words, self._state, *buttons, gap=6, fills=words)

    def _show(self) -> None:
        kit, step, today = self._kit, self.step, self._around.today
        self._title.set_message(partial(step_text, step))
        name = N_("More: {step}")
        kit.translator.bind(self.more.setAccessibleName, name, step=partial(step_text, step))
        self.book_button.name_it(partial(step_text, step))
        self.show_book_button()
        self._lead.set_message(self._lead_text)
        has_clock = not step.is_settled and not _is_without_clock(step.due)
        self._last.setVisible(has_clock)
        self._last.set_message(partial(due_text, step.due, today))
        self._last.set_tone(due_look(step.due, today)[0])
        self._consent.setVisible(step.lacks_consent and not step.is_settled)
        self._consent.set_message(
            N_("Her consent is missing: {purpose}"), purpose=partial(_purpose_text, step)
        )
        self._doubt.setVisible(step.doubt is not None and not step.is_settled)
        if step.doubt is not None:
            self._doubt.set_message(partial(step_doubt_text, step.doubt))
        self._state.setVisible(bool(step.state))
        self._state.show_look(*_STATE_LOOKS.get(step.state, (Tone.MUTED, "")))
        self._state.set_message(partial(_state_text, step))
        self._show_buttons()
        if self.details is not None:
            self._show_details()

    def _lead_text(self, language: Language) -> str:
        record, people = self.step.view.record, self._around.people
        named = [people[key].name for key in (record.led_by, record.person) if key in people]
        said = [actor_name(record.lead, language), *named]
        if self.step.waits_for and not self.step.is_settled:
            waits = language.gettext(N_("after step {numbers}"))
            said.append(waits.format(numbers=language.listing(self.step.waits_for)))
        return " · ".join(part for part in said if part)

    def _show_buttons(self) -> None:
        is_shut, step = self._around.is_shut, self.step
        has_proof = step.view.record.proof is not None
        self.asked.setVisible(not is_shut and not step.state)
        self.done.setVisible(not is_shut and not step.is_settled and not has_proof)
        self.not_applicable.setVisible(not is_shut and not step.is_settled)
        self.again.setVisible(not is_shut and step.is_settled and step.proof is None)
        self.proof.setVisible(step.proof is not None)

    # what the buttons do

    def _run(self, work: Callable[[], Saved], said: Message) -> None:
        run_with_undo(self._kit, self._desk, work, said)

    def _on_asked(self) -> None:
        ask = partial(runs.change_step, self._desk, self.step.view.rid, "requested")
        self._run(ask, N_("Recorded: asked."))

    def _on_done(self) -> None:
        if not self.step.waits_for:
            finish = partial(runs.finish_step, self._desk, self.step.view.rid)
            self._run(finish, N_("Recorded: done."))
            return
        question = filled(
            N_("Step {numbers} is still open. Why is this one done before?"),
            numbers=lambda language: language.listing(self.step.waits_for),
        )
        self.question.ask(question, N_("Done anyway"), self._finish_early)

    def _finish_early(self, reason: LocalizedText) -> None:
        rid = self.step.view.rid
        self._run(partial(runs.finish_step, self._desk, rid, None, reason), N_("Recorded: done."))

    def _on_skip(self) -> None:
        self.question.ask(N_("Why does it not apply?"), N_("Does not apply"), self._skip)

    def _skip(self, reason: LocalizedText) -> None:
        skip = partial(runs.skip_step, self._desk, self.step.view.rid, reason)
        self._run(skip, N_("Recorded: it does not apply."))

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
        self.close_details()

    # the details

    def _show_details(self) -> None:
        """Show what the procedure says, whom to call, and what else can be said of the step."""
        clear_layout(self._facts_place)
        extend(self._facts_place, ValueTable(self._kit, list(self._facts())))
        for key, label in self._callable():
            extend(self._facts_place, PhoneBlock(self._kit, self._around.people[key], label))
        if not self._around.is_shut and not self.step.is_settled:
            extend(self._facts_place, self._make_states())
        if self.form is not None:
            self.form.show_view(self.step.view)

    def _callable(self) -> list[tuple[str, str]]:
        """Return whom one can call, in the order of trying; the one who stands in comes last."""
        record, people = self.step.view.record, self._around.people
        named = (
            (record.person, N_("Call first")),
            (record.led_by, N_("Organisation")),
            (record.stand_in, N_("No answer? Call")),
        )
        return [(str(key), label) for key, label in named if key in people]

    def _facts(self) -> list[LabelledValues]:
        step, record = self.step, self.step.view.record
        facts = [_fact(record, key) for key in _SAID_KEYS if getattr(record, key) is not None]
        facts += [
            _labelled(key, partial(_actors, record, key))
            for key in _ROLE_KEYS if getattr(record, key) is not None
        ]  # fmt: skip
        if record.deputy is not None:
            deputy = partial(actor_name, record.deputy)
            facts.append(LabelledValues(N_("No answer? Then ask"), (deputy,)))
        if isinstance(step.due, Due):
            notes = partial(due_notes, step.due)
            if step.due.because or step.due.notes:
                facts.append(LabelledValues(N_("About the time limit"), (notes,)))
        elif step.due.waits_for:
            facts.append(
                LabelledValues(
                    N_("The time limit starts with"), (partial(event_text, step.due.waits_for),)
                )
            )
        facts += [_fact(record, key) for key in _HOW_KEYS if getattr(record, key) is not None]
        if step.written_by:
            facts.append(LabelledValues(N_("Written by"), (fixed_text(step.written_by),)))
        return facts

    def _make_states(self) -> QWidget:
        """Create the buttons for what can be said of the step beside asked and done."""
        made = [
            self._button(label, icon, partial(self._on_state, state))
            for state, label, icon in _FURTHER_STATES
            if state != self.step.state
        ]
        return FlowBox(*made, self._button(N_("Called off…"), "x", self._on_call_off), gap=6)

    def _on_state(self, state: str) -> None:
        self._run(partial(runs.change_step, self._desk, self.step.view.rid, state), N_("Recorded."))

    def _on_call_off(self) -> None:
        self.question.ask(N_("Why is it called off?"), N_("Call off"), self._call_off)

    def _call_off(self, reason: LocalizedText) -> None:
        stop = partial(runs.skip_step, self._desk, self.step.view.rid, reason, "cancelled")
        self._run(stop, N_("Recorded: called off."))

    def _make_clock_changes(self) -> Sequence[QWidget]:
        """Create the forms that prolong a deadline, and that correct when its clock began."""
        record, rid = self.step.view.record, self.step.view.rid
        made = self.changes = []
        if isinstance(self.step.due, Due) and (record.prolong or record.clock != "statutory"):
            action = Button(self._kit, N_("Extend"), "check")
            write = partial(runs.prolong_step, self._desk, rid)
            ground = N_("By whom, and on what grounds")
            made.append(ReasonedChange(self._kit, "extended_until", ground, action, write))
        if record.event is not None:
            action = Button(self._kit, N_("Correct the beginning"), "check")
            ground = N_("Why it began at a different time from what the records say")
            made.append(ReasonedChange(self._kit, "began", ground, action, self._set_clock))
        if not made:
            return ()
        fold = CollapsibleCard(self._kit, N_("Extend, or correct the time limit"), "clock")
        extend(fold.inside, *made)
        return (fold,)

    def _set_clock(self, began: Value, because: LocalizedText) -> Saved:
        at = began if isinstance(began, ZonedTime) else None
        return runs.set_clock(self._desk, self.step.view.rid, at, because)

    def _make_form(self) -> RecordForm:
        kit = self._kit
        offers = plan_form_options(kit, self._around.page, self._desk)
        fields = Form(kit, "cooperation_step", _FORM_KEYS, offers, _FORM_ROWS)
        form = RecordForm(kit, self._desk, "cooperation_step", fields)
        form.show_view(self.step.view)
        self.form = self._section.add_form(form)
        return form


def _purpose_text(step: RunStep, language: Language) -> str:
    field = field_of("cooperation_step", "needs_consent")
    return value_text(field, step.view.record.needs_consent, language)


def _is_without_clock(found: Due | NotDue) -> bool:
    return isinstance(found, NotDue) and found.fault is ClockFault.NO_CLOCK


def _labelled(key: str, words: MessageFunction) -> LabelledValues:
    return LabelledValues(field_of("cooperation_step", key).label, (words,))


def _fact(record: CooperationStep, key: str) -> LabelledValues:
    field = field_of("cooperation_step", key)
    value = getattr(record, key)
    tone = Tone.WARNING if key == "law" and record.law_read is None else Tone.PLAIN
    return LabelledValues(field.label, (lambda language: value_text(field, value, language),), tone)


def _actors(record: CooperationStep, key: str, language: Language) -> str:
    """Return actors in words, in one list."""
    said = getattr(record, key)
    codes = said if isinstance(said, tuple) else (said,)
    return language.listing([actor_name(one, language) for one in codes])


def _state_text(step: RunStep, language: Language) -> str:
    """Return the state in words, with the moment that belongs to it."""
    said = language.gettext(STEP_STATES.get(step.state, step.state))
    if step.proof is not None:
        proof = language.gettext(RECORD_TYPE_NAMES[step.proof.type])
        return f"{said}: {proof}"
    key = {"completed": "done", "requested": "asked", "accepted": "accepted"}.get(step.state)
    at = getattr(step.view.record, key) if key is not None else None
    if not isinstance(at, ZonedTime):
        return said
    return f"{said} {language.day(at.wall.date())}"


class PhoneBlock(QWidget):
    """Somebody of the directory with the telephones, large enough to be dialled from.

    Below each number stands who answers when, and whether it may be called about clients.
    """

    def __init__(self, kit: UiContext, entry: EntryWithPhones, label: Message) -> None:
        super().__init__()
        head = filled(N_("{label} {name}"), label=lambda language: language.gettext(str(label)),
                      name=entry.name)  # fmt: skip
        parts: list[QWidget] = [text(kit, head, TextStyle.LABEL, Tone.MUTED)]
        own = getattr(entry.view.record, "phone", None)
        if isinstance(own, str):
            parts.append(text(kit, fixed_text(own), TextStyle.HEADING))
        for phone in entry.phones[:MOST_PHONES]:
            parts.append(text(kit, partial(_phone_line, phone, 0), TextStyle.HEADING))
            parts.append(muted(kit, partial(_phone_line, phone, 1), TextStyle.SMALL))
        if len(parts) == 1:
            parts.append(muted(kit, N_("No phone number is recorded in Contacts.")))
        column(*parts, gap=2, on=self)


def _phone_line(phone: RecordView[Any], line: int, language: Language) -> str:
    return phone_lines(phone, language)[line]


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
        self,
        question: Message,
        action: Message,
        then: Callable[[LocalizedText], None],
        proposed: str = "",
    ) -> None:
        """Ask, with a proposed answer; `then` gets the answer in the window's language."""
        self._then = then
        self.words.set_message(question)
        self._kit.translator.bind(self.entry.setAccessibleName, question)
        self.confirm.set_message(action)
        self.entry.setText(proposed)
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


class ReasonedChange(QWidget):
    """A day or time of a step that is changed for a reason, with its button."""

    def __init__(
        self, kit: UiContext, key: str, ground: Message, action: Button, write: ReasonedWrite
    ) -> None:
        super().__init__()
        self._kit = kit
        self._write = write
        self.day = make_editor(kit, "cooperation_step", key, FormOptions())
        self.ground = TextEntry()
        self.fault = Banner(kit, Tone.DANGER, "circle-alert").hidden()
        self.save = action
        self.save.clicked.connect(self._on_save)
        column(
            LabelledField(kit, field_of("cooperation_step", key).label, self.day),
            LabelledField(kit, ground, self.ground),
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
        done = await call(self._kit, partial(self._write, self.day.value(), ground))
        self._kit.events.changed.emit(done.types)
        self._kit.notify(N_("Recorded."))
