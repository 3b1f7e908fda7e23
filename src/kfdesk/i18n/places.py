# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of places, in the languages that their file has, with country and clock.

The file is read when somebody first looks for a place, never at the start. A place is only an
offer: what a person typed is kept whether it stands here or not. Knows no record and no window.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kfdesk.domain.letters.folding import simple

LIMIT = 8
_SHORTEST = 2  # letters before anything is offered
_APART = str.maketrans(dict.fromkeys("-–—/(),.'’", " "))


@dataclass(frozen=True, slots=True)
class Place:
    """A place: its names by language (English always), its country's code, its clock's zone.

    `spellings` are only to find it by; they are of no known language.
    """

    kind: str
    names: dict[str, str]
    country: str
    zone: str
    spellings: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """Its name in a language, else the English one."""
        return self.names.get(language) or self.names["en"]


class Places:
    """The places of one file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, typed: str, limit: int = LIMIT) -> tuple[Place, ...]:
        """Places of which a name or spelling begins as `typed`, whole names before parts of them.

        Capitals, accents and hyphens do not matter. Larger places come first.
        """
        wanted = _plain(typed)
        if len(wanted) < _SHORTEST:
            return ()
        ranked = [
            (rank, place)
            for place, keys in self._indexed
            if (rank := min(_rank(key, wanted) for key in keys)) < _MISSED
        ]
        ranked.sort(key=lambda pair: pair[0])  # stable: the order of the file, which is by size
        return tuple(place for _, place in ranked[:limit])

    def all_names(self) -> Iterator[str]:
        """Every name and spelling of every place, to tell a place from other words."""
        for place, _ in self._indexed:
            yield from place.names.values()
            yield from place.spellings

    @cached_property
    def _indexed(self) -> list[tuple[Place, tuple[str, ...]]]:
        return [
            (place, tuple({_plain(word) for word in (*place.names.values(), *place.spellings)}))
            for place in _read(self._path)
        ]


_MISSED = 3


def _rank(key: str, wanted: str) -> int:
    if key == wanted:
        return 0
    if key.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in key else _MISSED


def _plain(text: str) -> str:
    return " ".join(simple(text).translate(_APART).split())


def _read(path: Path) -> Iterator[Place]:
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            names = {"en": line["name"], "sv": line["sv"], "ru": line["ru"]}
            known = {code: name for code, name in names.items() if name}
            spellings = tuple(line["spellings"].split("|")) if line["spellings"] else ()
            yield Place(line["kind"], known, line["country"], line["zone"], spellings)
