# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that leave: which of them name another client, and which the recipient cannot read.

A code is always the client's; a name may be somebody else's. The names of all clients are read and
spelt once for each file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kfdesk.domain.authority import BOOK_TYPES, is_directory_type, is_network_type
from kfdesk.domain.consent import PERSON_TYPES, RecipientKind
from kfdesk.domain.disclosure import Disclosed, DisclosedRow
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import LocalizedTextKind, TextKind, is_missing_answer
from kfdesk.domain.leak_check.secrets import Secret, SecretIndex, SecretKind, SecretMatch
from kfdesk.domain.leak_check.spelling import (
    expand_spellings,
    marked_words,
    spellings,
    tokenize,
    visible_text,
)
from kfdesk.domain.network_work import is_work
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import is_deleted, live_values, live_writes
from kfdesk.domain.rows import RecordView, Row, view, view_any
from kfdesk.services.core.session import Session

_CLIENT_NAME_KEYS = (
    "alias", "given_name", "family_name", "other_names", "name_on_ticket", "name_as_written",
)  # fmt: skip
_NAMING_KEYS = tuple({*_CLIENT_NAME_KEYS, "code"} & RECORD_TYPES["client"].fields.keys())
_NO_MONTHS: Mapping[str, int] = {}


@dataclass(frozen=True, slots=True)
class Mention:
    """Another client named in an outgoing text: where, and by which words.

    `other` is the id of that client. A code is always the client's; a name may be somebody
    else's.
    """

    rid: bytes
    type: str
    key: str
    words: str
    other: bytes
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class UnreadableText:
    """An outgoing translated text in languages of which the partner reads none."""

    rid: bytes
    type: str
    key: str
    languages: tuple[str, ...]


def find_mentions(desk: Session, *parts: tuple[Disclosed, Row | None]) -> tuple[Mention, ...]:
    """Return other clients named in a parcel's texts, except of each part the client it is about.

    The client's record need not be in the parcel: if it was sent before, only changes go. An
    article as it came with the program names nobody, whatever a word of it sounds like. The names
    of all clients are read and spelt once, however many parts there are.
    """
    looked = [one for one in (_Part.of(desk, *part) for part in parts) if one.texts]
    whose: dict[Secret, list[bytes]] = {}
    for rid, key, name in _names_of_clients(desk) if looked else ():
        for secret in _client_secrets(key, name):
            whose.setdefault(secret, []).append(rid)
    if not whose:
        return ()
    touched = {one: None for one in whose if any(part.may_say(one, whose[one]) for part in looked)}
    common = SecretIndex.of(one for one in whose if one not in touched)
    met: dict[str, tuple[SecretMatch, ...]] = {}
    found: list[Mention] = []
    for part in looked:
        rest = (one for one in touched if not part.may_say(one, whose[one]))
        hits = part.hits(common, SecretIndex.of(rest), met)
        for given, key, text in part.texts if hits else ():
            for hit in hits.get(text, ()):
                other = next(rid for rid in whose[hit.secret] if rid != part.about)
                is_code = hit.secret.sort is SecretKind.NUMBER
                found.append(Mention(given.rid, given.type, key, hit.words, other, is_code))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Part:
    """Texts of a parcel about one client, and the words in them that name this client."""

    texts: tuple[tuple[DisclosedRow, str, str], ...]
    about: bytes | None
    code: str | None
    own: frozenset[str]

    @classmethod
    def of(cls, desk: Session, goes: Disclosed, client: Row | None) -> "_Part":
        """Return the texts of rows that go, about a client; none of the book as it came.

        Her code by itself names nobody else, though it may begin as another's does.
        """
        code = view(client, Client).record.code if client is not None else None
        free = {*_shipped_texts(desk, goes), code}
        texts = tuple(one for one in _outgoing_texts(goes) if one[2] not in free)
        own = _own_names(desk, goes, client) if texts else frozenset[str]()
        about = client.rid if client is not None else None
        return cls(texts, about, code if isinstance(code, str) else None, own)

    def may_say(self, secret: Secret, whose: Sequence[bytes]) -> bool:
        """Return whether a name or code, of these clients, may stand in the texts."""
        if secret.text == self.code or all(rid == self.about for rid in whose):
            return True
        is_name = secret.sort is SecretKind.NAME
        return is_name and not self.own.isdisjoint(spellings(secret.text))

    def hits(
        self, common: SecretIndex, own: SecretIndex, met: dict[str, tuple[SecretMatch, ...]]
    ) -> Mapping[str, Sequence[SecretMatch]]:
        """Return the texts that have what is in these indexes, each with what was found.

        Each different text is searched once, and in an index of all parts once for them all
        (`met`): 500 legs of one plan take a sixth of the time.
        """
        found: dict[str, Sequence[SecretMatch]] = {}
        for text in dict.fromkeys(text for _, _, text in self.texts):
            if text not in met:
                met[text] = _matches(common, text)
            hits = (*met[text], *_matches(own, text))
            if hits:
                found[text] = hits
        return found


