# SPDX-License-Identifier: GPL-3.0-or-later
"""The place After arrival: all contacts of all plans, as a list, a week or a month.

What is late and what is due stands first. A contact can be given to somebody else here; what came
of one is written in its plan, to which every line leads.
"""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.after.schedule import Standing
from kfdesk.domain.desk.users import fold
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.after.follow_ups import Contact, list_follow_ups
from kfdesk.services.desk import Desk
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.after_views.calendar import A_DAY, Calendar, monday_of, month_of
from kfdesk.ui.pages.after_views.listing import ContactTable
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.choose import Segmented
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card, Empty, below

_TYPES = frozenset({"follow_up", "plan", "client"})
_VIEWS = (("list", N_("List")), ("week", N_("Week")), ("month", N_("Month")))
_WHOSE = (("all", N_("Everybody’s")), ("mine", N_("Mine")))


class AfterPage(QWidget):
    """The page. `plan_chosen` carries a plan's id, to whose follow-up it leads."""

    plan_chosen = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._contacts: tuple[Contact, ...] = ()
        self._day = self._today
        self.count = Label(kit, tone=Tone.MUTED)
        self.views = Segmented(kit, _VIEWS)
        self.views.choose("list")
        self.whose = Segmented(kit, _WHOSE)
        self.whose.choose("all")
        self.table = ContactTable(kit, desk)
        self.calendar = Calendar(kit)
        self.earlier = Button(kit, N_("Earlier"), "chevron-left", Look.QUIET).bared()
        self.now = Button(kit, N_("Today"), look=Look.QUIET)
        self.later = Button(kit, N_("Later"), "chevron-right", Look.QUIET).bared()
        self.span = Label(kit, style=Type.HEADING)
        self.empty = Empty(
            kit,
            "calendar-clock",
            N_("Nothing to follow up"),
            N_("Contacts that were agreed with her stand here by their days."),
        )
        self._lay_out()
        self._listen()
        self.read()

    def read(self) -> None:
        """Read all contacts again."""
        self._kit.work.run(lambda: list_follow_ups(self._desk), self._on_read)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard to the list, or to the choice of views."""
        target = self.table.table if self.table.isVisibleTo(self) else self.views.parts["list"]
        target.setFocus(event.reason())

    @property
    def shown(self) -> Sequence[Contact]:
        """The contacts that are asked for."""
        if self.whose.key == "all":
            return self._contacts
        mine = fold(self._desk.user)
        return [one for one in self._contacts if fold(one.owner) == mine]

    def _listen(self) -> None:
        self.table.opened.connect(lambda one: self.plan_chosen.emit(one.line.rid))
        self.calendar.chosen.connect(lambda one: self.plan_chosen.emit(one.line.rid))
        self.views.chosen.connect(lambda _: self._show())
        self.whose.chosen.connect(lambda _: self._show())
        self.earlier.clicked.connect(lambda: self._go(-1))
        self.later.clicked.connect(lambda: self._go(1))
        self.now.clicked.connect(lambda: self._go(0))
        self._kit.words.follow(self, self._show)
        self._kit.hub.changed.connect(self._on_changed)

    def _lay_out(self) -> None:
        words = below(Label(self._kit, N_("After arrival"), Type.DISPLAY), self.count)
        head = Flow(words, self.whose, self.views, gap=12, fills=words)
        steps = QHBoxLayout()
        for button in (self.earlier, self.now, self.later):
            steps.addWidget(button)
        steps.addWidget(self.span, 1)
        self._steps = QWidget()
        self._steps.setLayout(steps)
        steps.setContentsMargins(0, 0, 0, 0)
        self._nothing = Card()
        self._nothing.body.addWidget(self.empty)
        page = QWidget()
        page.setProperty("ground", "none")
        column = QVBoxLayout(page)
        margin = tokens.PAGE_MARGIN
        column.setContentsMargins(margin, margin - 4, margin, margin)
        column.setSpacing(tokens.CARD_GAP)
        column.addWidget(head)
        for part in (self._steps, self._nothing, self.table, self.calendar):
            column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(scroll)

    def _on_read(self, contacts: tuple[Contact, ...]) -> None:
        self._contacts = contacts
        self._show()

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _TYPES:
            self.read()

    def _go(self, by: int) -> None:
        """Go some weeks or months on, or with nothing back to today."""
        if not by:
            self._day = self._today
        elif self.views.key == "week":
            self._day += 7 * by * A_DAY
        else:
            first = self._day.replace(day=1)
            self._day = (first + 31 * A_DAY if by > 0 else first - A_DAY).replace(day=1)
        self._show()

    def _show(self) -> None:
        shown, view = self.shown, self.views.key
        standings = [one.standing for one in shown]
        late, due = standings.count(Standing.OVERDUE), standings.count(Standing.DUE)
        self.count.tell(lambda language: _count(late, due, language))
        is_list = view == "list"
        listed = [one for one in shown if one.standing.is_open]
        self.table.show_contacts(listed)
        self._nothing.setVisible(not (listed if is_list else shown))
        self.table.setVisible(is_list and bool(listed))
        self._steps.setVisible(not is_list and bool(shown))
        self.calendar.setVisible(not is_list and bool(shown))
        if not is_list:
            self._show_days(shown)

    def _show_days(self, shown: Sequence[Contact]) -> None:
        is_week = self.views.key == "week"
        begin, weeks = (monday_of(self._day), 1) if is_week else month_of(self._day)
        last = begin + (7 * weeks - 1) * A_DAY
        self.span.tell(lambda language: language.days(begin, last))
        self.calendar.show_days(begin, weeks, shown, self._today)

    @property
    def _today(self) -> date:
        return self._desk.rooms.clock.now().date()


def _count(late: int, due: int, language: Language) -> str:
    parts = []
    if late:
        parts.append(language.ngettext("{count} late", "{count} late", late).format(count=late))
    if due:
        words = language.ngettext("{count} due now", "{count} due now", due)
        parts.append(words.format(count=due))
    return " · ".join(parts) or language.gettext(N_("Nothing is due just now."))
