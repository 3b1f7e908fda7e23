# SPDX-License-Identifier: GPL-3.0-or-later
"""A drawn journey agrees with itself: between two times stands the duration from one to the other.

Every drawing of the window is made of `journey_stops` and `journey_stretches`: Travel, the preview
of Plans and the travellers of Today. What is read back here is what was painted.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from tests.support.windows import picture

from kfdesk.domain.records.journey import Leg
from kfdesk.domain.registers import EMPTY_STATE
from kfdesk.domain.rows import RecordView, Row, view
from kfdesk.domain.values import Translation, ZonedTime
from kfdesk.ui.context import UiContext
from kfdesk.ui.pages.plan.journey import journey_stops, journey_stretches, shown_legs
from kfdesk.ui.widgets.timeline import JourneyTimeline, _TextLine

ZONES = {"Europe/Stockholm": ("CET", 1), "Europe/Riga": ("EET", 2), "Europe/Moscow": ("MSK", 3)}
HOURS = dict(ZONES.values())
MONTHS = {"Dec": 12, "Jan": 1}
START = datetime(2026, 12, 19, 17, 0, tzinfo=UTC)
TIME = re.compile(r"(\d+) (Dec|Jan) (\d\d):(\d\d) (CET|EET|MSK)")
SPAN = re.compile(r"(?:(\d+) h)? ?(?:(\d+) min)?$")


def moment(at: datetime, zone: str) -> ZonedTime:
    wall = (at + timedelta(hours=ZONES[zone][1])).replace(tzinfo=None)
    return ZonedTime(wall, zone, ZONES[zone][1] * 60)


def place(name: str) -> tuple[Translation, ...]:
    return (Translation("en", name),)


def leg(number: int, **values: Any) -> RecordView[Leg]:
    blank = view(Row(bytes([number]) * 16, "leg", b"p" * 16, b"o" * 16, EMPTY_STATE), Leg)
    return replace(blank, record=replace(blank.record, **values))


minutes = st.integers(5, 24 * 60)


@st.composite
def journeys(draw: st.DrawFn) -> list[RecordView[Leg]]:
    """Draw legs in order, over two zones or more, begun or not."""
    count = draw(st.integers(1, 4))
    zones = draw(st.lists(st.sampled_from(sorted(ZONES)), min_size=count + 1, max_size=count + 1))
    begun = draw(st.integers(0, count))
    at, legs = START, []
    for number in range(count):
        left = at + timedelta(minutes=draw(minutes))
        at = left + timedelta(minutes=draw(minutes))
        late = timedelta(minutes=draw(st.integers(0, 4)))
        values: dict[str, object] = {
            "from_place": place(f"P{number}"),
            "to_place": place(f"P{number + 1}"),
            "departs": moment(left, zones[number]),
            "arrives": moment(at, zones[number + 1]),
            "mode": draw(st.sampled_from(["ferry", "coach"])),
            "status": "arrived" if number < begun else "booked",
        }
        if number < begun and draw(st.booleans()):
            values["departed"] = moment(left + late, zones[number])
            values["arrived"] = moment(at + late, zones[number + 1])
        legs.append(leg(number + 1, **values))
    return legs


def read_time(said: str) -> datetime | None:
    found = TIME.search(said)
    if found is None:
        return None
    day, month, hour, minute, zone = found.groups()
    year = 2026 if month == "Dec" else 2027
    wall = datetime(year, MONTHS[month], int(day), int(hour), int(minute), tzinfo=UTC)
    return wall - timedelta(hours=HOURS[zone])


def read_span(said: str) -> timedelta | None:
    found = SPAN.search(said)
    hours, minutes_ = found.groups() if found else (None, None)
    if not hours and not minutes_:
        return None
    return timedelta(hours=int(hours or 0), minutes=int(minutes_ or 0))


def painted(timeline: JourneyTimeline, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the words that were painted, those of the stretches first."""
    said: list[str] = []
    with monkeypatch.context() as patch:
        draw = timeline._draw_line

        def note(painter: QPainter, area: QRectF, line: _TextLine) -> None:
            said.append(line.text)
            draw(painter, area, line)

        patch.setattr(timeline, "_draw_line", note)
        picture(timeline)
    return said


@pytest.mark.parametrize("width", [1400, 330])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(legs=journeys())
def test_times_and_durations_of_a_drawn_journey_agree(
    kit: UiContext, monkeypatch: pytest.MonkeyPatch, width: int, legs: list[RecordView[Leg]]
) -> None:
    language = kit.translator.language
    shown = shown_legs(legs, "travelling", START)
    timeline = JourneyTimeline(kit)
    timeline.resize(width, 10)
    timeline.show_journey(
        list(journey_stops(shown, language)), list(journey_stretches(shown, language, START))
    )
    said = painted(timeline, monkeypatch)
    spans = [read_span(words) for words in said[: len(legs)]]
    times = [at for words in said[len(legs) :] if (at := read_time(words)) is not None]
    ends = list(zip(times[::2], times[1::2], strict=True))
    known = [one.record.status != "arrived" or one.record.departed is not None for one in legs]
    assert len(ends) == sum(known)
    assert [span for span, is_known in zip(spans, known, strict=True) if is_known] == [
        there - here for here, there in ends
    ]
    timeline.deleteLater()


def test_leg_that_leaves_from_another_place_names_it(kit: UiContext) -> None:
    legs = [
        leg(1, from_place=place("Stockholm"), to_place=place("Tallinn, D-terminal")),
        leg(2, from_place=place("Tallinn, bus station"), to_place=place("Narva"),
            departs=moment(START, "Europe/Riga")),
    ]  # fmt: skip
    _, middle, last = journey_stops(shown_legs(legs, "draft", START), kit.translator.language)
    assert middle.leaves == "departs from Tallinn, bus station: planned 19 Dec 19:00 EET"
    assert last.leaves == ""
