# SPDX-License-Identifier: GPL-3.0-or-later
"""The window: a frame that holds the unlock page first and the session view after it.

Its title is always the program's neutral name. It covers itself at one key, from anywhere,
and requests the lock; it neither opens nor locks a store. It imports nothing that only an
open store needs, because its imports delay the first painting.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QCloseEvent,
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from kfdesk.domain.schema import N_
from kfdesk.ui import icons, tokens
from kfdesk.ui.context import NEUTRAL_TITLE, Notification, UiContext
from kfdesk.ui.lock.lock import BY_KEY, FOR_IDLENESS, FOR_SLEEP, IdleWatcher
from kfdesk.ui.tokens import DARK, TextStyle
from kfdesk.ui.translator import Message, PlaceholderFunction
from kfdesk.ui.widgets import painting
from kfdesk.ui.widgets.buttons import Button, ButtonLook

SHOW_DELAY = 500
CANCEL_DELAY = 2000
_REPAINT_INTERVAL = 200
_PROGRESS_LINE = 3
_PROGRESS_GAP = 8
_UNTITLED = N_("One moment…")
_NARROWEST_TEXT = 40
_PROGRESS_MARGINS = 24


class BusyIndicator(QWidget):
    """The indicator of the worker's job. `cancel` cancels a job that can be cancelled.

    `turned` is emitted when it starts or stops showing a text.
    """

    turned = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._title = _ProgressText(kit)
        self.cancel = Button(kit, N_("Cancel"), "x").with_height(tokens.CONTROL_COMPACT)
        self.cancel.clicked.connect(self._on_cancel_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 4, 0)
        row.setSpacing(4)
        row.addStretch(1)
        row.addWidget(self._title, 100)
        row.addWidget(self.cancel)
        self._soon = QTimer(self, singleShot=True, interval=SHOW_DELAY)
        self._soon.timeout.connect(self._on_soon)
        self._long = QTimer(self, singleShot=True, interval=CANCEL_DELAY)
        self._long.timeout.connect(self._on_long)
        self._tick = QTimer(self, interval=_REPAINT_INTERVAL)
        self._tick.timeout.connect(self._title.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_idle()
        kit.work.began.connect(self._soon.start)
        kit.work.turned.connect(self._on_turned)
        kit.work.rested.connect(self.set_idle)

    @property
    def title(self) -> str:
        """The text shown now; empty while there is none."""
        return self._title.text if self._title.isVisible() else ""

    def set_idle(self) -> None:
        """Show nothing."""
        for timer in (self._soon, self._long, self._tick):
            timer.stop()
        self._title.hide()
        self.cancel.hide()
        self.turned.emit()

    def _on_turned(self) -> None:
        self._long.start()
        self.cancel.hide()
        if self._title.isVisible():
            self._say()

    def _on_soon(self) -> None:
        self._title.show()
        self._tick.start()
        self._say()
        self.turned.emit()

    def _on_long(self) -> None:
        job = self._kit.work.job
        if job is not None and job.course is not None:
            self.cancel.setEnabled(not job.course.is_cancelled)
            self._fit()
            self.cancel.show()

    def _on_cancel_clicked(self) -> None:
        job = self._kit.work.job
        if job is not None and job.course is not None:
            job.course.cancel()
            self.cancel.setEnabled(False)
            self._title.set_message(N_("Stopping…"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Reduce the button to its icon if its word would cut the text."""
        self.cancel.set_bare(is_bare=False)
        wished = self._title.sizeHint().width() + self.cancel.sizeHint().width() + _PROGRESS_MARGINS
        self.cancel.set_bare(is_bare=wished > self.width())

    def _say(self) -> None:
        job = self._kit.work.job
        self._title.set_message((job.title if job else None) or _UNTITLED)


class _ProgressText(QWidget):
    """The text on one line, elided if it is too long, with the progress line below it."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def set_message(self, message: Message) -> None:
        """Show a message in the window's language."""
        self._kit.words.bind(self.set_text, message)

    def set_text(self, text: str) -> None:
        """Set the text, which is also the accessible name and the tooltip."""
        self.text = text
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        font = self._kit.theme.font(TextStyle.SMALL)
        width = painting.text_width(self.text, font) + icons.MEDIUM + _PROGRESS_GAP
        return QSize(round(width) + 4, round(painting.text_height(font)) + 4 * _PROGRESS_LINE)

    def minimumSizeHint(self) -> QSize:
        return QSize(icons.MEDIUM, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._kit.theme
        painter = QPainter(self)
        area = QRectF(self.rect())
        top = round(area.center().y() - icons.MEDIUM / 2)
        square = QRectF(0, top, icons.MEDIUM, icons.MEDIUM)
        theme.icons.paint(painter, "refresh-cw", theme.colours.text_muted, square)
        if area.width() < _NARROWEST_TEXT:
            return
        room = area.adjusted(icons.MEDIUM + _PROGRESS_GAP, 0, 0, 0)
        ink = theme.colours.text_muted
        painting.draw_text(painter, room, self.text, theme.font(TextStyle.SMALL), ink)
        self._paint_share(painter, room)

    def _paint_share(self, painter: QPainter, room: QRectF) -> None:
        job, colours = self._kit.work.job, self._kit.theme.colours
        if job is None or job.course is None or not job.course.share:
            return
        trough = QRectF(room.left(), room.bottom() - _PROGRESS_LINE, room.width(), _PROGRESS_LINE)
        painting.draw_box(painter, trough, _PROGRESS_LINE / 2, colours.line)
        trough.setWidth(room.width() * min(1.0, job.course.share))
        painter.setPen(Qt.PenStyle.NoPen)
        painting.draw_box(painter, trough, _PROGRESS_LINE / 2, colours.accent)


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
        if self._focus is not None and isValid(self._focus):
            self._focus.setFocus()
        self._focus = None
        self.lifted.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.window() and event.type() is QEvent.Type.Resize:
            self.setGeometry(self.window().rect())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), QColor(self._kit.theme.colours.window))


