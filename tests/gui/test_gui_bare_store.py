# SPDX-License-Identifier: GPL-3.0-or-later
"""On a store that holds nothing yet, the keys that people know do something on every page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from tests.gui.lock_samples import Left, new_store, start
from tests.support.windows import shell_of

from kfdesk.ui.context import LockSettings

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def left(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Left]:
    """Open the window on a store that was just made."""
    new_store(tmp_path / "store")
    left = start(qtbot, qapp, tmp_path / "store", LockSettings(), lambda _: None)
    left.open()
    yield left
    left.program.close()


def test_ctrl_f_leads_to_a_field_on_every_page_of_a_bare_store(left: Left) -> None:
    shell = shell_of(left.program)
    led_nowhere = []
    for place in shell.rail.items:
        shell.go_to(place)
        left.rest()
        shell.page.setFocus()
        QTest.keyClick(QApplication.focusWidget() or left.program.window, Qt.Key.Key_F, CTRL)
        field = QApplication.focusWidget()
        if not isinstance(field, QLineEdit) or not field.isVisible():
            led_nowhere.append(place)
    assert not led_nowhere, led_nowhere
