# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual in the window: at the page's chapter, searched and walked by keys, in any language."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot
from tests.support.windows import colours, nameless, show

from kfdesk.domain.message_marks import N_
from kfdesk.ui.context import UiContext
from kfdesk.ui.numbered_pictures import Area, NumberedPicture, PictureAreas, take_numbered_picture
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


def test_numbered_pictures_are_below_their_paragraphs_and_a_list_goes_on(
    kit: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    files = []
    for number in (1, 2):
        image = QImage(500, 60, QImage.Format.Format_RGB32)
        image.fill((0x336699, 0x993366)[number - 1])
        files.append(tmp_path / f"partner-{number}.png")
        image.save(str(files[-1]))
    text = "# Partner\n\n1. Choose ① and send ②.\n2. Wait.\n3. Call ①.\n"
    reader = ChapterView(kit)
    reader.resize(400, 600)  # narrower than the pictures
    show(qtbot, reader)
    reader.show_chapter(Chapter("partner", "Partner", text, (), numbered=tuple(files)))
    QApplication.processEvents()
    lines = reader.toPlainText().splitlines()
    assert lines == [
        "Partner", "Choose \ufffc and send \ufffc.", "\ufffc", "Wait.",
        "Call \ufffc.", "\ufffc",
    ]  # fmt: skip
    blocks = [reader.document().findBlockByNumber(at) for at in range(len(lines))]
    items = [block for block in blocks if block.textList() is not None]
    assert [block.blockNumber() for block in items] == [1, 3, 4]
    assert [block.textList().itemNumber(block) for block in items] == [0, 1, 2]
    assert {"#336699", "#993366"} <= {one.lower() for one in colours(reader)}
    assert reader.horizontalScrollBar().maximum() == 0


def test_numbers_are_drawn_at_the_corners_of_their_places_also_out_of_view(
    kit: UiContext, qtbot: QtBot
) -> None:
    inside = QWidget()
    inside.setFixedSize(300, 900)
    places = [QLabel("", inside) for _ in range(2)]
    for place, top in zip(places, (700, 760), strict=True):
        place.setGeometry(60, top, 100, 30)
    scroll = QScrollArea()
    scroll.setWidget(inside)
    scroll.resize(320, 200)
    show(qtbot, scroll)
    areas = [Area(place, place.rect()) for place in places]
    wanted = NumberedPicture("partner", 1, "exchange", 2, lambda _: PictureAreas(areas, areas))
    image = take_numbered_picture(scroll, kit.theme, wanted)
    left, top = 18, 13
    assert (image.width(), image.height()) == (100 + 2 * left, 90 + 2 * top)
    accent = QColor(kit.theme.colours.accent)
    for y in (top, top + 60):
        assert image.pixelColor(left - 8, y) == accent
        assert image.pixelColor(left + 50, y) != accent
    with pytest.raises(ValueError, match="zip"):
        take_numbered_picture(scroll, kit.theme, replace(wanted, places=3))


def test_every_page_of_a_desk_and_every_section_of_a_plan_has_its_chapter(
    shell: SessionView,
) -> None:
    keys = {*shell.rail.items, *(section.key for section in _SECTION_TYPES)}
    assert keys <= set(CHAPTERS)
    assert {chapter_for_place(f"plans/0f3c/{section.key}") for section in _SECTION_TYPES} == {
        section.key for section in _SECTION_TYPES
    }
