# SPDX-License-Identifier: GPL-3.0-or-later
"""The print centre: whose paper, which paper, in which language, and the page before it is paper.

What a paper holds is not chosen here; the paper and `disclose()` decide it. Looking leaves no
trace; saving and printing are entered in the ledger before anything leaves. No plan is chosen
beforehand, so that nobody prints the wrong one.
"""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.order import Order, PaperName
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.services import plans
from kfdesk.services.desk import Desk
from kfdesk.services.papers import making
from kfdesk.services.plans import PlanLine
from kfdesk.ui import tokens
from kfdesk.ui.files import ask_save
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.print_views import press
from kfdesk.ui.pages.print_views.choices import Choices
from kfdesk.ui.pages.print_views.foot import Foot
from kfdesk.ui.pages.print_views.obstacles import Obstacles
from kfdesk.ui.pages.print_views.preview import Preview
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.widgets.panel import Banner
from kfdesk.ui.words import Message

_TYPES = frozenset({"client", "plan", "leg", "help_number", "consent"})
_NEUTRAL_NAME = "sheet.pdf"
_SCREEN = 2.0
"""Pixels to a point of the preview: enough for a page as high as a large screen."""
_CHOICES_WIDTH = 520


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a look at a plan's sheet has shown, in which language."""

    plan: bytes
    language: str
    look: making.Look


