# SPDX-License-Identifier: GPL-3.0-or-later
"""The power goes while a whole store, its keys or the program are exchanged.

Each act is taken down once and played back on the model of a disk. What was acknowledged holds
afterwards; what was not is done or not, by whole, and can be done again. The control is the same
program without its flushes.
"""

import random
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.desks import MACHINE, WHO
from tests.support.updates import NEW as NEW_VERSION
from tests.support.updates import OLD as OLD_VERSION
from tests.support.updates import Bench, make_bench
from tests.torture.disk_model import Log, take_down
from tests.torture.harness import Seen, Size, Trial, joined
from tests.torture.keeping_children import WEEK, at_calendar
from tests.torture.power_acts import FRESH, STORE
from tests.torture.power_loss import absent
from tests.torture.program_updates import mixed_files, version_of
from tests.torture.sentence_child import CODE, NEW, NEW_USER, OTHER_USER, PROGRAM, STICK
from tests.torture.world import Place, World, open_at, place_of

from kfdesk import store_lifecycle
from kfdesk.domain.accounts import Credentials, Role
from kfdesk.domain.audit import Action
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.journey import Leg
from kfdesk.domain.rows import view
from kfdesk.domain.updates import UPDATE_SUFFIX
from kfdesk.services import accounts
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.storage import key_slots
from kfdesk.storage.backup import finish_interrupted
from kfdesk.storage.store_names import UNFINISHED_SUFFIX

_LATEST = "written after the backups"
_DAYS, _EVENTS, _PAGE = 2, 40, 4096


@dataclass(frozen=True, slots=True)
class Scene:
    """The folder of an act, and what was there before it."""

    world: World
    around: Path
    key: bytes

    @property
    def store(self) -> Path:
        """Return the folder of the store."""
        return self.around / STORE


def _prepare(world: World, around: Path) -> None:
    """Lay a store with two users, a recovery key and two backups there, and change it after that.

    A program stands beside it, with its update on the stick.
    """
    shutil.copytree(world.ours.folder, around / STORE)
    bench = make_bench(around / "made")
    bench.update()
    shutil.copytree(bench.root, around / PROGRAM, symlinks=True)
    shutil.copytree(bench.stick, around / STICK)
    shutil.rmtree(around / "made")
    desk = store_lifecycle.unlock_store(around / STORE, WHO, MACHINE)
    accounts.add_user(desk, WHO.passphrase, OTHER_USER, NEW, {Role.RETURN_COORDINATOR})
    for day in range(_DAYS):
        make_backup(at_calendar(desk, WEEK - _DAYS + day)[0], around / STICK)
    change_record(desk, world.leg, {"carrier": _LATEST})
    desk.store.close()


def _prepare_recovery(_world: World, around: Path) -> None:
    desk = store_lifecycle.unlock_store(around / STORE, WHO, MACHINE)
    accounts.set_recovery_key(desk, WHO.passphrase, CODE)
    desk.store.close()


