# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual in the window: at the page's chapter, searched and walked by keys, in any language."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from tests.support.windows import colours, nameless, show

from kfdesk.domain.schema import N_
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plan.page import _SECTION_TYPES
from kfdesk.ui.shell.help import CHAPTERS, Chapter, ChapterView, ManualSheet, chapter_for_place
from kfdesk.ui.shell.overlays import ShortcutSheet
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.shell.window import Window
from kfdesk.ui.widgets.navigation import NavigationPlace

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def desk(kit: UiContext, qtbot: QtBot) -> Iterator[SessionView]:
    """Yield a SessionView with two places, in its window."""
    places = (
        NavigationPlace("today", N_("Today"), "sun", "Ctrl+1", lambda _kit: QLabel("here")),
        NavigationPlace(
            "contacts", N_("Contacts"), "book-user", "Ctrl+3", lambda _kit: QLabel("there")
        ),
    )
    window = Window(kit)
    made = SessionView(kit, places)
    window.show_page(made)
    window.resize(1280, 800)
    show(qtbot, window)
    yield made
    window.close()


def opened(desk: SessionView) -> ManualSheet:
    QTest.keyClick(desk, Qt.Key.Key_F1)
    sheet = desk.layer.sheet
    assert isinstance(sheet, ManualSheet)
    return sheet


def listed(manual: ManualSheet) -> list[str]:
    rows = manual.list.rows
    return [str(rows.data(rows.index(row, 0))) for row in range(rows.rowCount())]


def heading(manual: ManualSheet) -> str:
    return manual.reader.document().firstBlock().text()


def test_f1_opens_the_chapter_of_the_page_and_esc_closes_it(desk: SessionView) -> None:
    assert heading(opened(desk)) == "Today"
    QTest.keyClick(desk, Qt.Key.Key_Escape)
    desk.go_to("contacts")
    manual = opened(desk)
    assert (heading(manual), manual.chapter) == ("Contacts", "contacts")
    assert len(listed(manual)) == len(CHAPTERS)
    assert nameless(desk.window()) == []
    QTest.keyClick(manual, Qt.Key.Key_Escape)
    assert desk.layer.sheet is None


def test_words_leave_the_chapters_that_have_them(desk: SessionView) -> None:
    manual = opened(desk)
    QTest.keyClicks(manual.search, "printer")
    few = listed(manual)
    assert 0 < len(few) < len(CHAPTERS)
    assert heading(manual) in few
    manual.search.setText("xylophone")
    assert listed(manual) == []
    assert manual.nothing.isVisible()
    manual.search.clear()
    assert len(listed(manual)) == len(CHAPTERS)
    assert not manual.nothing.isVisible()


def test_arrows_walk_the_chapters_from_the_field_and_in_the_list(desk: SessionView) -> None:
    manual = opened(desk)
    before = manual.chapter
    assert manual.search.hasFocus()
    QTest.keyClick(manual.search, Qt.Key.Key_Down)
    assert CHAPTERS.index(manual.chapter) == CHAPTERS.index(before) + 1
    QTest.keyClick(manual.search, Qt.Key.Key_Up)
    assert manual.chapter == before
    manual.list.setFocus()
    QTest.keyClick(manual.list, Qt.Key.Key_Down)
    assert heading(manual) == listed(manual)[CHAPTERS.index(before) + 1]


def test_link_leads_to_its_chapter_also_from_a_search(desk: SessionView) -> None:
    manual = opened(desk)
    manual.search.setText("printer")
    manual.reader.anchorClicked.emit(QUrl("consent"))
    assert manual.chapter == "consent"
    assert heading(manual) == "Consent"


def test_no_link_leads_out_of_the_manual(desk: SessionView) -> None:
    manual = opened(desk)
    assert not manual.reader.openLinks()
    assert not manual.reader.openExternalLinks()


def test_new_language_is_spoken_at_once_in_the_same_chapter(
    kit: UiContext, desk: SessionView
) -> None:
    manual = opened(desk)
    kit.set_language("ru")
    assert heading(manual) == "Сегодня"
    assert manual.chapter == "today"
    kit.set_language("en")


def test_sheet_of_keys_is_one_press_away(desk: SessionView) -> None:
    opened(desk).keys.click()
    assert isinstance(desk.layer.sheet, ShortcutSheet)
    desk.layer.close_sheet()
    QTest.keyClick(desk, Qt.Key.Key_F1, SHIFT)
    assert isinstance(desk.layer.sheet, ShortcutSheet)


def test_chapter_shows_the_picture_of_its_page_where_there_is_one(
    kit: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "today.png"
    image = QImage(640, 400, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    image.save(str(file))
    reader = ChapterView(kit)
    reader.resize(700, 600)
    show(qtbot, reader)
    chapter = Chapter("today", "Today", "# Today\n\nWhat waits.", ())
    for pictured in (chapter, replace(chapter, picture=file)):
        reader.show_chapter(pictured)
        QApplication.processEvents()
        assert ("#336699" in {one.lower() for one in colours(reader)}) is bool(pictured.picture)
        lines = [line for line in reader.toPlainText().splitlines() if line.strip("\ufffc")]
        assert lines == ["Today", "What waits."]


def test_every_page_of_a_desk_and_every_section_of_a_plan_has_its_chapter(
    shell: SessionView,
) -> None:
    keys = {*shell.rail.items, *(section.key for section in _SECTION_TYPES)}
    assert keys <= set(CHAPTERS)
    assert {chapter_for_place(f"plans/0f3c/{section.key}") for section in _SECTION_TYPES} == {
        section.key for section in _SECTION_TYPES
    }
