# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory: the organisations and contact persons that the store has, and who names them.

Who may change an entry, and which may go into the bin, is said here; how an entry is worded, and
which of them somebody looks for, is the page's. Entering and changing is as for every record.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.gates.states import READ_ONLY
from kfdesk.domain.kinds import Reference
from kfdesk.domain.letters.folding import Word, fold
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, View, view_any
from kfdesk.domain.writes import is_deleted
from kfdesk.services.desk import Desk
from kfdesk.services.finding.choices import name_in
from kfdesk.services.policy.access import DIRECTORY_READING, as_seen, hidden_keys, may_read
from kfdesk.services.writing.drafts import DraftLine, drafts
from kfdesk.services.writing.records import Done, delete_record, is_in_bin

ENTRIES = ("organisation", "contact")
TYPES_HERE = frozenset({*ENTRIES, "phone"})
"""The record types of the directory."""

_NAMING: Mapping[str, tuple[str, ...]] = {
    name: keys
    for name, described in TYPES.items()
    if name not in TYPES_HERE
    and (keys := tuple(k for k, f in described.fields.items() if isinstance(f.kind, Reference)))
}
"""The fields by which a client's records may name an entry of the directory."""

REFERENCES: Mapping[str, tuple[str, ...]] = {
    name: tuple(k for k, f in TYPES[name].fields.items() if isinstance(f.kind, Reference))
    for name in ENTRIES
}

SHOWN = TYPES_HERE | _NAMING.keys() | {"client"}
"""The record types whose changes may change what the directory shows."""


@dataclass(frozen=True, slots=True)
class Naming:
    """A plan that names an entry: the client's code, and by which fields (`type.key`).

    `is_open`: somebody may still act on that plan. The code is empty where it may not be read.
    """

    plan: bytes
    code: str
    fields: tuple[str, ...]
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Named:
    """A contact person in a line: the record and the name."""

    rid: bytes
    name: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An organisation or a contact person as a list shows it.

    `names` has those of what its fields refer to, by key; `answers` is the name of the
    organisation that answers for the entry.
    """

    view: View[Any]
    name: str
    names: Mapping[str, str]
    is_ours: bool
    answers: str = ""
    is_theirs: bool = False
    house: View[Any] | None = None
    """The organisation for which a person works."""

    @property
    def rid(self) -> bytes:
        """The record's id."""
        return self.view.rid

    @property
    def type(self) -> str:
        """`organisation` or `contact`."""
        return self.view.row.type

    @property
    def works_for(self) -> str:
        """The name of a person's organisation."""
        return self.names.get("organisation", "")

    @property
    def is_secret(self) -> bool:
        """Whether nobody outside may learn that it exists; so too while that is in conflict."""
        return (
            self.view.record.confidentiality == "secret" or "confidentiality" in self.view.conflicts
        )


@dataclass(frozen=True, slots=True)
class Reachable(EntryLine):
    """An entry with its telephones, which are records below it."""

    phones: tuple[View[Any], ...] = ()


@dataclass(frozen=True, slots=True)
class DirectoryEntry(Reachable):
    """An entry with all that is known of it: the plans that name it, telephones, who works there.

    Of an organisation, `people` are those who work for it.
    """

    namings: tuple[Naming, ...] = ()
    people: tuple[Named, ...] = ()
    caller: str = ""
    """The country of our own desk, from which somebody here calls."""

    @property
    def hindrances(self) -> tuple[Naming, ...]:
        """The plans that somebody may still act on and that name it."""
        return tuple(one for one in self.namings if one.is_open)


def list_directory(desk: Desk) -> tuple[DirectoryEntry, ...]:
    """All entries by name, organisations and persons together; deleted ones are left out.

    Reads the whole directory: for lists that are shown, `finding.seek` reads a page at a time.
    """
    desk.require(*DIRECTORY_READING)
    namings = _namings(desk, (row for name in _NAMING for row in desk.store.rows(name)))
    phones: dict[bytes, list[View[Any]]] = defaultdict(list)
    for seen in _views(desk, desk.store.rows("phone")):
        phones[seen.row.parent or b""].append(seen)
    contacts = _views(desk, desk.store.rows("contact"))
    people = _people(contacts)
    seen_all = (*_views(desk, desk.store.rows("organisation")), *contacts)
    referred = _Referred(desk, seen_all)
    entries = [
        _entry(
            _line(desk, seen, referred), namings.get(seen.rid, ()), phones.get(seen.rid, ()), people
        )
        for seen in seen_all
    ]
    return tuple(sorted(entries, key=lambda entry: (entry.name.casefold(), entry.rid)))


def read_entry(desk: Desk, rid: bytes) -> DirectoryEntry | None:
    """An entry with all that is known of it; None where it is not there or in the bin."""
    desk.require(*DIRECTORY_READING)
    row = desk.store.row(rid)
    if row is None or row.type not in ENTRIES:
        return None
    seen = next(iter(_views(desk, (row,))), None)
    if seen is None:
        return None
    below = (one for one in desk.store.children(rid) if one.type == "phone")
    people = _people(_views(desk, _naming(desk, "contact", ("organisation",), rid)))
    rows = (one for name, keys in _NAMING.items() for one in _naming(desk, name, keys, rid))
    line = _line(desk, seen, _Referred(desk, (seen,)))
    entry = _entry(line, _namings(desk, rows).get(rid, ()), _views(desk, below), people)
    own = desk.store.row(desk.identity.organisation)
    ours = next(iter(_views(desk, (own,))), None) if own is not None else None
    home = ours.record.country if ours is not None else None
    return replace(entry, caller=home if isinstance(home, str) else "")


