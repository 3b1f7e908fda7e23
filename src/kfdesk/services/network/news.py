# SPDX-License-Identifier: GPL-3.0-or-later
"""Network news: what a partner's next file from us will bring, and what came in lately.

It is made of words that stand in the records, so nobody writes a letter. Only what may go to the
partner is in it, and of procedures only those in force. Nothing new, no news. When a record came
in is what the audit trail says; whose file brought it is what was signed.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action, ActionKind
from kfdesk.domain.authority import is_common_type
from kfdesk.domain.disclosure import DisclosedRow
from kfdesk.domain.exchange import Partner, PartnerState
from kfdesk.domain.network_work import is_decision_open, work_line
from kfdesk.domain.records.network import Decision
from kfdesk.domain.records.procedures import Procedure
from kfdesk.domain.registers import is_deleted, live_writes
from kfdesk.domain.rows import RecordView, Row, view, view_any
from kfdesk.domain.values import zone_rules
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.history import row_name
from kfdesk.services.core.session import Session, desk_zone
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.partners import list_partners

NEWS_TYPES = (
    "meeting", "decision", "agreement", "project", "activity", "procedure", "organisation",
    "membership",
)  # fmt: skip
"""The kinds of news, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class NewsItem:
    """A record that is new or changed for a partner; `is_theirs`: they have to do it."""

    given: DisclosedRow
    network: bytes
    is_theirs: bool = False


@dataclass(frozen=True, slots=True)
class NetworkNews:
    """The news for a partner, by network and kind; an empty id stands for no network."""

    partner: Partner
    items: tuple[NewsItem, ...]

    @property
    def by_network(self) -> Mapping[bytes, Mapping[str, tuple[NewsItem, ...]]]:
        """The news of each network, by kind in the order of `NEWS_TYPES`."""
        found: dict[bytes, dict[str, list[NewsItem]]] = defaultdict(lambda: defaultdict(list))
        for one in self.items:
            found[one.network][one.given.type].append(one)
        return {
            network: {name: tuple(of_type[name]) for name in NEWS_TYPES if of_type.get(name)}
            for network, of_type in sorted(found.items(), key=lambda pair: (not pair[0], pair[0]))
        }


def read_news(desk: Session, organisation: bytes) -> NetworkNews:
    """Return what is new for a partner since the last file of ours that it has.

    Raise KfdeskError `user.not_allowed`, `partner.unknown`, or `clock.…` while the clock is in
    doubt.
    """
    desk.require(Right.EXPORT_BUNDLE)
    parcel = transfer.prepare_common(desk, organisation)
    rows = {row.rid: row for name in ("network", "project", "meeting")
            for row in desk.store.rows(name)}  # fmt: skip
    items = [
        NewsItem(given, _network_of(row, rows), _has_to_do(row, organisation))
        for given in parcel.goes.rows
        if given.type in NEWS_TYPES and not given.is_deleted and _is_told(row := given.row)
    ]
    order = {name: place for place, name in enumerate(NEWS_TYPES)}
    items.sort(key=lambda one: (not one.network, one.network, order[one.given.type], one.given.rid))
    return NetworkNews(parcel.partner, tuple(items))


def list_news(desk: Session) -> tuple[NetworkNews, ...]:
    """Return the news for each partner that shares a network with us, without those of nothing.

    Raise KfdeskError `user.not_allowed`, or `clock.…` while the clock is in doubt.
    """
    desk.require(Right.EXPORT_BUNDLE)
    members = frozenset[bytes]().union(*(one.members for one in desk.circles().values()))
    partners = [
        line.partner for line in list_partners(desk)
        if line.partner.organisation in members and line.partner.state is PartnerState.VERIFIED
    ]  # fmt: skip
    found = (read_news(desk, one.organisation) for one in partners)
    return tuple(news for news in found if news.items)


# --- what came in

