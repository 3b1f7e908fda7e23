# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups: make and rehearse them, finish a restore or a salvage, and wipe the store.

Rules that know no file decide which backups are kept. They apply only while the clock is
plausible: a clock one year ahead must not remove them all. Only a backup that was read back
and found equal is recorded as the last one, never one that was only written, and never one on
the disk of the store: a thief or a broken disk takes both.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kfdesk.domain.accounts import Credentials, Right
from kfdesk.domain.audit import Action
from kfdesk.domain.backup import (
    CONTENT_KIND,
    MAX_BACKUP_AGE,
    Backup,
    BackupAge,
    ErasedAgain,
    ErasureEntry,
    RestorePreview,
    SalvageResult,
    WipeResult,
    backup_age,
    backup_names,
    backup_time,
    expired_backups,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import REASON_BELOW_ERASED, REASON_ORDERED, erased_pairs
from kfdesk.domain.registers import drop_writes
from kfdesk.domain.rows import Row
from kfdesk.services.core.passphrases import normalize_passphrase
from kfdesk.services.core.records import client_code
from kfdesk.services.core.session import (
    IDENTITY_SETTINGS,
    Adapters,
    OrganisationRef,
    Progress,
    Session,
    clock_doubt,
    complete_identity,
    progress_callback,
)
from kfdesk.services.exchange.epochs import begin_epoch
from kfdesk.services.plans.plans import name_of

if TYPE_CHECKING:
    from kfdesk.storage.store import Store


_BACKUP_AT, _BACKUP_PATH, _BESIDE_PATH = "backup_at", "backup_path", "backup_beside"
_MS_PER_SECOND = 1000


@dataclass(frozen=True, slots=True)
class BackupState:
    """The last verified backup: whole days since then, and its path; None if there is none.

    `beside` is the last one on the disk of the store, which does not count.
    """

    days: int | None = None
    path: Path | None = None
    beside: Path | None = None

    @property
    def age(self) -> BackupAge:
        """The rating of that age."""
        return backup_age(self.days)

    @property
    def newest(self) -> Path | None:
        """The last backup that was made, whether it counts or not."""
        return self.beside or self.path


@dataclass(frozen=True, slots=True)
class CompletedBackup:
    """A verified backup: its path, its records by type, and how many old backups were removed.

    `is_beside`: it is on the disk of the store, and does not count.
    """

    path: Path
    counts: Mapping[str, int]
    removed: int
    is_beside: bool = False


def backup_state(desk: Session) -> BackupState:
    """Return how long ago the last verified backup was made, in calendar days here. Only read."""
    kept, where = desk.store.setting(_BACKUP_AT), desk.store.setting(_BACKUP_PATH)
    beside = _path_setting(desk.store, _BESIDE_PATH)
    if kept is None or where is None:
        return BackupState(beside=beside)
    now = desk.adapters.clock.now()
    seconds = int.from_bytes(kept, "big") / _MS_PER_SECOND
    made = type(now).fromtimestamp(seconds, tz=now.tzinfo)
    return BackupState(max(0, (now.date() - made.date()).days), Path(where.decode()), beside)


def make_backup(desk: Session, into: Path, progress: Progress | None = None) -> CompletedBackup:
    """Make a backup in the folder `into`, verify and record it, and remove backups no longer kept.

    One that goes is written over with what changed since, where that is quicker. One on the
    disk of the store is made and entered in the log, but is not the last backup. Raise
    KfdeskError `user.not_allowed`, `backup.…`, `store.…`, or `work.cancelled`; then the folder
    is as it was.
    """
    desk.require(Right.BACKUP)
    step = progress_callback(progress)
    now = desk.adapters.clock.now()
    older = _superfluous_backup(desk, into, now)
    path, counts = desk.store.backups.make(into, backup_names(now), step, older)
    _record_backup(desk, path, desk.milliseconds, Action.BACKUP)
    is_beside = desk.store.backups.is_on_same_disk(path)
    replaced = older is not None and not older.exists()
    return CompletedBackup(path, counts, _remove_old(desk, into) + replaced, is_beside)


def list_backups(desk: Session, into: Path) -> tuple[Backup, ...]:
    """Return this store's backups in a folder, newest first.

    Raise KfdeskError `user.not_allowed`.
    """
    desk.require(Right.BACKUP)
    zone = desk.adapters.clock.now().tzinfo
    found = [(path, backup_time(path.name, zone)) for path in desk.store.backups.in_folder(into)]
    backups = [Backup(path, made) for path, made in found if made is not None]
    return tuple(sorted(backups, key=lambda each: (each.made, each.path), reverse=True))


def list_sticks(desk: Session) -> tuple[Path, ...]:
    """Return the sticks that are plugged in."""
    return desk.adapters.sticks()


def rehearse_restore(
    desk: Session, backup: Path, passphrase: str, progress: Progress | None = None
) -> tuple[Path, Mapping[str, int]]:
    """Rehearse a restore: prove that a backup opens with its passphrase and is complete.

    Restore it to a temporary place and delete that copy. Return which backup it was, and how
    many records of each type it has. Raise KfdeskError `user.not_allowed`, `backup.…`,
    `store.…` or `work.cancelled`.
    """
    desk.require(Right.BACKUP)
    assert desk.adapters.test_restore is not None  # every user's session has it
    who = Credentials(desk.user, normalize_passphrase(passphrase))
    tried = desk.adapters.test_restore(backup, who, progress_callback(progress))
    with suppress(KfdeskError), desk.store.transaction():  # it counts even if not logged
        desk.log(Action.TRY_BACKUP)
    return tried


def remove_expired_copies(desk: Session, folder: Path) -> int:
    """Remove pre-upgrade copies of the store that are older than any backup may be.

    They may still hold clients who were erased since. Return how many were removed.
    """
    if clock_doubt(desk) is not None:
        return 0
    now = desk.adapters.clock.now()
    found = (
        (path, backup_time(path.name, now.tzinfo)) for path in desk.store.backups.in_folder(folder)
    )
    old = [path for path, made in found if made is not None and now - made > MAX_BACKUP_AGE]
    return sum(desk.store.backups.remove(path) for path in old)


def _record_backup(desk: Session, path: Path, milliseconds: int, action: Action) -> None:
    is_beside = desk.store.backups.is_on_same_disk(path)
    with desk.store.transaction():
        desk.store.set_setting(_BESIDE_PATH, str(path).encode() if is_beside else b"")
        if not is_beside:
            desk.store.set_setting(_BACKUP_AT, milliseconds.to_bytes(8, "big"))
            desk.store.set_setting(_BACKUP_PATH, str(path).encode())
        desk.log(action)


def _superfluous_backup(desk: Session, into: Path, now: datetime) -> Path | None:
    """Return the newest backup that will go once there is one of `now`; never the newest of all.

    Return None if there is none, or the clock is in doubt.
    """
    present = list_backups(desk, into)
    if not present or clock_doubt(desk) is not None:
        return None
    new = Backup(into / backup_names(now)[0], now)
    gone = (one.path for one in expired_backups((new, *present), now) if one != present[0])
    return next(gone, None)


def _remove_old(desk: Session, into: Path) -> int:
    if clock_doubt(desk) is not None:
        return 0
    old = expired_backups(list_backups(desk, into), desk.adapters.clock.now())
    return sum(desk.store.backups.remove(backup.path) for backup in old)


# --- after a restore or a salvage

_UNKNOWN_NAME = "–"


@dataclass(frozen=True, slots=True)
class BorrowedIdentity:
    """Identity from a backup: our settings, our organisation's record, and the erased ids."""

    keys: Mapping[str, bytes] = field(default_factory=dict)
    own: Row | None = None
    erased: frozenset[ErasureEntry] = frozenset()


def borrow_from_backup(store: "Store") -> BorrowedIdentity:
    """Return what the opened store of a backup supplies. Raise KfdeskError `store.damaged`."""
    keys = {key: kept for key in IDENTITY_SETTINGS if (kept := store.setting(key)) is not None}
    own = store.row(keys.get("organisation", b""))
    return BorrowedIdentity(keys, own, frozenset(store.erasures.entries()))


def complete_salvaged_identity(store: "Store", lent: BorrowedIdentity, rooms: Adapters) -> None:
    """Fill in the identity that a salvaged store lacks: from a backup, or else a new one.

    Without a backup, our organisation is the custodian of most records, under a name that says
    nothing, with new keys that partners must be told. Raise KfdeskError `store.disk`.
    """
    organisation = OrganisationRef(_UNKNOWN_NAME, _likely_organisation(store))
    complete_identity(store, organisation, lent.keys, lent.own, rooms)


def finish_restore(desk: Session, backup: Path, erased: Iterable[ErasureEntry]) -> int:
    """Prepare a store that was just restored from `backup`, before anybody uses it.

    Our files get a new epoch, because some numbers were used since the backup. Everything in
    `erased`, and everything that the store knows as erased, is erased again. Return how many
    records that removed. Raise KfdeskError `user.not_allowed` or `store.…`.
    """
    desk.require(Right.RESTORE)
    made = backup_time(backup.name, desk.adapters.clock.now().tzinfo)
    gone = start_new_epoch(desk, erased)
    then = int(made.timestamp() * _MS_PER_SECOND) if made else desk.milliseconds
    _record_backup(desk, backup, then, Action.FROM_BACKUP)
    if desk.store.verify():
        raise KfdeskError("store.damaged")
    return gone


def preview_restore(desk: Session, erased: Iterable[ErasureEntry]) -> RestorePreview:
    """Return what `finish_restore` would erase again in a store just restored; change nothing.

    Raise KfdeskError `user.not_allowed` or `store.…`.
    """
    desk.require(Right.RESTORE)
    store = desk.store
    entries = {*erased, *store.erasures.entries()}
    here = store.tree.standing(one.rid for one in entries)
    going: dict[tuple[int, str, bytes], set[bytes]] = {}
    counted = set[bytes]()
    for each in sorted(entries, key=lambda one: (one.milliseconds, one.rid, one.custodian)):
        row = store.row(each.rid) if each.rid in here and each.rid not in counted else None
        if row is not None and _is_repeated(desk, each, row):
            rids = store.erasures.reach(each) - counted
            counted |= rids
            asker = each.sender
            if each.reason == REASON_ORDERED and row.custodian != desk.identity.organisation:
                asker = row.custodian  # a custodian orders, people here may have agreed
            going.setdefault((each.milliseconds, each.reason, asker), set()).update(rids)
    lines = (_erased_again(desk, *why, rids) for why, rids in going.items())
    newest_first = sorted(lines, key=lambda one: -one.milliseconds)
    changed = sum(
        row.rid not in counted and drop_writes(row.state, frozenset(pairs)) is not row.state
        for row, pairs in _rows_with_erased_writes(store)
    )
    return RestorePreview(tuple(newest_first), changed)


def _erased_again(
    desk: Session, milliseconds: int, reason: str, asker: bytes, rids: Collection[bytes]
) -> ErasedAgain:
    types = desk.store.tree.standing(rids)
    whose = desk.store.tree.custodians(rids).values()
    clients = [desk.store.row(rid) for rid, (name, _) in sorted(types.items()) if name == "client"]
    codes = (client_code(desk, row) for row in clients if row is not None)
    return ErasedAgain(
        milliseconds,
        reason,
        Counter(sorted(name for name, _ in types.values())),
        sum(one == desk.identity.organisation for one in whose),
        name_of(desk, asker.hex()) if asker else "",
        tuple(filter(None, codes)),
    )


def start_new_epoch(desk: Session, erased: Iterable[ErasureEntry]) -> int:
    """Begin a new epoch of our files, and repeat all erasures; return how many records went.

    What people here erased, or a custodian ordered, is erased again. That something lay below an
    erased record was a file's word: it keeps out what is not here, and erases nothing. Raise
    KfdeskError `user.not_allowed` or `store.…`.
    """
    desk.require(Right.RESTORE)
    store = desk.store
    before = sum(store.backups.counts().values())
    with store.transaction():
        for each in {*erased, *store.erasures.entries()}:
            row = store.row(each.rid)
            if row is None:
                store.erasures.mark([each])
            elif _is_repeated(desk, each, row):
                store.erasures.erase(each)
        for row, pairs in _rows_with_erased_writes(store):
            store.erase_writes(row, pairs)
        begin_epoch(desk)
    gone = before - sum(store.backups.counts().values())
    if gone:
        store.erasures.vacuum()
    return gone


def _is_repeated(desk: Session, entry: ErasureEntry, row: Row) -> bool:
    """Return whether an erasure is carried out again on a record that a backup brings back."""
    is_its_own = entry.custodian in (b"", row.custodian)
    is_ours = row.rid == desk.identity.organisation  # without it the store does not open
    return is_its_own and not is_ours and entry.reason != REASON_BELOW_ERASED


def _rows_with_erased_writes(
    store: "Store",
) -> Iterator[tuple[Row, tuple[tuple[int, bytes], ...]]]:
    """Yield each record here of which single writes were erased, with these."""
    for rid, writes in store.orders.erased_writes().items():
        row = store.row(rid)
        if row is not None:
            yield row, tuple(sorted(erased_pairs(writes, row.custodian)))


def finish_salvage(desk: Session, salvage: SalvageResult, erased: Iterable[ErasureEntry]) -> int:
    """Prepare a salvaged store for use; return how many records were erased again.

    Raise KfdeskError `user.not_allowed`, or `store.damaged` if it is not sound even so.
    """
    desk.require(Right.RESTORE)
    gone = start_new_epoch(desk, erased)
    with desk.store.transaction():
        contents = salvage.lost.get(CONTENT_KIND, ())
        desk.log_all(Action.SALVAGED, ((None, ()), *((rid, ()) for rid in contents)))
    if desk.store.verify():
        raise KfdeskError("store.damaged")
    return gone


def last_backup_path(store: "Store") -> Path | None:
    """Return the path of the last verified backup; None if the store does not know it.

    One on the disk of the store repairs it as well, and is newer if there is one.
    """
    return _path_setting(store, _BESIDE_PATH) or _path_setting(store, _BACKUP_PATH)


def _path_setting(store: "Store", key: str) -> Path | None:
    kept = store.setting(key)
    return Path(kept.decode()) if kept else None


def _likely_organisation(store: "Store") -> bytes | None:
    """Return the custodian of most plans, clients and organisations, if there is one."""
    found = [
        row.custodian for name in ("plan", "client", "organisation") for row in store.rows(name)
    ]
    return max(set(found), key=found.count) if found else None


# --- the end of a store


def wipe_store(desk: Session, own: str, *, loses_all: bool = False) -> WipeResult:
    """Close the store, destroy its keys and then its files; return what is gone and what was left.

    `own` is the passphrase of the current user, so that no wrong key press does it. Partners
    are not told, and backups stay. `loses_all`: the user knows that there is no backup elsewhere.
    What was put aside here under another key stays, too; then not every file is gone. Raise
    KfdeskError `backup.none_elsewhere` or `store.wrong_passphrase`, and then nothing has happened;
    `store.in_use` if another window opens it at that moment; or `store.disk`, if it may still open.
    """
    keys = desk.adapters.keys
    assert keys is not None  # a session without key slots has no folder
    who = Credentials(desk.user, normalize_passphrase(own))
    if backup_state(desk).path is None and not loses_all:
        keys.check_passphrase(who)  # whoever types a wrong one learns nothing of backups
        raise KfdeskError("backup.none_elsewhere")
    return keys.wipe(who)
