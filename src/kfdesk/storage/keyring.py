# SPDX-License-Identifier: GPL-3.0-or-later
"""The keyring: create and unlock a store, give it a new data key, and destroy the former one.

Rekeying writes the store under a new key, verifies it, and swaps it in. Somebody who saw
the old key, or an old slot with its passphrase, cannot read what is written from now on.
Users who are present get a slot in the new store with the same passphrase. Nobody else
has one, and neither has the recovery key. Until the two folders swap names the old store
is the store. Then the new one is, and the old one is shredded. Backups and copies
elsewhere keep the old key.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kfdesk.domain.accounts import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import driver, key_slots, tables
from kfdesk.storage.backup import (
    FORMER_SUFFIX,
    UNFINISHED_SUFFIX,
    back_up_before_upgrade,
    pre_upgrade_folder,
)
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
from kfdesk.storage.page_copy import ProgressStep, flush_folder
from kfdesk.storage.restore import swap_in_store
from kfdesk.storage.rollback import RollbackCheck, RollbackGuard, delete_state_anchor
from kfdesk.storage.store import Store

_KEY_FILES = (*key_slots.SLOT_FILES, *key_slots.UNFINISHED_SLOT_FILES)
_STORE_STEM = Path(STORE_FILE).stem


# --- shredding


def shred_store(folder: Path, random: key_slots.Random) -> bool:
    """Destroy the slots of the closed store in `folder`, then the store; return if all is gone.

    Raise KfdeskError `store.disk` if a copy of the slots could not be overwritten. Then a
    store may still open, and the rest is left as it is.
    """
    return _shred([folder, *_kept_beside(folder)], folder.parent, random)


def shred_former(folder: Path, random: key_slots.Random) -> bool:
    """Destroy the former store beside a rekeyed one; return whether there was one and it is gone.

    That is the store under the former key, and its backups from before upgrades. Both hold
    nothing that the store itself does not. What the disk refuses is left for another time.
    """
    names = re.compile(rf"{re.escape(folder.name)}{re.escape(FORMER_SUFFIX)}(?:-\d+)?")
    former = [path for path in folder.parent.iterdir() if names.fullmatch(path.name)]
    if not former:
        return False
    before = [place for place in _kept_beside(folder) if place.parent == pre_upgrade_folder(folder)]
    try:
        return _shred([*former, *before], folder.parent, random)
    except KfdeskError:
        return False


def _shred(places: list[Path], around: Path, random: key_slots.Random) -> bool:
    """Overwrite and remove the slots in all of these folders, then the stores' other files."""
    try:
        for name in (place / name for place in places for name in _KEY_FILES):
            _overwrite(name, random)
    except OSError:
        raise KfdeskError("store.disk") from None
    left = [file for place in places for file in _files(place)]
    for file in left:
        with suppress(OSError):
            file.unlink()
    emptied = {*places, *(place.parent for place in places)} - {around}
    for place in sorted(emptied, reverse=True):  # inner folders first
        with suppress(OSError):  # a folder with other files stays
            place.rmdir()
    return not any(file.exists() for file in left)


def _kept_beside(folder: Path) -> Iterator[Path]:
    """Yield the folders with slots that restores and upgrades left beside the store."""
    for beside in sorted(folder.parent.iterdir()):
        if beside != folder and beside.name.startswith(folder.name) and beside.is_dir():
            inside = (place for place in beside.iterdir() if place.is_dir())
            yield from (place for place in (beside, *inside) if _has_keys(place))


def _has_keys(place: Path) -> bool:
    return any((place / name).exists() for name in _KEY_FILES)


def _files(place: Path) -> list[Path]:
    with suppress(OSError):
        return [
            file for file in place.iterdir() if file.name.startswith(_STORE_STEM) and file.is_file()
        ]
    return []


def _overwrite(file: Path, random: key_slots.Random) -> None:
    """Overwrite a file in place with random bytes, flush it and remove it, if it exists."""
    with suppress(FileNotFoundError):
        with file.open("r+b") as held:
            held.write(random(max(1, file.stat().st_size)))
            held.flush()
            os.fsync(held.fileno())
        file.unlink()


_PRIVATE = 0o700


# --- create and unlock


