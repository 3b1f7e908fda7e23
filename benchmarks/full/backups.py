# SPDX-License-Identifier: GPL-3.0-or-later
"""Cost of a proved backup: a new one, and one into an older backup after a day of work.

Store and older backup are dropped from the system's cache before each round. `LONG=1` adds a store
with 450 MB of documents.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.desks import MACHINE, WHO
from benchmarks.full.contacts import MANY, folder_of
from benchmarks.measure import Row, repeated
from kfdesk import store_lifecycle
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.storage.driver import STORE_FILE

_SAVES, _ROUNDS = 200, 3
_DOCUMENTS, _DOCUMENT_BYTES = 22, 20_000_000
_SMALL = "65 MB"


def rows() -> list[Row]:
    """Return the rows of the store of contacts and, in the long form, of one with documents."""
    sizes = (0, _DOCUMENTS) if os.environ.get("LONG") else (0,)
    return [row for documents in sizes for row in _measured(documents)]


def _measured(documents: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(shutil.copytree(folder_of(MANY), Path(name) / "store"))
        desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
        for _ in range(documents):
            with desk.store.transaction():
                content = os.urandom(_DOCUMENT_BYTES)
                desk.store.contents.keep(desk.new_id(), content, lambda *_: None)
        assert desk.store.content.find_problems() == ()  # as the check at rest does
        size = f"{(folder / STORE_FILE).stat().st_size // 10**6} MB"
        (stick := Path(name) / "stick").mkdir()
        yield from _rows_of(desk, folder, stick, size)
        desk.store.close()


def _rows_of(desk: Session, folder: Path, stick: Path, size: str) -> Iterator[Row]:
    numbers = iter(range(10**9))
    newest = [_named(next(numbers)), _named(next(numbers))]
    for one in newest:
        desk.store.backups.make(stick, [one], lambda *_: None)

    def make(older: Path | None) -> tuple[float, float]:
        _work(desk)
        name = _named(next(numbers))
        for file in (folder, *([older] if older else ())):
            _drop_from_cache(file / STORE_FILE)
        spent = _spent(lambda: desk.store.backups.make(stick, [name], lambda *_: None, older))
        if older is None:
            shutil.rmtree(stick / name)
        else:
            newest.append(name)
        return spent

    goal = "≤ 500" if size == _SMALL else ""
    for title, job in (
        (f"new backup of {size}, proved, cold", lambda: make(None)),
        (f"into an older one after {_SAVES} saves, {size}", lambda: make(stick / newest.pop(0))),
    ):
        found = repeated(job, _ROUNDS)
        yield Row(f"{title}: processor", tuple(one * 1000 for one, _ in found), goal, "ms")
        yield Row(f"{title}: wall", tuple(one * 1000 for _, one in found), "", "ms")


def _named(number: int) -> str:
    return f"notebook-2026-11-{1 + number // 24:02}-{number % 24:02}00"


def _work(desk: Session) -> None:
    """Change entries all over the store, as in one day."""
    begin = b""
    for number in range(_SAVES):
        (row,) = desk.store.rows_after("organisation", begin, 1)
        begin = bytes([256 * number // _SAVES]) + desk.adapters.random(15)
        change_record(desk, row.rid, {"name": f"Hus {number}"})


def _spent(action: Callable[[], object]) -> tuple[float, float]:
    """Return the processor time and the time that an action takes, in seconds."""
    processor, wall = time.process_time(), time.perf_counter()
    action()
    return time.process_time() - processor, time.perf_counter() - wall


def _drop_from_cache(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
