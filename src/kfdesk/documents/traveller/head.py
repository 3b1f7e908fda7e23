# SPDX-License-Identifier: GPL-3.0-or-later
"""The head of a sheet, or of a quarter of one: its title, its facts, and the traveller's name.

Knows neither the journey nor what stands below.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kfdesk.documents.drawing.items import Item, Rule
from kfdesk.documents.drawing.text_fit import SIGN_GAP, Sign, Stack, width_of
from kfdesk.documents.drawing.type_scale import (
    BOLD,
    FOLD,
    GREY,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Format,
    Style,
)
from kfdesk.documents.traveller import words as traveller_words
from kfdesk.i18n.language import Language

_ABOVE = 0.56
_BELOW = 0.65
_FACTS = 1.4
_MARK = 11.0
_MARK_STROKE = 0.6


@dataclass(frozen=True, slots=True)
class Head:
    """The items of a head, and how far down the page it reaches."""

    items: list[Item]
    y: float


@dataclass(frozen=True, slots=True)
class HeadSetter:
    """Sets heads in one language, on one size of paper; `icon` stands before the title.

    What stands above the names is also said in the `second` language, if there is one.
    """

    words: Language
    form: Format
    icon: str = ""
    second: Language | None = None

    def line(self, title: str, facts: str) -> Head:
        """A title on the left and facts on the right, or below where they do not fit beside it.

        Raises `documents.no_letter` or `documents.too_wide`.
        """
        style = Style(SEMIBOLD, self.form.sizes.title)
        size = 1.2 * style.size
        sign = Sign(self.icon, size, PETROL) if self.icon else None
        indent = size + SIGN_GAP if sign else 0.0
        left = self._column(indent)
        right = Stack(self.form.margin, self.form.measure, "right", y=left.y)
        room = self.form.measure - width_of(facts, style) - indent - style.size
        is_beside = all(width_of(word, style) <= room for word in title.split())
        left.width = room if is_beside else left.width
        left.add_fitted(title, Style(SEMIBOLD, style.size, PETROL), style.cap_height, sign=sign)
        right.y = right.y if is_beside else left.y
        right.add(facts, style, style.cap_height if is_beside else _FACTS * style.size)
        y = max(left.y, right.y) + _BELOW * style.size
        rule = Rule(self.form.margin, y, across=self.form.measure)
        return Head([*left.items, *right.items, rule], y)

    def named(self, names: Sequence[str], facts: str) -> Head:
        """The head of a first sheet: title, facts, and the names as on the tickets."""
        head, sizes = self.line(traveller_words.title(self.words), facts), self.form.sizes
        column = self._column(0)
        column.y = head.y
        spoken = filter(None, (self.words, self.second))
        caption = " · ".join(traveller_words.name_caption(one, len(names)) for one in spoken)
        column.add(caption, Style(REGULAR, sizes.caption, GREY), 1.66 * sizes.caption)
        name = Style(BOLD, sizes.name)
        column.add_fitted(self.words.listing(names), name, 1.26 * sizes.name)
        return Head([*head.items, *column.items], column.y + 0.9 * sizes.name)

    def _column(self, indent: float) -> Stack:
        form, sizes = self.form, self.form.sizes
        top = form.margin - _ABOVE * sizes.title
        width = form.measure - indent
        return Stack(form.margin + indent, width, y=top, smallest=sizes.smallest)


def fold_marks(form: Format) -> list[Item]:
    """Small strokes at the edges of a page that is folded twice."""
    middle, fold = form.width / 2, form.fold
    right, foot = form.width - _MARK, form.height - _MARK
    return [
        Rule(0, fold, across=_MARK, stroke=_MARK_STROKE, colour=FOLD),
        Rule(right, fold, across=_MARK, stroke=_MARK_STROKE, colour=FOLD),
        Rule(middle, 0, down=_MARK, stroke=_MARK_STROKE, colour=FOLD),
        Rule(middle, foot, down=_MARK, stroke=_MARK_STROKE, colour=FOLD),
    ]
