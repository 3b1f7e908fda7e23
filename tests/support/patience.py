# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a test waits for a condition: until only a hang is left, however busy the machine is."""

from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

HANG = 180
"""Seconds after which what is waited for never comes."""
_SHORTEST, _LONGEST = 1, 8
"""Milliseconds between two looks: most of what is waited for comes at once."""


class PatientBot(QtBot):
    """Waits for a condition until it is so, or until it must be a hang.

    It holds the widgets of a test until they are closed: pytest-qt holds them weakly, and what the
    collector clears while events still arrive fails as if the program were at fault.
    """

    def __init__(self, request: pytest.FixtureRequest) -> None:
        """Begin without widgets."""
        super().__init__(request)
        self._held = list[QWidget]()

    def addWidget(self, widget: QWidget, **how: Any) -> None:  # noqa: N802 - pytest-qt's name
        """Close a widget at the end of the test, and hold it until then."""
        self._held.append(widget)
        super().addWidget(widget, **how)

    def waitUntil(  # noqa: N802 - pytest-qt's name
        self, callback: Callable[[], bool | None], *, timeout: int = HANG * 1000
    ) -> None:
        """Look again after a millisecond; pytest-qt's own looks after ten, hundreds of times."""
        end, pause = monotonic() + timeout / 1000, _SHORTEST
        while monotonic() < end:
            with suppress(AssertionError):
                if callback() is not False:
                    return
            self.wait(pause)
            pause = min(2 * pause, _LONGEST)
        super().waitUntil(callback, timeout=0)

    def waitSignal(  # noqa: N802 - pytest-qt's name
        self, signal: Any, *, timeout: int = HANG * 1000, **how: Any
    ) -> Any:
        return super().waitSignal(signal, timeout=timeout, **how)

    def waitActive(  # noqa: N802 - pytest-qt's name
        self, widget: QWidget, *, timeout: int = HANG * 1000
    ) -> Any:
        return super().waitActive(widget, timeout=timeout)

    def waitExposed(  # noqa: N802 - pytest-qt's name
        self, widget: QWidget, *, timeout: int = HANG * 1000
    ) -> Any:
        return super().waitExposed(widget, timeout=timeout)
