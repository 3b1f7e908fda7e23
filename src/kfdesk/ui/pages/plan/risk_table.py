# SPDX-License-Identifier: GPL-3.0-or-later
"""The risks as a picture and as a table: 5×5 matrices, and a row for each rated risk.

`RiskMatrix` draws likelihood up and severity across, with a numbered disc for each risk. Every
cell shows its score and is described in words, so no colour is needed to read it; the arrow keys
move between the cells. `RiskMatrixCard` shows both sides and the table below.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import product

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QStyleOptionViewItem, QWidget

from kfdesk.domain.codes.risk import (
    LIKELIHOOD,
    MITIGATION_STATUS,
    RISK_CATEGORY,
    RISK_LEVEL,
    SEVERITY,
)
from kfdesk.domain.message_marks import N_
from kfdesk.domain.risk import (
    CategoryRating,
    MatrixCell,
    RiskLevel,
    RiskRating,
    RiskState,
    RiskStatus,
    highest_level,
    level_for_score,
    line_answer,
    rate_line,
)
from kfdesk.domain.values import Value
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import (
    item_text,
    localized_text,
    origins_text,
    risk_status_text,
    unknown_text,
)
from kfdesk.services.plans.risk import AssessmentVersion, PlanRisks
from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import CARD_PADDING, Colours, TextStyle, Tone
from kfdesk.ui.translator import Message, MessageFunction
from kfdesk.ui.widgets import build, painting
from kfdesk.ui.widgets.buttons import PaintedButton
from kfdesk.ui.widgets.inputs import ChoiceBox
from kfdesk.ui.widgets.layout import CardFrame, FlowBox, SideBySide, group_widgets, make_hairline
from kfdesk.ui.widgets.table import CELL_ROLE, ColumnSpec, Index, RowDelegate, TableCell, TableView
from kfdesk.ui.widgets.text import Chip, Label

# --- The matrix

MATRIX_SIZE = 5
MAX_DISCS = 4
"""The most discs in a cell; of more risks, three discs and the number of the others."""

_CELL_HEIGHT = 38
_CELL_GAP = 2
_MIN_CELL_WIDTH = 50
_CELL_RADIUS = 4
_SCORE_SPACE = _LARGE_DISC = 24
_AFTER_LABEL = 10
_WRAP = Qt.TextFlag.TextWordWrap.value
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CHOOSING_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_ARROW_STEPS = {
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_Down: (-1, 0),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Left: (0, -1),
}


class RiskMatrix(QWidget):
    """A risk matrix.

    `walked` reports that the current cell changed. `chosen` reports Enter, Space, or a click in a
    cell. Screen readers find a button in each cell.
    """

    walked = Signal(object)
    chosen = Signal(object)

    def __init__(self, kit: UiContext, name: Message) -> None:
        super().__init__()
        self._kit = kit
        self._name = name
        self._discs: Mapping[MatrixCell, Sequence[int]] = {}
        self.current = MatrixCell(MATRIX_SIZE, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._buttons = {cell: PaintedButton(self) for cell in _all_cells()}
        for cell, button in self._buttons.items():
            button.clicked.connect(partial(self._choose, cell))
        kit.translator.bind(self.setAccessibleName, name)
        kit.translator.changed.connect(self._on_words_changed)
        self._on_words_changed()

    def show_discs(self, discs: Mapping[MatrixCell, Sequence[int]]) -> None:
        """Show these numbers in their cells."""
        self._discs = discs
        self._name_cells()
        self._update_description()
        self.update()

    def go_to(self, cell: MatrixCell) -> None:
        """Make a cell the current one."""
        self.current = cell
        self._update_description()
        self.update()

    def cell_text(self, cell: MatrixCell, language: Language) -> str:
        """Return a cell in words: `Likely, severe: 16, very high. Risk 1, 3`."""
        words = language.gettext(N_("{likelihood}, {severity}: {score}, {level}"))
        likelihood, severity = tuple(LIKELIHOOD.values()), tuple(SEVERITY.values())
        sentence = words.format(
            likelihood=language.gettext(likelihood[cell.likelihood - 1]),
            severity=language.gettext(severity[cell.severity - 1]).lower(),
            score=cell.score,
            level=language.gettext(RISK_LEVEL[cell.level.code]).lower(),
        )
        numbers = self._discs.get(cell, ())
        if not numbers:
            return sentence
        risks = language.ngettext("Risk {numbers}", "Risks {numbers}", len(numbers))
        return f"{sentence}. {risks.format(numbers=', '.join(map(str, numbers)))}"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrow keys, choose with Enter or Space; leave keys with Alt to the page."""
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        elif key in _ARROW_STEPS:
            up, right = _ARROW_STEPS[key]
            self._step(self.current.likelihood + up, self.current.severity + right)
        elif key in _CHOOSING_KEYS:
            self.chosen.emit(self.current)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for cell in _all_cells():
            if self._area(cell).contains(event.position()):
                self._choose(cell)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_cells()

    def sizeHint(self) -> QSize:
        width = self._label_width() + MATRIX_SIZE * (self._least + _CELL_GAP)
        return QSize(round(width), round(MATRIX_SIZE * (self._row + _CELL_GAP) + self._foot()))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_labels(painter)
        for cell in _all_cells():
            self._paint_cell(painter, cell)
        if self.hasFocus():
            area = self._area(self.current)
            painting.draw_focus_ring(painter, area, _CELL_RADIUS, self._kit.theme.colours.focus)

    def _choose(self, cell: MatrixCell, _is_on: bool = False) -> None:
        self._step(cell.likelihood, cell.severity)
        self.chosen.emit(cell)

    def _place_cells(self) -> None:
        for cell, button in self._buttons.items():
            button.setGeometry(self._area(cell).toRect())

    def _name_cells(self) -> None:
        for cell, button in self._buttons.items():
            button.setAccessibleName(self.cell_text(cell, self._kit.translator.language))

    def _step(self, likelihood: int, severity: int) -> None:
        if 1 <= likelihood <= MATRIX_SIZE and 1 <= severity <= MATRIX_SIZE:
            self.go_to(MatrixCell(likelihood, severity))
            self.walked.emit(self.current)

    def _update_description(self) -> None:
        def describe(language: Language) -> str:
            return self.cell_text(self.current, language)

        self._kit.translator.bind(self.setAccessibleDescription, describe)

    def _on_words_changed(self) -> None:
        self.setFixedHeight(
            self.sizeHint().height()
        )  # at once, even if the page has not been laid out yet
        self._name_cells()
        self._place_cells()
        self.updateGeometry()
        self.update()

    # Geometry

    @property
    def _row(self) -> float:
        return max(_CELL_HEIGHT, painting.text_height(self._font(TextStyle.SMALL)) * 2 + 4)

    @property
    def _least(self) -> int:
        return self._kit.theme.scaled(_MIN_CELL_WIDTH)

    def _label_width(self) -> float:
        """Return the width of the labels on the left, broken into two lines."""
        font = self._font(TextStyle.SMALL)
        words = (_longer_half(text) for text in self._likelihoods())
        return max(painting.text_width(word, font) for word in words) + _AFTER_LABEL

    def _foot(self) -> float:
        return 2 * painting.text_height(self._font(TextStyle.SMALL)) + 8

    def _area(self, cell: MatrixCell) -> QRectF:
        left, wide = self._label_width(), self._width()
        return QRectF(
            left + (cell.severity - 1) * (wide + _CELL_GAP),
            (MATRIX_SIZE - cell.likelihood) * (self._row + _CELL_GAP),
            wide,
            self._row,
        )

    def _width(self) -> float:
        return max(self._least, (self.width() - self._label_width()) / MATRIX_SIZE - _CELL_GAP)

    def _severities(self) -> list[str]:
        """Return the labels below, or their numbers if one is wider than its column."""
        words = [self._kit.translator.translate(label) for label in SEVERITY.values()]
        widest = max(
            painting.longest_word_width(word, self._font(TextStyle.SMALL)) for word in words
        )
        is_wide = widest <= self._width() + 2 * _CELL_GAP
        return words if is_wide else [str(place + 1) for place in range(MATRIX_SIZE)]

    def _likelihoods(self) -> list[str]:
        return [self._kit.translator.translate(label) for label in LIKELIHOOD.values()]

    def _font(self, style: TextStyle) -> QFont:
        return self._kit.theme.font(style)

    # Painting

    def _paint_labels(self, painter: QPainter) -> None:
        painter.setFont(self._font(TextStyle.SMALL))
        painter.setPen(QColor(self._kit.theme.colours.text_muted))
        for place, text in enumerate(self._likelihoods(), start=1):
            row = self._area(MatrixCell(place, 1))
            area = QRectF(0, row.top(), row.left() - _AFTER_LABEL, row.height())
            painter.drawText(area, int(_RIGHT) | _WRAP, text)
        top = MATRIX_SIZE * (self._row + _CELL_GAP) + 4
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        for place, text in enumerate(self._severities(), start=1):
            column = self._area(MatrixCell(1, place))
            area = QRectF(
                column.left() - _CELL_GAP, top, column.width() + 2 * _CELL_GAP, self._foot() - 4
            )
            painter.drawText(area, int(flags) | _WRAP, text)

    def _paint_cell(self, painter: QPainter, cell: MatrixCell) -> None:
        colours, area = self._kit.theme.colours, self._area(cell)
        painting.draw_box(painter, area, _CELL_RADIUS, risk_level_colour(colours, cell.level))
        painter.setFont(self._font(TextStyle.SMALL))
        painter.setPen(QColor(risk_level_text_colour(colours, cell.level)))
        painter.drawText(area.adjusted(0, 0, -6, 0), _RIGHT, str(cell.score))
        numbers = list(self._discs.get(cell, ()))
        texts = [str(number) for number in numbers[:MAX_DISCS]]
        if len(numbers) > MAX_DISCS:
            texts = [*texts[: MAX_DISCS - 1], f"+{len(numbers) - MAX_DISCS + 1}"]
        places = _disc_places(area, len(texts), self._kit.theme.scaled(100) / 100)
        for text, centre, size in zip(texts, *places, strict=True):
            paint_number_disc(painter, self._kit, text, centre, size)


