# SPDX-License-Identifier: GPL-3.0-or-later
"""The carry check: no carried paper shows a secret of this store that it must not show.

The disclosure rules decide which fields are secret; this module decides what sort of
secret a value is. A field that is not named here is secret by its level, and its sort
follows from its form. Of other clients, the check looks for names, codes, numbers and days.
Of the paper's own case, it also looks for sealed content, and for free texts that no
carried paper prints, sentence by sentence. It never looks for a year alone. What it finds is
shown to nobody who may not read the record that it belongs to: else the check would answer
whether a name that somebody types stands in another's case.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from kfdesk.domain.accounts import Right
from kfdesk.domain.audit import Action
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.disclosure import Disclosed, DisclosedRow, masked_keys, secret_keys
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import LocalizedTextKind, TextKind
from kfdesk.domain.leak_check.check import (
    ExpectedContent,
    LeakFinding,
    PageEvidence,
    SourceField,
    check_pages,
)
from kfdesk.domain.leak_check.secrets import (
    PHONE_DIGITS,
    Secret,
    SecretIndex,
    SecretKind,
    digits_in_text,
)
from kfdesk.domain.leak_check.spelling import (
    expand_spellings,
    marked_words,
    normalize_text,
    spellings,
)
from kfdesk.domain.papers import CONTENTS
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import is_deleted
from kfdesk.domain.rows import RecordView, Row, view_any
from kfdesk.domain.values import PartialDate, Translation, Value, ZonedTime
from kfdesk.services.core.authorization import hidden_keys, may_read
from kfdesk.services.core.session import Session
from kfdesk.services.papers.inputs import PaperReaders
from kfdesk.services.papers.kinds import PAPER_KINDS
from kfdesk.services.plans.plans import load_case

_FIRST_NAME_FIELDS = frozenset(
    {
        "handover.given_by", "handover.received_by", "reception.received_by",
        "help_number.called_by", "risk_line.measure_by",
    }
)  # fmt: skip
"""First names of helpers, which the paper may show."""

_SKIPPED_FIELDS = _FIRST_NAME_FIELDS | {
    "attachment.media_type", "attachment.digest", "leg.carrier", "help_number.number",
    "traveller.seat",
}  # fmt: skip
"""Fields that are never searched: also those that a program wrote or that the paper must show."""

_NAME_FIELDS = frozenset(
    {
        "alias", "name_on_ticket", "name_as_written", "given_name", "family_name", "other_names",
        "guardian", "interpreted_by", "decided_by", "second_person",
    }
)  # fmt: skip
"""Names of people, of which each word is a name."""

_PERSON_TYPES = frozenset({"client", "relationship"})
_BORN_TYPES = _PERSON_TYPES | {"traveller"}
"""Records with a date of birth."""
_STOP_FIELDS = frozenset({"leg.from_place", "leg.to_place", "leg.from_stop", "leg.to_stop"})
_TOWN_FIELDS = _STOP_FIELDS | {"plan.to_place"}
"""Names of places, which travellers say themselves."""

_PUBLIC_SIGN_FIELDS = _STOP_FIELDS | {"leg.carrier"}
"""Fields in which two capital letters are a carrier's, and three words of an alarm plan a place."""

_PHONE = re.compile(r"\+?\d(?:[ ().\-/]{0,2}\d){6,}")
_INTERNET_ADDRESS = re.compile(r"@([\w-]+(?:\.[\w-]+)+)|\b(?:www\.)?((?:[\w-]+\.)+[a-z]{2,})\b")
_DOSE = re.compile(r"([^\W\d_]{5,})[ ,]*\d+(?:[.,]\d+)? ?(?:mg|g|ml|µg|мг|мл|г|мкг)\b")
"""A drug, named before its dose."""

_SENTENCES = re.compile(r"[\n.;:!?]+")
_PIECES = re.compile(r"[\n.,;:!?]+")
_PIECE_WORDS = {
    "plan.health_needs": 2, "plan.alarm_plan": 3, "client.safe_contact": 3, "leg.fallback": 3,
    "plan.immediate_needs": 3,
}  # fmt: skip
"""Fields of which single pieces are secret, and from how many words on."""

