# SPDX-License-Identifier: GPL-3.0-or-later
"""F12 hides and Ctrl+L locks in every state of the window."""

import ctypes.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.screen import NoScreenError, own_screen
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.gui.desk_samples import OpenDesk
from tests.gui.key_states import (
    ALT,
    CONTENT,
    CTRL,
    NONE,
    SHIFT,
    STATES,
    Stage,
    is_on_x11,
    press,
    turn,
)
from tests.gui.lock_samples import new_store, start
from tests.support.samples import first
from tests.support.windows import show

from kfdesk.ui.context import LockSettings, UiContext
from kfdesk.ui.dialogs import ask_folder, ask_save
from kfdesk.ui.shell.session_view import make_session_view
from kfdesk.ui.shell.window import Window

HIDE, LOCK = Qt.Key.Key_F12, Qt.Key.Key_L


class StubbornMenu(QMenu):
    """A menu that refuses to close."""

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        event.ignore()


@pytest.fixture
def stage(kit: UiContext, qtbot: QtBot, opened: OpenDesk, tmp_path: Path) -> Stage:
    window = Window(kit)
    shell = make_session_view(kit, opened.desk)
    window.show_page(QWidget())
    window.show_page(shell)
    show(qtbot, window)
    opened.rest()
    return Stage(kit, qtbot, window, shell, opened.plan, tmp_path)


def on_view() -> list[str]:
    """Return the windows on view, by class."""
    return [type(one).__name__ for one in QApplication.topLevelWidgets() if one.isVisible()]


def is_hidden(stage: Stage) -> bool:
    window = stage.window
    return window.cover.isVisibleTo(window) and window.isMinimized() and on_view() == ["Window"]


@pytest.mark.parametrize("state", first(14, STATES))
def test_f12_hides_the_window_in_every_state(stage: Stage, state: str) -> None:
    STATES[state](stage)
    press(HIDE)
    if is_on_x11():
        stage.qtbot.waitUntil(lambda: is_hidden(stage))
    assert is_hidden(stage)


@pytest.mark.parametrize("state", first(6, STATES))
def test_ctrl_l_locks_the_store_in_every_state(stage: Stage, state: str) -> None:
    asked: list[str] = []
    stage.kit.events.lock_asked.connect(asked.append)
    STATES[state](stage)
    press(LOCK, CTRL)
    if is_on_x11():
        stage.qtbot.waitUntil(lambda: bool(asked))
    assert asked == ["key"]
    assert stage.window.cover.isVisibleTo(stage.window)
    assert on_view() == ["Window"]


@pytest.mark.parametrize("state", first(1, ["plain", "menu_from_bar", "nested"]))
@pytest.mark.parametrize(("key", "modifiers"), [(HIDE, NONE), (LOCK, CTRL)])
def test_keys_work_at_once_while_a_job_runs_that_nobody_can_cancel(
    stage: Stage, state: str, key: Qt.Key, modifiers: Qt.KeyboardModifier
) -> None:
    with stage.busy():
        STATES[state](stage)
        press(key, modifiers)
        if is_on_x11():
            stage.qtbot.waitUntil(lambda: stage.window.cover.isVisibleTo(stage.window))
        assert stage.window.cover.isVisibleTo(stage.window)
        assert on_view() == ["Window"]
        assert stage.kit.worker.is_busy


@pytest.mark.parametrize("held", [ALT, CTRL, SHIFT, Qt.KeyboardModifier.KeypadModifier])
def test_f12_hides_whatever_else_is_held(stage: Stage, held: Qt.KeyboardModifier) -> None:
    target = QGuiApplication.focusWindow()
    assert target is not None
    QTest.keyClick(target, HIDE, held)
    assert is_hidden(stage)


def test_f12_hides_while_alt_is_down(stage: Stage) -> None:
    turn(Qt.Key.Key_Alt, is_down=True, held=ALT)
    turn(HIDE, is_down=True, held=ALT)
    turn(HIDE, is_down=False, held=ALT)
    turn(Qt.Key.Key_Alt, is_down=False)
    if is_on_x11():
        stage.qtbot.waitUntil(lambda: is_hidden(stage))
    assert is_hidden(stage)


@pytest.mark.parametrize(("key", "held"), [(0x0414, CTRL), (0x0420, CTRL | SHIFT)])
def test_keys_of_a_russian_keyboard_do_the_same(
    stage: Stage, key: int, held: Qt.KeyboardModifier
) -> None:
    asked: list[str] = []
    stage.kit.events.lock_asked.connect(asked.append)
    STATES["menu"](stage)
    QApplication.sendEvent(stage.window.windowHandle(), QKeyEvent(QEvent.Type.KeyPress, key, held))
    assert is_hidden(stage) or asked == ["key"]


@pytest.mark.parametrize("held", [CTRL | ALT, NONE, SHIFT])
def test_letters_that_are_written_lock_nothing(stage: Stage, held: Qt.KeyboardModifier) -> None:
    """Ctrl+Alt is how Windows reports AltGr, which writes a letter on a Polish keyboard."""
    asked: list[str] = []
    stage.kit.events.lock_asked.connect(asked.append)
    QTest.keyClick(stage.window.windowHandle(), LOCK, held)
    assert asked == []


