# SPDX-License-Identifier: GPL-3.0-or-later
"""Sending and taking begin wherever one is, in the real window on a real store."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk
from tests.gui.gui_samples import show
from tests.gui.test_gui_rights import before

from kfdesk.domain.desk.users import Role
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange import Exchange
from kfdesk.ui.pages.plans import Plans
from kfdesk.ui.pages.rights_views.outside import Outside
from kfdesk.ui.pages.sending_views.send import Send
from kfdesk.ui.pages.taking_views.arrivals import Come
from kfdesk.ui.pages.taking_views.review import FileReview
from kfdesk.ui.shell.desk import Desk
from kfdesk.ui.shell.places import make_shell

CTRL = Qt.KeyboardModifier.ControlModifier


def press(opened: OpenDesk, shell: Desk, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or shell, key, CTRL)
    opened.rest()


def test_a_file_begun_from_a_plan_is_of_that_plan(opened: OpenDesk, shell: Desk) -> None:
    shell.go_to("plans")
    assert isinstance(shell.page, Plans)
    shell.page.open_plan(opened.empty)
    opened.rest()
    press(opened, shell, Qt.Key.Key_E)
    assert isinstance(shell.page, Exchange)
    assert isinstance(shell.page.step, Send)
    assert bytes.fromhex(shell.page.step.plan.key) == opened.empty


@pytest.mark.parametrize("place", ["today", "plans", "settings"])
def test_a_file_begun_elsewhere_is_of_no_plan_yet_chosen(
    opened: OpenDesk, shell: Desk, place: str
) -> None:
    shell.go_to(place)
    press(opened, shell, Qt.Key.Key_E)
    assert isinstance(shell.page, Exchange)
    assert isinstance(shell.page.step, Send)
    assert shell.page.step._plan == b""


def test_what_has_come_is_looked_for_from_any_page(
    opened: OpenDesk, shell: Desk, tmp_path: Path
) -> None:
    shell.go_to("contacts")
    press(opened, shell, Qt.Key.Key_I)
    assert isinstance(shell.page, Exchange)
    assert isinstance(shell.page.step, Come)
    shell.go_to("today")
    (tmp_path / "a.age").write_bytes(b"no file of ours")
    shell.take_asked.emit((tmp_path / "a.age",))
    opened.rest()
    assert isinstance(shell.page, Exchange)
    assert not isinstance(shell.page.step, FileReview)
    assert shell.page.listing.outcome.isVisible()


def test_who_may_not_send_is_told_so(kit: Kit, qtbot: QtBot, opened: OpenDesk) -> None:
    shell = make_shell(kit, before(opened, Role.DIRECTORY_EDITOR))
    show(qtbot, shell)
    opened.rest()
    press(opened, shell, Qt.Key.Key_E)
    assert isinstance(shell.page, Outside)