_FREE_TEXT_FIELDS = frozenset(
    {
        "plan.guardian_order", "child_papers.guardian_order", "plan.legal_hold", "task.title",
        "task.neutral_title",
    }
)  # fmt: skip
"""Free texts beside the localized ones: searched by sentences, as two words reveal nothing."""

_SENTENCE_WORDS = 4
_MIN_LETTERS = 8
_LONGEST_INITIALS = 4
_POSTCODE = 5
_ACRONYM = 3


@dataclass(frozen=True, slots=True)
class OwnContent:
    """The paper's own content: whose it is, and what it shows on purpose.

    `shows` are the fields (`type.key`) that the paper prints, of this case or any, except names
    on tickets; `carried` are those that some carried paper prints. The words of the tickets on
    the paper are no secret on it: the client's, and those of children who travel. Of who meets the
    client it shows the first name, which another client may share, but no surname. `public` are
    the names of public organisations, which a paper of the book may show.
    """

    clients: frozenset[bytes]
    shows: frozenset[str]
    ticket: frozenset[str]
    met: frozenset[str]
    places: frozenset[str]
    phones: frozenset[str]
    carried: frozenset[str] = frozenset()
    public: frozenset[Secret] = frozenset()


def intended_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the words that the paper shows on purpose, in every spelling."""
    return frozenset(
        form for text in texts for word in marked_words(text) for form in expand_spellings(word)
    )


def collect_secrets(desk: Session, own: OwnContent) -> tuple[Secret, ...]:
    """Return everything that must not be printed on a paper of these clients, each once.

    Deleted records count too, and all values of a field in conflict.
    """
    found = [secret for _, _, secret in _record_secrets(desk, own)]
    for user in desk.store.ledger.users():
        found.extend(_initials_secrets(user.initials))
    for name in (desk.identity.name, *(one.name for one in desk.store.ledger.partners())):
        found.extend(_organisation_secrets(name))
    ticket = own.ticket
    return tuple(
        secret
        for secret in dict.fromkeys(found)
        if secret not in own.public
        and (secret.sort is not SecretKind.NAME or not _is_intended(secret.text, ticket))
    )


def _record_secrets(desk: Session, own: OwnContent) -> Iterator[tuple[Row, str, Secret]]:
    """Yield the secrets of all records, each with its record and the key of its field."""
    rows = [row for name in RECORD_TYPES for row in desk.store.rows(name)]
    parents = {row.rid: row for row in rows}
    views = [view_any(row) for row in rows]
    others = replace(own, met=own.met & _given_names(views))
    own_case = replace(own, met=frozenset())
    for seen in views:
        is_own = _root_id(seen.row, parents) in own.clients
        for key, secret in _row_secrets(seen, own_case if is_own else others, is_own=is_own):
            yield seen.row, key, secret


def _given_names(views: Iterable[RecordView[Any]]) -> frozenset[str]:
    """Return the first names of all clients and related persons, which others may share."""
    people = (seen for seen in views if seen.row.type in _PERSON_TYPES)
    return intended_words(text for seen in people for text in _field_texts(seen, "given_name"))


def _root_id(row: Row, parents: Mapping[bytes, Row]) -> bytes:
    """Return the id of the topmost record, client or entry, above a row."""
    above = row
    for _ in range(len(parents)):
        if above.parent is None or above.parent not in parents:
            break
        above = parents[above.parent]
    return above.rid


def _row_secrets(
    seen: RecordView[Any], own: OwnContent, *, is_own: bool
) -> Iterator[tuple[str, Secret]]:
    """Yield the secrets of a record, each with the key of its field."""
    name = seen.row.type
    if name == "organisation":
        for text in _field_texts(seen, "name"):
            yield from (("name", secret) for secret in _organisation_secrets(text))
    is_along = is_own and name == "relationship" and seen.record.travels_with is True
    for key in secret_keys(name):
        if f"{name}.{key}" in _SKIPPED_FIELDS | own.shows or (is_along and key == "given_name"):
            continue
        if name in _BORN_TYPES:
            yield from ((key, secret) for secret in _day_secrets(seen, key))
        for text in _field_texts(seen, key):
            found = _text_secrets(f"{name}.{key}", text, own, is_own=is_own)
            yield from ((key, secret) for secret in found)


def _text_secrets(path: str, text: str, own: OwnContent, *, is_own: bool) -> Iterator[Secret]:
    """Yield the secrets in a text of the field `path`; by the field, or by the text's form."""
    name, _, key = path.partition(".")
    kind = RECORD_TYPES[name].fields[key].kind
    yield from _embedded_secrets(text, own)
    if path == "organisation.address":
        yield from _address_secrets(text, own)
    elif key in masked_keys(name):
        yield from _sealed_secrets(path, text) if is_own else ()
    elif path in _FREE_TEXT_FIELDS or isinstance(kind, LocalizedTextKind):
        is_looked_for = is_own and path not in own.carried and path not in _TOWN_FIELDS
        yield from _sentence_secrets(path, text) if is_looked_for else ()
    elif isinstance(kind, TextKind):
        yield from _short_text_secrets(path, text, own.met)


