# SPDX-License-Identifier: GPL-3.0-or-later
"""A smoke in a real window: the program under a real X server, opened, shown, closed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.screen import NoScreenError, own_screen

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from kfdesk.environment import Environment
from kfdesk import app
from kfdesk.ui.program import Program
qt = QApplication([])
program = Program(qt, app.window_settings(Path(sys.argv[1]), "sv", Environment()))
program.window.show()
def look():
    print(QGuiApplication.platformName(), program.window.isVisible(), program.window.windowTitle())
    program.window.screen().grabWindow(program.window.winId()).save(sys.argv[2])
    qt.quit()
QTimer.singleShot(1500, look)
qt.exec()
program.close()
"""


@pytest.fixture
def display() -> Iterator[str]:
    """Yield the DISPLAY of the test's own X server."""
    try:
        with own_screen() as name:
            yield name
    except NoScreenError as error:
        pytest.skip(str(error))


def test_window_opens_on_a_real_screen_under_its_neutral_name(display: str, tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "store"), str(picture)],
        env=os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        capture_output=True,
        text=True,
        check=False,
    )
    if "no Qt platform plugin" in done.stderr:
        pytest.skip("a library that Qt needs for X11 is not installed")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["xcb", "True", "Notebook"]
    assert picture.stat().st_size > 3000
