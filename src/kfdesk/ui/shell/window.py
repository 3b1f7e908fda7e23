# SPDX-License-Identifier: GPL-3.0-or-later
"""The window: a frame that holds the unlock page first and the session view after it.

Its title is always the program's neutral name. It covers itself at one key, from anywhere,
and requests the lock; it neither opens nor locks a store. The toast, the cover and the
progress indicator are here too. The module imports nothing that only an open store needs,
because its imports delay the first painting.
"""

from collections.abc import Callable
from functools import partial
from typing import TypeGuard

from PySide6 import QtGui
from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QMainWindow,
    QMenuBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from kfdesk.domain.message_marks import N_
from kfdesk.ui.context import NEUTRAL_TITLE, UiContext
from kfdesk.ui.lock.idle import IdleWatcher
from kfdesk.ui.lock.lock import BY_KEY, FOR_IDLENESS, FOR_SLEEP
from kfdesk.ui.widgets.build import STRETCH, aligned, extend, row, text
from kfdesk.ui.widgets.buttons import Button

_WAITING_WIDTH = 420
_WAITING = N_(
    "The database is locked as soon as the work in progress has ended, in half a "
    "minute at the latest. F12 hides the window."
)
_DIALOGS = (Qt.WindowType.Dialog, Qt.WindowType.Window, Qt.WindowType.Sheet)
"""Windows that wait until the person is back; menus, lists and tooltips are not shown again."""


class PrivacyCover(QWidget):
    """A cover of `window`, hidden until `cover`; `lifted` is emitted when it is removed.

    While it lies there, it keeps the keyboard, and no other window of the program comes on view:
    one that a job opens waits until the person is back.
    """

    lifted = Signal()

    def __init__(self, kit: UiContext, window: QWidget) -> None:
        super().__init__(window)
        self._kit = kit
        self._focus: QWidget | None = None
        self._held: list[tuple[QWidget, Qt.WindowModality]] = []
        self.button = Button(kit, N_("Continue"), "notebook-text", on=self.uncover)
        self.waiting = text(kit, _WAITING)
        self.waiting.setMaximumWidth(_WAITING_WIDTH)
        self.waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.waiting.hide()
        box = QVBoxLayout(self)
        extend(box, STRETCH, aligned(self.button, Qt.AlignmentFlag.AlignHCenter))
        extend(box, row(self.waiting), STRETCH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        window.installEventFilter(self)
        self.hide()

    def cover(self) -> None:
        """Cover the window; it is painted before this returns."""
        if not self.isHidden():
            return
        self._focus = self.window().focusWidget()
        self.setGeometry(self.window().rect())
        self.raise_()
        self.show()
        self.button.setFocus()
        self.repaint()
        app = self._kit.theme.app
        app.installEventFilter(self)
        app.focusChanged.connect(self._on_focus_changed)
        self._kit.events.away_changed.emit(True)  # noqa: FBT003 - a signal's one value

    def show_waiting(self) -> None:
        """Say that the lock waits; only `uncover` by the program removes the cover then."""
        self.waiting.show()
        self.setFocus()
        self.button.hide()
        alert = QtGui.QAccessible.Event.Alert  # described by PySide only here, not at the start
        event = QtGui.QAccessibleEvent(self.waiting, alert)
        QtGui.QAccessible.updateAccessibility(event)

    def uncover(self) -> None:
        """Show the window again, with the focus where it was, and the windows that waited."""
        if self.isHidden():
            return
        app = self._kit.theme.app
        app.focusChanged.disconnect(self._on_focus_changed)
        app.removeEventFilter(self)
        self.hide()
        self.waiting.hide()
        self.button.show()
        focus = self._focus
        if focus is not None and isValid(focus) and not isinstance(focus, QMenuBar):
            focus.setFocus()
        self._focus = None
        held, self._held = self._held, []
        self.lifted.emit()
        self._kit.events.away_changed.emit(False)  # noqa: FBT003
        for window, modality in held:
            if isValid(window):
                _open_again(window, modality)

    def forget_windows(self) -> None:
        """Delete the windows that wait: what they belong to is no longer on view."""
        held, self._held = self._held, []
        for window, _ in held:
            if isValid(window):
                window.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and watched is self.window():
            self.setGeometry(self.window().rect())
        elif (
            event.type() is QEvent.Type.Show
            and not event.spontaneous()
            and self._is_other_window(watched)
        ):
            self._hold(watched)
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(self._kit.theme.colours.window))

    def _is_other_window(self, shown: QObject) -> TypeGuard[QWidget]:
        return (
            isinstance(shown, QWidget)
            and shown.isWindow()
            and shown is not self.window()
            and not self.isHidden()
        )

    def _hold(self, window: QWidget) -> None:
        """Keep a window off the screen that is being shown; Qt cannot be stopped showing it.

        It must not count as modal meanwhile: it would take the keyboard from the cover.
        """
        modality = window.windowModality()
        window.setWindowModality(Qt.WindowModality.NonModal)
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        QTimer.singleShot(0, window, partial(self._put_away, window, modality))

    def _put_away(self, window: QWidget, modality: Qt.WindowModality) -> None:
        window.hide()
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, on=False)
        if window.windowType() not in _DIALOGS:
            return
        if self.isHidden():
            _open_again(window, modality)
        else:
            self._held.append((window, modality))

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        """Take the keyboard back from a part of the covered window; it gets it when back."""
        if now is None or now is self or now.window() is not self.window():
            return
        if not self.isAncestorOf(now):
            self._focus = now
            (self if self.button.isHidden() else self.button).setFocus()


