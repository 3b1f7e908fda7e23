# SPDX-License-Identifier: GPL-3.0-or-later
"""Erasure: erase a client for good, order partners to erase, and keep out what was erased.

This is not the bin: no bundle and no restored backup brings the data back. What stays are
ids: that something was erased, when and why; what went to whom; who did what. Older backups
still hold the data until they are removed, 35 days at the longest. Partners keep what they
have until they carry out our order; theirs to us are carried out or decided by people.
"""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, partial
from itertools import chain

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.backup import ErasureEntry
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    ANSWER_DAYS,
    MAX_WAITING_ORDERS,
    OUTCOME_STATES,
    REASON_ORDERED,
    Direction,
    ErasureOrder,
    ErasureOrderState,
    ErasureReceipt,
    PartnerState,
    ReceivedBundle,
    RecordPart,
    TrackedErasureOrder,
)
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import next_hlc
from kfdesk.domain.rows import Row
from kfdesk.services.core.authorization import client_above, is_held, is_under_hold
from kfdesk.services.core.records import require_record
from kfdesk.services.core.session import Changes, Session
from kfdesk.services.exchange.import_policy import ImportPolicy
from kfdesk.services.exchange.message_policy import answered_orders
from kfdesk.services.exchange.notices import keep_notices_of_erased
from kfdesk.services.plans.plans import name_of
from kfdesk.services.plans.transit import require_at_rest, transit_of

_EPOCH_DAY = date(1970, 1, 1)
_HLC_BITS = 16
_MAX_DAYS = (date.max - _EPOCH_DAY).days
_WAITING = (ErasureOrderState.OPEN, ErasureOrderState.NOT_HERE)
ERASURE_READ_RIGHTS = (Right.ERASE, Right.EXPORT_BUNDLE)


@dataclass(frozen=True, slots=True)
class ErasureOrderLine:
    """An erasure order for people to read: who is asked or asks, about which record, until when.

    `milliseconds` is when it was asked, `settled` when it was answered or told by telephone.
    `is_sent`: a file with it has left. `is_by_file`: files go to this partner, else somebody
    must call.
    """

    id: bytes
    partner: bytes
    name: str
    rid: bytes
    is_whole: bool
    reason: str
    milliseconds: int
    deadline: date | None
    state: ErasureOrderState
    settled: int | None
    is_sent: bool
    is_by_file: bool
    is_overdue: bool
    below: frozenset[bytes] = frozenset()
    """The records here below one that a partner asks us to erase; a yes erases them, too."""


def list_erasure_orders(desk: Session) -> tuple[ErasureOrderLine, ...]:
    """Return all orders to others, those without an answer first.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*ERASURE_READ_RIGHTS)
    lines = _order_lines(desk, Direction.OUT)
    return tuple(sorted(lines, key=lambda one: one.state is not ErasureOrderState.OPEN))


def erasure_call_list(desk: Session) -> tuple[ErasureOrderLine, ...]:
    """Return the unanswered orders: first those that no file reaches, then overdue ones.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*ERASURE_READ_RIGHTS)
    unanswered = (
        one for one in _order_lines(desk, Direction.OUT) if one.state is ErasureOrderState.OPEN
    )
    return tuple(sorted(unanswered, key=lambda one: (one.is_by_file, not one.is_overdue)))


