# SPDX-License-Identifier: GPL-3.0-or-later
"""The grid of a week or a month: journeys as bars inside the boxes of their days, below the date.

The box of a day spans the rows of its week: one for the date, one for each lane of bars, and the
last for all else of the day.

The grid paints no item: each one is a button, so that keys and screen readers find it. It is built
between the events of the window, a day at a time. A full day ends with how many more there are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from kfdesk.domain.calendar import (
    CalendarItem,
    CalendarKind,
    items_between,
    journey_bars,
)
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.aftercare.follow_up import STANDING_LOOKS
from kfdesk.ui.pages.calendar.items import KIND_ICONS, accessible_item, item_text
from kfdesk.ui.tokens import CONTROL_COMPACT, TextStyle, Tone
from kfdesk.ui.widgets.build import STRETCH, column, filled
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import clear_layout
from kfdesk.ui.widgets.text import Label, bind_tooltip
from kfdesk.ui.worker import IncrementalBuilder

ONE_DAY = timedelta(days=1)
_DAYS = 7
_MONTH_CELL, _WEEK_CELL = 92, 300
_MOST_IN_MONTH, _MOST_IN_WEEK = 2, 12
"""Items that a day shows; more are counted."""
_MOST_LANES = 3
_DATE_HEIGHT, _GAP, _CELL_TOP = 26, 4, 4
_LEAST = 600  # pixels at 100 %; narrower, the days are stacked


class CalendarGrid(QWidget):
    """A grid of seven days a week.

    `chosen` carries the item of a button, `day_chosen` a day that has more than is shown.
    """

    chosen = Signal(object)
    day_chosen = Signal(object)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._is_narrow = False
        self._has_focus = False
        self._weeks = 1
        self._placed: list[tuple[date, Button]] = []
        self._on_view: object = None
        self._shown: Callable[[], None] = lambda: None
        self._turns = IncrementalBuilder(self)
        kit.events.lock_began.connect(self._turns.stop)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(0)  # Qt leaves it out beside rows that only boxes cross
        for key, by in (("Left", -1), ("Right", 1)):
            self._add_key(key, partial(self._step, by))
        for key, by in (("Up", -1), ("Down", 1)):
            self._add_key(key, partial(self._step_week, by))

    @property
    def buttons(self) -> list[Button]:
        """The buttons of the items, in the order of their days."""
        return [button for _, button in self._placed]

    def complete(self) -> None:
        """Build now what is otherwise built while the window is idle."""
        self._turns.finish()

    def show_days(
        self, first: date, weeks: int, items: Sequence[CalendarItem], today: date
    ) -> None:
        """Show `weeks` weeks from `first`, a Monday, with the items of each day.

        If that is on view already, nothing is built: the keyboard stays on its item.
        """
        wanted = (first, weeks, tuple(items), today, self._is_narrow)
        if wanted == self._on_view:
            return
        self._on_view = wanted
        self._shown = partial(self.show_days, first, weeks, items, today)
        self._has_focus = self._has_focus or any(one.hasFocus() for one in self.buttons)
        clear_layout(self._grid)
        self._placed, self._weeks = [], weeks
        columns = 1 if self._is_narrow else _DAYS
        for place in range(_DAYS):
            self._grid.setColumnStretch(place, int(place < columns))
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, 0)
            self._grid.setRowStretch(row, 0)
        shown = items_between(items, first, first + (weeks * _DAYS - 1) * ONE_DAY)
        build = self._stacked if self._is_narrow else self._weekly
        self._turns.start(build(first, weeks, shown, today))

    def focus_first(self) -> None:
        """Move the focus to the first item, now or once it is built."""
        self._has_focus = True
        self._pass_focus()

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

    # building

    def _weekly(
        self, first: date, weeks: int, items: Sequence[CalendarItem], today: date
    ) -> Iterator[None]:
        """Build the names of the days, then each week: its bars, and a cell for each day."""
        for place in range(_DAYS):
            name = Label(self._kit, style=TextStyle.SMALL_STRONG, tone=Tone.MUTED)
            name.set_message(partial(_weekday, first + place * ONE_DAY))
            self._grid.addWidget(name, 0, place)
        days = [first + number * ONE_DAY for number in range(weeks * _DAYS)]
        of_day = _by_day((one for one in items if one.kind is not CalendarKind.LEG), days)
        bars = journey_bars(items)
        row = 1
        for week in range(weeks):
            monday = first + week * _DAYS * ONE_DAY
            lanes, hidden = _lanes(bars, monday)
            shown = [
                self._add_bar(bar, (row + 1 + number, begin, end), monday)
                for number, lane in enumerate(lanes)
                for bar, begin, end in lane
            ]
            high = max((button.sizeHint().height() for button in shown), default=0)
            self._set_row_heights(row, [high] * len(lanes), is_only=weeks == 1)
            yield
            for place in range(_DAYS):
                day, room = monday + place * ONE_DAY, high * _lanes_over(lanes, place)
                cell = self._cell(day, of_day[day], hidden[day], today, room)
                self._grid.addWidget(cell, row, place, len(lanes) + 2, 1)
                for button in shown:
                    button.raise_()
                yield
            row += len(lanes) + 3
        self._finish()

    def _set_row_heights(self, row: int, lanes: Sequence[int], *, is_only: bool) -> None:
        """Set the heights of a week's rows: date, lanes, the rest of the boxes, and a gap."""
        date_height = self._kit.theme.scaled(_DATE_HEIGHT)
        least = self._kit.theme.scaled(_WEEK_CELL if is_only else _MONTH_CELL)
        rest = max(0, least - date_height - sum(lanes))
        for number, height in enumerate((date_height, *lanes, rest, _GAP)):
            self._grid.setRowMinimumHeight(row + number, height)
        self._grid.setRowStretch(row + len(lanes) + 1, 1)  # what the days need more

    def _stacked(
        self, first: date, weeks: int, items: Sequence[CalendarItem], today: date
    ) -> Iterator[None]:
        """Build one cell under the other, of days with an item and of today."""
        days = [first + number * ONE_DAY for number in range(weeks * _DAYS)]
        of_day = _by_day(items, days)
        for number, day in enumerate(days):
            if of_day[day] or day == today:
                self._grid.addWidget(self._cell(day, of_day[day], 0, today, 0), 2 * number, 0)
                self._grid.setRowMinimumHeight(2 * number + 1, _GAP)
                yield
        self._finish()

    def _finish(self) -> None:
        self._placed.sort(key=lambda placed: placed[0])
        for (_, before), (_, after) in zip(self._placed, self._placed[1:], strict=False):
            QWidget.setTabOrder(before, after)
        self._pass_focus()

    def _add_bar(self, bar: CalendarItem, at: tuple[int, int, int], monday: date) -> Button:
        row, begin, end = at
        button = self._make_button(bar, ButtonLook.TONAL)
        self._grid.addWidget(button, row, begin, 1, end - begin + 1)
        self._placed.append((monday + begin * ONE_DAY, button))
        return button

    def _cell(
        self, day: date, items: Sequence[CalendarItem], hidden: int, today: date, room: int
    ) -> QFrame:
        """Return the box of a day with `room` pixels for the bars that pass over it."""
        is_today = day == today
        cell = QFrame()
        cell.setProperty("ground", "card")
        number = Label(
            self._kit,
            style=TextStyle.STRONG if is_today else TextStyle.SMALL,
            tone=Tone.ACCENT if is_today else Tone.MUTED,
        )
        is_whole, scaled = self._is_narrow, self._kit.theme.scaled
        number.setFixedHeight(scaled(_DATE_HEIGHT) - _CELL_TOP)
        number.set_message(lambda language: _day_words(day, language, is_whole=is_whole))
        most = _MOST_IN_WEEK if self._weeks == 1 else _MOST_IN_MONTH
        most = len(items) if len(items) == most + 1 and not hidden else most
        buttons = [self._make_button(one, ButtonLook.QUIET) for one in items[:most]]
        more = len(items) - len(buttons) + hidden
        if more:
            buttons.append(self._make_more(day, more))
        self._placed += [(day, button) for button in buttons]
        column(number, room, *buttons, STRETCH, margins=(6, _CELL_TOP, 2, 4), on=cell)
        return cell

    def _make_button(self, item: CalendarItem, look: ButtonLook) -> Button:
        icon = KIND_ICONS[item.kind]
        if item.kind is CalendarKind.FOLLOW_UP:
            icon = STANDING_LOOKS[item.standing][1]
        button = Button(self._kit, partial(_short_text, item), icon, look)
        button.with_height(CONTROL_COMPACT)
        said = partial(accessible_item, item)
        self._kit.translator.bind(button.setAccessibleName, said)
        bind_tooltip(self._kit, button, said)
        button.clicked.connect(lambda: self.chosen.emit(item))
        return button

    def _make_more(self, day: date, count: int) -> Button:
        words = filled(N_("+{count} more"), count=count)
        button = Button(self._kit, words, look=ButtonLook.QUIET).with_height(CONTROL_COMPACT)
        button.clicked.connect(lambda: self.day_chosen.emit(day))
        return button

    # keys

    def _add_key(self, key: str, act: Callable[[], None]) -> None:
        heard = QShortcut(QKeySequence(key), self, act)
        heard.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _step(self, by: int) -> None:
        """Move the focus to the next item, or the one before."""
        at = self._focused
        if at is not None:
            self._focus(at + by)

    def _step_week(self, by: int) -> None:
        """Move the focus a week on or back; within a week, to the next item or the one before."""
        at = self._focused
        if at is None:
            return
        if self._weeks == 1:
            self._focus(at + by)
            return
        goal = self._placed[at][0] + by * _DAYS * ONE_DAY
        days = [day for day, _ in self._placed]
        found = [n for n, day in enumerate(days) if (day >= goal if by > 0 else day <= goal)]
        if found:
            self._focus(days.index(days[found[0] if by > 0 else found[-1]]))

    @property
    def _focused(self) -> int | None:
        return next((n for n, one in enumerate(self.buttons) if one.hasFocus()), None)

    def _focus(self, at: int) -> None:
        if 0 <= at < len(self._placed):
            self._placed[at][1].setFocus(Qt.FocusReason.OtherFocusReason)

    def _pass_focus(self) -> None:
        if self._has_focus and self._placed:
            self._has_focus = False
            self._focus(0)


