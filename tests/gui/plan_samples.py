# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys where the keyboard is, and the pages of plans that are on view."""

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from tests.gui.lock_samples import Left
from tests.support.windows import shell_of

from kfdesk.ui.pages.intake import IntakePage
from kfdesk.ui.pages.plan.notes import NotesSection
from kfdesk.ui.pages.plan.page import PlanView
from kfdesk.ui.pages.plan.person import PersonSection
from kfdesk.ui.pages.plans import PlansPage

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is: in an open list, or in what has the focus."""
    focus = QApplication.activePopupWidget() or QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, key, modifiers)


def type_in(text: str) -> None:
    """Type where the keyboard is."""
    for sign in text:
        focus = QApplication.activePopupWidget() or QApplication.focusWidget()
        assert focus is not None
        QTest.keyClicks(focus, sign)


def texts(widget: QWidget) -> set[str]:
    """Return the texts of the visible labels."""
    QApplication.processEvents()
    return {label.text() for label in widget.findChildren(QLabel) if label.isVisible()}


def plans(left: Left) -> PlansPage:
    """Return the plans page on view; activate its window, as a desktop would."""
    left.rest()
    left.program.window.activateWindow()  # offscreen it loses that with a list that was open
    QApplication.processEvents()
    page = shell_of(left.program).page
    assert isinstance(page, PlansPage)
    return page


def intake(left: Left) -> IntakePage:
    """Return the intake page on view."""
    page = plans(left).intake
    assert page is not None
    return page


def plan(left: Left) -> PlanView:
    """Return the plan on view."""
    page = plans(left).plan
    assert page is not None
    left.rest()
    return page


def person(page: PlanView) -> PersonSection:
    """Return the section Person."""
    return cast("PersonSection", page.parts["person"])


def notes(page: PlanView) -> NotesSection:
    """Return the section Notes and tasks."""
    return cast("NotesSection", page.parts["notes"])
