# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows of a damaged store brought into a new one, and an account of those that cannot be.

A record is taken by its `state`, from which everything that lists and searches read is derived
again; the books row by row as they were. The audit chain is taken with its numbers and hashes as
far as it holds, and linked anew behind each gap. What only makes a taking undone is left out: with
a part of it missing, an undo would do half. Nothing is written to the damaged file.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.keeping.salvage import CONTENT, INDEX, UNNAMED, Damage, Salvage
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, check_row
from kfdesk.domain.writes import decode
from kfdesk.storage.cells import cells_of, derived, replacing
from kfdesk.storage.contents.parts import Contents
from kfdesk.storage.driver import Connection
from kfdesk.storage.salvaging.chain import is_as_written, relinked
from kfdesk.storage.salvaging.pages import Pages
from kfdesk.storage.salvaging.rows import Found, Leaf, Value, read_page
from kfdesk.storage.salvaging.shapes import RECORD, Shape, shapes_of, table_of, type_of

Step = Callable[[int, int], None]
_RID, _NUMBER, _PARENT, _CUSTODIAN, _TOOK, _STATE = 1, 2, 3, 4, 6, 7
_LEFT_OUT = frozenset({"taking", "taking_row", "level"})
"""What holds only as long as nothing is missing: of a salvaged store all is looked at again."""
_KEYS = ("organisation", "device", "sign_seed", "age_secret", "epoch")
_AUDIT = "CREATE TEMP TABLE found_audit AS SELECT * FROM main.audit LIMIT 0"


@dataclass
class _Tally:
    """What was met on the way."""

    listed: dict[bytes, str] = field(default_factory=dict)  # what `place` says of each record
    indexed: set[Value] = field(default_factory=set)  # ids that an index knows
    waiting: list[Found] = field(default_factory=list)  # records that what comes later must tell of
    kept: dict[bytes, tuple[str, int]] = field(default_factory=dict)  # type and number
    broken: set[bytes] = field(default_factory=set)  # records of which a part is lost
    rows: Counter[str] = field(default_factory=Counter)  # of other tables, that broke off
    above: dict[int, int] = field(default_factory=dict)  # page by page, what leads there
    roots: dict[int, str] = field(default_factory=dict)
    owners: dict[int, str] = field(default_factory=dict)  # of pages that rows go on over
    entries: int = 0
    entries_lost: int = 0
    entries_altered: int = 0


