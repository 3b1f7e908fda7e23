# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening hours in a language: what stands in the short notation, told; other words as they are.

The notation is read in `domain/listing/hours.py`. Knows no record and no paper.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from kfdesk.domain.listing.hours import ALWAYS, Opening, openings
from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language

_MONDAY = date(2024, 1, 1)
_DAY_AND_NIGHT = N_("day and night")


def hours_text(text: str, language: Language) -> str:
    """`Mo-Fr 09:00-16:00` as `mån–fre 09:00–16:00`; what is no notation stands as it was typed."""
    if text.strip() == ALWAYS:
        return language.gettext(_DAY_AND_NIGHT)
    found = openings(text)
    return text if found is None else ", ".join(_told(found, language))


def _told(found: Sequence[Opening], language: Language) -> Iterator[str]:
    for one in found:
        days = [language.weekday(_MONDAY.replace(day=1 + day)) for day in (one.first, one.last)]
        named = days[0] if one.first == one.last else "–".join(days)
        yield f"{named} {one.opens}–{one.closes}"
