# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents on a plan's page: added by hand and by dropping, looked at inside, and put away."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk, texts
from tests.support.windows import accessible_parts, missed_by_tab, nameless, show
from tests.unit.documents import attachment_samples

from kfdesk.domain.records.case import Attachment
from kfdesk.domain.rows import RecordView
from kfdesk.services.core.records import delete_record
from kfdesk.services.plans import plans
from kfdesk.services.plans.case import (
    NewAttachment,
    add_attachment,
    read_attachment,
)
from kfdesk.services.plans.plans import visible_case
from kfdesk.ui.attachments import size_text
from kfdesk.ui.context import Notification, UiContext
from kfdesk.ui.pages.plan.documents import DocumentsSection

TEXT = "".join(f"Rad {number} ur ett samtal.\n" for number in range(3000)).encode()


class Page:
    """The section in a window, reading its plan again after every change, as the page does."""

    def __init__(self, kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> None:
        self._opened = opened
        self.kit = kit
        self.told: list[Notification] = []
        kit.events.told.connect(self.told.append)
        self.section = DocumentsSection(kit, opened.desk)
        self.section.resize(860, 640)
        kit.events.changed.connect(self._on_changed)
        show(qtbot, self.section)
        self.read()

    def read(self, *, is_read_only: bool = False) -> None:
        """Show the plan as it is now."""
        page = self._opened.run(lambda: plans.open_plan(self._opened.desk, self._opened.plan))
        self.section.show_plan(page, is_read_only=is_read_only)

    def add(self, title: str, data: bytes) -> bytes:
        """Add a document, and show it."""
        desk, plan = self._opened.desk, self._opened.plan
        incoming = NewAttachment(title, BytesIO(data))
        rid = self._opened.run(lambda: add_attachment(desk, plan, incoming)).rid
        self.read()
        return rid

    def press(self, act: str, rid: bytes) -> None:
        """Press a document's button, and wait for what comes of it."""
        self.section.shelf.buttons[act, rid].click()
        self.rest()

    def rest(self) -> None:
        """Wait until nothing is under way."""
        self._opened.rest()

    def documents(self) -> tuple[RecordView[Attachment], ...]:
        """Return the documents in the store."""
        desk, plan = self._opened.desk, self._opened.plan
        return self._opened.run(lambda: visible_case(desk, plan).views(Attachment, "attachment"))

    def _on_changed(self, _types: frozenset[str]) -> None:
        desk, plan = self._opened.desk, self._opened.plan
        self.kit.worker.run(lambda: plans.open_plan(desk, plan), self.section.show_plan)


@pytest.fixture
def page(kit: UiContext, qtbot: QtBot, opened: OpenDesk) -> Page:
    return Page(kit, qtbot, opened)


def file(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def dropped(section: QWidget, *urls: QUrl) -> tuple[QDragEnterEvent, QDropEvent]:
    """Files that are dragged in and let go over a widget."""
    mime = QMimeData()
    mime.setUrls(list(urls))
    acts = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    buttons, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), acts, mime, buttons, none)
    enter.ignore()
    QApplication.sendEvent(section, enter)
    drop = QDropEvent(QPointF(9, 9), acts, mime, buttons, none)
    drop.ignore()
    QApplication.sendEvent(section, drop)
    return enter, drop


# the list


def test_empty_section_says_what_can_be_kept_and_what_becomes_of_it(page: Page) -> None:
    said = " ".join(texts(page.section))
    assert "No document yet" in said
    assert "at most 25 MB each, 2 GB together" in said
    assert "They are never put in an exchange file or on paper." in said
    assert "not the place, the time or the camera" in said
    assert "stays in its old place" in said


def test_document_is_listed_with_name_kind_size_and_time(page: Page) -> None:
    page.add("Pass", attachment_samples.photo())
    page.add("", TEXT)
    said = texts(page.section.shelf)
    assert {"Pass", "Without a name"} <= said
    assert any(line.startswith("Picture · JPEG · ") for line in said)
    assert any(line.startswith("Document · Plain text · ") for line in said)
    assert "No document yet" not in said


def test_sizes_are_said_in_whole_numbers_rounded_up(kit: UiContext) -> None:
    sizes = (1, 1024, 1025, 1024**2 - 1, 1024**2, 25 * 1024**2, None)
    words = ["1 kB", "1 kB", "2 kB", "1024 kB", "1 MB", "25 MB", ""]
    assert [size_text(size, kit.translator.language) for size in sizes] == words


