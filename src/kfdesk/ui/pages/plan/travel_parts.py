# SPDX-License-Identifier: GPL-3.0-or-later
"""Preparations for a journey: checklist, documents, company, safety, help numbers.

`DepartureChecklist` saves each answer at once: in the list Space means done, minus means does not
apply, and the same key again opens a point. A point that the records answer is not ticked: the
keys lead to what it lacks. `SafetyCard` keeps its contents covered; they are
never sent and never printed. `JourneyCard` shows the timeline. `plan.travel` arranges the parts.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any, ClassVar

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent

from kfdesk.domain.codes.case import DEPARTURE_CHECK, HANDOVER_RESULT
from kfdesk.domain.directory import has_directory_help
from kfdesk.domain.itinerary import TESTED_WITHIN, with_own_test
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.journey import Handover, HelpNumber, TravelDocument
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.gates import Gate
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import field_of, gate_sentence, localized_text, value_text, zoned_time_text
from kfdesk.services.core.session import Session
from kfdesk.services.plans.journey import (
    CheckAnswer,
    answer_departure_check,
    departure_answers,
    record_test_call,
    record_unanswered_call,
    ticked_by_hand,
)
from kfdesk.services.plans.plans import PlanPage
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions
from kfdesk.ui.forms.form import Form, plan_form_options
from kfdesk.ui.forms.record_form import RecordForm
from kfdesk.ui.forms.record_list import RecordList, RecordListSpec, Summary
from kfdesk.ui.pages.plan.journey import (
    ShownLeg,
    journey_span_text,
    journey_stops,
    journey_stretches,
)
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import RADIUS_CONTROL, ROW, TextStyle, Tone
from kfdesk.ui.widgets.build import STRETCH, extend, grown, muted, panel, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.collapsible import CollapsibleCard
from kfdesk.ui.widgets.layout import CardFrame, FlowBox
from kfdesk.ui.widgets.painting import draw_focus_ring
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView
from kfdesk.ui.widgets.text import Icon, Label
from kfdesk.ui.widgets.timeline import JourneyTimeline

# --- Checklist before departure

FOLDED_PADDING = 4
"""Around a folded card: six of them take little more room than the timeline."""

_CHECK_ROW_HEIGHT = ROW - 10
_OFF = CheckAnswer.NOT_APPLICABLE
_CHECK_LOOKS = {
    CheckAnswer.OPEN: (N_("Still open"), "circle", Tone.MUTED),
    CheckAnswer.DONE: (N_("Done"), "circle-check", Tone.SUCCESS),
    CheckAnswer.NOT_APPLICABLE: (N_("Does not apply"), "ban", Tone.MUTED),
}
_NOT_RECORDED = (N_("Not recorded"), "circle", Tone.MUTED)
"""An open point once she has left: nothing of it is still to be done."""
_PROVEN_DONE = (N_("From the records"), "circle-check", Tone.SUCCESS)
_TICKED_EARLIER = (N_("Ticked, not on record"), "triangle-alert", Tone.WARNING)
_WHY_DONE = N_("The records say so. No one has to tick it.")
_WHY_TICKED = N_("Someone ticked this by hand. The records do not show it.")
_CHECK_NOTIFICATIONS = {
    CheckAnswer.OPEN: N_("Open again."),
    CheckAnswer.DONE: N_("Ticked as done."),
    CheckAnswer.NOT_APPLICABLE: N_("Marked: does not apply."),
}


class DepartureCheckTable(TableView):
    """The points of the checklist; `answered` carries what a key answers to the current one."""

    answered = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer with Space and minus; leave keys with Alt to the page."""
        keys = {Qt.Key.Key_Space: CheckAnswer.DONE, Qt.Key.Key_Minus: CheckAnswer.NOT_APPLICABLE}
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        elif event.key() in keys:
            self.answered.emit(keys[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def _set_row_height(self, *, has_two_lines: bool) -> None:
        super()._set_row_height(has_two_lines=has_two_lines)
        self.row_height = max(_CHECK_ROW_HEIGHT, self.fontMetrics().height() + 8)
        self.verticalHeader().setDefaultSectionSize(self.row_height)


class DepartureChecklist(CollapsibleCard):
    """The card with the checklist; `help_asked` carries the kind of help for the current point.

    `record_asked` carries the gate of a point that the records do not prove yet.
    """

    help_asked = Signal(str)
    record_asked = Signal(object)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, N_("Before leaving"), "list-checks", FOLDED_PADDING)
        self._kit = kit
        self._desk = desk
        self._plan: bytes | None = None
        self._answers = dict.fromkeys(DEPARTURE_CHECK, CheckAnswer.OPEN)
        self._proven: Mapping[str, Gate] = {}
        self._ticked: frozenset[str] = frozenset()
        self._is_built = self._is_shut = self._has_left = False
        self.content_asked.connect(self._on_content_asked)
        kit.translator.changed.connect(self._show)

    def _on_content_asked(self) -> None:
        """Build the points, which nobody can see before the card is opened."""
        if self._is_built:
            return
        self._is_built, kit = True, self._kit
        self.table = DepartureCheckTable(
            kit, (ColumnSpec(N_("To check"), stretches=True), ColumnSpec(N_("Status")))
        )
        kit.translator.bind(self.table.setAccessibleName, N_("Before leaving"))
        done, off = (partial(self.answer, one) for one in (CheckAnswer.DONE, _OFF))
        self.done = Button(kit, N_("Done"), "circle-check", ButtonLook.TONAL, done)
        self.off = Button(kit, N_("Does not apply"), "ban", ButtonLook.QUIET, off)
        self.help = Button(kit, N_("Find help"), "book-user", ButtonLook.QUIET, self._on_help)
        self.buttons = FlowBox(self.done.show_key("Space"), self.off.show_key("-"), self.help)
        self.why = muted(kit, "", TextStyle.SMALL)
        for part in (self.table, self.why, self.buttons):
            extend(self.inside, part)
        self.table.answered.connect(self.answer)
        self.table.chosen.connect(lambda _row: self.answer(CheckAnswer.DONE))
        self.table.selectionModel().currentRowChanged.connect(self._show_buttons)
        self._show()

    @property
    def current(self) -> str:
        """The code of the current point."""
        return self.shown[max(0, self.table.currentIndex().row()) if self._is_built else 0]

    @property
    def shown(self) -> Sequence[str]:
        """The codes of the points: first those that a person answers, then those on record."""
        return tuple(self._answers)

    def show_plan(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show the checklist of this plan."""
        self._plan, self._is_shut = None if is_read_only else page.plan.rid, is_read_only
        self._proven, self._has_left = page.proven, page.has_left
        known = departure_answers(page.plan.record, page.proven)
        self._ticked = ticked_by_hand(page.plan.record)
        mine = {code: known[code] for code in known if code not in page.proven}
        rest = {code: known[code] for code in page.proven if known[code] is not _OFF}
        self._answers = mine | rest
        self._show()

    @task
    async def answer(self, answer: CheckAnswer) -> None:
        """Answer the current point; repeating its answer opens it again.

        Of a point that the records answer, ask for the record instead.
        """
        kit, desk, plan, check = self._kit, self._desk, self._plan, self.current
        if plan is None:
            return
        if check in self._proven:
            if self._proven[check].is_open and answer is CheckAnswer.DONE:
                self.record_asked.emit(self._proven[check])
            return
        if self._answers[check] is answer:
            answer = CheckAnswer.OPEN
        self._answers[check] = answer
        self._show()
        done = await call(kit, answer_departure_check, desk, plan, check, answer)
        notify_done(kit, desk, (done,), _CHECK_NOTIFICATIONS[answer])

    def _show(self) -> None:
        held = list(self._answers.values())
        has_left = self._has_left
        self.show_message(lambda spoken: open_checks_text(held, spoken, has_left=has_left))
        if not self._is_built:
            return
        self.buttons.setVisible(not self._is_shut)
        language = self._kit.translator.language
        self.table.show_rows(
            [_check_row(code, self._look_of(code), language) for code in self._answers]
        )
        self.table.fit_height()
        if not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self._show_buttons()

    def _show_buttons(self) -> None:
        now, gate = self._answers[self.current], self._proven.get(self.current)
        self.done.setVisible(gate is None or gate.is_open)
        self.off.setVisible(gate is None)
        self.done.show_icon("circle-check" if gate is None else "pencil")
        self.why.setVisible(gate is not None)
        self.help.setVisible(has_directory_help(f"check.{self.current}"))
        if gate is not None:
            self.done.set_message(N_("Fix"))
            self.why.set_message(partial(self._why_text, gate, self.current in self._ticked))
            return
        is_done, is_off = now is CheckAnswer.DONE, now is CheckAnswer.NOT_APPLICABLE
        self.done.set_message(N_("Open again") if is_done else N_("Done"))
        self.off.set_message(N_("Applies after all") if is_off else N_("Does not apply"))

    def _look_of(self, check: str) -> tuple[str, str, Tone]:
        answer = self._answers[check]
        if answer is CheckAnswer.OPEN and self._has_left and check not in self._ticked:
            return _NOT_RECORDED
        if check not in self._proven:
            return _CHECK_LOOKS[answer]
        if answer is CheckAnswer.DONE:
            return _PROVEN_DONE
        return _TICKED_EARLIER if check in self._ticked else _CHECK_LOOKS[answer]

    @staticmethod
    def _why_text(gate: Gate, is_ticked: bool, language: Language) -> str:
        """Return why the records do not prove a point, or that they do."""
        if not gate.is_open:
            return language.gettext(_WHY_DONE)
        said = gate_sentence(gate, language)
        return f"{said} {language.gettext(_WHY_TICKED)}" if is_ticked else said

    def _on_help(self) -> None:
        self.help_asked.emit(f"check.{self.current}")


def _check_row(
    check: str, look: tuple[str, str, Tone], language: Language
) -> tuple[TableCell, ...]:
    word, icon, tone = look
    says = TableCell(language.gettext(DEPARTURE_CHECK[check]))
    return (says, TableCell(language.gettext(word), icon=icon, tone=tone))


def open_checks_text(
    held: Sequence[CheckAnswer], language: Language, *, has_left: bool = False
) -> str:
    """Return how many points are open; once she has left, how many were not recorded."""
    left = held.count(CheckAnswer.OPEN)
    if not left:
        return language.gettext(N_("nothing missing"))
    if has_left:
        words = language.gettext(N_("over, not recorded: {count} of {all}"))
        return words.format(count=left, all=len(held))
    return language.plural("{count} of {all} open", "{count} of {all} open", left, all=len(held))


# --- Travel documents and handovers

_DOCUMENT_KEYS = (
    "kind", "country", "number", "valid_until", "status", "name_as_written", "whose",
)  # fmt: skip
_HANDOVER_KEYS = (
    "happened", "place", "given_by", "received_by", "result", "confirmed_by_client", "items",
)  # fmt: skip
_IN_HAND_STATUSES = frozenset({"held_by_client", "held_safe", "issued"})
_LOST_STATUSES = frozenset({"expired", "lost", "taken_by_trafficker"})


def travel_document_listing(
    ends: Callable[[], date | None], holder: Callable[[RecordView[Any]], str]
) -> RecordListSpec:
    """Return the list of travel documents.

    `ends` returns the last day of the journey, `holder` the name of whose a document is, empty for
    the client's.
    """
    return RecordListSpec(
        record_type="travel_document",
        keys=_DOCUMENT_KEYS,
        title=N_("Travel documents"),
        icon="files",
        add=N_("Add a document"),
        empty=N_(
            "No document yet. What she travels with is listed here, and how long it is valid."
        ),
        sum_up=lambda seen, language: _document_summary(seen, language, ends(), holder(seen)),
        rows=(("kind", "country"), ("number", "valid_until"), ("status", "name_as_written")),
    )


def handover_listing() -> RecordListSpec:
    """Return the list of handovers; most journeys have one."""
    return RecordListSpec(
        record_type="handover",
        keys=_HANDOVER_KEYS,
        title=N_("Handover"),
        icon="user-round-check",
        add=N_("Record the handover"),
        empty=N_("Not yet. Record here who received her, where and when."),
        sum_up=_handover_summary,
        rows=(
            ("happened", "place"),
            ("given_by", "received_by"),
            ("result", "confirmed_by_client"),
        ),
    )


def _document_summary(
    seen: RecordView[TravelDocument], language: Language, ends: date | None, holder: str
) -> Summary:
    record = seen.record
    parts = [holder, *(_value_word(seen, key, language) for key in ("kind", "number"))]
    title = ", ".join(filter(None, parts)) or "–"
    until, status = record.valid_until, record.status
    under = _value_word(seen, "status", language)
    if isinstance(until, date):
        valid = language.gettext(N_("Valid until {date}")).format(
            date=language.day(until, year=True)
        )
        under = " · ".join(filter(None, (valid, under)))
        if ends is not None and until < ends:
            words = language.gettext(N_("expires before she arrives"))
            return Summary(title, under, Tone.WARNING, "triangle-alert", words)
    if status in _LOST_STATUSES:
        word = _value_word(seen, "status", language)
        return Summary(title, under, Tone.DANGER, "circle-alert", word)
    if not isinstance(until, date):
        words = language.gettext(N_("valid until when?"))
        return Summary(title, under, Tone.WARNING, "triangle-alert", words)
    if status in _IN_HAND_STATUSES:
        return Summary(title, under, Tone.ACCENT, "circle-check", language.gettext(N_("in hand")))
    return Summary(title, under)


def _handover_summary(seen: RecordView[Handover], language: Language) -> Summary:
    record = seen.record
    title = _value_word(seen, "happened", language) or "–"
    who = [_value_word(seen, key, language) for key in ("place", "given_by", "received_by")]
    under = " · ".join(filter(None, who))
    result = str(record.result)
    if result not in HANDOVER_RESULT:
        return Summary(title, under)
    is_well = result.startswith("received")
    tone, icon = (Tone.SUCCESS, "circle-check") if is_well else (Tone.DANGER, "octagon-alert")
    return Summary(title, under, tone, icon, _value_word(seen, "result", language))


def _value_word(seen: RecordView[Any], key: str, language: Language) -> str:
    """Return a value in words, or an empty text without a value."""
    value = getattr(seen.record, key)
    if value is None:
        return ""
    return value_text(field_of(seen.row.type, key), value, language)


# --- Company and safety

COMPANY_KEYS = (
    "escort_kind", "escort", "programme", "receiver", "luggage", "reminders", "travel_help",
    "fit_to_travel_needed", "fit_to_travel_until", "special_needs", "together_shows",
)  # fmt: skip
"""The fields of the plan in the card of company and needs on the way."""
_COMPANY_ROWS = (
    ("escort_kind", "escort"), ("programme", "receiver"), ("luggage", "reminders"),
    ("fit_to_travel_needed", "fit_to_travel_until"),
)  # fmt: skip
_COVERED = "••••••••"


class FoldedFieldsCard(CollapsibleCard):
    """A card with some of the plan's fields; `made` carries its form once it is built.

    It is built when the card is first opened, and on access.
    """

    made = Signal(object)
    keys: ClassVar[Sequence[str]]

    def __init__(
        self,
        kit: UiContext,
        desk: Session,
        title: str,
        icon: str,
        text: Callable[[PlanPage, Language], str],
    ) -> None:
        """Show `text` beside the heading while the card is folded."""
        super().__init__(kit, title, icon, FOLDED_PADDING)
        self._kit, self._desk, self._text = kit, desk, text
        self._page: PlanPage | None = None
        self._is_shut = False
        self.content_asked.connect(lambda: self.form)

    @cached_property
    def form(self) -> RecordForm:
        """The form of the fields; it is built on access."""
        form = self._make_form()
        form.draft_found.connect(partial(self.set_open, is_open=True))
        self._show_fields(form)
        self.made.emit(form)
        return form

    @property
    def built(self) -> RecordForm | None:
        """The form, or None before it is built."""
        return self.__dict__.get("form")

    def show_plan(self, page: PlanPage, *, is_read_only: bool) -> None:
        """Show the fields of this plan."""
        self._page, self._is_shut = page, is_read_only
        self.show_message(partial(self._text, page))
        if self.built is not None:
            self._show_fields(self.built)

    def _make_form(self) -> RecordForm:
        """Build the form, with what is beside it, into the card."""
        form = RecordForm(self._kit, self._desk, "plan", Form(self._kit, "plan", self.keys))
        extend(self.inside, form)
        return form

    def _show_fields(self, form: RecordForm) -> None:
        if self._page is not None:
            form.show_view(self._page.plan)
            form.form.set_read_only(is_read_only=self._is_shut)


class TravelCompanyCard(FoldedFieldsCard):
    """The card with escort, receiver and needs on the way."""

    keys = COMPANY_KEYS

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk, N_("Company and needs on the way"), "user", _company_text)

    def _make_form(self) -> RecordForm:
        offers = self._offers(self._page) if self._page is not None else None
        fields = Form(self._kit, "plan", COMPANY_KEYS, offers, _COMPANY_ROWS)
        form = RecordForm(self._kit, self._desk, "plan", fields)
        extend(self.inside, form)
        return form

    def _show_fields(self, form: RecordForm) -> None:
        if self._page is not None:
            form.form.set_form_options(self._offers(self._page))
        super()._show_fields(form)

    def _offers(self, page: PlanPage) -> FormOptions:
        return plan_form_options(self._kit, page, self._desk)


def _company_text(page: PlanPage, language: Language) -> str:
    """Return who travels along and who receives her: `Escort: Eva · Receiver: Дом у реки`."""
    plan, nobody = page.plan.record, language.gettext(N_("not filled in"))
    kind = _value_word(page.plan, "escort_kind", language)
    escort = ", ".join(filter(None, (kind, page.escort))) or nobody
    parts = [
        language.gettext(N_("Escort: {name}")).format(name=escort),
        language.gettext(N_("Receiver: {name}")).format(name=page.receiver or nobody),
    ]
    if plan.special_needs:
        parts.append(_value_word(page.plan, "special_needs", language))
    return " · ".join(parts)


class SafetyCard(FoldedFieldsCard):
    """The card with alarm plan and hidden code word, which are never sent and never printed."""

    keys = ("alarm_plan", "code_word")

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(kit, desk, N_("Safety"), "shield-alert", _safety_text)
        self._word = ""
        self._is_open = False
        self._is_changing = False

    def _make_form(self) -> RecordForm:
        kit = self._kit
        fields = Form(kit, "plan", self.keys)
        form = RecordForm(kit, self._desk, "plan", fields)
        self._slot = fields.form_rows["code_word"]
        fields.edited.connect(self._on_edited)
        form.saved.connect(lambda _done: self._cover())
        form.drop_button.clicked.connect(self._cover)
        self._shown = Label(kit, style=TextStyle.STRONG)
        quiet = ButtonLook.QUIET
        self.eye = Button(kit, N_("Show the code word"), "eye", quiet, self._on_eye_clicked).bared()
        self.change = Button(
            kit, N_("Change the code word"), "pencil", quiet, self._on_change_clicked
        )
        self._lay_out(form)
        self._show_word()
        return form

    def _show_fields(self, form: RecordForm) -> None:
        """Show the fields of this plan; a visible code word stays visible."""
        super()._show_fields(form)
        word = self._page.plan.record.code_word if self._page is not None else ""
        self._word = word if isinstance(word, str) else ""
        self.change.setVisible(not self._is_shut)
        self._show_word()

    def hideEvent(self, event: QHideEvent) -> None:
        """Hide the code word when the section is left."""
        if self.built is not None:
            self._cover()
        super().hideEvent(event)

    def _lay_out(self, form: RecordForm) -> None:
        kit = self._kit
        label = Label(kit, N_("Code word"), TextStyle.LABEL, Tone.MUTED)
        self._line = panel(row(label, self._shown, self.eye, self.change, STRETCH, gap=12))
        words = N_("Code word and alarm plan are never printed and never sent to a partner.")
        never = row(Icon(kit, "lock"), grown(muted(kit, words, TextStyle.SMALL)), gap=8)
        for part in (self._line, form, never):
            extend(self.inside, part)

    def _on_eye_clicked(self) -> None:
        self._is_open = not self._is_open
        self._show_word()

    def _on_change_clicked(self) -> None:
        self._is_changing = True
        self._show_word()
        self.form.form.focus_on("code_word")

    def _on_edited(self) -> None:
        """Show the editor of the code word if a resumed draft has changed it."""
        if self.form.form.editors["code_word"].has_changed and not self._is_changing:
            self._is_changing = True
            self._show_word()

    def _cover(self) -> None:
        self._is_open = self._is_changing = False
        self._show_word()

    def _show_word(self) -> None:
        covered = _COVERED if self._word else "–"
        self._shown.show_text(self._word if self._is_open else covered)
        self.eye.show_icon("eye-off" if self._is_open else "eye")
        self.eye.set_message(
            N_("Hide the code word") if self._is_open else N_("Show the code word")
        )
        self._slot.setVisible(self._is_changing)
        self._line.setVisible(not self._is_changing)


def _safety_text(page: PlanPage, language: Language) -> str:
    """Return whether there is an alarm plan and a code word; never what they say."""
    plan, said = page.plan.record, []
    for value, there, missing in (
        (plan.alarm_plan, N_("alarm plan recorded"), N_("no alarm plan")),
        (plan.code_word, N_("code word set"), N_("no code word")),
    ):
        said.append(language.gettext(there if isinstance(value, str) and value else missing))
    return " · ".join(said)


# --- Timeline


_TIMELINE_PADDING = 10


class FocusableTimeline(JourneyTimeline):
    """A timeline with focus; `stepped` carries by how many legs to move."""

    stepped = Signal(int)

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move between the legs with Left and Right."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.stepped.emit(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            ink = self._kit.theme.colours.focus
            draw_focus_ring(QPainter(self), QRectF(self.rect()), RADIUS_CONTROL, ink)


class JourneyCard(CardFrame):
    """The card with the timeline; `span` is the duration of the journey, shown elsewhere."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(_TIMELINE_PADDING)
        self._kit = kit
        self._desk = desk
        self._legs: tuple[ShownLeg, ...] = ()
        self.line = FocusableTimeline(kit)
        self.span = Label(kit, style=TextStyle.SMALL, tone=Tone.MUTED)
        extend(self.body, self.line)
        kit.translator.on_language_change(self, self._show)

    def show_legs(self, legs: tuple[ShownLeg, ...]) -> None:
        self._legs = legs
        self._show()

    def _show(self) -> None:
        legs, language = self._legs, self._kit.translator.language
        at = self._desk.adapters.clock.now()
        self.line.show_journey(
            list(journey_stops(legs, language)), list(journey_stretches(legs, language, at))
        )
        views = [leg.view for leg in legs]
        self.span.set_message(lambda spoken: journey_span_text(views, spoken))


# --- Help numbers

_HELP_NUMBER_KEYS = (
    "number",
    "sequence",
    "hours",
    "languages",
    "answered_by",
    "called",
    "called_by",
)


class HelpNumberList(RecordList):
    """The list of help numbers; each can be marked as called now."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        self.called: dict[bytes, Button] = {}
        self.unanswered: dict[bytes, Button] = {}
        super().__init__(kit, desk, _help_number_listing(lambda: desk))

    def _show_lines(self) -> None:
        pairs = (*self.called.items(), *self.unanswered.items())
        held = next((rid for rid, button in pairs if button.hasFocus()), None)
        self.called.clear()
        self.unanswered.clear()
        super()._show_lines()
        if held is not None:
            self.called.get(held, self.add_button).setFocus()

    def _more_buttons(self, one: RecordView[Any]) -> tuple[Button, ...]:
        if not isinstance(one.record.number, str):
            return ()
        quiet, number = ButtonLook.QUIET, one.record.number
        record = partial(self.record_call, one.rid)
        called = Button(self._kit, N_("Called now"), "phone", quiet, record)
        record = partial(self.record_no_answer, one.rid)
        unanswered = Button(self._kit, N_("No answer"), "", quiet, record)
        for button, name in (
            (called, N_("Called now: {number}")),
            (unanswered, N_("No answer: {number}")),
        ):
            self._kit.translator.bind(button.setAccessibleName, name, number=lambda _: number)
        self.called[one.rid], self.unanswered[one.rid] = called, unanswered
        return (called, unanswered)

    @task
    async def record_call(self, rid: bytes) -> None:
        """Record that this number was called just now and answered."""
        done = await call(self._kit, record_test_call, self._desk, rid, self.offers.zone)
        notify_done(self._kit, self._desk, (done,), N_("Recorded: called just now."))

    @task
    async def record_no_answer(self, rid: bytes) -> None:
        """Record that nobody answered this number just now: it is to be tested again."""
        done = await call(self._kit, record_unanswered_call, self._desk, rid)
        notify_done(
            self._kit, self._desk, (done,), N_("Recorded: no answer. Test this number again.")
        )


def help_numbers_text(
    numbers: Sequence[RecordView[HelpNumber]], at: datetime, language: Language
) -> str:
    """Return how many numbers there are and whether each was tried, for the folded card."""
    if not numbers:
        return language.gettext(N_("no number yet"))
    untried = sum(not _is_tried(with_own_test(one).record, at) for one in numbers)
    told = language.plural("{count} number", "{count} numbers", len(numbers))
    if untried:
        words = language.ngettext("{count} to test", "{count} to test", untried)
        return f"{told} · {words.format(count=untried)}"
    tried = language.gettext(N_("all tested in the last 72 hours"))
    return f"{told} · {tried}"


def records_text(
    records: RecordList, views: Sequence[RecordView[Any]], none: str, language: Language
) -> str:
    """Return the title and fact of each record in a folded list, or `none`."""
    if not views:
        return language.gettext(none)
    told = [records.listing.sum_up(one, language) for one in views]
    return " · ".join(", ".join(filter(None, (one.title, one.fact))) for one in told)


def _help_number_listing(desk: Callable[[], Session]) -> RecordListSpec:
    return RecordListSpec(
        record_type="help_number",
        keys=_HELP_NUMBER_KEYS,
        title=N_("Help numbers"),
        icon="phone",
        add=N_("Add a help number"),
        empty=N_("No number yet. Her sheet needs two that work when called from abroad."),
        sum_up=lambda seen, language: _help_number_summary(seen, language, desk()),
        rows=(("number", "sequence"), ("called", "called_by")),
    )


def _help_number_summary(
    seen: RecordView[HelpNumber], language: Language, desk: Session
) -> Summary:
    record = seen.record
    title = record.number if isinstance(record.number, str) else "–"
    spoken = record.languages if isinstance(record.languages, tuple) else ()
    under = [localized_text(record.hours, language), ", ".join(map(language.language, spoken))]
    tone, icon, fact = _tried_status(with_own_test(seen).record, language, desk)
    return Summary(title, " · ".join(filter(None, under)), tone, icon, fact)


def _is_tried(record: HelpNumber, at: datetime) -> bool:
    return isinstance(record.called, ZonedTime) and at - TESTED_WITHIN <= record.called.utc <= at


def _tried_status(record: HelpNumber, language: Language, desk: Session) -> tuple[Tone, str, str]:
    called = record.called
    if not isinstance(called, ZonedTime):
        return Tone.WARNING, "triangle-alert", language.gettext(N_("not tested yet"))
    if _is_tried(record, desk.adapters.clock.now()):
        told = language.gettext(N_("tested {time}")).format(time=zoned_time_text(called, language))
        return Tone.SUCCESS, "circle-check", told
    return Tone.WARNING, "clock", language.gettext(N_("not tested for 72 hours"))
