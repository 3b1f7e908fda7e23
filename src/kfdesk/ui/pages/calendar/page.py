# SPDX-License-Identifier: GPL-3.0-or-later
"""The Calendar page: everything that has a day, as a list, a week or a month.

`CalendarPage` reads the items, filters them by kind, by whose they are and by words, and switches
between the views. The first filter is the follow-up list. From here the calendar leaves: as a file
for one's own phone, and as the paper of a week.
"""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from kfdesk.domain.accounts import Right, fold_initials
from kfdesk.domain.aftercare import FollowUpStatus
from kfdesk.domain.calendar import CalendarItem, CalendarKind
from kfdesk.domain.message_marks import N_
from kfdesk.services.calendar import CALENDAR_TYPES, Calendar
from kfdesk.services.core.session import Session
from kfdesk.services.plans.aftercare import FollowUpLine
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.pages.calendar.export import CalendarExportPage
from kfdesk.ui.pages.calendar.follow_ups import FollowUpTable
from kfdesk.ui.pages.calendar.grid import CalendarGrid
from kfdesk.ui.pages.calendar.items import (
    AFTER_ARRIVAL,
    COLUMNS,
    FILTERS,
    ShownCalendar,
    count_text,
    item_cells,
    read_shown,
    span_of,
    typed_words,
)
from kfdesk.ui.plan_sections import FixTarget
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP, PAGE_MARGIN, TextStyle, Tone
from kfdesk.ui.widgets.build import append, column, extend, grown, muted, panel, plural, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook, SegmentedControl
from kfdesk.ui.widgets.inputs import ChoiceBox, TextEntry
from kfdesk.ui.widgets.layout import (
    CardFrame,
    EmptyState,
    FlowBox,
    make_scroll_area,
    stack_widgets,
)
from kfdesk.ui.widgets.navigation import Page, Pane
from kfdesk.ui.widgets.table import TableView
from kfdesk.ui.widgets.text import Label

_VIEWS = (("list", N_("List")), ("week", N_("Week")), ("month", N_("Month")))
_WHOSE = (("all", N_("All")), ("mine", N_("Mine")))
_LONGEST_TYPED = 100  # letters
_SEARCH_WIDTH = 220
LINES_AT_ONCE = 100
"""Lines of the list that are shown at first, and more at each press."""


class ItemTable(CardFrame):
    """The items as a table, so many at once; `opened` carries the item of a row."""

    opened = Signal(object)

    def __init__(self, kit: UiContext) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._items: tuple[CalendarItem, ...] = ()
        self._count = LINES_AT_ONCE
        self.table = TableView(kit, COLUMNS)
        self.table.open_by_click()
        kit.translator.bind(self.table.setAccessibleName, N_("Calendar"))
        self.table.chosen.connect(lambda at: self.opened.emit(self._items[at]))
        self.more = Button(kit, "", "chevron-down", ButtonLook.QUIET, self._show_more)
        self._below = panel(row(self.more, margins=(12, 4, 12, 4)))
        extend(self.body, grown(self.table), self._below)

    def show_items(self, items: Sequence[CalendarItem]) -> None:
        """Show these items, from the first on."""
        self._items, self._count = tuple(items), LINES_AT_ONCE
        self._show()

    def select_day(self, day: date) -> None:
        """Select the first item from a day on that is not late, also among those not shown yet."""
        late = FollowUpStatus.OVERDUE
        places = (n for n, one in enumerate(self._items) if one.day >= day)
        at = next((n for n in places if self._items[n].standing is not late), None)
        if at is None:
            return
        if at >= self._count:
            self._count = at + LINES_AT_ONCE
            self._show()
        self.table.selectRow(at)
        self.table.scrollTo(self.table.currentIndex())

    def _show(self) -> None:
        language = self._kit.translator.language
        shown = self._items[: self._count]
        self.table.show_rows([item_cells(one, language) for one in shown])
        left = len(self._items) - len(shown)
        self._below.setVisible(left > 0)
        self.more.set_message(plural("Show more: {count} left", "Show more: {count} left", left))
        if shown and not self.table.currentIndex().isValid():
            self.table.selectRow(0)

    def _show_more(self) -> None:
        self._count += LINES_AT_ONCE
        self._show()
        self.table.setFocus()


