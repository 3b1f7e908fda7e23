# SPDX-License-Identifier: GPL-3.0-or-later
"""Where stops come to stand: airy where there is room, clear of the fold, broken where it helps."""

from itertools import pairwise

import pytest
from tests.unit.documents.paper_samples import MOSCOW, at, spell

from kfdesk.documents.layout.style import A4, Dot, Rule, Symbol, TextLine
from kfdesk.documents.traveller.content import Ride, TravelStop
from kfdesk.documents.traveller.stops import (
    MOST_EXTRA_GAP,
    StopBlock,
    TimelineComposer,
    count_fitting,
    place_blocks,
)
from kfdesk.documents.typesetting import Typesetter

RIDE = Ride("rail", "17")


def block(
    *, below: float = 50, above: float = 0, ride: Ride | None = None, day: int = 12
) -> StopBlock:
    return StopBlock(TravelStop(at(12, day, 9), MOSCOW, "Выдумка", ride=ride), (), above, below, 9)


def test_stops_stand_as_far_apart_as_the_room_allows() -> None:
    tops = place_blocks([block(), block(), block()], (100, 300), 10)
    assert tops == [100, 175, 250]


def test_two_stops_do_not_drift_apart() -> None:
    assert place_blocks([block(), block()], (100, 700), 10) == [100, 150 + 10 + MOST_EXTRA_GAP]


def test_stops_that_do_not_fit_are_not_placed() -> None:
    assert place_blocks([block()] * 3, (100, 269), 10) is None
    assert place_blocks([block()] * 3, (100, 270), 10) == [100, 160, 220]


def test_card_does_not_reach_into_the_stop_before() -> None:
    tops = place_blocks([block(), block(above=8)], (100, 215), 5)
    assert tops is not None
    assert tops[1] - 8 >= tops[0] + 50 + 2


@pytest.mark.parametrize("fold", range(110, 420, 15))
def test_no_stop_lies_across_the_fold(fold: int) -> None:
    tops = place_blocks([block(below=80)] * 4, (100, 700), 10, fold)
    assert tops is not None
    assert not any(top < fold < top + 80 for top in tops)
    assert all(later - earlier >= 90 for earlier, later in pairwise(tops))


def test_sheet_takes_six_stops_at_most() -> None:
    assert count_fitting([block()] * 20, (0, 10_000), 10) == 6


def test_last_sheet_takes_all_that_is_left() -> None:
    assert count_fitting([block(ride=RIDE)] * 3, (0, 10_000), 10) == 3


def test_sheet_takes_only_what_fits_and_perhaps_nothing() -> None:
    assert count_fitting([block()] * 9, (0, 50 * 4 + 10 * 3), 10) == 4
    assert count_fitting([block()] * 9, (0, 40), 10) == 0


def test_sheet_rather_ends_with_an_arrival_than_with_a_ride() -> None:
    blocks = [block(), block(), block(), block(), block(), block(ride=RIDE), block(), block()]
    assert count_fitting(blocks, (0, 10_000), 10) == 5


def test_sheet_rather_ends_with_the_day() -> None:
    blocks = [*[block(day=12)] * 5, *[block(day=13)] * 4]
    assert count_fitting(blocks, (0, 10_000), 10) == 5


def test_sheet_ends_with_a_ride_where_every_stop_has_one() -> None:
    assert count_fitting([block(ride=RIDE)] * 9, (0, 10_000), 10) == 6


def test_rail_is_solid_for_a_vehicle_and_dotted_for_a_transfer(press: Typesetter) -> None:
    setter = TimelineComposer(press.client("ru"), A4)
    items = setter.rail([block(ride=RIDE), block(), block()], [100, 200, 300])
    lines = [item for item in items if isinstance(item, Rule)]
    dots = [item for item in items if isinstance(item, Dot)]
    assert [(line.y, line.down, line.is_dotted) for line in lines] == [
        (109, 100, False),
        (209, 100, True),
    ]
    assert [dot.y for dot in dots] == [109, 209, 309]
    assert {line.x for line in lines} == {dot.x for dot in dots}


def test_rail_runs_out_of_one_sheet_and_into_the_next(press: Typesetter) -> None:
    setter = TimelineComposer(press.client("ru"), A4)
    after = TravelStop(at(12, 13, 18) + spell(0, 5), MOSCOW, "Выдумка")
    out = setter.run_out(block(ride=RIDE), 300, after, "дальше на листе 2")
    texts = [item.text for item in out if isinstance(item, TextLine)]
    assert texts == ["18:05", "дальше на листе 2"]
    assert any(isinstance(item, Symbol) for item in out)
    line = next(item for item in out if isinstance(item, Rule))
    assert (line.y, line.is_dotted) == (309, False)
    (coming,) = setter.run_in(block().stop, block(), 120)
    assert isinstance(coming, Rule)
    assert coming.is_dotted
    assert coming.y + coming.down == 129
