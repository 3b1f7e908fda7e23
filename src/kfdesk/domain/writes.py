# SPDX-License-Identifier: GPL-3.0-or-later
"""The writes of a record: one form for the store's `state` and for bundles, and how they join.

Every field is a multi-value register: its state is the set of writes that nobody who had seen
them has replaced. Joining is set union, so it is idempotent, commutative and associative, and
no desk's word is lost: two values written apart both stay until a person chooses. The only domain
module with msgspec; it knows field ids, not fields.

A write is dead if its id is in the dead set and it is not the newest known for its field. The
newest always lives, so a forged cycle cannot blank a field, and dead content may be dropped at
any time without the desks drifting apart.
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
from kfdesk.domain.kinds import Wire, cleaned_text

WID_BYTES = 8
FID_BYTES = 2
MOST_DEAD = 512  # ids of replaced writes in one field, as bundle/FORMAT.md allows
DELETION = 0  # the field id of a deletion: 1 proposes it, nil takes it back
_DELETION = DELETION.to_bytes(FID_BYTES, "big")  # the first of a save, whose ids stand in order
_COUNTER_BITS = 16
_SHAPES = 1024  # lists of fields that are remembered; a hostile file can send any
_Fid = Annotated[int, msgspec.Meta(ge=0, lt=2**16)]
_Hlc = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]  # what a store's integer holds


class Save(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, gc=False):
    """Fields written together: one stamp and author, then parallel ids and values."""

    hlc: _Hlc
    author: str
    fids: bytes
    wids: bytes
    values: tuple[Wire, ...]


class State(msgspec.Struct, array_like=True, frozen=True, forbid_unknown_fields=True, gc=False):
    """A record's live writes, and the ids of those that were replaced.

    Nothing in it leads back to it, so the collector of cycles need not look (`gc`).
    """

    saves: tuple[Save, ...]
    dead: tuple[tuple[_Fid, bytes], ...] | None


EMPTY = State((), None)
_decoder = msgspec.msgpack.Decoder(State, strict=True)
_encoder = msgspec.msgpack.Encoder()


class Write(NamedTuple):
    """One value given to one field. `hlc` is UTC milliseconds << 16 | counter.

    A tuple, since a join of two records makes and compares some forty of them.
    """

    fid: int
    wid: bytes
    hlc: int
    author: str
    value: Wire

    @property
    def milliseconds(self) -> int:
        """When it was written: milliseconds since 1970, UTC, by the author's clock."""
        return self.hlc >> _COUNTER_BITS


@dataclass(frozen=True, slots=True)
class Signature:
    """Who saves, at what stamp, and where fresh write ids come from."""

    author: str
    hlc: int
    new_wid: Callable[[], bytes]


def stamp(milliseconds: int, after: int = 0) -> int:
    """A stamp for now that exceeds `after`, so that a save is newer than all it replaces."""
    return max(milliseconds << _COUNTER_BITS, after + 1)


def encode(state: State) -> bytes:
    """The canonical bytes of a state, the same on every desk."""
    return _encoder.encode(state)


def decode(data: bytes) -> State:
    """The state in `data`. Raises KfdeskError `bundle.torn` unless it is canonical."""
    try:
        state = _decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise KfdeskError("bundle.torn", why="state") from None
    if not is_canonical(state) or encode(state) != data:
        raise KfdeskError("bundle.torn", why="state_not_canonical")
    return state


def decode_own(data: bytes) -> State:
    """The state in `data`, which `encode` made at this desk: its form is not proved again.

    Raises KfdeskError `bundle.torn` for what is no state.
    """
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise KfdeskError("bundle.torn", why="state") from None


def is_canonical(state: State) -> bool:
    """Whether a state has the one form that `canonical` gives it. Raises as it does."""
    return _is_plain(state) or canonical(state) == state


def canonical(state: State) -> State:
    """The one form of a state that equal sets of writes have.

    Raises KfdeskError `bundle.torn` where ids and values do not match in number.
    """
    return state_of(writes_of(state), dead_of(state))


def writes_of(state: State) -> tuple[Write, ...]:
    """All live writes of a state. Raises KfdeskError `bundle.torn` for lists of unequal length."""
    found: list[Write] = []
    for save in state.saves:
        if not _is_even(save):
            raise KfdeskError("bundle.torn", why="save_shape")
        wids = iter_unpack(f"{WID_BYTES}s", save.wids)
        found += [
            Write(fid, wid, save.hlc, save.author, value)
            for fid, (wid,), value in zip(_fids(save), wids, save.values, strict=True)
        ]
    return tuple(found)


