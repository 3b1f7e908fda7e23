# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a fresh clone ready to run: the tools, the environment, the system parts.

A bare Debian has Python and pip, but no `ensurepip` for a virtual environment, and refuses a plain
`pip install`. So pip puts one pinned tool, uv, into `.tools`, and uv does the rest from hashes.
Standard library only. Safe to run again: what is already right is left alone, so every other target
begins with it.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from pathlib import Path

from steps import ROOT, SetupError, run
from system_parts import ensure_system_parts

OLDEST_PYTHON = (3, 11)

TOOLS = ROOT / ".tools"
UV = TOOLS / "bin" / ("uv.exe" if sys.platform == "win32" else "uv")
PINNED_UV = ROOT / "packaging" / "uv.txt"

ENVIRONMENT = ROOT / ".venv"
PROGRAMS = ENVIRONMENT / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = PROGRAMS / ("python.exe" if sys.platform == "win32" else "python")
LAUNCHER = PROGRAMS / "kfdesk"
ISOLATED = "-PEs"  # no module from the current folder, by PYTHONPATH, or of this user alone
LOCK = ROOT / "requirements.lock"

# PySide carries some of its modules zipped and compiles them at each start, unless they lie in
# this folder. Its own switch writes that, where the first argument leads or in the environment.
SOURCES = "files.dir"
UNPACK = f"""
import compileall, os, sys
sys.path[:0], os.environ["SBK_EMBED"] = sys.argv[1:], "0"
import shiboken6, PySide6.QtCore
sys.exit(not compileall.compile_dir(os.path.join(shiboken6.__path__[0], "{SOURCES}"), quiet=1))
"""

NO_PIP = (
    "this Python has no pip: install it (on Debian: sudo apt-get install python3-pip) and run make "
    "setup again"
)


def fingerprint(*parts: str | Path) -> str:
    """Return one hash over the texts, and the contents of the files, given."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        total.update(b"\0")
    return total.hexdigest()


def is_stamped(folder: Path, mark: str) -> bool:
    """Say whether `folder` was finished with this very mark."""
    stamp = folder / "setup.stamp"
    return stamp.is_file() and stamp.read_text(encoding="ascii") == mark


def put_stamp(folder: Path, mark: str) -> None:
    """Mark `folder` as finished. Comes last, so that a broken-off set-up begins again."""
    (folder / "setup.stamp").write_text(mark, encoding="ascii")


def check_python() -> None:
    """Raise SetupError when this Python is older than kfdesk can use."""
    if sys.version_info[:2] < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        found = ".".join(map(str, sys.version_info[:3]))
        raise SetupError(
            f"Python {found} is too old: install Python {wanted} or newer, and name it, as in "
            f"make setup PYTHON=python{wanted}"
        )


def ensure_tools() -> None:
    """Put the pinned uv into `.tools`. Raises SetupError without pip, network or right hash."""
    mark = fingerprint(PINNED_UV, sys.platform)
    if UV.is_file() and is_stamped(TOOLS, mark):
        return
    try:
        run([sys.executable, "-P", "-m", "pip", "--version"], "pip")
    except SetupError as error:
        raise SetupError(NO_PIP) from error
    shutil.rmtree(TOOLS, ignore_errors=True)
    print("setup: fetching uv", flush=True)
    command = [sys.executable, "-P", "-m", "pip", "install", "--quiet"]
    command += ["--disable-pip-version-check", "--root-user-action", "ignore", "--retries", "2"]
    command += [
        "--require-hashes",
        "--only-binary",
        ":all:",
        "--target",
        str(TOOLS),
        "--requirement",
        str(PINNED_UV),
    ]
    run(command, "uv could not be fetched")
    put_stamp(TOOLS, mark)


def ensure_environment() -> None:
    """Make `.venv` hold exactly what the lock says, and kfdesk itself.

    It is built anew when the lock, the project, the Python or the place of the tree has changed.
    Raises SetupError without network or with a wrong hash.
    """
    version = ".".join(map(str, sys.version_info[:2]))
    mark = fingerprint(LOCK, ROOT / "pyproject.toml", version, sys.base_prefix, str(ROOT))
    if PYTHON.exists() and is_stamped(ENVIRONMENT, mark):
        return
    print(f"setup: fetching the locked parts for Python {version}", flush=True)
    fault = "the environment could not be made"
    uv = str(UV)
    venv = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(ENVIRONMENT)]
    run(venv, fault)
    pip = [uv, "pip"]
    into = ["--quiet", "--python", str(PYTHON)]
    run([*pip, "sync", *into, "--require-hashes", str(LOCK)], fault)
    # The locked Hatchling builds it: nothing is fetched that has no hash.
    ours = ["--offline", "--no-deps", "--no-build-isolation", "--editable", "."]
    run([*pip, "install", *into, *ours], fault)
    unpack_sources(ENVIRONMENT, PYTHON)
    put_stamp(ENVIRONMENT, mark)


def unpack_sources(environment: Path, python: Path) -> None:
    """Unpack PySide's own sources, so that the program starts sooner; go on where that fails.

    Half of them would keep PySide from starting, so they go again.
    """
    try:
        run([str(python), "-Es", "-c", UNPACK], "PySide's sources could not be unpacked")
    except SetupError as error:
        for left in environment.rglob(f"shiboken6/{SOURCES}"):
            shutil.rmtree(left, ignore_errors=True)
        print(f"setup: {error}", flush=True)


def isolate(launcher: Path) -> None:
    """Make the script that starts the program ignore the current folder and PYTHONPATH.

    A path that is too long for the first line stands in the second one.
    """
    first = re.compile(r"\A(?:#!/bin/sh\n'''exec' |#!)(?!/bin/sh)\S+(?=\n| \"\$0\")")
    script = launcher.read_text(encoding="utf-8")
    launcher.write_text(first.sub(rf"\g<0> {ISOLATED}", script), encoding="utf-8")


def main() -> int:
    """Set everything up in order; print one sentence and return 1 when it cannot be done."""
    try:
        check_python()
        ensure_tools()
        ensure_environment()
        if LAUNCHER.exists():  # Windows has a program there
            isolate(LAUNCHER)
        ensure_system_parts()
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
