# SPDX-License-Identifier: GPL-3.0-or-later
"""A decision is told, and Ctrl+Z takes it back, in the real window on a real store."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk
from tests.support.windows import show

from kfdesk.services.core.records import change_record
from kfdesk.services.plans.plans import open_plan
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.exchange.page import ExchangePage
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.shell.session_view import make_session_view
from kfdesk.ui.shell.window import Window

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[OpenDesk]:
    """Yield a desk with a leg that has one field in conflict."""
    made = OpenDesk(kit, qtbot, tmp_path / "store")
    made.run(lambda: change_record(made.desk, made.legs[1], {"carrier": "18, Exempelbuss"}, ()))
    yield made
    made.close()


def test_decision_is_told_and_ctrl_z_opens_the_field_again(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    shell = make_session_view(kit, opened.desk)
    window = Window(kit)
    window.show_page(shell)
    show(qtbot, window)
    shell.go_to("plans")
    plans = shell.page
    assert isinstance(plans, PlansPage)
    plans.open_plan(opened.plan)
    opened.rest()
    view = plans.currentWidget()
    assert isinstance(view, PlanView)
    (card,) = view.conflicts
    card.buttons[0].click()
    opened.rest()
    assert view.conflicts == []
    assert shell.toast.can_undo
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Z, CTRL)
    opened.rest()
    (again,) = opened.run(lambda: open_plan(opened.desk, opened.plan)).conflicts
    assert (again.key, len(again.versions)) == ("carrier", 2)
    assert len(view.conflicts) == 1
    assert not shell.toast.isVisible()


def test_what_was_told_lies_over_no_button_of_a_step(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    shell = make_session_view(kit, opened.desk)
    shell.resize(853, 500)
    show(qtbot, shell)
    shell.go_to("exchange")
    opened.rest()
    assert isinstance(shell.page, ExchangePage)
    shell.page.invite()
    opened.rest()
    shell.toast.show_message("Saved.", lambda: None)
    step = shell.page.step
    assert step is not None
    qtbot.waitUntil(lambda: shell.toast.isVisible() and shell.toast.width() > 0)
    bottom = shell.toast.mapToGlobal(shell.toast.rect().bottomLeft()).y()
    assert bottom < step.cancel.mapToGlobal(step.cancel.rect().topLeft()).y()


def test_what_was_told_lies_over_the_page_that_comes_next(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    shell = make_session_view(kit, opened.desk)
    shell.resize(1000, 700)
    show(qtbot, shell)
    shell.toast.show_message("Saved.", lambda: None)
    shell.go_to("contacts")
    opened.rest()
    top = shell.childAt(shell.toast.geometry().center())
    assert top is not None
    assert top is shell.toast or shell.toast.isAncestorOf(top)
