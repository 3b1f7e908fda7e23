# SPDX-License-Identifier: GPL-3.0-or-later
"""The session view: the window's contents for an open store, with top bar, sidebar and pages.

`SessionView` shows the places that it gets as a list. A page is built on its first visit and
then kept; what the view asks of it is in `Page`. `make_session_view` lists the places of the
program and connects their pages: a new place is one line there. Overlays are children of the
view, so the lock ends them with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from kfdesk.domain.accounts import Right
from kfdesk.domain.codes.core import PaperName
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language
from kfdesk.services.core.authorization import DIRECTORY_READ_RIGHTS, EDIT_RIGHTS, READ_RIGHTS
from kfdesk.services.core.drafts import DraftLine, OpenDraft, read_draft
from kfdesk.services.core.session import Session as OpenDesk
from kfdesk.services.core.session import verify_store
from kfdesk.services.directory.entries import EntryLine
from kfdesk.services.directory.search import HitKind, SearchHit
from kfdesk.services.today import FirstStep
from kfdesk.ui.context import Command, Notification, UiContext
from kfdesk.ui.dialogs import dropped_files
from kfdesk.ui.lock.resume import resume_text
from kfdesk.ui.pages.access import NoAccessPage
from kfdesk.ui.pages.backup import BackupPage
from kfdesk.ui.pages.book.page import BookPage
from kfdesk.ui.pages.calendar.page import CalendarPage
from kfdesk.ui.pages.directory.page import DirectoryPage
from kfdesk.ui.pages.exchange.page import ExchangePage
from kfdesk.ui.pages.figures.page import FiguresPage, figures_places
from kfdesk.ui.pages.history import History
from kfdesk.ui.pages.plans import PlansPage
from kfdesk.ui.pages.printing.page import PrintingPage
from kfdesk.ui.pages.procedures.page import ProceduresPage
from kfdesk.ui.pages.settings import SettingsPage
from kfdesk.ui.pages.today import TodayPage
from kfdesk.ui.plan_sections import FixTarget, HelpRequest
from kfdesk.ui.shell.help import ManualSheet, chapter_for_place
from kfdesk.ui.shell.menus import (
    FIND_KEY,
    HELP_KEY,
    IMPORT_KEY,
    KEYS_KEY,
    MENUS_KEY,
    PANE_KEY,
    PLAN_KEY,
    SEND_KEY,
    MenuBar,
    TextKeys,
    fixed_menus,
    standard_key,
    undo_typing,
)
from kfdesk.ui.shell.overlays import (
    AboutSheet,
    ClosingSheet,
    FaultPresentation,
    FaultSheet,
    OverlayLayer,
    PartsSheet,
    ShortcutSheet,
    Toast,
    fault_presentation,
)
from kfdesk.ui.shell.quick_find import QuickFind, attach_quick_find
from kfdesk.ui.shell.top_bar import TopBar
from kfdesk.ui.tokens import Tone
from kfdesk.ui.translator import fixed_text
from kfdesk.ui.widgets.build import column, grown, row
from kfdesk.ui.widgets.buttons import Button, ButtonLook
from kfdesk.ui.widgets.inputs import has_typing_to_undo
from kfdesk.ui.widgets.layout import Banner, make_scroll_area
from kfdesk.ui.widgets.navigation import NavigationPlace, Page, Pane, Sidebar
from kfdesk.ui.worker import JobProgress

_MINUTE = 60_000  # milliseconds
_FORMER_PLACES = {"follow_up": "calendar"}
"""Names of places that a state of the window may have from an earlier version."""
_QUIET = 5_000  # milliseconds between the opening, or another job, and the check of the store


class SessionView(QWidget):
    """The top bar, the sidebar and the pages. Quick find searches the store of `desk`.

    It opens with the first place. `send_asked` carries the place of the user, as `place()`
    returns it. `take_asked` carries the files that were dropped, or none.
    """

    hide_asked = Signal()
    lock_asked = Signal()
    plan_asked = Signal()
    send_asked = Signal(str)
    take_asked = Signal(tuple)

    def __init__(
        self, kit: UiContext, places: Sequence[NavigationPlace], desk: OpenDesk | None = None
    ) -> None:
        super().__init__()
        self._kit = kit
        self._desk = desk
        self._quiet = QTimer(self, singleShot=True, interval=_QUIET)
        self._quiet.timeout.connect(self._on_quiet)
        self._quiet.start()
        minute = QTimer(self, interval=_MINUTE)
        minute.timeout.connect(kit.events.minute_passed)
        minute.start()
        self._places = {place.key: place for place in places}
        self._pages: dict[str, QWidget] = {}
        self._frames: dict[str, QScrollArea] = {}
        self._trail: list[str] = []
        self._stack = QStackedWidget()
        self.toast = Toast(kit, self, self._toast_area)
        self.toast.place_asked.connect(self.return_to)
        self.fixed = fixed_menus(kit, self, places)
        self.bar = TopBar(kit, MenuBar(kit, self.fixed, self.page_commands))
        self.bar.hide_asked.connect(self.hide_now)
        self.bar.lock_asked.connect(self.lock_now)
        self.rail = Sidebar(kit, places)
        self.rail.chosen.connect(self.go_to)
        self._is_fault_unread = self._is_fault_new = False
        self.bar.room_changed.connect(self.toast.reposition)
        self.fault = self._make_fault_banner()
        self.finder = QuickFind(kit, self.bar.field, desk)
        self.finder.commands = self.all_commands
        self.finder.closed.connect(self._focus_page)
        self._lay_out()
        kit.events.failed.connect(self._on_failed)
        kit.events.told.connect(self.toast.show_notification)
        kit.events.told.connect(self._on_notified)
        kit.events.away_changed.connect(self._on_away_changed)
        self._add_shortcuts()
        self.setAcceptDrops(True)
        self.go_to(places[0].key)

    @property
    def page(self) -> QWidget | None:
        """The page on view."""
        frame = self._stack.currentWidget()
        return frame.widget() if isinstance(frame, QScrollArea) else None

    @property
    def _page_answers(self) -> Page:
        """The page on view; an empty Page for a widget that is none."""
        page: object = self.page  # mypy holds that no QWidget can be a Page
        return page if isinstance(page, Page) else Page()

    def page_commands(self) -> tuple[Command, ...]:
        """Return the commands of the page on view."""
        return tuple(self._page_answers.commands())

    def all_commands(self) -> tuple[Command, ...]:
        """Return all commands that are possible now, those of the page first."""
        always = (command for menu in self.fixed for group in menu.groups for command in group)
        return (*self.page_commands(), *always)

    def go_to(self, key: str) -> None:
        """Show the page of a place; build it on the first visit."""
        self.layer.close_sheet()
        came = self.place() if self._trail else ""
        if self._trail[-1:] != [key]:
            self._trail.append(key)
            self._leave_fault()
        self.rail.show_current(key)
        if key not in self._pages:
            # the frame enters first: a change of parent makes Qt restyle everything inside
            self._frames[key] = frame = make_scroll_area()
            self._stack.addWidget(frame)
            self._pages[key] = self._places[key].make(self._kit)
            frame.setWidget(self._pages[key])
        self._stack.setCurrentWidget(self._frames[key])
        self.setFocusProxy(self._pages[key])
        self._pages[key].setFocus()
        self._page_answers.arrive_from(came)

    def place(self) -> str:
        """Return where the user is: the key of the place, and what its page adds by `place()`."""
        return "/".join(filter(None, (self._trail[-1], self._page_answers.place())))

    def resume_text(self) -> str:
        """Return the place, and what was said since the person left and nobody has read."""
        unread = self.toast.unread()
        if self._is_fault_unread and not self.fault.isHidden():
            unread = (*unread, self.fault.text)
        return resume_text(self.place(), unread)

    def say(self, notice: str) -> None:
        """Say again, as plain text, what was said while nobody was there."""
        self.toast.show_message(fixed_text(notice))

    def return_to(self, place: str) -> None:
        """Go to `place`, as far as it still exists."""
        key, _, inside = place.partition("/")
        key = _FORMER_PLACES.get(key, key)
        if key not in self._places:
            return
        self.go_to(key)
        if inside:
            self._page_answers.return_to(inside)

    def go_back(self) -> None:
        """Move the focus from bar or sidebar to the page; from a page, go to the place before."""
        focus = QApplication.focusWidget()
        if focus is not None and not self._stack.isAncestorOf(focus):
            self._focus_page()
        elif len(self._trail) > 1:
            self._trail.pop()
            self.go_to(self._trail.pop())

    def next_pane(self, by: int = 1) -> None:
        """Focus the next pane of top bar, sidebar and page, or the previous one."""
        panes: tuple[Pane, ...] = (
            (self.bar, self.bar.field),
            (self.rail, self.rail.current),
            *(self._page_answers.panes() or ((self._stack, self.page),)),
        )
        focus = QApplication.focusWidget()
        inside = [focus is not None and _pane_holds(pane, focus) for pane, _ in panes]
        here = inside.index(True) if any(inside) else len(panes) - 1
        goal = panes[(here + by) % len(panes)][1]
        if goal is not None:
            goal.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def open_menus(self) -> None:
        """Open the first menu by the keyboard."""
        self.bar.menus.open_first()

    def begin_plan(self) -> None:
        """Request a new plan."""
        self.layer.close_sheet()
        self.plan_asked.emit()

    def send_file(self) -> None:
        """Request a file to send from the present place."""
        self.layer.close_sheet()
        self.send_asked.emit(self.place())

    def import_files(self) -> None:
        """Request files to import."""
        self.layer.close_sheet()
        self.take_asked.emit(())

    def find_anything(self) -> None:
        """Focus quick find."""
        self.layer.close_sheet()
        self.bar.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.field.selectAll()

    def undo(self) -> None:
        """Undo the typing in the focused text field, else the last step that was reported."""
        if self.layer.sheet is None and not undo_typing(QApplication.focusWidget()):
            self.toast.undo()

    def undo_words(self, language: Language) -> str:
        """Return the name of the command: what it undoes, unless that is typing."""
        step = self.toast.last_step
        if not step or has_typing_to_undo(QApplication.focusWidget()):
            return language.gettext(N_("&Undo"))
        return language.gettext(N_("&Undo: {what}")).format(what=step.replace("&", "&&"))

    def hide_now(self) -> None:
        """Request that the window hides."""
        self.hide_asked.emit()

    def lock_now(self) -> None:
        """Request that the store locks."""
        self.lock_asked.emit()

    def quit_now(self) -> None:
        """Close the window and end the program."""
        self.window().close()

    def ask_before_closing(self) -> bool:
        """Return False if nothing long is under way; else ask, and return True."""
        job = self._kit.worker.job
        is_idle = job is None or job.title is None
        if job is None or is_idle or (job.course is not None and job.course.gives_way):
            return False
        if not isinstance(self.layer.sheet, ClosingSheet):
            sheet = ClosingSheet(self._kit, job)
            sheet.left.connect(self.quit_now)
            self.layer.show_sheet(sheet)
        return True

    def check_store(self) -> None:
        """Read the whole store on the worker, and report that it is sound or what is wrong."""
        desk, course = self._desk, JobProgress()
        if desk is not None:
            self._kit.worker.run(
                lambda: verify_store(desk, course),
                self._on_checked,
                title=N_("Checking the database…"),
                cancel=course,
            )

    def _on_quiet(self) -> None:
        """Check the store once after its opening, while nobody waits for anything else."""
        if self._desk is None:
            return
        if self._kit.worker.is_busy:
            self._quiet.start()
            return
        desk, course = self._desk, JobProgress(gives_way=True)
        self._kit.worker.run(
            lambda: verify_store(desk, course, is_short=True),
            None,
            self._on_rechecked,
            title=N_("Checking the database…"),
            cancel=course,
        )

    def _on_rechecked(self, fault: KfdeskError) -> None:
        if fault.code == "work.cancelled":
            self._quiet.start()
        elif fault.code != "store.closed":
            self._on_failed(fault)

    def show_example_banner(self) -> None:
        """Show a permanent banner: everything in this window is invented."""
        banner = Banner(self._kit, Tone.INFO, "info")
        banner.set_message(
            N_("This is an example. Everyone in it is invented."),
            N_("Nothing that you write here is kept when you close the window."),
        )
        self._right.insertWidget(0, banner)

    def show_help(self) -> None:
        """Show the chapter of the manual about the page on view."""
        manual = ManualSheet(self._kit, chapter_for_place(self.place()))
        manual.keys.clicked.connect(self.show_keys)
        self.layer.show_sheet(manual)

    def show_keys(self) -> None:
        """Show the shortcut sheet."""
        self.layer.show_sheet(ShortcutSheet(self._kit, self.fixed, self.page_commands()))

    def show_about(self) -> None:
        """Show what this program is, and what it cannot promise."""
        about = AboutSheet(self._kit)
        about.parts_asked.connect(self.show_parts)
        self.layer.show_sheet(about)

    def show_parts(self) -> None:
        """Show the third-party parts and every licence."""
        self.layer.show_sheet(PartsSheet(self._kit))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back on Esc, and search on Ctrl+F, if no widget has handled it."""
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
        elif event.matches(QKeySequence.StandardKey.Find):
            self.find_anything()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files from this computer on every page that handles no drops itself."""
        if dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Request the import of the dropped files."""
        event.acceptProposedAction()
        self.layer.close_sheet()
        self.take_asked.emit(dropped_files(event))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rail.set_narrow(is_narrow=self._kit.theme.is_narrow(self.width()))

    def _lay_out(self) -> None:
        self._right = column(self.fault, grown(self._stack))
        body = QWidget()
        row(self.rail, grown(self._right), on=body)
        column(self.bar, grown(body), on=self)
        self.layer = OverlayLayer(body, self._stack)
        attach_quick_find(self, self.finder)

    def _add_shortcuts(self) -> None:
        """Add the shortcuts that neither the idle watcher, the sidebar nor a page handles."""
        heard: tuple[tuple[str, Callable[[], object]], ...] = (
            (FIND_KEY, self.find_anything),
            (HELP_KEY, self.show_help),
            (KEYS_KEY, self.show_keys),
            (MENUS_KEY, self.open_menus),
            (PANE_KEY, self.next_pane),
            (f"Shift+{PANE_KEY}", partial(self.next_pane, -1)),
            (PLAN_KEY, self.begin_plan),
            (SEND_KEY, self.send_file),
            (IMPORT_KEY, self.import_files),
            (standard_key(QKeySequence.StandardKey.Undo, "Ctrl+Z"), self.undo),
            (standard_key(QKeySequence.StandardKey.Quit, "Ctrl+Q"), self.quit_now),
        )
        for keys, act in heard:
            QShortcut(QKeySequence(keys), self, act)
        self._text_keys = TextKeys(self, (SEND_KEY, FIND_KEY, IMPORT_KEY, PLAN_KEY))

    def _toast_area(self) -> QRect:
        """Return the area for the toast: it covers only quick find, which is empty during work."""
        room = self.bar.free_area()
        return QRect(self.bar.mapTo(self, room.topLeft()), room.size())

    def _focus_page(self) -> None:
        if self.page is not None:
            self.page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_checked(self, _nothing: None) -> None:
        self._kit.notify(N_("The database is intact."))

    def _on_failed(self, fault: KfdeskError) -> None:
        voice = fault_presentation(fault)
        faults = self._kit.faults_about(self._page_answers.pronoun)
        if voice is FaultPresentation.BANNER:
            self._is_fault_unread = self.toast.is_waiting
            self._is_fault_new = True
            QTimer.singleShot(0, self, self._on_fault_shown)
            self.fault.show_fault(fault, faults)
        elif voice is FaultPresentation.PASSING:
            self.toast.show_message(lambda language: " ".join(faults(fault, language)))
        elif not (isinstance(self.layer.sheet, FaultSheet) and self.layer.sheet.code == fault.code):
            self.layer.show_sheet(FaultSheet(self._kit, fault, faults))

    def _on_fault_shown(self) -> None:
        self._is_fault_new = False

    def _leave_fault(self) -> None:
        """Hide the fault once the person goes on, unless it came just now or nobody was here."""
        if not (self._is_fault_new or self._is_fault_unread):
            self.fault.hide()

    def _on_notified(self, told: Notification) -> None:
        """Hide the fault once something is saved: what was wrong is mended or left."""
        if told.undo is not None:
            self._leave_fault()

    def _on_away_changed(self, is_away: bool) -> None:
        if not is_away:
            self._is_fault_unread = False
        self.toast.wait(is_waiting=is_away)

    def _make_fault_banner(self) -> Banner:
        banner = Banner(self._kit, Tone.DANGER, "circle-alert")
        close = Button(self._kit, N_("Close"), "x", ButtonLook.QUIET).bared()
        close.clicked.connect(banner.hide)
        banner.set_action(close)
        banner.hide()
        return banner


