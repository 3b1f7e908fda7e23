# SPDX-License-Identifier: GPL-3.0-or-later
"""The window that is killed while it locks: opened by its door, with a draft that nobody saved.

It tells by empty files how far it is: `shown`, and `door` for the process that took its place.
`HASTY` lets it lock wrongly on purpose: it does not wait for what is typed to be kept.

With `WAITING` it locks in the midst of a job that nobody can stop, and F12 is pressed then. It
tells by `hidden` that the window hides before the job has ended, and by `open` that the job brought
a window on view. `DEAF` lets it wait wrongly on purpose: without a look at its events.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.desks import MACHINE, WHO
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from kfdesk import app
from kfdesk.services.core.drafts import FormState, save_draft
from kfdesk.system import process
from kfdesk.ui import program
from kfdesk.ui.dialogs import ask_save
from kfdesk.ui.lock import resume
from kfdesk.ui.program import Program
from kfdesk.ui.worker import Worker

STEPS = Path(os.environ.get("STEPS", ""))
TYPED = "typed, and not saved"
_SOON = 20  # milliseconds
_LONG = 3.0  # seconds


class Locking(Program):
    """The window; it locks when it is told to."""

    def show(self) -> None:
        super().show()
        if self._setting.note is not None:
            (STEPS / "door").touch()
            return
        self.door.initials.setText(WHO.initials)
        self.door.passphrase.line.setText(WHO.passphrase)
        self.door.button.click()
        self._when(lambda: self.shell is not None and not self.kit.worker.is_busy, self._type)

    def _type(self) -> None:
        desk = self._desk
        assert desk is not None
        rid = bytes.fromhex(os.environ["RID"])
        held = FormState("leg", {"carrier": TYPED}, {"arrives": TYPED})
        self.kit.events.lock_began.connect(
            lambda: self.kit.worker.run(lambda: save_draft(desk, rid, held))
        )
        assert self.shell is not None
        self.shell.go_to("plans")
        if "WAITING" in os.environ:
            self.kit.worker.run(self._work, self._on_worked)
            QTimer.singleShot(_SOON, self._hide)
        (STEPS / "shown").touch()
        self._when((STEPS / "lock").exists, self.shell.lock_now)

    def _work(self) -> None:
        """Work until the window hides, or for a while: nobody can stop it."""
        until = time.monotonic() + _LONG
        while not (STEPS / "hidden").exists() and time.monotonic() < until:
            time.sleep(0.01)
        (STEPS / "worked").touch()

    def _on_worked(self, _nothing: None) -> None:
        dialog = ask_save(self.kit, self.window, "Save", "sheet.pdf", lambda _: None)
        QTimer.singleShot(0, lambda: self._look_for(dialog))

    def _look_for(self, dialog: QWidget) -> None:
        if dialog.isVisible() and QApplication.activeWindow() is dialog:
            (STEPS / "open").touch()

    def _hide(self) -> None:
        if self.window.cover.isHidden():  # it does not lock yet
            QTimer.singleShot(_SOON, self._hide)
            return
        QTest.keyClick(self.window.windowHandle(), Qt.Key.Key_F12)
        if self.window.isMinimized() and not (STEPS / "worked").exists():
            (STEPS / "hidden").touch()

    def _when(self, is_so: Callable[[], bool], then: Callable[[], None]) -> None:
        if is_so():
            then()
        else:
            QTimer.singleShot(5, lambda: self._when(is_so, then))


def _finish_deaf(worker: Worker, seconds: float) -> bool:
    """Wait for all jobs as `finish` does, and handle no event meanwhile."""
    is_done = threading.Event()
    worker.run(is_done.set)
    worker._queue_jobs()
    return is_done.wait(seconds)


def main() -> int:
    """Run the program on the store that it is given."""
    process.harden()
    told = process.take_passed_state()
    program.Program = Locking  # type: ignore[misc]
    if "HASTY" in os.environ:
        resume.close_store = lambda *_: resume.Closing()  # wrong on purpose
    if "DEAF" in os.environ:
        Worker.finish = _finish_deaf  # type: ignore[assignment, method-assign]
    folder = Path(told.get("store", os.environ["STORE"]))
    return app.open_window(folder, "en", MACHINE, told)


if __name__ == "__main__":
    sys.exit(main())
