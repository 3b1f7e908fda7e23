# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the bill of parts (CycloneDX 1.6) by which a scanner finds each part in its lists.

It is written from the very list that the program shows. A part has its package URL, its licence as
SPDX names it, and, where the lock names it, the hashes of the archives that set-up accepts. What a
part asks for stands in the graph. The same parts give the same bill.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from urllib.parse import quote

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kfdesk.domain.version import LicensedComponent
from steps import ROOT

LOCK = ROOT / "requirements.lock"
IN_DEBIAN = Path("/usr/share/doc")
_NAMESPACE = uuid.UUID("6f1c2a52-3f0e-5f5c-9a41-1f2d7e0c9b11")
_PINNED = re.compile(
    r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^\s;]+)[^\n]*\n(?P<lines>(?:[ ]+--hash[^\n]*\n)+)",
    re.MULTILINE,
)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_OF_GNU = re.compile(r"(L?GPL|AGPL|GFDL)-(\d)(?:\.(\d))?(\+?)")
_SPDX = {
    "PSFL": "PSF-2.0", "BSD License": "BSD-3-Clause", "MIT License": "MIT", "Expat": "MIT",
    "public-domain": "",
}  # fmt: skip
"""The SPDX id for each way in which others write a licence; empty if it is none."""


def locked_hashes(lock: str) -> dict[tuple[str, str], list[str]]:
    """Return the SHA-256 sums of each part in the lock, by its name and version."""
    found: dict[tuple[str, str], list[str]] = {}
    for match in _PINNED.finditer(lock):
        sums = found.setdefault((match["name"], match["version"]), [])
        sums += _HASH.findall(match["lines"])
    return found


def spdx(said: str) -> str:
    """Return a licence as an SPDX expression, or an empty string where SPDX has no name for it.

    A list with commas, as in a Debian copyright file, means all of them.
    """
    names = [_SPDX.get(each, _gnu(each)) for each in said.split(", ")]
    try:
        return str(canonicalize_license_expression(" AND ".join(filter(None, names))))
    except InvalidLicenseExpression:
        return ""


def package_url(part: LicensedComponent, locked: Mapping[tuple[str, str], object]) -> str:
    """Return the package URL of a part: from the index, from Debian, or of no registry."""
    name, version = canonicalize_name(part.name), quote(part.version)
    if (name, part.version) in locked:
        return f"pkg:pypi/{name}@{version}"
    if part.version and (IN_DEBIAN / part.name / "copyright").is_file():
        return f"pkg:deb/debian/{part.name}@{version}"
    plain = re.sub(r"[^a-z0-9.]+", "-", part.name.lower()).strip("-")
    return f"pkg:generic/{plain}@{version}" if part.version else f"pkg:generic/{plain}"


def bill(parts: Iterable[LicensedComponent], seconds: int, lock: str | None = None) -> str:
    """Return the bill of parts; the first part is the program itself.

    `seconds` is the time of the last commit since 1970, UTC; `lock` the text of the lock.
    """
    program, *others = parts
    locked = locked_hashes(LOCK.read_text(encoding="utf-8") if lock is None else lock)
    listed = [_component(part, "library", locked) for part in others]
    whole = _component(program, "application", locked)
    refs: dict[str, str] = {canonicalize_name(part.name): str(each["bom-ref"])
            for part, each in zip(others, listed, strict=True)}  # fmt: skip
    made = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"timestamp": made, "component": whole},
        "components": listed,
        "dependencies": _graph(str(whole["bom-ref"]), refs),
    }
    number = uuid.uuid5(_NAMESPACE, json.dumps(body, sort_keys=True))
    return json.dumps({"serialNumber": f"urn:uuid:{number}", **body}, indent=1) + "\n"


def _graph(program: str, refs: Mapping[str, str]) -> list[dict[str, object]]:
    """Return what each part asks for; what no other part asks for, the program does."""
    asked = {name: set[str]() for name in refs}
    for found in distributions():
        name = canonicalize_name(found.name)
        needed = (canonicalize_name(Requirement(text).name) for text in found.requires or ()
                  if "extra ==" not in text)  # fmt: skip
        if name in asked:
            asked[name] |= {refs[each] for each in needed if each in refs}
    below = set[str]().union(*asked.values())
    lines: list[dict[str, object]] = [
        {"ref": program, "dependsOn": sorted(set(refs.values()) - below)}
    ]
    lines += [{"ref": refs[name], "dependsOn": sorted(asked[name])} for name in sorted(refs)]
    return lines


def _component(
    part: LicensedComponent, kind: str, locked: Mapping[tuple[str, str], list[str]]
) -> dict[str, object]:
    url = package_url(part, locked)
    told: dict[str, object] = {"type": kind, "name": part.name, "bom-ref": url, "purl": url}
    if part.version:
        told["version"] = part.version
    sums = locked.get((canonicalize_name(part.name), part.version), [])
    if sums:
        told["hashes"] = [{"alg": "SHA-256", "content": each} for each in sums]
    named = spdx(part.licence)
    if named and " " in named:
        told["licenses"] = [{"expression": named}]
    elif named:
        told["licenses"] = [{"license": {"id": named}}]
    elif part.licence:
        told["licenses"] = [{"license": {"name": part.licence}}]
    return told


def _gnu(name: str) -> str:
    """Return the SPDX id of a licence of GNU that Debian names, such as GPL-2+."""
    match = _OF_GNU.fullmatch(name)
    if match is None:
        return name
    family, one, two, more = match.groups()
    return f"{family}-{one}.{two or 0}-{'or-later' if more else 'only'}"
