# SPDX-License-Identifier: GPL-3.0-or-later
"""The Qt that we lock keeps count of `None`; one release did not, and ended the program."""

import sys

from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

CALLS = 2_000
NOISE = 200  # what the interpreter itself may hold or drop meanwhile


def test_setters_do_not_use_up_none(qtbot: QtBot, qapp: QApplication) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        label.setText("")
        label.setToolTip("")
        label.setEnabled(True)
        label.update()
    assert abs(sys.getrefcount(None) - before) < NOISE
