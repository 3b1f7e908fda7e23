# SPDX-License-Identifier: GPL-3.0-or-later
"""A week or a month of contacts: a cell a day, with a button for each contact that is due on it.

Painted by no delegate: each contact is a button, so that keys and screen readers find it. Which
days are shown is the page's matter.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from kfdesk.i18n.language import Language
from kfdesk.services.after.follow_ups import Contact
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.after_views.wording import LOOKS, contact_words, standing_words
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import clear

_DAYS = 7
_MONTH_CELL, _WEEK_CELL = 92, 300
_LEAST = 600  # pixels at 100 %; narrower, the days stand below one another
A_DAY = timedelta(days=1)


class Calendar(QWidget):
    """Weeks of seven days. `chosen` carries the Contact of the button that was pressed."""

    chosen = Signal(object)

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.buttons: list[Button] = []
        self._is_narrow = False
        self._shown: Callable[[], None] = lambda: None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)

    def show_days(self, first: date, weeks: int, contacts: Sequence[Contact], today: date) -> None:
        """Show so many weeks from `first`, a Monday, with what is due on each day."""
        self._shown = partial(self.show_days, first, weeks, contacts, today)
        clear(self._grid)
        self.buttons = []
        of_day: dict[date, list[Contact]] = defaultdict(list)
        for contact in contacts:
            if contact.due is not None:
                of_day[contact.due].append(contact)
        columns = 1 if self._is_narrow else _DAYS
        for place in range(0 if self._is_narrow else _DAYS):
            name = Label(self._kit, style=Type.SMALL_STRONG, tone=Tone.MUTED)
            name.tell(partial(_weekday, first + place * A_DAY))
            self._grid.addWidget(name, 0, place)
        for place in range(_DAYS):
            self._grid.setColumnStretch(place, int(place < columns))
        for number in range(weeks * _DAYS):
            day = first + number * A_DAY
            if self._is_narrow and not of_day[day] and day != today:
                continue
            row, column = divmod(number, columns)
            cell = self._cell(day, of_day[day], is_today=day == today)
            if not self._is_narrow:
                cell.setMinimumHeight(_WEEK_CELL if weeks == 1 else _MONTH_CELL)
            self._grid.addWidget(cell, row + 1, column)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Where a week is wider than its room, the days stand below one another."""
        super().resizeEvent(event)
        is_narrow = self.width() < self._kit.theme.sized(_LEAST)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._shown()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Any width will do: the days fold."""
        return QSize(1, super().minimumSizeHint().height())

    def _cell(self, day: date, contacts: Sequence[Contact], *, is_today: bool) -> QFrame:
        cell = QFrame()
        cell.setProperty("ground", "card")
        column = QVBoxLayout(cell)
        column.setContentsMargins(6, 4, 2, 4)
        column.setSpacing(0)
        number = Label(
            self._kit,
            style=Type.STRONG if is_today else Type.SMALL,
            tone=Tone.ACCENT if is_today else Tone.MUTED,
        )
        is_narrow = self._is_narrow
        number.tell(lambda language: _day_words(day, language, is_whole=is_narrow))
        column.addWidget(number)
        for contact in contacts:
            column.addWidget(self._make_button(contact))
        column.addStretch(1)
        return cell

    def _make_button(self, contact: Contact) -> Button:
        icon = LOOKS[contact.standing][1]
        button = Button(self._kit, lambda _: contact.line.code, icon, Look.QUIET)
        button.sized(tokens.CONTROL_COMPACT)
        self._kit.words.bind(button.setAccessibleName, partial(_spoken, contact))
        self._kit.words.bind(button.setToolTip, partial(_spoken, contact))
        button.clicked.connect(lambda: self.chosen.emit(contact))
        self.buttons.append(button)
        return button


def monday_of(day: date) -> date:
    """The Monday of the week of a day."""
    return day - day.weekday() * A_DAY


def month_of(day: date) -> tuple[date, int]:
    """The Monday before the first of the month, and how many weeks show all of the month."""
    first = day.replace(day=1)
    after = (first + 31 * A_DAY).replace(day=1)
    begin = monday_of(first)
    return begin, ((after - begin).days + _DAYS - 1) // _DAYS


def _day_words(day: date, language: Language, *, is_whole: bool) -> str:
    """The day of the month; with its weekday where that does not stand above it."""
    short = language.short_day(day)
    return f"{language.weekday(day)} {short}" if is_whole else short


def _weekday(day: date, language: Language) -> str:
    return language.weekday(day)


def _spoken(contact: Contact, language: Language) -> str:
    parts = (
        contact.line.code,
        contact_words(contact.kind, contact.after_days, language),
        standing_words(contact.standing, language),
        language.day(contact.due, year=True) if contact.due is not None else "",
        contact.organisation,
        contact.owner,
    )
    return ", ".join(part for part in parts if part)