def _day_secrets(seen: RecordView[Any], key: str) -> Iterator[Secret]:
    for value in _field_values(seen, key):
        if isinstance(value, date):
            yield Secret(SecretKind.DAY, value.isoformat())
        elif isinstance(value, PartialDate) and "-" in value.text:
            yield Secret(SecretKind.DAY, value.text)


def _short_text_secrets(path: str, text: str, met: Collection[str]) -> Iterator[Secret]:
    """Yield a telephone, number, name or initials, by the field or by the text's form.

    `met` are first names of others that the paper shows.
    """
    key = path.partition(".")[2]
    if key == "phone":
        yield Secret(SecretKind.PHONE, text)
    elif any(sign.isdigit() for sign in text) or path in ("client.code", "leg.booking_reference"):
        yield Secret(SecretKind.NUMBER, text)
    elif key in _NAME_FIELDS:
        intended = met if key != "family_name" else ()
        yield from (
            Secret(SecretKind.NAME, part)
            for part in marked_words(text)
            if not _is_intended(part, intended)
        )
    elif _looks_like_initials(text):
        yield from _initials_secrets(text)
    else:
        yield Secret(SecretKind.NAME, text)


def _sealed_secrets(path: str, text: str) -> Iterator[Secret]:
    """Yield a sealed text of the own case: the whole, and piece by piece."""
    if path == "plan.code_word":
        yield Secret(SecretKind.SEALED, text)
        return
    if _is_long_enough(text, 2):
        yield Secret(SecretKind.SEALED, text)
    yield from _sentence_secrets(path, text)
    for found in _DOSE.finditer(text):
        yield Secret(SecretKind.SEALED, found.group(1))


def _sentence_secrets(path: str, text: str) -> Iterator[Secret]:
    """Yield a free text sentence by sentence, of some fields also piece by piece."""
    for part in _SENTENCES.split(text):
        if _is_long_enough(part, _SENTENCE_WORDS):
            yield Secret(SecretKind.SEALED, part)
    for part in _PIECES.split(text) if path in _PIECE_WORDS else ():
        if _is_long_enough(part, _PIECE_WORDS[path]):
            yield Secret(SecretKind.SEALED, part, _PUBLIC_SIGN_FIELDS)


def _is_long_enough(text: str, least: int) -> bool:
    parts = marked_words(text)
    return len(parts) >= least and sum(map(len, parts)) >= _MIN_LETTERS


def _embedded_secrets(text: str, own: OwnContent) -> Iterator[Secret]:
    """Yield telephones and internet addresses in any text."""
    for phone in _PHONE.finditer(text):
        if digits_in_text(phone.group())[-PHONE_DIGITS:] not in own.phones:
            yield Secret(SecretKind.PHONE, phone.group())
    for found in _INTERNET_ADDRESS.finditer(text):
        yield Secret(SecretKind.NAME, (found.group(1) or found.group(2)).replace(".", " "))


