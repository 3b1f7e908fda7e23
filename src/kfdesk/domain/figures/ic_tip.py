# SPDX-License-Identifier: GPL-3.0-or-later
"""A release as counts of SDG indicator 16.2.2: detected victims by sex, age and form.

The International Classification Standard for Administrative Data on Trafficking in Persons (IC-TIP)
counts by these three. The tables below say which category of ours is which of theirs. Their words
follow article 3 of the Palermo Protocol; compare them with the newest codebook before a file goes
to a statistical office. Only published cells of a release are added up, so no count is finer than
the release, and what it left out is left out here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from kfdesk.domain.codes.htcds import TYPE_OF_EXPLOITATION
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.cells import FigureTable
from kfdesk.domain.figures.ladders import UNKNOWN, category_at
from kfdesk.domain.figures.release import SafeFigures

POPULATION = "new_clients"
"""The only group of a release that counts as detected in its period."""
TOTAL = "total"
VARIABLES = ("sex", "age", "exploitation")

_SEXES = {"women": "female", "men": "male", "other_sex": "other_or_unknown"}
_AGES = {
    "minor": "children", "adult": "adults", UNKNOWN: UNKNOWN,
    "adult_or_unknown": "adults_or_unknown",
}  # fmt: skip
_FORMS = {
    "SexualExploitation": "sexual_exploitation", "sexual": "sexual_exploitation",
    "ForcedLabour": "forced_labour", "ChildLabour": "forced_labour", "labour": "forced_labour",
    "Servitude": "slavery_or_servitude", "OrganRemoval": "organ_removal", "several": "mixed_forms",
    UNKNOWN: UNKNOWN, "other_kinds": "other_forms",
}  # fmt: skip
_MIXED_GROUP = "other_forms"


@dataclass(frozen=True, slots=True)
class DetectedCount:
    """Number of detected victims who have these three; `count` is None where it was left out."""

    sex: str
    age: str
    form: str
    count: int | None


def detected_counts(figures: SafeFigures) -> tuple[DetectedCount, ...]:
    """Return the counts of a release: all together, then each table by sex, age and form.

    Tables with another variable are left out. Of fewer than k clients no count is known. Raise
    KfdeskError `figures.ic_tip_variables` if no table has one of the three alone or together.
    """
    total = DetectedCount(TOTAL, TOTAL, TOTAL, figures.total)
    if figures.total is None:
        return (total,)
    tables = [one for one in figures.tables if set(one.variables) <= set(VARIABLES)]
    if not tables and figures.total:
        raise KfdeskError("figures.ic_tip_variables")
    found = [total]
    for table in tables:
        cells = _joined_cells(table)
        found += (DetectedCount(*key, cells[key]) for key in sorted(cells))
    return tuple(found)


def _joined_cells(table: FigureTable) -> Mapping[tuple[str, str, str], int | None]:
    """Return the cells of a table by the three; one that holds a cell left out is left out."""
    cells: dict[tuple[str, str, str], int | None] = {}
    for key, count in table.cells.items():
        place = _place(table, key)
        before = cells.get(place, 0)
        cells[place] = None if before is None else before + count
    return cells | {_place(table, key): None for key in table.hidden}


def _place(table: FigureTable, key: tuple[str, ...]) -> tuple[str, str, str]:
    named = dict(zip(table.variables, key, strict=True))
    levels = dict(table.axes)
    sex = _SEXES.get(named.get("sex", ""), "other_or_unknown") if "sex" in named else TOTAL
    age = _age(named["age"], levels["age"]) if "age" in named else TOTAL
    form = _form(named["exploitation"]) if "exploitation" in named else TOTAL
    return sex, age, form


def _age(band: str, level: int) -> str:
    majority = category_at("age", 1, band) if level == 0 else band
    return _AGES.get(majority, UNKNOWN)


def _form(kind: str) -> str:
    rest = _MIXED_GROUP if kind in TYPE_OF_EXPLOITATION else UNKNOWN
    return _FORMS.get(kind, rest)
