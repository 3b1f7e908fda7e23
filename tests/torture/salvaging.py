# SPDX-License-Identifier: GPL-3.0-or-later
"""What is saved of a damaged store: flipped bits, zeroed pages, a cut end, a lost beginning.

A trial fails where the new store is not sound, where it says something else than the old one said,
where a record is gone that no line of the report tells of, or where the damaged file was touched.
The controls read the damaged file and believe what they find: pages whose seal is broken, too.
"""

import random
from collections.abc import Callable
from functools import partial

from tests.torture.harness import Seen, Size, Trial, joined
from tests.torture.world import Place, World, store_at

from kfdesk.domain.audit import Action, AuditEvent
from kfdesk.domain.backup import CONTENT_KIND, DamageReport, SalvageResult
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import Row
from kfdesk.storage import key_slots
from kfdesk.storage.recovery import pages
from kfdesk.storage.row_codec import derived_cells
from kfdesk.storage.salvage import salvaged_store
from kfdesk.storage.store import Store

_PAGE = 4096
Hurt = Callable[[bytearray, random.Random], object]
Truth = dict[bytes, Row]


def flip_some(data: bytearray, rng: random.Random) -> None:
    """Turn one to twenty bits anywhere."""
    for _ in range(rng.randrange(1, 20)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def zero_some(data: bytearray, rng: random.Random) -> None:
    """Empty one to ten pages."""
    for _ in range(rng.randrange(1, 10)):
        begin = rng.randrange(len(data) // _PAGE) * _PAGE
        data[begin : begin + _PAGE] = bytes(_PAGE)


def cut_end(data: bytearray, rng: random.Random) -> None:
    """Keep at least a tenth of it."""
    del data[rng.randrange(len(data) // 10, len(data)) :]


def lose_beginning(data: bytearray, rng: random.Random) -> None:
    """Empty the first page, by whose salt all others are proved, and turn a few bits."""
    data[:_PAGE] = bytes(_PAGE)
    for _ in range(rng.randrange(4)):
        data[rng.randrange(_PAGE, len(data))] ^= 1 << rng.randrange(8)


def _trial(hurt: Hurt, world: World, rng: random.Random) -> Seen:
    place = world.copy(world.ours)
    truth = _rows(store_at(place))
    data = bytearray(place.file.read_bytes())
    hurt(data, rng)
    place.file.write_bytes(data)
    try:
        seen = _saved(place, truth)
    except KfdeskError as refused:
        return Seen(refused.code, "" if refused.code == "salvage.nothing" else refused.code)
    if place.file.read_bytes() != data:
        return Seen("touched", "the damaged file was written to")
    return seen


def _saved(place: Place, truth: Truth) -> Seen:
    found = (place.key, key_slots.read_slots(place.folder))
    stage = place.folder.with_name(f"{place.folder.name}.part")
    with salvaged_store(place.folder, stage, found, lambda _done, _of: None) as (store, salvage):
        with store.transaction():  # as `finish_salvage`: what the files before it held is not asked
            store.ledger.log(AuditEvent("", 0, Action.SALVAGED, None, ()))
        wrong = [code for code in store.verify() if not code.startswith("content")]
        store._connection.close()
        again = store_at(Place(stage, place.key))
        return _judged(truth, _rows(again), salvage, wrong)


def _judged(truth: Truth, kept: Truth, salvage: SalvageResult, wrong: list[str]) -> Seen:
    if wrong:
        return Seen("unsound", f"the new store is not sound: {wrong[0]}")
    for rid, row in kept.items():
        if rid not in truth or not _is_same(row, truth[rid], is_sealed=salvage.damage.is_sealed):
            return Seen("altered", f"a record of {row.type} is not as it was")
    gone = truth.keys() - kept.keys()
    told = {rid for kind, ids in salvage.lost.items() if kind != CONTENT_KIND for rid in ids}
    if not (gone <= told or salvage.may_have_unknown_losses):
        return Seen("silent", f"{len(gone - told)} records are gone and nothing says so")
    return Seen("all was saved" if not gone else "some was lost, and told")


def _is_same(row: Row, before: Row, *, is_sealed: bool) -> bool:
    return row == before if is_sealed else derived_cells(row) == derived_cells(before)


def _rows(store: Store) -> Truth:
    try:
        return {row.rid: row for name in RECORD_TYPES for row in store.rows(name)}
    finally:
        store.close()


def _believing(hurt: Hurt, world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: every page is believed, whether its seal fits or not."""
    sealed = pages._has_valid_hmac
    pages._has_valid_hmac = lambda key, page, number: True
    try:
        return _trial(hurt, world, rng)
    except Exception as bug:  # a torn page that is believed may be anything
        return Seen("torn", type(bug).__name__)
    finally:
        pages._has_valid_hmac = sealed


def _silent(hurt: Hurt, world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: a salvage that leaves out what it cannot say of."""
    place = world.copy(world.ours)
    truth = _rows(store_at(place))
    data = bytearray(place.file.read_bytes())
    hurt(data, rng)
    place.file.write_bytes(data)
    found = (place.key, key_slots.read_slots(place.folder))
    stage = place.folder.with_name(f"{place.folder.name}.part")
    with salvaged_store(place.folder, stage, found, lambda _done, _of: None) as (_, salvage):
        kept = dict(list(truth.items())[1:])
        return _judged(truth, kept, SalvageResult(_unhurt(salvage), salvage.kept, {}), [])


def _unhurt(salvage: SalvageResult) -> DamageReport:
    return DamageReport(salvage.damage.pages, 0)


def _way(hurt: Hurt, control: Callable[[Hurt, World, random.Random], Seen]) -> tuple[Trial, Trial]:
    return partial(_trial, hurt), partial(control, hurt)


HARNESSES = (
    joined(
        "salvage of a damaged store: flipped bits, empty pages, a cut end, a lost beginning",
        [
            _way(flip_some, _believing),
            _way(zero_some, _silent),
            _way(cut_end, _silent),
            _way(lose_beginning, _silent),
        ],
        Size(6, 160, 20_000),
    ),
)