def _pane_holds(pane: QWidget, focus: QWidget) -> bool:
    return pane is focus or pane.isAncestorOf(focus)


# --- The places of the program, and the links between their pages

_ID_DIGITS = 32  # of a plan's id, in the place that its page returns
_Leading = TodayPage | PlansPage | CalendarPage | DirectoryPage | PrintingPage | ExchangePage
_Common = TypeVar("_Common", ProceduresPage, BookPage)
PageT = TypeVar("PageT", bound=QWidget)
Leads = TypeVar(
    "Leads", TodayPage, PlansPage, CalendarPage, DirectoryPage, PrintingPage, ExchangePage
)

_REQUIRED_RIGHTS: Mapping[str, tuple[Right, ...]] = {
    "plans": READ_RIGHTS,
    "contacts": DIRECTORY_READ_RIGHTS,
    "calendar": READ_RIGHTS,
    "procedures": DIRECTORY_READ_RIGHTS,
    "book": DIRECTORY_READ_RIGHTS,
    "exchange": (Right.EXPORT_BUNDLE, Right.IMPORT_BUNDLE, Right.MANAGE_KEYS),
    "print": (Right.PRINT_CARRIED, Right.PRINT_INTERNAL),
    "history": (*DIRECTORY_READ_RIGHTS, Right.MANAGE_USERS),
    "backup": (Right.BACKUP, Right.RESTORE),
}
"""Places that need one of these rights; every role may see the others."""

