# SPDX-License-Identifier: GPL-3.0-or-later
"""The index of the directory: which entries a few words lead to, and in which order they stand.

It follows the counter of changes: at the end of each transaction whatever has a later number is
indexed anew, so an index that an older program has left behind catches up when the store is
opened. Rows that go take their words along by triggers. All of it is derived and can be made
again; what a word is the domain says.
"""

import json
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from kfdesk.domain.letters.ordering import FIRST_CYRILLIC, Order
from kfdesk.domain.listing.leads import Sought, code_word, leads_of
from kfdesk.domain.rows import Row, View, view_any
from kfdesk.storage.driver import Connection, reading
from kfdesk.storage.searching.shape import KINDS, keep_number, number
from kfdesk.storage.tables import column

_PORTION = 400
_ORDERS = {
    Order.LATIN: ("1",),
    Order.NORDIC: ("1",),
    Order.CYRILLIC: (f"plain >= '{FIRST_CYRILLIC}'", f"plain < '{FIRST_CYRILLIC}'"),
}
T = TypeVar("T", bytes, int)
Words = Sequence[Sequence[str]]
_AMONG = "id IN (SELECT value FROM json_each(?))"
_SHORT = 2_000  # so many finds are put in order faster than the whole list is walked


Kept = Callable[[Iterable[bytes]], Mapping[bytes, tuple[Row, bytes | None]]]


