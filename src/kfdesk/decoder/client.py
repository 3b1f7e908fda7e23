# SPDX-License-Identifier: GPL-3.0-or-later
"""The program's half: ask a child, and hold its answer for the word of an attacker.

A value counts only if it has its type, fits its limits, and comes in an answer that is whole.
Everything else is one refusal: the child broke off, took too much, or said what cannot be.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeVar

import msgspec

from kfdesk.decoder.child_argument import ARGUMENT
from kfdesk.decoder.protocol import LENGTH_BYTES, LIMITS, DecoderTask, FrameKind
from kfdesk.domain.attachments import (
    MAX_CONTENT_BYTES,
    MAX_SHOWN_PIXELS,
    AttachmentContent,
    MediaType,
    RenderedPage,
)
from kfdesk.domain.directory import COLUMN_KEYS, OTHER_FILE_KINDS
from kfdesk.domain.errors import KfdeskError
from kfdesk.system.child_process import (
    CheckCancelled,
    ChildFailedError,
    Confinement,
    child_command,
    started_child,
)

_CONTACT_REFUSALS: Mapping[str, str] = {
    "contacts.bomb": "",
    "contacts.foreign_compression": "",
    "contacts.locked": "",
    "contacts.not_a_table": "line",
    "contacts.not_text": "",
    "contacts.not_these_letters": "",
    "contacts.nothing_inside": "",
    "contacts.other_kind": "kind",
    "contacts.too_large": "most",
    "contacts.too_many": "most",
    "contacts.too_wide": "most",
    "contacts.torn": "",
    "contacts.unknown_column": "known",
}
_REFUSALS: Mapping[DecoderTask, Mapping[str, str]] = {
    DecoderTask.SANITIZE: {
        "attachment.broken": "",
        "attachment.locked": "",
        "attachment.many_pages": "",
        "attachment.several_pages": "",
        "attachment.too_large": "",
        "attachment.too_many_pixels": "",
        "attachment.unsupported": "",
    },
    DecoderTask.SHOW: {"attachment.not_shown": ""},
    DecoderTask.CONTACTS: _CONTACT_REFUSALS,
    DecoderTask.WORKBOOK: _CONTACT_REFUSALS,
    DecoderTask.SHEET: {
        **_CONTACT_REFUSALS,
        "case_sheet.no_columns": "",
        "case_sheet.nothing": "",
        "case_sheet.too_many": "most",
        "case_sheet.too_wide": "most",
    },
    DecoderTask.CHECK: {},
}
"""The refusals that a task knows, each with the name of the value that belongs to it."""
_WORDS: Mapping[str, Collection[str]] = {
    "kind": OTHER_FILE_KINDS,
    "known": (", ".join(COLUMN_KEYS),),
}
"""The words that a value of a refusal may be; all others are numbers."""

_FAILURES: Mapping[DecoderTask, str] = {
    DecoderTask.SANITIZE: "attachment.unsafe",
    DecoderTask.SHOW: "attachment.not_shown",
    DecoderTask.CONTACTS: "contacts.unsafe",
    DecoderTask.WORKBOOK: "contacts.unsafe",
    DecoderTask.SHEET: "contacts.unsafe",
    DecoderTask.CHECK: "work.not_started",
}
"""The fault that is told if a child breaks off, takes too much, or says what cannot be."""

T = TypeVar("T")

LARGEST_NUMBER = 2**31
_PICTURE_STARTS = {MediaType.JPEG: b"\xff\xd8\xff", MediaType.PNG: b"\x89PNG\r\n\x1a\n"}
_MAX_PAGE_COUNT = 1_000_000
_MAX_PAGE_TEXT = 32_000  # characters; `documents/attachments.py` makes shorter pages
_UNTYPED = (msgspec.MsgspecError, ValueError, OverflowError, RecursionError)

TakeValue = Callable[[bytes], None]
"""Takes one value in msgpack. Raises ChildFailedError or a decoder's error if it cannot be."""


# --- asking


def ask(task: DecoderTask, request: object, take: TakeValue, check: CheckCancelled) -> Confinement:
    """Let a new child answer a request, give each value to `take`, and return its limits.

    Raise KfdeskError: a refusal of the task, what stands for a failed child, `work.not_started`,
    or `work.cancelled` from `check`, which kills the child.
    """
    command = child_command((ARGUMENT, task))
    sent = msgspec.msgpack.encode(request)
    try:
        with started_child(command, sent, LIMITS[task], check) as pieces:
            return _listen(task, pieces, take)
    except (ChildFailedError, *_UNTYPED):
        raise KfdeskError(_FAILURES[task]) from None


def check_confinement() -> Confinement:
    """Return which limits of the system hold in a child. Raise KfdeskError `work.not_started`."""
    return ask(DecoderTask.CHECK, None, _take_nothing, lambda: None)


