# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a plan: the line of states, the history, the texts, the alternative steps.

An alternative step does not lead to the next state: the client has changed her mind, the return
is not safe, the plan cannot go on. These steps are always available, each with its effect.
The workflow service decides whether a step is allowed, and the step card asks the question. A
state whose step needs texts is one entry in ALTERNATIVE_STEPS.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from kfdesk.domain.codes.case import GATES
from kfdesk.domain.message_marks import N_
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.decision import DECISION
from kfdesk.domain.workflow.gates import GateAnswer, last_written
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import broken_label, track_names, zoned_time_lines
from kfdesk.services.plans.plans import PlanPage
from kfdesk.services.workflow import PlanWorkflow, WorkflowStep
from kfdesk.ui import tokens
from kfdesk.ui.context import UiContext
from kfdesk.ui.record_views import STATE_LOOKS, state_word, written_at
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets import painting
from kfdesk.ui.widgets.build import column, extend, filled, grown, muted, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, clear_layout, make_hairline
from kfdesk.ui.widgets.text import Icon, Label

# --- The line of states

MAIN_PATH = (
    "draft", "assessing", "decision_ready", "approved", "travel_ready", "travelling", "arrived",
    "reintegrating", "follow_up", "closed",
)  # fmt: skip
_STATE_DISC, _CURRENT_DISC = 12, 18
_LINE_Y, _LABEL_TOP = 13.0, 26
_LABEL_GAP = 8
_LABEL_LINES = 2


