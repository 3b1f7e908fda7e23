# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 and a full disk while something is kept safe or let go.

That is a draft, a backup, a restore, a new data key, an erasing. What was acknowledged holds, what
was there before is never lost, and nothing is half. Half of the blows fall by the clock, the other
half at a step on files that the child counts, so that moments between two names are met as often as
long ones.
"""

import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from benchmarks.desks import MACHINE, WHO
from tests.torture import keeping_children
from tests.torture.full_disk import DISK as SMALL_DISK
from tests.torture.full_disk import FILES, MOUNTED, Wall
from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.keeping_children import FAMILY, NEVER, Errand
from tests.torture.kill_children import TWIN_FIELDS, Child, Job
from tests.torture.kills import killed, open_and_close
from tests.torture.world import Place, World, contents, open_at, refusal, store_at

from kfdesk import store_lifecycle
from kfdesk.domain.codes.core import ErasureReason
from kfdesk.domain.errors import KfdeskError
from kfdesk.services.core.drafts import FormState, read_draft
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.exchange.erasure import erase_client
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.storage import key_slots, restore
from kfdesk.storage.backup import finish_interrupted
from kfdesk.storage.driver import STORE_FILE
from kfdesk.storage.store_names import UNFINISHED_SUFFIX

Erranding = Callable[[Errand, Connection], None]
_DRAFTS, _BACKUPS, _RESTORE, _ERASE, _LONGEST = 0.03, 0.3, 0.5, 0.1, 3.0
_REKEY, _PATIENT = 4.0, 30.0
_STEPS = 20  # on files: as many as a restore has
_NAMES = (17, 18, 19)  # the last of them: where names change, and what is after that
_KEY_STEPS = range(4, 37)  # of a new data key: from its slots to the end of the old store
_CLIENTS = 3
_REFUSALS = {"backup.not_written", "backup.no_room", "store.disk"}


@dataclass(frozen=True, slots=True)
class Bench:
    """A desk's folder with room beside it, where a restore leaves what was there, and a stick."""

    place: Place
    stick: Path

    @property
    def folders(self) -> tuple[Path, ...]:
        """Everything beside the store, the store too, but what was never finished."""
        beside = sorted(self.place.folder.parent.iterdir())
        return tuple(
            path
            for path in beside
            if path != self.stick and not path.name.endswith(UNFINISHED_SUFFIX)
        )


def _bench(world: World, under: Path | None = None) -> Bench:
    around = world.scratch(under)
    shutil.copytree(world.ours.folder, around / "store")
    (around / "stick").mkdir()
    return Bench(Place(around / "store", world.ours.key), around / "stick")


def _killed(child: Erranding, bench: Bench, world: World, within: float, rng: random.Random) -> int:
    """Let it work, and die by the clock or at a step; the last number it said."""
    fatal = rng.choice((NEVER, NEVER, rng.randrange(_STEPS), rng.choice(_NAMES)))
    seconds = rng.uniform(0, within) if fatal == NEVER else _LONGEST
    errand = Errand(bench.place, world.leg, world.bundle, bench.stick, fatal)
    return killed(child, errand, seconds)


def _unsound(place: Place) -> str:
    """Return what is wrong with a store that does not open or is not sound."""
    try:
        key_slots.read_slots(place.folder)
        return ", ".join(open_and_close(place, lambda desk: desk.store.verify()))
    except KfdeskError as refused:
        return refused.code


# drafts


def _drafts(child: Child) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        seconds = rng.uniform(0, _DRAFTS)
        said = killed(child, Job(place, world.leg, world.bundle), seconds)
        desk = world.opened(place)
        opened = read_draft(desk, world.leg)
        if opened is None:
            return Seen("none yet", f"acknowledged {said}, there is none" if said else "")
        wrong = _wrong_draft(opened.form, said) or ", ".join(desk.store.verify())
        return Seen("one was kept", wrong)

    return trial


def _wrong_draft(form: FormState, said: int) -> str:
    found = {str(text) for text in (*form.values.values(), *form.typed.values())}
    if len(found) != 1 or form.values.keys() != set(TWIN_FIELDS):
        return f"half a draft: {sorted(found)}"
    (number,) = found
    return "" if said <= int(number) <= said + 1 else f"acknowledged {said}, found {number}"


# backups


