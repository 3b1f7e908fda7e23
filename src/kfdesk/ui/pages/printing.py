# SPDX-License-Identifier: GPL-3.0-or-later
"""The print centre: which paper, about whom, in which language, and the page before it is paper.

What a paper holds is not chosen here; the paper and `disclose()` decide it. Looking leaves no
trace; saving and printing are counted and entered in the ledger before anything leaves. Nothing is
chosen beforehand that a paper is about, so that nobody prints the wrong one.
"""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.order import Order, PaperName
from kfdesk.domain.schema import N_
from kfdesk.services.desk import Desk
from kfdesk.services.papers import making, subjects
from kfdesk.services.papers.copies import list_copies
from kfdesk.services.papers.subjects import Subject
from kfdesk.ui import tokens
from kfdesk.ui.files import ask_save
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.pages.plan_views.goal import Goal
from kfdesk.ui.pages.print_views import press
from kfdesk.ui.pages.print_views.choices import Choices, Upright
from kfdesk.ui.pages.print_views.copies import Copies
from kfdesk.ui.pages.print_views.foot import Foot
from kfdesk.ui.pages.print_views.head import Head
from kfdesk.ui.pages.print_views.obstacles import Obstacles
from kfdesk.ui.pages.print_views.preview import Preview
from kfdesk.ui.pages.print_views.ready import Ready
from kfdesk.ui.pages.print_views.somebody_else import SomebodyElse
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.flow import Beside
from kfdesk.ui.widgets.panel import Banner
from kfdesk.ui.words import Message

