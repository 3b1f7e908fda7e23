# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of a damaged store: which ones its cipher vouches for, and what they hold.

SQLCipher lets nothing more be read after its first bad page, so that each page is proved here, by
its own seal (HMAC-SHA512, as SQLCipher 4 writes it). What deciphers is SQLCipher all the same, and
there is no second cipher in the program: pages are carried to it as the content of one large value
in a scratch store under the same key. In that store, too, nothing plain comes to the disk. The
damaged file is only ever read. Knows pages and no rows.
"""

import hmac
from collections import OrderedDict
from collections.abc import Iterator
from hashlib import pbkdf2_hmac
from pathlib import Path

from kfdesk.storage import driver
from kfdesk.storage.driver import PAGE

SALT = 16
_BLOCK, _SEAL = 16, 64
USABLE = PAGE - _BLOCK - _SEAL
"""Bytes of a page that hold rows; behind them stand its first block's mask and its seal."""
_MASKED = b"\x3a" * SALT  # what SQLCipher turns the salt by for the key of its seals
_ROUNDS, _SEAL_KEY = 2, 32

_CARRIED = 1024  # pages of the scratch store that carry
_FIRST = 3  # its first overflow page: before it stand the schema and the one row
_LOCAL = (USABLE - 12) * 32 // 255 - 23  # of a long value, what stands in the row itself
_HEADER = 5  # of the row, before its value
_VALUE = _LOCAL - _HEADER + _CARRIED * (USABLE - 4)
_OWN = 2 * _BLOCK - 4  # of each carrying page: where the chain goes on, and one block of noise
_BLOCKS = USABLE // _BLOCK - 2
_TOGETHER = 1000  # pages of the damaged file that are deciphered at once
_HELD = 8  # such portions in memory


