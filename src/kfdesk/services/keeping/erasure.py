# SPDX-License-Identifier: GPL-3.0-or-later
"""Erasing a client for good, and keeping out what was erased.

Not the bin: nothing brings this back, no bundle and no restored backup. What stays are ids: that
something was erased, when and why; what of it went to whom; who did what. Backups made before
still hold it until they are removed, 35 days at the longest, and partners keep what they have
until they are asked.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from kfdesk.domain.desk.backup import Erased
from kfdesk.domain.desk.erasure import BELOW, ErasureReason
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import Row, view_any
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.writing.records import found

_HOLD = "legal_hold"


def erase_client(desk: Desk, client: bytes, reason: ErasureReason) -> Changes:
    """Erase a client with everything under her.

    Raises KfdeskError `user.not_allowed`, `record.missing` for what is no client here,
    `erasure.held` where one of her plans says that it must be kept, or `store.…`.
    """
    desk.require(Right.ERASE)
    if found(desk, client).type != "client":
        raise KfdeskError("record.missing")
    rids = desk.store.erasures.below(client)
    rows = [row for rid in rids if (row := desk.store.row(rid)) is not None]
    if any(_is_held(row) for row in rows):
        raise KfdeskError("erasure.held")
    with desk.store.transaction():
        desk.store.erasures.erase(Erased(client, desk.milliseconds, reason))
        desk.log(Action.ERASE, client)
    with suppress(KfdeskError):  # without room for it: what was deleted is overwritten already
        desk.store.erasures.squeeze()
    return Changes(frozenset(row.type for row in rows), rids)


def erased_among(desk: Desk, rows: Iterable[Row]) -> frozenset[bytes]:
    """Those of a partner's rows that were erased here, or lie under something that was."""
    gone = desk.store.erasures.rids()
    if not gone:
        return gone
    parents = {row.rid: row.parent for row in rows}
    return frozenset(rid for rid in parents if _lies_under(rid, parents, gone))


def keep_out(desk: Desk, rids: Iterable[bytes]) -> None:
    """Note that these were kept out, so that what follows under them stays out, too.

    Belongs inside a transaction.
    """
    now = desk.milliseconds
    desk.store.erasures.mark(Erased(rid, now, BELOW) for rid in rids)


def _lies_under(rid: bytes, parents: Mapping[bytes, bytes | None], gone: frozenset[bytes]) -> bool:
    passed: set[bytes] = set()
    above: bytes | None = rid
    while above is not None and above not in passed:
        if above in gone:
            return True
        passed.add(above)
        above = parents.get(above)  # what we have ourselves lies under nothing erased
    return False


def _is_held(row: Row) -> bool:
    seen = view_any(row)
    why = getattr(seen.record, _HOLD, None)
    return _HOLD in seen.conflicts or (isinstance(why, str) and bool(why.strip()))