ARRIVED_DAYS = 31
"""For so many days what came in is told."""
_EVENTS_AT_ONCE = 1_000
_MOST_EVENTS = 30_000
"""Entries of the audit trail that are looked at; a desk has some hundreds a month."""


@dataclass(frozen=True, slots=True)
class ArrivedItem:
    """A record that a partner's file brought or changed lately: whose file, and on which day.

    `is_ours`: we have to do it.
    """

    view: RecordView[Any]
    network: bytes
    sender: bytes
    day: date
    is_ours: bool = False
    sender_name: str = ""


def list_arrived(desk: Session, days: int = ARRIVED_DAYS) -> tuple[ArrivedItem, ...]:
    """Return what partners' files brought of networks in the last days, the newest first.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    arrived = _arrivals(desk, desk.adapters.clock.now() - timedelta(days=days))
    rows = {row.rid: row for name in ("network", "project", "meeting")
            for row in desk.store.rows(name)} if arrived else {}  # fmt: skip
    names = {one.organisation: one.name for one in desk.store.ledger.partners()}
    own = desk.identity.organisation
    found = []
    for rid, (row, _) in desk.store.kept(arrived).items():
        if row.type not in NEWS_TYPES or is_deleted(row.state) or not _is_told(row):
            continue
        senders = desk.store.received.senders(rid)
        newest = max(live_writes(row.state), key=lambda one: (one.hlc, one.wid), default=None)
        sender = senders.get(newest[:2]) if newest is not None else None
        if sender is not None:  # else somebody here wrote in it since
            found.append(
                ArrivedItem(
                    view_any(row), _network_of(row, rows), sender, arrived[rid],
                    _has_to_do(row, own),
                )
            )  # fmt: skip
    order = {name: place for place, name in enumerate(NEWS_TYPES)}
    houses = desk.store.kept({one.sender for one in found} - names.keys())
    names |= {rid: row_name(row) for rid, (row, _) in houses.items()}
    found.sort(key=lambda one: (-one.day.toordinal(), order[one.view.row.type], one.view.rid))
    return tuple(replace(one, sender_name=names.get(one.sender, "")) for one in found)


def _arrivals(desk: Session, since: datetime) -> Mapping[bytes, date]:
    """Return the last day on which a file brought each record, by the audit trail."""
    zone, first = zone_rules(desk_zone(desk)), since.timestamp() * 1000
    found: dict[bytes, date] = {}
    before: int | None = None
    for _ in range(_MOST_EVENTS // _EVENTS_AT_ONCE):
        events = desk.store.ledger.events(before, _EVENTS_AT_ONCE, ActionKind.SHARED)
        for _number, event in events:
            if event.milliseconds < first:
                return found
            if event.action is Action.IMPORT and event.rid is not None:
                at = datetime.fromtimestamp(event.milliseconds / 1000, UTC).astimezone(zone)
                found.setdefault(event.rid, at.date())
        if len(events) < _EVENTS_AT_ONCE:
            break
        before = events[-1][0]
    return found


# --- both


def _is_told(row: Row) -> bool:
    """Return whether a record is worth telling: nothing that is only a draft or proposed."""
    if row.type == "procedure":
        return view(row, Procedure).record.status == "active"
    if row.type == "decision":
        return view(row, Decision).record.state != "proposed"
    return is_common_type(row.type)


def _has_to_do(row: Row, organisation: bytes) -> bool:
    if row.type != "decision":
        return False
    seen: RecordView[Decision] = view(row, Decision)
    return seen.record.owner == organisation.hex() and is_decision_open(seen)


def _network_of(row: Row, rows: Mapping[bytes, Row]) -> bytes:
    """Return the network that a record belongs to or names; empty without one."""
    if row.type == "membership":
        return row.parent or b""
    if row.type == "procedure":
        named = view_any(row).record.network
        return bytes.fromhex(named) if isinstance(named, str) else b""
    line = work_line(row, rows)
    return line[-1].rid if line and line[-1].type == "network" else b""
