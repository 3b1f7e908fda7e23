# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of sizes: what each form of paper promises about its type and its columns."""

from datetime import date

import pytest
from tests.unit.documents.paper_samples import RESOURCES, ROOT, nina_in_two

from kfdesk.documents.escort.layout import LARGE_LAYOUT as COMPANION_LARGE
from kfdesk.documents.escort.layout import USUAL_LAYOUT
from kfdesk.documents.layout.style import (
    A4,
    A5,
    A6,
    A6_HELP,
    LARGE,
    REGULAR,
    Dot,
    PageFormat,
    Style,
    TextLine,
    move_items,
)
from kfdesk.documents.traveller.sheet import with_second_language
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperFormat
from kfdesk.i18n.places import zone_country

ALL = (A4, A5, A6, A6_HELP, LARGE, USUAL_LAYOUT.form, COMPANION_LARGE.form)


@pytest.mark.parametrize("form", ALL)
def test_nothing_of_a_form_is_smaller_than_its_smallest(form: PageFormat) -> None:
    sizes = form.sizes
    rest = (sizes.text, sizes.note, sizes.caption, sizes.phrase, sizes.title, sizes.heading)
    assert min(rest) >= sizes.smallest
    assert sizes.time > sizes.text


@pytest.mark.parametrize(
    ("form", "smallest", "time", "text"),
    [(A4, 9, 25, 12.5), (A6, 8.2, 19, 10.5), (LARGE, 13, 36, 18)],
)
def test_sizes_are_those_of_the_design(
    form: PageFormat, smallest: float, time: float, text: float
) -> None:
    assert (form.sizes.smallest, form.sizes.time, form.sizes.text) == (smallest, time, text)


def test_companions_large_print_is_14_points() -> None:
    assert (COMPANION_LARGE.form.sizes.text, COMPANION_LARGE.is_narrow) == (14, True)
    assert not USUAL_LAYOUT.is_narrow


def test_four_quarters_are_a_whole_page_and_a5_half_of_it() -> None:
    assert (2 * A6.width, 2 * A6.height) == pytest.approx((A4.width, A4.height))
    assert A5.width * A5.height == pytest.approx(A4.width * A4.height / 2, rel=0.01)


def test_card_stands_below_where_there_is_no_column_for_it() -> None:
    assert not A4.columns.is_card_below
    assert A6.columns.is_card_below
    assert LARGE.columns.is_card_below


def test_items_move_together_and_stay_as_they_were() -> None:
    line, dot = TextLine("Рига", Style(REGULAR, 9), 10, 20, 50), Dot(1, 2, 3, "#000000")
    there = move_items([line, dot], 100, 200)
    assert [(item.x, item.y) for item in there] == [(110, 220), (101, 202)]
    assert (line.x, dot.y) == (10, 2)


def test_folded_sheet_does_not_say_the_luggage_twice() -> None:
    two = nina_in_two()
    assert two.beside is not None
    folded, flat = (
        with_second_language(two, two.beside, form).beside
        for form in (PaperFormat.A6_FOLD, PaperFormat.A4)
    )
    assert folded is not None
    assert flat is not None
    assert (folded.luggage, len(flat.luggage)) == ((), 4)


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Europe/Riga", "LV"), ("Europe/Kyiv", "UA"), ("Europe/Kaliningrad", "RU"), ("Etc/UTC", "")],
)
def test_zone_knows_whose_clocks_it_is_on(zone: str, country: str) -> None:
    assert zone_country(zone) == country


@pytest.mark.parametrize(
    ("code", "days"),
    [("ru", "12–13 декабря"), ("sv", "12–13 december"), ("ro", "12–13 decembrie")],
)
def test_days_of_a_quarter_leave_out_the_year(code: str, days: str) -> None:
    words = Typesetter(RESOURCES, ROOT / "translations").client(code)
    assert words.days(date(2026, 12, 12), date(2026, 12, 13), year=False) == days
    over = words.days(date(2026, 12, 31), date(2027, 1, 1), year=False)
    assert "202" not in over
    assert words.days(date(2026, 12, 12), date(2026, 12, 12), year=False).startswith("12 ")
