# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the bill of parts (CycloneDX 1.6) by which a scanner finds each part in its lists.

It is written from the very list that the program shows. A part has its package URL, its licence as
SPDX names it, and SHA-256 sums: of the archives that the lock names, of the files of the system, or
of its data. A property says what the sums are of, and why SPDX has no name for a licence. What a
part asks for, or carries inside, stands in the graph. The same parts give the same bill.
"""

from __future__ import annotations

import hashlib
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
from kfdesk.system.licences import DATA_LICENCES
from parts import PackedPart
from steps import ROOT

LOCK = ROOT / "requirements.lock"
IN_DEBIAN = Path("/usr/share/doc")
_NAMESPACE = uuid.UUID("6f1c2a52-3f0e-5f5c-9a41-1f2d7e0c9b11")
_PINNED = re.compile(
    r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^\s;]+)[^\n]*\n(?P<lines>(?:[ ]+--hash[^\n]*\n)+)",
    re.MULTILINE,
)
_INSIDE = re.compile(r"\binside ([\w-]+)")  # as the files in resources/parts say it
_HEAD = 300  # characters, in which such a file says it
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_OF_GNU = re.compile(r"(L?GPL|AGPL|GFDL)-(\d)(?:\.(\d))?(\+?)")
_SPDX = {
    "PSFL": "PSF-2.0", "BSD License": "BSD-3-Clause", "MIT License": "MIT", "Expat": "MIT",
    "public-domain": "",
}  # fmt: skip
"""The SPDX id for each way in which others write a licence; empty if it is none."""
OWN_WORDS = "in its own words"
NO_NAME = "its licence has no name of SPDX: the copyright file of the program keeps its words"
NO_SUM = "this list lies inside the program, so it cannot hold the sum of the whole"

Locked = Mapping[tuple[str, str], list[str]]


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
    names = [_SPDX.get(each, _expression(each)) for each in said.split(", ")]
    inner = [f"({each})" if " " in each else each for each in names if each]
    whole = " AND ".join(inner) if len(inner) > 1 else "".join(filter(None, names))
    try:
        return str(canonicalize_license_expression(whole))
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


def bill(
    parts: Iterable[LicensedComponent],
    seconds: int,
    lock: str | None = None,
    packed: Mapping[str, PackedPart] | None = None,
) -> str:
    """Return the bill of parts; the first part is the program itself.

    `seconds` is the time of the last commit since 1970, UTC; `lock` the text of the lock; `packed`
    what the build took from the system, by the name of the part.
    """
    program, *others = parts
    locked = locked_hashes(LOCK.read_text(encoding="utf-8") if lock is None else lock)
    given = packed or {}
    listed = [
        _component(part, package_url(part, locked), _sums(part, locked, given)) for part in others
    ]
    whole = _component(program, package_url(program, locked), ([], NO_SUM), "application")
    refs: dict[str, str] = {canonicalize_name(part.name): str(each["bom-ref"])
            for part, each in zip(others, listed, strict=True)}  # fmt: skip
    made = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"timestamp": made, "component": whole},
        "components": listed,
        "dependencies": _graph(str(whole["bom-ref"]), refs, _asked(others, given)),
    }
    number = uuid.uuid5(_NAMESPACE, json.dumps(body, sort_keys=True))
    return json.dumps({"serialNumber": f"urn:uuid:{number}", **body}, indent=1) + "\n"


def _asked(
    parts: Iterable[LicensedComponent], packed: Mapping[str, PackedPart]
) -> Mapping[str, set[str]]:
    """Return the names of what each part asks for or carries, as its own list of needs says it."""
    asked: dict[str, set[str]] = {}
    for found in distributions():
        needed = [Requirement(text).name for text in found.requires or () if "extra ==" not in text]
        asked.setdefault(canonicalize_name(found.name), set()).update(
            map(canonicalize_name, needed)
        )
    for name, each in packed.items():
        asked.setdefault(canonicalize_name(name), set()).update(map(canonicalize_name, each.needs))
    for part in parts:
        if inside := _carrier(part):
            asked.setdefault(inside, set()).add(canonicalize_name(part.name))
    return asked


def _graph(
    program: str, refs: Mapping[str, str], asked: Mapping[str, set[str]]
) -> list[dict[str, object]]:
    """Return what each part asks for; what no other part asks for, the program does."""
    found = {
        name: {refs[each] for each in asked.get(name, ()) if each in refs and each != name}
        for name in refs
    }
    below = {refs[name]: sorted(found[name]) for name in sorted(refs)}
    first = set(refs.values()).difference(*below.values())
    first |= set(refs.values()) - _reached(first, below)  # parts that need each other alone
    whole = {program: sorted(first), **below}
    return [{"ref": ref, "dependsOn": each} for ref, each in whole.items()]


def _reached(first: Iterable[str], below: Mapping[str, Iterable[str]]) -> set[str]:
    """Return what is reached from the first parts, these among them."""
    reached, waiting = set[str](), list(first)
    while waiting:
        ref = waiting.pop()
        if ref not in reached:
            reached.add(ref)
            waiting += below[ref]
    return reached


def _sums(
    part: LicensedComponent, locked: Locked, packed: Mapping[str, PackedPart]
) -> tuple[list[str], str]:
    """Return the SHA-256 sums of a part and what they are of, or none and the reason."""
    if found := locked.get((canonicalize_name(part.name), part.version)):
        return found, "of the archives that requirements.lock names"
    if part.name in packed:
        return list(packed[part.name].sums), "of its files in the system that the build ran on"
    places = [place for place, (name, _) in DATA_LICENCES.items() if name == part.name]
    files = [path for place in places for path in sorted((ROOT / "resources" / place).rglob("*"))]
    data = [hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.is_file()]
    if data:
        return data, "of its files in resources"
    inside = _carrier(part)
    carried = [each for (name, _), sums in locked.items() if name == inside for each in sums]
    if carried:
        return carried, f"of the archives of {inside}, which carries it"
    return [], "nobody has listed a file of it"


def _carrier(part: LicensedComponent) -> str:
    """Return the name of the part inside which another lies, or an empty string."""
    inside = _INSIDE.search(part.text[:_HEAD]) if part.version else None
    return canonicalize_name(inside[1]) if inside else ""


def _component(
    part: LicensedComponent, url: str, sums: tuple[list[str], str], kind: str = "library"
) -> dict[str, object]:
    told: dict[str, object] = {"type": kind, "name": part.name, "bom-ref": url, "purl": url}
    if part.version:
        told["version"] = part.version
    hashes, about = sums
    if hashes:
        told["hashes"] = [{"alg": "SHA-256", "content": each} for each in hashes]
    properties = [{"name": "notebook:hashes", "value": about}]
    named = spdx(part.licence)
    if named and " " in named:
        told["licenses"] = [{"expression": named}]
    elif named:
        told["licenses"] = [{"license": {"id": named}}]
    else:
        told["licenses"] = [{"license": {"name": part.licence or OWN_WORDS}}]
        properties.append({"name": "notebook:licence", "value": NO_NAME})
    return told | {"properties": properties}


def _expression(said: str) -> str:
    """Return a licence, or a choice of them as Debian writes it, in the words of SPDX."""
    return " ".join(_SPDX.get(word, _gnu(word)) for word in said.split())


def _gnu(name: str) -> str:
    """Return the SPDX id of a licence of GNU that Debian names, such as GPL-2+."""
    match = _OF_GNU.fullmatch(name)
    if match is None:
        return name
    family, one, two, more = match.groups()
    return f"{family}-{one}.{two or 0}-{'or-later' if more else 'only'}"
