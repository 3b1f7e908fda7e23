# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares the pinned parts with a list of known weaknesses that somebody brought on a stick.

`make advisories LIST=FILE` reads OSV's format: a zip of JSON files, as OSV gives one for each
registry, a folder of them, or one file. It says how new the list is, and names each part of the
lock that it warns of. It asks no network. Of the works inside a part, such as OpenSSL, the list of
a registry knows nothing: `resources/parts` names them.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from sbom import LOCK, locked_hashes

REGISTRY = "PyPI"
_LONGEST = 2**22  # bytes of one entry
_MOST = 500_000  # entries


class ListError(Exception):
    """The list cannot be used; one sentence with its remedy."""


@dataclass(frozen=True, slots=True)
class Advisory:
    """A part, its version, and the entry that warns of it."""

    part: str
    version: str
    number: str
    summary: str


def entries(place: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the entries of a zip, a folder or a file. Raise ListError if they cannot be read."""
    try:
        texts: Iterable[bytes]
        if place.is_dir():
            texts = (path.read_bytes() for path in sorted(place.rglob("*.json")))
        elif zipfile.is_zipfile(place):
            texts = _zipped(place)
        else:
            texts = [place.read_bytes()]
        for number, text in enumerate(texts):
            if number >= _MOST or len(text) > _LONGEST:
                raise ListError("the list is larger than any that is known: fetch it again")
            entry = json.loads(text)
            if not isinstance(entry, dict) or not isinstance(entry.get("modified"), str):
                raise ListError("the list is not in OSV's format: fetch it again")
            yield entry
    except (OSError, ValueError, RecursionError, zipfile.BadZipFile, NotImplementedError) as error:
        raise ListError(
            f"the list cannot be read ({type(error).__name__}): copy it again"
        ) from error


def is_affected(affected: Mapping[str, Any], version: str) -> bool:
    """Return whether an `affected` object of OSV names a version, by its list or its ranges."""
    if version in affected.get("versions", ()):
        return True
    ranges = (each for each in affected.get("ranges", ()) if each.get("type") == "ECOSYSTEM")
    return any(_is_within(each.get("events", ()), Version(version)) for each in ranges)


def warnings_of(listed: Mapping[str, Any], parts: Mapping[str, set[str]]) -> Iterator[Advisory]:
    """Yield what one entry says of our parts; `parts` are their versions by name.

    Raise ListError if the entry is not in OSV's format.
    """
    try:
        for affected in () if listed.get("withdrawn") else listed.get("affected", ()):
            package = affected.get("package", {})
            name = canonicalize_name(str(package.get("name", "")))
            versions = parts.get(name, ()) if package.get("ecosystem") == REGISTRY else ()
            for version in sorted(versions):
                if is_affected(affected, version):
                    said = str(listed.get("summary") or listed.get("details", ""))
                    yield Advisory(name, version, str(listed.get("id")), said.partition("\n")[0])
    except (AttributeError, TypeError, KeyError) as error:
        raise ListError("the list is not in OSV's format: fetch it again") from error


def main() -> int:
    """Compare the lock with the named list; return 1 if a part is warned of, or without a list."""
    parts: dict[str, set[str]] = {}
    for name, version in locked_hashes(LOCK.read_text(encoding="utf-8")):
        parts.setdefault(canonicalize_name(name), set()).add(version)
    found: set[Advisory] = set()
    newest, count = "", 0
    try:
        if len(sys.argv) < 2:
            raise ListError("name a list, as in make advisories LIST=all.zip")
        for entry in entries(Path(sys.argv[1])):
            newest, count = max(newest, entry["modified"]), count + 1
            found.update(warnings_of(entry, parts))
        if not count:
            raise ListError("the list is empty: fetch it again")
    except ListError as error:
        print(f"advisories: {error}", file=sys.stderr)
        return 1
    for each in sorted(found, key=lambda each: (each.part, each.number)):
        print(f"{each.part} {each.version}: {each.number} {each.summary}")
    print(
        f"{len(parts)} parts, {count} entries, the newest of {newest[:10]}: {len(found)} warnings"
    )
    return 1 if found else 0


def _zipped(place: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(place) as packed:
        for member in packed.infolist():
            if member.filename.endswith(".json"):
                if member.file_size > _LONGEST:
                    raise ListError("the list is larger than any that is known: fetch it again")
                yield packed.read(member)


def _is_within(events: Iterable[Mapping[str, str]], version: Version) -> bool:
    """Return whether the events leave a version affected, as OSV's specification says.

    A version in them that nobody can read counts as a warning: a person must look.
    """
    try:
        steps = [(Version(at), kind) for event in events for kind, at in event.items()]
    except InvalidVersion:
        return True
    is_in = False
    for at, kind in sorted(steps, key=lambda step: (step[0], step[1] == "introduced")):
        if version >= at and kind in {"introduced", "fixed"}:
            is_in = kind == "introduced"
        elif version > at and kind == "last_affected":
            is_in = False
    return is_in


if __name__ == "__main__":
    sys.exit(main())
