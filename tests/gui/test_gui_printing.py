# SPDX-License-Identifier: GPL-3.0-or-later
"""The print centre on a real store: looking leaves no trace, printing always does."""

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import WHO, OpenDesk, texts
from tests.gui.printer_samples import answer_printer, choose_plan, choose_subject, file_printer
from tests.support.windows import Stage, nameless, picture

from kfdesk.domain.accounts import Role
from kfdesk.domain.audit import Action
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.records.directory import Contact
from kfdesk.domain.values import Translation
from kfdesk.services.accounts import add_user
from kfdesk.services.core.history import read_history
from kfdesk.services.core.records import change_record, create_record
from kfdesk.ui.context import NEUTRAL_TITLE, UiContext
from kfdesk.ui.pages.printing import print_dialog
from kfdesk.ui.pages.printing.page import PrintFoot, PrintingPage
from kfdesk.ui.plan_sections import FixTarget

REMEDY = "Do this."  # the same in every language, as these tests have it


def printed(opened: OpenDesk) -> int:
    """Return how many entries of printing and saving a paper the history has."""
    lines = opened.run(lambda: read_history(opened.desk)).lines
    return sum(one.action in (Action.PRINT, Action.SAVE_PAPER) for one in lines)


def choose(centre: PrintingPage, opened: OpenDesk, plan: bytes) -> None:
    choose_plan(centre, opened.rest, plan)


@pytest.mark.parametrize("width", [200, 300, 420])
def test_buttons_of_the_foot_are_equally_high_in_every_width(
    kit: UiContext, stage: Stage, width: int
) -> None:
    kit.set_language("ru")
    foot = PrintFoot(kit)
    foot.setFixedWidth(width)
    stage(foot)
    QApplication.processEvents()
    assert foot.saving.height() == foot.printing.height()


def test_no_plan_is_chosen_beforehand_and_nothing_can_be_printed(centre: PrintingPage) -> None:
    assert centre.choices.subject.key == ""
    assert centre.choices.subject.count() == 3
    assert not centre.foot.printing.isEnabled()
    assert not centre.foot.saving.isEnabled()
    assert not centre.preview.page.isVisible()


def test_plan_is_chosen_by_keyboard_and_its_page_stands_there_in_her_language(
    centre: PrintingPage, opened: OpenDesk
) -> None:
    centre.choices.subject.setFocus()
    QTest.keyClicks(centre.choices.subject, "tulpan")
    QTest.keyClick(centre.choices.subject, Qt.Key.Key_Return)
    centre.choices.subject.activated.emit(centre.choices.subject.currentIndex())
    opened.rest()
    assert centre.choices.subject.key == opened.plan.hex()
    assert centre.choices.language.key == "ru"
    assert centre.preview.page.isVisible()
    assert "Page 1 of 1" in texts(centre)
    assert centre.foot.printing.isEnabled()


def test_looking_leaves_neither_entry_nor_file(
    centre: PrintingPage, opened: OpenDesk, tmp_path: Path
) -> None:
    files = sorted(path.name for path in tmp_path.rglob("*"))
    before = opened.run(opened.desk.store.digest)
    choose(centre, opened, opened.plan)
    assert centre.preview.page.isVisible()
    assert printed(opened) == 0
    assert opened.run(opened.desk.store.digest) == before
    assert sorted(path.name for path in tmp_path.rglob("*")) == files


def test_paper_changes_its_language_and_the_window_does_not(
    centre: PrintingPage, opened: OpenDesk
) -> None:
    choose(centre, opened, opened.plan)
    before = picture(centre.preview.page)
    centre.choices.language.setCurrentIndex(0)
    centre.choices.language.chosen.emit(centre.choices.language.key)
    opened.rest()
    assert centre.choices.language.key == "sv"
    assert picture(centre.preview.page) != before
    assert "Preview" in texts(centre)


def test_each_thing_that_keeps_it_is_a_line_and_its_plan_can_be_opened(
    qtbot: QtBot, centre: PrintingPage, opened: OpenDesk
) -> None:
    choose(centre, opened, opened.empty)
    said = texts(centre)
    assert centre.choices.language.key == "sv"
    assert "Cannot be printed yet: 4 problems" in said
    assert {"paper.wish_not_recorded in en.", "paper.too_few_numbers in en."} <= said
    assert not centre.preview.page.isVisible()
    assert not centre.foot.printing.isEnabled()
    with qtbot.waitSignal(centre.goal_chosen) as told:
        QTest.keyClick(centre.obstacles.open_plan, Qt.Key.Key_Space)
    assert told.args == [opened.empty, FixTarget("plan", "wants_paper")]
    with qtbot.waitSignal(centre.goal_chosen) as told:
        QTest.keyClick(centre.obstacles.fixes[1], Qt.Key.Key_Space)
    assert told.args == [opened.empty, FixTarget("client", "name_on_ticket")]