def risk_level_colour(colours: Colours, level: RiskLevel) -> str:
    """Return the colour of a level."""
    return str(getattr(colours, f"risk_{level.code}"))


def risk_level_text_colour(colours: Colours, level: RiskLevel) -> str:
    """Return the text colour on the colour of a level."""
    return str(getattr(colours, f"on_risk_{level.code}"))


def paint_score(painter: QPainter, kit: UiContext, area: QRectF, score: int) -> None:
    """Paint a score on the colour of its level."""
    colours, level = kit.theme.colours, level_for_score(score)
    painting.draw_box(painter, area, _CELL_RADIUS, risk_level_colour(colours, level))
    painter.setFont(kit.theme.font(TextStyle.SMALL_STRONG))
    painter.setPen(QColor(risk_level_text_colour(colours, level)))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(score))


def paint_number_disc(
    painter: QPainter, kit: UiContext, text: str, centre: QPointF, size: float
) -> None:
    """Paint a number in a ring on the page's background, readable on every colour."""
    colours = kit.theme.colours
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(colours.surface))
    painter.setPen(QPen(QColor(colours.text), 1.5))
    painter.drawEllipse(centre, size / 2 - 0.75, size / 2 - 0.75)
    font = QFont(kit.theme.font(TextStyle.SMALL_STRONG))
    if size < kit.theme.scaled(_LARGE_DISC) - 1:
        font.setPointSizeF(font.pointSizeF() * 0.82)
    painter.setFont(font)
    box = QRectF(centre.x() - size / 2, centre.y() - size / 2, size, size)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _disc_places(area: QRectF, count: int, scale: float = 1.0) -> tuple[list[QPointF], list[float]]:
    """Return the centres and sizes of `count` discs in a cell, left of its score."""
    middle = area.left() + (area.width() - _SCORE_SPACE * scale) / 2 + 3
    if count <= 1:
        return [QPointF(middle, area.center().y())] * count, [_LARGE_DISC * scale] * count
    centre, by, small = area.center().y(), 9.0 * scale, 17.5 * scale
    if count == 2:
        return [QPointF(middle - by, centre), QPointF(middle + by, centre)], [small] * 2
    offsets = ((-by, -by), (by, -by), (-by, by), (by, by))[:count]
    return [QPointF(middle + x, centre + y) for x, y in offsets], [small] * count


