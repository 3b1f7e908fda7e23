# SPDX-License-Identifier: GPL-3.0-or-later
"""The built package: how large it is, and how soon it answers against the source tree.

Both print their list of commands and end, each round in a process of its own. What has not been
built has no rows; `make package` builds it.
"""

import subprocess
import sys
from pathlib import Path

from benchmarks.measure import Row, ratio, timed

DIST = Path(__file__).resolve().parents[1] / "dist"
_MEGABYTE = 1e6


def rows(dist: Path = DIST) -> list[Row]:
    """Size of folder and Debian package, and the start of the built program."""
    folder = dist / "notebook"
    if not folder.is_dir():
        return []
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    found = [_size("package: the folder", files, "≤ 180 MB")]
    built = sorted(dist.glob("notebook_*.deb"))
    if built:
        found.append(_size("package: .deb", built[-1:], "≤ 70 MB"))
    ours, source = [str(folder / "notebook"), "--help"], [sys.executable, "-m", "kfdesk", "--help"]
    name = "package: start → --help, built ÷ source tree"
    return [*found, ratio(name, lambda: _run(ours), lambda: _run(source), "≤ 1.50")]


def _size(name: str, files: list[Path], goal: str) -> Row:
    return Row(name, (sum(path.stat().st_size for path in files) / _MEGABYTE,), goal, "MB")


def _run(command: list[str]) -> float:
    return timed(lambda: subprocess.run(command, capture_output=True, check=True))
