# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a package, and the licences that go into it.

The program lists its Python packages itself; here come the parts that only a package has: Python
and the system's libraries, each with the text of its own copyright file.
"""

from __future__ import annotations

import json
import platform
import re
import sysconfig
from collections.abc import Iterable
from dataclasses import astuple
from pathlib import Path

from kfdesk.domain.version import LicensedComponent
from kfdesk.system.licences import installed_requirements, list_components
from steps import ROOT, SetupError, run

SYSTEM = ("/lib/", "/usr/lib/", "/lib64/")
IN_DEBIAN = Path("/usr/share/doc")
_LICENCE = re.compile(r"^License: (\S.*)$", re.MULTILINE)


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


def write_parts(sources: Iterable[str], into: Path) -> tuple[LicensedComponent, ...]:
    """Write the list of parts that the program shows. Raises SetupError as `packed_parts`."""
    parts = list_components(ROOT, installed_requirements("kfdesk"), packed_parts(sources))
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_text(json.dumps([astuple(part) for part in parts]) + "\n", encoding="utf-8")
    return parts


def debian_packages(sources: Iterable[str]) -> set[tuple[str, str]]:
    """Return name and version of the Debian package of each library that is the system's."""
    ours = sorted({str(Path(each).resolve()) for each in sources if each.startswith(SYSTEM)})
    if not ours:
        return set()
    asked = [path for each in ours for path in (each, each.removeprefix("/usr"))]
    said = run(["sh", "-c", 'dpkg -S "$@" 2>/dev/null || true', "dpkg", *asked], "no dpkg")
    owners = {line.rpartition(": ")[2]: line.partition(": ")[0] for line in said.splitlines()}
    owners = {path: owner.partition(":")[0] for path, owner in owners.items()}
    strange = [each for each in ours if each not in owners and each[4:] not in owners]
    if strange:
        raise SetupError(f"no package has {', '.join(strange)}")
    shown = "${binary:Package} ${Version}\\n"
    command = ["dpkg-query", "--show", f"--showformat={shown}", *sorted(set(owners.values()))]
    lines = run(command, "the system's packages could not be listed").splitlines()
    return {(line.split()[0].partition(":")[0], line.split()[1]) for line in lines}


def notice(parts: Iterable[LicensedComponent]) -> str:
    """Return the copyright file of a package: every part and the words of its licence."""
    texts = []
    for part in parts:
        head = " ".join(word for word in (part.name, part.version) if word)
        texts.append(f"{head}\n{'=' * len(head)}\n{part.licence}\n\n{part.text}\n")
    return "\n\n".join(texts)
