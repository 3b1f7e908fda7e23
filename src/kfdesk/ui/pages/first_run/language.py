# SPDX-License-Identifier: GPL-3.0-or-later
"""The first step: which language the program speaks. Each is named in itself, and speaks at once.

The same choice stands at the top right of every step; both follow the window's words.
"""

from PySide6.QtCore import Qt

from kfdesk.domain.schema import N_
from kfdesk.i18n.language import Language
from kfdesk.ui import tokens
from kfdesk.ui.kit import Kit
from kfdesk.ui.pages.first_run.step import Hint, Step
from kfdesk.ui.widgets.button import Button, Look
from kfdesk.ui.widgets.choose import Option


class LanguageStep(Step):
    """The languages one below the other."""

    name = N_("Language")
    hints = (
        Hint(
            "clock",
            N_("Five minutes"),
            N_("Have pen and paper ready. You will write down six words."),
        ),
        Hint(
            "languages",
            N_("Only the window"),
            N_("A paper is written in the language of the person who will read it."),
        ),
        Hint(
            "shield-check",
            N_("This program never goes online"),
            N_("What you enter stays on this computer until you hand it over yourself."),
        ),
    )

    def __init__(self, kit: Kit) -> None:
        super().__init__(
            kit,
            N_("Welcome"),
            N_("Four short steps, and your desk is ready. First: which language do you read best?"),
        )
        self.options = {one.code: _option(kit, one) for one in kit.words.offered}
        for code, option in self.options.items():
            option.toggled.connect(lambda is_on, code=code: self._on_toggled(code, is_on=is_on))
            self.column.addWidget(option)
            self.column.addSpacing(tokens.GRID - tokens.RESERVE)
        self.column.addStretch(1)
        self.example = Button(kit, N_("Look at an invented example first"), "eye", Look.QUIET)
        self.column.addWidget(self.example, 0, Qt.AlignmentFlag.AlignLeft)
        kit.words.changed.connect(self._on_language_changed)
        self._on_language_changed()

    def start(self) -> None:
        """Begin at the language in use."""
        self.options[self._kit.words.language.code].setFocus()

    def _on_toggled(self, code: str, *, is_on: bool) -> None:
        if is_on and code != self._kit.words.language.code:
            self._kit.speak(code)

    def _on_language_changed(self) -> None:
        self.options[self._kit.words.language.code].setChecked(True)


def _option(kit: Kit, own: Language) -> Option:
    """A language by its own name, saying in itself what it stands for."""
    return Option(kit, lambda _: own.name, lambda _: own.gettext("The program speaks English"))