class PlanStepper(QWidget):
    """The line of states."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._place = 0
        self._is_left = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        kit.translator.changed.connect(self.update)

    def show_state(self, state: str, last: str) -> None:
        """Mark a state; if it is not on the line, mark `last`, the state before it."""
        self._is_left = state not in MAIN_PATH
        here = last if self._is_left else state
        self._place = MAIN_PATH.index(here) if here in MAIN_PATH else 0
        self._kit.translator.bind(
            self.setAccessibleName, lambda language: self._state_sentence(state, language)
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(
            200,
            _LABEL_TOP + round(2 * painting.text_height(self._kit.theme.font(TextStyle.SMALL))) + 2,
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._kit.theme.colours
        step = self.width() / len(MAIN_PATH)
        centres = [step * (place + 0.5) for place in range(len(MAIN_PATH))]
        for place, (start, end) in enumerate(pairwise(centres)):
            is_behind = place < self._place
            painter.setPen(QPen(QColor(colours.success if is_behind else colours.line), 2))
            painter.drawLine(QPointF(start, _LINE_Y), QPointF(end, _LINE_Y))
        for place, centre in enumerate(centres):
            self._paint_disc(painter, place, centre)
        self._paint_words(painter, centres, step)

    def _paint_disc(self, painter: QPainter, place: int, centre: float) -> None:
        theme = self._kit.theme
        is_now = place == self._place and not self._is_left
        size = _CURRENT_DISC if is_now else _STATE_DISC
        area = QRectF(centre - size / 2, _LINE_Y - size / 2, size, size)
        if place < self._place or (place == self._place and self._is_left):
            painting.draw_disc(painter, theme, area, painting.Completion.DONE)
            return
        colours = theme.colours
        painting.draw_box(painter, area, size / 2, colours.surface)
        painter.setBrush(QColor(colours.surface))
        painter.setPen(QPen(QColor(colours.accent if is_now else colours.control), 1.5))
        painter.drawEllipse(area.adjusted(1, 1, -1, -1))
        if is_now:
            painting.draw_box(painter, area.adjusted(5, 5, -5, -5), 4, colours.accent)

    def _paint_words(self, painter: QPainter, centres: list[float], step: float) -> None:
        colours = self._kit.theme.colours
        language = self._kit.translator.language
        fonts = [self._font(place) for place in range(len(MAIN_PATH))]
        lines = [_two_lines(state_word(state, language)) for state in MAIN_PATH]
        has_room = _are_apart(lines, fonts, step)
        if not has_room:  # the short names of the papers, whose words may be parted
            lines = _short_labels(language, fonts, step - _LABEL_GAP)
            has_room = _are_apart(lines, fonts, step)
        for place in self._labelled_places(has_room=has_room):
            is_now = place == self._place and not self._is_left
            painter.setFont(fonts[place])
            painter.setPen(QColor(colours.accent if is_now else colours.text_muted))
            words = lines[place] if has_room else [state_word(MAIN_PATH[place], language)]
            self._paint_word(painter, centres[place], "\n".join(words))

    def _paint_word(self, painter: QPainter, centre: float, text: str) -> None:
        wide = max(painting.text_width(line, painter.font()) for line in text.split("\n")) + 4
        left = min(max(0.0, centre - wide / 2), self.width() - wide)
        area = QRectF(left, _LABEL_TOP, wide, self.height() - _LABEL_TOP)
        painter.drawText(area, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)

    def _labelled_places(self, *, has_room: bool) -> Iterator[int]:
        last = len(MAIN_PATH) - 1
        for place in range(len(MAIN_PATH)):
            is_far = min(abs(place - self._place), last) > 2
            if has_room or place == self._place or (place in (0, last) and is_far):
                yield place

    def _font(self, place: int) -> QFont:
        is_now = place == self._place and not self._is_left
        return self._kit.theme.font(TextStyle.SMALL_STRONG if is_now else TextStyle.SMALL)

    def _state_sentence(self, state: str, language: Language) -> str:
        words = language.gettext(N_("The status of the plan is: {state}."))
        return words.format(state=state_word(state, language))


def _are_apart(lines: Sequence[list[str]], fonts: Sequence[QFont], step: float) -> bool:
    """Return whether labels of at most two lines stand apart, `step` pixels from each other."""
    widths = [
        max(painting.text_width(line, font) for line in label)
        for label, font in zip(lines, fonts, strict=True)
    ]
    return all((one + other) / 2 + _LABEL_GAP <= step for one, other in pairwise(widths)) and all(
        len(label) <= _LABEL_LINES for label in lines
    )


def _short_labels(language: Language, fonts: Sequence[QFont], room: float) -> list[list[str]]:
    """Return the short names of the states, broken into lines no wider than `room` pixels."""
    return [
        broken_label(name, partial(_fits, font, room))
        for name, font in zip(track_names(language), fonts, strict=True)
    ]


def _fits(font: QFont, room: float, text: str) -> bool:
    return painting.text_width(text, font) <= room


def _two_lines(text: str) -> list[str]:
    """Return a text broken into two lines of similar length; a single word stays whole."""
    words = text.split(" ")
    if len(words) == 1:
        return words
    cuts = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
    return list(min(cuts, key=lambda cut: max(map(len, cut))))


# --- The history

_EVIDENCE_LABELS = (
    ("met", N_("Met: {gates}")),
    ("overridden", N_("Set aside: {gates}")),
    ("not_applicable", N_("Does not apply: {gates}")),
)


class StepHistoryCard(CardFrame):
    """The card with the history of steps and approvals."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._shown: tuple[bytes, ...] = ()
        self.add_heading(kit, N_("Steps so far"), "history")
        self._column = column()
        extend(self.body, self._column)

    def show_plan(self, page: PlanPage) -> None:
        """Show the steps and approvals of this plan; hide the card without any."""
        events = sorted(
            _history_events(page), key=lambda seen: last_written(seen.row), reverse=True
        )
        self.setVisible(bool(events))
        shown = tuple(seen.rid for seen in events)
        if shown == self._shown:
            return
        self._shown = shown
        clear_layout(self._column)
        for number, seen in enumerate(events):
            if number:
                extend(self._column, make_hairline())
            extend(self._column, _HistoryEntry(self._kit, seen))


