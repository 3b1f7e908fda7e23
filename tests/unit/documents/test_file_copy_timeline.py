# SPDX-License-Identifier: GPL-3.0-or-later
"""The drawn journey: to scale, on every clock, a strip a day, and nothing lost without a word."""

from datetime import datetime, timedelta

import pytest
from tests.support import make
from tests.unit.documents.cabinet_samples import Sample, long, whole

from kfdesk.documents.file_copy.case import PrintedCase
from kfdesk.documents.file_copy.journey import timeline_part
from kfdesk.documents.layout.office import Block, Composer
from kfdesk.documents.layout.style import BOLD, OFFICE, PETROL, Box, Polygon, TextLine
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.rows import Row
from kfdesk.domain.values import ZonedTime

WHOLE = Composer(OFFICE, OFFICE.margin, OFFICE.measure)
RIGA, STOCKHOLM = make.RIGA, make.STOCKHOLM


def strips(press: Typesetter, sample: Sample, code: str = "sv") -> tuple[Block, ...]:
    return timeline_part(
        PrintedCase(sample.disclosed, sample.about, press.program(code)), WHOLE
    ).rows


def bars(block: Block) -> list[Box]:
    return [i for i in block.items if isinstance(i, Box) and PETROL in (i.fill, i.colour)]


def texts(block: Block) -> list[str]:
    return [item.text for item in block.items if isinstance(item, TextLine)]


def leg(
    number: int, departs: ZonedTime | None, arrives: ZonedTime | None, status: str = "booked"
) -> Row:
    values: make.Values = {
        "sequence": number, "mode": "coach", "carrier": f"Buss {number}", "status": status,
        "from_place": make.told("Påhittad", "Выдумка"), "departs": departs,
        "to_place": make.told("Uppdiktad", "Придумка"), "arrives": arrives,
    }  # fmt: skip
    return make.row("leg", values, rid=make.named_id(f"leg {number}"))


def wall(day: int, hour: int, zone: str = STOCKHOLM, month: int = 12) -> ZonedTime:
    return ZonedTime.at(datetime(2026, month, day, hour), zone)  # noqa: DTZ001 - a wall clock


def journey(*legs: Row) -> Sample:
    return whole().without("leg").with_rows(legs)


def test_bars_are_as_long_as_their_legs_last(press: Typesetter) -> None:
    ferry, car, coach = bars(strips(press, whole())[0])
    hours = 16.5, 25 / 60, 6 + 35 / 60
    for bar, hour in zip((car, coach), hours[1:], strict=True):
        assert bar.width / ferry.width == pytest.approx(hour / hours[0], rel=0.02)
    assert ferry.x < car.x < coach.x


def test_leg_over_a_change_of_clocks_is_no_longer_than_it_lasts(press: Typesetter) -> None:
    sample = journey(
        leg(1, wall(24, 22, month=10), wall(25, 6, month=10)),  # nine hours: clocks go back
        leg(2, wall(25, 7, month=10), wall(25, 16, month=10)),
    )
    first, second = bars(strips(press, sample)[0])
    assert first.width == pytest.approx(second.width, rel=0.01)


def test_same_instant_stands_at_the_same_place_on_every_clock(press: Typesetter) -> None:
    strip = strips(press, whole())[0]
    hours = [item for item in strip.items if isinstance(item, TextLine) and item.text == "00"]
    assert len(hours) == 3
    assert all(item.style.face == BOLD for item in hours)
    stockholm, riga, pskov = (item.x for item in hours)
    assert stockholm > riga > pskov
    hour = stockholm - riga
    assert riga - pskov == pytest.approx(hour, rel=0.05)


def test_clock_is_named_by_the_place_of_the_journey_and_not_by_the_zone(press: Typesetter) -> None:
    said = texts(strips(press, whole())[0])
    assert said[0] == "Stockholm"
    assert "Pskov" in said
    assert "Moskva" not in said


