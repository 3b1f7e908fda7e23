# SPDX-License-Identifier: GPL-3.0-or-later
"""A day of two hundred hours in fast motion: random work at three desks, looked at after each step.

People write, keep drafts, take in lists of contacts and save them, print, lock and open, send each
other files and take them late or twice; clocks leap both ways, processes are killed or end in the
midst of a save, backups are made and restored. After each step must be so: a step that was refused
has changed nothing; what was acknowledged stands where it was written or in the record's history;
and, every few steps, the store is sound by both checks and no letter of what was typed lies plain
on the disk. A failure names its step: the same seed plays the same steps again.
"""

import os
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.desks import WHO, new_leg
from tests.support import make
from tests.support.stores import remembering
from tests.torture.harness import Harness, Seen, Size
from tests.torture.kill_children import READY, TWIN_FIELDS, Job, edit
from tests.torture.kills import killed
from tests.torture.sixty_days import a_house
from tests.torture.world import Place, World, contents, open_at, place_of, store_at

from kfdesk import store_lifecycle
from kfdesk.demo import story
from kfdesk.domain.directory import FileKind, ParseOptions
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.environment import Environment
from kfdesk.services.core.drafts import FormState, save_draft
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.core.stamps import confirm_clock
from kfdesk.services.directory.files import (
    ImportChoices,
    export_contacts,
    import_contacts,
    preview_contact_import,
    read_contact_files,
)
from kfdesk.services.exchange import transfer
from kfdesk.services.papers.production import save_paper
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.storage import key_slots

STEPS = 340  # of some 35 minutes each: two hundred hours
SHORT = 25
CANARY = "KANARIE"
LOOK = 12  # steps between two looks at the whole
_FIELDS = ("carrier", "booking_reference", "fallback")
_LEAPS = (-26, -3, 2, 30)  # hours; so often that each laptop sees some
_FURTHEST = timedelta(days=20)  # from where the day began: history is kept for longer
_BEGIN = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
_CONTACTS = "name,country,phone\n{name},SE,+46 8 123 45 67\n"

Cell = tuple[bytes, str]


class FastClock:
    """A clock that is moved on by hand, and that leaps."""

    def __init__(self) -> None:
        self.time, self.leapt = _BEGIN, timedelta(0)

    def now(self) -> datetime:
        return self.time

    def drift(self) -> timedelta:
        return self.leapt

    def leap(self, by: timedelta) -> None:
        if abs(self.time + by - _BEGIN) < _FURTHEST:
            self.time, self.leapt = self.time + by, self.leapt + by


@dataclass
class Seat:
    """A laptop, what was acknowledged at it, and its backups with what was acknowledged then."""

    folder: Path
    machine: Environment
    clock: FastClock
    desk: Session
    kept: dict[Cell, str] = field(default_factory=dict)
    backups: list[tuple[Path, dict[Cell, str]]] = field(default_factory=list)

    @property
    def place(self) -> Place:
        return place_of(self.folder)


@dataclass
class Day:
    """Three laptops of one house and what goes on between them."""

    folder: Path
    rng: random.Random
    seats: list[Seat]
    plan: bytes
    legs: tuple[bytes, ...]
    post: list[tuple[int, Path]] = field(default_factory=list)
    number: int = 0
    refused: int = 0

    def step(self) -> str:
        """One piece of work at one laptop; what is wrong afterwards."""
        self.number += 1
        name, work = self.rng.choice(_WORK)
        seat = self.rng.choice(self.seats)
        seat.clock.time += timedelta(minutes=self.rng.randrange(5, 65))
        before = contents(seat.desk.store)
        try:
            work(self, seat)
        except KfdeskError as fault:
            self.refused += 1
            if contents(seat.desk.store) != before:
                return f"step {self.number}, {name}: refused ({fault.code}) and changed the store"
        wrong = self.unkept(seat)
        if not wrong and self.number % LOOK == 0:
            wrong = self.unsound()
        return f"step {self.number}, {name}: {wrong}" if wrong else ""

    def unkept(self, seat: Seat) -> str:
        """Return what a laptop acknowledged that is neither current nor in a history."""
        for (rid, key), text in seat.kept.items():
            row = seat.desk.store.row(rid)
            if row is None:
                return "a record is gone"
            found = view(row, Leg)
            live = {str(one.value) for one in found.versions.get(key, ())}
            live.add(str(getattr(found.record, key)))
            if text not in live and text not in {one.value for one in seat.desk.store.history(rid)}:
                return f"what was acknowledged in {key} is gone"
        return ""

    def unsound(self) -> str:
        """Return what both checks report of each store, and any plain text on the disk."""
        for number, seat in enumerate(self.seats):
            for code in seat.desk.store.verify():
                return f"store {number} is not sound: {code}"
        return plain_on_disk(self.folder)

    def word(self) -> str:
        return f"{CANARY}{self.number}"


