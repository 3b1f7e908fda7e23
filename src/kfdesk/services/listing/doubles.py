# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries that stand twice in the directory: found by what they are known by, joined by hand.

The same telephone, the same e-mail, or the same name at the same place. Which of the two stays, and
which values come from the other, a person says. Whatever named the other names the one that stays;
the other goes into the bin. All is written by ordinary saves, so that it can be taken back. Of a
pair that are two after all that is remembered, on this laptop alone. What a partner answers for is
joined in `casework/joining.py`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from kfdesk.domain.codes import CONFIDENTIALITY
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.listed import Listed, Said
from kfdesk.domain.rows import ID_BYTES, Row, View, seen_in, view_any, wire_changes
from kfdesk.domain.values import Value
from kfdesk.domain.writes import DELETION, EMPTY, is_deleted
from kfdesk.services.casework.joining import Joined, newest, rename
from kfdesk.services.desk import Desk, Progress
from kfdesk.services.directory import DirectoryEntry, read_entry
from kfdesk.services.listing.taking import together
from kfdesk.services.listing.twins import (
    NUMBERS,
    Likeness,
    Twin,
    differences,
    marks,
    numbers_of,
    same_number,
    values_of,
)
from kfdesk.services.writing.records import Done, found, put_changed, put_new

_SLICE = 400
_SIGHTS = tuple(CONFIDENTIALITY)
_APART = "doubles.apart"  # pairs of ids, one after the other
_NEVER = frozenset({"verification", "checked", "checked_by"})  # they are about one check of one


@dataclass(frozen=True, slots=True)
class Double:
    """Two entries that are probably one: `listed` is the other as a file would say it.

    `twin` has the one that stays, by what they are known, and how they differ; `wanted` are the
    values that are best taken from the other: what is missing, and who may see it where that is
    fewer. `is_apart` are those of which a person has said that they are two.
    """

    rid: bytes
    listed: Listed = field(repr=False)
    twin: Twin = field(repr=False)
    is_apart: bool = False

    @property
    def wanted(self) -> frozenset[str]:
        """The keys that are best taken from the other."""
        missing = {one.key for one in self.twin.differences if one.ours is None}
        sight = self.listed.values.get("confidentiality")
        ours = self.twin.entry.view.record.confidentiality
        if sight in _SIGHTS and (ours not in _SIGHTS or _narrower(sight, ours)):
            missing.add("confidentiality")
        return frozenset(missing | {NUMBERS})


def find_doubles(desk: Desk, most: int, progress: Progress | None = None) -> tuple[Double, ...]:
    """At most so many pairs of entries that are probably one; reads the whole directory.

    Those that were said to be two come last.
    Raises KfdeskError `user.not_allowed` or `work.cancelled`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    pairs: dict[tuple[bytes, bytes], Likeness] = {}
    for mark, rids in _alike(desk, progress).items():
        first, *others = sorted(rids)
        for other in others:
            pairs.setdefault((first, other), Likeness(mark[0]))
    apart = _said_apart(desk)
    ordered = sorted(pairs.items(), key=lambda pair: (pair[0] in apart, pair))
    doubles = (_double(desk, *pair, how, is_apart=pair in apart) for pair, how in ordered)
    shown = (one for one in doubles if one is not None)
    return tuple(one for one, _ in zip(shown, range(most), strict=False))


def judge_double(desk: Desk, one: bytes, other: bytes, *, are_two: bool) -> None:
    """Remember that two entries that are alike are two, or no longer.

    Pairs of which one is erased by now are forgotten. Raises KfdeskError `user.not_allowed`.
    """
    desk.require(Right.EDIT_DIRECTORY)
    pair = (min(one, other), max(one, other))
    apart = _said_apart(desk) | {pair} if are_two else _said_apart(desk) - {pair}
    here = desk.store.kept(rid for each in apart for rid in each)
    told = b"".join(a + b for a, b in sorted(apart) if a in here and b in here)
    with desk.store.transaction():
        desk.store.set_setting(_APART, told)


def join_double(desk: Desk, stays: bytes, goes: bytes, keys: Collection[str]) -> Joined:
    """Make one entry of two, with these values taken from the one that goes; one transaction.

    Raises KfdeskError `record.missing`, `record.not_ours`, `directory.own` where the one that goes
    is our own desk's, or `user.not_allowed`. Then nothing is changed.
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
        done, left = rename(desk, goes.hex(), stays.hex())
        done += _take_values(desk, kept, gone, keys)
        done += _take_numbers(desk, kept, gone)
        row = found(desk, goes)
        done.append(put_changed(desk, row, {DELETION: 1}, seen_in(row), Action.DELETE))
    types = frozenset().union(*(one.types for one in done))
    rids = frozenset().union(*(one.rids for one in done))
    return Joined(types, rids, tuple(done), left)


