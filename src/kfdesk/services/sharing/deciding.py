# SPDX-License-Identifier: GPL-3.0-or-later
"""What both sides have changed in a file that is looked at, and what was decided about it.

A decision for one side, or for a third value, is a save like any other, made together with the
taking: it replaces what was shown and nothing else, and needs the right to write in that record.
Without one the field stays open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kfdesk.domain.desk.users import Right
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, Version, seen_in, view_any, wire_changes
from kfdesk.domain.values import Value
from kfdesk.domain.writes import dead_of, live_of
from kfdesk.services.course.guards import check_changed
from kfdesk.services.desk import Desk
from kfdesk.services.policy.access import require_editing
from kfdesk.services.writing.records import found, put_changed

Place = tuple[bytes, str]
"""A field of a record: its id and the field's key."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A third value: neither ours nor theirs, but what a person has typed in their place."""

    value: Value


Decision = bytes | Typed
"""What is to hold: the write with this id, or what was typed."""

Decisions = Mapping[Place, Decision]
"""For each field that was decided, what is to hold."""

NOTHING_DECIDED: Decisions = {}


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that both sides have changed: what both replaced, if one write was, and each own."""

    before: Version | None
    ours: tuple[Version, ...]
    theirs: tuple[Version, ...]

    @property
    def versions(self) -> tuple[Version, ...]:
        """All of them, ours first."""
        return (*self.ours, *self.theirs)


def choices_in(desk: Desk, ours: Row, becomes: Row) -> Mapping[str, Choice]:
    """By key, the fields of our row that are in conflict once it becomes `becomes`.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(Right.IMPORT_BUNDLE)
    after, known = view_any(becomes), view_any(ours)
    fields, live = TYPES[ours.type].ids, live_of(ours.state)
    found_choices = {}
    for key in sorted(after.conflicts - known.conflicts):
        own = {write.wid for write in live.get(fields[key], ())}
        versions = after.versions[key]
        mine = tuple(one for one in versions if one.wid in own)
        others = tuple(one for one in versions if one.wid not in own)
        found_choices[key] = Choice(_before(desk, becomes, key), mine, others)
    return found_choices


def write_decisions(desk: Desk, decisions: Decisions) -> None:
    """Let hold what was chosen or typed; belongs inside the transaction that takes the file.

    Raises KfdeskError `user.not_allowed`, `record.…` or `plan.read_only`; then nothing is taken.
    """
    for rid in sorted({rid for rid, _ in decisions}):
        row = found(desk, rid)
        values = dict(_chosen(row, decisions))
        require_editing(desk, row, values)
        changes = wire_changes(row.type, values)
        check_changed(desk, row, changes)
        put_changed(desk, row, changes, seen_in(row))


def _chosen(row: Row, decisions: Decisions) -> Iterator[tuple[str, Value]]:
    versions = view_any(row).versions
    for (rid, key), decision in decisions.items():
        if rid != row.rid:
            continue
        if isinstance(decision, Typed):
            yield key, decision.value
        else:
            yield from ((key, one.value) for one in versions.get(key, ()) if one.wid == decision)


def _before(desk: Desk, row: Row, key: str) -> Version | None:
    """The newest value that we had in this field and that is replaced on both sides."""
    described = TYPES[row.type]
    fid = described.ids[key]
    dead = dead_of(row.state)
    old = [
        one for one in desk.store.history(row.rid)
        if one.fid == fid and (one.fid, one.wid) in dead
    ]  # fmt: skip
    if not old:
        return None
    last = old[-1]
    value = described.fields[key].kind.decode(last.value)
    return Version(value, last.author, last.milliseconds, last.wid)
