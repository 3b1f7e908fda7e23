# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom the records of a plan can name: those they name already, and the first of the directory.

A directory may be far longer than anybody reads a list. Who is not among the first is found by
typing (`seek`), by the same index as on the page of contacts. Knows no editor.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kfdesk.domain.kinds import Reference
from kfdesk.domain.listing.leads import Sought, code_word
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, glance, view_any
from kfdesk.domain.writes import is_deleted
from kfdesk.services.desk import Desk

MOST = 1_000
"""Entries that are offered before anything is typed."""

_REFERENCES: Mapping[str, tuple[str, ...]] = {
    name: tuple(key for key, f in described.fields.items() if isinstance(f.kind, Reference))
    for name, described in TYPES.items()
}


_NAMES: Mapping[str, str] = {"organisation": "name", "contact": "given_name"}


@dataclass(frozen=True, slots=True)
class Choices:
    """Ids in hexadecimal digits, with names; `is_whole`: there are no others in the directory."""

    organisations: tuple[tuple[str, str], ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()
    consents: tuple[tuple[str, str], ...] = ()
    is_whole: bool = True


def choices_of(desk: Desk, rows: Iterable[Row], consents: Iterable[tuple[str, str]]) -> Choices:
    """Whom these records can name, for a service that has asked for its right."""
    named = frozenset(_named(rows))
    found = {kind: _found(desk, kind, named) for kind in ("organisation", "contact")}
    is_whole = all(len(one) < MOST for one in found.values())
    return Choices(found["organisation"], found["contact"], tuple(consents), is_whole)


def name_in(row: Row) -> str:
    """The name of an organisation or first name of a contact; empty if there is none."""
    key = _NAMES.get(row.type)
    name = glance(row, (key,))[key] if key is not None else None
    return name if isinstance(name, str) else ""


def _found(desk: Desk, kind: str, named: frozenset[bytes]) -> tuple[tuple[str, str], ...]:
    search = desk.store.search
    first = search.rids(search.ids(Sought(codes=(code_word("type", kind),)), MOST))
    kept = desk.store.kept({*first, *named}).values()
    rows = (row for row, _ in kept if row.type == kind and not is_deleted(row.state))
    pairs = ((row.rid.hex(), name_in(row)) for row in rows)
    return tuple(sorted((one for one in pairs if one[1]), key=lambda one: one[1]))


def _named(rows: Iterable[Row]) -> Iterator[bytes]:
    """All that records refer to, also by one of several values."""
    for row in rows:
        seen = view_any(row)
        for key in _REFERENCES[row.type]:
            values = (getattr(seen.record, key), *(v.value for v in seen.versions.get(key, ())))
            yield from (bytes.fromhex(value) for value in values if isinstance(value, str))
