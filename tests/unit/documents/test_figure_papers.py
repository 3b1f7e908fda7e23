# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers of figures say exactly what their releases say, and nothing of small groups."""

from pathlib import Path

import pytest
from tests.support import make

from kfdesk.documents.figures.charts import chart_block, shortened
from kfdesk.documents.figures.report import make_figure_table, make_year_report
from kfdesk.documents.layout.style import OFFICE, REGULAR, Box, Style, TextLine
from kfdesk.documents.layout.text import width_of
from kfdesk.documents.typesetting import Typesetter, page_texts
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.disclosure import Channel, disclose
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.figures.cells import FigureTable
from kfdesk.domain.figures.charts import count_chart
from kfdesk.domain.figures.files import decode_release
from kfdesk.domain.papers import PrintContext, ReportLine
from kfdesk.domain.records.figures import FigureRelease
from kfdesk.domain.rows import Row, view
from kfdesk.domain.values import Value
from kfdesk.i18n.figures import category_name, table_rows
from kfdesk.i18n.language import Language

ROOT = Path(__file__).resolve().parents[3]
PRESS = Typesetter(ROOT / "resources", ROOT / "translations")
ABOUT = PrintContext(make.NOW, "PP", 1)
TABLE, REPORT = PaperName.FIGURE_TABLE, PaperName.YEAR_REPORT
CELLS = "@sex.0|age.1\nmen|adult=14\nwomen|adult=17\nwomen|minor=11"


def release(**values: Value) -> Row:
    whole = {**make.FILLED["figure_release"], "total": "42", "cells": CELLS, **values}
    return make.row("figure_release", whole)


def pages(paper: PaperName, *rows: Row, language: str = "en", about: PrintContext = ABOUT) -> str:
    what = disclose(rows, make.OWN_DESK, Channel.DESK_PAPER, make.basis())
    maker = make_figure_table if paper is TABLE else make_year_report
    order = PaperRequest(paper, rows[0].rid, language)
    return "\n".join(page_texts(maker(order, what, about, PRESS)))


@pytest.mark.parametrize("language", ["en", "sv", "ru"])
def test_table_and_chart_say_what_the_release_says(language: str) -> None:
    row = release()
    said = pages(TABLE, row, language=language)
    words = Language(language, ROOT / "translations")
    _, figures = decode_release(view(row, FigureRelease).record)
    (table,) = figures.tables
    for names, count in table_rows(table, words):
        assert count in said
        assert all(name in said for name in names)
    chart = count_chart(table, "", lambda name, part: category_name(name, part, words))
    assert chart is not None
    drawn = chart_block(chart, OFFICE)
    widths = sorted(
        item.width for item in drawn.items if isinstance(item, Box) and item.height > 12
    )
    counts = sorted(count for one in chart.rows for count in one.counts if count)
    assert [round(w / widths[0], 2) for w in widths] == [round(c / counts[0], 2) for c in counts]
    totals = [str(sum(one.counts)) for one in chart.rows]
    labels = [item.text for item in drawn.items if isinstance(item, TextLine)]
    assert [text for text in labels if text.isdecimal()] == totals


def test_fewer_than_eleven_is_all_that_nine_clients_say() -> None:
    said = pages(TABLE, release(total=None, cells=None, joined=None))
    assert "Fewer than 11 clients" in said
    assert said == pages(TABLE, release(total=None, cells=None, joined=None))


def test_report_has_text_tables_estimates_and_method() -> None:
    rows = [make.row(kind) for kind in ("publication", "estimate")]
    guess = make.row("estimate", {"point": 262, "method": "registered", "publisher": "NMT"},
                     rid=make.named_id("other"))  # fmt: skip
    about = PrintContext(make.NOW, "PP", 1, report_lines=(ReportLine("Training", "Tartu", 12),))
    said = pages(REPORT, rows[0], release(), rows[1], guess, about=about)
    for wanted in ("Om återvändande", "New clients, 2025", "42 clients", "What others estimate",
                   "200–500", "262", "Training", "Tartu · Reached: 12",
                   "How these numbers were made safe",
                   "Age: left out"):  # fmt: skip
        assert wanted in said, wanted


def test_a_median_and_the_method_stand_below_the_total() -> None:
    said = pages(TABLE, release(population="returned", median=7, method="sum"))
    assert "Weeks from the beginning of the plan to arrival, median: 7" in said
    assert "Sum of several organisations" in said


def test_estimates_of_a_report_stand_by_their_years() -> None:
    guesses = [
        make.row("estimate", {"point": n, "year_to": year, "publisher": "NMT"},
                 rid=make.named_id(f"guess {year}"))
        for n, year in ((301, 2019), (302, 2016), (303, 2022), (304, None))
    ]  # fmt: skip
    said = pages(REPORT, make.row("publication"), release(), *guesses)
    told = said[said.index("They are not our own numbers") :]
    found = [told.rindex(number) for number in ("304", "302", "301", "303")]
    assert found == sorted(found)


def test_report_without_estimates_and_projects_has_no_part_for_them() -> None:
    said = pages(REPORT, make.row("publication", {"about_year": 2025}), release(joined="odd"))
    assert "What others estimate" not in said
    assert "Projects and activities" not in said


def test_a_release_that_cannot_be_read_makes_no_paper() -> None:
    with pytest.raises(KfdeskError) as caught:
        pages(TABLE, release(cells="@shoes.0"))
    assert caught.value.code == "figures.unreadable"


def test_a_table_with_groups_left_out_has_no_chart() -> None:
    hidden = frozenset({("men",), ("other_sex",)})
    table = FigureTable((("sex", 0),), {("women",): 30}, 45, hidden)
    assert count_chart(table, "", lambda _, part: part) is None
    said = pages(TABLE, release(total="45", cells="@sex.0\nmen=*\nother_sex=*\nwomen=30"))
    assert said.count("–") >= 2


def test_long_labels_are_cut() -> None:
    style = Style(REGULAR, 10)
    assert shortened("short", style, 100) == "short"
    cut = shortened("a very long name of a group of people", style, 60)
    assert cut.endswith("…")
    assert width_of(cut, style) <= 60
    assert shortened("wide", style, 1) == "…"
