# SPDX-License-Identifier: GPL-3.0-or-later
"""What a step of a plan needs of the directory, and why an entry fits it.

The order of the aspects is the order of the list: what an organisation does comes before where it
is, and that before in which language; who fits by an earlier aspect stands above who does not.
Which services a step calls for stands here in one table. Pure: knows no index and no sentence.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from kfdesk.domain.letters.folding import fold, simple
from kfdesk.domain.listing.freshness import Freshness, fresh_since, freshness
from kfdesk.domain.listing.leads import Sought, code_word, word_leads
from kfdesk.domain.lists.directory_codes import SERVICES
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.organisation import Organisation
from kfdesk.domain.records.plan import Plan

_SERVICES: Mapping[str, tuple[str, ...]] = {
    "client": ("shelter", "safety", "basic_needs"),
    "referral": ("shelter", "safety", "legal", "health_physical", "health_mental"),
    "reception": ("reception_of_returnees", "shelter", "housing"),
    "risk_assessment": ("reception_of_returnees", "safety"),
    "legal_status": ("legal",),
    "leg": ("repatriation", "reception_of_returnees", "shelter"),
    "plan": ("reception_of_returnees", "repatriation", "shelter"),
    "travel_document": ("civil_documents",),
    "help_number": ("helpline",),
    "follow_up": ("reception_of_returnees", "social_network"),
    "check.fit_to_travel": ("health_physical",),
    "check.documents": ("civil_documents",),
    "check.transit_visa": ("civil_documents",),
    "check.reception": ("reception_of_returnees", "shelter", "housing"),
    "check.meeters": ("repatriation", "reception_of_returnees", "shelter"),
    "check.onward": ("repatriation", "reception_of_returnees"),
    "check.alarm_plan": ("helpline", "safety"),
    "check.money": ("economic", "basic_needs"),
    "check.medication": ("health_physical",),
    "check.luggage": ("basic_needs",),
    "check.hearings": ("legal",),
    "check.child": ("family",),
}
"""The services that help with a step: a record's type, or a point of the list before leaving."""

_HERE = frozenset({
    "client", "referral", "legal_status", "travel_document", "check.fit_to_travel",
    "check.documents", "check.transit_visa", "check.money", "check.medication", "check.luggage",
    "check.hearings",
})  # fmt: skip
"""Steps that are taken where she is now; the others are about where she goes."""

_ARRIVED = frozenset({"arrived", "reintegrating", "follow_up"})
_REFERRAL_STATES = frozenset({"DK", "EE", "FI", "DE", "IS", "LV", "LT", "NO", "PL", "SE"})
_BALTIC = frozenset({"EE", "LV", "LT", "FI", "PL", "RU", "DE"})
_SWEDISH = ("contact_network_se", "samverkan_stockholm", "civil_platform_se")
_POPULATIONS: Mapping[str, tuple[str, str]] = {
    "Feminine": ("women", "girls"), "TransgenderFeminine": ("lgbti", "lgbti"),
    "Masculine": ("men", "boys"), "TransgenderMasculine": ("lgbti", "lgbti"),
    "NonConforming": ("lgbti", "lgbti"),
}  # fmt: skip
_FEWEST = 3  # letters of a word that names a place
_KINDS_OF_PLACE = frozenset({
    "oblast", "region", "county", "lan", "city", "town", "kommun", "province", "district",
    "область", "краи", "раион", "город", "республика", "krai", "raion", "maakond", "novads",
})  # fmt: skip
"""In bare letters: words beside a name that say what kind of place it is."""
_CHILDREN = frozenset({"age_0_8", "age_9_17"})
_EXPLOITED: Mapping[str, str] = {
    "SexualExploitation": "sexual", "ForcedLabour": "labour", "ChildLabour": "labour",
    "Servitude": "labour", "ForcedBegging": "labour",
}  # fmt: skip


class Aspect(StrEnum):
    """By what an entry fits, the weightiest first."""

    SERVICES = "services"
    COUNTRY = "country"
    LANGUAGES = "languages"
    TOWN = "town"
    POPULATIONS = "populations"
    CHECKED = "checked"
    NETWORKS = "networks"


@dataclass(frozen=True, slots=True)
class Need:
    """What is wanted; what is empty does not matter."""

    services: tuple[str, ...] = ()
    country: str = ""
    languages: tuple[str, ...] = field(default=(), repr=False)
    towns: tuple[str, ...] = field(default=(), repr=False)
    populations: tuple[str, ...] = field(default=(), repr=False)

    @property
    def networks(self) -> tuple[str, ...]:
        """The networks that reach into the country."""
        if not self.country:
            return ()
        found = list(_SWEDISH) if self.country == "SE" else []
        found += ["angel_coalition"] if self.country == "RU" else []
        found += ["baltic_partners"] if self.country in _BALTIC else []
        found += ["cbss_trm"] if self.country in _REFERRAL_STATES else []
        return (*found, "global")


