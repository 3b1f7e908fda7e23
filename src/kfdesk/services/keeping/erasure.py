# SPDX-License-Identifier: GPL-3.0-or-later
"""Erasing a client for good, and keeping out what was erased.

Not the bin: nothing brings this back, no bundle and no restored backup. What stays are ids: that
something was erased, when and why; what of it went to whom; who did what. Backups made before
still hold it until they are removed, 35 days at the longest, and partners keep what they have
until they are asked.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from itertools import chain

from kfdesk.domain.desk.backup import Erased
from kfdesk.domain.desk.erasure import BELOW, ErasureReason, Part
from kfdesk.domain.desk.exchange import Sent, Taken
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row
from kfdesk.domain.writes import dead_of, writes_of
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.keeping.holding import is_held, is_held_above
from kfdesk.services.sharing.asking import answer_erased, ask_to_erase, wanted_gone
from kfdesk.services.sharing.notices import keep_notices
from kfdesk.services.writing.records import found


def erase_client(desk: Desk, client: bytes, reason: ErasureReason) -> Changes:
    """Erase a client with everything under her, and ask everybody who has something of it.

    Who must still be told of a withdrawal of hers stays on the list; who had asked us to erase it
    has an answer. Raises KfdeskError
    `user.not_allowed`, `record.missing` for what is no client here, `erasure.held` where one of her
    plans says that it must be kept, or `store.…`.
    """
    desk.require(Right.ERASE)
    if found(desk, client).type != "client":
        raise KfdeskError("record.missing")
    rids = desk.store.tree.family((client,))
    rows = [row for rid in rids if (row := desk.store.row(rid)) is not None]
    if any(map(is_held, rows)):
        raise KfdeskError("erasure.held")
    with desk.store.transaction():
        keep_notices(desk, rids)
        ask_to_erase(desk, ((rid, None) for rid in rids), reason)
        desk.store.erasures.erase(Erased(client, desk.milliseconds, reason))
        answer_erased(desk)
        desk.log(Action.ERASE, client)
    squeeze(desk)
    return Changes(frozenset(row.type for row in rows), rids)


def erase_fields(desk: Desk, rid: bytes, keys: Collection[str], reason: ErasureReason) -> Changes:
    """Erase what fields of a record hold and held, and ask everybody who has something of it.

    What somebody writes there later is new. Raises KfdeskError `user.not_allowed`,
    `record.missing`, `field.unknown`, `erasure.held`, or `store.…`.
    """
    desk.require(Right.ERASE)
    row = found(desk, rid)
    ids = TYPES[row.type].ids
    if not ids.keys() >= set(keys):
        raise KfdeskError("field.unknown")
    if is_held_above(desk, row):
        raise KfdeskError("erasure.held")
    part = _part(desk, row, frozenset(ids[key] for key in keys))
    with desk.store.transaction():
        if part:
            ask_to_erase(desk, ((rid, part),), reason)
            desk.store.forget_writes(row, part)
            desk.store.orders.mark_writes(rid, part, desk.milliseconds)
        desk.log(Action.ERASE, rid, tuple(sorted(keys)))
    squeeze(desk)
    return Changes(frozenset({row.type}), frozenset({rid}))


def erased_among(desk: Desk, taken: Taken) -> frozenset[bytes]:
    """Those of a file's records that were erased here, or lie under something that was.

    And those that whoever answers for them had asked us to erase before they came.
    """
    wanted = wanted_gone(desk)
    gone = desk.store.erasures.rids()
    if not gone and not wanted:
        return gone
    parents: dict[bytes, bytes | None] = {}
    came: Iterable[Sent | Row] = chain(taken.rows, taken.notices)
    for row in came:
        parents[row.rid] = row.parent
        if (row.rid, row.custodian) in wanted:
            gone |= {row.rid}
    return frozenset(rid for rid in parents if _lies_under(rid, parents, gone))


def keep_out(desk: Desk, rids: Iterable[bytes]) -> None:
    """Note that these were kept out, so that what follows under them stays out, too.

    Belongs inside a transaction.
    """
    now = desk.milliseconds
    desk.store.erasures.mark(Erased(rid, now, BELOW) for rid in rids)


def squeeze(desk: Desk) -> None:
    """Leave nothing of what was erased in the file; after the transaction."""
    with suppress(KfdeskError):  # without room for it: what was deleted is overwritten already
        desk.store.erasures.squeeze()


def _part(desk: Desk, row: Row, fids: frozenset[int]) -> Part:
    """All writes of these fields that are known here: living, replaced, and forgotten."""
    pairs = {(w.fid, w.wid) for w in (*writes_of(row.state), *desk.store.history(row.rid))}
    wids: dict[int, set[bytes]] = {}
    for fid, wid in pairs | dead_of(row.state):
        if fid in fids:
            wids.setdefault(fid, set()).add(wid)
    return tuple((fid, b"".join(sorted(wids[fid]))) for fid in sorted(wids))


def _lies_under(rid: bytes, parents: Mapping[bytes, bytes | None], gone: frozenset[bytes]) -> bool:
    passed: set[bytes] = set()
    above: bytes | None = rid
    while above is not None and above not in passed:
        if above in gone:
            return True
        passed.add(above)
        above = parents.get(above)  # what we have ourselves lies under nothing erased
    return False
