# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory: organisations and contact persons, and the plans that refer to them.

This module reads entries with their telephones, people and references, and decides which
entries may go into the bin. Pages decide how an entry is worded. Creating and changing an entry
works as for every record.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kfdesk.domain.accounts import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import ReferenceKind
from kfdesk.domain.names import FoldedWord, fold_words
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import RecordView, Row, view_any
from kfdesk.domain.values import text_or_empty
from kfdesk.domain.workflow.gates import READ_ONLY_STATES
from kfdesk.services.core.authorization import (
    DIRECTORY_READ_RIGHTS,
    hidden_keys,
    may_read,
    without_hidden,
)
from kfdesk.services.core.drafts import DraftLine, list_drafts
from kfdesk.services.core.history import row_name
from kfdesk.services.core.records import (
    Saved,
    change_record,
    delete_records,
    is_in_bin,
    require_record,
)
from kfdesk.services.core.session import Session
from kfdesk.services.directory.checks import Checks, newest_checks

ENTRY_TYPES = ("organisation", "contact")
DIRECTORY_TYPES = frozenset({*ENTRY_TYPES, "phone"})
"""The record types of the directory."""

_CASE_REFERENCES: Mapping[str, tuple[str, ...]] = {
    name: keys
    for name, described in RECORD_TYPES.items()
    if name not in DIRECTORY_TYPES
    and (keys := tuple(k for k, f in described.fields.items() if isinstance(f.kind, ReferenceKind)))
}
"""The fields by which a client's records may name an entry of the directory."""

ENTRY_REFERENCES: Mapping[str, tuple[str, ...]] = {
    name: tuple(
        k for k, f in RECORD_TYPES[name].fields.items() if isinstance(f.kind, ReferenceKind)
    )
    for name in ENTRY_TYPES
}

DIRECTORY_DEPENDENCIES = DIRECTORY_TYPES | _CASE_REFERENCES.keys() | {"client", "entry_check"}
"""The record types whose changes may change what the directory shows."""


@dataclass(frozen=True, slots=True)
class PlanReference:
    """A plan that refers to an entry: the client's code, and the fields that refer (`type.key`).

    `is_open`: users may still work on that plan. The code is empty if it may not be read.
    """

    plan: bytes
    code: str
    fields: tuple[str, ...]
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class ContactName:
    """A contact person in a list: the record's id and the name."""

    rid: bytes
    name: str


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An organisation or a contact person as a list shows it.

    `names` has the names of referenced entries, by key. `answers` is the name of the
    organisation that answers for the entry.
    """

    view: RecordView[Any]
    name: str
    names: Mapping[str, str]
    is_ours: bool
    answers: str = ""
    is_theirs: bool = False
    house: RecordView[Any] | None = None
    """The organisation for which a person works."""
    checks: Checks = ()
    """The newest checks of an organisation, newest first."""

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
        """The name of the organisation that a person works for."""
        return self.names.get("organisation", "")

    @property
    def is_secret(self) -> bool:
        """True if nobody outside may learn of the entry; also while this is in conflict."""
        return (
            self.view.record.confidentiality == "secret" or "confidentiality" in self.view.conflicts
        )


@dataclass(frozen=True, slots=True)
class EntryWithPhones(EntryLine):
    """An entry with its telephones, which are records below it."""

    phones: tuple[RecordView[Any], ...] = ()


@dataclass(frozen=True, slots=True)
class DirectoryEntry(EntryWithPhones):
    """An entry with everything known of it: telephones, plans that refer to it, and its people.

    `people` are those who work for an organisation.
    """

    namings: tuple[PlanReference, ...] = ()
    people: tuple[ContactName, ...] = ()
    caller: str = ""
    """The country of our own organisation, from which users call."""

    @property
    def open_references(self) -> tuple[PlanReference, ...]:
        """The open plans that refer to the entry, so that it cannot be deleted."""
        return tuple(one for one in self.namings if one.is_open)


# --- services


def list_directory(desk: Session) -> tuple[DirectoryEntry, ...]:
    """Return all entries by name, organisations and persons together, without deleted ones.

    This reads the whole directory. To show lists, use `search_directory`, which reads page by
    page.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    namings = _plan_references(
        desk, (row for name in _CASE_REFERENCES for row in desk.store.rows(name))
    )
    phones: dict[bytes, list[RecordView[Any]]] = defaultdict(list)
    for seen in _visible_views(desk, desk.store.rows("phone")):
        phones[seen.row.parent or b""].append(seen)
    contacts = _visible_views(desk, desk.store.rows("contact"))
    people = _people_by_organisation(contacts)
    seen_all = (*_visible_views(desk, desk.store.rows("organisation")), *contacts)
    referred = _ReferencedRecords(desk, seen_all)
    checks = newest_checks(desk, [seen.rid for seen in seen_all])
    entries = [
        _directory_entry(
            _entry_line(desk, seen, referred, checks),
            namings.get(seen.rid, ()),
            phones.get(seen.rid, ()),
            people,
        )
        for seen in seen_all
    ]
    return tuple(sorted(entries, key=lambda entry: (entry.name.casefold(), entry.rid)))


