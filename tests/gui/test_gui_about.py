# SPDX-License-Identifier: GPL-3.0-or-later
"""About says which build this is and leads to every licence; a stick warns before the door."""

import os
from dataclasses import replace

from PySide6.QtWidgets import QLabel
from tests.gui.gui_samples import Stage

from kfdesk.domain.desk.release import VERSION, Installed, Part
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.founding import Founding
from kfdesk.ui.pages.first_run.page import FirstRun
from kfdesk.ui.pages.unlock import Door, Store, Unlock
from kfdesk.ui.shell.desk import Desk
from kfdesk.ui.shell.sheets.about import About
from kfdesk.ui.shell.sheets.parts import PartsSheet
from kfdesk.ui.widgets.rail import Place

PARTS = (Part("Notebook", "1", "GPL-3.0", "Take it."), Part("Font", "", "", "Draw with it."))
ON_STICK = Installed("25ba9a4", is_portable=True, parts=lambda: PARTS)


def said(sheet: About) -> str:
    return "\n".join(label.text() for label in sheet.findChildren(QLabel))


def test_about_says_version_and_build(kit: Kit, stage: Stage) -> None:
    sheet = About(replace(kit, program=ON_STICK))
    stage(sheet)
    assert VERSION in said(sheet)
    assert "Build 25ba9a4." in said(sheet)


def test_about_says_that_there_is_no_build_of_a_source(kit: Kit, stage: Stage) -> None:
    sheet = About(kit)
    stage(sheet)
    assert "It runs from its source, not from a package." in said(sheet)


def test_all_parts_are_listed_and_each_ones_licence_is_read_there(kit: Kit, stage: Stage) -> None:
    sheet = PartsSheet(replace(kit, program=ON_STICK))
    stage(sheet)
    assert sheet.text.toPlainText() == "Notebook 1: GPL-3.0\nFont"
    assert [sheet.choice.itemText(n) for n in range(3)] == ["All parts", "Notebook 1", "Font"]
    sheet.choice.setCurrentIndex(2)
    sheet.choice.activated.emit(2)
    assert sheet.text.toPlainText() == "Draw with it."
    assert sheet.text.isReadOnly()


def test_parts_are_opened_from_about_and_closed_to_the_page(kit: Kit, stage: Stage) -> None:
    page = QLabel("page")
    place = Place("today", "Today", "sun", "Ctrl+1", lambda _kit: page)
    desk = Desk(replace(kit, program=ON_STICK), (place,))
    stage(desk)
    desk.show_about()
    about = desk.layer.sheet
    assert isinstance(about, About)
    about.parts.click()
    assert isinstance(desk.layer.sheet, PartsSheet)
    desk.layer.sheet.accept()
    assert desk.layer.sheet is None


def test_door_on_a_stick_says_where_not_to_open_it(kit: Kit, stage: Stage) -> None:
    door = Door((Store("store", "store"),), lambda _: None)
    for program, is_warned in ((ON_STICK, True), (Installed(), False)):
        page = Unlock(replace(kit, program=program), door)
        stage(page)
        assert page.carried.isVisible() is is_warned
        assert page.carried.findChildren(QLabel)[0].text().startswith("Program and store lie")


def test_first_run_on_a_stick_says_it_before_anything_is_written(kit: Kit, stage: Stage) -> None:
    words = tuple(f"word{number}" for number in range(2048))
    founding = Founding(lambda _: words, os.urandom, bool, lambda _: None)
    page = FirstRun(replace(kit, program=ON_STICK), founding)
    stage(page)
    assert page.carried.isVisible()