_TOAST_DURATION = 8000
_FROM_BOTTOM = 72  # above the foot of a wizard step: never over its buttons
_LEAST_WIDTH = 240  # pixels; in less width the text wraps too often to be read quickly
_TOAST_MARGINS = 24
FreeArea = Callable[[], QRect]
"""The part of a page where nothing is worked with now; empty if there is none."""


class Toast(QWidget):
    """The only toast, floating over `page`; a new message replaces the old one.

    `room` returns the area for it. A click closes it.
    """

    def __init__(self, kit: UiContext, page: QWidget, room: FreeArea) -> None:
        super().__init__(page)
        self._kit = kit
        self._page = page
        self._room = room
        self._undo: Callable[[], object] | None = None
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setFont(kit.theme.font(TextStyle.BUTTON))
        self._words.setStyleSheet(f"color: {DARK.text}")
        self._button = Button(kit, N_("Undo"), look=ButtonLook.ON_TOAST).bind_key("Ctrl+Z")
        self._button.with_height(tokens.CONTROL_COMPACT)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._button.clicked.connect(self._on_undo_clicked)
        self._row = row = QHBoxLayout(self)
        row.addWidget(self._words)
        row.addWidget(self._button)
        self._timer = QTimer(self, singleShot=True, interval=_TOAST_DURATION)
        self._timer.timeout.connect(self.hide)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(28)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 70))
        self.setGraphicsEffect(shadow)
        page.installEventFilter(self)
        self.hide()

    @property
    def can_undo(self) -> bool:
        """Whether it is visible and offers undo."""
        return self.isVisible() and self._undo is not None

    def undo(self) -> None:
        """Undo the reported action, as the button does."""
        self._button.click()

    def show_notification(self, outcome: Notification) -> None:
        """Show a notification from a page."""
        self.show_message(outcome.message, outcome.undo, **outcome.places)

    def show_message(
        self,
        message: Message,
        undo: Callable[[], object] | None = None,
        **places: PlaceholderFunction,
    ) -> None:
        """Show a message; `undo` undoes what it reports."""
        self._undo = undo
        self._kit.words.bind(self._show_words, message, **places)
        self._button.setVisible(undo is not None)
        self._row.setContentsMargins(44, 2, 6 if undo else 20, 2)
        self.show()
        self.reposition()
        self.raise_()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self._words, QAccessible.Event.Alert))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._page and event.type() is QEvent.Type.Resize and self.isVisible():
            self.reposition()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close on a click."""
        event.accept()
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._kit.theme
        painter = QPainter(self)
        line = theme.colours.line if theme.is_dark else ""
        painting.draw_box(
            painter, QRectF(self.rect()), tokens.RADIUS_ROW, theme.colours.toast, line
        )
        square = QRectF(16, round((self.height() - icons.NORMAL) / 2), icons.NORMAL, icons.NORMAL)
        theme.icons.paint(painter, "check", DARK.text, square)

    def reposition(self) -> None:
        """Move to the centre of the free area if it fits there, else near the bottom."""
        room = self._room()
        is_in_room = room.width() >= _LEAST_WIDTH and self._fit(room.width()) <= room.height()
        if not is_in_room:
            room = self._page.rect().adjusted(_TOAST_MARGINS, 0, -_TOAST_MARGINS, -_FROM_BOTTOM)
            self._fit(room.width())
        place = self.rect()
        place.moveCenter(room.center())
        if not is_in_room:
            place.moveBottom(room.bottom())
        self.move(place.topLeft())

    def _fit(self, width: int) -> int:
        """Set the width to the text's, or to `width` with wrapped text. Return the height."""
        self._words.setWordWrap(False)
        needed = self.sizeHint()
        if needed.width() > width:
            self._words.setWordWrap(True)
            needed = QSize(width, self.heightForWidth(width))
        self.resize(needed.expandedTo(QSize(0, tokens.TOAST)))
        return self.height()

    def _show_words(self, words: str) -> None:
        """Show the text and reposition; in another language it may be longer."""
        self._words.setText(words)
        self.reposition()

    def _on_undo_clicked(self) -> None:
        self.hide()
        self._timer.stop()
        undo, self._undo = self._undo, None
        if undo is not None:
            undo()


WINDOW_SIZE = QSize(1280, 800)
MINIMUM_WINDOW_SIZE = QSize(720, 520)


class Window(QMainWindow):
    """The main window. It shows one page at a time: the unlock page or the session view."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
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

    def show_page(self, page: QWidget) -> None:
        """Show `page`, and delete the page before it.

        The first page is the unlock page, with nothing to hide. The idle watcher starts with the
        second.
        """
        old = self._stack.currentWidget()
        self._stack.setCurrentIndex(self._stack.addWidget(page))
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
        self._cover_all()
        self.showMinimized()

    def lock(self, why: str) -> None:
        """Cover the window, close popups and other windows unasked, and request the lock."""
        self._cover_all()
        locked = self._stack.currentWidget()
        self._kit.hub.lock_asked.emit(why)
        door = self._stack.currentWidget()
        if door is not None and door is not locked:
            self.cover.uncover()  # the unlock page shows nothing that must be hidden
            door.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Announce the closing, so that the clipboard is cleared."""
        self._kit.hub.leave_began.emit()
        super().closeEvent(event)

    def _cover_all(self) -> None:
        self.cover.cover()
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
            self.cover.cover()

    def _set_icon(self) -> None:
        theme = self._kit.theme
        self.setWindowIcon(theme.icons.icon("notebook-text", theme.colours.accent, 64))