def read_entry(desk: Session, rid: bytes) -> DirectoryEntry | None:
    """Return an entry with everything known of it; None if it is missing or in the bin."""
    desk.require(*DIRECTORY_READ_RIGHTS)
    row = desk.store.row(rid)
    if row is None or row.type not in ENTRY_TYPES:
        return None
    seen = next(iter(_visible_views(desk, (row,))), None)
    if seen is None:
        return None
    phones = (one for one in desk.store.children(rid) if one.type == "phone")
    people = _people_by_organisation(
        _visible_views(desk, _rows_referring_to(desk, "contact", ("organisation",), rid))
    )
    rows = (
        one
        for name, keys in _CASE_REFERENCES.items()
        for one in _rows_referring_to(desk, name, keys, rid)
    )
    referred = _ReferencedRecords(desk, (seen,))
    line = _entry_line(desk, seen, referred, newest_checks(desk, (rid,)))
    entry = _directory_entry(
        line, _plan_references(desk, rows).get(rid, ()), _visible_views(desk, phones), people
    )
    own = desk.store.row(desk.identity.organisation)
    ours = next(iter(_visible_views(desk, (own,))), None) if own is not None else None
    home = ours.record.country if ours is not None else None
    return replace(entry, caller=text_or_empty(home))


def read_lines(desk: Session, rids: Iterable[bytes]) -> tuple[EntryLine, ...]:
    """Return these entries as a list shows them, without those missing or in the bin."""
    desk.require(*DIRECTORY_READ_RIGHTS)
    return tuple(EntryLine(**line) for line in _entry_lines(desk, rids))


def read_with_phones(desk: Session, rids: Iterable[bytes]) -> tuple[EntryWithPhones, ...]:
    """Return the entries as `read_lines` does, with their telephones, read together."""
    desk.require(*DIRECTORY_READ_RIGHTS)
    lines = _entry_lines(desk, rids)
    below = desk.store.kept(desk.store.search.numbers(line["view"].rid for line in lines))
    phones: dict[bytes, list[RecordView[Any]]] = defaultdict(list)
    for row, _ in below.values():
        if not is_deleted(row.state):  # the entry above is not deleted, or it would have no line
            phones[row.parent or b""].append(view_any(without_hidden(row, hidden_keys(desk, row))))
    return tuple(
        EntryWithPhones(**line, phones=_sorted(phones[line["view"].rid])) for line in lines
    )


def delete_entry(desk: Session, rid: bytes) -> Saved:
    """Put an entry or a telephone into the bin; the records below it are hidden with it.

    Raise KfdeskError `directory.own` for our own organisation's entry, `record.not_ours` for
    one that another organisation answers for, `directory.named` while an open plan refers to it
    or somebody works for it, and as `delete_record` does. Then nothing is changed.
    """
    return delete_entries(desk, (rid,))[0]


def delete_entries(desk: Session, rids: Sequence[bytes]) -> tuple[Saved, ...]:
    """Put several entries into the bin, all or none; raise as `delete_entry` does.

    An organisation may go together with all who work for it.
    """
    desk.require(Right.EDIT_DIRECTORY)
    going = frozenset(rids)
    for entry in filter(None, (read_entry(desk, rid) for rid in rids)):
        if entry.is_ours:
            raise KfdeskError("directory.own")
        if entry.is_theirs:
            raise KfdeskError("record.not_ours")
        if entry.open_references or any(one.rid not in going for one in entry.people):
            raise KfdeskError("directory.named")
    return delete_records(desk, [(rid, None) for rid in rids])


