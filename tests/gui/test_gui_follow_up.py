# SPDX-License-Identifier: GPL-3.0-or-later
"""A year after an arrival in the window: agreed with her, refused, written down, looked at.

How she is reached is always read before her number; a word that she may be in danger again leads
to the next steps, in calm colours.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import rows_of, said_under
from tests.gui.lock_samples import Left, new_store, start
from tests.gui.plan_samples import CTRL, plan, plans, press, texts
from tests.support.windows import missed_by_tab, nameless, picture, session_of, shell_of

from kfdesk.demo import people
from kfdesk.domain.aftercare import USUAL_CONTACTS, FollowUpStatus
from kfdesk.domain.records.aftercare import AREAS, FollowUp
from kfdesk.domain.records.journey import Handover
from kfdesk.domain.rows import RecordView
from kfdesk.domain.values import Value, ZonedTime
from kfdesk.services.core.records import change_record, create_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import list_plans, load_case
from kfdesk.ui.context import LockSettings
from kfdesk.ui.pages.aftercare.follow_up import FollowUpSection
from kfdesk.ui.pages.calendar.items import AFTER_ARRIVAL, FILTERS
from kfdesk.ui.pages.calendar.page import CalendarPage
from kfdesk.ui.pages.today import TodayPage
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.table import CELL_ROLE

A_YEAR = 372
NUMBER = "+7 000 000 00 47"


@pytest.fixture
def left(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Left]:
    """Yield the window on a store with one plan."""
    folder = tmp_path / "store"
    new_store(folder)
    made = start(qtbot, qapp, folder, LockSettings(), lambda _habit: None)
    made.open()
    yield made
    made.program.close()


def desk_of(left: Left) -> Session:
    return session_of(left.program)


def meanwhile(left: Left, work: Callable[[Session], object], types: str = "client") -> None:
    """Something is written on the worker's thread, and pages are told."""
    done: list[object] = []
    left.program.kit.worker.run(lambda: work(desk_of(left)), done.append)
    left.qtbot.waitUntil(lambda: bool(done))
    left.program.kit.events.changed.emit(frozenset({types}))
    left.rest()


def arrive(left: Left, days: int, number: str | None = NUMBER) -> date:
    """She arrived so many days ago, and said on which number she is reached."""
    day = desk_of(left).adapters.clock.now().date() - timedelta(days)
    moment = ZonedTime.at(datetime.combine(day, time(8)), people.MOSCOW)
    values: dict[str, Value] = {"happened": moment, "place": "arrival", "result": "received"}

    def write(desk: Session) -> None:
        (line,) = list_plans(desk)
        change_record(desk, line.client, {"phone": number})
        create_record(desk, Handover, values, parent=line.rid)

    meanwhile(left, write)
    return day


def section(left: Left) -> FollowUpSection:
    """Return the section Follow-up of the one plan."""
    press(Qt.Key.Key_2, CTRL)
    plans(left).listing.table.chosen.emit(0)
    page = plan(left)
    page.go_to("follow_up")
    left.rest()
    return cast("FollowUpSection", page.parts["follow_up"])


def contacts(left: Left) -> tuple[RecordView[FollowUp], ...]:
    """Return the contacts in the store, in the order of their due days."""
    found: list[tuple[RecordView[FollowUp], ...]] = []

    def read() -> None:
        desk = desk_of(left)
        views = load_case(desk, list_plans(desk)[0].rid).views(FollowUp, "follow_up")
        found.append(tuple(sorted(views, key=lambda one: str(one.record.due))))

    left.program.kit.worker.run(read, lambda _: None)
    left.rest()
    return found[0]


def write_down(left: Left, part: FollowUpSection, rid: bytes, **values: Value) -> None:
    """Open a contact by its button, answer, and save."""
    part.contacts.lines[rid].click()
    record_form = part.contacts.form
    assert record_form is not None
    left.rest()
    for key, value in values.items():
        record_form.form.editors[key].enter(value)
    record_form.save_button.click()
    left.rest()


