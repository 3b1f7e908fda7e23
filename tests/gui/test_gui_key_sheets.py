# SPDX-License-Identifier: GPL-3.0-or-later
"""A recovery key on one sheet or three: chosen, typed back, printed; and two sheets at the door."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from tests.support import make
from tests.support.windows import missed_by_tab, nameless, settle, show

from kfdesk import app, store_lifecycle
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.recovery_key import (
    generate_key,
    parse_key,
    parse_key_or_sheets,
    spell_sheet,
    split_key,
)
from kfdesk.i18n.language import Language
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.printing import print_dialog
from kfdesk.ui.pages.recover import LostPassphraseCard, RecoveryAttempt, RecoveryServices
from kfdesk.ui.pages.recovery_key import KeyPrinting, KeyPrintPreview, RecoveryKeySetup
from kfdesk.ui.shell.window import Window

RETURN = Qt.Key.Key_Return


class Shown:
    """The form in a window, and what was looked at and printed."""

    def __init__(self, kit: UiContext, qtbot: QtBot, *, may_print: bool = True) -> None:
        self.kit, self.qtbot = kit, qtbot
        self.looked: list[Sequence[Sequence[str]]] = []
        self.printed: list[Sequence[Sequence[str]]] = []
        self.fault: KfdeskError | None = None
        prints = KeyPrinting(self._look, self._make) if may_print else None
        self.page = RecoveryKeySetup(kit, os.urandom, prints)
        self.page.resize(600, 700)
        show(qtbot, self.page)
        self.page.start()

    def _pages(self, sheets: Sequence[Sequence[str]], scale: float) -> list[bytes]:
        if self.fault is not None:
            raise self.fault
        return store_lifecycle.render_recovery_sheets(sheets, app.language("en"), min(scale, 0.5))

    def _look(self, sheets: Sequence[Sequence[str]], _: Language, scale: float) -> list[bytes]:
        self.looked.append(sheets)
        return self._pages(sheets, scale)

    def _make(self, sheets: Sequence[Sequence[str]], _: Language, scale: float) -> list[bytes]:
        self.printed.append(sheets)
        return self._pages(sheets, scale)

    def share(self) -> list[str]:
        """Choose three sheets; what stands on them."""
        self.page.ways.parts["three"].click()
        return [part.text for part in self.page.parts]

    def prove(self, place: int, text: str, *, is_on_paper: bool = True) -> None:
        """Type a sheet back, and tick that it is on paper."""
        self.page.numbers.parts[str(place)].click()
        QTest.keyClicks(self.page.parts[place].entry, text)
        if is_on_paper:
            self.page.parts[place].tick.click()

    def wait(self) -> None:
        settle(self.qtbot, self.kit)

    @property
    def paper(self) -> KeyPrintPreview:
        assert self.page.paper is not None
        return self.page.paper

    @property
    def seen(self) -> list[str]:
        return [label.text() for label in self.page.findChildren(QLabel) if label.isVisible()]


@pytest.fixture
def shown(kit: UiContext, qtbot: QtBot) -> Shown:
    return Shown(kit, qtbot)


def test_one_sheet_comes_first_and_is_a_whole_key(shown: Shown) -> None:
    QTest.keyClicks(shown.page.whole.entry, shown.page.whole.text)
    shown.page.whole.tick.click()
    assert shown.page.reason == ""
    assert parse_key_or_sheets(shown.page.text) == parse_key(shown.page.text) is not None


def test_three_sheets_count_once_two_are_typed_back_and_all_are_on_paper(shown: Shown) -> None:
    sheets = shown.share()
    assert shown.page.reason == "Type in at least two of the three sheets to continue"
    shown.prove(0, sheets[0])
    shown.prove(2, sheets[2])
    assert shown.page.numbers.parts["2"].text() == "Sheet 3: right"
    assert shown.page.reason == "Tick for each of the three sheets that it is on paper"
    shown.page.focus_next()
    assert shown.page.parts[1].tick.hasFocus()
    shown.page.parts[1].tick.click()
    assert shown.page.reason == ""
    key = parse_key_or_sheets(shown.page.text)
    assert key is not None
    assert key == parse_key_or_sheets(f"{sheets[1]} {sheets[0]}")


def test_keyboard_goes_to_the_sheet_that_is_not_typed_back(shown: Shown) -> None:
    sheets = shown.share()
    shown.prove(0, sheets[0])
    shown.page.focus_next()
    assert shown.page.numbers.key == "1"
    assert shown.page.parts[1].entry.hasFocus()
    shown.page.ways.parts["one"].click()
    shown.page.focus_next()
    assert shown.page.whole.entry.hasFocus()


def test_sheet_for_one_way_is_never_half_of_the_other(shown: Shown) -> None:
    whole = shown.page.whole.text
    sheets = shown.share()
    assert parse_key_or_sheets(f"{sheets[0]} {sheets[1]}") != parse_key(whole)
    shown.page.ways.parts["one"].click()
    assert shown.page.whole.text == whole


def test_other_sheets_are_another_set_and_begin_anew(shown: Shown) -> None:
    before = shown.share()
    shown.prove(0, before[0])
    shown.page.parts[0].others.click()
    after = [part.text for part in shown.page.parts]
    assert not set(before) & set(after)
    assert not shown.page.parts[0].tick.isChecked()
    assert parse_key_or_sheets(f"{after[0]} {after[2]}") == parse_key_or_sheets(
        f"{after[1]} {after[2]}"
    )


def test_nothing_is_kept_once_it_is_forgotten(shown: Shown) -> None:
    shown.share()
    shown.page.clear_secrets()
    assert shown.page.text == ""
    assert not any(proof.text for proof in (shown.page.whole, *shown.page.parts))
    assert not any(tile.word for part in shown.page.parts for tile in part.tiles.tiles)


def test_paper_is_looked_at_printed_and_put_away(shown: Shown, tmp_path: Path) -> None:
    shown.share()
    shown.page.printing.click()
    shown.wait()
    assert shown.looked == [[part.groups for part in shown.page.parts]]
    assert not shown.page.parts[0].isVisible()
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "out.pdf"))
    shown.paper.print_on(printer)
    shown.wait()
    assert [tuple(each) for each in shown.printed] == [tuple(each) for each in shown.looked]
    assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")
    assert printer.docName() == "Notebook"
    assert "It has been sent to the printer." in shown.seen
    shown.paper.back.click()
    assert not shown.paper.isVisible()
    assert shown.page.parts[0].entry.hasFocus()
    assert shown.page.reason != ""


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_printer_that_refuses_and_page_that_cannot_be_made_are_said(shown: Shown) -> None:
    shown.page.printing.click()
    shown.wait()
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName("/nowhere/at/all.pdf")
    shown.paper.print_on(printer)
    shown.wait()
    assert "The page did not print." in shown.seen
    shown.fault = KfdeskError("paper.incomplete")
    shown.paper.back.click()
    shown.page.printing.click()
    shown.wait()
    assert "paper.incomplete in en." in shown.seen
    assert not shown.paper.printing.isEnabled()


def test_key_is_copied_by_hand_where_there_is_no_printer(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_dialog, "has_printer", lambda: False)
    shown.page.printing.click()
    shown.wait()
    shown.paper.printing.click()
    assert shown.page.findChildren(QPrintDialog) == []
    assert "This computer has no printer set up." in shown.seen
    assert "Copy the key by hand instead." in shown.seen


def test_lock_closes_the_question_for_a_printer_unasked(
    kit: UiContext, shown: Shown, qtbot: QtBot
) -> None:
    window = Window(kit)
    window.show_page(shown.page)
    show(qtbot, window)
    shown.page.printing.click()
    shown.wait()
    shown.paper.printing.click()
    dialog = next(one for one in shown.paper.findChildren(QWidget) if one.isWindow())
    assert dialog.isVisible()
    assert dialog.windowTitle() == "Notebook"
    asked: list[str] = []
    kit.events.lock_asked.connect(asked.append)
    window.lock("key")
    assert not dialog.isVisible()
    assert asked == ["key"]
    window.cover.uncover()  # or it hears of the focus while the window ends
    shown.page.setParent(None)
    assert shown.printed == []


def test_without_a_press_printing_is_not_offered(kit: UiContext, qtbot: QtBot) -> None:
    bare = Shown(kit, qtbot, may_print=False)
    assert not bare.page.printing.isVisible()
    bare.page.clear_secrets()


def test_every_control_is_named_and_reached_by_tab(shown: Shown) -> None:
    shown.share()
    assert nameless(shown.page) == []
    assert missed_by_tab(shown.page) == []


@pytest.mark.parametrize("code", ["sv", "en"])
def test_nothing_is_cut(kit: UiContext, shown: Shown, code: str) -> None:
    kit.set_language(code)
    shown.share()
    for part in shown.page.findChildren(QWidget):
        if part.isVisible() and part.parentWidget() is not None:
            assert part.width() >= part.minimumSizeHint().width(), part


# at the door


def written(seed: str) -> list[str]:
    """Three sheets of one key."""

    def random(size: int) -> bytes:
        return make.named_bytes(f"{seed}{size}", size)

    key = generate_key(random)
    return [" ".join(spell_sheet(one, os.urandom)) for one in split_key(key, os.urandom)]


class Lost:
    """The card for a lost passphrase, and what was claimed at it."""

    def __init__(self, kit: UiContext, qtbot: QtBot) -> None:
        self.kit, self.qtbot = kit, qtbot
        self.claims: list[RecoveryAttempt] = []
        rescue = RecoveryServices(
            lambda _: ("ord",) * 9 + ("till",), os.urandom, self.claims.append, id
        )
        self.card = LostPassphraseCard(kit, rescue)
        show(qtbot, self.card)
        QTest.keyClicks(self.card.initials, "EL")

    @property
    def seen(self) -> list[str]:
        return [label.text() for label in self.card.findChildren(QLabel) if label.isVisible()]


@pytest.fixture
def lost(kit: UiContext, qtbot: QtBot) -> Lost:
    return Lost(kit, qtbot)


def test_second_sheet_is_asked_for_once_the_first_is_one(lost: Lost) -> None:
    sheets = written("a")
    assert not lost.card.second.isVisible()
    QTest.keyClicks(lost.card.key, sheets[1].lower())
    assert lost.card.second.isVisible()
    assert "Enter a second sheet" in lost.seen
    QTest.keyClick(lost.card.key, RETURN)
    assert lost.card.second.hasFocus()
    QTest.keyClicks(lost.card.second, sheets[0])
    QTest.keyClick(lost.card.second, RETURN)
    settle(lost.qtbot, lost.kit)
    assert lost.claims == [RecoveryAttempt("EL", f"{sheets[1].lower()} {sheets[0]}")]
    assert lost.card.is_proving


def test_sheets_that_do_not_belong_together_are_said_before_anything_is_tried(lost: Lost) -> None:
    said = "These two sheets do not belong together. Use another of the three sheets."
    QTest.keyClicks(lost.card.key, written("a")[0])
    for other in (lost.card.key.text(), written("b")[1]):
        lost.card.second.clear()
        QTest.keyClicks(lost.card.second, other)
        assert said in lost.seen
        assert not lost.card.next.isEnabled()
    assert lost.claims == []


def test_slip_in_the_second_sheet_is_said(lost: Lost) -> None:
    sheets = written("a")
    wrong = ("0" if sheets[1][0] != "0" else "1") + sheets[1][1:]
    QTest.keyClicks(lost.card.key, sheets[0])
    QTest.keyClicks(lost.card.second, wrong)
    said = "A character is wrong, missing or extra. Compare each group with your paper."
    assert said in lost.seen
    assert not lost.card.next.isEnabled()


def test_second_sheet_goes_with_the_first(lost: Lost) -> None:
    sheets = written("a")
    QTest.keyClicks(lost.card.key, sheets[0])
    QTest.keyClicks(lost.card.second, sheets[1])
    QTest.keyClick(lost.card.second, Qt.Key.Key_Escape)
    assert lost.card.key.text() == lost.card.second.text() == ""
