# SPDX-License-Identifier: GPL-3.0-or-later
"""A trusted partner's files that would cost more than they are worth, signed by a valid key.

Each is refused before its work is done, and the store stays as it was. A field that equal values
fill, file after file, is still read by every other desk. What may wait here for people stays
within its limit, and a look can be stopped. The controls believe what a file says, or have no
limit.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import msgspec
import pytest
from tests.support import make
from tests.support.hostile import Place as Standing
from tests.support.hostile import signed_file
from tests.torture.harness import Seen, Size, joined
from tests.torture.world import World, contents, refusal

from kfdesk.bundle import age, budget
from kfdesk.bundle.container import BundleCounts, Segment, SegmentKind
from kfdesk.bundle.payload import pack_orders, record_items, unpack_records
from kfdesk.domain.audit import CHANNEL_NOTICE_RECEIVED
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import (
    MAX_AHEAD,
    MAX_FILE_NOTICES,
    MAX_NUMBERS_AHEAD,
    MAX_ORDERS,
    Direction,
    ErasureOrder,
)
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import Write, build_state, merge_states
from kfdesk.domain.rows import Row
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import erasure, notices, transfer

_CARRIER = RECORD_TYPES["leg"].ids["carrier"]
_WITHDRAWN = RECORD_TYPES["consent"].ids["withdrawn"]
_EPOCH = b"torture epoch 01"
_SINCE = "2026-11-20T14:30+02:00[Europe/Riga]"

Making = Callable[[World, random.Random], tuple[Standing, tuple[Segment, ...]]]


def far_number(_: World, rng: random.Random) -> tuple[Standing, tuple[Segment, ...]]:
    """Return a number far above all that came."""
    number = rng.choice((MAX_NUMBERS_AHEAD + 1, 10**6, 2**40, 9 * 10**18, 2**63 - 1))
    return Standing(_EPOCH, seq=number), ()


def far_time(_: World, rng: random.Random) -> tuple[Standing, tuple[Segment, ...]]:
    """Return a time from hours to millennia ahead."""
    ahead = rng.choice((60_000, 10**9, 10**11, 10**14 - 2**43))
    return Standing(_EPOCH, ahead=MAX_AHEAD + ahead), ()


def many_notices(_: World, rng: random.Random) -> tuple[Standing, tuple[Segment, ...]]:
    """Return more notices than a file may hold."""
    write = Write(_WITHDRAWN, rng.randbytes(8), 1, "PA", _SINCE)
    state = build_state([write], ())
    count = MAX_FILE_NOTICES + rng.randrange(1, 50)
    rows = (
        Row(n.to_bytes(16, "big"), "consent", bytes(16), bytes(16), state) for n in range(count)
    )
    return Standing(_EPOCH), (_packed(SegmentKind.NOTICES, *rows),)


def many_writes(world: World, rng: random.Random) -> tuple[Standing, tuple[Segment, ...]]:
    """Return more live writes in one field than a record may hold."""
    row = filled(Row(world.leg, "leg", bytes(16), bytes(16), build_state((), ())), rng, 33, "")
    return Standing(_EPOCH), (_packed(SegmentKind.RECORDS, row),)


def many_counted(_: World, rng: random.Random) -> tuple[Standing, tuple[Segment, ...]]:
    """Return a manifest that announces more than a file may hold."""
    counts = BundleCounts(0, 0, MAX_ORDERS + rng.randrange(1, 10**6), 0)
    return Standing(_EPOCH), (Segment(SegmentKind.ERASURES, b"\x90", counts),)


def filled(row: Row, rng: random.Random, count: int, value: str) -> Row:
    """Return the row with this many new writes of a value, or of different ones without it."""
    more = [
        Write(_CARRIER, rng.randbytes(8), number, "PA", value or str(number))
        for number in range(1, count + 1)
    ]
    return replace(row, state=build_state(more, ()))


def _packed(kind: SegmentKind, *rows: Row) -> Segment:
    raw = msgspec.msgpack.encode(list(record_items(rows)))
    records = len(rows) if kind is SegmentKind.RECORDS else 0
    writes = sum(len(save.values) for row in rows for save in row.state.saves) if records else 0
    return Segment(kind, raw, BundleCounts(records, writes, 0, 0))


def _refused(making: Making, *, is_believed: bool) -> Callable[[World, random.Random], Seen]:
    def trial(world: World, rng: random.Random) -> Seen:
        sender, desk = (world.opened(world.copy(place)) for place in (world.ours, world.theirs))
        place, segments = making(world, rng)
        path = signed_file(sender, desk, world.post, place, segments)
        before = contents(desk.store)
        look = _believe if is_believed else transfer.review_bundle
        code = refusal(lambda: look(desk, path))
        if not code.startswith("bundle."):
            return Seen(code or "taken", "it was not refused")
        return Seen(code, "" if contents(desk.store) == before else "the store is changed")

    return trial


def _believe(_desk: Session, path: Path) -> None:
    """Wrong on purpose: nothing behind the header is looked at."""
    with path.open("rb") as source:
        age.read_header(source)


def _equal_writes(world: World, rng: random.Random) -> Seen:
    """Take files that fill one field with equal values; then every desk still reads the record."""
    sender, desk = (world.opened(world.copy(place)) for place in (world.ours, world.theirs))
    leg = desk.store.row(world.leg)
    assert leg is not None
    for number in range(3):
        row = filled(leg, rng, 31, "the same")
        place = Standing(make.named_bytes(f"epoch {number}"), ahead=number)
        path = signed_file(sender, desk, world.post, place, (_packed(SegmentKind.RECORDS, row),))
        transfer.import_bundle(desk, path, transfer.review_bundle(desk, path))
    return _read_again(desk, world.leg)


def _equal_writes_kept(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: every write is kept."""
    desk = world.opened(world.copy(world.theirs))
    leg = desk.store.row(world.leg)
    assert leg is not None
    for _ in range(3):
        leg = replace(leg, state=merge_states(leg.state, filled(leg, rng, 31, "the same").state))
    with desk.store.transaction():
        desk.store.put(leg)
    return _read_again(desk, world.leg)


