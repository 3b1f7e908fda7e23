# SPDX-License-Identifier: GPL-3.0-or-later
"""Disclosure log: what a recipient was given, and what it does not have yet.

Nothing is queued: what must be sent is what may be sent, without what is known to have
arrived. The folder of the last file for a partner is stored too, so that its stick is found
again.
"""

import os
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action, DisclosureEntry
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Partner, PartnerState, Watermark
from kfdesk.services.core.authorization import READ_RIGHTS
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.outbox import (
    PlanWatermarks,
    is_consent_withdrawn,
    lacking_content,
    read_client_consents,
    records_under_way,
    select_for_bundle,
)
from kfdesk.services.exchange.scopes import FixedScope, scopes_of_cases
from kfdesk.services.plans.plans import readable_plans

_DESTINATION_PREFIX = "put"
_CHANGES_READ_AGAIN = 500  # read anew by each look before it is worth a write
SETTLED_PLANS = b"settled plans\0\0\0"
"""The scope of the watermark that says how far a partner's settled plans were looked at."""


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
    look = _Look(desk, asked)
    found = {
        one.organisation: look.at(one, between[one.organisation] | between[one.organisation.hex()])
        for one in asked
    }
    look.keep()
    return found


class _Look:
    """One look at what waits. What a partner is known to have all of is not looked at again.

    Such a plan is settled. It is looked at when a record of its client has changed or is in a file
    on its way, and when the calendar or other rules may open something (`PlanWatermarks`). The
    watermark `SETTLED_PLANS` of a partner has the change up to which its settled plans were looked
    at. So a look reads what is new, however many plans there ever were.
    """

    def __init__(self, desk: Session, partners: Collection[Partner]) -> None:
        self._desk = desk
        self._basis = desk.disclosure_basis()
        self._number = desk.store.levels.number()
        self._kept = {one.organisation: self._levels_of(one) for one in partners}
        numbers = [kept[SETTLED_PLANS].number for kept in self._kept.values()]
        changed = desk.store.levels.changed(min(numbers, default=self._number))
        self._changed = desk.store.tree.line(changed)
        self._news: list[Watermark] = []

    def at(self, partner: Partner, clients: Collection[bytes]) -> Mapping[bytes, PendingRecords]:
        """Return by plan of these clients what waits for a partner."""
        desk, kept = self._desk, self._kept[partner.organisation]
        marks = PlanWatermarks(desk, partner.recipient, self._basis)
        sent = records_under_way(desk, partner.organisation)
        standing = marks.standing(kept)
        news = self._with_news(standing, clients, sent)
        rows = {row.rid: row for row in readable_plans(desk, news)}
        hers = read_client_consents(desk, {row.parent or b"" for row in rows.values()})
        whose = scopes_of_cases(desk, rows.values())
        now = {
            plan: marks.current(row, hers[row.parent or b""])
            for plan, row in rows.items()
            if plan in kept
        }
        among = FixedScope(chain.from_iterable(scope.rids() for scope in whose.values()))
        newest = desk.store.levels.newest(among.rids() if now else ())
        changed = (
            _changed_since(kept.get(plan), now.get(plan), scope.rids(), newest)
            for plan, scope in whose.items()
        )
        checked = among.of(sent).union(*changed)
        consents = [one.row for her in hers.values() for one in her.consents]
        basis = replace(self._basis, consents=consents)
        may, unknown = select_for_bundle(desk, among, partner.recipient, checked, basis)
        lacks = lacking_content(desk, may.only_rows(frozenset(unknown)))
        found, settled = dict[bytes, PendingRecords](), dict[bytes, Watermark]()
        for plan, scope in whose.items():
            rids, level = scope.of(unknown), kept.get(plan)
            if not rids:
                her = hers[rows[plan].parent or b""]
                level = now.get(plan) or marks.current(rows[plan], her)
                settled[plan] = marks.settled(level, her)
                continue
            # What is in a file on its way, in its present state.
            last = level.number if level is not None else -1
            on_way = {rid for rid in rids & sent if newest.get(rid, 0) <= last}
            waits = PendingRecords(
                len(rids & lacks), len(on_way & lacks), len(rids - lacks - on_way)
            )
            if waits.records or waits.echoed:
                found[plan] = waits
        self._note(kept[SETTLED_PLANS], settled, self._unsettled(standing, news, settled))
        return found

    def keep(self) -> None:
        """Keep which plans are settled. If the disk is full, the next look takes longer."""
        if self._news:
            with suppress(KfdeskError), self._desk.store.transaction():
                self._desk.store.levels.keep(*self._news)

    def _levels_of(self, partner: Partner) -> Mapping[bytes, Watermark]:
        organisation = partner.organisation
        kept = self._desk.store.levels.of_recipient(organisation)
        if SETTLED_PLANS in kept:
            return kept
        bare = {rid: replace(one, settled=None) for rid, one in kept.items()}
        return bare | {SETTLED_PLANS: Watermark(organisation, SETTLED_PLANS, b"", self._number)}

    def _with_news(
        self,
        standing: Mapping[bytes, Watermark],
        clients: Collection[bytes],
        sent: frozenset[bytes],
    ) -> frozenset[bytes]:
        """Return the clients with a plan that must be looked at."""
        plans = self._desk.store.tree.cells("plan", (), clients)
        unsettled = {one.parent or b"" for one in plans if one.rid not in standing}
        touched = self._changed | self._desk.store.tree.line(sent)
        return frozenset(unsettled | touched.intersection(clients))

    def _unsettled(
        self,
        standing: Mapping[bytes, Watermark],
        clients: Collection[bytes],
        settled: Container[bytes],
    ) -> list[Watermark]:
        """Return the watermarks that were settled before and are not now, as they are to be kept.

        Also of plans that the user may not read, or that are in the bin.
        """
        plans = {one.rid for one in self._desk.store.tree.cells("plan", (), clients)}
        return [
            replace(level, settled=None)
            for rid, level in standing.items()
            if rid in plans and rid not in settled
        ]

    def _note(
        self, last: Watermark, settled: Mapping[bytes, Watermark], unsettled: Sequence[Watermark]
    ) -> None:
        """Note what is to be kept of a look at one partner."""
        if settled or unsettled or self._number - last.number > _CHANGES_READ_AGAIN:
            now = replace(last, number=self._number)
            self._news += [*settled.values(), *unsettled, now]


