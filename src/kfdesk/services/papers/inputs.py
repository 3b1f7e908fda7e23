# SPDX-License-Identifier: GPL-3.0-or-later
"""The inputs of a paper: the records that it is made of, read once and decided once.

It draws nothing and knows no page of the window.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kfdesk.domain.accounts import Right
from kfdesk.domain.calendar import CalendarItem
from kfdesk.domain.codes.core import PaperFormat, PaperRequest
from kfdesk.domain.consent import Recipient, WithheldReason
from kfdesk.domain.disclosure import Channel, Withheld
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers import (
    ConsentFormFacts,
    LetterFacts,
    PaperKeys,
    PastDisclosure,
    ReportLine,
    StepStanding,
)
from kfdesk.domain.rows import Row
from kfdesk.domain.workflow.gates import Gate
from kfdesk.services.core.session import Session


@dataclass(frozen=True, slots=True)
class PaperInputs:
    """The rows of a paper with their parents, and its recipient.

    `holder` is the id by which the ledger knows who has the paper: the client's, a contact's,
    an organisation's, or ours if it stays here. `names` and `gates` are what the paper shows
    besides the records' fields. `left_out` was withheld before the paper itself is disclosed.
    `keys` are what the paper may contain, if not the same for all papers of its kind. `hers` are
    the languages of the client who signs it. `listed` are the records that news are about. `week`
    are the calendar's items for a week sheet.
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
    keys: PaperKeys | None = None
    letter: LetterFacts = field(default_factory=LetterFacts)
    standings: Mapping[bytes, StepStanding] = field(default_factory=dict)
    hers: tuple[str, ...] = ()
    listed: frozenset[bytes] = frozenset()
    week: tuple[CalendarItem, ...] = ()
    is_for_clients: bool = False
    """True if clients may carry it, so that its finished pages are checked."""
    report_lines: tuple[ReportLine, ...] = ()
    has_children: bool = False
    """True if a traveller counts as a child, as far as this desk knows."""


def no_warnings(_desk: Session, _order: PaperRequest) -> Iterator[KfdeskError]:
    """Yield nothing."""
    return iter(())


class PaperReaders(StrEnum):
    """The class of a paper: who reads it."""

    CASE = "case"
    """Those who are concerned by a case; its channel says which fields it may have."""
    DESK = "desk"
    """The people of this desk: about no client, drafts are marked."""
    PUBLIC = "public"
    """Anybody: what is public and adopted."""
    CLIENT = "client"
    """Clients, who may carry it: the same, and its finished page is checked."""


@dataclass(frozen=True, slots=True)
class PaperKind:
    """Differences of one paper from the others.

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
    is_filtered: bool = False
    """True if it is a list of organisations, of which some can be selected."""
    is_for_client: bool = False
    """True if the client reads it, so that the client's own language is offered first."""
    warnings: Callable[[Session, PaperRequest], Iterator[KfdeskError]] = no_warnings
    """Yields what should be known before it is printed, but does not prevent it."""
    readers: PaperReaders = PaperReaders.CASE
    may_be_whole: bool = False
    """True if it may also be about everything: then the request names no subject."""

    @property
    def is_carried(self) -> bool:
        """True if somebody carries it over a border."""
        return self.channel is Channel.CARRIED

    @property
    def is_checked(self) -> bool:
        """True if its finished pages are searched for what must not be carried."""
        return self.is_carried or self.readers is PaperReaders.CLIENT