@pytest.mark.slow
def test_a_year_of_contacts_is_agreed_written_down_and_drawn(left: Left) -> None:
    arrived = arrive(left, A_YEAR)
    part = section(left)
    assert len(part.times.ticks) == len(USUAL_CONTACTS)
    part.times.ticks[-2].click()  # she does not want the one after half a year
    part.times.agree.click()
    left.rest()
    agreed = contacts(left)
    days = [number for number, _ in USUAL_CONTACTS if number != 180]
    assert [one.record.due for one in agreed] == [arrived + timedelta(day) for day in days]
    assert [len(part.times.ticks), part.times.isVisible()] == [1, True]
    scores = ("none", "poor", "poor", "fair", "good", "stable")
    for one, score in zip(agreed, scores, strict=True):
        answers: dict[str, Value] = dict.fromkeys(AREAS, score)
        write_down(left, part, one.rid, result="reached", exploitation_again="no", **answers)
    assert part.course.isVisible()
    name = part.course.lines["housing"].accessibleName()
    assert name == ("Housing: 0 – nothing, 1 – poor, 1 – poor, 2 – fair, 3 – good, 4 – stable")
    line = part.course.lines["safety"]
    left.qtbot.waitUntil(lambda: line.height() == line.sizeHint().height())  # is laid out
    assert picture(line).pixelColor(6, 28).name().upper() == (left.program.kit.theme.colours.accent)
    assert not part.worry.isVisible()
    assert part.contacts.refusals.keys() == {one.rid for one in agreed}


def test_nothing_is_proposed_while_nobody_knows_when_she_arrives(left: Left) -> None:
    def forget(desk: Session) -> None:
        for row in load_case(desk, list_plans(desk)[0].rid).below:
            if row.type == "leg":
                change_record(desk, row.rid, {"arrives": None})

    meanwhile(left, forget, "leg")
    part = section(left)
    assert not part.times.isVisible()
    assert "No contact is agreed. What the partner writes arrives with their files." in texts(part)


@pytest.mark.slow
def test_with_no_box_ticked_there_is_nothing_to_keep(left: Left) -> None:
    arrive(left, 3)
    part = section(left)
    for tick in part.times.ticks:
        tick.click()
    assert not part.times.agree.isEnabled()
    part.times.ticks[0].click()
    assert part.times.agree.isEnabled()


def test_safe_way_is_read_before_the_number_is_shown(left: Left) -> None:
    arrive(left, 3)
    part = section(left)
    assert "Text messages only, 10–12" in texts(part.reach)
    assert NUMBER not in texts(part.reach)
    part.reach.uncover.click()
    assert NUMBER in texts(part.reach)
    part.reach.copy.click()
    assert QApplication.clipboard().text() == NUMBER
    meanwhile(left, lambda _: None, "follow_up")
    assert NUMBER not in texts(part.reach)


def test_without_a_safe_way_no_number_is_shown_and_the_field_is_led_to(left: Left) -> None:
    arrive(left, 3)
    meanwhile(left, lambda d: change_record(d, list_plans(d)[0].client, {"safe_contact": None}))
    part = section(left)
    assert not part.reach.uncover.isVisible()
    assert any(text.startswith("It is not recorded") for text in texts(part.reach))
    part.reach.write.click()
    left.rest()
    assert plan(left).place().endswith("/person")


@pytest.mark.slow
def test_without_a_number_there_is_none_to_show(left: Left) -> None:
    arrive(left, 3, None)
    assert not section(left).reach.uncover.isVisible()


def test_contact_that_she_refuses_is_one_press_and_can_be_taken_back(left: Left) -> None:
    arrive(left, 3)
    part = section(left)
    part.times.agree.click()
    left.rest()
    first = contacts(left)[0].rid
    part.contacts.refusals[first].click()
    left.rest()
    assert "none, at her request" in texts(part.contacts)
    plans(left)
    press(Qt.Key.Key_Z, CTRL)
    left.rest()
    assert contacts(left)[0].record.refused is None


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({"result": "reached", "exploitation_again": "suspected"}, "She may be in danger again"),
        ({"result": "unsafe_to_contact"}, "It is not safe to contact her just now"),
    ],
)
def test_word_of_danger_leads_to_the_next_steps_in_calm_colours(
    left: Left, values: dict[str, Value], title: str
) -> None:
    arrive(left, 3)
    part = section(left)
    part.times.agree.click()
    left.rest()
    write_down(left, part, contacts(left)[0].rid, **values)
    assert part.worry.isVisible()
    assert {title, "1.", "Whom to call"} <= texts(part.worry)
    assert "If her life is in danger: emergency number in Russia" in texts(part.worry)
    assert part.worry.banner._tone is Tone.INFO
    part.worry.task.click()
    left.rest()
    assert plan(left).place().endswith("/notes")


