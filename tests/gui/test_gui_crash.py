# SPDX-License-Identifier: GPL-3.0-or-later
"""A crash says so once: nothing is lost, the store is closed, and the report holds no value."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QSessionManager
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import delete
from tests.gui.lock_samples import MACHINE, WHO, new_store, start
from tests.support.patience import HANG
from tests.support.windows import is_locked, missed_by_tab, nameless, session_of, show

from kfdesk import store_lifecycle
from kfdesk.domain.records.client import Client
from kfdesk.domain.schema import type_name
from kfdesk.services.core.drafts import FormState, count_drafts, save_draft
from kfdesk.ui.context import LockSettings, UiContext
from kfdesk.ui.crash import CrashWindow
from kfdesk.ui.lock.end_signals import NAMES, EndSignals, SessionEnd

CANARY = "Kanariefågeln" + "Åsa"
CHILD = """
import os, signal, sys, threading, time
from pathlib import Path
from unittest.mock import MagicMock
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from kfdesk import app
from kfdesk.environment import Environment
from kfdesk.system import process
from kfdesk.ui import crash, program
from kfdesk.ui.lock.end_signals import SessionEnd
from kfdesk.ui.program import Program

mode, steps = os.environ["MODE"], Path(os.environ["STEPS"])

def once(name):
    try:
        (steps / name).open("x").close()
    except FileExistsError:
        return False
    return True

def stumble():
    text = os.environ["CANARY"]
    try:
        raise LookupError(text)
    except LookupError:
        raise ValueError(text.upper())

class Dying:
    def __del__(self):
        stumble()

class Told(crash.CrashWindow):
    def show(self):
        super().show()
        with (steps / "told").open("a", encoding="utf-8") as file:
            file.write(self.page.report.toPlainText() + "\\n--\\n")
        if mode == "telling":
            stumble()
        QTimer.singleShot(0, self.page.go_on.click)

class Driven(Program):
    def __init__(self, *given):
        if mode in ("start", "telling") and once("start"):
            stumble()
        super().__init__(*given)

    def show(self):
        super().show()
        if mode in ("start", "closing") or not once("shown"):
            QTimer.singleShot(0, QApplication.quit)
        elif mode == "slot":
            for _ in range(20):
                QTimer.singleShot(0, stumble)
        elif mode == "worker":
            self.kit.worker.run(stumble)
        elif mode == "thread":
            threading.Thread(target=stumble).start()
        elif mode == "unraisable":
            QTimer.singleShot(0, lambda: Dying() and None)
        elif mode == "hard":
            QTimer.singleShot(0, lambda: os.kill(os.getpid(), 11))
        elif mode == "killed":
            QTimer.singleShot(0, lambda: os.kill(os.getpid(), 9))
        elif mode == "logout":
            app_ = QApplication.instance()
            QTimer.singleShot(0, lambda: app_.findChild(SessionEnd).on_commit_asked(MagicMock()))
        elif mode.startswith("SIG"):
            QTimer.singleShot(0, lambda: os.kill(os.getpid(), getattr(signal, mode)))

    def close(self):
        super().close()
        if once("closed") and mode == "closing":
            stumble()

