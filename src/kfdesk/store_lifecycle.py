# SPDX-License-Identifier: GPL-3.0-or-later
"""The life cycle of a store: create, unlock, recover, check and restore.

It connects storage, exchange files, papers and the environment for the services. `app.py`
imports it when the first store is created or unlocked, so that the unlock window appears
before the encryption is loaded.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from kfdesk.bundle.card import is_card_name
from kfdesk.bundle.files import BundleFiles
from kfdesk.decoder.client import AttachmentDecoder
from kfdesk.decoder.contact_client import read_contact_files
from kfdesk.decoder.sheet_client import read_sheet_file
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.backup import (
    ErasureEntry,
    GoodBackup,
    RestorePreview,
    RestoreResult,
    SalvagePreview,
    SalvageResult,
    backup_names,
    backup_time,
)
from kfdesk.domain.directory import ExportSelection, FileKind
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import is_blank_text
from kfdesk.domain.recovery_key import parse_key_or_sheets
from kfdesk.environment import Environment
from kfdesk.formats.book_files import BookFiles
from kfdesk.formats.calendars import write_calendar
from kfdesk.formats.markdown import read_markdown
from kfdesk.formats.procedures import ProcedureFiles
from kfdesk.i18n.client_texts import ClientTexts, read_client_texts
from kfdesk.i18n.language import Language
from kfdesk.i18n.place_zones import PlaceZones
from kfdesk.services.accounts import (
    accept_older_store,
    record_opening,
    record_recovery_key,
    record_upgrade,
    reset_passphrase,
)
from kfdesk.services.core.history import prune_history
from kfdesk.services.core.passphrases import check_new_passphrase, normalize_passphrase
from kfdesk.services.core.session import (
    Adapters,
    OrganisationRef,
    Session,
    TestRestore,
    create_session,
    open_session,
)
from kfdesk.services.upkeep.backup import (
    BorrowedIdentity,
    borrow_from_backup,
    complete_salvaged_identity,
    finish_restore,
    finish_salvage,
    last_backup_path,
    preview_restore,
    remove_expired_copies,
)
from kfdesk.storage import backup as settling
from kfdesk.storage import key_slots, keyring, restore
from kfdesk.storage.backup import named_backups
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.key_slots import KdfCost
from kfdesk.storage.keyring import Keyring
from kfdesk.storage.rollback import RollbackCheck, RollbackGuard
from kfdesk.storage.salvage import find_data_key, salvaged_store
from kfdesk.storage.shredder import OwnFiles, shred_former
from kfdesk.storage.store import Store
from kfdesk.storage.store_names import StageUse, aside_path, pre_upgrade_folder, stage_folder
from kfdesk.system import paths, process, settings
from kfdesk.system.updates import ProgramUpdates

if TYPE_CHECKING:
    from kfdesk.documents.papers import Papers


def ignore_progress(_done: int, _of: int) -> None:
    """Ignore a progress report."""


# --- adapters


def build_adapters(machine: Environment, store: Store | None = None) -> Adapters:
    """Build the adapters that services use; with the key slots of an open `store`, if any."""
    keys = None
    if store is not None:
        keys = Keyring(store, lambda: _kdf_cost(machine), machine.random, machine.state)
    return Adapters(
        bundles=BundleFiles(machine.random),
        clock=machine.clock,
        random=machine.random,
        load_papers=load_papers,
        load_client_texts=load_client_texts,
        attached=AttachmentDecoder(),
        read_contact_files=read_contact_files,
        write_contact_file=_write_contact_file,
        read_sheet=read_sheet_file,
        write_workbook=_write_workbook,
        write_calendar=write_calendar,
        procedures=ProcedureFiles(paths.resources_folder() / "procedures"),
        book=BookFiles(paths.resources_folder() / "book"),
        places=PlaceZones(paths.resources_folder() / "places" / "places.tsv"),
        updates=ProgramUpdates(),
        keys=keys,
        words=paths.passphrase_words,
        sticks=paths.removable_disks,
        test_restore=_test_restore(store.folder) if store is not None else None,
        arrived=paths.find_incoming_files,
    )


def load_papers() -> "Papers":
    """Import ReportLab and the fonts: only when the first paper is asked for."""
    from kfdesk.documents.papers import Papers

    return Papers(paths.resources_folder(), paths.translations_folder(), read_markdown)


def load_client_texts() -> ClientTexts:
    """Read which of the client's papers exist in which language: when a paper is chosen."""
    return read_client_texts(paths.resources_folder() / "client_texts.toml")


