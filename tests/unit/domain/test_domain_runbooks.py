# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done on a day when something happens, by the history and by ticks, and what is next."""

import pytest

from kfdesk.domain.audit import Action
from kfdesk.domain.runbooks import (
    RUNBOOK_STEPS,
    STEP_PROOFS,
    Runbook,
    RunbookStep,
    runbook_progress,
)


def test_runbook_that_has_begun_begins_with_its_first_step() -> None:
    for runbook, steps in RUNBOOK_STEPS.items():
        course = runbook_progress(runbook, (), ())
        assert (course.done, course.next) == (frozenset(), steps[0])


def test_steps_are_done_by_what_the_history_has() -> None:
    traces = [(7, Action.DATA_KEY), (5, Action.OPEN), (9, Action.RECOVERY_KEY)]
    course = runbook_progress(Runbook.NEW_KEY, [RunbookStep.LET_IN], traces)
    assert course.done == {RunbookStep.DATA_KEY, RunbookStep.LET_IN, RunbookStep.SHEETS}
    assert course.next is RunbookStep.BACKUP


def test_what_came_before_the_step_it_should_follow_does_not_count() -> None:
    traces = [(5, Action.BACKUP), (6, Action.RECOVERY_KEY), (7, Action.DATA_KEY)]
    assert runbook_progress(Runbook.NEW_KEY, (), traces).done == {RunbookStep.DATA_KEY}
    later = [*traces, (8, Action.RECOVERY_KEY), (9, Action.BACKUP)]
    everything = runbook_progress(
        Runbook.NEW_KEY, [RunbookStep.LET_IN, RunbookStep.OLD_BACKUPS], later
    )
    assert everything.next is None


def test_step_that_is_not_needed_lets_the_later_ones_count() -> None:
    course = runbook_progress(Runbook.NEW_KEY, [RunbookStep.DATA_KEY], [(3, Action.RECOVERY_KEY)])
    assert course.done == {RunbookStep.DATA_KEY, RunbookStep.SHEETS}


@pytest.mark.parametrize("runbook", [Runbook.MOVE, Runbook.TRAVEL])
def test_store_that_came_out_of_the_backup_is_asked_only_what_comes_after(runbook: Runbook) -> None:
    course = runbook_progress(runbook, (), [(3, Action.FROM_BACKUP)])
    last = next(
        step for step in RUNBOOK_STEPS[runbook] if STEP_PROOFS.get(step) is Action.FROM_BACKUP
    )
    assert course.done == set(RUNBOOK_STEPS[runbook][: RUNBOOK_STEPS[runbook].index(last) + 1])


def test_old_laptop_goes_on_when_somebody_has_seen_the_new_one() -> None:
    traces = [(3, Action.BACKUP), (4, Action.TRY_BACKUP)]
    assert runbook_progress(Runbook.MOVE, (), traces).next is RunbookStep.RESTORE
    assert (
        runbook_progress(Runbook.MOVE, [RunbookStep.RESTORE], traces).next is RunbookStep.OLD_LAPTOP
    )


def test_nothing_is_destroyed_before_a_backup_was_tried_out() -> None:
    for runbook, step in (
        (Runbook.MOVE, RunbookStep.OLD_LAPTOP),
        (Runbook.TRAVEL, RunbookStep.CARRY_NOTHING),
    ):
        before = RUNBOOK_STEPS[runbook][: RUNBOOK_STEPS[runbook].index(step)]
        assert before[:2] == (RunbookStep.BACKUP, RunbookStep.TRY)
        assert runbook_progress(runbook, before[2:], [(1, Action.BACKUP)]).next is RunbookStep.TRY


def test_tick_of_another_runbook_says_nothing_here() -> None:
    assert runbook_progress(Runbook.TRAVEL, [RunbookStep.WARN], ()).done == frozenset()
