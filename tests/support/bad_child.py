# SPDX-License-Identifier: GPL-3.0-or-later
"""A child that does harm instead of decoding: `python -m tests.support.bad_child HOW`.

The program can start no such child: a test puts its command in the place of the program's own.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import gettempdir

import msgspec

from kfdesk.decoder.protocol import LIMITS, DecoderTask, FrameKind
from kfdesk.system.child_process import Confinement, confine

_FOREVER = 3600
_LATE = 4  # seconds
_VALUES = 100_000


def send(kind: str, value: object) -> None:
    """Write one frame."""
    frame = kind.encode() + msgspec.msgpack.encode(value)
    write(len(frame).to_bytes(4, "big") + frame)


def write(data: bytes) -> None:
    """Write all bytes."""
    left = memoryview(data)
    while left:
        left = left[os.write(1, left) :]


def begin() -> None:
    """Say that the child has started."""
    send(FrameKind.LIMITS, {"limits_memory": True, "filters_calls": True})


def abort() -> None:
    """End as a failed assertion of a library does."""
    begin()
    os.abort()


def segfault() -> None:
    """Read where there is no memory."""
    begin()
    ctypes.string_at(0)


def leave() -> None:
    """End in order, without an answer."""
    begin()


def vanish() -> None:
    """End before anything is said."""


def half() -> None:
    """End in the middle of a frame."""
    begin()
    write((1000).to_bytes(4, "big") + b"v" + b"x" * 10)


def loop() -> None:
    """Compute for ever."""
    begin()
    while True:
        pass


def sleep() -> None:
    """Wait for ever."""
    begin()
    time.sleep(_FOREVER)


def inherit() -> None:
    """Leave a grandchild behind that holds the pipe."""
    begin()
    subprocess.Popen([sys.executable, "-c", f"import time; time.sleep({_FOREVER})"])


def flood() -> None:
    """Write zeros for ever, as one frame."""
    begin()
    write((2**32 - 1).to_bytes(4, "big") + b"v")
    while True:
        write(bytes(2**20))


def many() -> None:
    """Write values for ever."""
    begin()
    while True:
        send(FrameKind.VALUE, [[], []])


def greedy() -> None:
    """Ask for as much memory as a list may take, under its limits, and then read it as one."""
    _read_list(confine(LIMITS[DecoderTask.CONTACTS]))


def unlimited() -> None:
    """Do the same without a limit; the memory is asked for and never used."""
    _read_list(Confinement())


def late() -> None:
    """Answer truly, later than the test lets a child answer."""
    time.sleep(_LATE)
    _read_list(Confinement())


def talkative() -> None:
    """Answer truly, after more empty values than the test lets a child say."""
    _read_list(Confinement(), values=_VALUES)


def _read_list(kept: Confinement, values: int = 0) -> None:
    send(FrameKind.LIMITS, asdict(kept))
    if sys.argv[1] in ("greedy", "unlimited"):
        bytearray(LIMITS[DecoderTask.CONTACTS].memory)
    send(FrameKind.VALUE, [[], "utf-8", True, []])
    for _ in range(values):
        send(FrameKind.VALUE, [[], []])
    entry = {"line": 1, "type": "organisation", "values": {"name": "Huset"}}
    send(FrameKind.VALUE, [[entry], []])
    send(FrameKind.END, None)


def ignore_signals() -> None:
    """Ignore every signal that can be ignored, and wait."""
    begin()
    for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                continue
    time.sleep(_FOREVER)


def lie() -> None:
    """Give the frames that lie in the file of the second argument."""
    begin()
    for kind, value in msgspec.msgpack.decode(Path(sys.argv[2]).read_bytes()):
        send(kind, value)


def tell() -> None:
    """Tell as a page what this process was given: arguments, environment and open files."""
    begin()
    given = sorted(int(path.name) for path in Path("/dev/fd").iterdir())
    files = [number for number in given if _is_open(number)]
    said = {"argv": sys.argv, "environment": dict(os.environ), "files": files}
    say(said)


def try_out() -> None:
    """Tell as a page what this process can still do under the limits of a page."""
    kept = confine(LIMITS[DecoderTask.SHOW])
    send(FrameKind.LIMITS, asdict(kept))
    say({name: _outcome(act) for name, act in _DEEDS.items()})


def say(said: object) -> None:
    """Give a text as the only page."""
    send(FrameKind.VALUE, {"text": json.dumps(said)})
    send(FrameKind.END, None)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def _outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except (OSError, MemoryError) as refused:
        return type(refused).__name__
    return "done"


_PARENT = os.getppid()
_PLACE = Path(gettempdir()) / "of-a-child"
_DEEDS: Mapping[str, Callable[[], object]] = {
    "read": lambda: Path(__file__).read_bytes(),
    "write": lambda: _PLACE.write_bytes(b"x"),
    "append": lambda: os.open(os.devnull, os.O_WRONLY | os.O_APPEND),
    "empty": lambda: os.open(os.devnull, os.O_RDONLY | os.O_TRUNC),
    "delete": lambda: _PLACE.unlink(missing_ok=True),
    "folder": _PLACE.mkdir,
    "rename": lambda: Path(__file__).rename(__file__),
    "link": lambda: _PLACE.symlink_to(__file__),
    "socket": lambda: socket.socket(socket.AF_UNIX),
    "pair": socket.socketpair,
    "start": lambda: subprocess.run([sys.executable, "-c", ""], check=True),
    "fork": os.fork,
    "replace": lambda: os.execv(sys.executable, [sys.executable, "-c", ""]),
    "kill": lambda: os.kill(_PARENT, 0),
    "memory": lambda: bytearray(LIMITS[DecoderTask.SHOW].memory),
    "pipe": os.pipe,
}

HOWS: Mapping[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        *(abort, segfault, leave, vanish, half, loop, sleep, inherit, flood, many),
        *(ignore_signals, lie, tell, try_out, greedy, unlimited, late, talkative),
    )
}

if __name__ == "__main__":
    HOWS[sys.argv[1]]()