def _write_contact_file(kind: FileKind, parts: Iterable[ExportSelection], file: BinaryIO) -> int:
    from kfdesk.formats.files import write_contact_file

    return write_contact_file(kind, parts, file)


def _write_workbook(rows: Iterable[Sequence[str]], file: BinaryIO) -> None:
    from kfdesk.formats.workbooks import write_sheet

    write_sheet(rows, file)


def _test_restore(folder: Path) -> TestRestore:
    return lambda backup, who, step: check_backup(backup, folder, who, step)


# --- create, unlock and recover


def create_store(
    folder: Path, name: str, who: Credentials, machine: Environment, code: str = ""
) -> Session:
    """Create a store for a new organisation called `name` and return the open session.

    `code` is its recovery key, if it has one. Raise KfdeskError `store.exists`, `store.disk`,
    `recovery.not_a_key`, `user.short_passphrase`, `user.weak_passphrase`, or `field.no_card_name`
    for a name that nobody can see or that its card could not carry.
    """
    return create_organisation_store(folder, OrganisationRef(name), who, machine, code)


def create_organisation_store(
    folder: Path, house: OrganisationRef, who: Credentials, machine: Environment, code: str = ""
) -> Session:
    """Create a store for a new or an existing organisation and return the open session.

    An existing organisation adds another laptop this way. Otherwise as `create_store`.
    """
    if is_blank_text(house.name) or not is_card_name(house.name):
        raise KfdeskError("field.no_card_name")
    who = Credentials(who.initials, check_new_passphrase(who.passphrase, house.name))
    key = parse_key_or_sheets(code) if code else None
    if code and key is None:
        raise KfdeskError("recovery.not_a_key")
    settling.finish_interrupted(
        folder
    )  # an interrupted restore may have moved a store away from here

    def fill(store: Store) -> None:
        desk = create_session(store, house, who.initials, build_adapters(machine, store))
        if code:
            with store.transaction():
                record_recovery_key(desk, code)

    making = key_slots.SlotOptions(_kdf_cost(machine), machine.random)
    store = keyring.create_store(folder, who, making, key, fill)
    store.on_close(process.lock_store(folder).release)
    desk = open_session(store, who.initials, build_adapters(machine, store))
    _rollback_anchors(store).begin(_rollback_watch(machine))
    return desk


def unlock_store(
    folder: Path, who: Credentials, machine: Environment, *, accepts_older: bool = False
) -> Session:
    """Unlock a store, lock it for other programs, and return the open session.

    Raise KfdeskError `store.…`. Raise `store.rolled_back` for a store older than the last one
    seen here, unless the user knows that and accepts it (`accepts_older`).
    """
    who = Credentials(who.initials, normalize_passphrase(who.passphrase))
    watch = replace(_rollback_watch(machine), accepts_older=accepts_older)
    try:
        desk = _open_session(
            folder, who.initials, machine, lambda: keyring.unlock(folder, who, watch)
        )
    except KfdeskError as fault:
        if fault.code == "store.wrong_passphrase":
            settings.count_failed_login(machine.state, folder)
        raise
    return _complete_login(desk, folder, watch)


def recover_store(folder: Path, who: Credentials, code: str, machine: Environment) -> Session:
    """Open a store by its recovery key and set the new passphrase of `who`.

    An older store is accepted and logged, because the user has no other way in. Raise
    KfdeskError `store.…`; initials or a key that do not match raise the same error as a wrong
    passphrase.
    """
    watch = replace(_rollback_watch(machine), accepts_older=True)
    desk = _open_by_recovery_key(folder, who.initials, code, machine, watch)
    try:
        reset_passphrase(desk, code, who.passphrase)
    except BaseException:
        desk.store.close()
        raise
    return _complete_login(desk, folder, watch)


def check_recovery(folder: Path, initials: str, code: str, machine: Environment) -> None:
    """Check that the recovery key would open the store for a user; change nothing.

    Raise KfdeskError as `recover_store` does.
    """
    watch = replace(_rollback_watch(machine), accepts_older=True)
    _open_by_recovery_key(folder, initials, code, machine, watch).store.close()


def render_recovery_sheets(
    sheets: Sequence[Sequence[str]], words: Language, scale: float
) -> list[bytes]:
    """Render the sheets of a recovery key as PNGs, while there is no session to ask."""
    papers = load_papers()
    return papers.pictures(papers.key_sheets(sheets, words), scale)


# --- restore


