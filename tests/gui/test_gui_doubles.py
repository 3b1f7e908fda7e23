# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts that stand twice: shown as pairs with both values, joined at a press, taken back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, contacts_on_view, texts
from tests.support.windows import nameless

from kfdesk.domain.records.directory import Organisation
from kfdesk.domain.values import Value
from kfdesk.services.core.records import create_record
from kfdesk.services.directory.entries import list_directory
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.directory.duplicates import DuplicatesPage
from kfdesk.ui.pages.directory.list_import import FIND_DUPLICATES
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.widgets.table import CELL_ROLE


@pytest.fixture
def page(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> DirectoryPage:
    enter(opened, email="old@example.org")
    enter(opened, email="new@example.org", website="https://kodu.example.org", services=("legal",))
    return contacts_on_view(kit, qtbot, opened)


def enter(opened: OpenDesk, **values: Value) -> None:
    whole: dict[str, Value] = {
        "name": "Kodu", "country": "EE", "city": "Tartu", "confidentiality": "public", **values,
    }  # fmt: skip
    opened.run(lambda: create_record(opened.desk, Organisation, whole))


def doubles(page: DirectoryPage, opened: OpenDesk) -> DuplicatesPage:
    found = next(one for one in page.commands() if one.words == FIND_DUPLICATES)
    found.run()
    opened.rest()
    assert isinstance(page.task, DuplicatesPage)
    return page.task


def kodu(opened: OpenDesk) -> list[tuple[str, str]]:
    whole = opened.run(lambda: list_directory(opened.desk))
    records = [one.view.record for one in whole if one.name == "Kodu"]
    return sorted((str(one.email), str(one.website)) for one in records)


def test_both_values_of_every_field_are_shown_and_what_is_missing_is_proposed(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    found = doubles(page, opened)
    assert "1 pair" in texts(found)
    assert found.table.model().index(0, 1).data(CELL_ROLE).text == "same name and place"
    said = texts(found.twin)
    assert any("new@example.org / old@example.org" in line for line in said)  # who says more stays
    assert nameless(found) == []
    before = opened.run(opened.desk.store.digest)
    QTest.keyClick(found, Qt.Key.Key_Escape)
    assert page.task is None
    assert opened.run(opened.desk.store.digest) == before


def test_joined_at_a_press_there_is_one_and_undo_makes_two_again(
    kit: UiContext, page: DirectoryPage, opened: OpenDesk
) -> None:
    found = doubles(page, opened)
    received: list[Notification] = []
    kit.events.told.connect(received.append)
    found.join.click()
    opened.rest()
    ((mail, website),) = kodu(opened)
    assert website == "https://kodu.example.org"
    assert mail == "new@example.org"  # of the one that says more
    assert "No duplicates." in texts(found)
    assert not found.join.isEnabled()
    undo = received[-1].undo
    assert undo is not None
    undo()
    opened.rest()
    assert len(kodu(opened)) == 2


def test_a_value_can_be_taken_from_the_second(page: DirectoryPage, opened: OpenDesk) -> None:
    found = doubles(page, opened)
    found.twin.which["email"].parts["theirs"].click()
    found.join.click()
    opened.rest()
    ((mail, _),) = kodu(opened)
    assert mail == "old@example.org"


def test_two_that_are_two_stay_and_are_asked_about_no_more_until_it_is_taken_back(
    kit: UiContext, page: DirectoryPage, opened: OpenDesk
) -> None:
    found = doubles(page, opened)
    received: list[Notification] = []
    kit.events.told.connect(received.append)
    assert found.join.text() == "Merge the two"
    found.twin.whether.parts["apart"].click()
    assert (found.join.text(), found.hint.text()) == ("Keep both", "Both stay as they are.")
    found.join.click()
    opened.rest()
    assert len(kodu(opened)) == 2
    assert "No duplicates." in texts(found)
    assert not found.join.isEnabled()
    found.closed.emit()
    again = doubles(page, opened)
    assert "No duplicates." in texts(again)
    undo = received[-1].undo
    assert undo is not None
    undo()
    opened.rest()
    assert "1 pair" in texts(again)
    assert again.join.text() == "Merge the two"


def test_who_thinks_again_sees_those_that_are_two_and_joins_them(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    found = doubles(page, opened)
    assert not found.apart.isVisible()
    found.twin.whether.parts["apart"].click()
    found.join.click()
    opened.rest()
    found.apart.click()
    assert not found.apart.isVisible()
    assert "1 pair" in texts(found)
    assert found.table.model().index(0, 1).data(CELL_ROLE).text == "not duplicates"
    assert (found.twin.whether.key, found.join.isEnabled()) == ("apart", False)
    found.twin.whether.parts["same"].click()
    found.join.click()
    opened.rest()
    assert len(kodu(opened)) == 1