def has_store(folder: Path) -> bool:
    """Return whether the folder holds a store or a part of one."""
    return any((folder / name).exists() for name in (STORE_FILE, *key_slots.SLOT_FILES))


def create_store(
    folder: Path,
    credentials: Credentials,
    cost: key_slots.KdfCost,
    random: Callable[[int], bytes] = os.urandom,
    code: bytes | None = None,
) -> Store:
    """Create a store in `folder`, open, with one user slot; a recovery slot if `code` is given.

    Raise KfdeskError `store.exists`, `store.no_cipher`, or `store.disk` if the folder
    cannot be written. After an error nothing is left behind.
    """
    if has_store(folder):
        raise KfdeskError("store.exists")
    is_new = not folder.exists()
    key = random(driver.KEY_BYTES)
    try:
        folder.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        slot = key_slots.new_user_slot(
            key, credentials.initials, credentials.passphrase, cost, random
        )
        more = (key_slots.new_recovery_slot(key, code, random),) if code is not None else ()
        return create_empty_store(folder, key, key_slots.SlotFile(1, (slot, *more)))
    except BaseException as error:
        _remove_failed(folder, is_new=is_new)
        if isinstance(error, OSError | driver.DatabaseError):
            raise KfdeskError("store.disk") from None
        raise


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
    for number, file in enumerate(key_slots.intact_copies(folder)):
        try:
            slot = _OpenedSlot(use.find(file), is_newest=number == 0)
            return _open_store(folder, use.open(file), file, watch, slot)
        except KfdeskError as refused:
            if refused.code != "store.wrong_passphrase":
                raise
    raise KfdeskError("store.wrong_passphrase")


@dataclass(frozen=True, slots=True)
class _OpenedSlot:
    """The slot that gave the data key, and whether it stands in the newest copy."""

    slot: KeySlot | None
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
            file = _present_slots(store, (file, key), opened, known)
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
    store: Store, found: tuple[SlotFile, bytes], opened: _OpenedSlot, known: SlotFile | None
) -> SlotFile:
    """Return the slots of today: those that were `found`, with the key, or those the store knows.

    An old passphrase must not come back with an older file. So a slot counts if the store
    knows it, or if it stands in a newer file that somebody with the data key has sealed. The
    anchors tell the least generation, whatever was put back. Raise KfdeskError
    `store.wrong_passphrase` for any other slot. A store of an older program knows no slots,
    and the newest copy counts.
    """
    file, key = found
    assert store.anchors is not None
    marks = store.anchors.slots_marks()
    least = max(map(key_slots.mark_generation, marks), default=-1)
    newest = known.generation if known is not None else -1
    if file.generation > newest and file.generation >= least and key_slots.is_sealed(file, key):
        return file
    if file.generation == least and key_slots.slots_mark(file) in marks:
        return file  # an older store, which knows them not, beside the key files of today
    if known is not None and known.generation >= least and opened.slot in known.slots:
        return known
    if known is None and least < 0 and opened.is_newest:
        return file
    raise KfdeskError("store.wrong_passphrase")


def _write_noted_slots(store: Store, key: bytes, folder: Path, file: SlotFile) -> None:
    """Write sealed slots, then note them in the store.

    If the power fails between, the newer generation is believed by its seal. Raise KfdeskError
    `store.disk`.
    """
    sealed = key_slots.seal_slots(file, key)
    key_slots.write_slots(folder, sealed)
    store.note_slots(sealed)


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
    folder: Path, present: RekeyUsers, export: ExportStore, step: ProgressStep
) -> Iterator[Store]:
    """Yield the store in `folder` under a new key: in a folder beside it, open and verified.

    That folder is removed afterwards, unless it was moved. Raise KfdeskError
    `store.wrong_passphrase`, `store.no_room`, `store.disk`, `store.damaged`,
    `backup.not_sound`, or whatever `step` raises to stop.
    """
    before, _ = _open_with(folder, present.people[0])
    for who in present.people[1:]:
        key_slots.open_user_slot(before, who.initials, who.passphrase)
    stage = folder.with_name(f"{folder.name}{UNFINISHED_SUFFIX}")
    shutil.rmtree(stage, ignore_errors=True)  # remains of an interrupted run
    try:
        _write_rekeyed(stage, before, present, lambda key: export(stage / STORE_FILE, key, step))
        store = unlock(stage, present.people[0])
        try:
            step(_CHECKED, _CHECKED)
            if store.verify():
                raise KfdeskError("backup.not_sound")
            yield store
        finally:
            store.close()
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def swap_in_rekeyed(stage: Store, folder: Path, watch: RollbackCheck) -> None:
    """Replace the closed store in `folder` by the rekeyed store `stage`, then destroy the old one.

    What the disk refuses to destroy is destroyed when the store is opened next. Raise
    KfdeskError `store.disk`; then the old store is where it was.
    """
    swap_in_store(stage, folder, f"{folder.name}{FORMER_SUFFIX}", watch)
    shred_former(folder, watch.random)


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


