# SPDX-License-Identifier: GPL-3.0-or-later
"""The attack: linear programming recovers no small group of any world, and planted ones it does.

The solver in `tests/support/linear_bounds.py` is exact and shares nothing with the program.
"""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from tests.support.figure_worlds import (
    KnownTable,
    attack_world,
    draw_request,
    make_world,
    recover_cells,
)
from tests.support.linear_bounds import CellSystem

from kfdesk.domain.figures.attack import (
    FindingKind,
    ReleasedFigures,
    are_related,
    attack_release,
    shuttle_bounds,
)
from kfdesk.domain.figures.cells import FigureTable, count_cells
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.figures.release import judge_release

WORLDS = 200


def release(
    *tables: FigureTable, number: int = 1, period: str = "2025", population: str = "new_clients"
) -> ReleasedFigures:
    total = tables[0].total
    return ReleasedFigures(number, population, FigurePeriod.parse(period), total, tables, 11)


def table(variable: str, total: int = 0, hidden: tuple[str, ...] = (), **cells: int) -> FigureTable:
    return FigureTable(
        ((variable, 0),), {(key,): count for key, count in cells.items()},
        total or sum(cells.values()), frozenset((key,) for key in hidden),
    )  # fmt: skip


def grid(variable: str, rows: dict[str, int]) -> FigureTable:
    cells: dict[tuple[str, ...], int] = {(key,): count for key, count in rows.items()}
    return FigureTable(((variable, 0),), cells, sum(rows.values()))


def broken_tables(seed: int) -> tuple[list[FigureTable], dict[bytes, tuple[str, ...]]]:
    """Return tables as somebody would make them who only leaves small cells out."""
    random = Random(seed)
    world = make_world(random, random.randint(30, 200))
    tables = []
    for names in draw_request(random).tables:
        axes = tuple((name, 0) for name in names)
        cells = count_cells(world.values(), axes)
        shown = {key: count for key, count in cells.items() if count >= 11}
        tables.append(FigureTable(axes, shown, len(world), frozenset(cells.keys() - shown)))
    return tables, world


# --- worlds


def test_no_small_group_of_a_world_is_recovered() -> None:
    found = [attack_world(seed, 32) for seed in range(WORLDS)]
    assert [seed for seed, one in enumerate(found) if one.cells] == []
    assert sum(one.tried > 0 for one in found) > WORLDS / 10, "too few worlds were attacked"


@pytest.mark.slow  # the same as above on more worlds
def test_no_small_group_of_ten_thousand_worlds_is_recovered() -> None:
    worlds = (attack_world(seed, 64) for seed in range(WORLDS, WORLDS + 10_000))
    found = Counter((bool(one.cells), one.tried > 0) for one in worlds)
    assert found[True, True] == 0
    assert found[False, True] > 1_000, "too few worlds were attacked"


def test_small_groups_of_careless_tables_are_recovered() -> None:
    """The control: who only leaves small cells out gives many away."""
    solved = found = 0
    for seed in range(40):
        tables, world = broken_tables(seed)
        known = [KnownTable(one, 0) for one in tables]
        people = {client: ((True,), values) for client, values in world.items()}
        is_solved = bool(recover_cells(known, {0: len(world)}, people, 11).cells)
        solved += is_solved
        found += bool(attack_release(release(*tables)))
    assert solved > 5
    assert found >= solved - 2, "the program's own attack sees most of it"


def test_the_programs_own_attack_finds_nothing_in_what_it_releases() -> None:
    for seed in range(60):
        random = Random(seed)
        world = make_world(random, random.randint(11, 400))
        figures = judge_release(frozenset(world), world, draw_request(random))
        if figures.tables:
            assert attack_release(release(*figures.tables)) == (), seed


def test_the_solver_is_exact() -> None:
    system = CellSystem([((0, 1), 12), ((0, 2), 9), ((0, 1, 2, 3), 20), ((0, 1), 12)], 4)
    assert [int(system.smallest([0])), int(system.largest([0]))] == [1, 9]
    assert system.largest([1], 5) >= 5


# --- the program's own attack


def test_shuttle_bounds_go_to_and_fro() -> None:
    found = shuttle_bounds([((0, 1), 12), ((0, 2), 9), ((2, 3), 8), ((0, 1, 2, 3), 20)], 4, 20)
    assert found == [(1, 9), (3, 11), (0, 8), (0, 8)]
    assert shuttle_bounds([((0, 1), 12)], 2, 20, rounds=0) == [(0, 20), (0, 20)]


def test_published_small_groups_and_rests_are_found() -> None:
    found = attack_release(release(table("sex", women=30, men=4)))
    kinds = {(one.kind, one.key, one.low) for one in found}
    assert (FindingKind.PUBLISHED, ("men",), 4) in kinds
    assert (FindingKind.REST, ("women",), 4) in kinds


def test_a_single_cell_that_is_left_out_is_found() -> None:
    alone = release(table("sex", 34, ("men",), women=30))
    assert (FindingKind.BOUNDS, ("men",), 4, 4) in [
        (one.kind, one.key, one.low, one.high) for one in attack_release(alone)
    ]
    two = release(table("citizenship", 45, ("LV", "RU"), EE=30))
    assert attack_release(two) == ()


