# SPDX-License-Identifier: GPL-3.0-or-later
"""Work that is done in the window's thread piece by piece, so that the window answers meanwhile.

A piece is what a generator does until it yields. Between two pieces the event loop turns: keys are
heard and the page is painted as far as it is. Knows nothing of what is made.
"""

import time
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer

_now = time.perf_counter
_AT_ONCE = 0.012  # seconds of work in one turn; a piece that was begun is done all the same


class Turns(QObject):
    """Does one piece of work after the other; ends with its parent."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pieces: Iterator[None] | None = None
        self._is_at_it = False
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._on_turn)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to be done."""
        return self._pieces is None

    def begin(self, pieces: Iterator[None]) -> None:
        """Do the first pieces now and the rest turn by turn, in place of what was left before."""
        self._pieces = pieces
        self._on_turn()

    def finish(self) -> None:
        """Do now what is left, for who needs all of it; a piece that asks so gets what there is."""
        while self._pieces is not None and not self._is_at_it:
            self._do_one()
        self._timer.stop()

    def stop(self) -> None:
        """Leave the rest undone: what it would be made from is going."""
        self._pieces = None
        self._timer.stop()

    def _on_turn(self) -> None:
        until = _now() + _AT_ONCE
        while self._pieces is not None:
            self._do_one()
            if _now() > until:
                break
        if self._pieces is not None:
            self._timer.start()

    def _do_one(self) -> None:
        pieces = self._pieces
        assert pieces is not None
        self._is_at_it = True
        try:
            next(pieces)
        except StopIteration:
            if self._pieces is pieces:
                self._pieces = None
        finally:
            self._is_at_it = False
