# SPDX-License-Identifier: GPL-3.0-or-later
"""The header of a plan: code, alias, state, progress, alarms, and actions on the whole plan.

Alarms and the end of a plan are shown here, above every section. The traveller's sheet is printed
or saved from here in the language that the client speaks first; what keeps it is said before
anything is asked, with a button that leads to it.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QHideEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.domain.procedures.clocks import Due
from kfdesk.domain.workflow.gates import REOPENABLE_STATES
from kfdesk.i18n.language import Language
from kfdesk.i18n.phrases import alarm_sentence, localized_text
from kfdesk.i18n.procedures import actor_name, upcoming_text
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.session import Session
from kfdesk.services.papers.kinds import paper_texts
from kfdesk.services.papers.production import client_language, paper_refusals, save_paper
from kfdesk.services.plans.journey import AlarmCall, AlarmLine, read_journey
from kfdesk.services.plans.plans import PlanPage
from kfdesk.services.workflow import PlanWorkflow, reopen_plan
from kfdesk.ui import tokens
from kfdesk.ui.context import Command, DescribeFault, UiContext
from kfdesk.ui.dialogs import ask_save
from kfdesk.ui.pages.plan.transitions import count_conditions, met_conditions_text, plan_ended_at
from kfdesk.ui.pages.printing.print_dialog import ask_printer, print_paper_on
from kfdesk.ui.plan_sections import FixTarget, PlanStatus, fix_target_of, read_plan_status
from kfdesk.ui.record_views import STATE_LOOKS, since_text, state_word
from kfdesk.ui.tasks import call, task
from kfdesk.ui.tokens import GRID, PLAN_HEADER, TextStyle, Tone
from kfdesk.ui.translator import Message
from kfdesk.ui.widgets import painting
from kfdesk.ui.widgets.build import column, extend, muted, plural, row, text
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, FlowBox, clear_layout
from kfdesk.ui.widgets.popup import PopupMenu
from kfdesk.ui.widgets.text import Chip, Label, bind_tooltip

_NEUTRAL_FILE_NAME = "sheet.pdf"
CHECK_KEY = "Alt+C"
SHEET_KEY = "Ctrl+Shift+P"
HELP_KEY = "Ctrl+Shift+F"
FIND_HELP = N_("Find help for this step")
_VISIBILITY_EVENTS = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)


class SheetWay(Enum):
    """Way in which the traveller's sheet leaves."""

    PRINT = "print"
    SAVE = "save"


