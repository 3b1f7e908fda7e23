# SPDX-License-Identifier: GPL-3.0-or-later
"""Erasure of single fields, which partners may order and this program never orders itself."""

from collections.abc import Collection

from kfdesk.domain.audit import Action
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.exchange import RecordPart
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import live_writes, superseded_ids
from kfdesk.domain.rows import Row
from kfdesk.services.core.records import require_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.erasure import order_erasure


def erase_fields(desk: Session, rid: bytes, keys: Collection[str], reason: ErasureReason) -> None:
    """Erase all present and past values of fields, and ask everybody who has some to erase them."""
    row = require_record(desk, rid)
    ids = RECORD_TYPES[row.type].ids
    part = _writes_of_fields(desk, row, frozenset(ids[key] for key in keys))
    with desk.store.transaction():
        if part:
            order_erasure(desk, ((rid, part),), reason)
            desk.store.erase_writes(row, part)
            desk.store.orders.mark_writes(rid, part, desk.milliseconds)
        desk.log(Action.ERASE, rid, tuple(sorted(keys)))


def _writes_of_fields(desk: Session, row: Row, fids: frozenset[int]) -> RecordPart:
    """Return all known writes of these fields: current, replaced, and forgotten."""
    pairs = {(w.fid, w.wid) for w in (*live_writes(row.state), *desk.store.history(row.rid))}
    wids: dict[int, set[bytes]] = {}
    for fid, wid in pairs | superseded_ids(row.state):
        if fid in fids:
            wids.setdefault(fid, set()).add(wid)
    return tuple((fid, b"".join(sorted(wids[fid]))) for fid in sorted(wids))
