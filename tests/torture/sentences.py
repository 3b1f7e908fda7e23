# SPDX-License-Identifier: GPL-3.0-or-later
"""What a command says after a fault of the disk must be true of the store afterwards.

A shim at the boundary of the C library lets the n-th changing call of a command fail, from its
first to its last: no space, an error, a short write. "Nothing was changed" must mean just that, and
"done, but" that it is done. The control says "Nothing was changed" whatever has happened.
"""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import desks
from tests.support.updates import NEW as NEW_VERSION
from tests.support.updates import Bench, make_bench
from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.program_updates import mixed_files, version_of
from tests.torture.sentence_child import (
    CODE,
    NEW,
    NEW_USER,
    OTHER_USER,
    OWN_CODE,
    PROGRAM,
    STICK,
    VALUE,
)
from tests.torture.world import Place, World, open_at, place_of

from kfdesk import store_lifecycle
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.exchange import Direction
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.services import accounts
from kfdesk.services.upkeep.backup import make_backup

_ROOT = Path(__file__).resolve().parents[2]
_SOURCE = Path(__file__).with_name("fault_shim.c")
_KINDS = ("ENOSPC", "EIO", "SHORT")
_UNCHANGED = frozenset({
    "store.disk", "bundle.not_written", "store.unreadable", "store.read_only", "backup.not_sound",
    "update.not_written", "update.no_room",
})  # fmt: skip
_LATEST, _NAMES = 40, 40  # entries of the log; calls
_CHANGED = frozenset({"done", "store.done", "bundle.not_named"})
_MAKE = "bundle make"
_calls: dict[str, int] = {}


def _shim(world: World) -> Path:
    """Return the library, compiled once for a world."""
    library = world.folder / "fault_shim.so"
    if not library.exists():
        made = library.with_suffix(".part")
        subprocess.run(
            ["cc", "-shared", "-fPIC", "-O1", "-o", str(made), str(_SOURCE), "-ldl"], check=True
        )
        made.replace(library)
    return library


def _opens(place: Place, initials: str, passphrase: str) -> bool:
    try:
        desk = store_lifecycle.unlock_store(
            place.folder, Credentials(initials, passphrase), desks.MACHINE
        )
    except KfdeskError:
        return False
    desk.store.close()
    return True


def _has_new_passphrase(_world: World, place: Place) -> bool:
    is_old, is_new = (_opens(place, desks.WHO.initials, one) for one in (desks.WHO.passphrase, NEW))
    if is_old == is_new:
        raise AssertionError(f"both passphrases open: {is_old}")
    return is_new


def _has_new_user(_world: World, place: Place) -> bool:
    return _opens(place, NEW_USER, NEW)


def _is_wiped(_world: World, place: Place) -> bool:
    return not _opens(place, desks.WHO.initials, desks.WHO.passphrase)


def _is_updated(_world: World, place: Place) -> bool:
    bench = Bench(place.folder.parent / PROGRAM, place.folder.parent / STICK)
    if wrong := mixed_files(bench):
        raise AssertionError(wrong)
    return version_of(bench) == NEW_VERSION


def _is_removed(_world: World, place: Place) -> bool:
    return not _opens(place, OTHER_USER, NEW)


def _has_recovery_key(_world: World, place: Place) -> bool:
    try:
        store_lifecycle.check_recovery(place.folder, desks.WHO.initials, CODE, desks.MACHINE)
    except KfdeskError:
        return False
    return True


def _is_entered(action: Action) -> Callable[[World, Place], bool]:
    """Return what looks whether the store that stands there now is the one that an act made."""

    def is_done(_world: World, place: Place) -> bool:
        desk = open_at(place_of(place.folder))
        try:
            if desk.store.verify():
                raise AssertionError(f"damaged: {desk.store.verify()}")
            return any(one.action is action for _, one in desk.store.ledger.events(None, _LATEST))
        finally:
            desk.store.close()

    return is_done


def _has_value(world: World, place: Place) -> bool:
    desk = open_at(place)
    try:
        row = desk.store.row(world.leg)
        assert row is not None
        return view(row, Leg).record.carrier == VALUE
    finally:
        desk.store.close()


def _has_file(world: World, place: Place) -> bool:
    """Return whether the store counts one more file to the partner than there was."""
    desk = open_at(place)
    try:
        partner = desk.store.ledger.partners()[0].organisation
        return len(desk.store.ledger.marks(partner, Direction.OUT)) > _files_before(world)
    finally:
        desk.store.close()


def _files_before(world: World) -> int:
    desk = open_at(world.ours)
    try:
        partner = desk.store.ledger.partners()[0].organisation
        return len(desk.store.ledger.marks(partner, Direction.OUT))
    finally:
        desk.store.close()


