# SPDX-License-Identifier: GPL-3.0-or-later
"""Seeded worlds of invented clients, and an attacker who solves linear programs about releases."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random

from tests.support.linear_bounds import CellSystem

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.cells import Axis, CellKey, FigureTable, project
from kfdesk.domain.figures.ladders import VARIABLES, ClientValues, coarser_category
from kfdesk.domain.figures.release import EarlierRelease, TableRequest, judge_release

_CATEGORIES: Mapping[str, Sequence[str]] = {
    "sex": ("women", "women", "women", "men", "other_sex"),
    "age": ("age_9_17", "age_18_20", "age_21_23", "age_30_38", "unknown"),
    "citizenship": ("RU", "EE", "LV", "NG", "UA", "unknown"),
    "exploitation": ("SexualExploitation", "ForcedLabour", "ForcedBegging", "several"),
    "to_country": ("RU", "EE", "LT", "NO", "UA"),
    "ended_by": ("goals_met", "transferred_to_partner", "stays_in_destination", "unknown"),
}


def client_id(number: int) -> bytes:
    """Return the id of an invented client."""
    return number.to_bytes(16, "big")


def make_world(random: Random, size: int) -> dict[bytes, ClientValues]:
    """Return clients whose categories hang together more or less, as in life."""
    types = [
        tuple(random.choice(_CATEGORIES[name]) for name in VARIABLES)
        for _ in range(random.randint(1, 6))
    ]
    noise = random.choice((0.0, 0.05, 0.2, 0.6))
    return {
        client_id(number): tuple(
            random.choice(_CATEGORIES[name]) if random.random() < noise else value
            for name, value in zip(VARIABLES, random.choice(types), strict=True)
        )
        for number in range(size)
    }


def draw_request(random: Random, least: int = 11) -> TableRequest:
    """Return tables of one to three variables, which may share variables."""
    names = list(VARIABLES)
    random.shuffle(names)
    named = names[: random.randint(1, 4)]
    tables = tuple(
        tuple(random.sample(named, min(len(named), random.randint(1, 3))))
        for _ in range(random.randint(1, 3))
    )
    return TableRequest(tables, least)


@dataclass(frozen=True)
class KnownTable:
    """A published table, and whom it counts: places in the vector of who is counted where."""

    table: FigureTable
    counted: int


@dataclass(frozen=True)
class Recovered:
    """Small groups that were worked out, and how many were tried."""

    cells: tuple[tuple[CellKey, int], ...]
    tried: int


def attack_world(seed: int, most_cells: int = 48) -> Recovered:
    """Make a world and one or two releases about it, and try to recover small groups.

    In more than half of the worlds an earlier release counts some of the same clients.
    """
    random = Random(seed)
    world = make_world(random, random.randint(5, 400))
    everybody = frozenset(world)
    some = frozenset(random.sample(sorted(world), random.randint(1, len(world))))
    earlier, known, totals = [], [], {}
    before = judge_release(some, world, draw_request(random))
    if before.total is not None and random.random() < 0.6:
        earlier = [EarlierRelease("new_clients", some, before.tables)]
        known = [KnownTable(table, 1) for table in before.tables]
        totals[1] = before.total
    try:
        release = judge_release(everybody, world, draw_request(random), earlier)
    except KfdeskError:
        return Recovered((), 0)
    known += [KnownTable(table, 0) for table in release.tables]
    if release.total is not None:
        totals[0] = release.total
    people = {
        client: ((True, bool(earlier) and client in some), values)
        for client, values in world.items()
    }
    return recover_cells(known, totals, people, release.least, most_cells)


def recover_cells(
    known: Sequence[KnownTable],
    totals: Mapping[int, int],
    people: Mapping[bytes, tuple[tuple[bool, ...], ClientValues]],
    least: int,
    most_cells: int = 48,
) -> Recovered:
    """Return the small groups that linear programming works out from all that is published.

    `people` are the clients with whether each release counts them. Cells are who counts a client,
    crossed with the finest published step of each variable. Only groups that are really small can
    be recovered, so only those are tried. A system of more than `most_cells` is left alone.
    """
    levels: dict[str, int] = {}
    for one in known:
        for name, level in one.table.axes:
            levels[name] = min(level, levels.get(name, level))
    axes = tuple(levels.items())
    truth = Counter((vector, project(values, axes)) for vector, values in people.values())
    vectors = sorted({vector for vector, _ in truth})
    seen = [sorted({key[place] for _, key in truth}) for place in range(len(axes))]
    atoms = [(vector, key) for vector in vectors for key in product(*seen)]
    if len(atoms) > most_cells:
        return Recovered((), 0)
    sums = [
        ([n for n, (vector, _) in enumerate(atoms) if vector[release]], total)
        for release, total in totals.items()
    ]
    for one in known:
        held: dict[CellKey, list[int]] = {}
        for number, (vector, key) in enumerate(atoms):
            if vector[one.counted]:
                held.setdefault(_cell_in(one.table, axes, key), []).append(number)
        sums += [(held.get(key, []), count) for key, count in one.table.cells.items()]
        told = one.table.cells.keys() | one.table.hidden
        sums.append(([n for key, places in held.items() if key not in told for n in places], 0))
    system = CellSystem(sums, len(atoms))
    groups = [(atom, [number]) for number, atom in enumerate(atoms)]
    for one in known:
        for hidden in sorted(one.table.hidden):
            inside = [
                number
                for number, (vector, key) in enumerate(atoms)
                if vector[one.counted] and _cell_in(one.table, axes, key) == hidden
            ]
            groups.append((((), hidden), inside))
    found, tried = [], 0
    for (_, key), places in groups:
        size = sum(truth.get(atoms[place], 0) for place in places)
        tried += 0 < size < least
        if 0 < size < least and system.largest(places, least) < least:
            low, high = system.smallest(places), system.largest(places)
            assert low <= size <= high
            if low > 0:
                found.append((key, size))
    return Recovered(tuple(found), tried)


def _cell_in(table: FigureTable, axes: Sequence[Axis], key: CellKey) -> CellKey:
    places = {name: (place, level) for place, (name, level) in enumerate(axes)}
    return tuple(
        coarser_category(name, places[name][1], level, key[places[name][0]])
        for name, level in table.axes
    )
