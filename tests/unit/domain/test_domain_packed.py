# SPDX-License-Identifier: GPL-3.0-or-later
"""Many values are the same packed as they were, whichever way they are looked at."""

import tracemalloc

import pytest
from tests.support import make

from kfdesk.domain.compact import (
    UNCOMPRESSED_LIMIT,
    VALUE_OVERHEAD,
    CompactSequence,
)
from kfdesk.domain.consent import WithheldReason
from kfdesk.domain.disclosure import DisclosedRow, Withheld
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.domain.registers import (
    EMPTY_STATE,
    count_live_writes,
    count_writes,
    encode_state,
    live_write_ids,
    live_writes,
    merge_states,
    writes_by_field,
)

MANY = 1000  # values; so many are packed, if each is so large
LARGE = UNCOMPRESSED_LIMIT // MANY - VALUE_OVERHEAD + 1
COUNTS = (0, 1, MANY - 1, MANY, MANY + 1, 3 * MANY + 7)


def packed_of(values: list[Withheld]) -> CompactSequence[Withheld]:
    return CompactSequence(Withheld, values, lambda _value: LARGE)


def withheld(count: int) -> list[Withheld]:
    return [
        Withheld(number.to_bytes(16, "big"), "leg", "carrier", WithheldReason.LEVEL)
        for number in range(count)
    ]


@pytest.mark.parametrize("count", COUNTS)
def test_packed_values_come_back_in_their_order(count: int) -> None:
    values = withheld(count)
    packed = packed_of(values)
    assert len(packed) == count
    assert list(packed) == list(packed) == values
    assert list(reversed(packed)) == values[::-1]
    assert bool(packed) is bool(values)


@pytest.mark.parametrize("count", COUNTS[1:])
def test_packed_values_are_found_by_their_place(count: int) -> None:
    values = withheld(count)
    packed = packed_of(values)
    for place in {0, count // 2, count - 1, -1, -count}:
        assert packed[place] == values[place]
    assert packed[count - 1 :] == (values[-1],)
    assert packed[: -count + 1 or None : max(count // 3, 1)] == tuple(
        values[: -count + 1 or None : max(count // 3, 1)]
    )
    with pytest.raises(IndexError):
        packed[count]


def test_few_values_are_kept_as_a_tuple_and_many_packed() -> None:
    assert packed_of(withheld(MANY - 1)).kept == tuple(withheld(MANY - 1))
    many = packed_of(withheld(MANY))
    assert many.kept is many
    assert isinstance(CompactSequence(Withheld, withheld(MANY), lambda _value: 0).kept, tuple)
    unmeasured = CompactSequence(Withheld, withheld(MANY + 24))
    assert unmeasured.kept is unmeasured


def test_a_few_very_large_values_stay_loose() -> None:
    few = CompactSequence(Withheld, withheld(499), lambda _value: UNCOMPRESSED_LIMIT)
    assert few.kept == tuple(withheld(499))


def test_records_of_every_type_come_back_with_all_their_values_and_grants() -> None:
    rows = [make.row(name) for name in make.FILLED]
    grants = [dict.fromkeys(RECORD_TYPES[row.type].fields, make.named_id(row.type)) for row in rows]
    given = [
        DisclosedRow.of(row, each | {"": None}) for row, each in zip(rows, grants, strict=True)
    ]
    many = given * (MANY // len(given) + 1)
    packed = CompactSequence(DisclosedRow, many, lambda _value: LARGE)
    assert packed.kept is packed
    assert list(packed) == many
    assert [one.row for one in packed] == rows * (MANY // len(given) + 1)


def test_many_values_take_little_memory() -> None:
    tracemalloc.start()
    try:
        loose = withheld(10 * MANY)
        as_they_are = tracemalloc.get_traced_memory()[0]
        packed = packed_of(loose)
        del loose
        assert len(packed) == 10 * MANY
        assert tracemalloc.get_traced_memory()[0] < as_they_are / 8
    finally:
        tracemalloc.stop()


def test_ids_and_number_of_packed_writes_are_those_of_the_writes() -> None:
    ours = make.changed(make.row("leg"), {"carrier": "18"}, make.signature("EV", 5))
    theirs = make.changed(make.row("leg"), {"carrier": "19"}, make.signature("ОМ", 9))
    for state in (
        EMPTY_STATE,
        make.row("leg").state,
        ours.state,
        merge_states(ours.state, theirs.state),
    ):
        live = writes_by_field(state)
        assert {fid: set(wids) for fid, wids in live_write_ids(encode_state(state)).items()} == {
            fid: {write.wid for write in writes} for fid, writes in live.items()
        }
        assert (
            count_writes(state) == count_live_writes(encode_state(state)) == len(live_writes(state))
        )


def test_row_that_goes_shows_which_fields_it_has_and_not_what_they_say() -> None:
    given = DisclosedRow.of(make.row("leg", {"carrier": "Vymyslov 18"}), {"carrier": None})
    assert repr(given) == f"DisclosedRow({given.rid.hex()}, leg, carrier)"
