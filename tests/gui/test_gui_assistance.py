# SPDX-License-Identifier: GPL-3.0-or-later
"""A screen reader's actions Press and Toggle do what a click does, on every control of ours."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk
from tests.support.patience import HANG
from tests.support.windows import Stage

from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.widgets.buttons import Button, OptionButton, SegmentedControl, ToggleClick
from kfdesk.ui.widgets.inputs import CheckBox
from kfdesk.ui.widgets.layout import CollapseButton
from kfdesk.ui.widgets.navigation import NavigationButton

ACTIONS = {"Press", "Toggle", "ShowMenu"}
PLACES = (
    "today", "plans", "contacts", "follow_up", "exchange", "print", "history", "backup",
    "settings", "one plan",
)  # fmt: skip


def actions(widget: QWidget) -> list[str]:
    """Return the actions that a screen reader is offered."""
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return [name for name in found.actionInterface().actionNames() if name in ACTIONS]


def do(widget: QWidget, action: str) -> None:
    """Do what a screen reader asks for."""
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    found.actionInterface().doAction(action)


def pair(kit: UiContext, kind: str) -> tuple[QWidget, list[QAbstractButton]]:
    """Return two controls of a kind, in one parent, so that they exclude each other if they can."""
    if kind == "segment":
        control = SegmentedControl(kit, (("yes", "Yes"), ("no", "No")))
        return control, list(control.parts.values())
    makers: dict[str, Callable[[str], QAbstractButton]] = {
        "option": lambda name: OptionButton(kit, name, "Below"),
        "rail": lambda name: NavigationButton(kit, name),
        "check box": lambda name: CheckBox(kit, name),
        "fold": lambda name: CollapseButton(kit, name, "info"),
        "button": lambda name: Button(kit, name),
    }
    parent = QWidget()
    parts = [makers[kind](name) for name in ("One", "Two")]
    for part in parts:
        part.setParent(parent)
    return parent, parts


@pytest.mark.parametrize("kind", ["segment", "option", "rail", "check box", "fold", "button"])
def test_each_action_has_the_effect_of_a_click(
    kit: UiContext, stage: Stage, qtbot: QtBot, kind: str
) -> None:
    control, parts = pair(kit, kind)
    stage(control)
    told: list[tuple[int, bool]] = []
    for number, part in enumerate(parts):
        part.clicked.connect(lambda on, number=number: told.append((number, on)))
    seen: list[tuple[list[tuple[int, bool]], list[bool]]] = []
    for way in ("click", *actions(parts[1])):
        for part in parts:
            part.setAutoExclusive(False) if kind in ("check box", "fold") else None
        parts[0].setChecked(True)
        if kind not in ("segment", "option", "rail"):
            parts[1].setChecked(False)
        assert told == []  # what the program itself sets is no click
        if way == "click":
            QTest.mouseClick(parts[1], Qt.MouseButton.LeftButton)
        else:
            do(parts[1], way)
        qtbot.waitUntil(lambda: bool(told) and not parts[1].isDown(), timeout=HANG * 100)
        seen.append((list(told), [part.isChecked() for part in parts]))
        told.clear()
    assert len(seen) > 1
    assert all(one == seen[0] for one in seen)


@pytest.mark.parametrize("place", PLACES)
def test_every_control_of_a_page_can_be_named_and_pressed(
    shell: SessionView, opened: OpenDesk, place: str
) -> None:
    shell.go_to("plans" if place == "one plan" else place)
    opened.rest()
    if place == "one plan":
        page = shell.page
        assert isinstance(page, PlansPage)
        page.open_plan(opened.plan)
        opened.rest()
    looked_at = [
        part
        for part in shell.findChildren(QAbstractButton)
        if part.isVisible() and part.isEnabled()
    ]
    assert looked_at
    for part in looked_at:
        found = QAccessible.queryAccessibleInterface(part)
        assert found is not None
        assert found.text(QAccessible.Text.Name).strip(), part
        assert actions(part), part
        is_ours = type(part).__module__.startswith("kfdesk.")
        if is_ours and part.isCheckable() and type(part) is not Button:
            assert isinstance(part, ToggleClick), part


def test_rail_is_walked_by_a_screen_reader(shell: SessionView, opened: OpenDesk) -> None:
    do(shell.rail.items["contacts"], "Toggle")
    opened.rest()
    assert shell.place() == "contacts"