_OTHER_WORDS: Mapping[str, str] = {
    "today": N_("home start overview"),
    "plans": N_("cases clients people"),
    "contacts": N_("address book organisations directory phone"),
    "calendar": N_("after arrival follow-up week month deadlines tasks phone ics"),
    "exchange": N_("partners send receive import export invite"),
    "print": N_("paper sheet PDF form"),
    "procedures": N_("routine steps deadline law template who does what"),
    "book": N_("articles chapters guide manual leaflet poster translate"),
    "history": N_("log bin trash deleted restore"),
    "backup": N_("copy USB stick safety save"),
    "settings": N_("options preferences language passphrase users colleagues text size"),
}
"""The other words for each place by which quick find finds it."""


def make_session_view(kit: UiContext, desk: OpenDesk) -> SessionView:
    """Return the session view of an open store, with Today on view."""

    def leading(page: Leads, section: str = "") -> Leads:
        _connect_page(lambda: shell, page, section)
        return page

    places = (
        NavigationPlace(
            "today", N_("Today"), "sun", "Ctrl+1", lambda kit: leading(TodayPage(kit, desk))
        ),
        NavigationPlace(
            "plans", N_("Plans"), "clipboard-list", "Ctrl+2",
            lambda kit: leading(PlansPage(kit, desk))
        ),
        NavigationPlace(
            "contacts", N_("Contacts"), "book-user", "Ctrl+3",
            lambda kit: leading(DirectoryPage(kit, desk))
        ),
        NavigationPlace(
            "calendar", N_("Calendar"), "calendar-clock", "Ctrl+4",
            lambda kit: leading(CalendarPage(kit, desk), "follow_up")
        ),
        NavigationPlace(
            "exchange", N_("Exchange"), "arrow-left-right", "Ctrl+5",
            lambda kit: leading(ExchangePage(kit, desk))
        ),
        NavigationPlace(
            "print", N_("Print"), "printer", "Ctrl+6", lambda kit: leading(PrintingPage(kit, desk))
        ),
        NavigationPlace(
            "procedures", N_("Procedures"), "list-checks", "Ctrl+9",
            lambda kit: _connected(lambda: shell, ProceduresPage(kit, desk))
        ),
        NavigationPlace(
            "book", N_("Book"), "notebook-text", "Ctrl+0",
            lambda kit: _connected(lambda: shell, BookPage(kit, desk))
        ),
        *figures_places(desk, lambda paper, rid: _show_paper(shell, paper, rid)),
        *_foot_places(desk),
    )  # fmt: skip

    shell = SessionView(kit, [_within_roles(desk, place) for place in places], desk)
    shell.finder.hit_chosen.connect(partial(_open_hit, shell))
    today = shell.page
    assert isinstance(today, TodayPage)
    _connect_today(today, kit, desk, shell)
    _connect_shortcuts(kit, desk, shell)
    return shell


