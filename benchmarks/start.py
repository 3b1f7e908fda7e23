# SPDX-License-Identifier: GPL-3.0-or-later
"""From the start of a process to the painted unlock window, against a bare Qt window.

Each round is a process of its own, begun as `python -m kfdesk` is, offscreen, so that nothing is
warm but the disk's cache. Both have their compiled code at hand, as an installed program has: the
warm-up writes it to a folder of its own, even where the environment forbids Python to keep it.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Row, ratio, timed

ROUNDS = 7
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
class Painted(QApplication):
    def exec(self):
        for window in self.topLevelWidgets():
            if window.isVisible():
                window.grab()
        print(open('/proc/self/smaps_rollup').read() if sys.platform == 'linux' else '')
        sys.stdout.flush()
        os._exit(0)
qt = Painted([])
sys.argv = ['kfdesk', '--store', sys.argv[1], '--language', 'sv']
runpy.run_module('kfdesk', run_name='__main__', alter_sys=True)
"""


def rows() -> list[Row]:
    """Return the start and the memory, each against the bare window."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "notebook.db").touch()  # an empty folder would show the first run
        compiled = Path(folder) / "compiled"
        ours, bare = (compiled, _OURS, folder), (compiled, _BARE)
        found = [
            ratio(
                "start → unlock window painted ÷ bare window",
                lambda: timed(lambda: _run(*ours)),
                lambda: timed(lambda: _run(*bare)),
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
    return found


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
