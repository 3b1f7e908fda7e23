# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs in the process that is killed while the program is updated.

It dies at one of its steps on files, or by the clock. The child that is wrong on purpose writes the
new version over the one that runs.
"""

import os
import signal
import sys
from dataclasses import dataclass, replace
from itertools import count
from multiprocessing.connection import Connection

from tests.support.updates import NEW, Bench, light_version
from tests.torture.keeping_children import NEVER
from tests.torture.kill_children import READY, Job
from tests.torture.world import open_at

from kfdesk.services.core.session import Session
from kfdesk.services.upkeep.update import update_program

_ON_FILES = {
    "open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.link", "os.chmod",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class UpdateJob(Job):
    """A job whose `bundle` is an update of a program, and the step at which its child dies."""

    bench: Bench
    fatal: int = NEVER


def desk_of(job: UpdateJob) -> Session:
    """Open the desk, whose program is the bench's."""
    desk = open_at(job.place)
    return replace(desk, adapters=replace(desk.adapters, updates=job.bench.updates))


def update(job: UpdateJob, told: Connection) -> None:
    """Update the program, and say so."""
    desk = desk_of(job)
    told.send(READY)
    _die_at(job)
    update_program(desk, job.bundle)
    told.send(1)
    _wait(job, told)


def update_in_place(job: UpdateJob, told: Connection) -> None:
    """Wrong on purpose: write each file of the new version over the old one."""
    new = light_version(job.bench.stick / "new", NEW)
    told.send(READY)
    _die_at(job)
    for path in sorted(new.rglob("*"), reverse=True):
        if path.is_file() and not path.is_symlink():
            with (job.bench.root / path.relative_to(new)).open("wb") as file:
                file.write(path.read_bytes())
    told.send(1)
    _wait(job, told)


def _wait(job: UpdateJob, told: Connection) -> None:
    """Wait for the blow of the clock, if it is not to fall at a step."""
    if job.fatal == NEVER:
        told.poll(None)


def _die_at(job: UpdateJob) -> None:
    """Let this process die right before a step on the program's files, counted from now."""
    steps, root = count(), str(job.bench.root)

    def on_event(event: str, arguments: tuple[object, ...]) -> None:
        is_ours = event in _ON_FILES and any(str(each).startswith(root) for each in arguments[:2])
        if is_ours and next(steps) == job.fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    if job.fatal != NEVER:
        sys.addaudithook(on_event)
