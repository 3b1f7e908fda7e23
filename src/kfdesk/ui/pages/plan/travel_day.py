# SPDX-License-Identifier: GPL-3.0-or-later
"""The day of travel: alarms, the current leg with its events, and a question about earlier legs.

`AlarmPanel` says what is wrong, whom to call and what was agreed; an alarm undoes nothing and
stays until a new leg, a call or a recorded event ends it. `TravelDayCard` records departure,
arrival and check-in. The service finds the alarms and the people to call.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.codes.core import LEG_OFF, LEG_STATUS
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import RecordView
from kfdesk.domain.schema import N_
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.alarms import AlarmKind
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import alarm_sentence, field_of, localized_text
from kfdesk.services.core.records import Saved
from kfdesk.services.core.session import Session
from kfdesk.services.plans.journey import (
    AlarmCall,
    AlarmLine,
    CallRole,
    LegEvent,
    LegUpdate,
    now_in_zone,
    record_leg_events,
)
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions, FormRow
from kfdesk.ui.forms.moments import ZonedTimeEditor
from kfdesk.ui.lock import lock
from kfdesk.ui.pages.plan.journey import NOT_DEPARTED, LegViews, leg_title, leg_zone, route_text
from kfdesk.ui.record_views import notify_done, since_text
from kfdesk.ui.tokens import CONTROL_COMPACT, GRID, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, CardFrame, FlowBox, clear_layout
from kfdesk.ui.widgets.text import Chip, Icon, Label

# --- Alarms

_CALL_ROLES = {
    CallRole.MEETS_HER: N_("Meets her"),
    CallRole.HELP_NUMBER: N_("Help number"),
    CallRole.RECEIVER: N_("Receiver"),
}


class AlarmPanel(QWidget):
    """The panel of alarms; `leg_asked` carries a leg to replace, `leg_chosen` one to show."""

    leg_asked = Signal(bytes)
    leg_chosen = Signal(bytes)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._legs: dict[bytes, tuple[int, RecordView[Leg]]] = {}
        self._may_add = True
        self.new_legs: list[Button] = []
        self.copies: list[Button] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID)
        self.hide()

    def show_alarms(
        self, alarms: Sequence[AlarmLine], legs: LegViews, *, may_add: bool = True
    ) -> None:
        """Show the alarms of a journey with these legs; hide without alarms.

        `may_add`: a missed leg can be replaced by a new one.
        """
        self._may_add = may_add
        self._legs = {leg.rid: (number, leg) for number, leg in enumerate(legs, start=1)}
        clear_layout(self._column)
        self.new_legs, self.copies = [], []
        for alarm in alarms:
            self._column.addWidget(self._make_alarm(alarm))
        if alarms:
            self._column.addWidget(self._make_calls(alarms))
        self.setVisible(bool(alarms))

    def _make_alarm(self, alarm: AlarmLine) -> Banner:
        banner = Banner(self._kit, Tone.DANGER, "octagon-alert")
        number, _leg = self._legs.get(alarm.leg or b"", (None, None))
        banner.set_message(partial(_alarm_title, alarm, number), partial(_alarm_details, alarm))
        if alarm.leg is None:
            return banner
        if alarm.kind is AlarmKind.LEG_MISSED and not self._may_add:
            return banner
        if alarm.kind is AlarmKind.LEG_MISSED:
            button = Button(self._kit, N_("New leg"), "plus")
            button.clicked.connect(partial(self.leg_asked.emit, alarm.leg))
            self.new_legs.append(button)
        else:
            button = Button(self._kit, N_("Show the leg"), "route")
            button.clicked.connect(partial(self.leg_chosen.emit, alarm.leg))
        banner.set_action(button)
        return banner

    def _make_calls(self, alarms: Sequence[AlarmLine]) -> CardFrame:
        card = CardFrame()
        card.add_heading(self._kit, N_("Whom to call"), "phone", Tone.DANGER)
        every = dict.fromkeys(call for alarm in alarms for call in alarm.calls)
        calls = sorted(every, key=lambda call: list(_CALL_ROLES).index(call.role))
        if not calls:
            nobody = N_("Nobody to call is written down. The help numbers stand further below.")
            card.body.addWidget(Label(self._kit, nobody, tone=Tone.WARNING).wrapped())
        for call in calls:
            card.body.addWidget(self._make_call(call))
        plan = alarms[0].alarm_plan
        if plan:
            card.body.addWidget(Label(self._kit, N_("Alarm plan"), TextStyle.LABEL, Tone.MUTED))
            words = Label(self._kit).wrapped()
            words.show_text(plan)
            card.body.addWidget(words)
        return card

    def _make_call(self, call: AlarmCall) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        who = Label(self._kit, style=TextStyle.LABEL, tone=Tone.MUTED).wrapped()
        who.set_message(partial(_call_label, call))
        number = Label(self._kit, style=TextStyle.STRONG if call.number else TextStyle.SMALL)
        number.set_message(_number_message(call))
        row.addWidget(Icon(self._kit, "phone"))
        row.addWidget(who, 1)
        row.addWidget(number)
        if call.number:
            row.addWidget(self._make_copy(call))
        return part

    def _make_copy(self, call: AlarmCall) -> Button:
        copy = Button(self._kit, N_("Copy"), "copy", ButtonLook.QUIET).with_height(CONTROL_COMPACT)
        self._kit.translator.bind(
            copy.setAccessibleName, N_("Copy the number: {who}"), who=partial(_call_label, call)
        )
        copy.clicked.connect(partial(lock.copy_to_clipboard, call.number))
        self.copies.append(copy)
        return copy


def _number_message(call: AlarmCall) -> Message:
    return (lambda _: call.number) if call.number else N_("no number")


def _call_label(call: AlarmCall, language: Language) -> str:
    name = localized_text(call.met_by, language) or call.name
    role = language.gettext(_CALL_ROLES[call.role])
    return f"{role}: {name}" if name else role


def _alarm_title(alarm: AlarmLine, number: int | None, language: Language) -> str:
    sentence = alarm_sentence(alarm.kind, language)
    if number is None:
        return sentence
    words = language.gettext(N_("Leg {number}: {sentence}"))
    return words.format(number=number, sentence=sentence)


def _alarm_details(alarm: AlarmLine, language: Language) -> str:
    """Return since when, on the clock of the leg, and what was agreed for this case."""
    parts = []
    if alarm.since is not None:
        when = since_text(alarm.since, alarm.zone, language)
        parts.append(language.gettext(N_("Since {time}.")).format(time=when))
    if alarm.fallback:
        agreed = language.gettext(N_("If it fails: {what}"))
        parts.append(agreed.format(what=alarm.fallback))
    return "\n".join(parts)


# --- Earlier legs that have not arrived

NumberedLeg = tuple[int, RecordView[Leg]]


class EarlierLegsQuestion(QWidget):
    """The question about earlier legs; `answered` carries the events to record for them."""

    answered = Signal(tuple)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._desk = desk
        self._open: list[NumberedLeg] = []
        self._news: list[LegUpdate] = []
        self._banner = Banner(kit, Tone.WARNING, "triangle-alert")
        field = replace(field_of("leg", "arrived"), label=N_("If it arrived: when"))
        self.time = ZonedTimeEditor(kit, field, FormOptions())
        self._slot = FormRow(kit, self.time)
        self.arrived = Button(kit, N_("It arrived too"), "circle-check", ButtonLook.TONAL)
        self.missed = Button(kit, N_("It was missed"), "octagon-alert", ButtonLook.TONAL)
        self.just = Button(kit, N_("Just write it down"), "check", ButtonLook.TONAL)
        self.nothing = Button(kit, N_("Write nothing"), look=ButtonLook.QUIET)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        buttons = FlowBox(self.arrived, self.missed, self.just, self.nothing)
        for part in (self._banner, self._slot, buttons):
            column.addWidget(part)
        self.arrived.clicked.connect(self._on_arrived_clicked)
        self.missed.clicked.connect(lambda: self._add_event(LegEvent.MISSED, None))
        self.just.clicked.connect(self._next)
        self.nothing.clicked.connect(self.hide)
        self.hide()

    def show_question(self, legs: Sequence[NumberedLeg]) -> None:
        """Ask about these legs one after the other."""
        self._open, self._news = list(legs), []
        self._show()
        self.show()
        self.arrived.setFocus()

    def _show(self) -> None:
        number, leg = self._open[0]
        self._banner.set_message(
            lambda language: _not_arrived_text(number, leg, language),
            N_("What became of it? The other leg can be written down in any case."),
        )
        self.time.enter(self._proposed_arrival(leg.record))

    def _proposed_arrival(self, leg: Leg) -> ZonedTime:
        """Return the probable arrival: the planned time if it is past, else now."""
        now = now_in_zone(self._desk, leg_zone(leg))
        agreed = leg.arrives
        return agreed if isinstance(agreed, ZonedTime) and agreed.utc <= now.utc else now

    def _on_arrived_clicked(self) -> None:
        self._slot.validate()
        value = self.time.value()
        if self.time.is_valid and isinstance(value, ZonedTime):
            self._add_event(LegEvent.ARRIVED, value)
        else:
            self.time.focus()

    def _add_event(self, what: LegEvent, happened: ZonedTime | None) -> None:
        _, leg = self._open[0]
        when = happened or now_in_zone(self._desk, leg_zone(leg.record))
        self._news.append(LegUpdate(leg.rid, what, when))
        self._next()

    def _next(self) -> None:
        del self._open[0]
        if self._open:
            self._show()
            self.arrived.setFocus()
            return
        self.hide()
        self.answered.emit(tuple(self._news))


def _not_arrived_text(number: int, leg: RecordView[Leg], language: Language) -> str:
    words = language.gettext(N_("Leg {number} has not arrived: {way}"))
    return words.format(number=number, way=route_text(leg, language))


# --- The current leg

_LEG_STATUS_LOOKS = {
    "departed": (Tone.INFO, "route"),
    "arrived": (Tone.SUCCESS, "circle-check"),
    "missed": (Tone.DANGER, "octagon-alert"),
    "cancelled": (Tone.MUTED, "ban"),
}
_EVENT_NOTIFICATIONS = {
    LegEvent.DEPARTED: N_("Departure written down."),
    LegEvent.ARRIVED: N_("Arrival written down."),
    LegEvent.CHECK_IN: N_("Check-in written down."),
    LegEvent.CHECK_IN_MISSED: N_("Written down: she has not checked in."),
    LegEvent.MISSED: N_("Written down as missed."),
}
_MOVEMENT_EVENTS = frozenset({LegEvent.DEPARTED, LegEvent.ARRIVED})


class TravelDayCard(CardFrame):
    """The current leg and the events to record; `leg_asked` carries a leg to replace."""

    leg_asked = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._leg: RecordView[Leg] | None = None
        self._before: Sequence[NumberedLeg] = ()
        self._waiting: LegUpdate | None = None
        self._title = Label(kit, style=TextStyle.HEADING).wrapped()
        self._state = Chip(kit)
        self.left = Button(kit, N_("Has left"), "route", ButtonLook.TONAL)
        self.arrived = Button(kit, N_("Has arrived"), "circle-check", ButtonLook.TONAL)
        self.checked_in = Button(kit, N_("Check-in made"), "phone", ButtonLook.TONAL)
        self.not_checked_in = Button(kit, N_("No check-in"), "octagon-alert", ButtonLook.TONAL)
        self.missed = Button(kit, N_("Missed"), "octagon-alert", ButtonLook.DANGER)
        self.new_leg = Button(kit, N_("New leg"), "plus", ButtonLook.TONAL)
        self.another_time = Button(kit, N_("Another time"), "clock", ButtonLook.QUIET)
        field = replace(field_of("leg", "departed"), label=N_("When it happened"))
        self.time = ZonedTimeEditor(kit, field, FormOptions())
        self._slot = FormRow(kit, self.time)
        self.ask = EarlierLegsQuestion(kit, desk)
        self.fault = Banner(kit, Tone.DANGER, "circle-alert")
        self._lay_out()
        self._listen()

    def show_leg(
        self,
        number: int,
        leg: RecordView[Leg],
        before: Sequence[NumberedLeg] = (),
        *,
        is_current: bool,
    ) -> None:
        """Show a leg; `before` are earlier legs that have not arrived.

        `is_current`: Alt+A records the arrival of this leg.
        """
        if self._leg is None or self._leg.rid != leg.rid:
            self._show_time(is_shown=False)
            self.fault.hide()
            self.ask.hide()
        self._leg, self._before = leg, before
        status, record = leg.record.status, leg.record
        self._title.set_message(lambda language: leg_title(number, leg, language))
        self._state.show_look(*_LEG_STATUS_LOOKS.get(str(status), (Tone.MUTED, "circle-dashed")))
        self._state.set_message(LEG_STATUS.get(str(status), N_("Not set")))
        is_open = status in NOT_DEPARTED or status == "departed"
        is_awaited = _is_check_in_overdue(record, self._desk.adapters.clock.now())
        is_made = record.check_in_status in {"made", "waived"}
        self.left.setVisible(status in NOT_DEPARTED)
        self.arrived.setVisible(is_open)
        self.arrived.show_key("Alt+A" if is_current else "")
        self.checked_in.setVisible(not is_made and status not in LEG_OFF)
        self.not_checked_in.setVisible(is_awaited)
        self.missed.setVisible(is_open)
        self.new_leg.setVisible(status == "missed")
        self.another_time.setVisible(is_open or is_awaited)
        self.buttons.arrange()

    def record_event(self, what: LegEvent) -> None:
        """Record an event of the leg at the typed time, or now."""
        leg = self._leg
        if leg is None:
            return
        happened = self._event_time(leg.record, what)
        if happened is None:
            return
        self._waiting = LegUpdate(leg.rid, what, happened)
        self.fault.hide()
        if self._before and what in _MOVEMENT_EVENTS:
            self.ask.show_question(self._before)
        else:
            self._write_events(())

    def _write_events(self, before: tuple[LegUpdate, ...]) -> None:
        """Write the events of earlier legs and the waiting event together."""
        one, self._waiting = self._waiting, None
        if one is None:
            return
        desk = self._desk
        self._kit.worker.run(
            lambda: record_leg_events(desk, (*before, one)),
            partial(self._on_written, one.what),
            self._on_refused,
        )

    def _event_time(self, leg: Leg, what: LegEvent) -> ZonedTime | None:
        """Return the time of the event; None if the typed text is no time, which is shown."""
        if not self._slot.isHidden():
            self._slot.validate()
            value = self.time.value()
            if not self.time.is_valid or not isinstance(value, ZonedTime):
                self.time.focus()
                return None
            return value
        return now_in_zone(self._desk, leg_zone(leg, is_end=what is not LegEvent.DEPARTED))

    def _show_time(self, *, is_shown: bool) -> None:
        self._slot.setVisible(is_shown)
        self.another_time.set_message(N_("Just now") if is_shown else N_("Another time"))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(9)
        head.addWidget(Icon(self._kit, "route"))
        head.addWidget(self._title, 1)
        head.addWidget(self._state)
        self.buttons = FlowBox(
            self.left, self.arrived, self.checked_in, self.not_checked_in, self.missed,
            self.new_leg, self.another_time,
        )  # fmt: skip
        self.fault.hide()
        self._slot.hide()
        self.body.addLayout(head)
        self.body.addWidget(self.buttons)
        self.body.addWidget(self._slot)
        self.body.addWidget(self.ask)
        self.body.addWidget(self.fault)

    def _listen(self) -> None:
        self.left.clicked.connect(lambda: self.record_event(LegEvent.DEPARTED))
        self.arrived.clicked.connect(lambda: self.record_event(LegEvent.ARRIVED))
        self.checked_in.clicked.connect(lambda: self.record_event(LegEvent.CHECK_IN))
        self.not_checked_in.clicked.connect(lambda: self.record_event(LegEvent.CHECK_IN_MISSED))
        self.missed.clicked.connect(lambda: self.record_event(LegEvent.MISSED))
        self.ask.answered.connect(self._write_events)
        self.new_leg.clicked.connect(self._on_new_leg_clicked)
        self.another_time.clicked.connect(self._on_another_time_clicked)

    def _on_new_leg_clicked(self) -> None:
        if self._leg is not None:
            self.leg_asked.emit(self._leg.rid)

    def _on_another_time_clicked(self) -> None:
        is_shown = self._slot.isHidden()
        if is_shown and self._leg is not None:
            record = self._leg.record
            zone = leg_zone(record, is_end=record.status not in NOT_DEPARTED)
            self.time.enter(now_in_zone(self._desk, zone))
        self._show_time(is_shown=is_shown)
        if is_shown:
            self.time.clock.setFocus()
            self.time.clock.selectAll()

    def _on_written(self, what: LegEvent, done: Sequence[Saved]) -> None:
        self._show_time(is_shown=False)
        notify_done(self._kit, self._desk, done, _EVENT_NOTIFICATIONS[what])

    def _on_refused(self, fault: KfdeskError) -> None:
        self.fault.show_fault(fault)


def _is_check_in_overdue(leg: Leg, now: datetime) -> bool:
    """Return whether a check-in is overdue and nothing was recorded about it."""
    is_said = leg.check_in_status in {"made", "waived", "missed_alarm"} or leg.status in LEG_OFF
    return isinstance(leg.check_in, ZonedTime) and leg.check_in.utc <= now and not is_said
