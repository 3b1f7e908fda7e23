# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows and views: a record as the store keeps it, and as a person reads it.

`view` is the one way from writes to values. A field in conflict reads None there, so
that nothing acts on it. Its versions are listed beside it for a person to choose. Pure
functions without a store.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Wire, check_text, check_values
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import (
    RecordState,
    Write,
    is_deleted,
    live_values,
    newest_values,
    writes_by_field,
)
from kfdesk.domain.schema import type_name
from kfdesk.domain.values import Value


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """The unsaved input of `user` for the record `rid`, which may not exist yet.

    `seen` are the writes that the form showed when it was opened. `values` are the valid
    values by key; `typed` holds the text of fields that are not valid yet.
    """

    rid: bytes
    user: str
    type: str
    parent: bytes | None
    milliseconds: int
    seen: frozenset[tuple[int, bytes]]
    values: Mapping[str, Wire] = field(repr=False)
    typed: Mapping[str, str] = field(repr=False)


R = TypeVar("R")
ID_BYTES = 16
"""The length of a record's id, a UUID."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record: its id (UUIDv4), type, parent and custodian never change; `state` grows.

    The custodian is the organisation that is responsible for the record.
    """

    rid: bytes
    type: str
    parent: bytes | None
    custodian: bytes
    state: RecordState


@dataclass(frozen=True, slots=True)
class FieldVersion:
    """One value of a field in conflict: who wrote it, and when by the author's clock."""

    value: Value
    author: str
    milliseconds: int
    wid: bytes


@dataclass(frozen=True, slots=True)
class RecordView(Generic[R]):
    """A decoded record: its values, the keys in conflict, and all versions of those."""

    row: Row
    record: R
    conflicts: frozenset[str]
    versions: Mapping[str, tuple[FieldVersion, ...]]
    is_deleted: bool

    @property
    def rid(self) -> bytes:
        """The record's id."""
        return self.row.rid


def sequence_order(row: Row, number: object) -> tuple[int, int, bytes]:
    """Return the sort key of a record among its siblings: its number, then the time of entry."""
    entered = min((save.hlc for save in row.state.saves), default=0)
    return (number if isinstance(number, int) else 2**31, entered, row.rid)


def view_order(seen: RecordView[Any]) -> tuple[int, int, bytes]:
    """Return that sort key of a decoded record; one in conflict about its number comes last."""
    return sequence_order(seen.row, getattr(seen.record, "sequence", None))


def sibling_numbers(siblings: Iterable[RecordView[Any]]) -> dict[bytes, int]:
    """Return the number of each of these legs or help numbers: its place among them, from 1.

    Forms, conflicts, alarms and papers all count so. The field `sequence` only says the order:
    it has a gap after a record that went into the bin, and a replacement has that of its leg.
    """
    ordered = sorted(siblings, key=view_order)
    return {seen.rid: place for place, seen in enumerate(ordered, start=1)}


def view(row: Row, cls: type[R]) -> RecordView[R]:
    """Return the row decoded as a record of type `cls`.

    Fields that this program does not know stay in the row undecoded. Raise KfdeskError
    `field.kind_mismatch` if a value is not of its field's kind.
    """
    if row.type != type_name(cls):
        raise TypeError
    by_id, (newest, several) = RECORD_TYPES[row.type].by_id, newest_values(row.state)
    values: dict[str, Value] = {}
    for fid, value in newest.items():
        if fid in by_id:
            field = by_id[fid]
            values[field.key] = field.kind.decode(value)
    versions = _versions(row, several) if several else {}
    for key in versions:
        values[key] = None
    return RecordView(row, cls(**values), frozenset(versions), versions, is_deleted(row.state))


def read_fields(row: Row, keys: Iterable[str]) -> dict[str, Value]:
    """Return the values of these fields only, as `view` decodes them, for lists.

    Raise KfdeskError `field.kind_mismatch` as `view` does, for these fields.
    """
    described, (newest, several) = RECORD_TYPES[row.type], newest_values(row.state)
    torn = {fid for fid, _ in _conflicts(row, several)} if several else ()
    return {
        key: None if (fid := described.ids[key]) in torn
        else described.fields[key].kind.decode(newest.get(fid))
        for key in keys
    }  # fmt: skip


