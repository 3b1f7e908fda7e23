# SPDX-License-Identifier: GPL-3.0-or-later
"""The risks in a file copy: two 5×5 matrices, before and after measures, and their tables.

The matrices work in black and white. Each cell shows its score on a white background, and a
dot has the number of its table row. A cell with more than four risks shows three and the
count of the others.
"""

from collections.abc import Iterator, Mapping, Sequence

from kfdesk.documents.file_copy.case import PrintedCase
from kfdesk.documents.layout.office import (
    MARK_SIZE,
    Block,
    CellText,
    Composer,
    PaperPart,
    PaperTable,
    StatusMark,
    add_titles,
    begin_page,
    join_columns,
    share_columns,
    stack_blocks,
)
from kfdesk.documents.layout.style import (
    BOLD,
    GREY,
    INK,
    ITALIC,
    REGULAR,
    SEMIBOLD,
    WHITE,
    Box,
    Dot,
    Item,
    Style,
    Symbol,
    TextLine,
    move_down,
)
from kfdesk.documents.layout.text import width_of
from kfdesk.domain.codes.case import RISK_CONCLUSION
from kfdesk.domain.codes.risk import CATEGORY_ITEMS, LIKELIHOOD, RISK_CATEGORY, RISK_LEVEL, SEVERITY
from kfdesk.domain.records.risk import RiskAssessment, RiskEvent, RiskLine
from kfdesk.domain.risk import (
    CategoryRating,
    ItemAnswer,
    MatrixCell,
    RiskLevel,
    RiskRating,
    ThemeAnswer,
    contradicting_items,
    items_on_line,
    line_answer,
    theme_on_line,
    unanswered_categories,
    worst_by_category,
)
from kfdesk.domain.rows import RecordView
from kfdesk.domain.workflow.decision import assessment_last_day
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import origins_text, unknown_text, whole_item_text

MATRIX_SIDE = 5
MOST_DOTS = 4
"""The most dots that are drawn in one cell."""

_TINTS = {
    RiskLevel.LOW: WHITE,
    RiskLevel.MODERATE: "#E6EBED",
    RiskLevel.HIGH: "#B9C5CA",
    RiskLevel.VERY_HIGH: "#7F939B",
}
_CELL_WIDTH, _CELL_HEIGHT = 38.0, 31.0
_AXIS_WIDTH = 26.0
_MATRIX_TOP = 28.0
_MATRIX_GAP = 46.0
_SCORE_HEIGHT = 9.5


# --- matrices


def draw_risk_matrices(words: Language, setter: Composer, found: Sequence[CategoryRating]) -> Block:
    """Draw both matrices side by side, with a legend of the axes below."""
    grid = _AXIS_WIDTH + MATRIX_SIDE * _CELL_WIDTH
    right = grid + _MATRIX_GAP
    before = [(one.number, one.before) for one in found]
    after = [(one.number, one.after) for one in found]
    middle = _MATRIX_TOP + MATRIX_SIDE * _CELL_HEIGHT / 2
    x = setter.x
    arrow = x + grid + (_MATRIX_GAP - 20) / 2
    items: list[Item] = [
        *_draw_matrix(setter, x, words.gettext("Before measures"), before),
        *_draw_matrix(setter, x + right, words.gettext("With the measures"), after),
        Symbol("arrow-right", arrow, middle - 10, 20, INK),
    ]
    y = _MATRIX_TOP + MATRIX_SIDE * _CELL_HEIGHT + 12
    style = Style(REGULAR, setter.form.sizes.smallest, GREY)
    for text in _matrix_legend(words):
        for part in setter.paragraph(text, style, drop=1.5):
            items += move_down(part.items, y)
            y += part.height
    return Block(tuple(items), y + 4)


def _matrix_legend(words: Language) -> Iterator[str]:
    levels = words.gettext(
        "Score: {low} 1–4, {moderate} 5–9, {high} 10–15, {very_high} 16–25. What is "
        "not known counts as high until it is clear."
    )
    yield levels.format(**{code: words.gettext(name).lower() for code, name in RISK_LEVEL.items()})
    yield words.gettext("Upwards, how likely: {steps}").format(steps=_axis_steps(words, LIKELIHOOD))
    yield words.gettext("Across, how severe: {steps}").format(steps=_axis_steps(words, SEVERITY))


