# SPDX-License-Identifier: GPL-3.0-or-later
"""A new data key for the store, when the old one may be in other hands.

The key that everything is encrypted with never changes by itself: a new passphrase only wraps it
anew. So when a passphrase may have been seen, together with a copy of the store, all is written
again under a new key. Who is here keeps their passphrase; the others are let in again as at first.
The recovery key ends with the old one, and backups from before keep it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Credentials, Right, fold
from kfdesk.services.access.passphrases import plain
from kfdesk.services.desk import Desk, Progress

if TYPE_CHECKING:
    from kfdesk.storage.keyring import Keyring
    from kfdesk.storage.store import Store


def prove_presence(desk: Desk, initials: str, passphrase: str) -> None:
    """Whether this is the passphrase of somebody who is here. Nothing is kept of it.

    Raises KfdeskError `user.not_allowed` or `store.wrong_passphrase`.
    """
    desk.require(Right.MANAGE_USERS)
    _keys(desk).prove(Credentials(initials, plain(passphrase)))


def change_data_key(
    desk: Desk, own: str, others: Mapping[str, str], progress: Progress | None = None
) -> bool:
    """Write the whole store anew under another key, and close it; whether it has the new key now.

    `own` is the passphrase of who sits here, `others` has those of all others who are here, by
    their initials. Raises KfdeskError `user.not_allowed`, `store.wrong_passphrase`,
    `store.no_room`, `store.disk`, `store.damaged`, `backup.not_sound` or `work.cancelled`; then
    nothing has happened, and the store is open as before.
    """
    desk.require(Right.MANAGE_USERS)
    present = {fold(desk.user): own, **{fold(who): words for who, words in others.items()}}
    people = [Credentials(who, plain(words)) for who, words in present.items()]

    def leave(store: "Store") -> None:
        with store.transaction():
            replace(desk, store=store).log(Action.DATA_KEY)
        desk.store.close()

    step = progress.step if progress else _nobody
    return _keys(desk).rekey(people, desk.store.backups.export, leave, step)


def _keys(desk: Desk) -> "Keyring":
    assert desk.rooms.keys is not None  # whoever opens a desk for people hands them in
    return desk.rooms.keys


def _nobody(_done: int, _of: int) -> None:
    """Nobody asks how far it is."""
