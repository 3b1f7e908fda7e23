# SPDX-License-Identifier: GPL-3.0-or-later
"""The program: one window, which shows the unlock page first and the session view after it.

The caller provides the functions that open a store. The pages of an open store are imported
when it is open. Nothing is global: two programs in one test do not know each other.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QLocale, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from kfdesk.domain.message_marks import N_
from kfdesk.domain.version import RELEASE_DAY, Installation
from kfdesk.ui.context import (
    DescribeFault,
    EventBus,
    LockPreferences,
    LockSettings,
    UiContext,
    ViewPreferences,
    ViewSettings,
)
from kfdesk.ui.lock.end_signals import EndSignals, SessionEnd
from kfdesk.ui.lock.lock import (
    AFTER_CRASH,
    BY_KEY,
    FOR_DATA_KEY,
    FOR_IDLENESS,
    FOR_SLEEP,
    NO_DATA_KEY,
    WITH_SESSION,
    ClipboardGuard,
    LockInfo,
    ResumeState,
    block_screen_capture,
)
from kfdesk.ui.pages.unlock import StoreChoice, UnlockAttempt, UnlockPage, UnlockServices
from kfdesk.ui.shell.window import Window
from kfdesk.ui.theme import Scheme, Theme, make_application
from kfdesk.ui.translator import Translator
from kfdesk.ui.widgets.build import HCENTRE, STRETCH, aligned, column, panel
from kfdesk.ui.widgets.layout import EmptyState
from kfdesk.ui.worker import Worker

if TYPE_CHECKING:
    from kfdesk.domain.backup import WipeResult
    from kfdesk.services.core.session import Session
    from kfdesk.ui.lock.resume import Closing
    from kfdesk.ui.lock.session_monitor import SessionMonitor
    from kfdesk.ui.pages.first_run import SetupServices
    from kfdesk.ui.pages.recover import LostPassphraseCard
    from kfdesk.ui.pages.restore import RepairServices, RestoreServices
    from kfdesk.ui.shell.session_view import SessionView


@dataclass(frozen=True, slots=True)
class ProgramConfig:
    """The configuration of a program.

    * `unlock` opens the store by initials and passphrase; `go_on` also opens one that was
      rolled back.
    * `is_new` says that there is no store yet; `founding` returns the services that create one.
    * `rescue` makes the card for the recovery key. `restoring` and `repairing` return the
      services for a restore from a backup and for a damaged store.
    * `keep` saves language, scheme and text size on each change; `keep_habit` saves the lock
      settings, `keep_view` how window and lists look.
    * `tries` returns the number of failed attempts to unlock. `check` raises KfdeskError if the
      store cannot be opened now, for example by a second window.
    * `note` is the resume state of the process before this one. `replace` passes such a state
      to a new process that takes the place of this one. If it returns, this process shows the
      unlock page.
    * `program` describes this installed copy.
    * `load` imports the modules of an open store, on the worker, once the unlock page is
      painted.
    * `hear_bugs` gets a function to call, in any thread, at the first bug that nobody caught.
    * `called` is a file of the store whose time changes when a second start of the program finds
      this store open; then the window comes to the front.
    * `files` are exchange files and cards to show once the store is open. `others` are the other
      stores that they may be for, each with its key and its name; `switch` starts the program on
      one of them and raises KfdeskError if it cannot.
    * `opened` opens an invented store without a passphrase: instead of locking, its window
      closes.
    """

    resources: Path
    translations: Path
    language: str
    store: str
    unlock: Callable[[str, str], "Session"]
    faults: DescribeFault
    crashed: Callable[[BaseException], None]
    scheme: Scheme = Scheme.SYSTEM
    letters: int = 100
    go_on: "Callable[[str, str], Session] | None" = None
    is_new: Callable[[], bool] = lambda: False
    founding: "Callable[[], SetupServices] | None" = None
    rescue: "Callable[[UiContext], LostPassphraseCard] | None" = None
    restoring: "Callable[[], RestoreServices] | None" = None
    repairing: "Callable[[], RepairServices] | None" = None
    keep: Callable[[str, str, int], None] = lambda language, scheme, letters: None
    habit: LockSettings = LockSettings()  # noqa: RUF009 - it is frozen
    keep_habit: Callable[[LockSettings], None] = lambda habit: None
    view: ViewSettings = ViewSettings()  # noqa: RUF009 - it is frozen
    keep_view: Callable[[ViewSettings], None] = lambda view: None
    tries: Callable[[], int] = lambda: 0
    check: Callable[[], None] = lambda: None
    note: ResumeState | None = None
    program: Installation = Installation()  # noqa: RUF009 - it is frozen
    called: Path | None = None
    files: tuple[Path, ...] = ()
    others: tuple[tuple[str, str], ...] = ()
    switch: Callable[[str], None] | None = None
    opened: "Callable[[], Session] | None" = None
    replace: Callable[[ResumeState], None] = lambda note: None
    load: Callable[[], None] = lambda: None
    hear_bugs: Callable[[Callable[[], object]], None] = lambda told: None


def make_context(app: QApplication, setting: ProgramConfig) -> UiContext:
    """Return the context of a new window, with a worker of its own."""
    theme = Theme(app, setting.resources, setting.scheme, setting.letters)
    translator = Translator(setting.language, setting.translations)
    events = EventBus()
    worker = Worker(setting.crashed, events.failed.emit)
    preferences, view = LockPreferences(setting.habit), ViewPreferences(setting.view)
    return UiContext(
        theme, translator, events, worker, setting.faults, preferences, setting.program, view
    )


class Program(QObject):
    """One window with its context, store and lock."""

    _crashed = Signal()

    def __init__(self, app: QApplication, setting: ProgramConfig) -> None:
        super().__init__()
        self._setting = setting
        self._desk: Session | None = None
        self._why = ""
        self._letters = 0
        self._is_closing = False
        self._has_ended = False
        self._session: SessionMonitor | None = None
        self._calls = QFileSystemWatcher(self)
        self._calls.fileChanged.connect(self._on_called)
        self._files = setting.files
        self.shell: SessionView | None = None
        self.kit = make_context(app, setting)
        events, worker = self.kit.events, self.kit.worker
        self.shield = block_screen_capture(app)
        self.window = Window(self.kit)
        self.clipboard = ClipboardGuard(app.clipboard())
        worker.rested.connect(self._on_rested)
        events.leave_began.connect(self.clipboard.clear)
        self.kit.lock_preferences.changed.connect(self._on_habits_changed)
        self.kit.view.changed.connect(self._on_view_changed)
        events.density_chosen.connect(self._on_density_chosen)
        events.lock_asked.connect(self._on_lock_asked)
        events.changed.connect(self._on_records_changed)
        events.wiped.connect(self._on_wiped)
        events.repair_asked.connect(self._on_repair_asked)
        events.rekeyed.connect(self._on_rekeyed)
        events.paused.connect(self._on_paused)
        events.language_changed.connect(self._on_look_changed)
        events.theme_changed.connect(self._on_look_changed)
        events.letters_chosen.connect(self._on_letters_chosen)
        self._crashed.connect(self._on_crashed, Qt.ConnectionType.QueuedConnection)
        setting.hear_bugs(self._crashed.emit)
        self._show_beginning()

    def show(self) -> None:
        """Show the window; after a lock with the same geometry, and never before other programs."""
        note = self._setting.note or ResumeState()
        self.window.place(note.geometry or self.kit.view.chosen.geometry)
        self.window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, not note.is_active)
        if note.is_minimised:
            self.window.showMinimized()
            return
        self.window.show()
        if not note.is_active:
            self.window.lower()  # a new window would lie over what somebody works in

    def keep_geometry(self) -> None:
        """Keep size, place and maximised state of the window for the next start."""
        self.kit.view.apply(replace(self.kit.view.chosen, geometry=self.window.geometry_text()))

    def _show_beginning(self, note: ResumeState | None = None) -> None:
        """Show the first run if there is no store yet, else the unlock page."""
        setting = self._setting
        if setting.opened is not None:
            making = N_("The example is being prepared…")
            under = N_("This is an example. Everyone in it is invented.")
            waiting = aligned(EmptyState(self.kit, "eye", making, under), HCENTRE)
            self.window.show_page(panel(column(STRETCH, waiting, STRETCH)))
            self.kit.worker.run(setting.opened, self._on_opened, title=making)
        elif setting.founding is not None and setting.is_new():
            self._show_first_run(setting.founding())
            self._show_left(note or setting.note)
        else:
            self.show_unlock(setting.note)

    def show_unlock(self, note: ResumeState | None = None) -> None:
        """Show the unlock page, and why the store was locked."""
        setting = self._setting
        others = setting.others if self._files else ()
        stores = (StoreChoice("", setting.store), *(StoreChoice(*other) for other in others))
        door = UnlockServices(
            stores, self._open, _lock_info(note), setting.rescue,
            may_restore=setting.restoring is not None, go_on=self._rollback_unlock(),
            tries=setting.tries(), check=setting.check, files=len(self._files),
            switch=setting.switch,
        )  # fmt: skip
        self.door = UnlockPage(self.kit, door)
        self.door.opened.connect(self._on_opened)
        self.door.restore_asked.connect(self._on_restore_asked)
        self.door.repair_asked.connect(self._show_repair)
        self.door.top.help_asked.connect(partial(self._on_help_asked, self.door))
        self.window.show_page(self.door)
        self.door.start()
        self.kit.worker.load_once_painted(self.door, self._load)

    def _load(self) -> None:
        """Load what an open store shows, and what CLDR says of days and times, on the worker."""
        self._setting.load()
        language = self.kit.translator.language
        language.full_date(RELEASE_DAY)
        language.clock_of("Europe/Stockholm", datetime.combine(RELEASE_DAY, time()))

    def end(self) -> None:
        """Keep the drafts, close the store, and end the program; a second call does nothing."""
        if not self._has_ended:
            self._has_ended = True
            self.keep_geometry()
            self.close()
            QApplication.exit()  # `quit` would ask the window, which may refuse

    def close(self) -> None:
        """Close the store and end the worker."""
        self.clipboard.clear()
        if self._desk is not None:
            self.kit.events.lock_began.emit()
            self.kit.worker.run(self._desk.store.close)
            self._desk = None
        self.kit.worker.close()

    def _show_left(self, note: ResumeState | None) -> None:
        """Say in the first run which folders a wipe has left, if there are any."""
        if note is not None and note.left:
            self.first_run.show_left(note.left.splitlines())

    def _show_first_run(self, founding: "SetupServices") -> None:
        from kfdesk.ui.pages.first_run import FirstRunPage

        self.first_run = FirstRunPage(self.kit, founding)
        self.first_run.created.connect(self._on_created)
        self.first_run.backup_asked.connect(self._on_restore_asked)
        self.first_run.top.help_asked.connect(partial(self._on_help_asked, self.first_run))
        self.window.show_page(self.first_run)
        self.first_run.start()

    def _on_created(self, desk: "Session") -> None:
        """Offer a first backup after the setup, or answer the invitation that started it."""
        self._files = ()  # nobody can have written to a store that was not there
        self._on_opened(desk)
        if self.shell is None:
            return
        from kfdesk.ui.shell import session_view

        invitation = self.first_run.invitation
        if invitation is not None:
            session_view.show_invitation(self.shell, invitation.folder)
        else:
            session_view.offer_backup(self.shell)

    def _on_restore_asked(self) -> None:
        if self._setting.restoring is None:
            return
        from kfdesk.ui.pages.restore import RestorePage

        self.restore = RestorePage(self.kit, self._setting.restoring())
        self.restore.closed.connect(self._show_beginning)
        self.window.show_page(self.restore)
        self.restore.start()

    def _show_repair(self) -> None:
        if self._setting.repairing is None:
            return
        from kfdesk.ui.pages.restore import RepairPage

        self.repair = RepairPage(self.kit, self._setting.repairing())
        self.repair.closed.connect(self._show_beginning)
        self.repair.restore_asked.connect(self._on_restore_asked)
        self.window.show_page(self.repair)
        self.repair.start()

    def _on_repair_asked(self) -> None:
        """Close the open store and show the repair page."""
        if self._desk is None or self._setting.repairing is None:
            return
        self.window.cover_all()
        if self._close_desk(BY_KEY, keeps_place=False) is None:
            return
        self.shell = None
        self.window.watch.set_idle_minutes(0)
        self.window.watch.watch_for_sleep(is_asked=False)
        self._show_repair()
        self.window.cover.uncover()

    def _close_desk(self, why: str, *, keeps_place: bool) -> "Closing | None":
        """Close the open store under the cover, which says that it waits.

        Return None if the window was closed meanwhile, or another end of the store came first.
        """
        from kfdesk.ui.lock.resume import close_store

        desk, self._desk, shell = self._desk, None, self.shell
        assert desk is not None
        place = shell.resume_text if shell is not None and keeps_place else None
        if shell is not None:
            shell.setEnabled(False)  # no key of the page acts any more
        self.window.cover.show_waiting()
        self._is_closing = True
        try:
            closing = close_store(self.kit, desk, place, why)
        finally:
            self._is_closing = False
        return None if self.window.has_ended or self.shell is not shell else closing

    def _on_help_asked(self, page: QWidget) -> None:
        """Show the manual over a page that is shown before a store is open."""
        from kfdesk.ui.shell.help import show_manual_overlay

        show_manual_overlay(self.kit, self.window, page)

    def _on_look_changed(self, _choice: object = None) -> None:
        theme = self.kit.theme
        self._setting.keep(self.kit.translator.language.code, theme.scheme.value, theme.letters)

    def _on_letters_chosen(self, letters: int) -> None:
        """Rebuild the page on view; its input is kept as a draft, as for a lock.

        An unlock page that is opening a store must get the result, so it is rebuilt afterwards.
        """
        if self._desk is None and self.kit.worker.is_busy:
            self._letters = letters
            return
        self._rebuild(partial(self.kit.theme.set_font_scale, letters))
        self._on_look_changed()

    def _on_density_chosen(self, is_compact: bool) -> None:
        """Rebuild the page on view with rows of another height, as for other letters."""
        if self._desk is not None:
            look = replace(self.kit.view.chosen, is_compact=is_compact)
            self._rebuild(partial(self.kit.view.apply, look))

    def _rebuild(self, change: Callable[[], None]) -> None:
        """Build the page on view again after a change; what was typed is kept as a draft."""
        place = self.shell.place() if self.shell is not None else ""
        self.kit.events.lock_began.emit()
        change()
        if self._desk is None:
            self._show_beginning()
        else:
            self._show_session(self._desk)
            if self.shell is not None:
                self.shell.return_to(place)

    def _on_view_changed(self) -> None:
        self._setting.keep_view(self.kit.view.chosen)

    def _on_habits_changed(self) -> None:
        self._setting.keep_habit(self.kit.lock_preferences.chosen)
        if self._desk is not None:
            self._watch_for_lock()

    def _open(self, attempt: UnlockAttempt) -> "Session":
        return self._setting.unlock(attempt.initials, attempt.passphrase)

    def _rollback_unlock(self) -> "Callable[[UnlockAttempt], Session] | None":
        go_on = self._setting.go_on
        if go_on is None:
            return None
        return lambda attempt: go_on(attempt.initials, attempt.passphrase)

    def _on_opened(self, desk: "Session") -> None:
        self._desk = desk
        if self._why:  # a lock was requested during the unlock: show nothing
            why, self._why = self._why, ""  # the next unlock succeeds
            self.window.lock(why)
            return
        self._show_session(desk)
        if self._setting.opened is not None:
            return
        self._watch_for_lock()
        if self._setting.called is not None:
            self._calls.addPath(str(self._setting.called))
        from kfdesk.ui.lock.resume import restore_place

        if self.shell is None:
            return
        files, self._files = self._files, ()
        if files:
            self.shell.take_asked.emit(files)
        else:
            restore_place(self.kit, desk, self.shell.return_to, self.shell.say)

    def _show_session(self, desk: "Session") -> None:
        from kfdesk.services.core.session import desk_zone
        from kfdesk.ui.shell.session_view import make_session_view

        self.kit.translator.set_zone(desk_zone(desk))
        self.kit.worker.gc_timer.freeze()
        self.shell = make_session_view(self.kit, desk)
        self.shell.hide_asked.connect(self.window.hide_all)
        self.shell.lock_asked.connect(lambda: self.window.lock(BY_KEY))
        self.window.show_page(self.shell)
        self.window.asks_first = self.shell.ask_before_closing
        if self._setting.opened is not None:
            self.shell.show_example_banner()

    def _on_records_changed(self, types: frozenset[str]) -> None:
        """Tell times by the clocks of the town that our own entry names now."""
        from kfdesk.services.core.session import follow_own_place

        desk = self._desk
        if desk is not None and "organisation" in types:
            set_zone = self.kit.translator.set_zone
            self.kit.worker.run(lambda: follow_own_place(desk), set_zone)

    def _watch_for_lock(self) -> None:
        """Watch for everything that locks, as set by the user."""
        habit = self.kit.lock_preferences.chosen
        self.window.watch.set_idle_minutes(habit.lock_minutes)
        self.window.watch.watch_for_sleep(is_asked=habit.locks_for_sleep)
        if self._session is None:
            from kfdesk.ui.lock.session_monitor import make_session_monitor

            self._session = make_session_monitor(int(self.window.winId()))
            self._session.slept.connect(self._on_sleep_detected)
            self._session.locked.connect(self._on_session_locked)

    def _on_called(self, _path: str) -> None:
        """Come to the front: a second start has found this store open."""
        if self._desk is not None:
            self.window.come_forward()

    def _on_rested(self) -> None:
        self._why = ""
        if self._letters:
            letters, self._letters = self._letters, 0
            self._on_letters_chosen(letters)

    def _on_sleep_detected(self) -> None:
        if self.kit.lock_preferences.chosen.locks_for_sleep:
            self.window.lock(FOR_SLEEP)

    def _on_session_locked(self) -> None:
        if self.kit.lock_preferences.chosen.locks_with_session:
            self.window.lock(WITH_SESSION)

    def _on_lock_asked(self, why: str) -> None:
        if self._is_closing:
            if why == FOR_SLEEP:
                self.kit.worker.stop_waiting()  # the system does not wait half a minute
            return
        if self._setting.opened is not None:
            self.window.close()
            return
        if self._desk is None:
            self._why = why if self.kit.worker.is_busy else ""
            self.window.cover.uncover()
            return
        note = self._resume_state(why, self._desk.milliseconds // 1000)
        closing = self._close_desk(why, keeps_place=True)
        if closing is not None:
            note = replace(self._with_window(note), drafts=closing.drafts, is_cut=closing.is_cut)
            self._setting.replace(note)
            self._show_locked(note)

    def _on_crashed(self) -> None:
        """Close the store after a bug, and start again: the new process says what happened."""
        if self._is_closing:  # the report is kept, and the process is about to be replaced
            return
        if self._setting.opened is not None:
            self.window.close()
            return
        self.window.cover_all()
        desk = self._desk
        note = self._resume_state(AFTER_CRASH, desk.milliseconds // 1000 if desk is not None else 0)
        try:
            closing = self._close_desk(AFTER_CRASH, keeps_place=False) if desk is not None else None
            if closing is not None:
                note = replace(note, drafts=closing.drafts)
        finally:  # whatever else fails: nothing that was read stays in memory
            self._setting.replace(note)
        self._show_locked(note)
        self.window.cover.uncover()

    def _on_wiped(self, done: "WipeResult") -> None:
        """Start again without a store, in a process that never held its data."""
        self._desk = self.shell = None
        self.window.cover.cover()
        note = replace(self._resume_state(BY_KEY, 0), left="\n".join(done.left))
        self._setting.replace(note)
        self.window.watch.set_idle_minutes(0)
        self._show_beginning(note)
        self.window.cover.uncover()

    def _on_paused(self, is_paused: bool) -> None:
        if self.shell is not None:
            self.shell.setEnabled(not is_paused)

    def _on_rekeyed(self, is_new: bool) -> None:
        """Show the unlock page for the closed store; drafts and place were saved before."""
        desk, self._desk = self._desk, None
        at = desk.milliseconds // 1000 if desk is not None else 0
        note = self._resume_state(FOR_DATA_KEY if is_new else NO_DATA_KEY, at)
        self._setting.replace(note)
        self._show_locked(note)

    def _resume_state(self, why: str, at: int) -> ResumeState:
        minutes = self.kit.lock_preferences.chosen.lock_minutes
        return self._with_window(
            ResumeState(
                why=why,
                minutes=minutes if why == FOR_IDLENESS else 0,
                at=at,
                language=self.kit.translator.language.code,
            )
        )

    def _with_window(self, note: ResumeState) -> ResumeState:
        """Return the state with how the window stands now: it may hide while a lock waits."""
        window = self.window
        return replace(
            note,
            geometry=window.geometry_text(),
            is_minimised=window.isMinimized(),
            is_active=window.isActiveWindow(),
        )

    def _show_locked(self, note: ResumeState) -> None:
        """Show the unlock page in this process, because no other could take its place."""
        self.shell = None
        self.window.watch.set_idle_minutes(0)
        self.window.watch.watch_for_sleep(is_asked=False)
        self.show_unlock(note)


def qt_application() -> QApplication:
    """Return the application of this process; make it first if there is none."""
    app = QApplication.instance() or make_application(sys.argv[0])
    assert isinstance(app, QApplication)
    return app


def window_languages() -> tuple[str, ...]:
    """Return the names of the languages in which the system shows its own windows (BCP 47)."""
    return tuple(QLocale.system().uiLanguages())


def run_program(setting: ProgramConfig) -> int:
    """Show the window until it is closed. Return the exit code."""
    app = qt_application()
    program = Program(app, setting)
    program.show()
    signals = EndSignals(program.end)
    SessionEnd(app, program.end)
    code = app.exec()
    program.end()
    signals.forget()
    return code


def _lock_info(note: ResumeState | None) -> LockInfo | None:
    """Return what the unlock page says about the lock."""
    if note is None:
        return None
    at = datetime.fromtimestamp(note.at, UTC).astimezone()
    return LockInfo(at, note.minutes or None, note.drafts, note.why, note.is_cut)
