# SPDX-License-Identifier: GPL-3.0-or-later
"""A power cut right after a store has taken its place: nothing that was not flushed is on the disk.

Each flush of a file or a folder is noted with what it held. Then a disk is made that has only what
was flushed: a file that never was is empty, a name that never was is gone. The store must open.
"""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.integration.pair_samples import refusal
from tests.support.stores import remembering

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.accounts import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.environment import Environment
from kfdesk.services.accounts import rekey_store
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.storage import key_slots, tables
from kfdesk.storage.driver import STORE_FILE, Connection
from kfdesk.system import process

WORDS = "sex helt vanliga ord till prov"
WHO = Credentials("EV", WORDS)


@pytest.fixture
def machine(tmp_path: Path) -> Environment:
    return Environment(cost=key_slots.MIN_COST, state=tmp_path / "state")


@pytest.fixture
def folder(tmp_path: Path, machine: Environment) -> Path:
    """Return a closed store with a plan, beside a stick with its backup."""
    folder, stick = tmp_path / "desk" / "store", tmp_path / "stick"
    desk = store_lifecycle.create_store(folder, people.HOUSE, WHO, machine)
    story.enter_plan(desk, desk.identity.organisation)
    stick.mkdir()
    make_backup(desk, stick)
    desk.store.close()
    return folder


class FlushedDisk:
    """What was flushed: the bytes of files and the names in folders, by their inodes."""

    def __init__(self) -> None:
        self.files: dict[int, bytes] = {}
        self.folders: dict[int, set[str]] = {}
        self._flush = os.fsync

    def fsync(self, descriptor: int) -> None:
        """Flush, and note what is on the disk from now on."""
        self._flush(descriptor)
        place = Path(f"/proc/self/fd/{descriptor}").resolve()
        number = os.fstat(descriptor).st_ino
        if place.is_dir():
            self.folders[number] = {path.name for path in place.iterdir()}
        elif place.is_file():
            self.files[number] = place.read_bytes()

    def after_power_cut(self, folder: Path, into: Path) -> Path:
        """Write what the disk has of a folder."""
        into.mkdir()
        names = self.folders.get(folder.stat().st_ino, set())
        for path in folder.iterdir():
            if path.name in names:
                (into / path.name).write_bytes(self.files.get(path.stat().st_ino, b""))
        return into


def restore(folder: Path, machine: Environment) -> None:
    store_lifecycle.restore_store(folder.parents[1] / "stick", folder, WHO, machine)


def salvage(folder: Path, machine: Environment) -> None:
    store_lifecycle.salvage_store(folder, WHO, machine)


def rekey(folder: Path, machine: Environment) -> None:
    assert rekey_store(store_lifecycle.unlock_store(folder, WHO, machine), WORDS, {})


