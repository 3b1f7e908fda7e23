# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that nobody can read here, and desks that hold them.

A newer or a hostile desk may send any value that the format lets pass: a zone that nobody knows, a
year with which no calendar counts, a code of tomorrow.
"""

import random
from collections.abc import Container
from dataclasses import replace

from kfdesk.domain.kinds import (
    BooleanKind,
    CodeKind,
    CodeSetKind,
    DateKind,
    FieldKind,
    LocalizedTextKind,
    NumberKind,
    ReferenceKind,
    TextKind,
    Wire,
    ZonedTimeKind,
)
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import apply_changes
from kfdesk.domain.rows import Row, check_row, seen_writes
from kfdesk.services.core.session import Session

GONE = "0f" * 16
LONG = "word " * 3_000

UNREADABLE: dict[str, tuple[type[FieldKind], Wire]] = {
    "zone nobody knows": (ZonedTimeKind, "2026-12-03T14:05+01:00[Mars/Base]"),
    "zone that is a path": (ZonedTimeKind, "2026-12-03T14:05+01:00[/etc/passwd]"),
    "zone that is a folder": (ZonedTimeKind, "2026-12-03T14:05+01:00[Europe]"),
    "moment of the first years": (ZonedTimeKind, "0002-01-01T00:00+23:59[Europe/Riga]"),
    "moment of the last years": (ZonedTimeKind, "9998-12-31T23:59-23:59[Europe/Riga]"),
    "day of the first year": (DateKind, "0001-01-01"),
    "day of the last year": (DateKind, "9999-12-31"),
    "year alone": (DateKind, "9999"),
    "month alone": (DateKind, "0001-01"),
    "number that is huge": (NumberKind, 2**53),
    "number below nothing": (NumberKind, -(2**53)),
    "code of tomorrow": (CodeKind, "code_of_tomorrow"),
    "code that is empty": (CodeKind, ""),
    "code that is a text": (CodeKind, LONG),
    "codes of tomorrow": (CodeSetKind, ("code_of_tomorrow", "", "Ünknown {0} %s")),
    "codes that are none": (CodeSetKind, ()),
    "language nobody knows": (LocalizedTextKind, ("zzz", "A text {place} %s")),
    "text that is empty": (LocalizedTextKind, ("sv", "", "ru", "")),
    "text that is long": (LocalizedTextKind, ("sv", LONG)),
    "reference to nothing": (ReferenceKind, GONE),
    "words": (TextKind, "no {number} %s, no place <b>"),
    "no words": (TextKind, ""),
    "many words": (TextKind, LONG),
    **{
        f"answer that is missing: {kind.__name__}": (kind, "\x1aunknown")
        for kind in (
            ZonedTimeKind, DateKind, NumberKind, CodeKind, CodeSetKind, LocalizedTextKind,
            ReferenceKind, TextKind, BooleanKind,
        )
    },
}  # fmt: skip


def unreadable(row: Row, kind: type[FieldKind], wire: Wire, desk: Session) -> Row:
    """Return the row with this value in every field of the kind."""
    described = RECORD_TYPES[row.type]
    changes = {
        described.ids[key]: wire
        for key, field in described.fields.items()
        if type(field.kind) is kind
    }
    state = apply_changes(row.state, changes, seen_writes(row), desk.signature)
    made = replace(row, state=state)
    check_row(made)  # so a file brings it
    return made


def spoil(
    desk: Session, kind: type[FieldKind], wire: Wire, types: Container[str] = RECORD_TYPES
) -> None:
    """Put the value into every record of these types."""
    rows = [desk.store.row(rid) for rid in desk.store.tree.rids()]
    with desk.store.transaction():
        for row in rows:
            if row is not None and row.type in types:
                desk.store.put(unreadable(row, kind, wire, desk))


def spoil_by_chance(desk: Session, rng: random.Random, share: float) -> None:
    """Put values that nobody can read into a share of all fields, each its own."""
    rows = [desk.store.row(rid) for rid in desk.store.tree.rids()]
    with desk.store.transaction():
        for row in filter(None, rows):
            fields = RECORD_TYPES[row.type].fields
            changes = {
                RECORD_TYPES[row.type].ids[key]: rng.choice(fitting)
                for key, field in fields.items()
                if (fitting := [w for kind, w in UNREADABLE.values() if kind is type(field.kind)])
                and rng.random() < share
            }
            state = apply_changes(row.state, changes, seen_writes(row), desk.signature)
            made = replace(row, state=state)
            check_row(made)  # so a file brings it
            desk.store.put(made)
