# SPDX-License-Identifier: GPL-3.0-or-later
"""The marks of a chart, drawn once for screen and paper.

All lengths are in the unit of the width that is asked for, from the top left corner. A mark has no
colour, only the number of its tone; beside its tone each series has a pattern, so that a copy in
black and white says the same. Whoever paints the marks shortens labels that are too wide.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

from kfdesk.domain.figures.charts import (
    Chart,
    ChartForm,
    CountChart,
    EstimateChart,
    RegisteredChart,
)

LABEL_SHARE = 0.3
LONG_LABEL_SHARE = 0.42
"""The part of the width that labels take; those of others' numbers are longer."""
NUMBER_WIDTH = 74.0
TONES = 6
INK = TONES
"""The tone of lines and letters."""
_ROW, _BAR = 24.0, 15.0
_TITLE, _LEGEND = 24.0, 18.0
_LETTERS, _SMALL = 10.0, 9.0
_STEP = 4.0  # between the lines or dots of a pattern
_COURSE_HEIGHT = 130.0
_MAX_ROWS = 60


@dataclass(frozen=True, slots=True)
class FillMark:
    """A filled rectangle with a thin outline."""

    x: float
    y: float
    width: float
    height: float
    tone: int


@dataclass(frozen=True, slots=True)
class LineMark:
    """A straight line, across or down."""

    x: float
    y: float
    across: float
    down: float
    weight: float = 0.8
    tone: int = INK


@dataclass(frozen=True, slots=True)
class DotMark:
    """A filled disc."""

    x: float
    y: float
    radius: float
    tone: int = INK


@dataclass(frozen=True, slots=True)
class LabelMark:
    """A line of text on the baseline `y`, in the box from `x` to `x + width`."""

    text: str
    x: float
    y: float
    width: float
    size: float = _LETTERS
    is_right: bool = False
    is_strong: bool = False


ChartMark = FillMark | LineMark | DotMark | LabelMark


@dataclass(frozen=True, slots=True)
class ChartDrawing:
    """The marks of a chart, and the room that they need."""

    width: float
    height: float
    marks: tuple[ChartMark, ...]