def list_erasure_requests(desk: Session) -> tuple[ErasureOrderLine, ...]:
    """Return what others ask us to erase and people must decide.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*ERASURE_READ_RIGHTS)
    lines = [one for one in _order_lines(desk, Direction.IN) if one.state is ErasureOrderState.OPEN]
    above = _parents_below(desk, {one.rid for one in lines if one.is_whole})
    below: dict[bytes, set[bytes]] = {}
    for rid in above:
        for up in _line_above(rid, above):
            below.setdefault(up, set()).add(rid)
    return tuple(
        replace(one, below=frozenset(below.get(one.rid, ()))) if one.is_whole else one
        for one in lines
    )


def answer_erasure_requests(
    desk: Session, partner: bytes, orders: Iterable[bytes], *, erases: bool
) -> Changes:
    """Carry out or decline these requests of a partner; the answers go with the next file.

    What stands below a record is erased with it, also what is ours: nobody could find it again.
    `client_erasure` calls it to erase. Raise KfdeskError `user.not_allowed`, `order.missing`,
    `erasure.held` under a legal hold, or `erasure.…` while she is on her way. Then nothing was
    done.
    """
    desk.require(Right.ERASE)
    changes = Changes(frozenset({"partner"}))
    with desk.store.transaction():
        waiting = _open_orders(desk, Direction.IN, partner)
        asked = [_require_order(waiting, order) for order in orders]
        for standing in sorted(asked, key=partial(_depth, desk), reverse=True):
            changes |= _answer_request(desk, standing, erases=erases)
        settle_erased_requests(desk)
    if erases:
        desk.store.erasures.vacuum()
    return changes


def settle_erased_requests(desk: Session) -> None:
    """Mark requests for records that were erased here as done; call inside a transaction."""
    gone = desk.store.erasures.rids()
    for one in desk.store.orders.standing(Direction.IN):
        if one.state is ErasureOrderState.OPEN and one.order.rid in gone:
            _settle_order(desk, Direction.IN, one, ErasureOrderState.DONE)


def mark_order_told(desk: Session, partner: bytes, order: bytes) -> Changes:
    """Mark an order as told by telephone, by the current user, now.

    Raise KfdeskError `user.not_allowed` or `order.missing`.
    """
    desk.require(*ERASURE_READ_RIGHTS)
    with desk.store.transaction():
        standing = _require_order(_open_orders(desk, Direction.OUT, partner), order)
        _settle_order(desk, Direction.OUT, standing, ErasureOrderState.TOLD)
        desk.log(Action.ORDER_TOLD, standing.order.rid)
    return Changes(frozenset({"partner"}), frozenset({standing.order.rid}))


def order_erasure(
    desk: Session, what: Iterable[tuple[bytes, RecordPart | None]], reason: str
) -> None:
    """Order everybody who received some of these records to erase it; inside a transaction."""
    parts = dict(what)
    days = (desk.adapters.clock.now().date() - _EPOCH_DAY).days + ANSWER_DAYS
    hlc, ours = next_hlc(desk.stamp_milliseconds), desk.identity.organisation
    desk.store.orders.enter(
        Direction.OUT,
        [
            TrackedErasureOrder(
                ErasureOrder(desk.adapters.random(16), rid, parts[rid], reason, days, hlc),
                recipient,
            )
            for rid, recipient in sorted(desk.store.ledger.holders(parts))
            if recipient != ours and recipient not in parts  # clients keep their own papers
        ],
    )


def erasure_orders_for(desk: Session, organisation: bytes) -> tuple[ErasureOrder, ...]:
    """Return the orders that go with each file for a partner, until it answers them."""
    return tuple(
        one.order
        for one in desk.store.orders.standing(Direction.OUT)
        if one.partner == organisation and one.state is ErasureOrderState.OPEN
    )


def reopen_orders(desk: Session, organisation: bytes) -> None:
    """Order once more what a restored partner has erased before; call inside a transaction.

    Its backup may be older than the erasure, so that the data may be there again.
    """
    gone = (ErasureOrderState.DONE, ErasureOrderState.NOT_HERE)
    asked = [
        replace(one, state=ErasureOrderState.OPEN, settled=None, target=b"")
        for one in desk.store.orders.standing(Direction.OUT)
        if one.partner == organisation and one.state in gone
    ]
    desk.store.orders.enter(Direction.OUT, asked)


def erasure_receipts_for(desk: Session, organisation: bytes) -> tuple[ErasureReceipt, ...]:
    """Return the answers that go with each file for a partner, until one file has arrived."""
    has_arrived = desk.store.ledger.has_arrived
    outcomes = {state: outcome for outcome, state in OUTCOME_STATES.items()}
    return tuple(
        ErasureReceipt(one.order.id, outcomes[one.state], (one.settled or 0) << _HLC_BITS)
        for one in desk.store.orders.standing(Direction.IN)
        if one.partner == organisation and one.state in outcomes and not has_arrived(one.target)
    )


def record_orders_sent(
    desk: Session,
    organisation: bytes,
    orders: Iterable[ErasureOrder],
    receipts: Iterable[ErasureReceipt],
    target: bytes,
) -> None:
    """Record which orders and answers a file for a partner holds; inside a transaction."""
    carry = desk.store.orders.set_target
    carry(Direction.OUT, organisation, [one.id for one in orders], target)
    carry(Direction.IN, organisation, [one.id for one in receipts], target)


def evaluate_orders(
    desk: Session, taken: ReceivedBundle
) -> tuple[tuple[ErasureOrder, ErasureOrderState], ...]:
    """Return each new order of a file with the outcome it would have. Write nothing.

    Raise KfdeskError `bundle.many_orders` if too many orders of the partner would wait.
    """
    if not taken.dealings.orders:
        return ()
    standing = [
        one for one in desk.store.orders.standing(Direction.IN) if one.partner == taken.organisation
    ]
    known, policy = {one.order.id for one in standing}, ImportPolicy(desk, taken)
    new = [order for order in taken.dealings.orders if order.id not in known]
    whole = {order.rid for order in new if order.part is None}
    kept = _with_others_below(desk, taken.organisation, whole)
    kept |= _on_the_way(desk, taken.organisation, {order.rid for order in new})
    fresh = tuple((order, _evaluate_order(desk, policy, order, kept)) for order in new)
    states = chain((one.state for one in standing), (state for _, state in fresh))
    if fresh and sum(state in _WAITING for state in states) > MAX_WAITING_ORDERS:
        raise KfdeskError("bundle.many_orders")
    return fresh


def import_orders(desk: Session, taken: ReceivedBundle, *, erases: bool = True) -> Changes:
    """Carry out a file's orders, save its requests, record its receipts; in a transaction.

    An order that comes again is answered again. Unless `erases`, orders for what is here wait as
    requests.
    """
    changes, policy = Changes(), ImportPolicy(desk, taken)
    for order, wanted in evaluate_orders(desk, taken):
        row = desk.store.row(order.rid)
        state = wanted if erases or row is None else ErasureOrderState.OPEN
        if state is ErasureOrderState.OPEN:
            desk.log(Action.ORDER_ASKED, order.rid)
        if state is ErasureOrderState.DONE:
            changes |= _carry_out(desk, order, row, taken)
        elif order.part is not None and row is None and policy.may_order_ahead(order):
            desk.store.orders.mark_writes(
                order.rid, order.part, desk.milliseconds, taken.organisation
            )
        settled = desk.milliseconds if state is not ErasureOrderState.OPEN else None
        kept = TrackedErasureOrder(order, taken.organisation, state, settled)
        desk.store.orders.enter(Direction.IN, [kept])
    again = [order.id for order in taken.dealings.orders]
    desk.store.orders.set_target(Direction.IN, taken.organisation, again, b"")
    _record_receipts(desk, taken)
    return changes


def count_answers(desk: Session, taken: ReceivedBundle) -> int:
    """Return how many of our orders a file answers, or answers in another way than before."""
    return sum(one.state is not state for one, state in answered_orders(desk, taken))


def _on_the_way(desk: Session, sender: bytes, rids: Iterable[bytes]) -> frozenset[bytes]:
    """Return those of a sender's records whose client is on her way; each client is asked once."""
    transit = cache(partial(transit_of, desk))
    rows = (row for rid in rids if (row := desk.store.row(rid)) is not None)
    above = ((row.rid, client_above(desk, row)) for row in rows if row.custodian == sender)
    return frozenset(rid for rid, her in above if her is not None and transit(her.rid) is not None)


