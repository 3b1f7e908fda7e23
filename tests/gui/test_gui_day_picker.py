# SPDX-License-Identifier: GPL-3.0-or-later
"""A day is typed, or chosen in a calendar by keys or mouse."""

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.gui.editing_samples import press
from tests.support.windows import Stage, nameless

from kfdesk.domain.values import ZonedTime
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.day_picker import DayInput
from kfdesk.ui.forms.editors import DayEditor
from kfdesk.ui.forms.moments import ZonedTimeEditor
from kfdesk.ui.forms.registry import make_editor


def made(kit: UiContext, stage: Stage) -> tuple[DayEditor, DayInput]:
    editor = make_editor(kit, "travel_document", "valid_until")
    stage(editor)
    assert isinstance(editor, DayEditor)
    assert isinstance(editor.line, DayInput)
    editor.focus()
    return editor, editor.line


@pytest.mark.parametrize(
    ("typed", "opens"),
    [
        ("12.12.2026", QDate(2026, 12, 12)),
        ("5.1999", QDate(1999, 5, 1)),
        ("1999", QDate(1999, 1, 1)),
        ("in May", None),
        ("", None),
    ],
)
def test_calendar_opens_at_what_was_typed(
    kit: UiContext, stage: Stage, typed: str, opens: QDate | None
) -> None:
    editor, line = made(kit, stage)
    QTest.keyClicks(line, typed)
    press(Qt.Key.Key_Down)
    assert line.picker.isVisible()
    assert line.picker.calendar.selectedDate() == (opens or QDate.currentDate())
    QTest.keyClick(line.picker.calendar, Qt.Key.Key_Escape)
    assert not line.picker.isVisible()
    assert editor.raw() == typed


@pytest.mark.parametrize("key", [Qt.Key.Key_Down, Qt.Key.Key_F4])
def test_day_is_chosen_by_keys_and_goes_back_by_undo(
    kit: UiContext, stage: Stage, key: Qt.Key
) -> None:
    editor, line = made(kit, stage)
    editor.show_value(date(2026, 12, 12))
    press(key)
    calendar = line.picker.calendar
    assert QApplication.focusWidget() is not line
    for pressed in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        target = QApplication.focusWidget()
        assert target is not None
        assert calendar is target or calendar.isAncestorOf(target)
        QTest.keyClick(target, pressed)
    assert not line.picker.isVisible()
    assert line.hasFocus()
    assert line.text() == "20 December 2026"
    assert editor.value() == date(2026, 12, 20)
    assert editor.has_changed
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.value() == date(2026, 12, 12)


def test_day_of_a_time_is_chosen_by_mouse_and_keeps_the_time(kit: UiContext, stage: Stage) -> None:
    editor = make_editor(kit, "leg", "departs")
    stage(editor)
    assert isinstance(editor, ZonedTimeEditor)
    editor.show_value(ZonedTime.parse("2026-12-12T17:00+01:00[Europe/Stockholm]"))
    icon = QPoint(editor.day.width() - 14, editor.day.height() // 2)
    QTest.mouseClick(editor.day, Qt.MouseButton.LeftButton, pos=icon)
    assert editor.day.picker.isVisible()
    editor.day.picker.calendar.clicked.emit(QDate(2026, 7, 1))
    value = editor.value()
    assert isinstance(value, ZonedTime)
    assert (value.wall.isoformat(), value.offset) == ("2026-07-01T17:00:00", 120)
    QTest.mouseClick(editor.day, Qt.MouseButton.LeftButton, pos=QPoint(8, icon.y()))
    assert not editor.day.picker.isVisible()


def test_calendar_goes_with_its_line_and_opens_only_where_one_may_write(
    kit: UiContext, stage: Stage
) -> None:
    editor, line = made(kit, stage)
    line.open_calendar()
    editor.window().hide()
    assert not line.picker.isVisible()
    editor.window().show()
    editor.set_read_only(is_read_only=True)
    line.open_calendar()
    assert not line.picker.isVisible()


@pytest.mark.parametrize("code", ["en", "sv", "ru"])
def test_week_begins_on_monday_and_all_has_a_name(kit: UiContext, stage: Stage, code: str) -> None:
    _, line = made(kit, stage)
    kit.set_language(code)
    line.open_calendar()
    assert line.picker.calendar.firstDayOfWeek() is Qt.DayOfWeek.Monday
    assert line.picker.calendar.locale().name().startswith(code)
    assert nameless(line.picker) == []
    line.picker.close()


def test_today_is_the_organisations_on_a_computer_in_another_zone(
    kit: UiContext, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At every hour one of the two zones at the ends of the world has another day than UTC."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
            kit.translator.set_zone(zone)
            editor, line = made(kit, stage)
            moment = make_editor(kit, "leg", "departs")
            assert isinstance(moment, ZonedTimeEditor)
            today = datetime.now(ZoneInfo(zone)).date()
            assert editor.today() == moment.today() == moment.day.today() == today
            line.open_calendar()
            assert line.picker.calendar.selectedDate() == QDate(today.year, today.month, today.day)
            line.picker.close()
    finally:
        monkeypatch.undo()
        time.tzset()


def test_calendar_opens_at_the_day_of_the_desk(kit: UiContext, stage: Stage) -> None:
    editor, line = made(kit, stage)
    editor.follow_today(lambda: date(2026, 12, 3))
    line.open_calendar()
    assert line.picker.calendar.selectedDate() == QDate(2026, 12, 3)
    line.picker.close()
    assert editor.today() == line.today() == date(2026, 12, 3)
