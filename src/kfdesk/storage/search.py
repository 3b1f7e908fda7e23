# SPDX-License-Identifier: GPL-3.0-or-later
"""The search index of the directory: which entries match a query, and in which order.

It follows the change counter: at the end of each transaction all records with a later
number are indexed again. So an index that an older program left behind catches up when
the store is opened. Triggers remove the terms of deleted rows. All of it is derived and
can be rebuilt; the domain defines the terms.
"""

import json
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from kfdesk.domain.directory import SearchQuery, code_term, index_terms_of
from kfdesk.domain.names import FIRST_CYRILLIC, SortOrder
from kfdesk.domain.records.directory import EntryCheck
from kfdesk.domain.rows import RecordView, Row, view, view_any
from kfdesk.storage.driver import Connection, placeholders, portions, translated_errors
from kfdesk.storage.tables import INDEXED_TYPES, column_name, index_number, set_index_number

_ORDERS = {
    SortOrder.LATIN: ("1",),
    SortOrder.NORDIC: ("1",),
    SortOrder.CYRILLIC: (f"plain >= '{FIRST_CYRILLIC}'", f"plain < '{FIRST_CYRILLIC}'"),
}
QueryWords = Sequence[Sequence[str]]
_AMONG = "id IN (SELECT value FROM json_each(?))"
MOST_CHECKS = 8
"""Checks of one entry that are read, the newest ones."""
_SMALL_RESULT = 2_000  # up to so many matches, sorting them is faster than walking the whole list


ReadRows = Callable[[Iterable[bytes]], Mapping[bytes, tuple[Row, bytes | None]]]


