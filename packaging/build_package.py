# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the program as one folder that runs without Python: `dist/notebook`, and packages of it.

PyInstaller does the work after `kfdesk.spec`; what goes in and what stays out is said here, where
it can be tested. The same tree gives the same packages: hashes are not seeded by chance, times are
those of the last commit, and owners and modes are set. There is an archive, on Debian a package,
and on Windows, where NSIS is installed, a setup file. What the program does is not known here.
"""

from __future__ import annotations

import gzip
import os
import py_compile
import shutil
import sys
import tarfile
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from babel.core import get_global
from PIL import Image

from bootstrap import SOURCES, UNPACK
from debian import PACKAGES, binaries, build_deb, version_of
from elf import DEPENDENCY, drop_foreign_paths
from icu_data import cut_libraries
from kfdesk.domain.version import VERSION
from kfdesk.i18n.parsing import NAME_LANGUAGES
from kfdesk.system import licences
from parts import notice, read_packed, write_parts
from sbom import bill
from steps import ROOT, SetupError, run

NAME = "notebook"
SPEC = ROOT / "packaging" / "kfdesk.spec"
ICON = ROOT / "packaging" / "linux" / "notebook.png"  # PyInstaller turns it into the system's kind
SETUP = ROOT / "packaging" / "windows" / "notebook.nsi"
ICON_SIZES = [(side, side) for side in (16, 24, 32, 48, 256)]
SOURCE = ROOT / "src"
DIST = ROOT / "dist"
MADE = ROOT / "build" / "made"  # what is written while building, and goes in
UNPACKED = ROOT / "build" / "unpacked"  # PySide's own sources, compiled

STEPS = ("make_catalogues.py", "manual/manual_pictures.py", "build_package.py")
"""The scripts of `packaging` that make a package of a fresh clone, in order."""

HIDDEN_IMPORTS = ("_cffi_backend", "_rl_accel")  # PyNaCl's binary part and ReportLab ask for them
UNUSED_MODULES = (
    *("tkinter", "unittest", "pydoc", "doctest", "pdb", "sqlite3", "lib2to3", "setuptools"),
    *("ssl", "PySide6.QtNetwork", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtOpenGL"),
    # of Pillow what no kind of picture that is kept here needs
    *("PIL._avif", "PIL._imagingcms", "PIL._imagingft", "PIL._imagingtk", "PIL._webp"),
)

# What Qt loads by itself, folder by folder; of a folder that is not named nothing is kept. Without
# the desktop's themes, because GTK's brings the system's SQLite into the process and theirs hand
# file names to other programs; without input methods that hand typed words on.
PLUGINS = {
    "platforms": ("libqxcb", "libqwayland", "libqoffscreen", "qwindows", "libqcocoa"),
    "platforminputcontexts": ("libcompose",),
    "iconengines": ("libqsvgicon", "qsvgicon"),
    "imageformats": ("libqsvg", "qsvg"),
    "wayland-shell-integration": ("libxdg-shell",),
    "wayland-decoration-client": ("libbradient",),
    "printsupport": ("",),
    "styles": ("",),
}
MANGLED = "pillow.libs"  # its libraries were renamed, which `strip` may not survive
NAMED = {*NAME_LANGUAGES, *map(get_global("parent_exceptions").get, NAME_LANGUAGES)}  # nb is in no
SOURCE_LANGUAGE = "en"
CODECS = ("_codecs_", "_multibytecodec")  # of alphabets that nothing here is written in

BINARY = {"BINARY", "EXTENSION"}
Listed = tuple[str, str, str]  # as PyInstaller lists a file: its place, its source, its kind


def made_files(binaries: Iterable[Listed]) -> list[Listed]:
    """Write the list of parts and the number of the build; as PyInstaller lists them.

    Raises SetupError for a library that nobody answers for.
    """
    write_parts([source for _, source, _ in binaries], MADE / licences.COMPONENTS_FILE)
    (MADE / "build.txt").write_text(build_number() + "\n", encoding="ascii")
    return [(path.name, str(path), "DATA") for path in sorted(MADE.iterdir())]


def unpacked_sources(into: Path = UNPACKED) -> list[Listed]:
    """Write what PySide would compile at each start, compiled; as PyInstaller lists it.

    It is valid where nothing can be written, whatever the times of the files. The environment is
    left as it is. Raises SetupError.
    """
    shutil.rmtree(into, ignore_errors=True)
    spec = find_spec("shiboken6")
    for found in (spec and spec.submodule_search_locations) or ():
        shutil.copytree(found, into / "shiboken6", ignore=shutil.ignore_patterns(SOURCES))
    fault = "PySide's sources could not be unpacked"
    run([sys.executable, "-PEs", "-c", UNPACK, str(into)], fault)
    listed = []
    for source in sorted((into / "shiboken6" / SOURCES).rglob("*.py")):
        place, compiled = str(source.relative_to(into)), source.with_suffix(".pyc")
        unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
        py_compile.compile(
            str(source), str(compiled), place, doraise=True, invalidation_mode=unchecked
        )
        listed.append((f"{place}c", str(compiled), "DATA"))
    return listed


def build_number() -> str:
    """Return the last commit, by which anybody can find the source. Raises SetupError."""
    return run(
        ["git", "log", "-1", "--format=%h", "--abbrev=10"], "the last commit is not known"
    ).strip()


def languages(root: Path = ROOT) -> set[str]:
    """Return the codes of the languages there are catalogues of."""
    return {path.name for path in (root / "translations").iterdir() if path.is_dir()}


def slimmed(
    listed: Iterable[Listed], spoken: set[str], needs: Callable[[str], Iterable[str]]
) -> list[Listed]:
    """Return what is left of PyInstaller's list without what a program of widgets never opens.

    `needs` gives the names of the libraries that a binary file asks for: those go too which only
    something that goes has asked for.
    """
    every = list(listed)
    kept = [each for each in every if is_used(_place(each), spoken)]
    by_name = {_place(each).name: each for each in every if each[2] in BINARY}
    gone = _reached([each for each in every if each not in kept], by_name, needs)
    inside = {name: each for name, each in by_name.items() if each in kept}
    stay = _reached([each for each in kept if _place(each).name not in gone], inside, needs)
    return _asked_for([each for each in kept if _place(each).name not in gone - stay], needs)


def _asked_for(listed: list[Listed], needs: Callable[[str], Iterable[str]]) -> list[Listed]:
    """Return what is left without libraries of the system that nothing left asks for.

    Such a one was found because a library asks for it that PyInstaller itself leaves out.
    """
    asked = {name for each in listed if each[2] in BINARY for name in needs(each[1])}
    idle = [
        each for each in listed if each[2] in BINARY and len(_place(each).parts) == 1
        and DEPENDENCY.fullmatch(each[0]) and each[0] not in asked
    ]  # fmt: skip
    return _asked_for([each for each in listed if each not in idle], needs) if idle else listed


def is_used(place: PurePosixPath, spoken: set[str]) -> bool:
    """Say whether a file goes into a package for these languages."""
    if "locale-data" in place.parts:  # babel's, of some hundred languages
        return place.stem == "root" or place.stem.partition("_")[0] in spoken | NAMED
    if place.name.startswith(CODECS) or place.name in PACKAGES:
        return False
    if "plugins" in place.parts:
        return place.stem.startswith(PLUGINS.get(place.parent.name, ()))
    if "PySide6" in place.parts and "translations" in place.parts:  # Qt's own words
        return place.stem.removeprefix("qtbase_") in spoken
    return True


def write_archive(folder: Path, archive: Path, seconds: int) -> None:
    """Pack `folder` as a tar.gz that is the same for the same files; `seconds` since 1970, UTC."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        member.mtime = seconds
        member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
        return member

    with (
        archive.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=seconds) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in (folder, *sorted(folder.rglob("*"))):
            name = path.relative_to(folder.parent).as_posix()
            tar.add(path, name, recursive=False, filter=plain)


