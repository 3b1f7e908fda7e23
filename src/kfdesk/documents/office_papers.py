# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers for the office alone: the sheets of a recovery key, and the breach note.

A recovery sheet shows a key's groups in numbered boxes and names neither the store, nor the
owner, nor the program, so that somebody who finds it alone cannot use it. The breach note has
lines for the report to the authority. Knows no store.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kfdesk.documents.layout.canvas import PageCanvas
from kfdesk.documents.layout.style import (
    A4,
    BOLD,
    GREY,
    MILLIMETRE,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Box,
    Item,
    PageFormat,
    Rule,
    Style,
    TextLine,
)
from kfdesk.documents.layout.text import TextColumn, width_of
from kfdesk.documents.typesetting import Typesetter
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language

# --- recovery sheets

KeyGroups = Sequence[str]

_KEY_PAGE = replace(A4, margin=18 * MILLIMETRE)
_COLUMNS = 4
_BOX_GAP = 10.0
_BOX_HEIGHT = 62.0
_CHARACTER_PITCH = 27.0  # points from character to character in a box
_CHARACTER_STYLE = Style(BOLD, 25)
_BOX_NUMBER_STYLE = Style(REGULAR, 9, GREY)
_KEY_TITLE_STYLE = Style(BOLD, 23, PETROL)
_SHEET_COUNT_STYLE = Style(SEMIBOLD, 14)
_ADVICE_STYLE = Style(REGULAR, 11)
_KEY_LABEL_STYLE = Style(SEMIBOLD, 10.5)
_KEY_LINE_PITCH = 34.0  # points from one line to fill in to the next
_LINE_LABELS = (N_("Date"), N_("Where it is kept"), N_("Sealed by (initials)"))
_ADVICE = (
    N_("Do not write here what these characters are for."),
    N_("There is no O, I or L among them: a zero is a zero, a one is a one."),
    N_(
        "Copy the characters by hand if you do not trust the printer: it may keep what it "
        "has printed."
    ),
    N_(
        "Keep this sheet in a sealed envelope, in another building. Destroy it when there "
        "is a newer one."
    ),
)
_SHARED_ADVICE = N_("Any two of the three sheets are enough together. One alone opens nothing.")


def draw_recovery_sheets(sheets: Sequence[KeyGroups], words: Language, press: Typesetter) -> bytes:
    """Draw a PDF with one page a sheet; groups are strings of one to four characters.

    `words` is the program's catalogue. Raise KfdeskError `documents.no_letter` or
    `documents.too_wide`.
    """
    canvas = PageCanvas(_KEY_PAGE, words.code, press.icon)
    for number, groups in enumerate(sheets, start=1):
        canvas.put(_key_page(groups, (number, len(sheets)), words))
        canvas.end_page()
    return canvas.pdf()