def _longer_half(text: str) -> str:
    """Return the longer line of a text that is broken at its best place into two."""
    words = text.split()
    lines = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words) + 1))
    return min((max(pair, key=len) for pair in lines), key=len, default="")


def _all_cells() -> list[MatrixCell]:
    steps = range(1, MATRIX_SIZE + 1)
    return [MatrixCell(likelihood, severity) for likelihood, severity in product(steps, steps)]


# --- The table of risks

RISK_LEVEL_LOOKS: Mapping[RiskLevel, tuple[Tone, str]] = {
    RiskLevel.LOW: (Tone.ACCENT, "circle-check"),
    RiskLevel.MODERATE: (Tone.WARNING, "triangle-alert"),
    RiskLevel.HIGH: (Tone.DANGER, "circle-alert"),
    RiskLevel.VERY_HIGH: (Tone.DANGER, "octagon-alert"),
}
_MITIGATION_LOOKS: Mapping[str, tuple[Tone, str]] = {
    "proposed": (Tone.MUTED, "circle-dashed"),
    "agreed": (Tone.INFO, "circle-dot"),
    "in_place": (Tone.SUCCESS, "circle-check"),
    "failed": (Tone.DANGER, "circle-alert"),
}
_NUMBER_DISC, _SCORE_WIDTH, _SCORE_HEIGHT, _ARROW_WIDTH = 24, 28, 22, 22
_LEVEL_PADDING = 10


