# SPDX-License-Identifier: GPL-3.0-or-later
"""Giving the directory away as a file: what any verified partner may see, and no more.

The same as on the printed list: no secret entry, no address, nothing that stays at the desk. Who
holds such a file may not be known, so it names nobody as its recipient. It is read, judged and
handed on part by part, so that a large directory needs no more memory than a small one.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.disclosure import Channel, Recipient, Who, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.kinds import FileKind, Part
from kfdesk.domain.rows import Row, view_any
from kfdesk.domain.writes import is_deleted
from kfdesk.services.desk import Desk, Progress
from kfdesk.services.directory import ENTRIES, REFERENCES

_PORTION = 400


def save_list(
    desk: Desk,
    kind: FileKind,
    path: Path,
    only: Collection[bytes] | None = None,
    progress: Progress | None = None,
) -> int:
    """Save the entries, or only some, as a file; returns how many organisations and persons.

    Written beside, then named. Raises KfdeskError `contacts.nothing_to_give`, `store.disk`,
    `work.cancelled` or `user.not_allowed`; then there is no file.
    """
    desk.require(Right.PRINT_INTERNAL)
    beside = path.with_name(f"{path.name}.part")
    try:
        with beside.open("wb") as file:
            count = desk.rooms.write_contact_file(kind, _parts(desk, only, progress), file)
        if not count:
            raise KfdeskError("contacts.nothing_to_give")
        with desk.store.transaction():
            desk.log(Action.SAVE_LIST, keys=(kind, str(count)))
        beside.replace(path)
    except OSError:
        raise KfdeskError("store.disk") from None
    finally:
        with suppress(OSError):
            beside.unlink()
    return count


def _parts(desk: Desk, only: Collection[bytes] | None, progress: Progress | None) -> Iterator[Part]:
    """The entries that were asked for, and the people of a house with it, each once."""
    done, whole = 0, desk.store.search.count()
    for record_type in ENTRIES:
        last = b""
        while rows := desk.store.rows_after(record_type, last, _PORTION):
            if progress is not None:
                progress.step(min(done, whole), whole)
            last, done = rows[-1].rid, done + len(rows)
            yield _part(desk, [row for row in rows if not is_deleted(row.state)], only)


def _part(desk: Desk, rows: Sequence[Row], only: Collection[bytes] | None) -> Part:
    """What may leave of these, with their telephones and what they refer to among the entries."""
    referred = {row.rid: _referred(row) for row in rows}
    others = desk.store.kept(set().union(*referred.values())).values()
    named = {row.rid: row for row, _ in others if not is_deleted(row.state) and _is_in(row, only)}
    entries = {
        row.rid: row for row in rows
        if _is_in(row, only) or (row.type == "contact" and referred[row.rid] & named.keys())
    }  # fmt: skip
    phones = desk.store.kept(desk.store.search.numbers(entries)).values()
    whole = {**named, **entries, **{row.rid: row for row, _ in phones}}
    anybody = Recipient(Who.PARTNER, None, is_verified=True)
    now = desk.rooms.clock.now()
    what = disclose(tuple(whole.values()), anybody, Channel.DESK_PAPER, (), now)
    return Part(what, frozenset(entries))


def _is_in(row: Row, only: Collection[bytes] | None) -> bool:
    return only is None or row.rid in only


def _referred(row: Row) -> frozenset[bytes]:
    """The entries that one refers to."""
    record = view_any(row).record
    named = (getattr(record, key) for key in REFERENCES[row.type])
    return frozenset(bytes.fromhex(one) for one in named if isinstance(one, str))
