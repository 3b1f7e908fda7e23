# SPDX-License-Identifier: GPL-3.0-or-later
"""What the process tells the system about itself: private files, no memory dumps, faults as places.

Each step is taken where the platform has it; where it has not, nothing is promised. The text of an
exception may hold a value of a record, so that none is ever written: only its kind and its place.
"""

import contextlib
import ctypes
import locale
import os
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType

if sys.platform != "win32":
    import resource

_PR_SET_DUMPABLE = 4
_M_PERTURB = -6
_FILL = 0xA5
_FALLBACK_MEMORY = 2**30
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})


def harden() -> None:
    """Files only for this user, no core dumps, freed memory overwritten (glibc).

    What Qt writes on the way to a printer goes into memory, where the session has such a place.
    """
    os.umask(0o077)
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            libc = ctypes.CDLL(None)
            libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
            libc.mallopt(_M_PERTURB, _FILL)
        _keep_temporary_in_memory()


def tell_places_alone() -> None:
    """Say of every bug that nothing else catches where it is, in whichever thread, and no more.

    Python would print the exception's text and the lines of the source, and so what they hold.
    Only for a process that is the program's own: whoever runs it as a part hears of bugs otherwise.
    """
    sys.excepthook = lambda kind, _bug, trace: tell_bug(kind, trace)
    sys.unraisablehook = lambda told: tell_bug(told.exc_type, told.exc_traceback)
    threading.excepthook = lambda told: tell_bug(told.exc_type, told.exc_traceback)


def tell_bug(kind: type[BaseException], trace: TracebackType | None) -> None:
    """Write a bug's kind, module and line to the standard error output, as far as there is one."""
    places = traceback.extract_tb(trace)
    place = f", {Path(places[-1].filename).name}:{places[-1].lineno}" if places else ""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # a window may have no output
        sys.stderr.write(f"stopped: {kind.__name__}{place}\n")
        sys.stderr.flush()


def language() -> str:
    """The machine's language as ISO 639-1 where it names one; `en` where it does not."""
    named = os.environ.get("LC_ALL") or os.environ.get("LANG") or locale.getlocale()[0] or ""
    code = named[:2].lower()
    return code if code.isalpha() else "en"


def memory() -> int:
    """The machine's memory in bytes; 1 GiB where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return _FALLBACK_MEMORY


def _keep_temporary_in_memory() -> None:
    """Have temporary files made in the session's own folder, if that is memory and no disk."""
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere")
    with contextlib.suppress(OSError, ValueError):
        if folder.stat().st_uid == os.getuid() and _is_memory(folder):
            os.environ["TMPDIR"] = str(folder)


def _is_memory(folder: Path) -> bool:
    """Whether the file system that holds the folder lives in memory (`/proc/self/mounts`)."""
    mounts = (line.split() for line in Path("/proc/self/mounts").read_text("utf-8").splitlines())
    kinds = {Path(line[1]): line[2] for line in mounts}
    whole = folder.resolve()
    nearest = next(part for part in (whole, *whole.parents) if part in kinds)
    return kinds[nearest] in _IN_MEMORY
