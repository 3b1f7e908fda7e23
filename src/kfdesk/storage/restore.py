# SPDX-License-Identifier: GPL-3.0-or-later
"""Restoring: open a backup to check it, and put it in the place of a store.

Both work on a copy: a backup is never written to, and a check is a restore that is
thrown away. An existing store is never overwritten: the restored store is prepared
beside it, the folders swap names, and the old store is kept under a neutral name. The
services do what a restored store needs before use: a new epoch, and repeated erasures.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from kfdesk.domain.errors import KfdeskError
from kfdesk.files import flush, flush_file, flush_folder, move
from kfdesk.storage import key_slots
from kfdesk.storage.backup import named_backups
from kfdesk.storage.content_hash import MIXED
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.page_copy import (
    LOCK_FILE,
    MOVES_OPEN_FILES,
    ProgressStep,
)
from kfdesk.storage.rollback import RollbackCheck, delete_state_anchor
from kfdesk.storage.store import Store
from kfdesk.storage.store_names import UNFINISHED_SUFFIX

OpenStore = Callable[[Path], Store]
"""Opens the store in a folder, by passphrase or recovery key."""

_CHUNK = 2**20
_OF, _COPIED = 100, 50


def find_backup(folder: Path) -> Path:
    """Return the backup in or at `folder`: the folder itself, or the newest backup in it.

    Raise KfdeskError `backup.missing`, or `backup.unfinished` for an interrupted one.
    """
    if folder.name.endswith(UNFINISHED_SUFFIX):
        raise KfdeskError("backup.unfinished")
    if (folder / STORE_FILE).is_file():
        return folder
    inside = named_backups(folder)
    if not inside:
        raise KfdeskError("backup.missing")
    return inside[-1]


@contextmanager
def staged_backup(
    source: Path, stage: Path, opens: OpenStore, step: ProgressStep
) -> Iterator[Store]:
    """Yield the backup `source`, copied to the folder `stage`, open and completely checked.

    The folder is removed afterwards, unless it was moved. Raise KfdeskError
    `backup.missing`, `backup.unfinished` or `backup.unreadable`; `store.exists` if the stage is
    somebody's store; `backup.damaged_pages`, `backup.damaged_records`, `backup.damaged_log`,
    `backup.mixed` or `backup.newer`; `store.…` as opening does; or whatever `step` raises to stop.
    """
    backup = find_backup(source)
    clear_stage(stage)
    try:
        _copy(backup, stage, step)
        with _open_stage(stage, opens) as store:
            found = store.verify(lambda done, of: step(_check_progress(done, of), _OF))
            _raise_worst(found)
            yield store
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def clear_stage(stage: Path) -> None:
    """Remove what an interrupted run left where a store is to be prepared.

    Raise KfdeskError `store.exists` if that is a store which somebody opens by this name: only
    such a one has a lock file.
    """
    if (stage / LOCK_FILE).exists() and (stage / STORE_FILE).exists():
        raise KfdeskError("store.exists")
    shutil.rmtree(stage, ignore_errors=True)


def swap_folders(stage: Path, folder: Path, aside: Path) -> Path | None:
    """Move the closed store in `stage` to `folder`; return where the old store is now.

    `aside` is a free path for the old store, beside its place. Return None if there was
    none. Every file is on the medium before a name changes: a power cut must not leave a store
    without its keys. Raise KfdeskError `store.disk`; then everything is where it was. Nothing is
    raised once the new store is in its place.
    """
    kept = aside if _holds_anything(folder) else None
    try:
        for file in stage.iterdir():
            flush_file(file)
        flush_folder(stage)
        if kept is not None:
            move(folder, kept)
        elif folder.exists():
            _remove_folder(folder)
        try:
            move(stage, folder)
        except OSError:
            if kept is not None:
                move(kept, folder)
            raise
    except OSError:
        raise KfdeskError("store.disk") from None
    return kept


def swap_in_store(
    stage: Store,
    folder: Path,
    aside: Path,
    watch: RollbackCheck,
    release: Callable[[], None] = lambda: None,
) -> Path | None:
    """Close the prepared store beside `folder` and move it there; return the old store's folder.

    From now on its anchors are kept as `watch` says. `aside` and the result are as in
    `swap_folders`. `release` lets go of the caller's lock on the old store: after the swap, or
    just before it on a system that moves no open files. Raise KfdeskError `store.disk`; then the
    old store is where it was.
    """
    anchors = stage.anchors
    assert anchors is not None  # the vault gives every store its own
    anchors.begin(RollbackCheck(random=watch.random))
    stage.close()
    delete_state_anchor(
        folder, watch.state
    )  # first: a power cut here must not look like a rollback
    if not MOVES_OPEN_FILES:
        release()
    kept = swap_folders(stage.folder, folder, aside)
    release()
    anchors.settle(folder, watch.state)
    return kept


@contextmanager
def _open_stage(stage: Path, opens: OpenStore) -> Iterator[Store]:
    try:
        store = opens(stage)
    except KfdeskError as fault:
        if fault.code == "store.mixed":
            raise KfdeskError("backup.mixed") from None
        if fault.code == "store.newer":
            raise KfdeskError("backup.newer") from None
        if fault.code in {"store.damaged", "store.wrong_key", "store.not_a_store"}:
            raise KfdeskError("backup.damaged_pages") from None
        raise
    try:
        yield store
    finally:
        store.close()


def _raise_worst(found: tuple[str, ...]) -> None:
    """Raise an error for the worst problem found, if there is one."""
    if any(code.startswith("pages") for code in found):
        raise KfdeskError("backup.damaged_pages")
    if any(code.startswith(("state", "column", "place", "content")) for code in found):
        raise KfdeskError("backup.damaged_records")
    if set(found) == {MIXED}:
        raise KfdeskError("backup.mixed")
    if found:
        raise KfdeskError("backup.damaged_log")


def _copy(backup: Path, stage: Path, step: ProgressStep) -> None:
    """Copy the store and its slots, which reads the whole backup once."""
    try:
        stage.mkdir(mode=0o700, parents=True)
        for name in key_slots.SLOT_FILES:
            with suppress(FileNotFoundError):  # one of the two is enough
                (stage / name).write_bytes((backup / name).read_bytes())
        size = max(1, (backup / STORE_FILE).stat().st_size)
        with (backup / STORE_FILE).open("rb") as read, (stage / STORE_FILE).open("wb") as written:
            while chunk := _read_block(read):
                step(_COPIED * written.tell() // size, _OF)
                written.write(chunk)
            flush(written)
    except OSError:
        raise KfdeskError("store.disk") from None


def _read_block(file: BinaryIO) -> bytes:
    try:
        return file.read(_CHUNK)
    except OSError:
        raise KfdeskError("backup.unreadable") from None


def _check_progress(done: int, of: int) -> int:
    return _COPIED + (_OF - _COPIED) * done // max(1, of)


def _holds_anything(folder: Path) -> bool:
    """Return whether the folder holds anything to keep, lock files aside."""
    return folder.exists() and any(path.suffix != ".lock" for path in folder.iterdir())


def _remove_folder(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
