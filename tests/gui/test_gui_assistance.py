# SPDX-License-Identifier: GPL-3.0-or-later
"""A screen reader's actions Press and Toggle do what a click does, on every control of ours."""

import importlib
import pkgutil
import re
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget
from pytestqt.qtbot import QtBot
from tests.architecture.tree import ROOT
from tests.gui.desk_samples import OpenDesk
from tests.gui.walk_judge import takes_mouse
from tests.support.patience import HANG
from tests.support.samples import first
from tests.support.windows import Stage

import kfdesk.ui
from kfdesk.domain.message_marks import N_
from kfdesk.domain.risk import MatrixCell
from kfdesk.ui.context import UiContext
from kfdesk.ui.forms.parts import AutocompleteInput
from kfdesk.ui.pages.plan.risk_table import RiskMatrix
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.pages.printing.page import PrintingPage
from kfdesk.ui.shell.quick_find import ResultLine, ResultList
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.widgets.buttons import (
    Button,
    OptionButton,
    PaintedButton,
    PushButton,
    SegmentedControl,
    ToggleClick,
)
from kfdesk.ui.widgets.collapsible import CollapseButton
from kfdesk.ui.widgets.inputs import CheckBox
from kfdesk.ui.widgets.navigation import NavigationButton
from kfdesk.ui.widgets.popup import PopupMenu
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView

