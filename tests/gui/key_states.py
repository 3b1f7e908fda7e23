# SPDX-License-Identifier: GPL-3.0-or-later
"""The states of the window in which keys could get lost, and real presses of keys.

On X11 a press goes through the X server (XTest); elsewhere through Qt's platform layer, to the
window that has the keyboard.
"""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QToolTip,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot
from tests.support.windows import settle

from kfdesk.ui.context import UiContext
from kfdesk.ui.dialogs import ask_folder, ask_open, ask_save
from kfdesk.ui.forms.parts import SuggestionPopup
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.pages.printing.print_dialog import new_print_dialog, new_printer
from kfdesk.ui.shell.session_view import SessionView
from kfdesk.ui.shell.window import Window

NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
CONTENT = "tulpan-47"
_SYMBOLS = {
    Qt.Key.Key_F12: 0xFFC9, Qt.Key.Key_Alt: 0xFFE9, Qt.Key.Key_Control: 0xFFE3,
    Qt.Key.Key_Shift: 0xFFE1, Qt.Key.Key_F1: 0xFFBE, Qt.Key.Key_Escape: 0xFF1B,
    Qt.Key.Key_Return: 0xFF0D,
}  # fmt: skip
"""Keysyms of X11, by Qt's key; a letter is its own small one."""
_MODIFIERS = {ALT: Qt.Key.Key_Alt, CTRL: Qt.Key.Key_Control, SHIFT: Qt.Key.Key_Shift}


# --- Real keys


@cache
def _x11() -> tuple[Any, Any, ctypes.c_void_p]:
    """Return the libraries of X11 and XTest, and a connection of our own."""
    x11, xtest = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXtst.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    return x11, xtest, ctypes.c_void_p(x11.XOpenDisplay(None))


def is_on_x11() -> bool:
    """Return whether keys go through an X server."""
    return QGuiApplication.platformName() == "xcb"


def turn(key: Qt.Key, *, is_down: bool, held: Qt.KeyboardModifier = NONE) -> None:
    """Press or release one key as the hardware does; `held` is what is down already."""
    if is_on_x11():
        x11, xtest, display = _x11()
        symbol = _SYMBOLS.get(key) or ord(chr(key.value).lower())
        code = x11.XKeysymToKeycode(display, ctypes.c_ulong(symbol))
        xtest.XTestFakeKeyEvent(display, code, int(is_down), ctypes.c_ulong(0))
        x11.XSync(display, 0)
        return
    target = QGuiApplication.focusWindow()
    assert target is not None, "no window has the keyboard"
    act = QTest.keyPress if is_down else QTest.keyRelease
    act(target, key, held)


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press and release a key with its modifiers, and return when Qt has handled it."""
    held = [other for one, other in _MODIFIERS.items() if modifiers & one]
    if is_on_x11():
        for each in held:
            turn(each, is_down=True)
    turn(key, is_down=True, held=modifiers)
    if QGuiApplication.focusWindow() is not None or is_on_x11():
        turn(key, is_down=False, held=modifiers)
    if is_on_x11():
        for each in reversed(held):
            turn(each, is_down=False)


# --- The states


@dataclass
class Stage:
    """An open desk in its window, and what its states leave to be ended."""

    kit: UiContext
    qtbot: QtBot
    window: Window
    shell: SessionView
    plan: bytes
    folder: Path
    kept: list[QWidget] = field(default_factory=list)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Keep the worker at a job that nobody can cancel, for as long as the block lasts."""
        is_over = Event()
        self.kit.worker.run(lambda: is_over.wait(60))
        self.qtbot.waitUntil(lambda: self.kit.worker.is_busy)
        try:
            yield
        finally:
            is_over.set()


State = Callable[[Stage], None]


def _plain(_stage: Stage) -> None:
    """Leave the page as it is."""


def _menu_bar(stage: Stage) -> None:
    turn(Qt.Key.Key_Alt, is_down=True, held=ALT)
    turn(Qt.Key.Key_Alt, is_down=False)
    stage.qtbot.waitUntil(lambda: QApplication.focusWidget() is stage.shell.bar.menus)


def _menu(stage: Stage) -> None:
    bar = stage.shell.bar.menus
    bar.setActiveAction(bar.menus["file"].menuAction())
    stage.qtbot.waitUntil(bar.menus["file"].isVisible)


def _menu_from_bar(stage: Stage) -> None:
    _menu_bar(stage)
    _menu(stage)


def _context_menu(stage: Stage) -> None:
    menu = QMenu(stage.shell)
    menu.addAction(CONTENT).setShortcut("F12")
    menu.popup(stage.window.mapToGlobal(QPoint(60, 60)))
    stage.qtbot.waitUntil(menu.isVisible)


def _combo(stage: Stage) -> None:
    box = QComboBox(stage.shell)
    box.addItems([CONTENT, "Riga"])
    box.show()
    box.showPopup()
    stage.qtbot.waitUntil(box.view().isVisible)


def _suggestions(stage: Stage) -> None:
    line = QLineEdit(stage.shell)
    line.show()
    line.setFocus()
    popup = SuggestionPopup(line)
    popup.show_rows((("one", CONTENT), ("two", "Riga")))
    stage.qtbot.waitUntil(lambda: popup.is_open)


