# SPDX-License-Identifier: GPL-3.0-or-later
"""Making and opening a store's folder: the store itself and the slots that hold its key.

The folder's name and its files' names say nothing of what they hold.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import driver, slots, tables
from kfdesk.storage.store import Store

FILE = "notebook.db"
_PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who opens: initials and passphrase."""

    initials: str
    passphrase: str

    def __repr__(self) -> str:
        return "Credentials()"


def has_store(folder: Path) -> bool:
    """Whether a store or a part of one is in the folder."""
    return any((folder / name).exists() for name in (FILE, *slots.NAMES))


def create(
    folder: Path,
    credentials: Credentials,
    cost: slots.Cost,
    random: Callable[[int], bytes] = os.urandom,
) -> Store:
    """A new store in `folder`, open, with one slot.

    Raises KfdeskError `store.exists`, `store.no_cipher`, or `store.disk` where the folder cannot
    be written. Whatever stops it, nothing is left behind.
    """
    if has_store(folder):
        raise KfdeskError("store.exists")
    is_new = not folder.exists()
    key = random(driver.KEY_BYTES)
    try:
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        slot = slots.new_slot(key, credentials.initials, credentials.passphrase, cost, random)
        return _written(folder, key, slots.SlotFile(1, (slot,)))
    except BaseException as error:
        _clear(folder, is_new=is_new)
        if isinstance(error, OSError | driver.DatabaseError):
            raise KfdeskError("store.disk") from None
        raise


def unlock(folder: Path, credentials: Credentials) -> Store:
    """The store in `folder`, open.

    Raises KfdeskError `store.missing`, `store.not_a_store`, `store.wrong_passphrase`,
    `store.wrong_key` for a file that is not the slots' own or whose first page is damaged,
    `store.newer`, `store.damaged`, `store.disk`, `store.in_use` or `store.no_cipher`. Changes
    nothing unless the store opens.
    """
    if not (folder / FILE).is_file():
        raise KfdeskError("store.missing")
    key = slots.open_slots(slots.read_slots(folder), credentials.initials, credentials.passphrase)
    try:
        connection = driver.connect(folder / FILE, key)
    except OSError:
        raise KfdeskError("store.disk") from None
    store = Store(connection, folder / FILE)
    try:
        tables.prepare_tables(connection, store.rebuild)
    except BaseException as error:
        store.close()
        if isinstance(error, driver.DatabaseError):
            raise driver.fault_of(error) from None
        raise
    return store


def _written(folder: Path, key: bytes, file: slots.SlotFile) -> Store:
    connection = driver.connect(folder / FILE, key, create=True)
    try:
        tables.create_tables(connection)
        slots.write_slots(folder, file)
    except BaseException:
        connection.close()
        raise
    return Store(connection, folder / FILE)


def _clear(folder: Path, *, is_new: bool) -> None:
    """Remove what a creation that failed has left, as far as the folder lets us."""
    if is_new:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for name in (FILE, f"{FILE}-journal", *slots.NAMES, *slots.UNFINISHED):
        with suppress(OSError):
            (folder / name).unlink()
