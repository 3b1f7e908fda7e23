# SPDX-License-Identifier: GPL-3.0-or-later
"""A row of buttons that stays one row: in a narrow place some of them show their icons alone.

It measures the room and knows nothing of what the buttons do.
"""

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from kfdesk.ui.context import UiContext
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.layout import FlowBox


class ButtonRow(FlowBox):
    """Widgets in one row, of whose buttons some become icons where the row is too narrow.

    `shrinks` are these buttons, the first one first. The row wraps only if that does not help.
    Call `fit` after a widget was shown or hidden.
    """

    def __init__(
        self,
        kit: UiContext,
        *parts: QWidget,
        shrinks: Sequence[Button],
        gap: int = 4,
        fills: QWidget | None = None,
    ) -> None:
        super().__init__(*parts, gap=gap, fills=fills)
        self._shrinks = tuple(shrinks)
        kit.translator.on_language_change(self, self.fit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.fit()

    def fit(self) -> None:
        """Show the names of as many buttons as have room for them."""
        for button in self._shrinks:
            button.set_bare(is_bare=False)
        for button in self._shrinks:
            if self.fits_one_row(self.width()):
                break
            button.set_bare(is_bare=True)
        self.arrange()

    def sizeHint(self) -> QSize:
        """Return room for one row; what needs more than there is, shrinks."""
        return QSize(self.minimumSizeHint().width(), super().sizeHint().height())
