# SPDX-License-Identifier: GPL-3.0-or-later
"""Labels with their values, in two columns or, before and after, in three.

Takes messages and telling functions; knows no record.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.exchange_views.folded import Folded
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.words import Message

_ROW_GAP = 10
_TOP = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class Pair:
    """A label with one value, or with several side by side."""

    label: Message
    values: tuple[Message, ...]
    tone: Tone = Tone.PLAIN


class Pairs(QWidget):
    """Pairs below each other; `heads` are headings over the columns of values.

    With `folds` a long value shows its beginning until one asks for the rest.
    """

    def __init__(
        self,
        kit: Kit,
        pairs: Sequence[Pair],
        heads: Sequence[str] = (),
        width: int = 200,
        *,
        folds: bool = False,
    ) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 4, 0, 4)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(_ROW_GAP)
        grid.setColumnMinimumWidth(0, width)
        columns = max((len(pair.values) for pair in pairs), default=1)
        for column in range(1, columns + 1):
            grid.setColumnStretch(column, 1)
        for column, head in enumerate(heads, start=1):
            grid.addWidget(Label(kit, head, Type.SMALL_STRONG, Tone.MUTED), 0, column)
        for row, pair in enumerate(pairs, start=1):
            label = Label(kit, pair.label, Type.LABEL, Tone.MUTED).wrapped()
            label.setMaximumWidth(kit.theme.sized(width))
            label.setAlignment(_TOP)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            for column, value in enumerate(pair.values, start=1):
                is_last = column == len(pair.values)
                tone = pair.tone if is_last else Tone.MUTED
                cell = Folded(kit, value, tone) if folds else _whole(kit, value, tone)
                grid.addWidget(cell, row, column, Qt.AlignmentFlag.AlignTop)


def _whole(kit: Kit, value: Message, tone: Tone) -> Label:
    cell = Label(kit, value, tone=tone).wrapped()
    cell.setAlignment(_TOP)
    return cell
