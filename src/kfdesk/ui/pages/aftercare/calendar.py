# SPDX-License-Identifier: GPL-3.0-or-later
"""The Follow-up page: the contacts of all plans as a list, a week or a month.

`AftercarePage` loads the contacts, chooses the days and switches between the views. The calendar
paints no contact: each one is a button, so that keys and screen readers find it. What a contact
is called and when it is due comes from `aftercare.follow_up`.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from kfdesk.domain.accounts import User, fold_initials, format_initials
from kfdesk.domain.aftercare import FollowUpStatus
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.accounts import list_users
from kfdesk.services.core.authorization import EDIT_RIGHTS
from kfdesk.services.core.session import Session
from kfdesk.services.plans.aftercare import FollowUpLine, list_follow_ups, reassign_follow_ups
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.aftercare.follow_up import (
    STANDING_LOOKS,
    contact_text,
    plain_text,
    standing_text,
    window_text,
)
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, CONTROL_COMPACT, PAGE_MARGIN, TextStyle, Tone
from kfdesk.ui.widgets.build import STRETCH, column, extend, grown, panel, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook, SegmentedControl
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.layout import CardFrame, EmptyState, FlowBox, clear_layout, stack_widgets
from kfdesk.ui.widgets.navigation import Page
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView
from kfdesk.ui.widgets.text import Label

# --- Calendar

_DAYS = 7
_MONTH_CELL, _WEEK_CELL = 92, 300
_LEAST = 600  # pixels at 100 %; narrower, the days are stacked
ONE_DAY = timedelta(days=1)


class FollowUpCalendar(QWidget):
    """A calendar of seven days a week; `chosen` carries the FollowUpLine of a button."""

    chosen = Signal(object)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.buttons: list[Button] = []
        self._is_narrow = False
        self._shown: Callable[[], None] = lambda: None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)

    def show_days(
        self, first: date, weeks: int, contacts: Sequence[FollowUpLine], today: date
    ) -> None:
        """Show `weeks` weeks from `first`, a Monday, with the contacts due on each day."""
        self._shown = partial(self.show_days, first, weeks, contacts, today)
        clear_layout(self._grid)
        self.buttons = []
        of_day: dict[date, list[FollowUpLine]] = defaultdict(list)
        for contact in contacts:
            if contact.due is not None:
                of_day[contact.due].append(contact)
        columns = 1 if self._is_narrow else _DAYS
        for place in range(0 if self._is_narrow else _DAYS):
            name = Label(self._kit, style=TextStyle.SMALL_STRONG, tone=Tone.MUTED)
            name.set_message(partial(_weekday, first + place * ONE_DAY))
            self._grid.addWidget(name, 0, place)
        for place in range(_DAYS):
            self._grid.setColumnStretch(place, int(place < columns))
        for number in range(weeks * _DAYS):
            day = first + number * ONE_DAY
            if self._is_narrow and not of_day[day] and day != today:
                continue
            down, across = divmod(number, columns)
            cell = self._cell(day, of_day[day], is_today=day == today)
            if not self._is_narrow:
                cell.setMinimumHeight(_WEEK_CELL if weeks == 1 else _MONTH_CELL)
            self._grid.addWidget(cell, down + 1, across)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stack the days when a week is wider than the widget."""
        super().resizeEvent(event)
        is_narrow = self.width() < self._kit.theme.scaled(_LEAST)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._shown()

    def minimumSizeHint(self) -> QSize:
        """Accept any width: the days stack."""
        return QSize(1, super().minimumSizeHint().height())

    def _cell(self, day: date, contacts: Sequence[FollowUpLine], *, is_today: bool) -> QFrame:
        cell = QFrame()
        cell.setProperty("ground", "card")
        number = Label(
            self._kit,
            style=TextStyle.STRONG if is_today else TextStyle.SMALL,
            tone=Tone.ACCENT if is_today else Tone.MUTED,
        )
        is_narrow = self._is_narrow
        number.set_message(lambda language: _day_words(day, language, is_whole=is_narrow))
        buttons = map(self._make_button, contacts)
        column(number, *buttons, STRETCH, margins=(6, 4, 2, 4), on=cell)
        return cell

    def _make_button(self, contact: FollowUpLine) -> Button:
        icon = STANDING_LOOKS[contact.standing][1]
        button = Button(self._kit, lambda _: contact.line.code, icon, ButtonLook.QUIET)
        button.with_height(CONTROL_COMPACT)
        self._kit.translator.bind(button.setAccessibleName, partial(_accessible_contact, contact))
        self._kit.translator.bind(button.setToolTip, partial(_accessible_contact, contact))
        button.clicked.connect(lambda: self.chosen.emit(contact))
        self.buttons.append(button)
        return button


def week_start(day: date) -> date:
    """Return the Monday of the week of `day`."""
    return day - day.weekday() * ONE_DAY


