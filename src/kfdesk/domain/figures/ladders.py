# SPDX-License-Identifier: GPL-3.0-or-later
"""Ladders: along which steps the categories of a variable are joined, until groups are large.

Each variable has fixed steps from fine to coarse; on the last step it is left out. So a reader
can see from a table alone what was joined, and no choice of ours tells anything about a client.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from kfdesk.domain.codes.case import CLOSURE_REASON
from kfdesk.domain.codes.figures import FIGURE_VARIABLES
from kfdesk.domain.codes.htcds import TYPE_OF_EXPLOITATION
from kfdesk.domain.codes.world import COUNTRIES

ClientValues = tuple[str, ...]
"""The finest categories of a client, one for each variable in the order of FIGURE_VARIABLES."""

VARIABLES: tuple[str, ...] = tuple(FIGURE_VARIABLES)
SENSITIVE_VARIABLES = frozenset({"exploitation"})
"""Variables of level S3: nobody may learn one category of theirs for certain (l-diversity)."""

UNKNOWN = "unknown"
_CATEGORY = re.compile(r"[A-Za-z0-9_]{1,60}", re.ASCII)
_EU_LIST = """
AT AX BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK
"""
_OTHER_EUROPE_LIST = """
AD AL BA BY CH FO GB GG GI IM IS JE LI MC MD ME MK NO RS RU SJ SM UA VA
"""
_EU = frozenset(_EU_LIST.split())
_OTHER_EUROPE = frozenset(_OTHER_EUROPE_LIST.split())
_NORDIC = frozenset({"AX", "DK", "FI", "FO", "GL", "IS", "NO", "SE", "SJ"})
_BALTIC = frozenset({"EE", "LT", "LV"})
_MINORS = frozenset({"age_0_8", "age_9_17"})
_AGE_BANDS = (
    (8, "age_0_8"), (17, "age_9_17"), (20, "age_18_20"), (23, "age_21_23"), (26, "age_24_26"),
    (29, "age_27_29"), (38, "age_30_38"), (47, "age_39_47"), (150, "age_48_up"),
)  # fmt: skip
"""The bands of the Counter-Trafficking Data Collaborative, by their last year of age."""


def _bloc(country: str) -> str:
    if country in _EU:
        return "eu"
    return "other_europe" if country in _OTHER_EUROPE else "elsewhere"


def _region_of_return(country: str) -> str:
    if country in _NORDIC:
        return "nordic"
    if country in _BALTIC:
        return "baltic"
    return {"eu": "rest_of_eu"}.get(_bloc(country), _bloc(country))


def _continent(region: str) -> str:
    return region if region == "elsewhere" else "europe"


def _majority(band: str) -> str:
    return band if band == UNKNOWN else "minor" if band in _MINORS else "adult"


def _exploitation_group(kind: str) -> str:
    return {"SexualExploitation": "sexual", "ForcedLabour": "labour"}.get(kind, "other_kinds")


def _end_group(reason: str) -> str:
    if reason in ("goals_met", "programme_ended"):
        return "reached"
    is_moved = reason in ("transferred_to_partner", "transferred_to_authority")
    return "handed_over" if is_moved else "other_end"


_AGES = [band for _, band in _AGE_BANDS] + [UNKNOWN]
_STEPS: Mapping[str, Sequence[Mapping[str, str]]] = {
    "sex": (),
    "age": (
        {band: _majority(band) for band in _AGES},
        {band: "minor" if band in _MINORS else "adult_or_unknown" for band in _AGES},
    ),
    "citizenship": ({code: _bloc(code) for code in COUNTRIES},),
    "exploitation": (
        {kind: _exploitation_group(kind) for kind in (*TYPE_OF_EXPLOITATION, "several", UNKNOWN)},
    ),
    "to_country": (
        {code: _region_of_return(code) for code in COUNTRIES},
        {code: _continent(_region_of_return(code)) for code in COUNTRIES},
    ),
    "ended_by": ({reason: _end_group(reason) for reason in ("goals_met", "programme_ended",
                  "transferred_to_partner", "transferred_to_authority")},),
}  # fmt: skip
"""For each variable the categories on each step above the finest, by the finest category."""

_REST: Mapping[str, str] = {
    "citizenship": "elsewhere", "to_country": "elsewhere", "exploitation": "other_kinds",
    "ended_by": "other_end",
}  # fmt: skip
"""The category, by variable, for those that a step does not name."""


_FINEST: Mapping[str, Sequence[str]] = {
    "sex": ("women", "men", "other_sex"),
    "age": _AGES,
    "citizenship": (*COUNTRIES, UNKNOWN),
    "exploitation": (*TYPE_OF_EXPLOITATION, "several", UNKNOWN),
    "to_country": (*COUNTRIES, UNKNOWN),
    "ended_by": (*CLOSURE_REASON, UNKNOWN),
}


def is_category(text: str) -> bool:
    """Return whether a text has the form of a category, also of one that a newer program counts."""
    return _CATEGORY.fullmatch(text) is not None


def finest_categories(variable: str) -> tuple[str, ...]:
    """Return all categories on the finest step that this program knows, in order."""
    return tuple(sorted(_FINEST[variable]))


def top_level(variable: str) -> int:
    """Return the step on which a variable is left out; the finest is 0."""
    return len(_STEPS[variable]) + 1


def category_at(variable: str, level: int, finest: str) -> str:
    """Return the category on a step that a finest category belongs to; "" on the last step."""
    if level == 0:
        return finest
    if level >= top_level(variable):
        return ""
    step = _STEPS[variable][level - 1]
    return step.get(finest, _REST.get(variable, UNKNOWN))


def coarser_category(variable: str, level: int, to: int, category: str) -> str:
    """Return the category on step `to` that holds a category of the finer step `level`."""
    if level in (0, to) or to >= top_level(variable):
        return category if level == to else category_at(variable, to, category)
    fine, coarse = _STEPS[variable][level - 1], _STEPS[variable][to - 1]
    held = {fine[code]: coarse[code] for code in fine}
    return held.get(category, _REST.get(variable, UNKNOWN))


# --- the finest categories of a client


def sex_of(gender: object) -> str:
    """Return the finest category for a gender of the case data standard."""
    known = {"Feminine": "women", "Masculine": "men"}
    return known.get(gender, "other_sex") if isinstance(gender, str) else "other_sex"


def age_of(born: object, band: object, on: date | None) -> str:
    """Return the age band on a day: from the date of birth, else the band that was noted.

    A birth date after the day, or of somebody older than 150 years, is not known.
    """
    if isinstance(born, date) and on is not None:
        years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        if years >= 0:
            return next((name for last, name in _AGE_BANDS if years <= last), UNKNOWN)
        return UNKNOWN
    return band if isinstance(band, str) and band in _AGES else UNKNOWN


def one_of_several(codes: object) -> str:
    """Return the only code of a set, "several" for more, and that it is not known for none."""
    if not isinstance(codes, Iterable) or isinstance(codes, str):
        return UNKNOWN
    found = sorted(map(str, codes))
    return UNKNOWN if not found else code_of(found[0]) if len(found) == 1 else "several"


def country_of(value: object) -> str:
    """Return a country that is known; of several, and of none, that it is not known."""
    if isinstance(value, tuple):
        value = value[0] if len(value) == 1 else None
    return value if isinstance(value, str) and value in COUNTRIES else UNKNOWN


def code_of(value: object) -> str:
    """Return a code as it is, and that it is not known for anything else, also for a text."""
    return value if isinstance(value, str) and is_category(value) else UNKNOWN
