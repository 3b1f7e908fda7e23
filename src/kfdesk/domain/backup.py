# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups as values: their names and age, which are kept, and what was salvaged of a store.

Kept are the newest of seven days and of four weeks, none older than 35 days. A backup
still holds a person who was erased, so it must not outlive the promise made to her. No
files here; the caller passes times.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path

DAYS_KEPT, WEEKS_KEPT = 7, 4
MAX_BACKUP_AGE = timedelta(days=35)
_NAME = re.compile(r"notebook-(\d{4})-(\d\d)-(\d\d)-(\d\d)(\d\d)(?:-[2-9])?")
_MOST_IN_MINUTE = 9
_OLD_DAYS, _OVERDUE_DAYS = 3, 7
CONTRADICTIONS_SETTING = "contradictions"
"""The setting with the ids that an upgrade of the list of the erased found to be wrong, joined."""


class BackupAge(StrEnum):
    """The age of the newest verified backup, as a warning level."""

    NONE = "none"
    FRESH = "fresh"
    OLD = "old"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup in one of our folders, and the time in its name."""

    path: Path
    made: datetime


@dataclass(frozen=True, slots=True)
class ErasureEntry:
    """The erasure of a record: its id, time (ms, UTC) and reason; nothing of its content.

    `custodian` answered for the record; empty if a program before store version 8 wrote the entry.
    `sender` is the partner on whose word it stands, and `file` the digest of its file; both are
    empty for what was erased by people here.
    """

    rid: bytes
    milliseconds: int
    reason: str
    custodian: bytes = b""
    sender: bytes = b""
    file: bytes = b""


@dataclass(frozen=True, slots=True)
class ErasedAgain:
    """Records that a restore erases again, because of one erasure at a time (ms, UTC).

    `reason` is that of the erasure. `records` counts them by type; we answer for `ours` of them.
    `asked_by` is the name of the organisation that asked for it; empty for people here. `codes`
    are those of the clients among them, as far as the user may read them.
    """

    milliseconds: int
    reason: str
    records: Mapping[str, int]
    ours: int
    asked_by: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RestorePreview:
    """Preview of a restore: the records that it will erase again, newest erasure first.

    `changed` counts the records that stay and lose single values that were erased.
    """

    lines: tuple[ErasedAgain, ...] = ()
    changed: int = 0

    @property
    def is_asked(self) -> bool:
        """True if a record that we answer for goes, so that a person has to say yes."""
        return any(one.ours for one in self.lines)


@dataclass(frozen=True, slots=True)
class RestoreResult:
    """The result of a restore: records by type, erasures repeated, and the old store's folder.

    `knows_erasures` is False if a store was replaced whose list of erasures cannot be read.
    Then somebody who was erased since the backup may be back.
    """

    counts: Mapping[str, int]
    erased: int
    knows_erasures: bool
    aside: Path | None = None


@dataclass(frozen=True, slots=True)
class WipeResult:
    """The result of a wipe: whether every file is gone, and the folders beside that were left.

    `left` names folders that are called as the program calls its copies of this store, and still
    hold keys: of another store, or of a copy that another program has open.
    """

    is_gone: bool
    left: tuple[str, ...] = ()


def backup_names(made: datetime) -> tuple[str, ...]:
    """Return the neutral names for a backup made at this time; the first free one is used."""
    first = made.strftime("notebook-%Y-%m-%d-%H%M")
    return (first, *(f"{first}-{number}" for number in range(2, _MOST_IN_MINUTE + 1)))


def backup_time(name: str, zone: tzinfo | None) -> datetime | None:
    """Return the time in the name of a backup; None if it is no backup name."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    year, month, day, hour, minute = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute, tzinfo=zone)
    except ValueError:
        return None


def expired_backups(backups: Iterable[Backup], now: datetime) -> tuple[Backup, ...]:
    """Return the backups to remove: beyond seven days and four weeks, or too old.

    The newest of all is always kept.
    """
    newest_first = sorted(backups, key=lambda backup: (backup.made, backup.path), reverse=True)
    days: dict[object, Backup] = {}
    weeks: dict[object, Backup] = {}
    for backup in newest_first:
        days.setdefault(backup.made.date(), backup)
        weeks.setdefault(backup.made.isocalendar()[:2], backup)
    kept = {
        backup.path
        for backup in (*list(days.values())[:DAYS_KEPT], *list(weeks.values())[:WEEKS_KEPT])
    }
    return tuple(
        backup
        for backup in newest_first[1:]
        if backup.path not in kept or now - backup.made > MAX_BACKUP_AGE
    )


def backup_age(days: int | None) -> BackupAge:
    """Return the warning level for whole days since the last verified backup; None is none."""
    if days is None:
        return BackupAge.NONE
    if days >= _OVERDUE_DAYS:
        return BackupAge.OVERDUE
    return BackupAge.OLD if days >= _OLD_DAYS else BackupAge.FRESH


# --- salvage of a damaged store

UNKNOWN_KIND, INDEX_KIND = "", "index"
"""The kind of a record known by its id only; and of data that is rebuilt from records."""

CONTENT_KIND = "content"
"""The kind of lost attachment contents, by the ids of their records."""


@dataclass(frozen=True, slots=True)
class DamageReport:
    """The damage of a file: its number of pages, and how many are bad or missing.

    `is_sealed` is False if the first bytes of the file are lost, by which its pages are
    authenticated. Then a record is accepted only if it agrees with the indexes. `tables`
    counts the bad pages per table as far as known: `index` for data that is rebuilt, an
    empty name if unknown.
    """

    pages: int
    bad: int
    is_sealed: bool = True
    tables: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SalvageResult:
    """Result of a salvage: the records in the new store, and the losses.

    `kept` counts records by type. `lost` has the ids of lost records by type, of records
    known to have existed. `entries`, `entries_lost` and `entries_altered` count audit
    entries. `rows_lost` counts truncated rows of other tables. `has_keys` says whether our
    own keys were found. `aside` is the present folder of the damaged store.
    """

    damage: DamageReport
    kept: Mapping[str, int]
    lost: Mapping[str, tuple[bytes, ...]]
    entries: int = 0
    entries_lost: int = 0
    entries_altered: int = 0
    rows_lost: Mapping[str, int] = field(default_factory=dict)
    has_keys: bool = True
    aside: Path | None = None

    @property
    def records(self) -> int:
        """The number of records in the new store."""
        return sum(self.kept.values())

    @property
    def records_lost(self) -> int:
        """The number of records known to be lost."""
        return sum(len(ids) for kind, ids in self.lost.items() if kind != CONTENT_KIND)

    @property
    def may_have_unknown_losses(self) -> bool:
        """True if more may be lost than can be counted."""
        return not self.damage.is_sealed or any(name != INDEX_KIND for name in self.damage.tables)


@dataclass(frozen=True, slots=True)
class GoodBackup:
    """A verified backup: its folder, time, age in days, and number of records.

    `since` counts records that the damaged store shows to be written or changed after it.
    They are not in the backup.
    """

    path: Path
    made: datetime | None
    days: int
    records: int
    since: int


@dataclass(frozen=True, slots=True)
class SalvagePreview:
    """Findings at a damaged store: what a salvage would bring, and the newest backup."""

    salvage: SalvageResult
    backup: GoodBackup | None
    refused: int = 0
    """The number of backups found that are damaged themselves."""
