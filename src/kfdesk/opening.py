# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening a desk: store, exchange files, papers and machine are put together for the services.

The other half of `app.py`, which loads it when the first store is made or unlocked, so that the
unlock window stands before the encryption and the records are even loaded.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kfdesk.bundle.exchange import BundleFiles
from kfdesk.domain.desk import shares
from kfdesk.domain.desk.backup import Erased, Restored, backup_names
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.kinds import FileKind, Part
from kfdesk.domain.listing.listed import ReadAs, Reading
from kfdesk.i18n.language import Language
from kfdesk.machine import Machine
from kfdesk.services.access.entering import accept_older, note_opening, note_upgrade
from kfdesk.services.access.passphrases import plain
from kfdesk.services.access.users import note_recovery, regain
from kfdesk.services.desk import Desk, House, Rooms, TestRestore, found_desk, open_desk
from kfdesk.services.history import prune_history
from kfdesk.services.keeping.backup import drop_outlived, renew_restored
from kfdesk.storage import calibration, vault
from kfdesk.storage.anchors.anchor import Anchors, Watch
from kfdesk.storage.backups import restoring, settling
from kfdesk.storage.backups.before import folder_before
from kfdesk.storage.backups.settling import UNFINISHED
from kfdesk.storage.ending.wiping import wipe_former
from kfdesk.storage.keyring import Keyring
from kfdesk.storage.slots import Cost
from kfdesk.storage.store import Store
from kfdesk.storage.vault import Credentials
from kfdesk.system import arrivals, paths, process, single, sticks, tries

if TYPE_CHECKING:
    from kfdesk.documents.attachments.attached import Attached
    from kfdesk.documents.papers import Papers


def nobody(_done: int, _of: int) -> None:
    """Nobody asks how far it is."""


def _keys(machine: Machine, folder: Path | None) -> Keyring | None:
    if folder is None:
        return None
    return Keyring(folder, lambda: _cost(machine), machine.random, machine.state)


def rooms(machine: Machine, folder: Path | None = None) -> Rooms:
    """The rooms that services use, on this machine, with the slots of the store in `folder`."""
    return Rooms(
        bundles=BundleFiles(machine.random),
        clock=machine.clock,
        random=machine.random,
        load_papers=load_papers,
        load_attached=_load_attached,
        read_contact_files=_read_contact_files,
        write_contact_file=_write_contact_file,
        keys=_keys(machine, folder),
        words=paths.words,
        sticks=sticks.plugged_in,
        test_restore=_test_restore(folder) if folder else None,
        arrived=arrivals.arrived,
    )


def load_papers() -> "Papers":
    """Import ReportLab and the fonts: only when the first paper is asked for."""
    from kfdesk.documents.papers import Papers

    return Papers(paths.resources(), paths.translations())


def _load_attached() -> "Attached":
    from kfdesk.documents.attachments.attached import Attached

    return Attached()


def _read_contact_files(files: Mapping[str, bytes], how: ReadAs) -> Reading:
    from kfdesk.formats.reading import read

    return read(files, how)


def _write_contact_file(kind: FileKind, parts: Iterable[Part], file: BinaryIO) -> int:
    from kfdesk.formats.writing import write

    return write(kind, parts, file)


def _test_restore(folder: Path) -> TestRestore:
    return lambda backup, who, step: check_backup(backup, folder, who, step)


def create_store(
    folder: Path, name: str, who: Credentials, machine: Machine, code: str = ""
) -> Desk:
    """A new store with a new desk called `name`, open; `code` is its recovery key, if it has one.

    Raises KfdeskError `store.exists`, `store.disk`, or `recovery.not_a_key`.
    """
    return create_desk(folder, House(name), who, machine, code)


