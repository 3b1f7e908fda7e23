# SPDX-License-Identifier: GPL-3.0-or-later
"""Contact files: export the directory, and match, preview and import lists of contacts.

An exported file holds what any verified partner may see: no secret entry, no address, nothing
internal. Nobody knows who will hold it, so it names no recipient. An import never overwrites
unasked: entries that match are shown with their differences, and a person chooses. Both work
batch by batch, so a large directory needs no more memory than a small one. `formats` knows
the file types; this module does not.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.compact import CompactSequence
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.directory import (
    MAX_LIST_BYTES,
    NAMED_ORGANISATION_KEY,
    ExportSelection,
    FileKind,
    ParsedContact,
    ParsedFile,
    ParseFailure,
    ParseOptions,
    SearchQuery,
    code_term,
    digit_terms,
)
from kfdesk.domain.disclosure import Channel, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.names import bare_letters, bare_words, strip_marks
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import Row, encode_changes, seen_writes, view_any
from kfdesk.domain.values import Value
from kfdesk.i18n.parsing import national_digits, to_e164
from kfdesk.services.core.records import Saved, put_changed, put_new, require_record
from kfdesk.services.core.saved_files import save_file
from kfdesk.services.core.session import Changes, Progress, Session, cancel_check
from kfdesk.services.directory.entries import (
    ENTRY_REFERENCES,
    ENTRY_TYPES,
    EntryWithPhones,
    read_lines,
    read_with_phones,
)

# --- export

_EXPORT_BATCH = 400


def export_contacts(
    desk: Session,
    kind: FileKind,
    path: Path,
    only: Collection[bytes] | None = None,
    progress: Progress | None = None,
) -> int:
    """Save all entries, or only some, as a file; return how many were written.

    Write a temporary file first, then rename it. Raise KfdeskError `contacts.nothing_to_give`,
    `store.disk`, `work.cancelled` or `user.not_allowed`; then there is no file.
    """
    desk.require(Right.PRINT_INTERNAL)
    count = 0

    def write(file: BinaryIO) -> None:
        nonlocal count
        parts = _export_parts(desk, only, progress)
        count = desk.adapters.write_contact_file(kind, parts, file)
        if not count:
            raise KfdeskError("contacts.nothing_to_give")

    save_file(desk, path, write, lambda: desk.log(Action.SAVE_LIST, keys=(kind, str(count))))
    return count


def _export_parts(
    desk: Session, only: Collection[bytes] | None, progress: Progress | None
) -> Iterator[ExportSelection]:
    """Yield the requested entries, each once; with an organisation also its people."""
    done, whole = 0, desk.store.search.count()
    for record_type in ENTRY_TYPES:
        last = b""
        while rows := desk.store.rows_after(record_type, last, _EXPORT_BATCH):
            if progress is not None:
                progress.step(min(done, whole), whole)
            last, done = rows[-1].rid, done + len(rows)
            yield _disclosed_part(desk, [row for row in rows if not is_deleted(row.state)], only)


def _disclosed_part(
    desk: Session, rows: Sequence[Row], only: Collection[bytes] | None
) -> ExportSelection:
    """Return what may be exported of these, with telephones and the entries they refer to."""
    referred = {row.rid: _referenced_entries(row) for row in rows}
    others = desk.store.kept(set().union(*referred.values())).values()
    named = {
        row.rid: row for row, _ in others if not is_deleted(row.state) and _is_selected(row, only)
    }
    entries = {
        row.rid: row for row in rows
        if _is_selected(row, only) or (row.type == "contact" and referred[row.rid] & named.keys())
    }  # fmt: skip
    phones = desk.store.kept(desk.store.search.numbers(entries)).values()
    whole = {**named, **entries, **{row.rid: row for row, _ in phones}}
    anybody = Recipient(RecipientKind.PARTNER, None, is_verified=True)
    what = disclose(tuple(whole.values()), anybody, Channel.DESK_PAPER, desk.disclosure_basis())
    return ExportSelection(what, frozenset(entries))


def _is_selected(row: Row, only: Collection[bytes] | None) -> bool:
    return only is None or row.rid in only


def _referenced_entries(row: Row) -> frozenset[bytes]:
    """Return the ids of the entries that one refers to."""
    record = view_any(row).record
    named = (getattr(record, key) for key in ENTRY_REFERENCES[row.type])
    return frozenset(bytes.fromhex(one) for one in named if isinstance(one, str))


# --- matching

PHONES_KEY = "numbers"
"""The key of a difference in telephones, which are records below the entry."""


class MatchReason(StrEnum):
    """Reason why two entries match."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field that has another value in the file, or none here."""

    key: str
    ours: Value = field(repr=False)
    theirs: Value = field(repr=False)


