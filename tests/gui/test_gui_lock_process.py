# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock for real: the same process number, a new image, the door, and no row left in memory."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.gui.lock_samples import MACHINE, WHO
from tests.support.patience import HANG

from kfdesk import app, store_lifecycle
from kfdesk.demo import people
from kfdesk.domain.records.client import Client
from kfdesk.domain.records.plan import Plan
from kfdesk.domain.values import Value
from kfdesk.services.core.records import create_record
from kfdesk.system import process

CANARY = "Kanariefågeln" + "Åsa"  # in pieces, and never in what the child is given
ROWS = 40
CHILD = """
import os, sys
from dataclasses import replace
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel
from kfdesk import app
from kfdesk.environment import Environment
from kfdesk.system import process
from kfdesk.ui import program
from kfdesk.ui.program import Program

initials, words, steps = os.environ["INITIALS"], os.environ["WORDS"], Path(os.environ["STEPS"])
process.harden()

class Driven(Program):
    def show(self):
        super().show()
        if self._setting.note is None:
            self.door.initials.setText(initials)
            self.door.passphrase.line.setText(words)
            self.door.button.click()
            self.when(lambda: self.shell is not None and not self.kit.worker.is_busy, self.look)
        else:
            seen = [label.text() for label in self.door.findChildren(QLabel)]
            (steps / "half").write_text("\\n".join(seen), encoding="utf-8")
            (steps / "half").rename(steps / "door")
            self.when((steps / "end").exists, QApplication.quit)

    def look(self):
        self.shell.go_to("plans")
        self.when(lambda: not self.kit.worker.is_busy, self.shown)

    def shown(self):
        self.window.grab()
        (steps / "shown").touch()
        self.when((steps / "lock").exists, self.shell.lock_now)

    def when(self, is_so, then):
        if is_so():
            then()
        else:
            QTimer.singleShot(20, lambda: self.when(is_so, then))

program.Program = Driven
folder = Path(os.environ["STORE"])
told = process.take_passed_state()
sys.exit(app.open_window(Path(told.get("store", folder)), "ru", Environment(), told))
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Create a store with many plans whose clients carry the canary."""
    folder = tmp_path / "store"
    desk = store_lifecycle.create_store(folder, people.HOUSE, WHO, MACHINE)
    for number in range(ROWS):
        values: dict[str, Value] = {"code": f"sippa-{number}", "alias": f"{CANARY} {number}"}
        client = create_record(desk, Client, values)
        create_record(desk, Plan, {}, parent=client)
    desk.store.close()
    return folder


@pytest.fixture
def child(store: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a process of the program with that store open and the list of plans on view."""
    steps = tmp_path / "steps"
    steps.mkdir()
    around = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(tmp_path / "settings"),
        "INITIALS": WHO.initials,
        "WORDS": WHO.passphrase,
        "STEPS": str(steps),
        "STORE": str(store),
    }
    with subprocess.Popen([sys.executable, "-c", CHILD], env=around) as running:
        wait(running, (steps / "shown").exists)
        yield running
        (steps / "end").touch()
        try:
            assert running.wait(HANG) == 0
        finally:
            running.kill()


def wait(child: subprocess.Popen[bytes], is_so: Callable[[], bool]) -> None:
    patience = time.monotonic() + HANG
    while not is_so():
        assert child.poll() is None, "the program ended"
        assert time.monotonic() < patience
        time.sleep(0.02)


def lock(child: subprocess.Popen[bytes], steps: Path) -> list[str]:
    """Lock the child; returns what its door says."""
    (steps / "lock").touch()
    wait(child, (steps / "door").exists)
    return (steps / "door").read_text(encoding="utf-8").splitlines()


def copies(pid: int, text: str) -> int:
    """Return how often a text stands in the memory of a process, as store and window have it."""
    forms = [text.encode(code) for code in ("utf-8", "utf-16-le", "latin-1")]
    count = 0
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            first, last = (int(end, 16) for end in span.split("-"))
            if not rights.startswith("rw"):
                continue
            try:
                memory.seek(first)
                found = memory.read(last - first)
            except (OSError, OverflowError):
                continue
            count += sum(found.count(form) for form in forms)
    return count


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be replaced there")
def test_lock_replaces_the_process_and_shows_the_door_of_the_same_store(
    child: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    said = lock(child, tmp_path / "steps")
    assert child.poll() is None  # the same process, by its number
    if sys.platform == "linux":
        image = Path(f"/proc/{child.pid}/environ").read_bytes()
        assert process.STATE_VARIABLE.encode() in image  # with another beginning
        assert b"sippa" not in image
        held = [str(one.readlink()) for one in Path(f"/proc/{child.pid}/fd").iterdir()]
        assert not any(str(tmp_path / "store") in one for one in held)
    words = app.language("ru")
    assert "Notebook" in said
    assert words.gettext("Someone locked the program by hand") in said
    store_lifecycle.unlock_store(tmp_path / "store", WHO, MACHINE).store.close()


@pytest.mark.skipif(
    sys.platform != "linux", reason="reads the memory of a process as Linux shows it"
)
def test_no_row_is_left_in_memory_after_the_lock(
    child: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    try:
        before = copies(child.pid, CANARY)
    except PermissionError:
        pytest.skip("this user may not read the memory of a process")
    assert before >= ROWS  # the scan finds what is there
    lock(child, tmp_path / "steps")
    assert copies(child.pid, CANARY) == 0
    assert copies(child.pid, "Notebook") > 0  # and it still reads the right memory
