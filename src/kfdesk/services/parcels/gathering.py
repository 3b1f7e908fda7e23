# SPDX-License-Identifier: GPL-3.0-or-later
"""Gathers what may go to a partner: record by record from the store, a portion at a time.

A whole desk may go to another laptop, more than the memory of an old one holds; what is here at
once is a portion, with what its records stand under, and the rest packed. Decides nothing itself:
whatever goes, `disclose()` has granted.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set

from kfdesk.domain.disclosure import Channel, Disclosed, Recipient, disclose, joined
from kfdesk.domain.rows import Row
from kfdesk.services.desk import Desk

_PORTION = 500  # records that are here at once


def ids_of_plan(desk: Desk, plan: Row) -> frozenset[bytes]:
    """The ids of a plan's case: of just the rows that `case_of` reads."""
    hers = desk.store.child_ids(plan.parent or b"")
    below = desk.store.child_ids(plan.rid)
    weighings = (rid for rid, record_type in below.items() if record_type == "risk_assessment")
    lines = (line for rid in weighings for line in desk.store.child_ids(rid))
    around = (rid for rid, kind in hers.items() if kind in ("consent", "relationship"))
    return frozenset((plan.parent or b"", plan.rid, *below, *lines, *around))


def all_of(whose: Iterable[frozenset[bytes]]) -> frozenset[bytes]:
    """The ids of several cases together; those of one alone are not copied."""
    cases = tuple(whose)
    return cases[0] if len(cases) == 1 else frozenset[bytes]().union(*cases)


def gathered(
    desk: Desk,
    among: Collection[bytes],
    recipient: Recipient,
    rids: Collection[bytes] | None = None,
) -> tuple[Disclosed, Set[bytes]]:
    """What of the records `among` which `rids` are may go to a recipient now by a bundle.

    And which of them it is not known to have. Consents among them open it; what a record stands
    under counts if it is among them, too. Without `rids` all of them are looked at.
    """
    now, among, unknown = desk.rooms.clock.now(), frozenset(among), set[bytes]()
    consents = [row for row in desk.store.rows("consent") if row.rid in among]

    def part(portion: Sequence[bytes]) -> Disclosed:
        rows = _with_above(desk, portion, among)
        may = disclose(tuple(rows.values()), recipient, Channel.BUNDLE, consents, now)
        may = may if len(rows) == len(portion) else may.only_rows(frozenset(portion))
        lacking = _unknown(desk, may)
        unknown.update(rid for rid in portion if rid in lacking)  # those ids, and no copies
        return may

    return joined(part(()), map(part, _portions(among if rids is None else rids))), unknown


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


def _with_above(
    desk: Desk, rids: Collection[bytes], among: frozenset[bytes]
) -> Mapping[bytes, Row]:
    """Records, and those above them as far as they are among all that are looked at."""
    rows: dict[bytes, Row] = {}
    while rids:
        fresh = {rid: row for rid, (row, _) in desk.store.kept(rids).items()}
        rows |= fresh
        above = {row.parent for row in fresh.values() if row.parent is not None}
        rids = [rid for rid in above if rid in among and rid not in rows]
    return rows


def _portions(rids: Collection[bytes]) -> Iterator[Sequence[bytes]]:
    wanted = sorted(rids)
    for begin in range(0, len(wanted), _PORTION):
        yield wanted[begin : begin + _PORTION]