def _by_day(
    items: Iterable[CalendarItem], days: Sequence[date]
) -> Mapping[date, Sequence[CalendarItem]]:
    """Return the items of each of these days: a meeting on each of its own.

    A journey stands on its first day, or on the first of these if it has begun before.
    """
    of_day: dict[date, list[CalendarItem]] = {day: [] for day in days}
    for one in items:
        begin = max(one.day, days[0]) if one.kind is CalendarKind.LEG else one.day
        end = one.last if one.kind is CalendarKind.MEETING else begin
        for day in days[max(0, (begin - days[0]).days) : max(0, (end - days[0]).days + 1)]:
            of_day[day].append(one)
    return of_day


def _lanes(
    bars: Sequence[CalendarItem], monday: date
) -> tuple[list[list[tuple[CalendarItem, int, int]]], dict[date, int]]:
    """Return the bars of a week in lanes, each with its first and last column.

    Of journeys for which there is no lane, return how many there are on each day.
    """
    sunday = monday + (_DAYS - 1) * ONE_DAY
    lanes: list[list[tuple[CalendarItem, int, int]]] = []
    hidden: dict[date, int] = defaultdict(int)
    for bar in bars:
        if bar.first > sunday or bar.last < monday:
            continue
        begin, end = (max(bar.first, monday) - monday).days, (min(bar.last, sunday) - monday).days
        lane = next((lane for lane in lanes if lane[-1][2] < begin), None)
        if lane is not None:
            lane.append((bar, begin, end))
        elif len(lanes) < _MOST_LANES:
            lanes.append([(bar, begin, end)])
        else:
            hidden[monday + begin * ONE_DAY] += 1
    return lanes, hidden


def _lanes_over(lanes: Sequence[Sequence[tuple[CalendarItem, int, int]]], place: int) -> int:
    """Return how many lanes the column at this place needs, to the last bar that passes over it."""
    over = (
        number
        for number, lane in enumerate(lanes, start=1)
        if any(begin <= place <= end for _, begin, end in lane)
    )
    return max(over, default=0)


def _short_text(item: CalendarItem, language: Language) -> str:
    """Return the code of an item's plan, else what it is."""
    return item.code or item_text(item, language)


def _day_words(day: date, language: Language, *, is_whole: bool) -> str:
    """Return the day of the month; with `is_whole` also its weekday."""
    short = language.short_day(day)
    return f"{language.weekday(day)} {short}" if is_whole else short


def _weekday(day: date, language: Language) -> str:
    return language.weekday(day)
