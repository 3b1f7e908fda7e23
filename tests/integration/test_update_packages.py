# SPDX-License-Identifier: GPL-3.0-or-later
"""Two whole packages of this program: the older one becomes the newer one, and goes back.

Both are built here as `make package` builds them, from the committed tree under two versions, with
a key that exists in this test only. Whatever is wrong with a stick, the old program runs on, the
store holds the same, and a sentence says what happened.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from tests.architecture.tree import ROOT
from tests.gui.desk_samples import WHO
from tests.support.updates import FOREIGN_KEY, KEY, light_version, tree

from kfdesk.domain.updates import UPDATE_SUFFIX, UpdateManifest
from kfdesk.system.updates import this_system
from minisign import ReleaseKey
from release import pack_update, read_manifest_of

OLD, NEW = "0.2.0", "0.2.1"
FULL = 100 * 2**20  # bytes of room: less than a package, more than its update's head
WATCH = 0.002  # seconds between two looks at a folder

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform != "linux" or importlib.util.find_spec("PyInstaller") is None,
        reason="PyInstaller is not installed, or this is not Linux",
    ),
]
needs_mounts = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")


@dataclass(frozen=True)
class Packages:
    """The folder of the older package, and the newer one as a signed update with its manifest."""

    old: Path
    new: Path
    update: Path
    manifest: UpdateManifest


def build(folder: Path, version: str) -> Path:
    """Build the package of the committed tree under another version, and return its folder."""
    clone = folder / version
    subprocess.check_call(["git", "clone", "--quiet", str(ROOT), str(clone)], umask=0o022)
    said = clone / "src" / "kfdesk" / "domain" / "version.py"
    text = said.read_text(encoding="utf-8")
    first = next(line for line in text.splitlines() if line.startswith("VERSION = "))
    said.write_text(text.replace(first, f'VERSION = "{version}"'), encoding="utf-8")
    keys = clone / "resources" / "release_keys.txt"
    keys.write_text(f"key {KEY.public}\n", encoding="ascii")
    author = ["-c", "user.name=x", "-c", "user.email=x@invalid"]
    subprocess.check_call(["git", *author, "commit", "-qam", version], cwd=clone)
    paths = os.pathsep.join(str(clone / each) for each in ("src", "packaging"))
    python = ["env", f"PYTHONPATH={paths}", sys.executable]  # a build is no part of the program
    for words in (
        ["packaging/make_catalogues.py"],
        ["-c", "import build_package as made; made.build_folder()"],
    ):
        subprocess.check_call([*python, *words], cwd=clone, umask=0o022)  # as a person's
    return clone / "dist" / "notebook"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    folder = tmp_path_factory.mktemp("packages")
    old, new = build(folder, OLD), build(folder, NEW)
    build_number = (new / "_internal" / "build.txt").read_text(encoding="ascii").strip()
    manifest = read_manifest_of(new, NEW, build_number, this_system())
    update = folder / f"notebook-{NEW}{UPDATE_SUFFIX}"
    pack_update(new, update, manifest)
    KEY.sign(update, f"version:{NEW}")
    return Packages(old, new, update, manifest)


@dataclass(frozen=True)
class Laptop:
    """An installed older package, a store, and a stick with the update."""

    root: Path
    store: Path
    stick: Path
    update: Path

    def run(self, *words: str, language: str = "en") -> subprocess.CompletedProcess[str]:
        """Start the program as a person does, with the passphrase on its standard input."""
        command = [str(self.root / "notebook"), "--store", str(self.store)]
        command += ["--initials", WHO.initials, "--passphrase-file", "-", "--json"]
        homes = ("CONFIG", "STATE", "DATA")
        around = {f"XDG_{kind}_HOME": str(self.store.parent / "home") for kind in homes}
        return subprocess.run(
            [*command, "--language", language, *words], input=f"{WHO.passphrase}\n",
            env=os.environ | around | {"QT_QPA_PLATFORM": "offscreen"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def answer(self, *words: str) -> Mapping[str, Any]:
        """Return what a command answers, and fail where it is refused."""
        done = self.run(*words)
        assert (done.returncode, done.stderr) == (0, "")
        told: Mapping[str, Any] = json.loads(done.stdout)
        return told

    @property
    def version(self) -> str:
        """The version that starts, in its own words."""
        command = [str(self.root / "notebook"), "--version"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout.split()[1]

    @property
    def program(self) -> Mapping[str, object]:
        """Return what lies in the program's folder, the locks aside."""
        return {name: _short(each) for name, each in tree(self.root).items()}


