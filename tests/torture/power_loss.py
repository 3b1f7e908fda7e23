# SPDX-License-Identifier: GPL-3.0-or-later
"""A lost power supply: every state that the disk could have been in after any system call.

kill -9 leaves what the program wrote in the system's memory, so it says nothing of flushing. Here
each call of a real run of saves is played back on the model of a disk. What was acknowledged must
be there, what was not may be, by whole; both checks are clean. The control leaves the folder
unflushed when the journal is removed (`synchronous = FULL`).
"""

import random
import shutil
import sys
from pathlib import Path

from tests.torture import kill_children
from tests.torture.disk_model import Log, take_down
from tests.torture.harness import Harness, Seen, Size
from tests.torture.power_child import SAVES
from tests.torture.world import Place, World, open_at

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.storage import key_slots

_TOLD = "told"

_LOGS: dict[tuple[Path, bool], Log] = {}


def log_of(world: World, *, is_wrong: bool) -> Log:
    """Return the calls of one run, recorded once in a process."""
    known = (world.folder, is_wrong)
    if known not in _LOGS:
        _LOGS[known] = _taken_down(world, is_wrong=is_wrong)
    return _LOGS[known]


def _taken_down(world: World, *, is_wrong: bool) -> Log:
    place = world.copy(world.ours)
    told = world.scratch() / _TOLD
    command = [
        sys.executable, "-m", "tests.torture.power_child", str(place.folder), place.key.hex(),
        world.leg.hex(), str(told), *(["wrong"] if is_wrong else []),
    ]  # fmt: skip
    log = take_down(command, place.folder, told)
    assert log.said[-1][1][0] == SAVES
    return log


def _played(world: World, rng: random.Random, log: Log) -> Seen:
    """One moment at which the power goes, and what is found afterwards."""
    folder = world.scratch()
    how, last = log.lose_power(rng, folder)
    wrong = _wrong(world, Place(folder, world.ours.key), log.acknowledged(last))
    shutil.rmtree(folder, ignore_errors=True)
    return Seen(how, f"after call {last}, {how} of the rest: {wrong}" if wrong else "")


def _wrong(world: World, place: Place, said: tuple[int, ...]) -> str:
    try:
        first = key_slots.read_slots(world.ours.folder).generation
        generation = key_slots.read_slots(place.folder).generation
        desk = open_at(place)
    except KfdeskError as fault:
        return fault.code
    try:
        row = desk.store.row(world.leg)
        assert row is not None
        record = view(row, Leg).record
        found = {str(getattr(record, key)) for key in kill_children.TWIN_FIELDS}
        numbers = {int(text) if text.isdigit() else 0 for text in found}
        if len(found) > 1 and said[0]:
            return "half a save"
        if not said[0] <= max(numbers) <= said[0] + 1:
            return f"acknowledged {said[0]}, found {max(numbers)}"
        if generation - first < said[1]:
            return f"slots {said[1]} were acknowledged, found {generation}"
        return next(iter(desk.store.verify()), "")
    finally:
        desk.store.close()


def _trial(world: World, rng: random.Random) -> Seen:
    return _played(world, rng, log_of(world, is_wrong=False))


def _unflushed(world: World, rng: random.Random) -> Seen:
    return _played(world, rng, log_of(world, is_wrong=True))


def absent() -> str:
    return "" if shutil.which("strace") else "strace is not installed here"


HARNESSES = (
    Harness(
        "power lost: after any call of saving",
        _trial,
        _unflushed,
        Size(15, 2_000, 1_000_000),
        absent,
    ),
)
