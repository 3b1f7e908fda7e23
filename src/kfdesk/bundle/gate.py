# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate: looks at a file's age header before the age library may.

The library takes minutes over a hostile header of some kilobytes and opens a few malformed
stanzas (FORMAT.md, "The age file"). So this module reads at most 4096 bytes and lets through
one form only: exactly so many X25519 stanzas, at most one grease stanza, the MAC line. It
decrypts nothing and proves nothing; it only makes sure that what follows is cheap.
"""

from __future__ import annotations

import base64
import binascii
import os
from typing import BinaryIO

from kfdesk.domain.errors import KfdeskError

MAX_HEADER = 4_096
MAX_FILE = 512 * 1024 * 1024
STANZAS = 8
_VERSION = b"age-encryption.org/v1\n"
_X25519 = b"-> X25519 "
_COLUMNS = 64


def check_header(stream: BinaryIO, *, stanzas: int = STANZAS) -> None:
    """Let the file pass, its position back at the start, or refuse it.

    `stream` is seekable; `stanzas` is the exact number of X25519 stanzas. Raises KfdeskError
    `bundle.not_a_bundle` for any other form, `bundle.torn` for a file that ends inside its
    header and `bundle.too_large` above 512 MiB.
    """
    read_header(stream, stanzas=stanzas)
    stream.seek(0)


def read_header(stream: BinaryIO, *, stanzas: int = STANZAS) -> bytes:
    """Return the checked header, MAC line included; the position is behind it.

    Raises as `check_header` does, and KfdeskError `bundle.torn` where reading fails.
    """
    try:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        start = stream.read(MAX_HEADER)
        header = _header_of(start, stanzas)
        stream.seek(len(header))
    except OSError:
        raise KfdeskError("bundle.torn", why="read") from None
    if size > MAX_FILE:
        raise KfdeskError("bundle.too_large", why="file")
    return header


def _header_of(start: bytes, stanzas: int) -> bytes:
    if not start.startswith(_VERSION[: len(start)]):
        raise _refused("header_version")
    lines = _Lines(start)
    lines.next()
    for _ in range(stanzas):
        _check_stanza(lines)
    line = lines.next()
    if line.startswith(b"-> "):
        _check_grease(line, lines)
        line = lines.next()
    if not line.startswith(b"--- ") or not _is_key(line[4:]):
        raise _refused("header_mac_line")
    return start[: lines.position]


def _check_stanza(lines: _Lines) -> None:
    share = lines.next()
    if not share.startswith(_X25519) or not _is_key(share[len(_X25519) :]):
        raise _refused("header_stanza")
    if not _is_key(lines.next()):
        raise _refused("header_stanza")


def _check_grease(first: bytes, lines: _Lines) -> None:
    """One stanza of type `…-grease`, with any arguments and any body of proper form."""
    words = first[3:].split(b" ")
    if not words[0].endswith(b"-grease") or not all(_is_word(word) for word in words):
        raise _refused("header_grease")
    line = lines.next()
    while len(line) == _COLUMNS and _is_base64(line):
        line = lines.next()
    if len(line) >= _COLUMNS or not _is_base64(line):
        raise _refused("header_grease")


class _Lines:
    """The lines of a header, each ended by one LF. A file that ends before them was cut."""

    def __init__(self, start: bytes) -> None:
        self._start = start
        self.position = 0

    def next(self) -> bytes:
        end = self._start.find(b"\n", self.position)
        if end < 0 and len(self._start) < MAX_HEADER:
            raise KfdeskError("bundle.torn", why="header_cut")
        if end < 0:
            raise _refused("header_length")
        line = self._start[self.position : end]
        self.position = end + 1
        return line


def _is_word(word: bytes) -> bool:
    return bool(word) and all(0x21 <= byte <= 0x7E for byte in word)


def _is_key(text: bytes) -> bool:
    """Whether `text` is 32 bytes in unpadded base64, in the one canonical spelling."""
    return len(text) == 43 and _is_base64(text)


def _is_base64(text: bytes) -> bool:
    padded = text + b"=" * (-len(text) % 4)
    try:
        value = base64.b64decode(padded, validate=True)
    except binascii.Error:
        return False
    return base64.b64encode(value).rstrip(b"=") == text


def _refused(why: str) -> KfdeskError:
    return KfdeskError("bundle.not_a_bundle", why=why)
