# SPDX-License-Identifier: GPL-3.0-or-later
"""History: the audit log, all values of one record, and the bin.

The audit log says who did what to which record, never the values; only a record's own
history shows values. A record is identified by its type and its client's code; pages choose
the words for both. This module also sets how long replaced values are kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action, ActionKind, AuditEvent
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import ReferenceKind
from kfdesk.domain.pronouns import Pronoun
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import DELETION, Write, is_deleted, writes_by_field
from kfdesk.domain.rows import Row, read_fields, seen_writes, sibling_numbers, view_any
from kfdesk.domain.values import Value, text_or_empty
from kfdesk.services.core.authorization import (
    DIRECTORY_READ_RIGHTS,
    held_plans,
    hidden_keys,
    log_view,
    may_read,
    require_reading,
)
from kfdesk.services.core.records import (
    client_code,
    client_pronoun,
    is_in_bin,
    require_record,
)
from kfdesk.services.core.session import Session, clock_doubt

PAGE_SIZE = 200
DEFAULT_HISTORY_DAYS = 180  # how long replaced values are kept, unless the store's setting differs
MIN_HISTORY_DAYS, MAX_HISTORY_DAYS = 30, 3650
_MAX_CLOCK_GAP = timedelta(days=31)  # a clock this far after the last entry is not trusted at once
_DAYS_SETTING = "history_days"
_NOT_READABLE = ("", "closed")
NAME_KEYS: Mapping[str, str] = {"organisation": "name", "contact": "given_name"}
_HISTORY_RIGHTS = (*DIRECTORY_READ_RIGHTS, Right.MANAGE_USERS)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One audit entry. `type` is empty if it has no record, or the record no longer exists here.

    `code` is the code of the record's client; empty for all other records.
    """

    number: int
    milliseconds: int
    user: str
    action: Action
    rid: bytes | None
    type: str
    code: str
    keys: tuple[str, ...]

    @property
    def has_record(self) -> bool:
        """True if the entry is about a record at all."""
        return self.rid is not None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Audit entries, newest first; `older` is where the next page begins, None on the last."""

    lines: tuple[HistoryLine, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A value that a field has or had: who wrote it when, and the day it was replaced.

    `replaced` is None for a current value. Without a key, the line is about the whole record: 1
    if it was deleted, None if it was restored. `sender` is the partner whose file brought it,
    whatever the author's name says; empty for what was written here.
    """

    key: str
    value: Value = field(repr=False)
    author: str
    milliseconds: int
    replaced: date | None
    wid: bytes
    sender: str = ""


@dataclass(frozen=True, slots=True)
class RecordHistory:
    """A record's values, newest first; `seen` lets `change_record` restore an old one.

    `pronoun` is that of the client whom it is about.
    `names` has the names of referenced records, by their ids as in the values. `number` is the
    position of a leg or help number.
    """

    rid: bytes
    type: str
    code: str
    number: int | None
    lines: tuple[ValueLine, ...]
    names: Mapping[str, str] = field(repr=False)
    seen: frozenset[tuple[int, bytes]]
    is_in_bin: bool
    pronoun: Pronoun = Pronoun.CLIENT


@dataclass(frozen=True, slots=True)
class BinLine:
    """A record in the bin: who deleted it when, and how many records are hidden below it.

    `name` is the name of a directory entry; `code` the client's code for all other records;
    `number` the position of a leg or help number.
    """

    rid: bytes
    type: str
    code: str
    name: str
    number: int | None
    author: str
    milliseconds: int
    below: int


def read_history(
    desk: Session, before: int | None = None, limit: int = PAGE_SIZE, kind: ActionKind | None = None
) -> HistoryPage:
    """Return at most `limit` audit entries with a number below `before`; None begins at the newest.

    Return entries of one kind, or of all. For a record that the current user may not read,
    return only who did what and when. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*_HISTORY_RIGHTS)
    found = desk.store.ledger.events(before, limit + 1, kind)
    shown = found[:limit]
    older = shown[-1][0] if len(found) > limit else None
    known: dict[bytes, tuple[str, str]] = {}
    return HistoryPage(
        tuple(_history_line(desk, number, event, known) for number, event in shown), older
    )


def is_audit_log_intact(desk: Session) -> bool:
    """Return whether no audit entry was changed, moved or removed since it was written.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*_HISTORY_RIGHTS)
    return not desk.store.ledger.verify()


