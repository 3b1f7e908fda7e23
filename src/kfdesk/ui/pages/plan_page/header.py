# SPDX-License-Identifier: GPL-3.0-or-later
"""The header of a plan: code, alias, state, what is open, and what can be done with all of it.

A paper leaves the store only by a person's deliberate choice of language and file. What has gone
wrong on the way, and that a plan has ended, stands here above every section.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from kfdesk.domain.desk.users import Right
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.papers.order import Order, PaperName
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.services.casework.journey import read_journey
from kfdesk.services.course.alarms import AlarmLine
from kfdesk.services.course.stages import reopen_plan
from kfdesk.services.desk import Desk
from kfdesk.services.papers.making import save_paper
from kfdesk.services.plans import PlanPage
from kfdesk.services.policy.access import DIRECTORY_READING
from kfdesk.ui import tokens
from kfdesk.ui.files import ask_save
from kfdesk.ui.kit import Command, Kit
from kfdesk.ui.pages.plan_page.decision_views.notes import Alarms, EndedNote, Progress
from kfdesk.ui.pages.plan_page.decision_views.standing import Standing, read_standing
from kfdesk.ui.pages.shown import STATE_LOOKS, state_word
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Chip, Label
from kfdesk.ui.widgets.panel import Banner

_NEUTRAL_NAME = "sheet.pdf"
CHECK = "Alt+C"
HELP_KEY = "Ctrl+Shift+F"
FIND_HELP = N_("Find help for this step")
_COMING_OR_GOING = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)


class PlanHeader(QWidget):
    """The header; below it what must be known of the plan, and what came of a paper.

    `check_asked` leads to what is open before the next step, `help_asked` to whom it needs;
    `other_asked` carries a plan that was
    just opened anew; `alarms_changed` says that an alarm came or went by the clock alone.
    """

    check_asked = Signal()
    help_asked = Signal()
    other_asked = Signal(bytes)
    alarms_changed = Signal()

    def __init__(self, kit: Kit, desk: Desk, rid: bytes) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._rid = rid
        self._page: PlanPage | None = None
        self._code = Label(kit, style=Type.TITLE)
        self._alias = Label(kit, tone=Tone.MUTED)
        self._state = Chip(kit)
        self.progress = Progress(kit)
        self.back = Button(kit, N_("Back to the list"), "chevron-left", Look.QUIET).bared()
        self.check = Button(kit, N_("Check"), "list-checks").answer_key(CHECK)
        self.check.clicked.connect(self.check_asked)
        self.help = Button(kit, N_("Find help"), "book-user").answer_key(HELP_KEY)
        self.help.clicked.connect(self._on_help_clicked)
        if not any(map(desk.may, DIRECTORY_READING)):
            self.help.hide()
        self.printing = Button(kit, N_("Traveller's sheet"), "printer").ended_by("chevron-down")
        self.printing.clicked.connect(self._on_printing_clicked)
        self.menu = self._make_menu()
        self.ended = EndedNote(kit)
        self.ended.reopen.clicked.connect(self._on_reopen_clicked)
        self.alarms = Alarms(kit)
        self._raised: tuple[AlarmLine, ...] | None = None
        kit.hub.minute_passed.connect(self._on_minute_passed)
        kit.words.changed.connect(self._fit)
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert")
        self.outcome.hide()
        self._lay_out()

    def show_plan(self, page: PlanPage) -> None:
        """Show whose plan it is and how far it has come; where it stands is read anew."""
        self._page = page
        self.printing.setVisible(page.may_edit and self._desk.may(Right.PRINT_CARRIED))
        client, state = page.client.record, str(page.plan.record.state or "draft")
        self._code.show_text(str(client.code or "–"))
        alias = client.alias if isinstance(client.alias, str) else ""
        self._alias.tell(N_("alias {alias}") if alias else "", alias=lambda _: alias)
        self._state.show_look(*STATE_LOOKS.get(state, (Tone.MUTED, "circle-question-mark")))
        self._state.tell(lambda language: state_word(state, language))
        self._fit()
        desk = self._desk
        self._kit.work.run(lambda: read_standing(desk, page), partial(self._on_standing_read, page))

    def commands(self) -> tuple[Command, ...]:
        """What can be done here by key."""
        return (
            Command(FIND_HELP, self.help.click, HELP_KEY, "book-user", menu="go"),
            Command(N_("Check the next step"), self.check.click, CHECK, menu="edit"),
        )

    def make_sheet(self, code: str, path: Path) -> None:
        """Make the traveller's sheet in a language and save it as `path`."""
        self.outcome.hide()
        desk, order = self._desk, Order(PaperName.TRAVELLERS_SHEET, self._rid, code)
        self._kit.work.run(
            lambda: save_paper(desk, order, path),
            lambda _: self._on_made(),
            self._on_refused,
        )

    def _make_menu(self) -> QMenu:
        menu = QMenu(self.printing)
        for code in PROGRAM_LANGUAGES:
            action = QAction(menu)
            self._kit.words.bind(action.setText, N_("In {language}"), language=_language_name(code))
            action.setData(code)
            menu.addAction(action)
        menu.triggered.connect(self._on_language_chosen)
        return menu

    def _lay_out(self) -> None:
        bar = QWidget()
        bar.setProperty("ground", "bar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title = self._make_title()
        self._row = Flow(
            self.back, title, self.help, self.check, self.printing, gap=12, fills=title
        )
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 4, 20, 4)
        row.addStrut(tokens.PLAN_HEADER - 8)
        row.addWidget(self._row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        for note in (self.alarms, self.ended, self.outcome):
            column.addWidget(_Below(note))

    def _make_title(self) -> QWidget:
        title = QWidget()
        column = QVBoxLayout(title)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(Flow(self._code, self._alias, self._state, gap=12))
        column.addWidget(self.progress)
        return title

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Another width has room for more or less."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is little room the buttons leave it to the plan's name and state."""
        is_narrow = self._kit.theme.is_narrow(self.window().width())
        buttons = (self.help, self.printing)
        for button in buttons:
            button.set_bare(is_bare=is_narrow)
        self.help.show_key("")
        self.check.show_key("" if is_narrow else CHECK)
        for button in buttons:
            if self._row.sizeHint().width() > self._row.width():
                button.set_bare(is_bare=True)

    def _on_standing_read(self, page: PlanPage, standing: Standing) -> None:
        if page is not self._page:
            return
        count, has_step = standing.open_count, bool(standing.course.steps)
        self.check.tell(N_("Check · {count}") if count else N_("Check"), count=lambda _: count)
        self.check.setVisible(has_step)
        self._fit()
        self.progress.show_course(standing.course)
        self.ended.show_plan(page, standing.course)
        self._raised = standing.alarms
        self.alarms.show_alarms(standing.alarms)

    def _on_minute_passed(self) -> None:
        """By the clock alone an alarm can come up."""
        desk, rid = self._desk, self._rid
        looked = self._on_alarms_looked_at
        self._kit.work.run(lambda: read_journey(desk, rid).alarms, looked, lambda _fault: None)

    def _on_alarms_looked_at(self, alarms: tuple[AlarmLine, ...]) -> None:
        if self._raised is not None and alarms != self._raised:
            self.alarms_changed.emit()

    def _on_help_clicked(self) -> None:
        self.help_asked.emit()

    def _on_reopen_clicked(self) -> None:
        desk, rid, kit = self._desk, self._rid, self._kit

        def tell(new: bytes) -> None:
            kit.hub.changed.emit(frozenset({"plan"}))
            kit.tell(N_("This is a new plan that follows the earlier one."))
            self.other_asked.emit(new)

        kit.work.run(lambda: reopen_plan(desk, rid), tell, self._on_refused)

    def _on_printing_clicked(self) -> None:
        corner = self.printing.rect().bottomLeft()
        self.menu.popup(self.printing.mapToGlobal(corner))

    def _on_language_chosen(self, action: QAction) -> None:
        code = str(action.data())
        ask_save(
            self._kit,
            self,
            N_("Save the sheet"),
            _NEUTRAL_NAME,
            lambda path: self.make_sheet(code, path),
        )

    def _on_made(self) -> None:
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.tell(
            N_("The sheet is saved as a file."),
            N_("It is not encrypted there. Print it, then delete the file."),
        )
        self.outcome.show()

    def _on_refused(self, fault: KfdeskError) -> None:
        self.outcome.show_look(Tone.DANGER, "circle-alert")
        self.outcome.tell_fault(fault)


class _Below(QWidget):
    """The room of a note below the bar; no room is left where it says nothing."""

    def __init__(self, note: QWidget) -> None:
        super().__init__()
        row = QVBoxLayout(self)
        row.setContentsMargins(20, tokens.GRID, 20, 0)
        row.addWidget(note)
        self._note = note
        note.installEventFilter(self)
        self.setVisible(not note.isHidden())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Come and go with the note."""
        if watched is self._note and event.type() in _COMING_OR_GOING:
            self.setVisible(not self._note.isHidden())
        return False


def _language_name(code: str) -> Callable[[Language], str]:
    def name(language: Language) -> str:
        return language.language(code)

    return name
