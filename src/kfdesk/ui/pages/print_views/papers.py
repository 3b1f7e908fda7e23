# SPDX-License-Identifier: GPL-3.0-or-later
"""Which paper: a box for each that one may make, with whom it is for.

What a paper may hold is decided by the paper and `disclose()`; there is nothing to tick here.
"""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
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
    PaperName.DISCLOSURE_LOG: N_("for her, if she asks"),
}
_COLUMNS = 2


class PaperChoice(QWidget):
    """The boxes in two columns, or in one. `chosen` follows a person's choice."""

    chosen = Signal()

    def __init__(self, kit: Kit, papers: Sequence[PaperName]) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        self.options: dict[PaperName, Option] = {}
        self._columns = 0
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(tokens.GRID - 2 * tokens.RESERVE)
        kit.words.bind(self.setAccessibleName, N_("Paper"))
        for name in papers:
            option = Option(kit, PAPER[name], UNDER[name])
            option.clicked.connect(self.chosen)
            self._group.addButton(option)
            self.options[name] = option
        self._arrange(_COLUMNS)
        self.choose(papers[0])

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for one box beside none; where there is more, they stand in two columns."""
        return QSize(self._widest(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """A narrow window has one column."""
        super().resizeEvent(event)
        needed = _COLUMNS * self._widest() + self._grid.spacing()
        self._arrange(_COLUMNS if self.width() >= needed else 1)

    @property
    def paper(self) -> PaperName:
        """The paper that is chosen."""
        return next(name for name, option in self.options.items() if option.isChecked())

    def _widest(self) -> int:
        return max(option.minimumSizeHint().width() for option in self.options.values())

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, option in enumerate(self.options.values()):
            self._grid.addWidget(option, *divmod(place, columns))
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, int(column < columns))

    def choose(self, paper: PaperName) -> None:
        """Choose a paper, without `chosen`."""
        self.options[paper].setChecked(True)
