# SPDX-License-Identifier: GPL-3.0-or-later
"""All rows of all tables of a store, to compare what a file has changed."""

from collections.abc import Iterable

from kfdesk.services.core.session import Session
from kfdesk.storage.content_hash import CONTENT_SETTING

Tables = dict[str, frozenset[tuple[object, ...]]]
RECEIPT = frozenset({"mark", "taking", "taking_cell", "audit"})
"""Tables that tell of the file itself: that it was taken, and when."""
_COUNTERS = (CONTENT_SETTING, "audit_latest", "counter")
_RECEIPT_SETTINGS = ("audit_seen.", "schema.", "schema_floor.", "made_good.", "epoch_known.")
_INDEX = ("lead", "listed", "unlisted")


def lasting_rows(desk: Session, *, without: Iterable[str] = RECEIPT) -> Tables:
    """Return the rows of each table but those of a file's own receipt and of the index."""
    connection = desk.store._connection
    left_out = {*without}
    names = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND rootpage > 0 "
            "AND name NOT LIKE 'sqlite_%' ORDER BY name"
        ).fetchall()
        if name not in left_out and not name.startswith(_INDEX)
    ]
    found = {name: _rows(desk, name) for name in names}
    skipped = (*_COUNTERS, *(_RECEIPT_SETTINGS if "audit" in left_out else ()))
    found["setting"] = frozenset(
        row for row in found["setting"] if not str(row[0]).startswith(skipped)
    )
    return found


def differing(before: Tables, after: Tables) -> list[str]:
    """Return each table that is not as it was, with the rows that differ."""
    return [
        f"{name}: {sorted(before[name] ^ after[name], key=repr)[:3]}"
        for name in before
        if before[name] != after.get(name)
    ]


def _rows(desk: Session, name: str) -> frozenset[tuple[object, ...]]:
    connection = desk.store._connection
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")').fetchall()]
    kept = [one for one in columns if one != "n"]  # the number of a change only grows
    listed = ", ".join(f'"{one}"' for one in kept)
    return frozenset(connection.execute(f'SELECT {listed} FROM "{name}"').fetchall())