_COMMANDS: Mapping[str, Callable[[World, Place], bool]] = {
    "user passphrase": _has_new_passphrase, "user add": _has_new_user, "plan set": _has_value,
    _MAKE: _has_file, "user remove": _is_removed, "recovery key": _has_recovery_key,
    "data key": _is_entered(Action.DATA_KEY), "restore": _is_entered(Action.FROM_BACKUP),
    "salvage": _is_entered(Action.SALVAGED), "recover": _has_new_passphrase, "wipe": _is_wiped,
    "update": _is_updated,
}  # fmt: skip


def _run(world: World, place: Place, command: str, *wrong: str, **fault: str) -> str:
    """Run a command in a process of its own; return what it said."""
    desk = open_at(world.ours)
    partner = desk.store.ledger.partners()[0].organisation.hex()
    desk.store.close()
    environment = {
        **os.environ, "LD_PRELOAD": str(_shim(world)), "FAULT_ROOT": f"{place.folder.parent}/",
        "FAULT_ON": str(world.scratch() / "on"), **fault,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "tests.torture.sentence_child", command, str(place.folder),
         partner, (world.plan if command == _MAKE else world.leg).hex(), *wrong],
        capture_output=True, text=True, cwd=_ROOT, check=False, env=environment,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError((done.stderr.strip().splitlines() or ["nothing was said"])[-1])
    return done.stdout.strip()


def _prepared(world: World) -> Place:
    """Copy the desk with one user more, beside a stick with its backup; both are made once."""
    base = world.folder / "sentences"
    if not base.exists():
        (base / STICK).mkdir(parents=True)
        shutil.copytree(world.ours.folder, base / "store")
        desk = store_lifecycle.unlock_store(base / "store", desks.WHO, desks.MACHINE)
        accounts.add_user(desk, desks.WHO.passphrase, OTHER_USER, NEW, {Role.RETURN_COORDINATOR})
        accounts.set_recovery_key(desk, desks.WHO.passphrase, OWN_CODE)
        make_backup(desk, base / STICK)
        desk.store.close()
        bench = make_bench(base / "made")
        shutil.copytree(bench.update().parent, base / STICK, dirs_exist_ok=True)
        bench.root.rename(base / PROGRAM)
        shutil.rmtree(base / "made")
    under = world.scratch()
    shutil.copytree(base, under, dirs_exist_ok=True, symlinks=True)
    return Place(under / "store", world.ours.key)


def _count(world: World, command: str) -> int:
    if command not in _calls:
        counted, place = world.scratch() / "calls", _prepared(world)
        assert _run(world, place, command, FAULT_COUNT=str(counted)) == "done"
        assert _COMMANDS[command](world, place), f"{command}: was not done"
        _calls[command] = counted.stat().st_size
        shutil.rmtree(place.folder.parent)
    return _calls[command]


def _sentence(*, is_wrong: bool) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        command = "user passphrase" if is_wrong else rng.choice(tuple(_COMMANDS))
        number, kind = rng.randrange(1, _count(world, command) + 1), rng.choice(_KINDS)
        if rng.random() < 0.5:  # among the last calls, where names change
            number = max(1, _count(world, command) - rng.randrange(_NAMES))
        if is_wrong:  # late, where the new slots are written
            number = rng.randrange(_count(world, command) * 2 // 3, _count(world, command) + 1)
            kind = "EIO"
        place = _prepared(world)
        what = f"{command} {kind} at {number}"
        try:
            said = _run(
                world, place, command, *(["wrong"] if is_wrong else []),
                FAULT_AT=str(number), FAULT_KIND=kind,
            )  # fmt: skip
            is_done = _COMMANDS[command](world, place)
        except (AssertionError, KfdeskError) as error:
            return Seen("ended", f"{what}: {error}")
        finally:
            shutil.rmtree(place.folder.parent, ignore_errors=True)
        if said not in _UNCHANGED | _CHANGED:
            return Seen(said, f"{what}: an unknown sentence")
        is_true = is_done == (said in _CHANGED)
        return Seen(said, "" if is_true else f"{what}: says {said}, done: {is_done}")

    return trial


def _absent() -> str:
    if not sys.platform.startswith("linux"):
        return "the shim is for Linux"
    return "" if shutil.which("cc") else "no C compiler is installed here"


HARNESSES = (
    Harness("what is said after a fault of the disk", _sentence(is_wrong=False),
            _sentence(is_wrong=True), Size(3, 120, 5_000), _absent),
)  # fmt: skip
