# SPDX-License-Identifier: GPL-3.0-or-later
"""What each paper brings together before `disclose()` is asked, and how the papers differ.

Values only: `kinds.py` has the table of them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from kfdesk.domain.consents.standing import Reason
from kfdesk.domain.desk.users import Right
from kfdesk.domain.disclosure import Channel, Recipient, Withheld
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.gates.gate import Gate
from kfdesk.domain.papers.about import Given, Party
from kfdesk.domain.papers.order import Form, Order
from kfdesk.domain.rows import Row
from kfdesk.services.desk import Desk


@dataclass(frozen=True, slots=True)
class Gathered:
    """The rows that a paper is made of, with their parents, and for whom it is.

    `holder` is the id by which the ledger knows who has the paper: the client's, a contact's, an
    organisation's, our own for one that stays. `names` and `gates` are what the paper says beside
    the records' fields. `left_out` was held back before the paper itself is asked about.
    """

    rows: tuple[Row, ...]
    consents: tuple[Row, ...]
    recipient: Recipient
    holder: bytes
    names: Mapping[str, str] = field(default_factory=dict)
    gates: tuple[Gate, ...] = ()
    party: Party = field(default_factory=Party)
    shut: Mapping[bytes, Reason | None] = field(default_factory=dict)
    given: tuple[Given, ...] = ()
    void: frozenset[bytes] = frozenset()
    left_out: tuple[Withheld, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """How one paper differs from the others.

    `subject` is the type of record that it is about, empty for a list. `obstacles` says what keeps
    it from being made now, the gravest first; `gather` may only be asked when there is none.
    """

    right: Right
    channel: Channel
    subject: str
    languages: tuple[str, ...]
    forms: tuple[Form, ...]
    obstacles: Callable[[Desk, Order], Iterator[KfdeskError]]
    gather: Callable[[Desk, Order], Gathered]
    is_bilingual: bool = False
    is_for_client: bool = False
    """Whether she reads it herself, so that it begins in a language of hers."""

    @property
    def is_carried(self) -> bool:
        """Whether somebody carries it over a border."""
        return self.channel is Channel.CARRIED
