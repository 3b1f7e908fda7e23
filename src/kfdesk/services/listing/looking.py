# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of contacts before it is taken over: what is new, what is here already, what is like it.

Reads the file and writes nothing. What somebody then wants to be done is said by `Choices`, and
done by `taking.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.listed import MOST_BYTES, Broken, Listed, ReadAs, Reading
from kfdesk.services.desk import Desk, Progress
from kfdesk.services.listing.twins import Directory, Twin

_TOGETHER = ("organizations.csv", "services.csv", "locations.csv")
"""A file of one of these names is a table of HSDS; those beside it belong to it."""

MOST_SHOWN = 500
_PORTION = 100  # entries whose twins are asked for together


class Fate(StrEnum):
    """What an entry of the file is to the directory."""

    NEW = "new"
    TWIN = "twin"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class ListLine:
    """An entry of the file, what it is to the directory, and its twin, if it has one."""

    listed: Listed
    fate: Fate
    twin: Twin | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking the file over would do: the fate of each entry, and the first as lines.

    Of what is no line nothing can be chosen but whether it is taken.
    """

    lines: tuple[ListLine, ...] = field(repr=False)
    reading: Reading = field(repr=False)
    fates: tuple[Fate, ...] = field(default=(), repr=False)

    @property
    def broken(self) -> Sequence[Broken]:
        """What could not be read."""
        return self.reading.broken

    def count(self, fate: Fate) -> int:
        """How many entries of the file are so."""
        return sum(one is fate for one in self.fates)


def read_list(path: Path) -> Mapping[str, bytes]:
    """The bytes of a file, or of the tables in a folder, and no more than fits.

    Raises KfdeskError `contacts.too_large` or `contacts.not_readable`.
    """
    try:
        if path.is_dir() or path.name.lower() in _TOGETHER:
            folder = path if path.is_dir() else path.parent
            found = sorted(one for one in folder.iterdir() if one.suffix.lower() == ".csv")
        else:
            found = [path]
        if sum(one.stat().st_size for one in found) > MOST_BYTES:
            raise KfdeskError("contacts.too_large", most=MOST_BYTES // 2**20)
        read = {one.name: _bytes(one) for one in found}
    except OSError:
        raise KfdeskError("contacts.not_readable") from None
    if not read:
        raise KfdeskError("contacts.nothing_inside")
    return read


def look_at_list(
    desk: Desk, files: Mapping[str, bytes], how: ReadAs, progress: Progress | None = None
) -> Preview:
    """What taking these files over would do; writes nothing.

    Raises KfdeskError `contacts.…`, `user.not_allowed` or `work.cancelled`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    reading = desk.rooms.read_contact_files(files, how)
    known = Directory(desk)
    before: set[bytes] = set()
    fates: list[Fate] = []
    lines: list[ListLine] = []
    entries = iter(reading.entries)
    while some := tuple(islice(entries, _PORTION)):
        if progress is not None:
            progress.step(len(fates), len(reading.entries))
        for line in _lines(known, some, before):
            fates.append(line.fate)
            lines += [line] if len(lines) < MOST_SHOWN else []
    return Preview(tuple(lines), reading, tuple(fates))


def _lines(known: Directory, some: Sequence[Listed], before: set[bytes]) -> Iterator[ListLine]:
    """What each of these is; an entry that stands twice in its file is there once."""
    first = [_is_first(listed, before) for listed in some]
    asked = [listed for listed, is_first in zip(some, first, strict=True) if is_first]
    twins = iter(known.twins(asked))
    for listed, is_first in zip(some, first, strict=True):
        twin = next(twins) if is_first else None
        is_same = not is_first or (twin is not None and not twin.differences)
        yield ListLine(listed, Fate.SAME if is_same else Fate.TWIN if twin else Fate.NEW, twin)


def _is_first(listed: Listed, before: set[bytes]) -> bool:
    whole = (listed.type, sorted(map(repr, listed.values.items())), listed.numbers)
    digest = blake2b(repr(whole).encode(errors="replace"), digest_size=16).digest()
    is_first = digest not in before
    before.add(digest)
    return is_first


def _bytes(path: Path) -> bytes:
    """No more than fits, whatever became of the file since it was looked at."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise KfdeskError("contacts.too_large", most=MOST_BYTES // 2**20)
    return data
