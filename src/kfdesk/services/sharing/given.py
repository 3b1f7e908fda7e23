# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody was given, by the ledger: what goes there now, and what they do not have yet.

Nothing is queued: what must go is what may go without what is known to have arrived.
"""

from collections.abc import Iterator

from kfdesk.domain.desk.log import Entry
from kfdesk.domain.disclosure import Channel, Disclosed, DisclosedRow
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.writes import DELETION, ids_of, is_deleted
from kfdesk.services.desk import Desk


def entries_of(desk: Desk, what: Disclosed, recipient: bytes, target: bytes) -> list[Entry]:
    """The ledger's entries for what goes in one file or paper."""
    now = desk.milliseconds
    return [
        Entry(
            given.row.rid,
            given.row.type,
            recipient,
            what.channel,
            tuple(sorted({consent for consent in given.grants.values() if consent})),
            dict(_writes(given)),
            target,
            now,
        )
        for given in what.rows
    ]


def unknown_to(desk: Desk, what: Disclosed) -> frozenset[bytes]:
    """The records with a disclosable write that the partner has not acknowledged.

    What is in the bin goes to those alone who have it, so that it is gone there, too.
    """
    ledger, recipient = desk.store.ledger, what.recipient.rid or b""
    known: dict[bytes, set[tuple[str, bytes]]] = {}
    for entry in ledger.arrived(recipient, Channel.BUNDLE):
        pairs = {(key, wid) for key, wids in entry.writes.items() for wid in wids}
        known.setdefault(entry.rid, set()).update(pairs)
    was_given = ledger.given(recipient, Channel.BUNDLE)
    return frozenset(
        given.row.rid
        for given in what.rows
        if given.row.rid in was_given or not is_deleted(given.row.state)
        if given.row.rid not in known or _has_more(given, known[given.row.rid])
    )


def _has_more(given: DisclosedRow, known: set[tuple[str, bytes]]) -> bool:
    """Whether a row has a write that is not among those known."""
    return any((key, wid) not in known for key, wids in _writes(given) for wid in wids)


def _writes(given: DisclosedRow) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    live, ids = ids_of(given.row.state), TYPES[given.row.type].ids
    if DELETION in live:
        yield "", live[DELETION]
    for key in given.grants:
        yield key, live.get(ids[key], ())