def _said_apart(desk: Desk) -> frozenset[tuple[bytes, bytes]]:
    told = desk.store.setting(_APART) or b""
    rids = [told[begin : begin + ID_BYTES] for begin in range(0, len(told), ID_BYTES)]
    return frozenset(zip(rids[::2], rids[1::2], strict=True))


def _alike(desk: Desk, progress: Progress | None) -> Mapping[tuple[str, ...], list[bytes]]:
    """By each mark that several entries of ours have, those entries."""
    numbers: dict[bytes, list[str]] = defaultdict(list)
    for seen in _views(desk, "phone"):
        if isinstance(seen.record.number, str):
            numbers[seen.row.parent or b""].append(seen.record.number)
    known: dict[tuple[str, ...], list[bytes]] = defaultdict(list)
    whole = desk.store.search.count()
    for number, seen in enumerate(_ours(desk)):
        if progress is not None and not number % _SLICE:
            progress.step(number, max(whole, number))
        values = _plain(seen)
        own = values.get("phone")
        dialled = [*([own] if isinstance(own, str) else []), *numbers[seen.rid]]
        for mark in marks(seen.row.type, values, dialled):
            house = str(values.get("organisation")) if seen.row.type == "contact" else ""
            known[(*mark, house) if mark[0] == Likeness.NAME else mark].append(seen.rid)
    return {mark: list(dict.fromkeys(rids)) for mark, rids in known.items() if len(rids) > 1}


def _ours(desk: Desk) -> Iterator[View[Any]]:
    ours = desk.identity.organisation
    for name in ("organisation", "contact"):
        yield from (seen for seen in _views(desk, name) if seen.row.custodian == ours)


def _views(desk: Desk, record_type: str) -> Iterator[View[Any]]:
    last = b""
    while rows := desk.store.rows_after(record_type, last, _SLICE):
        last = rows[-1].rid
        yield from (view_any(row) for row in rows if not is_deleted(row.state))


def _plain(seen: View[Any]) -> Mapping[str, Value]:
    return {key: getattr(seen.record, key) for key in type(seen.record).__dataclass_fields__}


def _double(
    desk: Desk, one: bytes, other: bytes, how: Likeness, *, is_apart: bool
) -> Double | None:
    """The pair as a person sees it: the one stays that plans name, or that says more."""
    found_ = [entry for rid in (one, other) if (entry := read_entry(desk, rid)) is not None]
    if len(found_) < 2:
        return None
    kept, gone = sorted(found_, key=_weight, reverse=True)
    values = {k: v for k, v in values_of(gone).items() if k not in _NEVER and _is_said(v)}
    listed = Listed(0, gone.type, values, tuple(numbers_of(gone)))
    return Double(gone.rid, listed, Twin(kept, how, tuple(differences(listed, kept))), is_apart)


def _weight(entry: DirectoryEntry) -> tuple[bool, int, int, bytes]:
    said = sum(map(_is_said, values_of(entry).values()))
    return entry.is_ours, len(entry.namings) + len(entry.people), said, entry.rid


def _is_said(value: Value) -> TypeGuard[Said]:
    return isinstance(value, str | tuple) and bool(value)


def _narrower(one: object, other: object) -> bool:
    return _SIGHTS.index(str(one)) > _SIGHTS.index(str(other))


def _take_values(
    desk: Desk, kept: DirectoryEntry, gone: DirectoryEntry, keys: Collection[str]
) -> Iterator[Done]:
    fields = type(kept.view.record).__dataclass_fields__.keys() - _NEVER
    values = {
        key: together(key, getattr(kept.view.record, key), value)
        for key in sorted(fields & set(keys))
        if _is_said(value := getattr(gone.view.record, key))
    }
    if values:
        row = found(desk, kept.rid)
        yield put_changed(desk, row, wire_changes(row.type, values), seen_in(row))


def _take_numbers(desk: Desk, kept: DirectoryEntry, gone: DirectoryEntry) -> Iterator[Done]:
    """The telephones that stand only below the one that goes, as they are."""
    country = str(getattr(kept.view.record, "country", None) or "")
    known = {same_number(one, country) for one in numbers_of(kept)}
    for seen in gone.phones:
        number = seen.record.number
        if isinstance(number, str) and same_number(number, country) not in known:
            row = Row(desk.new_id(), "phone", kept.rid, desk.identity.organisation, EMPTY)
            yield put_new(desk, row, newest(seen.row))
