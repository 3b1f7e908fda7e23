# SPDX-License-Identifier: GPL-3.0-or-later
"""How far one is on a day when something happens: begun, gone on with, ended.

It is kept in the store, so that it goes on after the lock that a new key brings, and in the backup
from which a new laptop begins. Which steps there are is not known here, and none is done here.
"""

import json
from collections.abc import Iterator

from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.keeping.errands import Course, Errand, Step, course_of
from kfdesk.services.desk import Desk

_RIGHTS = (Right.BACKUP, Right.MANAGE_USERS, Right.RESTORE)
_PAGE = 200


def courses(desk: Desk) -> tuple[Course, ...]:
    """The errands that are under way. Raises KfdeskError `user.not_allowed`."""
    desk.require(*_RIGHTS)
    return tuple(course for each in Errand if (course := _course(desk, each)) is not None)


def begin_errand(desk: Desk, errand: Errand) -> Course:
    """Begin an errand, or go on with it where it was begun. Raises as `courses` does."""
    desk.require(*_RIGHTS)
    if _kept(desk, errand) is None:
        newest = next(iter(desk.store.ledger.events(None, 1)), None)
        _keep(desk, errand, newest[0] if newest else 0, ())
    found = _course(desk, errand)
    assert found is not None  # it has just begun
    return found


def tick_step(desk: Desk, errand: Errand, step: Step) -> None:
    """Say that a step was done, or is not needed here. Raises as `courses` does."""
    desk.require(*_RIGHTS)
    kept = _kept(desk, errand)
    if kept is not None:
        began, ticked = kept
        _keep(desk, errand, began, (*ticked, step))


def end_errand(desk: Desk, errand: Errand) -> None:
    """Put an errand away, done or not. Raises as `courses` does."""
    desk.require(*_RIGHTS)
    with desk.store.transaction():
        desk.store.set_setting(_place(errand), b"")


def _course(desk: Desk, errand: Errand) -> Course | None:
    kept = _kept(desk, errand)
    if kept is None:
        return None
    began, ticked = kept
    return course_of(errand, ticked, _traces(desk, began))


def _traces(desk: Desk, began: int) -> Iterator[tuple[int, Action]]:
    """What the history has since then; of keys only our own made anew."""
    before: int | None = None
    while events := desk.store.ledger.events(before, _PAGE):
        for number, event in events:
            if number <= began:
                return
            is_ours = event.rid == desk.identity.organisation
            if event.action is not Action.KEYS or is_ours:
                yield number, event.action
        before = events[-1][0]


def _kept(desk: Desk, errand: Errand) -> tuple[int, tuple[Step, ...]] | None:
    data = desk.store.setting(_place(errand))
    if not data:
        return None
    began, ticked = json.loads(data)
    return began, tuple(Step(each) for each in ticked if each in set(Step))


def _keep(desk: Desk, errand: Errand, began: int, ticked: tuple[Step, ...]) -> None:
    with desk.store.transaction():
        kept = json.dumps((began, sorted(set(ticked)))).encode()
        desk.store.set_setting(_place(errand), kept)


def _place(errand: Errand) -> str:
    return f"errand.{errand}"
