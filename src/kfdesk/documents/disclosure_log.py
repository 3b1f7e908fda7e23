# SPDX-License-Identifier: GPL-3.0-or-later
"""The disclosure log: who was given what about the client, when, why and how.

Every text is from the client's catalogue, because she reads it. Knows no store.
"""

from collections.abc import Iterator

from kfdesk.documents.consent_form import GROUP_PHRASES, PURPOSE_PHRASES, desk_note
from kfdesk.documents.file_copy.case import PrintedCase
from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.office import (
    CellText,
    Composer,
    PaperPart,
    PaperTable,
    add_titles,
    draw_footer,
    paginate,
    share_columns,
    stack_blocks,
    text_bottom,
)
from kfdesk.documents.layout.style import MILLIMETRE, OFFICE, REGULAR, SEMIBOLD, Style
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.codes.core import PaperRequest
from kfdesk.domain.disclosure import Channel, Disclosed
from kfdesk.domain.message_marks import N_
from kfdesk.domain.papers import PastDisclosure, PrintContext
from kfdesk.domain.records.client import Client

_LOG_FORM = OFFICE
_LOG_TOP = 14 * MILLIMETRE
_LOG_TEXT = Style(REGULAR, OFFICE.sizes.text)
_LOG_TIME = Style(REGULAR, OFFICE.sizes.note)
_LOG_STRONG = Style(SEMIBOLD, OFFICE.sizes.text)
_LOG_COLUMNS, _LOG_GAP = (87, 82, 100, 104, 88), 8
"""Points: a day with its time on one line, and the longest words of thirteen languages whole."""
_DISCLOSURE_FORMS = {
    Channel.BUNDLE: N_("by an encrypted file"),
    Channel.DESK_PAPER: N_("on paper"),
    Channel.CARRIED: N_("on paper for the journey"),
}


def make_disclosure_log(
    order: PaperRequest, what: Disclosed, about: PrintContext, press: Typesetter
) -> bytes:
    """Make the log as a PDF, in the ordered language; same entries, same bytes.

    Raise KfdeskError `documents.no_letter` if the fonts lack a letter.
    """
    case = PrintedCase(what, about, press.client(order.language))
    words = case.words
    note = desk_note(words, about)
    pages = paginate(list(_log_parts(case)), _LOG_TOP, text_bottom(_LOG_FORM, note))
    made = words.gettext("What was passed on, {code}, printed {day} by {name}").format(
        code=_log_client_code(case), day=words.day(about.at.date(), year=True), name=about.by
    )
    canvas = PageCanvas(_LOG_FORM, order.language, press.icon)
    for number, page in enumerate(pages, start=1):
        count = words.gettext("page {number} of {total}").format(number=number, total=len(pages))
        canvas.put([*page, *draw_footer(made, count, _LOG_FORM, note=note)])
        canvas.end_page()
    return canvas.pdf()


def _log_parts(case: PrintedCase) -> Iterator[PaperPart]:
    words = case.words
    setter = Composer(_LOG_FORM, _LOG_FORM.margin, _LOG_FORM.measure)
    title = setter.page_heading(
        "", words.gettext("What was passed on about you"), _log_client_code(case)
    )
    intro = words.gettext(
        "This sheet says to whom information about you was passed on, which "
        "information, when, why and how. Ask us about anything in it. You can take "
        "back what you agreed to on any day."
    )
    yield PaperPart(stack_blocks([title, *setter.paragraph(intro, _LOG_TEXT, 2)]))
    if not case.about.given:
        nothing = words.gettext("No information about you was passed on to anyone.")
        yield PaperPart(stack_blocks(setter.paragraph(nothing, _LOG_STRONG)))
        return
    titles = (
        words.gettext("When"), words.gettext("To whom"), words.gettext("What"),
        words.gettext("Why"), words.gettext("How"),
    )  # fmt: skip
    table = PaperTable(
        _LOG_FORM, add_titles(share_columns(_LOG_FORM, *_LOG_COLUMNS, gap=_LOG_GAP), titles)
    )
    rows = [block for given in case.about.given for block in table.row(_log_cells(case, given))]
    yield PaperPart(table.head(), tuple(rows), table.head())


def _log_cells(case: PrintedCase, given: PastDisclosure) -> list[list[CellText]]:
    words = case.words
    to = words.gettext("you yourself") if given.is_hers else given.to
    known = [GROUP_PHRASES[group] for group in given.groups if group in GROUP_PHRASES]
    why = [PURPOSE_PHRASES[one] for one in given.purposes if one in PURPOSE_PHRASES]
    how = _DISCLOSURE_FORMS[Channel(given.channel)]
    wished = [N_("at your request")] if given.is_hers else []
    if given.is_duty:
        wished = [N_("the law obliges us to report concern for a child; no consent is needed")]
    return [
        [CellText(words.numeric_stamp(given.at), _LOG_TIME)],
        [CellText(to or words.gettext("someone who is not known here"), _LOG_STRONG)],
        [CellText(words.gettext(label), _LOG_TEXT) for label in known],
        [CellText(words.gettext(label), _LOG_TEXT) for label in why or wished],
        [CellText(words.gettext(how), _LOG_TEXT)],
    ]


def _log_client_code(case: PrintedCase) -> str:
    client = case.first(Client)
    return case.text(client, "code", _LOG_TEXT).text if case.has(client, "code") else ""
