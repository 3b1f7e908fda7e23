# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 while everything goes to another laptop of the house, in small files, each by itself.

What was written can be taken, no number is used twice, and the next run brings the rest. What was
taken is there whole, once, and taking goes on with the rest. The files are small here, so that one
trial has several of them.
"""

import os
import random
import shutil
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from tests.torture.harness import Seen, Size, Trial, joined
from tests.torture.keeping_children import NEVER, Dying, Errand, dying_at
from tests.torture.kill_children import READY
from tests.torture.kills import killed
from tests.torture.sixty_days import a_house
from tests.torture.world import Place, World, open_at, place_of

from kfdesk.demo import story
from kfdesk.domain.audit import Action
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import outbox, transfer
from kfdesk.services.plans.case import NewAttachment, add_attachment

_DOCUMENTS, _LETTER, _PART = 4, 90_000, 80_000
_WRITE, _TAKE, _LONGEST = 0.8, 0.8, 3.0
_STEPS = 30


@dataclass(frozen=True, slots=True)
class House:
    """Two laptops of one house, and all files from the first for the second with their rows."""

    one: Place
    two: Place
    device: bytes
    files: Path
    rows: Mapping[str, int]
    entries: int
    """How many entries the second laptop's history gets where nothing is killed."""


@dataclass(frozen=True, slots=True)
class HouseErrand(Errand):
    """An errand for the other laptop, whose child may also die before a part."""

    device: bytes = b""
    step: int = NEVER


@cache
def _house(world_folder: Path) -> House:
    """Return the house, made once for all trials; nobody writes there."""
    around = world_folder / "house"
    (files := around / "files").mkdir(parents=True)
    one, two = a_house(around, 2)
    plan, _ = story.enter_plan(one, one.identity.organisation)
    for number in range(_DOCUMENTS):
        letter = f"{number} {'Ett påhittat brev. ' * (_LETTER // 20)}".encode()
        add_attachment(one, plan, NewAttachment("Brev", BytesIO(letter)))
    for desk in (one, two):
        desk.store.close()
    first, second = place_of(around / "0"), place_of(around / "1")
    _write(copied := _copied_to(first, around / "sends"), two.identity.device, files)
    shutil.rmtree(copied.folder)
    reader = open_at(_copied_to(second, around / "takes"))
    rows = {path.name: len(transfer.review_bundle(reader, path).new) for path in files.iterdir()}
    transfer.import_files(reader, transfer.preview_files(reader, _parts(files)).files)
    entries = _import_entries(reader)
    reader.store.close()
    assert len(rows) == 1 + _DOCUMENTS
    return House(first, second, two.identity.device, files, rows, entries)


def _import_entries(desk: Session) -> int:
    return sum(event.action is Action.IMPORT for _, event in desk.store.ledger.events(None, 9999))


def _copied_to(place: Place, folder: Path) -> Place:
    return Place(Path(shutil.copytree(place.folder, folder)), place.key)


def _write(place: Place, device: bytes, post: Path) -> None:
    desk = open_at(place)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox, "PART_BYTES", _PART)
        transfer.send_full_sync(desk, device, post)
    desk.store.close()


# writing


def write_parts(job: HouseErrand, told: Connection) -> None:
    """Write everything for the other laptop."""
    desk = open_at(job.place)
    outbox.PART_BYTES = _PART  # of this process, which ends
    told.send(READY)
    dying_at(job)
    transfer.send_full_sync(desk, job.device, job.stick, Dying(job.step))
    told.send(1)


def write_parts_and_note_later(job: HouseErrand, told: Connection) -> None:
    """Wrong on purpose: a file has its name before the store knows that its number is used."""
    desk = open_at(job.place)
    outbox.PART_BYTES = _PART
    made = desk.adapters.bundles.make
    fatal = max(job.step, job.fatal) % _DOCUMENTS

    def make(route: Any, envelope: Any, load: Any, note: Callable[[bytes], None]) -> Any:
        nonlocal fatal
        written = made(route, envelope, load, lambda _digest: None)
        if fatal == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        fatal -= 1
        note(written.digest)
        return written

    late: Any = _Late(desk.adapters.bundles, make)
    desk = replace(desk, adapters=replace(desk.adapters, bundles=late))
    told.send(READY)
    transfer.send_full_sync(desk, job.device, job.stick)
    told.send(1)


class _Late:
    """The bundle files of a desk with another `make`."""

    def __init__(self, bundles: Any, make: Callable[..., Any]) -> None:
        self._bundles = bundles
        self.make = make

    def __getattr__(self, name: str) -> Any:
        return getattr(self._bundles, name)


