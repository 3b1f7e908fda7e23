# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan's forms offer: whom its records can name, the languages wanted, the places.

The one place that knows which reference may name an organisation, a contact or a consent.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from kfdesk.domain.rows import View
from kfdesk.i18n.places import Places
from kfdesk.services.plans import PlanPage
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.kit import Kit

ORGANISATIONS = (
    "organisation",
    "receiver",
    "referring_organisation",
    "applied_by",
    "decided_by",
)
CONTACTS = ("escort", "meeter", "person")
BOTH = ("recipient",)
_HOME = "Europe/Stockholm"


def offers_of(kit: Kit, page: PlanPage, zone: str = _HOME) -> Offers:
    """The offers for forms on the page of a plan."""
    houses, people = page.choices.organisations, page.choices.contacts
    references: Mapping[str, Sequence[tuple[str, str]]] = {
        **dict.fromkeys(ORGANISATIONS, houses),
        **dict.fromkeys(CONTACTS, people),
        **dict.fromkeys(BOTH, (*houses, *people)),
        "consent": page.choices.consents,
        "child": [(one.rid.hex(), _called(one)) for one in _travellers(page)],
    }
    return Offers(
        references={key: list(options) for key, options in references.items()},
        languages=_wanted(page, kit.words.language.code),
        zone=zone,
        places=Places(kit.theme.resources / "places" / "places.tsv"),
    )


def _called(person: View[Any]) -> str:
    """The first name of somebody close to her; the client's code."""
    record = person.record
    called = getattr(record, "code", None) or record.given_name
    return called if isinstance(called, str) else "–"


def _travellers(page: PlanPage) -> Sequence[View[Any]]:
    return (page.client, *page.case.all_views("relationship"))


def _wanted(page: PlanPage, ours: str) -> tuple[str, ...]:
    """Our language and hers: what may leave is written in both."""
    spoken = page.client.record.languages
    hers = spoken[:1] if isinstance(spoken, tuple) else ()
    return tuple(dict.fromkeys((ours, *hers)))