def _with_others_below(desk: Session, sender: bytes, rids: set[bytes]) -> frozenset[bytes]:
    """Return those of these records with records of others below, and what is ordered below those.

    Without it, our notes about a client would stand below nothing, where nobody finds them.
    """
    above = _parents_below(desk, rids)
    others = above.keys() - desk.store.tree.of_custodian(RECORD_TYPES, sender)
    heads = frozenset(up for rid in others for up in _line_above(rid, above))
    return frozenset(rid for rid in rids if _lies_under(rid, above, heads))


def _parents_below(desk: Session, rids: Collection[bytes]) -> Mapping[bytes, bytes]:
    """Return the parent of each record below these, at any depth.

    It asks once for each depth, however many a partner's file names.
    """
    above: dict[bytes, bytes] = {}
    fresh: Collection[bytes] = rids
    while fresh:
        found = desk.store.tree.below(fresh)
        below = {rid: up for up, each in found.items() for rid in each if rid not in above}
        above |= below
        fresh = below.keys()
    return above


def _line_above(rid: bytes, above: Mapping[bytes, bytes]) -> Iterator[bytes]:
    """Yield the records above one; stop where they stand in a ring."""
    passed = {rid}
    up = above.get(rid)
    while up is not None and up not in passed:
        yield up
        passed.add(up)
        up = above.get(up)


