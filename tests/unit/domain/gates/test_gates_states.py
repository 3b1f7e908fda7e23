# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a plan: which there are, and which there are not."""

from itertools import pairwise

import pytest

from kfdesk.domain.codes.core import PLAN_STATE
from kfdesk.domain.workflow.gates import (
    NEXT_STATES,
    READ_ONLY_STATES,
    REOPENABLE_STATES,
    is_allowed_step,
    is_way_back,
)
from kfdesk.domain.workflow.table import STATE_GATES

ROAD = (
    "draft", "assessing", "decision_ready", "approved", "travel_ready", "travelling", "arrived",
    "reintegrating", "follow_up", "closed",
)  # fmt: skip


def test_every_state_has_its_row() -> None:
    assert set(NEXT_STATES) == set(PLAN_STATE)
    assert {target for targets in NEXT_STATES.values() for target in targets} <= set(PLAN_STATE)


def test_road_leads_from_draft_to_closed_one_state_at_a_time() -> None:
    for state, target in pairwise(ROAD):
        assert NEXT_STATES[state][0] == target
        assert target in STATE_GATES
    ways_on = {(a, b) for a in ROAD for b in ROAD if is_allowed_step(a, b)}
    straight = set(pairwise(ROAD))
    assert ways_on - straight == {(s, "assessing") for s in ("approved", "travel_ready")}


@pytest.mark.parametrize("state", [state for state in PLAN_STATE if state not in READ_ONLY_STATES])
def test_she_can_withdraw_from_every_state_that_has_not_ended(state: str) -> None:
    assert is_allowed_step(state, "withdrawn")
    assert is_allowed_step(state, "cancelled") is (state != "cancelled")


def test_travelling_is_left_only_by_arriving_or_giving_up() -> None:
    assert set(NEXT_STATES["travelling"]) == {"arrived", "withdrawn", "cancelled"}


def test_what_has_ended_leads_nowhere_and_may_be_followed_by_a_new_plan() -> None:
    assert {state for state, targets in NEXT_STATES.items() if not targets} == READ_ONLY_STATES
    assert READ_ONLY_STATES < REOPENABLE_STATES


def test_way_back_gives_up_a_decision_and_never_a_journey() -> None:
    assert is_way_back("approved", "assessing")
    assert is_way_back("travel_ready", "assessing")
    assert not is_way_back("draft", "assessing")
    assert not is_way_back("travelling", "assessing")
    assert not is_allowed_step("unheard_of", "assessing")