def check_backup(
    source: Path, folder: Path, who: Credentials, step: Callable[[int, int], None] = ignore_progress
) -> tuple[Path, Mapping[str, int]]:
    """Prove on a copy beside `folder` that the backup at `source` opens and is complete.

    `source` is the backup or a folder that contains it. Return the backup found and its record
    counts by type. Raise KfdeskError `backup.…` or `store.…`.
    """
    backup = restore.find_backup(source)
    stage = stage_folder(folder, StageUse.CHECK)
    with restore.staged_backup(backup, stage, backup_unlocker(who), step) as store:
        return backup, store.backups.counts()


def is_unasked(preview: RestorePreview) -> bool:
    """Return whether a restore may go on without a yes: it erases no record of ours again."""
    return not preview.is_asked


class RestoreCourse(NamedTuple):
    """The progress of a restore, and the question that it asks before it erases anything again."""

    step: Callable[[int, int], None] = ignore_progress
    agrees: Callable[[RestorePreview], bool] = is_unasked


_UNASKED = RestoreCourse()


def restore_store(
    source: Path,
    folder: Path,
    who: Credentials,
    machine: Environment,
    course: RestoreCourse = _UNASKED,
) -> RestoreResult:
    """Replace the store in `folder` by the backup at `source`; keep the old store aside.

    The passphrase of `who` may also be the backup's recovery key, or two sheets of it. The
    restored store gets a new epoch. Every client erased since the backup is erased again, as
    far as the old store's erasure list is readable; `course` is told before, and may refuse.
    Raise KfdeskError `backup.…` (`backup.not_agreed` if it does), `store.…` (`store.in_use` while
    it is open) or `user.not_allowed`; then nothing has changed.
    """
    backup = restore.find_backup(source)
    settling.finish_interrupted(folder)
    opens = backup_unlocker(who)
    with (
        _locked_store(folder) as release,
        restore.staged_backup(backup, stage_folder(folder), opens, course.step) as store,
    ):
        desk = open_session(store, who.initials, build_adapters(machine))
        past = _erasures_of_old_store(store, folder, who, _rollback_watch(machine))
        store.backups.copy_lasting_tables(folder / STORE_FILE)
        if not course.agrees(preview_restore(desk, past or ())):
            raise KfdeskError("backup.not_agreed")
        erased = finish_restore(desk, backup, past or ())
        counts = store.backups.counts()
        place = aside_path(folder, machine.clock.now())
        aside = restore.swap_in_store(store, folder, place, _rollback_watch(machine), release)
    return RestoreResult(counts, erased, knows_erasures=past is not None, aside=aside)


def backup_unlocker(
    who: Credentials, watch: RollbackCheck | None = None
) -> Callable[[Path], Store]:
    """Return a function that unlocks a backup by its old passphrase or its recovery key.

    Somebody who restores may have lost passphrase and laptop at once. The passphrase is tried
    first, because one in a thousand also parses as a recovery key.
    """
    code = parse_key_or_sheets(who.passphrase)

    def opens(folder: Path) -> Store:
        try:
            return keyring.unlock(
                folder, Credentials(who.initials, normalize_passphrase(who.passphrase)), watch
            )
        except KfdeskError as fault:
            if fault.code != "store.wrong_passphrase" or code is None:
                raise
        return keyring.unlock_by_recovery(folder, code, watch)

    return opens


def _erasures_of_old_store(
    restored: Store, folder: Path, who: Credentials, watch: RollbackCheck
) -> tuple[ErasureEntry, ...] | None:
    """Return the erasure list of the store to be replaced; None if it is unreadable.

    The old store opens with the same key unless its keys were changed since. Then its
    passphrase may still open it.
    """
    if not keyring.has_store(folder):
        return ()
    found = restored.backups.erasures_in(folder / STORE_FILE)
    if found is not None:
        return found
    try:
        before = backup_unlocker(who, replace(watch, accepts_older=True))(folder)
    except KfdeskError:
        return None
    try:
        entries = before.erasures.entries()
        in_use = before.tree.standing(one.rid for one in entries)
        return tuple(one for one in entries if one.rid not in in_use)
    except KfdeskError:
        return None
    finally:
        before.close()


def _open_by_recovery_key(
    folder: Path, initials: str, code: str, machine: Environment, watch: RollbackCheck
) -> Session:
    key = parse_key_or_sheets(code)
    return _open_session(
        folder, initials, machine, lambda: keyring.unlock_by_recovery(folder, key, watch)
    )


# --- opening a session


def _open_session(
    folder: Path, initials: str, machine: Environment, unlock: Callable[[], Store]
) -> Session:
    settling.finish_interrupted(folder)
    if not keyring.has_store(folder):
        raise KfdeskError("store.missing")
    held = process.lock_store(folder)
    try:
        store = unlock()
    except BaseException:
        held.release()
        raise
    store.on_close(held.release)
    try:
        return open_session(store, initials, build_adapters(machine, store))
    except BaseException:
        store.close()
        raise


