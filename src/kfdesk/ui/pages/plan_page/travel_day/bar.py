# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to a leg on the day of travel: it left, it arrived, she checked in, it was missed.

Each is one press; when it happened is now, or another time that is written beside it. What was
pressed by mistake is taken back by undo. A leg before that nobody said arrived is asked about.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from kfdesk.domain.codes import LEG_OFF, LEG_STATUS
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.services.casework.journey import now_in
from kfdesk.services.course.alarms import LegEvent, LegNews, record_events
from kfdesk.services.desk import Desk
from kfdesk.services.writing.records import Done
from kfdesk.ui.form.moments import MomentEditor
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.form.slot import Slot
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.travel_day.asking import AskBefore, Numbered
from kfdesk.ui.pages.plan_page.travel_day.today import BEFORE
from kfdesk.ui.pages.plan_page.travel_views.doing import tell_done
from kfdesk.ui.pages.plan_page.travel_views.said import way_text, zone_of
from kfdesk.ui.pages.shown import field_of
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Chip, Icon, Label
from kfdesk.ui.widgets.panel import Banner, Card

_LOOKS = {
    "departed": (Tone.INFO, "route"),
    "arrived": (Tone.SUCCESS, "circle-check"),
    "missed": (Tone.DANGER, "octagon-alert"),
    "cancelled": (Tone.MUTED, "ban"),
}
_TOLD = {
    LegEvent.DEPARTED: N_("Departure written down."),
    LegEvent.ARRIVED: N_("Arrival written down."),
    LegEvent.CHECK_IN: N_("Check-in written down."),
    LegEvent.CHECK_IN_MISSED: N_("Written down: she has not checked in."),
    LegEvent.MISSED: N_("Written down as missed."),
}
_GOES_ON = frozenset({LegEvent.DEPARTED, LegEvent.ARRIVED})


