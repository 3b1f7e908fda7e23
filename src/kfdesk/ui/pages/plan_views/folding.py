# SPDX-License-Identifier: GPL-3.0-or-later
"""A card that folds: its head is a button, and below it is what one need not always see.

Closed it says in a few words what it holds, so that nothing is hidden that one would miss. Knows
no record.
"""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Card
from kfdesk.ui.words import Filling, Message

_GAP = 9
_STATES = {True: N_("unfolded"), False: N_("folded")}


class FoldHead(QPushButton):
    """The head: icon, heading, and an arrow that shows which way it goes."""

    def __init__(self, kit: Kit, title: Message, icon: str) -> None:
        super().__init__()
        self._kit = kit
        self._icon = icon
        self._title = title
        self.setCheckable(True)
        self.setFont(kit.theme.font(Type.HEADING))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        kit.words.bind(self.setText, title)
        self.toggled.connect(self._on_toggled)
        self._on_toggled()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for the ring around icon, heading and arrow."""
        words = paint.width(self.text(), self.font())
        width = round(words) + icons.NORMAL + icons.MEDIUM + 2 * _GAP + 2 * tokens.RESERVE
        return QSize(width + 1, max(tokens.TARGET, self.fontMetrics().height()) + 8)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """The heading is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Icon, heading, arrow, ring."""
        theme = self._kit.theme
        painter = QPainter(self)
        area = QRectF(self.rect())
        ink = theme.colours.accent if self.underMouse() else theme.colours.text
        top = round((area.height() - icons.NORMAL) / 2)
        left = float(tokens.RESERVE)
        square = QRectF(left, top, icons.NORMAL, icons.NORMAL)
        theme.icons.paint(painter, self._icon, theme.colours.text_muted, square)
        left += icons.NORMAL + _GAP
        width = paint.width(self.text(), self.font())
        paint.words(painter, QRectF(left, 0, width, area.height()), self.text(), self.font(), ink)
        left += round(width) + _GAP
        top = round((area.height() - icons.MEDIUM) / 2)
        arrow = "chevron-down" if self.isChecked() else "chevron-right"
        square = QRectF(left, top, icons.MEDIUM, icons.MEDIUM)
        theme.icons.paint(painter, arrow, theme.colours.text_muted, square)
        if self.hasFocus():
            paint.ring(painter, area, tokens.RADIUS_CONTROL, theme.colours.focus)

    def _on_toggled(self) -> None:
        self._kit.words.bind(self.setAccessibleName, self._spoken)

    def _spoken(self, language: Language) -> str:
        state = language.gettext(_STATES[self.isChecked()])
        return f"{self._kit.words.say(self._title)}, {state}"


class FoldingCard(Card):
    """A card with such a head; `inside` is the layout to fill."""

    def __init__(self, kit: Kit, title: Message, icon: str) -> None:
        super().__init__()
        self.fold = FoldHead(kit, title, icon)
        self._said = Label(kit, tone=Tone.MUTED).wrapped()
        self._body = QWidget()
        self.inside = QVBoxLayout(self._body)
        self.inside.setContentsMargins(0, 4, 0, 0)
        head = QHBoxLayout()
        head.setContentsMargins(-tokens.RESERVE, 0, 0, 0)
        head.setSpacing(16)
        head.addWidget(self.fold)
        head.addWidget(self._said, 1)
        self.body.addLayout(head)
        self.body.addWidget(self._body)
        self._body.hide()
        self.fold.toggled.connect(self._on_toggled)

    @property
    def is_open(self) -> bool:
        """Whether what is inside can be seen."""
        return self.fold.isChecked()

    def set_open(self, *, is_open: bool) -> None:
        """Open or close it."""
        self.fold.setChecked(is_open)

    def say(self, message: Message, **places: Filling) -> None:
        """Say beside the head, while it is closed, what is inside."""
        self._said.tell(message, **places)

    def _on_toggled(self, is_open: bool) -> None:
        self._body.setVisible(is_open)
        self._said.setVisible(not is_open)