def _evaluate_order(
    desk: Session, policy: ImportPolicy, order: ErasureOrder, kept: Container[bytes]
) -> ErasureOrderState:
    """Return the outcome of an order; `kept` are records that wait for people here."""
    row = desk.store.row(order.rid)
    waits = order.rid in kept or (row is not None and is_under_hold(desk, row))
    return policy.order_state(row, order, waits=waits)


def _depth(desk: Session, standing: TrackedErasureOrder) -> int:
    """Return how deep a record lies, so that descendants are erased before their ancestors."""
    row = desk.store.row(standing.order.rid)
    return len(list(desk.self_and_ancestors(row))) if row is not None else 0


def _answer_request(desk: Session, standing: TrackedErasureOrder, *, erases: bool) -> Changes:
    row = desk.store.row(standing.order.rid)
    if not erases:
        _settle_order(desk, Direction.IN, standing, ErasureOrderState.DECLINED)
        desk.log(Action.ORDER_DECLINED, standing.order.rid)
        return Changes(frozenset({"partner"}), frozenset({standing.order.rid}))
    if row is not None and is_under_hold(desk, row):
        raise KfdeskError("erasure.held")
    if row is not None:
        require_at_rest(desk, row)
    below = _erase_below(desk, standing.order) if row is not None else Changes()
    changes = below | _carry_out(desk, standing.order, row)
    is_gone = row is not None or standing.order.rid in desk.store.erasures.rids()
    _settle_order(
        desk,
        Direction.IN,
        standing,
        ErasureOrderState.DONE if is_gone else ErasureOrderState.NOT_HERE,
    )
    return changes


def _erase_below(desk: Session, order: ErasureOrder) -> Changes:
    """Erase what stands below a record that people agree to erase as a whole, drafts as well."""
    if order.part is not None:
        return Changes()
    below = desk.store.tree.family((order.rid,)) - {order.rid}
    types = frozenset(name for name, _ in desk.store.tree.standing(below).values())
    keep_notices_of_erased(desk, below | {order.rid})
    order_erasure(desk, ((rid, None) for rid in below), order.reason)
    for rid in (order.rid, *sorted(below)):
        desk.store.drafts.erase(rid)
    for rid in sorted(below):
        desk.store.erasures.erase(ErasureEntry(rid, desk.milliseconds, REASON_ORDERED))
        desk.log(Action.ERASE, rid)
    return Changes(types, below)


def _carry_out(
    desk: Session, order: ErasureOrder, row: Row | None, taken: ReceivedBundle | None = None
) -> Changes:
    """Erase what an order names; without a file it was people here who agreed to it."""
    if row is None:
        return Changes()
    order_erasure(desk, [(order.rid, order.part)], order.reason)
    if order.part is None:
        entry = ErasureEntry(order.rid, desk.milliseconds, REASON_ORDERED)
        if taken is not None:
            entry = replace(entry, sender=taken.organisation, file=taken.digest)
        desk.store.erasures.erase(entry)
    else:
        desk.store.erase_writes(row, order.part)
        desk.store.orders.mark_writes(order.rid, order.part, desk.milliseconds)
    desk.log(Action.ERASE, order.rid)
    return Changes(frozenset({row.type}), frozenset({order.rid}))


