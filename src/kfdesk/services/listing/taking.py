# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking over a list of contacts that was looked at: all of it in one transaction, or nothing.

New entries are ours and unchecked, and seen by whom a person said. A twin is left as it is but for
the values that were chosen. All is written by ordinary saves, so that it can be taken back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.listing.listed import NAMED, Listed
from kfdesk.domain.rows import Row, seen_in, wire_changes
from kfdesk.domain.values import Value
from kfdesk.domain.writes import EMPTY
from kfdesk.services.desk import Changes, Desk
from kfdesk.services.listing.looking import Fate, ListLine, Preview
from kfdesk.services.listing.twins import NUMBERS, Directory, Twin, name_mark
from kfdesk.services.ports import Progress
from kfdesk.services.writing.records import Done, found, put_changed, put_new

SAFE = "secret"


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person wants of a preview; lines are meant by their place in it.

    `left` new lines are not taken; `apart` twins are new entries after all; `merged` says which
    values of a twin are taken from the file.
    """

    seen_by: str = SAFE
    left: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()
    merged: Mapping[int, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken(Changes):
    """What was done, to be taken back together; how many are new, and how many were changed."""

    done: tuple[Done, ...] = field(default=(), repr=False)
    new: int = 0
    changed: int = 0


def take_list(
    desk: Desk, preview: Preview, choices: Choices, progress: Progress | None = None
) -> Taken:
    """Take over what was chosen. Raises KfdeskError `user.not_allowed` or `work.cancelled`."""
    desk.require(Right.EDIT_DIRECTORY)
    taken = list(_taken(preview, choices))
    with desk.store.transaction():
        writer = _Writer(desk, choices.seen_by)
        for place, line in taken:
            if line.fate is Fate.NEW or place in choices.apart:
                writer.reserve(line.listed)
        for number, (place, line) in enumerate(taken):
            if progress is not None and not number % 100:
                progress.step(number, len(taken))
            if line.fate is Fate.NEW or place in choices.apart:
                writer.enter(line.listed)
            elif line.twin is not None:
                writer.merge(line.twin, choices.merged[place])
        desk.log(Action.TAKE_LIST, keys=(str(writer.new), str(writer.changed)))
    types = frozenset().union(*(one.types for one in writer.done))
    rids = frozenset().union(*(one.rids for one in writer.done))
    return Taken(types, rids, tuple(writer.done), writer.new, writer.changed)


def _taken(preview: Preview, choices: Choices) -> Iterator[tuple[int, ListLine]]:
    for place, line in enumerate(preview.lines):
        is_new = line.fate is Fate.NEW and place not in choices.left
        is_twin = line.fate is Fate.TWIN and (place in choices.apart or choices.merged.get(place))
        if is_new or is_twin:
            yield place, line


class _Writer:
    """Writes entry after entry, and knows which organisation is meant by a name."""

    def __init__(self, desk: Desk, seen_by: str) -> None:
        self._desk = desk
        self._seen_by = seen_by
        self._known = Directory(desk)
        self._ahead: dict[tuple[str, ...], bytes] = {}
        self.done: list[Done] = []
        self.new = 0
        self.changed = 0

    def reserve(self, listed: Listed) -> None:
        """Have an id for an organisation before it is written: one that is named may come later."""
        if listed.type == "organisation":
            self._ahead.setdefault(name_mark(listed.name), self._desk.new_id())

    def enter(self, listed: Listed) -> None:
        """Keep a new entry with its telephones."""
        values = dict(listed.values)
        named = values.pop(NAMED[listed.type], None)
        if isinstance(named, str):
            values[NAMED[listed.type]] = self._house(named).hex()
        values["confidentiality"] = self._seen_by
        numbers = listed.numbers
        if listed.type == "organisation":
            values["verification"] = "unverified"
        elif numbers:
            values["phone"], numbers = numbers[0], numbers[1:]
        rid = self._put(listed.type, values, self._reserved(listed))
        for number in numbers:
            self._put_number(rid, number)
        self.new += 1

    def merge(self, twin: Twin, keys: frozenset[str]) -> None:
        """Give a twin the chosen values; codes and notes are added to those that are there."""
        chosen = [one for one in twin.differences if one.key in keys]
        values: dict[str, Value] = {}
        for one in chosen:
            if one.key == NUMBERS and isinstance(one.theirs, tuple):
                for number in one.theirs:
                    self._put_number(twin.entry.view.rid, str(number))
            elif one.key == NAMED[twin.entry.type]:
                values[one.key] = self._house(str(one.theirs)).hex()
            else:
                values[one.key] = together(one.key, one.ours, one.theirs)
        if values:
            row = found(self._desk, twin.entry.view.rid)
            changes = wire_changes(row.type, values)
            self.done.append(put_changed(self._desk, row, changes, seen_in(row)))
        self.changed += bool(chosen)

    def _reserved(self, listed: Listed) -> bytes:
        """The id kept for it; a second organisation of the name gets its own."""
        mark = name_mark(listed.name)
        rid = self._ahead.get(mark) if listed.type == "organisation" else None
        is_free = rid is not None and self._desk.store.row(rid) is None
        return rid if rid is not None and is_free else self._desk.new_id()

    def _house(self, name: str) -> bytes:
        """The organisation of this name: of the file, of the directory, or a new one."""
        rid = self._ahead.get(name_mark(name)) or self._known.house(name)
        if rid is None:
            values = {"name": name, "confidentiality": self._seen_by, "verification": "unverified"}
            rid = self._ahead[name_mark(name)] = self._put("organisation", values)
        return rid

    def _put_number(self, parent: bytes, number: str) -> None:
        values = {"number": number, "confidentiality": self._seen_by}
        self._put("phone", values, parent=parent)

    def _put(
        self, record_type: str, values: Mapping[str, Value], rid: bytes = b"",
        parent: bytes | None = None,
    ) -> bytes:  # fmt: skip
        desk = self._desk
        row = Row(rid or desk.new_id(), record_type, parent, desk.identity.organisation, EMPTY)
        self.done.append(put_new(desk, row, wire_changes(record_type, values)))
        return row.rid


def together(key: str, ours: Value, theirs: Value) -> Value:
    """A value that was taken: codes and notes are added to those that are there."""
    if isinstance(ours, tuple) and isinstance(theirs, tuple):
        return tuple(dict.fromkeys((*map(str, ours), *map(str, theirs))))
    if key == "note" and isinstance(ours, str):
        return f"{ours}\n{theirs}"
    return theirs
