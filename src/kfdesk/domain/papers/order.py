# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers by name, how one is ordered, and what it says that stands in no record.

Which fields a paper contains is written in `documents/contents.py`, for whom it is and what keeps
it back in `services/papers/`. Knows neither. A new paper is one name here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from kfdesk.domain.gates.gate import Gate


class PaperName(StrEnum):
    """The papers. Appended to, never renamed: the ledger and the command line know them so."""

    TRAVELLERS_SHEET = "travellers_sheet"
    ESCORTS_SHEET = "escorts_sheet"
    DUTY_SHEET = "duty_sheet"
    FILE_COPY = "file_copy"
    CONSENT_FORM = "consent_form"
    HANDOVER_RECEIPT = "handover_receipt"
    CONTACT_LIST = "contact_list"
    CONTACT_CARD = "contact_card"


class Form(StrEnum):
    """In which size and shape a paper comes."""

    A4 = "a4"
    A6_FOLD = "a6_fold"
    LARGE = "large"


@dataclass(frozen=True, slots=True)
class Order:
    """A paper that is wanted.

    `subject` is the id of the record that it is about: a plan, of a consent form the consent,
    empty for a list. `language` is the reader's (ISO 639-1), and `beside` a second one for a
    paper in two. `only` are the entries of a list, in the order in which it shows them.
    """

    paper: PaperName
    subject: bytes
    language: str
    form: Form = Form.A4
    beside: str = ""
    only: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What a paper says beside the fields of records; a carried one says nothing of it.

    `at` is when it is made (aware, the desk's zone), `by` the initials of who makes it, and
    `number` counts the copies of this paper of this subject. `names` has the name of an
    organisation or person by its id in hexadecimal digits, as references have it. `gates` are
    the conditions of the plan's next state.
    """

    at: datetime
    by: str
    number: int
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    gates: tuple[Gate, ...] = ()
