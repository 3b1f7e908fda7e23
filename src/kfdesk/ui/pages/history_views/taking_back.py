# SPDX-License-Identifier: GPL-3.0-or-later
"""Doing something to a record and offering to take it back, as every page does it.

What was done is said for a while with its undo, instead of asking beforehand; who shows records
reads again. It touches no page, because the page may be gone when somebody takes it back.
"""

from collections.abc import Callable

from kfdesk.services.desk import Desk
from kfdesk.services.writing.records import Done
from kfdesk.services.writing.undo import undo
from kfdesk.ui.kit import Kit
from kfdesk.ui.words import Message


def do(kit: Kit, desk: Desk, work: Callable[[], Done], message: Message) -> None:
    """Have the worker do it, then say `message` with an undo.

    The world's faults go to the window's own place for them.
    """

    def tell(done: Done) -> None:
        kit.hub.changed.emit(done.types)
        kit.tell(message, lambda: take_back(kit, desk, done))

    kit.work.run(work, tell)


def take_back(kit: Kit, desk: Desk, done: Done) -> None:
    """Undo it, and have the pages read again."""
    kit.work.run(lambda: undo(desk, done), lambda back: kit.hub.changed.emit(back.types))
