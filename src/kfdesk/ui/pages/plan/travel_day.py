# SPDX-License-Identifier: GPL-3.0-or-later
"""The day of travel: now and next, alarms, and a question about earlier legs.

`AlarmPanel` says what is wrong, whom to call and what was agreed; an alarm undoes nothing and
stays until a new leg, a call or a recorded event ends it. `NowNextCard` says where she is and
records departure, arrival and check-in. The service finds the alarms and the people to call.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QMenu, QWidget

from kfdesk.domain.codes.core import LEG_OFF
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime
from kfdesk.domain.workflow.alarms import AlarmKind
from kfdesk.domain.workflow.gates import is_read_only
from kfdesk.domain.workflow.progress import RECORDING_OPENS, TravelStatus, is_recording_open
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import alarm_sentence, field_of, localized_text, zoned_time_text
from kfdesk.services.core.session import Session, desk_zone
from kfdesk.services.plans.journey import (
    AlarmCall,
    AlarmLine,
    CallRole,
    LegEvent,
    LegUpdate,
    leg_zone,
    now_in_zone,
    recorded_events,
    zoned_time_at,
)
from kfdesk.services.plans.plans import PlanPage
from kfdesk.services.workflow import record_journey, take_back_journey
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.editor import FormOptions, FormRow
from kfdesk.ui.forms.moments import ZonedTimeEditor
from kfdesk.ui.forms.record_form import today_at_desk
from kfdesk.ui.lock import lock
from kfdesk.ui.pages.plan.journey import (
    NOT_DEPARTED,
    LegViews,
    ShownLeg,
    check_in_text,
    is_travel_tracked,
    legs_not_arrived_before,
    meeting_text,
    next_text,
    now_text,
    pending_check_in,
    route_text,
    shown_check_in,
    standing_legs,
)
from kfdesk.ui.record_views import (
    TRAVEL_LOOKS,
    called_text,
    notify_done,
    notify_journey,
    since_text,
    travel_status_text,
)
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CHIP, CONTROL_COMPACT, GRID, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.build import (
    LEFT,
    MIDDLE,
    Part,
    aligned,
    column,
    extend,
    grown,
    heading,
    muted,
    panel,
    put_behind,
    row,
    text,
)
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, CardFrame, FlowBox, clear_layout, stack_widgets
from kfdesk.ui.widgets.popup import PopupMenu
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
        self._column = column(gap=GRID, on=self)
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
            extend(self._column, self._make_alarm(alarm))
        if alarms:
            extend(self._column, self._make_calls(alarms))
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
            ask = partial(self.leg_asked.emit, alarm.leg)
            button = Button(self._kit, N_("New leg"), "plus", on=ask)
            self.new_legs.append(button)
        else:
            show = partial(self.leg_chosen.emit, alarm.leg)
            button = Button(self._kit, N_("Show the leg"), "route", on=show)
        banner.set_action(button)
        return banner

    def _make_calls(self, alarms: Sequence[AlarmLine]) -> CardFrame:
        kit = self._kit
        every = dict.fromkeys(call for alarm in alarms for call in alarm.calls)
        calls = sorted(
            every, key=lambda call: (not call.number, list(_CALL_ROLES).index(call.role))
        )
        parts: list[Part] = [panel(self._make_call(call)) for call in calls]
        if not calls:
            nobody = N_("No one to call is recorded. The help numbers are further down.")
            parts.append(text(kit, nobody, tone=Tone.WARNING))
        plan = alarms[0].alarm_plan
        if plan:
            words = Label(kit, N_("Alarm plan"), TextStyle.LABEL, Tone.MUTED)
            parts += [words, text(kit, lambda _: plan)]
        head = heading(kit, N_("Whom to call"), "phone", tone=Tone.DANGER)
        return CardFrame(parts=(head, *parts))

    def _make_call(self, call: AlarmCall) -> QHBoxLayout:
        kit = self._kit
        who = text(kit, partial(_call_line, call), TextStyle.LABEL, Tone.MUTED)
        style = TextStyle.STRONG if call.number else TextStyle.SMALL
        number = Label(kit, _number_message(call), style)
        copies = (self._make_copy(call),) if call.number else ()
        return row(Icon(kit, "phone"), grown(who), number, *copies, gap=12)

    def _make_copy(self, call: AlarmCall) -> Button:
        copy_number = partial(lock.copy_to_clipboard, call.number)
        copy = Button(self._kit, N_("Copy"), "copy", ButtonLook.QUIET, copy_number)
        self._kit.translator.bind(
            copy.setAccessibleName, N_("Copy the number: {who}"), who=partial(_call_label, call)
        )
        self.copies.append(copy)
        return copy.with_height(CONTROL_COMPACT)


def _number_message(call: AlarmCall) -> Message:
    return (lambda _: call.number) if call.number else N_("no number")


def _call_label(call: AlarmCall, language: Language) -> str:
    name = localized_text(call.met_by, language) or call.name
    role = language.gettext(_CALL_ROLES[call.role])
    return f"{role}: {name}" if name else role


def _call_line(call: AlarmCall, language: Language) -> str:
    """Return who answers, and when the number was last tried."""
    label = _call_label(call, language)
    return f"{label} · {called_text(call.checked, language)}" if call.number else label


def _alarm_title(alarm: AlarmLine, number: int | None, language: Language) -> str:
    sentence = alarm_sentence(alarm.kind, language)
    if number is None:
        return sentence
    return language.gettext(N_("Leg {number}: {sentence}")).format(number=number, sentence=sentence)


def _alarm_details(alarm: AlarmLine, language: Language) -> str:
    """Return since when, on the clock of the leg, and what was agreed for this case."""
    parts = []
    if alarm.since is not None:
        when = since_text(alarm.since, alarm.zone, language)
        parts.append(language.gettext(N_("Since {time}.")).format(time=when))
    if alarm.fallback:
        parts.append(language.gettext(N_("If it fails: {what}")).format(what=alarm.fallback))
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
        field = replace(field_of("leg", "arrived"), label=N_("When it arrived, if it did"))
        self.time = ZonedTimeEditor(kit, field, FormOptions())
        self.time.follow_today(partial(today_at_desk, desk))
        self._slot = FormRow(kit, self.time)
        look = ButtonLook.TONAL
        self.arrived = Button(
            kit, N_("It also arrived"), "circle-check", look, self._on_arrived_clicked
        )
        self.missed = Button(kit, N_("It was missed"), "octagon-alert", look, self._on_missed)
        self.just = Button(kit, N_("Just record it"), "check", look, self._next)
        self.nothing = Button(kit, N_("Record nothing"), "", ButtonLook.QUIET, self.hide)
        buttons = FlowBox(self.arrived, self.missed, self.just, self.nothing)
        column(self._banner, self._slot, buttons, gap=GRID, on=self)
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
            N_("What happened to it? You can record the other leg in any case."),
        )
        self.time.enter(self._proposed_arrival(leg.record))

    def _proposed_arrival(self, leg: Leg) -> ZonedTime:
        """Return the probable arrival: the planned time if it is past, else now."""
        now = now_in_zone(self._desk, leg_zone(leg, desk_zone(self._desk)))
        agreed = leg.arrives
        return agreed if isinstance(agreed, ZonedTime) and agreed.utc <= now.utc else now

    def _on_arrived_clicked(self) -> None:
        self._slot.validate()
        value = self.time.value()
        if self.time.is_valid and isinstance(value, ZonedTime):
            self._add_event(LegEvent.ARRIVED, value)
        else:
            self.time.focus()

    def _on_missed(self) -> None:
        self._add_event(LegEvent.MISSED, None)

    def _add_event(self, what: LegEvent, happened: ZonedTime | None) -> None:
        _, leg = self._open[0]
        when = happened or now_in_zone(self._desk, leg_zone(leg.record, desk_zone(self._desk)))
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


# --- Now and next

_CHECK_IN = N_("Check-in")
_ARRIVED_KEY = "Alt+A"
_PADDING = 10
_EVENT_WORDS = {
    LegEvent.DEPARTED: (N_("Has left"), "route"),
    LegEvent.ARRIVED: (N_("Has arrived"), "building-2"),
    LegEvent.CHECK_IN: (N_("Check-in made"), "phone"),
    LegEvent.CHECK_IN_MISSED: (N_("No check-in"), "octagon-alert"),
    LegEvent.MISSED: (N_("Missed"), "octagon-alert"),
    LegEvent.CHECK_IN_WAIVED: (N_("Not needed"), "ban"),
}
_EVENT_NOTIFICATIONS = {
    LegEvent.DEPARTED: N_("Departure recorded."),
    LegEvent.ARRIVED: N_("Arrival recorded."),
    LegEvent.CHECK_IN: N_("Check-in recorded."),
    LegEvent.CHECK_IN_MISSED: N_("Recorded: she has not checked in."),
    LegEvent.MISSED: N_("Recorded as missed."),
}
_MOVEMENT_EVENTS = frozenset({LegEvent.DEPARTED, LegEvent.ARRIVED})
_CHECK_IN_EVENTS = frozenset({LegEvent.CHECK_IN, LegEvent.CHECK_IN_MISSED})


class EventButton(Button):
    """A button that records an event; the second click of a double click does nothing."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()


