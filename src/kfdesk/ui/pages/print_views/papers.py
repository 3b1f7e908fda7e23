# SPDX-License-Identifier: GPL-3.0-or-later
"""Which paper: a box for each that one may make, with whom it is for.

What a paper may hold is decided by the paper and `disclose()`; there is nothing to tick here.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from kfdesk.domain.lists.paper_codes import PAPER
from kfdesk.domain.papers.order import PaperName
from kfdesk.domain.schema import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.choose import Option

UNDER: Mapping[PaperName, str] = {
    PaperName.TRAVELLERS_SHEET: N_("for her, on the way"),
    PaperName.ESCORTS_SHEET: N_("for who travels along"),
    PaperName.DUTY_SHEET: N_("for the desk, on the day"),
    PaperName.FILE_COPY: N_("for the cabinet, not to travel"),
    PaperName.CONSENT_FORM: N_("to be signed"),
    PaperName.HANDOVER_RECEIPT: N_("to be signed on arrival"),
    PaperName.CONTACT_LIST: N_("for the desk or a partner"),
    PaperName.CONTACT_CARD: N_("one organisation, small"),
    PaperName.SUPPORT_PLAN: N_("for her signature and yours"),
}
_COLUMNS = 2


class PaperChoice(QWidget):
    """The boxes in two columns. `chosen` follows a person's choice."""

    chosen = Signal()

    def __init__(self, kit: Kit, papers: Sequence[PaperName]) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self.options: dict[PaperName, Option] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(tokens.GRID - 2 * tokens.RESERVE)
        kit.words.bind(self.setAccessibleName, N_("Paper"))
        for place, name in enumerate(papers):
            option = Option(kit, PAPER[name], UNDER[name])
            option.clicked.connect(self.chosen)
            self._group.addButton(option)
            self.options[name] = option
            grid.addWidget(option, *divmod(place, _COLUMNS))
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        self.choose(papers[0])

    @property
    def paper(self) -> PaperName:
        """The paper that is chosen."""
        return next(name for name, option in self.options.items() if option.isChecked())

    def choose(self, paper: PaperName) -> None:
        """Choose a paper, without `chosen`."""
        self.options[paper].setChecked(True)
