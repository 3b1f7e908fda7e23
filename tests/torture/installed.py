# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m tests.torture.installed`: the Debian package on bare systems, without a network.

A fresh Debian or Ubuntu is laid out, with nothing but what the package asks for; the package is
installed there. Each library that one of its files loads must be found. The installed program plays
the demo, opens the store that came of it and checks it, as a person without rights, and its window
comes to a screen. Then it is removed, and must leave her store and nothing else. It needs root and
`debootstrap`, takes minutes, and is run by `make package-check` before a release.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.screen import NoScreenError, can_look, own_screen, until_shown

from kfdesk.demo import people, story

ROOT = Path(__file__).resolve().parents[2]
NAME = "notebook"
PERSON, HERS = "maria", "srv/maria"
FEWEST_PICTURES = 50
SUITES = ("bookworm", "trixie", "jammy")
"""Debian 12 and 13 and Ubuntu 22.04: the oldest and the newest that README names."""
UBUNTU, KEYRING = {"jammy"}, Path("/usr/share/keyrings/ubuntu-archive-keyring.gpg")
OFFLINE = ("unshare", "--net", "--")
ALONE = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--")
SCREENS = "tmp/.X11-unix"
LAID_OUT = "laid-out.txt"
"""In a system that was laid out to its end: the packages that were asked for."""
PATIENCE = 300.0  # seconds until there is a window
PLACE = f"/usr/lib/{NAME}"
LOADS = (
    f"export LD_LIBRARY_PATH={PLACE}/_internal; "
    f"find {PLACE} -type f \\( -name '*.so*' -o -name {NAME} \\) -exec ldd {{}} + 2>&1; true"
)


class TrialError(Exception):
    """The trial came to a bad end; one sentence."""


def asked_packages(depends: str) -> list[str]:
    """Return the package names of a Depends line."""
    return [re.sub(r"\s*\(.*?\)", "", each).strip() for each in depends.split(",")]


def run(*command: str, typed: str = "") -> str:
    """Run a command and return what it said. Raises TrialError where it fails."""
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, env=environment, input=typed, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise TrialError(f"{' '.join(command)}: {(done.stderr or done.stdout)[-2000:]}")
    return done.stdout


def lay_out(system: Path, package: Path, suite: str) -> None:
    """Create a minimal system with the package's dependencies and one user.

    One that was laid out for the same dependencies is used again.
    """
    depends = run("dpkg-deb", "--field", str(package), "Depends")
    stamp = system / LAID_OUT
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == depends:
        return
    shutil.rmtree(system, ignore_errors=True)
    run("debootstrap", "--variant=minbase", suite, str(system))
    # apt knows which package has taken the place of one that was renamed
    apt = ("chroot", str(system), "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install")
    run(*apt, "--yes", "--no-install-recommends", *asked_packages(depends))
    run("chroot", str(system), "useradd", "--create-home", "--home-dir", f"/{HERS}", PERSON)
    stamp.write_text(depends, encoding="utf-8")


def files(system: Path) -> set[str]:
    """Return the files in the system's folders and in the user's."""
    found = set[str]()
    for top in ("usr", "etc", "srv", "opt", "var/lib"):
        for folder, _, names in os.walk(system / top):
            found |= {str((Path(folder) / name).relative_to(system)) for name in names}
    return {name for name in found if not name.startswith(("var/lib/dpkg", "usr/share/mime"))}


def person(system: Path, *command: str, typed: str = "") -> str:
    """Return the output of a command that the user runs without network and display."""
    su = ("chroot", str(system), "su", "-", PERSON, "-c")
    return run(*OFFLINE, *su, " ".join(command), typed=typed)