def test_no_picture_is_shown_until_somebody_asks(page: Page) -> None:
    page.add("Foto", attachment_samples.photo((400, 300)))
    assert page.section.viewer.picture.picture.image.isNull()
    assert not page.section.viewer.isVisible()
    assert all(label.pixmap().isNull() for label in page.section.findChildren(QLabel))


def test_every_control_has_a_name_and_is_reached_by_tab(page: Page) -> None:
    page.add("Pass", attachment_samples.photo())
    assert "Pass" in texts(page.section)
    names = {name for _, name, _ in accessible_parts(page.section)}
    assert {"View: Pass", "Edit: Pass", "Put in the bin: Pass", "Add a file…"} <= names
    assert nameless(page.section) == []
    page.section.shelf.add_button.setFocus()
    assert missed_by_tab(page.section) == []
    page.kit.translator.set_language("sv")
    assert "⟦Documents⟧" in texts(page.section)
    assert "⟦View: {title}⟧".replace("{title}", "Pass") in {
        name for _, name, _ in accessible_parts(page.section)
    }


def test_state_tells_how_many_there_are(page: Page, opened: OpenDesk) -> None:
    def state() -> tuple[str, str]:
        read = opened.run(lambda: plans.open_plan(opened.desk, opened.plan))
        found = DocumentsSection.state(read)
        return found.fill.name, page.kit.translator.translate(found.fact)

    assert state() == ("EMPTY", "")
    page.add("Pass", attachment_samples.photo())
    assert state() == ("DONE", "1 document")
    page.add("Intyg", attachment_samples.pdf())
    assert state() == ("DONE", "2 documents")


# adding


def test_file_is_asked_for_and_added(page: Page, opened: OpenDesk, tmp_path: Path) -> None:
    path = file(tmp_path, "intyg.jpg", attachment_samples.photo())
    page.section.shelf.add_button.click()
    (dialog,) = page.section.findChildren(QFileDialog)
    dialog.setDirectory(str(tmp_path))
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    assert name is not None
    name.setText(str(path))
    QTest.keyClick(name, Qt.Key.Key_Return)
    page.rest()
    (one,) = page.documents()
    data = opened.run(lambda: read_attachment(opened.desk, one.rid))
    with Image.open(BytesIO(data)) as picture:
        assert not picture.getexif()
    assert attachment_samples.CANARY not in data
    assert "intyg" in texts(page.section.shelf)
    assert path.exists()


def test_added_file_is_told_and_can_be_taken_back(page: Page, tmp_path: Path) -> None:
    page.section.add_files([file(tmp_path, "a.txt", TEXT)])
    page.rest()
    (told,) = page.told
    assert told.message == "Added. The file itself is still where it was."
    assert told.undo is not None
    told.undo()
    page.rest()
    assert page.documents() == ()
    assert "No document yet" in texts(page.section)


def test_files_that_are_dropped_are_copied_in_and_never_taken(page: Page, tmp_path: Path) -> None:
    paths = [file(tmp_path, "a.txt", TEXT), file(tmp_path, "b.pdf", attachment_samples.pdf())]
    enter, drop = dropped(page.section, *(QUrl.fromLocalFile(str(path)) for path in paths))
    assert enter.isAccepted()
    assert drop.isAccepted()
    assert drop.dropAction() is Qt.DropAction.CopyAction
    page.rest()
    assert [one.record.title for one in page.documents()] == ["a", "b"]
    assert all(path.exists() for path in paths)
    assert not page.section.dropping.isVisible()


def test_page_of_the_web_cannot_be_dropped(page: Page) -> None:
    enter, drop = dropped(page.section, QUrl("https://example.org/a.png"))
    assert not enter.isAccepted()
    assert not drop.isAccepted()
    page.rest()
    assert page.documents() == ()


def test_file_that_cannot_be_kept_is_told_in_a_banner(page: Page, tmp_path: Path) -> None:
    page.section.add_files([file(tmp_path, "bild.jpg", b"MZ\x90\0")])
    page.rest()
    assert "attachment.unsupported in en." in texts(page.section.outcome)
    assert page.documents() == ()
    page.section.add_files([file(tmp_path, "a.txt", TEXT)])
    page.rest()
    assert not page.section.outcome.isVisible()


def test_of_several_files_the_good_ones_are_added_and_the_bad_one_is_told(
    page: Page, tmp_path: Path
) -> None:
    bad, good = file(tmp_path, "x.png", attachment_samples.bomb()), file(tmp_path, "y.txt", TEXT)
    page.section.add_files([bad, good])
    page.rest()
    assert [one.record.title for one in page.documents()] == ["y"]
    assert "attachment.too_many_pixels in en." in texts(page.section.outcome)


