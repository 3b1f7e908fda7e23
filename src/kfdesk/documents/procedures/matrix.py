# SPDX-License-Identifier: GPL-3.0-or-later
"""The paper "Who does what": the steps down, the actors across, and their sums.

Nothing about a client is on it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import (
    Block,
    PaperPart,
    draw_footer,
    paginate,
    stack_blocks,
)
from kfdesk.documents.layout.style import (
    BOLD,
    FOLD,
    GREY,
    HAIRLINE,
    INK,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Dot,
    Item,
    Ring,
    RotatedText,
    Rule,
    Style,
    TextLine,
)
from kfdesk.documents.layout.text import width_of, wrap_anywhere
from kfdesk.documents.procedures.content import (
    Part,
    ProcedureText,
    StepText,
    procedure_text,
)
from kfdesk.documents.procedures.sheet import SHEET_FORM, SMALLEST, heading, made_line
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.message_marks import N_
from kfdesk.domain.papers import PrintContext
from kfdesk.i18n.language import Language
from kfdesk.i18n.procedures import actor_name

MATRIX_FORM = replace(SHEET_FORM, width=SHEET_FORM.height, height=SHEET_FORM.width)
_TEXT, _STRONG = Style(REGULAR, SMALLEST), Style(SEMIBOLD, SMALLEST)
_NUMBER, _QUIET = Style(BOLD, SMALLEST), Style(REGULAR, SMALLEST, GREY)
_TOP = 26.0
_FOOTER = 17 * 72 / 25.4
_PREFIX_WIDTH = 20.0
_LINE = 1.2 * SMALLEST
_HEAD_ANGLE = 90.0
_MAX_HEAD = 130.0
_MIN_CELL, _MAX_CELL = 20.0, 30.0
_LEGEND: Mapping[Part, str] = {
    Part.LEADS: N_("leads"),
    Part.TAKES_PART: N_("takes part"),
    Part.INFORMED: N_("is informed"),
    Part.PAYS: N_("pays"),
}


@dataclass(frozen=True, slots=True)
class _Grid:
    """The columns of the matrix: the actors, and where their cells begin, in points."""

    actors: tuple[str, ...]
    left: float
    cell: float

    def middle(self, place: int) -> float:
        """Return the middle of the cell of an actor."""
        return self.left + (place + 0.5) * self.cell

    @property
    def right(self) -> float:
        """The right edge of the last cell."""
        return self.left + len(self.actors) * self.cell


def make_who_does_what(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the matrix as a PDF, in the ordered language; same procedure, same bytes.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter, or `documents.too_much`
    for a single row that no page can hold.
    """
    words = press.program(order.language)
    said = procedure_text(what, words, about.at.date())
    bottom = MATRIX_FORM.height - _FOOTER - 3
    pages = paginate([*_parts(said, words)], _TOP, bottom)
    canvas = PageCanvas(MATRIX_FORM, order.language, press.icon)
    for number, page in enumerate(pages, start=1):
        count = words.gettext("page {number} of {total}").format(number=number, total=len(pages))
        canvas.put([*page, *draw_footer(made_line(about, words), count, MATRIX_FORM)])
        canvas.end_page()
    return canvas.pdf()


def sums(said: ProcedureText, part: Part) -> dict[str, int]:
    """Return in how many steps each actor has this part."""
    return {actor: sum(actor in step.parts[part] for step in said.steps) for actor in said.actors}


def _parts(said: ProcedureText, words: Language) -> Iterator[PaperPart]:
    grid = _grid(said)
    head = _head(grid, words)
    rows = [_row(step, grid) for step in said.steps]
    totals = [_totals(said, part, grid, words) for part in Part]
    top = stack_blocks([heading(said, words, MATRIX_FORM), head], 2)
    yield PaperPart(top, (*rows, *totals), head)


def _grid(said: ProcedureText) -> _Grid:
    count = max(len(said.actors), 1)
    cell = min(_MAX_CELL, max(_MIN_CELL, 0.66 * MATRIX_FORM.measure / count))
    cell = min(cell, (MATRIX_FORM.measure - 150) / count)
    return _Grid(said.actors, MATRIX_FORM.right - count * cell, cell)