def read_record_history(desk: Session, rid: bytes) -> RecordHistory:
    """Return all stored values of a record that the current user may see, newest first.

    Raise KfdeskError `record.missing` or `user.not_allowed`.
    """
    row = require_record(desk, rid)
    require_reading(desk, row)
    log_view(desk, row)
    hidden = hidden_keys(desk, row)
    live = [write for writes in writes_by_field(row.state).values() for write in writes]
    days: dict[Write, date | None] = dict(desk.store.replaced(rid)) | dict.fromkeys(live)
    written = (line for write, day in days.items() for line in _value_lines(row, write, day))
    senders = sender_names(desk, rid)
    lines = [
        replace(line, sender=senders.get(line.wid, ""))
        for line in written
        if line.key not in hidden
    ]
    order = {key: place for place, key in enumerate(RECORD_TYPES[row.type].fields)}
    lines.sort(
        key=lambda line: (-line.milliseconds, line.replaced is not None, order.get(line.key, -1))
    )
    return RecordHistory(
        rid, row.type, client_code(desk, row), sequence_number(desk, row), tuple(lines),
        _referenced_names(desk, row.type, lines), seen_writes(row), is_in_bin(desk, row),
        client_pronoun(desk, rid),
    )  # fmt: skip


def sender_names(desk: Session, rid: bytes) -> Mapping[bytes, str]:
    """Return the name of the partner whose file brought a write of a record, by write id."""
    came = desk.store.received.senders(rid)
    names = {one.organisation: one.name for one in desk.store.ledger.partners()} if came else {}
    for sender in set(came.values()) - names.keys():  # a partner of another laptop of ours
        row = desk.store.row(sender)
        names[sender] = row_name(row) if row is not None else ""
    return {wid: names[sender] or "–" for (_, wid), sender in came.items()}


def organisation_names(desk: Session, organisations: Iterable[bytes]) -> Mapping[bytes, str]:
    """Return the names of organisations: our own, those of partners, and of the directory.

    One that has no name here gets the first eight digits of its id.
    """
    known = {desk.identity.organisation: desk.identity.name}
    known |= {one.organisation: one.name for one in desk.store.ledger.partners()}
    return {one: known.get(one) or _entry_name(desk, one) for one in organisations}


def _entry_name(desk: Session, organisation: bytes) -> str:
    row = desk.store.row(organisation)
    name = row_name(row) if row is not None and row.type == "organisation" else ""
    return name or organisation.hex()[:8]


def read_bin(desk: Session) -> tuple[BinLine, ...]:
    """Return the deleted records, the last deleted first, each with the count of records below.

    Leave out those that the current user may not read. Raise KfdeskError `user.not_allowed`.
    """
    desk.require(*_HISTORY_RIGHTS)
    lines = [
        _bin_line(desk, row)
        for record_type in RECORD_TYPES
        for row in desk.store.rows(record_type)
        if is_deleted(row.state) and may_read(desk, row)
    ]
    return tuple(sorted(lines, key=lambda line: (-line.milliseconds, line.rid)))


def history_days(desk: Session) -> int:
    """Return for how many days replaced values are kept."""
    kept = desk.store.setting(_DAYS_SETTING)
    return int.from_bytes(kept, "big") if kept else DEFAULT_HISTORY_DAYS


def set_history_days(desk: Session, days: int) -> None:
    """Set the days of keeping replaced values, from MIN_HISTORY_DAYS to MAX_HISTORY_DAYS.

    Older values are removed at the next opening of the store. Raise KfdeskError
    `user.not_allowed`.
    """
    desk.require(Right.ERASE)
    within = min(max(days, MIN_HISTORY_DAYS), MAX_HISTORY_DAYS)
    with desk.store.transaction():
        desk.store.set_setting(_DAYS_SETTING, within.to_bytes(2, "big"))
        desk.log(Action.HISTORY_DAYS, keys=(str(within),))


