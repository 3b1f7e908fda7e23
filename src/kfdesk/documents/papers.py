# SPDX-License-Identifier: GPL-3.0-or-later
"""The room's door: papers made of what `disclose()` granted, and of nothing else.

Each paper is drawn by the module that its line in `_DRAWN` names, in the language and form that
were ordered. Knows no store and no consent.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from kfdesk.documents.carried import CarryLists, read_evidence
from kfdesk.documents.companion.made import make_companions_sheet
from kfdesk.documents.consent_form.made import make_consent_form
from kfdesk.documents.directory.contact_card import make_contact_card
from kfdesk.documents.directory.contact_list import make_contact_list
from kfdesk.documents.disclosure_log.made import make_disclosure_log
from kfdesk.documents.duty.duty_sheet import make_duty_sheet
from kfdesk.documents.file_copy.made import make_file_copy
from kfdesk.documents.keys.key_sheet import draw_key_sheets
from kfdesk.documents.press import Press
from kfdesk.documents.read_back import page_pngs, page_texts
from kfdesk.documents.receipt.page import make_receipt
from kfdesk.documents.report.note import draw_report_note
from kfdesk.documents.support_plan.made import make_support_plan
from kfdesk.documents.traveller.made import make_travellers_sheet
from kfdesk.domain.carry.check import Evidence, Lists
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.about import About
from kfdesk.domain.papers.order import Order, PaperName
from kfdesk.i18n.language import Language

Draw = Callable[[Order, Disclosed, About, Press], bytes]

_DRAWN: Mapping[PaperName, Draw] = {
    PaperName.TRAVELLERS_SHEET: make_travellers_sheet,
    PaperName.ESCORTS_SHEET: make_companions_sheet,
    PaperName.HANDOVER_RECEIPT: make_receipt,
    PaperName.FILE_COPY: make_file_copy,
    PaperName.CONSENT_FORM: make_consent_form,
    PaperName.DUTY_SHEET: make_duty_sheet,
    PaperName.CONTACT_LIST: make_contact_list,
    PaperName.CONTACT_CARD: make_contact_card,
    PaperName.SUPPORT_PLAN: make_support_plan,
    PaperName.DISCLOSURE_LOG: make_disclosure_log,
}


class Papers:
    """Makes papers, with the fonts and words of the folders handed in."""

    def __init__(self, resources: Path, translations: Path) -> None:
        self._folders = (resources, translations)

    @cached_property
    def _press(self) -> Press:
        return Press(*self._folders)

    @cached_property
    def _carried(self) -> CarryLists:
        return CarryLists(*self._folders)

    def make(self, order: Order, what: Disclosed, about: About) -> bytes:
        """The paper as a PDF, from what was disclosed for it.

        Raises KfdeskError `documents.…` where the texts do not fit, and `paper.incomplete` where
        the finished pages lack what they should say.
        """
        return _DRAWN[order.paper](order, what, about, self._press)

    def key_sheets(self, sheets: Sequence[Sequence[str]], words: Language) -> bytes:
        """Sheets of a recovery key as a PDF, in the language of `words` (program's catalogue).

        Raises KfdeskError `documents.…`, and `paper.incomplete` where a page lacks a sign.
        """
        pdf = draw_key_sheets(sheets, words, self._press)
        for groups, text in zip(sheets, page_texts(pdf), strict=True):
            signs = "".join(text.split())
            if any(group not in signs for group in groups):
                raise KfdeskError("paper.incomplete")
        return pdf

    def report_note(self, words: Language) -> bytes:
        """The note for the authority as a PDF. Raises KfdeskError `documents.…`."""
        return draw_report_note(words, self._press)

    def pictures(self, pdf: bytes, scale: float) -> list[bytes]:
        """Each page of a paper as a PNG, at `scale` pixels to a point; made in memory alone."""
        return page_pngs(pdf, scale)

    def evidence(self, pdf: bytes) -> Evidence:
        """A finished paper as another reader sees it, for the carry check."""
        return read_evidence(pdf)

    def lists(self) -> Lists:
        """What the carry check knows of words, places and months."""
        return self._carried.lists

    def catalogue(self, order: Order) -> frozenset[str]:
        """All texts that a paper may say by itself."""
        return self._carried.catalogue(order)