def create_desk(
    folder: Path, house: House, who: Credentials, machine: Machine, code: str = ""
) -> Desk:
    """As `create_store`, also for another laptop of a house that has one."""
    who = Credentials(who.initials, plain(who.passphrase))
    key = shares.read(code) if code else None
    if code and key is None:
        raise KfdeskError("recovery.not_a_key")
    settling.settle(folder)  # what was cut off between two names is no free place
    store = vault.create(folder, who, _cost(machine), machine.random, key)
    store.when_closed(single.hold(folder).release)
    desk = found_desk(store, house, who.initials, rooms(machine, folder))
    if code:
        with store.transaction():
            note_recovery(desk, code)
    _watched(store).begin(_watch(machine))
    return desk


def unlock_store(
    folder: Path, who: Credentials, machine: Machine, *, accepts_older: bool = False
) -> Desk:
    """The desk in a store, open; no other program can have it meanwhile.

    Raises KfdeskError `store.…`; `store.rolled_back` for one that is older than it was, unless
    somebody who knows it goes on with it (`accepts_older`).
    """
    who = Credentials(who.initials, plain(who.passphrase))
    watch = replace(_watch(machine), accepts_older=accepts_older)
    try:
        desk = _opened(folder, who.initials, machine, lambda: vault.unlock(folder, who, watch))
    except KfdeskError as fault:
        if fault.code == "store.wrong_passphrase":
            tries.count_try(machine.state, folder)
        raise
    return _entered(desk, folder, watch)


def recover_store(folder: Path, who: Credentials, code: str, machine: Machine) -> Desk:
    """The desk in a store, opened by its recovery key; `who` has the new passphrase from now on.

    Who comes this way has no other, so that an older store is gone on with, and noted. Raises
    KfdeskError `store.…`; whatever does not fit, as for a wrong passphrase.
    """
    watch = replace(_watch(machine), accepts_older=True)
    desk = _by_recovery(folder, who.initials, code, machine, watch)
    try:
        regain(desk, code, who.passphrase)
    except BaseException:
        desk.store.close()
        raise
    return _entered(desk, folder, watch)


def check_recovery(folder: Path, initials: str, code: str, machine: Machine) -> None:
    """Whether the recovery key would open the store for somebody; changes nothing.

    Raises KfdeskError as `recover_store` does.
    """
    watch = replace(_watch(machine), accepts_older=True)
    _by_recovery(folder, initials, code, machine, watch).store.close()


def key_pictures(sheets: Sequence[Sequence[str]], words: Language, scale: float) -> list[bytes]:
    """The pages of a recovery key's sheets as PNGs, while there is no store to ask."""
    papers = load_papers()
    return papers.pictures(papers.key_sheets(sheets, words), scale)


def check_backup(
    source: Path, folder: Path, who: Credentials, step: Callable[[int, int], None] = nobody
) -> tuple[Path, Mapping[str, int]]:
    """Prove that the backup in or at `source` opens and is whole, on a copy beside `folder`.

    Returns which one it was, and its records by type. Raises KfdeskError `backup.…` or `store.…`.
    """
    backup = restoring.find_backup(source)
    stage = folder.with_name(f"{folder.name}-check{UNFINISHED}")
    with restoring.staged(backup, stage, opens(who), step) as store:
        return backup, store.backups.counts()


def restore_store(
    source: Path,
    folder: Path,
    who: Credentials,
    machine: Machine,
    step: Callable[[int, int], None] = nobody,
) -> Restored:
    """Put the backup in or at `source` in the place of the store in `folder`, which is kept aside.

    The passphrase of `who` may also be the backup's recovery key, or two sheets of it.
    The restored store has a new epoch, and whoever was erased is erased in it, as far as the list
    in the store before can be read. Raises KfdeskError `backup.…`, `store.…` (`store.in_use` while
    it is open) or `user.not_allowed`; then everything is as it was.
    """
    backup = restoring.find_backup(source)
    settling.settle(folder)
    if vault.has_store(folder):
        single.hold(folder).release()
    stage = folder.with_name(f"{folder.name}{UNFINISHED}")
    with restoring.staged(backup, stage, opens(who), step) as store:
        desk = open_desk(store, who.initials, rooms(machine))
        past = _erasures_before(store, folder, who, _watch(machine))
        store.backups.bring_over(folder / vault.FILE)
        erased = renew_restored(desk, backup, past or ())
        counts = store.backups.counts()
        name = f"{folder.name}-{machine.clock.now():%Y-%m-%d-%H%M}"
        aside = restoring.take_place(store, folder, name, _watch(machine))
    return Restored(counts, erased, knows_erasures=past is not None, aside=aside)