def _address_secrets(text: str, own: OwnContent) -> Iterator[Secret]:
    """Yield street with number, postcode, and the whole address; a town alone is no secret."""
    yield Secret(SecretKind.SEALED, text)
    for part in _PIECES.split(text):
        parts = normalize_text(part).split()
        joined = "".join(parts)
        has_digit = any(sign.isdigit() for sign in joined)
        letters = [word for word in parts if not word.isdigit()]
        if has_digit and letters and len(joined) >= _POSTCODE:
            yield Secret(SecretKind.SEALED, part)
        digits = "".join(word for word in parts if word.isdigit())
        if len(digits) >= _POSTCODE:
            yield Secret(SecretKind.NUMBER, digits)
        is_name = (
            len(parts) > 1 and len(joined) >= _MIN_LETTERS and " ".join(parts) not in own.places
        )
        if is_name and not has_digit:
            yield Secret(SecretKind.SEALED, part)


def _organisation_secrets(name: str) -> Iterator[Secret]:
    """Yield an organisation's name and its acronyms."""
    yield Secret(SecretKind.NAME, name)
    capitals = "".join(word[0] for word in marked_words(name) if word[0].isalpha()).upper()
    short = [word for word in name.split() if word.isupper()]
    for letters in (capitals, *short):
        if len(letters) >= _ACRONYM:
            yield Secret(SecretKind.INITIALS, letters)


def _initials_secrets(text: str) -> Iterator[Secret]:
    """Yield a signature's initials; a first name in their place is no secret."""
    if _looks_like_initials(text):
        yield Secret(SecretKind.INITIALS, text.strip(), _PUBLIC_SIGN_FIELDS)


def _looks_like_initials(text: str) -> bool:
    return text.strip().isupper() and len(text.strip()) <= _LONGEST_INITIALS


def _is_intended(text: str, intended: Collection[str]) -> bool:
    """Return whether the text is one word that the paper shows on purpose."""
    parts = marked_words(text)
    return len(parts) == 1 and any(form in intended for form in spellings(parts[0]))


def _field_values(seen: RecordView[Any], key: str) -> tuple[Value, ...]:
    """Return a field's value, or all its values if it is in conflict."""
    versions = seen.versions.get(key)
    if versions:
        return tuple(version.value for version in versions)
    value: Value = getattr(seen.record, key)
    return (value,)


def _field_texts(seen: RecordView[Any], key: str) -> Iterator[str]:
    """Yield the texts of a text field; codes and references are none."""
    kind = RECORD_TYPES[seen.row.type].fields[key].kind
    for value in _field_values(seen, key):
        if isinstance(kind, TextKind) and isinstance(value, str):
            yield value
        elif isinstance(kind, LocalizedTextKind) and isinstance(value, tuple):
            yield from (one.text for one in value if isinstance(one, Translation))


# --- the check of one paper

_TICKET_FIELDS = ("client.name_on_ticket", "traveller.name_on_ticket")
"""Names that a paper shows of its own travellers, and never of another client's."""
_MET_FIELDS = ("leg.met_by", "help_number.answered_by", "traveller.cared_by")
"""First names of who meets the client and who answers, which another client may share."""
_PLACE_FIELDS = ("leg.from_place", "leg.to_place", "leg.from_stop", "leg.to_stop")


_MOST_LOGGED = 50
"""Records of which the history says that a paper hit them, at most for one paper."""


def check_carried_paper(
    desk: Session, order: PaperRequest, what: Disclosed, pdf: bytes
) -> tuple[LeakFinding, ...]:
    """Return what the finished pages show and must not; an empty result does not mean "safe".

    Raise KfdeskError `user.not_allowed`, and nothing else, if it belongs to a record or field that
    the current user may not read. The history of that record then has the hit. Call outside a
    transaction.
    """
    papers, expected = desk.adapters.papers, _expected_content(desk, order, what)
    own = _own_content(desk, order, what, expected)
    secrets = SecretIndex.of(collect_secrets(desk, own))
    found = check_pages(papers.evidence(pdf), expected, secrets, papers.lists())
    _refuse_closed(desk, own, found)
    return found