def test_adding_can_be_stopped(page: Page, tmp_path: Path) -> None:
    page.section.add_files([file(tmp_path, "a.txt", TEXT * 50)])
    job = page.kit.worker.job
    assert job is not None
    assert job.title == "Adding a document…"
    assert job.course is not None
    job.course.cancel()
    page.rest()
    assert page.documents() == ()
    assert "work.cancelled in en." in texts(page.section.outcome)


# name, kind, bin


def test_name_and_kind_can_be_changed(page: Page, qtbot: QtBot) -> None:
    rid = page.add("scan0001", attachment_samples.pdf())
    page.press("edit", rid)
    section = page.section
    assert section.editor.isVisible()
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, "Intyg ")
    section.form.save()
    page.rest()
    (one,) = page.documents()
    assert "Intyg" in str(one.record.title)
    assert not section.editor.isVisible()
    assert str(one.record.title) in texts(section.shelf)


def test_document_goes_into_the_bin_and_comes_back(page: Page) -> None:
    rid = page.add("Pass", attachment_samples.photo())
    page.press("bin", rid)
    assert page.documents() == ()
    assert page.told[-1].message == "Put in the bin."
    undo = page.told[-1].undo
    assert undo is not None
    undo()
    page.rest()
    assert [one.rid for one in page.documents()] == [rid]
    assert "Pass" in texts(page.section.shelf)


def test_read_only_section_can_only_be_looked_at(page: Page, tmp_path: Path) -> None:
    rid = page.add("Pass", attachment_samples.photo())
    page.read(is_read_only=True)
    section = page.section
    assert not section.shelf.add_button.isVisible()
    assert list(section.shelf.buttons) == [("view", rid)]
    enter, _ = dropped(section, QUrl.fromLocalFile(str(file(tmp_path, "a.txt", TEXT))))
    assert not enter.isAccepted()
    assert not section.open_record(rid)
    section.add_files([tmp_path / "a.txt"])
    page.rest()
    assert len(page.documents()) == 1
    page.press("view", rid)
    assert section.viewer.isVisible()


# looking


def test_photo_is_looked_at_inside_the_page(page: Page) -> None:
    rid = page.add("Foto", attachment_samples.photo((400, 200), turned=1))
    page.press("view", rid)
    viewer = page.section.viewer
    image = viewer.picture.picture.image
    assert (image.width(), image.height()) == (400, 200)
    assert image.pixelColor(10, 100).red() > 150
    assert viewer.picture.picture.width() == 400
    assert viewer.window() is page.section.window()
    assert not page.section.shelf.isVisible()
    assert "Foto" in texts(viewer)
    assert not viewer.before.isVisible()
    assert [top for top in QApplication.topLevelWidgets() if top.isVisible()] == [page.section]


def test_pages_of_a_pdf_are_turned_by_button_and_by_key(page: Page) -> None:
    page.press("view", page.add("Intyg", attachment_samples.pdf(3)))
    viewer = page.section.viewer
    assert {"Page 1 of 3"} <= texts(viewer)
    assert not viewer.before.isEnabled()
    viewer.after.click()
    page.rest()
    assert {"Page 2 of 3"} <= texts(viewer)
    viewer.picture.area.setFocus()
    for key, words in (
        (Qt.Key.Key_PageDown, "Page 3 of 3"),
        (Qt.Key.Key_PageDown, "Page 3 of 3"),
        (Qt.Key.Key_PageUp, "Page 2 of 3"),
        (Qt.Key.Key_Home, "Page 1 of 3"),
        (Qt.Key.Key_End, "Page 3 of 3"),
    ):
        QTest.keyClick(viewer.picture.area, key)
        page.rest()
        assert {words} <= texts(viewer)
    assert not viewer.after.isEnabled()
    assert viewer.picture.area.accessibleName() == "Intyg, Page 3 of 3"


def test_page_is_shown_larger_and_smaller_and_drawn_anew_for_it(page: Page) -> None:
    page.press("view", page.add("Intyg", attachment_samples.pdf(1)))
    viewer = page.section.viewer
    width, drawn = viewer.picture.picture.width(), viewer.picture.picture.image.width()
    assert abs(width - viewer.picture.available_width) <= 1
    QTest.keyClick(viewer.picture.area, Qt.Key.Key_Plus)
    page.rest()
    assert viewer.picture.picture.width() == pytest.approx(width * 1.5, abs=2)
    assert viewer.picture.picture.image.width() == pytest.approx(drawn * 1.5, abs=2)
    for _ in range(5):
        viewer.smaller.click()
        page.rest()
    assert viewer.picture.picture.width() == pytest.approx(width / 2, abs=2)
    assert not viewer.smaller.isEnabled()


