# SPDX-License-Identifier: GPL-3.0-or-later
"""What the worker is at, in the top bar: said after half a second, stoppable after two.

Short work shows nothing. The room is always kept, so nothing moves when the words come and go.
Nothing turns or blinks: a line grows where it is known how far the work is.
"""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from kfdesk.domain.schema import N_
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.words import Message

SOON = 500
LONG = 2000
_TICK = 200
_LINE = 3
_GAP = 8
_UNKNOWN = N_("One moment…")
_NARROWEST = 40
_MARGINS = 24


class Busy(QWidget):
    """The room for it. `cancel` stops what is being done, where that can be stopped.

    `turned` follows when it has begun, or ceased, to say something.
    """

    turned = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._title = _Title(kit)
        self.cancel = Button(kit, N_("Cancel"), "x").sized(tokens.CONTROL_COMPACT)
        self.cancel.clicked.connect(self._on_cancel_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 4, 0)
        row.setSpacing(4)
        row.addStretch(1)
        row.addWidget(self._title, 100)
        row.addWidget(self.cancel)
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._on_soon)
        self._long = QTimer(self, singleShot=True, interval=LONG)
        self._long.timeout.connect(self._on_long)
        self._tick = QTimer(self, interval=_TICK)
        self._tick.timeout.connect(self._title.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.rest()
        kit.work.began.connect(self._soon.start)
        kit.work.turned.connect(self._on_turned)
        kit.work.rested.connect(self.rest)

    @property
    def title(self) -> str:
        """What is said now; empty while nothing is."""
        return self._title.text if self._title.isVisible() else ""

    def rest(self) -> None:
        """Say nothing."""
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
            self._title.tell(N_("Stopping…"))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Another width may have no room for a word."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave the button's word away where it would cut what is being done."""
        self.cancel.set_bare(is_bare=False)
        wished = self._title.sizeHint().width() + self.cancel.sizeHint().width() + _MARGINS
        self.cancel.set_bare(is_bare=wished > self.width())

    def _say(self) -> None:
        job = self._kit.work.job
        self._title.tell((job.title if job else None) or _UNKNOWN)


class _Title(QWidget):
    """The words on one line, cut if there is no room, and the line that grows below them."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def tell(self, message: Message) -> None:
        """Say it, now and in every language."""
        self._kit.words.bind(self.set_text, message)

    def set_text(self, text: str) -> None:
        """Take the words; they are the name for those who listen, and the tooltip."""
        self.text = text
        self.setAccessibleName(text)
        self.setToolTip(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the whole."""
        font = self._kit.theme.font(Type.SMALL)
        width = paint.width(self.text, font) + icons.MEDIUM + _GAP
        return QSize(round(width) + 4, round(paint.height(font)) + 4 * _LINE)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The sign and a few letters."""
        return QSize(icons.MEDIUM, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Sign, words, and how far it is."""
        theme = self._kit.theme
        painter = QPainter(self)
        area = QRectF(self.rect())
        top = round(area.center().y() - icons.MEDIUM / 2)
        square = QRectF(0, top, icons.MEDIUM, icons.MEDIUM)
        theme.icons.paint(painter, "refresh-cw", theme.colours.text_muted, square)
        if area.width() < _NARROWEST:
            return
        room = area.adjusted(icons.MEDIUM + _GAP, 0, 0, 0)
        ink = theme.colours.text_muted
        paint.words(painter, room, self.text, theme.font(Type.SMALL), ink)
        self._paint_share(painter, room)

    def _paint_share(self, painter: QPainter, room: QRectF) -> None:
        job, colours = self._kit.work.job, self._kit.theme.colours
        if job is None or job.course is None or not job.course.share:
            return
        trough = QRectF(room.left(), room.bottom() - _LINE, room.width(), _LINE)
        paint.box(painter, trough, _LINE / 2, colours.line)
        trough.setWidth(room.width() * min(1.0, job.course.share))
        painter.setPen(Qt.PenStyle.NoPen)
        paint.box(painter, trough, _LINE / 2, colours.accent)
