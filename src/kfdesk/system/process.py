# SPDX-License-Identifier: GPL-3.0-or-later
"""The process: hardening, bug reports without data, restart, and the lock on a store.

A closed store leaves copies of rows in memory, so locking the window restarts the process. On
POSIX it keeps its id and replaces its image; elsewhere a new process starts and this one ends.
The state for the next process goes through its environment, which other users cannot read, and
is removed from there at once. It holds no content of a store.
"""

import contextlib
import ctypes
import json
import locale
import os
import re
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, TextIO

from kfdesk.domain.errors import KfdeskError
from kfdesk.files import FileLock, lock_file
from kfdesk.system import paths

if sys.platform == "win32":
    import subprocess
else:
    import resource

_PR_SET_DUMPABLE = 4
_M_PERTURB = -6
_FILL_BYTE = 0xA5
_FALLBACK_MEMORY = 2**30
_LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
_CODE_LENGTH = 2  # letters of ISO 639-1
_UNNAMED = ("kfdesk", "notebook")  # from the source, and of a copy with a build
_MEMORY_FILE_SYSTEMS = frozenset({"tmpfs", "ramfs"})


# --- hardening


def harden() -> None:
    """Make files private to this user, disable core dumps, overwrite freed memory (glibc).

    Qt's temporary printer files go to a memory file system, if the session has one.
    """
    os.umask(0o077)
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            libc = ctypes.CDLL(None)
            libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
            libc.mallopt(_M_PERTURB, _FILL_BYTE)
        _keep_temporary_in_memory()


def hold_standard_streams() -> None:
    """Open the null device for each standard stream that is closed, as in a window on Windows.

    Else the next file that is opened, such as a paper, would be the standard output or the errors
    of this process, and would get the warnings of every library.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it gets the lowest free number, which is this one
    sys.stdin = sys.stdin or os.fdopen(os.open(os.devnull, os.O_RDONLY), encoding="utf-8")
    sys.stdout = sys.stdout or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    sys.stderr = sys.stderr or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


TellBug = Callable[[type[BaseException], BaseException | None], object]
"""Told of an uncaught bug: its type, and the exception if there is one."""


def hide_exception_texts(tell: TellBug = lambda _kind, _bug: None) -> None:
    """Install hooks that report an uncaught bug by its place only, in any thread, and `tell` it.

    Python would print the exception's text and source lines with their values. Call it only in
    a process that is the program's own; an embedding program has its own hooks.
    """

    def hear(
        kind: type[BaseException], bug: BaseException | None, trace: TracebackType | None
    ) -> None:
        report_bug(kind, trace)
        if issubclass(kind, Exception):  # an interrupt from the keyboard is no bug
            tell(kind, bug)

    sys.excepthook = hear
    sys.unraisablehook = lambda told: hear(told.exc_type, told.exc_value, told.exc_traceback)
    threading.excepthook = lambda told: hear(told.exc_type, told.exc_value, told.exc_traceback)


def report_bug(kind: type[BaseException], trace: TracebackType | None) -> None:
    """Write a bug's type, module and line to the standard error output, if there is one."""
    places = traceback.extract_tb(trace)
    place = f", {Path(places[-1].filename).name}:{places[-1].lineno}" if places else ""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # a window may have no output
        sys.stderr.write(f"stopped: {kind.__name__}{place}\n")
        sys.stderr.flush()


def flush_output() -> bool:
    """Write out what was printed; return False if nobody can read the standard output any more.

    What nobody can read then leads nowhere, so that Python's own flush at the end is silent.
    """
    is_written = _flush(sys.stdout)
    _flush(sys.stderr)
    return is_written


def _flush(stream: TextIO) -> bool:
    try:
        stream.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return False
    return True


def command_name() -> str:
    """Return the name of the command that started this program, for its help.

    Started by its path, as in a kit, a copy with a build has the neutral name.
    """
    name = Path(sys.argv[0]).stem
    is_named = name.isidentifier() and not name.startswith("_")
    return name if is_named else _UNNAMED[bool(paths.build_id())]


def system_languages() -> tuple[str, ...]:
    """Return the languages that the user has chosen, as ISO 639-1, the most wanted first.

    POSIX names one locale by LC_ALL, LC_MESSAGES or LANG; GNU gettext adds LANGUAGE, a list that
    comes first unless the locale is C. Windows has a language of its windows instead.
    """
    named = next(filter(None, map(os.environ.get, _LOCALE_VARIABLES)), "")
    if not named and sys.platform == "win32":
        named = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    own = language_code(named)
    listed = os.environ.get("LANGUAGE", "").split(":") if own else []
    return tuple(dict.fromkeys(filter(None, (*map(language_code, listed), own))))


