# SPDX-License-Identifier: GPL-3.0-or-later
"""Icons become strokes inside their square; what is not understood is refused."""

import math
from pathlib import Path

import pytest
from tests.support.cases import failing
from tests.unit.documents.paper_samples import RESOURCES

from kfdesk.documents.layout.canvas import (
    ICON_SQUARE,
    PathStep,
    Point,
    arc_curves,
    read_icon,
    read_path,
)
from kfdesk.documents.traveller.stops import CONTINUES_ICON, MODE_ICONS, ONWARD_ICON
from kfdesk.domain.codes.core import TRANSPORT_MODE

ICONS = sorted((RESOURCES / "icons").glob("*.svg"))


def ends(path: str) -> list[tuple[str, Point]]:
    return [(kind, points[-1]) for kind, points in read_path(path) if points]


def near(point: Point) -> object:
    return pytest.approx(point, abs=1e-6)


def svg(shape: str) -> list[PathStep]:
    return read_icon(f'<svg xmlns="http://www.w3.org/2000/svg">{shape}</svg>')


def stays_in_its_square(icon: Path) -> None:
    steps = read_icon(icon.read_text(encoding="utf-8"))
    numbers = [number for _, points in steps for point in points for number in point]
    assert steps
    assert steps[0][0] == "M"
    assert min(numbers) > -1
    assert max(numbers) < ICON_SQUARE + 1


def test_every_icon_of_the_program_stays_in_its_square() -> None:
    assert failing(stays_in_its_square, zip(ICONS, strict=True)) == {}


def test_every_means_of_travel_has_an_icon() -> None:
    names = {icon.stem for icon in ICONS}
    assert set(MODE_ICONS) == set(TRANSPORT_MODE)
    assert {*MODE_ICONS.values(), ONWARD_ICON, CONTINUES_ICON} <= names


def test_relative_and_absolute_lines_meet() -> None:
    assert ends("M2 3h4v5H1V2l1 1L9 9") == [
        ("M", (2, 3)),
        ("L", (6, 3)),
        ("L", (6, 8)),
        ("L", (1, 8)),
        ("L", (1, 2)),
        ("L", (2, 3)),
        ("L", (9, 9)),
    ]


def test_points_after_a_move_are_lines() -> None:
    assert ends("m9 15-1-1 2.5.5") == [("M", (9, 15)), ("L", (8, 14)), ("L", (10.5, 14.5))]


def test_closing_returns_to_where_the_figure_began() -> None:
    assert ends("M2 2h4v4zl1 0")[-1] == ("L", (3, 2))


def test_smooth_curve_mirrors_the_curve_before() -> None:
    steps = read_path("M0 0c0 2 1 3 3 3s2-2 2-3")
    assert steps[2] == ("C", ((5, 3), (5, 1), (5, 0)))


def test_smooth_curve_after_a_line_starts_where_it_is() -> None:
    assert read_path("M0 0h3S4 1 5 5")[-1][1][0] == (3, 0)


def test_flags_of_an_arc_may_stand_without_spaces() -> None:
    assert ends("M19 12V6a2 2 0 00-2-2H7")[2:] == [("C", near((17, 4))), ("L", (7, 4))]
    assert read_path("M19 6a2 2 0 00-2-2") == read_path("M19 6a2 2 0 0 0 -2 -2")


def test_several_arcs_may_follow_one_command() -> None:
    assert ends("M4 8a4 4 0 0 1 4-4 4 4 0 0 1 4 4")[-1] == ("C", near((12, 8)))


@pytest.mark.parametrize(
    ("flags", "length"),
    [
        ((False, False), 1),
        ((False, True), 1),
        ((True, False), 3),
        ((True, True), 3),
    ],
)
def test_arc_keeps_to_its_circle_and_takes_the_asked_way(
    flags: tuple[bool, bool], length: int
) -> None:
    curves = list(arc_curves((5, 0), (0, 5), 5, flags))
    assert len(curves) == length
    assert curves[-1][-1] == near((0, 5))
    centre = (0.0, 0.0) if flags in {(False, True), (True, False)} else (5.0, 5.0)
    assert all(math.dist(curve[-1], centre) == pytest.approx(5) for curve in curves)


def test_arc_with_too_small_a_radius_is_widened() -> None:
    curves = list(arc_curves((0, 0), (10, 0), 1, (False, True)))
    assert curves[0][-1] == near((5, -5))


def test_arc_to_its_own_start_draws_nothing() -> None:
    assert list(arc_curves((3, 3), (3, 3), 2, (True, True))) == []


def test_circle_closes_around_its_centre() -> None:
    steps = svg('<circle cx="12" cy="10" r="4"/>')
    assert steps[0] == ("M", ((8, 10),))
    assert steps[-1] == ("Z", ())
    ends_of_curves = [points[-1] for kind, points in steps if kind == "C"]
    assert all(math.dist(point, (12, 10)) == pytest.approx(4) for point in ends_of_curves)


def test_rectangle_has_round_corners_or_none() -> None:
    assert (
        sum(kind == "C" for kind, _ in svg('<rect x="2" y="2" width="8" height="6" rx="1"/>')) == 4
    )
    assert sum(kind == "C" for kind, _ in svg('<rect x="2" y="2" width="8" height="6"/>')) == 0


def test_line_and_polyline_join_their_points() -> None:
    assert svg('<line x1="1" y1="2" x2="3" y2="4"/>') == [("M", ((1, 2),)), ("L", ((3, 4),))]
    assert [points[0] for _, points in svg('<polyline points="1 2 3 4 5 6"/>')] == [
        (1, 2),
        (3, 4),
        (5, 6),
    ]


def test_unknown_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="ellipse"):
        svg('<ellipse cx="1" cy="1" rx="1" ry="2"/>')


def test_unknown_path_command_is_refused() -> None:
    with pytest.raises(ValueError, match="Q"):
        read_path("M0 0Q1 1 2 2")
