# SPDX-License-Identifier: GPL-3.0-or-later
"""Disclosure log: what a recipient was given, and what it does not have yet.

Nothing is queued: what must be sent is what may be sent, without what is known to have
arrived. The folder of the last file for a partner is stored too, so that its stick is found
again.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action, DisclosureEntry
from kfdesk.domain.consent import Recipient
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.exchange import Direction, Partner, PartnerState
from kfdesk.domain.records.client import Consent
from kfdesk.domain.rows import view
from kfdesk.services.core.authorization import READ_RIGHTS
from kfdesk.services.core.records import require_readable
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.epochs import our_epoch
from kfdesk.services.exchange.outbox import (
    current_watermark,
    lacking_content,
    records_to_check,
    select_for_bundle,
)
from kfdesk.services.exchange.scopes import CaseScope
from kfdesk.services.plans.plans import list_plans

_ENTRIES_PER_WRITE = 500  # entries that are written at once
_DESTINATION_PREFIX = "put"


class PendingRecords(NamedTuple):
    """How many records of a plan may go to a partner and are not known to have arrived.

    `on_way` of them are in a file that was made, and neither they nor their ancestors have
    changed since. `records` leaves out those of which the partner itself sent all that it lacks
    our acknowledgement of. They are in `echoed` unless a file on its way holds them.
    """

    records: int
    on_way: int = 0
    echoed: int = 0


def list_pending(desk: Session, partner: Partner) -> Mapping[bytes, PendingRecords]:
    """Return by plan what waits to go to a partner, without plans of which nothing waits.

    Plans that the current user may not read are left out. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.EXPORT_BUNDLE)
    if partner.is_own or partner.state is not PartnerState.VERIFIED or not _may_read_plans(desk):
        return {}
    between = {
        row.parent
        for row in desk.store.rows("consent")
        if partner.organisation.hex() == view(row, Consent).record.recipient
        or partner.organisation == row.custodian
    }
    plans = [line.rid for line in list_plans(desk) if line.client in between]
    rows = {plan: require_readable(desk, plan) for plan in plans}
    whose = {plan: CaseScope(desk, (row,)) for plan, row in rows.items()}
    levels = {
        current_watermark(desk, row, partner.recipient): whose[plan] for plan, row in rows.items()
    }
    among = CaseScope(desk, rows.values())
    may, unknown = select_for_bundle(desk, among, partner.recipient, records_to_check(desk, levels))
    lacks = lacking_content(desk, may.only_rows(frozenset(unknown)))
    found = {}
    for plan, scope in whose.items():
        rids = scope.of(unknown)
        on_way = _in_transit(desk, partner.recipient, plan, rids)
        waits = PendingRecords(len(rids & lacks), len(on_way & lacks), len(rids - lacks - on_way))
        if waits.records or waits.echoed:
            found[plan] = waits
    return found


def _in_transit(
    desk: Session, recipient: Recipient, plan: bytes, rids: frozenset[bytes]
) -> frozenset[bytes]:
    """Return which of a plan's records are in a file on its way, in their present state."""
    level = desk.store.levels.of(recipient.rid or b"", plan)
    if level is None:
        return frozenset()
    sent = desk.store.ledger.unacknowledged_records(
        level.recipient, Channel.BUNDLE, our_epoch(desk)
    )
    return rids & sent - desk.store.levels.since(level.number)


def record_destination(desk: Session, organisation: bytes, folder: Path) -> None:
    """Record where a file for a partner was saved; inside a transaction."""
    desk.store.set_setting(f"{_DESTINATION_PREFIX}.{organisation.hex()}", os.fsencode(folder))


def last_destination(desk: Session, organisation: bytes) -> Path | None:
    """Return the folder of the last file for a partner, such as its stick.

    It may not exist now. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.EXPORT_BUNDLE)
    kept = desk.store.setting(f"{_DESTINATION_PREFIX}.{organisation.hex()}")
    return Path(os.fsdecode(kept)) if kept else None


def disclosure_entries(
    desk: Session, what: Disclosed, recipient: bytes, target: bytes
) -> Iterator[DisclosureEntry]:
    """Yield the ledger's entries for the content of one file or paper."""
    now = desk.milliseconds
    for given in what.rows:
        consents = tuple(sorted(filter(None, set(given.grants.values()))))
        head = (given.rid, given.type, recipient, what.channel, consents)
        yield DisclosureEntry(*head, given.writes, target, now)


def record_disclosure(desk: Session, what: Disclosed, recipient: bytes, target: bytes) -> None:
    """Enter the content of one file in the ledger, and log it; inside a transaction."""
    entries = disclosure_entries(desk, what, recipient, target)
    while portion := tuple(islice(entries, _ENTRIES_PER_WRITE)):
        desk.store.ledger.enter(portion)
        desk.log_all(Action.EXPORT, ((one.rid, _entry_keys(one)) for one in portion))


def replaced_file_numbers(
    desk: Session, may: Disclosed, recipient: bytes, epoch: bytes
) -> list[int]:
    """Return the numbers of our unacknowledged files whose content the next file replaces.

    `may` is everything of the next file's case that may go: what of it the recipient lacks is
    in the file, whole. Notices and orders go in each file until they are answered.
    """
    ledger, arrived = desk.store.ledger, desk.store.ledger.acknowledged()
    marks = [
        mark
        for mark in ledger.marks(recipient, Direction.OUT)
        if mark.epoch == epoch and mark.digest not in arrived
    ]
    if not marks:
        return []
    settled = {given.rid for given in may.rows} | {one.rid for one in may.withheld}
    settled |= desk.store.erasures.rids()
    return [
        mark.sequence
        for mark in marks
        if ledger.are_all_among(mark.digest, Channel.BUNDLE, settled)
    ]


def number_ranges(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Return numbers as ranges: the first and the last of each run."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return tuple(runs)


def _entry_keys(entry: DisclosureEntry) -> tuple[str, ...]:
    return tuple(filter(None, entry.writes))


def _may_read_plans(desk: Session) -> bool:
    return any(map(desk.may, READ_RIGHTS))