class DayBar(Card):
    """The chosen leg, and what can be written down of it. `leg_asked`: one to stand in for it."""

    leg_asked = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._leg: View[Leg] | None = None
        self._before: Sequence[Numbered] = ()
        self._waiting: LegNews | None = None
        self._title = Label(kit, style=Type.HEADING).wrapped()
        self._state = Chip(kit)
        self.left = Button(kit, N_("Has left"), "route", Look.TONAL)
        self.arrived = Button(kit, N_("Has arrived"), "circle-check", Look.TONAL)
        self.checked_in = Button(kit, N_("Check-in made"), "phone", Look.TONAL)
        self.not_checked_in = Button(kit, N_("No check-in"), "octagon-alert", Look.TONAL)
        self.missed = Button(kit, N_("Missed"), "octagon-alert", Look.DANGER)
        self.new_leg = Button(kit, N_("New leg"), "plus", Look.TONAL)
        self.another_time = Button(kit, N_("Another time"), "clock", Look.QUIET)
        field = replace(field_of("leg", "departed"), label=N_("When it happened"))
        self.time = MomentEditor(kit, field, Offers())
        self._slot = Slot(kit, self.time)
        self.ask = AskBefore(kit, desk)
        self.fault = Banner(kit, Tone.DANGER, "circle-alert")
        self._lay_out()
        self._listen()

    def show_leg(
        self, number: int, leg: View[Leg], before: Sequence[Numbered] = (), *, is_current: bool
    ) -> None:
        """Show a leg; `before` are those that should have arrived, Alt+A means the current one."""
        if self._leg is None or self._leg.rid != leg.rid:
            self._show_time(is_shown=False)
            self.fault.hide()
            self.ask.hide()
        self._leg, self._before = leg, before
        status, record = leg.record.status, leg.record
        self._title.tell(lambda language: _title(number, leg, language))
        self._state.show_look(*_LOOKS.get(str(status), (Tone.MUTED, "circle-dashed")))
        self._state.tell(LEG_STATUS.get(str(status), N_("Not set")))
        is_open = status in BEFORE or status == "departed"
        is_awaited = _is_awaited(record, self._desk.rooms.clock.now())
        is_made = record.check_in_status in {"made", "waived"}
        self.left.setVisible(status in BEFORE)
        self.arrived.setVisible(is_open)
        self.arrived.show_key("Alt+A" if is_current else "")
        self.checked_in.setVisible(not is_made and status not in LEG_OFF)
        self.not_checked_in.setVisible(is_awaited)
        self.missed.setVisible(is_open)
        self.new_leg.setVisible(status == "missed")
        self.another_time.setVisible(is_open or is_awaited)
        self.buttons.arrange()

    def write_down(self, what: LegEvent) -> None:
        """Write down what happened to the leg, at the time that stands here, or now."""
        leg = self._leg
        if leg is None:
            return
        happened = self._happened(leg.record, what)
        if happened is None:
            return
        self._waiting = LegNews(leg.rid, what, happened)
        self.fault.hide()
        if self._before and what in _GOES_ON:
            self.ask.ask(self._before)
        else:
            self._write(())

    def _write(self, before: tuple[LegNews, ...]) -> None:
        """Write what was said of the legs before, and what was pressed."""
        one, self._waiting = self._waiting, None
        if one is None:
            return
        desk = self._desk
        self._kit.work.run(
            lambda: record_events(desk, (*before, one)),
            partial(self._on_written, one.what),
            self._on_refused,
        )

    def _happened(self, leg: Leg, what: LegEvent) -> Moment | None:
        """When it happened; None where what was typed is no time, which is told."""
        if not self._slot.isHidden():
            self._slot.judge()
            value = self.time.value()
            if not self.time.is_valid or not isinstance(value, Moment):
                self.time.focus()
                return None
            return value
        return now_in(self._desk, zone_of(leg, is_end=what is not LegEvent.DEPARTED))

    def _show_time(self, *, is_shown: bool) -> None:
        self._slot.setVisible(is_shown)
        self.another_time.tell(N_("Just now") if is_shown else N_("Another time"))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(9)
        head.addWidget(Icon(self._kit, "route"))
        head.addWidget(self._title, 1)
        head.addWidget(self._state)
        self.buttons = Flow(
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
        self.left.clicked.connect(lambda: self.write_down(LegEvent.DEPARTED))
        self.arrived.clicked.connect(lambda: self.write_down(LegEvent.ARRIVED))
        self.checked_in.clicked.connect(lambda: self.write_down(LegEvent.CHECK_IN))
        self.not_checked_in.clicked.connect(lambda: self.write_down(LegEvent.CHECK_IN_MISSED))
        self.missed.clicked.connect(lambda: self.write_down(LegEvent.MISSED))
        self.ask.answered.connect(self._write)
        self.new_leg.clicked.connect(self._on_new_leg_clicked)
        self.another_time.clicked.connect(self._on_another_time_clicked)

    def _on_new_leg_clicked(self) -> None:
        if self._leg is not None:
            self.leg_asked.emit(self._leg.rid)

    def _on_another_time_clicked(self) -> None:
        is_shown = self._slot.isHidden()
        if is_shown and self._leg is not None:
            record = self._leg.record
            zone = zone_of(record, is_end=record.status not in BEFORE)
            self.time.enter(now_in(self._desk, zone))
        self._show_time(is_shown=is_shown)
        if is_shown:
            self.time.clock.setFocus()
            self.time.clock.selectAll()

    def _on_written(self, what: LegEvent, done: Sequence[Done]) -> None:
        self._show_time(is_shown=False)
        tell_done(self._kit, self._desk, done, _TOLD[what])

    def _on_refused(self, fault: KfdeskError) -> None:
        self.fault.tell_fault(fault)


def _title(number: int, leg: View[Leg], language: Language) -> str:
    words = language.gettext(N_("Leg {number}: {way}"))
    return words.format(number=number, way=way_text(leg, language))


def _is_awaited(leg: Leg, now: datetime) -> bool:
    """Whether she should have checked in by now, and nobody said anything about it."""
    is_said = leg.check_in_status in {"made", "waived", "missed_alarm"} or leg.status in LEG_OFF
    return isinstance(leg.check_in, Moment) and leg.check_in.utc <= now and not is_said