def _dialog(stage: Stage, parent: QWidget | None = None) -> None:
    dialog = QDialog(parent or stage.window)
    column = QVBoxLayout(dialog)
    for text in (CONTENT, "Riga"):
        column.addWidget(QLineEdit(text))
    dialog.open()
    stage.qtbot.waitUntil(dialog.isActiveWindow)


def _nested(stage: Stage) -> None:
    _dialog(stage)
    _dialog(stage, QApplication.activeWindow())
    _combo_in(stage, QApplication.activeWindow())


def _combo_in(stage: Stage, dialog: QWidget | None) -> None:
    box = QComboBox(dialog)
    box.addItems([CONTENT])
    box.show()
    box.showPopup()
    stage.qtbot.waitUntil(box.view().isVisible)


def _application_modal(stage: Stage) -> None:
    dialog = QDialog()
    QVBoxLayout(dialog).addWidget(QPlainTextEdit(CONTENT))
    dialog.setWindowModality(Qt.WindowModality.ApplicationModal)
    stage.kept.append(dialog)
    dialog.show()
    dialog.activateWindow()
    stage.qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is dialog.windowHandle())


def _save_dialog(stage: Stage) -> None:
    dialog = ask_save(stage.kit, stage.shell, "Save", "sheet.pdf", lambda _: None)
    stage.qtbot.waitUntil(dialog.isActiveWindow)


def _overwrite(stage: Stage) -> None:
    """Ask whether a file may be replaced: a question with an event loop of its own."""
    (stage.folder / "sheet.pdf").touch()
    dialog = ask_save(stage.kit, stage.shell, "Save", "sheet.pdf", lambda _: None)
    dialog.setDirectory(str(stage.folder))
    stage.qtbot.waitUntil(dialog.isActiveWindow)
    QMessageBox(QMessageBox.Icon.Warning, CONTENT, CONTENT, parent=dialog).open()
    stage.qtbot.waitUntil(lambda: isinstance(QApplication.activeWindow(), QMessageBox))


def _open_dialog(stage: Stage) -> None:
    dialog = ask_open(stage.kit, stage.shell, "Open", ".age", lambda _: None)
    stage.qtbot.waitUntil(dialog.isActiveWindow)


def _folder_dialog(stage: Stage) -> None:
    dialog = ask_folder(stage.kit, stage.shell, "Choose", lambda _: None, stage.folder)
    stage.qtbot.waitUntil(dialog.isActiveWindow)


def _print_dialog(stage: Stage) -> None:
    printer = new_printer()
    dialog = new_print_dialog(printer, stage.shell)
    QDialog.open(dialog)
    dialog.destroyed.connect(lambda _=printer: None)
    stage.qtbot.waitUntil(dialog.isActiveWindow)


def _quick_find(stage: Stage) -> None:
    stage.shell.find_anything()
    QTest.keyClicks(stage.shell.bar.field, "tul")
    stage.qtbot.waitUntil(stage.shell.finder.isVisible)


def _search_field(stage: Stage) -> None:
    stage.shell.find_anything()


def _help(stage: Stage) -> None:
    stage.shell.show_help()


def _keys(stage: Stage) -> None:
    stage.shell.show_keys()


def _text_editor(stage: Stage) -> None:
    area = QPlainTextEdit(CONTENT, stage.shell)
    area.show()
    area.setFocus()


def _plan(stage: Stage) -> None:
    stage.shell.go_to("plans")
    page = stage.shell.page
    assert isinstance(page, PlansPage)
    page.open_plan(stage.plan)
    settle(stage.qtbot, stage.kit)


def _print_preview(stage: Stage) -> None:
    stage.shell.go_to("print")
    settle(stage.qtbot, stage.kit)


def _tooltip(stage: Stage) -> None:
    QToolTip.showText(stage.window.mapToGlobal(QPoint(60, 60)), CONTENT, stage.shell)


def _mouse_down(stage: Stage) -> None:
    area = QPlainTextEdit(f"{CONTENT} {CONTENT} {CONTENT}", stage.shell)
    area.resize(300, 80)
    area.show()
    area.setFocus()
    QTest.mousePress(area.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    QTest.mouseMove(area.viewport(), QPoint(60, 8))


def _drag(stage: Stage) -> None:
    """Drag a marked text, as if to take it to another program."""
    area = QPlainTextEdit(f"{CONTENT} {CONTENT} {CONTENT}", stage.shell)
    area.resize(300, 80)
    area.show()
    area.setFocus()
    area.selectAll()
    handle, at = stage.window.windowHandle(), area.viewport().mapTo(stage.window, QPoint(12, 12))
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=at)
    for step in range(1, 6):
        QTest.mouseMove(handle, at + QPoint(20 * step, 0))


def _paused(stage: Stage) -> None:
    stage.shell.setEnabled(False)


def _covered(stage: Stage) -> None:
    stage.window.cover.cover()


STATES: dict[str, State] = {
    state.__name__.lstrip("_"): state
    for state in (
        _plain, _menu_bar, _menu, _menu_from_bar, _context_menu, _combo, _suggestions, _dialog,
        _nested, _application_modal, _save_dialog, _overwrite, _open_dialog, _folder_dialog,
        _print_dialog, _quick_find, _search_field, _help, _keys, _text_editor, _plan,
        _print_preview, _tooltip,
        _mouse_down, _drag, _paused, _covered,
    )
}  # fmt: skip
