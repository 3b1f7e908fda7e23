# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of a damaged store: which ones are authentic, and the rows on them.

SQLCipher reads nothing more after its first bad page. So each page is verified here by
its own HMAC (HMAC-SHA512, as SQLCipher 4 writes it). SQLCipher still does the
decryption, so that the program needs no second cipher: blocks are put into one large
value of a scratch store under the same key, and read from there. The scratch store is
encrypted as well, so no plaintext reaches the disk. The damaged file is only read.

A page is then read as SQLite wrote it (its "Database File Format"), and the shape of a
row tells its table. What the rows mean is for `rebuild.py`.
"""

import hmac
import struct
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import pbkdf2_hmac
from pathlib import Path

from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import DELETION, RecordState, live_writes, superseded_ids
from kfdesk.storage import driver
from kfdesk.storage.driver import PAGE_BYTES, SALT_BYTES, Connection
from kfdesk.storage.tables import INDEX_TABLES

_BLOCK, _HMAC_BYTES = 16, 64
USABLE_BYTES = PAGE_BYTES - _BLOCK - _HMAC_BYTES
"""Bytes of a page that hold rows; the IV and the HMAC follow."""
_SALT_MASK = b"\x3a" * SALT_BYTES  # SQLCipher XORs this with the salt for its HMAC key
_ROUNDS, _HMAC_KEY_BYTES = 2, 32

_CARRIED = 1024  # pages of the scratch store that carry blocks
_FIRST = 3  # its first overflow page, after the schema and the one row
_LOCAL = (USABLE_BYTES - 12) * 32 // 255 - 23  # bytes of a long value that stand in the row itself
_HEADER = 5  # of the row, before its value
_VALUE = _LOCAL - _HEADER + _CARRIED * (USABLE_BYTES - 4)
_CARRIER_PREFIX = (
    2 * _BLOCK - 4
)  # of each carrying page: the next page's number, and one block of noise
_BLOCKS = USABLE_BYTES // _BLOCK - 2
_TOGETHER = 1000  # pages of the damaged file that are deciphered at once
_HELD = 8  # decrypted portions in memory


# --- authentic pages


class PageDecipherer:
    """A scratch store that decrypts blocks of another file under the same key."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Create the scratch store at `path`. Raise KfdeskError as `driver.connect` does."""
        self._path, self._key = path, key
        connection = driver.connect(path, key, create=True)
        connection.execute("CREATE TABLE carrier (value BLOB)")
        connection.execute("INSERT INTO carrier VALUES (zeroblob(?))", (_VALUE,))
        connection.close()
        whole = path.read_bytes()
        assert len(whole) == (_FIRST - 1 + _CARRIED) * PAGE_BYTES  # the chain lies in one piece
        self._seal_key = page_hmac_key(key, whole[:SALT_BYTES])
        self._heads = [_page_slice(whole, _FIRST + number) for number in range(_CARRIED)]

    def decipher(self, blocks: bytes) -> bytes:
        """Return the decrypted blocks of a CBC chain without the first, which is only the IV."""
        count = len(blocks) // _BLOCK - 1
        pieces: list[bytes] = []
        for begin in range(0, count, _BLOCKS * _CARRIED):
            end = min(count, begin + _BLOCKS * _CARRIED)
            pieces.append(self._through(blocks[begin * _BLOCK : (end + 1) * _BLOCK]))
        return b"".join(pieces)

    def _through(self, blocks: bytes) -> bytes:
        count = len(blocks) // _BLOCK - 1
        with self._path.open("r+b") as file:
            file.seek((_FIRST - 1) * PAGE_BYTES)
            for number in range(-(-count // _BLOCKS)):
                begin = number * _BLOCKS * _BLOCK
                carried = blocks[begin : begin + (_BLOCKS + 1) * _BLOCK]
                file.write(self._carrying(number, carried.ljust((_BLOCKS + 1) * _BLOCK, b"\0")))
        path = self._path
        connection = driver.connect(path, self._key)
        try:
            with driver.translated_errors():
                (value,) = connection.execute("SELECT value FROM carrier").fetchone()
        finally:
            connection.close()
        chain = memoryview(value)[_LOCAL - _HEADER :]
        size = USABLE_BYTES - 4
        parts = (
            chain[i * size + _CARRIER_PREFIX : (i + 1) * size] for i in range(-(-count // _BLOCKS))
        )
        return b"".join(parts)[: count * _BLOCK]

    def _carrying(self, number: int, blocks: bytes) -> bytes:
        """Return a page of the scratch store with its own first block and the given blocks."""
        head = self._heads[number]
        body = head[:_BLOCK] + blocks + head[USABLE_BYTES : USABLE_BYTES + _BLOCK]
        return body + _page_hmac(self._seal_key, body, _FIRST + number)


class PageReader:
    """The pages of one file, counted from 1, each verified before use."""

    def __init__(self, path: Path, key: bytes, carrier: PageDecipherer) -> None:
        """Verify every page of the file at `path`. Raise OSError if it cannot be opened."""
        self._path, self._carrier = path, carrier
        size = path.stat().st_size
        self.count = max(1, -(-size // PAGE_BYTES))  # of an emptied file, too, the first is lost
        first = next(read_pages(path, 0, 1), b"").ljust(PAGE_BYTES, b"\0")  # it may be cut off
        self._key = _matching_key(key, first) or self._other_key(key, first)
        self.is_sealed = self._key is not None
        """True if the HMACs of pages can be verified; not if the salt of the file is lost."""
        self.bad = frozenset(self._bad())
        self._portions: OrderedDict[int, bytes] = OrderedDict()

    def page(self, number: int) -> bytes | None:
        """Return the decrypted content of a page; None if it is bad or missing."""
        if not 0 < number <= self.count or number in self.bad:
            return None
        which = (number - 1) // _TOGETHER
        if which not in self._portions:
            self._portions[which] = self._decipher(which * _TOGETHER)
            if len(self._portions) > _HELD:
                self._portions.popitem(last=False)
        self._portions.move_to_end(which)
        place = (number - 1) % _TOGETHER * USABLE_BYTES
        return self._portions[which][place : place + USABLE_BYTES]

    def _decipher(self, begin: int) -> bytes:
        """Decrypt a portion of pages as one chain of blocks: each page's IV, then its blocks."""
        pages = list(self._read(begin, _TOGETHER))
        chain = b"".join(
            page[USABLE_BYTES : USABLE_BYTES + _BLOCK] + page[:USABLE_BYTES] for page in pages
        )
        plain = self._carrier.decipher(bytes(_BLOCK) + chain)
        size = USABLE_BYTES + _BLOCK
        whole = [bytearray(plain[i * size + _BLOCK : (i + 1) * size]) for i in range(len(pages))]
        if begin == 0 and pages:  # the first page begins with the salt, which is not encrypted
            again = self._carrier.decipher(
                pages[0][USABLE_BYTES : USABLE_BYTES + _BLOCK] + pages[0][SALT_BYTES:USABLE_BYTES]
            )
            whole[0][:] = bytes(SALT_BYTES) + again
        return b"".join(whole)

    def _read(self, begin: int, count: int) -> Iterator[bytes]:
        return (page.ljust(PAGE_BYTES, b"\0") for page in read_pages(self._path, begin, count))

    def _bad(self) -> Iterator[int]:
        number = 0
        for number, page in enumerate(self._read(0, self.count), start=1):
            if (self._key is not None and not _has_valid_hmac(self._key, page, number)) or (
                self._key is None and (number == 1 or not any(page))
            ):
                yield number
        yield from range(number + 1, self.count + 1)

    def _other_key(self, key: bytes, first: bytes) -> bytes | None:
        """Return the HMAC key found by other pages than the first, or with one flipped salt bit."""
        few = list(self._read(1, 8))
        own = page_hmac_key(key, first[:SALT_BYTES])
        if any(_has_valid_hmac(own, page, number) for number, page in enumerate(few, start=2)):
            return own
        for bit in range(SALT_BYTES * 8):
            salt = bytearray(first[:SALT_BYTES])
            salt[bit // 8] ^= 1 << bit % 8
            other = page_hmac_key(key, bytes(salt))
            if any(
                _has_valid_hmac(other, page, number) for number, page in enumerate(few, start=2)
            ):
                return other
        return None


def read_pages(path: Path, begin: int, count: int) -> Iterator[bytes]:
    """Yield `count` pages of a file from page `begin`, from 0; unreadable ones as zeros.

    Around a bad stretch of a disk the other pages may still be readable. Raise OSError if
    the file cannot be opened.
    """
    with path.open("rb", buffering=0) as file:  # read-ahead could fail for pages that are readable
        for number in range(begin, begin + count):
            try:
                file.seek(number * PAGE_BYTES)
                page = file.read(PAGE_BYTES)
            except OSError:
                page = bytes(PAGE_BYTES)
            if not page:
                return
            yield page


def opens_under(key: bytes, first: bytes) -> bool:
    """Return whether the first page of a file is authentic under this data key."""
    return len(first) == PAGE_BYTES and _matching_key(key, first) is not None


def page_hmac_key(key: bytes, salt: bytes) -> bytes:
    """Return the HMAC key of a store with this key and salt, as SQLCipher derives it."""
    masked = bytes(a ^ b for a, b in zip(salt, _SALT_MASK, strict=True))
    return pbkdf2_hmac("sha512", key, masked, _ROUNDS, _HMAC_KEY_BYTES)


def _matching_key(key: bytes, first: bytes) -> bytes | None:
    own = page_hmac_key(key, first[:SALT_BYTES])
    return own if _has_valid_hmac(own, first, 1) else None


def _has_valid_hmac(key: bytes, page: bytes, number: int) -> bool:
    body = page[SALT_BYTES if number == 1 else 0 : USABLE_BYTES + _BLOCK]
    return hmac.compare_digest(_page_hmac(key, body, number), page[USABLE_BYTES + _BLOCK :])


def _page_hmac(key: bytes, body: bytes, number: int) -> bytes:
    return hmac.digest(key, body + number.to_bytes(4, "little"), "sha512")


def _page_slice(whole: bytes, number: int) -> bytes:
    return whole[(number - 1) * PAGE_BYTES : number * PAGE_BYTES]


# --- rows of a page

SqlValue = None | int | float | str | bytes

_LEAF, _INNER, _INDEX_LEAF, _INDEX_INNER = 0x0D, 0x05, 0x0A, 0x02
_FILE_HEADER = 100  # on the first page, before its tree
_LEAST = (USABLE_BYTES - 12) * 32 // 255 - 23
_MOST = {_LEAF: USABLE_BYTES - 35, _INDEX_LEAF: (USABLE_BYTES - 12) * 64 // 255 - 23}
_MOST[_INDEX_INNER] = _MOST[_INDEX_LEAF]
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
_FLOAT, _ZERO, _ONE, _BLOB = 7, 8, 9, 12
_CONTENT = USABLE_BYTES - 4  # content bytes of an overflow page
_LONGEST = 2**31


@dataclass(frozen=True, slots=True)
class RecoveredRow:
    """A row: its number (None if its table has none), its values, and whether they are all."""

    number: int | None
    values: tuple[SqlValue, ...]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """The content of a page: its rows, its child pages, and the overflow pages of its rows."""

    rows: tuple[RecoveredRow, ...]
    below: tuple[int, ...]
    beside: tuple[int, ...]
    unread: int


def read_page(pages: PageReader, number: int) -> ParsedPage | None:
    """Parse a page of a tree; return None for a bad page or another kind of page."""
    page = pages.page(number)
    if page is None:
        return None
    start = _FILE_HEADER if number == 1 else 0
    kind = page[start]
    if kind not in {_LEAF, _INNER, _INDEX_LEAF, _INDEX_INNER}:
        return None
    is_inner = kind in {_INNER, _INDEX_INNER}
    (count,) = struct.unpack_from(">H", page, start + 3)
    first = start + (12 if is_inner else 8)
    if first + 2 * count > USABLE_BYTES:
        return None
    below = [int.from_bytes(page[start + 8 : start + 12], "big")] if is_inner else []
    rows: list[RecoveredRow] = []
    beside: list[int] = []
    unread = 0
    for (cell,) in struct.iter_unpack(">H", page[first : first + 2 * count]):
        try:
            if is_inner:
                below.append(int.from_bytes(page[cell : cell + 4], "big"))
            if kind != _INNER:
                rows.append(_parse_row(pages, page, kind, cell + 4 * is_inner, beside))
        except (ValueError, IndexError, struct.error):
            unread += 1
    return ParsedPage(tuple(rows), tuple(below), tuple(beside), unread)


def _parse_row(
    pages: PageReader, page: bytes, kind: int, place: int, beside: list[int]
) -> RecoveredRow:
    size, place = _varint(page, place)
    number: int | None = None
    if kind == _LEAF:
        number, place = _varint(page, place)
        number -= 2**64 if number >= 2**63 else 0
    if size > _LONGEST:
        raise ValueError
    local = size
    if size > _MOST[kind]:
        local = _LEAST + (size - _LEAST) % _CONTENT
        if local > _MOST[kind]:
            local = _LEAST
    payload = bytearray(page[place : place + local])
    if len(payload) < local:
        raise ValueError
    if local < size:
        onward = int.from_bytes(page[place + local : place + local + 4], "big")
        _read_overflow(pages, onward, payload, size, beside)
    return RecoveredRow(number, tuple(_values(bytes(payload))), is_whole=len(payload) == size)


def _read_overflow(
    pages: PageReader, onward: int, payload: bytearray, size: int, beside: list[int]
) -> None:
    """Append the content of a row's overflow pages, up to the first bad one."""
    while len(payload) < size:
        beside.append(onward)
        page = pages.page(onward)
        if page is None:
            return
        payload += page[4 : 4 + min(_CONTENT, size - len(payload))]
        onward = int.from_bytes(page[:4], "big")


def _values(payload: bytes) -> Iterator[SqlValue]:
    """Yield the values of a row as far as they are present."""
    length, place = _varint(payload, 0)
    kinds: list[int] = []
    while place < length:
        kind, place = _varint(payload, place)
        kinds.append(kind)
    for kind in kinds:
        size = _size(kind)
        if place + size > len(payload):
            return
        yield _value(kind, payload[place : place + size])
        place += size


def _size(kind: int) -> int:
    if kind >= _BLOB:
        return (kind - _BLOB) // 2
    if kind == _FLOAT:
        return 8
    return _INTEGERS.get(kind, 0)


def _value(kind: int, data: bytes) -> SqlValue:
    if kind >= _BLOB:
        return data.decode() if kind % 2 else data
    if kind in _INTEGERS:
        return int.from_bytes(data, "big", signed=True)
    if kind == _FLOAT:
        return float(struct.unpack(">d", data)[0])
    if kind in (0, _ZERO, _ONE):
        return None if kind == 0 else kind - _ZERO
    raise ValueError


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = 0
    for index in range(9):
        byte = data[place + index]
        if index == 8:
            return value << 8 | byte, place + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + index + 1
    raise ValueError  # not reached


RECORD_TABLE = "record"
RID_BYTES = 16
_OWN_COLUMN_COUNT = 8  # the columns that every record table begins with
_CLASSES: Mapping[str, type] = {"BLOB": bytes, "TEXT": str, "INTEGER": int}


# --- the table of a row


@dataclass(frozen=True, slots=True)
class ColumnShape:
    """A column as declared in its table."""

    name: str
    holds: type
    may_be_null: bool
    may_be_absent: bool
    is_number: bool


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table: whether its rows are numbered, and its columns."""

    is_numbered: bool
    columns: tuple[ColumnShape, ...]

    def fits(self, row: RecoveredRow) -> bool:
        """Return whether a row can belong to this table."""
        if (row.number is not None) != self.is_numbered or len(row.values) > len(self.columns):
            return False
        rest = self.columns[len(row.values) :]
        return all(map(_holds, self.columns, row.values)) and all(c.may_be_absent for c in rest)


def table_shapes(connection: Connection) -> Mapping[str, TableShape]:
    """Return the shapes of a store's tables, with one shape for all record tables."""
    tables = connection.execute(
        "SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%' "
    ).fetchall()
    names = {*INDEX_TABLES, *(f"record_{name}" for name in RECORD_TYPES)}
    found = {name: _table_shape(connection, name, sql) for name, sql in tables if name not in names}
    some = next(iter(RECORD_TYPES))
    record = _table_shape(connection, f"record_{some}", "")
    return {
        **found,
        RECORD_TABLE: TableShape(is_numbered=True, columns=record.columns[:_OWN_COLUMN_COUNT]),
    }


def table_of_row(shapes: Mapping[str, TableShape], row: RecoveredRow) -> str:
    """Return the table of a row; empty if it is none of ours or cannot be told."""
    if _is_record(shapes[RECORD_TABLE], row):
        return RECORD_TABLE
    return next(
        (name for name, each in shapes.items() if name != RECORD_TABLE and each.fits(row)), ""
    )


def record_type_of(state: RecordState, listed: str | None) -> str | None:
    """Return the record type that most of its fields belong to, else the one `listed`."""
    fids = {write.fid for write in live_writes(state)} | {fid for fid, _ in superseded_ids(state)}
    known = {name: sum(fid in each.by_id for fid in fids) for name, each in RECORD_TYPES.items()}
    best = max(known, key=lambda name: (known[name], name == listed))
    if not known[best] or fids <= {DELETION}:
        return listed if listed in RECORD_TYPES else None
    return best


def _is_record(shape: TableShape, row: RecoveredRow) -> bool:
    own = row.values[: len(shape.columns)]
    if row.number is None or len(own) < 2 or (row.is_whole and len(own) < len(shape.columns)):
        return False
    is_marked = len(own) < 6 or (isinstance(own[5], str) and own[5].startswith("["))
    return (
        all(map(_holds, shape.columns, own)) and is_marked and len(_bytes(own[1])) == RID_BYTES
        and (len(own) > 4 or not row.is_whole)
    )  # fmt: skip


def _table_shape(connection: Connection, name: str, sql: str) -> TableShape:
    is_numbered = "WITHOUT ROWID" not in sql
    columns = connection.execute(f'PRAGMA table_info("{name}")').fetchall()
    return TableShape(
        is_numbered, tuple(_column_shape(each, is_numbered=is_numbered) for each in columns)
    )


def _column_shape(described: Sequence[object], *, is_numbered: bool) -> ColumnShape:
    _, name, kind, is_not_null, default, key = described
    is_number = is_numbered and kind == "INTEGER" and key == 1
    may_be_null = is_number or (not is_not_null and not key)
    return ColumnShape(
        str(name), _CLASSES[str(kind)], may_be_null, may_be_null or default is not None, is_number
    )


def _holds(column: ColumnShape, value: SqlValue) -> bool:
    if value is None:
        return column.may_be_null
    return type(value) is column.holds and not column.is_number


def _bytes(value: SqlValue) -> bytes:
    return value if isinstance(value, bytes) else b""
