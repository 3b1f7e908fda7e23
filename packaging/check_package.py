# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that a built Debian package runs on the oldest system it is meant for, and is small.

It unpacks the package and reads every program and library in it, so that nothing is believed of the
computer that built it. Usage: `check_package.py [PACKAGE]`, else the newest in `dist`.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from debian import binaries
from desktop_files import NAME
from elf import DEPENDENCY, Asked, Version, read_asked
from steps import ROOT, SetupError, run

GLIBC: Version = (2, 35)
"""The C library of Ubuntu 22.04 and Mint 21; Debian 12 has 2.36."""
PACKED, ON_DISK = 50_000_000, 150_000_000  # bytes
_TAG = re.compile(r"^([EW]): \S+: (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Figures:
    """A package in figures: bytes packed and unpacked, files, and the oldest C library for it."""

    packed: int
    on_disk: int
    files: int
    glibc: Version

    def __str__(self) -> str:
        """Return them as one line."""
        sizes = f"{self.packed / 1e6:.1f} MB packed, {self.on_disk / 1e6:.0f} MB on disk"
        return f"{sizes}, {self.files} files, glibc {_dotted(self.glibc)}"


def figures_of(package: Path, folder: Path) -> Figures:
    """Return the figures of a package that is unpacked in `folder`. Raise SetupError."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    size = sum(path.stat().st_size for path in files)
    newest = max([(0, 0), *(read_asked(path).glibc for path in binaries(folder))])
    return Figures(package.stat().st_size, size, len(files), newest)


def faults_of(package: Path, folder: Path) -> Iterator[str]:
    """Yield what is wrong with a package that is unpacked in `folder`. Raise SetupError."""
    figures = figures_of(package, folder)
    if figures.packed > PACKED:
        yield f"it has {figures.packed / 1e6:.1f} MB, and may have {PACKED / 1e6:.0f}"
    if figures.on_disk > ON_DISK:
        yield f"it takes {figures.on_disk / 1e6:.0f} MB on disk, and may take {ON_DISK / 1e6:.0f}"
    asked = {path.relative_to(folder): read_asked(path) for path in binaries(folder)}
    for name, each in asked.items():
        yield from _faults_of_binary(name, each)
    needed = {library for each in asked.values() for library in each.needed}
    for name in asked:
        if DEPENDENCY.fullmatch(name.name) and name.name not in needed:
            yield f"{name} is asked for by nothing in the package: it gets no security updates"


def _faults_of_binary(name: Path, asked: Asked) -> Iterator[str]:
    if asked.glibc > GLIBC:
        yield f"{name} needs glibc {_dotted(asked.glibc)}: build it on Debian 12 (SYSTEM=bookworm)"
    for path in asked.foreign_paths:
        yield f"{name} looks for libraries in {path}"


def lint(package: Path) -> list[str]:
    """Return what lintian says is wrong; nothing where it is not installed."""
    if shutil.which("lintian") is None:
        return []
    command = ["lintian", "--allow-root", "--no-tag-display-limit", str(package)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [f"lintian: {said}" for _, said in _TAG.findall(done.stdout)]


def check(package: Path) -> tuple[Figures, list[str]]:
    """Return the figures of a package and what is wrong with it. Raise SetupError."""
    with tempfile.TemporaryDirectory(prefix="package-") as place:
        run(["dpkg-deb", "--extract", str(package), place], "the package could not be unpacked")
        folder = Path(place)
        return figures_of(package, folder), [*faults_of(package, folder), *lint(package)]


def main() -> int:
    """Check the package that is named, or the newest; return 1 if anything is wrong with it."""
    built = sorted((ROOT / "dist").glob(f"{NAME}_*.deb"), key=lambda path: path.stat().st_mtime)
    named = [Path(word) for word in sys.argv[1:]] or built[-1:]
    if not named:
        print("package: there is none: run make package", file=sys.stderr)
        return 1
    try:
        figures, faults = check(named[0])
    except SetupError as error:
        print(f"package: {error}", file=sys.stderr)
        return 1
    print(f"{named[0].name}: {figures}")
    if shutil.which("lintian") is None:
        print("package: lintian is not installed here, so it was not asked")
    for fault in faults:
        print(f"package: {fault}", file=sys.stderr)
    return 1 if faults else 0


def _dotted(version: Version) -> str:
    return ".".join(map(str, version))


if __name__ == "__main__":
    sys.exit(main())
