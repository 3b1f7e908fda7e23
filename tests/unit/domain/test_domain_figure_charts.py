# SPDX-License-Identifier: GPL-3.0-or-later
"""Charts: counts, estimates and registered cases never stand in one; marks stay in their room."""

import pytest

from kfdesk.domain.figures.cells import FigureTable
from kfdesk.domain.figures.charts import (
    Chart,
    ChartForm,
    CountChart,
    CountRow,
    EstimateChart,
    EstimateRange,
    RegisteredCases,
    RegisteredChart,
    SafeCount,
    count_chart,
    course_chart,
    estimate_chart,
    registered_chart,
)
from kfdesk.domain.figures.drawing import (
    INK,
    TONES,
    ChartMark,
    DotMark,
    FillMark,
    LabelMark,
    LineMark,
    draw_chart,
    patterned,
)
from kfdesk.domain.records.figures import Estimate
from kfdesk.domain.values import Value

WIDTH = 500.0


def name(_variable: str, category: str) -> str:
    return category.upper()


def estimate(**values: Value) -> Estimate:
    return Estimate(**values)  # type: ignore[arg-type]


def table(*variables: str, **more: frozenset[tuple[str, ...]]) -> FigureTable:
    cells = {("women", "adult"): 14, ("men", "adult"): 12, ("women", "minor"): 11}
    short = {key[: len(variables)]: count for key, count in cells.items()}
    if len(variables) == 1:
        short = {("women",): 25, ("men",): 12}
    axes = tuple((variable, 0) for variable in variables)
    return FigureTable(axes, short, 37, **more)


def ends(mark: ChartMark) -> tuple[float, float]:
    match mark:
        case DotMark():
            return mark.x + mark.radius, mark.y + mark.radius
        case LineMark():
            return mark.x + mark.across, mark.y + mark.down
        case FillMark():
            return mark.x + mark.width, mark.y + mark.height
        case LabelMark():
            return mark.x + mark.width, mark.y


def test_a_table_becomes_bars_or_parts() -> None:
    bars = count_chart(table("sex"), "Sex", name)
    assert bars is not None
    assert bars.form is ChartForm.BARS
    assert [(row.label, row.counts) for row in bars.rows] == [("WOMEN", (25,)), ("MEN", (12,))]
    parts = count_chart(table("sex", "age"), "Sex × Age", name)
    assert parts is not None
    assert parts.series == ("ADULT", "MINOR")
    assert [(row.label, row.counts) for row in parts.rows] == [
        ("MEN", (12, 0)), ("WOMEN", (14, 11)),
    ]  # fmt: skip
    assert count_chart(table("sex", hidden=frozenset({("other_sex",)})), "", name) is None
    assert count_chart(FigureTable((("sex", 0),), {}, 0), "", name) is None


def test_estimates_and_counts_never_stand_in_one_chart() -> None:
    count = CountRow("Women", (SafeCount(14),))
    guess, case = EstimateRange("Police", 200, 500), RegisteredCases("NMT", 262)
    for make in (
        lambda: CountChart("", (count, guess)),  # type: ignore[arg-type]
        lambda: EstimateChart("", (guess, count)),  # type: ignore[arg-type]
        lambda: EstimateChart("", (case,)),  # type: ignore[arg-type]
        lambda: RegisteredChart("", (guess,)),  # type: ignore[arg-type]
    ):
        with pytest.raises(TypeError):
            make()


def test_estimates_are_kept_apart_from_registered_cases() -> None:
    found = [
        estimate(low=200, high=500, method="police_intelligence"),
        estimate(point=262, method="registered"),
        estimate(point=300, method="survey"),
        estimate(low=1, high=2, method="registered"),
        estimate(method="survey"),
    ]
    guesses = estimate_chart(found, "Estimates", lambda _: "x")
    assert [(one.low, one.high) for one in guesses.ranges] == [(200, 500), (300, 300)]
    cases = registered_chart(found, "Registered", lambda _: "x")
    assert [one.number for one in cases.cases] == [262]


