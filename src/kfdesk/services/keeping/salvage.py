# SPDX-License-Identifier: GPL-3.0-or-later
"""What a store needs before its use that was put together from what a damaged one still held.

As after a restore: a new epoch, and whoever was erased is erased again. What was lost is entered in
the history, so that whoever reads it later knows why something is not there. Knows no page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kfdesk.domain.desk.backup import Erased
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.keeping.salvage import CONTENT, Salvage
from kfdesk.domain.rows import Row
from kfdesk.services.desk import IDENTITY, Desk, House, Rooms, complete_house
from kfdesk.services.keeping.backup import renew_course

if TYPE_CHECKING:
    from kfdesk.storage.store import Store

LAST_BACKUP = "backup_path"
_NAMELESS = "–"


@dataclass(frozen=True, slots=True)
class Lent:
    """What a backup can lend: the desk's own settings, the house's record, who was erased."""

    keys: Mapping[str, bytes] = field(default_factory=dict)
    own: Row | None = None
    erased: frozenset[Erased] = frozenset()


def lend(store: "Store") -> Lent:
    """What the opened store of a backup has to lend. Raises KfdeskError `store.damaged`."""
    keys = {key: kept for key in IDENTITY if (kept := store.setting(key)) is not None}
    own = store.row(keys.get("organisation", b""))
    return Lent(keys, own, frozenset(store.erasures.entries()))


def complete_keys(store: "Store", lent: Lent, rooms: Rooms) -> None:
    """Give a salvaged store what it lacks to be a desk: from a backup, or else anew.

    Without a backup the house is whoever answers for most of its records, under a name that says
    nothing, and its keys are new ones, which partners have to be told. Raises KfdeskError
    `store.disk`.
    """
    house = House(_NAMELESS, _likely_house(store))
    complete_house(store, house, lent.keys, lent.own, rooms)


def renew_salvaged(desk: Desk, salvage: Salvage, erased: Iterable[Erased]) -> int:
    """What a salvaged store must know before anybody uses it; how many records that erased again.

    Raises KfdeskError `user.not_allowed`, or `store.damaged` where it is not sound even so.
    """
    desk.require(Right.RESTORE)
    gone = renew_course(desk, erased)
    with desk.store.transaction():
        contents = salvage.lost.get(CONTENT, ())
        desk.log_all(Action.SALVAGED, ((None, ()), *((rid, ()) for rid in contents)))
    if desk.store.verify():
        raise KfdeskError("store.damaged")
    return gone


def last_backup(store: "Store") -> Path | None:
    """Where the last verified backup was put; None if the store does not know."""
    kept = store.setting(LAST_BACKUP)
    return Path(kept.decode()) if kept else None


def _likely_house(store: "Store") -> bytes | None:
    """Who answers for most of the plans and clients, if there is anybody."""
    found = [
        row.custodian for name in ("plan", "client", "organisation") for row in store.rows(name)
    ]
    return max(set(found), key=found.count) if found else None
