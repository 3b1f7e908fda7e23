# SPDX-License-Identifier: GPL-3.0-or-later
"""The window: one frame that holds the unlock page first and the desk after it.

Its title is always the program's neutral name. It covers itself at one key, from anywhere, and
asks for the lock; it neither opens nor locks a store, and imports nothing that only an open desk
needs, because this is what stands between the click and the first picture.
"""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from kfdesk.ui.guard.note import BY_KEY, FOR_IDLENESS, FOR_SLEEP
from kfdesk.ui.kit import TITLE, Kit
from kfdesk.ui.shell.cover import Cover
from kfdesk.ui.shell.watch import Watch

SIZE = QSize(1280, 800)
SMALLEST = QSize(720, 520)


class Window(QMainWindow):
    """The frame. `stack` shows one page at a time: the door, or the desk."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.setWindowTitle(TITLE)
        self.setMinimumSize(SMALLEST)
        self.resize(SIZE)
        kit.theme.dress(self)
        self._stack = QStackedWidget()
        self._stack.setProperty("ground", "window")
        self.setCentralWidget(self._stack)
        self.cover = Cover(kit, self)
        self.watch = Watch(self)
        self.watch.hide_asked.connect(self.hide_all)
        self.watch.lock_asked.connect(self._on_lock_asked)
        self.watch.idled.connect(self._on_idled)
        self.watch.slept.connect(self._on_slept)
        self._wear_icon()
        kit.theme.changed.connect(self._wear_icon)
        kit.theme.app.applicationStateChanged.connect(self._on_state_changed)

    def show_page(self, page: QWidget) -> None:
        """Show `page` in place of what is there, which ends with that.

        The first page is the door, with nothing to hide; with the second the watch begins.
        """
        old = self._stack.currentWidget()
        self._stack.setCurrentIndex(self._stack.addWidget(page))
        if old is not None:
            self.watch.begin()
            self._stack.removeWidget(old)
            old.deleteLater()
        if self.cover.isVisible():
            self.cover.raise_()
        else:
            page.setFocus()

    def hide_all(self) -> None:
        """Cover the window, close what floats above it, and minimise, in this order."""
        self._leave()
        self.showMinimized()

    def lock(self, why: str) -> None:
        """Cover the window, close what floats above it without a question, and ask for the lock."""
        self._leave()
        locked = self._stack.currentWidget()
        self._kit.hub.lock_asked.emit(why)
        door = self._stack.currentWidget()
        if door is not None and door is not locked:
            self.cover.lift()  # the door shows nothing that must be hidden
            door.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Leave nothing behind that others could read."""
        self._kit.hub.leave_began.emit()
        super().closeEvent(event)

    def _leave(self) -> None:
        self.cover.lay()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        for other in QApplication.topLevelWidgets():
            if other is not self and other.isVisible():
                other.hide()
        self._kit.hub.leave_began.emit()

    def _on_lock_asked(self) -> None:
        self.lock(BY_KEY)

    def _on_idled(self) -> None:
        self.lock(FOR_IDLENESS)

    def _on_slept(self) -> None:
        self.lock(FOR_SLEEP)

    def _on_state_changed(self, state: Qt.ApplicationState) -> None:
        covers = self._kit.habits.chosen.covers_when_left
        if covers and state is Qt.ApplicationState.ApplicationInactive:
            self.cover.lay()

    def _wear_icon(self) -> None:
        theme = self._kit.theme
        self.setWindowIcon(theme.icons.icon("notebook-text", theme.colours.accent, 64))
