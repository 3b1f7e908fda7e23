# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a release: builds it twice, packs the update file, and signs everything.

The private key is a file outside this tree, made by `minisign -G`; nothing here makes one. A
release is made of a clean tree only, whose last commit has the tag of the version, and only with a
key that the program itself accepts: else no copy of it could ever be updated. A package that fails
its check is not signed. Every signature is checked again by the program's own code. Usage:
`release.py KEY [SUITE]`, where SUITE is an older Debian to build in, such as `bookworm`.
"""

from __future__ import annotations

import getpass
import gzip
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import build_package
import check_package
import old_system
from build_package import DIST, NAME, STEPS, build_number, last_commit
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.updates import (
    SIGNATURE_SUFFIX,
    UPDATE_SUFFIX,
    PackedFile,
    UpdateManifest,
    write_manifest,
)
from kfdesk.domain.version import VERSION
from kfdesk.system.signatures import KEYS_FILE, ReleaseKeys, read_keys, read_public_key
from kfdesk.system.update_files import MAGIC, open_update
from kfdesk.system.updates import this_system
from minisign import ReleaseKey, read_key
from steps import ROOT, SetupError, run

_LEVEL = 6  # of gzip: the highest takes minutes for a few MB less
_PRIVATE = 0o077  # what others may do with a key: nothing


def read_manifest_of(folder: Path, version: str, build: str, system: str) -> UpdateManifest:
    """Return the manifest of a built folder. Raise SetupError for what no update can hold."""
    files, links = [], {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            target = path.resolve()
            if not target.is_file() or not target.is_relative_to(folder.resolve()):
                raise SetupError(f"a link leads out of the folder, or to a folder: {name}")
            links[name] = target.relative_to(folder.resolve()).as_posix()
        elif path.is_file():
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()
            is_run = bool(path.stat().st_mode & 0o100)
            files.append(PackedFile(name, len(content), digest, is_run))
    return UpdateManifest(version, build, system, tuple(files), links)


def pack_update(folder: Path, update: Path, manifest: UpdateManifest) -> None:
    """Write an update file of a built folder; the same folder gives the same file.

    Raise SetupError for a manifest that no program would accept.
    """
    try:
        told = write_manifest(manifest)
    except KfdeskError:
        raise SetupError("the folder holds a name or a size that no update can have") from None
    with update.open("wb") as file:
        file.write(MAGIC + len(told).to_bytes(4, "big") + told)
        with gzip.GzipFile("", "wb", _LEVEL, file, 0) as packed:
            for each in manifest.files:
                packed.write((folder / each.path).read_bytes())


def open_key(path: Path) -> ReleaseKey:
    """Return the private key in a file outside the tree. Raise SetupError where it must not lie."""
    if path.resolve().is_relative_to(ROOT):
        raise SetupError("the key lies in this tree: keep it on a medium of its own")
    if path.exists() and path.stat().st_mode & _PRIVATE:
        raise SetupError("others may read the key: chmod 600 it")
    return read_key(path, lambda: getpass.getpass("Passphrase of the key: "))


def check_key(key: ReleaseKey, keys: ReleaseKeys) -> None:
    """Raise SetupError unless the program that is released accepts this key."""
    if keys.valid.get(key.id) != read_public_key(key.public)[1]:
        raise SetupError(
            f"the program does not accept this key: put `key {key.public}` into "
            f"resources/{KEYS_FILE} one release before it signs"
        )


def check_tag() -> None:
    """Raise SetupError unless the last commit has the tag of this version."""
    found = run(["git", "tag", "--points-at", "HEAD"], "the tags could not be listed").split()
    if f"v{VERSION}" not in found:
        raise SetupError(f"the last commit has no tag v{VERSION}: git tag --sign v{VERSION}")


def check_tools() -> None:
    """Raise SetupError unless the packages that are made here can be checked."""
    if shutil.which("dpkg-deb") and shutil.which("lintian") is None:
        raise SetupError("the package cannot be checked without lintian: apt-get install lintian")


def check_packages(packages: Iterable[Path]) -> None:
    """Check each Debian package, or without one the built folder; print figures and faults.

    Raise SetupError if anything is wrong, for no laptop could use it.
    """
    faults: list[str] = []
    debian = [package for package in packages if package.suffix == ".deb"]
    for package in debian:
        figures, found = check_package.check(package)
        print(f"{package.name}: {figures}")
        faults += found
    if not debian:
        faults += check_package.faults_of_binaries(DIST / NAME)
    for fault in faults:
        print(f"release: {fault}", file=sys.stderr)
    if faults:
        raise SetupError("nothing was signed: do what is said above, and make the release again")


def sign_all(paths: Iterable[Path], key: ReleaseKey, seconds: int) -> list[Path]:
    """Sign the files of a release, and check each signature as the program does.

    Return the signature files. Raise SetupError if one does not hold.
    """
    own = ReleaseKeys({key.id: read_public_key(key.public)[1]})
    made = []
    for path in paths:
        comment = f"timestamp:{seconds}\tfile:{path.name}\tversion:{VERSION}\thashed"
        made.append(key.sign(path, comment))
        try:
            open_update(path, own, lambda _size: None)
        except KfdeskError as fault:
            raise SetupError(f"the signature of {path.name} does not hold: {fault.code}") from None
    return made


def sums_of(paths: Iterable[Path]) -> Mapping[str, str]:
    """Return the SHA-256 of each file by its name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def build_again(paths: list[Path]) -> list[str]:
    """Build the last commit a second time, in a fresh clone elsewhere; return what differs.

    Raise SetupError if that build fails.
    """
    with tempfile.TemporaryDirectory(prefix="release-") as folder:
        clone = Path(folder) / "clone"
        run(["git", "clone", "--quiet", str(ROOT), str(clone)], "the tree could not be cloned")
        (clone / ".venv").symlink_to(ROOT / ".venv")
        paths_of = os.pathsep.join(str(clone / each) for each in ("src", "packaging"))
        python = str(clone / ".venv" / "bin" / "python")
        around = ["env", f"PYTHONPATH={paths_of}", "QT_QPA_PLATFORM=offscreen", python]
        for step in STEPS:
            run([*around, str(clone / "packaging" / step)], f"the second build failed at {step}")
        first, second = sums_of(paths), sums_of(sorted((clone / "dist").glob(f"{NAME}[._]*")))
    return sorted(name for name, digest in first.items() if second.get(name) != digest)


