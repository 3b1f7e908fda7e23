# SPDX-License-Identifier: GPL-3.0-or-later
"""Safe tables and charts on the screen; the marks of a chart are those of the paper.

They show what they get, and know no service.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from kfdesk.domain.figures.cells import FigureTable
from kfdesk.domain.figures.charts import Chart, CountChart, EstimateChart, count_chart
from kfdesk.domain.figures.drawing import (
    INK,
    ChartMark,
    DotMark,
    FillMark,
    LabelMark,
    LineMark,
    draw_chart,
)
from kfdesk.i18n.figures import category_name, table_rows, table_title, variable_name
from kfdesk.i18n.language import Language
from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import TextStyle, Tone
from kfdesk.ui.translator import fixed_text
from kfdesk.ui.widgets.build import TOP, aligned, column, text
from kfdesk.ui.widgets.layout import CardFrame, SideBySide
from kfdesk.ui.widgets.text import Label

_LEAST_WIDTH = 320
_POINTS_TO_PIXELS = 1.3
_MAX_ROWS = 60
_SIDE_BY_SIDE = 760  # pixels


class ChartView(QWidget):
    """A chart. Screen readers read its rows."""

    def __init__(self, kit: UiContext, chart: Chart) -> None:
        super().__init__()
        self._kit = kit
        self.chart = chart
        self._scale = _POINTS_TO_PIXELS * kit.theme.letters / 100
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(chart.title)
        self.setAccessibleDescription("; ".join(chart_lines(chart)))

    def sizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH * 2, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH, self._height)

    @property
    def _height(self) -> int:
        return round(draw_chart(self.chart, _LEAST_WIDTH).height * self._scale) + 1

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self._scale, self._scale)
        for mark in draw_chart(self.chart, self.width() / self._scale).marks:
            self._paint(painter, mark)

    def _paint(self, painter: QPainter, mark: ChartMark) -> None:
        ink = QColor(self._colour(INK))
        match mark:
            case FillMark():
                painter.setPen(QPen(ink, 0.6))
                painter.setBrush(QColor(self._colour(mark.tone)))
                painter.drawRect(QRectF(mark.x, mark.y, mark.width, mark.height))
            case LineMark():
                painter.setPen(QPen(QColor(self._colour(mark.tone)), mark.weight))
                start = QPointF(mark.x, mark.y)
                painter.drawLine(start, start + QPointF(mark.across, mark.down))
            case DotMark():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(self._colour(mark.tone)))
                painter.drawEllipse(QPointF(mark.x, mark.y), mark.radius, mark.radius)
            case LabelMark():
                self._paint_label(painter, mark, ink)

    def _paint_label(self, painter: QPainter, mark: LabelMark, ink: QColor) -> None:
        style = TextStyle.STRONG if mark.is_strong else TextStyle.BODY
        font = QFont(self._kit.theme.font(style))
        font.setPixelSize(round(mark.size))
        shown = QFontMetricsF(font).elidedText(mark.text, Qt.TextElideMode.ElideRight, mark.width)
        painter.setFont(font)
        painter.setPen(ink)
        across = QFontMetricsF(font).horizontalAdvance(shown)
        x = mark.x + mark.width - across if mark.is_right else mark.x
        painter.drawText(QPointF(x, mark.y), shown)

    def _colour(self, tone: int) -> str:
        colours = self._kit.theme.colours
        tones = (
            colours.accent, colours.accent_soft, colours.warning_soft, colours.success_soft,
            colours.danger_soft, colours.info_soft,
        )  # fmt: skip
        return colours.text if tone >= len(tones) else tones[tone]


def chart_lines(chart: Chart) -> list[str]:
    """Return the rows of a chart as lines of text."""
    if isinstance(chart, CountChart):
        return [f"{row.label}: {', '.join(map(str, row.counts))}" for row in chart.rows]
    if isinstance(chart, EstimateChart):
        return [f"{one.label}: {one.low}–{one.high}" for one in chart.ranges]
    return [f"{one.label}: {one.number}" for one in chart.cases]


class FigureCard(CardFrame):
    """A safe table with its chart beside it; below each other if there is little room."""

    def __init__(self, kit: UiContext, table: FigureTable, language: Language) -> None:
        super().__init__()
        title = table_title(table, language)
        self.grid = _make_grid(kit, table, language)
        shown = QWidget()
        heading = Label(kit, fixed_text(title), TextStyle.HEADING)
        column(heading, aligned(self.grid, TOP), gap=8, on=shown)
        chart = count_chart(table, title, lambda name, part: category_name(name, part, language))
        if chart is None:
            self.body.addWidget(shown)
            return
        beside = QWidget()
        column(ChartView(kit, chart), on=beside)
        parts = ((shown, 1), (beside, 1))
        self.body.addWidget(SideBySide(kit.theme, *parts, least=_SIDE_BY_SIDE, gap=24))


def _make_grid(kit: UiContext, table: FigureTable, language: Language) -> QWidget:
    inside = QWidget()
    grid = QGridLayout(inside)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(4)
    for place, name in enumerate(table.variables):
        head = Label(kit, fixed_text(variable_name(name, language)), TextStyle.LABEL, Tone.MUTED)
        grid.addWidget(head, 0, place)
    for line, (names, count) in enumerate(table_rows(table, language)[:_MAX_ROWS], start=1):
        for place, said in enumerate(names):
            grid.addWidget(text(kit, fixed_text(said)), line, place)
        number = Label(kit, fixed_text(count), TextStyle.STRONG)
        grid.addWidget(number, line, len(names), Qt.AlignmentFlag.AlignRight)
    grid.setColumnStretch(0, 1)
    return inside
