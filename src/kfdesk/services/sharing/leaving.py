# SPDX-License-Identifier: GPL-3.0-or-later
"""A parcel before it leaves, and what to know of it: whom its texts name, and who can read them.

A text about one client that names another would tell a partner of somebody who never agreed to it.
No consent shows that, so the texts themselves are read, in every spelling that the carry check
knows. What may leave at all is not decided here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kfdesk.domain.carry.letters import seen as as_read
from kfdesk.domain.carry.letters import tokens, words
from kfdesk.domain.carry.secrets import Secret, Secrets, Sort
from kfdesk.domain.carry.spelling import expanded, spellings
from kfdesk.domain.consents.withdrawal import Notice
from kfdesk.domain.desk.exchange import Dealings, Level, Partner
from kfdesk.domain.disclosure import Disclosed, DisclosedRow, is_directory
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import Text, ToldText, is_gap
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, View, view, view_any
from kfdesk.domain.writes import writes_of
from kfdesk.services.desk import Desk

_NAMES = ("alias", "given_name", "family_name", "other_names", "name_on_ticket", "name_as_written")
_PEOPLE = frozenset({"client", "relationship"})
_NO_MONTHS: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Mention:
    """Another client in a text that is to leave: where, and how she stands there.

    `other` is the id of her record. A code is always hers; a name may be somebody else's too.
    """

    rid: bytes
    type: str
    key: str
    words: str
    other: bytes
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """A told text that leaves in languages of which the partner reads none."""

    rid: bytes
    type: str
    key: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a bundle would hold, before there is a file.

    `may` is all that may go to the partner now and what stays with its reason; `goes` is the part
    that the partner does not have yet. `notices` tell of withdrawals. `is_answer`: the partner
    waits to hear that we know what it has told us. `mentions` are other clients whom its texts
    name, `unread` are texts in no language that the partner reads. `waiting` counts the documents
    that do not fit into the file and go in the next one. With the file the partner is at `levels`.
    `is_anew`: our files have a new epoch, which the partner has not confirmed; `knows_anew`: it
    waits to hear that we know of its own.
    """

    partner: Partner
    may: Disclosed
    goes: Disclosed
    notices: tuple[Notice, ...] = ()
    is_answer: bool = False
    dealings: Dealings = field(default_factory=Dealings)
    mentions: tuple[Mention, ...] = ()
    unread: tuple[Unread, ...] = ()
    whose: Mapping[bytes, frozenset[bytes]] = field(default_factory=dict)
    waiting: int = 0
    levels: tuple[Level, ...] = ()
    is_anew: bool = False
    knows_anew: bool = False

    @property
    def fault(self) -> KfdeskError | None:
        """Why no file can be made of it, if none can."""
        if self.goes.rows or self.notices or not self.dealings.is_empty:
            return None
        if self.is_answer or self.is_anew:
            return None
        is_shut = self.may.withheld and not self.may.rows
        code = "exchange.nothing_allowed" if is_shut else "exchange.nothing_new"
        return KfdeskError(code, partner=self.partner.name)


def mentions_in(desk: Desk, goes: Disclosed, client: Row) -> tuple[Mention, ...]:
    """Other clients that the texts of a parcel name; `client`, whom it is about, is not one.

    Her own record need not be in the parcel: of what was sent before only the news go.
    """
    others = [view(row, Client) for row in desk.store.rows("client") if row.rid != client.rid]
    if not others:
        return ()
    own, code = _own_names(desk, goes, client), view(client, Client).record.code
    whose: dict[Secret, bytes] = {}
    for other in others:
        if not other.is_deleted:
            for secret in _secrets(other, own):
                if secret.text != code:
                    whose.setdefault(secret, other.rid)
    if not whose:
        return ()
    secrets = Secrets.of(whose)
    found = (
        Mention(given.rid, given.type, key, hit.words, whose[hit.secret],
                is_code=hit.secret.sort is Sort.NUMBER)
        for given, key, text in _texts(goes)
        for hit in secrets.find(tokens(as_read(text)), _NO_MONTHS)
    )  # fmt: skip
    return tuple(dict.fromkeys(found))


def unread_in(goes: Disclosed, reads: Sequence[str]) -> tuple[Unread, ...]:
    """The told texts of which a partner that reads `reads` has no wording; none if it is not known.

    An entry of the directory is read as it stands, like an address.
    """
    found = []
    for given, key, wire in _values(goes) if reads else ():
        languages = wire[::2] if isinstance(wire, tuple) else ()
        is_told = isinstance(TYPES[given.type].fields[key].kind, ToldText)
        if is_told and languages and set(languages).isdisjoint(reads):
            found.append(Unread(given.rid, given.type, key, languages))
    return tuple(dict.fromkeys(found))


def _own_names(desk: Desk, goes: Disclosed, client: Row) -> frozenset[str]:
    """Words that are names of the client whom the parcel is about, or of people in her life."""
    around = (client, *desk.store.children(client.rid))
    seen = (view_any(row) for row in around if row.type in _PEOPLE)
    named = [text for one in seen for key in _NAMES for text in _named(one, key)]
    met = [text for given in goes.rows if given.type == "contact"
           for text in _named(view_any(given.row), "given_name")]  # fmt: skip
    return frozenset(form for text in (*named, *met) for word in words(text)
                     for form in expanded(word))  # fmt: skip


def _secrets(other: View[Client], own: frozenset[str]) -> Iterator[Secret]:
    if isinstance(other.record.code, str):
        yield Secret(Sort.NUMBER, other.record.code)
    for key in _NAMES:
        for text in _named(other, key):
            for word in words(text):
                if not own.intersection(spellings(word)):
                    yield Secret(Sort.NAME, word)


def _named(seen: View[Any], key: str) -> Iterator[str]:
    value = getattr(seen.record, key, None)
    if isinstance(value, str):
        yield value


def _texts(goes: Disclosed) -> Iterator[tuple[DisclosedRow, str, str]]:
    for given, key, wire in _values(goes):
        texts = wire[1::2] if isinstance(wire, tuple) else (wire,)
        yield from ((given, key, text) for text in texts if not is_gap(text))


def _values(goes: Disclosed) -> Iterator[tuple[DisclosedRow, str, tuple[str, ...] | str]]:
    """Each text that leaves and is about a client, as it is stored; in a conflict every version."""
    for given in goes.rows:
        if is_directory(given.type):
            continue
        by_id = TYPES[given.type].by_id
        for write in writes_of(given.row.state):
            described = by_id.get(write.fid)
            if described is None or described.key not in given.grants:
                continue
            if isinstance(described.kind, Text | ToldText) and isinstance(write.value, tuple | str):
                yield given, described.key, write.value
