# SPDX-License-Identifier: GPL-3.0-or-later
"""A damaged store in the window: from the door, from the page Backup, both ways on, the report."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import MACHINE, WHO, OpenDesk, knock, rest, running, texts
from tests.gui.printer_samples import answer_printer
from tests.support.samples import first
from tests.support.windows import missed_by_tab, nameless, shell_of, show

from kfdesk import app
from kfdesk.domain.errors import KfdeskError
from kfdesk.services.core.records import change_record
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.storage.driver import STORE_FILE
from kfdesk.system import paths
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.backup import BackupPage
from kfdesk.ui.pages.printing import print_dialog
from kfdesk.ui.program import Program
from kfdesk.ui.shell.window import Window

LEFT = Qt.MouseButton.LeftButton
PAGE = 4096


@pytest.fixture
def folder(kit: UiContext, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a closed store with a hole in it, and a backup from before its last change."""
    monkeypatch.setattr(paths, "removable_disks", lambda: ())
    folder = tmp_path / "desk" / "store"
    opened = OpenDesk(kit, qtbot, folder)
    before = folder.with_name("store-before")

    def use() -> None:
        before.mkdir()
        make_backup(opened.desk, before)
        change_record(opened.desk, opened.legs[0], {"carrier": "41, Exempelbuss"})

    opened.run(use)
    opened.close()
    data = bytearray((folder / STORE_FILE).read_bytes())
    pages = len(data) // PAGE
    for number in range(pages // 3, pages // 3 * 2):
        data[number * PAGE : (number + 1) * PAGE] = bytes(PAGE)
    data[PAGE : 2 * PAGE] = bytes(PAGE)  # a page that opening needs
    (folder / STORE_FILE).write_bytes(data)
    return folder


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot, folder: Path) -> Iterator[Program]:
    with running(qapp, qtbot, folder) as made:
        yield made


def look(qtbot: QtBot, program: Program) -> None:
    """Try the door, go to the repair, and look, by keyboard."""
    knock(qtbot, program)
    QTest.mouseClick(program.door.repair, LEFT)
    page = program.repair
    assert page.initials.hasFocus()
    QTest.keyClicks(page.initials, WHO.initials)
    QTest.keyClick(page.initials, Qt.Key.Key_Return)
    QTest.keyClicks(page.passphrase.line, WHO.passphrase)
    QTest.keyClick(page.passphrase.line, Qt.Key.Key_Return)
    rest(qtbot, program)


def enter(qtbot: QtBot, program: Program) -> None:
    """Go on to the door and through it."""
    QTest.keyClick(program.repair.next, Qt.Key.Key_Return)
    knock(qtbot, program)
    assert program.shell is not None


def test_door_leads_to_the_repair_which_says_what_can_be_saved(
    program: Program, qtbot: QtBot
) -> None:
    look(qtbot, program)
    said = " ".join(texts(program.repair))
    assert "pages of the file are damaged or missing" in said
    assert "records can be read" in said
    assert "The newest intact backup" in said
    assert "(today)" in said
    assert nameless(program.repair) == []
    assert missed_by_tab(program.repair) == []


