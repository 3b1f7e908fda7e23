# SPDX-License-Identifier: GPL-3.0-or-later
"""The arrival receipt: its content from disclosed records, its sentences and its PDF.

What was not disclosed or is not known yet reads as empty and is written by hand. Nothing
shows where the journey goes on from there. Knows no store.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.style import (
    A5,
    BOLD,
    FOLD,
    GREY,
    INK,
    REGULAR,
    SEMIBOLD,
    Box,
    Item,
    Rule,
    Style,
    Symbol,
    TextLine,
)
from kfdesk.documents.layout.text import TextColumn, width_of
from kfdesk.documents.traveller.content import HeadComposer, sequence_number
from kfdesk.documents.typesetting import (
    Typesetter,
    disclosed_records,
    localized_line,
    localized_lines,
    missing_texts,
    one_line,
)
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.papers import PrintContext
from kfdesk.domain.records.journey import Handover, Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language

_ARRIVAL_PLACE = "arrival"


# --- content


@dataclass(frozen=True, slots=True)
class ArrivalReceipt:
    """Local time, place as text or as a HANDOVER_PLACE code, both names, and the items."""

    moment: datetime | None
    place: str
    kind: str
    giver: str
    receiver: str
    things: tuple[str, ...]


def build_receipt(what: Disclosed, language: str) -> ArrivalReceipt:
    """Build the receipt of the last handover, or of the planned arrival."""
    handovers = disclosed_records(what, Handover)
    handover = max(handovers, key=_handover_time) if handovers else None
    legs = sorted(disclosed_records(what, Leg), key=sequence_number)
    last = legs[-1] if legs else None
    happened = handover.happened if handover else None
    if not isinstance(happened, ZonedTime):
        happened = last.arrives if last else None
    kind = one_line(handover.place) if handover else ""
    is_at_stop = last is not None and kind in ("", _ARRIVAL_PLACE)
    receiver = one_line(handover.received_by) if handover else ""
    return ArrivalReceipt(
        moment=happened.wall if isinstance(happened, ZonedTime) else None,
        place=localized_line(last.to_stop, language) if is_at_stop and last else "",
        kind=kind,
        giver=one_line(handover.given_by) if handover else "",
        receiver=receiver or (localized_line(last.met_by, language) if last else ""),
        things=_handover_items(what, handover, language),
    )


def _handover_items(what: Disclosed, handover: Handover | None, language: str) -> tuple[str, ...]:
    """Return the items handed over, one a line, or the luggage while nothing has been."""
    told = localized_lines(handover.items, language) if handover else ()
    for plan in disclosed_records(what, Plan):
        told = told or localized_lines(plan.luggage, language)
    return told


def _handover_time(handover: Handover) -> datetime:
    happened = handover.happened
    return happened.wall if isinstance(happened, ZonedTime) else datetime.min  # noqa: DTZ901


PLACE_TEXTS: Mapping[str, str] = {
    "pick_up": N_("place of departure"),
    "departure_airport": N_("place of departure"),
    "transit": N_("on the way"),
    "arrival": N_("place of arrival"),
    "onward": N_("on the way"),
    "door": N_("at the door"),
}
"""The kind of place in neutral words, by its code in HANDOVER_PLACE."""


# --- sentences


def receipt_title(words: Language) -> str:
    """Return the name of the paper."""
    return words.gettext("Arrival receipt")


def time_and_place_caption(words: Language) -> str:
    """Return the caption of time and place."""
    return words.gettext("Time and place")


def place_kind(words: Language, kind: str) -> str:
    """Return the kind of place; empty if unknown."""
    return words.gettext(PLACE_TEXTS[kind]) if kind in PLACE_TEXTS else ""


def name_captions(words: Language) -> tuple[str, str]:
    """Return the captions of the two names."""
    return words.gettext("Handed over by"), words.gettext("Received by")


def items_heading(words: Language) -> str:
    """Return the heading of the items."""
    return words.gettext("Items")


def received_answers(words: Language) -> tuple[str, str]:
    """Return the two answers."""
    return words.gettext("received"), words.gettext("received with remarks:")


def signing_time_caption(words: Language) -> str:
    """Return the caption beside a signature."""
    return words.pgettext("of a signature", "time")


def receipt_sentences(words: Language) -> Iterator[str]:
    """Yield all fixed sentences of the receipt; the leak check allows them."""
    yield from (
        receipt_title(words),
        time_and_place_caption(words),
        *name_captions(words),
        items_heading(words),
    )
    yield from (*received_answers(words), signing_time_caption(words))
    yield from (place_kind(words, kind) for kind in PLACE_TEXTS)


# --- layout and PDF

_ITEM_PITCHES = (27.0, 23.0, 19.5)
"""The spacings that are tried, from the widest: the first that fits the page counts."""
_LEAST_ITEM_LINES = 5
_RECEIPT_BOX = 13.5
_HALF_SHARE = 0.535
_SIGNATURE_SPACE = 56.0
_HAIRLINE_STROKE = 0.7


def make_receipt(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the receipt as a PDF, in the ordered language.

    Raise KfdeskError `documents.…` if the texts do not fit, and `paper.incomplete` if the
    finished page lacks a name, the time or an item.
    """
    words, receipt = press.client(order.language), build_receipt(what, order.language)
    pdf = draw_receipt(receipt, words, press, is_draft=about.is_draft)
    said = [receipt.giver, receipt.receiver, receipt.place, *receipt.things]
    said += [words.clock(receipt.moment)] if receipt.moment else []
    if missing_texts(pdf, said):
        raise KfdeskError("paper.incomplete")
    return pdf


