# SPDX-License-Identifier: GPL-3.0-or-later
"""The room's door: papers made of what `disclose()` granted, and of nothing else.

Each paper is drawn by the module that its line in `_DRAWN` names, in the language and form that
were ordered. Knows no store and no consent.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from kfdesk.documents.press import Press
from kfdesk.documents.read_back import page_pngs
from kfdesk.documents.traveller.made import make_travellers_sheet
from kfdesk.domain.disclosure import Disclosed
from kfdesk.domain.papers.about import About
from kfdesk.domain.papers.order import Order, PaperName

Draw = Callable[[Order, Disclosed, About, Press], bytes]

_DRAWN: Mapping[PaperName, Draw] = {
    PaperName.TRAVELLERS_SHEET: make_travellers_sheet,
}


class Papers:
    """Makes papers, with the fonts and words of the folders handed in."""

    def __init__(self, resources: Path, translations: Path) -> None:
        self._folders = (resources, translations)

    @cached_property
    def _press(self) -> Press:
        return Press(*self._folders)

    def make(self, order: Order, what: Disclosed, about: About) -> bytes:
        """The paper as a PDF, from what was disclosed for it.

        Raises KfdeskError `documents.…` where the texts do not fit, and `paper.incomplete` where
        the finished pages lack what they should say.
        """
        return _DRAWN[order.paper](order, what, about, self._press)

    def pictures(self, pdf: bytes, scale: float) -> list[bytes]:
        """Each page of a paper as a PNG, at `scale` pixels to a point; made in memory alone."""
        return page_pngs(pdf, scale)
