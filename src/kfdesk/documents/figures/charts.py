# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts on paper: the marks of `domain/figures/drawing.py` as items of a page.

Each tone has a light tint, so that the pattern of its series is seen in a copy, too. Knows no
record.
"""

from collections.abc import Iterator
from dataclasses import replace

from kfdesk.documents.layout.office import Block
from kfdesk.documents.layout.style import (
    INK,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Box,
    Dot,
    Item,
    PageFormat,
    Rule,
    Style,
    TextLine,
)
from kfdesk.documents.layout.text import width_of
from kfdesk.domain.figures.charts import Chart
from kfdesk.domain.figures.drawing import (
    ChartMark,
    DotMark,
    FillMark,
    LabelMark,
    LineMark,
    draw_chart,
)

_TINTS = (PETROL, "#DCE9EF", "#FBEBCB", "#D8EEE6", "#F5DDE2", "#DFE8F7")


def chart_block(chart: Chart, form: PageFormat) -> Block:
    """Compose a chart over the measure of a page."""
    drawn = draw_chart(chart, form.measure)
    items = (item for mark in drawn.marks for item in _items(mark, form.margin))
    return Block(tuple(items), drawn.height)


def shortened(text: str, style: Style, width: float) -> str:
    """Return a text that fits on one line, cut at its end if it must be."""
    line = " ".join(text.split())
    if width_of(line, style) <= width:
        return line
    while line and width_of(f"{line}…", style) > width:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _items(mark: ChartMark, left: float) -> Iterator[Item]:
    match mark:
        case FillMark():
            tint = _tint(mark.tone)
            yield Box(left + mark.x, mark.y, mark.width, mark.height, 0, 0.6, INK, tint)
        case LineMark():
            yield Rule(left + mark.x, mark.y, mark.across, mark.down, mark.weight, _tint(mark.tone))
        case DotMark():
            yield Dot(left + mark.x, mark.y, mark.radius, _tint(mark.tone))
        case LabelMark():
            style = Style(SEMIBOLD if mark.is_strong else REGULAR, mark.size)
            said = shortened(mark.text, style, mark.width)
            if said:
                line = TextLine(said, style, left + mark.x, mark.y, mark.width)
                yield replace(line, align="right") if mark.is_right else line


def _tint(tone: int) -> str:
    return _TINTS[tone] if tone < len(_TINTS) else INK
