# SPDX-License-Identifier: GPL-3.0-or-later
"""Destroying a store for good: its keys first, then its files, and nothing of anybody else.

A folder is destroyed if the program has named it (`store_names`), if the file in it is proved to be
of this store, and if no program holds it. A file is proved by the HMAC of its first page under the
data key. A file under a former data key is proved by its salt: SQLCipher draws one for each new
file, copies of the file have it too, and the store notes it when its data key changes.
"""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from kfdesk.domain.backup import backup_time
from kfdesk.domain.errors import KfdeskError
from kfdesk.files import flush, flush_folder
from kfdesk.storage import key_slots
from kfdesk.storage.driver import PAGE_BYTES, SALT_BYTES, STORE_FILE
from kfdesk.storage.page_copy import LOCK_FILE, lock_folder
from kfdesk.storage.recovery.pages import opens_under
from kfdesk.storage.rollback import ANCHOR_FILE, UNFINISHED_ANCHOR_SUFFIX
from kfdesk.storage.store_names import (
    UNFINISHED_SUFFIX,
    WORK_CARRIER,
    WORK_COPY,
    Beside,
    folders_beside,
    pre_upgrade_folder,
)

_KEY_FILES = (*key_slots.SLOT_FILES, *key_slots.UNFINISHED_SLOT_FILES)
_OTHER_FILES = (  # the store last: by it alone the others are known as ours
    f"{STORE_FILE}-journal",
    ANCHOR_FILE,
    f"{ANCHOR_FILE}{UNFINISHED_ANCHOR_SUFFIX}",
    LOCK_FILE,
    STORE_FILE,
)


@dataclass(frozen=True, slots=True)
class OwnFiles:
    """Proof that a file is of one store: its data key, or the salts of its former files."""

    key: bytes | None
    former: frozenset[bytes]

    def has(self, file: Path) -> bool:
        """Return whether an encrypted file is of this store; nothing is locked or written."""
        try:
            with file.open("rb") as opened:
                page = opened.read(PAGE_BYTES)
        except OSError:
            return False
        is_former = page[:SALT_BYTES] in self.former
        return is_former or (self.key is not None and opens_under(self.key, page))


def shred_store(folder: Path, own: OwnFiles, random: key_slots.Random) -> bool:
    """Destroy the slots of the closed store in `folder`, then the store; return if all is gone.

    What the program has made beside it goes, too. A folder that is not proved to be of this store,
    or that another program holds, is left as it is; if it has keys, not all is gone. Raise
    KfdeskError `store.in_use` if another program holds the store itself, and `store.disk` if
    slots can still be read. Then the store still opens, and the rest is left.
    """
    try:
        kinds = (Beside.ASIDE, Beside.FORMER, Beside.BACKUPS, Beside.STAGE)
        beside = list(_places_beside(folder, *kinds))
        proved = [place for place in beside if own.has(place / STORE_FILE)]
        is_gone = _shred(folder, [folder, *proved], random)
        for work in folders_beside(folder, Beside.WORK):  # which has no keys in it
            if own.has(work / WORK_CARRIER) or own.has(work / WORK_COPY / STORE_FILE):
                shutil.rmtree(work, ignore_errors=True)
                is_gone = is_gone and not work.exists()
    except OSError:
        raise KfdeskError("store.disk") from None
    return is_gone and not any(_has_keys(place) for place in beside)


def keys_left_beside(folder: Path) -> tuple[str, ...]:
    """Return the folders beside a destroyed store that are called like its copies and hold keys."""
    try:
        beside = _places_beside(folder, Beside.ASIDE, Beside.FORMER, Beside.BACKUPS, Beside.STAGE)
        return tuple(str(one.relative_to(folder.parent)) for one in beside if _has_keys(one))
    except OSError:
        return ()


def shred_former(folder: Path, former: OwnFiles, random: key_slots.Random) -> bool:
    """Destroy the former store beside a rekeyed one; return whether there was one and it is gone.

    `former` proves which files were of it. The store under the former key goes, and its backups
    from before upgrades. Both hold nothing that the store itself does not. What the disk refuses is
    left for another time, and so is all of it until the names of the two folders are flushed.
    """
    try:
        found = folders_beside(folder, Beside.FORMER)
        if not found:
            return False
        flush_folder(folder.parent)
        places = _places_beside(folder, Beside.FORMER, Beside.BACKUPS)
        _shred(folder, [place for place in places if former.has(place / STORE_FILE)], random)
        for place in found:
            with suppress(OSError):  # what an interrupted run has emptied
                place.rmdir()
    except (OSError, KfdeskError):
        return False
    return not any(place.exists() for place in found)


def _places_beside(folder: Path, *kinds: Beside) -> Iterator[Path]:
    """Yield the folders of these kinds that hold stores; of backups, each one by itself."""
    for path in folders_beside(folder, *kinds):
        if path != pre_upgrade_folder(folder):
            yield path
            continue
        for inside in sorted(path.iterdir()):
            is_backup = backup_time(inside.name.removesuffix(UNFINISHED_SUFFIX), None) is not None
            if is_backup and inside.is_dir() and not inside.is_symlink():
                yield inside


def _shred(folder: Path, places: Iterable[Path], random: key_slots.Random) -> bool:
    """Overwrite and remove the slots in all of these folders, then the stores' other files.

    Return whether all of it is gone. Raise OSError if slots are left as they were, or KfdeskError
    `store.in_use` for `folder`.
    """
    with ExitStack() as locks:
        held, is_gone = [], True
        for place in places:
            try:
                if place.exists():
                    locks.callback(lock_folder(place).release)
            except KfdeskError:
                if place == folder:
                    raise KfdeskError("store.in_use") from None
                is_gone = False
                continue
            held.append(place)
        for name in (place / name for place in held for name in _KEY_FILES):
            is_gone = _overwrite(name, random) and is_gone
    left = [place / name for place in held for name in _OTHER_FILES]
    for file in left:
        with suppress(OSError):
            file.unlink()
    emptied = {*held, *(place.parent for place in held)} - {folder.parent}
    for place in sorted(emptied, reverse=True):  # inner folders first
        with suppress(OSError):  # a folder with other files stays
            place.rmdir()
    return is_gone and not any(file.exists() for file in left)


def _has_keys(place: Path) -> bool:
    return any((place / name).exists() for name in _KEY_FILES)


def _overwrite(file: Path, random: key_slots.Random) -> bool:
    """Overwrite a file in place with random bytes, flush it and remove it, if it exists.

    Return False if the disk refused a part of that. Raise OSError if the file is as it was.
    """
    former = None
    try:
        with file.open("r+b") as held:
            former = held.read()
            held.seek(0)
            held.write(random(max(1, len(former))))
            flush(held)
        file.unlink()
    except FileNotFoundError:
        return True
    except OSError:
        if file.exists() and former in {None, file.read_bytes()}:
            raise
        return False
    return True