def test_page_comes_as_soon_as_nothing_keeps_it(
    kit: UiContext, centre: PrintingPage, opened: OpenDesk
) -> None:
    opened.run(lambda: change_record(opened.desk, opened.legs[0], {"mode": None}))
    choose(centre, opened, opened.plan)
    assert centre.obstacles.isVisible()
    changes = opened.run(lambda: change_record(opened.desk, opened.legs[0], {"mode": "ferry"}))
    kit.events.changed.emit(changes.types)
    opened.rest()
    assert not centre.obstacles.isVisible()
    assert centre.foot.printing.isEnabled()


def test_page_is_as_wide_as_the_panel_and_larger_by_key_or_button(
    centre: PrintingPage, opened: OpenDesk
) -> None:
    choose(centre, opened, opened.plan)
    preview = centre.preview
    picture, room = preview.page.picture, preview.page.available_width
    assert picture.width() == room
    assert not preview.fit.isEnabled()
    held = Qt.KeyboardModifier.ControlModifier
    for key, width, more in (
        (Qt.Key.Key_Plus, 1.5, held), (Qt.Key.Key_Equal, 2.0, held),
        (Qt.Key.Key_Minus, 1.5, held), (Qt.Key.Key_0, 1, Qt.KeyboardModifier.AltModifier),
    ):  # fmt: skip
        QTest.keyClick(centre, key, held | more)
        assert picture.width() == round(width * room), key
    QTest.keyClick(preview.smaller, Qt.Key.Key_Space)
    assert picture.width() == round(0.75 * room)
    QTest.keyClick(preview.fit, Qt.Key.Key_Space)
    for _ in range(9):
        preview.larger.click()
    assert picture.width() == 4 * room
    assert not preview.larger.isEnabled()
    assert {one.keys for one in centre.commands()} == {"Ctrl++", "Ctrl+-", "Ctrl+Alt+0"}


def test_page_follows_the_panel_and_is_scrolled_by_keyboard(
    centre: PrintingPage, opened: OpenDesk
) -> None:
    choose(centre, opened, opened.plan)
    area = centre.preview.page.area
    centre.resize(1400, 600)
    QApplication.processEvents()
    assert centre.preview.page.picture.width() == centre.preview.page.available_width
    area.setFocus()
    QTest.keyClick(area, Qt.Key.Key_Down)
    assert area.verticalScrollBar().value() > 0
    assert area.accessibleName() == "Preview, Page 1 of 1"
    choose_subject(centre, b"")
    assert not centre.preview.larger.isVisible()


def test_saved_sheet_is_a_pdf_and_stands_in_the_history(
    centre: PrintingPage, opened: OpenDesk, tmp_path: Path
) -> None:
    choose(centre, opened, opened.plan)
    target = tmp_path / "sheet.pdf"
    centre.save(target)
    opened.rest()
    assert target.read_bytes().startswith(b"%PDF-")
    assert "The paper is saved as a file." in texts(centre)
    assert printed(opened) > 0


def test_refusal_of_the_disk_is_told_in_the_banner(
    centre: PrintingPage, opened: OpenDesk, tmp_path: Path
) -> None:
    choose(centre, opened, opened.plan)
    centre.save(tmp_path / "no such folder" / "sheet.pdf")
    opened.rest()
    assert "store.disk in en." in texts(centre.outcome)


def test_page_goes_to_the_printer_from_memory_under_a_neutral_name(
    centre: PrintingPage, opened: OpenDesk, tmp_path: Path
) -> None:
    choose(centre, opened, opened.plan)
    assert centre.foot.warning.isVisible()
    target = tmp_path / "out.pdf"
    printer = file_printer(target)
    centre.print_on(printer)
    opened.rest()
    assert printer.docName() == NEUTRAL_TITLE
    reader = PdfReader(BytesIO(target.read_bytes()))
    assert len(reader.pages) == 1
    assert reader.metadata is not None
    assert reader.metadata.title == NEUTRAL_TITLE
    assert reader.pages[0].extract_text().strip() == ""  # a picture, no fonts or words of ours
    width, height = (float(side) for side in reader.pages[0].mediabox[2:])
    assert (round(width), round(height)) == (595, 842)
    assert printed(opened) > 0
    assert "The page has been sent to the printer." in texts(centre.outcome)
    assert not centre.foot.warning.isVisible()  # said once


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_printer_that_takes_nothing_is_told_and_no_copy_is_counted(
    centre: PrintingPage, opened: OpenDesk, tmp_path: Path
) -> None:
    choose_plan(centre, opened.rest, opened.plan, PaperName.DUTY_SHEET)
    centre.print_on(file_printer(tmp_path))  # a folder cannot be written as a file
    opened.rest()
    assert "paper.not_printed in en." in texts(centre.outcome)
    assert centre.head.copies.text() == "0 copies handed out"
    assert "Print copy 1…" in centre.foot.printing.text()
    assert printed(opened) == 0
    assert centre.foot.printing.isEnabled()


