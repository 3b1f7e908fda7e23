# SPDX-License-Identifier: GPL-3.0-or-later
"""The Qt that we lock keeps count of `None`; one release did not, and ended the program."""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

CALLS = 2_000
NOISE = 200  # what the interpreter itself may hold or drop meanwhile


def drift(action: Callable[[], object]) -> int:
    """By how much the count of `None` is off after many calls."""
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        action()
    return abs(sys.getrefcount(None) - before)


def test_setters_do_not_use_up_none(qtbot: QtBot, qapp: QApplication) -> None:
    label = QLabel()
    qtbot.addWidget(label)

    def set_all() -> None:
        label.setText("")
        label.setToolTip("")
        label.setEnabled(True)
        label.update()

    assert drift(set_all) < NOISE


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="from 3.12 on nothing uses up None")
def test_count_that_drifts_is_seen() -> None:
    held: list[None] = []
    assert drift(lambda: held.append(None)) > NOISE
