# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents and pictures of a plan: taken in, listed, looked at, put into the bin.

What comes in is made inert first and is then kept inside the store, record and content in one
transaction; nothing is written anywhere else. Content goes to other laptops of our own house, and
leaves by no other way: no partner's file and no paper ever has it, so there is nothing here that
would hand it out but for the eye.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kfdesk.domain.desk.content import MOST_BYTES, PART, Content, Sight
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.lists.case_codes import ATTACHMENT_KIND
from kfdesk.domain.records.case.attachment import Attachment
from kfdesk.domain.rows import Row, View, view, wire_changes
from kfdesk.domain.values import Value
from kfdesk.domain.writes import EMPTY
from kfdesk.services.course.situations import moment_now
from kfdesk.services.desk import Desk, Progress
from kfdesk.services.plans import load_case, shown_case
from kfdesk.services.policy.access import (
    SENSITIVE,
    require_editing,
    require_reading,
    require_working,
)
from kfdesk.services.policy.viewing import note_view
from kfdesk.services.writing.records import Done, delete_record, found, is_in_bin, put_new

if TYPE_CHECKING:
    pass

_TYPE = "attachment"
_LONGEST_TITLE = 120
_READ, _MADE, _OF = 20, 60, 100  # how far reading and drawing anew have come, of the whole


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that comes in: what to call it, what it is (a code of ATTACHMENT_KIND, or nothing
    for what its content says), and where its bytes are read.
    """

    title: str = field(repr=False)
    source: BinaryIO = field(repr=False)
    kind: str = ""


def add_file(desk: Desk, plan: bytes, path: Path, progress: Progress | None = None) -> Done:
    """Add a file from a stick or disk to a plan; it stays there, too.

    Its name without the ending is the title. Raises KfdeskError `attachment.unreadable`, or as
    `add_attachment`.
    """
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise KfdeskError("attachment.unreadable")
        with path.open("rb") as source:
            return add_attachment(desk, plan, Incoming(path.stem, source), progress)
    except OSError:
        raise KfdeskError("attachment.unreadable") from None


def add_attachment(
    desk: Desk, plan: bytes, incoming: Incoming, progress: Progress | None = None
) -> Done:
    """Keep a document or picture with a plan; what it is, its content says.

    The right for it is `EDIT_OWN` or `EDIT_ALL`. Raises KfdeskError `record.missing` or
    `record.deleted` for the plan, `attachment.…` for what cannot be kept, `store.disk`, or
    `work.cancelled`; then nothing was added.
    """
    step = progress.step if progress is not None else _nobody
    require_editing(desk, found(desk, plan))
    load_case(desk, plan)
    data = _read(incoming.source, step)
    content = desk.rooms.attached.make_inert(data)
    step(_MADE, _OF)
    values = _values(desk, incoming, content)
    row = Row(desk.new_id(), _TYPE, plan, desk.identity.organisation, EMPTY)
    with desk.store.transaction():
        done = put_new(desk, row, wire_changes(_TYPE, values))
        desk.store.contents.keep(
            row.rid,
            content.data,
            lambda part, of: step(_MADE + (_OF - _MADE) * part // of, _OF),
        )
    return done


def list_attachments(desk: Desk, plan: bytes) -> tuple[View[Attachment], ...]:
    """The documents of a plan as they were added, those in the bin left out. Reads no content.

    Raises KfdeskError `record.missing` or `record.deleted`.
    """
    require_reading(desk, found(desk, plan))
    return shown_case(desk, plan).views(Attachment, _TYPE)


def read_attachment(desk: Desk, rid: bytes) -> bytes:
    """The content of a document, proved by its digest.

    The right for it is `READ_OWN` or `READ_ALL`, with `SEE_SENSITIVE_OWN` or `SEE_SENSITIVE_ALL`.
    Raises KfdeskError `record.missing`, `record.deleted`, `attachment.elsewhere`,
    `attachment.damaged` or `store.damaged`.
    """
    row = found(desk, rid)
    if row.type != _TYPE:
        raise KfdeskError("record.missing")
    require_working(desk, row, *SENSITIVE)
    if is_in_bin(desk, row):
        raise KfdeskError("record.deleted")
    note_view(desk, row)
    return desk.store.contents.read(rid, str(view(row, Attachment).record.digest))


def look_at_attachment(desk: Desk, rid: bytes, number: int, width: int) -> Sight:
    """Page `number`, from 0, of a document, at most `width` pixels wide; for the screen alone.

    Raises KfdeskError `attachment.not_shown`, or as `read_attachment`.
    """
    return desk.rooms.attached.show(read_attachment(desk, rid), number, width)


def remove_attachment(desk: Desk, rid: bytes) -> Done:
    """Put a document into the bin. Its content stays in the store until the client is erased.

    The right for it is `EDIT_OWN` or `EDIT_ALL`. Raises KfdeskError as `records.delete_record`.
    """
    return delete_record(desk, rid)


def _read(source: BinaryIO, step: Callable[[int, int], None]) -> bytes:
    """All of it, but no more than may be kept and one byte, however much there is."""
    data = bytearray()
    try:
        while piece := source.read(PART):
            step(_READ * len(data) // (MOST_BYTES + PART), _OF)
            data += piece
            if len(data) > MOST_BYTES:
                raise KfdeskError("attachment.too_large")
    except OSError:
        raise KfdeskError("attachment.unreadable") from None
    step(_READ, _OF)
    return bytes(data)


def _values(desk: Desk, incoming: Incoming, content: Content) -> dict[str, Value]:
    usual = "picture" if content.media_type.is_picture else "document"
    values: dict[str, Any] = {
        "title": _clean(incoming.title) or None,
        "kind": incoming.kind if incoming.kind in ATTACHMENT_KIND else usual,
        "media_type": content.media_type.value,
        "size": len(content.data),
        "digest": sha256(content.data).hexdigest(),
        "added": moment_now(desk),
    }
    return {key: value for key, value in values.items() if value is not None}


def _clean(title: str) -> str:
    """The title on one line, without signs that cannot be seen, and not too long."""
    seen = "".join(sign for sign in " ".join(title.split()) if unicodedata.category(sign)[0] != "C")
    short = unicodedata.normalize("NFC", seen)[:_LONGEST_TITLE]
    return unicodedata.normalize("NFC", short).strip()


def _nobody(_done: int, _of: int) -> None:
    """Nobody asks how far it is."""