class PlanHeader(QWidget):
    """The header bar, and the notes on the plan, for the page to place above the section.

    `check_asked` leads to what is open before the next step. `help_asked` leads to people who can
    help with the open step. `other_asked` carries a plan that was just reopened as a new one.
    `fix_asked` carries where in the plan a refused sheet is put right. `print_asked` leads to the
    print centre.
    `alarms_changed` reports that an alarm began or ended because time passed.
    """

    check_asked = Signal()
    help_asked = Signal()
    other_asked = Signal(bytes)
    fix_asked = Signal(object)
    print_asked = Signal()
    alarms_changed = Signal()

    def __init__(self, kit: UiContext, desk: Session, rid: bytes) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._rid = rid
        self._page: PlanPage | None = None
        self._code = Label(kit, style=TextStyle.TITLE)
        self._alias = Label(kit, tone=Tone.MUTED)
        self._state = Chip(kit)
        self.upcoming = Chip(kit)
        self._upcoming_words: Callable[..., str] | None = None
        self.upcoming.hide()
        self.progress = PlanProgress(kit)
        self.back = Button(kit, N_("Back to the list"), "chevron-left", ButtonLook.QUIET).bared()
        self.check = Button(kit, N_("Check"), "list-checks").bind_key(CHECK_KEY)
        self.check.clicked.connect(self.check_asked)
        self.help = Button(kit, N_("Find help"), "book-user").bind_key(HELP_KEY)
        self.help.clicked.connect(self.help_asked)
        if not any(map(desk.may, DIRECTORY_READ_RIGHTS)):
            self.help.hide()
        self.printing = Button(
            kit, N_("Traveller's sheet"), "printer", on=self._on_printing_clicked
        ).with_end_icon("chevron-down")
        self.printing.bind_key(SHEET_KEY).show_key("")
        self.menu = self._make_menu()
        self.outcome = SheetOutcome(kit)
        self.outcome.fix_asked.connect(self.fix_asked)
        self.ended = PlanEndedBanner(kit)
        self.ended.reopen.clicked.connect(self._on_reopen_clicked)
        self.alarms = AlarmBanners(kit)
        self.notes = QWidget()
        """Alarms, the end of the plan, and what came of printing: the page places them."""
        self._raised: tuple[AlarmLine, ...] | None = None
        kit.events.minute_passed.connect(self._on_minute_passed)
        kit.translator.changed.connect(self._fit)
        self._lay_out()

    def show_plan(self, page: PlanPage) -> None:
        """Show client and state of the plan, and load its status again."""
        self._page = page
        self.printing.setVisible(page.may_edit and self._desk.may(Right.PRINT_CARRIED))
        client, state = page.client.record, str(page.plan.record.state or "draft")
        self._code.show_text(str(client.code or "–"))
        alias = client.alias if isinstance(client.alias, str) else ""
        self._alias.set_message(N_("alias {alias}") if alias else "", alias=lambda _: alias)
        self._state.show_look(*STATE_LOOKS.get(state, (Tone.MUTED, "circle-question-mark")))
        self._state.set_message(lambda language: state_word(state, language))
        self._fit()
        desk = self._desk
        self._kit.worker.run(
            lambda: read_plan_status(desk, page), partial(self._on_status_read, page)
        )
        if self.outcome.is_refusal:
            self._check_again()

    def commands(self) -> tuple[Command, ...]:
        """Return the commands of the header."""
        return (
            Command(FIND_HELP, self.help.click, HELP_KEY, "book-user", menu="go"),
            Command(N_("Check the next step"), self.check.click, CHECK_KEY, menu="edit"),
            Command(N_("Traveller's sheet"), self.printing.click, SHEET_KEY, "printer"),
        )

    @task
    async def make_sheet(self, path: Path) -> None:
        """Save the traveller's sheet as `path`."""
        self.outcome.hide()
        order = await call(self._kit, self._sheet_order)
        await call(self._kit, save_paper, self._desk, order, path)
        self._kit.events.changed.emit(frozenset({"paper_copy"}))
        self.outcome.show_success(
            N_("The sheet is saved as a file."),
            N_("It is not encrypted there. Print it, then delete the file."),
        )

    @task
    async def print_sheet(self, printer: QPrinter) -> None:
        """Print the traveller's sheet."""
        self.outcome.hide()
        order = await call(self._kit, self._sheet_order)
        is_taken = await call(self._kit, print_paper_on, self._desk, order, printer)
        self._kit.events.changed.emit(frozenset({"paper_copy"}))
        if not is_taken:
            self.outcome.show_fault(KfdeskError("paper.not_printed"))
            return
        self.outcome.show_success(
            N_("The sheet has been sent to the printer."),
            N_("Collect it now; do not leave it in the printer."),
        )

    def refuse(self, fault: KfdeskError) -> None:
        """Show what was refused."""
        self.outcome.show_refusals((fault,))

    @task
    async def ask_for_sheet(self, way: SheetWay) -> None:
        """Say what keeps the sheet; without anything, ask for the printer or the file."""
        self.outcome.hide()
        found = await call(self._kit, self._read_refusals)
        if found:
            self.outcome.show_refusals(found)
        elif way is SheetWay.SAVE:
            ask_save(self._kit, self, N_("Save the sheet"), _NEUTRAL_FILE_NAME, self.make_sheet)
        else:
            ask_printer(self, self.print_sheet, self.outcome.show_fault)

    @task
    async def _check_again(self) -> None:
        """Take a refusal back when nothing keeps the sheet any more."""
        found = await call(self._kit, self._read_refusals)
        if self.outcome.is_refusal:
            self.outcome.show_refusals(found)

    def _sheet_order(self) -> PaperRequest:
        """Return the order in the client's first language; on the worker's thread."""
        paper, desk = PaperName.TRAVELLERS_SHEET, self._desk
        code = client_language(desk, self._rid, tuple(paper_texts(desk, paper)))
        return PaperRequest(paper, self._rid, code)

    def _read_refusals(self) -> tuple[KfdeskError, ...]:
        try:
            order = self._sheet_order()
        except KfdeskError as fault:  # nothing that she speaks
            return (fault,)
        return paper_refusals(self._desk, order)

    def _make_menu(self) -> QMenu:
        menu = PopupMenu(self.printing)
        for message, act in (
            (N_("Print…"), partial(self.ask_for_sheet, SheetWay.PRINT)),
            (N_("Save as PDF…"), partial(self.ask_for_sheet, SheetWay.SAVE)),
            (N_("Language, size and preview…"), self.print_asked.emit),
        ):
            action = QAction(menu)
            self._kit.translator.bind(action.setText, message)
            action.triggered.connect(lambda _checked, act=act: act())
            menu.addAction(action)
        return menu

    def _lay_out(self) -> None:
        bar = QWidget()
        bar.setProperty("ground", "bar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title = self._make_title()
        self._row = FlowBox(
            self.back, title, self.help, self.check, self.printing, gap=12, fills=title
        )
        line = row(margins=(12, 4, 20, 4), on=bar)
        line.addStrut(PLAN_HEADER - 8)
        extend(line, self._row)
        column(bar, on=self)
        extend(column(on=self.notes), *map(_NoteFrame, (self.alarms, self.ended, self.outcome)))

    def _make_title(self) -> QWidget:
        title = QWidget()
        self._names = FlowBox(self._code, self._alias, self._state, self.upcoming, gap=12)
        column(self._names, self.progress, gap=2, on=title)
        return title

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()

    def _fit(self) -> None:
        """Show buttons without text if the name and state of the plan need the space."""
        is_narrow = self._kit.theme.is_narrow(self.window().width())
        buttons = (self.help, self.printing)
        for button in buttons:
            button.set_bare(is_bare=is_narrow)
        self._say_upcoming(is_short=is_narrow)
        self.help.show_key("")
        self.check.show_key("" if is_narrow else CHECK_KEY)
        if self._is_too_wide:
            self._say_upcoming(is_short=True)
        for button in buttons:
            if self._is_too_wide:
                button.set_bare(is_bare=True)

    @property
    def _is_too_wide(self) -> bool:
        return self._row.sizeHint().width() > self._row.width()

    def _say_upcoming(self, *, is_short: bool) -> None:
        """Show the next deadline with or without who acts; the tool tip says it whole."""
        words = self._upcoming_words
        if words is not None:
            self.upcoming.set_message(partial(words, is_short=is_short))
            self._names.updateGeometry()  # else its room is known after the next events alone
            bind_tooltip(self._kit, self.upcoming, partial(words, is_short=False))

    def _on_status_read(self, page: PlanPage, standing: PlanStatus) -> None:
        if page is not self._page:
            return
        count, has_step = standing.open_count, bool(standing.course.steps)
        self.check.set_message(
            N_("Check · {count}") if count else N_("Check"), count=lambda _: count
        )
        self.check.setVisible(has_step)
        self._fit()
        self.progress.show_workflow(standing.course)
        self._show_upcoming(standing)
        self.ended.show_plan(page, standing.course)
        self._raised = standing.alarms
        self.alarms.show_alarms(standing.alarms)

    def _show_upcoming(self, standing: PlanStatus) -> None:
        """Show the next deadline of the cooperation: number, who acts, and in how many days."""
        upcoming = standing.upcoming
        self.upcoming.setVisible(upcoming is not None)
        if upcoming is None or not isinstance(found := upcoming.step.due, Due):
            return
        today = self._desk.adapters.clock.now().date()
        days = found.days_left(today)
        step, named = upcoming.step, upcoming.who
        lead = step.view.record.lead
        tone = Tone.WARNING if found.is_told(today) else Tone.MUTED
        self.upcoming.show_look(*((Tone.DANGER, "octagon-alert") if days <= 0 else (tone, "clock")))

        def say(language: Language, *, is_short: bool) -> str:
            who = "" if is_short else named or actor_name(lead, language)
            return upcoming_text(step.prefix, who, days, language)

        self._upcoming_words = say
        self._fit()

    def _on_minute_passed(self) -> None:
        """Load the alarms again, because a new one can arise as time passes."""
        desk, rid = self._desk, self._rid
        looked = self._on_alarms_looked_at
        self._kit.worker.run(lambda: read_journey(desk, rid).alarms, looked, lambda _fault: None)

    def _on_alarms_looked_at(self, alarms: tuple[AlarmLine, ...]) -> None:
        if self._raised is not None and alarms != self._raised:
            self.alarms_changed.emit()

    def _on_reopen_clicked(self) -> None:
        desk, rid, kit = self._desk, self._rid, self._kit

        def tell(new: bytes) -> None:
            kit.events.changed.emit(frozenset({"plan"}))
            kit.notify(N_("This is a new plan that follows the earlier one."))
            self.other_asked.emit(new)

        kit.worker.run(lambda: reopen_plan(desk, rid), tell, self._on_refused)

    def _on_printing_clicked(self) -> None:
        self.menu.popup(self.printing.mapToGlobal(self.printing.rect().bottomLeft()))
        self.menu.setActiveAction(self.menu.actions()[0])

    def _on_refused(self, fault: KfdeskError) -> None:
        self.refuse(fault)


class SheetOutcome(Banner):
    """Result of the traveller's sheet, or what keeps it; `fix_asked` leads to the first."""

    fix_asked = Signal(object)

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit, Tone.DANGER, "circle-alert")
        self.is_refusal = False
        self._goal: FixTarget | None = None
        self.fix = Button(kit, N_("Fix"), on=self._on_fix_clicked).with_end_icon("chevron-right")
        self.set_action(self.fix)
        self.hide()

    def show_success(self, title: Message, under: Message) -> None:
        """Say what was done."""
        self._show_as(Tone.SUCCESS, "circle-check", None)
        self.set_message(title, under)
        self.show()

    def show_fault(self, fault: KfdeskError, said: DescribeFault | None = None) -> None:
        self._show_as(Tone.DANGER, "circle-alert", None)
        super().show_fault(fault, said)

    def show_refusals(self, found: Sequence[KfdeskError]) -> None:
        """Say what keeps the sheet, the first with its remedy; hide if nothing does."""
        if not found:
            self.hide()
            return
        first, *others = found
        self._show_as(Tone.DANGER, "circle-alert", fix_target_of(first))
        self.is_refusal = True
        faults = self._kit.faults
        more = plural("And {count} more.", "And {count} more.", len(others))

        def under(language: Language) -> str:
            return " ".join([faults(first, language)[1], *([more(language)] if others else [])])

        self.set_message(lambda language: faults(first, language)[0], under)
        self.show()

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget a refusal that the page has taken back."""
        super().hideEvent(event)
        if self.isHidden():
            self.is_refusal = False

    def _show_as(self, tone: Tone, icon: str, goal: FixTarget | None) -> None:
        self.is_refusal, self._goal = False, goal
        self.fix.setVisible(goal is not None)
        self.show_look(tone, icon)

    def _on_fix_clicked(self) -> None:
        if self._goal is not None:
            self.fix_asked.emit(self._goal)


# --- The frame of a note


class _NoteFrame(QWidget):
    """A frame for a note below the bar; it takes no space while the note is hidden."""

    def __init__(self, note: QWidget) -> None:
        super().__init__()
        column(note, margins=(20, GRID, 20, 0), on=self)
        self._note = note
        note.installEventFilter(self)
        self.setVisible(not note.isHidden())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show or hide the frame with its note."""
        if watched is self._note and event.type() in _VISIBILITY_EVENTS:
            self.setVisible(not self._note.isHidden())
        return False


