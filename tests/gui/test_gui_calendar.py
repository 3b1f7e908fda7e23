# SPDX-License-Identifier: GPL-3.0-or-later
"""The calendar: every kind of item in list, week and month, found, opened, and taken along."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QWidget
from tests.gui.desk_samples import OpenDesk, texts
from tests.integration.run_samples import LAW, begin
from tests.support.make import named_id
from tests.support.windows import Stage, missed_by_tab, nameless

from kfdesk import app
from kfdesk.demo import people
from kfdesk.domain.accounts import Role
from kfdesk.domain.aftercare import FollowUpStatus
from kfdesk.domain.calendar import CalendarItem, CalendarKind, standing_of
from kfdesk.domain.records.aftercare import FollowUp
from kfdesk.domain.records.case import LegalStatus, Task
from kfdesk.domain.records.directory import Network
from kfdesk.domain.records.network import Meeting, Project
from kfdesk.domain.registers import apply_changes
from kfdesk.domain.rows import encode_changes
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.services.calendar import read_calendar
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import HomeClock, Session, follow_own_place
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.aftercare.follow_up import standing_text
from kfdesk.ui.pages.calendar import export
from kfdesk.ui.pages.calendar.grid import ONE_DAY, CalendarGrid
from kfdesk.ui.pages.calendar.items import FILTERS, count_text, month_grid, week_start
from kfdesk.ui.pages.calendar.page import LINES_AT_ONCE, CalendarPage
from kfdesk.ui.pages.directory.network_work import NetworkWorkPage
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.plan_sections import FixTarget
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.text import Label

TODAY = date(2026, 12, 20)


def item(name: str, days: int = 0, **more: Any) -> CalendarItem:
    """Return a task of a plan so many days after TODAY, with some values changed."""
    day = TODAY + days * ONE_DAY
    whole = CalendarItem(
        CalendarKind.TASK, named_id(name), "task", "due", day, day, day,
        standing_of(day, day, TODAY, is_done=False), plan=named_id("plan"), code="tulpan-47",
        about=(name,),
    )  # fmt: skip
    return replace(whole, **more)


def journey(name: str, first: int, last: int, **more: Any) -> CalendarItem:
    begins, ends = TODAY + first * ONE_DAY, TODAY + last * ONE_DAY
    plain = {"kind": CalendarKind.LEG, "last": ends, "first": begins, "about": (None, None)}
    return item(name, first, **{**plain, "plan": named_id(name), "code": name, **more})


# --- weeks and months


@pytest.mark.parametrize(
    ("day", "monday"),
    [
        (date(2026, 12, 20), date(2026, 12, 14)), (date(2026, 12, 14), date(2026, 12, 14)),
        (date(2027, 1, 1), date(2026, 12, 28)), (date(1, 1, 3), date(1, 1, 1)),
    ],
)  # fmt: skip
def test_week_begins_on_its_monday(day: date, monday: date) -> None:
    assert week_start(day) == monday


@pytest.mark.parametrize(
    ("day", "begin", "weeks"),
    [
        (date(2026, 12, 20), date(2026, 11, 30), 5),
        (date(2026, 2, 10), date(2026, 1, 26), 5),
        (date(2027, 2, 28), date(2027, 2, 1), 4),
        (date(2026, 8, 31), date(2026, 7, 27), 6),
    ],
)
def test_month_is_shown_in_whole_weeks(day: date, begin: date, weeks: int) -> None:
    assert month_grid(day) == (begin, weeks)
    last = begin + (7 * weeks - 1) * ONE_DAY
    assert begin <= day.replace(day=1)
    assert day <= last


# --- the grid


@pytest.fixture
def grid(kit: UiContext, stage: Stage) -> CalendarGrid:
    """Return the grid, as wide as in the window."""
    made = CalendarGrid(kit)
    made.setMinimumWidth(kit.theme.scaled(900))
    stage(made)
    return made


def show_month(grid: CalendarGrid, items: Iterable[CalendarItem]) -> list[Button]:
    grid.show_days(*month_grid(TODAY), tuple(items), TODAY)
    grid.complete()
    QApplication.processEvents()  # they are laid out
    return grid.buttons


def test_each_item_is_a_button_on_its_day_and_says_all_to_who_listens(grid: CalendarGrid) -> None:
    contact = item(
        "contact", kind=CalendarKind.FOLLOW_UP, standing=FollowUpStatus.DUE, owner="EV",
        about=("regular", 7, "Дом у реки"),
    )  # fmt: skip
    grid.show_days(week_start(TODAY), 1, (contact, item("later", 9)), TODAY)
    grid.complete()
    (button,) = grid.buttons
    assert button.accessibleName() == (
        "tulpan-47, 7 days after arrival, due now, 20 December 2026, Дом у реки, EV"
    )
    assert nameless(grid) == []


def test_pressed_item_is_told(grid: CalendarGrid) -> None:
    received: list[CalendarItem] = []
    grid.chosen.connect(received.append)
    (button,) = show_month(grid, (item("one"),))
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert received == [item("one")]


def test_today_is_marked(grid: CalendarGrid) -> None:
    show_month(grid, ())
    marked = [label for label in grid.findChildren(Label) if label.property("ink") == "accent"]
    assert [label.text() for label in marked if not label.isHidden()] == ["20 Dec"]


def test_journey_is_one_bar_over_its_days_in_each_week(grid: CalendarGrid) -> None:
    buttons = show_month(grid, (journey("ros-12", -1, 2), journey("lilja-33", 0, 0)))
    widths = sorted(button.width() for button in buttons if button.text() == "ros-12")
    assert len(widths) == 2  # Saturday and Sunday, then Monday and Tuesday
    lone = next(button for button in buttons if button.text() == "lilja-33")
    assert widths[0] > lone.width()
    assert "19–22 December 2026" in next(b for b in buttons if b.text() == "ros-12").toolTip()


def boxes(grid: CalendarGrid, first: date) -> dict[date, QFrame]:
    """Return the box of each day by its date, which its label says."""
    shown = [grid._grid.itemAt(number) for number in range(grid._grid.count())]
    parts = [one.widget() for one in shown if one is not None]
    cells = [one for one in parts if isinstance(one, QFrame) and one.property("ground") == "card"]
    found = {first + number * ONE_DAY: cell for number, cell in enumerate(cells)}
    language = grid._kit.translator.language
    for day, cell in found.items():
        assert cell.findChildren(Label)[0].text() == language.short_day(day)
    return found


def area(grid: CalendarGrid, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(grid, QPoint(0, 0)), widget.size())


JOURNEYS = st.lists(st.tuples(st.integers(-24, 14), st.integers(0, 9)), max_size=9)


@pytest.mark.parametrize("is_month", [True, False])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=JOURNEYS, tasks=st.lists(st.integers(-20, 10), max_size=6))
def test_bar_lies_inside_the_boxes_of_its_days_below_their_dates(
    grid: CalendarGrid, is_month: bool, spans: list[tuple[int, int]], tasks: list[int]
) -> None:
    bars = {f"ros-{n}": journey(f"ros-{n}", at, at + days) for n, (at, days) in enumerate(spans)}
    items = (*bars.values(), *(item(f"call {n}", at) for n, at in enumerate(tasks)))
    first, weeks = month_grid(TODAY) if is_month else (week_start(TODAY), 1)
    grid.show_days(first, weeks, items, TODAY)
    grid.complete()
    QApplication.processEvents()
    cells = boxes(grid, first)
    seen: dict[str, set[date]] = {name: set() for name in bars}
    for day, button in grid._placed:
        if button.text() not in bars:
            continue
        bar, rect = bars[button.text()], area(grid, button)
        over = {one for one, cell in cells.items() if rect.intersects(area(grid, cell))}
        assert day in over
        assert len({week_start(one) for one in over}) == 1
        assert all(bar.day <= one <= bar.last for one in over)
        ends = [area(grid, cells[one]) for one in sorted(over)]
        assert ends[0].united(ends[-1]).contains(rect)
        dates = [area(grid, cells[one].findChildren(Label)[0]) for one in over]
        assert not any(rect.intersects(date_label) for date_label in dates)
        seen[button.text()] |= over
    told = [area(grid, button) for button in grid.buttons]
    assert not any(one.intersects(two) for one, two in combinations(told, 2))
    if len(bars) <= 3:  # there is a lane for each
        for name, bar in bars.items():
            assert seen[name] == {one for one in cells if bar.day <= one <= bar.last}


def test_meeting_of_several_days_stands_on_each_that_is_shown(grid: CalendarGrid) -> None:
    seminar = item("seminar", -1, kind=CalendarKind.MEETING)
    seminar = replace(seminar, last=TODAY + ONE_DAY)
    assert len(show_month(grid, (seminar,))) == 3
    grid.show_days(week_start(TODAY), 1, (seminar,), TODAY)
    grid.complete()
    assert len(grid.buttons) == 2  # TODAY is a Sunday
    endless = replace(seminar, last=date.max)
    assert len(show_month(grid, (endless,))) < 42


def test_full_day_counts_what_it_does_not_show_and_leads_to_the_list(grid: CalendarGrid) -> None:
    days: list[object] = []
    grid.day_chosen.connect(days.append)
    many = [item(str(n)) for n in range(40)]
    buttons = show_month(grid, (*many, *(journey(f"ros-{n}", 0, 0) for n in range(9))))
    assert [one.text() for one in buttons][-1].startswith("+")
    assert len(buttons) < 10
    buttons[-1].click()
    assert days == [TODAY]


def test_arrows_walk_the_items_and_the_weeks(grid: CalendarGrid) -> None:
    items = [item("a", -13), item("b", -6), item("c", -6), item("d", 1)]
    buttons = show_month(grid, items)
    buttons[0].setFocus()
    for key, at in (
        (Qt.Key.Key_Right, 1), (Qt.Key.Key_Right, 2), (Qt.Key.Key_Down, 3), (Qt.Key.Key_Right, 3),
        (Qt.Key.Key_Up, 1), (Qt.Key.Key_Left, 0), (Qt.Key.Key_Left, 0), (Qt.Key.Key_Down, 1),
    ):  # fmt: skip
        focus = QApplication.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, key)
        assert QApplication.focusWidget() is grid.buttons[at]


def test_keyboard_stays_on_its_item_when_the_same_is_shown_again(
    grid: CalendarGrid, kit: UiContext
) -> None:
    items = [item("Ring"), item("Skriv", 2)]
    button = show_month(grid, items)[1]
    button.setFocus()
    kit.set_language("sv")
    show_month(grid, [replace(one) for one in items])
    assert QApplication.focusWidget() is button
    assert show_month(grid, items[1:])[0] is not button, "other items are shown anew"


def test_narrow_grid_stacks_the_days_that_have_something(grid: CalendarGrid) -> None:
    show_month(grid, (item("a", 3), journey("ros-12", -2, 1)))
    grid.setMinimumWidth(1)
    grid.setMaximumWidth(300)
    QApplication.processEvents()
    grid.complete()
    assert [one.text() for one in grid.buttons] == ["ros-12", "tulpan-47"]
    words = {label.text() for label in grid.findChildren(Label) if not label.isHidden()}
    assert "Fri 18 Dec" in words


# --- the page


def fill(desk: Session, plan: bytes, each: Iterable[Mapping[str, Value]]) -> None:
    """Write many tasks of a plan at once."""
    with desk.store.transaction():
        for values in each:
            row = desk.new_row("task", plan)
            changes = encode_changes("task", values)
            state = apply_changes(row.state, changes, (), desk.signature)
            desk.store.put(replace(row, state=state))


def today(desk: Session) -> date:
    return desk.adapters.clock.now().date()


def write(desk: Session, plan: bytes) -> None:
    """Write a late task, one of tomorrow and a hearing; the plan is EV's."""
    day = today(desk)
    change_record(desk, plan, {"owner": people.INITIALS})
    create_record(desk, Task, {"title": "Biljetter", "due": day - ONE_DAY, "owner": "QQ"}, plan)
    soon: dict[str, Value] = {
        "title": "Ring läkaren",
        "due": day + ONE_DAY,
        "owner": people.INITIALS,
    }
    create_record(desk, Task, {**soon, "neutral_title": "Ring"}, plan)
    create_record(desk, Task, {"title": "Utan dag"}, plan)
    at = ZonedTime.at(datetime.combine(day + 3 * ONE_DAY, time(9, 15)), people.STOCKHOLM)
    create_record(desk, LegalStatus, {"kind": "witness", "next_hearing": at}, plan)


