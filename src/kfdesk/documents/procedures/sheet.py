# SPDX-License-Identifier: GPL-3.0-or-later
"""The procedure on one page: each step with who leads, who takes part, its last day and its law.

It is about no client. Its type has 8 points, never less; what needs more room goes to further
pages.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import (
    Block,
    CellText,
    Composer,
    PaperPart,
    PaperTable,
    TableColumn,
    add_titles,
    draw_footer,
    paginate,
    share_columns,
    stack_blocks,
)
from kfdesk.documents.layout.style import (
    BOLD,
    GREY,
    MILLIMETRE,
    OFFICE,
    REGULAR,
    SEMIBOLD,
    Item,
    PageFormat,
    Style,
    Symbol,
)
from kfdesk.documents.procedures.content import ProcedureText, StepText, procedure_text
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.codes.procedures import PROCEDURE_STATUS
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.papers import PrintContext
from kfdesk.i18n.language import Language

SMALLEST = 8.0
"""The type of the table in points, and the smallest on the paper."""
SHEET_FORM = replace(
    OFFICE,
    margin=9 * MILLIMETRE,
    sizes=replace(OFFICE.sizes, name=15, heading=10, text=SMALLEST, note=SMALLEST),
)
_PADS = (4.0, 3.0, 2.2, 1.5, 0.9, 0.4)
"""Space above and below a row in points, tried in this order until one page holds all."""
_SHARES = (16.5, 120, 99, 110, 105.5, 68)
_GAP = 5.0
_TOP = 8 * MILLIMETRE
_FOOTER = 17 * MILLIMETRE
_TEXT, _QUIET = Style(REGULAR, SMALLEST), Style(REGULAR, SMALLEST, GREY)
_STRONG, _NUMBER = Style(SEMIBOLD, SMALLEST), Style(BOLD, SMALLEST)
_MARK = SMALLEST
"""The size of the sign at a law that nobody has checked, in points."""


def make_procedure_sheet(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the sheet as a PDF, in the ordered language; same procedure, same bytes.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter, or `documents.too_much`
    for a single row that no page can hold.
    """
    words = press.program(order.language)
    said = procedure_text(what, words, about.at.date())
    pages = _fitted(said, words)
    canvas = PageCanvas(SHEET_FORM, order.language, press.icon)
    for number, page in enumerate(pages, start=1):
        count = words.gettext("page {number} of {total}").format(number=number, total=len(pages))
        canvas.put([*page, *draw_footer(made_line(about, words), count, SHEET_FORM)])
        canvas.end_page()
    return canvas.pdf()


def made_line(about: PrintContext, words: Language) -> str:
    """Return the footer of a paper that is about no client."""
    said = words.gettext(
        "Not about any client: write no names here. Copy no. {copy}, {day} by {name}."
    )
    day = words.day(about.at.date(), year=True)
    return said.format(copy=about.number, day=day, name=about.by)


def heading(said: ProcedureText, words: Language, form: PageFormat) -> Block:
    """Compose the name of the procedure, its version and day, and what it is for."""
    setter = Composer(form, form.margin, form.measure)
    facts = []
    if said.version:
        facts.append(words.gettext("version {number}").format(number=said.version))
    if said.status != "active":
        status = PROCEDURE_STATUS.get(said.status, said.status) or PROCEDURE_STATUS["draft"]
        facts.append(words.gettext(status).lower())
    title = setter.page_heading("", said.title, " · ".join([*facts, *filter(None, [said.dated])]))
    return stack_blocks([title, *setter.paragraph(said.purpose, _TEXT, 1)])


def _fitted(said: ProcedureText, words: Language) -> list[list[Item]]:
    """Return the pages, with as much space between the rows as one page allows."""
    pages: list[list[Item]] = []
    for pad in _PADS:
        pages = paginate([*_parts(said, words, pad)], _TOP, SHEET_FORM.height - _FOOTER - 3)
        if len(pages) < 2:
            return pages
    return paginate([*_parts(said, words, _PADS[0])], _TOP, SHEET_FORM.height - _FOOTER - 3)


def _parts(said: ProcedureText, words: Language, pad: float) -> Iterator[PaperPart]:
    titles = (
        "", words.gettext("Step"), words.gettext("Leads"), words.gettext("Takes part"),
        words.gettext("By when"), words.gettext("Law, last checked"),
    )  # fmt: skip
    columns = add_titles(share_columns(SHEET_FORM, *_SHARES, gap=_GAP), titles)
    table = PaperTable(SHEET_FORM, columns, pad)
    rows = [block for step in said.steps for block in _row(step, table, words)]
    top = stack_blocks([heading(said, words, SHEET_FORM), table.head()], 1)
    yield PaperPart(top, tuple(rows), table.head())
    setter = Composer(SHEET_FORM, SHEET_FORM.margin, SHEET_FORM.measure)
    yield PaperPart(stack_blocks(list(_notes(said, words, setter))), gap=3)


def _row(step: StepText, table: PaperTable, words: Language) -> Sequence[Block]:
    lead = [CellText(step.lead or "–", _STRONG)]
    if step.deputy:
        said = words.gettext("stands in: {name}").format(name=step.deputy)
        lead.append(CellText(said, _QUIET))
    others = [CellText(step.takes_part, _TEXT)] if step.takes_part else []
    if step.informs:
        told = words.gettext("told: {name}").format(name=step.informs)
        others.append(CellText(told, _QUIET))
    if step.pays:
        paid = words.gettext("pays: {name}").format(name=step.pays)
        others.append(CellText(paid, _QUIET))
    when = [CellText(step.time, _STRONG)] if step.time else []
    when += [CellText(step.since, _QUIET)] if step.since else []
    cells = [
        [CellText(step.prefix, _NUMBER)],
        [CellText(step.title, _TEXT)],
        lead,
        others or [CellText("–", _QUIET)],
        when or [CellText("–", _QUIET)],
        [*_law(step, words)],
    ]
    first, *more = table.row(cells)
    return [_marked(first, step, table), *more]


def _law(step: StepText, words: Language) -> Iterator[CellText]:
    if step.law:
        yield CellText(step.law, _TEXT)
        yield CellText(step.read or words.gettext("not checked"), _QUIET)
    if step.form:
        yield CellText(step.form, _QUIET)
    if not (step.law or step.form):
        yield CellText("–", _QUIET)


def _marked(block: Block, step: StepText, table: PaperTable) -> Block:
    """Return the row with a sign at the end of its law, if nobody has checked it this year."""
    if step.is_checked or not step.law:
        return block
    last: TableColumn = table.columns[-1]
    x = SHEET_FORM.margin + last.x + last.width - _MARK
    return Block((*block.items, Symbol("triangle-alert", x, table.pad, _MARK, GREY)), block.height)


def _notes(said: ProcedureText, words: Language, setter: Composer) -> Iterator[Block]:
    """Compose where it comes from, and what the sign means if it stands on the paper."""
    if any(step.law and not step.is_checked for step in said.steps):
        text = words.gettext("This law has not been checked in the last year: read it first.")
        line = setter.paragraph(text, _QUIET)[0]
        items = [replace(item, x=item.x + _MARK + 3) for item in line.items]
        sign = Symbol("triangle-alert", SHEET_FORM.margin, 1.2, _MARK, GREY)
        yield Block((sign, *items), line.height)
    yield from setter.paragraph(said.source, _QUIET)
