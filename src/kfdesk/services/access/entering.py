# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written down when somebody comes in: the opening, wrong tries before, an older store.

Whether a store is older than it was is told outside of it; here is what follows when somebody who
knows it goes on with it all the same.
"""

from dataclasses import replace

from kfdesk.domain.desk.log import FIRST_HERE, Action
from kfdesk.services.desk import Desk
from kfdesk.services.parcels.epochs import begin_epoch


def note_opening(desk: Desk, wrong_tries: int = 0, *, is_first_here: bool = False) -> None:
    """Enter that the store was opened, and how often it was tried in vain before.

    `is_first_here` says that this computer knew of no earlier opening. Raises KfdeskError
    `store.disk`.
    """
    with desk.store.transaction():
        if wrong_tries:
            desk.log(Action.WRONG_TRIES, keys=(str(wrong_tries),))
        desk.log(Action.OPEN, keys=(FIRST_HERE,) if is_first_here else ())


def note_upgrade(desk: Desk) -> None:
    """Enter that a newer program has changed the tables of the store, and kept it as it was.

    Raises KfdeskError `store.disk`.
    """
    with desk.store.transaction():
        desk.log(Action.UPGRADE)


def accept_older(desk: Desk, seen: int) -> Desk:
    """The desk in a store that is older than one that was open here, whose newest entry was `seen`.

    In milliseconds since 1970, UTC. Our files get a new epoch, as after a restore: numbers that
    the newer store gave were given already; each partner is told. Raises KfdeskError `store.disk`.
    """
    with desk.store.transaction():
        epoch = begin_epoch(desk)
        desk.log(Action.OLDER_STORE, keys=(str(seen),))
    return replace(desk, identity=replace(desk.identity, epoch=epoch))
