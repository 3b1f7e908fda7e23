# SPDX-License-Identifier: GPL-3.0-or-later
"""What must go on being so: a backup that is restored, old stores, another SQLite, merging.

The drill restores what a backup holds and compares all of it. A desk that was restored gets back
from its partner what it lost. Stores of every released version are opened with the program of
today. With the system's SQLite loaded first a store is encrypted or refused. The laws of merging,
the order of files and the search for leaks are tried by their own tests, with other seeds than
`make test` has. Each has a control that does it wrongly.
"""

import ctypes.util
import random
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from benchmarks.desks import MACHINE, WHO
from tests.integration import pair_samples
from tests.integration import test_restored_desks as restored
from tests.integration.test_order_of_files import Town, take
from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.world import World, open_at, place_of, refusal
from tests.unit.storage import test_storage_plain_text
from tests.unit.storage.store_samples import KEY
from tests.vectors import make_store_vectors

from kfdesk import store_lifecycle
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.services.core.records import change_record
from kfdesk.services.core.session import Session
from kfdesk.services.upkeep import backup
from kfdesk.services.upkeep.backup import make_backup
from kfdesk.storage import driver, key_slots

_ROOT = Path(__file__).resolve().parents[2]
_LAWS = "tests/property/domain/test_domain_merge_laws.py"
_ORDER = "tests/integration/test_sequence_model.py"
_LEAKS = "tests/e2e/test_leaks.py"


def _drill(*, is_wrong: bool) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        desk = open_at(place)
        change_record(desk, world.leg, {"carrier": str(rng.random())})
        made = make_backup(desk, world.scratch()).path
        before = desk.store.digest()
        if is_wrong:  # what was written after the backup is held for what is in it
            change_record(desk, world.leg, {"carrier": str(rng.random())})
            before = desk.store.digest()
        desk.store.close()
        store_lifecycle.restore_store(made, place.folder, WHO, MACHINE)
        restored = open_at(place_of(place.folder))
        try:
            if restored.store.verify():
                return Seen("unsound", "the restored store is not sound")
            is_same = restored.store.digest() == before
            return Seen("restored", "" if is_same else "it holds something else")
        finally:
            restored.store.close()

    return trial


def _restored(world: World, rng: random.Random) -> Seen:
    """Put a desk back to a backup, and see whether it gets back what it lost, unasked."""
    folder = world.scratch()
    with pair_samples.met_pair(folder) as pair:
        (folder / "stick").mkdir()
        town = Town(pair, folder)
        try:
            restored.level(town)
            which = rng.choice(("ours", "theirs"))
            kept, text = restored.backed_up(town, which), str(rng.random())
            for number in range(rng.randrange(1, 4)):
                restored.change_theirs(town, f"{text} {number}")
            town.restore(which, kept)
            for _ in range(4):  # each sends only where it has something to send
                for one in ("ours", "theirs"):
                    here, there = restored.both(town, one)
                    if not restored.fault(town, here, there):
                        refusal(partial(_pass_on, town, here, there))
            held = {str(town.carrier(town.ours)), str(town.carrier(town.theirs))}
        finally:
            town.ours.store.close()
            town.theirs.store.close()
    is_back = len(held) == 1 and held.pop().startswith(text)
    return Seen(f"{which} restored", "" if is_back else "what was lost did not come again")


def _pass_on(town: Town, here: Session, there: Session) -> None:
    take(there, town.made(here, there))