@pytest.fixture
def calendar(shell: SessionView, opened: OpenDesk) -> CalendarPage:
    """Return the calendar of a desk with a plan."""
    opened.run(lambda: write(opened.desk, opened.plan))
    shell.go_to("calendar")
    opened.rest()
    page = shell.page
    assert isinstance(page, CalendarPage)
    return page


def said(page: CalendarPage) -> list[str]:
    """Return what the lines of the list are."""
    rows = page.listing.table.rows
    return [str(rows.data(rows.index(n, 1))) for n in range(rows.rowCount())]


def choose(page: CalendarPage, key: str) -> None:
    page.kinds.setCurrentIndex([*FILTERS].index(key))
    page.kinds.chosen.emit(key)


def test_list_begins_with_what_is_late_and_counts_what_has_no_day(calendar: CalendarPage) -> None:
    lines = said(calendar)
    assert lines[:2] == ["Biljetter, To do", "Ring läkaren, To do"]
    assert any(line.endswith(", Hearing") for line in lines)
    assert sum(line.endswith(", Journey") for line in lines) == 2
    assert calendar.listing.table.hasFocus()
    assert {"1 overdue", "1 more without a day"} <= texts(calendar)
    assert nameless(calendar) == []
    assert missed_by_tab(calendar) == []