def _foot_places(desk: OpenDesk) -> tuple[NavigationPlace, ...]:
    """Return the places at the foot of the sidebar; no link leads out of their pages."""
    return (
        NavigationPlace(
            "history", N_("History"), "history", "Ctrl+7",
            lambda kit: History(kit, desk), is_at_foot=True
        ),
        NavigationPlace(
            "backup", N_("Backup"), "archive", "Ctrl+8",
            lambda kit: BackupPage(kit, desk), is_at_foot=True
        ),
        NavigationPlace(
            "settings", N_("Settings"), "settings", "Ctrl+,",
            lambda kit: SettingsPage(kit, desk), is_at_foot=True
        ),
    )  # fmt: skip


def _connect_page(shell: Callable[[], SessionView], page: _Leading, section: str) -> None:
    """Connect the links of a page: to a plan, to a field of a plan, or from a plan to contacts."""
    if isinstance(page, PlansPage):
        page.help_asked.connect(
            lambda step: _in_contacts(shell(), lambda one: one.find_helpers(step))
        )
        page.entry_asked.connect(lambda rid: _in_contacts(shell(), lambda one: one.show_entry(rid)))
        page.send_asked.connect(lambda rid: _send(shell(), f"plans/{rid.hex()}"))
        page.print_asked.connect(lambda: shell().go_to("print"))
        page.paper_asked.connect(lambda paper, rid: _show_paper(shell(), paper, rid))
        page.article_asked.connect(lambda rid: _open_article(shell(), rid))
        return
    page.plan_chosen.connect(lambda rid: _open_plan(shell(), rid, section=section))
    if isinstance(page, DirectoryPage):
        page.step_left.connect(lambda step, entry: _return_to_step(shell(), step, entry))
        page.paper_asked.connect(lambda paper, rid: _show_paper(shell(), paper, rid))
    if isinstance(page, PrintingPage | CalendarPage):
        page.goal_chosen.connect(lambda rid, goal: _open_plan(shell(), rid, goal=goal))
    if isinstance(page, CalendarPage):
        page.entry_chosen.connect(
            lambda rid: _in_contacts(shell(), lambda one: one.show_entry(rid))
        )
        page.work_chosen.connect(
            lambda rid, record: _in_contacts(shell(), lambda one: one.show_work(rid, record))
        )
        page.paper_asked.connect(lambda: _show_paper(shell(), PaperName.WEEK_SHEET, b""))