def check_carried_titles(
    desk: Session, titles: Sequence[tuple[bytes, str]]
) -> Mapping[int, tuple[LeakFinding, ...]]:
    """Return what the titles of tasks must not say outside, by their place; free ones are left out.

    `titles` are tasks, each with a text that somebody carries, as on a calendar. Beside what no
    carried paper may show it may name no place. Raise KfdeskError `user.not_allowed` as
    `check_carried_paper` does. Call outside a transaction.
    """
    if not titles:
        return {}
    lists = desk.adapters.papers.lists()
    sources = tuple(SourceField(_TITLE_FIELD, None, text) for _, text in titles)
    pages = PageEvidence(tuple((text,) for _, text in titles))
    clients = frozenset(map(partial(_top_of, desk), (rid for rid, _ in titles)))
    nothing: frozenset[str] = frozenset()
    own = OwnContent(
        clients, frozenset({_TITLE_FIELD}), nothing, nothing, lists.places, nothing, nothing
    )
    secrets = SecretIndex.of(collect_secrets(desk, own))
    expected = ExpectedContent(sources, nothing, ())
    hits = check_pages(pages, expected, secrets, lists)
    _refuse_closed(desk, own, hits)
    places = frozenset(filter(_is_place_name, lists.places)) | _places_of(desk)
    found: dict[int, list[LeakFinding]] = {}
    for one in hits:
        found.setdefault(one.page - 1, []).append(one)
    for at, (_, text) in enumerate(titles):
        for words in _places_in(text, places):
            found.setdefault(at, []).append(LeakFinding("place", at + 1, words, _TITLE_FIELD))
    return {at: tuple(told) for at, told in found.items()}


_TITLE_FIELD = "task.neutral_title"
_PLACE_WORDS, _PLACE_LETTERS, _OWN_PLACE_LETTERS = 4, 4, 3
"""The most words of a place's name, and its fewest letters: a list has codes of airports."""


def _is_place_name(name: str) -> bool:
    return len(name) >= _PLACE_LETTERS


def _places_of(desk: Session) -> frozenset[str]:
    """Return the places that the records of this store name, normalized."""
    rows = (
        (name, row) for name in ("leg", "plan", "organisation") for row in desk.store.rows(name)
    )
    texts = (
        text
        for name, row in rows
        for key in ("from_place", "to_place", "from_stop", "to_stop", "city")
        if key in RECORD_TYPES[name].fields
        for text in _field_texts(view_any(row), key)
    )
    names = map(normalize_text, texts)
    return frozenset(name for name in names if len(name) >= _OWN_PLACE_LETTERS)


def _places_in(text: str, places: frozenset[str]) -> Iterator[str]:
    """Yield the places that a text names, in up to four words."""
    words = normalize_text(text).split()
    for begin in range(len(words)):
        for end in range(begin + 1, min(begin + _PLACE_WORDS, len(words)) + 1):
            name = " ".join(words[begin:end])
            if name in places:
                yield name


def _refuse_closed(desk: Session, own: OwnContent, found: Iterable[LeakFinding]) -> None:
    """Raise KfdeskError `user.not_allowed`, and log it, for a hit on what the user may not read."""
    closed = _closed_hits(desk, own, frozenset(one.secret for one in found) - {None})
    if closed:
        with desk.store.transaction():
            desk.log_all(Action.PAPER_HIT, closed)
        raise KfdeskError("user.not_allowed", right=Right.READ_ALL)


def _closed_hits(
    desk: Session, own: OwnContent, hit: Collection[Secret | None]
) -> list[tuple[bytes, tuple[str, ...]]]:
    """Return the records, each with its fields, of the secrets that the user may read nowhere."""
    if not hit or (desk.may(Right.READ_ALL) and desk.may(Right.SEE_SENSITIVE_ALL)):
        return []
    known: set[Secret] = set()
    closed: list[tuple[bytes, str, Secret]] = []
    for row, key, secret in _record_secrets(desk, own):
        if secret in hit and may_read(desk, row) and key not in hidden_keys(desk, row):
            known.add(secret)
        elif secret in hit:
            closed.append((row.rid, key, secret))
    fields: dict[bytes, set[str]] = {}
    for rid, key, secret in closed:
        if secret not in known:
            fields.setdefault(rid, set()).add(key)
    return [(rid, tuple(sorted(keys))) for rid, keys in fields.items()][:_MOST_LOGGED]


