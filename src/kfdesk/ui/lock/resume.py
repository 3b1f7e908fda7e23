# SPDX-License-Identifier: GPL-3.0-or-later
"""Lock an open store, and return to the same place after the next unlock.

Everything is saved first; then the worker closes the store. A place is a text: this module
knows no page. It imports services, so it is imported late, when a store is open.
"""

from collections.abc import Callable

from kfdesk.services.core.drafts import count_drafts
from kfdesk.services.core.session import Session, pop_resume_state, save_resume_state
from kfdesk.ui.context import UiContext
from kfdesk.ui.lock.lock import FOR_SLEEP

_LOCK_TIMEOUT = 30.0  # seconds; a job that still runs then ends with the process and is rolled back
_SLEEP_TIMEOUT = 4.0  # the system waits for five


def close_store(kit: UiContext, desk: Session, place: str | None, why: str) -> int:
    """Close the store after everything is saved. Return how many drafts of the user wait.

    `place` is where the user was, or None to keep the place saved before. A draft or a place
    that cannot be saved does not keep the store open.
    """
    waiting: list[int] = []
    kit.events.lock_began.emit()
    if place is not None:
        kit.worker.run(lambda: save_resume_state(desk, place), failed=lambda _: None)
    kit.worker.run(lambda: waiting.append(count_drafts(desk)), failed=lambda _: None)
    kit.worker.run(desk.store.close)
    kit.worker.finish(_SLEEP_TIMEOUT if why == FOR_SLEEP else _LOCK_TIMEOUT)
    return waiting[-1] if waiting else 0


def restore_place(kit: UiContext, desk: Session, go: Callable[[str], None]) -> None:
    """Go back to the place of the last lock, if the same user returns."""
    kit.worker.run(lambda: pop_resume_state(desk), lambda place: go(place) if place else None)
