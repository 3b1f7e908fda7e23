# SPDX-License-Identifier: GPL-3.0-or-later
"""The window hides and locks at one key, whatever is open, and never says more than its name."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from tests.support.samples import first
from tests.support.windows import accessible_parts, colours, show, timer_of

from kfdesk.ui.context import LockSettings, UiContext
from kfdesk.ui.lock.idle import IdleWatcher, SleepDetector
from kfdesk.ui.shell.window import Window
from kfdesk.ui.theme import Scheme, Theme

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
HIDE = [(Qt.Key.Key_F12, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_H, CTRL | SHIFT)]
LATER = (
    "kfdesk.ui.shell.session_view",
    "kfdesk.ui.widgets.table",
    "kfdesk.ui.widgets.timeline",
    "kfdesk.services",
    "PySide6.QtNetwork",
    "PySide6.QtPrintSupport",
    "reportlab",
    "sqlcipher3",
)


class Page(QWidget):
    """A page with something on it that must not be seen."""

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit("tulpan-47")
        QVBoxLayout(self).addWidget(self.line)


@pytest.fixture
def window(kit: UiContext, qtbot: QtBot) -> Window:
    made = Window(kit)
    made.show_page(QWidget())
    made.show_page(Page())
    show(qtbot, made)
    return made


def page(window: Window) -> Page:
    found = window.findChild(Page)
    assert isinstance(found, Page)
    return found


def test_the_title_is_the_neutral_name_in_every_language(kit: UiContext, window: Window) -> None:
    for code in ("sv", "ru", "en"):
        kit.set_language(code)
        assert window.windowTitle() == "Notebook"


@pytest.mark.parametrize(("key", "modifiers"), HIDE)
def test_one_key_covers_and_minimises(
    window: Window, key: Qt.Key, modifiers: Qt.KeyboardModifier
) -> None:
    page(window).line.setFocus()
    QTest.keyClick(page(window).line, key, modifiers)
    assert window.isMinimized()
    assert window.cover.isVisibleTo(window)
    assert window.cover.geometry() == window.rect()
    assert page(window).line.text() == "tulpan-47"


def test_the_key_hides_the_door_too(kit: UiContext, qtbot: QtBot) -> None:
    door = Window(kit)
    door.show_page(Page())
    show(qtbot, door)
    QTest.keyClick(page(door).line, Qt.Key.Key_F12)
    assert door.isMinimized()
    assert door.cover.isVisibleTo(door)


def test_the_cover_stays_until_somebody_takes_it_away(window: Window, qtbot: QtBot) -> None:
    page(window).line.setFocus()
    window.hide_all()
    window.showNormal()
    qtbot.waitExposed(window)
    assert window.cover.isVisible()
    window.activateWindow()
    QTest.keyClick(window.cover.button, Qt.Key.Key_Return)
    assert not window.cover.isVisible()
    assert page(window).line.hasFocus()


def test_the_cover_shows_nothing_of_what_it_covers(
    kit: UiContext, window: Window, qtbot: QtBot
) -> None:
    page(window).line.setFocus()
    window.cover.cover()
    seen = [
        name
        for _, name, interface in accessible_parts(window.cover)
        if not interface.state().invisible
    ]
    assert seen == ["Continue"]
    ground = kit.theme.colours.window
    assert colours(window.cover) >= {ground}
    window.resize(900, 600)
    assert window.cover.size() == window.size()


def test_laying_the_cover_twice_keeps_where_the_cursor_was(window: Window) -> None:
    page(window).line.setFocus()
    window.cover.cover()
    window.cover.cover()
    window.cover.uncover()
    assert page(window).line.hasFocus()


def test_hiding_closes_menus_and_dialogs(window: Window, qtbot: QtBot) -> None:
    dialog = QDialog(window)
    dialog.open()
    menu = QMenu(window)
    menu.addAction("tulpan-47")
    menu.popup(window.pos())
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_F12)
    assert not menu.isVisible()
    assert not dialog.isVisible()
    assert window.isMinimized()


def test_the_lock_key_covers_and_asks_for_the_lock(kit: UiContext, window: Window) -> None:
    asked: list[str] = []
    kit.events.lock_asked.connect(asked.append)
    dialog = QDialog(window)
    dialog.open()
    QTest.keyClick(dialog.windowHandle(), Qt.Key.Key_L, CTRL)
    assert asked == ["key"]
    assert window.cover.isVisible()


def test_the_door_that_comes_with_the_lock_is_not_covered(kit: UiContext, window: Window) -> None:
    door = Page()
    kit.events.lock_asked.connect(lambda _: window.show_page(door))
    QTest.keyClick(page(window).line, Qt.Key.Key_L, CTRL)
    assert not window.cover.isVisible()
    assert door.isVisible()
    assert window.focusWidget() is door


def test_the_cover_can_be_lifted_from_a_page_that_came_meanwhile(window: Window) -> None:
    old = page(window)
    old.line.setFocus()
    window.cover.cover()
    window.show_page(QWidget())
    delete(old)
    window.cover.uncover()
    assert not window.cover.isVisible()


def test_idleness_asks_for_the_lock_and_use_puts_it_off(kit: UiContext, window: Window) -> None:
    asked: list[str] = []
    kit.events.lock_asked.connect(asked.append)
    watch = window.watch
    watch.set_idle_minutes(5)
    assert timer_of(watch).interval() == 300_000
    before = timer_of(watch).timerId()
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A)
    typed = timer_of(watch).timerId()
    assert typed != before  # the clock began anew
    QTest.mouseMove(window.windowHandle(), QPoint(40, 40))
    assert timer_of(watch).timerId() != typed
    assert timer_of(watch).isActive()
    timer_of(watch).timeout.emit()
    assert asked == ["idle"]
    watch.set_idle_minutes(0)
    assert not timer_of(watch).isActive()


def test_touch_and_words_of_an_input_method_are_use_too(window: Window) -> None:
    watch = window.watch
    watch.set_idle_minutes(5)
    page(window).line.setFocus()
    before = timer_of(watch).timerId()
    QApplication.sendEvent(page(window).line, QInputMethodEvent())
    written = timer_of(watch).timerId()
    assert written != before
    window.cover.cover()
    QApplication.sendEvent(window.cover.button, QInputMethodEvent())
    assert timer_of(watch).timerId() != written
    watch.set_idle_minutes(0)


def test_sleep_is_told_at_the_next_beat_and_at_the_first_key(qtbot: QtBot) -> None:
    always, awake = [100.0], [50.0]
    around = QLineEdit()
    show(qtbot, around)
    watch = IdleWatcher(around, SleepDetector((lambda: always[0], lambda: awake[0]), lambda: 0.0))
    watch.start()
    slept: list[str] = []
    watch.slept.connect(lambda: slept.append(around.text()))
    watch.watch_for_sleep(is_asked=True)
    timer_of(watch, is_single=False).timeout.emit()
    assert slept == []
    always[0] += 30
    timer_of(watch, is_single=False).timeout.emit()
    assert slept == [""]
    always[0] += 30
    QTest.keyClick(around, Qt.Key.Key_A)
    assert slept == ["", ""]
    assert around.text() == ""
    QTest.keyClick(around, Qt.Key.Key_B)
    assert around.text() == "b"
    watch.watch_for_sleep(is_asked=False)
    assert not timer_of(watch, is_single=False).isActive()
    always[0] += 30
    QTest.keyClick(around, Qt.Key.Key_C)
    assert slept == ["", ""]


def test_dialog_that_runs_its_own_loop_is_hidden_at_once(window: Window, qtbot: QtBot) -> None:
    dialog = QDialog(window)
    QTimer.singleShot(50, lambda: QTest.keyClick(dialog, Qt.Key.Key_F12))
    assert dialog.exec() == QDialog.DialogCode.Rejected
    assert window.isMinimized()
    assert window.cover.isVisibleTo(window)


def test_leaving_is_told_while_the_window_is_still_in_front(kit: UiContext, window: Window) -> None:
    received: list[bool] = []
    kit.events.leave_began.connect(lambda: received.append(window.isMinimized()))
    window.hide_all()
    window.close()
    assert received == [False, True]


def test_the_window_covers_itself_when_left_if_so_wished(window: Window) -> None:
    inactive = Qt.ApplicationState.ApplicationInactive
    window._on_state_changed(inactive)
    assert not window.cover.isVisible()
    window._kit.lock_preferences.apply(LockSettings(covers_when_left=True))
    window._on_state_changed(inactive)
    assert window.cover.isVisible()


def test_a_new_page_takes_the_place_of_the_old(window: Window, qtbot: QtBot) -> None:
    old = page(window)
    with qtbot.waitSignal(old.destroyed):
        window.show_page(QWidget())


def test_a_new_page_comes_under_the_cover(window: Window) -> None:
    window.cover.cover()
    window.show_page(QWidget())
    assert window.childAt(window.rect().center()) in {window.cover, window.cover.button}


@pytest.mark.parametrize("scheme", first(1, [Scheme.DARK, Scheme.LIGHT]))
def test_a_theme_is_worn_at_once(kit: UiContext, window: Window, scheme: Scheme) -> None:
    received: list[str] = []
    kit.events.theme_changed.connect(received.append)
    kit.set_theme(scheme)
    assert kit.theme.colours.window in colours(window)
    assert kit.theme.is_dark is (scheme is Scheme.DARK)
    assert received == [scheme.value]


def test_second_window_lets_qt_style_nothing_of_the_first_again(
    kit: UiContext, window: Window
) -> None:
    class Styled(QObject):
        count = 0

        def eventFilter(  # noqa: N802 - Qt's name
            self, watched: QObject, event: QEvent
        ) -> bool:
            Styled.count += event.type() is QEvent.Type.StyleChange
            return super().eventFilter(watched, event)

    styled = Styled()
    page(window).line.installEventFilter(styled)
    kit.theme.app.setStyle("Fusion")
    spared = Styled.count
    assert spared > 0
    Theme(kit.theme.app, kit.theme.resources, Scheme.LIGHT)
    assert Styled.count == spared


def test_what_an_open_desk_needs_is_not_loaded_before_the_door_is_open() -> None:
    code = (
        "import sys, kfdesk.ui.shell.window, kfdesk.ui.pages.unlock\n"
        f"print([name for name in {LATER!r} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


# size and place


def test_first_size_is_clamped_to_the_screen(kit: UiContext, qtbot: QtBot) -> None:
    made = Window(kit)
    qtbot.addWidget(made)
    screen = made.screen().availableGeometry()
    assert screen.width() < 1280  # the offscreen screen is that of a small laptop
    made.place("")
    assert made.windowState() & Qt.WindowState.WindowMaximized
    assert made.width() <= screen.width()
    assert made.minimumWidth() <= screen.width()


def test_size_and_place_are_there_again_and_never_outside_the_screen(
    kit: UiContext, qtbot: QtBot
) -> None:
    first = Window(kit)
    qtbot.addWidget(first)
    first.resize(730, 530)
    first.move(20, 30)
    again = Window(kit)
    qtbot.addWidget(again)
    again.place(first.geometry_text())
    assert (again.width(), again.height()) == (730, 530)
    assert not again.isMaximized()
    first.resize(3000, 2000)
    first.move(2500, 1800)
    far = Window(kit)
    qtbot.addWidget(far)
    far.place(first.geometry_text())
    screen = far.screen().availableGeometry()
    assert screen.contains(far.geometry().topLeft())
    assert far.width() <= screen.width()
    assert far.height() <= screen.height()


def test_maximised_window_opens_maximised_again(kit: UiContext, qtbot: QtBot) -> None:
    first = Window(kit)
    qtbot.addWidget(first)
    first.showMaximized()
    again = Window(kit)
    qtbot.addWidget(again)
    again.place(first.geometry_text())
    again.show()
    assert again.isMaximized()


@pytest.mark.parametrize("kept", ["", "no geometry", "AAAA", "Ä", "A" * 5000])
def test_geometry_that_cannot_be_read_is_passed_over(
    kit: UiContext, qtbot: QtBot, kept: str
) -> None:
    made = Window(kit)
    qtbot.addWidget(made)
    made.place(kept)
    assert made.width() <= made.screen().availableGeometry().width()