def _as_before(world: World, rng: random.Random) -> Seen:
    """Wrong on purpose: the restored desk goes on in its old epoch, and tells nobody."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backup, "start_new_epoch", lambda *_: 0)
        return _restored(world, rng)


def _old(*, is_wrong: bool) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        version = rng.choice(
            sorted(path for path in make_store_vectors.FOLDER.iterdir() if path.is_dir())
        )
        folder = world.scratch() / "store"
        shutil.copytree(version, folder)
        before = _states(folder)
        if is_wrong:
            before = before[1:]
        desk = store_lifecycle.unlock_store(folder, make_store_vectors.WHO, MACHINE)
        found = desk.store.verify()
        desk.store.close()
        if found:
            return Seen(version.name, f"version {version.name} is not sound: {found[0]}")
        is_same = _states(folder) == before
        return Seen(f"version {version.name}", "" if is_same else "records are not as they were")

    return trial


def _states(folder: Path) -> list[tuple[bytes, bytes]]:
    """Each record of a store, read as SQL alone, whatever its version is."""
    who = make_store_vectors.WHO
    key = key_slots.open_user_slot(key_slots.read_slots(folder), who.initials, who.passphrase)
    connection = driver.connect(folder / driver.STORE_FILE, key)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    found: list[tuple[bytes, bytes]] = []
    for name in RECORD_TYPES:
        if f"record_{name}" in names:
            found += connection.execute(f"SELECT rid, state FROM record_{name}").fetchall()
    connection.close()
    return sorted(found)


def _beside(*, is_wrong: bool) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        library = ctypes.util.find_library("sqlite3") or ""
        file = world.scratch() / "store.db"
        how = rng.choice(("LD_PRELOAD", "RTLD_GLOBAL", "cannot be bound"))
        if is_wrong:
            test_storage_plain_text.run(test_storage_plain_text.BARE_DRIVER, file, preload=library)
        elif how == "RTLD_GLOBAL":
            by_hand = test_storage_plain_text.LOADED_BY_HAND.format(library=library)
            test_storage_plain_text.run(
                test_storage_plain_text.SCRIPT.format(before=by_hand, key=KEY.hex()), file
            )
        else:
            before = test_storage_plain_text.WITHOUT_BINDING if how == "cannot be bound" else ""
            script = test_storage_plain_text.SCRIPT.format(before=before, key=KEY.hex())
            said = test_storage_plain_text.run(script, file, preload=library)
            if said != ("store.no_cipher" if before else "made"):
                return Seen(how, f"{how}: it said {said}")
        is_plain = test_storage_plain_text.head_of(
            file
        ) == test_storage_plain_text.PLAIN_HEAD or b"CREATE TABLE" in (
            file.read_bytes() if file.exists() else b""
        )
        return Seen(how, f"{how}: the store is plain" if is_plain else "")

    return trial


def _tests(file: str, broken: str = "", only: str = "") -> Trial:
    """Return a trial that runs a test file, or `only` some tests, with another seed.

    The plugin of the mutation `broken` is loaded first.
    """

    def trial(_: World, rng: random.Random) -> Seen:
        command = [
            sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p", "no:xdist",
            f"--hypothesis-seed={rng.randrange(2**31)}", file, "-k", only,
        ]  # fmt: skip
        if broken:
            command += ["-p", "tests.torture.unshrunk", "-p", f"tests.torture.broken_{broken}"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=_ROOT, check=False)
        last = (done.stdout.strip().splitlines() or [""])[-1]
        return Seen("held" if not done.returncode else "broken", last if done.returncode else "")

    return trial


def _no_library() -> str:
    has_it = sys.platform == "linux" and ctypes.util.find_library("sqlite3")
    return "" if has_it else "the system has no SQLite of its own to load first"


HARNESSES = (
    Harness("restore drill", _drill(is_wrong=False), _drill(is_wrong=True), Size(1, 20, 500)),
    Harness("restored desk that has nothing to say", _restored, _as_before, Size(1, 30, 1_000)),
    Harness("stores of old versions", _old(is_wrong=False), _old(is_wrong=True), Size(1, 12, 200)),
    Harness("another SQLite loaded first", _beside(is_wrong=False), _beside(is_wrong=True),
            Size(1, 6, 50), _no_library),
    Harness("laws of merging", _tests(_LAWS), _tests(_LAWS, "merge"), Size(0, 1, 400)),
    Harness("order of files beside a model", _tests(_ORDER), _tests(_ORDER, "order"),
            Size(0, 1, 400)),
    Harness("a day that is searched for leaks", _tests(_LEAKS),
            _tests(_LEAKS, "watch", "leak_on_purpose"), Size(0, 1, 50)),
)  # fmt: skip
