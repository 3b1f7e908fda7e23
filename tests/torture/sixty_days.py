# SPDX-License-Identifier: GPL-3.0-or-later
"""Many laptops of one house, many days and a bad post: real stores and real files, nothing lost.

Files are lost, doubled and overtaken; laptops restore backups, or go on from an older copy. Beside
it the same story is told with last-writer-wins, by record and by field, and all figures are
printed. What counts as lost: words that were in a store at the end or in a file that came, that
live nowhere, and that nobody who had seen them has replaced.
"""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, permutations
from pathlib import Path

from benchmarks.desks import MACHINE, WHO, new_leg
from tests.support.laptops import SetUp, make_house
from tests.torture.harness import Harness, Seen, Size
from tests.torture.world import Place, World, open_at, place_of, refusal

from kfdesk import store_lifecycle
from kfdesk.demo import people, story
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.services.exchange.partners import PartnerTerms
from kfdesk.services.upkeep.backup import make_backup

LOST, DOUBLED, OVERTAKEN = 0.2, 0.15, 0.3
SET_ASIDE, RESTORED, COPIED = 2.4, 1.2, 0.6  # times that it befalls each laptop
FIELDS = ("carrier", "booking_reference", "fallback")
LEGS = 6
ROUNDS = 4  # at the end, of files from everybody to everybody

Cell = tuple[int, str]
Newest = dict[Cell, tuple[int, str]]


@dataclass
class Words:
    """Words of one laptop: by our joining, and by two ways in which the last writer wins."""

    ever: set[tuple[Cell, str]] = field(default_factory=set)
    by_field: Newest = field(default_factory=dict)
    by_record: dict[int, tuple[int, Newest]] = field(default_factory=dict)

    def copy(self) -> "Words":
        return Words(set(self.ever), dict(self.by_field), dict(self.by_record))

    def write(self, cell: Cell, time: int, text: str) -> None:
        self.ever.add((cell, text))
        self.by_field[cell] = (time, text)
        _, before = self.by_record.get(cell[0], (0, {}))
        self.by_record[cell[0]] = (time, {**before, cell: (time, text)})

    def take(self, sent: "Words") -> None:
        self.ever |= sent.ever
        for cell, one in sent.by_field.items():
            self.by_field[cell] = max(self.by_field.get(cell, one), one)
        for leg, record in sent.by_record.items():
            mine = self.by_record.get(leg, record)
            self.by_record[leg] = mine if mine[0] >= record[0] else record


@dataclass
class Laptop:
    """A store that can be closed, copied and put back, with what its people know of it."""

    place: Place
    desk: Session
    words: Words
    backups: list[tuple[Path, Words]] = field(default_factory=list)
    copies: list[tuple[Path, Words]] = field(default_factory=list)