def test_what_can_be_read_becomes_a_new_store_and_the_report_is_saved(
    program: Program, qtbot: QtBot, folder: Path, tmp_path: Path
) -> None:
    damaged = (folder / STORE_FILE).read_bytes()
    look(qtbot, program)
    QTest.mouseClick(program.repair.ways.salvage, LEFT)
    rest(qtbot, program)
    (kept,) = [path for path in folder.parent.iterdir() if path.name.startswith("store-20")]
    assert (kept / STORE_FILE).read_bytes() == damaged
    assert any(str(kept) in text for text in texts(program.repair))
    QTest.mouseClick(program.repair.report.save, LEFT)
    (dialog,) = program.repair.findChildren(QFileDialog)
    dialog.selectFile(str(tmp_path / "report.txt"))
    dialog.accept()
    report = (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert "What could be read of a damaged database" in report
    assert "Exempelbuss" not in report
    enter(qtbot, program)


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_report_is_printed_and_a_printer_that_refuses_is_told(
    program: Program, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(qtbot, program)
    QTest.mouseClick(program.repair.ways.salvage, LEFT)
    rest(qtbot, program)
    report = program.repair.report
    with monkeypatch.context() as nothing:
        nothing.setattr(print_dialog, "has_printer", lambda: False)
        QTest.mouseClick(report.print, LEFT)
    assert report.result.text().startswith("This computer has no printer set up.")
    QTest.mouseClick(report.print, LEFT)
    answer_printer(program.repair, tmp_path)  # a folder cannot be written as a file
    assert report.result.text() == "The page did not print."
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QTest.mouseClick(report.print, LEFT)
    answer_printer(program.repair, tmp_path / "out.pdf")
    assert report.result.text() == "It has been sent to the printer."
    (page,) = PdfReader(tmp_path / "out.pdf").pages
    printed = " ".join(page.extract_text().split())
    assert "What could be read of a damaged database" in printed
    assert "Exempelbuss" not in printed


def test_backup_takes_its_place(program: Program, qtbot: QtBot, folder: Path) -> None:
    look(qtbot, program)
    QTest.mouseClick(program.repair.ways.backup, LEFT)
    rest(qtbot, program)
    said = " ".join(texts(program.repair))
    assert "records are back" in said
    assert "people removed since then have access again" in said
    assert "erase it again" in said  # the damaged store could not say who was erased
    enter(qtbot, program)


@pytest.mark.parametrize(
    ("code", "is_offered"),
    first(2, [
        ("store.damaged", True), ("store.unreadable", True), ("store.wrong_key", True),
        ("store.not_a_store", True), ("store.disk", False), ("store.in_use", False),
    ]),
)  # fmt: skip
def test_door_offers_the_repair_where_the_file_is_hurt(
    program: Program, code: str, *, is_offered: bool
) -> None:
    program.door._on_refused(KfdeskError(code))
    assert program.door.repair.isVisible() is is_offered


def test_wrong_passphrase_is_said_at_the_field_and_escape_goes_back(
    program: Program, qtbot: QtBot
) -> None:
    program.door.repair_asked.emit()
    page = program.repair
    page.initials.setText(WHO.initials)
    QTest.keyClicks(page.passphrase.line, "sex helt andra ord som ingen vet")
    QTest.mouseClick(page.next, LEFT)
    rest(qtbot, program)
    assert page.field.has_error
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert program.door.isVisible()


def test_report_that_cannot_be_saved_says_so(program: Program, qtbot: QtBot, folder: Path) -> None:
    look(qtbot, program)
    QTest.mouseClick(program.repair.ways.salvage, LEFT)
    rest(qtbot, program)
    program.repair.report._save(folder / "none" / "report.txt")
    assert "It could not be saved there." in texts(program.repair)


def test_check_of_a_sound_store_says_so_and_offers_no_repair(
    kit: UiContext, qtbot: QtBot, tmp_path: Path
) -> None:
    opened = OpenDesk(kit, qtbot, tmp_path / "desk" / "store")
    window = Window(kit)
    page = BackupPage(kit, opened.desk)
    window.show_page(page)
    show(qtbot, window)
    QTest.mouseClick(page.repairing.check, LEFT)
    opened.rest()
    assert "Everything is as it was written." in texts(page)
    assert not page.repairing.repair.isVisible()
    opened.close()


def test_open_store_that_is_not_sound_is_closed_for_its_repair(
    qapp: QApplication, qtbot: QtBot, kit: UiContext, tmp_path: Path
) -> None:
    folder = tmp_path / "desk" / "store"
    OpenDesk(kit, qtbot, folder).close()
    setting = replace(app.window_settings(folder, "en", MACHINE), keep=lambda *_: None)
    program = Program(qapp, setting)
    show(qtbot, program.window)
    knock(qtbot, program)
    assert program.shell is not None
    data = bytearray((folder / STORE_FILE).read_bytes())
    data[-PAGE:] = bytes(PAGE)
    (folder / STORE_FILE).write_bytes(data)
    shell_of(program).go_to("backup")
    rest(qtbot, program)
    page = shell_of(program).findChild(BackupPage)
    assert page is not None
    QTest.mouseClick(page.repairing.check, LEFT)
    rest(qtbot, program)
    QTest.mouseClick(page.repairing.repair, LEFT)
    rest(qtbot, program)
    assert program.repair.isVisible()
    program.close()
