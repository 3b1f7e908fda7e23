# SPDX-License-Identifier: GPL-3.0-or-later
"""Random work on a plan in a real store: refused work changes nothing, steps keep evidence."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.course_samples import Walk, walked
from tests.support.samples import examples

from kfdesk.demo import people, story
from kfdesk.domain.codes.core import PLAN_STATE
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.case import Transition
from kfdesk.domain.rows import view
from kfdesk.domain.workflow.gates import is_allowed_step, is_way_back
from kfdesk.domain.workflow.table import STATE_GATES, gates_before
from kfdesk.services.core.records import change_record, delete_record
from kfdesk.services.plans.consents import withdraw_consent
from kfdesk.services.plans.plans import open_plan, read_case_context
from kfdesk.services.workflow import approve, move_plan, reopen_plan

Work = Callable[[Walk], object]


def _withdraw_all(walk: Walk) -> None:
    for line in open_plan(walk.ours, walk.plan).consents:
        withdraw_consent(walk.ours, line.view.rid)


def _time_passes(walk: Walk) -> None:
    walk.clock.time += timedelta(days=2)


WORK: dict[str, Work] = {
    "assess": lambda walk: story.assess(walk.ours, walk.plan, walk.partner),
    "prepare": lambda walk: story.prepare(walk.ours, walk.plan, walk.partner),
    "weigh": Walk.weigh,
    "decide": lambda walk: story.decide(walk.ours, walk.plan),
    "leave": lambda walk: story.prepare_departure(walk.ours, walk.plan),
    "talk again": lambda walk: change_record(
        walk.ours, walk.plan, people.wish_reconfirmed(walk.clock.time)
    ),
    "approve oneself": lambda walk: approve(walk.ours, walk.plan, "decision"),
    "approve": lambda walk: approve(walk.second(), walk.plan, "decision"),
    "doubt her age": lambda walk: change_record(walk.ours, walk.client, {"age_disputed": True}),
    "state by hand": lambda walk: change_record(walk.ours, walk.plan, {"state": "travelling"}),
    "delete a leg": lambda walk: delete_record(walk.ours, walk.legs[1]),
    "withdraw all": _withdraw_all,
    "time passes": _time_passes,
    "open again": lambda walk: reopen_plan(walk.ours, walk.plan),
}
steps = st.one_of(
    st.sampled_from(sorted(WORK)),
    st.sampled_from(sorted(PLAN_STATE)).map(lambda state: f"to {state}"),
)
histories = st.tuples(
    st.sampled_from(["draft", "assessing", "decision_ready", "approved", "travel_ready"]),
    st.lists(steps, max_size=6),
)


def tried(walk: Walk, step: str) -> None:
    """One piece of work; a refused step of the plan leaves no trace."""
    if step in WORK:
        with suppress(KfdeskError):
            WORK[step](walk)
        return
    before, target = walk.ours.store.digest(), step.removeprefix("to ")
    s = read_case_context(walk.ours, walk.plan)
    may = is_allowed_step(str(s.state), target)
    is_open = not may or any(gate.is_open for gate in gates_before(target, s))
    if not is_open:
        move_plan(walk.ours, walk.plan, target)
        return
    with pytest.raises(KfdeskError) as fault:
        move_plan(walk.ours, walk.plan, target)
    assert fault.value.code in {"plan.gate_open", "plan.no_such_step"}
    assert walk.ours.store.digest() == before


def assert_whole_chain(walk: Walk) -> None:
    """Check that the steps form a chain from draft to the plan's state, with all gates' answers."""
    taken = sorted(walk.of("transition"), key=lambda row: row.state.saves[0].hlc)
    state = "draft"
    for record in (view(row, Transition).record for row in taken):
        assert record.from_state == state
        target = state = str(record.to_state)
        said = [
            code
            for codes in (record.met, record.not_applicable, record.overridden)
            if isinstance(codes, tuple)
            for code in codes
        ]
        back = is_way_back(str(record.from_state), target)
        assert len(said) == (0 if back else len(STATE_GATES.get(target, ())))
    assert walk.state == state
    assert walk.ours.store.verify() == ()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("histories")


@settings(max_examples=examples(12), deadline=None, suppress_health_check=list(HealthCheck))
@given(histories)
def test_whatever_is_done_each_step_went_through_its_gates(
    folder: Path, history: tuple[str, list[str]]
) -> None:
    begins, work = history
    with (
        TemporaryDirectory(dir=folder) as place,
        walked(Path(place), begins) as walk,
    ):
        for step in work:
            tried(walk, step)
        assert_whole_chain(walk)
