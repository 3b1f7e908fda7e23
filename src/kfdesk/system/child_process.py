# SPDX-License-Identifier: GPL-3.0-or-later
"""A child process without keys: started with nothing but pipes, limited, and watched.

It is the same program with other arguments. It gets no environment of ours but what finds its
modules, no open file but its three standard streams, and no argument that comes from a record.
It limits itself by `confine` before it reads the first byte. The parent reads a bounded amount
until a deadline, and kills it when the user cancels. Knows nothing of what the child does.

On Windows there are no limits of the system yet: a job object would set them. Deadline and
amount hold there, too.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from kfdesk.domain.errors import KfdeskError
from kfdesk.system import syscall_filter

if sys.platform == "win32":
    import msvcrt
else:
    import resource

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4
_LOOK_SECONDS = 0.05
_PIECE = 1024 * 1024
_FILES = 32
_KEPT_VARIABLES = ("SYSTEMROOT", "PYTHONPYCACHEPREFIX")

CheckCancelled = Callable[[], None]
"""Raises KfdeskError `work.cancelled` once the user has cancelled; called on another thread."""


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """Limits of a child: bytes of memory, seconds of the processor and of the clock, output."""

    memory: int
    processor: int
    clock: int
    output: int


@dataclass(frozen=True, slots=True)
class Confinement:
    """Limits of the system that hold in a child; the parent's own hold everywhere."""

    limits_memory: bool = False
    filters_calls: bool = False


class ChildFailedError(Exception):
    """The child broke off, said too much, or took too long; its words do not count."""


# --- the parent


def child_command(arguments: Sequence[str]) -> list[str]:
    """Return the command that starts this program as a child with these arguments."""
    if getattr(sys, "frozen", False):
        return [sys.executable, *arguments]
    return [sys.executable, "-P", "-m", "kfdesk", *arguments]


@contextmanager
def started_child(
    command: Sequence[str], request: bytes, limits: ChildLimits, check: CheckCancelled
) -> Iterator[Iterator[bytes]]:
    """Start a child, give it `request`, and yield an iterator of the pieces of its answer.

    The child is dead at the end. Raise KfdeskError `work.not_started`, ChildFailedError, or what
    `check` raises. An error of the caller counts only if the child was not stopped before.
    """
    try:
        child = subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            cwd=Path(sys.executable).anchor,  # a stick can be pulled out
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, MemoryError):
        raise KfdeskError("work.not_started") from None
    assert child.stdin is not None
    assert child.stdout is not None
    threading.Thread(target=_feed, args=(child.stdin, request), daemon=True).start()
    watch = _Watch(child, limits.clock, check)
    try:
        yield _pieces(child.stdout, limits.output)
    finally:
        watch.end()


def _environment() -> dict[str, str]:
    """Return the child's environment: where its modules lie, and nothing that is ours."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    if getattr(sys, "frozen", False):
        return kept
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    places = dict.fromkeys(path for path in (*given, *sys.path) if Path(path).is_absolute())
    return {**kept, "PYTHONPATH": os.pathsep.join(places), "PYTHONNOUSERSITE": "1"}


def _pieces(pipe: IO[bytes], most: int) -> Iterator[bytes]:
    """Yield what the child writes. Raise ChildFailedError beyond `most` bytes."""
    while piece := os.read(pipe.fileno(), _PIECE):
        most -= len(piece)
        if most < 0:
            raise ChildFailedError
        yield piece


def _feed(pipe: IO[bytes], request: bytes) -> None:
    with suppress(OSError, ValueError), pipe:  # a child that has ended reads no more
        pipe.write(request)


class _Watch:
    """A thread that kills a child at its deadline, or once the user has cancelled."""

    def __init__(self, child: subprocess.Popen[bytes], seconds: int, check: CheckCancelled) -> None:
        self._child, self._check = child, check
        self._deadline = time.monotonic() + seconds
        self._over = threading.Event()
        self._why: Exception | None = None
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Kill the child and wait for its end. Raise why the watch had to kill it, if it had to."""
        self._over.set()
        self._thread.join()
        self._kill()
        assert self._child.stdout is not None
        self._child.stdout.close()
        self._child.wait()
        why, self._why = self._why, None
        if why is not None:
            raise why from None

    def _look(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            try:
                self._check()
                if time.monotonic() > self._deadline:
                    raise ChildFailedError
            except (KfdeskError, ChildFailedError) as why:
                self._why = why
                self._kill()
                return

    def _kill(self) -> None:
        """Kill the child with all that it may have started."""
        if self._child.returncode is not None:
            return
        with suppress(OSError):
            if sys.platform == "win32":
                self._child.kill()
            else:
                os.killpg(self._child.pid, signal.SIGKILL)


# --- the child


def confine(limits: ChildLimits) -> Confinement:
    """Limit this process for good, before it reads what it was given; return what holds."""
    if sys.platform == "win32":
        msvcrt.setmode(0, os.O_BINARY)
        msvcrt.setmode(1, os.O_BINARY)
        return Confinement()
    seconds = limits.processor
    has_memory = _limit(resource.RLIMIT_AS, limits.memory)
    _limit(resource.RLIMIT_CPU, seconds)
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC):
        _limit(kind, 0)
    _limit(resource.RLIMIT_NOFILE, _FILES)
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            control = ctypes.CDLL(None).prctl
            control(_PR_SET_DUMPABLE, 0, 0, 0, 0)
            control(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    # macOS accepts a limit of memory and does not keep it.
    return Confinement(has_memory and sys.platform == "linux", syscall_filter.install())


def _limit(kind: int, most: int) -> bool:
    """Set a limit of the system for good; return whether it holds."""
    with suppress(OSError, ValueError):
        _, hard = resource.getrlimit(kind)
        kept = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (kept, kept))
        return True
    return False