@dataclass(frozen=True, slots=True)
class DirectoryMatch:
    """An entry here that probably is the same, why it matches, and what differs."""

    entry: EntryWithPhones
    likeness: MatchReason
    differences: tuple[FieldDifference, ...]


_MatchKey = tuple[str, ...]
_MAX_MATCHES = 200
_MOST_NUMBERS = 100  # telephones of an entry of a file by which it is looked for
_MOST_WORDS = 20  # words by which the index is asked; the match key then has all of them


class DirectoryMatcher:
    """The directory by match keys, read only as far as its index finds entries."""

    def __init__(self, desk: Session) -> None:
        self._desk = desk

    def find_matches(self, entries: Sequence[ParsedContact]) -> Sequence[DirectoryMatch | None]:
        """Return the best match of each entry, or None, with one query for all.

        The best match is one without differences, else the first by name, number, e-mail.
        """
        known = [match_keys(o.type, o.values, o.numbers[:_MOST_NUMBERS]) for o in entries]
        alike = self._entries_by_key(dict.fromkeys(mark for some in known for mark in some))
        return [_best_match(one, some, alike) for one, some in zip(entries, known, strict=True)]

    def find_organisation(self, name: str) -> bytes | None:
        """Return the organisation of a name in any spelling; if there are several, the first."""
        mark = name_key(name)
        led = self._query_index([(MatchReason.NAME, "organisation", *mark, "")])[0] if mark else ()
        lines = read_lines(self._desk, sorted(led))
        return next((one.rid for one in lines if name_key(one.name) == mark), None)

    def _entries_by_key(
        self, asked: Collection[_MatchKey]
    ) -> Mapping[_MatchKey, Sequence[EntryWithPhones]]:
        """Return the entries with each match key; a name without a place matches one anywhere."""
        led = dict(zip(asked, self._query_index(asked), strict=True))
        rids = sorted(set().union(*led.values()))
        entries = {one.rid: one for one in read_with_phones(self._desk, rids)}
        own = {rid: _match_keys_of(one) for rid, one in entries.items()}
        return {
            mark: [entries[rid] for rid in sorted(rids) if mark in own.get(rid, ())]
            for mark, rids in led.items()
        }

    def _query_index(self, asked: Collection[_MatchKey]) -> Sequence[Sequence[bytes]]:
        return self._desk.store.search.find_matches(
            [_match_query(mark) for mark in asked], _MAX_MATCHES
        )


def _match_query(mark: _MatchKey) -> SearchQuery:
    """Return the index query for a match key; it may also find entries that do not have the key."""
    likeness, record_type, *words = mark
    kind = code_term("type", record_type)
    if likeness == MatchReason.NAME:
        return SearchQuery(codes=(*words[: words.index("")][:_MOST_WORDS], kind))
    if likeness == MatchReason.PHONE:
        begun = digit_terms(national_digits(words[0]))
        return SearchQuery((begun,) if begun else (), codes=(kind,))
    return SearchQuery(codes=(*bare_words(words[0])[:_MOST_WORDS], kind))


def _match_keys_of(entry: EntryWithPhones) -> frozenset[_MatchKey]:
    """Return all match keys of an entry here, including its name without a place."""
    own = match_keys(entry.type, importable_values(entry), phone_numbers(entry))
    placeless = (MatchReason.NAME, entry.type, *name_key(entry.name), "", "")
    return frozenset((*own, placeless))