class CalendarPage(Page, QStackedWidget):
    """The Calendar page.

    `plan_chosen` carries a plan's id and leads to its follow-up; `goal_chosen` a plan's id and the
    field that a line comes from; `entry_chosen` the id of a contact, `work_chosen` those of a
    network and of a meeting. `paper_asked` asks for the paper of the week.
    """

    plan_chosen = Signal(bytes)
    goal_chosen = Signal(bytes, object)
    entry_chosen = Signal(bytes)
    work_chosen = Signal(bytes, bytes)
    paper_asked = Signal()

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._shown = ShownCalendar(Calendar(self._today))
        self._was_read = False
        self._day = self._today
        self.export: CalendarExportPage | None = None
        self._make_controls()
        self.table = FollowUpTable(kit, desk)
        self.listing = ItemTable(kit)
        self.calendar = CalendarGrid(kit)
        self.empty = EmptyState(
            kit,
            "calendar-clock",
            N_("Nothing here"),
            N_(
                "Everything with a day in a plan is listed here: journeys, contacts, tasks, "
                "deadlines."
            ),
        )
        self._lay_out()
        self._listen()
        self.read()

    @task
    async def read(self) -> None:
        """Read everything again."""
        language = self._kit.translator.language
        self._shown = await call(self._kit, read_shown, self._desk, language)
        waited = not self._was_read and self.views.parts[self.views.key].hasFocus()
        self._was_read = True
        self._show()
        if waited:
            self.setFocus()  # the table has come

    @property
    def visible_contacts(self) -> Sequence[FollowUpLine]:
        """The follow-ups that pass the filter by person and words."""
        mine = fold_initials(self._desk.user)
        is_all = self.whose.key == "all"
        return [
            one
            for one in self._shown.contacts
            if (is_all or fold_initials(one.owner) == mine) and self._fits(AFTER_ARRIVAL, one.rid)
        ]

    @property
    def visible_items(self) -> Sequence[CalendarItem]:
        """The items that pass all filters."""
        kinds, items = FILTERS[self.kinds.key][1], self._shown.calendar.items
        owners = {one.owner: one for one in items}
        is_all, user = self.whose.key == "all", self._desk.user
        shown = {owner for owner, one in owners.items() if is_all or one.is_of(user)}
        return [
            one
            for one in items
            if one.kind in kinds and one.owner in shown and self._fits(one.kind, one.rid)
        ]

    # Page

    def commands(self) -> Sequence[Command]:
        """Return the commands of the page."""
        find = Command(N_("Search the calendar"), self.focus_search, "Ctrl+F", "search", "edit")
        now = Command(N_("Go to today"), self.go_to_today, "T", "sun", "view")
        if self.currentWidget() is not self._overview:
            return ()
        phone = Command(N_("Calendar for your phone…"), self.show_export, icon="file-down")
        paper = Command(N_("Print the week…"), self.paper_asked.emit, icon="printer")
        return (*((phone, paper) if self._may_print else ()), find, now)

    def place(self) -> str:
        """Return the view and the filter."""
        return "/".join((self.views.key, self.kinds.key))

    def return_to(self, place: str) -> None:
        """Show a view and a filter, as far as they still exist."""
        view, _, kind = place.partition("/")
        if view in self.views.parts:
            self.views.select(view)
        if kind in FILTERS:
            self.kinds.setCurrentIndex([*FILTERS].index(kind))
        self._show()

    def panes(self) -> Sequence[Pane]:
        """Return the panes that F6 visits: the filters and the items."""
        if self.currentWidget() is not self._overview:
            return ()
        return ((self._filters, self.search), (self._content, self))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus to what is on view."""
        if self.export is not None:
            self.export.setFocus(event.reason())
        elif self.table.isVisibleTo(self):
            self.table.table.setFocus(event.reason())
        elif self.listing.isVisibleTo(self):
            self.listing.table.setFocus(event.reason())
        elif self.calendar.isVisibleTo(self) and self.calendar.buttons:
            self.calendar.focus_first()
        else:
            self.views.parts[self.views.key].setFocus(event.reason())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Clear the search on Esc."""
        if event.key() == Qt.Key.Key_Escape and self.search.text() and self.export is None:
            self.search.clear()
        else:
            super().keyPressEvent(event)

    def focus_search(self) -> None:
        """Move the focus to the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def go_to_today(self) -> None:
        """Show today: its week or month, or its first line in the list."""
        if self.views.key == "list":
            self.listing.select_day(self._today)
        else:
            self._go(0)

    def show_export(self) -> None:
        """Show what a calendar file would say."""
        self._close_export()
        self.export = page = CalendarExportPage(self._kit, self._desk)
        page.closed.connect(self.show_overview)
        page.goal_chosen.connect(self.goal_chosen)
        self.addWidget(page)
        self.setCurrentWidget(page)
        page.setFocus()

    def show_overview(self) -> None:
        """Go back to the calendar."""
        self.setCurrentWidget(self._overview)
        self._close_export()
        self.setFocus()

    # parts

    def _make_controls(self) -> None:
        kit = self._kit
        self.summary = Label(kit, tone=Tone.MUTED)
        self.search = TextEntry()
        self.search.setMaxLength(_LONGEST_TYPED)
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(kit.theme.scaled(_SEARCH_WIDTH))
        kit.translator.bind(self.search.setPlaceholderText, N_("Code, task or initials"))
        kit.translator.bind(self.search.setAccessibleName, N_("Search the calendar"))
        self.kinds = ChoiceBox(kit)
        self.kinds.set_options([(key, words) for key, (words, _) in FILTERS.items()])
        kit.translator.bind(self.kinds.setAccessibleName, N_("What to show"))
        self.views = SegmentedControl(kit, _VIEWS)
        self.views.select("list")
        self.whose = SegmentedControl(kit, _WHOSE)
        self.whose.select("all")
        self.earlier = Button(kit, N_("Earlier"), "chevron-left", ButtonLook.QUIET).bared()
        self.now = Button(kit, N_("Today"), look=ButtonLook.QUIET)
        self.later = Button(kit, N_("Later"), "chevron-right", ButtonLook.QUIET).bared()
        self.span = Label(kit, style=TextStyle.HEADING)
        self.undated = muted(kit, "", TextStyle.SMALL)
        self.phone = Button(kit, N_("For your phone…"), "file-down", on=self.show_export)
        self.paper = Button(kit, N_("Print the week…"), "printer", on=self.paper_asked.emit)

    def _lay_out(self) -> None:
        words = stack_widgets(Label(self._kit, N_("Calendar"), TextStyle.DISPLAY), self.summary)
        head = FlowBox(words, self.paper, self.phone, gap=12, fills=words)
        for button in (self.phone, self.paper):
            button.setVisible(self._may_print)
        self._filters = FlowBox(self.search, self.kinds, self.whose, self.views, gap=12)
        self._steps = panel(row(self.earlier, self.now, self.later, grown(self.span), gap=6))
        self._nothing = CardFrame(parts=(self.empty,))
        self._days = make_scroll_area(panel(column(self.calendar)))
        self._content = QWidget()
        parts = (grown(self.table), grown(self.listing), grown(self._days), self._nothing)
        box = column(*parts, on=self._content)
        self._rest = QWidget()
        append(box, grown(self._rest))
        self._overview = QWidget()
        margins = (PAGE_MARGIN, PAGE_MARGIN - 4, PAGE_MARGIN, PAGE_MARGIN)
        every = (head, self._filters, self._steps, grown(self._content), self.undated)
        column(*every, gap=CARD_GAP, margins=margins, on=self._overview)
        self.addWidget(self._overview)
        self._show()

    def _listen(self) -> None:
        self.table.opened.connect(lambda one: self.plan_chosen.emit(one.line.rid))
        self.listing.opened.connect(self._on_opened)
        self.calendar.chosen.connect(self._on_opened)
        self.calendar.day_chosen.connect(self._on_day_chosen)
        self.views.chosen.connect(lambda _: self._show())
        self.whose.chosen.connect(lambda _: self._show())
        self.kinds.chosen.connect(lambda _: self._show())
        self.search.textChanged.connect(lambda _: self._show())
        self.search.returnPressed.connect(self.setFocus)
        self.earlier.clicked.connect(lambda: self._go(-1))
        self.later.clicked.connect(lambda: self._go(1))
        self.now.clicked.connect(lambda: self._go(0))
        keys = (("Ctrl+F", self.focus_search), ("T", self.go_to_today))
        for key, act in keys:
            heard = QShortcut(QKeySequence(key), self._overview, act)
            heard.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        for key, by in (("PgUp", -1), ("PgDown", 1)):
            for where in (self._days, self._steps):
                heard = QShortcut(QKeySequence(key), where, lambda by=by: self._go(by))
                heard.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._kit.translator.on_language_change(self, self.read)
        self._kit.events.changed.connect(self._on_changed)

    def _on_opened(self, item: CalendarItem) -> None:
        """Lead to the field that an item comes from."""
        if item.kind is CalendarKind.FOLLOW_UP and self.kinds.key == AFTER_ARRIVAL:
            self.plan_chosen.emit(item.plan)
        elif item.plan:
            goal = FixTarget(item.record_type, item.key, rid=item.rid)
            self.goal_chosen.emit(item.plan, goal)
        elif item.record_type == "meeting":
            self.work_chosen.emit(item.network, item.rid)
        else:
            self.entry_chosen.emit(item.rid)

    def _on_day_chosen(self, day: date) -> None:
        """Show the list from a day on, of which the grid shows only a part."""
        self.views.select("list")
        if self.kinds.key == AFTER_ARRIVAL:
            self.kinds.setCurrentIndex(0)
        self._show()
        self.listing.select_day(day)
        self.setFocus()

    def _close_export(self) -> None:
        if self.export is not None:
            self.removeWidget(self.export)
            self.export.deleteLater()
            self.export = None

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & CALENDAR_TYPES:
            self.read()

    def _fits(self, kind: str, rid: bytes) -> bool:
        return self._shown.fits(str(kind), rid, self._typed)

    def _go(self, by: int) -> None:
        """Move by `by` weeks or months; 0 goes back to today."""
        if not by:
            self._day = self._today
        elif self.views.key == "week":
            self._day = _moved(self._day, 7 * by)
        else:
            first = self._day.replace(day=1)
            self._day = _moved(first, 31 if by > 0 else -1).replace(day=1)
        self._show()

    def _show(self) -> None:
        self._typed = typed_words(self.search.text())
        cards: tuple[FollowUpTable | ItemTable, ...] = (self.table, self.listing)
        focused = next((one for one in cards if one.table.hasFocus()), None)
        view, is_list = self.views.key, self.views.key == "list"
        is_contacts = is_list and self.kinds.key == AFTER_ARRIVAL
        items = self.visible_items
        listed: Sequence[object] = items
        standings = [one.standing for one in items]
        if is_contacts:
            contacts = [one for one in self.visible_contacts if one.standing.is_open]
            standings, listed = [one.standing for one in contacts], contacts
            self.table.show_contacts(contacts)
        elif is_list:
            listed = still = [one for one in items if one.standing.is_open]
            self.listing.show_items(still)
        late, due = standings.count(FollowUpStatus.OVERDUE), standings.count(FollowUpStatus.DUE)
        self.summary.set_message(lambda language: count_text(late, due, language))
        kinds = FILTERS[self.kinds.key][1]
        undated = sum(n for kind, n in self._shown.calendar.undated.items() if kind in kinds)
        self.undated.setVisible(bool(undated) and is_list and not is_contacts)
        self.undated.set_message(
            plural("{count} more without a day", "{count} more without a day", undated)
        )
        self.table.setVisible(is_contacts and bool(listed))
        self.listing.setVisible(is_list and not is_contacts and bool(listed))
        self._steps.setVisible(not is_list)
        self._days.setVisible(not is_list)
        self._nothing.setVisible(is_list and not listed)
        self._rest.setVisible(is_list and not listed)
        if not is_list:
            begin, weeks = span_of(view, self._day)
            last = _moved(begin, 7 * weeks - 1)
            day, is_week = self._day, view == "week"
            self.span.set_message(
                lambda language: language.days(begin, last) if is_week else language.month(day)
            )
            self.calendar.show_days(begin, weeks, items, self._today)
        if focused is not None and not focused.isVisibleTo(self):
            self.setFocus()  # else it would go to the next widget of the window

    @property
    def _today(self) -> date:
        return self._desk.adapters.clock.now().date()

    @property
    def _may_print(self) -> bool:
        return self._desk.may(Right.PRINT_INTERNAL)


def _moved(day: date, days: int) -> date:
    """Return the day so many days later or earlier, within what a calendar can show."""
    first, last = date(1, 3, 1).toordinal(), date(9999, 11, 1).toordinal()
    return date.fromordinal(min(max(day.toordinal() + days, first), last))
