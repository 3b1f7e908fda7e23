# SPDX-License-Identifier: GPL-3.0-or-later
"""The only access to SQLCipher: loading, keying and checking the driver.

Two known faults are prevented here. If a system SQLite is already loaded globally, the
driver's symbols bind to it, `key` does nothing and the file stays plain. So the driver
is loaded with RTLD_DEEPBIND, and a store is refused unless the cipher answers and the
file header is not SQLite's. A wrong key prints to stderr unless the cipher's log is
silenced first. Keys are bytes that are wiped after use. No records here.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from kfdesk.domain.errors import KfdeskError


def _bind_driver_to_own_symbols() -> None:
    """Make the driver resolve its own symbols first, if the platform can."""
    if hasattr(sys, "setdlopenflags") and hasattr(os, "RTLD_DEEPBIND"):
        sys.setdlopenflags(os.RTLD_NOW | os.RTLD_DEEPBIND)


_flags = sys.getdlopenflags() if hasattr(sys, "getdlopenflags") else 0
_bind_driver_to_own_symbols()
from sqlcipher3 import dbapi2  # noqa: E402 - the flags of the loader must be set first

if hasattr(sys, "setdlopenflags"):
    sys.setdlopenflags(_flags)

Value = TypeVar("Value", bytes, int)
KEY_BYTES = 32
_CACHE_SIZE = -65536  # KiB
_INSTRUCTIONS = 20_000  # of SQLite's virtual machine, between two calls of `go_on`
_PORTION = 400  # values in one query
_MAGIC = b"SQLite format 3\x00"
PAGE_BYTES = 4096  # the smallest store: an empty file would be taken for a new one under any key
SALT_BYTES = 16  # SQLCipher draws them for each new file; each copy of the file begins with them
APPLICATION_ID = 0x4B464431
STORE_FILE = "notebook.db"  # the store's file name in its folder and in each backup
_BUSY, _CORRUPT, _NOT_A_STORE = 5, 11, 26  # SQLite's primary result codes
_UNREAD = {266, 522}  # SQLITE_IOERR_READ, SQLITE_IOERR_SHORT_READ
_CLOSED = "closed database"  # part of the driver's message for a closed connection
_PRIMARY = 0xFF  # the part of an extended code that names the fault
_BUGS = (None, 1, 21, 25)  # SQLITE_ERROR, SQLITE_MISUSE, SQLITE_RANGE; the driver's own have none

if TYPE_CHECKING:  # the driver has no type hints; its API is that of sqlite3
    from sqlite3 import Connection as Connection
    from sqlite3 import DatabaseError as DatabaseError
    from sqlite3 import IntegrityError as IntegrityError
    from sqlite3 import ProgrammingError as ProgrammingError
else:
    Connection = dbapi2.Connection
    DatabaseError = dbapi2.DatabaseError
    IntegrityError = dbapi2.IntegrityError
    ProgrammingError = dbapi2.ProgrammingError

# Without a registered adapter each parameter of these types costs an adapter lookup.
dbapi2.register_adapter(bytes, bytearray)
dbapi2.register_adapter(bool, int)
dbapi2.register_adapter(type(None), {}.get)

_PAGES_AT_ONCE = 64  # that are taken to be rewritten
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
    f"cache_size = {_CACHE_SIZE}",
)


def connect(path: Path, key: bytes, *, create: bool = False) -> Connection:
    """Open a connection to the store at `path` under the raw 32-byte `key`.

    Raise KfdeskError `store.missing`, `store.exists` (create), `store.not_a_store` (too
    small, or plain SQLite), `store.wrong_key` (also for a foreign file or a damaged first
    page: they look alike), `store.damaged`, `store.unreadable` (a part of it, by the disk),
    `store.in_use`, `store.disk` or `store.no_cipher`.
    """
    _check_file(path, create=create)
    try:
        return _open(path, key, create=create)
    except DatabaseError as error:
        raise _error_for(error) from None


def _open(path: Path, key: bytes, *, create: bool) -> Connection:
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


def journal_of(path: Path) -> Path:
    """Return where SQLite keeps the journal of a store, which stays if a write is cut off."""
    return path.with_name(f"{path.name}-journal")


def set_cache_size(connection: Connection, schema: str = "main") -> None:
    """Set the cache of a file, which otherwise is as large as the file's header suggests."""
    connection.execute(f"PRAGMA {schema}.cache_size = {_CACHE_SIZE}")