def test_fine_printer_is_given_no_more_than_600_dots() -> None:
    printer = print_dialog.new_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setResolution(1200)
    assert print_dialog.print_scale(printer) == pytest.approx(600 / 72)


def test_question_for_the_file_ends_with_the_page(centre: PrintingPage, opened: OpenDesk) -> None:
    choose(centre, opened, opened.plan)
    QTest.keyClick(centre.foot.saving, Qt.Key.Key_Space)
    (dialog,) = centre.findChildren(QFileDialog)
    assert dialog.isVisible()
    assert [Path(name).name for name in dialog.selectedFiles()] == ["sheet.pdf"]
    dialog.reject()


@pytest.mark.slow
def test_every_word_follows_the_language_of_the_window(
    kit: UiContext, centre: PrintingPage, opened: OpenDesk
) -> None:
    for plan in (opened.plan, opened.empty):
        choose(centre, opened, plan)
        kit.translator.set_language("en")
        english = texts(centre)
        kit.translator.set_language("sv")
        assert {"⟦Print⟧", "⟦Language of the paper⟧"} <= texts(centre)
        assert ("⟦Preview⟧" in texts(centre)) is (plan == opened.plan)
        assert not texts(centre) & (english - {REMEDY})
        kit.translator.set_language("en")


def test_every_control_has_a_name(centre: PrintingPage, opened: OpenDesk) -> None:
    for plan in (opened.plan, opened.empty):
        choose(centre, opened, plan)
        assert nameless(centre) == []