class Search:
    """The index, on the store's connection; `follow` belongs inside the store's transaction.

    What reads raises KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection, kept: Kept) -> None:
        """`kept` gives the records with these ids."""
        self._connection = connection
        self._kept = kept
        self._count: int | None = None

    @property
    def is_behind(self) -> bool:
        """Whether something was written that is not in the index, as by an older program."""
        return next(self._changed(), None) is not None

    def follow(self) -> None:
        """Index whatever has changed since the last time."""
        self._count = None
        changed = set(self._changed())
        if not changed:
            return
        for part in _portions(changed):
            self._index(part)
        self._connection.execute("DELETE FROM unlisted")
        (newest,) = self._connection.execute(
            "SELECT max(n) FROM (SELECT max(n) AS n FROM record_organisation UNION ALL "
            "SELECT max(n) FROM record_contact UNION ALL SELECT max(n) FROM record_phone)"
        ).fetchone()
        keep_number(self._connection, "indexed", newest or 0)

    @reading()
    def ids(self, sought: Sought, most: int = -1) -> Sequence[int]:
        """The numbers of the entries that are looked for, in their order; at most `most`."""
        if not sought.first or not sought.words:
            return self._matching(sought, _expression(sought.words, sought.codes), most)
        ahead = self._matching(sought, _expression((sought.first,), sought.codes), most)
        if len(ahead) == most:
            return ahead
        others = _expression(sought.words, sought.codes, sought.first)
        return ahead + self._matching(sought, others, most - len(ahead) if most >= 0 else most)

    @reading()
    def led(self, asked: Sequence[Sought], most: int) -> Sequence[Sequence[bytes]]:
        """The records that the words and codes of each lead to, in no order; at most `most` each.

        All are asked in one question, as for each Python's lock would be taken and given back.
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

    @reading()
    def count(self) -> int:
        """How many entries there are."""
        if self._count is None:
            found = self._connection.execute("SELECT count(*) FROM listed").fetchone()
            self._count = int(found[0])
        return self._count

    @reading()
    def rids(self, ids: Collection[int]) -> Sequence[bytes]:
        """The records behind numbers, in the same order; one that is gone is left out."""
        found: dict[int, bytes] = {}
        for part in _portions(ids):
            marks = ", ".join("?" * len(part))
            asked = f"SELECT id, rid FROM listed WHERE id IN ({marks})"
            found.update(self._connection.execute(asked, part))
        return [found[one] for one in ids if one in found]

    @reading()
    def id_of(self, rid: bytes) -> int | None:
        """The number of an entry; None if it is not listed."""
        found = self._connection.execute("SELECT id FROM listed WHERE rid = ?", (rid,)).fetchone()
        return found[0] if found else None

    @reading()
    def codes(self, key: str) -> Sequence[str]:
        """The codes of a field that entries have, in small letters."""
        self._connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.term USING fts5vocab('main', 'lead', 'row')"
        )
        begin = code_word(key, "")
        rows = self._connection.execute(
            "SELECT term FROM temp.term WHERE term >= ? AND term < ?", (begin, begin + "\x7f")
        )
        return [term.removeprefix(begin) for (term,) in rows]

    @reading()
    def naming(self, record_type: str, keys: Sequence[str], rid: bytes) -> Sequence[bytes]:
        """The records that may name `rid` in one of these fields: those in conflict all may."""
        named = " OR ".join(f"{column(key)} = ?1" for key in keys)
        rows = self._connection.execute(
            f"SELECT rid FROM record_{record_type} WHERE {named} "
            f"UNION SELECT rid FROM record_{record_type} WHERE flags != '[]'",
            (rid.hex(),),
        )
        return [row[0] for row in rows]

    @reading()
    def numbers(self, rids: Iterable[bytes]) -> Sequence[bytes]:
        """The telephones that stand below these records."""
        found: list[bytes] = []
        for part in _portions(rids):
            marks = ", ".join("?" * len(part))
            asked = f"SELECT rid FROM record_phone WHERE parent IN ({marks})"
            found += (rid for (rid,) in self._connection.execute(asked, part))
        return found

    def _matching(self, sought: Sought, asked: str, most: int) -> "array[int]":
        """In order; Cyrillic names come first or last, by a second question."""
        if sought.ranks:
            return self._ranked(sought, asked, most)
        column = "nordic" if sought.order is Order.NORDIC else "plain"
        where, values = _conditions(sought, asked)
        walk = f"INDEXED BY listed_{column}"
        few = self._few(asked)
        if few is not None:
            where[-1], values[-1], walk = _AMONG, few, "NOT INDEXED"
        found = array("q")
        for part in _ORDERS[sought.order]:
            left = most - len(found) if most >= 0 else most
            found += self._numbers_of(
                f"SELECT id FROM listed {walk} WHERE {' AND '.join((*where, part))} "
                f"ORDER BY {column} LIMIT ?",
                (*values, left),
            )
        return found

    def _ranked(self, sought: Sought, asked: str, most: int) -> "array[int]":
        """Who is found by the first of the ranks stands on top; among equals by name."""
        column = "nordic" if sought.order is Order.NORDIC else "plain"
        where, values = _conditions(sought, asked)
        score, scored = ["0"], []
        for place, one in enumerate(reversed(sought.ranks)):
            fits, more = _conditions(one, _expression(one.words, one.codes))
            score.append(f"({' AND '.join(fits)}) * {2**place}")
            scored += more
        first = [f"{part} DESC" for part in _ORDERS[sought.order][:-1]]
        order = ", ".join((f"{' + '.join(score)} DESC", *first, column))
        return self._numbers_of(
            f"SELECT id FROM listed NOT INDEXED WHERE {' AND '.join(where)} "
            f"ORDER BY {order} LIMIT ?",
            (*values, *scored, most),
        )

    def _numbers_of(self, question: str, values: Sequence[object]) -> "array[int]":
        """What a question for numbers answers, in one row.

        For each row SQLite takes Python's lock and gives it back, which the window waits for.
        """
        one_row = f"SELECT json_group_array(id) FROM ({question})"
        (found,) = self._connection.execute(one_row, values).fetchone()
        return array("q", json.loads(found))

    def _few(self, asked: str) -> str | None:
        """What was found, if it is little enough to be put in order by itself."""
        if not asked:
            return None
        count, found = self._connection.execute(
            "SELECT count(*), json_group_array(id) "
            "FROM (SELECT rowid AS id FROM lead WHERE lead MATCH ? LIMIT ?)",
            (asked, _SHORT + 1),
        ).fetchone()
        return str(found) if count <= _SHORT else None

    def _changed(self) -> Iterator[bytes]:
        """The entries whose words may be other ones now."""
        for (rid,) in self._connection.execute(
            "SELECT rid FROM record_organisation WHERE n > ?1 "
            "UNION ALL SELECT rid FROM record_contact WHERE n > ?1 "
            "UNION ALL SELECT parent FROM record_phone WHERE n > ?1 AND parent IS NOT NULL "
            "UNION ALL SELECT rid FROM unlisted "
            "UNION ALL SELECT person.rid FROM record_organisation AS house "
            "JOIN record_contact AS person ON person.f_organisation = lower(hex(house.rid)) "
            "WHERE house.n > ?1",
            (number(self._connection, "indexed"),),
        ):
            yield rid

    def _index(self, rids: Sequence[bytes]) -> None:
        """Take these entries out of the index and, unless they are in the bin, into it again."""
        kept = self._kept(rids)
        views = {rid: view_any(row) for rid, (row, _) in kept.items() if row.type in KINDS}
        houses, numbers = self._houses(views), self._numbers(views)
        ids = self._taken_out(rids)
        found = []
        for rid, seen in views.items():
            if not seen.is_deleted:
                house = houses.get(getattr(seen.record, "organisation", None))
                found.append((ids[rid], rid, leads_of(seen, house, numbers.get(rid, ()))))
        self._connection.executemany(
            "INSERT INTO listed VALUES (?, ?, ?, ?, ?)",
            [(id_, rid, one.plain, one.nordic, one.checked) for id_, rid, one in found],
        )
        self._connection.executemany(
            "INSERT INTO lead (rowid, words) VALUES (?, ?)",
            [(id_, one.words) for id_, _, one in found],
        )

    def _taken_out(self, rids: Sequence[bytes]) -> Mapping[bytes, int]:
        """The numbers of these entries, which stay theirs, with new ones for those without."""
        marks = ", ".join("?" * len(rids))
        (last,) = self._connection.execute("SELECT coalesce(max(id), 0) FROM listed").fetchone()
        had = dict(
            self._connection.execute(
                f"DELETE FROM listed WHERE rid IN ({marks}) RETURNING rid, id", rids
            ).fetchall()
        )
        return {rid: had.get(rid) or last + place for place, rid in enumerate(rids, start=1)}

    def _houses(self, views: Mapping[bytes, View[object]]) -> Mapping[object, View[object]]:
        """The organisations for which the persons among these work, by their references."""
        named = {getattr(seen.record, "organisation", None) for seen in views.values()}
        rids = {bytes.fromhex(one) for one in named if isinstance(one, str)}
        kept = self._kept(rids - views.keys())
        known = {**views, **{rid: view_any(row) for rid, (row, _) in kept.items()}}
        return {
            rid.hex(): seen
            for rid, seen in known.items()
            if rid in rids and seen.row.type == "organisation" and not seen.is_deleted
        }

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


def _conditions(sought: Sought, asked: str) -> tuple[list[str], list[str]]:
    """What must be so of an entry, and the values that belong to it; `asked` is an expression."""
    where, values = ["checked >= ?"], [sought.since]
    if sought.before:
        where.append("checked < ?")
        values.append(sought.before)
    if asked:
        where.append("id IN (SELECT rowid FROM lead WHERE lead MATCH ?)")
        values.append(asked)
    return where, values


def _expression(words: Words, codes: Iterable[str], but: Sequence[str] = ()) -> str:
    """What is looked for, as the index is asked: all of these, of each one of its spellings.

    What begins with one of `but` is left out.
    """
    groups = [" OR ".join(f'"{one}"*' for one in spellings) for spellings in words]
    groups += [f'"{code}"' for code in codes]
    asked = " AND ".join(f"({group})" for group in groups)
    return f"({asked}) NOT ({_expression((but,), ())})" if but else asked


def _portions(asked: Iterable[T]) -> Iterator[list[T]]:
    """As many at a time as one question may hold, in the order of the tables."""
    wanted = sorted(asked)
    for begin in range(0, len(wanted), _PORTION):
        yield wanted[begin : begin + _PORTION]
