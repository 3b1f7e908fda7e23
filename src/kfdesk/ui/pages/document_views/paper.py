# SPDX-License-Identifier: GPL-3.0-or-later
"""What a page is shown on: a picture that can be scrolled, or a text that can only be read.

Nothing can be taken from here: no selection, no copying, no dragging out, no menu. Knows no store.
"""

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from kfdesk.domain.desk.content import Sight
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Type
from kfdesk.ui.widgets import paint

ZOOMS = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
"""How much wider than the room a page may be shown."""

WHOLE = ZOOMS.index(1.0)
_EDGE = 8
_BYTES = 3


class _Picture(QWidget):
    """One page, at the size it is given."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.image = QImage()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The page, with a hairline round it."""
        if self.image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self.image)
        painter.setPen(QColor(self._kit.theme.colours.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class PicturePaper(QFrame):
    """A picture of a page in an area that scrolls by mouse and arrow keys."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.setProperty("ground", "sunken")
        self.picture = _Picture(kit)
        self.area = QScrollArea()
        self.area.setWidget(self.picture)
        self.area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.viewport().setAutoFillBackground(False)
        self.picture.setAutoFillBackground(False)
        corner = QWidget()  # the style's own has a mark in it
        corner.setProperty("ground", "none")
        self.area.setCornerWidget(corner)
        self.area.installEventFilter(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        column.addWidget(self.area)
        self.setFocusProxy(self.area)

    @property
    def room(self) -> int:
        """How wide a page may be to be seen whole."""
        bar = self.area.verticalScrollBar().sizeHint().width()
        return max(1, self.area.width() - bar - 2)

    def show_sight(self, sight: Sight, width: int) -> None:
        """Show a page `width` pixels wide, and its top first."""
        shown = QImage(
            sight.pixels, sight.width, sight.height, _BYTES * sight.width,
            QImage.Format.Format_RGB888,
        )  # fmt: skip
        self.show_image(shown.copy(), width)  # what was handed in may be let go

    def show_image(self, image: QImage, width: int) -> None:
        """The same for a page that is a picture already."""
        self.picture.image = image
        self.widen(width)
        self.picture.update()
        self.area.verticalScrollBar().setValue(0)

    def widen(self, width: int) -> None:
        """Show the same page `width` pixels wide, where one had come to in it."""
        image = self.picture.image
        if not image.isNull():
            height = max(1, width * image.height() // image.width())
            self.picture.setFixedSize(QSize(max(1, width), height))

    def let_go(self) -> None:
        """Hold nothing any more."""
        self.picture.image = QImage()
        self.picture.setFixedSize(QSize(1, 1))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """The ring comes and goes with the keyboard."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Ground, and a ring while the keyboard is here."""
        super().paintEvent(event)
        if self.area.hasFocus():
            colour = self._kit.theme.colours.focus
            paint.ring(QPainter(self), QRectF(self.rect()), tokens.RADIUS_ROW, colour)


class TextPaper(QPlainTextEdit):
    """A text to read, scrolled by mouse and keys."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setFont(kit.theme.font(Type.BODY))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """The arrows scroll; every other key is the page's."""
        bar = self.verticalScrollBar()
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in steps:
            bar.setValue(bar.value() + steps[Qt.Key(event.key())])
        else:
            event.ignore()
