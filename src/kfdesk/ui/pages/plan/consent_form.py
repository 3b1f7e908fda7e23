# SPDX-License-Identifier: GPL-3.0-or-later
"""The form that records a consent, in the order of the conversation; a draft until complete.

`ConsentFormPanel` opens and closes the form for a consent or for vital interests. Typing is never
blocked. When the user records, each missing answer is shown beside its field, and the consent
stays a draft that allows no sharing. The domain decides what is missing, and the recording
service checks again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy, QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.consent import (
    EXPLICIT_CONSENT,
    FOR_A_CHILD,
    PURPOSE_GROUPS,
    VITAL_INTERESTS,
    ConsentDefect,
    ConsentFacts,
    recording_defects,
)
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.client import Consent
from kfdesk.domain.registers import EMPTY_STATE
from kfdesk.domain.rows import RecordView, Row, view
from kfdesk.domain.values import Value
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import THIRD_COUNTRY_WARNING
from kfdesk.services.core.drafts import FormState as Held
from kfdesk.services.core.drafts import OpenDraft
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Session
from kfdesk.services.plans.consents import (
    ConsentTerms,
    read_consent_recipient,
    record_consent,
    record_vital_interests,
)
from kfdesk.services.plans.plans import zoned_now
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions, FormRow
from kfdesk.ui.forms.editors import AutocompleteEditor
from kfdesk.ui.forms.form import Form
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.pages.plan.consent_editors import (
    LACK_MESSAGES,
    ExplainedPointsEditor,
    GroupsEditor,
    message_in_language,
    missing_answers_text,
    proposed_day_message,
    recipient_message,
    text_state_message,
    widest_groups_message,
)
from kfdesk.ui.pages.printing.print_dialog import ConsentFormPrinting
from kfdesk.ui.record_views import undo_change
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CONTROL_COMPACT, FIELD_GAP, GRID, LABEL_GAP, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message, PlaceholderFunction
from kfdesk.ui.widgets.build import (
    STRETCH,
    column,
    extend,
    filled,
    grown,
    heading,
    muted,
    on_escape,
    panel,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, clear_layout
from kfdesk.ui.widgets.text import Icon, Label

_NOTE_ICON_SIZE = 16
_STEP_GAP = 28


@dataclass(frozen=True, slots=True)
class FormStep:
    """A step of the form: its heading and its fields line by line."""

    title: str
    lines: Sequence[Sequence[str]]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the fields in order."""
        return tuple(key for line in self.lines for key in line)


# --- Parts of the form


class AnnotatedField(QWidget):
    """A field with a note and further widgets below it."""

    def __init__(self, kit: UiContext, slot: FormRow) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._sign = Icon(kit, "info", size=_NOTE_ICON_SIZE)
        self._words = muted(kit, style=TextStyle.SMALL)
        self._aside = panel(row(self._sign, grown(self._words), gap=6))
        self._aside.hide()
        self.column = column(slot, self._aside, STRETCH, gap=LABEL_GAP, on=self)

    @property
    def message_text(self) -> str:
        """The note below the field; empty if there is none."""
        return "" if self._aside.isHidden() else self._words.text()

    def add(self, part: QWidget) -> None:
        """Add a widget below the note."""
        self.column.insertWidget(self.column.count() - 1, part)

    def set_message(
        self, message: Message, tone: Tone = Tone.MUTED, **places: PlaceholderFunction
    ) -> None:
        """Set the note below the field; an empty message hides it."""
        self._sign.show_icon("triangle-alert" if tone is Tone.WARNING else "info", tone)
        self._words.set_tone(tone)
        self._words.set_message(message, **places)
        self._aside.setVisible(bool(message))


