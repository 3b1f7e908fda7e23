# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of what a file brings, and what is chosen in it: side by side, or one below the other.

Also the counts over both. They are laid out anew by the width that the page has; what stands in
them is the page's.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.services.exchange import Review
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.taking_views.counts import (
    changed_words,
    conflicts_words,
    new_words,
    refused_words,
)
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.flow import Flow, together
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.widgets.panel import Card, clear, line
from kfdesk.ui.widgets.rows import Table

_LIST_WIDTH = 400
_ROWS_NARROW = 3  # lines of the list that stand over what is chosen
_SIDE_BY_SIDE = QBoxLayout.Direction.LeftToRight
_BELOW = QBoxLayout.Direction.TopToBottom
_KEYS = (("J", N_("next")), ("K", N_("back")), ("1 2 3 4", N_("choose")), ("U", N_("undo")))


class Counts(QWidget):
    """How much is new, changed, in conflict, refused."""

    def __init__(self, kit: Kit, review: Review) -> None:
        super().__init__()
        self._flow = Flow(gap=16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._flow)
        looks: tuple[tuple[str, Tone, int, Callable[[int, Language], str]], ...] = (
            ("plus", Tone.INFO, len(review.new), new_words),
            ("pencil", Tone.INFO, len(review.changed), changed_words),
            ("git-merge", Tone.WARNING, review.conflicts, conflicts_words),
            ("ban", Tone.DANGER, review.refused, refused_words),
        )
        for icon, tone, count, words in looks:
            shown = tone if count else Tone.MUTED
            label = Label(kit, style=Type.BUTTON, tone=shown)
            label.tell(partial(words, count))
            self._flow.add(together(Icon(kit, icon, shown), label, gap=8))


class Halves(QWidget):
    """The list, with its keys if there is something to decide, and the place beside it."""

    def __init__(self, kit: Kit, table: Table, *, has_choices: bool) -> None:
        super().__init__()
        self._theme = kit.theme
        self._table = table
        self._list = card = Card(padding=0)
        card.body.setContentsMargins(1, 1, 1, 1)
        card.body.setSpacing(0)
        card.body.addWidget(table, 1)
        if has_choices:
            card.body.addWidget(line())
            card.body.addWidget(_make_keys(kit))
        self._beside = QVBoxLayout()
        self._row = QBoxLayout(_SIDE_BY_SIDE, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(tokens.CARD_GAP)
        self._row.addWidget(card)
        self._row.addLayout(self._beside, 1)

    def show_beside(self, part: QWidget) -> None:
        """Show what was chosen."""
        clear(self._beside)
        self._beside.addWidget(part)
        self._beside.addStretch(1)

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Stand one below the other, or side by side."""
        rows = min(self._table.rows.rowCount(), _ROWS_NARROW)
        low = self._table.horizontalHeader().height() + rows * self._table.row_height
        self._row.setDirection(_BELOW if is_narrow else _SIDE_BY_SIDE)
        width = self._theme.sized(_LIST_WIDTH)
        self._list.setMinimumWidth(0 if is_narrow else width)
        self._list.setMaximumWidth(tokens.ANY if is_narrow else width)
        self._table.setMinimumHeight(low if is_narrow else 0)
        self._table.setMaximumHeight(low if is_narrow else tokens.ANY)
        self._list.setSizePolicy(
            QSizePolicy.Policy.Preferred,
            QSizePolicy.Policy.Fixed if is_narrow else QSizePolicy.Policy.Preferred,
        )


def _make_keys(kit: Kit) -> QWidget:
    flow = Flow(gap=12)
    for keys, words in _KEYS:
        shown = Label(kit, style=Type.HINT, tone=Tone.PLAIN)
        shown.show_text(keys)
        flow.add(together(shown, Label(kit, words, Type.SMALL, Tone.MUTED), gap=6))
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(16, 8, 16, 8)
    column.addWidget(flow)
    return part
