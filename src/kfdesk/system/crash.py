# SPDX-License-Identifier: GPL-3.0-or-later
"""The crash mark: how the last run of the window ended, and a report without values.

A file in the state folder says that the window runs. A clean end empties it; a bug writes a report
into it, and `faulthandler` the place of a hard crash. The next start reads it. A report holds the
types of exceptions, our own file names with line numbers, and versions. It holds no message, no
value and no path of the user's.
"""

import faulthandler
import os
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TextIO

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.version import VERSION
from kfdesk.files import FileLock
from kfdesk.system import paths, process

MARK_FILE = "run.txt"
_RUNNING = "running\n"
_PACKAGE = Path(__file__).resolve().parents[1]
_MOST_LINES, _MOST_PLACES, _MOST_CAUSES, _MOST_BYTES = 80, 40, 5, 100_000
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,79}")
_KEPT_LINE = re.compile(r"(stopped by [A-Za-z_][\w.]*|kfdesk(/\w+)*\.py:\d{1,6})", re.ASCII)
_FATAL_LINE = re.compile(r"(?:Fatal Python error|Windows fatal exception): ([A-Za-z ]{1,40})")
_FRAME_LINE = re.compile(r'  File ".*?\b(kfdesk(?:[/\\]\w+)*\.py)", line (\d{1,6}) in', re.ASCII)


def report_lines(bug: BaseException | None, kind: type[BaseException]) -> Iterator[str]:
    """Yield the types of a bug and its causes, and where each was: `kfdesk/ui/theme.py:12`."""
    yield _kind_line(kind)
    for _ in range(_MOST_CAUSES):
        if bug is None:
            return
        yield from _places(bug.__traceback__)
        bug = bug.__cause__ or bug.__context__
        if bug is not None:
            yield _kind_line(type(bug))


def version_lines() -> tuple[str, ...]:
    """Return the versions of the program, of Python, of Qt and of the system."""
    qt = getattr(sys.modules.get("PySide6"), "__version__", "-")
    return (
        f"kfdesk {VERSION} {paths.build_id()}".strip(),
        f"Python {sys.version.partition(' ')[0]}, PySide6 {qt}",
        f"{sys.platform} {_machine()}",
    )


def _machine() -> str:
    """Return the kind of machine, such as `x86_64`; the module `platform` takes long to import."""
    return os.environ.get("PROCESSOR_ARCHITECTURE", "") if os.name == "nt" else os.uname().machine


class CrashMark:
    """The mark of this run, in the folder `state`; without a folder it keeps nothing."""

    def __init__(self, state: Path | None) -> None:
        self._state = state
        self._file: TextIO | None = None
        self._lock: FileLock | None = None
        self._is_catching = False
        self.has_crashed = False

    def begin(self) -> str:
        """Mark that the window runs. Return the report of the last run; empty if it ended well.

        A second window marks nothing, and a disk that cannot be written is passed over.
        """
        if self._state is None:
            return ""
        try:
            self._state.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = process.lock_store(self._state)
            with (self._state / MARK_FILE).open("a+", encoding="utf-8", errors="replace") as kept:
                kept.seek(0)
                left = kept.read(_MOST_BYTES)
            self._file = (self._state / MARK_FILE).open("w", encoding="utf-8")
            self._write(_RUNNING)
        except (OSError, KfdeskError):
            return ""
        return "\n".join((*read_lines(left), *version_lines())) if left else ""

    def catch_hard_crashes(self) -> None:
        """Let `faulthandler` write the place of a hard crash, from now on until `end`."""
        if self._file is not None:
            faulthandler.enable(self._file)
            self._is_catching = True

    def keep(self, kind: type[BaseException], bug: BaseException | None) -> bool:
        """Keep the report of the first bug of this run; return whether it was the first."""
        if self.has_crashed:
            return False
        self.has_crashed = True
        self._write("".join(f"{line}\n" for line in report_lines(bug, kind)))
        return True

    def end(self) -> None:
        """Mark a clean end, unless there was a bug, and leave the file to others."""
        if self._file is not None:
            if self._is_catching:
                faulthandler.disable()
            with suppress(OSError):
                if not self.has_crashed:
                    self._file.truncate(0)
                self._file.close()
            self._file = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _write(self, text: str) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.write(text)
                self._file.flush()


def read_lines(left: str) -> tuple[str, ...]:
    """Return what is known of the last run; only lines of a known form, for a file may lie."""
    found: list[str] = []
    for line in left.splitlines():
        frame, fatal = _FRAME_LINE.match(line), _FATAL_LINE.match(line)
        if frame:
            found.append(f"{frame[1]}:{frame[2]}".replace("\\", "/"))
        elif fatal:
            found.append(f"stopped by {fatal[1].strip().replace(' ', '_')}")
        elif _KEPT_LINE.fullmatch(line):
            found.append(line)
    return tuple(found[:_MOST_LINES]) or ("stopped without a trace",)


def _kind_line(kind: type[BaseException]) -> str:
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    return f"stopped by {name if _NAME.fullmatch(name) else 'exception'}"


def _places(trace: TracebackType | None) -> Iterator[str]:
    """Yield our own places of a traceback, the outermost first."""
    for frame, line in list(traceback.walk_tb(trace))[-_MOST_PLACES:]:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(_PACKAGE):
            yield f"kfdesk/{path.relative_to(_PACKAGE).as_posix()}:{line}"
