# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms come up by the clock alone: on Today, and on the page of the plan that is open."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk
from tests.support import make
from tests.support.windows import show

from kfdesk.domain.exchange import Partner, PartnerState
from kfdesk.domain.workflow.alarms import WATCHED_STATES
from kfdesk.services.core.session import Session
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.today import TodayPage
from kfdesk.ui.widgets.text import Label


class Later:
    """The desk's clock, which the test puts forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return make.NOW + self.ahead

    def drift(self) -> timedelta:
        return timedelta()


def partner(organisation: bytes, name: str) -> Partner:
    """Return a partner whose digits have not been compared."""
    return Partner(organisation, name, b"card", b"key", PartnerState.PENDING)


def alarms_on(page: TodayPage) -> int:
    """How many alarms stand on the page."""
    tables = [table for table in page.tables if table.accessibleName() == "Alarms"]
    return sum(table.model().rowCount() for table in tables)


@pytest.fixture
def clock() -> Later:
    return Later()


@pytest.fixture
def opened(
    kit: UiContext, qtbot: QtBot, tmp_path: Path, clock: Later
) -> Iterator[tuple[OpenDesk, Session]]:
    made = OpenDesk(kit, qtbot, tmp_path / "store")
    desk = replace(made.desk, adapters=replace(made.desk.adapters, clock=clock))

    def set_out() -> None:
        row = desk.store.row(made.plan)
        assert row is not None
        with desk.store.transaction():  # the gates are not what is looked at here
            travelling = {"state": "travelling"}
            desk.store.put(make.changed(row, travelling, make.signature(minute=30)))

    made.run(set_out)
    assert "travelling" in WATCHED_STATES
    yield made, desk
    made.close()


def test_alarm_comes_up_on_today_when_its_time_has_come(
    kit: UiContext, qtbot: QtBot, opened: tuple[OpenDesk, Session], clock: Later
) -> None:
    made, desk = opened
    page = TodayPage(kit, desk)
    show(qtbot, page)
    made.rest()
    before = alarms_on(page)
    clock.ahead = timedelta(days=60)
    kit.events.minute_passed.emit()
    made.rest()
    assert page.tables[0].accessibleName() == "Alarms"
    assert alarms_on(page) > before


def test_minute_that_changes_nothing_leaves_the_keyboard_where_it_is(
    kit: UiContext, qtbot: QtBot, opened: tuple[OpenDesk, Session]
) -> None:
    made, desk = opened
    page = TodayPage(kit, desk)
    show(qtbot, page)
    made.rest()
    table = page.tables[0]
    table.setFocus()
    kit.events.minute_passed.emit()
    made.rest()
    assert page.tables[0] is table
    assert QApplication.focusWidget() is table


def test_alarm_comes_up_on_the_open_plan_without_opening_it_again(
    kit: UiContext, qtbot: QtBot, opened: tuple[OpenDesk, Session], clock: Later
) -> None:
    made, desk = opened
    page = PlanView(kit, desk, made.plan)
    show(qtbot, page)
    made.rest()
    before = len(page.header.alarms.findChildren(Label))
    clock.ahead = timedelta(days=60)
    kit.events.minute_passed.emit()
    qtbot.waitUntil(lambda: len(page.header.alarms.findChildren(Label)) > before)


def said_on(page: TodayPage, name: str) -> list[str]:
    """Return the cells of the first row of a card."""
    (table,) = (one for one in page.tables if one.accessibleName() == name)
    model = table.model()
    return [str(model.index(0, column).data()) for column in range(model.columnCount())]


def test_who_travels_is_shown_with_where_she_comes_next_and_partners_with_their_files(
    kit: UiContext, qtbot: QtBot, opened: tuple[OpenDesk, Session]
) -> None:
    made, desk = opened
    other = partner(make.named_id("Tartu"), "Tartu naiste maja")

    def meet() -> None:
        with desk.store.transaction():
            desk.store.ledger.set_partner(other)

    made.run(meet)
    page = TodayPage(kit, desk)
    show(qtbot, page)
    made.rest()
    journeys = " ".join(said_on(page, "Journeys"))
    assert "On the way to" in journeys
    assert "Leaves" not in journeys
    assert said_on(page, "Exchange")[0].startswith("Tartu naiste maja")
    (table,) = (one for one in page.tables if one.accessibleName() == "Exchange")
    with qtbot.waitSignal(page.exchange_asked):
        table.setFocus()
        table.selectRow(0)
        QTest.keyClick(table, Qt.Key.Key_Return)
