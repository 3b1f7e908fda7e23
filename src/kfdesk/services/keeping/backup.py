# SPDX-License-Identifier: GPL-3.0-or-later
"""Making backups, saying how old the newest is, and what a restored store needs before its use.

Which ones are kept is decided by rules that know no file, and only while the clock can be
believed: a clock a year ahead must not remove them all. What is noted is the last backup that was
read back and found equal, never one that was only written.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kfdesk.domain.desk.backup import (
    LONGEST,
    Age,
    Backup,
    Erased,
    age_of,
    backup_names,
    made_at,
    superfluous,
)
from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Credentials, Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.services.access.passphrases import plain
from kfdesk.services.clock import clock_doubt
from kfdesk.services.desk import Desk, Progress
from kfdesk.services.parcels.epochs import begin_epoch

_LAST, _WHERE = "backup_at", "backup_path"
_MS_PER_SECOND = 1000


@dataclass(frozen=True, slots=True)
class BackupState:
    """The last verified backup: whole days since then, and where it was put; None for none."""

    days: int | None = None
    path: Path | None = None

    @property
    def age(self) -> Age:
        """What that means."""
        return age_of(self.days)


@dataclass(frozen=True, slots=True)
class MadeBackup:
    """A backup that was read back: where, how many records by type, how many old ones went."""

    path: Path
    counts: Mapping[str, int]
    removed: int


def backup_state(desk: Desk) -> BackupState:
    """How long ago the last verified backup was made, by this desk's calendar. Reads only."""
    kept, where = desk.store.setting(_LAST), desk.store.setting(_WHERE)
    if kept is None or where is None:
        return BackupState()
    now = desk.rooms.clock.now()
    seconds = int.from_bytes(kept, "big") / _MS_PER_SECOND
    made = type(now).fromtimestamp(seconds, tz=now.tzinfo)
    return BackupState(max(0, (now.date() - made.date()).days), Path(where.decode()))


def make_backup(desk: Desk, into: Path, progress: Progress | None = None) -> MadeBackup:
    """Make a backup in the folder `into`, prove it, note it, and remove those no longer kept.

    Raises KfdeskError `user.not_allowed`, `backup.…`, `store.…`, or `work.cancelled`; then the
    folder is as it was.
    """
    desk.require(Right.BACKUP)
    step = progress.step if progress else _nobody
    now = desk.rooms.clock.now()
    path, counts = desk.store.backups.make(into, backup_names(now), step)
    _note(desk, path, desk.milliseconds, Action.BACKUP)
    return MadeBackup(path, counts, _remove_old(desk, into))


def backups_in(desk: Desk, into: Path) -> tuple[Backup, ...]:
    """This store's backups in a folder, the newest first. Raises KfdeskError `user.not_allowed`."""
    desk.require(Right.BACKUP)
    zone = desk.rooms.clock.now().tzinfo
    found = [(path, made_at(path.name, zone)) for path in desk.store.backups.in_folder(into)]
    backups = [Backup(path, made) for path, made in found if made is not None]
    return tuple(sorted(backups, key=lambda each: (each.made, each.path), reverse=True))


def sticks(desk: Desk) -> tuple[Path, ...]:
    """The sticks that are plugged in."""
    return desk.rooms.sticks()


def drill(
    desk: Desk, backup: Path, passphrase: str, progress: Progress | None = None
) -> tuple[Path, Mapping[str, int]]:
    """Prove that a backup opens with the passphrase it was made under, and that all of it is whole.

    It is restored to the side and thrown away. Returns which one it was, and how many records of
    each type it has. Raises KfdeskError `user.not_allowed`, `backup.…`, `store.…` or
    `work.cancelled`.
    """
    desk.require(Right.BACKUP)
    assert desk.rooms.test_restore is not None  # whoever opens a desk for people hands it in
    who = Credentials(desk.user, plain(passphrase))
    tried = desk.rooms.test_restore(backup, who, progress.step if progress else _nobody)
    with suppress(KfdeskError), desk.store.transaction():  # it was tried, noted or not
        desk.log(Action.TRY_BACKUP)
    return tried


def renew_restored(desk: Desk, backup: Path, erased: Iterable[Erased]) -> int:
    """What a store must know that has just come out of `backup`, before anybody uses it.

    Our files get a new epoch, because numbers that we gave since the backup were given already;
    all that was `erased` here or in the store before is erased again. Returns how many records
    that took away. Raises KfdeskError `user.not_allowed` or `store.…`.
    """
    desk.require(Right.RESTORE)
    made = made_at(backup.name, desk.rooms.clock.now().tzinfo)
    gone = renew_course(desk, erased)
    then = int(made.timestamp() * _MS_PER_SECOND) if made else desk.milliseconds
    _note(desk, backup, then, Action.FROM_BACKUP)
    if desk.store.verify():
        raise KfdeskError("store.damaged")
    return gone


def renew_course(desk: Desk, erased: Iterable[Erased]) -> int:
    """Begin a new epoch of our files, and erase again whoever was erased; how many records went.

    Raises KfdeskError `user.not_allowed` or `store.…`.
    """
    desk.require(Right.RESTORE)
    store = desk.store
    before = sum(store.backups.counts().values())
    with store.transaction():
        for each in {*erased, *store.erasures.entries()}:
            store.erasures.erase(each)
        for rid, pairs in store.orders.erased_writes().items():
            row = store.row(rid)
            if row is not None:
                store.forget_writes(row, tuple(sorted(pairs)))
        begin_epoch(desk)
    gone = before - sum(store.backups.counts().values())
    if gone:
        store.erasures.squeeze()
    return gone


def drop_outlived(desk: Desk, folder: Path) -> int:
    """Remove the stores of programs before that are kept in a folder longer than any backup may be.

    Somebody who was erased since may still be in them. Returns how many went.
    """
    if clock_doubt(desk) is not None:
        return 0
    now = desk.rooms.clock.now()
    found = (
        (path, made_at(path.name, now.tzinfo)) for path in desk.store.backups.in_folder(folder)
    )
    old = [path for path, made in found if made is not None and now - made > LONGEST]
    return sum(desk.store.backups.remove(path) for path in old)


def _note(desk: Desk, path: Path, milliseconds: int, action: Action) -> None:
    with desk.store.transaction():
        desk.store.set_setting(_LAST, milliseconds.to_bytes(8, "big"))
        desk.store.set_setting(_WHERE, str(path).encode())
        desk.log(action)


def _remove_old(desk: Desk, into: Path) -> int:
    if clock_doubt(desk) is not None:
        return 0
    old = superfluous(backups_in(desk, into), desk.rooms.clock.now())
    return sum(desk.store.backups.remove(backup.path) for backup in old)


def _nobody(_done: int, _of: int) -> None:
    """Nobody asks how far it is."""
