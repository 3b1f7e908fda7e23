# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening a backup to look at it, and putting it in the place of a store.

Both work on a copy: a backup is never written to, and a check is a restore that is thrown away.
A store that is there already is never written over: the restored one stands ready beside it, then
the folders change names, and the old one is kept under a neutral name. What a restored store must
know before it is used - a new epoch, erasures - is the services'.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import slots
from kfdesk.storage.anchors.anchor import Watch, forget_state
from kfdesk.storage.backups.writing import UNFINISHED, Step, flush_folder, named_backups
from kfdesk.storage.driver import FILE
from kfdesk.storage.store import Store

Opens = Callable[[Path], Store]
"""What opens the store in a folder, by passphrase or recovery key."""

_CHUNK = 2**20
_OF, _COPIED = 100, 50


def find_backup(folder: Path) -> Path:
    """The backup in or at `folder`: itself, or the newest in it.

    Raises KfdeskError `backup.missing`, or `backup.unfinished` for what was never finished.
    """
    if folder.name.endswith(UNFINISHED):
        raise KfdeskError("backup.unfinished")
    if (folder / FILE).is_file():
        return folder
    inside = named_backups(folder)
    if not inside:
        raise KfdeskError("backup.missing")
    return inside[-1]


@contextmanager
def staged(source: Path, stage: Path, opens: Opens, step: Step) -> Iterator[Store]:
    """The backup `source` copied to the folder `stage`, opened there and wholly checked.

    The folder is gone afterwards, unless it was moved. Raises KfdeskError `backup.missing`,
    `backup.unfinished` or `backup.unreadable`; `backup.damaged_pages`, `backup.damaged_records` or
    `backup.damaged_log`; `store.…` as opening does; and whatever `step` stops it by.
    """
    backup = find_backup(source)
    shutil.rmtree(stage, ignore_errors=True)  # what a restore has left that was cut off
    try:
        _copy(backup, stage, step)
        with _opened(stage, opens) as store:
            found = store.verify(lambda done, of: step(_share(done, of), _OF))
            _refuse(found)
            yield store
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def put_in_place(stage: Path, folder: Path, aside: str) -> Path | None:
    """Let the store in `stage`, closed, be the one in `folder`; where the one before is now.

    `aside` is the name it gets beside its place; None where there was none. Raises KfdeskError
    `store.disk`, and then everything is where it was.
    """
    kept = _free(folder.parent, aside) if _holds_anything(folder) else None
    try:
        flush_folder(stage)
        if kept is not None:
            folder.rename(kept)
        elif folder.exists():
            _empty(folder)
        try:
            stage.rename(folder)
        except OSError:
            if kept is not None:
                kept.rename(folder)
            raise
        flush_folder(folder.parent)
    except OSError:
        raise KfdeskError("store.disk") from None
    return kept


def take_place(stage: Store, folder: Path, aside: str, watch: Watch) -> Path | None:
    """Let the store that stands ready beside `folder`, its last word written, be the one in it.

    It is closed, and watched from now on as `watch` says where. `aside` and what is returned are as
    in `put_in_place`. Raises KfdeskError `store.disk`, and then the old store is where it was.
    """
    anchors = stage.anchors
    assert anchors is not None  # the vault gives every store its own
    anchors.begin(Watch(random=watch.random))
    stage.close()
    forget_state(folder, watch.state)  # first: a power cut here must raise no alarm
    kept = put_in_place(folder.with_name(f"{folder.name}{UNFINISHED}"), folder, aside)
    anchors.settle(folder, watch.state)
    return kept


@contextmanager
def _opened(stage: Path, opens: Opens) -> Iterator[Store]:
    try:
        store = opens(stage)
    except KfdeskError as fault:
        if fault.code in {"store.damaged", "store.wrong_key", "store.not_a_store"}:
            raise KfdeskError("backup.damaged_pages") from None
        raise
    try:
        yield store
    finally:
        store.close()


def _refuse(found: tuple[str, ...]) -> None:
    """Say the worst of what was found."""
    if any(code.startswith("pages") for code in found):
        raise KfdeskError("backup.damaged_pages")
    if any(code.startswith(("state", "column", "place", "content")) for code in found):
        raise KfdeskError("backup.damaged_records")
    if found:
        raise KfdeskError("backup.damaged_log")


def _copy(backup: Path, stage: Path, step: Step) -> None:
    """Copy the store and its slots, which is reading all of the backup once."""
    try:
        stage.mkdir(mode=0o700, parents=True)
        for name in slots.NAMES:
            with suppress(FileNotFoundError):  # one of the two is enough
                shutil.copyfile(backup / name, stage / name)
        size = max(1, (backup / FILE).stat().st_size)
        with (backup / FILE).open("rb") as read, (stage / FILE).open("wb") as written:
            while chunk := _read(read):
                step(_COPIED * written.tell() // size, _OF)
                written.write(chunk)
            written.flush()
            os.fsync(written.fileno())
    except OSError:
        raise KfdeskError("store.disk") from None


def _read(file: BinaryIO) -> bytes:
    try:
        return file.read(_CHUNK)
    except OSError:
        raise KfdeskError("backup.unreadable") from None


def _share(done: int, of: int) -> int:
    return _COPIED + (_OF - _COPIED) * done // max(1, of)


def _holds_anything(folder: Path) -> bool:
    """Whether anything but a lock is there that must be kept."""
    return folder.exists() and any(path.suffix != ".lock" for path in folder.iterdir())


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


def _free(parent: Path, name: str) -> Path:
    """A name in `parent` that is not taken."""
    path, number = parent / name, 2
    while path.exists():
        path, number = parent / f"{name}-{number}", number + 1
    return path
