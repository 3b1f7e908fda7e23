# SPDX-License-Identifier: GPL-3.0-or-later
"""The inputs of a paper: the records that it is made of, read once and decided once.

It draws nothing and knows no page of the window.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.consent import Recipient, WithheldReason
from kfdesk.domain.disclosure import Channel, Withheld
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.kinds import ReferenceKind
from kfdesk.domain.names import strip_marks
from kfdesk.domain.papers import CONTENTS, ConsentFormFacts, PastDisclosure, StepStanding
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.rows import Row, column_values, view_any
from kfdesk.domain.values import Translation
from kfdesk.domain.workflow.gates import Gate
from kfdesk.services.core.session import Session
from kfdesk.services.plans.plans import Case, name_of


@dataclass(frozen=True, slots=True)
class PaperInputs:
    """The rows of a paper with their parents, and its recipient.

    `holder` is the id by which the ledger knows who has the paper: the client's, a contact's,
    an organisation's, or ours if it stays here. `names` and `gates` are what the paper shows
    besides the records' fields. `left_out` was withheld before the paper itself is disclosed.
    """

    rows: tuple[Row, ...]
    consents: tuple[Row, ...]
    recipient: Recipient
    holder: bytes
    names: Mapping[str, str] = field(default_factory=dict)
    gates: tuple[Gate, ...] = ()
    party: ConsentFormFacts = field(default_factory=ConsentFormFacts)
    shut: Mapping[bytes, WithheldReason | None] = field(default_factory=dict)
    given: tuple[PastDisclosure, ...] = ()
    void: frozenset[bytes] = frozenset()
    left_out: tuple[Withheld, ...] = ()
    standings: Mapping[bytes, StepStanding] = field(default_factory=dict)


def no_warnings(_desk: Session, _order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield nothing."""
    return iter(())


@dataclass(frozen=True, slots=True)
class PaperKind:
    """How one paper differs from the others.

    `subject` is the record type that it is about, empty for a list. `obstacles` yields what
    prevents it now, the most serious first. Call `gather` only if there is none.
    """

    right: Right
    channel: Channel
    subject: str
    languages: tuple[str, ...]
    forms: tuple[PaperFormat, ...]
    obstacles: Callable[[Session, PaperRequest], Iterator[KfdeskError]]
    gather: Callable[[Session, PaperRequest], PaperInputs]
    is_bilingual: bool = False
    is_for_client: bool = False
    """Whether the client reads it, so that the client's own language is offered first."""
    warnings: Callable[[Session, PaperRequest], Iterator[KfdeskError]] = no_warnings
    """Yields what should be known before it is printed, but does not prevent it."""

    @property
    def is_carried(self) -> bool:
        """True if somebody carries it over a border."""
        return self.channel is Channel.CARRIED


# --- what several papers need

_NON_LETTERS = re.compile(r"[\W_]+")


def code_word_fields(case: Case, paper: PaperName) -> tuple[str, ...]:
    """Return the fields (`type.key`) of a paper that contain the code word, each once."""
    secret = {
        _padded_words(text) for text in _texts_of_row(case.plan, frozenset({"code_word"}))
    } - {""}
    return tuple(dict.fromkeys(_fields_with(secret, case, CONTENTS[paper])))


def referenced_names(desk: Session, rows: tuple[Row, ...]) -> Mapping[str, str]:
    """Return the names of the records that these refer to, by reference."""
    wanted = {
        str(wire)
        for row in rows
        for key, wire in column_values(row)[0].items()
        if wire is not None and isinstance(RECORD_TYPES[row.type].fields[key].kind, ReferenceKind)
    } | {
        str(version.value)
        for row in rows
        for key, versions in view_any(row).versions.items()
        if isinstance(RECORD_TYPES[row.type].fields[key].kind, ReferenceKind)
        for version in versions
    }
    return {reference: name for reference in wanted if (name := name_of(desk, reference))}


def _fields_with(secret: set[str], case: Case, keys: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for seen in case.present:
        kind = seen.row.type
        for key in sorted(keys.get(kind, frozenset())):
            texts = [_padded_words(text) for text in _texts_of_row(seen.row, frozenset({key}))]
            if any(word in text for word in secret for text in texts):
                yield f"{kind}.{key}"


def _texts_of_row(row: Row, keys: frozenset[str]) -> Iterator[str]:
    """Yield the texts of fields, for a field in conflict all of them."""
    seen = view_any(row)
    for key in keys:
        values = [getattr(seen.record, key), *(v.value for v in seen.versions.get(key, ()))]
        for value in values:
            if isinstance(value, str):
                yield value
            elif isinstance(value, tuple):
                yield from (word.text for word in value if isinstance(word, Translation))


def _padded_words(text: str) -> str:
    """Return the words of a text without capitals and punctuation, each between two spaces."""
    words = _NON_LETTERS.sub(" ", strip_marks(text)).split()
    return f" {' '.join(words)} " if words else ""
