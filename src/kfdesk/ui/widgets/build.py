# SPDX-License-Identifier: GPL-3.0-or-later
"""The vocabulary of layouts: columns, rows, texts, headings and labelled controls.

A page lays itself out in one expression: `column(a, row(b, STRETCH, c), gap=8, on=self)`. Margins
are zero and gaps are given in pixels. `plural` and `filled` make the messages of sentences with
numbers and names. `on_escape` says what Esc does. Rows that wrap, cards and banners stand in
`layout`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from kfdesk.i18n.language import Language
from kfdesk.ui import icons
from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import Message, MessageFunction, PlaceholderFunction
from kfdesk.ui.widgets.text import Icon, Label

Margins = tuple[int, int, int, int]
"""Left, top, right and bottom, in pixels."""

NO_MARGINS: Margins = (0, 0, 0, 0)
LEFT = Qt.AlignmentFlag.AlignLeft
RIGHT = Qt.AlignmentFlag.AlignRight
TOP = Qt.AlignmentFlag.AlignTop
MIDDLE = Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter
HCENTRE = Qt.AlignmentFlag.AlignHCenter


@dataclass(frozen=True, slots=True)
class Space:
    """Empty room between the parts of a layout, with its share of what is left."""

    share: int = 1


STRETCH = Space()
"""Empty room that takes what is left."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A part with its share of the free room, and its alignment."""

    part: QWidget | QLayout
    share: int = 0
    align: Qt.AlignmentFlag | None = None


Part = QWidget | QLayout | Placed | Space | int
"""A widget, an inner layout, STRETCH, or a gap of so many pixels."""

_Box = TypeVar("_Box", bound=QBoxLayout)


def grown(part: QWidget | QLayout, share: int = 1) -> Placed:
    """Return the part with a share of the free room."""
    return Placed(part, share)


def aligned(part: QWidget | QLayout, align: Qt.AlignmentFlag) -> Placed:
    """Return the part with its own size, at this edge of its room."""
    return Placed(part, 0, align)


def fill(box: _Box, *parts: Part, gap: int = 0, margins: Margins = NO_MARGINS) -> _Box:
    """Append the parts to a layout, set its gap and margins, and return it."""
    box.setContentsMargins(*margins)
    box.setSpacing(gap)
    extend(box, *parts)
    return box


def extend(box: QBoxLayout, *parts: Part) -> None:
    """Append the parts to a layout that has its gap and its margins, such as a card's body."""
    for part in parts:
        append(box, part)


def append(box: QBoxLayout, part: Part) -> None:
    """Append one part to a layout."""
    if isinstance(part, Space):
        box.addStretch(part.share)
    elif isinstance(part, int):
        box.addSpacing(part)
    elif isinstance(part, Placed):
        _append_placed(box, part)
    elif isinstance(part, QWidget):
        box.addWidget(part)
    else:
        box.addLayout(part)


def _append_placed(box: QBoxLayout, placed: Placed) -> None:
    if isinstance(placed.part, QLayout):
        box.addLayout(placed.part, placed.share)
        if placed.align is not None:
            box.setAlignment(placed.part, placed.align)
    elif placed.align is not None:
        box.addWidget(placed.part, placed.share, placed.align)
    else:
        box.addWidget(placed.part, placed.share)


def column(
    *parts: Part, gap: int = 0, margins: Margins = NO_MARGINS, on: QWidget | None = None
) -> QVBoxLayout:
    """Return a layout with the parts below each other; it becomes the layout of `on`."""
    return fill(QVBoxLayout() if on is None else QVBoxLayout(on), *parts, gap=gap, margins=margins)


def row(
    *parts: Part, gap: int = 0, margins: Margins = NO_MARGINS, on: QWidget | None = None
) -> QHBoxLayout:
    """Return a layout with the parts side by side; it becomes the layout of `on`.

    A gap of -RESERVE at its begin lets a button begin where the labels above it do. Qt ignores
    negative margins.
    """
    return fill(QHBoxLayout() if on is None else QHBoxLayout(on), *parts, gap=gap, margins=margins)


def panel(layout: QLayout, ground: str = "none") -> QWidget:
    """Return a widget with this layout; `ground` names its background in the style sheet."""
    one = QWidget()
    one.setProperty("ground", ground)
    one.setLayout(layout)
    return one


# --- Texts


def text(
    kit: UiContext,
    message: Message = "",
    style: TextStyle = TextStyle.BODY,
    tone: Tone = Tone.PLAIN,
) -> Label:
    """Return a text that wraps."""
    return Label(kit, message, style, tone).wrapped()


def muted(kit: UiContext, message: Message = "", style: TextStyle = TextStyle.BODY) -> Label:
    """Return a text that wraps, in the colour of explanations."""
    return text(kit, message, style, Tone.MUTED)


def heading(
    kit: UiContext, message: Message, icon: str, *buttons: QWidget, tone: Tone = Tone.MUTED
) -> QHBoxLayout:
    """Return an icon and a heading that wraps, with buttons at the right."""
    words = grown(text(kit, message, TextStyle.HEADING))
    return row(Icon(kit, icon, tone, icons.NORMAL), words, *buttons, gap=9)


def labelled(kit: UiContext, message: Message, control: QWidget, *, gap: int = 4) -> QVBoxLayout:
    """Return a control below its label; the label becomes the control's accessible name."""
    kit.translator.bind(control.setAccessibleName, message)
    return column(Label(kit, message, TextStyle.LABEL), control, gap=gap)


# --- Sentences


def plural(one: str, many: str, count: int, **places: object) -> MessageFunction:
    """Return the message for `count`; `{count}` and `places` fill its placeholders."""
    return lambda language: language.plural(one, many, count, **places)


def filled(message: str, **places: PlaceholderFunction | object) -> MessageFunction:
    """Return the message with its placeholders filled: a callable gets the language."""

    def make(language: Language) -> str:
        values = {name: one(language) if callable(one) else one for name, one in places.items()}
        return language.gettext(message).format(**values)

    return make


# --- Keys


def put_behind(before: QWidget, *parts: QWidget) -> None:
    """Let Tab reach parts that were built later right after `before` and what is in it."""
    *_, last = (before, *tab_stops(before))
    for part in parts:
        for stop in tab_stops(part):
            QWidget.setTabOrder(last, stop)
            last = stop


def tab_stops(part: QWidget) -> list[QWidget]:
    """Return the part and what is in it, as far as Tab reaches it, in the order of building.

    A list that drops down is a window of its own.
    """
    inside, window = (part, *part.findChildren(QWidget)), part.window()
    there = (one for one in inside if one.window() is window)
    return [one for one in there if one.focusPolicy() & Qt.FocusPolicy.TabFocus]


class _EscapeFilter(QObject):
    """A filter that calls `act` when Esc reaches a widget and `when` holds."""

    def __init__(
        self, widget: QWidget, act: Callable[[], object], when: Callable[[], object]
    ) -> None:
        super().__init__(widget)
        self._act, self._when = act, when
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        if event.key() != Qt.Key.Key_Escape or not self._when():
            return False
        self._act()
        return True


def on_escape(
    widget: QWidget, act: Callable[[], object], when: Callable[[], object] = lambda: True
) -> None:
    """Call `act` on Esc in a widget or its children while `when` is true; else Esc goes on up."""
    _EscapeFilter(widget, act, when)
