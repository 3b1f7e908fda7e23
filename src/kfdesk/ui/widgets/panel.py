# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds other parts: cards, banners and the state of an empty list.

A card is a surface with a hairline and no shadow; one kind lists what waits. A banner is one
sentence on a soft ground with at most one action. An empty state says what is so and what is next.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from kfdesk.domain.errors import KfdeskError
from kfdesk.i18n.language import Language
from kfdesk.ui import icons, tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.words import Filling, Message

T = TypeVar("T")
_DISC = 44
_TILE = 52


def line() -> QFrame:
    """A hairline between rows."""
    rule = QFrame()
    rule.setProperty("ground", "line")
    rule.setFixedHeight(1)
    return rule


class Card(QFrame):
    """A surface for things that belong together; `body` is the layout to fill."""

    def __init__(self, padding: int = tokens.CARD_PADDING) -> None:
        super().__init__()
        self.setProperty("ground", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(tokens.GRID)

    def head(self, kit: Kit, message: Message, icon: str, tone: Tone = Tone.MUTED) -> QHBoxLayout:
        """Put an icon and a heading on top; what is added to the returned row stands right."""
        row = QHBoxLayout()
        row.setSpacing(9)
        row.addWidget(Icon(kit, icon, tone))
        row.addWidget(Label(kit, message, Type.HEADING))
        row.addStretch(1)
        self.body.addLayout(row)
        return row


class ShortList(Card):
    """A card with the first few things that wait, as lines; hidden while nothing does.

    The next one comes up when one is answered; how many more there are, stands below.
    """

    def __init__(self, kit: Kit, message: Message, icon: str, most: int) -> None:
        super().__init__()
        self._kit = kit
        self._most = most
        self.head(kit, message, icon, Tone.WARNING)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(tokens.GRID)
        self.body.addLayout(self._lines)
        self.hide()

    def fill(self, found: Sequence[T], make: Callable[[T], QWidget]) -> None:
        """Show the first of `found`, each as `make` gives it."""
        clear(self._lines)
        for one in found[: self._most]:
            self._lines.addWidget(make(one))
        if len(found) > self._most:
            words = partial(_more, len(found) - self._most)
            self._lines.addWidget(Label(self._kit, words, tone=Tone.MUTED))
        self.setVisible(bool(found))

    def line(self, what: Message, about: Message) -> Flow:
        """A line of two texts, to which buttons are added."""
        said = below(
            Label(self._kit, what, Type.STRONG).wrapped(),
            Label(self._kit, about, Type.SMALL, Tone.MUTED).wrapped(),
        )
        return Flow(said, fills=said)


def _more(count: int, language: Language) -> str:
    return language.ngettext("{count} more", "{count} more", count).format(count=count)


class _Soft(QFrame):
    """A soft ground in a tone."""

    def __init__(self, kit: Kit, tone: Tone) -> None:
        super().__init__()
        self._kit = kit
        self._tone = tone

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Only the ground; the parts paint themselves."""
        ground = self._tone.ground(self._kit.theme.colours)
        paint.box(QPainter(self), QRectF(self.rect()), tokens.RADIUS_ROW, ground)


class Banner(_Soft):
    """One thing that must be known: icon, sentence, perhaps what to do, perhaps one action.

    Where the words would have too little room beside the action, it stands below them.
    """

    def __init__(self, kit: Kit, tone: Tone, icon: str) -> None:
        super().__init__(kit, tone)
        self._icon = Icon(kit, icon, tone, icons.LARGE)
        self._title = Label(kit, style=Type.BUTTON).wrapped()
        self._under = Label(kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        said = below(self._title, self._under)
        self._flow = Flow(self._icon, said, gap=12, fills=said)
        around = QVBoxLayout(self)
        around.setContentsMargins(14, 8, 12, 8)
        around.addWidget(self._flow)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def tell(self, title: Message, under: Message = "", **places: Filling) -> None:
        """Say the sentence and, smaller, what more there is to know or to do."""
        self._title.tell(title, **places)
        self._under.tell(under, **places)
        self._under.setVisible(bool(under))

    def tell_fault(self, fault: KfdeskError) -> None:
        """Say the fault's sentence and its remedy, and be seen."""
        faults = self._kit.faults
        self.tell(
            lambda language: faults(fault, language)[0],
            lambda language: faults(fault, language)[1],
        )
        self.show()

    def show_look(self, tone: Tone, icon: str) -> None:
        """Change tone and icon, which go together."""
        self._tone = tone
        self._icon.show_icon(icon, tone)
        self.update()

    def act(self, button: Button) -> None:
        """Put the one action at the right, or below where there is too little room."""
        self._flow.add(button)


class Badge(QWidget):
    """An icon on a soft ground that marks what a page or an empty list is about."""

    def __init__(self, kit: Kit, icon: str, *, is_round: bool = False) -> None:
        super().__init__()
        self._kit = kit
        self._icon = icon
        side = _DISC if is_round else _TILE
        self._radius = side / 2 if is_round else tokens.RADIUS_CHIP
        self.setFixedSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Ground and icon."""
        theme = self._kit.theme
        painter = QPainter(self)
        paint.box(painter, QRectF(self.rect()), self._radius, theme.colours.accent_soft)
        size = icons.LARGE + 8 if self.width() == _TILE else icons.LARGE
        edge = (self.width() - size) / 2
        theme.icons.paint(painter, self._icon, theme.colours.accent, QRectF(edge, edge, size, size))


class Empty(QWidget):
    """An empty list: what is so, what is next, and one button that does it."""

    def __init__(self, kit: Kit, icon: str, title: Message, under: Message) -> None:
        super().__init__()
        heading = Label(kit, title, Type.HEADING)
        said = below(heading, Label(kit, under, tone=Tone.MUTED).wrapped())
        self._flow = Flow(Badge(kit, icon, is_round=True), said, gap=14, fills=said)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._flow)

    def act(self, button: Button) -> None:
        """Put the button beside the words, or below where there is too little room."""
        self._flow.add(button)


def scrolled(page: QWidget | None = None, least: int = 0) -> QScrollArea:
    """A page that goes up and down where it is higher than its room; one that may come later.

    `least` is what is always seen of it: with less, what it stands in has to scroll.
    """
    scroll = QScrollArea()
    scroll.setMinimumHeight(least)
    scroll.setWidgetResizable(True)
    if page is not None:
        scroll.setWidget(page)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return scroll


def below(*texts: QWidget) -> QWidget:
    """Texts below one another, as one part."""
    one = QWidget()
    column = QVBoxLayout(one)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    for text in texts:
        column.addWidget(text)
    return one


def clear(layout: QLayout) -> None:
    """Take every part out of a layout that is to be filled anew."""
    while (item := layout.takeAt(0)) is not None:
        if (part := item.widget()) is not None:
            part.hide()
            part.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)