class FormStepView(QWidget):
    """The widget of one step."""

    def __init__(self, kit: UiContext, step: FormStep, places: Sequence[AnnotatedField]) -> None:
        super().__init__()
        self.step = step
        self._places = dict(zip(step.keys, places, strict=True))
        self._title = Label(kit, style=TextStyle.HEADING)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(FIELD_GAP)
        self._grid.setVerticalSpacing(FIELD_GAP)
        column(self._title, self._grid, gap=12, on=self)

    def show_number(self, number: int) -> None:
        """Show the number of the step in its heading."""
        self._title.set_message(lambda language: f"{number}.  {language.gettext(self.step.title)}")

    def arrange(self, *, is_wide: bool) -> None:
        """Arrange the fields in one column, or in two if `is_wide`."""
        while self._grid.takeAt(0) is not None:
            pass
        lines = self.step.lines if is_wide else [(key,) for key in self.step.keys]
        for down, keys in enumerate(lines):
            span = 2 if len(keys) == 1 and is_wide else 1
            for across, key in enumerate(keys):
                self._grid.addWidget(self._places[key], down, across, 1, span)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, int(is_wide))


class SteppedForm(Form):
    """A form whose fields are arranged in steps."""

    _talk: Sequence[FormStep] = ()

    def __init__(
        self, kit: UiContext, record_type: str, talk: Sequence[FormStep], offers: FormOptions
    ) -> None:
        self._talk = talk
        self.parts: list[FormStepView] = []
        self.places: dict[str, AnnotatedField] = {}
        self._tools = kit
        lines = [line for step in talk for line in step.lines if len(line) > 1]
        keys = [key for step in talk for key in step.keys]
        super().__init__(kit, record_type, keys, offers, lines)
        self._grid.setVerticalSpacing(_STEP_GAP)
        self._number()

    def show_step(self, title: str, *, is_needed: bool) -> None:
        """Show or hide the step with this heading and number the steps again."""
        for part in self.parts:
            if part.step.title == title:
                part.setVisible(is_needed)
        self._number()

    @property
    def hidden_keys(self) -> tuple[str, ...]:
        """The keys of the fields that are hidden now."""
        return tuple(
            key
            for part in self.parts
            for key in part.step.keys
            if part.isHidden() or self.places[key].isHidden()
        )

    def show_field(self, key: str, *, is_needed: bool) -> None:
        """Show or hide a field."""
        self.places[key].setVisible(is_needed)

    def _arrange(self, *, is_wide: bool) -> None:
        if is_wide == self._is_wide:
            return
        self._is_wide = is_wide
        if not self.parts:
            self._make_parts()
        for part in self.parts:
            part.arrange(is_wide=is_wide)
        self._set_tab_order()

    def _make_parts(self) -> None:
        for down, step in enumerate(self._talk):
            places = [AnnotatedField(self._tools, self.form_rows[key]) for key in step.keys]
            self.places |= dict(zip(step.keys, places, strict=True))
            for key in step.keys:
                if self.form_rows[key].editor.field.label == step.title:
                    self.form_rows[key].hide_label()  # the heading says it
            part = FormStepView(self._tools, step, places)
            self.parts.append(part)
            self._grid.addWidget(part, down, 0)

    def _number(self) -> None:
        needed = [part for part in self.parts if not part.isHidden()]
        for number, part in enumerate(needed, start=1):
            part.show_number(number)


# --- The warning


class TransferWarning(QFrame):
    """The warning before data goes to another country, in the client's language.

    `noted` reports that she has heard it now.
    """

    noted = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self.setProperty("ground", "sunken")
        self._head = text(kit, style=TextStyle.STRONG)
        self._lines = [text(kit) for _ in THIRD_COUNTRY_WARNING]
        self.button = Button(kit, N_("She has heard the warning now"), "check")
        self.button.with_height(CONTROL_COMPACT).clicked.connect(self.noted)
        column(
            row(Icon(kit, "languages", Tone.WARNING), grown(self._head), gap=9),
            *self._lines,
            row(-RESERVE, self.button, STRETCH),
            gap=GRID,
            margins=(16, 12, 16, 12),
            on=self,
        )
        self.set_language(None, None)

    @property
    def message_text(self) -> tuple[str, ...]:
        """The sentences as they are shown."""
        return tuple(label.text() for label in self._lines)

    def set_language(self, code: object, hers: Language | None) -> None:
        """Show the warning in the client's language, or ask for an interpreter."""
        for label, sentence in zip(self._lines, THIRD_COUNTRY_WARNING, strict=True):
            label.set_message(message_in_language(hers, sentence))
        self._head.set_message(_warning_heading(code, hers))


