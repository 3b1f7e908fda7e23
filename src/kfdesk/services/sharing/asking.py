# SPDX-License-Identifier: GPL-3.0-or-later
"""What we ask others to erase, what they ask us, and who must be called because nothing came back.

An order is carried out if it comes from the organisation that answers for the record; any other is
a request that people decide. It is promised that somebody was asked, never that something is gone
there. An order outlives the record, and keeps out what an old file would bring back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from kfdesk.domain.desk.backup import Erased
from kfdesk.domain.desk.erasure import (
    DAYS,
    ORDERED,
    STATES,
    Order,
    OrderState,
    Outcome,
    Receipt,
    Standing,
)
from kfdesk.domain.desk.erasure import Part as Part
from kfdesk.domain.desk.exchange import Direction, PartnerState, Taken
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.rows import Row
from kfdesk.domain.writes import stamp
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.keeping.holding import is_held_above
from kfdesk.services.plans import name_of

_EPOCH_DAY = date(1970, 1, 1)
_HLC_BITS = 16
SEEING = (Right.ERASE, Right.EXPORT_BUNDLE)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """An order as people read it: who is asked or asks, about which record, until when.

    `milliseconds` is when it was asked, `settled` when it was answered or told. `is_sent`: a file
    with it has left; `is_by_file`: files go to this partner, else somebody must call.
    """

    id: bytes
    partner: bytes
    name: str
    rid: bytes
    is_whole: bool
    reason: str
    milliseconds: int
    deadline: date | None
    state: OrderState
    settled: int | None
    is_sent: bool
    is_by_file: bool
    is_overdue: bool


def list_orders(desk: Desk) -> tuple[OrderLine, ...]:
    """All that others were asked to erase, those without an answer first.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*SEEING)
    lines = _lines(desk, Direction.OUT)
    return tuple(sorted(lines, key=lambda one: one.state is not OrderState.OPEN))