def _short(each: object) -> object:
    if isinstance(each, tuple):
        return hashlib.sha256(each[0]).digest(), each[1]
    return each


@pytest.fixture
def laptop(packages: Packages, tmp_path: Path) -> Laptop:
    root = Path(shutil.copytree(packages.old, tmp_path / "Notebook", symlinks=True))
    stick = tmp_path / "stick"
    stick.mkdir()
    update = Path(shutil.copyfile(packages.update, stick / packages.update.name))
    shutil.copyfile(f"{packages.update}.minisig", f"{update}.minisig")
    laptop = Laptop(root, tmp_path / "store", stick, update)
    laptop.answer("init", "--name", "Nordhuset")  # a store of the package, at its full cost
    return laptop


def test_older_package_becomes_the_newer_one_and_goes_back(
    packages: Packages, laptop: Laptop
) -> None:
    assert laptop.version == OLD
    told = laptop.answer("update", str(laptop.update))
    assert told["version"] == NEW
    assert laptop.version == NEW
    assert Path(told["backup"]).parent == laptop.store.with_name("store-before")
    installed = tree(laptop.root / "versions" / packages.manifest.name)
    built = tree(packages.new)
    assert [name for name in built if installed.get(name) != built[name]] == []
    assert laptop.answer("verify")["sound"] is True
    assert laptop.answer("update", "--back")["version"] == told["before"]
    assert laptop.version == OLD
    assert laptop.answer("verify")["sound"] is True
    assert laptop.answer("update", str(laptop.update))["version"] == NEW
    assert laptop.version == NEW
    again = laptop.run("update", str(laptop.update))
    assert json.loads(again.stderr)["refused"] == "update.not_newer"


# --- what is wrong with a stick


def _small(laptop: Laptop, version: str, system: str = "", key: ReleaseKey = KEY) -> Path:
    """Write a small update that says a version and is signed by `key`; it says NEW when it runs."""
    folder = light_version(laptop.stick / "small", NEW)
    manifest = read_manifest_of(folder, version, "cccc3333", system or this_system())
    pack_update(folder, laptop.update, manifest)
    key.sign(laptop.update, f"version:{version}")
    return laptop.update


def _older(laptop: Laptop) -> Path:
    return _small(laptop, "0.1.9")


def _foreign_key(laptop: Laptop) -> Path:
    """Sign the whole newer package by another key."""
    FOREIGN_KEY.sign(laptop.update, f"version:{NEW}")
    return laptop.update


def _foreign_system(laptop: Laptop) -> Path:
    return _small(laptop, NEW, "win32-amd64")


def _torn(at: float) -> Callable[[Laptop], Path]:
    def change(laptop: Laptop) -> Path:
        with laptop.update.open("r+b") as file:
            place = int(laptop.update.stat().st_size * at)
            file.seek(place)
            (byte,) = file.read(1)
            file.seek(place)
            file.write(bytes([byte ^ 1]))
        return laptop.update

    return change


