# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a package, and the licences that go into it.

The program lists its Python packages itself; here come the parts that only a package has: Python
and the system's libraries, each with the text of its own copyright file.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

from kfdesk.domain.version import LicensedComponent
from kfdesk.system.licences import installed_requirements, list_components
from steps import ROOT, SetupError, run

SYSTEM = ("/lib/", "/usr/lib/", "/lib64/")
IN_DEBIAN = Path("/usr/share/doc")
PACKED = ROOT / "build" / "packed.json"
_LICENCE = re.compile(r"^License: ([A-Za-z0-9][\w .+/()-]{0,60})$", re.MULTILINE)
_PYTHON = "libpython"


@dataclass(frozen=True, slots=True)
class PackedPart:
    """A part that the system gave: SHA-256 sums of its files, and the packages that it needs."""

    sums: tuple[str, ...]
    needs: tuple[str, ...] = ()


def packed_parts(sources: Iterable[str]) -> list[LicensedComponent]:
    """Return Python and the Debian packages that the libraries `sources` are from.

    Raises SetupError for a library of the system that belongs to no package.
    """
    text = (Path(sysconfig.get_path("stdlib")) / "LICENSE.txt").read_text(encoding="utf-8")
    found = [LicensedComponent("Python", platform.python_version(), "PSF-2.0", text)]
    for package, version in sorted(debian_packages(sources)):
        said = (IN_DEBIAN / package / "copyright").read_text(encoding="utf-8", errors="replace")
        names = sorted({each.strip() for each in _LICENCE.findall(said)})
        found.append(LicensedComponent(package, version, ", ".join(names), said))
    return found


def packed_files(sources: Iterable[str]) -> dict[str, PackedPart]:
    """Return the files among `sources` that are Python's or a Debian package's, by its name.

    Raises SetupError as `packed_parts`.
    """
    paths = sorted(map(str, sources))
    owners = _owners(paths)
    files: dict[str, list[str]] = {}
    for path, package in owners.items():
        files.setdefault(package, []).append(path)
    files["Python"] = [each for each in paths if Path(each).name.startswith(_PYTHON)]
    files["Python"] = files["Python"] or [sys.executable]
    needs = {name: _needs(name) for name in set(owners.values())}
    return {
        name: PackedPart(tuple(map(_sum, each)), needs.get(name, ()))
        for name, each in sorted(files.items())
    }


def read_packed() -> Mapping[str, PackedPart]:
    """Return what the build wrote of the system's parts; nothing where there was no build."""
    if not PACKED.is_file():
        return {}
    listed = json.loads(PACKED.read_text(encoding="utf-8"))
    return {
        name: PackedPart(tuple(each["sums"]), tuple(each["needs"])) for name, each in listed.items()
    }


def write_parts(sources: Iterable[str], into: Path) -> tuple[LicensedComponent, ...]:
    """Write the list of parts that the program shows, and beside the build what they are made of.

    Raises SetupError as `packed_parts`.
    """
    paths = list(sources)
    parts = list_components(ROOT, installed_requirements("kfdesk"), packed_parts(paths))
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_text(json.dumps([astuple(part) for part in parts]) + "\n", encoding="utf-8")
    listed = {name: asdict(each) for name, each in packed_files(paths).items()}
    PACKED.parent.mkdir(parents=True, exist_ok=True)
    PACKED.write_text(json.dumps(listed) + "\n", encoding="utf-8")
    return parts


def debian_packages(sources: Iterable[str]) -> set[tuple[str, str]]:
    """Return name and version of the Debian package of each library that is the system's.

    Raises SetupError as `packed_parts`.
    """
    named = sorted(set(_owners(sources).values()))
    if not named:
        return set()
    command = ["dpkg-query", "--show", "--showformat=${binary:Package} ${Version}\\n", *named]
    lines = run(command, "the system's packages could not be listed").splitlines()
    return {(line.split()[0].partition(":")[0], line.split()[1]) for line in lines}


def _owners(sources: Iterable[str]) -> dict[str, str]:
    """Return the Debian package of each library that is the system's, by its real path."""
    ours = sorted({str(Path(each).resolve()) for each in sources if each.startswith(SYSTEM)})
    if not ours:
        return {}
    asked = [path for each in ours for path in (each, each.removeprefix("/usr"))]
    said = run(["sh", "-c", 'dpkg -S "$@" 2>/dev/null || true', "dpkg", *asked], "no dpkg")
    told = {line.rpartition(": ")[2]: line.partition(":")[0] for line in said.splitlines()}
    owners = {each: told.get(each) or told.get(each.removeprefix("/usr"), "") for each in ours}
    strange = [path for path, package in owners.items() if not package]
    if strange:
        raise SetupError(f"no package has {', '.join(strange)}")
    return owners


def _needs(package: str) -> tuple[str, ...]:
    """Return the names of the packages that a Debian package depends on, in order."""
    command = ["dpkg-query", "--show", "--showformat=${Depends}", package]
    said = run(command, "the system's packages could not be listed")
    return tuple(sorted({re.split(r"[ :(]", each.strip())[0] for each in re.split(r"[,|]", said)}))


def _sum(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def notice(parts: Iterable[LicensedComponent]) -> str:
    """Return the copyright file of a package: every part and the words of its licence."""
    texts = []
    for part in parts:
        head = " ".join(word for word in (part.name, part.version) if word)
        texts.append(f"{head}\n{'=' * len(head)}\n{part.licence}\n\n{part.text}\n")
    return "\n\n".join(texts)
