# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery of a damaged store's rows into a new store, with a report of what is lost.

A record is recovered from its `state`, and all derived columns and indexes are built
again. Ledger rows are copied as they were. The audit chain keeps its numbers and hashes
as far as it is intact, and is linked again behind each gap. Import undo data is left
out: with a part missing, an undo would do only half. Nothing is written to the damaged
file.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kfdesk.domain.backup import CONTENT_KIND, INDEX_KIND, UNKNOWN_KIND, DamageReport, SalvageResult
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import decode_state
from kfdesk.domain.rows import Row, check_row
from kfdesk.storage.attachments import AttachmentContents
from kfdesk.storage.driver import Connection
from kfdesk.storage.ledger import NO_HASH, chain_hash
from kfdesk.storage.recovery.pages import (
    RECORD_TABLE,
    PageReader,
    ParsedPage,
    RecoveredRow,
    SqlValue,
    TableShape,
    read_page,
    record_type_of,
    table_of_row,
    table_shapes,
)
from kfdesk.storage.row_codec import derived_cells, row_cells, upsert_statement

# --- audit chain


def relink_chain(entries: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Yield the entries of a chain with gaps as table rows, linked so that it is valid again.

    Up to the first gap each entry keeps its hash; behind it entries get new ones.
    """
    previous = NO_HASH
    for number, *entry, linked, _ in entries:
        before = previous + linked[len(NO_HASH) :]
        previous = chain_hash(before, tuple(entry))
        yield (number, *entry, before, previous)


def has_matching_hash(entry: tuple[Any, ...]) -> bool:
    """Return whether an entry, as a table row, still matches its hash."""
    _, *what, before, digest = entry
    return bool(digest == chain_hash(before, tuple(what)))


# --- records

ProgressStep = Callable[[int, int], None]
_RID, _NUMBER, _PARENT, _CUSTODIAN, _TOOK, _STATE = 1, 2, 3, 4, 6, 7
_LEFT_OUT = frozenset({"taking", "taking_row", "level"})
"""Tables that are valid only if complete; a salvaged store starts without them."""
_KEYS = ("organisation", "device", "sign_seed", "age_secret", "epoch")
_AUDIT = "CREATE TEMP TABLE found_audit AS SELECT * FROM main.audit LIMIT 0"


@dataclass
class _RecoveryTally:
    """Findings so far."""

    listed: dict[bytes, str] = field(default_factory=dict)  # the type of each record by `place`
    indexed: set[SqlValue] = field(default_factory=set)  # ids found in an index
    waiting: list[RecoveredRow] = field(default_factory=list)  # records whose type is not known yet
    kept: dict[bytes, tuple[str, int]] = field(default_factory=dict)  # type and number
    broken: set[bytes] = field(default_factory=set)  # records of which a part is lost
    rows: Counter[str] = field(default_factory=Counter)  # truncated rows of other tables
    above: dict[int, int] = field(default_factory=dict)  # the parent page of each page
    roots: dict[int, str] = field(default_factory=dict)
    owners: dict[int, str] = field(default_factory=dict)  # the table of each overflow page
    entries: int = 0
    entries_lost: int = 0
    entries_altered: int = 0


class StoreRecovery:
    """The recovery into a new store, which has empty tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def run(self, pages: PageReader, step: ProgressStep) -> SalvageResult:
        """Recover what can be read of a file and return the report; `step` gets each page.

        Call it inside the store's transaction. Exceptions of `step` pass unchanged.
        """
        return _RecoveryRun(pages, self._connection).run(step)


class _RecoveryRun:
    """The recovery of one file into the new store."""

    def __init__(self, pages: PageReader, connection: Connection) -> None:
        self._pages, self._connection = pages, connection
        self._shapes = table_shapes(connection)
        self._names = {*self._shapes, *(f"record_{name}" for name in RECORD_TYPES)}
        self._tally = _RecoveryTally()

    def run(self, step: ProgressStep) -> SalvageResult:
        self._connection.execute(_AUDIT)
        try:
            for number in range(1, self._pages.count + 1):
                step(number - 1, self._pages.count)
                leaf = read_page(self._pages, number)
                if leaf is not None:
                    self._take(number, leaf)
            self._confirm()
            for row in self._tally.waiting:
                self._keep_record(row, self._tally.listed)
            self._keep_places()
            self._keep_audit()
        finally:
            self._connection.execute("DROP TABLE found_audit")
        return self._account()

    def _take(self, number: int, leaf: ParsedPage) -> None:
        tally = self._tally
        tally.above.update(dict.fromkeys(leaf.below, number))
        names: Counter[str] = Counter()
        for row in leaf.rows:
            name = table_of_row(self._shapes, row)
            names[name] += 1
            if name == RECORD_TABLE and not self._pages.is_sealed:
                tally.waiting.append(row)
            elif name == RECORD_TABLE:
                self._keep_record(row, {})
            elif name and row.is_whole:
                self._keep(name, row)
            elif not row.is_whole:
                self._note_broken(row)
            else:
                self._note_other(row)
        if leaf.beside and names:
            tally.owners.update(dict.fromkeys(leaf.beside, names.most_common(1)[0][0]))

    # records

    def _keep_record(self, row: RecoveredRow, listed: Mapping[bytes, str]) -> None:
        """Save a record; one of unknown type waits until `listed` is complete."""
        rid: Any = row.values[_RID]
        made = self._record(row, listed.get(rid)) if row.is_whole else None
        if made is None:
            self._tally.broken.add(rid)
            return
        if not made.type:
            if not listed:
                self._tally.waiting.append(row)
            else:
                self._tally.broken.add(rid)
            return
        before = self._tally.kept.get(rid)
        number: Any = row.values[_NUMBER]
        if before is not None and (before[1] >= number or before[0] != made.type):
            return
        took: Any = row.values[_TOOK]
        self._connection.execute(upsert_statement(made.type), row_cells(made, number, took))
        self._tally.kept[rid] = (made.type, number)

    def _confirm(self) -> None:
        """Without HMACs, accept a record only if its ids also occur elsewhere."""
        tally = self._tally
        if self._pages.is_sealed:
            return
        houses = Counter(row.values[_CUSTODIAN] for row in tally.waiting if row.is_whole)
        known = tally.indexed.union(tally.listed)
        believed: list[RecoveredRow] = []
        for row in tally.waiting:
            rid: Any = row.values[_RID]
            above = row.values[_PARENT] if row.is_whole else None
            is_led_to = rid in known and (above is None or above in known)
            if row.is_whole and is_led_to and houses[row.values[_CUSTODIAN]] > 1:
                believed.append(row)
            elif rid in known:
                tally.broken.add(rid)
        tally.waiting = believed

    def _record(self, row: RecoveredRow, listed: str | None) -> Row | None:
        """Return the record of a row; None if its state is invalid, an empty type if unknown."""
        values: Any = row.values
        try:
            state = decode_state(values[_STATE])
            name = record_type_of(state, listed)
            made = Row(values[_RID], name or "", values[_PARENT], values[_CUSTODIAN], state)
            if name:
                check_row(made)
                if not self._pages.is_sealed and not _matches_cells(made, values[_STATE + 1 :]):
                    return None
        except KfdeskError:
            return None
        return made

    def _keep_places(self) -> None:
        self._connection.executemany(
            "INSERT OR REPLACE INTO place VALUES (?, ?)",
            [(rid, name) for rid, (name, _) in self._tally.kept.items()],
        )
        newest = max((number for _, number in self._tally.kept.values()), default=0)
        self._connection.execute(
            "INSERT INTO setting VALUES ('counter', ?) ON CONFLICT (key) DO UPDATE "
            "SET value = max(value, excluded.value)",
            (newest.to_bytes(8, "big"),),
        )

    # the ledger

    def _keep(self, name: str, row: RecoveredRow) -> None:
        if name == "place":
            rid: Any = row.values[0]
            self._tally.listed[rid] = str(row.values[1])
            return
        if name in _LEFT_OUT:
            return
        columns = self._shapes[name].columns
        cells = [
            row.number if column.is_number else value
            for column, value in zip(columns, row.values, strict=False)
        ]
        names = ", ".join(f'"{column.name}"' for column in columns[: len(cells)])
        into = "temp.found_audit" if name == "audit" else f"main.{name}"
        self._connection.execute(
            f"INSERT OR IGNORE INTO {into} ({names}) VALUES ({', '.join('?' * len(cells))})", cells
        )

    def _note_broken(self, row: RecoveredRow) -> None:
        name = _likely_table(self._shapes, row)
        self._tally.rows[name] += 1

    def _keep_audit(self) -> None:
        """Save the audit chain in order; count the entries that are missing or altered."""
        columns = "id, at, user, action, rid, keys, previous, hash"
        found = self._connection.execute(
            f"SELECT {columns} FROM temp.found_audit GROUP BY id ORDER BY id"
        ).fetchall()
        self._tally.entries = len(found)
        self._tally.entries_lost = (found[-1][0] if found else 0) - len(found)
        self._tally.entries_altered = sum(not has_matching_hash(entry) for entry in found)
        self._connection.executemany(
            f"INSERT INTO audit ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", relink_chain(found)
        )

    # the report

    def _note_other(self, row: RecoveredRow) -> None:
        """Remember ids in an index, and where the schema says that a table begins."""
        values: Any = row.values
        if row.number is None and len(values) == 2 and isinstance(values[1], int):
            self._tally.indexed.add(values[0])
        if len(values) == 5 and values[0] in ("table", "index") and isinstance(values[3], int):
            is_made_anew = values[0] == "index" or str(values[2]) not in self._names
            self._tally.roots[values[3]] = INDEX_KIND if is_made_anew else str(values[2])

    def _account(self) -> SalvageResult:
        tally, kept = self._tally, self._tally.kept
        gone: dict[str, list[bytes]] = {}
        for rid in sorted(self._tally.broken.union(self._tally.listed) - kept.keys()):
            gone.setdefault(self._tally.listed.get(rid, UNKNOWN_KIND), []).append(rid)
        contents = self._drop_torn_contents()
        if contents:
            gone[CONTENT_KIND] = contents
        settings = {key for (key,) in self._connection.execute("SELECT key FROM setting")}
        return SalvageResult(
            damage=DamageReport(
                max(self._pages.count, *self._lost_pages(), 0), len(self._lost_pages()),
                self._pages.is_sealed, self._tables(),
            ),
            kept=dict(Counter(name for name, _ in kept.values())),
            lost={name: tuple(ids) for name, ids in gone.items()},
            entries=tally.entries,
            entries_lost=tally.entries_lost,
            entries_altered=tally.entries_altered,
            rows_lost=dict(tally.rows),
            has_keys=settings.issuperset(_KEYS),
        )  # fmt: skip

    def _lost_pages(self) -> frozenset[int]:
        """Return the bad pages, and referenced pages beyond the end of the file."""
        known = {*self._tally.above, *self._tally.owners, *self._tally.roots}
        return self._pages.bad.union(page for page in known if page > self._pages.count)

    def _tables(self) -> Mapping[str, int]:
        """Return how many bad pages each table had."""
        return dict(Counter(map(self._owner, self._lost_pages())))

    def _owner(self, page: int) -> str:
        passed: set[int] = set()
        while page not in passed:
            passed.add(page)
            name = self._tally.roots.get(page) or self._tally.owners.get(page)
            if name:
                return name
            page = self._tally.above.get(page, page)
        return UNKNOWN_KIND

    def _drop_torn_contents(self) -> list[bytes]:
        """Delete incomplete contents; return the ids of their records."""
        contents = AttachmentContents(self._connection)
        torn = sorted(
            {
                bytes.fromhex(code.partition(":")[2])
                for code in contents.find_problems(_ignore_progress)
            }
        )
        for rid in torn:
            contents.drop(rid)
        return torn


def _matches_cells(row: Row, cells: Iterable[SqlValue]) -> bool:
    """Return whether the cells beside a state match the state, in any order."""
    stored = Counter(map(repr, cells))
    said = (
        cell for name, cell in derived_cells(row).items() if name != "flags" and cell is not None
    )
    return Counter(map(repr, said)) <= stored


def _likely_table(shapes: Mapping[str, TableShape], row: RecoveredRow) -> str:
    """Return the table that a truncated row most likely belongs to, by its beginning."""
    for name, shape in shapes.items():
        begun = shape.columns[: len(row.values)]
        numbered = (row.number is not None) == shape.is_numbered
        if numbered and row.values and TableShape(shape.is_numbered, begun).fits(row):
            return name
    return UNKNOWN_KIND


def _ignore_progress() -> None:
    """Do nothing: a progress callback without a listener."""
