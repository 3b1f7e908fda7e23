# SPDX-License-Identifier: GPL-3.0-or-later
"""A full disk at any moment: a refusal with a code, the store as it was, and no half file.

Room runs out in two ways: a limit on the size of files, which stops any write beyond a length, even
the one that would undo another; and a small disk of its own in memory, which takes an administrator
to mount. Which write meets the wall is drawn anew in each trial.
"""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from tests.support.make import sheet
from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.kill_children import written_in_place
from tests.torture.scarce import short_files
from tests.torture.world import Place, World, connection_of, contents, store_at, unfinished

from kfdesk.domain.errors import KfdeskError
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.papers.production import save_paper
from kfdesk.storage import key_slots
from kfdesk.storage.store import Store

_DISK = 3 * 2**20  # bytes of the small disk
_BLOCK = 4096
REFUSALS = ("store.disk", "bundle.not_written")

Action = Callable[[Session, Place, World], object]
Room = Callable[[Path, random.Random], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Wall:
    """One way of running out of room: where the copy stands, and what makes it scarce."""

    under: Callable[[], Path | None]
    scarce: Room


@contextmanager
def small_files(folder: Path, rng: random.Random) -> Iterator[None]:
    """No file may grow beyond a length that is drawn: often a journal's, at times the store's."""
    longest = max(path.stat().st_size for path in folder.iterdir())
    most = rng.choice((200, 64 * 1024, longest + 64 * 1024))
    with short_files(rng.randrange(most)):
        yield


@contextmanager
def small_disk(folder: Path, rng: random.Random) -> Iterator[None]:
    """Fill the disk except for some blocks, until the end of the block."""
    filler = folder.parent / "filler"
    free = os.statvfs(folder)
    room = free.f_bavail * free.f_frsize - rng.randrange(rng.choice((4, 33))) * _BLOCK
    filler.write_bytes(bytes(max(room, 0)))
    try:
        yield
    finally:
        filler.unlink()


class Disk:
    """A small disk in memory, mounted once and for all trials, gone with the program."""

    def __init__(self) -> None:
        self._folder: TemporaryDirectory[str] | None = None
        self._why = ""

    def absent(self) -> str:
        """Return why there can be none; an empty string if there is one."""
        if self._folder is None and not self._why:
            self._why = self._mount()
        return self._why

    def under(self) -> Path:
        """Return the folder on it in which trials create theirs."""
        assert self._folder is not None
        return Path(self._folder.name)

    def close(self) -> None:
        """Take it away."""
        if self._folder is not None:
            subprocess.run(["umount", self._folder.name], check=False)
            self._folder.cleanup()
            self._folder = None

    def _mount(self) -> str:
        if sys.platform != "linux" or os.geteuid() != 0:
            return "only an administrator of a Linux can mount a small disk"
        folder = TemporaryDirectory()
        command = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", folder.name]
        with suppress(OSError):
            done = subprocess.run(command, capture_output=True, check=False)
            if done.returncode == 0:
                self._folder = folder
                return ""
        folder.cleanup()
        return "a small disk cannot be mounted here"


DISK = Disk()
FILES = Wall(lambda: None, small_files)
MOUNTED = Wall(DISK.under, small_disk)


def save(desk: Session, _: Place, world: World) -> None:
    """One field of one leg, and long enough to need new pages."""
    change_record(desk, world.leg, {"carrier": "A" * 2000, "booking_reference": "B" * 2000})


def take(desk: Session, _: Place, world: World) -> None:
    """Import the bundle."""
    transfer.import_bundle(desk, world.bundle, transfer.review_bundle(desk, world.bundle))


def send(desk: Session, place: Place, world: World) -> None:
    """Send a bundle with something new in it."""
    (partner,) = desk.store.ledger.partners()
    transfer.send_bundle(desk, world.plan, partner.organisation, place.folder)


def renew_slots(_: Session, place: Place, __: World) -> None:
    """Both copies of the slots."""
    key_slots.write_slots(place.folder, _younger(place))


def print_sheet(desk: Session, place: Place, world: World) -> None:
    """Save the traveller's sheet."""
    save_paper(desk, sheet(world.short_plan), place.folder / "sheet.pdf")


def save_without_journal(desk: Session, place: Place, world: World) -> None:
    """Wrong on purpose: nothing is kept by which a half save could be undone."""
    connection_of(desk.store).execute("PRAGMA journal_mode = OFF")
    save(desk, place, world)


def renew_slots_in_place(_: Session, place: Place, __: World) -> None:
    """Wrong on purpose: written where they stand."""
    try:
        written_in_place(place.folder, _younger(place))
    except OSError:
        raise KfdeskError("store.disk") from None


def drop(desk: Session, place: Place, world: World) -> None:
    """Wrong on purpose: a file is written straight under its name."""
    try:
        (place.folder / "drop.age").write_bytes(world.bundle.read_bytes())
    except OSError:
        raise KfdeskError("store.disk") from None


def _younger(place: Place) -> key_slots.SlotFile:
    file = key_slots.read_slots(place.folder)
    return msgspec.structs.replace(file, generation=file.generation + 1)


def _trial(action: Action, wall: Wall, *, theirs: bool = False) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.theirs if theirs else world.ours, wall.under())
        try:
            return _tried(action, wall, (world, place), rng)
        finally:
            world.tidy()
            shutil.rmtree(place.folder, ignore_errors=True)  # it may stand on the small disk

    return trial


