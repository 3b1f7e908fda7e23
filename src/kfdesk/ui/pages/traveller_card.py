# SPDX-License-Identifier: GPL-3.0-or-later
"""The card of a client who travels now: her line, what comes next, and what has happened.

*Arrived* and *Not heard from her* record it at once and can be undone. All else about the
journey is in the plan, to which `chosen` leads.
"""

from datetime import datetime
from functools import partial

from PySide6.QtCore import Signal

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import zoned_time_text
from kfdesk.services.core.session import Session
from kfdesk.services.plans.journey import LegEvent, LegUpdate
from kfdesk.services.today import Travelling
from kfdesk.services.workflow import record_journey
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plan.journey import (
    NOT_DEPARTED,
    ShownLeg,
    ShownLegs,
    check_in_text,
    journey_stops,
    journey_stretches,
    next_text,
    now_text,
    pending_check_in,
    shown_legs,
)
from kfdesk.ui.record_views import notify_journey
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.widgets.build import extend, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, FlowBox, stack_widgets
from kfdesk.ui.widgets.text import Icon, Label
from kfdesk.ui.widgets.timeline import JourneyTimeline

ARRIVED_KEY = "Alt+A"
_RECORDED = {
    LegEvent.DEPARTED: N_("{code}: departure recorded."),
    LegEvent.ARRIVED: N_("{code}: arrival recorded."),
    LegEvent.CHECK_IN_MISSED: N_("{code}: recorded that she has not been heard from."),
}


class TravellerCard(CardFrame):
    """One journey under way. `chosen` carries the plan's id."""

    chosen = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session, shown: Travelling) -> None:
        super().__init__()
        self._kit = kit = kit.about_client(self, shown.line.pronoun)
        self._desk = desk
        self._plan, self._code = shown.line.rid, shown.line.code
        self._shown = shown
        self._leg = self._current(desk)
        code, alias = Label(kit, style=TextStyle.HEADING), Label(kit, tone=Tone.MUTED)
        code.show_text(shown.line.code or "–")
        alias.show_text(shown.line.alias)
        if not shown.line.alias:
            alias.hide()
        self.open = Button(kit, N_("Open the plan"), "", ButtonLook.QUIET, self._on_open_clicked)
        self.open.with_end_icon("chevron-right")
        kit.translator.bind(
            self.open.setAccessibleName, N_("Open the plan {code}"), code=lambda _: self._code
        )
        self._timeline = JourneyTimeline(kit)
        self._now = text(kit, "", TextStyle.STRONG)
        self._next = text(kit)
        kit.translator.on_language_change(self, self._show_line)
        kit.events.minute_passed.connect(self._show_line)
        self._make_buttons(may_record=shown.may_record)
        said = stack_widgets(code, alias)
        head = FlowBox(Icon(kit, "route", Tone.INFO), said, self.open, gap=9, fills=said)
        for part in (head, self._now, self._next, self._timeline, self.buttons):
            extend(self.body, part)
        self._show_line()

    def _make_buttons(self, *, may_record: bool) -> None:
        kit = self._kit
        self.left = Button(
            kit, N_("Has left"), "route", ButtonLook.TONAL, partial(self.record, LegEvent.DEPARTED)
        )
        self.arrived = Button(
            kit, _arrived_word, "check", ButtonLook.TONAL, partial(self.record, LegEvent.ARRIVED)
        )
        self.not_heard = Button(
            kit,
            N_("Not heard from her"),
            "phone",
            on=partial(self.record, LegEvent.CHECK_IN_MISSED),
        )
        for button, words in (
            (self.left, N_("{code}: has left")),
            (self.arrived, N_("{code}: arrived")),
            (self.not_heard, N_("{code}: not heard from her")),
        ):
            kit.translator.bind(button.setAccessibleName, words, code=lambda _: self._code)
        self.buttons = FlowBox(self.left, self.arrived, self.not_heard, gap=4)
        status = self._leg.record.status if self._leg is not None else None
        has_left = self._leg is not None and status not in NOT_DEPARTED
        self.left.setHidden(self._leg is None or has_left)
        self.arrived.setHidden(not has_left)
        self.not_heard.setHidden(not has_left)
        if not may_record or self._leg is None:
            self.buttons.hide()

    @task
    async def record(self, what: LegEvent) -> None:
        """Record what happened to the leg; if nobody has heard from her, open the plan."""
        if self._leg is None:
            return
        kit, desk, code, plan = self._kit, self._desk, self._code, self._plan
        self.buttons.setEnabled(False)
        done = await call(kit, record_journey, desk, (LegUpdate(self._leg.rid, what),))
        if what is LegEvent.CHECK_IN_MISSED:
            self.chosen.emit(plan)
        notify_journey(kit, desk, done, _RECORDED[what], code=lambda _: code)

    def refuse(self, fault: KfdeskError) -> None:
        """Let the window say what was refused, and offer the buttons again."""
        self.buttons.setEnabled(True)
        self._kit.events.failed.emit(fault)

    def _show_line(self) -> None:
        language, now = self._kit.translator.language, self._desk.adapters.clock.now()
        legs = self._legs(now)
        self._now.set_message(partial(now_text, legs))
        self._next.set_message(partial(_next_text, legs, now))
        stops = list(journey_stops(legs, language))
        self._timeline.setVisible(bool(stops))
        if stops:
            self._timeline.show_journey(stops, list(journey_stretches(legs, language, now)))

    def _legs(self, now: datetime) -> tuple[ShownLeg, ...]:
        line = self._shown.line
        return shown_legs(self._shown.legs, line.state, now, line.received)

    def _current(self, desk: Session) -> RecordView[Leg] | None:
        legs = self._legs(desk.adapters.clock.now())
        return next((leg.view for leg in legs if leg.progress.is_current), None)

    def _on_open_clicked(self) -> None:
        self.chosen.emit(self._plan)


def _arrived_word(language: Language) -> str:
    return language.pgettext("she has just arrived", "Arrived")


def _next_text(legs: ShownLegs, now: datetime, language: Language) -> str:
    """Return what comes next, with its clock, and the check-in that is awaited."""
    leg = next((one for one in legs if one.progress.is_current), None)
    if leg is None:
        return language.gettext(N_("Record who received her."))
    said = [next_text(leg, now, language)]
    call = pending_check_in(legs)
    moment = call.record.check_in if call is not None else None
    known = call.progress.check_in if call is not None else None
    if call is not None and known is not None and isinstance(moment, ZonedTime):
        status = check_in_text(call.record, known, language)
        words = language.gettext(N_("Check-in {time}: {status}"))
        said.append(words.format(time=zoned_time_text(moment, language), status=status))
    return " · ".join(said)
