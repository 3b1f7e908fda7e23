# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists by mouse and keys: sorted, with dragged columns and panes, several selected at once."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QTableView, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, contacts_on_view
from tests.gui.exchange_samples import Scene, opened_scene
from tests.gui.test_gui_bin_and_values import shown as history_shown
from tests.gui.test_gui_contacts import listed, rest
from tests.support.windows import show

from kfdesk.demo import people
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.directory import Contact, Organisation
from kfdesk.domain.rows import encode_changes
from kfdesk.domain.values import Value
from kfdesk.services.core.history import read_bin
from kfdesk.services.core.records import create_record, delete_record, put_new
from kfdesk.services.papers.production import list_copies
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.pages.directory.search import CHECKED_COLUMN
from kfdesk.ui.pages.printing.copies import CopyList
from kfdesk.ui.pages.printing.page import PrintingPage
from kfdesk.ui.shell.help import ManualSheet
from kfdesk.ui.shell.overlays import OverlayLayer
from kfdesk.ui.widgets.layout import ResizablePanes
from kfdesk.ui.widgets.table import ColumnSpec, TableCell, TableView

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def told(kit: UiContext) -> list[Notification]:
    """Return the list that collects the window's notifications."""
    outcomes: list[Notification] = []
    kit.events.told.connect(outcomes.append)
    return outcomes


def enter(opened: OpenDesk, name: str, **values: Value) -> bytes:
    whole: dict[str, Value] = {"name": name, "confidentiality": "public", **values}
    return opened.run(lambda: create_record(opened.desk, Organisation, whole))


def click_heading(table: QTableView, column: int) -> None:
    header = table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(column) + 20, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)


