# SPDX-License-Identifier: GPL-3.0-or-later
"""The place Figures: this desk, sums, estimates, publications and case data as tabs.

It switches between them and knows nothing of what they show. Who has no right to figures does not
see the place.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.message_marks import N_
from kfdesk.domain.rows import Row
from kfdesk.services.core.session import Session
from kfdesk.services.figures.estimates import EstimateLine, PublicationLine, estimate_values
from kfdesk.services.figures.sums import SumDetails
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.pages.figures.case_data import CaseDataView, may_export
from kfdesk.ui.pages.figures.case_import import CaseImportPage
from kfdesk.ui.pages.figures.desk_figures import DeskFigures
from kfdesk.ui.pages.figures.entry import FigureEntryPage
from kfdesk.ui.pages.figures.estimates import EstimatesView
from kfdesk.ui.pages.figures.publications import PublicationsView
from kfdesk.ui.pages.figures.sum_entry import SumEntryPage
from kfdesk.ui.pages.figures.sums import SumsView
from kfdesk.ui.tokens import CARD_GAP, PAGE_MARGIN, TextStyle
from kfdesk.ui.widgets.build import STRETCH, column
from kfdesk.ui.widgets.buttons import SegmentedControl
from kfdesk.ui.widgets.layout import TaskPage
from kfdesk.ui.widgets.navigation import NavigationPlace, Page
from kfdesk.ui.widgets.text import Label

_TABS = (
    ("desk", N_("Our clients")),
    ("network", N_("Network")),
    ("estimates", N_("Estimates")),
    ("publications", N_("Publications")),
)
_CASE_TAB = ("case_data", N_("Case data"))
_OTHER_WORDS = N_("statistics numbers report tables charts estimates")
_View = DeskFigures | SumsView | EstimatesView | PublicationsView | CaseDataView
ShowPaper = Callable[[PaperName, bytes], object]


def figures_places(desk: Session, show_paper: ShowPaper) -> tuple[NavigationPlace, ...]:
    """Return the place, or nothing without the right to figures."""
    if not desk.may(Right.FIGURES):
        return ()

    def make(kit: UiContext) -> FiguresPage:
        page = FiguresPage(kit, desk)
        page.paper_asked.connect(show_paper)
        return page

    return (NavigationPlace("figures", N_("Figures"), "chart-column", "", make, also=_OTHER_WORDS),)


class FiguresPage(Page, QStackedWidget):
    """The place Figures. `paper_asked` carries a paper, and the id of the record it is about."""

    paper_asked = Signal(object, bytes)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._aside: TaskPage | None = None
        self.desk_figures = DeskFigures(kit, desk)
        self.sums = SumsView(kit, desk)
        self.estimates = EstimatesView(kit, desk)
        self.publications = PublicationsView(kit, desk)
        self.case_data = CaseDataView(kit, desk) if may_export(desk) else None
        """Case data for an organisation; None for a user who may export nothing."""
        self.tabs = SegmentedControl(kit, (*_TABS, _CASE_TAB) if self.case_data else _TABS)
        self._views: dict[str, _View] = {
            "desk": self.desk_figures,
            "network": self.sums,
            "estimates": self.estimates,
            "publications": self.publications,
        }
        if self.case_data is not None:
            self._views["case_data"] = self.case_data
            self.case_data.import_asked.connect(self.look_at_sheet)
        margins = (PAGE_MARGIN, PAGE_MARGIN - 4, PAGE_MARGIN, PAGE_MARGIN)
        self._head = QWidget()
        title = Label(kit, N_("Figures"), TextStyle.DISPLAY)
        views = self._views.values()
        column(title, self.tabs, *views, STRETCH, gap=CARD_GAP, margins=margins, on=self._head)
        self.addWidget(self._head)
        self.tabs.chosen.connect(self.show_tab)
        self.currentChanged.connect(self.updateGeometry)
        self.desk_figures.paper_asked.connect(self.paper_asked)
        self.publications.paper_asked.connect(self.paper_asked)
        self.sums.new_asked.connect(self.new_sum)
        self.sums.again_asked.connect(self.begin_again)
        self.sums.release_asked.connect(self.show_release)
        self.estimates.new_asked.connect(self.new_estimate)
        self.estimates.chosen.connect(self.open_estimate)
        self.publications.new_asked.connect(self.new_publication)
        self.publications.chosen.connect(self.open_publication)
        self.show_tab("desk")

    @property
    def entry(self) -> FigureEntryPage | SumEntryPage | None:
        """The page on which an estimate, a publication or a sum is entered, while it is open."""
        aside = self._aside
        return aside if isinstance(aside, FigureEntryPage | SumEntryPage) else None

    @property
    def sheet(self) -> CaseImportPage | None:
        """The page on which a sheet of case data is looked at, while it is open."""
        return self._aside if isinstance(self._aside, CaseImportPage) else None

    def show_tab(self, key: str) -> None:
        """Show one of the tabs."""
        self.tabs.select(key)
        for name, view in self._views.items():
            view.setVisible(name == key)

    def show_release(self, rid: bytes) -> None:
        """Show a release, if it is here."""
        self.show_tab("desk")
        self.desk_figures.open_release(rid)

    def show_sum(self, rid: bytes) -> None:
        """Show a sum of several organisations, if it is here."""
        self._leave()
        self.show_tab("network")
        self.sums.open_sum(rid)

    def new_sum(self) -> None:
        """Begin a sum of several organisations."""
        self._open_sum(SumEntryPage(self._kit, self._desk))

    def begin_again(self, before: SumDetails) -> None:
        """Begin a sum again without those who have not come."""
        self._open_sum(SumEntryPage(self._kit, self._desk, before))

    def new_estimate(self) -> None:
        """Begin an estimate."""
        self._enter("estimate", N_("New estimate"), None)

    def new_publication(self) -> None:
        """Begin a publication."""
        self._enter("publication", N_("New publication"), None)

    def open_estimate(self, line: EstimateLine) -> None:
        """Open an estimate of ours to change it, another to take it over."""
        if line.is_ours:
            self._enter("estimate", N_("Estimate"), line.row)
        else:
            page = self._enter("estimate", N_("Add this estimate to ours"), None)
            page.take_over(estimate_values(line.record))

    def open_publication(self, line: PublicationLine) -> None:
        """Open a publication of ours to change it."""
        if line.is_ours:
            self._enter("publication", N_("Publication"), line.view.row)

    def look_at_sheet(self, path: Path) -> None:
        """Show what importing a sheet of case data would do."""
        page = CaseImportPage(self._kit, self._desk, path)
        page.taken.connect(self._leave)
        self._open(page)

    # Page

    def commands(self) -> Sequence[Command]:
        """Return the menu commands of what is on view."""
        if self.currentWidget() is not self._head:
            return ()
        return (
            Command(N_("New estimate…"), self.new_estimate, icon="plus"),
            Command(N_("New publication…"), self.new_publication, icon="plus"),
            *(
                (Command(N_("New sum…"), self.new_sum, icon="plus"),)
                if self.sums.may_release
                else ()
            ),
            *self._views[self.tabs.key].table.keeper.commands(),
        )

    def place(self) -> str:
        """Return the tab on view."""
        return self.tabs.key

    def return_to(self, place: str) -> None:
        """Show the tab again."""
        if place in self._views:
            self.show_tab(place)

    def sizeHint(self) -> QSize:
        return self._shown_size(QWidget.sizeHint)

    def minimumSizeHint(self) -> QSize:
        return self._shown_size(QWidget.minimumSizeHint)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        shown = self.currentWidget()
        target = self._views[self.tabs.key] if shown is self._head else shown
        if target is not None:
            target.setFocus(event.reason())

    # parts

    def _shown_size(self, hint: Callable[[QWidget], QSize]) -> QSize:
        """Return the size of what is on view: a hidden long tab makes a short page no longer."""
        shown = self.currentWidget()
        return hint(shown) if shown is not None else QSize()

    def _enter(self, record_type: str, title: str, row: Row | None) -> FigureEntryPage:
        page = FigureEntryPage(self._kit, self._desk, record_type, title, row)
        page.done.connect(self._leave)
        self._open(page)
        return page

    def _open_sum(self, page: SumEntryPage) -> None:
        page.done.connect(self._leave)
        self._open(page)

    def _open(self, page: TaskPage) -> None:
        """Show a page in place of the tabs, until it is left."""
        page.closed.connect(self._leave)
        self._leave()
        self._aside = page
        self.addWidget(page)
        self.setCurrentWidget(page)
        page.setFocus()

    def _leave(self) -> None:
        """Go back to the tabs."""
        before, self._aside = self._aside, None
        self.setCurrentWidget(self._head)
        if before is not None:
            self.removeWidget(before)
            before.deleteLater()
            self._views[self.tabs.key].setFocus()
