# SPDX-License-Identifier: GPL-3.0-or-later
"""The child's half: limit this process, read the request, decode, and answer.

`__main__.py` gives it the decoders of one task, so that a child imports only what its task
needs. Everything is loaded and the limits hold before a byte of a document is read. An exception
that is not a refusal ends the child without a word.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict

import msgspec

from kfdesk.decoder.protocol import LENGTH_BYTES, LIMITS, DecoderTask, FrameKind
from kfdesk.domain.errors import KfdeskError
from kfdesk.system.child_process import confine

_STDIN, _STDOUT = 0, 1
_PIECE = 1024 * 1024

Decode = Callable[[bytes], Iterator[object]]
"""Decodes a request and yields the values of the answer. Raises KfdeskError for a refusal."""


def serve(task: DecoderTask, decode: Decode) -> int:
    """Answer one request on the standard streams and return the exit code."""
    _write(encode_frame(FrameKind.LIMITS, asdict(confine(LIMITS[task]))))
    for frame in answer(decode, _read_all()):
        _write(frame)
    return 0


def answer(decode: Decode, request: bytes) -> Iterator[bytes]:
    """Yield the frames of an answer after the first, which says what limits hold."""
    try:
        for value in decode(request):
            yield encode_frame(FrameKind.VALUE, value)
    except KfdeskError as refusal:
        yield encode_frame(FrameKind.REFUSAL, (refusal.code, refusal.data))
    yield encode_frame(FrameKind.END, None)


def encode_frame(kind: FrameKind, value: object) -> bytes:
    """Return a frame with its length."""
    frame = kind.encode() + msgspec.msgpack.encode(value)
    return len(frame).to_bytes(LENGTH_BYTES, "big") + frame


def _read_all() -> bytes:
    pieces = []
    while piece := os.read(_STDIN, _PIECE):
        pieces.append(piece)
    return b"".join(pieces)


def _write(frame: bytes) -> None:
    left = memoryview(frame)
    while left:
        left = left[os.write(_STDOUT, left) :]