def _axis_steps(words: Language, scale: Mapping[str, str]) -> str:
    said = (words.gettext(name).lower() for name in scale.values())
    return ", ".join(f"{number} {name}" for number, name in enumerate(said, start=1))


def _draw_matrix(
    setter: Composer, x: float, title: str, judged: Sequence[tuple[int, RiskRating]]
) -> Iterator[Item]:
    sizes = setter.form.sizes
    left, bottom = x + _AXIS_WIDTH, _MATRIX_TOP + MATRIX_SIDE * _CELL_HEIGHT
    yield TextLine(title, Style(SEMIBOLD, sizes.text), left, 18, MATRIX_SIDE * _CELL_WIDTH)
    for likelihood in range(1, MATRIX_SIDE + 1):
        for severity in range(1, MATRIX_SIDE + 1):
            cell = MatrixCell(likelihood, severity)
            numbers = [number for number, one in judged if one.level and one.cell == cell]
            yield from _draw_cell(setter, left, cell, numbers)
    edge = Style(REGULAR, sizes.smallest, GREY)
    for step in range(1, MATRIX_SIDE + 1):
        middle = bottom - (step - 0.5) * _CELL_HEIGHT + 0.36 * edge.size
        yield _centred_line(str(step), edge, x + _AXIS_WIDTH - 10, middle)
        yield _centred_line(
            str(step), edge, left + (step - 0.5) * _CELL_WIDTH, bottom + edge.size + 1
        )


def _draw_cell(
    setter: Composer, left: float, cell: MatrixCell, numbers: Sequence[int]
) -> Iterator[Item]:
    x = left + (cell.severity - 1) * _CELL_WIDTH
    y = _MATRIX_TOP + (MATRIX_SIDE - cell.likelihood) * _CELL_HEIGHT
    tinted = _CELL_HEIGHT - _SCORE_HEIGHT - 1
    yield Box(x, y + _CELL_HEIGHT - tinted, _CELL_WIDTH, tinted, 0, 0, fill=_TINTS[cell.level])
    yield Box(x, y, _CELL_WIDTH, _CELL_HEIGHT, 0, 0.7)
    small = Style(REGULAR, setter.form.sizes.smallest * 0.86)
    text = str(cell.score)
    wide = width_of(text, small) + 3
    yield TextLine(text, small, x + 2.5, y + 1 + 0.78 * _SCORE_HEIGHT, wide)
    texts = [str(number) for number in numbers[:MOST_DOTS]]
    if len(numbers) > MOST_DOTS:
        texts = [*texts[: MOST_DOTS - 1], f"+{len(numbers) - MOST_DOTS + 1}"]
    for said, (across, down, radius) in zip(texts, _dot_places(len(texts)), strict=True):
        yield from draw_numbered_dot(said, x + across, y + down, radius)


def draw_numbered_dot(text: str, x: float, y: float, radius: float) -> Iterator[Item]:
    """Draw a number on a dark dot with a white rim."""
    style = Style(BOLD, radius * (1.15 if len(text) == 1 else 0.95), WHITE)
    yield Dot(x, y, radius + 0.9, WHITE)
    yield Dot(x, y, radius, INK)
    yield _centred_line(text, style, x, y + 0.36 * style.size)


def _dot_places(count: int) -> list[tuple[float, float, float]]:
    """Return the offset in a cell and the radius of each of `count` dots."""
    if count <= 1:
        return [(_CELL_WIDTH / 2 + 4, _CELL_HEIGHT / 2 + 1, 8.2)] * count
    if count == 2:
        return [
            (_CELL_WIDTH / 2 - 5, _CELL_HEIGHT / 2 + 4, 6.6),
            (_CELL_WIDTH / 2 + 9.5, _CELL_HEIGHT / 2 + 4, 6.6),
        ]
    corners = [(17.5, 10.0), (30.0, 10.0), (17.5, 22.8), (30.0, 22.8)]
    return [(across, down, 5.8) for across, down in corners[:count]]


