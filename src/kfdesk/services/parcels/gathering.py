# SPDX-License-Identifier: GPL-3.0-or-later
"""Gathers what may go to a partner: record by record from the store, a portion at a time.

A whole desk may go to another laptop, more than the memory of an old one holds; what is here at
once is a portion, with what its records stand under, and the rest packed. Decides nothing itself:
whatever goes, `disclose()` has granted.
"""

from collections.abc import Collection, Mapping, Sequence, Set

from kfdesk.domain.disclosure import Channel, Disclosed, Recipient, disclose, joined
from kfdesk.domain.rows import Row
from kfdesk.services.desk import Desk
from kfdesk.services.parcels.scopes import Scope, portions


def gathered(
    desk: Desk,
    among: Scope,
    recipient: Recipient,
    rids: Collection[bytes] | None = None,
) -> tuple[Disclosed, Set[bytes]]:
    """What of the records `rids`, all of them `among` a scope, may go to a recipient now by bundle.

    And which of them it is not known to have. Consents among them open it; what a record stands
    under counts if it is among them, too. Without `rids` all of them are looked at.
    """
    now, unknown = desk.rooms.clock.now(), set[bytes]()
    consents = desk.store.rows("consent")
    ours = among.of([row.rid for row in consents])
    consents = tuple(row for row in consents if row.rid in ours)

    def part(portion: Sequence[bytes]) -> Disclosed:
        rows = _with_above(desk, portion, among)
        may = disclose(tuple(rows.values()), recipient, Channel.BUNDLE, consents, now)
        may = may if len(rows) == len(portion) else may.only_rows(frozenset(portion))
        lacking = _unknown(desk, may)
        unknown.update(rid for rid in portion if rid in lacking)  # those ids, and no copies
        return may

    return joined(part(()), map(part, portions(among.rids() if rids is None else rids))), unknown


def _unknown(desk: Desk, what: Disclosed) -> frozenset[bytes]:
    """The records with a disclosable write that the partner has not acknowledged.

    What is in the bin goes to those alone who have it, so that it is gone there, too.
    """
    ledger, recipient = desk.store.ledger, what.recipient.rid or b""
    gone = [given.rid for given in what.rows if given.is_deleted]
    never = frozenset(gone) - ledger.given(recipient, Channel.BUNDLE, gone)
    goes = {given.rid: given for given in what.rows}
    lacking = ledger.lacking(recipient, Channel.BUNDLE, goes, lambda rid: goes[rid].writes)
    return lacking - never


def _with_above(desk: Desk, rids: Collection[bytes], among: Scope) -> Mapping[bytes, Row]:
    """Records, and those above them as far as they are among all that are looked at."""
    rows: dict[bytes, Row] = {}
    while rids:
        fresh = {rid: row for rid, (row, _) in desk.store.kept(rids).items()}
        rows |= fresh
        above = {row.parent for row in fresh.values() if row.parent is not None}
        rids = among.of(above - rows.keys())
    return rows
