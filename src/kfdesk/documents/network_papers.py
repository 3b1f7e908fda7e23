# SPDX-License-Identifier: GPL-3.0-or-later
"""Agenda and minutes of a meeting, the members of a network, and what is new for a partner.

Papers of a network are about no client and say so. Those of a case conference have her code at
most, and say for whom they are. Lists are cut at a number of rows and say how many are left.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import (
    FOOTER_HEIGHT,
    Block,
    CellText,
    Composer,
    PaperPart,
    PaperTable,
    add_titles,
    draw_footer,
    paginate,
    share_columns,
    stack_blocks,
)
from kfdesk.documents.layout.style import GREY, MILLIMETRE, OFFICE, REGULAR, SEMIBOLD, Style
from kfdesk.documents.typesetting import Typesetter, disclosed_views, one_line
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.consent import RecipientKind
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.message_marks import N_
from kfdesk.domain.network_work import is_decision_open, work_line
from kfdesk.domain.papers import PrintContext, maker_key
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.directory import Membership, Network
from kfdesk.domain.records.network import (
    Attendance,
    CaseConference,
    ConferenceDecision,
    ConferenceParty,
    Decision,
    Meeting,
)
from kfdesk.domain.rows import RecordView, Row, view, view_any
from kfdesk.i18n.integrity import RECORD_TYPE_NAMES
from kfdesk.i18n.language import Language
from kfdesk.i18n.network import coded, state_text, when_text, work_title
from kfdesk.i18n.phrases import localized_text

_FORM = OFFICE
_TOP = 14 * MILLIMETRE
_TEXT = Style(REGULAR, OFFICE.sizes.text)
_STRONG = Style(SEMIBOLD, OFFICE.sizes.text)
_QUIET = Style(REGULAR, OFFICE.sizes.note, GREY)
_MOST_ROWS = 120
"""Rows of a table on paper; a partner can send any number."""
_MOST_NEWS = 60
"""Lines of news, so that they fit on two pages."""
_NEWS_ORDER = (
    "decision", "meeting", "agreement", "project", "activity", "procedure", "organisation",
    "membership",
)  # fmt: skip


class _Sheet:
    """The parts that all these papers share: the words, the names and the setter."""

    def __init__(self, what: Disclosed, about: PrintContext, words: Language) -> None:
        self.what, self.about, self.words = what, about, words
        self.setter = Composer(_FORM, _FORM.margin, _FORM.measure)

    def name(self, reference: object) -> str:
        """Return a name that may stand on the paper."""
        return self.about.names.get(str(reference), "")

    def heading(self, above: str, title: str, note: str = "") -> PaperPart:
        """Compose the heading of the paper."""
        return PaperPart(stack_blocks([self.setter.page_heading(above, title, note)]))

    def section(self, title: str, lines: Sequence[str], style: Style = _TEXT) -> PaperPart:
        """Compose a heading with its lines."""
        rows = [block for line in lines for block in self.setter.paragraph(line, style, 1)]
        return PaperPart(self.setter.section_heading(title), tuple(rows))

    def table(
        self, title: str, titles: Sequence[str], shares: Sequence[float],
        rows: Sequence[Sequence[str]],
    ) -> PaperPart:  # fmt: skip
        """Compose a table with a heading, cut at a number of rows."""
        columns = add_titles(share_columns(_FORM, *shares), titles)
        table = PaperTable(_FORM, columns, 3)
        blocks = [
            block
            for cells in rows[:_MOST_ROWS]
            for block in table.row([[CellText(cell or "–", _TEXT)] for cell in cells])
        ]
        blocks += self.cut(len(rows) - _MOST_ROWS)
        head = stack_blocks([self.setter.section_heading(title), table.head()])
        return PaperPart(head, tuple(blocks), table.head())

    def cut(self, left: int) -> list[Block]:
        """Compose how many rows are left out; nothing if none is."""
        if left <= 0:
            return []
        said = self.words.ngettext(
            "{count} more is not shown", "{count} more are not shown", left
        ).format(count=left)
        return self.setter.paragraph(said, _QUIET, 2)

    def lines(self, told: object) -> list[str]:
        """Return a text line by line."""
        text = localized_text(told, self.words) if isinstance(told, tuple) else one_line(told)
        return [line.strip() for line in text.splitlines() if line.strip()]

    def pdf(
        self, order: PaperRequest, press: Typesetter, parts: Sequence[PaperPart], made: str
    ) -> bytes:
        """Return the paper with a footer on each page."""
        words = self.words
        pages = paginate(parts, _TOP, _FORM.height - FOOTER_HEIGHT - 7)
        canvas = PageCanvas(_FORM, order.language, press.icon)
        for number, page in enumerate(pages, start=1):
            count = words.gettext("page {number} of {total}").format(
                number=number, total=len(pages)
            )
            canvas.put([*page, *draw_footer(made, count, _FORM)])
            canvas.end_page()
        return canvas.pdf()


def _made_line(about: PrintContext, words: Language) -> str:
    """Return the footer of a paper that is about no client."""
    said = words.gettext("Not about any client. Copy no. {copy}, {day} by {name}.")
    day = words.day(about.at.date(), year=True)
    return said.format(copy=about.number, day=day, name=about.by)


# --- agenda and minutes


def make_meeting_paper(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the agenda or the minutes as a PDF, in the ordered language.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter.
    """
    sheet = _Sheet(what, about, press.program(order.language))
    meetings: list[RecordView[Any]] = [
        *disclosed_views(what, Meeting), *disclosed_views(what, CaseConference),
    ]  # fmt: skip
    is_minutes = order.paper is PaperName.MINUTES
    parts = [part for seen in meetings for part in _meeting_parts(sheet, seen, is_minutes)]
    return sheet.pdf(order, press, parts, _meeting_made(sheet, meetings))