ACTIONS = {"Press", "Toggle", "ShowMenu"}
PLACES = (
    "today", "plans", "contacts", "calendar", "exchange", "print", "history", "backup",
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
    received: list[tuple[int, bool]] = []
    for number, part in enumerate(parts):
        part.clicked.connect(lambda on, number=number: received.append((number, on)))
    seen: list[tuple[list[tuple[int, bool]], list[bool]]] = []
    for way in ("click", *actions(parts[1])):
        for part in parts:
            part.setAutoExclusive(False) if kind in ("check box", "fold") else None
        parts[0].setChecked(True)
        if kind not in ("segment", "option", "rail"):
            parts[1].setChecked(False)
        assert received == []  # what the program itself sets is no click
        if way == "click":
            QTest.mouseClick(parts[1], Qt.MouseButton.LeftButton)
        else:
            do(parts[1], way)
        qtbot.waitUntil(lambda: bool(received) and not parts[1].isDown(), timeout=HANG * 100)
        seen.append((list(received), [part.isChecked() for part in parts]))
        received.clear()
    assert len(seen) > 1
    assert all(one == seen[0] for one in seen)


@pytest.mark.parametrize("place", first(4, PLACES))
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
        if is_ours and part.isCheckable():
            assert isinstance(part, ToggleClick), part
            assert part._clicks_on_toggle, part


# --- Every class


def classes_below(kind: type[QWidget]) -> set[type[QWidget]]:
    """Return all classes of ours that are a kind of widget."""
    for found in pkgutil.walk_packages(kfdesk.ui.__path__, "kfdesk.ui."):
        importlib.import_module(found.name)
    every, left = set(), [kind]
    while left:
        one = left.pop()
        every.add(one)
        left += one.__subclasses__()
    return {one for one in every if one.__module__.startswith("kfdesk.")}


def test_every_class_of_button_hears_a_toggle() -> None:
    buttons = classes_below(QAbstractButton) - {PaintedButton}
    assert len(buttons) > 10
    assert {one.__name__ for one in buttons if not issubclass(one, ToggleClick)} == set()


def test_every_menu_has_a_name_of_its_own_and_not_the_windows() -> None:
    assert {one for one in classes_below(QMenu) if one.__name__ != "PopupMenu"} == set()
    files = (ROOT / "src" / "kfdesk" / "ui").rglob("*.py")
    made = [path.name for path in files if re.search(r"\bQMenu\(", path.read_text("utf-8"))]
    assert made == []


def test_menu_is_called_by_its_place_in_the_bar_or_by_what_opens_it(
    shell: SessionView, kit: UiContext
) -> None:
    titles = {"file": "File", "edit": "Edit", "view": "View", "go": "Go", "help": "Help"}
    for key, menu in shell.bar.menus.menus.items():
        menu.aboutToShow.emit()
        found = QAccessible.queryAccessibleInterface(menu)
        assert found is not None
        assert found.text(QAccessible.Text.Name) == titles.pop(key)
    assert titles == {}
    opener = Button(kit, N_("Print…"))
    menu = PopupMenu(opener)
    menu.aboutToShow.emit()
    assert menu.accessibleName() == "Print…"
    opener.setAccessibleName("Print this plan")
    menu.aboutToShow.emit()
    assert menu.accessibleName() == "Print this plan"


def test_whatever_takes_the_mouse_itself_is_tested_here() -> None:
    """Each of these has a test of its accessible action and of its key below.

    The button of an event, a push button as all, only ignores a double click.
    """
    taking = {one.__name__ for one in classes_below(QWidget) if takes_mouse(one)}
    assert taking == {
        "AutocompleteInput", "DayInput", "EventButton", "RiskMatrix", "Toast",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["segment", "option", "rail", "check box", "fold", "button"])
def test_space_presses_every_control_and_enter_every_push_button(
    kit: UiContext, stage: Stage, kind: str
) -> None:
    control, parts = pair(kit, kind)
    stage(control)
    received: list[int] = []
    part = parts[1]
    part.clicked.connect(lambda: received.append(1))
    part.setFocus(Qt.FocusReason.TabFocusReason)
    assert part.hasFocus()
    QTest.keyClick(part, Qt.Key.Key_Space)
    assert len(received) == 1
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(part, key)
    assert len(received) == (3 if isinstance(part, PushButton) else 1)


def test_button_that_becomes_checkable_later_hears_a_toggle(kit: UiContext, stage: Stage) -> None:
    button = Button(kit, "Handed-out copies")
    stage(button)
    button.setCheckable(True)
    button.setCheckable(True)
    received: list[bool] = []
    button.clicked.connect(lambda on: received.append(bool(on)))
    do(button, "Toggle")
    assert received == [True]


# --- What is no button, or not as a whole


def test_cell_of_a_risk_matrix_is_a_button(kit: UiContext, stage: Stage, qtbot: QtBot) -> None:
    matrix = RiskMatrix(kit, "Now")
    matrix.resize(500, matrix.sizeHint().height())
    stage(matrix)
    matrix.show_discs({MatrixCell(3, 4): [3]})
    received: list[MatrixCell] = []
    walked: list[MatrixCell] = []
    matrix.chosen.connect(received.append)
    matrix.walked.connect(walked.append)
    named = {cell.accessibleName(): cell for cell in matrix.findChildren(PaintedButton)}
    assert len(named) == 25
    cell = named["Possible, severe: 12, high. Risk 3"]
    found = QAccessible.queryAccessibleInterface(cell)
    assert found is not None
    assert found.role() is QAccessible.Role.Button
    area = matrix._area(MatrixCell(3, 4)).center().toPoint()
    assert cell.geometry().contains(area)
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=area)
    matrix.go_to(MatrixCell(1, 1))
    do(cell, "Press")
    qtbot.waitUntil(lambda: matrix.current == MatrixCell(3, 4))
    matrix.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
        QTest.keyClick(matrix, key)
    assert received == [MatrixCell(3, 4)] * 5
    assert walked == [MatrixCell(3, 4)] * 2
    kit.set_language("sv")
    assert all("⟦" in one.accessibleName() for one in matrix.findChildren(PaintedButton))
    kit.set_language("en")


def test_click_of_a_real_mouse_goes_through_the_cell_to_the_matrix(
    kit: UiContext, stage: Stage
) -> None:
    matrix = RiskMatrix(kit, "Now")
    window = stage(matrix)
    received: list[MatrixCell] = []
    matrix.chosen.connect(received.append)
    at = matrix.mapTo(window, matrix._area(MatrixCell(2, 5)).center().toPoint())
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=at)
    assert received == [MatrixCell(2, 5)]


