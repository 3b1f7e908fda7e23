# SPDX-License-Identifier: GPL-3.0-or-later
"""What is watched call by call: saves and slots written again, each acknowledged once it is done.

Runs by itself, `python -m tests.torture.power_child FOLDER KEY RECORD TOLD [WRONG]`, under strace.
What it acknowledges it writes into the file TOLD, so that it stands in the same list of calls.
"""

import os
import sys
from pathlib import Path

import msgspec
from tests.torture.kill_children import TWIN_FIELDS
from tests.torture.world import Place, connection_of, open_at

from kfdesk.services.core.records import change_record
from kfdesk.storage import key_slots

SAVES = 12
_SLOTS_EVERY = 3


def work(place: Place, rid: bytes, told: int, *, is_wrong: bool) -> None:
    """Save number after number and renew the slots; with `is_wrong`, as SQLite does by default."""
    desk = open_at(place)
    if is_wrong:  # the folder is not flushed after the journal is gone
        connection_of(desk.store).execute("PRAGMA synchronous = FULL")
    file = key_slots.read_slots(place.folder)
    os.write(told, b"0 0\n")
    generation = 0
    for number in range(1, SAVES + 1):
        change_record(desk, rid, dict.fromkeys(TWIN_FIELDS, str(number)))
        os.write(told, f"{number} {generation}\n".encode())
        if number % _SLOTS_EVERY == 0:
            generation += 1
            renewed = msgspec.structs.replace(file, generation=file.generation + generation)
            key_slots.write_slots(place.folder, renewed)
            os.write(told, f"{number} {generation}\n".encode())
    desk.store.close()


def main(folder: str, key: str, rid: str, told: str, *wrong: str) -> None:
    """Work on the store in a folder."""
    descriptor = os.open(told, os.O_WRONLY | os.O_CREAT)
    place = Place(Path(folder), bytes.fromhex(key))
    work(place, bytes.fromhex(rid), descriptor, is_wrong=bool(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
