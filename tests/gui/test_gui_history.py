# SPDX-License-Identifier: GPL-3.0-or-later
"""The history on a real store: newest first, in pages, fields by their labels and no value."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.support.windows import nameless, show

from kfdesk.domain.audit import Action
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.i18n.integrity import RECORD_TYPE_NAMES
from kfdesk.services.core.history import HistoryLine
from kfdesk.services.core.records import change_record
from kfdesk.services.plans.plans import open_plan
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.history import History
from kfdesk.ui.record_views import ACTION_LOOKS, field_words


def shown(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> History:
    page = History(kit, opened.desk)
    page.resize(1080, 740)
    show(qtbot, page)
    opened.rest()
    return page


def rows(page: History) -> list[list[str]]:
    """All cells as they are heard."""
    model = page.trail.table.model()
    columns = range(model.columnCount())
    return [
        [str(model.index(row, column).data()) for column in columns]
        for row in range(model.rowCount())
    ]


def test_newest_entry_is_on_top_with_labels_and_no_value(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    values = {"carrier": "Påhittat Rederi", "mode": "ferry"}
    opened.run(lambda: change_record(opened.desk, opened.legs[0], values))
    page = shown(kit, qtbot, opened)
    assert rows(page)[0][1:] == [
        "EV",
        "Changed",
        "Leg, tulpan-47",
        "Carrier and number, Means of travel",
    ]
    assert rows(page)[-1][2:] == ["Keys made or checked", "–", "–"]
    heard = " ".join(cell for row in rows(page) for cell in row) + " ".join(texts(page))
    assert "Rederi" not in heard
    assert "Нина" not in heard


def test_selected_entry_is_said_in_full_below(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = shown(kit, qtbot, opened)
    page.trail.table.setFocus()
    QTest.keyClick(page.trail.table, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert page.trail.details.text() == "no fields"
    QTest.keyClick(page.trail.table, Qt.Key.Key_Up)
    assert page.trail.details.text() == "Organisation: Name, Country, Who may see this, Address"


def test_whole_chain_is_said_to_be_whole(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    assert "The log is intact." in texts(shown(kit, qtbot, opened).trail.chain)


def test_broken_chain_is_said_to_be_broken(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    def cut() -> None:
        connection = opened.desk.store._connection
        connection.execute("DROP TRIGGER audit_no_loss")
        connection.execute("DELETE FROM audit WHERE id = 2")

    opened.run(cut)
    page = shown(kit, qtbot, opened)
    assert "The log has been altered." in texts(page.trail.chain)
    assert rows(page) != []


def test_one_kind_of_entries_is_shown_alone(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    opened.run(lambda: open_plan(opened.desk, opened.plan))
    page = shown(kit, qtbot, opened)
    everything = {row[2] for row in rows(page)}
    page.trail.kinds.setFocus()
    QTest.keyClick(page.trail.kinds, Qt.Key.Key_Down)
    QTest.keyClick(page.trail.kinds, Qt.Key.Key_Down)
    QTest.keyClick(page.trail.kinds, Qt.Key.Key_Down)
    opened.rest()
    assert [row[2:] for row in rows(page)] == [["Viewed", "Plan, tulpan-47", "–"]]
    QTest.keyClick(page.trail.kinds, Qt.Key.Key_Home)
    opened.rest()
    assert {row[2] for row in rows(page)} == everything


@pytest.mark.parametrize(
    ("action", "key", "said"),
    [
        (Action.OPEN, "first_here", "this computer knew of no earlier opening"),
        (Action.WRONG_TRIES, "3", "3 failed attempts"),
        (Action.WRONG_TRIES, "a lot", "1 unknown field"),
        (Action.HISTORY_DAYS, "1", "1 day"),
        (Action.OLDER_STORE, "1796000000000", "the newest entry seen before was from "),
    ],
)
def test_entry_about_the_desk_itself_says_what_it_was(
    kit: UiContext, action: Action, key: str, said: str
) -> None:
    line = HistoryLine(1, 0, "EV", action, None, "", "", (key,))
    assert field_words(line, kit.translator.language).startswith(said)


@pytest.mark.parametrize(
    ("action", "keys", "said"),
    [
        (Action.TAKE_LIST, ("46", "2"), "New: 46, changed: 2"),
        (Action.TAKE_LIST, ("1", "0"), "New: 1, changed: 0"),
        (Action.SAVE_LIST, ("vcf", "2"), "2 contacts, VCF"),
        (Action.SAVE_LIST, ("csv", "1"), "1 contact, CSV"),
        (Action.TAKE_LIST, ("46",), "1 unknown field"),
        (Action.TAKE_LIST, ("46", "few"), "2 unknown fields"),
        (Action.SAVE_LIST, ("vcf", ""), "2 unknown fields"),
    ],
)
def test_entry_about_a_list_says_how_many_contacts(
    kit: UiContext, action: Action, keys: tuple[str, ...], said: str
) -> None:
    line = HistoryLine(1, 0, "EV", action, None, "", "", keys)
    assert field_words(line, kit.translator.language) == said


def test_short_history_needs_no_turning(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    page = shown(kit, qtbot, opened)
    assert not page.trail.older.isVisible()
    assert not page.trail.newer.isVisible()


def test_long_history_is_turned_in_pages_of_200_by_keyboard(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    def work() -> None:
        for _ in range(200):
            opened.desk.log(Action.OPEN)

    opened.run(work)
    page = shown(kit, qtbot, opened)
    assert [row[2] for row in rows(page)] == ["Database opened"] * 200
    assert not page.trail.newer.isEnabled()
    QTest.keyClick(page.trail.older, Qt.Key.Key_Space)
    opened.rest()
    assert rows(page)[0][2] == "Entered"
    assert rows(page)[-1][2] == "Keys made or checked"
    assert not page.trail.older.isEnabled()
    QTest.keyClick(page.trail.newer, Qt.Key.Key_Return)
    opened.rest()
    assert rows(page)[0][2] == "Database opened"
    assert page.trail.older.isEnabled()


def test_what_happens_meanwhile_stands_there_when_one_comes_back(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    page = shown(kit, qtbot, opened)
    page.hide()
    opened.run(lambda: opened.desk.log(Action.CLOCK))
    page.show()
    opened.rest()
    assert rows(page)[0][2] == "Clock confirmed"
    changes = opened.run(lambda: change_record(opened.desk, opened.plan, {"from_country": "SE"}))
    kit.events.changed.emit(changes.types)
    opened.rest()
    assert rows(page)[0][2:] == ["Changed", "Plan, tulpan-47", "From country"]


def test_record_and_field_that_are_not_here_are_told(
    kit: UiContext, qtbot: QtBot, opened: OpenDesk
) -> None:
    opened.run(lambda: opened.desk.log(Action.IMPORT, bytes(16), ("x", "y")))
    opened.run(lambda: opened.desk.log(Action.CHANGE, opened.plan, ("state", "later")))
    first, second = rows(shown(kit, qtbot, opened))[:2]
    assert first[3:] == ["Plan, tulpan-47", "Status, 1 unknown field"]
    assert second[3:] == ["a record that is not here", "2 unknown fields"]


def test_every_action_and_record_type_has_its_words_and_icon() -> None:
    assert set(ACTION_LOOKS) == set(Action)
    assert set(RECORD_TYPE_NAMES) == set(RECORD_TYPES)
    folder = Path(__file__).parents[2] / "resources" / "icons"
    assert [
        icon for icon, _ in ACTION_LOOKS.values() if not (folder / f"{icon}.svg").exists()
    ] == []


def test_every_word_follows_the_language(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    page = shown(kit, qtbot, opened)
    kit.translator.set_language("sv")
    assert {"⟦History⟧", "⟦The log is intact.⟧"} <= texts(page)
    assert rows(page)[-1][2] == "⟦Keys made or checked⟧"


def test_every_control_has_a_name(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
    assert nameless(shown(kit, qtbot, opened)) == []
