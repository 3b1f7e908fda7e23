# SPDX-License-Identifier: GPL-3.0-or-later
"""The file copy from an order to a finished PDF: its parts in order, each page in its frame.

A4 alone: it lies in a binder and is read at a desk. Knows no consent and no store.
"""

from collections.abc import Iterator

from kfdesk.documents.cabinet.blocks import Part, pages_of
from kfdesk.documents.cabinet.frame import TOP, Around, bottom, framed
from kfdesk.documents.cabinet.parts import Setter
from kfdesk.documents.drawing.canvas import PageCanvas
from kfdesk.documents.drawing.items import Item
from kfdesk.documents.drawing.type_scale import CABINET
from kfdesk.documents.file_copy.agreed import agreed, ended
from kfdesk.documents.file_copy.around import around, with_her
from kfdesk.documents.file_copy.case import Case
from kfdesk.documents.file_copy.front import code, front
from kfdesk.documents.file_copy.journey import journey
from kfdesk.documents.file_copy.weighing import weighing
from kfdesk.documents.press import Press
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.papers.about import About
from kfdesk.domain.papers.order import Order

_FORM = CABINET


def make_file_copy(order: Order, what: Disclosed, about: About, press: Press) -> bytes:
    """The file copy as a PDF, in the language that was ordered; the same bytes for the same plan.

    Raises KfdeskError `documents.no_letter` where the fonts lack a letter, or
    `documents.too_much` for a single row that no page holds.
    """
    canvas = PageCanvas(_FORM, order.language, press.icon)
    for page in file_copy_pages(order, what, about, press):
        canvas.put(page)
        canvas.end_page()
    return canvas.pdf()


def file_copy_pages(order: Order, what: Disclosed, about: About, press: Press) -> list[list[Item]]:
    """What stands on each page of it, ready to be drawn. Raises `documents.too_much`."""
    case = Case(what, about, press.program(order.language))
    pages = pages_of(list(_parts(case)), TOP, bottom(_FORM))
    total = len(pages)
    counted = [
        case.words.gettext("page {number} of {total}").format(number=number, total=total)
        for number in range(1, total + 1)
    ]
    return list(framed(pages, _frame(case), _FORM, counted))


def _parts(case: Case) -> Iterator[Part]:
    setter = Setter(_FORM, _FORM.margin, _FORM.measure)
    yield from front(case, _FORM)
    yield from agreed(case, setter)
    yield from journey(case, setter)
    yield from around(case, setter)
    yield from weighing(case, setter)
    yield from with_her(case, setter)
    yield from ended(case, setter)


def _frame(case: Case) -> Around:
    words, about = case.words, case.about
    name = words.gettext("File copy, not to travel")
    what, _, never = name.partition(", ")
    made = words.gettext("Plan {code}, printed {day} at {time} by {name}")
    return Around(
        band=f"{what} · {never}".upper(),
        copy=words.gettext("Copy no. {number} · kept locked").format(number=about.number),
        across=(never or what).upper(),
        made=made.format(
            code=code(case),
            day=words.day(about.at.date(), year=True),
            time=words.clock(about.at),
            name=about.by,
        ),
    )
