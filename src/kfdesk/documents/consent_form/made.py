# SPDX-License-Identifier: GPL-3.0-or-later
"""The consent form from an order to a finished PDF: what its records say, in her language.

Where nothing is known a line is left to write on. Knows no store.
"""

from datetime import date

from kfdesk.documents.cabinet.blocks import pages_of
from kfdesk.documents.cabinet.frame import FOOT, foot
from kfdesk.documents.consent_form import words as form_words
from kfdesk.documents.consent_form.page import Asked, FormSetter
from kfdesk.documents.drawing.canvas import PageCanvas
from kfdesk.documents.drawing.items import Item
from kfdesk.documents.drawing.type_scale import (
    CABINET,
    CABINET_LARGE,
    MILLIMETRE,
    SEMIBOLD,
    Format,
    Style,
)
from kfdesk.documents.press import Press
from kfdesk.documents.reading import records, text_of, told_of
from kfdesk.domain.consents.completeness import FOR_A_CHILD
from kfdesk.domain.consents.standing import last_day
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.papers.about import About
from kfdesk.domain.papers.order import Form, Order
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.consent import Consent
from kfdesk.i18n.language import Language

_WHO = ("code", "alias", "given_name", "family_name")
_TOP = 14 * MILLIMETRE


def make_consent_form(order: Order, what: Disclosed, about: About, press: Press) -> bytes:
    """The form as a PDF, in the language that was ordered; the same bytes for the same consent.

    Raises KfdeskError `documents.no_letter` where the fonts lack a letter.
    """
    words = press.program(order.language)
    form = CABINET_LARGE if order.form is Form.LARGE else CABINET
    pages = _pages(_asked(what, about, words), words, form)
    kept = words.gettext(form_words.KEPT)
    strong = Style(SEMIBOLD, form.sizes.smallest)
    canvas = PageCanvas(form, order.language, press.icon)
    for number, page in enumerate(pages, start=1):
        version = words.gettext(form_words.VERSION_OF).format(
            version=form_words.VERSION, number=number, total=len(pages)
        )
        canvas.put([*page, *foot(kept, version, form, strong)])
        canvas.end_page()
    return canvas.pdf()


def _pages(asked: Asked, words: Language, form: Format) -> list[list[Item]]:
    """On one page, or two in large print, if it can be set close enough; else airily on more."""
    most = 2 if form is CABINET_LARGE else 1
    tried = []
    for air in (1, 0.5, 0):
        parts = list(FormSetter(asked, words, form, air).parts())
        tried.append(pages_of(parts, _TOP, form.height - FOOT - 6))
        if len(tried[-1]) <= most:
            return tried[-1]
    return tried[0]


def _asked(what: Disclosed, about: About, words: Language) -> Asked:
    (consent,), clients = records(what, Consent), records(what, Client)
    known = {key: text_of(getattr(client, key)) for client in clients for key in _WHO}
    groups = consent.groups if isinstance(consent.groups, tuple) else ()
    names = [known.get(key, "") for key in ("given_name", "family_name")]
    withheld = told_of(consent.withheld, words.code)
    country = words.country(about.party.country) if about.party.country else ""
    is_abroad = about.party.is_third_country
    return Asked(
        code=known.get("code", ""),
        name=" ".join(filter(None, names)) or known.get("alias", ""),
        recipient=about.names.get(text_of(consent.recipient), ""),
        purpose=words.gettext(form_words.PURPOSES[text_of(consent.purpose)]),
        shared=tuple(words.gettext(said) for key, said in form_words.GROUPS.items()
                     if key in groups),
        not_shared=(
            *((withheld,) if withheld else ()),
            *(words.gettext(said) for key, said in form_words.GROUPS.items() if key not in groups),
        ),
        last_day=_last_day(consent, words),
        abroad=country if is_abroad and not about.party.has_tool else None,
        protected=country if is_abroad and about.party.has_tool else None,
        interpreter=text_of(consent.interpreted_by),
        interpreter_language=words.language(text_of(consent.language) or words.code),
        worker=about.by,
        guardian=text_of(consent.guardian),
        is_child=about.party.is_child or consent.given_by in FOR_A_CHILD,
    )  # fmt: skip


def _last_day(consent: Consent, words: Language) -> str:
    """The last day as it stands or would stand; empty where it is to be written in."""
    day = last_day(consent) or consent.expires
    return words.day(day, year=True) if isinstance(day, date) else ""