def call_list(desk: Desk) -> tuple[OrderLine, ...]:
    """Those who were asked and have not answered: whom no file reaches, and who is overdue, first.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*SEEING)
    unanswered = (one for one in _lines(desk, Direction.OUT) if one.state is OrderState.OPEN)
    return tuple(sorted(unanswered, key=lambda one: (one.is_by_file, not one.is_overdue)))


def list_requests(desk: Desk) -> tuple[OrderLine, ...]:
    """What others ask us to erase and people must decide. Raises KfdeskError `user.not_allowed`."""
    desk.require(*SEEING)
    lines = _lines(desk, Direction.IN)
    return tuple(one for one in lines if one.state is OrderState.OPEN)


def answer_requests(
    desk: Desk, partner: bytes, orders: Iterable[bytes], *, erases: bool
) -> Changes:
    """Do all that was asked by a partner, or decline it; the answers go with the next file.

    Raises KfdeskError `user.not_allowed`, `order.missing`, or `erasure.held` where a plan says that
    it must be kept; then nothing was done.
    """
    desk.require(Right.ERASE)
    changes = Changes(frozenset({"partner"}))
    with desk.store.transaction():
        asked = [_one(desk, Direction.IN, partner, order) for order in orders]
        for standing in sorted(asked, key=partial(_depth, desk), reverse=True):
            changes |= _answer(desk, standing, erases=erases)
        answer_erased(desk)
    if erases:
        desk.store.erasures.squeeze()
    return changes


def answer_erased(desk: Desk) -> None:
    """What was erased here is decided, whoever had asked for it; inside a transaction."""
    gone = desk.store.erasures.rids()
    for one in desk.store.orders.standing(Direction.IN):
        if one.state is OrderState.OPEN and one.order.rid in gone:
            _settle(desk, Direction.IN, one, OrderState.DONE)


def note_order_told(desk: Desk, partner: bytes, order: bytes) -> Changes:
    """Cross an order off the list: they were told by telephone, by who sits here, now.

    Raises KfdeskError `user.not_allowed` or `order.missing`.
    """
    desk.require(*SEEING)
    with desk.store.transaction():
        standing = _one(desk, Direction.OUT, partner, order)
        _settle(desk, Direction.OUT, standing, OrderState.TOLD)
        desk.log(Action.ORDER_TOLD, standing.order.rid)
    return Changes(frozenset({"partner"}), frozenset({standing.order.rid}))


def ask_to_erase(desk: Desk, what: Iterable[tuple[bytes, Part | None]], reason: str) -> None:
    """Ask everybody who was given something of these records; inside a transaction."""
    parts = dict(what)
    days = (desk.rooms.clock.now().date() - _EPOCH_DAY).days + DAYS
    hlc, ours = stamp(desk.milliseconds), desk.identity.organisation
    desk.store.orders.enter(
        Direction.OUT,
        [
            Standing(Order(desk.rooms.random(16), rid, parts[rid], reason, days, hlc), recipient)
            for rid, recipient in sorted(desk.store.ledger.holders(parts))
            if recipient != ours and recipient not in parts  # she herself keeps her papers
        ],
    )


def orders_for(desk: Desk, organisation: bytes) -> tuple[Order, ...]:
    """The orders that go with each file for a partner, until it answers them."""
    return tuple(
        one.order
        for one in desk.store.orders.standing(Direction.OUT)
        if one.partner == organisation and one.state is OrderState.OPEN
    )


def ask_anew(desk: Desk, organisation: bytes) -> None:
    """Ask once more for what a partner has answered to be gone there; inside a transaction.

    It was put back to an earlier day, so that what it had erased since may be there again.
    """
    gone = (OrderState.DONE, OrderState.NOT_HERE)
    asked = [
        replace(one, state=OrderState.OPEN, settled=None, target=b"")
        for one in desk.store.orders.standing(Direction.OUT)
        if one.partner == organisation and one.state in gone
    ]
    desk.store.orders.enter(Direction.OUT, asked)


def receipts_for(desk: Desk, organisation: bytes) -> tuple[Receipt, ...]:
    """The answers that go with each file for a partner, until one of the files has arrived."""
    arrived = desk.store.ledger.acknowledged()
    outcomes = {state: outcome for outcome, state in STATES.items()}
    return tuple(
        Receipt(one.order.id, outcomes[one.state], (one.settled or 0) << _HLC_BITS)
        for one in desk.store.orders.standing(Direction.IN)
        if one.partner == organisation and one.state in outcomes and one.target not in arrived
    )


def note_carried(
    desk: Desk, organisation: bytes, orders: Iterable[Order], receipts: Iterable[Receipt],
    target: bytes,
) -> None:  # fmt: skip
    """Note which orders and answers a file for a partner holds; inside a transaction."""
    carry = desk.store.orders.carry
    carry(Direction.OUT, organisation, [one.id for one in orders], target)
    carry(Direction.IN, organisation, [one.id for one in receipts], target)


def weighed(desk: Desk, taken: Taken) -> tuple[tuple[Order, OrderState], ...]:
    """What would become of each order of a file that we have not had yet; writes nothing."""
    known = {
        one.order.id
        for one in desk.store.orders.standing(Direction.IN)
        if one.partner == taken.organisation
    }
    fresh = (one for one in taken.dealings.orders if one.id not in known)
    return tuple((order, _weigh(desk, taken.organisation, order)) for order in fresh)


def take_orders(desk: Desk, taken: Taken) -> Changes:
    """Carry out the orders of a file, keep its requests, note its receipts; inside a transaction.

    Who is asked again answers again.
    """
    changes = Changes()
    for order, state in weighed(desk, taken):
        row = desk.store.row(order.rid)
        if state is OrderState.DONE:
            changes |= _carry_out(desk, order, row)
        elif order.part is not None and row is None:
            desk.store.orders.mark_writes(order.rid, order.part, desk.milliseconds)
        settled = desk.milliseconds if state is not OrderState.OPEN else None
        kept = Standing(order, taken.organisation, state, settled)
        desk.store.orders.enter(Direction.IN, [kept])
    again = [order.id for order in taken.dealings.orders]
    desk.store.orders.carry(Direction.IN, taken.organisation, again, b"")
    _note_receipts(desk, taken)
    return changes


def wanted_gone(desk: Desk) -> frozenset[tuple[bytes, bytes]]:
    """The records that were not here when their custodian asked to erase them: id and custodian."""
    return frozenset(
        (one.order.rid, one.partner)
        for one in desk.store.orders.standing(Direction.IN)
        if one.order.part is None and one.state is OrderState.NOT_HERE
    )


def _weigh(desk: Desk, sender: bytes, order: Order) -> OrderState:
    row = desk.store.row(order.rid)
    if row is None:
        is_gone = order.rid in desk.store.erasures.rids()
        return OrderState.DONE if is_gone else OrderState.NOT_HERE
    is_theirs = row.custodian == sender
    return OrderState.OPEN if not is_theirs or is_held_above(desk, row) else OrderState.DONE


def _depth(desk: Desk, standing: Standing) -> int:
    """How deep a record lies: what lies below another is asked after, and erased, before it."""
    row = desk.store.row(standing.order.rid)
    return len(list(desk.upwards(row))) if row is not None else 0


def _answer(desk: Desk, standing: Standing, *, erases: bool) -> Changes:
    row = desk.store.row(standing.order.rid)
    if not erases:
        _settle(desk, Direction.IN, standing, OrderState.DECLINED)
        desk.log(Action.ORDER_DECLINED, standing.order.rid)
        return Changes(frozenset({"partner"}), frozenset({standing.order.rid}))
    if row is not None and is_held_above(desk, row):
        raise KfdeskError("erasure.held")
    changes = _carry_out(desk, standing.order, row)
    is_gone = row is not None or standing.order.rid in desk.store.erasures.rids()
    _settle(desk, Direction.IN, standing, OrderState.DONE if is_gone else OrderState.NOT_HERE)
    return changes


def _carry_out(desk: Desk, order: Order, row: Row | None) -> Changes:
    if row is None:
        return Changes()
    ask_to_erase(desk, [(order.rid, order.part)], order.reason)
    if order.part is None:
        desk.store.erasures.erase(Erased(order.rid, desk.milliseconds, ORDERED))
    else:
        desk.store.forget_writes(row, order.part)
        desk.store.orders.mark_writes(order.rid, order.part, desk.milliseconds)
    desk.log(Action.ERASE, order.rid)
    return Changes(frozenset({row.type}), frozenset({order.rid}))


def _note_receipts(desk: Desk, taken: Taken) -> None:
    receipts = {one.id: one for one in taken.dealings.receipts}
    for one in desk.store.orders.standing(Direction.OUT):
        if one.partner == taken.organisation and one.order.id in receipts:
            outcome = Outcome(receipts[one.order.id].outcome)
            _settle(desk, Direction.OUT, one, STATES[outcome])


def _settle(desk: Desk, direction: Direction, standing: Standing, state: OrderState) -> None:
    settled = replace(standing, state=state, settled=desk.milliseconds)
    desk.store.orders.enter(direction, [settled])


def _one(desk: Desk, direction: Direction, partner: bytes, order: bytes) -> Standing:
    for one in desk.store.orders.standing(direction):
        if (one.partner, one.order.id, one.state) == (partner, order, OrderState.OPEN):
            return one
    raise KfdeskError("order.missing")


def _lines(desk: Desk, direction: Direction) -> Iterator[OrderLine]:
    reached = {
        one.organisation
        for one in desk.store.ledger.partners()
        if one.state is PartnerState.VERIFIED
    }
    today = desk.rooms.clock.now().date()
    for one in desk.store.orders.standing(direction):
        order, days = one.order, one.order.deadline
        deadline = _EPOCH_DAY + timedelta(days=days) if 0 < days < _LAST_DAY else None
        yield OrderLine(
            order.id, one.partner, name_of(desk, one.partner.hex()), order.rid,
            order.part is None, order.reason, order.hlc >> _HLC_BITS, deadline, one.state,
            one.settled, is_sent=bool(one.target), is_by_file=one.partner in reached,
            is_overdue=deadline is not None and deadline < today,
        )  # fmt: skip


_LAST_DAY = (date.max - _EPOCH_DAY).days