def drag_edge(part: QWidget, by: int) -> None:
    """Drag an edge with the mouse."""
    middle = part.rect().center()
    QTest.mousePress(part, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(part, middle + QPoint(by, 0))
    QTest.mouseRelease(part, Qt.MouseButton.LeftButton, pos=middle + QPoint(by, 0))


def menu_of(page: QWidget, table: QTableView) -> list[str]:
    """Return what the context menu of the current row offers, without the ways to sort."""
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(table.viewport(), event)
    (menu,) = (one for one in page.findChildren(QMenu) if one.isVisible())
    words = [action.text() for action in menu.actions() if not action.isSeparator()]
    menu.close()
    assert any(word.startswith("Sort by: ") for word in words)
    return [word for word in words if not word.startswith("Sort by: ")]


# contacts


def checked_page(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> DirectoryPage:
    enter(opened, "Alfa", checked=date(2026, 5, 1))
    enter(opened, "Beta", checked=date(2026, 11, 1))
    enter(opened, "Gamma")
    return contacts_on_view(kit, qtbot, opened)


def test_contacts_are_sorted_by_name_and_by_last_check(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = checked_page(kit, qtbot, opened)
    by_name = listed(page)
    assert by_name[:3] == ["Alfa", "Beta", "Gamma"]
    click_heading(page.table, CHECKED_COLUMN)
    assert listed(page)[-2:] == ["Alfa", "Beta"]  # who was never checked stands first
    click_heading(page.table, CHECKED_COLUMN)
    assert listed(page)[:2] == ["Beta", "Alfa"]
    click_heading(page.table, 0)
    click_heading(page.table, 0)
    assert listed(page) == by_name[::-1]
    page.search.setText("a")
    narrowed = listed(page)
    assert narrowed == sorted(narrowed, key=by_name.index, reverse=True)


@pytest.mark.parametrize("code", ["ru", "sv"])
def test_sorting_of_contacts_holds_in_every_language(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, code: str
) -> None:
    page = checked_page(kit, qtbot, opened)
    kit.translator.set_language(code)
    by_name = listed(page)
    page.listing.keeper.sort_by(0)
    assert listed(page) == by_name[::-1]
    page.listing.keeper.sort_by(CHECKED_COLUMN)
    assert listed(page)[-2:] == ["Alfa", "Beta"]


def test_columns_sorting_and_panes_of_contacts_are_there_after_a_restart(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = checked_page(kit, qtbot, opened)
    click_heading(page.table, CHECKED_COLUMN)
    page.table.horizontalHeader().resizeSection(CHECKED_COLUMN, 211)
    qtbot.waitUntil(lambda: 211 in kit.view.chosen.lists["contacts"])
    (panes,) = page.findChildren(ResizablePanes)
    before = panes.sizes()
    drag_edge(panes.handle(1), -120)
    assert panes.sizes() == [before[0] - 120, before[1] + 120]
    page.resize(500, 700)  # the panes are stacked, and the column Checked is hidden
    opened.rest()
    assert panes.orientation() is Qt.Orientation.Vertical
    page.resize(1080, 740)
    opened.rest()
    again = contacts_on_view(kit, qtbot, opened)
    assert listed(again)[-2:] == ["Alfa", "Beta"]
    assert again.table.columnWidth(CHECKED_COLUMN) == 211
    (panes_again,) = again.findChildren(ResizablePanes)
    for wanted, one in ((panes, panes.sizes()), (panes_again, panes_again.sizes())):
        assert wanted.sizes() == one == [before[0] - 120, before[1] + 120]


def test_several_contacts_go_to_the_bin_by_keys_and_come_back_by_one_undo(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, told: list[Notification]
) -> None:
    page = checked_page(kit, qtbot, opened)
    house = enter(opened, "Åsens hus")
    person: dict[str, Value] = {"given_name": "Åsa", "organisation": house.hex()}
    opened.run(lambda: create_record(opened.desk, Contact, person))
    page.read()
    before = listed(page)
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    for _ in range(before.index("Beta")):
        QTest.keyClick(page.table, Qt.Key.Key_Down, SHIFT)
    assert menu_of(page, page.table) == ["Put in the bin"]
    gone = before[: before.index("Beta") + 1]
    assert {"Åsa", "Åsens hus", "Alfa", "Beta"} <= set(gone)  # the house and who works for it
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    opened.rest()
    assert listed(page) == before[len(gone) :]
    assert told[-1].undo is not None
    told[-1].undo()
    opened.rest()
    assert listed(page) == before
    page.table.selectRow(0)
    rest(page)
    assert menu_of(page, page.table) == ["Edit", "Put in the bin"]


def test_held_shift_does_not_widen_what_the_program_selects(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = checked_page(kit, qtbot, opened)
    page.table.selectRow(0)
    QTest.keyPress(page.table, Qt.Key.Key_Shift, SHIFT)  # and it is not let go
    page.table.selectRow(2)
    assert list(page.table.selected_rows) == [2]
    QTest.keyClick(page.table, Qt.Key.Key_Down, SHIFT)
    assert list(page.table.selected_rows) == [2, 3]
    page.table.selectRow(1)
    assert list(page.table.selected_rows) == [1]


def test_list_that_is_read_anew_leaves_the_row_to_which_somebody_went_meanwhile(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = checked_page(kit, qtbot, opened)
    page.table.selectRow(0)
    opened.rest()
    page.read()
    page.table.setFocus()
    for _ in range(2):
        QTest.keyClick(page.table, Qt.Key.Key_Down)
    went_to = page.listing.current
    opened.rest()
    assert page.listing.current == went_to
    assert page.table.selected_rows == (2,)


def test_of_several_contacts_none_goes_when_one_has_to_stay(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    faults: list[KfdeskError] = []
    page = checked_page(kit, qtbot, opened)
    kit.events.failed.connect(faults.append)
    before = listed(page)
    page.table.setFocus()
    page.table.selectAll()
    assert people.HOUSE in before
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    opened.rest()
    assert len(faults) == 1
    assert faults[0].code in ("directory.own", "directory.named")
    assert listed(page) == before
    assert opened.run(lambda: read_bin(opened.desk)) == ()


# copies


def enter_copies(opened: OpenDesk, count: int) -> None:
    """Enter copies that are out, as printing them would."""
    desk = opened.desk

    def enter_all() -> None:
        with desk.store.transaction():
            for number in range(1, count + 1):
                values: dict[str, Value] = {
                    "paper": "travellers_sheet", "number": number, "state": "out",
                }  # fmt: skip
                row = desk.new_row("paper_copy", opened.plan)
                put_new(desk, row, encode_changes("paper_copy", values))

    opened.run(enter_all)


def test_several_copies_are_crossed_off_at_once_and_one_undo_takes_it_back(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, told: list[Notification]
) -> None:
    enter_copies(opened, 4)
    page = CopyList(kit, opened.desk)
    page.resize(1000, 600)
    show(qtbot, page)
    opened.rest()
    table = page.table
    click_heading(table, 2)
    assert [line.view.record.number for line in table.lines] == [1, 2, 3, 4]
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(table, Qt.Key.Key_Down)
    QTest.keyClick(table, Qt.Key.Key_Down, SHIFT)
    assert menu_of(page, table) == ["Came back", "Destroyed", "Lost"]
    QTest.keyClick(page.ends["destroyed"], Qt.Key.Key_Space)
    opened.rest()
    assert [line.view.record.number for line in table.lines] == [1, 4]
    assert [line.view.record.number for line in table.selected] == [4]  # the next one
    assert told[-1].undo is not None
    told[-1].undo()
    opened.rest()
    assert len(opened.run(lambda: list_copies(opened.desk))) == 4
    click_heading(table, 2)
    again = CopyList(kit, opened.desk)
    show(qtbot, again)
    opened.rest()
    assert [line.view.record.number for line in again.table.lines] == [4, 3, 2, 1]


# the bin


def test_several_records_come_back_from_the_bin_at_once(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, told: list[Notification]
) -> None:
    for rid in (opened.legs[1], opened.plan, opened.house):
        opened.run(partial(delete_record, opened.desk, rid))
    page = history_shown(kit, qtbot, opened)
    page.go_to("bin")
    opened.rest()
    table = page.bin.table
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert menu_of(page, table) == ["Restore", "Values of this record"]
    QTest.keyClick(table, Qt.Key.Key_Down, SHIFT)
    assert menu_of(page, table) == ["Restore"]
    page.bin.restore.click()
    opened.rest()
    assert [line.rid for line in table.lines] == [opened.legs[1]]
    assert told[-1].undo is not None
    told[-1].undo()
    opened.rest()
    assert len(table.lines) == 3


# the history


def test_widths_of_the_history_are_kept_and_its_order_stays(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = history_shown(kit, qtbot, opened)
    table = page.trail.table
    before = [str(table.model().index(row, 0).data()) for row in range(3)]
    table.horizontalHeader().resizeSection(1, 177)
    click_heading(table, 1)
    qtbot.waitUntil(lambda: 177 in kit.view.chosen.lists.get("history", ()))
    page_again = history_shown(kit, qtbot, opened)
    again = page_again.trail.table
    assert again.columnWidth(1) == 177
    assert [str(again.model().index(row, 0).data()) for row in range(3)] == before


# columns


def test_heading_of_a_crowded_column_is_whole(kit: UiContext, qtbot: QtBot) -> None:
    heading = "A heading that is longer than all of its cells"
    columns = ColumnSpec("First"), ColumnSpec(heading, stretches=True), ColumnSpec("Last")
    table = TableView(kit, columns)
    wide = TableCell("Words for which a narrow table has no room")
    table.show_rows([(wide, TableCell("–"), wide)])
    table.resize(320, 200)
    show(qtbot, table)
    header = table.horizontalHeader()
    assert header.sectionSize(1) >= header.sectionSizeHint(1)


# partners


@pytest.fixture
def scene(kit: UiContext, qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    with opened_scene(kit, qtbot, tmp_path) as made:
        yield made


def test_list_of_partners_offers_the_next_step_and_its_card_can_be_widened(
    kit: UiContext, scene: Scene
) -> None:
    scene.meet()
    listing = scene.page.listing
    assert menu_of(scene.page, listing.table) == ["Send…"]
    (panes,) = listing.findChildren(ResizablePanes)
    before = panes.sizes()
    drag_edge(panes.handle(1), -60)
    assert panes.sizes() == [before[0] - 60, before[1] + 60]
    assert kit.view.chosen.lists["partners-card"] == tuple(panes.sizes())
    click_heading(listing.table, 0)
    assert listing.table.keeper.is_backwards
    assert listing.chosen is not None


def test_width_of_a_hidden_column_is_not_taken_for_a_dragged_one(
    kit: UiContext, scene: Scene
) -> None:
    scene.meet()
    table = scene.page.listing.table
    scene.page.resize(797, 477)
    scene.rest()
    assert table.isColumnHidden(2)
    scene.page.resize(1166, 712)
    scene.rest()
    assert not table.isColumnHidden(2)
    table.keeper.sort_by(1)
    assert kit.view.chosen.lists["partners"] == (1, 0, 0, 0, 0, 0)


# other pages with an edge to drag


def test_edge_between_choices_and_page_of_print_is_dragged_and_kept(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    def on_view() -> tuple[PrintingPage, ResizablePanes]:
        page = PrintingPage(kit, opened.desk)
        page.resize(1190, 720)
        show(qtbot, page)
        opened.rest()
        (panes,) = page.findChildren(ResizablePanes)
        return page, panes

    page, panes = on_view()
    before = panes.sizes()
    drag_edge(panes.handle(1), -40)
    assert panes.sizes() == [before[0] - 40, before[1] + 40]
    page.resize(500, 700)  # the page stands below the choices
    opened.rest()
    assert panes.orientation() is Qt.Orientation.Vertical
    page.resize(1190, 720)
    opened.rest()
    _, again = on_view()
    for one in (panes, again):
        assert one.sizes() == [before[0] - 40, before[1] + 40]


def test_choices_of_print_unfold_where_somebody_gives_them_room(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = PrintingPage(kit, opened.desk)
    page.resize(1190, 900)
    show(qtbot, page)
    opened.rest()
    (panes,) = page.findChildren(ResizablePanes)
    assert page.choices.papers.list.isVisible()
    drag_edge(panes.handle(1), 300)
    opened.rest()
    assert not page.choices.papers.list.isVisible()
    drag_edge(panes.handle(1), -300)
    opened.rest()
    assert page.choices.papers.list.isVisible()


def test_edge_beside_the_chapters_of_the_manual_is_dragged_and_kept(
    kit: UiContext, qtbot: QtBot
) -> None:
    def on_view() -> tuple[OverlayLayer, ResizablePanes]:
        page = QWidget()
        page.resize(1190, 720)
        layer = OverlayLayer(page, QWidget(page))
        show(qtbot, page)
        manual = ManualSheet(kit)
        layer.show_sheet(manual)
        qtbot.waitUntil(lambda: manual.reader.width() > 400)
        (panes,) = manual.findChildren(ResizablePanes)
        return layer, panes

    _first, panes = on_view()
    before = panes.sizes()
    drag_edge(panes.handle(1), 90)
    assert panes.sizes() == [before[0] + 90, before[1] - 90]
    _second, again = on_view()
    assert again.sizes() == [before[0] + 90, before[1] - 90]