def draw_chart(chart: Chart, width: float) -> ChartDrawing:
    """Return the marks of a chart in this width; of very long charts the first rows."""
    pen = _Drawing(width, LABEL_SHARE if isinstance(chart, CountChart) else LONG_LABEL_SHARE)
    marks: list[ChartMark] = []
    if chart.title:
        marks.append(LabelMark(chart.title, 0, 12, width, 11, is_strong=True))
    y = _TITLE if chart.title else 0.0
    if isinstance(chart, CountChart) and chart.form is ChartForm.LINES:
        marks += pen.course(chart, y)
        return ChartDrawing(width, y + _COURSE_HEIGHT + _ROW, tuple(marks))
    if isinstance(chart, CountChart) and chart.series:
        marks += pen.legend(chart, y)
        y += _LEGEND * -(-len(chart.series) // pen.legend_columns)
    match chart:
        case CountChart():
            count, drawn = len(chart.rows), pen.bars(chart, y)
        case EstimateChart():
            count, drawn = len(chart.ranges), pen.ranges(chart, y)
        case _:
            count, drawn = len(chart.cases), pen.cases(chart, y)
    down = min(count, _MAX_ROWS) * _ROW
    marks += [*drawn, LineMark(pen.left, y, 0, down)]
    return ChartDrawing(width, y + down + 6, tuple(marks))


def _share(number: int, most: int) -> float:
    return number / most if most else 0.0


@dataclass(frozen=True, slots=True)
class _Drawing:
    width: float
    label_share: float
    legend_columns: int = 3

    @property
    def left(self) -> float:
        return self.width * self.label_share

    @property
    def room(self) -> float:
        return self.width - self.left - NUMBER_WIDTH

    def bars(self, chart: CountChart, top: float) -> Iterator[ChartMark]:
        most = max((sum(row.counts) for row in chart.rows), default=0)
        for place, row in enumerate(chart.rows[:_MAX_ROWS]):
            y = top + place * _ROW
            yield self._label(row.label, y)
            ends = [0, *accumulate(row.counts)]
            for series, (begin, end) in enumerate(pairwise(ends)):
                if end > begin:
                    x = self.left + self.room * _share(begin, most)
                    across = self.room * _share(end - begin, most)
                    yield from patterned(x, y + (_ROW - _BAR) / 2, across, series)
            yield self._number(str(ends[-1]), self.room * _share(ends[-1], most), y)

    def ranges(self, chart: EstimateChart, top: float) -> Iterator[ChartMark]:
        most = max((one.high for one in chart.ranges), default=0)
        for place, one in enumerate(chart.ranges[:_MAX_ROWS]):
            y = top + place * _ROW
            yield self._label(one.label, y)
            begin, end = self.room * _share(one.low, most), self.room * _share(one.high, most)
            middle = y + _ROW / 2
            for at in (begin, end):
                yield LineMark(self.left + at, middle - 5, 0, 10, 1.4)
            yield LineMark(self.left + begin, middle, end - begin, 0, 3, 0)
            told = str(one.low) if one.low == one.high else f"{one.low}–{one.high}"
            yield self._number(told, end, y)

    def cases(self, chart: RegisteredChart, top: float) -> Iterator[ChartMark]:
        most = max((one.number for one in chart.cases), default=0)
        for place, one in enumerate(chart.cases[:_MAX_ROWS]):
            y = top + place * _ROW
            yield self._label(one.label, y)
            across = self.room * _share(one.number, most)
            yield from patterned(self.left, y + (_ROW - _BAR) / 2, across, 3)
            yield self._number(str(one.number), across, y)

    def course(self, chart: CountChart, top: float) -> Iterator[ChartMark]:
        """Yield a line through the totals: it goes in steps, as nothing lies between periods."""
        rows = chart.rows[:_MAX_ROWS]
        most = max((row.counts[0] for row in rows), default=0)
        base = top + _COURSE_HEIGHT
        yield LineMark(0, base, self.width, 0)
        wide = self.width / max(len(rows), 1)
        before: float | None = None
        for place, row in enumerate(rows):
            x, y = place * wide, base - (_COURSE_HEIGHT - 20) * _share(row.counts[0], most)
            yield LineMark(x + 4, y, wide - 8, 0, 2, 0)
            if before is not None:
                yield LineMark(x, min(before, y), 0, abs(before - y), 0.6)
            yield DotMark(x + wide / 2, y, 3, 0)
            yield LabelMark(
                str(row.counts[0]), x + wide / 2 + 5, y - 4, wide / 2 - 6, is_strong=True
            )
            yield LabelMark(row.label, x + 4, base + 14, wide - 6, _SMALL)
            before = y

    def legend(self, chart: CountChart, top: float) -> Iterator[ChartMark]:
        wide = self.width / self.legend_columns
        for series, text in enumerate(chart.series):
            row, column = divmod(series, self.legend_columns)
            x, y = column * wide, top + row * _LEGEND
            yield from patterned(x, y, 20, series, 11)
            yield LabelMark(text, x + 26, y + 9, wide - 32, _SMALL)

    def _label(self, text: str, y: float) -> LabelMark:
        return LabelMark(text, 0, y + _ROW / 2 + 3.5, self.left - 8, is_right=True)

    def _number(self, text: str, across: float, y: float) -> LabelMark:
        return LabelMark(
            text, self.left + across + 6, y + _ROW / 2 + 3.5, NUMBER_WIDTH - 6, is_strong=True
        )


def patterned(
    x: float, y: float, across: float, series: int, height: float = _BAR
) -> Iterator[ChartMark]:
    """Yield a bar with the tone and the pattern of its series: plain, lines, dots or a grid."""
    yield FillMark(x, y, across, height, series % TONES)
    pattern = series % 5
    if pattern in (1, 4):
        lines = int((height - 1) // _STEP)
        yield from (LineMark(x, y + n * _STEP, across, 0, 0.5) for n in range(1, lines + 1))
    if pattern in (2, 4):
        columns = int((across - 1) // _STEP)
        yield from (LineMark(x + n * _STEP, y, 0, height, 0.5) for n in range(1, columns + 1))
    if pattern == 3:
        rows, columns = int((height - 1) // _STEP), int((across - 1) // _STEP)
        for row in range(1, rows + 1):
            for column in range(1, columns + 1):
                yield DotMark(x + column * _STEP, y + row * _STEP, 0.7)