def _complete_login(desk: Session, folder: Path, watch: RollbackCheck) -> Session:
    """Log the login, delete expired data, and begin the rollback protection of the store.

    The rollback protection begins last, when the login is written.
    """
    anchors = _rollback_anchors(desk.store)
    try:
        if anchors.missed is not None:
            desk = accept_older_store(desk, anchors.missed.milliseconds)
    except BaseException:
        desk.store.close()
        raise
    with suppress(KfdeskError):  # a full disk must not keep anybody out of the store
        prune_history(desk)
        if desk.store.is_upgraded:
            record_upgrade(desk)
        remove_expired_copies(desk, pre_upgrade_folder(folder))
        shred_former(folder, OwnFiles(None, desk.store.former_salts()), watch.random)
        wrong = settings.failed_logins(watch.state, folder)
        record_opening(desk, wrong, is_first_here=anchors.is_first_here)
        settings.reset_failed_logins(watch.state, folder)
    anchors.begin(watch)
    return desk


def _rollback_watch(machine: Environment) -> RollbackCheck:
    names = backup_names(machine.clock.now())
    return RollbackCheck(machine.state, machine.random, time.monotonic, names=names)


def _rollback_anchors(store: Store) -> RollbackGuard:
    """Return the rollback protection of an open store, which is kept outside of it."""
    anchors = store.anchors
    assert anchors is not None  # the vault gives every store its own
    return anchors


def _kdf_cost(machine: Environment) -> KdfCost:
    """Return the KDF cost: the configured one, or about one second on this machine."""
    if machine.cost is not None:
        return machine.cost
    return key_slots.choose_cost(key_slots.measure_kdf(time.perf_counter), process.system_memory())


Step = Callable[[int, int], None]
_PROGRESS_TOTAL, _PROGRESS_READ = 100, 60  # of an examination; the rest is for backups


# --- repair


def examine_store(
    folder: Path, who: Credentials, machine: Environment, step: Step = ignore_progress
) -> SalvagePreview:
    """Examine the store in `folder`: its damage, what is readable, its newest good backup.

    Change nothing. Look for backups where the last one was written, on removable disks and
    beside the store, and check each completely. Raise KfdeskError `store.…` or
    `work.cancelled`.
    """
    with _salvaged(folder, who, StageUse.EXAMINE, step) as (store, salvage, key, _):
        paths = _find_backups(folder, last_backup_path(store))
        for refused, path in enumerate(paths):
            good = _check_backup_candidate(
                path,
                folder,
                who,
                key,
                _partial_progress(step, _PROGRESS_READ, _PROGRESS_TOTAL),
            )
            if good is not None:
                opened, number = good
                since = store.changed_since(number)
                days = _days_since(opened.made, machine)
                return SalvagePreview(salvage, replace(opened, since=since, days=days), refused)
    return SalvagePreview(salvage, None, len(paths))


def salvage_store(
    folder: Path, who: Credentials, machine: Environment, step: Step = ignore_progress
) -> SalvageResult:
    """Copy the readable records of the store in `folder` into a new one in its place.

    The damaged store is kept beside the new one, unchanged. The new store has the same
    passphrases and a new epoch, and every erased client is erased in it. What else it lacks
    comes from its newest good backup. Raise KfdeskError `store.…`, `salvage.nothing`,
    `user.not_allowed` or `work.cancelled`; then nothing has changed.
    """
    with _salvaged(folder, who, StageUse.REPLACE, step) as (store, salvage, key, release):
        if not salvage.records:
            raise KfdeskError("salvage.nothing")
        paths = _find_backups(folder, last_backup_path(store))
        lent = _borrow_from_backup(paths, folder, who, key)
        complete_salvaged_identity(store, lent, build_adapters(machine))
        desk = open_session(store, who.initials, build_adapters(machine))
        finish_salvage(desk, salvage, lent.erased)
        kept = store.backups.counts()
        place = aside_path(folder, machine.clock.now())
        watch = RollbackCheck(machine.state, machine.random)
        aside = restore.swap_in_store(store, folder, place, watch, release)
    records = {name: count for name, count in kept.items() if count}
    return replace(salvage, kept=records, aside=aside)


