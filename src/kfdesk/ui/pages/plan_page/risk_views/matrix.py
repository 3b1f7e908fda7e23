# SPDX-License-Identifier: GPL-3.0-or-later
"""The 5×5 picture: likelihood up, severity across, a numbered disc for each risk.

The score stands in every cell, so that no colour is needed to read it. Arrow keys walk the cells,
and the cell one is in is said in words. It draws finished numbers and knows no record.
"""

from collections.abc import Mapping, Sequence
from itertools import product

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from kfdesk.domain.lists.risk_codes import LIKELIHOOD, RISK_LEVEL, SEVERITY
from kfdesk.domain.schema import N_
from kfdesk.domain.weighing.levels import Cell, RiskLevel, level_of
from kfdesk.i18n.language import Language
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Colours, Type
from kfdesk.ui.widgets import paint
from kfdesk.ui.words import Message

SIDE = 5
MOST = 4
"""Discs in one cell; of more, three and how many others there are."""

_ROW = 38
_GAP = 2
_LEAST = 50
_RADIUS = 4
_SCORE = _LARGE_DISC = 24
_AFTER_LABEL = 10
_WRAP = Qt.TextFlag.TextWordWrap.value
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_KEYS = {
    Qt.Key.Key_Up: (1, 0),
    Qt.Key.Key_Down: (-1, 0),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Left: (0, -1),
}


