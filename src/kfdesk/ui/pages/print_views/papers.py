# SPDX-License-Identifier: GPL-3.0-or-later
"""Which paper: a box for each that one may make, with whom it is for; in little room, a list.

What a paper may hold is decided by the paper and `disclose()`; there is nothing to tick here.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QVBoxLayout, QWidget

from kfdesk.domain.lists.paper_codes import PAPER
from kfdesk.domain.papers.order import PaperName
from kfdesk.domain.schema import N_
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.widgets.choose import Option
from kfdesk.ui.widgets.entry import Choice
from kfdesk.ui.widgets.field import Field

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
    PaperName.DISCLOSURE_LOG: N_("for her, if she asks"),
}
_COLUMNS = 2


class PaperChoice(QWidget):
    """The boxes in two columns, or folded to a list. `chosen` follows a person's choice."""

    chosen = Signal()

    def __init__(self, kit: Kit, papers: Sequence[PaperName]) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self.options: dict[PaperName, Option] = {}
        self.list = Choice(kit)
        self.list.offer([(name.value, PAPER[name]) for name in papers])
        self.list.chosen.connect(self._on_list_chosen)
        self._folded = Field(kit, N_("Paper"), self.list)
        self._folded.hide()
        self._boxes = QWidget()
        self._grid = grid = QGridLayout(self._boxes)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(tokens.GRID - 2 * tokens.RESERVE)
        kit.words.bind(self.setAccessibleName, N_("Paper"))
        for place, name in enumerate(papers):
            option = Option(kit, PAPER[name], UNDER[name])
            option.clicked.connect(self._on_box_chosen)
            self._group.addButton(option)
            self.options[name] = option
            grid.addWidget(option, *divmod(place, _COLUMNS))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._folded)
        column.addWidget(self._boxes)
        self.choose(papers[0])

    @property
    def target(self) -> QWidget:
        """What takes the keyboard: the list, or the box that is chosen."""
        return self.list if self._boxes.isHidden() else self.options[self.paper]

    def fold(self, *, is_folded: bool) -> None:
        """Stand as one list, or as boxes again; whoever had the keyboard keeps it."""
        if is_folded == self._boxes.isHidden():
            return
        had_keyboard = self.target.hasFocus()
        self._folded.setVisible(is_folded)
        self._boxes.setVisible(not is_folded)
        if had_keyboard:
            self.target.setFocus()

    @property
    def boxes_width(self) -> int:
        """The room that the boxes need, each as wide as the one with the longest words."""
        widest = max(option.sizeHint().width() for option in self.options.values())
        return _COLUMNS * widest + self._grid.spacing()

    @property
    def paper(self) -> PaperName:
        """The paper that is chosen."""
        return next(name for name, option in self.options.items() if option.isChecked())

    def choose(self, paper: PaperName) -> None:
        """Choose a paper, without `chosen`."""
        self.options[paper].setChecked(True)
        self.list.setCurrentIndex([*self.options].index(paper))

    def _on_box_chosen(self) -> None:
        self.choose(self.paper)
        self.chosen.emit()

    def _on_list_chosen(self, key: str) -> None:
        self.choose(PaperName(key))
        self.chosen.emit()
