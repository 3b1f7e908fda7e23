# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody was given, by the ledger: what goes there now, and what they do not have yet.

Nothing is queued: what must go is what may go without what is known to have arrived. Where the
last file for a partner was put is kept too, inside the store, so that the stick is found again.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kfdesk.domain.desk.exchange import Direction, Partner, PartnerState
from kfdesk.domain.desk.log import Entry
from kfdesk.domain.desk.users import Right
from kfdesk.domain.disclosure import Channel, Disclosed, DisclosedRow, disclose
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, view
from kfdesk.domain.writes import DELETION, ids_of, is_deleted
from kfdesk.services.desk import Desk
from kfdesk.services.plans import list_plans, load_case
from kfdesk.services.policy.access import READING

_PUT = "put"


def list_waiting(desk: Desk, partner: Partner) -> Mapping[bytes, int]:
    """By plan, how many of its records may go to a partner now and are not known to have arrived.

    Plans that who sits here may not read are left out. Raises KfdeskError `user.not_allowed`.
    """
    desk.require(Right.EXPORT_BUNDLE)
    if partner.is_own or partner.state is not PartnerState.VERIFIED or not _reads(desk):
        return {}
    between = {
        row.parent
        for row in desk.store.rows("consent")
        if partner.organisation.hex() == view(row, Consent).record.recipient
        or partner.organisation == row.custodian
    }
    plans = [line.rid for line in list_plans(desk) if line.client in between]
    cases = {plan: load_case(desk, plan) for plan in plans}
    rows: dict[bytes, Row] = {row.rid: row for case in cases.values() for row in case.rows}
    consents = [row for row in rows.values() if row.type == "consent"]
    now = desk.rooms.clock.now()
    may = disclose([*rows.values()], partner.recipient, Channel.BUNDLE, consents, now)
    unknown = unknown_to(desk, may)
    counts = {plan: sum(row.rid in unknown for row in case.rows) for plan, case in cases.items()}
    return {plan: count for plan, count in counts.items() if count}


def note_put(desk: Desk, organisation: bytes, folder: Path) -> None:
    """Keep where a file for a partner was put; inside a transaction."""
    desk.store.set_setting(f"{_PUT}.{organisation.hex()}", os.fsencode(folder))


def last_put(desk: Desk, organisation: bytes) -> Path | None:
    """The folder into which the last file for a partner was put, such as its stick.

    It need not be there now. Raises KfdeskError `user.not_allowed`.
    """
    desk.require(Right.EXPORT_BUNDLE)
    kept = desk.store.setting(f"{_PUT}.{organisation.hex()}")
    return Path(os.fsdecode(kept)) if kept else None


def entries_of(desk: Desk, what: Disclosed, recipient: bytes, target: bytes) -> Iterator[Entry]:
    """The ledger's entries for what goes in one file or paper, one at a time."""
    now = desk.milliseconds
    for given in what.rows:
        consents = tuple(sorted({consent for consent in given.grants.values() if consent}))
        writes = dict(_writes(given))
        yield Entry(
            given.row.rid, given.row.type, recipient, what.channel, consents, writes, target, now
        )


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


def made_good(desk: Desk, may: Disclosed, recipient: bytes, epoch: bytes) -> list[int]:
    """The numbers of our files under way of whose content nothing is to come but by the next.

    `may` is all of the next file's case that may go: what of it the recipient lacks goes in it,
    whole. Notices and orders go in each file until they are answered.
    """
    ledger = desk.store.ledger
    settled = {given.row.rid for given in may.rows} | {one.rid for one in may.withheld}
    settled |= desk.store.erasures.rids()
    arrived, held = ledger.acknowledged(), ledger.under_way(recipient, Channel.BUNDLE)
    return [
        mark.sequence
        for mark in ledger.marks(recipient, Direction.OUT)
        if mark.epoch == epoch and mark.digest not in arrived
        if held.get(mark.digest, frozenset()) <= settled
    ]


def runs_of(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Ascending numbers as runs: the first and the last of each."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return tuple(runs)


def _has_more(given: DisclosedRow, known: set[tuple[str, bytes]]) -> bool:
    """Whether a row has a write that is not among those known."""
    return any((key, wid) not in known for key, wids in _writes(given) for wid in wids)


def _writes(given: DisclosedRow) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    live, ids = ids_of(given.row.state), TYPES[given.row.type].ids
    if DELETION in live:
        yield "", live[DELETION]
    for key in given.grants:
        yield key, live.get(ids[key], ())


def _reads(desk: Desk) -> bool:
    return any(map(desk.may, READING))