def show_window(system: Path, store: str) -> None:
    """Start the program as its menu entry does, until its window is on a screen of our own.

    Raise TrialError if none comes.
    """
    socket, own = system / SCREENS, Path("/") / SCREENS
    socket.mkdir(parents=True, exist_ok=True)
    with own_screen() as display:
        started = f"DISPLAY={display} exec {NAME} --store {store}"
        script = 'mount --bind "$1" "$2" && exec chroot "$3" su - "$4" -c "$5"'
        words = (str(own), str(socket), str(system), PERSON, started)
        around = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DISPLAY": display}
        try:
            until_shown([*ALONE, "sh", "-c", script, "sh", *words], "Notebook", around, PATIENCE)
        except NoScreenError as error:
            raise TrialError(str(error)) from None


def steps(system: Path, package: Path, suite: str) -> Iterator[str]:
    """Run the trial step by step, and yield each step. Raise TrialError if one fails."""
    lay_out(system, package, suite)
    shutil.rmtree(system / HERS / "demo", ignore_errors=True)
    run("chroot", str(system), "dpkg", "--purge", NAME)  # of a trial that came to a bad end
    before = files(system)
    (system / "package.deb").write_bytes(package.read_bytes())
    run(*OFFLINE, "chroot", str(system), "dpkg", "--install", "/package.deb")
    yield "installed with nothing but what it asks for, without a network"
    run("chroot", str(system), "dpkg", "--verify", NAME)
    yield "every file of it has the sum it should have"
    missing = {line.strip() for line in run("chroot", str(system), "sh", "-c", LOADS).splitlines()
               if "not found" in line}  # fmt: skip
    if missing:
        raise TrialError(f"its files load what is not there: {'; '.join(sorted(missing))}")
    yield "every library that its files load is there"
    said = person(system, NAME, "demo", "--no-window", "--into", "demo")
    made = system / HERS / "demo"
    pictures = len(list(made.rglob("*.png")))
    if not (made / "index.html").is_file() or pictures < FEWEST_PICTURES:
        raise TrialError(f"the demo left {pictures} pictures: {said[-500:]}")
    yield f"the installed program played the demo: {pictures} pictures"
    store = f"demo/{story.OURS}"
    options = ("--store", store, "--initials", people.INITIALS, "--passphrase-file", "-")
    person(system, NAME, *options, "verify", typed=f"{people.PASSPHRASE}\n")
    yield "its store opens with the passphrase, and is whole"
    if can_look():
        show_window(system, store)
        yield "its window comes to a screen"
    else:
        yield "not tried, as Xvfb or xwininfo is not installed here: its window on a screen"
    run("chroot", str(system), "dpkg", "--remove", NAME)
    left = sorted(name for name in files(system) - before if not name.startswith(HERS))
    if left or not (system / HERS / store / "notebook.db").is_file():
        raise TrialError(f"the removal left {left}, or took her store")
    yield "removed again: nothing is left but what is hers"


def main() -> int:
    """Try the newest package, or the one named; returns the exit code."""
    parser = argparse.ArgumentParser(prog="installed")
    parser.add_argument("package", nargs="?", type=Path)
    parser.add_argument("--systems", type=Path, default=ROOT / "build" / "systems")
    parser.add_argument("--suite", action="append", choices=SUITES, help="again for each one")
    asked = parser.parse_args()
    built = sorted((ROOT / "dist").glob(f"{NAME}_*.deb"), key=lambda path: path.stat().st_mtime)
    package = asked.package or (built[-1] if built else None)
    if package is None:
        sys.stdout.write("there is no package: run make package\n")
        return 1
    for suite in asked.suite or SUITES:
        if suite in UBUNTU and not KEYRING.is_file() and not asked.suite:
            sys.stdout.write(f"{suite}: not tried, as ubuntu-keyring is not installed here\n")
            continue
        try:
            for step in steps(asked.systems.resolve() / suite, package, suite):
                sys.stdout.write(f"{suite}: {step}\n")
                sys.stdout.flush()
        except TrialError as error:
            sys.stdout.write(f"{suite}: failed: {error}\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