def test_numbers_that_cannot_be_stand_in_no_chart() -> None:
    """A partner's nonsense would make all other bars too short to be seen."""
    for method in ("survey", "registered"):
        found = [
            estimate(low=2**31 - 1, high=-5, method=method), estimate(point=-3, method=method),
            estimate(low=9, point=8, method=method), estimate(low=5, high=4, method=method),
            estimate(point=7, year_from=20206, method=method),
            estimate(point=7, year_from=2026, year_to=2025, method=method),
            estimate(point=7, year_to=1899, method=method),
            estimate(point=300, year_from=2025, year_to=2026, method=method),
        ]  # fmt: skip
        shown = estimate_chart(found, "Estimates", lambda _: "x").ranges
        cases = registered_chart(found, "Registered", lambda _: "x").cases
        assert [one.high for one in shown] == ([300] if method == "survey" else [])
        assert [one.number for one in cases] == ([] if method == "survey" else [300])


CHARTS: tuple[Chart, ...] = (
    CountChart("Bars", tuple(CountRow(f"Row {n}", (SafeCount(11 * n),)) for n in range(4))),
    CountChart(
        "Parts", (CountRow("Women", tuple(SafeCount(n) for n in (14, 0, 11, 12, 20))),),
        ("a", "b", "c", "d", "e"), ChartForm.STACKED,
    ),
    course_chart({"2024": 20, "2025": 31, "2026": 31}, "Course"),
    EstimateChart("Estimates", (EstimateRange("Police", 200, 500), EstimateRange("One", 9, 9))),
    RegisteredChart("Registered", (RegisteredCases("NMT", 262),)),
    CountChart("Empty", ()),
    CountChart("", (CountRow("No title", (SafeCount(11),)),)),
    course_chart({}, "Empty course"),
    EstimateChart("Empty", ()),
    RegisteredChart("Empty", ()),
)  # fmt: skip


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.title)
def test_marks_stay_in_the_room_of_their_chart(chart: Chart) -> None:
    drawn = draw_chart(chart, WIDTH)
    for mark in drawn.marks:
        right, bottom = ends(mark)
        assert min(mark.x, mark.y) >= 0, mark
        assert right <= WIDTH + 0.01, mark
        assert bottom <= drawn.height + 0.01, mark


def test_numbers_of_the_chart_are_those_of_the_table() -> None:
    drawn = draw_chart(CHARTS[0], WIDTH)
    labels = [mark.text for mark in drawn.marks if isinstance(mark, LabelMark)]
    assert labels == ["Bars", "Row 0", "0", "Row 1", "11", "Row 2", "22", "Row 3", "33"]
    widths = [mark.width for mark in drawn.marks if isinstance(mark, FillMark)]
    assert [round(one / widths[0]) for one in widths] == [1, 2, 3]


def test_long_charts_show_their_first_rows() -> None:
    rows = tuple(CountRow(str(n), (SafeCount(11),)) for n in range(80))
    drawn = draw_chart(CountChart("Long", rows), WIDTH)
    assert sum(isinstance(mark, FillMark) for mark in drawn.marks) == 60


def test_each_series_has_a_tone_and_a_pattern_of_its_own() -> None:
    looks = set()
    for series in range(5):
        marks = list(patterned(0, 0, 60, series))
        fill, *pattern = marks
        assert isinstance(fill, FillMark)
        assert fill.tone == series < TONES
        assert all(getattr(mark, "tone", INK) == INK for mark in pattern)
        looks.add(
            (
                sum(isinstance(m, LineMark) and m.across > 0 for m in pattern),
                sum(isinstance(m, LineMark) and m.down > 0 for m in pattern),
                sum(isinstance(m, DotMark) for m in pattern),
            )
        )
    assert len(looks) == 5