def test_two_tables_together_are_bounded() -> None:
    by_age = FigureTable(
        (("sex", 0), ("age", 1)),
        {("women", "adult"): 30, ("men", "adult"): 25, ("men", "minor"): 1}, 56,
    )  # fmt: skip
    by_end = FigureTable(
        (("sex", 0), ("ended_by", 0)),
        {("women", "goals_met"): 30, ("men", "goals_met"): 24, ("men", "unknown"): 2}, 56,
    )  # fmt: skip
    found = [one for one in attack_release(release(by_age, by_end)) if one.kind == "bounds"]
    assert (("men", "adult", "men", "unknown"), 1, 2) in [
        (one.key, one.low, one.high) for one in found
    ]
    wide = replace(by_end, cells={("women", "goals_met"): 30, ("men", "goals_met"): 13,
                                  ("men", "unknown"): 13})  # fmt: skip
    even = replace(by_age, cells={("women", "adult"): 30, ("men", "adult"): 15,
                                  ("men", "minor"): 11})  # fmt: skip
    assert attack_release(release(even, wide)) == ()


def test_tables_with_a_cell_left_out_are_not_paired() -> None:
    one, two = table("sex", 45, ("men", "other_sex"), women=30), table("age", 45, age_18_20=45)
    assert attack_release(release(one, two)) == ()


def test_too_many_cells_are_not_joined() -> None:
    rows = {f"c{n}": 11 for n in range(70)}
    big = [grid("citizenship", rows), grid("to_country", rows)]
    assert attack_release(release(*big)) == ()


def test_differences_to_another_release_are_found() -> None:
    year = release(table("sex", women=30, men=20), number=2)
    quarter = release(table("sex", women=26, men=11), number=1, period="2025-Q1")
    found = attack_release(year, [quarter])
    assert {(one.kind, one.key, one.low, one.release) for one in found} == {
        (FindingKind.DIFFERENCE, ("women",), 4, 1), (FindingKind.DIFFERENCE, ("men",), 9, 1),
    }  # fmt: skip
    assert attack_release(quarter, [year])[0].release == 2
    assert attack_release(year, [release(table("sex", women=30, men=20), period="2024")]) == ()
    other = release(table("sex", women=26, men=11), population="returned", period="2025-Q1")
    assert attack_release(year, [other]) == ()


def test_a_year_less_its_quarters_is_found() -> None:
    year = release(table("sex", women=50, men=30), number=9)
    quarters = [release(table("sex", women=15, men=12), period=f"2025-Q{n}") for n in (1, 2, 3)]
    quarters += [release(table("sex", women=15, men=12), period="2025-H1")]
    found = {one.key for one in attack_release(year, quarters)}
    assert ("men",) in found
    assert ("women",) in found


def test_what_is_not_known_is_not_subtracted() -> None:
    hidden = release(table("sex", 50, ("men", "other_sex"), women=30), period="2025-Q1")
    small = ReleasedFigures(3, "new_clients", FigurePeriod.parse("2025-Q2"), None, (), 11)
    year = release(table("sex", women=70, men=30), number=2)
    assert attack_release(year, [hidden, small]) == ()
    assert attack_release(small) == ()


def fewer(period: str, population: str = "new_clients") -> ReleasedFigures:
    return ReleasedFigures(3, population, FigurePeriod.parse(period), None, (), 11)


@pytest.mark.parametrize(
    ("total", "parts", "low"),
    [
        (20, ("2025-H1", "2025-H2"), 10),
        (12, ("2025-H1", "2025-H2"), 2),
        (11, ("2025-H1", "2025-H2"), None),
        (40, ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"), 10),
        (31, ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"), None),
        (40, ("2025-Q1", "2025-Q2", "2025-Q4"), None),
        (25, ("2025-H1", "2025-Q3", "2025-Q4"), 5),
    ],
)
def test_a_total_of_groups_that_are_fewer_than_eleven_is_found(
    total: int, parts: tuple[str, ...], low: int | None
) -> None:
    year = release(table("sex", women=total), number=2)
    found = attack_release(year, [fewer(one) for one in parts])
    assert [one.low for one in found] == ([] if low is None else [low])
    assert all(one.kind is FindingKind.DIFFERENCE and one.high == 10 for one in found)


def test_a_part_with_a_number_is_subtracted_from_those_without_one() -> None:
    year = release(table("sex", women=40), number=2)
    half = release(table("sex", women=20), period="2025-H1")
    found = attack_release(year, [half, fewer("2025-Q3"), fewer("2025-Q4")])
    assert [(one.key, one.low) for one in found] == [((), 10)]


def test_releases_are_related_by_period_and_population() -> None:
    year, quarter = FigurePeriod.parse("2025"), FigurePeriod.parse("2025-Q1")
    later = FigurePeriod.parse("2026")
    assert are_related(("returned", year), ("returned", quarter))
    assert are_related(("returned", year), ("in_care", quarter))
    assert not are_related(("returned", year), ("ended", quarter))
    assert not are_related(("returned", year), ("returned", later))