def draw_receipt(
    receipt: ArrivalReceipt, words: Language, press: Typesetter, *, is_draft: bool = False
) -> bytes:
    """Draw the receipt as a PDF; the same receipt gives the same bytes.

    Raise KfdeskError `documents.no_letter`, `documents.too_wide` or `documents.too_much`.
    """
    for pitch in _ITEM_PITCHES:
        setter = _ReceiptComposer(words, pitch, is_draft=is_draft)
        if setter.set(receipt) <= A5.bottom:
            canvas = PageCanvas(A5, words.code, press.icon)
            canvas.put(setter.items)
            canvas.end_page()
            return canvas.pdf()
    raise KfdeskError("documents.too_much")


class _ReceiptComposer:
    """Composes one receipt from top to bottom."""

    def __init__(self, words: Language, pitch: float, *, is_draft: bool) -> None:
        self._words = words
        self._pitch = pitch
        self._is_draft = is_draft
        self.items: list[Item] = []

    def set(self, receipt: ArrivalReceipt) -> float:
        """Compose the receipt and return the lower edge on the page."""
        words = self._words
        day = words.day(receipt.moment.date(), year=True) if receipt.moment else " "
        heads = HeadComposer(words, A5, "luggage", is_draft=self._is_draft)
        head = heads.line(receipt_title(words), day)
        self.items = list(head.items)
        place = receipt.place or place_kind(words, receipt.kind)
        hour = words.clock(receipt.moment) if receipt.moment else ""
        where = ", ".join(part for part in (hour, place) if part)
        y = self._add_caption(time_and_place_caption(words), where, (0, A5.measure), head.y)
        y = self._names(receipt, y)
        y = self._things(receipt.things, y + 24)
        return self._answers(receipt, y)

    def _add_caption(
        self, caption: str, text: str, at: tuple[float, float], y: float, *, is_name: bool = False
    ) -> float:
        """Add a caption with its text or a line to write on; return the lower edge.

        `at` is the offset from the margin and the width.
        """
        left, width = at
        column = TextColumn(A5.margin + left, width, y=y)
        column.add(caption, Style(REGULAR, A5.sizes.note, GREY), 1.85 * A5.sizes.note)
        style = Style(BOLD if is_name else SEMIBOLD, A5.sizes.place if is_name else A5.sizes.text)
        if text:
            column.add_fitted(text, style, 1.35 * style.size)
        else:
            column.y += 1.6 * style.size
            column.items.append(self._line(column.x, column.y, width))
        self.items += column.items
        return column.y

    def _names(self, receipt: ArrivalReceipt, y: float) -> float:
        """Add who hands over and who receives, with an arrow between."""
        giver, receiver = name_captions(self._words)
        half = _HALF_SHARE * A5.measure
        left = self._add_caption(giver, receipt.giver, (0, half - 70), y + 6, is_name=True)
        to = (half, A5.measure - half)
        right = self._add_caption(receiver, receipt.receiver, to, y + 6, is_name=True)
        arrow = Symbol("arrow-right", A5.margin + half - 52, left - 19, 26, INK)
        self.items.append(arrow)
        return max(left, right)

    def _things(self, things: tuple[str, ...], y: float) -> float:
        """Add a box before each item, and empty ones for further items."""
        style = Style(BOLD, A5.sizes.heading)
        heading = TextColumn(A5.margin, A5.measure, y=y)
        heading.add_fitted(items_heading(self._words), style, style.cap_height)
        y = heading.y + 8
        self.items += [*heading.items, Rule(A5.margin, y, across=A5.measure)]
        empty = max(1, _LEAST_ITEM_LINES - len(things))
        for thing in (*things, *[""] * empty):
            column = TextColumn(A5.margin + 2 * _RECEIPT_BOX, A5.measure - 2 * _RECEIPT_BOX, y=y)
            if thing:
                column.add(thing, Style(REGULAR, A5.sizes.text), 0.72 * self._pitch)
            tick = y + 0.72 * self._pitch - 0.36 * A5.sizes.text
            self.items += [
                *column.items,
                Box(A5.margin, tick - _RECEIPT_BOX / 2, _RECEIPT_BOX, _RECEIPT_BOX, 2, 0.9),
            ]
            y = max(column.y + 0.28 * self._pitch, y + self._pitch)
            self.items.append(self._line(column.x, y, column.width, FOLD))
        return y

    def _answers(self, receipt: ArrivalReceipt, y: float) -> float:
        """Add the two answers, lines for remarks, and two signature lines."""
        style = Style(SEMIBOLD, A5.sizes.text)
        whole, remarks = received_answers(self._words)
        y += 1.1 * self._pitch
        left = A5.margin
        for answer in (whole, remarks):
            tick = Box(
                left,
                y - style.cap_height / 2 - _RECEIPT_BOX / 2,
                _RECEIPT_BOX,
                _RECEIPT_BOX,
                2,
                0.9,
            )
            wide = width_of(answer, style)
            self.items += [tick, TextLine(answer, style, left + _RECEIPT_BOX + 7, y, wide)]
            left += _RECEIPT_BOX + wide + 48
        for _ in range(2):
            y += self._pitch
            self.items.append(self._line(A5.margin, y, A5.measure, FOLD))
        y += _SIGNATURE_SPACE
        half = _HALF_SHARE * A5.measure
        ends = ((0.0, half - 22, receipt.giver), (half, A5.measure - half, receipt.receiver))
        for left, width, name in ends:
            self._signature(A5.margin + left, y, width, name)
        return y + 16

    def _signature(self, x: float, y: float, width: float, name: str) -> None:
        hour = signing_time_caption(self._words)
        small, strong = Style(REGULAR, A5.sizes.note, GREY), Style(SEMIBOLD, A5.sizes.note)
        room = width - width_of(hour, small) - 8
        signed = TextColumn(x, room, y=y)
        if name:
            signed.add_fitted(name, strong, 1.35 * strong.size)
        self.items += [
            self._line(x, y, width),
            *signed.items,
            TextLine(hour, small, x, y + 1.35 * strong.size, width, "right"),
        ]

    def _line(self, x: float, y: float, width: float, colour: str = INK) -> Rule:
        return Rule(x, y, across=width, stroke=_HAIRLINE_STROKE, colour=colour)
