# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers by name, and how one is ordered.

Which fields a paper contains is written in `documents/contents.py`, for whom it is and what keeps
it back in `services/papers/`. Knows neither. A new paper is one name here.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum


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
    SUPPORT_PLAN = "support_plan"
    DISCLOSURE_LOG = "disclosure_log"


class Form(StrEnum):
    """In which size and shape a paper comes."""

    A4 = "a4"
    A6_FOLD = "a6_fold"
    LARGE = "large"
    A5 = "a5"
    A6 = "a6"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which organisations a list shows; what is empty lets all pass.

    `country` is its ISO 3166-1 code, `service` a code of SERVICES, `spoken` a language (ISO 639).
    """

    country: str = ""
    service: str = ""
    spoken: str = ""

    def lets(self, country: str, services: Collection[str], spoken: Collection[str]) -> bool:
        """Whether an organisation with these passes."""
        is_there = self.country in ("", country)
        is_able = not self.service or self.service in services
        return is_there and is_able and (not self.spoken or self.spoken in spoken)


@dataclass(frozen=True, slots=True)
class Order:
    """A paper that is wanted.

    `subject` is the id of the record that it is about: a plan, of a consent form the consent,
    empty for a list. `language` is the reader's (ISO 639-1), and `beside` a second one for a
    paper in two. `filter` says which entries stand on a list.
    """

    paper: PaperName
    subject: bytes
    language: str
    form: Form = Form.A4
    beside: str = ""
    filter: Filter = field(default_factory=Filter)
