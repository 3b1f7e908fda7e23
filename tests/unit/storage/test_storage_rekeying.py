# SPDX-License-Identifier: GPL-3.0-or-later
"""A new data key: one whole store at every moment, and nothing that opens by the old key after."""

import errno
import multiprocessing
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from tests.support import make
from tests.unit.storage.neighbours import NEAR_NAMES, files_of, put_beside
from tests.unit.storage.store_samples import (
    KEY,
    PAGE,
    WHO,
    contents,
    flip,
    known_bytes,
    made_in,
    refusal,
)

from kfdesk.domain.accounts import Credentials
from kfdesk.domain.audit import Action, AuditEvent
from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import driver, key_slots, keyring
from kfdesk.storage.backup import (
    back_up_before_upgrade,
    finish_interrupted,
)
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.keyring import Keyring
from kfdesk.storage.page_copy import ProgressStep
from kfdesk.storage.rollback import RollbackCheck
from kfdesk.storage.shredder import OwnFiles, shred_former
from kfdesk.storage.store import Store
from kfdesk.storage.store_names import UNFINISHED_SUFFIX, pre_upgrade_folder
from kfdesk.system import process

OTHER = Credentials("QQ", "en annan mening av sex ord")
CODE = make.named_bytes("code", 20)
ON_FILES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "open"}


