# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody was given, by the ledger: what goes there now, and what they do not have yet.

Nothing is queued: what must go is what may go without what is known to have arrived. Where the
last file for a partner was put is kept too, inside the store, so that the stick is found again.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from kfdesk.domain.desk.exchange import Direction, Partner, PartnerState
from kfdesk.domain.desk.log import Action, Entry
from kfdesk.domain.desk.users import Right
from kfdesk.domain.disclosure import Channel, Disclosed, Recipient
from kfdesk.domain.records.consent import Consent
from kfdesk.domain.rows import view
from kfdesk.services.desk import Desk
from kfdesk.services.parcels.epochs import our_epoch
from kfdesk.services.parcels.gathering import gathered
from kfdesk.services.parcels.levels import level_now, looked_at
from kfdesk.services.parcels.scopes import Cases
from kfdesk.services.plans import list_plans
from kfdesk.services.policy.access import READING
from kfdesk.services.writing.records import readable

_PORTION = 500  # entries that are written at once
_PUT = "put"


class Waits(NamedTuple):
    """How many records of a plan may go to a partner and are not known to have arrived.

    `on_way` of them are in a file that was made, and neither they nor what they stand under has
    changed since.
    """

    records: int
    on_way: int = 0


def list_waiting(desk: Desk, partner: Partner) -> Mapping[bytes, Waits]:
    """By plan, what waits to go to a partner; a plan of which nothing waits is not among them.

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
    rows = {plan: readable(desk, plan) for plan in plans}
    whose = {plan: Cases(desk, (row,)) for plan, row in rows.items()}
    levels = {level_now(desk, row, partner.recipient): whose[plan] for plan, row in rows.items()}
    among = Cases(desk, rows.values())
    _, unknown = gathered(desk, among, partner.recipient, looked_at(desk, levels))
    lacking = {plan: scope.of(unknown) for plan, scope in whose.items()}
    return {
        plan: Waits(len(rids), len(_on_way(desk, partner.recipient, plan, rids)))
        for plan, rids in lacking.items()
        if rids
    }


def _on_way(
    desk: Desk, recipient: Recipient, plan: bytes, rids: frozenset[bytes]
) -> frozenset[bytes]:
    """Which of a plan's records are in a file on its way, as they are now."""
    level = desk.store.levels.of(recipient.rid or b"", plan)
    if level is None:
        return frozenset()
    sent = desk.store.ledger.under_way(level.recipient, Channel.BUNDLE, our_epoch(desk))
    return rids & sent - desk.store.levels.since(level.number)


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
        consents = tuple(sorted(filter(None, set(given.grants.values()))))
        head = (given.rid, given.type, recipient, what.channel, consents)
        yield Entry(*head, given.writes, target, now)


def note_given(desk: Desk, what: Disclosed, recipient: bytes, target: bytes) -> None:
    """Enter what goes in one file, and log that it went; inside a transaction."""
    entries = entries_of(desk, what, recipient, target)
    while portion := tuple(islice(entries, _PORTION)):
        desk.store.ledger.enter(portion)
        desk.log_all(Action.EXPORT, ((one.rid, _keys(one)) for one in portion))


def made_good(desk: Desk, may: Disclosed, recipient: bytes, epoch: bytes) -> list[int]:
    """The numbers of our files under way of whose content nothing is to come but by the next.

    `may` is all of the next file's case that may go: what of it the recipient lacks goes in it,
    whole. Notices and orders go in each file until they are answered.
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
        mark.sequence for mark in marks if ledger.is_among(mark.digest, Channel.BUNDLE, settled)
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


def _keys(entry: Entry) -> tuple[str, ...]:
    return tuple(filter(None, entry.writes))


def _reads(desk: Desk) -> bool:
    return any(map(desk.may, READING))
