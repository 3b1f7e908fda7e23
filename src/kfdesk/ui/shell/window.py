# SPDX-License-Identifier: GPL-3.0-or-later
"""The window: a frame that holds the unlock page first and the session view after it.

Its title is always the program's neutral name. It covers itself at one key, from anywhere,
and requests the lock; it neither opens nor locks a store. The toast, the cover and the
progress indicator are here too. The module imports nothing that only an open store needs,
because its imports delay the first painting.
"""

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QMenuBar,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from kfdesk.domain.schema import N_
from kfdesk.ui.context import NEUTRAL_TITLE, UiContext
from kfdesk.ui.lock.idle import IdleWatcher
from kfdesk.ui.lock.lock import BY_KEY, FOR_IDLENESS, FOR_SLEEP
from kfdesk.ui.widgets.buttons import Button


class PrivacyCover(QWidget):
    """A cover of `window`, hidden until `cover`; `lifted` is emitted when it is removed."""

    lifted = Signal()

    def __init__(self, kit: UiContext, window: QWidget) -> None:
        super().__init__(window)
        self._kit = kit
        self._focus: QWidget | None = None
        self.button = Button(kit, N_("Go on"), "notebook-text")
        self.button.clicked.connect(self.uncover)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.setFocusProxy(self.button)
        window.installEventFilter(self)
        self.hide()

    def cover(self) -> None:
        """Cover the window; it is painted before this returns."""
        if self.isVisible():
            return
        self._focus = self.window().focusWidget()
        self.setGeometry(self.window().rect())
        self.raise_()
        self.show()
        self.button.setFocus()
        self.repaint()

    def uncover(self) -> None:
        """Show the window again, with the focus where it was."""
        self.hide()
        focus = self._focus
        if focus is not None and isValid(focus) and not isinstance(focus, QMenuBar):
            focus.setFocus()
        self._focus = None
        self.lifted.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.window() and event.type() is QEvent.Type.Resize:
            self.setGeometry(self.window().rect())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(self._kit.theme.colours.window))


WINDOW_SIZE = QSize(1280, 800)
MINIMUM_WINDOW_SIZE = QSize(720, 520)
_FRAME = QSize(8, 36)
"""What title bar and borders take at most, where the system does not say it before the showing."""
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
        self.watch.lock_asked.connect(self._on_lock_asked)
        self.watch.idled.connect(self._on_idled)
        self.watch.slept.connect(self._on_slept)
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
            self._stack.removeWidget(old)
            old.deleteLater()
        if self.cover.isVisible():
            self.cover.raise_()
        else:
            page.setFocus()

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

    def _on_lock_asked(self) -> None:
        self.lock(BY_KEY)

    def _on_idled(self) -> None:
        self.lock(FOR_IDLENESS)

    def _on_slept(self) -> None:
        self.lock(FOR_SLEEP)

    def _on_state_changed(self, state: Qt.ApplicationState) -> None:
        covers = self._kit.lock_preferences.chosen.covers_when_left
        if covers and state is Qt.ApplicationState.ApplicationInactive:
            self.cover.cover()

    def _set_icon(self) -> None:
        theme = self._kit.theme
        self.setWindowIcon(theme.icons.icon("notebook-text", theme.colours.accent, 64))
