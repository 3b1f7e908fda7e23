# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sheet from an order to finished pages that were read back.

A sheet that does not show every stop and number is refused, not handed out.
"""

from dataclasses import replace

from kfdesk.documents.press import Press
from kfdesk.documents.traveller.page import draw_traveller_sheet
from kfdesk.documents.traveller.proof import missing_from
from kfdesk.documents.traveller.records import sheet_of
from kfdesk.documents.traveller.sheet import Sheet
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.about import About
from kfdesk.domain.papers.order import Form, Order


def make_travellers_sheet(order: Order, what: Disclosed, _about: About, press: Press) -> bytes:
    """The sheet as a PDF, in the languages and form that were ordered.

    Raises KfdeskError `documents.…` where the texts do not fit, and `paper.incomplete` where the
    finished page lacks a stop, a time or a number.
    """
    words = press.traveller(order.language)
    sheet = sheet_of(what, words)
    if order.beside:
        sheet = in_two(sheet, sheet_of(what, press.traveller(order.beside)), order.form)
    pdf = draw_traveller_sheet(sheet, words, press, order.form)
    if missing_from(pdf, sheet, words):
        raise KfdeskError("paper.incomplete")
    return pdf


def in_two(sheet: Sheet, beside: Sheet, form: Form) -> Sheet:
    """The sheet with a second language; folded it has no room to say the luggage twice."""
    if form is Form.A6_FOLD:
        beside = replace(beside, luggage=())
    return replace(sheet, beside=beside)
