# SPDX-License-Identifier: GPL-3.0-or-later
"""Update files: check the signature, read the manifest, unpack into a folder and read it back.

A file may lie on a stick that is pulled out, full of holes, or gives other bytes at the second
reading. So the manifest is taken from the very bytes that the signature covers, and each file must
have the size and the hash that the manifest names. Knows nothing of where a program is installed.
"""

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.updates import (
    MAX_FILE,
    MAX_MANIFEST,
    SIGNATURE_SUFFIX,
    UPDATE_SUFFIX,
    PackedFile,
    UpdateManifest,
    read_manifest,
)
from kfdesk.files import drop_cache, flush, flush_folder
from kfdesk.system.signatures import (
    MAX_SIGNATURE,
    CountBytes,
    ReleaseKeys,
    check_signature,
    file_hash,
    find_key,
    read_signature,
)

MAGIC = b"KFUPD1\r\n"
_LENGTH = 4  # bytes, unsigned, the highest first
_PIECE = 2**18
_FOLDER_MODE, _RUN_MODE, _FILE_MODE = 0o755, 0o755, 0o644
_NO_ROOM = {ENOSPC, EDQUOT}


@dataclass(frozen=True, slots=True)
class SignedUpdate:
    """An update file whose signature holds: where it lies, where its content begins, and what is
    in it. `manifest` is None for another signed file of a release, such as a Debian package.
    """

    path: Path
    content: int = 0
    manifest: UpdateManifest | None = None


def open_update(path: Path, keys: ReleaseKeys, count: CountBytes) -> SignedUpdate:
    """Check the signature of a file of a release, and read its manifest if it is an update file.

    `count` gets the bytes of each piece and may raise to stop. Raise KfdeskError
    `update.unreadable`, `update.unsigned`, `update.no_keys`, `update.other_key`,
    `update.revoked_key`, `update.torn` or `update.not_an_update`.
    """
    beside = path.with_name(f"{path.name}{SIGNATURE_SUFFIX}")
    is_update = path.suffix == UPDATE_SUFFIX
    with _opened(path) as file:  # first: a stick that is gone lacks more than a signature
        with _opened(beside, "update.unsigned") as own:
            signature = read_signature(own.read(MAX_SIGNATURE))
        key = find_key(keys, signature)
        kept = _Head(file, len(MAGIC) + _LENGTH + MAX_MANIFEST if is_update else 0)
        digest = file_hash(kept.read, count)
    check_signature(key, digest, signature)
    if not is_update:
        return SignedUpdate(path)
    head, begin = bytes(kept.kept), len(MAGIC) + _LENGTH
    end = begin + int.from_bytes(head[len(MAGIC) : begin], "big")
    if not head.startswith(MAGIC) or not begin < end <= len(head):
        raise KfdeskError("update.not_an_update")
    return SignedUpdate(path, end, read_manifest(head[begin:end]))


def unpack(update: SignedUpdate, into: Path, count: CountBytes) -> None:
    """Write every file of an update into the new folder `into`, flushed; make its links.

    Raise KfdeskError `update.unreadable`, `update.torn`, `update.no_room` or `update.not_written`,
    or what `count` raises; the caller removes the folder.
    """
    assert update.manifest is not None
    with _opened(update.path) as file, writing():
        into.mkdir()
        file.seek(update.content)
        content = gzip.GzipFile(fileobj=file, mode="rb")
        for packed in update.manifest.files:
            _write_file(packed, content, into, count)
        if _read(content, 1):
            raise KfdeskError("update.torn")
        for path, target in update.manifest.links.items():
            link = into / path
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(os.path.relpath(into / target, link.parent))
        into.chmod(_FOLDER_MODE)
        for folder in (*(path for path in into.rglob("*") if _is_folder(path)), into):
            folder.chmod(_FOLDER_MODE)
            flush_folder(folder)


def read_back(manifest: UpdateManifest, folder: Path, count: CountBytes) -> None:
    """Compare every file in `folder` with the manifest. Raise KfdeskError `update.not_written`."""
    for packed in manifest.files:
        try:
            with (folder / packed.path).open("rb") as file:
                digest = sha256()
                while piece := file.read(_PIECE):
                    digest.update(piece)
                    count(len(piece))
        except OSError:
            raise KfdeskError("update.not_written") from None
        if digest.hexdigest() != packed.digest:
            raise KfdeskError("update.not_written")


@contextmanager
def writing() -> Iterator[None]:
    """Turn an error of the disk into KfdeskError `update.no_room` or `update.not_written`."""
    try:
        yield
    except OSError as error:
        code = "update.no_room" if error.errno in _NO_ROOM else "update.not_written"
        raise KfdeskError(code) from None


class _Head:
    """A file that is read once, of which the first `size` bytes are kept."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file, self._left, self.kept = file, size, bytearray()

    def read(self, size: int) -> bytes:
        """Read on. Raise KfdeskError `update.unreadable`."""
        try:
            piece = self._file.read(size)
        except OSError:
            raise KfdeskError("update.unreadable") from None
        self.kept += piece[: self._left]
        self._left -= min(self._left, len(piece))
        return piece


@contextmanager
def _opened(path: Path, fault: str = "update.unreadable") -> Iterator[BinaryIO]:
    """Open a regular file of at most 1 GiB, without waiting for anything.

    Raise KfdeskError `fault` if that cannot be.
    """
    try:
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        file = os.fdopen(os.open(path, flags), "rb")
    except (OSError, ValueError):
        raise KfdeskError(fault) from None
    with file:
        told = os.fstat(file.fileno())
        if not stat.S_ISREG(told.st_mode) or told.st_size > MAX_FILE:
            raise KfdeskError(fault)
        yield file


def _write_file(packed: PackedFile, content: gzip.GzipFile, into: Path, count: CountBytes) -> None:
    """Write one file, flush it, and drop it from the system's cache, so that it is read back."""
    path = into / packed.path
    path.parent.mkdir(parents=True, exist_ok=True)
    digest, left = sha256(), packed.size
    with path.open("xb") as file:
        while left:
            piece = _read(content, min(left, _PIECE))
            if not piece:
                raise KfdeskError("update.torn")
            digest.update(piece)
            file.write(piece)
            left -= len(piece)
            count(len(piece))
        flush(file)
        drop_cache(file)
    if digest.hexdigest() != packed.digest:
        raise KfdeskError("update.torn")
    path.chmod(_RUN_MODE if packed.is_run else _FILE_MODE)


def _read(content: gzip.GzipFile, size: int) -> bytes:
    """Read from the packed content. Raise KfdeskError `update.torn` or `update.unreadable`."""
    try:
        return content.read(size)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise KfdeskError("update.torn") from None
    except OSError:
        raise KfdeskError("update.unreadable") from None


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
