# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting the window: one program, one window, the door first and the desk behind it.

What opens a store is handed in; pages of an open desk are loaded only when it is open. Nothing
here is global: two of these in one test do not know each other.
"""

import importlib
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from kfdesk.ui.hub import Hub
from kfdesk.ui.kit import Faults, Kit
from kfdesk.ui.pages.unlock import Attempt, Door, Store, Unlock
from kfdesk.ui.shell.window import Window
from kfdesk.ui.theme import Scheme, Theme
from kfdesk.ui.words import Words
from kfdesk.ui.work import Work

if TYPE_CHECKING:  # an open desk's rooms are not needed before the door is open
    from kfdesk.services.desk import Desk
    from kfdesk.ui.pages.first_run.founding import Founding


@dataclass(frozen=True, slots=True)
class Setting:
    """What a window is started with.

    `unlock` opens the store for initials and passphrase; `is_new` says that there is none yet and
    `founding` is what makes one. `keep` is told language and colours whenever they change.
    """

    resources: Path
    translations: Path
    language: str
    store: str
    unlock: Callable[[str, str], "Desk"]
    faults: Faults
    crashed: Callable[[BaseException], None]
    scheme: Scheme = Scheme.SYSTEM
    is_new: Callable[[], bool] = lambda: False
    founding: "Callable[[], Founding] | None" = None
    keep: Callable[[str, str], None] = lambda language, scheme: None


class Program(QObject):
    """One window and what it stands on."""

    def __init__(self, app: QApplication, setting: Setting) -> None:
        super().__init__()
        self._setting = setting
        self._desk: Desk | None = None
        self.shell: Any = None
        theme = Theme(app, setting.resources, setting.scheme)
        words = Words(setting.language, setting.translations)
        hub = Hub()
        self.kit = Kit(theme, words, hub, Work(setting.crashed, hub.failed.emit), setting.faults)
        self.window = Window(self.kit)
        hub.lock_asked.connect(self._on_lock_asked)
        hub.language_changed.connect(self._on_look_changed)
        hub.theme_changed.connect(self._on_look_changed)
        if setting.founding is not None and setting.is_new():
            self._show_first_run(setting.founding())
        else:
            self.show_door()

    def show_door(self) -> None:
        """Show the page before the store is open."""
        name = self._setting.store
        self.door = Unlock(self.kit, Door((Store(name, name),), self._open))
        self.door.opened.connect(self._on_opened)
        self.window.show_page(self.door)
        self.door.start()

    def close(self) -> None:
        """Close the store and end the worker."""
        if self._desk is not None:
            self.kit.work.run(self._desk.store.close)
            self._desk = None
        self.kit.work.close()

    def _show_first_run(self, founding: "Founding") -> None:
        page = importlib.import_module("kfdesk.ui.pages.first_run.page")
        self.first_run = page.FirstRun(self.kit, founding)
        self.first_run.created.connect(self._on_opened)
        self.window.show_page(self.first_run)
        self.first_run.start()

    def _on_look_changed(self, _choice: str) -> None:
        self._setting.keep(self.kit.words.language.code, self.kit.theme.scheme.value)

    def _open(self, attempt: Attempt) -> "Desk":
        return self._setting.unlock(attempt.initials, attempt.passphrase)

    def _on_opened(self, desk: "Desk") -> None:
        self._desk = desk
        places = importlib.import_module("kfdesk.ui.shell.places")
        self.shell = places.make_shell(self.kit, desk)
        self.shell.hide_asked.connect(self.window.hide_all)
        self.shell.lock_asked.connect(self._on_lock_asked)
        self.window.show_page(self.shell)

    def _on_lock_asked(self, _why: str = "key") -> None:
        if self._desk is None:
            return
        self.kit.work.run(self._desk.store.close)
        self._desk = None
        self.shell = None
        self.show_door()


def run(setting: Setting) -> int:
    """Show the window until it is closed. Returns the exit code."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    program = Program(app, setting)
    program.window.show()
    code = app.exec()
    program.close()
    return code
