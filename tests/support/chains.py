# SPDX-License-Identifier: GPL-3.0-or-later
"""Audit chains that somebody with the data key has rewritten, so that all checks pass."""

from kfdesk.domain.audit import AuditHead
from kfdesk.services.core.session import Session
from kfdesk.storage.recovery.rebuild import relink_chain
from kfdesk.storage.store import Store

_COLUMNS = "id, at, user, action, rid, keys, previous, hash"


def audit_head(desk: Session) -> AuditHead:
    """Return the newest entry of a desk's audit chain."""
    ledger = desk.store.ledger
    return AuditHead(ledger.audit_number(), ledger.audit_head())


def rewrite_chain(store: Store, *, without: int = 0, changed: int = 0) -> None:
    """Take away the newest entries, or put another user into an entry; the chain is valid again.

    `changed` is the number of that entry, counted from the newest one, which is 1.
    """
    connection = store._connection
    with store.transaction():
        connection.execute("DROP TRIGGER IF EXISTS audit_no_change")
        connection.execute("DROP TRIGGER IF EXISTS audit_no_loss")
        rows = connection.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY id").fetchall()
        kept = rows[: len(rows) - without]
        if changed:
            row = kept[-changed]
            kept[-changed] = (row[0], row[1], "XX", *row[3:])
        connection.execute("DELETE FROM audit")
        connection.executemany(
            f"INSERT INTO audit ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", relink_chain(kept)
        )