def _best_match(
    listed: ParsedContact,
    known: Iterable[_MatchKey],
    alike: Mapping[_MatchKey, Sequence[EntryWithPhones]],
) -> DirectoryMatch | None:
    found: dict[bytes, tuple[EntryWithPhones, MatchReason]] = {}
    for mark in known:
        for entry in alike[mark]:
            found.setdefault(entry.rid, (entry, MatchReason(mark[0])))
    differs, order = _make_comparison(listed), list(MatchReason)
    best = min(
        found.values(),
        key=lambda one: (differs(one[0]), order.index(one[1]), one[0].rid),
        default=None,
    )
    return best and DirectoryMatch(*best, tuple(list_differences(listed, best[0])))


def _make_comparison(listed: ParsedContact) -> Callable[[EntryWithPhones], bool]:
    """Return whether an entry lacks something of the file, as a function of the entry.

    The telephones of the file are normalized once for each country, not once for each entry.
    """

    @cache
    def numbers(country: str) -> frozenset[str]:
        return frozenset(normalize_number(one, country) for one in listed.numbers)

    def lacks(entry: EntryWithPhones) -> bool:
        if any(_field_differences(listed, entry)):
            return True
        typed, country = frozenset(phone_numbers(entry)), _country_of_numbers(listed, entry)
        if all(map(typed.__contains__, listed.numbers)):
            return False
        return not numbers(country) <= {normalize_number(one, country) for one in typed}

    return lacks


def name_key(name: str) -> _MatchKey:
    """Return the match key of a name: its words in bare letters, sorted."""
    return tuple(sorted(bare_letters(name)))


def list_differences(listed: ParsedContact, entry: EntryWithPhones) -> Iterator[FieldDifference]:
    """Yield what the file has and the entry does not."""
    yield from _field_differences(listed, entry)
    country, typed = _country_of_numbers(listed, entry), tuple(phone_numbers(entry))
    known = {normalize_number(one, country) for one in typed}
    new = tuple(one for one in listed.numbers if normalize_number(one, country) not in known)
    if new:
        yield FieldDifference(PHONES_KEY, typed, new)


def _field_differences(listed: ParsedContact, entry: EntryWithPhones) -> Iterator[FieldDifference]:
    ours = importable_values(entry)
    for key, value in listed.values.items():
        if not entry.is_theirs and not _includes_value(ours.get(key), value):
            yield FieldDifference(key, ours.get(key), value)


def _country_of_numbers(listed: ParsedContact, entry: EntryWithPhones) -> str:
    ours = getattr(entry.view.record, "country", None)
    return str(ours or listed.values.get("country") or "")


def _includes_value(ours: Value, theirs: Value) -> bool:
    if isinstance(theirs, tuple):
        return isinstance(ours, tuple) and set(theirs) <= set(ours)
    if isinstance(ours, str) and isinstance(theirs, str):
        return (
            strip_marks(theirs) in strip_marks(ours)
            if "\n" in ours
            else strip_marks(theirs) == strip_marks(ours)
        )
    return ours == theirs


def importable_values(entry: EntryWithPhones) -> Mapping[str, Value]:
    """Return an entry's values in the form of a file, with names in place of references."""
    record, named = entry.view.record, NAMED_ORGANISATION_KEY[entry.type]
    keys = {key for key in type(record).__dataclass_fields__ if key not in entry.names}
    values = {key: getattr(record, key) for key in keys}
    return values | {named: entry.names.get(named) or None}


def phone_numbers(entry: EntryWithPhones) -> list[str]:
    """Return all telephones of an entry, as typed."""
    own = getattr(entry.view.record, "phone", None)
    numbers = [own, *(seen.record.number for seen in entry.phones)]
    return [one for one in numbers if isinstance(one, str)]


