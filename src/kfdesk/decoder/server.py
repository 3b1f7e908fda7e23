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
    _send(FrameKind.LIMITS, asdict(confine(LIMITS[task])))
    request = _read_all()
    try:
        for value in decode(request):
            _send(FrameKind.VALUE, value)
    except KfdeskError as refusal:
        _send(FrameKind.REFUSAL, (refusal.code, refusal.data))
    _send(FrameKind.END, None)
    return 0


def _read_all() -> bytes:
    pieces = []
    while piece := os.read(_STDIN, _PIECE):
        pieces.append(piece)
    return b"".join(pieces)


def _send(kind: FrameKind, value: object) -> None:
    frame = kind.encode() + msgspec.msgpack.encode(value)
    left = memoryview(len(frame).to_bytes(LENGTH_BYTES, "big") + frame)
    while left:
        left = left[os.write(_STDOUT, left) :]