def build_twice(suite: str) -> list[Path]:
    """Build the last commit here, or in an older Debian; return the packages in `dist`.

    Raise SetupError if a second build gives other bytes.
    """
    if suite:
        packages = old_system.build(suite)
        first = sums_of(packages)
        second = sums_of(old_system.build(suite))
        differing = sorted(name for name, digest in first.items() if second.get(name) != digest)
    else:
        for step in STEPS[:-1]:
            command = ["env", "QT_QPA_PLATFORM=offscreen", sys.executable, f"packaging/{step}"]
            run(command, f"the build failed at {step}")
        packages = build_package.build()
        differing = build_again(packages)
    if differing:
        raise SetupError(f"a second build gave other bytes: {', '.join(differing)}")
    return packages


def make(path: Path, suite: str = "") -> list[Path]:
    """Make the release in `dist`, built in the `suite` of Debian if one is named.

    Return its files. Raise SetupError.
    """
    key = open_key(path)
    check_key(key, read_keys((ROOT / "resources" / KEYS_FILE).read_text(encoding="utf-8")))
    if run(["git", "status", "--porcelain"], "the tree could not be looked at").strip():
        raise SetupError("the tree has changes that are in no commit: commit them first")
    check_tag()
    check_tools()
    for left in DIST.glob(f"*{SIGNATURE_SUFFIX}"):
        left.unlink()
    packages, seconds = build_twice(suite), last_commit()
    check_packages(packages)
    update = DIST / f"{NAME}-{VERSION}-{this_system()}{UPDATE_SUFFIX}"
    manifest = read_manifest_of(DIST / NAME, VERSION, build_number(), this_system())
    pack_update(DIST / NAME, update, manifest)
    files = [*packages, update]
    return [*files, *sign_all(files, key, seconds)]


def main() -> int:
    """Make the release with the key that was named; say one sentence and return 1 if it fails."""
    most = len(("release.py", "KEY", "SUITE"))
    if not 1 < len(sys.argv) <= most or not sys.argv[1]:
        print("release: name the key: make release KEY=FILE", file=sys.stderr)
        return 1
    try:
        files = make(Path(sys.argv[1]), *sys.argv[2:])
    except SetupError as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    for name, digest in sums_of(files).items():
        print(f"{digest}  {name}")
    if shutil.which("minisign") is None:
        print("release: check one signature with the minisign tool, too; it is not installed here")
    return 0


if __name__ == "__main__":
    sys.exit(main())
