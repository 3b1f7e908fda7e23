# SPDX-License-Identifier: GPL-3.0-or-later
"""Network news: the records of our next file that a partner does not have yet.

It is made of words that stand in the records, so nobody writes a letter. Only what may go to the
partner is in it, and of procedures only those in force. Nothing new, no news.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from kfdesk.domain.accounts import Right
from kfdesk.domain.authority import is_common_type
from kfdesk.domain.disclosure import DisclosedRow
from kfdesk.domain.exchange import Partner, PartnerState
from kfdesk.domain.network_work import is_decision_open, work_line
from kfdesk.domain.records.network import Decision
from kfdesk.domain.records.procedures import Procedure
from kfdesk.domain.rows import RecordView, Row, view, view_any
from kfdesk.services.core.session import Session
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
            for network, of_type in sorted(found.items())
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
        NewsItem(given, _network_of(given.row, rows), _is_theirs(given, organisation))
        for given in parcel.goes.rows
        if given.type in NEWS_TYPES and not given.is_deleted and _is_told(given)
    ]
    order = {name: place for place, name in enumerate(NEWS_TYPES)}
    items.sort(key=lambda one: (one.network, order[one.given.type], one.given.rid))
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


def _is_told(given: DisclosedRow) -> bool:
    """Return whether a record is worth telling: nothing that is only a draft or proposed."""
    if given.type == "procedure":
        return view(given.row, Procedure).record.status == "active"
    if given.type == "decision":
        return view(given.row, Decision).record.state != "proposed"
    return is_common_type(given.type)


def _is_theirs(given: DisclosedRow, organisation: bytes) -> bool:
    if given.type != "decision":
        return False
    seen: RecordView[Decision] = view(given.row, Decision)
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
