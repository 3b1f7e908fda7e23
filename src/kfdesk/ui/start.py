# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting the window: one program, one window, the door first and the desk behind it.

What opens a store is handed in; pages of an open desk are loaded only when it is open. Nothing
here is global: two of these in one test do not know each other.
"""

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from kfdesk.domain.desk.release import Installed
from kfdesk.domain.marks import N_
from kfdesk.ui.guard.clipboard import Clipboard
from kfdesk.ui.guard.habits import Habit, Habits
from kfdesk.ui.guard.note import (
    BY_KEY,
    FOR_DATA_KEY,
    FOR_IDLENESS,
    FOR_SLEEP,
    NO_DATA_KEY,
    WITH_SESSION,
    Note,
)
from kfdesk.ui.guard.reasons import Locked
from kfdesk.ui.guard.shield import raise_shield
from kfdesk.ui.hub import Hub
from kfdesk.ui.kit import Faults, Kit
from kfdesk.ui.pages.unlock import Attempt, Door, Store, Unlock
from kfdesk.ui.shell.window import Window
from kfdesk.ui.theme import Scheme, Theme
from kfdesk.ui.words import Words
from kfdesk.ui.work import Work

if TYPE_CHECKING:  # an open desk's rooms are not needed before the door is open
    from kfdesk.services.desk import Desk
    from kfdesk.ui.pages.backup_views.restore import Restoring
    from kfdesk.ui.pages.first_run.founding import Founding
    from kfdesk.ui.pages.keys.recover import Recover
    from kfdesk.ui.pages.repair_views.page import Repairing


@dataclass(frozen=True, slots=True)
class Setting:
    """What a window is started with.

    `unlock` opens the store for initials and passphrase, `go_on` also one that is older than it
    was; `is_new` says that there is none yet and
    `founding` is what makes one; `rescue` makes the card of the way in by a recovery key,
    `restoring` the one with a backup, `repairing` the one for a damaged store. `keep` is told
    language, colours and size of letters whenever they change, `keep_habit` when the window is to
    lock. `tries` says how often the door was tried in vain. `note` is what the process before this
    one left when it locked; `replace` takes such a note and lets a new process take this one's
    place. Where it returns, the door is shown here. `program` is what is known of this copy of it.
    `opened` opens an invented desk without a door: where another would lock, its window closes.
    """

    resources: Path
    translations: Path
    language: str
    store: str
    unlock: Callable[[str, str], "Desk"]
    faults: Faults
    crashed: Callable[[BaseException], None]
    scheme: Scheme = Scheme.SYSTEM
    letters: int = 100
    go_on: "Callable[[str, str], Desk] | None" = None
    is_new: Callable[[], bool] = lambda: False
    founding: "Callable[[], Founding] | None" = None
    rescue: "Callable[[Kit], Recover] | None" = None
    restoring: "Callable[[], Restoring] | None" = None
    repairing: "Callable[[], Repairing] | None" = None
    keep: Callable[[str, str, int], None] = lambda language, scheme, letters: None
    habit: Habit = Habit()  # noqa: RUF009 - it is frozen
    keep_habit: Callable[[Habit], None] = lambda habit: None
    tries: Callable[[], int] = lambda: 0
    note: Note | None = None
    program: Installed = Installed()  # noqa: RUF009 - it is frozen
    opened: "Callable[[], Desk] | None" = None
    replace: Callable[[Note], None] = lambda note: None


class Program(QObject):
    """One window and what it stands on."""

    def __init__(self, app: QApplication, setting: Setting) -> None:
        super().__init__()
        self._setting = setting
        self._desk: Desk | None = None
        self._why = ""
        self._letters = 0
        self._session: Any = None
        self.shell: Any = None
        theme = Theme(app, setting.resources, setting.scheme, setting.letters)
        words = Words(setting.language, setting.translations)
        hub = Hub()
        work = Work(setting.crashed, hub.failed.emit)
        habits = Habits(setting.habit)
        self.kit = Kit(theme, words, hub, work, setting.faults, habits, setting.program)
        self.shield = raise_shield(app)
        self.window = Window(self.kit)
        self.clipboard = Clipboard(app.clipboard())
        work.rested.connect(self._on_rested)
        hub.leave_began.connect(self.clipboard.clear)
        self.kit.habits.changed.connect(self._on_habits_changed)
        hub.lock_asked.connect(self._on_lock_asked)
        hub.wiped.connect(self._on_wiped)
        hub.repair_asked.connect(self._on_repair_asked)
        hub.rekeyed.connect(self._on_rekeyed)
        hub.paused.connect(self._on_paused)
        hub.language_changed.connect(self._on_look_changed)
        hub.theme_changed.connect(self._on_look_changed)
        hub.letters_chosen.connect(self._on_letters_chosen)
        self._show_beginning()

    def show(self) -> None:
        """Show the window; after a lock where it stood and as it stood, in nobody's way."""
        note = self._setting.note or Note()
        self.window.restoreGeometry(QByteArray.fromBase64(note.geometry.encode()))
        hold = Qt.WidgetAttribute.WA_ShowWithoutActivating
        self.window.setAttribute(hold, not note.is_active)
        if note.is_minimised:
            self.window.showMinimized()
        else:
            self.window.show()

    def _show_beginning(self) -> None:
        """Where there is no store yet the first run, else the door."""
        setting = self._setting
        if setting.opened is not None:
            making = N_("The example is being made…")
            self.window.show_page(QWidget())
            self.kit.work.run(setting.opened, self._on_opened, title=making)
        elif setting.founding is not None and setting.is_new():
            self._show_first_run(setting.founding())
        else:
            self.show_door(setting.note)

    def show_door(self, note: Note | None = None) -> None:
        """Show the page before the store is open, and why it was locked."""
        name = self._setting.store
        door = Door(
            (Store(name, name),), self._open, _locked(note), self._setting.rescue,
            may_restore=self._setting.restoring is not None, go_on=self._way_on(),
            tries=self._setting.tries(),
        )  # fmt: skip
        self.door = Unlock(self.kit, door)
        self.door.opened.connect(self._on_opened)
        self.door.restore_asked.connect(self._on_restore_asked)
        self.door.repair_asked.connect(self._show_repair)
        self.door.top.help_asked.connect(partial(self._on_help_asked, self.door))
        self.window.show_page(self.door)
        self.door.start()

    def close(self) -> None:
        """Close the store and end the worker."""
        self.clipboard.clear()
        if self._desk is not None:
            self.kit.hub.lock_began.emit()
            self.kit.work.run(self._desk.store.close)
            self._desk = None
        self.kit.work.close()

    def _show_first_run(self, founding: "Founding") -> None:
        page = importlib.import_module("kfdesk.ui.pages.first_run.page")
        self.first_run = page.FirstRun(self.kit, founding)
        self.first_run.created.connect(self._on_founded)
        self.first_run.backup_asked.connect(self._on_restore_asked)
        self.first_run.top.help_asked.connect(partial(self._on_help_asked, self.first_run))
        self.window.show_page(self.first_run)
        self.first_run.start()

    def _on_founded(self, desk: "Desk") -> None:
        """A new desk begins with the offer of a first backup; who was invited, with the answer."""
        self._on_opened(desk)
        if self.shell is None:
            return
        places = importlib.import_module("kfdesk.ui.shell.places")
        invitation = self.first_run.invitation
        if invitation is not None:
            places.join(self.shell, invitation.folder)
        else:
            places.offer_backup(self.shell)

    def _on_restore_asked(self) -> None:
        if self._setting.restoring is None:
            return
        module = importlib.import_module("kfdesk.ui.pages.backup_views.restore")
        self.restore = module.RestorePage(self.kit, self._setting.restoring())
        self.restore.closed.connect(self._show_beginning)
        self.window.show_page(self.restore)
        self.restore.start()

    def _show_repair(self) -> None:
        if self._setting.repairing is None:
            return
        module = importlib.import_module("kfdesk.ui.pages.repair_views.page")
        self.repair = module.RepairPage(self.kit, self._setting.repairing())
        self.repair.closed.connect(self._show_beginning)
        self.repair.restore_asked.connect(self._on_restore_asked)
        self.window.show_page(self.repair)
        self.repair.start()

    def _on_repair_asked(self) -> None:
        """Close the open store, and show what repairs it."""
        if self._desk is None or self._setting.repairing is None:
            return
        desk, self._desk = self._desk, None
        lock = importlib.import_module("kfdesk.ui.guard.lock")
        lock.close_store(self.kit, desk, None, BY_KEY)
        self.shell = None
        self.window.watch.wait_for(0)
        self.window.watch.look_for_sleep(is_asked=False)
        self._show_repair()

    def _on_help_asked(self, page: QWidget) -> None:
        """Lay the manual over a page that stands before the store is open."""
        manual = importlib.import_module("kfdesk.ui.shell.help.manual")
        manual.lay_over(self.kit, self.window, page)

    def _on_look_changed(self, _choice: object = None) -> None:
        theme = self.kit.theme
        self._setting.keep(self.kit.words.language.code, theme.scheme.value, theme.letters)

    def _on_letters_chosen(self, letters: int) -> None:
        """Make what is on view anew; what was typed in it becomes a draft, as for a lock.

        A door that is just opening a store has to hear of it, and is made anew afterwards.
        """
        if self._desk is None and self.kit.work.is_busy:
            self._letters = letters
            return
        place = self.shell.place() if self.shell is not None else ""
        self.kit.hub.lock_began.emit()
        self.kit.theme.enlarge(letters)
        self._on_look_changed()
        if self._desk is None:
            self._show_beginning()
        else:
            self._show_shell(self._desk)
            self.shell.return_to(place)

    def _on_habits_changed(self) -> None:
        self._setting.keep_habit(self.kit.habits.chosen)
        if self._desk is not None:
            self._watch()

    def _open(self, attempt: Attempt) -> "Desk":
        return self._setting.unlock(attempt.initials, attempt.passphrase)

    def _way_on(self) -> "Callable[[Attempt], Desk] | None":
        go_on = self._setting.go_on
        if go_on is None:
            return None
        return lambda attempt: go_on(attempt.initials, attempt.passphrase)

    def _on_opened(self, desk: "Desk") -> None:
        self._desk = desk
        if self._why:  # it was to be locked while the passphrase was tried: show nothing
            why, self._why = self._why, ""  # who opens it again at once is let in
            self.window.lock(why)
            return
        self._show_shell(desk)
        if self._setting.opened is not None:
            return
        self._watch()
        lock = importlib.import_module("kfdesk.ui.guard.lock")
        lock.take_up(self.kit, desk, self.shell.return_to)

    def _show_shell(self, desk: "Desk") -> None:
        places = importlib.import_module("kfdesk.ui.shell.places")
        self.kit.work.sweep.spare()
        self.shell = places.make_shell(self.kit, desk)
        self.shell.hide_asked.connect(self.window.hide_all)
        self.shell.lock_asked.connect(self._on_lock_pressed)
        self.window.show_page(self.shell)
        if self._setting.opened is not None:
            self.shell.say_example()

    def _watch(self) -> None:
        """Look out for everything that locks, as was chosen."""
        habit = self.kit.habits.chosen
        self.window.watch.wait_for(habit.lock_minutes)
        self.window.watch.look_for_sleep(is_asked=habit.locks_for_sleep)
        if self._session is None:
            session = importlib.import_module("kfdesk.ui.guard.session")
            self._session = session.hear_session(int(self.window.winId()))
            self._session.slept.connect(self._on_sleep_told)
            self._session.locked.connect(self._on_session_locked)

    def _on_rested(self) -> None:
        self._why = ""
        if self._letters:
            letters, self._letters = self._letters, 0
            self._on_letters_chosen(letters)

    def _on_sleep_told(self) -> None:
        if self.kit.habits.chosen.locks_for_sleep:
            self.window.lock(FOR_SLEEP)

    def _on_session_locked(self) -> None:
        if self.kit.habits.chosen.locks_with_session:
            self.window.lock(WITH_SESSION)

    def _on_lock_pressed(self) -> None:
        self.window.lock(BY_KEY)

    def _on_lock_asked(self, why: str) -> None:
        if self._setting.opened is not None:
            self.window.close()
            return
        if self._desk is None:
            self._why = why if self.kit.work.is_busy else ""
            self.window.cover.lift()
            return
        desk, self._desk = self._desk, None
        lock = importlib.import_module("kfdesk.ui.guard.lock")
        note = self._note(why, desk.milliseconds // 1000)
        place = self.shell.place() if self.shell is not None else None
        note = replace(note, drafts=lock.close_store(self.kit, desk, place, why))
        self._setting.replace(note)
        self._show_locked(note)

    def _on_wiped(self) -> None:
        """There is no store any more: begin anew, in a process that has seen nothing of it."""
        self._desk = self.shell = None
        self.window.cover.lay()
        self._setting.replace(self._note(BY_KEY, 0))
        self.window.watch.wait_for(0)
        self._show_beginning()
        self.window.cover.lift()

    def _on_paused(self, is_paused: bool) -> None:
        if self.shell is not None:
            self.shell.setEnabled(not is_paused)

    def _on_rekeyed(self, is_new: bool) -> None:
        """The store is closed, and opens again at the door; drafts and place were kept before."""
        desk, self._desk = self._desk, None
        at = desk.milliseconds // 1000 if desk is not None else 0
        note = self._note(FOR_DATA_KEY if is_new else NO_DATA_KEY, at)
        self._setting.replace(note)
        self._show_locked(note)

    def _note(self, why: str, at: int) -> Note:
        window, minutes = self.window, self.kit.habits.chosen.lock_minutes
        return Note(
            why=why,
            minutes=minutes if why == FOR_IDLENESS else 0,
            at=at,
            language=self.kit.words.language.code,
            geometry=window.saveGeometry().toBase64().toStdString(),
            is_minimised=window.isMinimized(),
            is_active=window.isActiveWindow(),
        )

    def _show_locked(self, note: Note) -> None:
        """Show the door in this process: only where no other could take its place."""
        self.shell = None
        self.window.watch.wait_for(0)
        self.window.watch.look_for_sleep(is_asked=False)
        self.show_door(note)


def run(setting: Setting) -> int:
    """Show the window until it is closed. Returns the exit code."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    program = Program(app, setting)
    program.show()
    code = app.exec()
    program.close()
    return code


def _locked(note: Note | None) -> Locked | None:
    """What the door says of a lock."""
    if note is None:
        return None
    at = datetime.fromtimestamp(note.at, UTC).astimezone()
    return Locked(at, note.minutes or None, note.drafts, note.why)