Reason = tuple[Aspect, tuple[str, ...]]
"""An aspect, and the codes of it that fit; for a town its name, for a check nothing."""


def need_of(step: str, plan: Plan, client: Client, part: object = None) -> Need:
    """What a step of a plan needs; `part` is the part of her life that an aim is about."""
    services = (part,) if isinstance(part, str) and part in SERVICES else _SERVICES.get(step, ())
    is_here = step in _HERE and plan.state not in _ARRIVED
    country = plan.from_country if is_here else plan.to_country
    place = plan.to_place if not is_here and isinstance(plan.to_place, tuple) else ()
    return Need(
        services=services,
        country=country if isinstance(country, str) else "",
        languages=client.languages if isinstance(client.languages, tuple) else (),
        towns=tuple(dict.fromkeys(_towns(wording.text for wording in place))),
        populations=tuple(dict.fromkeys(_populations(plan, client))),
    )


def has_help(step: str) -> bool:
    """Whether somebody of the directory can help with a step at all."""
    return step in _SERVICES


def only(need: Need) -> tuple[str, ...]:
    """One of these words an entry must have, in the index, to offer what is needed."""
    return tuple(code_word("services", code) for code in need.services)


def ranks(need: Need, today: date) -> tuple[Sought, ...]:
    """What is looked for by each aspect that matters, the weightiest first."""
    town = tuple(lead for word in fold(*need.towns) for lead in word_leads(word))
    found = (
        _one_of("services", need.services),
        _one_of("country", (need.country,) if need.country else ()),
        _one_of("languages", need.languages),
        Sought((town,)) if town else None,
        _one_of("populations", need.populations),
        Sought(since=fresh_since(today).isoformat()),
        _one_of("networks", need.networks),
    )
    return tuple(one for one in found if one is not None)


def reasons(entry: Organisation, need: Need, today: date) -> Iterator[Reason]:
    """Why an entry fits, in the order of the aspects."""
    said: Mapping[Aspect, tuple[str, ...]] = {
        Aspect.SERVICES: _shared(need.services, entry.services),
        Aspect.COUNTRY: (need.country,) if entry.country == need.country != "" else (),
        Aspect.LANGUAGES: _shared(need.languages, entry.languages),
        Aspect.TOWN: _town(entry, need.towns),
        Aspect.POPULATIONS: _shared(need.populations, entry.populations),
        Aspect.NETWORKS: _shared(need.networks, entry.networks),
    }
    for aspect in Aspect:
        if aspect is Aspect.CHECKED:
            if freshness(entry, today) is Freshness.FRESH:
                yield aspect, ()
        elif said[aspect]:
            yield aspect, said[aspect]


def narrowed(sought: Sought, need: Need, today: date) -> Sought:
    """What somebody looks for, of those who offer what is needed, who fits best first."""
    if not need.services:
        return replace(sought, ranks=ranks(need, today))
    words = (*sought.words, only(need))
    return replace(sought, words=words, ranks=ranks(replace(need, services=()), today))


def _populations(plan: Plan, client: Client) -> Iterator[str]:
    grown, young = _POPULATIONS.get(str(client.gender), ("", ""))
    group = young if client.age_band in _CHILDREN else grown
    if group:
        yield group
    if isinstance(client.number_of_children, int) and client.number_of_children > 0:
        yield "families"
    kinds = plan.type_of_exploitation
    for kind in kinds if isinstance(kinds, tuple) else ():
        if kind in _EXPLOITED:
            yield _EXPLOITED[kind]


def _one_of(key: str, codes: tuple[str, ...]) -> Sought | None:
    return Sought((tuple(code_word(key, code) for code in codes),)) if codes else None


def _shared(wanted: tuple[str, ...], held: object) -> tuple[str, ...]:
    return tuple(code for code in wanted if isinstance(held, tuple) and code in held)


def _towns(texts: Iterable[str]) -> Iterator[str]:
    """The words that name a place, without what kind of place it is."""
    for word in (word for text in texts for word in text.replace(",", " ").split()):
        if len(word) >= _FEWEST and simple(word).strip(".") not in _KINDS_OF_PLACE:
            yield word


def _town(entry: Organisation, towns: tuple[str, ...]) -> tuple[str, ...]:
    """The town of an entry that is one of these, in whatever letters; or that its name tells."""
    wanted = fold(*towns)
    for text in (entry.city, entry.name, entry.other_name):
        there = fold(text) if isinstance(text, str) else ()
        if any(one.begins_with(part) for one in there for part in wanted):
            return (str(entry.city) if isinstance(entry.city, str) else str(text),)
    return ()
