# SPDX-License-Identifier: GPL-3.0-or-later
"""Publications: reports, overviews and manuals, with the paper of a year's report.

The text of a year's report is written in its publication; its tables are the releases of its year.
"""

from collections.abc import Sequence
from functools import partial
from operator import attrgetter

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.codes.figures import PUBLICATION_KINDS
from kfdesk.domain.message_marks import N_
from kfdesk.domain.names import name_sort_key
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import localized_text, short_day_text
from kfdesk.services.core.session import Session
from kfdesk.services.figures.estimates import PublicationLine, list_publications
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import CARD_GAP
from kfdesk.ui.widgets.build import column, grown, muted, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import CardFrame, EmptyState, FlowBox
from kfdesk.ui.widgets.table import ColumnSpec, LineSpec, LineTable, SortKey, TableCell

_COLUMNS = (
    ColumnSpec(N_("Title"), stretches=True),
    ColumnSpec(N_("Kind"), most=180),
    ColumnSpec(N_("About the year"), most=140),
    ColumnSpec(N_("Published"), most=160),
)
_PUBLISHED = 3
_AS_PAPER = N_("Year report as a paper…")


class PublicationsView(QWidget):
    """The publications. `chosen` carries one to open, `new_asked` asks to enter one.

    `paper_asked` carries a paper, and the id of the publication that it is about.
    """

    chosen = Signal(object)
    new_asked = Signal()
    paper_asked = Signal(object, bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.lines: tuple[PublicationLine, ...] = ()
        self.new = Button(kit, N_("New publication…"), "plus", ButtonLook.PRIMARY)
        self.paper = Button(kit, _AS_PAPER, "printer")
        self.table = LineTable(kit, _spec(), self._offered)
        self.table.setSelectionMode(LineTable.SelectionMode.SingleSelection)
        self._none = EmptyState(
            kit, "notebook-text", N_("No publications yet"),
            N_("A year report begins here: enter its title, its year and its text."),
        )  # fmt: skip
        self._listed = CardFrame(padding=0, parts=(self.table,))
        said = muted(kit, N_("Choose a report about a year to print it with its tables."))
        column(
            row(grown(said), self.new), self._listed, self._none, FlowBox(self.paper),
            gap=CARD_GAP, on=self,
        )  # fmt: skip
        self._none.hide()
        self.new.clicked.connect(self.new_asked)
        self.paper.clicked.connect(self._on_paper_clicked)
        self.table.chosen.connect(lambda at: self.chosen.emit(self.table.lines[at]))
        self.table.selectionModel().currentChanged.connect(self._on_current_changed)
        kit.translator.on_language_change(self, self._show)
        kit.events.changed.connect(self._on_changed)
        self.read()

    @task
    async def read(self) -> None:
        """Read the publications again."""
        self.lines = await call(self._kit, list_publications, self._desk)
        self._show()

    def _show(self) -> None:
        self.table.show_lines(self.lines)
        self._listed.setVisible(bool(self.lines))
        self._none.setVisible(not self.lines)
        self.paper.setVisible(bool(self.lines) and self._desk.may(Right.PRINT_INTERNAL))
        self._on_current_changed()

    def _on_current_changed(self, *_: object) -> None:
        line = self.table.current
        self.paper.setEnabled(line is not None and _is_report(line))

    def _offered(self, lines: Sequence[PublicationLine]) -> tuple[Command, ...]:
        """Return the commands for the selected publication."""
        found = []
        for line in lines:
            if line.is_ours:
                found.append(Command(N_("Open"), partial(self.chosen.emit, line), icon="pencil"))
            if _is_report(line) and self._desk.may(Right.PRINT_INTERNAL):
                print_ = Command(_AS_PAPER, self._on_paper_clicked, icon="printer")
                found.append(print_)
        return tuple(found)

    def _on_paper_clicked(self) -> None:
        line = self.table.current
        if line is not None:
            self.paper_asked.emit(PaperName.YEAR_REPORT, line.view.rid)

    def _on_changed(self, types: frozenset[str]) -> None:
        if "publication" in types:
            self.read()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on to the list, or to the button that begins one."""
        (self.table if self.lines else self.new).setFocus(event.reason())


def _spec() -> LineSpec[PublicationLine]:
    return LineSpec(
        "publications", N_("Publications"), _COLUMNS, _cells, _sort_keys, attrgetter("view.rid"),
        _PUBLISHED, is_backwards=True,
    )  # fmt: skip


def _sort_keys(language: Language) -> Sequence[SortKey[PublicationLine]]:
    def by_text(column: int, line: PublicationLine) -> str:
        return name_sort_key(_cells(line, language)[column].text, language.code)

    return (
        partial(by_text, 0),
        partial(by_text, 1),
        lambda line: str(line.view.record.about_year or ""),
        lambda line: str(line.view.record.published or ""),
    )


def _is_report(line: PublicationLine) -> bool:
    return isinstance(line.view.record.about_year, int)


def _cells(one: PublicationLine, language: Language) -> tuple[TableCell, ...]:
    record = one.view.record
    kind = PUBLICATION_KINDS.get(str(record.kind), "")
    year = str(record.about_year) if isinstance(record.about_year, int) else "–"
    title = localized_text(record.title, language) if isinstance(record.title, tuple) else "–"
    return (
        TableCell(title, str(record.creator or ""), is_strong=True),
        TableCell(language.gettext(kind) if kind else "–"),
        TableCell(year),
        TableCell(short_day_text(record.published, language) or "–"),
    )
