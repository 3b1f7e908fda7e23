# SPDX-License-Identifier: GPL-3.0-or-later
"""The wait after wrong tries: none for three, then longer each time, told second by second.

Every form that asks for a passphrase or a key has one, so that nobody can try quickly anywhere.
"""

from PySide6.QtCore import QObject, QTimer, Signal

from kfdesk.domain.desk.tries import pause_after
from kfdesk.i18n.language import Language


class Pause(QObject):
    """Counts wrong tries. `ticked` follows each second of a wait, and its end.

    `tries` are those that were counted before, by a window that has gone.
    """

    ticked = Signal()

    def __init__(self, owner: QObject, tries: int = 0) -> None:
        super().__init__(owner)
        self._tries = tries
        self.seconds = 0
        self._clock = QTimer(self, interval=1000)
        self._clock.timeout.connect(self.pass_second)

    @property
    def is_over(self) -> bool:
        """Whether one may try."""
        return self.seconds <= 0

    def begin(self) -> None:
        """A try was wrong."""
        self._tries += 1
        self.resume()

    def resume(self) -> None:
        """Wait for what was tried so far: closing the window and opening it again ends no wait."""
        self.seconds = pause_after(self._tries)
        if self.seconds:
            self._clock.start()
        self.ticked.emit()

    def forgive(self) -> None:
        """A try was right: the count begins anew."""
        self._tries = 0

    def pass_second(self) -> None:
        """A second of the wait is over."""
        self.seconds = max(0, self.seconds - 1)
        if self.is_over:
            self._clock.stop()
        self.ticked.emit()

    def said(self, language: Language) -> str:
        """How long one has to wait still."""
        return language.ngettext(
            "Try again in {seconds} second", "Try again in {seconds} seconds", self.seconds
        ).format(seconds=self.seconds)
