# SPDX-License-Identifier: GPL-3.0-or-later
"""From the start of a process to the painted unlock window, against a bare Qt window.

Each round is a process of its own, begun as `python -m kfdesk` is, offscreen, so that nothing is
warm but the disk's cache. Both have their compiled code at hand, as an installed program has: the
warm-up writes it to a folder of its own, even where the environment forbids Python to keep it.
For a cold start, the files of the program and of its libraries are dropped from the cache before;
what is read then is counted in bytes, because the time depends on the disk.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import PySide6
import shiboken6

from benchmarks.measure import Row, ratio, timed, worked_by_child

ROUNDS = 7
_COLD_ROUNDS = 3
_BLOCK = 512  # bytes, of what the system counts as read
_ROOT = Path(__file__).resolve().parent.parent
_BARE = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow
from PySide6.QtCore import QTimer
app = QApplication([])
window = QMainWindow()
window.resize(1280, 800)
window.show()
window.grab()
print(open('/proc/self/smaps_rollup').read() if sys.platform == 'linux' else '')
"""

_OURS = """
import os
import runpy
import sys
from PySide6.QtWidgets import QApplication
def painted(*_):
    for window in QApplication.topLevelWidgets():
        if window.isVisible():
            window.grab()
    print(open('/proc/self/smaps_rollup').read() if sys.platform == 'linux' else '')
    sys.stdout.flush()
    os._exit(0)
QApplication.exec = painted
sys.argv = ['kfdesk', '--store', sys.argv[1], '--language', 'sv']
runpy.run_module('kfdesk', run_name='__main__', alter_sys=True)
"""


def rows() -> list[Row]:
    """Return the start, warm and cold, and the memory, each against the bare window."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "notebook.db").touch()  # an empty folder would show the first run
        compiled = Path(folder) / "compiled"
        ours, bare = (compiled, _OURS, folder), (compiled, _BARE)
        found = [
            ratio(
                "start → unlock window painted ÷ bare window, processor time",
                lambda: worked_by_child(lambda: _run(*ours)),
                lambda: worked_by_child(lambda: _run(*bare)),
                "≤ 1.6",
                rounds=ROUNDS,
            )
        ]
        if Path("/proc/self/smaps_rollup").exists():
            sizes = [_memory(_run(*ours)) / 1000 for _ in range(min(ROUNDS, 5))]
            job = "memory (RSS) at the unlock window"
            found.append(Row(job, tuple(sizes), "≤ 80 MB", "MB"))
            found.append(
                ratio(
                    f"{job} ÷ bare window",
                    lambda: _memory(_run(*ours)),
                    lambda: _memory(_run(*bare)),
                    "≤ 1.30",
                    rounds=min(ROUNDS, 5),
                )
            )
        if hasattr(os, "posix_fadvise"):
            found += _cold(ours, bare)
    return found


def _cold(ours: tuple[Path, str, str], bare: tuple[Path, str]) -> Iterator[Row]:
    """Yield what a start reads from the disk, and its time, after its files left the cache."""
    said: list[tuple[float, float, float]] = []
    for _ in range(_COLD_ROUNDS):
        each = []
        for run in (ours, bare):
            _evict(run[0])
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_inblock
            seconds = timed(partial(_run, *run))
            read = resource.getrusage(resource.RUSAGE_CHILDREN).ru_inblock - before
            each.append((read * _BLOCK / 1e6, seconds))
        (megabytes, ours_took), (_, bare_took) = each
        said.append((megabytes, ours_took * 1000, ours_took / bare_took))
    job = "cold start → unlock window"
    for at, (name, goal, unit) in enumerate(
        ((f"{job}: read", "", "MB"), (job, "", "ms"), (f"{job} ÷ bare window", "≤ 1.7", "×"))
    ):
        yield Row(name, tuple(one[at] for one in said), goal, unit)


def _evict(compiled: Path) -> None:
    """Drop our own files, and those of the libraries that the unlock window uses, from the cache.

    What another process has in use stays.
    """
    libraries = [Path(str(each.__file__)).parent for each in (PySide6, shiboken6)]
    places = (compiled, *(_ROOT / name for name in ("src", "resources", "translations")))
    for file in (file for place in (*places, *libraries) for file in place.rglob("*")):
        if file.is_file():
            with file.open("rb") as opened:
                os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _run(compiled: Path, *code: str) -> str:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    environment |= {"PYTHONPYCACHEPREFIX": str(compiled), "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-c", *code]
    with tempfile.TemporaryDirectory() as state:  # each round ends as a crash does
        environment["XDG_STATE_HOME"] = state
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def _memory(said: str) -> float:
    """Return the resident set size in kB from what the process printed.

    The proportional one changes with what else runs on the machine.
    """
    line = next(line for line in said.splitlines() if line.startswith("Rss:"))
    return float(line.split()[1])