@pytest.mark.parametrize(
    ("key", "ending"), [("tasks", "To do"), ("journeys", ""), ("deadlines", "Hearing")]
)
def test_filter_shows_its_kinds_alone(calendar: CalendarPage, key: str, ending: str) -> None:
    every = said(calendar)
    choose(calendar, key)
    lines = said(calendar)
    assert 0 < len(lines) < len(every)
    assert all(line.endswith(ending) for line in lines)
    choose(calendar, "networks")
    assert calendar.empty.isVisible()


def test_mine_are_those_of_my_tasks_and_plans(calendar: CalendarPage) -> None:
    calendar.whose.parts["mine"].click()
    lines = said(calendar)
    assert "Biljetter, To do" not in lines
    assert "Ring läkaren, To do" in lines
    assert any(line.endswith(", Journey") for line in lines)


def test_search_finds_by_task_code_and_initials_and_esc_clears_it(calendar: CalendarPage) -> None:
    whole = said(calendar)
    for typed, count in (("lakaren", 1), ("tulpan", len(whole)), ("qq", 1), ("qq lakaren", 0)):
        calendar.search.setText(typed)
        assert len(calendar.visible_items) == count
    assert calendar.empty.isVisible()
    calendar.focus_search()
    QTest.keyClick(calendar.search, Qt.Key.Key_Escape)
    assert said(calendar) == whole