def _cut(laptop: Laptop) -> Path:
    os.truncate(laptop.update, laptop.update.stat().st_size // 2)
    return laptop.update


def _unsigned(laptop: Laptop) -> Path:
    Path(f"{laptop.update}.minisig").unlink()
    return laptop.update


def _gone(laptop: Laptop) -> Path:
    shutil.rmtree(laptop.stick)
    return laptop.update


REFUSED: Mapping[str, tuple[str, Callable[[Laptop], Path]]] = {
    "older": ("update.not_newer", _older),
    "torn at its head": ("update.torn", _torn(0.001)),
    "torn in the middle": ("update.torn", _torn(0.5)),
    "torn at its end": ("update.torn", _torn(0.9999)),
    "cut": ("update.torn", _cut),
    "another key": ("update.other_key", _foreign_key),
    "another system": ("update.other_system", _foreign_system),
    "no signature": ("update.unsigned", _unsigned),
    "stick gone": ("update.unreadable", _gone),
}


@pytest.mark.parametrize(("code", "change"), REFUSED.values(), ids=REFUSED)
def test_bad_stick_leaves_program_and_store_and_says_a_sentence(
    laptop: Laptop, code: str, change: Callable[[Laptop], Path]
) -> None:
    path = change(laptop)
    before = laptop.program, tree(laptop.store)
    done = laptop.run("update", str(path))
    said = json.loads(done.stderr)
    assert (done.returncode, done.stdout, said["refused"]) == (1, "", code)
    assert said["reason"].strip().endswith(".")
    assert (laptop.program, tree(laptop.store)) == before
    assert laptop.version == OLD


# --- what goes wrong while the new version is written


@contextmanager
def once_it_writes(root: Path, act: Callable[[], object]) -> Iterator[list[bool]]:
    """Do something when the first files of the new version lie in the program's folder.

    Yield a list that has one entry when it was done.
    """
    done: list[bool] = []
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(WATCH):
            if (root / "versions" / ".new" / "_internal").is_dir():
                act()
                done.append(True)
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield done
    finally:
        stop.set()
        watcher.join()


def _pull_out(laptop: Laptop) -> None:
    """Take the stick away: what is open can be read no further, and the names are gone."""
    os.truncate(laptop.update, 4096)
    shutil.rmtree(laptop.stick)


def _assert_runs_on(laptop: Laptop, before: Mapping[str, object]) -> None:
    """Assert that the old program and the store are whole, and that nothing new is left."""
    assert laptop.version == OLD
    assert laptop.answer("verify")["sound"] is True
    now = laptop.program
    assert {name for name, each in before.items() if now.get(name) != each} - _moved(now) == set()
    assert not list(laptop.root.glob("versions/.new*"))


def _moved(now: Mapping[str, object]) -> set[str]:
    """Return what became a link into `versions` when the old version got its place there."""
    return {"notebook"} if "current" in now else set()


def test_stick_that_is_pulled_out_in_the_middle_leaves_the_old_program(laptop: Laptop) -> None:
    before = laptop.program
    with once_it_writes(laptop.root, lambda: _pull_out(laptop)) as done:
        refused = laptop.run("update", str(laptop.update))
    said = json.loads(refused.stderr)
    assert done == [True]
    assert (refused.returncode, refused.stdout) == (1, "")
    assert said["refused"] in {"update.torn", "update.unreadable"}
    assert said["reason"].strip().endswith(".")
    _assert_runs_on(laptop, before)


def test_program_that_says_another_version_than_its_manifest_is_not_taken(laptop: Laptop) -> None:
    before = laptop.program
    done = laptop.run("update", str(_small(laptop, "0.9.9")))
    assert json.loads(done.stderr)["refused"] == "update.not_started"
    _assert_runs_on(laptop, before)


@contextmanager
def small_disk(place: Path, size: int) -> Iterator[None]:
    place.mkdir()
    subprocess.check_call(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)])
    try:
        yield
    finally:
        subprocess.check_call(["umount", "--lazy", str(place)])


def _size(folder: Path) -> int:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(-(-path.stat().st_size // 4096) * 4096 for path in files)


@needs_mounts
def test_disk_without_room_is_said_before_anything_is_written(
    packages: Packages, laptop: Laptop, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", _size(packages.old) + FULL):
        root = shutil.copytree(packages.old, tmp_path / "disk" / "Notebook", symlinks=True)
        small = replace(laptop, root=Path(root))
        before = small.program, tree(small.store)
        done = small.run("update", str(small.update))
        said = json.loads(done.stderr)
        assert (done.returncode, said["refused"]) == (1, "update.no_room")
        assert said["reason"].strip().endswith(".")
        assert (small.program, tree(small.store)) == before
        assert small.version == OLD


@needs_mounts
def test_disk_that_fills_up_in_the_middle_leaves_the_old_program(
    packages: Packages, laptop: Laptop, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    with small_disk(disk, _size(packages.old) + _size(packages.new) + FULL):
        root = shutil.copytree(packages.old, disk / "Notebook", symlinks=True)
        small = replace(laptop, root=Path(root))
        before = small.program
        with once_it_writes(small.root, lambda: _fill(disk)) as done:
            refused = small.run("update", str(small.update))
        said = json.loads(refused.stderr)
        assert (done, refused.returncode) == ([True], 1)
        assert said["refused"] in {"update.no_room", "update.not_written"}
        (disk / "filler").unlink()
        _assert_runs_on(small, before)
        assert small.answer("update", str(small.update))["version"] == NEW


def _fill(disk: Path) -> None:
    """Write until the disk is full."""
    with (disk / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(2**20))
        except OSError:
            return
