# SPDX-License-Identifier: GPL-3.0-or-later
"""The writes of a record: multi-value registers, one form for the store and for bundles.

Every field is a multi-value register: its state is the set of writes that nobody who
had seen them has replaced. Merging is set union, so it is idempotent, commutative and
associative. Nothing is lost: concurrent values both stay until a person chooses. In the
domain only this module and `compact` use msgspec. It knows field ids, not fields.

A write is superseded if its id is in the superseded set and it is not the newest known
for its field. The newest write always lives, so a forged cycle cannot blank a field.
Superseded content may be dropped at any time without the replicas diverging.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import itemgetter, lt
from struct import iter_unpack, pack, unpack
from typing import Annotated, NamedTuple

import msgspec

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Wire, clean_text

WID_BYTES = 8
FID_BYTES = 2
MAX_FIELDS = 256  # of a record; this and the next three: "Limits" of bundle/FORMAT.md
MAX_RECORD_BYTES = 2 * 1024**2  # of an encoded state
MAX_LIVE_WRITES = 32  # of one field
MAX_SUPERSEDED_IDS = 512  # ids of replaced writes in one field
DELETION = 0  # the field id of a deletion: 1 proposes it, nil takes it back
DELETION_ID = DELETION.to_bytes(FID_BYTES, "big")
"""The bytes of that id in a save. It is the first of them, because ids are sorted."""
_COUNTER_BITS = 16
_FIELD_CACHE_SIZE = 1024  # field lists in the cache; a hostile file can send any number
_Fid = Annotated[int, msgspec.Meta(ge=0, lt=2**16)]
_Hlc = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]  # what a store's integer holds


class Save(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, gc=False):
    """Fields written together: one timestamp and author, then parallel ids and values."""

    hlc: _Hlc
    author: str
    fids: bytes
    wids: bytes
    values: tuple[Wire, ...]


class RecordState(
    msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, gc=False
):
    """A record's live writes, and the ids of the superseded ones.

    It cannot be part of a reference cycle, so the garbage collector skips it (`gc`).
    """

    saves: tuple[Save, ...]
    dead: tuple[tuple[_Fid, bytes], ...] | None


class SaveOutline(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A save of which only the ids are decoded."""

    hlc: msgspec.Raw
    author: msgspec.Raw
    fids: bytes
    wids: bytes
    values: msgspec.Raw


EMPTY_STATE = RecordState((), None)
_state_decoder = msgspec.msgpack.Decoder(RecordState, strict=True)
_outline_decoder = msgspec.msgpack.Decoder(tuple[tuple[SaveOutline, ...], msgspec.Raw])
_state_encoder = msgspec.msgpack.Encoder()


class Write(NamedTuple):
    """One value given to one field. `hlc` is UTC milliseconds << 16 | counter.

    A tuple, because merging two records makes and compares some forty of them.
    """

    fid: int
    wid: bytes
    hlc: int
    author: str
    value: Wire

    @property
    def milliseconds(self) -> int:
        """The time of writing in ms since 1970, UTC, by the author's clock."""
        return self.hlc >> _COUNTER_BITS


class StateExtent(NamedTuple):
    """Counts that the limits of a record hold (bundle/FORMAT.md, "Limits").

    The number of fields, the most live and the most superseded writes of one field, and the
    bytes of the encoded state.
    """

    fields: int
    siblings: int
    superseded: int
    size: int


@dataclass(frozen=True, slots=True)
class WriteContext:
    """Author and timestamp of a save, and a source of new write ids."""

    author: str
    hlc: int
    new_wid: Callable[[], bytes]


def next_hlc(milliseconds: int, after: int = 0) -> int:
    """Return a timestamp for now that exceeds `after`: a save is newer than what it replaces."""
    return max(milliseconds << _COUNTER_BITS, after + 1)


def encode_state(state: RecordState) -> bytes:
    """Return the canonical bytes of a state, the same on every computer."""
    return _state_encoder.encode(state)


def decode_state(data: bytes) -> RecordState:
    """Return the state in `data`. Raise KfdeskError `bundle.torn` unless it is canonical."""
    try:
        state = _state_decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise KfdeskError("bundle.torn", why="state") from None
    if not is_canonical(state) or encode_state(state) != data:
        raise KfdeskError("bundle.torn", why="state_not_canonical")
    return state


def decode_trusted(data: bytes) -> RecordState:
    """Return the state in `data` without a check of its form: our own store wrote it.

    Raise KfdeskError `bundle.torn` if it is no state.
    """
    try:
        return _state_decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise KfdeskError("bundle.torn", why="state") from None


