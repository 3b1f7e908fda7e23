# SPDX-License-Identifier: GPL-3.0-or-later
"""The print centre: the choices, a preview of the page, and the buttons to save and print.

`PrintingPage` previews each choice on the worker's thread; a preview leaves no trace. Saving and
printing are counted and entered in the ledger before anything leaves. The paper and `disclose()`
decide the content. `CopyList` shows the printed copies that are out.
"""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent, QShowEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kfdesk.domain.codes.core import (
    COPY_WAY,
    PAPER,
    PaperName,
    PaperRequest,
)
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.domain.values import ZonedTime
from kfdesk.i18n.language import Language
from kfdesk.services.core.session import Session
from kfdesk.services.papers import production
from kfdesk.services.papers import production as subjects
from kfdesk.services.papers.production import (
    PaperCopyLine,
    PaperSubject,
    list_copies,
    set_copy_state,
)
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.dialogs import ask_save
from kfdesk.ui.icons import MEDIUM
from kfdesk.ui.pages.printing import print_dialog
from kfdesk.ui.pages.printing.choices import PaperChoices, VerticalScrollArea
from kfdesk.ui.pages.printing.preview import (
    LeakOverrideCard,
    PagePreview,
    PrintObstacles,
    ReadyBanner,
)
from kfdesk.ui.plan_sections import FixTarget
from kfdesk.ui.record_views import run_with_undo
from kfdesk.ui.tokens import FIELD_GAP, GRID, PAGE_MARGIN, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, EmptyState, SideBySide
from kfdesk.ui.widgets.navigation import Page
from kfdesk.ui.widgets.table import ColumnSpec, TableCard, TableCell
from kfdesk.ui.widgets.text import Icon, Label


class PrintFoot(QWidget):
    """The buttons to save and to print, with a warning above them until something was printed."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self.warning = self._make_warning()
        self.saving = Button(kit, N_("Save PDF…"), "file-down")
        self.printing = Button(kit, N_("Print…"), "printer", ButtonLook.PRIMARY).bind_key("Ctrl+P")
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        buttons.addWidget(self.saving)
        buttons.addStretch(1)
        buttons.addWidget(self.printing)
        buttons.addSpacing(-RESERVE)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.warning)
        column.addLayout(buttons)

    def set_allowed(self, *, is_allowed: bool, number: int = 0) -> None:
        """Enable or disable both buttons, and show the number of the copy."""
        self.saving.setEnabled(is_allowed)
        self.printing.setEnabled(is_allowed)
        words = N_("Print copy {number}…") if number else N_("Print…")
        self.printing.set_message(words, number=lambda _: number)

    def _make_warning(self) -> QWidget:
        warning = QWidget()
        words = N_("A shared printer may keep a copy of the page.")
        row = QHBoxLayout(warning)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Icon(self._kit, "triangle-alert", Tone.WARNING, MEDIUM))
        row.addWidget(Label(self._kit, words, TextStyle.SMALL, Tone.WARNING).wrapped(), 1)
        return warning


class PrintHead(QWidget):
    """The heading of the print centre, with the button for the copies that are out."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._count = 0
        self.copies = Button(kit, N_("Copies out"), "files", ButtonLook.QUIET)
        self.copies.setCheckable(True)
        self.copies.toggled.connect(self._on_toggled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Label(kit, N_("Print"), TextStyle.DISPLAY))
        row.addStretch(1)
        row.addWidget(self.copies)

    def show_count(self, count: int) -> None:
        """Show how many copies are out."""
        self._count = count
        self._on_toggled()

    def _on_toggled(self) -> None:
        self.copies.set_message(
            N_("Back to printing") if self.copies.isChecked() else self._copies_text
        )

    def _copies_text(self, language: Language) -> str:
        words = language.ngettext("{count} copy out", "{count} copies out", self._count)
        return words.format(count=self._count)


# --- Copies that are out

_COPY_COLUMNS = (
    ColumnSpec(N_("Plan")),
    ColumnSpec(N_("Paper"), stretches=True),
    ColumnSpec(N_("Number")),
    ColumnSpec(N_("Made on")),
    ColumnSpec(N_("Who")),
)
_COPY_ENDS = (
    ("returned", N_("Came back"), "undo-2", N_("The copy has come back.")),
    ("destroyed", N_("Destroyed"), "trash-2", N_("The copy is destroyed.")),
    ("lost", N_("Lost"), "circle-question-mark", N_("The copy is lost.")),
)


