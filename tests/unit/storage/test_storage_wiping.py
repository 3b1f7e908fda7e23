# SPDX-License-Identifier: GPL-3.0-or-later
"""A wiped store opens by nothing that is left, keys first; what belongs to others stays."""

import errno
import os
import shutil
from itertools import count
from pathlib import Path

import pytest
from tests.unit.storage.neighbours import NEAR_NAMES, OWN_NAMES, files_of, put_beside
from tests.unit.storage.store_samples import KEY, WHO, known_bytes, made_in, refusal

from kfdesk.storage import driver, key_slots, keyring, shredder
from kfdesk.storage.backup import back_up_before_upgrade
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.keyring import Keyring
from kfdesk.storage.shredder import OwnFiles, shred_store
from kfdesk.storage.store_names import pre_upgrade_folder
from kfdesk.system import process


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of somebody else's store, under another key."""
    folder = tmp_path_factory.mktemp("stranger") / "store"
    made_in(folder, "stranger").close()
    return folder


NOISE = known_bytes("noise")
OURS = OwnFiles(KEY, frozenset())


def copy_of(folder: Path, into: Path) -> Path:
    into.mkdir(parents=True)
    for file in folder.iterdir():
        (into / file.name).write_bytes(file.read_bytes())
    return into


def test_nothing_of_a_wiped_store_is_left(folder: Path) -> None:
    store = keyring.unlock(folder, WHO)
    assert Keyring(store, lambda: key_slots.MIN_COST, NOISE).wipe(WHO).is_gone
    assert not folder.exists()


def test_keys_are_overwritten_in_their_place_before_they_are_removed(folder: Path) -> None:
    held = [(folder / name).open("rb") for name in key_slots.SLOT_FILES]
    before = [file.read() for file in held]
    assert shred_store(folder, OURS, NOISE)
    for file, was in zip(held, before, strict=True):
        file.seek(0)
        now = file.read()
        assert len(now) == len(was)
        assert now != was
        assert not now.startswith(key_slots.SLOTS_MAGIC)
        file.close()


def test_store_file_alone_opens_by_no_passphrase(folder: Path, tmp_path: Path) -> None:
    copied = tmp_path / "copied"
    copied.mkdir()
    (copied / STORE_FILE).write_bytes((folder / STORE_FILE).read_bytes())
    shred_store(folder, OURS, NOISE)
    assert refusal(lambda: keyring.unlock(copied, WHO)) == "store.not_a_store"


def test_files_of_others_in_the_folder_stay(folder: Path) -> None:
    names = (
        "letter.txt",
        "notebook.txt",
        "notebook.db.bak",
        "notebook of Anna.docx",
        "slots-c.kfk",
    )
    for name in names:
        (folder / name).write_text("x", encoding="utf-8")
    assert shred_store(folder, OURS, NOISE)
    assert {file.name for file in folder.iterdir()} == set(names)


def test_what_the_program_has_kept_beside_goes_with_it(folder: Path) -> None:
    restored = copy_of(folder, folder.with_name(f"{folder.name}-2026-11-24-1405"))
    with_store = keyring.unlock(folder, WHO)
    back_up_before_upgrade(with_store.backups, ["notebook-2026-11-24-1405"])
    with_store.close()
    (inside,) = pre_upgrade_folder(folder).iterdir()
    assert all(key_slots.read_slots(place).slots for place in (restored, inside))
    foreign = folder.with_name("letters")
    foreign.mkdir()
    near = copy_of(folder, folder.with_name(f"{folder.name}-2026-11-24-1405-mine"))
    assert shred_store(folder, OURS, NOISE)
    assert sorted(folder.parent.iterdir()) == [foreign, near]


def test_all_that_the_program_has_named_and_can_prove_goes(folder: Path) -> None:
    put_beside(folder, folder, OWN_NAMES)
    work = folder.with_name(f"{folder.name}.part.work")
    (work / "copy").mkdir(parents=True)
    shutil.copyfile(folder / STORE_FILE, work / "copy" / STORE_FILE)
    assert shred_store(folder, OURS, NOISE)
    assert list(folder.parent.iterdir()) == []


def test_other_stores_are_left_alone(folder: Path, tmp_path: Path, stranger: Path) -> None:
    """Copies of ours under other names, and of another's store under names that begin alike."""
    copies = [
        copy_of(folder, tmp_path / "elsewhere" / folder.name),
        copy_of(folder, folder.with_name("another")),
        *put_beside(folder, folder, NEAR_NAMES),
    ]
    others = put_beside(folder, stranger, ("3", "-nordhuset", "s"))
    before = files_of((*copies, *others))
    assert shred_store(folder, OURS, NOISE)
    assert files_of((*copies, *others)) == before
    for place in copies:
        keyring.unlock(place, WHO).close()


