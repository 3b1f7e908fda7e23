# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen that windows are measured on sees a window when there is one, and only then."""

import os
import sys
from pathlib import Path

import pytest
from benchmarks.screen import NoScreenError, can_look, own_screen, until_shown

WINDOW = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
window = QMainWindow()
window.setWindowTitle(sys.argv[1])
window.show()
app.exec()
"""
NOTHING = "import time; time.sleep(60)"

pytestmark = pytest.mark.skipif(not can_look(), reason="no screen can be made and looked at")


def on(display: str) -> dict[str, str]:
    return os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}


def test_window_is_seen_under_its_title_and_closed() -> None:
    with own_screen() as display:
        shown = [sys.executable, "-c", WINDOW, "One"]
        assert until_shown(shown, "One", on(display)) > 0
        with pytest.raises(NoScreenError):
            until_shown([sys.executable, "-c", NOTHING], "One", on(display), patience=0.5)


def test_program_that_ends_without_a_window_is_not_waited_for() -> None:
    with own_screen() as display, pytest.raises(NoScreenError, match="no window"):
        until_shown([sys.executable, "-c", "pass"], "One", on(display))


def test_without_a_server_there_is_no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(__file__).parent))
    with pytest.raises(NoScreenError, match="not installed"), own_screen():
        pass