class CopyList(QWidget):
    """The printed copies that are out, with buttons for what became of one."""

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._copies: tuple[PaperCopyLine, ...] = ()
        self.ends = {state: Button(kit, words, icon) for state, words, icon, _ in _COPY_ENDS}
        for state, _, _, told in _COPY_ENDS:
            self.ends[state].clicked.connect(partial(self._on_end_chosen, state, told))
        words = N_("No copy is out"), N_("What is printed or saved is counted and stands here.")
        empty, buttons = EmptyState(kit, "files", *words), (*self.ends.values(),)
        self._rows = TableCard(kit, N_("Copies that are out"), _COPY_COLUMNS, buttons, empty)
        self.table = self._rows.table
        self._lay_out()
        kit.translator.changed.connect(self._show)
        kit.events.changed.connect(self._on_changed)

    def read(self) -> None:
        """Read again which copies are out."""
        self._kit.worker.run(lambda: list_copies(self._desk), self._on_read)

    def showEvent(self, event: QShowEvent) -> None:
        """Read which copies are out now."""
        super().showEvent(event)
        self.read()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        under = N_(
            "Ask for a copy back when nobody needs it any more. A lost one can put her at risk."
        )
        column.addWidget(Label(self._kit, under, tone=Tone.MUTED).wrapped())
        column.addWidget(self._rows, 1)

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
    under = " · ".join(
        part
        for part in (
            language.language(record.language) if isinstance(record.language, str) else "",
            language.gettext(way) if way else "",
        )
        if part
    )
    made = language.stamp(record.made.wall) if isinstance(record.made, ZonedTime) else "–"
    paper = PAPER.get(str(record.paper), str(record.paper))
    return (
        TableCell(copy.code or "–", is_strong=True),
        TableCell(language.gettext(paper), under),
        TableCell(str(record.number) if isinstance(record.number, int) else "–"),
        TableCell(made),
        TableCell(str(record.made_by or "–")),
    )


# --- The page

_PRINTED_TYPES = frozenset(
    {"client", "plan", "leg", "help_number", "consent", "organisation", "contact", "phone"}
)
_PAPER_NAME = "sheet.pdf"
_PREVIEW_SCALE = 2.0
"""Pixels per point in the preview: enough for a page as high as a large screen."""
_CHOICES_WIDTH = 600
_COLUMN_SHARES, _COLUMN_GAP = (3, 2), 20
"""The width shares of choices and page, and the points between them."""
_PREVIEW_BESIDE_WIDTH = 620  # narrower, the page stands below the choices
_UNFOLDED_MIN_HEIGHT = 600
_CHOOSE_SUBJECT = N_("Choose what it is about, and its page stands here before it is printed.")


@dataclass(frozen=True, slots=True)
class _PreviewedPaper:
    """A previewed paper: its order, the language it got, and the result."""

    asked: PaperRequest
    language: str
    look: production.PaperPreview


