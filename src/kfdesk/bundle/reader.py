# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads an exchange file from front to back, once, keeping one segment at a time.

The checks run in the order of FORMAT.md, "Reading". Nothing here writes: a caller reads once to
look, asks people, and reads again with the digest it saw (`Reading.expected`). Whether the bundle
comes in its turn, and what its segments mean, is the taker's to say.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from typing import BinaryIO

from kfdesk.bundle import age
from kfdesk.bundle.container import (
    MAGIC,
    SIGNED_PREFIX,
    Incoming,
    Reading,
    Segment,
    SegmentKind,
    Taker,
)
from kfdesk.bundle.keys import SIGNATURE_SIZE, age_key_of, is_signed
from kfdesk.bundle.manifest import MAX_MANIFEST, Entry, Manifest, digest_of, read_manifest
from kfdesk.bundle.segments import padded_length, unpack
from kfdesk.domain.errors import KfdeskError

FIRST_IGNORED = 128
_BLOCK = 65_536

_Steps = Generator[int, bytes, Manifest]


def read_bundle(source: BinaryIO, reading: Reading, taker: Taker) -> Incoming:
    """Check a whole file and hand its parts to `taker` on the way.

    `source` is a seekable file, read from its start. Raises KfdeskError with one of the codes
    `bundle.not_a_bundle`, `bundle.torn`, `bundle.too_large`, `bundle.not_for_us`,
    `bundle.unknown_sender`, `bundle.newer`; `data["why"]` names the exact check. What the taker
    raises comes through unchanged.
    """
    feed = _Feed(_steps(reading, taker))
    secrets = (reading.keys.age_secret, *reading.former_age_secrets)
    size = age.decrypt(source, feed, secrets)
    manifest = feed.result()
    return Incoming(manifest, digest_of(manifest.to_bytes()), size)


class _Feed:
    """A sink that hands a chain of steps exactly as many bytes as each step asks for."""

    def __init__(self, steps: _Steps) -> None:
        self._steps = steps
        self._wanted = next(steps)
        self._kept = bytearray()
        self._result: Manifest | None = None

    def write(self, data: bytes, /) -> int:
        self._kept += data
        while self._result is None and len(self._kept) >= self._wanted:
            part = bytes(self._kept[: self._wanted])
            del self._kept[: self._wanted]
            self._step(part)
        if self._result is not None and self._kept:
            raise KfdeskError("bundle.torn", why="trailing")
        return len(data)

    def _step(self, part: bytes) -> None:
        try:
            self._wanted = self._steps.send(part)
        except StopIteration as stop:
            self._result = stop.value

    def result(self) -> Manifest:
        if self._result is None:
            raise KfdeskError("bundle.torn", why="short")
        return self._result


def _steps(reading: Reading, taker: Taker) -> _Steps:
    """The plaintext from front to back. Each `yield n` receives the next n bytes."""
    length = _manifest_length((yield len(MAGIC) + 4))
    encoded = yield length
    signature = yield SIGNATURE_SIZE
    manifest = read_manifest(encoded)
    digest = digest_of(encoded)
    _check_sender(manifest, encoded, signature, reading)
    _check_recipient(manifest, reading)
    _check_terms(manifest, digest, reading)
    taker.open(manifest, digest)
    for entry in manifest.segments:
        packed = yield entry.packed
        _take(entry, packed, taker)
    yield from _padding(manifest, len(MAGIC) + 4 + length + SIGNATURE_SIZE)
    return manifest


def _manifest_length(start: bytes) -> int:
    if not start.startswith(MAGIC):
        raise _not_our_magic(start)
    length = int.from_bytes(start[len(MAGIC) :], "big")
    if length > MAX_MANIFEST:
        raise KfdeskError("bundle.too_large", why="manifest_length")
    return length


def _not_our_magic(start: bytes) -> KfdeskError:
    """A later version keeps the magic's form and raises its digit."""
    digit = start[6:7]
    if start.startswith(MAGIC[:6]) and start[7:8] == b"\n" and b"2" <= digit <= b"9":
        return KfdeskError("bundle.newer", why="magic")
    return KfdeskError("bundle.torn", why="magic")


def _check_sender(manifest: Manifest, encoded: bytes, signature: bytes, reading: Reading) -> None:
    if manifest.sender not in reading.known:
        raise KfdeskError("bundle.unknown_sender", why="sender")
    if not is_signed(manifest.sender, SIGNED_PREFIX + encoded, signature):
        raise KfdeskError("bundle.torn", why="signature")


def _check_recipient(manifest: Manifest, reading: Reading) -> None:
    """Only a bundle made for us counts: whoever may read one could encrypt it anew to us."""
    if manifest.recipient not in (reading.keys.sign_key, *reading.former_sign_keys):
        raise KfdeskError("bundle.not_for_us", why="recipient")
    ours = {age_key_of(secret) for secret in reading.former_age_secrets}
    if not {reading.keys.age_key, *ours} & set(manifest.age_keys):
        raise KfdeskError("bundle.not_for_us", why="age_key")


def _check_terms(manifest: Manifest, digest: bytes, reading: Reading) -> None:
    if manifest.min_reader > reading.schema:
        raise KfdeskError("bundle.newer", why="min_reader")
    if not all(_is_known(entry.kind) for entry in manifest.segments):
        raise KfdeskError("bundle.newer", why="segment_kind")
    if reading.expected is not None and digest != reading.expected:
        raise KfdeskError("bundle.torn", why="changed")


def _is_known(kind: int) -> bool:
    return kind >= FIRST_IGNORED or kind in set(SegmentKind)


def _take(entry: Entry, packed: bytes, taker: Taker) -> None:
    if hashlib.sha256(packed).digest() != entry.sha256:
        raise KfdeskError("bundle.torn", why="segment_hash")
    if entry.kind < FIRST_IGNORED:
        taker.take(Segment(SegmentKind(entry.kind), unpack(packed, entry.raw)))


def _padding(manifest: Manifest, before: int) -> Generator[int, bytes, None]:
    length = before + sum(entry.packed for entry in manifest.segments)
    left = padded_length(length) - length
    while left:
        zeros = yield min(left, _BLOCK)
        if zeros.count(0) != len(zeros):
            raise KfdeskError("bundle.torn", why="padding")
        left -= len(zeros)
