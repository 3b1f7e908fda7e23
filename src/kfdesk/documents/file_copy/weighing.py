# SPDX-License-Identifier: GPL-3.0-or-later
"""The third page of a file copy: her own view, and how each side has weighed the risks.

The graver of the conclusions that count names the page. Knows no store.
"""

from collections.abc import Iterator
from datetime import date

from kfdesk.documents.cabinet.blocks import Block, Part, stacked
from kfdesk.documents.cabinet.marks import SIZE, Mark
from kfdesk.documents.cabinet.parts import Setter
from kfdesk.documents.cabinet.table import Table, Text, across, titled
from kfdesk.documents.drawing.type_scale import BOLD, GREY, ITALIC, REGULAR, SEMIBOLD, Style
from kfdesk.documents.file_copy.case import Case
from kfdesk.domain.lists.case_codes import RISK_CONCLUSION
from kfdesk.domain.records.case.risk_assessment import RiskAssessment
from kfdesk.domain.rows import View

Seen = View[RiskAssessment]
_SEVERITY = tuple(RISK_CONCLUSION)


def weighing(case: Case, setter: Setter) -> Iterator[Part]:
    """The parts of the page; it is there before anybody has weighed, too, and says so."""
    words = case.words
    weighed = _weighed(case)
    yield Part(setter.page_head(words.gettext("Risks"), _title(case, weighed)), starts_page=True)
    if not weighed:
        return
    yield from _views_of_hers(case, setter, weighed)
    yield _table(case, setter, weighed)
    for seen in weighed:
        yield from _said(case, setter, seen)


def _weighed(case: Case) -> list[Seen]:
    """The newest first."""
    return sorted(case.views(RiskAssessment), key=lambda s: str(s.record.done), reverse=True)


def _counts(case: Case, seen: Seen) -> bool:
    until = seen.record.valid_until
    return isinstance(until, date) and until >= case.about.at.date() and not seen.conflicts


def _title(case: Case, weighed: list[Seen]) -> str:
    words = case.words
    said = [
        str(seen.record.conclusion)
        for seen in weighed
        if _counts(case, seen) and seen.record.conclusion in RISK_CONCLUSION
    ]
    if not weighed:
        return words.gettext("The risks have not been weighed yet")
    if not said:
        return words.gettext("No weighing of the risks counts today")
    return words.gettext(RISK_CONCLUSION[max(said, key=_SEVERITY.index)])


def _views_of_hers(case: Case, setter: Setter, weighed: list[Seen]) -> Iterator[Part]:
    style = Style(ITALIC, setter.form.sizes.text)
    rows: list[Block] = []
    quote = case.words.gettext("“{text}”")
    for seen in weighed:
        if case.has(seen, "client_view"):
            said = case.text(seen, "client_view", style)
            quoted = said if said.is_blank else Text(quote.format(text=said.text), said.style)
            rows += setter.paragraph(quoted.text, quoted.style, drop=4)
    title = case.words.gettext("Her own view of it")
    if not rows:
        blank = [case.blank(Style(REGULAR, setter.form.sizes.text))]
        rows = Table(setter.form, across(setter.form, 1)).row([blank])
    yield Part(setter.head(title), tuple(rows), setter.head(title))


def _table(case: Case, setter: Setter, weighed: list[Seen]) -> Part:
    words = case.words
    titles = (
        words.gettext("Weighed by"), words.gettext("Conclusion"), words.gettext("Done on"),
        words.gettext("Counts until"), words.gettext("Open questions"),
    )  # fmt: skip
    columns = titled(across(setter.form, 24, 32, 20, 20, 14, left=SIZE + 6), titles)
    table = Table(setter.form, columns)
    rows = [block for seen in weighed for block in _row(case, table, seen)]
    head = stacked([setter.head(words.gettext("The risks, as each side weighs them")),
                    table.head()])  # fmt: skip
    return Part(head, tuple(rows), head)


def _row(case: Case, table: Table, seen: Seen) -> list[Block]:
    text, strong = Style(REGULAR, table.form.sizes.text), Style(SEMIBOLD, table.form.sizes.text)
    small = Style(SEMIBOLD, table.form.sizes.caption)
    counts = _counts(case, seen)
    until = [case.text(seen, "valid_until", text)]
    if not counts:
        until.append(Text(case.words.gettext("does not count today"), small))
    cells = [
        [case.text(seen, "organisation", text)],
        [case.text(seen, "conclusion", strong)],
        [case.text(seen, "done", text)],
        until,
        [case.text(seen, "unanswered", text)],
    ]
    return table.row(cells, Mark.MET if counts else Mark.ASIDE, 0)


def _said(case: Case, setter: Setter, seen: Seen) -> Iterator[Part]:
    """Summary and measures of one side, as far as it has written them."""
    words, sizes = case.words, setter.form.sizes
    label, text = Style(BOLD, sizes.note, GREY), Style(REGULAR, sizes.text)
    who = case.text(seen, "organisation", text).text
    rows: list[Block] = []
    for key, name in (
        ("summary", words.gettext("Summary")),
        ("measures", words.gettext("Measures")),
        ("measures_agreed", words.gettext("Measures are agreed")),
    ):
        if case.has(seen, key):
            said = case.text(seen, key, text)
            rows += setter.paragraph(name, label, drop=6)
            rows += setter.paragraph(said.text, said.style)
    if rows:
        head = setter.head(words.gettext("Why: {name}").format(name=who))
        yield Part(head, tuple(rows), head, gap=16)