def month_grid(day: date) -> tuple[date, int]:
    """Return the Monday on or before the first of the month, and the weeks that show the month."""
    first = day.replace(day=1)
    after = (first + 31 * ONE_DAY).replace(day=1)
    begin = week_start(first)
    return begin, ((after - begin).days + _DAYS - 1) // _DAYS


def _day_words(day: date, language: Language, *, is_whole: bool) -> str:
    """Return the day of the month; with `is_whole` also its weekday."""
    short = language.short_day(day)
    return f"{language.weekday(day)} {short}" if is_whole else short


def _weekday(day: date, language: Language) -> str:
    return language.weekday(day)


def _accessible_contact(contact: FollowUpLine, language: Language) -> str:
    parts = (
        contact.line.code,
        contact_text(contact.kind, contact.after_days, language),
        standing_text(contact.standing, language),
        language.day(contact.due, year=True) if contact.due is not None else "",
        contact.organisation,
        contact.owner,
    )
    return ", ".join(part for part in parts if part)


# --- Table

_COLUMNS = (
    ColumnSpec(N_("Plan")), ColumnSpec(N_("Contact")), ColumnSpec(N_("Status")),
    ColumnSpec(N_("When due"), stretches=True), ColumnSpec(N_("Who")),
)  # fmt: skip


class FollowUpTable(CardFrame):
    """The follow-up contacts as a table; `opened` carries the FollowUpLine of a row."""

    opened = Signal(object)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._desk = desk
        self._contacts: tuple[FollowUpLine, ...] = ()
        self.table = TableView(kit, _COLUMNS)
        kit.translator.bind(self.table.setAccessibleName, N_("Contacts after arrival"))
        self.table.chosen.connect(lambda row: self.opened.emit(self._contacts[row]))
        self.who = ChoiceBox(kit)
        kit.translator.bind(self.who.setAccessibleName, N_("Who makes contact"))
        words = N_("Reassign to")
        self.give = Button(kit, words, "user", on=self._give)
        extend(
            self.body, self.table, row(self.give, self.who, STRETCH, gap=8, margins=(12, 8, 16, 8))
        )
        may = any(map(desk.may, EDIT_RIGHTS))
        self.give.setVisible(may)
        self.who.setVisible(may)
        kit.translator.changed.connect(self._show)
        kit.worker.run(lambda: list_users(desk), self._on_users_read)

    def show_contacts(self, contacts: Sequence[FollowUpLine]) -> None:
        """Show these contacts."""
        self._contacts = tuple(contacts)
        self._show()

    def _show(self) -> None:
        language = self._kit.translator.language
        self.table.show_rows([_cells(one, language) for one in self._contacts])
        self.table.fit_height()
        if self._contacts and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _on_users_read(self, users: Sequence[User]) -> None:
        names = dict.fromkeys(
            [format_initials(user.initials) for user in users] or [self._desk.user]
        )
        self.who.set_options([(name, partial(plain_text, name)) for name in names], self._desk.user)

    @task
    async def _give(self) -> None:
        """Give the chosen contact to somebody else; it can be undone."""
        at, owner, desk = self.table.currentIndex().row(), self.who.key, self._desk
        if 0 <= at < len(self._contacts) and owner:
            rids = (self._contacts[at].rid,)
            done = await call(self._kit, reassign_follow_ups, desk, rids, owner)
            words = N_("{who} is now responsible for this contact.")
            notify_done(self._kit, desk, done, words, who=lambda _: owner)


def _cells(one: FollowUpLine, language: Language) -> tuple[TableCell, ...]:
    tone, icon, _ = STANDING_LOOKS[one.standing]
    return (
        TableCell(one.line.code, one.line.alias, is_strong=True),
        TableCell(contact_text(one.kind, one.after_days, language)),
        TableCell(standing_text(one.standing, language), icon=icon, tone=tone),
        TableCell(window_text(one.first, one.last, language) or "–"),
        TableCell(one.owner or "–", one.organisation, tone=Tone.PLAIN),
    )


# --- The page

_TYPES = frozenset({"follow_up", "plan", "client"})
_VIEWS = (("list", N_("List")), ("week", N_("Week")), ("month", N_("Month")))
_WHOSE = (("all", N_("All")), ("mine", N_("Mine")))