def prune_history(desk: Session) -> int:
    """Remove values that were replaced too long ago; return how many were removed.

    Clients with a plan under a legal hold keep their history. Remove nothing while the clock is
    in doubt, or far ahead of the last audit entry: with a wrong date everything would seem old.
    """
    now = desk.adapters.clock.now()
    newest, oldest = desk.store.ledger.newest_entry(), desk.store.oldest_history()
    before = now.date() - timedelta(days=history_days(desk))
    if oldest is None or oldest >= before or newest is None or clock_doubt(desk) is not None:
        return 0
    if desk.milliseconds - newest > _MAX_CLOCK_GAP / timedelta(milliseconds=1):
        return 0
    kept = desk.store.tree.family(plan.parent for plan in held_plans(desk) if plan.parent)
    with desk.store.transaction():
        return desk.store.prune_history(before, kept)


def type_and_code(desk: Session, rid: bytes | None) -> tuple[str, str]:
    """Return a record's type and its client's code.

    Both are empty for None, a missing record, or one that the current user may not read.
    """
    row = desk.store.row(rid) if rid is not None else None
    is_told = row is not None and may_read(desk, row)
    return (row.type, client_code(desk, row)) if row is not None and is_told else ("", "")


def _history_line(
    desk: Session, number: int, event: AuditEvent, known: dict[bytes, tuple[str, str]]
) -> HistoryLine:
    """Return the line of an event; `known` caches type and code of this page's records."""
    if event.rid is not None and event.rid not in known:
        known[event.rid] = (
            type_and_code(desk, event.rid) if _may_read_about(desk, event.rid) else _NOT_READABLE
        )
    record_type, code = known[event.rid] if event.rid is not None else ("", "")
    if (record_type, code) == _NOT_READABLE:
        return HistoryLine(number, event.milliseconds, event.user, event.action, None, "", "", ())
    return HistoryLine(
        number, event.milliseconds, event.user, event.action, event.rid, record_type, code,
        event.keys,
    )  # fmt: skip


def _may_read_about(desk: Session, rid: bytes) -> bool:
    """Return whether the current user may read of a record; a missing record reveals nothing."""
    if desk.may(Right.READ_ALL):
        return True
    row = desk.store.row(rid)
    return row is None or may_read(desk, row)


def _value_lines(row: Row, write: Write, replaced: date | None) -> Iterator[ValueLine]:
    """Yield the line of a write; none for a field or value that this program does not know."""
    who = (write.author, write.milliseconds, replaced, write.wid)
    if write.fid == DELETION:
        yield ValueLine("", write.value if isinstance(write.value, int) else None, *who)
        return
    described = RECORD_TYPES[row.type].by_id.get(write.fid)
    if described is not None:
        with suppress(KfdeskError):
            yield ValueLine(described.key, described.kind.decode(write.value), *who)


def _referenced_names(desk: Session, record_type: str, lines: list[ValueLine]) -> Mapping[str, str]:
    fields = RECORD_TYPES[record_type].fields
    names: dict[str, str] = {}
    for line in lines:
        is_named = line.key and isinstance(fields[line.key].kind, ReferenceKind)
        if is_named and isinstance(line.value, str):
            row = desk.store.row(bytes.fromhex(line.value))
            names[line.value] = row_name(row) if row is not None else ""
    return names


def _bin_line(desk: Session, row: Row) -> BinLine:
    deletion = writes_by_field(row.state)[DELETION][-1]
    return BinLine(
        row.rid, row.type, client_code(desk, row), row_name(row), sequence_number(desk, row),
        deletion.author, deletion.milliseconds, len(desk.store.tree.family((row.rid,))) - 1,
    )  # fmt: skip


def sequence_number(desk: Session, row: Row) -> int | None:
    """Return the number of a leg or help number as its form counts; None for other records.

    One in the bin keeps the number that it had.
    """
    if row.type not in ("leg", "help_number"):
        return None
    if is_deleted(row.state):
        number = getattr(view_any(row).record, "sequence", None)
        return number if isinstance(number, int) else None
    near = (one for one in desk.store.children(row.parent or b"") if one.type == row.type)
    return sibling_numbers(view_any(one) for one in near if not is_deleted(one.state)).get(row.rid)


def row_name(row: Row) -> str:
    """Return the name of an organisation or the first name of a contact; empty if there is none."""
    key = NAME_KEYS.get(row.type)
    return text_or_empty(read_fields(row, (key,))[key]) if key is not None else ""
