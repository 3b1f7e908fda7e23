# SPDX-License-Identifier: GPL-3.0-or-later
"""Risk themes answered in part and in any order: nothing is said to be clear before all are.

After each answer the plan's page says how many are answered, and "nothing found" only when all
are. The control takes an assessment without a risk for one in which nothing was found. A second
harness answers every theme by chance, also below it as an older program does: "not known" and
"something" never count as nothing, neither here nor in what would leave. Its control reads the
overall answer alone, as an older program does.
"""

import random

from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.world import World

from kfdesk.domain.codes.risk import CATEGORY_ITEMS
from kfdesk.domain.records.risk import RiskLine
from kfdesk.domain.risk import (
    ItemAnswer,
    RiskItem,
    RiskState,
    ThemeAnswer,
    is_answer_too_low,
    line_fields,
    rate_line,
    required_categories,
)
from kfdesk.domain.rows import RecordView, encode_changes, seen_writes
from kfdesk.services.core.records import put_changed, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import open_plan
from kfdesk.services.plans.risk import (
    answer_risk_items,
    answer_risk_theme,
    create_risk_assessment,
    read_risks,
)

_ANSWERS = 6
_OLDER = 0.5  # the part of the themes below which an older program writes


def _answered(*, is_wrong: bool) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        desk, plan = world.opened(world.copy(world.ours)), world.short_plan
        has_children = read_risks(desk, plan).has_children
        asked = {
            (category, item)
            for category in required_categories(has_children=has_children)
            for item in CATEGORY_ITEMS[category]
        }
        rid, given = create_risk_assessment(desk, plan), set()
        for category, item in rng.sample(sorted(asked), rng.randint(0, _ANSWERS)):
            answer_risk_items(desk, rid, category, {item: RiskItem(ItemAnswer.NOT_SO)})
            given.add((category, item))
        version = next(one for one in read_risks(desk, plan).versions if one.view.rid == rid)
        page, status = open_plan(desk, plan), version.status
        is_clear = status.level is None if is_wrong else status.state is RiskState.NOTHING_FOUND
        if is_clear or page.is_risk_assessed:
            return Seen("answered in part", f"{len(given)} answers, and nothing is said to be open")
        whole = {c for c, _ in asked if all(one in given for one in asked if one[0] == c)}
        themes = {category for category, _ in asked}
        is_counted = (status.answered, status.asked) == (len(whole), len(themes))
        return Seen("answered in part", "" if is_counted else "the answers are counted wrongly")

    return trial


def _themes(*, is_wrong: bool) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        desk, plan = world.opened(world.copy(world.ours)), world.short_plan
        has_children = read_risks(desk, plan).has_children
        rid, graver = create_risk_assessment(desk, plan), set[str]()
        for category in required_categories(has_children=has_children):
            theme = rng.choice(tuple(ThemeAnswer))
            line = answer_risk_theme(desk, rid, category, theme).rid
            said = {theme}
            if rng.random() < _OLDER:
                answer = rng.choice((ItemAnswer.NOT_SO, ItemAnswer.SO, ItemAnswer.NOT_KNOWN))
                _write_as_before(desk, line, dict.fromkeys(CATEGORY_ITEMS[category], answer))
                said |= {ThemeAnswer.SOMETHING} if answer is not ItemAnswer.NOT_SO else set()
            graver |= {category} if said != {ThemeAnswer.NOTHING} else set()
        ours = next(one for one in read_risks(desk, plan).versions if one.view.rid == rid)
        high = {line.record.category for line in ours.lines if rate_line(line).is_high}
        clear = {line.record.category for line in ours.lines if _says_nothing(line, is_wrong)}
        if hidden := sorted(graver & clear | graver - high):
            return Seen("themes and older answers", f"taken for nothing: {', '.join(hidden)}")
        is_clear = ours.status.state is RiskState.NOTHING_FOUND
        return Seen(
            "themes and older answers",
            "nothing is said to be found" if is_clear and graver else "",
        )

    return trial


def _says_nothing(line: RecordView[RiskLine], is_wrong: bool) -> bool:
    """Return whether another organisation would be told that nothing was found."""
    return line.record.answer == "nothing_found" and (
        is_wrong or not is_answer_too_low(line.record)
    )


def _write_as_before(desk: Session, rid: bytes, items: dict[str, ItemAnswer]) -> None:
    """Write answers as a program does that knows no themes."""
    row = require_record(desk, rid)
    fields = line_fields({name: RiskItem(answer) for name, answer in items.items()})
    with desk.store.transaction():
        put_changed(desk, row, encode_changes(row.type, fields), seen_writes(row))


HARNESSES = (
    Harness(
        "risk questions that are answered in part",
        _answered(is_wrong=False), _answered(is_wrong=True), Size(2, 40, 2_000),
    ),
    Harness(
        "risk themes above answers of an older program",
        _themes(is_wrong=False), _themes(is_wrong=True), Size(2, 40, 2_000),
    ),
)  # fmt: skip