def set_entry_class(desk: Session, rid: bytes, code: str) -> Saved:
    """Set who may see an entry or a telephone of ours.

    Raise KfdeskError `user.not_allowed`, `record.missing`, `record.not_ours` for one that another
    organisation answers for, or `field.…`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    row = require_record(desk, rid)
    if row.type not in DIRECTORY_TYPES or is_in_bin(desk, row):
        raise KfdeskError("record.missing")
    if row.custodian != desk.identity.organisation:
        raise KfdeskError("record.not_ours")
    return change_record(desk, rid, {"confidentiality": code})


def list_directory_drafts(desk: Session) -> tuple[DraftLine, ...]:
    """Return this user's drafts of directory records, the newest first."""
    return tuple(line for line in list_drafts(desk) if line.type in DIRECTORY_TYPES)


def is_same_name(one: str, other: str) -> bool:
    """Return whether two names have the same words, by spelling or by sound, in any order."""
    return bool(fold_words(one)) and _same_words(fold_words(one), fold_words(other))


def _same_words(one: tuple[FoldedWord, ...], other: tuple[FoldedWord, ...]) -> bool:
    letters = sorted(word.letters for word in one) == sorted(word.letters for word in other)
    return letters or sorted(word.sound for word in one) == sorted(word.sound for word in other)


def _directory_entry(
    line: Mapping[str, Any],
    namings: tuple[PlanReference, ...],
    phones: Iterable[RecordView[Any]],
    people: Mapping[str, tuple[ContactName, ...]],
) -> DirectoryEntry:
    seen = line["view"]
    return DirectoryEntry(
        **line,
        namings=namings,
        phones=_sorted(phones),
        people=people.get(seen.rid.hex(), ()) if seen.row.type == "organisation" else (),
    )


def _sorted(views: Iterable[RecordView[Any]]) -> tuple[RecordView[Any], ...]:
    return tuple(sorted(views, key=lambda one: one.rid))


class _ReferencedRecords:
    """The records that entries refer to and the custodians of entries, each read once."""

    def __init__(self, desk: Session, views: Collection[RecordView[Any]]) -> None:
        wanted = {seen.row.custodian for seen in views}
        for seen in views:
            named = (getattr(seen.record, key) for key in ENTRY_REFERENCES[seen.row.type])
            wanted |= {bytes.fromhex(one) for one in named if isinstance(one, str)}
        rows = [row for row, _ in desk.store.kept(wanted).values()]
        self._names = {row.rid.hex(): row_name(row) for row in rows}
        houses = {getattr(seen.record, "organisation", None) for seen in views}
        working = (row for row in rows if row.rid.hex() in houses)
        self._houses = {seen.rid.hex(): seen for seen in _visible_views(desk, working)}

    def name(self, reference: object) -> str:
        """Return the name of a referenced record, as `name_of` does."""
        return self._names.get(reference, "") if isinstance(reference, str) else ""

    def organisation(self, reference: object) -> RecordView[Any] | None:
        """Return the organisation that a person works for; None if it is missing or in the bin."""
        return self._houses.get(reference) if isinstance(reference, str) else None


def _entry_lines(desk: Session, rids: Iterable[bytes]) -> list[dict[str, Any]]:
    """Return the values of EntryLine for these entries, in their order."""
    wanted = list(rids)
    kept = desk.store.kept(wanted)
    seen = {one.rid: one for one in _visible_views(desk, (row for row, _ in kept.values()))}
    referred, checks = _ReferencedRecords(desk, seen.values()), newest_checks(desk, seen)
    return [_entry_line(desk, seen[rid], referred, checks) for rid in wanted if rid in seen]


def _entry_line(
    desk: Session,
    seen: RecordView[Any],
    referred: _ReferencedRecords,
    checks: Mapping[bytes, Checks],
) -> dict[str, Any]:
    record, custodian = seen.record, seen.row.custodian
    return {
        "view": seen,
        "name": entry_name(seen),
        "names": {
            key: referred.name(getattr(record, key)) for key in ENTRY_REFERENCES[seen.row.type]
        },
        "is_ours": seen.rid == desk.identity.organisation,
        "answers": referred.name(custodian.hex()),
        "is_theirs": custodian != desk.identity.organisation,
        "house": referred.organisation(getattr(record, "organisation", None)),
        "checks": checks.get(seen.rid, ()),
    }


def entry_name(seen: RecordView[Any]) -> str:
    """Return the name of an organisation, or first name and surname; empty if there is none.

    While a name is in conflict, return all its values.
    """
    keys = ("name",) if seen.row.type == "organisation" else ("given_name", "family_name")
    parts = (_text_versions(seen, key) for key in keys)
    return " ".join(part for part in parts if part)


def _text_versions(seen: RecordView[Any], key: str) -> str:
    value = getattr(seen.record, key)
    values = [value, *(version.value for version in seen.versions.get(key, ()))]
    return " / ".join(dict.fromkeys(one for one in values if isinstance(one, str)))