def _connected(shell: Callable[[], SessionView], page: _Common) -> _Common:
    """Connect the links of a page about no client: to the print centre, and to the contacts."""
    page.print_asked.connect(lambda paper, rid: _show_paper(shell(), paper, rid))
    if isinstance(page, BookPage):
        page.entry_asked.connect(lambda rid: _in_contacts(shell(), lambda one: one.show_entry(rid)))
        page.procedure_asked.connect(lambda rid: _open_procedure(shell(), rid))
    return page


def _show_paper(shell: SessionView, paper: PaperName, subject: bytes) -> None:
    """Show a paper about a record in the print centre."""
    _act_on(shell, "print", PrintingPage, lambda page: page.choose_paper(paper, subject))


def show_invitation(shell: SessionView, folder: Path) -> None:
    """Show a new organisation the invitation with the partner's card, to answer with its own."""
    page = _shown(shell, "exchange", ExchangePage)
    assert page is not None
    page.join(folder)


def _connect_shortcuts(kit: UiContext, desk: OpenDesk, shell: SessionView) -> None:
    """Connect the shortcuts that work on every page."""
    shell.plan_asked.connect(partial(_begin_plan, kit, desk, shell))
    shell.send_asked.connect(partial(_send, shell))
    shell.take_asked.connect(partial(_import_files, shell))


