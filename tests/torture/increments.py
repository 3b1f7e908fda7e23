# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups that are written into an older one: killed at each step, on sticks that lie, and torn.

The newest whole backup is untouched in every case, and so are all others but the one that goes. A
stick that has lost, mixed or changed what was written is noticed before the backup gets its name,
also where nothing was written anew. A torn one is refused under any name.
"""

import random
import shutil
from collections.abc import Callable, Mapping
from functools import cache, partial
from hashlib import sha256
from pathlib import Path

import pytest
from tests.torture import keeping_children
from tests.torture.harness import Harness, Seen, Size, Trial, joined
from tests.torture.keeping_children import NEVER, WEEK, StepErrand, at_calendar
from tests.torture.kills import killed, open_and_close
from tests.torture.world import Place, World, connection_of, open_at, refusal, store_at

from kfdesk.domain.errors import KfdeskError
from kfdesk.files import flush_file
from kfdesk.services.core.records import change_record
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.storage import backup, driver, keyring, restore
from kfdesk.storage.driver import PAGE_BYTES, STORE_FILE
from kfdesk.storage.store_names import UNFINISHED_SUFFIX

_STEPS, _FILES, _SECONDS, _LONGEST = 90, 40, 0.6, 4.0
_REFUSALS = ("backup.not_sound", "backup.not_written")

Files = Mapping[str, bytes]


@cache
def _week(world_folder: Path, ours: Place, leg: bytes) -> tuple[Path, Path]:
    """Make a backup on each of seven days, once for all trials; return the desk and the stick."""
    around = world_folder / "week"
    stick, folder = around / "stick", around / "store"
    stick.mkdir(parents=True)
    shutil.copytree(ours.folder, folder)
    desk, clock = at_calendar(open_at(Place(folder, ours.key)), 0)
    for clock.day in range(1, WEEK + 1):
        change_record(desk, leg, {"carrier": f"day {clock.day}"})
        make_backup(desk, stick)
    desk.store.close()
    return folder, stick


def _copied(world: World) -> tuple[Place, Path]:
    """Return a desk with a stick of seven backups, to break."""
    folder, stick = _week(world.folder, world.ours, world.leg)
    around = world.scratch()
    shutil.copytree(stick, around / "stick")
    return Place(Path(shutil.copytree(folder, around / "store")), world.ours.key), around / "stick"


def _files(folder: Path) -> Files:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def _held(stick: Path) -> dict[str, Files]:
    """Return what each backup with a whole name holds."""
    whole = (path for path in stick.iterdir() if not path.name.endswith(UNFINISHED_SUFFIX))
    return {path.name: _files(path) for path in whole}


def _unsound(place: Place) -> str:
    """Return what is wrong with a store that does not open or is not sound."""
    try:
        store = keyring.unlock_by_key(place.folder, place.key)
    except KfdeskError as refused:
        return refused.code
    try:
        return ", ".join(store.verify())
    finally:
        store.close()


# killed


def _kills(child: Callable[..., None]) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place, stick = _copied(world)
        before = _held(stick)
        step, fatal = rng.choice(
            ((rng.randrange(_STEPS), NEVER), (NEVER, rng.randrange(_FILES)), (NEVER, NEVER))
        )
        seconds = rng.uniform(0, _SECONDS) if step == fatal == NEVER else _LONGEST
        errand = StepErrand(place, world.leg, world.bundle, stick, fatal, step)
        said = killed(child, errand, seconds)
        halves = [path for path in stick.iterdir() if path.name.endswith(UNFINISHED_SUFFIX)]
        how = "an unfinished one was left" if halves else "between two backups"
        wrong = _wrong_stick(before, stick, place, said)
        for path in halves:
            if refusal(partial(restore.find_backup, path)) != "backup.unfinished":
                wrong = "an unfinished one is taken for a backup"
        if wrong or (wrong := _unsound(place)):
            return Seen(how, wrong)
        desk, _ = at_calendar(open_at(place), 3 * WEEK)
        make_backup(desk, stick)
        desk.store.close()
        left = any(path.name.endswith(UNFINISHED_SUFFIX) for path in stick.iterdir())
        return Seen(how, "the next backup leaves half a one" if left else "")

    return trial


def _wrong_stick(before: Mapping[str, Files], stick: Path, place: Place, said: int) -> str:
    """Return what is wrong with the backups after `said` new ones and perhaps a part of one."""
    now = _held(stick)
    if len(now) < WEEK - 1 or (not said and max(before) not in now):
        return "more is gone than the one that goes"
    made = sorted(now.keys() - before.keys())
    if not said <= len(made) <= said + 1:
        return f"acknowledged {said}, {len(made)} are new"
    for name, files in now.items():
        if name in before and files != before[name]:
            return "a backup of before was changed"
        if name not in before and (wrong := _unsound(Place(stick / name, place.key))):
            return f"a backup is not whole: {wrong}"
    return ""


# a stick that lies


def _drop_all(_new: bytearray, old: bytes, _rng: random.Random) -> bytes:
    return old


def _drop_some(new: bytearray, old: bytes, rng: random.Random) -> bytes:
    for place in range(0, len(new), PAGE_BYTES):
        if rng.random() < 0.5:
            new[place : place + PAGE_BYTES] = old[place : place + PAGE_BYTES].ljust(
                PAGE_BYTES, b"\0"
            )
    return bytes(new)


def _flip(new: bytearray, _old: bytes, rng: random.Random) -> bytes:
    new[rng.randrange(len(new))] ^= 1 << rng.randrange(8)
    return bytes(new)


def _misdirect(new: bytearray, _old: bytes, rng: random.Random) -> bytes:
    one, other = (rng.randrange(len(new) // PAGE_BYTES) * PAGE_BYTES for _ in range(2))
    new[one : one + PAGE_BYTES] = new[other : other + PAGE_BYTES]
    return bytes(new)


def _cut(new: bytearray, _old: bytes, rng: random.Random) -> bytes:
    return bytes(new[: rng.randrange(len(new))])


_LIES: Mapping[str, Callable[[bytearray, bytes, random.Random], bytes]] = {
    "all writes dropped": _drop_all, "some writes dropped": _drop_some, "a bit changed": _flip,
    "a page written elsewhere": _misdirect, "cut off": _cut,
}  # fmt: skip


def _lies(world: World, rng: random.Random) -> Seen:
    place, stick = _copied(world)
    if is_new := rng.random() < 0.5:
        shutil.rmtree(min(stick.iterdir()))  # then none goes, and a new copy is made
    before, oldest = _held(stick), min(stick.iterdir()).name
    old = b"" if is_new else before[oldest][STORE_FILE]
    how, lie = rng.choice(tuple(_LIES.items()))
    true: list[bool] = []
    flush = flush_file

    def flush_and_lie(file: Path) -> None:
        flush(file)
        kept = lie(bytearray(file.read_bytes()), old, rng)
        true.append(kept == file.read_bytes())
        file.write_bytes(kept)

    desk, _ = at_calendar(open_at(place), WEEK + 1)
    change_record(desk, world.leg, {"carrier": "written on a stick that lies"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backup, "flush_file", flush_and_lie)
        code = refusal(lambda: make_backup(desk, stick))
    desk.store.close()
    after = _held(stick)
    others = before.keys() - {oldest}
    if any(after.get(name) != before[name] for name in others):
        return Seen(how, "a backup of before was changed")
    if true == [True]:
        return Seen("it did not lie", f"refused: {code}" if code else "")
    if code not in _REFUSALS or after.keys() - before.keys():
        return Seen(how, f"what the stick has lost counts as a backup: {code or 'no refusal'}")
    return Seen(how)


def _unproved(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: what was written is believed to be there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backup, "is_equal", lambda *_: True)
        return _lies(world, rng)


# torn


def _torn(is_whole: Callable[[Place], bool]) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place, stick = _copied(world)
        open_and_close(place, lambda desk: change_record(desk, world.leg, {"carrier": "the news"}))
        torn = min(stick.iterdir())
        file, new = torn / STORE_FILE, place.file.read_bytes()
        old = file.read_bytes()
        pages = [place for place in range(0, max(len(new), len(old)), PAGE_BYTES)
                 if new[place : place + PAGE_BYTES] != old[place : place + PAGE_BYTES]]  # fmt: skip
        grown = [place for place in pages if place >= len(old)]
        written = {*grown, *rng.sample(pages, rng.randrange(1, len(pages)))}
        rows = _rows(place), _rows(Place(torn, place.key))
        mixed = bytearray(old.ljust(len(new), b"\0"))
        for begin in written:
            mixed[begin : begin + PAGE_BYTES] = new[begin : begin + PAGE_BYTES]
        file.write_bytes(mixed)
        if not is_whole(Place(torn, place.key)):
            return Seen("refused")
        same = _rows(Place(torn, place.key)) in rows
        return Seen("of one day after all", "" if same else "a torn one counts as a backup")

    return trial


def _is_accepted(place: Place) -> bool:
    """Return whether a backup passes the check that precedes every restore."""
    stage = place.folder.with_name("side.part")
    try:
        with restore.staged_backup(
            place.folder, stage, lambda at: keyring.unlock_by_key(at, place.key), lambda *_: None
        ):
            return True
    except KfdeskError:
        return False


def _has_sound_pages(place: Place) -> bool:
    """Wrong on purpose: each page is valid by itself, so the backup is."""
    try:
        store = store_at(place)
    except KfdeskError:
        return False
    try:
        return not driver.check_cipher(connection_of(store), place.file)
    finally:
        store.close()


def _rows(place: Place) -> bytes:
    """Return a digest of every row but those of the full-text index, which only propose records."""
    try:
        store = store_at(place)
    except KfdeskError:
        return b"it does not open"
    connection, whole = connection_of(store), sha256()
    names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'lead%'"
    try:
        for (name,) in sorted(connection.execute(names).fetchall()):
            rows = sorted(map(repr, connection.execute(f"SELECT * FROM {name} NOT INDEXED")))
            whole.update("\n".join([name, *rows]).encode())
    except driver.DatabaseError:
        return b"it cannot be read"
    finally:
        store.close()
    return whole.digest()


HARNESSES = (
    Harness(
        "kill -9 while a backup is written into an older one",
        _kills(keeping_children.back_up_into_older),
        _kills(keeping_children.back_up_over_older),
        Size(3, 60, 10_000),
    ),
    joined(
        "a stick that lies about a backup, or tears it",
        ((_lies, _unproved), (_torn(_is_accepted), _torn(_has_sound_pages))),
        Size(6, 200, 20_000),
    ),
)
