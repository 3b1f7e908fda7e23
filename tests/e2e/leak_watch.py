# SPDX-License-Identifier: GPL-3.0-or-later
"""Watching a process for what it leaves readable, wherever it may leave anything.

That is: files, also deleted ones that it still holds, names of files, what it says, its command
line and environment, and new files where all may write. Everything that is the process's own -
home, settings, caches, temporary files - lies in one folder. Files that come and go between two
looks are looked for by a second thread, as often as it can; that is a sample. What it holds open
is shown to an administrator alone. Knows what is looked for as bytes alone.
"""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.e2e.leak_canaries import hits
from tests.support.patience import HANG

ROOT = Path(__file__).resolve().parents[2]
SHARED = tuple(Path(os.sep, *names) for names in (("tmp",), ("var", "tmp"), ("dev", "shm")))
PLACES = {
    "HOME": "home", "TMPDIR": "tmp", "XDG_CONFIG_HOME": "home/.config",
    "XDG_CACHE_HOME": "home/.cache", "XDG_DATA_HOME": "home/.local/share",
    "XDG_STATE_HOME": "home/.local/state", "XDG_RUNTIME_DIR": "run",
}  # fmt: skip
ASKED = "asked"  # below the watched folder: what a person asked for, and gave
LARGEST = 64 * 2**20
PATIENCE = float(HANG)
STEP, SEEN = re.compile("[0-9]+ [a-z ]+"), ".seen"
_PAUSE = 0.02


class Watched:
    """One process whose whole surroundings lie in a folder, and what was found there."""

    def __init__(self, folder: Path, steps: Path, wanted: dict[bytes, str]) -> None:
        self.folder, self.steps, self.wanted = folder, steps, wanted
        self.found: set[str] = set()
        self.looks = 0
        self._began = time.time()
        self._seen: dict[Path, tuple[int, int]] = {}
        for below in (*PLACES.values(), ASKED):
            (folder / below).mkdir(parents=True, exist_ok=True, mode=0o700)
        steps.mkdir(exist_ok=True)

    @contextmanager
    def running(self, *words: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
        """Start the process and watch it and its output until the end of the block."""
        around = dict(os.environ) | {name: str(self.folder / at) for name, at in PLACES.items()}
        around |= {"QT_QPA_PLATFORM": "offscreen", "STEPS": str(self.steps), **more}
        around["PYTHONPATH"] = os.pathsep.join((str(ROOT), around.get("PYTHONPATH", "")))
        around.pop("PYTHONPYCACHEPREFIX", None)
        with (self.folder / "said.txt").open("ab") as said:
            child = subprocess.Popen(
                [sys.executable, *words], env=around, cwd=self.folder, stdout=said, stderr=said
            )
        over = threading.Event()
        looking = threading.Thread(target=self._keep_looking, args=(child.pid, over))
        looking.start()
        try:
            yield child
        finally:
            child.kill()
            child.wait()
            over.set()
            looking.join()
            self.look(None)

    def wait(self, child: subprocess.Popen[bytes], is_so: Callable[[], bool]) -> None:
        """Wait until something is so; the process must not end before."""
        patience = time.monotonic() + PATIENCE
        while not is_so():
            # it may have ended since: then whether it is so has to be asked again
            assert child.poll() is None or is_so(), f"it ended: {self.said()[-2000:]}"
            assert time.monotonic() < patience, f"it hangs: {self.said()[-2000:]}"
            time.sleep(_PAUSE)

    def steps_of(self, child: subprocess.Popen[bytes]) -> Iterator[str]:
        """Each step that the process tells; it goes on when the next is asked for."""
        done: set[str] = set()
        while child.poll() is None:
            self.wait(child, lambda: child.poll() is not None or bool(self._told() - done))
            for step in sorted(self._told() - done):
                done.add(step)
                yield step
                (self.steps / f"{step}{SEEN}").touch()

    def _told(self) -> set[str]:
        names = {path.name for path in self.steps.iterdir()}
        return {name for name in names if f"{name}{SEEN}" not in names and STEP.fullmatch(name)}

    def said(self) -> str:
        """Return what the process has printed so far."""
        return (self.folder / "said.txt").read_text(encoding="utf-8", errors="replace")

    def look(self, pid: int | None) -> None:
        """Look at everything there is now."""
        self.looks += 1
        for path in self._files():
            self._note(str(path.relative_to(self.folder)).encode(), f"name {path}")
            with suppress(OSError):
                self._note(path.read_bytes(), str(path.relative_to(self.folder)))
        for path in self._new_elsewhere():
            with suppress(OSError):
                self._note(path.read_bytes(), str(path))
        if pid is not None:
            self._look_at_process(pid)

    def _keep_looking(self, pid: int, over: threading.Event) -> None:
        """Read every file that is new or has changed since it was read, until it is over."""
        while not over.wait(_PAUSE):
            for path in self._files():
                with suppress(OSError):
                    stat = path.stat()
                    if self._seen.get(path) != (state := (stat.st_size, stat.st_mtime_ns)):
                        self._seen[path] = state
                        self._note(path.read_bytes(), f"passing {path.name}")
            self._look_at_process(pid)

    def _look_at_process(self, pid: int) -> None:
        """Check its deleted open files, its command line and its environment."""
        for name in ("cmdline", "environ"):
            with suppress(OSError):
                self._note(Path(f"/proc/{pid}/{name}").read_bytes(), name)
        with suppress(OSError):  # another user's, or no Linux
            for held in Path(f"/proc/{pid}/fd").iterdir():
                with suppress(OSError):
                    where = str(held.readlink())
                    if where.endswith("(deleted)") and 0 < held.stat().st_size < LARGEST:
                        self._note(held.read_bytes(), where)

    def _files(self) -> Iterator[Path]:
        """All files in the folder, but for what was asked for."""
        for at, folders, names in os.walk(self.folder):
            if Path(at) == self.folder and ASKED in folders:
                folders.remove(ASKED)
            yield from (Path(at) / name for name in names)

    def _new_elsewhere(self) -> Iterator[Path]:
        """Files of ours that are new in places where all may write, just below them."""
        for place in SHARED:
            with suppress(OSError):
                for path in place.iterdir():
                    stat = path.lstat()
                    is_ours = stat.st_uid == os.geteuid() and stat.st_mtime >= self._began
                    if is_ours and path.is_file() and stat.st_size < LARGEST:
                        yield path

    def _note(self, data: bytes, where: str) -> None:
        self.found |= {f"{meaning}: {where}" for meaning in hits(data, self.wanted)}


def tell(steps: Path, name: str, lines: Iterable[str]) -> None:
    """Write what the process reports at a step, atomically."""
    part = steps / f"{name}.part"
    part.write_text("\n".join(lines), encoding="utf-8")
    part.rename(steps / name)
