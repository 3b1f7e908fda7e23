# SPDX-License-Identifier: GPL-3.0-or-later
"""The support plan: her goals and services, for her signature and ours.

It is her own copy. Every text is from the client's catalogue. Knows no store.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from kfdesk.documents.file_copy.case import PrintedCase, join_texts
from kfdesk.documents.file_copy.goals import draw_goal_scale, goal_legend, sorted_goals
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
from kfdesk.documents.layout.style import (
    GREY,
    ITALIC,
    MILLIMETRE,
    OFFICE,
    REGULAR,
    SEMIBOLD,
    Style,
)
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.papers import PrintContext
from kfdesk.domain.records.aftercare import FollowUp, Goal, Service
from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import RecordView
from kfdesk.domain.schema import N_

_PLAN_FORM = OFFICE
_PLAN_TOP = 14 * MILLIMETRE
_PLAN_SIZES = OFFICE.sizes
_PLAN_TEXT, _PLAN_STRONG = Style(REGULAR, _PLAN_SIZES.text), Style(SEMIBOLD, _PLAN_SIZES.text)
_PLAN_SMALL = Style(REGULAR, _PLAN_SIZES.caption, GREY)
_SCALE_HEIGHT = 18.0
_CLIENT_WORDS = Style(ITALIC, _PLAN_SIZES.place)


def make_support_plan(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the plan as a PDF, in the ordered language; same data, same bytes.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter, or `documents.too_much`
    for a single row that no page can hold.
    """
    case = PrintedCase(what, about, press.client(order.language))
    words = case.words
    pages = paginate(
        list(_support_plan_parts(case)), _PLAN_TOP, _PLAN_FORM.height - FOOTER_HEIGHT - 7
    )
    made = words.gettext("Support plan {code}, printed {day} by {name}").format(
        code=_plan_client_code(case), day=words.day(about.at.date(), year=True), name=about.by
    )
    canvas = PageCanvas(_PLAN_FORM, order.language, press.icon)
    for number, page in enumerate(pages, start=1):
        count = words.gettext("page {number} of {total}").format(number=number, total=len(pages))
        canvas.put([*page, *draw_footer(made, count, _PLAN_FORM)])
        canvas.end_page()
    return canvas.pdf()


def _support_plan_parts(case: PrintedCase) -> Iterator[PaperPart]:
    words = case.words
    setter = Composer(_PLAN_FORM, _PLAN_FORM.margin, _PLAN_FORM.measure)
    title, code = words.gettext("Support plan"), _plan_client_code(case)
    intro = words.gettext(
        "This is what we have agreed on together. It is yours: you can change it or say no to any "
        "part of it at any time."
    )
    yield PaperPart(
        stack_blocks(
            [setter.page_heading("", title, code), *setter.paragraph(intro, _PLAN_TEXT, 2)]
        )
    )
    goals = sorted_goals(case)
    for goal in goals:
        yield _goal_part(case, setter, goal)
    if goals:
        yield PaperPart(goal_legend(case, setter), gap=4)
    others = [one for one in case.views(Service) if not _goal_of(case, one)]
    if others:
        yield PaperPart(
            setter.section_heading(words.gettext("More services")),
            tuple(_service_rows(case, others)),
        )
    yield from _follow_ups_part(case, setter)
    yield _signatures_part(case, setter)


def _goal_part(case: PrintedCase, setter: Composer, goal: RecordView[Goal]) -> PaperPart:
    """Compose one goal: the client's words, start, progress, target, and the services."""
    words, open_yet = case.words, case.words.gettext("not yet")
    aim = case.text(goal, "aim", _CLIENT_WORDS, open_yet)
    said = aim.text if aim.is_blank else words.gettext("“{text}”").format(text=aim.text)
    facts = [
        (words.gettext("At the start"), case.text(goal, "baseline", _PLAN_STRONG, open_yet)),
        (words.gettext("Now"), case.text(goal, "progress", _PLAN_STRONG, open_yet)),
        (words.gettext("Your goal"), case.text(goal, "target", _PLAN_STRONG, open_yet)),
        (words.gettext("By when"), case.text(goal, "due", _PLAN_STRONG, open_yet)),
    ]
    scale = tuple(draw_goal_scale(goal, setter.x, _SCALE_HEIGHT / 2))
    head = setter.section_heading(
        case.text(goal, "domain", _PLAN_STRONG).text, _goal_status(case, goal)
    )
    rows = [*setter.paragraph(said, aim.style, 4), Block((), 7)]
    rows.append(Block(scale, _SCALE_HEIGHT))
    rows.append(setter.facts(facts, share_columns(_PLAN_FORM, 22, 30, 26, 22, gap=10)))
    rows += _service_rows(case, [one for one in case.views(Service) if _goal_of(case, one) == goal])
    return PaperPart(head, tuple(rows), head)


def _goal_status(case: PrintedCase, goal: RecordView[Goal]) -> str:
    parts = [case.text(goal, key, _PLAN_SMALL).text for key in ("status", "organisation")
             if case.has(goal, key)]  # fmt: skip
    return join_texts(parts)