def _tried(action: Action, wall: Wall, where: tuple[World, Place], rng: random.Random) -> Seen:
    world, place = where
    desk = world.opened(place)
    before, files = contents(desk.store), _files(place)
    with wall.scarce(place.folder, rng):
        try:
            action(desk, place, world)
            how = "there was room"
        except KfdeskError as refused:
            how = refused.code
    if how == "there was room":
        return Seen(how, _unsound(place))
    if how not in REFUSALS:
        return Seen(how, "refused for another reason")
    if _files(place) != files:
        return Seen(how, f"left over: {', '.join(sorted(_files(place) ^ files))}")
    if _state(desk.store) != before:
        return Seen(how, "the open store is changed")
    desk.store.close()
    if _on_disk(place) != before:
        return Seen(how, "the store on the disk is changed")
    wrong = _unsound(place)
    if not wrong:
        change_record(world.opened(place), world.leg, {"carrier": "7, Exempelbuss"})
    return Seen(how, wrong or _unsound(place))  # a save has just proved that it goes on


def _files(place: Place) -> set[str]:
    """Return the files of the desk without a journal, which the next opening rolls back."""
    return {path.name for path in place.folder.iterdir() if not path.name.endswith("-journal")}


def _on_disk(place: Place) -> bytes:
    try:
        store = store_at(place)
    except KfdeskError as refused:
        return refused.code.encode()
    try:
        return _state(store)
    finally:
        store.close()


def _state(store: Store) -> bytes:
    """Return the contents of the store; the error code if it cannot be read."""
    try:
        return contents(store)
    except KfdeskError as refused:
        return refused.code.encode()


def _unsound(place: Place) -> str:
    try:
        key_slots.read_slots(place.folder)
        store = store_at(place)
    except KfdeskError as refused:
        return refused.code
    try:
        wrong = (*store.verify(), *unfinished(place.folder))
    finally:
        store.close()
    return ", ".join(wrong[:3])


def _harness(name: str, action: Action, control: Action, wall: Wall, size: Size) -> Harness:
    is_theirs = action is take
    absent = DISK.absent if wall is MOUNTED else lambda: ""
    kind = "a small disk" if wall is MOUNTED else "short files"
    return Harness(
        f"{kind}: {name}",
        _trial(action, wall, theirs=is_theirs),
        _trial(control, wall, theirs=is_theirs),
        size,
        absent,
    )


# What is written in place on a full disk finds the very room that it has just given up.
SLOTS_CONTROL = {FILES: renew_slots_in_place, MOUNTED: drop}

HARNESSES = tuple(
    _harness(name, action, control, wall, size)
    for wall in (FILES, MOUNTED)
    for name, action, control, size in (
        ("saving", save, save_without_journal, Size(10, 300, 5_000)),
        ("taking a bundle", take, save_without_journal, Size(6, 150, 5_000)),
        ("making a bundle", send, drop, Size(6, 150, 5_000)),
        ("writing slots", renew_slots, SLOTS_CONTROL[wall], Size(10, 200, 5_000)),
        ("saving a paper", print_sheet, drop, Size(2, 20, 200)),
    )
)
