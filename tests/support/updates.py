# SPDX-License-Identifier: GPL-3.0-or-later
"""Small real versions of the program, update files of them, and keys that exist in a test only.

A version is a folder as `make package` makes it: `notebook` starts it, and its files lie in
`_internal`. The light one is a script that knows nothing but its own check; the heavy one runs this
very program under another version number, as a package would.
"""

import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import tests.support.tools_path  # noqa: F401 - the tools of releases come from there
from tests.architecture.tree import ROOT

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.updates import UPDATE_SUFFIX
from kfdesk.system.signatures import ReleaseKeys, read_public_key
from kfdesk.system.update_files import MAGIC
from kfdesk.system.updates import ProgramUpdates, this_system
from minisign import ReleaseKey
from release import pack_update, read_manifest_of

KEY = ReleaseKey(b"k" * 8, b"\1" * 32)
NEXT_KEY = ReleaseKey(b"n" * 8, b"\2" * 32)
FOREIGN_KEY = ReleaseKey(b"f" * 8, b"\3" * 32)
OLD, NEW = "0.2.0", "0.3.0"
OLD_BUILD, NEW_BUILD = "aaaa1111", "bbbb2222"
OLD_NAME, NEW_NAME = f"{OLD}-{OLD_BUILD}", f"{NEW}-{NEW_BUILD}"

_LIGHT = """#!/bin/sh
if [ "$1" = self-check ]; then echo {said}; else echo version {version}; fi
"""
_HEAVY = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
if [ "$1" = which ]; then echo {version}; exit; fi
PYTHONPATH='{guard}' exec '{python}' -P "$here/_internal/run.py" "$here/notebook" "$@"
"""
_RUN = """
import sys

sys.executable, sys.argv[0:2] = sys.argv[1], sys.argv[1:2]
sys.frozen, sys._MEIPASS = True, sys.executable.removesuffix("notebook") + "_internal"
sys.path.insert(0, {source!r})
import kfdesk.domain.version as own

own.VERSION = {version!r}
from kfdesk.__main__ import main

sys.exit(main())
"""


def keys_of(*keys: ReleaseKey, revoked: tuple[ReleaseKey, ...] = ()) -> ReleaseKeys:
    """Return what a program knows that accepts these keys."""
    valid, gone = (dict(read_public_key(key.public) for key in each) for each in (keys, revoked))
    return ReleaseKeys(valid, gone)


def light_version(folder: Path, version: str, said: str | None = None) -> Path:
    """Create a version that only knows its own check, and some files and a link beside it."""
    inside = folder / "_internal"
    (inside / "lib").mkdir(parents=True)
    _script(folder / "notebook", _LIGHT.format(version=version, said=said or version))
    (inside / "lib" / "big.so").write_bytes(library_of(version))
    (inside / "empty").touch()
    (inside / "lib.so").symlink_to(Path("lib", "big.so"))
    (inside / "note.txt").write_text(f"of {version}\n", encoding="utf-8")
    for name in ("lib/big.so", "empty", "note.txt"):
        (inside / name).chmod(0o644)  # as a build has them, whatever ran in this process before
    return folder


def library_of(version: str) -> bytes:
    """Return the largest file of a light version, which hardly packs."""
    return random.Random(version).randbytes(300_000)


def heavy_version(folder: Path, version: str, build: str, key: ReleaseKey = KEY) -> Path:
    """Create a version that is this program under another number, and accepts `key`."""
    inside = folder / "_internal"
    places = Path("resources") / "places"  # the desk's own zone is looked up at each unlock
    shutil.copytree(ROOT / places, inside / places)
    guard = str(ROOT / "tests" / "offline")
    _script(folder / "notebook", _HEAVY.format(version=version, guard=guard, python=sys.executable))
    run = _RUN.format(source=str(ROOT / "src"), version=version)
    (inside / "run.py").write_text(run, encoding="utf-8")
    (inside / "build.txt").write_text(f"{build}\n", encoding="ascii")
    (inside / "resources" / "release_keys.txt").write_text(f"key {key.public}\n", encoding="ascii")
    for path in sorted((ROOT / "translations").glob("*/LC_MESSAGES/*.mo")):
        place = inside / path.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    return folder


@dataclass(frozen=True)
class Bench:
    """An installed old version, a stick, and what an update is made of."""

    root: Path
    stick: Path
    keys: ReleaseKeys = field(default_factory=lambda: keys_of(KEY))

    @property
    def updates(self) -> ProgramUpdates:
        """Return what updates the installed version."""
        return ProgramUpdates(self.root, OLD, OLD_BUILD, this_system(), lambda: self.keys)

    @property
    def current(self) -> str:
        """The version that starts, as it says itself."""
        command = [str(self.root / "notebook")]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout.removeprefix("version ").strip()

    @property
    def versions(self) -> list[str]:
        """The folders of versions; empty before the first update."""
        return sorted(path.name for path in (self.root / "versions").glob("*"))

    def refusal(self, path: Path) -> str:
        """Install the update; return the code of the fault, or an empty string."""
        return refusal(lambda: self.install(path))

    def checked(self, path: Path) -> str:
        """Check the update only; return the code of the fault, or an empty string."""
        return refusal(lambda: self.updates.check(path, _go_on))

    def install(self, path: Path) -> str:
        """Check and install an update, and return the name of the version before."""
        update = self.updates.check(path, _go_on)
        return self.updates.install(update, _go_on)

    def update(
        self,
        key: ReleaseKey = KEY,
        version: str = NEW,
        system: str = "",
        change: Callable[[Path], object] = lambda _folder: None,
        said: str | None = None,
    ) -> Path:
        """Put a signed update on the stick and return it; `change` may alter its folder first."""
        folder = self.stick.parent / f"built-{len(list(self.stick.parent.iterdir()))}"
        light_version(folder, version, said)
        change(folder)
        manifest = read_manifest_of(folder, version, NEW_BUILD, system or this_system())
        path = self.stick / f"notebook-{version}{UPDATE_SUFFIX}"
        pack_update(folder, path, manifest)
        key.sign(path, f"version:{version}")
        shutil.rmtree(folder)
        return path


def make_bench(folder: Path) -> Bench:
    """Install the old version in a plain folder, and plug a stick in."""
    (folder / "stick").mkdir(parents=True)
    return Bench(light_version(folder / "Notebook", OLD), folder / "stick")


def forged(path: Path, manifest: bytes, content: bytes, key: ReleaseKey = KEY) -> Path:
    """Write a signed update with any manifest and content, as only who has the key could."""
    path.write_bytes(MAGIC + len(manifest).to_bytes(4, "big") + manifest + content)
    key.sign(path, "forged")
    return path


def tree(folder: Path) -> Mapping[str, object]:
    """Return what lies in a folder: bytes and mode of each file, and where links lead."""
    return {
        path.relative_to(folder).as_posix(): path.readlink()
        if path.is_symlink()
        else (path.read_bytes(), path.stat().st_mode)
        if path.is_file()
        else None
        for path in sorted(folder.rglob("*"))
        if path.name != "notebook.lock"
    }


def refusal(act: Callable[[], object]) -> str:
    """Return the code of the fault that `act` raises, or an empty string."""
    try:
        act()
    except KfdeskError as fault:
        return fault.code
    return ""


def _go_on(_done: int, _of: int) -> None:
    """Go on."""


def _script(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