def _changed_since(
    kept: Watermark | None,
    now: Watermark | None,
    rids: frozenset[bytes],
    newest: Mapping[bytes, int],
) -> Collection[bytes]:
    """Return what of a plan has changed since its watermark; all of it if that does not hold."""
    if kept is None or now is None or kept.shown != now.shown:
        return rids
    return [rid for rid in rids if newest.get(rid, 0) > kept.number]


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
    """Enter the content of one file in the ledger, and log the file; inside a transaction."""
    entries = disclosure_entries(desk, what, recipient, target)
    told = desk.store.ledger.enter_file(target, entries)
    if told.count:
        desk.log(Action.EXPORT, recipient, told.keys)


def replaced_file_numbers(
    desk: Session, may: Disclosed, recipient: bytes, epoch: bytes
) -> list[int]:
    """Return the numbers of our unacknowledged files whose content the next file replaces.

    `may` is everything of the next file's case that may go: what of it the recipient lacks is
    in the file, whole. Notices and orders go in each file until they are answered. A file with a
    field that is withheld now is not replaced: it would count as given once it may go again. What
    was given under a withdrawn consent never counts (`CountedEntries`).
    """
    ledger = desk.store.ledger
    on_way = ledger.unacknowledged(recipient, epoch)
    if not on_way:
        return []
    settled = {given.rid for given in may.rows} | {one.rid for one in may.withheld}
    settled |= desk.store.erasures.rids()
    withheld: dict[bytes, set[str]] = {}
    for one in may.withheld:
        withheld.setdefault(one.rid, set()).add(one.key)
    withdrawn = cache(partial(is_consent_withdrawn, desk))

    def is_replaced(rid: bytes, keys: Collection[str], consents: Iterable[bytes]) -> bool:
        stays = rid in withheld and not withheld[rid].isdisjoint(keys)
        return rid in settled and (not stays or any(map(withdrawn, consents)))

    return [
        number for number, digest in on_way.items() if ledger.is_true_of_file(digest, is_replaced)
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
