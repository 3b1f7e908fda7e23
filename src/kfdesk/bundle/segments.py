# SPDX-License-Identifier: GPL-3.0-or-later
"""Packing: one segment as one gzip member, kept sealed until its turn; and the padding.

A gzip member here has one fixed header without name, time or system, so that a file says nothing
about the computer that made it. Unpacking never makes more bytes than the manifest promised.
What stands in a segment, and whether its hash is right, is decided elsewhere.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import TracebackType

from nacl.secret import SecretBox

from kfdesk.domain.errors import KfdeskError

MIN_LENGTH = 32_768
SPOOL_MEMORY = 2 * 1024 * 1024
_GZIP_HEADER = bytes.fromhex("1f8b08000000000000ff")
_RAW_DEFLATE = -15
_GZIP = 31
_LEVEL = 6
_MEMORY = 9  # with 8, incompressible content would grow by more than a packed segment may


def pack(raw: bytes) -> bytes:
    """Return `raw` as one gzip member; the same bytes on every computer with this zlib."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW_DEFLATE, _MEMORY)
    body = deflate.compress(raw) + deflate.flush()
    check = zlib.crc32(raw).to_bytes(4, "little") + len(raw).to_bytes(4, "little")
    return _GZIP_HEADER + body + check


def unpack(packed: bytes, size: int) -> bytes:
    """Return the `size` raw bytes of one gzip member, the whole of `packed`.

    Raises KfdeskError `bundle.torn` if it is anything else; never makes more than `size` + 1.
    """
    if not packed.startswith(_GZIP_HEADER):
        raise KfdeskError("bundle.torn", why="segment_gzip")
    inflate = zlib.decompressobj(wbits=_GZIP)
    try:
        raw = inflate.decompress(packed, size + 1)
    except zlib.error:
        raise KfdeskError("bundle.torn", why="segment_gzip") from None
    if len(raw) != size or not inflate.eof or inflate.unused_data:
        raise KfdeskError("bundle.torn", why="segment_length")
    return raw


def padded_length(length: int) -> int:
    """Return PADMÉ of `length`, at least 32,768: the length of the plaintext with its zeros.

    PADMÉ keeps only the top bits of a length (Nikitin et al., "Reducing Metadata Leakage from
    Encrypted Files and Communication with PURBs", 2019), so the zeros are at most 6.25 %.
    """
    length = max(length, MIN_LENGTH)
    exponent = length.bit_length() - 1
    mask = (1 << exponent - exponent.bit_length()) - 1
    return (length + mask) & ~mask


class Spool:
    """Keeps packed segments until the manifest that names them can be written.

    Up to `memory` bytes stay in memory, more goes to a nameless file in `folder`: sealed under
    a key that only this object holds, so that what a power cut leaves there cannot be read.
    """

    def __init__(self, folder: Path, memory: int = SPOOL_MEMORY) -> None:
        self._box = SecretBox(secrets.token_bytes(SecretBox.KEY_SIZE))
        self._file = SpooledTemporaryFile(max_size=memory, dir=str(folder))  # noqa: SIM115
        self._sizes: list[int] = []

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, _kind: object, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        for size in self._sizes:
            yield self._box.decrypt(self._file.read(size))

    def add(self, packed: bytes) -> None:
        """Keep one more segment. Raises OSError if the folder is full."""
        sealed = self._box.encrypt(packed)
        self._file.write(sealed)
        self._sizes.append(len(sealed))