@pytest.fixture(autouse=True)
def _remembering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive nothing twice from the same slot and words: a try costs a tenth of a second."""
    monkeypatch.setattr(
        key_slots, "_derive_from_passphrase", cache(key_slots._derive_from_passphrase)
    )


def nobody(_done: int, _of: int) -> None:
    """Nobody asks how far it is."""


def rekey(folder: Path, *people: Credentials, step: ProgressStep = nobody) -> bool:
    """Return the open store under a new key, as a desk does it, always by the same chance."""
    store = keyring.unlock(folder, people[0])

    def leave(new: Store) -> None:
        with new.transaction():
            new.ledger.log_all([AuditEvent(WHO.initials, 1, Action.DATA_KEY)])
        store.close()

    keys = Keyring(store, lambda: key_slots.MIN_COST, known_bytes("new"), folder.parent / "state")
    try:
        return keys.rekey(people, store.backups.export, leave, step)
    finally:
        store.close()


@contextmanager
def opened(folder: Path, who: Credentials = WHO) -> Iterator[Keyring]:
    """Yield the keyring of the store while it is open."""
    store = keyring.unlock(folder, who)
    yield Keyring(store, lambda: key_slots.MIN_COST, os.urandom)
    store.close()


def former_files(folder: Path) -> OwnFiles:
    """Return what a store knows of its files under former keys."""
    store = keyring.unlock(folder, WHO)
    found = OwnFiles(None, store.former_salts())
    store.close()
    return found


def records(folder: Path, who: Credentials = WHO) -> bytes:
    """Return a digest of the records of a store that is whole."""
    store = keyring.unlock(folder, who)
    try:
        assert store.verify() == ()
        return store.digest()
    finally:
        store.close()


def beside(folder: Path) -> set[str]:
    return {path.name for path in folder.parent.iterdir()} - {folder.name, "state"}


def test_store_is_the_same_under_another_key_and_the_old_one_is_gone(folder: Path) -> None:
    before = records(folder)
    salt = driver.file_salt(folder / STORE_FILE)
    assert rekey(folder, WHO)
    assert records(folder) == before
    assert driver.file_salt(folder / STORE_FILE) != salt  # by which the old file is known
    key = key_slots.open_user_slot(key_slots.read_slots(folder), WHO.initials, WHO.passphrase)
    assert key != KEY
    with pytest.raises(KfdeskError, match=r"store\.wrong_key"):
        driver.connect(folder / STORE_FILE, KEY)
    assert beside(folder) == set()
    store = keyring.unlock(folder, WHO)
    assert [event.action for _, event in store.ledger.events(None, 9)] == [Action.DATA_KEY]
    store.close()


def test_who_is_not_here_and_the_recovery_key_open_it_no_more(folder: Path) -> None:
    with opened(folder) as keys:
        hers = keys.add(WHO, OTHER)
        own = keys.slot_of(WHO.initials)
        keys.set_recovery(WHO, CODE)
    assert rekey(folder, WHO)
    with opened(folder) as keys:
        assert keys.slot_of(WHO.initials) == own  # by it a desk finds whom to remove
        assert keys.slot_of(OTHER.initials) is None
    assert hers not in {slot.id for slot in key_slots.read_slots(folder).slots}
    assert key_slots.recovery_slot(key_slots.read_slots(folder)) is None


def test_all_who_are_here_keep_their_passphrases(folder: Path) -> None:
    with opened(folder) as keys:
        keys.add(WHO, OTHER)
    assert rekey(folder, WHO, OTHER)
    assert records(folder, WHO) == records(folder, OTHER)


def test_wrong_passphrase_of_anybody_changes_nothing(folder: Path) -> None:
    before = contents(folder)
    wrong = Credentials(WHO.initials, "fel ord")
    assert refusal(lambda: rekey(folder, WHO, OTHER)) == "store.wrong_passphrase"
    assert refusal(lambda: rekey(folder, WHO, wrong)) == "store.wrong_passphrase"
    assert contents(folder) == before
    assert beside(folder) == set()


def test_it_can_be_stopped_and_then_nothing_has_happened(folder: Path) -> None:
    before = contents(folder)
    for least in (0, 1, 60, 100):

        def stop(done: int, _of: int, least: int = least) -> None:
            if done >= least:
                raise KfdeskError("work.cancelled")

        assert refusal(lambda: rekey(folder, WHO, step=stop)) == "work.cancelled"
        assert contents(folder) == before
        assert beside(folder) == set()


def test_what_is_not_written_as_it_should_be_is_thrown_away(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(folder)
    export = driver.check_pages

    def torn(connection: driver.Connection, path: Path, schema: str = "main") -> list[str]:
        if schema == "copy":
            flip(path, path.stat().st_size - 100)
        return export(connection, path, schema)

    monkeypatch.setattr(driver, "check_pages", torn)
    assert refusal(lambda: rekey(folder, WHO)) == "backup.not_sound"
    monkeypatch.undo()
    assert contents(folder) == before


def test_damaged_store_is_not_written_anew(folder: Path) -> None:
    store = keyring.unlock(folder, WHO)
    for place in range(20 * PAGE, (folder / STORE_FILE).stat().st_size, PAGE):
        flip(folder / STORE_FILE, place + 99)
    keys = Keyring(store, lambda: key_slots.MIN_COST, os.urandom)
    code = refusal(lambda: keys.rekey([WHO], store.backups.export, lambda _: None, nobody))
    assert code == "store.damaged"
    store.close()
    assert beside(folder) == set()


def test_without_room_for_a_second_store_nothing_is_begun(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(folder)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    assert refusal(lambda: rekey(folder, WHO)) == "store.no_room"
    assert beside(folder) == set()


def test_where_the_last_step_is_refused_the_old_store_is_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, rename = records(folder), Path.rename

    def refused(path: Path, target: Path) -> Path:
        if path.name.endswith(UNFINISHED_SUFFIX):
            raise OSError
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refused)
    assert not rekey(folder, WHO)
    monkeypatch.undo()
    assert records(folder) == before
    assert beside(folder) == set()
    driver.connect(folder / STORE_FILE, KEY).close()


def test_what_was_kept_from_before_an_upgrade_goes_with_the_old_key(folder: Path) -> None:
    store = keyring.unlock(folder, WHO)
    back_up_before_upgrade(store.backups, ["notebook-2026-11-24-1405"])
    store.close()
    restored = shutil.copytree(folder, folder.with_name(f"{folder.name}-2026-11-24-1405"))
    neighbours = [
        shutil.copytree(folder, folder.with_name("store-before2") / "notebook-2026-11-24-1405"),
        shutil.copytree(folder, pre_upgrade_folder(folder) / "of another"),
    ]
    foreign = pre_upgrade_folder(folder) / "notebook-2026-11-24-1406"
    made_in(foreign, "stranger").close()
    before = files_of([*neighbours, foreign])
    assert rekey(folder, WHO)
    assert files_of([*neighbours, foreign]) == before
    assert not (pre_upgrade_folder(folder) / "notebook-2026-11-24-1405").exists()
    assert (restored / STORE_FILE).exists()  # it may hold what the store does not


def test_copy_from_before_a_salvage_goes_with_the_old_key(folder: Path) -> None:
    """A salvaged store is a new file, so its copies of before have another salt; the key proves."""
    old = pre_upgrade_folder(folder) / "notebook-2026-11-20-0900"
    made_in(old).close()
    assert driver.file_salt(old / STORE_FILE) != driver.file_salt(folder / STORE_FILE)
    assert rekey(folder, WHO)
    assert not pre_upgrade_folder(folder).exists()


def test_former_store_that_the_disk_kept_goes_at_the_next_opening_and_no_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store knows by the salt which one it was, though nobody has its key any more."""

    def refused(*_: object) -> bool:
        return False

    monkeypatch.setattr(keyring, "shred_former", refused)
    assert rekey(folder, WHO)
    monkeypatch.undo()
    foreign = folder.with_name(f"{folder.name}.former-2")
    made_in(foreign, "stranger").close()
    before = files_of([foreign])
    assert not shred_former(folder, former_files(folder), os.urandom)
    assert beside(folder) == {foreign.name}
    assert files_of([foreign]) == before