class Matrix(QWidget):
    """One picture. `walked` says that one is in another cell, `chosen` that Enter was pressed."""

    walked = Signal(object)
    chosen = Signal(object)

    def __init__(self, kit: Kit, name: Message) -> None:
        super().__init__()
        self._kit = kit
        self._name = name
        self._discs: Mapping[Cell, Sequence[int]] = {}
        self.current = Cell(SIDE, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        kit.words.bind(self.setAccessibleName, name)
        kit.words.changed.connect(self._on_words_changed)
        self._on_words_changed()

    def show_discs(self, discs: Mapping[Cell, Sequence[int]]) -> None:
        """Show these numbers in their cells."""
        self._discs = discs
        self._tell()
        self.update()

    def go_to(self, cell: Cell) -> None:
        """Be in a cell."""
        self.current = cell
        self._tell()
        self.update()

    def cell_text(self, cell: Cell, language: Language) -> str:
        """A cell in words: `Likely, severe: 16, very high. Risk 1, 3`."""
        words = language.gettext(N_("{likelihood}, {severity}: {score}, {level}"))
        likelihood, severity = tuple(LIKELIHOOD.values()), tuple(SEVERITY.values())
        said = words.format(
            likelihood=language.gettext(likelihood[cell.likelihood - 1]),
            severity=language.gettext(severity[cell.severity - 1]).lower(),
            score=cell.score,
            level=language.gettext(RISK_LEVEL[cell.level.code]).lower(),
        )
        numbers = self._discs.get(cell, ())
        if not numbers:
            return said
        risks = language.ngettext("Risk {numbers}", "Risks {numbers}", len(numbers))
        return f"{said}. {risks.format(numbers=', '.join(map(str, numbers)))}"

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Arrows walk, Enter chooses; Alt and the rest are the page's."""
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        elif key in _KEYS:
            up, right = _KEYS[key]
            self._step(self.current.likelihood + up, self.current.severity + right)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.current)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A cell is gone to by a click."""
        for cell in _cells():
            if self._area(cell).contains(event.position()):
                self._step(cell.likelihood, cell.severity)
                self.chosen.emit(cell)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Labels, five cells, and two lines of words below."""
        width = self._label_width() + SIDE * (self._least + _GAP)
        return QSize(round(width), round(SIDE * (self._row + _GAP) + self._foot()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Never narrower than the labels need."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Labels, cells, discs, and the ring round the cell one is in."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_labels(painter)
        for cell in _cells():
            self._paint_cell(painter, cell)
        if self.hasFocus():
            area = self._area(self.current)
            paint.ring(painter, area, _RADIUS, self._kit.theme.colours.focus)

    def _step(self, likelihood: int, severity: int) -> None:
        if 1 <= likelihood <= SIDE and 1 <= severity <= SIDE:
            self.go_to(Cell(likelihood, severity))
            self.walked.emit(self.current)

    def _tell(self) -> None:
        def said(language: Language) -> str:
            return self.cell_text(self.current, language)

        self._kit.words.bind(self.setAccessibleDescription, said)

    def _on_words_changed(self) -> None:
        self.setFixedHeight(self.sizeHint().height())  # whatever the page around it still awaits
        self.updateGeometry()
        self.update()

    # Where things stand

    @property
    def _row(self) -> float:
        return max(_ROW, paint.height(self._font(Type.SMALL)) * 2 + 4)

    @property
    def _least(self) -> int:
        return self._kit.theme.sized(_LEAST)

    def _label_width(self) -> float:
        """What the words on the left need, broken into two lines."""
        font = self._font(Type.SMALL)
        words = (_half(text) for text in self._likelihoods())
        return max(paint.width(word, font) for word in words) + _AFTER_LABEL

    def _foot(self) -> float:
        return 2 * paint.height(self._font(Type.SMALL)) + 8

    def _area(self, cell: Cell) -> QRectF:
        left, wide = self._label_width(), self._width()
        return QRectF(
            left + (cell.severity - 1) * (wide + _GAP),
            (SIDE - cell.likelihood) * (self._row + _GAP),
            wide,
            self._row,
        )

    def _width(self) -> float:
        return max(self._least, (self.width() - self._label_width()) / SIDE - _GAP)

    def _severities(self) -> list[str]:
        """The words below; where one is wider than its column, their numbers."""
        words = [self._kit.words.say(label) for label in SEVERITY.values()]
        widest = max(paint.longest_word(word, self._font(Type.SMALL)) for word in words)
        is_wide = widest <= self._width() + 2 * _GAP
        return words if is_wide else [str(place + 1) for place in range(SIDE)]

    def _likelihoods(self) -> list[str]:
        return [self._kit.words.say(label) for label in LIKELIHOOD.values()]

    def _font(self, style: Type) -> QFont:
        return self._kit.theme.font(style)

    # Strokes

    def _paint_labels(self, painter: QPainter) -> None:
        painter.setFont(self._font(Type.SMALL))
        painter.setPen(QColor(self._kit.theme.colours.text_muted))
        for place, text in enumerate(self._likelihoods(), start=1):
            row = self._area(Cell(place, 1))
            area = QRectF(0, row.top(), row.left() - _AFTER_LABEL, row.height())
            painter.drawText(area, int(_RIGHT) | _WRAP, text)
        top = SIDE * (self._row + _GAP) + 4
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        for place, text in enumerate(self._severities(), start=1):
            column = self._area(Cell(1, place))
            area = QRectF(column.left() - _GAP, top, column.width() + 2 * _GAP, self._foot() - 4)
            painter.drawText(area, int(flags) | _WRAP, text)

    def _paint_cell(self, painter: QPainter, cell: Cell) -> None:
        colours, area = self._kit.theme.colours, self._area(cell)
        paint.box(painter, area, _RADIUS, ramp(colours, cell.level))
        painter.setFont(self._font(Type.SMALL))
        painter.setPen(QColor(on_ramp(colours, cell.level)))
        painter.drawText(area.adjusted(0, 0, -6, 0), _RIGHT, str(cell.score))
        numbers = list(self._discs.get(cell, ()))
        texts = [str(number) for number in numbers[:MOST]]
        if len(numbers) > MOST:
            texts = [*texts[: MOST - 1], f"+{len(numbers) - MOST + 1}"]
        places = _places(area, len(texts), self._kit.theme.sized(100) / 100)
        for text, centre, size in zip(texts, *places, strict=True):
            paint_disc(painter, self._kit, text, centre, size)


def ramp(colours: Colours, level: RiskLevel) -> str:
    """The colour of a level."""
    return str(getattr(colours, f"risk_{level.code}"))


def on_ramp(colours: Colours, level: RiskLevel) -> str:
    """The colour of a number on it."""
    return str(getattr(colours, f"on_risk_{level.code}"))


def score_box(painter: QPainter, kit: Kit, area: QRectF, score: int) -> None:
    """A score on the colour of its level."""
    colours, level = kit.theme.colours, level_of(score)
    paint.box(painter, area, _RADIUS, ramp(colours, level))
    painter.setFont(kit.theme.font(Type.SMALL_STRONG))
    painter.setPen(QColor(on_ramp(colours, level)))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(score))


def paint_disc(painter: QPainter, kit: Kit, text: str, centre: QPointF, size: float) -> None:
    """A number in a ring, on the page's own ground, so that it is read on every colour."""
    colours = kit.theme.colours
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(colours.surface))
    painter.setPen(QPen(QColor(colours.text), 1.5))
    painter.drawEllipse(centre, size / 2 - 0.75, size / 2 - 0.75)
    font = QFont(kit.theme.font(Type.SMALL_STRONG))
    if size < kit.theme.sized(_LARGE_DISC) - 1:
        font.setPointSizeF(font.pointSizeF() * 0.82)
    painter.setFont(font)
    box = QRectF(centre.x() - size / 2, centre.y() - size / 2, size, size)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _places(area: QRectF, count: int, scale: float = 1.0) -> tuple[list[QPointF], list[float]]:
    """Where so many discs stand in a cell, left of its score, and how large they are."""
    middle = area.left() + (area.width() - _SCORE * scale) / 2 + 3
    if count <= 1:
        return [QPointF(middle, area.center().y())] * count, [_LARGE_DISC * scale] * count
    centre, by, small = area.center().y(), 9.0 * scale, 17.5 * scale
    if count == 2:
        return [QPointF(middle - by, centre), QPointF(middle + by, centre)], [small] * 2
    offsets = ((-by, -by), (by, -by), (-by, by), (by, by))[:count]
    return [QPointF(middle + x, centre + y) for x, y in offsets], [small] * count


def _half(text: str) -> str:
    """The longer line of a text that is broken into two where that makes it narrowest."""
    words = text.split()
    lines = ((" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words) + 1))
    return min((max(pair, key=len) for pair in lines), key=len, default="")


def _cells() -> list[Cell]:
    steps = range(1, SIDE + 1)
    return [Cell(likelihood, severity) for likelihood, severity in product(steps, steps)]
