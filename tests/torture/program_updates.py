# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 and a full disk while the program is updated.

Whenever the blow falls, a whole version starts, old or new, with no file of the other; what was
acknowledged is the new one; the store is sound and holds the same records; and the next try
succeeds and leaves two versions and nothing else.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection

from tests.support.updates import NEW, NEW_NAME, OLD, OLD_NAME, Bench, library_of, make_bench
from tests.torture import update_children
from tests.torture.harness import Seen, Size, Trial, joined
from tests.torture.keeping_children import NEVER
from tests.torture.kills import killed
from tests.torture.scarce import short_files
from tests.torture.update_children import UpdateJob
from tests.torture.world import World, open_at, refusal

from kfdesk.domain.errors import KfdeskError

_WITHIN, _LONGEST = 0.6, 20.0
_STEPS = 60  # on files: as many as an update of the small program has
_NAMES = range(49, _STEPS)  # the last of them: where names change
_LONGEST_FILE = 330_000
_REFUSALS = {"update.not_written", "update.no_room"}

Updating = Callable[[UpdateJob, Connection], None]


def _job(world: World, fatal: int = NEVER) -> UpdateJob:
    place = world.copy(world.ours)
    bench = make_bench(world.scratch())
    return UpdateJob(place, world.leg, bench.update(), bench, fatal)


def _kills(child: Updating) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        job = _job(world, rng.choice((NEVER, rng.randrange(_STEPS), rng.choice(_NAMES))))
        before = _records(job)
        seconds = rng.uniform(0, _WITHIN) if job.fatal == NEVER else _LONGEST
        said = killed(child, job, seconds)
        version = version_of(job.bench)
        if said and version != NEW:
            return Seen("lost", "an acknowledged update is not there")
        how = "the new version" if version == NEW else "the old version"
        return Seen(how, _wrong(job, before))

    return trial


def _short(update: Callable[[UpdateJob], None]) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        job = _job(world)
        before = _records(job)
        with short_files(rng.randrange(_LONGEST_FILE)):
            code = refusal(lambda: update(job))
        if code and code not in _REFUSALS:
            return Seen(code, f"refused with {code}")
        return Seen(code or "there was room", _wrong(job, before))

    return trial


def _install(job: UpdateJob) -> None:
    job.bench.install(job.bundle)


def _overwrite(job: UpdateJob) -> None:
    """Wrong on purpose: write over the version that runs, as far as the disk allows."""
    with suppress(OSError), (job.bench.root / "notebook").open("wb") as file:
        file.write(bytes(_LONGEST_FILE))


def version_of(bench: Bench) -> str:
    with suppress(OSError):
        return bench.current
    return ""


def _wrong(job: UpdateJob, before: bytes) -> str:
    """Return what is wrong with the program or the store, or with the next try."""
    bench = job.bench
    wrong = mixed_files(bench)
    if wrong:
        return wrong
    if _records(job) != before:
        return "the records are others"
    if version_of(bench) == OLD:
        try:
            bench.install(job.bundle)
        except KfdeskError as fault:
            return f"the next try is refused: {fault.code}"
    if bench.versions != [OLD_NAME, NEW_NAME] or list(bench.root.glob("*.new")):
        return f"left over: {', '.join(bench.versions)}"
    return mixed_files(bench)


def mixed_files(bench: Bench) -> str:
    """Return why what starts is no whole version; empty if it is one."""
    version, inside = version_of(bench), (bench.root / "notebook").resolve().parent / "_internal"
    if version not in (OLD, NEW):
        return "nothing starts"
    try:
        note = (inside / "note.txt").read_text("utf-8")
        is_whole = note == f"of {version}\n" and (inside / "empty").read_bytes() == b""
        is_same = (inside / "lib.so").read_bytes() == library_of(version)
    except OSError:
        return "a file is gone"
    return "" if is_whole and is_same else "files of two versions"


def _records(job: UpdateJob) -> bytes:
    """Return the digest of the records of a sound store; empty if it is not sound."""
    desk = open_at(job.place)
    try:
        return b"" if desk.store.verify() else desk.store.digest()
    finally:
        desk.store.close()


HARNESSES = (
    joined(
        "the program is updated: kill -9, short files",
        (
            (_kills(update_children.update), _kills(update_children.update_in_place)),
            (_short(_install), _short(_overwrite)),
        ),
        Size(4, 120, 10_000),
    ),
)
