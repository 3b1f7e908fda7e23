# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be found in a store: each entry with the words that lead to it, folded.

A client is found by her names and shown by code and alias; only entries of the directory show a
name. A field in conflict leads to its record by all its versions. Deleted records are left out.
A new kind of thing to find is one function here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kfdesk.domain.desk.users import Right
from kfdesk.domain.letters.folding import Word, fold
from kfdesk.domain.rows import View, view_any
from kfdesk.services.desk import Desk
from kfdesk.services.plans import name_of
from kfdesk.services.policy.access import DIRECTORY_READING, READING, may_read


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


def gather(desk: Desk) -> tuple[Entry, ...]:
    """Everything in the store that can be found. Reads only.

    Another's plan is found by its code alone. Raises KfdeskError `user.not_allowed`.
    """
    desk.require(*DIRECTORY_READING)
    plans = dict(_plans(desk)) if any(map(desk.may, READING)) else {}
    numbers = _numbers(desk, plans)
    return (*plans.values(), *_contacts(desk), *_organisations(desk), *numbers)


def _plans(desk: Desk) -> Iterator[tuple[bytes, Entry]]:
    clients = {client.rid: client for client in _views(desk, "client")}
    for plan in _views(desk, "plan"):
        client = clients.get(plan.row.parent or b"")
        if client is not None and may_read(desk, plan.row):
            yield plan.rid, _plan(plan.rid, client)
        elif client is not None and desk.may(Right.OPEN_WITH_REASON):
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


def _numbers(desk: Desk, plans: Mapping[bytes, Entry]) -> Iterator[Entry]:
    for seen in _views(desk, "help_number"):
        plan = plans.get(seen.row.parent or b"")
        digits = " ".join(map(digits_of, _texts(seen, "number")))
        if plan is not None and plan.hit.is_readable and digits:
            hit = Hit(Kind.HELP_NUMBER, plan.hit.rid, plan.hit.title, plan.hit.under)
            yield Entry(hit, (), (), digits=digits)


def _contacts(desk: Desk) -> Iterator[Entry]:
    for seen in _views(desk, "contact"):
        name = " ".join(filter(None, (_shown(seen, "given_name"), _shown(seen, "family_name"))))
        works_for = name_of(desk, seen.record.organisation)
        hit = Hit(Kind.CONTACT, seen.rid, name, works_for, is_secret=_is_secret(seen))
        yield Entry(hit, fold(name), fold(name, works_for))


def _organisations(desk: Desk) -> Iterator[Entry]:
    for seen in _views(desk, "organisation"):
        name = _shown(seen, "name")
        hit = Hit(Kind.ORGANISATION, seen.rid, name, is_secret=_is_secret(seen))
        yield Entry(hit, fold(name), fold(name))


def _views(desk: Desk, record_type: str) -> Iterator[View[Any]]:
    views: Iterator[View[Any]] = (view_any(row) for row in desk.store.rows(record_type))
    return (seen for seen in views if not seen.is_deleted)


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


def _is_secret(seen: View[Any]) -> bool:
    return seen.record.confidentiality == "secret" or "confidentiality" in seen.conflicts


def digits_of(text: str) -> str:
    """The digits of a telephone number, without what is dialled before the country or town."""
    return "".join(sign for sign in text if sign.isdecimal()).lstrip("0")