class Carrier:
    """A scratch store that deciphers: blocks of another file under the same key go in and out."""

    def __init__(self, path: Path, key: bytes) -> None:
        """Make the scratch store at `path`. Raises KfdeskError as `driver.connect` does."""
        self._path, self._key = path, key
        connection = driver.connect(path, key, create=True)
        connection.execute("CREATE TABLE carrier (value BLOB)")
        connection.execute("INSERT INTO carrier VALUES (zeroblob(?))", (_VALUE,))
        connection.close()
        whole = path.read_bytes()
        assert len(whole) == (_FIRST - 1 + _CARRIED) * PAGE  # the chain lies in one piece
        self._seal_key = seal_key(key, whole[:SALT])
        self._heads = [_page(whole, _FIRST + number) for number in range(_CARRIED)]

    def deciphered(self, blocks: bytes) -> bytes:
        """Each block of a chain but the first, deciphered; the first is what masks the second."""
        count = len(blocks) // _BLOCK - 1
        pieces: list[bytes] = []
        for begin in range(0, count, _BLOCKS * _CARRIED):
            end = min(count, begin + _BLOCKS * _CARRIED)
            pieces.append(self._through(blocks[begin * _BLOCK : (end + 1) * _BLOCK]))
        return b"".join(pieces)

    def _through(self, blocks: bytes) -> bytes:
        count = len(blocks) // _BLOCK - 1
        with self._path.open("r+b") as file:
            file.seek((_FIRST - 1) * PAGE)
            for number in range(-(-count // _BLOCKS)):
                begin = number * _BLOCKS * _BLOCK
                carried = blocks[begin : begin + (_BLOCKS + 1) * _BLOCK]
                file.write(self._carrying(number, carried.ljust((_BLOCKS + 1) * _BLOCK, b"\0")))
        path = self._path
        connection = driver.connect(path, self._key)
        try:
            with driver.reading():
                (value,) = connection.execute("SELECT value FROM carrier").fetchone()
        finally:
            connection.close()
        chain = memoryview(value)[_LOCAL - _HEADER :]
        size = USABLE - 4
        parts = (chain[i * size + _OWN : (i + 1) * size] for i in range(-(-count // _BLOCKS)))
        return b"".join(parts)[: count * _BLOCK]

    def _carrying(self, number: int, blocks: bytes) -> bytes:
        """A page of the scratch store with its own first block, then what is carried."""
        head = self._heads[number]
        body = head[:_BLOCK] + blocks + head[USABLE : USABLE + _BLOCK]
        return body + _seal(self._seal_key, body, _FIRST + number)


class Pages:
    """The pages of one file, counted from 1, each proved before it is believed."""

    def __init__(self, path: Path, key: bytes, carrier: Carrier) -> None:
        """Prove every page of the file at `path`. Raises OSError where it cannot be opened."""
        self._path, self._carrier = path, carrier
        size = path.stat().st_size
        self.count = -(-size // PAGE)
        first = next(read_pages(path, 0, 1), b"")
        self._key = _fitting_key(key, first) or self._other_key(key, first)
        self.is_sealed = self._key is not None
        """Whether seals can be proved: not where the file's own salt is lost."""
        self.bad = frozenset(self._bad())
        self._portions: OrderedDict[int, bytes] = OrderedDict()

    def page(self, number: int) -> bytes | None:
        """What a page holds, deciphered; None for one that is bad or not there."""
        if not 0 < number <= self.count or number in self.bad:
            return None
        which = (number - 1) // _TOGETHER
        if which not in self._portions:
            self._portions[which] = self._deciphered(which * _TOGETHER)
            if len(self._portions) > _HELD:
                self._portions.popitem(last=False)
        self._portions.move_to_end(which)
        place = (number - 1) % _TOGETHER * USABLE
        return self._portions[which][place : place + USABLE]

    def _deciphered(self, begin: int) -> bytes:
        """A portion of pages, one chain of blocks: each page's mask, then its own blocks."""
        pages = list(self._read(begin, _TOGETHER))
        chain = b"".join(page[USABLE : USABLE + _BLOCK] + page[:USABLE] for page in pages)
        plain = self._carrier.deciphered(bytes(_BLOCK) + chain)
        size = USABLE + _BLOCK
        whole = [bytearray(plain[i * size + _BLOCK : (i + 1) * size]) for i in range(len(pages))]
        if begin == 0 and pages:  # the first page begins with the salt, which is not enciphered
            again = self._carrier.deciphered(
                pages[0][USABLE : USABLE + _BLOCK] + pages[0][SALT:USABLE]
            )
            whole[0][:] = bytes(SALT) + again
        return b"".join(whole)

    def _read(self, begin: int, count: int) -> Iterator[bytes]:
        return (page.ljust(PAGE, b"\0") for page in read_pages(self._path, begin, count))

    def _bad(self) -> Iterator[int]:
        for number, page in enumerate(self._read(0, self.count), start=1):
            if (self._key is not None and not _is_sealed(self._key, page, number)) or (
                self._key is None and (number == 1 or not any(page))
            ):
                yield number

    def _other_key(self, key: bytes, first: bytes) -> bytes | None:
        """The key of the seals, by other pages than the first; also if a bit of the salt turned."""
        few = list(self._read(1, 8))
        own = seal_key(key, first[:SALT])
        if any(_is_sealed(own, page, number) for number, page in enumerate(few, start=2)):
            return own
        for bit in range(SALT * 8):
            salt = bytearray(first[:SALT])
            salt[bit // 8] ^= 1 << bit % 8
            other = seal_key(key, bytes(salt))
            if any(_is_sealed(other, page, number) for number, page in enumerate(few, start=2)):
                return other
        return None


def read_pages(path: Path, begin: int, count: int) -> Iterator[bytes]:
    """So many pages of a file from one on, counted from 0; one that the disk refuses is empty.

    Where a stretch of a disk has gone bad, all around it may still be read. Raises OSError where
    the file cannot be opened.
    """
    with path.open("rb", buffering=0) as file:  # what is read ahead could fail for what is asked
        for number in range(begin, begin + count):
            try:
                file.seek(number * PAGE)
                page = file.read(PAGE)
            except OSError:
                page = bytes(PAGE)
            if not page:
                return
            yield page


def seal_key(key: bytes, salt: bytes) -> bytes:
    """The key that seals the pages of a store with this key and salt, as SQLCipher derives it."""
    masked = bytes(a ^ b for a, b in zip(salt, _MASKED, strict=True))
    return pbkdf2_hmac("sha512", key, masked, _ROUNDS, _SEAL_KEY)


def _fitting_key(key: bytes, first: bytes) -> bytes | None:
    own = seal_key(key, first[:SALT].ljust(SALT, b"\0"))
    return own if _is_sealed(own, first, 1) else None


def _is_sealed(key: bytes, page: bytes, number: int) -> bool:
    body = page[SALT if number == 1 else 0 : USABLE + _BLOCK]
    return hmac.compare_digest(_seal(key, body, number), page[USABLE + _BLOCK :])


def _seal(key: bytes, body: bytes, number: int) -> bytes:
    return hmac.digest(key, body + number.to_bytes(4, "little"), "sha512")


def _page(whole: bytes, number: int) -> bytes:
    return whole[(number - 1) * PAGE : number * PAGE]