class Printing(QWidget):
    """The page. `plan_chosen` carries the id of a plan that is to be opened."""

    plan_chosen = Signal(bytes)

    def __init__(self, kit: Kit, desk: Desk) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._printer: QPrinter | None = None
        self.choices = Choices(kit)
        self.ready = Banner(kit, Tone.SUCCESS, "shield-check")
        self.outcome = Banner(kit, Tone.SUCCESS, "circle-check")
        self.outcome.hide()
        self.obstacles = Obstacles(kit)
        self.preview = Preview(kit)
        self.foot = Foot(kit)
        self._connect()
        self._lay_out()
        self._rest(N_("Choose a plan, and its page stands here before it is printed."))
        self.read()

    def read(self) -> None:
        """Read again which plans there are, and look at the chosen one again."""
        self._kit.work.run(lambda: plans.list_plans(self._desk), self._on_read)

    def choose_plan(self, rid: bytes) -> None:
        """Choose a plan; the paper's language becomes the first that she speaks."""
        self.choices.choose_plan(rid)
        self._look()

    def save(self, path: Path) -> None:
        """Make the sheet and save it as `path`; the ledger counts it as printed."""
        desk, order = self._desk, self._asked()
        self.outcome.hide()
        self._kit.work.run(
            lambda: making.save_paper(desk, order, path),
            self._on_saved,
            self._on_refused,
        )

    def print_on(self, printer: QPrinter) -> None:
        """Make the sheet, enter it in the ledger, and print it on `printer`."""
        desk, order = self._desk, self._asked()
        scale = press.scale_for(printer)
        self._printer = printer
        self.outcome.hide()

        def make() -> list[bytes]:
            paper = making.make_paper(desk, order)
            return desk.rooms.papers.pictures(paper.pdf, scale)

        self._kit.work.run(make, self._on_made, self._on_refused)

    # how it is put together

    def _connect(self) -> None:
        self.choices.plan_chosen.connect(self._on_plan_chosen)
        self.choices.language_chosen.connect(self._look)
        self.foot.saving.clicked.connect(self._on_save_clicked)
        self.foot.printing.clicked.connect(self._on_print_clicked)
        self.obstacles.open_plan.clicked.connect(self._on_open_clicked)
        self._kit.hub.changed.connect(self._on_changed)

    def _lay_out(self) -> None:
        side = QWidget()
        side.setMaximumWidth(_CHOICES_WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.FIELD_GAP)
        column.addWidget(Label(self._kit, N_("Print"), Type.DISPLAY))
        column.addWidget(self._make_choices(), 1)
        column.addWidget(self.foot)
        row = QHBoxLayout(self)
        margin = tokens.PAGE_MARGIN
        row.setContentsMargins(margin, margin - 4, margin, margin - tokens.RESERVE)
        row.setSpacing(20)
        row.addWidget(side, 6)
        row.addWidget(self.preview, 5)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Hand the keyboard on. A focus proxy would keep Tab from what stands before it."""
        self.choices.setFocus(event.reason())

    def _make_choices(self) -> QScrollArea:
        """What is chosen and what came of it; in a low window it scrolls above the buttons."""
        part = QWidget()
        part.setProperty("ground", "none")
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.FIELD_GAP)
        column.addWidget(self.choices)
        column.addWidget(self.ready)
        column.addWidget(self.obstacles, 100)
        column.addWidget(self.outcome)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(part)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return scroll

    # what happens

    def _asked(self) -> Order:
        return _order(self.choices.rid, self.choices.code)

    def _look(self) -> None:
        """Look at the sheet as it would be; nothing is written down."""
        rid, code = self.choices.rid, self.choices.code
        if not rid:
            self._rest(N_("Choose a plan, and its page stands here before it is printed."))
            return
        self._rest(N_("The page is being made."))
        desk = self._desk

        def look() -> _Seen:
            spoken = code or making.her_language(desk, rid, PROGRAM_LANGUAGES)
            return _Seen(rid, spoken, making.look_at_paper(desk, _order(rid, spoken), _SCREEN))

        self._kit.work.run(look, self._on_seen, self._on_not_seen)

    def _rest(self, why: Message) -> None:
        """Show no page; nothing can be printed."""
        self.preview.show_reason(why)
        self.obstacles.hide()
        self.ready.hide()
        self.foot.allow(is_allowed=False)

    def _on_read(self, lines: tuple[PlanLine, ...]) -> None:
        self.choices.offer_plans(lines)
        if self.choices.rid:
            self._look()
        elif not lines:
            self._rest(N_("There is no plan yet. Papers are made of plans."))

    def _on_seen(self, seen: _Seen) -> None:
        if seen.plan != self.choices.rid or self.choices.code not in ("", seen.language):
            return  # something else was chosen meanwhile
        self.choices.show_language(seen.language)
        found = seen.look.obstacles
        if found:
            self._rest(N_("The page can be made when nothing keeps it any more."))
            self.obstacles.show_faults(found)
            self.obstacles.show()
        else:
            self.preview.show_pages(seen.look.pages)
            self._show_ready(len(seen.look.pages))
            self.foot.allow(is_allowed=True)

    def _show_ready(self, count: int) -> None:
        self.ready.tell(
            N_("Nothing keeps it from being printed."), lambda language: _read(count, language)
        )
        self.ready.show()

    def _on_not_seen(self, fault: KfdeskError) -> None:
        self._rest(N_("The page cannot be made."))
        self._on_refused(fault)

    def _on_plan_chosen(self) -> None:
        self.outcome.hide()
        self._look()

    def _on_open_clicked(self) -> None:
        self.plan_chosen.emit(self.choices.rid)

    def _on_save_clicked(self) -> None:
        ask_save(self._kit, self, N_("Save the sheet"), _NEUTRAL_NAME, self.save)

    def _on_print_clicked(self) -> None:
        self._printer = press.new_printer()
        dialog = press.new_dialog(self._printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(self._on_printer_chosen)
        QDialog.open(dialog)  # not exec(): a lock ends the page, and the question with it

    def _on_printer_chosen(self) -> None:
        if self._printer is not None:
            self.print_on(self._printer)

    def _on_saved(self, _paper: making.Paper) -> None:
        self._say(
            Tone.SUCCESS,
            N_("The sheet is saved as a file."),
            N_("It is not encrypted there. Print it, then delete the file."),
        )

    def _on_made(self, pngs: list[bytes]) -> None:
        printer, self._printer = self._printer, None
        if printer is None:
            return
        self.foot.warning.hide()  # said once; whoever prints again has read it
        if press.draw_pages(printer, pngs, press.scale_for(printer)):
            self._say(
                Tone.SUCCESS,
                N_("The page has gone to the printer."),
                N_("Fetch it now; do not leave it lying there."),
            )
        else:
            self._say(
                Tone.DANGER,
                N_("The printer did not take the page."),
                N_("History counts it as printed. Check the printer, then print again."),
            )

    def _on_refused(self, fault: KfdeskError) -> None:
        faults = self._kit.faults
        self._say(
            Tone.DANGER,
            lambda language: faults(fault, language)[0],
            lambda language: faults(fault, language)[1],
        )

    def _say(self, tone: Tone, sentence: Message, under: Message) -> None:
        self.outcome.show_look(tone, "circle-check" if tone is Tone.SUCCESS else "circle-alert")
        self.outcome.tell(sentence, under)
        self.outcome.show()

    def _on_changed(self, types: frozenset[str]) -> None:
        if types & _TYPES:
            self.read()


def _order(plan: bytes, code: str) -> Order:
    return Order(PaperName.TRAVELLERS_SHEET, plan, code)


def _read(count: int, language: Language) -> str:
    words = language.ngettext(
        "{count} page was read back; nothing is missing on it.",
        "{count} pages were read back; nothing is missing on them.",
        count,
    )
    return words.format(count=count)
