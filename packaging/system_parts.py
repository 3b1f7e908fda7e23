# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the operating system that the window and the tests need, found by loading them.

Libraries are probed by loading, because the names of their packages differ between releases
(`t64` and other endings) while the name inside the file does not. Only Debian and its relatives
are installed for; elsewhere the files are named. It knows nothing of Python packages.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Sequence

from steps import SetupError, run

DRAWING = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
}
WINDOW = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
PROGRAMS = {
    "Xvfb": "xvfb",
    "age": "age",
    "makensis": "nsis",
    "pdffonts": "poppler-utils",
    "pdftotext": "poppler-utils",
    "shellcheck": "shellcheck",
    "sqlcipher": "sqlcipher",
    "xwininfo": "x11-utils",
}


def loads(library: str) -> bool:
    """Say whether the loader of this machine finds `library`."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_parts() -> dict[str, str]:
    """Return the missing libraries and programs, each with its Debian package."""
    libraries = {**DRAWING, **WINDOW}
    missing = {name: package for name, package in libraries.items() if not loads(name)}
    missing.update({name: package for name, package in PROGRAMS.items() if not shutil.which(name)})
    return missing


def install(packages: Sequence[str]) -> None:
    """Install Debian packages, with fresh lists where the old ones do not know them.

    Raises SetupError when they cannot be had.
    """
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    fault = "system parts could not be installed"
    try:
        run(command, fault)
    except SetupError:
        run(["apt-get", "update"], fault)
        run(command, fault)


def remedy(missing: dict[str, str]) -> str:
    """Return the one line that a person runs, or the files to look for where apt is unknown."""
    if shutil.which("apt-get"):
        return "run: sudo apt-get install " + " ".join(sorted(set(missing.values())))
    return "install the packages that hold " + ", ".join(sorted(missing))


def ensure_system_parts() -> None:
    """Install what is missing where we may; else say how, and go on if drawing is possible.

    Raises SetupError when installing fails, or when nothing could be drawn at all.
    """
    if not sys.platform.startswith("linux"):
        return
    missing = missing_parts()
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"setup: installing {', '.join(sorted(set(missing.values())))}", flush=True)
        install(sorted(set(missing.values())))
        missing = missing_parts()
    if not missing:
        return
    if missing.keys() & DRAWING.keys():
        raise SetupError("the window cannot be drawn without some system parts: " + remedy(missing))
    print(f"setup: windows or some tests need more system parts; {remedy(missing)}", flush=True)
