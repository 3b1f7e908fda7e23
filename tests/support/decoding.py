# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents of others, decoded in the process of the test: a child takes a third of a second.

The answer goes through the same frames and is doubted as that of a child. Tests of the child
itself start it, and so does every test of `make verify`, which sets `ALL_EXAMPLES=1`.
"""

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict

import pytest

from kfdesk.__main__ import _decoder
from kfdesk.decoder import client
from kfdesk.decoder.protocol import DecoderTask, FrameKind
from kfdesk.decoder.server import answer, encode_frame
from kfdesk.system.child_process import CheckCancelled, ChildLimits, Confinement

APART = {"test_flat_lists.py", "test_foreign_documents.py", "test_gui_foreign_files.py"}
"""The files whose tests are about the child, or about what the program itself holds."""


@contextmanager
def answered_here(
    command: Sequence[str], request: bytes, _limits: ChildLimits, check: CheckCancelled
) -> Iterator[Iterator[bytes]]:
    """Yield the pieces of an answer, as `started_child` does."""
    check()
    yield iter(_answer(DecoderTask(command[-1]), request))
    check()


@pytest.fixture(autouse=True)
def _decoded_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start no child for documents of others, but where the child is what counts."""
    if request.path.name not in APART and not os.environ.get("ALL_EXAMPLES"):
        monkeypatch.setattr(client, "started_child", answered_here)


def _answer(task: DecoderTask, request: bytes) -> list[bytes]:
    """Return the frames; a decoder that breaks off leaves an answer that does not end."""
    frames = [encode_frame(FrameKind.LIMITS, asdict(Confinement()))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            frames += answer(_decoder(task), request)
        except Exception:
            return frames
    return frames