@dataclass
class Tale:
    """The laptops, what is on its way, and what everybody wrote, with what each had seen."""

    folder: Path
    rng: random.Random
    laptops: list[Laptop]
    legs: tuple[bytes, ...]
    days: int
    way: list[tuple[int, Path, Words]] = field(default_factory=list)
    seen: dict[tuple[Cell, str], frozenset[str]] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    files: int = 0
    alarms: int = 0
    falls: int = 0

    def live(self, laptop: Laptop, cell: Cell) -> frozenset[str]:
        row = laptop.desk.store.row(self.legs[cell[0]])
        assert row is not None
        found = view(row, Leg)
        if cell[1] in found.conflicts:
            return frozenset(str(one.value) for one in found.versions[cell[1]])
        return frozenset({str(getattr(found.record, cell[1]))})

    def write(self, laptop: Laptop) -> None:
        cell = (self.rng.randrange(len(self.legs)), self.rng.choice(FIELDS))
        time = next(self.numbers)
        text = f"{self.rng.choice(('A', 'B'))} {time}"
        self.seen[cell, text] = self.live(laptop, cell)
        change_record(laptop.desk, self.legs[cell[0]], {cell[1]: text})
        laptop.words.write(cell, time, text)

    def send(self, number: int, to: int) -> bool:
        """Send a file from one laptop to another; return False if nothing is new."""
        here, there = self.laptops[number], self.laptops[to].desk.identity.device
        if transfer.prepare_full_sync(here.desk, there).fault is not None:
            return False
        (made,) = transfer.send_full_sync(here.desk, there, self.folder)
        self.files += 1
        self.way.append((to, made.path, here.words.copy()))
        return True

    def take(self, to: int, path: Path, sent: Words) -> None:
        desk = self.laptops[to].desk
        code = refusal(
            lambda: transfer.import_bundle(desk, path, transfer.review_bundle(desk, path))
        )
        assert code in ("", "bundle.taken_before", "bundle.forked")
        self.alarms += code == "bundle.forked"
        if not code:
            self.laptops[to].words.take(sent)

    def fall_back(self, laptop: Laptop) -> None:
        """Restore a backup, or put an older copy in the place of the store."""
        if laptop.backups and self.rng.random() < RESTORED / self.days:
            self.restore(laptop, *self.rng.choice(laptop.backups))
        if laptop.copies and self.rng.random() < COPIED / self.days:
            path, words = self.rng.choice(laptop.copies)
            self.falls += 1
            laptop.desk.store.close()
            shutil.rmtree(laptop.place.folder)
            shutil.copytree(path, laptop.place.folder)
            laptop.desk, laptop.words = open_at(laptop.place), words.copy()

    def restore(self, laptop: Laptop, path: Path, words: Words) -> None:
        self.falls += 1
        laptop.desk.store.close()
        store_lifecycle.restore_store(path, laptop.place.folder, WHO, MACHINE)
        laptop.place = place_of(laptop.place.folder)
        laptop.desk, laptop.words = open_at(laptop.place), words.copy()

    def back_up(self, laptop: Laptop) -> tuple[Path, Words]:
        stick = self.folder / f"stick {next(self.numbers)}"
        stick.mkdir()
        return make_backup(laptop.desk, stick).path, laptop.words.copy()

    def set_aside(self, laptop: Laptop) -> None:
        laptop.backups.append(self.back_up(laptop))
        laptop.desk.store.close()
        kept = self.folder / f"copy {next(self.numbers)}"
        shutil.copytree(laptop.place.folder, kept)
        laptop.copies.append((kept, laptop.words.copy()))
        laptop.desk = open_at(laptop.place)

    def day(self) -> None:
        for number, laptop in enumerate(self.laptops):
            self.fall_back(laptop)
            self.write(laptop)
            if self.rng.random() < SET_ASIDE / self.days:
                self.set_aside(laptop)
            for to in self.rng.sample([n for n in range(len(self.laptops)) if n != number], 2):
                before = len(self.way)
                if self.send(number, to):
                    if self.rng.random() < LOST:
                        del self.way[before:]
                    elif self.rng.random() < DOUBLED:
                        self.way += self.way[before:]
        self.rng.shuffle(self.way)
        late = int(len(self.way) * OVERTAKEN)
        due, self.way = self.way[late:], self.way[:late]
        for one in due:
            self.take(*one)

    def end(self) -> bool:
        """Deliver all files, restore forked laptops, and sync until all are level.

        Return whether they are level after as many rounds as changes may need to reach all.
        """
        due, self.way = self.way, []
        for one in due:
            self.take(*one)
        for laptop in self.laptops:
            self.restore(laptop, *self.back_up(laptop))
        for _ in range(ROUNDS):
            for number, to in permutations(range(len(self.laptops)), 2):
                if self.send(number, to):
                    self.take(*self.way.pop())
            if len({laptop.desk.store.digest() for laptop in self.laptops}) == 1:
                return True
        return False

    def lost(self, living: set[tuple[Cell, str]]) -> int:
        """Count the texts of any store that are gone and that nobody replaced knowingly."""
        whole = set().union(*(laptop.words.ever for laptop in self.laptops))
        replaced = {(cell, old) for (cell, new), seen in self.seen.items() for old in seen
                    if (cell, new) in whole}  # fmt: skip
        return len(whole - living - replaced)

    def outcome(self) -> Seen:
        falls = self.falls
        is_level = self.end()
        first = self.laptops[0]
        cells = [(leg, key) for leg in range(len(self.legs)) for key in FIELDS]
        ours = {(cell, text) for cell in cells for text in self.live(first, cell)}
        by_field = {(cell, text) for cell, (_, text) in first.words.by_field.items()}
        by_record = {(cell, text) for _, record in first.words.by_record.values()
                     for cell, (_, text) in record.items()}  # fmt: skip
        lost = [self.lost(living) for living in (ours, by_field, by_record)]
        wrong = [
            *([] if is_level else ["they hold not the same"]),
            *([f"{lost[0]} writes are lost"] if lost[0] else []),
            *(fault for laptop in self.laptops for fault in laptop.desk.store.verify()),
        ]
        figures = (
            f"{len(self.seen)} writes in {self.files} files, {falls} times an older store, "
            f"{self.alarms} alarms; lost: ours {lost[0]}, last writer by field {lost[1]}, "
            f"by record {lost[2]}"
        )
        return Seen(figures, "; ".join(wrong[:2]))


@contextmanager
def told(folder: Path, rng: random.Random, laptops: int, days: int) -> Iterator[Tale]:
    """Yield the story of so many laptops and days up to the last evening; close it afterwards."""
    tale = _begun(folder, rng, laptops, days)
    try:
        for _ in range(days):
            tale.day()
        yield tale
    finally:
        for laptop in tale.laptops:
            laptop.desk.store.close()


def _begun(folder: Path, rng: random.Random, laptops: int, days: int) -> Tale:
    post = folder / "post"
    post.mkdir(parents=True)
    desks = a_house(folder, laptops)
    plan, _ = story.enter_plan(desks[0], desks[0].identity.organisation)
    rows = [new_leg(desks[0], plan, number) for number in range(LEGS)]
    with desks[0].store.transaction():
        desks[0].store.put_all((row, None) for row in rows)
    for desk in desks[1:]:
        (made,) = transfer.send_full_sync(desks[0], desk.identity.device, post)
        transfer.import_bundle(desk, made.path, transfer.review_bundle(desk, made.path))
    for desk in desks:
        desk.store.close()
    places = [place_of(folder / str(number)) for number in range(laptops)]
    made_ready = [Laptop(place, open_at(place), Words()) for place in places]
    return Tale(post, rng, made_ready, tuple(row.rid for row in rows), days)


def a_house(folder: Path, laptops: int) -> list[Session]:
    """Laptops of one house that all trust each other."""
    first = store_lifecycle.create_store(folder / "0", people.HOUSE, WHO, MACHINE)
    terms = PartnerTerms(is_third_country=False, name="Bärbar dator")
    return make_house(folder, first, laptops, SetUp(WHO, MACHINE, terms))


def _trial(world: World, rng: random.Random) -> Seen:
    with told(world.scratch(), rng, 12, 60) as tale:
        return tale.outcome()


def _last_writer(world: World, rng: random.Random) -> Seen:
    """Let the last writer win, as if that were all there is: the control."""
    with told(world.scratch(), rng, 3, 6) as tale:
        seen = tale.outcome()
    return Seen(seen.how, "" if "by record 0" in seen.how else "words are lost")


HARNESSES = (
    Harness("twelve laptops, sixty days, a bad post", _trial, _last_writer, Size(0, 1, 20)),
)
