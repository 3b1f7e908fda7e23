# SPDX-License-Identifier: GPL-3.0-or-later
"""What is copied is gone soon, is marked for every desktop, and is pasted by no middle button."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QClipboard
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from tests.gui.test_gui_real_window import display as display
from tests.support.windows import Stage, timer_of

from kfdesk.ui.lock import lock
from kfdesk.ui.lock.lock import ClipboardGuard

ROOT = Path(__file__).parents[2]
ON_X11 = """
from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from kfdesk.ui.lock import lock
def until(is_so):
    for _ in range(9000):
        if is_so():
            return
        QTest.qWait(10)
app = QApplication([])
board = app.clipboard()
minder = lock.ClipboardGuard(board)
line = QLineEdit("kanariefågel")
line.show()
line.activateWindow()
QTest.qWait(300)
line.setFocus()
line.selectAll()
QTest.mouseDClick(line, Qt.MouseButton.LeftButton)
until(lambda: bool(line.selectedText()))
QTest.qWait(100)
print(app.platformName(), repr(board.text(QClipboard.Mode.Selection)), line.selectedText())
QTest.keyClick(line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
until(lambda: minder._timer.isActive() and bool(board.text()))
print(board.text(), board.mimeData().hasFormat("x-kde-passwordManagerHint"))
print(minder._timer.isActive())
minder._timer.timeout.emit()
until(lambda: not board.text())
print(repr(board.text()), minder._timer.isActive())
lock.copy_to_clipboard("tulpan")
until(lambda: board.text() == "tulpan")
print(board.text(), minder._timer.isActive())
minder.clear()
print(repr(board.text()))
"""


@pytest.fixture
def board(qapp: QApplication) -> Iterator[QClipboard]:
    yield qapp.clipboard()
    qapp.clipboard().clear()


@pytest.fixture
def minder(board: QClipboard) -> Iterator[ClipboardGuard]:
    """Yield a ClipboardGuard that takes all content as its own: offscreen cannot tell."""
    made = ClipboardGuard(board, lambda _: True)
    yield made
    made.clear()


def test_copied_text_is_marked_for_every_desktop(board: QClipboard, minder: ClipboardGuard) -> None:
    assert minder is not None
    lock.copy_to_clipboard("tulpan-47")
    data = board.mimeData()
    assert data.text() == "tulpan-47"
    assert bytes(data.data("x-kde-passwordManagerHint").data()) == b"secret"
    for name in ("CanIncludeInClipboardHistory", "CanUploadToCloudClipboard"):
        form = f'application/x-qt-windows-mime;value="{name}"'
        assert bytes(data.data(form).data()) == b"\0\0\0\0"
    monitor = "ExcludeClipboardContentFromMonitorProcessing"
    assert data.hasFormat(f'application/x-qt-windows-mime;value="{monitor}"')
    assert data.hasFormat("org.nspasteboard.ConcealedType")


def test_copied_text_is_gone_after_twenty_seconds(
    board: QClipboard, minder: ClipboardGuard
) -> None:
    lock.copy_to_clipboard("tulpan-47")
    assert timer_of(minder).isActive()
    assert timer_of(minder).interval() == 20_000
    timer_of(minder).timeout.emit()
    assert board.text() == ""


def test_text_that_somebody_copied_meanwhile_stays(board: QClipboard) -> None:
    is_ours = True
    minder = ClipboardGuard(board, lambda _: is_ours)
    lock.copy_to_clipboard("tulpan-47")
    is_ours = False
    board.setText("a recipe")
    timer_of(minder).timeout.emit()
    assert board.text() == "a recipe"


def test_text_that_a_history_of_copies_took_over_goes_too(board: QClipboard) -> None:
    is_ours = True
    minder = ClipboardGuard(board, lambda _: is_ours)
    lock.copy_to_clipboard("tulpan-47")
    is_ours = False
    board.setText("tulpan-47")
    minder.clear()
    assert board.text() == ""


def test_text_copied_out_of_a_field_is_marked_and_goes(
    stage: Stage, qtbot: QtBot, board: QClipboard, minder: ClipboardGuard
) -> None:
    line = QLineEdit("tulpan-47")
    stage(line)
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert board.text() == "tulpan-47"
    assert board.mimeData().hasFormat("x-kde-passwordManagerHint")
    assert timer_of(minder).isActive()
    minder.clear()
    assert board.text() == ""
    assert not timer_of(minder).isActive()


def test_clearing_twice_takes_nothing_of_others(board: QClipboard, minder: ClipboardGuard) -> None:
    lock.copy_to_clipboard("tulpan-47")
    minder.clear()
    with QSignalBlocker(board):
        board.setText("a recipe")
    minder.clear()
    assert board.text() == "a recipe"


def test_on_x11_marking_a_text_gives_it_to_nobody(display: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ON_X11],
        env=os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        check=False,
    )
    if "no Qt platform plugin" in done.stderr:
        pytest.skip("a library that Qt needs for X11 is not installed")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "xcb '' kanariefågel",
        "kanariefågel True",
        "True",
        "'' False",
        "tulpan True",
        "''",
    ]


def test_nothing_else_in_the_window_copies() -> None:
    copying = [
        path.name
        for path in (ROOT / "src" / "kfdesk" / "ui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {"setMimeData", "setPixmap", "setImage"}
        and "clip" in ast.unparse(node).lower() + path.name
    ]
    asking = [
        path.name
        for path in (ROOT / "src" / "kfdesk" / "ui").rglob("*.py")
        if ".clipboard()" in path.read_text(encoding="utf-8")
    ]
    assert set(copying) <= {"lock.py"}
    assert sorted(asking) == ["lock.py", "program.py"]
