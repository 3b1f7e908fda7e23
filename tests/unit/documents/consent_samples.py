# SPDX-License-Identifier: GPL-3.0-or-later
"""Invented consents for the consent form, disclosed to our own desk as it does it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tests import make
from tests.unit.documents.cabinet_samples import MADE, NAMES

from kfdesk.documents.consent_form.made import make_consent_form
from kfdesk.documents.press import Press
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.papers.about import About, Party
from kfdesk.domain.papers.contents import CONTENTS
from kfdesk.domain.papers.order import Form, Order, PaperName
from kfdesk.domain.values import Value


@dataclass(frozen=True)
class Asking:
    """A consent and what the form says beside it."""

    values: make.Values
    about: About

    def but(self, **values: Value) -> "Asking":
        """The same with other values."""
        return replace(self, values={**self.values, **values})

    def of(self, **party: Any) -> "Asking":
        """The same with another party."""
        return replace(self, about=replace(self.about, party=replace(self.about.party, **party)))


def reception() -> Asking:
    """Nina's consent to the partner's reception, in a third country, not given yet."""
    values: dict[str, Value] = {
        **make.FILLED["consent"],
        "groups": ("identity", "travel", "immediate_needs", "reintegration_plan"),
        "expires": date(2027, 2, 3), "given": None, "given_by": "client", "withheld": None,
        "interpreted_by": None, "guardian": None, "form": "written_signature",
    }  # fmt: skip
    party = Party(country="RU", is_third_country=True)
    return Asking(values, About(MADE, "EB", 1, NAMES, (), party))


def blank() -> Asking:
    """A consent of which only recipient, purpose and one group were chosen; for a child."""
    values: dict[str, Value] = {
        "recipient": make.ESCORT.hex(), "purpose": "travel_escort", "groups": ("travel",),
    }  # fmt: skip
    return Asking(values, About(MADE, "EB", 1, NAMES, (), Party(is_child=True)))


def drawn(press: Press, asking: Asking, code: str = "ru", form: Form = Form.A4) -> bytes:
    """The form of a consent."""
    rows = (make.row("client"), make.row("consent", asking.values))
    what = make.disclosed(to=make.OWN_DESK, by=Channel.DESK_PAPER, rows=rows)
    what = what.only(CONTENTS[PaperName.CONSENT_FORM])
    order = Order(PaperName.CONSENT_FORM, make.named_id("consent"), code, form)
    return make_consent_form(order, what, asking.about, press)