def opens(who: Credentials, watch: Watch | None = None) -> Callable[[Path], Store]:
    """What opens a backup: the passphrase of its day, or what was typed in its place: its key.

    Whoever restores may have lost passphrase and laptop at once. A passphrase comes first, because
    one in a thousand can be read as a key.
    """
    code = shares.read(who.passphrase)

    def opens(folder: Path) -> Store:
        try:
            return vault.unlock(folder, Credentials(who.initials, plain(who.passphrase)), watch)
        except KfdeskError as fault:
            if fault.code != "store.wrong_passphrase" or code is None:
                raise
        return vault.unlock_by_recovery(folder, code, watch)

    return opens


def _erasures_before(
    restored: Store, folder: Path, who: Credentials, watch: Watch
) -> tuple[Erased, ...] | None:
    """The list of erasures in the store that is to be replaced; None if it cannot be read.

    It opens under the same key unless the keys were changed since; then perhaps by the passphrase.
    """
    if not vault.has_store(folder):
        return ()
    found = restored.backups.erasures_in(folder / vault.FILE)
    if found is not None:
        return found
    try:
        before = opens(who, replace(watch, accepts_older=True))(folder)
    except KfdeskError:
        return None
    try:
        return before.erasures.entries()
    except KfdeskError:
        return None
    finally:
        before.close()


def _by_recovery(folder: Path, initials: str, code: str, machine: Machine, watch: Watch) -> Desk:
    key = shares.read(code)
    return _opened(folder, initials, machine, lambda: vault.unlock_by_recovery(folder, key, watch))


def _opened(folder: Path, initials: str, machine: Machine, unlock: Callable[[], Store]) -> Desk:
    settling.settle(folder)
    if not vault.has_store(folder):
        raise KfdeskError("store.missing")
    held = single.hold(folder)
    try:
        store = unlock()
    except BaseException:
        held.release()
        raise
    store.when_closed(held.release)
    try:
        return open_desk(store, initials, rooms(machine, folder))
    except BaseException:
        store.close()
        raise


def _entered(desk: Desk, folder: Path, watch: Watch) -> Desk:
    """The desk once it is written down who came in; only now is the store followed outside."""
    anchors = _watched(desk.store)
    try:
        if anchors.missed is not None:
            desk = accept_older(desk, anchors.missed.milliseconds)
    except BaseException:
        desk.store.close()
        raise
    with suppress(KfdeskError):  # a full disk must not keep anybody from reading
        prune_history(desk)
        if desk.store.is_upgraded:
            note_upgrade(desk)
        drop_outlived(desk, folder_before(folder))
        wipe_former(folder, watch.random)
        wrong = tries.tries_before(watch.state, folder)
        note_opening(desk, wrong, is_first_here=anchors.is_first_here)
        tries.forget_tries(watch.state, folder)
    anchors.begin(watch)
    return desk


def _watch(machine: Machine) -> Watch:
    names = backup_names(machine.clock.now())
    return Watch(machine.state, machine.random, time.monotonic, names=names)


def _watched(store: Store) -> Anchors:
    """What is kept of an open store outside of it."""
    anchors = store.anchors
    assert anchors is not None  # the vault gives every store its own
    return anchors


def _cost(machine: Machine) -> Cost:
    """What a passphrase shall cost: as the machine says, or about a second of its work."""
    if machine.cost is not None:
        return machine.cost
    return calibration.fitting(calibration.measure(time.perf_counter), process.memory())