@pytest.mark.parametrize("end", [*OWN_NAMES, "-before/notebook-2026-11-24-1405"])
def test_store_under_another_key_is_left_whatever_its_name_and_that_is_told(
    folder: Path, stranger: Path, end: str
) -> None:
    place = folder.parent / f"{folder.name}{end}"
    place.parent.mkdir(exist_ok=True)
    shutil.copytree(stranger, place)
    (own,) = put_beside(folder, folder, ["-2026-11-24-1406"])
    before = files_of([place])
    assert not shred_store(folder, OURS, NOISE)
    assert files_of([place]) == before
    assert not own.exists()
    assert not folder.exists()


def test_scratch_files_of_another_salvage_are_left(folder: Path, stranger: Path) -> None:
    work = folder.with_name(f"{folder.name}.part.work")
    work.mkdir()
    shutil.copyfile(stranger / STORE_FILE, work / "carrier")
    assert shred_store(folder, OURS, NOISE)
    assert [file.name for file in work.iterdir()] == ["carrier"]


def test_what_another_program_holds_is_left_and_that_is_told(folder: Path) -> None:
    """A copy that was put aside may have been opened; the one beside it is free and goes."""
    open_one, free = put_beside(folder, folder, ("-2026-11-24-1405", "-2026-11-24-1406"))
    held = process.lock_store(open_one)
    assert not shred_store(folder, OURS, NOISE)
    keyring.unlock(open_one, WHO).close()
    assert not free.exists()
    held.release()


def test_store_that_another_program_has_opened_meanwhile_is_not_wiped(folder: Path) -> None:
    (aside,) = put_beside(folder, folder, ["-2026-11-24-1405"])
    held = process.lock_store(folder)
    before = files_of([folder, aside])
    assert refusal(lambda: shred_store(folder, OURS, NOISE)) == "store.in_use"
    assert files_of([folder, aside]) == before
    held.release()
    assert shred_store(folder, OURS, NOISE)


def test_link_to_another_store_is_not_followed(folder: Path, tmp_path: Path) -> None:
    elsewhere = copy_of(folder, tmp_path / "elsewhere" / "store")
    folder.with_name(f"{folder.name}.former").symlink_to(elsewhere)
    before = files_of([elsewhere])
    assert shred_store(folder, OURS, NOISE)
    assert files_of([elsewhere]) == before


def test_what_was_put_aside_under_a_former_key_goes_by_its_salt(
    folder: Path, stranger: Path
) -> None:
    aside, other = folder.with_name("store-2026-11-24-1405"), folder.with_name("store.former")
    for place in (aside, other):
        shutil.copytree(stranger, place)
    with (other / STORE_FILE).open("r+b") as file:
        file.write(bytes(16))
    own = OwnFiles(KEY, frozenset({driver.file_salt(stranger / STORE_FILE)}))
    assert not shred_store(folder, own, NOISE)
    assert not aside.exists()
    assert (other / STORE_FILE).exists()


def test_unfinished_copy_of_the_keys_goes_too(folder: Path) -> None:
    (folder / key_slots.UNFINISHED_SLOT_FILES[0]).write_bytes(
        (folder / key_slots.SLOT_FILES[0]).read_bytes()
    )
    assert shred_store(folder, OURS, NOISE)
    assert not folder.exists()


def test_one_copy_of_the_keys_is_enough_to_be_wiped(folder: Path) -> None:
    (folder / key_slots.SLOT_FILES[0]).unlink()
    assert shred_store(folder, OURS, NOISE)
    assert shred_store(folder, OURS, NOISE)  # a second time there is nothing to do
    assert not folder.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="an administrator may write anywhere")
def test_keys_that_cannot_be_overwritten_are_told(folder: Path) -> None:
    (folder / key_slots.SLOT_FILES[1]).chmod(0o400)
    assert refusal(lambda: shred_store(folder, OURS, NOISE)) == "store.disk"
    assert (folder / STORE_FILE).exists()


def test_keys_in_the_way_of_which_a_folder_stands_are_told(folder: Path) -> None:
    (folder / key_slots.SLOT_FILES[1]).unlink()
    (folder / key_slots.SLOT_FILES[1]).mkdir()
    assert refusal(lambda: shred_store(folder, OURS, NOISE)) == "store.disk"
    assert (folder / STORE_FILE).exists()


@pytest.mark.parametrize("call", range(1, 4))
def test_keys_that_are_overwritten_though_the_disk_complains_are_gone(
    folder: Path, call: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = count(1)

    def flush(_file: object) -> None:
        if next(calls) == call:
            raise OSError(errno.EIO, "the disk complains")

    monkeypatch.setattr(shredder, "flush", flush)
    is_all_gone = shred_store(folder, OURS, NOISE)
    assert is_all_gone == (call == 3)  # there are two copies
    assert refusal(lambda: key_slots.read_slots(folder)) == "store.not_a_store"


def test_rest_that_cannot_be_removed_is_told(folder: Path) -> None:
    (folder / STORE_FILE).unlink()
    (folder / STORE_FILE).mkdir()
    assert not shred_store(folder, OURS, NOISE)
    assert not any((folder / name).exists() for name in key_slots.SLOT_FILES)
