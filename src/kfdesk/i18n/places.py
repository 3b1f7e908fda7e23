# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of places, in the languages that their file has, with country and clock.

The file is read once, when somebody first looks for a place, never at the start: in one go, as
the window waits for it. A place is only an offer: what a person typed is kept whether it stands
here or not. Knows no record and no window.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kfdesk.domain.letters.folding import simple

LIMIT = 8
_SHORTEST = 2  # letters before anything is offered
_APART = "-–—/(),.'’"


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
        wanted = _bare(typed)
        if len(wanted) < _SHORTEST:
            return ()
        ranks = ((_rank(keys, wanted), cells) for cells, keys in _read(self._path))
        found = [pair for pair in ranks if pair[0] < _MISSED]
        found.sort(key=lambda pair: pair[0])  # stable: the order of the file, which is by size
        return tuple(_place(cells) for _, cells in found[:limit])

    def all_names(self) -> Iterator[str]:
        """Every name and spelling of every place, to tell a place from other words."""
        for cells, _ in _read(self._path):
            place = _place(cells)
            yield from place.names.values()
            yield from place.spellings


_MISSED = 3


def _rank(keys: str, wanted: str) -> int:
    """How well one of the keys fits, which stand between bars: whole, its beginning, a word."""
    if f"|{wanted}" in keys:
        return 0 if f"|{wanted}|" in keys else 1
    return 2 if f" {wanted}" in keys else _MISSED


def _bare(text: str) -> str:
    """As `simple` has it, with one space for whatever stands between words, and none at an end."""
    bare = simple(text)
    for sign in _APART:
        bare = bare.replace(sign, " ")
    while "  " in bare:
        bare = bare.replace("  ", " ")
    for end in "|\t\n":
        bare = bare.replace(f" {end}", end).replace(f"{end} ", end)
    return bare.strip(" ")


@lru_cache(maxsize=2)
def _read(path: Path) -> tuple[tuple[list[str], str], ...]:
    """The lines of a file, each with the keys of its names: folded in one go, not name by name.

    A line has the kind, the English name, country, zone, the Swedish and the Russian name, and
    spellings between bars.
    """
    text = path.read_text(encoding="utf-8").removesuffix("\n")
    lines, bare = (each.split("\n")[1:] for each in (text, _bare(text)))
    return tuple((line.split("\t"), _keys(keys)) for line, keys in zip(lines, bare, strict=True))


def _keys(line: str) -> str:
    _, name, _, _, *others = line.split("\t")
    return "|".join(("", name, *others, ""))


def _place(cells: list[str]) -> Place:
    kind, name, country, zone, sv, ru, spellings = cells
    names = {"en": name, "sv": sv, "ru": ru}
    known = {code: one for code, one in names.items() if one}
    return Place(kind, known, country, zone, tuple(spellings.split("|")) if spellings else ())
