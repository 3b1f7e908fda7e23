# SPDX-License-Identifier: GPL-3.0-or-later
"""What was: the audit trail, one record's values from its first to the present, and the bin.

The trail says who did what to which record, never what stood there; only one record's own history
shows values. A record is known by its type and its client's code; words for both are the page's.
How long replaced values are kept is set here, too.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

from kfdesk.domain.desk.log import Action, Event, Kind
from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Reference
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, seen_in, view, view_any
from kfdesk.domain.values import Value
from kfdesk.domain.writes import DELETION, Write, is_deleted, live_of
from kfdesk.services.clock import clock_doubt
from kfdesk.services.desk import Desk
from kfdesk.services.keeping.holding import held_plans
from kfdesk.services.policy.access import (
    DIRECTORY_READING,
    hidden_keys,
    may_read,
    require_reading,
)
from kfdesk.services.policy.viewing import note_view
from kfdesk.services.writing.records import found, is_in_bin

PAGE = 200
KEPT_DAYS = 180  # how long a replaced value can be looked up, unless the desk says otherwise
FEWEST_DAYS, MOST_DAYS = 30, 3650
_UNUSED = timedelta(days=31)  # a clock this far after the last entry is not believed at once
_SETTING = "history_days"
_CLOSED = ("", "closed")
_LOOKING = (*DIRECTORY_READING, Right.MANAGE_USERS)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry. `type` is empty without a record, and where the record is no longer here.

    `code` is the code of the client whom the record is about; empty for all other records.
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
        """Whether it is about a record at all."""
        return self.rid is not None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Entries, newest first; `older` is where the next page begins, None on the last."""

    lines: tuple[HistoryLine, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class ValueLine:
    """A value that a field has or had: who wrote it when, and on which day it was replaced.

    `replaced` is None for what holds now. Without a key it is about the whole record: 1 where it
    was deleted, None where it was brought back.
    """

    key: str
    value: Value = field(repr=False)
    author: str
    milliseconds: int
    replaced: date | None
    wid: bytes


@dataclass(frozen=True, slots=True)
class RecordHistory:
    """A record's values, newest first; `seen` is what `change_record` may replace by an old one.

    `names` has those of the records that the values refer to, by their ids as the values say them;
    `number` is a leg's or help number's place.
    """

    rid: bytes
    type: str
    code: str
    number: int | None
    lines: tuple[ValueLine, ...]
    names: Mapping[str, str] = field(repr=False)
    seen: frozenset[tuple[int, bytes]]
    is_in_bin: bool


@dataclass(frozen=True, slots=True)
class BinLine:
    """A record in the bin: who deleted it when, and how much is hidden below it.

    `name` is that of an entry of the directory; `code` the client's whom anything else is about,
    `number` a leg's or help number's place.
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
    desk: Desk, before: int | None = None, limit: int = PAGE, kind: Kind | None = None
) -> HistoryPage:
    """At most `limit` entries with a number below `before`; None begins at the newest.

    Of one kind, or of all.

    Of a record that who sits here may not read, only who did what and when is said. Raises
    KfdeskError `user.not_allowed`.
    """
    desk.require(*_LOOKING)
    found = desk.store.ledger.events(before, limit + 1, kind)
    shown = found[:limit]
    older = shown[-1][0] if len(found) > limit else None
    known: dict[bytes, tuple[str, str]] = {}
    return HistoryPage(tuple(_line(desk, number, event, known) for number, event in shown), older)


def is_whole(desk: Desk) -> bool:
    """Whether no entry of the trail was changed, moved or taken out since it was written.

    Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*_LOOKING)
    return not desk.store.ledger.verify()


def record_history(desk: Desk, rid: bytes) -> RecordHistory:
    """All values of a record that are kept and may be seen, newest first.

    Raises KfdeskError `record.missing` or `user.not_allowed`.
    """
    row = found(desk, rid)
    require_reading(desk, row)
    note_view(desk, row)
    hidden = hidden_keys(desk, row)
    live = [write for writes in live_of(row.state).values() for write in writes]
    days: dict[Write, date | None] = dict(desk.store.replaced(rid)) | dict.fromkeys(live)
    written = (line for write, day in days.items() for line in _values(row, write, day))
    lines = [line for line in written if line.key not in hidden]
    order = {key: place for place, key in enumerate(TYPES[row.type].fields)}
    lines.sort(
        key=lambda line: (-line.milliseconds, line.replaced is not None, order.get(line.key, -1))
    )
    _, code = about(desk, rid)
    return RecordHistory(
        rid, row.type, code, number_of(row), tuple(lines), _names(desk, row.type, lines),
        seen_in(row), is_in_bin(desk, row),
    )  # fmt: skip