class AftercarePage(Page, QWidget):
    """The Follow-up page; `plan_chosen` carries a plan's id and leads to its follow-up."""

    plan_chosen = Signal(bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._contacts: tuple[FollowUpLine, ...] = ()
        self._day = self._today
        self.count = Label(kit, tone=Tone.MUTED)
        self.views = SegmentedControl(kit, _VIEWS)
        self.views.select("list")
        self.whose = SegmentedControl(kit, _WHOSE)
        self.whose.select("all")
        self.table = FollowUpTable(kit, desk)
        self.calendar = FollowUpCalendar(kit)
        self.earlier = Button(kit, N_("Earlier"), "chevron-left", ButtonLook.QUIET).bared()
        self.now = Button(kit, N_("Today"), look=ButtonLook.QUIET)
        self.later = Button(kit, N_("Later"), "chevron-right", ButtonLook.QUIET).bared()
        self.span = Label(kit, style=TextStyle.HEADING)
        self.empty = EmptyState(
            kit,
            "calendar-clock",
            N_("Nothing to follow up"),
            N_("Contacts agreed with her are listed here by day."),
        )
        self._lay_out()
        self._listen()
        self.read()

    def read(self) -> None:
        """Read all contacts again."""
        self._kit.worker.run(lambda: list_follow_ups(self._desk), self._on_read)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to the list, or to the choice of views."""
        target = self.table.table if self.table.isVisibleTo(self) else self.views.parts["list"]
        target.setFocus(event.reason())

    @property
    def visible_contacts(self) -> Sequence[FollowUpLine]:
        """The contacts that pass the filter: all, or those of the user."""
        if self.whose.key == "all":
            return self._contacts
        mine = fold_initials(self._desk.user)
        return [one for one in self._contacts if fold_initials(one.owner) == mine]

    def _listen(self) -> None:
        self.table.opened.connect(lambda one: self.plan_chosen.emit(one.line.rid))
        self.calendar.chosen.connect(lambda one: self.plan_chosen.emit(one.line.rid))
        self.views.chosen.connect(lambda _: self._show())
        self.whose.chosen.connect(lambda _: self._show())
        self.earlier.clicked.connect(lambda: self._go(-1))
        self.later.clicked.connect(lambda: self._go(1))
        self.now.clicked.connect(lambda: self._go(0))
        self._kit.translator.on_language_change(self, self._show)
        self._kit.events.changed.connect(self._on_changed)

    def _lay_out(self) -> None:
        words = stack_widgets(Label(self._kit, N_("After arrival"), TextStyle.DISPLAY), self.count)
        head = FlowBox(words, self.whose, self.views, gap=12, fills=words)
        self._steps = panel(row(self.earlier, self.now, self.later, grown(self.span), gap=6))
        self._nothing = CardFrame(parts=(self.empty,))
        parts = (head, self._steps, self._nothing, self.table, self.calendar, STRETCH)
        margins = (PAGE_MARGIN, PAGE_MARGIN - 4, PAGE_MARGIN, PAGE_MARGIN)
        page = panel(column(*parts, gap=CARD_GAP, margins=margins))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        column(scroll, on=self)

    def _on_read(self, contacts: tuple[FollowUpLine, ...]) -> None:
        had_focus = self.table.table.hasFocus()
        self._contacts = contacts
        self._show()
        if had_focus and not contacts:
            self.setFocus()  # the table is hidden now

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _TYPES:
            self.read()

    def _go(self, by: int) -> None:
        """Move by `by` weeks or months; 0 goes back to today."""
        if not by:
            self._day = self._today
        elif self.views.key == "week":
            self._day += 7 * by * ONE_DAY
        else:
            first = self._day.replace(day=1)
            self._day = (first + 31 * ONE_DAY if by > 0 else first - ONE_DAY).replace(day=1)
        self._show()

    def _show(self) -> None:
        shown, view = self.visible_contacts, self.views.key
        standings = [one.standing for one in shown]
        late, due = standings.count(FollowUpStatus.OVERDUE), standings.count(FollowUpStatus.DUE)
        self.count.set_message(lambda language: _count(late, due, language))
        is_list = view == "list"
        listed = [one for one in shown if one.standing.is_open]
        self.table.show_contacts(listed)
        self._nothing.setVisible(not (listed if is_list else shown))
        self.table.setVisible(is_list and bool(listed))
        self._steps.setVisible(not is_list and bool(shown))
        self.calendar.setVisible(not is_list and bool(shown))
        if not is_list:
            self._show_days(shown)

    def _show_days(self, shown: Sequence[FollowUpLine]) -> None:
        is_week = self.views.key == "week"
        begin, weeks = (week_start(self._day), 1) if is_week else month_grid(self._day)
        last = begin + (7 * weeks - 1) * ONE_DAY
        self.span.set_message(lambda language: language.days(begin, last))
        self.calendar.show_days(begin, weeks, shown, self._today)

    @property
    def _today(self) -> date:
        return self._desk.adapters.clock.now().date()


def _count(late: int, due: int, language: Language) -> str:
    parts = []
    if late:
        parts.append(language.ngettext("{count} late", "{count} late", late).format(count=late))
    if due:
        words = language.ngettext("{count} due now", "{count} due now", due)
        parts.append(words.format(count=due))
    return " · ".join(parts) or language.gettext(N_("Nothing is due just now."))