def _warning_heading(code: object, hers: Language | None) -> Message:
    if not isinstance(code, str):
        return N_("Read this to her, in a language that she understands:")
    words = N_("An interpreter must read this to her ({language}):")
    if hers is not None:
        words = N_("Read this to her ({language}):")
    return filled(words, language=lambda language: language.language(code))


# --- The forms

_THIRD_COUNTRY_STEP = N_("Another country")
CONSENT_STEPS: Sequence[FormStep] = (
    FormStep(N_("With whom, and for what"), (("recipient", "purpose"),)),
    FormStep(N_("What may be shared"), (("groups",), ("withheld",), ("withholding_reason",))),
    FormStep(N_("What was explained to her"), (("language", "interpreted_by"), ("explained",))),
    FormStep(_THIRD_COUNTRY_STEP, (("transfer_tool",), ("warned",))),
    FormStep(
        N_("How she agreed"),
        (("given_by", "form"), ("guardian", "assent"), ("given",), ("expires",)),
    ),
)
RENEWED_KEYS = (
    "purpose", "recipient", "groups", "withheld", "withholding_reason", "given_by", "guardian",
    "language",
)  # fmt: skip
"""The fields that a new form copies from an earlier consent; the explaining is asked again."""


class ConsentForm(RecordForm):
    """The form of a new consent, in the order of the talk with the client."""

    talk: Sequence[FormStep] = CONSENT_STEPS
    record_words = N_("Record consent")

    def __init__(
        self, kit: UiContext, desk: Session, offers: FormOptions, terms: ConsentTerms
    ) -> None:
        self._tools, self._house = kit, desk
        self._proposed: date | None = None
        self._is_asked = False
        self._is_following = False
        self._sought = ""
        self.terms = terms
        self.sheet = SteppedForm(kit, "consent", self.talk, offers)
        super().__init__(kit, desk, "consent", self.sheet)
        self.save_button.set_message(self.record_words)
        self._set_up()
        self.sheet.edited.connect(self._update_form)
        self._update_form()

    def set_terms(self, terms: ConsentTerms, offers: FormOptions) -> None:
        """Apply new terms and offers, which can differ from those at the start."""
        self.terms, self._sought = terms, ""
        recipient = cast("AutocompleteEditor", self.sheet.editors["recipient"])
        recipient.set_options(offers.references.get("recipient", ()))
        self._update_form()

    @property
    def consent(self) -> Consent:
        """The consent with the valid values of the form."""
        values: Mapping[str, Any] = {
            key: editor.value() for key, editor in self.sheet.editors.items() if editor.is_valid
        }
        return Consent(**values)

    @property
    def completed_consent(self) -> Consent:
        """The consent as it would be recorded now, with default values for empty fields."""
        consent = self.consent
        if consent.given is None and self._is_open("given"):
            consent = replace(consent, given=zoned_now(self._house))
        return consent

    def save(self) -> None:
        """Record the consent, or show what is missing beside each field and keep the draft."""
        if self._is_saving:
            return
        self._is_asked = True
        wrong = self.sheet.validate()
        self._update_form()
        if wrong is not None or self._missing:
            keys = {wrong, *(key for key, _ in self._missing)}
            self.sheet.focus_on(next(key for key in self.sheet.editors if key in keys))
            self._show_missing_count(len(keys - {None}))
            self.save_draft()
            return
        self._fill_in()
        self._is_kept = self._is_saving = True
        self._record(self.rid or b"", self._form_values())

    def _record(self, rid: bytes, held: Held) -> None:
        desk = self._house
        self._tools.worker.run(
            lambda: record_consent(desk, rid, held), self._on_saved, self._on_refused
        )

    def _set_up(self) -> None:
        """Add the widgets that only this form has."""
        self.warning = TransferWarning(self._tools)
        self.warning.noted.connect(self._on_read_aloud)
        self.sheet.places["transfer_tool"].add(self.warning)
        self.sheet.places["given"].set_message(N_("If empty, the time when you record it."))

    def _case_context(self) -> ConsentFacts:
        return replace(
            self.terms.context_for(self.consent.recipient), at=self._house.adapters.clock.now()
        )

    def _is_open(self, key: str) -> bool:
        editor = self.sheet.editors[key]
        return editor.is_valid and editor.value() is None

    def _fill_in(self) -> None:
        """Enter default values in empty fields and clear the fields that are hidden."""
        for key in self.sheet.hidden_keys:
            if self.sheet.editors[key].value() is not None:
                self.sheet.editors[key].enter(None)
        if self._is_open("given"):
            self.sheet.editors["given"].enter(self.completed_consent.given)

    def _update_form(self) -> None:
        """Update the rest of the form after an edit."""
        if self._is_following:
            return
        self._is_following = True
        consent = self.consent
        self._update_purpose(consent)
        self._update_recipient(consent)
        self._update_conversation(consent)
        self._update_giver(consent)
        if self._is_asked:
            self._show_lacks()
        self._is_following = False

    def _update_purpose(self, consent: Consent) -> None:
        groups = cast("GroupsEditor", self.sheet.editors["groups"])
        is_said = isinstance(consent.purpose, str)
        widest = PURPOSE_GROUPS.get(str(consent.purpose), frozenset())
        groups.set_allowed_groups(widest if is_said else None)
        self.sheet.form_rows["groups"].update_message()
        self.sheet.places["purpose"].set_message(widest_groups_message(widest) if is_said else "")
        self._propose_last_day(consent)

    def _propose_last_day(self, consent: Consent) -> None:
        """Propose the last day for this purpose, unless a person chose another day."""
        if "expires" not in self.sheet.editors or not isinstance(consent.purpose, str):
            return
        day = self.terms.last_days.get(consent.purpose)
        editor = self.sheet.editors["expires"]
        if editor.is_valid and editor.value() in (None, self._proposed) and day is not None:
            self._proposed = day
            if editor.value() != day:
                editor.enter(day)
        self.sheet.places["expires"].set_message(
            proposed_day_message(day) if day is not None and editor.value() == day else ""
        )

    def _update_recipient(self, consent: Consent) -> None:
        party = self.terms.parties.get(str(consent.recipient))
        if party is None and isinstance(consent.recipient, str):
            self._look_up(consent.recipient)
        message, tone = recipient_message(party) if party is not None else ("", Tone.MUTED)
        self.sheet.places["recipient"].set_message(message, tone)

    @task
    async def _look_up(self, recipient: str) -> None:
        """Read what must be known of a recipient who is neither ourselves nor a partner."""
        kit, desk, client = self._tools, self._house, self._parent
        if client is None or recipient == self._sought:
            return
        self._sought = recipient
        party = await call(kit, read_consent_recipient, desk, client, recipient)
        self.terms = self.terms.with_party(recipient, party)
        self._update_form()

    def _update_conversation(self, consent: Consent) -> None:
        explained = cast("ExplainedPointsEditor", self.sheet.editors["explained"])
        code = consent.language
        state = self._house.adapters.client_texts.state(PaperName.CONSENT_FORM, code)
        hers = self._tools.translator.client(str(code)) if state is not None else None
        explained.set_language(hers)
        self.warning.set_language(code, hers)
        self.sheet.places["language"].set_message(text_state_message(code, state))
        around = self.terms.context_for(consent.recipient)
        is_needed = around.is_third_country and not around.has_tool
        self.sheet.show_step(_THIRD_COUNTRY_STEP, is_needed=is_needed)
        is_explicit = consent.transfer_tool == EXPLICIT_CONSENT
        self.warning.setVisible(is_explicit)
        self.sheet.show_field("warned", is_needed=is_explicit)
        self.sheet.show_field("withholding_reason", is_needed=bool(consent.withheld))

    def _update_giver(self, consent: Consent) -> None:
        is_child = self.terms.is_child
        is_others = is_child or consent.given_by in FOR_A_CHILD
        self.sheet.show_field("guardian", is_needed=is_others)
        self.sheet.show_field("assent", is_needed=is_others)
        place = self.sheet.places["given_by"]
        if is_child:
            place.set_message(
                N_("She counts as a child while her age is not recorded, or is below 18. Her age "
                   "is under Person."), Tone.WARNING
            )  # fmt: skip
        else:
            place.set_message("")

    @property
    def _missing(self) -> Sequence[tuple[str, ConsentDefect]]:
        return recording_defects(self.completed_consent, self._case_context())

    def _show_missing_count(self, count: int) -> None:
        self.state.set_message(lambda language: missing_answers_text(count, language))

    def _show_lacks(self) -> None:
        missing = self._missing
        self._show_missing_count(len({key for key, _ in missing}))
        found: dict[str, list[Message]] = {}
        for key, lack in missing:
            found.setdefault(key, []).append(LACK_MESSAGES[lack])
        self.sheet.show_findings(found)

    def _on_read_aloud(self) -> None:
        self.sheet.editors["warned"].enter(zoned_now(self._house))
        self.sheet.editors["warned"].focus()

    def _show_buttons(self) -> None:
        super()._show_buttons()
        self._foot.show()
        self.save_button.show()

    def _say_kept(self, milliseconds: int) -> None:
        """Show when the draft was saved, unless missing answers are shown in its place."""
        if not self._is_asked:
            super()._say_kept(milliseconds)

    def _on_saved(self, done: Saved, left: Sequence[str] = ()) -> None:
        kit, desk = self._tools, self._house
        self.rid, self._is_saving = None, False  # nothing is left to save as a draft
        self.saved.emit(done)
        kit.events.drafts_changed.emit()
        kit.events.changed.emit(done.types)
        kit.notify(N_("Consent recorded."), lambda: undo_change(kit, desk, done))