def _people_by_organisation(
    contacts: Iterable[RecordView[Any]],
) -> Mapping[str, tuple[ContactName, ...]]:
    """Return the people of each organisation, by the organisation's reference."""
    found: dict[str, list[ContactName]] = defaultdict(list)
    for seen in contacts:
        houses = [seen.record.organisation]
        houses += [version.value for version in seen.versions.get("organisation", ())]
        for house in dict.fromkeys(house for house in houses if isinstance(house, str)):
            found[house].append(ContactName(seen.rid, entry_name(seen)))
    return {house: tuple(sorted(people, key=lambda one: one.name.casefold()))
            for house, people in found.items()}  # fmt: skip


def _rows_referring_to(
    desk: Session, record_type: str, keys: Sequence[str], rid: bytes
) -> Iterator[Row]:
    """Yield the records that may refer to an entry."""
    found = desk.store.kept(desk.store.search.records_naming(record_type, keys, rid))
    return (row for row, _ in found.values())


def _plan_references(
    desk: Session, rows: Iterable[Row]
) -> Mapping[bytes, tuple[PlanReference, ...]]:
    """Return for each entry the plans that refer to it through these records, by code."""
    plans = _PlanLookup(desk)
    fields: dict[tuple[bytes, bytes], list[str]] = defaultdict(list)
    for row in rows:
        seen, keys = view_any(row), _CASE_REFERENCES[row.type]
        named = [(one, f"{row.type}.{key}") for key in keys for one in _referenced_ids(seen, key)]
        is_naming = bool(named) and not is_in_bin(desk, row)
        for plan in plans.plans_of(row) if is_naming else ():
            for rid, path in named:
                fields[rid, plan].append(path)
    found: dict[bytes, list[PlanReference]] = defaultdict(list)
    for (rid, plan), paths in fields.items():
        found[rid].append(plans.reference(plan, tuple(dict.fromkeys(paths))))
    return {rid: tuple(sorted(all_, key=lambda one: one.code)) for rid, all_ in found.items()}


class _PlanLookup:
    """The plans of records, each read once, without those in the bin."""

    def __init__(self, desk: Session) -> None:
        self._desk = desk
        self._views: dict[bytes, RecordView[Any] | None] = {}

    def plans_of(self, row: Row) -> tuple[bytes, ...]:
        """Return the plan that a record is or lies under; for a client's own records, all plans."""
        above = next(
            (o for o in self._desk.self_and_ancestors(row) if o.type in ("plan", "client")), None
        )
        if above is None:
            return ()
        if above.type == "plan":
            return (above.rid,) if self._view(above.rid) is not None else ()
        below = (one.rid for one in self._desk.store.children(above.rid) if one.type == "plan")
        return tuple(rid for rid in below if self._view(rid) is not None)

    def reference(self, rid: bytes, paths: tuple[str, ...]) -> PlanReference:
        """Return how a plan refers to an entry, without its code if the user may not read it."""
        seen = self._view(rid)
        assert seen is not None
        client = self._view(seen.row.parent or b"")
        is_client = client is not None and client.row.type == "client"
        may_see = is_client and may_read(self._desk, seen.row)
        return PlanReference(
            rid,
            text_or_empty(client.record.code) if client and may_see else "",
            paths,
            _is_open_plan(seen),
        )

    def _view(self, rid: bytes) -> RecordView[Any] | None:
        if rid not in self._views:
            row = self._desk.store.row(rid)
            is_here = row is not None and not is_in_bin(self._desk, row)
            self._views[rid] = view_any(row) if row is not None and is_here else None
        return self._views[rid]


def _is_open_plan(plan: RecordView[Any]) -> bool:
    """Return whether users may still work on a plan; a conflict of its state counts as yes."""
    return "state" in plan.conflicts or plan.record.state not in READ_ONLY_STATES


def _referenced_ids(seen: RecordView[Any], key: str) -> Iterator[bytes]:
    """Yield the ids that a field refers to; for a field in conflict, those of all its values."""
    values = [getattr(seen.record, key), *(v.value for v in seen.versions.get(key, ()))]
    for value in values:
        if isinstance(value, str):
            yield bytes.fromhex(value)


def _visible_views(desk: Session, rows: Iterable[Row]) -> list[RecordView[Any]]:
    views: list[RecordView[Any]] = [
        view_any(without_hidden(row, hidden_keys(desk, row))) for row in rows
    ]
    return [seen for seen in views if not is_in_bin(desk, seen.row)]