def _meeting_parts(
    sheet: _Sheet,
    seen: RecordView[Any],
    is_minutes: bool,
) -> Iterator[PaperPart]:
    words, record = sheet.words, seen.record
    is_conference = seen.row.type == "case_conference"
    kind = words.gettext("Minutes") if is_minutes else words.gettext("Agenda")
    if is_conference:
        title = words.gettext("Case conference")
        code = next((one_line(one.record.code) for one in disclosed_views(sheet.what, Client)), "")
    else:
        title, code = work_title(seen, words), coded(seen, "kind", words)
    yield sheet.heading(kind, title, code)
    place = one_line(record.place)
    online = words.gettext("Online") if record.is_online is True else ""
    facts = [line for line in (when_text(seen, words), place, online) if line]
    yield PaperPart(
        stack_blocks([block for line in facts for block in sheet.setter.paragraph(line, _STRONG)])
    )
    parties = disclosed_views(sheet.what, ConferenceParty if is_conference else Attendance)
    if parties:
        yield _attendance_part(sheet, parties)
    yield sheet.section(words.gettext("Agenda"), sheet.lines(record.agenda) or ["–"])
    if is_minutes:
        yield sheet.section(words.gettext("Minutes"), sheet.lines(record.minutes) or ["–"])
        yield _decision_part(sheet, is_conference=is_conference)


def _attendance_part(sheet: _Sheet, parties: Sequence[RecordView[Any]]) -> PaperPart:
    """Compose who takes part; in a case conference no person is named."""
    words = sheet.words
    people = {one.rid: sheet.name(getattr(one.record, "contact", None)) for one in parties}
    has_people = any(people.values())
    rows = [
        (
            sheet.name(one.record.organisation) or words.gettext("known to others only"),
            *([people[one.rid]] if has_people else []),
            coded(one, "role", words),
        )
        for one in parties
    ]
    titles = (
        words.gettext("Organisation"),
        *([words.gettext("Contact person")] if has_people else []),
        words.gettext("Role"),
    )
    shares = (45, 30, 25) if has_people else (60, 40)
    return sheet.table(words.gettext("Who takes part"), titles, shares, sorted(rows))


def _decision_part(sheet: _Sheet, *, is_conference: bool) -> PaperPart:
    words = sheet.words
    decisions: Sequence[RecordView[Any]] = disclosed_views(
        sheet.what, ConferenceDecision if is_conference else Decision
    )
    rows = [
        (
            localized_text(one.record.decided, words),
            sheet.name(one.record.owner),
            coded(one, "due", words),
            state_text(one, words),
        )
        for one in decisions
    ]
    titles = (words.gettext("What was decided"), words.gettext("Who does it"),
              words.gettext("By when"), words.gettext("Status"))  # fmt: skip
    return sheet.table(words.gettext("Decisions"), titles, (42, 22, 18, 18), rows)


def _meeting_made(sheet: _Sheet, meetings: Sequence[RecordView[Any]]) -> str:
    """Return the footer: for whom a paper of a case conference is, else that it is of no client."""
    words, about = sheet.words, sheet.about
    if all(one.row.type == "meeting" for one in meetings):
        return _made_line(about, words)
    day = words.day(about.at.date(), year=True)
    if sheet.what.recipient.who is RecipientKind.OWN:
        said = words.gettext("Stays in the office. Copy no. {copy}, {day} by {name}.")
        return said.format(copy=about.number, day=day, name=about.by)
    to = sheet.name((sheet.what.recipient.rid or b"").hex()) or "–"
    said = words.gettext("For {to} alone, by her consent. Copy no. {copy}, {day} by {name}.")
    return said.format(to=to, copy=about.number, day=day, name=about.by)


# --- the members of a network


