# SPDX-License-Identifier: GPL-3.0-or-later
"""Many values are the same packed as they were, whichever way they are looked at."""

import tracemalloc

import pytest
from tests import make

from kfdesk.domain.disclosure import DisclosedRow, Reason, Withheld
from kfdesk.domain.packed import MANY, Packed
from kfdesk.domain.records.registry import TYPES

COUNTS = (0, 1, MANY - 1, MANY, MANY + 1, 3 * MANY + 7)


def withheld(count: int) -> list[Withheld]:
    return [
        Withheld(number.to_bytes(16, "big"), "leg", "carrier", Reason.LEVEL)
        for number in range(count)
    ]


@pytest.mark.parametrize("count", COUNTS)
def test_packed_values_come_back_in_their_order(count: int) -> None:
    values = withheld(count)
    packed = Packed(Withheld, values)
    assert len(packed) == count
    assert list(packed) == list(packed) == values
    assert bool(packed) is bool(values)


@pytest.mark.parametrize("count", COUNTS[1:])
def test_packed_values_are_found_by_their_place(count: int) -> None:
    values = withheld(count)
    packed = Packed(Withheld, values)
    for place in {0, count // 2, count - 1, -1, -count}:
        assert packed[place] == values[place]
    assert packed[count - 1 :] == (values[-1],)
    assert packed[: -count + 1 or None : max(count // 3, 1)] == tuple(
        values[: -count + 1 or None : max(count // 3, 1)]
    )
    with pytest.raises(IndexError):
        packed[count]


def test_few_values_are_kept_as_a_tuple_and_many_packed() -> None:
    assert Packed(Withheld, withheld(MANY - 1)).kept == tuple(withheld(MANY - 1))
    many = Packed(Withheld, withheld(MANY))
    assert many.kept is many


def test_records_of_every_type_come_back_with_all_their_values_and_grants() -> None:
    rows = [make.row(name) for name in make.FILLED]
    grants = [dict.fromkeys(TYPES[row.type].fields, make.named_id(row.type)) for row in rows]
    given = [DisclosedRow(row, each | {"": None}) for row, each in zip(rows, grants, strict=True)]
    many = given * (MANY // len(given) + 1)
    assert list(Packed(DisclosedRow, many)) == many


def test_many_values_take_little_memory() -> None:
    tracemalloc.start()
    try:
        loose = withheld(10 * MANY)
        as_they_are = tracemalloc.get_traced_memory()[0]
        packed = Packed(Withheld, loose)
        del loose
        assert len(packed) == 10 * MANY
        assert tracemalloc.get_traced_memory()[0] < as_they_are / 8
    finally:
        tracemalloc.stop()
