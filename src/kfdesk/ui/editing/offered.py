# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan's forms offer: whom its records can name, the languages wanted, the places.

The one place that knows which reference may name an organisation, a contact or a consent.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from kfdesk.domain.rows import View
from kfdesk.i18n.language import Language
from kfdesk.i18n.places import Places
from kfdesk.services.desk import Desk
from kfdesk.services.finding.seek import Asked, read_page, seek
from kfdesk.services.plans import PlanPage
from kfdesk.ui.form.offers import Offers
from kfdesk.ui.form.parts.pick import Rows, Seeker
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
_MOST = 20


def offers_of(kit: Kit, page: PlanPage, desk: Desk, zone: str = _HOME) -> Offers:
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
        seekers={} if page.choices.is_whole else _seekers(kit, desk),
    )


def seeker_of(kit: Kit, desk: Desk, *types: str) -> Seeker:
    """What finds entries of these types by typing, on the worker."""

    def seeker(typed: str, done: Callable[[Rows], None]) -> None:
        language = kit.words.language
        kit.work.run(lambda: list(_named(desk, typed, language, types)), done)

    return seeker


def _seekers(kit: Kit, desk: Desk) -> Mapping[str, Seeker]:
    return {
        **dict.fromkeys(ORGANISATIONS, seeker_of(kit, desk, "organisation")),
        **dict.fromkeys(CONTACTS, seeker_of(kit, desk, "contact")),
        **dict.fromkeys(BOTH, seeker_of(kit, desk, "organisation", "contact")),
    }


def _named(
    desk: Desk, typed: str, language: Language, types: Sequence[str]
) -> Iterator[tuple[str, str]]:
    for kind in types:
        found = seek(desk, Asked(typed, (("type", kind),)), language, _MOST)
        yield from ((one.rid.hex(), one.name) for one in read_page(desk, found.ids) if one.name)


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