def _connect_today(today: TodayPage, kit: UiContext, desk: OpenDesk, shell: SessionView) -> None:
    """Connect the links of the page Today."""
    today.counted.connect(shell.rail.items["today"].show_count)
    for asked, place in ((today.backup_asked, "backup"), (today.exchange_asked, "exchange")):
        asked.connect(partial(shell.go_to, place))
    today.section_chosen.connect(lambda rid, section: _open_plan(shell, rid, section=section))
    today.new_asked.connect(shell.begin_plan)
    today.import_asked.connect(shell.import_files)
    today.send_asked.connect(shell.send_file)
    today.step_asked.connect(partial(_take_first_step, shell))
    today.list_asked.connect(partial(_begin_with_list, shell))
    today.draft_chosen.connect(partial(_open_draft, kit, desk, shell))
    today.work_asked.connect(
        lambda network, record: _in_contacts(shell, lambda page: page.show_work(network, record))
    )
    today.entry_asked.connect(lambda rid: _in_contacts(shell, lambda one: one.show_entry(rid)))
    today.suggestions_asked.connect(lambda: _in_contacts(shell, DirectoryPage.show_suggestions))
    today.sum_asked.connect(
        lambda rid: _act_on(shell, "figures", FiguresPage, lambda page: page.show_sum(rid))
    )


