# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of release: no published group of 1 to 10 clients, alone or together with others."""

from collections.abc import Iterable
from datetime import date

import pytest
from tests.support import make
from tests.support.figure_worlds import client_id

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures import ladders
from kfdesk.domain.figures.cells import (
    MAX_LINES,
    FigureTable,
    decode_tables,
    encode_tables,
    marginal,
)
from kfdesk.domain.figures.files import decode_joined, decode_release, encode_joined
from kfdesk.domain.figures.ladders import ClientValues
from kfdesk.domain.figures.periods import FigurePeriod, past_periods
from kfdesk.domain.figures.release import (
    EarlierRelease,
    JoinedVariable,
    JoinReason,
    SafeFigures,
    TableRequest,
    hide_cells,
    judge_release,
    median_in_weeks,
)
from kfdesk.domain.records.figures import FigureRelease
from kfdesk.domain.rows import view
from kfdesk.domain.values import Value

YEAR = FigurePeriod.parse("2025")


def person(**chosen: str) -> ClientValues:
    usual = {
        "sex": "women", "age": "age_21_23", "citizenship": "EE", "exploitation": "several",
        "to_country": "EE", "ended_by": "goals_met",
    }  # fmt: skip
    return tuple((usual | chosen)[name] for name in ladders.VARIABLES)


def world(*groups: tuple[int, ClientValues]) -> dict[bytes, ClientValues]:
    everybody = [values for count, values in groups for _ in range(count)]
    return {client_id(number): values for number, values in enumerate(everybody)}


def judge(
    people: dict[bytes, ClientValues],
    *tables: tuple[str, ...],
    earlier: Iterable[EarlierRelease] = (),
    **more: bool,
) -> SafeFigures:
    return judge_release(frozenset(people), people, TableRequest(tables, **more), tuple(earlier))


def fault(*tables: tuple[str, ...], least: int = 11, has_fixed_rows: bool = False) -> str:
    with pytest.raises(KfdeskError) as caught:
        TableRequest(tables, least, has_fixed_rows).check()
    return caught.value.code


# --- the smallest groups


def test_nine_clients_are_fewer_than_eleven_and_nobody_is_none() -> None:
    nine = judge(world((9, person())), ("sex",))
    assert (nine.total, nine.tables, nine.joined) == (None, (), ())
    nobody = judge({}, ("sex",))
    assert (nobody.total, nobody.tables) == (0, ())


def test_small_groups_are_joined_along_the_ladder() -> None:
    people = world((12, person(citizenship="EE")), (5, person(citizenship="LV")),
                   (14, person(citizenship="NG")))  # fmt: skip
    found = judge(people, ("citizenship",))
    assert found.tables[0].cells == {("eu",): 17, ("elsewhere",): 14}
    assert [(one.variable, one.level, one.reason) for one in found.joined] == [
        ("citizenship", 1, JoinReason.SMALL)
    ]


def test_a_variable_that_stays_small_is_left_out() -> None:
    found = judge(world((12, person()), (3, person(sex="men"))), ("sex",))
    assert found.total == 15
    assert found.tables == ()
    assert found.joined[0].is_left_out


def test_of_equal_losses_the_first_variable_stays_finest() -> None:
    people = world(
        (12, person(exploitation="ForcedBegging")),
        (6, person(exploitation="Servitude")),
        (12, person(exploitation="SexualExploitation")),
        (6, person(citizenship="LV", exploitation="ForcedBegging")),
        (12, person(citizenship="LV", exploitation="Servitude")),
        (12, person(citizenship="LV", exploitation="SexualExploitation")),
    )
    first = judge(people, ("citizenship", "exploitation")).tables[0].axes
    second = judge(people, ("exploitation", "citizenship")).tables[0].axes
    assert first == (("citizenship", 0), ("exploitation", 1))
    assert second == (("exploitation", 0), ("citizenship", 1))


def test_tables_that_share_a_variable_are_judged_together() -> None:
    people = world((11, person()), (11, person(sex="men", age="age_9_17")),
                   (6, person(age="age_9_17")), (6, person(sex="men")))  # fmt: skip
    apart = judge(people, ("sex",), ("age",))
    assert [len(table.cells) for table in apart.tables] == [2, 2]
    together = judge(people, ("sex", "citizenship"), ("citizenship", "age"), ("sex", "age"))
    sexes = [table for table in together.tables if "sex" in table.variables]
    assert not [table for table in sexes if "age" in table.variables]
    assert {one.variable for one in together.joined} == {"age"}


