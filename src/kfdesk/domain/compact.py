# SPDX-License-Identifier: GPL-3.0-or-later
"""Compact sequences: many values of one class in little memory.

They hold what is collected record by record and iterated a few times: disclosed rows, the
entries of a contact file, saves to undo. Up to 16 MiB the values stay as they are. Beyond
that they are compressed in parts of 500, and one part at a time is decompressed on reading.

Sending a plan with 100,000 records grows the process by 105 MiB with them, and by 201 MiB
with plain tuples (benchmarks/peak.py). Services, formats and the domain use them, so they
stand in the domain.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import TypeVar, overload

import msgspec

T = TypeVar("T")
UNCOMPRESSED_LIMIT = 16 * 1024**2  # bytes that stay uncompressed
VALUE_OVERHEAD = 256  # bytes of a value beyond its measured size
_UNMEASURED = 16 * 1024  # assumed bytes of a value that is not measured
_PORTION = 500  # values in one compressed part
_COMPRESSION_LEVEL = 1  # the fastest level of zlib
_packed_encoder = msgspec.msgpack.Encoder()


class PackableValue(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A base for values that can be packed; without reference cycles, so `gc` is off."""


def _unmeasured(_value: object) -> int:
    return _UNMEASURED


class CompactSequence(Sequence[T]):
    """A sequence of values of one class, of which only a few are decompressed at a time.

    While all values together are small enough they stay uncompressed. `size` returns the
    bytes of a value beyond its fixed overhead.
    """

    def __init__(
        self, kind: type[T], values: Iterable[T] = (), size: Callable[[T], int] = _unmeasured
    ) -> None:
        self._decoder = msgspec.msgpack.Decoder(list[kind])  # type: ignore[valid-type]
        self._size = size
        self._parts: list[bytes] = []
        self._loose: list[T] = []
        self._room = UNCOMPRESSED_LIMIT
        self.extend(values)

    def extend(self, values: Iterable[T]) -> None:
        """Add values at the end."""
        for value in values:
            self._loose.append(value)
            self._room -= VALUE_OVERHEAD + self._size(value)
            if self._room < 0 and len(self._loose) >= _PORTION:
                self._pack()

    @property
    def kept(self) -> Sequence[T]:
        """The values as a tuple if they are few, else this compressed sequence."""
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
            raw = _packed_encoder.encode(self._loose[begin : begin + _PORTION])
            self._parts.append(zlib.compress(raw, _COMPRESSION_LEVEL))
        del self._loose[:whole]

    def _unpacked(self, part: bytes) -> list[T]:
        return self._decoder.decode(zlib.decompress(part))
