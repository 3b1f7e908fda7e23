# SPDX-License-Identifier: GPL-3.0-or-later
"""Making and opening a store's folder: the store itself and the slots that hold its key.

The folder's name and its files' names say nothing of what they hold.
"""

import os
import shutil
from collections.abc import Callable
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

    Raises KfdeskError `store.exists`, or `store.disk` where the folder cannot be written; then
    nothing is left behind.
    """
    if has_store(folder):
        raise KfdeskError("store.exists")
    is_new = not folder.exists()
    key = random(driver.KEY_BYTES)
    try:
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        connection = driver.connect(folder / FILE, key, create=True)
        tables.create_tables(connection)
        slot = slots.new_slot(key, credentials.initials, credentials.passphrase, cost, random)
        slots.write_slots(folder, slots.SlotFile(1, (slot,)))
    except (OSError, driver.DatabaseError):
        _clear(folder, is_new=is_new)
        raise KfdeskError("store.disk") from None
    return Store(connection, folder / FILE)


def unlock(folder: Path, credentials: Credentials) -> Store:
    """The store in `folder`, open.

    Raises KfdeskError `store.missing`, `store.not_a_store`, `store.wrong_passphrase`,
    `store.newer` or `store.damaged`. Changes nothing unless the store opens.
    """
    if not (folder / FILE).is_file():
        raise KfdeskError("store.missing")
    key = slots.open_slots(slots.read_slots(folder), credentials.initials, credentials.passphrase)
    connection = driver.connect(folder / FILE, key)
    try:
        tables.prepare_tables(connection)
    except driver.DatabaseError:
        connection.close()
        raise KfdeskError("store.damaged") from None
    except KfdeskError:
        connection.close()
        raise
    return Store(connection, folder / FILE)


def _clear(folder: Path, *, is_new: bool) -> None:
    if is_new:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for name in (FILE, *slots.NAMES):
        (folder / name).unlink(missing_ok=True)
