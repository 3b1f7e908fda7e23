# SPDX-License-Identifier: GPL-3.0-or-later
"""The recall list: every copy of a paper that is out, and what became of it.

Codes, no names. A copy that came back, was destroyed or got lost is crossed off with one press,
which can be taken back. Knows nothing of what stands on a copy.
"""

from functools import partial

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.lists.paper_codes import COPY_WAY, PAPER
from kfdesk.domain.schema import N_
from kfdesk.domain.values import Moment
from kfdesk.i18n.language import Language
from kfdesk.services.desk import Desk
from kfdesk.services.papers.copies import Copy, list_copies, settle_copy
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.history_views.table_card import TableCard
from kfdesk.ui.pages.history_views.taking_back import do
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Empty
from kfdesk.ui.widgets.rows import Cell, Column

_COLUMNS = (
    Column(N_("Plan")),
    Column(N_("Paper"), stretches=True),
    Column(N_("Number")),
    Column(N_("Made on")),
    Column(N_("Who")),
)
_ENDS = (
    ("returned", N_("Came back"), "undo-2", N_("The copy has come back.")),
    ("destroyed", N_("Destroyed"), "trash-2", N_("The copy is destroyed.")),
    ("lost", N_("Lost"), "circle-question-mark", N_("The copy is lost.")),
)


class Copies(QWidget):
    """The list."""

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._copies: tuple[Copy, ...] = ()
        self.ends = {state: Button(kit, words, icon) for state, words, icon, _ in _ENDS}
        for state, _, _, told in _ENDS:
            self.ends[state].clicked.connect(partial(self._on_end_chosen, state, told))
        words = N_("No copy is out"), N_("What is printed or saved is counted and stands here.")
        empty, buttons = Empty(kit, "files", *words), (*self.ends.values(),)
        self._rows = TableCard(kit, N_("Copies that are out"), _COLUMNS, buttons, empty)
        self.table = self._rows.table
        self._lay_out()
        kit.words.changed.connect(self._show)
        kit.hub.changed.connect(self._on_changed)

    def read(self) -> None:
        """Read again which copies are out."""
        self._kit.work.run(lambda: list_copies(self._desk), self._on_read)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Show what is out now."""
        super().showEvent(event)
        self.read()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.FIELD_GAP)
        under = N_(
            "Ask for a copy back when nobody needs it any more. A lost one can put her at risk."
        )
        column.addWidget(Label(self._kit, under, tone=Tone.MUTED).wrapped())
        column.addWidget(self._rows, 1)

    def _on_read(self, copies: tuple[Copy, ...]) -> None:
        self._copies = copies
        self._show()

    def _show(self) -> None:
        language = self._kit.words.language
        self._rows.show_rows([_cells(each, language) for each in self._copies])

    def _on_end_chosen(self, state: str, told: str) -> None:
        place, desk = self._rows.place, self._desk
        if 0 <= place < len(self._copies):
            rid = self._copies[place].view.rid
            do(self._kit, desk, lambda: settle_copy(desk, rid, state), told)

    def _on_changed(self, types: frozenset[str]) -> None:
        if "paper_copy" in types:
            self.read()


def _cells(copy: Copy, language: Language) -> tuple[Cell, ...]:
    record = copy.view.record
    way = COPY_WAY.get(str(record.way), "")
    under = " · ".join(
        part
        for part in (
            language.language(record.language) if isinstance(record.language, str) else "",
            language.gettext(way) if way else "",
        )
        if part
    )
    made = language.stamp(record.made.wall) if isinstance(record.made, Moment) else "–"
    paper = PAPER.get(str(record.paper), str(record.paper))
    return (
        Cell(copy.code or "–", is_strong=True),
        Cell(language.gettext(paper), under),
        Cell(str(record.number) if isinstance(record.number, int) else "–"),
        Cell(made),
        Cell(str(record.made_by or "–")),
    )