class DirectoryIndex:
    """The index, on the store's connection; call `follow` inside the store's transaction.

    Methods that read raise KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection, kept: ReadRows) -> None:
        """Initialize; `kept` returns the records with given ids."""
        self._connection = connection
        self._kept = kept
        self._count: int | None = None

    @property
    def is_behind(self) -> bool:
        """True if records were written that are not indexed, as by an older program."""
        return next(self._changed(), None) is not None

    def follow(self) -> None:
        """Index everything that changed since the last time."""
        self._count = None
        changed = set(self._changed())
        if not changed:
            return
        for part in portions(changed):
            self._index(part)
        self._connection.execute("DELETE FROM unlisted")
        (newest,) = self._connection.execute(
            "SELECT max(n) FROM (SELECT max(n) AS n FROM record_organisation UNION ALL "
            "SELECT max(n) FROM record_contact UNION ALL SELECT max(n) FROM record_phone "
            "UNION ALL SELECT max(n) FROM record_entry_check)"
        ).fetchone()
        set_index_number(self._connection, "indexed", newest or 0)

    @translated_errors()
    def ids(self, sought: SearchQuery, most: int = -1) -> Sequence[int]:
        """Return the numbers of the matching entries in their order; at most `most`."""
        if not sought.first or not sought.words:
            return self._matching(sought, _expression(sought.words, sought.codes), most)
        ahead = self._matching(sought, _expression((sought.first,), sought.codes), most)
        if len(ahead) == most:
            return ahead
        others = _expression(sought.words, sought.codes, sought.first)
        return ahead + self._matching(sought, others, most - len(ahead) if most >= 0 else most)

    @translated_errors()
    def find_matches(self, asked: Sequence[SearchQuery], most: int) -> Sequence[Sequence[bytes]]:
        """Return the records that match the words and codes of each query, unordered.

        At most `most` are returned for each. All run in one SQL query, because each query takes
        and releases Python's lock.
        """
        expressions = json.dumps([_expression(one.words, one.codes) for one in asked])
        (found,) = self._connection.execute(
            "SELECT json_group_array((SELECT group_concat(hex(listed.rid)) FROM "
            "(SELECT rowid AS id FROM lead WHERE lead MATCH asked.value LIMIT ?2) "
            "JOIN listed USING (id))) FROM json_each(?1) AS asked",
            (expressions, most),
        ).fetchone()
        return [
            list(map(bytes.fromhex, one.split(","))) if one else [] for one in json.loads(found)
        ]

    @translated_errors()
    def count(self) -> int:
        """Return the number of entries."""
        if self._count is None:
            found = self._connection.execute("SELECT count(*) FROM listed").fetchone()
            self._count = int(found[0])
        return self._count

    @translated_errors()
    def rids(self, ids: Collection[int]) -> Sequence[bytes]:
        """Return the records with these numbers in the same order, without deleted ones."""
        found: dict[int, bytes] = {}
        for part in portions(ids):
            marks = placeholders(part)
            asked = f"SELECT id, rid FROM listed WHERE id IN ({marks})"
            found.update(self._connection.execute(asked, part))
        return [found[one] for one in ids if one in found]

    @translated_errors()
    def id_of(self, rid: bytes) -> int | None:
        """Return the number of an entry; None if it is not indexed."""
        found = self._connection.execute("SELECT id FROM listed WHERE rid = ?", (rid,)).fetchone()
        return found[0] if found else None

    @translated_errors()
    def codes(self, key: str) -> Sequence[str]:
        """Return the codes that entries have in a field, in lower case."""
        self._connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.term USING fts5vocab('main', 'lead', 'row')"
        )
        begin = code_term(key, "")
        rows = self._connection.execute(
            "SELECT term FROM temp.term WHERE term >= ? AND term < ?", (begin, begin + "\x7f")
        )
        return [term.removeprefix(begin) for (term,) in rows]

    @translated_errors()
    def records_naming(self, record_type: str, keys: Sequence[str], rid: bytes) -> Sequence[bytes]:
        """Return the records that may refer to `rid` in these fields; all in conflict may."""
        named = " OR ".join(f"{column_name(key)} = ?1" for key in keys)
        rows = self._connection.execute(
            f"SELECT rid FROM record_{record_type} WHERE {named} "
            f"UNION SELECT rid FROM record_{record_type} WHERE flags != '[]'",
            (rid.hex(),),
        )
        return [row[0] for row in rows]

    @translated_errors()
    def numbers(self, rids: Iterable[bytes]) -> Sequence[bytes]:
        """Return the telephones below these records."""
        found: list[bytes] = []
        for part in portions(rids):
            marks = placeholders(part)
            asked = f"SELECT rid FROM record_phone WHERE parent IN ({marks})"
            found += (rid for (rid,) in self._connection.execute(asked, part))
        return found

    @translated_errors()
    def checks(self, rids: Iterable[bytes]) -> Sequence[bytes]:
        """Return the newest checks below these records; of each at most `MOST_CHECKS`."""
        found: list[bytes] = []
        for part in portions(rids):
            asked = (
                "SELECT rid FROM (SELECT rid, row_number() OVER (PARTITION BY parent "
                f"ORDER BY {column_name('when')} DESC, n DESC) AS place FROM record_entry_check "
                f"WHERE parent IN ({placeholders(part)})) WHERE place <= ?"
            )
            found += (rid for (rid,) in self._connection.execute(asked, (*part, MOST_CHECKS)))
        return found

    def _matching(self, sought: SearchQuery, asked: str, most: int) -> "array[int]":
        """Return the matches in order.

        A second query puts Cyrillic names before the others if the order asks for it.
        """
        if sought.ranks or sought.is_by_check:
            return self._ranked(sought, asked, most)
        column = "nordic" if sought.order is SortOrder.NORDIC else "plain"
        where, values = _conditions(sought, asked)
        walk = f"INDEXED BY listed_{column}"
        few = self._few(asked)
        if few is not None:
            where[-1], values[-1], walk = _AMONG, few, "NOT INDEXED"
        found = array("q")
        way = -1 if sought.is_backwards else 1
        for part in _ORDERS[sought.order][::way]:
            left = most - len(found) if most >= 0 else most
            found += self._numbers_of(
                f"SELECT id FROM listed {walk} WHERE {' AND '.join((*where, part))} "
                f"ORDER BY {column} {'DESC' if sought.is_backwards else 'ASC'} LIMIT ?",
                (*values, left),
            )
        return found

    def _ranked(self, sought: SearchQuery, asked: str, most: int) -> "array[int]":
        """Return the matches of the first rank on top or by their check, equal ones by name."""
        column = "nordic" if sought.order is SortOrder.NORDIC else "plain"
        where, values = _conditions(sought, asked)
        score, scored = ["0"], []
        for place, one in enumerate(reversed(sought.ranks)):
            fits, more = _conditions(one, _expression(one.words, one.codes))
            score.append(f"({' AND '.join(fits)}) * {2**place}")
            scored += more
        first = [f"{part} DESC" for part in _ORDERS[sought.order][:-1]]
        above = f"{' + '.join(score)} DESC"
        if sought.is_by_check:
            above = f"checked {'DESC' if sought.is_backwards else 'ASC'}"
        order = ", ".join((above, *first, column))
        return self._numbers_of(
            f"SELECT id FROM listed NOT INDEXED WHERE {' AND '.join(where)} "
            f"ORDER BY {order} LIMIT ?",
            (*values, *scored, most),
        )

    def _numbers_of(self, question: str, values: Sequence[object]) -> "array[int]":
        """Return the numbers that a query selects, fetched in one row.

        For each row SQLite releases and takes Python's lock, and the window waits for it.
        """
        one_row = f"SELECT json_group_array(id) FROM ({question})"
        (found,) = self._connection.execute(one_row, values).fetchone()
        return array("q", json.loads(found))

    def _few(self, asked: str) -> str | None:
        """Return the matches as JSON if they are few enough to be sorted by themselves."""
        if not asked:
            return None
        count, found = self._connection.execute(
            "SELECT count(*), json_group_array(id) "
            "FROM (SELECT rowid AS id FROM lead WHERE lead MATCH ? LIMIT ?)",
            (asked, _SMALL_RESULT + 1),
        ).fetchone()
        return str(found) if count <= _SMALL_RESULT else None

    def _changed(self) -> Iterator[bytes]:
        """Yield the entries whose terms may have changed."""
        for (rid,) in self._connection.execute(
            "SELECT rid FROM record_organisation WHERE n > ?1 "
            "UNION ALL SELECT rid FROM record_contact WHERE n > ?1 "
            "UNION ALL SELECT parent FROM record_phone WHERE n > ?1 AND parent IS NOT NULL "
            "UNION ALL SELECT parent FROM record_entry_check WHERE n > ?1 AND parent IS NOT NULL "
            "UNION ALL SELECT rid FROM unlisted "
            "UNION ALL SELECT person.rid FROM record_contact AS person "
            "JOIN record_organisation AS house ON person.f_organisation = lower(hex(house.rid)) "
            "WHERE house.n > ?1 "
            "UNION ALL SELECT person.rid FROM record_contact AS person "
            "JOIN record_entry_check AS made ON person.f_organisation = lower(hex(made.parent)) "
            "WHERE made.n > ?1",
            (index_number(self._connection, "indexed"),),
        ):
            yield rid

    def _index(self, rids: Sequence[bytes]) -> None:
        """Remove these entries from the index and add those that are not in the bin."""
        kept = self._kept(rids)
        views = {rid: view_any(row) for rid, (row, _) in kept.items() if row.type in INDEXED_TYPES}
        houses, numbers = self._houses(views), self._numbers(views)
        checks = self._checks({*views, *(seen.rid for seen in houses.values())})
        ids = self._taken_out(rids)
        found = []
        for rid, seen in views.items():
            if not seen.is_deleted:
                house = houses.get(getattr(seen.record, "organisation", None))
                made = checks.get(house.rid if house is not None else rid, ())
                terms = index_terms_of(seen, house, numbers.get(rid, ()), made)
                found.append((ids[rid], rid, terms))
        self._connection.executemany(
            "INSERT INTO listed VALUES (?, ?, ?, ?, ?)",
            [(id_, rid, one.plain, one.nordic, one.checked) for id_, rid, one in found],
        )
        self._connection.executemany(
            "INSERT INTO lead (rowid, words) VALUES (?, ?)",
            [(id_, one.words) for id_, _, one in found],
        )

    def _taken_out(self, rids: Sequence[bytes]) -> Mapping[bytes, int]:
        """Remove these entries; return their numbers, which they keep, or new ones."""
        marks = placeholders(rids)
        (last,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM listed").fetchone()
        had = dict(
            self._connection.execute(
                f"DELETE FROM listed WHERE rid IN ({marks}) RETURNING rid, id", rids
            ).fetchall()
        )
        return {rid: had.get(rid) or last + place for place, rid in enumerate(rids, start=1)}

    def _houses(
        self, views: Mapping[bytes, RecordView[object]]
    ) -> Mapping[object, RecordView[object]]:
        """Return the employers of the persons among these, by reference."""
        named = {getattr(seen.record, "organisation", None) for seen in views.values()}
        rids = {bytes.fromhex(one) for one in named if isinstance(one, str)}
        kept = self._kept(rids - views.keys())
        known = {**views, **{rid: view_any(row) for rid, (row, _) in kept.items()}}
        return {
            rid.hex(): seen
            for rid, seen in known.items()
            if rid in rids and seen.row.type == "organisation" and not seen.is_deleted
        }

    def _checks(self, rids: Iterable[bytes]) -> Mapping[bytes, list[EntryCheck]]:
        found: dict[bytes, list[EntryCheck]] = {}
        for row, _ in self._kept(self.checks(rids)).values():
            seen = view(row, EntryCheck)
            if not seen.is_deleted:
                found.setdefault(row.parent or b"", []).append(seen.record)
        return found

    def _numbers(self, rids: Iterable[bytes]) -> Mapping[bytes, list[str]]:
        found: dict[bytes, list[str]] = {}
        for row, _ in self._kept(self.numbers(rids)).values():
            seen = view_any(row)
            if not seen.is_deleted:
                values = [seen.record.number]
                values += [one.value for one in seen.versions.get("number", ())]
                said = (one for one in values if isinstance(one, str))
                found.setdefault(row.parent or b"", []).extend(said)
        return found


def _conditions(sought: SearchQuery, asked: str) -> tuple[list[str], list[str]]:
    """Return the WHERE conditions of a query and their values; `asked` is an FTS expression."""
    where, values = ["checked >= ?"], [sought.since]
    if sought.before:
        where.append("checked < ?")
        values.append(sought.before)
    if asked:
        where.append("id IN (SELECT rowid FROM lead WHERE lead MATCH ?)")
        values.append(asked)
    return where, values


def _expression(words: QueryWords, codes: Iterable[str], but: Sequence[str] = ()) -> str:
    """Return the FTS expression for all of these words, each in one of its spellings.

    Entries with a word that begins with one of `but` are left out.
    """
    groups = [" OR ".join(f'"{one}"*' for one in spellings) for spellings in words]
    groups += [f'"{code}"' for code in codes]
    asked = " AND ".join(f"({group})" for group in groups)
    return f"({asked}) NOT ({_expression((but,), ())})" if but else asked