class _HistoryEntry(QWidget):
    """A step or an approval, with its evidence on demand."""

    def __init__(self, kit: UiContext, seen: RecordView[Any]) -> None:
        super().__init__()
        self._evidence = muted(kit, "", TextStyle.SMALL)
        self._evidence.set_message(lambda language: "\n".join(_history_evidence(seen, language)))
        self._evidence.hide()
        is_step = seen.row.type == "transition"
        look = STATE_LOOKS.get(str(seen.record.to_state)) if is_step else None
        tone, icon = look or (Tone.SUCCESS, "user-round-check")
        title = text(kit, lambda language: _history_title(seen, language), TextStyle.BUTTON)
        under = Label(
            kit, lambda language: _history_details(seen, language), TextStyle.SMALL, Tone.MUTED
        )
        words = column(gap=2)
        extend(words, title, under.wrapped(), self._evidence)
        line = row(Icon(kit, icon, tone), grown(words), gap=12, margins=(0, 8, 0, 8), on=self)
        if self._evidence.text():
            self.more = Button(
                kit,
                N_("Evidence"),
                look=ButtonLook.QUIET,
                on=lambda: self._evidence.setVisible(self._evidence.isHidden()),
            ).with_end_icon("chevron-down")
            self.more.with_height(tokens.CONTROL_COMPACT)
            kit.translator.bind(
                self.more.setAccessibleName,
                N_("Evidence: {step}"),
                step=lambda language: _history_title(seen, language),
            )
            extend(line, self.more)


def state_before_last_step(page: PlanPage) -> str:
    """Return the state from which the last step was taken."""
    steps = page.case.all_views("transition")
    newest = max(steps, key=lambda seen: last_written(seen.row), default=None)
    return str(newest.record.from_state) if newest is not None else "draft"


def plan_ended_at(page: PlanPage) -> ZonedTime | None:
    """Return when the plan entered its present state, or None if no step says so."""
    steps = [
        seen
        for seen in page.case.all_views("transition")
        if seen.record.to_state == page.plan.record.state
    ]
    newest = max(steps, key=lambda seen: last_written(seen.row), default=None)
    happened = newest.record.happened if newest is not None else None
    return happened if isinstance(happened, ZonedTime) else None


def _history_events(page: PlanPage) -> Iterator[RecordView[Any]]:
    yield from page.case.all_views("transition")
    given = (seen for seen in page.case.all_views("approval") if seen.record.given is not None)
    yield from given


def _history_title(seen: RecordView[Any], language: Language) -> str:
    record = seen.record
    if seen.row.type == "transition":
        states = (state_word(str(code), language) for code in (record.from_state, record.to_state))
        return " → ".join(states)
    if record.kind == DECISION:
        return language.gettext(N_("The decision to return was approved"))
    return language.gettext(N_("A condition was set aside"))


def _history_details(seen: RecordView[Any], language: Language) -> str:
    record, milliseconds = seen.record, last_written(seen.row)
    is_step = seen.row.type == "transition"
    when = record.happened if is_step else record.given
    who = str((record.taken_by if is_step else record.given_by) or "–")
    day, clock = zoned_time_lines(when, language) if isinstance(when, ZonedTime) else ("–", "")
    return language.gettext(N_("{when} ({clock}) by {who}; recorded {entered}")).format(
        when=day, clock=clock, who=who, entered=written_at(milliseconds, language)
    )


def _history_evidence(seen: RecordView[Any], language: Language) -> Iterator[str]:
    record = seen.record
    if seen.row.type == "transition":
        for key, words in _EVIDENCE_LABELS:
            codes = getattr(record, key)
            if isinstance(codes, tuple) and codes:
                yield language.gettext(words).format(gates=_gate_labels(codes, language))
    elif isinstance(record.gate, str):
        yield language.gettext(N_("Set aside: {gates}")).format(
            gates=_gate_labels((record.gate,), language)
        )
    if isinstance(record.reason, str) and record.reason:
        yield language.gettext(N_("Reason: {reason}")).format(reason=record.reason)


def _gate_labels(codes: Sequence[str], language: Language) -> str:
    return " · ".join(language.gettext(GATES.get(code, code)) for code in codes)


# --- Texts of the steps


@dataclass(frozen=True, slots=True)
class AlternativeStep:
    """The texts of an alternative step: its line, its effect and its button.

    `needs_reason`: a reason is required.
    """

    line: str
    under: str
    button: str
    needs_reason: bool = False


