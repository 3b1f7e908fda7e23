# SPDX-License-Identifier: GPL-3.0-or-later
"""How a long paper comes onto pages: nothing split, nothing lost, heads said again."""

from dataclasses import replace

import pytest

from kfdesk.documents.layout.office import (
    MOST_LINES_IN_BLOCK,
    Block,
    CellText,
    PaperPart,
    PaperTable,
    StatusMark,
    add_titles,
    begin_page,
    draw_mark,
    join_columns,
    paginate,
    share_columns,
    stack_blocks,
)
from kfdesk.documents.layout.style import OFFICE, REGULAR, Item, Rule, Style, TextLine
from kfdesk.domain.errors import KfdeskError

pytestmark = pytest.mark.usefixtures("press")  # its fonts measure

STYLE = Style(REGULAR, 10.5)


def block(name: str, height: float = 30) -> Block:
    return Block((TextLine(name, STYLE, 60, 10, 200),), height)


def names(pages: list[list[Item]]) -> list[list[str]]:
    return [[item.text for item in page if isinstance(item, TextLine)] for page in pages]


def rows(count: int) -> tuple[Block, ...]:
    return tuple(block(f"row {number}") for number in range(count))


def test_rows_that_do_not_fit_go_on_under_the_head_said_again() -> None:
    part = PaperPart(block("head"), rows(5), block("again"))
    assert names(paginate([part], 100, 220)) == [
        ["head", "row 0", "row 1", "row 2"],
        ["again", "row 3", "row 4"],
    ]


def test_head_is_never_left_alone_at_the_foot_of_a_page() -> None:
    first = PaperPart(block("first"), rows(1))
    second = PaperPart(block("second"), rows(1), gap=10)
    assert names(paginate([first, second], 100, 215)) == [["first", "row 0"], ["second", "row 0"]]


def test_what_stands_above_a_head_is_said_where_the_part_begins_a_page_alone() -> None:
    first = PaperPart(block("first"), rows(1), above=block("titles"))
    second = PaperPart(block("second"), rows(1), above=block("titles"), gap=0)
    third = PaperPart(block("third"), rows(1), above=block("titles"), gap=0)
    assert names(paginate([first, second, third], 100, 215)) == [
        ["first", "row 0"],
        ["titles", "second", "row 0"],
        ["titles", "third", "row 0"],
    ]


def test_part_that_is_whole_is_not_shared_out_if_a_page_holds_it() -> None:
    first = PaperPart(block("first"), rows(1), gap=0)
    whole = PaperPart(block("whole"), rows(2), gap=0, is_whole=True)
    assert len(paginate([first, whole], 100, 220)) == 2
    assert names(paginate([first, whole], 100, 220))[1] == ["whole", "row 0", "row 1"]
    too_high = PaperPart(block("whole"), rows(9), gap=0, is_whole=True)
    assert names(paginate([first, too_high], 100, 220))[0] == ["first", "row 0", "whole", "row 0"]


def test_part_that_starts_a_page_does_so_but_leaves_none_empty() -> None:
    page = PaperPart(block("page"), starts_page=True)
    assert names(paginate([page, page], 100, 220)) == [["page"], ["page"]]


def test_heading_of_a_page_never_stands_without_its_first_row() -> None:
    last = PaperPart(block("last", 40), gap=0)
    part = begin_page(block("page"), PaperPart(block("head"), rows(1), block("again"), gap=5))
    flowing = replace(part, starts_page=False)
    assert names(paginate([last, part], 100, 220)) == [["last"], ["page", "head", "row 0"]]
    assert names(paginate([last, flowing], 100, 220)) == [["last"], ["page", "head", "row 0"]]
    assert names(paginate([last, flowing], 100, 270)) == [["last", "page", "head", "row 0"]]


def test_gap_stands_between_parts_and_not_above_the_first() -> None:
    parts = [PaperPart(block("one"), gap=7), PaperPart(block("two"), gap=7)]
    (page,) = paginate(parts, 100, 400)
    assert [item.y for item in page if isinstance(item, TextLine)] == [110, 147]


def test_row_that_no_page_holds_is_refused() -> None:
    with pytest.raises(KfdeskError, match="too_much"):
        paginate([PaperPart(block("head"), (block("row", 500),))], 100, 220)


def test_blocks_stand_below_or_beside_each_other() -> None:
    below = stack_blocks([block("one"), block("two")], gap=5)
    assert below.height == 65
    assert [item.y for item in below.items if isinstance(item, TextLine)] == [10, 45]
    assert join_columns(block("one"), block("two", 44)).height == 44
    assert join_columns().height == 0


def table(*shares: float) -> PaperTable:
    return PaperTable(OFFICE, share_columns(OFFICE, *shares))


def test_row_is_as_high_as_its_longest_cell_and_ends_in_a_hairline() -> None:
    short, long = CellText("kort", STYLE), CellText("en lång text " * 12, STYLE)
    (one,) = table(1, 1).row([[short], [short]])
    (two,) = table(1, 1).row([[short], [long]])
    assert two.height > one.height
    assert [item.y for item in two.items if isinstance(item, Rule)] == [two.height]


def test_very_long_row_goes_on_in_several_blocks() -> None:
    text = " ".join(f"rad{number}" for number in range(600))
    found = table(1, 3).row([[CellText("en", STYLE)], [CellText(text, STYLE)]], StatusMark.OPEN)
    assert len(found) > 1
    lines = [[i for i in each.items if isinstance(i, TextLine)] for each in found]
    assert all(len(each) <= MOST_LINES_IN_BLOCK + 1 for each in lines)
    said = " ".join(line.text for each in lines for line in each if line.x > OFFICE.margin)
    assert said == text


def test_blank_has_a_line_to_write_on() -> None:
    (blank,) = table(1).row([[CellText("inte tillfrågad", STYLE, is_blank=True)]])
    (plain,) = table(1).row([[CellText("inte tillfrågad", STYLE)]])
    count = [sum(isinstance(i, Rule) for i in each.items) for each in (blank, plain)]
    assert count == [2, 1]


def test_table_without_titles_has_no_head() -> None:
    assert table(1, 1).head().height == 0
    headed = PaperTable(OFFICE, add_titles(share_columns(OFFICE, 1, 1), ("Ett", "Två")))
    assert [i.text for i in headed.head().items if isinstance(i, TextLine)] == ["Ett", "Två"]


def test_columns_fill_the_measure() -> None:
    columns = share_columns(OFFICE, 2, 1, 1, gap=10, left=20)
    assert columns[0].x == 20
    assert columns[-1].x + columns[-1].width == pytest.approx(OFFICE.measure)


def test_no_mark_is_drawn_as_another() -> None:
    drawn = {
        kind: tuple(
            (type(item).__name__, getattr(item, "name", "")) for item in draw_mark(kind, 0, 0)
        )
        for kind in StatusMark
    }
    assert len(set(drawn.values())) == len(drawn)