def _record_receipts(desk: Session, taken: ReceivedBundle) -> None:
    for one, state in answered_orders(desk, taken):
        _settle_order(desk, Direction.OUT, one, state)


def _settle_order(
    desk: Session, direction: Direction, standing: TrackedErasureOrder, state: ErasureOrderState
) -> None:
    settled = replace(standing, state=state, settled=desk.milliseconds)
    desk.store.orders.enter(direction, [settled])


def _open_orders(
    desk: Session, direction: Direction, partner: bytes
) -> Mapping[bytes, TrackedErasureOrder]:
    standing = desk.store.orders.standing(direction)
    is_open = ErasureOrderState.OPEN
    return {one.order.id: one for one in standing if (one.partner, one.state) == (partner, is_open)}


def _require_order(
    waiting: Mapping[bytes, TrackedErasureOrder], order: bytes
) -> TrackedErasureOrder:
    if order not in waiting:
        raise KfdeskError("order.missing")
    return waiting[order]


def _order_lines(desk: Session, direction: Direction) -> Iterator[ErasureOrderLine]:
    reached = {
        one.organisation
        for one in desk.store.ledger.partners()
        if one.state is PartnerState.VERIFIED
    }
    today = desk.adapters.clock.now().date()
    for one in desk.store.orders.standing(direction):
        order, days = one.order, one.order.deadline
        deadline = _EPOCH_DAY + timedelta(days=days) if 0 < days < _MAX_DAYS else None
        yield ErasureOrderLine(
            order.id, one.partner, name_of(desk, one.partner.hex()), order.rid,
            order.part is None, order.reason, order.hlc >> _HLC_BITS, deadline, one.state,
            one.settled, is_sent=bool(one.target), is_by_file=one.partner in reached,
            is_overdue=deadline is not None and deadline < today,
        )  # fmt: skip


# --- erasing here


def erase_client(
    desk: Session, client: bytes, reason: ErasureReason, *, is_duty: bool = False
) -> Changes:
    """Erase a client and all records below, and ask everybody who has some of them to erase them.

    Only `client_erasure` calls it, where two people or a day of waiting stand before it. `is_duty`:
    a law demands it, also while she is on her way.

    Recipients who must still learn of a withdrawal stay on the list. Whoever asked us for this
    erasure gets an answer. Raise KfdeskError `user.not_allowed`, `record.missing` for anything
    but a client, `erasure.held` if one of the client's plans is under a legal hold, `erasure.…`
    while she is on her way, or `store.…`.
    """
    desk.require(Right.ERASE)
    rows = require_erasable(desk, client, is_duty=is_duty)
    rids = desk.store.tree.family((client,))
    with desk.store.transaction():
        keep_notices_of_erased(desk, rids)
        order_erasure(desk, ((rid, None) for rid in rids), reason)
        desk.store.erasures.erase(ErasureEntry(client, desk.milliseconds, reason))
        settle_erased_requests(desk)
        desk.log(Action.ERASE, client)
    compact_store(desk)
    return Changes(frozenset(row.type for row in rows), rids)


def require_erasable(desk: Session, client: bytes, *, is_duty: bool) -> tuple[Row, ...]:
    """Return the records of a client who may be erased now; raise as `erase_client` does."""
    her = require_record(desk, client)
    if her.type != "client":
        raise KfdeskError("record.missing")
    family = sorted(desk.store.tree.family((client,)))
    rows = tuple(row for rid in family if (row := desk.store.row(rid)) is not None)
    if any(map(is_held, rows)):
        raise KfdeskError("erasure.held")
    if not is_duty:
        require_at_rest(desk, her)
    return rows


def compact_store(desk: Session) -> None:
    """Rewrite the store's file, so that nothing erased is left; call after the transaction."""
    with suppress(KfdeskError):  # no space left: deleted data is overwritten already
        desk.store.erasures.vacuum()


def _lies_under(rid: bytes, parents: Mapping[bytes, bytes | None], gone: frozenset[bytes]) -> bool:
    passed: set[bytes] = set()
    above: bytes | None = rid
    while above is not None and above not in passed:
        if above in gone:
            return True
        passed.add(above)
        above = parents.get(above)  # no row of ours lies below an erased one
    return False