@dataclass(frozen=True, slots=True)
class NumberCell(TableCell):
    """A cell with a number in a disc."""


@dataclass(frozen=True, slots=True)
class ScoreCell(TableCell):
    """A cell with two scores, before and after the measures; None without a score."""

    scores: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True)
class LevelCell(TableCell):
    """A cell with a level as a chip."""

    level: RiskLevel = RiskLevel.HIGH


class RiskRowDelegate(RowDelegate):
    """A row delegate that also paints discs, scores and levels."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        cell = index.data(CELL_ROLE)
        hint = super().sizeHint(option, index)
        if isinstance(cell, NumberCell):
            return QSize(_NUMBER_DISC + 24, hint.height())
        if isinstance(cell, LevelCell):
            return QSize(hint.width() + 2 * _LEVEL_PADDING, hint.height())
        if isinstance(cell, ScoreCell) and None not in cell.scores:
            return QSize(2 * _SCORE_WIDTH + _ARROW_WIDTH + 16, hint.height())
        return hint

    def paint_cell(self, painter: QPainter, area: QRectF, cell: TableCell, ink: str) -> None:
        """Paint a disc, two scores with an arrow, or text."""
        first, second = cell.scores if isinstance(cell, ScoreCell) else (None, None)
        if isinstance(cell, NumberCell):
            centre = QPointF(area.left() + _NUMBER_DISC / 2, area.center().y())
            paint_number_disc(painter, self._kit, cell.text, centre, _NUMBER_DISC)
        elif isinstance(cell, LevelCell):
            paint_level(painter, self._kit, area, cell)
        elif first is not None and second is not None:
            top = round(area.center().y() - _SCORE_HEIGHT / 2)
            box = QRectF(area.left(), top, _SCORE_WIDTH, _SCORE_HEIGHT)
            paint_score(painter, self._kit, box, first)
            arrow = QRectF(box.right() + 4, top + 4, 14, 14)
            self._kit.theme.icons.paint(painter, "arrow-right", ink, arrow)
            paint_score(painter, self._kit, box.translated(_SCORE_WIDTH + _ARROW_WIDTH, 0), second)
        else:
            super().paint_cell(painter, area, cell, ink)


def paint_level(painter: QPainter, kit: UiContext, area: QRectF, cell: LevelCell) -> None:
    """Paint the name of a level in a chip of its colour."""
    colours, font = kit.theme.colours, kit.theme.font(TextStyle.SMALL_STRONG)
    width = min(area.width(), painting.text_width(cell.text, font) + 2 * _LEVEL_PADDING)
    height = max(_SCORE_HEIGHT, painting.text_height(font) + 4)
    box = QRectF(area.left(), area.center().y() - height / 2, width, height)
    painting.draw_box(painter, box, height / 2, risk_level_colour(colours, cell.level))
    painter.setFont(font)
    painter.setPen(QColor(risk_level_text_colour(colours, cell.level)))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cell.text)


class RiskTable(TableView):
    """The table of risks, one row each."""

    def __init__(self, kit: UiContext) -> None:
        columns = (
            ColumnSpec(""),
            ColumnSpec(N_("Risk"), stretches=True),
            ColumnSpec(N_("Score")),
            ColumnSpec(N_("Measure"), stretches=True),
            ColumnSpec(N_("Status")),
        )
        super().__init__(kit, columns)
        self.setItemDelegate(RiskRowDelegate(kit, self))
        kit.translator.bind(self.setAccessibleName, N_("Risks"))


def risk_rows(
    found: Sequence[CategoryRating], beside: Callable[[CategoryRating], str], language: Language
) -> list[tuple[TableCell, ...]]:
    """Return a row for each rated line; `beside` gives the text below its name."""
    return [_risk_row(one, beside(one), language) for one in found]


def risk_status_look(status: RiskStatus) -> tuple[Tone, str]:
    """Return tone and icon of a status; a tick, but no success, if every theme was answered."""
    if status.level is not None:
        return RISK_LEVEL_LOOKS[status.level]
    is_clear = status.state is RiskState.NOTHING_FOUND
    return (Tone.ACCENT, "circle-check") if is_clear else (Tone.MUTED, "circle-dashed")


def risk_category_text(category: str, language: Language) -> str:
    """Return the label of a category; an unknown code from a newer version stays as it is."""
    return language.gettext(RISK_CATEGORY[category]) if category in RISK_CATEGORY else category


def risk_items_text(one: CategoryRating, language: Language) -> str:
    """Return the items that are so or not known; without any, the origins of the line.

    What is not known is said, also where no item is named.
    """
    record = one.line.record
    parts = [_item_names(record.present, language)]
    if unclear := _item_names(record.unclear, language):
        parts.append(language.gettext(N_("Not known: {what}")).format(what=unclear))
    elif line_answer(record) == "not_known":
        parts.append(unknown_text(record, language))
    named = record.present or record.unclear
    parts += [] if named else [origins_text(record, language)]
    return ". ".join(part for part in parts if part)


def _item_names(codes: object, language: Language) -> str:
    known = codes if isinstance(codes, tuple) else ()
    return ", ".join(item_text(code, language) for code in known)


def _risk_row(one: CategoryRating, under: str, language: Language) -> tuple[TableCell, ...]:
    record = one.line.record
    scores = tuple(side.cell.score if side.cell else None for side in (one.before, one.after))
    level = language.gettext(RISK_LEVEL[one.before.level.code]) if one.before.level else ""
    drawn = f"{scores[0]} → {scores[1]}" if None not in scores else level
    tone, icon = RISK_LEVEL_LOOKS[one.before.level] if one.before.level else (Tone.MUTED, "")
    is_drawn = None not in scores
    state = str(record.mitigation_status)
    look = _MITIGATION_LOOKS.get(state, (Tone.MUTED, ""))
    name = risk_category_text(one.category, language)
    status = language.gettext(MITIGATION_STATUS[state]) if state in MITIGATION_STATUS else ""
    return (
        NumberCell(str(one.number)),
        TableCell(name, under),
        ScoreCell(drawn, icon="" if is_drawn else icon, tone=Tone.PLAIN if is_drawn else tone,
                  scores=(scores[0], scores[1])),
        TableCell(localized_text(record.measure, language),
             record.measure_by if isinstance(record.measure_by, str) else ""),
        TableCell(status, icon=look[1] if status else "", tone=look[0]),
    )  # fmt: skip


# --- The card with both

BOTH_SIDES = "both"
_MATRIX_GAP = 20
_MIN_MATRICES_WIDTH = 640


class RiskMatrixPanel(QWidget):
    """A matrix with its heading, and with what all answers amount to."""

    def __init__(self, kit: UiContext, title: Message, under: Message) -> None:
        super().__init__()
        self._kit = kit
        self.matrix = RiskMatrix(kit, title)
        self.level = Chip(kit)
        self.where = build.muted(kit, style=TextStyle.SMALL)
        name = Label(kit, title, TextStyle.HEADING)
        build.column(
            FlowBox(name, self.level, gap=6, fills=name),
            build.muted(kit, under, TextStyle.SMALL),
            self.matrix,
            self.where,
            gap=6,
            on=self,
        )
        self.matrix.walked.connect(self._on_walked)

    def show_judged(
        self, judged: Sequence[tuple[int, RiskRating]], status: RiskStatus | None
    ) -> None:
        """Show the discs of these numbers, and the highest level among them.

        Without one, `status` says whether nothing was found or nothing answered; None says nothing.
        """
        discs: dict[MatrixCell, list[int]] = {}
        for number, one in judged:
            if one.cell is not None and one.level is not None:
                discs.setdefault(one.cell, []).append(number)
        self.matrix.show_discs(discs)
        self.level.setVisible(status is not None)
        if status is not None:
            shown = replace(status, level=highest_level(one for _, one in judged))
            self.level.show_look(*risk_status_look(shown))
            self.level.set_message(partial(risk_status_text, shown))
        first = max(discs, key=lambda cell: cell.score, default=None)
        if first is not None:
            self.matrix.go_to(first)
        self._on_walked(self.matrix.current)

    def _on_walked(self, cell: MatrixCell) -> None:
        self.where.set_message(lambda language: self.matrix.cell_text(cell, language))


class RiskLegend(QWidget):
    """The meaning of the colours in words."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        flow = FlowBox(gap=20)
        for level in RiskLevel:
            word = Label(kit, RISK_LEVEL[level.code], TextStyle.SMALL)
            flow.add(group_widgets(_Swatch(kit, level), word, gap=8))
        build.column(build.aligned(flow, build.CENTRE), margins=(0, 4, 0, 0), on=self)