WriteSlots = Callable[[Path, SlotFile], None]


def _open_with(folder: Path, who: Credentials) -> tuple[SlotFile, bytes]:
    return key_slots.open_any_copy(
        folder, lambda file: key_slots.open_user_slot(file, who.initials, who.passphrase)
    )


class Keyring:
    """The slots in `folder`; `cost` returns the cost of a new slot, and may measure it.

    Methods that unwrap the key raise KfdeskError `store.wrong_passphrase`, or
    `store.not_a_store` if both copies are damaged. Methods that write raise `store.disk`;
    then nothing or all of the change is written.
    """

    def __init__(
        self, folder: Path, cost: Callable[[], KdfCost], random: Random, state: Path | None = None
    ) -> None:
        """Initialize; `state` is the folder with this computer's anchor of the store, if any."""
        self.write: WriteSlots = key_slots.write_slots
        """The function that writes the slots: of the open store, which then knows them."""
        self._folder = folder
        self._state = state
        self._cost = cost
        self._random = random

    def slot_of(self, initials: str) -> bytes | None:
        """Return the id of a user's slot, or None."""
        slot = key_slots.find_user_slot(key_slots.read_slots(self._folder), initials)
        return slot.id if slot is not None else None

    def has_recovery(self) -> bool:
        """Return whether there is a recovery key."""
        return key_slots.recovery_slot(key_slots.read_slots(self._folder)) is not None

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
        self.write(self._folder, key_slots.with_slot(kept, slot))
        return slot.id

    def change(self, who: Credentials, passphrase: str) -> None:
        """Change a user's passphrase, with the present one."""
        file, key = self._opened(who)
        self._renew(file, key, Credentials(who.initials, passphrase))

    def remove(self, slot: bytes) -> None:
        """Remove a user's slot. Write nothing if there is none."""
        file = key_slots.read_slots(self._folder)
        if any(each.id == slot for each in file.slots):
            self.write(self._folder, key_slots.without_slot(file, slot))

    def set_recovery(self, by: Credentials, code: bytes) -> None:
        """Set the recovery key; it replaces the former one."""
        file, key = self._opened(by)
        slot = key_slots.new_recovery_slot(key, code, self._random)
        self.write(self._folder, key_slots.with_slot(file, slot))

    def reset_passphrase(self, code: bytes, new: Credentials) -> None:
        """Set a new passphrase for a user with a slot, with the recovery key."""
        file, key = key_slots.open_any_copy(
            self._folder, lambda copy: key_slots.open_recovery_slot(copy, code)
        )
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
        with rekeyed_store(self._folder, present, export, step) as store:
            leave(store)
            try:
                swap_in_rekeyed(store, self._folder, RollbackCheck(self._state, self._random))
            except KfdeskError:
                return False
        return True

    def wipe(self) -> bool:
        """Make the closed store unreadable for good; return whether all of it is gone."""
        is_gone = shred_store(self._folder, self._random)
        with suppress(KfdeskError):  # the anchor reveals nothing without the keys
            delete_state_anchor(self._folder, self._state)
        return is_gone

    def _opened(self, by: Credentials) -> tuple[SlotFile, bytes]:
        return _open_with(self._folder, by)

    def _renew(self, file: SlotFile, key: bytes, new: Credentials) -> None:
        old = key_slots.find_user_slot(file, new.initials)
        if old is None:
            raise KfdeskError("store.wrong_passphrase")
        making = SlotOptions(self._cost(), self._random)
        slot = key_slots.renew_slot(old, key, new.initials, new.passphrase, making)
        self.write(self._folder, key_slots.with_slot(file, slot))
