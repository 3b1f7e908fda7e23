# SPDX-License-Identifier: GPL-3.0-or-later
"""The disclosure log from an order to a finished PDF: who got what, when, why and how.

In her language, addressed to her, in the words of the consent form that she signed; a table that
goes on with its head. Knows no store.
"""

from collections.abc import Iterator

from kfdesk.documents.cabinet.blocks import Part, pages_of, stacked
from kfdesk.documents.cabinet.frame import FOOT, foot
from kfdesk.documents.cabinet.parts import Setter
from kfdesk.documents.cabinet.table import Table, Text, across, titled
from kfdesk.documents.consent_form.words import GROUPS, PURPOSES
from kfdesk.documents.drawing.canvas import PageCanvas
from kfdesk.documents.drawing.type_scale import CABINET, MILLIMETRE, REGULAR, SEMIBOLD, Style
from kfdesk.documents.file_copy.case import Case
from kfdesk.documents.press import Press
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.papers.about import About, Given
from kfdesk.domain.papers.order import Order
from kfdesk.domain.records.client import Client
from kfdesk.domain.schema import N_

_FORM = CABINET
_TOP = 14 * MILLIMETRE
_TEXT = Style(REGULAR, CABINET.sizes.text)
_STRONG = Style(SEMIBOLD, CABINET.sizes.text)
_HOW = {
    Channel.BUNDLE: N_("by an encrypted file"),
    Channel.DESK_PAPER: N_("on paper"),
    Channel.CARRIED: N_("on paper for the journey"),
}


def make_disclosure_log(order: Order, what: Disclosed, about: About, press: Press) -> bytes:
    """The log as a PDF, in the language that was ordered; the same bytes for the same books.

    Raises KfdeskError `documents.no_letter` where the fonts lack a letter.
    """
    case = Case(what, about, press.program(order.language))
    words = case.words
    pages = pages_of(list(_parts(case)), _TOP, _FORM.height - FOOT - 7)
    made = words.gettext("What was passed on, {code}, printed {day} by {name}").format(
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
    title = setter.page_head("", words.gettext("What was passed on about you"), _code(case))
    intro = words.gettext(
        "Here stands to whom something about you was passed on, what it was, when, why and how. "
        "Ask us about anything in it. You can take back what you agreed to on any day."
    )
    yield Part(stacked([title, *setter.paragraph(intro, _TEXT, 2)]))
    if not case.about.given:
        nothing = words.gettext("Nothing about you was passed on to anybody.")
        yield Part(stacked(setter.paragraph(nothing, _STRONG)))
        return
    titles = (
        words.gettext("When"), words.gettext("To whom"), words.gettext("What"),
        words.gettext("Why"), words.gettext("How"),
    )  # fmt: skip
    table = Table(_FORM, titled(across(_FORM, 15, 17, 25, 22, 21), titles))
    rows = [block for given in case.about.given for block in table.row(_cells(case, given))]
    yield Part(table.head(), tuple(rows), table.head())


def _cells(case: Case, given: Given) -> list[list[Text]]:
    words = case.words
    to = words.gettext("you yourself") if given.is_hers else given.to
    known = [GROUPS[group] for group in given.groups if group in GROUPS]
    why = [PURPOSES[one] for one in given.purposes if one in PURPOSES]
    how = _HOW[Channel(given.channel)]
    wished = [N_("you wished for it")] if given.is_hers else []
    return [
        [Text(words.day(given.at.date(), year=True), _TEXT), Text(words.clock(given.at), _TEXT)],
        [Text(to or words.gettext("somebody whom this desk does not know"), _STRONG)],
        [Text(words.gettext(label), _TEXT) for label in known],
        [Text(words.gettext(label), _TEXT) for label in why or wished],
        [Text(words.gettext(how), _TEXT)],
    ]


def _code(case: Case) -> str:
    client = case.first(Client)
    return case.text(client, "code", _TEXT).text if case.has(client, "code") else ""