def test_the_same_table_stands_once() -> None:
    people = world((12, person()), (12, person(sex="men")))
    assert len(judge(people, ("sex",), ("sex",)).tables) == 1


def test_nobody_learns_a_sensitive_category_for_certain() -> None:
    people = world((14, person(exploitation="SexualExploitation")))
    found = judge(people, ("exploitation",))
    assert found.tables == ()
    assert found.joined == (JoinedVariable("exploitation", 2, JoinReason.SMALL),)
    few = judge(world((14, person()), (3, person(exploitation="Servitude"))), ("exploitation",))
    assert few.joined == found.joined, "what is printed tells the two apart nowhere"
    mixed = people | {client_id(100 + n): person(exploitation="ForcedLabour") for n in range(12)}
    assert judge(mixed, ("exploitation",)).tables[0].cells == {
        ("SexualExploitation",): 14, ("ForcedLabour",): 12,
    }  # fmt: skip


# --- fixed rows


def test_fixed_rows_leave_small_groups_out_and_another_with_them() -> None:
    people = world((30, person()), (12, person(citizenship="LV")), (3, person(citizenship="RU")))
    found = judge(people, ("citizenship",), has_fixed_rows=True)
    table = found.tables[0]
    assert table.cells == {("EE",): 30}
    assert table.hidden == {("LV",), ("RU",)}
    assert table.rest == 15


def test_fixed_rows_without_enough_to_hide_show_no_table() -> None:
    found = judge(world((30, person()), (3, person(sex="men"))), ("sex",), has_fixed_rows=True)
    assert found.tables == ()
    assert found.joined[0].reason is JoinReason.SMALL
    sure = judge(world((30, person())), ("exploitation",), has_fixed_rows=True)
    assert sure.joined[0].reason is JoinReason.SMALL


def test_what_is_left_out_is_at_least_two_groups_and_eleven_clients() -> None:
    assert hide_cells({("a",): 20, ("b",): 30}, 11) == frozenset()
    assert hide_cells({("a",): 20, ("b",): 30, ("c",): 4}, 11) == frozenset({("a",), ("c",)})
    assert hide_cells({("a",): 6, ("b",): 7, ("c",): 40}, 11) == frozenset({("a",), ("b",)})
    assert hide_cells({("a",): 6, ("b",): 7}, 11) is None
    assert hide_cells({("a",): 6}, 11) is None
    assert hide_cells({("a",): 6, ("b",): 70}, 11) is None


# --- after earlier releases


def earlier_of(
    people: dict[bytes, ClientValues], found: SafeFigures, missing: int = 0
) -> EarlierRelease:
    return EarlierRelease("new_clients", frozenset(people), found.tables, missing)


def test_one_more_client_is_refused_and_eleven_more_are_not() -> None:
    before = world((20, person()), (15, person(sex="men")))
    release = earlier_of(before, judge(before, ("sex",)))
    one_more = before | {client_id(900): person()}
    with pytest.raises(KfdeskError) as caught:
        judge(one_more, ("sex",), earlier=[release])
    assert caught.value.code == "figures.difference"
    more = before | {client_id(900 + n): person() for n in range(11)}
    assert judge(more, ("sex",), earlier=[release]).tables[0].cells == {
        ("women",): 31, ("men",): 15,
    }  # fmt: skip


def test_groups_must_differ_by_eleven_too() -> None:
    before = world((20, person()), (15, person(sex="men")))
    release = earlier_of(before, judge(before, ("sex",)))
    more = before | {client_id(900 + n): person() for n in range(9)}
    more |= {client_id(950 + n): person(sex="men") for n in range(6)}
    found = judge(more, ("sex",), earlier=[release])
    assert found.total == 50
    assert found.tables == ()
    assert found.joined[0].reason is JoinReason.EARLIER


def test_tables_of_different_releases_cannot_be_chained() -> None:
    """Three tables of two variables each, released one by one, would give away the third."""
    people = world((11, person()), (11, person(sex="men", age="age_9_17")),
                   (11, person(age="age_9_17", ended_by="unknown")),
                   (11, person(sex="men", ended_by="unknown")))  # fmt: skip
    first = earlier_of(people, judge(people, ("sex", "age")))
    second = judge(people, ("age", "ended_by"), earlier=[first])
    assert second.tables
    both = (first, earlier_of(people, second))
    third = judge(people, ("sex", "ended_by"), earlier=both)
    assert all(len(table.axes) == 1 or table.axes for table in third.tables)
    known = {name for table in second.tables for name in table.variables}
    assert "age" in known or "ended_by" in known


