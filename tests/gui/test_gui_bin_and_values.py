# SPDX-License-Identifier: GPL-3.0-or-later
"""The bin and one record's values on a real store: values while one looks, a way back by undo."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.support.windows import missed_by_tab, nameless, show

from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import seen_writes, view
from kfdesk.services.core.history import read_bin
from kfdesk.services.core.records import change_record, delete_record, require_record
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.history import History
from kfdesk.ui.widgets.table import TableView


@pytest.fixture
def told(kit: UiContext) -> list[Notification]:
    """Return the list that collects the window's notifications."""
    outcomes: list[Notification] = []
    kit.events.told.connect(outcomes.append)
    return outcomes


def shown(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> History:
    page = History(kit, opened.desk)
    page.resize(1080, 740)
    show(qtbot, page)
    opened.rest()
    return page


def rows(table: TableView) -> list[list[str]]:
    model = table.model()
    columns = range(model.columnCount())
    return [
        [str(model.index(row, column).data()) for column in columns]
        for row in range(model.rowCount())
    ]


def carrier(opened: OpenDesk) -> object:
    return opened.run(lambda: view(require_record(opened.desk, opened.legs[0]), Leg).record.carrier)


def values_of(page: History, opened: OpenDesk, rid: bytes) -> list[list[str]]:
    page.open_record(rid)
    opened.rest()
    return rows(page.values.table)


# the bin


def test_bin_shows_what_was_deleted_by_whom_and_what_is_hidden_with_it(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    opened.run(lambda: delete_record(opened.desk, opened.legs[1]))
    opened.run(lambda: delete_record(opened.desk, opened.plan))
    opened.run(lambda: delete_record(opened.desk, opened.house))
    page = shown(kit, qtbot, opened)
    QTest.mouseClick(page.tabs.parts["bin"], Qt.MouseButton.LeftButton)
    opened.rest()
    house, plan, leg = rows(page.bin.table)
    assert house[1].startswith("Organisation, ")
    assert plan[1:3] == ["Plan, tulpan-47", "4 records"]
    assert leg[1:3] == ["Leg (no. 2), tulpan-47", "–"]
    assert leg[3].startswith("EV, ")


def test_empty_bin_says_so(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    page = shown(kit, qtbot, opened)
    page.go_to("bin")
    opened.rest()
    assert "The bin is empty" in texts(page.bin)
    assert not page.bin.restore.isVisible()


def test_record_is_restored_by_keyboard_and_that_can_be_taken_back(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, told: list[Notification]
) -> None:
    opened.run(lambda: delete_record(opened.desk, opened.plan))
    page = shown(kit, qtbot, opened)
    page.go_to("bin")
    opened.rest()
    with qtbot.waitSignal(kit.events.changed) as changed:
        QTest.keyClick(page.bin.restore, Qt.Key.Key_Return)
    opened.rest()
    assert changed.args == [frozenset({"plan"})]
    assert rows(page.bin.table) == []
    (outcome,) = told
    assert outcome.undo is not None
    outcome.undo()
    opened.rest()
    assert [line.rid for line in opened.run(lambda: read_bin(opened.desk))] == [opened.plan]
    assert len(rows(page.bin.table)) == 1


def test_nothing_in_the_bin_can_be_erased_yet(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    opened.run(lambda: delete_record(opened.desk, opened.plan))
    page = shown(kit, qtbot, opened)
    page.go_to("bin")
    opened.rest()
    assert page.bin.restore.isVisible()
    assert nameless(page) == []
    assert missed_by_tab(page.bin) == []


# one record's values


def test_values_of_the_chosen_entrys_record_are_opened_by_enter(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    opened.run(lambda: change_record(opened.desk, opened.legs[0], {"carrier": "Ny färja"}))
    page = shown(kit, qtbot, opened)
    page.trail.table.setFocus()
    QTest.keyClick(page.trail.table, Qt.Key.Key_Return)
    opened.rest()
    assert "Leg (no. 1), tulpan-47" in texts(page.values)
    first = rows(page.values.table)[0]
    assert (first[1], first[2], first[4]) == ("Carrier and number", "Ny färja", "current")
    old = next(row for row in rows(page.values.table) if row[4] != "current")
    assert (old[1], old[2]) == ("Carrier and number", "M/S Havsörn")
    QTest.keyClick(page.values.table, Qt.Key.Key_Escape)
    opened.rest()
    assert page.trail.isVisible()


def test_entry_about_no_record_has_no_values_to_show(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = shown(kit, qtbot, opened)
    page.trail.table.setFocus()
    QTest.keyClick(page.trail.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert not page.trail.values.isEnabled()
    QTest.keyClick(page.trail.table, Qt.Key.Key_Return)
    assert page.trail.isVisible()


def test_earlier_value_is_put_back_and_that_can_be_taken_back(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk, told: list[Notification]
) -> None:
    opened.run(lambda: change_record(opened.desk, opened.legs[0], {"carrier": "Ny färja"}))
    page = shown(kit, qtbot, opened)
    cells = values_of(page, opened, opened.legs[0])
    assert not page.values.put_back.isEnabled()
    old = next(place for place, row in enumerate(cells) if row[4] != "current")
    page.values.table.selectRow(old)
    assert page.values.put_back.isEnabled()
    QTest.keyClick(page.values.put_back, Qt.Key.Key_Space)
    opened.rest()
    assert carrier(opened) == "M/S Havsörn"
    assert [row[2] for row in rows(page.values.table) if row[1] == "Carrier and number"] == [
        "M/S Havsörn",
        "Ny färja",
        "M/S Havsörn",
    ]
    assert told[0].undo is not None
    told[0].undo()
    opened.rest()
    assert carrier(opened) == "Ny färja"


def test_putting_back_overwrites_nothing_that_came_in_meanwhile(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    rid = opened.legs[0]
    seen = opened.run(lambda: seen_writes(require_record(opened.desk, rid)))
    opened.run(lambda: change_record(opened.desk, rid, {"carrier": "Ny färja"}, seen))
    page = shown(kit, qtbot, opened)
    cells = values_of(page, opened, rid)
    page.values.table.selectRow(next(p for p, row in enumerate(cells) if row[4] != "current"))
    opened.run(lambda: change_record(opened.desk, rid, {"carrier": "Deras"}))
    page.values.put_back.click()
    opened.rest()
    shown_leg = opened.run(lambda: view(require_record(opened.desk, rid), Leg))
    assert {version.value for version in shown_leg.versions["carrier"]} == {"Deras", "M/S Havsörn"}


def test_values_are_gone_from_the_window_once_nobody_looks(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = shown(kit, qtbot, opened)
    assert values_of(page, opened, opened.legs[0]) != []
    page.values.back.click()
    opened.rest()
    assert rows(page.values.table) == []
    values_of(page, opened, opened.legs[0])
    page.hide()
    assert rows(page.values.table) == []
    assert page.values.details.text() == ""
    page.show()
    opened.rest()
    assert rows(page.values.table) != []


def test_reference_is_named_and_lines_are_joined(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = shown(kit, qtbot, opened)
    cells = {row[1]: row[2] for row in values_of(page, opened, opened.plan)}
    assert cells["Escort"] == "Karin"
    assert "\n" not in "".join(cells.values())


def test_record_in_the_bin_says_so_and_comes_back_from_there(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    rid = opened.legs[0]
    opened.run(lambda: delete_record(opened.desk, rid))
    page = shown(kit, qtbot, opened)
    assert values_of(page, opened, rid)[0][1:3] == ["The whole record", "in the bin"]
    assert "This record is in the bin." in texts(page.values)
    assert not page.values.put_back.isEnabled()
    page.values.restore.click()
    opened.rest()
    assert not page.values.binned.isVisible()
    assert rows(page.values.table)[0][2] == "restored from the bin"


def test_every_control_of_the_values_has_a_name_and_the_words_follow_the_language(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = shown(kit, qtbot, opened)
    values_of(page, opened, opened.legs[0])
    assert nameless(page) == []
    assert missed_by_tab(page.values) == []
    kit.translator.set_language("sv")
    assert {"⟦Back⟧", "⟦History⟧"} <= texts(page) | {page.values.back.text()}
    assert rows(page.values.table)[0][4] == "⟦current⟧"
