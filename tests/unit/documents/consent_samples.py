# SPDX-License-Identifier: GPL-3.0-or-later
"""Invented consents for the consent form, disclosed to our own desk as it does it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tests.support import make
from tests.unit.documents.cabinet_samples import MADE, NAMES

from kfdesk.documents.consent_form import make_consent_form
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperFormat, PaperName, PaperRequest
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.papers import CONTENTS, ConsentFormFacts, PrintContext
from kfdesk.domain.values import Value


@dataclass(frozen=True)
class Asking:
    """A consent and what the form says beside it."""

    values: make.Values
    about: PrintContext

    def but(self, **values: Value) -> "Asking":
        """Return the same with other values."""
        return replace(self, values={**self.values, **values})

    def of(self, **party: Any) -> "Asking":
        """Return the same with another party."""
        return replace(self, about=replace(self.about, party=replace(self.about.party, **party)))


def reception() -> Asking:
    """Nina's consent to the partner's reception, in a third country, not given yet."""
    values: dict[str, Value] = {
        **make.FILLED["consent"],
        "groups": ("identity", "travel", "immediate_needs", "reintegration_plan"),
        "expires": date(2027, 2, 3), "given": None, "given_by": "client", "withheld": None,
        "interpreted_by": None, "guardian": None, "form": "written_signature",
    }  # fmt: skip
    party = ConsentFormFacts(country="RU", is_third_country=True)
    return Asking(values, PrintContext(MADE, "EB", 1, NAMES, (), party))


def blank() -> Asking:
    """Return a child's consent with only a recipient, a purpose and one data group."""
    values: dict[str, Value] = {
        "recipient": make.ESCORT.hex(), "purpose": "travel_escort", "groups": ("travel",),
    }  # fmt: skip
    return Asking(values, PrintContext(MADE, "EB", 1, NAMES, (), ConsentFormFacts(is_child=True)))


def drawn(
    press: Typesetter, asking: Asking, code: str = "ru", form: PaperFormat = PaperFormat.A4
) -> bytes:
    """Return the consent form as a PDF."""
    rows = (make.row("client"), make.row("consent", asking.values))
    what = make.disclosed(to=make.OWN_DESK, by=Channel.DESK_PAPER, rows=rows)
    what = what.only_keys(CONTENTS[PaperName.CONSENT_FORM])
    order = PaperRequest(PaperName.CONSENT_FORM, make.named_id("consent"), code, form)
    return make_consent_form(order, what, asking.about, press)
