# SPDX-License-Identifier: GPL-3.0-or-later
"""The paper of a release, and the report about a year: text, tables, charts, estimates, method.

Everything that is drawn was disclosed for the paper; tables come from releases alone. Estimates
have a part of their own, with who says so. The method page has the rules in plain words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from kfdesk.documents.figures.charts import chart_block
from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import (
    Block,
    CellText,
    Composer,
    PaperPart,
    PaperTable,
    TableColumn,
    add_titles,
    draw_footer,
    paginate,
    share_columns,
    stack_blocks,
    text_bottom,
)
from kfdesk.documents.layout.style import GREY, OFFICE, REGULAR, SEMIBOLD, Style
from kfdesk.documents.typesetting import Typesetter, disclosed_records
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.codes.figures import FIGURE_METHODS
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.figures.cells import FigureTable
from kfdesk.domain.figures.charts import count_chart, estimate_chart, registered_chart
from kfdesk.domain.figures.files import decode_release
from kfdesk.domain.figures.periods import FigurePeriod
from kfdesk.domain.message_marks import N_
from kfdesk.domain.papers import PrintContext, ReportLine
from kfdesk.domain.records.figures import Estimate, FigureRelease, Publication
from kfdesk.domain.values import text_or_empty
from kfdesk.i18n.figures import (
    category_name,
    estimate_label,
    estimate_number,
    estimate_source,
    joined_text,
    median_text,
    method_lines,
    period_name,
    population_name,
    table_rows,
    table_title,
    total_text,
    variable_name,
)
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import localized_text

_FORM = OFFICE
_SETTER = Composer(_FORM, _FORM.margin, _FORM.measure)
_TEXT = Style(REGULAR, _FORM.sizes.text)
_STRONG = Style(SEMIBOLD, _FORM.sizes.text)
_TITLE = Style(SEMIBOLD, _FORM.sizes.title)
_NOTE = Style(REGULAR, _FORM.sizes.note, GREY)
_SMALL = Style(REGULAR, _FORM.sizes.note)
_NUMBER_SHARE = 0.22


def make_figure_table(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the paper of one release as a PDF, in the ordered language.

    Raise KfdeskError `figures.unreadable`, or `documents.no_letter` or `documents.too_much`.
    """
    words = press.program(order.language)
    releases = disclosed_records(what, FigureRelease)
    parts = [part for one in releases for part in _release_parts(one, words, is_alone=True)]
    return _draw(parts, order, about, press)


