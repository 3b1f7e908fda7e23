# SPDX-License-Identifier: GPL-3.0-or-later
"""The sheet of a recovery key: its groups in numbered boxes, and lines to fill in by hand.

It says nothing of what the key opens, of whom it belongs to or of the program: whoever finds it
alone has signs and no door. Every sign has its own place, as large as a hand would write it. The
groups come in as they are typed back; nothing here knows how a key is made or shared out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kfdesk.documents.drawing.canvas import PageCanvas
from kfdesk.documents.drawing.items import Frame, Item, Line, Rule
from kfdesk.documents.drawing.text_fit import Stack, width_of
from kfdesk.documents.drawing.type_scale import (
    A4,
    BOLD,
    GREY,
    MILLIMETRE,
    PETROL,
    REGULAR,
    SEMIBOLD,
    Format,
    Style,
)
from kfdesk.documents.press import Press
from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language

Groups = Sequence[str]

_PAGE = replace(A4, margin=18 * MILLIMETRE)
_COLUMNS = 4
_GAP = 10.0
_BOX = 62.0
_PITCH = 27.0  # points from sign to sign in a box
_SIGN = Style(BOLD, 25)
_NUMBER = Style(REGULAR, 9, GREY)
_TITLE = Style(BOLD, 23, PETROL)
_COUNT = Style(SEMIBOLD, 14)
_TEXT = Style(REGULAR, 11)
_LABEL = Style(SEMIBOLD, 10.5)
_LINE = 34.0  # points from one line to fill in to the next
_LABELS = (N_("Date"), N_("Kept where"), N_("Sealed by (initials)"))
_ADVICE = (
    N_("Write nothing here that says what these signs are for."),
    N_("There is no O, I or L among them: a zero is a zero, a one is a one."),
    N_("Copy the signs by hand if you do not trust the printer: it may keep what it has printed."),
    N_("Keep this sheet in a sealed envelope, in another house. Destroy it when there is a newer."),
)
_SHARED = N_("Any two of the three sheets belong together. One alone is worth nothing.")


def draw_key_sheets(sheets: Sequence[Groups], words: Language, press: Press) -> bytes:
    """A PDF with one page for each sheet, its groups given as strings of one to four signs.

    `words` is the program's catalogue. Raises `documents.no_letter` or `documents.too_wide`.
    """
    canvas = PageCanvas(_PAGE, words.code, press.icon)
    for number, groups in enumerate(sheets, start=1):
        canvas.put(_page(groups, (number, len(sheets)), words))
        canvas.end_page()
    return canvas.pdf()


def _page(groups: Groups, place: tuple[int, int], words: Language) -> Iterator[Item]:
    number, count = place
    column = Stack(_PAGE.margin, _PAGE.measure, y=_PAGE.margin)
    column.add_fitted(words.gettext(N_("Keep sealed")), _TITLE, _TITLE.size)
    if count > 1:
        right = Stack(_PAGE.margin, _PAGE.measure, "right", y=_PAGE.margin)
        said = words.gettext(N_("Sheet {number} of {count}")).format(number=number, count=count)
        right.add(said, _COUNT, _TITLE.size)
        yield from right.items
    column.y += 12
    column.items.append(Rule(_PAGE.margin, column.y, across=_PAGE.measure))
    if count > 1:
        column.add(words.gettext(_SHARED), _TEXT, 22)
    top = column.y + 18
    yield from column.items
    yield from _boxes(groups, top, _PAGE)
    rows = -(-len(groups) // _COLUMNS)
    yield from _advice(words, top + rows * (_BOX + _GAP) + 12)


def _boxes(groups: Groups, top: float, form: Format) -> Iterator[Item]:
    """The groups in rows, each sign in the middle of its own place."""
    width = (form.measure - (_COLUMNS - 1) * _GAP) / _COLUMNS
    for place, group in enumerate(groups):
        row, column = divmod(place, _COLUMNS)
        x, y = form.margin + column * (width + _GAP), top + row * (_BOX + _GAP)
        yield Frame(x, y, width, _BOX, 5, 0.9)
        yield Line(str(place + 1), _NUMBER, x + 6, y + 13, 20)
        left = x + (width - 4 * _PITCH) / 2
        base = y + 34 + _SIGN.cap_height / 2
        for sign in group:
            yield Line(sign, _SIGN, left + (_PITCH - width_of(sign, _SIGN)) / 2, base, _PITCH)
            left += _PITCH


def _advice(words: Language, top: float) -> Iterator[Item]:
    """What to know, and at the foot of the page the lines to fill in."""
    column = Stack(_PAGE.margin, _PAGE.measure, y=top)
    for sentence in _ADVICE:
        column.add(words.gettext(sentence), _TEXT, 21)
    yield from column.items
    y = _PAGE.bottom - (len(_LABELS) - 1) * _LINE
    for label in _LABELS:
        said = words.gettext(label)
        indent = width_of(said, _LABEL) + 10
        yield Line(said, _LABEL, _PAGE.margin, y, _PAGE.measure)
        yield Rule(_PAGE.margin + indent, y + 3, across=_PAGE.measure - indent, stroke=0.8)
        y += _LINE