def test_enter_leads_to_the_field_that_a_line_comes_from(
    calendar: CalendarPage, shell: SessionView, opened: OpenDesk
) -> None:
    goals: list[tuple[bytes, FixTarget]] = []
    calendar.goal_chosen.connect(lambda rid, goal: goals.append((rid, goal)))
    calendar.listing.table.selectRow(0)
    QTest.keyClick(calendar.listing.table, Qt.Key.Key_Return)
    ((plan, goal),) = goals
    assert (plan, goal.record_type, goal.key) == (opened.plan, "task", "due")
    opened.rest()
    assert shell.place() == f"plans/{opened.plan.hex()}/notes"
    focus = QApplication.focusWidget()
    assert focus is not None
    assert "Due on" in focus.accessibleName()


@pytest.mark.parametrize(
    ("kind", "section", "field"),
    [
        (CalendarKind.LEG, "travel", "Departs"), (CalendarKind.CHECK_IN, "travel", "Check-in"),
        (CalendarKind.HEARING, "decision", "Next hearing"), (CalendarKind.CONSENT, "consent", ""),
        (CalendarKind.STEP, "cooperation", ""), (CalendarKind.FOLLOW_UP, "follow_up", "Day"),
    ],
)  # fmt: skip
def test_each_kind_leads_to_its_own_field(
    calendar: CalendarPage, opened: OpenDesk, shell: SessionView, kind: str, section: str,
    field: str,
) -> None:  # fmt: skip
    opened.run(lambda: begin(opened.desk, opened.plan, LAW))
    due = today(opened.desk) + 9 * ONE_DAY
    opened.run(lambda: create_record(opened.desk, FollowUp, {"due": due}, opened.plan))
    shell.go_to("today")
    calendar.read()
    opened.rest()
    shell.go_to("calendar")
    item = next(one for one in calendar.visible_items if one.kind == kind)
    calendar.listing.opened.emit(item)
    opened.rest()
    assert shell.place() == f"plans/{opened.plan.hex()}/{section}"
    focus = QApplication.focusWidget()
    assert focus is not None
    page = shell.page
    assert page is not None
    assert page.isAncestorOf(focus)
    assert field in focus.accessibleName()