def test_question_for_the_printer_leads_to_the_page_and_offers_no_file(
    qtbot: QtBot, centre: PrintingPage, opened: OpenDesk, tmp_path: Path
) -> None:
    choose(centre, opened, opened.plan)
    QTest.keyClick(centre, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert printed(opened) == 0
    answer_printer(centre, tmp_path / "out.pdf")
    opened.rest()
    assert (tmp_path / "out.pdf").exists()
    assert printed(opened) > 0


def out(centre: PrintingPage) -> list[str]:
    model = centre.copies.table.model()
    return [str(model.data(model.index(row, 1))) for row in range(model.rowCount())]


def test_copies_that_are_out_are_counted_and_crossed_off(
    centre: PrintingPage, opened: OpenDesk, tmp_path: Path
) -> None:
    choose(centre, opened, opened.plan)
    assert "Print copy 1…" in centre.foot.printing.text()
    centre.save(tmp_path / "sheet.pdf")
    opened.rest()
    assert centre.head.copies.text() == "0 copies handed out"  # nobody has approved the return
    QTest.keyClick(centre.head.copies, Qt.Key.Key_Space)
    opened.rest()
    assert centre.copies.isVisible()
    assert not centre.preview.isVisible()
    assert out(centre) == ["Traveller's sheet, Russian · Saved as a file · Draft, not handed out"]
    QTest.keyClick(centre.copies.ends["returned"], Qt.Key.Key_Space)
    opened.rest()
    assert out(centre) == []
    assert "No copy is handed out" in texts(centre.copies)
    QTest.keyClick(centre.head.copies, Qt.Key.Key_Space)
    assert centre.preview.isVisible()


def test_computer_without_a_printer_is_told_with_a_remedy_and_no_dialog(
    centre: PrintingPage, opened: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_dialog, "has_printer", lambda: False)
    choose(centre, opened, opened.plan)
    QTest.keyClick(centre, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert centre.findChildren(QPrintDialog) == []
    assert "paper.no_printer in en." in texts(centre.outcome)
    assert centre.foot.saving.isEnabled()


def test_what_came_of_it_stands_above_the_buttons_in_the_smallest_window(
    qtbot: QtBot, centre: PrintingPage, opened: OpenDesk, tmp_path: Path
) -> None:
    centre.resize(797, 477)
    choose(centre, opened, opened.plan)
    outcome, saving = centre.outcome, centre.foot.saving

    def is_seen_above_the_buttons() -> bool:
        below = saving.mapTo(centre, saving.rect().topLeft()).y()
        gap = below - outcome.mapTo(centre, outcome.rect().bottomLeft()).y()
        return outcome.visibleRegion().boundingRect() == outcome.rect() and 0 <= gap < 60

    for path in (tmp_path / "sheet.pdf", tmp_path / "no such folder" / "sheet.pdf"):
        centre.save(path)
        opened.rest()
        qtbot.waitUntil(is_seen_above_the_buttons)


def test_plan_that_one_comes_from_is_chosen(centre: PrintingPage, opened: OpenDesk) -> None:
    centre.arrive_from(f"plans/{opened.plan.hex()}/travel")
    opened.rest()
    assert centre.choices.subject.key == opened.plan.hex()
    assert centre.preview.page.isVisible()
    for elsewhere in ("", "plans", "contacts/x", f"plans/new/{opened.empty.hex()}"):
        centre.arrive_from(elsewhere)
        opened.rest()
        assert centre.choices.subject.key == opened.plan.hex()
    centre.arrive_from(f"plans/{opened.empty.hex()}")
    opened.rest()
    assert centre.choices.subject.key == opened.empty.hex()


def test_page_keys_read_on_from_anywhere_on_the_page(
    centre: PrintingPage, opened: OpenDesk
) -> None:
    choose_plan(centre, opened.rest, opened.plan, PaperName.FILE_COPY)
    bar = centre.preview.page.area.verticalScrollBar()
    centre.choices.papers.focus_target.setFocus()
    seen = [centre.preview.number]
    for _ in range(20):
        QTest.keyClick(centre, Qt.Key.Key_PageDown)
        seen.append(centre.preview.number)
    assert seen[0] == 0
    assert seen == sorted(seen)
    assert seen[-1] == centre.preview.count - 1
    assert bar.value() == bar.maximum()
    QTest.keyClick(centre, Qt.Key.Key_PageUp)
    assert bar.value() < bar.maximum()


def test_next_copy_has_the_next_number(
    centre: PrintingPage, opened: OpenDesk, tmp_path: Path
) -> None:
    choose(centre, opened, opened.plan)
    centre.save(tmp_path / "sheet.pdf")
    opened.rest()
    choose(centre, opened, opened.plan)
    assert "Print copy 2…" in centre.foot.printing.text()


def test_carry_check_shows_the_words_and_lets_nothing_out(
    kit: UiContext, centre: PrintingPage, opened: OpenDesk
) -> None:
    leg = opened.legs[0]
    choose(centre, opened, opened.plan)
    assert any("Border check: no listed words found." in text for text in texts(centre.ready))
    sign = (Translation("ru", "зонт у приюта"),)
    changes = opened.run(lambda: change_record(opened.desk, leg, {"sign": sign}))
    kit.events.changed.emit(changes.types)
    opened.rest()
    assert {"paper.carry_word in en.", "The page says: приюта"} <= texts(centre)
    assert not centre.foot.printing.isEnabled()
    assert not centre.foot.saving.isEnabled()
    assert not centre.preview.page.isVisible()


def test_second_person_lets_a_name_pass_and_the_page_stands_there(
    kit: UiContext, centre: PrintingPage, opened: OpenDesk
) -> None:
    second, words = "AU", "tolv helt vanliga ord till prov"
    desk = opened.desk
    opened.run(lambda: add_user(desk, WHO.passphrase, second, words, (Role.APPROVER,)))
    opened.run(lambda: create_record(desk, Contact, {"family_name": "Бердникова"}))
    sign = (Translation("ru", "зонт, Бердникова"),)
    opened.run(lambda: change_record(desk, opened.legs[0], {"sign": sign}))
    choose(centre, opened, opened.plan)
    asking = centre.somebody_else
    assert asking.isVisible()
    QTest.keyClick(asking.agree, Qt.Key.Key_Space)
    assert asking.who.has_error
    asking.initials.setText(second)
    asking.passphrase.line.setText("inte dessa ord men andra ord")
    asking.reason.setText("En annan person.")
    asking.submit()
    opened.rest()
    assert asking.word.has_error
    assert asking.passphrase.text() == ""
    asking.passphrase.line.setText(words)
    asking.submit()
    opened.rest()
    assert not asking.isVisible()
    assert centre.preview.page.isVisible()
    assert centre.foot.printing.isEnabled()
    centre.choices.changed.emit()  # another choice, and the word is gone
    opened.rest()
    assert asking.excuse is None
    assert not centre.preview.page.isVisible()


def test_nobody_is_asked_about_what_nobody_can_set_aside(
    centre: PrintingPage, opened: OpenDesk
) -> None:
    sign = (Translation("ru", "зонт у приюта"),)
    opened.run(lambda: change_record(opened.desk, opened.legs[0], {"sign": sign}))
    choose(centre, opened, opened.plan)
    assert centre.obstacles.isVisible()
    assert not centre.somebody_else.isVisible()
