# SPDX-License-Identifier: GPL-3.0-or-later
"""Disclosures in the store: small rows for records in files, whole rows for all other entries.

A file of a thousand records says the same of each: recipient, time, type, consents and fields.
So `sent_file` and `sent_shape` hold that once, and a row of `sent` holds the record and the ids of
its writes. All other entries, such as papers and notices, are few, and stand whole in `disclosure`.
Both draw their numbers from one counter.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec

from kfdesk.domain.audit import DisclosureEntry
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.registers import WID_BYTES
from kfdesk.storage.driver import Connection

WriteIds = tuple[bytes, ...]
"""Ids of writes of one field."""
Writes = Mapping[str, WriteIds]
"""The ids of writes by field."""
PackedWrites = tuple[bytes | None, bytes]
"""The encoded fields with their numbers of writes, and the ids; or None, and the encoded map."""

_encoder = msgspec.msgpack.Encoder()
_ids = msgspec.msgpack.Decoder(WriteIds)
_writes = msgspec.msgpack.Decoder(Writes)
_counts = msgspec.msgpack.Decoder(tuple[tuple[str, int], ...])
_SmallRow = tuple[int, bytes, int, int, bytes]
"""Its number, the record, the numbers of the file and the shape, and the ids of the writes."""
NO_CONSENTS = _encoder.encode(())
_ENTRIES_PER_WRITE = 500  # entries that are written at once

DISCLOSED = f"""(
    SELECT id, at, rid, type, recipient, channel, consents, NULL AS keys, writes, target
    FROM disclosure
    UNION ALL
    SELECT sent.id, at, rid, type, recipient, '{Channel.BUNDLE.value}', consents, keys, writes,
        target
    FROM sent JOIN sent_file ON sent_file.id = file JOIN sent_shape ON sent_shape.id = shape)"""
"""All disclosures, as a table."""
COLUMNS = "rid, type, recipient, channel, consents, keys, writes, target, at"
NEWEST = "SELECT max((SELECT coalesce(max(id), 0) FROM disclosure), (SELECT coalesce(max(id), 0) \
FROM sent))"
"""The query for the number of the newest disclosure; 0 if there is none."""
NEWEST_SENT = """SELECT coalesce(max(id), 0) FROM sent
    WHERE file = (SELECT max(id) FROM sent_file WHERE recipient = ?1)"""
"""The query for the number of the newest disclosure by a file to a recipient; 0 if there is none.
Files have their numbers in the order in which they were entered."""


def entry_from_cells(
    row: tuple[bytes, str, bytes, str, bytes, bytes | None, bytes, bytes, int],
) -> DisclosureEntry:
    """Return the entry with the cells of COLUMNS."""
    rid, record_type, recipient, channel, consents, keys, writes, target, at = row
    head = (rid, record_type, recipient, channel)
    given = unpack_writes((keys, writes))
    return DisclosureEntry(*head, _ids.decode(consents), given, target, at)


def pack_writes(writes: Writes) -> PackedWrites:
    """Return the ids of writes as they are stored: small, if all of them are ids of writes."""
    ids = [wid for some in writes.values() for wid in some]
    if all(len(wid) == WID_BYTES for wid in ids):
        counts = tuple((key, len(some)) for key, some in writes.items())
        return _encoder.encode(counts), b"".join(ids)
    return None, _encoder.encode(writes)


def unpack_writes(packed: PackedWrites) -> Writes:
    """Return the ids of writes by field."""
    keys, ids = packed
    if keys is None:
        whole: Writes = _writes.decode(ids)
        return whole
    found: dict[str, WriteIds] = {}
    place = 0
    for key, count in _counts.decode(keys):
        ends = range(place, place + count * WID_BYTES, WID_BYTES)
        found[key] = tuple(ids[begin : begin + WID_BYTES] for begin in ends)
        place += count * WID_BYTES
    return found


def packed_keys(keys: bytes | None, whole: bytes) -> frozenset[str]:
    """Return the fields of packed writes; `whole` is the encoded map where there are no keys."""
    if keys is None:
        return frozenset(_writes.decode(whole))
    return frozenset(key for key, _ in _counts.decode(keys))


def covers_writes(entered: Collection[PackedWrites], writes: Writes) -> bool:
    """Return whether these entries together contain all these writes.

    Most records were disclosed in their present state: then one entry is equal byte for byte.
    """
    if pack_writes(writes) in entered or (None, _encoder.encode(writes)) in entered:
        return True
    each = map(unpack_writes, entered)
    had = {(key, wid) for one in each for key, ids in one.items() for wid in ids}
    return all((key, wid) in had for key, ids in writes.items() for wid in ids)


class DisclosureTables:
    """Writer of disclosures into their tables, inside the store's transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[object, ...], int] = {}

    def enter(self, entries: Iterable[DisclosureEntry]) -> None:
        """Record disclosures; some hundred are in memory at a time."""
        (newest,) = self._connection.execute(NEWEST).fetchone()
        numbered = enumerate(entries, newest + 1)
        while portion := list(islice(numbered, _ENTRIES_PER_WRITE)):
            rows = [(self._small_row(number, entry), number, entry) for number, entry in portion]
            self._keep([small for small, _, _ in rows if small is not None])
            self._connection.executemany(
                "INSERT INTO disclosure "
                "(id, at, rid, type, recipient, channel, consents, writes, target) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(number, *_whole_cells(entry)) for small, number, entry in rows if small is None],
            )

    def move_older_rows(self) -> None:
        """Make small rows of the records of files, which an older program kept whole.

        They keep their numbers.
        """
        after = 0
        while portion := self._whole_rows(after):
            after = portion[-1][0]
            each = [self._small_row(row[0], entry_from_cells(row[1:])) for row in portion]
            moved = [small for small in each if small is not None]
            self._keep(moved)
            self._connection.executemany(
                "DELETE FROM disclosure WHERE id = ?", [small[:1] for small in moved]
            )

    def _whole_rows(self, after: int) -> list[Any]:
        """Return whole rows of files above a number: the number, then the cells of COLUMNS."""
        rows = self._connection.execute(
            "SELECT id, rid, type, recipient, channel, consents, NULL, writes, target, at "
            "FROM disclosure WHERE id > ? AND channel = ? ORDER BY id LIMIT ?",
            (after, Channel.BUNDLE.value, _ENTRIES_PER_WRITE),
        )
        return rows.fetchall()

    def _keep(self, rows: list[_SmallRow]) -> None:
        self._connection.executemany("INSERT INTO sent VALUES (?, ?, ?, ?, ?)", rows)

    def _small_row(self, number: int, entry: DisclosureEntry) -> _SmallRow | None:
        """Return the small row of an entry; None if it must stand whole."""
        keys, ids = pack_writes(entry.writes)
        if entry.channel != Channel.BUNDLE or keys is None:
            return None
        file = {"at": entry.milliseconds, "recipient": entry.recipient, "target": entry.target}
        shape = {"type": entry.type, "consents": _encoder.encode(entry.consents), "keys": keys}
        shared = self._number_of("sent_file", file), self._number_of("sent_shape", shape)
        return (number, entry.rid, *shared, ids)

    def _number_of(self, table: str, cells: Mapping[str, object]) -> int:
        """Return the number of a row with these three cells, which is made if there is none."""
        key, values = (table, *cells.values()), tuple(cells.values())
        if key not in self._known:
            same = " AND ".join(f"{name} = ?" for name in cells)
            find = f"SELECT id FROM {table} WHERE {same}"
            row = self._connection.execute(find, values).fetchone()
            if row is None:
                self._connection.execute(
                    f"INSERT INTO {table} ({', '.join(cells)}) VALUES (?, ?, ?)", values
                )
                row = self._connection.execute(find, values).fetchone()
            self._known[key] = int(row[0])
        return self._known[key]


def move_to_small_rows(connection: Connection) -> None:
    """Make small rows of what an older program kept whole; a step of the tables."""
    DisclosureTables(connection).move_older_rows()


def _whole_cells(entry: DisclosureEntry) -> Iterator[object]:
    """Yield an entry's cells: at, rid, type, recipient, channel, consents, writes, target."""
    yield from (entry.milliseconds, entry.rid, entry.type, entry.recipient)
    yield str(entry.channel)  # the driver would look for an adapter for a StrEnum
    yield from (_encoder.encode(entry.consents), _encoder.encode(entry.writes), entry.target)