def _expected_content(desk: Session, order: PaperRequest, what: Disclosed) -> ExpectedContent:
    languages = tuple(filter(None, (order.language, order.beside)))
    places = _positions(desk, order)
    sources = tuple(one for given in what.rows for one in _sources(given, languages, places))
    phones = tuple(one.text for one in sources if one.field == "help_number.number")
    if PAPER_KINDS[order.paper].readers is not PaperReaders.CASE:
        phones = tuple(_public_values(desk, "phone", "number"))
    years = {str(moment.wall.year) for given in what.rows for moment in _moments(given)}
    return ExpectedContent(sources, desk.adapters.papers.catalogue(order) | years, phones)


def _own_content(
    desk: Session, order: PaperRequest, what: Disclosed, expected: ExpectedContent
) -> OwnContent:
    ticket, met, places = (
        [one.text for one in expected.sources if one.field in fields]
        for fields in (_TICKET_FIELDS, _MET_FIELDS, _PLACE_FIELDS)
    )
    phones = {digits_in_text(phone)[-PHONE_DIGITS:] for phone in expected.phones}
    clients = frozenset(_top_of(desk, given.rid) for given in what.rows)
    return OwnContent(
        clients,
        _printed_fields(order.paper).difference(_TICKET_FIELDS),
        intended_words(ticket),
        intended_words(met),
        desk.adapters.papers.lists().places | frozenset(map(normalize_text, places)),
        frozenset(phones),
        frozenset().union(
            *(_printed_fields(name) for name in PAPER_KINDS if PAPER_KINDS[name].is_carried)
        ),
        frozenset(_public_names(desk, order.paper)),
    )


def _public_names(desk: Session, paper: PaperName) -> Iterator[Secret]:
    """Yield the names of public organisations, for a paper of the book; ours is never one."""
    if PAPER_KINDS[paper].readers is not PaperReaders.CASE:
        own = frozenset(_organisation_secrets(desk.identity.name))
        for name in _public_values(desk, "organisation", "name"):
            yield from (one for one in _organisation_secrets(name) if one not in own)


def _public_values(desk: Session, record_type: str, key: str) -> Iterator[str]:
    """Yield a field of the entries that are public, or stand under one that is."""
    for row in desk.store.rows(record_type):
        head = row if record_type == "organisation" else desk.store.row(row.parent or b"")
        if head is None or is_deleted(row.state) or is_deleted(head.state):
            continue
        classes = _field_values(view_any(head), "confidentiality")
        if classes == ("public",):
            yield from _field_texts(view_any(row), key)


def _printed_fields(paper: PaperName) -> frozenset[str]:
    """Return the fields (`type.key`) that a paper prints."""
    keys = CONTENTS[paper]
    return frozenset(f"{name}.{key}" for name in keys for key in keys[name])


def _top_of(desk: Session, rid: bytes) -> bytes:
    """Return the id of the topmost record, such as a client, above a record."""
    row = desk.store.row(rid)
    while row is not None and row.parent is not None:
        row = desk.store.row(row.parent)
    return row.rid if row is not None else rid


def _positions(desk: Session, order: PaperRequest) -> Mapping[bytes, int]:
    """Return the position, from 1, of each leg and telephone of the plan."""
    if PAPER_KINDS[order.paper].subject != "plan":
        return {}
    case = load_case(desk, order.subject)
    return {
        seen.rid: place
        for name in ("leg", "help_number")
        for place, seen in enumerate(case.all_views(name), start=1)
    }


def _sources(
    given: DisclosedRow, languages: tuple[str, ...], places: Mapping[bytes, int]
) -> Iterator[SourceField]:
    record = view_any(given.row).record
    place = places.get(given.rid)
    for key in given.grants:
        value = getattr(record, key)
        field = f"{given.type}.{key}"
        if isinstance(value, str):
            yield SourceField(field, place, value)
        elif isinstance(value, tuple):
            translations = (one for one in value if isinstance(one, Translation))
            yield from (
                SourceField(field, place, w.text) for w in translations if w.language in languages
            )


def _moments(given: DisclosedRow) -> Iterator[ZonedTime]:
    record = view_any(given.row).record
    values = (getattr(record, key) for key in given.grants)
    return (value for value in values if isinstance(value, ZonedTime))
