# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of a finished carried paper: what stands on it that should not, and where from.

Allow first: every word must come from a catalogue or from the paper's own fields, every telephone
must be one of its own, and there may be text and lines only. Then listed words and secrets are
looked for in the page itself; the fields only say where a finding came from. What it finds
nothing in is not "safe": it holds no listed words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kfdesk.domain.carry.letters import Token, normal, plain, seen, tokens
from kfdesk.domain.carry.listed import Listed, find_listed
from kfdesk.domain.carry.secrets import PHONE, Secret, Secrets, Sort, digits_of
from kfdesk.domain.errors import KfdeskError

PLACES = frozenset({"leg.from_place", "leg.to_place"})
STOPS = frozenset({"leg.from_stop", "leg.to_stop"})
_NET = re.compile(
    r"\w@\w|www\.|://|\w\.(?:com|org|net|info|eu|se|ru|ua|by|ee|lv|lt|fi|pl|de|bg|ro|no|dk)\b"
)
_PHONE = re.compile(r"(?:\+|\b00|\(|\b)\d(?:[ \u00a0().\-/\u2013]{0,3}\d){6,}")
_YEAR = 4
_FREE_DIGITS = 2
"""Digits of a number that says nothing by itself: an hour, a day, a count."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What another reader has found in a finished PDF.

    `pages` has for each page its text in every order in which it can be read, the order of
    drawing first. `strange` are things that are neither text nor a line, with their page from 1
    (0 for the file): `picture`, `annotation`, `link`, `attachment`, `script`, `form`, `words`.
    """

    pages: tuple[tuple[str, ...], ...]
    strange: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One field that the paper shows: `type.key`, the number of its leg or call, its text."""

    field: str
    number: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Expected:
    """What may stand on the paper: its fields' texts, a catalogue's texts, its telephones."""

    sources: tuple[Source, ...]
    catalogue: frozenset[str]
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lists:
    """What the check knows of the world: listed words, places, names of months."""

    listed: Listed = field(default_factory=Listed)
    places: frozenset[str] = frozenset()
    months: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that must not be carried: what it is, its page, its words, the field it is in.

    `field` is empty where it comes from no single field. `words` are for eyes alone: never logged.
    """

    code: str
    page: int
    words: str
    field: str = ""
    number: int | None = None

    @property
    def fault(self) -> KfdeskError:
        """The same without its words, to be raised: `paper.carry_…`."""
        where = {"number": self.number} if self.number is not None else {}
        why = told_as(self)
        return KfdeskError(f"paper.carry_{why}", page=self.page, field=self.field, **where)

    @property
    def may_be_somebody_else(self) -> bool:
        """Whether a second person may say that this is somebody else of the same name."""
        return self.code in (Sort.NAME, Sort.INITIALS)


@dataclass(frozen=True, slots=True)
class Excuse:
    """A second person's word that names on one finished paper are somebody else's.

    `digest` is the paper's: after any change it has to be given anew.
    """

    digest: bytes
    found: frozenset[Found]

    def covers(self, digest: bytes, found: Found) -> bool:
        """Whether it is about this paper and this name; it never is about anything but names."""
        is_same = digest == self.digest and found in self.found
        return is_same and found.may_be_somebody_else


def told_as(found: Found) -> str:
    """By which sentence a finding is told: by its sort, or that it comes from no single field."""
    if not found.field and found.code not in ("unknown", "strange"):
        return "somewhere"
    return {
        "word": "word", Sort.SEALED: "sealed", Sort.NAME: "name", Sort.INITIALS: "name",
        Sort.NUMBER: "number", Sort.PHONE: "phone", Sort.DAY: "day", "net": "net",
        "unknown": "unknown", "strange": "strange",
    }[found.code]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Hit:
    """What was found in a text: its sort, its words, and what is the same in page and field."""

    code: str
    words: str
    key: object
    secret: Secret | None = None


def check_pages(
    evidence: Evidence, expected: Expected, secrets: Secrets, lists: Lists
) -> tuple[Found, ...]:
    """What stands on the pages and must not be carried; each thing once a page and field."""
    checker = _Checker(expected, secrets, lists)
    found = [Found("strange", page, what) for page, what in evidence.strange]
    for number, page in enumerate(evidence.pages, start=1):
        found.extend(checker.page(number, page))
    return tuple(dict.fromkeys(found))


