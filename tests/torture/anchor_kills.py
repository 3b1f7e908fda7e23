# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 round the anchor: whenever it falls, the store is never taken for an older one.

And afterwards an older one in its place still is. The control writes the anchor before the commit
that it tells of.
"""

import random
import shutil
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks import desks
from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.kill_children import READY, TWIN_FIELDS, Child, Job
from tests.torture.kills import killed
from tests.torture.world import Place, World, refusal

from kfdesk import store_lifecycle
from kfdesk.domain.audit import Action
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session, open_session
from kfdesk.storage import driver, rollback
from kfdesk.storage.store import Store

_WITHIN = 0.15  # seconds within which the blow falls
_STATE = "state"


def save_and_anchor(job: Job, told: Connection) -> None:
    """Save number after number, with an anchor after each; say each that is saved."""
    desk, _ = _watched(job.place)
    told.send(READY)
    for number in count(1):
        change_record(desk, job.rid, dict.fromkeys(TWIN_FIELDS, str(number)))
        told.send(number)


def anchor_and_save(job: Job, told: Connection) -> None:
    """Wrong on purpose: the anchor tells of what is not yet in the store."""
    desk, anchors = _watched(job.place)
    told.send(READY)
    for number in count(1):
        with desk.store.transaction():
            desk.log(Action.CHANGE, job.rid, TWIN_FIELDS)
            anchors.keep()
        told.send(number)


def _killed(child: Child) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        _close(_watched(place)[0])
        old = place.file.with_name("old")
        shutil.copyfile(place.file, old)
        said = killed(child, Job(place, world.leg, world.bundle), rng.uniform(0, _WITHIN))
        how = "a copy was unfinished" if _unfinished(place.folder) else "between two copies"
        code = refusal(lambda: _close(_watched(place)[0]))
        if code:
            return Seen(how, f"refused: {code}")
        if not said:
            return Seen("nothing was saved yet")
        shutil.copyfile(old, place.file)
        code = refusal(lambda: _close(_watched(place)[0]))
        return Seen(how, "" if code == "store.rolled_back" else "an older store was not seen")

    return trial


def _watched(place: Place) -> tuple[Session, rollback.RollbackGuard]:
    """Open the desk in a folder by its key, with rollback protection after each commit.

    Raise KfdeskError `store.…`, as `keyring.unlock` does for a protected store.
    """
    connection = driver.connect(place.file, place.key)
    store = Store(connection, place.file)
    store.anchors = rollback.RollbackGuard(place.folder, place.key, connection)
    ticks = count(step=1000)
    watch = rollback.RollbackCheck(state=place.folder / _STATE, ticks=lambda: next(ticks))
    try:
        store.anchors.check(watch)
        desk = open_session(
            store, desks.WHO.initials, store_lifecycle.build_adapters(desks.MACHINE)
        )
    except BaseException:
        store.close()
        raise
    store.anchors.begin(watch)
    return desk, store.anchors


def _close(desk: Session) -> None:
    desk.store.close()


def _unfinished(folder: Path) -> bool:
    return any(folder.rglob(f"*{rollback.UNFINISHED_ANCHOR_SUFFIX}"))


HARNESSES = (
    Harness(
        "kill -9 while the anchor is written",
        _killed(save_and_anchor),
        _killed(anchor_and_save),
        Size(6, 300, 20_000),
    ),
)
