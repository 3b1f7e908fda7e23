# SPDX-License-Identifier: GPL-3.0-or-later
"""What could be read of a damaged store and what could not, as values: kinds, numbers, ids.

Never a value of a record, so that it may be printed and carried to somebody who can help. Knows no
file and no page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

UNNAMED, INDEX = "", "index"
"""The kind of a record of which nothing but its id is left; what is made anew from records."""

CONTENT = "content"
"""Among what was lost: contents of documents, by the ids of their records."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with a file: how many pages it has, and how many are bad or missing.

    `is_sealed` is False where the file's first bytes are lost, by which its pages are proved: then
    what was read is believed where record and lists agree. `tables` says on how many of the bad
    pages something of a table was, as far as that is known: `index` for what is made anew, an empty
    name where it is not known.
    """

    pages: int
    bad: int
    is_sealed: bool = True
    tables: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Salvage:
    """What a salvage brought into a new store, and what is lost.

    `kept` counts records by type. `lost` has the ids of lost records by type, of those that are
    known to have been there. `entries`, `entries_lost` and `entries_altered` count the history's;
    `rows_lost` rows of other tables that broke off. `has_keys` says whether the desk's own keys
    were found, `aside` where the damaged store is now.
    """

    damage: Damage
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
        """How many records are in the new store."""
        return sum(self.kept.values())

    @property
    def records_lost(self) -> int:
        """How many records are known to be lost."""
        return sum(len(ids) for kind, ids in self.lost.items() if kind != CONTENT)

    @property
    def may_hide(self) -> bool:
        """Whether more may be lost than can be counted."""
        return not self.damage.is_sealed or any(name != INDEX for name in self.damage.tables)


@dataclass(frozen=True, slots=True)
class GoodBackup:
    """A backup that was proved: where, when it was made, how many days ago, its records.

    `since` counts records that the damaged store still shows to have been written or changed after
    it; they are not in the backup.
    """

    path: Path
    made: datetime | None
    days: int
    records: int
    since: int


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found at a damaged store: what a salvage would bring, and the newest good backup."""

    salvage: Salvage
    backup: GoodBackup | None
    refused: int = 0
    """Backups that were found and are not whole themselves."""
