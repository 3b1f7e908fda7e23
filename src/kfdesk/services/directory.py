# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory: the organisations and contact persons that the store has, and who names them.

Reads only. How an entry is worded, and which of them somebody looks for, is the page's.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kfdesk.domain.records.contact import Contact
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.rows import View, view_any
from kfdesk.services.desk import Desk
from kfdesk.services.plans import name_of

_NAMING = (("plan", "receiver"), ("plan", "escort"), ("consent", "recipient"))
"""The fields by which a client's records name an entry of the directory."""


@dataclass(frozen=True, slots=True)
class Naming:
    """A plan that names an entry: the client's code, and by which fields (`type.key`)."""

    plan: bytes
    code: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """An organisation or a contact person; `works_for` is the name of a person's organisation."""

    view: View[Any]
    name: str
    works_for: str
    namings: tuple[Naming, ...]
    is_ours: bool

    @property
    def type(self) -> str:
        """`organisation` or `contact`."""
        return self.view.row.type

    @property
    def is_secret(self) -> bool:
        """Whether nobody outside may learn that it exists; so too while that is in conflict."""
        return (
            self.view.record.confidentiality == "secret" or "confidentiality" in self.view.conflicts
        )


def list_directory(desk: Desk) -> tuple[DirectoryEntry, ...]:
    """All entries by name, organisations and persons together; deleted ones are left out."""
    namings = _namings(desk)
    entries = [
        _entry(desk, seen, namings.get(seen.rid, ()))
        for record_type in ("organisation", "contact")
        for seen in _views(desk, record_type)
    ]
    return tuple(sorted(entries, key=lambda entry: (entry.name.casefold(), entry.view.rid)))


def _entry(desk: Desk, seen: View[Any], namings: tuple[Naming, ...]) -> DirectoryEntry:
    record = seen.record
    works_for = name_of(desk, record.organisation) if isinstance(record, Contact) else ""
    is_ours = seen.rid == desk.identity.organisation
    return DirectoryEntry(seen, _name(record), works_for, namings, is_ours)


def _name(record: Organisation | Contact) -> str:
    parts = (
        (record.name,)
        if isinstance(record, Organisation)
        else (record.given_name, record.family_name)
    )
    return " ".join(part for part in parts if isinstance(part, str))


def _namings(desk: Desk) -> Mapping[bytes, tuple[Naming, ...]]:
    """For each entry that is named anywhere, the plans that do so, by code."""
    codes = {seen.rid: _code(seen) for seen in _views(desk, "client")}
    plans_of: dict[bytes, list[bytes]] = defaultdict(list)
    for seen in _views(desk, "plan"):
        plans_of[seen.row.parent or b""].append(seen.rid)
    fields: dict[tuple[bytes, bytes, str], list[str]] = defaultdict(list)
    for record_type, key in _NAMING:
        for seen in _views(desk, record_type):
            client = seen.row.parent or b""
            for plan in [seen.rid] if record_type == "plan" else plans_of[client]:
                for named in _references(seen, key):
                    fields[named, plan, codes.get(client, "")].append(f"{record_type}.{key}")
    found: dict[bytes, list[Naming]] = defaultdict(list)
    for (named, plan, code), paths in fields.items():
        found[named].append(Naming(plan, code, tuple(dict.fromkeys(paths))))
    return {rid: tuple(sorted(all_, key=lambda one: one.code)) for rid, all_ in found.items()}


def _references(seen: View[Any], key: str) -> Iterator[bytes]:
    """What a field refers to; a field in conflict refers to all that it may come to mean."""
    values = [getattr(seen.record, key), *(v.value for v in seen.versions.get(key, ()))]
    for value in values:
        if isinstance(value, str):
            yield bytes.fromhex(value)


def _views(desk: Desk, record_type: str) -> list[View[Any]]:
    views: list[View[Any]] = [view_any(row) for row in desk.store.rows(record_type)]
    return [seen for seen in views if not seen.is_deleted]


def _code(seen: View[Any]) -> str:
    return seen.record.code if isinstance(seen.record.code, str) else ""