def _open_again(window: QWidget, modality: Qt.WindowModality) -> None:
    if isinstance(window, QDialog) and modality is Qt.WindowModality.WindowModal:
        QDialog.open(window)
    else:
        window.setWindowModality(modality)
        window.show()


WINDOW_SIZE = QSize(1280, 800)
MINIMUM_WINDOW_SIZE = QSize(720, 520)
CLOSE_KEY = "Ctrl+W"
_FRAME = QSize(8, 36)
"""The most room for title bar and borders, where the system does not say it before showing."""
_LOW_SCREEN = 760
"""On a screen lower than this the window fills it at first."""


class Window(QMainWindow):
    """The main window. It shows one page at a time: the unlock page or the session view."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.asks_first: Callable[[], bool] = lambda: False
        """Return whether the page on view asks the user before the window closes."""
        self.setWindowTitle(NEUTRAL_TITLE)
        self.setMinimumSize(MINIMUM_WINDOW_SIZE)
        self.resize(WINDOW_SIZE)
        kit.theme.style_window(self)
        self._stack = QStackedWidget()
        self._stack.setProperty("ground", "window")
        self.setCentralWidget(self._stack)
        self.cover = PrivacyCover(kit, self)
        self.watch = IdleWatcher(self)
        self.watch.hide_asked.connect(self.hide_all)
        self.watch.lock_asked.connect(lambda: self.lock(BY_KEY))
        self.watch.idled.connect(lambda: self.lock(FOR_IDLENESS))
        self.watch.slept.connect(lambda: self.lock(FOR_SLEEP))
        self.has_ended = False
        QShortcut(QKeySequence(CLOSE_KEY), self, self.close)
        self._set_icon()
        kit.theme.changed.connect(self._set_icon)
        kit.theme.app.applicationStateChanged.connect(self._on_state_changed)

    def place(self, kept: str) -> None:
        """Give the window its kept size and place, or its first size, clamped to the screen.

        `kept` is what `geometry_text` returned. A screen smaller than the first size is filled.
        """
        screen = self.screen().availableGeometry()
        is_kept = bool(kept) and self.restoreGeometry(QByteArray.fromBase64(kept.encode()))
        if self.isMaximized():
            return
        room = screen.size() - _FRAME
        self.setMinimumSize(MINIMUM_WINDOW_SIZE.boundedTo(room))
        self.resize(self.size().boundedTo(room))
        where = self.frameGeometry()
        if is_kept and not screen.contains(where):
            left = min(where.left(), screen.right() - where.width())
            top = min(where.top(), screen.bottom() - where.height())
            self.move(max(screen.left(), left), max(screen.top(), top))
        if not is_kept and (room.width() < WINDOW_SIZE.width() or room.height() < _LOW_SCREEN):
            self.setWindowState(Qt.WindowState.WindowMaximized)

    def geometry_text(self) -> str:
        """Return size, place and maximised state as a text for `place`."""
        return self.saveGeometry().toBase64().toStdString()

    def show_page(self, page: QWidget) -> None:
        """Show `page`, and delete the page before it.

        The first page is the unlock page, with nothing to hide. The idle watcher starts with the
        second.
        """
        old = self._stack.currentWidget()
        self._stack.setCurrentIndex(self._stack.addWidget(page))
        self.asks_first = lambda: False
        if old is not None:
            self.watch.start()
            self.cover.forget_windows()
            self._stack.removeWidget(old)
            old.deleteLater()
        if self.cover.isVisible():
            self.cover.raise_()
        else:
            page.setFocus()

    def come_forward(self) -> None:
        """Show the window before all others; what covers it stays."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def hide_all(self) -> None:
        """Cover the window, close popups and other windows, and minimise, in this order."""
        self.cover_all()
        self.showMinimized()

    def lock(self, why: str) -> None:
        """Cover the window, close popups and other windows unasked, and request the lock."""
        self.cover_all()
        locked = self._stack.currentWidget()
        self._kit.events.lock_asked.emit(why)
        door = self._stack.currentWidget()
        if door is not None and door is not locked:
            self.cover.uncover()  # the unlock page shows nothing that must be hidden
            door.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Announce the closing, so that the clipboard is cleared; stay if the page asks first."""
        if self.asks_first():
            event.ignore()
            return
        self.has_ended = True
        self._kit.events.leave_began.emit()
        super().closeEvent(event)

    def cover_all(self) -> None:
        """Cover the window, and close popups and other windows unasked."""
        self.cover.cover()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.hide()  # unlike `close`, nothing can refuse it
        for other in QApplication.topLevelWidgets():
            if other is not self and other.isVisible():
                other.hide()
        self._kit.events.leave_began.emit()

    def _on_state_changed(self, state: Qt.ApplicationState) -> None:
        covers = self._kit.lock_preferences.chosen.covers_when_left
        if covers and state is Qt.ApplicationState.ApplicationInactive:
            self.cover.cover()

    def _set_icon(self) -> None:
        theme = self._kit.theme
        self.setWindowIcon(theme.icons.icon("notebook-text", theme.colours.accent, 64))
