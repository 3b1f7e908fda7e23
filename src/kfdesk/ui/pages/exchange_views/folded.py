# SPDX-License-Identifier: GPL-3.0-or-later
"""A value that may be long: its beginning, and a button that shows the rest.

A short one stands as it is, without a button. Nothing that is about to leave is folded, because
it must be read; what comes in may be. Takes messages, and knows no record.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kfdesk.domain.schema import N_
from kfdesk.ui.kit import Kit
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.label import Label
from kfdesk.ui.words import Message

_MOST = 180  # letters; about four lines of a narrow column
_SHORT = 60  # a value up to here may stand large


class Folded(QWidget):
    """A text; with `is_large` a short one stands as a heading."""

    def __init__(
        self, kit: Kit, message: Message, tone: Tone = Tone.PLAIN, *, is_large: bool = False
    ) -> None:
        super().__init__()
        self._kit = kit
        self._text = ""
        self._is_large = is_large
        self._is_open = False
        self.words = Label(kit, tone=tone).wrapped()
        self.more = Button(kit, N_("Show all"), "chevron-down", Look.QUIET)
        self.more.clicked.connect(self._on_more_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.words)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        kit.words.bind(self.take, message)

    def take(self, text: str) -> None:
        """Show this text from now on."""
        self._text = text
        is_short = self._is_large and len(text) <= _SHORT
        self.words.setFont(self._kit.theme.font(Type.HEADING if is_short else Type.BODY))
        self._show()

    def _show(self) -> None:
        is_long = len(self._text) > _MOST
        self.more.setVisible(is_long)
        is_cut = is_long and not self._is_open
        cut = self._text[:_MOST].rsplit(" ", 1)[0] if is_cut else self._text
        self.words.show_text(f"{cut} …" if is_cut else self._text)
        self.more.tell(N_("Show less") if self._is_open else N_("Show all"))

    def _on_more_clicked(self) -> None:
        self._is_open = not self._is_open
        self._show()
