# SPDX-License-Identifier: GPL-3.0-or-later
"""The texts of the book on paper: no line of a paragraph stands alone above or below a break."""

import pytest

from kfdesk.documents.book.flow import FlowSetter, FlowSizes
from kfdesk.documents.layout.style import TextLine
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.book.blocks import BookBox, BookList, BookListItem, BookParagraph, Span

SIZES = FlowSizes(10, 14, 12, 8)
WORDS = (Span("wort " * 200),)


@pytest.mark.parametrize(
    "part", [BookParagraph(WORDS), BookList((BookListItem(0, "1.", WORDS),))], ids=["text", "list"]
)
def test_first_and_last_lines_of_a_text_stay_together(
    press: Typesetter, part: BookParagraph | BookList
) -> None:
    blocks = list(FlowSetter(0, 200, SIZES).blocks(part))
    lines = [
        {round(item.y, 1) for item in block.items if isinstance(item, TextLine)} for block in blocks
    ]
    assert [len(heights) for heights in lines] == [2, *[1] * (len(lines) - 2), 2]
    assert len(lines) > 4


def test_short_text_in_a_box_is_never_parted(press: Typesetter) -> None:
    part = BookBox((BookParagraph((Span("drei kurze Zeilen " * 5),)),))
    blocks = list(FlowSetter(0, 200, SIZES).blocks(part))
    written = [one for one in blocks if any(isinstance(item, TextLine) for item in one.items)]
    assert len(written) == 1
