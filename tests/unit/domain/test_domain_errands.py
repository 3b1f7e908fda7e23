# SPDX-License-Identifier: GPL-3.0-or-later
"""What is done on a day when something happens, by the history and by ticks, and what is next."""

import pytest

from kfdesk.domain.desk.log import Action
from kfdesk.domain.keeping.errands import PROOFS, STEPS, Errand, Step, course_of


def test_errand_that_has_begun_begins_with_its_first_step() -> None:
    for errand, steps in STEPS.items():
        course = course_of(errand, (), ())
        assert (course.done, course.next) == (frozenset(), steps[0])


def test_steps_are_done_by_what_the_history_has() -> None:
    traces = [(7, Action.DATA_KEY), (5, Action.OPEN), (9, Action.RECOVERY_KEY)]
    course = course_of(Errand.NEW_KEY, [Step.LET_IN], traces)
    assert course.done == {Step.DATA_KEY, Step.LET_IN, Step.SHEETS}
    assert course.next is Step.BACKUP


def test_what_came_before_the_step_it_should_follow_does_not_count() -> None:
    traces = [(5, Action.BACKUP), (6, Action.RECOVERY_KEY), (7, Action.DATA_KEY)]
    assert course_of(Errand.NEW_KEY, (), traces).done == {Step.DATA_KEY}
    later = [*traces, (8, Action.RECOVERY_KEY), (9, Action.BACKUP)]
    everything = course_of(Errand.NEW_KEY, [Step.LET_IN, Step.OLD_BACKUPS], later)
    assert everything.next is None


def test_step_that_is_not_needed_lets_the_later_ones_count() -> None:
    course = course_of(Errand.NEW_KEY, [Step.DATA_KEY], [(3, Action.RECOVERY_KEY)])
    assert course.done == {Step.DATA_KEY, Step.SHEETS}


@pytest.mark.parametrize("errand", [Errand.MOVE, Errand.TRAVEL])
def test_store_that_came_out_of_the_backup_is_asked_only_what_comes_after(errand: Errand) -> None:
    course = course_of(errand, (), [(3, Action.FROM_BACKUP)])
    last = next(step for step in STEPS[errand] if PROOFS.get(step) is Action.FROM_BACKUP)
    assert course.done == set(STEPS[errand][: STEPS[errand].index(last) + 1])


def test_old_laptop_goes_on_when_somebody_has_seen_the_new_one() -> None:
    traces = [(3, Action.BACKUP), (4, Action.TRY_BACKUP)]
    assert course_of(Errand.MOVE, (), traces).next is Step.RESTORE
    assert course_of(Errand.MOVE, [Step.RESTORE], traces).next is Step.OLD_LAPTOP


def test_nothing_is_destroyed_before_a_backup_was_tried_out() -> None:
    for errand, step in ((Errand.MOVE, Step.OLD_LAPTOP), (Errand.TRAVEL, Step.CARRY_NOTHING)):
        before = STEPS[errand][: STEPS[errand].index(step)]
        assert before[:2] == (Step.BACKUP, Step.TRY)
        assert course_of(errand, before[2:], [(1, Action.BACKUP)]).next is Step.TRY


def test_tick_of_another_errand_says_nothing_here() -> None:
    assert course_of(Errand.TRAVEL, [Step.WARN], ()).done == frozenset()
