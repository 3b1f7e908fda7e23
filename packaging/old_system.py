# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the package in an older Debian, so that it runs on older laptops: `SYSTEM=bookworm`.

What a program is linked with decides the oldest system that it runs on. So a bare Debian of that
release is laid out in `build/`, the last commit is cloned into it, and its own Python builds there.
Needs root and debootstrap. Usage: `old_system.py SUITE`.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from build_package import STEPS
from steps import ROOT, SetupError, run

BARE = ("ca-certificates", "python3")
PARTS = ("binutils", "git", "libcups2", "libpython3-dev", "python3-pip", "python3-venv")
CERTIFICATES = Path("etc/ssl/certs/ca-certificates.crt")
TREE = Path("srv/kfdesk")


def lay_out(system: Path, suite: str) -> None:
    """Create a bare Debian with what building needs, and its newest updates. Raise SetupError."""
    fault = f"Debian {suite} could not be laid out"
    if not (system / "etc" / "debian_version").exists():
        command = ["debootstrap", "--variant=minbase", f"--include={','.join(BARE)}"]
        run([*command, suite, str(system)], fault)
    trust_as_here(system)
    listed = system / "etc" / "apt" / "sources.list"
    mirror = listed.read_text(encoding="utf-8").split()[1]
    listed.write_text(
        f"deb {mirror} {suite} main\ndeb {mirror} {suite}-updates main\n"
        f"deb {mirror}-security {suite}-security main\n",
        encoding="utf-8",
    )
    apt = ["chroot", str(system), "apt-get", "--yes", "--no-install-recommends"]
    for words in (["update"], ["upgrade"], ["install", *PARTS]):
        run([*apt, *words], fault)
    trust_as_here(system)  # an update of the certificates has written Debian's own again


def trust_as_here(system: Path) -> None:
    """Give the system the certificates of this one: a network of one's own may have its own."""
    own = Path("/") / CERTIFICATES
    if own.is_file():
        shutil.copyfile(own, system / CERTIFICATES)


@contextmanager
def running(system: Path) -> Iterator[list[str]]:
    """Yield the beginning of a command that runs in the system, which has /proc and /dev as long.

    Raise SetupError without root.
    """
    fault = "the older system could not be started (are you root?)"
    made: list[Path] = []
    try:
        for kind, name in (("proc", "proc"), ("devtmpfs", "dev")):
            place = system / name
            told = ["-t", "proc", "proc"] if kind == "proc" else ["--bind", "/dev"]
            run(["mount", *told, str(place)], fault)
            made.append(place)
        around = ["env", f"--chdir=/{TREE}", "QT_QPA_PLATFORM=offscreen", "LC_ALL=C.UTF-8"]
        around += [f"SSL_CERT_FILE=/{CERTIFICATES}", f"PIP_CERT=/{CERTIFICATES}"]
        yield ["chroot", str(system), *around]
    finally:
        for place in reversed(made):
            run(["umount", str(place)], f"{place} is still mounted: umount it")


def clone(system: Path) -> None:
    """Put the last commit into the system, and keep its environment. Raise SetupError."""
    tree, kept = system / TREE, system / "srv"
    for name in (".venv", ".tools"):
        if (tree / name).exists():
            (tree / name).replace(kept / name)
    shutil.rmtree(tree, ignore_errors=True)
    run(["git", "clone", "--quiet", str(ROOT), str(tree)], "the tree could not be cloned")
    run(["chown", "-R", "root:root", str(tree)], "the clone has another owner")
    for name in (".venv", ".tools"):
        if (kept / name).exists():
            (kept / name).replace(tree / name)


def build(suite: str) -> list[Path]:
    """Build the package in the suite and return what is copied to `dist`. Raise SetupError."""
    system, dist = ROOT / "build" / suite, ROOT / "dist"
    lay_out(system, suite)
    clone(system)
    with running(system) as around:
        for step in ("bootstrap.py", *STEPS):
            print(f"{suite}: {step}", flush=True)
            python = ".venv/bin/python" if step in STEPS else "python3"
            run([*around, python, f"packaging/{step}"], f"the build in {suite} failed at {step}")
    shutil.rmtree(dist, ignore_errors=True)
    shutil.copytree(system / TREE / "dist", dist, symlinks=True)
    return sorted(path for path in dist.iterdir() if path.is_file())


def main() -> int:
    """Build in the suite that is named; print one sentence and return 1 when that fails."""
    if len(sys.argv) != len(("old_system.py", "SUITE")):
        print("old_system: name the release of Debian, such as bookworm", file=sys.stderr)
        return 1
    try:
        for package in build(sys.argv[1]):
            print(f"{package}: {package.stat().st_size / 1e6:.1f} MB")
    except SetupError as error:
        print(f"old_system: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
