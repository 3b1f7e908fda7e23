# SPDX-License-Identifier: GPL-3.0-or-later
"""The secrets of a store, as the carry check looks for them on one paper.

Which fields are secret says `domain/disclosure.py`; here only of what sort a value is. A field
that nobody has thought of here is secret as its level says, and looked for by how it looks. Of
other clients it is names, codes, numbers and days; of her own case also what is sealed, and free
texts that no carried paper is made to say, sentence by sentence. A year alone is looked for
nowhere.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from kfdesk.domain.carry.letters import plain, words
from kfdesk.domain.carry.secrets import PHONE, Secret, Sort, digits_of
from kfdesk.domain.carry.spelling import expanded, spellings
from kfdesk.domain.disclosure import covered_keys, secret_keys
from kfdesk.domain.kinds import Text, ToldText
from kfdesk.domain.records.registry import TYPES
from kfdesk.domain.rows import Row, View, view_any
from kfdesk.domain.values import About, Value, Wording
from kfdesk.services.desk import Desk

_FIRST_NAMES = frozenset(
    {
        "handover.given_by", "handover.received_by", "reception.received_by",
        "help_number.called_by", "risk_line.measure_by",
    }
)  # fmt: skip
"""First names of who meets, answers or sees to something: the paper may say them."""

_SKIPPED = _FIRST_NAMES | {
    "attachment.media_type", "attachment.digest", "leg.carrier", "help_number.number",
}  # fmt: skip
"""Beside those: what a machine wrote, and what the press is to print."""

_NAMES = frozenset(
    {
        "alias", "name_on_ticket", "name_as_written", "given_name", "family_name", "other_names",
        "guardian", "interpreted_by", "decided_by", "second_person",
    }
)  # fmt: skip
"""Names of people, of which each word is one."""

_PEOPLE = frozenset({"client", "relationship"})
_PLACES = frozenset({"leg.from_place", "leg.to_place", "leg.from_stop", "leg.to_stop"})
_TOWNS = _PLACES | {"plan.to_place"}
"""Names of places: who travels there says them."""

_SIGNS = _PLACES | {"leg.carrier"}
"""Where two capital letters are a carrier's, and three words of an alarm plan only a place."""

_PHONE = re.compile(r"\+?\d(?:[ ().\-/]{0,2}\d){6,}")
_NET = re.compile(r"@([\w-]+(?:\.[\w-]+)+)|\b(?:www\.)?((?:[\w-]+\.)+[a-z]{2,})\b")
_DOSE = re.compile(r"([^\W\d_]{5,})[ ,]*\d+(?:[.,]\d+)? ?(?:mg|g|ml|µg|мг|мл|г|мкг)\b")
"""A drug is named before its dose."""

_SENTENCES = re.compile(r"[\n.;:!?]+")
_PIECES = re.compile(r"[\n.,;:!?]+")
_PIECE_WORDS = {
    "plan.health_needs": 2, "plan.alarm_plan": 3, "client.safe_contact": 3, "leg.fallback": 3,
    "plan.immediate_needs": 3,
}  # fmt: skip
"""Fields whose single pieces tell something, and from how many words on."""

_FREE = frozenset(
    {
        "plan.guardian_order", "child_papers.guardian_order", "plan.legal_hold", "task.title",
        "task.neutral_title",
    }
)  # fmt: skip
"""Texts in sentences beside those that are told in a language; two words of them tell nothing."""

_SENTENCE_WORDS = 4
_LETTERS = 8
_LONGEST_INITIALS = 4
_POSTCODE = 5
_ACRONYM = 3


@dataclass(frozen=True, slots=True)
class Own:
    """What is the paper's own: whose it is, and what it says on purpose.

    `shows` are the fields (`type.key`) that the paper is made to print, here and of any case, but
    for names on tickets; `carried` those that some carried paper is made to print. Words of her
    ticket are nobody's secret on it. Of who meets her it says the first name, which another client
    may have too, but no surname.
    """

    clients: frozenset[bytes]
    shows: frozenset[str]
    ticket: frozenset[str]
    met: frozenset[str]
    places: frozenset[str]
    phones: frozenset[str]
    carried: frozenset[str] = frozenset()


