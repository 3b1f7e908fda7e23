# SPDX-License-Identifier: GPL-3.0-or-later
"""Qt's own words: its questions for files and printers, its boxes, the menus of its fields.

Whatever Qt asks to be translated while these are on view has an answer in each language. Nothing
is known here of which words those are: what is asked and gets none is named by the test.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QScrollBar,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from tests.architecture.tree import ROOT
from tests.support.windows import show

from kfdesk.ui.context import EventBus, UiContext
from kfdesk.ui.dialogs import ask_folder, ask_open, ask_save
from kfdesk.ui.pages.printing import print_dialog
from kfdesk.ui.theme import Theme
from kfdesk.ui.translator import QtTranslator, Translator
from kfdesk.ui.worker import Worker

NO_WORDS = frozenset(("QShortcut", "QGuiApplication", "QImageWriter"))
"""What keys are called, which way letters run, and what no person sees."""
NONE_NEEDED = frozenset(
    ("A4", "...", "Form", "Drive", "Folder", "Unknown", "&Look in:", "Files of &type:")
)
"""Names, what is not shown, and labels in whose place our own stand."""
SPOKEN = ("sv", "ru")
NARROW = (853, 533)


@pytest.fixture
def unanswered(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """Whatever of Qt was asked for and had no answer."""
    asked: set[tuple[str, str]] = set()
    real = QtTranslator.translate

    def translate(
        self: QtTranslator,
        context: str,
        source: str,
        disambiguation: str | None = None,
        n: int = -1,
    ) -> str:
        said = real(self, context, source, disambiguation, n)
        if said is None and context not in NO_WORDS and source not in NONE_NEEDED:
            asked.add((context, source))
        return said

    monkeypatch.setattr(QtTranslator, "translate", translate)
    return asked


@pytest.fixture(params=SPOKEN)
def spoken(
    request: pytest.FixtureRequest, theme: Theme, unanswered: set[tuple[str, str]]
) -> Iterator[UiContext]:
    """Yield the UiContext of a window opened in English and switched to another language."""
    words = Translator("en", ROOT / "translations")
    kit = UiContext(theme, words, EventBus(), Worker(print, print), lambda *_: ("", ""))
    unanswered.clear()  # English is what Qt has without an answer
    kit.set_language(request.param)
    yield kit
    kit.worker.close()
    delete(words)


@pytest.fixture
def page(spoken: UiContext, qtbot: QtBot) -> QWidget:
    """Return a page with a field of each kind that has a context menu of Qt."""
    made = QWidget()
    column = QVBoxLayout(made)
    browser = QTextBrowser()
    browser.setHtml('<a href="x">y</a>')
    for part in (QLineEdit(), QPlainTextEdit(), browser, QScrollBar(Qt.Orientation.Horizontal)):
        column.addWidget(part)
    show(qtbot, made)
    return made


def close_when_it_opens(kind: type[QMessageBox]) -> None:
    """Answer the box that is about to open with Esc, as soon as it is there."""
    box = next((one for one in QApplication.topLevelWidgets() if isinstance(one, kind)), None)
    if box is None or not box.isVisible():
        QTimer.singleShot(50, partial(close_when_it_opens, kind))
        return
    box.reject()


def try_to_take(dialog: QFileDialog, name: str) -> None:
    """Type a name that brings up a box of Qt's, and close both."""
    line = dialog.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    line.setText(name)
    QTimer.singleShot(50, partial(close_when_it_opens, QMessageBox))
    dialog.accept()
    dialog.close()


def ask_for_files(kit: UiContext, page: QWidget, folder: Path) -> None:
    """Each question for files, and the boxes that come of a wrong answer."""
    (folder / "sheet.pdf").touch()
    nobody: Callable[[Path], object] = lambda _: None  # noqa: E731
    saving = ask_save(kit, page, "Save the sheet", "sheet.pdf", nobody)
    saving.setDirectory(str(folder))
    QApplication.processEvents()
    try_to_take(saving, str(folder / "sheet.pdf"))
    try_to_take(ask_open(kit, page, "Add a partner's card", ".card", nobody), "/none.card")
    try_to_take(ask_folder(kit, page, "Save the file here", nobody, folder), "/none")


def open_menu(part: QWidget) -> None:
    """Open the menu of a field, and close it."""
    target = part.viewport() if isinstance(part, QPlainTextEdit | QTextBrowser) else part
    at = QPoint(5, 5)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, target.mapToGlobal(at))

    closed = []

    def close() -> None:
        menu = QApplication.activePopupWidget()
        closed.append(menu)
        assert menu is not None
        menu.close()

    QTimer.singleShot(50, close)  # that of a scroll bar waits for an answer
    QApplication.sendEvent(target, event)
    while not closed:
        QTest.qWait(5)


def ask_for_a_printer(page: QWidget) -> None:
    printer = print_dialog.new_printer()  # which the dialog needs as long as it lives
    dialog = print_dialog.new_print_dialog(printer, page)
    QDialog.open(dialog)
    QApplication.processEvents()
    delete(dialog)


def test_all_of_qts_own_words_have_an_answer(
    spoken: UiContext, page: QWidget, unanswered: set[tuple[str, str]], tmp_path: Path
) -> None:
    ask_for_files(spoken, page, tmp_path)
    for kind in (QLineEdit, QPlainTextEdit, QTextBrowser, QScrollBar):
        open_menu(next(one for one in page.children() if type(one) is kind))
    ask_for_a_printer(page)
    assert unanswered == set()


@pytest.fixture(params=[100, 200])
def large(request: pytest.FixtureRequest, spoken: UiContext) -> Iterator[UiContext]:
    """Yield that UiContext with this font scale."""
    spoken.theme.set_font_scale(request.param)
    yield spoken
    spoken.theme.set_font_scale(100)


def test_qts_questions_are_whole_in_the_smallest_window(
    large: UiContext, page: QWidget, tmp_path: Path
) -> None:
    nobody: Callable[[Path], object] = lambda _: None  # noqa: E731
    printer = print_dialog.new_printer()
    asked: list[QDialog] = [
        ask_save(large, page, "Save the sheet", "sheet.pdf", nobody),
        ask_open(large, page, "Add a partner's card", ".card", nobody),
        ask_folder(large, page, "Save the file here", nobody, tmp_path),
        print_dialog.new_print_dialog(printer, page),
    ]
    for dialog in asked:
        dialog.show()
        QTest.qWait(50)
        assert dialog.width() <= NARROW[0]
        assert dialog.height() <= NARROW[1]
        kinds: tuple[type[QPushButton] | type[QLabel], ...] = (QPushButton, QLabel)
        seen = [one for kind in kinds for one in dialog.findChildren(kind) if one.isVisible()]
        assert len(seen) > 2
        assert [one.text() for one in seen if one.width() < one.sizeHint().width()] == []
        delete(dialog)


def test_menu_of_a_field_speaks_the_language_that_was_chosen_last(
    spoken: UiContext, page: QWidget
) -> None:
    line = page.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    said = dict.fromkeys(("en", "sv", "ru"), "")
    for code in said:
        spoken.set_language(code)
        menu = line.createStandardContextMenu()
        said[code] = " ".join(action.text() for action in menu.actions())
        menu.deleteLater()
    assert "Select All" in said["en"]
    assert "Markera allt" in said["sv"]
    assert "Выделить всё" in said["ru"]


def test_keys_are_called_the_same_in_every_language(spoken: UiContext) -> None:
    shown = QKeySequence("Ctrl+Shift+H").toString(QKeySequence.SequenceFormat.NativeText)
    assert shown == "Ctrl+Shift+H"