def live_write_ids(state: bytes) -> Mapping[int, tuple[bytes, ...]]:
    """Return the ids of the live writes of each field in an encoded state."""
    fields: dict[int, list[bytes]] = {}
    for save in _outline_decoder.decode(state)[0]:
        wids = iter_unpack(f"{WID_BYTES}s", save.wids)
        for fid, (wid,) in zip(unpack_field_ids(save.fids), wids, strict=True):
            fields.setdefault(fid, []).append(wid)
    return {fid: tuple(wids) for fid, wids in fields.items()}


def count_live_writes(state: bytes) -> int:
    """Return the number of live writes in an encoded state."""
    return sum(len(save.fids) // FID_BYTES for save in _outline_decoder.decode(state)[0])


def is_canonical(state: RecordState) -> bool:
    """Return whether a state has canonical form: the one that equal sets of writes have.

    Raise KfdeskError `bundle.torn` if ids and values do not match in number. It costs as much for
    each superseded id as to read it: they are neither collected nor sorted.
    """
    if not _has_ascending_ids(state.dead):
        return False
    named = _live_and_superseded(state)
    if not named and _has_plain_saves(state):
        return True
    return build_state(live_writes(state), named).saves == state.saves


def live_writes(state: RecordState) -> tuple[Write, ...]:
    """Return all live writes of a state.

    Raise KfdeskError `bundle.torn` for lists of unequal length.
    """
    found: list[Write] = []
    for save in state.saves:
        if not _has_equal_lengths(save):
            raise KfdeskError("bundle.torn", why="save_shape")
        wids = iter_unpack(f"{WID_BYTES}s", save.wids)
        found += [
            Write(fid, wid, save.hlc, save.author, value)
            for fid, (wid,), value in zip(_save_field_ids(save), wids, save.values, strict=True)
        ]
    return tuple(found)


def live_values(state: RecordState) -> Iterator[tuple[int, Wire]]:
    """Yield the field id and value of each live write; raise what `live_writes` raises."""
    for save in state.saves:
        if not _has_equal_lengths(save):
            raise KfdeskError("bundle.torn", why="save_shape")
        yield from zip(_save_field_ids(save), save.values, strict=True)


def superseded_ids(state: RecordState) -> frozenset[tuple[int, bytes]]:
    """Return the (field id, write id) pairs that were superseded."""
    pairs: set[tuple[int, bytes]] = set()
    for fid, ids in state.dead or ():
        if not ids or len(ids) % WID_BYTES:
            raise KfdeskError("bundle.torn", why="dead_shape")
        pairs.update((fid, ids[i : i + WID_BYTES]) for i in range(0, len(ids), WID_BYTES))
    return frozenset(pairs)


def state_extent(state: RecordState) -> StateExtent:
    """Return what the limits of a record count. Raise what `live_writes` raises."""
    live = writes_by_field(state)
    dead = {fid: len(ids) // WID_BYTES for fid, ids in state.dead or ()}
    return StateExtent(
        len(live.keys() | dead.keys()),
        max(map(len, live.values()), default=0),
        max(dead.values(), default=0),
        len(encode_state(state)),
    )


def writes_by_field(state: RecordState) -> Mapping[int, tuple[Write, ...]]:
    """Return the live writes of each field, oldest first."""
    fields: dict[int, list[Write]] = {}
    for write in live_writes(state):
        fields.setdefault(write.fid, []).append(write)
    return {
        fid: tuple(writes if len(writes) == 1 else sorted(writes, key=_write_order))
        for fid, writes in fields.items()
    }


def newest_values(state: RecordState) -> tuple[Mapping[int, Wire], frozenset[int]]:
    """Return the newest live value of each field, and the fields with several writes."""
    newest: dict[int, Wire] = {}
    for save in state.saves:
        newest.update(zip(_save_field_ids(save), save.values, strict=True))
    if len(newest) == count_writes(state):
        return newest, frozenset()
    live = writes_by_field(state)
    several = frozenset(fid for fid, writes in live.items() if len(writes) > 1)
    return {fid: writes[-1].value for fid, writes in live.items()}, several


def live_field_ids(state: RecordState) -> frozenset[int]:
    """Return the ids of the fields with a live write."""
    return frozenset(chain.from_iterable(map(_save_field_ids, state.saves)))


def count_writes(state: RecordState) -> int:
    """Return the number of live writes."""
    return sum(len(save.values) for save in state.saves)


def count_superseded(state: RecordState) -> int:
    """Return the number of superseded writes."""
    return sum(len(ids) // WID_BYTES for _, ids in state.dead or ())


def build_state(writes: Iterable[Write], dead: Iterable[tuple[int, bytes]]) -> RecordState:
    """Return the state with the live ones of `writes` and the superseded ids `dead`."""
    known, gone = set(writes), frozenset(dead)
    replaced = {write for write in known if write[:2] in gone}
    fids = {write.fid for write in replaced}
    newest: dict[int, Write] = {}
    for write in known:
        if write.fid in fids:
            best = newest.get(write.fid)
            if best is None or _write_order(write) > _write_order(best):
                newest[write.fid] = write
    live = known - replaced.difference(newest.values())
    return RecordState(_group_saves(live), _pack_superseded(gone))


def merge_states(ours: RecordState, theirs: RecordState) -> RecordState:
    """Merge two states. Never lose a value that nobody who saw it has replaced."""
    if ours == theirs:
        return ours
    writes = live_writes(ours) + live_writes(theirs)
    return build_state(writes, superseded_ids(ours) | superseded_ids(theirs))


def fold_equal_writes(state: RecordState) -> RecordState:
    """Return the state with one live write for each value of a field, the newest.

    It supersedes the others: whoever replaces it has seen the value that they had, too.
    """
    if count_writes(state) == len(live_field_ids(state)):
        return state
    live = live_writes(state)
    newest = {
        (write.fid, _state_encoder.encode(write.value)): write
        for write in sorted(live, key=_write_order)
    }
    if len(newest) == len(live):
        return state
    kept = set(newest.values())
    folded = {(write.fid, write.wid) for write in live if write not in kept}
    return build_state(kept, superseded_ids(state) | folded)


def merge_beside(ours: RecordState, theirs: RecordState) -> RecordState:
    """Merge two states without replacing anything: neither ours, nor what has not come yet.

    The live writes of theirs stand beside ours.
    """
    kept = live_writes(ours)
    held = {(write.fid, write.wid) for write in kept}
    return build_state(kept + live_writes(theirs), superseded_ids(ours) - held)


def apply_changes(
    state: RecordState,
    changes: Mapping[int, Wire],
    seen: Iterable[tuple[int, bytes]],
    by: WriteContext,
) -> RecordState:
    """Return the state after a save of `changes` by someone who had `seen` these writes.

    Only seen writes are replaced: a concurrent write stays and shows as a conflict. A
    deletion replaces all that was seen, so that it does not hide a concurrent write.
    """
    replaced = {(fid, wid) for fid, wid in seen if fid in changes or DELETION in changes}
    known, author = live_writes(state), clean_text(by.author)
    hlc = max([by.hlc, *(write.hlc + 1 for write in known if write.fid in changes)])
    fresh = [Write(fid, by.new_wid(), hlc, author, value) for fid, value in changes.items()]
    return build_state((*known, *fresh), superseded_ids(state) | replaced)


def is_deleted(state: RecordState) -> bool:
    """Return whether a deletion stands whose author had seen every other live write."""
    if not any(save.fids.startswith(DELETION_ID) for save in state.saves):
        return False
    live, dead = writes_by_field(state), superseded_ids(state)
    proposed = {write.value for write in live.get(DELETION, ())}
    rest = (write for fid, writes in live.items() if fid != DELETION for write in writes)
    return proposed == {1} and all((write.fid, write.wid) in dead for write in rest)


def is_deletion_requested(state: RecordState) -> bool:
    """Return whether somebody asks to delete a record that has values which he did not replace."""
    if not any(save.fids.startswith(DELETION_ID) for save in state.saves):
        return False
    proposed = {write.value for write in writes_by_field(state).get(DELETION, ())}
    return 1 in proposed and not is_deleted(state)


def keep_fields(state: RecordState, fids: frozenset[int]) -> RecordState:
    """Return the state with the fields `fids` only, as it may leave the store."""
    if _has_only_fields(state, fids):
        return state
    return build_state(
        (write for write in live_writes(state) if write.fid in fids),
        (pair for pair in superseded_ids(state) if pair[0] in fids),
    )


def drop_fields(state: RecordState, fids: frozenset[int]) -> RecordState:
    """Return the state without the fields `fids`."""
    if _has_no_fields(state, fids):
        return state
    return build_state(
        (write for write in live_writes(state) if write.fid not in fids),
        (pair for pair in superseded_ids(state) if pair[0] not in fids),
    )


def drop_writes(state: RecordState, pairs: frozenset[tuple[int, bytes]]) -> RecordState:
    """Return the state without these writes; their ids are kept as superseded."""
    known = live_writes(state)
    kept = [write for write in known if (write.fid, write.wid) not in pairs]
    if len(kept) == len(known):
        return state
    gone = {(write.fid, write.wid) for write in known} & pairs
    return build_state(kept, superseded_ids(state) | gone)


def rename_writes(state: RecordState, ids: Mapping[tuple[int, bytes], bytes]) -> RecordState:
    """Return the state with other ids for some of its writes, live or superseded."""
    live = [w._replace(wid=ids.get(w[:2], w.wid)) for w in live_writes(state)]
    return build_state(live, {(pair[0], ids.get(pair, pair[1])) for pair in superseded_ids(state)})


def _has_only_fields(state: RecordState, fids: frozenset[int]) -> bool:
    """Return whether the state holds no other field."""
    is_within = all(map(fids.issuperset, map(_save_field_ids, state.saves)))
    return is_within and all(fid in fids for fid, _ in state.dead or ())


def _has_no_fields(state: RecordState, fids: frozenset[int]) -> bool:
    """Return whether the state holds none of these fields."""
    is_silent = all(map(fids.isdisjoint, map(_save_field_ids, state.saves)))
    return is_silent and all(fid not in fids for fid, _ in state.dead or ())


def _has_plain_saves(state: RecordState) -> bool:
    """Return whether a quick look proves that all saves are sorted and unique."""
    before: tuple[int, str] | None = None
    for save in state.saves:
        fids = _save_field_ids(save) if _has_equal_lengths(save) else ()
        place = (save.hlc, save.author)
        if not fids or not all(map(lt, fids, fids[1:])) or (before and place <= before):
            return False
        before = place
    return True


def _has_ascending_ids(dead: tuple[tuple[int, bytes], ...] | None) -> bool:
    """Return whether the fields and ids of superseded writes ascend.

    Raise KfdeskError `bundle.torn` for ids of another length.
    """
    before = -1
    for fid, ids in dead or ():
        if not ids or len(ids) % WID_BYTES:
            raise KfdeskError("bundle.torn", why="dead_shape")
        if fid <= before:
            return False
        before = fid
        if len(ids) > WID_BYTES:
            each = _numbers(ids)
            if not all(map(lt, each, each[1:])):
                return False
    return dead is None or bool(dead)


def _live_and_superseded(state: RecordState) -> list[tuple[int, bytes]]:
    """Return the live writes that are named as superseded, too: each must be its field's newest."""
    if state.dead is None:
        return []
    gone = frozenset(_numbers(b"".join([ids for _, ids in state.dead])))
    if all(gone.isdisjoint(_numbers(save.wids)) for save in state.saves):
        return []
    named = {fid: frozenset(_numbers(ids)) for fid, ids in state.dead}
    none = frozenset[int]()
    return [
        (fid, wid)
        for fid, wid, *_ in live_writes(state)
        if int.from_bytes(wid, "big") in named.get(fid, none)
    ]


def _numbers(ids: bytes) -> tuple[int, ...]:
    """Return write ids as numbers, which sort alike. Raise KfdeskError `bundle.torn`."""
    if len(ids) % WID_BYTES:
        raise KfdeskError("bundle.torn", why="save_shape")
    return unpack(f">{len(ids) // WID_BYTES}Q", ids)


def _has_equal_lengths(save: Save) -> bool:
    """Return whether a save has as many field ids and write ids as values."""
    count = len(save.values)
    return len(save.fids) == count * FID_BYTES and len(save.wids) == count * WID_BYTES


def _save_field_ids(save: Save) -> tuple[int, ...]:
    return unpack_field_ids(save.fids)


@lru_cache(maxsize=_FIELD_CACHE_SIZE)
def unpack_field_ids(fids: bytes) -> tuple[int, ...]:
    """Return the field ids of a save, in their order."""
    return unpack(f">{len(fids) // FID_BYTES}H", fids)


def _write_content(write: Write) -> bytes:
    return _state_encoder.encode((write.author, write.value))


def _write_order(write: Write) -> tuple[int, bytes, bytes]:
    return (write.hlc, write.wid, _write_content(write))


def _group_saves(live: Iterable[Write]) -> tuple[Save, ...]:
    together: dict[tuple[int, str], list[Write]] = {}
    for write in live:
        together.setdefault((write.hlc, write.author), []).append(write)
    return tuple(
        _pack_save(hlc, author, _in_order(writes))
        for (hlc, author), writes in sorted(together.items())
    )


def _in_order(writes: list[Write]) -> list[Write]:
    """Return the writes sorted by field and id.

    The content decides only between equal ids, which no valid store makes.
    """
    if len({write[:2] for write in writes}) == len(writes):
        return sorted(writes, key=itemgetter(0, 1))
    return sorted(writes, key=lambda w: (w.fid, w.wid, _write_content(w)))


def _pack_save(hlc: int, author: str, writes: list[Write]) -> Save:
    fids, wids, _, _, values = zip(*writes, strict=True)
    return Save(hlc, author, pack(f">{len(fids)}H", *fids), b"".join(wids), values)


def _pack_superseded(pairs: Iterable[tuple[int, bytes]]) -> tuple[tuple[int, bytes], ...] | None:
    fields: dict[int, list[bytes]] = {}
    for fid, wid in sorted(pairs):
        fields.setdefault(fid, []).append(wid)
    return tuple((fid, b"".join(ids)) for fid, ids in fields.items()) or None