def _begin_with_list(shell: SessionView) -> None:
    """Lead to the public list of organisations, shown before it is taken over."""
    _in_contacts(shell, DirectoryPage.begin_with_list)


def _take_first_step(shell: SessionView, step: FirstStep) -> None:
    """Lead to where a new organisation takes this step."""
    if step is FirstStep.PLAN:
        shell.begin_plan()
    elif step is FirstStep.PARTNER:
        _act_on(shell, "exchange", ExchangePage, ExchangePage.invite)
    elif step is FirstStep.COLLEAGUE:
        _act_on(shell, "settings", SettingsPage, SettingsPage.show_people)
    else:
        shell.go_to(_STEP_PLACES[step])


_STEP_PLACES = {FirstStep.BACKUP: "backup", FirstStep.CONTACTS: "contacts"}


def offer_backup(shell: SessionView) -> None:
    """Show a new organisation the backup page; the user may skip it."""
    shell.go_to("backup")
    page = shell.page
    assert isinstance(page, BackupPage)
    page.left.connect(partial(shell.go_to, "today"))
    page.offer_first_backup()


def _within_roles(desk: OpenDesk, place: NavigationPlace) -> NavigationPlace:
    """Return the place; if no role of the user may use it, its page only says so."""
    place = replace(place, also=_OTHER_WORDS.get(place.key, place.also))
    rights = _REQUIRED_RIGHTS.get(place.key, ())
    if not rights or any(map(desk.may, rights)):
        return place
    return replace(place, make=lambda kit: NoAccessPage(kit, place.label))


def _shown(shell: SessionView, key: str, kind: type[PageT]) -> PageT | None:
    """Show and return the page of a place; return None if the user's roles do not allow it."""
    shell.go_to(key)
    return shell.page if isinstance(shell.page, kind) else None