def said_words(texts: Iterable[str]) -> frozenset[str]:
    """Words that the paper says on purpose, as on her ticket, in every spelling."""
    return frozenset(form for text in texts for word in words(text) for form in expanded(word))


def secrets_of(desk: Desk, own: Own) -> tuple[Secret, ...]:
    """All that must not stand on a paper of these clients, each once.

    Deleted records count too, and of a field in conflict every version.
    """
    rows = [row for name in TYPES for row in desk.store.rows(name)]
    parents = {row.rid: row for row in rows}
    views = [view_any(row) for row in rows]
    others = replace(own, met=own.met & _given_names(views))
    hers = replace(own, met=frozenset())
    found: list[Secret] = []
    for seen in views:
        is_own = _root(seen.row, parents) in own.clients
        found.extend(_of_row(seen, hers if is_own else others, is_own=is_own))
    for user in desk.store.ledger.users():
        found.extend(_initials(user.initials))
    for name in (desk.identity.name, *(one.name for one in desk.store.ledger.partners())):
        found.extend(_organisation(name))
    said = own.ticket
    return tuple(
        secret
        for secret in dict.fromkeys(found)
        if secret.sort is not Sort.NAME or not _is_said(secret.text, said)
    )


def _given_names(views: Iterable[View[Any]]) -> frozenset[str]:
    """The first names of all clients and their people, which a document may have as well."""
    people = (seen for seen in views if seen.row.type in _PEOPLE)
    return said_words(text for seen in people for text in _texts(seen, "given_name"))


def _root(row: Row, parents: Mapping[bytes, Row]) -> bytes:
    """The id of the client or entry above a row."""
    above = row
    for _ in range(len(parents)):
        if above.parent is None or above.parent not in parents:
            break
        above = parents[above.parent]
    return above.rid


def _of_row(seen: View[Any], own: Own, *, is_own: bool) -> Iterator[Secret]:
    name, fields = seen.row.type, TYPES[seen.row.type].fields
    if name == "organisation":
        for text in _texts(seen, "name"):
            yield from _organisation(text)
    if name == "relationship" and seen.record.travels_with is True:
        return
    sealed = covered_keys(name)
    for key in secret_keys(name):
        path = f"{name}.{key}"
        if path in _SKIPPED or path in own.shows:
            continue
        if name in _PEOPLE:
            yield from _days(seen, key)
        for text in _texts(seen, key):
            yield from _within(text, own)
            if path == "organisation.address":
                yield from _address(text, own)
            elif key in sealed:
                yield from _sealed(path, text) if is_own else ()
            elif path in _FREE or isinstance(fields[key].kind, ToldText):
                is_looked_for = is_own and path not in own.carried and path not in _TOWNS
                yield from _sentences(path, text) if is_looked_for else ()
            elif isinstance(fields[key].kind, Text):
                yield from _plain(path, text, own.met)


def _days(seen: View[Any], key: str) -> Iterator[Secret]:
    for value in _values(seen, key):
        if isinstance(value, date):
            yield Secret(Sort.DAY, value.isoformat())
        elif isinstance(value, About) and "-" in value.text:
            yield Secret(Sort.DAY, value.text)


def _plain(path: str, text: str, met: Collection[str]) -> Iterator[Secret]:
    """A telephone, number, name or initials, by the field, or by how it looks.

    `met` are first names that the paper says of others.
    """
    key = path.partition(".")[2]
    if key == "phone":
        yield Secret(Sort.PHONE, text)
    elif any(sign.isdigit() for sign in text) or path in ("client.code", "leg.booking_reference"):
        yield Secret(Sort.NUMBER, text)
    elif key in _NAMES:
        said = met if key != "family_name" else ()
        yield from (Secret(Sort.NAME, part) for part in words(text) if not _is_said(part, said))
    elif _looks_like_initials(text):
        yield from _initials(text)
    else:
        yield Secret(Sort.NAME, text)


