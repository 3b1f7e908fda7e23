# SPDX-License-Identifier: GPL-3.0-or-later
"""The alarms of a journey, on top of its section: what is wrong, whom to call, what was agreed.

An alarm takes nothing back and blocks nothing; it stands until a new leg, a call or a record of
what happened ends it. What an alarm is, and whom to call, is found by the service.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.journey.alarms import Trouble
from kfdesk.domain.records.leg import Leg
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.i18n.gates import trouble_sentence
from kfdesk.i18n.language import Language
from kfdesk.services.course.alarms import AlarmLine, Call, Role
from kfdesk.ui import tokens
from kfdesk.ui.guard import clipboard
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.travel_views.said import Legs
from kfdesk.ui.pages.shown import since_text, told_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Banner, Card, clear
from kfdesk.ui.words import Message

_ROLES = {
    Role.MEETS_HER: N_("Meets her"),
    Role.HELP_NUMBER: N_("Help number"),
    Role.RECEIVER: N_("Receiver"),
}


class AlarmPanel(QWidget):
    """The alarms. `leg_asked`: a leg that another is to stand in for; `leg_chosen`: one to see."""

    leg_asked = Signal(bytes)
    leg_chosen = Signal(bytes)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._legs: dict[bytes, tuple[int, View[Leg]]] = {}
        self._may_add = True
        self.new_legs: list[Button] = []
        self.copies: list[Button] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens.GRID)
        self.hide()

    def show_alarms(self, alarms: Sequence[AlarmLine], legs: Legs, *, may_add: bool = True) -> None:
        """Show these alarms of a journey of `legs`, or nothing; new legs where one may add them."""
        self._may_add = may_add
        self._legs = {leg.rid: (number, leg) for number, leg in enumerate(legs, start=1)}
        clear(self._column)
        self.new_legs, self.copies = [], []
        for alarm in alarms:
            self._column.addWidget(self._make_alarm(alarm))
        if alarms:
            self._column.addWidget(self._make_calls(alarms))
        self.setVisible(bool(alarms))

    def _make_alarm(self, alarm: AlarmLine) -> Banner:
        banner = Banner(self._kit, Tone.DANGER, "octagon-alert")
        number, _leg = self._legs.get(alarm.leg or b"", (None, None))
        banner.tell(partial(_what, alarm, number), partial(_agreed, alarm))
        if alarm.leg is None:
            return banner
        if alarm.kind is Trouble.LEG_MISSED and not self._may_add:
            return banner
        if alarm.kind is Trouble.LEG_MISSED:
            button = Button(self._kit, N_("New leg"), "plus")
            button.clicked.connect(partial(self.leg_asked.emit, alarm.leg))
            self.new_legs.append(button)
        else:
            button = Button(self._kit, N_("Show the leg"), "route")
            button.clicked.connect(partial(self.leg_chosen.emit, alarm.leg))
        banner.act(button)
        return banner

    def _make_calls(self, alarms: Sequence[AlarmLine]) -> Card:
        card = Card()
        card.head(self._kit, N_("Whom to call"), "phone", Tone.DANGER)
        every = dict.fromkeys(call for alarm in alarms for call in alarm.calls)
        calls = sorted(every, key=lambda call: list(_ROLES).index(call.role))
        if not calls:
            nobody = N_("Nobody to call is written down. The help numbers stand further below.")
            card.body.addWidget(Label(self._kit, nobody, tone=Tone.WARNING).wrapped())
        for call in calls:
            card.body.addWidget(self._make_call(call))
        plan = alarms[0].alarm_plan
        if plan:
            card.body.addWidget(Label(self._kit, N_("Alarm plan"), Type.LABEL, Tone.MUTED))
            words = Label(self._kit).wrapped()
            words.show_text(plan)
            card.body.addWidget(words)
        return card

    def _make_call(self, call: Call) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        who = Label(self._kit, style=Type.LABEL, tone=Tone.MUTED).wrapped()
        who.tell(partial(_who, call))
        number = Label(self._kit, style=Type.STRONG if call.number else Type.SMALL)
        number.tell(_shown_number(call))
        row.addWidget(Icon(self._kit, "phone"))
        row.addWidget(who, 1)
        row.addWidget(number)
        if call.number:
            row.addWidget(self._make_copy(call))
        return part

    def _make_copy(self, call: Call) -> Button:
        copy = Button(self._kit, N_("Copy"), "copy", Look.QUIET).sized(tokens.CONTROL_COMPACT)
        self._kit.words.bind(
            copy.setAccessibleName, N_("Copy the number: {who}"), who=partial(_who, call)
        )
        copy.clicked.connect(partial(clipboard.copy, call.number))
        self.copies.append(copy)
        return copy


def _shown_number(call: Call) -> Message:
    return (lambda _: call.number) if call.number else N_("no number")


def _who(call: Call, language: Language) -> str:
    name = told_text(call.met_by, language) or call.name
    role = language.gettext(_ROLES[call.role])
    return f"{role}: {name}" if name else role


def _what(alarm: AlarmLine, number: int | None, language: Language) -> str:
    sentence = trouble_sentence(alarm.kind, language)
    if number is None:
        return sentence
    words = language.gettext(N_("Leg {number}: {sentence}"))
    return words.format(number=number, sentence=sentence)


def _agreed(alarm: AlarmLine, language: Language) -> str:
    """Since when, on the clock of the leg, and what was agreed for it."""
    parts = []
    if alarm.since is not None:
        when = since_text(alarm.since, alarm.zone, language)
        parts.append(language.gettext(N_("Since {time}.")).format(time=when))
    if alarm.fallback:
        agreed = language.gettext(N_("If it fails: {what}"))
        parts.append(agreed.format(what=alarm.fallback))
    return "\n".join(parts)
