# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of backups: names, age, and which are kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kfdesk.domain.backup import (
    DAYS_KEPT,
    MAX_BACKUP_AGE,
    WEEKS_KEPT,
    Backup,
    BackupAge,
    backup_age,
    backup_names,
    backup_time,
    expired_backups,
)
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.exchange import ERASURE_REASONS

NOW = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)


def backups(*ages: timedelta) -> list[Backup]:
    """Backups of these ages at NOW."""
    found = [NOW - age for age in ages]
    return [Backup(Path(backup_names(made)[0]), made) for made in found]


def kept(ages: list[timedelta]) -> set[timedelta]:
    """Return the ages of those that stay."""
    every = backups(*ages)
    gone = expired_backups(every, NOW)
    return {NOW - backup.made for backup in every if backup not in gone}


def days(*numbers: int) -> list[timedelta]:
    return [timedelta(days=number) for number in numbers]


def test_name_says_when_and_nothing_else_and_is_read_back() -> None:
    assert backup_names(NOW)[0] == "notebook-2026-11-24-1405"
    for name in backup_names(NOW):
        assert backup_time(name, UTC) == NOW
    assert len(set(backup_names(NOW))) == 9


@pytest.mark.parametrize(
    "name",
    ["notebook-2026-11-24-1405.part", "notebook-2026-13-24-1405", "notebook", "holiday pictures",
     "notebook-2026-11-24-1405-12", "notebook-2026-11-24-2460", ""],
)  # fmt: skip
def test_other_names_are_no_backups(name: str) -> None:
    assert backup_time(name, UTC) is None


def test_newest_of_seven_days_and_of_four_weeks_are_kept() -> None:
    left = kept(days(*range(60)))
    assert left >= set(days(*range(DAYS_KEPT)))
    older = sorted(left - set(days(*range(DAYS_KEPT))))
    assert 0 < len(older) < WEEKS_KEPT
    assert max(left) <= MAX_BACKUP_AGE


def test_of_one_day_the_newest_is_kept() -> None:
    hours = [timedelta(hours=number) for number in range(6)]
    assert kept(hours) == {timedelta(0)}


def test_days_are_those_on_which_there_are_backups() -> None:
    assert kept(days(0, 3, 6, 9, 12, 15, 18)) == set(days(0, 3, 6, 9, 12, 15, 18))


def test_nothing_is_kept_beyond_its_time_but_the_newest() -> None:
    assert kept(days(0, 34, 36, 90)) == set(days(0, 34))
    assert kept(days(90, 100)) == set(days(90))
    assert expired_backups([], NOW) == ()


def test_backup_of_a_clock_that_was_ahead_removes_no_other() -> None:
    assert kept(days(-300, 0, 1)) == set(days(-300, 0, 1))


@pytest.mark.parametrize(
    ("number", "age"),
    [(None, BackupAge.NONE), (0, BackupAge.FRESH), (2, BackupAge.FRESH), (3, BackupAge.OLD),
     (6, BackupAge.OLD),
     (7, BackupAge.OVERDUE), (99, BackupAge.OVERDUE)],
)  # fmt: skip
def test_age_concerns_people_after_three_days_and_alarms_after_seven(
    number: int | None, age: BackupAge
) -> None:
    assert backup_age(number) is age


def test_every_reason_for_erasing_has_its_words() -> None:
    assert set(ERASURE_REASONS) == set(ErasureReason)
