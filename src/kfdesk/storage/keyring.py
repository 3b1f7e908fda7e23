# SPDX-License-Identifier: GPL-3.0-or-later
"""The keyring: create and unlock a store, give it a new data key, and destroy the former one.

Rekeying writes the store under a new key, verifies it, and swaps it in. Somebody who saw
the old key, or an old slot with its passphrase, cannot read what is written from now on.
Users who are present get a slot in the new store with the same passphrase. Nobody else
has one, and neither has the recovery key. Until the two folders swap names the old store
is the store. Then the new one is, and the old one is shredded. Backups and copies
elsewhere keep the old key.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kfdesk.domain.accounts import Credentials
from kfdesk.domain.backup import WipeResult
from kfdesk.domain.errors import KfdeskError
from kfdesk.files import flush_folder, make_folders
from kfdesk.storage import driver, key_slots, tables
from kfdesk.storage.backup import back_up_before_upgrade
from kfdesk.storage.content_hash import check_header
from kfdesk.storage.driver import KEY_BYTES, STORE_FILE
from kfdesk.storage.key_slots import (
    SLOTS_SETTING,
    KdfCost,
    KeySlot,
    Random,
    SlotFile,
    SlotOptions,
)
from kfdesk.storage.page_copy import ProgressStep, lock_folder
from kfdesk.storage.restore import clear_stage, swap_folders, swap_in_store
from kfdesk.storage.rollback import RollbackCheck, RollbackGuard, delete_state_anchor
from kfdesk.storage.shredder import OwnFiles, keys_left_beside, shred_former, shred_store
from kfdesk.storage.store import Store
from kfdesk.storage.store_names import former_path, stage_folder

_PRIVATE = 0o700


# --- create and unlock


def has_store(folder: Path) -> bool:
    """Return whether the folder holds a store or a part of one."""
    return any((folder / name).exists() for name in (STORE_FILE, *key_slots.SLOT_FILES))


def create_store(
    folder: Path,
    credentials: Credentials,
    making: SlotOptions,
    code: bytes | None = None,
    fill: Callable[[Store], object] = lambda _store: None,
) -> Store:
    """Create a store in `folder`, open, with one user slot; a recovery slot if `code` is given.

    `fill` enters what every store of the caller has. A new folder comes into its place when that
    is done, so that a power cut leaves a whole store or none. A folder that exists may be one that
    cannot be moved, as a stick is, so a store is made in it where it stands. Raise KfdeskError
    `store.exists`, `store.no_cipher`, `store.disk` if the folder cannot be written, or what `fill`
    raises. After an error nothing is left behind.
    """
    if has_store(folder):
        raise KfdeskError("store.exists")
    is_new = not folder.exists()
    place = stage_folder(folder) if is_new else folder
    if is_new:
        clear_stage(place)
    key = making.random(driver.KEY_BYTES)
    try:
        make_folders(place, _PRIVATE)
        slot = key_slots.new_user_slot(
            key, credentials.initials, credentials.passphrase, making.cost, making.random
        )
        more = (key_slots.new_recovery_slot(key, code, making.random),) if code is not None else ()
        store = _create_noted_store(place, key, key_slots.SlotFile(1, (slot, *more)))
        try:
            fill(store)
        finally:
            store.close()
        if is_new:
            swap_folders(place, folder, folder)
    except BaseException as error:
        _remove_failed(place, is_new=is_new)
        is_bug = isinstance(error, driver.DatabaseError) and driver.is_bug(error)
        if isinstance(error, OSError | driver.DatabaseError) and not is_bug:
            raise KfdeskError("store.disk") from None
        raise
    return unlock_by_key(folder, key)


def unlock(folder: Path, credentials: Credentials, watch: RollbackCheck | None = None) -> Store:
    """Open the store in `folder`; with `watch`, refuse one that is older than it was.

    Raise KfdeskError `store.missing`, `store.not_a_store`, `store.wrong_passphrase`,
    `store.wrong_key` for a file that does not belong to the slots or has a damaged first
    page, `store.newer`, `store.rolled_back`, `store.mixed`,
    `store.damaged`, `store.disk`, `store.in_use`, `store.not_kept`, `store.no_memory` or
    `store.no_cipher`. Change nothing unless the store opens; then repair a damaged or old
    copy of the slots. A store of an older program is upgraded. With `watch` it is backed
    up first; without, it is a copy already.
    """
    initials, passphrase = credentials.initials, credentials.passphrase
    return _open_by_slots(
        folder,
        watch,
        _SlotUse(
            lambda file: key_slots.find_user_slot(file, initials),
            lambda file: key_slots.open_user_slot(file, initials, passphrase),
        ),
    )


def unlock_by_recovery(
    folder: Path, code: bytes | None, watch: RollbackCheck | None = None
) -> Store:
    """Open the store in `folder` with its recovery key; None is a mistyped key.

    Raise KfdeskError as `unlock` does; a wrong key is treated as a wrong passphrase.
    """
    use = _SlotUse(key_slots.recovery_slot, lambda file: key_slots.open_recovery_slot(file, code))
    return _open_by_slots(folder, watch, use)


def unlock_by_key(folder: Path, key: bytes) -> Store:
    """Open the store in `folder`, a copy that nobody works in, with its data key.

    Raise KfdeskError as `unlock` does.
    """
    if not (folder / STORE_FILE).is_file():
        raise KfdeskError("store.missing")
    return _open_store(folder, key, key_slots.read_slots(folder), None)


@dataclass(frozen=True, slots=True)
class _SlotUse:
    """Way in which somebody opens a store: whose slot, and how it gives the data key."""

    find: Callable[[SlotFile], KeySlot | None]
    open: Callable[[SlotFile], bytes]


def _open_by_slots(folder: Path, watch: RollbackCheck | None, use: _SlotUse) -> Store:
    """Open the store with the first copy of its slots that holds a slot of today.

    A hostile or outdated copy in one file so keeps nobody out who has the other.
    """
    if not (folder / STORE_FILE).is_file():
        raise KfdeskError("store.missing")
    copies = key_slots.intact_copies(folder)
    for file in copies:
        try:
            key = use.open(file)
            sealed = next((copy for copy in copies if key_slots.is_sealed(copy, key)), None)
            slot = _OpenedSlot(use.find(file), sealed, is_newest=file is copies[0])
            return _open_store(folder, key, file, watch, slot)
        except KfdeskError as refused:
            if refused.code != "store.wrong_passphrase":
                raise
    is_newer = key_slots.has_newer_copy(folder)
    raise KfdeskError("store.newer" if is_newer else "store.wrong_passphrase")


@dataclass(frozen=True, slots=True)
class _OpenedSlot:
    """The slot that gave the data key, and whether it stands in the newest copy.

    `sealed` is the newest copy that somebody with the data key has made, if there is one.
    """

    slot: KeySlot | None
    sealed: SlotFile | None
    is_newest: bool


def _open_store(
    folder: Path,
    key: bytes,
    file: SlotFile,
    watch: RollbackCheck | None,
    opened: _OpenedSlot | None = None,
) -> Store:
    path = folder / STORE_FILE
    try:
        had_journal = driver.journal_of(path).exists()
        connection = driver.connect(path, key)
    except OSError:
        raise KfdeskError("store.disk") from None
    store = Store(connection, path)
    store.anchors = RollbackGuard(folder, key, connection)
    try:
        tables.check_version(connection)
        check_header(connection)
        if watch is not None:
            store.anchors.check(watch)
        known = _known_slots(store)
        if opened is not None:
            file = _present_slots(store, file, opened, known)
        elif known is not None:
            file = known
        store.opened_slots = file
        if had_journal:  # the last program was cut off while it wrote
            store.had_torn_pages = driver.rewrite_torn_pages(connection, path)
        if watch is not None:
            store.is_upgraded = tables.needs_upgrade(connection)
            if store.is_upgraded:
                back_up_before_upgrade(store.backups, watch.names)
        tables.upgrade_tables(connection, store.rebuild)
        if store.search.is_behind:
            with store.transaction():
                pass  # the index is updated at its end
        if file != known and (watch is not None or known is not None):
            store.note_slots(file)
    except BaseException as error:
        store.close()
        if isinstance(error, driver.DatabaseError):
            if driver.is_bug(error) and not store.is_upgraded:  # a table is gone from the store
                raise KfdeskError("store.damaged") from None
            raise driver.translate_error(error) from None
        raise
    store.write_slots = partial(_write_noted_slots, store, key)
    with suppress(KfdeskError):  # the other copy is whole, and the next opening tries again
        key_slots.repair_slots(folder, file)
    return store


def _known_slots(store: Store) -> SlotFile | None:
    kept = store.setting(SLOTS_SETTING)
    return key_slots.decode_slots(kept) if kept is not None else None


def _present_slots(
    store: Store, file: SlotFile, opened: _OpenedSlot, known: SlotFile | None
) -> SlotFile:
    """Return the slots of today: those of the `file` that opened, or those the store knows.

    An old passphrase must not come back with an older file. So a slot counts if the store
    knows it, and no newer file that somebody with the data key has sealed leaves it out; or if it
    stands in such a file. The anchors tell the least generation, whatever was put back. Raise
    KfdeskError `store.wrong_passphrase` for any other slot. A store of an older program knows no
    slots, and the newest copy counts.
    """
    assert store.anchors is not None
    marks = store.anchors.slots_marks()
    least = max(map(key_slots.mark_generation, marks), default=-1)
    newest = known.generation if known is not None else -1
    sealed = opened.sealed
    if sealed is not None and sealed.generation > newest and sealed.generation >= least:
        if opened.slot in sealed.slots:
            return sealed
        raise KfdeskError("store.wrong_passphrase")
    if newest < file.generation == least and key_slots.slots_mark(file) in marks:
        return file  # an older store, which knows them not, beside the key files of today
    if known is not None and known.generation >= least and opened.slot in known.slots:
        return known
    if known is None and least < 0 and opened.is_newest:
        return file
    raise KfdeskError("store.wrong_passphrase")


def _write_noted_slots(store: Store, key: bytes, file: SlotFile) -> None:
    """Write sealed slots, then note them in the store.

    If the power fails between, the newer generation is believed by its seal. Raise KfdeskError
    `store.disk`.
    """
    sealed = key_slots.seal_slots(file, key)
    key_slots.write_slots(store.folder, sealed)
    store.note_slots(sealed)


def _create_noted_store(folder: Path, key: bytes, file: SlotFile) -> Store:
    store = create_empty_store(folder, key, file)
    try:
        store.note_slots(file)
    except BaseException:
        store.close()
        raise
    return store


def create_empty_store(folder: Path, key: bytes, file: key_slots.SlotFile) -> Store:
    """Create an empty store in an existing folder, under this key, which these slots hold.

    Raise KfdeskError `store.exists`, `store.no_cipher` or `store.disk`, or OSError.
    """
    connection = driver.connect(folder / STORE_FILE, key, create=True)
    try:
        tables.create_tables(connection)
        key_slots.write_slots(folder, file)
    except BaseException:
        connection.close()
        raise
    store = Store(connection, folder / STORE_FILE)
    store.anchors = RollbackGuard(folder, key, connection)
    store.write_slots = partial(_write_noted_slots, store, key)
    return store


def _remove_failed(folder: Path, *, is_new: bool) -> None:
    """Remove what a failed creation left, as far as the folder allows."""
    if is_new:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for name in (
        STORE_FILE,
        f"{STORE_FILE}-journal",
        *key_slots.SLOT_FILES,
        *key_slots.UNFINISHED_SLOT_FILES,
    ):
        with suppress(OSError):
            (folder / name).unlink()


# --- rekeying

ExportStore = Callable[[Path, bytes, ProgressStep], None]
"""Writes the open store to a file under another key, and verifies it."""

_CHECKED = 100


@dataclass(frozen=True, slots=True)
class RekeyUsers:
    """The users who get a slot under the new key, the one who rekeys first; and slot options."""

    people: Sequence[Credentials]
    making: SlotOptions


@contextmanager
def rekeyed_store(
    store: Store, present: RekeyUsers, export: ExportStore, step: ProgressStep
) -> Iterator[tuple[Store, OwnFiles]]:
    """Yield the open store under a new key, in a folder beside it, and what proves the former one.

    The new one is open and verified. Its folder is removed afterwards, unless it was moved. Raise
    KfdeskError `store.wrong_passphrase`, `store.exists`, `store.no_room`, `store.disk`,
    `store.damaged`, `backup.not_sound`, or whatever `step` raises to stop.
    """
    before = store.slots()
    keys = {key_slots.open_user_slot(before, *_words(who)) for who in present.people}
    stage = stage_folder(store.folder)
    clear_stage(stage)
    try:
        _write_rekeyed(stage, before, present, lambda key: export(stage / STORE_FILE, key, step))
        rekeyed = unlock(stage, present.people[0])
        try:
            rekeyed.note_former(_salt_of(store.folder))
            step(_CHECKED, _CHECKED)
            if rekeyed.verify():
                raise KfdeskError("backup.not_sound")
            yield rekeyed, OwnFiles(keys.pop(), rekeyed.former_salts())
        finally:
            rekeyed.close()
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _words(who: Credentials) -> tuple[str, str]:
    return who.initials, who.passphrase


def _salt_of(folder: Path) -> bytes:
    try:
        return driver.file_salt(folder / STORE_FILE)
    except OSError:
        raise KfdeskError("store.disk") from None


def swap_in_rekeyed(stage: Store, folder: Path, former: OwnFiles, watch: RollbackCheck) -> None:
    """Replace the closed store in `folder` by the rekeyed store `stage`, then destroy the old one.

    What the disk refuses to destroy is destroyed when the store is opened next. Raise
    KfdeskError `store.disk` or `store.in_use`; then the old store is where it was.
    """
    with ExitStack() as lock:  # nobody may write into what is replaced and destroyed
        try:
            lock.callback(lock_folder(folder).release)
        except KfdeskError:
            raise KfdeskError("store.in_use") from None
        except OSError:
            raise KfdeskError("store.disk") from None
        swap_in_store(stage, folder, former_path(folder), watch, lock.close)
    shred_former(folder, former, watch.random)


def _write_rekeyed(
    stage: Path, before: key_slots.SlotFile, present: RekeyUsers, export: Callable[[bytes], None]
) -> None:
    random = present.making.random
    key = random(KEY_BYTES)
    try:
        stage.mkdir(mode=0o700)
    except OSError:
        raise KfdeskError("store.disk") from None
    export(key)
    kept = []
    for who in present.people:
        old = key_slots.find_user_slot(before, who.initials)
        assert old is not None  # it has just opened
        kept.append(key_slots.renew_slot(old, key, who.initials, who.passphrase, present.making))
    file = SlotFile(before.generation + 1, tuple(kept))
    key_slots.write_slots(stage, key_slots.seal_slots(file, key))
    try:
        flush_folder(stage)
    except OSError:
        raise KfdeskError("store.disk") from None


class Keyring:
    """The slots of an open store; `cost` returns the cost of a new slot, and may measure it.

    They are those that the store knows, whatever lies in the files beside it. Methods that unwrap
    the key raise KfdeskError `store.wrong_passphrase`. Methods that write raise `store.disk`; then
    nothing or all of the change is written.
    """

    def __init__(
        self, store: Store, cost: Callable[[], KdfCost], random: Random, state: Path | None = None
    ) -> None:
        """Initialize; `state` is the folder with this computer's anchor of the store, if any."""
        self._store = store
        self._folder = store.folder
        self._state = state
        self._cost = cost
        self._random = random

    @contextmanager
    def told_truly(self) -> Iterator[None]:
        """Raise `store.done` in place of a fault of the disk after which new slots stand there.

        They count from the next opening on, whatever the store itself could note of them.
        """
        before = key_slots.newest_generation(self._folder)
        try:
            yield
        except KfdeskError as fault:
            is_later = key_slots.newest_generation(self._folder) > before
            if fault.code == "store.disk" and is_later:
                raise KfdeskError("store.done") from None
            raise

    def slot_of(self, initials: str) -> bytes | None:
        """Return the id of a user's slot, or None."""
        slot = key_slots.find_user_slot(self._store.slots(), initials)
        return slot.id if slot is not None else None

    def has_recovery(self) -> bool:
        """Return whether there is a recovery key."""
        return key_slots.recovery_slot(self._store.slots()) is not None

    def check_passphrase(self, who: Credentials) -> None:
        """Check that a user's passphrase opens the store; keep nothing of it."""
        self._opened(who)

    def add(self, by: Credentials, new: Credentials) -> bytes:
        """Add a user, with the credentials of an existing one; return the id of the new slot.

        A slot with these initials, left by an interrupted addition, is replaced.
        """
        file, key = self._opened(by)
        left = key_slots.find_user_slot(file, new.initials)
        kept = key_slots.without_slot(file, left.id) if left is not None else file
        slot = key_slots.new_user_slot(
            key, new.initials, new.passphrase, self._cost(), self._random
        )
        self._store.write_slots(key_slots.with_slot(kept, slot))
        return slot.id

    def change(self, who: Credentials, passphrase: str) -> None:
        """Change a user's passphrase, with the present one."""
        file, key = self._opened(who)
        self._renew(file, key, Credentials(who.initials, passphrase))

    def remove(self, slot: bytes) -> None:
        """Remove a user's slot. Write nothing if there is none."""
        file = self._store.slots()
        if any(each.id == slot for each in file.slots):
            self._store.write_slots(key_slots.without_slot(file, slot))

    def set_recovery(self, by: Credentials, code: bytes) -> None:
        """Set the recovery key; it replaces the former one."""
        file, key = self._opened(by)
        slot = key_slots.new_recovery_slot(key, code, self._random)
        self._store.write_slots(key_slots.with_slot(file, slot))

    def reset_passphrase(self, code: bytes, new: Credentials) -> None:
        """Set a new passphrase for a user with a slot, with the recovery key."""
        file = self._store.slots()
        key = key_slots.open_recovery_slot(file, code)
        self._renew(file, key, new)

    def rekey(
        self,
        people: Sequence[Credentials],
        export: ExportStore,
        leave: Callable[[Store], None],
        step: ProgressStep,
    ) -> bool:
        """Put the store under a new data key for these users; return whether the swap succeeded.

        `export` writes the open store to a file under a key. `leave` writes the last entry into
        the new store and closes the old one. After that nothing is raised: the result tells
        whether the new store is in place; otherwise the old one still is. Before that, raise
        what `rekeyed_store` raises; then nothing has changed.
        """
        present = RekeyUsers(people, SlotOptions(self._cost(), self._random))
        with rekeyed_store(self._store, present, export, step) as (store, former):
            leave(store)
            watch = RollbackCheck(self._state, self._random)
            try:
                swap_in_rekeyed(store, self._folder, former, watch)
            except KfdeskError:
                return False
        return True

    def wipe(self, by: Credentials) -> WipeResult:
        """Close the store and make it unreadable for good; return what is gone and what was left.

        Raise KfdeskError `store.wrong_passphrase`; then nothing has happened, and the store is
        open. Raise what `shred_store` raises; then it is closed.
        """
        _, key = self._opened(by)
        own = OwnFiles(key, self._store.former_salts())
        self._store.close()
        is_gone = shred_store(self._folder, own, self._random)
        with suppress(KfdeskError):  # the anchor reveals nothing without the keys
            delete_state_anchor(self._folder, self._state)
        return WipeResult(is_gone, keys_left_beside(self._folder))

    def _opened(self, by: Credentials) -> tuple[SlotFile, bytes]:
        file = self._store.slots()
        return file, key_slots.open_user_slot(file, *_words(by))

    def _renew(self, file: SlotFile, key: bytes, new: Credentials) -> None:
        old = key_slots.find_user_slot(file, new.initials)
        if old is None:
            raise KfdeskError("store.wrong_passphrase")
        making = SlotOptions(self._cost(), self._random)
        slot = key_slots.renew_slot(old, key, new.initials, new.passphrase, making)
        self._store.write_slots(key_slots.with_slot(file, slot))
