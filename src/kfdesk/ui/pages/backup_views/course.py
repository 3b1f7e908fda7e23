# SPDX-License-Identifier: GPL-3.0-or-later
"""A long piece of work on a page: how far it is, and the button that stops it.

The top bar says the same for those who have gone to another page. It knows no backup.
"""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from kfdesk.domain.marks import N_
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.flow import Flow
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.words import Message
from kfdesk.ui.work import Course

_TICK = 200  # milliseconds
_WHOLE = 100


class CourseLine(QWidget):
    """The line, hidden while nothing is done; its message has a place for the `share` done."""

    def __init__(self, kit: Kit, message: Message) -> None:
        super().__init__()
        self._message = message
        self._course: Course | None = None
        self._words = Label(kit, tone=Tone.MUTED).wrapped()
        self.cancel = Button(kit, N_("Cancel"), "x")
        self.cancel.clicked.connect(self._on_cancel_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Flow(self._words, self.cancel, gap=8, fills=self._words))
        self._tick = QTimer(self, interval=_TICK)
        self._tick.timeout.connect(self._show)
        self.hide()

    def begin(self) -> Course:
        """Show the line for a new course, which is returned."""
        self._course = Course()
        self.cancel.setEnabled(True)
        self._tick.start()
        self._show()
        self.show()
        self.cancel.setFocus()
        return self._course

    def end(self) -> None:
        """Nothing is done any more."""
        self._tick.stop()
        self._course = None
        self.hide()

    def _show(self) -> None:
        if self._course is not None and not self._course.is_cancelled:
            share = round(_WHOLE * self._course.share)
            self._words.tell(self._message, share=lambda _: share)

    def _on_cancel_clicked(self) -> None:
        if self._course is not None:
            self._course.cancel()
            self.cancel.setEnabled(False)
            self._words.tell(N_("Stopping…"))