class Rescue:
    """What is brought over into a new store, which has its tables and nothing in them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def run(self, pages: Pages, step: Step) -> Salvage:
        """Bring over what can be read of a file, of which `step` hears page by page.

        Belongs inside the store's transaction. Raises whatever `step` does.
        """
        return _Bringing(pages, self._connection).run(step)


class _Bringing:
    """One file on its way into the new store."""

    def __init__(self, pages: Pages, connection: Connection) -> None:
        self._pages, self._connection = pages, connection
        self._shapes = shapes_of(connection)
        self._names = {*self._shapes, *(f"record_{name}" for name in TYPES)}
        self._tally = _Tally()

    def run(self, step: Step) -> Salvage:
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

    def _take(self, number: int, leaf: Leaf) -> None:
        tally = self._tally
        tally.above.update(dict.fromkeys(leaf.below, number))
        names: Counter[str] = Counter()
        for row in leaf.rows:
            name = table_of(self._shapes, row)
            names[name] += 1
            if name == RECORD and not self._pages.is_sealed:
                tally.waiting.append(row)
            elif name == RECORD:
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

    def _keep_record(self, row: Found, listed: Mapping[bytes, str]) -> None:
        """Keep a record; one of which nobody says yet what it is waits for `listed`."""
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
        self._connection.execute(replacing(made.type), cells_of(made, number, took))
        self._tally.kept[rid] = (made.type, number)

    def _confirm(self) -> None:
        """Where nothing is sealed, believe a record only if its ids also stand somewhere else."""
        tally = self._tally
        if self._pages.is_sealed:
            return
        houses = Counter(row.values[_CUSTODIAN] for row in tally.waiting if row.is_whole)
        known = tally.indexed.union(tally.listed)
        believed: list[Found] = []
        for row in tally.waiting:
            rid: Any = row.values[_RID]
            above = row.values[_PARENT] if row.is_whole else None
            is_led_to = rid in known and (above is None or above in known)
            if row.is_whole and is_led_to and houses[row.values[_CUSTODIAN]] > 1:
                believed.append(row)
            elif rid in known:
                tally.broken.add(rid)
        tally.waiting = believed

    def _record(self, row: Found, listed: str | None) -> Row | None:
        """The record in a row; None where its state is none, an empty type where that is unsaid."""
        values: Any = row.values
        try:
            state = decode(values[_STATE])
            name = type_of(state, listed)
            made = Row(values[_RID], name or "", values[_PARENT], values[_CUSTODIAN], state)
            if name:
                check_row(made)
                if not self._pages.is_sealed and not _agrees(made, values[_STATE + 1 :]):
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

    # the books

    def _keep(self, name: str, row: Found) -> None:
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

    def _note_broken(self, row: Found) -> None:
        name = _nearest(self._shapes, row)
        self._tally.rows[name] += 1

    def _keep_audit(self) -> None:
        """The audit chain in its order, and how many of its entries are missing or altered."""
        columns = "id, at, user, action, rid, keys, previous, hash"
        found = self._connection.execute(
            f"SELECT {columns} FROM temp.found_audit GROUP BY id ORDER BY id"
        ).fetchall()
        self._tally.entries = len(found)
        self._tally.entries_lost = (found[-1][0] if found else 0) - len(found)
        self._tally.entries_altered = sum(not is_as_written(entry) for entry in found)
        self._connection.executemany(
            f"INSERT INTO audit ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", relinked(found)
        )

    # the account

    def _note_other(self, row: Found) -> None:
        """Remember which records an index knows; from a row of the schema, where a table begins."""
        values: Any = row.values
        if row.number is None and len(values) == 2 and isinstance(values[1], int):
            self._tally.indexed.add(values[0])
        if len(values) == 5 and values[0] in ("table", "index") and isinstance(values[3], int):
            is_made_anew = values[0] == "index" or str(values[2]) not in self._names
            self._tally.roots[values[3]] = INDEX if is_made_anew else str(values[2])

    def _account(self) -> Salvage:
        tally, kept = self._tally, self._tally.kept
        gone: dict[str, list[bytes]] = {}
        for rid in sorted(self._tally.broken.union(self._tally.listed) - kept.keys()):
            gone.setdefault(self._tally.listed.get(rid, UNNAMED), []).append(rid)
        contents = self._drop_torn_contents()
        if contents:
            gone[CONTENT] = contents
        settings = {key for (key,) in self._connection.execute("SELECT key FROM setting")}
        return Salvage(
            damage=Damage(
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
        """The bad pages, and those that are led to and lie beyond the end of the file."""
        known = {*self._tally.above, *self._tally.owners, *self._tally.roots}
        return self._pages.bad.union(page for page in known if page > self._pages.count)

    def _tables(self) -> Mapping[str, int]:
        """On how many of the bad pages something of each table was."""
        return dict(Counter(map(self._owner, self._lost_pages())))

    def _owner(self, page: int) -> str:
        passed: set[int] = set()
        while page not in passed:
            passed.add(page)
            name = self._tally.roots.get(page) or self._tally.owners.get(page)
            if name:
                return name
            page = self._tally.above.get(page, page)
        return UNNAMED

    def _drop_torn_contents(self) -> list[bytes]:
        """Let go what is left of contents that are not whole; the records that had them."""
        contents = Contents(self._connection)
        torn = sorted({bytes.fromhex(code.partition(":")[2]) for code in contents.wrong(_nobody)})
        for rid in torn:
            contents.drop(rid)
        return torn


def _agrees(row: Row, cells: Iterable[Value]) -> bool:
    """Whether the columns beside a state say what it says, in whatever order they stand."""
    stored = Counter(map(repr, cells))
    said = (cell for name, cell in derived(row).items() if name != "flags" and cell is not None)
    return Counter(map(repr, said)) <= stored


def _nearest(shapes: Mapping[str, Shape], row: Found) -> str:
    """The table that a row which broke off is most likely of: one that its beginning fits."""
    for name, shape in shapes.items():
        begun = shape.columns[: len(row.values)]
        numbered = (row.number is not None) == shape.is_numbered
        if numbered and row.values and Shape(shape.is_numbered, begun).fits(row):
            return name
    return UNNAMED


def _nobody() -> None:
    """Nobody asks how far it is."""
