# SPDX-License-Identifier: GPL-3.0-or-later
"""The printed copies that are out, with buttons for what became of them.

It shows what the services have counted, and makes no paper.
"""

from collections.abc import Sequence
from functools import partial
from operator import attrgetter

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.codes.case import LETTER_PURPOSE
from kfdesk.domain.codes.core import COPY_STATE, COPY_WAY, PAPER
from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import name_sort_key
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import PaperCopyLine, list_copies, set_copy_states
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.record_views import notify_done
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import FIELD_GAP
from kfdesk.ui.widgets.build import column, filled, grown, muted
from kfdesk.ui.widgets.buttons import Button
from kfdesk.ui.widgets.layout import EmptyState
from kfdesk.ui.widgets.table import ColumnSpec, LineSpec, LineTable, SortKey, TableCard, TableCell

_COLUMNS = (
    ColumnSpec(N_("Plan")),
    ColumnSpec(N_("Paper"), stretches=True),
    ColumnSpec(N_("Number")),
    ColumnSpec(N_("Made on")),
    ColumnSpec(N_("Who")),
)
_MADE_ON = 3
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
        self.ends = {
            state: Button(kit, words, icon, on=partial(self._end, state, told))
            for state, words, icon, told in _ENDS
        }
        words = (
            N_("No copy is handed out"),
            N_("What is printed or saved is counted and listed here."),
        )
        empty, buttons = EmptyState(kit, "files", *words), (*self.ends.values(),)
        self.table = LineTable(kit, _copy_spec(), self._offered)
        self._rows = TableCard(kit, self.table, buttons, empty)
        under = N_("Ask for a copy back when no one needs it. A lost copy can put her at risk.")
        column(muted(kit, under), grown(self._rows), gap=FIELD_GAP, on=self)
        kit.events.changed.connect(self._on_changed)

    def read(self) -> None:
        """Read again which copies are out."""
        self._kit.worker.run(lambda: list_copies(self._desk), self._rows.show_lines)

    def showEvent(self, event: QShowEvent) -> None:
        """Read which copies are out now."""
        super().showEvent(event)
        self.read()

    def _offered(self, lines: Sequence[PaperCopyLine]) -> tuple[Command, ...]:
        """Return the commands for these copies: what can have become of them."""
        return tuple(
            Command(words, partial(self._end, state, told), icon=icon, menu="edit")
            for state, words, icon, told in _ENDS
            if lines
        )

    @task
    async def _end(self, state: str, told: str) -> None:
        """Record what became of the selected copies, with one undo for all of them."""
        rids = [line.view.rid for line in self.table.selected]
        done = await call(self._kit, set_copy_states, self._desk, rids, state)
        many = filled(N_("Copies crossed off: {count}"), count=len(done))
        notify_done(self._kit, self._desk, done, told if len(done) == 1 else many)

    def _on_changed(self, types: frozenset[str]) -> None:
        if "paper_copy" in types:
            self.read()


def _copy_spec() -> LineSpec[PaperCopyLine]:
    def sort_keys(language: Language) -> Sequence[SortKey[PaperCopyLine]]:
        return (
            lambda copy: copy.code,
            lambda copy: name_sort_key(_paper_name(copy, language), language.code),
            lambda copy: (str(copy.view.record.paper), copy.view.record.number or 0),
            _made_at,
            lambda copy: str(copy.view.record.made_by or ""),
        )

    return LineSpec(
        "copies", N_("Copies handed out"), _COLUMNS, _copy_cells, sort_keys,
        attrgetter("view.rid"), _MADE_ON, is_backwards=True,
    )  # fmt: skip


def _made_at(copy: PaperCopyLine) -> float:
    made = copy.view.record.made
    return made.utc.timestamp() if isinstance(made, ZonedTime) else 0.0


def _paper_name(copy: PaperCopyLine, language: Language) -> str:
    paper = str(copy.view.record.paper)
    return language.gettext(PAPER.get(paper, paper))


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
    return (
        TableCell(copy.code or "–", is_strong=True),
        TableCell(_paper_name(copy, language), " · ".join(filter(None, parts))),
        TableCell(str(record.number) if isinstance(record.number, int) else "–"),
        TableCell(language.stamp(record.made.wall) if isinstance(record.made, ZonedTime) else "–"),
        TableCell(str(record.made_by or "–")),
    )
