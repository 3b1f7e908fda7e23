# SPDX-License-Identifier: GPL-3.0-or-later
"""About says which build this is and leads to every licence; a stick warns before the door."""

import os
from dataclasses import replace

from PySide6.QtWidgets import QLabel
from tests.support.windows import Stage

from kfdesk.domain.version import VERSION, Installation, LicensedComponent
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.first_run import FirstRunPage, SetupServices
from kfdesk.ui.pages.unlock import StoreChoice, UnlockPage, UnlockServices
from kfdesk.ui.shell.overlays import AboutSheet, PartsSheet
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.widgets.navigation import NavigationPlace

PARTS = (
    LicensedComponent("Notebook", "1", "GPL-3.0", "Take it."),
    LicensedComponent("Font", "", "", "Draw with it."),
)
ON_STICK = Installation("25ba9a4", is_portable=True, parts=lambda: PARTS)


def said(sheet: AboutSheet) -> str:
    return "\n".join(label.text() for label in sheet.findChildren(QLabel))


def test_about_says_version_and_build(kit: UiContext, stage: Stage) -> None:
    sheet = AboutSheet(replace(kit, program=ON_STICK))
    stage(sheet)
    assert VERSION in said(sheet)
    assert "Build 25ba9a4." in said(sheet)


def test_about_says_that_there_is_no_build_of_a_source(kit: UiContext, stage: Stage) -> None:
    sheet = AboutSheet(kit)
    stage(sheet)
    assert "It runs from its source, not from a package." in said(sheet)


def test_all_parts_are_listed_and_each_ones_licence_is_read_there(
    kit: UiContext, stage: Stage
) -> None:
    sheet = PartsSheet(replace(kit, program=ON_STICK))
    stage(sheet)
    assert sheet.text.toPlainText() == "Notebook 1: GPL-3.0\nFont"
    assert [sheet.choice.itemText(n) for n in range(3)] == ["All parts", "Notebook 1", "Font"]
    sheet.choice.setCurrentIndex(2)
    sheet.choice.activated.emit(2)
    assert sheet.text.toPlainText() == "Draw with it."
    assert sheet.text.isReadOnly()


def test_parts_are_opened_from_about_and_closed_to_the_page(kit: UiContext, stage: Stage) -> None:
    page = QLabel("page")
    place = NavigationPlace("today", "Today", "sun", "Ctrl+1", lambda _kit: page)
    desk = SessionView(replace(kit, program=ON_STICK), (place,))
    stage(desk)
    desk.show_about()
    about = desk.layer.sheet
    assert isinstance(about, AboutSheet)
    about.parts.click()
    assert isinstance(desk.layer.sheet, PartsSheet)
    desk.layer.sheet.accept()
    assert desk.layer.sheet is None


def test_door_on_a_stick_says_where_not_to_open_it(kit: UiContext, stage: Stage) -> None:
    door = UnlockServices((StoreChoice("store", "store"),), lambda _: None)
    for program, is_warned in ((ON_STICK, True), (Installation(), False)):
        page = UnlockPage(replace(kit, program=program), door)
        stage(page)
        assert page.carried.isVisible() is is_warned
        (told, *_) = page.carried.findChildren(QLabel)
        assert told.text().startswith("The program and the database")


def test_first_run_on_a_stick_says_it_before_anything_is_written(
    kit: UiContext, stage: Stage
) -> None:
    words = tuple(f"word{number}" for number in range(2048))
    founding = SetupServices(lambda _: words, os.urandom, bool, lambda _: None)
    page = FirstRunPage(replace(kit, program=ON_STICK), founding)
    stage(page)
    assert page.carried.isVisible()
