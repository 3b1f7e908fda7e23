# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs in the processes that are killed while they keep things safe or let them go.

They keep drafts, make backups, restore one, erase clients. Like `kill_children` they say what is
finished only when it is. Where a blow by the clock would hardly ever fall between two names, the
child itself dies at one of its steps on files. The children that are wrong on purpose stand beside
the right ones.
"""

import os
import shutil
import signal
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.desks import MACHINE, WHO
from tests.torture.kill_children import READY, TWIN_FIELDS, Job
from tests.torture.world import connection_of, open_at

from kfdesk import store_lifecycle
from kfdesk.domain.audit import Action
from kfdesk.domain.backup import ErasureEntry
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.rows import seen_writes
from kfdesk.services.accounts import rekey_store
from kfdesk.services.core.drafts import FormState, save_draft
from kfdesk.services.core.records import change_record, create_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.storage import driver, key_slots
from kfdesk.storage.driver import STORE_FILE

NEVER = -1
_ON_FILES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "open", "shutil.copyfile"}


@dataclass(frozen=True, slots=True)
class Errand(Job):
    """A job with a stick, and the step on files at which its child dies; NEVER for by the clock."""

    stick: Path
    fatal: int = NEVER


def dying_at(job: Errand) -> None:
    """Let this process die right before a step on the files of its errand, counted from now."""
    steps, around = count(), str(job.place.folder.parent)

    def on_event(event: str, arguments: tuple[object, ...]) -> None:
        is_ours = event in _ON_FILES and str(arguments[0]).startswith(around)
        if is_ours and next(steps) == job.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    if job.fatal != NEVER:
        sys.addaudithook(on_event)


# drafts


def form_of(desk: Session, rid: bytes, number: int) -> FormState:
    """Return a form with two typed fields of a leg, and a third that cannot be parsed."""
    row, text = require_record(desk, rid), str(number)
    values = dict.fromkeys(TWIN_FIELDS, text)
    return FormState(row.type, values, {"arrives": text}, row.parent, seen_writes(row))


def draft(job: Job, told: Connection) -> None:
    """Keep draft after draft; say each that is kept."""
    desk = open_at(job.place)
    told.send(READY)
    for number in count(1):
        save_draft(desk, job.rid, form_of(desk, job.rid, number))
        told.send(number)


def draft_and_boast(job: Job, told: Connection) -> None:
    """Wrong on purpose: says that a draft is kept before it is."""
    desk = open_at(job.place)
    told.send(READY)
    for number in count(1):
        told.send(number)
        save_draft(desk, job.rid, form_of(desk, job.rid, number))


# backups


class Days:
    """A clock on which a day passes whenever it is asked."""

    def __init__(self) -> None:
        self._time = datetime(2027, 1, 1, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self._time += timedelta(hours=8)
        return self._time

    def drift(self) -> timedelta:
        return timedelta(0)


def back_up(job: Errand, told: Connection) -> None:
    """Make backup after backup, one a day, so that old ones go; say each that stands."""
    desk = open_at(job.place)
    desk = replace(desk, adapters=replace(desk.adapters, clock=Days()))
    told.send(READY)
    dying_at(job)
    for number in count(1):
        make_backup(desk, job.stick)
        told.send(number)


def back_up_in_place(job: Errand, told: Connection) -> None:
    """Wrong on purpose: copies piece by piece under the final name."""
    told.send(READY)
    dying_at(job)
    for number in count(1):
        folder = job.stick / f"notebook-2026-01-01-{number // 60:02}{number % 60:02}"
        folder.mkdir()
        with job.place.file.open("rb") as read, (folder / STORE_FILE).open("wb") as written:
            while piece := read.read(4096):
                written.write(piece)
                os.fsync(written.fileno())
        key_slots.write_slots(folder, key_slots.read_slots(job.place.folder))
        told.send(number)


@dataclass(frozen=True, slots=True)
class StepErrand(Errand):
    """An errand whose child may also die at a step of the backup's progress."""

    step: int = NEVER


class Calendar:
    """A clock that stands at nine o'clock of a day."""

    def __init__(self, day: int) -> None:
        self.day = day

    def now(self) -> datetime:
        return datetime(2027, 1, 1, 9, 0, tzinfo=UTC) + timedelta(days=self.day)

    def drift(self) -> timedelta:
        return timedelta(0)


class Dying:
    """A progress at one step of which this process dies, counted from now."""

    def __init__(self, fatal: int) -> None:
        self._left = fatal

    def step(self, _done: int, _of: int) -> None:
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1


WEEK = 7
_DAYS = range(1, 4)


def at_calendar(desk: Session, day: int) -> tuple[Session, Calendar]:
    """Return the desk on a day of its own, and the clock that says so."""
    clock = Calendar(day)
    return replace(desk, adapters=replace(desk.adapters, clock=clock)), clock


