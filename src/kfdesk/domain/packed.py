# SPDX-License-Identifier: GPL-3.0-or-later
"""Many values in little memory: packed where they are many, unpacked again as they are read.

For what is gathered record by record and walked through a few times, when there may be more of it
than the memory of an old laptop holds; and what a packed state tells without being unpacked. With
`writes` the only domain module that knows msgspec, which unpacks what it packed.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from struct import iter_unpack
from typing import TypeVar, overload

import msgspec

from kfdesk.domain.writes import FID_BYTES, WID_BYTES, fields_in

T = TypeVar("T")
LOOSE = 16 * 1024**2  # bytes; so many stay as they are
HEAD = 256  # bytes that a value takes beside what is measured of it
_UNMEASURED = 16 * 1024  # bytes that are reckoned for one that nobody measures
_PORTION = 500  # values that are unpacked at once
_QUICK = 1  # the level of packing that costs least
_encoder = msgspec.msgpack.Encoder()


class Value(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A value that can be packed; nothing in it leads back to it, so no cycle is looked for."""


class _Outline(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A save of which only the ids are read."""

    hlc: msgspec.Raw
    author: msgspec.Raw
    fids: bytes
    wids: bytes
    values: msgspec.Raw


_outlines = msgspec.msgpack.Decoder(tuple[tuple[_Outline, ...], msgspec.Raw])


def ids_in(state: bytes) -> Mapping[int, tuple[bytes, ...]]:
    """The ids of the live writes of each field in an encoded state, whatever they say."""
    fields: dict[int, tuple[bytes, ...]] = {}
    for save in _outlines.decode(state)[0]:
        wids = iter_unpack(f"{WID_BYTES}s", save.wids)
        for fid, wid in zip(fields_in(save.fids), wids, strict=True):
            fields[fid] = fields[fid] + wid if fid in fields else wid
    return fields


def count_in(state: bytes) -> int:
    """How many live writes there are in an encoded state."""
    return sum(len(save.fids) // FID_BYTES for save in _outlines.decode(state)[0])


def _unmeasured(_value: object) -> int:
    return _UNMEASURED


class Packed(Sequence[T]):
    """Values of one described class, of which few at a time are in memory as they are.

    As long as all of them are small enough together they stay loose. `size` measures what each
    takes beside its head.
    """

    def __init__(
        self, kind: type[T], values: Iterable[T] = (), size: Callable[[T], int] = _unmeasured
    ) -> None:
        self._decoder = msgspec.msgpack.Decoder(list[kind])  # type: ignore[valid-type]
        self._size = size
        self._parts: list[bytes] = []
        self._loose: list[T] = []
        self._room = LOOSE
        self.extend(values)

    def extend(self, values: Iterable[T]) -> None:
        """Add values at the end."""
        for value in values:
            self._loose.append(value)
            self._room -= HEAD + self._size(value)
            if self._room < 0 and len(self._loose) >= _PORTION:
                self._pack()

    @property
    def kept(self) -> Sequence[T]:
        """The values as a tuple where they are few, or else packed."""
        return self if self._parts else tuple(self._loose)

    def __len__(self) -> int:
        return len(self._parts) * _PORTION + len(self._loose)

    def __iter__(self) -> Iterator[T]:
        return chain(chain.from_iterable(map(self._unpacked, self._parts)), self._loose)

    def __reversed__(self) -> Iterator[T]:
        parts = (reversed(self._unpacked(part)) for part in reversed(self._parts))
        return chain(reversed(self._loose), chain.from_iterable(parts))

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        places = range(len(self))[place]
        if isinstance(places, range):
            return tuple(self[each] for each in places)
        part, rest = divmod(places, _PORTION)
        if part < len(self._parts):
            return self._unpacked(self._parts[part])[rest]
        return self._loose[places - len(self._parts) * _PORTION]

    def _pack(self) -> None:
        whole = len(self._loose) // _PORTION * _PORTION
        for begin in range(0, whole, _PORTION):
            raw = _encoder.encode(self._loose[begin : begin + _PORTION])
            self._parts.append(zlib.compress(raw, _QUICK))
        del self._loose[:whole]

    def _unpacked(self, part: bytes) -> list[T]:
        return self._decoder.decode(zlib.decompress(part))
