# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending and taking begin wherever one is, in the real window on a real store."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk
from tests.gui.test_gui_rights import before
from tests.support.windows import show

from kfdesk.domain.accounts import Role
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.access import NoAccessPage
from kfdesk.ui.pages.exchange.inbox import Inbox
from kfdesk.ui.pages.exchange.page import ExchangePage
from kfdesk.ui.pages.exchange.review import FileReviewPage
from kfdesk.ui.pages.exchange.send import SendPage
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.shell.session_view import SessionView, make_session_view

CTRL = Qt.KeyboardModifier.ControlModifier


def press(opened: OpenDesk, shell: SessionView, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or shell, key, CTRL)
    opened.rest()


def test_a_file_begun_from_a_plan_is_of_that_plan(opened: OpenDesk, shell: SessionView) -> None:
    shell.go_to("plans")
    assert isinstance(shell.page, PlansPage)
    shell.page.open_plan(opened.empty)
    opened.rest()
    press(opened, shell, Qt.Key.Key_E)
    assert isinstance(shell.page, ExchangePage)
    assert isinstance(shell.page.step, SendPage)
    assert bytes.fromhex(shell.page.step.plan.key) == opened.empty


@pytest.mark.parametrize("place", ["today", "plans", "settings"])
def test_a_file_begun_elsewhere_is_of_no_plan_yet_chosen(
    opened: OpenDesk, shell: SessionView, place: str
) -> None:
    shell.go_to(place)
    press(opened, shell, Qt.Key.Key_E)
    assert isinstance(shell.page, ExchangePage)
    assert isinstance(shell.page.step, SendPage)
    assert shell.page.step._plan == b""


def test_what_has_come_is_looked_for_from_any_page(
    opened: OpenDesk, shell: SessionView, tmp_path: Path
) -> None:
    shell.go_to("contacts")
    press(opened, shell, Qt.Key.Key_I)
    assert isinstance(shell.page, ExchangePage)
    assert isinstance(shell.page.step, Inbox)
    shell.go_to("today")
    (tmp_path / "a.age").write_bytes(b"no file of ours")
    shell.take_asked.emit((tmp_path / "a.age",))
    opened.rest()
    assert isinstance(shell.page, ExchangePage)
    assert not isinstance(shell.page.step, FileReviewPage)
    assert shell.page.listing.outcome.isVisible()


def test_who_may_not_send_is_told_so(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    shell = make_session_view(kit, before(opened, Role.DIRECTORY_EDITOR))
    show(qtbot, shell)
    opened.rest()
    press(opened, shell, Qt.Key.Key_E)
    assert isinstance(shell.page, NoAccessPage)
