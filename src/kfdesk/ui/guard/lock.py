# SPDX-License-Identifier: GPL-3.0-or-later
"""Closing the store for a lock: drafts first, then the place, then the store itself.

All of it runs on the worker in this order, and nobody is asked anything. It knows no form: whoever
has unsaved text hands it over when `lock_began` is sent.
"""

from collections.abc import Callable

from kfdesk.services.desk import Desk, keep_place, take_place
from kfdesk.services.writing.drafts import count_drafts
from kfdesk.ui.guard.note import FOR_SLEEP
from kfdesk.ui.kit import Kit

_PATIENCE = 30.0  # seconds; what has not ended by then ends with the process, and is taken back
_BEFORE_SLEEP = 4.0  # the system waits for five


def close_store(kit: Kit, desk: Desk, place: str | None, why: str) -> int:
    """Close the store as soon as everything is kept; returns how many drafts of the user wait.

    `place` is where the user was, or None to leave what was kept before. A draft or a place that
    cannot be kept does not keep the store open.
    """
    waiting: list[int] = []
    kit.hub.lock_began.emit()
    if place is not None:
        kit.work.run(lambda: keep_place(desk, place), failed=lambda _: None)
    kit.work.run(lambda: waiting.append(count_drafts(desk)), failed=lambda _: None)
    kit.work.run(desk.store.close)
    kit.work.finish(_BEFORE_SLEEP if why == FOR_SLEEP else _PATIENCE)
    return waiting[-1] if waiting else 0


def take_up(kit: Kit, desk: Desk, go: Callable[[str], None]) -> None:
    """Take a user who comes back to where the lock came; another one begins as every day."""
    kit.work.run(lambda: take_place(desk), lambda place: go(place) if place else None)