def _service_rows(case: PrintedCase, services: list[RecordView[Service]]) -> list[Block]:
    if not services:
        return []
    words, open_yet = case.words, case.words.gettext("not yet")
    titles = (words.gettext("Service"), words.gettext("Who provides it"), words.gettext("When"),
              words.gettext("Status"))  # fmt: skip
    table = PaperTable(_PLAN_FORM, add_titles(share_columns(_PLAN_FORM, 34, 24, 22, 20), titles))
    rows = [table.head()]
    for one in services:
        key = "what" if case.has(one, "what") else "domain"
        days = [case.text(one, end, _PLAN_TEXT) for end in ("begins", "ends") if case.has(one, end)]
        cells = [
            [case.text(one, key, _PLAN_TEXT)],
            [case.text(one, "organisation", _PLAN_TEXT, open_yet)],
            days or [case.blank(_PLAN_TEXT, unsaid=open_yet)],
            [case.text(one, "status", _PLAN_TEXT, open_yet)],
        ]
        rows += table.row(cells)
    return rows


def _follow_ups_part(case: PrintedCase, setter: Composer) -> Iterator[PaperPart]:
    """Yield a table of the follow-ups, without those that the client does not want."""
    words = case.words
    contacts = sorted(case.views(FollowUp), key=lambda one: str(one.record.due))
    wanted = [one for one in contacts if one.record.refused is not True and case.has(one, "due")]
    titles = (
        words.gettext("Day"), words.gettext("What for"), words.gettext("Who gets in touch"),
        words.gettext("How"),
    )  # fmt: skip
    table = PaperTable(_PLAN_FORM, add_titles(share_columns(_PLAN_FORM, 28, 26, 26, 20), titles))
    rows = [
        block
        for one in wanted
        for block in table.row(
            [
                [CellText(_follow_up_day(case, one), _PLAN_STRONG)],
                *([_follow_up_text(case, one, key)] for key in ("kind", "organisation", "method")),
            ]
        )
    ]
    if rows:
        title = setter.section_heading(words.gettext("When we are in touch"))
        head = stack_blocks([title, table.head()])
        yield PaperPart(head, tuple(rows), head)


_WHY_IN_TOUCH: Mapping[str, str] = {
    "regular": N_("How you are"),
    "on_her_request": N_("At your own request"),
    "after_reunification": N_("After coming back to your family"),
    "in_care": N_("About your placement in care"),
    "for_assesment": N_("To review your needs"),
}
"""The purposes of FOLLOW_UP_KIND that speak of the client, in words that speak to her."""


def _follow_up_text(case: PrintedCase, one: RecordView[FollowUp], key: str) -> CellText:
    why = _WHY_IN_TOUCH.get(str(one.record.kind))
    if key == "kind" and key not in one.conflicts and why is not None:
        return CellText(case.words.gettext(why), _PLAN_TEXT)
    return case.text(one, key, _PLAN_TEXT) if case.has(one, key) else CellText("–", _PLAN_SMALL)


def _follow_up_day(case: PrintedCase, one: RecordView[FollowUp]) -> str:
    """Return the day with its weekday; a conflict and a day known to its month stay as they are."""
    due = one.record.due
    said = case.text(one, "due", _PLAN_TEXT).text
    return f"{case.words.weekday(due)} {said}" if isinstance(due, date) else said


def _signatures_part(case: PrintedCase, setter: Composer) -> PaperPart:
    """Compose the signatures; on a page of their own it says again what is signed."""
    words = case.words
    above = setter.page_heading("", words.gettext("Support plan"), _plan_client_code(case))
    small = Style(REGULAR, _PLAN_SIZES.smallest, GREY)
    when = words.gettext("Place and date")
    who = [
        (words.gettext("Your signature"), _plan_client_name(case)),
        (words.gettext("For us"), case.about.by),
    ]
    signers = [[CellText(join_texts(role), _PLAN_SMALL), CellText(when, small)] for role in who]
    block = setter.signatures(signers, 34, per_row=2)
    said = setter.paragraph(words.gettext("We have gone through this together."), _PLAN_TEXT, 4)
    head = setter.section_heading(words.gettext("Agreed"))
    return PaperPart(head, (*said, block), above=above, is_whole=True)


def _goal_of(case: PrintedCase, service: RecordView[Service]) -> RecordView[Goal] | None:
    """Return the goal that a service is for; None without one."""
    wanted = service.record.goal
    return next((goal for goal in case.views(Goal) if goal.rid.hex() == wanted), None)


def _plan_client_code(case: PrintedCase) -> str:
    client = case.first(Client)
    return case.text(client, "code", _PLAN_TEXT).text if case.has(client, "code") else ""


def _plan_client_name(case: PrintedCase) -> str:
    client = case.first(Client)
    names = [case.text(client, key, _PLAN_TEXT).text for key in ("given_name", "family_name")
             if case.has(client, key)]  # fmt: skip
    return join_texts(names, " ")