_TYPES = frozenset(
    {"client", "plan", "leg", "help_number", "consent", "organisation", "contact", "phone"}
)
_NEUTRAL_NAME = "sheet.pdf"
_SCREEN = 2.0
"""Pixels to a point of the preview: enough for a page as high as a large screen."""
_CHOICES_WIDTH = 600
_SHARES, _BETWEEN = (3, 2), 20
"""Of choices and page, and points between them."""
_BESIDE = 620  # narrower, the page stands below the choices
_LOW = 600
_CHOOSE = N_("Choose what it is about, and its page stands here before it is printed.")


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was asked for, in which language it became, and what a look has shown."""

    asked: Order
    language: str
    look: making.Look


class Printing(QWidget):
    """The page. `plan_chosen` carries the id of a plan that is to be opened.

    `goal_chosen` carries it with the place in it where something is to be mended.
    """

    plan_chosen = Signal(bytes)
    goal_chosen = Signal(bytes, object)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self.head = Head(kit)
        self.choices = Choices(kit, subjects.offered_papers(desk))
        self._copies: Copies | None = None
        self.ready = Ready(kit)
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check")
        self.outcome.hide()
        self.obstacles = Obstacles(kit)
        self.somebody_else = SomebodyElse(kit, desk)
        self.preview = Preview(kit)
        self.foot = Foot(kit)
        self._connect()
        self._lay_out()
        self._rest(_CHOOSE)
        self.read()

    def read(self) -> None:
        """Read again what there is to print, and look at the chosen paper again."""
        desk, paper = self._desk, self.choices.papers.paper
        self._kit.work.run(
            lambda: (paper, subjects.list_subjects(desk, paper)), lambda read: self._on_read(*read)
        )
        self._count_copies()

    @property
    def copies(self) -> Copies:
        """The copies that are out; made when somebody asks for them."""
        if self._copies is None:
            self._copies = Copies(self._kit, self._desk)
            self._parts.addWidget(self._copies)
        return self._copies

    def choose_plan(self, rid: bytes, paper: PaperName = PaperName.TRAVELLERS_SHEET) -> None:
        """Choose a paper and what it is about; its language becomes the first that she speaks."""
        self.choices.choose_paper(paper)
        self.choices.choose_subject(rid)
        self.read()

    def save(self, path: Path) -> None:
        """Make the paper and save it as `path`; the ledger counts it as printed."""
        desk, order, excuse = self._desk, self.choices.order, self.somebody_else.excuse
        self.outcome.hide()
        self._kit.work.run(
            lambda: making.save_paper(desk, order, path, excuse),
            self._on_saved,
            self._on_refused,
        )

    def print_on(self, printer: QPrinter) -> None:
        """Make the paper, enter it in the ledger, and print it on `printer`, off the window."""
        desk, order, excuse = self._desk, self.choices.order, self.somebody_else.excuse
        scale = press.scale_for(printer)
        self.outcome.hide()

        def is_printed() -> bool:
            paper = making.make_paper(desk, order, excuse)
            pages = desk.rooms.papers.pictures(paper.pdf, scale)
            return press.draw_pages(printer, pages, scale)

        self._kit.work.run(is_printed, self._on_printed, self._on_refused)

    def commands(self) -> tuple[Command, ...]:
        """What the menus add while this page is on view."""
        return self.preview.commands()

    # how it is put together

    def _connect(self) -> None:
        self.head.copies.toggled.connect(self._on_copies_toggled)
        self.choices.paper_chosen.connect(self._on_paper_chosen)
        self.choices.changed.connect(self._on_choice_changed)
        self.foot.saving.clicked.connect(self._on_save_clicked)
        self.foot.printing.clicked.connect(self._on_print_clicked)
        self.obstacles.mend_asked.connect(self._on_mend_asked)
        self.somebody_else.excused.connect(self._look)
        self._kit.hub.changed.connect(self._on_changed)
        self._kit.words.changed.connect(self._fold)

    def _lay_out(self) -> None:
        """From the outside in: whatever changes its parent tells all that it holds of the style."""
        page = QVBoxLayout(self)
        margin = tokens.PAGE_MARGIN
        page.setContentsMargins(margin, margin - 4, margin, margin - tokens.RESERVE)
        page.setSpacing(tokens.FIELD_GAP)
        self._parts, side, self._right = QStackedWidget(), QWidget(), QStackedWidget()
        page.addWidget(self.head)
        page.addWidget(self._parts, 1)
        halves = zip((side, self._right), _SHARES, strict=True)
        self._making = Beside(self._kit.theme, *halves, least=_BESIDE, gap=_BETWEEN)
        self._parts.addWidget(self._making)
        side.setMaximumWidth(self._choices_width)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.FIELD_GAP)
        self._side = Upright()
        column.addWidget(self._side, 1)
        self._fill_side()
        column.addWidget(self.foot)
        self._right.addWidget(self.preview)
        self._right.addWidget(self.obstacles)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """In a small window the choices fold."""
        super().resizeEvent(event)
        self._fold()

    @property
    def _choices_width(self) -> int:
        return self._kit.theme.sized(_CHOICES_WIDTH)

    def _fold(self) -> None:
        """Let the choices take little room where there is little, for the page beside them."""
        room = self.contentsRect().width() - 2 * tokens.PAGE_MARGIN - _BETWEEN
        bar = self._side.verticalScrollBar().sizeHint().width()
        if not self._making.is_narrow:
            room = room * _SHARES[0] // sum(_SHARES)
        room = min(self._choices_width, room) - bar
        is_narrow = room < self.choices.papers.boxes_width
        self.choices.fold(is_folded=is_narrow or self.height() < self._kit.theme.sized(_LOW))

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard on. A focus proxy would keep Tab from what stands before it."""
        self.choices.setFocus(event.reason())

    def _fill_side(self) -> None:
        """What is chosen and what came of it; in a low window it scrolls above the buttons."""
        part = QWidget()
        part.setProperty("ground", "none")
        self._side.setWidget(part)
        column = QVBoxLayout(part)
        edge = tokens.RESERVE
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.FIELD_GAP)
        column.addWidget(self.choices)
        answers = QVBoxLayout()
        answers.setContentsMargins(edge, 0, edge, edge)
        answers.setSpacing(tokens.FIELD_GAP)
        column.addLayout(answers, 1)
        answers.addWidget(self.ready)
        answers.addWidget(self.somebody_else)
        answers.addWidget(self.outcome)
        answers.addStretch(1)

    # what happens

    def _look(self) -> None:
        """Look at the paper as it would be; nothing is written down."""
        if not self.choices.is_whole:
            self._rest(_CHOOSE)
            return
        self._rest(N_("The page is being made."))
        desk, asked, offered = self._desk, self.choices.order, self.choices.kind.languages
        excuse = self.somebody_else.excuse

        def look() -> _Seen:
            code = asked.language or making.her_language(desk, asked.subject, offered)
            order = replace(asked, language=code)
            return _Seen(asked, code, making.look_at_paper(desk, order, _SCREEN, excuse))

        self._kit.work.run(look, self._on_seen, self._on_not_seen)

    def _rest(self, why: Message) -> None:
        """Show no page; nothing can be printed."""
        self.preview.show_reason(why)
        self._right.setCurrentWidget(self.preview)
        self.somebody_else.rest()
        self.ready.hide()
        self.foot.allow(is_allowed=False)

    def _on_read(self, paper: PaperName, found: tuple[Subject, ...]) -> None:
        if paper != self.choices.papers.paper:
            return  # another was chosen meanwhile
        self.choices.offer_subjects(found)
        if found or not self.choices.kind.subject:
            self._look()
        else:
            self._rest(N_("There is nothing yet that this paper is made of."))

    def _on_seen(self, seen: _Seen) -> None:
        if seen.asked != self.choices.order:
            return  # something else was chosen meanwhile
        self.choices.show_language(seen.language)
        look = seen.look
        if look.obstacles:
            self._rest(N_("The page can be made when nothing keeps it any more."))
            may_mend = self.choices.kind.subject == "plan"
            words = [one.words for one in look.found]
            self.obstacles.show_faults(look.obstacles, words, may_mend=may_mend)
            self._right.setCurrentWidget(self.obstacles)
            self.somebody_else.ask_about(self.choices.order, look.found)
        else:
            self.preview.show_pages(look.pages)
            self.ready.show_paper(look, is_carried=self.choices.kind.is_carried)
            self.foot.allow(is_allowed=True, number=look.number)
            QTimer.singleShot(0, self.ready, partial(self._side.ensureWidgetVisible, self.ready))

    def _on_not_seen(self, fault: KfdeskError) -> None:
        self._rest(N_("The page cannot be made."))
        self._on_refused(fault)

    def _on_paper_chosen(self) -> None:
        self.outcome.hide()
        self.somebody_else.drop()
        self._rest(_CHOOSE)
        self.read()

    def _on_choice_changed(self) -> None:
        self.outcome.hide()
        self.somebody_else.drop()
        self._look()

    def _on_copies_toggled(self, is_shown: bool) -> None:
        self._parts.setCurrentWidget(self.copies if is_shown else self._making)

    def _on_mend_asked(self, goal: Goal | None) -> None:
        if goal is None:
            self.plan_chosen.emit(self.choices.order.subject)
        else:
            self.goal_chosen.emit(self.choices.order.subject, goal)

    def _on_save_clicked(self) -> None:
        ask_save(self._kit, self, N_("Save the paper"), _NEUTRAL_NAME, self.save)

    def _on_print_clicked(self) -> None:
        press.ask_printer(self, self.print_on)

    def _on_saved(self, _paper: making.Paper) -> None:
        self._kit.hub.changed.emit(frozenset({"paper_copy"}))
        self._say(
            Tone.SUCCESS,
            N_("The paper is saved as a file."),
            N_("It is not encrypted there. Print it, then delete the file."),
        )

    def _on_printed(self, is_taken: bool) -> None:
        self._kit.hub.changed.emit(frozenset({"paper_copy"}))
        self.foot.warning.hide()  # said once; whoever prints again has read it
        if is_taken:
            self._say(
                Tone.SUCCESS,
                N_("The page has gone to the printer."),
                N_("Fetch it now; do not leave it lying there."),
            )
        else:
            self._say(
                Tone.DANGER,
                press.REFUSED,
                N_("History counts it as printed. Check the printer, then print again."),
            )

    def _on_refused(self, fault: KfdeskError) -> None:
        self.outcome.show_look(Tone.DANGER, "circle-alert")
        self.outcome.tell_fault(fault)

    def _say(self, tone: Tone, sentence: Message, under: Message) -> None:
        self.outcome.show_look(tone, "circle-check" if tone is Tone.SUCCESS else "circle-alert")
        self.outcome.tell(sentence, under)
        self.outcome.show()

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _TYPES:
            self.read()
        if "paper_copy" in types:
            self._count_copies()

    def _count_copies(self) -> None:
        desk = self._desk
        self._kit.work.run(lambda: len(list_copies(desk)), self.head.show_count)
