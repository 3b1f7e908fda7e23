# SPDX-License-Identifier: GPL-3.0-or-later
"""The risks as two 5×5 pictures, before and after measures, with numbered dots.

Read in black and white: each cell says its score on a white chip, and a number on a dot is the
number in the table below. Of more than four in a cell, three and how many others. Draws judged
lines and knows no record.
"""

from collections.abc import Iterator, Mapping, Sequence

from kfdesk.documents.cabinet.blocks import Block
from kfdesk.documents.cabinet.parts import Setter
from kfdesk.documents.drawing.items import Dot, Frame, Item, Line, Symbol, lowered
from kfdesk.documents.drawing.text_fit import width_of
from kfdesk.documents.drawing.type_scale import (
    BOLD,
    GREY,
    INK,
    REGULAR,
    SEMIBOLD,
    WHITE,
    Style,
)
from kfdesk.domain.lists.risk_codes import LIKELIHOOD, RISK_LEVEL, SEVERITY
from kfdesk.domain.weighing.levels import Cell, Judged, RiskLevel, Weighed
from kfdesk.i18n.language import Language

SIDE = 5
MOST = 4
"""Dots in one cell."""

_TINTS = {
    RiskLevel.LOW: WHITE,
    RiskLevel.MODERATE: "#E6EBED",
    RiskLevel.HIGH: "#B9C5CA",
    RiskLevel.VERY_HIGH: "#7F939B",
}
_WIDE, _HIGH = 38.0, 31.0
_LABEL = 26.0
_TOP = 28.0
_BETWEEN = 46.0
_CHIP = 9.5


def picture(words: Language, setter: Setter, found: Sequence[Weighed]) -> Block:
    """Both pictures side by side, with what the numbers along the edges mean below."""
    grid = _LABEL + SIDE * _WIDE
    right = grid + _BETWEEN
    before = [(one.number, one.before) for one in found]
    after = [(one.number, one.after) for one in found]
    middle = _TOP + SIDE * _HIGH / 2
    x = setter.x
    arrow = x + grid + (_BETWEEN - 20) / 2
    items: list[Item] = [
        *_grid(setter, x, words.gettext("Before measures"), before),
        *_grid(setter, x + right, words.gettext("With the measures"), after),
        Symbol("arrow-right", arrow, middle - 10, 20, INK),
    ]
    y = _TOP + SIDE * _HIGH + 12
    style = Style(REGULAR, setter.form.sizes.smallest, GREY)
    for text in _legend(words):
        for part in setter.paragraph(text, style, drop=1.5):
            items += lowered(part.items, y)
            y += part.height
    return Block(tuple(items), y + 4)


def _legend(words: Language) -> Iterator[str]:
    levels = words.gettext(
        "Score: {low} 1–4, {moderate} 5–9, {high} 10–15, {very_high} 16–25. What is not known "
        "counts as high until it is cleared."
    )
    yield levels.format(**{code: words.gettext(name).lower() for code, name in RISK_LEVEL.items()})
    yield words.gettext("Upwards, how likely: {steps}").format(steps=_steps(words, LIKELIHOOD))
    yield words.gettext("Across, how severe: {steps}").format(steps=_steps(words, SEVERITY))


def _steps(words: Language, scale: Mapping[str, str]) -> str:
    said = (words.gettext(name).lower() for name in scale.values())
    return ", ".join(f"{number} {name}" for number, name in enumerate(said, start=1))


def _grid(
    setter: Setter, x: float, title: str, judged: Sequence[tuple[int, Judged]]
) -> Iterator[Item]:
    sizes = setter.form.sizes
    left, bottom = x + _LABEL, _TOP + SIDE * _HIGH
    yield Line(title, Style(SEMIBOLD, sizes.text), left, 18, SIDE * _WIDE)
    for likelihood in range(1, SIDE + 1):
        for severity in range(1, SIDE + 1):
            cell = Cell(likelihood, severity)
            numbers = [number for number, one in judged if one.level and one.cell == cell]
            yield from _cell(setter, left, cell, numbers)
    edge = Style(REGULAR, sizes.smallest, GREY)
    for step in range(1, SIDE + 1):
        middle = bottom - (step - 0.5) * _HIGH + 0.36 * edge.size
        yield _centred(str(step), edge, x + _LABEL - 10, middle)
        yield _centred(str(step), edge, left + (step - 0.5) * _WIDE, bottom + edge.size + 1)


def _cell(setter: Setter, left: float, cell: Cell, numbers: Sequence[int]) -> Iterator[Item]:
    x = left + (cell.severity - 1) * _WIDE
    y = _TOP + (SIDE - cell.likelihood) * _HIGH
    yield Frame(x, y, _WIDE, _HIGH, 0, 0.7, fill=_TINTS[cell.level])
    small = Style(REGULAR, setter.form.sizes.smallest * 0.86)
    text = str(cell.score)
    wide = width_of(text, small) + 3
    yield Frame(x + 1, y + 1, wide, _CHIP, 0, 0, fill=WHITE)
    yield Line(text, small, x + 2.5, y + 1 + 0.78 * _CHIP, wide)
    texts = [str(number) for number in numbers[:MOST]]
    if len(numbers) > MOST:
        texts = [*texts[: MOST - 1], f"+{len(numbers) - MOST + 1}"]
    for said, (across, down, radius) in zip(texts, _places(len(texts)), strict=True):
        yield from dot(said, x + across, y + down, radius)


def dot(text: str, x: float, y: float, radius: float) -> Iterator[Item]:
    """A number on a dark dot with a white rim."""
    style = Style(BOLD, radius * (1.15 if len(text) == 1 else 0.95), WHITE)
    yield Dot(x, y, radius + 0.9, WHITE)
    yield Dot(x, y, radius, INK)
    yield _centred(text, style, x, y + 0.36 * style.size)


def _places(count: int) -> list[tuple[float, float, float]]:
    """Where so many dots stand in a cell, from its corner, and how large they are."""
    if count <= 1:
        return [(_WIDE / 2 + 4, _HIGH / 2 + 1, 8.2)] * count
    if count == 2:
        return [(_WIDE / 2 - 5, _HIGH / 2 + 4, 6.6), (_WIDE / 2 + 9.5, _HIGH / 2 + 4, 6.6)]
    corners = [(17.5, 10.0), (30.0, 10.0), (17.5, 22.8), (30.0, 22.8)]
    return [(across, down, 5.8) for across, down in corners[:count]]


def _centred(text: str, style: Style, x: float, y: float) -> Line:
    wide = width_of(text, style)
    return Line(text, style, x - wide / 2, y, wide)
