# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9, and F12, while the program locks and lets another process take its place.

Whenever the blow falls, the store opens and is whole, a draft is there whole or not at all, it is
there once the new door has been seen, and nothing readable lies anywhere the program may write.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.torture.harness import Harness, Seen, Size, Trial
from tests.torture.lock_child import TYPED
from tests.torture.world import Place, World

from kfdesk.services.core.drafts import read_draft

ROOT = Path(__file__).resolve().parents[2]
_PATIENCE, _PAUSE, _WITHIN, _LONG = 60.0, 0.005, 2.5, 9.0
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def _locks(*, is_hasty: bool = False) -> Trial:
    def trial(world: World, rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        steps, home = world.scratch(), world.scratch()
        around = _around(world, place, steps, home) | ({"HASTY": "1"} if is_hasty else {})
        is_there = _killed(around, steps, _LONG if is_hasty else rng.uniform(0, _WITHIN))
        how = "the new door was there" if is_there else "before the new door"
        desk = world.opened(place)
        found = read_draft(desk, world.leg)
        if is_there and found is None:
            return Seen(how, "what was typed is gone")
        if found is not None and {*found.form.values.values(), *found.form.typed.values()} != {
            TYPED
        }:
            return Seen(how, "half a draft")
        plain = [path.name for at in (place.folder, home) for path in _readable(at)]
        return Seen(how, ", ".join((*desk.store.verify(), *plain)))

    return trial


def _hides(*, is_deaf: bool = False) -> Trial:
    """Return the trial of F12 while a lock waits for a job that nobody can stop."""

    def trial(world: World, _rng: random.Random) -> Seen:
        place = world.copy(world.ours)
        steps, home = world.scratch(), world.scratch()
        around = _around(world, place, steps, home) | {"WAITING": "1"}
        is_there = _killed(around | ({"DEAF": "1"} if is_deaf else {}), steps, _PATIENCE)
        wrong = []
        if not is_there:
            wrong.append("it never locked")
        if not (steps / "hidden").exists():
            wrong.append("F12 waited for the job")
        if (steps / "open").exists():
            wrong.append("a job opened a window unseen")
        desk = world.opened(place)
        if read_draft(desk, world.leg) is None:
            wrong.append("what was typed is gone")
        return Seen("hidden and locked", ", ".join((*wrong, *desk.store.verify())))

    return trial


def _around(world: World, place: Place, steps: Path, home: Path) -> dict[str, str]:
    """Return the environment of the window."""
    around = dict(os.environ) | {
        "QT_QPA_PLATFORM": "offscreen", "STORE": str(place.folder), "STEPS": str(steps),
        "RID": world.leg.hex(), "HOME": str(home), "TMPDIR": str(home),
        "XDG_CONFIG_HOME": str(home), "XDG_CACHE_HOME": str(home), "XDG_DATA_HOME": str(home),
    }  # fmt: skip
    return around | {"PYTHONPATH": os.pathsep.join((str(ROOT), around.get("PYTHONPATH", "")))}


def _killed(around: dict[str, str], steps: Path, seconds: float) -> bool:
    """Start the window, let it lock, and kill it; whether the process after it showed its door."""
    command = [sys.executable, "-m", "tests.torture.lock_child"]
    with subprocess.Popen(command, env=around, stderr=subprocess.DEVNULL) as child:
        try:
            _wait(child, (steps / "shown").exists, _PATIENCE)
            (steps / "lock").touch()
            _wait(child, (steps / "door").exists, seconds)
        finally:
            child.kill()
    return (steps / "door").exists()


def _wait(child: subprocess.Popen[bytes], is_so: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not is_so() and time.monotonic() < until:
        assert child.poll() is None  # else it ended by itself
        time.sleep(_PAUSE)


def _readable(folder: Path) -> list[Path]:
    """List the files in which the typed text can be read."""
    spelt = [TYPED.encode(encoding) for encoding in _ENCODINGS]
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if any(each in path.read_bytes() for each in spelt)]


HARNESSES = (
    Harness(
        "kill -9 while the program locks",
        _locks(),
        _locks(is_hasty=True),
        Size(1, 16, 2_000),
    ),
    Harness(
        "F12 while a lock waits for a job",
        _hides(),
        _hides(is_deaf=True),
        Size(1, 4, 100),
    ),
)
