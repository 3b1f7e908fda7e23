# SPDX-License-Identifier: GPL-3.0-or-later
"""Attachments in the child process: sanitize one, or render a page of it.

Imported in the child alone. Knows no store, no record and no list.
"""

from collections.abc import Iterator

import msgspec

from kfdesk.documents.attachments import AttachmentReader
from kfdesk.domain.attachments import AttachmentContent


def sanitize(request: bytes) -> Iterator[AttachmentContent]:
    """Yield the safe content; a PDF or text, which stays as it is, is not sent back."""
    made = AttachmentReader().sanitize(msgspec.msgpack.decode(request, type=bytes))
    yield made if made.media_type.is_picture else AttachmentContent(made.media_type, b"")


def show(request: bytes) -> Iterator[object]:
    """Yield one rendered page."""
    data, number, width = msgspec.msgpack.decode(request, type=tuple[bytes, int, int])
    yield AttachmentReader().show(data, number, width)
