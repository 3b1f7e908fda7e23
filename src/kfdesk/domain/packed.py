# SPDX-License-Identifier: GPL-3.0-or-later
"""Many values in little memory: packed as they come, unpacked again as they are walked through.

A whole desk that goes to another laptop is more than an old laptop can hold unpacked. Knows no kind
of value; beside `writes.py` the only domain module with msgspec, which unpacks what it packed.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TypeVar, overload

import msgspec

T = TypeVar("T")
MANY = 1_000  # values; so many are not kept unpacked
_PORTION = 500  # values that are unpacked at once
_QUICK = 1  # the level of packing that costs least
_encoder = msgspec.msgpack.Encoder()


class Packed(Sequence[T]):
    """Values of one described class, of which few at a time are in memory as they are."""

    def __init__(self, kind: type[T], values: Iterable[T] = ()) -> None:
        self._decoder = msgspec.msgpack.Decoder(list[kind])  # type: ignore[valid-type]
        self._parts: list[bytes] = []
        self._loose: list[T] = []
        self.extend(values)

    def extend(self, values: Iterable[T]) -> None:
        """Add values at the end."""
        for value in values:
            self._loose.append(value)
            if len(self._loose) == MANY:
                self._pack()

    @property
    def kept(self) -> Sequence[T]:
        """The values as a tuple where they are few, or else packed."""
        return self if self._parts else tuple(self._loose)

    def __len__(self) -> int:
        return len(self._parts) * _PORTION + len(self._loose)

    def __iter__(self) -> Iterator[T]:
        return chain(chain.from_iterable(map(self._unpacked, self._parts)), self._loose)

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
        for begin in range(0, MANY, _PORTION):
            raw = _encoder.encode(self._loose[begin : begin + _PORTION])
            self._parts.append(zlib.compress(raw, _QUICK))
        self._loose.clear()

    def _unpacked(self, part: bytes) -> list[T]:
        return self._decoder.decode(zlib.decompress(part))