def back_up_into_older(job: StepErrand, told: Connection) -> None:
    """Do a day's work and make a backup, day after day, each into the one that goes."""
    desk, clock = at_calendar(open_at(job.place), WEEK)
    told.send(READY)
    dying_at(job)
    progress = Dying(job.step)
    for number in _DAYS:
        clock.day += 1
        change_record(desk, job.rid, {"carrier": f"{number}, Exempelbuss"})
        make_backup(desk, job.stick, progress)
        told.send(number)


def back_up_over_older(job: StepErrand, told: Connection) -> None:
    """Wrong on purpose: writes into the oldest backup under its whole name."""
    desk, clock = at_calendar(open_at(job.place), WEEK)
    told.send(READY)
    progress = Dying(job.step)
    for number in _DAYS:
        clock.day += 1
        change_record(desk, job.rid, {"carrier": f"{number}, Exempelbuss"})
        oldest = min(job.stick.iterdir())
        with job.place.file.open("rb") as read, (oldest / STORE_FILE).open("rb+") as written:
            while page := read.read(driver.PAGE_BYTES):
                progress.step(0, 0)
                if page != written.read(driver.PAGE_BYTES):
                    written.seek(read.tell() - driver.PAGE_BYTES)
                    written.write(page)
                    os.fsync(written.fileno())
                written.seek(read.tell())
        oldest.rename(job.stick / f"{clock.now():notebook-%Y-%m-%d-%H%M}")
        told.send(number)


# restoring


def restore(job: Errand, told: Connection) -> None:
    """Put the backup in the place of the store."""
    told.send(READY)
    dying_at(job)
    store_lifecycle.restore_store(job.stick, job.place.folder, WHO, MACHINE)
    told.send(1)
    told.poll(None)


def restore_over_it(job: Errand, told: Connection) -> None:
    """Wrong on purpose: removes the old store, then copies the backup into its place."""
    told.send(READY)
    dying_at(job)
    (backup,) = job.stick.iterdir()
    shutil.rmtree(job.place.folder)
    job.place.folder.mkdir()
    for path in backup.iterdir():
        shutil.copyfile(path, job.place.folder / path.name)
    told.send(1)
    told.poll(None)


# a new data key


def rekey(job: Errand, told: Connection) -> None:
    """Write everything anew under another key."""
    desk = store_lifecycle.unlock_store(job.place.folder, WHO, MACHINE)
    told.send(READY)
    dying_at(job)
    rekey_store(desk, WHO.passphrase, {})
    told.send(1)
    told.poll(None)


def rekey_in_place(job: Errand, told: Connection) -> None:
    """Wrong on purpose: the store where it stands first, then the slots."""
    desk = store_lifecycle.unlock_store(job.place.folder, WHO, MACHINE)
    told.send(READY)
    dying_at(job)
    key = os.urandom(driver.KEY_BYTES)
    connection_of(desk.store).execute(f"PRAGMA rekey = \"x'{key.hex()}'\"")
    slot = key_slots.new_user_slot(
        key, WHO.initials, WHO.passphrase, key_slots.MIN_COST, os.urandom
    )
    before = key_slots.read_slots(job.place.folder)
    key_slots.write_slots(job.place.folder, key_slots.SlotFile(before.generation + 1, (slot,)))
    told.send(1)
    told.poll(None)


# erasing


def enter_clients(desk: Session, number: int) -> list[bytes]:
    """So many clients, each with a plan and two legs; returns their ids."""
    clients = []
    for each in range(number):
        client = create_record(desk, Client, {"code": f"vide-{each + 30}"})
        plan = create_record(desk, Plan, {}, parent=client)
        for leg in (1, 2):
            create_record(desk, Leg, {"sequence": leg, "carrier": "Exempelbuss"}, parent=plan)
        clients.append(client)
    return clients


def clients_of(desk: Session) -> list[bytes]:
    """Return the clients that `enter_clients` made, in the order of their erasure."""
    rows = desk.store.rows("client")
    return sorted(row.rid for row in rows if len(desk.store.tree.family((row.rid,))) == FAMILY)


FAMILY = 4


def erase(job: Job, told: Connection) -> None:
    """Erase client after client; say each that is gone."""
    desk = open_at(job.place)
    clients = clients_of(desk)
    told.send(READY)
    for number, client in enumerate(clients, 1):
        erase_client(desk, client, ErasureReason.CLIENT_REQUEST)
        told.send(number)
    told.poll(None)


def erase_piecemeal(job: Job, told: Connection) -> None:
    """Wrong on purpose: each record goes in a transaction of its own."""
    desk = open_at(job.place)
    clients = clients_of(desk)
    told.send(READY)
    for number, client in enumerate(clients, 1):
        for rid in sorted(desk.store.tree.family((client,))):
            with desk.store.transaction():
                for table in ("record_client", "record_plan", "record_leg", "place"):
                    connection_of(desk.store).execute(f"DELETE FROM {table} WHERE rid = ?", (rid,))
                desk.store.erasures.mark([ErasureEntry(rid, 1, "error")])
        with desk.store.transaction():
            desk.log(Action.ERASE, client)
        told.send(number)
    told.poll(None)