def plain_on_disk(folder: Path) -> str:
    """Return the first file that contains the canary, in one of two encodings."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.stat().st_size:
            data = path.read_bytes()
            if CANARY.encode() in data or CANARY.encode("utf-16-le") in data:
                return f"plain text lies in {path.name}"
    return ""


# what is done


def _edit(day: Day, seat: Seat) -> None:
    cell = (day.rng.choice(day.legs), day.rng.choice(_FIELDS))
    change_record(seat.desk, cell[0], {cell[1]: day.word()})
    seat.kept[cell] = day.word()


def _type(day: Day, seat: Seat) -> None:
    save_draft(seat.desk, day.rng.choice(day.legs), FormState("leg", {"carrier": day.word()}))


def _take_list(day: Day, seat: Seat) -> None:
    with _aside(day) as out:
        file = out / "list.csv"
        file.write_text(_CONTACTS.format(name=day.word()), encoding="utf-8")
        preview = preview_contact_import(seat.desk, read_contact_files(file), ParseOptions())
        import_contacts(seat.desk, preview, ImportChoices("partners_only"))


def _save_list(day: Day, seat: Seat) -> None:
    with _aside(day) as out:
        export_contacts(seat.desk, FileKind.CSV, out / "list.csv", None)


def _print(day: Day, seat: Seat) -> None:
    with _aside(day) as out:
        save_paper(seat.desk, make.file_copy(day.plan), out / "paper.pdf")


def _send(day: Day, seat: Seat) -> None:
    to = day.rng.choice([n for n, other in enumerate(day.seats) if other is not seat])
    there = day.seats[to].desk.identity.device
    (made,) = transfer.send_full_sync(seat.desk, there, day.folder / "post")
    day.post += [(to, made.path)] * day.rng.choice((0, 1, 1, 1, 2))


def _take(day: Day, seat: Seat) -> None:
    mine = [one for one in day.post if day.seats[one[0]] is seat]
    if mine:
        one = day.rng.choice(mine)
        day.post.remove(one)
        desk = seat.desk
        transfer.import_bundle(desk, one[1], transfer.review_bundle(desk, one[1]))


def _lock(_day: Day, seat: Seat) -> None:
    seat.desk.store.close()
    seat.desk = store_lifecycle.unlock_store(seat.folder, WHO, seat.machine)


def _leap(day: Day, seat: Seat) -> None:
    seat.clock.leap(timedelta(hours=day.rng.choice(_LEAPS)))


def _confirm(_day: Day, seat: Seat) -> None:
    confirm_clock(seat.desk)


def _crash(day: Day, seat: Seat) -> None:
    """Another process saves and saves until it is killed."""
    leg = day.rng.choice(day.legs)
    seat.desk.store.close()
    try:
        said = killed(edit, Job(seat.place, leg, day.folder), day.rng.uniform(0, 0.04))
    finally:
        seat.desk = store_lifecycle.unlock_store(seat.folder, WHO, seat.machine, accepts_older=True)
    if said:
        for key in TWIN_FIELDS:
            seat.kept[leg, key] = str(said)


def _end_in_the_middle(day: Day, seat: Seat) -> None:
    """Another process ends by itself in the midst of a save, of which nothing may be left."""
    seat.desk.store.close()
    before = _whole(seat.place)
    killed(end_in_the_middle, Job(seat.place, day.rng.choice(day.legs), day.folder), 5.0)
    after = _whole(seat.place)
    seat.desk = store_lifecycle.unlock_store(seat.folder, WHO, seat.machine)
    assert after == before, "half a save was left"


def _back_up(day: Day, seat: Seat) -> None:
    stick = day.folder / f"stick {day.number}"
    stick.mkdir()
    seat.backups.append((make_backup(seat.desk, stick).path, dict(seat.kept)))


def _restore(day: Day, seat: Seat) -> None:
    if not seat.backups:
        return
    path, kept = day.rng.choice(seat.backups)
    seat.desk.store.close()
    try:
        done = store_lifecycle.restore_store(path, seat.folder, WHO, seat.machine)
        seat.kept = dict(kept)
        assert done.aside is not None
        shutil.rmtree(done.aside)
    finally:
        seat.desk = store_lifecycle.unlock_store(seat.folder, WHO, seat.machine)


Work = Callable[[Day, Seat], None]
_OFTEN: Mapping[str, tuple[int, Work]] = {
    "edit": (10, _edit), "draft": (3, _type), "list taken": (2, _take_list),
    "list saved": (1, _save_list), "print": (1, _print), "send": (5, _send), "take": (7, _take),
    "lock": (2, _lock), "clock leaps": (2, _leap), "clock confirmed": (2, _confirm),
    "kill -9": (2, _crash), "process ends": (1, _end_in_the_middle), "backup": (2, _back_up),
    "restore": (1, _restore),
}  # fmt: skip
_WORK = [(name, work) for name, (often, work) in _OFTEN.items() for _ in range(often)]


def end_in_the_middle(job: Job, told: Connection) -> None:
    """Begin a save and end before it is done."""
    desk = open_at(job.place)
    told.send(READY)
    with desk.store.transaction():
        row = desk.store.row(job.rid)
        assert row is not None
        desk.store.put(row)
        desk.store.set_setting("half", b"half")
        os._exit(0)


def _whole(place: Place) -> bytes:
    store = store_at(place)
    try:
        return contents(store)
    finally:
        store.close()


@contextmanager
def _aside(day: Day) -> Iterator[Path]:
    """Yield a folder for intended plain text, deleted before the next check."""
    out = day.folder / "out"
    out.mkdir()
    try:
        yield out
    finally:
        shutil.rmtree(out)


@contextmanager
def begun(folder: Path, rng: random.Random) -> Iterator[Day]:
    """Yield the start of the day: three paired laptops with the same plan."""
    (folder / "post").mkdir(parents=True)
    desks = a_house(folder, 3)
    plan, _ = story.enter_plan(desks[0], desks[0].identity.organisation)
    rows = [new_leg(desks[0], plan, number) for number in range(4)]
    with desks[0].store.transaction():
        desks[0].store.put_all((row, None) for row in rows)
    for desk in desks[1:]:
        (made,) = transfer.send_full_sync(desks[0], desk.identity.device, folder / "post")
        transfer.import_bundle(desk, made.path, transfer.review_bundle(desk, made.path))
    for desk in desks:
        desk.store.close()
    day = Day(folder, rng, [], plan, tuple(row.rid for row in rows))
    with remembering():
        try:
            for number in range(3):
                clock = FastClock()
                machine = Environment(
                    clock, os.urandom, key_slots.MIN_COST, folder / f"state {number}"
                )
                where = folder / str(number)
                desk = store_lifecycle.unlock_store(where, WHO, machine)
                day.seats.append(Seat(where, machine, clock, desk))
            yield day
        finally:
            for seat in day.seats:
                seat.desk.store.close()


def play(folder: Path, rng: random.Random, steps: int) -> Seen:
    """Play the day until a step after which something is wrong."""
    with begun(folder, rng) as day:
        for _ in range(steps):
            wrong = day.step()
            if wrong:
                return Seen("went wrong", wrong)
        wrong = day.unsound()
        return Seen(f"{day.number} steps, {day.refused} refused", wrong)


def _trial(world: World, rng: random.Random) -> Seen:
    return play(world.scratch(), rng, STEPS)


def _forgetful(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: a desk that says what it has not saved."""
    with begun(world.scratch(), rng) as day:
        for _ in range(SHORT):
            seat = rng.choice(day.seats)
            seat.kept[rng.choice(day.legs), "carrier"] = day.word()
            wrong = day.step() or day.unkept(seat)
            if wrong:
                return Seen("noticed", wrong)
    return Seen("went unseen")


HARNESSES = (Harness("a day of 200 hours in fast motion", _trial, _forgetful, Size(0, 1, 60)),)
