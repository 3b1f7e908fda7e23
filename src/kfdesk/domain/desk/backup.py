# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups as values: what they are called, how old the newest may be, and which are kept.

Seven of days, four of weeks, none beyond 35 days: a backup still holds a person who was erased,
so it must not outlive what was promised her. Knows no files; times are handed in.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from pathlib import Path

DAYS, WEEKS = 7, 4
LONGEST = timedelta(days=35)
_NAME = re.compile(r"notebook-(\d{4})-(\d\d)-(\d\d)-(\d\d)(\d\d)(?:-[2-9])?")
_MOST_IN_MINUTE = 9
_OLD, _OVERDUE = 3, 7


class Age(StrEnum):
    """How old the newest verified backup is, as far as it concerns a person."""

    NONE = "none"
    FRESH = "fresh"
    OLD = "old"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup in a folder of ours, and when it was made, by its name."""

    path: Path
    made: datetime


@dataclass(frozen=True, slots=True)
class Erased:
    """That a record was erased: its id, when (ms, UTC), and for which reason; nothing of it."""

    rid: bytes
    milliseconds: int
    reason: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: records by type, how many were erased again, where the old store is.

    `knows_erasures` is False where a store was replaced whose list of erasures cannot be read:
    then somebody erased since the backup may be back.
    """

    counts: Mapping[str, int]
    erased: int
    knows_erasures: bool
    aside: Path | None = None


def backup_names(made: datetime) -> tuple[str, ...]:
    """The neutral names for a backup made at this time; the first that is free is taken."""
    first = made.strftime("notebook-%Y-%m-%d-%H%M")
    return (first, *(f"{first}-{number}" for number in range(2, _MOST_IN_MINUTE + 1)))


def made_at(name: str, zone: tzinfo | None) -> datetime | None:
    """When the backup of this name was made; None for what is no name of a backup."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    year, month, day, hour, minute = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute, tzinfo=zone)
    except ValueError:
        return None


def superfluous(backups: Iterable[Backup], now: datetime) -> tuple[Backup, ...]:
    """Those to remove: beyond the newest of seven days and of four weeks, or too old.

    The newest of all is always kept.
    """
    newest_first = sorted(backups, key=lambda backup: (backup.made, backup.path), reverse=True)
    days: dict[object, Backup] = {}
    weeks: dict[object, Backup] = {}
    for backup in newest_first:
        days.setdefault(backup.made.date(), backup)
        weeks.setdefault(backup.made.isocalendar()[:2], backup)
    kept = {backup.path for backup in (*list(days.values())[:DAYS], *list(weeks.values())[:WEEKS])}
    return tuple(
        backup
        for backup in newest_first[1:]
        if backup.path not in kept or now - backup.made > LONGEST
    )


def age_of(days: int | None) -> Age:
    """What so many whole days since the last verified backup mean; None is that there is none."""
    if days is None:
        return Age.NONE
    if days >= _OVERDUE:
        return Age.OVERDUE
    return Age.OLD if days >= _OLD else Age.FRESH
