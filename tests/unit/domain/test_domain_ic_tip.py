# SPDX-License-Identifier: GPL-3.0-or-later
"""A release as counts of SDG 16.2.2: sums of published cells, never finer than the release."""

import pytest

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.cells import Axis, CellKey, FigureTable
from kfdesk.domain.figures.ic_tip import TOTAL, DetectedCount, detected_counts
from kfdesk.domain.figures.release import SafeFigures


def table(axes: tuple[Axis, ...], *hidden: CellKey, **cells: int) -> FigureTable:
    found = {tuple(name.split("__")): count for name, count in cells.items()}
    return FigureTable(axes, found, 100, frozenset(hidden))


def counts(*tables: FigureTable) -> dict[tuple[str, str, str], int | None]:
    found = detected_counts(SafeFigures(100, tables))
    return {(one.sex, one.age, one.form): one.count for one in found}


def test_categories_are_those_of_the_classification() -> None:
    assert counts(table((("sex", 0),), women=60, men=28, other_sex=12)) == {
        (TOTAL, TOTAL, TOTAL): 100,
        ("female", TOTAL, TOTAL): 60,
        ("male", TOTAL, TOTAL): 28,
        ("other_or_unknown", TOTAL, TOTAL): 12,
    }
    assert counts(table((("age", 0),), age_0_8=11, age_9_17=12, age_24_26=77))[
        TOTAL, "children", TOTAL
    ] == 23  # fmt: skip
    assert counts(table((("age", 2),), minor=23, adult_or_unknown=77))[
        TOTAL, "adults_or_unknown", TOTAL
    ] == 77  # fmt: skip
    forms = table(
        (("exploitation", 0),), ForcedLabour=20, ChildLabour=15, Servitude=13, Surrogacy=12,
        ForcedBegging=14, several=15, unknown=11,
    )  # fmt: skip
    found = {key[2]: count for key, count in counts(forms).items()}
    assert found == {
        TOTAL: 100, "forced_labour": 35, "slavery_or_servitude": 13, "other_forms": 26,
        "mixed_forms": 15, "unknown": 11,
    }  # fmt: skip


def test_joined_categories_stay_joined() -> None:
    crossed = table(
        (("sex", 0), ("exploitation", 1)), women__sexual=40, women__other_kinds=20, men__labour=40,
    )  # fmt: skip
    assert counts(crossed) == {
        (TOTAL, TOTAL, TOTAL): 100,
        ("female", TOTAL, "sexual_exploitation"): 40,
        ("female", TOTAL, "other_forms"): 20,
        ("male", TOTAL, "forced_labour"): 40,
    }


def test_cell_with_a_part_left_out_is_left_out() -> None:
    ages = table((("age", 0),), ("age_9_17",), age_0_8=12, age_24_26=60)
    assert counts(ages)[TOTAL, "children", TOTAL] is None
    assert counts(ages)[TOTAL, "adults", TOTAL] == 60


def test_unknown_categories_of_a_newer_release_are_unknown() -> None:
    odd = table((("sex", 0), ("age", 1), ("exploitation", 0)), new__new__New=100)
    assert counts(odd)["other_or_unknown", "unknown", "unknown"] == 100


def test_fewer_than_k_and_other_tables_tell_nothing() -> None:
    assert detected_counts(SafeFigures(None)) == (DetectedCount(TOTAL, TOTAL, TOTAL, None),)
    assert detected_counts(SafeFigures(0)) == (DetectedCount(TOTAL, TOTAL, TOTAL, 0),)
    other = FigureTable((("citizenship", 0),), {("EE",): 100}, 100)
    with pytest.raises(KfdeskError) as refused:
        detected_counts(SafeFigures(100, (other,)))
    assert refused.value.code == "figures.ic_tip_variables"
    women = table((("sex", 0),), women=100)
    assert len(detected_counts(SafeFigures(100, (other, women)))) == 2
