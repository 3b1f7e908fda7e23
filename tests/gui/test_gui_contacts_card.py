# SPDX-License-Identifier: GPL-3.0-or-later
"""The preview of a contact: numbers as they are dialled from here, copied, and hours in words."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, contacts_on_view, texts
from tests.gui.test_gui_contacts import go_to, rest
from tests.support.windows import nameless

from kfdesk.demo import people
from kfdesk.domain.records.directory import Organisation, Phone
from kfdesk.services.core.records import change_record, create_record
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.directory.page import DirectoryPage

HELPLINE = "Телефон доверия"


@pytest.fixture
def page(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> DirectoryPage:
    return contacts_on_view(kit, qtbot, opened)


def enter_numbers(opened: OpenDesk, page: DirectoryPage, **values: Any) -> None:
    """Enter a Russian helpline with numbers, called from Sweden."""
    ours = opened.desk.identity.organisation
    opened.run(lambda: change_record(opened.desk, ours, {"country": "SE"}))
    whole = {"name": HELPLINE, "country": "RU", "confidentiality": "public", **values}
    house = opened.run(lambda: create_record(opened.desk, Organisation, whole))
    for number in ("8 (811) 255-50-17", "+46 8 465 004 02"):
        enter_number(opened, house, number, "public")
    page.read()
    go_to(page, HELPLINE)


def enter_number(opened: OpenDesk, house: bytes, number: str, sight: str) -> None:
    values = {"number": number, "confidentiality": sight}
    opened.run(lambda: create_record(opened.desk, Phone, values, parent=house))


def copied_by(page: DirectoryPage) -> list[str]:
    return [button.accessibleName() for button in page.entry.facts.copies]


def test_numbers_stand_first_as_they_are_dialled_from_here_and_as_they_were_typed(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    enter_numbers(opened, page)
    said = texts(page.entry)
    assert {"+7 811 255-50-17", "typed as 8 (811) 255-50-17"} <= said
    assert {"08-465 004 02", "typed as +46 8 465 004 02"} <= said
    first = page.entry.facts.findChildren(QLabel)[0]
    assert first.text() == "Phone"


def test_number_and_mail_are_copied_so_that_every_telephone_dials_them(
    kit: UiContext, page: DirectoryPage, opened: OpenDesk
) -> None:
    enter_numbers(opened, page, email="help@example.org")
    assert set(copied_by(page)) == {
        "Copy: +78112555017", "Copy: +46846500402", "Copy: help@example.org",
    }  # fmt: skip
    received: list[Notification] = []
    kit.events.told.connect(received.append)
    QTest.keyClick(
        page.entry.facts.copies[copied_by(page).index("Copy: +78112555017")], Qt.Key.Key_Space
    )
    board = QGuiApplication.clipboard()
    assert board.text() == "+78112555017"
    board.clear()  # as the program does: what Python has made must not outlive it
    assert received[0].message == "Copied. It is cleared from the clipboard after {count} seconds."
    assert nameless(page.entry) == []


def test_what_is_covered_cannot_be_copied(page: DirectoryPage, opened: OpenDesk) -> None:
    enter_number(opened, opened.house, "+7 811 255 50 17", "secret")
    page.read()
    go_to(page, people.SAFE_HOUSE)
    assert copied_by(page) == []
    page.entry.cover.click()
    assert copied_by(page) == ["Copy: +78112555017"]


def test_number_that_nobody_can_place_stands_and_is_copied_as_it_was_typed(
    page: DirectoryPage, opened: OpenDesk
) -> None:
    house = opened.run(
        lambda: create_record(
            opened.desk, Organisation, {"name": "Utan land", "confidentiality": "public"}
        )
    )
    enter_number(opened, house, "08-465 004 01", "public")
    page.read()
    go_to(page, "Utan land")
    assert "08-465 004 01" in texts(page.entry)
    assert copied_by(page) == ["Copy: 08-465 004 01"]


def test_opening_hours_are_told_in_the_language_of_the_window(
    kit: UiContext, page: DirectoryPage, opened: OpenDesk
) -> None:
    enter_numbers(opened, page, hours="Mo-Fr 09:00-17:00")
    assert "Mon–Fri 09:00–17:00" in texts(page.entry)
    kit.translator.set_language("sv")
    rest(page)
    assert "mån–fre 09:00–17:00" in texts(page.entry)