# --- Progress, end and alarms, shown below the bar

_PIP, _PIP_HEIGHT, _PIP_GAP = 12, 6, 3
_MAX_ALARMS = 2


class PlanProgress(QWidget):
    """The progress to the next step as text and pips: `Ready to travel: 5 of 8 conditions met`."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._words = muted(kit, "", TextStyle.SMALL)
        self._pips = _Pips(kit)
        column(FlowBox(self._words, self._pips, gap=10), on=self)

    def show_workflow(self, course: PlanWorkflow) -> None:
        """Show the progress to the next step; hide it if the plan has ended."""
        ahead = next((step for step in course.steps if step.gates), None)
        self.setVisible(ahead is not None)
        if ahead is None:
            return
        met, count = count_conditions(ahead)
        target = ahead.target

        def words(language: Language) -> str:
            return f"{state_word(target, language)}: {met_conditions_text(met, count, language)}"

        self._words.set_message(words)
        self._pips.show_count(met, count)


class _Pips(QWidget):
    """A row of pips, some of them filled; the text beside it says the same."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._met, self._count = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_count(self, met: int, count: int) -> None:
        """Show `met` of `count` pips as filled."""
        self._met, self._count = met, count
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._count * (_PIP + _PIP_GAP), _PIP_HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = self._kit.theme.colours
        painter = QPainter(self)
        for place in range(self._count):
            area = QRectF(place * (_PIP + _PIP_GAP), 0, _PIP, _PIP_HEIGHT)
            fill = colours.accent if place < self._met else colours.line
            painting.draw_box(painter, area, _PIP_HEIGHT / 2, fill)


