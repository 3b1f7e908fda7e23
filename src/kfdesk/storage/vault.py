# SPDX-License-Identifier: GPL-3.0-or-later
"""Making and opening a store's folder: the store itself and the slots that hold its key.

The folder's name and its files' names say nothing of what they hold.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kfdesk.domain.desk.users import Credentials as Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import driver, recovery, slots, tables
from kfdesk.storage.anchors.anchor import Anchors, Watch
from kfdesk.storage.backups.before import keep_before
from kfdesk.storage.driver import FILE as FILE
from kfdesk.storage.store import Store

_PRIVATE = 0o700


def has_store(folder: Path) -> bool:
    """Whether a store or a part of one is in the folder."""
    return any((folder / name).exists() for name in (FILE, *slots.NAMES))


def create(
    folder: Path,
    credentials: Credentials,
    cost: slots.Cost,
    random: Callable[[int], bytes] = os.urandom,
    code: bytes | None = None,
) -> Store:
    """A new store in `folder`, open, with one slot, and one for the recovery key `code` if given.

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
        more = (recovery.new_slot(key, code, random),) if code is not None else ()
        return make_store(folder, key, slots.SlotFile(1, (slot, *more)))
    except BaseException as error:
        _clear(folder, is_new=is_new)
        if isinstance(error, OSError | driver.DatabaseError):
            raise KfdeskError("store.disk") from None
        raise


def unlock(folder: Path, credentials: Credentials, watch: Watch | None = None) -> Store:
    """The store in `folder`, open; if it is watched, only one that is not older than it was.

    Raises KfdeskError `store.missing`, `store.not_a_store`, `store.wrong_passphrase`,
    `store.wrong_key` for a file that is not the slots' own or whose first page is damaged,
    `store.newer`, `store.rolled_back`, `store.damaged`, `store.disk`, `store.in_use`,
    `store.not_kept` or `store.no_cipher`. Changes nothing unless the store opens; then a damaged
    copy of the slots is made whole again. A store of a program before is brought to this one's
    tables, after a backup of it, if it is watched; one that is not is a copy already.
    """
    file = _slots_beside(folder)
    key = slots.open_slots(file, credentials.initials, credentials.passphrase)
    return _opened(folder, key, file, watch)


def unlock_by_recovery(folder: Path, code: bytes | None, watch: Watch | None = None) -> Store:
    """The store in `folder`, opened by its recovery key; None is a key that was typed wrongly.

    Raises KfdeskError as `unlock` does, and for a wrong key just as for a wrong passphrase.
    """
    file = _slots_beside(folder)
    return _opened(folder, recovery.open_slots(file, code), file, watch)


def unlock_by_key(folder: Path, key: bytes) -> Store:
    """The store in `folder`, a copy that nobody works in, opened by its key alone.

    Raises KfdeskError as `unlock` does.
    """
    return _opened(folder, key, _slots_beside(folder), None)


def _slots_beside(folder: Path) -> slots.SlotFile:
    if not (folder / FILE).is_file():
        raise KfdeskError("store.missing")
    return slots.read_slots(folder)


def _opened(folder: Path, key: bytes, file: slots.SlotFile, watch: Watch | None) -> Store:
    try:
        connection = driver.connect(folder / FILE, key)
    except OSError:
        raise KfdeskError("store.disk") from None
    store = Store(connection, folder / FILE)
    store.anchors = Anchors(folder, key, connection)
    try:
        tables.refuse_newer(connection)
        if watch is not None:
            store.anchors.check(watch)
            store.is_upgraded = tables.is_behind(connection)
            if store.is_upgraded:
                keep_before(store.backups, folder, watch.names)
        tables.prepare_tables(connection, store.rebuild)
        if store.search.is_behind:
            with store.transaction():
                pass  # at its end the index follows
    except BaseException as error:
        store.close()
        if isinstance(error, driver.DatabaseError):
            raise driver.fault_of(error) from None
        raise
    with suppress(KfdeskError):  # the other copy is whole, and the next opening tries again
        slots.heal_slots(folder, file)
    return store


def make_store(folder: Path, key: bytes, file: slots.SlotFile) -> Store:
    """A new, empty store in a folder that is there, under this key, which these slots hold.

    Raises KfdeskError `store.exists`, `store.no_cipher` or `store.disk`, or what the disk raises.
    """
    connection = driver.connect(folder / FILE, key, create=True)
    try:
        tables.create_tables(connection)
        slots.write_slots(folder, file)
    except BaseException:
        connection.close()
        raise
    store = Store(connection, folder / FILE)
    store.anchors = Anchors(folder, key, connection)
    return store


def _clear(folder: Path, *, is_new: bool) -> None:
    """Remove what a creation that failed has left, as far as the folder lets us."""
    if is_new:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for name in (FILE, f"{FILE}-journal", *slots.NAMES, *slots.UNFINISHED):
        with suppress(OSError):
            (folder / name).unlink()
