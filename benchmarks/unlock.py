# SPDX-License-Identifier: GPL-3.0-or-later
"""A person's first minutes: `python -m kfdesk`, unlock, Today, every place, sixty plans.

Each round is a process of its own that begins as the program does. Between the unlock window and
the last key of the passphrase the worker has loaded the rest; what that takes has a row of its
own, because it is moved and not saved. Times are processor time of the process, and of the
window's thread alone while it stands still: whatever else runs on the machine, they stay the same.
`python -m benchmarks.unlock FOLDER` is one round.
"""

import gc
import json
import os
import runpy
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from benchmarks.measure import Row

_PLANS, _LEGS, _NOTES, _CONTACTS, _OPENED = 500, 6, 12, 3_000, 60
_ROUNDS, _TURNS, _BREATH = 5, 5, 0.002
_STORE = f"{_PLANS} plans"
_UNLOCK = f"unlock → Today, {_STORE}"
_ROWS = {
    "door": ("start → unlock window", "with the next ≤ 750 ms", "ms"),
    "loaded": ("loaded on the worker behind it", "", "ms"),
    "unlock": (_UNLOCK, "with the unlock window ≤ 750 ms", "ms"),
    "pause": (f"longest work without an answer: {_UNLOCK}", "≤ 100 ms", "ms"),
    "still": (f"window stands still: {_UNLOCK}", "≤ 100 ms", "ms"),
    "rss_door": ("memory (RSS) at the unlock window", "≤ 80 MB", "MB"),
    "rss_unlocked": (f"memory unlocked, {_STORE}", "≤ 160 MB", "MB"),
    "rss_places": ("memory after all places", "≤ 220 MB", "MB"),
    "plan": (f"open a plan, mean of {_OPENED}", "≤ 100 ms", "ms"),
    "rss_plans": (f"memory after {_OPENED} plans", "≤ 300 MB", "MB"),
}


def rows() -> list[Row]:
    """Return a row for each thing that a person waits for, and for the memory after it."""
    with tempfile.TemporaryDirectory() as name:
        store = Path(name) / "store"
        _fill(store)
        found = [_round(store, Path(name)) for _ in range(_ROUNDS + 1)][1:]
    return [
        Row(job, tuple(one[key] for one in found), goal, unit)
        for key, (job, goal, unit) in _ROWS.items()
    ]


def _round(store: Path, folder: Path) -> dict[str, float]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": ""}
    environment |= {"PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    with tempfile.TemporaryDirectory() as state:  # each round ends as a crash does
        environment |= {"XDG_STATE_HOME": state, "XDG_CONFIG_HOME": state}
        command = [sys.executable, "-m", "benchmarks.unlock", str(store)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    said: dict[str, float] = json.loads(done.stdout)
    return said


def _fill(store: Path) -> None:
    """Create a store of so many plans, each with legs and notes, and of contacts."""
    from benchmarks import desks  # noqa: PLC0415 - a round begins without the program
    from benchmarks.full.contacts import houses  # noqa: PLC0415
    from kfdesk import store_lifecycle  # noqa: PLC0415
    from kfdesk.demo import people  # noqa: PLC0415

    desks.fill(store, _PLANS, legs=2, notes=0)
    desk = store_lifecycle.unlock_store(store, desks.WHO, desks.MACHINE)
    happened = people.zoned_time(datetime.now(tz=UTC))
    rows = [*houses(desk, _CONTACTS)]
    for plan in desk.store.rows("plan"):
        rows += [desks.new_leg(desk, plan.rid, number) for number in range(2, _LEGS)]
        rows += [
            desks.new_row(desk, "note", plan.rid, {"happened": happened, "content": f"Rad {one}"})
            for one in range(_NOTES)
        ]
    with desk.store.transaction():
        desk.store.put_all((row, None) for row in rows)
    desk.store.close()


def _live(*_: object) -> int:
    """Do what a person does instead of running the window, and print what it took."""
    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            window.grab()
    said = {"door": time.process_time() * 1000, "rss_door": _resident()}
    program = next(one for one in gc.get_objects() if type(one).__name__ == "Program")
    print(json.dumps(said | _first_minutes(program)))
    sys.stdout.flush()
    os._exit(0)


def _first_minutes(program: Any) -> dict[str, float]:
    began = time.process_time()
    _settle(program)
    said = {"loaded": (time.process_time() - began) * 1000}
    # only now: the bench imports what the worker has just loaded
    from benchmarks.desks import WHO  # noqa: PLC0415
    from benchmarks.window import Heart  # noqa: PLC0415

    door, heart = program.door, Heart()
    door.initials.setText(WHO.initials)
    door.passphrase.line.setText(WHO.passphrase)
    heart.listen()
    began = time.process_time()
    door.button.click()
    _settle(program)
    heart.stop()
    said |= {"unlock": (time.process_time() - began) * 1000, "still": heart.longest}
    said |= {"pause": heart.busiest, "rss_unlocked": _resident()}
    shell = program.shell
    for key in list(shell.rail.items):
        shell.go_to(key)
        _settle(program)
    said["rss_places"] = _resident()
    shell.go_to("plans")
    _settle(program)
    began = time.process_time()
    opened = [line.rid for line in shell.page.listing.lines[:_OPENED]]
    for rid in opened:
        shell.page.open_plan(rid)
        _settle(program)
    said["plan"] = (time.process_time() - began) * 1000 / len(opened)
    return said | {"rss_plans": _resident()}


def _settle(program: Any) -> None:
    """Do what comes in until the worker rests, all widgets have their colours, and none waits."""
    for _ in range(_TURNS):
        QApplication.processEvents()
        while program.kit.worker.is_busy or not program.kit.theme.is_applied:
            time.sleep(_BREATH)  # without Python's lock
            QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _resident() -> float:
    """Return the resident memory of this process in MB, where Linux tells it."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(one.split()[1]) / 1000 for one in lines if one.startswith("VmRSS")), 0.0)


if __name__ == "__main__":
    QApplication.exec = _live  # type: ignore[method-assign]
    sys.argv = ["kfdesk", "--store", sys.argv[1], "--language", "sv"]
    runpy.run_module("kfdesk", run_name="__main__", alter_sys=True)