def test_meeting_leads_to_its_network(
    calendar: CalendarPage, opened: OpenDesk, shell: SessionView, kit: UiContext
) -> None:
    asked: list[tuple[bytes, bytes]] = []
    calendar.work_chosen.connect(lambda network, rid: asked.append((network, rid)))
    at = ZonedTime.at(datetime.combine(today(opened.desk), time(9)), people.STOCKHOLM)
    title = people.localized("Möte", "Встреча", "Round")

    def write_meeting() -> tuple[bytes, bytes]:
        network = create_record(opened.desk, Network, {"title": title})
        return network, create_record(opened.desk, Meeting, {"starts": at, "title": title}, network)

    made = opened.run(write_meeting)
    kit.events.changed.emit(frozenset({"meeting"}))
    opened.rest()
    choose(calendar, "networks")
    assert said(calendar) == ["Round, Meeting"]
    calendar.listing.table.selectRow(0)
    QTest.keyClick(calendar.listing.table, Qt.Key.Key_Return)
    opened.rest()
    assert asked == [made]
    assert shell.place().startswith("contacts")


def test_meeting_of_an_own_project_leads_to_the_project(
    calendar: CalendarPage, opened: OpenDesk, shell: SessionView, kit: UiContext
) -> None:
    at = ZonedTime.at(datetime.combine(today(opened.desk), time(9)), people.STOCKHOLM)
    title = people.localized("Möte", "Встреча", "Round")

    def write_meeting() -> bytes:
        project = create_record(opened.desk, Project, {"title": title})
        create_record(opened.desk, Meeting, {"starts": at, "title": title}, project)
        return project

    project = opened.run(write_meeting)
    kit.events.changed.emit(frozenset({"meeting", "project"}))
    opened.rest()
    choose(calendar, "networks")
    calendar.listing.table.selectRow(0)
    QTest.keyClick(calendar.listing.table, Qt.Key.Key_Return)
    opened.rest()
    assert isinstance(shell.page, DirectoryPage)
    work = shell.page.task
    assert isinstance(work, NetworkWorkPage)
    assert (work.network, work.tabs.key, work.projects.chosen) == (b"", "projects", project)


