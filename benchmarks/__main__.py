# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m benchmarks [JOB ...]`: prints the table of these jobs, or of all; or JSON."""

import argparse
import importlib
import json
import os
import platform
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import Row

JOBS = (
    "start", "unlock", "vault", "day", "waiting", "directory", "growth", "scroll", "paper",
    "exchange", "window", "package", "figures", "book", "backups",
)  # fmt: skip
_ROOMS = {name: f"full.{name}" for name in ("backups", "directory", "growth", "scroll", "peers")}
_HEAD = ("job", "median", "min", "max", "n", "goal")
_PARTS = ("PySide6-Essentials", "sqlcipher3", "msgspec", "pyrage")


def main() -> int:
    """Run the jobs asked for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument(
        "jobs", nargs="*", metavar="JOB", help=f"of {', '.join(JOBS)}; all of them without one"
    )
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument(
        "--peers", action="store_true", help="also age, sqlcipher and keepassxc-cli, if installed"
    )
    asked = parser.parse_args()
    names = [name for name in asked.jobs if name != "all"] or [*JOBS]
    if not set(names) <= set(JOBS):
        parser.error(f"the jobs are {', '.join(JOBS)}")
    names += ["peers"] if asked.peers else []
    rows: list[Row] = []
    for name in names:
        found = [*importlib.import_module(module_of(name)).rows()]
        _show(found)
        rows += found
    _show_machine()
    if asked.json:
        asked.json.write_text(json.dumps([asdict(row) for row in rows]), encoding="utf-8")
    return 0


def module_of(job: str) -> str:
    """Return the name of the module of a job."""
    return f"benchmarks.{_ROOMS.get(job, job)}"


def _show(rows: list[Row]) -> None:
    """Print the rows of one job at once: a later job that fails takes nothing away."""
    table = [_HEAD, *(row.cells for row in rows)]
    widths = [max(len(line[i]) for line in table) for i in range(len(_HEAD))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)))
    print(flush=True)


def _show_machine() -> None:
    parts = ", ".join(f"{part} {version(part)}" for part in _PARTS)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(f"Python {platform.python_version()}, {parts}; load {load:.1f}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