class VitalInterestsForm(ConsentForm):
    """The form for the decision of the first of two people."""

    talk: Sequence[FormStep] = (
        FormStep(N_("Why it cannot wait"), (("reason",), ("form",))),
        FormStep(N_("To whom, and for what"), (("recipient", "purpose"),)),
        FormStep(N_("What must be shared"), (("groups",),)),
    )
    record_words = N_("Decide, as the first of two")

    @property
    def consent(self) -> Consent:
        """The consent with the form `vital_interests`."""
        return replace(super().consent, form=VITAL_INTERESTS)

    @property
    def completed_consent(self) -> Consent:
        """The consent without a default time: the service records when it was decided."""
        return self.consent

    def _set_up(self) -> None:
        self.sheet.show_field("form", is_needed=False)

    def _fill_in(self) -> None:
        """Do nothing: this form has no default values."""

    def _update_conversation(self, _consent: Consent) -> None:
        if self.sheet.has_changes and self._is_open("form"):
            self.sheet.editors["form"].enter(VITAL_INTERESTS)

    def _update_giver(self, _consent: Consent) -> None:
        """Do nothing: this form does not ask who gave the consent."""

    def _record(self, rid: bytes, held: Held) -> None:
        desk = self._house
        self._tools.worker.run(
            lambda: record_vital_interests(desk, rid, held), self._on_decided, self._on_refused
        )

    def _on_decided(self, _made: bytes) -> None:
        kit = self._tools
        self.rid, self._is_saving = None, False
        self.closed.emit()
        kit.events.drafts_changed.emit()
        kit.events.changed.emit(frozenset({"consent"}))
        kit.notify(N_("Recorded. Nothing is sent until a second person agrees."))