def _read_again(desk: Session, rid: bytes) -> Seen:
    row = desk.store.row(rid)
    assert row is not None
    code = refusal(lambda: unpack_records(_packed(SegmentKind.RECORDS, row).raw))
    return Seen(code or "read", "no desk reads the record any more" if code else "")


# --- what waits, and what adds up: with small limits, so that a trial is cheap

_FEW, _NO_LIMIT = 8, 2**40
_UNKNOWN_CLIENT = b"a client nobody "


def _notice(number: int, custodian: bytes, client: bytes) -> Row:
    write = Write(_WITHDRAWN, number.to_bytes(8, "big"), 1, "PA", _SINCE)
    state = build_state([write], ())
    return Row(number.to_bytes(16, "big"), "consent", client, custodian, state)


def _asks(world: World, rng: random.Random, sender: Session, first: int) -> Segment:
    """Return three withdrawals of unknown people, or three orders that wait."""
    del world
    if rng.random() < 0.5:
        orders = [
            ErasureOrder(n.to_bytes(16, "big"), rng.randbytes(16), None, "error", 0, 1)
            for n in range(first, first + 3)
        ]
        return next(iter(pack_orders(orders, ())))
    own = sender.identity.organisation
    rows = [_notice(n, own, _UNKNOWN_CLIENT) for n in range(first, first + 3)]
    return _packed(SegmentKind.NOTICES, *rows)


