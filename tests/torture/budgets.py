# SPDX-License-Identifier: GPL-3.0-or-later
"""A trusted partner's files that would cost more than they are worth, signed by a valid key.

Each is refused before its work is done, and the store stays as it was. A field that equal values
fill, file after file, is still read by every other desk. The controls believe what a file says.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
from tests.support import make
from tests.support.hostile import Place as Standing
from tests.support.hostile import signed_file
from tests.torture.harness import Seen, Size, joined
from tests.torture.world import World, contents, refusal

from kfdesk.bundle import age
from kfdesk.bundle.container import BundleCounts, Segment, SegmentKind
from kfdesk.bundle.payload import MAX_ORDERS, record_items, unpack_records
from kfdesk.domain.exchange import (
    MAX_AHEAD,
    MAX_FILE_NOTICES,
    MAX_NUMBERS_AHEAD,
)
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import Write, build_state, merge_states
from kfdesk.domain.rows import Row
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer

_CARRIER = RECORD_TYPES["leg"].ids["carrier"]
_WITHDRAWN = RECORD_TYPES["consent"].ids["withdrawn"]
_EPOCH = b"torture epoch 01"

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
    write = Write(_WITHDRAWN, rng.randbytes(8), 1, "PA", "2026-11-20T14:30+02:00[Europe/Riga]")
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
        ],
        Size(6, 120, 5_000),
    ),
)