def file_salt(file: Path) -> bytes:
    """Return the salt by which a store's file and its copies are known. Raise OSError."""
    with file.open("rb") as opened:
        return opened.read(SALT_BYTES)


def portions(values: Iterable[Value]) -> Iterator[list[Value]]:
    """Yield the values sorted, in lists of at most as many as one query may hold."""
    wanted = sorted(values)
    for begin in range(0, len(wanted), _PORTION):
        yield wanted[begin : begin + _PORTION]


def placeholders(values: Sized) -> str:
    """Return the placeholders of a query for as many values."""
    return ", ".join("?" * len(values))


@contextmanager
def translated_errors() -> Iterator[None]:
    """Translate database errors while reading: raise KfdeskError `store.damaged`, ….

    An error in our own question passes unchanged: it is no fault of the store or its disk.
    """
    try:
        yield
    except DatabaseError as error:
        raise translate_error(error) from None


def primary_code(error: DatabaseError) -> int | None:
    """Return SQLite's primary result code; None for an error of the driver itself."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return code & _PRIMARY if code is not None else None


def is_bug(error: DatabaseError) -> bool:
    """Return whether an error says that a question was wrong, not that a store or disk is."""
    return primary_code(error) in _BUGS and not _is_closed(error)


def translate_error(error: DatabaseError) -> KfdeskError | DatabaseError:
    """Return the KfdeskError for an error of an open store, whose key is right; a bug as it is."""
    if is_bug(error):
        return error
    found = _error_for(error)
    return KfdeskError("store.damaged") if found.code == "store.wrong_key" else found


def _error_for(error: DatabaseError) -> KfdeskError:
    if _is_closed(error):
        return KfdeskError("store.closed")
    code = primary_code(error)
    if code == _BUSY:
        return KfdeskError("store.in_use")
    if code == _CORRUPT:  # the key fits, a later page does not
        return KfdeskError("store.damaged")
    if code == _NOT_A_STORE:
        return KfdeskError("store.wrong_key")
    is_unread = error.sqlite_errorcode in _UNREAD
    return KfdeskError("store.unreadable" if is_unread else "store.disk")


def _is_closed(error: DatabaseError) -> bool:
    """Return whether the connection was closed; SQLite has no code for it."""
    return isinstance(error, ProgrammingError) and _CLOSED in str(error)


@contextmanager
def interruptible(connection: Connection, go_on: Callable[[], object]) -> Iterator[None]:
    """Call `go_on` every few milliseconds of SQLite's work; a KfdeskError of it stops the work."""
    stopped: list[KfdeskError] = []

    def poll() -> int:
        try:
            go_on()
        except KfdeskError as error:
            stopped.append(error)
        return len(stopped)

    connection.set_progress_handler(poll, _INSTRUCTIONS)
    try:
        yield
    except DatabaseError:
        if stopped:
            raise stopped[0] from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


def check_tables(connection: Connection, _path: Path) -> list[str]:
    """Return what is wrong with the structure of an open store; indexes are compared with rows."""
    found = connection.execute("PRAGMA integrity_check").fetchall()
    return [str(line) for (line,) in found if line != "ok"]


