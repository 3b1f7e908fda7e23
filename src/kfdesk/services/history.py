# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit trail for a person to read: who did what to which record, never what stood there.

Reads only. A record is known by its type and its client's code; words for both are the page's.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kfdesk.domain.desk.log import Action, Event
from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import Row, view
from kfdesk.services.desk import Desk

PAGE = 200


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry. `type` is empty without a record, and where the record is no longer here.

    `code` is the code of the client whom the record is about; empty for all other records.
    """

    number: int
    milliseconds: int
    user: str
    action: Action
    has_record: bool
    type: str
    code: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Entries, newest first; `older` is where the next page begins, None on the last."""

    lines: tuple[HistoryLine, ...]
    older: int | None


def read_history(desk: Desk, before: int | None = None, limit: int = PAGE) -> HistoryPage:
    """At most `limit` entries with a number below `before`; None begins at the newest."""
    found = desk.store.ledger.events(before, limit + 1)
    shown = found[:limit]
    older = shown[-1][0] if len(found) > limit else None
    known: dict[bytes, tuple[str, str]] = {}
    return HistoryPage(tuple(_line(desk, number, event, known) for number, event in shown), older)


def is_whole(desk: Desk) -> bool:
    """Whether no entry of the trail was changed, moved or taken out since it was written."""
    return not desk.store.ledger.verify()


def _line(
    desk: Desk, number: int, event: Event, known: dict[bytes, tuple[str, str]]
) -> HistoryLine:
    """`known` keeps what records of this page are, as they come up again and again."""
    if event.rid is not None and event.rid not in known:
        known[event.rid] = _described(desk, event.rid)
    record_type, code = known[event.rid] if event.rid is not None else ("", "")
    return HistoryLine(
        number,
        event.milliseconds,
        event.user,
        event.action,
        event.rid is not None,
        record_type,
        code,
        event.keys,
    )


def _described(desk: Desk, rid: bytes) -> tuple[str, str]:
    row = desk.store.row(rid)
    if row is None:
        return "", ""
    client = next((one for one in _upwards(desk, row) if one.type == "client"), None)
    code = view(client, Client).record.code if client is not None else ""
    return row.type, code if isinstance(code, str) else ""


def _upwards(desk: Desk, row: Row) -> Iterator[Row]:
    """The record, its parent, and so on."""
    above: Row | None = row
    while above is not None:
        yield above
        above = desk.store.row(above.parent) if above.parent is not None else None