def read_lines(desk: Desk, rids: Iterable[bytes]) -> tuple[EntryLine, ...]:
    """These entries as a list shows them; one that is gone or in the bin is left out."""
    desk.require(*DIRECTORY_READING)
    return tuple(EntryLine(**line) for line in _lines(desk, rids))


def read_reachable(desk: Desk, rids: Iterable[bytes]) -> tuple[Reachable, ...]:
    """As `read_lines`, with the telephones of each; read together, however many there are."""
    desk.require(*DIRECTORY_READING)
    lines = _lines(desk, rids)
    below = desk.store.kept(desk.store.search.numbers(line["view"].rid for line in lines))
    phones: dict[bytes, list[View[Any]]] = defaultdict(list)
    for row, _ in below.values():
        if not is_deleted(row.state):  # what it stands under is not, or there were no line
            phones[row.parent or b""].append(view_any(as_seen(row, hidden_keys(desk, row))))
    return tuple(Reachable(**line, phones=_sorted(phones[line["view"].rid])) for line in lines)


def put_in_bin(desk: Desk, rid: bytes) -> Done:
    """Put an entry or a telephone into the bin; what stands below it is hidden with it.

    Raises KfdeskError `directory.own` for our own desk's entry, `record.not_ours` for one that
    another organisation answers for, `directory.named` while an open plan names it or somebody
    works for it, and as `records.delete_record` does. Then nothing is changed.
    """
    desk.require(Right.EDIT_DIRECTORY)
    entry = read_entry(desk, rid)
    if entry is not None:
        if entry.is_ours:
            raise KfdeskError("directory.own")
        if entry.is_theirs:
            raise KfdeskError("record.not_ours")
        if entry.hindrances or entry.people:
            raise KfdeskError("directory.named")
    return delete_record(desk, rid)


def waiting(desk: Desk) -> tuple[DraftLine, ...]:
    """The drafts of this user that are about the directory, the newest first."""
    return tuple(line for line in drafts(desk) if line.type in TYPES_HERE)


def is_same_name(one: str, other: str) -> bool:
    """Whether two names have the same words, by letters or by sound, in whatever order."""
    return bool(fold(one)) and _is_same(fold(one), fold(other))


def _is_same(one: tuple[Word, ...], other: tuple[Word, ...]) -> bool:
    letters = sorted(word.letters for word in one) == sorted(word.letters for word in other)
    return letters or sorted(word.sound for word in one) == sorted(word.sound for word in other)


def _entry(
    line: Mapping[str, Any],
    namings: tuple[Naming, ...],
    phones: Iterable[View[Any]],
    people: Mapping[str, tuple[Named, ...]],
) -> DirectoryEntry:
    seen = line["view"]
    return DirectoryEntry(
        **line,
        namings=namings,
        phones=_sorted(phones),
        people=people.get(seen.rid.hex(), ()) if seen.row.type == "organisation" else (),
    )


def _sorted(views: Iterable[View[Any]]) -> tuple[View[Any], ...]:
    return tuple(sorted(views, key=lambda one: one.rid))


class _Referred:
    """What entries refer to and who answers for them, read together and each once."""

    def __init__(self, desk: Desk, views: Collection[View[Any]]) -> None:
        wanted = {seen.row.custodian for seen in views}
        for seen in views:
            named = (getattr(seen.record, key) for key in REFERENCES[seen.row.type])
            wanted |= {bytes.fromhex(one) for one in named if isinstance(one, str)}
        rows = [row for row, _ in desk.store.kept(wanted).values()]
        self._names = {row.rid.hex(): name_in(row) for row in rows}
        houses = {getattr(seen.record, "organisation", None) for seen in views}
        working = (row for row in rows if row.rid.hex() in houses)
        self._houses = {seen.rid.hex(): seen for seen in _views(desk, working)}

    def name(self, reference: object) -> str:
        """As `name_of` says it."""
        return self._names.get(reference, "") if isinstance(reference, str) else ""

    def house(self, reference: object) -> View[Any] | None:
        """For whom a person works, unless that is gone or in the bin."""
        return self._houses.get(reference) if isinstance(reference, str) else None


def _lines(desk: Desk, rids: Iterable[bytes]) -> list[dict[str, Any]]:
    """What a list shows of these entries, in their order."""
    wanted = list(rids)
    kept = desk.store.kept(wanted)
    seen = {one.rid: one for one in _views(desk, (row for row, _ in kept.values()))}
    referred = _Referred(desk, seen.values())
    return [_line(desk, seen[rid], referred) for rid in wanted if rid in seen]