def _matches(index: SecretIndex, text: str) -> tuple[SecretMatch, ...]:
    return () if index.is_empty else tuple(index.find(tokenize(visible_text(text)), _NO_MONTHS))


def find_common_mentions(desk: Session, goes: Disclosed) -> tuple[Mention, ...]:
    """Return clients named in texts about no client, such as the purpose of a network."""
    return find_mentions(desk, (common_part(goes), None))


def common_part(goes: Disclosed) -> Disclosed:
    """Return the records of a parcel that are about no client."""
    return goes.only_rows({given.rid for given in goes.rows if is_network_type(given.type)})


def without_named(desk: Session, goes: Disclosed) -> Disclosed:
    """Return what goes without the work of other members that names a client.

    Nobody here can change their words. So they are not passed on, and stop no file of ours.
    """
    own, is_own = desk.identity.organisation, goes.recipient.who is RecipientKind.OWN
    others = frozenset(
        given.rid for given in goes.rows
        if is_work(given.type) and given.custodian != own and not is_own
    )  # fmt: skip
    theirs = (goes.only_rows(others), None)
    named = {one.rid for one in find_mentions(desk, theirs)} if others else set()
    if not named:
        return goes
    return goes.only_rows({given.rid for given in goes.rows} - desk.store.tree.family(named))


def _shipped_texts(desk: Session, goes: Disclosed) -> frozenset[str]:
    """Return the texts of the book that comes with the program, if anything of a book goes."""
    if not any(given.type in BOOK_TYPES for given in goes.rows):
        return frozenset()
    try:
        return desk.adapters.book.shipped_texts()
    except (OSError, KfdeskError):  # a damaged installation: then the texts are searched
        return frozenset()


def find_unreadable_texts(goes: Disclosed, reads: Sequence[str]) -> tuple[UnreadableText, ...]:
    """Return the translated texts without a language in `reads`; none if that is not known.

    A directory entry is read as it stands, like an address.
    """
    found = []
    for given, key, wire in _outgoing_values(goes) if reads else ():
        languages = wire[::2] if isinstance(wire, tuple) else ()
        is_told = isinstance(RECORD_TYPES[given.type].fields[key].kind, LocalizedTextKind)
        if is_told and languages and set(languages).isdisjoint(reads):
            found.append(UnreadableText(given.rid, given.type, key, languages))
    return tuple(dict.fromkeys(found))


def _own_names(desk: Session, goes: Disclosed, client: Row | None) -> frozenset[str]:
    """Return the words that are names of the client, related persons or the parcel's contacts."""
    around = (client, *desk.store.children(client.rid)) if client is not None else ()
    seen = (view_any(row) for row in around if row.type in PERSON_TYPES)
    named = [text for one in seen for key in _CLIENT_NAME_KEYS for text in _text_values(one, key)]
    met = [text for given in goes.rows if given.type == "contact"
           for text in _text_values(view_any(given.row), "given_name")]  # fmt: skip
    return frozenset(form for text in (*named, *met) for word in marked_words(text)
                     for form in expand_spellings(word))  # fmt: skip


def _names_of_clients(desk: Session) -> Iterator[tuple[bytes, str, str]]:
    """Yield each client's id with the key and the text of a name or code; of a conflict, all."""
    keys = {RECORD_TYPES["client"].ids[key]: key for key in _NAMING_KEYS}
    for row in desk.store.rows("client"):
        for fid, text in live_values(row.state) if not is_deleted(row.state) else ():
            if fid in keys and isinstance(text, str) and not is_missing_answer(text):
                yield row.rid, keys[fid], text


def _client_secrets(key: str, name: str) -> Iterator[Secret]:
    if key == "code":
        yield Secret(SecretKind.NUMBER, name)
        return
    yield from (Secret(SecretKind.NAME, word) for word in marked_words(name))


def _text_values(seen: RecordView[Any], key: str) -> Iterator[str]:
    value = getattr(seen.record, key, None)
    if isinstance(value, str):
        yield value


def _outgoing_texts(goes: Disclosed) -> Iterator[tuple[DisclosedRow, str, str]]:
    for given, key, wire in _outgoing_values(goes):
        texts = wire[1::2] if isinstance(wire, tuple) else (wire,)
        yield from ((given, key, text) for text in texts if not is_missing_answer(text))


def _outgoing_values(goes: Disclosed) -> Iterator[tuple[DisclosedRow, str, tuple[str, ...] | str]]:
    """Yield each stored text that leaves and is about a client; of a conflict all values."""
    for given in goes.rows:
        if is_directory_type(given.type):
            continue
        by_id = RECORD_TYPES[given.type].by_id
        for write in live_writes(given.row.state):
            described = by_id.get(write.fid)
            if described is None or described.key not in given.grants:
                continue
            if isinstance(described.kind, TextKind | LocalizedTextKind) and isinstance(
                write.value, tuple | str
            ):
                yield given, described.key, write.value
