# SPDX-License-Identifier: GPL-3.0-or-later
"""The page as it will be printed, fitted into the window, or a sentence why there is none yet.

Pictures come in and are held in memory while they are shown, and no longer. Knows no record.
"""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.panel import Badge
from kfdesk.ui.words import Message

_SMALLEST = QSize(240, 320)


class Preview(QFrame):
    """The panel: which page is shown, ways to the others, and the page."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self.setProperty("ground", "sunken")
        self._kit = kit
        self._pages: Sequence[bytes] = ()
        self._number = 0
        self._which = Chip(kit)
        self.back = Button(kit, N_("Page before"), "chevron-left").bared()
        self.forth = Button(kit, N_("Next page"), "chevron-right").bared()
        self.back.clicked.connect(self._on_back_clicked)
        self.forth.clicked.connect(self._on_forth_clicked)
        self.page = PageView(kit)
        self._reason = Label(kit, tone=Tone.MUTED).wrapped()
        self._reason.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._nothing = self._make_nothing()
        self._lay_out()
        self.show_reason(N_("Choose a plan, and its page stands here before it is printed."))

    def show_pages(self, pngs: Sequence[bytes]) -> None:
        """Show the first of these pages."""
        self._pages = pngs
        self._nothing.hide()
        self.page.show()
        self._turn_to(0)

    def show_reason(self, message: Message) -> None:
        """Show no page, but why there is none; the pictures are let go."""
        self._pages = ()
        self.page.show_picture(QPixmap())
        for part in (self._which, self.back, self.forth, self.page):
            part.hide()
        self._reason.tell(message)
        self._nothing.show()

    def _turn_to(self, number: int) -> None:
        self._number = number
        count = len(self._pages)
        picture = QPixmap()
        picture.loadFromData(self._pages[number], "PNG")
        self.page.show_picture(picture)
        self._which.tell(
            N_("Page {number} of {count}"), number=lambda _: number + 1, count=lambda _: count
        )
        self._which.show()
        for button, is_there in ((self.back, number > 0), (self.forth, number + 1 < count)):
            button.setVisible(count > 1)
            button.setEnabled(is_there)
        self._kit.words.bind(self.page.setAccessibleName, self._spoken)

    def _spoken(self, language: Language) -> str:
        preview = language.gettext(N_("Preview"))
        return f"{preview}, {self._which.text()}" if self._pages else preview

    def _make_nothing(self) -> QWidget:
        nothing = QWidget()
        column = QVBoxLayout(nothing)
        column.setSpacing(12)
        column.addStretch(1)
        column.addWidget(
            Badge(self._kit, "printer", is_round=True), 0, Qt.AlignmentFlag.AlignHCenter
        )
        column.addWidget(self._reason)
        column.addStretch(1)
        return nothing

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(tokens.GRID)
        head.addWidget(Label(self._kit, N_("Preview"), Type.HEADING))
        head.addWidget(self._which)
        head.addStretch(1)
        head.addWidget(self.back)
        head.addWidget(self.forth)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 12, 18, 16)
        column.setSpacing(tokens.GRID)
        column.addLayout(head)
        column.addWidget(self.page, 1)
        column.addWidget(self._nothing, 1)

    def _on_back_clicked(self) -> None:
        self._turn_to(self._number - 1)

    def _on_forth_clicked(self) -> None:
        self._turn_to(self._number + 1)


class PageView(QWidget):
    """One page, as large as it fits, on the white of its paper in light and dark alike."""

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self._picture = QPixmap()
        self.setMinimumSize(_SMALLEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_picture(self, picture: QPixmap) -> None:
        """Show this page; a null picture shows nothing."""
        self._picture = picture
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """The page in the middle, with a hairline round it."""
        if self._picture.isNull():
            return
        painter = QPainter(self)
        room = QSize(self.width() - 2, self.height() - 2)
        size = self._picture.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        dense = self.devicePixelRatioF()
        shown = self._picture.scaled(
            size * dense,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawPixmap(QRectF(left, top, size.width(), size.height()), shown, shown.rect())
        painter.setPen(QColor(self._kit.theme.colours.line))
        painter.drawRect(left - 1, top - 1, size.width() + 1, size.height() + 1)