def _backups(child: Erranding) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        bench = _bench(world)
        said = _killed(child, bench, world, _BACKUPS, rng)
        halves = [path for path in bench.stick.iterdir() if path.name.endswith(UNFINISHED_SUFFIX)]
        how = "an unfinished one was left" if halves else "between two backups"
        whole = sorted(set(bench.stick.iterdir()) - set(halves))
        for path in whole:
            if wrong := _unsound(Place(path, bench.place.key)):
                return Seen(how, f"a backup is not whole: {wrong}")
        if said and not whole:
            return Seen(how, "an acknowledged backup is gone")
        for path in halves:
            if refusal(partial(restore.find_backup, path)) != "backup.unfinished":
                return Seen(how, "an unfinished one is taken for a backup")
        if wrong := _unsound(bench.place):
            return Seen(how, f"the store: {wrong}")
        open_and_close(bench.place, lambda desk: make_backup(desk, bench.stick))
        left = any(path.name.endswith(UNFINISHED_SUFFIX) for path in bench.stick.iterdir())
        return Seen(how, "the next backup leaves half a one" if left else "")

    return trial


Making = Callable[[Session, Bench], object]


def _make(desk: Session, bench: Bench) -> object:
    return make_backup(desk, bench.stick)


def _copy_in_place(_: Session, bench: Bench) -> object:
    """Wrong on purpose: straight under the final name."""
    folder = bench.stick / "notebook-2026-01-01-0900"
    try:
        shutil.copytree(bench.place.folder, folder)
    except (OSError, shutil.Error):
        raise KfdeskError("backup.not_written") from None
    return None


def _full(action: Making, wall: Wall) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        bench = _bench(world, wall.under())
        try:
            return _without_room(action, bench, wall, rng)
        finally:
            shutil.rmtree(bench.place.folder.parent, ignore_errors=True)

    return trial


def _without_room(action: Making, bench: Bench, wall: Wall, rng: random.Random) -> Seen:
    desk = open_at(bench.place)
    before = contents(desk.store)
    try:
        with wall.scarce(bench.place.folder, rng):
            how = refusal(lambda: action(desk, bench)) or "there was room"
        after = contents(desk.store)
    finally:
        with suppress(KfdeskError):
            desk.store.close()
    if how != "there was room" and how not in _REFUSALS:
        return Seen(how, "refused for another reason")
    if how != "there was room" and after != before:
        return Seen(how, "the store is changed")
    for path in bench.stick.iterdir():  # where the note of it had no room, the backup stands
        if wrong := _unsound(Place(path, bench.place.key)):
            return Seen(how, f"{path.name} is left: {wrong}")
    return Seen(how, _unsound(bench.place))


# restoring


def _restores(child: Erranding) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        bench = _bench(world)
        open_and_close(bench.place, lambda desk: make_backup(desk, bench.stick))
        newer = {"carrier": "written after the backup"}
        open_and_close(bench.place, lambda desk: change_record(desk, world.leg, newer))
        before = _bytes_of(bench.place.folder)
        said = _killed(child, bench, world, _RESTORE, rng)
        where = [path for path in bench.folders if _bytes_of(path) == before]
        if not where:
            return Seen("lost", "the old store is nowhere")
        is_old = where[0] == bench.place.folder
        if said and is_old:
            return Seen("not restored", "an acknowledged restore is not there")
        if bench.place.folder.exists():
            wrong = _unsound(bench.place)
            return Seen("not yet" if is_old else "restored", wrong)
        finish_interrupted(bench.place.folder)  # as whatever opens a store does first
        is_back = _bytes_of(bench.place.folder) == before
        wrong = "" if is_back else "the old store did not come back"
        return Seen("between two names", wrong or _restored_again(bench))

    return trial


def _restored_again(bench: Bench) -> str:
    """Return what is wrong after a second restore, as a person would do it."""
    code = refusal(
        lambda: store_lifecycle.restore_store(bench.stick, bench.place.folder, WHO, MACHINE)
    )
    return f"it cannot be done again: {code}" if code else _unsound(bench.place)


def _bytes_of(folder: Path) -> dict[str, bytes]:
    """Return the files of a store by name, without its lock."""
    names = (STORE_FILE, *key_slots.SLOT_FILES)
    return {name: (folder / name).read_bytes() for name in names if (folder / name).exists()}


