# SPDX-License-Identifier: GPL-3.0-or-later
"""Lock an open store, and return to the same place after the next unlock.

Everything is saved first; then the worker closes the store. A place is a text: this module
knows no page. It imports services, so it is imported late, when a store is open.
"""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from kfdesk.services.core.drafts import count_drafts
from kfdesk.services.core.session import Session, pop_resume_state, save_resume_state
from kfdesk.ui.context import UiContext
from kfdesk.ui.lock.lock import FOR_SLEEP

_LOCK_TIMEOUT = 30.0  # seconds; a job that still runs then ends with the process and is rolled back
_SLEEP_TIMEOUT = 4.0  # the system waits for five
_JOBS_SHARE = 0.9  # of that time, for the jobs under way; the rest is for the drafts


class Closing(NamedTuple):
    """Number of drafts of the user that wait, and if a job was still running at the end."""

    drafts: int = 0
    is_cut: bool = False


def close_store(
    kit: UiContext, desk: Session, place: Callable[[], str] | None, why: str
) -> Closing:
    """Close the store after the jobs under way have ended and everything is saved.

    The window handles events meanwhile: it can be hidden, and gets the results of these jobs. A
    change that is refused becomes a draft so. `place` returns where the user is, or is None to keep
    the place saved before. A draft or a place that cannot be saved does not keep the store open.
    """
    patience = _SLEEP_TIMEOUT if why == FOR_SLEEP else _LOCK_TIMEOUT
    until = time.monotonic() + patience
    kit.worker.finish(patience * _JOBS_SHARE)
    waiting: list[int] = []
    kit.events.lock_began.emit()
    if place is not None:
        where = place()
        kit.worker.run(lambda: save_resume_state(desk, where), failed=lambda _: None)
    kit.worker.run(lambda: waiting.append(count_drafts(desk)), failed=lambda _: None)
    kit.worker.run(desk.store.close)
    has_ended = kit.worker.finish(max(0.0, until - time.monotonic()))
    return Closing(waiting[-1] if waiting else 0, is_cut=not has_ended)


def resume_text(place: str, notices: Sequence[str]) -> str:
    """Return a place and the notices that nobody has read, as `close_store` saves them."""
    return "\n".join((place, *(" ".join(notice.split()) for notice in notices)))


def restore_place(
    kit: UiContext, desk: Session, go: Callable[[str], None], say: Callable[[str], None]
) -> None:
    """Go back to the place of the last lock, and say what nobody has read, if the user returns."""

    def resume(kept: str) -> None:
        place, *notices = kept.split("\n")
        if place:
            go(place)
        for notice in notices:
            say(notice)

    kit.worker.run(lambda: pop_resume_state(desk), resume)
