# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps that the plan has taken and the words that were given, the newest on top.

Each with who and when, and the conditions as they stood at that moment: the evidence. Read only;
a step is never changed.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kfdesk.domain.gates.approving import DECISION
from kfdesk.domain.gates.situation import last_written
from kfdesk.domain.lists.case_codes import GATES
from kfdesk.domain.rows import View
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.services.plans import PlanPage
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.shown import STATE_LOOKS, moment_lines, state_word, written_at
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Card, clear, line

_SAID = (("met", N_("Met: {gates}")), ("overridden", N_("Set aside: {gates}")),
         ("not_applicable", N_("Does not apply: {gates}")))  # fmt: skip


class TakenCard(Card):
    """The card of steps."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._shown: tuple[bytes, ...] = ()
        self.head(kit, N_("Steps so far"), "history")
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self.body.addLayout(self._column)

    def show_plan(self, page: PlanPage) -> None:
        """Show this plan's steps."""
        events = sorted(_events(page), key=lambda seen: last_written(seen.row), reverse=True)
        self.setVisible(bool(events))
        shown = tuple(seen.rid for seen in events)
        if shown == self._shown:
            return
        self._shown = shown
        clear(self._column)
        for number, seen in enumerate(events):
            if number:
                self._column.addWidget(line())
            self._column.addWidget(_Line(self._kit, seen))


class _Line(QWidget):
    """One step or one word, with its evidence to be opened."""

    def __init__(self, kit: Kit, seen: View[Any]) -> None:
        super().__init__()
        self._evidence = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self._evidence.tell(lambda language: "\n".join(_evidence(seen, language)))
        self._evidence.hide()
        is_step = seen.row.type == "transition"
        look = STATE_LOOKS.get(str(seen.record.to_state)) if is_step else None
        tone, icon = look or (Tone.SUCCESS, "user-round-check")
        title = Label(kit, lambda language: _title(seen, language), Type.BUTTON).wrapped()
        under = Label(kit, lambda language: _under(seen, language), Type.SMALL, Tone.MUTED)
        words = QVBoxLayout()
        words.setSpacing(2)
        for label in (title, under.wrapped(), self._evidence):
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(12)
        row.addWidget(Icon(kit, icon, tone))
        row.addLayout(words, 1)
        if self._evidence.text():
            self.more = Button(kit, N_("Evidence"), look=Look.QUIET).ended_by("chevron-down")
            self.more.sized(tokens.CONTROL_COMPACT)
            name = N_("Evidence: {step}")
            kit.words.bind(
                self.more.setAccessibleName, name, step=lambda language: _title(seen, language)
            )
            self.more.clicked.connect(lambda: self._evidence.setVisible(self._evidence.isHidden()))
            row.addWidget(self.more)


def last_road_state(page: PlanPage) -> str:
    """The state from which the last step was taken: where the road was left."""
    steps = page.case.all_views("transition")
    newest = max(steps, key=lambda seen: last_written(seen.row), default=None)
    return str(newest.record.from_state) if newest is not None else "draft"


def ended_on(page: PlanPage) -> Moment | None:
    """When the plan came into the state in which it is, as far as a step says so."""
    steps = [
        seen
        for seen in page.case.all_views("transition")
        if seen.record.to_state == page.plan.record.state
    ]
    newest = max(steps, key=lambda seen: last_written(seen.row), default=None)
    happened = newest.record.happened if newest is not None else None
    return happened if isinstance(happened, Moment) else None


def _events(page: PlanPage) -> Iterator[View[Any]]:
    yield from page.case.all_views("transition")
    given = (seen for seen in page.case.all_views("approval") if seen.record.given is not None)
    yield from given


def _title(seen: View[Any], language: Language) -> str:
    record = seen.record
    if seen.row.type == "transition":
        states = (state_word(str(code), language) for code in (record.from_state, record.to_state))
        return " → ".join(states)
    if record.kind == DECISION:
        return language.gettext(N_("The decision to return was approved"))
    return language.gettext(N_("A condition was set aside"))


def _under(seen: View[Any], language: Language) -> str:
    record, milliseconds = seen.record, last_written(seen.row)
    is_step = seen.row.type == "transition"
    when = record.happened if is_step else record.given
    who = str((record.taken_by if is_step else record.given_by) or "–")
    day, clock = moment_lines(when, language) if isinstance(when, Moment) else ("–", "")
    words = N_("{when} ({clock}) by {who}; entered {entered}")
    return language.gettext(words).format(
        when=day, clock=clock, who=who, entered=written_at(milliseconds, language)
    )


def _evidence(seen: View[Any], language: Language) -> Iterator[str]:
    record = seen.record
    if seen.row.type == "transition":
        for key, words in _SAID:
            codes = getattr(record, key)
            if isinstance(codes, tuple) and codes:
                yield language.gettext(words).format(gates=_gates(codes, language))
    elif isinstance(record.gate, str):
        yield language.gettext(N_("Set aside: {gates}")).format(
            gates=_gates((record.gate,), language)
        )
    if isinstance(record.reason, str) and record.reason:
        yield language.gettext(N_("Reason: {reason}")).format(reason=record.reason)


def _gates(codes: Sequence[str], language: Language) -> str:
    return " · ".join(language.gettext(GATES.get(code, code)) for code in codes)
