# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may see an entry of the directory, by its class of confidentiality.

An entry that stands under another, as a telephone under its organisation, is seen no wider than
that one: the number of a secret house would give the house away. Knows no recipient; what else
must be so before anything goes, `disclosure.py` asks.
"""

from collections.abc import Mapping

from kfdesk.domain.rows import Row, columns

BELOW = frozenset({"phone"})
"""Entries that stand under another entry."""

_ENTRIES = BELOW | {"organisation", "contact"}


def classes_of(row: Row, rows: Mapping[bytes, Row]) -> tuple[object, ...]:
    """The classes by which a row is judged: its own, and that of the entry it stands under.

    None stands for a class that is not known: not set, in conflict, or of an entry that is not
    among `rows`. What is no entry of the directory has no class.
    """
    if row.type not in _ENTRIES:
        return ()
    if row.type not in BELOW:
        return (_class_of(row),)
    above = rows.get(row.parent or b"")
    return _class_of(row), _class_of(above) if above is not None else None


def may_see(classes: tuple[object, ...], *, is_partner: bool) -> bool:
    """Whether every class lets the recipient see it; a class that is not known lets nobody."""
    open_to = {"public", "partners_only"} if is_partner else {"public"}
    return bool(classes) and all(one in open_to for one in classes)


def _class_of(row: Row) -> object:
    newest, torn = columns(row)
    return None if "confidentiality" in torn else newest.get("confidentiality")
