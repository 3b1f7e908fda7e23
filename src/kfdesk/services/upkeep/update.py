# SPDX-License-Identifier: GPL-3.0-or-later
"""Updating the program from a file: check it, back the store up, and switch to the new version.

The store is backed up beside itself, because a newer version may change its tables and the older
one then cannot read it. Knows no file format, no key and no folder of the program.
"""

from pathlib import Path

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.backup import backup_names
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.updates import ProgramUpdate
from kfdesk.services.core.session import (
    Progress,
    ProgressCallback,
    Session,
    progress_callback,
)

_OF, _CHECKED, _BACKED_UP = 100, 15, 30


def update_program(desk: Session, file: Path, progress: Progress | None = None) -> ProgramUpdate:
    """Check an update file, make a backup, and install the new version for the next start.

    Raise KfdeskError `user.not_allowed`, `update.…`, `store.…` or `work.cancelled`; then this
    version stays, and the store is as it was.
    """
    desk.require(Right.BACKUP)
    updates = desk.adapters.updates
    step = progress_callback(progress)
    update = updates.check(file, _part(step, 0, _CHECKED))
    assert update.manifest is not None
    backup = _back_up(desk, _part(step, _CHECKED, _BACKED_UP))
    before = updates.install(update, _part(step, _BACKED_UP, _OF))
    return ProgramUpdate(update.manifest.version, before, backup)


def _back_up(desk: Session, step: ProgressCallback) -> Path:
    """Make a backup beside the store, enter it in the log, and return it.

    Raise KfdeskError `update.not_backed_up`, `store.…` or `work.cancelled`.
    """
    try:
        made = desk.store.backups.make_beside(backup_names(desk.adapters.clock.now()), step)
    except KfdeskError as fault:
        if fault.code.startswith("backup."):
            raise KfdeskError("update.not_backed_up") from None
        raise
    with desk.store.transaction():
        desk.log(Action.BACKUP)
    return made


def _part(step: ProgressCallback, first: int, last: int) -> ProgressCallback:
    """Return a callback for a part of the job, from `first` to `last` percent of all."""

    def report(done: int, of: int) -> None:
        step(first * of + (last - first) * done, _OF * of)

    return report