def make_members(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the list of members as a PDF, in the ordered language.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter.
    """
    words = press.program(order.language)
    sheet = _Sheet(what, about, words)
    (network,) = disclosed_views(what, Network)
    rows = [
        (
            sheet.name(one.record.organisation) or words.gettext("known to others only"),
            coded(one, "role", words),
            sheet.name(one.record.contact),
            sheet.name(one.record.deputy),
            when_text(one, words),
        )
        for one in disclosed_views(what, Membership)
    ]
    titles = (
        words.gettext("Organisation"), words.gettext("Role"), words.gettext("Contact person"),
        words.gettext("Deputy"), words.gettext("Member since"),
    )  # fmt: skip
    purpose = sheet.lines(network.record.purpose)
    head = sheet.heading(words.gettext("Network"), work_title(network, words))
    parts = [head]
    if purpose:
        parts.append(sheet.section(words.gettext("What it is for"), purpose))
    lead = network.record.coordinator
    leads = sheet.name(lead) or sheet.name(maker_key(network.row.custodian))
    if leads:
        parts.append(sheet.section(words.gettext("Coordinated by"), [leads]))
    table = sheet.table(words.gettext("Members"), titles, (30, 18, 17, 17, 18), sorted(rows))
    return sheet.pdf(order, press, [*parts, table], _made_line(about, words))


# --- what is new


def make_network_news(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the news for a partner as a PDF, in the ordered language: one or two pages.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter.
    """
    words = press.program(order.language)
    sheet = _Sheet(what, about, words)
    rows = {given.rid: given.row for given in what.rows}
    news = [rows[rid] for rid in sorted(about.listed) if rid in rows]
    order_of = {name: place for place, name in enumerate(_NEWS_ORDER)}
    news.sort(key=lambda row: order_of.get(row.type, len(order_of)))
    to = sheet.name(order.subject.hex())
    day = words.day(about.at.date(), year=True)
    above = words.gettext("News of the network")
    if what.recipient.who is RecipientKind.OWN:
        note = f"{to} · {day}" if to else day
        parts = [sheet.heading(above, words.gettext("What has come in"), note)]
    else:
        parts = [sheet.heading(above, to or "–", day)]
    theirs = [row for row in news if _is_of(row, order.subject)][:_MOST_NEWS]
    if theirs:
        title = words.gettext("What you have promised to do")
        parts.append(sheet.section(title, [_news_line(sheet, row) for row in theirs], _STRONG))
    parts += _news_parts(sheet, news[:_MOST_NEWS], rows)
    left = sheet.cut(len(news) - _MOST_NEWS)
    if left:
        parts.append(PaperPart(stack_blocks(left)))
    return sheet.pdf(order, press, parts, _made_line(about, words))


def _is_of(row: Row, organisation: bytes) -> bool:
    if row.type != "decision":
        return False
    seen: RecordView[Decision] = view(row, Decision)
    return seen.record.owner == organisation.hex() and is_decision_open(seen)


def _news_parts(
    sheet: _Sheet, news: Sequence[Row], rows: Mapping[bytes, Row]
) -> Iterator[PaperPart]:
    """Yield the news of each network, those of none last."""
    by_network: dict[bytes, list[Row]] = {}
    for row in news:
        by_network.setdefault(_network_of(row, rows), []).append(row)
    for network, some in sorted(by_network.items(), key=lambda pair: (not pair[0], pair[0])):
        head = rows.get(network)
        title = work_title(view_any(head), sheet.words) if head is not None else (
            sheet.words.gettext("In all networks")
        )  # fmt: skip
        yield sheet.section(title, [_news_line(sheet, row) for row in some])


def _network_of(row: Row, rows: Mapping[bytes, Row]) -> bytes:
    if row.type == "membership":
        return row.parent or b""
    line = work_line(row, rows)
    return line[-1].rid if line and line[-1].type == "network" else b""


_NEWS_FACTS: Mapping[str, tuple[str, ...]] = {
    "decision": ("due",),
    "agreement": ("kind",),
    "project": ("status",),
    "activity": ("kind",),
    "membership": ("role",),
    "organisation": ("country",),
}


def _news_line(sheet: _Sheet, row: Row) -> str:
    """Return what kind of record it is, its name, and when it is."""
    seen, words = view_any(row), sheet.words
    name = (
        sheet.name(seen.record.organisation) or words.gettext("known to others only")
        if row.type == "membership"
        else work_title(seen, words)
    )
    facts = [when_text(seen, words)]
    facts += [coded(seen, key, words) for key in _NEWS_FACTS.get(row.type, ())]
    if row.type == "decision":
        facts += [sheet.name(seen.record.owner), state_text(seen, words)]
    maker = sheet.name(maker_key(row.custodian))
    if maker and row.type not in ("organisation", "procedure"):
        facts.append(words.gettext("entered by {name}").format(name=maker))
    told = " · ".join(filter(None, [name, *facts]))
    kind = words.gettext(RECORD_TYPE_NAMES[row.type])
    return words.gettext(N_("{what}: {name}")).format(what=kind, name=told)