def build_setup(folder: Path, release: str) -> Path:
    """Pack `folder` as one setup file for Windows beside it, by NSIS, and return that.

    NSIS does the same on every system, so that the script is tried where Windows does not run.
    Raises SetupError when it fails or so much as warns.
    """
    setup, icon = folder.with_name(f"{folder.name}-setup.exe"), folder.with_name("notebook.ico")
    with Image.open(ICON) as picture:
        picture.save(icon, sizes=ICON_SIZES)
    given = {"FOLDER": folder, "SLASH": os.sep, "SETUP": setup, "ICON": icon, "RELEASE": release}
    words = [f"-D{name}={value}" for name, value in given.items()]
    run(["makensis", "-V2", "-WX", *words, str(SETUP)], "the setup file could not be built")
    icon.unlink()
    return setup


def build_folder() -> Path:
    """Build the program as one folder, `dist/notebook`, and return it. Raises SetupError."""
    seconds = last_commit()
    os.environ |= {"PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(seconds)}
    for left in (ROOT / "build" / "package", MADE):
        shutil.rmtree(left, ignore_errors=True)
    command = [sys.executable, "-P", "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    command += ["--distpath", str(DIST), "--workpath", str(ROOT / "build" / "package"), str(SPEC)]
    run(command, "the package could not be built")
    if sys.platform == "linux":
        make_lean(DIST / NAME)
    return DIST / NAME


def build() -> list[Path]:
    """Build the folder and its packages, and return these. Raises SetupError."""
    seconds = last_commit()
    build_folder()
    parts = licences.program_components(MADE)
    listed = DIST / f"{NAME}.cdx.json"
    listed.write_text(bill(parts, seconds, packed=read_packed()), encoding="utf-8")
    archive = DIST / f"{NAME}.tar.gz"
    write_archive(DIST / NAME, archive, seconds)
    if sys.platform == "win32" and shutil.which("makensis"):
        return [archive, build_setup(DIST / NAME, VERSION), listed]
    if not shutil.which("dpkg-deb"):
        return [archive, listed]
    texts = notice(parts), listed.read_text(encoding="utf-8")
    return [archive, build_deb(DIST / NAME, version_of(VERSION, seconds), seconds, texts), listed]


def make_lean(folder: Path) -> None:
    """Take out of the libraries what only a debugger reads, and search paths of this computer.

    Of ICU's data, what nothing asks for goes. Raises SetupError.
    """
    for path in cut_libraries(folder, languages() | {SOURCE_LANGUAGE}):
        path.chmod(0o755)
    for path in binaries(folder):
        if ".so" in path.name and MANGLED not in path.parts:
            run(["strip", "--strip-unneeded", str(path)], "what is for debugging is still there")
        drop_foreign_paths(path)


def last_commit() -> int:
    """Return when the last commit was made, in seconds since 1970. Raises SetupError."""
    return int(run(["git", "log", "-1", "--format=%ct"], "the last commit is not known"))


def main() -> int:
    """Build it and say how large it is; print one sentence and return 1 when that fails."""
    try:
        packages = build()
    except SetupError as error:
        print(f"package: {error}", file=sys.stderr)
        return 1
    files = [path for path in (DIST / NAME).rglob("*") if path.is_file() and not path.is_symlink()]
    folder = sum(path.stat().st_size for path in files)
    print(f"{DIST / NAME}: {folder / 1e6:.0f} MB in {len(files)} files")
    for package in packages:
        print(f"{package}: {package.stat().st_size / 1e6:.1f} MB")
    return 0


def _reached(
    starts: Iterable[Listed], by_name: Mapping[str, Listed], needs: Callable[[str], Iterable[str]]
) -> set[str]:
    """Return the names of what is reached from `starts`, these among them."""
    reached: set[str] = set()
    waiting = list(starts)
    while waiting:
        each = waiting.pop()
        name = _place(each).name
        if name not in reached:
            reached.add(name)
            asked = needs(each[1]) if each[2] in BINARY else ()  # a link goes with its library
            waiting += [by_name[other] for other in asked if other in by_name]
    return reached


def _place(listed: Listed) -> PurePosixPath:
    return PurePosixPath(listed[0].replace("\\", "/"))


if __name__ == "__main__":
    sys.exit(main())
