# SPDX-License-Identifier: GPL-3.0-or-later
"""The top bar: menus, quick find, the progress of the worker's job, Hide and Lock.

Hide is always there and never covered. The bar emits requests; the window hides and the
store is locked elsewhere. In a narrow window first the keys and then the words of the
buttons disappear, and nothing is cut.
"""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.ui import icons, tokens
from kfdesk.ui.context import UiContext
from kfdesk.ui.lock.idle import HIDE_KEY, LOCK_KEY
from kfdesk.ui.shell.menus import FIND_KEY, MenuBar
from kfdesk.ui.shell.quick_find import FIND_FIELD_WIDTH, QuickFindField
from kfdesk.ui.tokens import TextStyle
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets import painting
from kfdesk.ui.widgets.build import STRETCH, grown, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.text import set_tooltip

# --- The bar

_LEAST_FOR_FIND = 180


_NARROWEST_FIND = 76


_LEAST_FOR_BUSY = 84


_BAR_MARGINS = 28


class TopBar(QWidget):
    """The bar at the top of the window."""

    hide_asked = Signal()
    lock_asked = Signal()
    room_changed = Signal()

    def __init__(self, kit: UiContext, menus: MenuBar) -> None:
        super().__init__()
        self.setProperty("ground", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.menus = menus
        self.field = QuickFindField(kit, FIND_KEY)
        self.field.installEventFilter(self)
        self.busy = BusyIndicator(kit)
        self.busy.turned.connect(self.room_changed)
        self.hiding = Button(kit, N_("Hide"), "eye-off", ButtonLook.TONAL).show_key(HIDE_KEY)
        self.hiding.clicked.connect(self.hide_asked)
        self.locking = Button(kit, N_("Lock"), "lock", on=self.lock_asked.emit).show_key(LOCK_KEY)
        self._left = QWidget()
        row(menus, STRETCH, gap=6, on=self._left)
        parts = (grown(self._left, 3), self.field, grown(self.busy, 2), self.hiding, self.locking)
        row(*parts, margins=(16, 0, 12, 1), on=self)
        self.setMinimumHeight(max(tokens.TOP_BAR, self.hiding.sizeHint().height() + 9))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        kit.translator.changed.connect(self._fit)

    def free_area(self) -> QRect:
        """Return the unused area between menus and Hide; it is empty while quick find is in use.

        The progress and its Cancel button keep their place.
        """
        if self.field.hasFocus():
            return QRect()
        left = self._left.x() + self.menus.sizeHint().width() + tokens.GRID
        right = (self.busy if self.busy.title else self.hiding).x() - tokens.GRID
        return QRect(QPoint(left, 0), QPoint(right, self.height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Announce another free area when the focus enters or leaves quick find."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.room_changed.emit()
        return bool(super().eventFilter(watched, event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Drop the keys if space is scarce, then the word of Lock, then the word of Hide."""
        for step in range(4):
            self.hiding.show_key(HIDE_KEY if step < 1 else "")
            self.locking.show_key(LOCK_KEY if step < 1 else "")
            self.locking.set_bare(is_bare=step >= 2)
            self.hiding.set_bare(is_bare=step >= 3)
            room = self.width() - _BAR_MARGINS - self._width_of(self.hiding, self.locking)
            if self._width_of(self.menus) + _LEAST_FOR_FIND + _LEAST_FOR_BUSY <= room:
                break
        wished = min(FIND_FIELD_WIDTH, room - self._width_of(self.menus) - _LEAST_FOR_BUSY)
        self.field.setFixedWidth(max(_NARROWEST_FIND, wished))
        left = room - self.field.width() - _LEAST_FOR_BUSY
        self._left.setMinimumWidth(max(0, min(self._width_of(self.menus), left)))

    @staticmethod
    def _width_of(*parts: QWidget) -> int:
        return sum(part.sizeHint().width() for part in parts)


# --- The progress of the worker's job

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
        parts = (STRETCH, grown(self._title, 100), self.cancel)
        row(*parts, gap=4, margins=(12, 0, 4, 0), on=self)
        self._soon = QTimer(self, singleShot=True, interval=SHOW_DELAY)
        self._soon.timeout.connect(self._on_soon)
        self._long = QTimer(self, singleShot=True, interval=CANCEL_DELAY)
        self._long.timeout.connect(self._on_long)
        self._tick = QTimer(self, interval=_REPAINT_INTERVAL)
        self._tick.timeout.connect(self._title.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_idle()
        kit.worker.began.connect(self._soon.start)
        kit.worker.turned.connect(self._on_turned)
        kit.worker.rested.connect(self.set_idle)

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
        job = self._kit.worker.job
        if job is not None and job.course is not None:
            self.cancel.setEnabled(not job.course.is_cancelled)
            self._fit()
            self.cancel.show()

    def _on_cancel_clicked(self) -> None:
        job = self._kit.worker.job
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
        job = self._kit.worker.job
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
        self._kit.translator.bind(self.set_text, message)

    def set_text(self, text: str) -> None:
        """Set the text, which is also the accessible name and the tooltip."""
        self.text = text
        self.setAccessibleName(text)
        set_tooltip(self, text)
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
        square = QRectF(0, round(area.center().y() - icons.MEDIUM / 2), icons.MEDIUM, icons.MEDIUM)
        theme.icons.paint(painter, "refresh-cw", theme.colours.text_muted, square)
        if area.width() < _NARROWEST_TEXT:
            return
        room = area.adjusted(icons.MEDIUM + _PROGRESS_GAP, 0, 0, 0)
        ink = theme.colours.text_muted
        painting.draw_text(painter, room, self.text, theme.font(TextStyle.SMALL), ink)
        self._paint_share(painter, room)

    def _paint_share(self, painter: QPainter, room: QRectF) -> None:
        job, colours = self._kit.worker.job, self._kit.theme.colours
        if job is None or job.course is None or not job.course.share:
            return
        trough = QRectF(room.left(), room.bottom() - _PROGRESS_LINE, room.width(), _PROGRESS_LINE)
        painting.draw_box(painter, trough, _PROGRESS_LINE / 2, colours.line)
        trough.setWidth(room.width() * min(1.0, job.course.share))
        painter.setPen(Qt.PenStyle.NoPen)
        painting.draw_box(painter, trough, _PROGRESS_LINE / 2, colours.accent)