def check_cipher(connection: Connection, path: Path, schema: str = "main") -> list[str]:
    """Return what is wrong with the cipher's pages of an open store, or of an attached file.

    The HMAC of each page is checked. A file that was truncated at a page boundary passes the
    cipher's own check, so its size is compared too. In an open store a torn page that holds nothing
    is no damage: SQLite journals no page that was free when a transaction began, so a power cut may
    tear one. The list is empty if nothing is wrong.
    """
    found: list[str] = []
    try:
        found += _pragma(connection, schema, "cipher_integrity_check")
        if int(_pragma(connection, schema, "page_count")[0]) * PAGE_BYTES != path.stat().st_size:
            return [*found, "size"]
    except DatabaseError:  # after the first bad page the cipher lets nothing more be read
        found.append("unreadable")
    return found if found and (schema != "main" or _is_data_torn(connection)) else []


def _is_data_torn(connection: Connection) -> bool:
    """Return whether SQLite's own check, which reads every page that holds anything, fails.

    A page that the cipher refuses reads as zeros, and only what comes after it fails. So the check
    is followed by a write, which is taken back.
    """
    try:
        connection.execute("SAVEPOINT page_check")
        try:
            if _pragma(connection, "main", "integrity_check") != ["ok"]:
                return True
            version = int(_pragma(connection, "main", "user_version")[0])
            connection.execute(f"PRAGMA user_version = {version}")
            return False
        finally:
            connection.execute("ROLLBACK TO page_check")
            connection.execute("RELEASE page_check")
    except DatabaseError:
        return True


def rewrite_torn_pages(connection: Connection, path: Path) -> bool:
    """Rewrite the free pages of a store if any is torn; return whether one was.

    A table takes all free pages and gives them back, in one transaction: `secure_delete` writes
    each with zeros. Nothing is written to a store with any other damage.
    """
    torn = _pragma(connection, "main", "cipher_integrity_check")
    if not torn or check_cipher(connection, path):
        return False
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("CREATE TABLE free_pages (content)")
        while free := int(_pragma(connection, "main", "freelist_count")[0]):
            size = PAGE_BYTES * max(1, min(free // 2, _PAGES_AT_ONCE))
            connection.execute("INSERT INTO free_pages VALUES (zeroblob(?))", (size,))
        connection.execute("DROP TABLE free_pages")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return True


def check_pages(connection: Connection, path: Path, schema: str = "main") -> list[str]:
    """Return what is wrong with the pages of an open store, or of the file attached as `schema`.

    The cipher's pages come first, then SQLite's structure in them. The list is empty if nothing
    is wrong.
    """
    found = check_cipher(connection, path, schema)
    if found:  # the further check makes no sense on damaged pages
        return found
    try:
        lines = _pragma(connection, schema, "integrity_check")
        return [line for line in lines if line != "ok"]
    except DatabaseError:
        return ["unreadable"]


def _pragma(connection: Connection, schema: str, question: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(f"PRAGMA {schema}.{question}")]


def _check_file(path: Path, *, create: bool) -> None:
    if create:
        if path.exists():
            raise KfdeskError("store.exists")
        return
    if not path.is_file():
        raise KfdeskError("store.missing")
    if path.stat().st_size < PAGE_BYTES:
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
def hex_key(key: bytes) -> Iterator[bytearray]:
    """Yield a raw key as hexadecimal text for the cipher, and wipe it afterwards."""
    assert len(key) == KEY_BYTES  # a shorter key would silently be used as a passphrase
    spelt = bytearray(b"x'" + key.hex().encode() + b"'")
    try:
        yield spelt
    finally:
        spelt[:] = bytes(len(spelt))


def _unlock(connection: Connection, key: bytes) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")
    try:
        with hex_key(key) as spelt:
            cast("Any", connection).set_key(spelt)
    except DatabaseError:  # another library answers, which knows no keys
        raise KfdeskError("store.no_cipher") from None


def _prove_cipher(connection: Connection) -> None:
    connection.execute(f"PRAGMA cipher_page_size = {PAGE_BYTES}")
    answer = connection.execute("PRAGMA cipher_version").fetchone()
    if answer is None or not answer[0]:
        raise KfdeskError("store.no_cipher")


def _prove_encrypted(path: Path) -> None:
    head = _head_of(path)
    if len(head) < len(_MAGIC) or head == _MAGIC:
        raise KfdeskError("store.no_cipher")
