# SPDX-License-Identifier: GPL-3.0-or-later
"""A line for a day, with a calendar to choose it from.

Typing is the quicker way, and takes a year or a month alone as well. The calendar opens below
the line by a click on its icon, by Down or by F4. It shows the week from Monday, in the window's
language. It knows no field and no record.
"""

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QDate, QLocale, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
)
from PySide6.QtWidgets import QAbstractItemView, QCalendarWidget, QFrame, QToolButton

from kfdesk.domain.message_marks import N_
from kfdesk.domain.values import PartialDate
from kfdesk.i18n.parsing import parse_day
from kfdesk.ui import icons
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.parts import LineInput
from kfdesk.ui.widgets.build import column, on_escape
from kfdesk.ui.widgets.buttons import PaintedButton

_ICON_ROOM = icons.MEDIUM + 18
"""The width at the end in which a click opens the calendar, in pixels."""
_LEAST_WIDTH = 312  # pixels at 100 %; in less, names of weekdays are cut
_STEPS = (
    ("qt_calendar_prevmonth", "chevron-left", N_("Previous month")),
    ("qt_calendar_nextmonth", "chevron-right", N_("Next month")),
)
_SHEET = """
QFrame[ground="popup"] {{ background: {raised}; border: 1px solid {line}; border-radius: 8px; }}
QCalendarWidget QWidget#qt_calendar_navigationbar {{ background: {raised}; }}
QCalendarWidget QToolButton {{
    background: transparent; color: {text}; border: 0; border-radius: 6px; padding: 6px;
    font-weight: 600;
}}
QCalendarWidget QToolButton:hover, QCalendarWidget QToolButton:focus {{ background: {hover}; }}
QCalendarWidget QToolButton::menu-indicator {{ image: none; width: 0; }}
QCalendarWidget QSpinBox {{ background: {surface}; color: {text}; border: 1px solid {control}; }}
QCalendarWidget QAbstractItemView {{
    background: {raised}; color: {text}; alternate-background-color: {raised}; border: 0;
    selection-background-color: {accent}; selection-color: {accent_text};
}}
QCalendarWidget QAbstractItemView:disabled {{ color: {text_muted}; }}
"""


def today_in_window(kit: UiContext) -> date:
    """Return today by the organisation's clocks, for a field that has no desk to ask."""
    return kit.translator.language.today()


class DayPicker(QFrame):
    """The calendar in a popup. `chosen` carries the day by click or Enter; Esc closes it."""

    chosen = Signal(object)

    def __init__(self, kit: UiContext, line: "DayInput") -> None:
        super().__init__(line, Qt.WindowType.Popup)
        on_escape(self, self.close)
        self._kit = kit
        self.setProperty("ground", "popup")
        self.calendar = QCalendarWidget()
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setDateEditEnabled(False)
        self.calendar.clicked.connect(self._on_chosen)
        self.calendar.activated.connect(self._on_chosen)
        for part in (self.calendar, *self.calendar.findChildren(QAbstractItemView)):
            kit.translator.bind(part.setAccessibleName, N_("Calendar"))
        column(self.calendar, margins=(6, 6, 6, 6), on=self)

    def open_at(self, day: QDate, below: QPoint, above: QPoint) -> None:
        """Open with `day` chosen, its corner at `below`, or at `above` if there is no room."""
        self._dress()
        self.calendar.setSelectedDate(day)
        self.adjustSize()
        room = self.screen().availableGeometry()
        fits = below.y() + self.height() <= room.bottom()
        top = below.y() if fits else max(room.top(), above.y() - self.height())
        self.move(max(room.left(), min(below.x(), room.right() - self.width())), top)
        self.show()
        self.calendar.setFocus(Qt.FocusReason.PopupFocusReason)

    def _dress(self) -> None:
        """Use the colours and the language in use."""
        colours, calendar = self._kit.theme.colours, self.calendar
        names = ("raised", "line", "text", "hover", "surface", "control", "accent", "accent_text",
                 "text_muted")  # fmt: skip
        self.setStyleSheet(_SHEET.format(**{name: getattr(colours, name) for name in names}))
        calendar.setLocale(QLocale(self._kit.translator.language.code))
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)  # the locale has changed it
        calendar.setMinimumWidth(self._kit.theme.scaled(_LEAST_WIDTH))
        plain = QTextCharFormat()
        plain.setForeground(QBrush(QColor(colours.text)))
        plain.setBackground(QBrush(QColor(colours.raised)))
        calendar.setHeaderTextFormat(plain)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(day, plain)
        for name, icon, words in _STEPS:
            button = calendar.findChild(QToolButton, name)
            if isinstance(button, QToolButton):
                button.setIcon(self._kit.theme.icons.icon(icon, colours.text))
                button.setAccessibleName(self._kit.translator.translate(words))

    def _on_chosen(self, day: QDate) -> None:
        self.close()
        self.chosen.emit(date(day.year(), day.month(), day.day()))


class DayInput(LineInput):
    """A line for a day with an icon that opens the calendar; emits `typed` for a chosen day."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.today: Callable[[], date] = partial(today_in_window, kit)
        self._picker: DayPicker | None = None
        self.setTextMargins(0, 0, icons.MEDIUM + 8, 0)
        self._button = PaintedButton(self)
        self._button.clicked.connect(self.open_calendar)
        kit.translator.bind(self._button.setAccessibleName, N_("Choose a day in the calendar"))

    @property
    def picker(self) -> DayPicker:
        """The calendar, built on first access: most days are typed."""
        if self._picker is None:
            self._picker = DayPicker(self._kit, self)
            self._picker.chosen.connect(self._on_day_chosen)
        return self._picker

    def open_calendar(self) -> None:
        """Open the calendar at the typed day, else at today."""
        if not self.isEnabled() or self.isReadOnly():
            return
        self.setFocus()
        below = self.mapToGlobal(QPoint(0, self.height() + 2))
        self.picker.open_at(self._typed_day, below, self.mapToGlobal(QPoint(0, -2)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the calendar on Down and F4."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_F4) and not event.modifiers():
            self.open_calendar()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the calendar on a click on the icon; let other clicks edit the text."""
        super().mousePressEvent(event)
        if event.position().x() > self.width() - _ICON_ROOM:
            self.open_calendar()

    def hideEvent(self, event: QHideEvent) -> None:
        """Close the calendar with the line, as at the lock."""
        if self._picker is not None:
            self._picker.close()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._button.setGeometry(self.width() - _ICON_ROOM, 0, _ICON_ROOM, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        top = round((self.height() - icons.MEDIUM) / 2)
        square = QRectF(self.width() - icons.MEDIUM - 10, top, icons.MEDIUM, icons.MEDIUM)
        ink = self._kit.theme.colours.text_muted
        self._kit.theme.icons.paint(QPainter(self), "calendar-clock", ink, square)

    @property
    def _typed_day(self) -> QDate:
        now = self.today()
        typed = parse_day(self.text(), now)
        if isinstance(typed, PartialDate):
            year, _, month = typed.text.partition("-")
            typed = date(int(year), int(month or 1), 1)
        shown = typed or now
        return QDate(shown.year, shown.month, shown.day)

    def _on_day_chosen(self, day: date) -> None:
        self.selectAll()
        self.insert(self._kit.translator.language.day(day, year=True))
        self.typed.emit()