def _key_page(groups: KeyGroups, place: tuple[int, int], words: Language) -> Iterator[Item]:
    number, count = place
    column = TextColumn(_KEY_PAGE.margin, _KEY_PAGE.measure, y=_KEY_PAGE.margin)
    column.add_fitted(words.gettext(N_("Keep sealed")), _KEY_TITLE_STYLE, _KEY_TITLE_STYLE.size)
    if count > 1:
        right = TextColumn(_KEY_PAGE.margin, _KEY_PAGE.measure, "right", y=_KEY_PAGE.margin)
        said = words.gettext(N_("Sheet {number} of {count}")).format(number=number, count=count)
        right.add(said, _SHEET_COUNT_STYLE, _KEY_TITLE_STYLE.size)
        yield from right.items
    column.y += 12
    column.items.append(Rule(_KEY_PAGE.margin, column.y, across=_KEY_PAGE.measure))
    if count > 1:
        column.add(words.gettext(_SHARED_ADVICE), _ADVICE_STYLE, 22)
    top = column.y + 18
    yield from column.items
    yield from _draw_boxes(groups, top, _KEY_PAGE)
    rows = -(-len(groups) // _COLUMNS)
    yield from _draw_advice(words, top + rows * (_BOX_HEIGHT + _BOX_GAP) + 12)


def _draw_boxes(groups: KeyGroups, top: float, form: PageFormat) -> Iterator[Item]:
    """Yield the groups in rows, with each character in the middle of its own place."""
    width = (form.measure - (_COLUMNS - 1) * _BOX_GAP) / _COLUMNS
    for place, group in enumerate(groups):
        row, column = divmod(place, _COLUMNS)
        x, y = form.margin + column * (width + _BOX_GAP), top + row * (_BOX_HEIGHT + _BOX_GAP)
        yield Box(x, y, width, _BOX_HEIGHT, 5, 0.9)
        yield TextLine(str(place + 1), _BOX_NUMBER_STYLE, x + 6, y + 13, 20)
        left = x + (width - 4 * _CHARACTER_PITCH) / 2
        base = y + 34 + _CHARACTER_STYLE.cap_height / 2
        for sign in group:
            yield TextLine(
                sign,
                _CHARACTER_STYLE,
                left + (_CHARACTER_PITCH - width_of(sign, _CHARACTER_STYLE)) / 2,
                base,
                _CHARACTER_PITCH,
            )
            left += _CHARACTER_PITCH


def _draw_advice(words: Language, top: float) -> Iterator[Item]:
    """Yield the advice, and at the foot of the page the lines to fill in."""
    column = TextColumn(_KEY_PAGE.margin, _KEY_PAGE.measure, y=top)
    for sentence in _ADVICE:
        column.add(words.gettext(sentence), _ADVICE_STYLE, 21)
    yield from column.items
    y = _KEY_PAGE.bottom - (len(_LINE_LABELS) - 1) * _KEY_LINE_PITCH
    for label in _LINE_LABELS:
        said = words.gettext(label)
        indent = width_of(said, _KEY_LABEL_STYLE) + 10
        yield TextLine(said, _KEY_LABEL_STYLE, _KEY_PAGE.margin, y, _KEY_PAGE.measure)
        yield Rule(_KEY_PAGE.margin + indent, y + 3, across=_KEY_PAGE.measure - indent, stroke=0.8)
        y += _KEY_LINE_PITCH


# --- breach note

_NOTE_PAGE = replace(A4, margin=18 * MILLIMETRE)
_NOTE_TITLE_STYLE = Style(BOLD, 18, PETROL)
_NOTE_LEAD_STYLE = Style(REGULAR, 10, GREY)
_NOTE_LABEL_STYLE = Style(SEMIBOLD, 10.5)
_NOTE_HINT_STYLE = Style(REGULAR, 9, GREY)
_NOTE_LINE_PITCH = 21.0
_NOTE_TITLE = N_("Personal data breach: notes for the report")
_NOTE_LEADS = (
    N_("To the data protection authority, within 72 hours of learning of it."),
    N_("What is not known yet is reported later. Write no name of any client on this page."),
)
NOTE_PARTS = (
    (N_("What happened, where and when; when it was noticed, and by whom (role)"), "", 3),
    (
        N_("What kind of data, and about how many people and records"),
        N_("Kinds, not people: contact details, travel, health, offences of others."),
        2,
    ),
    (
        N_("How the data was protected"),
        N_(
            "Encrypted database; was it locked; could anyone have seen a passphrase; disk "
            "encryption."
        ),
        2,
    ),
    (N_("Likely consequences for these people"), "", 2),
    (
        N_("What was done, and what will be done"),
        N_("New keys made, partners warned, people told in a safe way, backup restored."),
        3,
    ),
    (N_("Have the people concerned been told? If not, why not"), "", 2),
    (N_("Who answers questions: role and phone of the data protection lead"), "", 1),
    (N_("If more than 72 hours have passed: why"), "", 1),
    (N_("Day and hour of the report, and the number it was given"), "", 1),
)


def draw_breach_note(words: Language, press: Typesetter) -> bytes:
    """Draw the form as a PDF of one page; `words` is the program's catalogue.

    Raise KfdeskError `documents.no_letter` or `documents.too_wide`.
    """
    canvas = PageCanvas(_NOTE_PAGE, words.code, press.icon)
    canvas.put(_note_page(words))
    canvas.end_page()
    return canvas.pdf()


def _note_page(words: Language) -> Iterator[Item]:
    column = TextColumn(_NOTE_PAGE.margin, _NOTE_PAGE.measure, y=_NOTE_PAGE.margin)
    column.add_fitted(words.gettext(_NOTE_TITLE), _NOTE_TITLE_STYLE, _NOTE_TITLE_STYLE.size)
    column.y += 6
    for sentence in _NOTE_LEADS:
        column.add(words.gettext(sentence), _NOTE_LEAD_STYLE, 14)
    column.y += 8
    for number, (label, hint, lines) in enumerate(NOTE_PARTS, start=1):
        column.y += 9
        column.add(f"{number}. {words.gettext(label)}", _NOTE_LABEL_STYLE, 14)
        if hint:
            column.add(words.gettext(hint), _NOTE_HINT_STYLE, 12)
        for _ in range(lines):
            column.y += _NOTE_LINE_PITCH
            column.items.append(
                Rule(_NOTE_PAGE.margin, column.y, across=_NOTE_PAGE.measure, stroke=0.6)
            )
    yield from column.items