def test_changed_data_shut_a_variable() -> None:
    before = world((20, person()), (15, person(sex="men")))
    release = earlier_of(before, judge(before, ("sex",), ("age",)))
    now = before | {client_id(0): person(sex="men")}
    found = judge(now, ("sex",), ("age",), earlier=[release])
    assert [table.variables for table in found.tables] == [("age",)]
    assert found.joined[0].reason is JoinReason.CHANGED


def test_a_table_with_groups_left_out_shuts_its_variables() -> None:
    people = world((30, person()), (12, person(citizenship="LV")), (3, person(citizenship="RU")))
    fixed = judge(people, ("citizenship",), has_fixed_rows=True)
    found = judge(people, ("citizenship",), earlier=[earlier_of(people, fixed)])
    assert found.tables == ()
    again = judge(
        people, ("citizenship",), earlier=[earlier_of(people, fixed)], has_fixed_rows=True
    )
    assert again.joined[0].reason is JoinReason.EARLIER


def test_erased_clients_close_a_release() -> None:
    people = world((20, person()), (15, person(sex="men")))
    release = earlier_of(people, judge(people, ("sex",)), missing=1)
    with pytest.raises(KfdeskError):
        judge(people, ("sex",), earlier=[release])


def halves(
    people: dict[bytes, ClientValues], *groups: tuple[int, int], population: str = "new_clients"
) -> list[EarlierRelease]:
    """Return releases of some clients each, from one number to another, that say "fewer"."""
    ids = sorted(people)
    return [
        EarlierRelease(population, frozenset(ids[first:last]), (), is_small=True)
        for first, last in groups
    ]


@pytest.mark.parametrize(
    ("total", "groups", "is_told"),
    [
        (20, [(0, 10), (10, 20)], True),
        (15, [(0, 6), (6, 15)], True),
        (11, [(0, 5), (5, 11)], False),
        (36, [(0, 9), (9, 18), (18, 27), (27, 36)], True),
        (30, [(0, 8), (8, 16), (16, 23), (23, 30)], False),
        (21, [(0, 10), (10, 20)], False),
        (20, [(0, 10), (10, 20), (10, 15), (15, 20)], True),
        (20, [(0, 10), (0, 10)], False),
        (20, [(0, 10), (5, 15), (14, 20)], False),
    ],
)
def test_a_total_tells_no_more_of_groups_that_are_fewer_than_eleven(
    total: int, groups: list[tuple[int, int]], is_told: bool
) -> None:
    people = world((total, person()))
    before = halves(people, *groups)
    if is_told:
        with pytest.raises(KfdeskError) as caught:
            judge(people, ("sex",), earlier=before)
        assert caught.value.code == "figures.difference"
    else:
        assert judge(people, ("sex",), earlier=before).total == total


def test_what_is_left_of_a_total_tells_no_more_either() -> None:
    people = world((40, person()))
    ids = frozenset(sorted(people)[:20])
    half = EarlierRelease("new_clients", ids, judge(people, ("sex",)).tables[:0])
    with pytest.raises(KfdeskError):
        judge(people, earlier=[half, *halves(people, (20, 30), (30, 40))])
    assert judge(people, earlier=[half, *halves(people, (20, 30))]).total == 40


def test_fewer_than_eleven_may_be_said_again() -> None:
    people = world((9, person()))
    assert judge(people, ("sex",), earlier=halves(people, (0, 9), (0, 5))).total is None


# --- requests


def test_requests_that_nobody_may_make() -> None:
    assert fault(("sex",), least=3) == "figures.least"
    assert fault(("sex", "age", "citizenship", "to_country")) == "figures.variables"
    assert fault(("sex", "sex")) == "figures.variables"
    assert fault(()) == "figures.variables"
    assert fault(("shoe_size",)) == "figures.variables"
    assert fault(("sex",), ("age",), has_fixed_rows=True) == "figures.fixed"


# --- ladders


