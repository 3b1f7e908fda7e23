# SPDX-License-Identifier: GPL-3.0-or-later
"""Telling what a service did, with the way to take it back.

The way back is handed to the window, not to a page: it works also where the page has gone. Knows
no record; what was done says itself how it is undone.
"""

from collections.abc import Sequence

from kfdesk.services.desk import Desk
from kfdesk.services.writing.records import Done
from kfdesk.services.writing.undo import undo_all
from kfdesk.ui.kit import Kit
from kfdesk.ui.words import Filling, Message


def tell_done(
    kit: Kit, desk: Desk, done: Sequence[Done], message: Message, **places: Filling
) -> None:
    """Say what was done, have pages read again, and offer to undo it all together."""
    if done:
        tell_types(
            kit, desk, frozenset().union(*(one.types for one in done)), done, message, **places
        )


def tell_types(
    kit: Kit,
    desk: Desk,
    types: frozenset[str],
    done: Sequence[Done],
    message: Message,
    **places: Filling,
) -> None:
    """As `tell_done`, of records of these types: of many that are packed the window reads none."""

    def take_back() -> None:
        kit.work.run(lambda: undo_all(desk, done), lambda _: kit.hub.changed.emit(types))

    kit.hub.changed.emit(types)
    kit.tell(message, take_back, **places)