def test_journey_of_a_day_and_a_half_is_one_strip_and_a_longer_one_is_not(
    press: Typesetter,
) -> None:
    short = journey(leg(1, wall(12, 6), wall(13, 18)))
    assert len([s for s in strips(press, short) if bars(s)]) == 1
    longer = journey(leg(1, wall(12, 6), wall(13, 19)))
    assert len([s for s in strips(press, longer) if bars(s)]) == 2


def test_day_on_which_nothing_happens_has_no_strip(press: Typesetter) -> None:
    sample = journey(leg(1, wall(1, 8), wall(1, 12)), leg(2, wall(9, 8), wall(9, 12)))
    drawn = [strip for strip in strips(press, sample) if bars(strip)]
    assert len(drawn) == 2
    days = [text for strip in drawn for text in texts(strip) if "dec." in text]
    assert days == ["tis 1 dec.", "ons 9 dec."]


def test_leg_over_midnight_stands_on_both_of_its_days(press: Typesetter) -> None:
    sample = journey(leg(1, wall(1, 20), wall(2, 4)), leg(2, wall(3, 8), wall(3, 9)))
    first, second, third = (strip for strip in strips(press, sample) if bars(strip))
    edge = OFFICE.margin + OFFICE.measure
    assert bars(first)[0].x + bars(first)[0].width == pytest.approx(edge)
    assert bars(second)[0].x < bars(third)[0].x
    assert any("Påhittad 20:00" in text for text in texts(first))
    assert any("Uppdiktad 04:00" in text for text in texts(second))


@pytest.mark.parametrize("legs", [1, 2, 7, 40])
def test_no_leg_is_lost_however_many_there_are(press: Typesetter, legs: int) -> None:
    sample = long(legs)
    drawn = {text.split("  ")[0] for strip in strips(press, sample) for text in texts(strip)}
    assert {str(number) for number in range(1, legs + 1)} <= drawn


def test_labels_never_lie_on_each_other(press: Typesetter) -> None:
    start = wall(12, 8)
    legs = [
        leg(
            number,
            ZonedTime.at(start.wall + timedelta(minutes=20 * number), STOCKHOLM),
            ZonedTime.at(start.wall + timedelta(minutes=20 * number + 15), STOCKHOLM),
        )
        for number in range(1, 9)
    ]
    strip = strips(press, journey(*legs))[0]
    labels = [i for i in strip.items if isinstance(i, TextLine) and ":" in i.text]
    assert len(labels) >= 9
    for one in labels:
        for other in labels:
            if one is not other and one.y == other.y:
                assert one.x + one.width <= other.x or other.x + other.width <= one.x


def test_check_in_points_at_its_time(press: Typesetter) -> None:
    strip = strips(press, whole())[0]
    marks = [item for item in strip.items if isinstance(item, Polygon)]
    ferry, _, coach = bars(strip)
    assert [mark.x > bar.x + bar.width for mark, bar in zip(marks, (ferry, coach), strict=True)]
    assert "avstämning" in [text for block in strips(press, whole()) for text in texts(block)]


def test_journey_without_check_ins_explains_no_mark(press: Typesetter) -> None:
    blocks = strips(press, journey(leg(1, wall(12, 6), wall(12, 18))))
    assert not any(isinstance(item, Polygon) for block in blocks for item in block.items)
    assert "avstämning" not in [text for block in blocks for text in texts(block)]


def test_leg_that_cannot_be_drawn_is_named(press: Typesetter) -> None:
    sample = journey(
        leg(1, wall(12, 6), wall(12, 8)),
        leg(2, wall(12, 9), None),
        leg(3, wall(12, 12), wall(12, 11)),  # arrives before it departs
        leg(4, wall(12, 13), wall(12, 14), status="cancelled"),
    )
    said = " ".join(text for block in strips(press, sample) for text in texts(block))
    assert (
        "Inte på tidslinjen, för att en tid saknas eller delsträckan är inställd: 2, 3, 4"
    ) in said


def test_journey_without_times_says_so(press: Typesetter) -> None:
    sample = journey(leg(1, None, wall(12, 8)))
    said = " ".join(text for block in strips(press, sample) for text in texts(block))
    assert said == "Ingen delsträcka har tid för både avgång och ankomst än."
