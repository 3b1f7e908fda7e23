# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that answers with errors, a stick that is pulled out, a stick that is write-protected.

Errors are put into single calls on the store's files (strace): each must come to a refusal with a
code, and what was acknowledged must be there afterwards, whole. Sticks are pulled out by moving
their folder away, and protected by mounting a small disk read only; files are cut and taken away
between the look at them and their taking. The controls save without a journal, and take from memory
what was only looked at.
"""

import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.torture import kill_children
from tests.torture.full_disk import DISK
from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.world import Place, World, contents, open_at, refusal

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.import_review import ImportReview
from kfdesk.services.upkeep.backup import make_backup

_ROOT = Path(__file__).resolve().parents[2]
_CALLS = (
    "write,pwrite64", "fsync", "fdatasync", "unlink", "ftruncate", "read,pread64", "openat",
)  # fmt: skip
_ERRORS = ("EIO", "EIO", "ENOSPC", "EROFS")
_LATEST = 24
_REFUSALS = {"store.disk", "store.unreadable", "store.damaged", "store.wrong_key", "store.missing"}


def _errors(*, is_wrong: bool) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        call, error = rng.choice(_CALLS), rng.choice(_ERRORS)
        when = f"{rng.randrange(1, _LATEST)}{rng.choice(('', '+'))}"
        if is_wrong:  # one write in the midst of a save, which nothing takes back
            call, error, when = "write,pwrite64", "EIO", f"{rng.randrange(2, _LATEST)}"
        command = [
            "strace", "-f", "--seccomp-bpf", "-e", f"trace={call}",
            "-o", str(world.scratch() / "calls"), "-P", str(place.file),
            "-P", f"{place.file}-journal", "-e", f"inject={call}:error={error}:when={when}",
            sys.executable, "-m", "tests.torture.fault_child", str(place.folder), place.key.hex(),
            world.leg.hex(), *(["wrong"] if is_wrong else []),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, cwd=_ROOT, check=False)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["nothing was said"])[-1]
            return Seen("ended", f"{call} {error} {when}: {last}")
        lines = [line.split() for line in done.stdout.splitlines()]
        codes = {what for how, what in lines if how == "refused"}
        if codes - _REFUSALS:
            return Seen("refused", f"{call} {error}: refused by {min(codes - _REFUSALS)}")
        saved = [int(what) for how, what in lines if how == "saved"]
        wrong = _wrong(world, place, max(saved, default=0))
        how = "refused" if codes else "never met"
        return Seen(how, f"{call} {error} {when}: {wrong}" if wrong else "")

    return trial


def _wrong(world: World, place: Place, saved: int) -> str:
    try:
        desk = open_at(place)
    except KfdeskError as fault:
        return f"does not open: {fault.code}"
    try:
        row = desk.store.row(world.leg)
        assert row is not None
        record = view(row, Leg).record
        found = {str(getattr(record, key)) for key in kill_children.TWIN_FIELDS}
        if saved and (len(found) > 1 or not min(found).isdigit() or int(min(found)) < saved):
            return f"acknowledged {saved}, found {sorted(found)}"
        return next(iter(desk.store.verify()), "")
    finally:
        desk.store.close()


# sticks


@dataclass(frozen=True, slots=True)
class Pulled:
    """One way of pulling something out: what must be so is that nothing changed."""

    name: str
    work: Callable[[World, Place, random.Random], str]


def _save_without_stick(world: World, place: Place, _rng: random.Random) -> str:
    """Check that a save is refused without the stick, which keeps what it had."""
    desk = world.opened(place)
    before = contents(desk.store)
    away = place.folder.with_name(f"{place.folder.name} away")
    place.folder.rename(away)
    code = refusal(lambda: change_record(desk, world.leg, {"carrier": "41"}))
    if not code:
        return "a save was acknowledged on a stick that is gone"
    return _compared(before, Place(away, place.key))


def _backup_without_stick(world: World, place: Place, rng: random.Random) -> str:
    desk = world.opened(place)
    before, stick = contents(desk.store), world.scratch()
    moment = rng.randrange(1, 12)

    @dataclass
    class Pulling:
        told: int = 0

        def step(self, _done: int, _of: int) -> None:
            self.told += 1
            if self.told == moment:
                shutil.rmtree(stick)

    code = refusal(lambda: make_backup(desk, stick, Pulling()))
    if stick.exists() and not code:
        return ""  # it was quicker
    if not code.startswith("backup."):
        return f"a backup on a stick that is gone: {code or 'no refusal'}"
    return "" if contents(desk.store) == before else "the store was changed"


def _taken_after_a_cut(world: World, place: Place, rng: random.Random) -> str:
    return _taken(world, rng, transfer.import_bundle)


def _taken(
    world: World, rng: random.Random, take: Callable[[Session, Path, ImportReview], object]
) -> str:
    desk = world.opened(world.copy(world.theirs))
    file = world.scratch() / world.bundle.name
    shutil.copy(world.bundle, file)
    reviewed = transfer.review_bundle(desk, file)
    before = contents(desk.store)
    if rng.random() < 0.5:
        file.unlink()
    else:
        with file.open("r+b") as opened:
            opened.truncate(rng.randrange(file.stat().st_size))
    code = refusal(lambda: take(desk, file, reviewed))
    if not code:
        return "a file that was cut after the look was taken"
    return "" if contents(desk.store) == before else "the store was changed"


def _take_from_memory(desk: Session, _file: Path, reviewed: ImportReview) -> None:
    with desk.store.transaction():
        desk.store.put_all((row, None) for row in reviewed.new)


def _send_to_nowhere(world: World, place: Place, _rng: random.Random) -> str:
    desk = world.opened(place)
    partner = world.identity(world.theirs).organisation
    before = desk.store.digest()
    gone = world.scratch() / "gone"
    code = refusal(lambda: transfer.send_bundle(desk, world.plan, partner, gone))
    if not code:
        return "a file was written where there is no folder"
    return "" if desk.store.digest() == before else "the store was changed"


def _protected(world: World, _place: Place, rng: random.Random) -> str:
    """Check a small read-only disk: all is readable, nothing is written, no file is left.

    The write-protect switch of a stick that is moved while the store is open is among the
    errors in single calls.
    """
    place = world.copy(world.ours, DISK.under())
    names = sorted(path.name for path in place.folder.iterdir())
    try:
        before = _whole(place)
        _mounted("ro")
        try:
            desk = open_at(place)
            code = refusal(lambda: change_record(desk, world.leg, {"carrier": "41"}))
            backup = refusal(lambda: make_backup(desk, DISK.under()))
            desk.store.close()
        finally:
            _mounted("rw")
        if not code or not backup.startswith("backup."):
            return f"on a write-protected disk: save {code or 'done'}, backup {backup or 'done'}"
        if _whole(place) != before or names != sorted(path.name for path in place.folder.iterdir()):
            return "the stick was changed"
        desk = open_at(place)
        change_record(desk, world.leg, {"carrier": str(rng.random())})  # it goes on afterwards
        desk.store.close()
    finally:
        shutil.rmtree(place.folder)
    return ""


def _whole(place: Place) -> bytes:
    desk = open_at(place)
    try:
        return contents(desk.store)
    finally:
        desk.store.close()


def _mounted(how: str) -> None:
    command = ["mount", "-o", f"remount,{how}", str(DISK.under())]
    subprocess.run(command, check=True, capture_output=True)


def _compared(before: bytes, place: Place) -> str:
    return "" if _whole(place) == before else "the stick has something else"


_PULLED = (
    Pulled("store", _save_without_stick),
    Pulled("backup", _backup_without_stick),
    Pulled("cut after the look", _taken_after_a_cut),
    Pulled("sent to nowhere", _send_to_nowhere),
)


def _pulled(world: World, rng: random.Random) -> Seen:
    way = rng.choice(_PULLED)
    wrong = way.work(world, world.copy(world.ours), rng)
    return Seen(way.name, f"{way.name}: {wrong}" if wrong else "")


def _from_memory(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: what was looked at is taken, whatever has become of the file."""
    return Seen("taken", _taken(world, rng, _take_from_memory))


def _protected_trial(world: World, rng: random.Random) -> Seen:
    return Seen("protected", _protected(world, world.ours, rng))


def _unprotected(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: the disk is not protected at all."""
    place = world.copy(world.ours, DISK.under())
    desk = open_at(place)
    code = refusal(lambda: change_record(desk, world.leg, {"carrier": "41"}))
    desk.store.close()
    shutil.rmtree(place.folder)
    return Seen("saved", "" if code else "a save was done")


def _absent() -> str:
    return "" if shutil.which("strace") else "strace is not installed here"


HARNESSES = (
    Harness("errors of the disk in single calls", _errors(is_wrong=False), _errors(is_wrong=True),
            Size(1, 40, 5_000), _absent),
    Harness("a stick pulled out, a file cut", _pulled, _from_memory, Size(6, 200, 10_000)),
    Harness("a small disk: write-protected", _protected_trial, _unprotected, Size(2, 40, 2_000),
            DISK.absent),
)  # fmt: skip
