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
from tests.gui.desk_samples import OpenDesk, rows_of, said_under, texts
from tests.support import make
from tests.support.windows import show

from kfdesk.domain.exchange import Partner, PartnerState
from kfdesk.domain.workflow.stages import WATCHED_STATES
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
    """Return how many alarms stand on the page."""
    return len(rows_of(page.alerts.table, "Alarms"))


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
    assert page.alerts.table.groups[0].title == "Alarms"
    assert alarms_on(page) > before


def test_minute_that_changes_nothing_leaves_the_keyboard_where_it_is(
    kit: UiContext, qtbot: QtBot, opened: tuple[OpenDesk, Session]
) -> None:
    made, desk = opened
    page = TodayPage(kit, desk)
    show(qtbot, page)
    made.rest()
    table = page.alerts.table
    table.setFocus()
    table.selectRow(rows_of(table, "Alarms")[0])
    kit.events.minute_passed.emit()
    made.rest()
    assert table.currentIndex().row() == rows_of(table, "Alarms")[0]
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
    (journey,) = page.journeys
    assert any("Stockholm" in said for said in texts(journey))
    table = page.listing.table
    assert not any("tulpan-47" in said[0] for said in said_under(table, "Journeys"))
    (said,) = said_under(table, "Exchange")
    assert said == ["Tartu naiste maja", "Sent: –. Received: –.", "not verified yet"]
    with qtbot.waitSignal(page.exchange_asked):
        table.setFocus()
        table.selectRow(rows_of(table, "Exchange")[0])
        QTest.keyClick(table, Qt.Key.Key_Return)
