# SPDX-License-Identifier: GPL-3.0-or-later
"""What the header says of a plan above every section: its progress, its end, its alarms.

Read only but for one button, which opens a new plan; who presses it is asked nothing, because the
old plan stays as it is. What an alarm means is said by `i18n/gates.py`.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from kfdesk.domain.gates.states import REOPENED
from kfdesk.domain.schema import N_
from kfdesk.i18n.gates import trouble_sentence
from kfdesk.i18n.language import Language
from kfdesk.services.course.alarms import AlarmLine, Call
from kfdesk.services.course.stages import Course
from kfdesk.services.plans import PlanPage
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.decision_views.taken import ended_on
from kfdesk.ui.pages.plan_page.decision_views.ways import counted, met_words
from kfdesk.ui.pages.shown import since_text, state_word, told_text
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner, clear
from kfdesk.ui.words import Message

_PIP, _PIP_HEIGHT, _GAP = 12, 6, 3
_MOST = 2


class Progress(QWidget):
    """`Ready to travel: 5 of 8 conditions met`, and the same as a row of pips."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._words = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self._pips = _Pips(kit)
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Flow(self._words, self._pips, gap=10))

    def show_course(self, course: Course) -> None:
        """Show the way on; nothing where the plan has ended."""
        ahead = next((step for step in course.steps if step.gates), None)
        self.setVisible(ahead is not None)
        if ahead is None:
            return
        met, count = counted(ahead)
        target = ahead.target

        def words(language: Language) -> str:
            return f"{state_word(target, language)}: {met_words(met, count, language)}"

        self._words.tell(words)
        self._pips.show_count(met, count)


class _Pips(QWidget):
    """So many of so many; the words beside it say the same."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._met, self._count = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_count(self, met: int, count: int) -> None:
        """Show `met` of `count`."""
        self._met, self._count = met, count
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """All pips in a row."""
        return QSize(self._count * (_PIP + _GAP), _PIP_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """The pips; met ones are filled."""
        colours = self._kit.theme.colours
        painter = QPainter(self)
        for place in range(self._count):
            area = QRectF(place * (_PIP + _GAP), 0, _PIP, _PIP_HEIGHT)
            fill = colours.accent if place < self._met else colours.line
            paint.box(painter, area, _PIP_HEIGHT / 2, fill)


class EndedNote(Banner):
    """That the plan has ended, since when, and the button that opens a new one."""

    def __init__(self, kit: Kit) -> None:
        super().__init__(kit, Tone.INFO, "archive")
        self.reopen = Button(kit, N_("Open a new plan"), "plus")
        self.act(self.reopen)
        self.hide()

    def show_plan(self, page: PlanPage, course: Course) -> None:
        """Show it where the plan has ended."""
        state, when = course.state or "", ended_on(page)
        self.setVisible(state in REOPENED)
        self.reopen.setVisible(course.may_reopen and course.is_ours and page.may_edit)

        def title(language: Language) -> str:
            word = state_word(state, language)
            if when is None:
                return word
            day = language.day(when.wall.date(), year=True)
            return language.gettext(N_("{state} on {day}")).format(state=word, day=day)

        under = N_("The plan can be read, and is not changed any more. To go on, open a new plan; "
                   "it follows this one.")  # fmt: skip
        paused = N_("The plan has stopped. To go on, open a new plan; it follows this one.")
        self.tell(title, under if course.is_read_only else paused)


class Alarms(QWidget):
    """What is not as it was agreed, with whom to call; the longest on top."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._is_there = self._is_told_below = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens.GRID)
        self.hide()

    def give_way(self, *, is_told_below: bool) -> None:
        """Stay away where the section on view tells the same at length."""
        self._is_told_below = is_told_below
        self.setVisible(self._is_there and not is_told_below)

    def show_alarms(self, alarms: Sequence[AlarmLine]) -> None:
        """Show these; of many, the first, and how many more there are."""
        clear(self._column)
        for alarm in alarms[:_MOST]:
            banner = Banner(self._kit, Tone.DANGER, "octagon-alert")
            banner.tell(_alarm_title(alarm), _alarm_under(alarm))
            self._column.addWidget(banner)
        if more := len(alarms[_MOST:]):
            rest = Label(self._kit, style=Type.SMALL_STRONG, tone=Tone.DANGER).wrapped()
            rest.tell(lambda language: _more(more, language))
            self._column.addWidget(rest)
        self._is_there = bool(alarms)
        self.give_way(is_told_below=self._is_told_below)


def _more(count: int, language: Language) -> str:
    words = language.ngettext("{count} more alarm", "{count} more alarms", count)
    return words.format(count=count)


def _alarm_title(alarm: AlarmLine) -> Message:
    def words(language: Language) -> str:
        sentence = trouble_sentence(alarm.kind, language)
        if alarm.number is None:
            return sentence
        leg = language.gettext(N_("Leg {number}")).format(number=alarm.number)
        return f"{leg}: {sentence}"

    return words


def _alarm_under(alarm: AlarmLine) -> Message:
    def words(language: Language) -> str:
        parts = []
        if alarm.since is not None:
            when = since_text(alarm.since, alarm.zone, language)
            parts.append(language.gettext(N_("since {when}")).format(when=when))
        parts += [text for call in alarm.calls if (text := _call(call, language))]
        parts += [alarm.fallback] if alarm.fallback else []
        return " · ".join(parts)

    return words


def _call(call: Call, language: Language) -> str:
    name = call.name or told_text(call.met_by, language)
    if not call.number:
        return language.gettext(N_("{name} meets her")).format(name=name) if name else ""
    who = f"{name}, {call.number}" if name else call.number
    return language.gettext(N_("call {who}")).format(who=who)