@pytest.mark.parametrize("state", ["dialog", "nested", "save_dialog"])
def test_keys_that_go_to_a_window_below_a_dialog_are_heard(stage: Stage, state: str) -> None:
    STATES[state](stage)
    QTest.keyClick(stage.window.windowHandle(), HIDE)
    assert is_hidden(stage)


def test_menu_that_refuses_to_close_is_hidden(stage: Stage) -> None:
    menu = StubbornMenu(stage.shell)
    menu.addAction(CONTENT)
    menu.popup(stage.window.pos())
    press(HIDE)
    if is_on_x11():
        stage.qtbot.waitUntil(lambda: is_hidden(stage))
    assert is_hidden(stage)


def test_dialogs_with_loops_of_their_own_end_one_in_the_other(stage: Stage) -> None:
    ended: list[int] = []
    outer, inner = QDialog(stage.window), QDialog(stage.window)

    def run(dialog: QDialog, then: object) -> None:
        assert callable(then)
        QTimer.singleShot(0, then)
        ended.append(dialog.exec())

    def press_when_active() -> None:
        stage.qtbot.waitUntil(inner.isActiveWindow)
        press(HIDE)

    run(outer, lambda: run(inner, press_when_active))
    assert ended == [0, 0]
    if is_on_x11():
        stage.qtbot.waitUntil(lambda: is_hidden(stage))
    assert is_hidden(stage)


def test_marked_text_cannot_be_dragged_out_of_the_window(stage: Stage) -> None:
    STATES["drag"](stage)
    area = stage.shell.findChild(QPlainTextEdit)
    assert isinstance(area, QPlainTextEdit)
    assert area.toPlainText() == f"{CONTENT} {CONTENT} {CONTENT}"
    assert QApplication.startDragDistance() > 100_000


def test_focus_returns_to_the_page_after_the_menu_bar_was_active(stage: Stage) -> None:
    STATES["menu_bar"](stage)
    press(HIDE)
    if is_on_x11():
        stage.qtbot.waitUntil(lambda: is_hidden(stage))
    stage.window.showNormal()
    stage.window.activateWindow()
    stage.window.cover.uncover()
    assert QApplication.focusWidget() is not stage.shell.bar.menus


@pytest.mark.parametrize("key", [HIDE, LOCK])
@pytest.mark.parametrize("place", first(1, ["first_run", "door", "locked"]))
def test_keys_work_over_a_dialog_where_no_store_is_open(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, place: str, key: Qt.Key
) -> None:
    folder = tmp_path / "store"
    if place != "first_run":
        new_store(folder)
    left = start(qtbot, qapp, folder, LockSettings(), lambda _: None)
    window, kit = left.program.window, left.program.kit
    if place == "locked":
        left.open()
        press(LOCK, CTRL)
        left.rest()
    outer = ask_folder(kit, window, "Choose", lambda _: None, tmp_path)
    inner = ask_save(kit, outer, "Save", "sheet.pdf", lambda _: None)
    qtbot.waitUntil(inner.isActiveWindow)
    press(key, CTRL if key is LOCK else NONE)
    qtbot.waitUntil(lambda: on_view() == ["Window"])
    assert window.isMinimized() is (key is HIDE)
    assert window.cover.isVisibleTo(window) is (key is HIDE)
    left.program.close()


def test_lock_over_nested_dialogs_closes_the_store_and_keeps_what_was_typed(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    new_store(tmp_path / "store")
    left = start(qtbot, qapp, tmp_path / "store", LockSettings(), lambda _: None)
    left.open()
    received: list[str] = []
    left.program.kit.events.lock_began.connect(lambda: received.append("saved now"))
    outer = ask_folder(left.program.kit, left.program.window, "Choose", lambda _: None, tmp_path)
    inner = ask_save(left.program.kit, outer, "Save", "sheet.pdf", lambda _: None)
    qtbot.waitUntil(inner.isActiveWindow)
    press(LOCK, CTRL)
    qtbot.waitUntil(lambda: bool(left.notes))
    left.rest()
    assert (received, [note.why for note in left.notes]) == (["saved now"], ["key"])
    assert left.program.shell is None
    assert on_view() == ["Window"]
    left.program.close()


@pytest.mark.slow
def test_all_of_this_holds_on_a_real_screen_with_keys_of_the_x_server(tmp_path: Path) -> None:
    if ctypes.util.find_library("Xtst") is None:
        pytest.skip("libXtst, which presses keys on an X server, is not installed")
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:randomly", "-rs"]
    command += ["-p", "no:cacheprovider", f"--basetemp={tmp_path / 'inner'}", "-m", "not slow"]
    try:
        with own_screen() as display:
            done = subprocess.run(
                [*command, __file__, str(Path(__file__).with_name("test_gui_away.py"))],
                env=os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
                capture_output=True, text=True, check=False,
            )  # fmt: skip
    except NoScreenError as error:
        pytest.skip(str(error))
    if "no Qt platform plugin" in done.stdout + done.stderr:
        pytest.skip("a library that Qt needs for X11 is not installed")
    assert done.returncode == 0, done.stdout[-4000:]
    assert "skipped" not in done.stdout
