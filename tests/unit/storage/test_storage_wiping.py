# SPDX-License-Identifier: GPL-3.0-or-later
"""A wiped store opens by nothing that is left, keys first; what belongs to others stays."""

import os
from pathlib import Path

import pytest
from tests.unit.storage.store_samples import WHO, known_bytes, refusal

from kfdesk.storage import key_slots, keyring
from kfdesk.storage.backup import back_up_before_upgrade, pre_upgrade_folder
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.keyring import Keyring, shred_store

NOISE = known_bytes("noise")


def copy_of(folder: Path, into: Path) -> Path:
    into.mkdir(parents=True)
    for file in folder.iterdir():
        (into / file.name).write_bytes(file.read_bytes())
    return into


def test_nothing_of_a_wiped_store_is_left(folder: Path) -> None:
    assert Keyring(folder, lambda: key_slots.MIN_COST, NOISE).wipe()
    assert not folder.exists()


def test_keys_are_overwritten_in_their_place_before_they_are_removed(folder: Path) -> None:
    held = [(folder / name).open("rb") for name in key_slots.SLOT_FILES]
    before = [file.read() for file in held]
    assert shred_store(folder, NOISE)
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
    shred_store(folder, NOISE)
    assert refusal(lambda: keyring.unlock(copied, WHO)) == "store.not_a_store"


def test_files_of_others_in_the_folder_stay(folder: Path) -> None:
    (folder / "letter.txt").write_text("x", encoding="utf-8")
    assert shred_store(folder, NOISE)
    assert [file.name for file in folder.iterdir()] == ["letter.txt"]


def test_what_the_program_has_kept_beside_goes_with_it(folder: Path) -> None:
    restored = copy_of(folder, folder.with_name(f"{folder.name}-2026-11-24-1405"))
    with_store = keyring.unlock(folder, WHO)
    back_up_before_upgrade(with_store.backups, ["notebook-2026-11-24-1405"])
    with_store.close()
    (inside,) = pre_upgrade_folder(folder).iterdir()
    assert all(key_slots.read_slots(place).slots for place in (restored, inside))
    foreign = folder.with_name("letters")
    foreign.mkdir()
    assert shred_store(folder, NOISE)
    assert sorted(folder.parent.iterdir()) == [foreign]


def test_other_stores_are_left_alone(folder: Path, tmp_path: Path) -> None:
    other = copy_of(folder, tmp_path / "elsewhere" / folder.name)
    named = copy_of(folder, folder.with_name("another"))
    assert shred_store(folder, NOISE)
    for place in (other, named):
        keyring.unlock(place, WHO).close()


def test_unfinished_copy_of_the_keys_goes_too(folder: Path) -> None:
    (folder / key_slots.UNFINISHED_SLOT_FILES[0]).write_bytes(
        (folder / key_slots.SLOT_FILES[0]).read_bytes()
    )
    assert shred_store(folder, NOISE)
    assert not folder.exists()


def test_one_copy_of_the_keys_is_enough_to_be_wiped(folder: Path) -> None:
    (folder / key_slots.SLOT_FILES[0]).unlink()
    assert shred_store(folder, NOISE)
    assert shred_store(folder, NOISE)  # a second time there is nothing to do
    assert not folder.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="an administrator may write anywhere")
def test_keys_that_cannot_be_overwritten_are_told(folder: Path) -> None:
    (folder / key_slots.SLOT_FILES[1]).chmod(0o400)
    assert refusal(lambda: shred_store(folder, NOISE)) == "store.disk"
    assert (folder / STORE_FILE).exists()


def test_keys_in_the_way_of_which_a_folder_stands_are_told(folder: Path) -> None:
    (folder / key_slots.SLOT_FILES[1]).unlink()
    (folder / key_slots.SLOT_FILES[1]).mkdir()
    assert refusal(lambda: shred_store(folder, NOISE)) == "store.disk"
    assert (folder / STORE_FILE).exists()


def test_rest_that_cannot_be_removed_is_told(folder: Path) -> None:
    (folder / STORE_FILE).unlink()
    (folder / STORE_FILE).mkdir()
    assert shred_store(folder, NOISE)
    assert not any((folder / name).exists() for name in key_slots.SLOT_FILES)
