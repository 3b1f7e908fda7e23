# SPDX-License-Identifier: GPL-3.0-or-later
"""The print centre: the choices, a preview of the page, and the buttons to save and print.

`PrintingPage` previews each choice on the worker's thread; a preview leaves no trace. Saving and
printing are counted and entered in the ledger before anything leaves, and taken back if nothing
left. The paper and `disclose()` decide the content.
"""

import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QStackedWidget, QWidget

from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.pronouns import Pronoun
from kfdesk.services.core.records import client_pronoun
from kfdesk.services.core.session import Session
from kfdesk.services.papers import production
from kfdesk.services.papers.kinds import paper_texts
from kfdesk.services.papers.production import PaperSubject
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.dialogs import ask_save
from kfdesk.ui.icons import MEDIUM
from kfdesk.ui.pages.printing import print_dialog
from kfdesk.ui.pages.printing.choices import PaperChoices, VerticalScrollArea
from kfdesk.ui.pages.printing.copies import CopyList
from kfdesk.ui.pages.printing.preview import (
    LeakOverrideCard,
    PagePreview,
    PrintObstacles,
    ReadyBanner,
)
from kfdesk.ui.plan_sections import FixTarget
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import FIELD_GAP, GRID, PAGE_MARGIN, RESERVE, TextStyle, Tone
from kfdesk.ui.translator import ClientTranslator, Message
from kfdesk.ui.widgets.build import STRETCH, column, grown, panel, plural, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, FlowBox, ResizablePanes
from kfdesk.ui.widgets.navigation import Page
from kfdesk.ui.widgets.text import Icon, Label


