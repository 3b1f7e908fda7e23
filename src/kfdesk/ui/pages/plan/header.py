# SPDX-License-Identifier: GPL-3.0-or-later
"""The header of a plan: code, alias, state, open conditions, and actions on the whole plan.

The user must choose language and file before the traveller's sheet leaves the store. Alarms and
the end of a plan are shown here, above every section.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperName, PaperRequest
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.schema import N_
from kfdesk.i18n.language import PROGRAM_LANGUAGES, Language
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS
from kfdesk.services.core.session import Session
from kfdesk.services.papers.production import save_paper
from kfdesk.services.plans.journey import AlarmLine, read_journey
from kfdesk.services.plans.plans import PlanPage
from kfdesk.services.workflow import reopen_plan
from kfdesk.ui.context import Command, UiContext
from kfdesk.ui.dialogs import ask_save
from kfdesk.ui.pages.plan.transitions import AlarmBanners, PlanEndedBanner, PlanProgress
from kfdesk.ui.plan_sections import PlanStatus, read_plan_status
from kfdesk.ui.record_views import STATE_LOOKS, state_word
from kfdesk.ui.tokens import GRID, PLAN_HEADER, TextStyle, Tone
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.layout import Banner, FlowBox
from kfdesk.ui.widgets.text import Chip, Label

_NEUTRAL_FILE_NAME = "sheet.pdf"
CHECK_KEY = "Alt+C"
HELP_KEY = "Ctrl+Shift+F"
FIND_HELP = N_("Find help for this step")
_VISIBILITY_EVENTS = (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)


class PlanHeader(QWidget):
    """The header bar, with notes on the plan and the result of printing below it.

    `check_asked` leads to what is open before the next step. `help_asked` leads to people who can
    help with the open step. `other_asked` carries a plan that was just reopened as a new one.
    `alarms_changed` reports that an alarm began or ended because time passed.
    """

    check_asked = Signal()
    help_asked = Signal()
    other_asked = Signal(bytes)
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
        self.progress = PlanProgress(kit)
        self.back = Button(kit, N_("Back to the list"), "chevron-left", ButtonLook.QUIET).bared()
        self.check = Button(kit, N_("Check"), "list-checks").bind_key(CHECK_KEY)
        self.check.clicked.connect(self.check_asked)
        self.help = Button(kit, N_("Find help"), "book-user").bind_key(HELP_KEY)
        self.help.clicked.connect(self._on_help_clicked)
        if not any(map(desk.may, DIRECTORY_READ_RIGHTS)):
            self.help.hide()
        self.printing = Button(kit, N_("Traveller's sheet"), "printer").with_end_icon(
            "chevron-down"
        )
        self.printing.clicked.connect(self._on_printing_clicked)
        self.menu = self._make_menu()
        self.ended = PlanEndedBanner(kit)
        self.ended.reopen.clicked.connect(self._on_reopen_clicked)
        self.alarms = AlarmBanners(kit)
        self._raised: tuple[AlarmLine, ...] | None = None
        kit.hub.minute_passed.connect(self._on_minute_passed)
        kit.words.changed.connect(self._fit)
        self.outcome = Banner(kit, Tone.DANGER, "circle-alert")
        self.outcome.hide()
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
        self._kit.work.run(
            lambda: read_plan_status(desk, page), partial(self._on_standing_read, page)
        )

    def commands(self) -> tuple[Command, ...]:
        """Return the commands of the header."""
        return (
            Command(FIND_HELP, self.help.click, HELP_KEY, "book-user", menu="go"),
            Command(N_("Check the next step"), self.check.click, CHECK_KEY, menu="edit"),
        )

    def make_sheet(self, code: str, path: Path) -> None:
        """Create the traveller's sheet in a language and save it as `path`."""
        self.outcome.hide()
        desk, order = self._desk, PaperRequest(PaperName.TRAVELLERS_SHEET, self._rid, code)
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
        self._row = FlowBox(
            self.back, title, self.help, self.check, self.printing, gap=12, fills=title
        )
        row = QHBoxLayout(bar)
        row.setContentsMargins(12, 4, 20, 4)
        row.addStrut(PLAN_HEADER - 8)
        row.addWidget(self._row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        for note in (self.alarms, self.ended, self.outcome):
            column.addWidget(_NoteFrame(note))

    def _make_title(self) -> QWidget:
        title = QWidget()
        column = QVBoxLayout(title)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(FlowBox(self._code, self._alias, self._state, gap=12))
        column.addWidget(self.progress)
        return title

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show buttons without text if the name and state of the plan need the space."""
        is_narrow = self._kit.theme.is_narrow(self.window().width())
        buttons = (self.help, self.printing)
        for button in buttons:
            button.set_bare(is_bare=is_narrow)
        self.help.show_key("")
        self.check.show_key("" if is_narrow else CHECK_KEY)
        for button in buttons:
            if self._row.sizeHint().width() > self._row.width():
                button.set_bare(is_bare=True)

    def _on_standing_read(self, page: PlanPage, standing: PlanStatus) -> None:
        if page is not self._page:
            return
        count, has_step = standing.open_count, bool(standing.course.steps)
        self.check.set_message(
            N_("Check · {count}") if count else N_("Check"), count=lambda _: count
        )
        self.check.setVisible(has_step)
        self._fit()
        self.progress.show_workflow(standing.course)
        self.ended.show_plan(page, standing.course)
        self._raised = standing.alarms
        self.alarms.show_alarms(standing.alarms)

    def _on_minute_passed(self) -> None:
        """Load the alarms again, because a new one can arise as time passes."""
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
            kit.notify(N_("This is a new plan that follows the earlier one."))
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
            _NEUTRAL_FILE_NAME,
            lambda path: self.make_sheet(code, path),
        )

    def _on_made(self) -> None:
        self.outcome.show_look(Tone.SUCCESS, "circle-check")
        self.outcome.set_message(
            N_("The sheet is saved as a file."),
            N_("It is not encrypted there. Print it, then delete the file."),
        )
        self.outcome.show()

    def _on_refused(self, fault: KfdeskError) -> None:
        self.outcome.show_look(Tone.DANGER, "circle-alert")
        self.outcome.show_fault(fault)


class _NoteFrame(QWidget):
    """A frame for a note below the bar; it takes no space while the note is hidden."""

    def __init__(self, note: QWidget) -> None:
        super().__init__()
        row = QVBoxLayout(self)
        row.setContentsMargins(20, GRID, 20, 0)
        row.addWidget(note)
        self._note = note
        note.installEventFilter(self)
        self.setVisible(not note.isHidden())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show or hide the frame with its note."""
        if watched is self._note and event.type() in _VISIBILITY_EVENTS:
            self.setVisible(not self._note.isHidden())
        return False


def _language_name(code: str) -> Callable[[Language], str]:
    def name(language: Language) -> str:
        return language.language(code)

    return name
