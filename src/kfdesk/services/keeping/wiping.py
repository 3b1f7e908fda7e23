# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaving nothing behind on this computer: the store is made unreadable, for good.

Whoever has opened the store may do it, because there may be no time to ask, and because who can
open it could remove its files as well. It stands in no history: the history goes with the rest.
"""

from kfdesk.domain.desk.users import Credentials
from kfdesk.services.access.passphrases import plain
from kfdesk.services.desk import Desk


def wipe_store(desk: Desk, own: str) -> bool:
    """Close the store and destroy its keys, then the rest; whether every file of it is gone.

    `own` is the passphrase of who sits here, so that no key pressed by mistake does it. Partners
    are told nothing, and backups stay. Raises KfdeskError `store.wrong_passphrase`, and then
    nothing has happened; or `store.disk`, where the store may still open.
    """
    keys = desk.rooms.keys
    assert keys is not None  # a desk without keys beside it has no folder
    keys.prove(Credentials(desk.user, plain(own)))
    desk.store.close()
    return keys.wipe()