def _centred_line(text: str, style: Style, x: float, y: float) -> TextLine:
    wide = width_of(text, style)
    return TextLine(text, style, x - wide / 2, y, wide)


AssessmentView = RecordView[RiskAssessment]
_SEVERITY = tuple(RISK_CONCLUSION)


# --- parts


def risk_parts(case: PrintedCase, setter: Composer) -> Iterator[PaperPart]:
    """Yield the parts of the page; without an assessment it says so."""
    words = case.words
    weighed = _assessments(case)
    head = setter.page_heading(words.gettext("Risks"), _risk_title(case, weighed))
    if not weighed:
        yield PaperPart(head, starts_page=True)
        return
    yield begin_page(head, _client_view_part(case, setter, weighed))
    yield from _matrix_parts(case, setter, weighed)
    yield _assessment_table(case, setter, weighed)
    yield from _risk_events_part(case, setter)
    for seen in weighed:
        yield from _assessment_texts(case, setter, seen)


def _assessments(case: PrintedCase) -> list[AssessmentView]:
    """Return the risk assessments, the newest first."""
    return sorted(case.views(RiskAssessment), key=lambda s: str(s.record.done), reverse=True)


def _is_valid_assessment(case: PrintedCase, seen: AssessmentView) -> bool:
    until = assessment_last_day(seen.record)
    is_in_date = until is not None and until >= case.about.at.date()
    return is_in_date and not seen.conflicts and seen.rid not in case.about.void


def _risk_title(case: PrintedCase, weighed: list[AssessmentView]) -> str:
    words = case.words
    said = [
        str(seen.record.conclusion)
        for seen in weighed
        if _is_valid_assessment(case, seen) and seen.record.conclusion in RISK_CONCLUSION
    ]
    if not weighed:
        return words.gettext("The risks have not been assessed yet")
    if not said:
        return words.gettext("No risk assessment is valid today")
    return words.gettext(RISK_CONCLUSION[max(said, key=_SEVERITY.index)])


def _client_view_part(
    case: PrintedCase, setter: Composer, weighed: list[AssessmentView]
) -> PaperPart:
    style = Style(ITALIC, setter.form.sizes.text)
    said_before: dict[str, Style] = {}
    quote = case.words.gettext("“{text}”")
    for seen in weighed:
        if case.has(seen, "client_view"):
            said = case.text(seen, "client_view", style)
            quoted = said if said.is_blank else CellText(quote.format(text=said.text), said.style)
            said_before.setdefault(quoted.text, quoted.style)
    title = case.words.gettext("Her own view of it")
    rows = [row for text, how in said_before.items() for row in setter.paragraph(text, how, drop=4)]
    if not rows:
        blank = [case.blank(Style(REGULAR, setter.form.sizes.text))]
        rows = PaperTable(setter.form, share_columns(setter.form, 1)).row([blank])
    return PaperPart(setter.section_heading(title), tuple(rows), setter.section_heading(title))


def _newest_of_each_side(weighed: list[AssessmentView]) -> dict[bytes, AssessmentView]:
    """Return the newest assessment of each side, by its id.

    A reported assessment counts for the organisation that reported it.
    """
    sides = {(s.row.custodian, s.record.organisation): s for s in reversed(weighed)}
    return {seen.rid: seen for seen in sides.values()}


