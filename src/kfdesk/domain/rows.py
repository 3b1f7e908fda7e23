# SPDX-License-Identifier: GPL-3.0-or-later
"""A record as the store keeps it, and as a person reads it.

`view` is the one way from writes to values. A field in conflict reads None there, so that nothing
acts on it; the versions stand beside, for a person to choose. Pure: knows no store.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Wire, check_all, checked_text
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.schema import type_name
from kfdesk.domain.values import Value
from kfdesk.domain.writes import State, Write, is_deleted, live_of, newest_of, values_of

R = TypeVar("R")
ID_BYTES = 16
"""The length of a record's id, a UUID."""


@dataclass(frozen=True, slots=True)
class Row:
    """A record: its id (UUIDv4), type, parent and custodian never change; `state` grows.

    The custodian is the organisation that answers for the record.
    """

    rid: bytes
    type: str
    parent: bytes | None
    custodian: bytes
    state: State


@dataclass(frozen=True, slots=True)
class Version:
    """One of the values that a field in conflict has: who wrote it, and when by their clock."""

    value: Value
    author: str
    milliseconds: int
    wid: bytes


@dataclass(frozen=True, slots=True)
class View(Generic[R]):
    """A record to read: its values, the keys in conflict, and for those all versions."""

    row: Row
    record: R
    conflicts: frozenset[str]
    versions: Mapping[str, tuple[Version, ...]]
    is_deleted: bool

    @property
    def rid(self) -> bytes:
        """The record's id."""
        return self.row.rid


def view(row: Row, cls: type[R]) -> View[R]:
    """The row read as a record of type `cls`.

    Fields that this program does not know stay in the row unread. Raises KfdeskError
    `field.kind_mismatch` where a value is not of its field's kind.
    """
    if row.type != type_name(cls):
        raise TypeError
    by_id, (newest, several) = TYPES[row.type].by_id, newest_of(row.state)
    values: dict[str, Value] = {}
    for fid, value in newest.items():
        if fid in by_id:
            field = by_id[fid]
            values[field.key] = field.kind.decode(value)
    versions = _versions(row, several) if several else {}
    for key in versions:
        values[key] = None
    return View(row, cls(**values), frozenset(versions), versions, is_deleted(row.state))


def glance(row: Row, keys: Iterable[str]) -> dict[str, Value]:
    """The values of these fields alone, as `view` reads them, for lists that show no more.

    Raises KfdeskError `field.kind_mismatch` as `view` does, of these fields.
    """
    described, (newest, several) = TYPES[row.type], newest_of(row.state)
    torn = {fid for fid, _ in _torn(row, several)} if several else ()
    return {
        key: None if (fid := described.ids[key]) in torn
        else described.fields[key].kind.decode(newest.get(fid))
        for key in keys
    }  # fmt: skip


def torn_keys(row: Row) -> frozenset[str]:
    """The fields in conflict."""
    several, by_id = newest_of(row.state)[1], TYPES[row.type].by_id
    return frozenset(by_id[fid].key for fid, _ in _torn(row, several)) if several else frozenset()


def view_any(row: Row) -> View[Any]:
    """The row read as whatever type it says it is. Raises KfdeskError `record.unknown_type`."""
    if row.type not in TYPES:
        raise KfdeskError("record.unknown_type")
    return view(row, TYPES[row.type].cls)


def columns(row: Row) -> tuple[Mapping[str, Wire], frozenset[str]]:
    """What a list shows of the row: each field's newest live value, and the keys in conflict.

    A pure function of `state`, so that a store's columns can be rebuilt and checked.
    """
    newest, several = newest_of(row.state)
    by_id = TYPES[row.type].by_id
    shown = {by_id[fid].key: value for fid, value in newest.items() if fid in by_id}
    return shown, torn_keys(row) if several else frozenset()


def seen_in(row: Row) -> frozenset[tuple[int, bytes]]:
    """The writes that someone sees who opens the row now; `amend` replaces no others."""
    return frozenset((w.fid, w.wid) for writes in live_of(row.state).values() for w in writes)


def wire_changes(type_name: str, changes: Mapping[str, Value]) -> Mapping[int, Wire]:
    """Changes by key, checked and as they are stored.

    Raises KfdeskError `field.…` with `field` (`type.key`) in `data` for a value not of its kind.
    """
    described = TYPES[type_name]
    found: dict[int, Wire] = {}
    for key, value in changes.items():
        try:
            found[described.ids[key]] = described.fields[key].kind.encode(value)
        except KfdeskError as error:
            raise KfdeskError(error.code, **error.data | {"field": f"{type_name}.{key}"}) from None
    return found


def check_row(row: Row) -> None:
    """Refuse a row whose known fields hold values of another kind, or with a misleading author.

    Raises KfdeskError `field.…` or `record.unknown_type`.
    """
    if row.type not in TYPES:
        raise KfdeskError("record.unknown_type")
    for save in row.state.saves:
        checked_text(save.author)
    by_id = TYPES[row.type].by_id
    check_all([(by_id[fid].kind, value) for fid, value in values_of(row.state) if fid in by_id])


def _versions(row: Row, several: frozenset[int]) -> dict[str, tuple[Version, ...]]:
    """The versions of each field in conflict, of those with more than one write."""
    by_id = TYPES[row.type].by_id
    return {
        by_id[fid].key: tuple(
            Version(by_id[fid].kind.decode(w.value), w.author, w.milliseconds, w.wid)
            for w in writes
        )
        for fid, writes in _torn(row, several)
    }


def _torn(row: Row, several: frozenset[int]) -> Iterator[tuple[int, tuple[Write, ...]]]:
    """The fields in conflict, of those with more than one write, each with what differs."""
    live, by_id = live_of(row.state), TYPES[row.type].by_id
    for fid in several:
        writes = _distinct(live[fid])
        if fid in by_id and len(writes) > 1:
            yield fid, writes


def _distinct(writes: tuple[Write, ...]) -> tuple[Write, ...]:
    """Writes with different values: equal ones, written apart, are no conflict."""
    latest = {write.value: write for write in writes}
    return tuple(sorted(latest.values(), key=lambda write: (write.hlc, write.wid)))