def _head(grid: _Grid, words: Language) -> Block:
    """Compose the names of the actors, turned, over their columns."""
    names = [
        wrap_anywhere(actor_name(code, words), _TEXT, _MAX_HEAD)[: int(grid.cell // _LINE)]
        for code in grid.actors
    ]
    widths = [width_of(line, _TEXT) for lines in names for line in lines]
    longest = max((*widths, (len(Part) + 0.5) * 1.5 * SMALLEST))  # the legend stands beside
    items: list[Item] = []
    for place, lines in enumerate(names):
        for number, line in enumerate(lines):
            x = grid.middle(place) + (number - (len(lines) - 1) / 2) * _LINE
            y = longest - width_of(line, _TEXT) / 2
            items.append(RotatedText(line, _TEXT, x, y, _HEAD_ANGLE, is_filled=True))
    height = longest + 4
    items.append(
        Rule(MATRIX_FORM.margin, height, across=grid.right - MATRIX_FORM.margin, stroke=0.9)
    )
    return Block((*items, *_legend(words, longest)), height)


def _legend(words: Language, low: float) -> Iterator[Item]:
    """Yield what the signs mean, left of the names of the actors."""
    y = low - (len(Part) - 1) * 1.5 * SMALLEST
    for part in Part:
        x = MATRIX_FORM.margin
        yield from _sign(part, x + 4, y)
        yield TextLine(words.gettext(_LEGEND[part]), _TEXT, x + 14, y, 120)
        y += 1.5 * SMALLEST


def _row(step: StepText, grid: _Grid) -> Block:
    room = grid.left - MATRIX_FORM.margin - _PREFIX_WIDTH - 6
    lines = wrap_anywhere(step.title, _TEXT, room) or [""]
    x, y = MATRIX_FORM.margin, 1.15 * SMALLEST
    items: list[Item] = [TextLine(step.prefix, _NUMBER, x, y, _PREFIX_WIDTH)]
    for number, line in enumerate(lines):
        items.append(TextLine(line, _TEXT, x + _PREFIX_WIDTH, y + number * _LINE, room))
    for place, actor in enumerate(grid.actors):
        signs = [part for part in Part if actor in step.parts[part]]
        for number, part in enumerate(signs):
            aside = (number - (len(signs) - 1) / 2) * 9
            items += _sign(part, grid.middle(place) + aside, y)
    return _ruled(items, y + (len(lines) - 1) * _LINE + 0.42 * SMALLEST, grid)


def _totals(said: ProcedureText, part: Part, grid: _Grid, words: Language) -> Block:
    """Compose in how many steps each actor has this part, and the sum of all."""
    found, y = sums(said, part), 1.2 * SMALLEST
    x = MATRIX_FORM.margin
    whole = str(sum(found.values()))
    room = grid.left - x - 6
    items: list[Item] = [
        *_sign(part, x + 4, y),
        TextLine(words.gettext(_LEGEND[part]), _STRONG, x + _PREFIX_WIDTH, y, room),
        TextLine(whole, _STRONG, x, y, room, "right"),
    ]
    for place, actor in enumerate(grid.actors):
        if found[actor]:
            text = str(found[actor])
            wide = width_of(text, _STRONG)
            items.append(TextLine(text, _STRONG, grid.middle(place) - wide / 2, y, wide))
    return _ruled(items, y + 0.42 * SMALLEST, grid)


def _ruled(items: Iterable[Item], height: float, grid: _Grid) -> Block:
    across = grid.right - MATRIX_FORM.margin
    lines: list[Item] = [Rule(MATRIX_FORM.margin, height, across=across, stroke=0.5, colour=FOLD)]
    for place in range(len(grid.actors) + 1):
        x = grid.left + place * grid.cell
        lines.append(Rule(x, 0, down=height, stroke=0.4, colour=HAIRLINE))
    return Block((*lines, *items), height)


def _sign(part: Part, x: float, y: float) -> Iterator[Item]:
    """Yield the sign of a part around `x`, level with text on the baseline `y`."""
    middle = y - 0.36 * SMALLEST
    match part:
        case Part.LEADS:
            yield Dot(x, middle, 3.3, PETROL)
        case Part.TAKES_PART:
            yield Ring(x, middle, 2.8, 1, INK)
        case Part.INFORMED | Part.PAYS:
            text = "i" if part is Part.INFORMED else "¤"
            wide = width_of(text, _NUMBER)
            yield TextLine(text, _NUMBER, x - wide / 2, y, wide)