def test_month_is_headed_by_its_name_and_a_week_by_its_days(
    calendar: CalendarPage, kit: UiContext
) -> None:
    day = calendar._day
    calendar.views.parts["month"].click()
    assert calendar.span.text() == f"{day:%B} {day.year}"
    kit.set_language("ru")
    assert calendar.span.text() == kit.translator.language.month(day)
    kit.set_language("en")
    calendar.views.parts["week"].click()
    assert calendar.span.text() == kit.translator.language.days(
        week_start(day), week_start(day) + 6 * ONE_DAY
    )


def test_week_and_month_go_on_and_back_by_keys(calendar: CalendarPage) -> None:
    calendar.views.parts["week"].click()
    calendar.calendar.complete()
    calendar.setFocus()
    begun = calendar.span.text()
    for key, is_begun in ((Qt.Key.Key_PageDown, False), (Qt.Key.Key_PageUp, True)):
        focus = [*calendar.calendar.buttons, calendar.later][0]  # a week may be empty
        focus.setFocus()
        QTest.keyClick(focus, key)
        calendar.calendar.complete()
        assert (calendar.span.text() == begun) is is_begun
    calendar.later.click()
    calendar.calendar.complete()
    QTest.keyClick(calendar.later, Qt.Key.Key_T)
    assert calendar.span.text() == begun
    calendar.views.parts["list"].click()
    calendar.listing.table.setFocus()
    QTest.keyClick(calendar.listing.table, Qt.Key.Key_T)
    assert calendar.listing.table.currentIndex().row() == 1


def test_letter_t_in_the_search_is_a_letter(calendar: CalendarPage) -> None:
    calendar.focus_search()
    QTest.keyClick(calendar.search, Qt.Key.Key_T)
    assert calendar.search.text() == "t"


def test_place_is_kept_over_a_lock_and_old_states_break_nothing(
    calendar: CalendarPage, shell: SessionView
) -> None:
    calendar.views.parts["month"].click()
    choose(calendar, "tasks")
    place = shell.place()
    assert place == "calendar/month/tasks"
    calendar.views.parts["list"].click()
    for old in ("follow_up", "calendar/year/none", "calendar/", "follow_up/week/tasks/9"):
        shell.return_to(old)
        assert shell.page is calendar
    shell.return_to(place)
    assert (calendar.views.key, calendar.kinds.key) == ("month", "tasks")


