# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries that may leave, as the writers take them: texts and codes, no records.

Made of what was disclosed and of nothing else, so that no writer can say more. A name that was not
disclosed is not said, even where another entry refers to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.letters.folding import simple
from kfdesk.domain.rows import View, view_any

_REFERENCES = ("part_of", "organisation", "front_door")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An entry with its values by key; references are names. `above` is what it belongs to."""

    rid: bytes
    type: str
    values: Mapping[str, str | tuple[str, ...]] = field(repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)
    above: bytes | None = None

    @property
    def name(self) -> str:
        """The name as it is listed."""
        return self.text("name") or self.text("given_name")

    def text(self, key: str) -> str:
        """A value that is one text; empty if there is none."""
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ", ".join(value)

    def codes(self, key: str) -> tuple[str, ...]:
        """A value of several codes."""
        value = self.values.get(key, ())
        return value if isinstance(value, tuple) else ()


def outgoing(what: Disclosed) -> list[Outgoing]:
    """The organisations and persons that may leave and have a name, by name."""
    views = [view_any(given.row) for given in what.rows]
    keys = {given.row.rid: frozenset(given.grants) for given in what.rows}
    seen = {one.rid: one for one in views}
    numbers: dict[bytes, list[str]] = {}
    for one in views:
        if one.row.type == "phone" and isinstance(one.record.number, str):
            numbers.setdefault(one.row.parent or b"", []).append(one.record.number)
    found = [
        _entry(one, keys[one.rid], seen, tuple(numbers.get(one.rid, ())))
        for one in views
        if one.row.type in ("organisation", "contact") and not one.is_deleted
    ]
    named = [one for one in found if one.name]
    return sorted(named, key=lambda one: (one.type != "organisation", simple(one.name), one.rid))


def _entry(
    one: View[Any], keys: frozenset[str], seen: Mapping[bytes, View[Any]], numbers: tuple[str, ...]
) -> Outgoing:
    values: dict[str, str | tuple[str, ...]] = {}
    above = None
    for key in sorted(keys - {"confidentiality"}):
        value = getattr(one.record, key)
        if key in _REFERENCES and isinstance(value, str):
            other = seen.get(bytes.fromhex(value))
            name = getattr(other.record, "name", None) if other is not None else None
            above = above or (other.rid if other is not None and key != "front_door" else None)
            value = name if isinstance(name, str) else None
        if isinstance(value, str | tuple) and value:
            values[key] = value
    return Outgoing(one.rid, one.row.type, values, numbers, above)