def language_code(named: str) -> str:
    """Return the language of a locale such as `sv_SE.UTF-8` or `ru-RU`; empty if it names none."""
    code = re.split(r"[^A-Za-z]", named, maxsplit=1)[0].lower()
    return code if len(code) == _CODE_LENGTH else ""


def system_memory() -> int:
    """Return the machine's memory in bytes; 1 GiB if unknown."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return _FALLBACK_MEMORY


def _keep_temporary_in_memory() -> None:
    """Put temporary files in the session's own folder, if it is in memory."""
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere")
    with contextlib.suppress(OSError, ValueError):
        if folder.stat().st_uid == os.getuid() and _is_memory(folder):
            os.environ["TMPDIR"] = str(folder)


def _is_memory(folder: Path) -> bool:
    """Return whether the folder's file system is in memory (`/proc/self/mounts`)."""
    mounts = (line.split() for line in Path("/proc/self/mounts").read_text("utf-8").splitlines())
    kinds = {Path(line[1]): line[2] for line in mounts}
    whole = folder.resolve()
    found = (kinds[part] for part in (whole, *whole.parents) if part in kinds)
    return next(found, "") in _MEMORY_FILE_SYSTEMS  # in a plain chroot `/` is no mount


# --- restart

STATE_VARIABLE = "NOTEBOOK_RENEWED"
_FRESH_BOOTLOADER = {"PYINSTALLER_RESET_ENVIRONMENT": "1"}  # make a package unpack itself
_SAFE_PATH = "-P"  # nothing is imported from the current folder


def take_passed_state() -> Mapping[str, Any]:
    """Return the state from the previous process once; empty if there was none."""
    try:
        found = json.loads(os.environ.pop(STATE_VARIABLE, ""))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def restart_command(
    executable: str, original: Sequence[str], given: Sequence[str], *, is_packed: bool
) -> list[str]:
    """Return the command that starts the same program again, without its arguments.

    The state replaces the arguments. The options of the interpreter stay, so that a program whose
    launcher ignores PYTHONPATH goes on so; and nothing is imported from the current folder.
    `original` is the interpreter's whole command line, `given` the program's own, its name first.
    """
    if is_packed:
        return [executable]
    same = original[1 : len(original) - len(given) + 1]
    return [executable, *(() if same[:1] == [_SAFE_PATH] else (_SAFE_PATH,)), *same]


def start_another(arguments: Sequence[str]) -> None:
    """Start the same program a second time, with these arguments, and continue this one.

    Raise OSError if the program file no longer exists.
    """
    is_packed = bool(getattr(sys, "frozen", False))
    again = restart_command(sys.executable, sys.orig_argv, sys.argv, is_packed=is_packed)
    around = os.environ | (_FRESH_BOOTLOADER if is_packed else {})
    if sys.platform == "win32":
        subprocess.Popen([*again, *arguments], env=around)  # noqa: S603 - our own program
    else:
        os.posix_spawn(again[0], [*again, *arguments], around)


def restart(words: Mapping[str, str | int]) -> NoReturn:
    """Replace this process by a new one of the same program, and pass it the state `words`.

    Raise OSError if the program file no longer exists.
    """
    is_packed = bool(getattr(sys, "frozen", False))
    again = restart_command(sys.executable, sys.orig_argv, sys.argv, is_packed=is_packed)
    around = (
        os.environ | {STATE_VARIABLE: json.dumps(words)} | (_FRESH_BOOTLOADER if is_packed else {})
    )
    flush_output()
    if sys.platform == "win32":
        subprocess.Popen(again, env=around)  # noqa: S603 - our own program
        os._exit(0)
    os.execve(again[0], again, around)  # noqa: S606


# --- lock on a store

LOCK_FILE = paths.LOCK_FILE


def call_lock_holder(folder: Path) -> None:
    """Ask the program that holds the lock to come to the front: it watches the file's time."""
    with contextlib.suppress(OSError):
        os.utime(folder / LOCK_FILE)


def lock_store(folder: Path) -> FileLock:
    """Lock the store in `folder` for this program.

    Raise KfdeskError `store.in_use` while another program holds it, and `store.read_only` if
    the folder cannot be written.
    """
    try:
        lock = lock_file(folder / LOCK_FILE)
    except OSError:
        raise KfdeskError("store.read_only") from None
    if lock is None:
        raise KfdeskError("store.in_use")
    return lock