def _sealed(path: str, text: str) -> Iterator[Secret]:
    """A sealed text of her own case: whole, and piece by piece."""
    if path == "plan.code_word":
        yield Secret(Sort.SEALED, text)
        return
    if _is_telling(text, 2):
        yield Secret(Sort.SEALED, text)
    yield from _sentences(path, text)
    for found in _DOSE.finditer(text):
        yield Secret(Sort.SEALED, found.group(1))


def _sentences(path: str, text: str) -> Iterator[Secret]:
    """A free text sentence by sentence, of some fields also piece by piece."""
    for part in _SENTENCES.split(text):
        if _is_telling(part, _SENTENCE_WORDS):
            yield Secret(Sort.SEALED, part)
    for part in _PIECES.split(text) if path in _PIECE_WORDS else ():
        if _is_telling(part, _PIECE_WORDS[path]):
            yield Secret(Sort.SEALED, part, _SIGNS)


def _is_telling(text: str, least: int) -> bool:
    parts = words(text)
    return len(parts) >= least and sum(map(len, parts)) >= _LETTERS


def _within(text: str, own: Own) -> Iterator[Secret]:
    """Telephones and addresses of the net, in whatever text they stand."""
    for phone in _PHONE.finditer(text):
        if digits_of(phone.group())[-PHONE:] not in own.phones:
            yield Secret(Sort.PHONE, phone.group())
    for found in _NET.finditer(text):
        yield Secret(Sort.NAME, (found.group(1) or found.group(2)).replace(".", " "))


def _address(text: str, own: Own) -> Iterator[Secret]:
    """Street with number, postcode, and the whole; a town alone is no secret."""
    yield Secret(Sort.SEALED, text)
    for part in _PIECES.split(text):
        parts = plain(part).split()
        joined = "".join(parts)
        has_digit = any(sign.isdigit() for sign in joined)
        letters = [word for word in parts if not word.isdigit()]
        if has_digit and letters and len(joined) >= _POSTCODE:
            yield Secret(Sort.SEALED, part)
        digits = "".join(word for word in parts if word.isdigit())
        if len(digits) >= _POSTCODE:
            yield Secret(Sort.NUMBER, digits)
        is_name = len(parts) > 1 and len(joined) >= _LETTERS and " ".join(parts) not in own.places
        if is_name and not has_digit:
            yield Secret(Sort.SEALED, part)


def _organisation(name: str) -> Iterator[Secret]:
    """An organisation by its name and by the first letters of it."""
    yield Secret(Sort.NAME, name)
    capitals = "".join(word[0] for word in words(name) if word[0].isalpha()).upper()
    short = [word for word in name.split() if word.isupper()]
    for letters in (capitals, *short):
        if len(letters) >= _ACRONYM:
            yield Secret(Sort.INITIALS, letters)


def _initials(text: str) -> Iterator[Secret]:
    """Initials as they are signed; a first name that is used in their place is no secret."""
    if _looks_like_initials(text):
        yield Secret(Sort.INITIALS, text.strip(), _SIGNS)


def _looks_like_initials(text: str) -> bool:
    return text.strip().isupper() and len(text.strip()) <= _LONGEST_INITIALS


def _is_said(text: str, said: Collection[str]) -> bool:
    """Whether it is one word, and one that the paper says on purpose."""
    parts = words(text)
    return len(parts) == 1 and any(form in said for form in spellings(parts[0]))


def _values(seen: View[Any], key: str) -> tuple[Value, ...]:
    """A field's value, or all its versions where it is in conflict."""
    versions = seen.versions.get(key)
    if versions:
        return tuple(version.value for version in versions)
    value: Value = getattr(seen.record, key)
    return (value,)


def _texts(seen: View[Any], key: str) -> Iterator[str]:
    """The texts of a field that holds any; codes and references are none."""
    kind = TYPES[seen.row.type].fields[key].kind
    for value in _values(seen, key):
        if isinstance(kind, Text) and isinstance(value, str):
            yield value
        elif isinstance(kind, ToldText) and isinstance(value, tuple):
            yield from (one.text for one in value if isinstance(one, Wording))
