# SPDX-License-Identifier: GPL-3.0-or-later
"""Risk questions answered in part and in any order: nothing is said to be clear before all are.

After each answer the plan's page says how many are answered, and "nothing found" only when all
are. The control takes an assessment without a risk for one in which nothing was found.
"""

import random

from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.world import World

from kfdesk.domain.codes.risk import CATEGORY_ITEMS
from kfdesk.domain.risk import ItemAnswer, RiskItem, RiskState, required_categories
from kfdesk.services.plans.plans import open_plan
from kfdesk.services.plans.risk import answer_risk_items, create_risk_assessment, read_risks

_ANSWERS = 6


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


HARNESSES = (
    Harness(
        "risk questions that are answered in part",
        _answered(is_wrong=False), _answered(is_wrong=True), Size(2, 40, 2_000),
    ),
)  # fmt: skip
