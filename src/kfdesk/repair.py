# SPDX-License-Identifier: GPL-3.0-or-later
"""A store that will not open, or is not sound: what is wrong with it, and the two ways on.

Either the newest good backup takes its place, as `opening.restore_store` does, or what can still be
read is brought into a new store. Both leave the damaged one where nobody writes to it. Loaded by
`app.py` when somebody needs it.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from kfdesk.domain.desk import shares
from kfdesk.domain.desk.backup import made_at
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.keeping.salvage import Examined, GoodBackup, Salvage
from kfdesk.machine import Machine
from kfdesk.opening import nobody, opens, rooms
from kfdesk.services.access.passphrases import plain
from kfdesk.services.desk import open_desk
from kfdesk.services.keeping.salvage import Lent, complete_keys, last_backup, lend, renew_salvaged
from kfdesk.storage import recovery, slots, vault
from kfdesk.storage.anchors.anchor import Watch
from kfdesk.storage.backups import restoring, settling
from kfdesk.storage.backups.before import folder_before
from kfdesk.storage.backups.settling import UNFINISHED
from kfdesk.storage.backups.writing import named_backups
from kfdesk.storage.salvaging.salvaged import find_key, salvaged
from kfdesk.storage.store import Store
from kfdesk.storage.vault import Credentials
from kfdesk.system import single, sticks

Step = Callable[[int, int], None]
_OF, _READ = 100, 60  # of an examination; the rest is for backups


def examine_store(
    folder: Path, who: Credentials, machine: Machine, step: Step = nobody
) -> Examined:
    """What is wrong with the store in `folder`, what can be read of it, and its newest good backup.

    Changes nothing. Backups are looked for where the last one was put, on the sticks and beside
    the store, and proved whole. Raises KfdeskError `store.…` or `work.cancelled`.
    """
    _leave_alone(folder)
    found = _key(folder, who)
    stage = folder.with_name(f"{folder.name}-look{UNFINISHED}")
    with salvaged(folder, stage, found, _share(step, 0, _READ)) as (store, salvage):
        paths = _backups(folder, last_backup(store))
        for refused, path in enumerate(paths):
            good = _proved(path, folder, who, found[0], _share(step, _READ, _OF))
            if good is not None:
                opened, number = good
                since = store.changed_since(number)
                days = _days(opened.made, machine)
                return Examined(salvage, replace(opened, since=since, days=days), refused)
    return Examined(salvage, None, len(paths))


def salvage_store(folder: Path, who: Credentials, machine: Machine, step: Step = nobody) -> Salvage:
    """Bring what can be read of the store in `folder` into a new one, which takes its place.

    The damaged one is kept beside, as it is. The new one has the same passphrases, a new epoch,
    and whoever was erased is erased in it. What it lacks to be a desk, its newest good backup
    lends. Raises KfdeskError `store.…`, `salvage.nothing`, `user.not_allowed` or `work.cancelled`;
    then everything is as it was.
    """
    _leave_alone(folder)
    found = _key(folder, who)
    stage = folder.with_name(f"{folder.name}{UNFINISHED}")
    with salvaged(folder, stage, found, _share(step, 0, _READ)) as (store, salvage):
        if not salvage.records:
            raise KfdeskError("salvage.nothing")
        paths = _backups(folder, last_backup(store))
        lent = _lent(paths, folder, who, found[0])
        complete_keys(store, lent, rooms(machine))
        desk = open_desk(store, who.initials, rooms(machine))
        renew_salvaged(desk, salvage, lent.erased)
        kept = store.backups.counts()
        name = f"{folder.name}-{machine.clock.now():%Y-%m-%d-%H%M}"
        watch = Watch(machine.state, machine.random)
        aside = restoring.take_place(store, folder, name, watch)
    records = {name: count for name, count in kept.items() if count}
    return replace(salvage, kept=records, aside=aside)


def _leave_alone(folder: Path) -> None:
    """Go no further while the store is open in another program."""
    settling.settle(folder)
    if not vault.has_store(folder):
        raise KfdeskError("store.missing")
    single.hold(folder).release()


def _key(folder: Path, who: Credentials) -> tuple[bytes, slots.SlotFile]:
    code = shares.read(who.passphrase)

    def key_of(file: slots.SlotFile) -> bytes:
        try:
            return slots.open_slots(file, who.initials, plain(who.passphrase))
        except KfdeskError:
            if code is None:
                raise
        return recovery.open_slots(file, code)

    return find_key(folder, _backups(folder, None), key_of)


def _backups(folder: Path, last: Path | None) -> tuple[Path, ...]:
    """The backups in the places where they usually are, the newest first."""
    places = [folder_before(folder), *((last.parent,) if last is not None else ())]
    for stick in sticks.plugged_in():
        places += [stick, *_folders(stick)]
    found = {path.resolve(): path for place in places for path in named_backups(place)}
    return tuple(sorted(found.values(), key=_age, reverse=True))


def _age(path: Path) -> tuple[str, float]:
    """What puts backups in their order: the minute in the name, then the file's own time."""
    try:
        return (path.name, (path / vault.FILE).stat().st_mtime)
    except OSError:
        return (path.name, 0.0)


def _folders(stick: Path) -> Iterable[Path]:
    try:
        return sorted(path for path in stick.iterdir() if path.is_dir())
    except OSError:
        return ()


@contextmanager
def _opened(path: Path, folder: Path, who: Credentials, key: bytes, step: Step) -> Iterator[Store]:
    """A backup on a copy, wholly checked: by the store's own key, or the passphrase of its day."""

    def by_key(stage: Path) -> Store:
        try:
            return vault.unlock_by_key(stage, key)
        except KfdeskError:
            return opens(who)(stage)

    stage = folder.with_name(f"{folder.name}-check{UNFINISHED}")
    with restoring.staged(path, stage, by_key, step) as store:
        yield store


def _proved(
    path: Path, folder: Path, who: Credentials, key: bytes, step: Step
) -> tuple[GoodBackup, int] | None:
    """A backup that is whole, and the last number of its changes; None for one that is not."""
    try:
        with _opened(path, folder, who, key, step) as store:
            count = sum(store.backups.counts().values())
            number = int.from_bytes(store.setting("counter") or b"", "big")
            made = made_at(path.name, None)
            return GoodBackup(path, made, 0, count, 0), number
    except KfdeskError as fault:
        if fault.code == "work.cancelled":
            raise
        return None


def _days(made: datetime | None, machine: Machine) -> int:
    return max(0, (machine.clock.now().date() - made.date()).days) if made is not None else 0


def _lent(paths: Iterable[Path], folder: Path, who: Credentials, key: bytes) -> Lent:
    """What the newest good backup has to lend; nothing where there is none."""
    for path in paths:
        try:
            with _opened(path, folder, who, key, nobody) as store:
                return lend(store)
        except KfdeskError:
            continue
    return Lent()


def _share(step: Step, begin: int, end: int) -> Step:
    """Tell `step` of a part of the work."""
    return lambda done, of: step(begin + (end - begin) * done // max(1, of), _OF)
