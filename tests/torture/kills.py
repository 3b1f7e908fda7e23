# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 at any moment: what was acknowledged is there, what was not is there whole or not at all.

This proves the transaction and the journal. It cannot prove flushing, because what the program
wrote survives its death in the system's memory; only a lost power supply would tell.
"""

import multiprocessing
import random
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

from tests.torture import kill_children
from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.kill_children import Child, Job
from tests.torture.world import Place, World, connection_of, open_at, unfinished

from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Direction
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange import transfer
from kfdesk.storage import key_slots

T = TypeVar("T")
J = TypeVar("J", bound=Job)

_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["__main__", "tests.torture.kill_children"])
_START = 60.0  # seconds that a child may take to begin, on a busy machine
_SAVES, _TAKE, _SLOTS = 0.03, 0.03, 0.02  # seconds within which the blow falls


def killed(child: Callable[[J, Connection], None], job: J, seconds: float) -> int:
    """Start a child, let it work for some seconds and kill it; the last number it said."""
    ours, theirs = _PROCESSES.Pipe()
    process = _PROCESSES.Process(target=child, args=(job, theirs), daemon=True)
    process.start()
    theirs.close()
    with ours:
        began = ours.poll(_START)
        assert began  # else the child cannot even begin
        process.join(seconds)  # some die by themselves, at a step of theirs
        process.kill()
        process.join()
        process.close()
        return _last(ours)


def _last(told: Connection) -> int:
    said = -1
    try:
        while told.poll(0):
            said = told.recv()
    except EOFError:
        pass
    assert said >= 0  # it ended before it was killed
    return said


def _edits(child: Child) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        before = _changes(open_and_close(place, _logged))
        said = killed(child, Job(place, world.leg, world.bundle), rng.uniform(0, _SAVES))
        how = "a journal was left" if _has_journal(place) else "between two saves"
        desk = world.opened(place)
        wrong = _wrong_edit(desk, world.leg, said, before)
        return Seen(how, wrong or _wrong_store(desk, place, world.leg))

    return trial


def _wrong_edit(desk: Session, leg: bytes, said: int, before: int) -> str:
    row = desk.store.row(leg)
    if row is None:
        return "the record is gone"
    found = {getattr(view(row, Leg).record, key) for key in kill_children.TWIN_FIELDS}
    if len(found) != 1 and said:
        return f"half a save: {sorted(map(str, found))}"
    number = _changes(_logged(desk)) - before
    if not said <= number <= said + 1:
        return f"acknowledged {said}, the books have {number}"
    if number and found != {str(number)}:
        return f"acknowledged {said}, found {sorted(map(str, found))}"
    return ""


def _takes(child: Child) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.theirs)
        whole = world.copy(world.theirs)
        before = open_and_close(place, _taken)
        after = open_and_close(whole, lambda desk: _take(desk, world))
        said = killed(child, Job(place, world.leg, world.bundle), rng.uniform(0, _TAKE))
        left = "a journal was left, " if _has_journal(place) else ""
        desk = world.opened(place)
        now = _taken(desk)
        if now not in (before, after):
            return Seen("half taken", "a take is there by half")
        if said and now != after:
            return Seen("lost", "an acknowledged take is gone")
        how = f"{left}{'taken' if now == after else 'not taken'}"
        return Seen(how, _wrong_store(desk, place, world.leg))

    return trial


def _slots(child: Child) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        old = key_slots.read_slots(place.folder)
        said = killed(child, Job(place, world.leg, world.bundle), rng.uniform(0, _SLOTS))
        how = "a torn copy was left" if unfinished(place.folder) else "between two copies"
        try:
            now = key_slots.read_slots(place.folder)
        except KfdeskError as refused:
            return Seen(how, f"no copy is whole: {refused.code}")
        if now.slots != old.slots:
            return Seen(how, "the slots are others")
        if not said <= now.generation - old.generation <= said + 1:
            return Seen(how, f"acknowledged {said}, found {now.generation - old.generation}")
        return Seen(how)

    return trial


def open_and_close(place: Place, ask: Callable[[Session], T]) -> T:
    """Return what `ask` returns for a desk, which is closed again."""
    desk = open_at(place)
    try:
        return ask(desk)
    finally:
        desk.store.close()


def _take(desk: Session, world: World) -> tuple[bytes, int, int]:
    transfer.import_bundle(desk, world.bundle, transfer.review_bundle(desk, world.bundle))
    return _taken(desk)


def _taken(desk: Session) -> tuple[bytes, int, int]:
    """Return the digest of the records, the number of bundles and of import entries."""
    (partner,) = desk.store.ledger.partners()
    marks = desk.store.ledger.marks(partner.organisation, Direction.IN)
    imports = [action for action in _logged(desk) if action == Action.IMPORT]
    return desk.store.digest(), len(marks), len(imports)


def _logged(desk: Session) -> list[str]:
    rows = connection_of(desk.store).execute("SELECT action FROM audit")
    return [action for (action,) in rows]


def _changes(actions: list[str]) -> int:
    return sum(action == Action.CHANGE for action in actions)


def _wrong_store(desk: Session, place: Place, leg: bytes) -> str:
    """Unsound, or not clean after the next save.

    A journal that was killed before its head was written may lie there until then: SQLite knows it
    for worthless.
    """
    wrong = desk.store.verify()
    if wrong:
        return f"not sound: {', '.join(wrong[:3])}"
    change_record(desk, leg, {"carrier": "7, Exempelbuss"})
    left = unfinished(place.folder)
    return f"left over: {', '.join(left)}" if left else ""


def _has_journal(place: Place) -> bool:
    return bool(unfinished(place.folder))


HARNESSES = (
    Harness(
        "kill -9 while saving",
        _edits(kill_children.edit),
        _edits(kill_children.edit_and_boast),
        Size(8, 400, 20_000),
    ),
    Harness(
        "kill -9 while a bundle is taken",
        _takes(kill_children.take),
        _takes(kill_children.take_piecemeal),
        Size(8, 300, 20_000),
    ),
    Harness(
        "kill -9 while slots are written",
        _slots(kill_children.write_slots),
        _slots(kill_children.write_slots_in_place),
        Size(6, 300, 20_000),
    ),
)