def test_list_of_an_input_opens_by_an_action_as_by_a_click_on_its_arrow(
    kit: UiContext, stage: Stage, qtbot: QtBot
) -> None:
    rows = (("one", "Riga"), ("two", "Narva"))
    field = AutocompleteInput(kit, lambda _: rows, lambda key, _: dict(rows)[key])
    window = stage(field)
    (arrow,) = field.findChildren(PaintedButton)
    assert arrow.accessibleName() == "Show the choices"
    at = field.mapTo(window, arrow.geometry().center())
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, pos=at)
    ways: list[Callable[[], object]] = [
        lambda: do(arrow, "Press"), lambda: QTest.keyClick(field, Qt.Key.Key_Down)
    ]  # fmt: skip
    for way in ways:
        assert field.proposals.is_open
        field.proposals.close()
        way()
        qtbot.waitUntil(lambda: field.proposals.is_open)
    field.proposals.close()


def test_toast_is_closed_by_a_key_and_by_an_action(shell: SessionView, qtbot: QtBot) -> None:
    toast = shell.toast
    for way in ("click", "Press", "space", "enter"):
        toast.show_message("The file is ready.")
        (close,) = (one for one in toast.findChildren(Button) if one.isVisible())
        assert close.accessibleName() or close.text() == "Close"
        assert close.focusPolicy() & Qt.FocusPolicy.TabFocus
        if way == "click":
            QTest.mouseClick(toast, Qt.MouseButton.LeftButton)
        elif way == "Press":
            do(close, "Press")
        else:
            QTest.keyClick(close, Qt.Key.Key_Space if way == "space" else Qt.Key.Key_Enter)
        qtbot.waitUntil(toast.isHidden)


def test_copies_that_are_out_are_shown_by_a_press(
    centre: PrintingPage, opened: OpenDesk, qtbot: QtBot
) -> None:
    do(centre.head.copies, "Press")
    qtbot.waitUntil(centre.copies.isVisible)
    opened.rest()
    do(centre.head.copies, "Press")
    qtbot.waitUntil(lambda: not centre.copies.isVisible())


def table_cell(view: QWidget, row: int) -> Any:
    """Return the first cell of a row as a screen reader finds it."""
    found: Any = QAccessible.queryAccessibleInterface(view)
    cells = [found.child(place) for place in range(found.childCount())]
    roles = (QAccessible.Role.Cell, QAccessible.Role.ListItem)
    inner = [cell for cell in cells if cell.role() in roles]
    return inner[row * (len(inner) // view.model().rowCount())]  # type: ignore[attr-defined]


def test_row_that_is_toggled_becomes_the_current_one_as_by_a_click(
    kit: UiContext, stage: Stage
) -> None:
    table = TableView(kit, (ColumnSpec("Place", stretches=True), ColumnSpec("Day")))
    stage(table)
    table.show_rows([(TableCell(place), TableCell("1")) for place in ("Riga", "Narva", "Pskov")])
    table.selectRow(0)
    current: list[int] = []
    table.selectionModel().currentRowChanged.connect(lambda now, _: current.append(now.row()))
    table_cell(table, 2).actionInterface().doAction("Toggle")
    assert table.currentIndex().row() == 2
    assert table.selectionModel().isRowSelected(2)
    QTest.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton,
        pos=table.visualRect(table.model().index(1, 1)).center(),
    )  # fmt: skip
    QTest.keyClick(table, Qt.Key.Key_Up)
    assert current == [2, 1, 0]


@pytest.mark.parametrize("row", [0, 1])
def test_line_of_quick_find_that_is_toggled_opens_as_by_a_click(
    kit: UiContext, stage: Stage, qtbot: QtBot, row: int
) -> None:
    listing = ResultList(kit)
    stage(listing)
    received: list[str] = []
    listing.opened.connect(lambda line: received.append(line.title))
    titles = ("Riga", "Narva")
    listing.show_lines([ResultLine("user", one, "", "Place", lambda: None) for one in titles])
    listing.step(1)
    listing.step(-1)
    QTest.mouseClick(
        listing.viewport(), Qt.MouseButton.LeftButton,
        pos=listing.visualRect(listing.model().index(row, 0)).center(),
    )  # fmt: skip
    assert received == [titles[row]]
    listing.show_lines(listing.lines.lines)
    table_cell(listing, row).actionInterface().doAction("Toggle")
    qtbot.waitUntil(lambda: len(received) == 2)
    assert received[1] == titles[row]


def test_rail_is_walked_by_a_screen_reader(shell: SessionView, opened: OpenDesk) -> None:
    do(shell.rail.items["contacts"], "Toggle")
    opened.rest()
    assert shell.place() == "contacts"
