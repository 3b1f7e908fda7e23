# SPDX-License-Identifier: GPL-3.0-or-later
"""A list of contacts before it is taken over: what is new, what is here already, what is like it.

Reads the file and writes nothing. What somebody then wants to be done is said by `Choices`, and
done by `taking.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.listed import MOST_BYTES, Broken, Listed, ReadAs, Reading
from kfdesk.services.desk import Desk
from kfdesk.services.listing.port import Formats
from kfdesk.services.listing.twins import Directory, Twin
from kfdesk.services.ports import Progress

_TOGETHER = ("organizations.csv", "services.csv", "locations.csv")
"""A file of one of these names is a table of HSDS; those beside it belong to it."""


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
    """What taking the file over would do."""

    lines: tuple[ListLine, ...] = field(repr=False)
    reading: Reading = field(repr=False)

    @property
    def broken(self) -> tuple[Broken, ...]:
        """What could not be read."""
        return self.reading.broken

    def count(self, fate: Fate) -> int:
        """How many entries of the file are so."""
        return sum(line.fate is fate for line in self.lines)


def formats_of(desk: Desk) -> Formats:
    """The room of formats that this desk was opened with."""
    assert desk.rooms.formats is not None  # handed in wherever a desk is opened
    return desk.rooms.formats


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
    reading = formats_of(desk).read(files, how)
    known = Directory(desk)
    before: set[object] = set()
    lines = []
    for number, listed in enumerate(reading.entries):
        if progress is not None and not number % 100:
            progress.step(number, len(reading.entries))
        lines.append(_line(known, listed, before))
    return Preview(tuple(lines), reading)


def _line(known: Directory, listed: Listed, before: set[object]) -> ListLine:
    """An entry that stands twice in its file is there once."""
    whole = (listed.type, tuple(sorted(map(repr, listed.values.items()))), listed.numbers)
    if whole in before:
        return ListLine(listed, Fate.SAME)
    before.add(whole)
    twin = known.twin(listed)
    if twin is None:
        return ListLine(listed, Fate.NEW)
    return ListLine(listed, Fate.TWIN if twin.differences else Fate.SAME, twin)


def _bytes(path: Path) -> bytes:
    """No more than fits, whatever became of the file since it was looked at."""
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise KfdeskError("contacts.too_large", most=MOST_BYTES // 2**20)
    return data