def match_keys(
    record_type: str, values: Mapping[str, Value], numbers: Iterable[str]
) -> list[_MatchKey]:
    """Return all match keys of an entry; each begins with the match reason and the record type."""
    name = " ".join(
        part for key in ("name", "given_name", "family_name")
        if isinstance(part := values.get(key), str)
    )  # fmt: skip
    country, city, mail = (values.get(key) for key in ("country", "city", "email"))
    place = (str(country or ""), *name_key(city if isinstance(city, str) else ""))
    marks: list[_MatchKey] = []
    if name_key(name):
        marks.append((MatchReason.NAME, record_type, *name_key(name), "", *place))
    for one in numbers:
        dialled = to_e164(one, str(country or ""))
        if dialled:
            marks.append((MatchReason.PHONE, record_type, dialled))
    if isinstance(mail, str) and mail:
        marks.append((MatchReason.EMAIL, record_type, mail.casefold()))
    return marks


def normalize_number(typed: str, country: str) -> str:
    """Normalize a number for comparison."""
    return to_e164(typed, country) or "".join(sign for sign in typed if sign.isalnum())


# --- the preview of an import

_HSDS_TABLES = (
    "organizations.csv", "services.csv", "locations.csv", "organization.csv", "service.csv",
    "location.csv",
)  # fmt: skip
"""Names of HSDS tables: a file of such a name is imported with the tables beside it."""

MAX_PREVIEW_LINES = 500
_PREVIEW_BATCH = 100  # entries that are matched together


class ImportStatus(StrEnum):
    """Relation of an entry of the file to the directory."""

    NEW = "new"
    TWIN = "twin"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class ImportLine:
    """An entry of the file, its relation to the directory, and the entry it matches, if any."""

    listed: ParsedContact
    fate: ImportStatus
    twin: DirectoryMatch | None = None


@dataclass(frozen=True, slots=True)
class ContactImportPreview:
    """Preview of an import: the relation of each entry, and the first entries as lines.

    For entries without a line, the user can only choose whether they are imported.
    """

    lines: tuple[ImportLine, ...] = field(repr=False)
    reading: ParsedFile = field(repr=False)
    fates: tuple[ImportStatus, ...] = field(default=(), repr=False)

    @property
    def broken(self) -> Sequence[ParseFailure]:
        """The parts that could not be read."""
        return self.reading.broken

    def count(self, fate: ImportStatus) -> int:
        """Return how many entries of the file have this relation to the directory."""
        return sum(one is fate for one in self.fates)