def make_year_report(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the report about a year as a PDF, in the ordered language.

    Raise KfdeskError as `make_figure_table` does.
    """
    words = press.program(order.language)
    releases = disclosed_records(what, FigureRelease)
    least = [one.least for one in releases if isinstance(one.least, int)]
    parts = [
        *(part for one in disclosed_records(what, Publication) for part in _cover(one, words)),
        *(part for one in releases for part in _release_parts(one, words)),
        *_projects(about, words),
        *_estimates(sorted(disclosed_records(what, Estimate), key=_last_year), words),
        *_method(min(least, default=0), words, starts_page=True),
    ]
    return _draw(parts, order, about, press)


def _draw(
    parts: Sequence[PaperPart], order: PaperRequest, about: PrintContext, press: Typesetter
) -> bytes:
    words = press.program(order.language)
    pages = paginate(parts, _FORM.margin, text_bottom(_FORM))
    canvas = PageCanvas(_FORM, order.language, press.icon)
    made = words.gettext(N_("Figures about no single client. Made {day} by {name}.")).format(
        day=words.day(about.at.date(), year=True), name=about.by
    )
    for number, page in enumerate(pages, start=1):
        count = words.gettext("page {number} of {total}").format(number=number, total=len(pages))
        canvas.put([*page, *draw_footer(made, count, _FORM)])
        canvas.end_page()
    return canvas.pdf()


# --- the text by hand


def _cover(report: Publication, words: Language) -> Iterator[PaperPart]:
    told = report.title if isinstance(report.title, tuple) else ()
    above = text_or_empty(report.publisher) or text_or_empty(report.creator)
    year = str(report.about_year) if isinstance(report.about_year, int) else ""
    head = _SETTER.page_heading(above, localized_text(told, words) if told else "", year)
    lines: list[Block] = []
    if isinstance(report.abstract, tuple):
        for piece in localized_text(report.abstract, words).split("\n"):
            lines += _SETTER.paragraph(piece, _TEXT, 4)
    facts = [text_or_empty(report.creator), text_or_empty(report.identifier)]
    if isinstance(report.published, date):
        facts.append(words.day(report.published, year=True))
    lines += _SETTER.paragraph(" · ".join(filter(None, facts)), _NOTE, 8)
    yield PaperPart(head, tuple(lines))


# --- releases


def _release_parts(
    release: FigureRelease, words: Language, *, is_alone: bool = False
) -> Iterator[PaperPart]:
    period, figures = decode_release(release)
    title = f"{population_name(release.population, words)}, {period_name(period, words)}"
    note = _release_note(release, period, words)
    heading = _SETTER.page_heading("", title) if is_alone else _SETTER.section_heading(title)
    told = median_text(release.population, figures, words)
    head = stack_blocks(
        [heading, *_SETTER.paragraph(total_text(figures, words), _TITLE, 2),
         *(_SETTER.paragraph(told, _TEXT, 2) if told else ()),
         *_SETTER.paragraph(note, _NOTE, 2)]
    )  # fmt: skip
    yield PaperPart(head, gap=22, starts_page=not is_alone)
    for table in figures.tables:
        yield from _table_parts(table, words)
    joined = [
        block
        for one in figures.joined
        for block in _SETTER.paragraph(joined_text(one, figures.least, words), _NOTE, 1)
    ]
    if joined:
        yield PaperPart(joined[0], tuple(joined[1:]), gap=8)
    if is_alone:
        yield from _method(figures.least, words)


def _release_note(release: FigureRelease, period: FigurePeriod, words: Language) -> str:
    number = words.gettext(N_("Release {number}")).format(number=release.number or "–")
    days = words.days(period.first, period.last)
    made = words.day(release.made, year=True) if isinstance(release.made, date) else ""
    method = words.gettext(FIGURE_METHODS.get(text_or_empty(release.method), ""))
    return " · ".join(filter(None, (number, days, made, method)))


def _table_parts(table: FigureTable, words: Language) -> Iterator[PaperPart]:
    """Yield the table, then its chart."""
    count = len(table.variables)
    shares = [*[(1 - _NUMBER_SHARE) / count] * count, _NUMBER_SHARE]
    titles = [*(variable_name(name, words) for name in table.variables), words.gettext("Clients")]
    columns = add_titles(share_columns(_FORM, *shares), titles)
    columns[-1] = TableColumn(columns[-1].x, columns[-1].width, columns[-1].title, "right")
    paper = PaperTable(_FORM, columns, 3)
    title = stack_blocks(_SETTER.paragraph(table_title(table, words), _TITLE))
    rows = [
        block
        for names, number in table_rows(table, words)
        for block in paper.row(
            [*([CellText(name, _TEXT)] for name in names), [CellText(number, _STRONG)]]
        )
    ]
    top = stack_blocks([title, paper.head()], 2)
    yield PaperPart(top, tuple(rows), paper.head(), gap=14, is_whole=True)
    chart = count_chart(
        table, table_title(table, words), lambda name, part: category_name(name, part, words)
    )
    if chart is not None:
        yield PaperPart(chart_block(replace(chart, title=""), _FORM), gap=10)


# --- what was done, estimates, and the method


def _projects(about: PrintContext, words: Language) -> Iterator[PaperPart]:
    if about.report_lines:
        head = _SETTER.section_heading(words.gettext(N_("Projects and activities")))
        lines = [
            block
            for one in about.report_lines
            for block in (
                *_SETTER.paragraph(one.title, _STRONG, 5),
                *_SETTER.paragraph(_line_text(one, words), _TEXT, 1),
            )
        ]
        yield PaperPart(head, tuple(lines), gap=22)


def _line_text(one: ReportLine, words: Language) -> str:
    """Return by whom and where, and how many people were reached if somebody counted."""
    reached = words.gettext(N_("Reached: {count}")).format(count=one.people) if one.people else ""
    return " · ".join(filter(None, (one.text, reached)))


def _estimates(estimates: Sequence[Estimate], words: Language) -> Iterator[PaperPart]:
    if not estimates:
        return
    head = _SETTER.section_heading(words.gettext(N_("What others estimate")))
    said = words.gettext(N_("They are not our own numbers, and they are never added up."))
    yield PaperPart(stack_blocks([head, *_SETTER.paragraph(said, _NOTE, 2)]), starts_page=True)

    def label(one: Estimate) -> str:
        return estimate_label(one, words)

    guesses = estimate_chart(estimates, words.gettext(N_("Estimates")), label)
    cases = registered_chart(estimates, words.gettext(N_("Registered cases")), label)
    if guesses.ranges:
        yield PaperPart(chart_block(guesses, _FORM), gap=10)
    if cases.cases:
        yield PaperPart(chart_block(cases, _FORM), gap=10)
    for one in estimates:
        lines = (
            *_SETTER.paragraph(f"{label(one)}: {estimate_number(one, words)}", _STRONG, 4),
            *_SETTER.paragraph(_source(one, words), _NOTE, 1),
        )
        yield PaperPart(lines[0], lines[1:], gap=2, is_whole=True)


def _source(one: Estimate, words: Language) -> str:
    parts = [estimate_source(one, words), text_or_empty(one.page)]
    if isinstance(one.note, tuple):
        parts.append(localized_text(one.note, words))
    if isinstance(one.read_on, date):
        day = words.day(one.read_on, year=True)
        parts.append(words.gettext(N_("Read on {day}.")).format(day=day))
    return " ".join(filter(None, (*parts, text_or_empty(one.url))))


def _last_year(one: Estimate) -> int:
    years = [year for year in (one.year_from, one.year_to) if isinstance(year, int)]
    return max(years, default=0)


def _method(least: int, words: Language, *, starts_page: bool = False) -> Iterator[PaperPart]:
    head = _SETTER.section_heading(words.gettext(N_("How these numbers were made safe")))
    lines = [
        block for line in method_lines(least, words) for block in _SETTER.paragraph(line, _SMALL, 3)
    ]
    yield PaperPart(head, tuple(lines), gap=18, starts_page=starts_page, is_whole=True)
