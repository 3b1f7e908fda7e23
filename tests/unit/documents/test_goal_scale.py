# SPDX-License-Identifier: GPL-3.0-or-later
"""The five dots of a goal: where she began, where she is, and where she wants to be."""

import pytest
from tests.support import make

from kfdesk.documents.file_copy.goals import draw_goal_scale
from kfdesk.documents.layout.style import FOLD, PETROL, Dot, Ring
from kfdesk.domain.codes.case import SCORE
from kfdesk.domain.records.aftercare import Goal
from kfdesk.domain.rows import view
from kfdesk.domain.values import MissingAnswer, Value

STEPS = tuple(SCORE)


def scale(**values: Value) -> tuple[list[float], list[int], list[int]]:
    """Return where the five dots are, and the steps of the filled marks and of the rings."""
    goal = view(make.row("goal", {**make.FILLED["goal"], **values}), Goal)
    items = list(draw_goal_scale(goal, 100, 10))
    dots = [item for item in items if isinstance(item, Dot)]
    at = [dot.x for dot in dots if dot.colour == FOLD]
    filled = [at.index(dot.x) for dot in dots if dot.colour == PETROL]
    return at, filled, [at.index(item.x) for item in items if isinstance(item, Ring)]


def test_goal_has_five_dots_a_start_a_now_and_an_aim() -> None:
    at, filled, rings = scale(baseline=STEPS[0], progress=STEPS[1], target=STEPS[4])
    assert len(at) == len(STEPS) == 5
    assert at == sorted(at)
    assert (filled, rings) == ([0, 1], [4])


def test_goal_that_is_reached_has_its_dot_in_the_ring() -> None:
    _, filled, rings = scale(baseline=STEPS[1], progress=STEPS[3], target=STEPS[3])
    assert (filled, rings) == ([1, 3], [3])


@pytest.mark.parametrize("gap", [None, MissingAnswer.UNKNOWN, "score_of_a_newer_program"])
def test_step_that_nobody_knows_has_no_mark(gap: Value) -> None:
    assert scale(baseline=gap, progress=gap, target=gap)[1:] == ([], [])
