# SPDX-License-Identifier: GPL-3.0-or-later
"""Confirming the clock, and the right time for what was written while it was ahead.

A write of a day ahead is taken by nobody before that day comes (`domain.stamps`). Once a person
says that the clock is right now, our own writes of such a day get a stamp of now, if nobody has
taken them yet. Their values stay. The trail names each record, and the day until which the times
in it are doubtful.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from kfdesk.domain.audit import Action
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.exchange import HLC_BITS, Direction, ErasureOrderState, is_plausible_time
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import DELETION, WID_BYTES, Write, next_hlc
from kfdesk.domain.rows import Row
from kfdesk.domain.stamps import newest_stamp_until, rewrite, writes_ahead
from kfdesk.services.core.records import field_keys
from kfdesk.services.core.session import Session, keep_confirmation

_DAY = 86_400_000  # milliseconds


class _Ahead(NamedTuple):
    """A record with its own writes that are ahead and that nobody has taken."""

    row: Row
    writes: tuple[Write, ...]


def confirm_clock(desk: Session) -> int:
    """Record that a person has confirmed date and time; this is valid for 48 hours.

    Give our own writes that are too far ahead, and that nobody has taken, the time of now. Return
    the number of records in which there were any. Raise KfdeskError `store.disk`.
    """
    newest = desk.store.ledger.newest_entry()
    with desk.store.transaction():
        found = tuple(_own_writes_ahead(desk))
        _stamp_anew(desk, found)
        _date_orders_anew(desk)
        done = ((one.row.rid, field_keys(one.row.type, _fids(one.writes))) for one in found)
        desk.log_all(Action.RESTAMP, done)
        is_behind = newest is not None and newest > desk.milliseconds
        keep_confirmation(desk, until=newest if is_behind else None)
    return len(found)


def _own_writes_ahead(desk: Session) -> Iterator[_Ahead]:
    """Yield the records with own writes that are ahead and that nobody has taken."""
    now = _latest_known_time(desk)
    for name in RECORD_TYPES:
        for row in desk.store.rows(name):
            ahead = writes_ahead(row.state, now)
            if not ahead:
                continue
            foreign, taken = desk.store.received.senders(row.rid).keys(), _taken(desk, row)
            own = (one for one in ahead if one[:2] not in foreign and one[:2] not in taken)
            if writes := tuple(own):
                yield _Ahead(row, writes)


def _latest_known_time(desk: Session) -> int:
    """Return the time now, or the later one of a partner's file: then the clock is behind."""
    ledger = desk.store.ledger
    files = (
        one.newest >> HLC_BITS
        for partner in ledger.partners()
        for one in ledger.epochs(partner.organisation, Direction.IN).values()
    )
    return max((desk.milliseconds, *files))


def _taken(desk: Session, row: Row) -> frozenset[tuple[int, bytes]]:
    """Return the writes of a record that were in a file that has arrived."""
    ids, ledger = RECORD_TYPES[row.type].ids, desk.store.ledger
    return frozenset(
        (ids[key] if key else DELETION, wid)
        for entry in ledger.about((row.rid,))
        if entry.channel == Channel.BUNDLE and ledger.has_arrived(entry.target)
        for key, wids in entry.writes.items()
        for wid in wids
        if not key or key in ids
    )


def _stamp_anew(desk: Session, found: Iterable[_Ahead]) -> None:
    """Write these writes again, in the order of their stamps, each save as one."""
    found = tuple(found)
    now = desk.milliseconds
    known = (newest_stamp_until(one.row.state, now) for one in found)
    replaced = (
        write.hlc
        for one in found
        for write in desk.store.history(one.row.rid)
        if is_plausible_time(write.hlc, now)
    )
    stamps, last = dict[int, int](), max((0, *known, *replaced))
    for stamp in sorted({write.hlc for one in found for write in one.writes}):
        stamps[stamp] = last = next_hlc(now, last)
    for one in found:
        fresh = {
            write: write._replace(hlc=stamps[write.hlc], wid=desk.adapters.random(WID_BYTES))
            for write in one.writes
        }
        ids = {old[:2]: new.wid for old, new in fresh.items()}
        row = replace(one.row, state=rewrite(one.row.state, fresh))
        desk.store.put_rewritten(row, ids)
        _note_renamed(desk, ids)


def _note_renamed(desk: Session, ids: Mapping[tuple[int, bytes], bytes]) -> None:
    """Note for open forms and undos of this session which writes have another id."""
    for pair, now in desk.renamed.items():
        desk.renamed[pair] = (now[0], ids.get(now, now[1]))
    desk.renamed.update({pair: (pair[0], wid) for pair, wid in ids.items()})


def _date_orders_anew(desk: Session) -> None:
    """Move the days of erasure orders without an answer that were given while it was ahead."""
    now, latest = desk.milliseconds, _latest_known_time(desk)
    moved = []
    for one in desk.store.orders.standing(Direction.OUT):
        order = one.order
        if one.state is ErasureOrderState.OPEN and not is_plausible_time(order.hlc, latest):
            days = ((order.hlc >> HLC_BITS) - now) // _DAY
            order = replace(order, hlc=next_hlc(now), deadline=max(order.deadline - days, 0))
            moved.append(replace(one, order=order))
    desk.store.orders.enter(Direction.OUT, moved)


def _fids(writes: Iterable[Write]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(write.fid for write in writes))
