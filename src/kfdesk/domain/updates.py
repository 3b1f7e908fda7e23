# SPDX-License-Identifier: GPL-3.0-or-later
"""Updates as values: what the manifest of an update file says, and which version is newer.

The manifest comes from a stick. Its signature was checked before, but a signer can err, too, so
every path, number and text is checked and bounded here. Knows no file, no key and no folder.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path, PurePosixPath
from typing import Any

from kfdesk.domain.errors import KfdeskError

UPDATE_SUFFIX, SIGNATURE_SUFFIX = ".kfupdate", ".minisig"
PROGRAM = "notebook"
"""The file in a version's folder that starts the program."""
BEFORE = "before.txt"
"""The file in a version's folder that names the version before it. No update may bring it."""
MAX_STEP = 100
"""A version whose first other number is higher by more than this is a slip of the signer."""

MAX_FILE, MAX_MANIFEST = 2**30, 4 * 2**20  # bytes
MAX_FILES, MAX_CONTENT, MAX_PATH, MAX_DEPTH = 20_000, 2 * 2**30, 240, 16
_FORMAT = 1
_MEMBERS = {"format", "version", "build", "system", "files", "links"}
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}")
_BUILD = re.compile(r"[0-9a-f]{4,40}")
_SYSTEM = re.compile(r"[a-z0-9]{1,12}-[a-z0-9_]{1,20}")
_PART = re.compile(r"[A-Za-z0-9_.@+=~,()' -]{1,120}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(rf"{_VERSION.pattern}-{_BUILD.pattern}")


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file of a version: its path from the version's folder, bytes, SHA-256, whether it runs."""

    path: str
    size: int
    digest: str
    is_run: bool = False


@dataclass(frozen=True, slots=True)
class UpdateManifest:
    """The content of an update: version, build, system, files, and links between them.

    `links` gives for the path of each link the path of the file that it stands for.
    """

    version: str
    build: str
    system: str
    files: tuple[PackedFile, ...]
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the version's folder: `0.3.0-a2a35364ab`."""
        return f"{self.version}-{self.build}"

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class ProgramUpdate:
    """An update that was installed: its version, the one before, and the backup made first."""

    version: str
    before: str
    backup: Path | None = None


def is_newer(version: str, than: str) -> bool:
    """Return whether a version is newer, number by number: 0.10 is newer than 0.9.1."""
    return _numbers(version) > _numbers(than)


def is_far_ahead(version: str, than: str) -> bool:
    """Return whether a version is newer by so much that no later release could be newer still."""
    pairs = zip_longest(_numbers(version), _numbers(than), fillvalue=0)
    step = next((new - old for new, old in pairs if new != old), 0)
    return step > MAX_STEP


def is_version_name(name: str) -> bool:
    """Return whether this can be the name of a version's folder."""
    return _NAME.fullmatch(name) is not None


def write_manifest(manifest: UpdateManifest) -> bytes:
    """Return the manifest as it stands in an update file. Raise KfdeskError as `read_manifest`."""
    files = [[file.path, file.size, file.digest, int(file.is_run)] for file in manifest.files]
    told = {
        "format": _FORMAT, "version": manifest.version, "build": manifest.build,
        "system": manifest.system, "files": files, "links": sorted(manifest.links.items()),
    }  # fmt: skip
    data = json.dumps(told, separators=(",", ":")).encode()
    read_manifest(data)
    return data


def read_manifest(data: bytes) -> UpdateManifest:
    """Return the manifest in `data`. Raise KfdeskError `update.not_an_update` if any of it is odd.

    No path leaves the folder, names one thing twice in any spelling, or lies below a file. A link
    stands for a listed file.
    """
    try:
        manifest = _manifest(json.loads(data.decode("ascii")))
        paths = [file.path for file in manifest.files]
        _require(manifest.size <= MAX_CONTENT)
        _check_paths([*paths, *manifest.links])
        _require(BEFORE not in map(_first_folded, (*paths, *manifest.links)))
        _require(set(manifest.links.values()) <= set(paths))
        _require(any(file.path == PROGRAM and file.is_run for file in manifest.files))
    except (ValueError, TypeError, RecursionError):
        raise KfdeskError("update.not_an_update") from None
    return manifest


def _manifest(told: Any) -> UpdateManifest:
    """Return what was read from JSON. Raise ValueError or TypeError for another form."""
    _require(isinstance(told, dict) and told.keys() == _MEMBERS)
    _require(type(told["format"]) is int and told["format"] == _FORMAT)
    files, links = told["files"], told["links"]
    _require(isinstance(files, list) and isinstance(links, list))
    _require(len(files) + len(links) <= MAX_FILES)
    named = {_text(path): _text(target) for path, target in links}
    _require(len(named) == len(links))
    return UpdateManifest(
        _text(told["version"], _VERSION),
        _text(told["build"], _BUILD),
        _text(told["system"], _SYSTEM),
        tuple(_packed_file(*each) for each in files),
        named,
    )


def _packed_file(path: Any, size: Any, digest: Any, is_run: Any) -> PackedFile:
    _require(type(size) is int and 0 <= size <= MAX_CONTENT)
    _require(type(is_run) is int and is_run in (0, 1))
    return PackedFile(_text(path), size, _text(digest, _DIGEST), is_run == 1)


def _text(told: Any, form: re.Pattern[str] | None = None) -> str:
    _require(isinstance(told, str) and (form is None or form.fullmatch(told) is not None))
    return str(told)


def _check_paths(paths: Iterable[str]) -> None:
    """Raise ValueError for a path that leaves the folder, or that another one is or lies below."""
    taken: set[str] = set()
    folders: set[str] = set()
    for path in paths:
        parts = path.split("/")
        _require(len(path) <= MAX_PATH and len(parts) <= MAX_DEPTH)
        _require(all(map(_is_part, parts)))
        folded = path.lower()
        _require(folded not in taken and folded not in folders)
        above = {str(each) for each in PurePosixPath(folded).parents[:-1]}
        _require(not above & taken)
        taken.add(folded)
        folders |= above


def _first_folded(path: str) -> str:
    return path.split("/")[0].lower()


def _is_part(part: str) -> bool:
    """Return whether this names a file or folder on any system; a dot or blank ends no name."""
    return _PART.fullmatch(part) is not None and part[-1] not in ". " and part[0] not in " ~"


def _numbers(version: str) -> tuple[int, ...]:
    numbers = [int(each) for each in version.split(".")]
    while numbers[-1:] == [0]:
        numbers.pop()
    return tuple(numbers)


def _require(is_so: bool) -> None:
    if not is_so:
        raise ValueError
