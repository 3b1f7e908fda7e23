# SPDX-License-Identifier: GPL-3.0-or-later
"""The arrival receipt on A5: hour and place, two names, things to tick, remarks, signatures.

What is empty is a line to write on. Raises where the things do not fit; nothing is cut.
"""

from kfdesk.documents.drawing.canvas import PageCanvas
from kfdesk.documents.drawing.items import Frame, Item, Line, Rule, Symbol
from kfdesk.documents.drawing.text_fit import Stack, width_of
from kfdesk.documents.drawing.type_scale import (
    A5,
    BOLD,
    FOLD,
    GREY,
    INK,
    REGULAR,
    SEMIBOLD,
    Style,
)
from kfdesk.documents.press import Press
from kfdesk.documents.read_back import lacking
from kfdesk.documents.receipt import words as receipt_words
from kfdesk.documents.receipt.records import Receipt, receipt_of
from kfdesk.documents.traveller.head import HeadSetter
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.about import About
from kfdesk.domain.papers.order import Order
from kfdesk.i18n.language import Language

_PITCHES = (27.0, 23.0, 19.5)
"""How far apart the things stand: as far as the page allows."""
_LEAST_LINES = 5
_TICK = 13.5
_HALF = 0.535
_SIGNED = 56.0
_HAIR = 0.7


def make_receipt(order: Order, what: Disclosed, _about: About, press: Press) -> bytes:
    """The receipt as a PDF, in the language that was ordered.

    Raises KfdeskError `documents.…` where the texts do not fit, and `paper.incomplete` where the
    finished page lacks a name, the hour or a thing.
    """
    words, receipt = press.program(order.language), receipt_of(what, order.language)
    pdf = draw_receipt(receipt, words, press)
    said = [receipt.giver, receipt.receiver, receipt.place, *receipt.things]
    said += [words.clock(receipt.moment)] if receipt.moment else []
    if lacking(pdf, said):
        raise KfdeskError("paper.incomplete")
    return pdf


def draw_receipt(receipt: Receipt, words: Language, press: Press) -> bytes:
    """The receipt as a PDF; the same receipt gives the same bytes.

    Raises `documents.no_letter`, `documents.too_wide` or `documents.too_much`.
    """
    for pitch in _PITCHES:
        setter = _Setter(words, pitch)
        if setter.set(receipt) <= A5.bottom:
            canvas = PageCanvas(A5, words.code, press.icon)
            canvas.put(setter.items)
            canvas.end_page()
            return canvas.pdf()
    raise KfdeskError("documents.too_much")


class _Setter:
    """Sets one receipt from top to bottom."""

    def __init__(self, words: Language, pitch: float) -> None:
        self._words = words
        self._pitch = pitch
        self.items: list[Item] = []

    def set(self, receipt: Receipt) -> float:
        """Set it all; how far down the page it reaches."""
        words = self._words
        day = words.day(receipt.moment.date(), year=True) if receipt.moment else " "
        head = HeadSetter(words, A5, "luggage").line(receipt_words.title(words), day)
        self.items = list(head.items)
        place = receipt.place or receipt_words.place(words, receipt.kind)
        hour = words.clock(receipt.moment) if receipt.moment else ""
        where = ", ".join(part for part in (hour, place) if part)
        y = self._said(receipt_words.time_and_place(words), where, (0, A5.measure), head.y)
        y = self._names(receipt, y)
        y = self._things(receipt.things, y + 24)
        return self._answers(receipt, y)

    def _said(
        self, caption: str, text: str, at: tuple[float, float], y: float, *, is_name: bool = False
    ) -> float:
        """A caption and what it says, or a line to write on; `at` is from the margin, and wide."""
        left, width = at
        column = Stack(A5.margin + left, width, y=y)
        column.add(caption, Style(REGULAR, A5.sizes.note, GREY), 1.85 * A5.sizes.note)
        style = Style(BOLD if is_name else SEMIBOLD, A5.sizes.place if is_name else A5.sizes.text)
        if text:
            column.add_fitted(text, style, 1.35 * style.size)
        else:
            column.y += 1.6 * style.size
            column.items.append(self._line(column.x, column.y, width))
        self.items += column.items
        return column.y

    def _names(self, receipt: Receipt, y: float) -> float:
        """Who hands over and who receives, with an arrow between."""
        giver, receiver = receipt_words.ends(self._words)
        half = _HALF * A5.measure
        left = self._said(giver, receipt.giver, (0, half - 70), y + 6, is_name=True)
        to = (half, A5.measure - half)
        right = self._said(receiver, receipt.receiver, to, y + 6, is_name=True)
        arrow = Symbol("arrow-right", A5.margin + half - 52, left - 19, 26, INK)
        self.items.append(arrow)
        return max(left, right)

    def _things(self, things: tuple[str, ...], y: float) -> float:
        """A box before each thing, and an empty one to write another."""
        style = Style(BOLD, A5.sizes.heading)
        heading = Stack(A5.margin, A5.measure, y=y)
        heading.add_fitted(receipt_words.things(self._words), style, style.cap_height)
        y = heading.y + 8
        self.items += [*heading.items, Rule(A5.margin, y, across=A5.measure)]
        empty = max(1, _LEAST_LINES - len(things))
        for thing in (*things, *[""] * empty):
            column = Stack(A5.margin + 2 * _TICK, A5.measure - 2 * _TICK, y=y)
            if thing:
                column.add(thing, Style(REGULAR, A5.sizes.text), 0.72 * self._pitch)
            tick = y + 0.72 * self._pitch - 0.36 * A5.sizes.text
            self.items += [
                *column.items,
                Frame(A5.margin, tick - _TICK / 2, _TICK, _TICK, 2, 0.9),
            ]
            y = max(column.y + 0.28 * self._pitch, y + self._pitch)
            self.items.append(self._line(column.x, y, column.width, FOLD))
        return y

    def _answers(self, receipt: Receipt, y: float) -> float:
        """Received, or with remarks; lines for these; and two lines to sign on."""
        style = Style(SEMIBOLD, A5.sizes.text)
        whole, remarks = receipt_words.received(self._words)
        y += 1.1 * self._pitch
        left = A5.margin
        for answer in (whole, remarks):
            tick = Frame(left, y - style.cap_height / 2 - _TICK / 2, _TICK, _TICK, 2, 0.9)
            wide = width_of(answer, style)
            self.items += [tick, Line(answer, style, left + _TICK + 7, y, wide)]
            left += _TICK + wide + 48
        for _ in range(2):
            y += self._pitch
            self.items.append(self._line(A5.margin, y, A5.measure, FOLD))
        y += _SIGNED
        half = _HALF * A5.measure
        ends = ((0.0, half - 22, receipt.giver), (half, A5.measure - half, receipt.receiver))
        for left, width, name in ends:
            self._signature(A5.margin + left, y, width, name)
        return y + 16

    def _signature(self, x: float, y: float, width: float, name: str) -> None:
        hour = receipt_words.hour(self._words)
        small, strong = Style(REGULAR, A5.sizes.note, GREY), Style(SEMIBOLD, A5.sizes.note)
        room = width - width_of(hour, small) - 8
        signed = Stack(x, room, y=y)
        if name:
            signed.add_fitted(name, strong, 1.35 * strong.size)
        self.items += [
            self._line(x, y, width),
            *signed.items,
            Line(hour, small, x, y + 1.35 * strong.size, width, "right"),
        ]

    def _line(self, x: float, y: float, width: float, colour: str = INK) -> Rule:
        return Rule(x, y, across=width, stroke=_HAIR, colour=colour)