Act = Callable[[Path, Environment], None]
ACTS = (restore, salvage, rekey)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks Linux what is flushed")
@pytest.mark.parametrize("act", ACTS)
@remembering()
def test_store_that_took_its_place_opens_after_a_power_cut(
    folder: Path, machine: Environment, tmp_path: Path, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, rename = FlushedDisk(), Path.rename
    cuts: list[Path] = []

    def cut(path: Path, target: Path) -> Path:
        if path.name == "store.part":
            cuts.append(disk.after_power_cut(path, tmp_path / "cut"))
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", disk.fsync)
    monkeypatch.setattr(Path, "rename", cut)
    act(folder, machine)
    monkeypatch.undo()
    (left,) = cuts
    for name in key_slots.SLOT_FILES:
        assert key_slots.parse_slots((left / name).read_bytes()) is not None
    desk = store_lifecycle.unlock_store(left, WHO, machine)
    assert desk.store.rows("plan")
    assert desk.store.verify() == ()
    desk.store.close()


@pytest.mark.parametrize("act", ACTS)
@remembering()
def test_nothing_is_refused_once_the_new_store_is_in_its_place(
    folder: Path, machine: Environment, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk refuses to flush the folder in which the names were changed."""
    flush, parent = os.fsync, folder.parent

    def refused(descriptor: int) -> None:
        if os.path.samestat(os.fstat(descriptor), parent.stat()):
            raise OSError(errno.EIO, "no")
        flush(descriptor)

    before = (folder / STORE_FILE).stat().st_ino
    monkeypatch.setattr(os, "fsync", refused)
    act(folder, machine)
    monkeypatch.undo()
    assert (folder / STORE_FILE).stat().st_ino != before
    desk = store_lifecycle.unlock_store(folder, WHO, machine)
    assert desk.store.verify() == ()
    desk.store.close()


@pytest.mark.parametrize("act", [restore, salvage])
@remembering()
def test_nobody_opens_the_store_while_another_takes_its_place(
    folder: Path, machine: Environment, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second window tries at each change of a name; afterwards it opens the new store."""
    rename = Path.rename
    codes: list[str] = []

    def tried(path: Path, target: Path) -> Path:
        if path == folder:
            refused = refusal(lambda: store_lifecycle.unlock_store(folder, WHO, machine))
            codes.append(refused.code)
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", tried)
    act(folder, machine)
    monkeypatch.undo()
    assert codes == ["store.in_use"]
    store_lifecycle.unlock_store(folder, WHO, machine).store.close()


@pytest.mark.parametrize("act", [restore, salvage])
def test_store_that_is_open_is_not_replaced_and_a_refused_one_is_free_again(
    folder: Path, machine: Environment, act: Act
) -> None:
    held = process.lock_store(folder)
    assert refusal(lambda: act(folder, machine)).code == "store.in_use"
    held.release()
    wrong = Credentials("EV", "fel ord")
    with pytest.raises(KfdeskError, match=r"store\.wrong_passphrase"):
        store_lifecycle.salvage_store(folder, wrong, machine)
    process.lock_store(folder).release()


@pytest.mark.parametrize("act", ACTS)
def test_store_of_somebody_by_the_name_of_a_stage_is_not_cleared_away(
    folder: Path, machine: Environment, act: Act
) -> None:
    """A near miss of what an interrupted run leaves, which has no lock file and goes."""
    stage = folder.with_name("store.part")
    theirs = Credentials("BO", "sex andra ord för en annan")
    store_lifecycle.create_store(stage, "Sydhuset", theirs, machine).store.close()
    before = {path: path.read_bytes() for path in stage.iterdir()}
    if act is rekey:
        desk = store_lifecycle.unlock_store(folder, WHO, machine)
        assert refusal(lambda: rekey_store(desk, WORDS, {})).code == "store.exists"
        desk.store.close()
    else:
        assert refusal(lambda: act(folder, machine)).code == "store.exists"
    assert {path: path.read_bytes() for path in stage.iterdir()} == before
    shutil.rmtree(stage)
    shutil.copytree(folder, stage)
    (stage / "notebook.lock").unlink()
    act(folder, machine)
    store_lifecycle.unlock_store(folder, WHO, machine).store.close()


def test_restore_that_is_done_in_its_copy_alone_is_not_told_as_done(
    folder: Path, machine: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: object) -> None:
        raise KfdeskError("store.done")  # as a transaction of the copy says it

    monkeypatch.setattr(store_lifecycle, "finish_restore", fails)
    assert refusal(lambda: restore(folder, machine)).code == "store.disk"


def test_salvage_without_room_for_its_new_store_is_refused(
    folder: Path, machine: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = tables.create_tables

    def fills(connection: Connection) -> None:
        connection.execute("PRAGMA max_page_count = 1")
        create(connection)

    monkeypatch.setattr(tables, "create_tables", fills)
    before = (folder / STORE_FILE).read_bytes()
    assert refusal(lambda: salvage(folder, machine)).code == "store.disk"
    assert (folder / STORE_FILE).read_bytes() == before
