# SPDX-License-Identifier: GPL-3.0-or-later
"""The list beside the picture: the same numbers, with score, measure and its state.

It takes judged lines and finished names; whose lines they are, and what is chosen, the section
says. A row is opened by Enter or a click.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from kfdesk.domain.lists.risk_codes import MITIGATION_STATUS, RISK_CATEGORY, RISK_LEVEL
from kfdesk.domain.schema import N_
from kfdesk.domain.weighing.levels import Judged, RiskLevel, Weighed
from kfdesk.i18n.language import Language
from kfdesk.i18n.said.risks import item_text, origins_text
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.risk_views.matrix import paint_disc, score_box
from kfdesk.ui.pages.shown import told_text
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.rows import CELL_ROLE, Cell, Column, Index, RowPainter, Table

LEVEL_LOOKS: Mapping[RiskLevel, tuple[Tone, str]] = {
    RiskLevel.LOW: (Tone.SUCCESS, "circle-check"),
    RiskLevel.MODERATE: (Tone.WARNING, "triangle-alert"),
    RiskLevel.HIGH: (Tone.DANGER, "circle-alert"),
    RiskLevel.VERY_HIGH: (Tone.DANGER, "octagon-alert"),
}
_STATES: Mapping[str, tuple[Tone, str]] = {
    "proposed": (Tone.MUTED, "circle-dashed"),
    "agreed": (Tone.INFO, "circle-dot"),
    "in_place": (Tone.SUCCESS, "circle-check"),
    "failed": (Tone.DANGER, "circle-alert"),
}
_DISC, _BOX, _BOX_HEIGHT, _ARROW = 24, 28, 22, 22


@dataclass(frozen=True, slots=True)
class NumberCell(Cell):
    """A number in a disc."""


@dataclass(frozen=True, slots=True)
class ScoreCell(Cell):
    """Two scores, before and after; None where there is no cell to draw."""

    scores: tuple[int | None, int | None] = (None, None)


class RiskPainter(RowPainter):
    """Draws discs and scores; everything else as any table."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Discs and scores have a width of their own."""
        cell = index.data(CELL_ROLE)
        hint = super().sizeHint(option, index)
        if isinstance(cell, NumberCell):
            return QSize(_DISC + 24, hint.height())
        if isinstance(cell, ScoreCell) and None not in cell.scores:
            return QSize(2 * _BOX + _ARROW + 16, hint.height())
        return hint

    def paint_cell(self, painter: QPainter, area: QRectF, cell: Cell, ink: str) -> None:
        """A disc, two scores with an arrow, or words."""
        first, second = cell.scores if isinstance(cell, ScoreCell) else (None, None)
        if isinstance(cell, NumberCell):
            centre = QPointF(area.left() + _DISC / 2, area.center().y())
            paint_disc(painter, self._kit, cell.text, centre, _DISC)
        elif first is not None and second is not None:
            top = round(area.center().y() - _BOX_HEIGHT / 2)
            box = QRectF(area.left(), top, _BOX, _BOX_HEIGHT)
            score_box(painter, self._kit, box, first)
            arrow = QRectF(box.right() + 4, top + 4, 14, 14)
            self._kit.theme.icons.paint(painter, "arrow-right", ink, arrow)
            score_box(painter, self._kit, box.translated(_BOX + _ARROW, 0), second)
        else:
            super().paint_cell(painter, area, cell, ink)


class RiskTable(Table):
    """The risks, a row each."""

    def __init__(self, kit: Kit) -> None:
        columns = (
            Column(""),
            Column(N_("Risk"), stretches=True),
            Column(N_("Score")),
            Column(N_("Measure"), stretches=True),
            Column(N_("State")),
        )
        super().__init__(kit, columns)
        self.setItemDelegate(RiskPainter(kit, self))
        kit.words.bind(self.setAccessibleName, N_("Risks"))


def rows_of(
    found: Sequence[Weighed], beside: Callable[[Weighed], str], language: Language
) -> list[tuple[Cell, ...]]:
    """A row for each judged line; `beside` is what stands under its name."""
    return [_row(one, beside(one), language) for one in found]


def level_text(judged: Judged, language: Language) -> str:
    """A level in words."""
    if judged.level is None:
        return language.gettext(N_("Nothing found"))
    return language.gettext(RISK_LEVEL[judged.level.code])


def category_text(category: str, language: Language) -> str:
    """The name of a category; a code from a newer desk stands as it is."""
    return language.gettext(RISK_CATEGORY[category]) if category in RISK_CATEGORY else category


def items_text(one: Weighed, language: Language) -> str:
    """What is so, and what is not known, in words; of another desk's line where it comes from."""
    record = one.line.record
    parts = [_listed(record.present, language)]
    if unclear := _listed(record.unclear, language):
        parts.append(language.gettext(N_("Not known: {what}")).format(what=unclear))
    return ". ".join(part for part in parts if part) or origins_text(record, language)


def _listed(codes: object, language: Language) -> str:
    known = codes if isinstance(codes, tuple) else ()
    return ", ".join(item_text(code, language) for code in known)


def _row(one: Weighed, under: str, language: Language) -> tuple[Cell, ...]:
    record = one.line.record
    scores = tuple(side.cell.score if side.cell else None for side in (one.before, one.after))
    drawn = f"{scores[0]} → {scores[1]}" if None not in scores else level_text(one.before, language)
    tone, icon = LEVEL_LOOKS.get(one.before.level or RiskLevel.LOW, (Tone.MUTED, ""))
    is_drawn = None not in scores
    state = str(record.mitigation_status)
    look = _STATES.get(state, (Tone.MUTED, ""))
    name = category_text(one.category, language)
    status = language.gettext(MITIGATION_STATUS[state]) if state in MITIGATION_STATUS else ""
    return (
        NumberCell(str(one.number)),
        Cell(name, under),
        ScoreCell(drawn, icon="" if is_drawn else icon, tone=Tone.PLAIN if is_drawn else tone,
                  scores=(scores[0], scores[1])),
        Cell(told_text(record.measure, language),
             record.measure_by if isinstance(record.measure_by, str) else ""),
        Cell(status, icon=look[1] if status else "", tone=look[0]),
    )  # fmt: skip
