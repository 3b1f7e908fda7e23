# SPDX-License-Identifier: GPL-3.0-or-later
"""The programs of former releases, built from this repository's own history when first asked for.

`tests/releases.toml` names them by their commits; they are kept in `build/releases/`. Where the
history is not there, as in a shallow clone, `UnavailableError` says so in one sentence.
`python -m tests.support.releases` builds all; it may fetch the parts that a release was locked to.
"""

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from tests.support.patience import HANG

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "build" / "releases"
DRIVER = Path(__file__).with_name("release_driver.py")
OFFLINE = ROOT / "tests" / "offline"
PARTS = ("src", "resources", "translations", "pyproject.toml", "requirements.lock")
_UV = ROOT / ".tools" / "bin" / ("uv.exe" if sys.platform == "win32" else "uv")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9._-]+")


class UnavailableError(Exception):
    """A release cannot be had here; the text says why and what would help."""


@dataclass(frozen=True)
class Release:
    """A release as `tests/releases.toml` names it."""

    name: str
    commit: str
    refuses: str
    refuses_sealed: str


@dataclass(frozen=True)
class Laptop:
    """One user's files on one computer, which every version of the program finds there."""

    home: Path
    words: Path = field(init=False)

    def __post_init__(self) -> None:
        """Make the folder."""
        self.home.mkdir(parents=True, exist_ok=True)
        object.__setattr__(self, "words", self.home / "words.txt")

    @property
    def store(self) -> Path:
        return self.home / "store"

    def say(self, passphrase: str) -> None:
        """Type this passphrase from now on."""
        self.words.write_text(passphrase + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Program:
    """A program that can be started: the Python that has what it needs, and its sources."""

    python: str
    sources: Path

    def run(self, laptop: Laptop, *command: str, who: str = "EV") -> Any:
        """Run a command on the store of a laptop; return its answer, or the refusal."""
        head = ("--store", str(laptop.store), "--initials", who, "--json")
        return self.drive(
            laptop, "command", *head, "--passphrase-file", str(laptop.words), *command
        )

    def drive(self, laptop: Laptop, *what: str) -> Any:
        """Run one act of the driver and return what it printed."""
        paths = (str(self.sources), str(OFFLINE))
        around = os.environ | {
            "PYTHONPATH": os.pathsep.join(paths),
            "FULL_COST_KEYS": "1",  # an older program refuses a key that costs too little
            "XDG_STATE_HOME": str(laptop.home / "state"),
            "XDG_CONFIG_HOME": str(laptop.home / "config"),
        }
        done = subprocess.run(
            [self.python, str(DRIVER), *what], env=around, capture_output=True, text=True,
            encoding="utf-8", timeout=HANG, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 1), done.stderr
        return json.loads(done.stdout or done.stderr)


TODAY = Program(sys.executable, ROOT / "src")


@cache
def releases() -> tuple[Release, ...]:
    """Return the releases that have a way to the program of today."""
    named = tomllib.loads((ROOT / "tests" / "releases.toml").read_text(encoding="utf-8"))
    return tuple(Release(**each) for each in named["release"])


@cache
def program_of(release: Release, *, may_fetch: bool = False) -> Program:
    """Return the program of a release, built if it is not. Raise UnavailableError."""
    place = BUILT / release.commit
    if not place.is_dir():
        _take_from_history(release.commit, place)
    lacking = _other_pins(place)
    if not lacking:
        return Program(sys.executable, place / "src")
    return Program(str(_own_python(place, may_fetch=may_fetch)), place / "src")


def _take_from_history(commit: str, place: Path, repository: Path = ROOT) -> None:
    try:
        packed = subprocess.run(
            ["git", "-C", str(repository), "archive", "--format=tar", commit, *PARTS],
            capture_output=True, timeout=HANG, check=True,
        ).stdout  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        said = f"the history up to {commit[:8]} is not here: fetch it with git fetch --unshallow"
        raise UnavailableError(said) from None
    place.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f"{place.name[:8]}-", dir=place.parent))
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(part, filter="data")
    try:
        part.rename(place)
    except OSError:  # another worker was first
        shutil.rmtree(part)


def _other_pins(place: Path) -> tuple[str, ...]:
    """Return what the release was locked to and is not in this environment."""
    pins = dict(_PIN.findall((place / "requirements.lock").read_text(encoding="utf-8")))
    project = tomllib.loads((place / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [found[0] for each in project["dependencies"] if (found := _NAME.match(each))]
    return tuple(f"{name}=={pins[name]}" for name in names if _installed(name) != pins[name])


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _own_python(place: Path, *, may_fetch: bool) -> Path:
    """Return the Python of an environment with what the release was locked to."""
    environment = place / "environment"
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (environment / "whole").exists():
        reach: Sequence[str] = () if may_fetch else ("--offline",)
        lock = str(place / "requirements.lock")
        steps = (
            ["venv", "--clear", "--python", sys.executable, str(environment)],
            ["pip", "install", "--python", str(python), "--require-hashes", *reach, "-r", lock],
        )
        for step in steps:
            try:
                subprocess.run([str(_UV), "-q", *step], capture_output=True, check=True)
            except (OSError, subprocess.CalledProcessError):
                said = f"{place.name[:8]} needs parts that are not here: run make former-releases"
                raise UnavailableError(said) from None
        (environment / "whole").touch()
    return python


def main() -> None:
    """Build all releases; say of each whether it is there."""
    for release in releases():
        try:
            program_of(release, may_fetch=True)
            sys.stdout.write(f"{release.name}: built\n")
        except UnavailableError as why:
            sys.stdout.write(f"{release.name}: {why}\n")


if __name__ == "__main__":
    main()
