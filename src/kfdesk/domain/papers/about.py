# SPDX-License-Identifier: GPL-3.0-or-later
"""What a paper says that stands in no record: when, by whom, and what was worked out.

It carries no value of a record but names of those whom the records refer to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from kfdesk.domain.consents.standing import Reason
from kfdesk.domain.gates.gate import Gate


@dataclass(frozen=True, slots=True)
class Party:
    """What a consent form must know of whom it asks for and of who asks.

    `country` is that of the recipient (ISO 3166-1), empty where nobody knows. `is_third_country`
    says that our law does not hold there, `has_tool` that an agreement on record protects her.
    """

    country: str = ""
    is_third_country: bool = False
    has_tool: bool = False
    is_child: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """One time that something about a client left: when, to whom, what, for what, by which way.

    `to` is a name, empty where nobody knows; `is_hers` says that she herself was given it.
    """

    at: datetime
    to: str
    groups: tuple[str, ...]
    purposes: tuple[str, ...]
    channel: str
    is_hers: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What a paper says beside the fields of records; a carried one says nothing of it.

    `at` is when it is made (aware, the desk's zone), `by` the initials of who makes it, and
    `number` counts the copies of this paper of this subject. `names` has the name of an
    organisation or person by its id in hexadecimal digits, as references have it. `gates` are
    the conditions of the plan's next state, and `party` is for a consent form.
    `shut` says of each consent of the client, by its id, why it opens nothing; None if it stands.
    `void` are weighings of risks from before something happened. `given` is all that went out
    about her, for the disclosure log.
    """

    at: datetime
    by: str
    number: int
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    gates: tuple[Gate, ...] = ()
    party: Party = field(default_factory=Party)
    shut: Mapping[bytes, Reason | None] = field(default_factory=lambda: MappingProxyType({}))
    given: tuple[Given, ...] = ()
    void: frozenset[bytes] = frozenset()