def _act_on(
    shell: SessionView, key: str, kind: type[PageT], act: Callable[[PageT], object]
) -> None:
    """Show the page of a place and do something there, if the user's roles allow the place."""
    if (page := _shown(shell, key, kind)) is not None:
        act(page)


def _open_plan(
    shell: SessionView,
    rid: bytes,
    draft: OpenDraft | None = None,
    section: str = "",
    goal: FixTarget | None = None,
) -> None:
    if (plans := _shown(shell, "plans", PlansPage)) is not None:
        plans.open_plan(rid, draft, section=section, goal=goal)


def _begin_plan(
    kit: UiContext, desk: OpenDesk, shell: SessionView, rid: bytes | None = None
) -> None:
    if not any(map(desk.may, EDIT_RIGHTS)):
        kit.events.failed.emit(KfdeskError("user.not_allowed", right=EDIT_RIGHTS[0]))
        return
    _act_on(shell, "plans", PlansPage, lambda page: page.begin_plan(rid))


def _open_draft(kit: UiContext, desk: OpenDesk, shell: SessionView, line: DraftLine) -> None:
    """Open the page on which a draft can be resumed."""
    if line.plan is None and line.type == "client":
        _begin_plan(kit, desk, shell, line.rid)
    elif line.plan is not None:
        plan = line.plan
        kit.worker.run(
            lambda: read_draft(desk, line.rid), lambda draft: _open_plan(shell, plan, draft)
        )
    elif line.type in ("procedure", "procedure_step"):
        _act_on(shell, "procedures", ProceduresPage, lambda page: page.resume_draft(line))
    elif line.type in ("article", "article_text", "article_link"):
        _act_on(shell, "book", BookPage, lambda page: page.resume_draft(line))
    elif line.type in ("estimate", "publication"):
        _act_on(shell, "figures", FiguresPage, lambda page: page.resume_draft(line))
    else:
        _in_contacts(shell, lambda page: page.resume_draft(line))


def _open_hit(shell: SessionView, hit: SearchHit) -> None:
    """Open a result of quick find."""
    sections = {HitKind.PLAN: "", HitKind.NOTE: "notes"} | dict.fromkeys(
        (HitKind.HELP_NUMBER, HitKind.JOURNEY), "travel"
    )
    if hit.kind in sections:
        _open_plan(shell, hit.rid, section=sections[hit.kind])
    elif hit.kind is HitKind.PROCEDURE:
        _open_procedure(shell, hit.rid)
    elif hit.kind is HitKind.ARTICLE:
        _open_article(shell, hit.rid)
    else:
        _in_contacts(shell, lambda one: one.show_entry(hit.rid))


def _open_procedure(shell: SessionView, rid: bytes) -> None:
    _act_on(shell, "procedures", ProceduresPage, lambda page: page.open_procedure(rid))


def _open_article(shell: SessionView, rid: bytes) -> None:
    _act_on(shell, "book", BookPage, lambda page: page.open_article(rid))


def _in_contacts(shell: SessionView, act: Callable[[DirectoryPage], None]) -> None:
    """Show Contacts, and do something there."""
    _act_on(shell, "contacts", DirectoryPage, act)


def _send(shell: SessionView, place: str) -> None:
    """Begin a file to send, for the plan on view if there is one."""
    key, _, inside = place.partition("/")
    plan = inside.partition("/")[0]
    is_plan = key == "plans" and len(plan) == _ID_DIGITS
    if (page := _shown(shell, "exchange", ExchangePage)) is not None:
        page.begin_sending(bytes.fromhex(plan) if is_plan else b"")


def _import_files(shell: SessionView, paths: tuple[Path, ...]) -> None:
    """Preview the received files."""
    _act_on(shell, "exchange", ExchangePage, lambda page: page.open_files(paths))


def _return_to_step(shell: SessionView, step: HelpRequest, entry: EntryLine | None) -> None:
    """Go back to a step of a plan, with or without an entry of the directory."""
    _act_on(shell, "plans", PlansPage, lambda page: page.return_to_step(step, entry))
