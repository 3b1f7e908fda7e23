# SPDX-License-Identifier: GPL-3.0-or-later
"""The support plan from an order to a finished PDF: aims in her words, services, contacts, names.

A4, in her language, for her signature and ours. Knows no store and no consent.
"""

from collections.abc import Iterator

from kfdesk.documents.cabinet.blocks import Block, Part, pages_of, stacked
from kfdesk.documents.cabinet.frame import FOOT, foot
from kfdesk.documents.cabinet.parts import Setter
from kfdesk.documents.cabinet.table import Table, Text, across, titled
from kfdesk.documents.drawing.canvas import PageCanvas
from kfdesk.documents.drawing.type_scale import (
    CABINET,
    GREY,
    ITALIC,
    MILLIMETRE,
    REGULAR,
    SEMIBOLD,
    Style,
)
from kfdesk.documents.file_copy.case import Case, joined
from kfdesk.documents.press import Press
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.papers.about import About
from kfdesk.domain.papers.order import Order
from kfdesk.domain.records.after.follow_up import FollowUp
from kfdesk.domain.records.after.goal import Goal
from kfdesk.domain.records.after.service import Service
from kfdesk.domain.records.client import Client
from kfdesk.domain.rows import View

_FORM = CABINET
_TOP = 14 * MILLIMETRE
_SIZES = CABINET.sizes
_TEXT, _STRONG = Style(REGULAR, _SIZES.text), Style(SEMIBOLD, _SIZES.text)
_SMALL = Style(REGULAR, _SIZES.caption, GREY)
_HERS = Style(ITALIC, _SIZES.place)


def make_support_plan(order: Order, what: Disclosed, about: About, press: Press) -> bytes:
    """The support plan as a PDF, in the language that was ordered; the same bytes for the same.

    Raises KfdeskError `documents.no_letter` where the fonts lack a letter, or
    `documents.too_much` for a single row that no page holds.
    """
    case = Case(what, about, press.program(order.language))
    words = case.words
    pages = pages_of(list(_parts(case)), _TOP, _FORM.height - FOOT - 7)
    made = words.gettext("Support plan {code}, printed {day} by {name}").format(
        code=_code(case), day=words.day(about.at.date(), year=True), name=about.by
    )
    canvas = PageCanvas(_FORM, order.language, press.icon)
    for number, page in enumerate(pages, start=1):
        count = words.gettext("page {number} of {total}").format(number=number, total=len(pages))
        canvas.put([*page, *foot(made, count, _FORM)])
        canvas.end_page()
    return canvas.pdf()


def _parts(case: Case) -> Iterator[Part]:
    words = case.words
    setter = Setter(_FORM, _FORM.margin, _FORM.measure)
    title, code = words.gettext("Support plan"), _code(case)
    intro = words.gettext(
        "This is what we have agreed on together. It is yours: you can change it or say no to any "
        "part of it at any time."
    )
    yield Part(stacked([setter.page_head("", title, code), *setter.paragraph(intro, _TEXT, 2)]))
    for goal in sorted(case.views(Goal), key=lambda one: str(one.record.due or "9999")):
        yield _goal(case, setter, goal)
    others = [one for one in case.views(Service) if not _aim_of(case, one)]
    if others:
        yield Part(setter.head(words.gettext("More services")), tuple(_services(case, others)))
    yield from _contacts(case, setter)
    yield _signing(case, setter)


def _goal(case: Case, setter: Setter, goal: View[Goal]) -> Part:
    """One aim: her words, where she stands and where she wants to be, and what helps her."""
    words, open_yet = case.words, case.words.gettext("not yet")
    aim = case.text(goal, "aim", _HERS, open_yet)
    said = aim.text if aim.is_blank else words.gettext("“{text}”").format(text=aim.text)
    facts = [
        (words.gettext("Where you began"), case.text(goal, "baseline", _STRONG, open_yet)),
        (words.gettext("Where you are"), case.text(goal, "progress", _STRONG, open_yet)),
        (words.gettext("Where you want to be"), case.text(goal, "target", _STRONG, open_yet)),
        (words.gettext("By when"), case.text(goal, "due", _STRONG, open_yet)),
    ]
    head = setter.head(case.text(goal, "domain", _STRONG).text, _status(case, goal))
    rows = [*setter.paragraph(said, aim.style, 4), Block((), 7)]
    rows.append(setter.facts(facts, across(_FORM, 25, 25, 25, 25, gap=12)))
    rows += _services(case, [one for one in case.views(Service) if _aim_of(case, one) == goal])
    return Part(head, tuple(rows), head)


def _status(case: Case, goal: View[Goal]) -> str:
    parts = [case.text(goal, key, _SMALL).text for key in ("status", "organisation")
             if case.has(goal, key)]  # fmt: skip
    return joined(parts)


def _services(case: Case, services: list[View[Service]]) -> list[Block]:
    if not services:
        return []
    words, open_yet = case.words, case.words.gettext("not yet")
    titles = (words.gettext("Service"), words.gettext("Who gives it"), words.gettext("When"),
              words.gettext("State"))  # fmt: skip
    table = Table(_FORM, titled(across(_FORM, 34, 24, 22, 20), titles))
    rows = [table.head()]
    for one in services:
        key = "what" if case.has(one, "what") else "domain"
        days = [case.text(one, end, _TEXT) for end in ("begins", "ends") if case.has(one, end)]
        cells = [
            [case.text(one, key, _TEXT)],
            [case.text(one, "organisation", _TEXT, open_yet)],
            days or [case.blank(_TEXT, unsaid=open_yet)],
            [case.text(one, "status", _TEXT, open_yet)],
        ]
        rows += table.row(cells)
    return rows


def _contacts(case: Case, setter: Setter) -> Iterator[Part]:
    """The days on which one is in touch, without those that she does not want."""
    words = case.words
    contacts = sorted(case.views(FollowUp), key=lambda one: str(one.record.due))
    wanted = [one for one in contacts if one.record.refused is not True]
    days = [case.text(one, "due", _TEXT).text for one in
            wanted if case.has(one, "due")]  # fmt: skip
    if days:
        head = setter.head(words.gettext("When we are in touch"))
        yield Part(head, tuple(setter.paragraph(joined(days), _TEXT, 5)), head)


def _signing(case: Case, setter: Setter) -> Part:
    words = case.words
    small = Style(REGULAR, _SIZES.smallest, GREY)
    when = words.gettext("Place and date")
    who = [
        (words.gettext("Your signature"), _name(case)),
        (words.gettext("For us"), case.about.by),
    ]
    signers = [[Text(joined(role), _SMALL), Text(when, small)] for role in who]
    block = setter.signatures(signers, 34, per_row=2)
    return Part(setter.head(words.gettext("Agreed")), (block,), is_whole=True)


def _aim_of(case: Case, service: View[Service]) -> View[Goal] | None:
    """The aim that a service is for."""
    wanted = service.record.goal
    return next((goal for goal in case.views(Goal) if goal.rid.hex() == wanted), None)


def _code(case: Case) -> str:
    client = case.first(Client)
    return case.text(client, "code", _TEXT).text if case.has(client, "code") else ""


def _name(case: Case) -> str:
    client = case.first(Client)
    names = [case.text(client, key, _TEXT).text for key in ("given_name", "family_name")
             if case.has(client, key)]  # fmt: skip
    return joined(names, " ")