# --- The panel


@dataclass(frozen=True, slots=True)
class ConsentFormContext:
    """The client of the forms, and the terms and offers that apply now."""

    client: bytes
    terms: ConsentTerms
    offers: FormOptions


class ConsentFormPanel(QWidget):
    """The panel of the consent form; `opened` and `closed` follow the form."""

    opened = Signal()
    closed = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        on_escape(self, self.close_form, lambda: self.form is not None)
        self._kit = kit
        self._desk = desk
        self._setting: ConsentFormContext | None = None
        self._waiting: tuple[type[ConsentForm], Mapping[str, Value], OpenDraft | None] | None = None
        self.form: ConsentForm | None = None
        self.paper: ConsentFormPrinting | None = None
        self._column = column(on=self)
        self.hide()

    @property
    def rid(self) -> bytes | None:
        """The id of the consent in the open form, or None."""
        return self.form.rid if self.form is not None else None

    def set_context(self, setting: ConsentFormContext) -> None:
        """Apply the current terms and open a form that waited for them."""
        self._setting = setting
        if self.form is not None:
            self.form.set_terms(setting.terms, setting.offers)
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._open(*waiting)

    def begin(self, kind: type[ConsentForm], values: Mapping[str, Value]) -> None:
        """Open a new form with known values, now or as soon as the terms are loaded."""
        self._open(kind, values, None)

    def resume_draft(self, draft: OpenDraft) -> None:
        """Resume a draft."""
        is_vital = draft.form.values.get("form") == VITAL_INTERESTS
        self._open(VitalInterestsForm if is_vital else ConsentForm, {}, draft)

    def close_form(self) -> None:
        """Close the form and save its values as a draft."""
        events = self._kit.events
        if self.form is not None:
            self.form.save_draft()
            # The form is deleted before its draft is saved, so it cannot send the signal itself.
            self._kit.worker.run(lambda: None, lambda _: events.drafts_changed.emit())
            self.form = self.paper = None
            clear_layout(self._column)
            self.hide()
            self.closed.emit()

    def _open(
        self, kind: type[ConsentForm], values: Mapping[str, Value], draft: OpenDraft | None
    ) -> None:
        setting = self._setting
        if setting is None:
            self._waiting = kind, values, draft
            return
        self.close_form()
        self.form = form = kind(self._kit, self._desk, setting.offers, setting.terms)
        form.saved.connect(lambda _done: self.close_form())
        form.closed.connect(self.close_form)
        extend(self._column, self._make_card(form))
        rid = draft.line.rid if draft is not None else self._desk.new_id()
        form.begin(self._blank(setting, rid), draft, _initial_values(form, values))
        self.show()
        known = {"recipient"} & values.keys() if form.talk is CONSENT_STEPS else set()
        form.sheet.focus_on(next(key for key in form.sheet.editors if key not in known))
        self.opened.emit()

    def _make_card(self, form: ConsentForm) -> CardFrame:
        is_vital = isinstance(form, VitalInterestsForm)
        title, icon = (_VITAL_INTERESTS, "life-buoy") if is_vital else (_NEW_CONSENT, "file-check")
        buttons: list[QWidget] = []
        if not is_vital and self._desk.may(Right.PRINT_INTERNAL):
            buttons.append(self._make_print_button(form))
        close = Button(self._kit, N_("Close"), "x", ButtonLook.QUIET, on=self.close_form).bared()
        words = _VITAL_INTERESTS_HELP if is_vital else _NEW_CONSENT_HELP
        return CardFrame(
            parts=(
                heading(self._kit, title, icon, *buttons, close),
                muted(self._kit, words),
                8,
                form,
            )
        )

    def _make_print_button(self, form: ConsentForm) -> ConsentFormPrinting:
        """Return the print button of the form; it saves the draft before it prints."""

        def kept() -> bytes | None:
            form.save_draft()
            return form.rid

        self.paper = paper = ConsentFormPrinting(self._kit, self._desk, kept)

        def offer() -> None:
            talked = form.consent.language
            spoken = (talked,) if isinstance(talked, str) else ()
            paper.set_options((*spoken, *form.terms.languages))

        form.sheet.edited.connect(offer)
        offer()
        return paper

    def _blank(self, setting: ConsentFormContext, rid: bytes) -> RecordView[Consent]:
        house = self._desk.identity.organisation
        return view(Row(rid, "consent", setting.client, house, EMPTY_STATE), Consent)


_NEW_CONSENT, _VITAL_INTERESTS = N_("New consent"), N_("Danger to life (vital interests)")
_NEW_CONSENT_HELP = N_(
    "Talk it through with her in this order. Nothing is shared until you record it. "
    "You can stop at any time: what you have entered is kept."
)
_VITAL_INTERESTS_HELP = N_(
    "Only where waiting for her own consent would put a life at risk. Two people decide, it ends "
    "within 72 hours, and she is told as soon as she can hear it."
)


def _initial_values(form: ConsentForm, values: Mapping[str, Value]) -> dict[str, Value]:
    """Return default and known values for the fields that this form has."""
    spoken = form.terms.languages[:1]
    usual: dict[str, Value] = {"language": spoken[0]} if spoken else {}
    if not form.terms.is_child:
        usual["given_by"] = "client"
    both = {**usual, **values}
    return {key: value for key, value in both.items() if key in form.sheet.editors}
