# SPDX-License-Identifier: GPL-3.0-or-later
"""Provenance: whose file brought a write, whatever name stands on it.

A partner's file is the provenance of the writes that it brings. Another laptop of ours passes on
the provenance that it has, so the history says the same on all of them.
"""

from collections.abc import Iterator, Sequence

from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.exchange import Partner, PartnerState, Provenance, ReceivedBundle
from kfdesk.domain.registers import live_writes
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.merge import RowMerge
from kfdesk.services.exchange.message_policy import brought_writes


def provenance_for(desk: Session, recipient: Partner, goes: Disclosed) -> tuple[Provenance, ...]:
    """Return the provenance of the records in a file for another laptop of ours; else nothing."""
    if not recipient.is_own or recipient.state is not PartnerState.VERIFIED:
        return ()
    rids = {given.rid for given in goes.rows}
    return tuple(one for one in desk.store.received.all() if one.rid in rids)


def fresh_writes(one: RowMerge) -> set[tuple[int, bytes]]:
    """Return the field ids and write ids of the live writes that a file brings to a record."""
    if one.becomes is None:
        return set()
    fresh = {write[:2] for write in live_writes(one.sent.row.state)}
    fresh &= {write[:2] for write in live_writes(one.becomes.state)}
    if one.ours is not None:
        held = {write[:2] for write in live_writes(one.ours.state)}
        fresh -= held - one.renamed.keys()
    return fresh


def record_provenance(desk: Session, taken: ReceivedBundle, portion: Sequence[RowMerge]) -> None:
    """Record whose file brought the writes of merged rows; inside a transaction."""
    came: dict[bytes, dict[bytes, set[tuple[int, bytes]]]] = {}
    for one in portion:
        if one.renamed:
            desk.store.rename_writes(one.sent.rid, one.renamed)
        for sender, writes in _brought(taken, one):
            if writes:
                came.setdefault(sender, {})[one.sent.rid] = writes
    for sender, by_record in came.items():
        desk.store.received.keep(sender, by_record)


def _brought(
    taken: ReceivedBundle, one: RowMerge
) -> Iterator[tuple[bytes, set[tuple[int, bytes]]]]:
    """Yield each sender with its writes; of our own laptop only those that it names count."""
    if not taken.is_own:
        yield taken.organisation, fresh_writes(one)
        return
    for said in brought_writes(taken, one.sent.rid):
        yield said.sender, fresh_writes(one) & said.writes