class NowNextCard(CardFrame):
    """Her place, the next event on which clock, who meets her, and buttons to record it.

    Every button keeps its place, so that a second click never hits another one. `handover_asked`
    leads to the record of who received her.
    """

    handover_asked = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(_PADDING, gap=2)
        self._kit = kit
        self._desk = desk
        self._page: PlanPage | None = None
        self._legs: tuple[ShownLeg, ...] = ()
        self._may_record = False
        self._is_busy = False
        self._waiting: LegUpdate | None = None
        self._now = text(kit, "", TextStyle.STRONG)
        self._next = text(kit, "", TextStyle.STRONG)
        self._meets = muted(kit, "", TextStyle.SMALL)
        self._call = text(kit)
        self._status, self._call_status = Chip(kit), Chip(kit)
        self._hint = muted(kit, "", TextStyle.SMALL)
        look, quiet = ButtonLook.TONAL, ButtonLook.QUIET
        self.left = self._make_button(LegEvent.DEPARTED, look)
        self.arrived = self._make_button(LegEvent.ARRIVED, look).show_key(_ARRIVED_KEY)
        self.checked_in = self._make_button(LegEvent.CHECK_IN, look)
        self.not_checked_in = self._make_button(LegEvent.CHECK_IN_MISSED, quiet)
        self.missed = self._make_button(LegEvent.MISSED, quiet)
        self.another_time = Button(
            kit, N_("Another time"), "clock", quiet, self._on_another_time_clicked
        )
        self.not_so = Button(kit, N_("Undo…"), "undo-2", quiet, self._on_not_so_clicked)
        for button in (self.another_time, self.not_so):
            button.with_height(CONTROL_COMPACT)
        kit.translator.bind(self.not_so.setAccessibleName, N_("Undo what was recorded"))
        self.handover = Button(
            kit, N_("Record the handover"), "user-round-check", look, self.handover_asked.emit
        )
        self.menu = PopupMenu(self.not_so)
        kit.translator.changed.connect(self._fit_buttons)
        self._is_time_shown = False
        self._typed, self._asked = column(), column()
        self.fault = Banner(kit, Tone.DANGER, "circle-alert")
        self.buttons = FlowBox(
            self.left, self.arrived, self.checked_in, self.not_checked_in, self.missed
        )
        parts = (
            self._make_rows(), self._hint, self.buttons, aligned(self.handover, LEFT),
            self._typed, self._asked, self.fault,
        )  # fmt: skip
        for part in parts:
            extend(self.body, part)
        self.fault.hide()

    @cached_property
    def time(self) -> ZonedTimeEditor:
        """The time that is typed when an event happened at another one; made when it is wanted."""
        field = replace(field_of("leg", "departed"), label=N_("When it happened"))
        editor = ZonedTimeEditor(self._kit, field, FormOptions(zone=desk_zone(self._desk)))
        editor.follow_today(partial(today_at_desk, self._desk))
        return editor

    @cached_property
    def _slot(self) -> FormRow:
        slot = FormRow(self._kit, self.time)
        extend(self._typed, slot)
        put_behind(self.handover, slot)
        return slot

    @cached_property
    def ask(self) -> EarlierLegsQuestion:
        """The question about earlier legs; made when it is asked."""
        asked = EarlierLegsQuestion(self._kit, self._desk)
        asked.answered.connect(self._write_events)
        extend(self._asked, asked)
        put_behind(self._slot if self._is_time_shown else self.handover, asked)
        return asked

    def show_journey(self, page: PlanPage, legs: tuple[ShownLeg, ...], *, may_record: bool) -> None:
        """Show where the client is on these legs; `may_record`: by the user's rights."""
        self._page, self._legs, self._may_record = page, legs, may_record
        self.setVisible(bool(standing_legs(legs)) and not is_read_only(page.plan.record.state))
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit_buttons()

    @property
    def current(self) -> ShownLeg | None:
        """The leg that is travelled, or the next one."""
        return next((leg for leg in self._legs if leg.progress.is_current), None)

    def is_open(self, leg: ShownLeg) -> bool:
        """Return whether the events of a leg may be recorded now."""
        views = [one.view for one in self._legs]
        return self._may_record and is_recording_open(leg.view, views, self.now)

    def record_event(self, what: LegEvent, leg: ShownLeg | None = None) -> None:
        """Record an event of a leg now, or of the leg in question at the typed time."""
        one = leg or self._leg_of(what)
        if one is None or self._is_busy or not self.is_open(one):
            return
        zone = leg_zone(one.record, desk_zone(self._desk), is_end=what is not LegEvent.DEPARTED)
        is_typed = leg is None and self._is_time_shown
        happened = self._typed_time() if is_typed else now_in_zone(self._desk, zone)
        if happened is None:
            return
        self._waiting = LegUpdate(one.view.rid, what, happened)
        self.fault.hide()
        before = legs_not_arrived_before([each.view for each in self._legs], one.view.rid)
        if before and what in _MOVEMENT_EVENTS:
            self.ask.show_question(before)
        else:
            self._write_events(())

    @task
    async def take_back(self, rid: bytes, what: LegEvent) -> None:
        """Take back an event that was recorded by mistake, also long after."""
        self.fault.hide()
        done = await call(self._kit, take_back_journey, self._desk, rid, what)
        notify_done(self._kit, self._desk, done, N_("Undone: it is open again."))

    def refuse(self, fault: KfdeskError) -> None:
        """Show below the buttons what was refused."""
        self._is_busy = False
        self.fault.show_fault(fault)

    @property
    def now(self) -> datetime:
        """The time now, aware."""
        return self._desk.adapters.clock.now()

    def _make_button(self, what: LegEvent, look: ButtonLook) -> Button:
        return EventButton(self._kit, *_EVENT_WORDS[what], look, partial(self.record_event, what))

    def _make_rows(self) -> QGridLayout:
        """Return now, next and check-in below each other, each with its label and status."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        next_words = stack_widgets(self._next, self._meets)
        rows = (
            (N_("Now"), row(grown(self._now), self.another_time, self.not_so, gap=4)),
            (N_("Next"), row(grown(next_words), self._status, gap=12)),
            (_CHECK_IN, row(grown(self._call), self._call_status, gap=12)),
        )
        for place, (message, parts) in enumerate(rows):
            label = Label(self._kit, message, TextStyle.LABEL, Tone.MUTED)
            label.setMinimumHeight(self._kit.theme.scaled(CHIP))  # rows stay where they are
            grid.addWidget(label, place, 0, MIDDLE)
            grid.addLayout(parts, place, 1)
        return grid

    def _leg_of(self, what: LegEvent) -> ShownLeg | None:
        """Return the leg that a button of the bar is about."""
        return pending_check_in(self._legs) if what in _CHECK_IN_EVENTS else self.current

    def _show(self) -> None:
        legs, leg, at = self._legs, self.current, self.now
        self._now.set_message(partial(now_text, legs))
        self._status.setVisible(leg is not None)
        if leg is not None:
            has_left = leg.record.status == "departed"
            self._next.set_message(partial(next_text, leg, at))
            self._meets.set_message(partial(meeting_text, leg.record))
            status = leg.progress.arrival if has_left else leg.progress.departure
            self._next.set_tone(Tone.DANGER if status is TravelStatus.LATE else Tone.PLAIN)
            self._show_status(self._status, status)
        else:
            is_written = self._page is not None and _has_handover(self._page)
            self._next.set_message(N_("The journey is over."))
            self._next.set_tone(Tone.PLAIN)
            self._meets.set_message(
                N_("It is recorded who received her.")
                if is_written
                else N_("Record who received her.")
            )
        self._show_check_in(shown_check_in(legs))
        self._show_buttons(leg)
        self._fit_buttons()

    def _show_check_in(self, leg: ShownLeg | None) -> None:
        status = leg.progress.check_in if leg is not None else None
        self._call_status.setVisible(status is not None)
        if leg is None or status is None:
            self._call.set_message(N_("none agreed"))
            return
        self._call.set_message(partial(_check_in_line, leg))
        self._show_status(self._call_status, status)
        self._call_status.set_message(partial(check_in_text, leg.record, status))

    def _show_status(self, chip: Chip, status: TravelStatus) -> None:
        look = TRAVEL_LOOKS[status]
        chip.show_look(look.tone, look.icon)
        chip.set_message(look.word)

    def _show_buttons(self, leg: ShownLeg | None) -> None:
        held = QApplication.focusWidget()
        check_in = pending_check_in(self._legs)
        is_open = leg is not None and self.is_open(leg)
        status = leg.record.status if leg is not None else None
        may_call = check_in is not None and self.is_open(check_in)
        is_awaited = check_in is not None and _is_check_in_overdue(check_in.record, self.now)
        recorded = [leg for leg in self._legs if recorded_events(leg.record)]
        self.left.setEnabled(is_open and status in NOT_DEPARTED)
        self.arrived.setEnabled(is_open and status == "departed")
        self.checked_in.setEnabled(may_call)
        self.not_checked_in.setEnabled(may_call and is_awaited)
        self.missed.setEnabled(is_open)
        self.another_time.setVisible(is_open or may_call)
        self.not_so.setVisible(bool(recorded) and self._may_record)
        self.buttons.setVisible(self._may_record and (is_open or may_call))
        is_over = leg is None and self._page is not None and not _has_handover(self._page)
        self.handover.setVisible(is_over and self._may_record and self._page_may_edit)
        self._hint.setVisible(not is_open and leg is not None)
        if leg is not None:
            self._hint.set_message(partial(_opening_text, leg, self._page, self._may_record))
        if held is not None and self.buttons.isAncestorOf(held) and not held.isEnabled():
            self.not_so.setFocus()  # Enter pressed twice must not record the next event

    def _fit_buttons(self) -> None:
        """Leave out the key of a button if it would begin a second row."""
        self.arrived.show_key(_ARRIVED_KEY)
        if self.buttons.sizeHint().width() > self.width() - 2 * _PADDING:
            self.arrived.show_key("")

    @property
    def _page_may_edit(self) -> bool:
        return self._page is not None and self._page.may_edit

    @task
    async def _write_events(self, before: tuple[LegUpdate, ...]) -> None:
        """Write the events of earlier legs and the waiting event together."""
        one, self._waiting = self._waiting, None
        if one is None or self._is_busy:
            return
        self._is_busy = True
        done = await call(self._kit, record_journey, self._desk, (*before, one))
        self._is_busy = False
        self._show_time(is_shown=False)
        notify_journey(self._kit, self._desk, done, _EVENT_NOTIFICATIONS[one.what])

    def _typed_time(self) -> ZonedTime | None:
        """Return the typed time; None if it is no time, which is shown."""
        self._slot.validate()
        value = self.time.value()
        if not self.time.is_valid or not isinstance(value, ZonedTime):
            self.time.focus()
            return None
        return value

    def _show_time(self, *, is_shown: bool) -> None:
        if is_shown or self._is_time_shown:
            self._slot.setVisible(is_shown)
        self._is_time_shown = is_shown
        self.another_time.set_message(N_("Just now") if is_shown else N_("Another time"))

    def _on_another_time_clicked(self) -> None:
        is_shown, leg = not self._is_time_shown, self.current or pending_check_in(self._legs)
        if is_shown and leg is not None:
            is_end = leg.record.status not in NOT_DEPARTED
            zone = leg_zone(leg.record, desk_zone(self._desk), is_end=is_end)
            self.time.enter(now_in_zone(self._desk, zone))
        self._show_time(is_shown=is_shown)
        if is_shown:
            self.time.clock.setFocus()
            self.time.clock.selectAll()

    def _on_not_so_clicked(self) -> None:
        self.menu.clear()
        for leg in reversed(self._legs):
            add_take_back_actions(self._kit, self.menu, leg, self.take_back)
        self.menu.popup(self.not_so.mapToGlobal(self.not_so.rect().bottomLeft()))


def _has_handover(page: PlanPage) -> bool:
    return bool(page.case.all_views("handover"))


def _check_in_line(leg: ShownLeg, language: Language) -> str:
    moment = leg.record.check_in
    time = zoned_time_text(moment, language) if isinstance(moment, ZonedTime) else "–"
    return language.gettext(N_("{time}, leg {number}")).format(time=time, number=leg.number)


def _opening_text(
    leg: ShownLeg, page: PlanPage | None, may_record: bool, language: Language
) -> str:
    """Return from when departure, arrival and check-in can be recorded."""
    if page is not None and not is_travel_tracked(page):
        return language.gettext(
            N_("Departure, arrival and check-ins are recorded once the plan is ready to travel.")
        )
    departs = leg.record.departs
    if not may_record:
        return ""
    if not isinstance(departs, ZonedTime):
        return language.gettext(
            N_("Departure, arrival and check-ins can be recorded once the leg has a time.")
        )
    opens = zoned_time_at(departs.utc - RECORDING_OPENS, departs.zone)
    words = language.gettext(N_("Departure, arrival and check-ins can be recorded from {time}."))
    return words.format(time=zoned_time_text(opens, language))


def _is_check_in_overdue(leg: Leg, now: datetime) -> bool:
    """Return whether a check-in is overdue and nothing was recorded about it."""
    is_said = leg.check_in_status in {"made", "waived", "missed_alarm"} or leg.status in LEG_OFF
    return isinstance(leg.check_in, ZonedTime) and leg.check_in.utc <= now and not is_said


# --- Menus

TakeBack = Callable[[bytes, LegEvent], None]


def add_take_back_actions(kit: UiContext, menu: QMenu, leg: ShownLeg, take_back: TakeBack) -> None:
    """Add an action for each event of a leg that can be taken back."""
    language = kit.translator.language
    for what in recorded_events(leg.record):
        words = language.gettext(N_("Undo: leg {number}, {what}"))
        told = _recorded_text(leg, what, language)
        action = menu.addAction(words.format(number=leg.number, what=told))
        action.triggered.connect(partial(take_back, leg.view.rid, what))


def fill_leg_menu(kit: UiContext, menu: QMenu, leg: ShownLeg, card: NowNextCard) -> None:
    """Fill the menu of a leg: what can be recorded of it now, and what can be taken back."""
    language = kit.translator.language
    menu.clear()
    is_open, status, record = card.is_open(leg), leg.record.status, leg.record
    is_ahead = status in NOT_DEPARTED
    offered = {
        LegEvent.DEPARTED: is_ahead,
        LegEvent.ARRIVED: is_ahead or status == "departed",
        LegEvent.CHECK_IN: record.check_in_status not in {"made", "waived"}
        and status not in LEG_OFF,
        LegEvent.CHECK_IN_MISSED: _is_check_in_overdue(record, card.now),
        LegEvent.MISSED: is_ahead or status == "departed",
    }
    for what, is_offered in offered.items():
        action = menu.addAction(language.gettext(_EVENT_WORDS[what][0]))
        action.setData(what)
        action.setEnabled(is_offered and is_open)
        action.triggered.connect(partial(card.record_event, what, leg))
    menu.addSeparator()
    add_take_back_actions(kit, menu, leg, card.take_back)


def _recorded_text(leg: ShownLeg, what: LegEvent, language: Language) -> str:
    record, happened = leg.record, TravelStatus.HAPPENED
    if what is LegEvent.DEPARTED:
        return travel_status_text(happened, "departs", record.departed, language)
    if what is LegEvent.ARRIVED:
        return travel_status_text(happened, "arrives", record.arrived, language)
    if what is LegEvent.CHECK_IN:
        told = travel_status_text(happened, "check_in", record.checked_in, language)
        return f"{language.gettext(_CHECK_IN)}: {told}"
    return language.gettext(_EVENT_WORDS[what][0])