def _matrix_parts(
    case: PrintedCase, setter: Composer, weighed: list[AssessmentView]
) -> Iterator[PaperPart]:
    """Yield the matrices and the table with the same numbers; nothing without risk lines."""
    newest = _newest_of_each_side(weighed)
    lines = [line for line in case.views(RiskLine) if line.row.parent in newest]
    found = [one for one in worst_by_category(lines) if one.before.level is not None]
    if not lines:
        return
    head = setter.section_heading(case.words.gettext("The higher of the two assessments"))
    if not found:
        text = _nothing_found_text(case, lines, newest)
        style = Style(REGULAR, setter.form.sizes.text)
        yield PaperPart(head, tuple(setter.paragraph(text, style, drop=5)))
        return
    yield PaperPart(head, (draw_risk_matrices(case.words, setter, found),))
    titles = (
        case.words.gettext("Risk"), case.words.gettext("Before"), case.words.gettext("After"),
        case.words.gettext("Measure"), case.words.gettext("Status"),
    )  # fmt: skip
    columns = add_titles(share_columns(setter.form, 38, 15, 15, 26, 18, left=MARK_SIZE + 8), titles)
    table = PaperTable(setter.form, columns)
    rows = [block for one in found for block in _risk_row(case, table, one)]
    yield PaperPart(table.head(), tuple(rows), table.head(), gap=8)


def _nothing_found_text(
    case: PrintedCase,
    lines: Sequence[RecordView[RiskLine]],
    newest: Mapping[bytes, AssessmentView],
) -> str:
    """Return that nothing was found, or that not all is answered: a missing line says nothing."""
    has_children = case.about.has_children
    for seen in newest.values():
        side = [one for one in lines if one.row.parent == seen.rid]
        is_counted = not side and seen.record.unanswered == 0  # by a program without lines
        if not is_counted and unanswered_categories(side, has_children=has_children):
            return case.words.gettext("No risk is known yet: not every theme is answered.")
    return case.words.gettext("Nothing was found in any category.")


def _risk_row(case: PrintedCase, table: PaperTable, one: CategoryRating) -> list[Block]:
    sizes = table.form.sizes
    text, strong = Style(REGULAR, sizes.text), Style(SEMIBOLD, sizes.text)
    small = Style(REGULAR, sizes.caption, GREY)
    line, words = one.line, case.words
    name = CellText(words.gettext(RISK_CATEGORY.get(one.category, one.category)), strong)
    items = [CellText(text, small) for text in _finding_texts(case, line)]
    measure = [case.text(line, "measure", text)] if case.has(line, "measure") else []
    if case.has(line, "measure_by"):
        measure.append(case.text(line, "measure_by", small))
    status = "mitigation_status"
    state = [case.text(line, status, text)] if case.has(line, status) else []
    before, after = _level_texts(case, one.before, strong), _level_texts(case, one.after, strong)
    cells = [[name, *items], before, after, measure, state]
    first, *rest = table.row(cells)
    number = Block(tuple(draw_numbered_dot(str(one.number), _dot_x(table), 11.0, 7.0)), 0)
    return [join_columns(first, number), *rest]


def _finding_texts(case: PrintedCase, line: RecordView[RiskLine]) -> Iterator[str]:
    """Yield what is present and what is unknown, each with its source, or their summary.

    Her own words stand first, and what the theme says if that is not what its items say.
    """
    small = Style(REGULAR, 1)
    if case.has(line, "own_words"):
        yield case.words.gettext("“{text}”").format(text=case.text(line, "own_words", small).text)
    is_whole = theme_on_line(line.record) is ThemeAnswer.NOT_KNOWN
    if is_whole or (line_answer(line.record) == "not_known" and not line.record.unclear):
        yield unknown_text(line.record, case.words)
    if contradicting_items(line.record):
        yield case.words.gettext("The theme says nothing, its questions say something: they count")
    torn = [key for key in ("present", "unclear") if key in line.conflicts]
    yield from (case.text(line, key, small).text for key in torn)
    category = str(line.record.category)
    items = items_on_line(category, line.record) if category in CATEGORY_ITEMS else {}
    for name, item in items.items():
        if item.answer is ItemAnswer.SO:
            yield whole_item_text(name, item, case.words)
        elif item.answer is ItemAnswer.NOT_KNOWN:
            unclear = case.words.gettext("Not known: {what}")
            yield unclear.format(what=whole_item_text(name, item, case.words))
    if all(item.answer is ItemAnswer.OPEN for item in items.values()):
        known = origins_text(line.record, case.words)
        yield from [known] if known else []


