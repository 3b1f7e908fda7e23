# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock is that of the project: every part asked for is in it, fits, and has its hashes."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tests.architecture.tree import ROOT

PINNED = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[\w.!+]+)(?: ; (?P<marker>[^\\]+))? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
COMMENT = re.compile(r"^ *#")
ADDRESS = re.compile(r"://|--(?:extra-)?index-url|--find-links")


def asked_for(root: Path) -> list[Requirement]:
    """Return the packages that the project itself names, for running and for testing."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    named = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    return [Requirement(text) for text in named]


def locked_versions(root: Path) -> dict[str, list[str]]:
    """Return the locked versions by name; a name can have one for each system."""
    versions: dict[str, list[str]] = {}
    for line in (root / "requirements.lock").read_text(encoding="utf-8").splitlines():
        pinned = PINNED.match(line)
        if pinned:
            versions.setdefault(canonicalize_name(pinned["name"]), []).append(pinned["version"])
    return versions


def unlocked_parts(root: Path) -> list[str]:
    """Parts that are asked for and not in the lock, or in another version than asked for."""
    versions = locked_versions(root)
    found = []
    for part in asked_for(root):
        locked = versions.get(canonicalize_name(part.name), [])
        if not locked or not all(part.specifier.contains(version) for version in locked):
            found.append(f"{part}: {', '.join(locked) or 'not locked'}")
    return found


def loose_lines(root: Path) -> list[str]:
    """Lines of the lock that are no pin and no hash, and pins that no hash follows."""
    found = []
    lines = (root / "requirements.lock").read_text(encoding="utf-8").splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if PINNED.match(line) and not HASH.match(following):
            found.append(line)
        if not (PINNED.match(line) or HASH.match(line) or COMMENT.match(line)):
            found.append(line)
        if ADDRESS.search(line):
            found.append(line)
    return found


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_part_asked_for_is_locked() -> None:
    assert unlocked_parts(ROOT) == []


def test_everything_locked_has_its_hashes() -> None:
    assert loose_lines(ROOT) == []


def test_new_part_without_a_new_lock_is_seen(copy: Path) -> None:
    change(copy / "pyproject.toml", '"msgspec', '"somepart>=1",\n    "msgspec')
    assert unlocked_parts(copy) == ["somepart>=1: not locked"]


def test_other_version_without_a_new_lock_is_seen(copy: Path) -> None:
    change(copy / "pyproject.toml", '"msgspec>=', '"msgspec>=1')
    assert [fault.split(":")[0].startswith("msgspec") for fault in unlocked_parts(copy)] == [True]


def test_pin_without_hash_and_address_of_an_index_are_seen(copy: Path) -> None:
    with (copy / "requirements.lock").open("a", encoding="utf-8") as stream:
        stream.write("--index-url https://index.invalid/\nsomepart==1.0\n")
    assert loose_lines(copy) == [
        "--index-url https://index.invalid/",
        "--index-url https://index.invalid/",
        "somepart==1.0",
    ]
