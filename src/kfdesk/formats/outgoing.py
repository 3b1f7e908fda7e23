# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries that may leave, as the writers take them: texts and codes, no records.

Made of what was disclosed and of nothing else, so that no writer can say more. A name that was not
disclosed is not said, even where another entry refers to it. Few of them at a time are unpacked.
"""

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kfdesk.domain.letters.folding import simple
from kfdesk.domain.listing.kinds import Part
from kfdesk.domain.packed import Packed
from kfdesk.domain.rows import View, view_any

_RUN = 5_000  # entries that are put in order at once
_REFERENCES = ("part_of", "organisation", "front_door")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An entry with its values by key; references are names. `above` is what it belongs to."""

    rid: bytes
    type: str
    values: Mapping[str, str | tuple[str, ...]] = field(repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)
    above: bytes | None = None

    @property
    def name(self) -> str:
        """The name as it is listed."""
        return self.text("name") or self.text("given_name")

    def text(self, key: str) -> str:
        """A value that is one text; empty if there is none."""
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ", ".join(value)

    def codes(self, key: str) -> tuple[str, ...]:
        """A value of several codes."""
        value = self.values.get(key, ())
        return value if isinstance(value, tuple) else ()


class Entries(Collection[Outgoing]):
    """The organisations and persons that may leave and have a name, by name.

    They come in any order and are put in theirs run by run; walking through merges the runs.
    """

    def __init__(self, parts: Iterable[Part]) -> None:
        self._runs: list[Packed[Outgoing]] = []
        run: list[Outgoing] = []
        for part in parts:
            run += (entry for entry in _entries(part) if entry.name)
            if len(run) >= _RUN:
                self._pack(run)
                run = []
        self._pack(run)

    def __len__(self) -> int:
        return sum(map(len, self._runs))

    def __iter__(self) -> Iterator[Outgoing]:
        return heapq.merge(*self._runs, key=_place)

    def __contains__(self, one: object) -> bool:
        return any(entry == one for entry in self)

    def _pack(self, run: Iterable[Outgoing]) -> None:
        self._runs.append(Packed(Outgoing, sorted(run, key=_place)))


def _place(entry: Outgoing) -> tuple[bool, str, bytes]:
    return entry.type != "organisation", simple(entry.name), entry.rid


def _entries(part: Part) -> Iterator[Outgoing]:
    seen = {given.rid: view_any(given.row) for given in part.what.rows}
    numbers: dict[bytes, list[str]] = {}
    for one in seen.values():
        if one.row.type == "phone" and isinstance(one.record.number, str):
            numbers.setdefault(one.row.parent or b"", []).append(one.record.number)
    for given in part.what.rows:
        if given.rid in part.entries:
            own = tuple(numbers.get(given.rid, ()))
            yield _entry(seen[given.rid], frozenset(given.grants), seen, own)


def _entry(
    one: View[Any], keys: frozenset[str], seen: Mapping[bytes, View[Any]], numbers: tuple[str, ...]
) -> Outgoing:
    values: dict[str, str | tuple[str, ...]] = {}
    above = None
    for key in sorted(keys - {"confidentiality"}):
        value = getattr(one.record, key)
        if key in _REFERENCES and isinstance(value, str):
            other = seen.get(bytes.fromhex(value))
            name = getattr(other.record, "name", None) if other is not None else None
            above = above or (other.rid if other is not None and key != "front_door" else None)
            value = name if isinstance(name, str) else None
        if isinstance(value, str | tuple) and value:
            values[key] = value
    return Outgoing(one.rid, one.row.type, values, numbers, above)
