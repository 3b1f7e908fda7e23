# SPDX-License-Identifier: GPL-3.0-or-later
"""The bundle reader: read a file once from front to back, one segment in memory at a time.

The checks run in the order of FORMAT.md, "Reading". This module writes nothing. A
caller reads once for the preview, asks the user, and reads again with the digest of the
first reading (`ReaderContext.expected`). The handler decides whether the bundle is next
in its sequence and what its segments mean.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from typing import BinaryIO

from kfdesk.bundle import age
from kfdesk.bundle.card import SIGNATURE_SIZE, age_key_of, is_signed
from kfdesk.bundle.container import (
    BUNDLE_MAGIC,
    MAX_MANIFEST,
    SIGNED_PREFIX,
    BundleReceiver,
    IncomingBundle,
    Manifest,
    ReaderContext,
    Segment,
    SegmentEntry,
    SegmentKind,
    manifest_digest,
    padded_length,
    read_manifest,
    unpack_segment,
)
from kfdesk.domain.errors import KfdeskError

FIRST_OPTIONAL_KIND = 128
"""From this kind on, a reader that does not know a segment ignores what it holds."""
_KINDS = frozenset(SegmentKind)
_BLOCK = 65_536

_Steps = Generator[int, bytes, Manifest]


def read_bundle(source: BinaryIO, reading: ReaderContext, taker: BundleReceiver) -> IncomingBundle:
    """Check a whole file and pass its segments to `taker` on the way.

    `source` is a seekable file that is read from its start. Raise KfdeskError
    `bundle.not_a_bundle`, `bundle.torn`, `bundle.too_large`, `bundle.not_for_us`,
    `bundle.unknown_sender` or `bundle.newer`; `data["why"]` names the exact check.
    Exceptions of the handler pass unchanged.
    """
    feed = _StepFeeder(_read_steps(reading, taker))
    secrets = (reading.keys.age_secret, *reading.former_age_secrets)
    size = age.decrypt(source, feed, secrets)
    manifest = feed.result()
    return IncomingBundle(manifest, manifest_digest(manifest.to_bytes()), size)


class _StepFeeder:
    """A sink that gives each step of a generator exactly as many bytes as it asks for."""

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


def _read_steps(reading: ReaderContext, taker: BundleReceiver) -> _Steps:
    """Read the plaintext from front to back. Each `yield n` receives the next n bytes."""
    length = _manifest_length((yield len(BUNDLE_MAGIC) + 4))
    encoded = yield length
    signature = yield SIGNATURE_SIZE
    manifest = read_manifest(encoded)
    digest = manifest_digest(encoded)
    _check_sender(manifest, encoded, signature, reading)
    _check_recipient(manifest, reading)
    _check_version(manifest, digest, reading)
    taker.open(manifest, digest)
    for entry in manifest.segments:
        packed = yield entry.packed
        _hand_over_segment(entry, packed, taker)
    yield from _check_padding(manifest, len(BUNDLE_MAGIC) + 4 + length + SIGNATURE_SIZE)
    return manifest


def _manifest_length(start: bytes) -> int:
    if not start.startswith(BUNDLE_MAGIC):
        raise _magic_error(start)
    length = int.from_bytes(start[len(BUNDLE_MAGIC) :], "big")
    if length > MAX_MANIFEST:
        raise KfdeskError("bundle.too_large", why="manifest_length")
    return length


def _magic_error(start: bytes) -> KfdeskError:
    """Return the error for a wrong magic: a later version has the same form and a higher digit."""
    digit = start[6:7]
    if start.startswith(BUNDLE_MAGIC[:6]) and start[7:8] == b"\n" and b"2" <= digit <= b"9":
        return KfdeskError("bundle.newer", why="magic")
    return KfdeskError("bundle.torn", why="magic")


def _check_sender(
    manifest: Manifest, encoded: bytes, signature: bytes, reading: ReaderContext
) -> None:
    if manifest.sender not in reading.known:
        raise KfdeskError("bundle.unknown_sender", why="sender")
    if not is_signed(manifest.sender, SIGNED_PREFIX + encoded, signature):
        raise KfdeskError("bundle.torn", why="signature")


def _check_recipient(manifest: Manifest, reading: ReaderContext) -> None:
    """Check that the bundle was made for us.

    Otherwise any recipient of a bundle could encrypt it again for us.
    """
    if manifest.recipient not in (reading.keys.sign_key, *reading.former_sign_keys):
        raise KfdeskError("bundle.not_for_us", why="recipient")
    ours = {age_key_of(secret) for secret in reading.former_age_secrets}
    if not {reading.keys.age_key, *ours} & set(manifest.age_keys):
        raise KfdeskError("bundle.not_for_us", why="age_key")


def _check_version(manifest: Manifest, digest: bytes, reading: ReaderContext) -> None:
    if manifest.min_reader > reading.schema:
        raise KfdeskError("bundle.newer", why="min_reader")
    if not all(_is_known(entry.kind) for entry in manifest.segments):
        raise KfdeskError("bundle.newer", why="segment_kind")
    if reading.expected is not None and digest != reading.expected:
        raise KfdeskError("bundle.torn", why="changed")


def _is_known(kind: int) -> bool:
    return kind >= FIRST_OPTIONAL_KIND or kind in _KINDS


def _hand_over_segment(entry: SegmentEntry, packed: bytes, taker: BundleReceiver) -> None:
    if hashlib.sha256(packed).digest() != entry.sha256:
        raise KfdeskError("bundle.torn", why="segment_hash")
    if entry.kind in _KINDS:
        taker.take(Segment(SegmentKind(entry.kind), unpack_segment(packed, entry.raw)))


def _check_padding(manifest: Manifest, before: int) -> Generator[int, bytes, None]:
    length = before + sum(entry.packed for entry in manifest.segments)
    left = padded_length(length) - length
    while left:
        zeros = yield min(left, _BLOCK)
        if zeros.count(0) != len(zeros):
            raise KfdeskError("bundle.torn", why="padding")
        left -= len(zeros)
