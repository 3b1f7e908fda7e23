# SPDX-License-Identifier: GPL-3.0-or-later
"""Contents of documents on their way between laptops of our own; they go to nobody else.

A content goes with its record and comes part by part, while the file is read; it stays only if it
is what its record says. Knows no form of a file.
"""

from kfdesk.domain.desk.content import Chunk
from kfdesk.domain.desk.exchange import Taken
from kfdesk.domain.disclosure import Disclosed, Who
from kfdesk.domain.records.case.attachment import Attachment
from kfdesk.domain.rows import view
from kfdesk.services.desk import Desk

MOST_IN_FILE = 384 * 1024**2
"""So many bytes of contents go in one file; the file holds no more than 512 MiB of anything."""


def fitting(desk: Desk, goes: Disclosed) -> tuple[Disclosed, int]:
    """What goes in one file of `goes`, and how many documents wait for the next one."""
    if goes.recipient.who is not Who.OWN:
        return goes, 0
    sizes, room = desk.store.contents.sizes(), MOST_IN_FILE
    waiting: set[bytes] = set()
    for given in goes.rows:
        size = sizes.get(given.rid, 0)
        if size > room:
            waiting.add(given.rid)
        else:
            room -= size
    if not waiting:
        return goes, 0
    stays = frozenset(given.rid for given in goes.rows) - waiting
    return goes.only_rows(stays), len(waiting)


class Coming:
    """The contents in a file that is read inside a transaction; `settle` comes last."""

    def __init__(self, desk: Desk, taken: Taken) -> None:
        self._desk = desk
        self._is_own = taken.is_own
        self._rids: dict[bytes, bool] = {}

    def keep(self, chunk: Chunk) -> None:
        """Keep a part, unless its content is here already or comes from somebody else.

        Raises KfdeskError `attachment.no_room`.
        """
        contents = self._desk.store.contents
        if chunk.rid not in self._rids:
            is_here = contents.digest(chunk.rid) is not None
            self._rids[chunk.rid] = self._is_own and not is_here
        if self._rids[chunk.rid]:
            contents.add(chunk)

    def settle(self) -> None:
        """Drop what is not the content that its record names, now that the records are written."""
        for rid in (rid for rid, is_new in self._rids.items() if is_new):
            row = self._desk.store.row(rid)
            is_document = row is not None and row.type == "attachment"
            named = view(row, Attachment).record.digest if row is not None and is_document else None
            if named is None or self._desk.store.contents.digest(rid) != named:
                self._desk.store.contents.drop(rid)
