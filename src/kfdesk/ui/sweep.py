# SPDX-License-Identifier: GPL-3.0-or-later
"""Python's garbage, swept from the event loop of the window's thread and nowhere else.

Left alone, the collector runs on whichever thread happens to make an object, and in the middle of
whatever that is. Where it ends a widget on the worker's thread, or while Qt walks over all
widgets to change their colours, the program crashes. Knows nothing of what it sweeps.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_MILLISECONDS = 1000


class Sweep(QObject):
    """Switches the collector off and does its work by a timer, until `stop`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        gc.disable()
        self._timer = QTimer(self, interval=_MILLISECONDS)
        self._timer.timeout.connect(self._on_time_passed)
        self._timer.start()

    def spare(self) -> None:
        """Never look again at what is here now: most of it are modules, which stay to the end."""
        if not gc.get_freeze_count():
            gc.collect(1)
            gc.freeze()

    def stop(self) -> None:
        """Leave the collector as it was found."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    def _on_time_passed(self) -> None:
        """Sweep the oldest generation that is due, as the collector itself would."""
        due = [
            generation
            for generation, (count, limit) in enumerate(
                zip(gc.get_count(), gc.get_threshold(), strict=True)
            )
            if count > limit
        ]
        if due:
            gc.collect(max(due))