def believe(*, is_sound: bool) -> None:
    """Raise ChildFailedError unless what the child says can be."""
    if not is_sound:
        raise ChildFailedError


def _take_nothing(_value: bytes) -> None:
    raise ChildFailedError


def _listen(task: DecoderTask, pieces: Iterator[bytes], take: TakeValue) -> Confinement:
    """Take the frames of an answer in their order; return the limits of the child."""
    frames = _frames(pieces)
    kind, first = next(frames, ("", b""))
    if kind != FrameKind.LIMITS:
        raise KfdeskError("work.not_started")
    limits = msgspec.msgpack.decode(first, type=Confinement)
    for kind, value in frames:
        if kind == FrameKind.END:
            believe(is_sound=next(frames, None) is None)
            return limits
        if kind == FrameKind.REFUSAL:
            raise _refusal(task, value)
        believe(is_sound=kind == FrameKind.VALUE)
        take(value)
    raise ChildFailedError


def _refusal(task: DecoderTask, value: bytes) -> KfdeskError:
    code, data = msgspec.msgpack.decode(value, type=tuple[str, dict[str, int | str]])
    name = _REFUSALS[task].get(code)
    is_known = name is not None and set(data) == set(filter(None, [name]))
    believe(is_sound=is_known and all(_is_possible(key, each) for key, each in data.items()))
    return KfdeskError(code, **data)


def _is_possible(key: str, value: int | str) -> bool:
    if isinstance(value, str):
        return value in _WORDS.get(key, ())
    return key not in _WORDS and 0 <= value <= LARGEST_NUMBER


def _frames(pieces: Iterator[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield the kind and the value of each frame."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while (end := _frame_end(waiting)) <= len(waiting):
            yield chr(waiting[LENGTH_BYTES]), bytes(waiting[LENGTH_BYTES + 1 : end])
            del waiting[:end]
    believe(is_sound=not waiting)


def _frame_end(waiting: bytearray) -> int:
    """Return where the first frame ends; beyond the end of what is here while that is unknown."""
    if len(waiting) < LENGTH_BYTES:
        return LENGTH_BYTES
    size = int.from_bytes(waiting[:LENGTH_BYTES], "big")
    believe(is_sound=size > 0)
    return LENGTH_BYTES + size


# --- attachments


class AttachmentDecoder:
    """Sanitizes and shows attachments, each in a child of its own."""

    def sanitize(self, data: bytes, check: CheckCancelled) -> AttachmentContent:
        """Return the safe content of a file: a re-encoded picture, or a PDF or text as is.

        Raise KfdeskError `attachment.…`, `work.not_started` or `work.cancelled`.
        """
        answers: list[AttachmentContent] = []

        def take(value: bytes) -> None:
            made = msgspec.msgpack.decode(value, type=AttachmentContent)
            start = _PICTURE_STARTS.get(made.media_type)
            is_picture = start is not None and made.data.startswith(start)
            is_sound = is_picture if start is not None else not made.data
            believe(is_sound=is_sound and not answers and len(made.data) <= MAX_CONTENT_BYTES)
            answers.append(made if is_picture else AttachmentContent(made.media_type, data))

        ask(DecoderTask.SANITIZE, data, take, check)
        return _only(DecoderTask.SANITIZE, answers)

    def show(self, data: bytes, number: int, width: int, check: CheckCancelled) -> RenderedPage:
        """Render page `number` (from 0) of stored content, at most `width` pixels wide.

        Raise KfdeskError `attachment.not_shown`, `work.not_started` or `work.cancelled`.
        """
        answers: list[RenderedPage] = []

        def take(value: bytes) -> None:
            page = msgspec.msgpack.decode(value, type=RenderedPage)
            is_sound = 0 < page.count <= _MAX_PAGE_COUNT and not answers
            believe(is_sound=is_sound and (_is_text(page) or _is_image(page, width)))
            answers.append(page)

        ask(DecoderTask.SHOW, (data, number, width), take, check)
        return _only(DecoderTask.SHOW, answers)


def _only(task: DecoderTask, answers: list[T]) -> T:
    if not answers:
        raise KfdeskError(_FAILURES[task])
    return answers[0]


def _is_text(page: RenderedPage) -> bool:
    """Return whether a page is a text, of the length of a page."""
    has_pixels = page.width or page.height or page.pixels
    return page.text is not None and not has_pixels and len(page.text) <= _MAX_PAGE_TEXT


def _is_image(page: RenderedPage, width: int) -> bool:
    """Return whether a page has exactly the pixels of its size, and that size may be shown.

    A side may have been rounded up to a whole pixel.
    """
    is_sized = 0 < page.width <= width + 1 and page.height > 0
    is_small = (page.width - 1) * (page.height - 1) <= MAX_SHOWN_PIXELS
    return (
        page.text is None
        and is_sized
        and is_small
        and len(page.pixels) == 3 * page.width * page.height
    )