class PrintingPage(Page, QWidget):
    """The print centre. `plan_chosen` carries the id of a plan to open.

    `goal_chosen` also carries the place in the plan where something must be fixed.
    """

    plan_chosen = Signal(bytes)
    goal_chosen = Signal(bytes, object)

    def __init__(self, kit: UiContext, desk: Session) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.head = PrintHead(kit)
        self.choices = PaperChoices(kit, subjects.offered_papers(desk))
        self._copies: CopyList | None = None
        self.ready = ReadyBanner(kit)
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check")
        self.outcome.hide()
        self.obstacles = PrintObstacles(kit)
        self.somebody_else = LeakOverrideCard(kit, desk)
        self.preview = PagePreview(kit)
        self.foot = PrintFoot(kit)
        self._connect()
        self._lay_out()
        self._show_no_page(_CHOOSE_SUBJECT)
        self.read()

    def read(self) -> None:
        """Read again what there is to print, and preview the chosen paper again."""
        desk, paper = self._desk, self.choices.papers.paper
        self._kit.worker.run(
            lambda: (paper, subjects.list_paper_subjects(desk, paper)),
            lambda read: self._on_read(*read),
        )
        self._count_copies()

    @property
    def copies(self) -> CopyList:
        """The list of copies that are out; made on first use."""
        if self._copies is None:
            self._copies = CopyList(self._kit, self._desk)
            self._parts.addWidget(self._copies)
        return self._copies

    def save(self, path: Path) -> None:
        """Make the paper and save it as `path`; the ledger counts it as printed."""
        desk, order, excuse = self._desk, self.choices.paper_order, self.somebody_else.excuse
        self.outcome.hide()
        self._kit.worker.run(
            lambda: production.save_paper(desk, order, path, excuse),
            self._on_saved,
            self._on_refused,
        )

    def print_on(self, printer: QPrinter) -> None:
        """Make the paper, enter it in the ledger, and print it on `printer`.

        The work runs on the worker's thread.
        """
        desk, order, excuse = self._desk, self.choices.paper_order, self.somebody_else.excuse
        scale = print_dialog.print_scale(printer)
        self.outcome.hide()

        def is_printed() -> bool:
            paper = production.make_paper(desk, order, excuse)
            pages = desk.adapters.papers.pictures(paper.pdf, scale)
            return print_dialog.draw_pages(printer, pages, scale)

        self._kit.worker.run(is_printed, self._on_printed, self._on_refused)

    def commands(self) -> tuple[Command, ...]:
        """Return the menu commands of this page."""
        return self.preview.commands()

    # Construction

    def _connect(self) -> None:
        self.head.copies.toggled.connect(self._on_copies_toggled)
        self.choices.paper_chosen.connect(self._on_paper_chosen)
        self.choices.changed.connect(self._on_choice_changed)
        self.foot.saving.clicked.connect(self._on_save_clicked)
        self.foot.printing.clicked.connect(self._on_print_clicked)
        self.obstacles.mend_asked.connect(self._on_mend_asked)
        self.somebody_else.excused.connect(self._preview_paper)
        self._kit.events.changed.connect(self._on_changed)
        self._kit.translator.changed.connect(self._fold_choices)

    def _lay_out(self) -> None:
        """Lay the page out from the outside in.

        A widget that gets another parent passes the style change on to all its children.
        """
        page = QVBoxLayout(self)
        margin = PAGE_MARGIN
        page.setContentsMargins(margin, margin - 4, margin, margin - RESERVE)
        page.setSpacing(FIELD_GAP)
        self._parts, side, self._right = QStackedWidget(), QWidget(), QStackedWidget()
        page.addWidget(self.head)
        page.addWidget(self._parts, 1)
        halves = zip((side, self._right), _COLUMN_SHARES, strict=True)
        self._making = SideBySide(
            self._kit.theme, *halves, least=_PREVIEW_BESIDE_WIDTH, gap=_COLUMN_GAP
        )
        self._parts.addWidget(self._making)
        side.setMaximumWidth(self._choices_width)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        self._side = VerticalScrollArea()
        column.addWidget(self._side, 1)
        self._fill_side()
        column.addWidget(self.foot)
        self._right.addWidget(self.preview)
        self._right.addWidget(self.obstacles)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the choices in a small window."""
        super().resizeEvent(event)
        self._fold_choices()

    @property
    def _choices_width(self) -> int:
        return self._kit.theme.scaled(_CHOICES_WIDTH)

    def _fold_choices(self) -> None:
        """Fold the choices where there is little room, in favour of the page beside them."""
        room = self.contentsRect().width() - 2 * PAGE_MARGIN - _COLUMN_GAP
        bar = self._side.verticalScrollBar().sizeHint().width()
        if not self._making.is_narrow:
            room = room * _COLUMN_SHARES[0] // sum(_COLUMN_SHARES)
        room = min(self._choices_width, room) - bar
        is_narrow = room < self.choices.papers.boxes_width
        self.choices.fold(
            is_folded=is_narrow or self.height() < self._kit.theme.scaled(_UNFOLDED_MIN_HEIGHT)
        )

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        self.choices.setFocus(event.reason())

    def _fill_side(self) -> None:
        """Fill the left side with choices and results; it scrolls above the buttons."""
        part = QWidget()
        part.setProperty("ground", "none")
        self._side.setWidget(part)
        column = QVBoxLayout(part)
        edge = RESERVE
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.choices)
        answers = QVBoxLayout()
        answers.setContentsMargins(edge, 0, edge, edge)
        answers.setSpacing(FIELD_GAP)
        column.addLayout(answers, 1)
        answers.addWidget(self.ready)
        answers.addWidget(self.somebody_else)
        answers.addWidget(self.outcome)
        answers.addStretch(1)

    # Slots and actions

    def _preview_paper(self) -> None:
        """Preview the paper; nothing is recorded."""
        if not self.choices.is_complete:
            self._show_no_page(_CHOOSE_SUBJECT)
            return
        self._show_no_page(N_("The page is being made."))
        desk, asked, offered = self._desk, self.choices.paper_order, self.choices.kind.languages
        excuse = self.somebody_else.excuse

        def look() -> _PreviewedPaper:
            code = asked.language or production.client_language(desk, asked.subject, offered)
            order = replace(asked, language=code)
            return _PreviewedPaper(
                asked, code, production.preview_pages(desk, order, _PREVIEW_SCALE, excuse)
            )

        self._kit.worker.run(look, self._on_seen, self._on_not_seen)

    def _show_no_page(self, why: Message) -> None:
        """Show why there is no page; disable printing."""
        self.preview.show_reason(why)
        self._right.setCurrentWidget(self.preview)
        self.somebody_else.reset()
        self.ready.hide()
        self.foot.set_allowed(is_allowed=False)

    def _on_read(self, paper: PaperName, found: tuple[PaperSubject, ...]) -> None:
        if paper != self.choices.papers.paper:
            return  # another was chosen meanwhile
        self.choices.set_subjects(found)
        if found or not self.choices.kind.subject:
            self._preview_paper()
        else:
            self._show_no_page(N_("There is nothing yet that this paper is made of."))

    def _on_seen(self, seen: _PreviewedPaper) -> None:
        if seen.asked != self.choices.paper_order:
            return  # something else was chosen meanwhile
        self.choices.show_language(seen.language)
        look = seen.look
        if look.obstacles:
            self._show_no_page(N_("The page can be made when nothing keeps it any more."))
            may_mend = self.choices.kind.subject == "plan"
            words = [one.words for one in look.found]
            self.obstacles.show_faults(look.obstacles, words, may_mend=may_mend)
            self._right.setCurrentWidget(self.obstacles)
            self.somebody_else.ask_about(self.choices.paper_order, look.found)
        else:
            self.preview.show_pages(look.pages)
            self.ready.show_paper(look, is_carried=self.choices.kind.is_carried)
            self.foot.set_allowed(is_allowed=True, number=look.number)
            QTimer.singleShot(0, self.ready, partial(self._side.ensureWidgetVisible, self.ready))

    def _on_not_seen(self, fault: KfdeskError) -> None:
        self._show_no_page(N_("The page cannot be made."))
        self._on_refused(fault)

    def _on_paper_chosen(self) -> None:
        self.outcome.hide()
        self.somebody_else.revoke()
        self._show_no_page(_CHOOSE_SUBJECT)
        self.read()

    def _on_choice_changed(self) -> None:
        self.outcome.hide()
        self.somebody_else.revoke()
        self._preview_paper()

    def _on_copies_toggled(self, is_shown: bool) -> None:
        self._parts.setCurrentWidget(self.copies if is_shown else self._making)

    def _on_mend_asked(self, goal: FixTarget | None) -> None:
        if goal is None:
            self.plan_chosen.emit(self.choices.paper_order.subject)
        else:
            self.goal_chosen.emit(self.choices.paper_order.subject, goal)

    def _on_save_clicked(self) -> None:
        ask_save(self._kit, self, N_("Save the paper"), _PAPER_NAME, self.save)

    def _on_print_clicked(self) -> None:
        print_dialog.ask_printer(self, self.print_on)

    def _on_saved(self, _paper: production.Paper) -> None:
        self._kit.events.changed.emit(frozenset({"paper_copy"}))
        self._show_outcome(
            Tone.SUCCESS,
            N_("The paper is saved as a file."),
            N_("It is not encrypted there. Print it, then delete the file."),
        )

    def _on_printed(self, is_taken: bool) -> None:
        self._kit.events.changed.emit(frozenset({"paper_copy"}))
        self.foot.warning.hide()  # shown once
        if is_taken:
            self._show_outcome(
                Tone.SUCCESS,
                N_("The page has gone to the printer."),
                N_("Fetch it now; do not leave it lying there."),
            )
        else:
            self._show_outcome(
                Tone.DANGER,
                print_dialog.PRINT_REFUSED,
                N_("History counts it as printed. Check the printer, then print again."),
            )

    def _on_refused(self, fault: KfdeskError) -> None:
        self.outcome.show_look(Tone.DANGER, "circle-alert")
        self.outcome.show_fault(fault)

    def _show_outcome(self, tone: Tone, sentence: Message, under: Message) -> None:
        self.outcome.show_look(tone, "circle-check" if tone is Tone.SUCCESS else "circle-alert")
        self.outcome.set_message(sentence, under)
        self.outcome.show()

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _PRINTED_TYPES:
            self.read()
        if "paper_copy" in types:
            self._count_copies()

    def _count_copies(self) -> None:
        desk = self._desk
        self._kit.worker.run(lambda: len(list_copies(desk)), self.head.show_count)
