# SPDX-License-Identifier: GPL-3.0-or-later
"""No passphrase that was typed stays in memory: neither one that opens nor one that is refused.

The program runs as a process of its own. It gets the passphrases as numbers and types them by key
events, one sign after the other, so that only the program itself can put the signs together.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.gui.lock_samples import MACHINE, WHO
from tests.gui.test_gui_lock_process import copies, wait

from kfdesk import store_lifecycle
from kfdesk.demo import people

NEAR_MISS = WHO.passphrase.replace("prov", "prom")
CHILD = """
import os, sys
from pathlib import Path
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from kfdesk import app
from kfdesk.environment import Environment
from kfdesk.system import process
from kfdesk.ui import program
from kfdesk.ui.program import Program

steps = Path(os.environ["STEPS"])
wrong, right = ([int(code) for code in os.environ[name].split()] for name in ("WRONG", "RIGHT"))
process.harden()


def type_into(line, codes):
    line.setFocus()
    for code in codes:
        QTest.keyClick(line, chr(code))


class Driven(Program):
    def show(self):
        super().show()
        self.door.initials.setText("EV")
        type_into(self.door.passphrase.line, wrong)
        self.step("typed", self.refuse)

    def refuse(self):
        door = self.door
        QTest.keyClick(door.passphrase.line, Qt.Key.Key_Return)
        self.when(lambda: door._passphrase_field.has_error, lambda: self.step("refused", self.open))

    def open(self):
        type_into(self.door.passphrase.line, right)
        QTest.keyClick(self.door.passphrase.line, Qt.Key.Key_Return)
        self.when(lambda: self.shell is not None, lambda: self.when(self.is_idle, self.opened))

    def opened(self):
        self.step("opened", self.wipe)

    def wipe(self):
        self.shell.go_to("backup")
        card = self.shell.page.wiping
        type_into(card.passphrase.line, wrong)
        card.button.click()
        self.when(lambda: card.field.has_error, lambda: self.step("not wiped", self.forget))

    def forget(self):
        card = self.shell.page.wiping
        type_into(card.passphrase.line, wrong)
        card.passphrase.clear()
        self.step("cleared", lambda: self.step("end", QApplication.quit))

    def is_idle(self):
        return not self.kit.worker.is_busy and not self.kit.worker._is_wiping

    def step(self, name, then):
        def tell():
            (steps / name).touch()
            self.when((steps / f"{name} seen").exists, then)

        self.when(self.is_idle, tell)

    def when(self, is_so, then):
        if is_so():
            then()
        else:
            QTimer.singleShot(20, lambda: self.when(is_so, then))


program.Program = Driven
folder = Path(os.environ["STORE"])
sys.exit(app.open_window(folder, "en", Environment(), {}))
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    store_lifecycle.create_store(folder, people.HOUSE, WHO, MACHINE).store.close()
    return folder


@pytest.fixture
def child(store: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Yield the program at its door, in which the wrong passphrase is typed."""
    (tmp_path / "steps").mkdir()
    around = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(tmp_path / "settings"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "WRONG": " ".join(str(ord(sign)) for sign in NEAR_MISS),
        "RIGHT": " ".join(str(ord(sign)) for sign in WHO.passphrase),
        "STEPS": str(tmp_path / "steps"),
        "STORE": str(store),
    }
    with subprocess.Popen([sys.executable, "-c", CHILD], env=around) as running:
        yield running
        running.kill()


@pytest.mark.slow  # on a loaded machine a copy may be found before the program was idle
@pytest.mark.skipif(
    sys.platform != "linux", reason="reads the memory of a process as Linux shows it"
)
def test_passphrase_is_gone_from_memory_once_it_was_tried(
    child: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    steps = tmp_path / "steps"
    found: dict[str, tuple[int, int]] = {}
    for name in ("typed", "refused", "opened", "not wiped", "cleared", "end"):
        wait(child, (steps / name).exists)
        try:
            found[name] = copies(child.pid, NEAR_MISS), copies(child.pid, WHO.passphrase)
        except PermissionError:
            pytest.skip("this user may not read the memory of a process")
        (steps / f"{name} seen").touch()
    assert found.pop("typed")[0] > 0  # the scan finds what is there
    assert found == dict.fromkeys(("refused", "opened", "not wiped", "cleared", "end"), (0, 0))
