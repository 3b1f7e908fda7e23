# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions for files: answered to the page, neutral in name, and forgotten by the computer."""

import ast
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from tests.support.windows import Stage

from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import ask_folder, ask_open, ask_save

ROOT = Path(__file__).parents[2]
STATIC = {"getSaveFileName", "getOpenFileName", "getOpenFileNames", "getExistingDirectory"}
TRACES = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QWidget
from kfdesk import app
from kfdesk.environment import Environment
from kfdesk.ui.dialogs import ask_save
from kfdesk.ui.program import Program
qt = QApplication([])
program = Program(qt, app.window_settings(Path(sys.argv[1]) / "store", "sv", Environment()))
dialog = ask_save(program.kit, program.window, "Save", "sheet.pdf", lambda path: print(path.name))
dialog.setDirectory(sys.argv[1])
dialog.selectFile("tulpan.pdf")
dialog.accept()
qt.processEvents()
program.close()
"""


@pytest.fixture
def parent(stage: Stage) -> QWidget:
    made = QWidget()
    stage(made)
    return made


def answer(dialog: QFileDialog, name: str) -> None:
    """Type a name and press the button, as a person does."""
    line = dialog.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    line.setText(name)
    QTest.keyClick(line, Qt.Key.Key_Return)


def is_gone(dialog: QFileDialog) -> bool:
    return not isValid(dialog)


def test_answer_reaches_whoever_asked(
    kit: UiContext, parent: QWidget, qtbot: QtBot, tmp_path: Path
) -> None:
    got: list[Path] = []
    saving = ask_save(kit, parent, "Save the sheet", "sheet.pdf", got.append)
    answer(saving, str(tmp_path / "mine"))
    qtbot.waitUntil(partial(is_gone, saving))
    assert got == [tmp_path / "mine.pdf"]
    (tmp_path / "theirs.card").touch()
    opening = ask_open(kit, parent, "Add a partner's card", ".card", got.append)
    answer(opening, str(tmp_path / "theirs.card"))
    qtbot.waitUntil(partial(is_gone, opening))
    folder = ask_folder(kit, parent, "Save the file here", got.append)
    answer(folder, str(tmp_path))
    qtbot.waitUntil(partial(is_gone, folder))
    assert got[1:] == [tmp_path / "theirs.card", tmp_path]


def test_question_that_is_not_answered_calls_nobody(
    kit: UiContext, parent: QWidget, qtbot: QtBot
) -> None:
    got: list[Path] = []
    dialog = ask_save(kit, parent, "Save the sheet", "sheet.pdf", got.append)
    assert [Path(name).name for name in dialog.selectedFiles()] == ["sheet.pdf"]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(partial(is_gone, dialog))
    assert got == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda kit, parent: ask_save(kit, parent, "Save the sheet", "sheet.pdf", print),
        lambda kit, parent: ask_open(kit, parent, "Import an exchange file", ".age", print),
        lambda kit, parent: ask_folder(kit, parent, "Save the file here", print),
    ],
)
def test_question_is_neutral_in_its_title_and_speaks_the_language(
    kit: UiContext, parent: QWidget, ask: Callable[[UiContext, QWidget], QFileDialog]
) -> None:
    kit.set_language("sv")
    dialog = ask(kit, parent)
    assert dialog.windowTitle() == "Notebook"
    assert len(dialog.history()) <= 1  # where it stands now
    assert {url.scheme() for url in dialog.sidebarUrls()} == {"file"}
    texts = [one.text() for one in dialog.findChildren(QLabel) if one.isVisible()]
    texts += [one.text() for one in dialog.findChildren(QPushButton) if one.isVisible()]
    said = [text for text in texts if text]
    assert said
    assert all(text.startswith("⟦") for text in said), said
    dialog.close()


def test_what_was_chosen_is_written_down_nowhere(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "notebook.db").touch()
    settings = tmp_path / "settings"
    done = subprocess.run(
        [sys.executable, "-c", TRACES, str(tmp_path)],
        env=os.environ
        | {
            "QT_QPA_PLATFORM": "offscreen",
            "HOME": str(tmp_path / "own"),
            "XDG_CONFIG_HOME": str(settings),
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["tulpan.pdf"]
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in written] == ["notebook.db"]


def test_files_are_asked_for_in_one_way_only() -> None:
    asking = [
        f"{path.name}:{node.lineno}"
        for path in (ROOT / "src" / "kfdesk" / "ui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if path.name != "dialogs.py"
        and (
            (isinstance(node, ast.Attribute) and node.attr in STATIC)
            or (isinstance(node, ast.Name) and node.id == "QFileDialog")
        )
    ]
    assert asking == []


def test_folder_that_was_typed_is_taken_whatever_is_marked_on_the_way_to_it(
    kit: UiContext, parent: QWidget, tmp_path: Path
) -> None:
    """While a list of proposals is open, Qt marks the folders on the way, and answers with all."""
    inner = tmp_path / "w" / "stick"
    inner.mkdir(parents=True)
    got: list[Path] = []
    dialog = ask_folder(kit, parent, "Put it here", got.append, begin=tmp_path)
    dialog.filesSelected.emit([str(inner.parent), str(inner)])
    dialog.filesSelected.emit([str(inner.parent)])
    assert got == [inner, inner.parent]
    dialog.reject()
