# SPDX-License-Identifier: GPL-3.0-or-later
"""The store under a new data key: written beside, proved, and put in the place of the old one.

Who may have seen the old key, or an old slot with its passphrase, reads nothing that is written
from now on. Whoever is here has a slot in the new store, with the passphrase of before; nobody else
has, and neither has the recovery key. Until the two folders change names the old store is the
store; from then on the new one is, and the old one is destroyed. Backups and copies elsewhere keep
the old key: nothing here can reach them.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kfdesk.domain.desk.users import Credentials
from kfdesk.domain.errors import KfdeskError
from kfdesk.storage import slots, vault
from kfdesk.storage.anchors.anchor import Watch
from kfdesk.storage.backups.restoring import take_place
from kfdesk.storage.backups.settling import FORMER, UNFINISHED
from kfdesk.storage.backups.writing import Step, flush_folder
from kfdesk.storage.driver import FILE, KEY_BYTES
from kfdesk.storage.ending.wiping import wipe_former
from kfdesk.storage.slots import Making
from kfdesk.storage.store import Store

Export = Callable[[Path, bytes, Step], None]
"""Writes the open store into a file under another key, and proves it."""

_CHECKED = 100


@dataclass(frozen=True, slots=True)
class Present:
    """Who gets a slot under the new key, whoever does it first; and what a slot is made of."""

    people: Sequence[Credentials]
    making: Making


@contextmanager
def rekeyed(folder: Path, present: Present, export: Export, step: Step) -> Iterator[Store]:
    """The store in `folder` under a new key, in a folder beside it: opened, and wholly checked.

    The folder is gone afterwards, unless it was moved. Raises KfdeskError
    `store.wrong_passphrase`, `store.no_room`, `store.disk`, `store.damaged`, `backup.not_sound`,
    and whatever `step` stops it by.
    """
    before = slots.read_slots(folder)
    for who in present.people:
        slots.open_slots(before, who.initials, who.passphrase)
    stage = folder.with_name(f"{folder.name}{UNFINISHED}")
    shutil.rmtree(stage, ignore_errors=True)  # what was left by one that was cut off
    try:
        _write(stage, before, present, lambda key: export(stage / FILE, key, step))
        store = vault.unlock(stage, present.people[0])
        try:
            step(_CHECKED, _CHECKED)
            if store.verify():
                raise KfdeskError("backup.not_sound")
            yield store
        finally:
            store.close()
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def succeed(stage: Store, folder: Path, watch: Watch) -> None:
    """Let the store beside, with its last word written, be the one in `folder`, now closed.

    The old one is destroyed; what the disk refuses of that is done when the store is opened next.
    Raises KfdeskError `store.disk`, and then the old store is where it was.
    """
    take_place(stage, folder, f"{folder.name}{FORMER}", watch)
    wipe_former(folder, watch.random)


def _write(
    stage: Path, before: slots.SlotFile, present: Present, export: Callable[[bytes], None]
) -> None:
    random = present.making.random
    key = random(KEY_BYTES)
    try:
        stage.mkdir(mode=0o700)
    except OSError:
        raise KfdeskError("store.disk") from None
    export(key)
    kept = []
    for who in present.people:
        old = slots.slot_of(before, who.initials)
        assert old is not None  # it has just opened
        kept.append(slots.renewed_slot(old, key, who.initials, who.passphrase, present.making))
    slots.write_slots(stage, slots.SlotFile(before.generation + 1, tuple(kept)))
    try:
        flush_folder(stage)
    except OSError:
        raise KfdeskError("store.disk") from None