def _line(desk: Desk, seen: View[Any], referred: _Referred) -> dict[str, Any]:
    record, custodian = seen.record, seen.row.custodian
    return {
        "view": seen,
        "name": full_name(seen),
        "names": {key: referred.name(getattr(record, key)) for key in REFERENCES[seen.row.type]},
        "is_ours": seen.rid == desk.identity.organisation,
        "answers": referred.name(custodian.hex()),
        "is_theirs": custodian != desk.identity.organisation,
        "house": referred.house(getattr(record, "organisation", None)),
    }


def full_name(seen: View[Any]) -> str:
    """The name of an organisation, or first name and surname; empty if there is none.

    While two values of a name wait for a decision, both are said.
    """
    keys = ("name",) if seen.row.type == "organisation" else ("given_name", "family_name")
    parts = (_said(seen, key) for key in keys)
    return " ".join(part for part in parts if part)


def _said(seen: View[Any], key: str) -> str:
    value = getattr(seen.record, key)
    values = [value, *(version.value for version in seen.versions.get(key, ()))]
    return " / ".join(dict.fromkeys(one for one in values if isinstance(one, str)))


def _people(contacts: Iterable[View[Any]]) -> Mapping[str, tuple[Named, ...]]:
    """Who works for which organisation, by the organisation's reference."""
    found: dict[str, list[Named]] = defaultdict(list)
    for seen in contacts:
        houses = [seen.record.organisation]
        houses += [version.value for version in seen.versions.get("organisation", ())]
        for house in dict.fromkeys(house for house in houses if isinstance(house, str)):
            found[house].append(Named(seen.rid, full_name(seen)))
    return {house: tuple(sorted(people, key=lambda one: one.name.casefold()))
            for house, people in found.items()}  # fmt: skip


def _naming(desk: Desk, record_type: str, keys: Sequence[str], rid: bytes) -> Iterator[Row]:
    """The records that may name an entry."""
    found = desk.store.kept(desk.store.search.naming(record_type, keys, rid))
    return (row for row, _ in found.values())


def _namings(desk: Desk, rows: Iterable[Row]) -> Mapping[bytes, tuple[Naming, ...]]:
    """For each entry that one of these records names, the plans that do so, by code."""
    plans = _Plans(desk)
    fields: dict[tuple[bytes, bytes], list[str]] = defaultdict(list)
    for row in rows:
        seen, keys = view_any(row), _NAMING[row.type]
        named = [(one, f"{row.type}.{key}") for key in keys for one in _refers(seen, key)]
        is_naming = bool(named) and not is_in_bin(desk, row)
        for plan in plans.of(row) if is_naming else ():
            for rid, path in named:
                fields[rid, plan].append(path)
    found: dict[bytes, list[Naming]] = defaultdict(list)
    for (rid, plan), paths in fields.items():
        found[rid].append(plans.naming(plan, tuple(dict.fromkeys(paths))))
    return {rid: tuple(sorted(all_, key=lambda one: one.code)) for rid, all_ in found.items()}


class _Plans:
    """The plans above records, each read once; those in the bin are left out."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._views: dict[bytes, View[Any] | None] = {}

    def of(self, row: Row) -> tuple[bytes, ...]:
        """The plan that a record is or stands under; of what is a client's own, all her plans."""
        above = next((o for o in self._desk.upwards(row) if o.type in ("plan", "client")), None)
        if above is None:
            return ()
        if above.type == "plan":
            return (above.rid,) if self._view(above.rid) is not None else ()
        below = (one.rid for one in self._desk.store.children(above.rid) if one.type == "plan")
        return tuple(rid for rid in below if self._view(rid) is not None)

    def naming(self, rid: bytes, paths: tuple[str, ...]) -> Naming:
        """How a plan names an entry; without its code where who sits here may not read it."""
        seen = self._view(rid)
        assert seen is not None
        client = self._view(seen.row.parent or b"")
        may_see = client is not None and may_read(self._desk, seen.row)
        return Naming(rid, _code(client) if client and may_see else "", paths, _is_open(seen))

    def _view(self, rid: bytes) -> View[Any] | None:
        if rid not in self._views:
            row = self._desk.store.row(rid)
            is_here = row is not None and not is_in_bin(self._desk, row)
            self._views[rid] = view_any(row) if row is not None and is_here else None
        return self._views[rid]


def _is_open(plan: View[Any]) -> bool:
    """Whether a plan may still be acted on; one in doubt is."""
    return "state" in plan.conflicts or plan.record.state not in READ_ONLY


def _refers(seen: View[Any], key: str) -> Iterator[bytes]:
    """What a field refers to; a field in conflict refers to all that it may come to mean."""
    values = [getattr(seen.record, key), *(v.value for v in seen.versions.get(key, ()))]
    for value in values:
        if isinstance(value, str):
            yield bytes.fromhex(value)


def _views(desk: Desk, rows: Iterable[Row]) -> list[View[Any]]:
    views: list[View[Any]] = [view_any(as_seen(row, hidden_keys(desk, row))) for row in rows]
    return [seen for seen in views if not is_in_bin(desk, seen.row)]


def _code(seen: View[Any]) -> str:
    return seen.record.code if isinstance(seen.record.code, str) else ""
