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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from debian import binaries
from desktop_files import NAME
from elf import DEPENDENCY, Version, read_asked
from steps import ROOT, SetupError, last_line, run

GLIBC: Version = (2, 35)
"""The C library of Ubuntu 22.04 and Mint 21; Debian 12 has 2.36."""
PACKED, ON_DISK = 50_000_000, 150_000_000  # bytes
T = TypeVar("T")
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
    grown = "look in dist/notebook for what has grown"
    if figures.packed > PACKED:
        yield f"it has {figures.packed / 1e6:.1f} MB, and may have {PACKED / 1e6:.0f}: {grown}"
    if figures.on_disk > ON_DISK:
        most = f"{ON_DISK / 1e6:.0f}: {grown}"
        yield f"it takes {figures.on_disk / 1e6:.0f} MB on disk, and may take {most}"
    yield from faults_of_binaries(folder)


def faults_of_binaries(folder: Path) -> Iterator[str]:
    """Yield what of the programs and libraries in `folder` is no good on an old laptop.

    Raise SetupError for one that is torn.
    """
    asked = {path.relative_to(folder): read_asked(path) for path in binaries(folder)}
    newer = _grouped((each.glibc, name) for name, each in asked.items() if each.glibc > GLIBC)
    for version, names in newer.items():
        needs = f"{_named(names, 'needs', 'need')} glibc {_dotted(version)}"
        yield f"{needs}: build it on Debian 12 (SYSTEM=bookworm)"
    foreign = ((path, name) for name, each in asked.items() for path in each.foreign_paths)
    for path, names in _grouped(foreign).items():
        looks = f"{_named(names, 'looks', 'look')} for libraries in {path}"
        yield f"{looks}: build it with the Python of the system (SYSTEM=bookworm)"
    needed = {library for each in asked.values() for library in each.needed}
    for name in asked:
        if DEPENDENCY.fullmatch(name.name) and name.name not in needed:
            idle = f"{name} is asked for by nothing in the package, and gets no security updates"
            yield f"{idle}: leave it to the system (PACKAGES in packaging/debian.py)"


def _grouped(pairs: Iterable[tuple[T, Path]]) -> dict[T, list[Path]]:
    """Return the files of each fault."""
    found: dict[T, list[Path]] = {}
    for key, name in pairs:
        found.setdefault(key, []).append(name)
    return found


def _named(names: list[Path], one: str, several: str) -> str:
    """Return the beginning of a sentence about these files."""
    others = len(names) - 1
    if not others:
        return f"{names[0]} {one}"
    return f"{names[0]} and {others} other{'s' * (others > 1)} {several}"


def lint(package: Path) -> list[str]:
    """Return what lintian says is wrong; nothing where it is not installed."""
    if shutil.which("lintian") is None:
        return []
    command = ["lintian", "--allow-root", "--tag-display-limit", "0", str(package)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    remedy = "mend it, or say in packaging/linux/notebook.overrides why it stays"
    found = [f"lintian: {said}: {remedy}" for _, said in _TAG.findall(done.stdout)]
    if done.returncode and not found:
        return [f"lintian gave no judgement: {last_line(done.stderr) or 'try it by hand'}"]
    return found


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