def read_bin(desk: Desk) -> tuple[BinLine, ...]:
    """The deleted records, the last deleted first; what is hidden below them is counted.

    Those that who sits here may not read are left out. Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*_LOOKING)
    lines = [
        _bin_line(desk, row)
        for record_type in TYPES
        for row in desk.store.rows(record_type)
        if is_deleted(row.state) and may_read(desk, row)
    ]
    return tuple(sorted(lines, key=lambda line: (-line.milliseconds, line.rid)))


def history_days(desk: Desk) -> int:
    """For how many days replaced values are kept."""
    kept = desk.store.setting(_SETTING)
    return int.from_bytes(kept, "big") if kept else KEPT_DAYS


def set_history_days(desk: Desk, days: int) -> None:
    """Keep replaced values for so many days, from FEWEST_DAYS to MOST_DAYS.

    What is older goes when the store is opened next. Raises KfdeskError `user.not_allowed`.
    """
    desk.require(Right.ERASE)
    within = min(max(days, FEWEST_DAYS), MOST_DAYS)
    with desk.store.transaction():
        desk.store.set_setting(_SETTING, within.to_bytes(2, "big"))
        desk.log(Action.HISTORY_DAYS, keys=(str(within),))


def prune_history(desk: Desk) -> int:
    """Forget what was replaced longer ago than it is kept; returns how many values went.

    What must be kept as it is keeps its history, too.

    Nothing goes while the clock is in doubt, or far ahead of the last entry of the trail: by a
    wrong date everything would seem old.
    """
    now = desk.rooms.clock.now()
    newest, oldest = desk.store.ledger.newest_entry(), desk.store.oldest_history()
    before = now.date() - timedelta(days=history_days(desk))
    if oldest is None or oldest >= before or newest is None or clock_doubt(desk) is not None:
        return 0
    if desk.milliseconds - newest > _UNUSED / timedelta(milliseconds=1):
        return 0
    kept = desk.store.tree.family(plan.parent for plan in held_plans(desk) if plan.parent)
    with desk.store.transaction():
        return desk.store.prune_history(before, kept)


def about(desk: Desk, rid: bytes | None) -> tuple[str, str]:
    """A record's type, and its client's code; both empty for none, and for what is not here."""
    row = desk.store.row(rid) if rid is not None else None
    if row is None:
        return "", ""
    client = next((one for one in desk.upwards(row) if one.type == "client"), None)
    code = view(client, Client).record.code if client is not None else ""
    return row.type, code if isinstance(code, str) else ""


def _line(
    desk: Desk, number: int, event: Event, known: dict[bytes, tuple[str, str]]
) -> HistoryLine:
    """`known` keeps what records of this page are, as they come up again and again."""
    if event.rid is not None and event.rid not in known:
        known[event.rid] = about(desk, event.rid) if _is_open(desk, event.rid) else _CLOSED
    record_type, code = known[event.rid] if event.rid is not None else ("", "")
    if (record_type, code) == _CLOSED:
        return HistoryLine(number, event.milliseconds, event.user, event.action, None, "", "", ())
    return HistoryLine(
        number,
        event.milliseconds,
        event.user,
        event.action,
        event.rid,
        record_type,
        code,
        event.keys,
    )


def _is_open(desk: Desk, rid: bytes) -> bool:
    """Whether who sits here may read of a record; what is no longer here says nothing anyway."""
    if desk.may(Right.READ_ALL):
        return True
    row = desk.store.row(rid)
    return row is None or may_read(desk, row)


def _values(row: Row, write: Write, replaced: date | None) -> Iterator[ValueLine]:
    """The line of a write; none for a field, or a value, that this program does not know."""
    who = (write.author, write.milliseconds, replaced, write.wid)
    if write.fid == DELETION:
        yield ValueLine("", write.value if isinstance(write.value, int) else None, *who)
        return
    described = TYPES[row.type].by_id.get(write.fid)
    if described is not None:
        with suppress(KfdeskError):
            yield ValueLine(described.key, described.kind.decode(write.value), *who)


def _names(desk: Desk, record_type: str, lines: list[ValueLine]) -> Mapping[str, str]:
    fields = TYPES[record_type].fields
    found_names: dict[str, str] = {}
    for line in lines:
        is_named = line.key and isinstance(fields[line.key].kind, Reference)
        if is_named and isinstance(line.value, str):
            row = desk.store.row(bytes.fromhex(line.value))
            found_names[line.value] = _name(row) if row is not None else ""
    return found_names


def _bin_line(desk: Desk, row: Row) -> BinLine:
    deletion = live_of(row.state)[DELETION][-1]
    _, code = about(desk, row.rid)
    return BinLine(
        row.rid, row.type, code, _name(row), number_of(row), deletion.author, deletion.milliseconds,
        sum(1 for _ in _below(desk, row.rid)),
    )  # fmt: skip


def number_of(row: Row) -> int | None:
    """A leg's or help number's place among its like; None for all other records."""
    number = getattr(view_any(row).record, "sequence", None)
    return number if isinstance(number, int) else None


def _name(row: Row) -> str:
    record = view_any(row).record
    name = record.name if isinstance(record, Organisation) else None
    name = record.given_name if isinstance(record, Contact) else name
    return name if isinstance(name, str) else ""


def _below(desk: Desk, rid: bytes) -> Iterator[Row]:
    for row in desk.store.children(rid):
        yield row
        yield from _below(desk, row.rid)
