# SPDX-License-Identifier: GPL-3.0-or-later
"""Goals on paper: where the client began, is and wants to be, on a line of five dots.

The steps are those of SCORE, 0 to 4. The file copy shows the goals in a table; the support plan
draws the line below each goal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kfdesk.documents.file_copy.case import PrintedCase
from kfdesk.documents.layout.office import (
    Block,
    CellText,
    Composer,
    PaperPart,
    PaperTable,
    add_titles,
    join_columns,
    share_columns,
    stack_blocks,
)
from kfdesk.documents.layout.style import (
    FOLD,
    GREY,
    ITALIC,
    PETROL,
    REGULAR,
    SEMIBOLD,
    WHITE,
    Dot,
    Item,
    Ring,
    Rule,
    Style,
    TextLine,
)
from kfdesk.documents.layout.text import width_of
from kfdesk.domain.codes.case import SCORE
from kfdesk.domain.message_marks import for_client
from kfdesk.domain.records.aftercare import Goal
from kfdesk.domain.rows import RecordView

_STEP, _DOT, _SMALL, _LARGE = 17.0, 1.7, 3.0, 5.4
_STEPS = tuple(SCORE)
_STEP_KEYS = ("baseline", "progress", "target")


def sorted_goals(case: PrintedCase) -> list[RecordView[Goal]]:
    """Return the goals, the earliest due first."""
    return sorted(case.views(Goal), key=lambda one: str(one.record.due or "9999"))


def draw_goal_scale(goal: RecordView[Goal], x: float, middle: float) -> Iterator[Item]:
    """Yield the line of dots from `x`: small where it began, full for now, a ring for the aim.

    What is not known or not decided has no mark.
    """
    began, now, aim = (
        _STEPS.index(value) if (value := getattr(goal.record, key)) in _STEPS else None
        for key in _STEP_KEYS
    )
    at = [x + _LARGE + step * _STEP for step in range(len(_STEPS))]
    yield Rule(at[0], middle, across=at[-1] - at[0], stroke=1.1, colour=FOLD)
    yield from (Dot(centre, middle, _DOT, FOLD) for centre in at)
    if began is not None and now is not None:
        first, last = sorted((at[began], at[now]))
        yield Rule(first, middle, across=last - first, stroke=2.4, colour=PETROL)
    if began is not None:
        yield Dot(at[began], middle, _SMALL, PETROL)
    if aim is not None:
        yield Dot(at[aim], middle, _LARGE, WHITE)
        yield Ring(at[aim], middle, _LARGE - 0.8, 1.6, PETROL)
    if now is not None:
        yield Dot(at[now], middle, _SMALL if now == aim else _LARGE, PETROL)


def goal_legend(case: PrintedCase, setter: Composer) -> Block:
    """Compose what the three marks mean, on one line."""
    words, style = case.words, Style(REGULAR, setter.form.sizes.caption, GREY)
    x, y = setter.x + _LARGE, 13.0
    middle, items = y - style.cap_height / 2, list[Item]()
    marks: Sequence[tuple[Dot | Ring, str]] = (
        (Dot(x, middle, _SMALL, PETROL), words.gettext(for_client("start"))),
        (Dot(x, middle, _LARGE - 0.6, PETROL), words.gettext(for_client("now"))),
        (Ring(x, middle, _LARGE - 0.8, 1.6, PETROL), words.gettext(for_client("goal"))),
    )
    for mark, text in marks:
        wide = width_of(text, style)
        items += [replace(mark, x=x), TextLine(text, style, x + _LARGE + 5, y, wide)]
        x += wide + 2 * _LARGE + 24
    return Block(tuple(items), y + 6)


def goals_part(case: PrintedCase, setter: Composer) -> Iterator[PaperPart]:
    """Yield a table of the goals with its legend; nothing without a goal."""
    goals = sorted_goals(case)
    if not goals:
        return
    words = case.words
    titles = (
        words.gettext("Area of life"), words.gettext("Her goal, in her own words"),
        words.gettext("Start, now, goal"), words.gettext("By when"), words.gettext("Who helps"),
    )  # fmt: skip
    table = PaperTable(
        setter.form, add_titles(share_columns(setter.form, 17, 29, 20, 18, 16), titles)
    )
    rows = [block for goal in goals for block in _goal_row(case, table, goal)]
    least, *_, most = (words.gettext(step) for step in SCORE.values())
    heading = setter.section_heading(words.gettext("Goals"), f"{least} … {most}")
    head = stack_blocks([heading, table.head()])
    yield PaperPart(head, (*rows, goal_legend(case, setter)), head)


def _goal_row(case: PrintedCase, table: PaperTable, goal: RecordView[Goal]) -> list[Block]:
    size = table.form.sizes.text
    text = Style(REGULAR, size)
    helped = case.has(goal, "organisation")
    aim = case.text(goal, "aim", Style(ITALIC, size), "–")
    said = aim.text if aim.is_blank else case.words.gettext("“{text}”").format(text=aim.text)
    undecided = [
        case.text(goal, key, text) for key in _STEP_KEYS if goal.conflicts.intersection((key,))
    ]
    first, *others = table.row(
        [
            [case.text(goal, "domain", Style(SEMIBOLD, size), "–")],
            [CellText(said, aim.style)],
            undecided or [CellText("", text)],
            [case.text(goal, "due", text, "–")],
            [case.text(goal, "organisation", text) if helped else CellText("–", text)],
        ]
    )
    if undecided:
        return [first, *others]
    x = table.form.margin + table.columns[2].x
    scale = Block(tuple(draw_goal_scale(goal, x, table.pad + 0.64 * size)), 0)
    return [join_columns(first, scale), *others]