# a new data key


def _data_keys(child: Erranding) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        bench = _bench(world)
        folder, before = bench.place.folder, open_and_close(bench.place, _digest)
        old = key_slots.read_slots(folder)
        fatal = rng.choice((NEVER, rng.choice(_KEY_STEPS)))
        seconds = rng.uniform(0, _REKEY) if fatal == NEVER else _PATIENT
        said = killed(
            child, Errand(bench.place, world.leg, world.bundle, bench.stick, fatal), seconds
        )
        is_between = not folder.exists()
        finish_interrupted(folder)  # as whatever opens a store does first
        try:
            is_old = key_slots.read_slots(folder) == old
            how = (
                "between two names" if is_between else "not yet" if is_old else "under the new key"
            )
            desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
        except KfdeskError as refused:
            return Seen("shut", f"it does not open: {refused.code}")
        wrong = ", ".join(desk.store.verify()) or _differs(_digest(desk), before)
        desk.store.close()
        if said and is_old:
            wrong = "an acknowledged key is not there"
        if not wrong and bench.folders != (folder,):
            wrong = "the store of before is left"
        return Seen(how, wrong)

    return trial


def _digest(desk: Session) -> bytes:
    return desk.store.digest()


def _differs(now: bytes, before: bytes) -> str:
    return "" if now == before else "the records are others"


# erasing


def _erasures(child: Child) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        open_and_close(place, lambda desk: keeping_children.enter_clients(desk, _CLIENTS))
        clients = open_and_close(place, keeping_children.clients_of)
        said = killed(child, Job(place, world.leg, world.bundle), rng.uniform(0, _ERASE))
        desk = world.opened(place)
        gone = 0
        for client in clients:
            family = len(desk.store.tree.family((client,)))
            is_there = desk.store.row(client) is not None
            if (is_there, family) not in ((True, FAMILY), (False, 1)):
                return Seen("half", "a client is erased by half")
            if is_there == (client in desk.store.erasures.rids()):
                return Seen("half", "the list of erasures does not agree")
            gone += not is_there
        if not said <= gone <= said + 1:
            return Seen("lost", f"acknowledged {said}, {gone} are gone")
        how = "all were erased" if gone == _CLIENTS else "some were erased" if gone else "none yet"
        return Seen(how, _wrong_erasing(desk, place, gone))

    return trial


def _wrong_erasing(desk: Session, place: Place, gone: int) -> str:
    """Unsound, or the next erasing does not go on."""
    rest = keeping_children.clients_of(desk)
    if len(rest) != _CLIENTS - gone or desk.store.verify():
        return "it is not whole"
    for client in rest:
        erase_client(desk, client, ErasureReason.ERROR)
    with suppress(KfdeskError):
        desk.store.close()
    store = store_at(place)
    try:
        return ", ".join(store.verify())
    finally:
        store.close()


def _disk(wall: Wall, size: Size) -> Harness:
    kind = "a small disk" if wall is MOUNTED else "short files"
    absent = SMALL_DISK.absent if wall is MOUNTED else lambda: ""
    return Harness(
        f"{kind}: making a backup", _full(_make, wall), _full(_copy_in_place, wall), size, absent
    )


HARNESSES = (
    Harness(
        "kill -9 while drafts are kept",
        _drafts(keeping_children.draft),
        _drafts(keeping_children.draft_and_boast),
        Size(6, 300, 20_000),
    ),
    Harness(
        "kill -9 while backups are made",
        _backups(keeping_children.back_up),
        _backups(keeping_children.back_up_in_place),
        Size(4, 100, 10_000),
    ),
    Harness(
        "kill -9 while a backup is restored",
        _restores(keeping_children.restore),
        _restores(keeping_children.restore_over_it),
        Size(3, 50, 5_000),
    ),
    Harness(
        "kill -9 while the data key is changed",
        _data_keys(keeping_children.rekey),
        _data_keys(keeping_children.rekey_in_place),
        Size(3, 50, 5_000),
    ),
    Harness(
        "kill -9 while clients are erased",
        _erasures(keeping_children.erase),
        _erasures(keeping_children.erase_piecemeal),
        Size(4, 100, 10_000),
    ),
    _disk(FILES, Size(5, 100, 5_000)),
    _disk(MOUNTED, Size(5, 100, 5_000)),
)
