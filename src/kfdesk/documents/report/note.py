# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report of a lost laptop must say within 72 hours, as a form with lines to fill in.

After Article 33(3) of Regulation (EU) 2016/679. It is made of fixed sentences and lines, and holds
nothing of any record: no name, no code, no count. Nothing here knows a store.
"""

from collections.abc import Iterator
from dataclasses import replace

from kfdesk.documents.drawing.canvas import PageCanvas
from kfdesk.documents.drawing.items import Item, Rule
from kfdesk.documents.drawing.text_fit import Stack
from kfdesk.documents.drawing.type_scale import (
    A4,
    BOLD,
    GREY,
    MILLIMETRE,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Style,
)
from kfdesk.documents.press import Press
from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language

_PAGE = replace(A4, margin=18 * MILLIMETRE)
_TITLE = Style(BOLD, 18, PETROL)
_LEAD = Style(REGULAR, 10, GREY)
_LABEL = Style(SEMIBOLD, 10.5)
_HINT = Style(REGULAR, 9, GREY)
_LINE = 21.0
_TITLE_WORDS = N_("Personal data breach: notes for the report")
_LEADS = (
    N_("To the data protection authority, within 72 hours of knowing of it."),
    N_("What is not known yet is reported later. Write no name of any client on this page."),
)
PARTS = (
    (N_("What happened, where and when; when it was noticed, and by whom (role)"), "", 3),
    (
        N_("What kind of data, and about how many people and records"),
        N_("Kinds, not people: contact details, travel, health, offences of others."),
        2,
    ),
    (
        N_("How the data was protected"),
        N_("Encrypted store; was it locked; can anybody have seen a passphrase; disk encryption."),
        2,
    ),
    (N_("What is likely to follow for these people"), "", 2),
    (
        N_("What was done, and what will be done"),
        N_("Keys made anew, partners warned, people told by a safe way, backup restored."),
        3,
    ),
    (N_("Have the people concerned been told? If not, why not"), "", 2),
    (N_("Who answers questions: role and telephone of the data protection lead"), "", 1),
    (N_("If more than 72 hours have passed: why"), "", 1),
    (N_("Day and hour of the report, and the number it was given"), "", 1),
)


def draw_report_note(words: Language, press: Press) -> bytes:
    """The form as a PDF of one page, in the language of `words` (the program's catalogue).

    Raises `documents.no_letter` or `documents.too_wide`.
    """
    canvas = PageCanvas(_PAGE, words.code, press.icon)
    canvas.put(_page(words))
    canvas.end_page()
    return canvas.pdf()


def _page(words: Language) -> Iterator[Item]:
    column = Stack(_PAGE.margin, _PAGE.measure, y=_PAGE.margin)
    column.add_fitted(words.gettext(_TITLE_WORDS), _TITLE, _TITLE.size)
    column.y += 6
    for sentence in _LEADS:
        column.add(words.gettext(sentence), _LEAD, 14)
    column.y += 8
    for number, (label, hint, lines) in enumerate(PARTS, start=1):
        column.y += 9
        column.add(f"{number}. {words.gettext(label)}", _LABEL, 14)
        if hint:
            column.add(words.gettext(hint), _HINT, 12)
        for _ in range(lines):
            column.y += _LINE
            column.items.append(Rule(_PAGE.margin, column.y, across=_PAGE.measure, stroke=0.6))
    yield from column.items
