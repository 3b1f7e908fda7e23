# SPDX-License-Identifier: GPL-3.0-or-later
"""The journey's line shows every stop, and says the same to those who listen."""

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot
from tests.support.windows import colours, picture, show

from kfdesk.ui.context import UiContext
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.timeline import (
    JourneyStop,
    JourneyStretch,
    JourneyTimeline,
    StopMark,
    _TextLine,
)

STOPS = (
    JourneyStop("Stockholm", "12 Dec 17:00", "CET", StopMark.HAPPENED),
    JourneyStop("Riga", "13 Dec 10:30", "Anna meets", StopMark.HAPPENED),
    JourneyStop("Border", "about 15", "document?", StopMark.CROSSING, "fence", Tone.WARNING),
    JourneyStop("Pskov", "about 19", "not met", StopMark.OPEN, tone=Tone.WARNING),
    JourneyStop("Reception", "19:40 MSK", "Marta", StopMark.PLANNED),
)
STRETCHES = (
    JourneyStretch("ferry, 16 h 30", "ship", Tone.SUCCESS, 16.5),
    JourneyStretch("bus, about 6 h", "bus", Tone.WARNING, 3),
    JourneyStretch("", "bus", Tone.WARNING, 3),
    JourneyStretch("25 min", "car", weight=0.4),
)


@pytest.fixture
def timeline(kit: UiContext, qtbot: QtBot) -> JourneyTimeline:
    made = JourneyTimeline(kit)
    made.show_journey(STOPS, STRETCHES)
    made.resize(800, made.height())
    show(qtbot, made)
    return made


def level_line(timeline: JourneyTimeline) -> JourneyTimeline:
    """Make the widget wide enough for a level line."""
    timeline.resize(1000, timeline.height())
    assert not timeline.is_upright
    return timeline


def test_stops_stand_in_order_and_none_leaves_the_widget(timeline: JourneyTimeline) -> None:
    line = level_line(timeline)
    centres = [place.centre.x() for place in line._places]
    assert len(centres) == len(STOPS)
    assert centres == sorted(centres)
    assert line._places[-1].words.right() <= line.width()


def test_a_longer_stretch_takes_more_of_the_line(timeline: JourneyTimeline) -> None:
    centres = [place.centre.x() for place in level_line(timeline)._places]
    widths = [right - left for left, right in pairwise(centres)]
    assert max(widths) == widths[0]


@pytest.mark.parametrize("width", [400, 320, 200, 60])
def test_a_journey_too_long_for_a_line_stands_upright_with_every_stop_once(
    timeline: JourneyTimeline, width: int
) -> None:
    level = level_line(timeline).height()
    timeline.resize(width, level)
    assert timeline.is_upright
    tops = [place.centre.y() for place in timeline._places]
    assert len(tops) == len(STOPS)
    assert tops == sorted(tops)
    assert timeline.height() > level
    assert timeline._places[-1].words.bottom() <= timeline.height()


@pytest.mark.parametrize("width", [1000, 700, 400, 320, 260, 120])
@pytest.mark.parametrize("count", [2, 3, 5])
def test_no_words_are_painted_over_others_at_any_width(
    timeline: JourneyTimeline, monkeypatch: pytest.MonkeyPatch, width: int, count: int
) -> None:
    drawn: list[QRectF] = []
    draw = timeline._draw_line

    def note(painter: QPainter, area: QRectF, line: _TextLine) -> None:
        if line.text:
            drawn.append(QRectF(area))
        draw(painter, area, line)

    monkeypatch.setattr(timeline, "_draw_line", note)
    long = [
        replace(stop, time=f"zaplanirovano {stop.time} CET", leaves=f"otpravlenie {stop.time}")
        for stop in STOPS[:count]
    ]
    timeline.show_journey(long, [JourneyStretch("6 h 35 min", "bus")] * (count - 1))
    timeline.resize(width, timeline.height())
    picture(timeline)
    assert len(drawn) >= 5 * count - 1
    over = [(one, two) for one, two in combinations(drawn, 2) if one.intersects(two)]
    assert [each for each in over if each[0].intersected(each[1]).height() > 3] == []
    assert max(area.bottom() for area in drawn) <= timeline.height()
    assert max(area.right() for area in drawn) <= width


def test_words_of_neighbours_do_not_touch(timeline: JourneyTimeline) -> None:
    areas = [place.words for place in level_line(timeline)._places]
    edges = [edge for area in areas for edge in (area.left(), area.right())]
    assert edges == sorted(edges)


def test_happened_open_and_planned_differ_in_colour_and_shape(
    kit: UiContext, timeline: JourneyTimeline
) -> None:
    seen = colours(timeline)
    for tone in (Tone.SUCCESS, Tone.WARNING):
        assert tone.ink(kit.theme.colours) in seen
    assert kit.theme.colours.warning_soft in seen


def test_the_line_is_heard_as_it_is_seen(timeline: JourneyTimeline) -> None:
    said = timeline.accessibleName()
    assert said.startswith("Stockholm, 12 Dec 17:00, CET; ferry, 16 h 30; Riga,")
    for stop in STOPS:
        assert stop.place in said
        assert stop.note in said


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_journey_may_have_few_stops(
    kit: UiContext, timeline: JourneyTimeline, count: int
) -> None:
    timeline.show_journey(STOPS[:count], STRETCHES[: max(0, count - 1)])
    assert picture(timeline).height() == timeline.height()
    assert len(timeline._places) == count