def values_of(state: State) -> Iterator[tuple[int, Wire]]:
    """Each field that a live write is of and what it says; raises as `writes_of` does."""
    for save in state.saves:
        if not _is_even(save):
            raise KfdeskError("bundle.torn", why="save_shape")
        yield from zip(_fids(save), save.values, strict=True)


def dead_of(state: State) -> frozenset[tuple[int, bytes]]:
    """The (field id, write id) pairs that were replaced."""
    pairs: set[tuple[int, bytes]] = set()
    for fid, ids in state.dead or ():
        if not ids or len(ids) % WID_BYTES:
            raise KfdeskError("bundle.torn", why="dead_shape")
        pairs.update((fid, ids[i : i + WID_BYTES]) for i in range(0, len(ids), WID_BYTES))
    return frozenset(pairs)


def most_dead(state: State) -> int:
    """How many replaced writes the field has that has the most of them."""
    return max((len(ids) // WID_BYTES for _, ids in state.dead or ()), default=0)


def live_of(state: State) -> Mapping[int, tuple[Write, ...]]:
    """The live writes of each field, oldest first."""
    fields: dict[int, tuple[Write, ...]] = {}
    for write in writes_of(state):
        fields[write.fid] = (*fields.get(write.fid, ()), write)
    return {
        fid: writes if len(writes) == 1 else tuple(sorted(writes, key=_age))
        for fid, writes in fields.items()
    }


def newest_of(state: State) -> tuple[Mapping[int, Wire], frozenset[int]]:
    """The newest live value of each field, and the fields that have more than one write."""
    newest: dict[int, Wire] = {}
    for save in state.saves:
        newest.update(zip(_fids(save), save.values, strict=True))
    if len(newest) == count_writes(state):
        return newest, frozenset()
    live = live_of(state)
    several = frozenset(fid for fid, writes in live.items() if len(writes) > 1)
    return {fid: writes[-1].value for fid, writes in live.items()}, several


def fids_of(state: State) -> frozenset[int]:
    """The fields that have a live write."""
    return frozenset(chain.from_iterable(map(_fids, state.saves)))


def count_writes(state: State) -> int:
    """How many live writes a state has."""
    return sum(len(save.values) for save in state.saves)


def state_of(writes: Iterable[Write], dead: Iterable[tuple[int, bytes]]) -> State:
    """The state that holds `writes` without those that are dead, and remembers `dead`."""
    known, gone = set(writes), frozenset(dead)
    replaced = {write for write in known if write[:2] in gone}
    fids = {write.fid for write in replaced}
    newest: dict[int, Write] = {}
    for write in known:
        if write.fid in fids:
            best = newest.get(write.fid)
            if best is None or _age(write) > _age(best):
                newest[write.fid] = write
    live = known - replaced.difference(newest.values())
    return State(_saves(live), _dead(gone))


def join(ours: State, theirs: State) -> State:
    """Everything both know. Never loses a value that nobody who saw it has replaced."""
    if ours == theirs:
        return ours
    writes = writes_of(ours) + writes_of(theirs)
    return state_of(writes, dead_of(ours) | dead_of(theirs))


def join_beside(ours: State, theirs: State) -> State:
    """Everything both know, but nothing that lives in ours is replaced: theirs stands beside it."""
    kept = writes_of(ours)
    held = {(write.fid, write.wid) for write in kept}
    return state_of(kept + writes_of(theirs), (dead_of(ours) | dead_of(theirs)) - held)


def amend(
    state: State,
    changes: Mapping[int, Wire],
    seen: Iterable[tuple[int, bytes]],
    by: Signature,
) -> State:
    """The state after a save of `changes` by someone who had `seen` these writes.

    Only what was seen is replaced: a write that came in between stays and shows as a conflict.
    A deletion replaces all that was seen, so that it does not hide what came in between.
    """
    replaced = {(fid, wid) for fid, wid in seen if fid in changes or DELETION in changes}
    known, author = writes_of(state), cleaned_text(by.author)
    hlc = max([by.hlc, *(write.hlc + 1 for write in known if write.fid in changes)])
    fresh = [Write(fid, by.new_wid(), hlc, author, value) for fid, value in changes.items()]
    return state_of((*known, *fresh), dead_of(state) | replaced)


def is_deleted(state: State) -> bool:
    """Whether a deletion stands and whoever proposed it had seen every other live write."""
    if not any(save.fids.startswith(_DELETION) for save in state.saves):
        return False
    live, dead = live_of(state), dead_of(state)
    proposed = {write.value for write in live.get(DELETION, ())}
    rest = (write for fid, writes in live.items() if fid != DELETION for write in writes)
    return proposed == {1} and all((write.fid, write.wid) in dead for write in rest)


def narrow(state: State, fids: frozenset[int]) -> State:
    """What the state says of `fids` and nothing else, as it may leave the desk."""
    if _says_only(state, fids):
        return state
    return state_of(
        (write for write in writes_of(state) if write.fid in fids),
        (pair for pair in dead_of(state) if pair[0] in fids),
    )


def without(state: State, fids: frozenset[int]) -> State:
    """What the state says of every field but `fids`."""
    if _says_nothing(state, fids):
        return state
    return state_of(
        (write for write in writes_of(state) if write.fid not in fids),
        (pair for pair in dead_of(state) if pair[0] not in fids),
    )


def without_writes(state: State, pairs: frozenset[tuple[int, bytes]]) -> State:
    """The state without these writes, of which it only remembers that they are dead."""
    known = writes_of(state)
    kept = [write for write in known if (write.fid, write.wid) not in pairs]
    if len(kept) == len(known):
        return state
    gone = {(write.fid, write.wid) for write in known} & pairs
    return state_of(kept, dead_of(state) | gone)


def _says_only(state: State, fids: frozenset[int]) -> bool:
    """Whether a state says nothing of any other field."""
    is_within = all(map(fids.issuperset, map(_fids, state.saves)))
    return is_within and all(fid in fids for fid, _ in state.dead or ())


def _says_nothing(state: State, fids: frozenset[int]) -> bool:
    """Whether a state says nothing of these fields."""
    is_silent = all(map(fids.isdisjoint, map(_fids, state.saves)))
    return is_silent and all(fid not in fids for fid, _ in state.dead or ())


def _is_plain(state: State) -> bool:
    """Whether a look is enough: all stands in order and once, and nothing lives that is dead."""
    before: tuple[int, str] | None = None
    for save in state.saves:
        fids = _fids(save) if _is_even(save) else ()
        place = (save.hlc, save.author)
        if not fids or not all(map(lt, fids, fids[1:])) or (before and place <= before):
            return False
        before = place
    if state.dead is None:
        return True
    gone = dead_of(state)
    return _dead(gone) == state.dead and gone.isdisjoint(
        (fid, wid)
        for save in state.saves
        for fid, (wid,) in zip(_fids(save), iter_unpack(f"{WID_BYTES}s", save.wids), strict=True)
    )


def _is_even(save: Save) -> bool:
    """Whether a save has as many ids of fields and of writes as values."""
    count = len(save.values)
    return len(save.fids) == count * FID_BYTES and len(save.wids) == count * WID_BYTES


def _fids(save: Save) -> tuple[int, ...]:
    return fields_in(save.fids)


@lru_cache(maxsize=_SHAPES)
def fields_in(fids: bytes) -> tuple[int, ...]:
    """The fields that a save is of, one after the other."""
    return unpack(f">{len(fids) // FID_BYTES}H", fids)


def _content(write: Write) -> bytes:
    return _encoder.encode((write.author, write.value))


def _age(write: Write) -> tuple[int, bytes, bytes]:
    return (write.hlc, write.wid, _content(write))


def _saves(live: Iterable[Write]) -> tuple[Save, ...]:
    together: dict[tuple[int, str], list[Write]] = {}
    for write in live:
        together.setdefault((write.hlc, write.author), []).append(write)
    return tuple(
        _save(hlc, author, _in_order(writes)) for (hlc, author), writes in sorted(together.items())
    )


def _in_order(writes: list[Write]) -> list[Write]:
    """By field and id; what a write says counts only where two have the same, as no desk does."""
    if len({write[:2] for write in writes}) == len(writes):
        return sorted(writes, key=itemgetter(0, 1))
    return sorted(writes, key=lambda w: (w.fid, w.wid, _content(w)))


def _save(hlc: int, author: str, writes: list[Write]) -> Save:
    fids, wids, _, _, values = zip(*writes, strict=True)
    return Save(hlc, author, pack(f">{len(fids)}H", *fids), b"".join(wids), values)


def _dead(pairs: Iterable[tuple[int, bytes]]) -> tuple[tuple[int, bytes], ...] | None:
    fields: dict[int, list[bytes]] = {}
    for fid, wid in sorted(pairs):
        fields.setdefault(fid, []).append(wid)
    return tuple((fid, b"".join(ids)) for fid, ids in fields.items()) or None
