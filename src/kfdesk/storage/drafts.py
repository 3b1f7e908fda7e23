# SPDX-License-Identifier: GPL-3.0-or-later
"""The drafts of a store: what was typed and not saved, one for each record and user.

A table of its own, so that what reads records - lists, merging, bundles, papers - never comes
upon a draft. They lie in the encrypted file like everything else, and so in its backups. Knows no
fields and no forms.
"""

from collections.abc import Iterable

import msgspec

from kfdesk.domain.desk.draft import Draft
from kfdesk.domain.kinds import Wire
from kfdesk.storage.driver import Connection, reading

_COLUMNS = "rid, user, type, parent, at, seen, changes"
_Row = tuple[bytes, str, str, bytes | None, int, bytes, bytes]


class Drafts:
    """The drafts, on the store's connection; writing belongs inside the store's transaction.

    What reads raises KfdeskError `store.damaged` for a bad page.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, draft: Draft) -> None:
        """Keep a draft, in place of this user's earlier one of the same record."""
        seen = msgspec.msgpack.encode(sorted(draft.seen))
        changes = msgspec.msgpack.encode((draft.values, draft.typed))
        self._connection.execute(
            f"INSERT INTO draft ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (rid, user) DO UPDATE SET at = excluded.at, seen = excluded.seen, "
            "changes = excluded.changes",
            (
                draft.rid, draft.user, draft.type, draft.parent, draft.milliseconds, seen,
                changes,
            ),
        )  # fmt: skip

    @reading()
    def one(self, rid: bytes, user: str) -> Draft | None:
        """This user's draft of a record, or None."""
        return next(iter(self._select("rid = ? AND user = ?", (rid, user))), None)

    @reading()
    def of_user(self, user: str) -> tuple[Draft, ...]:
        """All drafts of a user, the newest first."""
        return tuple(self._select("user = ?", (user,)))

    def drop(self, rid: bytes, user: str) -> None:
        """Forget this user's draft of a record; none is nothing to do."""
        self._connection.execute("DELETE FROM draft WHERE rid = ? AND user = ?", (rid, user))

    def erase(self, rid: bytes) -> None:
        """Forget what anybody has typed about a record, or about new ones that belong under it."""
        self._connection.execute("DELETE FROM draft WHERE rid = ? OR parent = ?", (rid, rid))

    def _select(self, where: str, values: tuple[bytes | str, ...]) -> Iterable[Draft]:
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM draft WHERE {where} ORDER BY at DESC, rid", values
        )
        return [_draft(row) for row in rows]


def _draft(row: _Row) -> Draft:
    rid, user, record_type, parent, at, seen, changes = row
    pairs = msgspec.msgpack.decode(seen, type=tuple[tuple[int, bytes], ...])
    values, typed = msgspec.msgpack.decode(changes, type=tuple[dict[str, Wire], dict[str, str]])
    return Draft(rid, user, record_type, parent, at, frozenset(pairs), values, typed)
