# SPDX-License-Identifier: GPL-3.0-or-later
"""The third page of a file copy: her own view, the pictures, and how each side weighs the risks.

The graver of the conclusions that count names the page; the pictures show the worse of both in
each category. Knows no store.
"""

from collections.abc import Iterator

from kfdesk.documents.cabinet.blocks import Block, Part, beside, stacked
from kfdesk.documents.cabinet.marks import SIZE, Mark
from kfdesk.documents.cabinet.parts import Setter
from kfdesk.documents.cabinet.table import Table, Text, across, titled
from kfdesk.documents.drawing.type_scale import BOLD, GREY, ITALIC, REGULAR, SEMIBOLD, Style
from kfdesk.documents.file_copy.case import Case
from kfdesk.documents.file_copy.risk_picture import dot, picture
from kfdesk.domain.gates.risks import last_day
from kfdesk.domain.lists.case_codes import RISK_CONCLUSION
from kfdesk.domain.lists.risk_codes import ITEMS, RISK_CATEGORY, RISK_LEVEL
from kfdesk.domain.records.case.risk_assessment import RiskAssessment
from kfdesk.domain.records.risk.risk_event import RiskEvent
from kfdesk.domain.records.risk.risk_line import RiskLine
from kfdesk.domain.rows import View
from kfdesk.domain.weighing.items import ItemAnswer, items_of
from kfdesk.domain.weighing.levels import Judged, Weighed, worse
from kfdesk.i18n.said.risks import origins_text, whole_item_text

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
    yield from _pictures(case, setter, weighed)
    yield _table(case, setter, weighed)
    yield from _happened(case, setter)
    for seen in weighed:
        yield from _said(case, setter, seen)


def _weighed(case: Case) -> list[Seen]:
    """The newest first."""
    return sorted(case.views(RiskAssessment), key=lambda s: str(s.record.done), reverse=True)


def _counts(case: Case, seen: Seen) -> bool:
    until = last_day(seen.record)
    is_in_date = until is not None and until >= case.about.at.date()
    return is_in_date and not seen.conflicts and seen.rid not in case.about.void


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
    said_before: dict[str, Style] = {}
    quote = case.words.gettext("“{text}”")
    for seen in weighed:
        if case.has(seen, "client_view"):
            said = case.text(seen, "client_view", style)
            quoted = said if said.is_blank else Text(quote.format(text=said.text), said.style)
            said_before.setdefault(quoted.text, quoted.style)
    title = case.words.gettext("Her own view of it")
    rows = [row for text, how in said_before.items() for row in setter.paragraph(text, how, drop=4)]
    if not rows:
        blank = [case.blank(Style(REGULAR, setter.form.sizes.text))]
        rows = Table(setter.form, across(setter.form, 1)).row([blank])
    yield Part(setter.head(title), tuple(rows), setter.head(title))


def _newest(weighed: list[Seen]) -> dict[bytes, Seen]:
    """The newest weighing of each side, by its id; one that was told counts for who told it."""
    sides = {(s.row.custodian, s.record.organisation): s for s in reversed(weighed)}
    return {seen.rid: seen for seen in sides.values()}


def _pictures(case: Case, setter: Setter, weighed: list[Seen]) -> Iterator[Part]:
    """Before and after measures, and the table with the same numbers; without lines, nothing."""
    newest = _newest(weighed)
    lines = [line for line in case.views(RiskLine) if line.row.parent in newest]
    found = [one for one in worse(lines) if one.before.level is not None]
    if not lines:
        return
    head = setter.head(case.words.gettext("The worse of both sides"))
    if not found:
        text = case.words.gettext("Nothing was found in any category.")
        style = Style(REGULAR, setter.form.sizes.text)
        yield Part(head, tuple(setter.paragraph(text, style, drop=5)))
        return
    yield Part(head, (picture(case.words, setter, found),))
    titles = (
        case.words.gettext("Risk"), case.words.gettext("Before"), case.words.gettext("After"),
        case.words.gettext("Measure"), case.words.gettext("State"),
    )  # fmt: skip
    columns = titled(across(setter.form, 38, 15, 15, 26, 18, left=SIZE + 8), titles)
    table = Table(setter.form, columns)
    rows = [block for one in found for block in _risk_row(case, table, one)]
    yield Part(table.head(), tuple(rows), table.head(), gap=8)


def _risk_row(case: Case, table: Table, one: Weighed) -> list[Block]:
    sizes = table.form.sizes
    text, strong = Style(REGULAR, sizes.text), Style(SEMIBOLD, sizes.text)
    small = Style(REGULAR, sizes.caption, GREY)
    line, words = one.line, case.words
    name = Text(words.gettext(RISK_CATEGORY.get(one.category, one.category)), strong)
    items = [Text(text, small) for text in _found(case, line)]
    measure = [case.text(line, "measure", text)] if case.has(line, "measure") else []
    if case.has(line, "measure_by"):
        measure.append(case.text(line, "measure_by", small))
    status = "mitigation_status"
    state = [case.text(line, status, text)] if case.has(line, status) else []
    cells = [[name, *items], _level(case, one.before, strong), _level(case, one.after, strong),
             measure, state]  # fmt: skip
    first, *rest = table.row(cells)
    number = Block(tuple(dot(str(one.number), _dot_x(table), 11.0, 7.0)), 0)
    return [beside(first, number), *rest]


def _found(case: Case, line: View[RiskLine]) -> Iterator[str]:
    """What is so and what is not known, each with its source; without items what they come to."""
    small = Style(REGULAR, 1)
    torn = [key for key in ("present", "unclear") if key in line.conflicts]
    yield from (case.text(line, key, small).text for key in torn)
    category = str(line.record.category)
    items = items_of(category, line.record) if category in ITEMS else {}
    for name, item in items.items():
        if item.answer is ItemAnswer.SO:
            yield whole_item_text(name, item, case.words)
        elif item.answer is ItemAnswer.NOT_KNOWN:
            unclear = case.words.gettext("Not known: {what}")
            yield unclear.format(what=whole_item_text(name, item, case.words))
    if all(item.answer is ItemAnswer.OPEN for item in items.values()):
        known = origins_text(line.record, case.words)
        yield from [known] if known else []


def _level(case: Case, judged: Judged, style: Style) -> list[Text]:
    """The score with its level in words; the level alone where nothing was rated."""
    if judged.level is None:
        return [Text("–", style)]
    small = Style(REGULAR, style.size * 0.86)
    name = Text(case.words.gettext(RISK_LEVEL[judged.level.code]).lower(), small)
    return [Text(str(judged.cell.score), style), name] if judged.cell is not None else [name]


def _dot_x(table: Table) -> float:
    """Where the dots of the table stand."""
    return table.form.margin + table.columns[0].x - SIZE / 2 - 6


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


def _happened(case: Case, setter: Setter) -> Iterator[Part]:
    """What has changed the risks since, the newest first; nothing where nothing has."""
    events = sorted(case.views(RiskEvent), key=lambda s: str(s.record.happened), reverse=True)
    words, text = case.words, Style(REGULAR, setter.form.sizes.text)
    titles = (
        words.gettext("When"), words.gettext("What has happened"), words.gettext("In a few words"),
    )  # fmt: skip
    table = Table(setter.form, titled(across(setter.form, 22, 34, 54), titles))
    keys = ("happened", "kind", "account")
    rows = [
        block
        for seen in events
        for block in table.row([[case.text(seen, key, text, "–")] for key in keys])
    ]
    if rows:
        head = stacked([setter.head(words.gettext("What has happened since")), table.head()])
        yield Part(head, tuple(rows), head)


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
