# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be found in a store: each entry with the words that lead to it, folded.

A client is found by her names and shown by code and alias; only entries of the directory show a
name. A field in conflict leads to its record by all its versions. Deleted records are left out.
Plans are read in slices, so that nobody who needs the store meanwhile is kept waiting; of the
directory, which may be large, only what its index leads to. A new kind of thing to find is one
function here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kfdesk.domain.desk.users import Right
from kfdesk.domain.letters.folding import Word, fold
from kfdesk.domain.listing.leads import digits_of
from kfdesk.domain.rows import Row, View, view_any
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.directory import EntryLine
from kfdesk.services.finding.seek import Asked, read_page, seek
from kfdesk.services.policy.access import DIRECTORY_READING, READING, may_read

SLICE = 30
"""Records that are read at a time: a few hundredths of a second on a slow computer."""


class Kind(StrEnum):
    """What was found."""

    PLAN = "plan"
    CONTACT = "contact"
    ORGANISATION = "organisation"
    HELP_NUMBER = "help_number"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: `rid` is the plan or the entry to open, `title` and `under` are shown."""

    kind: Kind
    rid: bytes
    title: str
    under: str = ""
    is_secret: bool = False
    is_readable: bool = True
    """False for another's plan, which is opened with a reason."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A hit that may come, and what leads to it: its title, what is shown, and what is not."""

    hit: Hit
    title: tuple[Word, ...] = field(repr=False)
    shown: tuple[Word, ...] = field(repr=False)
    hidden: tuple[Word, ...] = field(default=(), repr=False)
    digits: str = field(default="", repr=False)


Slice = tuple[Entry, ...]


def gather_slices(desk: Desk) -> Iterator[Slice]:
    """The plans and help numbers that can be found, a few records at a time. Reads only.

    Another's plan is found by its code alone. Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READING)
    plans: dict[bytes, Entry] = {}
    if any(map(desk.may, READING)):
        for rows in _slices(desk, "plan"):
            found = dict(_plans(desk, rows))
            plans |= found
            yield tuple(found.values())
    for rows in _slices(desk, "help_number"):
        yield tuple(_numbers(rows, plans))


def _slices(desk: Desk, record_type: str) -> Iterator[Sequence[Row]]:
    last = b""
    while rows := desk.store.rows_after(record_type, last, SLICE):
        last = rows[-1].rid
        yield rows


def _plans(desk: Desk, rows: Sequence[Row]) -> Iterator[tuple[bytes, Entry]]:
    for plan in _alive(rows):
        above = desk.store.row(plan.row.parent or b"")
        client = view_any(above) if above is not None and above.type == "client" else None
        if client is None or client.is_deleted:
            continue
        if may_read(desk, plan.row):
            yield plan.rid, _plan(plan.rid, client)
        elif desk.may(Right.OPEN_WITH_REASON):
            yield plan.rid, _locked(plan.rid, client)


def _plan(rid: bytes, client: View[Any]) -> Entry:
    code, alias = _shown(client, "code"), _shown(client, "alias")
    names = _texts(client, "given_name", "family_name", "name_on_ticket")
    hit = Hit(Kind.PLAN, rid, code or alias, alias if code else "")
    return Entry(hit, fold(hit.title), fold(code, alias), fold(*names))


def _locked(rid: bytes, client: View[Any]) -> Entry:
    """Another's plan: its code and nothing else, neither shown nor to be found by."""
    code = _shown(client, "code")
    return Entry(Hit(Kind.PLAN, rid, code, is_readable=False), fold(code), fold(code))


def _numbers(rows: Sequence[Row], plans: Mapping[bytes, Entry]) -> Iterator[Entry]:
    for seen in _alive(rows):
        plan = plans.get(seen.row.parent or b"")
        digits = " ".join(map(digits_of, _texts(seen, "number")))
        if plan is not None and plan.hit.is_readable and digits:
            hit = Hit(Kind.HELP_NUMBER, plan.hit.rid, plan.hit.title, plan.hit.under)
            yield Entry(hit, (), (), digits=digits)


def contacts(desk: Desk, typed: str, language: Language, limit: int) -> Slice:
    """The entries of the directory that fit best, at most `limit`."""
    found = seek(desk, Asked(typed), language, limit)
    return tuple(map(_contact, read_page(desk, found.ids)))


def _contact(line: EntryLine) -> Entry:
    hit = Hit(Kind(line.type), line.rid, line.name, line.works_for, is_secret=line.is_secret)
    return Entry(hit, fold(line.name), fold(line.name, line.works_for))


def _alive(rows: Sequence[Row]) -> Iterator[View[Any]]:
    return (seen for seen in map(view_any, rows) if not seen.is_deleted)


def _shown(seen: View[Any], key: str) -> str:
    """A field as a list shows it: its value, or all that it may come to mean."""
    return " / ".join(_texts(seen, key))


def _texts(seen: View[Any], *keys: str) -> tuple[str, ...]:
    values = (
        value
        for key in keys
        for value in (getattr(seen.record, key), *(v.value for v in seen.versions.get(key, ())))
    )
    return tuple(value for value in values if isinstance(value, str))