def test_text_can_be_read_and_not_taken(page: Page) -> None:
    page.press("view", page.add("Samtal", TEXT))
    viewer, clipboard = page.section.viewer, QApplication.clipboard()
    clipboard.clear()
    assert viewer.text.toPlainText().startswith("Rad 0 ur ett samtal.")
    assert not viewer.larger.isVisible()
    viewer.text.setFocus()
    QTest.keyClick(viewer.text, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(viewer.text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(viewer.text, "x")
    assert clipboard.text() == ""
    assert not viewer.text.textCursor().hasSelection()
    assert viewer.text.contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu
    QTest.keyClick(viewer.text, Qt.Key.Key_Down)
    assert viewer.text.verticalScrollBar().value() > 0
    QTest.keyClick(viewer.text, Qt.Key.Key_PageDown)
    page.rest()
    assert not viewer.text.toPlainText().startswith("Rad 0 ")
    assert viewer.text.toPlainText().startswith("Rad ")


def test_whole_viewer_is_reached_by_tab_and_named(page: Page) -> None:
    page.press("view", page.add("Intyg", attachment_samples.pdf(3)))
    assert nameless(page.section) == []
    page.section.viewer.back.setFocus()
    assert missed_by_tab(page.section) == []


def test_escape_goes_back_to_the_list_and_the_keyboard_with_it(page: Page) -> None:
    rid = page.add("Intyg", attachment_samples.pdf())
    page.press("view", rid)
    QTest.keyClick(page.section.viewer.picture.area, Qt.Key.Key_Escape)
    assert page.section.shelf.isVisible()
    assert page.section.shelf.buttons["view", rid].hasFocus()
    assert is_empty(page)


def is_empty(page: Page) -> bool:
    viewer = page.section.viewer
    holds = viewer.picture.picture.image.isNull() and not viewer.text.toPlainText()
    return holds and not viewer.isVisible() and viewer.rid is None


@pytest.mark.parametrize("data", [attachment_samples.photo(), attachment_samples.pdf(), TEXT])
def test_hiding_and_locking_let_the_document_go_at_once(page: Page, data: bytes) -> None:
    rid = page.add("Intyg", data)
    for left in (page.kit.events.leave_began, page.kit.events.lock_began):
        page.press("view", rid)
        assert not is_empty(page)
        left.emit()
        assert is_empty(page)


def test_page_that_comes_after_hiding_is_not_shown(page: Page) -> None:
    rid = page.add("Intyg", attachment_samples.pdf())
    page.section.shelf.buttons["view", rid].click()
    page.kit.events.leave_began.emit()
    page.rest()
    assert is_empty(page)


def test_going_to_another_section_lets_the_document_go(page: Page, qtbot: QtBot) -> None:
    rid = page.add("Intyg", attachment_samples.pdf())
    page.press("view", rid)
    page.section.hide()
    assert is_empty(page)
    page.section.show()
    assert page.section.shelf.isVisible()


def test_keyboard_is_left_where_it_is_when_the_document_goes_by_itself(
    page: Page, qtbot: QtBot
) -> None:
    rid = page.add("Intyg", attachment_samples.pdf())
    page.press("view", rid)
    elsewhere = QLineEdit(page.section)
    elsewhere.show()
    elsewhere.setFocus()
    page.kit.events.leave_began.emit()
    assert elsewhere.hasFocus()


def test_document_that_somebody_bins_meanwhile_is_let_go(page: Page, opened: OpenDesk) -> None:
    rid = page.add("Intyg", attachment_samples.pdf())
    page.press("view", rid)
    opened.run(lambda: delete_record(opened.desk, rid))
    page.kit.events.changed.emit(frozenset({"attachment"}))
    page.rest()
    assert is_empty(page)
    assert "No document yet" in texts(page.section)


def test_damaged_document_is_told_in_the_viewer(page: Page, opened: OpenDesk) -> None:
    rid = page.add("Intyg", attachment_samples.pdf())
    connection = vars(opened.desk.store)["_connection"]
    opened.run(lambda: connection.execute("UPDATE chunk SET data = x'00'").fetchall())
    page.press("view", rid)
    viewer = page.section.viewer
    assert "attachment.damaged in en." in texts(viewer.fault)
    assert not viewer.picture.isVisible()
    viewer.back.click()
    assert page.section.shelf.isVisible()
    assert not viewer.fault.isVisible()
