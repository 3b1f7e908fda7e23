# SPDX-License-Identifier: GPL-3.0-or-later
"""Disclosure log: what a recipient was given, and what it does not have yet.

Nothing is queued: what must be sent is what may be sent, without what is known to have
arrived. The folder of the last file for a partner is stored too, so that its stick is found
again.
"""

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action, DisclosureEntry
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.exchange import Direction, Partner, PartnerState
from kfdesk.services.core.authorization import READ_RIGHTS
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.outbox import (
    current_watermark,
    lacking_content,
    read_client_consents,
    records_to_check,
    records_under_way,
    select_for_bundle,
)
from kfdesk.services.exchange.scopes import CaseScope
from kfdesk.services.plans.plans import readable_plans

_ENTRIES_PER_WRITE = 500  # entries that are written at once
_DESTINATION_PREFIX = "put"


class PendingRecords(NamedTuple):
    """Number of records of a plan that may go to a partner and are not known to have arrived.

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
    return list_pending_by_partner(desk, (partner,)).get(partner.organisation, {})


def list_pending_by_partner(
    desk: Session, partners: Iterable[Partner]
) -> Mapping[bytes, Mapping[bytes, PendingRecords]]:
    """Return for each of these partners what `list_pending` returns; read all consents once.

    Only a verified partner that is no laptop of ours is in it. Raise KfdeskError
    `user.not_allowed`.
    """
    desk.require(Right.EXPORT_BUNDLE)
    verified = PartnerState.VERIFIED
    asked = [one for one in partners if one.state is verified and not one.is_own]
    if not asked or not any(map(desk.may, READ_RIGHTS)):
        return {}
    between: dict[object, set[bytes]] = defaultdict(set)
    for one in desk.store.tree.cells("consent", ("recipient",)):
        if one.parent is not None:
            between[one.custodian].add(one.parent)
            if '"recipient"' not in one.flags:  # while it is in conflict it names nobody
                between[one.wires[0]].add(one.parent)
    return {
        one.organisation: _pending_by_plan(
            desk, one, between[one.organisation] | between[one.organisation.hex()]
        )
        for one in asked
    }


def _pending_by_plan(
    desk: Session, partner: Partner, clients: Collection[bytes]
) -> Mapping[bytes, PendingRecords]:
    rows = {row.rid: row for row in readable_plans(desk, clients)}
    hers = read_client_consents(desk, clients)
    whose = {plan: CaseScope(desk, (row,)) for plan, row in rows.items()}
    levels = {
        current_watermark(desk, row, partner.recipient, hers.get(row.parent or b"")): whose[plan]
        for plan, row in rows.items()
    }
    among = CaseScope(desk, rows.values())
    may, unknown = select_for_bundle(desk, among, partner.recipient, records_to_check(desk, levels))
    lacks = lacking_content(desk, may.only_rows(frozenset(unknown)))
    sent, since = records_under_way(desk, partner.organisation), cache(desk.store.levels.since)
    found = {}
    for plan, scope in whose.items():
        rids = scope.of(unknown)
        level = desk.store.levels.of(partner.organisation, plan)
        # What is in a file on its way, in its present state.
        on_way = rids & sent - since(level.number) if level is not None else frozenset[bytes]()
        waits = PendingRecords(len(rids & lacks), len(on_way & lacks), len(rids - lacks - on_way))
        if waits.records or waits.echoed:
            found[plan] = waits
    return found


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
