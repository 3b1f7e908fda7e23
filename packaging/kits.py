# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes an offline kit: what a laptop with Python, but no internet, needs to install the program.

The wheels are those that `requirements.lock` names, by hash, for one system; beside them lie the
program, a sum of every file, and a script that checks the sums before it installs. It knows the
systems there are kits for, and nothing of what the program does.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from pathlib import Path

from build_package import DIST, build_number, last_commit, write_archive
from kfdesk.system import licences
from program_files import data_files
from steps import ROOT, SetupError, run

PYTHON = "3.13"  # of which python.org has installers for Windows and macOS; Debian 13 has it, too
SCRIPTS = ROOT / "packaging" / "kit"
LOCK = ROOT / "requirements.lock"
SUMS = "SHA256SUMS"
_PROGRAM = "kfdesk (pyproject.toml)"
_ENTRY = re.compile(r"^(?P<name>[a-z0-9._-]+)==.*(?:\n[ ].*)*", re.MULTILINE)
_ASKED_BY = re.compile(r"^ +# +(?:via +)?(\S.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Kit:
    """A system: what wheels for it are called, and the script that installs there."""

    platforms: tuple[str, ...]
    script: str


KITS = {
    "windows-x64": Kit(("win_amd64",), "install.ps1"),
    "macos-arm64": Kit(("macosx_13_0_arm64",), "install.sh"),
    "macos-x64": Kit(("macosx_13_0_x86_64",), "install.sh"),
    "linux-x64": Kit(
        ("manylinux_2_34_x86_64", "manylinux_2_28_x86_64", "manylinux_2_17_x86_64"), "install.sh"
    ),
}


def locked(lock: str) -> list[str]:
    """Return the entries of the lock that the program itself needs, without what only builds it.

    Raises SetupError for one that is not needed on every system.
    """
    entries = {match["name"]: match[0].rstrip() for match in _ENTRY.finditer(lock)}
    askers = {name: set(_ASKED_BY.findall(entry)) for name, entry in entries.items()}
    needed = {_PROGRAM}
    while more := {name for name, by in askers.items() if by & needed} - needed:
        needed |= more
    found = [entry for name, entry in entries.items() if name in needed]
    for entry in found:
        head = entry.partition("\n")[0]
        if "sys_platform" in head or "platform_system" in head:
            raise SetupError(f"not for every system: {head.rstrip(' ' + chr(92))}")
    return found


def fetch(kit: Kit, into: Path, python: str = PYTHON) -> None:
    """Fetch the wheels for a system and a Python, each checked by its hash. Raises SetupError."""
    wheels = into / "wheels"
    wheels.mkdir(parents=True)
    listed = into / "requirements.txt"
    listed.write_text("\n".join(locked(LOCK.read_text(encoding="utf-8"))) + "\n", encoding="utf-8")
    pip = [str(Path(sys.executable).resolve()), "-P", "-m", "pip", "download", "--quiet"]
    pip += ["--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--require-hashes"]
    pip += ["--implementation", "cp", "--python-version", python]
    pip += [word for each in kit.platforms for word in ("--platform", each)]
    run([*pip, "--dest", str(wheels), "--requirement", str(listed)], "the wheels could not be had")


def put_program(into: Path) -> None:
    """Copy what runs: the source, the files that it reads, and the list of its parts."""
    program = into / "program"
    compiled = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src" / "kfdesk", program / "src" / "kfdesk", ignore=compiled)
    for path, folder in data_files():
        (program / folder).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, program / folder / Path(path).name)
    (program / "build.txt").write_text(build_number() + "\n", encoding="ascii")
    wheels = [str(path) for path in sorted((into / "wheels").glob("*.whl"))]
    packages = licences.installed_requirements("kfdesk", [*wheels, *sys.path])
    listed = [astuple(part) for part in licences.list_components(ROOT, packages)]
    (program / licences.COMPONENTS_FILE).write_text(json.dumps(listed) + "\n", encoding="utf-8")


def write_sums(folder: Path) -> None:
    """Write the sum of every file in `folder`, as `sha256sum` reads them."""
    (folder / SUMS).unlink(missing_ok=True)
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in _files(folder)
    ]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def write_zip(folder: Path, archive: Path, seconds: int) -> None:
    """Pack `folder` as a zip that is the same for the same files; Windows opens it by itself."""
    made = datetime.fromtimestamp(seconds, UTC)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in _files(folder):
            name = path.relative_to(folder.parent).as_posix()
            member = zipfile.ZipInfo(name, (*made.timetuple()[:5], made.second))
            member.external_attr = 0o644 << 16
            packed.writestr(member, path.read_bytes(), zipfile.ZIP_DEFLATED)


def make(name: str) -> Path:
    """Make the kit for a system in `dist` and return its archive.

    Raises SetupError for an unknown one, and where a wheel cannot be had.
    """
    if name not in KITS:
        raise SetupError(f"there are kits for {', '.join(KITS)}")
    kit, folder, seconds = KITS[name], DIST / f"notebook-{name}", last_commit()
    shutil.rmtree(folder, ignore_errors=True)
    fetch(kit, folder)
    put_program(folder)
    shutil.copyfile(SCRIPTS / kit.script, folder / kit.script)
    write_sums(folder)
    if kit.script.endswith(".ps1"):
        archive = folder.with_name(f"{folder.name}.zip")
        write_zip(folder, archive, seconds)
    else:
        archive = folder.with_name(f"{folder.name}.tar.gz")
        write_archive(folder, archive, seconds)
    return archive


def main() -> int:
    """Make the kit that was named; print one sentence and return 1 when that fails."""
    try:
        archive = make(sys.argv[1])
    except SetupError as error:
        print(f"kit: {error}", file=sys.stderr)
        return 1
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    print(f"{archive}: {archive.stat().st_size / 1e6:.1f} MB\nSHA-256 {digest}")
    return 0


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


if __name__ == "__main__":
    sys.exit(main())
