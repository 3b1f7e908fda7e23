# SPDX-License-Identifier: GPL-3.0-or-later
"""The warning before data goes to a third country: read to her in her language, and noted.

It shows sentences and hears one press; when she heard it is kept by the form it stands in.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.plan_page.consent_views.wording import WARNING, is_spoken, say_in
from kfdesk.ui.tokens import Tone, Type
from kfdesk.ui.widgets.button import Button
from kfdesk.ui.widgets.label import Icon, Label
from kfdesk.ui.words import Message


class WarningText(QFrame):
    """The warning; `noted` when somebody says that she has heard it now."""

    noted = Signal()

    def __init__(self, kit: Kit) -> None:
        super().__init__()
        self._kit = kit
        self.setProperty("ground", "sunken")
        self._head = Label(kit, style=Type.STRONG).wrapped()
        self._lines = [Label(kit).wrapped() for _ in WARNING]
        self.button = Button(kit, N_("She has heard the warning now"), "check")
        self.button.sized(tokens.CONTROL_COMPACT)
        self.button.clicked.connect(self.noted)
        row = QHBoxLayout()
        row.setSpacing(9)
        row.addWidget(Icon(kit, "languages", Tone.WARNING))
        row.addWidget(self._head, 1)
        foot = QHBoxLayout()
        foot.addSpacing(-tokens.RESERVE)
        foot.addWidget(self.button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(tokens.GRID)
        column.addLayout(row)
        for label in self._lines:
            column.addWidget(label)
        column.addLayout(foot)
        self.speak(None)

    @property
    def said(self) -> tuple[str, ...]:
        """The sentences as they stand there."""
        return tuple(label.text() for label in self._lines)

    def speak(self, code: object) -> None:
        """Speak her language, or say that somebody must."""
        for label, sentence in zip(self._lines, WARNING, strict=True):
            label.tell(say_in(self._kit, code, sentence))
        self._head.tell(_heading(code))


def _heading(code: object) -> Message:
    def words(language: Language) -> str:
        if not isinstance(code, str):
            return language.gettext(N_("Read this to her, in a language that she understands:"))
        name = language.language(code)
        if is_spoken(code):
            return language.gettext(N_("Read this to her ({language}):")).format(language=name)
        return language.gettext(N_("An interpreter must read this to her ({language}):")).format(
            language=name
        )

    return words