def test_ladders_go_from_fine_to_coarse() -> None:
    at = ladders.category_at
    assert [at("age", level, "age_9_17") for level in range(4)] == [
        "age_9_17", "minor", "minor", "",
    ]  # fmt: skip
    assert [at("age", level, "unknown") for level in range(3)] == [
        "unknown", "unknown", "adult_or_unknown",
    ]  # fmt: skip
    assert [at("to_country", level, "NO") for level in range(3)] == ["NO", "nordic", "europe"]
    assert at("to_country", 1, "LV") == "baltic"
    assert at("to_country", 1, "PL") == "rest_of_eu"
    assert at("to_country", 1, "RU") == "other_europe"
    assert at("citizenship", 1, "unknown") == at("citizenship", 1, "NG") == "elsewhere"
    assert at("ended_by", 1, "transferred_to_partner") == "handed_over"
    assert at("ended_by", 1, "deceased") == "other_end"
    assert at("ended_by", 1, "goals_met") == "reached"
    assert at("exploitation", 1, "ForcedLabour") == "labour"


def test_coarser_categories_of_a_step() -> None:
    coarser = ladders.coarser_category
    assert coarser("to_country", 1, 2, "baltic") == "europe"
    assert coarser("to_country", 1, 2, "elsewhere") == "elsewhere"
    assert coarser("to_country", 1, 1, "baltic") == "baltic"
    assert coarser("to_country", 0, 1, "EE") == "baltic"
    assert coarser("age", 1, 3, "minor") == ""
    assert coarser("age", 1, 2, "of a newer program") == "unknown"


def test_finest_categories() -> None:
    assert [ladders.sex_of(one) for one in ("Feminine", "Masculine", "NonConforming", None)] == [
        "women", "men", "other_sex", "other_sex",
    ]  # fmt: skip
    day = date(2025, 6, 1)
    assert ladders.age_of(date(2007, 6, 2), None, day) == "age_9_17"
    assert ladders.age_of(date(2007, 6, 1), None, day) == "age_18_20"
    assert ladders.age_of(date(2026, 1, 1), "age_9_17", day) == "unknown"
    assert ladders.age_of(date(1800, 1, 1), None, day) == "unknown"
    assert ladders.age_of(None, "age_9_17", None) == "age_9_17"
    assert ladders.age_of(None, "age_of_reason", day) == "unknown"
    assert ladders.one_of_several(("a",)) == "a"
    assert ladders.one_of_several(("a", "b")) == "several"
    assert ladders.one_of_several(()) == ladders.one_of_several(None) == "unknown"
    assert ladders.one_of_several("a") == "unknown"
    assert ladders.country_of(("EE",)) == ladders.country_of("EE") == "EE"
    assert ladders.country_of(("EE", "LV")) == ladders.country_of("XX") == "unknown"
    assert [ladders.code_of(one) for one in ("goals_met", "newer_code", "", None)] == [
        "goals_met", "newer_code", "unknown", "unknown",
    ]  # fmt: skip
    for text in ("all|women=14", "a\n@sex.0", "=HYPERLINK(1)", "x" * 61, "с_кириллицей"):
        assert ladders.code_of(text) == ladders.one_of_several((text,)) == "unknown"


# --- periods