class _Checker:
    """One paper's check; what its fields hold is worked out once."""

    def __init__(self, expected: Expected, secrets: Secrets, lists: Lists) -> None:
        self._expected = expected
        self._secrets = secrets
        self._lists = lists
        self._phones = {digits_of(phone)[-PHONE:] for phone in expected.phones}
        self._catalogue = _known(expected.catalogue)
        texts = (source.text for source in expected.sources)
        self._known = self._catalogue | _known(texts)
        self._sources: dict[object, list[tuple[Source, str]]] = {}
        for source in expected.sources:
            first: dict[object, str] = {}
            for hit in self._hits(seen(source.text)):
                first.setdefault(hit.key, hit.words)
            for key, words in first.items():
                self._sources.setdefault(key, []).append((source, words))

    def page(self, number: int, page: Sequence[str]) -> Iterator[Found]:
        """What is wrong with one page."""
        first = seen(page[0])
        yield from self._unknown(number, first)
        yield from self._foreign_phones(number, first)
        done: set[object] = set()
        for text in page:
            for hit in self._hits(seen(text)):
                if hit.key not in done:
                    done.add(hit.key)
                    yield from self._told(number, hit)

    def _hits(self, text: str) -> Iterator[_Hit]:
        found = tokens(text)
        for at in _NET.finditer(text.casefold()):
            yield _Hit("net", at.group(), ("net", at.group()))
        for words in find_listed(found, self._lists.listed):
            yield _Hit("word", words, "".join(normal(words).split()))
        for hit in self._secrets.find(found, self._lists.months):
            yield _Hit(hit.secret.sort, hit.words, hit.secret, hit.secret)

    def _told(self, page: int, hit: _Hit) -> Iterator[Found]:
        sources = self._sources.get(hit.key, [])
        if not sources:
            is_ours = {*plain(hit.words).split()} <= self._catalogue
            if hit.secret is None or not is_ours:
                yield Found(hit.code, page, hit.words)
        for source, words in sources:
            if not self._may_stand(hit, source, words):
                yield Found(hit.code, page, words, source.field, source.number)

    def _may_stand(self, hit: _Hit, source: Source, words: str) -> bool:
        if hit.secret is None:
            return source.field in PLACES and self._is_place(source.text)
        if source.field in hit.secret.passes:
            return True
        is_name = hit.secret.sort is Sort.NAME and source.field in PLACES | STOPS
        return is_name and self._is_place(words)

    def _is_place(self, words: str) -> bool:
        return plain(words) in self._lists.places

    def _unknown(self, page: int, text: str) -> Iterator[Found]:
        for token in tokens(text):
            if not self._is_known(token):
                yield Found("unknown", page, token.raw)

    def _is_known(self, token: Token) -> bool:
        word = token.text
        if word in self._known or (word.isdigit() and len(word) <= _FREE_DIGITS):
            return True
        ways = range(1, len(word))
        return any(word[:at] in self._known and word[at:] in self._known for at in ways)

    def _foreign_phones(self, page: int, text: str) -> Iterator[Found]:
        for found in _PHONE.finditer(text):
            digits = digits_of(found.group())
            if digits[-PHONE:] in self._phones or _is_days(found.group()):
                continue
            told = [one for one in self._expected.sources if digits in digits_of(one.text)]
            for one in told or [Source("", None, "")]:
                yield Found(Sort.PHONE, page, found.group().strip(), one.field, one.number)


def place_names(names: Iterable[str]) -> frozenset[str]:
    """Names of places as the check compares them."""
    return frozenset(map(plain, names))


def _known(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(token.text for text in texts for token in tokens(seen(text)))


def _is_days(text: str) -> bool:
    """Whether digits are a day or a span of days: `12.12.2026`, `12 - 13 2026`."""
    sizes = [len(part) for part in re.findall(r"\d+", text)]
    return sizes.count(_YEAR) == 1 and {*sizes} <= {1, 2, _YEAR}