program.Program, crash.CrashWindow = Driven, Told
folder = Path(os.environ["STORE"])
told = process.take_passed_state()
sys.exit(app.open_window(folder, "en", Environment(state=steps / "state"), told))
"""
MODES = ["slot", "worker", "thread", "unraisable", "start"]
LATER = {"closing": 1, "hard": -signal.SIGSEGV, "killed": -signal.SIGKILL}
"""How a run ends that only the next one can tell of."""


def run(folder: Path, mode: str) -> tuple[int, str]:
    """Run the window once in a process of its own; return its exit code and what it wrote."""
    around = os.environ | {
        "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(folder / "settings"),
        "MODE": mode, "STEPS": str(folder), "STORE": str(folder / "store"), "CANARY": CANARY,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", CHILD],
        env=around, capture_output=True, text=True, check=False, timeout=HANG,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def told(folder: Path) -> list[str]:
    """Return the reports that a crash window has shown."""
    place = folder / "told"
    return place.read_text(encoding="utf-8").split("--\n")[:-1] if place.exists() else []


def check(report: str, said: str, folder: Path) -> None:
    """Check that neither a report nor the output holds a value, a text or a path."""
    for text in (report, said):
        assert CANARY.lower() not in text.lower()
        assert str(folder) not in text
    places = r"(stopped by [\w.]+|kfdesk/[\w/]+\.py:\d+|stopped without a trace)"
    versions = r"(kfdesk \S+.*|Python \S+, PySide6 \S+|\w+ \w+)"
    assert all(re.fullmatch(f"{places}|{versions}", line) for line in report.splitlines())


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be replaced there")
@pytest.mark.parametrize(
    "mode", [MODES[0], *(pytest.param(mode, marks=pytest.mark.slow) for mode in MODES[1:])]
)
def test_bug_is_told_once_by_a_new_process_that_then_opens(tmp_path: Path, mode: str) -> None:
    code, said = run(tmp_path, mode)
    assert code == 0
    (report,) = told(tmp_path)
    assert "stopped by ValueError" in report
    assert "stopped by LookupError" in report
    check(report, said, tmp_path)
    assert run(tmp_path, mode)[0] == 0
    assert len(told(tmp_path)) == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
@pytest.mark.parametrize("mode", LATER)
def test_end_that_nobody_could_tell_of_is_told_at_the_next_start(tmp_path: Path, mode: str) -> None:
    code, said = run(tmp_path, mode)
    assert (code, told(tmp_path)) == (LATER[mode], [])
    assert run(tmp_path, mode)[0] == 0
    (report,) = told(tmp_path)
    check(report, said, tmp_path)
    wanted = {"closing": "ValueError", "hard": "Segmentation_fault", "killed": "without a trace"}
    assert wanted[mode] in report
    assert run(tmp_path, mode)[0] == 0
    assert len(told(tmp_path)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals are those of POSIX")
@pytest.mark.parametrize("name", NAMES)
def test_signal_to_end_is_an_orderly_end(tmp_path: Path, name: str) -> None:
    """A log-out sends it: the next start tells of no crash."""
    assert run(tmp_path, name)[0] == 0
    assert (tmp_path / "closed").exists()
    assert run(tmp_path, name)[0] == 0
    assert told(tmp_path) == []


def test_end_of_the_desktop_session_is_an_orderly_end(tmp_path: Path) -> None:
    """A session manager asks before it logs out: the next start tells of no crash."""
    assert run(tmp_path, "logout")[0] == 0
    assert (tmp_path / "closed").exists()
    assert run(tmp_path, "logout")[0] == 0
    assert told(tmp_path) == []


class LogOut:
    """What a session manager asks with, as far as it is told anything; Qt lets nobody make one."""

    hint: QSessionManager.RestartHint | None = None

    def setRestartHint(self, hint: QSessionManager.RestartHint) -> None:  # noqa: N802 - as Qt
        self.hint = hint


def test_log_out_keeps_the_drafts_and_closes_the_store_before_it_is_answered(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exits: list[int] = []  # a real one ends every event loop that later tests wait in
    monkeypatch.setattr(QApplication, "exit", lambda: exits.append(1))
    new_store(tmp_path / "store")
    left = start(qtbot, qapp, tmp_path / "store", LockSettings(), lambda _: None)
    left.open()
    program, manager = left.program, LogOut()
    program.window.asks_first = lambda: True  # what is asked of a person stops no log-out
    desk = session_of(program)
    form = FormState(type_name(Client), {"code": "sippa-12"})
    program.kit.events.lock_began.connect(
        lambda: program.kit.worker.run(lambda: save_draft(desk, None, form))
    )
    session = SessionEnd(qapp, program.end)
    session.on_state_asked(cast("QSessionManager", manager))  # at a log-in: nothing ends
    assert not is_locked(program)
    session.on_commit_asked(cast("QSessionManager", manager))
    assert manager.hint is QSessionManager.RestartHint.RestartNever
    assert is_locked(program)
    again = store_lifecycle.unlock_store(tmp_path / "store", WHO, MACHINE)
    assert count_drafts(again) == 1
    again.store.close()
    session.on_commit_asked(cast("QSessionManager", manager))  # twice is once
    assert exits == [1]
    program.window.asks_first = lambda: False
    delete(session)


def test_forgotten_signals_do_what_they_did_before() -> None:
    before = [signal.getsignal(getattr(signal, name)) for name in NAMES]
    signals = EndSignals(lambda: None)
    assert signal.getsignal(signal.SIGTERM) not in before
    signals.forget()
    assert [signal.getsignal(getattr(signal, name)) for name in NAMES] == before


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be replaced there")
def test_crash_of_the_crash_window_does_not_start_it_again(tmp_path: Path) -> None:
    code, said = run(tmp_path, "telling")
    (report,) = told(tmp_path)
    assert code == 1
    check(report, said, tmp_path)


def test_bug_closes_the_store_and_keeps_the_drafts(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    new_store(tmp_path / "store")
    left = start(qtbot, qapp, tmp_path / "store", LockSettings(), lambda _: None)
    left.open()
    program = left.program
    desk = session_of(program)
    form = FormState(type_name(Client), {"code": "sippa-12"})
    program.kit.events.lock_began.connect(
        lambda: program.kit.worker.run(lambda: save_draft(desk, None, form))
    )
    for _ in range(3):
        program._crashed.emit()
    qtbot.waitUntil(lambda: bool(left.notes))
    left.rest()
    assert (left.notes[0].why, left.notes[0].drafts) == ("crash", 1)
    assert program.shell is None
    assert "The program stopped by itself, so the database was closed" in {
        label.text() for label in program.door.findChildren(QLabel)
    }
    again = store_lifecycle.unlock_store(tmp_path / "store", WHO, MACHINE)
    assert count_drafts(again) == 1
    again.store.close()
    program.close()


@pytest.fixture
def crashed(kit: UiContext, qtbot: QtBot) -> CrashWindow:
    made = CrashWindow(kit, "stopped by ValueError\nkfdesk/ui/theme.py:12\nkfdesk 0.2.0")
    show(qtbot, made)
    return made


def test_crash_window_hides_and_its_message_is_still_there(
    crashed: CrashWindow, qtbot: QtBot
) -> None:
    for is_by_key in (True, False):
        if is_by_key:
            QTest.keyClick(crashed.windowHandle(), Qt.Key.Key_F12)
        else:
            crashed.page.hiding.click()
        assert crashed.isMinimized()
        assert crashed.cover.isVisibleTo(crashed)
        crashed.showNormal()
        crashed.cover.uncover()
        assert crashed.page.isVisible()
    assert crashed.windowTitle() == "Notebook"


def test_crash_window_is_used_by_keys_alone_and_named(crashed: CrashWindow) -> None:
    assert nameless(crashed) == []
    assert crashed.page.go_on.hasFocus()
    assert missed_by_tab(crashed.page) == []
    crashed.page.go_on.setFocus()
    for part in (crashed.page.go_on, crashed.page.save, crashed.page.hiding):
        QTest.keyClick(part, Qt.Key.Key_Tab)
    assert crashed.page.report.hasFocus()
    crashed.page.go_on.setFocus()
    QTest.keyClick(crashed.page.go_on, Qt.Key.Key_Return)
    assert crashed.goes_on
    assert not crashed.isVisible()


def test_report_is_saved_where_one_wants_or_one_is_told_why_not(
    crashed: CrashWindow, tmp_path: Path
) -> None:
    page = crashed.page
    page._save_report(tmp_path / "report.txt")
    assert (tmp_path / "report.txt").read_text().splitlines()[1] == "kfdesk/ui/theme.py:12"
    assert page.outcome.text() == "The report is saved."
    page._save_report(tmp_path / "no such folder" / "report.txt")
    assert page.outcome.text().startswith("The report could not be saved there.")


def test_closing_the_crash_window_does_not_open_the_program(crashed: CrashWindow) -> None:
    crashed.close()
    assert not crashed.goes_on