def _waiting(*, limit: int) -> Callable[[World, random.Random], Seen]:
    """Return the trial of files that ask more and more of people; nobody looks at any of it."""

    def trial(world: World, rng: random.Random) -> Seen:
        sender, desk = (world.opened(world.copy(place)) for place in (world.ours, world.theirs))
        codes: list[str] = []
        with pytest.MonkeyPatch.context() as patch:
            kind = rng.choice(("MAX_UNKNOWN_CONSENTS", "MAX_UNSEEN_WITHDRAWALS"))
            patch.setattr(notices, kind, limit)
            patch.setattr(erasure, "MAX_WAITING_ORDERS", limit)
            for number in range(8):
                place = Standing(make.named_bytes(f"epoch {number}"), ahead=number)
                asked = _asks(world, rng, sender, 1 + 3 * number)
                path = signed_file(sender, desk, world.post, place, (asked,))
                before = contents(desk.store)
                codes.append(refusal(partial(_take, desk, path)))
                if codes[-1] and contents(desk.store) != before:
                    return Seen(codes[-1], "the store is changed")
        them = sender.identity.organisation
        told = len(desk.store.ledger.entries(them, CHANNEL_NOTICE_RECEIVED))
        asked_for = len(desk.store.orders.standing(Direction.IN))
        is_bounded = max(told, asked_for) <= _FEW + 3
        return Seen(max(codes), "" if is_bounded else f"{told} and {asked_for} of them wait")

    return trial


def _take(desk: Session, path: Path) -> None:
    transfer.import_bundle(desk, path, transfer.review_bundle(desk, path))


def _added_up(*, is_counted: bool) -> Callable[[World, random.Random], Seen]:
    """Return the trial of many small records: saves of one field, or dead ids, in one file."""

    def trial(world: World, rng: random.Random) -> Seen:
        sender, desk = (world.opened(world.copy(place)) for place in (world.ours, world.theirs))
        name = rng.choice(("MAX_FILE_SAVES", "MAX_FILE_SUPERSEDED"))
        empty = Row(b"", "leg", bytes(16), sender.identity.organisation, build_state((), ()))
        rows = [replace(empty, rid=n.to_bytes(16, "big")) for n in range(1, rng.randrange(4, 9))]
        if name == "MAX_FILE_SAVES":
            rows = [filled(row, rng, 5, "") for row in rows]
        else:
            gone = [(_CARRIER, n.to_bytes(8, "big")) for n in range(5)]
            rows = [replace(row, state=build_state([], gone)) for row in rows]
        packed = _packed(SegmentKind.RECORDS, *rows)
        path = signed_file(sender, desk, world.post, Standing(_EPOCH), (packed,))
        before = contents(desk.store)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(budget, name, _FEW if is_counted else _NO_LIMIT)
            code = refusal(lambda: transfer.review_bundle(desk, path))
        if contents(desk.store) != before:
            return Seen(name, "the store is changed")
        return Seen(name, "" if code == "bundle.too_large" else f"it was not refused: {code}")

    return trial


class _Stopping:
    """A person who stops the work at its n-th step."""

    def __init__(self, after: int) -> None:
        self.left = after

    def step(self, _done: int, _of: int) -> None:
        self.left -= 1
        if self.left < 0:
            raise KfdeskError("work.cancelled")


def _stopped(world: World, rng: random.Random) -> Seen:
    """Stop the look at an honest file, or its taking, at any of its steps."""
    desk = world.opened(world.copy(world.theirs))
    before, person = contents(desk.store), _Stopping(rng.randrange(12))
    code = refusal(lambda: transfer.review_bundle(desk, world.bundle, person))
    if not code:
        review = transfer.review_bundle(desk, world.bundle)
        taking = partial(transfer.import_bundle, desk, world.bundle, review, person)
        code = refusal(taking)
    if code != "work.cancelled":
        return Seen(code or "taken", "it could not be stopped")
    return Seen(code, "" if contents(desk.store) == before else "the store is changed")


def _unstopped(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: nobody asks the person."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transfer, "progress_callback", lambda _progress: lambda _done, _of: None)
        return _stopped(world, rng)


_MAKINGS = (far_number, far_time, many_notices, many_writes, many_counted)

HARNESSES = (
    joined(
        "a partner's file beyond its budget",
        [
            *(
                (_refused(making, is_believed=False), _refused(making, is_believed=True))
                for making in _MAKINGS
            ),
            (_equal_writes, _equal_writes_kept),
            (_waiting(limit=_FEW), _waiting(limit=_NO_LIMIT)),
            (_added_up(is_counted=True), _added_up(is_counted=False)),
            (_stopped, _unstopped),
        ],
        Size(9, 150, 5_000),
    ),
)
