# SPDX-License-Identifier: GPL-3.0-or-later
"""Taking over a list of contacts that was looked at: all of it in one transaction, or nothing.

New entries are ours and unchecked, and seen by whom a person said. A twin is left as it is but for
the values that were chosen. All is written by ordinary saves, so that it can be taken back.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.listing.listed import NAMED, Listed
from kfdesk.domain.packed import Packed
from kfdesk.domain.rows import Row, seen_in, wire_changes
from kfdesk.domain.values import Value
from kfdesk.domain.writes import EMPTY
from kfdesk.services.desk import Changes, Desk, Progress
from kfdesk.services.listing.looking import Fate, Preview
from kfdesk.services.listing.twins import NUMBERS, Directory, Twin, name_mark
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
    """What was done, to be taken back together; how many are new, and how many were changed.

    The records are named in `done` alone: there may be many, and their types say enough.
    """

    done: Sequence[Done] = field(default=(), repr=False)
    new: int = 0
    changed: int = 0


def take_list(
    desk: Desk, preview: Preview, choices: Choices, progress: Progress | None = None
) -> Taken:
    """Take over what was chosen. Raises KfdeskError `user.not_allowed` or `work.cancelled`."""
    desk.require(Right.EDIT_DIRECTORY)
    whole = sum(1 for _ in _taken(preview, choices))
    with desk.store.transaction():
        writer = _Writer(desk, choices.seen_by)
        writer.reserve(lambda: _taken(preview, choices))
        for number, (place, listed, is_new) in enumerate(_taken(preview, choices)):
            if progress is not None and not number % 100:
                progress.step(number, whole)
            twin = None if is_new else preview.lines[place].twin
            if twin is None:
                writer.enter(listed)
            else:
                writer.merge(twin, choices.merged[place])
        desk.log(Action.TAKE_LIST, keys=(str(writer.new), str(writer.changed)))
    return Taken(
        frozenset(writer.types), done=writer.done.kept, new=writer.new, changed=writer.changed
    )


def _taken(preview: Preview, choices: Choices) -> Iterator[tuple[int, Listed, bool]]:
    """The entries that are taken, each with its place and whether it is entered as new."""
    pairs = zip(preview.reading.entries, preview.fates, strict=True)
    for place, (listed, fate) in enumerate(pairs):
        is_apart = fate is Fate.TWIN and place in choices.apart
        is_shown = place < len(preview.lines)
        if is_apart or (fate is Fate.NEW and place not in choices.left):
            yield place, listed, True
        elif fate is Fate.TWIN and is_shown and choices.merged.get(place):
            yield place, listed, False


class _Writer:
    """Writes entry after entry, and knows which organisation is meant by a name."""

    def __init__(self, desk: Desk, seen_by: str) -> None:
        self._desk = desk
        self._seen_by = seen_by
        self._known = Directory(desk)
        self._named: dict[str, bytes | None] = {}
        """The names by which organisations are named, with their ids as far as they have one."""
        self.done = Packed(Done)
        self.types: set[str] = set()
        self.new = 0
        self.changed = 0

    def reserve(self, taken: Callable[[], Iterator[tuple[int, Listed, bool]]]) -> None:
        """Have an id for a new organisation that another entry names: it may come after that."""
        named = (str(one.values.get(NAMED[one.type], "")) for _, one, _ in taken())
        self._named = dict.fromkeys(map(_key, filter(None, named)))
        for _, one, is_new in taken():
            is_house = is_new and one.type == "organisation"
            if is_house and self._named.get(_key(one.name), b"") is None:
                self._named[_key(one.name)] = self._desk.new_id()

    def enter(self, listed: Listed) -> None:
        """Keep a new entry with its telephones."""
        values: dict[str, Value] = dict(listed.values)
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
            self._keep(put_changed(self._desk, row, changes, seen_in(row)))
        self.changed += bool(chosen)

    def _reserved(self, listed: Listed) -> bytes:
        """The id kept for it; a second organisation of the name gets its own."""
        rid = self._named.get(_key(listed.name)) if listed.type == "organisation" else None
        is_free = rid is not None and self._desk.store.row(rid) is None
        return rid if rid is not None and is_free else self._desk.new_id()

    def _house(self, name: str) -> bytes:
        """The organisation of this name: of the file, of the directory, or a new one."""
        key = _key(name)
        rid = self._named.get(key) or self._known.house(name)
        if rid is None:
            values = {"name": name, "confidentiality": self._seen_by, "verification": "unverified"}
            rid = self._put("organisation", values)
        self._named[key] = rid
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
        self._keep(put_new(desk, row, wire_changes(record_type, values)))
        return row.rid

    def _keep(self, done: Done) -> None:
        self.done.extend((done,))
        self.types |= done.types


def _key(name: str) -> str:
    return " ".join(name_mark(name))


def together(key: str, ours: Value, theirs: Value) -> Value:
    """A value that was taken: codes and notes are added to those that are there."""
    if isinstance(ours, tuple) and isinstance(theirs, tuple):
        return tuple(dict.fromkeys((*map(str, ours), *map(str, theirs))))
    if key == "note" and isinstance(ours, str):
        return f"{ours}\n{theirs}"
    return theirs