def _moment(rng: random.Random, within: float) -> tuple[int, int, float]:
    """Return the part before which a child dies, or the step on files, and by when."""
    step, fatal = rng.choice(
        ((rng.randrange(1, 1 + _DOCUMENTS), NEVER), (NEVER, rng.randrange(_STEPS)), (NEVER, NEVER))
    )
    return step, fatal, rng.uniform(0, within) if step == fatal == NEVER else _LONGEST


def _writes(child: Callable[..., None]) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        house, around = _house(world.folder), world.scratch()
        one = _copied_to(house.one, around / "one")
        two = _copied_to(house.two, around / "two")
        (post := around / "post").mkdir()
        step, fatal, seconds = _moment(rng, _WRITE)
        job = HouseErrand(one, world.leg, world.bundle, post, fatal, house.device, step)
        said = killed(child, job, seconds)
        before = _parts(post)
        how = f"{len(before)} of {len(house.rows)} parts written"
        if said and len(before) < len(house.rows):
            return Seen(how, "an acknowledged part is not there")
        _write(one, house.device, post)
        return Seen(how, _wrong_laptops(world, house, (one, two), _parts(post)))

    return trial


def _parts(post: Path) -> list[Path]:
    return sorted(path for path in post.iterdir() if path.suffix == ".age")


def _wrong_laptops(
    world: World, house: House, laptops: tuple[Place, Place], files: list[Path]
) -> str:
    """Take all files, and return what is wrong then: a number twice, something lost or unsound."""
    one, two = map(world.opened, laptops)
    found = transfer.preview_files(two, files)
    if any(each.fault is not None for each in found.files):
        return f"refused: {next(each.fault.code for each in found.files if each.fault)}"
    done = transfer.import_files(two, found.files)
    if done.faults or done.left or done.taken + found.taken_before != len(files):
        codes = ", ".join(fault.code for fault in done.faults)
        return f"of {len(files)} files {done.taken} were taken: {codes}"
    return _differ(one, two)


def _differ(one: Session, two: Session) -> str:
    if two.store.contents.sizes() != one.store.contents.sizes():
        return "a document is lost"
    if not set(one.store.tree.rids()) <= set(two.store.tree.rids()):
        return "a record is lost"
    return ", ".join((*one.store.verify(), *two.store.verify()))


# taking


def take_parts(job: HouseErrand, told: Connection) -> None:
    """Take all files, each by itself."""
    desk = open_at(job.place)
    found = transfer.preview_files(desk, _parts(job.stick))
    told.send(READY)
    transfer.import_files(desk, found.files, Dying(job.step))
    told.send(1)


def take_parts_by_record(job: HouseErrand, told: Connection) -> None:
    """Wrong on purpose: each record of a file is taken by itself."""
    desk = open_at(job.place)
    found = transfer.preview_files(desk, _parts(job.stick))
    told.send(READY)
    progress = Dying(job.step)
    for one in found.files:
        assert one.review is not None
        for row in one.review.new:
            progress.step(0, 0)
            with desk.store.transaction():
                desk.store.put(row)
    told.send(1)


def _takes(child: Callable[..., None]) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        house, around = _house(world.folder), world.scratch()
        place = _copied_to(house.two, around / "two")
        step = rng.choice((NEVER, rng.randrange(60)))
        seconds = rng.uniform(0, _TAKE) if step == NEVER else _LONGEST
        job = HouseErrand(place, world.leg, world.bundle, house.files, NEVER, house.device, step)
        said = killed(child, job, seconds)
        two, files = world.opened(place), _parts(house.files)
        found = transfer.preview_files(two, files)
        how = f"{found.taken_before} of {len(files)} parts taken"
        if said and found.files:
            return Seen(how, "an acknowledged part is not there")
        for each in found.files:
            assert each.review is not None
            if len(each.review.new) != house.rows[each.path.name]:
                return Seen(how, "a part was taken by half")
        done = transfer.import_files(two, found.files)
        if (done.taken, done.left, done.faults) != (len(found.files), 0, ()):
            return Seen(how, "it does not go on")
        if _import_entries(two) != house.entries:
            return Seen(how, "a part was taken twice")
        return Seen(how, _differ(world.opened(_copied_to(house.one, around / "one")), two))

    return trial


HARNESSES = (
    joined(
        "kill -9 while everything goes to another laptop",
        (
            (_writes(write_parts), _writes(write_parts_and_note_later)),
            (_takes(take_parts), _takes(take_parts_by_record)),
        ),
        Size(3, 60, 5_000),
    ),
)
