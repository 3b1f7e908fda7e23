# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan is begun on a bare store, by keyboard alone, and nothing that was typed is lost."""

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.lock_samples import MACHINE, WHO, Left, start
from tests.gui.plan_samples import CTRL, intake, person, plan, plans, press, texts, type_in
from tests.support.stores import new_desk
from tests.support.windows import missed_by_tab, nameless, shell_of

from kfdesk import store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.consent import is_child
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import view
from kfdesk.domain.values import ZonedTime
from kfdesk.services.core.drafts import list_drafts
from kfdesk.ui.context import LockSettings
from kfdesk.ui.lock.lock import BY_KEY
from kfdesk.ui.pages.intake import IntakePage
from kfdesk.ui.pages.today import TodayPage

THREE_MINUTES = 180


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of an empty store."""
    made = tmp_path / "store"
    new_desk(made, people.HOUSE, WHO, MACHINE).store.close()
    return made


@pytest.fixture
def left(qtbot: QtBot, qapp: QApplication, folder: Path) -> Iterator[Left]:
    """Yield the open window on that store."""
    made = start(qtbot, qapp, folder, LockSettings(), lambda _habit: None)
    made.open()
    yield made
    made.program.close()


def begin(left: Left) -> IntakePage:
    """Ctrl+N from wherever one is."""
    press(Qt.Key.Key_N, CTRL)
    return intake(left)


def test_first_talk_takes_no_mouse_and_no_three_minutes(left: Left, folder: Path) -> None:
    began = time.monotonic()
    page = begin(left)
    code = page.code.text()
    assert code
    type_in("rus")
    press(Qt.Key.Key_Return)
    while QApplication.focusWidget() not in page.client.editors["safe_contact"].focus_targets:
        press(Qt.Key.Key_Tab)
    type_in("Text messages only")
    while QApplication.focusWidget() not in page.client.editors["alias"].focus_targets:
        press(Qt.Key.Key_Tab)
    type_in("Nina")
    while QApplication.focusWidget() not in page.plan.editors["to_country"].focus_targets:
        press(Qt.Key.Key_Tab)
    type_in("russ")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return, CTRL)
    left.rest()
    opened = plan(left)
    assert time.monotonic() - began < THREE_MINUTES
    assert code in texts(opened.header)
    assert QApplication.focusWidget() is opened.next_step.button
    press(Qt.Key.Key_Return)
    left.rest()
    assert opened.parts["consent"].isVisible()
    left.program.close()
    desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    (client,), (row,) = desk.store.rows("client"), desk.store.rows("plan")
    hers, her_plan = view(client, Client).record, view(row, Plan).record
    assert (hers.code, hers.alias, hers.languages) == (code, "Nina", ("ru",))
    assert hers.safe_contact is not None
    assert (her_plan.to_country, her_plan.state) == ("RU", "draft")
    assert [line.type for line in list_drafts(desk)] in ([], ["consent"])
    desk.store.close()


def test_first_talk_asks_the_age_and_notes_when_the_wish_was_told(left: Left, folder: Path) -> None:
    page = begin(left)
    page.client.editors["age_band"].enter("age_24_26")
    page.plan.editors["wish"].enter("client_wishes_to_return")
    press(Qt.Key.Key_Return, CTRL)
    left.rest()
    left.program.close()
    desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    (client,), (row,) = desk.store.rows("client"), desk.store.rows("plan")
    assert not is_child(view(client, Client), date(2026, 12, 2)), "consent calls her no child"
    her_plan = view(row, Plan).record
    assert (her_plan.wish, isinstance(her_plan.wish_stated, ZonedTime)) == (
        "client_wishes_to_return", True,
    )  # fmt: skip
    desk.store.close()


@pytest.mark.slow
def test_nothing_has_to_be_filled_in(left: Left) -> None:
    code = begin(left).code.text()
    press(Qt.Key.Key_Return, CTRL)
    assert code in texts(plan(left).header)


def test_empty_list_begins_the_first_plan_by_its_button(left: Left) -> None:
    press(Qt.Key.Key_2, CTRL)
    page = plans(left)
    assert QApplication.focusWidget() is page.listing.first
    press(Qt.Key.Key_Return)
    assert intake(left).code.text()


@pytest.mark.slow
def test_another_code_is_drawn_and_taken(left: Left) -> None:
    page = begin(left)
    codes = {page.code.text()}
    for _ in range(3):
        page.another.click()
        left.rest()
        codes.add(page.code.text())
    assert len(codes) > 1
    last = page.code.text()
    press(Qt.Key.Key_Return, CTRL)
    assert last in texts(plan(left).header)


def test_new_plan_stands_in_the_menu_and_on_every_page(left: Left) -> None:
    for key in ("today", "contacts", "exchange", "history", "settings"):
        shell_of(left.program).go_to(key)
        left.rest()
        words = {str(command.words) for command in shell_of(left.program).all_commands()}
        assert "New plan" in words
        left.program.window.activateWindow()
        QTest.keyClick(left.program.window, Qt.Key.Key_N, CTRL)
        assert intake(left).isVisible()
        QTest.keyClick(intake(left), Qt.Key.Key_Escape)
        assert plans(left).intake is None


def test_every_control_of_the_first_talk_is_named_and_reached_by_tab(left: Left) -> None:
    begin(left)
    assert nameless(left.program.window) == []
    assert missed_by_tab(left.program.window) == []


@pytest.mark.slow
def test_first_talk_that_was_left_waits_as_one_draft_and_comes_back_whole(left: Left) -> None:
    page = begin(left)
    code = page.code.text()
    page.client.focus_on("alias")
    type_in("Vera")
    page.plan.focus_on("to_country")
    type_in("est")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Escape)
    plans(left)
    press(Qt.Key.Key_1, CTRL)
    left.rest()
    today = shell_of(left.program).page
    assert isinstance(today, TodayPage)
    (line,) = today.drafts.lines
    assert line.code == code
    today.drafts.buttons[0][0].click()
    again = intake(left)
    left.rest()
    assert again.code.text() == code
    assert again.client.editors["alias"].value() == "Vera"
    assert again.plan.editors["to_country"].value() == "EE"
    press(Qt.Key.Key_Return, CTRL)
    opened = plan(left)
    assert code in texts(opened.header)
    assert person(opened).parts["wish"].form.editors["to_country"].value() == "EE"


def test_discarded_talk_comes_back_by_undo_with_what_belongs_to_the_plan(left: Left) -> None:
    page = begin(left)
    page.client.focus_on("alias")
    type_in("Vera")
    page.plan.focus_on("to_country")
    type_in("est")
    press(Qt.Key.Key_Return)
    page.save_draft()
    left.rest()
    shell_of(left.program).go_to("today")
    left.rest()
    today = shell_of(left.program).page
    today.drafts.buttons[0][1].click()
    left.rest()
    assert today.drafts.lines == ()
    QTest.keyClick(left.program.window, Qt.Key.Key_Z, CTRL)
    left.rest()
    today.drafts.buttons[0][0].click()
    again = intake(left)
    left.rest()
    assert again.client.editors["alias"].value() == "Vera"
    assert again.plan.editors["to_country"].value() == "EE"


def test_lock_in_the_midst_of_the_first_talk_loses_nothing(left: Left) -> None:
    page = begin(left)
    code, rid = page.code.text(), page.rid
    page.client.focus_on("alias")
    type_in("Vera")
    left.program.window.lock(BY_KEY)
    assert left.notes[-1].drafts == 1
    left.open()
    again = intake(left)
    left.rest()
    assert (again.rid, again.code.text()) == (rid, code)
    assert again.client.editors["alias"].value() == "Vera"


def test_what_cannot_be_read_is_led_to_and_nothing_is_begun(left: Left) -> None:
    page = begin(left)
    page.plan.focus_on("to_country")
    type_in("Nowhere")
    page.client.focus_on("alias")
    press(Qt.Key.Key_Return, CTRL)
    left.rest()
    assert plans(left).plan is None
    assert QApplication.focusWidget() in page.plan.editors["to_country"].focus_targets


@pytest.mark.slow
def test_begun_plan_goes_into_the_bin_by_undo_and_the_list_is_shown(left: Left) -> None:
    begin(left)
    press(Qt.Key.Key_Return, CTRL)
    plan(left)
    QTest.keyClick(left.program.window, Qt.Key.Key_Z, CTRL)
    left.rest()
    page = plans(left)
    assert page.plan is None
    assert page.listing.table.model().rowCount() == 0