def test_periods_are_quarters_halves_and_years() -> None:
    for code, first, last in (
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025-H2", date(2025, 7, 1), date(2025, 12, 31)),
        ("2024-q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
    ):
        if code != "9999":
            period = FigurePeriod.parse(code)
            assert (period.first, period.last) == (first, last)
            assert period.code == code.upper()
    for wrong in ("", "20206", "202", "2025-H3", "2025-Q5", "2025-Q", "2025-X1", "１９９９", "1989",
                  "9999", "0000"):  # fmt: skip
        with pytest.raises(KfdeskError):
            FigurePeriod.parse(wrong)
    for first, last in (
        (date(2025, 1, 1), date(2025, 2, 28)), (date(2025, 2, 1), date(2025, 4, 30)),
        (date(2025, 1, 2), date(2025, 3, 31)), (date(2025, 1, 1), date.max),
    ):  # fmt: skip
        with pytest.raises(KfdeskError):
            FigurePeriod(first, last)


def test_a_period_must_be_over() -> None:
    YEAR.require_over(date(2026, 1, 1))
    with pytest.raises(KfdeskError) as caught:
        YEAR.require_over(date(2025, 12, 31))
    assert caught.value.code == "figures.period_open"
    assert YEAR.holds(date(2025, 12, 31))
    assert not YEAR.holds(None)
    assert not YEAR.holds(date(2026, 1, 1))
    assert YEAR.overlaps(FigurePeriod.parse("2025-Q3"))
    assert not YEAR.overlaps(FigurePeriod.parse("2026"))
    codes = [one.code for one in past_periods(date(2026, 8, 1), 2)]
    assert codes == ["2026-H1", "2026-Q1", "2026-Q2", "2025", "2025-H1", "2025-H2", "2025-Q1",
                     "2025-Q2", "2025-Q3", "2025-Q4"]  # fmt: skip


# --- canonical lines


def test_tables_come_back_from_their_lines() -> None:
    one = FigureTable((("sex", 0), ("age", 1)), {("women", "adult"): 14, ("men", "minor"): 11}, 25)
    two = FigureTable((("citizenship", 0),), {("EE",): 12}, 25, frozenset({("LV",), ("RU",)}))
    text = encode_tables((one, two))
    assert text.splitlines()[:2] == ["@sex.0|age.1", "men|minor=11"]
    assert decode_tables(text, 25) == (one, two)
    assert decode_tables("", 25) == ()
    assert marginal(one, (("sex", 0),)) == {("women",): 14, ("men",): 11}
    assert marginal(two, (("citizenship", 1),)) is None


@pytest.mark.parametrize(
    "text",
    [
        "women=14", "@sex.9", "@sex.x", "@shoes.0", "@", "@sex.0|sex.0", "@sex.0\nwomen=14",
        "@sex.0\nwomen|adult=25", "@sex.0\nwomen=-1", "@sex.0\nwomen=99999999",
        "@sex.0\nwomen=25\nwomen=25", "@sex.0\nwomen=*\nwomen=25", "@sex.0\nwomen=30\nmen=*",
        "@sex.0|age.0|citizenship.0|to_country.0", "@sex.0\n" * (MAX_LINES + 1),
        "@sex.0\n=HYPERLINK(1)=25", "@sex.0\nall of Nina's=25", f"@sex.0\n{'x' * 61}=25",
        "@sex.0\n\u202ewomen=25", "@sex.0\n=25",
    ],
)  # fmt: skip
def test_lines_of_others_are_refused_if_they_are_odd(text: str) -> None:
    with pytest.raises(KfdeskError) as caught:
        decode_tables(text, 25)
    assert caught.value.code == "figures.unreadable"


def record_of(**values: Value) -> FigureRelease:
    whole = {**make.FILLED["figure_release"], **values}
    return view(make.row("figure_release", whole), FigureRelease).record


def test_a_release_comes_back_from_its_record() -> None:
    period, found = decode_release(record_of())
    assert period == YEAR
    assert (found.total, found.least) == (25, 11)
    assert found.tables[0].cells == {("women",): 14, ("men",): 11}
    assert found.joined == (JoinedVariable("age", 3, JoinReason.SMALL),)
    assert decode_release(record_of(total=None, cells=None))[1].total is None


def test_joined_lines_of_a_newer_program_are_left_out() -> None:
    lines = "age 3 small\nshoes 1 small\nsex 9 small\nsex 1 odd\nsex"
    assert encode_joined(decode_joined(lines)) == "age 3 small"
    assert encode_joined(decode_joined("exploitation 2 certain")) == "exploitation 2 small"


@pytest.mark.parametrize(
    "values",
    [
        {"period_from": None}, {"period_to": date(2025, 2, 3)}, {"total": "many"},
        {"total": "99999999"}, {"total": "26"}, {"least": 0}, {"least": None}, {"total": None},
        {"total": None, "cells": "@sex.0"},
    ],
)  # fmt: skip
def test_a_record_that_cannot_be_read_is_refused(values: dict[str, Value]) -> None:
    with pytest.raises(KfdeskError):
        decode_release(record_of(**values))


def test_a_median_is_of_at_least_k_and_in_weeks() -> None:
    assert median_in_weeks([7] * 10) is None
    assert median_in_weeks([7] * 11) == 1
    assert median_in_weeks([0] * 6 + [31] * 6) == 2
    assert median_in_weeks([7] * 5, least=5) == 1
    assert median_in_weeks([7] * 4, least=1) is None


def test_a_median_of_a_record_counts_only_beside_a_total() -> None:
    assert decode_release(record_of())[1].median == 23
    assert decode_release(record_of(total=None, cells=None))[1].median is None
    assert decode_release(record_of(median=None))[1].median is None
