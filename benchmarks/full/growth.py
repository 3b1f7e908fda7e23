# SPDX-License-Identifier: GPL-3.0-or-later
"""Growth of cost with a store: each job at 1,000 and 100,000 contacts; and growth of the store.

Also what is written in bulk beside a plain database, and how soon a hostile file is refused,
however large it is.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from unittest.mock import patch

from benchmarks.desks import MACHINE, WHO, new_leg, new_row
from benchmarks.full.contacts import FEW, MANY, folder_of, houses
from benchmarks.measure import Job, Row, absolute, ratio, timed
from kfdesk import store_lifecycle
from kfdesk.bundle.age import MAX_FILE, MAX_HEADER
from kfdesk.demo import people
from kfdesk.domain.directory import SearchQuery
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import apply_changes, live_writes
from kfdesk.domain.rows import Row as Record
from kfdesk.domain.rows import seen_writes
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.storage import driver, key_slots
from kfdesk.storage.row_codec import insert_statement, row_cells
from kfdesk.storage.store import Store

_PAGE, _BULK, _EDITS, _LEGS = 64, 5_000, 2_000, 400
_STORE_PAGE = 4096  # bytes


def rows() -> list[Row]:
    """Growth from few contacts to many, bulk, bytes, and a hostile file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return [*_grown(), *_bulk(folder), *_bytes(folder), _hostile(folder)]


def _grown() -> Iterator[Row]:
    few, many = folder_of(FEW), folder_of(MANY)
    yield ratio(f"open + first page, {MANY} contacts ÷ {FEW}", _opening(many), _opening(few),
                "≤ 1.5", rounds=9)  # fmt: skip
    desks = [store_lifecycle.unlock_store(folder, WHO, MACHINE) for folder in (few, many)]
    for name, job in (("a name found", _find), ("one save", _save)):
        of_few, of_many = (job(desk) for desk in desks)
        yield ratio(f"{name}, {MANY} contacts ÷ {FEW}", of_many, of_few, "", rounds=9)
    for desk in desks:
        desk.store.close()


def _whole_check(desk: Session) -> Row:
    """Compare `verify` with itself without the content hash, in seconds of the processor."""

    def check() -> float:
        began = time.process_time()
        assert desk.store.verify() == ()
        return time.process_time() - began

    def bare() -> float:
        with patch.object(desk.store.content, "find_problems", tuple):
            return check()

    name = f"whole check of {MANY} contacts ÷ without the content hash"
    found = ratio(name, check, bare, "≤ 2", rounds=1)
    desk.store.close()
    return found


def _opening(folder: Path) -> Job:
    """Return the job that opens a store by its key and reads the first page's entries."""
    key = key_slots.open_user_slot(key_slots.read_slots(folder), WHO.initials, WHO.passphrase)

    def open_it() -> float:
        opened: list[Store] = []

        def act() -> None:
            file = folder / driver.STORE_FILE
            store = Store(driver.connect(file, key), file)
            opened.append(store)
            store.kept(store.search.rids(store.search.ids(SearchQuery(), _PAGE)))

        seconds = timed(act)
        opened[0].close()
        return seconds

    return open_it


def _find(desk: Session) -> Job:
    sought = SearchQuery((("cedeaskask", "~cedeaskask"),))
    return lambda: timed(lambda: desk.store.search.ids(sought, _PAGE))


def _save(desk: Session) -> Job:
    leg = next(row.rid for row in desk.store.rows("leg"))
    numbers = iter(range(10**9))
    return lambda: timed(lambda: change_record(desk, leg, {"carrier": f"Buss {next(numbers)}"}))