def read_contact_files(path: Path) -> Mapping[str, bytes]:
    """Return the bytes of a file, or of the tables in a folder, up to the allowed size.

    Raise KfdeskError `contacts.too_large`, `contacts.not_readable` or
    `contacts.nothing_inside`.
    """
    try:
        if path.is_dir() or path.name.lower() in _HSDS_TABLES:
            folder = path if path.is_dir() else path.parent
            found = sorted(one for one in folder.iterdir() if one.suffix.lower() == ".csv")
        else:
            found = [path]
        if sum(one.stat().st_size for one in found) > MAX_LIST_BYTES:
            raise KfdeskError("contacts.too_large", most=MAX_LIST_BYTES // 2**20)
        read = {one.name: _read_limited(one) for one in found}
    except OSError:
        raise KfdeskError("contacts.not_readable") from None
    if not read:
        raise KfdeskError("contacts.nothing_inside")
    return read


def preview_contact_import(
    desk: Session, files: Mapping[str, bytes], how: ParseOptions, progress: Progress | None = None
) -> ContactImportPreview:
    """Return what importing these files would do. Write nothing.

    Raise KfdeskError `contacts.…`, `user.not_allowed` or `work.cancelled`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    reading = desk.adapters.read_contact_files(files, how, cancel_check(progress))
    return preview_parsed_contacts(desk, reading, progress)


def preview_parsed_contacts(
    desk: Session, reading: ParsedFile, progress: Progress | None = None
) -> ContactImportPreview:
    """Return what importing these entries would do. Write nothing.

    Raise KfdeskError `user.not_allowed` or `work.cancelled`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    known = DirectoryMatcher(desk)
    before: set[bytes] = set()
    fates: list[ImportStatus] = []
    lines: list[ImportLine] = []
    entries = iter(reading.entries)
    while some := tuple(islice(entries, _PREVIEW_BATCH)):
        if progress is not None:
            progress.step(len(fates), len(reading.entries))
        for line in _import_lines(known, some, before):
            fates.append(line.fate)
            lines += [line] if len(lines) < MAX_PREVIEW_LINES else []
    return ContactImportPreview(tuple(lines), reading, tuple(fates))


def _import_lines(
    known: DirectoryMatcher, some: Sequence[ParsedContact], before: set[bytes]
) -> Iterator[ImportLine]:
    """Yield each entry's relation; a repeated entry of the same file counts as known."""
    first = [_is_first(listed, before) for listed in some]
    asked = [listed for listed, is_first in zip(some, first, strict=True) if is_first]
    twins = iter(known.find_matches(asked))
    for listed, is_first in zip(some, first, strict=True):
        twin = next(twins) if is_first else None
        is_same = not is_first or (twin is not None and not twin.differences)
        yield ImportLine(
            listed,
            ImportStatus.SAME if is_same else ImportStatus.TWIN if twin else ImportStatus.NEW,
            twin,
        )


def _is_first(listed: ParsedContact, before: set[bytes]) -> bool:
    whole = (listed.type, sorted(map(repr, listed.values.items())), listed.numbers)
    digest = blake2b(repr(whole).encode(errors="replace"), digest_size=16).digest()
    is_first = digest not in before
    before.add(digest)
    return is_first


def _read_limited(path: Path) -> bytes:
    """Read a file, but no more than the allowed size, even if it has grown since."""
    if not path.is_file():  # a pipe or a device would never end
        raise KfdeskError("contacts.not_readable")
    with path.open("rb") as file:
        data = file.read(MAX_LIST_BYTES + 1)
    if len(data) > MAX_LIST_BYTES:
        raise KfdeskError("contacts.too_large", most=MAX_LIST_BYTES // 2**20)
    return data


# --- the import

DEFAULT_CONFIDENTIALITY = "secret"


@dataclass(frozen=True, slots=True)
class ImportChoices:
    """The user's choices for a preview; lines are named by their index in it.

    `left` new lines are not imported. `apart` matches are imported as new entries. `merged`
    says which values of a match are taken from the file.
    """

    seen_by: str = DEFAULT_CONFIDENTIALITY
    left: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()
    merged: Mapping[int, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContactImportResult(Changes):
    """The saves of an import, to be undone together, and how many entries are new or changed.

    `rids` stays empty, `done` names the records: there may be many, and their types suffice.
    """

    done: Sequence[Saved] = field(default=(), repr=False)
    new: int = 0
    changed: int = 0


def import_contacts(
    desk: Session,
    preview: ContactImportPreview,
    choices: ImportChoices,
    progress: Progress | None = None,
) -> ContactImportResult:
    """Import what was chosen. Raise KfdeskError `user.not_allowed` or `work.cancelled`."""
    desk.require(Right.EDIT_DIRECTORY)
    whole = sum(1 for _ in _chosen_entries(preview, choices))
    with desk.store.transaction():
        writer = _ContactWriter(desk, choices.seen_by)
        writer.reserve_ids(lambda: _chosen_entries(preview, choices))
        for number, (place, listed, is_new) in enumerate(_chosen_entries(preview, choices)):
            if progress is not None and not number % 100:
                progress.step(number, whole)
            twin = None if is_new else preview.lines[place].twin
            if twin is None:
                writer.enter(listed)
            else:
                writer.merge_into(twin, choices.merged[place])
        desk.log(Action.TAKE_LIST, keys=(str(writer.new), str(writer.changed)))
    return ContactImportResult(
        frozenset(writer.types), done=writer.done.kept, new=writer.new, changed=writer.changed
    )


def _chosen_entries(
    preview: ContactImportPreview, choices: ImportChoices
) -> Iterator[tuple[int, ParsedContact, bool]]:
    """Yield the chosen entries, each with its index and whether it is added as new."""
    pairs = zip(preview.reading.entries, preview.fates, strict=True)
    for place, (listed, fate) in enumerate(pairs):
        is_apart = fate is ImportStatus.TWIN and place in choices.apart
        is_shown = place < len(preview.lines)
        if is_apart or (fate is ImportStatus.NEW and place not in choices.left):
            yield place, listed, True
        elif fate is ImportStatus.TWIN and is_shown and choices.merged.get(place):
            yield place, listed, False


class _ContactWriter:
    """Writes one entry after another, and resolves organisations by name."""

    def __init__(self, desk: Session, seen_by: str) -> None:
        self._desk = desk
        self._seen_by = seen_by
        self._known = DirectoryMatcher(desk)
        self._named: dict[str, bytes | None] = {}
        """Names of organisations in the file, with their ids as far as known or reserved."""
        self.done = CompactSequence(Saved)
        self.types: set[str] = set()
        self.new = 0
        self.changed = 0

    def reserve_ids(self, taken: Callable[[], Iterator[tuple[int, ParsedContact, bool]]]) -> None:
        """Reserve ids for new organisations, as earlier entries of the file may refer to them."""
        named = (str(one.values.get(NAMED_ORGANISATION_KEY[one.type], "")) for _, one, _ in taken())
        self._named = dict.fromkeys(map(_name_key, filter(None, named)))
        for _, one, is_new in taken():
            is_organisation = is_new and one.type == "organisation"
            if is_organisation and self._named.get(_name_key(one.name), b"") is None:
                self._named[_name_key(one.name)] = self._desk.new_id()

    def enter(self, listed: ParsedContact) -> None:
        """Add a new entry with its telephones."""
        values: dict[str, Value] = dict(listed.values)
        named = values.pop(NAMED_ORGANISATION_KEY[listed.type], None)
        if isinstance(named, str):
            values[NAMED_ORGANISATION_KEY[listed.type]] = self._organisation_id(named).hex()
        values["confidentiality"] = self._seen_by
        numbers = listed.numbers
        if listed.type == "organisation":
            values["verification"] = "unverified"
        elif numbers:
            values["phone"], numbers = numbers[0], numbers[1:]
        rid = self._put(listed.type, values, self._reserved_id(listed))
        for number in numbers:
            self._put_number(rid, number)
        self.new += 1

    def merge_into(self, twin: DirectoryMatch, keys: frozenset[str]) -> None:
        """Write the chosen values to a matching entry; add codes and notes to present ones."""
        chosen = [one for one in twin.differences if one.key in keys]
        values: dict[str, Value] = {}
        for one in chosen:
            if one.key == PHONES_KEY and isinstance(one.theirs, tuple):
                for number in one.theirs:
                    self._put_number(twin.entry.view.rid, str(number))
            elif one.key == NAMED_ORGANISATION_KEY[twin.entry.type]:
                values[one.key] = self._organisation_id(str(one.theirs)).hex()
            else:
                values[one.key] = combine_values(one.key, one.ours, one.theirs)
        if values:
            row = require_record(self._desk, twin.entry.view.rid)
            changes = encode_changes(row.type, values)
            self._keep(put_changed(self._desk, row, changes, seen_writes(row)))
        self.changed += bool(chosen)

    def _reserved_id(self, listed: ParsedContact) -> bytes:
        """Return the reserved id; a second organisation of the same name gets its own."""
        rid = self._named.get(_name_key(listed.name)) if listed.type == "organisation" else None
        is_free = rid is not None and self._desk.store.row(rid) is None
        return rid if rid is not None and is_free else self._desk.new_id()

    def _organisation_id(self, name: str) -> bytes:
        """Return the organisation of this name: from the file, the directory, or a new one."""
        key = _name_key(name)
        rid = self._named.get(key) or self._known.find_organisation(name)
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
        row = desk.new_row(record_type, parent, rid or None)
        self._keep(put_new(desk, row, encode_changes(record_type, values)))
        return row.rid

    def _keep(self, done: Saved) -> None:
        self.done.extend((done,))
        self.types |= done.types


def _name_key(name: str) -> str:
    return " ".join(name_key(name))


def combine_values(key: str, ours: Value, theirs: Value) -> Value:
    """Return the combined value: codes and notes are added to the present ones, others replaced."""
    if isinstance(ours, tuple) and isinstance(theirs, tuple):
        return tuple(dict.fromkeys((*map(str, ours), *map(str, theirs))))
    if key == "note" and isinstance(ours, str):
        return f"{ours}\n{theirs}"
    return theirs
