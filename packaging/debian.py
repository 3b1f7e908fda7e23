# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the Debian package from the folder that PyInstaller has built.

The program lies in one folder under `/usr/lib`; what the desktop is told of it comes from
`desktop_files.py`. What it needs of the system is read off its own binaries, so that a forgotten
library stops the build and not somebody's evening. The same folder gives the same package. It
knows nothing of what the program does.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from desktop_files import MAINTAINER, NAME, put_shared
from elf import is_binary, read_asked
from steps import ROOT, SetupError, run

PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libX11.so.6": "libx11-6",
    "libbz2.so.1.0": "libbz2-1.0",
    "libcrypto.so.3": "libssl3",
    "libcups.so.2": "libcups2",
    "libdbus-1.so.3": "libdbus-1-3",
    "libexpat.so.1": "libexpat1",
    "libffi.so.8": "libffi8",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libgcc_s.so.1": "libgcc-s1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "liblzma.so.5": "liblzma5",
    "libstdc++.so.6": "libstdc++6",
    "libuuid.so.1": "libuuid1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb.so.1": "libxcb1",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
"""The package of each library that is the system's own and stays out of the folder.

Every desktop of Debian 12, Ubuntu 22.04 or newer has them, and the system mends their weaknesses.
Where a package was renamed since, the new one provides the old name. Own copies remain of small
ones that a desktop may lack (`libxcb-cursor`, `libxkbcommon-x11`), and of what is tested here in
one version only: Python, Qt, SQLCipher. `make advisories` watches these.
"""
OF_LIBC = re.compile(r"ld-linux.*|lib(c|m|dl|rt|resolv|pthread|util)\.so\.\d+")
UNSEEN = (
    "fontconfig-config",
    "libx11-data",
    "tzdata",
    "xkb-data",
)  # read as files, asked for by no library

CONTROL = """Package: {name}
Version: {version}
Architecture: {machine}
Maintainer: {who}
Installed-Size: {kib}
Depends: {needs}
Section: editors
Priority: optional
Description: Notes and contacts on this computer
 Keeps notes and contacts in an encrypted folder. Works without the internet.
"""


def version_of(release: str, seconds: int) -> str:
    """Return the package's version: the release, and the minute of its last commit."""
    return f"{release}+{seconds // 60}"


def needs_of(folder: Path) -> str:
    """Return the packages that the binaries in `folder` need beside it.

    Raises SetupError for a library that is neither in the folder nor in the table.
    """
    inside = {path.name for path in folder.rglob("*")}
    asks = [read_asked(path) for path in binaries(folder)]
    asked = {name for each in asks for name in each.needed}
    return depends(asked - inside, max([(2, 0), *(each.glibc for each in asks)]))


def depends(libraries: Iterable[str], glibc: tuple[int, int]) -> str:
    """Return the line of packages for these libraries. Raises SetupError for an unknown one."""
    outside = [name for name in libraries if not OF_LIBC.fullmatch(name)]
    unknown = sorted(name for name in outside if name not in PACKAGES)
    if unknown:
        raise SetupError(f"nobody said which package has {', '.join(unknown)}: add it to PACKAGES")
    named = sorted({*UNSEEN, *(PACKAGES[name] for name in outside)})
    return ", ".join([f"libc6 (>= {glibc[0]}.{glibc[1]})", *named])


def binaries(folder: Path) -> list[Path]:
    """Return the programs and libraries in `folder`, in order, without links."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in files if not path.is_symlink() and is_binary(path)]


def lay_out(folder: Path, into: Path, texts: tuple[str, str], version: str, seconds: int) -> None:
    """Put everything in its place below `into`, with the modes of a system's own files.

    `texts` are the copyright and the list of parts; `seconds` is the time of the last commit.
    """
    shutil.rmtree(into, ignore_errors=True)
    shutil.copytree(folder, into / "usr" / "lib" / NAME, symlinks=True)
    link = into / "usr" / "bin" / NAME
    link.parent.mkdir(parents=True)
    link.symlink_to(f"../lib/{NAME}/{NAME}")
    share = into / "usr" / "share"
    put_shared(share, version, seconds)
    copyright_text, bill = texts
    _put(share / "doc" / NAME / "copyright", copyright_text)
    _put(share / "doc" / NAME / f"{NAME}.cdx.json", bill)
    for path in (into, *into.rglob("*")):
        if not path.is_symlink():
            is_run = path.is_dir() or (path.stat().st_mode & 0o100 and ".so" not in path.name)
            path.chmod(0o755 if is_run else 0o644)


def write_control(into: Path, version: str, needs: str) -> None:
    """Write what dpkg reads: the description, and a sum of each file to check it by."""
    files = [path for path in sorted(into.rglob("*")) if path.is_file() and not path.is_symlink()]
    kib = sum(-(-path.stat().st_size // 1024) for path in files)
    machine = run(["dpkg", "--print-architecture"], "the machine is not known").strip()
    control = CONTROL.format(
        name=NAME, version=version, machine=machine, kib=kib, needs=needs, who=MAINTAINER
    )
    sums = "".join(f"{_sum(path)}  {path.relative_to(into).as_posix()}\n" for path in files)
    _put(into / "DEBIAN" / "control", control)
    _put(into / "DEBIAN" / "md5sums", sums)
    for path in (into / "DEBIAN", *(into / "DEBIAN").iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)


def build_deb(folder: Path, version: str, seconds: int, texts: tuple[str, str]) -> Path:
    """Build the package beside `folder` and return it; `texts` are the copyright and the parts.

    Raises SetupError where a tool is missing or a needed library is not known.
    """
    into = ROOT / "build" / "debian"
    lay_out(folder, into, texts, version, seconds)
    write_control(into, version, needs_of(folder))
    package = folder.parent / f"{NAME}_{version}.deb"
    for older in folder.parent.glob(f"{NAME}_*.deb"):
        older.unlink()
    os.environ["SOURCE_DATE_EPOCH"] = str(seconds)
    command = ["dpkg-deb", "--root-owner-group", "-Zxz", "-z9", "--threads-max=1", "--build"]
    run([*command, str(into), str(package)], "the Debian package could not be built")
    return package


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _sum(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