@contextmanager
def _salvaged(
    folder: Path, who: Credentials, use: StageUse, step: Step
) -> Iterator[tuple[Store, SalvageResult, bytes, Callable[[], None]]]:
    """Yield what can be read of the store in `folder`, the report, the key, and its lock's release.

    Nobody else opens the store meanwhile. Raise KfdeskError `store.…` or `work.cancelled`.
    """
    settling.finish_interrupted(folder)
    if not keyring.has_store(folder):
        raise KfdeskError("store.missing")
    reading = _partial_progress(step, 0, _PROGRESS_READ)
    with _locked_store(folder) as release:
        found = _find_store_key(folder, who)
        with salvaged_store(folder, stage_folder(folder, use), found, reading) as (store, salvage):
            yield store, salvage, found[0], release


@contextmanager
def _locked_store(folder: Path) -> Iterator[Callable[[], None]]:
    """Hold the lock on the store in `folder`, if there is one; yield what lets go of it earlier.

    What is refused within has changed nothing: a copy in which something is done is thrown away.
    Raise KfdeskError `store.in_use` or `store.read_only`.
    """
    held = process.lock_store(folder) if keyring.has_store(folder) else None
    try:
        yield held.release if held is not None else lambda: None
    except KfdeskError as fault:
        if fault.code == "store.done":
            raise KfdeskError("store.disk") from None
        raise
    finally:
        if held is not None:
            held.release()


def _find_store_key(folder: Path, who: Credentials) -> tuple[bytes, key_slots.SlotFile]:
    code = parse_key_or_sheets(who.passphrase)

    def key_of(file: key_slots.SlotFile) -> bytes:
        try:
            return key_slots.open_user_slot(
                file, who.initials, normalize_passphrase(who.passphrase)
            )
        except KfdeskError:
            if code is None:
                raise
        return key_slots.open_recovery_slot(file, code)

    return find_data_key(folder, _find_backups(folder, None), key_of)


def _find_backups(folder: Path, last: Path | None) -> tuple[Path, ...]:
    """Return the backups in the usual places, the newest first."""
    places = [pre_upgrade_folder(folder), *((last.parent,) if last is not None else ())]
    for stick in paths.removable_disks():
        places += [stick, *_subfolders(stick)]
    found = {path.resolve(): path for place in places for path in named_backups(place)}
    return tuple(sorted(found.values(), key=_backup_sort_key, reverse=True))


def _backup_sort_key(path: Path) -> tuple[str, float]:
    """Return the sort key of a backup: the minute in its name, then the file's own time."""
    try:
        return (path.name, (path / STORE_FILE).stat().st_mtime)
    except OSError:
        return (path.name, 0.0)


def _subfolders(stick: Path) -> Iterable[Path]:
    try:
        return sorted(path for path in stick.iterdir() if path.is_dir())
    except OSError:
        return ()


@contextmanager
def _checked_backup(
    path: Path, folder: Path, who: Credentials, key: bytes, step: Step
) -> Iterator[Store]:
    """Open a fully checked copy of a backup, by the store's key or its old passphrase."""

    def by_key(stage: Path) -> Store:
        try:
            return keyring.unlock_by_key(stage, key)
        except KfdeskError:
            return backup_unlocker(who)(stage)

    stage = stage_folder(folder, StageUse.CHECK)
    with restore.staged_backup(path, stage, by_key, step) as store:
        yield store


def _check_backup_candidate(
    path: Path, folder: Path, who: Credentials, key: bytes, step: Step
) -> tuple[GoodBackup, int] | None:
    """Return a backup that is complete with its last change number; None for any other."""
    try:
        with _checked_backup(path, folder, who, key, step) as store:
            count = sum(store.backups.counts().values())
            number = int.from_bytes(store.setting("counter") or b"", "big")
            made = backup_time(path.name, None)
            return GoodBackup(path, made, 0, count, 0), number
    except KfdeskError as fault:
        if fault.code == "work.cancelled":
            raise
        return None


def _days_since(made: datetime | None, machine: Environment) -> int:
    return max(0, (machine.clock.now().date() - made.date()).days) if made is not None else 0


def _borrow_from_backup(
    paths: Iterable[Path], folder: Path, who: Credentials, key: bytes
) -> BorrowedIdentity:
    """Return the data to borrow from the newest good backup; an empty one without a backup."""
    for path in paths:
        try:
            with _checked_backup(path, folder, who, key, ignore_progress) as store:
                return borrow_from_backup(store)
        except KfdeskError:
            continue
    return BorrowedIdentity()


def _partial_progress(step: Step, begin: int, end: int) -> Step:
    """Return a progress callback that covers one part of the whole work."""
    return lambda done, of: step(begin + (end - begin) * done // max(1, of), _PROGRESS_TOTAL)
