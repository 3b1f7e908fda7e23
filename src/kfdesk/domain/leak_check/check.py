# SPDX-License-Identifier: GPL-3.0-or-later
"""The carry check: find what must not stand on a finished paper, and where it comes from.

It allows first: every word must come from a catalogue or from the paper's own fields,
every telephone number must be one of the paper's, and there may be only text and lines.
Then it searches the page itself for listed words and secrets. The fields only tell
where a finding comes from. A paper without findings is not "safe": it holds no listed
words.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as field_of

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.leak_check.secrets import (
    PHONE_DIGITS,
    Secret,
    SecretIndex,
    SecretKind,
    digits_in_text,
)
from kfdesk.domain.leak_check.spelling import (
    Token,
    normalize_text,
    normalize_word,
    tokenize,
    visible_text,
)
from kfdesk.domain.leak_check.wordlists import StemIndex, find_listed_words

PLACE_FIELDS = frozenset({"leg.from_place", "leg.to_place"})
STOP_FIELDS = frozenset({"leg.from_stop", "leg.to_stop"})
_NET = re.compile(
    r"\w@\w|www\.|://|\w\.(?:com|org|net|info|eu|se|ru|ua|by|ee|lv|lt|fi|pl|de|bg|ro|no|dk)\b"
)
_PHONE = re.compile(r"(?:\+|\b00|\(|\b)\d(?:[ \u00a0().\-/\u2013]{0,3}\d){6,}")
_YEAR = 4
_FREE_DIGITS = 2
"""Digits of a number that identifies nothing: an hour, a day, a count."""


@dataclass(frozen=True, slots=True)
class PageEvidence:
    """Findings of an independent reader in a finished PDF.

    `pages` has for each page its text in every possible reading order, the drawing order
    first. `strange` lists what is neither text nor a line, with its page from 1 (0 for the
    file): `picture`, `annotation`, `link`, `attachment`, `script`, `form`, `words`.
    """

    pages: tuple[tuple[str, ...], ...]
    strange: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SourceField:
    """One field that the paper shows: `type.key`, the number of its leg or call, and its text."""

    field: str
    number: int | None
    text: str


@dataclass(frozen=True, slots=True)
class ExpectedContent:
    """Content allowed on the paper: texts of its fields, catalogue texts, telephone numbers."""

    sources: tuple[SourceField, ...]
    catalogue: frozenset[str]
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReferenceLists:
    """The reference data of the check: listed words, place names and month names."""

    listed: StemIndex = field_of(default_factory=StemIndex)
    places: frozenset[str] = frozenset()
    months: Mapping[str, int] = field_of(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LeakFinding:
    """One finding: its code, its page, its words, and the field that it comes from.

    `field` is empty if it comes from no single field. `words` are for display only and are
    never logged. `secret` is what was hit, if it is a secret of this store.
    """

    code: str
    page: int
    words: str
    field: str = ""
    number: int | None = None
    secret: Secret | None = field_of(default=None, compare=False, repr=False)

    @property
    def fault(self) -> KfdeskError:
        """The same without its words, as an error to raise: `paper.carry_…`."""
        where = {"number": self.number} if self.number is not None else {}
        why = message_key(self)
        return KfdeskError(f"paper.carry_{why}", page=self.page, field=self.field, **where)

    @property
    def may_be_somebody_else(self) -> bool:
        """True if a second person may state that this is another person of the same name."""
        return self.code in (SecretKind.NAME, SecretKind.INITIALS)


@dataclass(frozen=True, slots=True)
class LeakOverride:
    """A second person's statement that names on one finished paper are other people's.

    `digest` is that of the paper: after any change the statement must be given again.
    """

    digest: bytes
    found: frozenset[LeakFinding]

    def covers(self, digest: bytes, found: LeakFinding) -> bool:
        """Return whether it covers this finding on this paper; it only ever covers names."""
        is_same = digest == self.digest and found in self.found
        return is_same and found.may_be_somebody_else


def message_key(found: LeakFinding) -> str:
    """Return the key of the message for a finding: its kind, or that it has no single field."""
    if not found.field and found.code not in ("unknown", "strange"):
        return "somewhere"
    return {
        SecretKind.SEALED: "sealed", SecretKind.NAME: "name", SecretKind.INITIALS: "name",
        SecretKind.NUMBER: "number", SecretKind.PHONE: "phone", SecretKind.DAY: "day",
        "word": "word", "net": "net", "unknown": "unknown", "strange": "strange",
    }[found.code]  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Hit:
    """A match in a text: its kind, its words, and a key that is equal on page and in field."""

    code: str
    words: str
    key: object
    secret: Secret | None = None


def check_pages(
    evidence: PageEvidence, expected: ExpectedContent, secrets: SecretIndex, lists: ReferenceLists
) -> tuple[LeakFinding, ...]:
    """Return what must not stand on the pages; each finding once per page and field."""
    checker = _Checker(expected, secrets, lists)
    found = [LeakFinding("strange", page, what) for page, what in evidence.strange]
    for number, page in enumerate(evidence.pages, start=1):
        found.extend(checker.page(number, page))
    return tuple(dict.fromkeys(found))


class _Checker:
    """The check of one paper; the matches in its fields are computed once."""

    def __init__(
        self, expected: ExpectedContent, secrets: SecretIndex, lists: ReferenceLists
    ) -> None:
        self._expected = expected
        self._secrets = secrets
        self._lists = lists
        self._phones = {digits_in_text(phone)[-PHONE_DIGITS:] for phone in expected.phones}
        self._catalogue = _word_set(expected.catalogue)
        texts = (source.text for source in expected.sources)
        self._known = self._catalogue | _word_set(texts)
        self._sources: dict[object, list[tuple[SourceField, str]]] = {}
        for source in expected.sources:
            first: dict[object, str] = {}
            for hit in self._hits(visible_text(source.text)):
                first.setdefault(hit.key, hit.words)
            for key, words in first.items():
                self._sources.setdefault(key, []).append((source, words))

    def page(self, number: int, page: Sequence[str]) -> Iterator[LeakFinding]:
        """Yield the findings on one page."""
        first = visible_text(page[0])
        yield from self._unknown(number, first)
        yield from self._foreign_phones(number, first)
        done: set[object] = set()
        for text in page:
            for hit in self._hits(visible_text(text)):
                if hit.key not in done:
                    done.add(hit.key)
                    yield from self._findings(number, hit)

    def _hits(self, text: str) -> Iterator[_Hit]:
        found = tokenize(text)
        for at in _NET.finditer(text.casefold()):
            yield _Hit("net", at.group(), ("net", at.group()))
        for words in find_listed_words(found, self._lists.listed):
            yield _Hit("word", words, "".join(normalize_word(words).split()))
        for hit in self._secrets.find(found, self._lists.months):
            yield _Hit(hit.secret.sort, hit.words, hit.secret, hit.secret)

    def _findings(self, page: int, hit: _Hit) -> Iterator[LeakFinding]:
        sources = self._sources.get(hit.key, [])
        if not sources:
            is_ours = {*normalize_text(hit.words).split()} <= self._catalogue
            if hit.secret is None or not is_ours:
                yield LeakFinding(hit.code, page, hit.words, secret=hit.secret)
        for source, words in sources:
            if not self._may_stand(hit, source, words):
                yield LeakFinding(hit.code, page, words, source.field, source.number, hit.secret)

    def _may_stand(self, hit: _Hit, source: SourceField, words: str) -> bool:
        if hit.secret is None:
            return source.field in PLACE_FIELDS and self._is_place(source.text)
        if source.field in hit.secret.passes:
            return True
        is_name = hit.secret.sort is SecretKind.NAME and source.field in PLACE_FIELDS | STOP_FIELDS
        return is_name and self._is_place(words)

    def _is_place(self, words: str) -> bool:
        return normalize_text(words) in self._lists.places

    def _unknown(self, page: int, text: str) -> Iterator[LeakFinding]:
        for token in tokenize(text):
            if not self._is_known(token):
                yield LeakFinding("unknown", page, token.raw)

    def _is_known(self, token: Token) -> bool:
        word = token.text
        if word in self._known or (word.isdigit() and len(word) <= _FREE_DIGITS):
            return True
        ways = range(1, len(word))
        return any(word[:at] in self._known and word[at:] in self._known for at in ways)

    def _foreign_phones(self, page: int, text: str) -> Iterator[LeakFinding]:
        for found in _PHONE.finditer(text):
            digits = digits_in_text(found.group())
            if digits[-PHONE_DIGITS:] in self._phones or _is_date_text(found.group()):
                continue
            told = [one for one in self._expected.sources if digits in digits_in_text(one.text)]
            for one in told or [SourceField("", None, "")]:
                yield LeakFinding(
                    SecretKind.PHONE, page, found.group().strip(), one.field, one.number
                )


def normalize_places(names: Iterable[str]) -> frozenset[str]:
    """Return place names in the normalized form that the check compares."""
    return frozenset(map(normalize_text, names))


def _word_set(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(token.text for text in texts for token in tokenize(visible_text(text)))


def _is_date_text(text: str) -> bool:
    """Return whether digits are a date or a range of dates: `12.12.2026`, `12 - 13 2026`."""
    sizes = [len(part) for part in re.findall(r"\d+", text)]
    return sizes.count(_YEAR) == 1 and {*sizes} <= {1, 2, _YEAR}
