# SPDX-License-Identifier: GPL-3.0-or-later
"""The window that is killed while it locks: opened by its door, with a draft that nobody saved.

It tells by empty files how far it is: `shown`, and `door` for the process that took its place.
`HASTY` lets it lock wrongly on purpose: it does not wait for what is typed to be kept.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.desks import MACHINE, WHO
from PySide6.QtCore import QTimer

from kfdesk import app
from kfdesk.services.core.drafts import FormState, save_draft
from kfdesk.system import process
from kfdesk.ui import program
from kfdesk.ui.lock import resume
from kfdesk.ui.program import Program

STEPS = Path(os.environ.get("STEPS", ""))
TYPED = "typed, and not saved"


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
        (STEPS / "shown").touch()
        self._when((STEPS / "lock").exists, self.shell.lock_now)

    def _when(self, is_so: Callable[[], bool], then: Callable[[], None]) -> None:
        if is_so():
            then()
        else:
            QTimer.singleShot(5, lambda: self._when(is_so, then))


def main() -> int:
    """Run the program on the store that it is given."""
    process.harden()
    told = process.take_passed_state()
    program.Program = Locking  # type: ignore[misc]
    if "HASTY" in os.environ:
        resume.close_store = lambda *_: resume.Closing()  # wrong on purpose
    folder = Path(told.get("store", os.environ["STORE"]))
    return app.open_window(folder, "en", MACHINE, told)


if __name__ == "__main__":
    sys.exit(main())