def view_fields(row: Row, cls: type[R], keys: Iterable[str]) -> RecordView[R]:
    """Return the row with these fields alone, for lists; all others read None.

    The keys in conflict are those of the whole row. Raise KfdeskError as `read_fields` does.
    """
    record = cls(**read_fields(row, keys))
    return RecordView(row, record, conflicting_keys(row), {}, is_deleted(row.state))


def conflicting_keys(row: Row) -> frozenset[str]:
    """Return the keys of the fields in conflict."""
    several, by_id = newest_values(row.state)[1], RECORD_TYPES[row.type].by_id
    return (
        frozenset(by_id[fid].key for fid, _ in _conflicts(row, several)) if several else frozenset()
    )


def view_any(row: Row) -> RecordView[Any]:
    """Return the row decoded as its own type. Raise KfdeskError `record.unknown_type`."""
    if row.type not in RECORD_TYPES:
        raise KfdeskError("record.unknown_type")
    return view(row, RECORD_TYPES[row.type].cls)


def column_values(row: Row) -> tuple[Mapping[str, Wire], frozenset[str]]:
    """Return each field's newest live value, and the keys in conflict, for the columns.

    A pure function of `state`, so that the columns of a store can be rebuilt and checked.
    """
    newest, several = newest_values(row.state)
    by_id = RECORD_TYPES[row.type].by_id
    shown = {by_id[fid].key: value for fid, value in newest.items() if fid in by_id}
    return shown, conflicting_keys(row) if several else frozenset()


def seen_writes(row: Row) -> frozenset[tuple[int, bytes]]:
    """Return the writes that a reader of the row sees now; `apply_changes` replaces no others."""
    return frozenset(
        (w.fid, w.wid) for writes in writes_by_field(row.state).values() for w in writes
    )


def encode_changes(type_name: str, changes: Mapping[str, Value]) -> Mapping[int, Wire]:
    """Return changes by field id, checked and encoded.

    Raise KfdeskError `field.…` with `field` (`type.key`) in `data` for a value not of its
    kind.
    """
    described = RECORD_TYPES[type_name]
    found: dict[int, Wire] = {}
    for key, value in changes.items():
        try:
            found[described.ids[key]] = described.fields[key].kind.encode(value)
        except KfdeskError as error:
            raise KfdeskError(error.code, **error.data | {"field": f"{type_name}.{key}"}) from None
    return found


def check_row(row: Row) -> None:
    """Raise an error if a known field has a value of another kind, or an author is misleading.

    Raise KfdeskError `field.…` or `record.unknown_type`.
    """
    if row.type not in RECORD_TYPES:
        raise KfdeskError("record.unknown_type")
    for save in row.state.saves:
        check_text(save.author)
    by_id = RECORD_TYPES[row.type].by_id
    check_values(
        [(by_id[fid].kind, value) for fid, value in live_values(row.state) if fid in by_id]
    )


def _versions(row: Row, several: frozenset[int]) -> dict[str, tuple[FieldVersion, ...]]:
    """Return the versions of each field in conflict, among fields with several writes."""
    by_id = RECORD_TYPES[row.type].by_id
    return {
        by_id[fid].key: tuple(
            FieldVersion(by_id[fid].kind.decode(w.value), w.author, w.milliseconds, w.wid)
            for w in writes
        )
        for fid, writes in _conflicts(row, several)
    }


def _conflicts(row: Row, several: frozenset[int]) -> Iterator[tuple[int, tuple[Write, ...]]]:
    """Yield the fields in conflict, among fields with several writes, with the distinct writes."""
    live, by_id = writes_by_field(row.state), RECORD_TYPES[row.type].by_id
    for fid in several:
        writes = _distinct_writes(live[fid])
        if fid in by_id and len(writes) > 1:
            yield fid, writes


def _distinct_writes(writes: tuple[Write, ...]) -> tuple[Write, ...]:
    """Return writes with different values: equal concurrent writes are no conflict."""
    latest = {write.value: write for write in writes}
    return tuple(sorted(latest.values(), key=lambda write: (write.hlc, write.wid)))
