# SPDX-License-Identifier: GPL-3.0-or-later
"""The one door to SQLCipher: how it is loaded, keyed and guarded.

Two faults are known and shut out here. With a system SQLite already loaded globally the driver's
symbols bind to it, `key` does nothing and the file is plain: so the driver is loaded with
RTLD_DEEPBIND, and a store is refused unless the cipher answers and the file's head is not
SQLite's. A wrong key prints to stderr unless the cipher's log is silenced first. Knows keys only
as bytes that are wiped after use; knows no records.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from kfdesk.domain.errors import KfdeskError


def _load_bound_to_itself() -> None:
    """Let the driver see its own symbols first, where the platform can."""
    if hasattr(sys, "setdlopenflags") and hasattr(os, "RTLD_DEEPBIND"):
        sys.setdlopenflags(os.RTLD_NOW | os.RTLD_DEEPBIND)


_flags = sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else 0
_load_bound_to_itself()
from sqlcipher3 import dbapi2  # noqa: E402 - the loader's flags come first

if hasattr(sys, "setdlopenflags"):
    sys.setdlopenflags(_flags)

KEY_BYTES = 32
_MAGIC = b"SQLite format 3\x00"
PAGE = 4096  # the smallest store: an empty file would be taken for a new one under any key
APPLICATION_ID = 0x4B464431
FILE = "notebook.db"  # what a store is called in its folder, and in each of its backups
_BUSY, _CORRUPT, _NOT_A_STORE = 5, 11, 26  # SQLite's primary result codes
_UNREAD = {266, 522}  # SQLITE_IOERR_READ, SQLITE_IOERR_SHORT_READ
_CLOSED = "closed database"  # in what the driver says of a connection that was closed
_PRIMARY = 0xFF  # the part of an extended code that names the fault

if TYPE_CHECKING:  # the driver has no types of its own and the shape of sqlite3
    from sqlite3 import Connection as Connection
    from sqlite3 import DatabaseError as DatabaseError
    from sqlite3 import IntegrityError as IntegrityError
    from sqlite3 import ProgrammingError as ProgrammingError
else:
    Connection = dbapi2.Connection
    DatabaseError = dbapi2.DatabaseError
    IntegrityError = dbapi2.IntegrityError
    ProgrammingError = dbapi2.ProgrammingError

# One parameter of these types costs a search for an adapter unless it has one.
dbapi2.register_adapter(bytes, bytearray)
dbapi2.register_adapter(bool, int)
dbapi2.register_adapter(type(None), {}.get)

_PRAGMAS = (
    "journal_mode = DELETE",
    "synchronous = EXTRA",  # FULL loses acknowledged commits in DELETE mode
    "fullfsync = ON",
    "temp_store = MEMORY",
    "secure_delete = ON",
    "foreign_keys = ON",
    "recursive_triggers = ON",  # else REPLACE passes by the triggers that forbid deleting
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "mmap_size = 0",
    "cache_size = -65536",
)


def connect(path: Path, key: bytes, *, create: bool = False) -> Connection:
    """An open connection to the store at `path` under the raw 32-byte `key`.

    Raises KfdeskError `store.missing`, `store.exists` (create), `store.not_a_store` (too small, or
    plain SQLite), `store.wrong_key` (also for a foreign file or a damaged first page: they look
    alike), `store.damaged`, `store.unreadable` (a part of it, by the disk), `store.in_use`,
    `store.disk` or `store.no_cipher`.
    """
    _check_file(path, create=create)
    try:
        return _opened(path, key, create=create)
    except DatabaseError as error:
        raise _refusal(error) from None


def _opened(path: Path, key: bytes, *, create: bool) -> Connection:
    connection: Connection = dbapi2.connect(path, isolation_level=None)
    try:
        _unlock(connection, key)
        _prove_cipher(connection)
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # which proves the key
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        if create:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")  # writes page one
        _prove_encrypted(path)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def reading() -> Iterator[None]:
    """For reading from an open store. Raises KfdeskError `store.damaged`, `store.disk`, …"""
    try:
        yield
    except DatabaseError as error:
        raise fault_of(error) from None


def fault_of(error: DatabaseError) -> KfdeskError:
    """The world's fault behind an error of an open store, whose key has fitted already."""
    found = _refusal(error)
    return KfdeskError("store.damaged") if found.code == "store.wrong_key" else found


def _refusal(error: DatabaseError) -> KfdeskError:
    if isinstance(error, ProgrammingError) and _CLOSED in str(error):  # SQLite has no code for it
        return KfdeskError("store.closed")
    code = error.sqlite_errorcode & _PRIMARY
    if code == _BUSY:
        return KfdeskError("store.in_use")
    if code == _CORRUPT:  # the key fits, a later page does not
        return KfdeskError("store.damaged")
    if code == _NOT_A_STORE:
        return KfdeskError("store.wrong_key")
    is_unread = error.sqlite_errorcode in _UNREAD
    return KfdeskError("store.unreadable" if is_unread else "store.disk")


def check_pages(connection: Connection, path: Path, schema: str = "main") -> list[str]:
    """What is wrong with the pages of an open store, or of the file attached as `schema`.

    An empty list if nothing is. A file cut at a page's border passes the cipher's own check, so
    its size is compared, too.
    """

    def said(question: str) -> list[str]:
        return [str(row[0]) for row in connection.execute(f"PRAGMA {schema}.{question}")]

    found: list[str] = []
    try:
        found += said("cipher_integrity_check")
        if int(said("page_count")[0]) * PAGE != path.stat().st_size:
            found.append("size")
        if not found:  # of torn pages nothing more can be said
            found += [line for line in said("integrity_check") if line != "ok"]
    except DatabaseError:  # after the first bad page the cipher lets nothing more be read
        found.append("unreadable")
    return found


def _check_file(path: Path, *, create: bool) -> None:
    if create:
        if path.exists():
            raise KfdeskError("store.exists")
        return
    if not path.is_file():
        raise KfdeskError("store.missing")
    if path.stat().st_size < PAGE:
        raise KfdeskError("store.not_a_store")
    if _head_of(path) == _MAGIC:
        raise KfdeskError("store.not_a_store")


def _head_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC))
    except OSError:
        raise KfdeskError("store.unreadable") from None


@contextmanager
def digits(key: bytes) -> Iterator[bytearray]:
    """A raw key as the cipher reads it; what was spelt is wiped afterwards."""
    assert len(key) == KEY_BYTES  # one digit less would silently be taken for a passphrase
    spelt = bytearray(b"x'" + key.hex().encode() + b"'")
    try:
        yield spelt
    finally:
        spelt[:] = bytes(len(spelt))


def _unlock(connection: Connection, key: bytes) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")
    try:
        with digits(key) as spelt:
            cast("Any", connection).set_key(spelt)
    except DatabaseError:  # another library answers, which knows no keys
        raise KfdeskError("store.no_cipher") from None


def _prove_cipher(connection: Connection) -> None:
    connection.execute(f"PRAGMA cipher_page_size = {PAGE}")
    answer = connection.execute("PRAGMA cipher_version").fetchone()
    if answer is None or not answer[0]:
        raise KfdeskError("store.no_cipher")


def _prove_encrypted(path: Path) -> None:
    head = _head_of(path)
    if len(head) < len(_MAGIC) or head == _MAGIC:
        raise KfdeskError("store.no_cipher")