class _Swatch(QWidget):
    """A sample of the colour of a risk level."""

    def __init__(self, kit: UiContext, level: RiskLevel) -> None:
        super().__init__()
        self._kit, self._level = kit, level
        self.setFixedSize(22, 14)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._kit.theme.colours
        box = QRectF(self.rect())
        painting.draw_box(
            QPainter(self), box, 4, risk_level_colour(colours, self._level), colours.control
        )


class RiskMatrixCard(CardFrame):
    """The card with the matrices and the list; `chosen` carries the category of a row."""

    chosen = Signal(str)
    version_chosen = Signal()

    def __init__(self, kit: UiContext) -> None:
        super().__init__(padding=0)
        self._kit = kit
        self._risks: PlanRisks | None = None
        self._names: Mapping[str, str] = {}
        self._shown: tuple[CategoryRating, ...] = ()
        self.view = build.text(kit, style=TextStyle.STRONG)
        self.whose = ChoiceBox(kit)
        self.before = RiskMatrixPanel(kit, N_("Now"), N_("Likelihood up, severity across"))
        self.after = RiskMatrixPanel(
            kit, N_("With the measures"), N_("If every measure is in place")
        )
        self.unrated = build.text(kit, style=TextStyle.SMALL, tone=Tone.WARNING)
        self.table: RiskTable | None = None
        self._lay_out()
        self.whose.chosen.connect(self._on_whose_chosen)
        for side in (self.before, self.after):
            side.matrix.chosen.connect(self._on_cell_chosen)
        kit.translator.changed.connect(self._show)

    def make_table(self) -> RiskTable:
        """Return the list below the matrices.

        It is created separately, because matrices and list both take time.
        """
        if self.table is None:
            self.table = RiskTable(self._kit)
            self.table.chosen.connect(self._on_row_chosen)
            build.extend(self.body, make_hairline(), self.table)
            self._show()
        return self.table

    @property
    def version(self) -> AssessmentVersion | None:
        """The single assessment that is shown; None for the higher of the two."""
        versions = self._risks.versions if self._risks is not None else ()
        return next((v for v in versions if v.view.rid.hex() == self.whose.key), None)

    def show_risks(self, risks: PlanRisks, names: Mapping[str, str]) -> None:
        """Show these risks; the choice is kept while it still exists."""
        self._risks, self._names = risks, names
        options: list[tuple[str, Message]] = [(BOTH_SIDES, N_("The higher of the two"))]
        options += [(one.view.rid.hex(), assessment_title(one, names)) for one in risks.versions]
        self.whose.set_options(options, self.whose.key or BOTH_SIDES)
        self._show()

    def go_to(self, category: str) -> None:
        """Select the row of a category."""
        for row, one in enumerate(self._shown):
            if one.category == category:
                self.make_table().selectRow(row)

    def _lay_out(self) -> None:
        sides = (self.before, 1), (self.after, 1)
        top = build.column(
            self.view,
            build.labelled(self._kit, N_("Whose assessment is shown"), self.whose),
            SideBySide(self._kit.theme, *sides, least=_MIN_MATRICES_WIDTH, gap=_MATRIX_GAP),
            RiskLegend(self._kit),
            self.unrated,
            gap=10,
            margins=(CARD_PADDING,) * 4,
        )
        build.fill(self.body, top)

    def _show(self) -> None:
        if self._risks is None:
            return
        version, language = self.version, self._kit.translator.language
        shown = version or self._risks
        found = version.ratings if version is not None else self._risks.worse
        self._shown = tuple(one for one in found if one.before.level is not None)
        self._show_her_view(version or self._risks.ours)
        self.before.show_judged([(one.number, one.before) for one in self._shown], shown.status)
        self.after.show_judged([(one.number, one.after) for one in self._shown], shown.status)
        undrawn = [one for one in self._shown if one.before.cell is None]
        self.unrated.setVisible(bool(undrawn))
        self.unrated.set_message(lambda spoken: _undrawn_text(undrawn, spoken))
        beside = risk_items_text if version is not None else self._both_sides
        if self.table is not None:
            rows = risk_rows(self._shown, lambda one: beside(one, language), language)
            self.table.show_rows(rows)
            self.table.fit_height()
            self.table.setVisible(bool(self._shown))

    def _show_her_view(self, version: AssessmentVersion | None) -> None:
        """Show the client's own view in her words, above all other views."""
        told = version.view.record.client_view if version is not None else None
        self.view.setVisible(isinstance(told, tuple))
        self.view.set_message(lambda language: _client_view_text(told, language))

    def _both_sides(self, one: CategoryRating, language: Language) -> str:
        """Return the scores of each side: `Nordhuset: 20 → 8 · Pskov: 12 → 8`."""
        return " · ".join(self._sides(one.category, language))

    def _sides(self, category: str, language: Language) -> Iterator[str]:
        for version in self._risks.versions if self._risks is not None else ():
            if not version.counts:
                continue
            rated = [w for w in map(rate_line, version.lines) if w.category == category]
            for own in rated:
                scores = [side.cell.score for side in (own.before, own.after) if side.cell]
                level = own.before.level
                words = " → ".join(map(str, scores))
                if not words:
                    words = language.gettext(RISK_LEVEL[level.code]) if level is not None else "–"
                yield f"{assessing_organisation(version, self._names)}: {words}"

    def _on_whose_chosen(self) -> None:
        self._show()
        self.version_chosen.emit()

    def _on_row_chosen(self, row: int) -> None:
        self.chosen.emit(self._shown[row].category)

    def _on_cell_chosen(self, cell: MatrixCell) -> None:
        """Move the focus to the first risk in the cell."""
        for one in self._shown:
            if cell in (one.before.cell, one.after.cell):
                self.go_to(one.category)
                self.make_table().setFocus()
                return


def _client_view_text(told: Value, language: Language) -> str:
    return language.gettext(N_("She says: “{text}”")).format(text=localized_text(told, language))


def assessing_organisation(version: AssessmentVersion, names: Mapping[str, str]) -> str:
    """Return the name of the organisation that made an assessment."""
    row, named = version.view.row, version.view.record.organisation
    name = named if isinstance(named, str) else row.custodian.hex()
    return names.get(name) or "–"


def assessment_title(version: AssessmentVersion, names: Mapping[str, str]) -> MessageFunction:
    """Return organisation and day of an assessment: `Nordhuset, 1 December 2026`."""

    def words(language: Language) -> str:
        done = version.view.record.done
        day = language.day(done, year=True) if isinstance(done, date) else "–"
        pattern = "{house}, {day}"
        if not version.counts:
            pattern = language.gettext(N_("{house}, {day} (earlier)"))
        return pattern.format(house=assessing_organisation(version, names), day=day)

    return words


def _undrawn_text(undrawn: Sequence[CategoryRating], language: Language) -> str:
    names = [f"{one.number} {risk_category_text(one.category, language)}" for one in undrawn]
    words = language.gettext(N_("Not shown in the picture, and counted as high: {names}"))
    return words.format(names="; ".join(names))