def test_nothing_is_destroyed_while_the_disk_does_not_keep_the_new_names(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a power cut could bring the old names back, to folders whose keys are gone."""
    parent, flush = folder.parent, os.fsync

    def refused(descriptor: int) -> None:
        if os.path.samestat(os.fstat(descriptor), parent.stat()):
            raise OSError(errno.EIO, "no")
        flush(descriptor)

    before = records(folder)
    monkeypatch.setattr(os, "fsync", refused)
    assert rekey(folder, WHO)  # the new store is in its place, and that is what is said
    monkeypatch.undo()
    assert records(folder) == before
    former = folder.with_name(f"{folder.name}.former")
    driver.connect(former / STORE_FILE, KEY).close()
    assert shred_former(folder, former_files(folder), os.urandom)
    assert beside(folder) == set()


def test_store_that_another_window_opens_just_then_keeps_its_key(folder: Path) -> None:
    """It opens between the last entry and the swap; what it writes must not be destroyed."""
    store = keyring.unlock(folder, WHO)
    others = []

    def leave(_: Store) -> None:
        store.close()
        others.append(process.lock_store(folder))

    keys = Keyring(store, lambda: key_slots.MIN_COST, os.urandom)
    assert not keys.rekey([WHO], store.backups.export, leave, nobody)
    driver.connect(folder / STORE_FILE, KEY).close()
    others[0].release()
    assert beside(folder) == set()


def test_what_is_left_of_the_old_store_goes_when_it_can(folder: Path) -> None:
    salts = OwnFiles(None, frozenset({driver.file_salt(folder / STORE_FILE)}))
    assert not shred_former(folder, salts, os.urandom)
    for number in ("", "-2"):
        shutil.copytree(folder, folder.with_name(f"{folder.name}.former{number}"))
    others = put_beside(folder, folder, NEAR_NAMES)
    before = files_of(others)
    assert shred_former(folder, salts, os.urandom)
    assert beside(folder) == {other.name for other in others}
    assert files_of(others) == before


def test_newer_store_is_not_taken_for_an_older_one(folder: Path) -> None:
    state = folder.parent / "state"
    watch = RollbackCheck(state)
    assert rekey(folder, WHO)
    store = keyring.unlock(folder, WHO, watch)
    assert store.anchors is not None
    store.anchors.begin(watch)
    store.close()
    assert rekey(folder, WHO)
    store = keyring.unlock(folder, WHO, watch)
    assert store.verify() == ()
    assert store.anchors is not None
    assert not store.anchors.is_first_here
    store.close()


def _rekey_and_keep(folder: Path, kept: Path) -> None:
    """In a process of its own: before each step on its files, or of its progress, keep them all.

    What a process that is killed there would leave is what the system has of its files.
    """
    places = map(kept.joinpath, map(str, count()))
    is_keeping = False

    def keep() -> None:
        nonlocal is_keeping
        is_keeping = True
        shutil.copytree(folder.parent, next(places))
        is_keeping = False

    def on_event(event: str, arguments: tuple[object, ...]) -> None:
        is_ours = event in ON_FILES and str(arguments[0]).startswith(str(folder.parent))
        if is_ours and not is_keeping:
            keep()

    store = keyring.unlock(folder, WHO)

    def leave(_: Store) -> None:
        store.close()

    sys.addaudithook(on_event)
    keys = Keyring(store, lambda: key_slots.MIN_COST, known_bytes("new"), folder.parent / "state")
    keys.rekey([WHO], store.backups.export, leave, lambda _done, _of: keep())


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no process can be doubled here")
def test_power_cut_at_any_step_leaves_one_whole_store(folder: Path, tmp_path: Path) -> None:
    around, kept, before = tmp_path / "around", tmp_path / "kept", records(folder)
    shutil.copytree(folder, around / "store")
    old = key_slots.read_slots(folder)
    assert rekey(folder, WHO)  # the slots that chance makes here are the child's, too
    new = key_slots.read_slots(folder)
    fork = multiprocessing.get_context("fork")
    going = fork.Process(target=_rekey_and_keep, args=(around / "store", kept))
    going.start()
    going.join()
    assert going.exitcode == 0
    left = sorted(kept.iterdir(), key=lambda place: int(place.name))
    seen = set[str]()
    for number, place in enumerate(left):
        seen.add(_found_whole(place / "store", before, (old, new)))
        if number % 9 == 0:
            _go_on(place / "store", before)
    assert seen == {"old", "between two names", "new"}
    assert len(left) > 20


def _found_whole(
    folder: Path, before: bytes, files: tuple[key_slots.SlotFile, key_slots.SlotFile]
) -> str:
    """Return the store after a power cut; nothing of the other opens any more."""
    is_between = not folder.exists()
    finish_interrupted(folder)  # as whatever opens a store does first
    which = files.index(key_slots.read_slots(folder))
    assert records(folder) == before
    shred_former(folder, former_files(folder), os.urandom)  # as whatever has opened it does
    assert beside(folder) <= {f"{folder.name}{UNFINISHED_SUFFIX}"}
    return "between two names" if is_between else ("old", "new")[which]


def _go_on(folder: Path, before: bytes) -> None:
    """Whatever was cut off, a new key can be had afterwards."""
    assert rekey(folder, WHO)
    assert records(folder) == before
    assert beside(folder) == set()
