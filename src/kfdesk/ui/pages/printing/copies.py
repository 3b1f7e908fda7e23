# SPDX-License-Identifier: GPL-3.0-or-later
"""The printed copies that are out, with buttons for what became of one.

It shows what the services have counted, and makes no paper.
"""

from functools import partial

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.codes.case import LETTER_PURPOSE
from kfdesk.domain.codes.core import COPY_STATE, COPY_WAY, PAPER
from kfdesk.domain.schema import N_
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import PaperCopyLine, list_copies, set_copy_state
from kfdesk.ui.context import UiContext
from kfdesk.ui.record_views import run_with_undo
from kfdesk.ui.tokens import FIELD_GAP
from kfdesk.ui.widgets.build import column, grown, muted
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.layout import EmptyState
from kfdesk.ui.widgets.table import ColumnSpec, TableCard, TableCell

_COLUMNS = (
    ColumnSpec(N_("Plan")),
    ColumnSpec(N_("Paper"), stretches=True),
    ColumnSpec(N_("Number")),
    ColumnSpec(N_("Made on")),
    ColumnSpec(N_("Who")),
)
_ENDS = (
    ("returned", N_("Came back"), "undo-2", N_("The copy was returned.")),
    ("destroyed", N_("Destroyed"), "trash-2", N_("The copy is destroyed.")),
    ("lost", N_("Lost"), "circle-question-mark", N_("The copy is lost.")),
)


class CopyList(QWidget):
    """The copies and drafts that exist, the newest first; it reads them when it is shown."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._copies: tuple[PaperCopyLine, ...] = ()
        self.ends = {
            state: Button(kit, words, icon, on=partial(self._on_end_chosen, state, told))
            for state, words, icon, told in _ENDS
        }
        words = (
            N_("No copy is handed out"),
            N_("What is printed or saved is counted and listed here."),
        )
        empty, buttons = EmptyState(kit, "files", *words), (*self.ends.values(),)
        self._rows = TableCard(kit, N_("Copies handed out"), _COLUMNS, buttons, empty)
        self.table = self._rows.table
        under = N_("Ask for a copy back when no one needs it. A lost copy can put her at risk.")
        column(muted(kit, under), grown(self._rows), gap=FIELD_GAP, on=self)
        kit.translator.changed.connect(self._show)
        kit.events.changed.connect(self._on_changed)

    def read(self) -> None:
        """Read again which copies are out."""
        self._kit.worker.run(lambda: list_copies(self._desk), self._on_read)

    def showEvent(self, event: QShowEvent) -> None:
        """Read which copies are out now."""
        super().showEvent(event)
        self.read()

    def _on_read(self, copies: tuple[PaperCopyLine, ...]) -> None:
        self._copies = copies
        self._show()

    def _show(self) -> None:
        language = self._kit.translator.language
        self._rows.show_rows([_copy_cells(each, language) for each in self._copies])

    def _on_end_chosen(self, state: str, told: str) -> None:
        place, desk = self._rows.place, self._desk
        if 0 <= place < len(self._copies):
            rid = self._copies[place].view.rid
            run_with_undo(self._kit, desk, lambda: set_copy_state(desk, rid, state), told)

    def _on_changed(self, types: frozenset[str]) -> None:
        if "paper_copy" in types:
            self.read()


def _copy_cells(copy: PaperCopyLine, language: Language) -> tuple[TableCell, ...]:
    record = copy.view.record
    way = COPY_WAY.get(str(record.way), "")
    parts = [
        language.language(record.language) if isinstance(record.language, str) else "",
        language.gettext(way) if way else "",
        language.gettext(COPY_STATE["draft"]) if copy.is_draft else "",
    ]
    if copy.to:
        purpose = LETTER_PURPOSE.get(str(record.purpose))
        parts = [copy.to, language.gettext(purpose) if purpose else "", *parts]
    paper = PAPER.get(str(record.paper), str(record.paper))
    return (
        TableCell(copy.code or "–", is_strong=True),
        TableCell(language.gettext(paper), " · ".join(filter(None, parts))),
        TableCell(str(record.number) if isinstance(record.number, int) else "–"),
        TableCell(language.stamp(record.made.wall) if isinstance(record.made, ZonedTime) else "–"),
        TableCell(str(record.made_by or "–")),
    )