def test_all_contacts_stand_on_their_page_and_lead_to_the_plan(left: Left) -> None:
    arrive(left, 8)
    part = section(left)
    part.times.agree.click()
    left.rest()
    page = after(left)
    assert [one.standing for one in page.visible_contacts][:3] == [
        FollowUpStatus.OVERDUE, FollowUpStatus.OVERDUE, FollowUpStatus.DUE,
    ]  # fmt: skip
    assert "2 overdue · 1 due now" in texts(page)
    page.table.table.chosen.emit(0)
    left.rest()
    assert plan(left).place().endswith("/follow_up")


@pytest.mark.slow
def test_contact_is_given_to_somebody_and_found_under_mine(left: Left) -> None:
    arrive(left, 8)
    part = section(left)
    part.times.agree.click()
    left.rest()
    page = after(left)
    page.whose.parts["mine"].click()
    assert page.empty.isVisible()
    page.whose.parts["all"].click()
    page.table.give.click()
    left.rest()
    page.whose.parts["mine"].click()
    assert [one.owner for one in page.visible_contacts] == ["EV"]


@pytest.mark.slow
def test_week_and_month_show_each_contact_on_its_day(left: Left) -> None:
    arrive(left, 30)
    part = section(left)
    part.times.agree.click()
    left.rest()
    page = after(left)
    page.views.parts["week"].click()
    assert [button.text() for button in page.calendar.buttons] == ["tulpan-47"]
    assert "30 days after arrival" in page.calendar.buttons[0].accessibleName()
    page.later.click()
    assert page.calendar.buttons == []
    page.views.parts["month"].click()
    page.now.click()
    this_month = page.span.text()
    for step, back in ((page.later, page.earlier), (page.earlier, page.later)):
        step.click()
        assert page.span.text() != this_month
        back.click()
        assert page.span.text() == this_month
    page.calendar.buttons[-1].click()
    left.rest()
    assert plan(left).place().endswith("/follow_up")


def test_page_and_section_are_named_and_reached_by_tab(left: Left) -> None:
    arrive(left, 8)
    part = section(left)
    assert nameless(part) == []
    assert missed_by_tab(plan(left)) == []
    part.times.agree.click()
    left.rest()
    page = after(left)
    assert nameless(page) == []
    assert missed_by_tab(page) == []


def test_today_has_what_is_due_and_leads_to_it(left: Left) -> None:
    arrive(left, 8)
    section(left).times.agree.click()
    left.rest()
    press(Qt.Key.Key_1, CTRL)
    left.rest()
    page = shell_of(left.program).page
    assert isinstance(page, TodayPage)
    assert len(rows_of(page.listing.table, "After arrival")) == 1
    table = page.urgent.table
    due = rows_of(table, "Late, or due today")
    assert len(due) == 2
    table.chosen.emit(due[0])
    left.rest()
    assert plan(left).place().endswith("/follow_up")


@pytest.mark.slow
def test_today_has_word_of_danger_on_top_and_leads_to_the_next_steps(left: Left) -> None:
    arrive(left, 8)
    part = section(left)
    part.times.agree.click()
    left.rest()
    first = contacts(left)[0]
    write_down(left, part, first.rid, result="reached", exploitation_again="suspected")
    press(Qt.Key.Key_1, CTRL)
    left.rest()
    page = shell_of(left.program).page
    assert isinstance(page, TodayPage)
    table = page.alerts.table
    ((_, said, _),) = said_under(table, "Possible danger")
    assert said == "She may be in danger again"
    (row,) = rows_of(table, "Possible danger")
    cell = table.model().index(row, 1).data(CELL_ROLE)
    assert (cell.icon, cell.tone) == ("octagon-alert", Tone.DANGER)
    table.setFocus()
    table.selectRow(row)
    press(Qt.Key.Key_Return)
    left.rest()
    assert plan(left).place().endswith("/follow_up")
    assert section(left).worry.isVisible()


def after(left: Left) -> CalendarPage:
    """Return the calendar, opened by its shortcut, with the follow-up list."""
    press(Qt.Key.Key_4, CTRL)
    left.rest()
    page = shell_of(left.program).page
    assert isinstance(page, CalendarPage)
    page.kinds.setCurrentIndex([*FILTERS].index(AFTER_ARRIVAL))
    page.kinds.chosen.emit(AFTER_ARRIVAL)
    QApplication.processEvents()
    return page