class PlanEndedBanner(Banner):
    """A banner that the plan has ended, with the day and the button for a new plan."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__(kit, Tone.INFO, "archive")
        self.reopen = Button(kit, N_("Open a new plan"), "plus")
        self.set_action(self.reopen)
        self.hide()

    def show_plan(self, page: PlanPage, course: PlanWorkflow) -> None:
        """Show the banner if the plan has ended."""
        state, when = course.state or "", plan_ended_at(page)
        self.setVisible(state in REOPENABLE_STATES)
        self.reopen.setVisible(course.may_reopen and course.is_ours and page.may_edit)

        def title(language: Language) -> str:
            word = state_word(state, language)
            if when is None:
                return word
            day = language.day(when.wall.date(), year=True)
            return language.gettext(N_("{state} on {day}")).format(state=word, day=day)

        under = N_("The plan can be read, but no longer changed. To continue, open a new plan; it "
            "follows this one.")  # fmt: skip
        paused = N_("The plan has stopped. To continue, open a new plan; it follows this one.")
        self.set_message(title, under if course.is_read_only else paused)


class AlarmBanners(QWidget):
    """The alarms of a plan, with whom to call, in the order of the service."""

    def __init__(self, kit: UiContext) -> None:
        super().__init__()
        self._kit = kit
        self._is_there = self._is_told_below = False
        self._column = column(gap=tokens.GRID, on=self)
        self.hide()

    def set_suppressed(self, *, is_told_below: bool) -> None:
        """Hide the alarms while the visible section shows the same ones in detail."""
        self._is_told_below = is_told_below
        self.setVisible(self._is_there and not is_told_below)

    def show_alarms(self, alarms: Sequence[AlarmLine]) -> None:
        """Show the first alarms and how many more there are."""
        clear_layout(self._column)
        for alarm in alarms[:_MAX_ALARMS]:
            banner = Banner(self._kit, Tone.DANGER, "octagon-alert")
            banner.set_message(_alarm_banner_title(alarm), _alarm_banner_details(alarm))
            extend(self._column, banner)
        if more := len(alarms[_MAX_ALARMS:]):
            rest = text(self._kit, "", TextStyle.SMALL_STRONG, Tone.DANGER)
            rest.set_message(lambda language: _more_alarms_text(more, language))
            extend(self._column, rest)
        self._is_there = bool(alarms)
        self.set_suppressed(is_told_below=self._is_told_below)


def _more_alarms_text(count: int, language: Language) -> str:
    return language.plural("{count} more alarm", "{count} more alarms", count)


def _alarm_banner_title(alarm: AlarmLine) -> Message:
    def words(language: Language) -> str:
        sentence = alarm_sentence(alarm.kind, language)
        if alarm.number is None:
            return sentence
        leg = language.gettext(N_("Leg {number}")).format(number=alarm.number)
        return f"{leg}: {sentence}"

    return words


def _alarm_banner_details(alarm: AlarmLine) -> Message:
    def words(language: Language) -> str:
        parts = []
        if alarm.since is not None:
            when = since_text(alarm.since, alarm.zone, language)
            parts.append(language.gettext(N_("since {when}")).format(when=when))
        parts += [text for call in alarm.calls if (text := _call_text(call, language))]
        parts += [alarm.fallback] if alarm.fallback else []
        return " · ".join(parts)

    return words


def _call_text(call: AlarmCall, language: Language) -> str:
    name = call.name or localized_text(call.met_by, language)
    if not call.number:
        return language.gettext(N_("{name} meets her")).format(name=name) if name else ""
    who = f"{name}, {call.number}" if name else call.number
    return language.gettext(N_("call {who}")).format(who=who)
