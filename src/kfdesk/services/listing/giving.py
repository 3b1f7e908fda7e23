# SPDX-License-Identifier: GPL-3.0-or-later
"""Giving the directory away as a file: what any verified partner may see, and no more.

The same as on the printed list: no secret entry, no address, nothing that stays at the desk. Who
holds such a file may not be known, so it names nobody as its recipient.
"""

from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from kfdesk.domain.desk.log import Action
from kfdesk.domain.desk.users import Right
from kfdesk.domain.disclosure import Channel, Disclosed, Recipient, Who, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.listing.kinds import FileKind
from kfdesk.domain.rows import Row, view_any
from kfdesk.domain.writes import is_deleted
from kfdesk.services.desk import Desk
from kfdesk.services.listing.looking import formats_of


def save_list(desk: Desk, kind: FileKind, path: Path, only: Collection[bytes] | None = None) -> int:
    """Save the entries, or only some, as a file; returns how many organisations and persons.

    Written beside, then named. Raises KfdeskError `contacts.nothing_to_give`, `store.disk` or
    `user.not_allowed`; then there is no file.
    """
    desk.require(Right.PRINT_INTERNAL)
    what = _disclosed(desk, only)
    count = sum(given.row.type != "phone" for given in what.rows)
    if not count:
        raise KfdeskError("contacts.nothing_to_give")
    beside = path.with_name(f"{path.name}.part")
    try:
        beside.write_bytes(formats_of(desk).write(kind, what))
        with desk.store.transaction():
            desk.log(Action.SAVE_LIST, keys=(kind, str(count)))
        beside.replace(path)
    except OSError:
        raise KfdeskError("store.disk") from None
    finally:
        with suppress(OSError):
            beside.unlink()
    return count


def _disclosed(desk: Desk, only: Collection[bytes] | None) -> Disclosed:
    anybody = Recipient(Who.PARTNER, None, is_verified=True)
    rows = tuple(_rows(desk, only))
    return disclose(rows, anybody, Channel.DESK_PAPER, (), desk.rooms.clock.now())


def _rows(desk: Desk, only: Collection[bytes] | None) -> Iterator[Row]:
    """The entries that were asked for, with their telephones, and the people of a house with it."""
    kept: set[bytes] = set()
    for row in (*desk.store.rows("organisation"), *desk.store.rows("contact")):
        house = getattr(view_any(row).record, "organisation", None)
        is_wanted = only is None or row.rid in only
        is_theirs = isinstance(house, str) and bytes.fromhex(house) in kept
        if not is_deleted(row.state) and (is_wanted or is_theirs):
            kept.add(row.rid)
            yield row
    yield from (row for row in desk.store.rows("phone") if row.parent in kept)