def test_five_thousand_items_are_shown_so_many_at_once(
    calendar: CalendarPage, opened: OpenDesk, kit: UiContext
) -> None:
    day = today(opened.desk)
    values: list[Mapping[str, Value]] = [
        {"title": f"Nr {n}", "due": day + (2 + n // 500) * ONE_DAY} for n in range(5_000)
    ]
    opened.run(lambda: fill(opened.desk, opened.plan, values))
    kit.events.changed.emit(frozenset({"task"}))
    opened.rest()
    assert len(calendar.visible_items) > 5_000
    assert calendar.listing.table.rows.rowCount() == LINES_AT_ONCE
    calendar.listing.more.click()
    assert calendar.listing.table.rows.rowCount() == 2 * LINES_AT_ONCE
    calendar.views.parts["month"].click()
    opened.rest()
    calendar.calendar.complete()
    assert len(calendar.calendar.buttons) < 42 * 4
    full = next(one for one in calendar.calendar.buttons if one.text().startswith("+"))
    full.click()
    assert calendar.views.key == "list"
    at = calendar.listing.table.currentIndex().row()
    assert at > 0


# --- the phone


def test_what_leaves_is_shown_first_then_saved(
    calendar: CalendarPage, opened: OpenDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "calendar.ics"
    asked: list[str] = []

    def choose_path(_kit: object, _parent: object, _act: object, name: str, then: Any) -> None:
        asked.append(name)
        then(path)

    monkeypatch.setattr(export, "ask_save", choose_path)
    calendar.phone.click()
    opened.rest()
    page = calendar.export
    assert page is not None
    assert not path.exists()
    rows = page.table.rows
    shown = {str(rows.data(rows.index(n, 1))) for n in range(rows.rowCount())}
    assert shown == {"Notebook", "Ring"}
    assert any("1 has no day and is left out." in one for one in texts(page))
    assert nameless(page) == []
    page.save.click()
    opened.rest()
    assert asked == ["calendar.ics"]
    assert path.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert calendar.export is None
    assert calendar.listing.table.hasFocus()


def test_meetings_reminders_and_tasks_leave_only_if_they_are_ticked(
    calendar: CalendarPage, opened: OpenDesk, tmp_path: Path
) -> None:
    at = ZonedTime.at(datetime.combine(today(opened.desk) + ONE_DAY, time(9)), people.STOCKHOLM)

    def write_meeting() -> None:
        network = create_record(opened.desk, Network, {"title": people.localized("N", "С", "N")})
        create_record(opened.desk, Meeting, {"starts": at}, network)

    opened.run(write_meeting)
    calendar.phone.click()
    opened.rest()
    page = calendar.export
    assert page is not None
    assert page.preview is not None
    before = page.table.rows.rowCount()
    QTest.keyClick(page.meetings, Qt.Key.Key_Space)
    opened.rest()
    assert page.table.rows.rowCount() == before + 1
    QTest.keyClick(page.reminders, Qt.Key.Key_Space)
    opened.rest()
    assert not any(one.entry.is_task for one in page.preview.lines)
    QTest.keyClick(page.tasks, Qt.Key.Key_Space)
    opened.rest()
    assert any(one.entry.is_task for one in page.preview.lines)
    page.save_to(tmp_path / "calendar.ics")
    opened.rest()
    data = (tmp_path / "calendar.ics").read_bytes()
    assert data.count(b"BEGIN:VALARM") == before + 1


def test_title_with_a_name_is_refused_and_leads_to_its_task(
    calendar: CalendarPage, opened: OpenDesk, shell: SessionView
) -> None:
    due = today(opened.desk) + ONE_DAY
    values: dict[str, Value] = {"title": "x", "due": due, "owner": people.INITIALS}
    titled: dict[str, Value] = {**values, "neutral_title": "Ring Nina"}
    opened.run(lambda: create_record(opened.desk, Task, titled, opened.plan))
    calendar.show_export()
    opened.rest()
    page = calendar.export
    assert page is not None
    assert not page.save.isEnabled()
    assert any("Nina".casefold() in one.casefold() for one in texts(page))
    page.buttons[0].click()
    opened.rest()
    assert shell.place().endswith("/notes")
    focus = QApplication.focusWidget()
    assert focus is not None
    assert "Neutral wording" in focus.accessibleName()


def test_esc_leaves_the_export_and_nothing_is_saved(
    calendar: CalendarPage, opened: OpenDesk
) -> None:
    calendar.show_export()
    opened.rest()
    assert calendar.export is not None
    QTest.keyClick(calendar.export, Qt.Key.Key_Escape)
    assert calendar.export is None
    assert calendar.commands()


def test_who_prints_nothing_is_offered_neither_paper_nor_file(
    kit: UiContext, opened: OpenDesk, stage: Stage
) -> None:
    page = CalendarPage(kit, replace(opened.desk, roles=frozenset({Role.APPROVER})))
    stage(page)
    opened.rest()
    assert not page.phone.isVisible()
    assert not page.paper.isVisible()
    assert len(page.commands()) == 2


@pytest.mark.parametrize("code", ["en", "sv", "ru", "et"])
def test_head_counts_what_is_late_by_the_word_of_its_lines(code: str) -> None:
    words = app.language(code)
    assert standing_text(FollowUpStatus.OVERDUE, words) in count_text(1, 0, words)


@dataclass
class AwayClock:
    """A computer's clock that stands, set to a zone far from its organisation."""

    time: datetime

    def now(self) -> datetime:
        return self.time

    def drift(self) -> timedelta:
        return timedelta()


def live_in_stockholm(desk: Session) -> None:
    own: dict[str, Value] = {"country": "SE", "city": "Stockholm"}
    change_record(desk, desk.identity.organisation, own)
    follow_own_place(desk)


def test_month_bars_and_meetings_keep_their_days_on_a_computer_in_another_zone(
    calendar: CalendarPage, opened: OpenDesk, kit: UiContext
) -> None:
    desk, home = opened.desk, ZoneInfo(people.STOCKHOLM)
    clock = desk.adapters.clock
    assert isinstance(clock, HomeClock)
    opened.run(lambda: live_in_stockholm(desk))
    assert clock.zone == home.key
    here = datetime(2026, 12, 12, 13, 30, tzinfo=home)
    away = ZoneInfo("Pacific/Auckland")
    assert here.astimezone(away).date() == here.date() + ONE_DAY
    title = people.localized("Möte", "Встреча", "Round")

    def enter() -> None:
        clock.machine = AwayClock(here.astimezone(away))
        for rid in opened.legs:
            change_record(desk, rid, {"status": "cancelled"})
        leg: dict[str, Value] = {
            "status": "planned",
            "departs": ZonedTime.at(datetime(2026, 12, 12, 23, 30), people.STOCKHOLM),  # noqa: DTZ001
            "arrives": ZonedTime.at(datetime(2026, 12, 15, 1, 0), "Europe/Moscow"),  # noqa: DTZ001
        }
        change_record(desk, opened.legs[0], leg)
        network = create_record(desk, Network, {"title": title})
        for hour, zone in ((20, "America/Los_Angeles"), (9, "Asia/Vladivostok")):
            at = ZonedTime.at(datetime(2026, 12, 11, hour, 0), zone)  # noqa: DTZ001
            create_record(desk, Meeting, {"starts": at, "title": title}, network)

    opened.run(enter)
    kit.events.changed.emit(frozenset({"meeting", "leg"}))
    opened.rest()
    calendar.go_to_today()
    calendar.views.parts["month"].click()
    calendar.calendar.complete()
    opened.rest()
    grid = calendar.calendar
    marked = [label for label in grid.findChildren(Label) if label.property("ink") == "accent"]
    assert [label.text() for label in marked if not label.isHidden()] == ["12 Dec"]
    shown = {item.kind: item for item in calendar._shown.calendar.items}
    leg = shown[CalendarKind.LEG]
    assert (leg.day, leg.last) == (date(2026, 12, 12), date(2026, 12, 15))
    cells = boxes(grid, month_grid(here.date())[0])
    bars = [area(grid, one) for day, one in grid._placed if day <= leg.last and one.width() > 100]
    over = {day for day, cell in cells.items() for bar in bars if bar.intersects(area(grid, cell))}
    assert {leg.day, leg.last} <= over
    meetings = [one for one in calendar._shown.calendar.items if one.kind is CalendarKind.MEETING]
    assert [one.day for one in meetings] == [date(2026, 12, 11)] * 2
    assert {one.standing for one in meetings} == {FollowUpStatus.DONE}


@pytest.mark.parametrize(("hour", "standing"), [(4, FollowUpStatus.DUE), (10, FollowUpStatus.DONE)])
def test_meeting_is_over_by_the_day_of_its_own_place(
    opened: OpenDesk, hour: int, standing: FollowUpStatus
) -> None:
    desk, clock = opened.desk, opened.desk.adapters.clock
    assert isinstance(clock, HomeClock)
    now = datetime(2026, 12, 13, hour, 0, tzinfo=ZoneInfo(people.STOCKHOLM))
    at = ZonedTime.at(datetime(2026, 12, 12, 20, 0), "America/Los_Angeles")  # noqa: DTZ001

    def read() -> list[CalendarItem]:
        live_in_stockholm(desk)
        clock.machine = AwayClock(now.astimezone(ZoneInfo("Pacific/Auckland")))
        network = create_record(desk, Network, {"title": people.localized("N", "N", "N")})
        create_record(desk, Meeting, {"starts": at}, network)
        return [one for one in read_calendar(desk).items if one.kind is CalendarKind.MEETING]

    (meeting,) = opened.run(read)
    assert (meeting.day, meeting.standing) == (date(2026, 12, 12), standing)