class PrintFoot(QWidget):
    """The buttons to save and to print; above them what came of it, and a warning until then."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        warned = N_("A shared printer may keep a copy of the page.")
        self.warning = panel(
            row(
                Icon(kit, "triangle-alert", Tone.WARNING, MEDIUM),
                grown(text(kit, warned, TextStyle.SMALL, Tone.WARNING)),
                gap=8,
            )
        )
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check").hidden()
        self.saving = Button(kit, N_("Save PDF…"), "file-down")
        self.printing = Button(kit, N_("Print…"), "printer", ButtonLook.PRIMARY).bind_key("Ctrl+P")
        buttons = FlowBox(self.saving, self.printing)
        column(self.outcome, self.warning, buttons, gap=GRID, on=self)

    def set_allowed(self, *, is_allowed: bool, number: int = 0) -> None:
        """Enable or disable both buttons, and show the number of the copy."""
        self.saving.setEnabled(is_allowed)
        self.printing.setEnabled(is_allowed)
        words = N_("Print copy {number}…") if number else N_("Print…")
        self.printing.set_message(words, number=lambda _: number)

    def show_success(self, sentence: Message, under: Message) -> None:
        """Say above the buttons what was done."""
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.set_message(sentence, under)
        self.outcome.show()

    def show_fault(self, fault: KfdeskError) -> None:
        """Say above the buttons what went wrong, and what to do."""
        self.outcome.show_look(Tone.DANGER, "circle-alert")
        self.outcome.show_fault(fault)


class PrintHead(QWidget):
    """The heading, with a button to the copies that are out and back; `switched` tells which."""

    switched = Signal(bool)

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._count, self._is_at_copies = 0, False
        self.copies = Button(
            kit, N_("Handed-out copies"), "files", ButtonLook.QUIET, on=self._on_copies_clicked
        )
        row(Label(kit, N_("Print"), TextStyle.DISPLAY), STRETCH, self.copies, on=self)

    def show_count(self, count: int) -> None:
        """Show how many copies are out."""
        self._count = count
        self._show()

    def _show(self) -> None:
        count = plural("{count} copy handed out", "{count} copies handed out", self._count)
        self.copies.set_message(N_("Back to printing") if self._is_at_copies else count)

    def _on_copies_clicked(self) -> None:
        self._is_at_copies = not self._is_at_copies
        self._show()
        self.switched.emit(self._is_at_copies)


# --- The page

_PRINTED_TYPES = frozenset(
    {
        "client",
        "plan",
        "leg",
        "help_number",
        "consent",
        "organisation",
        "contact",
        "phone",
        "referral",
        "procedure",
        "procedure_step",
        "cooperation",
        "cooperation_step",
        "article",
        "article_text",
        "article_link",
        "edition",
        "figure_release",
        "publication",
        "estimate",
    }
)
_PLAN_SUBJECTS = ("plan", "referral")
"""The subjects of a paper whose faults are put right in a plan."""
_PAPER_NAME = "sheet.pdf"
_PREVIEW_SCALE = 2.0
"""Pixels per point in the preview: enough for a page as high as a large screen."""
_COLUMN_SHARES = (5, 9)
"""The width shares of choices and page, until somebody drags the edge between them."""
_PREVIEW_BESIDE_WIDTH = 620  # narrower, the page stands below the choices
_UNFOLDED_MIN_HEIGHT = 740
_PLAN_PLACE = re.compile(r"plans/([0-9a-f]{32})(?:/.*)?")
"""The place of a plan, with the plan's id."""
_CHOOSE_SUBJECT = N_("To see the preview, choose what the paper is about.")


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
        self._translator = ClientTranslator(kit.translator, self)
        self._translator.speak_of(Pronoun.CLIENT)  # until a subject is chosen
        self._kit = kit = replace(kit, translator=self._translator)
        self._desk = desk
        self.head = PrintHead(kit)
        self.choices = PaperChoices(kit, production.offered_papers(desk))
        self._copies: CopyList | None = None
        self.ready = ReadyBanner(kit)
        self.obstacles = PrintObstacles(kit)
        self.somebody_else = LeakOverrideCard(kit, desk)
        self.preview = PagePreview(kit)
        self.foot = PrintFoot(kit)
        self.outcome = self.foot.outcome
        self._lay_out()
        self._connect()
        self._show_no_page(_CHOOSE_SUBJECT)
        self.read()

    @task
    async def read(self) -> None:
        """Read again what there is to print, and preview the chosen paper again."""
        self._count_copies()
        paper = self.choices.papers.paper
        found = await call(self._kit, production.list_paper_subjects, self._desk, paper)
        texts = await call(self._kit, paper_texts, self._desk, paper)
        if paper == self.choices.papers.paper:  # else another was chosen meanwhile
            self.choices.set_texts(texts)
            self._show_subjects(found)

    @property
    def copies(self) -> CopyList:
        """The list of copies that are out; made on first use."""
        if self._copies is None:
            self._copies = CopyList(self._kit, self._desk)
            self._parts.addWidget(self._copies)
        return self._copies

    @task
    async def save(self, path: Path) -> None:
        """Make the paper and save it as `path`; the ledger counts it as printed."""
        order, excuse = self.choices.paper_order, self.somebody_else.excuse
        self.outcome.hide()
        await call(self._kit, production.save_paper, self._desk, order, path, excuse)
        self._kit.events.changed.emit(frozenset({"paper_copy"}))
        self.foot.show_success(
            N_("The paper is saved as a file."),
            N_("It is not encrypted there. Print it, then delete the file."),
        )

    @task
    async def print_on(self, printer: QPrinter) -> None:
        """Make the paper, enter it in the ledger, and print it on `printer`.

        The work runs on the worker's thread.
        """
        order, excuse = self.choices.paper_order, self.somebody_else.excuse
        self.outcome.hide()
        is_taken = await call(
            self._kit, print_dialog.print_paper_on, self._desk, order, printer, excuse
        )
        self._kit.events.changed.emit(frozenset({"paper_copy"}))
        if not is_taken:
            self.foot.show_fault(KfdeskError("paper.not_printed"))
            return
        self.foot.warning.hide()  # shown once
        self.foot.show_success(
            N_("The page has been sent to the printer."),
            N_("Collect it now; do not leave it in the printer."),
        )

    def refuse(self, fault: KfdeskError) -> None:
        """Say above the buttons what was refused."""
        self.foot.show_fault(fault)

    @property
    def pronoun(self) -> Pronoun:
        return self._translator.language.pronoun

    def commands(self) -> tuple[Command, ...]:
        return self.preview.commands()

    def arrive_from(self, place: str) -> None:
        """Choose the plan that the user comes from."""
        found = _PLAN_PLACE.fullmatch(place)
        if found is not None:
            self.choose_plan(bytes.fromhex(found[1]))

    def choose_plan(self, rid: bytes) -> None:
        """Choose a plan for the papers that are about one."""
        if self.choices.propose_subject(rid):
            self.outcome.hide()
            self.somebody_else.revoke()
            self.read()

    def choose_paper(self, paper: PaperName, subject: bytes) -> None:
        """Choose a paper, and the record that it is about."""
        self.choices.propose_paper(paper, subject)
        self.outcome.hide()
        self.somebody_else.revoke()
        self.read()

    # Construction

    def _connect(self) -> None:
        self.head.switched.connect(self._on_switched)
        self.choices.paper_chosen.connect(self._on_paper_chosen)
        self.choices.changed.connect(self._on_choice_changed)
        self.foot.saving.clicked.connect(self._on_save_clicked)
        self.foot.printing.clicked.connect(self._on_print_clicked)
        self.obstacles.fix_asked.connect(self._on_fix_asked)
        self.somebody_else.excused.connect(self._preview_paper)
        self._kit.events.changed.connect(self._on_changed)
        self._kit.translator.changed.connect(self._fold_choices)
        self._making.splitterMoved.connect(self._fold_choices)
        self.preview.bind_page_keys(self)

    def _lay_out(self) -> None:
        """Lay the page out from the outside in.

        A widget that gets another parent passes the style change on to all its children.
        """
        margin = PAGE_MARGIN
        self._parts, self._left, self._right = QStackedWidget(), QWidget(), QStackedWidget()
        edges = (margin, margin - 4, margin, margin - RESERVE)
        column(self.head, grown(self._parts), gap=FIELD_GAP, margins=edges, on=self)
        halves = zip((self._left, self._right), _COLUMN_SHARES, strict=True)
        self._making = ResizablePanes(
            self._kit, "print-page", *halves, least=_PREVIEW_BESIDE_WIDTH, stacks=True
        )
        self._parts.addWidget(self._making)
        self._side = VerticalScrollArea()
        column(grown(self._side), self.foot, gap=FIELD_GAP, on=self._left)
        answers = column(
            self.ready, self.somebody_else, STRETCH, gap=FIELD_GAP, margins=(RESERVE, 0, RESERVE, 0)
        )
        self._side.setWidget(panel(column(self.choices, grown(answers), gap=FIELD_GAP)))
        self._right.addWidget(self.preview)
        self._right.addWidget(self.obstacles)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold_choices()

    def _fold_choices(self) -> None:
        """Fold the choices where there is little room for their boxes."""
        room = self._left.width() - self._side.verticalScrollBar().sizeHint().width()
        is_narrow = room < self.choices.papers.boxes_width
        self.choices.fold(
            is_folded=is_narrow or self.height() < self._kit.theme.scaled(_UNFOLDED_MIN_HEIGHT)
        )

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on; a focus proxy would break Tab order before the proxy."""
        self.choices.setFocus(event.reason())

    # Slots and actions

    @task
    async def _preview_paper(self) -> None:
        """Preview the paper; nothing is recorded."""
        if not self.choices.is_complete:
            self._show_no_page(_CHOOSE_SUBJECT)
            return
        self._show_no_page(N_("The page is being made."))
        desk, asked, excuse = self._desk, self.choices.paper_order, self.somebody_else.excuse

        def look() -> _PreviewedPaper:
            offered = tuple(paper_texts(desk, asked.paper))
            code = asked.language or production.client_language(desk, asked.subject, offered)
            order = replace(asked, language=code)
            return _PreviewedPaper(
                asked, code, production.preview_pages(desk, order, _PREVIEW_SCALE, excuse)
            )

        pronoun = await call(self._kit, client_pronoun, desk, asked.subject)
        self._translator.speak_of(pronoun)
        try:
            seen = await call(self._kit, look)
        except KfdeskError as fault:
            self._show_no_page(N_("The page could not be made."))
            self.foot.show_fault(fault)
            return
        if asked == self.choices.paper_order:  # else something else was chosen meanwhile
            self._show_preview(seen)

    def _show_no_page(self, why: Message) -> None:
        """Show why there is no page; disable printing."""
        self.preview.show_reason(why)
        self._right.setCurrentWidget(self.preview)
        self.somebody_else.reset()
        self.ready.hide()
        self.foot.set_allowed(is_allowed=False)

    def _show_subjects(self, found: tuple[PaperSubject, ...]) -> None:
        self.choices.set_subjects(found)
        if found or not self.choices.kind.subject or self.choices.kind.may_be_whole:
            self._preview_paper()
        else:
            self._show_no_page(N_("There is no data for this paper yet."))

    def _show_preview(self, seen: _PreviewedPaper) -> None:
        self.choices.show_language(seen.language)
        look, kind = seen.look, self.choices.kind
        if look.obstacles:
            self._show_no_page(N_("The page can be made once the problems are fixed."))
            words = [one.words for one in look.found]
            self.obstacles.show_faults(
                look.obstacles, words, may_fix=kind.subject in _PLAN_SUBJECTS
            )
            self._right.setCurrentWidget(self.obstacles)
            self.somebody_else.ask_about(self.choices.paper_order, look.found)
            return
        self.preview.show_pages(look.pages)
        self.ready.show_paper(look, is_carried=kind.is_carried)
        self.foot.set_allowed(is_allowed=True, number=look.number)
        QTimer.singleShot(0, self.ready, partial(self._side.ensureWidgetVisible, self.ready))

    def _on_paper_chosen(self) -> None:
        self.outcome.hide()
        self.somebody_else.revoke()
        self._show_no_page(_CHOOSE_SUBJECT)
        self.read()

    def _on_choice_changed(self) -> None:
        self.outcome.hide()
        self.somebody_else.revoke()
        self._preview_paper()

    def _on_switched(self, is_at_copies: bool) -> None:
        self._parts.setCurrentWidget(self.copies if is_at_copies else self._making)

    def _on_fix_asked(self, goal: FixTarget | None) -> None:
        self._lead_to_plan(self.choices.paper_order.subject, goal)

    @task
    async def _lead_to_plan(self, subject: bytes, goal: FixTarget | None) -> None:
        """Lead to the plan that a paper is about, to what must be put right there if known."""
        plan = await call(self._kit, production.plan_of_paper, self._desk, subject)
        if goal is None:
            self.plan_chosen.emit(plan)
        else:
            self.goal_chosen.emit(plan, goal)

    def _on_save_clicked(self) -> None:
        ask_save(self._kit, self, N_("Save the paper"), _PAPER_NAME, self.save)

    def _on_print_clicked(self) -> None:
        self.outcome.hide()
        print_dialog.ask_printer(self, self.print_on, self.refuse)

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _PRINTED_TYPES:
            self.read()
        if "paper_copy" in types:
            self._count_copies()

    @task
    async def _count_copies(self) -> None:
        copies = await call(self._kit, production.list_copies, self._desk)
        self.head.show_count(sum(not copy.is_draft for copy in copies))
