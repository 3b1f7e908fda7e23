# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs in the processes that are killed: saving, taking a bundle, writing slots, for ever.

Each child says what it has finished through a pipe, and only then: what it said must be on the disk
afterwards. The children that are wrong on purpose stand beside the right ones.
"""

import os
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
from tests.torture.world import Place, open_at

from kfdesk.domain.audit import Action
from kfdesk.domain.registers import apply_changes
from kfdesk.domain.rows import encode_changes, seen_writes
from kfdesk.services.core.records import change_record, require_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.storage import key_slots

READY = 0
TWIN_FIELDS = ("carrier", "booking_reference")  # saved together, so they must be found together


@dataclass(frozen=True, slots=True)
class Job:
    """Job of a child."""

    place: Place
    rid: bytes
    bundle: Path


Child = Callable[[Job, Connection], None]


def edit(job: Job, told: Connection) -> None:
    """Save number after number in two fields of one record; say each that is saved."""
    desk = open_at(job.place)
    told.send(READY)
    for number in count(1):
        change_record(desk, job.rid, dict.fromkeys(TWIN_FIELDS, str(number)))
        told.send(number)


def edit_and_boast(job: Job, told: Connection) -> None:
    """Wrong on purpose: says that a save is saved before it is."""
    desk = open_at(job.place)
    told.send(READY)
    for number in count(1):
        with desk.store.transaction():
            _put(desk, job.rid, str(number))
            told.send(number)


def take(job: Job, told: Connection) -> None:
    """Take the bundle."""
    desk = open_at(job.place)
    reviewed = transfer.review_bundle(desk, job.bundle)
    told.send(READY)
    transfer.import_bundle(desk, job.bundle, reviewed)
    told.send(1)
    told.poll(None)


def take_piecemeal(job: Job, told: Connection) -> None:
    """Wrong on purpose: takes each record in a transaction of its own."""
    desk = open_at(job.place)
    reviewed = transfer.review_bundle(desk, job.bundle)
    told.send(READY)
    for row in (*reviewed.new, *reviewed.changed):
        with desk.store.transaction():
            desk.store.put(row)
            desk.log(Action.IMPORT, row.rid)
    told.send(1)
    told.poll(None)


def write_slots(job: Job, told: Connection) -> None:
    """Write the slots again and again, each time a generation younger."""
    _renew(job, told, key_slots.write_slots)


def write_slots_in_place(job: Job, told: Connection) -> None:
    """Wrong on purpose: both copies are open at the same time and written where they stand."""
    _renew(job, told, written_in_place)


def written_in_place(folder: Path, file: key_slots.SlotFile) -> None:
    """Write the key slots in place, without protection from power loss."""
    body = msgspec.msgpack.encode(file)
    whole = key_slots.SLOTS_MAGIC + zlib.crc32(body).to_bytes(4, "big") + body
    with ExitStack() as opened:
        copies = [
            opened.enter_context((folder / name).open("wb", buffering=0))
            for name in key_slots.SLOT_FILES
        ]
        for part in (whole[:40], whole[40:]):
            for copy in copies:
                copy.write(part)
                os.fsync(copy.fileno())


def _renew(job: Job, told: Connection, write: Callable[[Path, key_slots.SlotFile], None]) -> None:
    file = key_slots.read_slots(job.place.folder)
    told.send(READY)
    for number in count(1):
        write(job.place.folder, msgspec.structs.replace(file, generation=1 + number))
        told.send(number)


def _put(desk: Session, rid: bytes, text: str) -> None:
    row = require_record(desk, rid)
    changes = encode_changes(row.type, dict.fromkeys(TWIN_FIELDS, text))
    state = apply_changes(row.state, changes, seen_writes(row), desk.signature)
    desk.store.put(replace(row, state=state))
    desk.log(Action.CHANGE, rid, TWIN_FIELDS)