def _bulk(folder: Path) -> Iterator[Row]:
    """Yield rows for the same full rows in the store and in a plain database."""
    desk = store_lifecycle.create_store(folder / "bulk", "Ett hus", WHO, MACHINE)
    legs = [new_leg(desk, desk.new_id(), number) for number in range(_BULK)]
    contacts = list(houses(desk, _BULK))
    for name, record_type, made in (("legs", "leg", legs), ("contacts", "organisation", contacts)):
        goal = "≥ 0.50" if record_type == "leg" else ""
        title = f"plain sqlite3 ÷ {_BULK} {name} in bulk"
        ours, plain = partial(_put, desk, made), partial(_plain, desk, folder, record_type, made)
        yield ratio(title, plain, ours, goal, rounds=3)
    desk.store.close()


def _put(desk: Session, made: Sequence[Record]) -> float:
    fresh = [replace(row, rid=desk.new_id()) for row in made]

    def put() -> None:
        with desk.store.transaction():
            desk.store.put_all((row, None) for row in fresh)

    return timed(put)


def _plain(desk: Session, folder: Path, record_type: str, made: Sequence[Record]) -> float:
    """Return the seconds to write the finished cells with their indexes to a plain file."""
    shape = _connection(desk).execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('table', 'index')",
        (f"record_{record_type}",),
    )
    cells = [row_cells(row, number, None) for number, row in enumerate(made)]
    with tempfile.TemporaryDirectory(dir=folder) as place:
        floor = sqlite3.connect(Path(place) / "plain.db")
        for (sql,) in shape:
            if sql:
                floor.execute(sql)
        floor.commit()

        def put() -> None:
            floor.executemany(insert_statement(record_type), cells)
            floor.commit()

        seconds = timed(put)
        floor.close()
        return seconds


def _bytes(folder: Path) -> Iterator[Row]:
    """Yield rows for the size of the store: a record, a kept edit, a pruned edit."""
    desk = store_lifecycle.create_store(folder / "bytes", "Ett hus", WHO, MACHINE)
    plan = new_row(
        desk, "plan", None, people.plan_values(desk.adapters.clock.now(), "00" * 16, "00" * 16)
    )
    legs = [new_leg(desk, plan.rid, number) for number in range(_LEGS)]
    values = [write.value for row in legs for write in live_writes(row.state)]
    text = sum(len(str(value).encode()) for value in values)
    size = _growth(desk, lambda: desk.store.put_all((row, None) for row in (plan, *legs)))
    yield Row("store ÷ the text in it, one write a field", (size / text,), "≤ 5")

    def edit() -> None:
        row = legs[0]
        for number in range(_EDITS):
            value = {RECORD_TYPES["leg"].ids["carrier"]: f"Buss {number}"}
            row = replace(
                row, state=apply_changes(row.state, value, seen_writes(row), desk.signature)
            )
            desk.store.put(row)

    kept = _growth(desk, edit)
    pruned = kept + _growth(desk, lambda: desk.store.prune_history(date.max))
    yield Row("an edit that is kept", (kept / _EDITS,), "≤ 116: 100 + its id", "B")
    yield Row("an edit that was pruned", (pruned / _EDITS,), "≤ 16", "B")
    desk.store.close()


def _growth(desk: Session, act: Callable[[], object]) -> int:
    def used() -> int:
        count, free = (
            int(_connection(desk).execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count")
        )
        return (count - free) * _STORE_PAGE

    before = used()
    with desk.store.transaction():
        act()
    return used() - before


def _hostile(folder: Path) -> Row:
    """Return the row of a file of the largest size whose header never ends."""
    desk = store_lifecycle.create_store(folder / "hostile", "Ett hus", WHO, MACHINE)
    file = folder / "hostile.kfx"
    with file.open("wb") as stream:
        stream.write(b"age-encryption.org/v1\n" + b"-> X25519 " * MAX_HEADER)
        stream.truncate(MAX_FILE)

    def refuse() -> None:
        try:
            transfer.review_bundle(desk, file)
        except KfdeskError:
            return
        raise AssertionError("it was let in")

    row = absolute(
        "a hostile header of 512 MiB, refused", lambda: timed(refuse), "≤ 5 ms", rounds=9
    )
    desk.store.close()
    return row


def _connection(desk: Session) -> driver.Connection:
    return desk.store._connection
