# SPDX-License-Identifier: GPL-3.0-or-later
"""Tries the program as pip installs it: `make wheel-check`, or `try_wheel.py 3.12 3.13`.

The wheel is built from the tree and installed into a clean environment, beside the parts that the
lock names by hash. There a store is made by command, and the window is opened without a screen.
A Python that this computer does not have is named and left out.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bootstrap import UV
from kfdesk.domain.version import VERSION
from kits import LOCK, locked
from steps import SetupError, run

WORDS = "one violet lantern beside seven rivers"
SWEDISH = ("Öppna", "Lösenfras")  # on the door, in Swedish
WINDOW = """
import sys
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
class Shown(QApplication):
    def exec(self):
        for window in self.topLevelWidgets():
            if window.isVisible():
                window.grab().save("window.png")
                for kind in (QLabel, QAbstractButton):
                    print(*(each.text() for each in window.findChildren(kind)), sep="\\n")
        return 0
qt = Shown([])
sys.argv = ["kfdesk", "--store", "store", "--language", "sv"]
from kfdesk.__main__ import main
sys.exit(main())
"""


def build_wheel(into: Path) -> Path:
    """Build the wheel by the locked Hatchling and return it. Raises SetupError."""
    command = [str(UV), "build", "--quiet", "--wheel", "--no-build-isolation", "--offline"]
    run([*command, "--python", sys.executable, "--out-dir", str(into)], "no wheel could be built")
    (wheel,) = into.glob("*.whl")
    return wheel


def interpreter(named: str) -> str | None:
    """Return the path of a Python by its version or path; None if this computer has none."""
    try:
        return run([str(UV), "python", "find", "--system", named], "no such Python").strip()
    except SetupError:
        return None


def install(python: str, wheel: Path, into: Path) -> None:
    """Make a clean environment and install the wheel beside its locked parts.

    Raises SetupError where the package index cannot be reached or a hash is wrong.
    """
    fault = "the wheel could not be installed"
    listed = into.with_suffix(".txt")
    listed.write_text("\n".join(locked(LOCK.read_text(encoding="utf-8"))) + "\n", encoding="utf-8")
    run([str(UV), "venv", "--quiet", "--python", python, str(into)], fault)
    pip = [str(UV), "pip", "install", "--quiet", "--python", str(into)]
    run([*pip, "--require-hashes", "--requirement", str(listed)], fault)
    run([*pip, "--offline", "--no-deps", str(wheel)], fault)


def steps(environment: Path, home: Path) -> Iterator[str]:
    """Use the installed program step by step, and yield each step. Raise SetupError if one fails.

    `home` is the empty folder of a person. Nothing leads from there to the tree.
    """
    program = str(environment / "bin" / "kfdesk")
    if _said(home, program, "--version") != f"kfdesk {VERSION}\n":
        raise SetupError("the program does not name its version")
    if "usage: kfdesk" not in _said(home, program, "--help"):
        raise SetupError("the program does not name its commands")
    yield "it names its version and its commands"
    who = ("--store", "store", "--initials", "EV", "--passphrase-file", "-", "--language", "sv")
    _said(home, program, *who, "init", "--name", "Testhuset", typed=f"{WORDS}\n")
    said = _said(home, program, *who, "verify", typed=f"{WORDS}\n")
    yield f"a store was made and checked: {said.splitlines()[0]}"
    shown = _said(home, str(environment / "bin" / "python"), "-P", "-c", WINDOW)
    missing = [word for word in SWEDISH if word not in shown.splitlines()]
    if missing or not (home / "window.png").is_file():
        raise SetupError(f"the window does not show {', '.join(missing)}: {shown[-500:]}")
    yield "the window opened, in Swedish"


def main() -> int:
    """Try each Python that is named, or this one; print each step and return the exit code."""
    tried = 0
    try:
        with tempfile.TemporaryDirectory() as folder:
            wheel = build_wheel(Path(folder) / "wheel")
            print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB")
            for named in sys.argv[1:] or [sys.executable]:
                python = interpreter(named)
                if python is None:
                    print(f"Python {named}: not on this computer, not tried")
                    continue
                place = Path(folder) / f"python{tried}"
                (place / "home").mkdir(parents=True)
                install(python, wheel, place / "environment")
                for step in steps(place / "environment", place / "home"):
                    print(f"Python {named}: {step}", flush=True)
                tried += 1
    except SetupError as error:
        print(f"wheel: {error}", file=sys.stderr)
        return 1
    return 0 if tried else 1


def _said(home: Path, *command: str, typed: str = "") -> str:
    """Return what a command of a person said. Raises SetupError where it fails."""
    around = {"PATH": os.defpath, "HOME": str(home), "LC_ALL": "C.UTF-8"}
    around |= {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        command, cwd=home, env=around, input=typed, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SetupError(f"{Path(command[0]).name} {' '.join(command[1:3])}: {done.stderr[-500:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
