# SPDX-License-Identifier: GPL-3.0-or-later
"""The calendar as a file for one's own telephone: when, and a neutral title, and nothing else.

Only the user's own open items leave, and only those of the next days, beside those that a file
before had. What is gone since then leaves once more, as cancelled. The store remembers for each
user what the last file said, without titles. A neutral title is checked as a carried paper is. It
is entered in the ledger as disclosed to staff, and logged, before the file gets its name.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from kfdesk.domain.accounts import Right, fold_initials
from kfdesk.domain.audit import CHANNEL_CALENDAR, Action
from kfdesk.domain.calendar import (
    EXPORTED_KINDS,
    CalendarEntry,
    CalendarItem,
    cancellations,
    entry_of,
    entry_uid,
    items_between,
    numbered,
)
from kfdesk.domain.consent import Recipient, RecipientKind
from kfdesk.domain.disclosure import Channel, Disclosed, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.registers import count_superseded, count_writes
from kfdesk.domain.rows import Row
from kfdesk.services.calendar import read_calendar
from kfdesk.services.core.saved_files import save_file
from kfdesk.services.core.session import Session, require_plausible_clock
from kfdesk.services.exchange.disclosure_log import disclosure_entries
from kfdesk.services.exchange.epochs import epoch_begun_anew
from kfdesk.services.papers.leak_check import check_carried_titles

EXPORTED_DAYS = 30
LONGEST_EXPORT = 366
"""Days of a file: as a rule, and at most."""
FILE_NAME = "calendar.ics"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """Contents of a calendar file only if they are asked for: none as a rule.

    `has_meetings`: also the meetings of our networks, which are nobody's own. `has_reminders`: each
    entry rings once. `has_tasks`: something to do is a task (VTODO), which most telephones leave
    out, and not an event of its day.
    """

    has_meetings: bool = False
    has_reminders: bool = False
    has_tasks: bool = False


NO_OPTIONS = ExportOptions()
_KEY = "calendar_key"
_KEY_BYTES = 32
_FIRST_NUMBER, _NUMBER_BYTES = "calendar_number", 4
_MINUTE = 60_000  # milliseconds
_EXPORTED_KEYS: Mapping[str, frozenset[str]] = {
    "follow_up": frozenset({"due"}),
    "leg": frozenset({"departs", "arrives", "check_in"}),
    "task": frozenset({"due", "neutral_title"}),
    "legal_status": frozenset({"ends", "next_hearing"}),
    "cooperation_step": frozenset({"event", "amount", "unit", "began", "extended_until"}),
    "consent": frozenset({"given", "expires"}),
    "case_conference": frozenset({"starts", "ends"}),
    "meeting": frozenset({"starts", "ends"}),
}
"""The fields that say when; of a task the neutral title as well."""


@dataclass(frozen=True, slots=True)
class ExportLine:
    """The part of an item that leaves. Without an item it cancels one that is gone."""

    entry: CalendarEntry
    item: CalendarItem | None = None


@dataclass(frozen=True, slots=True)
class RefusedTitle:
    """A task whose neutral title may not leave, and its words that are in the way."""

    item: CalendarItem
    words: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class CalendarExport:
    """The contents of a calendar file; `undated` counts items without a day, which are left out."""

    lines: tuple[ExportLine, ...]
    refused: tuple[RefusedTitle, ...]
    undated: int
    until: date


def preview_calendar_export(
    desk: Session, days: int = EXPORTED_DAYS, options: ExportOptions = NO_OPTIONS
) -> CalendarExport:
    """Return what a file of the user's own items of the next `days` would say. Write no file.

    Raise KfdeskError `user.not_allowed`, also for a title that hits what the user may not read, or
    `calendar.days` for a number of days that is not from 1 to 366.
    """
    desk.require(Right.PRINT_INTERNAL)
    if not 1 <= days <= LONGEST_EXPORT:
        raise KfdeskError("calendar.days", most=LONGEST_EXPORT)
    calendar = read_calendar(desk)
    today, until = calendar.on, calendar.on + timedelta(days)
    before, key = _last_entries(desk), _store_key(desk)
    own = [
        one
        for one in calendar.items
        if one.kind in EXPORTED_KINDS
        and one.standing.is_open
        and (one.is_of(desk.user) or (options.has_meetings and one.record_type == "meeting"))
    ]
    tasks = options.has_tasks
    named = [(entry_uid(key, one.kind, one.rid, has_tasks=tasks), one) for one in own]
    near = {id(one) for one in items_between(own, today, until)}
    sent = {one.uid for one in before.values() if not one.is_cancelled}
    leaving = [(uid, one) for uid, one in named if id(one) in near or uid in sent]
    rows, first = desk.store.kept(one.rid for _, one in leaving), _first_number(desk)
    lines = []
    for uid, one in leaving:
        writes = first + _writes(rows[one.rid][0])
        entry = entry_of(one, uid, writes, has_tasks=tasks)
        lines.append(ExportLine(numbered(entry, before.get(uid)), one))
    gone = cancellations(before.values(), {uid for uid, _ in leaving}, today, first)
    lines += [ExportLine(entry) for entry in gone]
    undated = sum(n for kind, n in calendar.undated.items() if kind in EXPORTED_KINDS)
    return CalendarExport(tuple(lines), tuple(_refused(desk, lines)), undated, until)


def export_calendar(
    desk: Session, path: Path, days: int = EXPORTED_DAYS, options: ExportOptions = NO_OPTIONS
) -> CalendarExport:
    """Save what `preview_calendar_export` returns as a calendar file; return it.

    Raise KfdeskError as that does, `calendar.title_refused` for a neutral title that may not leave,
    `calendar.nothing` for an empty file, `clock.…` while the clock is in doubt, or `store.disk`;
    then nothing left and nothing is entered.
    """
    desk.require(Right.PRINT_INTERNAL)
    require_plausible_clock(desk)
    export = preview_calendar_export(desk, days, options)
    if export.refused:
        raise KfdeskError("calendar.title_refused", count=len(export.refused))
    if not export.lines:
        raise KfdeskError("calendar.nothing")
    entries = [line.entry for line in export.lines]
    now = desk.adapters.clock.now()
    data = desk.adapters.write_calendar(entries, now, rings=options.has_reminders)
    digest, remembered = sha256(data).digest(), desk.store.setting(_memory_key(desk))
    what = _disclosed(desk, [line.item for line in export.lines if line.item is not None])

    def enter() -> None:
        _enter(desk, what, digest)
        _remember(desk, entries)

    def take_back() -> None:
        desk.store.ledger.retract(digest, len(what.rows))
        desk.store.set_setting(_memory_key(desk), remembered or b"")
        desk.log(Action.NOT_SAVED)

    save_file(desk, path, data, enter, take_back)
    return export


def _refused(desk: Session, lines: Sequence[ExportLine]) -> Iterator[RefusedTitle]:
    """Yield the tasks whose neutral titles say what a carried paper may not."""
    titled = [one.item for one in lines if one.item is not None and one.item.neutral_title.strip()]
    texts = [(one.rid, one.neutral_title) for one in titled]
    for at, found in sorted(check_carried_titles(desk, texts).items()):
        yield RefusedTitle(titled[at], tuple(dict.fromkeys(one.words for one in found)))


def _writes(row: Row) -> int:
    """Return how often the fields of a record have been written, as far as it is known."""
    return count_writes(row.state) + count_superseded(row.state)


# --- the ledger


def _disclosed(desk: Session, items: Sequence[CalendarItem]) -> Disclosed:
    """Return the fields that the items are made of, as disclosed to our own organisation."""
    own, rids = desk.identity.organisation, {one.rid for one in items}
    rows: dict[bytes, Row] = {}
    for row, _ in desk.store.kept(rids).values():
        rows.update((one.rid, one) for one in desk.self_and_ancestors(row))
    basis = desk.disclosure_basis()
    recipient = Recipient(RecipientKind.OWN, own)
    what = disclose(tuple(rows.values()), recipient, Channel.DESK_PAPER, basis)
    return what.only_rows(rids).only_keys(_EXPORTED_KEYS)


def _enter(desk: Session, what: Disclosed, digest: bytes) -> None:
    """Enter the file in the ledger, as disclosed to staff, and log it."""
    own = desk.identity.organisation
    entries = disclosure_entries(desk, what, own, digest)
    desk.store.ledger.enter(replace(one, channel=CHANNEL_CALENDAR) for one in entries)
    desk.log_all(Action.SAVE_CALENDAR, ((one.rid, tuple(one.grants)) for one in what.rows))


# --- what the last file said


def _store_key(desk: Session) -> bytes:
    """Return the key of the names in calendar files; make it at the first need."""
    key = desk.store.setting(_KEY)
    if not key:
        key = desk.adapters.random(_KEY_BYTES)
        with desk.store.transaction():
            desk.store.set_setting(_KEY, key)
    return key


def _first_number(desk: Session) -> int:
    """Return the number above which the changes of entries are counted.

    It is 0, and in a store that was restored the minute of its first calendar since then: a
    telephone takes no update whose number is lower than that of the lost store's file.
    """
    epoch = epoch_begun_anew(desk)
    if epoch is None:
        return 0
    kept = desk.store.setting(_FIRST_NUMBER) or b""
    if kept[:-_NUMBER_BYTES] != epoch:
        minute = desk.milliseconds // _MINUTE
        kept = epoch + minute.to_bytes(_NUMBER_BYTES, "big")
        with desk.store.transaction():
            desk.store.set_setting(_FIRST_NUMBER, kept)
    return int.from_bytes(kept[-_NUMBER_BYTES:], "big")


def _memory_key(desk: Session) -> str:
    return f"calendar.{fold_initials(desk.user)}"


def _remember(desk: Session, entries: Iterable[CalendarEntry]) -> None:
    """Remember what the file says, without its titles; inside a transaction."""
    told = [
        (one.uid, one.writes, one.starts.isoformat(), one.ends.isoformat(), one.is_task,
         one.is_cancelled, one.sequence)
        for one in entries
    ]  # fmt: skip
    desk.store.set_setting(_memory_key(desk), json.dumps(told).encode())


def _last_entries(desk: Session) -> Mapping[str, CalendarEntry]:
    """Return what the user's last file said, by name; nothing if that cannot be read."""
    found = {}
    try:
        for uid, writes, starts, ends, is_task, is_cancelled, number in json.loads(
            desk.store.setting(_memory_key(desk)) or b"[]"
        ):
            entry = CalendarEntry(uid, writes, _when(starts), _when(ends), is_task=is_task)
            found[uid] = replace(entry, is_cancelled=is_cancelled, sequence=number)
    except (ValueError, TypeError):  # a newer version may remember otherwise
        return {}
    return found


def _when(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
