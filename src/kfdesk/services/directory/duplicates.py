# SPDX-License-Identifier: GPL-3.0-or-later
"""Duplicates in the directory: find pairs that are probably one entry, and merge them.

A pair has the same telephone, the same e-mail, or the same name at the same place. A person
decides which entry stays, and which values come from the other. All references are changed
to the entry that stays; the other goes into the bin. All changes are ordinary saves, so
they can be undone. A pair that a person called distinct is remembered on this laptop only.
An entry made here gives way to a partner's own entry by `merge_organisations`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.authority import OWN_STATEMENT_TYPES, is_network_type
from kfdesk.domain.codes.core import CONFIDENTIALITY
from kfdesk.domain.directory import ParsedContact, ParsedValue
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import ReferenceKind, Wire
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import DELETION, is_deleted, writes_by_field
from kfdesk.domain.rows import ID_BYTES, RecordView, Row, encode_changes, seen_writes, view_any
from kfdesk.domain.values import Value
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.records import Saved, put_changed, put_new, require_record
from kfdesk.services.core.session import Changes, Progress, Session
from kfdesk.services.directory.entries import DirectoryEntry, read_entry, read_lines
from kfdesk.services.directory.files import (
    PHONES_KEY,
    DirectoryMatch,
    MatchReason,
    combine_values,
    importable_values,
    list_differences,
    match_keys,
    normalize_number,
    phone_numbers,
)
from kfdesk.services.directory.search import find_same_name

_NOT_RENAMED = frozenset({"paper_copy", "transition", "approval"})
"""Records that are evidence: they keep referring to the entry that they named."""
_ADDRESS = RECORD_TYPES["organisation"].ids["address"]
_REFERENCE_IDS: Mapping[str, tuple[int, ...]] = {
    name: tuple(described.ids[key] for key, f in described.fields.items()
                if isinstance(f.kind, ReferenceKind))
    for name, described in RECORD_TYPES.items()
    if name not in _NOT_RENAMED
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class EntryMergeResult(Changes):
    """The saves of a merge, to be undone together; `left` records still refer to the old entry."""

    done: tuple[Saved, ...] = field(default=(), repr=False)
    left: int = 0


# --- an entry made here, and the partner's own


def find_matching_organisation(desk: Session, rid: bytes) -> DirectoryEntry | None:
    """Return the other entry for what is probably the same organisation, or None.

    One of the two was entered here, the other is a partner's. Raise KfdeskError
    `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    entry = next(iter(read_lines(desk, (rid,))), None)
    if entry is None or entry.type != "organisation" or entry.is_ours:
        return None
    alike = find_same_name(desk, "organisation", entry.rid, entry.name)
    twin = next((o for o in alike if not o.is_ours and o.is_theirs != entry.is_theirs), None)
    return read_entry(desk, twin.rid) if twin is not None else None


def find_local_entry(desk: Session, partner: bytes) -> DirectoryEntry | None:
    """Return the entry made here that has a partner's name, or None.

    Raise KfdeskError `user.not_allowed`.
    """
    twin = find_matching_organisation(desk, partner)
    return twin if twin is not None and not twin.is_theirs else None


def merge_organisations(desk: Session, typed: bytes, partner: bytes) -> EntryMergeResult:
    """Replace the entry `typed`, made here, by the partner's entry, in one transaction.

    Raise KfdeskError `record.missing`, `record.not_ours` unless the first was entered here and
    the second is another organisation's, or `user.not_allowed`.
    """
    desk.require(Right.EDIT_ALL)
    desk.require(Right.EDIT_DIRECTORY)
    old, new = _organisation_row(desk, typed), _organisation_row(desk, partner)
    ours = desk.identity.organisation
    if old.custodian != ours or typed == ours or new.custodian == ours:
        raise KfdeskError("record.not_ours")
    with desk.store.transaction():
        done, left = replace_references(desk, typed.hex(), partner.hex())
        done += _copy_phones_and_address(desk, old, new)
        done.append(put_changed(desk, old, {DELETION: 1}, seen_writes(old), Action.DELETE))
    return _merge_result(done, left)


def replace_references(desk: Session, old: str, new: str) -> tuple[list[Saved], int]:
    """Change references to `old` into references to `new`; return the saves and how many remain.

    Other organisations' statements, and their networks, stay as they wrote them. Call inside a
    transaction.
    """
    done, left = [], 0
    for row, changes in _records_referring_to(desk, old, new):
        is_statement = row.type in OWN_STATEMENT_TYPES or is_network_type(row.type)
        is_anothers = is_statement and row.custodian != desk.identity.organisation
        if is_anothers or not changes:
            left += 1
            continue
        try:
            done.append(put_changed(desk, row, changes, seen_writes(row)))
        except KfdeskError as fault:
            if fault.code not in ("plan.read_only", "plan.held"):
                raise
            left += 1
    return done, left


def _records_referring_to(
    desk: Session, old: str, new: str
) -> Iterator[tuple[Row, dict[int, Wire]]]:
    """Yield the records that refer to `old`, with the new values; none for a field in conflict."""
    for name, fids in _REFERENCE_IDS.items():
        for row in desk.store.rows(name):
            live = writes_by_field(row.state)
            held = {fid: [write.value for write in live.get(fid, ())] for fid in fids}
            if any(old in values for values in held.values()) and not is_deleted(row.state):
                stays = None if row.rid.hex() == new else new  # no entry is part of itself
                yield row, {fid: stays for fid, values in held.items() if values == [old]}


def _copy_phones_and_address(desk: Session, old: Row, new: Row) -> list[Saved]:
    """Copy telephones and address, which belong to us even in a partner's entry."""
    done = []
    for row in desk.store.children(old.rid):
        if row.type == "phone" and not is_deleted(row.state):
            own = desk.new_row("phone", new.rid)
            done.append(put_new(desk, own, newest_values(row)))
    address = [write.value for write in writes_by_field(old.state).get(_ADDRESS, ())]
    if (
        len(address) == 1
        and address[0] is not None
        and not writes_by_field(new.state).get(_ADDRESS)
    ):
        done.append(put_changed(desk, new, {_ADDRESS: address[0]}, seen_writes(new)))
    return done


def newest_values(row: Row) -> Mapping[int, Wire]:
    """Return a record's values by field id; of a field in conflict the newest."""
    newest = {
        fid: max(writes, key=lambda write: write.hlc).value
        for fid, writes in writes_by_field(row.state).items()
        if fid != DELETION
    }
    return {fid: value for fid, value in newest.items() if value is not None}


def _organisation_row(desk: Session, rid: bytes) -> Row:
    row = require_record(desk, rid)
    if row.type != "organisation" or is_deleted(row.state):
        raise KfdeskError("record.missing")
    return row


# --- duplicates among our own entries

_BATCH = 400
_CONFIDENTIALITY_ORDER = tuple(CONFIDENTIALITY)
_DISTINCT_SETTING = "doubles.apart"  # pairs of ids, one after the other
_NEVER_COPIED = frozenset({"verification", "checked", "checked_by", "may_be_shared"})
"""The fields that someone checked or answered about one entry only."""


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two entries that are probably one; `listed` is the other entry in the form of an import.

    `twin` has the entry that stays, why they match, and how they differ. `is_apart`: a person
    has said that they are two.
    """

    rid: bytes
    listed: ParsedContact = field(repr=False)
    twin: DirectoryMatch = field(repr=False)
    is_apart: bool = False

    @property
    def wanted(self) -> frozenset[str]:
        """The keys preselected to copy: missing values, telephones, and the stricter visibility."""
        missing = {one.key for one in self.twin.differences if one.ours is None}
        sight = self.listed.values.get("confidentiality")
        ours = self.twin.entry.view.record.confidentiality
        if sight in _CONFIDENTIALITY_ORDER and (
            ours not in _CONFIDENTIALITY_ORDER or _is_stricter(sight, ours)
        ):
            missing.add("confidentiality")
        return frozenset(missing | {PHONES_KEY})


def find_duplicates(
    desk: Session, most: int, progress: Progress | None = None
) -> tuple[DuplicatePair, ...]:
    """Return at most `most` pairs of probable duplicates; read the whole directory.

    Pairs that were called distinct come last. Raise KfdeskError `user.not_allowed` or
    `work.cancelled`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    pairs: dict[tuple[bytes, bytes], MatchReason] = {}
    for mark, rids in _ids_by_match_key(desk, progress).items():
        first, *others = sorted(rids)
        for other in others:
            pairs.setdefault((first, other), MatchReason(mark[0]))
    apart = _distinct_pairs(desk)
    ordered = sorted(pairs.items(), key=lambda pair: (pair[0] in apart, pair))
    doubles = (_duplicate_pair(desk, *pair, how, is_apart=pair in apart) for pair, how in ordered)
    shown = (one for one in doubles if one is not None)
    return tuple(one for one, _ in zip(shown, range(most), strict=False))


def mark_distinct(desk: Session, one: bytes, other: bytes, *, are_two: bool) -> None:
    """Remember that two similar entries or networks are distinct, or forget it.

    Pairs of which one no longer exists are forgotten. Raise KfdeskError
    `user.not_allowed`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    pair = (min(one, other), max(one, other))
    apart = _distinct_pairs(desk) | {pair} if are_two else _distinct_pairs(desk) - {pair}
    here = desk.store.kept(rid for each in apart for rid in each)
    stored = b"".join(a + b for a, b in sorted(apart) if a in here and b in here)
    with desk.store.transaction():
        desk.store.set_setting(_DISTINCT_SETTING, stored)


def are_distinct(desk: Session, one: bytes, other: bytes) -> bool:
    """Return whether a person has said here that two similar records are two.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READ_RIGHTS)
    return (min(one, other), max(one, other)) in _distinct_pairs(desk)


def merge_duplicates(
    desk: Session, stays: bytes, goes: bytes, keys: Collection[str]
) -> EntryMergeResult:
    """Merge two entries, copying the values `keys` from the one that goes, in one transaction.

    Raise KfdeskError `record.missing`, `record.not_ours`, `directory.own` if the one that goes
    is our own organisation's, or `user.not_allowed`. Then nothing is changed.
    """
    desk.require(Right.EDIT_ALL)
    desk.require(Right.EDIT_DIRECTORY)
    kept, gone = read_entry(desk, stays), read_entry(desk, goes)
    if kept is None or gone is None or kept.type != gone.type or stays == goes:
        raise KfdeskError("record.missing")
    if gone.is_ours:
        raise KfdeskError("directory.own")
    if kept.is_theirs or gone.is_theirs:
        raise KfdeskError("record.not_ours")
    with desk.store.transaction():
        done, left = replace_references(desk, goes.hex(), stays.hex())
        done += _copy_values(desk, kept, gone, keys)
        done += _copy_phones(desk, kept, gone)
        row = require_record(desk, goes)
        done.append(put_changed(desk, row, {DELETION: 1}, seen_writes(row), Action.DELETE))
    return _merge_result(done, left)


def _merge_result(done: list[Saved], left: int) -> EntryMergeResult:
    types = frozenset().union(*(one.types for one in done))
    rids = frozenset().union(*(one.rids for one in done))
    return EntryMergeResult(types, rids, tuple(done), left)


def _distinct_pairs(desk: Session) -> frozenset[tuple[bytes, bytes]]:
    stored = desk.store.setting(_DISTINCT_SETTING) or b""
    rids = [stored[begin : begin + ID_BYTES] for begin in range(0, len(stored), ID_BYTES)]
    return frozenset(zip(rids[::2], rids[1::2], strict=True))


def _ids_by_match_key(
    desk: Session, progress: Progress | None
) -> Mapping[tuple[str, ...], list[bytes]]:
    """Return for each match key shared by several of our entries those entries' ids."""
    numbers: dict[bytes, list[str]] = defaultdict(list)
    for seen in _live_views(desk, "phone"):
        if isinstance(seen.record.number, str):
            numbers[seen.row.parent or b""].append(seen.record.number)
    known: dict[tuple[str, ...], list[bytes]] = defaultdict(list)
    whole = desk.store.search.count()
    for number, seen in enumerate(_own_entries(desk)):
        if progress is not None and not number % _BATCH:
            progress.step(number, max(whole, number))
        values = _field_values(seen)
        own = values.get("phone")
        dialled = [*([own] if isinstance(own, str) else []), *numbers[seen.rid]]
        for mark in match_keys(seen.row.type, values, dialled):
            employer = str(values.get("organisation")) if seen.row.type == "contact" else ""
            known[(*mark, employer) if mark[0] == MatchReason.NAME else mark].append(seen.rid)
    return {mark: list(dict.fromkeys(rids)) for mark, rids in known.items() if len(rids) > 1}


def _own_entries(desk: Session) -> Iterator[RecordView[Any]]:
    ours = desk.identity.organisation
    for name in ("organisation", "contact"):
        yield from (seen for seen in _live_views(desk, name) if seen.row.custodian == ours)


def _live_views(desk: Session, record_type: str) -> Iterator[RecordView[Any]]:
    last = b""
    while rows := desk.store.rows_after(record_type, last, _BATCH):
        last = rows[-1].rid
        yield from (view_any(row) for row in rows if not is_deleted(row.state))


def _field_values(seen: RecordView[Any]) -> Mapping[str, Value]:
    return {key: getattr(seen.record, key) for key in type(seen.record).__dataclass_fields__}


def _duplicate_pair(
    desk: Session, one: bytes, other: bytes, how: MatchReason, *, is_apart: bool
) -> DuplicatePair | None:
    """Return a pair for a person to judge; the entry with references or more values stays."""
    entries = [entry for rid in (one, other) if (entry := read_entry(desk, rid)) is not None]
    if len(entries) < 2:
        return None
    kept, gone = sorted(entries, key=_keep_order, reverse=True)
    values = {
        k: v for k, v in importable_values(gone).items() if k not in _NEVER_COPIED and _has_value(v)
    }
    listed = ParsedContact(0, gone.type, values, tuple(phone_numbers(gone)))
    return DuplicatePair(
        gone.rid, listed, DirectoryMatch(kept, how, tuple(list_differences(listed, kept))), is_apart
    )


def _keep_order(entry: DirectoryEntry) -> tuple[bool, int, int, bytes]:
    filled = sum(map(_has_value, importable_values(entry).values()))
    return entry.is_ours, len(entry.namings) + len(entry.people), filled, entry.rid


def _has_value(value: Value) -> TypeGuard[ParsedValue]:
    return isinstance(value, bool) or (isinstance(value, str | tuple) and bool(value))


def _is_stricter(one: object, other: object) -> bool:
    return _CONFIDENTIALITY_ORDER.index(str(one)) > _CONFIDENTIALITY_ORDER.index(str(other))


def _copy_values(
    desk: Session, kept: DirectoryEntry, gone: DirectoryEntry, keys: Collection[str]
) -> Iterator[Saved]:
    fields = type(kept.view.record).__dataclass_fields__.keys() - _NEVER_COPIED
    values = {
        key: combine_values(key, getattr(kept.view.record, key), value)
        for key in sorted(fields & set(keys))
        if _has_value(value := getattr(gone.view.record, key))
    }
    if values:
        row = require_record(desk, kept.rid)
        yield put_changed(desk, row, encode_changes(row.type, values), seen_writes(row))


def _copy_phones(desk: Session, kept: DirectoryEntry, gone: DirectoryEntry) -> Iterator[Saved]:
    """Copy the telephones that only the entry that goes has."""
    country = str(getattr(kept.view.record, "country", None) or "")
    known = {normalize_number(one, country) for one in phone_numbers(kept)}
    for seen in gone.phones:
        number = seen.record.number
        if isinstance(number, str) and normalize_number(number, country) not in known:
            row = desk.new_row("phone", kept.rid)
            yield put_new(desk, row, newest_values(seen.row))