ALTERNATIVE_STEPS: Mapping[str, AlternativeStep] = {
    "assessing": AlternativeStep(
        N_("Something has changed or expired"),
        N_("The plan goes back to be assessed. Earlier assessments, signatures and "
            "approvals are no longer valid."),
        N_("Send back"),
        needs_reason=True,
    ),
    "not_safe": AlternativeStep(
        N_("The return is not safe"),
        N_("The plan is closed and can only be read. Protection continues here; a new "
            "plan can follow later."),
        N_("Close as not safe"),
        needs_reason=True,
    ),
    "withdrawn": AlternativeStep(
        N_("She has changed her mind"),
        N_("The plan is closed and can only be read; she need not say why. Her consents "
            "stay until she withdraws them. A new plan can follow at any time."),
        N_("Close at her request"),
    ),
    "cancelled": AlternativeStep(
        N_("We cannot continue"),
        N_("The plan stops here. A new plan can follow at any time."),
        N_("Cancel the plan"),
        needs_reason=True,
    ),
}  # fmt: skip
"""The alternative steps in the order in which they are offered."""
EVENT_QUESTIONS: Mapping[str, str] = {
    "travelling": N_("When did she leave?"),
    "arrived": N_("When did she arrive?"),
}
"""The steps of the main path that have a time of their own, each with the question for it."""


def move_button_message(target: str) -> Message:
    """Return the label of the button that takes the next step."""
    return filled("Move to: {state}", state=partial(state_word, target))


def next_step_heading(target: str) -> Message:
    """Return the heading above the conditions of a step."""
    return filled("Next: {state}", state=partial(state_word, target))


def moved_message(target: str) -> Message:
    """Return the notification after a step."""
    return filled("The status of the plan is: {state}.", state=partial(state_word, target))


def open_conditions_text(count: int, language: Language) -> str:
    """Return the words for the number of open conditions."""
    return language.plural("{count} condition is open", "{count} conditions are open", count)


def count_conditions(step: WorkflowStep) -> tuple[int, int]:
    """Return how many conditions are met or set aside, and how many apply."""
    applying = [gate for gate in step.gates if gate.answer is not GateAnswer.NOT_APPLICABLE]
    return len(applying) - len(step.open), len(applying)


def next_step_text(target: str, left: int, language: Language) -> str:
    """Return what comes next and what it still needs: `Next: Travelling – 1 condition left`."""
    state = state_word(target, language)
    if not left:
        return language.gettext(N_("Next: {state} – nothing left")).format(state=state)
    return language.plural(
        "Next: {state} – {count} condition left",
        "Next: {state} – {count} conditions left",
        left,
        state=state,
    )


def met_conditions_text(met: int, count: int, language: Language) -> str:
    """Return the words for how many of all conditions are met."""
    return language.plural(
        "{met} of {count} condition met", "{met} of {count} conditions met", count, met=met
    )


# --- The card of the alternative steps


class AlternativeStepsCard(CardFrame):
    """The card of the alternative steps; `way_chosen` carries the target state."""

    way_chosen = Signal(str)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.add_heading(kit, N_("If the plan cannot continue"), "life-buoy")
        self.buttons: dict[str, Button] = {}
        self._rows: dict[str, QWidget] = {}
        self._lines: dict[str, QWidget] = {}
        for target in ALTERNATIVE_STEPS:
            self._lines[target] = make_hairline()
            self._rows[target] = self._make(target)
            extend(self.body, self._lines[target], self._rows[target])

    def show_workflow(self, course: PlanWorkflow, *, may_act: bool) -> None:
        """Show the alternative steps from the current state if the user may take them."""
        there_are = {step.target for step in course.steps} if may_act else set()
        shown = [
            target
            for target in ALTERNATIVE_STEPS
            if target in there_are and not _is_next_step(course, target)
        ]
        for target, line in self._rows.items():
            line.setVisible(target in shown)
            self._lines[target].setVisible(target in shown[1:])
        self.setVisible(bool(shown))

    def _make(self, target: str) -> QWidget:
        way = ALTERNATIVE_STEPS[target]
        words = column(
            text(self._kit, way.line, TextStyle.BUTTON),
            muted(self._kit, way.under, TextStyle.SMALL),
            gap=2,
        )
        button = Button(self._kit, way.button, on=lambda: self.way_chosen.emit(target))
        self.buttons[target] = button
        part = QWidget()
        row(grown(words), button, gap=12, margins=(0, 2, 0, 2), on=part)
        return part


def _is_next_step(course: PlanWorkflow, target: str) -> bool:
    """Return whether a step to this state is the next step and thus in the step card."""
    return any(step.target == target and step.gates for step in course.steps)
