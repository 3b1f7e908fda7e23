# SPDX-License-Identifier: GPL-3.0-or-later
"""The names of embassies and consulates, made of what they are, whose, and where.

A list of missions has codes of countries alone. `Afghanistan` would be the name of a country; an
entry of a directory is an embassy of it. Swedish puts the owner into the genitive, English some
countries behind an article, and the Russian sentence needs no case.
"""

from collections.abc import Mapping

from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language

MISSION_NAMES: Mapping[str, str] = {
    "embassy": N_("Embassy of {country} in {place}"),
    "consulate_general": N_("Consulate general of {country} in {place}"),
    "consulate": N_("Consulate of {country} in {place}"),
    "honorary_consulate": N_("Honorary consulate of {country} in {place}"),
    "nunciature": N_("Apostolic nunciature of {country} in {place}"),
    "office": N_("Representation of {country} in {place}"),
}
_WITH_ARTICLE = frozenset({"AE", "BS", "CD", "CF", "CG", "DO", "GB", "GM", "NL", "PH", "US"})


def mission_name(kind: str, sender: str, place: str, words: Language) -> str:
    """Return the name of a mission of the country `sender` (ISO 3166-1) in a place."""
    pattern = words.gettext(MISSION_NAMES.get(kind, MISSION_NAMES["office"]))
    return pattern.format(country=_owner(sender, words), place=place)


def _owner(code: str, words: Language) -> str:
    name = words.country(code)
    if words.code == "sv":
        return name + ("" if name[-1:] in "sxz" else ":s" if name.isupper() else "s")
    return f"the {name}" if words.code == "en" and code in _WITH_ARTICLE else name
