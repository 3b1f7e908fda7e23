# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds other parts: cards, banners and the state of an empty list.

A card is a surface with a hairline and no shadow; one kind lists what waits. A banner is one
sentence on a soft ground with at most one action. An empty state says what is so and what is next.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from typing import TypeVar

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QShowEvent
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


class _Told(QFrame):
    """A sign, words, and buttons beside them. Sign and words are made when they are first seen.

    Most of these a page has ready and never shows; a button is there at once, for the keyboard.
    """

    def __init__(self, kit: Kit, gap: int) -> None:
        super().__init__()
        self._kit = kit
        self._gap = gap
        self._is_made = False
        self._around = QVBoxLayout(self)

    def act(self, button: Button) -> None:
        """Put one more button at the right, or below where there is too little room."""
        self._flow.add(button)

    def setVisible(self, visible: bool) -> None:  # noqa: N802 - Qt's
        """Be made before a place is found for it."""
        if visible:
            self._make()
        super().setVisible(visible)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Be made also where it is seen with what it stands in."""
        self._make()
        super().showEvent(event)

    @cached_property
    def _flow(self) -> Flow:
        flow = Flow(gap=self._gap)
        self._around.addWidget(flow)
        return flow

    def _make(self) -> None:
        if not self._is_made:
            self._is_made = True
            self._flow.lead(*self._parts())
            self._flow.show()

    def _parts(self) -> tuple[QWidget, QWidget]:
        """The sign and the words."""
        raise NotImplementedError


class Banner(_Told):
    """One thing that must be known: icon, sentence, perhaps what to do, perhaps one action.

    Where the words would have too little room beside the action, it stands below them.
    """

    def __init__(self, kit: Kit, tone: Tone, icon: str) -> None:
        super().__init__(kit, gap=12)
        self._tone = tone
        self._icon = icon
        self._told: tuple[Message, Message, Mapping[str, Filling]] = ("", "", {})
        self._words: tuple[Icon, Label, Label] | None = None
        self._around.setContentsMargins(14, 8, 12, 8)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Only the ground; the parts paint themselves."""
        ground = self._tone.ground(self._kit.theme.colours)
        paint.box(QPainter(self), QRectF(self.rect()), tokens.RADIUS_ROW, ground)

    def tell(self, title: Message, under: Message = "", **places: Filling) -> None:
        """Say the sentence and, smaller, what more there is to know or to do."""
        self._told = title, under, places
        self._say()

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
        self._tone, self._icon = tone, icon
        if self._words is not None:
            self._words[0].show_icon(icon, tone)
        self.update()

    def _parts(self) -> tuple[QWidget, QWidget]:
        icon = Icon(self._kit, self._icon, self._tone, icons.LARGE)
        title = Label(self._kit, style=Type.BUTTON).wrapped()
        under = Label(self._kit, style=Type.SMALL, tone=Tone.MUTED).wrapped()
        self._words = icon, title, under
        said = below(title, under)
        self._say()
        return icon, said

    def _say(self) -> None:
        if self._words is None:
            return
        (_, title, under), (sentence, more, places) = self._words, self._told
        title.tell(sentence, **places)
        under.tell(more, **places)
        under.setVisible(bool(more))


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


class Empty(_Told):
    """An empty list: what is so, what is next, and one button that does it."""

    def __init__(self, kit: Kit, icon: str, title: Message, under: Message) -> None:
        super().__init__(kit, gap=14)
        self._about = icon, title, under
        self._around.setContentsMargins(0, 0, 0, 0)

    def _parts(self) -> tuple[QWidget, QWidget]:
        icon, title, under = self._about
        more = Label(self._kit, under, tone=Tone.MUTED).wrapped()
        words = below(Label(self._kit, title, Type.HEADING), more)
        return Badge(self._kit, icon, is_round=True), words


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