def _level_texts(case: PrintedCase, judged: RiskRating, style: Style) -> list[CellText]:
    """Return the score with its level; the level alone if nothing was rated."""
    if judged.level is None:
        return [CellText("–", style)]
    small = Style(REGULAR, style.size * 0.86)
    name = CellText(case.words.gettext(RISK_LEVEL[judged.level.code]).lower(), small)
    return [CellText(str(judged.cell.score), style), name] if judged.cell is not None else [name]


def _dot_x(table: PaperTable) -> float:
    """Return the horizontal position of the dots in the table."""
    return table.form.margin + table.columns[0].x - MARK_SIZE / 2 - 6


def _assessment_table(
    case: PrintedCase, setter: Composer, weighed: list[AssessmentView]
) -> PaperPart:
    words = case.words
    titles = (
        words.gettext("Assessed by"), words.gettext("Conclusion"), words.gettext("Done on"),
        words.gettext("Assessment valid until"), words.gettext("Open questions"),
    )  # fmt: skip
    columns = add_titles(share_columns(setter.form, 24, 32, 20, 20, 14, left=MARK_SIZE + 6), titles)
    table = PaperTable(setter.form, columns)
    rows = [block for seen in weighed for block in _assessment_row(case, table, seen)]
    title = setter.section_heading(words.gettext("The risks, as each side assesses them"))
    head = stack_blocks([title, table.head()])
    return PaperPart(head, tuple(rows), head)


def _assessment_row(case: PrintedCase, table: PaperTable, seen: AssessmentView) -> list[Block]:
    text, strong = Style(REGULAR, table.form.sizes.text), Style(SEMIBOLD, table.form.sizes.text)
    small = Style(SEMIBOLD, table.form.sizes.caption)
    counts = _is_valid_assessment(case, seen)
    last = assessment_last_day(seen.record)
    until = [case.text(seen, "valid_until", text)]
    if last is not None and "valid_until" not in seen.conflicts:
        until = [CellText(case.day(last), text)]
    if not counts:
        until.append(CellText(case.words.gettext("not valid today"), small))
    cells = [
        [case.text(seen, "organisation", text)],
        [case.text(seen, "conclusion", strong)],
        [case.text(seen, "done", text)],
        until,
        [case.text(seen, "unanswered", text)],
    ]
    return table.row(cells, StatusMark.MET if counts else StatusMark.ASIDE, 0)


def _risk_events_part(case: PrintedCase, setter: Composer) -> Iterator[PaperPart]:
    """Yield the later events that changed the risks, the newest first, if any."""
    events = sorted(case.views(RiskEvent), key=lambda s: str(s.record.happened), reverse=True)
    words, text = case.words, Style(REGULAR, setter.form.sizes.text)
    titles = (
        words.gettext("When"), words.gettext("What has happened"), words.gettext("In a few words"),
    )  # fmt: skip
    table = PaperTable(setter.form, add_titles(share_columns(setter.form, 22, 34, 54), titles))
    keys = ("happened", "kind", "account")
    rows = [
        block
        for seen in events
        for block in table.row([[case.text(seen, key, text, "–")] for key in keys])
    ]
    if rows:
        head = stack_blocks(
            [setter.section_heading(words.gettext("What has happened since")), table.head()]
        )
        yield PaperPart(head, tuple(rows), head)


def _assessment_texts(
    case: PrintedCase, setter: Composer, seen: AssessmentView
) -> Iterator[PaperPart]:
    """Yield the summary and measures of one side, as far as it has written them."""
    words, text = case.words, Style(REGULAR, setter.form.sizes.text)
    who = case.text(seen, "organisation", text).text
    names = {
        "summary": words.gettext("Summary"),
        "measures": words.gettext("Measures"),
        "measures_agreed": words.gettext("Measures are agreed"),
    }
    facts = [
        (name, case.text(seen, key, text)) for key, name in names.items() if case.has(seen, key)
    ]
    if facts:
        head = setter.section_heading(words.gettext("Reasons: {name}").format(name=who))
        yield PaperPart(head, tuple(setter.labelled_rows(facts)), head)