def _prepare_damage(_world: World, around: Path) -> None:
    """Break a page in the middle, so that there is something to salvage."""
    file = Place(around / STORE, b"").file
    with file.open("r+b") as damaged:
        damaged.seek(file.stat().st_size // _PAGE // 2 * _PAGE)
        damaged.write(bytes(100))


def _prepare_update(_world: World, around: Path) -> None:
    (path,) = (around / STICK).glob(f"*{UPDATE_SUFFIX}")
    Bench(around / PROGRAM, around / STICK).install(path)


# what must be so afterwards


def _restored(scene: Scene, *, is_said: bool) -> str:
    finish_interrupted(scene.store)
    desk = _unlocked(scene.store)
    is_done = _carrier(desk, scene.world.leg) != _LATEST
    desk.store.close()
    if is_said and not is_done:
        return "an acknowledged restore is not there"
    beside = [one for one in scene.around.iterdir() if one.name.startswith(f"{STORE}-20")]
    if is_done and not any(_holds_latest(scene, one) for one in beside):
        return "the store of before is nowhere"
    return ""


def _holds_latest(scene: Scene, folder: Path) -> bool:
    desk = open_at(place_of(folder))
    try:
        return not desk.store.verify() and _carrier(desk, scene.world.leg) == _LATEST
    finally:
        desk.store.close()


def _salvaged(scene: Scene, *, is_said: bool) -> str:
    finish_interrupted(scene.store)
    damaged = scene.world.folder / "damaged"
    folders = [one for one in scene.around.iterdir() if one.name.startswith(STORE)]
    kept = [one for one in folders if _has_bytes(one, damaged.read_bytes())]
    if not kept:
        return "the damaged store is nowhere as it was"
    if kept == [scene.store]:
        if is_said:
            return "an acknowledged salvage is not there"
        store_lifecycle.salvage_store(scene.store, WHO, MACHINE)
    desk = _unlocked(scene.store)
    try:
        events = desk.store.ledger.events(None, _EVENTS)
        return "" if any(one.action is Action.SALVAGED for _, one in events) else "not salvaged"
    finally:
        desk.store.close()


def _has_bytes(folder: Path, data: bytes) -> bool:
    file = Place(folder, b"").file
    return file.exists() and file.read_bytes() == data


def _created(scene: Scene, *, is_said: bool) -> str:
    folder = scene.around / FRESH
    try:
        desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    except KfdeskError as fault:
        if is_said:
            return f"an acknowledged store does not open: {fault.code}"
        desk = store_lifecycle.create_store(folder, "Nytt hus", WHO, MACHINE)
    wrong = ", ".join(desk.store.verify())
    desk.store.close()
    return wrong


def _rekeyed(scene: Scene, *, is_said: bool) -> str:
    finish_interrupted(scene.store)
    desk = _unlocked(scene.store)
    carrier = _carrier(desk, scene.world.leg)
    desk.store.close()
    if carrier != _LATEST:
        return "the records are others"
    if is_said and place_of(scene.store).key == scene.key:
        return "an acknowledged key is not there"
    left = [one.name for one in scene.around.glob(f"{STORE}.former*")]
    return f"left over: {', '.join(left)}" if left else ""


def _passphrase(scene: Scene, *, is_said: bool) -> str:
    is_old, is_new = (_opens(scene, WHO.initials, words) for words in (WHO.passphrase, NEW))
    if is_old == is_new:
        return f"both passphrases open: {is_old}"
    return "an acknowledged passphrase does not open" if is_said and not is_new else ""


def _added(scene: Scene, *, is_said: bool) -> str:
    is_there = _opens(scene, NEW_USER, NEW)
    return "an acknowledged user is not there" if is_said and not is_there else _sound(scene)


def _removed(scene: Scene, *, is_said: bool) -> str:
    is_there = _opens(scene, OTHER_USER, NEW)
    return "a removed user is there" if is_said and is_there else _sound(scene)


def _recovery_key(scene: Scene, *, is_said: bool) -> str:
    try:
        store_lifecycle.check_recovery(scene.store, WHO.initials, CODE, MACHINE)
    except KfdeskError as fault:
        return f"an acknowledged recovery key: {fault.code}" if is_said else _sound(scene)
    return _sound(scene)


def _wiped(scene: Scene, *, is_said: bool) -> str:
    if not is_said:
        return ""  # some of it is gone, as was wanted
    for folder in (one for one in scene.around.iterdir() if one.name.startswith(STORE)):
        if any(_has_key(folder / name) for name in key_slots.SLOT_FILES):
            return "a key is there again"
    return ""


def _has_key(file: Path) -> bool:
    return file.exists() and file.read_bytes().startswith(key_slots.SLOTS_MAGIC)


def _backed_up(scene: Scene, *, is_said: bool) -> str:
    whole = [one for one in (scene.around / STICK).iterdir() if one.is_dir()]
    whole = [one for one in whole if not one.name.endswith(UNFINISHED_SUFFIX)]
    if not whole:
        return "no backup is there"
    for folder in whole:
        desk = open_at(place_of(folder))
        wrong, carrier = desk.store.verify(), _carrier(desk, scene.world.leg)
        desk.store.close()
        if wrong:
            return f"a backup is not whole: {wrong[0]}"
        if is_said and folder == max(whole) and carrier != _LATEST:
            return "an acknowledged backup is gone"
    return _sound(scene)


def _updated(scene: Scene, *, is_said: bool) -> str:
    bench = Bench(scene.around / PROGRAM, scene.around / STICK)
    wrong = mixed_files(bench)
    if wrong:
        return wrong
    if is_said and version_of(bench) != NEW_VERSION:
        return "an acknowledged update is not there"
    if version_of(bench) == OLD_VERSION:
        (path,) = bench.stick.glob(f"*{UPDATE_SUFFIX}")
        bench.install(path)
    return mixed_files(bench)


def _gone_back(scene: Scene, *, is_said: bool) -> str:
    bench = Bench(scene.around / PROGRAM, scene.around / STICK)
    is_old = version_of(bench) == OLD_VERSION
    return mixed_files(bench) or ("" if is_old or not is_said else "the old version is not there")


def _unlocked(folder: Path) -> Session:
    """Open a store and prove it. Raise AssertionError if it is not sound."""
    desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    wrong = desk.store.verify()
    assert not wrong, wrong
    return desk


def _opens(scene: Scene, initials: str, passphrase: str) -> bool:
    try:
        who = Credentials(initials, passphrase)
        desk = store_lifecycle.unlock_store(scene.store, who, MACHINE)
    except KfdeskError:
        return False
    desk.store.close()
    return True


def _sound(scene: Scene) -> str:
    desk = _unlocked(scene.store)
    try:
        is_kept = _carrier(desk, scene.world.leg) == _LATEST
        return "" if is_kept else "the records are others"
    finally:
        desk.store.close()


def _carrier(desk: Session, rid: bytes) -> str:
    row = desk.store.row(rid)
    assert row is not None
    return str(view(row, Leg).record.carrier)


# playing


@dataclass(frozen=True, slots=True)
class Way:
    """An act, what is prepared for it, and what must be so when the power has gone."""

    act: str
    judge: Callable[..., str]
    prepare: Callable[[World, Path], None] = lambda _world, _around: None


_WAYS = (
    Way("restore", _restored), Way("salvage", _salvaged, _prepare_damage),
    Way("create", _created), Way("rekey", _rekeyed), Way("passphrase", _passphrase),
    Way("add user", _added), Way("remove user", _removed), Way("recovery key", _recovery_key),
    Way("recover", _passphrase, _prepare_recovery), Way("wipe", _wiped),
    Way("back up", _backed_up), Way("update", _updated),
    Way("go back", _gone_back, _prepare_update),
)  # fmt: skip
_LOGS: dict[tuple[Path, str, bool], Log] = {}


def _log_of(world: World, way: Way, *, is_wrong: bool) -> Log:
    """Return the calls of an act, recorded once in a process."""
    known = (world.folder, way.act, is_wrong)
    if known not in _LOGS:
        base = world.folder / "acts"
        if not base.exists():
            base.mkdir()
            _prepare(world, base)
        around = world.scratch()
        shutil.copytree(base, around, dirs_exist_ok=True, symlinks=True)
        way.prepare(world, around)
        if way.act == "salvage":
            shutil.copyfile(Place(around / STORE, b"").file, world.folder / "damaged")
        told = world.scratch() / "told"
        command = [sys.executable, "-m", "tests.torture.power_acts", way.act, str(around)]
        wrong = ["wrong"] if is_wrong else []
        _LOGS[known] = take_down([*command, str(told), *wrong], around, told)
        assert _LOGS[known].said[-1][1] == (1,)
    return _LOGS[known]


def _trial(way: Way, *, is_wrong: bool) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        log, around = _log_of(world, way, is_wrong=is_wrong), world.scratch()
        how, last = log.lose_power(rng, around)
        scene = Scene(world, around, world.ours.key)
        said = log.acknowledged(last) == (1,)
        try:
            wrong = way.judge(scene, is_said=said)
        except (KfdeskError, AssertionError, OSError) as fault:
            wrong = f"{type(fault).__name__} {fault}"
        moment = f"{way.act}, after call {last} of {len(log.calls)}, {how} of the rest"
        return Seen(way.act, f"{moment}: {wrong}" if wrong else "")

    return trial


HARNESSES = (
    joined(
        "power lost: stores, keys and the program",
        [(_trial(way, is_wrong=False), _trial(way, is_wrong=True)) for way in _WAYS],
        Size(4, 1_300, 100_000),
        absent,
    ),
)
